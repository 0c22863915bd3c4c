//! Reading a message: language, facts, labels, and the vectors that search. Everything that is encoded of it
//! goes through the encoder in one batch.

use std::ops::Range;

use super::{Clock, Desk, requests::sentences_to_read};
use crate::{
    Result,
    encoder::QuestionVectors,
    message::{Locale, Message},
    signals::{self, Content, Facts, Own},
    taxonomy::{Handling, Intent},
    text::{language::Language, normalise::has_content, own::own, redact::Kind, sentences::sentences},
    triage::{Encoded, Labels, Prepared},
};

/// A text with the vectors that search for it.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// The part of the text that was read.
    pub text: String,
    /// Whether personal data was looked for in the text and none is there.
    pub is_impersonal: bool,
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

/// A sentence that was read by itself.
pub struct ReadSentence {
    /// Bytes of it in the message's text.
    pub span: Range<usize>,
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
    /// Those of them that are read by themselves: none where the message is one.
    pub by_sentence: Vec<ReadSentence>,
}

impl Read {
    /// Cosine of the message and the customer's last turn before it.
    pub fn similarity(&self) -> Option<f64> {
        let (now, before) = (&self.question.vectors.vector, &self.previous.as_ref()?.question.vectors.vector);
        let product: f32 = now.iter().zip(before).map(|(a, b)| a * b).sum();
        (!now.is_empty()).then_some(f64::from(product))
    }
}

impl Desk {
    /// Reads a message, its sentences, and the customer's last turn before it, in one batch.
    pub(super) fn read(
        &self,
        message: &Message,
        conversation: Option<Locale>,
        personal: &[(Range<usize>, Kind)],
        facts_clock: &signals::Clock,
        clock: &mut Clock,
    ) -> Result<Read> {
        let reading = &self.settings.reading;
        let text = self.model.text(message, conversation, reading);
        let language = text.language;
        let own = own(&message.text, message.channel);
        let words = Own { text: &message.text, own: &own, personal };
        let mut facts = signals::read(&words, language.locale.ok(), facts_clock);
        facts.content = content(&text.text, facts.content);
        let sentences = sentences(&message.text, &own);
        let is_read = language.locale.is_ok() && facts.content == Content::Words;
        let spans = match is_read {
            true => sentences_to_read(&message.text, &facts, &sentences),
            false => vec![],
        };
        let turns = self.model.turns(&message.turns)?;
        let (prepared, by_sentence) =
            self.model.prepare_with_sentences(message, text, &turns, &spans, reading)?;
        let served = |turn: &Prepared| turn.has_content && turn.language.locale.is_ok();
        let before = self.model.prepare_last_turn(message, conversation, &turns, reading)?.filter(served);
        clock.lap(|timing| &mut timing.prepare_us);
        let of_message = is_read.then_some(&prepared);
        let batch: Vec<&Prepared> = of_message.into_iter().chain(&before).chain(&by_sentence).collect();
        let mut labelled = self.encode_and_label(&batch, clock)?.into_iter();
        let (labels, question) = match of_message.and_then(|_| labelled.next()) {
            Some((labels, question)) => (Some(labels), question),
            None => (None, Question { text: prepared.text.clone(), ..Question::default() }),
        };
        let previous = before.and_then(|_| labelled.next());
        let of_message = |question| Question { is_impersonal: personal.is_empty(), ..question };
        let sentence =
            |(span, (labels, question))| ReadSentence { span, labels, question: of_message(question) };
        Ok(Read {
            language,
            num_tokens: prepared.num_tokens(),
            windowed: prepared.windowed(),
            facts,
            labels,
            question: of_message(question),
            previous: previous.map(|(labels, question)| Previous { labels, question }),
            sentences,
            by_sentence: spans.into_iter().zip(labelled).map(sentence).collect(),
        })
    }

    /// Encodes and labels prepared texts in one batch; one result a text, in order.
    pub(super) fn encode_and_label(
        &self,
        batch: &[&Prepared],
        clock: &mut Clock,
    ) -> Result<Vec<(Labels, Question)>> {
        if batch.is_empty() {
            return Ok(vec![]);
        }
        let encoded = self.model.encode(batch)?;
        clock.lap(|timing| &mut timing.encode_us);
        let label = |(prepared, encoded): (&&Prepared, Encoded)| {
            let labels = self.model.label(prepared, &encoded);
            let labels = match prepared.has_turns() {
                true => plainer(labels, || self.model.label_alone(prepared, &encoded)),
                false => labels,
            };
            let Encoded { message: vector, tokens, .. } = encoded;
            let vectors = QuestionVectors { vector, tokens };
            let question = Question { text: prepared.text.clone(), vectors, is_impersonal: false };
            (labels, question)
        };
        let labelled = batch.iter().zip(encoded).map(label).collect();
        clock.lap(|timing| &mut timing.decide_us);
        Ok(labelled)
    }
}

/// What the words say, when the text that is read of them has letters.
pub(super) fn content(read: &str, content: Content) -> Content {
    match content {
        Content::Words if !has_content(read) => Content::OneLetter,
        content => content,
    }
}

/// The labels of a message in its conversation; a request that is plain by itself is not lost in turns that
/// are about something else.
fn plainer(in_context: Labels, alone: impl FnOnce() -> Labels) -> Labels {
    /// Probability from which a message says by itself what it wants.
    const PLAIN: f64 = 0.85;
    /// Probability up to which its turns leave that open.
    const OPEN: f64 = 0.6;
    let top = |labels: &Labels| labels.intents.first().map_or(0.0, |first| first.probability);
    if top(&in_context) >= OPEN {
        return in_context;
    }
    let alone = alone();
    let asks = alone.intents.first().and_then(|first| Intent::find(&first.intent)).is_some_and(|intent| {
        intent.id != "other" && !matches!(intent.handling, Handling::SmallTalk | Handling::Ignore)
    });
    if asks && top(&alone) >= PLAIN {
        // The mood is still that of the conversation.
        let Labels { intents, urgency, .. } = alone;
        return Labels { intents, urgency, ..in_context };
    }
    in_context
}
