//! What one task tells another, kept until that hears it: more may be told meanwhile, which
//! adds to it or replaces it.
//!
//! As a channel is for a value that grows or changes, where a channel keeps each apart.

use std::future::poll_fn;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

#[derive(Debug, Default)]
struct Board<T> {
    told: T,
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

/// Both ends. Nothing is told yet.
pub(crate) fn board<T: Default>() -> (Teller<T>, Hearer<T>) {
    let board = Arc::new(Mutex::new(Board::default()));
    (Teller(board.clone()), Hearer(board))
}

impl<T> Teller<T> {
    /// Adds to what is told, or replaces it.
    pub(crate) fn tell<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let mut board = lock(&self.0);
        let result = change(&mut board.told);
        board.is_news = true;
        wake(board);
        result
    }

    /// Whether something is told that is not heard yet.
    pub(crate) fn is_unheard(&self) -> bool {
        lock(&self.0).is_news
    }
}

impl<T> Drop for Teller<T> {
    fn drop(&mut self) {
        let mut board = lock(&self.0);
        board.is_final = true;
        wake(board);
    }
}

impl<T: Default> Hearer<T> {
    /// Waits for news, and takes it off the board. None if no more will come. Cancelling it
    /// loses nothing.
    pub(crate) async fn hear(&mut self) -> Option<T> {
        poll_fn(|context| self.poll(context)).await
    }

    fn poll(&mut self, context: &Context<'_>) -> Poll<Option<T>> {
        let mut board = lock(&self.0);
        if mem::take(&mut board.is_news) {
            return Poll::Ready(Some(mem::take(&mut board.told)));
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
    async fn all_that_was_told_is_heard_once_and_the_last_even_after_the_end() {
        let (teller, mut hearer) = board::<Vec<u8>>();
        assert_eq!(hearer.try_hear(), None, "nothing was told");
        for told in 1..=3 {
            assert_eq!(teller.is_unheard(), told > 1);
            teller.tell(|numbers| numbers.push(told));
        }
        assert_eq!(hearer.hear().await.unwrap(), [1, 2, 3]);
        assert!(!teller.is_unheard());
        assert_eq!(hearer.try_hear(), None);
        teller.tell(|numbers| numbers.push(4));
        drop(teller);
        assert_eq!(hearer.hear().await.unwrap(), [4]);
        assert_eq!(hearer.hear().await, None);
    }

    #[tokio::test]
    async fn whoever_waits_is_woken_by_news_and_by_the_end() {
        let (teller, mut hearer) = board();
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
