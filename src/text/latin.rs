//! Tells the language of text in Latin letters: English, or another one by its commonest words.
//!
//! English is the only such language that is served, so what shows no other one is read as English: typos,
//! names, products, Chinese in Latin letters. Another language shows by two of its words that outnumber
//! those of English, or by a detector's guess that a word or letter confirms.

use std::{
    cmp::Reverse,
    collections::{BTreeSet, HashMap},
    sync::LazyLock,
};

use whichlang::Lang;

/// Words that a text needs before the detector is believed.
pub(super) const MIN_WORDS: usize = 3;

/// Commonest words of languages that are not served, a language a line after its tag, without those of
/// English and syllables of Pinyin; also as typed without accents.
static WORDS: LazyLock<Vec<(&'static str, Vec<&'static str>)>> = LazyLock::new(|| {
    let line = |line: &'static str| {
        let mut words = line.split_whitespace();
        words.next().map(|tag| (tag, words.collect()))
    };
    include_str!("latin_words.txt").lines().filter_map(line).collect()
});

/// The languages of [`WORDS`] by word.
static LANGUAGES: LazyLock<HashMap<&'static str, Vec<usize>>> = LazyLock::new(|| {
    let mut languages: HashMap<&'static str, Vec<usize>> = HashMap::new();
    for (language, (_, words)) in WORDS.iter().enumerate() {
        for word in words {
            languages.entry(word).or_default().push(language);
        }
    }
    languages
});

/// Commonest words of English messages.
const ENGLISH: &[&str] = &[
    "the", "a", "an", "i", "my", "me", "you", "your", "it", "is", "are", "was", "to", "of", "and", "in",
    "on", "for", "not", "no", "this", "that", "have", "has", "do", "does", "did", "can", "cant", "can't",
    "dont", "don't", "with", "what", "when", "where", "why", "how", "please", "pls", "plz", "hi", "hello",
    "thanks", "thank", "order", "u", "ur", "im", "i'm", "we", "our", "be", "but", "if", "still", "get",
];

/// Those of [`ENGLISH`] that other languages have too, or take over as they are.
const SHARED: &[&str] = &[
    "a", "an", "i", "me", "is", "was", "to", "in", "on", "for", "no", "do", "hi", "hello", "order", "u",
    "im", "be",
];

/// Short words that confirm a guess of the detector and are too common elsewhere for [`WORDS`].
const SHORT: &[(&str, &[&str])] = &[
    ("de", &["die", "wo"]),
    ("es", &["el", "la", "de", "no", "y", "un", "es", "con"]),
    ("fr", &["le", "la", "les", "de", "et", "un", "mon", "ma"]),
    ("it", &["la", "di", "non", "per", "un", "una", "come", "con"]),
    ("nl", &["de", "en", "is", "van", "kan"]),
    ("pt", &["o", "a", "de", "e", "para", "um", "com", "os"]),
    ("sv", &["min", "en", "att", "kan", "med"]),
    ("tr", &["ve", "bu", "ne", "var"]),
    ("vi", &["của", "và", "là", "cho", "khi", "nào"]),
];

/// Words said in English by customers of every language.
const COURTESIES: &[&str] = &[
    "ok",
    "okay",
    "k",
    "kk",
    "thanks",
    "thank",
    "thx",
    "ty",
    "you",
    "so",
    "very",
    "much",
    "hi",
    "hello",
    "hey",
    "bye",
    "goodbye",
    "yes",
    "yep",
    "yeah",
    "no",
    "nope",
    "please",
    "pls",
    "plz",
    "sorry",
    "sure",
    "good",
    "morning",
    "afternoon",
    "evening",
    "night",
    "great",
    "nice",
    "cool",
    "fine",
    "noted",
    "got",
    "it",
    "there",
    "all",
];

/// The tag of the language, other than English, that a text in Latin letters shows.
///
/// A language without a list stays English: in the training corpus, text without a common English word was
/// English with typos, names or a list of goods ten times for each time that it was not.
pub(super) fn other_than_english(text: &str, num_words: usize) -> Option<&'static str> {
    let words: Vec<String> = words(text).collect();
    if let Some(tag) = by_words(&words) {
        return Some(tag);
    }
    if num_words < MIN_WORDS {
        return None;
    }
    let guess = whichlang::detect_language(text);
    // Short English with typos is often taken for a neighbour; its commonest words tell.
    if guess == Lang::Eng || has_english_words(&words, num_words) {
        return None;
    }
    let tag = tag_of(guess);
    shows(tag, text, &words).then_some(tag)
}

/// The language of which a text has most words: two at least, a fifth of all, and more than of English.
fn by_words(words: &[String]) -> Option<&'static str> {
    let mut num_found = vec![0_usize; WORDS.len()];
    let distinct: BTreeSet<&str> = words.iter().map(String::as_str).collect();
    for language in distinct.iter().filter_map(|word| LANGUAGES.get(word)).flatten() {
        num_found[*language] += 1;
    }
    // Of near relatives that have as many, the first in the file.
    let (language, &num_found) =
        num_found.iter().enumerate().max_by_key(|&(place, &found)| (found, Reverse(place)))?;
    let num_english = distinct.iter().filter(|word| ENGLISH.contains(word) && !SHARED.contains(word)).count();
    let is_shown = num_found >= 2 && num_found * 5 >= distinct.len() && num_found > num_english;
    WORDS.get(language).filter(|_| is_shown).map(|(tag, _)| *tag)
}

/// Whether a text confirms the language that was guessed: a letter that English lacks, or one of the
/// language's commonest words.
fn shows(tag: &str, text: &str, words: &[String]) -> bool {
    let common = WORDS.iter().find(|(of, _)| *of == tag).map_or(&[][..], |(_, words)| words);
    let short = SHORT.iter().find(|(of, _)| *of == tag).map_or(&[][..], |(_, words)| *words);
    text.chars().any(|character| character.is_alphabetic() && !character.is_ascii())
        || words.iter().any(|word| common.contains(&word.as_str()) || short.contains(&word.as_str()))
}

/// The words of a Latin text, in lower case with straight apostrophes.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|character: char| !(character.is_alphanumeric() || character == '\'' || character == '’'))
        .filter(|word| !word.is_empty())
        .map(|word| word.replace('’', "'").to_lowercase())
}

/// Whether at least a quarter of the words are among the commonest of English.
fn has_english_words(words: &[String], num_words: usize) -> bool {
    let common = words.iter().filter(|word| ENGLISH.contains(&word.as_str())).count();
    common * 4 >= num_words
}

/// Whether text in Latin letters says little of the language that its writer wants: a code, a name, a
/// courtesy, or fewer than [`MIN_WORDS`] words. Customers write so in conversations of every language.
pub(super) fn is_weak(text: &str) -> bool {
    let (mut num_words, mut all_weak) = (0, true);
    for word in plain_words(text) {
        // "it's" is a subject with its verb.
        num_words += 1 + usize::from(word.contains(['\'', '’']));
        all_weak &= is_name_word(word) || COURTESIES.contains(&word.to_lowercase().as_str());
    }
    num_words < MIN_WORDS || all_weak
}

/// Whether text in Latin letters is nothing but a code, number, address or name: "MT123", "PayPal",
/// "iPhone 15 Pro". One capital at the beginning does not tell.
pub(super) fn is_name(text: &str) -> bool {
    let has_code = text.split_whitespace().any(|token| is_code(token) || is_brand(token));
    has_code && plain_words(text).all(is_name_word)
}

/// Whether a word is written as a name: "Chan", "PayPal", "MTR".
fn is_name_word(word: &str) -> bool {
    let is_title = word.starts_with(char::is_uppercase) && word.contains(char::is_lowercase);
    (is_title || is_brand(word)) && !ENGLISH.contains(&word.to_lowercase().as_str())
}

/// The words of a text without codes, numbers and addresses.
fn plain_words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace()
        .filter(|token| !is_code(token))
        .flat_map(|token| {
            token.split(|character: char| !(character.is_alphabetic() || "'’".contains(character)))
        })
        .map(|word| word.trim_matches(['\'', '’']))
        .filter(|word| !word.is_empty())
}

/// Whether a part of a text is a number, code or address of mail or a page.
fn is_code(token: &str) -> bool {
    let inner = token.trim_matches(|character: char| !character.is_alphanumeric());
    inner.contains(|character: char| character.is_ascii_digit() || "@/_".contains(character))
        || inner.split('.').filter(|part| part.len() > 1).count() > 1
}

/// Whether a word has a capital after a small letter, or is a short word of capitals: "PayPal", "MTR".
fn is_brand(word: &str) -> bool {
    let word = word.trim_matches(|character: char| !character.is_alphanumeric());
    let is_short = (2..=4).contains(&word.len()) && word.chars().all(char::is_uppercase);
    let mut after_small = false;
    let inner = word.chars().any(|character| {
        let is_inner = after_small && character.is_uppercase();
        after_small = character.is_lowercase();
        is_inner
    });
    (inner || is_short) && !COURTESIES.contains(&word.to_lowercase().as_str())
}

/// BCP 47 tag of a language that whichlang knows.
fn tag_of(language: Lang) -> &'static str {
    match language {
        Lang::Ara => "ar",
        Lang::Cmn => "zh",
        Lang::Deu => "de",
        Lang::Eng => "en",
        Lang::Fra => "fr",
        Lang::Hin => "hi",
        Lang::Ita => "it",
        Lang::Jpn => "ja",
        Lang::Kor => "ko",
        Lang::Nld => "nl",
        Lang::Por => "pt",
        Lang::Rus => "ru",
        Lang::Spa => "es",
        Lang::Swe => "sv",
        Lang::Tur => "tr",
        Lang::Vie => "vi",
    }
}

/// The tags of every language that can be told.
#[cfg(test)]
pub(super) fn tags() -> impl Iterator<Item = &'static str> {
    WORDS.iter().map(|(tag, _)| *tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(text: &str) -> Option<&'static str> {
        other_than_english(text, text.split_whitespace().count())
    }

    #[test]
    fn languages_that_are_not_served_show_by_their_words() {
        let cases = [
            ("hindi ko pa natatanggap ang order ko", "tl"),
            ("Magkano po ang padala?", "tl"),
            ("saya mau mengembalikan barang ini", "id"),
            ("terima kasih", "id"),
            ("saya nak pulangkan barang ini", "ms"),
            ("Gdzie jest moja paczka?", "pl"),
            ("chce zwrocic zamowienie", "pl"),
            ("gdje je moja narudžba, još nije stigla", "hr"),
            ("kde je moje objednávka", "cs"),
            ("unde este comanda mea", "ro"),
            ("hol van a csomagom, még nem érkezett meg", "hu"),
            ("missä minun tilaukseni on", "fi"),
            ("hvor er min pakke, jeg har ikke modtaget den endnu", "da"),
            ("hvor er pakken min, jeg har ikke fått den ennå", "no"),
            ("merhaba siparişim nerede", "tr"),
            ("toi muon tra hang, don hang chua den", "vi"),
            ("no me deja iniciar sesión, dice error 403", "es"),
            ("nie mogę się zalogować, please help", "pl"),
        ];
        for (text, expected) in cases {
            assert_eq!(tag(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_shows_no_other_language_is_english() {
        let texts = [
            "hi wheres my stuf its been 3 weks",
            "helo po admin @sendeasy",
            "wo yao tui kuan",
            "ni hao, wo de bao guo hai mei you dao",
            "zen me hai mei fa huo, cui yi xia",
            "nei ho, ngo soeng teoi fo",
            "qing wen shen me shi hou fa huo",
            "Maria del Carmen Lopez",
            "2x Nike Air Max, 1x Adidas Samba OG",
            "los angeles to las vegas",
            "Blk 123 Ang Mo Kio Ave 3",
            "Barang bag, 2x size M",
            "asdkjfh;;klwe qpzm00x",
            "dumb bot dumb company dumb logo",
            "cash or cheque also possible?",
            "Can I order the crème brûlée and the pâté?",
            "the hindi version of my order ko-12",
            "slot gacor bonus",
        ];
        for text in texts {
            assert_eq!(tag(text), None, "{text}");
        }
    }

    #[test]
    fn no_language_claims_an_english_word() {
        let claimed = |word: &&str| ENGLISH.contains(word) && !SHARED.contains(word);
        let all: Vec<&str> = WORDS.iter().flat_map(|(_, words)| words).copied().filter(claimed).collect();
        assert!(all.is_empty(), "{all:?}");
    }
}
