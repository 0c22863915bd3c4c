//! What keeps an index in order: reindex, rollback, and the operations that do it.

use std::{sync::Arc, time::Duration};

use super::{
    Knowledge,
    live::ReindexContext,
    name::BaseName,
    operation::{Operation, OperationFilter, OperationKind, OperationName, Outcome},
    operations::NewOperation,
    requests::{Page, Reindex, ReindexReport, Rollback, RollbackReport},
    store::{Begun, RequestKey},
};
use crate::{Error, Result};

impl Knowledge {
    /// Starts to build the index of a knowledge base anew beside the live one, to swap then.
    ///
    /// # Errors
    /// [`Error::Invalid`] (`name`, `request_id`), [`Error::NotFound`], [`Error::Conflict`] while
    /// another operation works on it.
    pub async fn start_reindex(&self, request: Reindex) -> Result<Operation> {
        let base = BaseName::parse(&request.name, "name")?;
        let key = RequestKey::new(&request.request_id, "Reindex", &request)?;
        self.carry_out(async move |inner| {
            let new = NewOperation {
                kind: OperationKind::Reindex,
                base: base.clone(),
                request_id: request.request_id,
                key,
            };
            let force = request.force;
            let working = Arc::clone(&inner);
            let work = async move |progress| {
                let context = ReindexContext { progress, force };
                working.bases.live(&base).await?.reindex(&context).await.map(Outcome::Reindexed)
            };
            inner.operations.start(new, work).await
        })
        .await
    }

    /// Builds the index of a knowledge base anew and waits for the end of it.
    ///
    /// # Errors
    /// As [`Knowledge::start_reindex`], and what the operation failed with.
    pub async fn reindex(&self, name: &str) -> Result<ReindexReport> {
        let started = self.start_reindex(Reindex { name: name.to_owned(), ..Reindex::default() }).await?;
        match self.inner.operations.wait(&started.name, Duration::MAX).await?.outcome {
            Some(Outcome::Reindexed(report)) => Ok(report),
            Some(Outcome::Failed(failure)) => Err(failure.into()),
            None => Err(Error::Stopping),
        }
    }

    /// Makes the generation before the live one live again.
    ///
    /// # Errors
    /// [`Error::Invalid`] (`name`, `request_id`), [`Error::NotFound`], [`Error::Conflict`] while an
    /// operation works on the knowledge base, [`Error::Precondition`] when there is no generation
    /// to go back to.
    pub async fn rollback(&self, request: Rollback) -> Result<RollbackReport> {
        let base = BaseName::parse(&request.name, "name")?;
        let key = RequestKey::new(&request.request_id, "RollbackIndex", &request)?;
        self.carry_out(async move |inner| {
            if let Begun::Answered(report) = inner.store.begin::<RollbackReport>(key.clone()).await? {
                return Ok(report);
            }
            let live = inner.bases.live(&base).await?;
            inner.operations.check_idle(&base)?;
            let report = live.rollback().await?;
            if let Begun::Write(write) = inner.store.begin::<RollbackReport>(key).await? {
                write.finish(&report).await?;
            }
            Ok(report)
        })
        .await
    }

    /// The latest state of an operation.
    ///
    /// # Errors
    /// [`Error::Invalid`] (`name`), [`Error::NotFound`].
    pub async fn operation(&self, name: &str) -> Result<Operation> {
        self.inner.operations.get(&OperationName::parse(name, "name")?).await
    }

    /// Lists operations, the newest first; a page size of 0 means 50, more than 1000 means 1000.
    ///
    /// # Errors
    /// [`Error::Invalid`] (`page_size`, `page_token`).
    pub async fn operations(
        &self,
        filter: &OperationFilter,
        page_size: i32,
        page_token: &str,
    ) -> Result<Page<Operation>> {
        self.inner.operations.list(filter, page_size, page_token).await
    }

    /// Asks an operation to stop; one that is done stays as it is.
    ///
    /// # Errors
    /// [`Error::Invalid`] (`name`), [`Error::NotFound`].
    pub async fn cancel_operation(&self, name: &str) -> Result<()> {
        self.inner.operations.cancel(&OperationName::parse(name, "name")?).await
    }

    /// Forgets an operation that is done.
    ///
    /// # Errors
    /// [`Error::Invalid`] (`name`), [`Error::NotFound`], [`Error::Precondition`] while it runs.
    pub async fn delete_operation(&self, name: &str) -> Result<()> {
        self.inner.operations.delete(&OperationName::parse(name, "name")?).await
    }

    /// Waits until an operation is done, at most for `timeout`; gives its latest state.
    ///
    /// # Errors
    /// [`Error::Invalid`] (`name`), [`Error::NotFound`].
    pub async fn wait_operation(&self, name: &str, timeout: Duration) -> Result<Operation> {
        self.inner.operations.wait(&OperationName::parse(name, "name")?, timeout).await
    }

    /// Ends every wait for an operation and starts no more of them, as the program is about to
    /// end; operations that run go on until then.
    pub fn stop_waiting(&self) {
        self.inner.operations.stop_waiting();
    }
}
