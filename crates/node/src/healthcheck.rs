//! The health check: is the node of a config alive, and does it tick as it
//! should, or wait?
//!
//! It asks the log and not the node, to which a connection that says nothing is a
//! stranger to refuse: a live node holds the lock of its log, and writes to it. That
//! the log was written to just now is not enough, for a write that fails, as on a full
//! disk, sets the time of its file too. But a node tries it again and again, and so the
//! time moves on while the log does not grow.

use std::fmt;
use std::fs::{File, TryLockError};
use std::io::{self, BufRead as _, BufReader, Seek as _, SeekFrom};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use journal::{Rate, ReadError, Reader, Record};
use thiserror::Error;

use crate::config::Config;

/// How long after it was due a tick may be logged.
const LATE_MAX: Duration = Duration::from_secs(5);

/// The bytes at the end of a log that are looked at first.
const TAIL_BYTES: u64 = 1 << 14;

/// How often a log is looked at that may not grow, and how long lies between two looks:
/// long enough for a node to have tried again, three times as a rule.
const LOOKS: usize = 3;
const LOOK_EVERY: Duration = Duration::from_millis(300);

/// What a healthy node does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Health {
    /// It has never ticked, and waits for its peers.
    Waiting,
    /// It has begun, or ticked, just now.
    Ticking { tick: u64 },
    /// Its log ends in a stop record: it is about to end, or to resume.
    Stopped,
}

/// Why a node is not healthy.
#[derive(Debug, Error)]
pub(crate) enum Sickness {
    #[error("not running: no process has locked its log")]
    NotRunning,
    #[error("silent: it has logged nothing for {} s", .0.as_secs())]
    Silent(Duration),
    #[error("cannot write its log: it tries again and again, and the log does not grow")]
    Unwritable,
    #[error("cannot read its log: {0}")]
    Io(#[from] io::Error),
    #[error("its log is damaged: {0}")]
    Damaged(String),
}

/// Tells how the node of `config` is doing.
///
/// # Errors
/// The [`Sickness`] if it is not healthy.
pub(crate) fn check_health(config: &Config) -> Result<Health, Sickness> {
    let file = File::open(&config.log)?;
    check_is_locked(&file)?;
    // By the clock that sets this time, and not the log's, which stands still
    // while the computer sleeps.
    let written = file.metadata()?.modified()?;
    let silence = SystemTime::now().duration_since(written).unwrap_or_default();
    let is_silent = silence > silence_max(config.rate);
    match newest_record(&file, &config.log)? {
        None => Ok(Health::Waiting),
        Some(Record::Stop(_)) => Ok(Health::Stopped),
        // It was ended before its first tick, and waits once more.
        Some(Record::Start(start)) if start.clock == 0 && is_silent => Ok(Health::Waiting),
        Some(_) if is_silent => Err(Sickness::Silent(silence)),
        Some(_) if are_in_vain(&watch(&file)?) => Err(Sickness::Unwritable),
        Some(record) => Ok(Health::Ticking { tick: record.tick().unwrap_or_default() }),
    }
}

/// A node that starts while this looks, which takes microseconds, finds its log in
/// use. A shared lock at least lets health checks not meet each other.
fn check_is_locked(file: &File) -> Result<(), Sickness> {
    match file.try_lock_shared() {
        Ok(()) => Err(Sickness::NotRunning),
        Err(TryLockError::WouldBlock) => Ok(()),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// What a log looks like at one moment.
#[derive(Clone, Copy, Debug)]
struct Look {
    bytes: u64,
    written: SystemTime,
}

impl Look {
    fn at(file: &File) -> io::Result<Self> {
        let metadata = file.metadata()?;
        Ok(Self { bytes: metadata.len(), written: metadata.modified()? })
    }
}

/// Looks at a log for as long as what is written to it may be in vain.
fn watch(file: &File) -> io::Result<Vec<Look>> {
    let mut looks = vec![Look::at(file)?];
    while looks.len() < LOOKS && are_in_vain(&looks) {
        sleep(LOOK_EVERY);
        looks.push(Look::at(file)?);
    }
    Ok(looks)
}

/// Whether the log was written to between any two looks, and never grew. Once would
/// not do: in the midst of a good write the time is set and the length is not.
fn are_in_vain(looks: &[Look]) -> bool {
    let is_in_vain = |from: &Look, to: &Look| from.bytes == to.bytes && from.written != to.written;
    looks.windows(2).all(|pair| is_in_vain(&pair[0], &pair[1]))
}

/// How long a node of this rate may log nothing: two periods, the most that lies
/// between a start and the first tick or between two ticks of which one was
/// missed, and some lateness. Seeds draw no rate below 1.
fn silence_max(rate: Option<Rate>) -> Duration {
    let rate = rate.and_then(Rate::per_second).unwrap_or(1.0);
    LATE_MAX + Duration::from_secs_f64(2.0 / rate)
}

/// The last whole line, found from the end: the log may be long.
fn newest_record(file: &File, log: &Path) -> Result<Option<Record>, Sickness> {
    let length = file.metadata()?.len();
    let mut tail = TAIL_BYTES;
    loop {
        let record = newest_record_from(length.saturating_sub(tail), file, log)?;
        if record.is_some() || tail >= length {
            return Ok(record);
        }
        tail *= 2;
    }
}

fn newest_record_from(offset: u64, file: &File, log: &Path) -> Result<Option<Record>, Sickness> {
    let mut input = BufReader::new(file);
    input.seek(SeekFrom::Start(offset))?;
    if offset > 0 {
        input.skip_until(b'\n')?;
    }
    match Reader::new(input, log).last().transpose() {
        Ok(line) => Ok(line.map(|line| line.record)),
        Err(ReadError::Io { source, .. }) => Err(source.into()),
        Err(ReadError::Damaged { reason, .. }) => Err(Sickness::Damaged(reason)),
    }
}

impl fmt::Display for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Waiting => f.write_str("waiting for its peers"),
            Self::Ticking { tick } => write!(f, "ticking: tick {tick}"),
            Self::Stopped => f.write_str("stopped, about to end or to resume"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;
    use std::time::Instant;

    use journal::{Internal, Sync, Time, Writer};
    use tempfile::TempDir;

    use super::*;

    const CONFIG: &str = r#"
        run = "health"
        machine = 1
        machines = 2
        rate = 4
        listen = "127.0.0.1:5555"
        log = "machine-1.jsonl"
        peers = [{ machine = 2, address = "127.0.0.1:6666" }]
    "#;

    const START: &str = r#"{"event":"start","log":"offbeat-log/1","time":"2026-11-23T20:02:53.740706Z","run":"health","machine":1,"machines":2,"topology":"full","rate":4,"draw_max":10,"phase":0,"pacing":"even","stamp":"after","incarnation":1,"clock":0}"#;

    const STOP: &str = r#"{"event":"stop","time":"2026-11-23T20:02:54.740706Z","reason":"signal","ticks":0,"missed":0,"queue":0,"in_flight":0,"clock":0}"#;

    /// How long a node of that rate may be silent.
    const SILENCE_MAX: Duration = Duration::from_millis(5_500);

    struct Node {
        _folder: TempDir,
        config: Config,
        log: Option<Writer>,
    }

    impl Node {
        /// A node that has logged these lines.
        fn with_log(text: &str) -> Self {
            let folder = TempDir::new().unwrap();
            let path = folder.path().join("node.toml");
            fs::write(&path, CONFIG).unwrap();
            let config = Config::load(&path, None).unwrap();
            fs::write(&config.log, text).unwrap();
            let log = Some(Writer::open(&config.log, Sync::Never).unwrap());
            Self { _folder: folder, config, log }
        }

        fn tick(&mut self, tick: u64) {
            let time = Time::from_micros(tick as i64);
            let record = Internal { time, tick, draw: 7, queue: 0, clock: tick };
            let log = self.log.as_mut().unwrap();
            log.append(&Record::Internal(record));
            log.commit().unwrap();
        }

        /// Lets it have logged nothing for so long.
        fn silent_for(self, silence: Duration) -> Self {
            let file = File::options().append(true).open(&self.config.log).unwrap();
            file.set_modified(SystemTime::now() - silence).unwrap();
            self
        }

        /// What becomes of its log when a write to it fails.
        fn fail_to_write(&self) {
            let log = File::options().append(true).open(&self.config.log).unwrap();
            log.set_modified(SystemTime::now()).unwrap();
        }

        fn dead(mut self) -> Self {
            self.log = None;
            self
        }

        fn check(&self) -> String {
            match check_health(&self.config) {
                Ok(health) => format!("healthy, {health}"),
                Err(sickness) => format!("{sickness}"),
            }
        }
    }

    #[test]
    fn a_node_without_a_log_is_not_healthy() {
        let node = Node::with_log("");
        fs::remove_file(&node.config.log).unwrap();
        assert!(matches!(check_health(&node.config), Err(Sickness::Io(_))));
    }

    #[test]
    fn a_node_that_ticks_is_healthy() {
        let mut node = Node::with_log(&format!("{START}\n"));
        assert_eq!(node.check(), "healthy, ticking: tick 0");
        node.tick(1);
        assert_eq!(node.check(), "healthy, ticking: tick 1");
        let node = node.silent_for(SILENCE_MAX - Duration::from_secs(1));
        assert_eq!(node.check(), "healthy, ticking: tick 1");
    }

    #[test]
    fn a_node_that_has_died_is_not_healthy_however_recent_its_log_is() {
        let mut node = Node::with_log(&format!("{START}\n"));
        node.tick(1);
        assert_eq!(node.dead().check(), "not running: no process has locked its log");
    }

    #[test]
    fn a_node_that_has_ticked_and_ticks_no_more_is_not_healthy() {
        let mut node = Node::with_log(&format!("{START}\n"));
        node.tick(1);
        let node = node.silent_for(SILENCE_MAX + Duration::from_secs(1));
        assert_eq!(node.check(), "silent: it has logged nothing for 6 s");
    }

    #[test]
    fn a_node_whose_writes_fail_is_not_healthy_however_recent_they_are() {
        let mut node = Node::with_log(&format!("{START}\n"));
        node.tick(1);
        node.fail_to_write();
        assert_eq!(node.check(), "healthy, ticking: tick 1", "it does not try again");
        let is_over = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    node.fail_to_write();
                    sleep(LOOK_EVERY / 10);
                }
            });
            let sick = "cannot write its log: it tries again and again, and the log does not grow";
            // Either thread may stall.
            let until = Instant::now() + Duration::from_secs(60);
            let mut said = node.check();
            while said != sick && Instant::now() < until {
                said = node.check();
            }
            is_over.store(true, Ordering::Relaxed);
            assert_eq!(said, sick);
        });
    }

    #[test]
    fn writes_are_in_vain_if_the_log_never_grows() {
        // Bytes, and seconds after the first look.
        for (looks, expected) in [
            (&[(9, 0), (9, 1), (9, 2)][..], true),
            // The system clock may be set back.
            (&[(9, 0), (9, 1), (9, 0)], true),
            (&[(9, 0), (10, 1)], false),
            (&[(9, 0), (9, 1), (10, 2)], false),
            // What is cut off is written again.
            (&[(9, 0), (8, 1), (8, 2)], false),
            (&[(9, 0), (9, 0), (9, 1)], false),
            (&[(9, 0), (9, 1), (9, 1)], false),
        ] {
            let look = |&(bytes, seconds)| {
                let written = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
                Look { bytes, written }
            };
            let looks: Vec<_> = looks.iter().map(look).collect();
            assert_eq!(are_in_vain(&looks), expected, "{looks:?}");
        }
    }

    #[test]
    fn a_node_that_waits_is_healthy_for_however_long() {
        let hour = Duration::from_secs(3600);
        let never_begun = Node::with_log("").silent_for(hour);
        assert_eq!(never_begun.check(), "healthy, waiting for its peers");
        let never_ticked = Node::with_log(&format!("{START}\n")).silent_for(hour);
        assert_eq!(never_ticked.check(), "healthy, waiting for its peers");
    }

    #[test]
    fn a_node_between_two_incarnations_is_healthy() {
        let node = Node::with_log(&format!("{START}\n{STOP}\n"));
        assert_eq!(node.check(), "healthy, stopped, about to end or to resume");
    }

    #[test]
    fn the_newest_record_of_a_long_log_is_found_from_its_end() {
        let mut node = Node::with_log(&format!("{START}\n"));
        (1..=500).for_each(|tick| node.tick(tick));
        assert!(fs::metadata(&node.config.log).unwrap().len() > 2 * TAIL_BYTES);
        assert_eq!(node.check(), "healthy, ticking: tick 500");
    }

    #[test]
    fn a_line_longer_than_the_tail_is_found_whole() {
        let padding = " ".repeat(3 * TAIL_BYTES as usize);
        let node = Node::with_log(&format!("{START}{padding}\n{STOP}{padding}\n"));
        assert_eq!(node.check(), "healthy, stopped, about to end or to resume");
    }

    #[test]
    fn a_line_being_written_is_left_out() {
        let node = Node::with_log(&format!("{START}\n{{\"event\":\"int"));
        assert_eq!(node.check(), "healthy, ticking: tick 0");
    }

    #[test]
    fn slow_nodes_may_be_silent_for_longer() {
        let seconds = |rate| silence_max(rate).as_secs_f64();
        assert_eq!(seconds(Some(Rate::PerSecond(0.1))), 25.0);
        assert_eq!(seconds(Some(Rate::PerSecond(4.0))), 5.5);
        assert_eq!(seconds(Some(Rate::Max)), 7.0);
        assert_eq!(seconds(None), 7.0);
    }
}
