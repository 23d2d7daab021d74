//! Limits of the operating system that a running node meets: a small file system that
//! fills up or may only be read, and descriptors that run out.

use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use journal::Sync;
use nix::sys::signal::Signal;
use node::Exit;

use crate::deadline::wait_until;
use crate::nodes::{Nodes, Setup, is_unwritable};
use crate::offbeat::{assert_holds, assert_replays, records, ticks};
use crate::scale;

const SETUP: Setup =
    Setup { machines: 2, rate: 50.0, draw_max: 6, sync: Sync::Never, duration: None };

/// Of the time that a node without descriptors is looked at so much may be its own: it
/// tries ten times a second, and one that spins takes all.
const SHARE_BUSY_MAX: f64 = 0.25;

/// A file system in memory, until it is dropped.
struct Tmpfs(PathBuf);

impl Tmpfs {
    /// Says so loudly if none can be mounted.
    fn mount(at: &Path, size: &str) -> Option<Self> {
        fs::create_dir(at).unwrap();
        let args = ["-t", "tmpfs", "-o", &format!("size={size}"), "offbeat"].map(str::to_owned);
        if !run("mount", args.iter().map(String::as_str), at) {
            eprintln!("SKIPPED: a small file system, for none can be mounted");
            return None;
        }
        Some(Self(at.to_owned()))
    }

    /// Whether it may be written from now on.
    fn remount(&self, options: &str) -> bool {
        run("mount", ["-o", options], &self.0)
    }

    /// Takes all the room that is left.
    fn fill(&self) {
        let ballast = vec![0; 1 << 20];
        assert!(fs::write(self.ballast(), ballast).is_err(), "it holds more than it should");
    }

    fn make_room(&self) {
        fs::remove_file(self.ballast()).unwrap();
    }

    fn ballast(&self) -> PathBuf {
        self.0.join("ballast")
    }
}

impl Drop for Tmpfs {
    fn drop(&mut self) {
        run("umount", ["-l"], &self.0);
    }
}

fn run<'a>(program: &str, args: impl IntoIterator<Item = &'a str>, path: &Path) -> bool {
    let mut command = Command::new(program);
    command.args(args).arg(path).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Two nodes with their configs, that do not run yet.
fn two() -> Nodes {
    let nodes = Nodes::new(SETUP.machines);
    for machine in nodes.all() {
        nodes.configure(machine, "limits", SETUP, |peer| nodes.address(peer));
    }
    nodes
}

/// Has machine 1 keep its log on a file system of its own; its name in the folder is a
/// link to there.
fn small_disk(nodes: &Nodes) -> Option<Tmpfs> {
    let disk = Tmpfs::mount(&nodes.folder().join("disk"), "64k")?;
    let log = disk.0.join("log.jsonl");
    fs::write(&log, "").unwrap();
    std::os::unix::fs::symlink(log, nodes.log(1)).unwrap();
    Some(disk)
}

fn wait_until_said(nodes: &Nodes, machine: u32, what: &str) {
    wait_until(what, || nodes.said(machine).contains(what));
}

#[test]
fn a_node_whose_disk_is_full_waits_for_room() {
    let mut nodes = two();
    let Some(disk) = small_disk(&nodes) else { return };
    nodes.start_all();
    nodes.wait_for_ticks(5);
    assert_eq!(nodes.health(1).0, Some(Exit::Done as i32));
    disk.fill();
    wait_until_said(&nodes, 1, "cannot write the log: ticking stops");
    // Now and then it may look while the node is held up.
    wait_until("the health check tells", || is_unwritable(&nodes.health(1)));
    let stuck_at = ticks(nodes.folder(), 1);
    let others = ticks(nodes.folder(), 2);
    wait_until("its peer ticks on", || ticks(nodes.folder(), 2) > others + 50);
    assert_eq!(ticks(nodes.folder(), 1), stuck_at, "it ticked without a log");
    disk.make_room();
    wait_until_said(&nodes, 1, "ticking goes on");
    nodes.wait_for_ticks(5);
    assert_eq!(nodes.health(1).0, Some(Exit::Done as i32));
    assert!(!nodes.said(1).contains("is down"), "its links stay: {}", nodes.said(1));
    nodes.stop_all();
    assert_holds(nodes.folder());
    assert_replays(nodes.folder());
}

/// While a node runs, the kernel lets nobody take its log away from it.
#[test]
fn a_node_whose_disk_may_only_be_read_refuses_to_start_and_resumes_later() {
    let mut nodes = two();
    let Some(disk) = small_disk(&nodes) else { return };
    nodes.start_all();
    nodes.wait_for_ticks(5);
    assert!(!disk.remount("remount,ro"), "a file is open for writing");
    nodes.signal(1, Signal::SIGKILL);
    nodes.wait(1);
    assert!(disk.remount("remount,ro"));
    let log = fs::read(nodes.log(1)).unwrap();
    nodes.start(1);
    assert_eq!(nodes.wait(1).code(), Some(Exit::Failed as i32));
    assert_eq!(fs::read(nodes.log(1)).unwrap(), log);
    assert!(disk.remount("remount,rw"));
    nodes.start(1);
    nodes.wait_for_ticks(5);
    nodes.stop_all();
    assert_holds(nodes.folder());
    assert_replays(nodes.folder());
}

/// Sets how many descriptors the node of machine 1 may have. False if nothing can.
fn set_descriptors_max(nodes: &Nodes, count: usize) -> bool {
    let process = nodes.process(1).to_string();
    let limit = format!("--nofile={count}:");
    let mut command = Command::new("prlimit");
    command.args(["--pid", &process, &limit]);
    command.status().is_ok_and(|status| status.success())
}

fn descriptors(nodes: &Nodes) -> usize {
    fs::read_dir(format!("/proc/{}/fd", nodes.process(1))).unwrap().count()
}

/// The processor time that machine 1 has had.
fn busy(nodes: &Nodes) -> Duration {
    let path = format!("/proc/{}/schedstat", nodes.process(1));
    let text = fs::read_to_string(path).unwrap();
    Duration::from_nanos(text.split(' ').next().unwrap().parse().unwrap())
}

#[test]
fn a_node_whose_descriptors_run_out_pauses_and_recovers() {
    let mut nodes = two();
    nodes.start_all();
    nodes.wait_for_ticks(5);
    // No more than it has, of which the highest number tells.
    if !set_descriptors_max(&nodes, descriptors(&nodes)) {
        eprintln!("SKIPPED: descriptors that run out, for there is no prlimit");
        return;
    }
    let strangers: Vec<_> = (0..4).map(|_| TcpStream::connect(nodes.address(1)).unwrap()).collect();
    wait_until_said(&nodes, 1, "cannot take a connection");
    let (begun, before, ticked) = (Instant::now(), busy(&nodes), ticks(nodes.folder(), 1));
    sleep(Duration::from_secs(scale::of(3, 10)));
    let share = (busy(&nodes) - before).as_secs_f64() / begun.elapsed().as_secs_f64();
    assert!(share < SHARE_BUSY_MAX, "it spins: {share} of a processor");
    assert!(ticks(nodes.folder(), 1) > ticked, "it ticks on");
    assert!(set_descriptors_max(&nodes, 1024));
    drop(strangers);
    // Its peer comes back, and is taken.
    nodes.signal(2, Signal::SIGKILL);
    nodes.wait(2);
    nodes.start(2);
    wait_until_said(&nodes, 1, "incarnation=2");
    nodes.wait_for_ticks(5);
    let in_flight = nodes.stop_all();
    assert_eq!(in_flight, 0);
    assert_holds(nodes.folder());
    assert_replays(nodes.folder());
    let records = records(nodes.folder(), 1).len();
    eprintln!("descriptors ran out: {share:.3} of a processor, {records} records");
}
