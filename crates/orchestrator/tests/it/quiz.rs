//! The quiz, as it is typed.

use std::io::Write as _;
use std::process::{Output, Stdio};

use tempfile::TempDir;

use crate::offbeat::{offbeat, run_in, stderr, stdout};

/// A run, and what the quiz says to `answers` about it.
fn quiz(args: &str, answers: &str) -> Output {
    let temp = TempDir::new().unwrap();
    run_in(temp.path(), "simulate --seed 3 --duration 20s --rates 1,3,6 --out run");
    let mut command = offbeat()
        .current_dir(temp.path())
        .args(["quiz", "run"])
        .args(args.split_whitespace())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    command.stdin.take().unwrap().write_all(answers.as_bytes()).unwrap();
    command.wait_with_output().unwrap()
}

#[test]
fn who_answers_right_is_told_so() {
    // What is right, the quiz itself says to who answers wrong.
    let wrong = stdout(&quiz("--seed 5 --questions 6", &"0\nb\n".repeat(12)));
    let mut right = String::new();
    for piece in wrong.split("\n\n").filter(|piece| piece.contains("> ")) {
        let answer = match piece.split_once("It is ") {
            Some((_, rest)) => rest.split_once('.').unwrap().0,
            None => "before",
        };
        right.push_str(&format!("{answer}\n"));
    }
    assert_eq!(right.lines().count(), 6, "{wrong}");
    let output = quiz("--seed 5 --questions 6", &right);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).ends_with("All 6 right.\n"), "{}", stdout(&output));
}

#[test]
fn who_stops_early_has_the_score_so_far() {
    let said = stdout(&quiz("--seed 5", "no number\n0\nq\n"));
    assert!(said.contains("Say a number") && said.ends_with("0 of 1 right.\n"), "{said}");
    let said = stdout(&quiz("--seed 5", ""));
    assert!(said.contains("1/9") && said.ends_with("Nothing was answered.\n"), "{said}");
}

#[test]
fn a_folder_without_a_run_is_said() {
    let temp = TempDir::new().unwrap();
    let output = run_in(temp.path(), "quiz nothing");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("nothing"), "{}", stderr(&output));
}
