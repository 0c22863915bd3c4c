//! `[[rules]]`: what a rule does, and what the rules together say of a message.

use std::collections::BTreeMap;

use super::{
    FiredRule, RuleOutcome, RuleView,
    conditions::{Condition, EVERYTHING, PRIORITY, Surroundings, URGENCY},
    names::{PRIORITIES, name_of},
    read::{Node, Section},
    report::Place,
    routing::{Mode, Routing},
};
use crate::policy::Priority;

/// Rules of a file at most; every pair of them is compared.
const MAX_RULES: usize = 1000;

/// A rule of the file.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rule {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// Which messages it is for.
    pub when: Condition,
    /// What it does.
    pub then: Effect,
}

/// What a rule does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Effect {
    /// Queue.
    pub queue: Option<String>,
    /// What it makes of the priority.
    pub priority: Option<Raise>,
    /// Whom to give it to.
    pub assignee: Option<String>,
    skills: Vec<String>,
    tags: Vec<String>,
    handoff: bool,
    /// Whether no rule after this one counts.
    pub stop: bool,
}

/// How a rule raises the priority; none lowers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Raise {
    /// At least to a level.
    AtLeast(Priority),
    /// One level above the matrix's.
    OneStep,
}

impl Raise {
    /// The priority that comes of the matrix's.
    pub fn of(self, matrix: Priority) -> Priority {
        match (self, matrix) {
            (Self::AtLeast(level), _) => level.max(matrix),
            (Self::OneStep, Priority::Regular) => Priority::High,
            (Self::OneStep, Priority::High | Priority::Urgent) => Priority::Urgent,
        }
    }
}

impl Rule {
    /// Whether no rule after this one counts when it fires.
    pub fn ends(&self, mode: Mode) -> bool {
        mode == Mode::First || self.then.stop
    }
}

/// What the rules say of a message.
pub(super) fn apply(rules: &[Rule], mode: Mode, view: &RuleView<'_>) -> RuleOutcome {
    let mut outcome = RuleOutcome::default();
    let mut priority = view.priority;
    for rule in rules.iter().filter(|rule| rule.when.matches(view)) {
        let Rule { name, place, then, .. } = rule;
        outcome.queue = then.queue.clone().or(outcome.queue);
        outcome.assignee_hint = then.assignee.clone().or(outcome.assignee_hint);
        priority = priority.max(then.priority.map_or(view.priority, |raise| raise.of(view.priority)));
        add_new(&mut outcome.skills, &then.skills);
        add_new(&mut outcome.tags, &then.tags);
        outcome.handoff |= then.handoff;
        outcome.fired.push(FiredRule { name: name.clone(), line: place.line, effect: then.told() });
        if rule.ends(mode) {
            break;
        }
    }
    outcome.priority = (priority > view.priority).then_some(priority);
    outcome
}

fn add_new(list: &mut Vec<String>, more: &[String]) {
    for item in more {
        if !list.contains(item) {
            list.push(item.clone());
        }
    }
}

/// Reads `[[rules]]`.
pub(super) fn read(node: &Node<'_>, around: &Surroundings<'_>, routing: &Routing) -> Vec<Rule> {
    let nodes = node.list();
    if nodes.len() > MAX_RULES {
        node.mistake(format!("has {} rules; {MAX_RULES} are the most", nodes.len()));
    }
    let mut names: BTreeMap<String, Place> = BTreeMap::new();
    let mut rules = Vec::new();
    for node in nodes.into_iter().take(MAX_RULES) {
        let Some(rule) = read_rule(&node, around, routing) else { continue };
        if let Some(first) = names.insert(rule.name.clone(), rule.place) {
            node.mistake(format!("the name {:?} is taken on line {}; take another", rule.name, first.line));
        }
        rules.push(rule);
    }
    rules
}

fn read_rule(node: &Node<'_>, around: &Surroundings<'_>, routing: &Routing) -> Option<Rule> {
    let mut section = node.section()?;
    let name = section.require("name", "a name, which decisions show").and_then(|node| node.words());
    let when = section.require("when", "what the rule looks at, for example { tier = \"vip\" }");
    let when = when.and_then(|node| node.section()).map(|section| Condition::read(section, around));
    let then_node = section.require("then", "what the rule does, for example { queue = \"vip\" }");
    let then = then_node.as_ref().and_then(Node::section).map(|section| Effect::read(section, routing));
    section.finish();
    let (when, then) = (when?, then?);
    let rises = |place: usize| is_upward(when.region[place], EVERYTHING[place]);
    if then.priority.is_some() && !(rises(URGENCY) && rises(PRIORITY)) {
        then_node?.mistake(
            "raises the priority of some levels and not of those above, so that more urgent messages would come \
             later; let when look at urgency and priority with \">=\"",
        );
    }
    Some(Rule { name: name?.to_owned(), place: node.place(), when, then })
}

/// Whether a set of levels holds every level above each of its own.
fn is_upward(set: u64, all: u64) -> bool {
    set == 0 || set == all & !((1 << set.trailing_zeros()) - 1)
}

impl Effect {
    fn read(mut section: Section<'_>, routing: &Routing) -> Self {
        if section.is_empty() {
            section.mistake("does nothing; write for example queue, priority, tags, handoff or stop");
        }
        const RAISES: [(&str, Raise); 3] = [
            ("raise", Raise::OneStep),
            ("high", Raise::AtLeast(Priority::High)),
            ("urgent", Raise::AtLeast(Priority::Urgent)),
        ];
        let queue = section.get("queue").and_then(|node| routing.named(&node));
        let priority = section.get("priority");
        let priority = priority.and_then(|node| node.choice("priority that a rule can raise to", &RAISES));
        let assignee = section.get("assignee").and_then(|node| node.words()).map(str::to_owned);
        let mut words = |key| {
            let nodes = section.get(key).map(|node| node.one_or_more()).unwrap_or_default();
            nodes.iter().filter_map(Node::words).map(str::to_owned).collect()
        };
        let (skills, tags) = (words("skills"), words("tags"));
        let mut flag = |key| section.get(key).and_then(|node| node.flag()).unwrap_or_default();
        let (handoff, stop) = (flag("handoff"), flag("stop"));
        section.finish();
        Self { queue, priority, assignee, skills, tags, handoff, stop }
    }

    /// What it does, for people.
    fn told(&self) -> String {
        let mut parts = Vec::new();
        if let Some(queue) = &self.queue {
            parts.push(format!("queue {queue}"));
        }
        match self.priority {
            Some(Raise::AtLeast(level)) => {
                parts.push(format!("priority at least {}", name_of(&PRIORITIES, level)))
            }
            Some(Raise::OneStep) => parts.push("priority one level higher".to_owned()),
            None => {}
        }
        for (what, list) in [("skills", &self.skills), ("tags", &self.tags)] {
            if !list.is_empty() {
                parts.push(format!("{what} {}", list.join(", ")));
            }
        }
        parts.extend(self.assignee.iter().map(|assignee| format!("assignee {assignee}")));
        parts.extend(self.handoff.then(|| "hand to a person".to_owned()));
        parts.extend(self.stop.then(|| "stop".to_owned()));
        parts.join("; ")
    }
}
