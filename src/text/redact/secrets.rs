//! Passwords, keys and codes: what a value after such a word must be.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use super::{
    checks,
    codes::is_of_something,
    context::{after, around, before, is_of_a_thing, is_of_anything, slice, stands_alone, when},
};

/// Words that follow "password is" or "code" and are none.
const NO_PASSWORDS: &str = "wrong not incorrect still never expired being too the reset required invalid weak now always same correct \
    stuck saved changed forgotten lost unknown compromised leaked rejected accepted working hidden blank empty missing \
    different case gone good fine right this that what asked shown sent visible known only also really very case-sensitive \
    supposed there here needed locked unsafe strong secure longer shorter below above old new exactly definitely \
    already field page reset manager length rules please mine yours encrypted refused unchanged ignored";

/// Keys have digits; words do not.
pub(super) fn has_digit(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    when(slice(text, range.clone()).bytes().any(|byte| byte.is_ascii_digit()), range)
}

/// A value without the marks of a sentence after it.
fn trimmed(text: &str, range: &Range<usize>) -> Range<usize> {
    let word = slice(text, range.clone()).trim_end_matches(['.', ',', ';', '!', '?', '"', '\'', ')', ':']);
    range.start..range.start + word.len()
}

/// A value after "password is" or "password:". One with digits or signs is a password; a plain word only
/// where the clause ends after it and it says nothing else ("wrong", "not").
pub(super) fn password(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let range = trimmed(text, &range);
    let word = slice(text, range.clone());
    let is_mixed = word.bytes().any(|byte| byte.is_ascii_digit() || b"!@#$%^&*_+".contains(&byte));
    let is_once = ["一次性密码", "动态密码", "one-time pass", "one time pass"]
        .iter()
        .any(|word| before(text, range.start).contains(word));
    if word.len() < 4 || word.contains("://") || word.starts_with("//") || is_once {
        return None;
    }
    let rest = after(text, range.end);
    let rest = rest.trim_start_matches(['.', '"', '\'', '”', '」', ')', ' ']);
    let ends = rest.is_empty()
        || ["and ", "but ", "if ", "for ", "which "].iter().any(|next| rest.starts_with(next));
    let lower = word.to_lowercase();
    let is_word = NO_PASSWORDS.split_whitespace().any(|other| other == lower)
        || lower.ends_with("ing")
        || lower.ends_with("ed");
    // After 密码是 no word of the sentence is in Latin letters.
    let min_length = if slice(text, 0..range.start).ends_with(['是', '为', '為', '：']) { 4 } else { 5 };
    let is_plain = word.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-');
    let is_counted =
        word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') && is_counted(text, range.end);
    when((is_mixed && !is_counted) || (is_plain && ends && !is_word && word.len() >= min_length), range)
}

/// The same where nothing says that the word is the password ("password Abc12345"): letters with digits
/// or signs, or at least six digits; no address of a page.
pub(super) fn bare_password(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let range = password(text, range)?;
    let word = slice(text, range.clone());
    let has_letter = word.bytes().any(|byte| byte.is_ascii_alphabetic());
    let has_digit = word.bytes().any(|byte| byte.is_ascii_digit());
    let has_sign = word.bytes().any(|byte| b"!@#$%^&*_+".contains(&byte));
    let is_pin = word.len() >= 6 && word.bytes().all(|byte| byte.is_ascii_digit());
    let is_code = is_pin && before(text, range.start).contains("passcode");
    when((has_letter && (has_digit || has_sign)) || is_pin && !is_code, range)
}

/// A word of Latin letters directly after 密码: Chinese would not go on in them.
pub(super) fn latin_password(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let range = trimmed(text, &range);
    let lower = slice(text, range.clone()).to_lowercase();
    let is_name = ["reset", "password", "login", "email", "error", "wifi", "wi-fi", "otp", "sorry"]
        .contains(&lower.as_str());
    let rest = slice(text, range.end..text.len());
    when(range.len() >= 5 && !is_name && !rest.starts_with(" "), range)
}

/// What stands in quotes after 密码是, in any script, with a digit or a Latin letter.
pub(super) fn quoted_password(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    when(slice(text, range.clone()).bytes().any(|byte| byte.is_ascii_alphanumeric()), range)
}

/// A second password after "and": more than a plain word.
pub(super) fn joined_password(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let range = trimmed(text, &range);
    let word = slice(text, range.clone());
    let is_mixed = word.bytes().any(|byte| byte.is_ascii_digit() || b"-!@#$%^&*_+".contains(&byte));
    when(is_mixed && !word.contains("://") && word.len() >= 6, range)
}

/// The words of recovery phrases: 12 to 24 of them in small letters after a word that says so.
pub(super) fn phrases(text: &str) -> Vec<Range<usize>> {
    /// By how many words the known lengths of phrases differ.
    const STEP: usize = 3;
    static PHRASE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(
            r#"(?i:(?:recovery|seed|secret|back-?up|mnemonic|wallet) (?:phrase|words?)|mnemonic|助[记記][词詞]|(?:恢[复復]|[还還]原|[备備]份)(?:短[语語]|[词詞][组組]?))[^\n\[]{0,24}?(?:\b|[^\x00-\x7f])((?:[0-9]{1,2}[.)] ?)?[a-z]{3,8}(?:[ ,\n]{1,2}(?:[0-9]{1,2}[.)] ?)?[a-z]{3,8}){11,23})\b"#,
        )
        .ok()
    });
    let Some(phrase) = PHRASE.as_ref() else { return Vec::new() };
    let words = |found: regex::Captures<'_>| {
        let place = found.get(1)?;
        let ends: Vec<usize> = place
            .as_str()
            .char_indices()
            .filter(|&(at, character)| {
                let next = place.as_str().get(at + character.len_utf8()..).unwrap_or_default();
                character.is_ascii_lowercase() && !next.starts_with(|next: char| next.is_ascii_lowercase())
            })
            .map(|(at, character)| at + character.len_utf8())
            .collect();
        let end = ends.get(ends.len() / STEP * STEP - 1)?;
        Some(place.start()..place.start() + end)
    };
    phrase.captures_iter(text).filter_map(words).collect()
}

/// Whether a unit follows a number ("1000 seconds").
pub(super) fn is_counted(text: &str, end: usize) -> bool {
    const UNITS: [&str; 24] = [
        "minute", "min", "second", "sec", "hour", "time", "day", "digit", "char", "次", "分", "秒", "位",
        "天", "小", "个", "元", "字", "usd", "eur", "step", "%", "year", "month",
    ];
    let rest = after(text, end);
    UNITS.iter().any(|unit| rest.trim_start().starts_with(unit))
}

/// A code and the others of the same shape after it.
pub(super) fn codes(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let is_code = |range: &Range<usize>| {
        let code = slice(text, range.clone());
        let is_day = code.len() == 4
            && (code.starts_with("20") || code.starts_with("19"))
            && after(text, range.end).starts_with(['年', '-', '/']);
        !is_day
            && code.bytes().any(|byte| byte.is_ascii_digit())
            && !is_counted(text, range.end)
            && stands_alone(text, range)
    };
    if !is_code(&range) || is_of_a_thing(text, range.start) || is_of_something(text, range.start) {
        return Vec::new();
    }
    let mut found = alike(text, range);
    found.retain(|range| is_code(range));
    found
}

/// A place and those of the same length after it in an enumeration.
pub(super) fn alike(text: &str, first: Range<usize>) -> Vec<Range<usize>> {
    /// The longest "and" in bytes.
    const MAX_LINK: usize = 12;
    /// The most values of one enumeration, so that time grows with the length of the text alone.
    const MAX_VALUES: usize = 8;
    let length = first.len();
    let mut found = vec![first];
    while let Some(last) = found.last().filter(|_| found.len() < MAX_VALUES) {
        let end = last.end;
        let rest = slice(text, end..text.len());
        let value = rest.trim_start_matches(|character: char| !character.is_ascii_alphanumeric());
        let value = value.strip_prefix("and ").or_else(|| value.strip_prefix("or ")).unwrap_or(value);
        let start = text.len() - value.len();
        let next = start..start + length;
        let is_value =
            |character: char| character.is_ascii_alphanumeric() || character == '-' || character == ' ';
        let candidate = slice(text, next.clone());
        let is_alike = start > end
            && start - end <= MAX_LINK
            && candidate.len() == length
            && candidate.chars().all(is_value)
            && candidate.bytes().filter(u8::is_ascii_digit).count() * 2 >= length.min(8)
            && !slice(text, next.end..text.len()).starts_with(|after: char| after.is_ascii_alphanumeric());
        if !is_alike {
            break;
        }
        found.push(next);
    }
    found
}

/// Six digits in a message that speaks of codes nearby.
pub(super) fn six_digits(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    const CODES: [&str; 29] = [
        "authenticator",
        "digit number",
        "text said",
        "texted",
        "text message",
        "sms",
        "digit code",
        "code is",
        "the code",
        "短信",
        "简讯",
        "otp",
        "verification code",
        "one-time",
        "one time",
        "passcode",
        "login code",
        "auth code",
        "2fa",
        "two-factor",
        "backup code",
        "验证码",
        "校验码",
        "动态码",
        "动态密码",
        "认证码",
        "一次性密码",
        "确认码",
        "备用码",
    ];
    let (back, ahead) = around(text, &range, 40);
    let is_near = CODES.iter().any(|word| back.contains(word) || ahead.contains(word));
    when(
        is_near
            && !is_counted(text, range.end)
            && stands_alone(text, &range)
            && !is_of_anything(text, range.start),
        range,
    )
}

/// Letters and digits without order, not the number of an order.
pub(super) fn random(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    when(checks::is_random(slice(text, range.clone())) && !is_of_a_thing(text, range.start), range)
}
