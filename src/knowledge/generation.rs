//! One searchable state of a knowledge base.

use super::search::{Query, SearchOutcome};
use crate::Result;

/// A searchable state of a knowledge base; never changes, so that a search sees one state.
#[derive(Debug)]
pub struct Generation {}

impl Generation {
    /// Generation number, counted from 1; grows with every reindex.
    pub fn number(&self) -> u64 {
        todo!()
    }

    /// Number of articles.
    pub fn num_articles(&self) -> usize {
        todo!()
    }

    /// Number of passages.
    pub fn num_passages(&self) -> usize {
        todo!()
    }

    /// Finds the passages that answer a question.
    ///
    /// # Errors
    /// [`crate::Error::Index`] when the index cannot be read.
    pub fn search(&self, _query: &Query<'_>) -> Result<SearchOutcome> {
        todo!()
    }
}
