//! Takes personal data and secrets out of a text before it is stored.
//!
//! Each [`Kind`] is found by one stated method:
//!
//! | Kind | Found by |
//! |---|---|
//! | e-mail | an address with `@` (or `%40`) and a domain, or a known mailer without one; also `name (at) host (dot) com` |
//! | phone | groups of digits by their number, first digits and grouping: mainland, Taiwan, Hong Kong, US, UK and numbers with `+` or `00` and a country; eight digits, or ten without gaps, near a word such as "call" or 電話; 7 to 15 digits directly after one |
//! | id | mainland, Hong Kong, Taiwan (ids and residence permits, both forms) and Singapore ids by their check digit, or after their name; US social security and UK insurance numbers by their shape |
//! | passport | letters and at least five digits after a word such as "passport", 護照, 台胞证 or 通行证, or before it; the numbers of the same length after it; numbers of the form of a passport within 90 characters of such a word |
//! | card | 13 to 19 digits of a known card scheme, or after a word such as "card" or 卡号, with Luhn's check digit |
//! | bank account | an IBAN of a country's length with its check digits |
//! | code | 3 or 4 digits after "CVV" or 安全码; backup codes after their name; 4 to 8 digits beside a word such as "OTP" or 验证码; six digits or a like code within 60 characters of such a word, see `codes` |
//! | secret | keys of known services, JSON web tokens, private keys, passwords and tokens after their name, secret parts of addresses of pages and of connections, recovery phrases of 12 to 24 words, lines of an environment, long strings of mixed letters and digits |
//! | address | Chinese streets and estates with a number, English, German, French, Spanish and Singapore streets with a number, post boxes, UK postcodes; without the province, city and district before a Chinese street |
//! | name | lists of surnames and given names with what stands around, see `names`; a Chinese name without its title |
//!
//! Numbers of orders and parcels, prices, dates, times, versions and quantities stay: a number directly after
//! a word such as "order" or 单号 is not taken for a phone; one of a card scheme with its check digit goes all
//! the same. Toll-free numbers (400, 800, 0800, 1-800) and short ones are of companies and stay. A name in
//! Latin letters that is on no list stays without a sign beside it, and so does a Chinese name with a rare
//! given name, or with one character of it.
//!
//! Digits and letters of full width count as their narrow forms. Every rule is a bounded regular
//! expression without backtracking or a reader that looks a bounded number of characters ahead, so that time
//! grows with the length of the text alone. Rules are tried in the order of `table::RULES`; the first that
//! takes a place keeps it. They are tried again on what is left until nothing more is found, so that
//! redacting twice is redacting once. What looks like a placeholder in the text itself protects nothing: a
//! password with `[card]` in it goes whole.

mod addresses;
mod cards;
mod checks;
mod codes;
mod context;
mod identity;
mod names;
mod narrow;
mod phones;
mod rules;
mod secrets;
mod street_table;
mod table;
#[cfg(test)]
mod tests;

use std::{borrow::Cow, ops::Range};

use narrow::Narrow;

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

    /// Its name in the contract.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Id => "id",
            Self::Passport => "passport",
            Self::Card => "card",
            Self::BankAccount => "bank_account",
            Self::Code => "code",
            Self::Secret => "secret",
            Self::Address => "address",
            Self::Name => "name",
        }
    }

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
    /// What one round takes away can uncover more; a text made to need many rounds is not worth them.
    const MAX_ROUNDS: usize = 8;
    let narrow = Narrow::of(text);
    let mut taken = Taken::default();
    for _ in 0..MAX_ROUNDS {
        let found = find(&taken.left(&narrow.text));
        if found.is_empty() {
            break;
        }
        taken.add(found);
    }
    let in_source =
        |(span, kind): (Range<usize>, Kind)| (narrow.source(span.start)..narrow.source(span.end), kind);
    let spans: Vec<(Range<usize>, Kind)> = taken.spans.into_iter().map(in_source).collect();
    Redacted { text: within(text, &spans, 0..text.len()), spans }
}

/// What the rules find in a narrow text, rising and apart. What earlier redactions left is found no more,
/// except as a part of something longer.
fn find(text: &str) -> Vec<(Range<usize>, Kind)> {
    let placeholders = placeholders(text);
    let mut spans: Vec<(Range<usize>, Kind)> = Vec::new();
    for rule in rules::possible(text) {
        for found in rule.find(text) {
            let at = spans.partition_point(|(span, _)| span.start < found.start);
            let is_free = at.checked_sub(1).is_none_or(|before| spans[before].0.end <= found.start)
                && spans.get(at).is_none_or(|(after, _)| found.end <= after.start);
            if is_free && !found.is_empty() && has_more_than(text, &placeholders, &found) {
                spans.insert(at, (whole(&placeholders, found), rule.kind()));
            }
        }
    }
    spans
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

/// Those of some rising places that overlap another.
fn overlapping<'a>(places: &'a [Range<usize>], found: &Range<usize>) -> &'a [Range<usize>] {
    let first = places.partition_point(|place| place.end <= found.start);
    let end = places.partition_point(|place| place.start < found.end);
    places.get(first..end).unwrap_or_default()
}

/// Whether a place has a letter or digit outside of placeholders.
fn has_more_than(text: &str, placeholders: &[Range<usize>], found: &Range<usize>) -> bool {
    let mut from = found.start;
    let has_any =
        |range: Range<usize>| text.get(range).is_some_and(|part| part.contains(char::is_alphanumeric));
    for place in overlapping(placeholders, found) {
        if has_any(from..place.start) {
            return true;
        }
        from = place.end;
    }
    has_any(from..found.end)
}

/// A place with the placeholders that it cuts.
fn whole(placeholders: &[Range<usize>], found: Range<usize>) -> Range<usize> {
    let cut = overlapping(placeholders, &found);
    let start = cut.first().map_or(found.start, |first| first.start.min(found.start));
    let end = cut.last().map_or(found.end, |last| last.end.max(found.end));
    start..end
}

/// What has been taken out of a narrow text so far.
#[derive(Default)]
struct Taken {
    /// Places of the narrow text, rising and apart.
    spans: Vec<(Range<usize>, Kind)>,
    /// Where the placeholder of each span begins in what is left.
    starts: Vec<usize>,
}

impl Taken {
    /// The text with placeholders.
    fn left<'a>(&mut self, text: &'a str) -> Cow<'a, str> {
        if self.spans.is_empty() {
            return Cow::Borrowed(text);
        }
        self.starts.clear();
        let mut left = String::with_capacity(text.len());
        let mut end = 0;
        for (span, kind) in &self.spans {
            left.push_str(text.get(end..span.start).unwrap_or_default());
            self.starts.push(left.len());
            left.push_str(kind.placeholder());
            end = span.end;
        }
        left.push_str(text.get(end..).unwrap_or_default());
        Cow::Owned(left)
    }

    /// Adds what was found in what is left; a span that it covers becomes part of it.
    fn add(&mut self, found: Vec<(Range<usize>, Kind)>) {
        let found: Vec<(Range<usize>, Kind)> = found
            .into_iter()
            .map(|(range, kind)| (self.source(range.start, false)..self.source(range.end, true), kind))
            .collect();
        let is_covered = |span: &Range<usize>| {
            let after = found.partition_point(|(new, _)| new.end <= span.start);
            found.get(after).is_some_and(|(new, _)| new.start < span.end)
        };
        self.spans.retain(|(span, _)| !is_covered(span));
        self.spans.extend(found);
        self.spans.sort_unstable_by_key(|(span, _)| span.start);
    }

    /// The byte of the narrow text for one of what is left; inside a placeholder the border of its span.
    fn source(&self, byte: usize, is_end: bool) -> usize {
        let at = self.starts.partition_point(|&start| if is_end { start < byte } else { start <= byte });
        let Some(before) = at.checked_sub(1) else { return byte };
        let ((span, kind), start) = (&self.spans[before], self.starts[before]);
        let end = start + kind.placeholder().len();
        match (byte < end, is_end) {
            (true, false) => span.start,
            (true, true) => span.end,
            (false, _) => span.end + (byte - end),
        }
    }
}
