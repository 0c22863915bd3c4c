//! Looks for faults in a set of articles: duplicates, contradictions, translations that have drifted apart,
//! and what is out of date. A pure function, the same for the same articles in the same order.
//!
//! - [`FindingKind::Duplicate`]: passages of different articles with nearly the same words and the same
//!   figures (Jaccard over character shingles at least `duplicates::MIN_JACCARD`; candidates come from
//!   `MinHash`, so that time grows with the number of passages and not with its square). Articles that repeat
//!   each other in all passages are one finding.
//! - [`FindingKind::Contradiction`]: sentences, list items or table rows of different articles whose words are
//!   the same, whatever their order and leaving out words that say little, but whose figures differ.
//! - [`FindingKind::TranslationFigures`]: figures that stand in one language version of an article and nowhere
//!   in another. Prices only count when both name the same currency; how often a figure is repeated does not.
//! - [`FindingKind::Stale`]: content older than a bound, past its `valid_until`, or translations that their
//!   newest sibling has left behind.
//!
//! Both Chinese scripts count as one language. Translations of one article (see
//! [`ArticleName::translation_key`]) neither duplicate nor contradict each other. Neither do articles that no
//! customer can get both of: other channels, other brands, other times. Two articles of one template about
//! different products are told by their titles: each title has a word of its own that stands in its own
//! article and not in the other.

mod contradictions;
mod duplicates;
mod figures;
mod shingles;
#[cfg(test)]
mod tests;
mod times;
mod translations;

use std::ops::Range;

pub use self::figures::Figure;
use super::{
    article::Article,
    name::ArticleName,
    passage,
    quote::{Unit, units},
};
use crate::{knowledge::analysis, message::Locale};

/// Most places that one finding lists.
const MAX_PLACES: usize = 10;
/// Longest excerpt, in characters.
const MAX_EXCERPT_CHARS: usize = 160;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FindingKind {
    /// Nearly the same text twice.
    Duplicate,
    /// The same words with other figures.
    Contradiction,
    /// Figures that one translation has and another has not.
    TranslationFigures,
    /// Out of date.
    Stale,
}

/// A place that a finding is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The article.
    pub article: ArticleName,
    /// Its version.
    pub article_version: i64,
    /// Its language.
    pub locale: Locale,
    /// Bytes of the body; the whole body when the finding is about the article.
    pub range: Range<usize>,
    /// Beginning of the text there, in one line.
    pub excerpt: String,
    /// The figures there that differ from those of the other places.
    pub figures: Vec<Figure>,
}

/// One fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong.
    pub kind: FindingKind,
    /// Where, at most ten places in the order of the articles.
    pub places: Vec<Place>,
    /// What to know and do, in one or two English sentences.
    pub message: String,
}

/// What counts as out of date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LintSettings {
    /// The time of asking, in ms since 1970.
    pub now_ms: i64,
    /// Content older than this is stale, in days.
    pub max_age_days: i64,
    /// A translation older than its newest sibling by more than this is stale, in days.
    pub max_translation_lag_days: i64,
}

/// Finds the faults of a set of articles, in the order of kinds and then of articles.
pub fn lint<'a>(articles: impl IntoIterator<Item = &'a Article>, settings: &LintSettings) -> Vec<Finding> {
    let articles: Vec<Read<'a>> = articles.into_iter().map(Read::of).collect();
    let mut findings = duplicates::find(&articles);
    findings.extend(contradictions::find(&articles));
    findings.extend(translations::find(&articles));
    findings.extend(times::find(&articles, settings));
    findings
}

/// An article that is looked at.
struct Read<'a> {
    article: &'a Article,
    /// Ranges of the body.
    passages: Vec<Range<usize>>,
}

impl<'a> Read<'a> {
    fn of(article: &'a Article) -> Self {
        let passages = passage::cut(&article.content.body);
        Self { article, passages: passages.into_iter().map(|passage| passage.start..passage.end).collect() }
    }

    fn body(&self) -> &'a str {
        &self.article.content.body
    }

    fn text(&self, range: &Range<usize>) -> &'a str {
        self.body().get(range.clone()).unwrap_or_default()
    }

    /// What its translations have in common.
    fn translations(&self) -> (&'a str, &'a str) {
        let name = &self.article.name;
        (name.base().id(), name.translation_key())
    }

    fn place(&self, range: Range<usize>, figures: Vec<Figure>) -> Place {
        let line: Vec<&str> = self.text(&range).split_whitespace().collect();
        let line = line.join(" ");
        let mut excerpt: String = line.chars().take(MAX_EXCERPT_CHARS).collect();
        if excerpt.len() < line.len() {
            excerpt.push('…');
        }
        let article = self.article;
        Place {
            article: article.name.clone(),
            article_version: article.version,
            locale: article.content.locale,
            range,
            excerpt,
            figures,
        }
    }
}

/// Whether two articles can meet one customer in one language and are no translations of each other.
fn can_conflict(first: &Read<'_>, second: &Read<'_>) -> bool {
    let (one, other) = (&first.article.content, &second.article.content);
    first.article.name != second.article.name
        && first.translations() != second.translations()
        && one.locale.is_chinese() == other.locale.is_chinese()
        && overlap(&one.channels, &other.channels)
        && overlap(&one.brands, &other.brands)
        && one.valid_from_ms.zip(other.valid_until_ms).is_none_or(|(from, until)| from < until)
        && other.valid_from_ms.zip(one.valid_until_ms).is_none_or(|(from, until)| from < until)
}

/// Whether two sets have something in common; an empty one stands for everything.
fn overlap<T: PartialEq>(one: &[T], other: &[T]) -> bool {
    one.is_empty() || other.is_empty() || one.iter().any(|item| other.contains(item))
}

/// Whether two articles of one template are about different things.
fn differ_in_subject(first: &Read<'_>, second: &Read<'_>) -> bool {
    let terms = |text: &str| analysis::renderings(text).into_iter().next().unwrap_or_default().words;
    let (one, other) = (&first.article.content, &second.article.content);
    let (titles_one, titles_other) = (terms(&one.title), terms(&other.title));
    let own = |title: &[String], others: &[String], body: &str, others_body: &str| {
        let words = analysis::analyse(body).words;
        let others_words = analysis::analyse(others_body).words;
        title
            .iter()
            .any(|term| !others.contains(term) && words.contains(term) && !others_words.contains(term))
    };
    own(&titles_one, &titles_other, &one.body, &other.body)
        && own(&titles_other, &titles_one, &other.body, &one.body)
}

/// The units of a passage with their ranges in the body.
fn units_of(read: &Read<'_>, passage: &Range<usize>) -> Vec<Unit> {
    units(read.text(passage))
}

/// Names of the articles of some places, for a message.
fn ids(places: &[Place]) -> String {
    let mut ids: Vec<&str> = places.iter().map(|place| place.article.id()).collect();
    ids.dedup();
    ids.join(", ")
}

/// Figures for a message.
fn listed(figures: &[Figure]) -> String {
    figures.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
