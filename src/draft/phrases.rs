//! The words of courtesy, in each language; no fact about the company stands here.

use jiff::SignedDuration;

use super::minutes_or_hours;
use crate::message::Locale;

/// Sentences that replies are built from.
pub struct Phrases {
    /// Opens a letter.
    pub greeting: &'static str,
    /// Ends a letter.
    pub closing: &'static str,
    /// Answers a greeting.
    pub welcome: &'static str,
    /// Answers a farewell.
    pub farewell: &'static str,
    /// To somebody who is angry or disappointed.
    pub sorry: &'static str,
    /// To somebody who is worried.
    pub understand: &'static str,
    /// To somebody who is confused.
    pub clear_up: &'static str,
    /// To somebody who praises.
    pub thanks: &'static str,
    /// To somebody who reports a danger.
    pub danger: &'static str,
    /// The message is with the team; `{time}` is until when they answer.
    pub received: &'static str,
    /// Before a passage that an agent should check.
    pub meanwhile: &'static str,
    /// Before a passage in another language, `{language}`.
    pub other_language: &'static str,
    /// Before a passage that was converted from the script `{language}`.
    pub other_script: &'static str,
    /// After an answer.
    pub anything_else: &'static str,
    /// Asks for a choice.
    pub which_one: &'static str,
    /// Asks for more words.
    pub say_more: &'static str,
}

const EN: Phrases = Phrases {
    greeting: "Hello,",
    closing: "Kind regards\nCustomer Service",
    welcome: "Hello! How can we help you today?",
    farewell: "You're welcome. Just write again if anything else comes up.",
    sorry: "We are sorry for the trouble this has caused you.",
    understand: "We understand that this is worrying.",
    clear_up: "Let us clear this up.",
    thanks: "Thank you for your kind words.",
    danger: "If anyone is hurt or in danger, please call your local emergency number first.",
    received: "Your message is with our team, and a colleague will reply within {time}.",
    meanwhile: "What our help pages say about this:",
    other_language: "This page is available in {language} only:",
    other_script: "Converted from the page in {language}:",
    anything_else: "If this does not settle it, just reply and a colleague will help.",
    which_one: "So that we get it right, which of these is it about?",
    say_more: "We could not make out what you need. Could you tell us in a sentence?",
};

const ZH_HANS: Phrases = Phrases {
    greeting: "您好：",
    closing: "祝好\n客服团队",
    welcome: "您好，请问有什么可以帮您？",
    farewell: "不客气，之后有任何问题随时联系我们。",
    sorry: "给您添麻烦了，非常抱歉。",
    understand: "我们理解您现在很着急。",
    clear_up: "我们来帮您弄清楚。",
    thanks: "谢谢您的肯定。",
    danger: "如果有人受伤或仍有危险，请先拨打当地的紧急电话。",
    received: "您的消息已转给负责的同事，将在 {time}内回复您。",
    meanwhile: "帮助中心的相关说明：",
    other_language: "以下内容目前只有{language}版：",
    other_script: "以下内容由{language}条目转换：",
    anything_else: "如果没有解决您的问题，请直接回复，会有同事继续跟进。",
    which_one: "为了更准确地帮您，请问是以下哪一种情况？",
    say_more: "抱歉，没有看明白您的意思，能用一句话说明一下吗？",
};

const ZH_HANT: Phrases = Phrases {
    greeting: "您好：",
    closing: "敬祝 順心\n客服團隊",
    welcome: "您好，請問有什麼可以為您服務？",
    farewell: "不客氣，之後有任何問題歡迎隨時與我們聯絡。",
    sorry: "造成您的困擾，非常抱歉。",
    understand: "我們了解您現在很著急。",
    clear_up: "我們來幫您釐清。",
    thanks: "謝謝您的肯定。",
    danger: "若有人受傷或仍有危險，請先撥打當地的緊急電話。",
    received: "您的訊息已轉給負責的同仁，將於 {time}內回覆您。",
    meanwhile: "說明中心的相關內容：",
    other_language: "以下內容目前僅有{language}版：",
    other_script: "以下內容由{language}條目轉換：",
    anything_else: "若仍未解決您的問題，請直接回覆，會有同仁繼續協助。",
    which_one: "為了更準確地協助您，請問是以下哪一種情況？",
    say_more: "抱歉，我們不太確定您的意思，可以用一句話說明嗎？",
};

/// The phrases of a language.
pub const fn of(locale: Locale) -> &'static Phrases {
    match locale {
        Locale::En => &EN,
        Locale::ZhHans => &ZH_HANS,
        Locale::ZhHant => &ZH_HANT,
    }
}

/// A duration in words.
pub fn duration(duration: SignedDuration, locale: Locale) -> String {
    let (count, in_hours) = minutes_or_hours(duration);
    let plural = if count == 1 { "" } else { "s" };
    match (locale, in_hours) {
        (Locale::En, true) => format!("{count} hour{plural}"),
        (Locale::En, false) => format!("{count} minute{plural}"),
        (Locale::ZhHans, true) => format!("{count} 小时"),
        (Locale::ZhHans, false) => format!("{count} 分钟"),
        (Locale::ZhHant, true) => format!("{count} 小時"),
        (Locale::ZhHant, false) => format!("{count} 分鐘"),
    }
}

/// Name of a language in a language.
pub const fn language_name(language: Locale, locale: Locale) -> &'static str {
    match (language, locale) {
        (Locale::En, Locale::En) => "English",
        (Locale::ZhHans, Locale::En) => "Simplified Chinese",
        (Locale::ZhHant, Locale::En) => "Traditional Chinese",
        (Locale::En, _) => "英文",
        (Locale::ZhHans, Locale::ZhHans) => "简体中文",
        (Locale::ZhHans, Locale::ZhHant) => "簡體中文",
        (Locale::ZhHant, Locale::ZhHans) => "繁体中文",
        (Locale::ZhHant, Locale::ZhHant) => "繁體中文",
    }
}
