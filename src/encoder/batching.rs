//! Puts the rows of many callers together into passes of the encoder, and shares the cores among them.
//!
//! There is no thread of its own and no timer. A caller's rows wait for their turn; when a core is free, a
//! caller leads a pass on it: the batch is what waits then, its own rows and those of others. Turns go round:
//! each gives a few rows, then the next one does, so that a short message waits for about one batch and not
//! for the whole of a long message before it.

mod call;
mod turns;

use std::{
    num::NonZeroUsize,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use self::{
    call::{Batch, Call},
    turns::Turns,
};
use super::{EncodedRow, Encoder, Precision, Row};
use crate::{Error, Result};

/// An encoder that many threads call at once.
///
/// It never computes on more cores than it was given.
pub struct Batching {
    encoder: Arc<dyn Encoder>,
    cores: NonZeroUsize,
    turns: Mutex<Turns>,
}

/// Locks what is whole even when a thread that held it panicked: nothing here panics between two changes.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Batching {
    /// Shares `cores` cores among the callers of an encoder.
    pub fn new(encoder: Arc<dyn Encoder>, cores: NonZeroUsize) -> Self {
        let turns = Mutex::new(Turns::new(Arc::clone(&encoder), cores));
        Self { encoder, cores, turns }
    }

    /// The encoder whose passes are shared.
    pub fn inner(&self) -> &Arc<dyn Encoder> {
        &self.encoder
    }

    /// Width of the vectors.
    pub fn dimensions(&self) -> usize {
        self.encoder.dimensions()
    }

    /// How forward passes are computed, for example "candle f32".
    pub fn backend(&self) -> &str {
        self.encoder.backend()
    }

    /// Number of layers.
    pub fn num_layers(&self) -> usize {
        self.encoder.num_layers()
    }

    /// The numbers that products are computed with.
    pub fn precision(&self) -> Precision {
        self.encoder.precision()
    }

    /// Cores on which passes are computed at most.
    pub fn cores(&self) -> NonZeroUsize {
        self.cores
    }

    /// Encodes rows together with those of other callers; blocks until they are done.
    ///
    /// Returns one result a row, in order.
    ///
    /// # Errors
    /// What a pass with one of the rows in it failed with; [`Error::Internal`] when it panicked.
    pub fn encode(&self, rows: Vec<Row>) -> Result<Vec<EncodedRow>> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let call = Arc::new(Call::new(rows.len()));
        lock(&self.turns).enter(&call, rows);
        loop {
            let mut progress = lock(&call.progress);
            while progress.batch.is_none() && !progress.is_done() {
                progress = call.changed.wait(progress).unwrap_or_else(PoisonError::into_inner);
            }
            let Some(batch) = progress.batch.take() else { return progress.outcome() };
            drop(progress);
            self.lead(&call, batch);
        }
    }

    /// Computes a batch, and further ones until none of the caller's own rows waits.
    fn lead(&self, call: &Arc<Call>, batch: Batch) {
        let mut next = Some(batch);
        while let Some(batch) = next {
            let encoded = self.pass(&batch);
            next = lock(&self.turns).finish(call, batch, encoded);
        }
    }

    /// Computes one batch; a panic is an error of this batch alone.
    fn pass(&self, batch: &Batch) -> Result<Vec<EncodedRow>> {
        let pass = AssertUnwindSafe(|| self.encoder.encode(&batch.rows, batch.cores));
        let encoded = catch_unwind(pass).map_err(|_| Error::Internal("the encoder panicked".into()))??;
        if encoded.len() != batch.rows.len() {
            return Err(Error::Internal("the encoder gave another number of vectors".into()));
        }
        Ok(encoded)
    }
}

#[cfg(test)]
mod tests;
