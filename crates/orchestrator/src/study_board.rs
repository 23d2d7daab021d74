//! How far the live runs of a study are: what goes on, and for how long still.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use crate::heading::bar;
use crate::terminal::{self, Canvas};

/// How often the progress is drawn on a terminal.
const DRAW_EVERY: Duration = Duration::from_millis(200);

/// How often a line says how it goes where there is no terminal.
const SAY_EVERY: Duration = Duration::from_secs(10);

/// Which runs go on.
#[derive(Debug)]
pub(crate) struct Board {
    runs: usize,
    /// How long all runs last together.
    seconds: f64,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    begun: usize,
    done: usize,
    /// How long those that have ended lasted together.
    seconds_done: f64,
    /// When each that goes on began, and how long it lasts.
    under_way: BTreeMap<usize, (Instant, f64)>,
}

impl Board {
    /// So many runs, which last so many seconds together.
    pub(crate) fn new(runs: usize, seconds: f64) -> Self {
        Self { runs, seconds, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A run of so many seconds begins; gives its place.
    pub(crate) fn begin(&self, seconds: f64) -> usize {
        let mut state = self.state();
        state.begun += 1;
        let place = state.begun;
        state.under_way.insert(place, (Instant::now(), seconds));
        place
    }

    /// The run of this place has ended.
    pub(crate) fn end(&self, place: usize) {
        let mut state = self.state();
        state.done += 1;
        state.seconds_done += state.under_way.remove(&place).map_or(0.0, |(_, seconds)| seconds);
    }

    /// The share that is done, by time, and the same in words.
    fn progress(&self) -> (f64, String) {
        let state = self.state();
        let elapsed =
            |(began, seconds): &(Instant, f64)| began.elapsed().as_secs_f64().min(*seconds);
        let rest = |run: &(Instant, f64)| run.1 - elapsed(run);
        let done = state.seconds_done + state.under_way.values().map(elapsed).sum::<f64>();
        let at_once = state.under_way.len();
        let longest = state.under_way.values().map(rest).fold(0.0, f64::max);
        let left = longest.max((self.seconds - done) / at_once.max(1) as f64).ceil();
        let words = format!(
            "{} of {} runs done, {at_once} under way; about {left} s left",
            state.done, self.runs
        );
        (done / self.seconds.max(f64::MIN_POSITIVE), words)
    }
}

/// Shows how far the runs are, for as long as it is polled.
pub(crate) async fn show_progress(
    board: &Board,
    stop: &CancellationToken,
    canvas: &mut Canvas,
) -> Infallible {
    let width = Canvas::width();
    let every = if width.is_some() { DRAW_EVERY } else { SAY_EVERY };
    loop {
        tokio::time::sleep(every).await;
        let (share, words) = board.progress();
        let words = if stop.is_cancelled() { "stopping the nodes".to_owned() } else { words };
        match width {
            Some(width) => {
                let line = format!("  {}  {words}", bar(share));
                canvas.draw(&[line.chars().take(width).collect()]);
            }
            None => terminal::progress(&words),
        }
    }
}
