//! Kept conversations and decisions over gRPC with the real model.

#[path = "../common/mod.rs"]
mod common;
mod repeats;

use std::{
    fs,
    io::{self, Read},
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use common::runtime;
use frontdesk::{
    policy::Playbook,
    proto::{
        self, Action, Delivery, Owner, Role, batch_triage_result::Outcome,
        conversation_service_client::ConversationServiceClient,
        decision_service_client::DecisionServiceClient, triage_service_client::TriageServiceClient,
    },
    server,
};
use prost::Message;
use tonic::{Code, Request, Status, transport::Channel};
use tonic_types::StatusExt;

/// A message that the program asks back about, with choices; which ones are so is for other tests.
async fn unclear() -> &'static str {
    for text in ["退款", "refund", "I want to return it or get it repaired", "it does not work", "退貨"] {
        if triage(message("", text)).await.clarification.is_some_and(|question| question.choices.len() > 1) {
            return text;
        }
    }
    panic!("the program asks back about none of these");
}

/// A conversation that no other test uses.
fn new_conversation() -> String {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    format!("conversations/ticket_{}", COUNT.fetch_add(1, Ordering::Relaxed))
}

fn conversations() -> ConversationServiceClient<Channel> {
    ConversationServiceClient::new(common::channel())
}

fn decisions() -> DecisionServiceClient<Channel> {
    DecisionServiceClient::new(common::channel())
}

/// A call for a tenant.
fn of_tenant<T>(tenant: &str, message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.metadata_mut().insert("frontdesk-tenant", tenant.parse().expect("a value"));
    request
}

fn message(conversation: &str, text: &str) -> proto::TriageRequest {
    proto::TriageRequest { text: text.into(), conversation: conversation.into(), ..Default::default() }
}

async fn triage(request: proto::TriageRequest) -> proto::Decision {
    let mut client = TriageServiceClient::new(common::channel());
    let response = client.triage(request).await.expect("a response").into_inner();
    response.decision.expect("a decision")
}

async fn say(conversation: &str, text: &str) -> proto::Decision {
    triage(message(conversation, text)).await
}

async fn get(name: &str) -> Result<proto::Conversation, Status> {
    let request = proto::GetConversationRequest { name: name.into() };
    conversations()
        .get_conversation(request)
        .await
        .map(|response| response.into_inner().conversation.unwrap())
}

async fn append(name: &str, role: Role, text: &str) -> Result<proto::Conversation, Status> {
    let turn = proto::Turn { role: role.into(), text: text.into() };
    let request = proto::AppendTurnRequest { name: name.into(), turn: Some(turn) };
    conversations().append_turn(request).await.map(|response| response.into_inner().conversation.unwrap())
}

async fn take(name: &str) -> proto::Conversation {
    let request = proto::TakeConversationRequest { name: name.into() };
    conversations().take_conversation(request).await.expect("taken").into_inner().conversation.unwrap()
}

async fn release(name: &str) -> Result<proto::Conversation, Status> {
    let request = proto::ReleaseConversationRequest { name: name.into() };
    conversations()
        .release_conversation(request)
        .await
        .map(|response| response.into_inner().conversation.unwrap())
}

async fn replay(name: &str, use_current_rules: bool) -> proto::ReplayDecisionResponse {
    let request = proto::ReplayDecisionRequest { name: name.into(), use_current_rules };
    decisions().replay_decision(request).await.expect("replayed").into_inner()
}

fn owner(conversation: &proto::Conversation) -> Owner {
    conversation.state.as_ref().expect("a state").owner()
}

fn owner_after(decision: &proto::Decision) -> Owner {
    decision.conversation.as_ref().expect("a state").owner()
}

fn refused<T: std::fmt::Debug>(outcome: Result<T, Status>, code: Code) -> Status {
    let status = outcome.expect_err("refused");
    assert_eq!(status.code(), code, "{status:?}");
    assert!(status.get_details_error_info().is_some(), "no ErrorInfo: {status:?}");
    status
}

fn violated_field(status: &Status) -> String {
    status.get_details_bad_request().expect("a BadRequest").field_violations[0].field.clone()
}

#[test]
fn a_choice_goes_on_with_the_question_that_the_server_remembers() {
    runtime().block_on(async {
        let (name, unclear) = (new_conversation(), unclear().await);
        let first = say(&name, unclear).await;
        assert_eq!((first.action(), first.delivery()), (Action::Clarify, Delivery::Send));
        let choices = first.clarification.expect("a question").choices;
        let second = say(&name, "1").await;
        assert_eq!(second.intent, choices[0].intent);
        let state = second.conversation.expect("a state");
        assert_eq!((state.name.as_str(), state.num_messages), (name.as_str(), 2));
        let third = say(&new_conversation(), "1").await;
        assert!(third.intent.is_empty(), "without the question a number says nothing: {third:?}");

        let kept = get(&name).await.expect("there");
        let roles: Vec<Role> = kept.turns.iter().map(proto::Turn::role).collect();
        assert_eq!(roles[..3], [Role::Customer, Role::Bot, Role::Customer]);
        assert!(kept.turns[1].text.contains(&choices[0].label), "{}", kept.turns[1].text);
        assert_eq!(kept.state.expect("a state").revision, state.revision);
        // It expires unless a person was asked for; one that was given back does.
        let kept = release(&name).await.expect("given back");
        let kept_for = kept.expire_time.unwrap().seconds - kept.update_time.unwrap().seconds;
        assert_eq!(kept_for, 72 * 3600);
    });
}

#[test]
fn a_person_takes_over_and_gives_back_and_meanwhile_the_program_only_drafts() {
    runtime().block_on(async {
        let name = new_conversation();
        let asked = say(&name, "怎么退货？").await;
        assert_eq!((asked.action(), asked.delivery()), (Action::Answer, Delivery::Send));
        let wanted = say(&name, "转人工客服").await;
        assert_eq!((wanted.action(), owner_after(&wanted)), (Action::Handoff, Owner::Waiting));
        let status = refused(append(&name, Role::Bot, "请稍等").await, Code::FailedPrecondition);
        assert!(status.message().contains("release it first"), "{}", status.message());

        let question = "请问发票怎么开？";
        let waiting = say(&name, question).await;
        assert_ne!(waiting.delivery(), Delivery::Send);
        assert!(waiting.notice.is_none());
        assert_eq!(owner(&take(&name).await), Owner::Person);
        let revision = take(&name).await.state.unwrap().revision;
        append(&name, Role::Agent, "您好，我是小李，退货单已经给您发过去了。").await.expect("a person may");
        let again = append(&name, Role::Agent, "您好，我是小李，退货单已经给您发过去了。").await.unwrap();
        assert_eq!(again.state.unwrap().revision, revision + 1);
        let owned = say(&name, question).await;
        assert_ne!(owned.delivery(), Delivery::Send);
        assert!(owned.notice.is_none() && owned.draft.is_some());
        refused(append(&name, Role::Bot, "我来回答").await, Code::FailedPrecondition);

        assert_eq!(owner(&release(&name).await.expect("released")), Owner::Released);
        append(&name, Role::Bot, "还有什么可以帮您？").await.expect("may speak again");
        let free = say(&name, "你们的运费怎么算？").await;
        assert_eq!((free.action(), free.delivery()), (Action::Answer, Delivery::Send), "{free:#?}");
        assert_eq!(owner_after(&free), Owner::Bot);
    });
}

#[test]
fn a_conversation_is_forgotten_on_request_and_mistakes_are_named() {
    runtime().block_on(async {
        let name = new_conversation();
        refused(get(&name).await, Code::NotFound);
        refused(release(&name).await, Code::NotFound);
        assert_eq!(owner(&take(&name).await), Owner::Person);
        for _ in 0..2 {
            let request = proto::DeleteConversationRequest { name: name.clone() };
            conversations().delete_conversation(request).await.expect("deleted, or never there");
        }
        refused(get(&name).await, Code::NotFound);
        for (role, text, field) in [
            (Role::Customer, "hello", "turn.role"),
            (Role::Unspecified, "hello", "turn.role"),
            (Role::Agent, " \u{3000}", "turn.text"),
        ] {
            assert_eq!(
                violated_field(&refused(append(&name, role, text).await, Code::InvalidArgument)),
                field
            );
        }
        assert_eq!(violated_field(&refused(get("ticket").await, Code::InvalidArgument)), "name");
        let mut client = TriageServiceClient::new(common::channel());
        let owned = proto::TriageRequest { owner: Owner::Person.into(), ..message(&name, "hello") };
        assert_eq!(violated_field(&refused(client.triage(owned).await, Code::InvalidArgument)), "owner");
    });
}

#[test]
fn messages_of_one_conversation_in_a_batch_follow_each_other() {
    runtime().block_on(async {
        let (name, unclear) = (new_conversation(), unclear().await);
        let requests =
            [message(&name, unclear), message("", "谢谢"), message(&name, "1"), message(&name, "谢谢")];
        let mut client = TriageServiceClient::new(common::channel());
        let batch = proto::BatchTriageRequest { requests: requests.to_vec() };
        let results = client.batch_triage(batch).await.expect("a response").into_inner().results;
        let decisions: Vec<proto::Decision> = results
            .into_iter()
            .map(|result| match result.outcome.expect("an outcome") {
                Outcome::Response(response) => response.decision.unwrap(),
                Outcome::Error(error) => panic!("{error:?}"),
            })
            .collect();
        let revisions: Vec<u64> =
            decisions.iter().map(|decision| decision.conversation.as_ref().unwrap().revision).collect();
        assert_eq!(revisions, [1, 1, 2, 3]);
        let choices = &decisions[0].clarification.as_ref().expect("a question").choices;
        assert_eq!(decisions[2].intent, choices[0].intent);
    });
}

#[test]
fn messages_that_come_at_once_are_all_kept() {
    runtime().block_on(async {
        let name = new_conversation();
        let tasks: Vec<_> = ["where is my parcel?", "hello?", "order 8812"]
            .into_iter()
            .map(|text| {
                let name = name.clone();
                tokio::spawn(async move { say(&name, text).await })
            })
            .collect();
        let mut revisions = Vec::new();
        for task in tasks {
            revisions.push(task.await.expect("ends").conversation.unwrap().revision);
        }
        revisions.sort_unstable();
        assert_eq!(revisions, [1, 2, 3]);
        assert_eq!(get(&name).await.unwrap().state.unwrap().num_messages, 3);
    });
}

#[test]
fn every_kind_of_decision_is_made_again_byte_for_byte() {
    runtime().block_on(async {
        let conversation = new_conversation();
        let requests = [
            message("", "How long do refunds take?"),
            message("", "I was charged twice for order 8812, please call 13812345678 today!!"),
            message("", "請問運費怎麼算？另外我想改地址，訂單 A-20391"),
            message("", "Bonjour, où est mon colis ? Je l'attends depuis deux semaines."),
            message("", "k"),
            message("", "谢谢，再见"),
            message(&conversation, unclear().await),
            message(&conversation, "1"),
        ];
        for request in requests {
            let decision = triage(request).await;
            assert!(decision.name.starts_with("decisions/"), "{}", decision.name);
            let get = proto::GetDecisionRequest { name: decision.name.clone() };
            let kept = decisions().get_decision(get).await.expect("kept").into_inner().decision.unwrap();
            assert_eq!(kept.encode_to_vec(), decision.encode_to_vec());
            for use_current_rules in [false, true] {
                let again = replay(&decision.name, use_current_rules).await;
                assert!(again.identical, "{}: {:?}", decision.name, again.differences);
                assert!(again.differences.is_empty());
                assert_eq!(again.decision.expect("a decision"), decision);
            }
        }
    });
}

#[test]
fn no_tenant_sees_what_another_ones_is() {
    runtime().block_on(async {
        let name = new_conversation();
        let decision = say(&name, "hello").await;
        let kept = proto::GetDecisionRequest { name: decision.name };
        refused(decisions().get_decision(of_tenant("acme", kept.clone())).await, Code::NotFound);
        decisions().get_decision(of_tenant("default", kept.clone())).await.expect("one's own");
        let replay = proto::ReplayDecisionRequest { name: kept.name.clone(), use_current_rules: true };
        refused(decisions().replay_decision(of_tenant("acme", replay)).await, Code::NotFound);
        let show = proto::GetConversationRequest { name: name.clone() };
        refused(conversations().get_conversation(of_tenant("acme", show)).await, Code::NotFound);
        let taken = proto::TakeConversationRequest { name: name.clone() };
        conversations().take_conversation(of_tenant("acme", taken)).await.expect("one of their own");
        assert_eq!(owner(&get(&name).await.expect("there")), Owner::Bot);
        let wrong = refused(decisions().get_decision(of_tenant("a/b", kept)).await, Code::InvalidArgument);
        assert_eq!(violated_field(&wrong), "frontdesk-tenant");
        let unnamed = proto::GetDecisionRequest { name: "decisions/1".into() };
        assert_eq!(
            violated_field(&refused(decisions().get_decision(unnamed).await, Code::InvalidArgument)),
            "name"
        );
    });
}

/// Every byte of every file below a folder, and those of packed values unpacked.
fn everything(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(everything(&path));
            continue;
        }
        match fs::read(&path) {
            Ok(bytes) => found.push((path.display().to_string(), bytes)),
            // The server puts files in the place of others while it runs.
            Err(error) => assert_eq!(error.kind(), io::ErrorKind::NotFound, "{}", path.display()),
        }
    }
    found
}

/// What packed values of the records hold.
async fn unpacked(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.join("records.sqlite"));
    let mut connection = sqlx::ConnectOptions::connect(&options).await.expect("opens");
    let sql = "SELECT inputs FROM decisions UNION ALL SELECT decision FROM decisions";
    let mut packed: Vec<Vec<u8>> = sqlx::query_scalar(sql).fetch_all(&mut connection).await.expect("reads");
    let sql = "SELECT answered FROM conversations";
    let rows: Vec<Vec<u8>> = sqlx::query_scalar(sql).fetch_all(&mut connection).await.expect("reads");
    packed.extend(rows.iter().flat_map(|row| remembered(row)));
    let unpack = |packed: &Vec<u8>| {
        let mut bytes = Vec::new();
        flate2::read::DeflateDecoder::new(packed.as_slice()).read_to_end(&mut bytes).expect("unpacks");
        ("a kept value".to_owned(), bytes)
    };
    packed.iter().map(unpack).collect()
}

/// The packed decisions that a conversation remembers.
fn remembered(row: &[u8]) -> Vec<Vec<u8>> {
    #[derive(prost::Message)]
    struct Answered {
        #[prost(bytes = "vec", tag = "3")]
        decision: Vec<u8>,
    }
    #[derive(prost::Message)]
    struct Stored {
        #[prost(message, repeated, tag = "1")]
        answered: Vec<Answered>,
    }
    let stored = Stored::decode(row).expect("readable");
    stored.answered.into_iter().map(|answered| answered.decision).collect()
}

/// Personal data of messages below, as bytes that must be nowhere on the disk.
const CANARIES: [&str; 7] = [
    "canary.lovelace@mail.example",
    "13812345678",
    "0912345678",
    "4111111111111111",
    "4111 1111 1111 1111",
    "Tr0ub4dor&3",
    "482913",
];

#[test]
fn no_personal_data_reaches_the_disk() {
    runtime().block_on(async {
        let data = tempfile::tempdir().expect("a folder");
        let app = server::load(common::settings(data.path())).await.expect("loads");
        let connection = server::in_process(app).await.expect("serves");
        let mut client = TriageServiceClient::new(connection.channel.clone());
        let texts = [
            "Write to canary.lovelace@mail.example or I go to my lawyer! Where is order 8812?",
            "我的手机号是13812345678，验证码是482913，一直登不上去",
            "請打 0912345678 給我，卡號 4111111111111111 被盜刷了",
            "card 4111 1111 1111 1111 was charged twice, my password is Tr0ub4dor&3",
            "What does qwertz zxcvb plurnk cost? Tell canary.lovelace@mail.example",
        ];
        for text in texts {
            for conversation in ["", "conversations/canary"] {
                let request_id = format!("m-{}", text.len());
                let request = proto::TriageRequest { request_id, ..message(conversation, text) };
                client.triage(request).await.expect("decided");
            }
        }
        let mut conversations = ConversationServiceClient::new(connection.channel.clone());
        let turn = proto::Turn { role: Role::Agent.into(), text: texts.join("\n") };
        let request = proto::AppendTurnRequest { name: "conversations/canary".into(), turn: Some(turn) };
        conversations.append_turn(request).await.expect("appended");
        // What is written meanwhile is in the write-ahead log, which is gone after the end.
        let mut files = everything(data.path());
        assert!(files.iter().any(|(name, _)| name.ends_with("records.sqlite-wal")), "no write-ahead log");
        drop((client, conversations));
        connection.close().await;

        let kept = unpacked(data.path()).await;
        assert_eq!(kept.len(), 2 * 2 * texts.len() + 4, "decisions are missing");
        assert!(kept.iter().any(|(_, bytes)| holds(bytes, "[email]")), "nothing was redacted");
        files.extend(everything(data.path()));
        files.extend(kept);
        for (name, bytes) in &files {
            for canary in CANARIES {
                assert!(!holds(bytes, canary), "{canary} is in {name}");
            }
        }
    });
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn a_decision_is_made_again_by_the_rules_of_then_after_the_rules_changed() {
    runtime().block_on(async {
        let data = tempfile::tempdir().expect("a folder");
        let policy = data.path().join("tenants/default/policy.toml");
        fs::create_dir_all(policy.parent().expect("a folder")).expect("made");
        let built_in = Playbook::built_in().source().to_owned();
        fs::write(&policy, &built_in).expect("written");
        let mut settings = common::settings(&data.path().join("data"));
        settings.knowledge.import_sample = false;
        settings.tenants.path = data.path().join("tenants");
        settings.tenants.reload_seconds = 1;
        let connection =
            server::in_process(server::load(settings).await.expect("loads")).await.expect("serves");
        let mut client = TriageServiceClient::new(connection.channel.clone());
        let response = client.triage(message("", "請問運費怎麼算？")).await.expect("decided").into_inner();
        let decision = response.decision.expect("a decision");
        fs::write(&policy, format!("{built_in}\n# 改過了\n")).expect("written");
        let mut decisions = DecisionServiceClient::new(connection.channel.clone());
        let mut replay = async |use_current_rules| {
            let request = proto::ReplayDecisionRequest { name: decision.name.clone(), use_current_rules };
            decisions.replay_decision(request).await.expect("replayed").into_inner()
        };
        let mut by_now = replay(true).await;
        for _ in 0..100 {
            if !by_now.identical {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
            by_now = replay(true).await;
        }
        assert_eq!(by_now.differences, ["versions.rules"]);
        let by_then = replay(false).await;
        assert!(by_then.identical, "{:?}", by_then.differences);
        drop((client, decisions));
        connection.close().await;
    });
}
