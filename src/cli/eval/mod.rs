//! `frontdesk eval`: how well the model labels messages whose labels are known, and how well decisions
//! agree with those of a good agent.

mod decisions;
mod precision;
mod report;
mod score;

use std::{
    fmt::Write as _,
    io::{self, Write as _},
    path::PathBuf,
};

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::{Context, Failure, Finished};
use crate::{
    encoder::{Isa, ModelFolder},
    eval::{self, LabelledMessage, Report, Unit},
    progress,
    triage::Model,
};

/// Arguments of `eval`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    frontdesk eval --suite default\n  \
    frontdesk eval --messages ours.jsonl\n  \
    frontdesk eval --decisions tests/sets/decisions.en.jsonl\n  \
    frontdesk eval --compare-precision --kernel avx2\n\n\
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
    /// Compare every precision of this processor with candle in f32: labels and sentence vectors of labelled
    /// messages (the dev part when no file is named), and what is found in the sample knowledge base.
    #[arg(long, value_name = "FILE", num_args = 0.., conflicts_with_all = ["messages", "suite", "decisions", "pairs"])]
    compare_precision: Option<Vec<PathBuf>>,
    /// Kernels to compare, such as avx2; several times for several. Default is the best of this processor.
    #[arg(long, value_name = "NAME", requires = "compare_precision")]
    kernel: Vec<Isa>,
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
    let decided = match (&args.compare_precision, args.decisions.as_slice(), args.pairs.as_slice()) {
        (Some(files), ..) => {
            let messages = labelled(files, Suite::Dev)?;
            Some(precision::run(context, messages, &args.kernel).await?)
        }
        (None, [], []) => None,
        (None, [], pairs) => Some(decisions::run_pairs(context, pairs).await?),
        (None, files, _) => Some(decisions::run(context, files).await?),
    };
    if let Some(text) = decided {
        io::stdout().lock().write_all(text.as_bytes())?;
        return Ok(Finished::Well);
    }
    let settings = &context.settings;
    let (folder, computing) = (settings.model.folder(), settings.model.computing());
    let messages = labelled(args.messages.as_slice(), args.suite)?;
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
    let text = if context.global.json { json_text(&report)? } else { table(&report) };
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(Finished::Well)
}

/// The messages of files; those of a suite when there is no file.
fn labelled(files: &[PathBuf], suite: Suite) -> Result<Vec<LabelledMessage>, Failure> {
    if files.is_empty() {
        return eval::parse(suite.messages(), "suite").map_err(|error| Failure::server(error.into()));
    }
    let mut messages = Vec::new();
    for file in files {
        messages.extend(eval::read(file).map_err(|error| Failure::usage(error.into()))?);
    }
    Ok(messages)
}

fn json_text(report: &impl Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(report).map_err(|error| Failure::server(error.into()))?;
    Ok(text + "\n")
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
