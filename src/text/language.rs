//! Tells the language of a message.
//!
//! Characters decide (notes: 37 of 40 short messages right in under a microsecond): kana are
//! Japanese, Hangul Korean, other Han text Chinese, its script by the characters that only one
//! script has. Latin text goes to whichlang, which is not trusted under three words.

use std::{collections::HashMap, sync::LazyLock};

use serde::{Deserialize, Serialize};
use whichlang::Lang;

use crate::{
    message::{Locale, Message, Role},
    text::is_han,
};

/// Words that Latin text needs before a detector is believed.
const MIN_WORDS: usize = 3;

/// Forms that only Japanese uses (shinjitai that neither Chinese script has).
const JAPANESE_ONLY: &str = "発収図駅検売変読対単働込辻畑円広済圧囲価勧気帰拡戦択沢続総県届応実歩毎様権浅渋焼獣穏粋経縁縄聴転軽辺鉄関顕験黒";

/// Characters of written Cantonese, which is written in Traditional Chinese unless other
/// characters say otherwise, and of the Bopomofo block, used in Taiwan.
const CANTONESE: &str = "嘅咗唔冇喺啲嚟咁哋乜嘢嗰啱攞揾諗睇嬲";

/// Tags of the languages that are told but not served.
const OTHER_TAGS: [&str; 18] = [
    "ar", "de", "el", "es", "fr", "he", "hi", "it", "ja", "ko", "nl", "pt", "ru", "sv", "th", "tr", "vi",
    "zh",
];

/// A script of Chinese.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Hans,
    Hant,
}

static SCRIPT_CHARACTERS: LazyLock<HashMap<char, Script>> = LazyLock::new(|| {
    let hans = include_str!("hans_only.txt").trim_end().chars().map(|character| (character, Script::Hans));
    let hant = include_str!("hant_only.txt").trim_end().chars().map(|character| (character, Script::Hant));
    hans.chain(hant).collect()
});

/// What the text alone says of its language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detected {
    /// A supported language.
    Locale(Locale),
    /// Chinese that both scripts write alike.
    Chinese,
    /// Another language, by its BCP 47 tag.
    Other(&'static str),
    /// Too little text, or none of the known scripts.
    Undetermined,
}

/// What decided the language of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// The text itself.
    Text,
    /// Earlier turns of the customer.
    Conversation,
    /// The caller's hint.
    Hint,
    /// The server's default.
    Default,
}

/// The language of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "StoredLanguage", from = "StoredLanguage")]
pub struct Language {
    /// What the message is in, or the tag of an unsupported language ("und" when unknown).
    pub locale: Result<Locale, &'static str>,
    /// What decided.
    pub source: Source,
    /// Whether the text's own characters told the Chinese script.
    pub script_determined: bool,
}

/// A language as it is written in kept decisions.
#[derive(Serialize, Deserialize)]
struct StoredLanguage {
    tag: String,
    source: Source,
    script_determined: bool,
}

impl From<Language> for StoredLanguage {
    fn from(language: Language) -> Self {
        let Language { source, script_determined, .. } = language;
        Self { tag: language.tag().to_owned(), source, script_determined }
    }
}

impl From<StoredLanguage> for Language {
    fn from(stored: StoredLanguage) -> Self {
        let StoredLanguage { tag, source, script_determined } = stored;
        let known = || OTHER_TAGS.into_iter().find(|other| *other == tag).unwrap_or("und");
        let locale = Locale::ALL.into_iter().find(|locale| locale.tag() == tag).ok_or_else(known);
        Self { locale, source, script_determined }
    }
}

impl Language {
    /// BCP 47 tag.
    pub fn tag(&self) -> &'static str {
        match self.locale {
            Ok(locale) => locale.tag(),
            Err(tag) => tag,
        }
    }
}

/// Tells the language of a message: its text, then the customer's earlier turns, then the hint,
/// then `default` for what is still open.
///
/// `text` is the part of the message that is read.
pub fn of_message(text: &str, message: &Message, default: Locale) -> Language {
    let detected = detect(text);
    let determined = |locale| Language { locale: Ok(locale), source: Source::Text, script_determined: true };
    match detected {
        Detected::Locale(locale) => return determined(locale),
        Detected::Other(tag) => {
            return Language { locale: Err(tag), source: Source::Text, script_determined: false };
        }
        Detected::Chinese | Detected::Undetermined => {}
    }
    // Undetermined Chinese only takes a Chinese locale: an English hint does not make 退款 English.
    let fits = |locale: &Locale| detected == Detected::Undetermined || locale.is_chinese();
    let of_turns = message.turns.iter().rev().filter(|turn| turn.role == Role::Customer).find_map(|turn| {
        match detect(&turn.text) {
            Detected::Locale(locale) => Some(locale).filter(fits),
            _ => None,
        }
    });
    let (locale, source) = match (of_turns, message.locale_hint.filter(fits)) {
        (Some(locale), _) => (locale, Source::Conversation),
        (None, Some(locale)) => (locale, Source::Hint),
        (None, None) if detected == Detected::Chinese && !default.is_chinese() => {
            (Locale::ZhHans, Source::Default)
        }
        (None, None) => (default, Source::Default),
    };
    Language { locale: Ok(locale), source, script_determined: false }
}

/// Whether a text shows written Cantonese, as Hong Kong writes it: two of its characters.
pub fn is_cantonese(text: &str) -> bool {
    text.chars().filter(|character| CANTONESE.contains(*character)).take(2).count() == 2
}

/// Tells the language of a text from its characters alone.
pub fn detect(text: &str) -> Detected {
    let counts = Counts::of(text);
    if counts.kana > 0 && counts.kana * 4 >= counts.han {
        return Detected::Other("ja");
    }
    if counts.hangul > 0 && counts.hangul >= counts.han {
        return Detected::Other("ko");
    }
    if let Some(tag) = counts.other_script() {
        return Detected::Other(tag);
    }
    if counts.han > 0 && counts.han * 3 >= counts.latin_words {
        return chinese(&counts);
    }
    latin(text, &counts)
}

/// How many characters and words of each kind a text has.
#[derive(Default)]
struct Counts {
    han: usize,
    hans_only: usize,
    hant_only: usize,
    japanese_only: usize,
    kana: usize,
    hangul: usize,
    cyrillic: usize,
    arabic: usize,
    hebrew: usize,
    devanagari: usize,
    thai: usize,
    greek: usize,
    latin: usize,
    latin_words: usize,
}

impl Counts {
    fn of(text: &str) -> Self {
        let mut counts = Self::default();
        let mut in_word = false;
        for character in text.chars() {
            let is_latin = character.is_alphabetic() && u32::from(character) < 0x250;
            counts.latin_words += usize::from(is_latin && !in_word);
            in_word = is_latin || (in_word && (character == '\'' || character == '’'));
            counts.add(character, is_latin);
        }
        counts
    }

    fn add(&mut self, character: char, is_latin: bool) {
        if is_latin {
            self.latin += 1;
        } else if is_han(character) {
            self.han += 1;
            match SCRIPT_CHARACTERS.get(&character) {
                Some(Script::Hans) => self.hans_only += 1,
                Some(Script::Hant) => self.hant_only += 1,
                None if JAPANESE_ONLY.contains(character) => self.japanese_only += 1,
                None if CANTONESE.contains(character) => self.hant_only += 1,
                None => {}
            }
        } else {
            match u32::from(character) {
                0x3041..=0x3096 | 0x30A1..=0x30FA | 0xFF66..=0xFF9D => self.kana += 1,
                0x3105..=0x312F => self.hant_only += 1,
                0xAC00..=0xD7A3 | 0x1100..=0x11FF | 0x3131..=0x318E => self.hangul += 1,
                0x400..=0x52F => self.cyrillic += 1,
                0x600..=0x6FF | 0x750..=0x77F => self.arabic += 1,
                0x590..=0x5FF => self.hebrew += 1,
                0x900..=0x97F => self.devanagari += 1,
                0xE00..=0xE7F => self.thai += 1,
                0x370..=0x3FF | 0x1F00..=0x1FFF => self.greek += 1,
                _ => {}
            }
        }
    }

    /// The language of a script that is not Latin or Han, when most of the text is in it.
    fn other_script(&self) -> Option<&'static str> {
        let scripts = [
            (self.cyrillic, "ru"),
            (self.arabic, "ar"),
            (self.hebrew, "he"),
            (self.devanagari, "hi"),
            (self.thai, "th"),
            (self.greek, "el"),
        ];
        let (count, tag) = scripts.into_iter().max_by_key(|&(count, _)| count)?;
        (count >= 2 && count > self.latin && count > self.han).then_some(tag)
    }
}

fn chinese(counts: &Counts) -> Detected {
    if counts.japanese_only > 0 && counts.japanese_only >= counts.hans_only.max(counts.hant_only) {
        return Detected::Other("ja");
    }
    match counts.hans_only.cmp(&counts.hant_only) {
        std::cmp::Ordering::Greater => Detected::Locale(Locale::ZhHans),
        std::cmp::Ordering::Less => Detected::Locale(Locale::ZhHant),
        std::cmp::Ordering::Equal => Detected::Chinese,
    }
}

fn latin(text: &str, counts: &Counts) -> Detected {
    if counts.latin_words == 0 {
        return Detected::Undetermined;
    }
    if counts.latin_words < MIN_WORDS {
        // "refund?" or "order 8812": English is the only Latin language that is served.
        return Detected::Locale(Locale::En);
    }
    match whichlang::detect_language(text) {
        Lang::Eng => Detected::Locale(Locale::En),
        // Short English with typos is often taken for a neighbour; its commonest words tell.
        _ if has_english_words(text, counts) => Detected::Locale(Locale::En),
        language if shows(language, text) => Detected::Other(tag_of(language)),
        // Letters in a row, names, numbers: no language to send to a person for.
        _ => Detected::Locale(Locale::En),
    }
}

/// Whether a text shows the language that was guessed: a letter that English lacks, or one of the
/// language's commonest words.
fn shows(language: Lang, text: &str) -> bool {
    let common: &[&str] = match language {
        Lang::Deu => {
            &["ich", "und", "der", "die", "das", "nicht", "ist", "ein", "mein", "wo", "bitte", "mit", "wie"]
        }
        Lang::Fra => {
            &["je", "le", "la", "les", "de", "et", "un", "une", "mon", "ma", "pas", "est", "vous", "où"]
        }
        Lang::Spa => {
            &["el", "la", "mi", "de", "que", "no", "y", "por", "los", "un", "una", "es", "cuando", "con"]
        }
        Lang::Por => &["o", "a", "meu", "minha", "de", "que", "e", "para", "um", "uma", "com", "por", "os"],
        Lang::Ita => {
            &["il", "la", "mio", "di", "che", "non", "per", "un", "una", "sono", "ho", "come", "con"]
        }
        Lang::Nld => &["de", "het", "een", "ik", "mijn", "niet", "en", "is", "van", "hoe", "waar", "kan"],
        Lang::Swe => &["jag", "och", "det", "är", "min", "inte", "en", "att", "var", "kan", "med", "har"],
        Lang::Tur => &["ve", "bir", "bu", "ne", "için", "benim", "var", "yok", "nerede", "zaman", "çok"],
        Lang::Vie => &["tôi", "của", "và", "là", "không", "cho", "đơn", "hàng", "khi", "nào"],
        _ => &[],
    };
    text.chars().any(|character| character.is_alphabetic() && !character.is_ascii())
        || words(text).any(|word| common.contains(&word.as_str()))
}

/// The words of a Latin text, in lower case with straight apostrophes.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|character: char| !(character.is_alphanumeric() || character == '\'' || character == '’'))
        .filter(|word| !word.is_empty())
        .map(|word| word.replace('’', "'").to_lowercase())
}

/// Whether at least a quarter of the words are among the commonest of English.
fn has_english_words(text: &str, counts: &Counts) -> bool {
    const COMMON: &[&str] = &[
        "the", "a", "an", "i", "my", "me", "you", "your", "it", "is", "are", "was", "to", "of", "and", "in",
        "on", "for", "not", "no", "this", "that", "have", "has", "do", "does", "did", "can", "cant", "can't",
        "dont", "don't", "with", "what", "when", "where", "why", "how", "please", "pls", "plz", "hi",
        "hello", "thanks", "thank", "order", "u", "ur", "im", "i'm", "we", "our", "be", "but", "if", "still",
        "get",
    ];
    let common = words(text).filter(|word| COMMON.contains(&word.as_str())).count();
    common * 4 >= counts.latin_words
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Turn;

    #[test]
    fn texts_tell_their_language() {
        use Detected::{Chinese, Locale as L, Other, Undetermined};
        let cases = [
            ("where is my order 8812", L(Locale::En)),
            ("refund pls", L(Locale::En)),
            ("我的订单说好周五到,现在还没发货", L(Locale::ZhHans)),
            ("請問我的訂單什麼時候出貨", L(Locale::ZhHant)),
            ("點解仲未送到?", L(Locale::ZhHant)),
            ("可唔可以改地址", L(Locale::ZhHant)),
            ("退款", Chinese),
            ("你好", Chinese),
            ("我的order還沒到 please check", L(Locale::ZhHant)),
            ("注文した商品が届きません", Other("ja")),
            ("駅で受取", Other("ja")),
            ("환불해 주세요", Other("ko")),
            ("¿Dónde está mi pedido? Lo pedí hace dos semanas", Other("es")),
            ("Bonjour, je voudrais annuler ma commande", Other("fr")),
            ("Где мой заказ?", Other("ru")),
            ("12345", Undetermined),
            ("😡😡", Undetermined),
            ("hi wheres my stuf its been 3 weks", L(Locale::En)),
            ("asdkjfh;;klwe qpzm00x", L(Locale::En)),
            ("Wo ist mein Paket, ich warte seit Montag", Other("de")),
            ("dove posso trovare il mio ordine", Other("it")),
        ];
        for (text, expected) in cases {
            assert_eq!(detect(text), expected, "{text}");
        }
    }

    #[test]
    fn undetermined_chinese_takes_conversation_then_hint_then_default() {
        let customer = |text: &str| Turn { role: Role::Customer, text: text.into() };
        let mut message = Message { text: "退款".into(), ..Message::default() };
        let of = |message: &Message, default| {
            let language = of_message(&message.text, message, default);
            (language.locale, language.source)
        };
        assert_eq!(of(&message, Locale::En), (Ok(Locale::ZhHans), Source::Default));
        assert_eq!(of(&message, Locale::ZhHant), (Ok(Locale::ZhHant), Source::Default));
        message.locale_hint = Some(Locale::En);
        assert_eq!(of(&message, Locale::En), (Ok(Locale::ZhHans), Source::Default));
        message.locale_hint = Some(Locale::ZhHant);
        assert_eq!(of(&message, Locale::En), (Ok(Locale::ZhHant), Source::Hint));
        message.turns = vec![customer("我要退货,订单号是这个")];
        assert_eq!(of(&message, Locale::En), (Ok(Locale::ZhHans), Source::Conversation));
    }
}
