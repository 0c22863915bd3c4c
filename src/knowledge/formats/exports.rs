//! Articles of Zendesk Guide, Intercom and Chatwoot as their APIs give them, in JSON.
//!
//! | program | articles in | key | body |
//! |---|---|---|---|
//! | Zendesk Guide | `articles`, or `article` | `id` and `locale` | `body`, HTML |
//! | Intercom | `data`, or one article | `id` and each language of `translated_content` | `body`, HTML |
//! | Chatwoot | `payload` | `id`, of translations that of the article they are of | `content`, Markdown |
//!
//! A bare list of articles is taken too. What is not published is left out. An article that not everybody
//! may see there is for agents here, whatever the options say.

use std::{borrow::Cow, collections::HashMap};

use serde_json::{Map, Value, value::RawValue};

use super::{
    Fault, Format, Place, Reader, html, id,
    parts::{Rest, Series},
    record::{self, Draft},
};
use crate::{knowledge::Audience, message::Locale};

/// The fields of an article, and the line on which it begins.
type Numbered = (usize, Map<String, Value>);

/// Reads a file of JSON.
pub(super) fn read(reader: &mut Reader<'_>, place: &Place, format: Format, text: &str) {
    let (articles, rest) = match articles(text) {
        Ok(found) => found,
        Err(fault) => return reader.problem(place.clone(), fault),
    };
    let format = match format {
        Format::Auto => match articles.iter().find_map(|(_, article)| kind(article)) {
            Some(format) => format,
            None => {
                let message = "is no export of Zendesk, Intercom or Chatwoot that is known; say with --format which it is";
                return reader.problem(place.clone(), record::fault("", message));
            }
        },
        told => told,
    };
    if let Some(rest) = rest {
        let locale = articles.first().map(|(_, article)| Object(article).text("locale")).unwrap_or_default();
        reader.parts.add(Series { format, count: rest.count, locale }, place, articles.len(), rest.is_more);
    }
    let roots = if format == Format::Chatwoot { chatwoot_roots(&articles) } else { HashMap::new() };
    for (line, article) in &articles {
        let mut export = Export {
            place: Place { path: place.path.clone(), line: *line },
            article: Object(article),
            reader,
        };
        match format {
            Format::Zendesk => export.zendesk(),
            Format::Intercom => export.intercom(),
            _ => export.chatwoot(&roots),
        }
    }
}

/// The articles of a file with their lines, and what the file says of those in other files.
///
/// # Errors
/// The line at which it is no JSON, or that it holds no articles.
fn articles(text: &str) -> Result<(Vec<Numbered>, Option<Rest>), Fault> {
    let no_json = |error: serde_json::Error| Fault {
        line: error.line(),
        ..record::fault("", format!("is no JSON: {error}"))
    };
    let no_articles = || {
        record::fault("", "holds no list of articles (articles, data or payload); export the articles again")
    };
    let mut rest = None;
    let list: Vec<&RawValue> = if text.trim_start().starts_with('[') {
        serde_json::from_str(text).map_err(no_json)?
    } else {
        let top: HashMap<Cow<'_, str>, &RawValue> = serde_json::from_str(text).map_err(no_json)?;
        rest = Some(Rest::of(&top));
        let found = ["articles", "data", "payload", "article"].iter().find_map(|&key| top.get(key).copied());
        match found {
            Some(list) if list.get().starts_with('[') => {
                serde_json::from_str(list.get()).map_err(|_| no_articles())?
            }
            Some(article) if article.get().starts_with('{') => vec![article],
            // An article by itself.
            None if top.contains_key("title") => vec![serde_json::from_str(text).map_err(no_json)?],
            _ => return Err(no_articles()),
        }
    };
    let mut lines = Lines { text, line: 1, position: 0 };
    let articles = list
        .into_iter()
        .map(|raw| {
            let line = lines.line_of(raw.get());
            let article = serde_json::from_str(raw.get())
                .map_err(|error| Fault { line, ..record::fault("", format!("is no article: {error}")) })?;
            Ok((line, article))
        })
        .collect::<Result<_, Fault>>()?;
    Ok((articles, rest))
}

/// Counts lines up to parts of a text that come one after the other.
struct Lines<'a> {
    text: &'a str,
    line: usize,
    position: usize,
}

impl Lines<'_> {
    fn line_of(&mut self, part: &str) -> usize {
        // The part is borrowed from the text, so its address says where it is.
        let start = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        let passed = self.text.as_bytes().get(self.position..start).unwrap_or_default();
        self.line += passed.iter().filter(|&&byte| byte == b'\n').count();
        self.position = self.position.max(start);
        self.line
    }
}

/// The program whose articles have such fields.
fn kind(article: &Map<String, Value>) -> Option<Format> {
    let has = |fields: &[&str]| fields.iter().any(|field| article.contains_key(*field));
    let kind = article.get("type").and_then(Value::as_str).unwrap_or_default();
    if has(&["workspace_id", "translated_content"]) || kind == "article" || kind == "internal_article" {
        Some(Format::Intercom)
    } else if has(&["user_segment_id", "user_segment_ids", "label_names", "html_url", "section_id"]) {
        Some(Format::Zendesk)
    } else if has(&["content"]) && has(&["status", "portal", "account_id", "slug"]) {
        Some(Format::Chatwoot)
    } else {
        None
    }
}

/// Id of the article that each translation in a Chatwoot portal is of.
fn chatwoot_roots(articles: &[Numbered]) -> HashMap<String, String> {
    let mut roots = HashMap::new();
    for (_, article) in articles {
        let article = Object(article);
        if let Some(Value::Array(translations)) = article.0.get("associated_articles") {
            for translation in translations.iter().filter_map(Value::as_object) {
                roots.insert(Object(translation).text("id"), article.text("id"));
            }
        }
        let root = article.text("associated_article_id");
        if !root.is_empty() {
            roots.insert(article.text("id"), root);
        }
    }
    roots
}

/// The fields of a JSON object.
#[derive(Clone, Copy)]
struct Object<'a>(&'a Map<String, Value>);

impl<'a> Object<'a> {
    /// A text or a number as text; empty when it is neither.
    fn text(self, field: &str) -> String {
        match self.0.get(field) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        }
    }

    fn texts(self, field: &str) -> Vec<String> {
        let items = self.0.get(field).and_then(Value::as_array);
        items.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    fn object(self, field: &str) -> Option<Self> {
        self.0.get(field).and_then(Value::as_object).map(Self)
    }

    fn is_true(self, field: &str) -> bool {
        self.0.get(field).is_some_and(|value| *value == Value::Bool(true))
    }

    /// Whether a field says anything at all: not missing, null, false or empty.
    fn says(self, field: &str) -> bool {
        match self.0.get(field) {
            None | Some(Value::Null | Value::Bool(false)) => false,
            Some(Value::Array(items)) => !items.is_empty(),
            Some(Value::Object(fields)) => !fields.is_empty(),
            Some(Value::String(text)) => !text.is_empty(),
            Some(_) => true,
        }
    }

    /// The first of some fields that is a time, in ms since 1970: seconds since 1970 or a text.
    fn time(self, fields: &[&str]) -> Option<i64> {
        fields.iter().find_map(|field| match self.0.get(*field)? {
            Value::Number(seconds) => seconds.as_i64()?.checked_mul(1000),
            Value::String(text) => record::time(text).ok().flatten(),
            _ => None,
        })
    }

    /// The keys and objects of a field.
    fn objects(self, field: &str) -> Vec<(&'a str, Self)> {
        let fields = self.0.get(field).and_then(Value::as_object);
        fields
            .into_iter()
            .flatten()
            .filter_map(|(key, value)| Some((key.as_str(), Self(value.as_object()?))))
            .collect()
    }
}

/// One article of an export.
struct Export<'a, 'r, 'o> {
    place: Place,
    article: Object<'a>,
    reader: &'r mut Reader<'o>,
}

impl Export<'_, '_, '_> {
    fn zendesk(&mut self) {
        let article = self.article;
        let is_restricted = article.says("user_segment_id") || article.says("user_segment_ids");
        let mut texts = vec![article];
        let translations = article.0.get("translations").and_then(Value::as_array);
        let own = article.text("locale");
        texts.extend(
            translations
                .into_iter()
                .flatten()
                .filter_map(Value::as_object)
                .map(Object)
                .filter(|translation| !translation.text("locale").eq_ignore_ascii_case(&own)),
        );
        for text in texts {
            let tag = text.text("locale");
            let title = [text.text("title"), text.text("name")].into_iter().find(|title| !title.is_empty());
            let title = title.unwrap_or_default();
            if let Some(reason) =
                [("draft", "is a draft"), ("hidden", "is hidden"), ("archived", "is archived")]
                    .into_iter()
                    .find_map(|(field, reason)| {
                        (text.is_true(field) || article.is_true(field)).then_some(reason)
                    })
            {
                self.left_out(&title, &tag, reason);
                continue;
            }
            let draft = html::to_markdown(&text.text("body")).map(|body| Draft {
                id: format!("zendesk-{}", id::slug(&article.text("id"))),
                title: title.clone(),
                body,
                tags: article.texts("label_names"),
                audience: is_restricted.then_some(Audience::Agent),
                url: text.text("html_url"),
                content_time_ms: text.time(&["edited_at", "updated_at"]),
                ..Draft::default()
            });
            self.take(&title, &tag, draft);
        }
    }

    fn intercom(&mut self) {
        let article = self.article;
        let has_audience = |text: Object<'_>| {
            ["audience_ids", "audience_id", "segment_ids"].iter().any(|field| text.says(field))
        };
        let is_restricted = article.text("type") == "internal_article" || has_audience(article);
        let mut own = article.text("default_locale");
        if own.is_empty() {
            own = locale_of_url(&article.text("url"));
        }
        let mut texts = vec![(own.as_str(), article)];
        let translations = article.objects("translated_content");
        texts.extend(translations.into_iter().filter(|(tag, _)| !tag.eq_ignore_ascii_case(&own)));
        // A language's own text stands among the translations too where the default is not said.
        if own.is_empty() && texts.len() > 1 {
            let title = article.text("title");
            let is_there = texts.iter().skip(1).any(|(_, text)| text.text("title") == title);
            if is_there {
                texts.remove(0);
            }
        }
        for (tag, text) in texts {
            let title = text.text("title");
            // A translation that does not say its state has that of its article.
            let state = [text, article].map(|says| says.text("state"));
            let state = state.into_iter().find(|state| !state.is_empty()).unwrap_or_default();
            if !state.is_empty() && state != "published" {
                self.left_out(&title, tag, &format!("is not published ({state})"));
                continue;
            }
            let draft = html::to_markdown(&text.text("body")).map(|body| Draft {
                id: format!("intercom-{}", id::slug(&article.text("id"))),
                title: title.clone(),
                body: with_description(&text.text("description"), body),
                audience: (is_restricted || has_audience(text)).then_some(Audience::Agent),
                url: text.text("url"),
                content_time_ms: text.time(&["updated_at"]),
                ..Draft::default()
            });
            self.take(&title, tag, draft);
        }
    }

    fn chatwoot(&mut self, roots: &HashMap<String, String>) {
        let article = self.article;
        let own_id = article.text("id");
        let title = article.text("title");
        let mut tag = article.text("locale");
        for (object, field) in [("category", "locale"), ("portal", "default_locale"), ("portal", "locale")] {
            if tag.is_empty() {
                tag = article.object(object).map(|object| object.text(field)).unwrap_or_default();
            }
        }
        // Old versions give the number of the status.
        let status = article.text("status");
        if !matches!(status.as_str(), "" | "published" | "1") {
            return self.left_out(&title, &tag, &format!("is not published ({status})"));
        }
        let tags = article.object("meta").map(|meta| meta.texts("tags")).unwrap_or_default();
        let draft = Draft {
            id: format!("chatwoot-{}", id::slug(roots.get(&own_id).unwrap_or(&own_id))),
            title: title.clone(),
            body: with_description(&article.text("description"), article.text("content")),
            tags,
            content_time_ms: article.time(&["updated_at", "last_updated_at"]),
            ..Draft::default()
        };
        self.take(&title, &tag, Ok(draft));
    }

    /// Hands over an article in one language, whose id ends with its locale.
    fn take(&mut self, title: &str, tag: &str, draft: Result<Draft, Fault>) {
        let locale = Locale::from_tag(tag);
        let is_chinese = tag.to_ascii_lowercase().starts_with("zh");
        if locale.is_none() && !tag.is_empty() && !is_chinese {
            return self.left_out(title, tag, "is in a language that is not served");
        }
        let draft = draft.and_then(|draft| {
            let text = format!("{title}\n{}", draft.body);
            let options = self.reader.options;
            let locale = record::locale_of_page(tag, None, options, &text)?;
            Ok(Draft { id: format!("{}.{locale}", draft.id), locale: locale.tag().to_owned(), ..draft })
        });
        // The article's own name helps where a line holds the whole export.
        let draft = draft
            .map_err(|fault| Fault { message: format!("{}: {}", shown(title, tag), fault.message), ..fault });
        let place = self.place.clone();
        match draft.and_then(|draft| {
            let shown = shown(title, tag);
            draft
                .item(self.reader.options)
                .map_err(|fault| Fault { message: format!("{shown}: {}", fault.message), ..fault })
        }) {
            Ok(item) => self.reader.article(place, item),
            Err(fault) => self.reader.problem(place, Fault { line: 0, ..fault }),
        }
    }

    fn left_out(&mut self, title: &str, tag: &str, reason: &str) {
        let message = format!("{} {reason}", shown(title, tag));
        self.reader.left_out(self.place.clone(), message);
    }
}

/// The article as people know it.
fn shown(title: &str, tag: &str) -> String {
    let title: String = title.chars().take(60).collect();
    if tag.is_empty() { format!("{title:?}") } else { format!("{title:?} ({tag})") }
}

/// The body after the description, which help centres show above it, unless the body says the same.
fn with_description(description: &str, body: String) -> String {
    let description = description.trim();
    if description.is_empty() || body.trim().is_empty() || body.contains(description) {
        return body;
    }
    format!("{description}\n\n{body}")
}

/// The locale in an address such as `https://help.shop.example/en/articles/3-returns`.
fn locale_of_url(url: &str) -> String {
    let mut parts = url.split('/').skip(3);
    let found = parts.find(|part| matches!(part.len(), 2 | 5 | 7) && Locale::from_tag(part).is_some());
    found.unwrap_or_default().to_owned()
}
