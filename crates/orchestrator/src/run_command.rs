//! `offbeat run`: starts the nodes, watches them, and judges what they logged.

use std::io;
use std::time::Duration;

use check::judge;
use journal::Folder;
use node::Exit;
use report::Analysis;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::check_command::exit_of;
use crate::cli::RunArgs;
use crate::complaint::Complaint;
use crate::conclusion::conclusion;
use crate::experiment::settings;
use crate::fleet::{Fleet, NodeExit};
use crate::heading::{heading, outline};
use crate::hint::Program;
use crate::live::Frame;
use crate::plan::Plan;
use crate::ports::first_taken;
use crate::run_folder::RunFolder;
use crate::settings_check::TimeKind;
use crate::tail::Progress;
use crate::terminal::{self, Canvas};

/// How often the logs are looked at, and the live view is drawn on a terminal.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// How often a line says how it goes where there is no terminal.
const SAY_EVERY: Duration = Duration::from_secs(10);

/// How long nodes may take to stop: 5 s for their messages to arrive, 1 s for
/// their peers, and some for a busy computer.
const STOP_MAX: Duration = Duration::from_secs(15);

pub(crate) fn run(args: RunArgs) -> Result<Exit, Complaint> {
    let settings = settings(args.experiment.as_deref(), args.options.settings, TimeKind::Real)?;
    let mut plan = Plan::new(&settings)?;
    if args.options.check_config {
        terminal::result(&outline(&plan.manifest, plan.rates_were_drawn, &plan.host, &plan.ports));
        return Ok(Exit::Done);
    }
    let folder = RunFolder::make(args.options.out.as_deref())?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Complaint::failed(format!("cannot start: {error}")))?;
    let conduct = runtime.block_on(conduct(&mut plan, &folder))?;
    conclude(&folder, conduct)
}

/// How the nodes behaved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Conduct {
    Good,
    /// Some stopped with messages in flight.
    InFlight,
    /// Some died, or did not stop when told to.
    Failed,
}

/// Runs the nodes to their end, on other ports if the default ones are taken.
async fn conduct(plan: &mut Plan, folder: &RunFolder) -> Result<Conduct, Complaint> {
    let stop = stop_on_signals()
        .map_err(|error| Complaint::failed(format!("cannot listen for signals: {error}")))?;
    if plan.ports_may_change {
        leave_taken_ports(plan)?;
    }
    let first = Watch::start(plan, folder, &stop)?.run_to_end().await;
    if first.began || first.conduct != Conduct::Failed || !plan.ports_may_change {
        return Ok(first.conduct);
    }
    match first_taken(&plan.host, &plan.ports) {
        None => Ok(first.conduct),
        Some(_) => {
            leave_taken_ports(plan)?;
            Ok(Watch::start(plan, folder, &stop)?.run_to_end().await.conduct)
        }
    }
}

/// Changes to free ports if one is taken, and says so.
fn leave_taken_ports(plan: &mut Plan) -> Result<(), Complaint> {
    if let Some((port, error)) = first_taken(&plan.host, &plan.ports) {
        plan.change_ports()?;
        terminal::progress(&format!("Port {port} cannot be used ({error}): taking free ones."));
    }
    Ok(())
}

fn stop_on_signals() -> io::Result<CancellationToken> {
    let stop = CancellationToken::new();
    for kind in [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()] {
        let mut signals = signal(kind)?;
        let stop = stop.clone();
        tokio::spawn(async move {
            signals.recv().await;
            stop.cancel();
        });
    }
    Ok(stop)
}

/// A run being watched.
struct Watch<'a> {
    plan: &'a Plan,
    fleet: Fleet,
    stop: &'a CancellationToken,
    progress: Progress,
    canvas: Canvas,
    width: Option<usize>,
    look: Interval,
    /// When the next line is due where there is no terminal.
    say_at: Option<Instant>,
    /// When all machines had begun.
    began: Option<Instant>,
    /// When nodes that still run are killed, once they were told to stop.
    give_up: Option<Instant>,
    conduct: Conduct,
}

/// How a watched run ended.
struct Watched {
    began: bool,
    conduct: Conduct,
}

impl<'a> Watch<'a> {
    fn start(
        plan: &'a Plan,
        folder: &RunFolder,
        stop: &'a CancellationToken,
    ) -> Result<Self, Complaint> {
        folder.write_plan(plan)?;
        terminal::progress(&heading(
            &plan.manifest,
            plan.rates_were_drawn,
            &plan.host,
            &plan.ports,
            &Program::as_started().virtually(plan.manifest.seed),
        ));
        let machines = plan.manifest.machines;
        let fleet = Fleet::start(&folder.path, machines)
            .map_err(|error| Complaint::failed(format!("cannot start the nodes: {error}")))?;
        let width = Canvas::width();
        let mut look = interval(LOOK_EVERY);
        look.set_missed_tick_behavior(MissedTickBehavior::Skip);
        Ok(Self {
            plan,
            fleet,
            stop,
            progress: Progress::new(&folder.path, machines),
            canvas: Canvas::default(),
            width,
            look,
            say_at: None,
            began: None,
            give_up: None,
            conduct: Conduct::Good,
        })
    }

    async fn run_to_end(mut self) -> Watched {
        loop {
            let give_up = self.give_up_at();
            tokio::select! {
                exit = self.fleet.next_exit() => match exit {
                    Some(exit) => self.on_exit(exit),
                    None => break,
                },
                () = self.stop.cancelled(), if self.give_up.is_none() => self.stop_all(),
                _ = self.look.tick() => self.look(),
                () = tokio::time::sleep_until(give_up) => self.kill_all(),
            }
        }
        self.look();
        Watched { began: self.began.is_some(), conduct: self.conduct }
    }

    /// When patience ends: after the run, or after the nodes were told to stop.
    fn give_up_at(&self) -> Instant {
        let far = Instant::now() + Duration::from_secs(365 * 24 * 3600);
        let after_run = self.began.map(|began| began + self.plan.duration() + STOP_MAX);
        self.give_up.or(after_run).unwrap_or(far)
    }

    fn stop_all(&mut self) {
        self.fleet.stop();
        self.give_up = Some(Instant::now() + STOP_MAX);
    }

    fn kill_all(&mut self) {
        terminal::complain("nodes did not stop in time and were killed");
        self.conduct = Conduct::Failed;
        self.fleet.kill();
        self.give_up = Some(Instant::now() + STOP_MAX);
    }

    fn on_exit(&mut self, exit: NodeExit) {
        let code = exit.status.as_ref().ok().and_then(|status| status.code());
        if code == Some(Exit::Done as i32) {
            return;
        }
        if code == Some(Exit::InFlight as i32) {
            self.conduct = self.conduct.max(Conduct::InFlight);
        } else {
            self.conduct = Conduct::Failed;
        }
        terminal::complain(&obituary(&exit, self.give_up.is_none()));
        self.canvas = Canvas::default();
        if self.give_up.is_none() {
            self.stop_all();
        }
    }

    /// Reads what has been logged, and shows it.
    fn look(&mut self) {
        self.progress.update();
        if self.began.is_none() && self.progress.all_have_begun() {
            self.began = Some(Instant::now());
            self.say_at = Some(Instant::now() + SAY_EVERY);
        }
        if self.began.is_none() {
            return;
        }
        let summary = self.progress.summary();
        let frame = Frame { summary: &summary, duration: self.plan.duration() };
        match self.width {
            Some(width) => self.canvas.draw(&frame.lines(width)),
            None if self.say_at.is_some_and(|at| at <= Instant::now()) => {
                terminal::progress(&frame.short());
                self.say_at = Some(Instant::now() + SAY_EVERY);
            }
            None => {}
        }
    }
}

fn on_not_kept(complaint: Complaint) -> Conduct {
    terminal::complain(&complaint.message);
    Conduct::Failed
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

/// Judges the logs, prints the conclusion and keeps it beside them.
fn conclude(folder: &RunFolder, conduct: Conduct) -> Result<Exit, Complaint> {
    let logs = Folder::open(&folder.path).map_err(|error| Complaint::failed(error.to_string()))?;
    let (analysis, _) = Analysis::read(&logs);
    let verdict = judge(&logs);
    let program = Program::as_started();
    terminal::progress("");
    terminal::result(&conclusion(
        &analysis.summary,
        &verdict,
        &folder.path,
        folder.is_latest,
        &program,
    ));
    // What was found is told first: it may be that there is no space to keep it.
    let kept = folder
        .write_json("check.json", &verdict)
        .and_then(|()| folder.write_json("summary.json", &analysis.document()));
    let conduct = kept.map_or_else(on_not_kept, |()| conduct);
    Ok(match (exit_of(&verdict), conduct) {
        (Exit::Violated, _) => Exit::Violated,
        (_, Conduct::Failed) => Exit::Failed,
        (_, Conduct::InFlight) => Exit::InFlight,
        (exit, Conduct::Good) => exit,
    })
}
