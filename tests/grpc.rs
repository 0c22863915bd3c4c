//! Every rpc over gRPC with the real model: the good case and each error with its details.

mod common;
mod operations;

use common::{channel, runtime};
use frontdesk::proto::{
    self, knowledge_service_client::KnowledgeServiceClient, server_service_client::ServerServiceClient,
    triage_service_client::TriageServiceClient,
};
use tonic::{Code, Status, transport::Channel};
use tonic_types::StatusExt;

const SAMPLE: &str = "knowledgeBases/sample";

fn triage_client() -> TriageServiceClient<Channel> {
    TriageServiceClient::new(channel())
}

fn knowledge_client() -> KnowledgeServiceClient<Channel> {
    KnowledgeServiceClient::new(channel())
}

/// Decides a text with everything else left at its default.
fn triage(text: &str) -> proto::Decision {
    let request = proto::TriageRequest { text: text.into(), ..Default::default() };
    let response = runtime().block_on(triage_client().triage(request)).expect("a response").into_inner();
    response.decision.expect("a decision")
}

fn refused<T: std::fmt::Debug>(outcome: Result<tonic::Response<T>, Status>, code: Code) -> Status {
    let status = outcome.expect_err("refused");
    assert_eq!(status.code(), code, "{status:?}");
    assert!(status.get_details_error_info().is_some(), "no ErrorInfo: {status:?}");
    status
}

fn violated_field(status: &Status) -> String {
    status.get_details_bad_request().expect("a BadRequest").field_violations[0].field.clone()
}

/// A knowledge base of its own for a test.
/// Imports articles and gives the whole report.
fn import_articles(request: proto::ImportArticlesRequest) -> proto::ImportArticlesResponse {
    runtime().block_on(async {
        let mut steps = knowledge_client().import_articles(request).await.expect("begun").into_inner();
        let mut last = None;
        while let Some(step) = steps.message().await.expect("a step") {
            last = Some(step);
        }
        last.expect("a report")
    })
}

fn new_base(id: &str) -> String {
    let request = proto::CreateKnowledgeBaseRequest { knowledge_base_id: id.into(), ..Default::default() };
    let response = runtime().block_on(knowledge_client().create_knowledge_base(request)).expect("created");
    response.into_inner().knowledge_base.expect("a knowledge base").name
}

fn article(locale: &str, title: &str, body: &str) -> proto::Article {
    proto::Article { locale: locale.into(), title: title.into(), body: body.into(), ..Default::default() }
}

fn create(
    parent: &str,
    id: &str,
    article: proto::Article,
) -> Result<tonic::Response<proto::CreateArticleResponse>, Status> {
    let request = proto::CreateArticleRequest {
        parent: parent.into(),
        article_id: id.into(),
        article: Some(article),
        ..Default::default()
    };
    runtime().block_on(knowledge_client().create_article(request))
}

fn search(request: proto::SearchRequest) -> proto::KnowledgeResult {
    let response = runtime().block_on(knowledge_client().search(request)).expect("a response");
    response.into_inner().result.expect("a result")
}

#[test]
fn classify_labels_and_says_what_made_the_labels() {
    let request = proto::ClassifyRequest {
        text: "I was charged twice for order 8812, please fix this today".into(),
        request_id: "my-id".into(),
        ..Default::default()
    };
    let response = runtime().block_on(triage_client().classify(request)).expect("a response").into_inner();
    assert_eq!(response.request_id, "my-id");
    let labels = response.labels.expect("labels");
    assert_eq!(labels.language.expect("a language").tag, "en");
    assert_eq!(labels.intents[0].intent, "billing.dispute");
    assert!(labels.intents.windows(2).all(|pair| pair[0].probability >= pair[1].probability));
    let distribution = labels.urgency.expect("urgency").distribution;
    assert!((distribution.iter().sum::<f64>() - 1.0).abs() < 1e-6);
    let versions = response.versions.expect("versions");
    assert!(versions.model.starts_with("frontdesk-bilingual-v1@") && versions.model.ends_with("+f32"));
    assert!(versions.rules.is_empty());
}

#[test]
fn a_case_is_routed_with_deadlines_from_when_it_was_received() {
    let request = proto::TriageRequest {
        text: "我的订单说好周五到,现在还没发货,都第三次来问了".into(),
        received_at: Some(prost_types::Timestamp { seconds: 1_000_000, nanos: 0 }),
        ..Default::default()
    };
    let response = runtime().block_on(triage_client().triage(request)).expect("a response").into_inner();
    let decision = response.decision.expect("a decision");
    assert_eq!(decision.action(), proto::Action::Handoff);
    let route = decision.route.expect("a route");
    assert_eq!(route.queue, "delivery");
    let first = route.first_reply_due.expect("a deadline").seconds;
    assert!(first > 1_000_000 && route.next_reply_due.expect("a deadline").seconds > first);
    assert!(!decision.request_id.is_empty());
    assert!(!decision.explanations.is_empty());
    assert!(response.timing.expect("timing").encode_us > 0);
}

#[test]
fn the_same_request_gives_the_same_decision() {
    let request = proto::TriageRequest {
        text: "請問運費怎麼算?".into(),
        request_id: "same".into(),
        received_at: Some(prost_types::Timestamp { seconds: 1_000_000, nanos: 0 }),
        ..Default::default()
    };
    let decide = || {
        let response = runtime().block_on(triage_client().triage(request.clone())).expect("a response");
        let mut decision = response.into_inner().decision.expect("a decision");
        // Each call is kept under a name of its own.
        assert!(decision.name.starts_with("decisions/"));
        decision.name.clear();
        prost::Message::encode_to_vec(&decision)
    };
    assert!(decide() == decide());
}

#[test]
fn what_cannot_be_understood_is_decided_with_its_reason() {
    let french = triage("Bonjour, où est mon colis ? Je l'attends depuis deux semaines.");
    assert_eq!(french.action(), proto::Action::Handoff);
    assert_eq!(french.handoff.expect("handoff").reasons, [i32::from(proto::HandoffReason::Language)]);
    assert!(french.labels.expect("labels").intents.is_empty());
    let letter = triage("k");
    assert_eq!(letter.action(), proto::Action::Clarify);
    assert!(!letter.clarification.expect("a question").question.is_empty());
}

#[test]
fn a_wrong_field_is_named_over_the_wire() {
    let base = proto::TriageRequest { text: "hello".into(), ..Default::default() };
    let cases = [
        (proto::TriageRequest { text: "  ".into(), ..base.clone() }, "text"),
        (proto::TriageRequest { text: "x".repeat(20_000), ..base.clone() }, "text"),
        (proto::TriageRequest { locale_hint: "klingon".into(), ..base.clone() }, "locale_hint"),
        (proto::TriageRequest { knowledge_base: "sample".into(), ..base }, "knowledge_base"),
    ];
    for (request, field) in cases {
        let status = refused(runtime().block_on(triage_client().triage(request)), Code::InvalidArgument);
        assert_eq!(violated_field(&status), field);
    }
}

#[test]
fn a_knowledge_base_that_is_not_there_is_not_found() {
    let request = proto::TriageRequest {
        text: "hello there".into(),
        knowledge_base: "knowledgeBases/nowhere".into(),
        ..Default::default()
    };
    let status = refused(runtime().block_on(triage_client().triage(request)), Code::NotFound);
    assert!(status.message().contains("knowledgeBases/nowhere"));
}

#[test]
fn broken_utf8_is_the_callers_mistake_and_names_the_field() {
    // Field 1 (text), two bytes that are no UTF-8.
    let status = runtime().block_on(async {
        let mut client = tonic::client::Grpc::new(channel());
        client.ready().await.expect("ready");
        let path = "/frontdesk.v1.TriageService/Triage".parse().expect("a path");
        let request = tonic::Request::new(vec![0x0a, 0x02, 0xff, 0xfe]);
        client.unary(request, path, raw::RawCodec).await
    });
    let status = refused(status, Code::InvalidArgument);
    assert!(status.message().contains("UTF-8"), "{}", status.message());
    assert_eq!(violated_field(&status), "text");
}

#[test]
fn an_expired_deadline_is_told_as_such() {
    let mut request =
        tonic::Request::new(proto::TriageRequest { text: "hello".into(), ..Default::default() });
    request.metadata_mut().insert("grpc-timeout", "1m".parse().expect("a value"));
    let status = refused(runtime().block_on(triage_client().triage(request)), Code::DeadlineExceeded);
    assert!(status.message().contains("deadline"));
}

#[test]
fn a_batch_keeps_its_order_and_one_mistake_touches_nobody_else() {
    let request = |id: &str, text: &str| proto::TriageRequest {
        request_id: id.into(),
        text: text.into(),
        ..Default::default()
    };
    let requests = vec![request("a", "where is my parcel?"), request("b", ""), request("c", "谢谢，再见")];
    let response = runtime()
        .block_on(triage_client().batch_triage(proto::BatchTriageRequest { requests }))
        .expect("a response")
        .into_inner();
    let outcomes: Vec<_> =
        response.results.into_iter().map(|result| result.outcome.expect("an outcome")).collect();
    use proto::batch_triage_result::Outcome;
    let id = |outcome: &Outcome| match outcome {
        Outcome::Response(response) => response.decision.as_ref().expect("a decision").request_id.clone(),
        Outcome::Error(error) => format!("{} {}", error.code, error.field),
    };
    assert_eq!(outcomes.iter().map(id).collect::<Vec<_>>(), ["a", "3 text", "c"]);
}

#[test]
fn a_batch_is_bounded() {
    let one = proto::TriageRequest { text: "hello".into(), ..Default::default() };
    for requests in [vec![], vec![one; 257]] {
        let outcome =
            runtime().block_on(triage_client().batch_triage(proto::BatchTriageRequest { requests }));
        assert_eq!(violated_field(&refused(outcome, Code::InvalidArgument)), "requests");
    }
}

#[test]
fn knowledge_bases_live_from_create_to_delete() {
    let name = new_base("life");
    let mut client = knowledge_client();
    let again = proto::CreateKnowledgeBaseRequest { knowledge_base_id: "life".into(), ..Default::default() };
    refused(runtime().block_on(client.create_knowledge_base(again)), Code::AlreadyExists);
    let get = proto::GetKnowledgeBaseRequest { name: name.clone() };
    let base = runtime().block_on(client.get_knowledge_base(get)).expect("there").into_inner().knowledge_base;
    let base = base.expect("a knowledge base");
    let update = |etag: &str| proto::UpdateKnowledgeBaseRequest {
        knowledge_base: Some(proto::KnowledgeBase {
            name: name.clone(),
            display_name: "Life".into(),
            etag: etag.into(),
            ..Default::default()
        }),
        ..Default::default()
    };
    refused(runtime().block_on(client.update_knowledge_base(update("stale"))), Code::Aborted);
    let updated = runtime().block_on(client.update_knowledge_base(update(&base.etag))).expect("updated");
    assert_eq!(updated.into_inner().knowledge_base.expect("a knowledge base").display_name, "Life");
    create(&name, "a", article("en", "Title", "Body.")).expect("created");
    let delete =
        |force| proto::DeleteKnowledgeBaseRequest { name: name.clone(), force, ..Default::default() };
    refused(runtime().block_on(client.delete_knowledge_base(delete(false))), Code::FailedPrecondition);
    runtime().block_on(client.delete_knowledge_base(delete(true))).expect("deleted");
    let get = proto::GetKnowledgeBaseRequest { name };
    refused(runtime().block_on(client.get_knowledge_base(get)), Code::NotFound);
}

#[test]
fn lists_come_in_pages() {
    let mut client = knowledge_client();
    let mut request =
        proto::ListArticlesRequest { parent: SAMPLE.into(), page_size: 25, ..Default::default() };
    let mut names = Vec::new();
    loop {
        let page = runtime().block_on(client.list_articles(request.clone())).expect("a page").into_inner();
        assert!(page.articles.len() <= 25);
        names.extend(page.articles.into_iter().map(|article| article.name));
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    assert!(names.len() >= 40, "{} sample articles", names.len());
    assert!(names.windows(2).all(|pair| pair[0] < pair[1]));
    let bad = proto::ListArticlesRequest { page_token: "x".into(), ..request };
    let status = refused(runtime().block_on(client.list_articles(bad)), Code::InvalidArgument);
    assert_eq!(violated_field(&status), "page_token");
    let bases = client.list_knowledge_bases(proto::ListKnowledgeBasesRequest::default());
    let bases = runtime().block_on(bases).expect("a page").into_inner().knowledge_bases;
    assert!(bases.iter().any(|base| base.name == SAMPLE));
}

#[test]
fn an_article_is_found_as_soon_as_it_is_written_and_gone_when_deleted() {
    let parent = new_base("writes");
    let ask = |query: &str| {
        let found = search(proto::SearchRequest {
            knowledge_base: parent.clone(),
            query: query.into(),
            ..Default::default()
        });
        found.hits.into_iter().map(|hit| hit.text).collect::<Vec<_>>().join("\n")
    };
    create(&parent, "parking", article("en", "Parking", "Visitors park in garage B.")).expect("created");
    assert!(ask("where can I park?").contains("garage B"));
    let mut client = knowledge_client();
    let change = proto::UpdateArticleRequest {
        article: Some(proto::Article {
            name: format!("{parent}/articles/parking"),
            body: "Visitors park on deck 7.".into(),
            ..Default::default()
        }),
        update_mask: Some(prost_types::FieldMask { paths: vec!["body".into()] }),
        ..Default::default()
    };
    let changed = runtime().block_on(client.update_article(change)).expect("updated").into_inner();
    let changed = changed.article.expect("an article");
    assert_eq!((changed.version, changed.title.as_str()), (2, "Parking"));
    assert!(ask("where can I park?").contains("deck 7"));
    let delete = proto::DeleteArticleRequest { name: changed.name.clone(), ..Default::default() };
    runtime().block_on(client.delete_article(delete)).expect("deleted");
    assert_eq!(ask("where can I park?"), "");
    let get = proto::GetArticleRequest { name: changed.name, ..Default::default() };
    refused(runtime().block_on(client.get_article(get)), Code::NotFound);
}

#[test]
fn a_wrong_article_is_refused_by_field() {
    let parent = new_base("wrong");
    let cases = [
        (article("fr", "T", "B"), "article.locale"),
        (article("en", " ", "B"), "article.title"),
        (article("en", "T", ""), "article.body"),
        (proto::Article { audience: 9, ..article("en", "T", "B") }, "article.audience"),
    ];
    for (article, field) in cases {
        let status = refused(create(&parent, "a", article), Code::InvalidArgument);
        assert_eq!(violated_field(&status), field);
    }
    let status = refused(create(&parent, "a/b", article("en", "T", "B")), Code::InvalidArgument);
    assert_eq!(violated_field(&status), "article_id");
    refused(create("knowledgeBases/nowhere", "a", article("en", "T", "B")), Code::NotFound);
}

#[test]
fn an_agents_article_does_not_become_public_by_omission() {
    let parent = new_base("agents");
    let agent = proto::Audience::Agent;
    let secret =
        proto::Article { audience: agent.into(), ..article("en", "Limits", "Offer at most 20 euros.") };
    let created =
        create(&parent, "limits", secret).expect("created").into_inner().article.expect("an article");
    let request = proto::UpdateArticleRequest {
        article: Some(proto::Article {
            name: created.name,
            ..article("en", "Limits", "Offer at most 30 euros.")
        }),
        ..Default::default()
    };
    let updated =
        runtime().block_on(knowledge_client().update_article(request)).expect("updated").into_inner();
    let updated = updated.article.expect("an article");
    assert_eq!((updated.audience(), updated.body.as_str()), (agent, "Offer at most 30 euros."));
}

#[test]
fn an_import_reports_what_it_did_and_repeats_nothing() {
    let parent = new_base("imports");
    let named = |name: &str, article: proto::Article| proto::Article { name: name.into(), ..article };
    let request = |dry_run, request_id: &str| proto::ImportArticlesRequest {
        parent: parent.clone(),
        articles: vec![
            named("one", article("en", "One", "First.")),
            named("two", article("xx", "Two", "Second.")),
            named("three", proto::Article { audience: 9, ..article("en", "Three", "Third.") }),
            named("four", article("zh-Hant", "四", "第四篇。")),
        ],
        dry_run,
        request_id: request_id.into(),
    };
    let import = |dry_run, request_id: &str| {
        let response = import_articles(request(dry_run, request_id));
        let wrong: Vec<_> = response.errors.iter().map(|error| (error.index, error.name.clone())).collect();
        assert_eq!(wrong, [(1, "two".to_owned()), (2, "three".to_owned())]);
        (response.num_created, response.num_updated, response.num_unchanged)
    };
    assert_eq!(import(true, ""), (2, 0, 0));
    assert_eq!(import(false, "import-1"), (2, 0, 0));
    assert_eq!(import(false, ""), (0, 0, 2));
    assert_eq!(import(false, "import-1"), (2, 0, 0), "the same request id gives the first answer again");
}

#[test]
fn a_question_finds_its_article_across_scripts_and_agents_articles_stay_inside() {
    let ask = |query: &str, include_agent_articles| {
        search(proto::SearchRequest { query: query.into(), include_agent_articles, ..Default::default() })
    };
    let hits = ask("退款幾天會退回信用卡", false).hits;
    assert!(hits[0].article.contains("refund-timing"), "{}", hits[0].article);
    assert_eq!(hits[0].locale, "zh-Hant", "the asker's script is preferred");
    let question = "how much compensation may an agent offer for a late parcel";
    assert!(ask(question, false).hits.iter().all(|hit| !hit.article.contains("agent-")));
    assert!(ask(question, true).hits.iter().any(|hit| hit.article.contains("agent-")));
    let status = runtime().block_on(knowledge_client().search(proto::SearchRequest::default()));
    assert_eq!(violated_field(&refused(status, Code::InvalidArgument)), "query");
}

#[test]
fn info_tells_versions_and_limits() {
    let mut client = ServerServiceClient::new(channel());
    let info =
        runtime().block_on(client.get_info(proto::GetInfoRequest {})).expect("a response").into_inner();
    assert_eq!(info.program_version, env!("CARGO_PKG_VERSION"));
    assert_eq!(info.intents.len(), 46);
    let model = info.model.expect("a model");
    assert_eq!((model.dimensions, model.num_layers, model.sha256.len()), (384, 6, 64));
    assert_eq!(info.limits.expect("limits").max_batch, 256);
    assert!(info.knowledge_bases.iter().any(|base| base.name == SAMPLE && base.num_articles >= 40));
}

/// Sends bytes as they are, as a broken client would.
mod raw {
    use bytes::{Buf, BufMut};
    use tonic::{
        Status,
        codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
    };

    #[derive(Clone, Copy)]
    pub struct RawCodec;

    impl Codec for RawCodec {
        type Encode = Vec<u8>;
        type Decode = Vec<u8>;
        type Encoder = Self;
        type Decoder = Self;

        fn encoder(&mut self) -> Self {
            *self
        }

        fn decoder(&mut self) -> Self {
            *self
        }
    }

    impl Encoder for RawCodec {
        type Item = Vec<u8>;
        type Error = Status;

        fn encode(&mut self, item: Vec<u8>, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
            buffer.put_slice(&item);
            Ok(())
        }
    }

    impl Decoder for RawCodec {
        type Item = Vec<u8>;
        type Error = Status;

        fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Vec<u8>>, Status> {
            let mut bytes = vec![0; buffer.remaining()];
            buffer.copy_to_slice(&mut bytes);
            Ok(Some(bytes))
        }
    }
}
