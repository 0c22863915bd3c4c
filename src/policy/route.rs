//! Queue, priority and deadlines.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Case, signals, steps::Steps};
use crate::{
    message::Tier,
    taxonomy::{DEFAULT_QUEUE, Department, Intent},
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

/// Where a message goes and by when it is answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// Queue; every message has one.
    pub queue: &'static str,
    /// How urgently the queue works on it.
    pub priority: Priority,
    /// Whose deadlines apply.
    pub department: Department,
    /// Time for the first reply.
    pub first_reply: SignedDuration,
    /// When the first reply is due.
    pub first_reply_due: Timestamp,
    /// When the next reply is due.
    pub next_reply_due: Timestamp,
}

impl Route {
    /// Routes a message by its intent, urgency and tier.
    pub fn of(case: &Case<'_>, intent: Option<&'static Intent>, steps: &mut Steps) -> Self {
        let tier = case.message.customer.tier;
        let urgency = raised(case, steps);
        let priority = priority(urgency, tier);
        let department = match (tier, intent) {
            (Tier::Enterprise, _) => Department::Enterprise,
            (_, Some(intent)) => intent.department,
            (_, None) => Department::Sales,
        };
        let queue = intent.map_or(DEFAULT_QUEUE, |intent| intent.queue);
        let (first, next) = service_level(department, priority);
        steps.note(
            "route",
            format!(
                "queue {queue}, priority {priority:?} from urgency {urgency:?} and tier {tier:?}, department {}",
                department.name()
            ),
        );
        let first_reply_due = later(case.received_at, first);
        Self {
            queue,
            priority,
            department,
            first_reply: first,
            first_reply_due,
            next_reply_due: later(first_reply_due, next),
        }
    }
}

/// The model's urgency, at least high when the customer says that they write again.
///
/// By the label guide a third contact about the same thing is high.
fn raised(case: &Case<'_>, steps: &mut Steps) -> Urgency {
    let urgency = case.labels.map_or(Urgency::Normal, |labels| labels.urgency.level);
    match signals::repeated_contact(&case.message.text) {
        Some(span) if urgency < Urgency::High && case.labels.is_some() => {
            let text = format!("bytes {} to {} say that the customer writes again", span.start, span.end);
            steps.note("signal.repeated_contact", text);
            Urgency::High
        }
        _ => urgency,
    }
}

/// Joins urgency with the customer's standing: a VIP's request counts one step more, a company
/// with a contract has deadlines of its own instead.
const fn priority(urgency: Urgency, tier: Tier) -> Priority {
    match (urgency, tier) {
        (Urgency::Urgent, _) | (Urgency::High, Tier::Vip) => Priority::Urgent,
        (Urgency::High, _) | (Urgency::Normal, Tier::Vip) => Priority::High,
        (Urgency::Normal | Urgency::Low, _) => Priority::Regular,
    }
}

/// Times for the first reply, and for the next one after it.
const fn service_level(department: Department, priority: Priority) -> (SignedDuration, SignedDuration) {
    const fn minutes(first: i64, next: i64) -> (SignedDuration, SignedDuration) {
        (SignedDuration::from_mins(first), SignedDuration::from_mins(next))
    }
    const HOUR: i64 = 60;
    match (department, priority) {
        (Department::Sales, Priority::Regular) => minutes(2 * HOUR, 15 * HOUR),
        (Department::Sales, Priority::High) => minutes(HOUR, 8 * HOUR),
        (Department::Technical, Priority::Regular) => minutes(8 * HOUR, 32 * HOUR),
        (Department::Technical, Priority::High) => minutes(4 * HOUR, 16 * HOUR),
        (Department::Enterprise, Priority::Regular) => minutes(HOUR, 4 * HOUR),
        (Department::Sales | Department::Technical, Priority::Urgent)
        | (Department::Enterprise, Priority::High) => minutes(30, HOUR),
        (Department::Enterprise, Priority::Urgent) => minutes(15, 30),
    }
}

/// A time later; the end of time when it is beyond.
fn later(time: Timestamp, duration: SignedDuration) -> Timestamp {
    time.checked_add(duration).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_waits_longer_for_being_more_urgent() {
        for department in [Department::Sales, Department::Technical, Department::Enterprise] {
            let [regular, high, urgent] =
                [Priority::Regular, Priority::High, Priority::Urgent].map(|p| service_level(department, p));
            assert!(regular.0 >= high.0 && high.0 >= urgent.0, "{department:?}");
            assert!(regular.1 >= high.1 && high.1 >= urgent.1, "{department:?}");
        }
    }

    #[test]
    fn urgency_outranks_standing() {
        assert_eq!(priority(Urgency::Urgent, Tier::Standard), Priority::Urgent);
        assert_eq!(priority(Urgency::Low, Tier::Vip), Priority::Regular);
        assert_eq!(priority(Urgency::Normal, Tier::Vip), Priority::High);
    }
}
