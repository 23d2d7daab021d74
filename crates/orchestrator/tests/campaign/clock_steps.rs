//! The system clock is set by an hour, forward and back, during an incarnation and
//! between two. A library that is preloaded into a node sets the clock of that node alone.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use journal::{Record, StopReason, Sync, Time};
use nix::sys::signal::Signal;

use crate::nodes::{Nodes, Setup};
use crate::offbeat::{assert_holds, assert_replays, records};

const SETUP: Setup =
    Setup { machines: 2, rate: 20.0, draw_max: 6, sync: Sync::Never, duration: None };

const HOUR: i64 = 3600;

/// More than any run here lasts, and much less than the clock is set by.
const MINUTES: f64 = 1800.0;

/// Two nodes, of which the clock of the first can be set.
struct Lab {
    nodes: Nodes,
    library: PathBuf,
    step: PathBuf,
}

impl Lab {
    /// Says so loudly if clocks cannot be set here.
    fn new(setup: Setup) -> Option<Self> {
        let nodes = Nodes::new(setup.machines);
        for machine in nodes.all() {
            nodes.configure(machine, "clock", setup, |peer| nodes.address(peer));
        }
        let library = nodes.folder().join("stepped_clock.so");
        let step = nodes.folder().join("step");
        if !cfg!(target_env = "gnu") || !compile(&library) {
            eprintln!("SKIPPED: steps of the system clock, for nothing can be preloaded");
            return None;
        }
        Some(Self { nodes, library, step })
    }

    fn set_clock(&self, seconds: i64) {
        // In one step: the node may read it at any time.
        let new = self.step.with_extension("new");
        fs::write(&new, seconds.to_string()).unwrap();
        fs::rename(new, &self.step).unwrap();
    }

    /// Starts machine 1, whose clock this sets.
    fn start(&mut self) {
        let environment: [(&str, &Path); 2] =
            [("LD_PRELOAD", &self.library), ("STEPPED_CLOCK", &self.step)];
        self.nodes.start_with(1, &environment);
    }

    /// Both tick; then machine 1 is killed, its clock set, and it is started again.
    fn restart_with_clock_set_by(&mut self, seconds: i64) {
        self.start();
        self.nodes.start(2);
        self.nodes.wait_for_ticks(10);
        self.nodes.signal(1, Signal::SIGKILL);
        self.nodes.wait(1);
        self.set_clock(seconds);
        self.start();
    }

    fn times(&self) -> Vec<Time> {
        records(self.nodes.folder(), 1).iter().map(Record::time).collect()
    }

    /// Seconds from the first record of machine 1 to the last.
    fn span(&self) -> f64 {
        let times = self.times();
        times[times.len() - 1].seconds_since(times[0])
    }

    /// Seconds by which its diagnostics say that the clock was set.
    fn span_of_diagnostics(&self) -> f64 {
        let said = self.nodes.said(1);
        let time = |line: &str| line.split(' ').next().unwrap().parse::<Time>().unwrap();
        time(said.lines().last().unwrap()).seconds_since(time(said.lines().next().unwrap()))
    }

    fn assert_good(&self) {
        assert!(self.times().is_sorted(), "a time of its log falls");
        assert_holds(self.nodes.folder());
        assert_replays(self.nodes.folder());
    }
}

/// False if there is no compiler.
fn compile(library: &Path) -> bool {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/campaign/stepped_clock.c");
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-o"]).arg(library).arg(source);
    compiler.status().is_ok_and(|status| status.success())
}

#[test]
fn a_step_of_the_clock_during_an_incarnation_changes_nothing() {
    for seconds in [HOUR, -HOUR] {
        let Some(mut lab) = Lab::new(SETUP) else { return };
        lab.start();
        lab.nodes.start(2);
        lab.nodes.wait_for_ticks(10);
        lab.set_clock(seconds);
        lab.nodes.wait_for_ticks(10);
        lab.nodes.stop_all();
        let stepped = lab.span_of_diagnostics();
        assert!((stepped - seconds as f64).abs() < MINUTES, "the clock was set by {stepped} s");
        assert!(lab.span() < MINUTES, "its log spans {} s", lab.span());
        lab.assert_good();
    }
}

#[test]
fn a_clock_set_back_between_two_incarnations_makes_the_run_no_longer() {
    let Some(mut lab) = Lab::new(Setup { duration: Some("6s"), ..SETUP }) else { return };
    lab.restart_with_clock_set_by(-HOUR);
    let stops = lab.nodes.all().map(|machine| lab.nodes.stopped(machine).unwrap());
    for stop in stops.collect::<Vec<_>>() {
        assert_eq!(stop.reason, StopReason::Duration, "it did not wait for an hour");
    }
    let said = lab.nodes.said(1);
    assert!(said.contains(" s behind the log"), "{said}");
    assert!((6.0..MINUTES).contains(&lab.span()), "its log spans {} s", lab.span());
    lab.assert_good();
}

#[test]
fn a_clock_set_forward_between_two_incarnations_ends_the_run_in_good_order() {
    let Some(mut lab) = Lab::new(Setup { duration: Some("10m"), ..SETUP }) else { return };
    lab.restart_with_clock_set_by(HOUR);
    let stop = lab.nodes.stopped(1).unwrap();
    assert_eq!((stop.reason, stop.in_flight), (StopReason::Duration, 0));
    let said = lab.nodes.said(1);
    assert!(said.contains("the run is over: what peers still lack is delivered"), "{said}");
    lab.nodes.signal(2, Signal::SIGTERM);
    lab.nodes.stopped(2).unwrap();
    lab.assert_good();
}
