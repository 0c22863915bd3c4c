//! Reading a message: language, facts, labels, and the vectors that search.

use std::ops::Range;

use super::{Classified, Clock, Desk};
use crate::{
    Result,
    encoder::QuestionVectors,
    message::{Message, Role},
    signals::{self, Content, Facts},
    taxonomy::{Handling, Intent},
    text::{language::Language, own::own, sentences::sentences},
    triage::{Encoded, Labels, Prepared},
};

/// A text with the vectors that search for it.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// The part of the text that was read.
    pub text: String,
    /// Its vectors; empty when it was not encoded.
    pub vectors: QuestionVectors,
}

/// The customer's last turn before the message.
pub struct Previous {
    /// What the model says of it.
    pub labels: Labels,
    /// What searches for it.
    pub question: Question,
}

/// What reading a message gives.
pub struct Read {
    /// Its language.
    pub language: Language,
    /// Length in tokens.
    pub num_tokens: usize,
    /// Whether it was cut into windows.
    pub windowed: bool,
    /// What its words show.
    pub facts: Facts,
    /// What the model says; `None` when the language is not served or there is nothing to read.
    pub labels: Option<Labels>,
    /// What searches for it.
    pub question: Question,
    /// The customer's last turn before it.
    pub previous: Option<Previous>,
    /// Bytes of the customer's own sentences in the message's text.
    pub sentences: Vec<Range<usize>>,
}

impl Read {
    /// Cosine of the message and the customer's last turn before it.
    pub fn similarity(&self) -> Option<f64> {
        let (now, before) = (&self.question.vectors.vector, &self.previous.as_ref()?.question.vectors.vector);
        let product: f32 = now.iter().zip(before).map(|(a, b)| a * b).sum();
        (!now.is_empty()).then_some(f64::from(product))
    }

    /// The labels alone.
    pub fn classified(self) -> Classified {
        let Self { language, num_tokens, windowed, labels, .. } = self;
        Classified { language, labels, num_tokens, windowed }
    }
}

impl Desk {
    /// Reads a message, and the customer's last turn before it, in one batch.
    pub(super) fn read(
        &self,
        message: &Message,
        facts_clock: &signals::Clock,
        clock: &mut Clock,
    ) -> Result<Read> {
        let prepared = self.model.prepare(message, &self.settings.reading)?;
        let own = own(&message.text, message.channel);
        let mut facts = signals::read(&message.text, &own, prepared.language.locale.ok(), facts_clock);
        if !prepared.has_content && facts.content == Content::Words {
            facts.content = Content::OneLetter;
        }
        let mut read = Read {
            language: prepared.language,
            num_tokens: prepared.num_tokens(),
            windowed: prepared.windowed(),
            facts,
            labels: None,
            question: Question { text: prepared.text.clone(), vectors: QuestionVectors::default() },
            previous: None,
            sentences: sentences(&message.text, &own),
        };
        let before = self.prepare_previous(message)?;
        clock.lap(|timing| &mut timing.prepare_us);
        let is_read = read.language.locale.is_ok() && read.facts.content == Content::Words;
        let batch: Vec<&Prepared> = is_read.then_some(&prepared).into_iter().chain(&before).collect();
        if batch.is_empty() {
            return Ok(read);
        }
        let mut labelled = self.encode_and_label(&batch, clock)?.into_iter();
        if is_read && let Some((labels, question)) = labelled.next() {
            (read.labels, read.question) = (Some(labels), question);
        }
        read.previous = labelled.next().map(|(labels, question)| Previous { labels, question });
        Ok(read)
    }

    /// Encodes and labels prepared texts in one batch; one result a text, in order.
    pub(super) fn encode_and_label(
        &self,
        batch: &[&Prepared],
        clock: &mut Clock,
    ) -> Result<Vec<(Labels, Question)>> {
        let encoded = self.model.encode(batch)?;
        clock.lap(|timing| &mut timing.encode_us);
        let label = |(prepared, encoded): (&&Prepared, Encoded)| {
            let labels = self.model.label(prepared, &encoded);
            let labels = match prepared.has_turns() {
                true => plainer(labels, self.model.label_alone(prepared, &encoded)),
                false => labels,
            };
            let Encoded { message: vector, tokens, .. } = encoded;
            let question =
                Question { text: prepared.text.clone(), vectors: QuestionVectors { vector, tokens } };
            (labels, question)
        };
        let labelled = batch.iter().zip(encoded).map(label).collect();
        clock.lap(|timing| &mut timing.decide_us);
        Ok(labelled)
    }

    /// The customer's last turn before the message, with the turns before that.
    fn prepare_previous(&self, message: &Message) -> Result<Option<Prepared>> {
        let Some(last) = message.turns.iter().rposition(|turn| turn.role == Role::Customer) else {
            return Ok(None);
        };
        let earlier = Message {
            text: message.turns[last].text.clone(),
            turns: message.turns[..last].to_vec(),
            ..message.clone()
        };
        let served = |turn: &Prepared| turn.has_content && turn.language.locale.is_ok();
        Ok(Some(self.model.prepare(&earlier, &self.settings.reading)?).filter(served))
    }
}

/// The labels of a message in its conversation; a request that is plain by itself is not lost in turns that
/// are about something else.
fn plainer(in_context: Labels, alone: Labels) -> Labels {
    /// Probability from which a message says by itself what it wants.
    const PLAIN: f64 = 0.85;
    /// Probability up to which its turns leave that open.
    const OPEN: f64 = 0.6;
    let top = |labels: &Labels| labels.intents.first().map_or(0.0, |first| first.probability);
    let asks = alone.intents.first().and_then(|first| Intent::find(&first.intent)).is_some_and(|intent| {
        intent.id != "other" && !matches!(intent.handling, Handling::SmallTalk | Handling::Ignore)
    });
    if asks && top(&alone) >= PLAIN && top(&in_context) < OPEN {
        // The mood is still that of the conversation.
        let Labels { intents, urgency, .. } = alone;
        return Labels { intents, urgency, ..in_context };
    }
    in_context
}
