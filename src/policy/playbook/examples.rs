//! `[[tests]]`: examples in the file with what must come of them, and what does.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp, Zoned, civil, tz::TimeZone};
use serde::Serialize;

use super::{
    Placement, Playbook,
    calendar::Calendars,
    names::{CHANNELS, DEPARTMENTS, EMOTIONS, PRIORITIES, SENTIMENTS, SIGNALS, TIERS, URGENCIES, name_of},
    placement::Circumstances,
    read::{Node, Section, remedy},
    report::Place,
    routing::Routing,
    rules::Rule,
    service_level::duration,
};
use crate::{
    message::{Channel, Tier},
    signals::SignalKind,
    taxonomy::{INTENTS, Intent},
    triage::{Emotion, Polarity, Urgency},
};

/// An example of the file.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Example {
    name: String,
    place: Place,
    given: Given,
    expected: Vec<Expected>,
}

/// A message as an example describes it.
#[derive(Clone, Debug, PartialEq)]
struct Given {
    intents: Vec<&'static Intent>,
    urgency: Urgency,
    sentiment: Option<Polarity>,
    emotion: Option<Emotion>,
    language: String,
    channel: Channel,
    tier: Tier,
    tags: Vec<String>,
    signals: Vec<SignalKind>,
    due_in: Option<SignedDuration>,
    num_affected: Option<u64>,
    received_at: Timestamp,
}

/// One thing that must come of an example.
#[derive(Clone, Debug, PartialEq)]
struct Expected {
    key: &'static str,
    value: Value,
}

/// What comes of an example, or must.
#[derive(Clone, Debug, PartialEq)]
enum Value {
    Text(String),
    List(Vec<String>),
    Flag(bool),
    /// A moment, shown in a time zone.
    Time(Timestamp),
}

/// How an example of the file came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExampleResult {
    /// Its name.
    pub name: String,
    /// Its line in the file, from 1.
    pub line: usize,
    /// What differs; empty when all is as expected.
    pub differences: Vec<Difference>,
}

/// Something that came out otherwise than an example expects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The key of `expect`.
    pub key: &'static str,
    /// What the example expects.
    pub expected: String,
    /// What came out.
    pub actual: String,
}

/// What examples are read with.
pub(super) struct Known<'a> {
    pub routing: &'a Routing,
    pub rules: &'a [Rule],
    pub calendars: &'a Calendars,
    pub zone: &'a TimeZone,
}

impl Playbook {
    /// Runs the examples of the file, in its order.
    pub fn run_examples(&self) -> Vec<ExampleResult> {
        self.examples.iter().map(|example| example.run(self)).collect()
    }
}

impl Example {
    fn run(&self, playbook: &Playbook) -> ExampleResult {
        let placement = playbook.place(&self.given.circumstances());
        let differences = self.expected.iter().filter_map(|expected| {
            let actual = actual(&placement, expected.key);
            let zone = playbook.time_zone();
            (actual != expected.value).then(|| Difference {
                key: expected.key,
                expected: expected.value.told(zone),
                actual: actual.told(zone),
            })
        });
        let differences = differences.collect();
        ExampleResult { name: self.name.clone(), line: self.place.line, differences }
    }
}

impl Given {
    fn circumstances(&self) -> Circumstances<'_> {
        Circumstances {
            intents: &self.intents,
            urgency: self.urgency,
            sentiment: self.sentiment,
            emotion: self.emotion,
            language: &self.language,
            channel: self.channel,
            tier: self.tier,
            tags: &self.tags,
            signals: &self.signals,
            due_in: self.due_in,
            num_affected: self.num_affected,
            received_at: self.received_at,
        }
    }

    /// Reads `given`; says also whether it has a time.
    fn read(mut section: Section<'_>, zone: &TimeZone) -> (Self, bool) {
        fn one<T: Copy>(
            section: &mut Section<'_>,
            key: &'static str,
            names: &[(&'static str, T)],
        ) -> Option<T> {
            section.get(key).and_then(|node| node.choice(key, names))
        }
        let intents = section.get("intent").map(|node| node.one_or_more()).unwrap_or_default();
        let signals = section.get("signals").map(|node| node.one_or_more()).unwrap_or_default();
        let at = section.get("at");
        let given = Self {
            intents: intents.iter().filter_map(intent).collect(),
            urgency: one(&mut section, "urgency", &URGENCIES).unwrap_or(Urgency::Normal),
            sentiment: one(&mut section, "sentiment", &SENTIMENTS),
            emotion: one(&mut section, "emotion", &EMOTIONS),
            language: section.get("language").and_then(|node| node.words()).unwrap_or("en").to_owned(),
            channel: one(&mut section, "channel", &CHANNELS).unwrap_or_default(),
            tier: one(&mut section, "tier", &TIERS).unwrap_or_default(),
            tags: section.get("tags").map(|node| words(&node)).unwrap_or_default(),
            signals: signals.iter().filter_map(|node| node.choice("signal", &SIGNALS)).collect(),
            due_in: section.get("due_in").and_then(|node| duration(&node)),
            num_affected: section.get("affected").and_then(|node| node.count()),
            received_at: at
                .as_ref()
                .map_or_else(|| some_wednesday(zone), |node| moment(node).unwrap_or_default()),
        };
        section.finish();
        (given, at.is_some())
    }
}

/// When the message of an example came that names no time: 7 January 2026, 10:00.
fn some_wednesday(zone: &TimeZone) -> Timestamp {
    let wednesday = civil::date(2026, 1, 7).at(10, 0, 0, 0);
    wednesday.to_zoned(zone.clone()).map(|zoned| zoned.timestamp()).unwrap_or_default()
}

/// Reads `[[tests]]`.
pub(super) fn read(node: &Node<'_>, known: &Known<'_>) -> Vec<Example> {
    let mut names: BTreeMap<String, Place> = BTreeMap::new();
    let mut examples = Vec::new();
    for node in node.list() {
        let Some(example) = read_example(&node, known) else { continue };
        if let Some(first) = names.insert(example.name.clone(), example.place) {
            node.mistake(format!(
                "the name {:?} is taken on line {}; take another",
                example.name, first.line
            ));
        }
        examples.push(example);
    }
    examples
}

fn read_example(node: &Node<'_>, known: &Known<'_>) -> Option<Example> {
    let mut section = node.section()?;
    let name = section.require("name", "a name").and_then(|node| node.words());
    let given = section.require("given", "the message, for example { intent = \"refund.request\" }");
    let given = given.and_then(|node| node.section()).map(|section| Given::read(section, known.zone));
    let expected = section.require("expect", "what must come of it, for example { queue = \"billing\" }");
    let has_time = given.as_ref().is_some_and(|(_, has_time)| *has_time);
    let expected =
        expected.and_then(|node| node.section()).map(|section| read_expected(section, has_time, known));
    section.finish();
    Some(Example { name: name?.to_owned(), place: node.place(), given: given?.0, expected: expected? })
}

fn read_expected(mut section: Section<'_>, has_time: bool, known: &Known<'_>) -> Vec<Expected> {
    if section.is_empty() {
        section.mistake("expects nothing; write for example queue, priority or rules");
    }
    let mut expected = Vec::new();
    let mut expect = |key: &'static str, read: &dyn Fn(&Node<'_>) -> Option<Value>| {
        if let Some(value) = section.get(key).and_then(|node| read(&node)) {
            expected.push(Expected { key, value });
        }
    };
    let list = |node: &Node<'_>| Some(Value::List(words(node)));
    expect("queue", &|node| known.routing.named(node).map(Value::Text));
    expect("priority", &|node| level(node, "priority", &PRIORITIES));
    expect("urgency", &|node| level(node, "urgency", &URGENCIES));
    expect("department", &|node| level(node, "department", &DEPARTMENTS));
    expect("skills", &list);
    expect("tags", &list);
    expect("assignee", &|node| Some(Value::Text(node.text()?.to_owned())));
    expect("handoff", &|node| node.flag().map(Value::Flag));
    expect("rules", &|node| Some(rule_names(node, known.rules)));
    expect("calendar", &|node| known.calendars.named(node).map(Value::Text));
    for key in ["first_reply_due", "next_reply_due"] {
        expect(key, &|node| {
            if !has_time {
                node.mistake("needs the time of the message; write at into given");
            }
            moment(node).map(Value::Time)
        });
    }
    section.finish();
    expected
}

/// What came of an example, by the key of `expect`.
fn actual(placement: &Placement, key: &str) -> Value {
    let Placement { outcome, deadlines, .. } = placement;
    match key {
        "queue" => Value::Text(placement.queue.clone()),
        "priority" => Value::Text(name_of(&PRIORITIES, placement.priority).to_owned()),
        "urgency" => Value::Text(name_of(&URGENCIES, placement.urgency).to_owned()),
        "department" => Value::Text(placement.department.name().to_owned()),
        "skills" => Value::List(outcome.skills.clone()),
        "tags" => Value::List(outcome.tags.clone()),
        "assignee" => Value::Text(outcome.assignee_hint.clone().unwrap_or_default()),
        "handoff" => Value::Flag(outcome.handoff),
        "rules" => Value::List(outcome.fired.iter().map(|rule| rule.name.clone()).collect()),
        "calendar" => Value::Text(deadlines.calendar.clone()),
        "first_reply_due" => Value::Time(deadlines.first_reply_due),
        _ => Value::Time(deadlines.next_reply_due),
    }
}

impl Value {
    /// The value as the file writes it.
    fn told(&self, zone: &TimeZone) -> String {
        match self {
            Self::Text(text) => format!("{text:?}"),
            Self::List(list) => format!("{list:?}"),
            Self::Flag(flag) => flag.to_string(),
            Self::Time(time) => time.to_zoned(zone.clone()).to_string(),
        }
    }
}

fn level<T: Copy + PartialEq>(node: &Node<'_>, what: &str, names: &[(&'static str, T)]) -> Option<Value> {
    node.choice(what, names).map(|value| Value::Text(name_of(names, value).to_owned()))
}

/// A list of words, which may be empty.
fn words(node: &Node<'_>) -> Vec<String> {
    let nodes = if node.is_text() { vec![node.clone()] } else { node.list() };
    nodes.iter().filter_map(Node::words).map(str::to_owned).collect()
}

fn rule_names(node: &Node<'_>, rules: &[Rule]) -> Value {
    let known: Vec<&str> = rules.iter().map(|rule| rule.name.as_str()).collect();
    let names = words(node);
    for name in names.iter().filter(|name| !known.contains(&name.as_str())) {
        node.mistake(format!("there is no rule {name:?}{}", remedy(name, &known)));
    }
    Value::List(names)
}

fn intent(node: &Node<'_>) -> Option<&'static Intent> {
    let id = node.text()?;
    let intent = Intent::find(id);
    if intent.is_none() {
        let known: Vec<&str> = INTENTS.iter().map(|intent| intent.id).collect();
        node.mistake(format!("{id:?} is no intent{}", remedy(id, &known)));
    }
    intent
}

/// A moment: "2026-10-01T10:00:00+08:00", with or without "[Asia/Shanghai]", in quotes or not.
fn moment(node: &Node<'_>) -> Option<Timestamp> {
    let parsed = match node.as_datetime() {
        Some(datetime) => datetime.to_string().parse::<Timestamp>().ok(),
        None => {
            let text = node.text()?;
            let zoned = text.parse::<Zoned>().map(|zoned| zoned.timestamp());
            if text.contains('[') { zoned.ok() } else { text.parse::<Timestamp>().ok() }
        }
    };
    if parsed.is_none() {
        node.mistake(
            "is no moment; write for example \"2026-10-01T10:00:00+08:00\", or with the zone, whose offset must \
             fit, \"2026-10-01T10:00:00+08:00[Asia/Shanghai]\"",
        );
    }
    parsed
}
