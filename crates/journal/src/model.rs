//! The terms of a log as the machine has them.

use crate::terms::{Pacing, StampRule, Topology};

impl From<Topology> for machine::Topology {
    fn from(topology: Topology) -> Self {
        match topology {
            Topology::Full => Self::Full,
            Topology::Ring => Self::Ring,
        }
    }
}

impl From<StampRule> for machine::StampRule {
    fn from(rule: StampRule) -> Self {
        match rule {
            StampRule::After => Self::After,
            StampRule::Before => Self::Before,
        }
    }
}

impl From<Pacing> for machine::Pacing {
    fn from(pacing: Pacing) -> Self {
        match pacing {
            Pacing::Even => Self::Even,
            Pacing::Burst => Self::Burst,
        }
    }
}
