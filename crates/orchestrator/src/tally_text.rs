//! What network and faults did, in sentences and as JSON.

use serde::Serialize;
use sim::{Effect, Fault, Tally};

/// A sentence for each fault, one for the network, and one for each process that
/// refused to go on. None in a perfect network.
pub(crate) fn sentences(tally: &Tally) -> Vec<String> {
    let late = tally.too_late.iter();
    let late = late.map(|id| format!("Machine {id} came back when its run was over."));
    let refusals = tally.refusals.iter().map(|refusal| format!("Given up: {refusal}."));
    let faults = fault_sentences(&tally.faults);
    faults.chain(network(tally)).chain(late).chain(refusals).collect()
}

/// A sentence for each fault.
pub(crate) fn fault_sentences(faults: &[(Fault, Effect)]) -> impl Iterator<Item = String> {
    faults.iter().map(|(fault, effect)| format!("The {fault} {effect}."))
}

fn network(tally: &Tally) -> Option<String> {
    let &Tally { lost, duplicated, repeated, resent, connections, .. } = tally;
    if tally.faults.is_empty() && lost + duplicated == 0 {
        return None;
    }
    Some(format!(
        "The network lost {lost} frames and brought {duplicated} twice; links dialled \
         {connections} connections, sent {resent} messages again and dropped {repeated} that came \
         again."
    ))
}

/// A tally as JSON.
#[derive(Debug, Serialize)]
pub(crate) struct TallyJson {
    faults: Vec<FaultJson>,
    frames_lost: u64,
    frames_duplicated: u64,
    messages_repeated: u64,
    messages_resent: u64,
    connections: u64,
    connections_given_up: u64,
    gaps: u64,
    machines_too_late: Vec<u32>,
    refusals: Vec<String>,
}

/// A fault and what it did as JSON.
#[derive(Debug, Serialize)]
pub(crate) struct FaultJson {
    fault: String,
    touched_nothing: bool,
    #[serde(flatten)]
    effect: EffectJson,
}

#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum EffectJson {
    Cut { frames: u64, held_back: u64 },
    Crash { killed: u64, kept_down: u64, inboxes: u64, torn_bytes: u64, events_forgotten: u64 },
    Pause { stopped: u64, ticks_missed: u64, frames: u64 },
}

impl From<&Tally> for TallyJson {
    fn from(tally: &Tally) -> Self {
        Self {
            faults: tally.faults.iter().map(FaultJson::from).collect(),
            frames_lost: tally.lost,
            frames_duplicated: tally.duplicated,
            messages_repeated: tally.repeated,
            messages_resent: tally.resent,
            connections: tally.connections,
            connections_given_up: tally.given_up,
            gaps: tally.gaps,
            machines_too_late: tally.too_late.iter().map(|id| id.get()).collect(),
            refusals: tally.refusals.clone(),
        }
    }
}

impl From<&(Fault, Effect)> for FaultJson {
    fn from((fault, effect): &(Fault, Effect)) -> Self {
        Self {
            fault: fault.to_string(),
            touched_nothing: effect.is_nothing(),
            effect: effect.into(),
        }
    }
}

impl From<&Effect> for EffectJson {
    fn from(effect: &Effect) -> Self {
        match *effect {
            Effect::Cut { frames, held_back } => Self::Cut { frames, held_back },
            Effect::Crash { killed, kept_down, inboxes, torn, forgotten } => Self::Crash {
                killed,
                kept_down,
                inboxes,
                torn_bytes: torn,
                events_forgotten: forgotten,
            },
            Effect::Pause { stopped, missed, frames } => {
                Self::Pause { stopped, ticks_missed: missed, frames }
            }
        }
    }
}
