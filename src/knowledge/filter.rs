//! Which articles may be found: the one place that decides it, for words and vectors alike.

use serde::{Deserialize, Serialize};

use super::article::{ArticleContent, Audience};
use crate::message::{Channel, Locale};

/// What the articles that are found must have. The default is a customer who says nothing of himself, at
/// the beginning of 1970.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchFilter {
    /// Whether articles for agents may be found.
    pub include_agent_articles: bool,
    /// Channel of the asker; `None` finds only articles for every channel.
    pub channel: Option<Channel>,
    /// Brand that the asker writes to; empty finds only articles for every brand.
    pub brand: String,
    /// Finds only articles in this language.
    pub only_locale: Option<Locale>,
    /// Finds only articles that have all of these tags.
    pub tags: Vec<String>,
    /// When articles must hold, in ms since 1970.
    pub valid_at_ms: i64,
}

/// What a filter looks at. Few of them are different, so a filter is asked once for all articles of a
/// class.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Class {
    pub(crate) locale: Locale,
    audience: Audience,
    channels: Vec<Channel>,
    brands: Vec<String>,
    tags: Vec<String>,
    valid_from_ms: Option<i64>,
    valid_until_ms: Option<i64>,
}

impl Class {
    /// The class of an article.
    pub(crate) fn of(content: &ArticleContent) -> Self {
        Self {
            locale: content.locale,
            audience: content.audience,
            channels: content.channels.clone(),
            brands: content.brands.clone(),
            tags: content.tags.clone(),
            valid_from_ms: content.valid_from_ms,
            valid_until_ms: content.valid_until_ms,
        }
    }
}

impl SearchFilter {
    /// Whether articles of a class may be found.
    pub(crate) fn admits(&self, class: &Class) -> bool {
        let for_all_or = |list_is_empty: bool, listed: bool| list_is_empty || listed;
        (self.include_agent_articles || class.audience == Audience::Public)
            && self.only_locale.is_none_or(|only| only == class.locale)
            && for_all_or(
                class.channels.is_empty(),
                self.channel.is_some_and(|channel| class.channels.contains(&channel)),
            )
            && for_all_or(class.brands.is_empty(), class.brands.contains(&self.brand))
            && self.tags.iter().all(|tag| class.tags.contains(tag))
            && class.valid_from_ms.is_none_or(|from| from <= self.valid_at_ms)
            && class.valid_until_ms.is_none_or(|until| self.valid_at_ms < until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class() -> Class {
        Class {
            locale: Locale::En,
            audience: Audience::Public,
            channels: vec![],
            brands: vec![],
            tags: vec!["fees".into(), "cards".into()],
            valid_from_ms: None,
            valid_until_ms: None,
        }
    }

    #[test]
    fn an_article_that_says_nothing_is_for_everybody() {
        assert!(SearchFilter::default().admits(&class()));
        let asker = SearchFilter { channel: Some(Channel::Email), brand: "b".into(), ..Default::default() };
        assert!(asker.admits(&class()));
    }

    #[test]
    fn channel_and_brand_must_be_listed_where_there_is_a_list() {
        let class = Class { channels: vec![Channel::Chat], brands: vec!["b".into()], ..class() };
        let asker =
            |channel, brand: &str| SearchFilter { channel, brand: brand.into(), ..Default::default() };
        assert!(asker(Some(Channel::Chat), "b").admits(&class));
        assert!(!asker(Some(Channel::Chat), "c").admits(&class));
        assert!(!asker(Some(Channel::Email), "b").admits(&class));
        assert!(!asker(None, "b").admits(&class));
        assert!(!asker(Some(Channel::Chat), "").admits(&class));
    }

    #[test]
    fn an_article_holds_from_its_beginning_until_before_its_end() {
        let class = Class { valid_from_ms: Some(10), valid_until_ms: Some(20), ..class() };
        let admitted = |valid_at_ms| SearchFilter { valid_at_ms, ..Default::default() }.admits(&class);
        assert_eq!([9, 10, 19, 20].map(admitted), [false, true, true, false]);
    }

    #[test]
    fn agents_articles_locales_and_tags_are_asked_for() {
        let agent = Class { audience: Audience::Agent, ..class() };
        assert!(!SearchFilter::default().admits(&agent));
        assert!(SearchFilter { include_agent_articles: true, ..Default::default() }.admits(&agent));
        assert!(!SearchFilter { only_locale: Some(Locale::ZhHans), ..Default::default() }.admits(&class()));
        let tagged = |tags: &[&str]| SearchFilter {
            tags: tags.iter().map(|tag| (*tag).into()).collect(),
            ..Default::default()
        };
        assert!(tagged(&["cards", "fees"]).admits(&class()));
        assert!(!tagged(&["cards", "vip"]).admits(&class()));
    }
}
