//! The log: one subscriber for the whole program, to the standard error output.
//!
//! Texts of customers are never logged. This crate's own events carry ids, counts, sizes and
//! durations; other crates are kept at `info`, because at `debug` and below some of them print
//! what passes through them (HTTP/2 headers, SQL statements).

use std::{
    env,
    io::{self, IsTerminal},
    panic::{self, PanicHookInfo},
    thread,
};

use anyhow::Context;
use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::{
    EnvFilter, Layer,
    filter::{LevelFilter, filter_fn},
    fmt::{self, MakeWriter},
    layer::SubscriberExt,
    registry,
    util::SubscriberInitExt,
};

use crate::settings::{LogFormat, LogSettings};

/// What the targets of this crate's own events start with.
const OWN_TARGET: &str = "frontdesk";

/// Starts logging for the process.
///
/// # Errors
/// When the level is not one, or when logging was started before.
pub fn init(log: &LogSettings) -> anyhow::Result<()> {
    let colours = io::stderr().is_terminal() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    subscriber(log, io::stderr, colours)?.try_init().context("logging was started before")?;
    panic::set_hook(Box::new(log_panic));
    Ok(())
}

/// Logs where a panic happened, never its message: one about a slice of text holds the text.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map_or_else(|| "unknown".to_owned(), ToString::to_string);
    let thread = thread::current().name().unwrap_or("unnamed").to_owned();
    tracing::error!(place, thread, "panicked");
}

fn subscriber<W>(log: &LogSettings, writer: W, colours: bool) -> anyhow::Result<impl Subscriber + Send + Sync>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = EnvFilter::try_new(&log.level).context("log.level")?;
    let lines = fmt::layer().with_writer(writer).with_ansi(colours);
    let lines = match log.format {
        LogFormat::Text => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let finest = filter.max_level_hint().unwrap_or(LevelFilter::TRACE);
    let harmless = filter_fn(move |metadata| *metadata.level() <= finest && is_harmless(metadata));
    // Without the hint, what other crates log at finer levels is made ready before it is thrown away.
    let harmless = harmless.with_max_level_hint(finest);
    Ok(registry().with(lines.with_filter(filter).with_filter(harmless)))
}

/// Whether an event or span cannot show what passes through other crates.
fn is_harmless(metadata: &Metadata<'_>) -> bool {
    *metadata.level() <= Level::INFO || metadata.target().starts_with(OWN_TARGET)
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(log: &LogSettings, log_something: impl FnOnce()) -> String {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = subscriber(log, move || writer.clone(), false).unwrap();
        tracing::subscriber::with_default(subscriber, log_something);
        let bytes = lines.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    fn log(level: &str, format: LogFormat) -> LogSettings {
        LogSettings { level: level.into(), format }
    }

    #[test]
    fn the_level_decides_what_is_logged() {
        let text = logged(&log("info", LogFormat::Text), || {
            tracing::info!(num_articles = 3, "imported");
            tracing::debug!("details");
        });
        assert!(text.contains("imported") && text.contains("num_articles=3"), "{text}");
        assert!(!text.contains("details"), "{text}");
    }

    #[test]
    fn what_is_finer_than_the_level_costs_nothing() {
        let subscriber = subscriber(&log("warn,frontdesk=info", LogFormat::Text), io::sink, false).unwrap();
        assert_eq!(subscriber.max_level_hint(), Some(LevelFilter::INFO));
    }

    #[test]
    fn json_is_one_object_a_line() {
        let text = logged(&log("info", LogFormat::Json), || tracing::warn!(queue = 7, "busy"));
        let line: serde_json::Value = serde_json::from_str(text.trim()).unwrap();
        assert_eq!((line["level"].as_str(), line["queue"].as_i64()), (Some("WARN"), Some(7)));
        assert_eq!(line["message"], "busy");
    }

    #[test]
    fn other_crates_do_not_print_what_passes_through_them() {
        let text = logged(&log("trace", LogFormat::Text), || {
            tracing::debug!(target: "h2::codec", "a customer's header");
            tracing::info!(target: "sqlx::query", "harmless");
            tracing::trace!("own");
        });
        assert!(text.contains("harmless") && text.contains("own"), "{text}");
        assert!(!text.contains("header"), "{text}");
    }
}
