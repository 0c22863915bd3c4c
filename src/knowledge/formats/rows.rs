//! Articles as lines of JSON, read and written, and as rows of a table, written.

use serde_json::{Map, Value, json};

use super::{
    Fault, Place, ReadOptions, Reader, html,
    record::{self, Fields, written_time},
};
use crate::knowledge::{Audience, ImportItem};

/// Columns of a table, and names of the fields in a line of JSON.
pub(super) const COLUMNS: [&str; 14] = [
    "id",
    "locale",
    "title",
    "body",
    "body_html",
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

/// Reads a file with a JSON object on each line.
pub(super) fn read(reader: &mut Reader<'_>, place: &Place, text: &str) {
    for (line, number) in text.lines().zip(1..) {
        if line.trim().is_empty() {
            continue;
        }
        let place = Place { path: place.path.clone(), line: number };
        match parse(line, reader.options) {
            Ok(item) => reader.article(place, item),
            Err(fault) => reader.problem(place, Fault { line: number, ..fault }),
        }
    }
}

fn parse(line: &str, options: &ReadOptions) -> Result<ImportItem, Fault> {
    let fields: Map<String, Value> = serde_json::from_str(line)
        .map_err(|error| record::fault("", format!("is no JSON object with an article's fields: {error}")))?;
    let object = Object(fields);
    if let Some(field) = object.0.keys().find(|key| !COLUMNS.contains(&key.as_str())) {
        let message = format!("is not known; the fields are {}", COLUMNS.join(", "));
        return Err(record::fault(field, message));
    }
    let body = body(object.text("body")?, &object.text("body_html")?)?;
    object.item(body, options)
}

/// The body that is given as Markdown or as HTML.
///
/// # Errors
/// When both are given, or the HTML cannot be read.
pub(super) fn body(markdown: String, html: &str) -> Result<String, Fault> {
    match (markdown.trim().is_empty(), html.trim().is_empty()) {
        (_, true) => Ok(markdown),
        (true, false) => html::to_markdown(html).map_err(|fault| record::fault("body_html", fault.message)),
        (false, false) => Err(record::fault("body_html", "stands next to body; give one of them")),
    }
}

/// The fields of a line.
struct Object(Map<String, Value>);

impl Fields for Object {
    fn text(&self, field: &str) -> Result<String, Fault> {
        match self.0.get(field) {
            None | Some(Value::Null) => Ok(String::new()),
            Some(Value::String(text)) => Ok(text.clone()),
            Some(Value::Number(number)) => Ok(number.to_string()),
            Some(_) => Err(self.fault(field, "is no text; put it in quotes".into())),
        }
    }

    fn list(&self, field: &str) -> Result<Vec<String>, Fault> {
        match self.0.get(field) {
            Some(Value::Array(items)) => items
                .iter()
                .map(|item| match item {
                    Value::String(text) => Ok(text.clone()),
                    _ => Err(self.fault(field, "is not a list of texts; put each in quotes".into())),
                })
                .collect(),
            _ => Ok(split_list(&self.text(field)?)),
        }
    }

    fn fault(&self, field: &str, message: String) -> Fault {
        record::fault(field, message)
    }
}

/// The texts of a list in one cell: a line each, or separated by `|` where there is one line.
pub(super) fn split_list(cell: &str) -> Vec<String> {
    let texts: Vec<&str> =
        if cell.contains('\n') { cell.lines().collect() } else { cell.split('|').map(str::trim).collect() };
    texts.into_iter().filter(|text| !text.trim().is_empty()).map(str::to_owned).collect()
}

/// A list as one cell, which [`split_list`] takes apart again.
fn joined_list(texts: &[String]) -> String {
    let is_plain = texts.iter().all(|text| !text.contains('|') && text.trim() == text);
    if is_plain {
        return texts.join("|");
    }
    texts.iter().map(|text| format!("{text}\n")).collect()
}

/// An article as a line of JSON, its line end included; reading it gives the same item back.
pub fn json_line(item: &ImportItem) -> String {
    let input = &item.input;
    let mut line = json!({
        "id": item.name,
        "locale": input.locale,
        "title": input.title,
        "body": input.body,
        "questions": input.questions,
        "tags": input.tags,
        "audience": audience(input.audience),
        "channels": input.channels,
        "brands": input.brands,
        "url": input.url,
    });
    let times = [
        ("updated_at", input.content_time_ms),
        ("valid_from", input.valid_from_ms),
        ("valid_until", input.valid_until_ms),
    ];
    for (field, ms) in times {
        if let Some(time) = ms.and_then(written_time) {
            line[field] = time.into();
        }
    }
    format!("{line}\n")
}

/// Who may see an article, in words; nothing where it is not said.
fn audience(audience: Option<Audience>) -> &'static str {
    audience.map_or("", Audience::name)
}

/// Writes articles as a table; reading it gives the same items back.
pub struct CsvArticles<W: std::io::Write> {
    writer: csv::Writer<W>,
}

impl<W: std::io::Write> CsvArticles<W> {
    /// Begins a table with the mark by which spreadsheets know UTF-8, and the header row.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn new(mut writer: W) -> std::io::Result<Self> {
        writer.write_all("\u{feff}".as_bytes())?;
        let mut writer = csv::Writer::from_writer(writer);
        writer.write_record(COLUMNS.iter().filter(|column| **column != "body_html"))?;
        Ok(Self { writer })
    }

    /// Adds an article.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn push(&mut self, item: &ImportItem) -> std::io::Result<()> {
        let input = &item.input;
        let time = |ms: Option<i64>| ms.and_then(written_time).unwrap_or_default();
        self.writer.write_record([
            &item.name,
            &input.locale,
            &input.title,
            &input.body,
            &joined_list(&input.questions),
            &joined_list(&input.tags),
            audience(input.audience),
            &joined_list(&input.channels),
            &joined_list(&input.brands),
            &input.url,
            &time(input.content_time_ms),
            &time(input.valid_from_ms),
            &time(input.valid_until_ms),
        ])?;
        Ok(())
    }

    /// Ends the table.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn finish(mut self) -> std::io::Result<()> {
        self.writer.flush()
    }
}
