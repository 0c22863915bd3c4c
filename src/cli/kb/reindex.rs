//! `frontdesk kb reindex` and `kb rollback`: changes the index that is live.

use std::{io, time::Duration};

use clap::Args;
use indicatif::ProgressBar;

use super::{Context, Failure, Finished, base_of, print};
use crate::{
    cli::operations,
    grpc::client::{Client, ClientError, Code, Reindexing},
    proto::{ReindexRequest, ReindexResponse, google::longrunning::Operation},
};

/// How often the bar moves.
const POLL: Duration = Duration::from_millis(250);

/// Build the index of a knowledge base anew; searches go on meanwhile.
///
/// Ctrl-C asks it to stop, and the index that is live stays; a second Ctrl-C leaves it running.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    frontdesk kb reindex --kb shop\n  \
    frontdesk kb reindex --kb shop --detach")]
pub(in crate::cli) struct ReindexArgs {
    /// Knowledge base; default is `knowledge.default_base` of the settings.
    #[arg(long, value_name = "NAME")]
    kb: Option<String>,
    /// Take the new index also when it answers golden questions worse than the live one.
    #[arg(long)]
    force: bool,
    /// Only start it; `frontdesk operations show` tells how far it is.
    #[arg(long)]
    detach: bool,
}

/// Go back to the index before the live one.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  frontdesk kb rollback --kb shop")]
pub(in crate::cli) struct RollbackArgs {
    /// Knowledge base; default is `knowledge.default_base` of the settings.
    #[arg(long, value_name = "NAME")]
    kb: Option<String>,
}

/// What became of a reindex while somebody watched.
enum Watched {
    /// It goes on by itself.
    Running(Operation),
    /// It ended.
    Ended(Result<ReindexResponse, ClientError>),
    /// Nobody wants to wait any longer.
    Left,
}

/// Runs `kb reindex`.
pub(super) async fn run(context: &Context, args: ReindexArgs) -> Result<Finished, Failure> {
    let name = base_of(context, args.kb.as_deref());
    let watched = context
        .with_server(async |client, in_process| {
            if args.detach && in_process {
                return Err(Failure::usage(anyhow::anyhow!(
                    "--detach needs a server that goes on running; start one with `frontdesk serve`"
                )));
            }
            let request =
                ReindexRequest { name: name.clone(), force: args.force, ..ReindexRequest::default() };
            let started = client.reindex(request).await?;
            if args.detach {
                return Ok(Watched::Running(started));
            }
            watch(&client, started, in_process).await
        })
        .await?;
    match watched {
        Watched::Running(operation) => {
            if context.global.json {
                print::json(&operation)?;
            } else {
                let id = operations::id_of(&operation.name);
                anstream::println!(
                    "{name}: {} runs; `frontdesk operations show {id}` tells more",
                    operation.name
                );
            }
            Ok(Finished::Well)
        }
        Watched::Ended(Ok(response)) => {
            report(context, &name, &response)?;
            Ok(Finished::Well)
        }
        Watched::Ended(Err(error)) if error.code == Code::Cancelled => {
            anstream::eprintln!("cancelled: the index of {name} stays as it was");
            Ok(Finished::Interrupted)
        }
        Watched::Ended(Err(error)) => Err(error.into()),
        Watched::Left => Ok(Finished::Interrupted),
    }
}

/// Shows how far a reindex is until it ends, or Ctrl-C is typed twice.
async fn watch(client: &Client, started: Operation, in_process: bool) -> Result<Watched, Failure> {
    let bar = crate::progress::steps("articles");
    let mut reindexing = Reindexing::read(started)?;
    let mut stop = Box::pin(tokio::signal::ctrl_c());
    let mut is_asked_to_stop = false;
    loop {
        show(&bar, &reindexing);
        if let Some(ended) = reindexing.ended {
            bar.finish_and_clear();
            return Ok(Watched::Ended(ended));
        }
        tokio::select! {
            biased;
            typed = &mut stop => {
                typed.map_err(|error: io::Error| Failure::server(error.into()))?;
                stop.set(tokio::signal::ctrl_c());
                if is_asked_to_stop {
                    bar.finish_and_clear();
                    left(&reindexing.name, in_process);
                    return Ok(Watched::Left);
                }
                is_asked_to_stop = true;
                bar.suspend(|| anstream::eprintln!("asking it to stop; Ctrl-C again does not wait for that"));
                ask_to_stop(client.clone(), reindexing.name.clone());
            }
            latest = client.wait_operation(&reindexing.name, POLL) => {
                reindexing = Reindexing::read(latest?)?;
            }
        }
    }
}

/// Asks on a task of its own, so that a second Ctrl-C is seen when the server does not answer.
fn ask_to_stop(client: Client, name: String) {
    tokio::spawn(async move {
        if let Err(error) = client.cancel_operation(&name).await {
            anstream::eprintln!("{name} was not asked to stop: {error}");
        }
    });
}

fn show(bar: &ProgressBar, reindexing: &Reindexing) {
    let progress = &reindexing.progress;
    bar.set_length(progress.num_articles_total.unsigned_abs());
    bar.set_position(progress.num_articles_done.unsigned_abs());
    bar.set_message(operations::step_name(progress.step()));
}

fn left(name: &str, in_process: bool) {
    if in_process {
        anstream::eprintln!("interrupted: the index stays as it was");
    } else {
        let id = operations::id_of(name);
        anstream::eprintln!("{name} is left to end by itself; `frontdesk operations show {id}` tells how");
    }
}

fn report(context: &Context, name: &str, response: &ReindexResponse) -> Result<(), Failure> {
    if context.global.json {
        return Ok(print::json(response)?);
    }
    let duration = response.duration.unwrap_or_default();
    let seconds = duration.seconds as f64 + f64::from(duration.nanos) / 1e9;
    anstream::println!(
        "{name}: generation {} with {} articles and {} passages, in {seconds:.1} s; before it was generation {}",
        response.generation,
        response.num_articles,
        response.num_passages,
        response.previous_generation
    );
    Ok(())
}

/// Runs `kb rollback`.
pub(super) async fn rollback(context: &Context, args: RollbackArgs) -> Result<Finished, Failure> {
    let name = base_of(context, args.kb.as_deref());
    let response = context.with_client(async |client| Ok(client.rollback_index(&name).await?)).await?;
    if context.global.json {
        print::json(&response)?;
        return Ok(Finished::Well);
    }
    anstream::println!(
        "{name}: generation {} is live with {} articles and {} passages; before it was generation {}",
        response.generation,
        response.num_articles,
        response.num_passages,
        response.previous_generation
    );
    Ok(Finished::Well)
}
