//! One message of a conversation that the server keeps: read, decide, store, and again when somebody else
//! wrote in between.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use prost::Message as _;

use super::{App, conversations, decision, decisions};
use crate::{
    Error, Result,
    desk::{Decided, Desk, Request, Tenant, Timing},
    message::Message,
    policy::Conversation,
    proto,
    records::{Answered, KeptConversation, Record, Records, Slot},
    text::redact,
};

/// How often a message is decided anew because somebody wrote to its conversation meanwhile.
const MAX_TRIES: usize = 5;

/// Where a message belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Id of the conversation.
    pub conversation: String,
    /// The caller's own id for the request, by which a repeat is known; `None` when it gave none.
    pub request_id: Option<String>,
}

/// A decision that goes to the caller.
#[derive(Debug)]
pub struct Given {
    /// The decision.
    pub decision: proto::Decision,
    /// What its parts took; nothing for one that was made before.
    pub timing: Timing,
    /// How long it waited for a thread.
    pub queued: Duration,
    /// Personal data in the message.
    pub personal_data: Vec<proto::PersonalData>,
}

/// A decision that is not stored yet.
struct Made {
    /// What the customer wrote.
    text: String,
    decided: Decided,
    decision: proto::Decision,
    encoded: Vec<u8>,
    /// What a repeat gets, when the caller gave an id.
    answered: Option<Answered>,
}

/// Where the message of a request belongs; `None` when the caller keeps its turns itself.
///
/// # Errors
/// [`Error::Invalid`] when it is not a conversation's name, holds personal data, or comes with turns or an
/// owner.
pub fn place_of(request: &proto::TriageRequest) -> Result<Option<Place>> {
    if request.conversation.is_empty() {
        return Ok(None);
    }
    let conversation = conversations::id_of(&request.conversation, "conversation")?;
    let reason = "is kept by the server for a `conversation`; send either";
    if !request.turns.is_empty() {
        return Err(Error::invalid("turns", reason));
    }
    if request.owner != 0 {
        return Err(Error::invalid("owner", reason));
    }
    let request_id = (!request.request_id.is_empty()).then(|| request.request_id.clone());
    Ok(Some(Place { conversation, request_id }))
}

/// Decides a message of a kept conversation, or gives the decision again that the same request got before;
/// the conversation with it is on the disk when this returns.
///
/// # Errors
/// [`Error::Conflict`] when others write to the conversation without end, [`Error::Invalid`] for a request id
/// of another message, and those of deciding.
pub async fn decide(
    app: &App,
    tenant: &Arc<Tenant>,
    request: Request,
    place: &Place,
    deadline: Instant,
) -> Result<Given> {
    let mut waited = Duration::ZERO;
    for num_tries in 0..MAX_TRIES {
        let kept = app.records.conversation(&tenant.name, &place.conversation).await?;
        let before = place.request_id.as_deref().and_then(|id| kept.answered(id)).cloned();
        if let Some(before) = before {
            return again(app, &kept, before, request.message, deadline).await;
        }
        let slot = app.records.reserve();
        let mut request = request.clone();
        request.decision_id = slot.as_ref().map(|slot| slot.id().to_owned()).unwrap_or_default();
        request.message.turns = kept.turns().to_vec();
        request.conversation = Some(kept.state.clone());
        // One message is one gap, however often it is decided.
        request.unrecorded |= num_tries > 0;
        let (desk, rules) = (Arc::clone(&app.desk), Arc::clone(tenant));
        let request_id = place.request_id.clone();
        let work = move || make(&desk, request, &rules, request_id.as_deref());
        let (made, queued) = app.workers.run(Some(deadline), work).await?;
        waited += queued;
        match store(&app.records, Arc::clone(tenant), kept, made, slot).await {
            Ok(given) => return Ok(Given { queued: waited, ..given }),
            Err(Error::Conflict { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    let reason = format!("others wrote to it each of the {MAX_TRIES} times it was decided; send it again");
    Err(Error::Conflict { resource: conversations::name(&place.conversation), reason })
}

/// Decides a message, on a thread of the workers.
fn make(desk: &Desk, request: Request, rules: &Tenant, request_id: Option<&str>) -> Result<Made> {
    let decided = desk.triage(&request, rules)?;
    let decision = decision::decision(&decided.case, &decided.concluded);
    let encoded = decision.encode_to_vec();
    let Message { text, channel, .. } = request.message;
    let pack = |id| {
        let redacted = redact::within(&text, &decided.personal_data, 0..text.len());
        Answered::pack(id, &redacted, channel, &encoded)
    };
    let answered = request_id.map(pack).transpose()?;
    Ok(Made { text, decided, decision, encoded, answered })
}

/// Stores the conversation with a decision on its message, and keeps the decision. It does so also when the
/// caller goes away meanwhile: what a conversation goes on from can be read and replayed.
async fn store(
    records: &Records,
    tenant: Arc<Tenant>,
    kept: KeptConversation,
    made: Made,
    slot: Option<Slot>,
) -> Result<Given> {
    let revision = kept.state.revision;
    let Made { text, decided, decision, encoded, answered } = made;
    let Decided { case, concluded, personal_data, timing } = decided;
    let personal_data = decision::personal_data(&text, &personal_data);
    let mut next = kept.decided(&text, &concluded);
    if let Some(answered) = answered {
        next.remember(answered);
    }
    let records = records.clone();
    let stored = tokio::spawn(async move {
        records.save_conversation(&tenant.name, next, revision).await?;
        if let Some(slot) = slot {
            slot.keep(Record { tenant, case, decision: encoded });
        }
        Ok::<(), Error>(())
    });
    stored.await.map_err(|error| Error::Internal(format!("storing a conversation broke off: {error}")))??;
    Ok(Given { decision, timing, queued: Duration::ZERO, personal_data })
}

/// The decision that the same request got before, with the personal data of its text found anew.
async fn again(
    app: &App,
    kept: &KeptConversation,
    before: Answered,
    message: Message,
    deadline: Instant,
) -> Result<Given> {
    let work = move || {
        let redacted = redact::redact(&message.text);
        let personal_data = decision::personal_data(&message.text, &redacted.spans);
        Ok((before.repeat(&redacted.text, message.channel)?, personal_data))
    };
    let ((encoded, personal_data), queued) = app.workers.run(Some(deadline), work).await?;
    let decision = usable_now(decisions::as_given(&encoded)?, &kept.state);
    Ok(Given { decision, timing: Timing::default(), queued, personal_data })
}

/// A decision of before as it may be used now: when the conversation went to a person since, only that
/// person may send what it says.
fn usable_now(mut decision: proto::Decision, now: &Conversation) -> proto::Decision {
    let owner_then = decision.conversation.as_ref().map(proto::ConversationState::owner);
    let owner_now = decision::conversation(now).owner();
    if now.owner.bot_may_send() || owner_then == Some(owner_now) {
        return decision;
    }
    if decision.delivery() == proto::Delivery::Send {
        decision.set_delivery(proto::Delivery::Draft);
    }
    decision.notice = None;
    decision
}

/// The requests of a batch with their places, in groups: those of one conversation are decided one after the
/// other, the groups side by side.
pub fn in_groups(requests: Vec<proto::TriageRequest>) -> Vec<Vec<(usize, proto::TriageRequest)>> {
    let mut groups: Vec<Vec<(usize, proto::TriageRequest)>> = Vec::new();
    let mut by_conversation: HashMap<String, usize> = HashMap::new();
    for (place, request) in requests.into_iter().enumerate() {
        let name = &request.conversation;
        match by_conversation.get(name) {
            Some(&group) => groups[group].push((place, request)),
            None => {
                if !name.is_empty() {
                    by_conversation.insert(name.clone(), groups.len());
                }
                groups.push(vec![(place, request)]);
            }
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Owner;

    fn request(conversation: &str) -> proto::TriageRequest {
        proto::TriageRequest { conversation: conversation.into(), ..Default::default() }
    }

    #[test]
    fn a_kept_conversation_comes_without_turns_and_owner() {
        let kept = request("conversations/zendesk-42");
        let mut place = Place { conversation: "zendesk-42".into(), request_id: None };
        assert_eq!(place_of(&kept).expect("valid"), Some(place.clone()));
        let named = proto::TriageRequest { request_id: "m-1".into(), ..kept.clone() };
        place.request_id = Some("m-1".into());
        assert_eq!(place_of(&named).expect("valid"), Some(place));
        assert_eq!(place_of(&request("")).expect("valid"), None);
        let turn = proto::Turn { role: 1, text: "hello".into() };
        let cases = [
            (proto::TriageRequest { turns: vec![turn], ..kept.clone() }, "turns"),
            (proto::TriageRequest { owner: proto::Owner::Person.into(), ..kept }, "owner"),
            (request("zendesk-42"), "conversation"),
            (request("conversations/"), "conversation"),
            (request("conversations/訂單"), "conversation"),
            (request("conversations/11010519491231002X"), "conversation"),
            (request(&format!("conversations/{}", "x".repeat(129))), "conversation"),
        ];
        for (wrong, expected) in cases {
            match place_of(&wrong) {
                Err(Error::Invalid { field, .. }) => assert_eq!(field, expected),
                other => panic!("{expected}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_decision_of_before_is_only_a_draft_once_a_person_has_the_conversation() {
        let state = |owner| Conversation { owner, ..Conversation::default() };
        let given = |delivery: proto::Delivery, owner| proto::Decision {
            delivery: delivery.into(),
            notice: Some(proto::Draft::default()),
            conversation: Some(decision::conversation(&state(owner))),
            ..proto::Decision::default()
        };
        let sent = given(proto::Delivery::Send, Owner::Bot);
        for owner in [Owner::Bot, Owner::Released] {
            assert_eq!(usable_now(sent.clone(), &state(owner)), sent);
        }
        let handed_over = given(proto::Delivery::Draft, Owner::Waiting);
        assert_eq!(usable_now(handed_over.clone(), &state(Owner::Waiting)), handed_over);
        for (before, owner) in
            [(&sent, Owner::Waiting), (&sent, Owner::Person), (&handed_over, Owner::Person)]
        {
            let now = usable_now(before.clone(), &state(owner));
            assert_eq!((now.delivery(), now.notice), (proto::Delivery::Draft, None), "{owner:?}");
        }
    }

    #[test]
    fn messages_of_one_conversation_follow_each_other() {
        let names = ["", "conversations/a", "conversations/b", "conversations/a", ""];
        let groups = in_groups(names.into_iter().map(request).collect());
        let places: Vec<Vec<usize>> =
            groups.iter().map(|group| group.iter().map(|(place, _)| *place).collect()).collect();
        assert_eq!(places, [vec![0], vec![1, 3], vec![2], vec![4]]);
    }
}
