//! Folders that results cannot go to.

use std::io::Write as _;
use std::process::{Command, Stdio};

use insta::assert_snapshot;

use crate::place::Place;

#[test]
fn results_overwrite_nothing() {
    let place = Place::with("full/notes.txt", "mine");
    place.write("file", "mine");
    assert_snapshot!(
        ["--out full", "--out file", "OFFBEAT_OUT=full run"].map(|c| place.refusal(c)).join("\n"), @r##"
    $ offbeat --out full
    error: full is not empty
    help: say another folder with --out; a run overwrites nothing
    [2]

    $ offbeat --out file
    error: file is not a folder
    help: say another folder with --out; a run overwrites nothing
    [2]

    $ OFFBEAT_OUT=full offbeat run
    error: full is not empty
    help: say another folder with --out; a run overwrites nothing
    [2]
    "##);
}

/// Root may write everywhere, but not below a file.
#[test]
fn folders_that_cannot_be_made() {
    let place = Place::with("file", "mine");
    assert_snapshot!(place.refusal("--ports auto --out file/results"), @r##"
    $ offbeat --ports auto --out file/results
    error: cannot make the folder file/results: Not a directory
    help: say a folder with --out that this user may write
    [4]
    "##);
    let place = Place::with("runs", "a file");
    assert_snapshot!(place.refusal("--ports auto"), @r##"
    $ offbeat --ports auto
    error: runs is not a folder
    help: say another folder with --out; a run overwrites nothing
    [2]
    "##);
}

#[test]
fn logs_that_cannot_be_made() {
    let config = "run = \"r\"\nmachine = 1\nmachines = 2\nlisten = \"127.0.0.1:1\"\n\
                  log = \"n.toml/machine-1.jsonl\"\npeers = [{ machine = 2, address = \"127.0.0.1:1\" }]\n";
    assert_snapshot!(Place::with("n.toml", config).refusal("node --config n.toml"), @r##"
    $ offbeat node --config n.toml
    error: cannot write diagnostics to n.toml/machine-1.diag.log: File exists
    help: they go beside the log: set `log` to where this user may write
    [4]
    "##);
}

/// Runs the command with a file system of so many bytes at `full`; gives its exit
/// code, and what it leaves there. None, loudly, where this user cannot make one.
fn in_little_space(place: &Place, bytes: u32) -> Option<(i32, String)> {
    let script = format!(
        "mount -t tmpfs -o size={bytes} none full || exit 99
        \"$@\" > /dev/null 2> told; code=$?; ls -A full; exit $code"
    );
    let wanted = place.command("--ports auto --duration 1s --out full/results");
    let output = Command::new("unshare")
        .args(["--mount", "sh", "-c", &script, "sh"])
        .arg(wanted.get_program())
        .args(wanted.get_args())
        .current_dir(place.path(""))
        .env_remove("CARGO")
        .stdin(Stdio::null())
        .output();
    let code = output.as_ref().ok().and_then(|output| output.status.code());
    match code {
        None | Some(1 | 99 | 127) => {
            // Not by eprintln, whose output a test keeps to itself.
            let mut stderr = std::io::stderr();
            let reason = "SKIPPED: no space, because this user cannot mount a small file system";
            writeln!(stderr, "{reason}").unwrap();
            None
        }
        Some(code) => Some((code, String::from_utf8(output.unwrap().stdout).unwrap())),
    }
}

#[test]
fn no_space_for_the_configs() {
    let place = Place::with("full/x", "");
    if let Some((code, left)) = in_little_space(&place, 4096) {
        assert_snapshot!(place.read("told"), @r##"
        error: cannot write full/results/machine-1.toml: No space left on device (os error 28)
        help: make room there, or say another folder with --out
        "##);
        assert_eq!((code, &*left), (4, ""), "nothing is left of a run that never began");
    }
}

#[test]
fn no_space_for_the_logs() {
    let place = Place::with("full/x", "");
    if let Some((code, _)) = in_little_space(&place, 4 * 4096) {
        let told = place.read("told");
        assert_eq!(code, 4, "{told}");
        let error = "jsonl: cannot write: No space left on device";
        assert_eq!(told.matches(error).count(), 1, "the first tells why, others need not: {told}");
    }
}
