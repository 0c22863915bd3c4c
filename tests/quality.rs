//! What keeps a knowledge base right, over gRPC with the real model: golden questions and gaps.

mod common;

use common::{channel, runtime};
use frontdesk::proto::{
    self, knowledge_service_client::KnowledgeServiceClient, triage_service_client::TriageServiceClient,
};
use tonic::{Code, Response, Status, transport::Channel};
use tonic_types::StatusExt;

const SAMPLE: &str = "knowledgeBases/sample";

fn client() -> KnowledgeServiceClient<Channel> {
    KnowledgeServiceClient::new(channel())
}

fn refused<T: std::fmt::Debug>(outcome: Result<Response<T>, Status>, code: Code) -> Status {
    let status = outcome.expect_err("refused");
    assert_eq!(status.code(), code, "{status:?}");
    assert!(status.get_details_error_info().is_some(), "no ErrorInfo: {status:?}");
    status
}

fn violated_field(status: &Status) -> String {
    status.get_details_bad_request().expect("a BadRequest").field_violations[0].field.clone()
}

/// A knowledge base of its own for a test, with two articles.
fn new_base(id: &str) -> String {
    let request = proto::CreateKnowledgeBaseRequest { knowledge_base_id: id.into(), ..Default::default() };
    let response = runtime().block_on(client().create_knowledge_base(request)).expect("created");
    let parent = response.into_inner().knowledge_base.expect("a knowledge base").name;
    for (article_id, locale, title, body) in [
        ("parking.en", "en", "Parking", "Visitors park free of charge in garage B behind the shop."),
        ("returns.zh-Hant", "zh-Hant", "退貨", "商品送達後三十天內都可以退貨。"),
    ] {
        let article = proto::Article {
            locale: locale.into(),
            title: title.into(),
            body: body.into(),
            ..Default::default()
        };
        let request = proto::CreateArticleRequest {
            parent: parent.clone(),
            article_id: article_id.into(),
            article: Some(article),
            ..Default::default()
        };
        runtime().block_on(client().create_article(request)).expect("created");
    }
    parent
}

fn golden(question: &str, article: &str) -> proto::GoldenQuestion {
    proto::GoldenQuestion { question: question.into(), article: article.into(), locale: String::new() }
}

fn set(
    parent: &str,
    golden_questions: Vec<proto::GoldenQuestion>,
) -> Result<Response<proto::SetGoldenQuestionsResponse>, Status> {
    let request = proto::SetGoldenQuestionsRequest {
        parent: parent.into(),
        golden_questions,
        request_id: String::new(),
    };
    runtime().block_on(client().set_golden_questions(request))
}

fn check(name: &str) -> proto::CheckKnowledgeBaseResponse {
    let request = proto::CheckKnowledgeBaseRequest { name: name.into() };
    runtime().block_on(client().check_knowledge_base(request)).expect("a report").into_inner()
}

fn gaps(parent: &str) -> Vec<proto::Gap> {
    let request = proto::ListGapsRequest { parent: parent.into(), ..Default::default() };
    runtime().block_on(client().list_gaps(request)).expect("a page").into_inner().gaps
}

/// Searches as a customer does, or for a test; tells whether an answer was found.
fn search(parent: &str, query: &str, unrecorded: bool) -> bool {
    let request = proto::SearchRequest {
        knowledge_base: parent.into(),
        query: query.into(),
        unrecorded,
        ..Default::default()
    };
    let response = runtime().block_on(client().search(request)).expect("a response").into_inner();
    response.result.expect("a result").status() == proto::AnswerStatus::Answered
}

#[test]
fn golden_questions_are_set_listed_and_checked() {
    let parent = new_base("golden");
    let questions = vec![
        golden("where can I park?", "parking"),
        golden("三十天內可以退貨嗎", "returns.en"),
        golden("where can I park my bicycle", "returns"),
        golden("What does the moon weigh in kilograms?", ""),
    ];
    assert_eq!(set(&parent, questions.clone()).expect("set").into_inner().num_questions, 4);
    let request =
        proto::ListGoldenQuestionsRequest { parent: parent.clone(), page_size: 3, ..Default::default() };
    let page = runtime().block_on(client().list_golden_questions(request)).expect("a page").into_inner();
    assert_eq!(page.golden_questions, questions[..3]);
    assert!(!page.next_page_token.is_empty());
    let report = check(&parent);
    let figures = report.figures.expect("figures");
    assert_eq!((figures.num_questions, figures.num_answerable), (4, 3));
    assert!((figures.hit_at_1.expect("a share") - 2.0 / 3.0).abs() < 1e-9);
    assert_eq!(figures.no_answer_accuracy, Some(1.0));
    let locales: Vec<&str> = report.locales.iter().map(|locale| locale.locale.as_str()).collect();
    assert_eq!(locales, ["en", "zh-Hant"]);
    assert_eq!(report.locales[1].figures.expect("figures").no_answer_accuracy, None);
    assert_eq!((report.num_failures, report.failures.len()), (1, 1));
    let failure = &report.failures[0];
    assert_eq!(failure.golden_question, Some(questions[2].clone()));
    assert_eq!(failure.first_article, format!("{parent}/articles/parking.en"));
    assert_eq!(failure.first_title, "Parking");
    assert!(failure.answer_probability > 0.0);
    // A check asks on its own behalf: nothing of it is a gap.
    assert!(gaps(&parent).is_empty());
}

#[test]
fn wrong_golden_questions_are_refused_by_field() {
    let parent = new_base("golden-wrong");
    let wrong_locale = proto::GoldenQuestion { locale: "tlh".into(), ..golden("x", "") };
    let cases = [
        (vec![golden("ok", ""), golden("  ", "")], "golden_questions[1].question"),
        (vec![golden("ok", "a b")], "golden_questions[0].article"),
        (vec![wrong_locale], "golden_questions[0].locale"),
        (vec![golden("ok", ""); 5001], "golden_questions"),
    ];
    for (questions, field) in cases {
        assert_eq!(violated_field(&refused(set(&parent, questions), Code::InvalidArgument)), field);
    }
    refused(set("knowledgeBases/nowhere", vec![]), Code::NotFound);
    let check = |name: &str| {
        let request = proto::CheckKnowledgeBaseRequest { name: name.into() };
        runtime().block_on(client().check_knowledge_base(request))
    };
    let empty = refused(check(&parent), Code::FailedPrecondition);
    assert!(empty.message().contains("golden"), "{}", empty.message());
    refused(check("knowledgeBases/nowhere"), Code::NotFound);
    let request = proto::ListGoldenQuestionsRequest { parent, page_size: -1, ..Default::default() };
    let status = refused(runtime().block_on(client().list_golden_questions(request)), Code::InvalidArgument);
    assert_eq!(violated_field(&status), "page_size");
}

#[test]
fn check_and_search_agree_on_what_is_answered() {
    let parent = new_base("agree");
    let questions = ["where can I park?", "停車", "can I pay by cheque", "退貨要幾天內", "garage"];
    let set_all = questions.iter().map(|question| golden(question, "")).collect();
    set(&parent, set_all).expect("set");
    let report = check(&parent);
    for question in questions {
        let answered = search(&parent, question, true);
        let failed = report.failures.iter().any(|failure| {
            failure.golden_question.as_ref().is_some_and(|golden| golden.question == question)
        });
        assert_eq!(answered, failed, "{question}");
    }
}

#[test]
fn the_sample_shop_answers_its_golden_questions() {
    let text = std::fs::read_to_string(common::root().join("samples/golden.jsonl")).expect("the file");
    let questions = text.lines().map(|line| {
        let line: serde_json::Value = serde_json::from_str(line).expect("a line");
        golden(line["question"].as_str().expect("a question"), line["article"].as_str().unwrap_or_default())
    });
    set(SAMPLE, questions.collect()).expect("set");
    let report = check(SAMPLE);
    assert_eq!(report.locales.len(), 3);
    for locale in &report.locales {
        let figures = locale.figures.expect("figures");
        assert_eq!(figures.num_questions, 15, "{}", locale.locale);
        assert!(figures.hit_at_3.expect("a share") >= 0.9, "{report:#?}");
        assert!(figures.no_answer_accuracy.expect("a share") > 0.99, "{report:#?}");
    }
    assert!(report.figures.expect("figures").hit_at_1.expect("a share") >= 0.85, "{report:#?}");
}

#[test]
fn what_nobody_answers_is_a_gap_until_it_is_deleted() {
    let parent = new_base("gaps");
    for query in ["do you sell grand pianos", "do you sell grand pianos?", "Do you sell grand pianos"] {
        assert!(!search(&parent, query, false));
    }
    assert!(!search(&parent, "請問有沒有賣腳踏車輪胎,電話 0912345678", false));
    assert!(!search(&parent, "who wrote the opera that plays in your shop", true));
    let found = gaps(&parent);
    assert_eq!(found.iter().map(|gap| gap.count).collect::<Vec<_>>(), [3, 1], "{found:#?}");
    assert_eq!((found[0].question.as_str(), found[0].locale.as_str()), ("do you sell grand pianos", "en"));
    assert_eq!(found[0].examples.len(), 2);
    assert!(found[0].first_time.expect("a time").seconds > 1_700_000_000);
    assert!(found[1].question.contains("腳踏車") && !found[1].question.contains("0912345678"));
    let of_locale = |locale: &str| {
        let request =
            proto::ListGapsRequest { parent: parent.clone(), locale: locale.into(), ..Default::default() };
        runtime().block_on(client().list_gaps(request))
    };
    assert_eq!(of_locale("zh-Hant").expect("a page").into_inner().gaps, found[1..]);
    assert_eq!(violated_field(&refused(of_locale("fr"), Code::InvalidArgument)), "locale");
    let delete = |name: &str| {
        let request = proto::DeleteGapRequest { name: name.into(), request_id: String::new() };
        runtime().block_on(client().delete_gap(request))
    };
    delete(&found[0].name).expect("deleted");
    refused(delete(&found[0].name), Code::NotFound);
    assert_eq!(violated_field(&refused(delete("gaps/1"), Code::InvalidArgument)), "name");
    assert_eq!(gaps(&parent), found[1..]);
}

#[test]
fn a_message_that_the_knowledge_base_cannot_answer_is_a_gap_with_its_intent() {
    let parent = new_base("triage-gaps");
    let triage = |text: &str| {
        let request =
            proto::TriageRequest { text: text.into(), knowledge_base: parent.clone(), ..Default::default() };
        let mut client = TriageServiceClient::new(channel());
        runtime().block_on(client.triage(request)).expect("a response").into_inner().decision.expect("one")
    };
    let asked = triage("do your desk lamps come with a dimmer?");
    let labels = asked.labels.expect("labels");
    // Not searched: small talk, another language, nothing to read.
    triage("thanks, bye!");
    triage("Bonjour, où est mon colis ? Je l'attends depuis deux semaines.");
    triage("k");
    let found = gaps(&parent);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].question, "do your desk lamps come with a dimmer?");
    assert_eq!(found[0].intent, labels.intents[0].intent);
}

#[test]
fn what_may_be_wrong_with_articles_is_found_and_changes_nothing() {
    let parent = new_base("lint");
    let article = proto::Article {
        name: format!("{parent}/articles/parking.en"),
        content_time: Some(prost_types::Timestamp { seconds: 1_577_836_800, nanos: 0 }),
        ..Default::default()
    };
    let update_mask = Some(prost_types::FieldMask { paths: vec!["content_time".into()] });
    let request =
        proto::UpdateArticleRequest { article: Some(article), update_mask, request_id: String::new() };
    runtime().block_on(client().update_article(request)).expect("updated");
    let lint = |parent: &str, stale_days: i32| {
        let request =
            proto::LintKnowledgeBaseRequest { parent: parent.into(), stale_days, ..Default::default() };
        runtime().block_on(client().lint_knowledge_base(request))
    };
    let page = lint(&parent, 0).expect("a page").into_inner();
    let stale: Vec<_> =
        page.findings.iter().filter(|finding| finding.kind() == proto::LintKind::Stale).collect();
    assert_eq!(stale.len(), 1, "{page:#?}");
    assert_eq!(stale[0].places[0].article, format!("{parent}/articles/parking.en"));
    assert!(!stale[0].message.is_empty());
    assert_eq!(lint(&parent, 0).expect("a page").into_inner(), page);
    assert_eq!(violated_field(&refused(lint(&parent, -1), Code::InvalidArgument)), "stale_days");
    refused(lint("knowledgeBases/nowhere", 0), Code::NotFound);
}
