//! Small sets of articles with one fault each, and sets with none.

use std::path::Path;

use super::*;
use crate::{
    knowledge::{ArticleContent, ArticleInput, BaseName, Limits, formats},
    message::Channel,
};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
const SETTINGS: LintSettings =
    LintSettings { now_ms: 1000 * DAY_MS, max_age_days: 365, max_translation_lag_days: 30 };

fn article(id: &str, locale: &str, title: &str, body: &str) -> Article {
    let input = ArticleInput {
        locale: locale.into(),
        title: title.into(),
        body: body.into(),
        content_time_ms: Some(990 * DAY_MS),
        ..ArticleInput::default()
    };
    let base = BaseName::from_id("shop", "id").unwrap();
    Article {
        name: ArticleName::from_id(&base, id, "id").unwrap(),
        content: input.check("article", &Limits::default()).unwrap(),
        version: 1,
        create_time_ms: 0,
        update_time_ms: 0,
        etag: String::new(),
    }
}

fn with(article: Article, change: impl FnOnce(&mut ArticleContent)) -> Article {
    let mut article = article;
    change(&mut article.content);
    article
}

fn found(articles: &[Article]) -> Vec<(FindingKind, String)> {
    lint(articles, &SETTINGS).into_iter().map(|finding| (finding.kind, finding.message)).collect()
}

fn kinds(articles: &[Article]) -> Vec<FindingKind> {
    found(articles).into_iter().map(|(kind, _)| kind).collect()
}

#[test]
fn the_same_statement_with_other_figures_is_a_contradiction_in_each_language() {
    let cases = [
        (
            "en",
            "You can return items within 30 days of delivery.",
            "Items can be returned within 14 days of delivery.",
        ),
        ("en", "Refunds take 3–7 working days.", "A refund usually takes 3-5 working days."),
        ("zh-Hans", "签收后30天内可以退货。", "签收后十四天内可以退货。"),
        ("zh-Hant", "退款需要 3–7 個工作天入帳。", "退款通常需要３至５個工作天入帳。"),
    ];
    for (locale, one, other) in cases {
        let articles = [
            article("a", locale, "Refunds", &format!("{one} Ask us about lamps.")),
            article("b", locale, "Help", &format!("Tea is served. {other}")),
        ];
        let found = lint(&articles, &SETTINGS);
        assert_eq!(found.len(), 1, "{one}: {found:?}");
        assert_eq!(found[0].kind, FindingKind::Contradiction);
        let texts: Vec<&str> = found[0]
            .places
            .iter()
            .zip(&articles)
            .map(|(place, article)| &article.content.body[place.range.clone()])
            .collect();
        assert_eq!(texts, [one, other]);
        assert!(found[0].places.iter().all(|place| place.figures.len() == 1), "{found:?}");
    }
    let across = [
        article("a", "zh-Hans", "退货", "签收后30天内可以退货。"),
        article("b", "zh-Hant", "說明", "簽收後14天內可以退貨。"),
    ];
    assert_eq!(kinds(&across), [FindingKind::Contradiction]);
}

#[test]
fn rows_of_the_same_table_in_two_articles_contradict() {
    let table = |fee: u32| {
        format!("| Region | Delivery fee |\n|---|---|\n| Hong Kong | HK${fee} |\n| Macau | HK$60 |")
    };
    let articles = [article("a", "en", "Fees", &table(30)), article("b", "en", "Delivery", &table(40))];
    let found = lint(&articles, &SETTINGS);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].places[0].figures[0].to_string(), "HKD 30");
}

#[test]
fn figures_of_different_things_do_not_contradict() {
    let table = "| Card | Days |\n|---|---|\n| Debit | 3 |\n| Credit | 5 |\n\nRefunds take 3 days. Repairs take 5 days.";
    assert!(kinds(&[article("a", "en", "Times", table)]).is_empty());
    let lamp = "The lamp has a warranty of 24 months from the day of delivery.";
    let chair = "The chair has a warranty of 12 months from the day of delivery.";
    assert!(kinds(&[article("a", "en", "Lamp", lamp), article("b", "en", "Chair", chair)]).is_empty());
    let template = |thing: &str, months: u32| {
        format!("{thing}保修说明。保修期为{months}个月，从签收当天开始计算。{thing}可以寄回维修。")
    };
    let articles = [
        article("a", "zh-Hans", "台灯保修", &template("台灯", 24)),
        article("b", "zh-Hans", "座椅保修", &template("座椅", 12)),
    ];
    assert!(kinds(&articles).is_empty(), "{:?}", found(&articles));
    let prices = [
        article("a", "en", "One", "Delivery of a parcel costs ¥15."),
        article("b", "en", "Two", "Delivery of a parcel costs €6."),
    ];
    assert!(kinds(&prices).is_empty());
}

#[test]
fn articles_that_no_customer_gets_both_of_do_not_contradict() {
    let one = article("a", "en", "Returns", "You can return items within 30 days of delivery.");
    let other = article("b", "en", "Help", "You can return items within 14 days of delivery.");
    assert_eq!(kinds(&[one.clone(), other.clone()]).len(), 1);
    let brands = [
        with(one.clone(), |content| content.brands = vec!["tide".into()]),
        with(other.clone(), |content| content.brands = vec!["maple".into()]),
    ];
    assert!(kinds(&brands).is_empty());
    let channels = [
        with(one.clone(), |content| content.channels = vec![Channel::Chat]),
        with(other.clone(), |content| content.channels = vec![Channel::Email]),
    ];
    assert!(kinds(&channels).is_empty());
    let times = [
        with(one, |content| content.valid_until_ms = Some(2000 * DAY_MS)),
        with(other, |content| content.valid_from_ms = Some(2000 * DAY_MS)),
    ];
    assert!(kinds(&times).is_empty());
}

const LONG: &str = "To send something back, open the order in the app, choose the item and the reason, and print \
    the label. Hand the parcel to any post office within 7 days. We check it and refund you.";

#[test]
fn the_same_passage_twice_is_a_duplicate() {
    let articles = [
        article(
            "a",
            "en",
            "Returns",
            &format!("## One\n\n{LONG}\n\n## Two\n\nTea is served in our showroom in Leeds."),
        ),
        article("b", "en", "Post", &LONG.replace("Hand the", "Give the")),
        article(
            "c",
            "en",
            "Other",
            "We sell lamps, chairs, tables, rugs, beds and other things that a home needs, at fair prices.",
        ),
    ];
    let found = lint(&articles, &SETTINGS);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].kind, found[0].places.len()), (FindingKind::Duplicate, 2));
    assert_eq!(
        found[0].places[0].excerpt,
        LONG.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(160).collect::<String>() + "…"
    );
}

#[test]
fn whole_articles_that_repeat_each_other_are_one_finding_and_translations_are_none() {
    let hans = "## 退货\n\n退货时请在订单页面选择商品和原因，打印面单后交给快递员，七天内寄出即可。\n\n## 退款\n\n我们收到商品并检查以后，会把款项退回您付款时使用的账户，请留意短信通知。";
    let hant = "## 退貨\n\n退貨時請在訂單頁面選擇商品和原因，打印面單後交給快遞員，七天內寄出即可。\n\n## 退款\n\n我們收到商品並檢查以後，會把款項退回您付款時使用的賬戶，請留意短信通知。";
    let twice = [article("a", "zh-Hans", "退货", hans), article("b", "zh-Hant", "退貨說明", hant)];
    let found = lint(&twice, &SETTINGS);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].places[1].range, 0..hant.len());
    let translations =
        [article("a.zh-Hans", "zh-Hans", "退货", hans), article("a.zh-Hant", "zh-Hant", "退貨", hant)];
    assert!(kinds(&translations).is_empty(), "{:?}", super::lint(&translations, &SETTINGS));
}

#[test]
fn figures_that_a_translation_lacks_are_told() {
    let versions = [
        article(
            "r.en",
            "en",
            "Returns",
            "Return it within 30 days. Delivery costs €5. Call within two days.",
        ),
        article("r.zh-Hans", "zh-Hans", "退货", "14天内可退。运费¥12。两天内打电话。"),
    ];
    let found = found(&versions);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, FindingKind::TranslationFigures);
    assert!(found[0].1.contains("only r.en has 30, only r.zh-Hans has 14."), "{}", found[0].1);
    let same = [
        article("r.en", "en", "Returns", "Return it within 30 days. After that we cannot."),
        article("r.zh-Hant", "zh-Hant", "退貨", "三十天內可退。過了30天不行。"),
    ];
    assert!(kinds(&same).is_empty());
}

#[test]
fn what_is_out_of_date_is_told_once_an_article() {
    let fresh = article("a.en", "en", "A", "Text of one.");
    let old =
        with(article("b", "en", "B", "Text of two."), |content| content.content_time_ms = Some(100 * DAY_MS));
    let ended = with(article("c", "en", "C", "Text of three."), |content| {
        content.valid_until_ms = Some(999 * DAY_MS)
    });
    let behind = with(article("a.zh-Hans", "zh-Hans", "甲", "一段文字。"), |content| {
        content.content_time_ms = Some(900 * DAY_MS)
    });
    let found = found(&[fresh, old, ended, behind]);
    let messages: Vec<&str> = found.iter().map(|(_, message)| message.as_str()).collect();
    assert_eq!(messages.len(), 3, "{messages:?}");
    assert!(messages[0].starts_with("b was last changed 900 days ago"));
    assert!(messages[1].starts_with("c ceased to hold 1 days ago"));
    assert!(messages[2].starts_with("a.zh-Hans is 90 days older than its translation a.en"));
}

fn samples() -> Vec<Article> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/knowledge");
    let files = formats::read(&folder, &formats::ReadOptions::default()).articles;
    let read = |file: formats::ArticleFile| {
        let base = BaseName::from_id("shop", "id").unwrap();
        Article {
            name: ArticleName::from_id(&base, &file.item.name, "id").unwrap(),
            content: file.item.input.check("article", &Limits::default()).unwrap(),
            version: 1,
            create_time_ms: 0,
            update_time_ms: 0,
            etag: String::new(),
        }
    };
    files.into_iter().map(read).collect()
}

#[test]
fn the_samples_neither_repeat_nor_contradict_themselves() {
    let settings = LintSettings { now_ms: 1_795_000_000_000, ..SETTINGS };
    let findings = lint(&samples(), &settings);
    for finding in &findings {
        println!("{:?} {}", finding.kind, finding.message);
    }
    let grave =
        |finding: &&Finding| matches!(finding.kind, FindingKind::Duplicate | FindingKind::Contradiction);
    assert_eq!(findings.iter().filter(grave).count(), 0);
}

/// Prints how long 100,000 passages take: half of them of templates, some of them twice or with other figures.
///
/// `cargo test --release --lib a_hundred_thousand -- --ignored --nocapture`
#[test]
#[ignore = "takes seconds; run to measure"]
fn a_hundred_thousand_passages_take_seconds() {
    let samples = samples();
    let sentences: Vec<(Locale, &str)> = samples
        .iter()
        .flat_map(|article| {
            let body = &article.content.body;
            units(body)
                .into_iter()
                .map(|unit| (article.content.locale, body[unit.range].trim()))
                .collect::<Vec<_>>()
        })
        .filter(|(_, text)| !text.starts_with(['#', '|', '-', '1']))
        .collect();
    let mut state = 7_u64;
    let mut draw = |bound: usize| {
        state = shingles::mix(state.wrapping_add(0x9e37_79b9_7f4a_7c15));
        (state % bound as u64) as usize
    };
    let articles: Vec<Article> = (0..25_000)
        .map(|number| {
            let locale = Locale::ALL[number % 3];
            let of_locale: Vec<&str> =
                sentences.iter().filter(|(of, _)| *of == locale).map(|&(_, text)| text).collect();
            let passages: Vec<String> = (0..4)
                .map(|part| {
                    let picked: Vec<&str> = (0..4).map(|_| of_locale[draw(of_locale.len())]).collect();
                    let text = format!("## {part}\n\nItem{number} {}", picked.join(" "));
                    // Some have a figure of their own, in a sentence that others have too.
                    if number % 1000 == 0 { text.replace("30", "31") } else { text }
                })
                .collect();
            article(&format!("a{number}"), locale.tag(), &format!("Item{number}"), &passages.join("\n\n"))
        })
        .collect();
    let reads: Vec<Read<'_>> = articles.iter().map(Read::of).collect();
    println!("{} passages", reads.iter().map(|read| read.passages.len()).sum::<usize>());
    let start = std::time::Instant::now();
    duplicates::find(&reads);
    println!("duplicates {:.1} s", start.elapsed().as_secs_f64());
    let start = std::time::Instant::now();
    contradictions::find(&reads);
    println!("contradictions {:.1} s", start.elapsed().as_secs_f64());
    let start = std::time::Instant::now();
    let findings = lint(&articles, &SETTINGS);
    println!(
        "{} articles, {} findings, {:.1} s",
        articles.len(),
        findings.len(),
        start.elapsed().as_secs_f64()
    );
}
