//! Records, and the lines they are written as.

use std::fs;
use std::path::{Path, PathBuf};

use journal::{
    FORMAT, Internal, Pacing, Rate, Receive, Record, Send, StampRule, Start, Stop, StopReason,
    Time, Topology,
};
use tempfile::TempDir;

/// 2026-11-23T20:02:53.740706Z, in microseconds.
pub(crate) const TIME: i64 = 1_795_464_173_740_706;

/// The example lines of the format's description.
pub(crate) const START: &str = r#"{"event":"start","log":"offbeat-log/1","time":"2026-11-23T20:02:53.740706Z","run":"demo-5f3a9c01","machine":1,"machines":3,"topology":"full","rate":4,"draw_max":10,"seed":42,"generator":"chacha8","phase":0.131,"pacing":"even","stamp":"after","duration":60,"incarnation":1,"clock":0}"#;
pub(crate) const INTERNAL: &str = r#"{"event":"internal","time":"2026-11-23T20:02:53.740706Z","tick":1,"draw":7,"queue":0,"clock":1}"#;
pub(crate) const SEND: &str = r#"{"event":"send","time":"2026-11-23T20:02:53.740706Z","tick":2,"draw":3,"to":[2,3],"seq":[1,1],"queue":0,"clock":2}"#;
pub(crate) const RECEIVE: &str = r#"{"event":"receive","time":"2026-11-23T20:02:53.740706Z","tick":3,"from":2,"seq":1,"stamp":5,"queue":1,"clock":6}"#;
pub(crate) const STOP: &str = r#"{"event":"stop","time":"2026-11-23T20:02:53.740706Z","reason":"duration","ticks":3,"missed":0,"queue":1,"in_flight":0,"clock":6}"#;

/// What [`START`] says.
pub(crate) fn start() -> Start {
    Start {
        log: FORMAT.to_owned(),
        time: time(),
        run: "demo-5f3a9c01".to_owned(),
        machine: 1,
        machines: 3,
        topology: Topology::Full,
        rate: Rate::PerSecond(4.0),
        draw_max: 10,
        seed: Some(42),
        generator: Some("chacha8".to_owned()),
        phase: 0.131,
        pacing: Pacing::Even,
        stamp: StampRule::After,
        duration: Some(60.0),
        incarnation: 1,
        clock: 0,
    }
}

/// Each example line with what it says.
pub(crate) fn examples() -> [(&'static str, Record); 5] {
    let time = time();
    let send =
        Send { time, tick: 2, draw: 3, to: [2, 3].into(), seq: [1, 1].into(), queue: 0, clock: 2 };
    let receive = Receive { time, tick: 3, from: 2, seq: 1, stamp: 5, queue: 1, clock: 6 };
    let reason = StopReason::Duration;
    [
        (START, Record::from(start())),
        (INTERNAL, internal(1)),
        (SEND, Record::Send(send)),
        (RECEIVE, Record::Receive(receive)),
        (
            STOP,
            Record::Stop(Stop {
                time,
                reason,
                ticks: 3,
                missed: 0,
                queue: 1,
                in_flight: 0,
                clock: 6,
            }),
        ),
    ]
}

/// The internal event of tick `tick`, where every tick before it was one too.
pub(crate) fn internal(tick: u64) -> Record {
    Record::Internal(Internal { time: time(), tick, draw: 7, queue: 0, clock: tick })
}

pub(crate) fn time() -> Time {
    Time::from_micros(TIME)
}

/// A file that goes away with the test.
pub(crate) struct Log {
    pub(crate) path: PathBuf,
    _folder: TempDir,
}

impl Log {
    /// No file yet, in a folder that is there.
    pub(crate) fn absent() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { path: folder.path().join("machine-1.jsonl"), _folder: folder }
    }

    pub(crate) fn of(content: impl AsRef<[u8]>) -> Self {
        let log = Self::absent();
        fs::write(&log.path, content).unwrap();
        log
    }

    pub(crate) fn content(&self) -> String {
        fs::read_to_string(&self.path).unwrap()
    }
}

/// An error as it is shown, without the folder that its file lies in.
pub(crate) fn shown(error: &impl ToString, path: &Path) -> String {
    error.to_string().replace(path.to_str().unwrap(), path.file_name().unwrap().to_str().unwrap())
}

/// The lines as a log holds them.
pub(crate) fn lines(lines: &[&str]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}
