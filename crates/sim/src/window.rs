//! When something happens.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use journal::Timespan;

use crate::moment::Moment;

/// A time from one moment on up to another, as `10s..20s`; without the other,
/// `10s..`, to the end of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Since the run began.
    pub from: Duration,
    /// Since the run began; later than `from`.
    pub to: Option<Duration>,
}

impl Window {
    /// When it begins.
    pub(crate) fn begins(self) -> Moment {
        Moment::at(self.from)
    }

    /// When it ends, if it does.
    pub(crate) fn ends(self) -> Option<Moment> {
        self.to.map(Moment::at)
    }
}

impl FromStr for Window {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("\"{text}\" is no time: say 10s..20s, or 10s.. to the end");
        let (from, to) = text.split_once("..").ok_or_else(wrong)?;
        let span = |text: &str| text.trim().parse::<Timespan>().map(|span| span.0);
        let from = span(from).map_err(|_| wrong())?;
        let to = match to {
            "" => None,
            _ => Some(span(to).map_err(|_| wrong())?),
        };
        match to.is_none_or(|to| from < to) {
            true => Ok(Self { from, to }),
            false => Err(format!("\"{text}\" ends before it begins")),
        }
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..", Timespan(self.from))?;
        self.to.map_or(Ok(()), |to| Timespan(to).fmt(f))
    }
}
