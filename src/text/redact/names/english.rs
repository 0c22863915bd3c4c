//! Names in Latin letters: capital letters, lists, and what stands around.

use std::ops::Range;

use super::latin_words::{
    BRANDS, BRANDS_AFTER_TITLE, GIVEN, INTRODUCTIONS, LINKS, OFTEN, PARTICLES, PLACES, ROLES, STOPS,
    SURNAMES, SYLLABLES,
};

/// The most words of one name.
const MAX_WORDS: usize = 4;
const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "dr",
    "prof",
    "professor",
    "mx",
    "sir",
    "madam",
    "mister",
    "mrs.",
    "herr",
    "frau",
];
const GREETINGS: &[&str] = &["dear", "hi", "hello", "hey", "hiya", "morning", "afternoon", "evening"];
const SELF_INTRODUCTIONS: &[&str] =
    &["i am", "i'm", "im", "this is", "it's", "its", "it is", "here is", "here's", "me"];

/// A word of Latin letters.
struct Word<'a> {
    range: Range<usize>,
    text: &'a str,
    lower: String,
    is_capital: bool,
    /// Two letters or more, all capitals.
    is_shouted: bool,
}

/// The names in a text, rising and apart.
pub(in super::super) fn names(text: &str) -> Vec<Range<usize>> {
    let reader = Reader::new(text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < reader.words.len() {
        match reader.name_at(at) {
            Some(end) if end > at => {
                found.push(reader.words[at].range.start..reader.name_end(end - 1));
                at = end;
            }
            _ => at += 1,
        }
    }
    found
}

/// A text by words.
struct Reader<'a> {
    text: &'a str,
    words: Vec<Word<'a>>,
    /// Most words begin with a capital letter, which then says nothing.
    is_titled: bool,
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

fn word(text: &str, range: Range<usize>) -> Word<'_> {
    let part = text.get(range.clone()).unwrap_or_default();
    // "Karen's" is Karen.
    let bare = part.strip_suffix("'s").or_else(|| part.strip_suffix("’s")).filter(|bare| bare.len() > 2);
    let part = bare.unwrap_or(part);
    Word {
        range: range.start..range.start + part.len(),
        text: part,
        lower: part.to_lowercase().replace('’', "'"),
        is_capital: part.starts_with(char::is_uppercase),
        is_shouted: part.chars().count() > 1 && !part.contains(char::is_lowercase),
    }
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        let words = words(text);
        let num_capital = words.iter().filter(|word| word.is_capital).count();
        let is_titled = words.len() >= 5 && num_capital * 10 > words.len() * 8;
        Self { text, words, is_titled }
    }

    fn gap(&self, at: usize) -> &str {
        let from = at.checked_sub(1).map_or(0, |before| self.words[before].range.end);
        let to = self.words.get(at).map_or(self.text.len(), |word| word.range.start);
        self.text.get(from..to).unwrap_or_default()
    }

    /// Whether a word belongs to the one before it: a blank or dash between, or the dot of an initial.
    fn is_adjacent(&self, at: usize) -> bool {
        let gap = self.gap(at);
        let is_initial = at > 0 && self.words[at - 1].text.chars().count() == 1;
        at > 0 && (matches!(gap, " " | "-" | "  ") || (is_initial && matches!(gap, ". " | ".")))
    }

    fn name_end(&self, last: usize) -> usize {
        self.words[last].range.end
    }

    fn lower(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |word| &word.lower)
    }

    fn is_stop(&self, at: usize) -> bool {
        STOPS.contains(self.lower(at)) || self.lower(at).ends_with("desk")
    }

    fn is_given(&self, at: usize) -> bool {
        GIVEN.contains(self.lower(at))
    }

    fn is_surname(&self, at: usize) -> bool {
        SURNAMES.contains(self.lower(at))
    }

    fn is_known(&self, at: usize) -> bool {
        self.is_given(at) || self.is_surname(at) || SYLLABLES.contains(self.lower(at))
    }

    fn is_capital(&self, at: usize) -> bool {
        self.words.get(at).is_some_and(|word| word.is_capital)
    }

    /// Whether a word can be part of a name: a capital letter, no word that is none.
    fn is_candidate(&self, at: usize) -> bool {
        self.words.get(at).is_some_and(|word| word.is_capital)
            && (!self.is_stop(at) || (OFTEN.contains(self.lower(at)) && self.is_given(at)))
            && !self.touches_number(at)
    }

    /// Parts of "user@host", "V11", "www.x.com" and the like are no words.
    fn touches_number(&self, at: usize) -> bool {
        let Some(word) = self.words.get(at) else { return false };
        let before = self.text.get(..word.range.start).and_then(|text| text.chars().next_back());
        let mut after = self.text.get(word.range.end..).unwrap_or_default().chars();
        let joins = |character: char| character.is_ascii_digit() || "@_/#=&*".contains(character);
        let next = after.next();
        before.is_some_and(|character| joins(character) && character != '/' || character == '[')
            || next.is_some_and(joins)
            || next == Some(']')
            || (matches!(next, Some('.' | '-'))
                && after.next().is_some_and(|second| {
                    second.is_ascii_alphanumeric() && (next == Some('.') || second.is_ascii_digit())
                }))
    }

    /// Where the name that begins at a word ends; `None` for none.
    fn name_at(&self, at: usize) -> Option<usize> {
        self.after_title(at)
            .or_else(|| self.introduced(at))
            .or_else(|| self.greeted(at))
            .or_else(|| self.signed(at))
            .or_else(|| self.after_role(at))
            .or_else(|| self.chinese(at))
            .or_else(|| self.listed(at))
    }

    /// The end of a name whose first word is sure: the capital words after it that can be of it.
    fn extend(&self, at: usize) -> usize {
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
    fn follows(&self, at: usize, phrases: &[&str], between: &[&str]) -> bool {
        if at == 0 || !between.contains(&self.gap(at).trim_matches(['"', '\'', '“', '(', '*'])) {
            return false;
        }
        phrases.iter().any(|phrase| {
            let mut word = at;
            phrase.split(' ').rev().all(|part| {
                let fits = word > 0 && self.lower(word - 1) == part && (word == at || self.gap(word) == " ");
                word = word.saturating_sub(1);
                fits
            })
        })
    }

    /// Mr Smith, Mrs. van Dijk, Dr Alan Whitcombe.
    fn after_title(&self, at: usize) -> Option<usize> {
        const BETWEEN: &[&str] = &[" ", ". ", ".", "  "];
        if !self.follows(at, TITLES, BETWEEN) {
            return None;
        }
        let title = &self.words[at - 1];
        let is_brand = BRANDS_AFTER_TITLE.contains(&self.lower(at));
        if self.is_capital(at)
            && title.is_capital
            && !is_brand
            && (!self.is_stop(at) || self.is_surname(at))
            && self.lower(at) != "or"
        {
            return Some(self.extend(at));
        }
        let is_small =
            self.is_surname(at) && !self.is_stop(at) && title.lower != "miss" && title.lower != "sir";
        (is_small && !is_brand).then_some(at + 1)
    }

    /// "my name is", "Recipient:", "I'm": small letters too.
    fn introduced(&self, at: usize) -> Option<usize> {
        const IS: &[&str] = &[" ", ": ", ":", ":  ", " : ", "\n", ":\n", " is ", " - "];
        const COLON: &[&str] = &[": ", ":", ":  ", " : ", ":\n", " - "];
        const WITH_IS: &[&str] = &[
            "my name is",
            "my name's",
            "full name is",
            "name is",
            "names is",
            "i am called",
            "i'm called",
            "name's",
            "signed for by",
            "under the name",
            "in the name of",
            "signed by",
        ];
        const WITH_SPACE: &[&str] = &[
            "called",
            "named",
            "recipient",
            "attn",
            "attention of",
            "cardholder",
            "holder",
            "c o",
            "name of",
            "client",
            "addressed to",
            "for by",
        ];
        let is_sure = self.follows(at, WITH_IS, IS) || self.follows(at, INTRODUCTIONS, COLON);
        // "the name on the bell is Weber".
        let is_named = self.follows(at, &["is", "was", "says", "reads"], &[" ", ": "])
            && self.is_candidate(at)
            && (at.saturating_sub(6)..at - 1).any(|word| matches!(self.lower(word), "name" | "names"));
        if is_named && !self.is_titled {
            return Some(self.extend(at));
        }
        if is_sure {
            return self.any_case(at);
        }
        if self.follows(at, WITH_SPACE, &[" ", ": "]) && self.is_candidate(at) && !self.is_titled {
            return Some(self.extend(at));
        }
        if !self.follows(at, SELF_INTRODUCTIONS, &[" "]) {
            return None;
        }
        self.self_introduced(at)
    }

    /// The name after "I'm": known, or followed by what follows a name.
    fn self_introduced(&self, at: usize) -> Option<usize> {
        let is_last = |end: usize| {
            let gap = self.gap(end);
            let next = self.lower(end);
            (end >= self.words.len() && !gap.contains(char::is_alphanumeric))
                || gap.starts_with(',') && gap.trim_start_matches(',').trim().is_empty()
                || (gap == " "
                    && ["from", "and", "here", "again", "writing", "calling", "at", "with", "about"]
                        .contains(&next))
        };
        let seems_verb =
            self.lower(at).len() > 5 && (self.lower(at).ends_with("ing") || self.lower(at).ends_with("ed"));
        if self.is_candidate(at) && !self.is_titled && !seems_verb && !self.words[at].is_shouted {
            let end = self.extend(at);
            let ends_listed = (at..end).any(|word| {
                self.is_given(word) || self.is_surname(word) || SYLLABLES.contains(self.lower(word))
            });
            let is_brand = self.is_brand(at);
            let fits = (self.is_given(at) && !OFTEN.contains(self.lower(at)))
                || (ends_listed && end - at >= 2)
                || is_last(end);
            return (fits && !is_brand).then_some(end);
        }
        let is_small = !self.is_capital(at)
            && (self.is_given(at) && !OFTEN.contains(self.lower(at))
                || self.is_given(at) && self.is_surname(at + 1))
            && !self.is_stop(at);
        if !is_small {
            return None;
        }
        let has_surname = at + 1 < self.words.len()
            && self.is_adjacent(at + 1)
            && self.is_surname(at + 1)
            && !self.is_stop(at + 1);
        let end = at + 1 + usize::from(has_surname);
        (has_surname || is_last(end) || self.is_given(at)).then_some(end)
    }

    /// A name in any case up to a word that is none.
    fn any_case(&self, at: usize) -> Option<usize> {
        if self.is_stop(at) && !(self.is_given(at) || self.is_surname(at)) || self.touches_number(at) {
            return None;
        }
        if self.is_capital(at) && !self.words[at].is_shouted {
            return Some(self.extend(at));
        }
        const NOT_A_NAME: &[&str] = &[
            "wrong",
            "misspelled",
            "misspelt",
            "spelled",
            "spelt",
            "printed",
            "showing",
            "incorrect",
            "different",
            "changed",
            "correct",
            "tag",
            "field",
            "plate",
        ];
        let mut end = at;
        while end < self.words.len()
            && end - at < 3
            && (end == at || self.is_adjacent(end))
            && !self.is_stop(end)
            && !NOT_A_NAME.contains(&self.lower(end))
        {
            let is_known = self.is_known(end) || self.lower(end).contains('\'');
            if end > at && !is_known && !self.words[end].is_shouted {
                break;
            }
            end += 1;
        }
        (end > at).then_some(end)
    }

    /// Dear Sandeep, / Hi Emily!
    fn greeted(&self, at: usize) -> Option<usize> {
        if !self.follows(at, GREETINGS, &[" ", ", "]) || !self.is_candidate(at) {
            return None;
        }
        let end = self.extend(at);
        let gap = self.gap(end);
        let is_closed = gap.starts_with([',', '!', ':', '\n', '，', '.', ';'])
            || gap.trim().is_empty() && end >= self.words.len()
            || gap.starts_with(" -");
        let is_known = self.is_given(at) && !OFTEN.contains(self.lower(at));
        ((is_closed || is_known) && !self.is_brand(at)).then_some(end)
    }

    /// A line of its own after "regards", or of known names; "Thanks, Nikhil" at the end.
    fn signed(&self, at: usize) -> Option<usize> {
        if !self.is_candidate(at) && !(self.is_given(at) && !self.is_stop(at)) {
            return None;
        }
        let gap = self.gap(at);
        let is_line = gap.contains('\n')
            && gap[gap.rfind('\n').unwrap_or(0)..]
                .trim_matches([' ', '\n', '-', '—', '–', '\t', '~', '/'])
                .is_empty();
        let end = if self.is_capital(at) { self.extend(at) } else { at + 1 };
        let after = self.gap(end);
        let ends_line = after.trim_start_matches([' ', '\t', '.', ',']).starts_with('\n')
            || (end >= self.words.len() && after.trim().trim_matches('.').is_empty());
        let closes = |word: usize| {
            matches!(
                self.lower(word),
                "regards"
                    | "sincerely"
                    | "cheers"
                    | "thanks"
                    | "thank"
                    | "you"
                    | "truly"
                    | "wishes"
                    | "best"
                    | "faithfully"
                    | "yours"
                    | "advance"
                    | "thx"
                    | "ta"
                    | "respectfully"
                    | "love"
                    | "much"
            )
        };
        let is_closed = at > 0 && closes(at - 1);
        let is_listed = (at..end).any(|word| self.is_given(word) || self.is_surname(word));
        let is_on_line = is_line && ends_line && (is_closed || is_listed && !self.is_brand(at));
        let is_inline = is_closed
            && matches!(gap, ", " | " " | " - " | ". " | " – " | " — " | "! ")
            && ends_line
            && end >= self.words.len()
            && (self.is_given(at) || (self.is_capital(at) && gap != " " && end - at <= 2));
        let is_dashed = matches!(
            gap.trim_start_matches(['.', '!', '?', ')']),
            " - " | " – " | " — " | " —" | " -" | " ~"
        ) && end >= self.words.len()
            && ends_line
            && is_listed;
        (is_on_line || is_inline || is_dashed).then_some(end)
    }

    /// "your agent Melissa", "my wife Sofia Marchetti", "spoke to Rachel Kim".
    fn after_role(&self, at: usize) -> Option<usize> {
        if self.is_titled || !self.is_candidate(at) || self.words[at].is_shouted && !self.is_known(at) {
            return None;
        }
        let end = self.extend(at);
        let is_role = self.follows(at, ROLES, &[" ", ", ", ": "]) && !self.is_brand(at);
        let is_linked = self.follows(at, LINKS, &[" "]);
        let is_often = OFTEN.contains(self.lower(at));
        let has_surname = (at + 1..end).any(|word| self.is_surname(word));
        let is_cut = self.is_stop(end) && self.is_capital(end) && self.is_adjacent(end);
        let is_said = is_role && !is_cut
            || is_linked
                && !is_cut
                && !self.is_brand(at)
                && (has_surname && (self.is_given(at) || end - at >= 2) || self.is_given(at) && !is_often);
        // "from Karen at": a person's verbs after a name that is also a word.
        is_said.then_some(end)
    }

    /// Whether two words are a brand or a place.
    fn is_brand(&self, at: usize) -> bool {
        let is_pair = |first: usize| {
            first + 1 < self.words.len() && self.is_adjacent(first + 1) && {
                let (first, second) = (self.lower(first), self.lower(first + 1));
                let is_it = |pair: &&str| pair.split_once(' ').is_some_and(|pair| pair == (first, second));
                BRANDS.iter().any(|pair| is_it(&pair)) || PLACES.iter().any(|pair| is_it(&pair))
            }
        };
        let next = self.gap(at + 1);
        let is_joint = next.trim_start().starts_with('&') && at + 1 < self.words.len();
        let after_joint = self.gap(at).trim_end().ends_with('&');
        is_pair(at) || (at > 0 && is_pair(at - 1)) || is_joint || after_joint
    }

    /// Chan Tai Man, Wei Zhang, Mei-Ling Chen: a Chinese surname beside Chinese syllables.
    fn chinese(&self, at: usize) -> Option<usize> {
        /// Syllables that are English words.
        const ENGLISH: &[&str] = &[
            "he", "to", "so", "do", "an", "a", "me", "can", "man", "you", "sun", "long", "sing", "song",
            "pan", "fan", "die", "hang", "run", "pen", "hen", "den", "ban", "bin", "go", "ma", "pa", "la",
            "she", "men", "sin", "kit", "in", "tin", "kind", "sue", "dun", "hay", "hat", "fat", "on", "sit",
            "sum", "king", "wing", "sang", "rang", "tang", "tong", "sheng", "sung", "lung", "bang", "gang",
            "gun", "gong",
        ];
        if !self.is_candidate(at) || self.is_brand(at) {
            return None;
        }
        let mut end = at + 1;
        while end < self.words.len() && end - at < 4 && self.is_adjacent(end) && self.is_candidate(end) {
            end += 1;
        }
        (at + 2..=end).rev().find(|&end| {
            let is_surname = |word: usize| self.is_surname(word) && SYLLABLES.contains(self.lower(word));
            let is_sound = |word: usize| is_of_syllables(self.lower(word)) && !self.words[word].is_shouted;
            let inner_first = is_surname(at) && (at + 1..end).all(is_sound);
            let inner_last = is_surname(end - 1) && (at..end - 1).all(is_sound);
            let num_english = (at..end).filter(|&word| ENGLISH.contains(&self.lower(word))).count();
            (inner_first || inner_last)
                && num_english * 2 < end - at
                && !self.is_brand(end - 1)
                && !(at..end).all(|word| self.is_stop(word))
        })
    }

    /// A given name of the list, with or without a surname.
    fn listed(&self, at: usize) -> Option<usize> {
        if !self.is_candidate(at) || self.is_brand(at) || self.words[at].is_shouted {
            return None;
        }
        let is_initial = self.words[at].text.chars().count() == 1
            && self.gap(at + 1).starts_with('.')
            && self.is_surname(at + 1)
            && self.is_capital(at + 1);
        if !self.is_given(at) {
            return (is_initial && self.is_adjacent(at + 1)).then(|| self.extend(at));
        }
        let end = self.extend(at);
        let has_surname = end - at >= 2
            && (at + 1..end).any(|word| self.is_surname(word) || SYLLABLES.contains(self.lower(word)));
        let is_often = OFTEN.contains(self.lower(at)) || self.is_titled;
        if is_often {
            return (has_surname && !self.is_titled && self.is_capital(at + 1)).then_some(end);
        }
        // "the Emma mattress", "Grace Street", "St. James": goods and places.
        let is_article = at > 0
            && matches!(
                self.lower(at - 1),
                "the"
                    | "a"
                    | "an"
                    | "your"
                    | "our"
                    | "these"
                    | "st"
                    | "saint"
                    | "san"
                    | "santa"
                    | "lake"
                    | "port"
                    | "fort"
                    | "mount"
                    | "queen"
                    | "king"
                    | "prince"
                    | "princess"
                    | "new"
            )
            && self.gap(at).trim_matches('.') == " ";
        let is_goods =
            end < self.words.len() && self.is_adjacent(end) && self.is_capital(end) && self.is_stop(end);
        let after_capital = at > 0
            && self.is_adjacent(at)
            && self.is_capital(at - 1)
            && !self.is_stop(at - 1)
            && !TITLES.contains(&self.lower(at - 1))
            && self.gap(at) == " "
            && at > 1
            && !self.gap(at - 1).contains(['.', '!', '?', '\n']);
        (!is_article && !is_goods && !after_capital).then_some(end)
    }
}

/// Whether a word, lower case, is one to three Chinese syllables.
fn is_of_syllables(word: &str) -> bool {
    fn rest(word: &str, left: usize) -> bool {
        if word.is_empty() {
            return true;
        }
        left > 0
            && (1..=word.len().min(6)).any(|end| {
                word.get(..end).is_some_and(|part| SYLLABLES.contains(part)) && rest(&word[end..], left - 1)
            })
    }
    word.is_ascii() && rest(word, 3)
}
