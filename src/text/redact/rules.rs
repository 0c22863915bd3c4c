//! What a rule is, and how it searches a text.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{Kind, table::RULES};

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
    /// Without an ASCII digit it finds nothing.
    needs_digit: bool,
    /// Without a Han character it finds nothing.
    needs_han: bool,
}

static COMPILED: LazyLock<Vec<CompiledRule>> =
    LazyLock::new(|| RULES.iter().filter_map(CompiledRule::of).collect());

/// The rules, compiled once.
pub(super) fn compiled() -> &'static [CompiledRule] {
    &COMPILED
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
        Some(Self { rule, regex, needs_digit, needs_han })
    }

    /// What it finds.
    pub(super) const fn kind(&self) -> Kind {
        self.rule.kind
    }

    /// Places in a text of narrow characters.
    pub(super) fn find(&self, text: &str, traits: Traits) -> Vec<Range<usize>> {
        if (self.needs_digit && !traits.has_digit) || (self.needs_han && !traits.has_han) {
            return Vec::new();
        }
        let places = || {
            let captures = self.regex.iter().flat_map(|regex| regex.captures_iter(text));
            captures.filter_map(|found| found.get(1).or_else(|| found.get(0)).map(|group| group.range()))
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
pub(super) struct Traits {
    has_digit: bool,
    has_han: bool,
}

impl Traits {
    /// Looks once over a text.
    pub(super) fn of(text: &str) -> Self {
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
        assert_eq!(compiled().len(), RULES.len());
    }
}
