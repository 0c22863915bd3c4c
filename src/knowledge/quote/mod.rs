//! The part of a passage that answers a question.
//!
//! A passage is cut into [`Unit`]s: sentences, items of lists, rows of tables. Those that fit the question
//! are chosen, with everything that they cannot do without, and quoted to the letter in the order of the
//! source. What is never cut off:
//!
//! - a sentence that points back ("It …", "此时…") keeps the one before it;
//! - a condition or exception ("unless …", "但…除外") stays on what it limits, in a short paragraph of its own
//!   too;
//! - a numbered list is one procedure and stays whole (a very long one from the first step that is needed
//!   to the last); steps keep their numbers;
//! - items keep the line that introduces them; a list that is a condition ("if all of these hold:") or
//!   short stays whole;
//! - rows keep their table's header, so that the quote is a Markdown table too;
//! - a list or table keeps the paragraph after it, which says what holds for it, and a short one stays
//!   with the paragraph before it too;
//! - a short paragraph stays whole.
//!
//! A short passage is quoted whole, and so is one of which nearly everything was chosen, or whose words hold
//! too little of the question's to tell which part answers.
//!
//! Relevance is the share of the question's terms that stand in the unit, each weighted by how few units
//! hold it, mixed with the cosine of vectors where the caller has them. It only ranks units of one passage;
//! whether the passage answers at all is decided before.
//!
//! [`render`] joins the chosen ranges. Where text was left out between two of them stands [`OMISSION`] —
//! never before the first or after the last. It is in square brackets, as editors mark their own cuts, so
//! that nobody takes it for the article's.

mod limits;
mod select;
mod sentences;
#[cfg(test)]
mod tests;
mod units;

use std::{collections::HashMap, ops::Range};

pub use self::{
    select::select,
    units::{Unit, UnitKind, units},
};
use super::analysis::{self, Rendering};

/// Stands where text was left out.
pub const OMISSION: &str = "[…]";

/// Weight of dictionary words in the lexical score; single characters and unstemmed words have the rest.
const WORDS_WEIGHT: f64 = 0.6;
/// Weight of the lexical score where there are vectors; their cosine has the rest.
const LEXICAL_WEIGHT: f64 = 0.5;

/// What a passage is asked.
#[derive(Clone, Copy, Default)]
pub struct Question<'a> {
    /// The question, as a customer types it.
    pub text: &'a str,
    /// Its vector; empty means that words alone decide.
    pub vector: &'a [f32],
    /// How telling a term is (at least 0); `None` counts in how many units of the passage it stands.
    pub idf: Option<&'a dyn Fn(&str) -> f64>,
}

/// The part of a passage that answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// Bytes of the passage, rising and apart; made of whole units, empty only for a blank passage.
    pub ranges: Vec<Range<usize>>,
}

/// The part of a passage that answers, by words alone.
pub fn answer(passage: &str, question: &Question<'_>) -> Answer {
    let units = units(passage);
    let scores = scores(&units, passage, question, &[]);
    Answer { ranges: select(&units, &scores, passage) }
}

/// How well each unit fits the question, in 0..1; only comparable within one passage.
///
/// `vectors` has the vector of each unit, of length 1, from the encoder of the question's; anything else
/// than one vector a unit, of the question's length, means that words alone decide.
pub fn scores(units: &[Unit], passage: &str, question: &Question<'_>, vectors: &[Vec<f32>]) -> Vec<f64> {
    let lexical = lexical_scores(units, passage, question);
    let length = question.vector.len();
    if length == 0 || vectors.len() != units.len() || vectors.iter().any(|vector| vector.len() != length) {
        return lexical;
    }
    let cosines: Vec<f64> = vectors.iter().map(|vector| f64::from(dot(vector, question.vector))).collect();
    let mean = cosines.iter().sum::<f64>() / cosines.len().max(1) as f64;
    let best = cosines.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    // Cosines within one passage lie close together: what tells is by how much one stands out.
    let standing_out =
        |cosine: f64| if best > mean { ((cosine - mean) / (best - mean)).max(0.0) } else { 0.0 };
    let mix = |(lexical, cosine)| LEXICAL_WEIGHT * lexical + (1.0 - LEXICAL_WEIGHT) * standing_out(cosine);
    lexical.into_iter().zip(cosines).map(mix).collect()
}

fn dot(first: &[f32], second: &[f32]) -> f32 {
    first.iter().zip(second).map(|(first, second)| first * second).sum()
}

/// Terms of a unit.
type Bag = std::collections::HashSet<String>;

/// The share of the question's terms, by weight, that each unit holds; of two readings of a question the
/// one that fits better counts.
fn lexical_scores(units: &[Unit], passage: &str, question: &Question<'_>) -> Vec<f64> {
    let bags: Vec<(Bag, Bag)> = units
        .iter()
        .map(|unit| {
            let terms = analysis::analyse(&passage[unit.range.clone()]);
            (terms.words.into_iter().collect(), terms.units.into_iter().collect())
        })
        .collect();
    let words = Idf::of(bags.iter().map(|(words, _)| words), question.idf);
    let characters = Idf::of(bags.iter().map(|(_, characters)| characters), question.idf);
    let mut scores = vec![0.0_f64; units.len()];
    for Rendering { words: asked_words, units: asked_characters } in analysis::renderings(question.text) {
        for ((bag, other), score) in bags.iter().zip(&mut scores) {
            let by_words = words.share(&asked_words, bag);
            let by_characters = characters.share(&asked_characters, other);
            *score = score.max(WORDS_WEIGHT * by_words + (1.0 - WORDS_WEIGHT) * by_characters);
        }
    }
    scores
}

/// How telling terms are.
struct Idf<'a> {
    num_units: f64,
    num_units_of: HashMap<String, f64>,
    given: Option<&'a dyn Fn(&str) -> f64>,
}

impl<'a> Idf<'a> {
    fn of<'b>(bags: impl Iterator<Item = &'b Bag>, given: Option<&'a dyn Fn(&str) -> f64>) -> Self {
        let mut idf = Self { num_units: 0.0, num_units_of: HashMap::new(), given };
        for bag in bags {
            idf.num_units += 1.0;
            for term in bag {
                *idf.num_units_of.entry(term.clone()).or_default() += 1.0;
            }
        }
        idf
    }

    fn weight(&self, term: &str) -> f64 {
        if let Some(given) = self.given {
            return given(term).max(0.0);
        }
        let num = self.num_units_of.get(term).copied().unwrap_or_default().max(1.0);
        (1.0 + (self.num_units - num + 0.5) / (num + 0.5)).ln()
    }

    /// Share of the asked terms that a unit holds. Terms that no unit holds lower every share: when much
    /// of the question is not in the passage's words, its words cannot tell which part answers.
    fn share(&self, asked: &[String], bag: &Bag) -> f64 {
        let (mut found, mut all) = (0.0, 0.0);
        for term in asked {
            let weight = self.weight(term);
            all += weight;
            found += if bag.contains(term) { weight } else { 0.0 };
        }
        if all > 0.0 { found / all } else { 0.0 }
    }
}

/// The quote: the ranges of a passage in their order, joined as the passage joins them where nothing was
/// left out between them, and otherwise with [`OMISSION`] between them.
///
/// Ranges that do not lie in the passage, or not at borders of characters, are left out.
pub fn render(passage: &str, ranges: &[Range<usize>]) -> String {
    let mut text = String::new();
    let mut end: Option<usize> = None;
    for range in ranges {
        let Some(slice) = passage.get(range.clone()) else { continue };
        if let Some(gap) = end.and_then(|end| passage.get(end..range.start)) {
            let line = slice.trim_start_matches([' ', '\t']);
            if gap.trim().is_empty() {
                text.push_str(gap);
            } else if line.starts_with('|') {
                // A row of a table may have fewer cells than its head.
                text.push_str(&format!("\n| {OMISSION} |\n"));
            } else if line.starts_with(['-', '*', '+']) && line[1..].starts_with(' ') && !gap.contains("\n\n")
            {
                text.push_str(&format!("\n{} {OMISSION}\n", &line[..1]));
            } else if gap.contains('\n') {
                text.push_str(&format!("\n\n{OMISSION}\n\n"));
            } else {
                text.push_str(&format!(" {OMISSION} "));
            }
        }
        text.push_str(slice);
        end = Some(range.end);
    }
    text
}
