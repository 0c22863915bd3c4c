//! `frontdesk batch`: decides a file of messages, in order, and goes on where it was stopped.

mod input;
mod output;
mod pipeline;

use std::{
    future::Future,
    path::PathBuf,
    time::{Duration, Instant},
};

use clap::Args;
use serde::Serialize;

use self::{
    input::{Chunks, Lines},
    output::{Output, Tally},
    pipeline::{Decide, InFlight, Patience},
};
use super::{
    Context, base_name,
    failure::{Failure, Finished},
};
use crate::{grpc::client::Client, proto::Limits};

/// Messages in one call; enough to fill the encoder's batches, few enough to lose little when
/// interrupted.
const CHUNK_MESSAGES: usize = 32;
/// Bytes in one call, half of what servers take by default.
const CHUNK_BYTES: usize = 512 * 1024;

/// Decide a file of messages.
///
/// Each line of IN is a JSON object with "text", an "id", and any other field of TriageRequest
/// in proto3 JSON; "channel" and "role" may be short ("email", "agent"), and "expect" is ignored,
/// so that labelled samples can be decided. Each line of OUT is the TriageResponse in proto3 JSON, or an object with
/// "requestId" and "error", in the order of IN. A command that was interrupted goes on where it
/// was stopped when it is typed again.
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  \
    frontdesk batch samples/messages.jsonl decisions.jsonl\n\n\
    A line of IN:\n  \
    {\"id\": \"m1\", \"text\": \"Where is my order?\", \"customer\": {\"tier\": \"vip\"}}\n\n\
    Exit codes: 0 all decided, 1 some lines have an error, 2 wrong usage, 3 the server failed, 130 interrupted.")]
pub(super) struct BatchArgs {
    /// File with a message a line.
    #[arg(value_name = "IN.jsonl")]
    input: PathBuf,
    /// File that the decisions are written to.
    #[arg(value_name = "OUT.jsonl")]
    output: PathBuf,
    /// Throw away what is in OUT and begin again.
    #[arg(long)]
    restart: bool,
    /// Knowledge base to search for messages that name none; default is the server's.
    #[arg(long, value_name = "NAME")]
    kb: Option<String>,
}

/// What the command did, for programs.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    num_messages: usize,
    num_decided_before: usize,
    seconds: f64,
    #[serde(flatten)]
    tally: Tally,
}

/// Runs the command.
pub(super) async fn run(context: &Context, args: BatchArgs) -> Result<Finished, Failure> {
    let default_base = args.kb.as_deref().map(base_name).unwrap_or_default();
    let lines = Lines::open(&args.input, default_base).map_err(Failure::usage)?;
    let num_messages = Lines::open(&args.input, String::new()).map_err(Failure::usage)?.count();
    let ids =
        Lines::open(&args.input, String::new()).map_err(Failure::usage)?.map(|line| line.map(|line| line.id));
    let output = Output::open(&args.output, &args.input, ids, args.restart).map_err(Failure::usage)?;
    let num_decided_before = output.tally.num_lines();
    let started = Instant::now();
    let mut batch = Batch { patience: Patience::default(), lines, output, num_messages };
    let finished = if num_decided_before == num_messages {
        Finished::Well
    } else {
        // Stops between two writes: nothing is half written.
        let stop = async { drop(tokio::signal::ctrl_c().await) };
        let done = context.with_client(async |client| batch.decide_all(client, stop).await).await;
        done.inspect_err(|_| eprintln!("{}", batch.how_to_resume()))?
    };
    let summary = Summary {
        num_messages,
        num_decided_before,
        seconds: started.elapsed().as_secs_f64(),
        tally: batch.output.tally,
    };
    report(context, &args, finished, &summary)?;
    Ok(if finished == Finished::Well && summary.tally.failed > 0 { Finished::WithFailures } else { finished })
}

struct Batch {
    patience: Patience,
    lines: Lines,
    output: Output,
    num_messages: usize,
}

impl Batch {
    async fn decide_all(
        &mut self,
        client: Client,
        stop: impl Future<Output = ()>,
    ) -> Result<Finished, Failure> {
        let limits = client.get_info().await?.limits.unwrap_or_default();
        let decide = move |requests| {
            let client = client.clone();
            async move { Ok(client.batch_triage(requests).await?.results) }
        };
        self.write_all(&limits, decide, stop).await
    }

    /// Decides what is not decided yet and writes it, chunk by chunk, until `stop`.
    async fn write_all(
        &mut self,
        limits: &Limits,
        decide: impl Decide,
        stop: impl Future<Output = ()>,
    ) -> Result<Finished, Failure> {
        let skipped = self.output.tally.num_lines();
        let progress = crate::progress::bar(self.num_messages as u64, "messages");
        progress.set_position(skipped as u64);
        progress.reset_eta();
        let mut chunks = Chunks::new(self.lines.by_ref().skip(skipped), limits);
        let mut in_flight = InFlight::new(decide, self.patience);
        let mut stop = std::pin::pin!(stop);
        loop {
            in_flight.fill(&mut chunks).map_err(Failure::usage)?;
            let written = tokio::select! {
                biased;
                () = &mut stop => return Ok(Finished::Interrupted),
                next = in_flight.next() => next,
            };
            let Some(lines) = written else { break };
            let lines = lines?;
            self.output.write(&lines).map_err(Failure::server)?;
            progress.inc(lines.len() as u64);
        }
        self.output.sync().map_err(Failure::server)?;
        progress.finish_and_clear();
        Ok(Finished::Well)
    }

    fn how_to_resume(&self) -> String {
        let done = self.output.tally.num_lines();
        format!("{done} of {} messages are written; type the same command again to go on", self.num_messages)
    }
}

fn report(context: &Context, args: &BatchArgs, finished: Finished, summary: &Summary) -> Result<(), Failure> {
    if context.global.json {
        let json = serde_json::to_string(summary).map_err(|error| Failure::server(error.into()))?;
        anstream::println!("{json}");
        return Ok(());
    }
    let done = summary.tally.num_lines();
    if finished == Finished::Interrupted {
        anstream::eprintln!(
            "interrupted: {done} of {} messages are written; type the same command again to go on",
            summary.num_messages
        );
        return Ok(());
    }
    let new = done - summary.num_decided_before;
    let rate = new as f64 / summary.seconds.max(0.001);
    let earlier = match summary.num_decided_before {
        0 => String::new(),
        before => format!(" ({before} of them earlier)"),
    };
    let time = Duration::from_secs(summary.seconds.round() as u64);
    anstream::println!("{done} messages{earlier} in {time:?}, {rate:.1} a second: {}", summary.tally);
    if summary.tally.failed > 0 {
        anstream::eprintln!("{} lines of {} have an \"error\"", summary.tally.failed, args.output.display());
    }
    Ok(())
}

#[cfg(test)]
mod tests;
