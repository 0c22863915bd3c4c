//! `frontdesk kb`: fills and asks knowledge bases.

mod check;
mod export;
mod gaps;
mod golden;
mod import;
mod lint;
mod list;
mod reindex;
mod search;

use clap::Subcommand;

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
    Reindex(reindex::ReindexArgs),
    /// Go back to the index before the live one.
    Rollback(reindex::RollbackArgs),
    /// List the knowledge bases, or the articles of one.
    List(list::ListArgs),
    /// Set the golden questions of a knowledge base: questions of which the answer is known.
    Golden(golden::GoldenArgs),
    /// Ask a knowledge base its golden questions and count what comes out right.
    Check(check::CheckArgs),
    /// List what customers asked and no article answers, the most asked first.
    Gaps(gaps::GapsArgs),
    /// Look through the articles for what may be wrong: duplicates, contradictions, old content.
    Lint(lint::LintArgs),
}

/// Runs the command.
pub(super) async fn run(context: &Context, command: KbCommand) -> Result<Finished, Failure> {
    match command {
        KbCommand::Import(args) => import::run(context, args).await,
        KbCommand::Export(args) => export::run(context, args).await,
        KbCommand::Search(args) => search::run(context, args).await,
        KbCommand::Reindex(args) => reindex::run(context, args).await,
        KbCommand::Rollback(args) => reindex::rollback(context, args).await,
        KbCommand::List(args) => list::run(context, args).await,
        KbCommand::Golden(args) => golden::run(context, args).await,
        KbCommand::Check(args) => check::run(context, args).await,
        KbCommand::Gaps(args) => gaps::run(context, args).await,
        KbCommand::Lint(args) => lint::run(context, args).await,
    }
}

/// The knowledge base that is meant: the option's, else the settings'.
fn base_of(context: &Context, kb: Option<&str>) -> String {
    kb.map_or_else(|| context.settings.knowledge.default_base.clone(), base_name)
}
