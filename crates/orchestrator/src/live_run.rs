//! A live run from its plan to its end, as `offbeat run` makes one and a study many.

use tokio_util::sync::CancellationToken;

use crate::complaint::Complaint;
use crate::live_tally::LiveTally;
use crate::plan::Plan;
use crate::ports::first_taken;
use crate::run_folder::RunFolder;
use crate::terminal;
use crate::view::{Showing, View};
use crate::watch::{Conduct, Watch, Watched};

/// Runs the nodes to their end, on other ports if the default ones are taken.
///
/// # Errors
/// A [`Complaint`] if they cannot be started.
pub(crate) async fn live_run(
    plan: &mut Plan,
    folder: &RunFolder,
    showing: Showing,
    stop: &CancellationToken,
) -> Result<Watched, Complaint> {
    if plan.ports_may_change {
        leave_taken_ports(plan, showing)?;
    }
    let first = watch(plan, folder, showing, stop).await?;
    let has_failed = !first.began && first.conduct == Conduct::Failed;
    if !has_failed || !plan.ports_may_change || first_taken(&plan.host, &plan.ports).is_none() {
        return Ok(first);
    }
    leave_taken_ports(plan, showing)?;
    watch(plan, folder, showing, stop).await
}

async fn watch(
    plan: &mut Plan,
    folder: &RunFolder,
    showing: Showing,
    stop: &CancellationToken,
) -> Result<Watched, Complaint> {
    let proxy = plan.lay_proxy()?;
    Ok(Watch::start(plan, folder, proxy, View::new(showing), stop)?.run_to_end().await)
}

/// Changes to free ports if one is taken, and says so.
fn leave_taken_ports(plan: &mut Plan, showing: Showing) -> Result<(), Complaint> {
    if let Some((port, error)) = first_taken(&plan.host, &plan.ports) {
        plan.change_ports()?;
        if showing == Showing::Shown {
            terminal::progress(&format!("Port {port} cannot be used ({error}): taking free ones."));
        }
    }
    Ok(())
}

/// Keeps what network and faults did beside the logs, if they did anything.
///
/// # Errors
/// A [`Complaint`] if it cannot be written.
pub(crate) fn keep_tally(tally: &LiveTally, folder: &RunFolder) -> Result<(), Complaint> {
    match tally.is_empty() {
        true => Ok(()),
        false => folder.write_json("faults.json", &tally.json()),
    }
}
