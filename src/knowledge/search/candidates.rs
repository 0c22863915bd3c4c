//! The articles that may answer: scored roughly all of them, then exactly the best.

use super::{Query, SearchParameters};
use crate::{
    knowledge::{
        best::Best,
        catalogue::{Admitted, Catalogue, Slot},
        codes::Planes,
        generation::Generation,
        index::LexicalScores,
        segment::Entry,
        vectors::{Quantised, rescale},
    },
    message::Locale,
    text::is_han,
};

/// Articles that are scored again in full precision.
const NUM_RESCORED: usize = 64;
/// Articles that are scored from 8-bit vectors; where there are more, codes of a bit a number choose.
const NUM_SHORTLISTED: usize = 1024;

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

/// The lexical score of a passage, by its article and its position there.
type PassageScore = (Slot, u32, f64);

/// How lexical and dense scores are joined for articles in one language.
#[derive(Clone, Copy, Debug)]
struct Joining {
    locale: Locale,
    lexical_weight: f64,
    /// The zero of the dense score.
    random_pair_mean: f64,
    /// What the article keeps of its score for its language.
    locale_factor: f64,
}

impl Joining {
    fn dense(&self, cosine: f32) -> f64 {
        if cosine == f32::NEG_INFINITY { 0.0 } else { rescale(cosine, self.random_pair_mean) }
    }

    fn join(&self, lexical: f64, dense: f64) -> f64 {
        self.lexical_weight * lexical + (1.0 - self.lexical_weight) * dense
    }
}

/// Scores articles for one question.
pub(super) struct Scorer<'a> {
    catalogue: &'a Catalogue,
    query: &'a Query<'a>,
    /// One a language.
    joinings: [Joining; Locale::ALL.len()],
    /// Passages of one article stand together, articles in the order of the catalogue.
    lexical: Vec<PassageScore>,
}

impl<'a> Scorer<'a> {
    pub(super) fn new(
        generation: &'a Generation,
        query: &'a Query<'a>,
        asker: Locale,
        lexical: &LexicalScores,
    ) -> Self {
        let catalogue = generation.catalogue.as_ref();
        let found = lexical.scores.iter();
        let mut lexical: Vec<PassageScore> = found
            .filter_map(|found| Some((catalogue.find(found.article)?, found.ordinal, found.score)))
            .collect();
        lexical.sort_unstable_by_key(|(slot, ordinal, _)| (*slot, *ordinal));
        let parameters = &generation.calibration.search;
        let question_is_chinese = query.text.contains(is_han);
        let joining = |article: Locale| Joining {
            locale_factor: locale_factor(parameters, asker, article),
            ..joining(parameters, query, question_is_chinese, article)
        };
        Self { catalogue, query, joinings: Locale::ALL.map(joining), lexical }
    }

    /// The best of the articles that are admitted, with their translations, scored in full precision.
    pub(super) fn candidates(&self, admitted: &Admitted) -> Vec<Candidate> {
        let best = match self.query.vector.is_empty() {
            true => self.known_by_words(admitted),
            false if admitted.num_articles() > NUM_SHORTLISTED => self.rough(&self.shortlist(admitted)),
            false => self.rough(&admitted.slots().collect::<Vec<_>>()),
        };
        let with_translations = best.into_iter().flat_map(|slot| self.catalogue.translations(slot));
        let mut slots: Vec<Slot> = with_translations.filter(|slot| admitted.contains(*slot)).collect();
        slots.sort_unstable();
        slots.dedup();
        slots.into_iter().map(|slot| self.exact(slot)).collect()
    }

    /// The best of the articles with a word of the question.
    fn known_by_words(&self, admitted: &Admitted) -> Vec<Slot> {
        let mut best = Best::new(NUM_RESCORED);
        for passages in self.lexical.chunk_by(|left, right| left.0 == right.0) {
            let slot = passages[0].0;
            if admitted.contains(slot) {
                best.offer(self.score(slot, passages, |_| f32::NEG_INFINITY).preferred(), slot);
            }
        }
        slots_of(best)
    }

    /// The articles that codes take for the best.
    fn shortlist(&self, admitted: &Admitted) -> Vec<Slot> {
        let planes = Planes::new(self.query.vector);
        let mut best = Best::new(NUM_SHORTLISTED);
        let mut lexical = self.lexical.as_slice();
        for ((_, segment), number) in self.catalogue.segments().zip(0..) {
            let cosines = segment.estimates(&planes);
            for slot in admitted.of_segment(number) {
                let entry = self.catalogue.entry(slot);
                let rows = entry.first_row as usize..(entry.first_row + entry.num_rows()) as usize;
                let cosines = cosines.get(rows).unwrap_or_default();
                let (passages, rest) = passages_of(slot, lexical);
                lexical = rest;
                let preferred = match passages {
                    [] => {
                        let joining = self.joining(segment.class(entry).locale);
                        let cosine = cosines.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                        joining.join(0.0, joining.dense(cosine)) * joining.locale_factor
                    }
                    _ => {
                        let cosine = |row: u32| cosines.get((row - entry.first_row) as usize).copied();
                        let cosine = |row| cosine(row).unwrap_or(f32::NEG_INFINITY);
                        self.score(slot, passages, cosine).preferred()
                    }
                };
                best.offer(preferred, slot);
            }
        }
        slots_of(best)
    }

    /// The best of some articles, from 8-bit vectors.
    fn rough(&self, slots: &[Slot]) -> Vec<Slot> {
        let query = Quantised::new(self.query.vector);
        let mut best = Best::new(NUM_RESCORED);
        let mut cosines = Vec::new();
        for &slot in slots {
            let entry = self.catalogue.entry(slot);
            self.catalogue.segment(slot).scan(entry, &query, &mut cosines);
            let cosine = |row: u32| cosines.get((row - entry.first_row) as usize).copied();
            let cosine = |row| cosine(row).unwrap_or(f32::NEG_INFINITY);
            best.offer(self.score(slot, self.lexical_of(slot), cosine).preferred(), slot);
        }
        slots_of(best)
    }

    fn exact(&self, slot: Slot) -> Candidate {
        let segment = self.catalogue.segment(slot);
        let query = self.query.vector;
        self.score(slot, self.lexical_of(slot), |row| match query.is_empty() {
            true => f32::NEG_INFINITY,
            false => segment.cosine(row, query),
        })
    }

    /// The best passage of an article with its scores, from the cosines of its rows.
    fn score(&self, slot: Slot, passages: &[PassageScore], cosine: impl Fn(u32) -> f32) -> Candidate {
        let entry = self.catalogue.entry(slot);
        let joining = self.joining(self.catalogue.segment(slot).class(entry).locale);
        let dense = |row: u32| joining.dense(cosine(row));
        let join = |lexical: f64, dense: f64| joining.join(lexical, dense);
        let question_dense = entry.question_rows().map(dense).fold(0.0, f64::max);
        let (_, ordinal, lexical, passage_dense) = best_passage(entry, passages, dense, join);
        let score = join(lexical, passage_dense.max(question_dense));
        let Joining { locale, lexical_weight, locale_factor, .. } = joining;
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

    fn joining(&self, locale: Locale) -> Joining {
        self.joinings[locale as usize]
    }

    fn lexical_of(&self, slot: Slot) -> &[PassageScore] {
        passages_of(slot, &self.lexical).0
    }
}

fn slots_of(best: Best<Slot>) -> Vec<Slot> {
    best.into_found().into_iter().map(|(_, slot)| slot).collect()
}

/// The passages of an article among those of many, and those of the articles after it.
fn passages_of(slot: Slot, passages: &[PassageScore]) -> (&[PassageScore], &[PassageScore]) {
    let first = match passages.first() {
        Some((next, ..)) if *next >= slot => 0,
        _ => passages.partition_point(|(other, ..)| *other < slot),
    };
    let rest = &passages[first..];
    rest.split_at(rest.iter().take_while(|(other, ..)| *other == slot).count())
}

/// The weight of the lexical score and the zero of the dense one, for articles in a language.
fn joining(
    parameters: &SearchParameters,
    query: &Query<'_>,
    question_is_chinese: bool,
    article: Locale,
) -> Joining {
    let random_pairs = parameters.random_pairs;
    let (lexical_weight, random_pair_mean) = match (question_is_chinese, article.is_chinese()) {
        (true, true) => (parameters.lexical_weight_zh, random_pairs.zh),
        (false, false) => (parameters.lexical_weight_en, random_pairs.en),
        // Across languages a shared word is a name or a number; meaning alone counts.
        _ => (0.0, random_pairs.cross),
    };
    let lexical_weight = if query.vector.is_empty() { 1.0 } else { lexical_weight };
    Joining { locale: article, lexical_weight, random_pair_mean, locale_factor: 1.0 }
}

fn locale_factor(parameters: &SearchParameters, asker: Locale, article: Locale) -> f64 {
    match article {
        same if same == asker => 1.0,
        other if other.is_chinese() == asker.is_chinese() => parameters.other_script_factor,
        _ => parameters.other_language_factor,
    }
}

/// The passage of an article with the highest joined score: that, its position, and both parts.
fn best_passage(
    entry: &Entry,
    scores: &[PassageScore],
    dense: impl Fn(u32) -> f64,
    join: impl Fn(f64, f64) -> f64,
) -> (f64, u32, f64, f64) {
    let mut best = (f64::NEG_INFINITY, 0, 0.0, 0.0);
    for (row, ordinal) in entry.passage_rows().zip(0..) {
        let lexical = scores.iter().find(|(_, other, _)| *other == ordinal).map_or(0.0, |(.., score)| *score);
        let dense = dense(row);
        let joined = join(lexical, dense);
        if joined > best.0 {
            best = (joined, ordinal, lexical, dense);
        }
    }
    best
}
