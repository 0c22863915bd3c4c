//! What must hold for every message, whatever its labels, its conversation and the tenant's thresholds.

use proptest::prelude::*;

use super::{
    tests::{ENGLISH, found, labels, unread},
    *,
};
use crate::{
    message::Tier,
    signals::{Facts, Signal, SignalKind},
    taxonomy::INTENTS,
    triage::{Binary, Emotion, EmotionPrediction, Labels, Polarity, Urgency},
};

/// A probability.
fn share() -> impl Strategy<Value = f64> {
    (0u32..=100).prop_map(|percent| f64::from(percent) / 100.0)
}

fn some_labels() -> impl Strategy<Value = Labels> {
    let intent = || (0..INTENTS.len()).prop_map(|at| INTENTS[at].id);
    let parts = (intent(), intent(), share(), share(), 0usize..4, 0usize..3, 0usize..6, share(), share());
    parts.prop_map(|(first, second, p, split, urgency, polarity, emotion, human, orders)| {
        let (high, low) = (p.max(1.0 - p), p.min(1.0 - p) * split);
        let mut said = labels(&[(first, high), (second, low)], Urgency::ALL[urgency]);
        said.sentiment.polarity = Polarity::ALL[polarity];
        said.emotion = EmotionPrediction { emotion: Emotion::ALL[emotion], probability: 0.7 };
        said.wants_human = Binary { probability: human, holds: human > 0.9 };
        said.orders_system = Binary { probability: orders, holds: orders > 0.9 };
        said
    })
}

fn some_signals() -> impl Strategy<Value = Vec<Signal>> {
    let signal = (0..SignalKind::ALL.len(), 0i64..200, proptest::option::of(0u64..2_000));
    let signal = signal.prop_map(|(kind, hours, affected)| {
        let kind = SignalKind::ALL[kind];
        let due = jiff::Timestamp::from_second(hours * 3_600).ok().filter(|_| kind == SignalKind::Deadline);
        let num_affected = affected.filter(|_| kind == SignalKind::Scope);
        Signal { kind, span: 0..3, due, num_affected }
    });
    prop::collection::vec(signal, 0..4)
}

prop_compose! {
    fn some_case()(
        said in proptest::option::weighted(0.9, some_labels()),
        answers in prop::collection::vec((0..INTENTS.len(), share(), share(), share(), proptest::option::of(share())), 0..4),
        signals in some_signals(),
        tier in 0usize..4,
        owner in 0usize..4,
        asked_back in 0u32..2,
    ) -> Case {
        let requests = answers.into_iter().map(|(at, probability, answerable, needs_case, search)| AskedRequest {
            intent: INTENTS[at].id.into(),
            probability,
            margin: probability,
            urgency: Urgency::Normal,
            answerable,
            needs_case,
            span: 0..9,
            text: "A request".into(),
            continued: false,
            search: search.map(found),
        });
        let tier = [Tier::Standard, Tier::Premium, Tier::Vip, Tier::Enterprise][tier];
        let conversation = Conversation { owner: Owner::ALL[owner], asked_back, ..Conversation::default() };
        Case {
            labels: said.clone(),
            requests: if said.is_some() { requests.collect() } else { vec![] },
            facts: Facts { signals, ..Facts::default() },
            customer: crate::message::Customer { tier, tags: vec![] },
            conversation,
            language: ENGLISH,
            ..unread()
        }
    }
}

/// A policy file with these thresholds.
fn playbook(answer: f64, clarify: f64, margin: f64) -> Playbook {
    let built_in = Playbook::built_in();
    let text = built_in.source();
    let text = text.replacen("\nanswer = 0.8", &format!("\nanswer = {answer:?}"), 1);
    let text = text.replacen("\nclarify = 0.6", &format!("\nclarify = {clarify:?}"), 1);
    let text = text.replacen("\nmargin = 0.1", &format!("\nmargin = {margin:?}"), 1);
    let compiled = Playbook::compile(&text).expect("a policy file");
    assert_eq!(compiled.thresholds(None), Thresholds { answer, clarify, margin });
    compiled
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn raising_a_threshold_never_adds_an_answer(
        case in some_case(),
        low in (share(), share(), share()),
        raised in (share(), share(), share()),
    ) {
        // A file asks for clarify ≤ answer.
        let (answer, clarify, margin) = (low.0.max(low.1), low.0.min(low.1), low.2);
        let stricter = (answer.max(raised.0), clarify.max(raised.1), margin.max(raised.2));
        let stricter = (stricter.0.max(stricter.1), stricter.1, stricter.2);
        let before = decide(&case, &playbook(answer, clarify, margin));
        let after = decide(&case, &playbook(stricter.0, stricter.1, stricter.2));
        prop_assert!(
            after.action != Action::Answer || before.action == Action::Answer,
            "{:?} became an answer at {:?} after {:?}", before.action, stricter, (answer, clarify, margin)
        );
    }

    #[test]
    fn a_signal_never_lowers_the_priority_or_moves_a_deadline_back(case in some_case(), added in some_signals()) {
        let playbook = Playbook::built_in();
        let severity = |case: &Case| decide(case, &playbook).basis.severity;
        let (before, before_severity) = (decide(&case, &playbook).route, severity(&case));
        let mut case = case;
        case.facts.signals.extend(added);
        let after = decide(&case, &playbook).route;
        prop_assert!(after.priority >= before.priority);
        prop_assert!(severity(&case) >= before_severity);
        prop_assert!(after.first_reply_due <= before.first_reply_due);
    }

    #[test]
    fn every_label_is_of_the_active_taxonomy_and_every_queue_is_declared(case in some_case()) {
        let playbook = Playbook::built_in();
        let verdict = decide(&case, &playbook);
        let choices = match &verdict.reply {
            Reply::Question(choices) => choices.clone(),
            _ => vec![],
        };
        for intent in verdict.intent.iter().chain(&choices) {
            prop_assert!(Intent::find(intent.id).is_some());
        }
        prop_assert!(choices.len() <= 5);
        let declared = format!("\n{} = {{", verdict.route.queue);
        prop_assert!(playbook.source().contains(&declared), "{}", verdict.route.queue);
    }

    #[test]
    fn the_program_sends_nothing_while_a_person_owns_the_conversation(case in some_case()) {
        let verdict = decide(&case, &Playbook::built_in());
        let may_send = case.conversation.owner.bot_may_send();
        prop_assert!(may_send || (verdict.delivery != Delivery::Send && !verdict.notice));
        prop_assert_eq!(verdict.action == Action::Handoff, !verdict.handoff.is_empty());
        if matches!(verdict.action, Action::Route | Action::Handoff) {
            prop_assert!(verdict.delivery != Delivery::Send);
        }
    }

    #[test]
    fn a_kept_case_gives_the_same_verdict(case in some_case()) {
        let kept: Case = serde_json::from_str(&serde_json::to_string(&case).expect("json")).expect("a case");
        prop_assert_eq!(&kept, &case);
        let playbook = Playbook::built_in();
        prop_assert_eq!(decide(&kept, &playbook), decide(&case, &playbook));
    }
}
