//! What virtual time makes exact, and the judge, who judges live logs too, must
//! leave open: when each tick is due, and that everything arrives.

use std::time::Duration;

use journal::{Pacing, Record, Start, Time};
use sim::Fault;

use super::finding::{Finding, same};
use super::runs::Run;

/// Logs are written in whole microseconds.
const RESOLUTION_MICROS: u64 = 2;

/// When a run has healed, nothing is under way at its end.
pub(crate) fn arrived(run: &Run) -> Result<(), Finding> {
    for record in run.logs.iter().flatten() {
        if let Record::Stop(stop) = record {
            same("arrived", "messages in flight at the end", stop.in_flight, 0)?;
        }
    }
    Ok(())
}

/// Unless a machine is paused, every slot runs in the moment it is due, and none is
/// left out.
pub(crate) fn on_time(run: &Run) -> Result<(), Finding> {
    if run.plan.faults.iter().any(|fault| matches!(fault, Fault::Pause(_))) {
        return Ok(());
    }
    run.logs.iter().try_for_each(|log| slots_on_time(log))
}

fn slots_on_time(log: &[Record]) -> Result<(), Finding> {
    let Some(Record::Start(first)) = log.first() else { return Ok(()) };
    let end = first.time.after(Duration::from_secs_f64(first.duration.unwrap()));
    let (mut start, mut slot) = (first, 0);
    for record in log {
        match record {
            Record::Start(next) => (start, slot) = (next, 0),
            Record::Stop(stop) => {
                same("on time", "when ticking ended", stop.time, end)?;
                let next = due(start, slot);
                same("on time", &format!("slot {slot}, due at {next}, ran"), next < end, false)?;
            }
            tick => {
                let (found, expected) = (tick.time(), due(start, slot));
                let off = found.as_micros().abs_diff(expected.as_micros());
                let what = format!("slot {slot} ran at {found}, due at {expected}: on time");
                same("on time", &what, off <= RESOLUTION_MICROS && found < end, true)?;
                slot += 1;
            }
        }
    }
    Ok(())
}

fn due(start: &Start, slot: u64) -> Time {
    let after = slot as f64 / start.rate.per_second().unwrap();
    let after = match start.pacing {
        Pacing::Even => after,
        Pacing::Burst => after.floor(),
    };
    start.time.after(Duration::from_secs_f64(start.phase + after))
}
