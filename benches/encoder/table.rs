//! All figures of one encoder on one number of threads.

use std::collections::BTreeMap;

use anyhow::Result;
use serde::Serialize;

use crate::{
    choice::Measured,
    measure::{Latency, messages_per_second},
    rows::Rows,
    support,
};

/// Messages of a batch: alone, a few, many.
const BATCHES: [usize; 3] = [1, 8, 32];
/// Threads that call at the same time.
const CALLERS: [usize; 2] = [1, 2];

/// Figures of one encoder.
#[derive(Serialize)]
pub struct Figures {
    encoder: String,
    /// Of one pass.
    threads: usize,
    /// Of single rows, by their length in tokens.
    latency: BTreeMap<usize, Latency>,
    /// Mean length of the short messages in tokens.
    mean_tokens: f64,
    /// Short messages a second, by how many are in a batch; one number for each of [`CALLERS`].
    messages_per_second: BTreeMap<usize, [f64; CALLERS.len()]>,
}

impl Figures {
    /// Measures each figure for so many seconds.
    ///
    /// # Errors
    /// When a pass fails.
    pub fn measure(encoder: &Measured, rows: &Rows, seconds: f64) -> Result<Self> {
        let latency =
            |(&tokens, rows): (&usize, &Vec<_>)| Ok((tokens, Latency::measure(encoder, rows, seconds)?));
        let rates = |&batch: &usize| {
            let rate = |callers| messages_per_second(encoder, &rows.messages, callers, batch, seconds);
            Ok((batch, [rate(CALLERS[0])?, rate(CALLERS[1])?]))
        };
        Ok(Self {
            encoder: encoder.name(),
            threads: encoder.threads(),
            latency: rows.single.iter().map(latency).collect::<Result<_>>()?,
            mean_tokens: rows.mean_tokens(),
            messages_per_second: BATCHES.iter().map(rates).collect::<Result<_>>()?,
        })
    }

    /// Prints a table for people.
    ///
    /// # Errors
    /// None; its form is that of [`Self::print_json`].
    pub fn print(&self) -> Result<()> {
        println!("\n{}, passes on {} threads", self.encoder, self.threads);
        let latency = self.latency.iter().map(|(tokens, latency)| {
            let Latency { p10_ms, p50_ms, p90_ms, .. } = latency;
            let [p10, p50, p90] = [p10_ms, p50_ms, p90_ms].map(|time| format!("{time:.2}"));
            vec![tokens.to_string(), p10, p50, p90]
        });
        support::print_table(
            &["tokens of one row", "p10 ms", "p50 ms", "p90 ms"],
            &latency.collect::<Vec<_>>(),
        );
        let head = format!("messages of a batch (mean {:.1} tokens)", self.mean_tokens);
        let rates = self
            .messages_per_second
            .iter()
            .map(|(batch, [one, two])| vec![batch.to_string(), format!("{one:.0}"), format!("{two:.0}")]);
        let head = [head.as_str(), "messages a second, one caller", "two callers"];
        support::print_table(&head, &rates.collect::<Vec<_>>());
        Ok(())
    }

    /// Prints one line of JSON.
    ///
    /// # Errors
    /// When a figure is not a number.
    pub fn print_json(&self) -> Result<()> {
        println!("{}", serde_json::to_string(self)?);
        Ok(())
    }
}
