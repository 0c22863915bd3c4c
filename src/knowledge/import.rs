//! Creating or replacing many articles at once.

use std::{collections::HashMap, time::Duration};

use serde::{Deserialize, Serialize};

use super::{
    article::{ArticleInput, Limits},
    name::{ArticleName, BaseName},
    store::Write,
};
use crate::{Error, Result};

/// Articles that are stored in one transaction and then made searchable, to begin with.
const FIRST_BATCH: usize = 32;
/// Most articles of a batch.
const LARGEST_BATCH: usize = 256;
/// A batch that took less makes the next one larger: waiting for the disk costs the same whatever its size.
const QUICK: Duration = Duration::from_millis(400);
/// A batch that took more makes the next one smaller, so that the progress goes on.
const SLOW: Duration = Duration::from_secs(3);

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
    /// Articles that are new so far.
    pub num_created: u32,
    /// Articles that replaced an older version so far.
    pub num_updated: u32,
    /// Articles that were already stored like this so far.
    pub num_unchanged: u32,
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

/// The size of the batch after one of some size that took some time.
pub(super) fn next_batch(size: Option<(usize, Duration)>) -> usize {
    match size {
        None => FIRST_BATCH,
        Some((size, took)) if took < QUICK => (size * 2).min(LARGEST_BATCH),
        Some((size, took)) if took > SLOW => (size / 2).max(FIRST_BATCH / 4),
        Some((size, _)) => size,
    }
}

/// What became of one article.
enum Imported {
    Created,
    Updated,
    Unchanged,
}

/// Carries an import out, article by article.
pub(super) struct Import<'a> {
    base: &'a BaseName,
    limits: &'a Limits,
    /// Position of the first article of each name.
    seen: HashMap<ArticleName, usize>,
    pub(super) report: ImportReport,
}

impl<'a> Import<'a> {
    pub(super) fn new(base: &'a BaseName, limits: &'a Limits) -> Self {
        Self { base, limits, seen: HashMap::new(), report: ImportReport::default() }
    }

    /// Stores one article within a transaction, or reports why not.
    ///
    /// # Errors
    /// Those that concern more than this one article.
    pub(super) async fn take(
        &mut self,
        write: &mut Write,
        base_number: i64,
        index: usize,
        item: ImportItem,
    ) -> Result<()> {
        let name = item.name.clone();
        match self.store(write, base_number, index, item).await {
            Ok(Imported::Created) => self.report.num_created += 1,
            Ok(Imported::Updated) => self.report.num_updated += 1,
            Ok(Imported::Unchanged) => self.report.num_unchanged += 1,
            Err(Error::Invalid { field, reason }) => {
                self.report.problems.push(ImportProblem { index, name, field, message: reason });
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    async fn store(
        &mut self,
        write: &mut Write,
        base_number: i64,
        index: usize,
        item: ImportItem,
    ) -> Result<Imported> {
        let path = format!("articles[{index}]");
        let name = self.name(&item.name, &format!("{path}.name"))?;
        let stored = write.find_article(&name).await?;
        // What was for agents must not become public because a file does not say it.
        let kept = stored.as_ref().map(|stored| stored.article.content.audience);
        let input = ArticleInput { audience: item.input.audience.or(kept), ..item.input };
        let content = input.check(&path, self.limits)?;
        if let Some(first) = self.seen.get(&name) {
            let reason = format!("is the same as that of articles[{first}]; send each article once");
            return Err(Error::invalid(format!("{path}.name"), reason));
        }
        self.seen.insert(name.clone(), index);
        match stored {
            None => {
                write.insert_article(base_number, &name, &content).await?;
                Ok(Imported::Created)
            }
            Some(stored) if stored.content_hash == content.hash() => Ok(Imported::Unchanged),
            Some(stored) => {
                write.update_article(base_number, &stored, &content).await?;
                Ok(Imported::Updated)
            }
        }
    }

    fn name(&self, name: &str, field: &str) -> Result<ArticleName> {
        if !name.contains('/') {
            return ArticleName::from_id(self.base, name, field);
        }
        let name = ArticleName::parse(name, field)?;
        if name.base() != self.base {
            return Err(Error::invalid(field, format!("is not in {}", self.base)));
        }
        Ok(name)
    }
}
