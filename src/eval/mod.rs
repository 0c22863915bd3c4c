//! How well the model labels messages whose labels are known: the figures of the model card, and the
//! same for a company's own messages.
//!
//! Messages take the way that the service gives them: its reading of e-mails, its detection of the
//! language, its windows, its encoder and heads.

mod disguise;
mod figures;
mod messages;
mod precision;
mod retrieval;

pub use disguise::Disguise;
pub use figures::{Bin, Column, Figure, Report, Unit};
pub use messages::{LabelledMessage, parse, read};
pub use precision::{Computed, Cosines, LabelChange, PrecisionReport};
pub use retrieval::{DEPTHS, Found, FoundChange, Question, RetrievalChange, Shelf, has_articles, questions};

use crate::{
    Result,
    message::Message,
    triage::{Labels, Model, Reading},
};

/// Messages that are encoded together.
const BATCH: usize = 32;

/// What the model says of one labelled message.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Its labels.
    pub labels: Labels,
    /// For each of [`Disguise::ALL`], whether the disguised message keeps its primary intent; `None` where
    /// the disguise changes nothing.
    pub unchanged: [Option<bool>; Disguise::ALL.len()],
}

/// Labels the messages and computes every figure. `done` is told how many messages are finished.
///
/// # Errors
/// What [`Model::prepare`] and [`Model::encode`] fail with.
pub fn evaluate(
    model: &Model,
    reading: &Reading,
    messages: &[LabelledMessage],
    done: impl Fn(usize),
) -> Result<Report> {
    let mut all = Vec::with_capacity(messages.len());
    for part in messages.chunks(BATCH) {
        all.extend(outcomes(model, reading, part)?);
        done(part.len());
    }
    Ok(Report::of(messages, &all))
}

fn outcomes(model: &Model, reading: &Reading, messages: &[LabelledMessage]) -> Result<Vec<Outcome>> {
    let plain: Vec<Message> = messages.iter().map(LabelledMessage::message).collect();
    let labels = label(model, reading, &plain)?;
    let mut outcomes: Vec<Outcome> =
        labels.into_iter().map(|labels| Outcome { labels, unchanged: Default::default() }).collect();
    for (number, disguise) in Disguise::ALL.into_iter().enumerate() {
        let (places, disguised): (Vec<usize>, Vec<Message>) = plain
            .iter()
            .enumerate()
            .filter_map(|(place, message)| {
                let text = disguise.applied(&message.text).filter(|text| *text != message.text)?;
                Some((place, Message { text, ..message.clone() }))
            })
            .unzip();
        for (place, labels) in places.into_iter().zip(label(model, reading, &disguised)?) {
            let outcome = &mut outcomes[place];
            let kept = labels.intents[0].intent == outcome.labels.intents[0].intent;
            outcome.unchanged[number] = Some(kept);
        }
    }
    Ok(outcomes)
}

fn label(model: &Model, reading: &Reading, messages: &[Message]) -> Result<Vec<Labels>> {
    let prepared: Result<Vec<_>> = messages.iter().map(|message| model.prepare(message, reading)).collect();
    let prepared = prepared?;
    let encoded = model.encode(&prepared.iter().collect::<Vec<_>>())?;
    Ok(prepared.iter().zip(&encoded).map(|(prepared, encoded)| model.label(prepared, encoded)).collect())
}
