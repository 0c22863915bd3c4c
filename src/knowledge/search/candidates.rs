//! The articles that may answer: scored roughly all of them, then exactly the best.

use std::{cmp::Ordering, collections::HashMap};

use super::{Query, SearchParameters};
use crate::{
    Result,
    knowledge::{
        catalogue::{Admitted, Catalogue, Slot},
        generation::Generation,
        index::LexicalScores,
        segment::{Entry, Segment},
        vectors::{Quantised, rescale},
    },
    message::Locale,
    text::is_han,
};

/// Articles that are scored again in full precision.
const NUM_RESCORED: usize = 64;

/// An article with its best passage for one question.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub(super) slot: Slot,
    pub(super) locale: Locale,
    /// Position of the best passage in the article.
    pub(super) ordinal: u32,
    pub(super) lexical: f64,
    pub(super) passage_dense: f64,
    /// Of the title and the authored questions, the best.
    pub(super) question_dense: f64,
    /// Weight of the lexical score in the joined one.
    pub(super) lexical_weight: f64,
    /// What the article keeps of its score for its language.
    pub(super) locale_factor: f64,
    /// Joined score, whatever the article's language.
    pub(super) score: f64,
}

impl Candidate {
    pub(super) fn dense(&self) -> f64 {
        self.passage_dense.max(self.question_dense)
    }

    /// The score less what the article's language costs.
    pub(super) fn preferred(&self) -> f64 {
        self.score * self.locale_factor
    }
}

/// Lexical scores of the passages of one article, by position.
type ArticleScores = Vec<(u32, f64)>;

/// Scores articles for one question.
pub(super) struct Scorer<'a> {
    catalogue: &'a Catalogue,
    query: &'a Query<'a>,
    parameters: &'a SearchParameters,
    asker: Locale,
    question_is_chinese: bool,
    lexical: HashMap<Slot, ArticleScores>,
}

impl<'a> Scorer<'a> {
    pub(super) fn new(
        generation: &'a Generation,
        query: &'a Query<'a>,
        asker: Locale,
        lexical: &LexicalScores,
    ) -> Self {
        let catalogue = generation.catalogue.as_ref();
        let mut by_article: HashMap<Slot, ArticleScores> = HashMap::new();
        for (key, score) in &lexical.scores {
            if let Some(slot) = catalogue.find(key.article) {
                let ordinal = u32::try_from(key.ordinal).unwrap_or(u32::MAX);
                by_article.entry(slot).or_default().push((ordinal, *score));
            }
        }
        Self {
            catalogue,
            query,
            parameters: &generation.calibration.search,
            asker,
            question_is_chinese: query.text.contains(is_han),
            lexical: by_article,
        }
    }

    /// The best of the articles that are admitted, with their translations, scored in full precision.
    pub(super) fn candidates(&self, admitted: &Admitted) -> Result<Vec<Candidate>> {
        let mut best = self.rough(admitted);
        if best.len() > NUM_RESCORED {
            best.select_nth_unstable_by(NUM_RESCORED - 1, rougher_first);
            best.truncate(NUM_RESCORED);
        }
        let with_translations = best.iter().flat_map(|(_, slot)| self.catalogue.translations(*slot));
        let mut slots: Vec<Slot> = with_translations.filter(|slot| admitted.contains(*slot)).collect();
        slots.sort_unstable();
        slots.dedup();
        Ok(slots.into_iter().map(|slot| self.exact(slot)).collect())
    }

    /// Every admitted article that fits at all, with its joined score from 8-bit vectors.
    fn rough(&self, admitted: &Admitted) -> Vec<(f64, Slot)> {
        let query = Quantised::new(self.query.vector);
        let mut scored = Vec::with_capacity(admitted.num_articles());
        for ((_, segment), number) in self.catalogue.segments().zip(0..) {
            let cosines = match self.query.vector.is_empty() {
                true => Vec::new(),
                false => segment.scan(&query),
            };
            let cosine = |row: u32| cosines.get(row as usize).copied().unwrap_or(f32::NEG_INFINITY);
            for slot in admitted.of_segment(number) {
                let candidate = self.score(slot, &segment, cosine);
                let preferred = candidate.preferred();
                if preferred > 0.0 {
                    scored.push((preferred, slot));
                }
            }
        }
        scored
    }

    fn exact(&self, slot: Slot) -> Candidate {
        let segment = self.catalogue.segment(slot);
        let query = self.query.vector;
        self.score(slot, segment, |row| match query.is_empty() {
            true => f32::NEG_INFINITY,
            false => segment.cosine(row, query),
        })
    }

    /// The best passage of an article with its scores, from the cosines of its rows.
    fn score(&self, slot: Slot, segment: &Segment, cosine: impl Fn(u32) -> f32) -> Candidate {
        let entry = self.catalogue.entry(slot);
        let locale = segment.class(entry).locale;
        let (lexical_weight, random_pair_mean) = self.joining(locale);
        let dense = |row: u32| match cosine(row) {
            f32::NEG_INFINITY => 0.0,
            cosine => rescale(cosine, random_pair_mean),
        };
        let join = |lexical: f64, dense: f64| lexical_weight * lexical + (1.0 - lexical_weight) * dense;
        let question_dense = entry.question_rows().map(dense).fold(0.0, f64::max);
        let scores = self.lexical.get(&slot).map(Vec::as_slice).unwrap_or_default();
        let (_, ordinal, lexical, passage_dense) = best_passage(entry, scores, dense, join);
        let score = join(lexical, passage_dense.max(question_dense));
        let locale_factor = self.locale_factor(locale);
        Candidate {
            slot,
            locale,
            ordinal,
            lexical,
            passage_dense,
            question_dense,
            lexical_weight,
            locale_factor,
            score,
        }
    }

    /// The weight of the lexical score and the zero of the dense one, for articles in a language.
    fn joining(&self, article: Locale) -> (f64, f64) {
        let random_pairs = self.parameters.random_pairs;
        let (lexical_weight, random_pair_mean) = match (self.question_is_chinese, article.is_chinese()) {
            (true, true) => (self.parameters.lexical_weight_zh, random_pairs.zh),
            (false, false) => (self.parameters.lexical_weight_en, random_pairs.en),
            // Across languages a shared word is a name or a number; meaning alone counts.
            _ => (0.0, random_pairs.cross),
        };
        (if self.query.vector.is_empty() { 1.0 } else { lexical_weight }, random_pair_mean)
    }

    fn locale_factor(&self, article: Locale) -> f64 {
        match article {
            same if same == self.asker => 1.0,
            other if other.is_chinese() == self.asker.is_chinese() => self.parameters.other_script_factor,
            _ => self.parameters.other_language_factor,
        }
    }
}

/// The passage of an article with the highest joined score: that, its position, and both parts.
fn best_passage(
    entry: &Entry,
    scores: &[(u32, f64)],
    dense: impl Fn(u32) -> f64,
    join: impl Fn(f64, f64) -> f64,
) -> (f64, u32, f64, f64) {
    let mut best = (f64::NEG_INFINITY, 0, 0.0, 0.0);
    for (row, ordinal) in entry.passage_rows().zip(0..) {
        let lexical = scores.iter().find(|(other, _)| *other == ordinal).map_or(0.0, |(_, score)| *score);
        let dense = dense(row);
        let joined = join(lexical, dense);
        if joined > best.0 {
            best = (joined, ordinal, lexical, dense);
        }
    }
    best
}

/// A total order, so that equal questions get equal answers.
fn rougher_first(left: &(f64, Slot), right: &(f64, Slot)) -> Ordering {
    right.0.total_cmp(&left.0).then_with(|| left.1.cmp(&right.1))
}
