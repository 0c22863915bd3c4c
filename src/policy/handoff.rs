//! Why a person must take over, as the label guide's table says.

use super::{AskedRequest, Case, Mood, severity::Severity, steps::Steps};
use crate::{
    signals::{EntityKind, Facts, Signal, SignalKind},
    taxonomy::{Handling, Intent},
    triage::{Emotion, Polarity, Urgency},
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

/// Reasons that hold, each once.
#[derive(Default)]
pub struct Reasons(Vec<HandoffReason>);

impl Reasons {
    /// Whether none holds.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a reason.
    pub fn add(&mut self, reason: HandoffReason) {
        if !self.0.contains(&reason) {
            self.0.push(reason);
        }
    }

    /// The reasons in the table's order.
    pub fn into_sorted(mut self) -> Vec<HandoffReason> {
        self.0.sort_unstable();
        self.0
    }

    /// Finds the reasons that hold whatever the message asks for.
    pub fn of_message(&mut self, case: &Case, severity: &Severity, steps: &mut Steps) {
        self.requested(case, steps);
        self.risk(case, severity, steps);
        self.upset(case, steps);
    }

    fn requested(&mut self, case: &Case, steps: &mut Steps) {
        if case.facts.declines_person {
            steps.note("person.declined", "the words say that no person is wanted, or only speak of one");
            return;
        }
        let labelled = case.labels.as_ref().map(|labels| labels.wants_human).filter(|label| label.holds);
        if let Some(label) = labelled {
            let text = "the customer asks for a person";
            steps.compare("handoff.requested", text, label.probability, None);
        }
        if let Some(span) = &case.facts.asks_person {
            let text = format!("bytes {} to {} ask for a person", span.start, span.end);
            steps.note("handoff.requested", text);
        }
        if labelled.is_some() || case.facts.asks_person.is_some() {
            self.add(HandoffReason::Requested);
        }
    }

    fn risk(&mut self, case: &Case, severity: &Severity, steps: &mut Steps) {
        let labelled = case.labels.iter().flat_map(|labels| &labels.intents);
        let selected = labelled.filter(|intent| intent.selected).map(|intent| &intent.intent);
        let asked = case.requests.iter().map(|request| &request.intent);
        let risky = asked
            .chain(selected)
            .filter_map(|intent| Intent::find(intent))
            .find(|intent| intent.handling == Handling::Risk);
        if let Some(intent) = risky {
            steps.note("handoff.risk.intent", format!("{} is for a person, always", intent.id));
        }
        let urgent = severity.basis.urgency == Urgency::Urgent;
        if urgent {
            steps.note("handoff.risk.urgent", "harm is happening or hours away");
        }
        let told = |signal: &&Signal| {
            matches!(signal.kind, SignalKind::Safety | SignalKind::Security | SignalKind::Legal)
        };
        let told = case.facts.signals.iter().find(told);
        if let Some(Signal { kind, span, .. }) = told {
            let text = format!("bytes {} to {} show {}", span.start, span.end, kind.name());
            steps.note("handoff.risk.signal", text);
        }
        if urgent || risky.is_some() || told.is_some() {
            self.add(HandoffReason::Risk);
        }
    }

    fn upset(&mut self, case: &Case, steps: &mut Steps) {
        let Some(labels) = &case.labels else { return };
        let angry = labels.emotion.emotion == Emotion::Anger;
        let mood = Mood::of(labels);
        let before = case.conversation.moods.last().copied().or(case.previous.as_ref().map(Mood::of));
        let negative = |mood: Mood| mood.polarity == Polarity::Negative;
        let twice = negative(mood) && before.is_some_and(negative);
        if angry {
            steps.compare("handoff.upset.anger", "the customer is angry", labels.emotion.probability, None);
        }
        if twice {
            steps.note("handoff.upset.twice", "negative twice in a row");
        }
        if angry || twice {
            self.add(HandoffReason::Upset);
        }
    }

    /// Adds that the same was answered before.
    ///
    /// A further question of the same kind is no repetition ("and to the islands?"); the same words again, a
    /// reproach, or a case that the answer did not settle is.
    pub fn repeated(&mut self, case: &Case, intent: &Intent, steps: &mut Steps) {
        /// Probability or presence from which the message is still about an intent.
        const MIN_STILL: f64 = 0.15;
        /// Cosine from which two messages ask the same.
        const MIN_SAME: f64 = 0.5;
        let counts = !matches!(intent.handling, Handling::SmallTalk | Handling::Ignore | Handling::Queue);
        let continued = case.requests.iter().any(|request| request.continued);
        let still = |answered: &String| {
            let labels = case.labels.iter().flat_map(|labels| &labels.intents);
            let mut found = labels.filter(|found| found.intent == *answered);
            answered == intent.id || found.any(|found| found.probability.max(found.presence) >= MIN_STILL)
        };
        let unsettled = |answered: &String| {
            let reproach =
                case.labels.as_ref().is_some_and(|labels| labels.sentiment.polarity == Polarity::Negative);
            let is_case = Intent::find(answered).is_some_and(|intent| intent.handling == Handling::Case);
            let same = case.similarity.is_some_and(|similarity| similarity >= MIN_SAME);
            reproach || is_case || same
        };
        let answered = &case.conversation.answered;
        if counts && !continued && answered.iter().any(|answered| still(answered) && unsettled(answered)) {
            steps.note("handoff.repeated", "the same request again after an answer was given");
            self.add(HandoffReason::Repeated);
        }
    }

    /// Adds what a request takes that was not answered; `pressing` when nothing but its urgency kept it from
    /// being.
    pub fn of_request(&mut self, request: &AskedRequest, facts: &Facts, pressing: bool, steps: &mut Steps) {
        /// Probability from which a request is taken to be about the customer's own case.
        const MIN_CASE: f64 = 0.5;
        let handling = Intent::find(&request.intent).map_or(Handling::Case, |intent| intent.handling);
        match handling {
            Handling::Information | Handling::SelfService | Handling::Case
                if request.needs_case >= MIN_CASE || (pressing && self.0.is_empty()) =>
            {
                let text = format!(
                    "{} takes data or an action in the customer's own account or order",
                    request.intent
                );
                steps.compare("handoff.account_specific", text, request.needs_case, Some(MIN_CASE));
                self.add(HandoffReason::AccountSpecific);
            }
            Handling::Information | Handling::SelfService | Handling::Case | Handling::Incident
                if request.search.is_some() && !self.0.contains(&HandoffReason::Risk) =>
            {
                let text =
                    format!("the knowledge base has no passage that surely answers {}", request.intent);
                steps.note("handoff.no_answer", text);
                self.add(HandoffReason::NoAnswer);
            }
            Handling::Person => {
                steps.note("handoff.requested", "the message is about reaching a person");
                self.add(HandoffReason::Requested);
            }
            Handling::Risk => {
                self.add(HandoffReason::Risk);
                if request.intent == "legal.threat" && names_own_case(facts) {
                    let text = "the threat is about an order or an amount of the customer's own";
                    steps.note("handoff.account_specific", text);
                    self.add(HandoffReason::AccountSpecific);
                }
            }
            _ => {}
        }
    }

    /// Makes sure that there is a reason.
    pub fn never_empty(&mut self, steps: &mut Steps) {
        if self.is_empty() {
            steps.note("handoff.low_confidence", "nothing settles what is wanted");
            self.add(HandoffReason::LowConfidence);
        }
    }
}

/// Whether a message names an order, a parcel or an amount.
fn names_own_case(facts: &Facts) -> bool {
    let of_case = [EntityKind::OrderNumber, EntityKind::TrackingNumber, EntityKind::Amount];
    facts.entities.iter().any(|entity| of_case.contains(&entity.kind))
}
