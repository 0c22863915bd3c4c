//! Progress bars on the standard error output; only a terminal shows them.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar that counts to `total`, with what is counted as a plural.
pub(super) fn bar(total: u64, what: &str) -> ProgressBar {
    let template = format!("{{bar:30.cyan}} {{pos}}/{{len}} {what} {{per_sec}}, {{eta}} left");
    let bar = ProgressBar::new(total);
    if let Ok(style) = ProgressStyle::with_template(&template) {
        bar.set_style(style);
    }
    bar
}

/// A sign of life for work of unknown length.
pub(super) fn spinner(what: &str) -> ProgressBar {
    let spinner = ProgressBar::new_spinner().with_message(what.to_owned());
    spinner.enable_steady_tick(std::time::Duration::from_millis(120));
    spinner
}
