//! Scores what `signals::read` finds on labelled messages: precision and recall per kind.
//!
//! Usage: `score_facts [--misses] [--fires KIND] FILE…`. The files hold one message a line with `expect.signals`
//! and `expect.entities`. A signal is found when a message has one of its kind; an entity when one of its kind
//! overlaps the expected place by more than half of the longer. `--misses` lists what differs; `--fires` lists
//! what is found of one kind, also in files without labels (`all`: every signal).

use std::{collections::BTreeMap, fs, ops::Range};

use frontdesk::{
    message::{Channel, Locale},
    signals::{self, Clock, Content, Facts},
    text::{own::own, redact::redact},
};
use jiff::{Timestamp, tz::TimeZone};
use serde_json::Value;

/// Right, wrong and missed finds of one kind.
#[derive(Default)]
struct Count {
    right: usize,
    wrong: usize,
    missed: usize,
}

fn main() -> anyhow::Result<()> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let misses = arguments.iter().position(|argument| argument == "--misses").map(|at| arguments.remove(at));
    let fires = arguments.iter().position(|argument| argument == "--fires").map(|at| {
        arguments.remove(at);
        arguments.remove(at)
    });
    let mut counts: BTreeMap<String, Count> = BTreeMap::new();
    for file in &arguments {
        for line in fs::read_to_string(file)?.lines() {
            let row: Value = serde_json::from_str(line)?;
            let text = row["text"].as_str().unwrap_or_default();
            let facts = read(&row, text)?;
            match &fires {
                Some(kind) => print_fires(kind, &row, text, &facts),
                None => score(&row, text, &facts, misses.is_some(), &mut counts),
            }
        }
    }
    for (kind, count) in &counts {
        let share = |part: usize, whole: usize| if whole == 0 { 1.0 } else { part as f64 / whole as f64 };
        println!(
            "{kind:28} precision {:.3} recall {:.3}  right {:4} wrong {:4} missed {:4}",
            share(count.right, count.right + count.wrong),
            share(count.right, count.right + count.missed),
            count.right,
            count.wrong,
            count.missed
        );
    }
    Ok(())
}

fn read(row: &Value, text: &str) -> anyhow::Result<Facts> {
    let channel: Channel = row["channel"].as_str().unwrap_or("chat").parse().unwrap_or_default();
    let language = row["expect"]["language"].as_str().or(row["lang"].as_str()).unwrap_or_default();
    let clock = Clock {
        now: "2026-11-10T02:00:00Z".parse::<Timestamp>()?,
        time_zone: TimeZone::get("Europe/Amsterdam")?,
    };
    let own = signals::Own { text, own: &own(text, channel), personal: &redact(text).spans };
    Ok(signals::read(&own, Locale::from_tag(language), &clock))
}

fn print_fires(kind: &str, row: &Value, text: &str, facts: &Facts) {
    let id = row["id"].as_str().unwrap_or_default();
    let intents = row["intents"]
        .as_array()
        .map(|all| all.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(","));
    let line = text.replace('\n', " / ");
    for signal in &facts.signals {
        if kind == "all" || kind == signal.kind.name() {
            println!(
                "{id}\t{}\t[{}] due {:?} num {:?}\t{:?}\t{line}",
                signal.kind.name(),
                &text[signal.span.clone()],
                signal.due.map(|due| due.to_string()),
                signal.num_affected,
                intents
            );
        }
    }
    for entity in &facts.entities {
        if kind == "entities" || kind == entity_name(entity.kind) {
            println!("{id}\t{}\t[{}] = {}\t{line}", entity_name(entity.kind), entity.text, entity.value);
        }
    }
    if kind == "person" {
        let wants = row["wants_human"].as_bool().unwrap_or_default();
        let label = match (wants, &facts.asks_person) {
            (true, Some(_)) => "right",
            (false, Some(_)) => "WRONG",
            (true, None) => "MISSED",
            (false, None) => return,
        };
        let span = facts.asks_person.clone().map(|span| &text[span]).unwrap_or_default();
        println!("{label}\t{id}\t[{span}]\t{line}");
    }
    if kind == "content" && facts.content != Content::Words {
        println!("{id}\t{:?}\t{:?}\t{line}", facts.content, row["lang"].as_str());
    }
}

fn entity_name(kind: signals::EntityKind) -> String {
    serde_json::to_value(kind).ok().and_then(|name| name.as_str().map(String::from)).unwrap_or_default()
}

fn score(row: &Value, text: &str, facts: &Facts, misses: bool, counts: &mut BTreeMap<String, Count>) {
    let id = row["id"].as_str().unwrap_or_default();
    let differ = |what: &str, kind: &str, shown: &str| {
        if misses {
            println!("{what}\t{kind}\t{id}\t[{shown}]\t{}", text.replace('\n', " / "));
        }
    };
    let expected = |name: &str| row["expect"][name].as_array().cloned().unwrap_or_default();
    let wanted: Vec<String> =
        expected("signals").iter().filter_map(|kind| kind.as_str().map(String::from)).collect();
    for kind in signals::SignalKind::ALL {
        let count = counts.entry(format!("signal {}", kind.name())).or_default();
        let found = facts.signals.iter().find(|signal| signal.kind == kind);
        match (wanted.iter().any(|name| name == kind.name()), found) {
            (true, Some(_)) => count.right += 1,
            (true, None) => {
                count.missed += 1;
                differ("MISSED", kind.name(), "");
            }
            (false, Some(signal)) => {
                count.wrong += 1;
                differ("WRONG", kind.name(), &text[signal.span.clone()]);
            }
            (false, None) => {}
        }
    }
    let places: Vec<(String, Range<usize>)> = expected("entities")
        .iter()
        .filter_map(|entity| {
            let words = entity["text"].as_str()?;
            let start = text.find(words)?;
            Some((entity["kind"].as_str()?.to_owned(), start..start + words.len()))
        })
        .collect();
    for (kind, place) in &places {
        let is_found = facts
            .entities
            .iter()
            .any(|entity| entity_name(entity.kind) == *kind && overlap(place, &entity.span));
        let count = counts.entry(format!("entity {kind}")).or_default();
        if is_found {
            count.right += 1;
        } else {
            count.missed += 1;
            differ("MISSED", kind, &text[place.clone()]);
        }
    }
    for entity in &facts.entities {
        let kind = entity_name(entity.kind);
        if !places.iter().any(|(expected, place)| *expected == kind && overlap(place, &entity.span)) {
            counts.entry(format!("entity {kind}")).or_default().wrong += 1;
            differ("WRONG", &kind, &text[entity.span.clone()]);
        }
    }
    let reasons = expected("handoff_reasons");
    let asks = reasons.iter().any(|reason| reason == "requested");
    let count = counts.entry("asks person".into()).or_default();
    match (asks, &facts.asks_person) {
        (true, Some(_)) => count.right += 1,
        (true, None) => {
            count.missed += 1;
            differ("MISSED", "person", "");
        }
        (false, Some(span)) => {
            count.wrong += 1;
            differ("WRONG", "person", &text[span.clone()]);
        }
        (false, None) => {}
    }
}

/// Whether two places share at least half of the longer one, or one holds the other and is not thrice as long.
fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    let shared = one.end.min(other.end).saturating_sub(one.start.max(other.start));
    shared * 2 >= one.len().max(other.len())
}
