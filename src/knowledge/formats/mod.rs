//! Reads articles from what companies have them in, and writes them.
//!
//! | what is given | what is read |
//! |---|---|
//! | `.md`, `.markdown` | Markdown with front matter ([`render`] shows it), and the files it includes |
//! | `.html`, `.htm`, `.xhtml` | the content of the page; pages of a Confluence space are recognised |
//! | `.csv` | a header row, then an article a row |
//! | `.jsonl`, `.ndjson` | an article a line |
//! | `.json` | an export of Zendesk Guide, Intercom or Chatwoot |
//! | a folder | every file of these kinds in it |
//! | `.zip`, `.tar`, `.tar.gz`, `.tgz` | the same, without unpacking to disk |
//!
//! [`read_each`] hands over one article after the other; what is wrong is reported with its file and line
//! and the rest goes on. Nothing is sent anywhere: that is the caller's.

mod archive;
mod decode;
mod exports;
mod files;
mod front_matter;
mod html;
mod id;
mod include;
mod markdown;
mod parts;
mod record;
mod rows;
mod table;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

pub use decode::TextEncoding;
pub use front_matter::render;
pub use rows::{CsvArticles, json_line};

use self::{
    files::{File, Files},
    html::Spaces,
    parts::Parts,
    record::Draft,
};
use super::{article::Audience, import::ImportItem};
use crate::message::Locale;

/// Longest body of an article that is read, in bytes: what the server takes, so that one that is too long
/// is reported with its file before anything is sent.
pub const MAX_ARTICLE_BYTES: usize = 256 * 1024;
/// Longest text that is put together on the way to a body, in bytes; a bound of memory and time.
const MAX_TEXT_BYTES: usize = 4 * 1024 * 1024;
/// Largest file of many articles that is read, in bytes; it is held in memory.
const MAX_EXPORT_BYTES: u64 = 512 * 1024 * 1024;

/// What the files that are given hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// What each file's name and content say.
    #[default]
    Auto,
    /// Markdown with front matter.
    Markdown,
    /// HTML pages.
    Html,
    /// A table with a header row.
    Csv,
    /// A JSON object on each line.
    Jsonl,
    /// Articles of Zendesk Guide, as its API gives them.
    Zendesk,
    /// Articles of Intercom, as its API gives them.
    Intercom,
    /// Articles of a Chatwoot portal, as its API gives them.
    Chatwoot,
    /// HTML export of a Confluence space.
    Confluence,
}

impl Format {
    /// Every format with its name on the command line.
    pub const NAMES: [(&str, Self); 9] = [
        ("auto", Self::Auto),
        ("markdown", Self::Markdown),
        ("html", Self::Html),
        ("csv", Self::Csv),
        ("jsonl", Self::Jsonl),
        ("zendesk", Self::Zendesk),
        ("intercom", Self::Intercom),
        ("chatwoot", Self::Chatwoot),
        ("confluence", Self::Confluence),
    ];

    /// The format that the ending of a file's name says; exports of JSON are told apart by what they hold.
    fn of_name(name: &str) -> Option<Self> {
        match ending(name).as_str() {
            "md" | "markdown" => Some(Self::Markdown),
            "html" | "htm" | "xhtml" => Some(Self::Html),
            "csv" => Some(Self::Csv),
            "jsonl" | "ndjson" => Some(Self::Jsonl),
            "json" => Some(Self::Auto),
            _ => None,
        }
    }

    /// Whether a file of a folder or an archive may be of this format.
    fn fits(self, name: &str) -> bool {
        let Some(of_name) = Self::of_name(name) else { return false };
        match self {
            Self::Auto => true,
            Self::Confluence => of_name == Self::Html,
            Self::Zendesk | Self::Intercom | Self::Chatwoot => of_name == Self::Auto,
            other => of_name == other,
        }
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::NAMES.iter().find(|(other, _)| *other == name).map(|&(_, format)| format);
        found.ok_or_else(|| {
            let names: Vec<&str> = Self::NAMES.iter().map(|(name, _)| *name).collect();
            format!("{name:?} is none of {}", names.join(", "))
        })
    }
}

/// How files are read.
#[derive(Clone, Copy, Debug, Default)]
pub struct ReadOptions {
    /// What the files hold.
    pub format: Format,
    /// Language of articles that do not say theirs.
    pub locale: Option<Locale>,
    /// Encoding of files that have no mark of theirs; without it UTF-8, or what is certain.
    pub encoding: Option<TextEncoding>,
    /// Who may see articles that do not say it.
    pub audience: Option<Audience>,
}

/// One article as a file says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleFile {
    /// The file; within an archive `archive.zip!/path`.
    pub path: PathBuf,
    /// The line of the article, counted from 1; 0 when the file is the article.
    pub line: usize,
    /// The article's id and what it shall say.
    pub item: ImportItem,
}

/// Why a file or a part of it gives no article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileProblem {
    /// The file or folder; within an archive `archive.zip!/path`.
    pub path: PathBuf,
    /// The line, counted from 1; 0 when it is about the whole file.
    pub line: usize,
    /// The field; empty when it is about none.
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

/// What reading comes upon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// An article.
    Article(Box<ArticleFile>),
    /// Something that is wrong.
    Problem(FileProblem),
    /// Something that is right but no article to import, such as a draft.
    LeftOut(FileProblem),
}

/// Everything that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The articles, in the order of their files.
    pub articles: Vec<ArticleFile>,
    /// What is wrong.
    pub problems: Vec<FileProblem>,
    /// What is right but no article to import.
    pub left_out: Vec<FileProblem>,
    /// How many files there were.
    pub counts: FileCounts,
}

/// How many files there were; hidden ones and `README.md` do not count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FileCounts {
    /// Files of the kinds that are read.
    pub num_known: usize,
    /// Files of other kinds, which are passed over.
    pub num_unknown: usize,
}

/// Reads what lies at a path: a file, a folder, or an archive.
pub fn read(path: &Path, options: &ReadOptions) -> Reading {
    let mut reading = Reading::default();
    let counts = read_each(path, options, &mut |found| match found {
        Found::Article(article) => reading.articles.push(*article),
        Found::Problem(problem) => reading.problems.push(problem),
        Found::LeftOut(left_out) => reading.left_out.push(left_out),
    });
    reading.counts = counts;
    reading
}

/// Reads what lies at a path and hands over one thing after the other, in the order of the files.
///
/// At any time one file is held in memory (of an archive: those files in it that may be articles).
pub fn read_each(path: &Path, options: &ReadOptions, take: &mut dyn FnMut(Found)) -> FileCounts {
    let mut reader = Reader {
        options,
        take,
        first_of: HashMap::new(),
        included: HashSet::new(),
        bare: BTreeMap::new(),
        spaces: Spaces::default(),
        parts: Parts::default(),
    };
    let files = Files::open(path, options.format, &mut |problem| (reader.take)(Found::Problem(problem)));
    reader.spaces = Spaces::of(&files);
    for name in files.names() {
        reader.read_file(&files, name);
    }
    reader.finish();
    files.counts()
}

/// What is wrong within a file.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Fault {
    /// The line, counted from 1; 0 when it is about the whole file or article.
    line: usize,
    /// The field; empty when it is about none.
    field: String,
    /// What is wrong and what to do.
    message: String,
}

/// Where an article stands.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    path: PathBuf,
    line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.path.display())?;
        if self.line > 0 { write!(formatter, ":{}", self.line) } else { Ok(()) }
    }
}

/// Reads file after file and keeps what concerns more than one of them.
struct Reader<'a> {
    options: &'a ReadOptions,
    take: &'a mut dyn FnMut(Found),
    /// Where each id was first seen.
    first_of: HashMap<String, Place>,
    /// Files that others include.
    included: HashSet<String>,
    /// Files without front matter: a problem unless others include them.
    bare: BTreeMap<String, FileProblem>,
    /// Folders with pages of Confluence.
    spaces: Spaces,
    /// Exports that come in pages.
    parts: Parts,
}

impl Reader<'_> {
    fn read_file(&mut self, files: &Files, name: &str) {
        let place = Place { path: files.shown(name), line: 0 };
        if self.spaces.is_beside_pages(name) {
            return self.left_out(place, "is no page of the Confluence space but a file that belongs to one");
        }
        let of_name = Format::of_name(name);
        let format = match (self.options.format, of_name) {
            (Format::Auto, Some(of_name)) => of_name,
            (Format::Auto, None) => {
                let names: Vec<&str> = Format::NAMES.iter().skip(1).map(|(name, _)| *name).collect();
                let message = format!(
                    "is of no kind that is read; say with --format which of {} it is",
                    names.join(", ")
                );
                return self.problem(place, record::fault("", message));
            }
            (told, _) => told,
        };
        let (max_bytes, is_html) = match format {
            Format::Markdown => (MAX_TEXT_BYTES as u64, false),
            Format::Html | Format::Confluence => (html::MAX_PAGE_BYTES, true),
            _ => (MAX_EXPORT_BYTES, false),
        };
        let bytes = match files.read(name, max_bytes) {
            Ok(bytes) => bytes,
            Err(message) => return self.problem(place, record::fault("", message)),
        };
        let text = match decode::decode(bytes, self.options.encoding, is_html) {
            Ok(text) => text,
            Err(fault) => return self.problem(place, fault),
        };
        match format {
            Format::Markdown => markdown::read(self, File { files, name }, place, &text),
            Format::Html => {
                let is_confluence = self.spaces.holds(name);
                html::read_page(self, place, name, &text, is_confluence);
            }
            Format::Confluence => html::read_page(self, place, name, &text, true),
            Format::Csv => table::read(self, &place, &text),
            Format::Jsonl => rows::read(self, &place, &text),
            Format::Auto | Format::Zendesk | Format::Intercom | Format::Chatwoot => {
                exports::read(self, &place, format, &text);
            }
        }
    }

    /// Hands an article over, unless its id was seen before.
    fn article(&mut self, place: Place, item: ImportItem) {
        if let Some(first) = self.first_of.get(&item.name) {
            let message = format!("{} is the id of {first} too; give each article its own", item.name);
            return self.problem(place, record::fault("id", message));
        }
        self.first_of.insert(item.name.clone(), place.clone());
        let article = ArticleFile { path: place.path, line: place.line, item };
        (self.take)(Found::Article(Box::new(article)));
    }

    /// Hands the article of a draft over, or what is wrong with it.
    fn take_draft(&mut self, place: Place, draft: Result<Draft, Fault>) {
        match draft.and_then(|draft| draft.item(self.options)) {
            Ok(item) => self.article(place, item),
            Err(fault) => self.problem(place, fault),
        }
    }

    /// Reports a fault; one that names no line is about the place's.
    fn problem(&mut self, place: Place, fault: Fault) {
        (self.take)(Found::Problem(problem_at(place, fault)));
    }

    fn left_out(&mut self, place: Place, message: impl Into<String>) {
        let fault = record::fault("", message.into());
        (self.take)(Found::LeftOut(problem_at(place, fault)));
    }

    fn finish(mut self) {
        for (place, fault) in std::mem::take(&mut self.parts).faults() {
            self.problem(place, fault);
        }
        for (name, problem) in self.bare {
            if !self.included.contains(&name) {
                (self.take)(Found::Problem(problem));
            }
        }
    }
}

fn problem_at(place: Place, fault: Fault) -> FileProblem {
    let line = if fault.line == 0 { place.line } else { fault.line };
    FileProblem { path: place.path, line, field: fault.field, message: fault.message }
}

/// The ending of a file's name, in lower case.
fn ending(name: &str) -> String {
    let file = name.rsplit('/').next().unwrap_or(name);
    file.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase()
}
