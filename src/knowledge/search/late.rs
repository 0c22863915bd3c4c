//! A second look at the first few articles: the question's tokens held against theirs.
//!
//! Of an article the text that meets the question best counts: a passage, the title or a question.

use super::groups::{Group, best_first};
use crate::{
    encoder::{PackedQuestion, QuestionTokens},
    knowledge::catalogue::Catalogue,
};

/// Articles that are looked at again.
const NUM_ARTICLES: usize = 10;

/// Orders the first articles anew; every score stays in 0..1.
pub(super) fn reorder(
    catalogue: &Catalogue,
    mut groups: Vec<Group>,
    question: &QuestionTokens,
    weight: f64,
) -> Vec<Group> {
    if let Some(question) = question.packed() {
        for group in groups.iter_mut().take(NUM_ARTICLES) {
            look_again(catalogue, group, &question, weight);
        }
    }
    for group in &mut groups {
        group.score = (group.score + weight * group.late) / (1.0 + weight);
    }
    groups.sort_by(|left, right| best_first(catalogue, left, right));
    groups
}

/// Finds how well an article meets the question, and shows the passage that does so best.
fn look_again(catalogue: &Catalogue, group: &mut Group, question: &PackedQuestion<'_>, weight: f64) {
    let (segment, entry) = (catalogue.segment(group.shown.slot), catalogue.entry(group.shown.slot));
    let rows = entry.first_row..entry.first_row + entry.num_rows();
    let met: Vec<f64> = rows.map(|row| question.met(segment.tokens(row))).collect();
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
