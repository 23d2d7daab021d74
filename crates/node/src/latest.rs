//! The latest of what one task tells another: what is told replaces what was not heard yet.
//!
//! As tokio's `watch` is, for one that listens: `watch` looks through eight lists of them
//! whenever something is told.

use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

#[derive(Debug)]
struct Board<T> {
    latest: T,
    is_news: bool,
    is_final: bool,
    waiting: Option<Waker>,
}

/// Tells. What was told last is heard even if this is dropped.
#[derive(Debug)]
pub(crate) struct Teller<T>(Arc<Mutex<Board<T>>>);

/// Hears.
#[derive(Debug)]
pub(crate) struct Hearer<T>(Arc<Mutex<Board<T>>>);

/// Both ends; `latest` is no news.
pub(crate) fn starting_with<T>(latest: T) -> (Teller<T>, Hearer<T>) {
    let board = Board { latest, is_news: false, is_final: false, waiting: None };
    let board = Arc::new(Mutex::new(board));
    (Teller(board.clone()), Hearer(board))
}

impl<T> Teller<T> {
    /// Changes what is told, which is news.
    pub(crate) fn tell(&self, change: impl FnOnce(&mut T)) {
        let mut board = lock(&self.0);
        change(&mut board.latest);
        board.is_news = true;
        wake(board);
    }
}

impl<T> Drop for Teller<T> {
    fn drop(&mut self) {
        let mut board = lock(&self.0);
        board.is_final = true;
        wake(board);
    }
}

impl<T: Clone> Hearer<T> {
    /// Waits for news. None if no more will come. Cancelling it loses nothing.
    pub(crate) async fn hear(&mut self) -> Option<T> {
        poll_fn(|context| self.poll(context)).await
    }

    fn poll(&mut self, context: &Context<'_>) -> Poll<Option<T>> {
        let mut board = lock(&self.0);
        if board.is_news {
            board.is_news = false;
            return Poll::Ready(Some(board.latest.clone()));
        }
        if board.is_final {
            return Poll::Ready(None);
        }
        match &mut board.waiting {
            Some(waiting) => waiting.clone_from(context.waker()),
            nobody => *nobody = Some(context.waker().clone()),
        }
        Poll::Pending
    }

    /// What it would hear without waiting.
    #[cfg(test)]
    pub(crate) fn try_hear(&mut self) -> Option<T> {
        match self.poll(&Context::from_waker(Waker::noop())) {
            Poll::Ready(news) => news,
            Poll::Pending => None,
        }
    }
}

/// Nothing is left half done where a panic could be.
fn lock<T>(board: &Mutex<Board<T>>) -> MutexGuard<'_, Board<T>> {
    board.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whoever waits is woken when the board is free.
fn wake<T>(mut board: MutexGuard<'_, Board<T>>) {
    let waiting = board.waiting.take();
    drop(board);
    if let Some(waiting) = waiting {
        waiting.wake();
    }
}

#[cfg(test)]
mod tests {
    use tokio::join;
    use tokio::task::yield_now;

    use super::*;

    #[tokio::test]
    async fn the_latest_is_heard_once_and_the_last_even_after_the_end() {
        let (teller, mut hearer) = starting_with(0);
        assert_eq!(hearer.try_hear(), None, "what it starts with is no news");
        for told in 1..=3 {
            teller.tell(|number| *number = told);
        }
        assert_eq!(hearer.hear().await, Some(3));
        assert_eq!(hearer.try_hear(), None);
        teller.tell(|number| *number += 1);
        drop(teller);
        assert_eq!(hearer.hear().await, Some(4));
        assert_eq!(hearer.hear().await, None);
    }

    #[tokio::test]
    async fn whoever_waits_is_woken_by_news_and_by_the_end() {
        let (teller, mut hearer) = starting_with(0);
        let tell = async {
            yield_now().await;
            teller.tell(|number| *number = 1);
            yield_now().await;
            drop(teller);
        };
        let hear = async { (hearer.hear().await, hearer.hear().await) };
        assert_eq!(join!(hear, tell).0, (Some(1), None));
    }
}
