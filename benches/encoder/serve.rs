//! Measures on request, so that runtimes can take turns within one run.
//!
//! A request and its answer are one line of JSON each; `benches/peers/README.md` describes them.

use std::io::{BufRead, Write, stdin, stdout};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    choice::Measured,
    measure::{Latency, messages_per_second},
    rows::Rows,
};

/// What can be asked for.
#[derive(Deserialize)]
#[serde(tag = "figure", rename_all = "snake_case")]
enum Request {
    /// Single rows of one length.
    Latency { tokens: usize, seconds: f64 },
    /// The short messages.
    Throughput { callers: usize, batch: usize, seconds: f64 },
    /// The vectors of single rows, or without a length of the first short messages.
    Vectors { tokens: Option<usize>, first: usize },
}

/// Answers requests until the input ends.
///
/// # Errors
/// When the input or output breaks; a request that fails is answered with its error.
pub fn answer(encoder: &Measured, rows: &Rows) -> Result<()> {
    say(&json!({ "name": encoder.name(), "threads": encoder.threads() }))?;
    for line in stdin().lock().lines() {
        let answer = respond(&line?, encoder, rows);
        say(&answer.unwrap_or_else(|error| json!({ "error": format!("{error:#}") })))?;
    }
    Ok(())
}

fn respond(line: &str, encoder: &Measured, rows: &Rows) -> Result<serde_json::Value> {
    let single = |tokens| rows.single.get(&tokens).map(Vec::as_slice).unwrap_or_default();
    Ok(match serde_json::from_str(line).context("not a request")? {
        Request::Latency { tokens, seconds } => {
            serde_json::to_value(Latency::measure(encoder, single(tokens), seconds)?)?
        }
        Request::Throughput { callers, batch, seconds } => {
            let rate = messages_per_second(encoder, &rows.messages, callers, batch, seconds)?;
            json!({ "messages_per_second": rate })
        }
        Request::Vectors { tokens, first } => {
            let messages = rows.messages.get(..first).unwrap_or(&rows.messages);
            let encoded = encoder.encode(tokens.map_or(messages, single))?;
            let vectors: Vec<Vec<f32>> = encoded.into_iter().map(|row| row.vector).collect();
            json!({ "vectors": vectors })
        }
    })
}

fn say(answer: &impl Serialize) -> Result<()> {
    let mut out = stdout().lock();
    writeln!(out, "{}", serde_json::to_string(answer)?)?;
    Ok(out.flush()?)
}
