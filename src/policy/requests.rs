//! Which of several requests decides.

use std::cmp::Reverse;

use super::{
    AskedRequest, Case, Playbook,
    confidence::{Confidence, mass},
};
use crate::{
    taxonomy::{Handling, Intent},
    triage::Urgency,
};

/// The requests of a message, most pressing first, as positions in [`Case::requests`].
///
/// The label guide's order: danger, security and law first, then what is urgent, then what the model takes
/// for the point of the message, then money, goods, information; asking for a person beside a request
/// comes last.
pub fn by_pressure(case: &Case) -> Vec<usize> {
    let primary = case.labels.as_ref().and_then(|labels| labels.intents.first());
    let rank = |&index: &usize| {
        let request = &case.requests[index];
        let intent = Intent::find(&request.intent);
        let handling = intent.map_or(Handling::Case, |intent| intent.handling);
        (
            handling == Handling::Person,
            handling != Handling::Risk,
            Reverse(request.urgency == Urgency::Urgent),
            primary.is_none_or(|primary| primary.intent != request.intent),
            kind(&request.intent, handling),
            request.span.start,
        )
    };
    let mut order: Vec<usize> = (0..case.requests.len()).collect();
    order.sort_by_key(rank);
    order
}

/// Place in the guide's order among requests that are no danger.
fn kind(intent: &str, handling: Handling) -> u8 {
    let group = intent.split('.').next().unwrap_or_default();
    match (group, handling) {
        ("payment" | "billing" | "refund", _) => 0,
        (_, Handling::Case) => 1,
        (_, Handling::SelfService) => 2,
        (_, Handling::Information) => 3,
        _ => 4,
    }
}

/// How sure the deciding request is; `None` when the message asks for nothing that was read.
pub fn confidence(case: &Case, request: Option<&usize>, playbook: &Playbook) -> Option<Confidence> {
    let request: &AskedRequest = &case.requests[*request?];
    // A model's intents are checked against the taxonomy when it is loaded.
    let primary = Intent::find(&request.intent)?;
    let of_queue =
        case.labels.as_ref().map_or(0.0, |labels| mass(labels, |intent| intent.queue == primary.queue));
    Some(Confidence {
        primary,
        probability: request.probability,
        margin: request.margin,
        queue_probability: of_queue.max(request.probability),
        thresholds: playbook.thresholds(Some(primary)),
    })
}
