//! Stops in good order at random moments: no record is torn or lost, what is said
//! to be in flight is, and the exit code says so.

use std::fs;
use std::path::Path;
use std::thread::{self, sleep};
use std::time::Duration;

use journal::{Record, Stop, Sync};
use nix::sys::signal::Signal;

use crate::chance::Chance;
use crate::nodes::{Nodes, Setup};
use crate::offbeat::{assert_holds, assert_replays, records};
use crate::scale;

const SETUP: Setup =
    Setup { machines: 3, rate: 50.0, draw_max: 6, sync: Sync::Never, duration: None };

/// Runs side by side: a stop takes up to a second, most of it waiting.
const SIDE_BY_SIDE: u64 = 6;

/// The signals that stop a node at any moment. One that is ignored where the tests were
/// started, as by nohup or in the background of a shell, is ignored by a node, too, until
/// it listens: one that has only just been started would miss it.
fn signals() -> Vec<Signal> {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).unwrap();
    let ignored = u64::from_str_radix(ignored.trim(), 16).unwrap();
    let is_heard = |signal: &Signal| ignored & (1 << (*signal as i32 - 1)) == 0;
    [Signal::SIGTERM, Signal::SIGINT, Signal::SIGHUP].into_iter().filter(is_heard).collect()
}

/// How many stops there were, and how many of them left messages in flight.
#[derive(Debug, Default)]
struct Stops {
    stops: u64,
    before_the_first_tick: u64,
    in_flight: u64,
    /// The same where all three had begun, and were there to take them: none, but for
    /// a stall of seconds.
    in_flight_though_all_were_there: u64,
}

fn cluster() -> Nodes {
    let nodes = Nodes::new(SETUP.machines);
    for machine in nodes.all() {
        nodes.configure(machine, "stops", SETUP, |peer| nodes.address(peer));
    }
    nodes
}

/// Runs `each` of `count` times in all, on several clusters side by side.
fn side_by_side(what: &str, count: u64, each: fn(&mut Nodes, &mut Chance, &mut Stops, u64)) {
    let mut chance = Chance::new(what);
    let workers: Vec<_> = (0..SIDE_BY_SIDE)
        .map(|_| {
            let mut chance = chance.fork();
            thread::spawn(move || {
                let (mut nodes, mut stops) = (cluster(), Stops::default());
                each(&mut nodes, &mut chance, &mut stops, count.div_ceil(SIDE_BY_SIDE));
                assert_holds(nodes.folder());
                assert_replays(nodes.folder());
                stops
            })
        })
        .collect();
    let stops = workers.into_iter().map(|worker| worker.join().unwrap());
    eprintln!("{what}: {:?}", stops.fold(Stops::default(), Stops::and));
}

#[test]
fn a_machine_that_stops_alone_accounts_for_every_message() {
    side_by_side("stops alone", scale::of(60, 504), |nodes, chance, stops, count| {
        nodes.start_all();
        nodes.wait_for_ticks(1);
        while stops.in_good_order() < count {
            let machine = chance.between(1, 3) as u32;
            sleep(Duration::from_millis(chance.between(0, 300)));
            nodes.signal(machine, chance.one_of(&signals()));
            let stop = stops.take(nodes.stopped(machine));
            stops.though_all_were_there(stop.as_slice());
            nodes.start(machine);
        }
        nodes.wait_for_ticks(1);
        nodes.stop_all();
    });
}

#[test]
fn machines_that_stop_together_account_for_every_message() {
    side_by_side("stops together", scale::of(60, 504), |nodes, chance, stops, count| {
        while stops.in_good_order() < count {
            nodes.start_all();
            sleep(Duration::from_millis(chance.between(0, 800)));
            nodes.all().for_each(|machine| nodes.signal(machine, chance.one_of(&signals())));
            let ends: Vec<_> =
                nodes.all().map(|machine| stops.take(nodes.stopped(machine))).collect();
            let Some(ends) = ends.into_iter().collect::<Option<Vec<_>>>() else { continue };
            if stops.though_all_were_there(&ends) == 0 {
                assert_all_arrived(nodes.folder());
            }
        }
        nodes.start_all();
        nodes.wait_for_ticks(1);
        nodes.stop_all();
    });
}

/// All that was sent has been received or is in an inbox.
fn assert_all_arrived(folder: &Path) {
    let (mut sent, mut there) = (0, 0);
    for record in (1..=SETUP.machines).flat_map(|machine| records(folder, machine)) {
        match record {
            Record::Send(send) => sent += send.to.len() as u64,
            Record::Receive(_) => there += 1,
            _ => {}
        }
    }
    for machine in 1..=SETUP.machines {
        there += records(folder, machine).last().and_then(Record::queue).unwrap_or_default();
    }
    assert_eq!(sent, there, "in {}", folder.display());
}

impl Stops {
    fn in_good_order(&self) -> u64 {
        self.stops - self.before_the_first_tick
    }

    fn though_all_were_there(&mut self, stops: &[Stop]) -> usize {
        let in_flight = stops.iter().filter(|stop| stop.in_flight > 0).count();
        self.in_flight_though_all_were_there += in_flight as u64;
        in_flight
    }

    fn take(&mut self, end: Option<Stop>) -> Option<Stop> {
        self.stops += 1;
        match &end {
            None => self.before_the_first_tick += 1,
            Some(stop) => self.in_flight += u64::from(stop.in_flight > 0),
        }
        end
    }

    fn and(self, other: Self) -> Self {
        Self {
            stops: self.stops + other.stops,
            before_the_first_tick: self.before_the_first_tick + other.before_the_first_tick,
            in_flight: self.in_flight + other.in_flight,
            in_flight_though_all_were_there: self.in_flight_though_all_were_there
                + other.in_flight_though_all_were_there,
        }
    }
}
