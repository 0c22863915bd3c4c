//! Resource names of knowledge bases and articles.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// Longest id of a knowledge base, in characters.
const MAX_BASE_ID_CHARS: usize = 63;
/// Longest id of an article, in characters.
const MAX_ARTICLE_ID_CHARS: usize = 128;

/// Name of a knowledge base, `knowledgeBases/{id}`; always well formed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BaseName(String);

/// Name of an article, `knowledgeBases/{kb}/articles/{id}`; always well formed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ArticleName {
    base: BaseName,
    id: String,
}

/// Name of a gap, `knowledgeBases/{kb}/gaps/{number}`; always well formed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct GapName {
    base: BaseName,
    number: i64,
}

impl BaseName {
    /// Makes a name from the id alone.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `field` when the id is not 1 to 63 lower-case letters, digits and
    /// hyphens, starting with a letter.
    pub fn from_id(id: &str, field: &str) -> Result<Self> {
        let allowed = |character: char| {
            character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-'
        };
        let starts_well = id.starts_with(|character: char| character.is_ascii_lowercase());
        if starts_well && id.len() <= MAX_BASE_ID_CHARS && id.chars().all(allowed) {
            return Ok(Self(id.to_owned()));
        }
        Err(Error::invalid(
            field,
            format!(
                "an id is 1 to {MAX_BASE_ID_CHARS} lower-case letters, digits and hyphens, starting with a letter"
            ),
        ))
    }

    /// Reads a resource name.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `field` when it is not of the form `knowledgeBases/{id}`.
    pub fn parse(name: &str, field: &str) -> Result<Self> {
        match name.strip_prefix("knowledgeBases/") {
            Some(id) if !id.contains('/') => Self::from_id(id, field),
            _ => Err(Error::invalid(field, "send a name of the form knowledgeBases/{knowledge_base}")),
        }
    }

    /// The last part of the name.
    pub fn id(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BaseName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "knowledgeBases/{}", self.0)
    }
}

impl ArticleName {
    /// Makes a name from the id alone.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `field` when the id is not 1 to 128 letters, digits, hyphens,
    /// underscores and dots.
    pub fn from_id(base: &BaseName, id: &str, field: &str) -> Result<Self> {
        let allowed = |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
        if (1..=MAX_ARTICLE_ID_CHARS).contains(&id.len()) && id.chars().all(allowed) {
            return Ok(Self { base: base.clone(), id: id.to_owned() });
        }
        Err(Error::invalid(
            field,
            format!("an id is 1 to {MAX_ARTICLE_ID_CHARS} letters, digits, hyphens, underscores and dots"),
        ))
    }

    /// Reads a resource name.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `field` when it is not of the form
    /// `knowledgeBases/{kb}/articles/{id}`.
    pub fn parse(name: &str, field: &str) -> Result<Self> {
        let Some((base, id)) = name.rsplit_once("/articles/") else {
            return Err(Error::invalid(
                field,
                "send a name of the form knowledgeBases/{knowledge_base}/articles/{article}",
            ));
        };
        Self::from_id(&BaseName::parse(base, field)?, id, field)
    }

    /// The knowledge base that the article is in.
    pub fn base(&self) -> &BaseName {
        &self.base
    }

    /// The last part of the name.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What the translations of one article have in common: the id without a locale at its end.
    ///
    /// `returns.en`, `returns.zh-Hans` and `returns_zh-TW` all give `returns`; an id without a
    /// locale gives itself.
    pub fn translation_key(&self) -> &str {
        const LOCALES: [&str; 7] = ["zh-hans", "zh-hant", "zh-cn", "zh-tw", "zh-hk", "zh", "en"];
        let lower = self.id.to_ascii_lowercase();
        for locale in LOCALES {
            let Some(stem) = lower.strip_suffix(locale) else { continue };
            if let Some(key) = stem.strip_suffix(['.', '-', '_']).filter(|key| !key.is_empty()) {
                return &self.id[..key.len()];
            }
        }
        &self.id
    }
}

impl fmt::Display for ArticleName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/articles/{}", self.base, self.id)
    }
}

impl GapName {
    pub(super) fn new(base: &BaseName, number: i64) -> Self {
        Self { base: base.clone(), number }
    }

    /// Reads a resource name.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `field` when it is not of the form `knowledgeBases/{kb}/gaps/{number}`.
    pub fn parse(name: &str, field: &str) -> Result<Self> {
        let parts = name.rsplit_once("/gaps/").and_then(|(base, number)| {
            let digits = number.bytes().all(|byte| byte.is_ascii_digit());
            Some((base, number.parse().ok().filter(|_| digits)?))
        });
        let Some((base, number)) = parts else {
            return Err(Error::invalid(
                field,
                "send a name of the form knowledgeBases/{knowledge_base}/gaps/{gap}",
            ));
        };
        Ok(Self { base: BaseName::parse(base, field)?, number })
    }

    /// The knowledge base that lacks an answer.
    pub fn base(&self) -> &BaseName {
        &self.base
    }

    /// The last part of the name.
    pub(super) fn number(&self) -> i64 {
        self.number
    }
}

impl fmt::Display for GapName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/gaps/{}", self.base, self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_formed_names_read_back_as_they_print() {
        for name in ["knowledgeBases/shop", "knowledgeBases/a-1"] {
            assert_eq!(BaseName::parse(name, "name").unwrap().to_string(), name);
        }
        let article = "knowledgeBases/shop/articles/Returns_1.zh-Hans";
        assert_eq!(ArticleName::parse(article, "name").unwrap().to_string(), article);
        // A knowledge base may be called like a collection.
        let article = "knowledgeBases/articles/articles/a";
        assert_eq!(ArticleName::parse(article, "name").unwrap().to_string(), article);
        let gap = "knowledgeBases/gaps/gaps/12";
        assert_eq!(GapName::parse(gap, "name").unwrap().to_string(), gap);
    }

    #[test]
    fn malformed_names_are_refused_with_the_field() {
        let too_long = format!("knowledgeBases/{}", "a".repeat(64));
        for name in ["", "shop", "knowledgeBases/", "knowledgeBases/Shop", "knowledgeBases/1a", &too_long] {
            let error = BaseName::parse(name, "parent").unwrap_err();
            assert!(matches!(&error, Error::Invalid { field, .. } if field == "parent"), "{name}");
        }
        for name in [
            "knowledgeBases/shop",
            "knowledgeBases/shop/articles/",
            "knowledgeBases/shop/articles/a/b",
            "knowledgeBases/shop/articles/a b",
            "knowledgeBases/x/y/articles/a",
        ] {
            assert!(ArticleName::parse(name, "name").is_err(), "{name}");
        }
        for name in
            ["knowledgeBases/shop", "knowledgeBases/shop/gaps/", "knowledgeBases/shop/gaps/-1", "x/gaps/1"]
        {
            assert!(GapName::parse(name, "name").is_err(), "{name}");
        }
    }

    #[test]
    fn translations_share_a_key() {
        let base = BaseName::from_id("shop", "id").unwrap();
        let cases = [
            ("returns.en", "returns"),
            ("returns.zh-Hans", "returns"),
            ("returns_zh-TW", "returns"),
            ("returns-zh", "returns"),
            ("returns", "returns"),
            ("open", "open"),
            ("en", "en"),
            ("-en", "-en"),
        ];
        for (id, key) in cases {
            assert_eq!(ArticleName::from_id(&base, id, "id").unwrap().translation_key(), key, "{id}");
        }
    }
}
