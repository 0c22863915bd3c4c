//! Rules against each other: which can never fire, which contradict, which would lower a priority.

use super::{
    conditions::{Condition, EVERYTHING, NUM_FINITE, PRIORITY, Region, URGENCY},
    matrix::Matrix,
    names::{IMPACTS, PRIORITIES, URGENCIES},
    report::{Report, Severity},
    routing::Mode,
    rules::{Raise, Rule},
};
use crate::policy::Priority;

/// Parts that what is left of a rule may fall into; with more, the rule counts as reachable.
const MAX_PARTS: usize = 4096;

/// Compares every rule with those before it.
pub(super) fn check(rules: &[Rule], mode: Mode, matrix: &Matrix, report: &Report<'_>) {
    for (place, rule) in rules.iter().enumerate() {
        let warn = |reason: String| {
            report.add(Severity::Warning, rule.place, &format!("rule {:?}", rule.name), reason);
        };
        let possible = possible(&rule.when, matrix);
        if possible.is_empty() {
            warn("can never fire: its urgency never has its priority in the matrix".to_owned());
            continue;
        }
        let before = &rules[..place];
        let ending: Vec<&Rule> = before.iter().filter(|other| other.ends(mode)).collect();
        if let Some(by) = covering(rule, possible, &ending) {
            let by: Vec<String> = by.iter().map(|rule| told(rule)).collect();
            warn(format!("can never fire: {} before it already ends for all of its messages", by.join(", ")));
            continue;
        }
        for other in before.iter().filter(|other| other.when.meets(&rule.when)) {
            if !other.ends(mode) {
                contradiction(other, rule, warn);
            } else if let Some(reason) = lowered(other, rule) {
                report.add(Severity::Error, other.place, &format!("rule {:?}", other.name), reason);
            }
        }
    }
}

/// Says where a rule replaces what an earlier one set, unless it is a special case of it.
fn contradiction(earlier: &Rule, later: &Rule, warn: impl Fn(String)) {
    let special = earlier.when.covers(&later.when) && earlier.when != later.when;
    if special {
        return;
    }
    let settings = [
        ("queue", &earlier.then.queue, &later.then.queue),
        ("assignee", &earlier.then.assignee, &later.then.assignee),
    ];
    for (what, first, second) in settings {
        let (Some(first), Some(second)) = (first, second) else { continue };
        if first == second {
            continue;
        }
        let extent = if later.when.covers(&earlier.when) { "always" } else { "where both match" };
        warn(format!(
            "contradicts {}: that sets the {what} {first}, and this one {extent} replaces it by {second}; let the \
             first stop, or let one leave out what the other means",
            told(earlier)
        ));
    }
}

/// Why an ending rule would let a message with more risk have a lower priority than one with less: the risk
/// makes it match, and it ends before a later rule that raises.
fn lowered(ending: &Rule, later: &Rule) -> Option<String> {
    let raise = later.then.priority?;
    if !ending.when.looks_at_risk() {
        return None;
    }
    // The lowest priority that the matrix gives to a message of the ending rule.
    let least = ending.when.region[PRIORITY].trailing_zeros() as usize;
    let least = PRIORITIES.get(least).map_or(Priority::Regular, |(_, priority)| *priority);
    let reaches = match (ending.then.priority, raise) {
        (Some(own), Raise::AtLeast(level)) => own.of(least) >= level,
        (None, Raise::AtLeast(level)) => least >= level,
        (Some(Raise::OneStep), Raise::OneStep) => true,
        (own, Raise::OneStep) => own.map_or(least, |own| own.of(least)) == Priority::Urgent,
    };
    (!reaches).then(|| {
        format!(
            "more urgency or a signal lets it match and so keeps {} from raising the priority: a riskier message \
             would come later; let this rule raise the priority as far, or put it after that one",
            told(later)
        )
    })
}

fn told(rule: &Rule) -> String {
    format!("rule {:?} (line {})", rule.name, rule.place.line)
}

/// The parts of a rule's region in which the matrix gives the urgency one of the priorities.
fn possible(when: &Condition, matrix: &Matrix) -> Vec<Region> {
    let mut parts = Vec::new();
    for (place, (_, urgency)) in URGENCIES.iter().enumerate() {
        let given =
            IMPACTS.iter().fold(0_u64, |set, (_, impact)| set | 1 << matrix.of(*urgency, *impact) as u32);
        let mut part = when.region;
        part[URGENCY] &= 1 << place;
        part[PRIORITY] &= given;
        if part.iter().all(|set| *set != 0) {
            parts.push(part);
        }
    }
    parts
}

/// The earlier rules that together take every message of a rule; `None` when something is left.
fn covering<'r>(rule: &Rule, mut left: Vec<Region>, ending: &[&'r Rule]) -> Option<Vec<&'r Rule>> {
    let mut by = Vec::new();
    for earlier in ending.iter().filter(|earlier| earlier.when.covers_beside_region(&rule.when)) {
        let cut: Vec<Region> = left.iter().flat_map(|part| without(*part, &earlier.when.region)).collect();
        if cut != left {
            by.push(*earlier);
        }
        left = cut;
        if left.is_empty() {
            return Some(by);
        }
        if left.len() > MAX_PARTS {
            return None;
        }
    }
    None
}

/// What is left of a region without another: at most one part a dimension.
fn without(mut region: Region, other: &Region) -> Vec<Region> {
    if (0..NUM_FINITE).any(|place| region[place] & other[place] == 0) {
        return vec![region];
    }
    let mut parts = Vec::new();
    for place in 0..NUM_FINITE {
        let outside = region[place] & !other[place] & EVERYTHING[place];
        if outside != 0 {
            let mut part = region;
            part[place] = outside;
            parts.push(part);
        }
        region[place] &= other[place];
    }
    parts
}
