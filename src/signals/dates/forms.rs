//! Searches for all forms of dates at once.

use regex::{Captures, Regex};

use super::{Reading, Today, Token, When, english::Around};
use crate::text::patterns::Sieve;

/// Reads what a form found; `None` when it is no date after all.
pub(super) type Reads = fn(&Captures<'_>, &Today, &Around<'_>) -> Option<When>;

/// A form of dates: a regular expression, and what reads its matches.
pub(super) type Form = (String, Reads);

/// Forms of dates, of which only those are tried whose words stand in the text.
pub(super) struct Forms {
    forms: Vec<(Regex, Reads)>,
    sieve: Sieve,
}

impl Forms {
    /// Compiles forms; what is no expression is left out.
    pub(super) fn of(forms: impl Iterator<Item = Form>) -> Self {
        let forms: Vec<(Regex, Reads)> =
            forms.filter_map(|(form, reads)| Some((Regex::new(&form).ok()?, reads))).collect();
        let sieve = Sieve::of(forms.iter().map(|(form, _)| form.as_str()));
        Self { forms, sieve }
    }

    /// Finds what forms name, in their order, apart from figures that belong to something longer. A group
    /// `date` of a form is the date; else all of it is.
    pub(super) fn find(&self, reading: &Reading, today: &Today) -> Vec<Token> {
        let passing = self.sieve.passing(&reading.text);
        let possible = self.forms.iter().enumerate().filter(|(at, _)| passing.has(*at));
        let mut tokens = Vec::new();
        for (form, reads) in possible.map(|(_, form)| form) {
            for captures in form.captures_iter(&reading.text).take(200) {
                let Some(whole) = captures.name("date").or(captures.get(0)) else { continue };
                let mut span = whole.range();
                let around = Around { before: reading.before(&span, 40), after: reading.after(&span, 24) };
                if is_part(whole.as_str(), &around) {
                    continue;
                }
                let Some(when) = reads(&captures, today, &around) else { continue };
                span.start += prefix(whole.as_str());
                tokens.push(Token { span, when });
            }
        }
        tokens
    }
}

/// Whether figures belong to something longer, such as a number of an order.
fn is_part(figures: &str, around: &Around<'_>) -> bool {
    let is_digit = |character: char| character.is_ascii_digit();
    around.before.ends_with(['-', '/', '.', ':', '#', '_', '$', '€', '£', '*'])
        && figures.starts_with(is_digit)
        || around.after.starts_with(['/', '_', '%'])
        || around.after.starts_with(['-', '.', ':']) && around.after[1..].starts_with(is_digit)
}

/// Bytes of the words before the date itself that tell only how it is meant.
fn prefix(whole: &str) -> usize {
    const KEPT_OUT: [&str; 14] = [
        "on", "at", "since", "from", "every", "until", "till", "after", "around", "by", "@", "for", "over",
        "under",
    ];
    let first = whole.split([' ', '\n']).next().unwrap_or_default();
    if !KEPT_OUT.contains(&first) || first.len() == whole.len() {
        return 0;
    }
    let rest = &whole[first.len()..];
    let start = first.len() + rest.len() - rest.trim_start().len();
    start + prefix(&whole[start..])
}
