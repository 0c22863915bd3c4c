//! What a message asks for: one request, or several with the sentence each stands in.

use std::ops::Range;

use super::{
    Clock, Desk,
    reading::{Question, Read},
};
use crate::{
    Result,
    message::Message,
    policy::{self, AskedRequest, Conversation},
    taxonomy::{Handling, Intent},
    text::redact::{self, Kind},
    triage::{Labels, Prepared, Urgency},
};

/// Sentences of one message that are read by themselves at most; bounds what one message may cost.
const MAX_SENTENCES: usize = 8;

/// Letters or Han characters that a sentence needs to be read by itself.
const MIN_LETTERS: usize = 4;

// The bars were chosen on 180 messages written for it (tests/sets/README.md), none of which measures.

/// Probability of the first intent and its lead, from which the message is taken to carry further ones; with
/// less another one is rather a second reading of the same request.
const MIN_FIRST: (f64, f64) = (0.65, 0.1);

/// Probability that a sentence by itself gives to an intent, and the intent's presence in the message, from
/// which it asks for it.
const MIN_OF_SENTENCE: (f64, f64) = (0.7, 0.05);

/// Probability that makes a sentence a request whatever the message as a whole says: a question in passing
/// is lost in a long complaint.
const SURE_OF_SENTENCE: f64 = 0.85;

/// The same for an intent of a queue that another request already goes to.
const MIN_OF_SAME_QUEUE: (f64, f64) = (0.8, 0.1);

/// Probability from which something else is asked for beside a person.
const MIN_BESIDE_PERSON: f64 = 0.6;

/// Intents that a sentence has in passing; they are requests only when the message as a whole carries them.
const IN_PASSING: [&str; 3] = ["other", "feedback.complaint", "feedback.praise"];

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
        let given = Intent::find(intent).map(|intent| policy::among_others(labels, intent));
        let (answerable, needs_case) = given.unwrap_or_default();
        AskedRequest { answerable, needs_case, ..self.request(intent, labels, span) }
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
            needs_case: policy::needs_case(labels),
            text: self.text(&span),
            span,
            continued: false,
            search: None,
        }
    }

    /// The request for a person that the words show, unless the model found it too.
    fn person(&self) -> Option<Found> {
        let span = self.read.facts.asks_person.clone()?;
        let labels = self.read.labels.as_ref()?;
        let sentence = self.read.sentences.iter().find(|sentence| sentence.contains(&span.start));
        let request = self.among_others("contact.human", labels, sentence.cloned().unwrap_or(span));
        // The words say it, however sure the model is.
        let request = AskedRequest { probability: 1.0, margin: 1.0, ..request };
        Some(Found { request, question: Question::default() })
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
            needs_case: labels.map_or(1.0, policy::needs_case),
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
            let intent = only.request.intent.clone();
            only.request = source.request(&intent, labels, source.whole());
            only.question = source.read.question.clone();
        }
        if let Some(person) = source.person() {
            // A request for a person that the model finds little else in is that alone.
            found.retain(|found| {
                found.request.intent != "contact.human" && found.request.probability >= MIN_BESIDE_PERSON
            });
            found.push(person);
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
    let mut asked: Vec<&'a str> = Vec::new();
    let first = labels.intents.first();
    asked.extend(first.map(|first| first.intent.as_str()));
    let (probability, lead) = MIN_FIRST;
    if first.is_some_and(|first| first.probability >= probability) && labels.margin() >= lead {
        let selected = labels.intents.iter().filter(|intent| intent.selected);
        asked.extend(
            selected
                .map(|intent| intent.intent.as_str())
                .filter(|id| Some(*id) != asked.first().copied())
                .collect::<Vec<_>>(),
        );
    }
    for sentence in sentences {
        let Some(top) = sentence.labels.intents.first() else { continue };
        let id = top.intent.as_str();
        let presence =
            labels.intents.iter().find(|intent| intent.intent == id).map_or(0.0, |intent| intent.presence);
        let queue = |id: &str| Intent::find(id).map(|intent| intent.queue);
        let shares_queue = asked.iter().any(|other| queue(other) == queue(id));
        let reaches = |(bar, presence_bar): (f64, f64)| top.probability >= bar && presence >= presence_bar;
        let is_sure = !shares_queue && top.probability >= SURE_OF_SENTENCE;
        let bar = if shares_queue { MIN_OF_SAME_QUEUE } else { MIN_OF_SENTENCE };
        let is_asked = (reaches(bar) || is_sure) && !IN_PASSING.contains(&id);
        if is_asked && !asked.contains(&id) {
            asked.push(id);
        }
    }
    let says_something = |id: &str| {
        Intent::find(id)
            .is_some_and(|intent| !matches!(intent.handling, Handling::SmallTalk | Handling::Ignore))
    };
    if asked.contains(&"technical.outage") {
        // What is down for many is one outage, not also this customer's fault.
        asked.retain(|id| *id != "technical.problem");
    }
    for says_more in [says_something as fn(&str) -> bool, |id| id != "other"] {
        if asked.iter().any(|id| says_more(id)) {
            asked.retain(|id| says_more(id));
        }
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
