//! A second look at the first few articles: the question's tokens held against theirs.
//!
//! Each token of the question is met as well as its best match among a text's tokens meets it; the mean over
//! the question, by how telling its tokens are, is how well the text meets it (late interaction, Khattab and
//! Zaharia, SIGIR 2020). Of an article the best text counts: a passage, the title or a question.

use super::groups::{Group, best_first};
use crate::{
    encoder::QuestionTokens,
    knowledge::{catalogue::Catalogue, vectors::best_products},
};

/// Articles that are looked at again.
const NUM_ARTICLES: usize = 10;
/// Product of a token's vector with itself.
const LARGEST_PRODUCT: f64 = 127.0 * 127.0;

/// Orders the first articles anew; every score stays in 0..1.
pub(super) fn reorder(
    catalogue: &Catalogue,
    mut groups: Vec<Group>,
    question: &QuestionTokens,
    weight: f64,
) -> Vec<Group> {
    for group in groups.iter_mut().take(NUM_ARTICLES) {
        look_again(catalogue, group, question, weight);
    }
    for group in &mut groups {
        group.score = (group.score + weight * group.late) / (1.0 + weight);
    }
    groups.sort_by(|left, right| best_first(catalogue, left, right));
    groups
}

/// Finds how well an article meets the question, and shows the passage that does so best.
fn look_again(catalogue: &Catalogue, group: &mut Group, question: &QuestionTokens, weight: f64) {
    let (segment, entry) = (catalogue.segment(group.shown.slot), catalogue.entry(group.shown.slot));
    let rows = entry.first_row..entry.first_row + entry.num_rows();
    let met: Vec<f64> = rows.map(|row| met(question, segment.tokens(row))).collect();
    group.late = met.iter().copied().fold(0.0, f64::max);
    let mut best = 0.0;
    if weight > 0.0 {
        for (met, ordinal) in met[..entry.num_passages as usize].iter().zip(0..) {
            if *met > best {
                best = *met;
                group.shown.ordinal = ordinal;
            }
        }
    }
}

/// How well a text's tokens meet those of the question, in 0..1.
fn met(question: &QuestionTokens, tokens: &[u8]) -> f64 {
    let best = best_products(&question.tokens, tokens, question.width);
    let weighted = best.iter().zip(&question.weights);
    let sum: f64 = weighted.map(|(product, weight)| f64::from(*product) * f64::from(*weight)).sum();
    let all: f64 = question.weights.iter().map(|weight| f64::from(*weight)).sum();
    if best.is_empty() || all <= 0.0 { 0.0 } else { (sum / LARGEST_PRODUCT / all).clamp(0.0, 1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoder::{
        self, Batching, Computing, ModelFolder, RowBuilder, SentenceEncoder, TextEncoder, available_cores,
    };

    #[test]
    fn tokens_are_met_by_their_best_match_and_weighed() {
        let question = QuestionTokens { width: 2, tokens: vec![127, 0, 0, 127], weights: vec![3.0, 1.0] };
        assert!((met(&question, &[127, 0]) - 0.75).abs() < 1e-9);
        assert!((met(&question, &[0, 127, 127, 0]) - 1.0).abs() < 1e-9);
        assert!(met(&question, &[]).abs() < 1e-9);
        assert!(met(&QuestionTokens::default(), &[1, 2]).abs() < 1e-9);
        // A token that points the other way meets nothing.
        assert!(met(&question, &[129, 129]).abs() < 1e-9);
    }

    #[derive(serde::Deserialize)]
    struct Case {
        question: String,
        passage: String,
        late: f64,
    }

    #[test]
    fn the_real_model_gives_what_python_computed() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("models/frontdesk-bilingual-v1");
        let folder = ModelFolder::open(&path).unwrap();
        let encoder = encoder::load(&folder, Computing::REFERENCE).unwrap();
        let rows = RowBuilder::load(&folder).unwrap();
        let encoder = Batching::new(encoder, available_cores());
        let sentences = SentenceEncoder::new(&folder, rows, encoder).unwrap();
        let cases: Vec<Case> = folder.read_json("late_parity.json").unwrap();
        assert_eq!(cases.len(), 20);
        for Case { question, passage, late } in cases {
            let asked = sentences.encode_questions(&[&question]).unwrap().remove(0);
            let text = sentences.encode_with_tokens(&[&passage]).unwrap().remove(0);
            let found = met(&asked.tokens, &text.tokens);
            assert!((found - late).abs() < 0.002, "{found} instead of {late}");
            assert_eq!(asked.vector, sentences.encode_texts(&[&question]).unwrap().remove(0));
        }
    }
}
