//! One message of a conversation that the server keeps: read, decide, store, and again when somebody else
//! wrote in between.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{App, conversations};
use crate::{
    Error, Result,
    desk::{Decided, Request, Tenant},
    proto,
};

/// How often a message is decided anew because somebody wrote to its conversation meanwhile.
const MAX_TRIES: usize = 5;

/// The id of the conversation that a request goes on with; `None` when the caller keeps its turns itself.
///
/// # Errors
/// [`Error::Invalid`] when it is not a conversation's name, holds personal data, or comes with turns or an
/// owner.
pub fn conversation_of(request: &proto::TriageRequest) -> Result<Option<String>> {
    if request.conversation.is_empty() {
        return Ok(None);
    }
    let id = conversations::id_of(&request.conversation, "conversation")?;
    let reason = "is kept by the server for a `conversation`; send either";
    if !request.turns.is_empty() {
        return Err(Error::invalid("turns", reason));
    }
    if request.owner != 0 {
        return Err(Error::invalid("owner", reason));
    }
    Ok(Some(id))
}

/// Decides a message of a kept conversation; the conversation with it is on the disk when this returns.
///
/// # Errors
/// [`Error::Conflict`] when others write to the conversation without end, and those of deciding.
pub async fn decide(
    app: &App,
    tenant: &Arc<Tenant>,
    request: Request,
    id: &str,
    deadline: Instant,
) -> Result<(Decided, Duration)> {
    let mut waited = Duration::ZERO;
    for num_tries in 0..MAX_TRIES {
        let kept = app.records.conversation(&tenant.name, id).await?;
        let mut request = request.clone();
        request.message.turns = kept.turns().to_vec();
        request.conversation = Some(kept.state.clone());
        // One message is one gap, however often it is decided.
        request.unrecorded |= num_tries > 0;
        let text = request.message.text.clone();
        let (desk, rules) = (Arc::clone(&app.desk), Arc::clone(tenant));
        let (decided, queued) =
            app.workers.run(Some(deadline), move || desk.triage(&request, &rules)).await?;
        waited += queued;
        let revision = kept.state.revision;
        let next = kept.decided(&text, &decided.concluded);
        match app.records.save_conversation(&tenant.name, next, revision).await {
            Ok(_) => return Ok((decided, waited)),
            Err(Error::Conflict { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    let reason = format!("others wrote to it each of the {MAX_TRIES} times it was decided; send it again");
    Err(Error::Conflict { resource: conversations::name(id), reason })
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

    fn request(conversation: &str) -> proto::TriageRequest {
        proto::TriageRequest { conversation: conversation.into(), ..Default::default() }
    }

    #[test]
    fn a_kept_conversation_comes_without_turns_and_owner() {
        let kept = request("conversations/zendesk-42");
        assert_eq!(conversation_of(&kept).expect("valid"), Some("zendesk-42".into()));
        assert_eq!(conversation_of(&request("")).expect("valid"), None);
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
            match conversation_of(&wrong) {
                Err(Error::Invalid { field, .. }) => assert_eq!(field, expected),
                other => panic!("{expected}: {other:?}"),
            }
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
