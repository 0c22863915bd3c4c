//! What fits a situation: what may be taken for granted, quoted or apologized for.

use crate::{
    policy::{Case, HandoffReason, Verdict},
    signals::SignalKind,
    taxonomy::Intent,
    triage::Emotion,
};

/// Intents of people at risk: their words help, and promise nothing wrong, even when the intent is a guess.
const AT_RISK: [&str; 3] = ["safety.report", "security.report", "legal.threat"];

/// Matters that a person judges: a help page's general words would promise money or times there, or put off
/// somebody who wants to be heard.
const JUDGED: [&str; 8] = [
    "legal.threat",
    "feedback.complaint",
    "billing.dispute",
    "privacy.request",
    "safety.report",
    "security.report",
    "refund.request",
    "refund.status",
];

/// Intents that hold nothing but kind words.
const KIND_WORDS: [&str; 3] = ["feedback.praise", "chat.closing", "chat.greeting"];

/// The feeling of the message.
pub fn emotion(case: &Case) -> Emotion {
    case.labels.as_ref().map_or(Emotion::None, |labels| labels.emotion.emotion)
}

/// The intent that the words may take for granted; `None` when it is but a guess.
pub fn intent(case: &Case, verdict: &Verdict) -> Option<&'static Intent> {
    if is_thanks(case, verdict) {
        return Intent::find("feedback.praise");
    }
    let is_guess = verdict.handoff.contains(&HandoffReason::LowConfidence);
    verdict.intent.filter(|intent| !is_guess || AT_RISK.contains(&intent.id))
}

/// Whether a hand-over is for doubt alone about a message that holds nothing but thanks and praise: no case
/// is promised to somebody who asks for none.
pub fn is_thanks(case: &Case, verdict: &Verdict) -> bool {
    verdict.handoff == [HandoffReason::LowConfidence]
        && emotion(case) == Emotion::Gratitude
        && verdict.intent.is_some_and(|intent| matches!(intent.id, "feedback.praise" | "chat.closing"))
        && asked(case, verdict).all(|id| KIND_WORDS.contains(&id))
}

/// Whether an upset customer may be told that we are sorry. Where law is involved that reads as an
/// admission, and who only asks for a person reports nothing to be sorry for.
pub fn may_apologize(case: &Case, verdict: &Verdict) -> bool {
    let legal = case.facts.signals.iter().any(|signal| signal.kind == SignalKind::Legal)
        || about(case, verdict, &["legal.threat"]);
    let only_person = verdict.intent.is_some_and(|intent| intent.id == "contact.human")
        && asked(case, verdict).all(|id| matches!(id, "contact.human" | "chat.greeting"));
    !legal && !only_person
}

/// Whether a reply that hands over may quote help pages. The agent sees them in any case.
pub fn may_quote(case: &Case, verdict: &Verdict) -> bool {
    let heated = [HandoffReason::Risk, HandoffReason::Upset, HandoffReason::Repeated];
    !verdict.handoff.iter().any(|reason| heated.contains(reason))
        && emotion(case) != Emotion::Anger
        && !about(case, verdict, &JUDGED)
}

/// Whether the message is about one of some intents, first or beside others.
fn about(case: &Case, verdict: &Verdict, ids: &[&str]) -> bool {
    verdict.intent.is_some_and(|intent| ids.contains(&intent.id))
        || asked(case, verdict).any(|id| ids.contains(&id))
}

/// Intents of what the message asks for.
fn asked<'a>(case: &'a Case, verdict: &'a Verdict) -> impl Iterator<Item = &'a str> {
    verdict.requests.iter().filter_map(|&at| case.requests.get(at)).map(|request| request.intent.as_str())
}
