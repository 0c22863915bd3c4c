//! Takes personal data and secrets out of a text before it is stored.
//!
//! Each [`Kind`] is found by one stated method:
//!
//! | Kind | Found by |
//! |---|---|
//! | e-mail | an address with `@` and a domain; also `name (at) host (dot) com` |
//! | phone | mainland mobiles and landlines, Taiwan, Hong Kong, US and UK numbers by their shape, anything with `+` or `00` and a country, and 7 to 15 digits after a word such as "call" or 電話 |
//! | id | mainland id numbers, Hong Kong and Taiwan ids by their check digit, US social security numbers by their shape, UK insurance numbers after their name |
//! | passport | letters and digits after a word such as "passport" or 護照 |
//! | card | 13 to 19 digits of a known card scheme, or after a word such as "card" or 卡号, with Luhn's check digit |
//! | bank account | an IBAN of a country's length with its check digits |
//! | code | 4 to 8 digits beside a word such as "OTP" or 验证码 |
//! | secret | keys of known services, JSON web tokens, private keys, passwords after their name, secret parts of addresses of pages, long strings of mixed letters and digits |
//! | address | Chinese streets with a house number, English streets by their last word, UK postcodes |
//! | name | what follows "my name is", 我叫, 收件人 and the like; surnames with 先生, 小姐, 女士 |
//!
//! Numbers of orders and parcels, prices, dates, times, versions and quantities stay: a number directly after
//! a word such as "order" or 单号 is not taken for a phone; one of a card scheme with its check digit goes all
//! the same. Toll-free numbers (400, 800, 0800) are of
//! companies and stay. Names and addresses without any such sign are not found.
//!
//! Digits and letters of full width count as their narrow forms. Every rule is a bounded regular
//! expression without backtracking, so that time grows with the length of the text alone. Rules are tried
//! in the order of `rules::RULES`; the first that takes a place keeps it.

mod checks;
mod conditions;
mod rules;
#[cfg(test)]
mod tests;

use std::ops::Range;

/// What was taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
    /// The number of an identity card or of social security.
    Id,
    /// The number of a passport or travel permit.
    Passport,
    /// The number of a bank card.
    Card,
    /// The number of a bank account.
    BankAccount,
    /// A code that is valid once.
    Code,
    /// A password, key or token.
    Secret,
    /// A street with its house number, or a postcode that tells the street.
    Address,
    /// The name of a person.
    Name,
}

impl Kind {
    const ALL: [Self; 10] = [
        Self::Email,
        Self::Phone,
        Self::Id,
        Self::Passport,
        Self::Card,
        Self::BankAccount,
        Self::Code,
        Self::Secret,
        Self::Address,
        Self::Name,
    ];

    /// What stands in the text instead.
    pub const fn placeholder(self) -> &'static str {
        match self {
            Self::Email => "[email]",
            Self::Phone => "[phone]",
            Self::Id => "[id]",
            Self::Passport => "[passport]",
            Self::Card => "[card]",
            Self::BankAccount => "[bank account]",
            Self::Code => "[code]",
            Self::Secret => "[secret]",
            Self::Address => "[address]",
            Self::Name => "[name]",
        }
    }
}

/// A text without what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Redacted {
    /// The text with placeholders.
    pub text: String,
    /// What was taken out, as bytes of the source, rising and apart.
    pub spans: Vec<(Range<usize>, Kind)>,
}

/// Takes personal data and secrets out of a text. Redacting the result again changes nothing.
pub fn redact(text: &str) -> Redacted {
    let narrow = Narrow::of(text);
    let placeholders = placeholders(&narrow.text);
    let mut spans: Vec<(Range<usize>, Kind)> = Vec::new();
    for rule in rules::compiled() {
        for found in rule.find(&narrow.text) {
            let at = spans.partition_point(|(span, _)| span.start < found.start);
            let is_free = at.checked_sub(1).is_none_or(|before| spans[before].0.end <= found.start)
                && spans.get(at).is_none_or(|(after, _)| found.end <= after.start);
            if is_free && !touches(&placeholders, &found) {
                spans.insert(at, (found, rule.kind()));
            }
        }
    }
    let mut redacted = Redacted::default();
    let mut end = 0;
    for (span, kind) in spans {
        let span = narrow.source(span.start)..narrow.source(span.end);
        redacted.text.push_str(&text[end..span.start]);
        redacted.text.push_str(kind.placeholder());
        end = span.end;
        redacted.spans.push((span, kind));
    }
    redacted.text.push_str(&text[end..]);
    redacted
}

/// The part of a text in a range, with placeholders for the spans in it; a span that the border of the
/// range cuts is replaced whole.
///
/// `spans` are those of [`redact`] on the same text: rising and apart. A range or span that is not of the
/// text is cut to it, at the characters' borders outside.
pub fn within(text: &str, spans: &[(Range<usize>, Kind)], range: Range<usize>) -> String {
    let start = text.floor_char_boundary(range.start);
    let end = text.ceil_char_boundary(range.end).max(start);
    let mut part = String::with_capacity(end - start);
    let mut from = start;
    for (span, kind) in spans {
        if span.end <= start || span.is_empty() {
            continue;
        }
        if span.start >= end {
            break;
        }
        part.push_str(text.get(from..span.start).unwrap_or_default());
        part.push_str(kind.placeholder());
        from = text.ceil_char_boundary(span.end);
    }
    part.push_str(text.get(from..end).unwrap_or_default());
    part
}

/// What earlier redactions left, rising and apart.
fn placeholders(text: &str) -> Vec<Range<usize>> {
    let at = |(start, _)| {
        let rest = text.get(start..).unwrap_or_default();
        let left = Kind::ALL.iter().map(|kind| kind.placeholder()).find(|left| rest.starts_with(left))?;
        Some(start..start + left.len())
    };
    text.match_indices('[').filter_map(at).collect()
}

/// Whether a place overlaps one of some that rise.
fn touches(places: &[Range<usize>], found: &Range<usize>) -> bool {
    let after = places.partition_point(|place| place.end <= found.start);
    places.get(after).is_some_and(|place| place.start < found.end)
}

/// A text with characters of full width made narrow, and where each byte comes from.
struct Narrow {
    text: String,
    /// Bytes of the narrow text after which it is shifted, with what to add from there on.
    shifts: Vec<(usize, usize)>,
}

impl Narrow {
    fn of(source: &str) -> Self {
        let mut narrow = Self { text: String::with_capacity(source.len()), shifts: Vec::new() };
        for (offset, character) in source.char_indices() {
            let folded = match character {
                '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character),
                '\u{3000}' | '\u{a0}' | '\u{2002}'..='\u{200a}' | '\u{202f}' => ' ',
                '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
                _ => character,
            };
            narrow.text.push(folded);
            let shift = offset + character.len_utf8() - narrow.text.len();
            if narrow.shifts.last().map_or(0, |&(_, shift)| shift) != shift {
                narrow.shifts.push((narrow.text.len(), shift));
            }
        }
        narrow
    }

    /// The byte of the source that a byte of the narrow text comes from.
    fn source(&self, byte: usize) -> usize {
        let at = self.shifts.partition_point(|&(from, _)| from <= byte);
        byte + at.checked_sub(1).map_or(0, |before| self.shifts[before].1)
    }
}
