use clock::{LamportClock, Overflow};
use proptest::prelude::*;

/// A clock that reads `time`, reached the only way there is: by a receipt.
fn clock_at(time: u64) -> LamportClock {
    let mut clock = LamportClock::new();
    if time > 0 {
        clock.receive(time - 1).unwrap();
    }
    assert_eq!(clock.time(), time);
    clock
}

#[test]
fn an_event_adds_one() {
    assert_eq!(clock_at(0).event(), Ok(1));
    assert_eq!(clock_at(41).event(), Ok(42));
}

#[test]
fn a_receipt_passes_both_the_clock_and_the_stamp() {
    for (time, stamp, expected) in [(41, 56, 57), (56, 41, 57), (41, 41, 42), (0, 0, 1)] {
        assert_eq!(clock_at(time).receive(stamp), Ok(expected), "max({time}, {stamp}) + 1");
    }
}

#[test]
fn a_clock_at_the_top_refuses_to_move() {
    let mut top = clock_at(u64::MAX);
    assert_eq!(top.event(), Err(Overflow));
    assert_eq!(top.receive(0), Err(Overflow));
    assert_eq!(top.time(), u64::MAX);

    let mut clock = clock_at(7);
    assert_eq!(clock.receive(u64::MAX), Err(Overflow));
    assert_eq!(clock.time(), 7);
}

/// One step of a history: an event of `process`, which is the receipt of the
/// event numbered `receipt_of` if that one exists and is another process's.
#[derive(Clone, Debug)]
struct Step {
    process: usize,
    receipt_of: Option<prop::sample::Index>,
}

fn step() -> impl Strategy<Value = Step> {
    (0..4_usize, prop::option::of(any::<prop::sample::Index>()))
        .prop_map(|(process, receipt_of)| Step { process, receipt_of })
}

proptest! {
    /// C(e) is the length of the longest causal chain that ends in e: recomputed
    /// here from the graph of the events alone, without any clock. The clock
    /// condition follows, for a chain to b through a is longer than one to a.
    #[test]
    fn the_time_of_an_event_is_its_longest_causal_chain(
        steps in prop::collection::vec(step(), 1..200)
    ) {
        let mut clocks = [LamportClock::new(); 4];
        let mut events: Vec<(usize, u64, u64)> = Vec::new(); // process, time, chain
        for Step { process, receipt_of } in steps {
            let sent = receipt_of
                .filter(|_| !events.is_empty())
                .map(|index| events[index.index(events.len())])
                .filter(|&(sender, ..)| sender != process);
            let before = events.iter().rev().find(|e| e.0 == process).map_or(0, |e| e.2);
            let chain = 1 + before.max(sent.map_or(0, |e| e.2));
            let time = match sent {
                Some((_, stamp, _)) => clocks[process].receive(stamp),
                None => clocks[process].event(),
            }
            .unwrap();
            prop_assert_eq!(time, chain);
            events.push((process, time, chain));
        }
    }
}
