//! `frontdesk eval`: how well the model labels messages whose labels are known, and how well decisions
//! agree with those of a good agent.

mod decisions;
mod report;
mod score;

use std::{
    fmt::Write as _,
    io::{self, Write as _},
    path::PathBuf,
};

use clap::{Args, ValueEnum};

use super::{Context, Failure, Finished};
use crate::{
    encoder::ModelFolder,
    eval::{self, Report, Unit},
    progress,
    triage::Model,
};

/// Arguments of `eval`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    frontdesk eval --suite default\n  \
    frontdesk eval --messages ours.jsonl\n  \
    frontdesk eval --decisions tests/sets/decisions.en.jsonl\n\n\
    Messages are JSON lines as models/training/corpus/FORMAT.md describes, decisions as \
    tests/sets/README.md does. Nothing is sent anywhere and no server is needed.")]
pub(super) struct EvalArgs {
    /// Messages that come with the model.
    #[arg(long, value_enum, default_value_t, conflicts_with = "messages")]
    suite: Suite,
    /// Labelled messages of your own.
    #[arg(long, value_name = "FILE")]
    messages: Option<PathBuf>,
    /// Messages with the decision of a good agent, in the form of tests/sets/README.md; several times for
    /// several files. They are decided by the server.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["messages", "suite"])]
    decisions: Vec<PathBuf>,
    /// Pairs of messages of which the calm one comes first.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["messages", "suite", "decisions"])]
    pairs: Vec<PathBuf>,
}

/// Labelled messages that come with the model.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Suite {
    /// The test part: other authors than the training messages, nothing was chosen by it.
    #[default]
    Default,
    /// The dev part: it chose the epoch and fitted the calibration, so its figures are too good.
    Dev,
}

impl Suite {
    /// Its messages; they are part of the program, so that it can be measured wherever it runs.
    const fn messages(self) -> &'static str {
        match self {
            Self::Default => include_str!("../../../models/training/corpus/test.jsonl"),
            Self::Dev => include_str!("../../../models/training/corpus/dev.jsonl"),
        }
    }
}

/// Runs the command.
pub(super) async fn run(context: &Context, args: EvalArgs) -> Result<Finished, Failure> {
    let decided = match (args.decisions.as_slice(), args.pairs.as_slice()) {
        ([], []) => None,
        ([], pairs) => Some(decisions::run_pairs(context, pairs).await?),
        (files, _) => Some(decisions::run(context, files).await?),
    };
    if let Some(text) = decided {
        io::stdout().lock().write_all(text.as_bytes())?;
        return Ok(Finished::Well);
    }
    let settings = &context.settings;
    let (folder, computing) = (settings.model.folder(), settings.model.computing());
    let messages = match &args.messages {
        Some(path) => eval::read(path).map_err(|error| Failure::usage(error.into()))?,
        None => eval::parse(args.suite.messages(), "suite").map_err(|error| Failure::server(error.into()))?,
    };
    let reading = settings.reading();
    let work = move || -> crate::Result<Report> {
        let model = Model::load(ModelFolder::open(&folder)?, computing)?;
        let bar = progress::bar(messages.len() as u64, "messages");
        let report = eval::evaluate(&model, &reading, &messages, |done| bar.inc(done as u64));
        bar.finish_and_clear();
        report
    };
    let done = tokio::task::spawn_blocking(work).await.map_err(|error| Failure::server(error.into()))?;
    let report = done.map_err(|error| Failure::server(error.into()))?;
    let text = if context.global.json {
        serde_json::to_string_pretty(&report).map_err(|error| Failure::server(error.into()))? + "\n"
    } else {
        table(&report)
    };
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(Finished::Well)
}

/// The report as the Markdown tables of the model card.
fn table(report: &Report) -> String {
    let mut out = String::new();
    let columns = || report.columns.iter();
    line(&mut out, "", columns().map(|column| column.name.clone()));
    line(&mut out, "---", columns().map(|_| "---:".to_owned()));
    for (number, figure) in report.figures.iter().enumerate() {
        let values = columns().map(|column| match (column.values[number], figure.unit) {
            (None, _) => "–".to_owned(),
            (Some(value), Unit::Count) => format!("{value:.0}"),
            (Some(value), Unit::Share) => format!("{value:.3}"),
        });
        line(&mut out, figure.name, values);
    }
    out.push('\n');
    line(&mut out, "primary intent: messages", ["claimed", "right"].map(str::to_owned));
    line(&mut out, "---:", ["---:"; 2].map(str::to_owned));
    for bin in &report.reliability {
        line(
            &mut out,
            &bin.messages.to_string(),
            [bin.claimed, bin.right].map(|share| format!("{share:.3}")),
        );
    }
    out
}

/// One line of a table.
fn line(out: &mut String, first: &str, others: impl IntoIterator<Item = String>) {
    let _ = write!(out, "| {first} |");
    for cell in others {
        let _ = write!(out, " {cell} |");
    }
    out.push('\n');
}
