//! Passages of a help centre in three languages, and properties that hold for any text.

use proptest::prelude::*;

use super::*;

fn quoted(passage: &str, question: &str) -> String {
    let answer = answer(passage, &Question { text: question, ..Question::default() });
    render(passage, &answer.ranges)
}

const RETURNS: &str = "You can return most items within 30 days of delivery. Pack the item in its original box. \
    Print the label from your account page. Hand the parcel to any post office in your country. \
    Refunds go back to the card you paid with. They take 3 to 7 working days. \
    However, gift cards are refunded as store credit. Our showroom in Leeds is open every day. \
    You may look at sofas and beds there with an adviser, have coffee and park for free.";

#[test]
fn only_the_sentences_that_answer_are_quoted() {
    let text = quoted(RETURNS, "where is your showroom?");
    assert!(text.starts_with("Our showroom in Leeds"), "{text}");
    assert!(!text.contains("Pack the item") && !text.contains(OMISSION), "{text}");
}

#[test]
fn a_sentence_that_points_back_keeps_what_it_points_to_and_an_exception_stays_on() {
    let text = quoted(RETURNS, "how many working days does it take");
    assert!(
        text.contains(
            "Refunds go back to the card you paid with. They take 3 to 7 working days. However, gift"
        ),
        "{text}"
    );
    let passage = "会员退货免运费，请在订单页面点申请退货。特价商品除外。退货地址在深圳仓库，收到后我们会检查商品。\
        检查需要两个工作日左右的时间，节假日顺延。展厅位于南山区，周一到周五营业，可以现场看货和咨询搭配方案。\
        展厅提供免费停车和咖啡，也欢迎带宠物前来参观，请提前一天在小程序里预约参观时间。";
    let text = quoted(passage, "会员退货要运费吗");
    assert!(text.contains("会员退货免运费，请在订单页面点申请退货。特价商品除外。"), "{text}");
    assert!(!text.contains("宠物"), "{text}");
}

#[test]
fn an_exception_in_a_paragraph_of_its_own_stays_on() {
    let rest = [
        "Our showroom in Leeds is open every day from nine to six. You may look at sofas and beds there with an \
            adviser, have coffee and park for free. Bring your family and your dog, we like visitors of all kinds, \
            and tell us a day before when you want a guided tour of the whole house and its garden behind.",
        "展厅位于南山区，周一到周五营业，可以现场看货和咨询搭配方案。展厅提供免费停车和咖啡，也欢迎带宠物前来参观，\
            请提前一天在小程序里预约参观时间。顾问会陪您看沙发和床，介绍面料与尺寸，并按您家的户型画出布置图，全程免费。",
        "展廳位於信義區，週一到週五營業，可以現場看貨和諮詢搭配方案。展廳提供免費停車和咖啡，也歡迎帶寵物前來參觀，\
            請提前一天在小程式裡預約參觀時間。顧問會陪您看沙發和床，介紹面料與尺寸，並按您家的戶型畫出佈置圖，全程免費。",
    ];
    let rules = [
        (
            "You can return items within 30 days.\n\nSale items are cheap. They cannot be returned.\n\nOpened items are not refunded.",
            "within how many days can I return items",
        ),
        ("退货期30天，从签收日算起。\n\n特价商品除外。\n\n已拆封商品不支持退货。", "退货期多少天"),
        (
            "退貨期30天，從簽收日算起。\n\n特價商品除外。\n\n> 已拆封商品不支援退貨，恕不退款。",
            "退貨期多少天",
        ),
    ];
    for ((rules, question), rest) in rules.into_iter().zip(rest) {
        assert_eq!(quoted(&format!("{rules}\n\n{rest}"), question), rules);
        let apart = format!("{rules}\n\n## Visit\n\n{rest}");
        assert!(!quoted(&apart, question).contains("Visit"), "{question}");
    }
}

#[test]
fn a_short_passage_is_quoted_whole() {
    let passage = "Open the app. Tap Me. Choose a language. Done.";
    assert_eq!(quoted(passage, "where do I tap"), passage);
    assert_eq!(quoted("  7天內可退。\n", "退貨"), "7天內可退。");
    assert!(answer(" \n", &Question::default()).ranges.is_empty());
}

#[test]
fn a_procedure_stays_whole_with_its_numbers() {
    let passage = "Our shop has many kinds of lamps and chairs for each room and every taste you may have at home. \
        We also sell spare bulbs and cushions in all of our twelve stores across the country and online.\n\n\
        Lamps come in red, green and blue, and most of them are delivered in a padded box that you can reuse later on.\n\n\
        To reset the lamp:\n\n1. Unplug it.\n2. Wait ten seconds.\n3. Hold the button until it blinks.";
    let text = quoted(passage, "which button to hold to reset");
    assert_eq!(
        text,
        "To reset the lamp:\n\n1. Unplug it.\n2. Wait ten seconds.\n3. Hold the button until it blinks."
    );
}

#[test]
fn steps_that_markdown_does_not_know_are_steps() {
    let passage = "注销前请先处理完订单：\n1、打开设置。\n2、点注销账号，\n   再点确认。\n（3）输入验证码。";
    let kinds: Vec<UnitKind> = units(passage).iter().map(|unit| unit.kind).collect();
    assert_eq!(kinds, [UnitKind::Sentence, UnitKind::Step, UnitKind::Step, UnitKind::Step]);
    let apart = units("①打开设置。\n\n②点注销。");
    assert_eq!(apart[0].block, apart[1].block);
}

#[test]
fn conditions_are_quoted_together_and_long_lists_in_part() {
    let conditions = "Before you can close it:\n\n- no order may be open at that time in any country;\n\
        - Tide Plus must be cancelled in the app, on the page of your membership;\n\
        - gift card balance should be used, because it is lost when the account is closed;\n\
        - points should be spent in the shop or given to another member of your family;\n\
        - the last invoice must be paid in full, by card or bank transfer;\n\
        - all devices must be signed out of the account on the security page;\n\
        - the newsletter must be cancelled with the link at its foot.";
    assert_eq!(quoted(conditions, "what about my gift card"), conditions);
    let places: Vec<String> = (1..=30)
        .map(|number| format!("- Zone{number} street: open from {number} to {}", number + 8))
        .collect();
    let list = format!("Shops:\n\n{}", places.join("\n"));
    assert_eq!(
        quoted(&list, "when does zone17 open"),
        format!("Shops:\n\n{OMISSION}\n\n- Zone17 street: open from 17 to 25")
    );
}

#[test]
fn rows_come_with_the_head_of_their_table_and_stay_a_table() {
    let cities = [
        ("香港", 25),
        ("澳門", 30),
        ("台北", 70),
        ("高雄", 80),
        ("花蓮", 90),
        ("金門", 120),
        ("馬祖", 130),
        ("澎湖", 140),
    ];
    let rows: Vec<String> = cities
        .iter()
        .map(|(city, fee)| format!("| {city} | {fee} 元 | 三天到七天送達，週日不配送 |"))
        .collect();
    let passage = format!("各地運費如下。\n\n| 地區 | 運費 | 時效 |\n|---|---|---|\n{}\n", rows.join("\n"));
    let text = quoted(&passage, "寄到花蓮多少錢");
    assert_eq!(
        text,
        format!("各地運費如下。\n\n| 地區 | 運費 | 時效 |\n|---|---|---|\n| {OMISSION} |\n{}", rows[4])
    );
    assert!(!quoted(&passage, "運費").contains(OMISSION));
}

#[test]
fn vectors_find_what_words_do_not() {
    let units = units(RETURNS);
    let question = Question { text: "zzz", vector: &[1.0, 0.0], idf: None };
    let vectors: Vec<Vec<f32>> =
        (0..units.len()).map(|index| if index == 7 { vec![1.0, 0.0] } else { vec![0.1, 0.99] }).collect();
    let ranges = select(&units, &scores(&units, RETURNS, &question, &vectors), RETURNS);
    assert!(render(RETURNS, &ranges).starts_with("Our showroom"), "{ranges:?}");
    let wrong = scores(&units, RETURNS, &question, &vectors[1..]);
    assert!(wrong.iter().all(|score| *score == 0.0), "vectors that do not belong are not used");
}

#[test]
fn a_given_idf_weighs_terms() {
    let heavy: &dyn Fn(&str) -> f64 = &|term| if term == "coffe" || term == "coffee" { 100.0 } else { 0.001 };
    let question = Question { text: "refunds or coffee", idf: Some(heavy), vector: &[] };
    let text = render(RETURNS, &answer(RETURNS, &question).ranges);
    assert!(text.contains("coffee") && !text.contains("Refunds"), "{text}");
}

#[test]
fn ranges_that_do_not_fit_the_passage_are_left_out() {
    assert_eq!(render("退货", &[0..1, 0..99, 0..3]), "退");
}

#[test]
fn text_without_an_event_is_in_a_unit_too() {
    let passage = "See [the page][1].\n\n[1]: https://shop.example\n\n| a | b |\n|---|---|\n| 1 | 2 |";
    let kinds: Vec<UnitKind> = units(passage).iter().map(|unit| unit.kind).collect();
    assert_eq!(kinds, [UnitKind::Sentence, UnitKind::Block, UnitKind::TableHead, UnitKind::Row]);
}

fn figures(text: &str) -> Vec<&str> {
    text.split(|character: char| !character.is_ascii_digit()).filter(|figure| !figure.is_empty()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn units_cover_the_text_and_quotes_are_made_of_whole_units(
        body in "([a-z ]{0,20}|[退货运费天。，；！？但除外]{0,20}|\n|\n\n|# |- |\\| |\\|---\\|\n|1\\. |2、|[0-9]{1,3}|\\. [A-Z]|\\*\\*|`|\\[a\\]: b\n|> |<b>|…){0,60}",
        question in "[a-z退货运费 ]{0,12}",
    ) {
        let units = units(&body);
        let mut end = 0;
        for unit in &units {
            prop_assert!(unit.range.start >= end && unit.range.start < unit.range.end);
            prop_assert!(body[end..unit.range.start].trim().is_empty(), "{:?}", &body[end..unit.range.start]);
            prop_assert!(unit.lead.is_none_or(|lead| units[lead].range.end <= unit.range.start));
            end = unit.range.end;
        }
        prop_assert!(body[end..].trim().is_empty());

        let answer = answer(&body, &Question { text: &question, ..Question::default() });
        prop_assert_eq!(answer.ranges.is_empty(), body.trim().is_empty());
        let mut last = None;
        for range in &answer.ranges {
            prop_assert!(last.is_none_or(|last| last < range.start));
            prop_assert!(units.iter().any(|unit| unit.range.start == range.start));
            prop_assert!(units.iter().any(|unit| unit.range.end == range.end));
            last = Some(range.end);
        }
        let text = render(&body, &answer.ranges);
        let source = figures(&body);
        prop_assert!(figures(&text).iter().all(|figure| source.contains(figure)));
        for part in text.split(OMISSION) {
            let part = part.trim().trim_end_matches(['-', '*', '+', '|']).trim_start_matches('|').trim();
            prop_assert!(body.contains(part), "{part:?}");
        }
    }
}

/// Prints what is quoted for every authored question of the samples, and how much of the passages.
///
/// `cargo test --lib the_samples_show -- --ignored --nocapture`
#[test]
#[ignore = "prints for people to read"]
fn the_samples_show_what_is_quoted() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/knowledge");
    let files = crate::knowledge::formats::read(&folder, &Default::default()).articles;
    let (mut kept, mut all) = (0, 0);
    for file in files {
        let body = &file.item.input.body;
        for question in &file.item.input.questions {
            let best = crate::knowledge::passage::cut(body).into_iter().map(|passage| {
                let text = &body[passage.start..passage.end];
                let terms = analysis::analyse(&format!("{} {text}", passage.heading));
                let asked = analysis::renderings(question).remove(0);
                let found = asked.words.iter().filter(|word| terms.words.contains(word)).count();
                (found, passage.heading, text)
            });
            let Some((_, heading, text)) = best.max_by_key(|(found, ..)| *found) else { continue };
            let quote = quoted(text, question);
            kept += quote.chars().count();
            all += text.chars().count();
            if quote.len() < text.trim().len() {
                println!("=== {} | {heading} | {question}\n{text}\n--->\n{quote}\n", file.item.name);
            }
        }
    }
    println!("{kept} of {all} characters are quoted");
}
