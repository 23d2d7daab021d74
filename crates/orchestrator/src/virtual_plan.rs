//! From settings to a plan for virtual time.

use journal::Manifest;
use sim::{Crash, Fault, Network, Plan};

use crate::plan::{manifest, run_id};
use crate::settings::{Faults, Settings};

/// The plan of the run that `settings` describe under `seed`. Its id derives from
/// all of it: equal runs have equal ids.
pub(crate) fn virtual_plan(settings: &Settings, seed: u64) -> Plan {
    let mut plan = with_faults(settings, manifest(settings, seed, String::new()));
    let all = format!("{:?} {:?} {:?}", plan.manifest, plan.network, plan.faults);
    plan.manifest.run = run_id(settings, digest(all.as_bytes()));
    plan
}

/// The run of `manifest` with the network and the faults that `settings` ask for.
pub(crate) fn with_faults(settings: &Settings, manifest: Manifest) -> Plan {
    let plan = Plan {
        manifest,
        network: Network {
            latency: settings.latency.clone().unwrap_or_default(),
            loss: settings.loss.clone().unwrap_or_default(),
            duplicate: settings.duplicate.clone().unwrap_or_default(),
        },
        faults: faults(settings),
    };
    match settings.faults {
        Some(Faults::Random) => plan.with_random_faults(),
        None => plan,
    }
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
