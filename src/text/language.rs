//! Tells the language of a message.
//!
//! Characters decide (notes: 37 of 40 short messages right in under a microsecond): kana are
//! Japanese, Hangul Korean, other Han text Chinese, its script by the characters that only one
//! script has. Latin text goes to `latin`; what says little there, such as "ok", a name or a number,
//! leaves a conversation in its language.

use std::{cmp::Ordering, collections::HashMap, sync::LazyLock};

use serde::{Deserialize, Serialize};

use crate::{
    message::{Locale, Message, Role, Turn},
    text::{is_han, latin},
};

/// Forms that only Japanese uses (shinjitai that neither Chinese script has).
const JAPANESE_ONLY: &str = "発収図駅検売変読対単働込辻畑円広済圧囲価勧気帰拡戦択沢続総県届応実歩毎様権浅渋焼獣穏粋経縁縄聴転軽辺鉄関顕験黒";

/// Characters of written Cantonese, which is written in Traditional Chinese unless other
/// characters say otherwise.
const CANTONESE: &str = "嘅咗唔冇喺啲嚟咁哋乜嘢嗰啱攞揾諗睇嬲";

/// Simplified characters that Hong Kong writes too, in Cantonese words: 多謝晒, 揾人, 郁唔到, 睇吓, 岩岩.
const BOTH_SCRIPTS: &str = "晒揾郁吓岩仆扑";

/// Tags of the languages that are told but not served.
const OTHER_TAGS: [&str; 33] = [
    "ar", "cs", "da", "de", "el", "es", "fi", "fr", "he", "hi", "hr", "hu", "id", "it", "ja", "ko", "ms",
    "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "sw", "th", "tl", "tr", "vi", "zh", "und",
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

/// What a text says of the language that its writer wants.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// It is in this language.
    Locale(Locale),
    /// It is Chinese that both scripts write alike.
    Chinese,
    /// It is in a language that is not served.
    Other(&'static str),
    /// Little: Latin letters as customers of every language write them, "ok", "refund?".
    Weak,
    /// Nothing: a code or name in Latin letters.
    Name,
    /// Nothing: no letters.
    Nothing,
}

impl Sign {
    fn of(text: &str) -> Self {
        match detect(text) {
            Detected::Locale(Locale::En) if latin::is_name(text) => Self::Name,
            Detected::Locale(Locale::En) if latin::is_weak(text) => Self::Weak,
            Detected::Locale(locale) => Self::Locale(locale),
            Detected::Chinese => Self::Chinese,
            Detected::Other(tag) => Self::Other(tag),
            Detected::Undetermined => Self::Nothing,
        }
    }
}

/// What tells the language of a message beside its text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Surroundings<'a> {
    /// Turns before it, oldest first.
    pub turns: &'a [Turn],
    /// Language that the conversation is held in, when the server keeps it and knows.
    pub conversation: Option<Locale>,
    /// Language that the caller expects.
    pub hint: Option<Locale>,
}

impl<'a> Surroundings<'a> {
    /// Those of a message, in a conversation of a language if that is known.
    pub fn of(message: &'a Message, conversation: Option<Locale>) -> Self {
        Self { turns: &message.turns, conversation, hint: message.locale_hint }
    }
}

/// Tells the language of a message: its text, then the customer's earlier turns, then the language that the
/// conversation is held in, then the hint, then `default` for what is still open.
///
/// `text` is the part of the message that is read. Where the conversation shows no language, text that says
/// little is English, and a code or name is what a Chinese hint says.
pub fn of_message(text: &str, around: &Surroundings<'_>, default: Locale) -> Language {
    let sign = Sign::of(text);
    let of_text = |locale, script_determined| Language { locale, source: Source::Text, script_determined };
    match sign {
        Sign::Locale(locale) => return of_text(Ok(locale), true),
        Sign::Other(tag) => return of_text(Err(tag), false),
        Sign::Chinese | Sign::Weak | Sign::Name | Sign::Nothing => {}
    }
    let (of_conversation, is_chinese) = of_conversation(around, sign == Sign::Chinese);
    let hint = around.hint.filter(|hint| fits(*hint, is_chinese));
    let (locale, source) = match (of_conversation, hint) {
        (Some(locale), _) => (locale, Source::Conversation),
        (None, Some(hint)) if says_less_than(sign, hint) => (hint, Source::Hint),
        // English is the only Latin language that is served.
        (None, _) if !is_chinese && sign != Sign::Nothing => return of_text(Ok(Locale::En), true),
        (None, Some(hint)) => (hint, Source::Hint),
        (None, None) if is_chinese && !default.is_chinese() => (Locale::ZhHans, Source::Default),
        (None, None) => (default, Source::Default),
    };
    Language { locale: Ok(locale), source, script_determined: false }
}

/// Whether a language can be that of text in Chinese: an English hint does not make 退款 English.
fn fits(locale: Locale, is_chinese: bool) -> bool {
    !is_chinese || locale.is_chinese()
}

/// Whether a hint tells more than a text with a sign: a name says nothing against Chinese.
fn says_less_than(sign: Sign, hint: Locale) -> bool {
    sign == Sign::Nothing || (sign == Sign::Name && hint.is_chinese())
}

/// The language that the conversation before a message shows, by the customer's last turn that shows one,
/// and whether it is Chinese, of which the script may be open; `is_chinese` when the message is already.
fn of_conversation(around: &Surroundings<'_>, mut is_chinese: bool) -> (Option<Locale>, bool) {
    for turn in around.turns.iter().rev().filter(|turn| turn.role == Role::Customer) {
        match Sign::of(&turn.text) {
            Sign::Locale(locale) if fits(locale, is_chinese) => return (Some(locale), is_chinese),
            Sign::Chinese => is_chinese = true,
            _ => {}
        }
    }
    (around.conversation.filter(|locale| fits(*locale, is_chinese)), is_chinese)
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
    cantonese: usize,
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
                _ if BOTH_SCRIPTS.contains(character) => {
                    self.cantonese += usize::from(CANTONESE.contains(character));
                }
                Some(Script::Hans) => self.hans_only += 1,
                Some(Script::Hant) => self.hant_only += 1,
                None if JAPANESE_ONLY.contains(character) => self.japanese_only += 1,
                None if CANTONESE.contains(character) => self.cantonese += 1,
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
        Ordering::Greater => Detected::Locale(Locale::ZhHans),
        Ordering::Less => Detected::Locale(Locale::ZhHant),
        Ordering::Equal if counts.cantonese > 0 => Detected::Locale(Locale::ZhHant),
        Ordering::Equal => Detected::Chinese,
    }
}

fn latin(text: &str, counts: &Counts) -> Detected {
    match latin::other_than_english(text, counts.latin_words) {
        _ if counts.latin_words == 0 => Detected::Undetermined,
        Some(tag) => Detected::Other(tag),
        None => Detected::Locale(Locale::En),
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
            ("多謝晒", L(Locale::ZhHant)),
            ("揾人傾下", L(Locale::ZhHant)),
            ("郁唔到，睇吓點算", L(Locale::ZhHant)),
            ("多谢晒", L(Locale::ZhHans)),
            ("晒伤了怎么办", L(Locale::ZhHans)),
            ("我嘅订单喺边度", L(Locale::ZhHans)),
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
            let language = of_message(&message.text, &Surroundings::of(message, None), default);
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

    /// The language of a text after turns of the customer, with a hint.
    fn after(turns: &[&str], text: &str, hint: Option<Locale>) -> (&'static str, Source) {
        let customer = |text: &&str| Turn { role: Role::Customer, text: (*text).into() };
        let turns: Vec<Turn> = turns.iter().map(customer).collect();
        let language =
            of_message(text, &Surroundings { turns: &turns, conversation: None, hint }, Locale::En);
        (language.tag(), language.source)
    }

    const WEAK: [&str; 13] = [
        "ok",
        "OK thanks",
        "Thank you so much!",
        "Hello?",
        "refund?",
        "agent please",
        "PayPal",
        "MT1234567890",
        "iPhone 15 Pro",
        "WH-1000XM4",
        "ada.lee@mail.example",
        "Chan Tai Man",
        "8812",
    ];

    #[test]
    fn a_few_latin_letters_leave_a_conversation_in_its_language() {
        let cases = [
            (&["請問我的訂單什麼時候出貨", "hi", "12"][..], "zh-Hant"),
            (&["我的订单还没发货", "ok"], "zh-Hans"),
            (&["I want my money back", "PayPal"], "en"),
        ];
        for (turns, expected) in cases {
            for text in WEAK {
                assert_eq!(after(turns, text, None), (expected, Source::Conversation), "{text}");
            }
        }
        // An English sentence is a wish to go on in English, and so is what it says next.
        let turns = &["請問我的訂單什麼時候出貨"];
        for text in ["It's broken", "can I speak to someone", "where is it", "my order is 8812"] {
            assert_eq!(after(turns, text, Some(Locale::ZhHant)), ("en", Source::Text), "{text}");
            assert_eq!(after(&[turns[0], text], "ok", None), ("en", Source::Conversation), "{text}");
        }
    }

    #[test]
    fn what_the_server_keeps_of_a_conversation_counts_like_its_turns() {
        for text in WEAK {
            let around = Surroundings { conversation: Some(Locale::ZhHant), ..Surroundings::default() };
            let language = of_message(text, &around, Locale::En);
            assert_eq!((language.tag(), language.source), ("zh-Hant", Source::Conversation), "{text}");
        }
        // What is Chinese is not answered in the English of a greeting.
        let around = Surroundings { conversation: Some(Locale::En), ..Surroundings::default() };
        assert_eq!(of_message("退款", &around, Locale::En).tag(), "zh-Hans");
    }

    #[test]
    fn alone_a_few_latin_letters_are_english_unless_they_are_a_name() {
        let hint = Some(Locale::ZhHant);
        for text in ["ok", "Hello?", "refund?", "agent please", "Refund"] {
            assert_eq!(after(&[], text, hint), ("en", Source::Text), "{text}");
        }
        for text in ["PayPal", "MT1234567890", "iPhone 15 Pro", "8812"] {
            assert_eq!(after(&[], text, hint), ("zh-Hant", Source::Hint), "{text}");
        }
        for text in ["PayPal", "MT1234567890", "ok"] {
            assert_eq!(after(&[], text, None), ("en", Source::Text), "{text}");
        }
        // Chinese without a script still tells that it is Chinese.
        assert_eq!(after(&["退款"], "ok", None), ("zh-Hans", Source::Default));
        assert_eq!(after(&["退款"], "ok", hint), ("zh-Hant", Source::Hint));
    }

    #[test]
    fn every_tag_is_read_back() {
        for tag in latin::tags() {
            let language = Language { locale: Err(tag), source: Source::Text, script_determined: false };
            assert_eq!(Language::from(StoredLanguage::from(language)).tag(), tag);
        }
    }
}
