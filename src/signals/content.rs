//! Whether a message says anything at all.
//!
//! Letters that make no words are told by measure, not by a list. Latin words: the mean surprise of their
//! letters under a table of letter triples (`letter_trigrams.bin`, learned from the training corpus and pinyin by
//! `models/training/letters.py`), and keys that lie side by side. Han: no two characters that the dictionary
//! knows as a word, and none of those that grammar needs. One readable word makes the message words; figures,
//! codes and abbreviations speak neither for nor against.

use std::ops::Range;

use super::Content;
use crate::text::{fold::fold, is_han, segment::segment};

/// Surprise of a letter after the two before it, in sixteenths of a bit; see `models/training/letters.py`.
const SURPRISE: &[u8; 27 * 27 * 27] = include_bytes!("letter_trigrams.bin");
/// Mean surprise, in bits, above which a word is keys struck at random. Of 10 000 words of the training
/// corpus five lie above; random keys lie between 5.5 and 9.
const MASHED_BITS: f64 = 6.25;
/// Above which a message that is one short word is taken for keys struck at random.
const MASHED_ALONE_BITS: f64 = 6.9;
/// Mean surprise up to which a word is readable.
const READABLE_BITS: f64 = 5.0;
/// Letters of a message that are looked at: a bound, since noise shows early.
const MAX_CHARS: usize = 400;
/// Han characters that a message needs before its lack of words tells anything.
const MIN_HAN: usize = 4;
/// Han characters of a message that are looked up in the dictionary.
const MAX_HAN: usize = 40;

/// Rows of the keyboard.
const ROWS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
/// Han characters, simplified, without which hardly a sentence is made, Cantonese and Hokkien ones among them.
const GRAMMAR: &str = "我你您他她它们这那的了是不没有在要想会能可以吗呢吧啊怎什么为多少几个一二三几好行对到说给把被让和跟与就都还也很太再又请问谢退换买卖货单钱款发快急帮查看开关收送取订票卡号码系唔咗嘅冇佢哋咩喺嚟啲乜点边度俾畀睇咁仲同埋话知得识要呀啦喇㗎囉咧欸蛤哪谁几时今明昨天日月年号早晚嗰吖间而家加落去成区节声味挂懂嗯哦嘛份上下午件条张用坏修装寄等找人";

/// Reads whether the customer's own words say anything.
pub(super) fn read(text: &str, own: &[Range<usize>]) -> Content {
    let words: String =
        own.iter().filter_map(|range| text.get(range.clone())).flat_map(str::chars).take(MAX_CHARS).collect();
    let is_cut = words.chars().count() == MAX_CHARS;
    let words = without_placeholders(&words);
    let mut letters = words.chars().filter(|letter| letter.is_alphanumeric());
    match (letters.next(), letters.next()) {
        (None, _) => return Content::Symbols,
        (Some(_), None) => return Content::OneLetter,
        _ => {}
    }
    if !is_cut && is_gibberish(&words) { Content::Gibberish } else { Content::Words }
}

/// Without what programs write for pictures: "[sticker]", "[动画表情]".
fn without_placeholders(words: &str) -> String {
    let trimmed = words.trim();
    let is_placeholder = trimmed.len() < 40
        && trimmed.starts_with('[')
        && trimmed.ends_with(']')
        && [
            "sticker", "image", "photo", "gif", "表情", "图片", "圖片", "貼圖", "贴图", "照片", "视频",
            "影片",
        ]
        .iter()
        .any(|name| trimmed.to_lowercase().contains(name));
    if is_placeholder { String::new() } else { words.to_owned() }
}

/// How a run of letters reads.
#[derive(Clone, Copy, PartialEq)]
enum Reads {
    Word,
    Noise,
    /// Neither: a code, an abbreviation, a laugh.
    Either,
}

fn is_gibberish(words: &str) -> bool {
    let others = |letter: char| {
        letter.is_alphabetic() && !letter.is_ascii_alphabetic() && !is_han(letter) && !is_bopomofo(letter)
    };
    if words.chars().any(others) {
        return false;
    }
    let bopomofo = words.chars().filter(|&letter| is_bopomofo(letter)).count();
    let (mut noise, mut either) = (bopomofo, 0);
    let tokens: Vec<&str> = words
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|token| token.bytes().any(|byte| byte.is_ascii_alphabetic()))
        .collect();
    for token in &tokens {
        match reads(token, tokens.len() == 1 && bopomofo == 0) {
            Reads::Word => return false,
            Reads::Noise => noise += token.len(),
            Reads::Either => either += token.len(),
        }
    }
    match han_reads(words) {
        Reads::Word => false,
        Reads::Noise => either <= words.chars().filter(|&character| is_han(character)).count(),
        Reads::Either => noise >= 3 && noise > either && (noise >= 4 || tokens.len() > 1),
    }
}

fn is_bopomofo(letter: char) -> bool {
    ('\u{3105}'..='\u{312f}').contains(&letter)
}

/// How a run of ASCII letters and figures reads; `is_alone` when the message has no other.
fn reads(token: &str, is_alone: bool) -> Reads {
    let letters: Vec<u8> =
        token.bytes().filter(u8::is_ascii_alphabetic).map(|byte| byte.to_ascii_lowercase()).collect();
    let has_figures = letters.len() < token.len();
    let is_abbreviation = token.bytes().all(|byte| byte.is_ascii_uppercase()) && token.len() <= 6;
    if is_repeat(&letters) {
        return Reads::Noise;
    }
    if has_figures || is_abbreviation || letters.len() < 3 || is_laugh(&letters) {
        return Reads::Either;
    }
    let bits = mean_surprise(&letters);
    let side_by_side = side_by_side(&letters);
    let is_name =
        token.len() > 5 && token.starts_with(|first: char| first.is_ascii_uppercase()) && side_by_side < 0.5;
    let is_mashed = match (letters.len(), is_alone) {
        (..=3, true) => false,
        (3, false) if side_by_side > 0.99 => !is_known_short(&letters),
        _ if is_name => bits > MASHED_ALONE_BITS + 0.5,
        (4, true) => bits > MASHED_ALONE_BITS || side_by_side > 0.99 && bits > READABLE_BITS,
        (5, true) => bits > MASHED_ALONE_BITS || side_by_side > 0.6 && bits > READABLE_BITS,
        _ => bits > MASHED_BITS || side_by_side > 0.6 && (bits > READABLE_BITS || letters.len() > 5),
    };
    match (is_mashed, bits <= READABLE_BITS) {
        (true, _) => Reads::Noise,
        (false, true) if letters.len() > 3 => Reads::Word,
        _ if is_known_short(&letters) => Reads::Word,
        _ => Reads::Either,
    }
}

/// Mean surprise of the letters of a word and of its end, in bits.
fn mean_surprise(letters: &[u8]) -> f64 {
    let index = |letter: u8| usize::from(letter.saturating_sub(b'a' - 1)).min(26);
    let (mut first, mut second) = (0, 0);
    let mut sum = 0;
    for third in letters.iter().map(|&letter| index(letter)).chain([0]) {
        sum += u32::from(SURPRISE[first * 729 + second * 27 + third]);
        (first, second) = (second, third);
    }
    f64::from(sum) / 16.0 / (letters.len() as f64 + 1.0)
}

/// Share of the steps from letter to letter that go to the key beside.
fn side_by_side(letters: &[u8]) -> f64 {
    let place = |letter: u8| {
        ROWS.iter()
            .enumerate()
            .find_map(|(row, keys)| Some((row, keys.bytes().position(|key| key == letter)?)))
    };
    let beside = letters.windows(2).filter(|pair| match (place(pair[0]), place(pair[1])) {
        (Some((row, column)), Some((other_row, other))) => row == other_row && column.abs_diff(other) <= 1,
        _ => false,
    });
    beside.count() as f64 / (letters.len().max(2) - 1) as f64
}

/// Whether one or two letters are repeated over and over, unlike a laugh.
fn is_repeat(letters: &[u8]) -> bool {
    let is_periodic = |period: usize| {
        letters.len() >= 5 && letters.iter().skip(period).zip(letters).all(|(one, other)| one == other)
    };
    is_periodic(1) || is_periodic(2) && letters.len() >= 6 && !is_laugh(letters)
}

fn is_laugh(letters: &[u8]) -> bool {
    letters.len() > 1
        && (letters.iter().all(|letter| b"haeijoklrxm".contains(letter))
            && letters.contains(&b'h')
            && !letters.contains(&b'k'))
        || letters.iter().all(|letter| *letter == b'h' || *letter == b'z') && letters.len() < 9
}

/// Short words and abbreviations that are common in chats.
fn is_known_short(letters: &[u8]) -> bool {
    const SHORT: [&str; 44] = [
        "the", "and", "you", "not", "can", "why", "how", "who", "thx", "pls", "plz", "wtf", "omg", "lol",
        "btw", "idk", "tbh", "yes", "yep", "nah", "hey", "bye", "asap", "fyi", "faq", "vip", "app", "sms",
        "otp", "pdf", "url", "buy", "pay", "fee", "get", "how", "ups", "dhl", "hmm", "ngl", "smh", "msg",
        "txt", "wifi",
    ];
    SHORT.iter().any(|short| short.as_bytes() == letters)
}

/// How the Han characters of a message read.
fn han_reads(words: &str) -> Reads {
    let han: String = fold(words).chars().filter(|&character| is_han(character)).take(MAX_HAN).collect();
    let count = han.chars().count();
    if count == 0 {
        return Reads::Either;
    }
    let first = han.chars().next();
    if count >= 5 && han.chars().all(|character| Some(character) == first) {
        return Reads::Noise;
    }
    if count < MIN_HAN {
        return Reads::Either;
    }
    let grammar = han.chars().filter(|&character| GRAMMAR.contains(character)).count();
    // A word found by its spaces or marks stays one: the text is cut as it was typed.
    let known = segment(&fold(words))
        .iter()
        .any(|word| word.chars().filter(|&character| is_han(character)).count() > 1);
    if known || grammar * 8 > count { Reads::Word } else { Reads::Noise }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(text: &str) -> Content {
        read(text, std::slice::from_ref(&(0..text.len())))
    }

    #[test]
    fn keys_struck_at_random_are_gibberish() {
        for text in [
            "asdkjh wqe lkjj",
            "asdfgh",
            "ghjk",
            "qwe rty uio p[]",
            "fjdksl",
            "hgjfkdl sdkfj",
            "hhhhhhhhhhhhhh",
            "jkjkjkjk",
            "zxcvzxcv",
            "Gfdsghj kjhg Lmpo",
            "ㄅㄆㄇㄈㄉㄊㄋㄌ",
            "啊啊啊啊啊啊",
            "魑骉彧鬟 饕",
        ] {
            assert_eq!(content(text), Content::Gibberish, "{text}");
        }
    }

    #[test]
    fn words_codes_and_names_are_not_gibberish() {
        for text in [
            "ok",
            "thx",
            "asap",
            "wtf",
            "pls",
            "WH-1000XM4",
            "MT2041187350",
            "su3cl3",
            "tuikuan",
            "zai ma",
            "wo yao tuihuo",
            "m goi",
            "nei ho",
            "唔該",
            "係咪呀",
            "拍謝",
            "歹勢啦",
            "hahaha",
            "lol",
            "refund??",
            "退款",
            "在吗",
            "Nguyen",
            "GmbH",
            "HTTPS",
            "strengths",
            "rhythm",
            "xfinity wifi",
            "nvm",
            "CNKI",
            "快遞",
            "揪团",
            "麻煩您",
            "Schmidt",
            "dhl",
            "ups",
            "iphone",
            "brb",
            "kthx",
            "gibt es das",
            "餸餸",
            "瞓覺",
            "螺蛳粉",
            "蘑菇煲",
        ] {
            assert_eq!(content(text), Content::Words, "{text}");
        }
    }

    #[test]
    fn symbols_and_single_letters_are_told_apart() {
        for text in ["?", "……", "🤷‍♂️❓", "👍🏽", "。。。", "[sticker]", "[动画表情]", "", " "]
        {
            assert_eq!(content(text), Content::Symbols, "{text}");
        }
        for text in ["k", "K!", "好", "嗯。", "7"] {
            assert_eq!(content(text), Content::OneLetter, "{text}");
        }
    }

    #[test]
    fn what_is_quoted_does_not_count() {
        let text = "asdfgh\n> where is my parcel";
        assert_eq!(read(text, std::slice::from_ref(&(0..6))), Content::Gibberish);
    }
}
