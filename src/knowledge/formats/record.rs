//! What the formats have in common: fields with their checks, and drafts of articles.

use std::fmt::Display;

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{Fault, MAX_ARTICLE_BYTES, ReadOptions};
use crate::{
    knowledge::{
        ArticleInput, Audience, ImportItem,
        name::{ArticleName, BaseName},
    },
    message::Locale,
    text::language::{self, Detected},
};

/// Every field of an article but its body, as files call them.
pub(super) const FIELDS: [&str; 12] = [
    "id",
    "locale",
    "title",
    "questions",
    "tags",
    "audience",
    "channels",
    "brands",
    "url",
    "updated_at",
    "valid_from",
    "valid_until",
];

/// The fields of one article where a file says them.
pub(super) trait Fields {
    /// A text; empty when it is not there.
    fn text(&self, field: &str) -> Result<String, Fault>;

    /// A list of texts; empty when it is not there.
    fn list(&self, field: &str) -> Result<Vec<String>, Fault>;

    /// A fault at the place of a field.
    fn fault(&self, field: &str, message: String) -> Fault;

    /// A text that must be there.
    fn needed(&self, field: &str) -> Result<String, Fault> {
        let text = self.text(field)?;
        match text.trim() {
            "" => Err(self.fault(field, "is missing or blank; write it there".into())),
            trimmed => Ok(trimmed.to_owned()),
        }
    }

    /// The article of these fields and a body.
    ///
    /// # Errors
    /// The first field that is wrong.
    fn item(&self, body: String, options: &ReadOptions) -> Result<ImportItem, Fault> {
        let id = self.needed("id")?;
        check_id(&id).map_err(|message| self.fault("id", message))?;
        let time = |field| time(&self.text(field)?).map_err(|message| self.fault(field, message));
        let input = ArticleInput {
            locale: self.locale(options)?,
            title: self.needed("title")?,
            questions: self.list("questions")?,
            tags: self.list("tags")?,
            audience: self.audience(options)?,
            channels: self.list("channels")?,
            brands: self.list("brands")?,
            url: self.text("url")?,
            content_time_ms: time("updated_at")?,
            valid_from_ms: time("valid_from")?,
            valid_until_ms: time("valid_until")?,
            body,
        };
        check_body(&input.body).map_err(|message| self.fault("body", message))?;
        Ok(ImportItem { name: id, input })
    }

    /// The locale that is said, else that of the options.
    fn locale(&self, options: &ReadOptions) -> Result<String, Fault> {
        let said = self.text("locale")?;
        match (said.trim(), options.locale) {
            ("", Some(locale)) => Ok(locale.tag().to_owned()),
            ("", None) => {
                Err(self.fault("locale", "is missing or blank; write it there, or give --locale".into()))
            }
            (tag, _) if Locale::from_tag(tag).is_none() => {
                Err(self.fault("locale", format!("{tag:?} is not en, zh-Hans or zh-Hant")))
            }
            (tag, _) => Ok(tag.to_owned()),
        }
    }

    /// The audience that is said, else that of the options; `None` leaves it to what is stored.
    fn audience(&self, options: &ReadOptions) -> Result<Option<Audience>, Fault> {
        match self.text("audience")?.trim() {
            "" => Ok(options.audience),
            "public" => Ok(Some(Audience::Public)),
            "agent" => Ok(Some(Audience::Agent)),
            other => Err(self.fault("audience", format!("{other:?} is neither public nor agent"))),
        }
    }
}

/// An article as an export of another program says it, or a page.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// The id of the article in the knowledge base.
    pub(super) id: String,
    /// Its locale as the file says it; may be blank.
    pub(super) locale: String,
    /// Whether its text tells its locale when nothing else does.
    pub(super) may_detect_locale: bool,
    /// Title.
    pub(super) title: String,
    /// Body in Markdown.
    pub(super) body: String,
    /// Tags.
    pub(super) tags: Vec<String>,
    /// Who may see it, when the file says so; wins over every option.
    pub(super) audience: Option<Audience>,
    /// Who may see it when neither the file nor an option says so.
    pub(super) default_audience: Option<Audience>,
    /// Public address.
    pub(super) url: String,
    /// When the author last changed it, in ms since 1970.
    pub(super) content_time_ms: Option<i64>,
}

impl Draft {
    /// The draft as an article.
    ///
    /// # Errors
    /// The first field that is wrong.
    pub(super) fn item(self, options: &ReadOptions) -> Result<ImportItem, Fault> {
        check_id(&self.id).map_err(|message| fault("id", message))?;
        if self.title.trim().is_empty() {
            return Err(fault("title", "is missing or blank; give the article a title"));
        }
        check_body(&self.body).map_err(|message| fault("body", message))?;
        let locale = match (Locale::from_tag(self.locale.trim()), options.locale) {
            (Some(locale), _) | (None, Some(locale)) => locale,
            (None, None) if self.may_detect_locale => {
                detected_locale(&format!("{}\n{}", self.title, self.body), &self.locale)?
            }
            (None, None) => return Err(no_locale(&self.locale)),
        };
        let input = ArticleInput {
            locale: locale.tag().to_owned(),
            title: self.title.split_whitespace().collect::<Vec<_>>().join(" "),
            body: self.body,
            tags: self.tags,
            audience: self.audience.or(options.audience).or(self.default_audience),
            url: self.url,
            content_time_ms: self.content_time_ms,
            ..ArticleInput::default()
        };
        Ok(ImportItem { name: self.id, input })
    }
}

/// A fault that is not about one line.
pub(super) fn fault(field: &str, message: impl Display) -> Fault {
    Fault { line: 0, field: field.to_owned(), message: message.to_string() }
}

fn check_id(id: &str) -> Result<(), String> {
    let any_base = BaseName::from_id("any", "id").map_err(|error| error.to_string())?;
    match ArticleName::from_id(&any_base, id, "id") {
        Ok(_) => Ok(()),
        Err(crate::Error::Invalid { reason, .. }) => Err(format!("{id:?} cannot be one: {reason}")),
        Err(error) => Err(error.to_string()),
    }
}

fn check_body(body: &str) -> Result<(), String> {
    if body.trim().is_empty() {
        return Err("is blank; write the article there".into());
    }
    if body.len() > MAX_ARTICLE_BYTES {
        return Err(format!("is {} bytes long; at most {MAX_ARTICLE_BYTES} are allowed", body.len()));
    }
    Ok(())
}

/// A day or an instant, in ms since 1970; nothing when the text is blank.
///
/// # Errors
/// What is wrong with it.
pub(super) fn time(text: &str) -> Result<Option<i64>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let instant = text.parse::<Timestamp>().or_else(|_| {
        let day = text.parse::<Date>()?;
        Ok::<_, jiff::Error>(day.to_zoned(TimeZone::UTC)?.timestamp())
    });
    match instant {
        Ok(instant) => Ok(Some(instant.as_millisecond())),
        Err(_) => Err(format!("{text:?} is no time; write 2026-10-02 or 2026-10-02T08:00:00Z")),
    }
}

/// A time as files have it, which [`time`] reads back: a day where it is midnight in UTC.
pub(super) fn written_time(ms: i64) -> Option<String> {
    let instant = Timestamp::from_millisecond(ms).ok()?;
    let zoned = instant.to_zoned(TimeZone::UTC);
    let is_day = zoned.time() == jiff::civil::Time::midnight();
    Some(if is_day { zoned.date().to_string() } else { instant.to_string() })
}

/// The locale of a page: what it says, its path, the option, its text.
///
/// A page whose text is Chinese although it says `en`, as templates do, is believed for its text.
///
/// # Errors
/// When nothing tells.
pub(super) fn locale_of_page(
    said: &str,
    of_path: Option<Locale>,
    options: &ReadOptions,
    text: &str,
) -> Result<Locale, Fault> {
    let declared = Locale::from_tag(said);
    if declared == Some(Locale::En)
        && let Detected::Locale(locale) = language::detect(text)
        && locale.is_chinese()
    {
        return Ok(of_path.filter(|locale| locale.is_chinese()).unwrap_or(locale));
    }
    match declared.or(of_path).or(options.locale) {
        Some(locale) => Ok(locale),
        None => detected_locale(text, said),
    }
}

fn detected_locale(text: &str, said: &str) -> Result<Locale, Fault> {
    let is_other = !said.trim().is_empty() && !said.to_ascii_lowercase().starts_with("zh");
    match language::detect(text) {
        Detected::Locale(locale) if !is_other || locale.is_chinese() => Ok(locale),
        _ => Err(no_locale(said)),
    }
}

fn no_locale(said: &str) -> Fault {
    let message = match said.trim() {
        "" => "is not said and the text does not tell; give --locale en, zh-Hans or zh-Hant".to_owned(),
        tag => format!("{tag:?} is not en, zh-Hans or zh-Hant; if it is wrong, give --locale"),
    };
    fault("locale", message)
}
