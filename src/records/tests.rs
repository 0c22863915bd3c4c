//! What is kept, for how long, and for whom.

use jiff::Timestamp;

use super::*;
use crate::{
    desk::{Tenant, conclude},
    message::{Channel, Locale, Role, Turn, Wording},
    policy::{Case, Conversation, Owner, Versions},
    text::language::{Language, Source},
};

async fn open(path: &std::path::Path, settings: RecordsSettings) -> Records {
    Records::open(Arc::new(DataFolder::open(path).unwrap()), settings).await.unwrap()
}

async fn scratch(settings: RecordsSettings) -> (tempfile::TempDir, Records) {
    let folder = tempfile::tempdir().unwrap();
    let records = open(folder.path(), settings).await;
    (folder, records)
}

fn record(id: &str) -> Record {
    let language = Language { locale: Ok(Locale::ZhHant), source: Source::Text, script_determined: true };
    let case = Case {
        request_id: "請求".into(),
        decision_id: id.into(),
        channel: Channel::Email,
        versions: Versions { rules: "r1".into(), ..Versions::default() },
        ..Case::unread(language, Wording::ZhHantHk, Timestamp::UNIX_EPOCH)
    };
    let tenant = Tenant::built_in("default");
    Record { tenant: Arc::new(tenant), case, decision: b"the bytes of a decision".to_vec() }
}

/// Keeps a decision; gives its id.
fn keep(records: &Records) -> String {
    let slot = records.reserve().unwrap();
    let id = slot.id().to_owned();
    slot.keep(record(&id));
    id
}

async fn sql(records: &Records, statement: &'static str) {
    let mut write = records.database.writer.begin().await.unwrap();
    sqlx::query(statement).execute(&mut *write).await.unwrap();
    write.finish().await.unwrap();
}

async fn say(records: &Records, id: &str, role: Role) -> Result<KeptConversation> {
    let turn = Turn { role, text: "你好".into() };
    records.change_conversation("default", id, |kept| kept.append(&turn)).await
}

async fn is_there(records: &Records, id: &str) -> bool {
    records.conversation("default", id).await.unwrap().is_stored()
}

#[tokio::test]
async fn a_decision_is_found_as_soon_as_it_was_given_and_by_its_tenant_alone() {
    let (_folder, records) = scratch(RecordsSettings::default()).await;
    let id = keep(&records);
    let kept = records.decision("default", &id).await.unwrap();
    assert_eq!((kept.case, kept.decision), (record(&id).case, record(&id).decision));
    for (tenant, id) in [("another", id.as_str()), ("default", "0")] {
        let missing = records.decision(tenant, id).await.unwrap_err();
        assert!(matches!(missing, Error::NotFound { .. }), "{missing}");
    }
}

#[tokio::test]
async fn decisions_outlive_a_restart() {
    let (folder, records) = scratch(RecordsSettings::default()).await;
    let ids: Vec<String> = (0..600).map(|_| keep(&records)).collect();
    records.settle().await;
    drop(records);
    let records = open(folder.path(), RecordsSettings::default()).await;
    for id in &ids {
        records.decision("default", id).await.unwrap();
    }
}

#[tokio::test]
async fn a_decision_that_is_not_kept_has_no_name() {
    let (_folder, records) =
        scratch(RecordsSettings { keep_decisions: false, ..RecordsSettings::default() }).await;
    assert!(records.reserve().is_none());
    let (_folder, records) = scratch(RecordsSettings::default()).await;
    let slots: Vec<Slot> = std::iter::from_fn(|| records.reserve()).take(2_000).collect();
    assert!(slots.len() < 2_000, "there is no bound");
    drop(slots);
    // Places that were not used are free again.
    records.decision("default", &keep(&records)).await.unwrap();
}

#[tokio::test]
async fn the_oldest_decisions_go_first() {
    let (_folder, records) = scratch(RecordsSettings::default()).await;
    let ids: Vec<String> = (0..5).map(|_| keep(&records)).collect();
    records.settle().await;
    decisions::trim(&records.database, 0, 2).await.unwrap();
    assert!(records.decision("default", &ids[2]).await.is_err());
    assert!(records.decision("default", &ids[3]).await.is_ok());
    let rules = decisions::trim(&records.database, i64::MAX, 2).await.unwrap();
    assert!(records.decision("default", &ids[4]).await.is_err());
    assert!(rules.is_empty(), "rules of no decision: {rules:?}");
}

#[tokio::test]
async fn an_expired_conversation_starts_anew() {
    let (_folder, records) = scratch(RecordsSettings::default()).await;
    let kept = say(&records, "a", Role::Bot).await.unwrap();
    let hours = (kept.expire_ms - kept.update_ms) / 3_600_000;
    assert_eq!((hours, kept.turns().len()), (72, 1));
    sql(&records, "UPDATE conversations SET expire_time = 1").await;
    let anew = records.conversation("default", "a").await.unwrap();
    assert_eq!(
        (anew.turns(), &anew.state),
        ([].as_slice(), &Conversation { id: "a".into(), ..Default::default() })
    );
    // Who read it before cannot bring it back.
    let revision = kept.state.revision;
    let late = records.save_conversation("default", kept, revision).await.unwrap_err();
    assert!(matches!(late, Error::Conflict { .. }), "{late}");
    assert_eq!(say(&records, "a", Role::Bot).await.unwrap().state.revision, 1);
}

#[tokio::test]
async fn time_gives_no_conversation_back_to_the_program() {
    let (folder, records) = scratch(RecordsSettings::default()).await;
    say(&records, "bot", Role::Bot).await.unwrap();
    let taken = say(&records, "person", Role::Agent).await.unwrap();
    sql(&records, "UPDATE conversations SET expire_time = 1").await;
    conversations::forget_expired(&records.database).await.unwrap();
    drop(records);
    let records = open(folder.path(), RecordsSettings::default()).await;
    assert!(!is_there(&records, "bot").await);
    let kept = records.conversation("default", "person").await.unwrap();
    assert_eq!((kept.state.owner, kept.turns()), (Owner::Person, taken.turns()));
    let refused = say(&records, "person", Role::Bot).await.unwrap_err();
    assert!(matches!(refused, Error::Precondition { .. }), "{refused}");
    // Given back, it is kept for as long as any other from then on.
    let release = |kept: &mut KeptConversation| {
        kept.release();
        Ok(())
    };
    let released = records.change_conversation("default", "person", release).await.unwrap();
    assert_eq!((released.expire_ms - released.update_ms) / 3_600_000, 72);
    sql(&records, "UPDATE conversations SET expire_time = 1").await;
    assert!(!is_there(&records, "person").await);
}

#[test]
fn a_conversation_keeps_its_language_until_a_text_shows_another() {
    use Locale::{En, ZhHans, ZhHant};
    let after = |known: Option<Locale>, locale: std::result::Result<Locale, &'static str>, source| {
        let language = Language { locale, source, script_determined: false };
        let mut case = Case::unread(language, Wording::En, Timestamp::UNIX_EPOCH);
        case.conversation.locale = known;
        conclude(&case, &Tenant::built_in("default")).verdict.conversation.locale
    };
    let cases = [
        (None, Ok(En), Source::Default, Some(En)),
        (Some(ZhHant), Ok(En), Source::Text, Some(En)),
        (Some(ZhHant), Ok(ZhHans), Source::Text, Some(ZhHans)),
        (Some(ZhHant), Ok(ZhHans), Source::Default, Some(ZhHant)),
        (Some(ZhHant), Ok(ZhHans), Source::Hint, Some(ZhHant)),
        // 退款 after "hi" is Chinese, whatever its script.
        (Some(En), Ok(ZhHans), Source::Default, Some(ZhHans)),
        (Some(ZhHant), Err("fr"), Source::Text, Some(ZhHant)),
    ];
    for (known, locale, source, expected) in cases {
        assert_eq!(after(known, locale, source), expected, "{known:?} {locale:?} {source:?}");
    }
}

#[tokio::test]
async fn those_unused_for_longest_make_room_but_none_in_a_persons_hands() {
    let (_folder, records) =
        scratch(RecordsSettings { max_conversations: 3, ..RecordsSettings::default() }).await;
    say(&records, "person", Role::Agent).await.unwrap();
    say(&records, "old", Role::Bot).await.unwrap();
    say(&records, "ended", Role::Bot).await.unwrap();
    sql(&records, "UPDATE conversations SET update_time = 2, ended = 1 WHERE id = 'ended'").await;
    sql(&records, "UPDATE conversations SET update_time = 1 WHERE id <> 'ended'").await;
    say(&records, "new", Role::Agent).await.unwrap();
    assert!(!is_there(&records, "ended").await && is_there(&records, "old").await);
    say(&records, "newer", Role::Agent).await.unwrap();
    assert!(!is_there(&records, "old").await);
    let full = say(&records, "newest", Role::Agent).await.unwrap_err();
    assert!(full.to_string().contains("records.max_conversations"), "{full}");
    assert!(is_there(&records, "person").await && !is_there(&records, "newest").await);
    records.delete_conversation("default", "person").await.unwrap();
    say(&records, "newest", Role::Agent).await.unwrap();
}

#[tokio::test]
async fn a_conversation_belongs_to_its_tenant() {
    let (_folder, records) = scratch(RecordsSettings::default()).await;
    say(&records, "a", Role::Agent).await.unwrap();
    assert!(!records.conversation("another", "a").await.unwrap().is_stored());
    assert!(!records.delete_conversation("another", "a").await.unwrap());
    assert!(is_there(&records, "a").await);
}
