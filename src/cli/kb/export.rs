//! `frontdesk kb export`: gives a knowledge base back as files that `kb import` reads.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use serde::Serialize;

use super::{Context, Failure, Finished, base_of, list};
use crate::{
    grpc::resources,
    knowledge::{
        ImportItem,
        formats::{self, CsvArticles},
    },
    proto,
};

/// Export a knowledge base as files.
///
/// As Markdown each article becomes one file, in a folder of its language; as JSONL or CSV all of them
/// become one file. Importing the folder again changes nothing.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  frontdesk kb export backup/ --kb shop\n  \
    frontdesk kb export table/ --kb shop --format csv")]
pub(in crate::cli) struct ExportArgs {
    /// Folder to write to: new, or empty.
    folder: PathBuf,
    /// Knowledge base; default is `knowledge.default_base` of the settings.
    #[arg(long, value_name = "NAME")]
    kb: Option<String>,
    /// What to write.
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = ExportFormat::Markdown)]
    format: ExportFormat,
}

/// What an export is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ExportFormat {
    /// A file of Markdown with front matter for each article.
    Markdown,
    /// articles.jsonl, an article a line.
    Jsonl,
    /// articles.csv, an article a row.
    Csv,
}

/// What the command did, for programs.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    folder: PathBuf,
    num_articles: usize,
}

/// Runs the command.
pub(super) async fn run(context: &Context, args: ExportArgs) -> Result<Finished, Failure> {
    let folder = args.folder;
    if !is_new_or_empty(&folder) {
        let reason = format!("{} is there and not empty; name a new or an empty folder", folder.display());
        return Err(Failure::usage(anyhow::anyhow!(reason)));
    }
    let base = base_of(context, args.kb.as_deref());
    let articles = context.with_client(async |client| Ok(list::all_articles(&client, &base).await?)).await?;
    let num_articles = articles.len();
    let items = articles
        .into_iter()
        .map(item)
        .collect::<crate::Result<Vec<_>>>()
        .map_err(|error| Failure::server(error.into()))?;
    match args.format {
        ExportFormat::Markdown => items.iter().try_for_each(|item| write(&folder, item)),
        ExportFormat::Jsonl => write_jsonl(&folder, &items),
        ExportFormat::Csv => write_csv(&folder, &items),
    }
    .map_err(Failure::server)?;
    if context.global.json {
        let json = serde_json::to_string(&Summary { folder, num_articles })
            .map_err(|error| Failure::server(error.into()))?;
        anstream::println!("{json}");
    } else {
        anstream::println!("{base}: {num_articles} articles written to {}", folder.display());
    }
    Ok(Finished::Well)
}

fn is_new_or_empty(folder: &Path) -> bool {
    match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    }
}

/// Writes one article; a disk that is full or an unwritable folder is told with the path.
fn write(folder: &Path, item: &ImportItem) -> anyhow::Result<()> {
    let path = folder.join(&item.input.locale).join(file_name(&item.name));
    let write = || {
        fs::create_dir_all(folder.join(&item.input.locale))?;
        fs::write(&path, formats::render(item))
    };
    write().with_context(|| format!("{} cannot be written", path.display()))
}

/// Writes all articles into one file of lines.
fn write_jsonl(folder: &Path, items: &[ImportItem]) -> anyhow::Result<()> {
    let path = folder.join("articles.jsonl");
    let write = || -> io::Result<()> {
        fs::create_dir_all(folder)?;
        let mut file = io::BufWriter::new(fs::File::create(&path)?);
        items.iter().try_for_each(|item| file.write_all(formats::json_line(item).as_bytes()))?;
        file.flush()
    };
    write().with_context(|| format!("{} cannot be written", path.display()))
}

/// Writes all articles into one table.
fn write_csv(folder: &Path, items: &[ImportItem]) -> anyhow::Result<()> {
    let path = folder.join("articles.csv");
    let write = || -> io::Result<()> {
        fs::create_dir_all(folder)?;
        let mut table = CsvArticles::new(io::BufWriter::new(fs::File::create(&path)?))?;
        items.iter().try_for_each(|item| table.push(item))?;
        table.finish()
    };
    write().with_context(|| format!("{} cannot be written", path.display()))
}

/// The file of an article. Import leaves hidden files and `README.md` out, so no article is called so.
fn file_name(id: &str) -> String {
    match id {
        _ if id.starts_with('.') || id.eq_ignore_ascii_case("readme") => format!("article-{id}.md"),
        _ => format!("{id}.md"),
    }
}

/// The article as an import has it: its id alone, without what the store adds.
fn item(article: proto::Article) -> crate::Result<ImportItem> {
    let name = article.name.rsplit('/').next().unwrap_or_default().to_owned();
    Ok(ImportItem { name, input: resources::article_input(article, "article")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_gives_a_file_that_import_reads() {
        assert_eq!(file_name("returns.en"), "returns.en.md");
        assert_eq!(file_name(".hidden"), "article-.hidden.md");
        assert_eq!(file_name("ReadMe"), "article-ReadMe.md");
    }
}
