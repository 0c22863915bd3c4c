//! Queue, priority and deadlines.

use jiff::{SignedDuration, Timestamp};

use super::{
    Case, Playbook, Priority, PriorityBasis, RuleOutcome, RuleView, severity::Severity, steps::Steps,
};
use crate::taxonomy::{Department, Intent};

/// Where a message goes and by when it is answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// Queue; every message has one.
    pub queue: String,
    /// How urgently the queue works on it.
    pub priority: Priority,
    /// Whose deadlines apply.
    pub department: Department,
    /// Working time for the first reply.
    pub first_reply: SignedDuration,
    /// When the first reply is due.
    pub first_reply_due: Timestamp,
    /// When the next reply is due.
    pub next_reply_due: Timestamp,
    /// The calendar that the deadlines were counted on.
    pub calendar: String,
    /// Skills that the person who takes it should have.
    pub skills: Vec<String>,
    /// Tags for the ticket.
    pub tags: Vec<String>,
    /// Whom the rules would give it to; empty for nobody in particular.
    pub assignee_hint: String,
}

/// What the tenant's rules say of a message.
pub fn rules(
    case: &Case,
    playbook: &Playbook,
    severity: &Severity,
    intent: Option<&'static Intent>,
    requests: &[usize],
) -> RuleOutcome {
    let asked = requests.iter().filter_map(|&index| Intent::find(&case.requests[index].intent));
    let mut intents: Vec<&'static Intent> = intent.into_iter().collect();
    for further in asked {
        if !intents.contains(&further) {
            intents.push(further);
        }
    }
    let labels = case.labels.as_ref();
    playbook.apply_rules(&RuleView {
        intents: &intents,
        urgency: severity.basis.urgency,
        priority: severity.basis.priority,
        sentiment: labels.map(|labels| labels.sentiment.polarity),
        emotion: labels.map(|labels| labels.emotion.emotion),
        language: case.language.tag(),
        channel: case.channel,
        tier: case.customer.tier,
        tags: &case.customer.tags,
        signals: &severity.signals,
        received_at: case.received_at,
    })
}

/// Routes a message by its intent, severity and the rules.
pub fn route(
    case: &Case,
    playbook: &Playbook,
    severity: &Severity,
    intent: Option<&'static Intent>,
    rules: &RuleOutcome,
    steps: &mut Steps,
) -> (Route, PriorityBasis) {
    let basis = severity.basis;
    // Rules only raise: a policy file cannot make a danger wait.
    let priority = rules.priority.map_or(basis.priority, |raised| raised.max(basis.priority));
    let queue = rules.queue.clone().unwrap_or_else(|| playbook.queue(intent).to_owned());
    let department = playbook.department_of(&queue, intent, case.customer.tier);
    let deadlines = playbook.deadlines_of(&queue, department, priority, case.received_at);
    steps.note(
        "route",
        format!(
            "queue {queue}, priority {priority:?} from urgency {:?} and impact {:?}, department {}, calendar {}",
            basis.urgency,
            basis.impact,
            department.name(),
            deadlines.calendar
        ),
    );
    let route = Route {
        queue,
        priority,
        department,
        first_reply: deadlines.first_reply,
        first_reply_due: deadlines.first_reply_due,
        next_reply_due: deadlines.next_reply_due,
        calendar: deadlines.calendar,
        skills: rules.skills.clone(),
        tags: rules.tags.clone(),
        assignee_hint: rules.assignee_hint.clone().unwrap_or_default(),
    };
    (route, basis)
}
