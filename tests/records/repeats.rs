//! A request of a kept conversation that is sent again, as callers do who do not know what came of it.

use std::time::Duration;

use super::*;

/// A request that carries its caller's id.
fn with_id(conversation: &str, id: &str, text: &str) -> proto::TriageRequest {
    proto::TriageRequest { request_id: id.into(), ..message(conversation, text) }
}

async fn send(request: proto::TriageRequest) -> Result<proto::TriageResponse, Status> {
    TriageServiceClient::new(common::channel()).triage(request).await.map(tonic::Response::into_inner)
}

/// Number of the customer's messages that a conversation counts.
async fn num_messages(conversation: &str) -> u32 {
    get(conversation).await.expect("there").state.expect("a state").num_messages
}

#[test]
fn a_request_that_is_sent_again_gets_its_decision_again_and_counts_once() {
    runtime().block_on(async {
        for text in [
            "Where is my parcel? Call me at +44 20 7946 0958, I am so angry",
            "请打13812345678，我的包裹到哪里了？",
            "請打 0912345678 給我，我的包裹到哪裡了？",
        ] {
            let name = new_conversation();
            let first = send(with_id(&name, "m-1", text)).await.expect("decided");
            let kept = get(&name).await.expect("there");
            let again = send(with_id(&name, "m-1", text)).await.expect("given again");
            assert_eq!(again.decision, first.decision);
            assert_eq!(again.personal_data, first.personal_data);
            let found = &first.personal_data[0];
            assert_eq!(text[found.start_byte as usize..found.end_byte as usize], found.text);
            assert_eq!(get(&name).await.expect("there"), kept, "the repeat was written");

            let second = triage(with_id(&name, "m-2", text)).await;
            assert_eq!(second.conversation.expect("a state").num_messages, 2);
            let again = triage(with_id(&name, "m-1", text)).await;
            assert_eq!(Some(again), first.decision, "another message came in between");
        }
    });
}

#[test]
fn the_last_few_requests_are_remembered() {
    runtime().block_on(async {
        let name = new_conversation();
        let mut given = Vec::new();
        for id in ["a", "b", "c", "d", "e"] {
            given.push(triage(with_id(&name, id, "謝謝")).await);
        }
        for (id, before) in ["b", "c", "d", "e"].iter().zip(&given[1..]) {
            assert_eq!(&triage(with_id(&name, id, "謝謝")).await, before);
        }
        assert_eq!(num_messages(&name).await, 5);
        let forgotten = triage(with_id(&name, "a", "謝謝")).await;
        assert_ne!(forgotten.name, given[0].name);
        assert_eq!(num_messages(&name).await, 6);
    });
}

#[test]
fn another_message_under_the_same_id_is_refused() {
    runtime().block_on(async {
        let name = new_conversation();
        let first = triage(with_id(&name, "m-1", "怎么退货？")).await;
        let by_mail = proto::TriageRequest {
            channel: proto::Channel::Email.into(),
            ..with_id(&name, "m-1", "怎么退货？")
        };
        for wrong in [with_id(&name, "m-1", "怎麼退貨？"), by_mail] {
            let status = refused(send(wrong).await, Code::InvalidArgument);
            assert_eq!(violated_field(&status), "request_id");
            assert!(status.message().contains("send a new id"), "{}", status.message());
        }
        assert_eq!(num_messages(&name).await, 1);
        // Ids are of one conversation of one tenant, and of requests without one they say nothing.
        let other = triage(with_id(&new_conversation(), "m-1", "怎麼退貨？")).await;
        assert_ne!(other.name, first.name);
        let alone = [triage(with_id("", "m-1", "hello")).await, triage(with_id("", "m-1", "hello")).await];
        assert_ne!(alone[0].name, alone[1].name);
        let mut client = TriageServiceClient::new(common::channel());
        let elsewhere = of_tenant("acme", with_id(&name, "m-1", "怎麼退貨？"));
        client.triage(elsewhere).await.expect("a conversation of their own");
    });
}

#[test]
fn ids_that_the_server_made_name_no_repeat() {
    runtime().block_on(async {
        let name = new_conversation();
        let first = say(&name, "hello?").await;
        let second = say(&name, "hello?").await;
        assert_ne!(first.request_id, second.request_id);
        let third = triage(with_id(&name, &first.request_id, "hello?")).await;
        assert_eq!(third.conversation.expect("a state").num_messages, 3);
    });
}

#[test]
fn a_request_that_is_sent_several_times_at_once_counts_once() {
    runtime().block_on(async {
        let name = new_conversation();
        let calls: Vec<_> =
            (0..5).map(|_| tokio::spawn(triage(with_id(&name, "m-1", "請問運費怎麼算？")))).collect();
        let mut given = Vec::new();
        for call in calls {
            given.push(call.await.expect("ends"));
        }
        assert!(given.iter().all(|decision| *decision == given[0]), "{given:#?}");
        assert_eq!(num_messages(&name).await, 1);

        let name = new_conversation();
        let requests =
            vec![with_id(&name, "m-1", "hi"), with_id(&name, "m-1", "hi"), with_id(&name, "m-1", "bye")];
        let batch = proto::BatchTriageRequest { requests };
        let mut client = TriageServiceClient::new(common::channel());
        let results = client.batch_triage(batch).await.expect("a response").into_inner().results;
        let outcomes: Vec<_> =
            results.into_iter().map(|result| result.outcome.expect("an outcome")).collect();
        let [Outcome::Response(first), Outcome::Response(again), Outcome::Error(other)] = outcomes.as_slice()
        else {
            panic!("{outcomes:?}");
        };
        assert_eq!(again.decision, first.decision);
        assert_eq!((other.code, other.field.as_str()), (Code::InvalidArgument.into(), "request_id"));
    });
}

#[test]
fn a_request_that_ran_out_of_time_can_be_sent_again() {
    runtime().block_on(async {
        let mut client = TriageServiceClient::new(common::channel());
        for deadline_ms in (6..50).step_by(4) {
            let name = new_conversation();
            let mut request = Request::new(with_id(&name, "m-1", "where is my parcel?"));
            request.set_timeout(Duration::from_millis(deadline_ms));
            let first = client.triage(request).await;
            let again = triage(with_id(&name, "m-1", "where is my parcel?")).await;
            assert_eq!(again.conversation.as_ref().expect("a state").num_messages, 1);
            match first {
                Ok(first) => assert_eq!(first.into_inner().decision.expect("a decision"), again),
                // Cancelled is what tonic's client says when it gave up before the server did.
                Err(status) => {
                    assert!(matches!(status.code(), Code::DeadlineExceeded | Code::Cancelled), "{status:?}");
                }
            }
            // Nobody may have seen the first answer; its name is good all the same.
            let kept = proto::GetDecisionRequest { name: again.name.clone() };
            let kept = decisions().get_decision(kept).await.expect("kept").into_inner().decision;
            assert_eq!(kept, Some(again));
        }
    });
}

#[test]
fn what_a_person_took_over_since_is_only_drafted_when_it_is_sent_again() {
    runtime().block_on(async {
        let name = new_conversation();
        let question = with_id(&name, "m-1", "怎么退货？");
        let first = triage(question.clone()).await;
        assert_eq!((first.action(), first.delivery()), (Action::Answer, Delivery::Send));
        take(&name).await;
        let owned = triage(question.clone()).await;
        assert_eq!(owned, proto::Decision { delivery: Delivery::Draft.into(), ..first.clone() });
        release(&name).await.expect("released");
        assert_eq!(triage(question).await, first);
    });
}

#[test]
fn a_request_that_is_sent_again_after_a_restart_gets_its_decision_again() {
    runtime().block_on(async {
        let data = tempfile::tempdir().expect("a folder");
        let mut given = Vec::new();
        for _ in 0..2 {
            let mut settings = common::settings(data.path());
            settings.knowledge.import_sample = false;
            let connection =
                server::in_process(server::load(settings).await.expect("loads")).await.expect("serves");
            let mut client = TriageServiceClient::new(connection.channel.clone());
            let request = with_id("conversations/zendesk-42", "m-1", "订单8812还没到，请打13812345678");
            given.push(client.triage(request).await.expect("decided").into_inner());
            drop(client);
            connection.close().await;
        }
        assert_eq!(given[1].decision, given[0].decision);
        assert_eq!(given[1].personal_data, given[0].personal_data);
        assert!(given[0].personal_data.iter().any(|found| found.text == "13812345678"));
    });
}
