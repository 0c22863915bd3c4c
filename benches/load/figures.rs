//! Figures of several rounds, and how they are printed.

use std::{fmt, time::Duration};

use crate::callers::Measured;

/// Head of the table of measurements.
pub const HEAD: [&str; 10] = [
    "callers",
    "decisions/s",
    "p50 ms",
    "p90 ms",
    "p99 ms",
    "max ms",
    "errors",
    "server's CPU, cores",
    "server's CPU, ms a decision",
    "callers' CPU, cores",
];

/// A figure over several rounds.
pub struct Spread {
    median: f64,
    least: f64,
    most: f64,
}

/// Memory of a process, in MiB.
#[derive(Clone, Copy)]
pub struct Memory {
    /// What is in memory, mapped files included.
    pub all: f64,
    /// Pages of mapped files.
    pub files: f64,
}

impl Spread {
    /// Of the values of the rounds.
    pub fn of(values: impl Iterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.collect();
        values.sort_by(f64::total_cmp);
        let at = |index: usize| values.get(index).copied().unwrap_or(f64::NAN);
        Self { median: at(values.len() / 2), least: at(0), most: at(values.len().saturating_sub(1)) }
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = formatter.precision().unwrap_or(2);
        let Self { median, least, most } = self;
        if least.total_cmp(most).is_eq() {
            return write!(formatter, "{median:.digits$}");
        }
        write!(formatter, "{median:.digits$} ({least:.digits$}-{most:.digits$})")
    }
}

/// One line of the table: what the rounds measured of the same thing.
pub fn row(name: &str, rounds: &[&Measured]) -> Vec<String> {
    let of = |value: &dyn Fn(&Measured) -> f64| Spread::of(rounds.iter().map(|measured| value(measured)));
    let latency =
        |share: f64| format!("{:.1}", of(&|measured| measured.latency(share).map_or(f64::NAN, milliseconds)));
    vec![
        name.to_owned(),
        format!("{:.0}", of(&Measured::rate)),
        latency(0.5),
        latency(0.9),
        latency(0.99),
        latency(1.0),
        rounds.iter().map(|measured| measured.num_errors).sum::<usize>().to_string(),
        format!("{:.2}", of(&|measured| measured.server_cores)),
        format!("{:.2}", of(&|measured| measured.server_cores * 1000.0 / measured.rate())),
        format!("{:.2}", of(&|measured| measured.client_cores)),
    ]
}

/// A duration as a number of milliseconds.
pub fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
