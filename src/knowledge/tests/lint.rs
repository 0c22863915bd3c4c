use super::*;
use crate::knowledge::{LintBase, LintFinding, lint::FindingKind};

fn lint(stale_days: i32, page_size: i32, page_token: &str) -> LintBase {
    LintBase { parent: "knowledgeBases/shop".into(), stale_days, page_size, page_token: page_token.into() }
}

/// A knowledge base of articles that were last changed in 2020, and one of now.
async fn old_shop(num_old: usize) -> Desk {
    let desk = Desk::new().await;
    desk.create("new.zh-Hans", input("zh-Hans", "停车", "来店客人可以免费停车。")).await;
    for number in 0..num_old {
        let body = format!("第{number}層樓的營業時間是早上十點到晚上九點。");
        let old = input("zh-Hant", &format!("{number} 樓"), &body);
        desk.create(
            &format!("old-{number}.zh-Hant"),
            ArticleInput { content_time_ms: Some(1_577_836_800_000), ..old },
        )
        .await;
    }
    desk
}

#[tokio::test]
async fn old_content_is_found_and_new_content_is_not() {
    let desk = old_shop(1).await;
    let found = desk.knowledge().lint(lint(0, 0, "")).await.unwrap().items;
    let stale: Vec<&LintFinding> =
        found.iter().filter(|finding| finding.finding.kind == FindingKind::Stale).collect();
    assert_eq!(stale.len(), 1, "{found:?}");
    assert_eq!(stale[0].finding.places[0].article.id(), "old-0.zh-Hant");
    assert!(stale[0].finding.message.contains("days"), "{}", stale[0].finding.message);
    let never = desk.knowledge().lint(lint(36_500, 0, "")).await.unwrap().items;
    assert!(never.iter().all(|finding| finding.finding.kind != FindingKind::Stale));
}

#[tokio::test]
async fn findings_come_in_pages() {
    let desk = old_shop(5).await;
    let all = desk.knowledge().lint(lint(0, 1000, "")).await.unwrap().items;
    let mut seen = Vec::new();
    let mut token = String::new();
    loop {
        let page = desk.knowledge().lint(lint(0, 2, &token)).await.unwrap();
        assert!(page.items.len() <= 2);
        seen.extend(page.items);
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert!(all.len() >= 5);
    assert_eq!(seen, all);
    for wrong in [lint(-1, 0, ""), lint(40_000, 0, ""), lint(0, -1, ""), lint(0, 0, "x")] {
        assert_eq!(kind(&desk.knowledge().lint(wrong).await.unwrap_err()), "invalid");
    }
    let absent = LintBase { parent: "knowledgeBases/absent".into(), ..LintBase::default() };
    assert_eq!(kind(&desk.knowledge().lint(absent).await.unwrap_err()), "not found");
}
