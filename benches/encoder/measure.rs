//! Times of single passes, and messages in a given time.

use std::{
    hint::black_box,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use frontdesk::encoder::Row;
use serde::Serialize;

use crate::choice::Measured;

/// Passes before the clock counts.
const NUM_WARM_UP: usize = 5;

/// How long a pass over one row takes.
#[derive(Serialize)]
pub struct Latency {
    /// One pass in ten takes less.
    pub p10_ms: f64,
    /// Every other pass takes less.
    pub p50_ms: f64,
    /// One pass in ten takes more.
    pub p90_ms: f64,
    /// Passes that were timed.
    pub passes: usize,
}

impl Latency {
    /// Passes over one row after the other, for so many seconds.
    ///
    /// # Errors
    /// When there is no row, or a pass fails.
    pub fn measure(encoder: &Measured, rows: &[Row], seconds: f64) -> Result<Self> {
        ensure!(!rows.is_empty(), "there are no rows of this length; name it in --lengths");
        let mut took = Vec::new();
        let end = Instant::now() + Duration::try_from_secs_f64(seconds)?;
        for (pass, row) in rows.chunks(1).cycle().enumerate() {
            let started = Instant::now();
            if started >= end && !took.is_empty() {
                break;
            }
            black_box(encoder.encode(black_box(row))?);
            if pass >= NUM_WARM_UP {
                took.push(started.elapsed().as_secs_f64() * 1000.0);
            }
        }
        took.sort_unstable_by(f64::total_cmp);
        let share = |percent: usize| took[(took.len() * percent / 100).min(took.len() - 1)];
        Ok(Self { p10_ms: share(10), p50_ms: share(50), p90_ms: share(90), passes: took.len() })
    }
}

/// Messages that are encoded in a second by callers that take batches from one list.
///
/// The list is in the order in which messages came: callers do not sort them.
///
/// # Errors
/// When a pass fails.
pub fn messages_per_second(
    encoder: &Measured,
    messages: &[Row],
    callers: usize,
    batch: usize,
    seconds: f64,
) -> Result<f64> {
    ensure!(batch > 0 && callers > 0, "a batch and the callers are at least 1");
    let batches: Vec<&[Row]> = messages.chunks(batch).collect();
    ensure!(!batches.is_empty(), "there are no messages");
    for batch in batches.iter().take(NUM_WARM_UP) {
        black_box(encoder.encode(batch)?);
    }
    let next = AtomicUsize::new(0);
    let started = Instant::now();
    let end = started + Duration::try_from_secs_f64(seconds)?;
    let caller = || -> frontdesk::Result<usize> {
        let mut done = 0;
        while Instant::now() < end {
            let rows = batches[next.fetch_add(1, Ordering::Relaxed) % batches.len()];
            black_box(encoder.encode(black_box(rows))?);
            done += rows.len();
        }
        Ok(done)
    };
    let done = thread::scope(|scope| {
        let running: Vec<_> = (0..callers).map(|_| scope.spawn(caller)).collect();
        running.into_iter().map(|thread| thread.join()).collect::<Vec<_>>()
    });
    let mut total = 0;
    for thread in done {
        total += thread.map_err(|_| anyhow::anyhow!("a caller ended early"))??;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts of a bench")]
    Ok(total as f64 / started.elapsed().as_secs_f64())
}
