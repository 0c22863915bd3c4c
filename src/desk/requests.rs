//! What a message asks for: one request, or several with the sentence each stands in.

use std::ops::Range;

use super::{
    Clock, Desk,
    reading::{Question, Read},
};
use crate::{
    Result,
    message::Message,
    policy::{self, AskedRequest, Conversation, Thresholds},
    taxonomy::{Handling, Intent},
    text::redact::{self, Kind},
    triage::{Labels, Prepared, Urgency},
};

/// Sentences of one message that are read by themselves at most; bounds what one message may cost.
const MAX_SENTENCES: usize = 8;

/// Letters or Han characters that a sentence needs to be read by itself.
const MIN_LETTERS: usize = 4;

/// Probability that a sentence by itself gives to an intent, from which it asks for it.
const MIN_SENTENCE_PROBABILITY: f64 = 0.5;

/// Presence of the intent in the message that the same takes.
const MIN_PRESENCE: f64 = 0.1;

/// A request with what searches for its answer.
pub struct Found {
    /// The request; not searched yet.
    pub request: AskedRequest,
    /// What searches.
    pub question: Question,
}

/// A sentence that was read by itself.
struct ReadSentence {
    span: Range<usize>,
    labels: Labels,
    question: Question,
}

/// What requests are found in.
pub struct Source<'a> {
    /// The message.
    pub message: &'a Message,
    /// Personal data in it.
    pub personal: &'a [(Range<usize>, Kind)],
    /// What was read.
    pub read: &'a Read,
    /// The conversation before it.
    pub conversation: &'a Conversation,
}

impl Source<'_> {
    /// The whole of what the customer wrote.
    fn whole(&self) -> Range<usize> {
        let start = self.read.sentences.first().map_or(0, |sentence| sentence.start);
        start..self.read.sentences.last().map_or(self.message.text.len(), |sentence| sentence.end)
    }

    fn text(&self, span: &Range<usize>) -> String {
        redact::within(&self.message.text, self.personal, span.clone())
    }

    /// One of several requests, as sure as `labels` are of it.
    fn among_others(&self, intent: &str, labels: &Labels, span: Range<usize>) -> AskedRequest {
        let answerable =
            Intent::find(intent).map_or(0.0, |intent| policy::answerable_among_others(labels, intent));
        AskedRequest { answerable, ..self.request(intent, labels, span) }
    }

    /// A request for an intent, as sure as `labels` are of it.
    fn request(&self, intent: &str, labels: &Labels, span: Range<usize>) -> AskedRequest {
        let of = |id: &str| {
            labels.intents.iter().find(|found| found.intent == id).map_or(0.0, |found| found.probability)
        };
        let next =
            labels.intents.iter().filter(|other| other.intent != intent).map(|other| other.probability);
        let probability = of(intent);
        AskedRequest {
            intent: intent.to_owned(),
            probability,
            margin: probability - next.fold(0.0, f64::max),
            urgency: labels.urgency.level,
            answerable: policy::answerable(labels),
            text: self.text(&span),
            span,
            continued: false,
            search: None,
        }
    }

    /// The open request that the message goes on with, when it answers a question of the company.
    fn continued(&self) -> Option<Found> {
        let details = self.read.facts.is_only_details(&self.message.text, &self.read.sentences);
        let intent = self.conversation.continues(&self.read.question.text, details)?;
        let previous = self.read.previous.as_ref();
        let labels = previous.map(|previous| &previous.labels);
        let request = AskedRequest {
            intent: intent.id.to_owned(),
            // The company asked and the customer answered.
            probability: 1.0,
            margin: 1.0,
            urgency: labels.map_or(Urgency::Normal, |labels| labels.urgency.level),
            answerable: labels.map_or(0.0, policy::answerable),
            text: self.text(&self.whole()),
            span: self.whole(),
            continued: true,
            search: None,
        };
        let question = previous.map(|previous| previous.question.clone()).unwrap_or_default();
        Some(Found { request, question })
    }
}

impl Desk {
    /// Finds what a message asks for, in the order of the text.
    pub(super) fn requests(&self, source: &Source<'_>, clock: &mut Clock) -> Result<Vec<Found>> {
        if let Some(continued) = source.continued() {
            return Ok(vec![continued]);
        }
        let Some(labels) = source.read.labels.as_ref().filter(|labels| !labels.orders_system.holds) else {
            return Ok(vec![]);
        };
        let Some(primary) = labels.intents.first() else { return Ok(vec![]) };
        let sentences = self.read_sentences(source, clock)?;
        let mut found: Vec<Found> = Vec::new();
        for (intent, sentence) in asked(labels, &sentences) {
            let (labels, span, question) = match sentence {
                Some(sentence) => (&sentence.labels, sentence.span.clone(), sentence.question.clone()),
                None => (labels, source.whole(), source.read.question.clone()),
            };
            found.push(Found { request: source.among_others(intent, labels, span), question });
        }
        if let [only] = found.as_mut_slice() {
            // One thing is asked for: the whole message says how sure that is, and searches.
            only.request = source.request(&primary.intent, labels, source.whole());
            only.question = source.read.question.clone();
        }
        found.sort_by_key(|found| found.request.span.start);
        Ok(found)
    }

    /// Reads the sentences of a message by themselves, when there are several.
    fn read_sentences(&self, source: &Source<'_>, clock: &mut Clock) -> Result<Vec<ReadSentence>> {
        let text = &source.message.text;
        let letters = |span: &Range<usize>| {
            text.get(span.clone())
                .unwrap_or_default()
                .chars()
                .filter(|c| c.is_alphanumeric())
                .take(MIN_LETTERS)
                .count()
        };
        let spans: Vec<Range<usize>> = source
            .read
            .sentences
            .iter()
            .filter(|span| letters(span) == MIN_LETTERS)
            .take(MAX_SENTENCES)
            .cloned()
            .collect();
        if spans.len() < 2 {
            return Ok(vec![]);
        }
        let prepare = |span: &Range<usize>| {
            let sentence = Message {
                text: text.get(span.clone()).unwrap_or_default().to_owned(),
                locale_hint: source.read.language.locale.ok(),
                turns: vec![],
                ..source.message.clone()
            };
            let mut prepared = self.model.prepare(&sentence, &self.settings.reading)?;
            prepared.language = source.read.language;
            Ok(prepared)
        };
        let prepared = spans.iter().map(prepare).collect::<Result<Vec<Prepared>>>()?;
        clock.lap(|timing| &mut timing.prepare_us);
        let labelled = self.encode_and_label(&prepared.iter().collect::<Vec<_>>(), clock)?;
        let read = spans.into_iter().zip(labelled);
        Ok(read.map(|(span, (labels, question))| ReadSentence { span, labels, question }).collect())
    }
}

/// The intents that a message asks for, each once, with the sentence that it stands in; the primary one
/// first.
fn asked<'a>(labels: &'a Labels, sentences: &'a [ReadSentence]) -> Vec<(&'a str, Option<&'a ReadSentence>)> {
    let mut asked: Vec<&str> =
        labels.intents.first().map(|first| first.intent.as_str()).into_iter().collect();
    let mut add = |intent: &'a str| {
        if !asked.contains(&intent) {
            asked.push(intent);
        }
    };
    let settled = Thresholds::default();
    let first = labels.intents.first().map_or(0.0, |first| first.probability);
    // While the first one is in doubt, another one is rather a second reading of the same request.
    if first >= settled.answer && labels.margin() >= settled.margin {
        labels.intents.iter().filter(|intent| intent.selected).for_each(|intent| add(&intent.intent));
    }
    for sentence in sentences {
        let Some(top) = sentence.labels.intents.first() else { continue };
        let presence = labels
            .intents
            .iter()
            .find(|intent| intent.intent == top.intent)
            .map_or(0.0, |intent| intent.presence);
        if top.probability >= MIN_SENTENCE_PROBABILITY && presence >= MIN_PRESENCE {
            add(&top.intent);
        }
    }
    let says_something = |id: &str| {
        Intent::find(id)
            .is_some_and(|intent| !matches!(intent.handling, Handling::SmallTalk | Handling::Ignore))
    };
    if asked.iter().any(|id| says_something(id)) && asked.len() > 1 {
        asked.retain(|id| says_something(id));
    }
    asked.into_iter().map(|intent| (intent, best_sentence(intent, sentences))).collect()
}

/// The sentence that most probably asks for an intent.
fn best_sentence<'a>(intent: &str, sentences: &'a [ReadSentence]) -> Option<&'a ReadSentence> {
    let probability = |sentence: &ReadSentence| {
        sentence
            .labels
            .intents
            .iter()
            .find(|found| found.intent == intent)
            .map_or(0.0, |found| found.probability)
    };
    sentences.iter().max_by(|a, b| probability(a).total_cmp(&probability(b)))
}
