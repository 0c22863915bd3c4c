//! The customer's message as every part of the program sees it.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// How a message reached the company.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// Live chat or messenger.
    #[default]
    Chat,
    /// E-mail; quoted replies and signatures are left out before reading.
    Email,
    /// Public post, comment or review, which everybody can read.
    Social,
    /// Contact form or ticket.
    Form,
    /// Direct message in a social network.
    Direct,
}

impl Channel {
    /// Every channel.
    pub const ALL: [Self; 5] = [Self::Chat, Self::Email, Self::Social, Self::Form, Self::Direct];

    /// Whether everybody can read what is written there.
    pub const fn is_public(self) -> bool {
        matches!(self, Self::Social)
    }

    /// Whether replies are letters, with a greeting and a closing.
    pub const fn is_letter(self) -> bool {
        matches!(self, Self::Email | Self::Form)
    }

    /// Its name, as files and settings write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Email => "email",
            Self::Social => "social",
            Self::Form => "form",
            Self::Direct => "direct",
        }
    }
}

impl FromStr for Channel {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|channel| channel.name() == name).ok_or(())
    }
}

/// Who wrote a turn of the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The customer.
    Customer,
    /// A person of the company.
    Agent,
    /// A program of the company.
    Bot,
}

/// One earlier turn of the conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Turn {
    /// Who wrote it.
    pub role: Role,
    /// What was written.
    pub text: String,
}

/// What the company says of a customer's standing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// No special standing.
    #[default]
    Standard,
    /// Pays for better service.
    Premium,
    /// Looked after in person.
    Vip,
    /// A company with a contract.
    Enterprise,
}

impl FromStr for Tier {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        match name {
            "" | "standard" => Ok(Self::Standard),
            "premium" => Ok(Self::Premium),
            "vip" => Ok(Self::Vip),
            "enterprise" => Ok(Self::Enterprise),
            _ => Err(()),
        }
    }
}

/// What the company knows of the customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// Standing.
    pub tier: Tier,
    /// Free tags of the helpdesk.
    pub tags: Vec<String>,
}

/// A language that Frontdesk decides and answers in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Locale {
    /// English.
    #[serde(rename = "en")]
    En,
    /// Simplified Chinese.
    #[serde(rename = "zh-Hans")]
    ZhHans,
    /// Traditional Chinese.
    #[serde(rename = "zh-Hant")]
    ZhHant,
}

impl Locale {
    /// Every supported language.
    pub const ALL: [Self; 3] = [Self::En, Self::ZhHans, Self::ZhHant];

    /// BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::ZhHans => "zh-Hans",
            Self::ZhHant => "zh-Hant",
        }
    }

    /// Reads a BCP 47 tag; regions imply the script (`zh-TW`, `zh-HK` and `zh-MO` are Traditional).
    ///
    /// Returns `None` for `zh` without script or region, and for every other language.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let tag = tag.replace('_', "-").to_ascii_lowercase();
        let mut parts = tag.split('-');
        match parts.next()? {
            "en" => Some(Self::En),
            "zh" => parts.find_map(|part| match part {
                "hans" | "cn" | "sg" | "my" => Some(Self::ZhHans),
                "hant" | "tw" | "hk" | "mo" => Some(Self::ZhHant),
                _ => None,
            }),
            _ => None,
        }
    }

    /// Whether the language is Chinese.
    pub const fn is_chinese(self) -> bool {
        matches!(self, Self::ZhHans | Self::ZhHant)
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.tag())
    }
}

/// A language with the wording of a region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Wording {
    /// English.
    #[serde(rename = "en")]
    En,
    /// Simplified Chinese.
    #[serde(rename = "zh-Hans")]
    ZhHans,
    /// Traditional Chinese as Taiwan words it.
    #[serde(rename = "zh-Hant-TW")]
    ZhHantTw,
    /// Traditional Chinese as Hong Kong and Macau word it.
    #[serde(rename = "zh-Hant-HK")]
    ZhHantHk,
}

impl Wording {
    /// Every wording.
    pub const ALL: [Self; 4] = [Self::En, Self::ZhHans, Self::ZhHantTw, Self::ZhHantHk];

    /// BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::ZhHans => "zh-Hans",
            Self::ZhHantTw => "zh-Hant-TW",
            Self::ZhHantHk => "zh-Hant-HK",
        }
    }

    /// The wording that a tag's region asks for; `None` when the tag names no region that matters.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let tag = tag.replace('_', "-").to_ascii_lowercase();
        let mut parts = tag.split('-');
        if parts.next() != Some("zh") {
            return None;
        }
        parts.find_map(|part| match part {
            "tw" => Some(Self::ZhHantTw),
            "hk" | "mo" => Some(Self::ZhHantHk),
            _ => None,
        })
    }

    /// Its language.
    pub const fn locale(self) -> Locale {
        match self {
            Self::En => Locale::En,
            Self::ZhHans => Locale::ZhHans,
            Self::ZhHantTw | Self::ZhHantHk => Locale::ZhHant,
        }
    }
}

/// How a draft speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// Full sentences, distance.
    Formal,
    /// Short and warm.
    Friendly,
}

impl Tone {
    /// Every tone.
    pub const ALL: [Self; 2] = [Self::Formal, Self::Friendly];

    /// Its name in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Formal => "formal",
            Self::Friendly => "friendly",
        }
    }
}

/// One message with what is known around it; checked, so every part may rely on it.
///
/// The text is never altered: folding happens on copies that are used for matching alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// The caller's id for this request.
    pub request_id: String,
    /// What the customer wrote; never blank.
    pub text: String,
    /// How it came.
    pub channel: Channel,
    /// Language that the caller expects.
    pub locale_hint: Option<Locale>,
    /// Region that the caller's hint names, as far as it words Chinese differently.
    pub wording_hint: Option<Wording>,
    /// Earlier turns, oldest first.
    pub turns: Vec<Turn>,
    /// What is known of the customer.
    pub customer: Customer,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_imply_the_script() {
        let cases = [
            ("en", Some(Locale::En)),
            ("en-GB", Some(Locale::En)),
            ("zh-CN", Some(Locale::ZhHans)),
            ("zh_TW", Some(Locale::ZhHant)),
            ("zh-Hant-HK", Some(Locale::ZhHant)),
            ("ZH-hans", Some(Locale::ZhHans)),
            ("zh", None),
            ("fr", None),
            ("", None),
        ];
        for (tag, expected) in cases {
            assert_eq!(Locale::from_tag(tag), expected, "{tag}");
        }
    }
}
