use std::{sync::Arc, time::Duration};

use tokio::sync::Notify;

use super::*;
use crate::knowledge::{
    BaseName, Operation, OperationFailure, OperationFilter, OperationKind, Outcome, Reindex, ReindexReport,
    ReindexStep, Rollback,
    operations::{NewOperation, Operations, Progress},
    store::RequestKey,
};

const SHOP: &str = "knowledgeBases/shop";
const LONG: Duration = Duration::from_secs(30);

fn operations(desk: &Desk) -> &Operations {
    &desk.knowledge().inner.operations
}

fn new(base: &str, request_id: &str) -> NewOperation {
    NewOperation {
        kind: OperationKind::Reindex,
        base: BaseName::from_id(base, "id").unwrap(),
        request_id: request_id.into(),
        key: RequestKey::new(request_id, "Reindex", &base).unwrap(),
    }
}

fn report() -> ReindexReport {
    ReindexReport {
        generation: 2,
        previous_generation: 1,
        num_articles: 3,
        num_passages: 4,
        duration: Duration::from_millis(5),
    }
}

/// Starts work that ends when it is told to, or when it is cancelled.
async fn start_waiting(desk: &Desk, base: &str, request_id: &str) -> crate::Result<(Operation, Arc<Notify>)> {
    let (told, tell) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let end = Arc::clone(&told);
    let begun = Arc::clone(&tell);
    let work = async move |progress: Progress| {
        progress.step(ReindexStep::Encoding);
        progress.generation(2);
        progress.add_articles(3);
        begun.notify_one();
        loop {
            progress.check()?;
            if tokio::time::timeout(Duration::from_millis(5), end.notified()).await.is_ok() {
                return Ok(Outcome::Reindexed(report()));
            }
        }
    };
    let operation = operations(desk).start(new(base, request_id), work).await?;
    // The same request again begins nothing.
    let _ = tokio::time::timeout(Duration::from_millis(200), tell.notified()).await;
    Ok((operation, told))
}

async fn ended(desk: &Desk, operation: &Operation) -> Operation {
    let ended = operations(desk).wait(&operation.name, LONG).await.unwrap();
    assert!(ended.end_time_ms >= Some(ended.create_time_ms), "{ended:?}");
    ended
}

fn failure(operation: &Operation) -> &OperationFailure {
    match &operation.outcome {
        Some(Outcome::Failed(failure)) => failure,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_operation_tells_how_far_it_is_and_how_it_ended() {
    let desk = Desk::new().await;
    let (started, end) = start_waiting(&desk, "shop", "").await.unwrap();
    assert!(!started.is_done());
    let seen = operations(&desk).get(&started.name).await.unwrap();
    let progress = &seen.progress;
    assert_eq!((progress.step, progress.generation), (Some(ReindexStep::Encoding), 2));
    assert_eq!((progress.num_articles_done, progress.num_articles_total), (3, 3));
    end.notify_one();
    let ended = ended(&desk, &started).await;
    assert_eq!(ended.outcome, Some(Outcome::Reindexed(report())));
    // The store remembers the same.
    assert_eq!(desk.knowledge().operation(&started.name.to_string()).await.unwrap(), ended);
}

#[tokio::test]
async fn two_operations_on_one_knowledge_base_are_refused_at_the_call() {
    let desk = Desk::new().await;
    desk.knowledge().create_base("help", "Help", "").await.unwrap();
    let (first, end) = start_waiting(&desk, "shop", "").await.unwrap();
    let error = desk.knowledge().start_reindex(reindex("")).await.unwrap_err();
    assert_eq!(kind(&error), "conflict");
    assert!(error.to_string().contains(&first.name.to_string()), "{error}");
    let rollback = Rollback { name: SHOP.into(), ..Rollback::default() };
    assert_eq!(kind(&desk.knowledge().rollback(rollback.clone()).await.unwrap_err()), "conflict");
    let deletion = crate::knowledge::DeleteBase { name: SHOP.into(), force: true, ..Default::default() };
    assert_eq!(kind(&desk.knowledge().delete_base(deletion).await.unwrap_err()), "conflict");
    // Another knowledge base is free, and this one after the end.
    let (_, end_other) = start_waiting(&desk, "help", "").await.unwrap();
    end_other.notify_one();
    end.notify_one();
    ended(&desk, &first).await;
    assert_eq!(kind(&desk.knowledge().rollback(rollback).await.unwrap_err()), "precondition");
    desk.knowledge().reindex(SHOP).await.unwrap();
}

fn reindex(request_id: &str) -> Reindex {
    Reindex { name: SHOP.into(), request_id: request_id.into(), force: false }
}

#[tokio::test]
async fn a_repeated_request_gives_the_same_operation() {
    let desk = Desk::new().await;
    let (first, end) = start_waiting(&desk, "shop", "r1").await.unwrap();
    let (while_running, _) = start_waiting(&desk, "shop", "r1").await.unwrap();
    assert_eq!(while_running.name, first.name);
    end.notify_one();
    let ended = ended(&desk, &first).await;
    let (after, _) = start_waiting(&desk, "shop", "r1").await.unwrap();
    assert_eq!(after, ended);
    let other = start_waiting(&desk, "help", "r1").await.map(|_| ()).unwrap_err();
    assert_eq!(kind(&other), "invalid");
}

#[tokio::test]
async fn a_cancelled_operation_ends_as_cancelled() {
    let desk = Desk::new().await;
    let (started, _end) = start_waiting(&desk, "shop", "").await.unwrap();
    let name = started.name.to_string();
    desk.knowledge().cancel_operation(&name).await.unwrap();
    let ended = ended(&desk, &started).await;
    assert!(ended.progress.cancel_requested);
    assert_eq!(failure(&ended), &OperationFailure::Cancelled { resource: name.clone() });
    // Cancelling again changes nothing.
    desk.knowledge().cancel_operation(&name).await.unwrap();
    assert_eq!(desk.knowledge().operation(&name).await.unwrap(), ended);
    let unknown = "operations/019a0a3c-6f3f-7c2b-9d59-0d6f2c3b1a77";
    assert_eq!(kind(&desk.knowledge().cancel_operation(unknown).await.unwrap_err()), "not found");
    assert_eq!(kind(&desk.knowledge().cancel_operation("shop").await.unwrap_err()), "invalid");
}

#[tokio::test]
async fn a_cancelled_reindex_leaves_the_live_index() {
    let desk = Desk::new().await;
    desk.import(items(0..300)).await;
    let started = desk.knowledge().start_reindex(reindex("")).await.unwrap();
    desk.knowledge().cancel_operation(&started.name.to_string()).await.unwrap();
    assert!(matches!(failure(&ended(&desk, &started).await), OperationFailure::Cancelled { .. }));
    assert_eq!(desk.knowledge().base(SHOP).await.unwrap().generation, 1);
    assert_eq!(desk.found("number42").await[0], "article-0042");
    // The half-built one is not in the way of the next.
    assert_eq!(desk.knowledge().reindex(SHOP).await.unwrap().generation, 2);
}

#[tokio::test]
async fn a_reindex_counts_its_articles() {
    let desk = Desk::new().await;
    desk.import(items(0..30)).await;
    let started = desk.knowledge().start_reindex(reindex("")).await.unwrap();
    assert_eq!(started.progress.num_articles_total, 30);
    let ended = ended(&desk, &started).await;
    let progress = &ended.progress;
    assert_eq!((progress.num_articles_done, progress.generation), (30, 2));
    assert_eq!(progress.step, Some(ReindexStep::Swapping));
    let Some(Outcome::Reindexed(report)) = ended.outcome else { panic!("{ended:?}") };
    assert_eq!((report.generation, report.previous_generation, report.num_articles), (2, 1, 30));
    let missing = Reindex { name: "knowledgeBases/nowhere".into(), ..Reindex::default() };
    assert_eq!(kind(&desk.knowledge().start_reindex(missing).await.unwrap_err()), "not found");
}

#[tokio::test]
async fn a_panic_of_the_work_is_its_end() {
    let desk = Desk::new().await;
    let work = async |_: Progress| -> crate::Result<Outcome> { panic!("on purpose") };
    let started = operations(&desk).start(new("shop", ""), work).await.unwrap();
    assert!(matches!(failure(&ended(&desk, &started).await), OperationFailure::Internal { .. }));
    desk.knowledge().reindex(SHOP).await.unwrap();
}

#[tokio::test]
async fn only_what_is_done_is_forgotten() {
    let desk = Desk::new().await;
    let (started, end) = start_waiting(&desk, "shop", "").await.unwrap();
    let name = started.name.to_string();
    assert_eq!(kind(&desk.knowledge().delete_operation(&name).await.unwrap_err()), "precondition");
    end.notify_one();
    ended(&desk, &started).await;
    desk.knowledge().delete_operation(&name).await.unwrap();
    assert_eq!(kind(&desk.knowledge().operation(&name).await.unwrap_err()), "not found");
    assert_eq!(kind(&desk.knowledge().delete_operation(&name).await.unwrap_err()), "not found");
}

#[tokio::test]
async fn operations_are_listed_newest_first_by_base_and_state() {
    let desk = Desk::new().await;
    desk.knowledge().create_base("help", "Help", "").await.unwrap();
    let mut names = Vec::new();
    for _ in 0..5 {
        let started = desk.knowledge().start_reindex(reindex("")).await.unwrap();
        ended(&desk, &started).await;
        names.push(started.name);
    }
    let (running, _end) = start_waiting(&desk, "help", "").await.unwrap();
    names.push(running.name.clone());
    names.reverse();
    let list = async |filter: OperationFilter| {
        let page = desk.knowledge().operations(&filter, 0, "").await.unwrap();
        page.items.into_iter().map(|operation| operation.name).collect::<Vec<_>>()
    };
    assert_eq!(list(OperationFilter::default()).await, names);
    let on_shop = BaseName::parse(SHOP, "name").unwrap();
    assert_eq!(list(OperationFilter { base: Some(on_shop), done: None }).await, names[1..]);
    assert_eq!(list(OperationFilter { base: None, done: Some(true) }).await, names[1..]);
    assert_eq!(list(OperationFilter { base: None, done: Some(false) }).await, names[..1]);
    let all = OperationFilter::default();
    let first = desk.knowledge().operations(&all, 4, "").await.unwrap();
    // What runs is told from memory.
    assert_eq!(first.items[0].progress.num_articles_done, 3);
    let second = desk.knowledge().operations(&all, 4, &first.next_page_token).await.unwrap();
    assert_eq!((first.items.len(), second.items.len()), (4, 2));
    assert_eq!(second.next_page_token, "");
    let other = OperationFilter { base: None, done: Some(true) };
    let error = desk.knowledge().operations(&other, 4, &first.next_page_token).await.unwrap_err();
    assert_eq!(kind(&error), "invalid");
}

#[tokio::test]
async fn a_wait_ends_with_its_timeout_or_the_program() {
    let desk = Desk::new().await;
    let (started, _end) = start_waiting(&desk, "shop", "").await.unwrap();
    let waited = operations(&desk).wait(&started.name, Duration::from_millis(20)).await.unwrap();
    assert!(!waited.is_done());
    let waits = operations(&desk).wait(&started.name, LONG);
    let (waited, ()) = tokio::join!(waits, async { desk.knowledge().stop_waiting() });
    assert!(!waited.unwrap().is_done());
    assert!(matches!(desk.knowledge().start_reindex(reindex("")).await, Err(Error::Stopping)));
}

#[tokio::test]
async fn what_a_stop_broke_off_is_aborted_at_the_next_start() {
    let mut desk = Desk::new().await;
    let (started, _end) = start_waiting(&desk, "shop", "r1").await.unwrap();
    desk.close().await;
    // The task that was broken off lets the folder go at its next step.
    tokio::time::sleep(Duration::from_millis(50)).await;
    desk.open().await;
    let found = desk.knowledge().operation(&started.name.to_string()).await.unwrap();
    let OperationFailure::Conflict { reason, .. } = failure(&found) else { panic!("{found:?}") };
    assert_eq!(reason, "the server stopped before it ended; start it again");
    assert_eq!(desk.knowledge().reindex(SHOP).await.unwrap().generation, 2);
}
