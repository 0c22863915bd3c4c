//! TriageService.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::{StreamExt, stream};
use jiff::Timestamp;
use prost::Message;
use tonic::{Response, Status};

use super::{
    App, AppCell, answer, check, decision, loaded, status, tenant,
    turn::{self, Given},
};
use crate::{
    Error, Result,
    desk::{Request, Tenant, Timing},
    proto::{self, batch_triage_result::Outcome, triage_service_server::TriageService},
    records::Record,
};

/// Answers the rpcs of TriageService.
#[derive(Clone)]
pub struct TriageHandler(pub AppCell);

#[tonic::async_trait]
impl TriageService for TriageHandler {
    async fn classify(
        &self,
        request: tonic::Request<proto::ClassifyRequest>,
    ) -> Result<Response<proto::ClassifyResponse>, Status> {
        answer(&self.0, "Classify", request, |app, request, deadline| async move {
            classify(loaded(&app)?, request, deadline).await
        })
        .await
    }

    async fn triage(
        &self,
        request: tonic::Request<proto::TriageRequest>,
    ) -> Result<Response<proto::TriageResponse>, Status> {
        let tenant = tenant::name(request.metadata());
        answer(&self.0, "Triage", request, |app, request, deadline| async move {
            let app = loaded(&app)?;
            triage(app, &tenant::rules(app, &tenant?), request, deadline).await
        })
        .await
    }

    async fn batch_triage(
        &self,
        request: tonic::Request<proto::BatchTriageRequest>,
    ) -> Result<Response<proto::BatchTriageResponse>, Status> {
        let tenant = tenant::name(request.metadata());
        answer(&self.0, "BatchTriage", request, |app, request, deadline| async move {
            let app = loaded(&app)?;
            batch(app, &tenant::rules(app, &tenant?), request, deadline).await
        })
        .await
    }
}

async fn classify(
    app: &App,
    request: proto::ClassifyRequest,
    deadline: Instant,
) -> Result<proto::ClassifyResponse> {
    let message = check::classify(request, &app.settings.triage)?;
    let request_id = message.request_id.clone();
    let desk = Arc::clone(&app.desk);
    let (classified, _) = app.workers.run(Some(deadline), move || desk.classify(&message)).await?;
    let versions = app.desk.versions();
    Ok(proto::ClassifyResponse {
        request_id,
        labels: Some(decision::labels(&classified, app.settings.triage.intents_shown)),
        versions: Some(decision::versions(&versions)),
    })
}

async fn triage(
    app: &App,
    tenant: &Arc<Tenant>,
    request: proto::TriageRequest,
    deadline: Instant,
) -> Result<proto::TriageResponse> {
    let place = turn::place_of(&request)?;
    let request = check::triage(request, &app.settings.triage, Timestamp::now())?;
    let given = match place {
        Some(place) => turn::decide(app, tenant, request, &place, deadline).await?,
        None => alone(app, tenant, request, deadline).await?,
    };
    Ok(proto::TriageResponse {
        decision: Some(given.decision),
        timing: Some(timing(&given.timing, given.queued)),
        personal_data: given.personal_data,
    })
}

/// Decides a message of no kept conversation.
async fn alone(app: &App, tenant: &Arc<Tenant>, mut request: Request, deadline: Instant) -> Result<Given> {
    let slot = app.records.reserve();
    request.decision_id = slot.as_ref().map(|slot| slot.id().to_owned()).unwrap_or_default();
    let (desk, rules) = (Arc::clone(&app.desk), Arc::clone(tenant));
    let work = move || {
        let decided = desk.triage(&request, &rules)?;
        let decision = decision::decision(&decided.case, &decided.concluded);
        let personal_data = decision::personal_data(&request.message.text, &decided.personal_data);
        Ok((decided, decision, personal_data))
    };
    let ((decided, decision, personal_data), queued) = app.workers.run(Some(deadline), work).await?;
    if let Some(slot) = slot {
        let (tenant, encoded) = (Arc::clone(tenant), decision.encode_to_vec());
        slot.keep(Record { tenant, case: decided.case, decision: encoded });
    }
    Ok(Given { decision, timing: decided.timing, queued, personal_data })
}

/// Decides every message by itself, a few at once, and keeps their order.
async fn batch(
    app: &App,
    tenant: &Arc<Tenant>,
    request: proto::BatchTriageRequest,
    deadline: Instant,
) -> Result<proto::BatchTriageResponse> {
    let (count, max) = (request.requests.len(), app.settings.triage.max_batch);
    if count == 0 || count > max {
        return Err(Error::invalid("requests", format!("are {count}; send 1 to {max}")));
    }
    // One a thread: more threads decide than there are cores, so that none is idle, and the queue stays free
    // for other callers.
    let at_once = app.workers.num_threads().min(app.settings.workers.queue);
    let mut results: Vec<(usize, proto::BatchTriageResult)> = stream::iter(turn::in_groups(request.requests))
        .map(|group| async move {
            let mut results = Vec::with_capacity(group.len());
            for (place, request) in group {
                results.push((place, batch_result(app, tenant, request, deadline).await));
            }
            results
        })
        .buffer_unordered(at_once)
        .concat()
        .await;
    results.sort_unstable_by_key(|(place, _)| *place);
    Ok(proto::BatchTriageResponse { results: results.into_iter().map(|(_, result)| result).collect() })
}

async fn batch_result(
    app: &App,
    tenant: &Arc<Tenant>,
    request: proto::TriageRequest,
    deadline: Instant,
) -> proto::BatchTriageResult {
    let outcome = match triage(app, tenant, request, deadline).await {
        Ok(response) => Outcome::Response(response),
        Err(error) => {
            status::log("BatchTriage", &error, 0);
            Outcome::Error(batch_error(&error))
        }
    };
    proto::BatchTriageResult { outcome: Some(outcome) }
}

fn batch_error(error: &Error) -> proto::BatchError {
    let (code, message) = status::code_and_message(error);
    let field = match error {
        Error::Invalid { field, .. } => field.clone(),
        _ => String::new(),
    };
    proto::BatchError { code, message, field }
}

fn timing(timing: &Timing, queued: Duration) -> proto::Timing {
    proto::Timing {
        queue_us: u64::try_from(queued.as_micros()).unwrap_or(u64::MAX),
        prepare_us: timing.prepare_us,
        encode_us: timing.encode_us,
        search_us: timing.search_us,
        decide_us: timing.decide_us,
    }
}
