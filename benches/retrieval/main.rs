//! How often search finds what answers: `cargo bench --bench retrieval -- --data FOLDER`.
//!
//! `benches/README.md` says what is measured and how to read it. Nothing here may be used to tune anything.

mod figures;
mod put;
mod sample;
mod sets;
#[path = "../support/mod.rs"]
mod support;

use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;

/// Measures retrieval.
#[derive(Parser)]
struct Arguments {
    /// Folder with `retrieval/`; without it only the sample shop is measured.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Only these sets: parts of their names, `sample` for the sample shop.
    only: Vec<String>,
    /// Given by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

impl Arguments {
    fn wants(&self, set: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|part| set.contains(part.as_str()))
    }
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Runtime::new()?;
    let bundled = support::Bundled::load()?;
    println!("model {}", bundled.version);
    if arguments.wants("sample") {
        runtime.block_on(sample::measure(&bundled))?;
    }
    match &arguments.data {
        Some(data) => {
            let wants = |set: &str| arguments.wants(set);
            runtime.block_on(sets::measure(&bundled, &data.join("retrieval"), wants))?;
        }
        None => println!("\nonly the sample shop was measured; --data FOLDER measures the open sets too"),
    }
    Ok(())
}
