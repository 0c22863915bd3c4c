//! The operations of a data folder: started, watched, cancelled, remembered.
//!
//! Every operation has a row in the store from its start. How far a running one is, is kept in
//! memory; the row is written again when it ends. So a stop of the program leaves rows of
//! operations that nobody runs; the next start ends them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{sync::watch, task::AbortHandle};

use super::{
    name::BaseName,
    operation::{
        Operation, OperationFailure, OperationFilter, OperationKind, OperationName, OperationProgress,
        Outcome, ReindexStep,
    },
    paging::PageRequest,
    requests::Page,
    store::{Begun, RequestKey, Store, now_ms},
};
use crate::{Error, Result};

/// How often the end of an operation is written again when the store fails.
const NUM_ATTEMPTS: u32 = 10;
/// How long to wait before the end of an operation is written again.
const ATTEMPT_DELAY: Duration = Duration::from_secs(3);

/// The operations of a data folder. Cheap to clone; clones share everything.
#[derive(Clone)]
pub(crate) struct Operations {
    store: Store,
    running: Arc<Mutex<HashMap<OperationName, Arc<Running>>>>,
    /// Held while an operation starts, so that two on one knowledge base do not start together.
    starting: Arc<tokio::sync::Mutex<()>>,
    /// Whether the program is about to end.
    stopping: Arc<watch::Sender<bool>>,
}

/// What an operation is started with.
pub(crate) struct NewOperation {
    /// What it does.
    pub(crate) kind: OperationKind,
    /// The knowledge base that it works on; it is alone there.
    pub(crate) base: BaseName,
    /// The caller's id of the request; empty for none.
    pub(crate) request_id: String,
    /// The request, so that repeating it gives the same operation.
    pub(crate) key: RequestKey,
}

/// An operation that runs.
struct Running {
    state: watch::Sender<Operation>,
    /// Set once its task is there.
    abort: Mutex<Option<AbortHandle>>,
}

/// Where work says how far it is and learns that it shall stop. Cheap to clone.
///
/// The default one is of work that nobody watches or stops.
#[derive(Clone, Default)]
pub(crate) struct Progress {
    running: Option<Arc<Running>>,
}

impl Progress {
    /// Says what the work is doing now.
    pub(crate) fn step(&self, step: ReindexStep) {
        self.change(|progress| progress.step = Some(step));
    }

    /// Says which generation is built.
    pub(crate) fn generation(&self, generation: u64) {
        self.change(|progress| progress.generation = generation);
    }

    /// Says that more articles are done.
    pub(crate) fn add_articles(&self, num_done: usize) {
        self.change(|progress| {
            progress.num_articles_done += num_done as u64;
            // Some were written after the total was counted.
            progress.num_articles_total = progress.num_articles_total.max(progress.num_articles_done);
        });
    }

    /// Whether somebody asked the work to stop.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.running.as_ref().is_some_and(|running| running.state.borrow().progress.cancel_requested)
    }

    /// Goes on unless somebody asked the work to stop.
    ///
    /// # Errors
    /// [`Error::Cancelled`].
    pub(crate) fn check(&self) -> Result<()> {
        match &self.running {
            Some(running) if self.is_cancelled() => {
                Err(Error::Cancelled { resource: running.state.borrow().name.to_string() })
            }
            _ => Ok(()),
        }
    }

    fn change(&self, change: impl FnOnce(&mut OperationProgress)) {
        if let Some(running) = &self.running {
            running.state.send_if_modified(|operation| {
                let runs = !operation.is_done();
                if runs {
                    change(&mut operation.progress);
                    operation.update_time_ms = now_ms();
                }
                runs
            });
        }
    }
}

impl Operations {
    /// The operations of a store; ends those that a stop of the program left running.
    pub(crate) async fn open(store: Store) -> Result<Self> {
        store.end_abandoned_operations().await?;
        Ok(Self {
            store,
            running: Arc::default(),
            starting: Arc::default(),
            stopping: Arc::new(watch::Sender::new(false)),
        })
    }

    /// Starts work on a knowledge base, or finds the operation that the same request started.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the knowledge base, or when the request's operation is forgotten;
    /// [`Error::Conflict`] while another operation works on it; [`Error::Stopping`].
    pub(crate) async fn start<F>(
        &self,
        new: NewOperation,
        work: impl FnOnce(Progress) -> F,
    ) -> Result<Operation>
    where
        F: Future<Output = Result<Outcome>> + Send + 'static,
    {
        let _starting = self.starting.lock().await;
        let mut write = match self.store.begin::<OperationName>(new.key).await? {
            Begun::Answered(name) => return self.get(&name).await,
            Begun::Write(write) => write,
        };
        if *self.stopping.borrow() {
            return Err(Error::Stopping);
        }
        let num_articles_total = write.base(&new.base).await?.base.num_articles;
        self.check_idle(&new.base)?;
        let now = now_ms();
        let operation = Operation {
            name: OperationName::new(),
            kind: new.kind,
            base: new.base,
            request_id: new.request_id,
            progress: OperationProgress { num_articles_total, ..OperationProgress::default() },
            create_time_ms: now,
            update_time_ms: now,
            end_time_ms: None,
            outcome: None,
        };
        write.insert_operation(&operation).await?;
        write.finish(&operation.name).await?;
        self.run(operation.clone(), work);
        Ok(operation)
    }

    /// Runs work on a task of its own and writes down how it ended.
    fn run<F>(&self, operation: Operation, work: impl FnOnce(Progress) -> F)
    where
        F: Future<Output = Result<Outcome>> + Send + 'static,
    {
        // Held until it is among the running ones, so that its end comes after.
        let mut running_ones = self.running_ones();
        let name = operation.name.clone();
        let state = watch::Sender::new(operation);
        let running = Arc::new(Running { state, abort: Mutex::new(None) });
        let task = tokio::spawn(work(Progress { running: Some(Arc::clone(&running)) }));
        *running.abort.lock().unwrap_or_else(PoisonError::into_inner) = Some(task.abort_handle());
        running_ones.insert(name, Arc::clone(&running));
        drop(running_ones);
        let operations = self.clone();
        tokio::spawn(async move {
            let ended = match task.await {
                Ok(ended) => ended,
                // The program ends; the next start says so in the store.
                Err(error) if error.is_cancelled() => return,
                Err(error) => Err(Error::Internal(format!("an operation broke off: {error}"))),
            };
            operations.end(&running, ended).await;
        });
    }

    async fn end(&self, running: &Running, ended: Result<Outcome>) {
        let mut operation = running.state.borrow().clone();
        let (name, base) = (operation.name.clone(), operation.base.clone());
        let kind = operation.kind.as_str();
        match &ended {
            Ok(_) => tracing::info!(kind, %name, %base, "the operation is done"),
            Err(error @ (Error::Cancelled { .. } | Error::Precondition { .. } | Error::NotFound { .. })) => {
                tracing::info!(kind, %name, %base, %error, "the operation ended without a result");
            }
            Err(error) => tracing::error!(kind, %name, %base, %error, "the operation failed"),
        }
        let outcome = ended.unwrap_or_else(|error| Outcome::Failed(OperationFailure::from(&error)));
        let now = now_ms();
        operation.update_time_ms = now;
        operation.end_time_ms = Some(now);
        let written = self.write_end(&operation, &outcome).await;
        operation.outcome = Some(outcome);
        running.state.send_replace(operation);
        // One whose end could not be written is told from memory until the program ends.
        if written {
            self.running_ones().remove(&name);
        }
    }

    /// Writes the end of an operation; a full disk may have space again a little later.
    async fn write_end(&self, operation: &Operation, outcome: &Outcome) -> bool {
        for attempt in 1..=NUM_ATTEMPTS {
            let written = async {
                let mut write = self.store.begin_unnamed().await?;
                write.end_operation(operation, outcome).await?;
                write.finish(&()).await
            };
            match written.await {
                Ok(()) => return true,
                Err(error) => {
                    tracing::warn!(name = %operation.name, attempt, %error, "the end of an operation is not written");
                }
            }
            if *self.stopping.borrow() {
                break;
            }
            tokio::time::sleep(ATTEMPT_DELAY).await;
        }
        false
    }

    /// The latest state of an operation.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub(crate) async fn get(&self, name: &OperationName) -> Result<Operation> {
        match self.find(name) {
            Some(running) => Ok(running.state.borrow().clone()),
            None => self.store.operation(name).await,
        }
    }

    /// Lists operations, the newest first.
    ///
    /// # Errors
    /// [`Error::Invalid`] (`page_size`, `page_token`).
    pub(crate) async fn list(
        &self,
        filter: &OperationFilter,
        page_size: i32,
        page_token: &str,
    ) -> Result<Page<Operation>> {
        let base = filter.base.as_ref().map(BaseName::id).unwrap_or_default();
        let list = format!("operations?{base}&{:?}", filter.done);
        let request = PageRequest::new(&list, page_size, page_token)?;
        let mut operations = self.store.operations(filter, &request.after, request.limit()).await?;
        for operation in &mut operations {
            // One that ended since its row was read still shows as running, as it was then.
            if let Some(running) = self.find(&operation.name) {
                let latest = running.state.borrow();
                if !latest.is_done() || filter.done.is_none() {
                    *operation = latest.clone();
                }
            }
        }
        Ok(request.page(operations, |operation: &Operation| operation.name.id(), |_| 0))
    }

    /// Asks an operation to stop; one that is done stays as it is.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub(crate) async fn cancel(&self, name: &OperationName) -> Result<()> {
        match self.find(name) {
            Some(running) => {
                Progress { running: Some(running) }.change(|progress| progress.cancel_requested = true);
                Ok(())
            }
            None => self.store.operation(name).await.map(|_| ()),
        }
    }

    /// Forgets an operation that is done.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Precondition`] while it runs.
    pub(crate) async fn delete(&self, name: &OperationName) -> Result<()> {
        let mut write = self.store.begin_unnamed().await?;
        if write.delete_operation(name).await? {
            return write.finish(&()).await;
        }
        drop(write);
        let operation = self.get(name).await?;
        Err(Error::Precondition {
            resource: operation.name.to_string(),
            reason: "is still running; cancel it and wait for its end first".into(),
        })
    }

    /// Waits until an operation is done, at most for `timeout`; gives its latest state.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub(crate) async fn wait(&self, name: &OperationName, timeout: Duration) -> Result<Operation> {
        let Some(running) = self.find(name) else {
            return self.store.operation(name).await;
        };
        let mut state = running.state.subscribe();
        let mut stopping = self.stopping.subscribe();
        let done = async {
            // The senders are held here and by `self`, so neither wait fails.
            let _ = state.wait_for(Operation::is_done).await;
        };
        let stops = async {
            let _ = stopping.wait_for(|stops| *stops).await;
        };
        tokio::select! {
            () = done => {}
            () = stops => {}
            () = tokio::time::sleep(timeout) => {}
        }
        let latest = running.state.borrow().clone();
        Ok(latest)
    }

    /// Ends every [`Operations::wait`] and lets nothing more start; what runs goes on.
    pub(crate) fn stop_waiting(&self) {
        self.stopping.send_replace(true);
    }

    /// Breaks off what runs. The next start finds it as aborted.
    pub(crate) fn abort(&self) {
        self.stop_waiting();
        for (_, running) in self.running_ones().drain() {
            if let Some(task) = running.abort.lock().unwrap_or_else(PoisonError::into_inner).take() {
                task.abort();
            }
        }
    }

    /// Refuses while an operation works on a knowledge base.
    ///
    /// # Errors
    /// [`Error::Conflict`] with the name of the operation.
    pub(crate) fn check_idle(&self, base: &BaseName) -> Result<()> {
        let running = self.running_ones();
        let busy = running
            .values()
            .map(|running| running.state.borrow())
            .find(|operation| operation.base == *base && !operation.is_done());
        match busy {
            None => Ok(()),
            Some(operation) => Err(Error::Conflict {
                resource: base.to_string(),
                reason: format!("{} works on it already; wait for its end or cancel it", operation.name),
            }),
        }
    }

    fn find(&self, name: &OperationName) -> Option<Arc<Running>> {
        self.running_ones().get(name).cloned()
    }

    fn running_ones(&self) -> std::sync::MutexGuard<'_, HashMap<OperationName, Arc<Running>>> {
        // A panic while it was held cannot have left it half changed.
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
