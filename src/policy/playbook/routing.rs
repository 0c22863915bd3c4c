//! `[queues]` and `[routing]`: which queues there are, and which one an intent goes to.

use std::collections::BTreeMap;

use super::{
    calendar::Calendars,
    names::{self, DEPARTMENTS},
    read::{Node, Section, remedy},
};
use crate::taxonomy::{DEFAULT_QUEUE, Department, INTENTS, Intent};

/// Characters of an id at most.
const MAX_ID: usize = 64;

/// A queue of the tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    /// Its id, which decisions carry.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// Department whose deadlines apply whatever the intent; `None` for the intent's.
    pub department: Option<Department>,
    /// Calendar of the people who work on it; `None` for the department's.
    pub calendar: Option<String>,
}

/// How rules are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// The first rule that matches fires, and no other.
    #[default]
    First,
    /// Every rule that matches fires, until one stops.
    All,
}

/// The queues, and the way to them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Routing {
    /// How rules are read.
    pub mode: Mode,
    queues: BTreeMap<String, Queue>,
    default_queue: String,
    /// Queue of every intent, in the taxonomy's order.
    by_intent: Vec<String>,
}

impl Default for Routing {
    /// The queues that the taxonomy names.
    fn default() -> Self {
        let ids = INTENTS.iter().map(|intent| intent.queue).chain([DEFAULT_QUEUE]);
        let queue =
            |id: &str| Queue { id: id.to_owned(), name: id.to_owned(), department: None, calendar: None };
        Self {
            mode: Mode::First,
            queues: ids.map(|id| (id.to_owned(), queue(id))).collect(),
            default_queue: DEFAULT_QUEUE.to_owned(),
            by_intent: INTENTS.iter().map(|intent| intent.queue.to_owned()).collect(),
        }
    }
}

impl Routing {
    /// The queue of an intent; the default one without an intent.
    pub fn queue(&self, intent: Option<&Intent>) -> &str {
        let place = intent.and_then(|intent| INTENTS.iter().position(|other| other.id == intent.id));
        place.and_then(|place| self.by_intent.get(place)).unwrap_or(&self.default_queue)
    }

    /// Every queue by its id.
    pub fn queues(&self) -> &BTreeMap<String, Queue> {
        &self.queues
    }

    /// The id of a queue that a value gives.
    pub fn named(&self, node: &Node<'_>) -> Option<String> {
        let id = node.text()?;
        if !self.queues.contains_key(id) {
            let known: Vec<&str> = self.queues.keys().map(String::as_str).collect();
            node.mistake(format!("there is no queue {id:?}{}", remedy(id, &known)));
            return None;
        }
        Some(id.to_owned())
    }

    /// Reads `[queues]` and `[routing]` of the file.
    pub fn read(top: &mut Section<'_>, calendars: &Calendars) -> Self {
        let queues = top.require("queues", "[queues.general] and one such section for every other queue");
        let queues = queues.and_then(|node| node.section()).map(|section| read_queues(&section, calendars));
        let mut routing =
            Self { queues: queues.unwrap_or_default(), default_queue: String::new(), ..Self::default() };
        let section = top.require("routing", "a section [routing] with mode and default_queue");
        if let Some(section) = section.and_then(|node| node.section()) {
            routing.read_routing(section);
        }
        routing
    }

    fn read_routing(&mut self, mut section: Section<'_>) {
        let mode =
            section.require("mode", "\"first\" (the first matching rule fires) or \"all\" (every one does)");
        if let Some(mode) =
            mode.and_then(|node| node.choice("mode", &[("first", Mode::First), ("all", Mode::All)]))
        {
            self.mode = mode;
        }
        let queue = section.require("default_queue", "the queue of messages that fit no other");
        if let Some(queue) = queue.and_then(|node| self.named(&node)) {
            self.default_queue = queue;
        }
        let declared = |intent: &Intent| match self.queues.contains_key(intent.queue) {
            true => intent.queue.to_owned(),
            false => self.default_queue.clone(),
        };
        self.by_intent = INTENTS.iter().map(declared).collect();
        if let Some(intents) = section.section("intents") {
            let entries = intents.entries();
            let (groups, single): (Vec<_>, Vec<_>) =
                entries.into_iter().partition(|(pattern, ..)| pattern.ends_with(".*"));
            for (pattern, place, node) in groups.into_iter().chain(single) {
                let set = names::intents(&node.at(place), pattern).unwrap_or_default();
                let Some(queue) = self.named(&node) else { continue };
                for place in (0..INTENTS.len()).filter(|place| set & (1 << place) != 0) {
                    self.by_intent[place].clone_from(&queue);
                }
            }
        }
        section.finish();
    }
}

fn read_queues(section: &Section<'_>, calendars: &Calendars) -> BTreeMap<String, Queue> {
    let mut queues = BTreeMap::new();
    for (id, place, node) in section.entries() {
        if !is_id(id) {
            section.mistake_at(place, id, "is no id; write small letters, digits, - and _, at most 64");
        }
        let Some(mut section) = node.section() else { continue };
        let name = section.require("name", "a name for people").and_then(|node| node.words());
        let department = section.get("department").and_then(|node| node.choice("department", &DEPARTMENTS));
        let calendar = section.get("calendar").and_then(|node| calendars.named(&node));
        section.finish();
        let name = name.unwrap_or(id).to_owned();
        queues.insert(id.to_owned(), Queue { id: id.to_owned(), name, department, calendar });
    }
    if section.is_empty() {
        section.mistake("is empty; write at least the default queue, for example [queues.general]");
    }
    queues
}

fn is_id(id: &str) -> bool {
    let allowed =
        |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, '-' | '_');
    !id.is_empty() && id.len() <= MAX_ID && id.chars().all(allowed)
}
