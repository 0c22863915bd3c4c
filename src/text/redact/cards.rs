//! Numbers of bank cards among groups of digits.

use std::ops::Range;

use super::{
    checks,
    context::{before, is_of_a_thing, slice},
};

/// The cards among groups of digits; a day, a count, an expiry date or a security code may stand beside
/// them.
pub(super) fn cards(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let is_joined = slice(text, 0..range.start).ends_with(['/', '-', '_', '#', '=', '.']);
    let mut previous = None;
    for (offset, character) in slice(text, range.clone()).char_indices() {
        let start = range.start + offset;
        let is_start = character.is_ascii_digit()
            && match previous {
                None => !is_joined,
                // In "/p/12-4539…" the groups are of one name.
                Some('-') => !is_joined,
                Some(before) => before == ' ',
            };
        let is_free = found.last().is_none_or(|card| card.end <= start);
        if is_start && is_free {
            found.extend(card(text, start..range.end, previous.is_some()));
        }
        previous = Some(character);
    }
    found
}

/// The longest beginning that is the number of a card. Among other groups only a known scheme counts.
fn card(text: &str, range: Range<usize>, is_inner: bool) -> Option<Range<usize>> {
    /// Digits of the longest number, each after a space or dash.
    const MAX_BYTES: usize = 2 * 19 + 4;
    let context = before(text, range.start);
    let is_named = !is_inner
        && ["card", "visa", "卡"].iter().any(|word| context.contains(word))
        && !is_of_a_thing(text, range.start);
    let found = slice(text, range.clone());
    let is_card = |end: &usize| {
        let number = slice(found, 0..*end);
        let digits = checks::digits(number);
        let ends_well = number.ends_with(|last: char| last.is_ascii_digit())
            && !slice(text, range.start + end..text.len())
                .starts_with(|next: char| next.is_ascii_alphanumeric());
        // With a scheme and the check digit it is a card, whatever is said of it.
        ends_well
            && (13..=19).contains(&digits.len())
            && checks::luhn(&digits)
            && (is_named || checks::is_card_scheme(&digits))
    };
    (13..=found.len().min(MAX_BYTES)).rev().find(is_card).map(|end| range.start..range.start + end)
}
