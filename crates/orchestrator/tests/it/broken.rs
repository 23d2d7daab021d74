//! The runs in examples/broken: their verdict.txt is what the command prints.
//!
//! What the verdicts must be is held by `check`'s own tests.

use std::fs;

use crate::commands::root;
use crate::offbeat::{run_in, stdout};

/// What the verdict on the folder `name` is kept as.
fn kept(name: &str) -> String {
    fs::read_to_string(root().join("examples/broken").join(name).join("verdict.txt")).unwrap()
}

/// The exit code of a check of the folder `name`.
pub(crate) fn exit_code(name: &str) -> i32 {
    match kept(name).split(':').next().unwrap() {
        "Holds" => 0,
        "Violated" => 1,
        "Cannot tell" => 3,
        other => panic!("{name}: what is {other:?}?"),
    }
}

#[test]
fn each_kept_verdict_is_what_check_prints() {
    let entries = fs::read_dir(root().join("examples/broken")).unwrap().flatten();
    let folders = entries.filter(|entry| entry.path().is_dir());
    let names: Vec<_> = folders.map(|it| it.file_name().into_string().unwrap()).collect();
    assert!(names.len() > 28, "found only {names:?}");
    for name in names {
        let output = run_in(&root(), &format!("check examples/broken/{name}"));
        assert_eq!(output.status.code(), Some(exit_code(&name)), "{name}");
        assert_eq!(stdout(&output).trim_end(), kept(&name).trim_end(), "{name}");
    }
}
