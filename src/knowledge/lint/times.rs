//! What is out of date.

use super::{Finding, FindingKind, LintSettings, Read, translations::versions};

/// Milliseconds of a day.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Finds articles that are out of date; one finding an article, for the first reason that holds.
pub(super) fn find(articles: &[Read<'_>], settings: &LintSettings) -> Vec<Finding> {
    let mut findings = Vec::new();
    let versions = versions(articles);
    for read in articles {
        let content = &read.article.content;
        let newest = versions
            .get(&read.translations())
            .into_iter()
            .flatten()
            .filter_map(|version| Some((version.article.content.content_time_ms?, version)))
            .max_by_key(|&(time, _)| time);
        let ended = content.valid_until_ms.filter(|&until| until <= settings.now_ms);
        let age = content.content_time_ms.map(|time| days(time, settings.now_ms));
        let lag = content
            .content_time_ms
            .zip(newest)
            .map(|(time, (newest, version))| (days(time, newest), version));
        let id = read.article.name.id();
        let message = if let Some(until) = ended {
            let days = days(until, settings.now_ms);
            format!("{id} ceased to hold {days} days ago; delete it or give it a later end.")
        } else if let Some((lag, newer)) = lag.filter(|&(lag, _)| lag > settings.max_translation_lag_days) {
            let newer = newer.article.name.id();
            format!("{id} is {lag} days older than its translation {newer}; bring it up to date.")
        } else if let Some(age) = age.filter(|&age| age > settings.max_age_days) {
            format!("{id} was last changed {age} days ago; check whether it still holds.")
        } else {
            continue;
        };
        let places = vec![read.place(0..read.body().len(), vec![])];
        findings.push(Finding { kind: FindingKind::Stale, places, message });
    }
    findings
}

fn days(from_ms: i64, to_ms: i64) -> i64 {
    to_ms.saturating_sub(from_ms) / DAY_MS
}
