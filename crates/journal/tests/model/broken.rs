//! That the check catches what it is for: drivers and networks that each break
//! one promise, and the laws that this breaks.

use crate::bounds::TWO;
use crate::check::broken_laws;
use crate::closing::LAW as CLOSING;
use crate::laws::{
    C4, C5, COMES_ONCE, FORGETS, MESSAGES_LOGGED, NO_FAULT, PROGRESS_LOGGED, SENT, STAMPS,
};
use crate::plan::{Flaw, Network, Plan};

/// Few events are enough to go wrong.
fn flawed(name: &'static str, flaw: Flaw) -> Plan {
    Plan { name, sends_max: 1, sights: &[], flaw: Some(flaw), ..TWO }
}

/// The plan breaks these laws, and no others.
fn check(plan: Plan, laws: &[&str]) {
    assert_eq!(broken_laws(plan), laws, "{}", plan.name);
}

#[test]
fn a_machine_that_commits_before_writing_is_caught() {
    let plan = flawed("commits before writing", Flaw::CommitsBeforeWriting);
    let broken =
        [C4, C5, STAMPS, SENT, NO_FAULT, MESSAGES_LOGGED, PROGRESS_LOGGED, FORGETS, CLOSING];
    check(plan, &broken);
}

#[test]
fn a_log_that_loses_its_last_record_is_caught() {
    let plan = flawed("loses the last record", Flaw::LosesTheLastRecord);
    check(plan, &[C4, C5, STAMPS, SENT, NO_FAULT, MESSAGES_LOGGED, FORGETS, CLOSING]);
}

/// The receiver acknowledges, on one connection, messages that came on another.
#[test]
fn a_receiver_that_hears_a_replaced_connection_is_caught() {
    let plan = flawed("hears a replaced connection", Flaw::HearsReplacedConnections);
    let network = Network::ByFrame;
    check(Plan { network, crashes_max: 0, losses_max: 1, ..plan }, &[NO_FAULT, COMES_ONCE]);
}

/// Where acknowledgements cannot give it away, messages come again; as they are
/// dropped, the logs do not show it.
#[test]
fn a_receiver_that_hears_a_replaced_connection_drops_what_comes_again() {
    let plan = flawed("hears a replaced connection, prompt", Flaw::HearsReplacedConnections);
    check(Plan { sends_max: 2, crashes_max: 0, losses_max: 1, ..plan }, &[COMES_ONCE]);
}

#[test]
fn a_sender_that_ignores_the_welcome_is_caught() {
    let plan = flawed("ignores the Welcome", Flaw::IgnoresTheWelcome);
    check(Plan { sends_max: 2, unwritten_max: 0, ..plan }, &[NO_FAULT, COMES_ONCE, CLOSING]);
}

#[test]
fn a_network_that_delivers_out_of_order_is_caught() {
    let plan = flawed("delivers out of order", Flaw::DeliversOutOfOrder);
    check(Plan { sends_max: 2, crashes_max: 0, ..plan }, &[NO_FAULT, CLOSING]);
}

#[test]
fn messages_stamped_before_their_send_are_caught() {
    let plan = flawed("stamps before", Flaw::StampsBefore);
    check(Plan { crashes_max: 0, ..plan }, &[C4, C5, STAMPS, CLOSING]);
}
