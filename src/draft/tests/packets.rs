//! What a person gets who takes over.

use super::*;
use crate::{
    policy::{Attempt, Owner},
    signals::{Entity, EntityKind, Signal, SignalKind},
};

/// A signal in the words of a sentence.
fn signal(scene: &mut Scene, kind: SignalKind, sentence: usize, due: Option<&str>) {
    let span = scene.case.sentences[sentence].span.clone();
    let due = due.map(|due| due.parse().expect("a time"));
    scene.case.facts.signals.push(Signal { kind, span, due, num_affected: None });
}

fn entity(scene: &mut Scene, kind: EntityKind, sentence: usize) {
    let span = scene.case.sentences[sentence].span.clone();
    scene.case.facts.entities.push(Entity { kind, span, text: "A-1".into(), value: String::new() });
}

fn summary(scene: &Scene) -> Vec<String> {
    scene.written().packet.expect("a packet").summary
}

#[test]
fn the_summary_is_the_sentences_that_say_what_is_wanted() {
    let cases: [(Wording, &[&str]); 3] = [
        (
            Wording::En,
            &[
                "Hello team,",
                "I bought a lamp last month.",
                "It smells burnt and the cable gets hot.",
                "You are all useless idiots!",
                "My order is A-1.",
                "Please send me my money back.",
                "The weather was nice that day.",
                "Many thanks and kind regards",
            ],
        ),
        (
            Wording::ZhHans,
            &[
                "您好！",
                "我上个月买了一盏台灯。",
                "台灯有焦味，电线发烫。",
                "你们简直就是一群骗子！",
                "订单号A-1。",
                "请把钱退给我。",
                "那天天气不错，逛街很开心。",
                "谢谢！",
            ],
        ),
        (
            Wording::ZhHantTw,
            &[
                "您好，不好意思打擾了",
                "我上個月買了一盞檯燈。",
                "檯燈有焦味，電線發燙。",
                "你們根本是一群騙子垃圾！",
                "訂單編號A-1。",
                "請把錢退給我。",
                "那天天氣不錯，逛街很開心。",
                "謝謝您！",
            ],
        ),
    ];
    for (wording, sentences) in cases {
        let mut scene = Scene::new(wording, "safety.report").and("refund.request").said(sentences);
        scene.case.requests[0].span = scene.case.sentences[2].span.clone();
        scene.case.requests[1].span = scene.case.sentences[5].span.clone();
        signal(&mut scene, SignalKind::Safety, 2, None);
        entity(&mut scene, EntityKind::OrderNumber, 4);
        let expected: Vec<&str> = [2, 5, 4, 1].iter().map(|&at| sentences[at]).collect();
        assert_eq!(summary(&scene), expected);
    }
}

#[test]
fn a_greeting_alone_is_better_than_nothing() {
    assert_eq!(summary(&Scene::new(Wording::En, "contact.human").said(&["Hello there!"])), ["Hello there!"]);
    assert!(summary(&Scene::new(Wording::En, "contact.human")).is_empty());
}

#[test]
fn a_sentence_said_twice_stands_once() {
    let scene = Scene::new(Wording::ZhHans, "refund.status").said(&["退款呢？", "退款呢？", "都三周了。"]);
    assert_eq!(summary(&scene), ["退款呢？", "都三周了。"]);
}

#[test]
fn what_was_tried_is_told_in_the_customers_language() {
    let reply_due = "2026-11-23T02:00:00Z".parse().expect("a time");
    let tried = [
        Attempt::AskedBack { choices: vec!["refund.status".into(), "refund.request".into()] },
        Attempt::Answered { intent: "refund.status".into(), titles: vec!["Refund times".into()] },
        Attempt::AskedBack { choices: vec![] },
        Attempt::HandedOver { queue: "billing".into(), reply_due },
    ];
    for (wording, expected) in [
        (
            Wording::En,
            [
                "Asked back: Where is my refund / Get money back",
                "Answered: Where is my refund (article “Refund times”)",
                "Asked back: to say more",
                "Handed over: billing, reply promised by 2026-11-23 10:00 (Taipei time)",
            ],
        ),
        (
            Wording::ZhHans,
            [
                "已追问：退款进度 / 申请退款",
                "已回答：退款进度（文章《Refund times》）",
                "已追问：请客户补充说明",
                "已转交：billing，承诺在 2026-11-23 10:00 前回复",
            ],
        ),
        (
            Wording::ZhHantHk,
            [
                "已追問：退款進度 / 申請退款",
                "已回答：退款進度（文章〈Refund times〉）",
                "已追問：請客戶補充說明",
                "已轉交：billing，承諾於 2026-11-23 10:00 前回覆",
            ],
        ),
    ] {
        let mut scene = Scene::new(wording, "refund.status");
        scene.case.conversation.tried = tried.to_vec();
        assert_eq!(scene.written().packet.expect("a packet").tried, expected);
    }
}

#[test]
fn the_earliest_deadline_to_come_is_the_customers() {
    let mut scene =
        Scene::new(Wording::En, "order.change").said(&["By Friday.", "Or Tuesday.", "It was Sunday."]);
    signal(&mut scene, SignalKind::Deadline, 0, Some("2026-11-27T10:00:00Z"));
    signal(&mut scene, SignalKind::Deadline, 1, Some("2026-11-24T10:00:00Z"));
    signal(&mut scene, SignalKind::Deadline, 2, Some("2026-11-22T10:00:00Z"));
    let deadline = scene.written().packet.expect("a packet").customer_deadline;
    assert_eq!(deadline, Some("2026-11-24T10:00:00Z".parse().expect("a time")));
}

#[test]
fn a_packet_is_for_whoever_takes_over_or_owns_the_conversation() {
    let answer = || Scene::new(Wording::En, "refund.status").found(0, refunds(Wording::En)).answered();
    assert_eq!(answer().written().packet, None);
    for (owner, wanted) in
        [(Owner::Bot, false), (Owner::Released, false), (Owner::Waiting, true), (Owner::Person, true)]
    {
        let mut scene = answer();
        scene.case.conversation.owner = owner;
        assert_eq!(scene.written().packet.is_some(), wanted, "{owner:?}");
    }
    assert!(Scene::new(Wording::En, "refund.request").written().packet.is_some());
}

#[test]
fn nothing_is_said_in_a_language_that_is_not_served() {
    let mut scene = Scene::new(Wording::En, "other").reply(Action::Handoff, Reply::None);
    scene.verdict.notice = false;
    let written = scene.written();
    assert_eq!((written.draft, written.notice, written.clarification), (None, None, None));
    assert!(written.packet.is_some());
}
