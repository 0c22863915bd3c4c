//! ConversationService: who may speak, taken and given back by persons.

use tonic::{Request, Response, Status};

use super::{App, AppCell, answer, check::check_impersonal, decision, loaded, resources, tenant};
use crate::{
    Error, Result,
    message::{Role, Turn},
    proto::{self, conversation_service_server::ConversationService},
    records::KeptConversation,
};

/// What stands before the id of a conversation.
const COLLECTION: &str = "conversations/";

/// Characters of a conversation's id at most.
const MAX_ID_CHARS: usize = 128;

/// Answers the rpcs of ConversationService.
#[derive(Clone)]
pub struct ConversationHandler(pub AppCell);

/// Writes each rpc as a call of the function of the same name below, with the tenant of the call.
macro_rules! rpcs {
    ($($rpc:ident $name:literal $request:ident $response:ident;)*) => {
        #[tonic::async_trait]
        impl ConversationService for ConversationHandler {
            $(async fn $rpc(
                &self,
                request: Request<proto::$request>,
            ) -> Result<Response<proto::$response>, Status> {
                let tenant = tenant::name(request.metadata());
                answer(&self.0, $name, request, |app, request, _| async move {
                    $rpc(loaded(&app)?, &tenant?, request).await
                })
                .await
            })*
        }
    };
}

rpcs! {
    get_conversation "GetConversation" GetConversationRequest GetConversationResponse;
    append_turn "AppendTurn" AppendTurnRequest AppendTurnResponse;
    take_conversation "TakeConversation" TakeConversationRequest TakeConversationResponse;
    release_conversation "ReleaseConversation" ReleaseConversationRequest ReleaseConversationResponse;
    delete_conversation "DeleteConversation" DeleteConversationRequest DeleteConversationResponse;
}

async fn get_conversation(
    app: &App,
    tenant: &str,
    request: proto::GetConversationRequest,
) -> Result<proto::GetConversationResponse> {
    let kept = app.records.conversation(tenant, &id_of(&request.name, "name")?).await?;
    there(&kept)?;
    Ok(proto::GetConversationResponse { conversation: Some(conversation(kept)) })
}

async fn append_turn(
    app: &App,
    tenant: &str,
    request: proto::AppendTurnRequest,
) -> Result<proto::AppendTurnResponse> {
    let id = id_of(&request.name, "name")?;
    let turn = check_turn(request.turn, app.settings.triage.max_text_bytes)?;
    let kept = app.records.change_conversation(tenant, &id, |kept| kept.append(&turn)).await?;
    Ok(proto::AppendTurnResponse { conversation: Some(conversation(kept)) })
}

async fn take_conversation(
    app: &App,
    tenant: &str,
    request: proto::TakeConversationRequest,
) -> Result<proto::TakeConversationResponse> {
    let id = id_of(&request.name, "name")?;
    let take = |kept: &mut KeptConversation| {
        kept.take();
        Ok(())
    };
    let kept = app.records.change_conversation(tenant, &id, take).await?;
    Ok(proto::TakeConversationResponse { conversation: Some(conversation(kept)) })
}

async fn release_conversation(
    app: &App,
    tenant: &str,
    request: proto::ReleaseConversationRequest,
) -> Result<proto::ReleaseConversationResponse> {
    let id = id_of(&request.name, "name")?;
    let release = |kept: &mut KeptConversation| {
        there(kept)?;
        kept.release();
        Ok(())
    };
    let kept = app.records.change_conversation(tenant, &id, release).await?;
    Ok(proto::ReleaseConversationResponse { conversation: Some(conversation(kept)) })
}

async fn delete_conversation(
    app: &App,
    tenant: &str,
    request: proto::DeleteConversationRequest,
) -> Result<proto::DeleteConversationResponse> {
    app.records.delete_conversation(tenant, &id_of(&request.name, "name")?).await?;
    Ok(proto::DeleteConversationResponse {})
}

fn check_turn(turn: Option<proto::Turn>, max_bytes: usize) -> Result<Turn> {
    let turn = turn.ok_or_else(|| Error::invalid("turn", "is missing; send what was said, and by whom"))?;
    let role = match turn.role() {
        proto::Role::Agent => Role::Agent,
        proto::Role::Bot => Role::Bot,
        proto::Role::Customer => {
            return Err(Error::invalid("turn.role", "a customer's message goes through Triage"));
        }
        proto::Role::Unspecified => return Err(Error::invalid("turn.role", "send AGENT or BOT")),
    };
    if turn.text.trim().is_empty() {
        return Err(Error::invalid("turn.text", "is blank; send what was said"));
    }
    if turn.text.len() > max_bytes {
        let reason = format!("has {} bytes; send at most {max_bytes}", turn.text.len());
        return Err(Error::invalid("turn.text", reason));
    }
    Ok(Turn { role, text: turn.text })
}

fn there(kept: &KeptConversation) -> Result<()> {
    if kept.is_stored() { Ok(()) } else { Err(Error::NotFound { resource: kept.name() }) }
}

/// Resource name of a conversation.
pub fn name(id: &str) -> String {
    format!("{COLLECTION}{id}")
}

/// The id in a conversation's resource name.
///
/// # Errors
/// [`Error::Invalid`] for `field` when it is no such name, or one with personal data.
pub fn id_of(name: &str, field: &str) -> Result<String> {
    let id = name.strip_prefix(COLLECTION).unwrap_or_default();
    if (1..=MAX_ID_CHARS).contains(&id.len()) && id.chars().all(tenant::is_name_character) {
        check_impersonal(id, field)?;
        return Ok(id.to_owned());
    }
    let reason = format!(
        "send \"conversations/{{id}}\" with an id of 1 to {MAX_ID_CHARS} letters, digits, \"-\", \"_\", \".\""
    );
    Err(Error::invalid(field, reason))
}

/// A conversation on the wire.
fn conversation(kept: KeptConversation) -> proto::Conversation {
    let turn = |turn: &Turn| {
        let role = match turn.role {
            Role::Customer => proto::Role::Customer,
            Role::Agent => proto::Role::Agent,
            Role::Bot => proto::Role::Bot,
        };
        proto::Turn { role: role.into(), text: turn.text.clone() }
    };
    let time = |ms: i64| (ms != 0).then(|| resources::time(ms));
    proto::Conversation {
        state: Some(decision::conversation(&kept.state)),
        turns: kept.turns().iter().map(turn).collect(),
        update_time: time(kept.update_ms),
        expire_time: time(kept.expire_ms).filter(|_| kept.state.owner.bot_may_send()),
    }
}
