//! Ids of articles whose files do not say one.

use crate::message::Locale;

/// Longest part of a path in an id, in characters; a locale may follow.
const MAX_PATH_CHARS: usize = 100;
/// Hexadecimal digits of the hash that stands for what an id cannot hold.
const HASH_DIGITS: usize = 10;

/// What a path says of an article.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PathId {
    /// The id, without the locale.
    pub(super) id: String,
    /// The locale that a folder or the end of the file's name is called after.
    pub(super) locale: Option<Locale>,
}

/// The id of a page: its path without the ending and without a locale, so that `en/returns.html` and
/// `zh-TW/returns.html` are translations of `returns`.
pub(super) fn of_path(path: &str) -> PathId {
    let stem = match path.rsplit_once('.') {
        Some((stem, ending)) if !ending.contains('/') && !stem.is_empty() => stem,
        _ => path,
    };
    let mut locale = None;
    let mut parts: Vec<&str> = Vec::new();
    for part in stem.split('/').filter(|part| !part.is_empty()) {
        match locale_of(part) {
            Some(found) if locale.is_none() => locale = Some(found),
            _ => parts.push(part),
        }
    }
    if locale.is_none()
        && let Some(last) = parts.last_mut()
        && let Some((start, end)) = last.rsplit_once('.')
        && !start.is_empty()
        && let Some(found) = locale_of(end)
    {
        (locale, *last) = (Some(found), start);
    }
    let joined = parts.join("-");
    PathId { id: slug(if joined.is_empty() { stem } else { &joined }), locale }
}

/// The number of a Confluence page, which stays when the page is renamed, else its path.
pub(super) fn of_confluence_page(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    let number = stem.rsplit('_').next().unwrap_or(stem);
    if !number.is_empty() && number.len() <= 20 && number.bytes().all(|byte| byte.is_ascii_digit()) {
        return number.to_owned();
    }
    of_path(path).id
}

/// A text as an id: other characters become hyphens, and where that loses letters a hash tells apart.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::new();
    for character in text.chars() {
        let kept = character.is_ascii_alphanumeric() || "_.".contains(character);
        if kept {
            slug.push(character);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let loses = text.chars().any(|character| character.is_alphanumeric() && !character.is_ascii());
    let slug = slug.trim_end_matches('-');
    if loses || slug.is_empty() || slug.len() > MAX_PATH_CHARS {
        let hash = crate::digest::sha256(text.as_bytes());
        let start: String = slug.chars().take(MAX_PATH_CHARS - HASH_DIGITS - 1).collect();
        let separator = if start.is_empty() { "page-" } else { "-" };
        return format!("{start}{separator}{}", hash.get(..HASH_DIGITS).unwrap_or(&hash));
    }
    slug.to_owned()
}

/// The locale that a part of a path is called after. `en` alone counts, `english` does not.
fn locale_of(part: &str) -> Option<Locale> {
    let is_tag = part.len() <= 10
        && part.chars().all(|character| character.is_ascii_alphabetic() || "-_".contains(character));
    if is_tag { Locale::from_tag(part) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_give_ids_and_locales() {
        let of = |path: &str| {
            let PathId { id, locale } = of_path(path);
            (id, locale)
        };
        assert_eq!(of("help/returns.html"), ("help-returns".into(), None));
        assert_eq!(of("en/help/returns.html"), ("help-returns".into(), Some(Locale::En)));
        assert_eq!(of("zh-TW/returns.html"), ("returns".into(), Some(Locale::ZhHant)));
        assert_eq!(of("returns.zh-CN.html"), ("returns".into(), Some(Locale::ZhHans)));
        assert_eq!(of("en.html"), ("en".into(), Some(Locale::En)));
        assert_eq!(of("a b & c.htm"), ("a-b-c".into(), None));
        let (hans, _) = of("帮助/退货.html");
        let (hant, _) = of("幫助/退貨.html");
        assert!(hans.starts_with("page-") && hans.len() == 15 && hans != hant, "{hans} {hant}");
        assert!(of(&"x".repeat(500)).0.len() <= 128);
        assert!(!of("").0.is_empty() && !of("/").0.is_empty() && !of("..").0.is_empty());
    }

    #[test]
    fn confluence_pages_keep_their_number() {
        assert_eq!(of_confluence_page("SHOP/Returns_31429504.html"), "31429504");
        assert_eq!(of_confluence_page("31429528.html"), "31429528");
        assert_eq!(of_confluence_page("SHOP/Returns.html"), "SHOP-Returns");
    }
}
