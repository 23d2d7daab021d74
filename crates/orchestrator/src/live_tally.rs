//! What network and faults did in a live run, in sentences and as JSON.

use serde::Serialize;
use sim::{Effect, Fault};

use crate::proxy::Relayed;
use crate::tally_text::{FaultJson, fault_sentences};

/// What network and faults did.
#[derive(Debug, Default)]
pub(crate) struct LiveTally {
    pub(crate) faults: Vec<(Fault, Effect)>,
    /// What the proxy did, if there was one.
    pub(crate) relayed: Option<Relayed>,
    /// Why machines that came back would not go on, one sentence each.
    pub(crate) refusals: Vec<String>,
}

impl LiveTally {
    /// Whether there is nothing to tell.
    pub(crate) fn is_empty(&self) -> bool {
        self.faults.is_empty() && self.relayed.is_none()
    }

    /// A sentence for each fault, one for the proxy, and one for each machine that
    /// would not go on.
    pub(crate) fn sentences(&self) -> Vec<String> {
        let refusals = self.refusals.iter().map(|refusal| format!("Given up: {refusal}."));
        let proxy = self.relayed.as_ref().map(proxy);
        fault_sentences(&self.faults).chain(proxy).chain(refusals).collect()
    }

    /// The same as JSON.
    pub(crate) fn json(&self) -> impl Serialize + '_ {
        LiveTallyJson {
            faults: self.faults.iter().map(FaultJson::from).collect(),
            proxy: self.relayed.map(Into::into),
            refusals: &self.refusals,
        }
    }
}

fn proxy(relayed: &Relayed) -> String {
    let Relayed { connections, frames, lost, reset, resent, .. } = relayed;
    format!(
        "The proxy passed on {frames} frames over {connections} connections, broke {lost} for a \
         lost frame and reset {reset} after cuts; links sent {resent} messages again."
    )
}

#[derive(Debug, Serialize)]
struct LiveTallyJson<'a> {
    faults: Vec<FaultJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proxy: Option<RelayedJson>,
    refusals: &'a [String],
}

#[derive(Debug, Serialize)]
struct RelayedJson {
    connections: u64,
    frames: u64,
    connections_lost: u64,
    connections_reset: u64,
    messages_resent: u64,
    messages_repeated: u64,
}

impl From<Relayed> for RelayedJson {
    fn from(relayed: Relayed) -> Self {
        let Relayed { connections, frames, lost, reset, resent, repeated, .. } = relayed;
        Self {
            connections,
            frames,
            connections_lost: lost,
            connections_reset: reset,
            messages_resent: resent,
            messages_repeated: repeated,
        }
    }
}
