//! From settings to a plan for virtual time.

use journal::Manifest;
use serde::Serialize;
use sim::{Crash, Fault, Network, Plan};

use crate::plan::{manifest, run_id};
use crate::settings::{Faults, Settings};

/// The plan of the run that `settings` describe under `seed`. Its id derives from
/// all of it: equal runs have equal ids.
pub(crate) fn virtual_plan(settings: &Settings, seed: u64) -> Plan {
    let mut plan = Plan {
        manifest: manifest(settings, seed, String::new()),
        network: Network {
            latency: settings.latency.clone().unwrap_or_default(),
            loss: settings.loss.clone().unwrap_or_default(),
            duplicate: settings.duplicate.clone().unwrap_or_default(),
        },
        faults: faults(settings),
    };
    if settings.faults == Some(Faults::Random) {
        plan = plan.with_random_faults();
    }
    let all = format!("{:?} {:?} {:?}", plan.manifest, plan.network, plan.faults);
    plan.manifest.run = run_id(settings, digest(all.as_bytes()));
    plan
}

fn faults(settings: &Settings) -> Vec<Fault> {
    let all_torn = settings.torn.unwrap_or(false);
    let cuts = settings.cut.iter().flatten().copied().map(Fault::Cut);
    let crashes = settings.crash.iter().flatten();
    let crashes =
        crashes.map(|crash| Fault::Crash(Crash { torn: crash.torn || all_torn, ..*crash }));
    let pauses = settings.pause.iter().flatten().copied().map(Fault::Pause);
    cuts.chain(crashes).chain(pauses).collect()
}

/// FNV-1a: the same on every platform and for ever.
fn digest(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

/// `run.toml` of a run in virtual time: an experiment that repeats it.
#[derive(Debug, Serialize)]
pub(crate) struct VirtualManifest {
    #[serde(flatten)]
    manifest: Manifest,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    latency: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    loss: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    duplicate: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cut: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    crash: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pause: Vec<String>,
}

impl VirtualManifest {
    pub(crate) fn of(plan: &Plan) -> Self {
        let mut words = Self {
            manifest: plan.manifest.clone(),
            latency: texts(&plan.network.latency),
            loss: texts(&plan.network.loss),
            duplicate: texts(&plan.network.duplicate),
            cut: Vec::new(),
            crash: Vec::new(),
            pause: Vec::new(),
        };
        for fault in &plan.faults {
            match fault {
                Fault::Cut(cut) => words.cut.push(cut.to_string()),
                Fault::Crash(crash) => words.crash.push(crash.to_string()),
                Fault::Pause(pause) => words.pause.push(pause.to_string()),
            }
        }
        words
    }
}

fn texts<T: ToString>(words: &[T]) -> Vec<String> {
    words.iter().map(ToString::to_string).collect()
}
