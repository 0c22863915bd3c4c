//! What a rule is, and how it searches a text.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{Kind, table::RULES};
use crate::text::patterns::Sieve;

/// One rule: what is found, and how.
pub(super) struct Rule {
    kind: Kind,
    method: Method,
}

/// How places are found. In a pattern, `<` stands for a border of an ASCII word (Han characters are none),
/// so that numbers are found between Chinese characters; group 1, where there is one, is what counts.
pub(super) enum Method {
    /// Every match.
    All(&'static str),
    /// A part of each match, or nothing.
    Part(&'static str, fn(&str, Range<usize>) -> Option<Range<usize>>),
    /// Some parts of each match, rising and apart.
    Parts(&'static str, fn(&str, Range<usize>) -> Vec<Range<usize>>),
    /// What a reader of the whole text finds, rising and apart.
    Read(fn(&str) -> Vec<Range<usize>>),
}

/// A row of the table.
pub(super) const fn rule(kind: Kind, method: Method) -> Rule {
    Rule { kind, method }
}

/// A rule that is ready to search.
pub(super) struct CompiledRule {
    rule: &'static Rule,
    /// `None` for a reader.
    regex: Option<Regex>,
    /// Whether a group counts, and not the whole match.
    has_group: bool,
    /// Without an ASCII digit it finds nothing.
    needs_digit: bool,
    /// Without a Han character it finds nothing.
    needs_han: bool,
}

/// The rules, compiled, and what each needs in a text.
struct Compiled {
    rules: Vec<CompiledRule>,
    sieve: Sieve,
}

static COMPILED: LazyLock<Compiled> = LazyLock::new(|| {
    let rules: Vec<CompiledRule> = RULES.into_iter().flatten().filter_map(CompiledRule::of).collect();
    // A reader has no pattern, and the empty one needs nothing.
    let patterns = rules.iter().map(|rule| rule.regex.as_ref().map_or("", Regex::as_str));
    let sieve = Sieve::of(patterns);
    Compiled { rules, sieve }
});

/// The rules that can find something in a text of narrow characters, in order.
pub(super) fn possible(text: &str) -> impl Iterator<Item = &'static CompiledRule> {
    let passing = COMPILED.sieve.passing(text);
    let traits = Traits::of(text);
    let rules = COMPILED.rules.iter().enumerate();
    rules.filter(move |(at, rule)| rule.is_possible(traits) && passing.has(*at)).map(|(_, rule)| rule)
}

impl Method {
    const fn pattern(&self) -> Option<&'static str> {
        match self {
            Self::All(pattern) | Self::Part(pattern, _) | Self::Parts(pattern, _) => Some(*pattern),
            Self::Read(_) => None,
        }
    }
}

impl CompiledRule {
    fn of(rule: &'static Rule) -> Option<Self> {
        // A digit of another script is no digit of these numbers.
        let plain = |pattern: &str| {
            pattern.replace('<', r"(?-u:\b)").replace(r"\d", "[0-9]").replace(r"\w", "[0-9A-Za-z_]")
        };
        let regex = match rule.method.pattern() {
            Some(pattern) => Some(Regex::new(&plain(pattern)).ok()?),
            None => None,
        };
        let is_han_street = rule.kind == Kind::Address
            && rule.method.pattern().is_some_and(|pattern| pattern.contains(r"\p{Han}"));
        let needs_digit = !matches!(rule.kind, Kind::Secret | Kind::Email | Kind::Name) && !is_han_street;
        let needs_han = is_han_street;
        // A road without a number is announced.
        let is_bare_road = rule.kind == Kind::Address
            && rule
                .method
                .pattern()
                .is_some_and(|pattern| !pattern.contains(r"\d{1,") && !pattern.contains(r"\d[A-Z"));
        let needs_digit = needs_digit && !is_bare_road;
        let has_group = regex.as_ref().is_some_and(|regex| regex.captures_len() > 1);
        Some(Self { rule, regex, has_group, needs_digit, needs_han })
    }

    /// What it finds.
    pub(super) const fn kind(&self) -> Kind {
        self.rule.kind
    }

    /// Whether it can find anything in a text.
    const fn is_possible(&self, traits: Traits) -> bool {
        (traits.has_digit || !self.needs_digit) && (traits.has_han || !self.needs_han)
    }

    /// Places in a text of narrow characters.
    pub(super) fn find(&self, text: &str) -> Vec<Range<usize>> {
        let places = || {
            let with_group = self.regex.iter().filter(|_| self.has_group);
            let groups = with_group
                .flat_map(|regex| regex.captures_iter(text))
                .filter_map(|found| found.get(1).or_else(|| found.get(0)).map(|group| group.range()));
            let without = self.regex.iter().filter(|_| !self.has_group);
            groups.chain(without.flat_map(|regex| regex.find_iter(text)).map(|found| found.range()))
        };
        match self.rule.method {
            Method::All(_) => places().collect(),
            Method::Part(_, check) => places().filter_map(|range| check(text, range)).collect(),
            Method::Parts(_, check) => places().flat_map(|range| check(text, range)).collect(),
            Method::Read(read) => read(text),
        }
    }
}

/// What a text has, so that rules which need it are not tried without.
#[derive(Clone, Copy)]
struct Traits {
    has_digit: bool,
    has_han: bool,
}

impl Traits {
    /// Looks once over a text.
    fn of(text: &str) -> Self {
        Self {
            has_digit: text.bytes().any(|byte| byte.is_ascii_digit()),
            // Han characters begin with E3 (〇, 々) to F0.
            has_han: text.bytes().any(|byte| byte >= 0xe3),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        assert_eq!(COMPILED.rules.len(), RULES.iter().map(|rules| rules.len()).sum::<usize>());
    }
}
