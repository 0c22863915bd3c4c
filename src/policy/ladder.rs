//! The ladder: answer, clarify, route or hand off.

use super::{
    Action, AskedRequest, Case, HandoffReason, Playbook, Reply, confidence::Confidence, handoff::Reasons,
    requests, severity::Severity, steps::Steps,
};
use crate::{
    signals::Content,
    taxonomy::{Handling, INTENTS, Intent},
    text::is_han,
    triage::{Labels, Urgency},
};

/// Choices of a question back at most; more are not read.
const MAX_CHOICES: usize = 5;

/// Probability under which an intent is not worth offering as a choice.
const MIN_CHOICE_PROBABILITY: f64 = 0.05;

/// Where the ladder ends.
pub struct Outcome {
    /// What to do.
    pub action: Action,
    /// The intent that decided, when one did.
    pub intent: Option<&'static Intent>,
    /// The requests, most pressing first.
    pub requests: Vec<usize>,
    /// Why a person must take over, sorted.
    pub handoff: Vec<HandoffReason>,
    /// What the reply says.
    pub reply: Reply,
}

/// Finds what to do.
pub fn climb(case: &Case, playbook: &Playbook, severity: &Severity, steps: &mut Steps) -> Outcome {
    let order = requests::by_pressure(case);
    let confidence = requests::confidence(case, order.first(), playbook);
    let mut reasons = Reasons::default();
    reasons.of_message(case, severity, steps);
    match confidence {
        Some(confidence) => of_requests(
            Asked { case, playbook, order, confidence, urgency: severity.basis.urgency },
            reasons,
            steps,
        ),
        None => unread(case, reasons, steps),
    }
}

/// Decides a message that asks for nothing that could be read.
fn unread(case: &Case, mut reasons: Reasons, steps: &mut Steps) -> Outcome {
    let outcome = |action, reasons: Reasons, reply| Outcome {
        action,
        intent: None,
        requests: vec![],
        handoff: reasons.into_sorted(),
        reply,
    };
    if case.language.locale.is_err() && case.language.tag() != "und" {
        steps.note("language.unsupported", format!("the language {} is not served", case.language.tag()));
        reasons.add(HandoffReason::Language);
        return outcome(Action::Handoff, reasons, Reply::None);
    }
    if note_orders(case, steps) {
        // Whoever asks for a person beside it gets one, and is told so.
        return match reasons.is_empty() {
            true => outcome(Action::Route, reasons, Reply::None),
            false => outcome(Action::Handoff, reasons, Reply::Acknowledgement(vec![])),
        };
    }
    steps.note("content.none", nothing(case.facts.content));
    if reasons.is_empty() && case.conversation.asked_back == 0 {
        return outcome(Action::Clarify, reasons, Reply::Question(vec![]));
    }
    if reasons.is_empty() {
        steps.note("handoff.low_confidence", "asked back already");
        reasons.add(HandoffReason::LowConfidence);
    }
    outcome(Action::Handoff, reasons, Reply::Acknowledgement(vec![]))
}

/// Notes that the text tries to give the system orders; returns whether it does. Sentences that do are no
/// requests, whatever they say.
fn note_orders(case: &Case, steps: &mut Steps) -> bool {
    if let Some(probability) = case.orders_system {
        steps.compare("orders_system", "the text tries to give the system orders", probability, None);
    }
    case.orders_system.is_some()
}

fn nothing(content: Content) -> &'static str {
    match content {
        Content::Symbols => "the text holds no letters",
        Content::OneLetter => "the text holds one letter",
        Content::Gibberish => "the letters make no words",
        Content::Words => "the text holds nothing that can be understood",
    }
}

/// A message with at least one request.
struct Asked<'a> {
    case: &'a Case,
    playbook: &'a Playbook,
    /// Positions of the requests, most pressing first.
    order: Vec<usize>,
    /// Of the first one.
    confidence: Confidence,
    /// Urgency after the signals.
    urgency: Urgency,
}

/// Decides a message by its requests.
fn of_requests(asked: Asked<'_>, mut reasons: Reasons, steps: &mut Steps) -> Outcome {
    let confidence = &asked.confidence;
    let primary = confidence.primary;
    note_orders(asked.case, steps);
    confidence.explain(steps);
    if asked.order.len() > 1 {
        steps
            .note("requests", format!("{} requests, {} is the most pressing", asked.order.len(), primary.id));
    }
    reasons.repeated(asked.case, primary, steps);
    let answered: Vec<usize> =
        asked.order.iter().copied().filter(|&at| asked.is_answered(at, steps)).collect();
    let only = asked.order.len() == 1;
    let may_close = reasons.is_empty() && only && confidence.is_likely();
    let settled = confidence.is_settled() || confidence.queue_settled();
    match primary.handling {
        Handling::SmallTalk if may_close => {
            steps.note("small_talk", "a greeting or farewell gets a short reply");
            return asked.outcome(Action::Answer, Reply::SmallTalk(primary), reasons);
        }
        Handling::Ignore if may_close => return asked.outcome(Action::Route, Reply::None, reasons),
        Handling::Queue if may_close && settled => {
            return asked.outcome(Action::Route, Reply::Acknowledgement(vec![]), reasons);
        }
        _ => {}
    }
    if reasons.is_empty() && only && is_bare_topic(asked.case) {
        let choices = asked.case.labels.as_ref().map(|labels| topics(labels, primary)).unwrap_or_default();
        if choices.len() > 1 {
            steps.note("clarify.topic", "one word names a topic and does not say what is wanted");
            return asked.outcome(Action::Clarify, Reply::Question(choices), reasons);
        }
    }
    if answered.len() == asked.order.len() && reasons.is_empty() {
        return asked.outcome(Action::Answer, Reply::Passages(answered), reasons);
    }
    if !settled
        && reasons.is_empty()
        && only
        && confidence.is_likely()
        && asked.case.conversation.asked_back == 0
    {
        let choices = asked.case.labels.as_ref().map(choices).unwrap_or_default();
        if choices.len() > 1 {
            steps.note("clarify", "the intent is likely but not settled: the customer is asked back");
            return asked.outcome(Action::Clarify, Reply::Question(choices), reasons);
        }
    }
    if !settled {
        steps.note("handoff.low_confidence", "neither the intent nor its queue is settled");
        reasons.add(HandoffReason::LowConfidence);
    }
    for &at in asked.order.iter().filter(|at| !answered.contains(at)) {
        let pressing = asked.is_pressing() && asked.is_found(at);
        reasons.of_request(&asked.case.requests[at], &asked.case.facts, pressing, steps);
    }
    reasons.never_empty(steps);
    let helpful = asked.order.iter().copied().filter(|&at| asked.is_helpful(at)).collect();
    asked.outcome(Action::Handoff, Reply::Acknowledgement(helpful), reasons)
}

impl Asked<'_> {
    fn outcome(&self, action: Action, reply: Reply, reasons: Reasons) -> Outcome {
        Outcome {
            action,
            intent: Some(self.confidence.primary),
            requests: self.order.clone(),
            handoff: reasons.into_sorted(),
            reply,
        }
    }

    /// Whether the first passage found for a request may be sent as its answer.
    ///
    /// Every condition is one that a higher threshold only makes harder.
    fn is_answered(&self, at: usize, steps: &mut Steps) -> bool {
        let request = &self.case.requests[at];
        let intent = Intent::find(&request.intent);
        let Some(search) = &request.search else {
            steps.note("search.skipped", "nothing that a knowledge base could answer was said");
            return false;
        };
        let thresholds = self.playbook.thresholds(intent);
        let found = search.answer_probability >= thresholds.answer && !search.hits.is_empty();
        let code = if found { "threshold.answer.met" } else { "threshold.answer.missed" };
        let text = format!("probability that the first passage answers {}", request.intent);
        steps.compare(code, text, search.answer_probability, Some(thresholds.answer));
        let general = request.answerable >= thresholds.clarify && !self.is_pressing();
        let code = if general { "threshold.general.met" } else { "threshold.general.missed" };
        let text = if self.is_pressing() {
            "what is urgent is this customer's own case, not a question of every customer"
        } else {
            "probability that the same answer serves every customer"
        };
        steps.compare(code, text, request.answerable, Some(thresholds.clarify));
        let asks = intent.is_some_and(|intent| {
            matches!(intent.handling, Handling::Information | Handling::SelfService | Handling::Case)
        });
        found && general && asks
    }

    /// Whether the message is too urgent for an answer that is the same for every customer.
    fn is_pressing(&self) -> bool {
        self.urgency >= Urgency::High
    }

    /// Whether a passage was found that surely answers a request.
    fn is_found(&self, at: usize) -> bool {
        let request = &self.case.requests[at];
        let thresholds = self.playbook.thresholds(Intent::find(&request.intent));
        request.search.as_ref().is_some_and(|search| search.answer_probability >= thresholds.answer)
    }

    /// Whether the passage found for a request is likely enough to help the agent.
    fn is_helpful(&self, at: usize) -> bool {
        let request: &AskedRequest = &self.case.requests[at];
        let clarify = self.playbook.thresholds(Intent::find(&request.intent)).clarify;
        request
            .search
            .as_ref()
            .is_some_and(|search| search.answer_probability >= clarify && !search.hits.is_empty())
    }
}

/// Whether a conversation opens with one word, which names a topic at most.
fn is_bare_topic(case: &Case) -> bool {
    let [sentence] = case.sentences.as_slice() else { return false };
    let han = sentence.text.chars().filter(|&character| is_han(character)).count();
    let words =
        sentence.text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count();
    let is_word = if han == 0 { words == 1 } else { han <= 3 && words == 1 };
    is_word && case.conversation.num_messages == 0 && case.facts.entities.is_empty()
}

/// The intents that a topic may mean: the most probable ones, and those of its group.
fn topics(labels: &Labels, topic: &Intent) -> Vec<&'static Intent> {
    let group = |id: &str| id.split('.').next().unwrap_or_default().to_owned();
    let is_business = |intent: &&'static Intent| {
        matches!(intent.handling, Handling::Information | Handling::SelfService | Handling::Case)
            && intent.id != "other"
    };
    let mut found: Vec<&'static Intent> = Vec::new();
    if is_business(&Intent::find(topic.id).unwrap_or(&INTENTS[0])) {
        let likely = labels.intents.iter().filter(|intent| intent.probability >= MIN_CHOICE_PROBABILITY);
        let kin = labels.intents.iter().filter(|intent| group(&intent.intent) == group(topic.id));
        for intent in likely.chain(kin).filter_map(|intent| Intent::find(&intent.intent)).filter(is_business)
        {
            if !found.contains(&intent) && found.len() < MAX_CHOICES {
                found.push(intent);
            }
        }
    }
    found
}

/// The intents worth offering, most probable first.
fn choices(labels: &Labels) -> Vec<&'static Intent> {
    labels
        .intents
        .iter()
        .filter(|intent| intent.probability >= MIN_CHOICE_PROBABILITY)
        .filter_map(|intent| Intent::find(&intent.intent))
        .filter(|intent| {
            !matches!(intent.handling, Handling::SmallTalk | Handling::Ignore | Handling::Risk)
                && intent.id != "other"
        })
        .take(MAX_CHOICES)
        .collect()
}
