//! The words that policy files use for labels, and the sets of intents that their patterns mean.

use super::read::{Node, remedy};
use crate::{
    message::{Channel, Tier, Tone},
    policy::{Impact, Priority},
    signals::SignalKind,
    taxonomy::{Department, INTENTS, Intent},
    triage::{Emotion, Polarity, Urgency},
};

/// Urgency levels, rising.
pub(super) const URGENCIES: [(&str, Urgency); 4] = [
    ("low", Urgency::Low),
    ("normal", Urgency::Normal),
    ("high", Urgency::High),
    ("urgent", Urgency::Urgent),
];

/// Priorities, rising.
pub(super) const PRIORITIES: [(&str, Priority); 3] =
    [("regular", Priority::Regular), ("high", Priority::High), ("urgent", Priority::Urgent)];

/// Impacts, rising.
pub(super) const IMPACTS: [(&str, Impact); 3] =
    [("normal", Impact::Normal), ("high", Impact::High), ("broad", Impact::Broad)];

/// Sentiments.
pub(super) const SENTIMENTS: [(&str, Polarity); 3] =
    [("negative", Polarity::Negative), ("neutral", Polarity::Neutral), ("positive", Polarity::Positive)];

/// Emotions.
pub(super) const EMOTIONS: [(&str, Emotion); 6] = [
    ("none", Emotion::None),
    ("anger", Emotion::Anger),
    ("anxiety", Emotion::Anxiety),
    ("disappointment", Emotion::Disappointment),
    ("confusion", Emotion::Confusion),
    ("gratitude", Emotion::Gratitude),
];

/// Channels.
pub(super) const CHANNELS: [(&str, Channel); 5] = [
    ("chat", Channel::Chat),
    ("email", Channel::Email),
    ("social", Channel::Social),
    ("form", Channel::Form),
    ("direct", Channel::Direct),
];

/// Tiers.
pub(super) const TIERS: [(&str, Tier); 4] = [
    ("standard", Tier::Standard),
    ("premium", Tier::Premium),
    ("vip", Tier::Vip),
    ("enterprise", Tier::Enterprise),
];

/// Tones.
pub(super) const TONES: [(&str, Tone); 2] = [("formal", Tone::Formal), ("friendly", Tone::Friendly)];

/// Departments, in the order of [`department_index`].
pub(super) const DEPARTMENTS: [(&str, Department); 3] = [
    ("sales", Department::Sales),
    ("technical", Department::Technical),
    ("enterprise", Department::Enterprise),
];

/// Signals.
pub(super) const SIGNALS: [(&str, SignalKind); SignalKind::ALL.len()] = {
    let mut names = [("", SignalKind::Outage); SignalKind::ALL.len()];
    let mut index = 0;
    while index < names.len() {
        names[index] = (SignalKind::ALL[index].name(), SignalKind::ALL[index]);
        index += 1;
    }
    names
};

/// Place of a department in [`DEPARTMENTS`].
pub(super) const fn department_index(department: Department) -> usize {
    match department {
        Department::Sales => 0,
        Department::Technical => 1,
        Department::Enterprise => 2,
    }
}

/// The word for a value of one of the lists above; empty when it is not there.
pub(super) fn name_of<T: PartialEq + Copy>(names: &[(&'static str, T)], value: T) -> &'static str {
    names.iter().find(|(_, other)| *other == value).map_or("", |(name, _)| name)
}

/// A set of intents: bit `n` is the intent at place `n` of the taxonomy, bit [`NO_INTENT`] a message
/// without one.
pub(super) type IntentSet = u64;

/// The bit of a message without an intent.
pub(super) const NO_INTENT: usize = 63;

const _: () = assert!(INTENTS.len() < NO_INTENT, "the set of intents needs a wider type");

/// The set of every intent and none.
pub(super) const ALL_INTENTS: IntentSet = ((1 << INTENTS.len()) - 1) | (1 << NO_INTENT);

/// The bit of an intent, or of a message without one.
pub(super) fn intent_bit(intent: Option<&Intent>) -> IntentSet {
    let place = intent.and_then(|intent| INTENTS.iter().position(|other| other.id == intent.id));
    1 << place.unwrap_or(NO_INTENT)
}

/// The intents that a pattern means: "refund.request" one, "refund.*" a group.
pub(super) fn intents(node: &Node<'_>, pattern: &str) -> Option<IntentSet> {
    let set = matching(|id| match pattern.strip_suffix(".*") {
        Some(group) => id.split('.').next() == Some(group),
        None => id == pattern,
    });
    if set == 0 {
        let mut known: Vec<String> = INTENTS.iter().map(|intent| intent.id.to_owned()).collect();
        known.extend(groups().iter().map(|group| format!("{group}.*")));
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        node.mistake(format!("{pattern:?} is no intent and no group{}", remedy(pattern, &known)));
        return None;
    }
    Some(set)
}

/// The intents of a group.
pub(super) fn group(node: &Node<'_>, name: &str) -> Option<IntentSet> {
    let set = matching(|id| id.split('.').next() == Some(name));
    if set == 0 {
        node.mistake(format!("{name:?} is no group of intents{}", remedy(name, &groups())));
        return None;
    }
    Some(set)
}

/// The intents of a set, in the taxonomy's order.
pub(super) fn members(set: IntentSet) -> impl Iterator<Item = &'static Intent> {
    INTENTS.iter().enumerate().filter(move |(place, _)| set & (1 << place) != 0).map(|(_, intent)| intent)
}

fn matching(is_meant: impl Fn(&str) -> bool) -> IntentSet {
    let meant = INTENTS.iter().enumerate().filter(|(_, intent)| is_meant(intent.id));
    meant.fold(0, |set, (place, _)| set | (1 << place))
}

fn groups() -> Vec<&'static str> {
    let mut groups: Vec<&str> = INTENTS.iter().filter_map(|intent| intent.id.split('.').next()).collect();
    groups.dedup();
    groups
}
