//! Identity cards, passports and bank accounts: check digits, and words that say what a number is.

use std::ops::Range;

use super::{
    checks,
    context::{around, before, is_of_a_thing, is_of_anything, slice, stands_alone, when},
    secrets::alike,
};

/// Whether words just before a number say that it is of an identity card.
fn is_called_id(text: &str, start: usize) -> bool {
    const WORDS: [&str; 14] = [
        "身份证",
        "身分证",
        "居留证",
        "居住证",
        "证件号",
        "统一证号",
        "id card",
        "id number",
        "id no",
        "hkid",
        "identity card",
        "arc",
        "nric",
        "national id",
    ];
    let context = before(text, start);
    WORDS.iter().any(|word| context.contains(word))
}

/// An account number that begins with the country and the check digits found, without words after it.
pub(super) fn iban(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    /// The longest number with a blank after every fourth character.
    const MAX_BYTES: usize = 80;
    let end = text.floor_char_boundary(range.start + MAX_BYTES);
    let length = checks::iban_length(slice(text, range.start..end))?;
    Some(range.start..range.start + length)
}

/// With a day of birth and the check character; mistyped where it is called an id.
pub(super) fn mainland_id(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let plain: String = slice(text, range.clone()).chars().filter(char::is_ascii_alphanumeric).collect();
    let is_id = checks::is_mainland_id(&plain)
        || (checks::has_mainland_birthday(&plain)
            && is_called_id(text, range.start)
            && !is_of_a_thing(text, range.start));
    when(is_id, range)
}

/// With the check character; mistyped where it is called an id.
pub(super) fn hong_kong_id(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let is_called = is_called_id(text, range.start) && slice(text, range.clone()).ends_with(')');
    when(checks::is_hong_kong_id(slice(text, range.clone())) || is_called, range)
}

/// With the check digit, and not the number of an order; mistyped where it is called an id. Two letters
/// (residence permits until 2020) look like an invoice and need a word that says so.
pub(super) fn taiwan_id(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let number = slice(text, range.clone());
    let is_called = is_called_id(text, range.start);
    let is_old = number.as_bytes().get(1).is_some_and(u8::is_ascii_alphabetic);
    let is_id = is_called
        || (checks::is_taiwan_id(number) && !(is_old && around(text, &range, 40).0.contains("发票")));
    when(is_id && !is_of_a_thing(text, range.start), range)
}

/// With the check letter.
pub(super) fn singapore_id(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let context = before(text, range.start);
    let is_called = ["nric", "fin", "id"].iter().any(|word| context.contains(word));
    when(
        (checks::is_singapore_id(slice(text, range.clone())) || is_called)
            && !is_of_a_thing(text, range.start),
        range,
    )
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

/// A number that is not part of another.
pub(super) fn alone(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    when(stands_alone(text, &range) && !is_of_a_thing(text, range.start), range)
}

/// Numbers of passports after such a word: at least five digits each.
pub(super) fn passports(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let number = slice(text, range.clone());
    let num_digits = number.bytes().filter(u8::is_ascii_digit).count();
    if num_digits < 5
        || !stands_alone(text, &range)
        || (is_of_a_thing(text, range.start) && number.len() == num_digits)
        || checks::is_day(&checks::digits(number))
    {
        return Vec::new();
    }
    alike(text, range)
}

/// A number of the form of a passport in a message that speaks of one nearby; without letters only close to the
/// word.
pub(super) fn travel_number(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    const WORDS: [&str; 22] = [
        "passport",
        "护照",
        "通行证",
        "台胞证",
        "回乡证",
        "旅行证",
        "旅游证",
        "旅行文件",
        "入台证",
        "身份证明书",
        "签证身份书",
        "本证件",
        "证件是",
        "证件号",
        "证件为",
        "证照",
        "travel doc",
        "travel permit",
        "home return permit",
        "mainland permit",
        "bno",
        "签注",
    ];
    let number = slice(text, range.clone());
    let num_digits = number.bytes().filter(u8::is_ascii_digit).count();
    let has_letter = num_digits < number.len();
    let is_scattered = number.len() == 9 && number.bytes().filter(u8::is_ascii_alphabetic).count() > 2;
    let least = if is_scattered { 3 } else { 5 };
    let reach = if has_letter { 90 } else { 44 };
    let (back, ahead) = around(text, &range, reach);
    let (back, ahead) = (back.as_str(), if has_letter { ahead.as_str() } else { "" });
    let is_near = WORDS.iter().any(|word| back.contains(word) || ahead.contains(word));
    let is_one = is_near
        && num_digits >= least
        && stands_alone(text, &range)
        && !is_of_anything(text, range.start)
        && !checks::is_day(&checks::digits(number));
    when(is_one, range)
}
