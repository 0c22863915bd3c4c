//! The same words with other figures.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    ops::Range,
    sync::LazyLock,
};

use super::{
    Figure, Finding, FindingKind, MAX_PLACES, Place, Read, can_conflict, differ_in_subject,
    figures::{Masked, is_english_number, masked},
    listed,
    shingles::mix,
    units_of,
};
use crate::{
    knowledge::quote::{Unit, UnitKind},
    text::is_han,
};

/// Least number of telling words (a Han character counts half) for a statement to be of one thing.
const MIN_WORDS: f64 = 3.0;
/// Statements with the same words that each further one is compared with.
const MAX_COMPARED: usize = 16;

/// Words that do not change what is stated.
const FILLERS: &str = "a an the to of in on at for by with from and or is are be will would can may your you our we \
    us it its this that these those as also please usually normally typically generally about approximately around \
    up within most least than more now then just only";
static FILLER_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| FILLERS.split_whitespace().collect());
/// The same in Chinese, as characters in Simplified.
const HAN_FILLERS: &str = "的了在是会将请您你我们也就都可以能需要约大概左右通常一般内之至到";

/// Something stated with figures.
struct Statement {
    article: usize,
    /// In the body.
    range: Range<usize>,
    figures: Vec<Figure>,
}

/// Finds contradictions.
pub(super) fn find(articles: &[Read<'_>]) -> Vec<Finding> {
    let mut of_words: BTreeMap<(u64, u64), Vec<Statement>> = BTreeMap::new();
    for (article, read) in articles.iter().enumerate() {
        for passage in &read.passages {
            if !may_have_figures(read.text(passage)) {
                continue;
            }
            let units = units_of(read, passage);
            let masks: Vec<Masked> =
                units.iter().map(|unit| masked(&read.text(passage)[unit.range.clone()])).collect();
            for index in 0..units.len() {
                let Some(key) = key(&units, &masks, index) else { continue };
                let unit = &units[index];
                let range = passage.start + unit.range.start..passage.start + unit.range.end;
                let mut figures = masks[index].figures.clone();
                figures.sort_unstable();
                of_words.entry(key).or_default().push(Statement { article, range, figures });
            }
        }
    }
    let mut subjects = Subjects::of(articles);
    let mut findings: Vec<Finding> =
        of_words.into_values().filter_map(|statements| finding(&mut subjects, &statements)).collect();
    findings.sort_by(|first, second| place_order(first).cmp(&place_order(second)));
    findings
}

/// Whether a text has a digit or a word for a number; most that have none need not be cut into units.
fn may_have_figures(text: &str) -> bool {
    let is_number = |character: char| {
        character.is_ascii_digit()
            || matches!(character, '０'..='９')
            || "一二三四五六七八九十两兩".contains(character)
    };
    text.contains(is_number) || text.split_whitespace().any(is_english_number)
}

fn place_order(finding: &Finding) -> Option<(&super::ArticleName, usize)> {
    finding.places.first().map(|place| (&place.article, place.range.start))
}

/// What two statements must share to be of one thing: two hashes of their telling words, whatever the
/// order. Items, rows and sentences that point back are taken with what they belong to.
fn key(units: &[Unit], masks: &[Masked], index: usize) -> Option<(u64, u64)> {
    let unit = &units[index];
    if masks[index].figures.is_empty() || matches!(unit.kind, UnitKind::Heading | UnitKind::TableHead) {
        return None;
    }
    let mut words = telling_words(&masks[index].text);
    let num_words: f64 = words.iter().map(|word| if word.starts_with(is_han) { 0.5 } else { 1.0 }).sum();
    if num_words < MIN_WORDS && unit.kind == UnitKind::Sentence {
        return None;
    }
    let mut add = |other: usize| words.extend(telling_words(&masks[other].text));
    if unit.needs_previous && index > 0 {
        add(index - 1);
    }
    if unit.kind != UnitKind::Sentence {
        let head =
            units.iter().position(|other| other.block == unit.block && other.kind == UnitKind::TableHead);
        head.into_iter().for_each(&mut add);
        unit.lead.into_iter().for_each(&mut add);
        // A row or item that nothing introduces could be of anything.
        if head.is_none() && unit.lead.is_none() {
            return None;
        }
    }
    words.sort_unstable();
    let hash = |seed: u64| {
        words
            .iter()
            .flat_map(|word| word.bytes().chain([0]))
            .fold(seed, |hash, byte| mix(hash ^ u64::from(byte)))
    };
    Some((hash(1), hash(2)))
}

/// Words of a masked text without fillers, English ones without their commonest endings; Han characters one
/// by one; `#` for each figure, so that only statements with as many figures are compared.
fn telling_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for part in text.split(' ') {
        let mut word = String::new();
        for character in part.chars() {
            if is_han(character) || character == '#' {
                push_word(&mut words, std::mem::take(&mut word));
                if !HAN_FILLERS.contains(character) {
                    words.push(character.to_string());
                }
            } else {
                word.push(character);
            }
        }
        push_word(&mut words, word);
    }
    words
}

fn push_word(words: &mut Vec<String>, word: String) {
    if word.is_empty() || FILLER_WORDS.contains(word.as_str()) {
        return;
    }
    let stem = ["ing", "ed", "es", "s", "e"]
        .iter()
        .find_map(|ending| word.strip_suffix(ending).filter(|stem| stem.len() >= 3));
    words.push(stem.map_or_else(|| word.clone(), str::to_owned));
}

/// Which articles differ in subject. Telling it reads both bodies, and many statements ask for the same
/// two, so that each pair is told once.
struct Subjects<'a, 'b> {
    articles: &'b [Read<'a>],
    differ: HashMap<(usize, usize), bool>,
}

impl<'a, 'b> Subjects<'a, 'b> {
    fn of(articles: &'b [Read<'a>]) -> Self {
        Self { articles, differ: HashMap::new() }
    }

    /// Whether two articles, by their places, are about different things.
    fn differ(&mut self, first: usize, second: usize) -> bool {
        let pair = (first.min(second), first.max(second));
        let articles = self.articles;
        *self.differ.entry(pair).or_insert_with(|| differ_in_subject(&articles[pair.0], &articles[pair.1]))
    }
}

/// The contradiction among statements of the same words, if there is one.
fn finding(subjects: &mut Subjects<'_, '_>, statements: &[Statement]) -> Option<Finding> {
    let articles = subjects.articles;
    let mut chosen: Vec<usize> = Vec::new();
    for (index, statement) in statements.iter().enumerate() {
        for (before, other) in statements.iter().enumerate().take(index.min(MAX_COMPARED)) {
            let contradicts = statement.figures != other.figures
                && can_conflict(&articles[other.article], &articles[statement.article])
                && !subjects.differ(other.article, statement.article);
            if contradicts {
                chosen.extend([before, index]);
            }
        }
    }
    chosen.sort_unstable();
    chosen.dedup();
    if chosen.is_empty() {
        return None;
    }
    let chosen: Vec<&Statement> = chosen.into_iter().map(|index| &statements[index]).collect();
    let common: Vec<&Figure> = chosen[0]
        .figures
        .iter()
        .filter(|figure| chosen.iter().all(|statement| statement.figures.contains(figure)))
        .collect();
    let place = |statement: &&Statement| -> Place {
        let own = statement.figures.iter().filter(|figure| !common.contains(figure)).cloned().collect();
        articles[statement.article].place(statement.range.clone(), own)
    };
    let places: Vec<Place> = chosen.iter().take(MAX_PLACES).map(place).collect();
    let mut told: Vec<String> = places
        .iter()
        .map(|place| format!("{} says {}", place.article.id(), listed(&place.figures)))
        .collect();
    told.dedup();
    let message = format!(
        "The same statement has different figures: {}. Find out which is right and correct the others.",
        told.join(", ")
    );
    Some(Finding { kind: FindingKind::Contradiction, places, message })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::{Article, ArticleInput, ArticleName, BaseName, Limits};

    fn article(id: &str, title: &str, body: &str) -> Article {
        let input = ArticleInput {
            locale: "en".into(),
            title: title.into(),
            body: body.into(),
            ..ArticleInput::default()
        };
        let base = BaseName::from_id("shop", "id").unwrap();
        Article {
            name: ArticleName::from_id(&base, id, "id").unwrap(),
            content: input.check("article", &Limits::default()).unwrap(),
            version: 1,
            create_time_ms: 0,
            update_time_ms: 0,
            etag: String::new(),
        }
    }

    #[test]
    fn each_pair_of_articles_is_told_apart_once_in_either_order() {
        let articles = [
            article("lamp", "Lamp", "The lamp has a warranty of 2 years after delivery."),
            article("chair", "Chair", "The chair has a warranty of 3 years after delivery."),
            article("returns", "Returns", "Parcels can be sent back within 30 days after delivery."),
        ];
        let reads: Vec<Read<'_>> = articles.iter().map(Read::of).collect();
        let mut subjects = Subjects::of(&reads);
        for (first, second) in [(0, 1), (1, 0), (0, 1)] {
            assert!(subjects.differ(first, second));
        }
        assert_eq!(subjects.differ.len(), 1);
        for (first, second) in [(0, 2), (2, 1)] {
            let told = subjects.differ(first, second);
            assert_eq!(told, differ_in_subject(&reads[first], &reads[second]));
        }
        assert_eq!(subjects.differ.len(), 3);
    }
}
