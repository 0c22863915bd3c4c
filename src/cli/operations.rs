//! `frontdesk operations`: what runs on a server, or ran there.

use clap::{Args, Subcommand};

use super::{
    Context, base_name,
    failure::{Failure, Finished},
    print,
};
use crate::{
    grpc::client::{Client, ClientError, Code, Reindexing},
    proto::{
        ReindexStep,
        google::longrunning::{ListOperationsRequest, ListOperationsResponse, Operation},
    },
};

/// Entries of one call.
const PAGE_SIZE: i32 = 100;

/// Show and cancel work that outlives the command that started it.
#[derive(Debug, Subcommand)]
pub(super) enum OperationsCommand {
    /// List the operations of the last days, the newest first.
    List(ListArgs),
    /// Show one operation.
    #[command(after_help = "Example:\n  frontdesk operations show 019a0a3c-6f3f-7c2b-9d59-0d6f2c3b1a77")]
    Show(NameArgs),
    /// Ask an operation to stop.
    #[command(after_help = "Example:\n  frontdesk operations cancel 019a0a3c-6f3f-7c2b-9d59-0d6f2c3b1a77")]
    Cancel(NameArgs),
}

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  frontdesk operations list\n  frontdesk operations list --kb shop --running"
)]
pub(super) struct ListArgs {
    /// Only those on this knowledge base.
    #[arg(long, value_name = "NAME")]
    kb: Option<String>,
    /// Only those that run.
    #[arg(long)]
    running: bool,
}

#[derive(Args, Debug)]
pub(super) struct NameArgs {
    /// Operation, by its name or the part after "operations/".
    #[arg(value_name = "NAME")]
    name: String,
}

/// Runs the command.
pub(super) async fn run(context: &Context, command: OperationsCommand) -> Result<Finished, Failure> {
    match command {
        OperationsCommand::List(args) => list(context, args).await,
        OperationsCommand::Show(args) => show(context, &name_of(&args.name)).await,
        OperationsCommand::Cancel(args) => cancel(context, &name_of(&args.name)).await,
    }
}

async fn list(context: &Context, args: ListArgs) -> Result<Finished, Failure> {
    let base = args.kb.map(|kb| format!("knowledge_base=\"{}\"", base_name(&kb)));
    let running = args.running.then(|| "done=false".to_owned());
    let filter = base.into_iter().chain(running).collect::<Vec<_>>().join(" AND ");
    let operations = context.with_client(async |client| Ok(all(&client, &filter).await?)).await?;
    if context.global.json {
        print::json(&ListOperationsResponse { operations, next_page_token: String::new() })?;
    } else if operations.is_empty() {
        anstream::println!("There is no such operation; `frontdesk kb reindex` starts one.");
    } else {
        let rows = operations.into_iter().map(|operation| {
            let read = Reindexing::read(operation)?;
            Ok([id_of(&read.name).to_owned(), read.progress.knowledge_base.clone(), told(&read)])
        });
        print::rows(rows.collect::<Result<_, ClientError>>()?)?;
    }
    Ok(Finished::Well)
}

async fn show(context: &Context, name: &str) -> Result<Finished, Failure> {
    let operation = context.with_client(async |client| Ok(client.get_operation(name).await?)).await?;
    if context.global.json {
        print::json(&operation)?;
        return Ok(Finished::Well);
    }
    let read = Reindexing::read(operation)?;
    let progress = &read.progress;
    let told = told(&read);
    let mut rows = vec![("operation", read.name), ("knowledge base", progress.knowledge_base.clone())];
    rows.push(("state", told));
    rows.extend(progress.start_time.map(|time| ("started", print::when(time))));
    rows.extend(progress.end_time.map(|time| ("ended", print::when(time))));
    print::rows(rows.into_iter().map(|(what, value)| [what.to_owned(), value, String::new()]).collect())?;
    Ok(Finished::Well)
}

async fn cancel(context: &Context, name: &str) -> Result<Finished, Failure> {
    let operation = context
        .with_client(async |client| {
            client.cancel_operation(name).await?;
            Ok(client.get_operation(name).await?)
        })
        .await?;
    if context.global.json {
        print::json(&operation)?;
    } else if operation.done {
        anstream::println!("{name}: {}", told(&Reindexing::read(operation)?));
    } else {
        anstream::println!(
            "{name} is asked to stop; `frontdesk operations show {}` tells how it ended",
            id_of(name)
        );
    }
    Ok(Finished::Well)
}

async fn all(client: &Client, filter: &str) -> Result<Vec<Operation>, ClientError> {
    let mut all = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = ListOperationsRequest {
            filter: filter.to_owned(),
            page_size: PAGE_SIZE,
            page_token,
            ..ListOperationsRequest::default()
        };
        let page = client.list_operations(request).await?;
        all.extend(page.operations);
        if page.next_page_token.is_empty() {
            return Ok(all);
        }
        page_token = page.next_page_token;
    }
}

/// The state of a reindex in a few words.
fn told(reindexing: &Reindexing) -> String {
    let progress = &reindexing.progress;
    match &reindexing.ended {
        None => {
            let stopping = if progress.cancel_requested { ", asked to stop" } else { "" };
            let (done, total) = (progress.num_articles_done, progress.num_articles_total);
            format!("running: {} ({done}/{total} articles){stopping}", step_name(progress.step()))
        }
        Some(Ok(response)) => {
            format!("done: generation {} with {} articles", response.generation, response.num_articles)
        }
        Some(Err(error)) if error.code == Code::Cancelled => "cancelled".to_owned(),
        Some(Err(error)) => format!("failed: {error}"),
    }
}

/// What a step of a reindex does, in a word.
pub(super) fn step_name(step: ReindexStep) -> &'static str {
    match step {
        ReindexStep::Unspecified => "starting",
        ReindexStep::Reading => "reading",
        ReindexStep::Encoding => "encoding",
        ReindexStep::Indexing => "indexing",
        ReindexStep::Checking => "checking",
        ReindexStep::Warming => "warming up",
        ReindexStep::Swapping => "swapping",
    }
}

/// The last part of an operation's name.
pub(super) fn id_of(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// The resource name of an operation that is given by name or by its id alone.
fn name_of(name: &str) -> String {
    if name.contains('/') { name.to_owned() } else { format!("operations/{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proto::{ReindexMetadata, ReindexResponse};

    #[test]
    fn the_state_is_told_in_a_few_words() {
        let progress = ReindexMetadata {
            step: ReindexStep::Indexing.into(),
            num_articles_done: 20,
            num_articles_total: 46,
            ..ReindexMetadata::default()
        };
        let of = |ended| told(&Reindexing { name: "operations/1".into(), progress: progress.clone(), ended });
        assert_eq!(of(None), "running: indexing (20/46 articles)");
        let response = ReindexResponse { generation: 2, num_articles: 46, ..ReindexResponse::default() };
        assert_eq!(of(Some(Ok(response))), "done: generation 2 with 46 articles");
        assert_eq!(of(Some(Err(ClientError::new(Code::Cancelled, "")))), "cancelled");
        let aborted = ClientError::new(Code::Aborted, "the server stopped before it ended");
        assert_eq!(of(Some(Err(aborted))), "failed: ABORTED: the server stopped before it ended");
    }

    #[test]
    fn an_operation_is_named_by_its_id_alone_too() {
        assert_eq!(name_of("1"), "operations/1");
        assert_eq!(name_of("operations/1"), "operations/1");
        assert_eq!(id_of("operations/1"), "1");
    }
}
