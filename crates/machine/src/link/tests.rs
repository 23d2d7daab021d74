//! The sender's end of a link: what it keeps, and what it counts.

use proptest::prelude::*;

use super::{LinkFault, Outgoing, Progress, WelcomeFault};

fn bytes(link: &Outgoing) -> usize {
    link.unlogged.capacity() * size_of::<u64>()
}

/// As many as a day without a peer holds back at four a second. What is kept of a
/// message is its stamp, 8 bytes; the rest is room to grow.
#[test]
fn a_message_that_is_held_back_costs_a_sender_sixteen_bytes_at_most() {
    let mut link = Outgoing::default();
    for seq in 1..=350_000 {
        link.push(seq, 3 * seq);
        // The first few have room for a few.
        assert!(bytes(&link) <= 16 * link.unlogged().max(4), "at {seq}");
    }
}

#[test]
fn a_sender_needs_no_more_room_for_messages_that_are_logged_in_time() {
    let mut link = Outgoing::default();
    link.welcome(Progress::default()).unwrap();
    for seq in 1..=100_000 {
        link.push(seq, seq);
        link.commit();
        while link.transmit().is_some() {}
        let logged = seq.saturating_sub(10);
        link.acknowledge(Progress { logged, arrived: seq }).unwrap();
    }
    assert!(bytes(&link) <= 16 * size_of::<u64>(), "{} bytes", bytes(&link));
}

/// What an [`Outgoing`] knows, by the numbers of messages.
#[derive(Debug, Default)]
struct Numbers {
    last: u64,
    logged: u64,
    arrived: u64,
    committed: u64,
    transmitted: u64,
    reached: u64,
    connected: bool,
}

impl Numbers {
    fn welcome(&mut self, Progress { logged, arrived }: Progress) -> Result<(), WelcomeFault> {
        if arrived < logged {
            return Err(WelcomeFault::Contradicts { logged, arrived });
        }
        if arrived > self.reached {
            return Err(WelcomeFault::Ahead { arrived, sent: self.reached });
        }
        if logged < self.logged {
            return Err(WelcomeFault::Behind { logged, acknowledged: self.logged });
        }
        (self.logged, self.arrived, self.transmitted) = (logged, arrived, arrived);
        self.connected = true;
        Ok(())
    }

    fn acknowledge(&mut self, Progress { logged, arrived }: Progress) -> Result<(), LinkFault> {
        if arrived < logged {
            return Err(LinkFault::AckContradicts { logged, arrived });
        }
        if arrived > self.transmitted {
            return Err(LinkFault::AckAhead { arrived, transmitted: self.transmitted });
        }
        self.logged = self.logged.max(logged);
        self.arrived = self.arrived.max(arrived);
        Ok(())
    }

    fn transmit(&mut self) -> Option<u64> {
        let may_go = self.connected && self.transmitted < self.committed;
        may_go.then(|| {
            self.transmitted += 1;
            self.reached = self.reached.max(self.transmitted);
            self.transmitted
        })
    }
}

proptest! {
    /// Whatever peers say and whenever a machine is started again.
    #[test]
    fn counts_from_the_last_logged_message_are_as_good_as_numbers(
        acts in prop::collection::vec((0..10_u8, 0..6_u64, 0..6_u64), 1..300),
    ) {
        let (mut link, mut numbers) = (Outgoing::default(), Numbers::default());
        for (act, one, other) in acts {
            // Near to what is true, and seldom beyond it.
            let logged = (numbers.logged + one).saturating_sub(1);
            let arrived = (numbers.arrived.max(logged) + other).saturating_sub(2);
            let progress = Progress { logged, arrived };
            match act {
                0..=2 => {
                    numbers.last += 1;
                    link.push(numbers.last, 3 * numbers.last);
                }
                3 => {
                    link.commit();
                    numbers.committed = numbers.last;
                }
                4 | 5 => {
                    let seq = numbers.transmit();
                    prop_assert_eq!(link.transmit(), seq.map(|seq| (seq, 3 * seq)));
                }
                6 => prop_assert_eq!(link.welcome(progress), numbers.welcome(progress)),
                7 | 8 => {
                    prop_assert_eq!(link.acknowledge(progress), numbers.acknowledge(progress));
                }
                _ if one > 0 => {
                    link.disconnect();
                    numbers.connected = false;
                }
                _ => {
                    link.begin_incarnation();
                    numbers.committed = numbers.last;
                    numbers.reached = numbers.last;
                    numbers.connected = false;
                }
            }
            prop_assert_eq!(link.last(), numbers.last);
            prop_assert_eq!(link.in_flight(), numbers.last - numbers.arrived);
            prop_assert_eq!(link.unlogged() as u64, numbers.last - numbers.logged);
            prop_assert_eq!(link.is_connected(), numbers.connected);
            prop_assert!(u64::from(link.inherited) <= link.unlogged() as u64);
        }
    }
}
