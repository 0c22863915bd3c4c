//! `frontdesk kb`: fills and asks knowledge bases.

mod export;
mod import;
mod list;
mod search;

use clap::{Args, Subcommand};

use super::{
    Context, base_name,
    failure::{Failure, Finished},
    print,
};

/// Fill and ask knowledge bases.
#[derive(Debug, Subcommand)]
pub(super) enum KbCommand {
    /// Import articles from a file, a folder or an archive.
    Import(import::ImportArgs),
    /// Write the articles of a knowledge base as files that import reads.
    Export(export::ExportArgs),
    /// Ask a knowledge base.
    Search(search::SearchArgs),
    /// Build the index of a knowledge base anew; searches go on meanwhile.
    Reindex(ReindexArgs),
    /// List the knowledge bases, or the articles of one.
    List(list::ListArgs),
}

#[derive(Args, Debug)]
#[command(after_help = "Example:\n  frontdesk kb reindex --kb shop")]
pub(super) struct ReindexArgs {
    /// Knowledge base; default is `knowledge.default_base` of the settings.
    #[arg(long, value_name = "NAME")]
    kb: Option<String>,
}

/// Runs the command.
pub(super) async fn run(context: &Context, command: KbCommand) -> Result<Finished, Failure> {
    match command {
        KbCommand::Import(args) => import::run(context, args).await,
        KbCommand::Export(args) => export::run(context, args).await,
        KbCommand::Search(args) => search::run(context, args).await,
        KbCommand::Reindex(args) => reindex(context, args).await,
        KbCommand::List(args) => list::run(context, args).await,
    }
}

async fn reindex(context: &Context, args: ReindexArgs) -> Result<Finished, Failure> {
    let name = base_of(context, args.kb.as_deref());
    let spinner = crate::progress::spinner(&format!("building the index of {name}"));
    let done = context.with_client(async |client| Ok(client.reindex(&name).await?)).await;
    spinner.finish_and_clear();
    let response = done?;
    if context.global.json {
        print::json(&response)?;
        return Ok(Finished::Well);
    }
    let seconds =
        response.duration.map_or(0.0, |duration| duration.seconds as f64 + f64::from(duration.nanos) / 1e9);
    anstream::println!(
        "{name}: generation {} with {} articles and {} passages, in {seconds:.1} s",
        response.generation,
        response.num_articles,
        response.num_passages
    );
    Ok(Finished::Well)
}

/// The knowledge base that is meant: the option's, else the settings'.
fn base_of(context: &Context, kb: Option<&str>) -> String {
    kb.map_or_else(|| context.settings.knowledge.default_base.clone(), base_name)
}
