//! Whole drafts, to be read.

use super::*;

/// Drafts and notices of scenes, one after the other.
fn shown(scenes: &[(&str, Scene)]) -> String {
    let mut page = String::new();
    for (name, scene) in scenes {
        let written = scene.written();
        let draft = written.draft.expect("a draft");
        page.push_str(&format!("#### {name} · {} · {:?}\n{}\n\n", draft.template, scene.tone, draft.text));
        if let Some(notice) = written.notice {
            page.push_str(&format!("## {}\n{}\n\n", notice.template, notice.text));
        }
    }
    page
}

/// The same situations in each wording.
fn situations(wording: Wording) -> Vec<(&'static str, Scene)> {
    let scene = |intent| Scene::new(wording, intent);
    let intent = |id: &str| Intent::find(id).expect("an intent");
    let choices = ["refund.status", "refund.request", "billing.dispute"].map(intent).to_vec();
    let answer = || scene("refund.status").found(0, refunds(wording)).answered();
    vec![
        ("answer, chat, neutral", answer()),
        ("answer, e-mail, worried", answer().on(Channel::Email).feeling(Emotion::Anxiety)),
        ("answer, public, confused", answer().on(Channel::Social).feeling(Emotion::Confusion)),
        (
            "two answers, form",
            scene("refund.status")
                .and("delivery.options")
                .found(0, refunds(wording))
                .found(1, deliveries(wording))
                .answered()
                .on(Channel::Form),
        ),
        ("greeting", scene("chat.greeting").reply(Action::Answer, Reply::SmallTalk(intent("chat.greeting")))),
        ("thanks, e-mail", {
            let closing = Reply::SmallTalk(intent("chat.closing"));
            scene("chat.closing")
                .feeling(Emotion::Gratitude)
                .on(Channel::Email)
                .reply(Action::Answer, closing)
        }),
        ("choices, chat", scene("refund.status").reply(Action::Clarify, Reply::Question(choices.clone()))),
        (
            "choices, e-mail, disappointed",
            scene("refund.status")
                .on(Channel::Email)
                .feeling(Emotion::Disappointment)
                .reply(Action::Clarify, Reply::Question(choices)),
        ),
        ("say more, chat", scene("other").reply(Action::Clarify, Reply::Question(vec![]))),
        ("refund, chat, angry", scene("refund.request").feeling(Emotion::Anger)),
        (
            "cancel and change, e-mail, with a passage",
            scene("order.cancel")
                .and("order.change")
                .and("delivery.options")
                .found(2, deliveries(wording))
                .on(Channel::Email),
        ),
        ("late parcel, public, angry", scene("delivery.problem").on(Channel::Social).feeling(Emotion::Anger)),
        (
            "late parcel, e-mail, disappointed",
            scene("delivery.problem").on(Channel::Email).feeling(Emotion::Disappointment),
        ),
        (
            "perhaps cancel, public, disappointed",
            scene("order.cancel")
                .on(Channel::Social)
                .feeling(Emotion::Disappointment)
                .because(&[HandoffReason::LowConfidence]),
        ),
        (
            "perhaps praise, chat",
            scene("feedback.praise").feeling(Emotion::Gratitude).because(&[HandoffReason::LowConfidence]),
        ),
        ("say more, chat, angry", {
            scene("other").feeling(Emotion::Anger).reply(Action::Clarify, Reply::Question(vec![]))
        }),
        (
            "complaint and price, chat",
            scene("feedback.complaint").and("product.price").found(1, refunds(wording)),
        ),
        ("a person, please, angry", {
            scene("contact.human").feeling(Emotion::Anger).because(&[HandoffReason::Requested])
        }),
        ("a person, please", scene("contact.human").because(&[HandoffReason::Requested])),
        (
            "again, e-mail",
            scene("account.login_problem").on(Channel::Email).because(&[HandoffReason::Repeated]),
        ),
        ("broken item, direct message", scene("product.damaged_or_wrong").on(Channel::Direct)),
        ("charge, e-mail", scene("billing.dispute").on(Channel::Email).feeling(Emotion::Anxiety)),
        ("cancel, chat", scene("order.cancel")),
        ("crash, chat, confused", scene("technical.problem").feeling(Emotion::Confusion)),
        ("outage, e-mail", scene("technical.outage").on(Channel::Email)),
        ("complaint, e-mail, angry", scene("feedback.complaint").on(Channel::Email).feeling(Emotion::Anger)),
        ("legal, e-mail, angry", scene("legal.threat").on(Channel::Email).feeling(Emotion::Anger)),
        ("privacy, form", scene("privacy.request").on(Channel::Form)),
        ("danger, chat", scene("safety.report").feeling(Emotion::Anxiety)),
        ("fraud, e-mail", scene("security.report").on(Channel::Email).feeling(Emotion::Anxiety)),
        (
            "praise, e-mail",
            scene("feedback.praise")
                .on(Channel::Email)
                .feeling(Emotion::Gratitude)
                .reply(Action::Route, Reply::Acknowledgement(vec![])),
        ),
        (
            "suggestion, chat",
            scene("feedback.suggestion").reply(Action::Route, Reply::Acknowledgement(vec![])),
        ),
        (
            "business, e-mail",
            scene("business.inquiry").on(Channel::Email).reply(Action::Route, Reply::Acknowledgement(vec![])),
        ),
        (
            "late parcel again, chat",
            scene("delivery.problem").feeling(Emotion::Disappointment).because(&[HandoffReason::Repeated]),
        ),
        ("danger and refund, form", scene("safety.report").and("refund.request").on(Channel::Form)),
        ("fraud, public, formal", scene("security.report").on(Channel::Social).tone(Tone::Formal)),
        ("formal chat", scene("refund.request").tone(Tone::Formal).feeling(Emotion::Disappointment)),
        ("friendly e-mail", scene("refund.request").on(Channel::Email).tone(Tone::Friendly)),
    ]
}

#[test]
fn drafts_in_english_read_well() {
    insta::assert_snapshot!(shown(&situations(Wording::En)));
}

#[test]
fn drafts_in_simplified_chinese_read_well() {
    insta::assert_snapshot!(shown(&situations(Wording::ZhHans)));
}

#[test]
fn drafts_for_taiwan_read_well() {
    insta::assert_snapshot!(shown(&situations(Wording::ZhHantTw)));
}

#[test]
fn drafts_for_hong_kong_read_well() {
    insta::assert_snapshot!(shown(&situations(Wording::ZhHantHk)));
}
