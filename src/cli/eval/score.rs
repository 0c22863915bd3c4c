//! How well decisions agree with those of a good agent.

use std::collections::BTreeMap;

use serde::Serialize;

use super::decisions::{Expected, Row};
use crate::proto::{Action, Decision, EntityKind, HandoffReason, Priority, SignalKind, Urgency};

/// Counts of what was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Tally {
    /// Found, and expected.
    pub(super) right: usize,
    /// Expected, and not found.
    pub(super) missed: usize,
    /// Found, and not expected.
    pub(super) wrong: usize,
}

impl Tally {
    /// Share of what was found that was expected, 0..1; `None` when nothing was found.
    pub(super) fn precision(&self) -> Option<f64> {
        share(self.right, self.right + self.wrong)
    }

    /// Share of what was expected that was found, 0..1; `None` when nothing was expected.
    pub(super) fn recall(&self) -> Option<f64> {
        share(self.right, self.right + self.missed)
    }

    /// Harmonic mean of both, 0..1.
    pub(super) fn f1(&self) -> Option<f64> {
        share(2 * self.right, 2 * self.right + self.missed + self.wrong)
    }

    fn add(&mut self, expected: bool, found: bool) {
        self.right += usize::from(expected && found);
        self.missed += usize::from(expected && !found);
        self.wrong += usize::from(!expected && found);
    }
}

fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// Right ones among those that were judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Accuracy {
    /// Right ones.
    pub(super) right: usize,
    /// All.
    pub(super) of: usize,
}

impl Accuracy {
    /// Share of right ones in 0..1; `None` when none was judged.
    pub(super) fn share(&self) -> Option<f64> {
        share(self.right, self.of)
    }

    /// Counts one more.
    pub(super) fn add(&mut self, right: bool) {
        self.right += usize::from(right);
        self.of += 1;
    }
}

/// The order of pairs.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Order {
    /// Pairs whose calm message comes first, by language.
    pub(super) ordered: BTreeMap<String, Accuracy>,
    /// Ids of the others.
    pub(super) wrong: Vec<String>,
}

/// The figures of some decisions.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Score {
    /// What differs from the expected decision, by message; no text of it.
    pub(super) mistakes: BTreeMap<String, Vec<String>>,
    /// Decisions with the expected action.
    pub(super) action: Accuracy,
    /// Expected action → action → decisions.
    pub(super) confusion: BTreeMap<String, BTreeMap<String, usize>>,
    /// Messages that need a person and were answered by the program.
    pub(super) answered_instead_of_person: Vec<String>,
    /// Whether a person must take over.
    pub(super) handoff: Tally,
    /// The same for each reason.
    pub(super) reasons: BTreeMap<String, Tally>,
    /// Decisions for want of confidence, right when the intent is wrong or the customer should be asked.
    pub(super) low_confidence: Accuracy,
    /// The first request's intent.
    pub(super) intent: Accuracy,
    /// All intents of messages with more than one request.
    pub(super) several_requests: Tally,
    /// All intents of all messages.
    pub(super) requests: Tally,
    /// Among the expected requests of messages with several: those whose sentence was found.
    pub(super) sentence: Accuracy,
    /// Urgency after the signals.
    pub(super) urgency: Accuracy,
    /// The model's own level.
    pub(super) model_urgency: Accuracy,
    /// Language.
    pub(super) language: Accuracy,
    /// Among answers: those that cite the expected article.
    pub(super) cited: Accuracy,
    /// Signals by their kind.
    pub(super) signals: BTreeMap<String, Tally>,
    /// Entities by their kind; found when the places overlap by half.
    pub(super) entities: BTreeMap<String, Tally>,
}

/// Reasons that a message's author can judge.
const REASONS: [HandoffReason; 7] = [
    HandoffReason::Requested,
    HandoffReason::Risk,
    HandoffReason::Upset,
    HandoffReason::NoAnswer,
    HandoffReason::AccountSpecific,
    HandoffReason::Repeated,
    HandoffReason::Language,
];

/// A name of the contract without its prefix, in lower case.
pub(super) fn short(name: &str, prefix: &str) -> String {
    name.strip_prefix(prefix).unwrap_or(name).to_lowercase()
}

impl Score {
    /// Counts one decision.
    pub(super) fn add(&mut self, row: &Row, decision: &Decision) {
        let expect = &row.expect;
        let action = short(decision.action().as_str_name(), "ACTION_");
        self.action.add(action == expect.action);
        *self.confusion.entry(expect.action.clone()).or_default().entry(action.clone()).or_default() += 1;
        if expect.action == "handoff" && decision.action() == Action::Answer {
            self.answered_instead_of_person.push(row.id.clone());
        }
        self.handoff.add(expect.action == "handoff", decision.action() == Action::Handoff);
        self.add_reasons(expect, decision);
        self.add_requests(row, decision);
        self.add_labels(expect, decision);
        if action == "answer"
            && let Some(article) = &expect.article
        {
            self.cited.add(cited(decision).as_ref() == Some(article));
        }
        self.add_signals(expect, decision);
        self.add_entities(row, decision);
        let mistakes = mistakes(row, decision);
        if !mistakes.is_empty() {
            self.mistakes.insert(row.id.clone(), mistakes);
        }
    }

    fn add_reasons(&mut self, expect: &Expected, decision: &Decision) {
        let found: Vec<HandoffReason> =
            decision.handoff.iter().flat_map(|handoff| handoff.reasons()).collect();
        for reason in REASONS {
            let name = short(reason.as_str_name(), "HANDOFF_REASON_");
            let expected = expect.handoff_reasons.contains(&name);
            self.reasons.entry(name).or_default().add(expected, found.contains(&reason));
        }
        if found.contains(&HandoffReason::LowConfidence) {
            let first = expect.requests.first().map(|request| request.intent.as_str());
            let wrong = first.is_none_or(|intent| intent != decision.intent);
            self.low_confidence.add(wrong || expect.action == "clarify");
        }
    }

    fn add_requests(&mut self, row: &Row, decision: &Decision) {
        let expected: Vec<&str> = row.expect.requests.iter().map(|request| request.intent.as_str()).collect();
        let found: Vec<&str> = decision.requests.iter().map(|request| request.intent.as_str()).collect();
        if let Some(first) = expected.first() {
            self.intent.add(decision.intent == *first);
        }
        let mut tally = Tally::default();
        for intent in &expected {
            tally.add(true, found.contains(intent));
        }
        tally.wrong += found.iter().filter(|intent| !expected.contains(intent)).count();
        let several = expected.len() > 1;
        for total in
            [Some(&mut self.requests), several.then_some(&mut self.several_requests)].into_iter().flatten()
        {
            total.right += tally.right;
            total.missed += tally.missed;
            total.wrong += tally.wrong;
        }
        for request in row.expect.requests.iter().filter(|_| several) {
            let Some(start) = row.text.find(&request.sentence) else { continue };
            let place = start..start + request.sentence.len();
            let same = decision.requests.iter().find(|found| found.intent == request.intent);
            self.sentence.add(same.is_some_and(|found| {
                let found = found.start_byte as usize..found.end_byte as usize;
                let common = place.end.min(found.end).saturating_sub(place.start.max(found.start));
                // Most of the sentence, and not the whole of a long message instead of it.
                2 * common >= place.len() && found.len() <= 3 * place.len()
            }));
        }
    }

    fn add_labels(&mut self, expect: &Expected, decision: &Decision) {
        let basis = decision.priority_basis.unwrap_or_default();
        let name = |level: Urgency| short(level.as_str_name(), "URGENCY_");
        self.urgency.add(name(basis.urgency()) == expect.urgency);
        self.model_urgency.add(name(basis.model_urgency()) == expect.urgency);
        let language = decision.labels.as_ref().and_then(|labels| labels.language.as_ref());
        self.language.add(language.is_some_and(|language| language.tag == expect.language));
    }

    fn add_signals(&mut self, expect: &Expected, decision: &Decision) {
        for kind in (1..=12).filter_map(|number| SignalKind::try_from(number).ok()) {
            let name = short(kind.as_str_name(), "SIGNAL_KIND_");
            let found = decision.signals.iter().any(|signal| signal.kind() == kind);
            let expected = expect.signals.contains(&name);
            self.signals.entry(name).or_default().add(expected, found);
        }
    }

    fn add_entities(&mut self, row: &Row, decision: &Decision) {
        let packet = decision.handoff.as_ref().and_then(|handoff| handoff.packet.as_ref());
        let Some(packet) = packet else { return };
        let mut used = vec![false; packet.entities.len()];
        for entity in &row.expect.entities {
            let tally = self.entities.entry(entity.kind.clone()).or_default();
            let places = row.text.match_indices(&entity.text).map(|(start, text)| start..start + text.len());
            let places: Vec<_> = places.collect();
            let found = packet.entities.iter().enumerate().position(|(at, found)| {
                let same = short(found.kind().as_str_name(), "ENTITY_KIND_") == entity.kind;
                let span = found.start_byte as usize..found.end_byte as usize;
                let overlaps = places.iter().any(|place| {
                    let common = place.end.min(span.end).saturating_sub(place.start.max(span.start));
                    2 * common >= place.len().max(span.len())
                });
                same && overlaps && !used[at]
            });
            tally.add(true, found.is_some());
            if let Some(found) = found {
                used[found] = true;
            }
        }
        for (entity, _) in packet.entities.iter().zip(&used).filter(|(_, used)| !**used) {
            let kind = entity.kind();
            if kind != EntityKind::Unspecified {
                self.entities.entry(short(kind.as_str_name(), "ENTITY_KIND_")).or_default().wrong += 1;
            }
        }
    }
}

/// What differs from the expected decision: "what: expected → found".
fn mistakes(row: &Row, decision: &Decision) -> Vec<String> {
    let expect = &row.expect;
    let found = |reason: HandoffReason| short(reason.as_str_name(), "HANDOFF_REASON_");
    let reasons: Vec<String> =
        decision.handoff.iter().flat_map(|handoff| handoff.reasons()).map(found).collect();
    let signal = |signal: &crate::proto::Signal| short(signal.kind().as_str_name(), "SIGNAL_KIND_");
    let mut signals: Vec<String> = decision.signals.iter().map(signal).collect();
    let mut expected_signals = expect.signals.clone();
    for list in [&mut signals, &mut expected_signals] {
        list.sort_unstable();
        list.dedup();
    }
    let urgency = decision.priority_basis.unwrap_or_default().urgency();
    let language = decision.labels.as_ref().and_then(|labels| labels.language.as_ref());
    let list = |items: &[String]| items.join("+");
    let intents = |requests: Vec<&str>| requests.join("+");
    let pairs = [
        ("action", expect.action.clone(), short(decision.action().as_str_name(), "ACTION_")),
        ("reasons", list(&expect.handoff_reasons), list(&reasons)),
        (
            "intents",
            intents(expect.requests.iter().map(|request| request.intent.as_str()).collect()),
            intents(decision.requests.iter().map(|request| request.intent.as_str()).collect()),
        ),
        ("urgency", expect.urgency.clone(), short(urgency.as_str_name(), "URGENCY_")),
        ("signals", list(&expected_signals), list(&signals)),
        (
            "language",
            expect.language.clone(),
            language.map(|language| language.tag.clone()).unwrap_or_default(),
        ),
    ];
    let differs = pairs.into_iter().filter(|(_, expected, found)| expected != found);
    differs.map(|(what, expected, found)| format!("{what}: {expected} → {found}")).collect()
}

/// Slug of the first article that the draft cites.
fn cited(decision: &Decision) -> Option<String> {
    let citation = decision.draft.as_ref()?.citations.first()?;
    let id = citation.article.rsplit('/').next()?;
    Some(id.rsplit_once('.').map_or(id, |(slug, _)| slug).to_owned())
}

/// Where a decision stands in a queue: priority, then urgency after the signals, then severity. The higher,
/// the earlier.
pub(super) fn place_in_queue(decision: &Decision) -> (Priority, Urgency, f64) {
    let priority = decision.route.as_ref().map_or(Priority::Unspecified, crate::proto::Route::priority);
    let basis = decision.priority_basis.unwrap_or_default();
    (priority, basis.urgency(), basis.severity)
}
