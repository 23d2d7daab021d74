//! How connections begin: where transmission resumes, and who is refused.

use super::finding::{Finding, same};
use super::links::{RECEIVER, SENDER, endpoint, progress, sender_of, transmitted};

pub(crate) fn hold() -> Result<(), Finding> {
    transmission_resumes_after_what_has_arrived()?;
    a_log_that_is_not_this_run_is_found_out()?;
    an_acknowledgement_of_what_was_not_sent_is_refused()?;
    an_earlier_incarnation_is_refused()
}

fn transmission_resumes_after_what_has_arrived() -> Result<(), Finding> {
    let starts = [((0, 0), 1), ((0, 2), 3), ((2, 2), 3), ((1, 3), 4), ((4, 4), 5)];
    for ((logged, arrived), first) in starts {
        let mut sender = sender_of(5);
        sender.begin_incarnation();
        sender.outgoing(RECEIVER).unwrap().welcome(progress(logged, arrived)).unwrap();
        let what = format!("sent after {logged}, {arrived}");
        same("resume", &what, transmitted(&mut sender), (first..=5).collect())?;
    }
    Ok(())
}

/// What the receiver has and this log has not was sent by another log; what it had
/// and has no more, it lost.
fn a_log_that_is_not_this_run_is_found_out() -> Result<(), Finding> {
    let mut sender = sender_of(3);
    let link = sender.outgoing(RECEIVER).unwrap();
    let ahead = link.welcome(progress(0, 1)).is_err();
    same("foreign log", "a receiver that has what never left is refused", ahead, true)?;
    link.welcome(progress(0, 0)).unwrap();
    while link.transmit().is_some() {}
    link.acknowledge(progress(2, 2)).unwrap();
    let behind = link.welcome(progress(1, 2)).is_err();
    same("foreign log", "a receiver that lost what it had logged is refused", behind, true)
}

fn an_acknowledgement_of_what_was_not_sent_is_refused() -> Result<(), Finding> {
    let mut sender = sender_of(3);
    let link = sender.outgoing(RECEIVER).unwrap();
    link.welcome(progress(0, 0)).unwrap();
    link.transmit();
    let ahead = link.acknowledge(progress(0, 2)).is_err();
    same("acknowledgement", "one of what was not sent is refused", ahead, true)
}

fn an_earlier_incarnation_is_refused() -> Result<(), Finding> {
    let mut receiver = endpoint(RECEIVER);
    let link = receiver.incoming(SENDER).unwrap();
    let taken = [2, 2, 1, 3].map(|incarnation| link.hello(incarnation).is_ok());
    same("stale", "Hello of the incarnations 2, 2, 1 and 3", taken, [true, true, false, true])
}
