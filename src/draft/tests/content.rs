//! What no default template may say, in every situation there is.

use std::collections::BTreeSet;

use super::{situations::for_each, *};

/// What admits a fault or promises money or an outcome.
const FORBIDDEN: &str = "our fault|our mistake|our error|we failed|we made a|our responsibility|liable|liability|\
    compensat|we will refund|we'll refund|you will be refunded|reimburse|guarantee|\
    we promise|will be resolved|will be fixed|we will fix|negligen|apologise|apologize|\
    我们的错|我们的责任|我们的失误|我们的疏忽|过失|保证|赔偿|补偿|一定会|一定能|承诺|全额|\
    给您造成|负责到底|退款给您|为您退款|我們的錯|我們的責任|我們的失誤|我們的疏失|疏忽|過失|\
    保證|賠償|補償|一定會|一定能|承諾|全額|造成您|退款給您|為您退款|負責到底";

/// Words of an apology.
const APOLOGIES: &str = "sorry|apolog|regret|抱歉|歉意|对不起|對不起|不好意思|见谅|見諒";

/// Words that Hong Kong does not use.
const TAIWAN: &str = "您|客服人員|客服團隊|電子郵件|造成不便|私訊|同仁|釐清|商品|物流|軟體|網路|簡訊|品質|\
    說明中心|資安|身分|什麼|需求";

/// Words that Taiwan does not use.
const HONG_KONG: &str = "閣下|電郵|網上|職員|致電|貨品|速遞|軟件|網絡|短訊|質素|私隱|甚麼|你們|查詢|熱線|戶口|\
    身份|私人訊息|多謝";

/// Words of the mainland in Traditional characters.
const MAINLAND: &str = "信息|視頻|短信|快遞|賬號|登錄|客服專員|客戶服務專員|通過私信|支付";

#[test]
fn no_draft_admits_a_fault_or_promises_money() {
    for_each(|name, _, draft, words| {
        let text = words.to_lowercase();
        for phrase in FORBIDDEN.split('|') {
            assert!(!text.contains(phrase), "{phrase:?} in {name}:\n{}", draft.text);
        }
    });
}

#[test]
fn nobody_who_is_pleased_calm_confused_or_worried_gets_an_apology() {
    for_each(|name, scene, draft, words| {
        let emotion = scene.case.labels.as_ref().map(|labels| labels.emotion.emotion);
        let upset = matches!(emotion, Some(Emotion::Anger | Emotion::Disappointment));
        let text = words.to_lowercase();
        let apologies: usize = APOLOGIES.split('|').map(|word| text.matches(word).count()).sum();
        assert!(apologies <= usize::from(upset), "{name}:\n{}", draft.text);
    });
}

#[test]
fn an_upset_customer_gets_one_apology_except_where_it_would_take_a_side() {
    for_each(|name, scene, draft, _| {
        let emotion = scene.case.labels.as_ref().map(|labels| labels.emotion.emotion);
        let upset = matches!(emotion, Some(Emotion::Anger | Emotion::Disappointment));
        let neutral = ["legal.threat", "safety.report", "feedback.praise", "contact.human"];
        let legal = name.ends_with("law");
        let exempt = legal || scene.verdict.intent.is_some_and(|intent| neutral.contains(&intent.id));
        if upset
            && !exempt
            && !name.starts_with("notice")
            && matches!(scene.verdict.reply, Reply::Acknowledgement(_))
        {
            assert!(APOLOGIES.split('|').any(|word| draft.text.contains(word)), "{name}:\n{}", draft.text);
        }
        let takes_side = ["legal.threat", "contact.human"];
        if legal || scene.verdict.intent.is_some_and(|intent| takes_side.contains(&intent.id)) {
            assert!(!APOLOGIES.split('|').any(|word| draft.text.contains(word)), "{name}:\n{}", draft.text);
        }
    });
}

#[test]
fn the_promised_time_is_there_whenever_a_person_is_promised() {
    for_each(|name, scene, draft, words| {
        let time = match scene.case.wording {
            Wording::En => "15:30 today (Taipei time)",
            Wording::ZhHans | Wording::ZhHantTw => "今天下午3:30前",
            Wording::ZhHantHk => "今天下午3時30分前",
        };
        let said = draft.text.contains(time);
        if scene.verdict.action == Action::Handoff && !name.ends_with("thanks") {
            assert!(said, "{name}:\n{}", draft.text);
        }
        let people = ["colleague", "team in charge", "同事", "专员", "人員", "同仁", "職員", "專人"];
        let passed_on = ["pass", "转", "轉"].iter().any(|word| draft.text.contains(word));
        if !said && !passed_on {
            let promised = people.iter().find(|word| words.contains(**word));
            assert_eq!(promised, None, "{name}:\n{}", draft.text);
        }
    });
}

#[test]
fn public_drafts_are_short_hold_no_details_and_invite_to_a_private_message() {
    for_each(|name, scene, draft, _| {
        if !scene.case.channel.is_public() {
            return;
        }
        for detail in ["A-778899", "0912345678"] {
            assert!(!draft.text.contains(detail), "{name}:\n{}", draft.text);
        }
        if scene.verdict.action != Action::Handoff || name.ends_with("thanks") {
            return;
        }
        let invites = ["private message", "私信", "私訊", "私人訊息"];
        assert!(invites.iter().any(|word| draft.text.contains(word)), "{name}:\n{}", draft.text);
        assert!(draft.text.chars().count() <= 480, "{name}:\n{}", draft.text);
        assert!(draft.citations.is_empty(), "{name}");
    });
}

#[test]
fn drafts_are_tidy() {
    for_each(|name, scene, draft, _| {
        let text = &draft.text;
        let is_tidy = !text.contains("\n\n\n") && text.trim() == text && !text.contains("  ");
        assert!(is_tidy, "{name}:\n{text}");
        for marker in [
            "{{",
            "}}",
            "{%",
            "%}",
            "{#",
            "\u{E000}",
            "\u{E001}",
            "[email",
            "undefined",
            "。。",
            "，，",
            "..",
        ] {
            assert!(!text.contains(marker), "{marker} in {name}:\n{text}");
        }
        let locale = scene.case.wording.locale();
        if locale.is_chinese() {
            assert!(!text.contains(['!', '?', ';']), "half-width marks in {name}:\n{text}");
        } else {
            assert!(text.chars().all(|character| !crate::text::is_han(character)), "{name}:\n{text}");
        }
    });
}

#[test]
fn formal_english_has_no_contractions_and_no_exclamation_marks() {
    for_each(|name, scene, draft, _| {
        if scene.tone == Tone::Formal && scene.case.wording == Wording::En {
            assert!(!draft.text.contains(['\'', '’', '!']), "{name}:\n{}", draft.text);
        }
    });
}

#[test]
fn only_a_question_back_ends_a_line_with_a_question_mark() {
    // A conversation takes a turn with such a line for a question that waits for an answer.
    for_each(|name, scene, draft, _| {
        let asks = draft.text.lines().any(|line| line.ends_with(['?', '？']));
        let is_question = matches!(scene.verdict.reply, Reply::Question(_));
        assert_eq!(asks, is_question, "{name}:\n{}", draft.text);
    });
}

#[test]
fn each_region_reads_its_own_script_and_words() {
    let characters = |text: &'static str| text.trim_end().chars().collect::<BTreeSet<char>>();
    let hans = characters(include_str!("../../text/hans_only.txt"));
    let hant = characters(include_str!("../../text/hant_only.txt"));
    for_each(|name, scene, draft, words| {
        let (others, foreign): (Option<&BTreeSet<char>>, Vec<&str>) = match scene.case.wording {
            Wording::En => (None, vec![]),
            Wording::ZhHans => (Some(&hant), vec!["閣下", "訊息", "資訊"]),
            Wording::ZhHantTw => (Some(&hans), HONG_KONG.split('|').chain(MAINLAND.split('|')).collect()),
            Wording::ZhHantHk => (Some(&hans), TAIWAN.split('|').chain(MAINLAND.split('|')).collect()),
        };
        if let Some(others) = others {
            let found = words.chars().find(|character| others.contains(character));
            assert_eq!(found, None, "{name}:\n{}", draft.text);
        }
        let found = foreign.iter().find(|word| words.contains(**word));
        assert_eq!(found, None, "{name}:\n{}", draft.text);
    });
}

#[test]
fn letters_are_greeted_and_closed_and_nothing_else_is() {
    for_each(|name, scene, draft, _| {
        let greeted = ["Hello,\n", "Hi,\n", "尊敬的客户：", "您好！\n\n", "親愛的顧客", "您好：", "你好："];
        let closed = [
            "Customer Service",
            "Your customer service team",
            "客服团队",
            "敬上",
            "客服團隊",
            "謹啟",
            "客戶服務部",
        ];
        let is_letter = scene.case.channel.is_letter();
        let starts = greeted.iter().any(|greeting| draft.text.starts_with(greeting));
        let ends = closed.iter().any(|closing| draft.text.ends_with(closing));
        assert_eq!((starts, ends), (is_letter, is_letter), "{name}:\n{}", draft.text);
    });
}

#[test]
fn the_emergency_number_stands_first_in_danger() {
    for_each(|name, scene, draft, _| {
        let about = scene.verdict.intent.is_some_and(|intent| intent.id == "safety.report");
        if about || name.ends_with("danger") {
            let first = draft
                .text
                .split("\n\n")
                .find(|part| !part.ends_with([',', '：']) && !part.ends_with("您好！"));
            let numbers = ["emergency number", "紧急求助电话", "緊急求助電話", "緊急求助熱線"];
            let is_first = first.is_some_and(|part| numbers.iter().any(|number| part.contains(number)));
            assert!(is_first, "{name}:\n{}", draft.text);
        }
    });
}
