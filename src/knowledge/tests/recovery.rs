use std::fs;

use super::*;
use crate::knowledge::BaseName;

fn shop() -> BaseName {
    BaseName::from_id("shop", "id").unwrap()
}

/// The folders of the generations of the first knowledge base.
fn generations(desk: &Desk) -> Vec<u64> {
    let folder = fs::read_dir(desk.path().join("index")).unwrap().next().unwrap().unwrap().path();
    let mut numbers: Vec<u64> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_str().unwrap().parse().unwrap())
        .collect();
    numbers.sort_unstable();
    numbers
}

fn live_folder(desk: &Desk) -> std::path::PathBuf {
    let folder = fs::read_dir(desk.path().join("index")).unwrap().next().unwrap().unwrap().path();
    folder.join(desk.knowledge().snapshot(&shop()).unwrap().number().to_string())
}

#[tokio::test]
async fn everything_is_found_after_a_restart_without_encoding_again() {
    let mut desk = Desk::new().await;
    desk.import(items(0..100)).await;
    let num_encoded = desk.encoder.num_encoded();
    desk.reopen().await;
    assert_eq!(desk.encoder.num_encoded(), num_encoded);
    assert_eq!(desk.knowledge().snapshot(&shop()).unwrap().number(), 1);
    assert_eq!(desk.found("number42").await[0], "article-0042");
}

#[tokio::test]
async fn an_index_that_was_deleted_is_built_anew() {
    let mut desk = Desk::new().await;
    desk.import(items(0..30)).await;
    desk.close().await;
    fs::remove_dir_all(desk.path().join("index")).unwrap();
    desk.open().await;
    let generation = desk.knowledge().snapshot(&shop()).unwrap();
    assert_eq!((generation.number(), generation.num_articles()), (2, 30));
    assert_eq!(desk.found("number17").await[0], "article-0017");
    assert_eq!(desk.knowledge().base("knowledgeBases/shop").await.unwrap().generation, 2);
}

#[tokio::test]
async fn an_index_that_was_damaged_is_built_anew() {
    for (part, extension) in [("lexical", "idx"), ("segments", "seg")] {
        let mut desk = Desk::new().await;
        desk.import(items(0..30)).await;
        let folder = live_folder(&desk).join(part);
        desk.close().await;
        let damaged = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .find(|path| path.extension().is_some_and(|other| other == extension))
            .unwrap();
        let mut bytes = fs::read(&damaged).unwrap();
        bytes.iter_mut().take(40).for_each(|byte| *byte ^= 0xff);
        fs::write(&damaged, bytes).unwrap();
        desk.open().await;
        assert_eq!(desk.knowledge().snapshot(&shop()).unwrap().number(), 2);
        assert_eq!(desk.found("number17").await[0], "article-0017");
    }
}

#[tokio::test]
async fn an_older_index_catches_up_with_the_store() {
    let mut desk = Desk::new().await;
    desk.import(items(0..10)).await;
    let folder = live_folder(&desk);
    desk.close().await;
    // What a kill between the store's commit and the index's leaves.
    let kept = desk.path().join("kept");
    copy(&folder, &kept);
    desk.open().await;
    desk.import(items(10..20)).await;
    let mut changed = items([3]);
    changed[0].input.body = "About zebras now.".into();
    desk.import(changed).await;
    let name = "knowledgeBases/shop/articles/article-0004".to_owned();
    let deletion = crate::knowledge::DeleteArticle { name, ..Default::default() };
    desk.knowledge().delete_article(deletion).await.unwrap();
    desk.close().await;
    fs::remove_dir_all(&folder).unwrap();
    copy(&kept, &folder);
    desk.open().await;
    let generation = desk.knowledge().snapshot(&shop()).unwrap();
    assert_eq!((generation.number(), generation.num_articles()), (1, 19));
    assert_eq!(desk.found("number15").await[0], "article-0015");
    assert_eq!(desk.found("zebras").await[0], "article-0003");
    assert!(!desk.found("number4").await.contains(&"article-0004".to_owned()));
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let copied = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &copied);
        } else {
            fs::copy(&path, copied).unwrap();
        }
    }
}

#[tokio::test]
async fn another_model_encodes_everything_anew() {
    let mut desk = Desk::new().await;
    desk.import(items(0..10)).await;
    let num_encoded = desk.encoder.num_encoded();
    desk.close().await;
    desk.open_with_model("another").await;
    assert_eq!(desk.encoder.num_encoded(), 2 * num_encoded);
    assert_eq!(desk.knowledge().snapshot(&shop()).unwrap().number(), 2);
    assert_eq!(desk.found("number7").await[0], "article-0007");
}

#[tokio::test]
async fn a_reindex_makes_the_next_generation_and_keeps_the_one_before() {
    let desk = Desk::new().await;
    desk.import(items(0..50)).await;
    let num_encoded = desk.encoder.num_encoded();
    for expected in 2..=4 {
        let report = desk.knowledge().reindex("knowledgeBases/shop").await.unwrap();
        assert_eq!((report.generation, report.num_articles, report.num_passages), (expected, 50, 50));
    }
    assert_eq!(desk.encoder.num_encoded(), num_encoded);
    assert_eq!(generations(&desk), [3, 4]);
    assert_eq!(desk.found("number7").await[0], "article-0007");
    desk.create("after", returns()).await;
    assert_eq!(desk.found("send items back").await[0], "after");
}

#[tokio::test]
async fn a_second_reindex_at_the_same_time_is_refused_and_writes_go_on() {
    let desk = Desk::new().await;
    desk.import(items(0..200)).await;
    let knowledge = desk.knowledge();
    let (first, second, ()) = tokio::join!(
        knowledge.reindex("knowledgeBases/shop"),
        knowledge.reindex("knowledgeBases/shop"),
        desk.create("meanwhile", returns()),
    );
    let (done, refused) = if first.is_ok() { (first, second) } else { (second, first) };
    assert_eq!(done.unwrap().generation, 2);
    assert_eq!(kind(&refused.unwrap_err()), "conflict");
    assert_eq!(desk.found("send items back").await[0], "meanwhile");
    assert_eq!(knowledge.snapshot(&shop()).unwrap().num_articles(), 201);
}

#[tokio::test]
async fn searches_go_on_through_swaps_and_see_one_state_each() {
    let desk = Desk::new().await;
    desk.import(items(0..40)).await;
    let knowledge = desk.knowledge().clone();
    let searcher = tokio::spawn(async move {
        for number in (0..40).cycle().take(120) {
            let outcome = knowledge.search(&question(&format!("number{number}"))).unwrap();
            assert_eq!(outcome.hits[0].article.id(), format!("article-{number:04}"));
        }
    });
    for _ in 0..5 {
        desk.knowledge().reindex("knowledgeBases/shop").await.unwrap();
    }
    searcher.await.unwrap();
}

#[tokio::test]
async fn a_deleted_knowledge_base_leaves_no_files() {
    let desk = Desk::new().await;
    desk.import(items(0..5)).await;
    let request = crate::knowledge::DeleteBase {
        name: "knowledgeBases/shop".into(),
        force: true,
        ..Default::default()
    };
    desk.knowledge().delete_base(request).await.unwrap();
    assert_eq!(fs::read_dir(desk.path().join("index")).unwrap().count(), 0);
}

#[tokio::test]
async fn a_rollback_takes_the_generation_before_back_with_later_changes() {
    let mut desk = Desk::new().await;
    desk.import(items(0..20)).await;
    let name = "knowledgeBases/shop";
    assert_eq!(kind(&desk.knowledge().rollback(back_of(name)).await.unwrap_err()), "precondition");
    desk.knowledge().reindex(name).await.unwrap();
    let mut changed = items([3]);
    changed[0].input.body = "About zebras now.".into();
    desk.import(changed).await;
    let report = desk.knowledge().rollback(back_of(name)).await.unwrap();
    assert_eq!((report.generation, report.num_articles), (1, 20));
    assert_eq!(desk.found("zebras").await[0], "article-0003");
    // And forward again, also after a restart.
    desk.reopen().await;
    assert_eq!(desk.knowledge().snapshot(&shop()).unwrap().number(), 1);
    assert_eq!(desk.knowledge().rollback(back_of(name)).await.unwrap().generation, 2);
    assert_eq!(desk.knowledge().reindex(name).await.unwrap().generation, 3);
    assert_eq!(generations(&desk), [2, 3]);
    desk.knowledge().rollback(back_of(name)).await.unwrap();
    assert_eq!(desk.knowledge().reindex(name).await.unwrap().generation, 4);
}

#[tokio::test]
async fn many_small_changes_leave_few_segments_and_lose_nothing() {
    let mut desk = Desk::new().await;
    desk.import(items(0..300)).await;
    for round in 0..40 {
        let mut changed = items([round % 7, 100 + round]);
        changed[0].input.body = format!("Round{round} is what it says now.");
        desk.import(changed).await;
        if round % 5 == 0 {
            let name = format!("knowledgeBases/shop/articles/article-{:04}", 200 + round);
            let deletion = crate::knowledge::DeleteArticle { name, ..Default::default() };
            desk.knowledge().delete_article(deletion).await.unwrap();
        }
    }
    let segments = fs::read_dir(live_folder(&desk).join("segments")).unwrap().count();
    assert!(segments <= 16, "{segments}");
    desk.reopen().await;
    let generation = desk.knowledge().snapshot(&shop()).unwrap();
    assert_eq!((generation.number(), generation.num_articles()), (1, 292));
    assert_eq!(desk.found("Round39").await[0], "article-0004");
    assert_eq!(desk.found("number137").await[0], "article-0137");
    assert!(!desk.found("number205").await.contains(&"article-0205".to_owned()));
}

#[tokio::test]
async fn a_citation_finds_the_version_that_it_names() {
    let desk = Desk::new().await;
    desk.create("returns", returns()).await;
    let mut changed = returns();
    changed.body = "Within 14 days.".into();
    let item = ImportItem { name: "returns".into(), input: changed };
    desk.import(vec![item]).await;
    let name = "knowledgeBases/shop/articles/returns";
    let body =
        async |version| desk.knowledge().article_version(name, version).await.map(|found| found.1.body);
    assert!(body(1).await.unwrap().contains("30 days"));
    assert_eq!(body(2).await.unwrap(), "Within 14 days.");
    assert_eq!(kind(&body(3).await.unwrap_err()), "not found");
    assert_eq!(kind(&body(-1).await.unwrap_err()), "invalid");
    let deletion = crate::knowledge::DeleteArticle { name: name.into(), ..Default::default() };
    desk.knowledge().delete_article(deletion).await.unwrap();
    assert_eq!(body(2).await.unwrap(), "Within 14 days.");
}

#[tokio::test]
async fn passages_that_other_rules_cut_are_cut_anew() {
    let mut desk = Desk::new().await;
    desk.import(items(0..10)).await;
    desk.close().await;
    let path = desk.path().join("frontdesk.sqlite");
    let pool = sqlx::SqlitePool::connect(path.to_str().unwrap()).await.unwrap();
    for sql in ["UPDATE counters SET value = 0 WHERE name = 'cutter'", "DELETE FROM passages"] {
        sqlx::query(sql).execute(&pool).await.unwrap();
    }
    pool.close().await;
    fs::remove_dir_all(desk.path().join("index")).unwrap();
    desk.open().await;
    assert_eq!(desk.knowledge().snapshot(&shop()).unwrap().num_passages(), 10);
}

fn back_of(name: &str) -> crate::knowledge::Rollback {
    crate::knowledge::Rollback { name: name.into(), ..Default::default() }
}

#[tokio::test]
async fn a_reindex_that_answers_golden_questions_worse_is_refused_unless_forced() {
    let desk = Desk::new().await;
    desk.import(items(0..20)).await;
    let golden = |number: usize| crate::knowledge::GoldenQuestion {
        question: format!("what about number{number}?"),
        article: format!("article-{number:04}"),
        locale: None,
    };
    let request = crate::knowledge::SetGoldenQuestions {
        parent: "knowledgeBases/shop".into(),
        questions: (0..10).map(golden).collect(),
        request_id: String::new(),
    };
    desk.knowledge().set_golden_questions(request).await.unwrap();
    assert_eq!(desk.knowledge().reindex("knowledgeBases/shop").await.unwrap().generation, 2);
    // Two articles vanish from the store behind the program's back.
    let path = desk.path().join("frontdesk.sqlite");
    let pool = sqlx::SqlitePool::connect(path.to_str().unwrap()).await.unwrap();
    let sql = "DELETE FROM articles WHERE id IN ('article-0003', 'article-0004')";
    sqlx::query(sql).execute(&pool).await.unwrap();
    pool.close().await;
    let refused = desk.knowledge().reindex("knowledgeBases/shop").await.unwrap_err();
    assert_eq!(kind(&refused), "precondition");
    assert!(refused.to_string().contains("golden_max_drop"), "{refused}");
    assert_eq!(generations(&desk), [1, 2]);
    assert_eq!(desk.found("number3").await[0], "article-0003");
    let forced = crate::knowledge::Reindex {
        name: "knowledgeBases/shop".into(),
        force: true,
        request_id: String::new(),
    };
    let operation = desk.knowledge().start_reindex(forced).await.unwrap();
    let name = operation.name.to_string();
    let done = desk.knowledge().wait_operation(&name, std::time::Duration::from_secs(60)).await.unwrap();
    assert!(done.is_done());
    assert_eq!(desk.knowledge().snapshot(&shop()).unwrap().num_articles(), 18);
}
