//! What tasks tell another, kept until that hears it: what is told meanwhile is added to it,
//! or replaces it.
//!
//! As a channel is for values that grow or change, and for one that hears several kinds of
//! them at once: it does so by one lock, and touches little memory, all of which is cold when
//! a machine wakes.

use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

#[derive(Debug, Default)]
struct Board<T> {
    told: T,
    /// Nobody tells any more.
    is_final: bool,
    /// Nobody hears any more.
    is_abandoned: bool,
    hearer: Option<Waker>,
    /// Those who wait for room.
    tellers: Vec<Waker>,
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
    /// What is told and not heard yet.
    pub(crate) fn look<R>(&self, at: impl FnOnce(&T) -> R) -> R {
        at(&lock(&self.0).told)
    }

    /// Changes what is told.
    pub(crate) fn tell<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let mut board = lock(&self.0);
        let result = change(&mut board.told);
        wake_hearer(board);
        result
    }

    /// Changes what is told once there is room, of which the change itself tells: whether it
    /// was made. If nobody hears any more, nobody needs it.
    pub(crate) async fn tell_when(&self, mut change: impl FnMut(&mut T) -> bool) {
        poll_fn(|context| self.poll(&mut change, context)).await;
    }

    fn poll(&self, change: &mut impl FnMut(&mut T) -> bool, context: &Context<'_>) -> Poll<()> {
        let mut board = lock(&self.0);
        if !board.is_abandoned && !change(&mut board.told) {
            if !board.tellers.iter().any(|teller| teller.will_wake(context.waker())) {
                board.tellers.push(context.waker().clone());
            }
            return Poll::Pending;
        }
        wake_hearer(board);
        Poll::Ready(())
    }
}

impl<T> Drop for Teller<T> {
    fn drop(&mut self) {
        let mut board = lock(&self.0);
        board.is_final = true;
        wake_hearer(board);
    }
}

impl<T> Hearer<T> {
    /// Waits until `take` takes news off the board. None if no more will come. Cancelling it
    /// loses nothing.
    pub(crate) async fn hear<N>(&self, mut take: impl FnMut(&mut T) -> Option<N>) -> Option<N> {
        poll_fn(|context| self.poll(&mut take, context)).await
    }

    fn poll<N>(
        &self,
        take: &mut impl FnMut(&mut T) -> Option<N>,
        context: &Context<'_>,
    ) -> Poll<Option<N>> {
        let mut board = lock(&self.0);
        if let Some(news) = take(&mut board.told) {
            board.tellers.drain(..).for_each(Waker::wake);
            return Poll::Ready(Some(news));
        }
        if board.is_final {
            return Poll::Ready(None);
        }
        match &mut board.hearer {
            Some(hearer) => hearer.clone_from(context.waker()),
            nobody => *nobody = Some(context.waker().clone()),
        }
        Poll::Pending
    }

    /// What it would hear without waiting.
    #[cfg(test)]
    pub(crate) fn try_hear<N>(&self, mut take: impl FnMut(&mut T) -> Option<N>) -> Option<N> {
        match self.poll(&mut take, &Context::from_waker(Waker::noop())) {
            Poll::Ready(news) => news,
            Poll::Pending => None,
        }
    }
}

impl<T> Drop for Hearer<T> {
    fn drop(&mut self) {
        let mut board = lock(&self.0);
        board.is_abandoned = true;
        board.tellers.drain(..).for_each(Waker::wake);
    }
}

/// Nothing is left half done where a panic could be.
fn lock<T>(board: &Mutex<Board<T>>) -> MutexGuard<'_, Board<T>> {
    board.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whoever hears is woken when the board is free.
fn wake_hearer<T>(mut board: MutexGuard<'_, Board<T>>) {
    let hearer = board.hearer.take();
    drop(board);
    if let Some(hearer) = hearer {
        hearer.wake();
    }
}

#[cfg(test)]
mod tests {
    use std::mem;
    use std::time::Duration;

    use tokio::join;
    use tokio::task::yield_now;
    use tokio::time::timeout;

    use super::*;

    /// All there is, if there is any.
    fn all(numbers: &mut Vec<u32>) -> Option<Vec<u32>> {
        (!numbers.is_empty()).then(|| mem::take(numbers))
    }

    /// The first.
    fn one(numbers: &mut Vec<u32>) -> Option<u32> {
        (!numbers.is_empty()).then(|| numbers.remove(0))
    }

    #[tokio::test]
    async fn all_that_was_told_is_heard_once_and_the_last_even_after_the_end() {
        let (teller, hearer) = board();
        assert_eq!(hearer.try_hear(all), None, "nothing was told");
        for told in 1..=3 {
            teller.tell(|numbers: &mut Vec<u32>| numbers.push(told));
        }
        assert_eq!(teller.look(Vec::len), 3);
        assert_eq!(hearer.hear(one).await, Some(1));
        assert_eq!(hearer.hear(all).await.unwrap(), [2, 3]);
        assert_eq!(teller.look(Vec::len), 0);
        assert_eq!(hearer.try_hear(all), None);
        teller.tell(|numbers| numbers.push(4));
        drop(teller);
        assert_eq!(hearer.hear(all).await.unwrap(), [4]);
        assert_eq!(hearer.hear(all).await, None);
    }

    #[tokio::test]
    async fn who_hears_is_woken_by_news_and_by_the_end() {
        let (teller, hearer) = board::<Vec<u32>>();
        let tell = async {
            yield_now().await;
            teller.tell(|numbers| numbers.push(1));
            yield_now().await;
            teller
                .tell_when(|numbers| {
                    numbers.push(2);
                    true
                })
                .await;
            yield_now().await;
            drop(teller);
        };
        let hear =
            async { [hearer.hear(one).await, hearer.hear(one).await, hearer.hear(one).await] };
        assert_eq!(join!(hear, tell).0, [Some(1), Some(2), None]);
    }

    /// Pushes where nothing is, which is all the room there is.
    fn push(number: u32) -> impl FnMut(&mut Vec<u32>) -> bool {
        move |numbers| {
            let has_room = numbers.is_empty();
            if has_room {
                numbers.push(number);
            }
            has_room
        }
    }

    #[tokio::test]
    async fn all_who_wait_for_room_tell_in_the_end() {
        let (teller, hearer) = board();
        let hear = async {
            let mut heard = Vec::new();
            for _ in 0..3 {
                yield_now().await;
                heard.extend(hearer.hear(one).await);
            }
            heard.sort();
            heard
        };
        let told = [1, 2, 3].map(|number| teller.tell_when(push(number)));
        let [one, two, three] = told;
        assert_eq!(join!(hear, one, two, three).0, [1, 2, 3]);
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_for_room_waits_no_longer_than_somebody_hears() {
        let (teller, hearer) = board();
        teller.tell_when(push(1)).await;
        let second = Duration::from_secs(1);
        assert!(timeout(second, teller.tell_when(push(2))).await.is_err());
        let leave = async {
            yield_now().await;
            drop(hearer);
        };
        assert!(join!(timeout(second, teller.tell_when(push(2))), leave).0.is_ok());
        assert_eq!(teller.look(Vec::clone), [1]);
    }
}
