use std::sync::Mutex;

use super::*;

#[tokio::test]
async fn an_import_tells_new_changed_and_unchanged_articles_apart() {
    let desk = Desk::new().await;
    let report = desk.import(items(0..150)).await;
    assert_eq!((report.num_created, report.num_updated, report.num_unchanged), (150, 0, 0));
    let num_encoded = desk.encoder.num_encoded();
    let mut again = items(0..151);
    again[7].input.body = "Something else about zebras.".into();
    let report = desk.import(again).await;
    assert_eq!((report.num_created, report.num_updated, report.num_unchanged), (1, 1, 149));
    assert_eq!(desk.found("zebras").await[0], "article-0007");
    // One changed passage, and the passage and title of the new article.
    assert_eq!(desk.encoder.num_encoded() - num_encoded, 3 + 1);
}

#[tokio::test]
async fn wrong_articles_are_reported_and_the_rest_is_imported() {
    let desk = Desk::new().await;
    let mut wrong = items([0, 1, 2, 2, 4, 5]);
    wrong[0].input.title = " ".into();
    wrong[1].name = "a b".into();
    wrong[4].input.locale = "fr".into();
    wrong[5].name = "knowledgeBases/other/articles/x".into();
    let report = desk.import(wrong).await;
    assert_eq!(report.num_created, 1);
    let problems: Vec<(usize, &str)> =
        report.problems.iter().map(|problem| (problem.index, problem.field.as_str())).collect();
    let expected = [
        (0, "articles[0].title"),
        (1, "articles[1].name"),
        (3, "articles[3].name"),
        (4, "articles[4].locale"),
        (5, "articles[5].name"),
    ];
    assert_eq!(problems, expected);
    assert!(report.problems[2].message.contains("articles[2]"), "{:?}", report.problems[2]);
}

#[tokio::test]
async fn a_dry_run_says_what_would_change_and_changes_nothing() {
    let desk = Desk::new().await;
    desk.import(items(0..2)).await;
    let mut changed = items(0..3);
    changed[0].input.title = "Another".into();
    let request = ImportArticles { dry_run: true, ..importing(changed) };
    let report = desk.knowledge().import(request, |_| ()).await.unwrap();
    assert_eq!((report.num_created, report.num_updated, report.num_unchanged), (1, 1, 1));
    assert_eq!(desk.knowledge().articles("knowledgeBases/shop", 0, "").await.unwrap().items.len(), 2);
    desk.create("after", returns()).await;
}

#[tokio::test]
async fn an_import_tells_how_far_it_is_and_a_repeat_gives_its_report() {
    let desk = Desk::new().await;
    let steps = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&steps);
    let request = ImportArticles { request_id: "i1".into(), ..importing(items(0..130)) };
    let progress = move |step: crate::knowledge::ImportProgress| seen.lock().unwrap().push(step.num_done);
    let report = desk.knowledge().import(request.clone(), progress).await.unwrap();
    let steps = steps.lock().unwrap().clone();
    assert_eq!((steps.first(), steps.last()), (Some(&32), Some(&130)));
    assert!(steps.is_sorted() && steps.len() > 1, "{steps:?}");
    assert_eq!(desk.knowledge().import(request, |_| ()).await.unwrap(), report);
    assert_eq!(report.num_created, 130);
}

#[tokio::test]
async fn too_many_articles_and_unknown_knowledge_bases_are_refused() {
    let desk = Desk::new().await;
    let refused = desk.knowledge().import(importing(items(0..1001)), |_| ()).await.unwrap_err();
    assert!(refused.to_string().starts_with("articles: 1001 are too many"), "{refused}");
    let absent = ImportArticles { parent: "knowledgeBases/absent".into(), ..importing(items(0..1)) };
    assert_eq!(kind(&desk.knowledge().import(absent, |_| ()).await.unwrap_err()), "not found");
}

#[tokio::test]
async fn an_import_goes_on_when_its_caller_goes_away() {
    let desk = Desk::new().await;
    let knowledge = desk.knowledge().clone();
    let caller = tokio::spawn(async move { knowledge.import(importing(items(0..100)), |_| ()).await });
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    caller.abort();
    for _ in 0..200 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        if desk.knowledge().base("knowledgeBases/shop").await.unwrap().num_passages == 100 {
            return;
        }
    }
    panic!("the import stopped");
}

#[tokio::test]
async fn what_was_for_agents_stays_so_until_a_file_says_otherwise() {
    use crate::knowledge::Audience;
    let desk = Desk::new().await;
    let item = |audience, body: &str| ImportItem {
        name: "staff".into(),
        input: ArticleInput { audience, ..input("zh-Hans", "员工折扣", body) },
    };
    desk.import(vec![item(Some(Audience::Agent), "内部折扣码。")]).await;
    desk.import(vec![item(None, "新的内部折扣码。")]).await;
    let audience = async || {
        let name = "knowledgeBases/shop/articles/staff";
        desk.knowledge().article(name).await.unwrap().content.audience
    };
    assert_eq!(audience().await, Audience::Agent);
    assert!(desk.found("内部折扣码").await.is_empty());
    let report = desk.import(vec![item(None, "新的内部折扣码。")]).await;
    assert_eq!(report.num_unchanged, 1);
    desk.import(vec![item(Some(Audience::Public), "新的内部折扣码。")]).await;
    assert_eq!(audience().await, Audience::Public);
}
