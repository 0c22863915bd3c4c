//! One searchable state of a knowledge base.

use std::{collections::HashSet, fmt, sync::Arc};

use super::{
    article::Audience,
    confidence::AnswerCalibration,
    index::PassageSearcher,
    name::{ArticleName, BaseName},
    passage::Passage,
    search::{Query, SearchOutcome},
    vectors::Vectors,
};
use crate::{Result, message::Locale};

/// A searchable state of a knowledge base; never changes, so that a search sees one state.
///
/// Articles and their vectors are held in memory and shared between states; the lexical index is
/// mapped from files.
pub struct Generation {
    pub(super) base: BaseName,
    pub(super) number: u64,
    /// The last change that is in it.
    pub(super) seq: i64,
    pub(super) searcher: PassageSearcher,
    /// By translation key, so that translations are neighbours.
    pub(super) articles: Vec<Arc<IndexedArticle>>,
    pub(super) num_passages: usize,
    pub(super) calibration: Arc<AnswerCalibration>,
}

/// An article as it is searched.
#[derive(Debug)]
pub(crate) struct IndexedArticle {
    pub(crate) number: i64,
    pub(crate) name: ArticleName,
    /// Length of the translation key that its id begins with.
    pub(crate) key_bytes: usize,
    pub(crate) version: i64,
    pub(crate) locale: Locale,
    pub(crate) audience: Audience,
    pub(crate) title: String,
    pub(crate) questions: Vec<String>,
    pub(crate) body: String,
    pub(crate) url: String,
    pub(crate) passages: Vec<Passage>,
    /// One row a passage.
    pub(crate) passage_vectors: Vectors,
    /// The title's row, then one a question.
    pub(crate) question_vectors: Vectors,
}

impl IndexedArticle {
    /// What the translations of the article have in common.
    pub(crate) fn translation_key(&self) -> &str {
        &self.name.id()[..self.key_bytes]
    }
}

impl Generation {
    /// A state that holds these articles.
    pub(super) fn new(
        base: BaseName,
        number: u64,
        seq: i64,
        searcher: PassageSearcher,
        mut articles: Vec<Arc<IndexedArticle>>,
        calibration: Arc<AnswerCalibration>,
    ) -> Self {
        articles.sort_by(|left, right| {
            (left.translation_key(), &left.name).cmp(&(right.translation_key(), &right.name))
        });
        let num_passages = articles.iter().map(|article| article.passages.len()).sum();
        Self { base, number, seq, searcher, articles, num_passages, calibration }
    }

    /// The state after some articles changed: those in `changed` are replaced by the ones of the
    /// same number in `articles`, or gone.
    pub(super) fn after(
        &self,
        seq: i64,
        changed: &HashSet<i64>,
        articles: Vec<IndexedArticle>,
        searcher: PassageSearcher,
    ) -> Self {
        let kept = self.articles.iter().filter(|article| !changed.contains(&article.number)).cloned();
        let articles = kept.chain(articles.into_iter().map(Arc::new)).collect();
        Self::new(self.base.clone(), self.number, seq, searcher, articles, Arc::clone(&self.calibration))
    }

    /// Whether index and articles hold the same number of passages.
    pub(super) fn is_whole(&self) -> bool {
        u64::try_from(self.num_passages)
            .is_ok_and(|num_passages| num_passages == self.searcher.num_passages())
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
        self.articles.len()
    }

    /// Number of passages.
    pub fn num_passages(&self) -> usize {
        self.num_passages
    }

    /// The same state, searched with other parameters; for tuning them.
    #[must_use]
    pub fn with_calibration(&self, calibration: AnswerCalibration) -> Self {
        let articles = self.articles.clone();
        let searcher = self.searcher.clone();
        Self::new(self.base.clone(), self.number, self.seq, searcher, articles, Arc::new(calibration))
    }

    /// The parameters that it is searched with.
    pub fn calibration(&self) -> &AnswerCalibration {
        &self.calibration
    }

    /// Language and vectors of every article: one row a passage, one of the title and one a
    /// question; for measuring what unrelated texts score.
    pub fn vectors(&self) -> impl Iterator<Item = (Locale, &[f32])> {
        self.articles.iter().flat_map(|article| {
            let rows = article.passage_vectors.rows().chain(article.question_vectors.rows());
            rows.map(|row| (article.locale, row))
        })
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
            .field("num_articles", &self.articles.len())
            .field("num_passages", &self.num_passages)
            .finish_non_exhaustive()
    }
}
