//! A caller that waits for its rows, and the batch that somebody computes.

use std::{
    num::NonZeroUsize,
    sync::{Arc, Condvar, Mutex},
};

use super::lock;
use crate::{
    Error, Result,
    encoder::{EncodedRow, Row},
};

/// One caller.
pub(super) struct Call {
    /// Locked after the turns where both are.
    pub(super) progress: Mutex<Progress>,
    /// Signalled when the caller has something to do, or is done.
    pub(super) changed: Condvar,
}

/// What became of a caller's rows.
pub(super) struct Progress {
    encoded: Vec<EncodedRow>,
    num_missing: usize,
    failure: Option<Error>,
    /// What the caller was given to compute.
    pub(super) batch: Option<Batch>,
}

/// What one pass computes, and on how many cores.
pub(super) struct Batch {
    /// The rows.
    pub(super) rows: Vec<Row>,
    /// For each row whose it is, and its place there.
    pub(super) places: Vec<(Arc<Call>, usize)>,
    /// Cores that are held for it.
    pub(super) cores: NonZeroUsize,
}

impl Call {
    /// A caller of so many rows.
    pub(super) fn new(num_rows: usize) -> Self {
        let progress = Progress {
            encoded: vec![EncodedRow::default(); num_rows],
            num_missing: num_rows,
            failure: None,
            batch: None,
        };
        Self { progress: Mutex::new(progress), changed: Condvar::new() }
    }

    /// Gives the caller a batch to compute.
    pub(super) fn appoint(&self, batch: Batch) {
        lock(&self.progress).batch = Some(batch);
        self.changed.notify_one();
    }
}

impl Progress {
    /// Whether every row is encoded, or the call has failed.
    pub(super) fn is_done(&self) -> bool {
        self.num_missing == 0 || self.failure.is_some()
    }

    /// What the call gives once it is done.
    ///
    /// # Errors
    /// What a pass failed with.
    pub(super) fn outcome(&mut self) -> Result<Vec<EncodedRow>> {
        self.failure.take().map_or_else(|| Ok(std::mem::take(&mut self.encoded)), Err)
    }
}

impl Batch {
    /// Hands the results to the callers.
    pub(super) fn deliver(self, encoded: Vec<EncodedRow>) {
        for ((call, place), row) in self.places.into_iter().zip(encoded) {
            let mut progress = lock(&call.progress);
            if let Some(slot) = progress.encoded.get_mut(place) {
                *slot = row;
            }
            progress.num_missing = progress.num_missing.saturating_sub(1);
            if progress.num_missing == 0 {
                call.changed.notify_one();
            }
        }
    }

    /// Tells every caller what the batch failed with; none of them may have rows that wait.
    pub(super) fn fail(self, error: &Error) {
        for (call, _) in self.places {
            lock(&call.progress).failure.get_or_insert_with(|| again(error));
            call.changed.notify_one();
        }
    }
}

/// The same error for one more caller.
fn again(error: &Error) -> Error {
    match error {
        Error::Compute(cause) => Error::Compute(candle_core::Error::Msg(cause.to_string())),
        Error::Internal(reason) => Error::Internal(reason.clone()),
        other => Error::Internal(other.to_string()),
    }
}
