//! Whether strace is there, by which calls are made to fail.

use std::process::{Command, Stdio};

/// Says so loudly if it is not, and what is not tried then.
pub(crate) fn strace_is_there(what: &str) -> bool {
    let is_there = Command::new("strace").arg("-V").stdout(Stdio::null()).status().is_ok();
    if !is_there {
        assert!(std::env::var_os("OFFBEAT_REQUIRE_STRACE").is_none(), "there is no strace");
        eprintln!("SKIPPED: {what}, for there is no strace");
    }
    is_there
}
