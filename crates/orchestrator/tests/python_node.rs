//! A machine in another language: examples/python-node takes the place of machine
//! 3 beside two real nodes, and the judge has nothing to object to.
//!
//! What the Python node needs is installed once, into a venv below target/. Where
//! that cannot be done these tests say so and are skipped; with
//! `OFFBEAT_REQUIRE_PYTHON=1` they fail.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use check::{Outcome, Rule, judge};
use journal::{Folder, Reader, Record, StopReason, Time, recover};
use node::Exit;
use tempfile::TempDir;

/// Ticks per second of each: a slower one might have so much to read that it never sends.
const RATE: u32 = 5;

/// The machine that is Python.
const PYTHON: u32 = 3;

/// Far longer than anything here takes on a busy computer.
const PATIENCE: Duration = Duration::from_secs(60);

const POLL_EVERY: Duration = Duration::from_millis(20);

/// Runs begun anew because a port that was free is taken.
const TRIES_MAX: u32 = 5;

#[test]
fn a_node_in_python_takes_the_place_of_one_in_rust() {
    let Some(python) = python() else { return };
    let mut run = Run::start(&python, "5s", Secrecy::Plain);
    run.wait_for_the_end();
    run.judge();
    assert_eq!(run.starts_of_python(), 1);
}

#[test]
fn a_node_in_python_resumes_from_its_log_after_a_kill() {
    let Some(python) = python() else { return };
    let mut run = Run::start(&python, "8s", Secrecy::Plain);
    for lines in [10, 20] {
        run.wait_until("machine 3 has ticked", |run| run.lines(PYTHON) >= lines);
        run.kill(PYTHON);
        run.start_again(PYTHON, &python);
    }
    run.wait_for_the_end();
    run.judge();
    assert_eq!(run.starts_of_python(), 3);
}

#[test]
fn a_node_in_python_started_after_its_time_writes_its_stop_and_then_refuses_to_start() {
    let Some(python) = python() else { return };
    let mut run = Run::start(&python, "3s", Secrecy::Plain);
    run.wait_until("machine 3 has ticked and received", |run| {
        run.lines(PYTHON) >= 8 && run.shows(PYTHON, "receive")
    });
    run.kill(PYTHON);
    let ticked = run.records(PYTHON).len();
    let over = run.records(PYTHON)[0].time().after(Duration::from_secs(3));
    run.wait_until("its time is up", |_| system_time() > over);
    // Its peers wait for 5 s until what they sent it has arrived.
    run.start_again(PYTHON, &python);
    run.wait_for_the_end();
    run.judge();
    let records = run.records(PYTHON);
    let [Record::Start(_), Record::Stop(stop)] = &records[ticked..] else {
        panic!("{:?}", &records[ticked..]);
    };
    assert_eq!((stop.reason, stop.in_flight, stop.missed), (StopReason::Duration, 0, 0));
    for peer in [1, 2] {
        let Some(Record::Stop(stop)) = run.records(peer).pop() else { panic!("no stop") };
        assert_eq!(stop.in_flight, 0, "it took what was left");
    }

    let log = fs::read(run.log(PYTHON)).expect("a log");
    run.start_again(PYTHON, &python);
    run.wait_until("it ends", |run| run.node(PYTHON).exit().is_some());
    let code = run.node(PYTHON).exit().and_then(|status| status.code());
    let said = run.node(PYTHON).last_words();
    assert_eq!(code, Some(Exit::Usage as i32), "{said}");
    assert!(said.contains("run python is over"), "{said}");
    assert_eq!(fs::read(run.log(PYTHON)).expect("a log"), log);
}

#[test]
fn a_node_in_python_speaks_tls_as_those_in_rust_do() {
    let Some(python) = python() else { return };
    let mut run = Run::start(&python, "5s", Secrecy::Tls);
    run.wait_for_the_end();
    run.judge();
    for machine in [1, 2] {
        let said = run.nodes[machine - 1].last_words();
        assert!(
            said.contains("transport=TLS") && said.contains("link in is up machine=3"),
            "{said}"
        );
    }
}

/// How the nodes of a run speak.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Secrecy {
    Plain,
    Tls,
}

/// Two nodes in Rust and one in Python.
struct Run {
    folder: TempDir,
    nodes: Vec<Node>,
}

impl Run {
    /// Starts the machines and waits until all of them tick.
    fn start(python: &Path, duration: &str, secrecy: Secrecy) -> Self {
        for _ in 0..TRIES_MAX {
            let folder = TempDir::with_prefix("offbeat-python-node-").expect("a folder");
            write_configs(folder.path(), duration, secrecy);
            let nodes = (1..=3).map(|machine| Node::start(folder.path(), machine, python));
            let mut run = Self { nodes: nodes.collect(), folder };
            if run.begins() {
                return run;
            }
        }
        panic!("{TRIES_MAX} times, ports that were free were taken");
    }

    /// Waits until all machines tick. False if one has found its port taken.
    fn begins(&mut self) -> bool {
        let mut is_taken = false;
        self.wait_until("all machines tick", |run| {
            is_taken = run
                .nodes
                .iter_mut()
                .any(|node| node.exit().is_some() && node.last_words().contains("cannot listen"));
            is_taken || (1..=3).all(|machine| run.lines(machine) > 0)
        });
        !is_taken
    }

    fn node(&mut self, machine: u32) -> &mut Node {
        &mut self.nodes[machine as usize - 1]
    }

    fn kill(&mut self, machine: u32) {
        let process = &mut self.node(machine).process;
        process.kill().expect("SIGKILL");
        process.wait().expect("it has ended");
    }

    fn start_again(&mut self, machine: u32, python: &Path) {
        *self.node(machine) = Node::start(self.folder.path(), machine, python);
    }

    fn wait_for_the_end(&mut self) {
        self.wait_until("all machines end", |run| {
            run.nodes.iter_mut().all(|node| node.exit().is_some())
        });
        for node in &mut self.nodes {
            let status = node.exit().expect("it has ended");
            assert!(status.success(), "{status}: {}", node.last_words());
        }
    }

    fn judge(&self) {
        let verdict = judge(&Folder::open(self.folder.path()).expect("the logs"));
        let shown = format!("{verdict}\n{}", verdict.rules_table());
        assert_eq!(verdict.outcome, Outcome::Holds, "{shown}");
        for rule in Rule::ALL.into_iter().filter(|&rule| rule <= Rule::M7) {
            assert!(verdict.finding(rule).exercised > 0, "{rule} judged nothing\n{shown}");
        }
        let from_python = self.receives(1, PYTHON) + self.receives(2, PYTHON);
        let to_python = self.receives(PYTHON, 1) + self.receives(PYTHON, 2);
        assert!(from_python > 0 && to_python > 0, "{from_python} from, {to_python} to\n{shown}");
        // The machine code in Rust does what the Python machine says it did.
        let replayed = recover(&self.log(PYTHON)).expect("a log that replays").expect("a machine");
        assert_eq!(replayed.records, self.records(PYTHON).len() as u64);
    }

    fn starts_of_python(&self) -> usize {
        let records = self.records(PYTHON);
        records.iter().filter(|record| matches!(record, Record::Start(_))).count()
    }

    fn receives(&self, machine: u32, sender: u32) -> usize {
        let is_one = |record: &Record| matches!(record, Record::Receive(it) if it.from == sender);
        self.records(machine).into_iter().filter(is_one).count()
    }

    fn records(&self, machine: u32) -> Vec<Record> {
        let lines = Reader::open(&self.log(machine)).expect("a log");
        lines.map(|line| line.expect("a record").record).collect()
    }

    /// The whole lines of the log as it is now.
    fn lines(&self, machine: u32) -> usize {
        let log = fs::read(self.log(machine)).unwrap_or_default();
        log.iter().filter(|&&byte| byte == b'\n').count()
    }

    /// Whether the log of a machine has an event of this kind.
    fn shows(&self, machine: u32, event: &str) -> bool {
        let log = fs::read_to_string(self.log(machine)).unwrap_or_default();
        log.contains(&format!("\"event\":\"{event}\""))
    }

    fn log(&self, machine: u32) -> PathBuf {
        self.folder.path().join(Folder::log_name(machine))
    }

    fn wait_until(&mut self, what: &str, mut is_so: impl FnMut(&mut Self) -> bool) {
        let end = Instant::now() + PATIENCE;
        while !is_so(self) {
            let last_words = || self.nodes.iter().map(Node::last_words).collect::<String>();
            assert!(Instant::now() < end, "waited until {what}\n{}", last_words());
            sleep(POLL_EVERY);
        }
    }
}

/// A node process; it is killed when this is dropped.
struct Node {
    process: Child,
    diagnostics: PathBuf,
}

impl Node {
    fn start(folder: &Path, machine: u32, python: &Path) -> Self {
        let diagnostics = folder.join(format!("machine-{machine}.stderr"));
        let errors = File::options().append(true).create(true).open(&diagnostics);
        let mut command = match machine {
            PYTHON => {
                let mut command = Command::new(python);
                command.arg(example().join("node.py")).env("PYTHONDONTWRITEBYTECODE", "1");
                command
            }
            _ => {
                let mut command = Command::new(env!("CARGO_BIN_EXE_offbeat"));
                command.arg("node").env_remove("OFFBEAT_RUN");
                command
            }
        };
        let process = command
            .arg("--config")
            .arg(config_path(folder, machine))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(errors.expect("a file for diagnostics"))
            .spawn()
            .expect("a node");
        Self { process, diagnostics }
    }

    fn exit(&mut self) -> Option<ExitStatus> {
        self.process.try_wait().expect("a child can be waited for")
    }

    fn last_words(&self) -> String {
        fs::read_to_string(&self.diagnostics).unwrap_or_default()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Of every four draws three send, so that short runs have much to judge.
fn write_configs(folder: &Path, duration: &str, secrecy: Secrecy) {
    if secrecy == Secrecy::Tls {
        let certs = ["certs", "--run", "python", "--out"];
        let offbeat = env!("CARGO_BIN_EXE_offbeat");
        succeed(Command::new(offbeat).args(certs).arg(folder.join("certs")), "certificates")
            .expect("certificates");
    }
    let ports = free_ports();
    for machine in 1..=3_u32 {
        let own = ports[machine as usize - 1];
        let mut config = format!(
            "run = \"python\"\nmachine = {machine}\nmachines = 3\nrate = {RATE}\ndraw_max = 4\n\
             seed = 5\nduration = \"{duration}\"\nlisten = \"127.0.0.1:{own}\"\n\
             log = \"{}\"\n",
            Folder::log_name(machine)
        );
        for peer in (1..=3).filter(|&peer| peer != machine) {
            let port = ports[peer as usize - 1];
            config += &format!("[[peers]]\nmachine = {peer}\naddress = \"127.0.0.1:{port}\"\n");
        }
        if secrecy == Secrecy::Tls {
            config += "[tls]\n";
            for file in ["authority", "certificate", "key"] {
                config += &format!("{file} = \"certs/machine-{machine}/{file}.pem\"\n");
            }
        }
        fs::write(config_path(folder, machine), config).expect("a config");
    }
}

fn system_time() -> Time {
    let since_epoch = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    Time::from_micros(0).after(since_epoch.expect("a clock"))
}

fn config_path(folder: &Path, machine: u32) -> PathBuf {
    folder.join(format!("machine-{machine}.toml"))
}

fn free_ports() -> Vec<u16> {
    let listeners: Vec<_> =
        (0..3).map(|_| TcpListener::bind(("127.0.0.1", 0)).expect("a free port")).collect();
    listeners.iter().map(|listener| listener.local_addr().expect("its address").port()).collect()
}

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/python-node")
}

/// A Python that has what the node needs; none, loudly, if it cannot be had.
fn python() -> Option<PathBuf> {
    match installed_python() {
        Ok(python) => Some(python),
        Err(reason) => {
            let is_required =
                std::env::var_os("OFFBEAT_REQUIRE_PYTHON").is_some_and(|it| it == "1");
            assert!(!is_required, "OFFBEAT_REQUIRE_PYTHON=1, but {reason}");
            // Past the capture of a test that passes.
            let _ = writeln!(io::stderr(), "SKIPPED: a node in Python, because {reason}");
            None
        }
    }
}

/// Makes the venv, unless it is there with the present requirements. One process
/// at a time.
fn installed_python() -> Result<PathBuf, String> {
    let venv = Path::new(env!("CARGO_TARGET_TMPDIR")).join("python-node-venv");
    let lock = File::create(venv.with_extension("lock")).map_err(|error| error.to_string())?;
    lock.lock().map_err(|error| error.to_string())?;
    let python = venv.join("bin/python");
    let requirements = example().join("requirements.txt");
    let wanted = fs::read(&requirements).map_err(|error| error.to_string())?;
    let installed = venv.join("installed-requirements.txt");
    if fs::read(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    let is_new_enough = "import sys; sys.exit(sys.version_info < (3, 11))";
    succeed(Command::new("python3").args(["-c", is_new_enough]), "there is no Python 3.11")?;
    let make = ["-m", "venv", "--clear"];
    succeed(Command::new("python3").args(make).arg(&venv), "it cannot make a venv")?;
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"];
    let what = "pip cannot install its requirements";
    succeed(Command::new(&python).args(install).arg(&requirements), what)?;
    fs::write(&installed, wanted).map_err(|error| error.to_string())?;
    Ok(python)
}

fn succeed(command: &mut Command, otherwise: &str) -> Result<(), String> {
    match command.output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(format!("{otherwise}: {}", String::from_utf8_lossy(&output.stderr))),
        Err(error) => Err(format!("{otherwise}: {error}")),
    }
}
