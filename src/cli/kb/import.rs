//! `frontdesk kb import`: fills a knowledge base from files.

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::{
    Args,
    builder::{PossibleValuesParser, TypedValueParser},
};
use prost::Message;
use serde::Serialize;

use super::{Context, Failure, Finished, base_of};
use crate::{
    grpc::{
        client::{Client, ClientError, Code, FieldViolation},
        resources,
    },
    knowledge::{
        Audience, ImportItem,
        formats::{self, ArticleFile, FileProblem, Format, ReadOptions, Reading, TextEncoding},
    },
    message::Locale,
    proto::{self, ImportArticlesRequest},
};

/// Articles in one call; the server says within it how far it is.
const CHUNK_ARTICLES: usize = 500;
/// Bytes in one call, half of what servers take by default.
const CHUNK_BYTES: usize = 512 * 1024;

/// Import articles from a file, a folder or an archive.
///
/// Markdown with front matter, HTML pages, CSV, JSONL, and exports of Zendesk Guide, Intercom, Chatwoot and
/// Confluence are read, also from .zip, .tar and .tar.gz. An article that is stored already is replaced
/// when it differs. What is wrong is reported by file and line, and the rest is imported.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    frontdesk kb import samples/knowledge\n  \
    frontdesk kb import --kb shop --dry-run help-centre/\n  \
    frontdesk kb import --kb shop --locale zh-Hant pages.zip\n  \
    frontdesk kb import --kb shop --format zendesk articles.json\n\n\
The README says what each format holds.")]
pub(in crate::cli) struct ImportArgs {
    /// File, folder or archive.
    path: PathBuf,
    /// Knowledge base, created when it is not there; default is `knowledge.default_base` of the
    /// settings.
    #[arg(long, value_name = "NAME")]
    kb: Option<String>,
    /// Only say what would change.
    #[arg(long)]
    dry_run: bool,
    /// What the files hold; default is what their names and contents say.
    #[arg(long, value_name = "FORMAT", default_value = "auto", value_parser = format_parser())]
    format: Format,
    /// Language of articles that do not say theirs: en, zh-Hans or zh-Hant.
    #[arg(long, value_name = "TAG", value_parser = locale)]
    locale: Option<Locale>,
    /// Encoding of the files, such as gb18030 or big5; default is UTF-8, and what is certain.
    #[arg(long, value_name = "NAME")]
    encoding: Option<TextEncoding>,
    /// Who may see articles that do not say it; default is everybody, for Confluence agents.
    #[arg(long, value_name = "WHO", value_parser = audience_parser())]
    audience: Option<Audience>,
}

fn format_parser() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::NAMES.map(|(name, _)| name)).try_map(|name| name.parse::<Format>())
}

fn audience_parser() -> impl TypedValueParser<Value = Audience> {
    PossibleValuesParser::new(["public", "agent"])
        .map(|name| if name == "agent" { Audience::Agent } else { Audience::Public })
}

fn locale(tag: &str) -> Result<Locale, String> {
    Locale::from_tag(tag).ok_or_else(|| format!("{tag:?} is not en, zh-Hans or zh-Hant"))
}

impl ImportArgs {
    fn options(&self) -> ReadOptions {
        let Self { format, locale, encoding, audience, .. } = *self;
        ReadOptions { format, locale, encoding, audience }
    }
}

/// What the command did, for programs.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    num_created: u32,
    num_updated: u32,
    num_unchanged: u32,
    dry_run: bool,
    problems: Vec<Problem>,
    left_out: Vec<Problem>,
}

/// What is wrong with a file, or why something in it is left out.
#[derive(Debug, Serialize)]
struct Problem {
    path: PathBuf,
    line: usize,
    field: String,
    message: String,
}

/// Runs the command.
pub(super) async fn run(context: &Context, args: ImportArgs) -> Result<Finished, Failure> {
    if !args.path.exists() {
        return Err(Failure::usage(anyhow::anyhow!("{} is not there", args.path.display())));
    }
    let Reading { articles: files, problems, left_out, counts } = formats::read(&args.path, &args.options());
    if counts.num_known == 0 && (counts.num_unknown > 0 || problems.is_empty()) {
        problems.into_iter().for_each(|problem| anstream::eprintln!("{}", Problem::from(problem).told()));
        return Err(Failure::usage(anyhow::anyhow!("{}", nothing_to_read(&args, counts.num_unknown))));
    }
    let mut summary = Summary { dry_run: args.dry_run, ..Summary::default() };
    summary.problems.extend(problems.into_iter().map(Problem::from));
    summary.left_out.extend(left_out.into_iter().map(Problem::from));
    let base = base_of(context, args.kb.as_deref());
    let finished = if files.is_empty() {
        Ok(Finished::Well)
    } else {
        let import = Import { base: &base, dry_run: args.dry_run, files: &files };
        context.with_client(async |client| import.run(&client, &mut summary).await).await
    };
    // What was found and imported until a failure is told too.
    report(context, &base, &summary)?;
    Ok(match finished? {
        Finished::Well if !summary.problems.is_empty() => Finished::WithFailures,
        other => other,
    })
}

/// What to do when no file is of a kind that is read.
fn nothing_to_read(args: &ImportArgs, num_unknown: usize) -> String {
    let kind = match Format::NAMES.iter().find(|(_, format)| *format == args.format) {
        Some((name, format)) if *format != Format::Auto => format!("of kind {name}"),
        _ => "of a known kind".to_owned(),
    };
    let others = match num_unknown {
        0 => "it holds no other files".to_owned(),
        1 => "1 file of another kind".to_owned(),
        number => format!("{number} files of other kinds"),
    };
    format!("no file {kind} in {} ({others}); use --format", args.path.display())
}

struct Import<'a> {
    base: &'a str,
    dry_run: bool,
    files: &'a [ArticleFile],
}

impl Import<'_> {
    async fn run(&self, client: &Client, summary: &mut Summary) -> Result<Finished, Failure> {
        if !self.ensure_base(client).await? {
            // Nothing to compare with: every article would be new.
            summary.num_created = u32::try_from(self.files.len()).unwrap_or(u32::MAX);
            return Ok(Finished::Well);
        }
        let bar = crate::progress::bar(self.files.len() as u64, "articles");
        let mut stop = std::pin::pin!(tokio::signal::ctrl_c());
        let mut left = chunks(self.files);
        left.reverse();
        while let Some(chunk) = left.pop() {
            let request = ImportArticlesRequest {
                parent: self.base.to_owned(),
                articles: chunk.iter().map(|file| article(&file.item)).collect(),
                dry_run: self.dry_run,
                request_id: String::new(),
            };
            let done_before = bar.position();
            let show = |num_done: u32| bar.set_position(done_before + u64::from(num_done));
            let response = tokio::select! {
                biased;
                _ = &mut stop => {
                    anstream::eprintln!(
                        "interrupted: every article that was imported is kept; type the same command again to go on"
                    );
                    return Ok(Finished::Interrupted);
                }
                response = client.import_articles(request, |step| show(step.num_done)) => response,
            };
            let response = match response {
                Ok(response) => response,
                Err(error) if is_too_large(&error) => {
                    summary.problems.extend(split(chunk, &error, &mut left));
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            summary.num_created += response.num_created;
            summary.num_updated += response.num_updated;
            summary.num_unchanged += response.num_unchanged;
            summary
                .problems
                .extend(response.errors.into_iter().map(|error| Problem::of_server(chunk, error)));
        }
        bar.finish_and_clear();
        Ok(Finished::Well)
    }

    /// Creates the knowledge base when it is not there; tells whether it is there now.
    async fn ensure_base(&self, client: &Client) -> Result<bool, Failure> {
        match client.get_knowledge_base(self.base).await {
            Ok(_) => return Ok(true),
            Err(error) if error.code == Code::NotFound => {}
            Err(error) => return Err(error.into()),
        }
        if self.dry_run {
            anstream::eprintln!("{} is not there and would be created", self.base);
            return Ok(false);
        }
        let id = self.base.rsplit('/').next().unwrap_or_default();
        client.create_knowledge_base(id, id).await?;
        anstream::eprintln!("{} was not there and is created", self.base);
        Ok(true)
    }
}

/// Whether a call is refused for its size; smaller calls may be taken.
fn is_too_large(error: &ClientError) -> bool {
    let is_of_list = |violation: &FieldViolation| violation.field == "articles";
    match error.code {
        Code::OutOfRange => true,
        // Proxies refuse large messages so; a full disk has the code too, and smaller calls do not help.
        Code::ResourceExhausted => {
            ["larger than", "too large"].iter().any(|told| error.message.contains(told))
        }
        Code::InvalidArgument => error.violations.iter().any(is_of_list),
        _ => false,
    }
}

/// Puts the halves of a call that is too large before those that are left, or tells what is wrong with its
/// only article.
fn split<'a>(
    chunk: &'a [ArticleFile],
    error: &ClientError,
    left: &mut Vec<&'a [ArticleFile]>,
) -> Option<Problem> {
    if let [file] = chunk {
        let message = format!("is larger than the server takes: {error}; split it into articles");
        return Some(Problem { path: file.path.clone(), line: file.line, field: "body".into(), message });
    }
    let (first, second) = chunk.split_at(chunk.len() / 2);
    left.extend([second, first].iter().filter(|half| !half.is_empty()));
    None
}

/// Groups of files that fit into one call each.
fn chunks(files: &[ArticleFile]) -> Vec<&[ArticleFile]> {
    let mut chunks = Vec::new();
    let (mut start, mut num_bytes) = (0, 0);
    for (index, file) in files.iter().enumerate() {
        let file_bytes = article(&file.item).encoded_len();
        if index > start && (index - start == CHUNK_ARTICLES || num_bytes + file_bytes > CHUNK_BYTES) {
            chunks.push(&files[start..index]);
            (start, num_bytes) = (index, 0);
        }
        num_bytes += file_bytes;
    }
    chunks.push(&files[start..]);
    chunks
}

fn article(item: &ImportItem) -> proto::Article {
    resources::requested(item.name.clone(), item.input.clone())
}

impl From<FileProblem> for Problem {
    fn from(problem: FileProblem) -> Self {
        let FileProblem { path, line, field, message } = problem;
        Self { path, line, field, message }
    }
}

impl Problem {
    /// A problem that the server found in an article of a call.
    fn of_server(chunk: &[ArticleFile], error: proto::ImportError) -> Self {
        let (path, line) =
            chunk.get(error.index as usize).map(|file| (file.path.clone(), file.line)).unwrap_or_default();
        let line = match line {
            // The file is the article: its front matter tells the line.
            0 => fs::read_to_string(&path).ok().and_then(|text| line_of(&text, &error.field)).unwrap_or(0),
            line => line,
        };
        Self { path, line, field: error.field, message: error.message }
    }

    /// The problem in one line, as compilers write theirs.
    fn told(&self) -> String {
        let place = place(&self.path, self.line);
        if self.field.is_empty() {
            return format!("{place}: {}", self.message);
        }
        format!("{place}: {}: {}", self.field, self.message)
    }
}

fn place(path: &Path, line: usize) -> String {
    if line == 0 { path.display().to_string() } else { format!("{}:{line}", path.display()) }
}

/// The line of a file in which the front matter sets a field such as `articles[3].questions[1]`,
/// or in which the body begins.
fn line_of(text: &str, field: &str) -> Option<usize> {
    let name = field.rsplit('.').next()?.split('[').next()?;
    let mut lines = text.lines().zip(1..);
    if name == "body" {
        return lines.filter(|(line, _)| line.trim_end() == "---").nth(1).map(|(_, number)| number + 1);
    }
    lines
        .find(|(line, _)| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(':')))
        .map(|(_, number)| number)
}

fn report(context: &Context, base: &str, summary: &Summary) -> Result<(), Failure> {
    if context.global.json {
        let json = serde_json::to_string(summary).map_err(|error| Failure::server(error.into()))?;
        anstream::println!("{json}");
        return Ok(());
    }
    for left_out in &summary.left_out {
        anstream::eprintln!("left out: {}", left_out.told());
    }
    for problem in &summary.problems {
        anstream::eprintln!("{}", problem.told());
    }
    let Summary { num_created, num_updated, num_unchanged, .. } = summary;
    let would = if summary.dry_run { "would be " } else { "" };
    let wrong = match summary.problems.len() {
        0 => String::new(),
        number => format!(", {number} wrong and left out"),
    };
    let left_out = match summary.left_out.len() {
        0 => String::new(),
        number => format!(", {number} left out as they are"),
    };
    anstream::println!(
        "{base}: {would}{num_created} new, {num_updated} changed, {num_unchanged} unchanged{wrong}{left_out}"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::ArticleInput;

    fn file(body: &str) -> ArticleFile {
        let input = ArticleInput { body: body.into(), ..ArticleInput::default() };
        ArticleFile { path: "a.md".into(), line: 0, item: ImportItem { name: "a".into(), input } }
    }

    #[test]
    fn calls_stay_small() {
        let short: Vec<_> = (0..1200).map(|_| file("short")).collect();
        assert_eq!(chunks(&short).iter().map(|chunk| chunk.len()).collect::<Vec<_>>(), [500, 500, 200]);
        let long: Vec<_> =
            [200, 200, 200, 600, 1].map(|kilobytes| file(&"x".repeat(kilobytes * 1024))).into();
        assert_eq!(chunks(&long).iter().map(|chunk| chunk.len()).collect::<Vec<_>>(), [2, 1, 1, 1]);
    }

    #[test]
    fn a_call_that_is_too_large_is_split_down_to_the_article() {
        let files: Vec<_> = ["a", "b", "c"].map(file).into();
        let refused = ClientError::new(Code::OutOfRange, "decoded message length too large");
        let mut left = vec![&files[..]];
        let (mut sent, mut problems) = (Vec::new(), Vec::new());
        while let Some(chunk) = left.pop() {
            // The server takes every call without the second article.
            if chunk.iter().any(|file| file.item.input.body == "b") {
                problems.extend(split(chunk, &refused, &mut left));
            } else {
                sent.extend(chunk.iter().map(|file| file.item.input.body.as_str()));
            }
        }
        assert_eq!((sent, problems.len()), (vec!["a", "c"], 1));
        assert!(problems[0].told().starts_with("a.md: body: is larger than the server takes: OUT_OF_RANGE"));
    }

    #[test]
    fn only_a_refusal_for_the_size_splits_a_call() {
        let of = |code, message: &str| is_too_large(&ClientError::new(code, message));
        assert!(of(Code::OutOfRange, "") && of(Code::ResourceExhausted, "Received message larger than max"));
        assert!(!of(Code::ResourceExhausted, "the disk is full") && !of(Code::Unavailable, "too large"));
        let mut too_many = ClientError::new(Code::InvalidArgument, "articles: 900 are too many");
        assert!(!is_too_large(&too_many));
        too_many.violations =
            vec![FieldViolation { field: "articles".into(), description: "900 are too many".into() }];
        assert!(is_too_large(&too_many));
    }

    #[test]
    fn a_path_without_articles_names_what_it_holds() {
        let args = |format: Format| ImportArgs {
            path: "photos".into(),
            kb: None,
            dry_run: false,
            format,
            locale: None,
            encoding: None,
            audience: None,
        };
        assert_eq!(
            nothing_to_read(&args(Format::Auto), 3),
            "no file of a known kind in photos (3 files of other kinds); use --format"
        );
        assert!(
            nothing_to_read(&args(Format::Zendesk), 1).starts_with("no file of kind zendesk in photos (1 ")
        );
    }

    #[test]
    fn a_field_is_found_in_its_file() {
        let text = "---\nid: a\ntitle: A\nquestions:\n  - title?\n---\n\nBody.\n";
        assert_eq!(line_of(text, "articles[3].title"), Some(3));
        assert_eq!(line_of(text, "articles[0].questions[1]"), Some(4));
        assert_eq!(line_of(text, "body"), Some(7));
        assert_eq!(line_of(text, "articles[0].url"), None);
    }

    #[test]
    fn a_problem_names_file_line_and_field() {
        let problem =
            Problem { path: "kb/a.md".into(), line: 3, field: "title".into(), message: "is blank".into() };
        assert_eq!(problem.told(), "kb/a.md:3: title: is blank");
        let whole =
            Problem { path: "kb/a.md".into(), line: 0, field: String::new(), message: "is empty".into() };
        assert_eq!(whole.told(), "kb/a.md: is empty");
    }
}
