//! The ladder on labels made by hand.

use jiff::Timestamp;

use super::*;
use crate::{
    knowledge::{AnswerFeatures, ArticleName, BaseName, Hit, SearchOutcome},
    message::{Channel, Locale, Role, Tone, Turn, Wording},
    signals::{Facts, Signal, SignalKind},
    text::language::{Language, Source},
    triage::{
        Binary, Emotion, EmotionPrediction, IntentPrediction, Polarity, SentimentPrediction, Urgency,
        UrgencyPrediction,
    },
};

pub(super) const ENGLISH: Language =
    Language { locale: Ok(Locale::En), source: Source::Text, script_determined: true };

/// Labels with these intents; the rest of the probability goes to `other`.
pub(super) fn labels(intents: &[(&str, f64)], urgency: Urgency) -> Labels {
    let rest = 1.0 - intents.iter().map(|(_, probability)| probability).sum::<f64>();
    let mut distribution = [0.05 / 3.0; 4];
    distribution[urgency as usize] = 0.95;
    let no = Binary { probability: 0.01, holds: false };
    Labels {
        language: ENGLISH,
        intents: intents
            .iter()
            .chain([&("other", rest)])
            .enumerate()
            .map(|(rank, &(intent, probability))| IntentPrediction {
                intent: intent.into(),
                probability,
                presence: probability,
                selected: rank == 0,
            })
            .collect(),
        urgency: UrgencyPrediction { level: urgency, distribution },
        sentiment: SentimentPrediction { polarity: Polarity::Neutral, probability: 0.9, score: 0.0 },
        emotion: EmotionPrediction { emotion: Emotion::None, probability: 0.9 },
        wants_human: no,
        orders_system: no,
        num_tokens: 9,
        windowed: false,
    }
}

pub(super) fn found(answer_probability: f64) -> SearchOutcome {
    let base = BaseName::from_id("shop", "id").expect("a name");
    let hit = Hit {
        article: ArticleName::from_id(&base, "times.en", "id").expect("a name"),
        article_version: 1,
        title: "Delivery times".into(),
        heading: String::new(),
        text: "2 to 4 working days.".into(),
        start_byte: 0,
        end_byte: 20,
        locale: Locale::En,
        url: String::new(),
        score: 0.7,
        lexical_score: 0.6,
        dense_score: 0.8,
        similar: vec![],
        parts: crate::knowledge::ScoreParts::default(),
    };
    SearchOutcome {
        base,
        generation: 1,
        answered: answer_probability >= 0.8,
        answer_probability,
        features: AnswerFeatures::default(),
        hits: vec![hit],
        asker: Locale::En,
        filter: crate::knowledge::SearchFilter::default(),
        num_articles: 1,
    }
}

/// A case of a chat message with one request for each intent that the labels select.
fn case(labels: &Labels, search: Option<&SearchOutcome>) -> Case {
    let num_selected = labels.intents.iter().filter(|intent| intent.selected).count();
    let given = |intent: &IntentPrediction| {
        among_others(labels, Intent::find(&intent.intent).expect("an intent of the taxonomy"))
    };
    let request = |intent: &IntentPrediction| AskedRequest {
        intent: intent.intent.clone(),
        probability: if intent.selected && intent.probability < 0.5 {
            intent.presence
        } else {
            intent.probability
        },
        margin: labels.margin(),
        urgency: labels.urgency.level,
        answerable: if num_selected > 1 { given(intent).0 } else { answerable(labels) },
        needs_case: if num_selected > 1 { given(intent).1 } else { needs_case(labels) },
        span: 0..9,
        text: "A request".into(),
        continued: false,
        search: search.cloned(),
    };
    let silent = labels.orders_system.holds;
    let requests = labels.intents.iter().filter(|intent| intent.selected && !silent).map(request).collect();
    let orders_system = silent.then_some(labels.orders_system.probability);
    Case { labels: Some(labels.clone()), requests, orders_system, ..unread() }
}

/// A case of a message that nothing was read of.
pub(super) fn unread() -> Case {
    Case::unread(ENGLISH, Wording::En, Timestamp::UNIX_EPOCH)
}

fn turn(role: Role, text: &str) -> Turn {
    Turn { role, text: text.into() }
}

/// Decides by the built-in rules.
fn decided(case: &Case) -> Verdict {
    decide(case, &Playbook::built_in())
}

fn plain(labels: &Labels, search: Option<&SearchOutcome>) -> Verdict {
    decided(&case(labels, search))
}

#[test]
fn a_general_question_with_an_answer_is_answered() {
    let verdict = plain(&labels(&[("delivery.options", 0.9)], Urgency::Low), Some(&found(0.9)));
    assert_eq!((verdict.action, verdict.reply), (Action::Answer, Reply::Passages(vec![0])));
    assert!(verdict.handoff.is_empty());
}

#[test]
fn two_general_intents_that_compete_do_not_hinder_the_answer() {
    let split = labels(&[("delivery.options", 0.5), ("product.question", 0.45)], Urgency::Low);
    assert_eq!(plain(&split, Some(&found(0.9))).action, Action::Answer);
}

#[test]
fn the_customers_own_case_goes_to_a_person_even_with_a_passage() {
    let verdict = plain(&labels(&[("billing.dispute", 0.9)], Urgency::High), Some(&found(0.95)));
    assert_eq!(verdict.action, Action::Handoff);
    assert_eq!(verdict.handoff, [HandoffReason::AccountSpecific]);
    assert_eq!(verdict.reply, Reply::Acknowledgement(vec![0]));
    assert_eq!((verdict.route.queue.as_str(), verdict.route.priority), ("billing", Priority::High));
}

#[test]
fn a_question_that_no_passage_answers_goes_to_a_person() {
    let verdict = plain(&labels(&[("delivery.options", 0.9)], Urgency::Low), Some(&found(0.3)));
    assert_eq!(verdict.handoff, [HandoffReason::NoAnswer]);
    assert_eq!(verdict.reply, Reply::Acknowledgement(vec![]));
}

#[test]
fn between_the_thresholds_the_customer_is_asked_once() {
    let unsure = labels(&[("refund.request", 0.65), ("warranty.repair", 0.3)], Urgency::Normal);
    let Verdict { action, reply: Reply::Question(choices), .. } = plain(&unsure, Some(&found(0.1))) else {
        panic!("a question expected");
    };
    assert_eq!(action, Action::Clarify);
    assert_eq!(
        choices.iter().map(|intent| intent.id).collect::<Vec<_>>(),
        ["refund.request", "warranty.repair"]
    );

    let conversation = Conversation { asked_back: 1, ..Conversation::default() };
    let verdict = decided(&Case { conversation, ..case(&unsure, Some(&found(0.1))) });
    assert_eq!(
        (verdict.action, verdict.handoff),
        (Action::Handoff, vec![HandoffReason::LowConfidence, HandoffReason::AccountSpecific])
    );
}

#[test]
fn below_the_lower_threshold_a_person_looks() {
    let unsure = labels(&[("refund.request", 0.4), ("warranty.repair", 0.35)], Urgency::Normal);
    assert_eq!(
        plain(&unsure, Some(&found(0.1))).handoff,
        [HandoffReason::LowConfidence, HandoffReason::AccountSpecific]
    );
}

#[test]
fn intents_of_one_queue_settle_the_queue() {
    let split = labels(&[("refund.request", 0.5), ("refund.status", 0.45)], Urgency::Normal);
    let verdict = plain(&split, Some(&found(0.1)));
    assert_eq!((verdict.action, verdict.route.queue.as_str()), (Action::Handoff, "billing"));
    assert_eq!(verdict.handoff, [HandoffReason::AccountSpecific]);
}

#[test]
fn risk_comes_before_any_answer() {
    for intent in ["security.report", "safety.report", "legal.threat", "privacy.request"] {
        let verdict = plain(&labels(&[(intent, 0.9)], Urgency::Normal), Some(&found(0.99)));
        assert_eq!(
            (verdict.action, verdict.handoff),
            (Action::Handoff, vec![HandoffReason::Risk]),
            "{intent}"
        );
    }
    let urgent = labels(&[("delivery.options", 0.9)], Urgency::Urgent);
    let verdict = plain(&urgent, Some(&found(0.99)));
    assert_eq!((verdict.handoff, verdict.route.priority), (vec![HandoffReason::Risk], Priority::Urgent));
}

#[test]
fn asking_for_a_person_wins_over_an_answer() {
    let mut asks = labels(&[("delivery.options", 0.9)], Urgency::Low);
    asks.wants_human = Binary { probability: 0.9, holds: true };
    let verdict = plain(&asks, Some(&found(0.99)));
    assert_eq!((verdict.action, verdict.handoff), (Action::Handoff, vec![HandoffReason::Requested]));
}

#[test]
fn anger_and_negative_twice_upset() {
    let mut angry = labels(&[("delivery.options", 0.9)], Urgency::Low);
    angry.emotion = EmotionPrediction { emotion: Emotion::Anger, probability: 0.8 };
    assert_eq!(plain(&angry, Some(&found(0.9))).handoff, [HandoffReason::Upset]);

    let mut negative = labels(&[("delivery.options", 0.9)], Urgency::Low);
    negative.sentiment.polarity = Polarity::Negative;
    assert_eq!(plain(&negative, Some(&found(0.9))).action, Action::Answer);
    let verdict = decided(&Case { previous: Some(negative.clone()), ..case(&negative, Some(&found(0.9))) });
    assert_eq!(verdict.handoff, [HandoffReason::Upset]);
}

#[test]
fn the_same_request_after_an_answer_counts_as_repeated() {
    let asks = labels(&[("delivery.options", 0.9)], Urgency::Low);
    let after = |reply: &str, similarity: f64| {
        let turns = [turn(Role::Customer, "how long?"), turn(Role::Bot, reply)];
        let conversation = Conversation::of_turns(&turns, None, Some(&asks));
        let similarity = Some(similarity);
        decided(&Case { conversation, similarity, ..case(&asks, Some(&found(0.9))) })
    };
    assert_eq!(after("2 to 4 days.", 0.8).handoff, [HandoffReason::Repeated]);
    assert_eq!(after("2 to 4 days.", 0.2).action, Action::Answer, "a further question of the same kind");
    for question in
        ["To which city?", "Please send me your postal address.", "请提供您的收货地址", "麻煩您提供訂單編號"]
    {
        assert_eq!(after(question, 0.8).action, Action::Answer, "{question}");
    }
}

#[test]
fn small_talk_leads_and_advertising_need_nobody_live() {
    let greeting = plain(&labels(&[("chat.greeting", 0.95)], Urgency::Low), None);
    assert!(matches!((greeting.action, greeting.reply), (Action::Answer, Reply::SmallTalk(_))));
    let lead = plain(&labels(&[("business.inquiry", 0.95)], Urgency::Low), Some(&found(0.2)));
    assert_eq!((lead.action, lead.route.queue.as_str()), (Action::Route, "business"));
    let spam = plain(&labels(&[("spam", 0.95)], Urgency::Low), None);
    assert_eq!((spam.action, spam.reply), (Action::Route, Reply::None));
}

#[test]
fn orders_to_the_system_reach_no_business_intent() {
    let mut orders = labels(&[("refund.request", 0.99)], Urgency::Normal);
    orders.orders_system = Binary { probability: 0.97, holds: true };
    let verdict = plain(&orders, Some(&found(0.99)));
    assert_eq!(
        (verdict.action, verdict.route.queue.as_str(), verdict.intent),
        (Action::Route, "general", None)
    );
    assert_eq!(verdict.reply, Reply::None);
}

#[test]
fn orders_to_the_system_hide_no_reason_for_a_person() {
    let mut orders = labels(&[("other", 0.6), ("security.report", 0.35)], Urgency::High);
    orders.orders_system = Binary { probability: 0.9, holds: true };
    orders.wants_human = Binary { probability: 0.9, holds: true };
    orders.intents[1].selected = true;
    let verdict = plain(&orders, None);
    assert_eq!(verdict.action, Action::Handoff);
    assert_eq!(verdict.handoff, [HandoffReason::Requested, HandoffReason::Risk]);
}

#[test]
fn an_answer_leaves_no_further_request_undone() {
    let mut two = labels(&[("return.policy", 0.82), ("billing.dispute", 0.15)], Urgency::Normal);
    assert_eq!(plain(&two, Some(&found(0.95))).action, Action::Answer);
    two.intents[1].selected = true;
    let verdict = plain(&two, Some(&found(0.95)));
    assert_eq!((verdict.action, verdict.handoff), (Action::Handoff, vec![HandoffReason::AccountSpecific]));

    let mut greeting = labels(&[("chat.greeting", 0.7), ("delivery.options", 0.25)], Urgency::Low);
    greeting.intents[1].selected = true;
    assert_ne!(
        plain(&greeting, None).reply,
        Reply::SmallTalk(Intent::find("chat.greeting").expect("an intent"))
    );
}

#[test]
fn the_programs_own_question_is_recognised_and_its_choices_can_be_named_or_numbered() {
    let unsure = labels(&[("refund.request", 0.65), ("warranty.repair", 0.3)], Urgency::Normal);
    for wording in Wording::ALL {
        for channel in Channel::ALL {
            let asking = Case { wording, channel, ..case(&unsure, Some(&found(0.1))) };
            let templates = crate::draft::Templates::built_in();
            let utc = jiff::tz::TimeZone::UTC;
            let written = crate::draft::write(&asking, &decided(&asking), Tone::Friendly, &templates, &utc);
            let question = written.draft.expect("a question").text;
            let turns = [turn(Role::Customer, "refund"), turn(Role::Bot, &question)];
            let conversation = Conversation::of_turns(&turns, None, Some(&unsure));
            let choose = |said: &str| conversation.chosen(said).map(|intent| intent.id);
            assert_eq!(choose("2"), Some("warranty.repair"), "{question}");
            for first in ["1.", "１", "第一个", "option 1", "the first one", "#1", "選一"] {
                assert_eq!(choose(first), Some("refund.request"), "{first}");
            }
            let name = Intent::find("warranty.repair").expect("an intent").name(wording.locale());
            assert_eq!(choose(name), Some("warranty.repair"));
            assert_eq!(choose("something else"), None);
            let again = decided(&Case { conversation, ..case(&unsure, Some(&found(0.1))) });
            assert_eq!(again.handoff[0], HandoffReason::LowConfidence, "{wording:?} {channel:?}");
        }
    }
}

#[test]
fn a_signal_raises_the_priority_and_says_where() {
    let calm = labels(&[("delivery.problem", 0.9)], Urgency::Normal);
    let signal = Signal { kind: SignalKind::RepeatedContact, span: 3..12, due: None, num_affected: None };
    let facts = Facts { signals: vec![signal], ..Facts::default() };
    let verdict = decided(&Case { facts, ..case(&calm, Some(&found(0.1))) });
    assert_eq!(verdict.route.priority, Priority::High);
    let step = verdict.steps.iter().find(|step| step.code == "signal.repeated_contact").expect("a step");
    assert!(step.text.contains("bytes 3 to 12"), "{}", step.text);
}

#[test]
fn what_cannot_be_read_is_a_decision_with_its_reason() {
    let french = Language { locale: Err("fr"), source: Source::Text, script_determined: false };
    let verdict = decided(&Case { language: french, ..unread() });
    assert_eq!((verdict.action, verdict.handoff), (Action::Handoff, vec![HandoffReason::Language]));
    let verdict = decided(&unread());
    assert_eq!((verdict.action, verdict.reply), (Action::Clarify, Reply::Question(vec![])));
}

#[test]
fn while_a_person_owns_the_conversation_the_program_only_drafts() {
    let asks = labels(&[("delivery.options", 0.9)], Urgency::Low);
    for owner in Owner::ALL {
        let conversation = Conversation { owner, ..Conversation::default() };
        let verdict = decided(&Case { conversation, ..case(&asks, Some(&found(0.9))) });
        let sends = matches!(owner, Owner::Bot | Owner::Released);
        assert_eq!(verdict.delivery, if sends { Delivery::Send } else { Delivery::Draft }, "{owner:?}");
        assert_eq!(verdict.conversation.owner, if sends { Owner::Bot } else { owner });
    }
}

#[test]
fn the_most_pressing_request_decides() {
    let mut two = labels(&[("delivery.options", 0.6), ("safety.report", 0.35)], Urgency::High);
    two.intents[1].selected = true;
    let verdict = plain(&two, Some(&found(0.9)));
    assert_eq!(verdict.intent.map(|intent| intent.id), Some("safety.report"));
    assert_eq!(verdict.requests, [1, 0]);
    assert_eq!(verdict.route.queue, "safety");
}

#[test]
fn handoff_always_has_a_reason_and_every_message_a_queue() {
    let cases = [
        "feedback.praise",
        "feedback.complaint",
        "contact.human",
        "spam",
        "other",
        "chat.closing",
        "safety.report",
    ];
    for intent in cases {
        for probability in [0.3, 0.65, 0.95] {
            for search in [None, Some(found(0.1)), Some(found(0.95))] {
                let verdict = plain(&labels(&[(intent, probability)], Urgency::Normal), search.as_ref());
                assert_eq!(
                    verdict.action == Action::Handoff,
                    !verdict.handoff.is_empty(),
                    "{intent} {probability}"
                );
                assert!(!verdict.route.queue.is_empty());
                assert!(!verdict.steps.is_empty());
            }
        }
    }
}

#[test]
fn the_same_case_gives_the_same_verdict() {
    let labels = labels(&[("delivery.options", 0.7), ("order.place", 0.2)], Urgency::Low);
    assert_eq!(plain(&labels, Some(&found(0.5))), plain(&labels, Some(&found(0.5))));
}

#[test]
fn an_answer_that_quotes_a_question_is_no_question() {
    let asks = labels(&[("return.policy", 0.9)], Urgency::Low);
    let answer =
        "Here is what our pages say:\n\nStill not there?\nWrite to us.\n\n[1] Returns — https://shop.example";
    let turns = [turn(Role::Customer, "can I return it"), turn(Role::Bot, answer)];
    let conversation = Conversation::of_turns(&turns, None, Some(&asks));
    assert_eq!((conversation.asked_back, conversation.answered), (0, vec!["return.policy".to_owned()]));
}

#[test]
fn what_is_only_drafted_has_answered_nothing() {
    let asks = labels(&[("delivery.options", 0.9)], Urgency::Low);
    let conversation = Conversation { owner: Owner::Person, ..Conversation::default() };
    let drafted = decided(&Case { conversation, ..case(&asks, Some(&found(0.9))) });
    assert_eq!((drafted.action, drafted.delivery), (Action::Answer, Delivery::Draft));
    assert_eq!(drafted.conversation.open.as_deref(), Some("delivery.options"));
    assert!(drafted.conversation.answered.is_empty());
    let sent = plain(&asks, Some(&found(0.9))).conversation;
    assert_eq!((sent.open, sent.answered), (None, vec!["delivery.options".to_owned()]));
}

#[test]
fn thanks_end_a_conversation_and_the_next_question_opens_it_again() {
    let thanks = labels(&[("chat.closing", 0.97)], Urgency::Low);
    let ended = plain(&thanks, None).conversation;
    assert!(ended.ended && ended.open.is_none());
    let asks = labels(&[("delivery.options", 0.9)], Urgency::Low);
    let again = decided(&Case { conversation: ended, ..case(&asks, Some(&found(0.2))) }).conversation;
    assert!(!again.ended);
    assert_eq!((again.owner, again.open.as_deref()), (Owner::Waiting, Some("delivery.options")));
}
