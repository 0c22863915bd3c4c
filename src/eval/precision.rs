//! What another way of computing changes: labels, sentence vectors, and what is found, against a reference.

use serde::Serialize;

use super::{LabelledMessage, retrieval::RetrievalChange};
use crate::{
    Result,
    triage::{Labels, Model, Reading},
};

/// Messages that are encoded together.
const BATCH: usize = 32;

/// What a model makes of messages.
#[derive(Clone, Debug, Default)]
pub struct Computed {
    /// The labels of each message.
    labels: Vec<Labels>,
    /// The vectors of each message: alone and, when it has turns, after them.
    vectors: Vec<[Vec<f32>; 2]>,
}

impl Computed {
    /// Labels messages. `done` is told how many are finished.
    ///
    /// # Errors
    /// What [`Model::prepare`] and [`Model::encode`] fail with.
    pub fn of(
        model: &Model,
        reading: &Reading,
        messages: &[LabelledMessage],
        done: impl Fn(usize),
    ) -> Result<Self> {
        let mut computed = Self::default();
        for part in messages.chunks(BATCH) {
            let prepared = part.iter().map(|message| model.prepare(&message.message(), reading));
            let prepared: Vec<_> = prepared.collect::<Result<_>>()?;
            let encoded = model.encode(&prepared.iter().collect::<Vec<_>>())?;
            for (prepared, encoded) in prepared.iter().zip(encoded) {
                computed.labels.push(model.label(prepared, &encoded));
                let in_context = if prepared.has_turns() { encoded.in_context } else { Vec::new() };
                computed.vectors.push([encoded.message, in_context]);
            }
            done(part.len());
        }
        Ok(computed)
    }
}

/// What another way of computing changes.
#[derive(Clone, Debug, Serialize)]
pub struct PrecisionReport {
    /// How it computes.
    pub backend: String,
    /// How many messages were compared.
    pub num_messages: usize,
    /// What became of each label.
    pub labels: Vec<LabelChange>,
    /// Share in 0..1 of all labels of all messages that differ.
    pub all_labels: f64,
    /// How near the sentence vectors are.
    pub cosine: Cosines,
    /// What is found; `None` when there was nothing to search.
    pub retrieval: Option<RetrievalChange>,
}

/// What became of one label.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LabelChange {
    /// Name of the label.
    pub label: &'static str,
    /// Share in 0..1 of messages that get another one than by the reference.
    pub differing: f64,
    /// Share in 0..1 of messages that the reference gives the right one.
    pub reference_right: f64,
    /// Share in 0..1 of messages that get the right one.
    pub right: f64,
}

/// Cosines of vectors with those of the reference.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Cosines {
    /// Their mean.
    pub mean: f64,
    /// The one that a hundredth of them lie below.
    pub first_percentile: f64,
    /// The least.
    pub min: f64,
}

/// A label: its name, what it is of some labels, and whether that is right for a message.
struct Compared {
    name: &'static str,
    same: fn(&Labels, &Labels) -> bool,
    right: fn(&LabelledMessage, &Labels) -> bool,
}

const COMPARED: [Compared; 7] = [
    Compared {
        name: "intent",
        same: |a, b| primary(a) == primary(b),
        right: |message, labels| primary(labels) == message.intents.first().map(String::as_str),
    },
    Compared {
        name: "selected intents",
        same: |a, b| selected(a) == selected(b),
        right: |message, labels| {
            let mut intents: Vec<&str> = message.intents.iter().map(String::as_str).collect();
            intents.sort_unstable();
            selected(labels) == intents
        },
    },
    Compared {
        name: "urgency",
        same: |a, b| a.urgency.level == b.urgency.level,
        right: |message, labels| labels.urgency.level == message.urgency,
    },
    Compared {
        name: "sentiment",
        same: |a, b| a.sentiment.polarity == b.sentiment.polarity,
        right: |message, labels| labels.sentiment.polarity == message.sentiment,
    },
    Compared {
        name: "emotion",
        same: |a, b| a.emotion.emotion == b.emotion.emotion,
        right: |message, labels| labels.emotion.emotion == message.emotion,
    },
    Compared {
        name: "wants a person",
        same: |a, b| a.wants_human.holds == b.wants_human.holds,
        right: |message, labels| labels.wants_human.holds == message.wants_human,
    },
    Compared {
        name: "orders to the system",
        same: |a, b| a.orders_system.holds == b.orders_system.holds,
        right: |message, labels| labels.orders_system.holds == message.orders_system,
    },
];

fn primary(labels: &Labels) -> Option<&str> {
    labels.intents.first().map(|known| known.intent.as_str())
}

fn selected(labels: &Labels) -> Vec<&str> {
    let known = labels.intents.iter().filter(|known| known.selected);
    let mut selected: Vec<&str> = known.map(|known| known.intent.as_str()).collect();
    selected.sort_unstable();
    selected
}

impl PrecisionReport {
    /// Compares what a backend made of messages with what the reference made of the same.
    pub fn of(
        backend: &str,
        messages: &[LabelledMessage],
        reference: &Computed,
        computed: &Computed,
    ) -> Self {
        let share = |holds: &mut dyn Iterator<Item = bool>| {
            let (mut of, mut held) = (0usize, 0usize);
            holds.for_each(|holds| {
                of += 1;
                held += usize::from(holds);
            });
            held as f64 / of.max(1) as f64
        };
        let pairs = || reference.labels.iter().zip(&computed.labels);
        let right = |compared: &Compared, of: &Computed| {
            share(
                &mut messages
                    .iter()
                    .zip(&of.labels)
                    .map(|(message, labels)| (compared.right)(message, labels)),
            )
        };
        let change = |compared: &Compared| LabelChange {
            label: compared.name,
            differing: share(&mut pairs().map(|(a, b)| !(compared.same)(a, b))),
            reference_right: right(compared, reference),
            right: right(compared, computed),
        };
        let labels: Vec<LabelChange> = COMPARED.iter().map(change).collect();
        Self {
            backend: backend.to_owned(),
            num_messages: messages.len(),
            all_labels: labels.iter().map(|label| label.differing).sum::<f64>() / labels.len() as f64,
            labels,
            cosine: Cosines::of(reference, computed),
            retrieval: None,
        }
    }
}

impl Cosines {
    fn of(reference: &Computed, computed: &Computed) -> Self {
        let pairs = reference.vectors.iter().flatten().zip(computed.vectors.iter().flatten());
        let mut cosines: Vec<f64> = pairs.filter(|(a, _)| !a.is_empty()).map(|(a, b)| cosine(a, b)).collect();
        cosines.sort_by(f64::total_cmp);
        Self {
            mean: cosines.iter().sum::<f64>() / cosines.len().max(1) as f64,
            first_percentile: cosines.get(cosines.len() / 100).copied().unwrap_or_default(),
            min: cosines.first().copied().unwrap_or_default(),
        }
    }
}

/// Cosine of two vectors, summed in double precision: what is measured is near 1.
fn cosine(a: &[f32], b: &[f32]) -> f64 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt().max(f64::MIN_POSITIVE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_vectors(vectors: &[[f32; 2]]) -> Computed {
        let vectors = vectors.iter().map(|vector| [vector.to_vec(), Vec::new()]).collect();
        Computed { labels: Vec::new(), vectors }
    }

    #[test]
    fn cosines_are_of_the_vectors_that_are_there() {
        let reference = with_vectors(&[[1.0, 0.0], [0.0, 2.0]]);
        let found = Cosines::of(&reference, &with_vectors(&[[3.0, 0.0], [1.0, 1.0]]));
        assert!((found.min - 0.5f64.sqrt()).abs() < 1e-9, "{found:?}");
        assert!((found.mean - (1.0 + 0.5f64.sqrt()) / 2.0).abs() < 1e-9, "{found:?}");
    }
}
