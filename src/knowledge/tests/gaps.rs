use std::fs;

use super::*;
use crate::{
    knowledge::{BaseName, DeleteBase, Gap, UnansweredQuestion},
    message::Locale,
};

const PARENT: &str = "knowledgeBases/shop";

/// Records a question as a search without an answer does.
fn record(desk: &Desk, text: &str, locale: Locale) {
    desk.knowledge().record_unanswered(UnansweredQuestion {
        base: BaseName::from_id("shop", "id").unwrap(),
        text: text.into(),
        is_impersonal: false,
        vector: pairs_vector(text),
        locale,
        intent: "product.information".into(),
    });
}

async fn gaps(desk: &Desk) -> Vec<Gap> {
    desk.knowledge().gaps(PARENT, None, 0, "").await.unwrap().items
}

/// Every byte of the data folder's store, the write-ahead log included.
fn stored_bytes(desk: &Desk) -> Vec<u8> {
    let files = fs::read_dir(desk.path()).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.to_string_lossy().contains("sqlite"));
    files.flat_map(|path| fs::read(path).unwrap()).collect()
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn questions_are_grouped_and_ranked_by_how_often_they_were_asked() {
    let desk = Desk::new().await;
    record(&desk, "可以用支票付款嗎", Locale::ZhHant);
    for text in ["do you deliver to Jersey", "Do you deliver to Jersey?", "do you deliver to jersey"] {
        record(&desk, text, Locale::En);
    }
    record(&desk, "送不送泽西岛", Locale::ZhHans);
    let found = gaps(&desk).await;
    assert_eq!(found.iter().map(|gap| gap.count).collect::<Vec<_>>(), [3, 1, 1]);
    assert_eq!(found[0].question, "do you deliver to Jersey");
    assert_eq!(found[0].examples, ["Do you deliver to Jersey?", "do you deliver to jersey"]);
    assert_eq!((found[0].locale, found[0].intent.as_str()), (Locale::En, "product.information"));
    assert!(found[0].last_time_ms >= found[0].first_time_ms && found[0].first_time_ms > 0);
    let of_zh_hant = desk.knowledge().gaps(PARENT, Some(Locale::ZhHant), 0, "").await.unwrap().items;
    assert_eq!(of_zh_hant.len(), 1);
    assert_eq!(of_zh_hant[0].question, "可以用支票付款嗎");
}

#[tokio::test]
async fn gaps_come_in_pages() {
    let desk = Desk::new().await;
    for text in ["cheques", "Jersey parcels", "gift wrapping", "parking", "solar panels"] {
        record(&desk, text, Locale::En);
    }
    let mut seen = Vec::new();
    let mut token = String::new();
    loop {
        let page = desk.knowledge().gaps(PARENT, None, 2, &token).await.unwrap();
        assert!(page.items.len() <= 2);
        seen.extend(page.items.into_iter().map(|gap| gap.question));
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    seen.sort();
    assert_eq!(seen, ["Jersey parcels", "cheques", "gift wrapping", "parking", "solar panels"]);
    for token in ["x", &"ff".repeat(9)] {
        assert_eq!(kind(&desk.knowledge().gaps(PARENT, None, 2, token).await.unwrap_err()), "invalid");
    }
    let absent = desk.knowledge().gaps("knowledgeBases/absent", None, 0, "").await.unwrap_err();
    assert_eq!(kind(&absent), "not found");
}

#[tokio::test]
async fn no_personal_data_reaches_the_disk() {
    let mut desk = Desk::new().await;
    let texts = [
        "why was nobody at +44 7700 900123 when I rang about the harp",
        "請打0912345678給我,我想問豎琴保養",
        "write to ada.lovelace@example.org about the harp lessons please",
    ];
    for text in texts {
        record(&desk, text, Locale::En);
    }
    let found = gaps(&desk).await;
    let kept: Vec<&str> =
        found.iter().flat_map(|gap| gap.examples.iter().chain([&gap.question])).map(String::as_str).collect();
    assert!(kept.iter().any(|question| question.contains("harp")), "{kept:?}");
    let secrets = ["900123", "0912345678", "ada.lovelace", "example.org"];
    for secret in secrets {
        assert!(!kept.iter().any(|question| question.contains(secret)), "{secret}: {kept:?}");
        assert!(!holds(&stored_bytes(&desk), secret), "{secret} is on the disk");
    }
    assert!(holds(&stored_bytes(&desk), "harp"));
    // A vector tells of its text too: those of the originals are not there.
    for text in texts {
        let vector: Vec<u8> = pairs_vector(text).iter().flat_map(|value| value.to_le_bytes()).collect();
        assert!(!stored_bytes(&desk).windows(256).any(|window| window == &vector[..256]), "{text}");
    }
    desk.close().await;
    for secret in secrets {
        assert!(!holds(&stored_bytes(&desk), secret), "{secret} is on the disk");
    }
}

#[tokio::test]
async fn gaps_outlive_the_program_and_go_on_growing() {
    let mut desk = Desk::new().await;
    record(&desk, "可以用支票付款嗎", Locale::ZhHant);
    // Closing keeps what was recorded just before.
    desk.reopen().await;
    record(&desk, "可以用支票付款嗎", Locale::ZhHant);
    assert_eq!(gaps(&desk).await[0].count, 2);
    // The vectors of another model are made again.
    desk.close().await;
    desk.open_with_model("other").await;
    record(&desk, "可以用支票付款嗎?", Locale::ZhHant);
    let found = gaps(&desk).await;
    assert_eq!((found.len(), found[0].count), (1, 3));
}

#[tokio::test]
async fn a_deleted_gap_begins_anew_when_it_is_asked_again() {
    let desk = Desk::new().await;
    record(&desk, "do you wrap gifts", Locale::En);
    record(&desk, "do you wrap gifts", Locale::En);
    let name = gaps(&desk).await[0].name.to_string();
    desk.knowledge().delete_gap(&name, "r1").await.unwrap();
    desk.knowledge().delete_gap(&name, "r1").await.unwrap();
    assert!(gaps(&desk).await.is_empty());
    assert_eq!(kind(&desk.knowledge().delete_gap(&name, "").await.unwrap_err()), "not found");
    assert_eq!(kind(&desk.knowledge().delete_gap("shop/1", "").await.unwrap_err()), "invalid");
    record(&desk, "do you wrap gifts", Locale::En);
    let again = gaps(&desk).await;
    assert_eq!((again.len(), again[0].count), (1, 1));
    assert_ne!(again[0].name.to_string(), name);
}

#[tokio::test]
async fn a_search_without_an_answer_is_a_gap_unless_it_is_only_a_test() {
    let desk = Desk::new().await;
    desk.create("returns", returns()).await;
    let ask = |query: &str, unrecorded| {
        let request = Search { unrecorded, ..question(query) };
        desk.knowledge().search(&request).unwrap().answered
    };
    assert!(!ask("What does the moon weigh?", false));
    assert!(!ask("Who painted the ceiling?", true));
    // Nothing that an article could answer.
    assert!(!ask("???", false));
    assert!(!ask("配達日を変更したいのですが、どうすればいいですか", false));
    assert!(ask("Returns and exchanges: send items back within 30 days of delivery", false));
    let found = gaps(&desk).await;
    assert_eq!(
        found.iter().map(|gap| gap.question.as_str()).collect::<Vec<_>>(),
        ["What does the moon weigh?"]
    );
    assert_eq!((found[0].locale, found[0].intent.as_str()), (Locale::En, ""));
}

#[tokio::test]
async fn a_deleted_knowledge_base_takes_its_gaps_along() {
    let desk = Desk::new().await;
    record(&desk, "do you wrap gifts", Locale::En);
    assert_eq!(gaps(&desk).await.len(), 1);
    let delete = DeleteBase { name: PARENT.into(), force: true, ..DeleteBase::default() };
    desk.knowledge().delete_base(delete).await.unwrap();
    record(&desk, "do you wrap gifts", Locale::En);
    desk.knowledge().settle().await;
    desk.knowledge().create_base("shop", "Shop", "").await.unwrap();
    assert!(gaps(&desk).await.is_empty());
    record(&desk, "do you wrap gifts", Locale::En);
    assert_eq!(gaps(&desk).await[0].count, 1);
}

#[tokio::test]
async fn without_days_nothing_is_kept_and_what_was_kept_is_forgotten() {
    let mut desk = Desk::new().await;
    record(&desk, "do you wrap gifts", Locale::En);
    desk.close().await;
    desk.open_with_gap_days(0).await;
    assert!(gaps(&desk).await.is_empty());
    record(&desk, "do you wrap gifts", Locale::En);
    assert!(gaps(&desk).await.is_empty());
}

#[tokio::test]
async fn too_many_at_once_are_dropped_and_hold_nobody_up() {
    let desk = Desk::new().await;
    let started = std::time::Instant::now();
    for number in 0..5_000 {
        record(&desk, &format!("question {number}"), Locale::En);
    }
    // Nothing of this waits for the disk, or for a task that has not run yet.
    assert!(started.elapsed() < std::time::Duration::from_secs(2), "{:?}", started.elapsed());
    let kept: u64 = gaps(&desk).await.iter().map(|gap| gap.count).sum();
    assert!((1..5_000).contains(&kept), "{kept}");
}
