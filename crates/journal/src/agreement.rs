//! What must not change from one incarnation of a machine to the next.

use std::fmt;

use crate::record::Start;

/// A key in which two start records differ that must not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The key.
    pub key: &'static str,
    /// What the first of the two says.
    pub first: String,
    /// What the other says.
    pub other: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}, not {}", self.key, self.other, self.first)
    }
}

impl Start {
    /// The keys in which `other` differs from this record though one machine's
    /// start records all agree in them: all but time, phase, incarnation and
    /// clock.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<Difference> {
        let describe = |start: &Self| {
            let optional = |value: Option<String>| value.unwrap_or_else(|| "none".to_owned());
            [
                ("log", start.log.clone()),
                ("run", start.run.clone()),
                ("machine", start.machine.to_string()),
                ("machines", start.machines.to_string()),
                ("topology", start.topology.to_string()),
                ("rate", start.rate.to_string()),
                ("draw_max", start.draw_max.to_string()),
                ("seed", optional(start.seed.map(|seed| seed.to_string()))),
                ("generator", optional(start.generator.clone())),
                ("pacing", start.pacing.to_string()),
                ("stamp", start.stamp.to_string()),
                ("duration", optional(start.duration.map(|seconds| format!("{seconds}s")))),
            ]
        };
        describe(self)
            .into_iter()
            .zip(describe(other))
            .filter(|((_, first), (_, other))| first != other)
            .map(|((key, first), (_, other))| Difference { key, first, other })
            .collect()
    }
}
