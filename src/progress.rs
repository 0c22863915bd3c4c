//! Progress bars on the standard error output; only a terminal shows them.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// Between two signs of life.
const TICK: Duration = Duration::from_millis(120);

/// A bar that counts to `total`, with what is counted as a plural.
pub(crate) fn bar(total: u64, what: &str) -> ProgressBar {
    let template = format!("{{spinner}} {{bar:30.cyan}} {{pos}}/{{len}} {what} {{per_sec}}, {{eta}} left");
    let bar = ProgressBar::new(total);
    if let Ok(style) = ProgressStyle::with_template(&template) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(TICK);
    bar
}

/// A bar for work in steps, with what is counted as a plural; its message names the step.
pub(crate) fn steps(what: &str) -> ProgressBar {
    let template = format!("{{spinner}} {{msg:10}} {{bar:30.cyan}} {{pos}}/{{len}} {what}");
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template(&template) {
        bar.set_style(style);
    }
    bar.enable_steady_tick(TICK);
    bar
}

/// A sign of life for work of unknown length.
pub(crate) fn spinner(what: &str) -> ProgressBar {
    let spinner = ProgressBar::new_spinner().with_message(what.to_owned());
    spinner.enable_steady_tick(TICK);
    spinner
}
