//! What tasks tell another, kept until that hears it: what is told meanwhile is added to it,
//! or replaces it.
//!
//! A channel keeps what is told apart, and who hears several has to look at each. One board
//! is one lock and little memory, which counts where all is cold: when a machine wakes.

use std::future::poll_fn;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use tokio::task::yield_now;

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

/// Hears. What it did not hear is gone with it.
#[derive(Debug)]
pub(crate) struct Hearer<T: Default>(Arc<Mutex<Board<T>>>);

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
        let mut has_waited = false;
        poll_fn(|context| {
            let told = self.poll(&mut change, context);
            has_waited |= told.is_pending();
            told
        })
        .await;
        // Whoever waited as well is to come first, before this one tells more.
        if has_waited {
            yield_now().await;
        }
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

impl<T: Default> Hearer<T> {
    /// Waits until `take` takes news off the board. None if no more will come. Cancelling it
    /// loses nothing.
    pub(crate) async fn hear<N>(&mut self, mut take: impl FnMut(&mut T) -> Option<N>) -> Option<N> {
        poll_fn(|context| self.poll(&mut take, context)).await
    }

    fn poll<N>(
        &mut self,
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
    pub(crate) fn try_hear<N>(&mut self, mut take: impl FnMut(&mut T) -> Option<N>) -> Option<N> {
        match self.poll(&mut take, &Context::from_waker(Waker::noop())) {
            Poll::Ready(news) => news,
            Poll::Pending => None,
        }
    }
}

impl<T: Default> Drop for Hearer<T> {
    fn drop(&mut self) {
        let mut board = lock(&self.0);
        board.is_abandoned = true;
        board.tellers.drain(..).for_each(Waker::wake);
        let unheard = mem::take(&mut board.told);
        // It may hold other boards.
        drop(board);
        drop(unheard);
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
    use std::time::Duration;

    use tokio::spawn;
    use tokio::time::{sleep, timeout};

    use super::*;

    fn second() -> Duration {
        Duration::from_secs(1)
    }

    /// All there is, if there is any.
    fn all(numbers: &mut Vec<u32>) -> Option<Vec<u32>> {
        (!numbers.is_empty()).then(|| mem::take(numbers))
    }

    /// The first.
    fn one(numbers: &mut Vec<u32>) -> Option<u32> {
        (!numbers.is_empty()).then(|| numbers.remove(0))
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
    async fn all_that_was_told_is_heard_once_and_the_last_even_after_the_end() {
        let (teller, mut hearer) = board();
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

    /// A task of its own, as nothing wakes it but the board.
    #[tokio::test(start_paused = true)]
    async fn who_hears_is_woken_by_all_that_is_told_and_by_the_end() {
        let (teller, mut hearer) = board();
        let (heard_teller, mut heard) = board();
        spawn(async move {
            loop {
                let news = hearer.hear(one).await;
                heard_teller.tell(|heard| *heard = Some(news));
                if news.is_none() {
                    return;
                }
            }
        });
        sleep(second()).await;
        teller.tell(|numbers: &mut Vec<u32>| numbers.push(1));
        sleep(second()).await;
        assert_eq!(heard.try_hear(Option::take), Some(Some(1)));
        teller.tell_when(push(2)).await;
        sleep(second()).await;
        assert_eq!(heard.try_hear(Option::take), Some(Some(2)));
        drop(teller);
        sleep(second()).await;
        assert_eq!(heard.try_hear(Option::take), Some(None));
    }

    /// Tasks of their own, too: one has room, and as many come to have it as are heard.
    #[tokio::test(start_paused = true)]
    async fn all_who_wait_for_room_tell_in_turn_and_no_longer_than_somebody_hears() {
        let (teller, mut hearer) = board();
        let teller = Arc::new(teller);
        let tell = |number| {
            let teller = teller.clone();
            spawn(async move { teller.tell_when(push(number)).await })
        };
        let tasks = [1, 2, 3, 4, 5].map(tell);
        for number in 1..=3 {
            sleep(second()).await;
            assert_eq!(hearer.try_hear(one), Some(number));
            assert_eq!(hearer.try_hear(one), None);
        }
        sleep(second()).await;
        assert_eq!(tasks.iter().filter(|task| !task.is_finished()).count(), 1);
        drop(hearer);
        for task in tasks {
            timeout(second(), task).await.unwrap().unwrap();
        }
        assert_eq!(teller.look(Vec::len), 0, "who hears no more keeps nothing");
    }

    #[tokio::test(start_paused = true)]
    async fn who_always_has_more_to_tell_leaves_room_for_others() {
        let (teller, mut hearer) = board();
        let teller = Arc::new(teller);
        for number in 0..3 {
            let teller = teller.clone();
            spawn(async move {
                loop {
                    teller.tell_when(push(number)).await;
                }
            });
        }
        let mut heard = [0; 3];
        for _ in 0..300 {
            sleep(second()).await;
            heard[hearer.try_hear(one).unwrap() as usize] += 1;
        }
        assert!(heard.iter().all(|count| *count > 50), "{heard:?}");
    }
}
