//! A tenant's policy file, checked and ready to decide with.
//!
//! [`Playbook::compile`] reads a file (`tenants/default/policy.toml` describes every key) and either gives a
//! playbook that always works, or every mistake at once. A section that is left out counts as in the built-in
//! file; only the queues, the default queue and the mode of the rules must be stated.
//!
//! Raising urgency or impact or adding a signal never lowers the priority of any playbook: signals only raise
//! (`matrix.rs`), a matrix that falls is refused, rules only raise, and rules that would keep a riskier message
//! from a raise that a less risky one gets are refused (`overlap.rs`, where the argument is).

mod calendar;
mod compile;
mod conditions;
mod examples;
mod matrix;
mod names;
mod overlap;
mod placement;
mod read;
mod report;
mod routing;
mod rules;
mod service_level;
mod thresholds;
mod working_time;

use std::{collections::BTreeMap, sync::Arc};

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};

use self::{
    calendar::{ALWAYS, Calendars},
    examples::Example,
    matrix::{ImpactTable, Matrix, SignalTable},
    routing::Routing,
    rules::Rule,
    service_level::ServiceLevels,
    thresholds::ThresholdTable,
};
pub use self::{
    examples::{Difference, ExampleResult},
    placement::{Circumstances, Placement},
    report::{Finding, Severity},
    routing::{Mode, Queue},
};
use super::{Impact, Priority};
use crate::{
    message::{Channel, Tier, Tone},
    signals::SignalKind,
    taxonomy::{Department, Intent},
    triage::{Emotion, Polarity, Urgency},
};

/// The policy file of a tenant that has none of its own.
pub const BUILT_IN: &str = include_str!("../../../tenants/default/policy.toml");

/// Thresholds of the ladder.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Thresholds {
    /// Probability in 0..1 from which an intent is settled and a passage is sent as the answer.
    pub answer: f64,
    /// Probability in 0..1 from which the customer is asked back instead of handed to a person.
    pub clarify: f64,
    /// Lead in 0..1 of the first intent over the second that settling takes.
    pub margin: f64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { answer: 0.8, clarify: 0.6, margin: 0.1 }
    }
}

/// What rules look at.
#[derive(Clone, Debug)]
pub struct RuleView<'a> {
    /// Intents of the message, the deciding one first; empty when there is none.
    pub intents: &'a [&'static Intent],
    /// Urgency after the signals.
    pub urgency: Urgency,
    /// What the matrix gave.
    pub priority: Priority,
    /// Feeling toward the company; `None` when not judged.
    pub sentiment: Option<Polarity>,
    /// Emotion shown; `None` when not judged.
    pub emotion: Option<Emotion>,
    /// BCP 47 tag.
    pub language: &'a str,
    /// How the message came.
    pub channel: Channel,
    /// The customer's standing.
    pub tier: Tier,
    /// The customer's tags.
    pub tags: &'a [String],
    /// Signals of the message.
    pub signals: &'a [SignalKind],
    /// When it was received.
    pub received_at: Timestamp,
}

/// A rule that fired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FiredRule {
    /// Its name.
    pub name: String,
    /// Its line in the file, from 1.
    pub line: usize,
    /// What it did, for people.
    pub effect: String,
}

/// What the rules say of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleOutcome {
    /// Queue instead of the intent's.
    pub queue: Option<String>,
    /// Priority instead of the matrix's.
    pub priority: Option<Priority>,
    /// Skills, in order, each once.
    pub skills: Vec<String>,
    /// Tags, in order, each once.
    pub tags: Vec<String>,
    /// Whom to give it to.
    pub assignee_hint: Option<String>,
    /// Whether a person must take over.
    pub handoff: bool,
    /// What fired, in order.
    pub fired: Vec<FiredRule>,
}

/// When replies are due.
#[derive(Clone, Debug, PartialEq)]
pub struct Deadlines {
    /// Working time for the first reply.
    pub first_reply: SignedDuration,
    /// When the first reply is due.
    pub first_reply_due: Timestamp,
    /// When the next reply is due.
    pub next_reply_due: Timestamp,
    /// The calendar that they were counted on.
    pub calendar: String,
}

/// A tenant's policy, checked.
#[derive(Clone, Debug)]
pub struct Playbook {
    version: Arc<str>,
    source: Arc<str>,
    name: String,
    time_zone: TimeZone,
    default_calendar: String,
    thresholds: ThresholdTable,
    matrix: Matrix,
    impact: ImpactTable,
    signals: SignalTable,
    routing: Routing,
    calendars: Calendars,
    service_levels: ServiceLevels,
    /// By channel, in the order of [`Channel::ALL`].
    tones: [Tone; Channel::ALL.len()],
    rules: Vec<Rule>,
    examples: Vec<Example>,
    warnings: Vec<Finding>,
}

impl Playbook {
    /// The built-in policy.
    pub fn built_in() -> Self {
        // That the file has no mistake, and states what stands in for it here, is tested.
        Self::compile(BUILT_IN).unwrap_or_else(|_| Self::of_taxonomy(BUILT_IN))
    }

    /// Its version: the first 12 digits of the SHA-256 of its file.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The text of its file; the same text gives the same playbook.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The company's name, as the file gives it; empty when it gives none.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What is odd in the file without keeping it from use, in its order.
    pub fn warnings(&self) -> &[Finding] {
        &self.warnings
    }

    /// Thresholds for an intent: its own, else its group's, else the file's.
    pub fn thresholds(&self, intent: Option<&Intent>) -> Thresholds {
        self.thresholds.of(intent)
    }

    /// How far harm reaches: the tier joined with the number of people affected; `is_wide` when the message
    /// says that many are, without a number.
    pub fn impact(&self, tier: Tier, num_affected: Option<u64>, is_wide: bool) -> Impact {
        self.impact.of(tier, num_affected, is_wide)
    }

    /// The level that a signal raises urgency to at least; `None` for a signal that only explains.
    /// `due_in` is the time left until a deadline.
    pub fn raises_to(&self, kind: SignalKind, due_in: Option<SignedDuration>) -> Option<Urgency> {
        self.signals.of(kind, due_in)
    }

    /// The matrix: urgency and impact give the priority.
    pub fn priority(&self, urgency: Urgency, impact: Impact) -> Priority {
        self.matrix.of(urgency, impact)
    }

    /// The queue of an intent; the default one when there is no intent or the tenant has no such queue.
    pub fn queue(&self, intent: Option<&Intent>) -> &str {
        self.routing.queue(intent)
    }

    /// Every queue of the tenant by its id; decisions name no other.
    pub fn queues(&self) -> &BTreeMap<String, Queue> {
        self.routing.queues()
    }

    /// The department whose deadlines apply to an intent in its own queue.
    pub fn department(&self, intent: Option<&Intent>, tier: Tier) -> Department {
        self.department_of(self.queue(intent), intent, tier)
    }

    /// The department whose deadlines apply to an intent in a queue: for a customer with a contract the
    /// enterprise one, else the queue's, else the intent's.
    pub fn department_of(&self, queue: &str, intent: Option<&Intent>, tier: Tier) -> Department {
        let of_queue = self.queues().get(queue).and_then(|queue| queue.department);
        match tier {
            Tier::Enterprise => Department::Enterprise,
            Tier::Standard | Tier::Premium | Tier::Vip => {
                of_queue.or(intent.map(|intent| intent.department)).unwrap_or(Department::Sales)
            }
        }
    }

    /// What the rules say.
    pub fn apply_rules(&self, view: &RuleView<'_>) -> RuleOutcome {
        rules::apply(&self.rules, self.routing.mode, view)
    }

    /// When replies are due, counted from a moment on the department's calendar.
    pub fn deadlines(&self, department: Department, priority: Priority, from: Timestamp) -> Deadlines {
        self.deadlines_of("", department, priority, from)
    }

    /// When replies of a queue are due, counted from a moment: on the calendar of the service level, else of
    /// the queue, else of the department, else the tenant's.
    pub fn deadlines_of(
        &self,
        queue: &str,
        department: Department,
        priority: Priority,
        from: Timestamp,
    ) -> Deadlines {
        let level = self.service_levels.of(department, priority);
        let of_queue = self.queues().get(queue).and_then(|queue| queue.calendar.as_deref());
        let of_department = self.service_levels.calendar(department);
        let id = level.calendar.as_deref().or(of_queue).or(of_department).unwrap_or(&self.default_calendar);
        let calendar = self.calendars.get(id);
        let later = |from: Timestamp, work: SignedDuration| match calendar {
            Some(calendar) => calendar.after(from, work),
            None => from.checked_add(work).unwrap_or(Timestamp::MAX),
        };
        let first_reply_due = later(from, level.first);
        Deadlines {
            first_reply: level.first,
            first_reply_due,
            next_reply_due: later(first_reply_due, level.next),
            calendar: calendar.map_or(ALWAYS, |calendar| &calendar.id).to_owned(),
        }
    }

    /// Where the tenant's days begin and end.
    pub fn time_zone(&self) -> &TimeZone {
        &self.time_zone
    }

    /// How drafts speak on a channel.
    pub fn tone(&self, channel: Channel) -> Tone {
        self.tones[channel as usize]
    }
}
