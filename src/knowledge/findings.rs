//! What may be wrong with articles: the findings, and what looks for them.

use std::ops::Range;

use super::{article::Article, name::ArticleName};

/// A day in ms.
const DAY_MS: i64 = 24 * 3600 * 1000;

/// What kind of mistake a finding may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FindingKind {
    /// Two places say the same with different figures.
    Contradiction,
    /// Two articles say the same.
    Duplicate,
    /// The content is old, or tells of a time that has passed.
    Stale,
    /// A translation is missing, older than its original, or says something else.
    Translation,
}

/// A place in an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The article.
    pub article: ArticleName,
    /// Bytes of the body; empty when the whole article is meant.
    pub bytes: Range<usize>,
    /// Line of the body in which the place begins, counted from 1.
    pub line: usize,
    /// The text of the place, shortened; empty when the whole article is meant.
    pub excerpt: String,
}

/// Something that may be wrong; a person decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind of mistake it may be.
    pub kind: FindingKind,
    /// Where; the first place is the one to look at first.
    pub places: Vec<Place>,
    /// Figures that differ, one for each place; empty when it is not about figures.
    pub figures: Vec<String>,
    /// What is wrong, in one English sentence.
    pub message: String,
}

impl Finding {
    /// Bytes of its texts.
    pub(super) fn num_bytes(&self) -> usize {
        let of_places = self.places.iter().map(|place| place.excerpt.len()).sum::<usize>();
        of_places + self.message.len() + self.figures.iter().map(String::len).sum::<usize>()
    }
}

/// Looks through the articles of a knowledge base; findings stand in the order of their places.
///
/// Content that was last changed more than `stale_days` before `now_ms` (ms since 1970) counts as old.
pub(super) fn look_through(articles: &[Article], stale_days: i64, now_ms: i64) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        articles.iter().filter_map(|article| stale(article, stale_days, now_ms)).collect();
    let first = |finding: &Finding| finding.places.first().map(|place| place.article.clone());
    findings.sort_by_key(|finding| (first(finding), finding.kind));
    findings
}

/// An article that was not changed for too long.
fn stale(article: &Article, stale_days: i64, now_ms: i64) -> Option<Finding> {
    let changed = article.content.content_time_ms.unwrap_or(article.update_time_ms);
    let days = now_ms.saturating_sub(changed) / DAY_MS;
    let place = Place { article: article.name.clone(), bytes: 0..0, line: 1, excerpt: String::new() };
    (days > stale_days).then(|| Finding {
        kind: FindingKind::Stale,
        places: vec![place],
        figures: Vec::new(),
        message: format!("the content was last changed {days} days ago; read it again"),
    })
}
