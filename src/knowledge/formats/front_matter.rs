//! Reads and writes article files: YAML front matter between two lines `---`, then the body in Markdown.
//!
//! ```text
//! ---
//! id: returns.en
//! locale: en
//! title: "Returns and exchanges"
//! questions:
//!   - "how do I send something back"
//! tags: [return, exchange]
//! audience: public
//! channels: [chat, email]
//! brands: [tide]
//! url: https://shop.example/help/returns
//! updated_at: 2026-10-02
//! valid_from: 2026-10-02T08:00:00Z
//! valid_until: 2027-01-01
//! ---
//!
//! ## Within 30 days
//! …
//! ```
//!
//! `id`, `locale` and `title` are needed; the other fields may be left out.

use serde_yaml_ng::{Mapping, Value};

use super::{
    Fault, include,
    record::{FIELDS, Fields, written_time},
};
use crate::knowledge::ImportItem;

/// Longest front matter, in bytes: fifty questions of the longest kind and more.
const MAX_YAML_BYTES: usize = 128 * 1024;
/// Most opening brackets in it; the YAML scanner takes quadratic time in how deep they nest.
const MAX_BRACKETS: usize = 2000;

/// The text of an article file that says what the item says: reading it gives the same item back.
pub fn render(item: &ImportItem) -> String {
    let input = &item.input;
    let mut fields = Mapping::new();
    let mut put = |field: &str, value: Value| fields.insert(Value::from(field), value);
    put("id", Value::from(item.name.as_str()));
    put("locale", Value::from(input.locale.as_str()));
    put("title", Value::from(input.title.as_str()));
    let lists = [
        ("questions", &input.questions),
        ("tags", &input.tags),
        ("channels", &input.channels),
        ("brands", &input.brands),
    ];
    for (field, texts) in lists {
        if !texts.is_empty() {
            put(field, texts.iter().map(String::as_str).map(Value::from).collect());
        }
    }
    if let Some(audience) = input.audience {
        put("audience", Value::from(audience.name()));
    }
    if !input.url.is_empty() {
        put("url", Value::from(input.url.as_str()));
    }
    let times = [
        ("updated_at", input.content_time_ms),
        ("valid_from", input.valid_from_ms),
        ("valid_until", input.valid_until_ms),
    ];
    for (field, ms) in times {
        if let Some(time) = ms.and_then(written_time) {
            put(field, Value::from(time));
        }
    }
    // Texts and lists of texts are YAML whatever they hold.
    let yaml = serde_yaml_ng::to_string(&fields).unwrap_or_default();
    format!("---\n{yaml}---\n\n{}", include::escaped(&input.body))
}

/// The parts of an article file.
pub(super) struct Parts<'a> {
    /// The YAML between the two lines `---`.
    pub(super) yaml: &'a str,
    /// What follows, without the one blank line that may stand before it.
    pub(super) body: &'a str,
    /// The line on which the body begins, counted from 1.
    pub(super) body_line: usize,
}

/// Whether a text begins with front matter.
pub(super) fn begins(text: &str) -> bool {
    text.lines().next().is_some_and(|line| line.trim_end() == "---")
}

/// Takes an article file apart.
///
/// # Errors
/// When the front matter does not begin or end.
pub(super) fn split(text: &str) -> Result<Parts<'_>, Fault> {
    let fault = |message: &str| Fault { line: 1, field: String::new(), message: message.to_owned() };
    if !begins(text) {
        return Err(fault("has no front matter; begin with a line --- and the article's fields"));
    }
    let mut lines = text.split_inclusive('\n');
    let start = lines.next().unwrap_or_default().len();
    let mut end = start;
    for (line, number) in lines.zip(2..) {
        if line.trim_end() == "---" {
            let rest = &text[end + line.len()..];
            let body = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n'));
            let body_line = number + 1 + usize::from(body.is_some());
            return Ok(Parts { yaml: &text[start..end], body: body.unwrap_or(rest), body_line });
        }
        end += line.len();
    }
    Err(fault("the front matter does not end; close it with a line ---"))
}

/// The fields of an article file, with the lines where they stand.
pub(super) struct FrontMatter<'a> {
    yaml: &'a str,
    fields: Mapping,
}

impl<'a> FrontMatter<'a> {
    /// Reads the YAML.
    ///
    /// # Errors
    /// When it is none, or has a field that no article has.
    pub(super) fn read(yaml: &'a str) -> Result<Self, Fault> {
        let num_brackets = yaml.bytes().filter(|byte| matches!(byte, b'[' | b'{')).count();
        if yaml.len() > MAX_YAML_BYTES || num_brackets > MAX_BRACKETS {
            let message = format!(
                "the front matter has more than {MAX_YAML_BYTES} bytes or {MAX_BRACKETS} brackets; shorten it"
            );
            return Err(Fault { line: 1, field: String::new(), message });
        }
        let fields: Mapping = match yaml.trim() {
            "" => Mapping::new(),
            _ => serde_yaml_ng::from_str(yaml).map_err(|error| {
                // The line --- stands before the first line of the YAML.
                let line = error.location().map_or(1, |location| location.line() + 1);
                let message = format!("the front matter is no YAML: {error}");
                Fault { line, field: String::new(), message }
            })?,
        };
        let front = Self { yaml, fields };
        for key in front.fields.keys() {
            let key = key.as_str().unwrap_or_default();
            if !FIELDS.contains(&key) {
                return Err(front.fault(key, format!("is not known; the fields are {}", FIELDS.join(", "))));
            }
        }
        Ok(front)
    }
}

impl Fields for FrontMatter<'_> {
    /// A text; empty when it is not there. Numbers and truth values are taken as they are written.
    fn text(&self, field: &str) -> Result<String, Fault> {
        match self.fields.get(field) {
            None | Some(Value::Null) => Ok(String::new()),
            Some(value) => {
                scalar(value).ok_or_else(|| self.fault(field, "is not one text; put it in quotes".into()))
            }
        }
    }

    /// A list of texts; one text alone counts as a list of one.
    fn list(&self, field: &str) -> Result<Vec<String>, Fault> {
        match self.fields.get(field) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Sequence(items)) => items
                .iter()
                .map(|item| {
                    scalar(item)
                        .ok_or_else(|| self.fault(field, "is not a list of texts; put each in quotes".into()))
                })
                .collect(),
            Some(value) => match scalar(value) {
                Some(text) => Ok(vec![text]),
                None => Err(self.fault(field, "is not a list of texts".into())),
            },
        }
    }

    fn fault(&self, field: &str, message: String) -> Fault {
        let starts = |line: &str| {
            line.trim_start_matches(['"', '\''])
                .strip_prefix(field)
                .is_some_and(|rest| rest.trim_start_matches(['"', '\'']).trim_start().starts_with(':'))
        };
        let line = self.yaml.lines().position(starts).map_or(1, |index| index + 2);
        Fault { line, field: field.to_owned(), message }
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}
