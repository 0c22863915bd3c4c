//! A tenant's policy file, checked and ready to decide with.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};

use super::{Impact, Priority};
use crate::{
    message::{Channel, Tier, Tone},
    signals::SignalKind,
    taxonomy::{DEFAULT_QUEUE, Department, Intent},
    triage::{Emotion, Polarity, Urgency},
};

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
}

impl Playbook {
    /// The built-in policy.
    pub fn built_in() -> Self {
        Self { version: "built-in".into() }
    }

    /// Its version: the first 12 digits of the SHA-256 of its file.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Thresholds for an intent.
    pub fn thresholds(&self, _intent: Option<&Intent>) -> Thresholds {
        Thresholds::default()
    }

    /// How far harm reaches: the tier joined with the number of people affected; `is_wide` when the message
    /// says that many are, without a number.
    pub fn impact(&self, tier: Tier, num_affected: Option<u64>, is_wide: bool) -> Impact {
        match (tier, num_affected) {
            (_, Some(100..)) => Impact::Broad,
            _ if is_wide => Impact::Broad,
            (Tier::Vip | Tier::Enterprise, _) | (_, Some(10..)) => Impact::High,
            _ => Impact::Normal,
        }
    }

    /// The level that a signal raises urgency to at least; `None` for a signal that only explains.
    /// `due_in` is the time left until a deadline.
    pub fn raises_to(&self, kind: SignalKind, due_in: Option<SignedDuration>) -> Option<Urgency> {
        let _ = due_in;
        matches!(kind, SignalKind::RepeatedContact).then_some(Urgency::High)
    }

    /// The matrix: urgency and impact give the priority.
    pub fn priority(&self, urgency: Urgency, impact: Impact) -> Priority {
        match (urgency, impact) {
            (Urgency::Urgent, _) | (Urgency::High, Impact::High | Impact::Broad) => Priority::Urgent,
            (Urgency::High, _) | (Urgency::Normal, Impact::High | Impact::Broad) => Priority::High,
            (Urgency::Normal | Urgency::Low, _) => Priority::Regular,
        }
    }

    /// The queue of an intent; the default one when there is no intent or the tenant has no such queue.
    pub fn queue(&self, intent: Option<&Intent>) -> &str {
        intent.map_or(DEFAULT_QUEUE, |intent| intent.queue)
    }

    /// The department whose deadlines apply.
    pub fn department(&self, intent: Option<&Intent>, tier: Tier) -> Department {
        match (tier, intent) {
            (Tier::Enterprise, _) => Department::Enterprise,
            (_, Some(intent)) => intent.department,
            (_, None) => Department::Sales,
        }
    }

    /// What the rules say.
    pub fn apply_rules(&self, _view: &RuleView<'_>) -> RuleOutcome {
        RuleOutcome::default()
    }

    /// When replies are due, counted from a moment on the department's calendar.
    pub fn deadlines(&self, department: Department, priority: Priority, from: Timestamp) -> Deadlines {
        let _ = (department, priority);
        let first_reply = SignedDuration::from_hours(2);
        let first_reply_due = from.checked_add(first_reply).unwrap_or(Timestamp::MAX);
        Deadlines {
            first_reply,
            first_reply_due,
            next_reply_due: first_reply_due.checked_add(first_reply).unwrap_or(Timestamp::MAX),
            calendar: "always".into(),
        }
    }

    /// Where the tenant's days begin and end.
    pub fn time_zone(&self) -> &TimeZone {
        static UTC: TimeZone = TimeZone::UTC;
        &UTC
    }

    /// How drafts speak on a channel.
    pub fn tone(&self, channel: Channel) -> Tone {
        match channel {
            Channel::Email | Channel::Form => Tone::Formal,
            Channel::Chat | Channel::Social | Channel::Direct => Tone::Friendly,
        }
    }
}
