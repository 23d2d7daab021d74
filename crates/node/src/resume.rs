//! From a config and a log to a machine that is ready to start: new, or as its
//! log left it.

use journal::{Rate, Recovered, Start, Time, Writer, recover};
use machine::Endpoint;
use machine::draw::{self, Draws, RateRange};
use tracing::{info, warn};

use crate::config::Config;
use crate::failure::Failure;
use crate::wall_clock::system_time;

/// A machine ready to start.
#[derive(Debug)]
pub struct Resumed {
    pub(crate) endpoint: Endpoint,
    pub(crate) draws: Draws,
    pub(crate) log: Writer,
    /// The start record of the coming incarnation, but for its time.
    pub(crate) start: Start,
    /// When the run began, if it has.
    pub(crate) run_began: Option<Time>,
    /// The time of the last record, if there is one.
    pub(crate) log_end: Option<Time>,
}

/// Opens and locks the log that `config` names, and gives back the machine that
/// it holds; a new one if it holds nothing.
///
/// # Errors
/// [`Failure`] if the log is in use, damaged, not this run's, or complete.
/// Then it is left as it was.
pub fn resume(config: &Config) -> Result<Resumed, Failure> {
    let mut log = Writer::open(&config.log, config.sync)?;
    let recovered = recover(&config.log)?;
    let seed = match (config.seed, &recovered) {
        (Some(seed), _) => seed,
        (None, Some(recovered)) => recovered.first_start.seed.unwrap_or_default(),
        (None, None) => draw::entropy_seed().map_err(Failure::Entropy)?,
    };
    let start = first_start(config, seed);
    let Some(recovered) = recovered else {
        log.cut_to(0);
        info!(seed, rate = %start.rate, log = %config.log.display(), "new log");
        return Ok(fresh(config, log, start));
    };
    check_agreement(config, &recovered, &start)?;
    check_not_complete(config, &recovered)?;
    if recovered.torn {
        warn!(log = %config.log.display(), "the last write was cut short: its line is cut off");
    }
    log.cut_to(recovered.length);
    report_clock(recovered.last_time);
    let start = start.resumed(&recovered);
    info!(
        incarnation = start.incarnation,
        tick = recovered.endpoint.machine().ticks(),
        clock = start.clock,
        "resumed from the log"
    );
    Ok(Resumed {
        draws: Draws::new(seed, config.machine, config.draw_max),
        endpoint: recovered.endpoint,
        log,
        run_began: Some(recovered.first_start.time),
        log_end: Some(recovered.last_time),
        start,
    })
}

fn fresh(config: &Config, log: Writer, start: Start) -> Resumed {
    let (topology, stamp) = (config.topology.into(), config.stamp.into());
    Resumed {
        endpoint: Endpoint::new(config.machine, config.machines, topology, stamp),
        draws: Draws::new(start.seed.unwrap_or_default(), config.machine, config.draw_max),
        log,
        run_began: None,
        log_end: None,
        start,
    }
}

fn first_start(config: &Config, seed: u64) -> Start {
    let rate = config
        .rate
        .unwrap_or_else(|| Rate::PerSecond(draw::rate(seed, config.machine, RateRange::default())));
    Start {
        log: journal::FORMAT.to_owned(),
        time: Time::from_micros(0),
        run: config.run.clone(),
        machine: config.machine.get(),
        machines: config.machines,
        topology: config.topology,
        rate,
        draw_max: config.draw_max,
        seed: Some(seed),
        generator: Some(draw::GENERATOR.to_owned()),
        phase: Start::first_phase(config.phase, rate, seed, config.machine),
        pacing: config.pacing,
        stamp: config.stamp,
        duration: config.duration.map(|duration| duration.as_secs_f64()),
        incarnation: 1,
        clock: 0,
    }
}

fn check_agreement(config: &Config, recovered: &Recovered, start: &Start) -> Result<(), Failure> {
    match recovered.first_start.differences(start).into_iter().next() {
        None => Ok(()),
        Some(difference) => {
            let log = config.log.clone();
            Err(Failure::OtherRun { log, difference, run: config.run.clone() })
        }
    }
}

/// A log that ends with the stop of a run that is over is complete. Any other that is
/// over gets its stop by one more incarnation, which has no slot.
fn check_not_complete(config: &Config, recovered: &Recovered) -> Result<(), Failure> {
    match &recovered.stop {
        Some(stop) if stop.is_of_the_run() => {
            Err(Failure::RunIsOver { log: config.log.clone(), run: config.run.clone() })
        }
        _ => Ok(()),
    }
}

/// That the times of a log are not those of the system clock is news.
fn report_clock(log_end: Time) {
    let behind = log_end.seconds_since(system_time());
    if behind > 0.0 {
        warn!("the system clock is {behind:.3} s behind the log, whose times go on from its end");
    }
}

impl Resumed {
    /// The clock that the machine starts with.
    pub(crate) fn clock(&self) -> u64 {
        self.start.clock
    }
}
