//! Why a person must take over, as the label guide's table says.

use super::{Answers, Case, confidence::Confidence, is_question, steps::Steps};
use crate::{
    message::Role,
    taxonomy::{Handling, Intent},
    triage::{Emotion, Labels, Polarity, Urgency},
};

/// A reason of the guide's table, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HandoffReason {
    /// The customer asks for a person.
    Requested,
    /// Security, safety, legal or privacy matter, or urgency urgent.
    Risk,
    /// Anger, or negative twice in a row.
    Upset,
    /// The primary intent is under its threshold.
    LowConfidence,
    /// No passage answers.
    NoAnswer,
    /// Needs data or an action in the customer's own account or order.
    AccountSpecific,
    /// The same intent again after an answer was given.
    Repeated,
    /// The language is not supported.
    Language,
    /// A rule says so.
    Policy,
}

/// Reasons that hold.
#[derive(Default)]
pub struct Reasons(Vec<HandoffReason>);

impl Reasons {
    /// Whether none holds.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The reasons in the table's order.
    pub fn into_sorted(mut self) -> Vec<HandoffReason> {
        self.0.sort_unstable();
        self.0
    }

    /// Finds the reasons that hold whatever the intent turns out to be.
    pub fn of_message(&mut self, case: &Case<'_>, labels: &Labels, steps: &mut Steps) {
        if labels.wants_human.holds {
            steps.compare(
                "handoff.requested",
                "the customer asks for a person",
                labels.wants_human.probability,
                None,
            );
            self.0.push(HandoffReason::Requested);
        }
        self.risk(labels, steps);
        self.upset(case, labels, steps);
        if is_repeated(case, labels) {
            steps.note("handoff.repeated", "the same request again after an answer was given");
            self.0.push(HandoffReason::Repeated);
        }
    }

    fn risk(&mut self, labels: &Labels, steps: &mut Steps) {
        let intent = labels.intents.iter().filter(|intent| intent.selected).find_map(|prediction| {
            Intent::find(&prediction.intent).filter(|intent| intent.handling == Handling::Risk)
        });
        if let Some(intent) = intent {
            steps.note("handoff.risk.intent", format!("{} is for a person, always", intent.id));
        }
        let urgent = labels.urgency.level == Urgency::Urgent;
        if urgent {
            let probability = labels.urgency.probability();
            steps.compare("handoff.risk.urgent", "harm is happening or hours away", probability, None);
        }
        if urgent || intent.is_some() {
            self.0.push(HandoffReason::Risk);
        }
    }

    fn upset(&mut self, case: &Case<'_>, labels: &Labels, steps: &mut Steps) {
        let angry = labels.emotion.emotion == Emotion::Anger;
        let negative = |labels: &Labels| labels.sentiment.polarity == Polarity::Negative;
        let twice = negative(labels) && case.previous.is_some_and(negative);
        if angry {
            steps.compare("handoff.upset.anger", "the customer is angry", labels.emotion.probability, None);
        }
        if twice {
            steps.note("handoff.upset.twice", "negative twice in a row");
        }
        if angry || twice {
            self.0.push(HandoffReason::Upset);
        }
    }

    /// Finds the reasons that depend on the intent; there is always one when nothing else holds.
    pub fn of_intent(
        &mut self,
        confidence: &Confidence,
        settled: bool,
        answers: &Answers,
        case: &Case<'_>,
        steps: &mut Steps,
    ) {
        if !settled {
            steps.note("handoff.low_confidence", "neither the intent nor its queue is settled");
            self.0.push(HandoffReason::LowConfidence);
        }
        let handling = confidence.primary.handling;
        if matches!(handling, Handling::Information | Handling::SelfService)
            && !answers.found
            && case.search.is_some()
        {
            steps.note("handoff.no_answer", "the knowledge base has no passage that surely answers");
            self.0.push(HandoffReason::NoAnswer);
        }
        let only_for_this_customer = handling == Handling::Case || answers.further.is_some();
        if only_for_this_customer && settled && !answers.suffice() {
            steps.note(
                "handoff.account_specific",
                "takes data or an action in the customer's own account or order",
            );
            self.0.push(HandoffReason::AccountSpecific);
        }
        if handling == Handling::Person && !self.0.contains(&HandoffReason::Requested) {
            steps.note("handoff.requested", "the message is about reaching a person");
            self.0.push(HandoffReason::Requested);
        }
        if handling == Handling::Risk && !self.0.contains(&HandoffReason::Risk) {
            self.0.push(HandoffReason::Risk);
        }
        if self.0.is_empty() {
            steps.note("handoff.low_confidence", "nothing settles what is wanted");
            self.0.push(HandoffReason::LowConfidence);
        }
    }
}

/// Whether the customer asks the same again after an answer: a turn of the company that is no
/// question stands between.
fn is_repeated(case: &Case<'_>, labels: &Labels) -> bool {
    let turns = &case.message.turns;
    let Some(last_customer) = turns.iter().rposition(|turn| turn.role == Role::Customer) else {
        return false;
    };
    let answered =
        turns[last_customer..].iter().any(|turn| turn.role != Role::Customer && !is_question(&turn.text));
    let primary = |labels: &Labels| labels.intents.first().map(|intent| intent.intent.clone());
    let counts =
        labels.intents.first().and_then(|intent| Intent::find(&intent.intent)).is_some_and(|intent| {
            !matches!(intent.handling, Handling::SmallTalk | Handling::Ignore | Handling::Queue)
        });
    answered && counts && case.previous.is_some_and(|previous| primary(previous) == primary(labels))
}
