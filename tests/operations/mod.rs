//! Long-running operations: Reindex, and the service that watches and steers it.

use std::time::{Duration, Instant};

use frontdesk::proto::google::longrunning::{
    self, operation::Result as Ended, operations_client::OperationsClient,
};

use super::*;

fn client() -> OperationsClient<Channel> {
    OperationsClient::new(channel())
}

/// Articles of [`full_base`].
const NUM_ARTICLES: usize = 400;

/// A knowledge base whose reindex takes longer than the calls of a test about it, also on a busy
/// machine. Its texts are few, and each is encoded once, so that filling it is quick.
fn full_base(id: &str) -> String {
    let parent = new_base(id);
    let texts = [
        article("en", "Shipping", "Parcels take three days."),
        article("zh-Hans", "配送", "包裹需要三天。"),
        article("zh-Hant", "配送", "包裹需要三天。"),
    ];
    let articles = (0..NUM_ARTICLES)
        .map(|number| proto::Article { name: format!("zone-{number}"), ..texts[number % 3].clone() });
    let request = proto::ImportArticlesRequest {
        parent: parent.clone(),
        articles: articles.collect(),
        ..Default::default()
    };
    import_articles(request);
    parent
}

fn start(name: &str, request_id: &str) -> Result<tonic::Response<longrunning::Operation>, Status> {
    let request = proto::ReindexRequest { name: name.into(), request_id: request_id.into(), force: false };
    runtime().block_on(knowledge_client().reindex(request))
}

fn get(name: &str) -> Result<tonic::Response<longrunning::Operation>, Status> {
    runtime().block_on(client().get_operation(longrunning::GetOperationRequest { name: name.into() }))
}

fn wait(name: &str, timeout_ms: Option<u64>) -> longrunning::Operation {
    let timeout = timeout_ms.map(|ms| Duration::from_millis(ms).try_into().expect("a duration"));
    let request = longrunning::WaitOperationRequest { name: name.into(), timeout };
    runtime().block_on(client().wait_operation(request)).expect("a state").into_inner()
}

fn cancel(name: &str) -> Result<tonic::Response<()>, Status> {
    runtime().block_on(client().cancel_operation(longrunning::CancelOperationRequest { name: name.into() }))
}

fn delete(name: &str) -> Result<tonic::Response<()>, Status> {
    runtime().block_on(client().delete_operation(longrunning::DeleteOperationRequest { name: name.into() }))
}

fn metadata(operation: &longrunning::Operation) -> proto::ReindexMetadata {
    let any = operation.metadata.as_ref().expect("metadata");
    assert_eq!(any.type_url, "type.googleapis.com/frontdesk.v1.ReindexMetadata");
    any.to_msg().expect("its type")
}

fn response(operation: &longrunning::Operation) -> proto::ReindexResponse {
    assert!(operation.done, "{operation:?}");
    match &operation.result {
        Some(Ended::Response(any)) => any.to_msg().expect("its type"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn reindexing_builds_the_next_generation_and_finds_the_same() {
    let parent = new_base("reindex");
    create(&parent, "one", article("en", "Opening hours", "We open at nine.")).expect("created");
    let ask = || {
        search(proto::SearchRequest {
            knowledge_base: parent.clone(),
            query: "when do you open".into(),
            ..Default::default()
        })
    };
    let before = ask();
    let started = start(&parent, "").expect("started").into_inner();
    assert!(started.name.starts_with("operations/") && !started.done, "{started:?}");
    assert_eq!(metadata(&started).knowledge_base, parent);
    let ended = wait(&started.name, None);
    let (report, after) = (response(&ended), ask());
    assert!(report.generation > before.generation && after.generation == report.generation);
    assert_eq!(report.previous_generation, before.generation);
    assert_eq!((report.num_articles, before.hits), (1, after.hits));
    let told = metadata(&ended);
    assert_eq!((told.num_articles_done, told.num_articles_total, told.generation), (1, 1, report.generation));
    assert!(told.end_time.is_some() && !told.cancel_requested, "{told:?}");
    assert_eq!(get(&started.name).expect("it").into_inner(), ended);
    refused(start("knowledgeBases/nowhere", ""), Code::NotFound);
    assert_eq!(violated_field(&refused(start("nowhere", ""), Code::InvalidArgument)), "name");
}

#[test]
fn a_second_reindex_is_aborted_and_a_repeated_request_is_not() {
    let parent = full_base("twice");
    let first = start(&parent, "twice-1").expect("started").into_inner();
    let status = refused(start(&parent, ""), Code::Aborted);
    assert!(status.message().contains(&first.name), "{status:?}");
    assert_eq!(start(&parent, "twice-1").expect("the same").into_inner().name, first.name);
    let ended = wait(&first.name, None);
    assert_eq!(response(&ended).num_articles, NUM_ARTICLES as i64);
    assert_eq!(start(&parent, "twice-1").expect("the same").into_inner(), ended);
    let other = proto::ReindexRequest { name: parent, request_id: "twice-1".into(), force: true };
    let other = refused(runtime().block_on(knowledge_client().reindex(other)), Code::InvalidArgument);
    assert_eq!(violated_field(&other), "request_id");
}

#[test]
fn a_cancelled_reindex_tells_so_and_the_live_index_stays() {
    let parent = full_base("cancels");
    let base = proto::GetKnowledgeBaseRequest { name: parent.clone() };
    let generation = || {
        let base = runtime().block_on(knowledge_client().get_knowledge_base(base.clone()));
        base.expect("it").into_inner().knowledge_base.expect("it").generation
    };
    let before = generation();
    let started = start(&parent, "").expect("started").into_inner();
    refused(delete(&started.name), Code::FailedPrecondition);
    cancel(&started.name).expect("asked");
    let ended = wait(&started.name, None);
    let Some(Ended::Error(error)) = &ended.result else { panic!("{ended:?}") };
    assert_eq!(error.code, Code::Cancelled as i32);
    assert!(error.details.iter().any(|detail| detail.type_url.ends_with("google.rpc.ErrorInfo")));
    assert!(metadata(&ended).cancel_requested);
    assert_eq!(generation(), before);
    cancel(&started.name).expect("nothing to do");
    delete(&started.name).expect("forgotten");
    refused(get(&started.name), Code::NotFound);
    refused(cancel(&started.name), Code::NotFound);
    refused(delete(&started.name), Code::NotFound);
    assert_eq!(violated_field(&refused(get("shop"), Code::InvalidArgument)), "name");
}

#[test]
fn a_wait_is_bounded_by_its_timeout_and_by_the_deadline() {
    let parent = full_base("waits");
    let started = start(&parent, "").expect("started").into_inner();
    assert!(!wait(&started.name, Some(0)).done);
    let request = longrunning::WaitOperationRequest { name: started.name.clone(), timeout: None };
    let mut request = tonic::Request::new(request);
    request.set_timeout(Duration::from_millis(260));
    let begun = Instant::now();
    // The state arrives before the deadline, whether it is done by then or not.
    runtime().block_on(client().wait_operation(request)).expect("a state in time");
    assert!(begun.elapsed() < Duration::from_millis(260));
    let negative = longrunning::WaitOperationRequest {
        name: started.name.clone(),
        timeout: Some(prost_types::Duration { seconds: -1, nanos: 0 }),
    };
    let status = refused(runtime().block_on(client().wait_operation(negative)), Code::InvalidArgument);
    assert_eq!(violated_field(&status), "timeout");
    assert!(wait(&started.name, Some(60_000)).done);
}

#[test]
fn operations_are_listed_by_knowledge_base_and_state_in_pages() {
    let parent = new_base("lists");
    create(&parent, "one", article("zh-Hant", "營業時間", "我們九點開門。")).expect("created");
    let mut names: Vec<String> = (0..3)
        .map(|_| {
            let started = start(&parent, "").expect("started").into_inner();
            wait(&started.name, None).name
        })
        .collect();
    names.reverse();
    let list = |request: longrunning::ListOperationsRequest| {
        runtime().block_on(client().list_operations(request)).map(tonic::Response::into_inner)
    };
    let filter = format!("knowledge_base=\"{parent}\" AND done=true");
    let mut request = longrunning::ListOperationsRequest {
        name: "operations".into(),
        filter: filter.clone(),
        page_size: 2,
        ..Default::default()
    };
    let first = list(request.clone()).expect("a page");
    request.page_token = first.next_page_token;
    let second = list(request.clone()).expect("a page");
    let listed = first.operations.into_iter().chain(second.operations).map(|operation| operation.name);
    assert_eq!(listed.collect::<Vec<_>>(), names);
    assert_eq!(second.next_page_token, "");
    let running = longrunning::ListOperationsRequest {
        filter: format!("knowledge_base=\"{parent}\" AND done=false"),
        ..Default::default()
    };
    assert_eq!(list(running).expect("a page").operations, []);
    let wrong = [
        (longrunning::ListOperationsRequest { filter: "state=1".into(), ..Default::default() }, "filter"),
        (longrunning::ListOperationsRequest { name: "jobs".into(), ..Default::default() }, "name"),
        (longrunning::ListOperationsRequest { page_size: -1, ..Default::default() }, "page_size"),
        (longrunning::ListOperationsRequest { page_token: "x".into(), ..Default::default() }, "page_token"),
    ];
    for (request, field) in wrong {
        let outcome = runtime().block_on(client().list_operations(request));
        assert_eq!(violated_field(&refused(outcome, Code::InvalidArgument)), field);
    }
}

#[test]
fn a_rollback_makes_the_generation_before_live_and_a_new_knowledge_base_has_none() {
    let name = new_base("rolls-back");
    let request = proto::RollbackIndexRequest { name: name.clone(), request_id: "rollback-1".into() };
    let rollback = || runtime().block_on(knowledge_client().rollback_index(request.clone()));
    refused(rollback(), Code::FailedPrecondition);
    let built = response(&wait(&start(&name, "").expect("started").into_inner().name, None));
    let back = rollback().expect("rolled back").into_inner();
    assert_eq!((back.generation, back.previous_generation), (built.previous_generation, built.generation));
    assert_eq!(rollback().expect("the first answer again").into_inner(), back);
    let missing = proto::RollbackIndexRequest { name: "knowledgeBases/nowhere".into(), ..Default::default() };
    refused(runtime().block_on(knowledge_client().rollback_index(missing)), Code::NotFound);
}
