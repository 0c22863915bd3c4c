//! One hit for what is one answer: translations of an article, and passages that say the same.

use std::cmp::Ordering;

use super::candidates::Candidate;
use crate::{
    Result,
    knowledge::{
        catalogue::{Catalogue, Slot},
        name::{ArticleName, BaseName},
        passage_words::PassageWords,
        segment::Record,
        vectors::dot,
    },
    message::Locale,
};

/// Groups that are compared with those before them for saying the same.
const NUM_COMPARED: usize = 20;
/// Cosine of two passages from which their words are compared.
const MIN_SAME_COSINE: f32 = 0.9;
/// Share of words in common from which two passages say the same.
const MIN_SAME_WORDS: f64 = 0.85;

/// The translations of one article.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// The one in the asker's language where there is one, else the best.
    pub(super) shown: Candidate,
    /// The best one, whatever its language.
    pub(super) best: Candidate,
    /// What groups are ranked by.
    pub(super) score: f64,
    /// How well the question's tokens are met, in 0..1; 0 where nobody looked.
    pub(super) late: f64,
    /// Other articles with a passage that says the same.
    pub(super) similar: Vec<Slot>,
}

/// Puts translations together, best first.
pub(super) fn group(catalogue: &Catalogue, mut candidates: Vec<Candidate>, asker: Locale) -> Vec<Group> {
    let key = |candidate: &Candidate| catalogue.entry(candidate.slot).key;
    candidates.sort_by_key(|candidate| (key(candidate), catalogue.entry(candidate.slot).number));
    let translations = candidates.chunk_by(|left, right| key(left) == key(right));
    let mut groups: Vec<Group> = translations.filter_map(|members| one(members, asker)).collect();
    groups.sort_by(|left, right| best_first(catalogue, left, right));
    groups
}

/// A total order, so that equal questions get equal answers.
pub(super) fn best_first(catalogue: &Catalogue, left: &Group, right: &Group) -> Ordering {
    let number = |group: &Group| catalogue.entry(group.shown.slot).number;
    right.score.total_cmp(&left.score).then_with(|| number(left).cmp(&number(right)))
}

/// The group of some translations; `None` when nothing of them fits.
fn one(members: &[Candidate], asker: Locale) -> Option<Group> {
    let best = *first_largest(members, |member| member.score)?;
    let preferred = *first_largest(members, Candidate::preferred)?;
    let own = members.iter().filter(|member| member.locale == asker);
    let own = first_largest(own, |member| member.score).copied();
    let (shown, score) = own.map_or((preferred, preferred.preferred()), |own| (own, best.score));
    (score > 0.0).then_some(Group { shown, best, score, late: 0.0, similar: vec![] })
}

/// The first of those with the largest value.
fn first_largest<'a>(
    members: impl IntoIterator<Item = &'a Candidate>,
    value: impl Fn(&Candidate) -> f64,
) -> Option<&'a Candidate> {
    let larger = |left: &&'a Candidate, right: &&'a Candidate| match value(left).total_cmp(&value(right)) {
        Ordering::Equal => Ordering::Greater,
        other => other,
    };
    members.into_iter().max_by(larger)
}

/// Puts groups whose passages say the same into the first of them.
pub(super) fn join_similar(catalogue: &Catalogue, groups: Vec<Group>) -> Vec<Group> {
    let mut compared: Vec<(Group, Vec<f32>)> = Vec::with_capacity(NUM_COMPARED);
    let mut groups = groups.into_iter();
    for group in groups.by_ref().take(NUM_COMPARED) {
        let vector = passage_vector(catalogue, &group.shown);
        let words = words_of(catalogue, &group.shown);
        let says_same = |(other, other_vector): &&mut (Group, Vec<f32>)| {
            if other.shown.locale != group.shown.locale || dot(&vector, other_vector) < MIN_SAME_COSINE {
                return false;
            }
            let others = words_of(catalogue, &other.shown);
            // "30 days" and "14 days" are two answers, however alike the rest is.
            words.share_in_common(others) >= MIN_SAME_WORDS && words.has_figures_of(others)
        };
        match compared.iter_mut().find(says_same) {
            Some((same, _)) => same.similar.push(group.shown.slot),
            None => compared.push((group, vector)),
        }
    }
    compared.into_iter().map(|(group, _)| group).chain(groups).collect()
}

/// The vector of the passage that a candidate shows.
pub(super) fn passage_vector(catalogue: &Catalogue, candidate: &Candidate) -> Vec<f32> {
    let row = catalogue.entry(candidate.slot).first_row + candidate.ordinal;
    catalogue.segment(candidate.slot).exact_row(row)
}

/// The words of the passage that a candidate shows.
pub(super) fn words_of<'a>(catalogue: &'a Catalogue, candidate: &Candidate) -> PassageWords<'a> {
    let row = catalogue.entry(candidate.slot).first_row + candidate.ordinal;
    catalogue.segment(candidate.slot).words(row)
}

/// The name of an article.
pub(super) fn name(base: &BaseName, record: &Record<'_>) -> Result<ArticleName> {
    ArticleName::from_id(base, record.id, "name")
}
