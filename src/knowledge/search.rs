//! Searching one generation: lexical and dense scores on fixed scales, joined and grouped.

use serde::{Deserialize, Serialize};

use super::name::{ArticleName, BaseName};
use crate::message::Locale;

/// A question to a generation.
#[derive(Clone, Debug)]
pub struct Query<'a> {
    /// The question, as a customer would type it.
    pub text: &'a str,
    /// Its vector, from the same encoder as the articles; empty searches by words alone.
    pub vector: &'a [f32],
    /// Language of the asker, preferred at equal relevance; `None` means the query's own.
    pub locale: Option<Locale>,
    /// Finds only articles in this language.
    pub only_locale: Option<Locale>,
    /// Whether articles for agents may be found.
    pub include_agent_articles: bool,
    /// At most this many hits, one an article.
    pub max_hits: usize,
}

/// Best passage of one article that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The article.
    pub article: ArticleName,
    /// Version of the article that the passage was cut from.
    pub article_version: i64,
    /// Title of the article.
    pub title: String,
    /// Headings above the passage, joined by ` › `, without the title.
    pub heading: String,
    /// The passage as the article has it.
    pub text: String,
    /// First byte of the passage in the article's body.
    pub start_byte: usize,
    /// The byte after the passage's last.
    pub end_byte: usize,
    /// Language of the article.
    pub locale: Locale,
    /// Public address; empty when it has none.
    pub url: String,
    /// Fused score in 0..1 on a fixed scale.
    pub score: f64,
    /// BM25 over the highest value that the query can reach, in 0..1.
    pub lexical_score: f64,
    /// Rescaled cosine, in 0..1; the better one of passage and authored questions.
    pub dense_score: f64,
}

/// What a generation says to a question.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchOutcome {
    /// The knowledge base.
    pub base: BaseName,
    /// The generation that was searched.
    pub generation: u64,
    /// Whether the first hit is likely enough to answer.
    pub answered: bool,
    /// Calibrated probability in 0..1 that the first hit answers.
    pub answer_probability: f64,
    /// Best first, one an article; listed even when none answers.
    pub hits: Vec<Hit>,
}

/// Weights and scales of the search; tuned on labelled pairs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SearchParameters {}

impl Default for SearchParameters {
    fn default() -> Self {
        Self {}
    }
}
