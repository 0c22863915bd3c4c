//! The threads that decide: a fixed number, with a bounded queue before them; what waits longest goes first.
//!
//! They are more than the cores: most of them wait for a pass of the encoder, which shares the cores among
//! them ([`crate::encoder::Batching`]).
//!
//! Work that nobody waits for any more, or whose deadline has passed, is dropped when it is
//! taken from the queue. A panic in a piece of work is an error of that piece alone.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use tokio::sync::oneshot;

use crate::{Error, Result};

/// Shortest time after which a refused caller may try again.
const MIN_RETRY: Duration = Duration::from_millis(50);

type Job = Box<dyn FnOnce(Fate) + Send>;

/// What becomes of a job when a thread takes it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Run,
    Stopping,
}

/// A fixed number of threads and the queue before them.
///
/// Dropping the pool lets the threads finish what they are at, refuses what waits, and ends them.
pub struct Workers {
    shared: Arc<Shared>,
    threads: Vec<thread::JoinHandle<()>>,
}

struct Shared {
    state: Mutex<State>,
    work_waits: Condvar,
    max_waiting: usize,
    num_threads: usize,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Job>,
    stopping: bool,
    /// Moving average of the time that one job takes.
    mean_job: Duration,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Jobs run outside the lock, so a poisoned one still holds a whole state.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Workers {
    /// Starts `num_threads` threads with room for `max_waiting` jobs before them.
    ///
    /// # Errors
    /// [`Error::Internal`] when the system refuses a thread.
    pub fn start(num_threads: usize, max_waiting: usize) -> Result<Self> {
        let num_threads = num_threads.max(1);
        let shared = Arc::new(Shared {
            state: Mutex::default(),
            work_waits: Condvar::new(),
            max_waiting: max_waiting.max(1),
            num_threads,
        });
        let mut threads = Vec::with_capacity(num_threads);
        for number in 0..num_threads {
            let shared = Arc::clone(&shared);
            let thread = thread::Builder::new().name(format!("frontdesk-worker-{number}"));
            let handle = thread
                .spawn(move || work(&shared))
                .map_err(|error| Error::Internal(format!("a worker thread could not be started: {error}")))?;
            threads.push(handle);
        }
        Ok(Self { shared, threads })
    }

    /// Number of threads.
    pub fn num_threads(&self) -> usize {
        self.shared.num_threads
    }

    /// Runs work on a thread of the pool and waits for it; gives also how long it waited.
    ///
    /// # Errors
    /// [`Error::Overloaded`] when the queue is full, [`Error::DeadlineExceeded`] when `deadline`
    /// passed before a thread was free, [`Error::Stopping`], [`Error::Internal`] on a panic, and
    /// whatever the work gives.
    pub async fn run<T: Send + 'static>(
        &self,
        deadline: Option<Instant>,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<(T, Duration)> {
        let (sender, receiver) = oneshot::channel();
        let queued = Instant::now();
        self.push(Box::new(move |fate| {
            let waited = queued.elapsed();
            if sender.is_closed() {
                return;
            }
            let outcome = if fate == Fate::Stopping {
                Err(Error::Stopping)
            } else if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                Err(Error::DeadlineExceeded)
            } else {
                catch_unwind(AssertUnwindSafe(work))
                    .unwrap_or_else(|_| Err(Error::Internal("a worker panicked".into())))
            };
            // The caller may have gone meanwhile; then nobody misses the outcome.
            let _ = sender.send(outcome.map(|value| (value, waited)));
        }))?;
        receiver.await.map_err(|_| Error::Stopping)?
    }

    fn push(&self, job: Job) -> Result<()> {
        let mut state = self.shared.lock();
        if state.stopping {
            return Err(Error::Stopping);
        }
        if state.waiting.len() >= self.shared.max_waiting {
            let waiting = u32::try_from(state.waiting.len() / self.shared.num_threads).unwrap_or(u32::MAX);
            // By then half of the queue will have been worked off.
            let retry_after = state.mean_job.saturating_mul(waiting) / 2;
            return Err(Error::Overloaded { retry_after: retry_after.max(MIN_RETRY) });
        }
        state.waiting.push_back(job);
        drop(state);
        self.shared.work_waits.notify_one();
        Ok(())
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        let refused = {
            let mut state = self.shared.lock();
            state.stopping = true;
            std::mem::take(&mut state.waiting)
        };
        self.shared.work_waits.notify_all();
        refused.into_iter().for_each(|job| job(Fate::Stopping));
        for thread in self.threads.drain(..) {
            // A worker catches the panics of its jobs; one that dies all the same is only missed.
            let _ = thread.join();
        }
    }
}

/// What a worker thread does until the pool stops.
fn work(shared: &Shared) {
    let mut state = shared.lock();
    loop {
        if let Some(job) = state.waiting.pop_front() {
            drop(state);
            let started = Instant::now();
            job(Fate::Run);
            let took = started.elapsed();
            state = shared.lock();
            state.mean_job = (state.mean_job * 7 + took) / 8;
        } else if state.stopping {
            return;
        } else {
            state = shared.work_waits.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// A pool of one thread that is busy until the sender is dropped.
    async fn busy_pool(max_waiting: usize) -> (Arc<Workers>, mpsc::Sender<()>) {
        let pool = Arc::new(Workers::start(1, max_waiting).expect("starts"));
        let (release, wait) = mpsc::channel::<()>();
        let (started, is_started) = oneshot::channel();
        let busy = Arc::clone(&pool);
        tokio::spawn(async move {
            busy.run(None, move || {
                let _ = started.send(());
                let _ = wait.recv();
                Ok(())
            })
            .await
        });
        is_started.await.expect("the first job runs");
        (pool, release)
    }

    #[tokio::test]
    async fn work_gives_its_result() {
        let pool = Workers::start(2, 4).expect("starts");
        assert_eq!(pool.run(None, || Ok(42)).await.expect("runs").0, 42);
    }

    #[tokio::test]
    async fn a_panic_is_an_error_of_its_own_job() {
        let pool = Workers::start(1, 4).expect("starts");
        let panicked = pool.run(None, || -> Result<()> { panic!("on purpose") }).await;
        assert!(matches!(panicked, Err(Error::Internal(_))));
        assert_eq!(pool.run(None, || Ok(1)).await.expect("runs").0, 1);
    }

    #[tokio::test]
    async fn a_full_queue_refuses_with_a_delay() {
        let (pool, release) = busy_pool(1).await;
        let waiting = Arc::clone(&pool);
        let second = tokio::spawn(async move { waiting.run(None, || Ok(2)).await });
        while pool.shared.lock().waiting.is_empty() {
            tokio::task::yield_now().await;
        }
        let refused = pool.run(None, || Ok(3)).await;
        assert!(matches!(refused, Err(Error::Overloaded { retry_after }) if retry_after >= MIN_RETRY));
        drop(release);
        assert_eq!(second.await.expect("joins").expect("runs").0, 2);
    }

    #[tokio::test]
    async fn expired_and_abandoned_work_is_not_done() {
        let (pool, release) = busy_pool(4).await;
        let expired = pool.run(Some(Instant::now()), || -> Result<()> { panic!("must not run") });
        let abandoned = tokio::time::timeout(
            Duration::from_millis(10),
            pool.run(None, || -> Result<()> { panic!("must not run") }),
        )
        .await;
        assert!(abandoned.is_err());
        drop(release);
        assert!(matches!(expired.await, Err(Error::DeadlineExceeded)));
        assert_eq!(pool.run(None, || Ok(1)).await.expect("runs").0, 1);
    }

    #[tokio::test]
    async fn stopping_refuses_what_waits() {
        let (pool, release) = busy_pool(4).await;
        let waiting = Arc::clone(&pool);
        let second = tokio::spawn(async move { waiting.run(None, || Ok(2)).await });
        while pool.shared.lock().waiting.is_empty() {
            tokio::task::yield_now().await;
        }
        let refused = {
            let mut state = pool.shared.lock();
            state.stopping = true;
            std::mem::take(&mut state.waiting)
        };
        refused.into_iter().for_each(|job| job(Fate::Stopping));
        assert!(matches!(second.await.expect("joins"), Err(Error::Stopping)));
        drop(release);
    }
}
