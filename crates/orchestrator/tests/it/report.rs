//! `report`, `explain` and `export` of a run in virtual time, as a person types
//! them.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use insta::assert_snapshot;
use serde_json::Value;
use tempfile::TempDir;

use crate::offbeat::{offbeat, run_in, stderr, stdout};

/// A folder with two runs below it.
fn runs() -> TempDir {
    let temp = TempDir::new().unwrap();
    run_in(temp.path(), "simulate --seed 1 --rates 1,3,6 --duration 20s --out uneven");
    run_in(temp.path(), "simulate --seed 1 --rates 5,5,5 --duration 20s --out even");
    temp
}

/// Exit code and first line of what a refused command says.
fn refusal(folder: &Path, args: &str) -> String {
    let output = run_in(folder, args);
    let said = stderr(&output);
    format!("{}: {}", output.status.code().unwrap(), said.lines().next().unwrap_or_default())
}

#[test]
fn a_report_says_what_the_run_shows() {
    let temp = runs();
    let output = run_in(temp.path(), "report uneven");
    assert_eq!(output.status.code(), Some(0));
    let said = stdout(&output);
    for sentence in ["machine  ticks/s ticks", "its queue\ngrew by", "The largest jump"] {
        assert!(said.contains(sentence), "{said}");
    }
}

#[test]
fn reports_of_several_runs_stand_side_by_side() {
    let temp = runs();
    let said = stdout(&run_in(temp.path(), "report uneven even"));
    let lines: Vec<_> = said.lines().collect();
    assert_eq!(lines[0].split_whitespace().collect::<Vec<_>>(), ["uneven", "even"]);
    let events = lines.iter().find(|line| line.starts_with("events")).unwrap();
    assert_eq!(events.split_whitespace().collect::<Vec<_>>(), ["events", "200", "300", "(+100)"]);
}

#[test]
fn the_figures_as_json_are_those_beside_the_logs() {
    let temp = runs();
    let kept = fs::read_to_string(temp.path().join("uneven/summary.json")).unwrap();
    assert_eq!(stdout(&run_in(temp.path(), "report uneven --json")), kept);
    let several = stdout(&run_in(temp.path(), "report uneven even --json"));
    let several: Vec<Value> = serde_json::from_str(&several).unwrap();
    assert_eq!(several[0], serde_json::from_str::<Value>(&kept).unwrap());
    assert_eq!(several[1]["format"], "offbeat-summary/1");
}

#[test]
fn an_event_is_explained() {
    let temp = runs();
    let said = stdout(&run_in(temp.path(), "explain uneven 3:tick:1"));
    assert!(said.starts_with("Machine 3, tick 1: "), "{said}");
    assert!(said.contains("1 = 0 + 1, one more than the clock before the first event."), "{said}");
    assert_snapshot!(refusal(temp.path(), "explain uneven 4:1"), @"2: error: there is no machine 4 in this run, only 1, 2 and 3");
    assert_snapshot!(refusal(temp.path(), "explain uneven 3:999"), @"2: error: machine 3 has no event 3:999: its last has clock 120 (tick 120)");
    assert_snapshot!(refusal(temp.path(), "explain uneven"), @r#"2: error: EVENT: "uneven" is no event"#);
    assert_snapshot!(refusal(temp.path(), "explain nowhere 1:1"), @"2: error: cannot read nowhere: No such file or directory (os error 2)");
}

#[test]
fn a_long_chain_is_shown_from_its_end() {
    let temp = runs();
    let event = "explain even 1:tick:100";
    let (last, all) = (run_in(temp.path(), event), run_in(temp.path(), &format!("{event} --all")));
    let stretches = |said: &str| said.lines().filter(|line| line.starts_with("  machine")).count();
    let (last, all) = (stdout(&last), stdout(&all));
    assert_eq!(stretches(&last), 20);
    let hidden = stretches(&all) - 20;
    assert!(last.contains(&format!("{hidden} earlier stretches, shown by --all")), "{last}");
}

#[test]
fn events_and_figures_are_exported() {
    let temp = runs();
    let csv = stdout(&run_in(temp.path(), "export uneven --format csv"));
    assert!(csv.starts_with("time,machine,tick,event,") && csv.lines().count() == 201);
    let shiviz = stdout(&run_in(temp.path(), "export uneven --format shiviz"));
    assert_eq!(shiviz.lines().count(), 400);
    let machines = stdout(&run_in(temp.path(), "export uneven --table machines"));
    assert_eq!(machines.lines().count(), 4);

    let out = "export uneven --format perfetto --out trace.json";
    assert_eq!(stdout(&run_in(temp.path(), out)), "Wrote trace.json\n");
    let trace = fs::read_to_string(temp.path().join("trace.json")).unwrap();
    assert!(serde_json::from_str::<Value>(&trace).unwrap()["traceEvents"].is_array());
    assert_snapshot!(refusal(temp.path(), out), @"2: error: trace.json is there already");
    let drift = stdout(&run_in(temp.path(), "export uneven --chart drift"));
    assert!(drift.starts_with("<svg ") && drift.contains("<title>Drift</title>"), "{drift}");
    assert_snapshot!(refusal(temp.path(), "export uneven"), @"2: error: export what?");
}

/// What no log tells, `run.toml` does.
#[test]
fn cuts_are_drawn_across_the_charts() {
    let temp = TempDir::new().unwrap();
    let cuts = "--cut 2-3@10s..20s --cut 1>2@5s..7s --cut 3@30s.. --cut all@1s..2s";
    run_in(temp.path(), &format!("simulate --seed 7 --duration 40s {cuts} --out cut"));
    let page = fs::read_to_string(temp.path().join("cut/report.html")).unwrap();
    let svg = stdout(&run_in(temp.path(), "export cut --chart drift"));
    for said in [
        "All machines were cut off from each other from 1.00 s to 2.00 s.",
        "Nothing came from machine 1 to machine 2 from 5.00 s to 7.00 s.",
        "Machines 2 and 3 were cut off from each other from 10.0 s to 20.0 s.",
        "Machine 3 was cut off from all others from 30.0 s to 4",
    ] {
        assert!(page.contains(said) && svg.contains(said), "{said}");
    }
}

/// Nothing is written that would be opened by nothing; tests/png.rs has PNG files.
#[test]
fn a_chart_is_refused_by_the_name_of_another_kind() {
    let temp = runs();
    assert_snapshot!(refusal(temp.path(), "export uneven --chart drift --out drift.pdf"), @"2: error: drift.pdf: a chart is an SVG or a PNG file, not pdf");
    assert!(!temp.path().join("drift.pdf").exists());
    if cfg!(not(feature = "png")) {
        let image = run_in(temp.path(), "export uneven --chart drift --out drift.PNG");
        assert_eq!(image.status.code(), Some(2));
        let said = stderr(&image);
        assert!(said.contains("cargo run --release --features png -- export"), "{said}");
        assert!(said.contains("rsvg-convert --zoom 3 drift.svg --output drift.PNG"), "{said}");
        assert!(!temp.path().join("drift.PNG").exists());
    }
}

#[test]
fn a_reader_that_has_seen_enough_ends_an_export_quietly() {
    let temp = runs();
    for what in ["--format csv", "--format perfetto", "--format shiviz", "--table clocks"] {
        let program = offbeat().get_program().to_owned();
        let command = format!("'{}' export uneven {what} | head -1", program.display());
        let output = Command::new("bash")
            .args(["-c", &format!("set -o pipefail; {command}")])
            .current_dir(temp.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert!(output.status.success(), "{what}: {}", stderr(&output));
        assert_eq!(stderr(&output), "", "{what}");
    }
}

#[test]
fn a_damaged_log_is_exported_and_explained_up_to_the_damage() {
    let temp = runs();
    let log = temp.path().join("uneven/machine-3.jsonl");
    let text = fs::read_to_string(&log).unwrap();
    fs::write(&log, text.replacen("\"tick\":50,", "\"tick\":fifty,", 1)).unwrap();
    for args in ["export uneven --format csv", "export uneven --table machines"] {
        let output = run_in(temp.path(), args);
        assert_eq!(output.status.code(), Some(6));
        assert!(stderr(&output).contains("machine-3.jsonl:51: not a record"), "{args}");
        assert!(stdout(&output).lines().count() >= 4, "{args}");
    }
    let explained = run_in(temp.path(), "explain uneven 3:tick:49");
    assert_eq!(explained.status.code(), Some(6));
    assert!(stdout(&explained).starts_with("Machine 3, tick 49: "));
}
