//! A text by words of Latin letters: which of them can be of a name.

use std::ops::Range;

use super::latin_words::{BRANDS, GIVEN, OFTEN, PARTICLES, PLACES, STOPS, SURNAMES, SYLLABLES};

/// The most words of one name.
const MAX_WORDS: usize = 4;

/// A word of Latin letters.
pub(super) struct Word<'a> {
    /// Its place.
    pub(super) range: Range<usize>,
    /// As it stands.
    pub(super) text: &'a str,
    /// In small letters.
    pub(super) lower: String,
    /// Begins with a capital letter.
    pub(super) is_capital: bool,
    /// Two letters or more, all capitals.
    pub(super) is_shouted: bool,
}

/// A text by words.
pub(super) struct Reader<'a> {
    /// The text.
    pub(super) text: &'a str,
    /// Its words.
    pub(super) words: Vec<Word<'a>>,
    /// Most words begin with a capital letter, which then says nothing.
    pub(super) is_titled: bool,
}

fn words(text: &str) -> Vec<Word<'_>> {
    let is_letter = |character: char| character.is_alphabetic() && !crate::text::is_han(character);
    let mut words = Vec::new();
    let mut start = None;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let joins = matches!(character, '\'' | '’')
            && start.is_some()
            && characters.peek().is_some_and(|&(_, next)| is_letter(next));
        if is_letter(character) || joins {
            start.get_or_insert(at);
            if characters.peek().is_some() {
                continue;
            }
        }
        let end = if is_letter(character) { at + character.len_utf8() } else { at };
        if let Some(start) = start.take() {
            words.push(word(text, start..end));
        }
    }
    words
}

/// Letters without their accents, as lists have names.
fn plain(word: &str) -> String {
    const ACCENTED: &str = "áaàaâaäaãaåaāaăaạaảaấaầaậaắaặaçcćcčcďdđdéeèeêeëeēeęeěeẹeếeềeểeễeệeğgíiìiîiïiīiıiịiłlñnńnňnóoòoôoöoõoøoōoőoọoốoồoổoộoớoờoợoơořrśsšsşsșsťtțtúuùuûuüuūuůuűuụuứuừuữuựuưuýyỳyỹyżzźzžz";
    let pairs: Vec<char> = ACCENTED.chars().collect();
    let bare = |character: char| {
        pairs.chunks(2).find(|pair| pair.first() == Some(&character)).and_then(|pair| pair.get(1).copied())
    };
    word.chars().map(|character| bare(character).unwrap_or(character)).collect()
}

/// Surnames that their form tells: "McAllister", "O'Dowd", "Eriksson", "Kowalska", "Petrovic".
fn is_surname_by_form(word: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "sson", "ssen", "owski", "owska", "ewski", "ewska", "inski", "inska", "ński", "ńska", "ović", "ovic",
        "ević", "evic", "enko", "shvili", "opoulos", "idis", "escu", "yan", "owicz", "ewicz", "ikov",
        "ikova", "anova", "enkov", "singh", "moorthy", "swamy", "lingam", "dottir", "dóttir",
    ];
    let is_capital = word.starts_with(char::is_uppercase);
    let has_capital_after = |prefix: &str| {
        word.strip_prefix(prefix).is_some_and(|rest| rest.starts_with(char::is_uppercase) && rest.len() > 2)
    };
    let has_ending = || {
        let lower = word.to_lowercase();
        word.chars().count() >= 7 && ENDINGS.iter().any(|ending| lower.ends_with(ending))
    };
    let prefixes = ["Mc", "Mac", "O'", "O’", "Fitz", "D'", "Di", "De", "Van"];
    is_capital && (prefixes.iter().any(|prefix| has_capital_after(prefix)) || has_ending())
}

fn word(text: &str, range: Range<usize>) -> Word<'_> {
    let part = text.get(range.clone()).unwrap_or_default();
    // "Karen's" is Karen.
    // What an earlier redaction left is no word of the customer's.
    let is_placeholder = text.get(..range.start).is_some_and(|before| before.ends_with(['[']))
        && text.get(range.end..).is_some_and(|after| after.starts_with([']', ' ']));
    let bare = part.strip_suffix("'s").or_else(|| part.strip_suffix("’s")).filter(|bare| bare.len() > 2);
    let part = bare.unwrap_or(part);
    Word {
        range: range.start..range.start + part.len(),
        text: part,
        lower: if is_placeholder { String::new() } else { part.to_lowercase() },
        is_capital: part.starts_with(char::is_uppercase),
        is_shouted: part.chars().count() > 1 && !part.contains(char::is_lowercase),
    }
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let words = words(text);
        let num_capital = words.iter().filter(|word| word.is_capital).count();
        let is_titled = words.len() >= 5 && num_capital * 10 > words.len() * 8;
        Self { text, words, is_titled }
    }

    pub(super) fn gap(&self, at: usize) -> &str {
        let from = at.checked_sub(1).map_or(0, |before| self.words[before].range.end);
        let to = self.words.get(at).map_or(self.text.len(), |word| word.range.start);
        self.text.get(from..to).unwrap_or_default()
    }

    /// Whether a word belongs to the one before it: a blank or dash between, or the dot of an initial.
    pub(super) fn is_adjacent(&self, at: usize) -> bool {
        let gap = self.gap(at);
        let is_initial = at > 0 && self.words[at - 1].text.chars().count() == 1;
        at > 0 && (matches!(gap, " " | "-" | "  ") || (is_initial && matches!(gap, ". " | ".")))
    }

    pub(super) fn name_end(&self, last: usize) -> usize {
        self.words[last].range.end
    }

    pub(super) fn lower(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |word| &word.lower)
    }

    pub(super) fn is_stop(&self, at: usize) -> bool {
        STOPS.contains(self.lower(at)) || self.lower(at).ends_with("desk")
    }

    pub(super) fn is_given(&self, at: usize) -> bool {
        let word = self.lower(at);
        GIVEN.contains(word) || (!word.is_ascii() && GIVEN.contains(plain(word).as_str()))
    }

    pub(super) fn is_surname(&self, at: usize) -> bool {
        let word = self.lower(at);
        SURNAMES.contains(word)
            || (!word.is_ascii() && SURNAMES.contains(plain(word).as_str()))
            || self.words.get(at).is_some_and(|word| is_surname_by_form(word.text))
    }

    pub(super) fn is_known(&self, at: usize) -> bool {
        self.is_given(at) || self.is_surname(at) || SYLLABLES.contains(self.lower(at))
    }

    pub(super) fn is_capital(&self, at: usize) -> bool {
        self.words.get(at).is_some_and(|word| word.is_capital)
    }

    /// Whether a word can be part of a name: a capital letter, no word that is none.
    pub(super) fn is_candidate(&self, at: usize) -> bool {
        self.words.get(at).is_some_and(|word| word.is_capital)
            && (!self.is_stop(at) || (OFTEN.contains(self.lower(at)) && self.is_given(at)))
            && !self.touches_number(at)
    }

    /// Parts of "user@host", "V11", "www.x.com" and the like are no words.
    pub(super) fn touches_number(&self, at: usize) -> bool {
        let Some(word) = self.words.get(at) else { return false };
        let before = self.text.get(..word.range.start).and_then(|text| text.chars().next_back());
        let mut after = self.text.get(word.range.end..).unwrap_or_default().chars();
        let joins = |character: char| character.is_ascii_digit() || "@_/#=&*".contains(character);
        let next = after.next();
        // The tag "zh-Hans", "anti-Frank".
        let is_tail = self.gap(at) == "-" && at > 0 && !self.is_capital(at - 1);
        is_tail
            || before.is_some_and(|character| joins(character) && character != '/' || character == '[')
            || next.is_some_and(joins)
            || next == Some(']')
            || (matches!(next, Some('.' | '-'))
                && after.next().is_some_and(|second| {
                    second.is_ascii_alphanumeric() && (next == Some('.') || second.is_ascii_digit())
                }))
    }

    /// The end of a name whose first word is sure: the capital words after it that can be of it.
    pub(super) fn extend(&self, at: usize) -> usize {
        let mut end = at + 1;
        while end < self.words.len() && end - at < MAX_WORDS && self.is_adjacent(end) {
            let is_particle = PARTICLES.contains(&self.lower(end))
                && self.is_capital(end + 1)
                && end + 1 < self.words.len()
                && self.is_adjacent(end + 1);
            let fits = self.is_candidate(end)
                && (!self.words[end].is_shouted || self.words[at].is_shouted || self.is_surname(end));
            if !is_particle && !fits {
                break;
            }
            end += 1;
        }
        // "Karen and": an initial or a particle is not the end.
        while end > at + 1 && PARTICLES.contains(&self.lower(end - 1)) && !self.is_capital(end - 1) {
            end -= 1;
        }
        end
    }

    /// Whether a phrase in lower case stands right before a word; `with` is what may stand between.
    pub(super) fn follows(&self, at: usize, phrases: &[&str], between: &[&str]) -> bool {
        if at == 0 || !between.contains(&self.gap(at).trim_matches(['"', '\'', '“', '(', '*'])) {
            return false;
        }
        let last = self.lower(at - 1);
        phrases.iter().filter(|phrase| phrase.ends_with(last)).any(|phrase| {
            let mut word = at;
            phrase.split(' ').rev().all(|part| {
                let fits = word > 0 && self.lower(word - 1) == part && (word == at || self.gap(word) == " ");
                word = word.saturating_sub(1);
                fits
            })
        })
    }

    /// Whether two words are a brand or a place.
    pub(super) fn is_brand(&self, at: usize) -> bool {
        let is_pair = |first: usize| {
            first + 1 < self.words.len() && self.is_adjacent(first + 1) && {
                let (first, second) = (self.lower(first), self.lower(first + 1));
                let is_it = |pair: &&str| {
                    pair.strip_prefix(first).and_then(|rest| rest.strip_prefix(' ')) == Some(second)
                };
                BRANDS.iter().chain(PLACES.iter()).any(is_it)
            }
        };
        let next = self.gap(at + 1);
        let is_joint = next.trim_start().starts_with('&') && at + 1 < self.words.len();
        let after_joint = self.gap(at).trim_end().ends_with('&');
        is_pair(at) || (at > 0 && is_pair(at - 1)) || is_joint || after_joint
    }
}
