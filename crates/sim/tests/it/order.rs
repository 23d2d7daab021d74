//! What happens first of what happens at once.

use journal::{Phase, Record};

use crate::run::{logs, plan, sends};

/// Machines that tick in the same instants: in each all tick before anything
/// arrives, so that a message sent in one is received in the next, and no clock
/// ever jumps.
#[test]
fn in_one_instant_all_tick_before_anything_arrives() {
    let mut plan = plan(&[5.0, 5.0, 5.0], 59.3, 3);
    plan.manifest.phase = Phase::Aligned;
    let (logs, _) = logs(plan);
    for log in &logs {
        let clocks: Vec<u64> =
            log.iter().filter(|r| r.tick().is_some()).map(Record::clock).collect();
        assert_eq!(clocks, (1..=297).collect::<Vec<_>>(), "DESIGN 7: 297 each, jumps of 1.00");
    }
}

/// Of messages that arrive in one instant, those of the lower sender come first.
#[test]
fn messages_of_one_instant_arrive_by_sender_and_number() {
    let mut plan = plan(&[1.0, 4.0, 4.0, 4.0], 60.0, 11);
    plan.manifest.phase = Phase::Aligned;
    plan.manifest.draw_max = 4;
    let (logs, _) = logs(plan);
    let sent = sends(&logs);
    let arrived: Vec<_> = logs[0]
        .iter()
        .filter_map(|record| match record {
            Record::Receive(receive) => {
                Some((sent[&(receive.from, 1, receive.seq)], receive.from, receive.seq))
            }
            _ => None,
        })
        .collect();
    assert!(arrived.windows(2).any(|pair| pair[0].0 == pair[1].0), "some arrive at once");
    assert!(arrived.is_sorted(), "{arrived:?}");
}
