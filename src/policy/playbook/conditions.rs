//! `when` of a rule: which messages it is for.
//!
//! All keys of a condition must hold; of the values of a key, one. So a condition is a set for every thing
//! that it looks at, and [`Condition::covers`] and [`Condition::meets`] compare these sets.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;

use super::{
    RuleView,
    calendar::{Calendar, Calendars, DAY, Span, hours, time_zone, weekdays},
    names::{
        self, ALL_INTENTS, CHANNELS, EMOTIONS, IntentSet, NO_INTENT, PRIORITIES, SENTIMENTS, SIGNALS, TIERS,
        URGENCIES, intent_bit,
    },
    read::{Node, Section},
};
use crate::signals::SignalKind;

/// Things that a condition looks at with a fixed number of values.
pub(super) const NUM_FINITE: usize = 7;
const INTENT: usize = 0;
/// Place of the urgency in a [`Region`].
pub(super) const URGENCY: usize = 1;
/// Place of the priority in a [`Region`].
pub(super) const PRIORITY: usize = 2;
const SENTIMENT: usize = 3;
const EMOTION: usize = 4;
const CHANNEL: usize = 5;
const TIER: usize = 6;

/// A set of values for each of the finite things, a bit a value.
pub(super) type Region = [u64; NUM_FINITE];

/// Every value of each. Sentiment and emotion have one value more, that they were not judged.
pub(super) const EVERYTHING: Region = [
    ALL_INTENTS,
    bits(URGENCIES.len()),
    bits(PRIORITIES.len()),
    bits(SENTIMENTS.len() + 1),
    bits(EMOTIONS.len() + 1),
    bits(CHANNELS.len()),
    bits(TIERS.len()),
];

/// Which messages a rule is for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Condition {
    /// Values of the finite things.
    pub region: Region,
    /// Intents of which the message must carry one, whether or not it decides.
    any_intent: Option<IntentSet>,
    /// Language tags in small letters; "zh" means "zh-Hans" and "zh-Hant" too.
    languages: Option<Vec<String>>,
    /// Tags of which the customer must have one.
    tags: Option<BTreeSet<String>>,
    /// Tags of which the customer must have none.
    not_tags: BTreeSet<String>,
    /// Signals of which the message must show one, a bit a signal.
    signals: Option<u64>,
    time: Option<TimeCondition>,
}

/// Whether a calendar is open or closed when the message comes.
#[derive(Clone, Debug, PartialEq)]
struct TimeCondition {
    calendar: Calendar,
    open: bool,
}

/// What conditions are read with.
pub(super) struct Surroundings<'a> {
    /// Calendars of the tenant.
    pub calendars: &'a Calendars,
    /// Where its days begin.
    pub zone: &'a TimeZone,
}

impl Condition {
    /// Whether a message is meant.
    pub fn matches(&self, view: &RuleView<'_>) -> bool {
        let point = point(view);
        let any_intent =
            |set: IntentSet| view.intents.iter().any(|intent| set & intent_bit(Some(intent)) != 0);
        let language = view.language.to_ascii_lowercase();
        let has = |tags: &BTreeSet<String>| view.tags.iter().any(|tag| tags.contains(tag));
        let signals = view.signals.iter().fold(0, |set, kind| set | signal_bit(*kind));
        (0..NUM_FINITE).all(|place| self.region[place] & point[place] != 0)
            && self.any_intent.is_none_or(any_intent)
            && self.languages.as_ref().is_none_or(|tags| tags.iter().any(|tag| speaks(&language, tag)))
            && self.tags.as_ref().is_none_or(has)
            && !has(&self.not_tags)
            && self.signals.is_none_or(|set| set & signals != 0)
            && self.time.as_ref().is_none_or(|time| time.calendar.is_open(view.received_at) == time.open)
    }

    /// Whether every message that the other condition means, as far as the things without a fixed number of
    /// values go, is meant by this one too.
    pub fn covers_beside_region(&self, other: &Self) -> bool {
        let implied = other.region[INTENT];
        let any_intent =
            |set: IntentSet| implied & !set == 0 || other.any_intent.is_some_and(|others| others & !set == 0);
        let languages = |tags: &Vec<String>| {
            let spoken = |other: &String| tags.iter().any(|tag| speaks(other, tag));
            other.languages.as_ref().is_some_and(|others| others.iter().all(spoken))
        };
        let tags = |tags: &BTreeSet<String>| other.tags.as_ref().is_some_and(|others| others.is_subset(tags));
        self.any_intent.is_none_or(any_intent)
            && self.languages.as_ref().is_none_or(languages)
            && self.tags.as_ref().is_none_or(tags)
            && self.not_tags.is_subset(&other.not_tags)
            && self.signals.is_none_or(|set| other.signals.is_some_and(|others| others & !set == 0))
            && (self.time.is_none() || self.time == other.time)
    }

    /// Whether every message that the other condition means is meant by this one too.
    pub fn covers(&self, other: &Self) -> bool {
        (0..NUM_FINITE).all(|place| other.region[place] & !self.region[place] == 0)
            && self.covers_beside_region(other)
    }

    /// Whether some message may be meant by both.
    pub fn meets(&self, other: &Self) -> bool {
        let languages = match (&self.languages, &other.languages) {
            (Some(own), Some(others)) => {
                own.iter().any(|tag| others.iter().any(|other| speaks(tag, other) || speaks(other, tag)))
            }
            _ => true,
        };
        // A customer has as many tags as one likes; only a tag that is wanted here and barred there parts them.
        let barred = |wanted: &Option<BTreeSet<String>>, not: &BTreeSet<String>| {
            wanted.as_ref().is_some_and(|wanted| wanted.is_subset(not))
        };
        let times = match (&self.time, &other.time) {
            (Some(own), Some(other)) => own.calendar != other.calendar || own.open == other.open,
            _ => true,
        };
        (0..NUM_FINITE).all(|place| self.region[place] & other.region[place] != 0)
            && languages
            && !barred(&self.tags, &other.not_tags)
            && !barred(&other.tags, &self.not_tags)
            && times
    }

    /// Whether more risk in the message can make it match: it looks at urgency, priority or signals.
    pub fn looks_at_risk(&self) -> bool {
        self.signals.is_some()
            || self.region[URGENCY] != EVERYTHING[URGENCY]
            || self.region[PRIORITY] != EVERYTHING[PRIORITY]
    }

    /// Reads `when`.
    pub fn read(mut section: Section<'_>, around: &Surroundings<'_>) -> Self {
        if section.is_empty() {
            section.mistake("is empty and would mean every message; name what the rule looks at");
        }
        let mut condition = Self {
            region: EVERYTHING,
            any_intent: None,
            languages: None,
            tags: None,
            not_tags: BTreeSet::new(),
            signals: None,
            time: None,
        };
        condition.read_intents(&mut section);
        condition.read_labels(&mut section);
        condition.read_customer(&mut section);
        if let Some(signals) = section.get("signals") {
            condition.signals = Some(choices(&signals, "signal", &SIGNALS));
        }
        condition.time = section.get("time").and_then(|node| TimeCondition::read(&node, around));
        section.finish();
        condition
    }

    fn read_intents(&mut self, section: &mut Section<'_>) {
        if let Some(node) = section.get("intent") {
            self.region[INTENT] &= union(&node, |node, text| match text {
                "none" => Some(1 << NO_INTENT),
                _ => names::intents(node, text),
            });
        }
        if let Some(node) = section.get("group") {
            let group = union(&node, names::group);
            self.region[INTENT] &= group;
            if group != 0 && self.region[INTENT] == 0 {
                node.mistake("has no intent in common with the key intent, so that nothing matches");
            }
        }
        if let Some(node) = section.get("any_intent") {
            self.any_intent = Some(union(&node, names::intents));
        }
    }

    fn read_labels(&mut self, section: &mut Section<'_>) {
        if let Some(node) = section.get("urgency") {
            self.region[URGENCY] = levels(&node, "urgency", &URGENCIES);
        }
        if let Some(node) = section.get("priority") {
            self.region[PRIORITY] = levels(&node, "priority", &PRIORITIES);
        }
        if let Some(node) = section.get("sentiment") {
            self.region[SENTIMENT] = choices(&node, "sentiment", &SENTIMENTS);
        }
        if let Some(node) = section.get("emotion") {
            self.region[EMOTION] = choices(&node, "emotion", &EMOTIONS);
        }
    }

    fn read_customer(&mut self, section: &mut Section<'_>) {
        if let Some(node) = section.get("language") {
            let tags = node.one_or_more().into_iter().filter_map(|node| language(&node));
            self.languages = Some(tags.collect());
        }
        if let Some(node) = section.get("channel") {
            self.region[CHANNEL] = choices(&node, "channel", &CHANNELS);
        }
        if let Some(node) = section.get("tier") {
            self.region[TIER] = choices(&node, "tier", &TIERS);
        }
        let mut words = |key| {
            let node = section.get(key)?;
            let words: BTreeSet<String> =
                node.one_or_more().iter().filter_map(Node::words).map(str::to_owned).collect();
            Some((words, node))
        };
        self.tags = words("tags").map(|(tags, _)| tags);
        if let Some((not_tags, node)) = words("not_tags") {
            if self.tags.as_ref().is_some_and(|tags| tags.is_subset(&not_tags)) {
                node.mistake("bars every tag that the key tags wants, so that nothing matches");
            }
            self.not_tags = not_tags;
        }
    }
}

impl TimeCondition {
    /// Reads `{ calendar = "office", open = false }` or `{ days = "sat-sun", hours = ["09:00-18:00"] }`.
    fn read(node: &Node<'_>, around: &Surroundings<'_>) -> Option<Self> {
        let mut section = node.section()?;
        let open = section.get("open").map_or(Some(true), |node| node.flag());
        let calendar = section.get("calendar");
        let (days, spans, zone) = (section.get("days"), section.get("hours"), section.get("time_zone"));
        let by_clock = days.is_some() || spans.is_some() || zone.is_some();
        let calendar = match calendar {
            Some(node) if !by_clock => {
                let id = around.calendars.named(&node)?;
                around.calendars.get(&id)?.clone()
            }
            None if days.is_some() || spans.is_some() => {
                let zone = zone.map_or_else(|| Some(around.zone.clone()), |node| time_zone(&node));
                let days = days.map_or_else(|| (0..7).collect(), |node| days_of(&node));
                let hours = spans.map_or_else(|| vec![Span { start: 0, end: DAY }], |node| hours(&node));
                Calendar::weekly(zone?, &days, &hours)
            }
            _ => {
                section.mistake(
                    "write either a calendar, for example { calendar = \"office\", open = false }, or days and \
                     hours, for example { days = \"sat-sun\", hours = [\"09:00-18:00\"] }",
                );
                return None;
            }
        };
        section.finish();
        Some(Self { calendar, open: open? })
    }
}

/// The one value of each finite thing that a message has.
fn point(view: &RuleView<'_>) -> Region {
    [
        intent_bit(view.intents.first().copied()),
        1 << view.urgency as u32,
        1 << view.priority as u32,
        bit(&SENTIMENTS, view.sentiment),
        bit(&EMOTIONS, view.emotion),
        bit(&CHANNELS, Some(view.channel)),
        bit(&TIERS, Some(view.tier)),
    ]
}

const fn bits(number: usize) -> u64 {
    (1 << number) - 1
}

/// The bit of a value; the one after the last for none.
fn bit<T: PartialEq>(names: &[(&str, T)], value: Option<T>) -> u64 {
    let place = value.and_then(|value| names.iter().position(|(_, other)| *other == value));
    1 << place.unwrap_or(names.len())
}

fn signal_bit(kind: SignalKind) -> u64 {
    bit(&SIGNALS, Some(kind))
}

/// Whether a tag in small letters is a language, or a kind of it: "zh-hans" is "zh".
fn speaks(tag: &str, language: &str) -> bool {
    tag.strip_prefix(language).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

fn union(node: &Node<'_>, read: impl Fn(&Node<'_>, &str) -> Option<IntentSet>) -> IntentSet {
    let sets = node.one_or_more().into_iter().filter_map(|node| read(&node, node.text()?));
    sets.fold(0, |union, set| union | set)
}

fn choices<T: Copy + PartialEq>(node: &Node<'_>, what: &str, names: &[(&'static str, T)]) -> u64 {
    let values = node.one_or_more().into_iter().filter_map(|node| node.choice(what, names));
    values.fold(0, |set, value| set | bit(names, Some(value)))
}

/// Levels by their names; ">=high" means high and everything above.
fn levels<T: Copy + PartialEq>(node: &Node<'_>, what: &str, names: &[(&'static str, T)]) -> u64 {
    let mut set = 0;
    for node in node.one_or_more() {
        let Some(text) = node.text() else { continue };
        let Some(least) = text.strip_prefix(">=") else {
            set |= node.choice(what, names).map_or(0, |level| bit(names, Some(level)));
            continue;
        };
        match names.iter().position(|(name, _)| *name == least.trim()) {
            Some(place) => set |= bits(names.len()) & !bits(place),
            None => node.mistake(format!("{text:?} names no {what}; write for example \">={}\"", names[1].0)),
        }
    }
    set
}

fn language(node: &Node<'_>) -> Option<String> {
    let text = node.text()?;
    let is_tag = text
        .split('-')
        .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    if !is_tag {
        node.mistake(format!("{text:?} is no language tag; write for example \"en\", \"zh\" or \"zh-Hant\""));
        return None;
    }
    Some(text.to_ascii_lowercase())
}

fn days_of(node: &Node<'_>) -> Vec<usize> {
    let mut days = Vec::new();
    for node in node.one_or_more() {
        let Some(text) = node.text() else { continue };
        match weekdays(text) {
            Some(range) => days.extend(range),
            None => node
                .mistake(format!("{text:?} is no weekday; write mon, tue … sun, or a range such as mon-fri")),
        }
    }
    days
}
