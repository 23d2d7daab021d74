//! What is shown of a live run while it lasts: a view on a terminal, a line now and
//! then without one, or nothing, where many runs go on side by side.

use std::time::Duration;

use tokio::time::Instant;

use crate::heading::heading;
use crate::hint::Program;
use crate::live::Frame;
use crate::plan::Plan;
use crate::terminal::{self, Canvas};

/// How often a line says how it goes where there is no terminal.
const SAY_EVERY: Duration = Duration::from_secs(10);

/// Whether a run shows itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Showing {
    Shown,
    /// Nothing is printed: complaints are kept for whoever asked for the run.
    Quiet,
}

/// What a run shows of itself.
#[derive(Debug)]
pub(crate) struct View {
    showing: Showing,
    canvas: Canvas,
    width: Option<usize>,
    /// When the next line is due where there is no terminal.
    say_at: Option<Instant>,
    complaints: Vec<String>,
}

impl View {
    pub(crate) fn new(showing: Showing) -> Self {
        let width = Canvas::width();
        Self { showing, canvas: Canvas::default(), width, say_at: None, complaints: Vec::new() }
    }

    /// Says what runs, and what is to befall it.
    pub(crate) fn announce(&self, plan: &Plan) {
        if self.showing == Showing::Shown {
            terminal::progress(&announcement(plan));
        }
    }

    /// All machines have begun.
    pub(crate) fn begin(&mut self) {
        self.say_at = Some(Instant::now() + SAY_EVERY);
    }

    /// Whether a frame that is drawn now would be seen.
    pub(crate) fn is_due(&self) -> bool {
        let say_now = || self.say_at.is_some_and(|at| at <= Instant::now());
        self.showing == Showing::Shown && (self.width.is_some() || say_now())
    }

    pub(crate) fn draw(&mut self, frame: &Frame<'_>) {
        match self.width {
            Some(width) => self.canvas.draw(&frame.lines(width)),
            None => {
                terminal::progress(&frame.short());
                self.say_at = Some(Instant::now() + SAY_EVERY);
            }
        }
    }

    /// Says that something is wrong; what was drawn stays above it.
    pub(crate) fn complain(&mut self, text: String) {
        match self.showing {
            Showing::Shown => terminal::complain(&text),
            Showing::Quiet => self.complaints.push(text),
        }
        self.canvas = Canvas::default();
    }

    /// What was complained of and not shown.
    pub(crate) fn into_complaints(self) -> Vec<String> {
        self.complaints
    }
}

fn announcement(plan: &Plan) -> String {
    let faults: Vec<_> = plan.faults.iter().map(ToString::to_string).collect();
    let virtually = Program::as_started().virtually(&format!("--seed {}", plan.manifest.seed));
    let Plan { manifest, rates_were_drawn, host, ports, .. } = plan;
    let mut text = heading(manifest, *rates_were_drawn, host, ports, &virtually);
    if !faults.is_empty() {
        text.push_str(&format!("Faults: {}.\n", faults.join(", ")));
    }
    text
}
