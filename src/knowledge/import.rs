//! Creating or replacing many articles at once.

use serde::{Deserialize, Serialize};

use super::article::ArticleInput;

/// One article of an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ImportItem {
    /// Full resource name, or the article's id alone.
    pub name: String,
    /// What it shall say.
    pub input: ArticleInput,
}

/// An import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ImportArticles {
    /// Resource name of the knowledge base.
    pub parent: String,
    /// The articles.
    pub items: Vec<ImportItem>,
    /// Whether to only say what would change.
    pub dry_run: bool,
    /// The caller's id for this request; empty for none.
    #[serde(skip)]
    pub request_id: String,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportProgress {
    /// Articles that were looked at and, where they changed, can be found.
    pub num_done: usize,
    /// Articles in the request.
    pub num_total: usize,
}

/// Why one article was not imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportProblem {
    /// Position in the request, counted from 0.
    pub index: usize,
    /// The name as it was sent.
    pub name: String,
    /// The field that is wrong.
    pub field: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportReport {
    /// Articles that are new.
    pub num_created: u32,
    /// Articles that replaced an older version.
    pub num_updated: u32,
    /// Articles that were already stored like this.
    pub num_unchanged: u32,
    /// Articles that were not imported, in the order of the request.
    pub problems: Vec<ImportProblem>,
}
