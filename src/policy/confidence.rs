//! How sure the labels are of what is wanted.

use super::{Rules, steps::Steps};
use crate::{
    taxonomy::{Handling, Intent},
    triage::{Labels, Urgency},
};

/// How sure the model is of the primary intent and of what depends on it.
pub struct Confidence {
    /// The most probable intent.
    pub primary: &'static Intent,
    /// Its probability.
    pub probability: f64,
    margin: f64,
    /// Probability that the message belongs into the primary intent's queue.
    queue_probability: f64,
    answer_threshold: f64,
    min_margin: f64,
}

impl Confidence {
    /// Judges labels by the thresholds.
    pub fn of(labels: &Labels, rules: &Rules) -> Self {
        // A model's intents are checked against the taxonomy when it is loaded.
        let primary = labels
            .intents
            .first()
            .and_then(|intent| Intent::find(&intent.intent))
            .or_else(|| Intent::find("other"))
            .unwrap_or(&crate::taxonomy::INTENTS[0]);
        Self {
            primary,
            probability: labels.intents.first().map_or(0.0, |intent| intent.probability),
            margin: labels.margin(),
            queue_probability: mass(labels, |intent| intent.queue == primary.queue),
            answer_threshold: rules.answer_threshold,
            min_margin: rules.min_margin,
        }
    }

    /// Whether the primary intent is beyond doubt.
    pub fn is_settled(&self) -> bool {
        self.probability >= self.answer_threshold && self.margin >= self.min_margin
    }

    /// Whether at least its queue is, however the probability is spread over the queue's intents.
    pub fn queue_settled(&self) -> bool {
        self.queue_probability >= self.answer_threshold
    }

    /// Probability that the message asks for what an article can give to every customer.
    ///
    /// Intents that take the customer's own case count as far as the message is of low urgency:
    /// by the label guide an answer that is the same for every customer is low, one that needs
    /// this customer's case is not.
    pub fn answerable(&self, labels: &Labels) -> f64 {
        let general =
            mass(labels, |intent| matches!(intent.handling, Handling::Information | Handling::SelfService));
        let cases = mass(labels, |intent| intent.handling == Handling::Case);
        general + cases * labels.urgency.distribution[Urgency::Low as usize]
    }

    /// Notes what was compared.
    pub fn explain(&self, steps: &mut Steps) {
        let met = self.is_settled();
        let code = if met { "threshold.intent.met" } else { "threshold.intent.missed" };
        let text = format!("primary intent {} with a margin of {:.2}", self.primary.id, self.margin);
        steps.compare(code, text, self.probability, Some(self.answer_threshold));
        if !met {
            let code = if self.queue_settled() { "threshold.queue.met" } else { "threshold.queue.missed" };
            let text = format!("all intents of the queue {:?} together", self.primary.queue);
            steps.compare(code, text, self.queue_probability, Some(self.answer_threshold));
        }
    }
}

/// Probability of all intents that fulfil a condition.
fn mass(labels: &Labels, condition: impl Fn(&Intent) -> bool) -> f64 {
    labels
        .intents
        .iter()
        .filter(|prediction| Intent::find(&prediction.intent).is_some_and(&condition))
        .map(|prediction| prediction.probability)
        .sum()
}
