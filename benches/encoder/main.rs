//! How fast the encoder is by itself: `cargo bench --bench encoder`.
//!
//! It prints a table, or answers one request a line (`--serve`), so that `benches/peers/compare.py` can
//! measure other runtimes in turns with it. `benches/README.md` says how to read the figures.

mod choice;
mod measure;
mod rows;
mod serve;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "the other benches use the rest")]
mod support;
mod table;

use std::{num::NonZeroUsize, path::PathBuf, process::Command};

use anyhow::{Context, Result, ensure};
use clap::Parser;
use frontdesk::encoder::SentenceEncoder;

use crate::{
    choice::{Choice, Measured},
    rows::Rows,
};

/// Says to candle on how many threads it computes; read once, when it computes first.
const CANDLE_THREADS: &str = "RAYON_NUM_THREADS";

/// Measures the encoder.
#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    choice: Choice,
    /// Lengths of single rows in tokens, 3 to 512, separated by commas.
    #[arg(long, value_delimiter = ',', default_values_t = [12, 16, 32, 128, 256], value_parser = 3..=512)]
    lengths: Vec<i64>,
    /// Threads of one pass; more than one number measures one after the other.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 2], value_parser = 1..=64)]
    threads: Vec<i64>,
    /// Seconds of each figure.
    #[arg(long, default_value_t = 1.0)]
    seconds: f64,
    /// Prints one line of JSON for each number of threads instead of a table.
    #[arg(long)]
    json: bool,
    /// Writes the rows of token ids to this file and measures nothing.
    #[arg(long, value_name = "FILE")]
    rows: Option<PathBuf>,
    /// Answers requests, one line of JSON each, until the input ends.
    #[arg(long)]
    serve: bool,
    /// Given by this program to itself: the one number of threads that is measured.
    #[arg(long, hide = true)]
    only: Option<i64>,
    /// Given by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if let Some(file) = &arguments.rows {
        return rows(&arguments, &arguments.choice.load()?)?.write(file);
    }
    let threads = arguments.only.map_or_else(|| arguments.threads.clone(), |only| vec![only]);
    match threads.as_slice() {
        &[threads] if std::env::var(CANDLE_THREADS).is_ok_and(|set| set == threads.to_string()) => {
            measured(&arguments, NonZeroUsize::try_from(usize::try_from(threads)?)?)
        }
        several => several.iter().copied().try_for_each(in_own_process),
    }
}

fn rows(arguments: &Arguments, sentences: &SentenceEncoder) -> Result<Rows> {
    let lengths = arguments.lengths.iter().map(|&length| usize::try_from(length));
    Rows::new(&sentences.rows, &lengths.collect::<Result<Vec<_>, _>>()?)
}

/// Measures in this process, whose number of threads is set.
fn measured(arguments: &Arguments, threads: NonZeroUsize) -> Result<()> {
    let sentences = arguments.choice.load()?;
    let rows = rows(arguments, &sentences)?;
    let encoder = Measured::new(&sentences, threads);
    if arguments.serve {
        return serve::answer(&encoder, &rows);
    }
    let figures = table::Figures::measure(&encoder, &rows, arguments.seconds)?;
    if arguments.json { figures.print_json() } else { figures.print() }
}

/// Measures in a process of its own: candle's number of threads cannot change within one.
fn in_own_process(threads: i64) -> Result<()> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(std::env::args_os().skip(1)).arg(format!("--only={threads}"));
    let status = command.env(CANDLE_THREADS, threads.to_string()).status();
    let status = status.context("this program does not start again")?;
    ensure!(status.success(), "measuring on {threads} threads failed: {status}");
    Ok(())
}
