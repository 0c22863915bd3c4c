//! What drafts quote, cite and convert.

use super::*;

const LONG: &str = "Parcels leave our store on the day of the order when it comes in before noon on a working day. \
    A card refund takes 3 to 7 working days. Unless the bank needs longer, you see it within 10 days. \
    Our shop windows are decorated anew every month by artists from the town. \
    Every Friday there is live music in the shop and all of our guests get a cup of tea. \
    A refund to a gift card takes 1 day.";

/// The draft that answers a question from a passage.
fn answered(text: &str, from: Locale, to: Wording, question: &str) -> Draft {
    let mut scene =
        Scene::new(to, "refund.status").found(0, hit("refunds", "Refunds", text, from)).answered();
    scene.case.requests[0].text = question.into();
    scene.draft()
}

#[test]
fn a_long_passage_is_quoted_in_part_and_each_part_is_cited_by_its_bytes() {
    let draft = answered(LONG, Locale::En, Wording::En, "how long does a refund take");
    assert!(draft.text.contains(
        "A card refund takes 3 to 7 working days. Unless the bank needs longer, you see it within 10 days. […] \
         A refund to a gift card takes 1 day."
    ), "{}", draft.text);
    assert!(!draft.text.contains("music"), "{}", draft.text);
    assert_eq!(draft.text.matches("[1]").count(), 1, "one article, one line of sources");
    let bytes = |citation: &super::super::Citation| citation.start_byte - 10..citation.end_byte - 10;
    let cited: Vec<&str> = draft.citations.iter().map(|citation| &LONG[bytes(citation)]).collect();
    assert_eq!(cited.len(), 2);
    assert!(cited.iter().all(|cited| draft.text.contains(cited)));
    assert!(draft.citations.iter().all(|citation| citation.number == 1 && !citation.converted));
}

#[test]
fn a_passage_in_the_other_script_is_converted_and_marked() {
    let text = "退款 3–7 个工作日到账，网络银行以 https://shop.example/网络 为准。";
    let draft = answered(text, Locale::ZhHans, Wording::ZhHantTw, "退款多久");
    assert!(draft.text.contains("以下內容由簡體中文文章轉換："), "{}", draft.text);
    let converted = "退款 3–7 個工作日到賬，網路銀行以 https://shop.example/网络 為準。";
    assert!(draft.text.contains(converted), "{}", draft.text);
    assert!(draft.citations[0].converted && draft.citations[0].locale == Locale::ZhHans);
    assert_eq!(draft.citations[0].end_byte, 10 + text.len());
    let back = answered("退款 3 個工作天。", Locale::ZhHant, Wording::ZhHans, "退款");
    assert!(back.text.contains("以下内容由繁体中文文章转换："), "{}", back.text);
}

#[test]
fn another_language_is_not_converted_but_announced() {
    let draft = answered("退款3天。", Locale::ZhHans, Wording::En, "refund");
    assert!(draft.text.contains("available in Simplified Chinese only:\n\n退款3天。"), "{}", draft.text);
    assert!(!draft.citations[0].converted);
    let draft = answered("A refund takes 3 days.", Locale::En, Wording::ZhHantHk, "退款");
    assert!(draft.text.contains("以下內容目前只有英文版本："), "{}", draft.text);
}

#[test]
fn several_requests_are_answered_one_by_one_with_numbered_sources() {
    for wording in Wording::ALL {
        let scene = Scene::new(wording, "refund.status").and("delivery.options");
        let draft = scene.found(0, refunds(wording)).found(1, deliveries(wording)).answered().draft();
        assert!(draft.template.ends_with("/answers"), "{}", draft.template);
        let place = |text: &str| draft.text.find(text).unwrap_or_else(|| panic!("{text} in {}", draft.text));
        let topic = |id: &str| Intent::find(id).expect("an intent").name_in(wording);
        let places = [
            place(topic("refund.status")),
            place(&refunds(wording).text),
            place("[1] "),
            place(topic("delivery.options")),
            place(&deliveries(wording).text),
            place("[2] "),
        ];
        assert!(places.is_sorted(), "{}", draft.text);
        assert_eq!(draft.citations.iter().map(|citation| citation.number).collect::<Vec<_>>(), [1, 2]);
    }
}

#[test]
fn requests_that_the_same_words_answer_share_one_quote() {
    let scene = Scene::new(Wording::En, "refund.status").and("return.policy");
    let draft = scene.found(0, refunds(Wording::En)).found(1, refunds(Wording::En)).answered().draft();
    assert_eq!(draft.text.matches("3 to 7 working days").count(), 1, "{}", draft.text);
    assert_eq!(draft.citations.len(), 1);
    assert_eq!(draft.template, "default/en/answer");
}

#[test]
fn what_is_not_answered_is_named_with_the_promised_time() {
    let scene = Scene::new(Wording::ZhHans, "order.change").and("delivery.options");
    let draft = scene.found(1, deliveries(Wording::ZhHans)).draft();
    assert!(draft.text.contains("今天下午3:30前回复您：\n• 修改订单"), "{}", draft.text);
    assert!(!draft.text.contains("• 配送方式"), "{}", draft.text);
    assert!(draft.text.contains("标准配送需要2到4个工作日") && draft.citations.len() == 1, "{}", draft.text);
}

#[test]
fn white_space_and_marks_of_a_quote_stay_to_the_letter() {
    let text = "Steps:\n\n```\nrun   this\n\n\n{{ due }} \u{E000}0\u{E001}\n```\n";
    let draft = answered(text, Locale::En, Wording::En, "steps to run this");
    assert!(draft.text.contains("run   this\n\n\n{{ due }} \u{E000}0\u{E001}"), "{}", draft.text);
}

#[test]
fn without_a_passage_there_is_no_answer() {
    let scene = Scene::new(Wording::En, "refund.status").reply(Action::Answer, Reply::Passages(vec![0]));
    assert_eq!(scene.written().draft, None);
}

#[test]
fn choices_are_named_in_the_customers_language_and_are_at_most_five() {
    let choices = ["refund.request", "order.cancel"].map(|id| Intent::find(id).expect("an intent"));
    let reply = |choices: Vec<_>| Reply::Question(choices);
    for (wording, names) in [
        (Wording::En, ["Get money back", "Cancel an order"]),
        (Wording::ZhHans, ["申请退款", "取消订单"]),
        (Wording::ZhHantTw, ["申請退款", "取消訂單"]),
        (Wording::ZhHantHk, ["申請退款", "取消訂單"]),
    ] {
        let scene = Scene::new(wording, "refund.request").reply(Action::Clarify, reply(choices.to_vec()));
        let written = scene.written();
        let back = written.clarification.expect("a question");
        assert_eq!(back.choices.iter().map(|(_, name)| *name).collect::<Vec<_>>(), names);
        assert!(back.question.ends_with(['?', '？']) && !back.question.contains('\n'), "{}", back.question);
        let text = written.draft.expect("a draft").text;
        let listed = format!("{}\n1. {}\n2. {}", back.question, names[0], names[1]);
        assert!(text.contains(&listed), "{text}");
    }
    let many: Vec<_> = crate::taxonomy::INTENTS.iter().take(7).collect();
    let scene = Scene::new(Wording::En, "refund.request").reply(Action::Clarify, reply(many));
    assert_eq!(scene.written().clarification.expect("a question").choices.len(), 5);
}
