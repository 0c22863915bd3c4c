//! DecisionService: kept decisions, and made again.

use std::{sync::Arc, time::Instant};

use prost::Message;
use tonic::{Request, Response, Status};

use super::{App, AppCell, answer, decision, differences::differences, loaded, tenant};
use crate::{
    Error, Result,
    desk::{self, Tenant},
    policy::{Case, Versions},
    proto::{self, decision_service_server::DecisionService},
    records::KeptDecision,
};

/// What stands before the id of a decision.
const COLLECTION: &str = "decisions/";

/// Answers the rpcs of DecisionService.
#[derive(Clone)]
pub struct DecisionHandler(pub AppCell);

#[tonic::async_trait]
impl DecisionService for DecisionHandler {
    async fn get_decision(
        &self,
        request: Request<proto::GetDecisionRequest>,
    ) -> Result<Response<proto::GetDecisionResponse>, Status> {
        let tenant = tenant::name(request.metadata());
        answer(&self.0, "GetDecision", request, |app, request, _| async move {
            get_decision(loaded(&app)?, &tenant?, &request.name).await
        })
        .await
    }

    async fn replay_decision(
        &self,
        request: Request<proto::ReplayDecisionRequest>,
    ) -> Result<Response<proto::ReplayDecisionResponse>, Status> {
        let tenant = tenant::name(request.metadata());
        answer(&self.0, "ReplayDecision", request, |app, request, deadline| async move {
            replay_decision(loaded(&app)?, &tenant?, request, deadline).await
        })
        .await
    }
}

async fn get_decision(app: &App, tenant: &str, name: &str) -> Result<proto::GetDecisionResponse> {
    let kept = app.records.decision(tenant, &id_of(name)?).await?;
    Ok(proto::GetDecisionResponse { decision: Some(as_given(&kept.decision)?) })
}

async fn replay_decision(
    app: &App,
    tenant: &str,
    request: proto::ReplayDecisionRequest,
    deadline: Instant,
) -> Result<proto::ReplayDecisionResponse> {
    let kept = app.records.decision(tenant, &id_of(&request.name)?).await?;
    let current = request.use_current_rules.then(|| tenant::rules(app, tenant));
    let now = app.desk.versions();
    let replayed = app.workers.run(Some(deadline), move || replay(kept, current, now)).await?;
    Ok(replayed.0)
}

/// Makes a kept decision again, by the rules of then unless others are given.
fn replay(
    kept: KeptDecision,
    current: Option<Arc<Tenant>>,
    now: Versions,
) -> Result<proto::ReplayDecisionResponse> {
    let given = as_given(&kept.decision)?;
    let mut case: Case = kept.case;
    let tenant = match current {
        Some(tenant) => {
            case.versions.rules = tenant.version();
            tenant
        }
        None => Arc::new(kept.rules.tenant(&case.tenant)?),
    };
    // This program concludes, whichever did then; labels and passages are those of then.
    (case.versions.program, case.versions.taxonomy) = (now.program, now.taxonomy);
    let again = decision::decision(&case, &desk::conclude(&case, &tenant));
    let identical = again.encode_to_vec() == kept.decision;
    let differences = if identical { Vec::new() } else { differences(&given, &again)? };
    Ok(proto::ReplayDecisionResponse { decision: Some(again), identical, differences })
}

/// A decision as it was given, from its kept bytes.
///
/// # Errors
/// [`Error::Internal`] when this program cannot decode them.
pub fn as_given(encoded: &[u8]) -> Result<proto::Decision> {
    proto::Decision::decode(encoded)
        .map_err(|error| Error::Internal(format!("a kept decision cannot be decoded: {error}")))
}

/// The id in a decision's resource name.
fn id_of(name: &str) -> Result<String> {
    let id = name.strip_prefix(COLLECTION).and_then(|id| uuid::Uuid::try_parse(id).ok());
    let reason = "send \"decisions/{id}\", the name that a decision carries";
    id.map(|id| id.to_string()).ok_or_else(|| Error::invalid("name", reason))
}
