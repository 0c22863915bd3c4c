//! What is taken for granted, quoted and apologized for.

use super::*;
use crate::signals::{Signal, SignalKind};

const DOUBT: &[HandoffReason] = &[HandoffReason::LowConfidence];

/// The words of a reply and of its notice.
fn said(scene: &Scene) -> [String; 2] {
    let written = scene.written();
    [written.draft, written.notice].map(|draft| draft.expect("a draft").text)
}

#[test]
fn a_guessed_intent_is_not_told_to_the_customer() {
    for wording in Wording::ALL {
        for intent in crate::taxonomy::INTENTS {
            let scene = Scene::new(wording, intent.id).on(Channel::Social).because(DOUBT);
            let template = scene.draft().template;
            let plain = format!("default/{}/handoff", wording.tag());
            let expected = match intent.id {
                "safety.report" | "security.report" | "legal.threat" => {
                    format!("default/{}/macros/{}", wording.tag(), intent.id)
                }
                _ => plain,
            };
            assert_eq!(template, expected);
        }
        let two = Scene::new(wording, "order.cancel").and("refund.request").because(DOUBT).draft();
        let named = ["order.cancel", "refund.request"].map(|id| Intent::find(id).expect("an intent"));
        assert!(named.iter().all(|intent| !two.text.contains(intent.name_in(wording))), "{}", two.text);
    }
}

#[test]
fn a_tenants_macro_is_not_used_for_a_guess_either() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir_all(folder.path().join("en/macros")).expect("a folder");
    let file = folder.path().join("en/macros/order.cancel.jinja");
    std::fs::write(file, "You want to cancel. {{ due }}").expect("a file");
    let templates = Templates::load(folder.path()).expect("templates");
    let sure = Scene::new(Wording::En, "order.cancel");
    assert!(sure.with(&templates).draft.expect("a draft").text.starts_with("You want to cancel."));
    let guess = sure.because(DOUBT).with(&templates).draft.expect("a draft");
    assert_eq!(guess.template, "default/en/handoff");
}

#[test]
fn praise_gets_thanks_and_no_promise_however_sure_it_is() {
    for wording in Wording::ALL {
        for intent in ["feedback.praise", "chat.closing"] {
            let scene = Scene::new(wording, intent).feeling(Emotion::Gratitude).because(DOUBT);
            assert!(scene.draft().template.ends_with("macros/feedback.praise"));
            for text in said(&scene) {
                assert!(
                    !text.contains("3:30") && !text.contains("15:30") && !text.contains("3時30分"),
                    "{text}"
                );
            }
        }
        let scene = || Scene::new(wording, "feedback.praise").feeling(Emotion::Gratitude);
        let with_more = [
            scene().because(&[HandoffReason::Requested, HandoffReason::LowConfidence]),
            scene().and("order.change").because(DOUBT),
            scene().feeling(Emotion::None).because(DOUBT),
        ];
        for scene in with_more {
            for text in said(&scene) {
                assert!(
                    text.contains("3:30") || text.contains("15:30") || text.contains("3時30分"),
                    "{text}"
                );
            }
        }
    }
}

#[test]
fn kind_words_at_the_end_are_thanked_for() {
    let closing = Intent::find("chat.closing").expect("an intent");
    for (wording, thanks) in [
        (Wording::En, "kind words"),
        (Wording::ZhHans, "谢谢您的鼓励"),
        (Wording::ZhHantTw, "謝謝您的鼓勵"),
        (Wording::ZhHantHk, "多謝你的讚賞"),
    ] {
        let scene = || Scene::new(wording, "chat.closing").reply(Action::Answer, Reply::SmallTalk(closing));
        let (warm, plain) = (scene().feeling(Emotion::Gratitude).draft(), scene().draft());
        assert!(warm.text.contains(thanks) && !plain.text.contains(thanks), "{}\n{}", warm.text, plain.text);
    }
}

#[test]
fn no_help_page_is_quoted_where_a_person_judges_or_somebody_is_upset() {
    for wording in Wording::ALL {
        let found = |scene: Scene| scene.found(0, refunds(wording));
        let quiet = |scene: &Scene| {
            let draft = scene.draft();
            assert!(
                !draft.text.contains(&refunds(wording).text) && draft.citations.is_empty(),
                "{}",
                draft.text
            );
        };
        for id in [
            "legal.threat",
            "feedback.complaint",
            "billing.dispute",
            "privacy.request",
            "safety.report",
            "security.report",
            "refund.request",
            "refund.status",
        ] {
            quiet(&found(Scene::new(wording, id)));
            quiet(&found(Scene::new(wording, "delivery.options").and(id)));
        }
        quiet(&found(Scene::new(wording, "delivery.options").feeling(Emotion::Anger)));
        for reason in [HandoffReason::Risk, HandoffReason::Upset, HandoffReason::Repeated] {
            quiet(&found(Scene::new(wording, "delivery.options").because(&[reason])));
        }
        let calm = found(Scene::new(wording, "delivery.options")).draft();
        assert!(calm.text.contains(&refunds(wording).text), "{}", calm.text);
        let answer = found(Scene::new(wording, "refund.status")).answered().draft();
        assert!(answer.text.contains(&refunds(wording).text), "an answer quotes: {}", answer.text);
    }
}

#[test]
fn only_a_quote_that_answers_counts_as_an_answer() {
    let scene = |intent| Scene::new(Wording::En, intent).and("delivery.options").and("return.policy");
    let both = |scene: Scene| scene.found(1, deliveries(Wording::En)).found(2, deliveries(Wording::En));
    assert_eq!(both(scene("refund.status")).answered().draft().answers, [1, 2]);
    assert!(both(scene("order.change")).draft().answers.is_empty(), "an acknowledgement answers nothing");
}

#[test]
fn nobody_is_apologized_to_who_only_asks_for_a_person_or_names_the_law() {
    for wording in Wording::ALL {
        let sorry = |scene: &Scene| {
            let words = ["sorry", "抱歉", "歉意"];
            said(scene).iter().any(|text| words.iter().any(|word| text.contains(word)))
        };
        for feeling in [Emotion::Anger, Emotion::Disappointment] {
            let scene = |intent| Scene::new(wording, intent).feeling(feeling);
            assert!(!sorry(&scene("contact.human")));
            assert!(sorry(&scene("contact.human").and("delivery.problem")));
            assert!(sorry(&scene("delivery.problem")));
            assert!(!sorry(&scene("delivery.problem").and("legal.threat")));
            let mut law = scene("delivery.problem");
            let signal = Signal { kind: SignalKind::Legal, span: 0..1, due: None, num_affected: None };
            law.case.facts.signals = vec![signal];
            assert!(!sorry(&law));
        }
    }
}

#[test]
fn written_before_is_said_only_when_it_shows() {
    let words = ["before", "之前", "此前", "先前", "早前"];
    for wording in Wording::ALL {
        for tone in Tone::ALL {
            let tells = |scene: &Scene| words.iter().any(|word| scene.draft().text.contains(word));
            let scene = || Scene::new(wording, "account.login_problem").tone(tone);
            assert!(tells(&scene().because(&[HandoffReason::Repeated])));
            let mut signalled = scene();
            let signal = |kind| Signal { kind, span: 0..1, due: None, num_affected: None };
            signalled.case.facts.signals = vec![signal(SignalKind::RepeatedContact)];
            assert!(tells(&signalled));
            assert!(!tells(&scene().because(&[HandoffReason::Upset])));
        }
    }
}

#[test]
fn an_angry_customer_reads_a_word_to_it_before_a_question() {
    for wording in Wording::ALL {
        for tone in Tone::ALL {
            let question = || Scene::new(wording, "other").reply(Action::Clarify, Reply::Question(vec![]));
            let calm = question().tone(tone).draft().text;
            let angry = question().tone(tone).feeling(Emotion::Anger).draft().text;
            let word = angry.strip_suffix(&calm).unwrap_or_else(|| panic!("{angry}"));
            assert!(!word.trim().is_empty() && word.chars().count() < 50, "{angry}");
            assert!(["sorry", "歉"].iter().all(|sorry| !word.contains(sorry)), "{angry}");
        }
    }
}

#[test]
fn hong_kong_reads_its_own_names_of_intents() {
    let choices = ["feedback.complaint", "product.price"].map(|id| Intent::find(id).expect("an intent"));
    let scene = |wording| {
        Scene::new(wording, "feedback.complaint").reply(Action::Clarify, Reply::Question(choices.to_vec()))
    };
    for (wording, names) in [
        (Wording::ZhHantHk, ["投訴", "價格、優惠或優惠券"]),
        (Wording::ZhHantTw, ["客訴", "價格、優惠或折價券"]),
    ] {
        let written = scene(wording).written();
        let listed = format!("1. {}\n2. {}", names[0], names[1]);
        assert!(written.draft.expect("a draft").text.contains(&listed));
        let labels: Vec<_> =
            written.clarification.expect("a question").choices.iter().map(|(_, name)| *name).collect();
        assert_eq!(labels, names);
    }
}

#[test]
fn hong_kong_says_query_of_questions_alone() {
    for intent in ["billing.dispute", "feedback.complaint", "product.damaged_or_wrong", "business.inquiry"] {
        for channel in Channel::ALL {
            for tone in Tone::ALL {
                for text in said(&Scene::new(Wording::ZhHantHk, intent).on(channel).tone(tone)) {
                    assert!(!text.contains("查詢"), "{text}");
                }
            }
        }
    }
}
