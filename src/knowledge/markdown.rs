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
//! url: https://shop.example/help/returns
//! updated_at: 2026-10-02
//! ---
//!
//! ## Within 30 days
//! …
//! ```
//!
//! `id`, `locale` and `title` are needed; the other fields may be left out.

use std::{
    collections::HashMap,
    fmt, fs,
    path::{Path, PathBuf},
};

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde_yaml_ng::{Mapping, Value};

use super::{
    article::{ArticleInput, Audience},
    import::ImportItem,
};
use crate::message::Locale;

/// Every field that front matter may have.
const FIELDS: [&str; 8] = ["id", "locale", "title", "questions", "tags", "audience", "url", "updated_at"];
/// Largest file that is read, in bytes.
const MAX_FILE_BYTES: u64 = 4 * 1024 * 1024;
/// Deepest folder in a folder that is looked into.
const MAX_DEPTH: usize = 16;

/// One article as a file says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleFile {
    /// The file.
    pub path: PathBuf,
    /// The article's id and what it shall say.
    pub item: ImportItem,
}

/// Why a file gives no article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileProblem {
    /// The file or folder.
    pub path: PathBuf,
    /// The line, counted from 1; 0 when it is about the whole file.
    pub line: usize,
    /// The field of the front matter; empty when it is about none.
    pub field: String,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for FileProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.path.display())?;
        if self.line > 0 {
            write!(formatter, ":{}", self.line)?;
        }
        if !self.field.is_empty() {
            write!(formatter, ": {}", self.field)?;
        }
        write!(formatter, ": {}", self.message)
    }
}

/// Reads every `.md` file in a folder and the folders in it, or one single file, in the order of
/// their paths. Hidden files, links and `README.md` are left out.
///
/// A file that is wrong, or has an id that an earlier file has, is reported and the rest goes on.
pub fn read_folder(path: &Path) -> (Vec<ArticleFile>, Vec<FileProblem>) {
    let mut problems = Vec::new();
    let mut paths = Vec::new();
    if path.is_file() {
        paths.push(path.to_owned());
    } else {
        collect(path, 0, &mut paths, &mut problems);
    }
    paths.sort();
    let mut files: Vec<ArticleFile> = Vec::new();
    let mut first_of: HashMap<String, usize> = HashMap::new();
    for path in paths {
        match read_file(&path) {
            Ok(file) => match first_of.get(&file.item.name) {
                Some(&first) => {
                    let message = format!(
                        "{} is the id of {} too; give each file its own",
                        file.item.name,
                        files[first].path.display()
                    );
                    problems.push(FileProblem { path, line: 0, field: "id".into(), message });
                }
                None => {
                    first_of.insert(file.item.name.clone(), files.len());
                    files.push(file);
                }
            },
            Err(problem) => problems.push(problem),
        }
    }
    (files, problems)
}

/// Reads one article file.
///
/// # Errors
/// A [`FileProblem`] for the first thing that is wrong.
pub fn read_file(path: &Path) -> Result<ArticleFile, FileProblem> {
    let problem =
        |message: String| FileProblem { path: path.to_owned(), line: 0, field: String::new(), message };
    let unreadable = |error: std::io::Error| problem(format!("cannot be read: {error}"));
    let num_bytes = fs::metadata(path).map_err(unreadable)?.len();
    if num_bytes > MAX_FILE_BYTES {
        let message = format!("is {num_bytes} bytes long; at most {MAX_FILE_BYTES} are allowed");
        return Err(problem(message));
    }
    let bytes = fs::read(path).map_err(unreadable)?;
    let text = String::from_utf8(bytes)
        .map_err(|error| problem(format!("is not UTF-8 ({error}); save it as UTF-8")))?;
    let item =
        parse(&text).map_err(|(line, field, message)| FileProblem { line, field, ..problem(message) })?;
    Ok(ArticleFile { path: path.to_owned(), item })
}

/// The text of an article file that says what the item says: [`read_file`] gives the same item back, but
/// for blank lines before the body.
pub fn render(item: &ImportItem) -> String {
    let input = &item.input;
    let mut fields = Mapping::new();
    let mut put = |field: &str, value: Value| fields.insert(Value::from(field), value);
    put("id", Value::from(item.name.as_str()));
    put("locale", Value::from(input.locale.as_str()));
    put("title", Value::from(input.title.as_str()));
    for (field, texts) in [("questions", &input.questions), ("tags", &input.tags)] {
        if !texts.is_empty() {
            put(field, texts.iter().map(String::as_str).map(Value::from).collect());
        }
    }
    if input.audience == Audience::Agent {
        put("audience", Value::from("agent"));
    }
    if !input.url.is_empty() {
        put("url", Value::from(input.url.as_str()));
    }
    if let Some(instant) = input.content_time_ms.and_then(|ms| Timestamp::from_millisecond(ms).ok()) {
        let zoned = instant.to_zoned(TimeZone::UTC);
        let is_day = zoned.time() == jiff::civil::Time::midnight();
        put("updated_at", Value::from(if is_day { zoned.date().to_string() } else { instant.to_string() }));
    }
    // Texts and lists of texts are YAML whatever they hold.
    let yaml = serde_yaml_ng::to_string(&fields).unwrap_or_default();
    format!("---\n{yaml}---\n\n{}", input.body)
}

/// Line, field, message.
type Fault = (usize, String, String);

/// Reads the text of an article file.
fn parse(text: &str) -> Result<ImportItem, Fault> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (yaml, body) = split(text)?;
    let front = FrontMatter::read(yaml)?;
    let locale = front.needed("locale")?;
    if Locale::from_tag(&locale).is_none() {
        return Err(front.fault("locale", format!("{locale:?} is not en, zh-Hans or zh-Hant")));
    }
    let audience = match front.text("audience")?.as_str() {
        "" | "public" => Audience::Public,
        "agent" => Audience::Agent,
        other => return Err(front.fault("audience", format!("{other:?} is neither public nor agent"))),
    };
    if body.trim().is_empty() {
        let message = "the body after the front matter is blank; write the article there".into();
        return Err((0, String::new(), message));
    }
    let input = ArticleInput {
        locale,
        title: front.needed("title")?,
        body: body.to_owned(),
        questions: front.list("questions")?,
        tags: front.list("tags")?,
        audience,
        url: front.text("url")?,
        content_time_ms: front.time("updated_at")?,
        ..ArticleInput::default()
    };
    Ok(ImportItem { name: front.needed("id")?, input })
}

/// The YAML between the two lines `---`, and the body without the blank lines before it.
fn split(text: &str) -> Result<(&str, &str), Fault> {
    let fault = |message: &str| (1, String::new(), message.to_owned());
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().unwrap_or_default();
    if first.trim_end() != "---" {
        return Err(fault("has no front matter; begin with a line --- and the article's fields"));
    }
    let start = first.len();
    let mut end = start;
    for line in lines {
        if line.trim_end() == "---" {
            let body = &text[end + line.len()..];
            return Ok((&text[start..end], body.trim_start_matches(['\n', '\r'])));
        }
        end += line.len();
    }
    Err(fault("the front matter does not end; close it with a line ---"))
}

/// The fields of an article file, with the lines where they stand.
struct FrontMatter<'a> {
    yaml: &'a str,
    fields: Mapping,
}

impl<'a> FrontMatter<'a> {
    fn read(yaml: &'a str) -> Result<Self, Fault> {
        let fields: Mapping = match yaml.trim() {
            "" => Mapping::new(),
            _ => serde_yaml_ng::from_str(yaml).map_err(|error| {
                // The line --- stands before the first line of the YAML.
                let line = error.location().map_or(1, |location| location.line() + 1);
                (line, String::new(), format!("the front matter is no YAML: {error}"))
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

    fn fault(&self, field: &str, message: impl Into<String>) -> Fault {
        let starts = |line: &str| {
            line.trim_start_matches(['"', '\''])
                .strip_prefix(field)
                .is_some_and(|rest| rest.trim_start_matches(['"', '\'']).trim_start().starts_with(':'))
        };
        let line = self.yaml.lines().position(starts).map_or(1, |index| index + 2);
        (line, field.to_owned(), message.into())
    }

    /// A text that must be there.
    fn needed(&self, field: &str) -> Result<String, Fault> {
        let text = self.text(field)?;
        match text.trim() {
            "" => Err(self.fault(field, "is missing or blank; write it in the front matter")),
            trimmed => Ok(trimmed.to_owned()),
        }
    }

    /// A text; empty when it is not there. Numbers and truth values are taken as they are written.
    fn text(&self, field: &str) -> Result<String, Fault> {
        match self.fields.get(field) {
            None | Some(Value::Null) => Ok(String::new()),
            Some(value) => {
                scalar(value).ok_or_else(|| self.fault(field, "is not one text; put it in quotes"))
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
                        .ok_or_else(|| self.fault(field, "is not a list of texts; put each in quotes"))
                })
                .collect(),
            Some(value) => match scalar(value) {
                Some(text) => Ok(vec![text]),
                None => Err(self.fault(field, "is not a list of texts")),
            },
        }
    }

    /// A day or an instant, in ms since 1970.
    fn time(&self, field: &str) -> Result<Option<i64>, Fault> {
        let text = self.text(field)?;
        if text.is_empty() {
            return Ok(None);
        }
        let instant = text.parse::<Timestamp>().or_else(|_| {
            let day = text.parse::<Date>()?;
            Ok::<_, jiff::Error>(day.to_zoned(TimeZone::UTC)?.timestamp())
        });
        match instant {
            Ok(instant) => Ok(Some(instant.as_millisecond())),
            Err(_) => {
                Err(self
                    .fault(field, format!("{text:?} is no time; write 2026-10-02 or 2026-10-02T08:00:00Z")))
            }
        }
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

/// Adds the article files under a folder, without following links.
fn collect(folder: &Path, depth: usize, paths: &mut Vec<PathBuf>, problems: &mut Vec<FileProblem>) {
    let mut problem = |message: String| {
        problems.push(FileProblem { path: folder.to_owned(), line: 0, field: String::new(), message });
    };
    if depth > MAX_DEPTH {
        return problem(format!("is more than {MAX_DEPTH} folders deep; move it up"));
    }
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => return problem(format!("cannot be read: {error}")),
    };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().to_ascii_lowercase();
        let Ok(kind) = entry.file_type() else { continue };
        if name.starts_with('.') || name == "readme.md" {
            continue;
        }
        if kind.is_dir() {
            collect(&entry.path(), depth + 1, paths, problems);
        } else if kind.is_file() && (name.ends_with(".md") || name.ends_with(".markdown")) {
            paths.push(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "---\nid: returns.en\nlocale: en\ntitle: \"Returns: how\"\nquestions:\n  - how?\n\
                        tags: [a, 2]\naudience: agent\nurl: https://x.example\nupdated_at: 2026-10-02\n\
                        ---\n\n## Body\n\ntext\n";

    #[test]
    fn what_is_rendered_reads_back() {
        let good = parse(GOOD).unwrap();
        assert_eq!(parse(&render(&good)).unwrap(), good);
        let awkward = ImportItem {
            name: "2026-01-01".into(),
            input: ArticleInput {
                locale: "zh-Hant".into(),
                title: "yes: \"no\" # 'x' --- 退貨 | > & *".into(),
                body: "---\nnot: front matter\n---\n\n| a | b |\n".into(),
                questions: vec!["true".into(), "- 1".into(), "null".into(), " 為何? ".into()],
                tags: vec!["2".into(), "~".into(), "2026-01-01".into()],
                audience: Audience::Public,
                url: String::new(),
                content_time_ms: Some(1_790_000_000_123),
                ..ArticleInput::default()
            },
        };
        assert_eq!(parse(&render(&awkward)).unwrap(), awkward);
    }

    #[test]
    fn the_sample_articles_read_back() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/knowledge");
        let (files, problems) = read_folder(&folder);
        assert!(files.len() > 50 && problems.is_empty(), "{} {problems:?}", files.len());
        for file in files {
            assert_eq!(parse(&render(&file.item)).unwrap(), file.item, "{}", file.path.display());
        }
    }

    fn fault(text: &str) -> (usize, String) {
        let (line, field, _) = parse(text).unwrap_err();
        (line, field)
    }

    #[test]
    fn every_field_is_read() {
        let item = parse(GOOD).unwrap();
        assert_eq!(item.name, "returns.en");
        let input = item.input;
        assert_eq!((input.locale.as_str(), input.title.as_str()), ("en", "Returns: how"));
        assert_eq!(input.body, "## Body\n\ntext\n");
        assert_eq!((input.questions, input.tags), (vec!["how?".to_owned()], vec!["a".into(), "2".into()]));
        assert_eq!((input.audience, input.url.as_str()), (Audience::Agent, "https://x.example"));
        assert_eq!(input.content_time_ms, Some(1_790_899_200_000));
    }

    #[test]
    fn windows_line_ends_and_a_byte_order_mark_are_taken() {
        let text = format!("\u{feff}{}", GOOD.replace('\n', "\r\n"));
        assert_eq!(parse(&text).unwrap().input.body, "## Body\r\n\r\ntext\r\n");
    }

    #[test]
    fn faults_name_the_line_and_the_field() {
        assert_eq!(fault("no front matter"), (1, String::new()));
        assert_eq!(fault("---\nid: a\n"), (1, String::new()));
        assert_eq!(fault(&GOOD.replace("locale: en", "locale: fr")), (3, "locale".into()));
        assert_eq!(fault(&GOOD.replace("title: \"Returns: how\"", "title: ' '")), (4, "title".into()));
        assert_eq!(fault(&GOOD.replace("tags: [a, 2]", "tags: {a: 2}")), (7, "tags".into()));
        assert_eq!(fault(&GOOD.replace("audience: agent", "audience: all")), (8, "audience".into()));
        assert_eq!(fault(&GOOD.replace("2026-10-02", "yesterday")), (10, "updated_at".into()));
        assert_eq!(fault(&GOOD.replace("url:", "link:")), (9, "link".into()));
        assert_eq!(fault(&GOOD.replace("title: \"", "title: \"\"")).0, 4);
        assert_eq!(fault(&GOOD.replace("id: returns.en\n", "")), (1, "id".into()));
        assert_eq!(fault("---\nid: a\nlocale: en\ntitle: t\n---\n \n"), (0, String::new()));
    }

    #[test]
    fn a_folder_is_read_in_order_and_wrong_files_are_reported() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &[u8]| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("b.md", GOOD.replace("returns.en", "b").as_bytes());
        write("a/z.markdown", GOOD.replace("returns.en", "z").as_bytes());
        write("c.md", GOOD.replace("returns.en", "b").as_bytes());
        write("d.md", &[0xff, 0xfe]);
        write("README.md", b"no article");
        write("notes.txt", b"no article");
        let (files, problems) = read_folder(folder.path());
        let names: Vec<&str> = files.iter().map(|file| file.item.name.as_str()).collect();
        assert_eq!(names, ["z", "b"]);
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].contains("c.md: id: b is the id of"), "{told:?}");
        assert!(told[1].contains("d.md: is not UTF-8"), "{told:?}");
    }

    #[test]
    fn a_single_file_and_an_absent_folder_work_too() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("one.md");
        fs::write(&path, GOOD).unwrap();
        assert_eq!(read_folder(&path).0.len(), 1);
        let (files, problems) = read_folder(&folder.path().join("absent"));
        assert!(files.is_empty());
        assert!(problems[0].message.contains("cannot be read"));
    }
}
