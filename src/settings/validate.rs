//! Ranges of the settings.

use std::{fmt::Display, ops::RangeInclusive, path::Path};

use tracing_subscriber::EnvFilter;

use super::Settings;
use crate::knowledge::BaseName;

/// A key and what is wrong with its value.
pub(super) type Problem = (&'static str, String);

/// Finds every value that is out of its range.
pub(super) fn problems(settings: &Settings) -> Vec<Problem> {
    let Settings { server, model, data, knowledge, workers, triage, tenants, records, log } = settings;
    let found = [
        range("server.drain_seconds", server.drain_seconds, 0..=3600),
        range("server.max_request_bytes", server.max_request_bytes, 64 * 1024..=64 * 1024 * 1024),
        range("server.max_concurrent_streams", server.max_concurrent_streams, 1..=65_536),
        range("server.keepalive_seconds", server.keepalive_seconds, 1..=3600),
        range("server.keepalive_timeout_seconds", server.keepalive_timeout_seconds, 1..=3600),
        range("server.max_connection_age_seconds", server.max_connection_age_seconds, 10..=86_400),
        path("model.path", &model.path),
        range("model.max_windows", model.max_windows, 1..=64),
        path("data.path", &data.path),
        base_name(&knowledge.default_base),
        path("knowledge.sample_path", &knowledge.sample_path),
        range("knowledge.max_hits", knowledge.max_hits, 1..=50),
        range("knowledge.golden_max_drop", knowledge.golden_max_drop, 0.0..=1.0),
        range("knowledge.gap_days", knowledge.gap_days, 0..=3650),
        range("workers.cores", workers.cores, 0..=1024),
        range("workers.queue", workers.queue, 1..=100_000),
        range("workers.deadline_ms", workers.deadline_ms, 10..=600_000),
        range("triage.intents_shown", triage.intents_shown, 1..=46),
        range("triage.max_text_bytes", triage.max_text_bytes, 256..=1024 * 1024),
        range("triage.max_turns", triage.max_turns, 0..=1000),
        range("triage.max_batch", triage.max_batch, 1..=1000),
        path("tenants.path", &tenants.path),
        range("tenants.reload_seconds", tenants.reload_seconds, 0..=3600),
        range("records.keep_days", records.keep_days, 1..=3650),
        range("records.max_decisions", records.max_decisions, 1..=10_000_000),
        range("records.conversation_hours", records.conversation_hours, 1..=8760),
        range("records.max_turns", records.max_turns, 1..=200),
        range("records.max_conversations", records.max_conversations, 1..=10_000_000),
        request_holds_text(triage.max_text_bytes, server.max_request_bytes),
        filter(&log.level),
    ];
    found.into_iter().flatten().collect()
}

fn range<T: PartialOrd + Display>(
    key: &'static str,
    value: T,
    allowed: RangeInclusive<T>,
) -> Option<Problem> {
    if allowed.contains(&value) {
        return None;
    }
    Some((key, format!("{value} is out of range; write {} to {}", allowed.start(), allowed.end())))
}

fn path(key: &'static str, path: &Path) -> Option<Problem> {
    path.as_os_str().is_empty().then(|| (key, "is empty; write the path of a folder".to_owned()))
}

fn base_name(name: &str) -> Option<Problem> {
    let key = "knowledge.default_base";
    BaseName::parse(name, key).err().map(|_| {
        (
            key,
            format!(
                "{name:?} is not the name of a knowledge base; write for example \"knowledgeBases/shop\""
            ),
        )
    })
}

fn request_holds_text(text_bytes: usize, request_bytes: usize) -> Option<Problem> {
    (text_bytes >= request_bytes).then(|| {
        let reason =
            format!("{text_bytes} does not fit into server.max_request_bytes ({request_bytes}); raise that");
        ("triage.max_text_bytes", reason)
    })
}

fn filter(level: &str) -> Option<Problem> {
    let reason = match EnvFilter::try_new(level) {
        Ok(_) if !level.trim().is_empty() => return None,
        Ok(_) => "is empty".to_owned(),
        Err(error) => format!("{level:?} is not a log level: {error}"),
    };
    Some(("log.level", format!("{reason}; write error, warn, info, debug or trace")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keys that are wrong after a change of the defaults.
    fn wrong(change: impl FnOnce(&mut Settings)) -> Vec<&'static str> {
        let mut settings = Settings::default();
        change(&mut settings);
        problems(&settings).into_iter().map(|(key, _)| key).collect()
    }

    #[test]
    fn values_out_of_range_are_named() {
        assert_eq!(wrong(|settings| settings.workers.queue = 0), ["workers.queue"]);
        assert_eq!(wrong(|settings| settings.knowledge.golden_max_drop = 1.5), ["knowledge.golden_max_drop"]);
        assert_eq!(
            wrong(|settings| settings.knowledge.golden_max_drop = f64::NAN),
            ["knowledge.golden_max_drop"]
        );
        assert_eq!(wrong(|settings| settings.tenants.reload_seconds = 3601), ["tenants.reload_seconds"]);
        assert_eq!(wrong(|settings| settings.model.path = "".into()), ["model.path"]);
        assert_eq!(
            wrong(|settings| settings.knowledge.default_base = "shop".into()),
            ["knowledge.default_base"]
        );
        assert_eq!(wrong(|settings| settings.log.level = "loud=quiet".into()), ["log.level"]);
        assert_eq!(wrong(|settings| settings.log.level = " ".into()), ["log.level"]);
    }

    #[test]
    fn settings_that_contradict_each_other_are_named() {
        let text_too_long = wrong(|settings| {
            settings.server.max_request_bytes = 64 * 1024;
            settings.triage.max_text_bytes = 64 * 1024;
        });
        assert_eq!(text_too_long, ["triage.max_text_bytes"]);
    }

    #[test]
    fn every_mistake_is_found() {
        let keys = wrong(|settings| {
            settings.server.keepalive_seconds = 0;
            settings.triage.max_batch = 0;
        });
        assert_eq!(keys, ["server.keepalive_seconds", "triage.max_batch"]);
    }
}
