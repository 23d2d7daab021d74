//! The exhaustive check: every interleaving of ticks, draws, frames, lost
//! connections and crashes of two or three machines, within small bounds, by
//! stateright.
//!
//! What is checked is production code: `machine::Endpoint` decides what every
//! event does, and a crash is `journal::recover_from` over the bytes of the log.
//! The laws are computed a second time, from the logs alone. Random histories of
//! any length are in the tests of `machine`; here they are short, and all.
//!
//! - `plan`, `bounds`: what is checked, and how far.
//! - `world`, `process`, `link`, `network`: the state, and what drives it.
//! - `action`: what can happen.
//! - `laws`, `closing`, `history`: what must hold always.
//! - `sight`, `overtaking`: what must be seen sometimes, lest the check be vacuous.
//! - `broken`: laboratories that do something wrong, and are caught.

#![allow(
    clippy::unwrap_used,
    reason = "clippy lets tests unwrap, but not the functions they share"
)]

mod action;
mod bounds;
mod broken;
mod check;
mod closing;
mod history;
mod laws;
mod link;
mod network;
mod overtaking;
mod plan;
mod process;
mod sight;
mod world;

#[test]
fn two_machines_keep_the_laws() {
    check::holds(bounds::two_machines());
}

#[test]
fn two_machines_that_crash_twice_keep_the_laws() {
    check::holds(bounds::two_crashes());
}

#[test]
fn two_machines_keep_the_laws_frame_by_frame() {
    check::holds(bounds::two_machines_by_frame());
}

#[test]
fn three_machines_keep_the_laws() {
    check::holds(bounds::three_machines());
}

#[test]
fn three_machines_and_a_crash_keep_the_laws() {
    check::holds(bounds::three_machines_and_a_crash());
}

#[test]
fn three_machines_a_crash_and_a_loss_keep_the_laws() {
    check::holds(bounds::three_machines_a_crash_and_a_loss());
}
