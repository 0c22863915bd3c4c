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

/// Words that say that a number is of an order, a parcel or a thing.
const THINGS: [&str; 31] = [
    "order",
    "tracking",
    "parcel",
    "invoice",
    "ticket",
    "case",
    "ref",
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
    "订单",
    "訂單",
    "单号",
    "單號",
    "编号",
    "編號",
    "物流",
    "快递",
    "快遞",
    "交易",
    "流水",
    "序",
    "发票",
    "發票",
];
/// Words that say that a number is a person's.
const PERSONAL: [&str; 17] = [
    "phone", "mobile", "tel", "call", "whatsapp", "contact", "card", "手机", "手機", "电话", "電話", "联系",
    "聯絡", "聯繫", "卡", "身份", "身分",
];

/// The last characters before a place, in lower case, up to the end of a clause.
fn before(text: &str, start: usize) -> String {
    let clause =
        text[..start].rsplit([',', '、', '。', '!', '?', '\n', ';', '，', '；']).next().unwrap_or_default();
    let characters: Vec<char> = clause.chars().rev().take(24).collect();
    characters.into_iter().rev().collect::<String>().to_lowercase()
}

/// Whether a number is said to be of an order or the like.
fn is_of_a_thing(text: &str, start: usize) -> bool {
    let before = before(text, start);
    let last = |words: &[&str]| words.iter().filter_map(|word| before.rfind(word)).max();
    match (last(&THINGS), last(&PERSONAL)) {
        (Some(thing), Some(personal)) => thing > personal,
        (Some(_), None) => true,
        _ => false,
    }
}

/// Whether a number stands by itself: not part of a price, a version, an address of a page or a longer
/// number.
fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    let before = text[..range.start].chars().next_back();
    let mut after = text[range.end..].chars();
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
    when(text[range.clone()].bytes().any(|byte| byte.is_ascii_digit()), range)
}

/// A word after "password is" is rarely the password ("wrong", "not"); one with digits or signs is.
pub(super) fn password(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let word = text[range.clone()].trim_end_matches(['.', ',', ';', '!', '?', '"', '\'', ')']);
    let is_mixed = word.bytes().any(|byte| byte.is_ascii_digit() || b"!@#$%^&*_+".contains(&byte));
    when(is_mixed && word.len() >= 4, range.start..range.start + word.len())
}

/// An account number, without words after it.
pub(super) fn iban(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let length = checks::iban_length(&text[range.clone()])?;
    Some(range.start..range.start + length)
}

/// With a day of birth and the check character.
pub(super) fn mainland_id(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let plain: String = text[range.clone()].chars().filter(char::is_ascii_alphanumeric).collect();
    when(checks::is_mainland_id(&plain), range)
}

/// With the check character.
pub(super) fn hong_kong_id(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    when(checks::is_hong_kong_id(&text[range.clone()]), range)
}

/// With the check digit, and not the number of an order.
pub(super) fn taiwan_id(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    when(checks::is_taiwan_id(&text[range.clone()]) && !is_of_a_thing(text, range.start), range)
}

/// A number that can have been issued.
pub(super) fn social_security(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let number = &text[range.clone()];
    let possible = !number.starts_with("000")
        && !number.starts_with("666")
        && !number.starts_with('9')
        && &number[4..6] != "00"
        && !number.ends_with("0000");
    when(possible && stands_alone(text, &range) && !is_of_a_thing(text, range.start), range)
}

/// The longest beginning that is the number of a card; expiry date and security code may follow.
pub(super) fn card(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let before_is_joined = text[..range.start].ends_with(['/', '-', '_', '#', '=', '.']);
    if before_is_joined || is_of_a_thing(text, range.start) {
        return None;
    }
    let context = before(text, range.start);
    let is_named = ["card", "visa", "卡"].iter().any(|word| context.contains(word));
    let found = &text[range.clone()];
    let ends = (13..=found.len()).rev().filter(|&end| {
        found.is_char_boundary(end)
            && !text[range.start + end..].starts_with(|next: char| next.is_ascii_alphanumeric())
    });
    let is_card = |end: &usize| {
        let digits = checks::digits(&found[..*end]);
        found[..*end].ends_with(|last: char| last.is_ascii_digit())
            && (13..=19).contains(&digits.len())
            && checks::luhn(&digits)
            && (is_named || checks::is_card_scheme(&digits))
    };
    ends.into_iter().find(is_card).map(|end| range.start..range.start + end)
}

/// As many digits as a number with its country has.
pub(super) fn international(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let num_digits = checks::digits(&text[range.clone()]).len();
    let sign = if text[range.start..].starts_with('+') { 8..=15 } else { 11..=17 };
    when(sign.contains(&num_digits) && stands_alone(text, &range) && !is_of_a_thing(text, range.start), range)
}

/// As many digits as a phone number has; no toll-free number, no day.
pub(super) fn phone(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let number = &text[range.clone()];
    let digits = checks::digits(number);
    // In North America a 1 is dialled before the area code.
    let dialled = usize::from(
        digits.len() == 11 && number.starts_with(['1']) && number[1..].starts_with(['-', ' ', '.']),
    );
    let prefix =
        digits[dialled.min(digits.len())..].iter().take(3).fold(0, |prefix, digit| prefix * 10 + digit);
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
    let after = text[range.end..].trim_start();
    let is_counted = UNITS.iter().any(|unit| after.starts_with(unit));
    when(!is_counted && stands_alone(text, &range) && !is_of_a_thing(text, range.start), range)
}

/// Leaves out the words of the sentence before the address.
pub(super) fn chinese_address(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let found = &text[range.clone()];
    let number = found.find(|character: char| character.is_ascii_digit()).unwrap_or(found.len());
    const LEADS: [&str; 20] = [
        "是", "在", "到", "至", "寄", "住", "去", "往", "址", "给", "給", "了", "我", "的", "改成", "改为",
        "改為", "换成", "換成", "换到",
    ];
    let ends = LEADS.iter().filter_map(|lead| found[..number].rfind(lead).map(|at| at + lead.len()));
    let start = ends.max().unwrap_or(0);
    let street = &found[start..number];
    let has_name = street.chars().count() >= 3;
    when(has_name, range.start + start..range.end)
}

/// A street by its last word; a weak one ("way", "court") only where an address is announced.
pub(super) fn english_address(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    const STRONG: [&str; 10] =
        ["street", "st", "avenue", "ave", "road", "rd", "boulevard", "blvd", "lane", "terrace"];
    let found = &text[range.clone()];
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
    for word in text[range.clone()].split_inclusive(' ') {
        let plain = word.trim_end_matches([' ', '.', ',']).to_lowercase();
        if NO_NAMES.contains(&plain.as_str()) {
            break;
        }
        end += word.len();
    }
    let name = text[range.start..end].trim_end_matches([' ', '.', '-', '\'']);
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
    when(!text[range.clone()].split([' ', '-']).any(is_other), range)
}

/// A surname and a given name.
pub(super) fn chinese_name(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let length = checks::chinese_name_length(&text[range.clone()])?;
    Some(range.start..range.start + length)
}

/// A name before 先生, 小姐, 女士.
pub(super) fn titled_name(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    // "买了女士包": goods for women, not a person.
    let after = text[range.end..].chars().nth(2);
    if after.is_some_and(|after| "包鞋表錶裝装款手内內衣T服专專香".contains(after)) {
        return None;
    }
    let found = &text[range.clone()];
    let starts: Vec<usize> = found.char_indices().map(|(at, _)| at).collect();
    let fits = |start: &&usize| {
        let name = &found[**start..];
        let length = name.chars().count();
        if length == 1 {
            checks::is_surname(name)
        } else {
            checks::chinese_name_length(name) == Some(name.len())
        }
    };
    let start = starts.iter().find(|start| found[**start..].chars().count() > 1 && fits(start));
    let start = start.or_else(|| starts.iter().rev().take(1).find(fits))?;
    Some(range.start + start..range.end)
}

/// Letters and digits without order, not the number of an order.
pub(super) fn random(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    when(checks::is_random(&text[range.clone()]) && !is_of_a_thing(text, range.start), range)
}
