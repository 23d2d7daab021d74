//! L2: the start records say the same of the run.

use journal::{Manifest, Pacing, Phase, Start};

use crate::findings::{At, Findings, Place, Proof};
use crate::rule::Rule;

/// A start record that went by.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) place: Place,
    pub(crate) start: Start,
}

/// Something that a start record says, as text to be compared and shown.
type Term = (&'static str, fn(&Start) -> String);

/// What all machines must agree on.
const OF_THE_RUN: [Term; 7] = [
    ("run", |start| start.run.clone()),
    ("machines", |start| start.machines.to_string()),
    ("topology", |start| start.topology.to_string()),
    ("draw_max", |start| start.draw_max.to_string()),
    ("stamp", |start| start.stamp.to_string()),
    ("pacing", |start| start.pacing.to_string()),
    ("duration", |start| shown(start.duration)),
];

/// What a machine must agree on with itself before a restart.
const OF_THE_MACHINE: [Term; 3] = [
    ("rate", |start| start.rate.to_string()),
    ("seed", |start| shown(start.seed)),
    ("generator", |start| shown(start.generator.clone())),
];

/// Something that `run.toml` says of a machine: its key, what it says, and what
/// the start record says.
type ManifestTerm = (&'static str, fn(&Manifest, u32) -> String, fn(&Start) -> String);

const OF_THE_MANIFEST: [ManifestTerm; 9] = [
    ("run", |run, _| run.run.clone(), |start| start.run.clone()),
    ("machines", |run, _| run.machines.to_string(), |start| start.machines.to_string()),
    ("rate", |run, machine| shown(rate(run, machine)), |start| start.rate.to_string()),
    ("draw_max", |run, _| run.draw_max.to_string(), |start| start.draw_max.to_string()),
    ("topology", |run, _| run.topology.to_string(), |start| start.topology.to_string()),
    ("pacing", |run, _| run.pacing.to_string(), |start| start.pacing.to_string()),
    ("stamp", |run, _| run.stamp.to_string(), |start| start.stamp.to_string()),
    ("seed", |run, _| run.seed.to_string(), |start| shown(start.seed)),
    (
        "duration",
        |run, _| shown(run.duration.map(journal::Timespan::as_secs_f64)),
        |start| shown(start.duration),
    ),
];

/// What the start records are held against.
#[derive(Debug, Default)]
pub(crate) struct Agreement {
    manifest: Option<Manifest>,
    /// The first start record consumed.
    reference: Option<Known>,
}

/// Where the log of a machine stands when it starts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing<'a> {
    /// The number of the machine, by the name of its log.
    pub(crate) machine: u32,
    /// Its clock.
    pub(crate) clock: u64,
    /// The last record.
    pub(crate) last: Option<Place>,
    /// Its last start record.
    pub(crate) before: Option<&'a Known>,
}

impl Agreement {
    pub(crate) fn new(manifest: Option<Manifest>) -> Self {
        Self { manifest, reference: None }
    }

    /// How many machines there are, if that is known yet.
    pub(crate) fn machines(&self) -> Option<u32> {
        let by_manifest = self.manifest.as_ref().map(|manifest| manifest.machines);
        by_manifest.or_else(|| Some(self.reference.as_ref()?.start.machines))
    }

    /// How phases are chosen, if that is known.
    pub(crate) fn phase(&self) -> Option<Phase> {
        self.manifest.as_ref().map(|manifest| manifest.phase)
    }

    /// A start record.
    pub(crate) fn judge(
        &mut self,
        at: At<'_>,
        start: &Start,
        standing: Standing<'_>,
        findings: &mut Findings,
    ) {
        judge_standing(at, start, standing, findings);
        judge_phase(at, start, standing.before.is_none(), findings);
        if let Some(before) = standing.before {
            agree(at, start, before, &OF_THE_MACHINE, findings);
        }
        match &self.reference {
            Some(reference) => agree(at, start, reference, &OF_THE_RUN, findings),
            None => {
                self.reference = Some(Known { place: at.place, start: start.clone() });
            }
        }
        if let Some(manifest) = &self.manifest {
            agree_with_manifest(at, start, manifest, standing.machine, findings);
        }
    }
}

fn agree(at: At<'_>, start: &Start, known: &Known, terms: &[Term], findings: &mut Findings) {
    for (key, term) in terms {
        let (expected, found) = (term(&known.start), term(start));
        findings.judge(Rule::L2, expected == found, || {
            Proof::new(
                [known.place.into(), at.into()],
                format!("{key} {expected}"),
                format!("{key} {found}"),
            )
        });
    }
}

fn agree_with_manifest(
    at: At<'_>,
    start: &Start,
    manifest: &Manifest,
    machine: u32,
    findings: &mut Findings,
) {
    for (key, expected, found) in OF_THE_MANIFEST {
        // A machine with a generator of its own has no seed to agree in.
        if key == "seed" && start.seed.is_none() && start.generator.is_none() {
            continue;
        }
        let (expected, found) = (expected(manifest, machine), found(start));
        findings.judge(Rule::L2, expected == found, || {
            Proof::new(
                [at.into()],
                format!("{key} {expected}, as run.toml says"),
                format!("{key} {found}"),
            )
        });
    }
}

/// The start goes on where the log stands.
fn judge_standing(at: At<'_>, start: &Start, standing: Standing<'_>, findings: &mut Findings) {
    let machine = standing.machine;
    let is_its_own = start.machine == machine && (1..=start.machines).contains(&machine);
    findings.judge(Rule::L2, is_its_own, || {
        Proof::new(
            [at.into()],
            match start.machine == machine {
                true => format!("at least {machine} machines"),
                false => format!("machine {machine}, as the log is named"),
            },
            format!("machine {} of {}", start.machine, start.machines),
        )
    });
    let before = standing.before.map(|before| before.start.incarnation);
    let incarnation = u64::from(before.unwrap_or(0)) + 1;
    let witnesses = || standing.last.map(Into::into).into_iter().chain([at.into()]);
    findings.judge(Rule::L2, u64::from(start.incarnation) == incarnation, || {
        let expected = format!("incarnation {incarnation}");
        Proof::new(witnesses(), expected, format!("incarnation {}", start.incarnation))
    });
    findings.judge(Rule::L2, start.clock == standing.clock, || {
        let expected = match standing.last {
            Some(_) => format!("clock {}, where the log stands", standing.clock),
            None => "clock 0, which every machine begins with".to_owned(),
        };
        Proof::new(witnesses(), expected, format!("clock {}", start.clock))
    });
}

/// A phase is within a period; after a restart it is one full period, so that a
/// restart buys no ticks. The period of a burst may be taken for a second.
fn judge_phase(at: At<'_>, start: &Start, is_first: bool, findings: &mut Findings) {
    let Some(rate) = start.rate.per_second() else {
        return;
    };
    let period = 1.0 / rate;
    let slack = 1.001e-6 + period * 1e-9;
    let is = |phase: f64| (start.phase - phase).abs() <= slack;
    let holds = match is_first {
        true => start.phase >= 0.0 && start.phase < period + slack,
        false => is(period) || (start.pacing == Pacing::Burst && is(1.0)),
    };
    findings.judge(Rule::L2, holds, || {
        let period = (period * 1e6).round() / 1e6;
        let expected = match is_first {
            true => format!("a phase from 0 to {period} s"),
            false => format!("after a restart, a phase of a whole period, {period} s"),
        };
        Proof::new([at.into()], expected, format!("phase {} s", start.phase))
    });
}

fn rate(manifest: &Manifest, machine: u32) -> Option<journal::Rate> {
    let position = (machine as usize).checked_sub(1)?;
    manifest.rates.get(position).copied()
}

fn shown<T: ToString>(term: Option<T>) -> String {
    term.map_or_else(|| "not given".to_owned(), |term| term.to_string())
}
