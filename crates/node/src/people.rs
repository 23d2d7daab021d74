//! What a node prints for people; the only module here that prints.

use std::fmt::Display;
use std::io::Write as _;

use anstyle::{AnsiColor, Style};

/// For the word that begins an error.
const ERROR: Style = AnsiColor::Red.on_default().bold();

/// Prints a line of results. A machine whose reader has gone ticks on.
pub(crate) fn say(line: &str) {
    let _ = writeln!(anstream::stdout(), "{line}");
}

/// Prints what went wrong.
pub(crate) fn complain(error: &dyn Display) {
    let _ = writeln!(anstream::stderr(), "{ERROR}error:{ERROR:#} {error}");
}
