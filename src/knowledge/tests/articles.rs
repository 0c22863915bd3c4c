use super::*;
use crate::knowledge::{DeleteArticle, UpdateArticle};

const NAME: &str = "knowledgeBases/shop/articles/returns";

fn update(input: ArticleInput, mask: &[&str], etag: &str) -> UpdateArticle {
    UpdateArticle {
        name: NAME.into(),
        input,
        update_mask: mask.iter().map(|&path| path.to_owned()).collect(),
        etag: etag.into(),
        ..UpdateArticle::default()
    }
}

fn delete(etag: &str) -> DeleteArticle {
    DeleteArticle { name: NAME.into(), etag: etag.into(), ..DeleteArticle::default() }
}

#[tokio::test]
async fn an_article_is_created_read_changed_and_deleted_and_every_change_is_found_at_once() {
    let desk = Desk::new().await;
    let knowledge = desk.knowledge();
    let created = knowledge.create_article(creation("returns", returns())).await.unwrap();
    assert_eq!((created.version, created.content.title.as_str()), (1, "Returns and exchanges"));
    assert_eq!(knowledge.article(NAME).await.unwrap(), created);
    assert_eq!(desk.found("send items back").await, ["returns"]);

    let change = ArticleInput { body: "Warranty lasts two years.".into(), ..ArticleInput::default() };
    let updated = knowledge.update_article(update(change, &["body"], &created.etag)).await.unwrap();
    assert_eq!((updated.version, updated.content.title.as_str()), (2, "Returns and exchanges"));
    let outcome = desk.search("warranty two years").await;
    assert_eq!(
        (outcome.hits[0].article_version, outcome.hits[0].text.as_str()),
        (2, "Warranty lasts two years.")
    );

    knowledge.delete_article(delete(&updated.etag)).await.unwrap();
    assert_eq!(kind(&knowledge.article(NAME).await.unwrap_err()), "not found");
    assert!(desk.found("warranty two years").await.is_empty());
    assert_eq!(knowledge.base("knowledgeBases/shop").await.unwrap().num_passages, 0);
}

#[tokio::test]
async fn wrong_requests_for_an_article_are_refused() {
    let desk = Desk::new().await;
    let knowledge = desk.knowledge();
    desk.create("returns", returns()).await;
    let refused = async |request: CreateArticle| knowledge.create_article(request).await.unwrap_err();
    assert_eq!(kind(&refused(creation("returns", returns())).await), "already exists");
    assert!(refused(creation("a b", returns())).await.to_string().starts_with("article_id: "));
    let blank = ArticleInput { title: " ".into(), ..returns() };
    assert!(refused(creation("x", blank)).await.to_string().starts_with("article.title: "));
    let elsewhere = CreateArticle { parent: "knowledgeBases/absent".into(), ..creation("x", returns()) };
    assert_eq!(kind(&refused(elsewhere).await), "not found");
    let nowhere = CreateArticle { parent: "shop".into(), ..creation("x", returns()) };
    assert!(refused(nowhere).await.to_string().starts_with("parent: "));

    let stale = update(returns(), &[], "stale");
    assert_eq!(kind(&knowledge.update_article(stale).await.unwrap_err()), "conflict");
    let unknown = update(returns(), &["etag"], "");
    assert!(knowledge.update_article(unknown).await.unwrap_err().to_string().starts_with("update_mask: "));
    assert_eq!(kind(&knowledge.delete_article(delete("stale")).await.unwrap_err()), "conflict");
    knowledge.delete_article(delete("")).await.unwrap();
    assert_eq!(kind(&knowledge.delete_article(delete("")).await.unwrap_err()), "not found");
    let gone = update(returns(), &[], "");
    assert_eq!(kind(&knowledge.update_article(gone).await.unwrap_err()), "not found");
}

#[tokio::test]
async fn a_refused_change_leaves_nothing_behind() {
    let desk = Desk::new().await;
    desk.create("returns", returns()).await;
    let before = desk.knowledge().article(NAME).await.unwrap();
    let blank = ArticleInput { body: "  ".into(), ..returns() };
    desk.knowledge().update_article(update(blank, &[], "")).await.unwrap_err();
    assert_eq!(desk.knowledge().article(NAME).await.unwrap(), before);
    assert_eq!(desk.found("send items back").await, ["returns"]);
}

#[tokio::test]
async fn a_repeated_creation_gives_the_first_answer_and_one_article() {
    let desk = Desk::new().await;
    let request = CreateArticle { request_id: "r1".into(), ..creation("returns", returns()) };
    let first = desk.knowledge().create_article(request.clone()).await.unwrap();
    assert_eq!(desk.knowledge().create_article(request).await.unwrap(), first);
    assert_eq!(desk.knowledge().articles("knowledgeBases/shop", 0, "").await.unwrap().items.len(), 1);
    let request = DeleteArticle { request_id: "r2".into(), ..delete("") };
    desk.knowledge().delete_article(request.clone()).await.unwrap();
    desk.knowledge().delete_article(request).await.unwrap();
    let reused = DeleteArticle { request_id: "r1".into(), ..delete("") };
    assert_eq!(kind(&desk.knowledge().delete_article(reused).await.unwrap_err()), "invalid");
}

#[tokio::test]
async fn articles_are_listed_in_pages() {
    let desk = Desk::new().await;
    desk.import(items(0..25)).await;
    let first = desk.knowledge().articles("knowledgeBases/shop", 10, "").await.unwrap();
    assert_eq!(first.items.len(), 10);
    let second =
        desk.knowledge().articles("knowledgeBases/shop", 1000, &first.next_page_token).await.unwrap();
    assert_eq!(second.items.len(), 15);
    assert_eq!(second.items[0].name.id(), "article-0010");
    assert_eq!(second.next_page_token, "");
    let absent = desk.knowledge().articles("knowledgeBases/absent", 0, "").await.unwrap_err();
    assert_eq!(kind(&absent), "not found");
}

#[tokio::test]
async fn writers_at_the_same_time_all_succeed_and_are_all_found() {
    let desk = Desk::new().await;
    let writers: Vec<_> = items(0..20)
        .into_iter()
        .map(|item| {
            let knowledge = desk.knowledge().clone();
            tokio::spawn(async move { knowledge.create_article(creation(&item.name, item.input)).await })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap().unwrap();
    }
    for number in 0..20 {
        let found = desk.found(&format!("number{number}")).await;
        assert_eq!(found[0], format!("article-{number:04}"));
    }
}
