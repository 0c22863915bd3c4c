//! Every situation that the content of drafts is checked in.

use std::{
    cmp::Reverse,
    sync::{Arc, LazyLock},
};

use super::*;
use crate::{
    signals::{Entity, EntityKind, Signal, SignalKind},
    taxonomy::INTENTS,
};

/// A situation and its name for messages of tests.
type Named = (String, Scene);

/// Every intent, feeling, channel and tone of a wording, going to a person.
fn handoffs(wording: Wording) -> Vec<Named> {
    let mut scenes = vec![];
    for intent in INTENTS {
        for emotion in Emotion::ALL {
            for channel in Channel::ALL {
                for tone in Tone::ALL {
                    let name = format!("{} {} {emotion:?} {channel:?} {tone:?}", wording.tag(), intent.id);
                    let mut scene = Scene::new(wording, intent.id).on(channel).tone(tone).feeling(emotion);
                    details(&mut scene);
                    scenes.push((name, scene));
                }
            }
        }
    }
    scenes
}

/// Puts personal data where a draft could take it from.
fn details(scene: &mut Scene) {
    let entity = |kind, text: &str| Entity { kind, span: 0..0, text: text.into(), value: text.into() };
    scene.case.facts.entities =
        vec![entity(EntityKind::OrderNumber, "A-778899"), entity(EntityKind::Phone, "0912345678")];
    scene.case.requests[0].text = "my order A-778899, call 0912345678".into();
    scene.case.sentences = vec![Sentence { span: 0..9, text: "my order A-778899, call 0912345678".into() }];
}

/// The same with the flags that change the words.
fn variants(wording: Wording) -> Vec<Named> {
    let mut scenes = vec![];
    for intent in ["refund.request", "delivery.problem", "safety.report", "legal.threat", "feedback.praise"] {
        for (channel, tone) in Channel::ALL.iter().flat_map(|&channel| Tone::ALL.map(|tone| (channel, tone)))
        {
            let base = || Scene::new(wording, intent).on(channel).tone(tone);
            let name = |what: &str| format!("{} {intent} {channel:?} {tone:?} {what}", wording.tag());
            scenes.push((name("requested"), base().because(&[HandoffReason::Requested])));
            scenes.push((name("repeated"), base().because(&[HandoffReason::Repeated])));
            scenes.push((name("two open"), base().and("order.change")));
            let found = base().and("delivery.options").found(1, deliveries(wording));
            scenes.push((name("one found"), found));
            let mut danger = base();
            let signal = Signal { kind: SignalKind::Safety, span: 0..1, due: None, num_affected: None };
            danger.case.facts.signals = vec![signal];
            scenes.push((name("danger"), danger));
            scenes.push((name("a guess"), base().because(&[HandoffReason::LowConfidence])));
            let mut law = base().feeling(Emotion::Anger);
            let signal = Signal { kind: SignalKind::Legal, span: 0..1, due: None, num_affected: None };
            law.case.facts.signals = vec![signal];
            scenes.push((name("law"), law));
        }
    }
    for (channel, tone) in Channel::ALL.iter().flat_map(|&channel| Tone::ALL.map(|tone| (channel, tone))) {
        let thanks =
            Scene::new(wording, "feedback.praise").on(channel).tone(tone).feeling(Emotion::Gratitude);
        let name = format!("{} {channel:?} {tone:?} thanks", wording.tag());
        scenes.push((name, thanks.because(&[HandoffReason::LowConfidence])));
    }
    scenes
}

/// Answers, small talk and questions back.
fn replies(wording: Wording) -> Vec<Named> {
    let mut scenes = vec![];
    for (channel, tone) in Channel::ALL.iter().flat_map(|&channel| Tone::ALL.map(|tone| (channel, tone))) {
        for emotion in Emotion::ALL {
            let base = |intent| Scene::new(wording, intent).on(channel).tone(tone).feeling(emotion);
            let name = |what: &str| format!("{} {what} {channel:?} {tone:?} {emotion:?}", wording.tag());
            let one = base("refund.status").found(0, refunds(wording)).answered();
            scenes.push((name("answer"), one));
            let two = base("refund.status").and("delivery.options").found(0, refunds(wording));
            scenes.push((name("answers"), two.found(1, deliveries(wording)).answered()));
            for id in ["chat.greeting", "chat.closing"] {
                let intent = Intent::find(id).expect("an intent");
                scenes.push((name(id), base(id).reply(Action::Answer, Reply::SmallTalk(intent))));
            }
            let choices = ["refund.status", "refund.request"].map(|id| Intent::find(id).expect("an intent"));
            scenes.push((
                name("choices"),
                base("refund.status").reply(Action::Clarify, Reply::Question(choices.to_vec())),
            ));
            scenes.push((name("say more"), base("other").reply(Action::Clarify, Reply::Question(vec![]))));
            for id in ["feedback.praise", "feedback.suggestion", "business.inquiry"] {
                scenes.push((name(id), base(id).reply(Action::Route, Reply::Acknowledgement(vec![]))));
            }
        }
    }
    scenes
}

fn all() -> impl Iterator<Item = Named> {
    Wording::ALL
        .into_iter()
        .flat_map(|wording| handoffs(wording).into_iter().chain(variants(wording)).chain(replies(wording)))
}

/// A draft or notice of a situation, and the template's own words in it.
struct Said {
    name: String,
    scene: Arc<Scene>,
    draft: Draft,
    words: String,
}

/// Drafts and notices of every situation; rendered once for all tests.
static EVERYTHING: LazyLock<Vec<Said>> = LazyLock::new(|| {
    let templates = Templates::built_in();
    let mut everything = vec![];
    for (name, scene) in all() {
        let written = scene.with(&templates);
        assert_eq!(written.notice.is_some(), scene.verdict.notice, "{name}");
        let scene = Arc::new(scene);
        let draft = written.draft.unwrap_or_else(|| panic!("no draft: {name}"));
        let notice = written.notice.map(|notice| (format!("notice {name}"), notice));
        for (name, draft) in [Some((name, draft)), notice].into_iter().flatten() {
            let words = own_words(&draft);
            everything.push(Said { name, scene: Arc::clone(&scene), draft, words });
        }
    }
    everything
});

/// Checks every draft and notice: the situation's name, the situation, the draft, the template's own words.
pub fn for_each(mut check: impl FnMut(&str, &Scene, &Draft, &str)) {
    for said in EVERYTHING.iter() {
        check(&said.name, &said.scene, &said.draft, &said.words);
    }
}

/// The draft without names of intents and without what it quotes: the template's own words.
fn own_words(draft: &Draft) -> String {
    let mut text = draft.text.clone();
    let wording = draft.wording;
    let mut names: Vec<&str> = INTENTS.iter().map(|intent| intent.name_in(wording)).collect();
    names.sort_by_key(|name| Reverse(name.len()));
    for quote in [refunds(wording), deliveries(wording)] {
        text = text.replace(&quote.text, "").replace(&quote.title, "");
    }
    for before in ["• ", "- ", "「", "“"].into_iter().filter(|before| draft.text.contains(before)) {
        for name in &names {
            text = text.replace(&format!("{before}{name}"), before);
        }
    }
    let is_choice = |line: &str| {
        line.split_once(". ")
            .is_some_and(|(number, name)| number.parse::<u8>().is_ok() && names.contains(&name))
    };
    text.lines().filter(|line| !is_choice(line)).collect::<Vec<_>>().join("\n")
}
