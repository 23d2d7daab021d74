//! Many runs side by side on all cores.

use std::iter;
use std::mem;
use std::num::NonZero;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use crate::heading::progress_bar;
use crate::terminal::{self, Canvas};

/// How often the progress is shown on a terminal.
const DRAW_EVERY: Duration = Duration::from_millis(200);

/// How often it is looked whether all is done.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// How often a line says how it goes where there is no terminal.
const SAY_EVERY: Duration = Duration::from_secs(10);

/// What is said once it is told to stop.
const STOPPING: &str = "Stopping when the runs under way are done; told again, at once.";

/// How many cores to use: those that were asked for, or all.
pub(crate) fn cores(asked: Option<u16>) -> u64 {
    asked.map_or_else(|| thread::available_parallelism().map_or(1, NonZero::get) as u64, u64::from)
}

/// Does `step` for each number below `count`, each core one after another into a sum
/// of its own, and shows the progress. Told to stop it begins nothing more, so that what is
/// done are the first numbers. Gives the sums, in no order.
pub(crate) fn side_by_side<T: Default + Send>(
    count: u64,
    cores: u64,
    stop: &CancellationToken,
    step: impl Fn(&mut T, u64) + Sync,
) -> Vec<T> {
    let next = AtomicU64::new(0);
    let done = AtomicU64::new(0);
    let is_over = AtomicBool::new(false);
    let work = || {
        let mut mine = T::default();
        while !stop.is_cancelled()
            && let index = next.fetch_add(1, Ordering::Relaxed)
            && index < count
        {
            step(&mut mine, index);
            done.fetch_add(1, Ordering::Relaxed);
        }
        mine
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..cores.min(count)).map(|_| scope.spawn(work)).collect();
        let progress = scope.spawn(|| show_progress(&done, count, stop, &is_over));
        let results: Vec<_> = workers.into_iter().map(thread::ScopedJoinHandle::join).collect();
        is_over.store(true, Ordering::Relaxed);
        progress.thread().unpark();
        let sums = results.into_iter().map(|result| match result {
            Ok(sum) => sum,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        sums.collect()
    })
}

fn show_progress(done: &AtomicU64, count: u64, stop: &CancellationToken, is_over: &AtomicBool) {
    let width = Canvas::width();
    let mut canvas = Canvas::default();
    let mut said = Instant::now();
    let mut is_stopping = false;
    while !is_over.load(Ordering::Relaxed) {
        // Whoever finishes wakes it, and does not wait for it.
        thread::park_timeout(LOOK_EVERY);
        let done = done.load(Ordering::Relaxed);
        let is_news = !mem::replace(&mut is_stopping, stop.is_cancelled()) && is_stopping;
        match width {
            Some(width) if is_news || said.elapsed() >= DRAW_EVERY => {
                said = Instant::now();
                let bar = progress_bar(done, count, "runs");
                let lines = iter::once(&*bar).chain(is_stopping.then_some(STOPPING));
                let lines: Vec<_> = lines.map(|line| line.chars().take(width).collect()).collect();
                canvas.draw(&lines);
            }
            None if is_news => terminal::progress(STOPPING),
            None if said.elapsed() >= SAY_EVERY => {
                said = Instant::now();
                terminal::progress(&format!("{done} of {count} runs"));
            }
            _ => {}
        }
    }
    if width.is_some() {
        canvas.draw(&[]);
    }
}
