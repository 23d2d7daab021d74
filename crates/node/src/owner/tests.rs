//! The bounds of a machine's waits and turns, without any peer but the tests' own.

use std::io::{self, Write};
use std::iter;
use std::path::Path;
use std::sync::{Arc, Mutex};

use bytes::BytesMut;
use journal::{Pacing, Phase, Rate, Topology};
use machine::{INBOX_MESSAGES_MAX, Message, Progress, StampRule, UNLOGGED_MESSAGES_MAX};
use tempfile::TempDir;
use tokio::join;
use tokio::sync::oneshot;
use tokio::time::{sleep, sleep_until};
use tokio_util::codec::Decoder as _;

use wire::{Frame, FrameCodec};

use super::*;
use crate::board::{Hearer, board};
use crate::connection::End;
use crate::feed::Outbox;
use crate::input::{Arrived, Event, Feedback};
use crate::played::{JUST, OURS, PEER, bytes_of, hello};
use crate::pulse::HEARTBEAT_EVERY;
use crate::resume::resume;

/// The draw that sends, which all of these machines make.
const SEND: u64 = 1;

fn config(folder: &Path) -> Config {
    Config {
        run: "test".to_owned(),
        machine: OURS,
        machines: 2,
        topology: Topology::Full,
        rate: Some(Rate::Max),
        draw_max: SEND,
        seed: Some(5),
        phase: Phase::Aligned,
        pacing: Pacing::Even,
        stamp: journal::StampRule::After,
        duration: None,
        listen: "localhost:0".to_owned(),
        log: folder.join("machine-1.jsonl"),
        sync: journal::Sync::Never,
        tls: None,
        neighbours: vec![(PEER, "localhost:0".to_owned())],
    }
}

/// The folder of a machine, and its config.
struct Lab {
    _folder: TempDir,
    config: Config,
}

impl Lab {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let config = config(folder.path());
        Self { _folder: folder, config }
    }

    /// A machine that has sent so many messages, and the way to it.
    fn sender_of(&self, messages: usize) -> (Owner<'_>, Inputs) {
        let mut endpoint = Endpoint::new(OURS, 2, machine::Topology::Full, StampRule::After);
        for _ in 0..messages {
            endpoint.tick(SEND).unwrap();
        }
        endpoint.commit();
        let resumed = Resumed { endpoint, ..resume(&self.config).unwrap() };
        let (inputs, input) = inputs();
        let owner = Owner::new(&self.config, resumed, input, Alarm::Coarse, None);
        (owner, inputs)
    }
}

/// Has the peer's link in be up. What it would be told is of no interest.
fn link_in(owner: &mut Owner<'_>) {
    let (reply, _) = oneshot::channel();
    let address = ([127, 0, 0, 1], 1).into();
    owner.on_event(Event::Hello { hello: hello(PEER, OURS), address, reply }).unwrap();
}

/// So many messages of the peer's, in one batch.
fn batch(numbers: std::ops::RangeInclusive<u64>) -> Arrived {
    let messages = numbers.map(|seq| (seq, 1)).collect();
    Arrived::Messages { peer: PEER, connection: 1, messages, is_asking: false }
}

/// The peer asks how far its link has come.
fn question() -> Arrived {
    Arrived::Messages { peer: PEER, connection: 1, messages: Vec::new(), is_asking: true }
}

#[tokio::test(start_paused = true)]
async fn a_stopping_machine_waits_for_its_messages_to_arrive_but_not_for_ever() {
    for (late, waited, in_flight) in
        [(ARRIVAL_MAX - JUST, ARRIVAL_MAX - JUST, 0), (ARRIVAL_MAX + JUST, ARRIVAL_MAX, 1)]
    {
        let lab = Lab::new();
        let (mut owner, inputs) = lab.sender_of(1);
        let (outbox, _messages) = board();
        let progress = Progress::default();
        owner.on_event(Event::Linked { peer: PEER, progress, outbox }).unwrap();
        owner.settle().unwrap();
        let begun = Instant::now();
        let acknowledge = async {
            sleep(late).await;
            let progress = Progress { logged: 0, arrived: 1 };
            inputs.tell(Event::Acked { peer: PEER, progress }).await;
        };
        let wait = async {
            owner.wait_for_arrival().await.unwrap();
            (begun.elapsed(), owner.endpoint.in_flight())
        };
        assert_eq!(join!(wait, acknowledge).0, (waited, in_flight));
    }
}

#[tokio::test(start_paused = true)]
async fn a_stopping_machine_asks_how_far_its_messages_have_come() {
    let lab = Lab::new();
    let (mut owner, inputs) = lab.sender_of(3);
    let answer = async {
        // On the next connection the messages go again, and so does the question.
        for _ in 0..2 {
            let (outbox, mut messages) = board();
            inputs.tell(Event::Linked { peer: PEER, progress: Progress::default(), outbox }).await;
            let mut heard = BytesMut::new();
            for _ in 0..3 {
                sleep(HEARTBEAT_EVERY / 4).await;
                heard.extend(
                    messages.try_hear(Outbox::take).map(|outbox| outbox.bytes).unwrap_or_default(),
                );
            }
            let mut codec = FrameCodec::new();
            let frames = iter::from_fn(|| codec.decode(&mut heard).unwrap());
            let messages = (1..=3).map(|seq| Frame::Message { seq, stamp: seq });
            assert!(frames.eq(messages.chain([Frame::Heartbeat])));
            inputs.tell(Event::Unlinked { peer: PEER, end: End::Closed }).await;
        }
    };
    let waited = join!(owner.wait_for_arrival(), answer).0;
    waited.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_ends_ticking_tells_what_it_kept_and_then_all_at_once() {
    let lab = Lab::new();
    let (mut owner, inputs) = lab.sender_of(0);
    let (_out, mut feedback) = link_both(&mut owner);
    let mut arrived = || feedback.try_hear(Option::take).map(|told| told.progress.arrived);
    inputs.hand_on(batch(1..=1)).await;
    owner.turn(None).await.unwrap();
    assert_eq!(arrived(), None);
    owner.end_ticking(&mut Pace::Unpaced { end: None }, StopReason::Signal);
    owner.wait_for_arrival().await.unwrap();
    assert_eq!(arrived(), Some(1));
    inputs.hand_on(batch(2..=2)).await;
    owner.turn(None).await.unwrap();
    assert_eq!(arrived(), Some(2));
}

#[tokio::test(start_paused = true)]
async fn a_stopping_machine_waits_for_its_peers_to_close_but_not_for_ever() {
    for (told_to_stop, late, waited) in [
        (true, CLOSING_MAX - JUST, CLOSING_MAX - JUST),
        (true, CLOSING_MAX + JUST, CLOSING_MAX),
        (false, ENDING_MAX - JUST, ENDING_MAX - JUST),
        (false, ENDING_MAX + JUST, ENDING_MAX),
    ] {
        let lab = Lab::new();
        let (mut owner, inputs) = lab.sender_of(0);
        link_in(&mut owner);
        owner.told_to_stop = told_to_stop;
        let begun = Instant::now();
        let close = async {
            sleep(late).await;
            let closed = Arrived::Closed { peer: PEER, connection: 1, end: End::Closed };
            inputs.hand_on(closed).await;
        };
        let wait = async {
            owner.close().await.unwrap();
            begun.elapsed()
        };
        assert_eq!(join!(wait, close).0, waited);
    }
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_is_told_to_stop_at_its_end_waits_no_longer_than_after_a_signal() {
    for (told_after, waited) in [
        (Duration::ZERO, CLOSING_MAX),
        (CLOSING_MAX, 2 * CLOSING_MAX),
        (ENDING_MAX - JUST, ENDING_MAX - JUST + CLOSING_MAX),
        (ENDING_MAX + JUST, ENDING_MAX),
    ] {
        let lab = Lab::new();
        let (mut owner, inputs) = lab.sender_of(0);
        link_in(&mut owner);
        let begun = Instant::now();
        let tell = async {
            sleep(told_after).await;
            inputs.tell(Event::Shutdown).await;
        };
        let wait = async {
            owner.close().await.unwrap();
            begun.elapsed()
        };
        assert_eq!(join!(wait, tell).0, waited, "told after {told_after:?}");
    }
}

/// As one is that logs to a slow disk. Whatever else there is has its turn between two
/// ticks.
#[tokio::test]
async fn a_machine_that_comes_late_to_every_slot_hears_that_it_is_to_stop() {
    let config = Config { rate: Some(Rate::PerSecond(1e6)), draw_max: 10, ..Lab::new().config };
    let folder = TempDir::new().unwrap();
    let config = Config { log: folder.path().join("machine-1.jsonl"), ..config };
    let (inputs, input) = inputs();
    let resumed = resume(&config).unwrap();
    let mut owner = Owner::new(&config, resumed, input, Alarm::finest(), None);
    let slots = machine::Slots::new(1e6, 0, machine::Pacing::Burst, Some(5_000_000_000));
    let mut pace = Pace::Slots { slots, end: None };
    tokio::spawn(async move { inputs.tell(Event::Shutdown).await });
    assert_eq!(owner.tick_on(&mut pace).await.unwrap(), StopReason::Signal);
}

/// Has both links be up: what is said on the one out, and what the peer is told.
fn link_both(owner: &mut Owner<'_>) -> (Hearer<Outbox>, Hearer<Option<Feedback>>) {
    let (outbox, said) = board();
    let progress = Progress::default();
    owner.on_event(Event::Linked { peer: PEER, progress, outbox }).unwrap();
    let (reply, mut answer) = oneshot::channel();
    let address = ([127, 0, 0, 1], 1).into();
    owner.on_event(Event::Hello { hello: hello(PEER, OURS), address, reply }).unwrap();
    (said, answer.try_recv().unwrap().unwrap().feedback)
}

#[tokio::test(start_paused = true)]
async fn a_heartbeat_is_said_when_nothing_else_was_for_so_long() {
    let lab = Lab::new();
    let (mut owner, _inputs) = lab.sender_of(0);
    let (mut out, mut feedback) = link_both(&mut owner);
    let heartbeat = bytes_of(Frame::Heartbeat);
    let live = async {
        loop {
            owner.turn(None).await.unwrap();
        }
    };
    let ask = async {
        for _ in 0..3 {
            let begun = Instant::now();
            assert_eq!(out.hear(Outbox::take).await.unwrap().bytes, heartbeat);
            assert_eq!(begun.elapsed(), HEARTBEAT_EVERY);
            assert!(feedback.try_hear(Option::take).is_some());
        }
    };
    tokio::select! {
        () = live => {}
        () = ask => {}
    }
}

#[tokio::test(start_paused = true)]
async fn what_else_is_said_on_a_connection_is_said_in_place_of_a_heartbeat() {
    let lab = Lab::new();
    let (mut owner, _inputs) = lab.sender_of(0);
    let (mut out, mut feedback) = link_both(&mut owner);
    sleep(HEARTBEAT_EVERY / 2).await;
    owner.woke_at = Instant::now();
    owner.on_arrived(batch(1..=1));
    owner.settle().unwrap();
    assert!(feedback.try_hear(Option::take).is_none());
    owner.on_arrived(question());
    owner.settle().unwrap();
    assert!(feedback.try_hear(Option::take).is_some());
    for acknowledged in [true, false] {
        sleep(HEARTBEAT_EVERY / 2).await;
        owner.woke_at = Instant::now();
        let _ = owner.keep_alive(Some(owner.woke_at));
        assert_eq!(out.try_hear(Outbox::take).is_some(), acknowledged);
        assert_eq!(feedback.try_hear(Option::take).is_some(), !acknowledged);
    }
}

/// So that a machine that ticks need not wake for heartbeats.
#[tokio::test(start_paused = true)]
async fn a_heartbeat_is_said_early_if_it_were_due_before_the_machine_wakes() {
    let lab = Lab::new();
    let second = Duration::from_secs(1);
    // How long after the last heartbeat the machine wakes, and then for how long it sleeps.
    for (woken, sleeps, is_early) in [
        (second, second, true),
        (second, second - JUST, false),
        (second, 10 * second, true),
        (second - JUST, second, false),
        (second - JUST, 10 * second, false),
        (HEARTBEAT_EVERY - JUST, JUST, true),
    ] {
        let (mut owner, _inputs) = lab.sender_of(0);
        let (mut out, mut feedback) = link_both(&mut owner);
        let begun = Instant::now();
        while begun.elapsed() < woken {
            // As if there were a slot each time.
            owner.turn(Some(Instant::now() + JUST)).await.unwrap();
        }
        assert!(out.try_hear(Outbox::take).is_none());
        let _ = owner.keep_alive(Some(Instant::now() + sleeps));
        let said =
            (out.try_hear(Outbox::take).is_some(), feedback.try_hear(Option::take).is_some());
        assert_eq!(said, (is_early, is_early), "{woken:?} {sleeps:?}");
    }
}

/// However long it was quiet before.
#[tokio::test(start_paused = true)]
async fn a_heartbeat_is_said_in_time_on_a_connection_that_came_later() {
    let lab = Lab::new();
    let (mut owner, _inputs) = lab.sender_of(0);
    // As if there were a slot each time.
    let tick_on = async |owner: &mut Owner<'_>, time| {
        let begun = Instant::now();
        while begun.elapsed() < time {
            owner.turn(Some(Instant::now() + JUST)).await.unwrap();
        }
    };
    tick_on(&mut owner, 3 * HEARTBEAT_EVERY / 2).await;
    let (mut out, mut feedback) = link_both(&mut owner);
    for _ in 0..3 {
        tick_on(&mut owner, HEARTBEAT_EVERY).await;
        assert!(out.try_hear(Outbox::take).is_some());
        assert!(feedback.try_hear(Option::take).is_some());
    }
}

#[derive(Clone, Default)]
struct Said(Arc<Mutex<Vec<u8>>>);

impl Write for Said {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn a_waiting_machine_says_so_now_and_then() {
    let said = Said::default();
    let sink = said.clone();
    let subscriber = tracing_subscriber::fmt().with_writer(move || sink.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let count = || {
        let text = String::from_utf8(said.0.lock().unwrap().clone()).unwrap();
        text.matches("waiting for machine 2").count()
    };
    let lab = Lab::new();
    let (mut owner, inputs) = lab.sender_of(0);
    let begun = Instant::now();
    let look = async {
        for notices in 1..=3 {
            let next = begun + NOTICE_EVERY * notices;
            sleep_until(next - JUST).await;
            assert_eq!(count(), notices as usize);
            sleep_until(next + JUST).await;
            assert_eq!(count(), notices as usize + 1);
        }
        inputs.tell(Event::Shutdown).await;
    };
    let (waited, ()) = join!(owner.wait_for_links(), look);
    waited.unwrap();
    assert!(owner.told_to_stop);
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_cannot_tick_looks_again_after_a_while() {
    let whole = RETRY_EVERY * 3;
    for (end, looked_at) in [(whole, whole), (whole + JUST, whole + RETRY_EVERY)] {
        let lab = Lab::new();
        let (mut owner, _inputs) = lab.sender_of(UNLOGGED_MESSAGES_MAX);
        let begun = Instant::now();
        let reason = owner.tick_on(&mut Pace::Unpaced { end: Some(end) }).await.unwrap();
        assert_eq!((reason, begun.elapsed()), (StopReason::Duration, looked_at));
        assert_eq!(owner.endpoint.machine().ticks(), UNLOGGED_MESSAGES_MAX as u64);
    }
}

#[tokio::test]
async fn an_unpaced_machine_ticks_so_often_in_one_go() {
    let lab = Lab::new();
    let (mut owner, _inputs) = lab.sender_of(0);
    owner.tick(&mut Pace::Unpaced { end: None }, Duration::ZERO).unwrap();
    assert_eq!(owner.endpoint.machine().ticks(), u64::from(UNPACED_TICKS));
}

#[tokio::test]
async fn an_unpaced_machine_ticks_no_further_than_its_messages_may_be_unlogged() {
    let lab = Lab::new();
    let (mut owner, _inputs) = lab.sender_of(UNLOGGED_MESSAGES_MAX - 10);
    owner.tick(&mut Pace::Unpaced { end: None }, Duration::ZERO).unwrap();
    assert_eq!(owner.endpoint.in_flight(), UNLOGGED_MESSAGES_MAX as u64);
    assert!(!owner.can_tick());
}

/// How many events and arrivals are not heard yet.
fn waiting(owner: &mut Owner<'_>) -> (usize, usize) {
    let count = |input: &mut Input| Some((input.events.len(), input.arrivals.len()));
    owner.input.try_hear(count).unwrap()
}

#[tokio::test]
async fn a_machine_whose_inbox_is_full_takes_no_messages_and_all_else() {
    let lab = Lab::new();
    let (mut owner, inputs) = lab.sender_of(0);
    link_in(&mut owner);
    let full = INBOX_MESSAGES_MAX as u64;
    for seq in 1..full {
        owner.endpoint.arrive(Message { from: PEER, seq, stamp: 1 }).unwrap();
    }
    // Two messages that were read together, where there is room for one.
    for numbers in [full..=full + 1, full + 2..=full + 2] {
        inputs.hand_on(batch(numbers)).await;
    }
    owner.turn(None).await.unwrap();
    assert_eq!(owner.endpoint.machine().queue() as u64, full + 1);
    inputs.tell(Event::Taken { peer: PEER }).await;
    owner.turn(None).await.unwrap();
    assert_eq!(waiting(&mut owner), (0, 1));
    // There is room again below the bound, and not at it.
    for (queue, arrivals) in [(full, 1), (full - 1, 0)] {
        owner.endpoint.tick(SEND).unwrap();
        assert_eq!(owner.endpoint.machine().queue() as u64, queue);
        owner.turn(Some(Instant::now())).await.unwrap();
        assert_eq!(waiting(&mut owner), (0, arrivals));
    }
}
