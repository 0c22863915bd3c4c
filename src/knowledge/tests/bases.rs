use super::*;
use crate::knowledge::{DeleteBase, UpdateBase};

fn update(display_name: &str, etag: &str) -> UpdateBase {
    UpdateBase {
        name: "knowledgeBases/shop".into(),
        display_name: display_name.into(),
        etag: etag.into(),
        ..UpdateBase::default()
    }
}

fn delete(force: bool, etag: &str) -> DeleteBase {
    DeleteBase { name: "knowledgeBases/shop".into(), force, etag: etag.into(), ..DeleteBase::default() }
}

#[tokio::test]
async fn a_knowledge_base_is_created_read_changed_and_deleted() {
    let desk = Desk::new().await;
    let knowledge = desk.knowledge();
    let created = knowledge.base("knowledgeBases/shop").await.unwrap();
    assert_eq!((created.display_name.as_str(), created.generation), ("Shop", 1));
    let updated = knowledge.update_base(update("Tide shop", &created.etag)).await.unwrap();
    assert_eq!(updated.display_name, "Tide shop");
    assert_ne!(updated.etag, created.etag);
    knowledge.delete_base(delete(false, &updated.etag)).await.unwrap();
    assert_eq!(kind(&knowledge.base("knowledgeBases/shop").await.unwrap_err()), "not found");
    assert_eq!(kind(&knowledge.search(&question("returns")).unwrap_err()), "not found");
}

#[tokio::test]
async fn wrong_requests_for_a_knowledge_base_are_refused() {
    let desk = Desk::new().await;
    let knowledge = desk.knowledge();
    let error = async |id: &str, name: &str| knowledge.create_base(id, name, "").await.unwrap_err();
    assert_eq!(kind(&error("shop", "Again").await), "already exists");
    assert!(error("Shop!", "x").await.to_string().starts_with("knowledge_base_id: "));
    assert!(error("new", " ").await.to_string().starts_with("knowledge_base.display_name: "));
    assert_eq!(kind(&knowledge.update_base(update("x", "stale")).await.unwrap_err()), "conflict");
    let mask = UpdateBase { update_mask: vec!["generation".into()], ..update("x", "") };
    assert!(knowledge.update_base(mask).await.unwrap_err().to_string().starts_with("update_mask: "));
    assert_eq!(kind(&knowledge.delete_base(delete(true, "stale")).await.unwrap_err()), "conflict");
    desk.create("returns", returns()).await;
    assert_eq!(kind(&knowledge.delete_base(delete(false, "")).await.unwrap_err()), "precondition");
    assert_eq!(kind(&knowledge.reindex("knowledgeBases/absent").await.unwrap_err()), "not found");
}

#[tokio::test]
async fn a_knowledge_base_created_again_begins_empty() {
    let desk = Desk::new().await;
    desk.create("returns", returns()).await;
    desk.knowledge().delete_base(delete(true, "")).await.unwrap();
    let again = desk.knowledge().create_base("shop", "Shop", "").await.unwrap();
    assert_eq!(again.num_articles, 0);
    assert!(desk.found("send items back").await.is_empty());
    desk.create("returns", returns()).await;
    assert_eq!(desk.found("send items back").await, ["returns"]);
}

#[tokio::test]
async fn knowledge_bases_are_listed_in_pages() {
    let desk = Desk::new().await;
    let knowledge = desk.knowledge();
    for id in ["b", "a", "c"] {
        knowledge.create_base(id, id, "").await.unwrap();
    }
    let mut token = String::new();
    let mut seen = Vec::new();
    loop {
        let page = knowledge.bases(3, &token).await.unwrap();
        seen.extend(page.items.iter().map(|base| base.name.id().to_owned()));
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(seen, ["a", "b", "c", "shop"]);
    assert_eq!(kind(&knowledge.bases(-1, "").await.unwrap_err()), "invalid");
    assert_eq!(kind(&knowledge.bases(1, "nonsense").await.unwrap_err()), "invalid");
}

#[tokio::test]
async fn repeating_a_request_by_id_gives_the_first_answer() {
    let desk = Desk::new().await;
    let knowledge = desk.knowledge();
    let first = knowledge.create_base("new", "New", "r1").await.unwrap();
    assert_eq!(knowledge.create_base("new", "New", "r1").await.unwrap(), first);
    let error = knowledge.create_base("other", "New", "r1").await.unwrap_err();
    assert!(error.to_string().starts_with("request_id: "), "{error}");
    let long = "r".repeat(200);
    assert_eq!(kind(&knowledge.create_base("long", "Long", &long).await.unwrap_err()), "invalid");
}
