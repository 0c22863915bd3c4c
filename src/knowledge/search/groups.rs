//! One hit for what is one answer: translations of an article, and passages that say the same.

use std::{
    cmp::Ordering,
    collections::{BTreeSet, HashSet},
};

use super::candidates::Candidate;
use crate::{
    Result,
    knowledge::{
        analysis,
        catalogue::{Catalogue, Slot},
        name::{ArticleName, BaseName},
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
pub(super) fn join_similar(catalogue: &Catalogue, groups: Vec<Group>) -> Result<Vec<Group>> {
    let mut compared: Vec<(Group, Vec<f32>, Option<HashSet<String>>)> = Vec::new();
    let mut groups = groups.into_iter();
    for group in groups.by_ref().take(NUM_COMPARED) {
        let vector = passage_vector(catalogue, &group.shown);
        let mut words = None;
        let mut same = None;
        for (index, (other, other_vector, other_words)) in compared.iter_mut().enumerate() {
            if other.shown.locale != group.shown.locale || dot(&vector, other_vector) < MIN_SAME_COSINE {
                continue;
            }
            let here = filled(&mut words, || words_of(catalogue, &group.shown))?;
            let there = filled(other_words, || words_of(catalogue, &other.shown))?;
            // "30 days" and "14 days" are two answers, however alike the rest is.
            if share_in_common(here, there) >= MIN_SAME_WORDS && figures(here) == figures(there) {
                same = Some(index);
                break;
            }
        }
        match same {
            Some(index) => compared[index].0.similar.push(group.shown.slot),
            None => compared.push((group, vector, words)),
        }
    }
    Ok(compared.into_iter().map(|(group, ..)| group).chain(groups).collect())
}

fn filled<T>(place: &mut Option<T>, make: impl FnOnce() -> Result<T>) -> Result<&T> {
    Ok(match place {
        Some(there) => there,
        None => place.insert(make()?),
    })
}

/// The vector of the passage that a candidate shows.
pub(super) fn passage_vector(catalogue: &Catalogue, candidate: &Candidate) -> Vec<f32> {
    let row = catalogue.entry(candidate.slot).first_row + candidate.ordinal;
    catalogue.segment(candidate.slot).exact_row(row)
}

/// Its words and figures.
fn words_of(catalogue: &Catalogue, candidate: &Candidate) -> Result<HashSet<String>> {
    let record = catalogue.segment(candidate.slot).record(catalogue.entry(candidate.slot))?;
    let passage = record.passages.get(candidate.ordinal as usize);
    let text = passage.map(|passage| passage.text(record.body)).unwrap_or_default();
    Ok(analysis::analyse(text).words.into_iter().collect())
}

/// The words that hold a figure.
fn figures(words: &HashSet<String>) -> BTreeSet<&str> {
    let has_figure =
        |word: &&String| word.contains(|character: char| character.is_numeric() || is_numeral(character));
    words.iter().filter(has_figure).map(String::as_str).collect()
}

/// Chinese numerals that stand in amounts and durations.
fn is_numeral(character: char) -> bool {
    "一二三四五六七八九十百千万两半".contains(character)
}

/// What two sets share, of all that is in either.
fn share_in_common(left: &HashSet<String>, right: &HashSet<String>) -> f64 {
    let num_common = left.intersection(right).count();
    let num_all = left.len() + right.len() - num_common;
    #[expect(clippy::cast_precision_loss, reason = "a passage has few words")]
    let share = num_common as f64 / num_all.max(1) as f64;
    share
}

/// The name of an article.
pub(super) fn name(base: &BaseName, record: &Record<'_>) -> Result<ArticleName> {
    ArticleName::from_id(base, record.id, "name")
}
