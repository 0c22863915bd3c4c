//! How sure the labels are of what is wanted.

use super::{Thresholds, steps::Steps};
use crate::{
    taxonomy::{Handling, Intent},
    triage::{Labels, Urgency},
};

/// How sure the model is of the deciding intent and of what depends on it.
pub struct Confidence {
    /// The deciding intent.
    pub primary: &'static Intent,
    /// Its probability.
    pub probability: f64,
    /// Its lead over the next.
    pub margin: f64,
    /// Probability that the message belongs into its queue.
    pub queue_probability: f64,
    /// The thresholds of the intent.
    pub thresholds: Thresholds,
}

impl Confidence {
    /// Whether the intent is beyond doubt.
    pub fn is_settled(&self) -> bool {
        self.probability >= self.thresholds.answer && self.margin >= self.thresholds.margin
    }

    /// Whether at least its queue is, however the probability is spread over the queue's intents.
    pub fn queue_settled(&self) -> bool {
        self.queue_probability >= self.thresholds.answer
    }

    /// Whether it is likely enough to ask back instead of handing over.
    pub fn is_likely(&self) -> bool {
        self.probability >= self.thresholds.clarify
    }

    /// Notes what was compared.
    pub fn explain(&self, steps: &mut Steps) {
        let met = self.is_settled();
        let code = if met { "threshold.intent.met" } else { "threshold.intent.missed" };
        let text = format!(
            "intent {} with a margin of {:.2}, at least {:.2}",
            self.primary.id, self.margin, self.thresholds.margin
        );
        steps.compare(code, text, self.probability, Some(self.thresholds.answer));
        if !met {
            let code = if self.queue_settled() { "threshold.queue.met" } else { "threshold.queue.missed" };
            let text = format!("all intents of the queue {:?} together", self.primary.queue);
            steps.compare(code, text, self.queue_probability, Some(self.thresholds.answer));
        }
    }
}

/// Probability in 0..1 that a text asks for what an article can give to every customer.
///
/// Intents that take the customer's own case count as far as the message is of low urgency:
/// by the label guide an answer that is the same for every customer is low, one that needs
/// this customer's case is not.
pub fn answerable(labels: &Labels) -> f64 {
    let general =
        mass(labels, |intent| matches!(intent.handling, Handling::Information | Handling::SelfService));
    let cases = mass(labels, |intent| intent.handling == Handling::Case);
    general + cases * labels.urgency.distribution[Urgency::Low as usize]
}

/// Probability in 0..1 that a text asks for something in the customer's own account or order: for an intent
/// that takes it, as far as it is not of low urgency (see [`answerable`]).
pub fn needs_case(labels: &Labels) -> f64 {
    let own = mass(labels, |intent| matches!(intent.handling, Handling::Case | Handling::SelfService));
    own * (1.0 - labels.urgency.distribution[Urgency::Low as usize])
}

/// [`answerable`] and [`needs_case`] of one of several requests, whose intent is taken as given.
pub fn among_others(labels: &Labels, intent: &Intent) -> (f64, f64) {
    let low = labels.urgency.distribution[Urgency::Low as usize];
    match intent.handling {
        Handling::Information => (1.0, 0.0),
        Handling::SelfService => (1.0, 1.0 - low),
        Handling::Case => (low, 1.0 - low),
        Handling::Incident
        | Handling::Risk
        | Handling::Queue
        | Handling::SmallTalk
        | Handling::Person
        | Handling::Ignore => (0.0, 0.0),
    }
}

/// Probability of all intents that fulfil a condition.
pub fn mass(labels: &Labels, condition: impl Fn(&Intent) -> bool) -> f64 {
    labels
        .intents
        .iter()
        .filter(|prediction| Intent::find(&prediction.intent).is_some_and(&condition))
        .map(|prediction| prediction.probability)
        .sum()
}
