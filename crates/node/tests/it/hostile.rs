//! A real node process besieged: one peer does all that is in the table and in the
//! floods, another does as it should. No crash, no growth, the honest peer's links
//! as they were and on time, each refusal with its reason and counted. In plain text
//! and over TLS.

use crate::connection::{Connection, ack, hear_on, hello, message};
use crate::honest::Honest;
use crate::hostile_cases::{Case, answers, on_links_in, on_links_out, strangers};
use crate::hostile_floods as floods;
use crate::lab::Lab;
use crate::live::live;
use crate::metronome::Metronome;
use crate::process::Process;
use wire::Frame;

/// How much more memory a node may hold after all of it, in bytes: what allocators
/// keep for the next flood.
const GROWTH_BYTES_MAX: u64 = 4 << 20;

/// Ticks that a node may miss for each beat of a thread that was late: unlike the
/// thread it has work to do, and so waits longer for its turn.
const EXCUSED_PER_LATE_BEAT: u64 = 4;

const SETTINGS: &str = "rate = 20\ndraw_max = 3";

#[test]
fn in_plain_text() {
    live(async |said| besiege(Lab::new(&said, 3, SETTINGS).await).await);
}

#[test]
fn over_tls() {
    live(async |said| besiege(Lab::secure(&said, 3, SETTINGS).await).await);
}

#[test]
fn there_are_more_than_sixty_cases_and_no_two_of_one_name() {
    let all = [strangers(), on_links_in(), answers(), on_links_out()];
    let mut names: Vec<_> = all.iter().flatten().map(|case| case.name).collect();
    assert!(names.len() > 60, "{}", names.len());
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
}

async fn besiege(lab: Lab) {
    let metronome = Metronome::start();
    let mut node = Process::start(&lab).await;
    let third = Honest::through(&lab, &node.door, 3, 5).await;
    let second = Honest::through(&lab, &node.door, 2, 1).await;
    // What the first flood makes it take, it keeps.
    let mut refused = floods::thousand_connects(&node).await;
    node.wait_for_refusals(refused).await;
    let (bytes, descriptors) = (node.resident_bytes(), node.descriptors());

    refused += check_strangers(&node).await;
    refused += floods::all(&node).await;
    refused += check_links_in(&node).await;
    let mut heard = second.heard();
    drop(second);
    refused += check_answers(&lab, &node, &mut heard).await;
    refused += check_links_out(&lab, &node, &mut heard).await;

    let second = Honest::again(&lab, &node.door, 2, heard).await;
    node.tick_on(2).await;
    assert!(third.is_undisturbed() && second.is_undisturbed(), "{}", node.text());
    node.until("descriptors are closed", || node.descriptors() <= descriptors).await;
    let grown = node.resident_bytes().saturating_sub(bytes);
    assert!(grown <= GROWTH_BYTES_MAX, "grown by {grown} bytes from {bytes}");
    assert_eq!(node.stop().await, 0, "{}", node.text());
    assert_eq!(
        node.count(&format!("connections were refused refused={refused}\n")),
        1,
        "{refused}: {}",
        node.text()
    );
    check_log(&lab, &second, &third, metronome.late());
}

/// The honest ones have heard all that was sent to them; and ticks were on time, but
/// for one in eight and what the computer itself was late with.
fn check_log(lab: &Lab, second: &Honest, third: &Honest, late: u64) {
    assert!(third.heard().len() > 20 && lab.sent(3).starts_with(&third.heard()));
    let stop = lab.check_log(&second.heard(), &[(1, 5)]).unwrap();
    assert_eq!(stop.in_flight, 0);
    let (missed, ticks) = (stop.missed, stop.ticks);
    let excused = EXCUSED_PER_LATE_BEAT * late;
    assert!(8 * missed <= ticks + 8 * excused, "{missed} missed, {ticks} ticks, {late} late");
}

async fn check_strangers(node: &Process<'_>) -> usize {
    let cases = strangers();
    for case in &cases {
        let stranger = node.door.dial_as(case.machine).await;
        check_refusal(node, case, stranger).await;
    }
    node.tick_on(2).await;
    cases.len()
}

/// Says what the case says, and asserts that the connection is ended for that.
async fn check_refusal(node: &Process<'_>, case: &Case, mut connection: Connection) {
    let Case { name, bytes, reason, is_answered, .. } = case;
    let before = node.count(reason);
    connection.say_bytes(bytes).await;
    let answer = connection.hear_end().await;
    assert_eq!(
        answer.as_ref().is_some_and(|it| it.contains(reason)),
        *is_answered,
        "{name}: {answer:?}"
    );
    node.until(name, || node.count(reason) > before).await;
}

async fn check_links_in(node: &Process<'_>) -> usize {
    let cases = on_links_in();
    for case in &cases {
        let link = node.door.link_from(2).await;
        check_refusal(node, case, link).await;
    }
    let mut link = node.door.link_from(2).await;
    link.say_bytes(&message(1, 5)).await;
    link.hear_arrived(1).await;
    node.tick_on(2).await;
    cases.len()
}

/// The node counts what it refuses, and not that it was refused itself.
async fn check_answers(lab: &Lab, node: &Process<'_>, heard: &mut Vec<(u64, u64)>) -> usize {
    let cases = answers();
    for Case { name, bytes, reason, .. } in &cases {
        let before = node.count(reason);
        let (mut out, _) = lab.accept(2).await;
        out.say_bytes(bytes).await;
        node.until(name, || node.count(reason) > before).await;
    }
    let mut out = welcomed(lab, heard).await;
    hear_on(&mut out, heard, 2).await;
    cases.len() - 1
}

async fn check_links_out(lab: &Lab, node: &Process<'_>, heard: &mut Vec<(u64, u64)>) -> usize {
    let cases = on_links_out();
    for Case { name, bytes, reason, .. } in &cases {
        let before = node.count(reason);
        let mut out = welcomed(lab, heard).await;
        hear_on(&mut out, heard, 2).await;
        let number = heard.len() as u64;
        // An old one changes nothing.
        out.say_bytes(&[ack(number, number), ack(1, 1), bytes.clone()].concat()).await;
        out.hear_end().await;
        node.until(name, || node.count(reason) > before).await;
    }
    node.tick_on(2).await;
    cases.len()
}

/// The next connection of the node to machine 2, welcomed with all that was heard.
async fn welcomed(lab: &Lab, heard: &[(u64, u64)]) -> Connection {
    let (mut out, _) = lab.accept(2).await;
    out.welcome(heard.len() as u64, heard.len() as u64).await;
    out
}

#[test]
fn a_welcome_ahead_ends_the_node_with_its_own_exit_code() {
    live(async |said| {
        for lab in [Lab::new(&said, 2, SETTINGS).await, Lab::secure(&said, 2, SETTINGS).await] {
            let mut node = Process::start(&lab).await;
            let (mut out, _) = lab.accept(2).await;
            out.welcome(0, 1).await;
            assert_eq!(node.end().await, 6, "{}", node.text());
            assert_eq!(std::fs::read(lab.log()).unwrap(), b"");
        }
    });
}

#[test]
fn an_incarnation_of_the_future_replaces_and_makes_all_others_stale() {
    live(async |said| {
        let lab = Lab::secure(&said, 2, SETTINGS).await;
        let mut node = Process::start(&lab).await;
        let _second = Honest::through(&lab, &node.door, 2, 1).await;
        let mut last = node.door.dial_as(2).await;
        last.link(hello(2, u32::MAX)).await;
        let mut honest = node.door.dial_as(2).await;
        honest.say(Frame::Hello(hello(2, 2))).await;
        let reason = "incarnation 2 is stale: incarnation 4294967295 has already connected";
        assert_eq!(honest.hear_end().await.unwrap(), reason);
        // Only who has the key of machine 2 can do that to it, and until the node is
        // started again.
        node.tick_on(1).await;
        drop(last);
        node.stop().await;
    });
}
