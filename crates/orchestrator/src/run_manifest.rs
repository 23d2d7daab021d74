//! `run.toml`: an experiment that repeats its run, network and faults included.

use journal::Manifest;
use serde::Serialize;
use sim::{Fault, Network};

/// The manifest of a run with the words of its network and its faults.
#[derive(Debug, Serialize)]
pub(crate) struct RunManifest {
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

impl RunManifest {
    pub(crate) fn new(manifest: &Manifest, network: &Network, faults: &[Fault]) -> Self {
        let mut words = Self {
            manifest: manifest.clone(),
            latency: texts(&network.latency),
            loss: texts(&network.loss),
            duplicate: texts(&network.duplicate),
            cut: Vec::new(),
            crash: Vec::new(),
            pause: Vec::new(),
        };
        for fault in faults {
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
