//! What a message asks for: one request, or several with the sentence each stands in.

use std::ops::Range;

use super::{
    Clock, Desk,
    reading::{Question, Read, ReadSentence},
};
use crate::{
    Result,
    message::Message,
    policy::{self, AskedRequest, Conversation, conversation::is_asked},
    signals::{Facts, Signal, SignalKind},
    taxonomy::{Handling, Intent},
    text::{
        is_han,
        redact::{self, Kind},
    },
    triage::{IntentPrediction, Labels, Urgency},
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

/// Probability from which a sentence is taken as the place of an intent that the whole message carries.
const MIN_SHOWN: f64 = 0.25;

/// Probability that makes a sentence a request whatever the message as a whole says: a question in passing
/// is lost in a long complaint.
const SURE_OF_SENTENCE: f64 = 0.85;

/// The same for an intent of a queue that another request already goes to.
const MIN_OF_SAME_QUEUE: (f64, f64) = (0.8, 0.1);

/// Probability from which something else is asked for beside a person: where more is said than the call for
/// one, and where not.
const MIN_BESIDE_PERSON: (f64, f64) = (0.25, 0.6);

/// Letters beside a call for a person (a Han character counts three) that say what it is about.
const MIN_LETTERS_BESIDE: usize = 15;

/// Probability from which a short message asks for something by itself and gives no details.
const SETTLED_ELSE: f64 = 0.8;

/// Letters (a Han character counts three) of a short answer to a question of the company.
const MAX_FRAGMENT_LETTERS: usize = 24;

/// Probability of giving the system orders up to which a sentence of a message that does is read for requests.
const MAX_ORDERS: f64 = 0.1;

/// Intents that a sentence has in passing; they are requests only when the message as a whole carries them.
const IN_PASSING: [&str; 3] = ["other", "feedback.complaint", "feedback.praise"];

/// A request with what searches for its answer.
pub struct Found {
    /// The request; not searched yet.
    pub request: AskedRequest,
    /// What searches.
    pub question: Question,
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

    /// One of several requests that no sentence shows by itself, as sure as the message is to carry it.
    fn in_the_whole(&self, intent: &str, labels: &Labels) -> AskedRequest {
        let found = labels.intents.iter().find(|found| found.intent == intent);
        let probability = found.map_or(0.0, |found| found.probability.max(found.presence));
        AskedRequest { probability, ..self.among_others(intent, labels, self.whole()) }
    }

    /// Probability that the message or a sentence of it gives the system orders, when one does.
    fn gives_orders(&self, sentences: &[ReadSentence]) -> Option<f64> {
        let labels = self.read.labels.iter().chain(sentences.iter().map(|sentence| &sentence.labels));
        let orders = labels.map(|labels| labels.orders_system).filter(|orders| orders.holds);
        orders.map(|orders| orders.probability).reduce(f64::max)
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

    /// Whether the customer says more than what stands in a place.
    fn says_more_than(&self, span: &Range<usize>) -> bool {
        let text = &self.message.text;
        let inside = num_letters(text, std::slice::from_ref(span));
        num_letters(text, &self.read.sentences).saturating_sub(inside) >= MIN_LETTERS_BESIDE
    }

    /// The request for a person that the words show, unless the model found it too.
    fn person(&self) -> Option<Found> {
        let span = self.read.facts.asks_person.clone()?;
        let labels = self.read.labels.as_ref()?;
        let request = self.among_others("contact.human", labels, span);
        // The words say it, however sure the model is.
        let request = AskedRequest { probability: 1.0, margin: 1.0, ..request };
        Some(Found { request, question: Question::default() })
    }

    /// What the message goes on with, when it answers a question of the company: a choice that was offered, or
    /// details for the open request. Also whether it was chosen.
    fn continued(&self) -> Option<(AskedRequest, bool)> {
        let chosen = self.conversation.chosen(&self.read.question.text);
        let open = self.conversation.open_request().filter(|open| self.only_gives_details(open));
        let intent = chosen.or(open)?;
        let asks_information =
            chosen.is_some() && matches!(intent.handling, Handling::Information | Handling::SelfService);
        let previous = self.read.previous.as_ref();
        let request = AskedRequest {
            intent: intent.id.to_owned(),
            // The company asked and the customer answered.
            probability: 1.0,
            margin: 1.0,
            urgency: previous.map_or(Urgency::Normal, |previous| previous.labels.urgency.level),
            // Who gives an order's number wants it looked at.
            answerable: f64::from(u8::from(asks_information)),
            needs_case: f64::from(u8::from(!asks_information)),
            text: self.text(&self.whole()),
            span: self.whole(),
            continued: true,
            search: None,
        };
        Some((request, chosen.is_some()))
    }

    /// Whether the message gives details for the open request and asks for nothing by itself.
    fn only_gives_details(&self, open: &Intent) -> bool {
        let Read { facts, labels, sentences, .. } = self.read;
        let raises = |signal: &Signal| signal.kind != SignalKind::Deadline;
        if facts.asks_person.is_some() || facts.signals.iter().any(raises) {
            return false;
        }
        let labels = labels.iter();
        let asks_else = labels.clone().flat_map(|labels| &labels.intents).any(|found| {
            let handling = Intent::find(&found.intent).map(|intent| intent.handling);
            match handling {
                Some(Handling::Risk) => found.selected,
                Some(Handling::SmallTalk | Handling::Ignore) | None => false,
                Some(_) => {
                    found.probability >= SETTLED_ELSE && found.intent != open.id && found.intent != "other"
                }
            }
        });
        if asks_else || labels.clone().any(|labels| labels.orders_system.holds) {
            return false;
        }
        // A number, a name or a few words after a question; without one only what is plainly a detail.
        let text = &self.message.text;
        facts.is_only_details(text, sentences)
            || is_asked(&self.message.turns) && num_letters(text, sentences) <= MAX_FRAGMENT_LETTERS
    }
}

impl Desk {
    /// Finds what a message asks for, in the order of the text.
    ///
    /// Gives also the probability that the message gives the system orders, when it does.
    pub(super) fn requests(
        &self,
        source: &Source<'_>,
        clock: &mut Clock,
    ) -> Result<(Vec<Found>, Option<f64>)> {
        if let Some((mut request, chosen)) = source.continued() {
            let of_choice =
                if chosen { self.question_of_choice(source, &request.intent, clock)? } else { None };
            if let Some(question) = &of_choice {
                // What an answer is quoted for; "2" says nothing.
                request.text = redact::redact(&question.text).text;
            }
            let before = || source.read.previous.as_ref().map(|previous| previous.question.clone());
            let question = of_choice.or_else(before).unwrap_or_default();
            return Ok((vec![Found { request, question }], None));
        }
        let Some(labels) = &source.read.labels else { return Ok((vec![], None)) };
        let sentences = &source.read.by_sentence;
        if let Some(orders) = source.gives_orders(sentences) {
            let mut found = beside_orders(source, sentences);
            found.extend(source.person());
            return Ok((found, Some(orders)));
        }
        let mut found: Vec<Found> = Vec::new();
        for (intent, sentence) in asked(labels, sentences, source.read.facts.declines_person) {
            found.push(match sentence {
                Some(sentence) => Found {
                    request: source.among_others(intent, &sentence.labels, sentence.span.clone()),
                    question: sentence.question.clone(),
                },
                None => Found {
                    request: source.in_the_whole(intent, labels),
                    question: source.read.question.clone(),
                },
            });
        }
        if let [only] = found.as_mut_slice() {
            // One thing is asked for: the whole message says how sure that is, and searches.
            let intent = only.request.intent.clone();
            only.request = source.request(&intent, labels, source.whole());
            only.question = source.read.question.clone();
        }
        if let Some(person) = source.person() {
            // Little is said beside the call for a person: it is that alone, unless the model is sure.
            let bar = if source.says_more_than(&person.request.span) {
                MIN_BESIDE_PERSON.0
            } else {
                MIN_BESIDE_PERSON.1
            };
            found.retain(|found| found.request.intent != "contact.human" && found.request.probability >= bar);
            found.push(person);
        }
        found.sort_by_key(|found| found.request.span.start);
        Ok((found, None))
    }

    /// What searches for a choice: its name with the words that led to it.
    fn question_of_choice(
        &self,
        source: &Source<'_>,
        intent: &str,
        clock: &mut Clock,
    ) -> Result<Option<Question>> {
        let (Some(intent), Ok(locale)) = (Intent::find(intent), source.read.language.locale) else {
            return Ok(None);
        };
        let before = source.read.previous.as_ref().map(|previous| previous.question.text.as_str());
        let text = format!("{} {}", intent.name(locale), before.unwrap_or_default());
        let question = Message { text: text.trim().to_owned(), turns: vec![], ..source.message.clone() };
        let prepared = self.model.prepare(&question, &self.settings.reading)?;
        let labelled = self.encode_and_label(&[&prepared], clock)?;
        Ok(labelled.into_iter().next().map(|(_, question)| question))
    }
}

/// The sentences of a message that are read by themselves, when there are several.
pub fn sentences_to_read(text: &str, facts: &Facts, sentences: &[Range<usize>]) -> Vec<Range<usize>> {
    let has_letters = |span: &Range<usize>| {
        let letters = text.get(span.clone()).unwrap_or_default().chars().filter(|c| c.is_alphanumeric());
        letters.take(MIN_LETTERS).count() == MIN_LETTERS
    };
    // A line of contact details asks for nothing.
    let is_details = |span: &Range<usize>| facts.is_only_details(text, std::slice::from_ref(span));
    let to_read = sentences.iter().filter(|span| has_letters(span) && !is_details(span));
    let spans: Vec<Range<usize>> = to_read.take(MAX_SENTENCES).cloned().collect();
    if spans.len() < 2 { vec![] } else { spans }
}

/// What the sentences ask for that give the system no orders; those that do are not read for requests.
fn beside_orders(source: &Source<'_>, sentences: &[ReadSentence]) -> Vec<Found> {
    let asks = |sentence: &&ReadSentence| {
        let labels = &sentence.labels;
        let top = labels.intents.first().filter(|top| top.probability >= MIN_OF_SENTENCE.0);
        let is_business = |intent: &Intent| {
            intent.id != "other" && !matches!(intent.handling, Handling::SmallTalk | Handling::Ignore)
        };
        labels.orders_system.probability <= MAX_ORDERS
            && top.and_then(|top| Intent::find(&top.intent)).is_some_and(is_business)
    };
    let mut found: Vec<Found> = Vec::new();
    for sentence in sentences.iter().filter(asks) {
        let Some(top) = sentence.labels.intents.first() else { continue };
        if !found.iter().any(|found| found.request.intent == top.intent) {
            let request = source.request(&top.intent, &sentence.labels, sentence.span.clone());
            found.push(Found { request, question: sentence.question.clone() });
        }
    }
    found
}

/// The intents that a message asks for, each once, with the sentence that it stands in; the primary one
/// first.
fn asked<'a>(
    labels: &'a Labels,
    sentences: &'a [ReadSentence],
    declines_person: bool,
) -> Vec<(&'a str, Option<&'a ReadSentence>)> {
    let wanted = |intent: &&'a IntentPrediction| !(declines_person && intent.intent == "contact.human");
    let mut asked: Vec<&'a str> = Vec::new();
    let first = labels.intents.iter().find(wanted);
    asked.extend(first.map(|first| first.intent.as_str()));
    let (probability, lead) = MIN_FIRST;
    if first.is_some_and(|first| first.probability >= probability) && labels.margin() >= lead {
        for further in labels.intents.iter().filter(|intent| intent.selected).filter(wanted) {
            if !asked.contains(&further.intent.as_str()) {
                asked.push(&further.intent);
            }
        }
    }
    for sentence in sentences {
        let Some(top) = sentence.labels.intents.iter().find(wanted) else { continue };
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

/// The sentence that most probably asks for an intent; `None` when none shows it by itself.
fn best_sentence<'a>(intent: &str, sentences: &'a [ReadSentence]) -> Option<&'a ReadSentence> {
    let probability = |sentence: &ReadSentence| {
        let found = sentence.labels.intents.iter().find(|found| found.intent == intent);
        found.map_or(0.0, |found| found.probability)
    };
    let best = sentences.iter().max_by(|a, b| probability(a).total_cmp(&probability(b)))?;
    (probability(best) >= MIN_SHOWN).then_some(best)
}

/// Letters and figures in some places of a text; a Han character counts three, as much as a short word.
fn num_letters(text: &str, places: &[Range<usize>]) -> usize {
    let said = places.iter().filter_map(|place| text.get(place.clone()));
    said.flat_map(str::chars)
        .map(|character| match character {
            _ if is_han(character) => 3,
            _ => usize::from(character.is_alphanumeric()),
        })
        .sum()
}
