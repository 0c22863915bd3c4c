//! Bytes of files as text: UTF-8, UTF-16 with its mark, and what is told or certain.
//!
//! Text in a wrong encoding is worse than none, so an encoding is only taken without being told when
//! everything agrees: the bytes decode without an error, the detector names it, and what comes out is
//! Chinese made of common characters. Everything else is refused with a hint.

use std::str::FromStr;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_8};

use super::Fault;
use crate::{
    message::Locale,
    text::{
        is_han,
        language::{self, Detected},
    },
};

/// Bytes at the start of a page in which its `charset` is looked for.
const META_BYTES: usize = 4096;
/// Fewest Chinese characters that tell an encoding.
const MIN_HAN: usize = 10;
/// Characters beyond ASCII that are looked at.
const MAX_LOOKED_AT: usize = 20_000;
/// Part of the characters beyond ASCII that must be Chinese or its punctuation.
const MIN_CHINESE: f64 = 0.95;
/// Part of the Chinese characters that must be among the common ones of the encoding.
const MIN_COMMON: f64 = 0.9;

/// A text encoding by its name on the web, such as `gb18030`, `big5`, `utf-16le` or `windows-1252`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextEncoding(&'static Encoding);

impl FromStr for TextEncoding {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        Encoding::for_label(name.as_bytes())
            .map(Self)
            .ok_or_else(|| format!("{name:?} is no encoding; try utf-8, gb18030, big5 or utf-16le"))
    }
}

/// The text of a file.
///
/// `is_html` says that a `charset` in its first bytes counts.
///
/// # Errors
/// What is wrong with the encoding and what to do, with the line where it is.
pub(super) fn decode(bytes: Vec<u8>, told: Option<TextEncoding>, is_html: bool) -> Result<String, Fault> {
    let text = match (Encoding::for_bom(&bytes), told) {
        (Some((encoding, length)), _) => strictly(encoding, &bytes[length..])?,
        (None, Some(TextEncoding(encoding))) => strictly(encoding, &bytes)?,
        (None, None) => match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                not_utf8(&error.into_bytes(), valid, is_html)?
            }
        },
    };
    match text.find('\0') {
        None => Ok(text),
        Some(position) => {
            let message = "holds NUL characters; it is no text, or UTF-16: save it as UTF-8, or give --encoding utf-16le";
            Err(fault(&text.as_bytes()[..position], message.into()))
        }
    }
}

fn strictly(encoding: &'static Encoding, bytes: &[u8]) -> Result<String, Fault> {
    let decoded = encoding.decode_without_bom_handling_and_without_replacement(bytes);
    decoded.map(std::borrow::Cow::into_owned).ok_or_else(|| {
        // The longest start that decodes tells the line.
        let good = valid_up_to(encoding, bytes);
        let text = encoding.decode_without_bom_handling(&bytes[..good]).0;
        fault(
            text.as_bytes(),
            format!("is not {}; save it as UTF-8, or give the right --encoding", encoding.name()),
        )
    })
}

/// How many bytes decode without an error.
fn valid_up_to(encoding: &'static Encoding, bytes: &[u8]) -> usize {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(4096);
    let mut from = 0;
    loop {
        text.clear();
        let (result, read) = decoder.decode_to_string_without_replacement(&bytes[from..], &mut text, true);
        from += read;
        match result {
            encoding_rs::DecoderResult::OutputFull => {}
            encoding_rs::DecoderResult::InputEmpty => return from,
            encoding_rs::DecoderResult::Malformed(length, _) => {
                return from.saturating_sub(usize::from(length));
            }
        }
    }
}

/// The text of bytes that are not UTF-8, where it is certain what they are.
fn not_utf8(bytes: &[u8], valid: usize, is_html: bool) -> Result<String, Fault> {
    if is_html && let Some(encoding) = charset(bytes) {
        return strictly(encoding, bytes);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    let (encoding, locale) =
        if guess == GBK || guess == GB18030 { (GB18030, Locale::ZhHans) } else { (guess, Locale::ZhHant) };
    if (encoding == GB18030 || encoding == BIG5)
        && let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes)
        && language::detect(&text) == Detected::Locale(locale)
        && is_plausible(&text, encoding)
    {
        return Ok(text.into_owned());
    }
    let name = encoding.name().to_ascii_lowercase();
    let message = format!("is not UTF-8; save it as UTF-8, or give --encoding (perhaps {name})");
    Err(fault(bytes.get(..valid).unwrap_or_default(), message))
}

/// The encoding that a page says it has.
fn charset(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = String::from_utf8_lossy(bytes.get(..META_BYTES).unwrap_or(bytes)).to_ascii_lowercase();
    start.match_indices("charset").find_map(|(position, word)| {
        let rest = start[position + word.len()..].trim_start().strip_prefix('=')?.trim_start();
        let name = rest.trim_start_matches(['"', '\'']);
        let end =
            name.find(|character: char| !(character.is_ascii_alphanumeric() || "-_:.".contains(character)))?;
        Encoding::for_label(&name.as_bytes()[..end]).filter(|&encoding| encoding != UTF_8)
    })
}

/// Whether a decoded text is Chinese as people write it: wrong decodings give rare characters.
fn is_plausible(text: &str, encoding: &'static Encoding) -> bool {
    let is_chinese = |character: char| {
        is_han(character)
            || matches!(u32::from(character), 0x2010..=0x2027 | 0x3000..=0x303F | 0xFF00..=0xFFEF | 0xB7)
    };
    let beyond = text.chars().filter(|character| !character.is_ascii()).take(MAX_LOOKED_AT);
    let (mut num_beyond, mut num_chinese, mut num_han, mut num_common) = (0_usize, 0_usize, 0_usize, 0_usize);
    for character in beyond {
        num_beyond += 1;
        num_chinese += usize::from(is_chinese(character));
        if is_han(character) {
            num_han += 1;
            num_common += usize::from(is_common(character, encoding));
        }
    }
    num_han >= MIN_HAN
        && num_chinese as f64 >= MIN_CHINESE * num_beyond as f64
        && num_common as f64 >= MIN_COMMON * num_han as f64
}

/// Whether a character is among the common ones of its encoding, which stand first in it: level 1 of
/// GB 2312 (lead bytes B0 to D7), the frequently used ones of Big5 (A4 to C6).
fn is_common(character: char, encoding: &'static Encoding) -> bool {
    let mut buffer = [0; 4];
    let (bytes, _, has_error) = encoding.encode(character.encode_utf8(&mut buffer));
    let common = if encoding == BIG5 { 0xA4..=0xC6_u8 } else { 0xB0..=0xD7 };
    !has_error
        && bytes.len() == 2
        && bytes.first().is_some_and(|lead| common.contains(lead))
        && (encoding == BIG5 || bytes.get(1).is_some_and(|&trail| trail >= 0xA1))
}

/// A fault on the line after the bytes before it.
fn fault(before: &[u8], message: String) -> Fault {
    let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
    Fault { line, field: String::new(), message }
}
