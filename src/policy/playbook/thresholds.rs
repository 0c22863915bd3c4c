//! `[thresholds]`: from which probability the program answers, asks back or leaves it to people.

use std::collections::BTreeMap;

use super::{
    Thresholds, names,
    read::{Node, Section},
};
use crate::taxonomy::Intent;

/// The thresholds of every intent.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct ThresholdTable {
    default: Thresholds,
    /// By the intent's id, where they differ from the default.
    exceptions: BTreeMap<&'static str, Thresholds>,
}

/// Thresholds as written for some intents: what is left out is inherited.
#[derive(Clone, Copy, Debug, Default)]
struct Partial {
    answer: Option<f64>,
    clarify: Option<f64>,
    margin: Option<f64>,
}

impl ThresholdTable {
    /// The thresholds of an intent: its own, else its group's, else the default.
    pub fn of(&self, intent: Option<&Intent>) -> Thresholds {
        intent.and_then(|intent| self.exceptions.get(intent.id)).copied().unwrap_or(self.default)
    }

    /// Reads the section.
    pub fn read(mut section: Section<'_>) -> Self {
        let default = Partial::read(&mut section).over(Thresholds::default());
        check_order(&default, |reason| section.mistake(reason));
        let mut exceptions = BTreeMap::new();
        if let Some(intents) = section.section("intents") {
            let entries = intents.entries();
            let is_group = |pattern: &str| pattern.ends_with(".*");
            // Groups first, so that an intent inherits from its group whatever the file's order.
            let (groups, single): (Vec<_>, Vec<_>) =
                entries.into_iter().partition(|(pattern, ..)| is_group(pattern));
            for (pattern, place, node) in groups.into_iter().chain(single) {
                add(&mut exceptions, pattern, &node.at(place), default);
            }
        }
        section.finish();
        Self { default, exceptions }
    }
}

fn add(
    exceptions: &mut BTreeMap<&'static str, Thresholds>,
    pattern: &str,
    node: &Node<'_>,
    default: Thresholds,
) {
    let set = names::intents(node, pattern);
    let Some(mut section) = node.section() else { return };
    if section.is_empty() {
        section.mistake("changes nothing; write answer, clarify or margin");
    }
    let own = Partial::read(&mut section);
    for intent in names::members(set.unwrap_or_default()) {
        let thresholds = own.over(exceptions.get(intent.id).copied().unwrap_or(default));
        check_order(&thresholds, |reason| node.mistake(reason));
        exceptions.insert(intent.id, thresholds);
    }
    section.finish();
}

impl Partial {
    fn read(section: &mut Section<'_>) -> Self {
        let mut share = |key| {
            let node = section.get(key)?;
            let number = node.number()?;
            if !(0.0..=1.0).contains(&number) {
                node.mistake(format!("{number} is no probability; write a number from 0 to 1"));
                return None;
            }
            Some(number)
        };
        Self { answer: share("answer"), clarify: share("clarify"), margin: share("margin") }
    }

    fn over(self, base: Thresholds) -> Thresholds {
        Thresholds {
            answer: self.answer.unwrap_or(base.answer),
            clarify: self.clarify.unwrap_or(base.clarify),
            margin: self.margin.unwrap_or(base.margin),
        }
    }
}

fn check_order(thresholds: &Thresholds, mistake: impl Fn(String)) {
    let Thresholds { answer, clarify, .. } = thresholds;
    if clarify > answer {
        mistake(format!("clarify ({clarify}) is above answer ({answer}); it is the lower of the two"));
    }
}
