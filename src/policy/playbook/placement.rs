//! The way of a message through the file: signals, matrix, queue, rules, deadlines.

use jiff::{SignedDuration, Timestamp};

use super::{Deadlines, Playbook, RuleOutcome, RuleView};
use crate::{
    message::{Channel, Tier},
    policy::{Impact, Priority},
    signals::SignalKind,
    taxonomy::{Department, Intent},
    triage::{Emotion, Polarity, Urgency},
};

/// What the file looks at in a message.
#[derive(Clone, Debug)]
pub struct Circumstances<'a> {
    /// Intents of the message, the deciding one first; empty when there is none.
    pub intents: &'a [&'static Intent],
    /// The model's urgency.
    pub urgency: Urgency,
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
    /// Time left until the nearest deadline that the customer names.
    pub due_in: Option<SignedDuration>,
    /// Number of people affected, when the message names one.
    pub num_affected: Option<u64>,
    /// When it was received.
    pub received_at: Timestamp,
}

/// Where a message goes, how urgently, and by when.
#[derive(Clone, Debug, PartialEq)]
pub struct Placement {
    /// Urgency after the signals.
    pub urgency: Urgency,
    /// How far harm reaches.
    pub impact: Impact,
    /// Priority after the rules.
    pub priority: Priority,
    /// Queue after the rules.
    pub queue: String,
    /// Department whose deadlines apply.
    pub department: Department,
    /// What the rules said.
    pub outcome: RuleOutcome,
    /// When replies are due.
    pub deadlines: Deadlines,
}

impl Playbook {
    /// Places a message by the whole file.
    pub fn place(&self, circumstances: &Circumstances<'_>) -> Placement {
        let Circumstances { intents, tier, signals, received_at, .. } = circumstances;
        let raised = signals.iter().filter_map(|kind| self.raises_to(*kind, circumstances.due_in)).max();
        let urgency = raised.map_or(circumstances.urgency, |level| level.max(circumstances.urgency));
        let is_wide = signals.contains(&SignalKind::Scope) && circumstances.num_affected.is_none();
        let impact = self.impact(*tier, circumstances.num_affected, is_wide);
        let given = self.priority(urgency, impact);
        let outcome = self.apply_rules(&RuleView {
            intents,
            urgency,
            priority: given,
            sentiment: circumstances.sentiment,
            emotion: circumstances.emotion,
            language: circumstances.language,
            channel: circumstances.channel,
            tier: *tier,
            tags: circumstances.tags,
            signals,
            received_at: *received_at,
        });
        let intent = intents.first().copied();
        let queue = outcome.queue.clone().unwrap_or_else(|| self.queue(intent).to_owned());
        let priority = outcome.priority.unwrap_or(given);
        let department = self.department_of(&queue, intent, *tier);
        let deadlines = self.deadlines_of(&queue, department, priority, *received_at);
        Placement { urgency, impact, priority, queue, department, outcome, deadlines }
    }
}
