//! Work on many items side by side, with the results in the order of the items.
//!
//! ```text
//!   produce ──▶ item 5 ──▶ work  (rayon's threads) ──▶ result 3 ─┐
//!   (a thread   item 4 ──▶ work                                  ├─▶ take: 1, 2, 3, … (the thread that called)
//!    of its own)                                       result 2 ─┘
//!   at most `ahead` items between produce and take
//! ```
//!
//! Nobody waits for the slowest item of a batch: as soon as a result is taken, the next item is made. rayon's own ways
//! from an iterator to its threads keep either the order or a bound on what is held, not both.

use rayon::Yield;
use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::thread;

/// What became of a call; an error holds its panic.
type Outcome<T> = Result<T, Box<dyn Any + Send>>;

/// What the thread that takes the results learns.
enum Event<I, O> {
    /// The next item, or that there is none.
    Made(Outcome<Option<I>>),
    /// The result of an item, by its number.
    Done(u64, Outcome<O>),
}

/// Makes items one after the other, works on several of them at a time, and hands over the results in the order of the
/// items, on the calling thread. Ends when `produce` has no more, or when `take` fails.
///
/// At most `ahead` items (at least one) are held: made, worked on, or waiting for an earlier one.
///
/// # Errors
/// Those of `take`.
///
/// # Panics
/// When `produce` or `work` panics.
pub fn in_order<I: Send, O: Send, E>(
    ahead: usize,
    mut produce: impl FnMut() -> Option<I> + Send,
    work: impl Fn(I) -> O + Sync,
    mut take: impl FnMut(O) -> Result<(), E>,
) -> Result<(), E> {
    let (permits, permitted) = channel::<()>();
    let (told, events) = channel::<Event<I, O>>();
    let work = &work;
    thread::scope(|threads| {
        let made = told.clone();
        threads.spawn(move || {
            for () in permitted {
                let item = catch_unwind(AssertUnwindSafe(&mut produce));
                let is_last = !matches!(item, Ok(Some(_)));
                // Nobody listens any more: the others stopped.
                if made.send(Event::Made(item)).is_err() || is_last {
                    break;
                }
            }
        });
        rayon::in_place_scope(|tasks| {
            // Gone with this closure, so that the other thread ends, however this one does.
            let permits = permits;
            // A thread that has ended needs no permit.
            let permit = || permits.send(()).unwrap_or_default();
            (0..ahead.max(1)).for_each(|_| permit());
            let (mut begun, mut taken, mut is_all) = (0, 0, false);
            let mut waiting: BTreeMap<u64, O> = BTreeMap::new();
            while !(is_all && taken == begun) {
                match receive(&events) {
                    Event::Made(item) => match item.unwrap_or_else(|panic| resume_unwind(panic)) {
                        None => is_all = true,
                        Some(item) => {
                            let (number, done) = (begun, told.clone());
                            begun += 1;
                            tasks.spawn(move |_| {
                                let result = catch_unwind(AssertUnwindSafe(|| work(item)));
                                // Nobody listens any more: a result before this one was the last to be taken.
                                done.send(Event::Done(number, result)).unwrap_or_default();
                            });
                        }
                    },
                    Event::Done(number, result) => {
                        waiting.insert(number, result.unwrap_or_else(|panic| resume_unwind(panic)));
                        while let Some(result) = waiting.remove(&taken) {
                            taken += 1;
                            take(result)?;
                            permit();
                        }
                    }
                }
            }
            Ok(())
        })
    })
}

/// The next event. A thread of rayon's own does not block while it waits: others may wait for what it could do.
fn receive<T>(events: &Receiver<T>) -> T {
    loop {
        match events.try_recv() {
            Ok(event) => return event,
            Err(TryRecvError::Disconnected) => unreachable!("the caller keeps a sender"),
            Err(TryRecvError::Empty) => {}
        }
        match rayon::yield_now() {
            None => return events.recv().expect("the caller keeps a sender"),
            Some(Yield::Executed) => {}
            Some(Yield::Idle) => thread::yield_now(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::in_order;
    use proptest::prelude::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;
    use std::time::Duration;

    fn squares(items: usize, ahead: usize, stop_after: usize) -> (Vec<usize>, usize) {
        let (held, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let mut items = 0..items;
        let mut taken = Vec::new();
        let ended = in_order(
            ahead,
            || {
                let item = items.next()?;
                most.fetch_max(held.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                Some(item)
            },
            |item| {
                thread::sleep(Duration::from_micros((item * 7919 % 50) as u64));
                item * item
            },
            |result| {
                taken.push(result);
                held.fetch_sub(1, Ordering::SeqCst);
                if taken.len() == stop_after { Err("enough") } else { Ok(()) }
            },
        );
        assert_eq!(ended, if taken.len() == stop_after { Err("enough") } else { Ok(()) });
        (taken, most.into_inner())
    }

    proptest! {
        #[test]
        fn results_come_in_order_and_few_are_held(items in 0_usize..60, ahead in 0_usize..9, stop_after in 1_usize..80) {
            let (taken, most) = squares(items, ahead, stop_after);
            prop_assert_eq!(taken, (0..items.min(stop_after)).map(|item| item * item).collect::<Vec<_>>());
            prop_assert!(most <= ahead.max(1));
        }
    }

    #[test]
    fn one_thread_that_is_also_the_caller_is_enough() {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        let nested = pool.install(|| squares(20, 3, usize::MAX).0);
        assert_eq!(nested.len(), 20);
    }

    #[test]
    fn a_panic_reaches_the_caller() {
        for fails in [0, 3] {
            let work = move |item: usize| assert_ne!(item, fails, "broken");
            let caught = std::panic::catch_unwind(|| {
                let mut items = 0..9;
                in_order(2, || items.next(), work, |()| Ok::<(), ()>(()))
            });
            assert!(caught.is_err());
            let caught = std::panic::catch_unwind(|| {
                let mut items = 0..9;
                let produce = || items.next().inspect(|item| assert_ne!(*item, fails, "broken"));
                in_order(2, produce, |_| (), |()| Ok::<(), ()>(()))
            });
            assert!(caught.is_err());
        }
    }
}
