//! How urgent a message is and how far harm reaches, joined into a priority.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::{Case, Playbook, steps::Steps};
use crate::{
    signals::{Signal, SignalKind},
    triage::Urgency,
};

/// How far harm reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Impact {
    /// One customer.
    Normal,
    /// A customer of standing, or a group.
    High,
    /// A whole company, or hundreds of people.
    Broad,
}

/// How urgently a queue works on a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Priority {
    /// Deadlines of the first column.
    Regular,
    /// Deadlines of the second.
    High,
    /// Deadlines of the third.
    Urgent,
}

/// How a priority came about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PriorityBasis {
    /// The model's level; `None` when it judged nothing.
    pub model_urgency: Option<Urgency>,
    /// The level after the signals, never below the model's.
    pub urgency: Urgency,
    /// Order within a priority in 0..1: the expected urgency of the model, at least the raised level.
    pub severity: f64,
    /// How far harm reaches.
    pub impact: Impact,
    /// What the tenant's matrix gives; a rule may have raised it further.
    pub priority: Priority,
}

/// The severity of a message.
pub struct Severity {
    /// How the priority came about.
    pub basis: PriorityBasis,
    /// Kinds of the signals, each once.
    pub signals: Vec<SignalKind>,
}

impl Severity {
    /// Judges a message: the model's level, raised by the signals, joined with the reach.
    pub fn of(case: &Case, playbook: &Playbook, steps: &mut Steps) -> Self {
        let model_urgency = case.labels.as_ref().map(|labels| labels.urgency.level);
        let mut urgency = model_urgency.unwrap_or(Urgency::Normal);
        let continued = case.requests.iter().filter(|request| request.continued);
        if let Some(before) =
            continued.map(|request| request.urgency).max().filter(|&before| before > urgency)
        {
            steps.note("urgency.continued", format!("the request is as urgent as before: {before:?}"));
            urgency = before;
        }
        let mut signals: Vec<SignalKind> = Vec::new();
        for signal in &case.facts.signals {
            if !signals.contains(&signal.kind) {
                signals.push(signal.kind);
            }
            let level = playbook.raises_to(signal.kind, due_in(signal, case));
            explain(signal, level.filter(|&level| level > urgency), steps);
            urgency = urgency.max(level.unwrap_or(urgency));
        }
        let num_affected = case.facts.signals.iter().filter_map(|signal| signal.num_affected).max();
        // A counted group is as wide as its count; one that is not counted is taken to be many.
        let uncounted = |signal: &Signal| signal.kind == SignalKind::Scope && signal.num_affected.is_none();
        let is_wide = case.facts.signals.iter().any(uncounted);
        let impact = playbook.impact(case.customer.tier, num_affected, is_wide);
        let priority = playbook.priority(urgency, impact);
        let severity = expected(case).max(if Some(urgency) > model_urgency { level(urgency) } else { 0.0 });
        Self { basis: PriorityBasis { model_urgency, urgency, severity, impact, priority }, signals }
    }
}

/// A level in 0..1.
fn level(urgency: Urgency) -> f64 {
    f64::from(urgency as u8) / 3.0
}

/// The urgency that the model expects over all levels, in 0..1; normal where it judged nothing.
fn expected(case: &Case) -> f64 {
    case.labels.as_ref().map_or(level(Urgency::Normal), |labels| {
        let parts = Urgency::ALL.into_iter().zip(labels.urgency.distribution);
        parts.map(|(urgency, probability)| level(urgency) * probability).sum()
    })
}

/// Time left until the deadline that a signal names.
fn due_in(signal: &Signal, case: &Case) -> Option<SignedDuration> {
    signal.due.map(|due| due.duration_since(case.received_at))
}

fn explain(signal: &Signal, raised: Option<Urgency>, steps: &mut Steps) {
    let place = format!("bytes {} to {}", signal.span.start, signal.span.end);
    let effect = raised.map_or(String::new(), |level| format!(", which raises the urgency to {level:?}"));
    steps.note(code(signal.kind), format!("{place} show {}{effect}", signal.kind.name()));
}

/// The stable code of a signal's step.
const fn code(kind: SignalKind) -> &'static str {
    match kind {
        SignalKind::Outage => "signal.outage",
        SignalKind::Scope => "signal.scope",
        SignalKind::Security => "signal.security",
        SignalKind::Safety => "signal.safety",
        SignalKind::DataLoss => "signal.data_loss",
        SignalKind::Legal => "signal.legal",
        SignalKind::Deadline => "signal.deadline",
        SignalKind::PaymentBlocked => "signal.payment_blocked",
        SignalKind::LockedOut => "signal.locked_out",
        SignalKind::RepeatedContact => "signal.repeated_contact",
        SignalKind::ChurnThreat => "signal.churn_threat",
        SignalKind::VulnerablePerson => "signal.vulnerable_person",
    }
}
