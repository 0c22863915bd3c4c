//! One searchable state of a knowledge base.

use std::{fmt, sync::Arc};

use super::{
    catalogue::Catalogue,
    confidence::AnswerCalibration,
    filter::SearchFilter,
    index::PassageSearcher,
    name::BaseName,
    search::{Query, SearchOutcome},
};
use crate::{Result, encoder::QuestionTokens, message::Locale};

/// A searchable state of a knowledge base; never changes, so that a search sees one state.
///
/// Texts, vectors and the lexical index are mapped from files; memory holds a few bytes an article.
pub struct Generation {
    pub(super) base: BaseName,
    pub(super) number: u64,
    /// The last change that is in it.
    pub(super) seq: i64,
    pub(super) searcher: PassageSearcher,
    pub(super) catalogue: Arc<Catalogue>,
    pub(super) calibration: Arc<AnswerCalibration>,
}

impl Generation {
    /// Whether lexical index and articles hold the same number of passages.
    pub(super) fn is_whole(&self) -> bool {
        self.searcher.num_passages() == self.catalogue.num_passages() as u64
    }

    /// The knowledge base.
    pub fn base(&self) -> &BaseName {
        &self.base
    }

    /// Generation number, counted from 1; grows with every reindex.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Number of articles.
    pub fn num_articles(&self) -> usize {
        self.catalogue.num_articles()
    }

    /// Number of passages.
    pub fn num_passages(&self) -> usize {
        self.catalogue.num_passages()
    }

    /// The same state, searched with other parameters; for tuning them.
    #[must_use]
    pub fn with_calibration(&self, calibration: AnswerCalibration) -> Self {
        Self {
            base: self.base.clone(),
            number: self.number,
            seq: self.seq,
            searcher: self.searcher.clone(),
            catalogue: Arc::clone(&self.catalogue),
            calibration: Arc::new(calibration),
        }
    }

    /// The parameters that it is searched with.
    pub fn calibration(&self) -> &AnswerCalibration {
        &self.calibration
    }

    /// Language and vectors of every article: one row a passage, one of the title and one a
    /// question; for measuring what unrelated texts score.
    pub fn vectors(&self) -> impl Iterator<Item = (Locale, Vec<f32>)> {
        let catalogue = &self.catalogue;
        catalogue.slots().flat_map(|slot| {
            let (segment, entry) = (catalogue.segment(slot), catalogue.entry(slot));
            let locale = segment.class(entry).locale;
            let rows = entry.first_row..entry.first_row + entry.num_rows();
            rows.map(move |row| (locale, segment.exact_row(row)))
        })
    }

    /// Reads everything that a search reads, so that the first does not wait for the disk.
    pub(super) fn warm_up(&self, dimensions: usize) -> Result<()> {
        let filter = SearchFilter::default();
        let query = Query {
            text: "where is my order 我的订单在哪里",
            vector: &vec![1.0; dimensions],
            tokens: &QuestionTokens::default(),
            locale: None,
            filter: &filter,
            max_hits: 1,
        };
        self.search(&query).map(|_| ())
    }

    /// Finds the passages that answer a question.
    ///
    /// # Errors
    /// [`crate::Error::Index`] when the index cannot be read.
    pub fn search(&self, query: &Query<'_>) -> Result<SearchOutcome> {
        super::search::search(self, query)
    }
}

impl fmt::Debug for Generation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Generation")
            .field("base", &self.base)
            .field("number", &self.number)
            .field("seq", &self.seq)
            .field("num_articles", &self.num_articles())
            .field("num_passages", &self.num_passages())
            .finish_non_exhaustive()
    }
}
