//! Many regular expressions over one text.
//!
//! An expression of hundreds of alternatives is slow: its automaton is far larger than the cache that it is
//! built into while it runs. So what each alternative needs is looked for first, for all of them in one pass
//! ([`Sieve`]), and only those that have it are run, each by itself. Most texts need none.

mod literals;
mod sieve;

use std::{ops::Range, sync::OnceLock};

use regex::Regex;

pub(crate) use self::sieve::{Passing, Sieve};

/// Expressions of which the first that matches at the leftmost place counts, as in `a|b|c`.
pub(crate) struct Alternatives {
    patterns: Vec<Pattern>,
    sieve: Sieve,
}

/// An expression that is compiled when it is first needed.
struct Pattern {
    source: String,
    regex: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// The expression; `None` when it is not well formed.
    fn regex(&self) -> Option<&Regex> {
        self.regex.get_or_init(|| Regex::new(&self.source).ok()).as_ref()
    }
}

impl Alternatives {
    /// Takes expressions; `None` for none at all and where one is not well formed.
    pub(crate) fn of(sources: Vec<String>) -> Option<Self> {
        let are_expressions = sources.iter().all(|source| regex_syntax::parse(source).is_ok());
        if sources.is_empty() || !are_expressions {
            return None;
        }
        let sieve = Sieve::of(sources.iter().map(String::as_str));
        let pattern = |source| Pattern { source, regex: OnceLock::new() };
        Some(Self { patterns: sources.into_iter().map(pattern).collect(), sieve })
    }

    /// Their sources, in order.
    pub(crate) fn sources(&self) -> impl Iterator<Item = &str> {
        self.patterns.iter().map(|pattern| pattern.source.as_str())
    }

    /// Whether one matches.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        let passing = self.sieve.passing(text);
        self.regexes(&passing, 0).any(|regex| regex.is_match(text))
    }

    /// The places that match, rising and apart.
    pub(crate) fn find_iter<'a>(&'a self, text: &'a str) -> Places<'a> {
        self.find_among(text, &self.sieve.passing(text), 0)
    }

    /// The same when a sieve of more expressions was asked already, whose place `first` is that of the first
    /// one here.
    pub(crate) fn find_among<'a>(&'a self, text: &'a str, passing: &Passing<'_>, first: usize) -> Places<'a> {
        let regexes = self.regexes(passing, first);
        Places { text, from: 0, next: regexes.map(|regex| (regex, None, false)).collect() }
    }

    fn regexes(&self, passing: &Passing<'_>, first: usize) -> impl Iterator<Item = &Regex> {
        let possible = self.patterns.iter().enumerate().filter(move |(at, _)| passing.has(first + at));
        possible.filter_map(|(_, pattern)| pattern.regex())
    }
}

/// The places of [`Alternatives`] in a text.
pub(crate) struct Places<'a> {
    text: &'a str,
    /// Where the search goes on.
    from: usize,
    /// What can match, with its next place and whether it is known.
    next: Vec<(&'a Regex, Option<Range<usize>>, bool)>,
}

impl Iterator for Places<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let (text, from) = (self.text, self.from);
        for (regex, place, is_known) in &mut self.next {
            if !*is_known || place.as_ref().is_some_and(|place| place.start < from) {
                (*place, *is_known) = (regex.find_at(text, from).map(|place| place.range()), true);
            }
        }
        self.next.retain(|(_, place, _)| place.is_some());
        // Of several at one place the first of the list.
        let first =
            self.next.iter().filter_map(|(_, place, _)| place.clone()).min_by_key(|place| place.start)?;
        self.from = if first.is_empty() { text.ceil_char_boundary(first.end + 1) } else { first.end };
        if self.from > text.len() || first.is_empty() && first.end == text.len() {
            self.next.clear();
        }
        Some(first)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PATTERNS: [&str; 5] = ["ab", "a(b|c)*", "(?-u:\\b)c+", "退货?", "b退"];

    proptest! {
        #[test]
        fn alternatives_match_as_one_expression_of_them(text in "[abc退货 ]{0,16}") {
            let alternatives = Alternatives::of(PATTERNS.map(String::from).to_vec()).expect("patterns");
            let whole = Regex::new(&PATTERNS.join("|")).expect("a pattern");
            let expected: Vec<_> = whole.find_iter(&text).map(|place| place.range()).collect();
            prop_assert_eq!(alternatives.find_iter(&text).collect::<Vec<_>>(), expected);
            prop_assert_eq!(alternatives.is_match(&text), whole.is_match(&text));
        }
    }
}
