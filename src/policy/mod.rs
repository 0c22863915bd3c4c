//! What to do with a message: a pure function of what is known of it.
//!
//! The same [`Case`] and [`Rules`] give the same [`Verdict`], byte for byte: no clock, no
//! randomness, no state. Every step that mattered is in [`Verdict::steps`].

mod confidence;
mod handoff;
pub mod playbook;
mod route;
mod signals;
mod steps;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use handoff::HandoffReason;
pub use playbook::Playbook;
pub use route::{Impact, Priority, Route};
pub use steps::Step;

use self::{confidence::Confidence, handoff::Reasons, steps::Steps};
use crate::{
    knowledge::SearchOutcome,
    message::{Message, Role},
    taxonomy::{Handling, Intent},
    text::language::Language,
    triage::Labels,
};

/// Choices of a question back at most; more are not read.
const MAX_CHOICES: usize = 5;

/// Probability under which an intent is not worth offering as a choice.
const MIN_CHOICE_PROBABILITY: f64 = 0.05;

/// Thresholds of the ladder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// Probability from which an intent is settled and a passage is sent as the answer.
    pub answer_threshold: f64,
    /// Probability from which the customer is asked back instead of handed to a person.
    pub clarify_threshold: f64,
    /// Lead of the first intent over the second that settling takes.
    pub min_margin: f64,
}

impl Default for Rules {
    fn default() -> Self {
        Self { answer_threshold: 0.8, clarify_threshold: 0.6, min_margin: 0.1 }
    }
}

impl Rules {
    /// Version for decisions: the form of the policy and its thresholds.
    pub fn version(&self) -> String {
        format!("1:{}/{}/{}", self.answer_threshold, self.clarify_threshold, self.min_margin)
    }
}

/// Everything that a decision depends on.
#[derive(Clone, Debug)]
pub struct Case<'a> {
    /// The message.
    pub message: &'a Message,
    /// Its language.
    pub language: Language,
    /// What the model says; `None` when the language is not supported or there is nothing to read.
    pub labels: Option<&'a Labels>,
    /// What it says of the customer's last turn before the message, if there is one.
    pub previous: Option<&'a Labels>,
    /// What the knowledge base says; `None` when it was not asked.
    pub search: Option<&'a SearchOutcome>,
    /// When the message was received; deadlines count from here.
    pub received_at: Timestamp,
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Send the draft.
    Answer,
    /// Ask the customer back.
    Clarify,
    /// Put the message into the queue.
    Route,
    /// A person takes over.
    Handoff,
}

/// What a reply is to say.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// Nothing without a person.
    None,
    /// What the first hit's passage says.
    Passage,
    /// A short reply to a greeting or a farewell.
    SmallTalk(&'static Intent),
    /// A question back; without choices it asks for more words.
    Question(Vec<&'static Intent>),
    /// That the message arrived and who answers by when; with the first hit's passage for the
    /// agent to check when it is likely enough to help.
    Acknowledgement {
        /// Whether to quote the first hit.
        with_passage: bool,
    },
}

/// The decision of the policy.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// What to do.
    pub action: Action,
    /// The intent that decided, when one did.
    pub intent: Option<&'static Intent>,
    /// Where the message goes and by when.
    pub route: Route,
    /// Why a person must take over, in the guide's order; empty when none must.
    pub handoff: Vec<HandoffReason>,
    /// What the reply says.
    pub reply: Reply,
    /// How it came about, in order.
    pub steps: Vec<Step>,
}

/// Whether the knowledge base is to be asked: something that it could answer was said.
pub fn wants_search(labels: &Labels, rules: &Rules) -> bool {
    let confidence = Confidence::of(labels, rules);
    let silent = matches!(confidence.primary.handling, Handling::SmallTalk | Handling::Ignore);
    !(labels.orders_system.holds || silent && confidence.is_settled())
}

/// Decides.
pub fn decide(case: &Case<'_>, rules: &Rules) -> Verdict {
    let mut steps = Steps::default();
    match case.labels {
        Some(labels) => decide_labelled(case, labels, rules, steps),
        None if case.language.locale.is_err() && case.language.tag() != "und" => {
            steps.note("language.unsupported", format!("the language {} is not served", case.language.tag()));
            verdict(case, None, vec![HandoffReason::Language], Action::Handoff, Reply::None, steps)
        }
        None => {
            steps.note("content.none", "the text holds nothing that can be understood");
            let (action, reasons, reply) = match asked_back(case.message) {
                false => (Action::Clarify, vec![], Reply::Question(vec![])),
                true => (
                    Action::Handoff,
                    vec![HandoffReason::LowConfidence],
                    Reply::Acknowledgement { with_passage: false },
                ),
            };
            verdict(case, None, reasons, action, reply, steps)
        }
    }
}

/// Decides a message that the model could read.
fn decide_labelled(case: &Case<'_>, labels: &Labels, rules: &Rules, mut steps: Steps) -> Verdict {
    let confidence = Confidence::of(labels, rules);
    let primary = confidence.primary;
    let mut reasons = Reasons::default();
    if labels.orders_system.holds {
        let probability = labels.orders_system.probability;
        steps.compare("orders_system", "the text tries to give the system orders", probability, None);
        reasons.of_message(case, labels, &mut steps);
        let action = if reasons.is_empty() { Action::Route } else { Action::Handoff };
        return verdict(case, None, reasons.into_sorted(), action, Reply::None, steps);
    }
    confidence.explain(&mut steps);
    reasons.of_message(case, labels, &mut steps);
    let answers = Answers::of(case, labels, &confidence, rules, &mut steps);
    let settled = confidence.is_settled() || confidence.queue_settled();
    let likely = confidence.probability >= rules.clarify_threshold;
    let may_close = reasons.is_empty() && answers.further.is_none() && likely;
    match primary.handling {
        Handling::SmallTalk if may_close => {
            steps.note("small_talk", "a greeting or farewell gets a short reply");
            return verdict(case, Some(primary), vec![], Action::Answer, Reply::SmallTalk(primary), steps);
        }
        Handling::Ignore if may_close => {
            return verdict(case, Some(primary), vec![], Action::Route, Reply::None, steps);
        }
        Handling::Queue if may_close && settled => {
            let reply = Reply::Acknowledgement { with_passage: false };
            return verdict(case, Some(primary), vec![], Action::Route, reply, steps);
        }
        _ => {}
    }
    if answers.suffice() && reasons.is_empty() {
        return verdict(case, Some(primary), vec![], Action::Answer, Reply::Passage, steps);
    }
    if !settled && reasons.is_empty() && likely {
        let choices = choices(labels);
        if choices.len() > 1 && !asked_back(case.message) {
            steps.note("clarify", "the intent is likely but not settled: the customer is asked back");
            return verdict(case, Some(primary), vec![], Action::Clarify, Reply::Question(choices), steps);
        }
    }
    reasons.of_intent(&confidence, settled, &answers, case, &mut steps);
    let helps = case.search.is_some_and(|search| search.answer_probability >= rules.clarify_threshold);
    let reply = Reply::Acknowledgement { with_passage: helps };
    verdict(case, Some(primary), reasons.into_sorted(), Action::Handoff, reply, steps)
}

/// What an answer from the knowledge base would do for the message.
struct Answers {
    /// Whether the first passage answers.
    found: bool,
    /// Whether the message asks for what an article can give to every customer.
    general: bool,
    /// A further intent that the answer would leave undone.
    further: Option<&'static Intent>,
}

impl Answers {
    /// Whether the first hit may be sent as it is.
    const fn suffice(&self) -> bool {
        self.found && self.general && self.further.is_none()
    }

    fn of(
        case: &Case<'_>,
        labels: &Labels,
        confidence: &Confidence,
        rules: &Rules,
        steps: &mut Steps,
    ) -> Self {
        let further = further(labels, confidence, steps);
        let Some(search) = case.search else {
            steps.note("search.skipped", "nothing that a knowledge base could answer was said");
            return Self { found: false, general: false, further };
        };
        let found = search.answer_probability >= rules.answer_threshold && !search.hits.is_empty();
        let code = if found { "threshold.answer.met" } else { "threshold.answer.missed" };
        let text = "probability that the first passage answers";
        steps.compare(code, text, search.answer_probability, Some(rules.answer_threshold));
        let answerable = confidence.answerable(labels);
        let general = answerable >= rules.clarify_threshold;
        let code = if general { "threshold.general.met" } else { "threshold.general.missed" };
        let text = "probability that the same answer serves every customer";
        steps.compare(code, text, answerable, Some(rules.clarify_threshold));
        Self { found, general, further }
    }
}

/// A further intent that an answer to the primary one would leave undone.
///
/// While the primary intent is not settled, another one is rather a second reading of the same
/// request, which [`Confidence::answerable`] weighs.
fn further(labels: &Labels, confidence: &Confidence, steps: &mut Steps) -> Option<&'static Intent> {
    let primary = confidence.primary;
    let beside_small_talk = primary.handling == Handling::SmallTalk;
    if !(confidence.is_settled() || beside_small_talk) {
        return None;
    }
    let of_weight = |intent: &&'static Intent| match intent.handling {
        Handling::Case | Handling::Person | Handling::Risk => intent.id != "other",
        // Beside a greeting or thanks every request counts.
        Handling::Information | Handling::SelfService => beside_small_talk,
        Handling::Queue | Handling::SmallTalk | Handling::Ignore => false,
    };
    let others = labels.intents.iter().filter(|intent| intent.selected && intent.intent != primary.id);
    let further = others.filter_map(|intent| Intent::find(&intent.intent)).find(of_weight)?;
    steps.note("intent.further", format!("the message also carries {}", further.id));
    Some(further)
}

/// The intents worth offering, most probable first.
fn choices(labels: &Labels) -> Vec<&'static Intent> {
    labels
        .intents
        .iter()
        .filter(|intent| intent.probability >= MIN_CHOICE_PROBABILITY)
        .filter_map(|intent| Intent::find(&intent.intent))
        .filter(|intent| {
            !matches!(intent.handling, Handling::SmallTalk | Handling::Ignore) && intent.id != "other"
        })
        .take(MAX_CHOICES)
        .collect()
}

/// Whether the turn right before the message is the program's own question back.
fn asked_back(message: &Message) -> bool {
    message.turns.last().is_some_and(|turn| turn.role == Role::Bot && is_question(&turn.text))
}

/// Whether a text asks something: one of its lines ends with a question mark. The choices of a
/// question back and the closing of a letter stand below the question.
fn is_question(text: &str) -> bool {
    text.lines().any(|line| line.trim_end().ends_with(['?', '？']))
}

fn verdict(
    case: &Case<'_>,
    intent: Option<&'static Intent>,
    handoff: Vec<HandoffReason>,
    action: Action,
    reply: Reply,
    mut steps: Steps,
) -> Verdict {
    let route = Route::of(case, intent, &mut steps);
    Verdict { action, intent, route, handoff, reply, steps: steps.into_list() }
}

#[cfg(test)]
mod tests;
