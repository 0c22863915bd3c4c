//! How a server holds up under load: `cargo bench --bench load -- --help`.
//!
//! Starts the real program as a process of its own, on a free port of this machine and a data folder of its
//! own, and calls Triage from 1 to 200 callers, each of which sends its next message when it has the answer
//! to the last. `benches/README.md` says how to read the figures.

#[path = "../knowledge/articles.rs"]
#[expect(dead_code, reason = "the knowledge bench uses the rest")]
mod articles;
mod base;
mod callers;
mod figures;
mod messages;
mod server;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "the other benches use the rest")]
mod support;

use std::{path::PathBuf, time::Duration};

use anyhow::{Result, ensure};
use clap::Parser;
use frontdesk::settings::Settings;

use crate::{
    callers::{Callers, Measured},
    figures::{Memory, Spread, milliseconds},
    messages::Messages,
    server::{Program, ServerProcess},
};

/// Callers beside which one sends long messages.
const NUM_BESIDE_LONG: usize = 8;
/// Time before each measurement that does not count.
const WARM_UP: Duration = Duration::from_millis(500);

/// Measures a server under load.
#[derive(Parser)]
struct Arguments {
    /// Callers at once, one measurement each.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 8, 32, 100, 200])]
    callers: Vec<usize>,
    /// Seconds of one measurement.
    #[arg(long, default_value_t = 4.0)]
    seconds: f64,
    /// Rounds; each starts the server anew.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Passages of the knowledge base; 0 is the sample shop as it comes.
    #[arg(long, default_value_t = 0)]
    passages: usize,
    /// Encodes the passages with the model instead of a stand-in that hashes characters.
    #[arg(long)]
    encode: bool,
    /// Data folder to use again, so that the knowledge base is made only once; else a temporary one.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Cores that the server may use; 0 means all.
    #[arg(long, default_value_t = 0)]
    cores: usize,
    /// Another build of the program to measure.
    #[arg(long, default_value = env!("CARGO_BIN_EXE_frontdesk"))]
    program: PathBuf,
    /// Leaves out the long messages.
    #[arg(long)]
    no_long: bool,
    /// Given by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    ensure!(arguments.rounds > 0, "--rounds: measure at least one");
    // One thread: the server needs the cores.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let kept = tempfile::tempdir()?;
    let data = arguments.data.clone().unwrap_or_else(|| kept.path().to_owned());
    std::fs::create_dir_all(&data)?;
    // The server gets it from another working folder.
    let data = data.canonicalize()?;
    let default_base = runtime.block_on(base::prepare(&data, arguments.passages, arguments.encode))?;
    let program = Program { path: arguments.program.clone(), data, default_base, cores: arguments.cores };
    // Imports the sample shop on first use, and warms the page cache.
    ServerProcess::start(&program)?.stop()?;
    let settings = Settings::default();
    let messages = Messages::load(&settings)?;
    println!("{messages}");
    let mut rounds = Vec::new();
    for _ in 0..arguments.rounds {
        rounds.push(runtime.block_on(round(&arguments, &program, &messages))?);
    }
    report(&arguments, &rounds);
    Ok(())
}

/// What one life of the server gives.
struct Round {
    start: Duration,
    memory_at_start: Memory,
    memory_at_end: Memory,
    levels: Vec<Measured>,
    beside_long: Option<BesideLong>,
}

/// Short messages without and with long ones beside them.
struct BesideLong {
    without: Measured,
    with: Measured,
    long: Measured,
}

async fn round(arguments: &Arguments, program: &Program, messages: &Messages) -> Result<Round> {
    let server = ServerProcess::start(program)?;
    let memory_at_start = server.memory()?;
    let time = Duration::from_secs_f64(arguments.seconds);
    let mut levels = Vec::new();
    for &num_callers in &arguments.callers {
        let callers = Callers::connect(&server, num_callers, messages.short()).await?;
        levels.push(callers.measure(&server, WARM_UP, time).await?);
    }
    let beside_long = match arguments.no_long {
        true => None,
        false => Some(beside_long(&server, messages, time).await?),
    };
    let memory_at_end = server.memory()?;
    let start = server.took_to_start();
    server.stop()?;
    Ok(Round { start, memory_at_start, memory_at_end, levels, beside_long })
}

async fn beside_long(server: &ServerProcess, messages: &Messages, time: Duration) -> Result<BesideLong> {
    let short = Callers::connect(server, NUM_BESIDE_LONG, messages.short()).await?;
    let without = short.measure(server, WARM_UP, time).await?;
    let short = Callers::connect(server, NUM_BESIDE_LONG, messages.short()).await?;
    let long = Callers::connect(server, 1, messages.long()).await?;
    let (with, long) =
        tokio::try_join!(short.measure(server, WARM_UP, time), long.measure(server, WARM_UP, time))?;
    Ok(BesideLong { without, with, long })
}

fn report(arguments: &Arguments, rounds: &[Round]) {
    let of = |value: &dyn Fn(&Round) -> f64| Spread::of(rounds.iter().map(value));
    println!(
        "\nstart to SERVING: {:.0} ms; memory then: {:.0} MiB, of it {:.0} mapped files; \
         after the load {:.0} MiB, of it {:.0} mapped files (median (least-most) of {} rounds)",
        of(&|round| milliseconds(round.start)),
        of(&|round| round.memory_at_start.all),
        of(&|round| round.memory_at_start.files),
        of(&|round| round.memory_at_end.all),
        of(&|round| round.memory_at_end.files),
        rounds.len(),
    );
    let mut rows: Vec<_> = (0..arguments.callers.len())
        .map(|level| {
            let measured: Vec<&Measured> = rounds.iter().map(|round| &round.levels[level]).collect();
            figures::row(&format!("{}", arguments.callers[level]), &measured)
        })
        .collect();
    let beside: Vec<&BesideLong> = rounds.iter().filter_map(|round| round.beside_long.as_ref()).collect();
    if !beside.is_empty() {
        type Part = fn(&BesideLong) -> &Measured;
        let parts: [(String, Part); 3] = [
            (format!("{NUM_BESIDE_LONG}, short alone"), |beside| &beside.without),
            (format!("{NUM_BESIDE_LONG}, short beside long"), |beside| &beside.with),
            ("1, long (4 KB)".into(), |beside| &beside.long),
        ];
        for (name, part) in parts {
            rows.push(figures::row(&name, &beside.iter().map(|beside| part(beside)).collect::<Vec<_>>()));
        }
    }
    support::print_table(&figures::HEAD, &rows);
}
