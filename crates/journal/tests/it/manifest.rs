//! What run.toml says.

use std::fs;
use std::time::Duration;

use journal::{Folder, FolderError, Manifest, Pacing, Phase, Rate, StampRule, Timespan, Topology};
use proptest::prelude::*;
use tempfile::TempDir;

const TEXT: &str = r#"run = "demo-5f3a9c01"
machines = 3
rates = [1, 1.5, "max"]
draw_max = 10
topology = "ring"
pacing = "burst"
phase = "aligned"
stamp = "before"
seed = 42
duration = "60s"
"#;

fn manifest() -> Manifest {
    Manifest {
        run: "demo-5f3a9c01".to_owned(),
        machines: 3,
        rates: vec![Rate::PerSecond(1.0), Rate::PerSecond(1.5), Rate::Max],
        draw_max: 10,
        topology: Topology::Ring,
        pacing: Pacing::Burst,
        phase: Phase::Aligned,
        stamp: StampRule::Before,
        seed: 42,
        duration: Some(Timespan(Duration::from_secs(60))),
    }
}

/// A run folder with this run.toml.
fn folder_of(text: impl AsRef<[u8]>) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("machine-1.jsonl"), "").unwrap();
    fs::write(folder.path().join(Folder::MANIFEST), text).unwrap();
    folder
}

fn read(text: &str) -> Option<Manifest> {
    Folder::open(folder_of(text).path()).unwrap().manifest
}

#[test]
fn a_manifest_is_written_and_read() {
    assert_eq!(toml::to_string(&manifest()).unwrap(), TEXT);
    assert_eq!(read(TEXT), Some(manifest()));
}

#[test]
fn a_run_that_ends_by_signal_has_no_duration() {
    let endless = Manifest { duration: None, ..manifest() };
    let text = TEXT.replace("duration = \"60s\"\n", "");
    assert_eq!(toml::to_string(&endless).unwrap(), text);
    assert_eq!(read(&text), Some(endless));
}

#[test]
fn what_is_wrong_with_a_manifest_is_said_with_its_place() {
    for (from, to, expected) in [
        ("machines = 3", "machines = \"three\"", ["line 2, column 12", "expected u32"]),
        ("seed = 42\n", "", ["run.toml", "missing field `seed`"]),
        ("1.5", "0", ["line 3", "0 is not a rate"]),
        ("\"ring\"", "\"star\"", ["line 5, column 12", "`full` or `ring`"]),
        ("\"60s\"", "60", ["line 10, column 12", "in quotes, as \"90s\" or \"5m\""]),
        ("\"60s\"", "\"60\"", ["line 10, column 12", "\"60\" is not a length of time"]),
        ("= 42", "", ["line 9", "seed"]),
        ("seed = 42", "seed = 1\nseed = 2", ["line 10", "duplicate key"]),
    ] {
        let folder = folder_of(TEXT.replace(from, to));
        let error = Folder::open(folder.path()).unwrap_err();
        assert!(matches!(error, FolderError::Manifest { .. }), "{error}");
        let path = folder.path().join("run.toml").display().to_string();
        for part in expected.iter().chain([&path.as_str()]) {
            assert!(error.to_string().contains(part), "\"{error}\" does not say \"{part}\"");
        }
    }
}

#[test]
fn a_manifest_that_is_no_text_is_an_error() {
    let folder = folder_of(b"run = \"\xff\"");
    let error = Folder::open(folder.path()).unwrap_err();
    assert!(error.to_string().contains("run.toml"), "{error}");
}

proptest! {
    /// Every seed that a run can have, to begin with.
    #[test]
    fn a_manifest_survives_writing(
        run in ".*",
        seed: u64,
        draw_max in 1..=u64::MAX,
        rates in prop::collection::vec(prop_oneof![Just(Rate::Max), (1e-6..1e6).prop_map(Rate::PerSecond)], 0..9),
        micros in prop::option::of(0..1_000_000_000_000_u64),
    ) {
        let duration = micros.map(|micros| Timespan(Duration::from_micros(micros)));
        let manifest = Manifest { run, seed, draw_max, rates, duration, ..manifest() };
        let text = toml::to_string(&manifest).unwrap();
        prop_assert_eq!(toml::from_str::<Manifest>(&text).unwrap(), manifest);
    }
}
