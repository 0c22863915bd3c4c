//! Articles and knowledge bases as they are stored and as callers send them, with their limits.

use serde::{Deserialize, Serialize};

use super::name::{ArticleName, BaseName};
use crate::{
    Error, Result,
    message::{Channel, Locale},
};

/// Who may see an article.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    /// Customers and agents.
    #[default]
    Public,
    /// Agents only; never quoted to a customer.
    Agent,
}

impl Audience {
    /// Its name, as files and the store write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Agent => "agent",
        }
    }
}

/// A set of articles that is searched as one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnowledgeBase {
    /// Its name.
    pub name: BaseName,
    /// Name for people.
    pub display_name: String,
    /// Number of articles.
    pub num_articles: u64,
    /// Number of passages in the live index.
    pub num_passages: u64,
    /// Generation of the live index, counted from 1.
    pub generation: u64,
    /// When it was created, in ms since 1970.
    pub create_time_ms: i64,
    /// When it was last changed, in ms since 1970.
    pub update_time_ms: i64,
    /// Changes with every change of its own fields.
    pub etag: String,
}

/// One article as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// Its name.
    pub name: ArticleName,
    /// What it says.
    pub content: ArticleContent,
    /// Version, counted from 1, raised by every change.
    pub version: i64,
    /// When it was created here, in ms since 1970.
    pub create_time_ms: i64,
    /// When it was last changed here, in ms since 1970.
    pub update_time_ms: i64,
    /// Changes with every change.
    pub etag: String,
}

/// What an article says; checked against the limits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArticleContent {
    /// Language.
    pub locale: Locale,
    /// Title; not blank.
    pub title: String,
    /// Body in Markdown; not blank.
    pub body: String,
    /// Questions that the author says the article answers.
    pub questions: Vec<String>,
    /// Free tags.
    pub tags: Vec<String>,
    /// Who may see it.
    pub audience: Audience,
    /// Public address; empty when it has none.
    pub url: String,
    /// When the author last changed the content, in ms since 1970.
    pub content_time_ms: Option<i64>,
    /// Channels that it is for; empty means every channel. Part of the hash only when it says something,
    /// like the fields below, so that articles stored before they existed keep theirs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<Channel>,
    /// Brands that it is for; empty means every brand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub brands: Vec<String>,
    /// From when it holds, in ms since 1970; `None` means always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from_ms: Option<i64>,
    /// When it ceases to hold, in ms since 1970; `None` means never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until_ms: Option<i64>,
}

/// What an article shall say, as a caller sends it; not yet checked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ArticleInput {
    /// Language as a BCP 47 tag.
    pub locale: String,
    /// Title.
    pub title: String,
    /// Body in Markdown.
    pub body: String,
    /// Questions that the author says the article answers.
    pub questions: Vec<String>,
    /// Free tags.
    pub tags: Vec<String>,
    /// Who may see it; `None` is everybody for a new article, and leaves a stored one as it is.
    pub audience: Option<Audience>,
    /// Public address.
    pub url: String,
    /// When the author last changed the content, in ms since 1970.
    pub content_time_ms: Option<i64>,
    /// Channels that it is for, of `chat`, `email`, `social` and `form`; empty means all.
    pub channels: Vec<String>,
    /// Brands that it is for; empty means all.
    pub brands: Vec<String>,
    /// From when it holds, in ms since 1970; `None` means always.
    pub valid_from_ms: Option<i64>,
    /// When it ceases to hold, in ms since 1970; `None` means never.
    pub valid_until_ms: Option<i64>,
}

/// How large things may be; asked for by `ServerService.GetInfo`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Longest body of an article, in bytes.
    pub max_article_bytes: usize,
    /// Longest title, question or tag, in bytes.
    pub max_line_bytes: usize,
    /// Most questions of an article.
    pub max_questions: usize,
    /// Most tags of an article.
    pub max_tags: usize,
    /// Longest public address, in bytes.
    pub max_url_bytes: usize,
    /// Most articles in one import request.
    pub max_import_articles: usize,
    /// Longest question to a knowledge base, in bytes.
    pub max_query_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_article_bytes: 256 * 1024,
            max_line_bytes: 1024,
            max_questions: 50,
            max_tags: 50,
            max_url_bytes: 2048,
            max_import_articles: 1000,
            max_query_bytes: 32 * 1024,
        }
    }
}

impl Article {
    /// Bytes of its texts.
    pub fn num_bytes(&self) -> usize {
        let ArticleContent { title, body, questions, tags, url, .. } = &self.content;
        let lines = questions.iter().chain(tags).map(String::len).sum::<usize>();
        title.len() + body.len() + url.len() + lines
    }
}

impl ArticleContent {
    /// SHA-256 of everything in it, in hexadecimal; equal exactly when nothing differs.
    pub fn hash(&self) -> String {
        // Serialising plain strings and numbers into memory cannot fail.
        let canonical = serde_json::to_vec(self).unwrap_or_default();
        crate::digest::sha256(&canonical)
    }
}

impl From<ArticleContent> for ArticleInput {
    fn from(content: ArticleContent) -> Self {
        Self {
            locale: content.locale.tag().to_owned(),
            title: content.title,
            body: content.body,
            questions: content.questions,
            tags: content.tags,
            audience: Some(content.audience),
            url: content.url,
            content_time_ms: content.content_time_ms,
            channels: content.channels.iter().map(|channel| channel.name().to_owned()).collect(),
            brands: content.brands,
            valid_from_ms: content.valid_from_ms,
            valid_until_ms: content.valid_until_ms,
        }
    }
}

impl ArticleInput {
    /// The fields that an update mask may name.
    pub const FIELDS: [&str; 12] = [
        "locale",
        "title",
        "body",
        "questions",
        "tags",
        "audience",
        "url",
        "content_time",
        "channels",
        "brands",
        "valid_from",
        "valid_until",
    ];

    /// Checks every field; `path` stands before the field names in errors, for example `article`.
    ///
    /// # Errors
    /// [`Error::Invalid`] for the first field that is wrong.
    pub fn check(self, path: &str, limits: &Limits) -> Result<ArticleContent> {
        let field = |name: &str| format!("{path}.{name}");
        let locale = Locale::from_tag(self.locale.trim())
            .ok_or_else(|| Error::invalid(field("locale"), unknown_locale(&self.locale)))?;
        check_line(&self.title, &field("title"), limits)?;
        check_text(&self.body, &field("body"), limits.max_article_bytes)?;
        check_lines(&self.questions, &field("questions"), limits.max_questions, limits)?;
        check_lines(&self.tags, &field("tags"), limits.max_tags, limits)?;
        if self.url.len() > limits.max_url_bytes {
            let reason =
                format!("is {} bytes long; at most {} are allowed", self.url.len(), limits.max_url_bytes);
            return Err(Error::invalid(field("url"), reason));
        }
        let channels = check_channels(&self.channels, &field("channels"))?;
        check_lines(&self.brands, &field("brands"), limits.max_tags, limits)?;
        let brands = sorted(self.brands.iter().map(|brand| brand.trim().to_owned()));
        if let (Some(from), Some(until)) = (self.valid_from_ms, self.valid_until_ms)
            && from >= until
        {
            return Err(Error::invalid(field("valid_until"), "is not after valid_from; give a later time"));
        }
        Ok(ArticleContent {
            locale,
            title: self.title.trim().to_owned(),
            body: self.body,
            questions: self.questions.iter().map(|question| question.trim().to_owned()).collect(),
            tags: self.tags,
            audience: self.audience.unwrap_or_default(),
            url: self.url,
            content_time_ms: self.content_time_ms,
            channels,
            brands,
            valid_from_ms: self.valid_from_ms,
            valid_until_ms: self.valid_until_ms,
        })
    }

    /// Takes the fields that `mask` names from `self` and the others from what is stored; an empty
    /// mask takes all of them.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `update_mask` when it names anything else.
    pub fn merge(self, stored: ArticleContent, mask: &[String]) -> Result<Self> {
        if mask.is_empty() || mask == ["*"] {
            return Ok(self);
        }
        let mut merged = Self::from(stored);
        for path in mask {
            match path.as_str() {
                "locale" => merged.locale.clone_from(&self.locale),
                "title" => merged.title.clone_from(&self.title),
                "body" => merged.body.clone_from(&self.body),
                "questions" => merged.questions.clone_from(&self.questions),
                "tags" => merged.tags.clone_from(&self.tags),
                "audience" => merged.audience = self.audience.or(merged.audience),
                "url" => merged.url.clone_from(&self.url),
                "content_time" => merged.content_time_ms = self.content_time_ms,
                "channels" => merged.channels.clone_from(&self.channels),
                "brands" => merged.brands.clone_from(&self.brands),
                "valid_from" => merged.valid_from_ms = self.valid_from_ms,
                "valid_until" => merged.valid_until_ms = self.valid_until_ms,
                other => return Err(unknown_mask_path(other, &Self::FIELDS)),
            }
        }
        Ok(merged)
    }
}

/// The error for a path in an update mask that cannot be changed.
pub(super) fn unknown_mask_path(path: &str, fields: &[&str]) -> Error {
    Error::invalid("update_mask", format!("{path:?} cannot be changed; name some of {}", fields.join(", ")))
}

/// Checks a text of one line: not blank, not too long, no line break.
pub(super) fn check_line(text: &str, field: &str, limits: &Limits) -> Result<()> {
    check_text(text, field, limits.max_line_bytes)?;
    if text.trim().contains(['\n', '\r']) {
        return Err(Error::invalid(field, "has a line break; send one line"));
    }
    Ok(())
}

fn check_lines(lines: &[String], field: &str, max_lines: usize, limits: &Limits) -> Result<()> {
    if lines.len() > max_lines {
        return Err(Error::invalid(field, format!("{} are too many; send at most {max_lines}", lines.len())));
    }
    for (index, line) in lines.iter().enumerate() {
        check_line(line, &format!("{field}[{index}]"), limits)?;
    }
    Ok(())
}

/// Channels by name, sorted, so that their order makes no other article.
fn check_channels(names: &[String], field: &str) -> Result<Vec<Channel>> {
    let channels = names.iter().zip(0..).map(|(name, index)| {
        name.trim().parse().map_err(|()| {
            let known = Channel::ALL.map(Channel::name).join(", ");
            Error::invalid(
                format!("{field}[{index}]"),
                format!("{name:?} is no channel; send some of {known}"),
            )
        })
    });
    Ok(sorted(channels.collect::<Result<Vec<_>>>()?))
}

fn sorted<T: Ord>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    items.into_iter().collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}

fn check_text(text: &str, field: &str, max_bytes: usize) -> Result<()> {
    if text.trim().is_empty() {
        return Err(Error::invalid(field, "is blank; send some text"));
    }
    if text.len() > max_bytes {
        let reason = format!("is {} bytes long; at most {max_bytes} are allowed", text.len());
        return Err(Error::invalid(field, reason));
    }
    if text.contains('\0') {
        return Err(Error::invalid(field, "holds a NUL character; remove it"));
    }
    Ok(())
}

fn unknown_locale(tag: &str) -> String {
    format!("{tag:?} is not supported; send en, zh-Hans or zh-Hant")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input() -> ArticleInput {
        ArticleInput {
            locale: "en".into(),
            title: "Returns".into(),
            body: "Within 30 days.".into(),
            ..ArticleInput::default()
        }
    }

    fn wrong_field(input: ArticleInput) -> String {
        match input.check("article", &Limits::default()) {
            Err(Error::Invalid { field, .. }) => field,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_wrong_field_is_named() {
        let long = "x".repeat(300 * 1024);
        assert_eq!(wrong_field(ArticleInput { locale: "zh".into(), ..input() }), "article.locale");
        assert_eq!(wrong_field(ArticleInput { title: " \t".into(), ..input() }), "article.title");
        assert_eq!(wrong_field(ArticleInput { title: "a\nb".into(), ..input() }), "article.title");
        assert_eq!(wrong_field(ArticleInput { body: "\u{3000}\n".into(), ..input() }), "article.body");
        assert_eq!(wrong_field(ArticleInput { body: long.clone(), ..input() }), "article.body");
        assert_eq!(wrong_field(ArticleInput { body: "a\0".into(), ..input() }), "article.body");
        assert_eq!(wrong_field(ArticleInput { url: long, ..input() }), "article.url");
        let questions = vec!["How?".to_owned(), String::new()];
        assert_eq!(wrong_field(ArticleInput { questions, ..input() }), "article.questions[1]");
        let tags = vec!["tag".to_owned(); 51];
        assert_eq!(wrong_field(ArticleInput { tags, ..input() }), "article.tags");
    }

    #[test]
    fn channels_are_known_and_their_order_does_not_matter() {
        let channels = |names: &[&str]| ArticleInput {
            channels: names.iter().map(|name| (*name).to_owned()).collect(),
            ..input()
        };
        assert_eq!(wrong_field(channels(&["chat", "fax"])), "article.channels[1]");
        let checked = |names: &[&str]| channels(names).check("article", &Limits::default()).unwrap();
        assert_eq!(checked(&["email", "chat", "chat"]), checked(&["chat", "email"]));
        let until = ArticleInput { valid_from_ms: Some(5), valid_until_ms: Some(5), ..input() };
        assert_eq!(wrong_field(until), "article.valid_until");
    }

    #[test]
    fn an_article_without_the_newer_fields_keeps_its_hash() {
        let content = ArticleInput { content_time_ms: Some(1), ..input() };
        let hash = content.check("article", &Limits::default()).unwrap().hash();
        let stored = r#"{"locale":"en","title":"Returns","body":"Within 30 days.","questions":[],"tags":[],"audience":"public","url":"","content_time_ms":1}"#;
        assert_eq!(hash, crate::digest::sha256(stored.as_bytes()));
    }

    #[test]
    fn a_mask_changes_only_what_it_names() {
        let stored = input().check("article", &Limits::default()).unwrap();
        let change = ArticleInput { title: "New".into(), body: String::new(), ..input() };
        let merged = change.clone().merge(stored.clone(), &["title".into()]).unwrap();
        assert_eq!((merged.title.as_str(), merged.body.as_str()), ("New", "Within 30 days."));
        assert!(change.merge(stored, &["version".into()]).is_err());
    }

    #[test]
    fn the_hash_changes_with_every_field() {
        let stored = input().check("article", &Limits::default()).unwrap();
        let other = ArticleContent { url: "https://example.com".into(), ..stored.clone() };
        assert_eq!(stored.hash(), stored.clone().hash());
        assert_ne!(stored.hash(), other.hash());
    }
}
