//! What callers of [`super::Knowledge`] ask for.

use serde::{Deserialize, Serialize};

use super::{article::ArticleInput, filter::SearchFilter};
use crate::message::Locale;

/// Asks for a change of a knowledge base's own fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct UpdateBase {
    /// Resource name.
    pub name: String,
    /// Name for people.
    pub display_name: String,
    /// Fields to change (`display_name`); empty for all.
    pub update_mask: Vec<String>,
    /// Must be the stored one; empty to not check.
    pub etag: String,
    /// The caller's id for this request; empty for none.
    #[serde(skip)]
    pub request_id: String,
}

/// Asks for the end of a knowledge base.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DeleteBase {
    /// Resource name.
    pub name: String,
    /// Whether to delete the articles in it too.
    pub force: bool,
    /// Must be the stored one; empty to not check.
    pub etag: String,
    /// The caller's id for this request; empty for none.
    #[serde(skip)]
    pub request_id: String,
}

/// Asks for a new article.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CreateArticle {
    /// Resource name of the knowledge base.
    pub parent: String,
    /// The last part of the article's name.
    pub article_id: String,
    /// What it shall say.
    pub input: ArticleInput,
    /// The caller's id for this request; empty for none.
    #[serde(skip)]
    pub request_id: String,
}

/// Asks for a change of an article.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct UpdateArticle {
    /// Resource name.
    pub name: String,
    /// What it shall say.
    pub input: ArticleInput,
    /// Fields to take from `input`; empty for all.
    pub update_mask: Vec<String>,
    /// Must be the stored one; empty to not check.
    pub etag: String,
    /// The caller's id for this request; empty for none.
    #[serde(skip)]
    pub request_id: String,
}

/// Asks for the end of an article.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DeleteArticle {
    /// Resource name.
    pub name: String,
    /// Must be the stored one; empty to not check.
    pub etag: String,
    /// The caller's id for this request; empty for none.
    #[serde(skip)]
    pub request_id: String,
}

/// Asks a knowledge base a question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// Resource name of the knowledge base.
    pub knowledge_base: String,
    /// The question.
    pub query: String,
    /// Language of the asker; `None` means the query's own.
    pub locale: Option<Locale>,
    /// At most this many hits; 0 means 5, more than 50 means 50.
    pub page_size: i32,
    /// Which articles may be found, but for when they must hold.
    pub filter: SearchFilter,
    /// When articles must hold, in ms since 1970; `None` means now.
    pub valid_at_ms: Option<i64>,
}

/// Asks for a new index.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Reindex {
    /// Resource name of the knowledge base.
    pub name: String,
    /// Whether to swap even when the new index answers golden questions worse.
    pub force: bool,
    /// The caller's id for this request; empty for none.
    #[serde(skip)]
    pub request_id: String,
}

/// Asks for the generation before the live one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Rollback {
    /// Resource name of the knowledge base.
    pub name: String,
    /// The caller's id for this request; empty for none.
    #[serde(skip)]
    pub request_id: String,
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// In the order of their names.
    pub items: Vec<T>,
    /// Empty when this is the last page.
    pub next_page_token: String,
}

/// What a reindex built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReindexReport {
    /// The new generation.
    pub generation: u64,
    /// The generation that was live before.
    pub previous_generation: u64,
    /// Articles in it.
    pub num_articles: usize,
    /// Passages in it.
    pub num_passages: usize,
    /// How long it took.
    pub duration: std::time::Duration,
}

/// What a rollback made live again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RollbackReport {
    /// The generation that is live again.
    pub generation: u64,
    /// The generation that was live before.
    pub previous_generation: u64,
    /// Articles in it.
    pub num_articles: usize,
    /// Passages in it.
    pub num_passages: usize,
    /// How long it took.
    pub duration: std::time::Duration,
}
