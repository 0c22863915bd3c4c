use super::*;
use crate::{
    encoder::QuestionTokens,
    knowledge::{Audience, BaseName, Query, SearchFilter},
    message::{Channel, Locale},
};

/// A small shop in three languages.
async fn shop() -> Desk {
    let desk = Desk::new().await;
    let articles = [
        ("returns.en", input("en", "Returns and exchanges", "Send unused items back within 30 days.")),
        ("returns.zh-Hans", input("zh-Hans", "退换货规定", "收到商品后三十天内可以退货,商品必须未使用。")),
        ("returns.zh-Hant", input("zh-Hant", "退換貨規定", "收到商品後三十天內可以退貨,商品必須未使用。")),
        ("network.zh-Hans", input("zh-Hans", "网络支付失败", "请检查网络连接,然后再试一次支付。")),
        ("plugs.en", input("en", "Plugs and voltage", "Devices work at 230 volts with a type C plug.")),
        (
            "limits.en",
            ArticleInput {
                audience: Some(Audience::Agent),
                ..input("en", "Compensation limits", "Agents may offer goodwill of ten euros.")
            },
        ),
    ];
    for (id, article) in articles {
        desk.create(id, article).await;
    }
    desk
}

#[tokio::test]
async fn a_question_finds_its_article_with_everything_to_cite_it() {
    let desk = shop().await;
    let outcome = desk.search("how do I send back an unused item?").await;
    let hit = &outcome.hits[0];
    assert_eq!(hit.article.to_string(), "knowledgeBases/shop/articles/returns.en");
    assert_eq!(
        (hit.article_version, hit.locale, hit.title.as_str()),
        (1, Locale::En, "Returns and exchanges")
    );
    assert!(
        hit.score > 0.0 && hit.score <= 1.0 && hit.lexical_score > 0.0 && hit.dense_score > 0.0,
        "{hit:?}"
    );
    assert_eq!((outcome.base.id(), outcome.generation), ("shop", 1));
    assert!((0.0..=1.0).contains(&outcome.answer_probability));
}

#[tokio::test]
async fn equal_questions_get_equal_answers() {
    let desk = shop().await;
    let at = Search { valid_at_ms: Some(1_800_000_000_000), ..question("怎么退货") };
    assert_eq!(desk.knowledge().search(&at).unwrap(), desk.knowledge().search(&at).unwrap());
}

#[tokio::test]
async fn byte_ranges_point_at_the_passage() {
    let desk = Desk::new().await;
    let body = "# 规定\n\n三十天内可以退货。\n\n## 运费\n\n| 原因 | 费用 |\n|---|---|\n| 瑕疵 | 免费 |\n";
    desk.create("returns", input("zh-Hans", "退货", body)).await;
    let outcome = desk.search("瑕疵退货的运费").await;
    let hit = &outcome.hits[0];
    assert_eq!(hit.heading, "规定 › 运费");
    assert_eq!(&body[hit.start_byte..hit.end_byte], hit.text);
    assert!(hit.text.starts_with("| 原因"), "{}", hit.text);
}

#[tokio::test]
async fn articles_for_agents_are_found_only_when_asked_for() {
    let desk = shop().await;
    for query in ["compensation limits", "Agents may offer goodwill of ten euros.", "goodwill"] {
        let found = desk.found(query).await;
        assert!(!found.contains(&"limits.en".to_owned()), "{query}: {found:?}");
        let for_agents = Search {
            filter: SearchFilter { include_agent_articles: true, ..SearchFilter::default() },
            ..question(query)
        };
        assert_eq!(ids(&desk.knowledge().search(&for_agents).unwrap())[0], "limits.en", "{query}");
    }
}

#[tokio::test]
async fn a_traditional_question_finds_a_simplified_article_and_the_other_way_round() {
    let desk = Desk::new().await;
    desk.create("hans", input("zh-Hans", "网络支付失败", "请检查网络连接,然后再试一次支付。")).await;
    desk.create("hant", input("zh-Hant", "變更收件地址", "訂單出貨前都可以在會員中心變更地址。")).await;
    assert_eq!(desk.found("網路付款失敗怎麼辦").await[0], "hans");
    assert_eq!(desk.found("怎么变更收件地址").await[0], "hant");
}

#[tokio::test]
async fn of_translations_the_one_in_the_askers_language_is_shown() {
    let desk = shop().await;
    let found = desk.found("退货规定").await;
    assert_eq!(found.iter().filter(|id| id.starts_with("returns")).count(), 1, "{found:?}");
    assert_eq!(found[0], "returns.zh-Hans");
    assert_eq!(desk.found("退貨規定").await[0], "returns.zh-Hant");
    let for_english = Search { locale: Some(Locale::En), ..question("退货规定") };
    assert_eq!(ids(&desk.knowledge().search(&for_english).unwrap())[0], "returns.en");
}

#[tokio::test]
async fn what_users_type_is_never_read_as_query_syntax() {
    let desk = shop().await;
    for query in [
        "title:\"x\" AND (",
        "returns) OR (*:*",
        "+退货 -规定 ^10 ~3",
        "\\",
        "\"\"\"",
        "[a TO z]",
        "audience:agent",
        "🙂",
        "a",
    ] {
        desk.search(query).await;
    }
    assert!(!desk.found("audience:agent goodwill").await.contains(&"limits.en".to_owned()));
    assert_eq!(desk.found("title:\"returns\" AND (").await[0], "returns.en");
}

#[tokio::test]
async fn an_authored_question_leads_to_its_article() {
    let desk = shop().await;
    let questions = vec!["my parcel never showed up".to_owned()];
    let body = "We search for shipments after five working days.";
    let late = ArticleInput { questions, ..input("en", "Late deliveries", body) };
    desk.create("late.en", late).await;
    let outcome = desk.search("My parcel never showed up").await;
    assert_eq!(outcome.hits[0].article.id(), "late.en");
    assert!(outcome.features.question_dense > 0.95, "{:?}", outcome.features);
}

#[tokio::test]
async fn an_answered_question_is_more_probable_than_a_strange_one() {
    let desk = shop().await;
    let answered = desk.search("Can I send unused items back within 30 days?").await;
    let strange = desk.search("What does the moon weigh in kilograms?").await;
    assert!(answered.answer_probability > strange.answer_probability + 0.2);
    assert!(!strange.answered);
}

#[tokio::test]
async fn a_search_can_be_held_to_one_language_and_done_without_a_vector() {
    let desk = shop().await;
    let generation = desk.knowledge().snapshot(&BaseName::from_id("shop", "id").unwrap()).unwrap();
    let filter = SearchFilter { only_locale: Some(Locale::ZhHant), ..SearchFilter::default() };
    let query = Query {
        text: "退货",
        vector: &[],
        tokens: &QuestionTokens::default(),
        locale: None,
        filter: &filter,
        max_hits: 10,
    };
    let outcome = generation.search(&query).unwrap();
    assert_eq!(ids(&outcome), ["returns.zh-Hant"]);
    assert!(outcome.hits[0].dense_score.abs() < f64::EPSILON);
    assert!(outcome.hits[0].lexical_score > 0.0);
}

#[tokio::test]
async fn wrong_questions_are_refused_with_the_field() {
    let desk = shop().await;
    let refused = async |request: Search| desk.knowledge().search(&request).unwrap_err().to_string();
    assert!(refused(question(" \n")).await.starts_with("query: "));
    assert!(refused(question(&"x".repeat(40_000))).await.starts_with("query: "));
    assert!(refused(Search { page_size: -1, ..question("x") }).await.starts_with("page_size: "));
    let nameless = Search { knowledge_base: String::new(), ..question("x") };
    assert!(refused(nameless).await.starts_with("knowledge_base: "));
    let absent = Search { knowledge_base: "knowledgeBases/absent".into(), ..question("x") };
    assert_eq!(kind(&desk.knowledge().search(&absent).unwrap_err()), "not found");
}

/// Asks as somebody of a channel and a brand, at a time.
fn asked(query: &str, channel: Channel, brand: &str, valid_at_ms: i64) -> Search {
    let filter = SearchFilter { channel: Some(channel), brand: brand.into(), ..SearchFilter::default() };
    Search { filter, valid_at_ms: Some(valid_at_ms), ..question(query) }
}

#[tokio::test]
async fn filters_apply_before_ranking() {
    let desk = Desk::new().await;
    // Hundreds that fit better but are not for this asker must not crowd out the one that is.
    let mut better = items(0..600);
    for item in &mut better {
        item.input.title = "Opening hours".into();
        item.input.body = "Opening hours of the shop: nine to five.".into();
        item.input.channels = vec!["email".into()];
    }
    desk.import(better).await;
    let open =
        input("en", "When we open", "Opening hours differ from shop to shop, mostly nine to six or so.");
    desk.create("open", open).await;
    let asker = asked("opening hours of the shop", Channel::Chat, "", 0);
    let outcome = desk.knowledge().search(&asker).unwrap();
    assert_eq!((ids(&outcome), outcome.num_articles), (vec!["open".to_owned()], 1));
    assert!(outcome.hits[0].lexical_score > 0.0, "{:?}", outcome.hits[0]);
    let by_mail = asked("opening hours of the shop", Channel::Email, "", 0);
    assert_eq!(desk.knowledge().search(&by_mail).unwrap().num_articles, 601);
}

#[tokio::test]
async fn brand_and_time_decide_what_is_found() {
    let desk = Desk::new().await;
    let sale = |brand: &str, from: i64, until: i64| ArticleInput {
        brands: vec![brand.into()],
        valid_from_ms: Some(from),
        valid_until_ms: Some(until),
        ..input("zh-Hans", "促销活动", "促销期间全场八折。")
    };
    desk.create("spring", sale("maple", 100, 200)).await;
    desk.create("autumn", sale("maple", 200, 300)).await;
    desk.create("other", sale("tide", 100, 300)).await;
    let found = |brand: &str, at: i64| {
        ids(&desk.knowledge().search(&asked("促销打几折", Channel::Chat, brand, at)).unwrap())
    };
    assert_eq!(found("maple", 150), ["spring"]);
    assert_eq!(found("maple", 200), ["autumn"]);
    assert_eq!(found("tide", 299), ["other"]);
    assert!(found("maple", 300).is_empty() && found("", 150).is_empty());
    // Without a time it is now, and all of these are over.
    assert!(desk.found("促销打几折").await.is_empty());
}

#[tokio::test]
async fn passages_that_say_the_same_are_one_hit() {
    let desk = Desk::new().await;
    let text = "Refunds reach your card within five to seven working days after we receive the parcel.";
    desk.create("refunds", input("en", "Refund times", text)).await;
    desk.create("cards", input("en", "Refunds to cards", text)).await;
    desk.create("fees", input("en", "Delivery fees", "Delivery is free from forty euros.")).await;
    let outcome = desk.search("how many working days until refunds reach my card?").await;
    assert_eq!(outcome.hits[0].similar.len(), 1);
    let both: Vec<&str> =
        [&outcome.hits[0].article, &outcome.hits[0].similar[0]].map(|name| name.id()).into();
    assert!(both.contains(&"refunds") && both.contains(&"cards"), "{both:?}");
    assert!(outcome.features.margin > 0.1, "{:?}", outcome.features);
    // Other figures are another answer.
    let other = text.replace("five to seven", "ten to fourteen");
    desk.create("slow", input("en", "Refunds abroad", &other)).await;
    let outcome = desk.search("how many working days until refunds reach my card?").await;
    assert!(ids(&outcome).contains(&"slow".to_owned()), "{:?}", ids(&outcome));
}

#[tokio::test]
async fn scores_add_up_from_their_parts() {
    let desk = shop().await;
    for query in ["how do I send back an unused item?", "退货规定", "plugs"] {
        for hit in desk.search(query).await.hits {
            let parts = hit.parts;
            let dense = parts.passage_dense.max(parts.question_dense);
            let joined = parts.lexical_weight * hit.lexical_score + (1.0 - parts.lexical_weight) * dense;
            // A hit in the asker's language has the score of the best translation, which is no lower.
            let late = parts.late_weight * parts.late;
            let least = (joined * parts.locale_factor + late) / (1.0 + parts.late_weight);
            assert!(hit.score >= least - 1e-9, "{hit:?}");
            assert!((hit.dense_score - dense).abs() < 1e-9);
        }
    }
}
