use super::*;
use crate::{
    knowledge::{BaseName, DeleteBase, GoldenQuestion, GoldenReport, SetGoldenQuestions},
    message::Locale,
};

fn golden(question: &str, article: &str, locale: Option<Locale>) -> GoldenQuestion {
    GoldenQuestion { question: question.into(), article: article.into(), locale }
}

fn setting(questions: Vec<GoldenQuestion>, request_id: &str) -> SetGoldenQuestions {
    SetGoldenQuestions { parent: "knowledgeBases/shop".into(), questions, request_id: request_id.into() }
}

async fn shop() -> Desk {
    let desk = Desk::new().await;
    desk.create("returns.en", returns()).await;
    desk.create("returns.zh-Hant", input("zh-Hant", "退貨與換貨", "商品送達後三十天內都可以退貨。")).await;
    desk.create("parking.zh-Hans", input("zh-Hans", "停车", "来店客人可以免费停在地下车库。")).await;
    desk
}

#[tokio::test]
async fn the_report_counts_what_came_first_and_what_was_rightly_not_answered() {
    let desk = shop().await;
    let questions = vec![
        golden("Returns and exchanges", "returns", None),
        // The translation that is found counts too.
        golden("退貨與換貨", "returns.en", None),
        golden("来店客人可以免费停在哪里", "returns", Some(Locale::ZhHans)),
        golden("What does the moon weigh in kilograms?", "", None),
    ];
    assert_eq!(desk.knowledge().set_golden_questions(setting(questions, "")).await.unwrap(), 4);
    let report = desk.knowledge().check("knowledgeBases/shop").await.unwrap();
    let total = report.total;
    assert_eq!((total.num_questions, total.num_answerable, total.num_first), (4, 3, 2));
    assert_eq!(total.no_answer_accuracy(), Some(1.0));
    assert_eq!(report.locales[&Locale::ZhHant].hit_at_1(), Some(1.0));
    assert_eq!(report.locales[&Locale::ZhHans].hit_at_1(), Some(0.0));
    assert_eq!(report.locales[&Locale::En].num_questions, 2);
    let [failure] = report.failures.as_slice() else { panic!("{:?}", report.failures) };
    assert_eq!(failure.golden.question, "来店客人可以免费停在哪里");
    assert_eq!(failure.first.as_ref().unwrap().article.id(), "parking.zh-Hans");
    assert!(failure.answer_probability > 0.0 && failure.found_at != Some(1));
}

#[tokio::test]
async fn a_generation_is_checked_without_the_store_and_an_empty_one_is_worse() {
    let desk = shop().await;
    let generation = |id| desk.knowledge().snapshot(&BaseName::from_id(id, "id").unwrap()).unwrap();
    let questions = [golden("Returns and exchanges", "returns", None), golden("停车", "parking", None)];
    let before = GoldenReport::of(&generation("shop"), &*desk.encoder, &questions).unwrap();
    assert_eq!(before.total.hit_at_1(), Some(1.0));
    desk.knowledge().create_base("empty", "Empty", "").await.unwrap();
    let after = GoldenReport::of(&generation("empty"), &*desk.encoder, &questions).unwrap();
    assert_eq!(after.failures.len(), 2);
    assert!(after.failures[0].first.is_none());
    let worse = after.worse_than(&before, 0.02).unwrap();
    assert!(worse.contains("hit@1 dropped from 1.000 to 0.000"), "{worse}");
    assert!(worse.contains("hit@1 for zh-Hans dropped"), "{worse}");
    assert_eq!(before.worse_than(&after, 0.0), None);
}

#[tokio::test]
async fn golden_questions_are_replaced_as_a_whole_and_listed_in_their_order() {
    let desk = shop().await;
    let knowledge = desk.knowledge();
    let many: Vec<_> =
        (0..230).map(|number| golden(&format!("question {number}"), "returns", None)).collect();
    assert_eq!(knowledge.set_golden_questions(setting(many.clone(), "")).await.unwrap(), 230);
    let first = knowledge.golden_questions("knowledgeBases/shop", 200, "").await.unwrap();
    assert_eq!(first.items, many[..200]);
    let second =
        knowledge.golden_questions("knowledgeBases/shop", 200, &first.next_page_token).await.unwrap();
    assert_eq!((second.items.as_slice(), second.next_page_token.as_str()), (&many[200..], ""));
    let few = vec![golden("停車", "parking", Some(Locale::ZhHant))];
    knowledge.set_golden_questions(setting(few.clone(), "r1")).await.unwrap();
    knowledge.set_golden_questions(setting(few.clone(), "r1")).await.unwrap();
    assert_eq!(knowledge.golden_questions("knowledgeBases/shop", 0, "").await.unwrap().items, few);
    let reused = knowledge.set_golden_questions(setting(many, "r1")).await.unwrap_err();
    assert!(reused.to_string().starts_with("request_id: "), "{reused}");
}

#[tokio::test]
async fn wrong_golden_questions_are_refused_and_change_nothing() {
    let desk = shop().await;
    let knowledge = desk.knowledge();
    let kept = vec![golden("怎么退货", "returns", None)];
    knowledge.set_golden_questions(setting(kept.clone(), "")).await.unwrap();
    let refused = async |request| knowledge.set_golden_questions(request).await.unwrap_err();
    let wrong = vec![golden("ok", "returns", None), golden(" ", "returns", None)];
    assert!(refused(setting(wrong, "")).await.to_string().starts_with("golden_questions[1].question: "));
    let too_many = vec![golden("ok", "", None); 5001];
    assert!(refused(setting(too_many, "")).await.to_string().contains("5001 are too many"));
    let elsewhere = SetGoldenQuestions { parent: "knowledgeBases/absent".into(), ..setting(vec![], "") };
    assert_eq!(kind(&refused(elsewhere).await), "not found");
    assert_eq!(knowledge.golden_questions("knowledgeBases/shop", 0, "").await.unwrap().items, kept);
    knowledge.set_golden_questions(setting(vec![], "")).await.unwrap();
    assert_eq!(kind(&knowledge.check("knowledgeBases/shop").await.unwrap_err()), "precondition");
    assert_eq!(kind(&knowledge.check("knowledgeBases/absent").await.unwrap_err()), "not found");
}

#[tokio::test]
async fn a_deleted_knowledge_base_takes_its_golden_questions_along() {
    let desk = shop().await;
    let knowledge = desk.knowledge();
    knowledge.set_golden_questions(setting(vec![golden("怎么退货", "returns", None)], "")).await.unwrap();
    let delete = DeleteBase { name: "knowledgeBases/shop".into(), force: true, ..DeleteBase::default() };
    knowledge.delete_base(delete).await.unwrap();
    knowledge.create_base("shop", "Shop", "").await.unwrap();
    assert!(knowledge.golden_questions("knowledgeBases/shop", 0, "").await.unwrap().items.is_empty());
}
