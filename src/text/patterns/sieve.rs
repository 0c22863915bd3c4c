//! Which of many regular expressions can match in a text, told by one pass over it.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, MatchKind};

use super::literals::{UNFOLDED, required};

/// What many expressions need in a text, in one automaton.
pub(crate) struct Sieve {
    /// `None` when no expression needs anything.
    automaton: Option<AhoCorasick>,
    /// By literal: the expressions that need it, each with its group's bit; none for a literal that opens all.
    uses: Vec<Vec<(usize, u8)>>,
    /// By expression: the bits of its groups.
    needs: Vec<u8>,
}

impl Sieve {
    /// Reads what expressions need. One that is not well formed needs nothing.
    pub(crate) fn of<'a>(patterns: impl IntoIterator<Item = &'a str>) -> Self {
        let mut needs = Vec::new();
        let mut uses: BTreeMap<Vec<u8>, Vec<(usize, u8)>> = BTreeMap::new();
        for (pattern, source) in patterns.into_iter().enumerate() {
            let groups = regex_syntax::parse(source).map(|hir| required(&hir)).unwrap_or_default();
            needs.push(0);
            for (at, group) in groups.into_iter().enumerate() {
                needs[pattern] |= 1 << at;
                for literal in group {
                    uses.entry(literal).or_default().push((pattern, 1 << at));
                }
            }
        }
        for character in UNFOLDED {
            uses.insert(character.to_string().into_bytes(), Vec::new());
        }
        let mut builder = AhoCorasick::builder();
        let automaton =
            builder.match_kind(MatchKind::Standard).ascii_case_insensitive(true).build(uses.keys()).ok();
        if automaton.is_none() {
            // Nothing can be told: every expression is tried.
            needs.fill(0);
        }
        Self { automaton, uses: uses.into_values().collect(), needs }
    }

    /// Which expressions can match in a text.
    pub(crate) fn passing(&self, text: &str) -> Passing<'_> {
        let mut found = vec![0; self.needs.len()];
        let mut is_known = vec![false; self.uses.len()];
        for literal in self.automaton.iter().flat_map(|automaton| automaton.find_overlapping_iter(text)) {
            let literal = literal.pattern().as_usize();
            if std::mem::replace(&mut is_known[literal], true) {
                continue;
            }
            if self.uses[literal].is_empty() {
                found.copy_from_slice(&self.needs);
                break;
            }
            for &(pattern, group) in &self.uses[literal] {
                found[pattern] |= group;
            }
        }
        Passing { found, needs: &self.needs }
    }
}

/// Which expressions of a [`Sieve`] can match in a text.
pub(crate) struct Passing<'a> {
    found: Vec<u8>,
    needs: &'a [u8],
}

impl Passing<'_> {
    /// Whether an expression, by its place among those of the sieve, can match.
    pub(crate) fn has(&self, pattern: usize) -> bool {
        self.found.get(pattern) == self.needs.get(pattern)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex::Regex;

    use super::*;

    const PATTERNS: [&str; 6] = [
        "(?i)strasse [0-9]{1,3}",
        "(?:ab|ba)+k",
        "[一-龥]{1,3}(?:路|街)[0-9]",
        "(?i)(?-u:\\b)(?:k|sk)(?-u:\\b)",
        "[a-z]+",
        "(a|b)?(退货|换货)",
    ];

    #[test]
    fn what_needs_something_else_does_not_pass() {
        let sieve = Sieve::of(PATTERNS);
        let passing = sieve.passing("STRASSE 退货");
        let passed: Vec<usize> = (0..PATTERNS.len()).filter(|&pattern| passing.has(pattern)).collect();
        assert_eq!(passed, [4, 5]);
    }

    proptest! {
        #[test]
        fn what_matches_passes(text in "[abkKsſ\u{212a} 0-9路街退货一]{0,12}|(?i:strasse) [0-9]{0,3}|[aſs]traſse 1") {
            let sieve = Sieve::of(PATTERNS);
            let passing = sieve.passing(&text);
            for (at, pattern) in PATTERNS.iter().enumerate() {
                let matches = Regex::new(pattern).expect("a pattern").is_match(&text);
                prop_assert!(!matches || passing.has(at), "{} in {:?}", pattern, text);
            }
        }
    }
}
