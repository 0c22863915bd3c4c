//! What to do with a message: a pure function of what is known of it.
//!
//! The same [`Case`] and [`Playbook`] give the same [`Verdict`], byte for byte: no clock, no
//! randomness, no state. Every step that mattered is in [`Verdict::steps`].

mod case;
mod confidence;
pub mod conversation;
mod handoff;
mod ladder;
pub mod playbook;
mod requests;
mod route;
mod severity;
mod steps;

pub use case::{AskedRequest, Case, Sentence, Versions};
pub use confidence::{among_others, answerable, needs_case};
pub use conversation::{Attempt, Conversation, Mood, Owner};
pub use handoff::HandoffReason;
pub use playbook::{Deadlines, FiredRule, Playbook, RuleOutcome, RuleView, Thresholds};
pub use route::Route;
pub use severity::{Impact, Priority, PriorityBasis};
pub use steps::Step;

use self::{ladder::Outcome, severity::Severity, steps::Steps};
use crate::{
    taxonomy::{Handling, Intent},
    triage::Labels,
};

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
    /// What the passages found for the requests say; positions in [`Case::requests`].
    Passages(Vec<usize>),
    /// A short reply to a greeting or a farewell.
    SmallTalk(&'static Intent),
    /// A question back; without choices it asks for more words.
    Question(Vec<&'static Intent>),
    /// That the message arrived and who answers by when; with the passages found for these requests
    /// (positions in [`Case::requests`]), likely enough to help, for the agent to check.
    Acknowledgement(Vec<usize>),
}

/// Who may use the reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// There is none.
    None,
    /// The program may send it as it is.
    Send,
    /// Only a person may send it.
    Draft,
}

/// The decision of the policy.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// What to do.
    pub action: Action,
    /// Who may use the reply; never [`Delivery::Send`] while a person owns the conversation or is waited
    /// for.
    pub delivery: Delivery,
    /// The intent that decided, when one did.
    pub intent: Option<&'static Intent>,
    /// What the message asks for, most pressing first: positions in [`Case::requests`].
    pub requests: Vec<usize>,
    /// Where the message goes and by when.
    pub route: Route,
    /// How its priority came about.
    pub basis: PriorityBasis,
    /// Rules that fired, in order.
    pub rules: Vec<FiredRule>,
    /// Why a person must take over, in the guide's order; empty when none must.
    pub handoff: Vec<HandoffReason>,
    /// What the reply says.
    pub reply: Reply,
    /// Whether the program may tell the customer at once who answers and by when.
    pub notice: bool,
    /// The conversation after the message; what the reply adds to it is for the caller to add.
    pub conversation: Conversation,
    /// How it came about, in order.
    pub steps: Vec<Step>,
}

/// Whether the knowledge base is to be asked: something that it could answer was said.
///
/// No threshold of a tenant decides this, so that another threshold finds the same passages.
pub fn wants_search(labels: &Labels) -> bool {
    let likely = Thresholds::default();
    let silent = labels.intents.first().is_some_and(|first| {
        first.probability >= likely.answer
            && labels.margin() >= likely.margin
            && Intent::find(&first.intent)
                .is_some_and(|intent| matches!(intent.handling, Handling::SmallTalk | Handling::Ignore))
    });
    !silent
}

/// Decides.
pub fn decide(case: &Case, playbook: &Playbook) -> Verdict {
    let mut steps = Steps::default();
    let severity = Severity::of(case, playbook, &mut steps);
    let outcome = ladder::climb(case, playbook, &severity, &mut steps);
    finish(case, playbook, severity, outcome, steps)
}

/// Applies the tenant's rules, routes, and says who may use the reply.
fn finish(
    case: &Case,
    playbook: &Playbook,
    severity: Severity,
    outcome: Outcome,
    mut steps: Steps,
) -> Verdict {
    let Outcome { mut action, intent, requests, mut handoff, mut reply } = outcome;
    let rules = route::rules(case, playbook, &severity, intent, &requests);
    for fired in &rules.fired {
        steps.note("rule", format!("rule {:?} of line {}: {}", fired.name, fired.line, fired.effect));
    }
    if rules.handoff && !handoff.contains(&HandoffReason::Policy) {
        steps.note("handoff.policy", "a rule says that a person takes over");
        handoff.push(HandoffReason::Policy);
        handoff.sort_unstable();
        action = Action::Handoff;
        reply = match reply {
            Reply::Passages(found) | Reply::Acknowledgement(found) => Reply::Acknowledgement(found),
            // Where the ladder had nothing to say (advertising, orders to the system, a language that is not
            // served) a rule gives no words either.
            Reply::None => Reply::None,
            Reply::SmallTalk(_) | Reply::Question(_) => Reply::Acknowledgement(vec![]),
        };
    }
    let owner = case.conversation.owner;
    let delivery = match (&reply, action) {
        (Reply::None, _) => Delivery::None,
        (_, Action::Answer | Action::Clarify) if owner.bot_may_send() => Delivery::Send,
        _ => Delivery::Draft,
    };
    if !owner.bot_may_send() {
        steps.note("owner", "a person owns the conversation or is waited for: the program only drafts");
    }
    let notice = owner.bot_may_send() && matches!(reply, Reply::Acknowledgement(_));
    let (route, basis) = route::route(case, playbook, &severity, intent, &rules, &mut steps);
    let conversation = case.conversation.after(case, action, intent, &reply, &route);
    Verdict {
        action,
        delivery,
        intent,
        requests,
        route,
        basis,
        rules: rules.fired,
        handoff,
        reply,
        notice,
        conversation,
        steps: steps.into_list(),
    }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
