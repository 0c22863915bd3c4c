//! Drafts in three languages: what they quote, cite, convert and promise.

use jiff::Timestamp;

use super::*;
use crate::{
    knowledge::BaseName,
    policy::{Action, Priority, Route},
    taxonomy::Department,
};

fn verdict(reply: Reply, intent: &str) -> Verdict {
    Verdict {
        action: Action::Handoff,
        intent: Intent::find(intent),
        route: Route {
            queue: "billing",
            priority: Priority::High,
            department: Department::Sales,
            first_reply: SignedDuration::from_mins(60),
            first_reply_due: Timestamp::UNIX_EPOCH,
            next_reply_due: Timestamp::UNIX_EPOCH,
        },
        handoff: vec![],
        reply,
        steps: vec![],
    }
}

fn hit(locale: Locale) -> Hit {
    let base = BaseName::from_id("shop", "id").expect("a name");
    Hit {
        article: ArticleName::from_id(&base, "refunds.en", "id").expect("a name"),
        article_version: 3,
        title: "Refund times".into(),
        heading: "Cards".into(),
        text: "Cards: 3 to 7 working days.\n".into(),
        start_byte: 10,
        end_byte: 38,
        locale,
        url: "https://shop.example/help/refunds".into(),
        score: 0.8,
        lexical_score: 0.8,
        dense_score: 0.8,
        similar: vec![],
        parts: crate::knowledge::ScoreParts::default(),
    }
}

fn text_of(reply: Reply, channel: Channel, locale: Locale, hit: Option<&Hit>) -> Option<Draft> {
    let verdict = verdict(reply, "refund.status");
    compose(&Occasion { verdict: &verdict, labels: None, channel, locale, hit, question: "how long" })
}

/// A hit of a longer passage, and the draft that answers a question from it.
fn answered(text: &str, from: Locale, to: Locale, question: &str) -> Draft {
    let hit = Hit { text: text.into(), end_byte: 10 + text.len(), ..hit(from) };
    let verdict = verdict(Reply::Passage, "refund.status");
    let occasion = Occasion {
        verdict: &verdict,
        labels: None,
        channel: Channel::Chat,
        locale: to,
        hit: Some(&hit),
        question,
    };
    compose(&occasion).expect("a draft")
}

const LONG: &str = "Parcels leave our store on the day of the order when it comes in before noon on a working day. \
    A card refund takes 3 to 7 working days. Unless the bank needs longer, you see it within 10 days. \
    Our shop windows are decorated anew every month by artists from the town. \
    Every Friday there is live music in the shop and all of our guests get a cup of tea. \
    A refund to a gift card takes 1 day.";

#[test]
fn a_long_passage_is_quoted_in_part_and_each_part_is_cited_by_its_bytes() {
    let draft = answered(LONG, Locale::En, Locale::En, "how long does a refund take");
    assert!(draft.text.contains(
        "A card refund takes 3 to 7 working days. Unless the bank needs longer, you see it within 10 days. […] \
         A refund to a gift card takes 1 day."
    ), "{}", draft.text);
    assert!(!draft.text.contains("music"), "{}", draft.text);
    assert_eq!(draft.text.matches("[1]").count(), 1, "one article, one line of sources");
    let cited: Vec<&str> = draft
        .citations
        .iter()
        .map(|citation| &LONG[citation.start_byte - 10..citation.end_byte - 10])
        .collect();
    assert_eq!(cited.len(), 2);
    assert!(cited.iter().all(|cited| draft.text.contains(cited)));
    assert!(draft.citations.iter().all(|citation| citation.number == 1 && !citation.converted));
}

#[test]
fn a_passage_in_the_other_script_is_converted_and_marked() {
    let text = "退款 3–7 个工作日到账，网络银行以 https://shop.example/网络 为准。";
    let draft = answered(text, Locale::ZhHans, Locale::ZhHant, "退款多久");
    assert!(draft.text.contains("以下內容由簡體中文條目轉換："), "{}", draft.text);
    assert!(
        draft.text.contains("退款 3–7 個工作日到賬，網路銀行以 https://shop.example/网络 為準。"),
        "{}",
        draft.text
    );
    assert!(draft.citations[0].converted && draft.citations[0].locale == Locale::ZhHans);
    assert_eq!(draft.citations[0].end_byte, 10 + text.len());
    let back = answered("退款 3 個工作天。", Locale::ZhHant, Locale::ZhHans, "退款");
    assert!(back.text.contains("以下内容由繁体中文条目转换："), "{}", back.text);
}

#[test]
fn another_language_is_not_converted() {
    let draft = answered("退款3天。", Locale::ZhHans, Locale::En, "refund");
    assert!(draft.text.contains("available in Simplified Chinese only:\n\n退款3天。"), "{}", draft.text);
    assert!(!draft.citations[0].converted);
}

#[test]
fn an_answer_quotes_the_passage_to_the_letter_and_cites_it() {
    let hit = hit(Locale::En);
    let draft = text_of(Reply::Passage, Channel::Chat, Locale::En, Some(&hit)).expect("a draft");
    assert!(draft.text.contains("Cards: 3 to 7 working days."));
    assert!(draft.text.contains("[1] Refund times — https://shop.example/help/refunds"));
    assert_eq!((draft.citations[0].start_byte, draft.citations[0].end_byte), (10, 37));
}

#[test]
fn without_a_passage_there_is_no_answer() {
    assert_eq!(text_of(Reply::Passage, Channel::Chat, Locale::En, None), None);
}

#[test]
fn a_passage_in_another_language_is_announced() {
    let hit = hit(Locale::En);
    let draft = text_of(Reply::Passage, Channel::Chat, Locale::ZhHant, Some(&hit)).expect("a draft");
    assert!(draft.text.contains("英文"), "{}", draft.text);
    assert_eq!(draft.citations[0].locale, Locale::En);
}

#[test]
fn the_promised_time_is_the_routes() {
    let acknowledgement = Reply::Acknowledgement { with_passage: false };
    for (locale, time) in [(Locale::En, "1 hour"), (Locale::ZhHans, "1 小时"), (Locale::ZhHant, "1 小時")]
    {
        let draft = text_of(acknowledgement.clone(), Channel::Chat, locale, None).expect("a draft");
        assert!(draft.text.contains(time), "{}", draft.text);
        assert!(draft.citations.is_empty());
    }
}

#[test]
fn letters_are_greeted_and_closed_and_chats_are_not() {
    let acknowledgement = Reply::Acknowledgement { with_passage: false };
    let letter = text_of(acknowledgement.clone(), Channel::Email, Locale::En, None).expect("a draft");
    assert!(letter.text.starts_with("Hello,") && letter.text.ends_with("Customer Service"));
    let chat = text_of(acknowledgement, Channel::Chat, Locale::En, None).expect("a draft");
    assert!(!chat.text.starts_with("Hello,"));
}

#[test]
fn choices_are_named_in_the_customers_language() {
    let choices = ["refund.request", "order.cancel"].map(|id| Intent::find(id).expect("an intent"));
    let verdict = verdict(Reply::Question(choices.to_vec()), "refund.request");
    let back = clarification(&verdict, Locale::ZhHant).expect("a question");
    assert_eq!(back.choices.iter().map(|(_, name)| *name).collect::<Vec<_>>(), ["申請退款", "取消訂單"]);
}
