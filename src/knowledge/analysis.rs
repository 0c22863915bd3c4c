//! Cuts text into the terms that the index holds and questions ask for.
//!
//! One analyser serves English and both Chinese scripts: NFKC, lower case, Traditional folded to
//! Simplified. `words` are jieba's words and stemmed English ones; `units` are single Han
//! characters and English words as they are written, which still match where the dictionary cuts
//! question and article differently.

use std::{collections::HashSet, sync::LazyLock};

use ferrous_opencc::{OpenCC, config::BuiltinConfig};
use tantivy::tokenizer::{Language, Stemmer, TextAnalyzer, TokenStream, WhitespaceTokenizer};
use unicode_normalization::UnicodeNormalization;

use crate::{
    Error, Result,
    text::{fold::fold, is_han, segment::segment},
};

/// Longest term, in characters; what is longer is no word that anybody asks for.
const MAX_TERM_CHARS: usize = 64;

static STEMMER: LazyLock<TextAnalyzer> = LazyLock::new(|| {
    TextAnalyzer::builder(WhitespaceTokenizer::default()).filter(Stemmer::new(Language::English)).build()
});

/// Renders Taiwan's wording in Mainland words and characters (網路 becomes 网络, not 网路).
static TW2SP: LazyLock<Option<OpenCC>> = LazyLock::new(|| OpenCC::from_config(BuiltinConfig::Tw2sp).ok());

/// Words that say nothing of what is asked, as they stand after folding; left out of questions.
const STOP_WORDS: &str = "a about am an and any are as at be been but by can cant could did do does doing dont \
    for from get had has have having hello hey hi how i id if ill im in into is isnt it its ive just me my \
    myself of on or our please really so some such thank thanks that thats the their them then there these \
    they this those to too us was we were what whats when where which who why will with would you your \
    的 了 吗 呢 吧 啊 呀 哦 嘛 么 我 你 您 他 她 它 我们 你们 他们 是 在 有 和 与 或 也 都 就 还 又 把 被 给 让 \
    这 那 这个 那个 这样 一个 个 一下 下 请 请问 想 要 会 能 可以 可 以 怎么 怎 怎样 怎么样 什么 什 为什么 如何 \
    哪 哪里 谢谢 谢 你好 您好 好 很 得 着 过 到 去 来 说 问 里 上 对 呃 嗯 而 但 但是 如果 的话 话 一 之 并 及";

static STOPS: LazyLock<HashSet<&str>> = LazyLock::new(|| STOP_WORDS.split_whitespace().collect());

/// The terms of a text, in its order, repeated as often as they stand there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Terms {
    /// Dictionary words, English ones stemmed.
    pub(crate) words: Vec<String>,
    /// Single Han characters, and English words as they are written.
    pub(crate) units: Vec<String>,
}

/// The terms of one way to read a question, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rendering {
    /// As in [`Terms::words`].
    pub(crate) words: Vec<String>,
    /// As in [`Terms::units`].
    pub(crate) units: Vec<String>,
}

/// Loads the dictionaries now instead of at the first question.
///
/// # Errors
/// [`Error::Internal`] when the built-in conversion tables do not load.
pub(crate) fn warm_up() -> Result<()> {
    crate::text::segment::warm_up();
    LazyLock::force(&STEMMER);
    match *TW2SP {
        Some(_) => Ok(()),
        None => Err(Error::Internal("the built-in tables of OpenCC do not load".into())),
    }
}

/// The terms of a text; for a Traditional one also the words of its Mainland rendering that differ,
/// so that a Simplified question finds them.
pub(crate) fn analyse(text: &str) -> Terms {
    joined(&analyse_parts(&[text]).iter().collect::<Vec<_>>())
}

/// What one part of an article gives to every text that it is a part of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Part {
    own: Terms,
    /// Of its Mainland rendering; empty when no part is Traditional.
    mainland: Terms,
    is_traditional: bool,
}

/// Analyses the parts of an article, each once.
pub(crate) fn analyse_parts(texts: &[&str]) -> Vec<Part> {
    let unfolded: Vec<String> = texts.iter().map(|text| text.nfkc().collect()).collect();
    let traditional: Vec<bool> = unfolded.iter().map(|text| fold(text) != *text).collect();
    let any_traditional = traditional.contains(&true);
    let parts = texts.iter().zip(&unfolded).zip(traditional).map(|((text, unfolded), is_traditional)| {
        let own = terms_of(&normalise(text), |_| false);
        let mainland = any_traditional.then(|| TW2SP.as_ref().map(|tw2sp| tw2sp.convert(unfolded))).flatten();
        let mainland = mainland.map(|text| terms_of(&normalise(&text), |_| false)).unwrap_or_default();
        Part { own, mainland, is_traditional }
    });
    parts.collect()
}

/// The terms of a text that consists of parts with line breaks between them.
pub(crate) fn joined(parts: &[&Part]) -> Terms {
    let concat = |terms: fn(&Part) -> &Vec<String>| -> Vec<String> {
        parts.iter().flat_map(|part| terms(part)).cloned().collect()
    };
    let mut joined = Terms { words: concat(|part| &part.own.words), units: concat(|part| &part.own.units) };
    if parts.iter().any(|part| part.is_traditional) {
        add_unknown(&mut joined.words, concat(|part| &part.mainland.words));
        add_unknown(&mut joined.units, concat(|part| &part.mainland.units));
    }
    joined
}

fn add_unknown(terms: &mut Vec<String>, other: Vec<String>) {
    let known: HashSet<String> = terms.iter().cloned().collect();
    terms.extend(other.into_iter().filter(|term| !known.contains(term)));
}

/// A Traditional text in Mainland words; `None` for any other text.
fn mainland(text: &str) -> Option<String> {
    let unfolded: String = text.nfkc().collect();
    let is_traditional = fold(&unfolded) != unfolded;
    if is_traditional { TW2SP.as_ref().map(|tw2sp| tw2sp.convert(&unfolded)) } else { None }
}

/// Every way to read a question: folded character by character and, for a Traditional one whose
/// wording differs, rendered in Mainland words. Words that say nothing are left out unless there
/// are no others.
pub(crate) fn renderings(question: &str) -> Vec<Rendering> {
    let folded = normalise(question);
    let mut renderings = vec![rendering(&folded)];
    if let Some(mainland) = mainland(question) {
        let other = rendering(&normalise(&mainland));
        if other != renderings[0] {
            renderings.push(other);
        }
    }
    renderings
}

fn rendering(normalised: &str) -> Rendering {
    let telling = terms_of(normalised, |term| STOPS.contains(term));
    let terms = if telling.words.is_empty() { terms_of(normalised, |_| false) } else { telling };
    Rendering { words: unique(terms.words), units: unique(terms.units) }
}

fn unique(terms: Vec<String>) -> Vec<String> {
    let mut seen = HashSet::new();
    terms.into_iter().filter(|term| seen.insert(term.clone())).collect()
}

/// NFKC, lower case, folded, without characters that do not show.
fn normalise(text: &str) -> String {
    let invisible = |character: &char| matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}');
    let plain: String = text.nfkc().filter(|character| !invisible(character)).collect();
    fold(&plain.to_lowercase()).into_owned()
}

/// The terms of a normalised text but for those that `left_out` tells.
fn terms_of(text: &str, left_out: impl Fn(&str) -> bool) -> Terms {
    let mut terms = Terms::default();
    let mut latin = String::new();
    for run in runs(text) {
        if run.starts_with(is_han) {
            let words = segment(run).into_iter().filter(|word| !left_out(word));
            terms.words.extend(words.map(str::to_owned));
            let units = run.chars().map(String::from).filter(|unit| !left_out(unit));
            terms.units.extend(units);
            continue;
        }
        let word: String = run.chars().filter(|character| character.is_alphanumeric()).collect();
        if !left_out(&word) && word.chars().count() <= MAX_TERM_CHARS {
            latin.push_str(&word);
            latin.push(' ');
            terms.units.push(word);
        }
    }
    let mut stemmer = STEMMER.clone();
    let mut stems = stemmer.token_stream(&latin);
    while stems.advance() {
        terms.words.push(stems.token().text.clone());
    }
    terms
}

/// Runs of Han characters and runs of other letters and digits; apostrophes stay in words.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    #[derive(Clone, Copy, PartialEq)]
    enum Kind {
        Han,
        Word,
        Other,
    }
    let kind = |character: char, before: Kind| match character {
        _ if is_han(character) => Kind::Han,
        '\'' | '\u{2019}' if before == Kind::Word => Kind::Word,
        _ if character.is_alphanumeric() => Kind::Word,
        _ => Kind::Other,
    };
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let first = kind(rest.chars().next()?, Kind::Other);
            let end = rest
                .char_indices()
                .find(|&(_, character)| kind(character, first) != first)
                .map_or(rest.len(), |(end, _)| end);
            let (run, after) = rest.split_at(end);
            rest = after;
            if first != Kind::Other {
                return Some(run);
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_is_stemmed_in_words_and_kept_in_units() {
        let terms = analyse("Returning Items: it’s EASY, don't worry");
        assert_eq!(terms.words, ["return", "item", "it", "easi", "dont", "worri"]);
        assert_eq!(terms.units, ["returning", "items", "its", "easy", "dont", "worry"]);
    }

    #[test]
    fn both_scripts_and_widths_give_the_same_terms() {
        assert_eq!(analyse("退貨運費 ＮＴ＄７０"), analyse("退货运费 nt$70"));
        assert_eq!(analyse("退\u{200b}货"), analyse("退货"));
        let terms = analyse("30天内退货");
        assert!(terms.words.contains(&"退货".to_owned()), "{terms:?}");
        assert_eq!(terms.units, ["30", "天", "内", "退", "货"]);
    }

    #[test]
    fn parts_give_the_terms_of_the_text_that_they_make_up() {
        let sets = |terms: Terms| {
            let sorted = |mut list: Vec<String>| {
                list.sort();
                list
            };
            (sorted(terms.words), sorted(terms.units))
        };
        for texts in [
            ["程式", "怎麼安裝這個軟體？", "Install the app"],
            ["退货", "30天内可以退货 (within 30 days)", ""],
            ["程式", "网络付款", "資訊"],
        ] {
            let parts = analyse_parts(&texts);
            for range in [0..1, 0..2, 1..3, 0..3] {
                let here: Vec<&Part> = parts[range.clone()].iter().collect();
                assert_eq!(sets(joined(&here)), sets(analyse(&texts[range].join("\n"))), "{texts:?}");
            }
        }
    }

    #[test]
    fn a_traditional_question_is_also_rendered_in_mainland_words() {
        let renderings = renderings("網路付款失敗");
        assert_eq!(renderings.len(), 2);
        assert!(renderings[1].words.contains(&"网络".to_owned()), "{renderings:?}");
        assert_eq!(super::renderings("网络付款失败").len(), 1);
        assert_eq!(super::renderings("how do I pay").len(), 1);
    }

    #[test]
    fn words_that_say_nothing_are_left_out_unless_there_are_no_others() {
        assert_eq!(renderings("How can I get a refund?")[0].words, ["refund"]);
        assert_eq!(renderings("请问怎么退货")[0].words, ["退货"]);
        assert!(!renderings("how are you")[0].words.is_empty());
    }

    #[test]
    fn no_text_breaks_the_analyser() {
        for text in ["", " ", "🙂🙂", "'''", "\u{0}", "ﷺ", &"x".repeat(1000), "กขค", "日本語のテスト"]
        {
            let terms = analyse(text);
            assert!(terms.words.iter().all(|word| word.chars().count() <= MAX_TERM_CHARS), "{text}");
        }
    }
}
