//! What the detector has found.

use std::fmt;

/// A fault: what showed it, and how.
#[derive(Debug)]
pub(crate) struct Finding {
    /// A rule of the judge by its id, or a check of the detector by its name.
    pub(crate) by: &'static str,
    /// What was seen.
    pub(crate) seen: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}", self.by, self.seen)
    }
}

/// What is checked `by` this name must be so.
pub(crate) fn same<T: PartialEq + fmt::Debug>(
    by: &'static str,
    what: &str,
    found: T,
    expected: T,
) -> Result<(), Finding> {
    match found == expected {
        true => Ok(()),
        false => Err(Finding { by, seen: format!("{what}: {found:?}, not {expected:?}") }),
    }
}
