//! A run being watched: its nodes, their logs as they grow, and the faults that
//! befall them.

use std::time::{Duration, SystemTime};

use journal::Time;
use node::Exit;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::complaint::Complaint;
use crate::faults::LiveFaults;
use crate::fleet::{Fleet, NodeExit};
use crate::live::Frame;
use crate::live_tally::LiveTally;
use crate::plan::Plan;
use crate::proxy::Proxy;
use crate::run_folder::RunFolder;
use crate::tail::Progress;
use crate::view::View;

/// How often the logs are looked at, and the live view is drawn on a terminal.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// How often they are looked at until all machines have begun: the times of
/// faults count from then on.
const LOOK_FOR_BEGIN_EVERY: Duration = Duration::from_millis(20);

/// How long nodes may take to stop: 5 s for their messages to arrive, up to 5 s for
/// their peers, and some for a busy computer.
const STOP_MAX: Duration = Duration::from_secs(15);

/// How the nodes behaved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Conduct {
    Good,
    /// Some stopped with messages in flight.
    InFlight,
    /// Some died, or did not stop when told to.
    Failed,
}

/// A run being watched.
pub(crate) struct Watch<'a> {
    plan: &'a Plan,
    fleet: Fleet,
    faults: LiveFaults,
    stop: &'a CancellationToken,
    progress: Progress,
    view: View,
    look: Interval,
    /// When all machines had begun.
    began: Option<Instant>,
    /// When nodes that still run are killed, once they were told to stop.
    give_up: Option<Instant>,
    conduct: Conduct,
}

/// How a watched run ended.
pub(crate) struct Watched {
    pub(crate) began: bool,
    pub(crate) conduct: Conduct,
    pub(crate) tally: LiveTally,
    /// What was wrong, if it was not shown.
    pub(crate) complaints: Vec<String>,
}

impl<'a> Watch<'a> {
    /// Starts the nodes of `plan`, and says so.
    ///
    /// # Errors
    /// A [`Complaint`] if something cannot be written, or a node not started.
    pub(crate) fn start(
        plan: &'a Plan,
        folder: &RunFolder,
        proxy: Option<Proxy>,
        view: View,
        stop: &'a CancellationToken,
    ) -> Result<Self, Complaint> {
        folder.write_plan(plan)?;
        view.announce(plan);
        let machines = plan.manifest.machines;
        let faults = LiveFaults::new(&folder.path, machines, &plan.faults, plan.duration(), proxy);
        let fleet = Fleet::launch(&folder.path, machines)
            .map_err(|error| Complaint::failed(format!("cannot start the nodes: {error}")))?;
        Ok(Self {
            plan,
            fleet,
            faults,
            stop,
            progress: Progress::new(&folder.path, machines),
            view,
            look: every(LOOK_FOR_BEGIN_EVERY),
            began: None,
            give_up: None,
            conduct: Conduct::Good,
        })
    }

    pub(crate) async fn run_to_end(mut self) -> Watched {
        while !self.fleet.is_empty() || self.faults.will_start() {
            let (give_up, strike_at) = (self.give_up_at(), self.strike_at());
            tokio::select! {
                exit = self.fleet.next_exit() => self.on_exit(exit),
                () = self.stop.cancelled(), if self.give_up.is_none() => self.stop_all(),
                _ = self.look.tick() => self.look(),
                () = sleep_until(strike_at) => self.strike(),
                () = sleep_until(Some(give_up)) => self.kill_all(),
            }
        }
        self.look();
        let Self { began, conduct, faults, mut progress, view, .. } = self;
        let tally = faults.into_tally(&mut progress);
        Watched { began: began.is_some(), conduct, tally, complaints: view.into_complaints() }
    }

    /// When patience ends: after the run, or after the nodes were told to stop.
    fn give_up_at(&self) -> Instant {
        let far = Instant::now() + Duration::from_secs(365 * 24 * 3600);
        let after_run = self.began.map(|began| began + self.plan.duration() + STOP_MAX);
        self.give_up.or(after_run).unwrap_or(far)
    }

    fn strike_at(&self) -> Option<Instant> {
        Some(self.began? + self.faults.next_at()?)
    }

    fn strike(&mut self) {
        let Some(began) = self.began else { return };
        let struck = self.faults.strike(began.elapsed(), &mut self.fleet, &mut self.progress);
        struck.unwrap_or_else(|error| self.on_not_started(&error));
    }

    fn on_not_started(&mut self, error: &std::io::Error) {
        self.view.complain(format!("cannot start a node again: {error}"));
        self.conduct = Conduct::Failed;
        self.stop_all();
    }

    fn stop_all(&mut self) {
        self.faults.cancel(&mut self.fleet, &mut self.progress);
        self.fleet.stop();
        self.give_up = Some(Instant::now() + STOP_MAX);
    }

    fn kill_all(&mut self) {
        self.view.complain("nodes did not stop in time and were killed".to_owned());
        self.conduct = Conduct::Failed;
        self.faults.cancel(&mut self.fleet, &mut self.progress);
        self.fleet.kill_all();
        self.give_up = Some(Instant::now() + STOP_MAX);
    }

    fn on_exit(&mut self, exit: NodeExit) {
        if exit.was_killed() && self.faults.is_killing(exit.machine) {
            let died = self.faults.died(exit.machine, &mut self.fleet, &mut self.progress);
            died.unwrap_or_else(|error| self.on_not_started(&error));
            return;
        }
        self.faults.ended(exit.machine);
        match exit.code() {
            Some(code) if code == Exit::Done as i32 => {}
            Some(code) if code == Exit::Usage as i32 && self.faults.has_killed(exit.machine) => {
                self.faults.refused(refusal(&exit));
            }
            Some(code) if code == Exit::InFlight as i32 => {
                self.on_bad_end(&exit, Conduct::InFlight)
            }
            _ => self.on_bad_end(&exit, Conduct::Failed),
        }
    }

    fn on_bad_end(&mut self, exit: &NodeExit, conduct: Conduct) {
        self.conduct = self.conduct.max(conduct);
        self.view.complain(obituary(exit, self.give_up.is_none()));
        if self.give_up.is_none() {
            self.stop_all();
        }
    }

    /// Reads what has been logged, and shows it.
    fn look(&mut self) {
        self.progress.update();
        if self.began.is_none() {
            self.look_for_begin();
        }
        if self.began.is_none() || !self.view.is_due() {
            return;
        }
        let summary = self.progress.summary();
        let remarks = self.faults.remarks();
        let last_events = self.progress.last_events();
        let duration = self.plan.duration();
        self.view.draw(&Frame { summary: &summary, last_events, duration, remarks: &remarks });
    }

    fn look_for_begin(&mut self) {
        let Some(time) = self.progress.all_began() else { return };
        let now = Instant::now();
        // The system clock may have been set since; a look ago is near enough then.
        let ago = since(time).min(LOOK_FOR_BEGIN_EVERY);
        self.began = Some(now.checked_sub(ago).unwrap_or(now));
        self.view.begin();
        self.look = every(LOOK_EVERY);
    }
}

fn every(period: Duration) -> Interval {
    let mut interval = interval(period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Skip);
    interval
}

async fn sleep_until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// How long ago `time` was, by the system clock.
fn since(time: Time) -> Duration {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let now = Time::from_micros(0).after(now);
    Duration::try_from_secs_f64(now.seconds_since(time)).unwrap_or_default()
}

/// Why a node that was started again would not go on.
fn refusal(exit: &NodeExit) -> String {
    let reason = to_the_point(&exit.last_words).first().map(String::as_str).unwrap_or_default();
    let reason = reason.trim_start_matches("error: ");
    format!("machine {} came back, but would not go on: {reason}", exit.machine)
}

/// What is said of a node that died; its last words only if it was the `first`,
/// for then it may have taken the others with it.
fn obituary(exit: &NodeExit, first: bool) -> String {
    let how = match &exit.status {
        Ok(status) => status.to_string(),
        Err(error) => error.to_string(),
    };
    let mut text = format!("machine {} ended: {how}", exit.machine);
    let last_words = if first { to_the_point(&exit.last_words) } else { &[] };
    if !last_words.is_empty() {
        text.push_str("\nIts last diagnostics:");
    }
    for line in last_words {
        text.push_str(&format!("\n  {line}"));
    }
    text
}

/// From the error on, if a node said one.
fn to_the_point(last_words: &[String]) -> &[String] {
    let error = last_words.iter().position(|line| line.starts_with("error: "));
    &last_words[error.unwrap_or(0)..]
}
