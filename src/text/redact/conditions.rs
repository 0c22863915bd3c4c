//! What must hold beside a pattern, and how much of a match is taken out.
//!
//! Each condition gets the whole text and the place of a match, and gives the place that is taken out;
//! `None` leaves the text alone.

use std::ops::Range;

use super::checks;

/// Takes the whole match.
pub(super) fn any(_: &str, range: Range<usize>) -> Option<Range<usize>> {
    Some(range)
}

fn when(holds: bool, range: Range<usize>) -> Option<Range<usize>> {
    holds.then_some(range)
}

/// English words that say that a number right after them is of an order, a parcel or a thing; plurals too.
const THINGS: [&str; 19] = [
    "order",
    "tracking",
    "parcel",
    "invoice",
    "ticket",
    "case",
    "ref",
    "reference",
    "transaction",
    "serial",
    "sku",
    "imei",
    "model",
    "item",
    "awb",
    "waybill",
    "shipment",
    "isbn",
    "ean",
];
/// The same in Chinese, as a text ends before the number.
const HAN_THINGS: [&str; 16] = [
    "订单", "訂單", "单号", "單號", "编号", "編號", "物流", "快递", "快遞", "交易", "流水", "序", "序列",
    "发票", "發票", "工单",
];
/// Words between such a word and its number ("order number is").
const BETWEEN: [&str; 11] =
    ["number", "numbers", "no", "nos", "num", "nr", "id", "code", "confirmation", "is", "was"];
/// Characters between them in Chinese.
const HAN_BETWEEN: &str = "号號码碼是为為";

/// The last characters before a place, in lower case, up to the end of a clause. What an earlier
/// redaction put there ends one too: its words are not the customer's.
fn before(text: &str, start: usize) -> String {
    let is_in_clause = |character: &char| {
        !matches!(character, ',' | '、' | '。' | '!' | '?' | '\n' | ';' | '，' | '；' | ']')
    };
    let characters: Vec<char> =
        slice(text, 0..start).chars().rev().take(40).take_while(is_in_clause).collect();
    characters.into_iter().rev().collect::<String>().to_lowercase()
}

/// A part of a text; nothing where the place is not in it.
fn slice(text: &str, range: Range<usize>) -> &str {
    text.get(range).unwrap_or_default()
}

/// Whether a number is said to be of an order or the like, directly before it: "I paid this order with"
/// says nothing of the number.
fn is_of_a_thing(text: &str, start: usize) -> bool {
    let context = before(text, start);
    let mut rest = context.as_str();
    loop {
        rest = rest.trim_end_matches(|character: char| !character.is_alphanumeric());
        if HAN_THINGS.iter().any(|thing| rest.ends_with(thing)) {
            return true;
        }
        let shorter = rest.trim_end_matches(|character: char| HAN_BETWEEN.contains(character));
        if shorter.len() < rest.len() {
            rest = shorter;
            continue;
        }
        let without = rest.trim_end_matches(|character: char| character.is_ascii_alphanumeric());
        let word = rest.strip_prefix(without).unwrap_or_default();
        let single = word.strip_suffix('s').unwrap_or(word);
        if THINGS.contains(&word) || THINGS.contains(&single) {
            return true;
        }
        if !BETWEEN.contains(&word) {
            return false;
        }
        rest = without;
    }
}

/// Whether a number stands by itself: not part of a price, a version, an address of a page or a longer
/// number.
fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    let before = slice(text, 0..range.start).chars().next_back();
    let mut after = slice(text, range.end..text.len()).chars();
    let joins = |character: char| character.is_ascii_alphanumeric() || "-_./#$€£¥@=*".contains(character);
    let ends_well = match (after.next(), after.next()) {
        (Some('-' | '.' | '/' | ':' | ','), Some(next)) => !next.is_ascii_digit(),
        (Some(next), _) => !next.is_ascii_alphanumeric() && !"%_元円¥".contains(next),
        _ => true,
    };
    !before.is_some_and(joins) && ends_well
}

/// Keys have digits; words do not.
pub(super) fn has_digit(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    when(slice(text, range.clone()).bytes().any(|byte| byte.is_ascii_digit()), range)
}

/// A word after "password is" is rarely the password ("wrong", "not"); one with digits or signs is.
pub(super) fn password(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let word = slice(text, range.clone()).trim_end_matches(['.', ',', ';', '!', '?', '"', '\'', ')']);
    let is_mixed = word.bytes().any(|byte| byte.is_ascii_digit() || b"!@#$%^&*_+".contains(&byte));
    when(is_mixed && word.len() >= 4, range.start..range.start + word.len())
}

/// The same where nothing says that the word is the password ("password Abc12345"): letters with digits,
/// or at least six digits; no address of a page.
pub(super) fn bare_password(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let range = password(text, range)?;
    let word = slice(text, range.clone());
    let has_letter = word.bytes().any(|byte| byte.is_ascii_alphabetic());
    let has_digit = word.bytes().any(|byte| byte.is_ascii_digit());
    let is_pin = word.len() >= 6 && word.bytes().all(|byte| byte.is_ascii_digit());
    when(((has_letter && has_digit) || is_pin) && !word.contains("://"), range)
}

/// An account number, without words after it.
pub(super) fn iban(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let length = checks::iban_length(slice(text, range.clone()))?;
    Some(range.start..range.start + length)
}

/// With a day of birth and the check character.
pub(super) fn mainland_id(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let plain: String = slice(text, range.clone()).chars().filter(char::is_ascii_alphanumeric).collect();
    when(checks::is_mainland_id(&plain), range)
}

/// With the check character.
pub(super) fn hong_kong_id(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    when(checks::is_hong_kong_id(slice(text, range.clone())), range)
}

/// With the check digit, and not the number of an order.
pub(super) fn taiwan_id(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    when(checks::is_taiwan_id(slice(text, range.clone())) && !is_of_a_thing(text, range.start), range)
}

/// A number that can have been issued.
pub(super) fn social_security(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let number = slice(text, range.clone());
    let possible = !number.starts_with("000")
        && !number.starts_with("666")
        && !number.starts_with('9')
        && slice(number, 4..6) != "00"
        && !number.ends_with("0000");
    when(possible && stands_alone(text, &range) && !is_of_a_thing(text, range.start), range)
}

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
    const MAX_BYTES: usize = 2 * 19;
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

/// As many digits as a number with its country has.
pub(super) fn international(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let num_digits = checks::digits(slice(text, range.clone())).len();
    let sign = if slice(text, range.start..text.len()).starts_with('+') { 8..=15 } else { 11..=17 };
    when(sign.contains(&num_digits) && stands_alone(text, &range) && !is_of_a_thing(text, range.start), range)
}

/// As many digits as a phone number has; no toll-free number, no day.
pub(super) fn phone(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let number = slice(text, range.clone());
    let digits = checks::digits(number);
    // In North America a 1 is dialled before the area code.
    let dialled = usize::from(
        digits.len() == 11 && number.strip_prefix('1').is_some_and(|rest| rest.starts_with(['-', ' ', '.'])),
    );
    let prefix = digits.iter().skip(dialled).take(3).fold(0, |prefix, digit| prefix * 10 + digit);
    let is_toll_free = matches!(prefix, 400 | 800 | 833 | 844 | 855 | 866 | 877 | 888)
        || (prefix == 80 && digits.first() == Some(&0));
    let is_day = digits.len() == 8
        && matches!(digits[..2], [1, 9] | [2, 0])
        && digits[4] * 10 + digits[5] <= 12
        && digits[6] * 10 + digits[7] <= 31;
    let fits = (7..=15).contains(&digits.len()) && !is_toll_free && !is_day;
    when(fits && stands_alone(text, &range) && !is_of_a_thing(text, range.start), range)
}

/// A code, not a count ("1000 seconds").
pub(super) fn code(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    const UNITS: [&str; 16] = [
        "minute", "min", "second", "sec", "hour", "time", "day", "digit", "次", "分", "秒", "位", "天", "小",
        "個", "个",
    ];
    let after = slice(text, range.end..text.len()).trim_start();
    let is_counted = UNITS.iter().any(|unit| after.starts_with(unit));
    when(!is_counted && stands_alone(text, &range) && !is_of_a_thing(text, range.start), range)
}

/// Leaves out the words of the sentence before the address.
pub(super) fn chinese_address(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let found = slice(text, range.clone());
    let number = found.find(|character: char| character.is_ascii_digit()).unwrap_or(found.len());
    const LEADS: [&str; 20] = [
        "是", "在", "到", "至", "寄", "住", "去", "往", "址", "给", "給", "了", "我", "的", "改成", "改为",
        "改為", "换成", "換成", "换到",
    ];
    let ends = LEADS.iter().filter_map(|lead| slice(found, 0..number).rfind(lead).map(|at| at + lead.len()));
    let start = ends.max().unwrap_or(0);
    let street = slice(found, start..number);
    let has_name = street.chars().count() >= 3;
    when(has_name, range.start + start..range.end)
}

/// A street by its last word; a weak one ("way", "court") only where an address is announced.
pub(super) fn english_address(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    const STRONG: [&str; 10] =
        ["street", "st", "avenue", "ave", "road", "rd", "boulevard", "blvd", "lane", "terrace"];
    let found = slice(text, range.clone());
    let named = |word: &&str| word.starts_with(|first: char| first.is_ascii_uppercase());
    let words: Vec<&str> = found.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let is_strong = words.iter().any(|word| STRONG.contains(&word.to_lowercase().trim_end_matches('.')));
    let context = before(text, range.start);
    let is_announced = ["address", "live at", "living at", "ship", "deliver", "send", "moved to", "house"]
        .iter()
        .any(|word| context.contains(word));
    let is_capitalised = words.iter().skip(1).take(2).all(named);
    // "2 working days way", "5 stars st": words that no street is called.
    const COUNTED: [&str; 14] = [
        "day", "days", "hour", "hours", "working", "items", "item", "of", "the", "minutes", "weeks", "times",
        "in", "to",
    ];
    let is_counted = words.iter().skip(1).any(|word| COUNTED.contains(&word.to_lowercase().as_str()));
    when(!is_counted && ((is_strong && is_capitalised) || is_announced), range)
}

/// Words that end a name written in small letters, or are none.
const NO_NAMES: [&str; 44] = [
    "and",
    "but",
    "i",
    "i'm",
    "my",
    "from",
    "with",
    "the",
    "order",
    "is",
    "was",
    "on",
    "in",
    "at",
    "not",
    "wrong",
    "spelled",
    "spelt",
    "misspelled",
    "for",
    "to",
    "please",
    "phone",
    "email",
    "can",
    "could",
    "here",
    "a",
    "an",
    "it",
    "this",
    "that",
    "missing",
    "printed",
    "showing",
    "incorrect",
    "still",
    "so",
    "because",
    "address",
    "number",
    "you",
    "we",
    "changed",
];

/// The words up to one that is none of a name.
pub(super) fn english_name(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let mut end = range.start;
    for word in slice(text, range.clone()).split_inclusive(' ') {
        let plain = word.trim_end_matches([' ', '.', ',']).to_lowercase();
        if NO_NAMES.contains(&plain.as_str()) {
            break;
        }
        end += word.len();
    }
    let name = slice(text, range.start..end).trim_end_matches([' ', '.', '-', '\'']);
    when(!name.is_empty(), range.start..range.start + name.len())
}

/// Capital letters are a weak sign: states, nationalities and products have them too.
pub(super) fn capitalised_name(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    const OTHERS: &str = "very so not really happy sorry sure still also just glad angry upset disappointed waiting \
        trying looking having getting using writing calling asking american canadian british english chinese \
        taiwanese german french dutch italian spanish indian australian japanese korean irish scottish european \
        asian premium plus gold silver vip member customer prime team support tide black friday christmas monday \
        tuesday wednesday thursday saturday sunday january february march april may june july august september \
        october november december order the my your our please thanks regards customer service unacceptable \
        ridiculous urgent in on at from back done ok okay aware unable interested afraid new old day";
    let is_other = |word: &str| {
        let word = word.to_lowercase();
        OTHERS.split_whitespace().any(|other| other == word)
            || (word.len() > 5 && (word.ends_with("ing") || word.ends_with("ed")))
    };
    when(!slice(text, range.clone()).split([' ', '-']).any(is_other), range)
}

/// A surname and a given name.
pub(super) fn chinese_name(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let length = checks::chinese_name_length(slice(text, range.clone()))?;
    Some(range.start..range.start + length)
}

/// A name before 先生, 小姐, 女士.
pub(super) fn titled_name(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    // "买了女士包": goods for women, not a person.
    let after = slice(text, range.end..text.len()).chars().nth(2);
    if after.is_some_and(|after| "包鞋表錶裝装款手内內衣T服专專香".contains(after)) {
        return None;
    }
    let found = slice(text, range.clone());
    let starts: Vec<usize> = found.char_indices().map(|(at, _)| at).collect();
    let fits = |start: &&usize| {
        let name = slice(found, **start..found.len());
        let length = name.chars().count();
        if length == 1 {
            checks::is_surname(name)
        } else {
            checks::chinese_name_length(name) == Some(name.len())
        }
    };
    let start =
        starts.iter().find(|start| slice(found, **start..found.len()).chars().count() > 1 && fits(start));
    let start = start.or_else(|| starts.iter().rev().take(1).find(fits))?;
    Some(range.start + start..range.end)
}

/// Letters and digits without order, not the number of an order.
pub(super) fn random(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    when(checks::is_random(slice(text, range.clone())) && !is_of_a_thing(text, range.start), range)
}
