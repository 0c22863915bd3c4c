//! TriageService.

use std::{
    ops::Range,
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::{StreamExt, stream};
use jiff::Timestamp;
use tonic::{Request, Response, Status};

use super::{App, AppCell, answer, check, decision, loaded, status};
use crate::{
    Error, Result,
    desk::Timing,
    proto::{self, batch_triage_result::Outcome, triage_service_server::TriageService},
    text::redact::Kind,
};

/// Answers the rpcs of TriageService.
#[derive(Clone)]
pub struct TriageHandler(pub AppCell);

#[tonic::async_trait]
impl TriageService for TriageHandler {
    async fn classify(
        &self,
        request: Request<proto::ClassifyRequest>,
    ) -> Result<Response<proto::ClassifyResponse>, Status> {
        answer(&self.0, "Classify", request, |app, request, deadline| async move {
            classify(loaded(&app)?, request, deadline).await
        })
        .await
    }

    async fn triage(
        &self,
        request: Request<proto::TriageRequest>,
    ) -> Result<Response<proto::TriageResponse>, Status> {
        answer(&self.0, "Triage", request, |app, request, deadline| async move {
            triage(loaded(&app)?, request, deadline).await
        })
        .await
    }

    async fn batch_triage(
        &self,
        request: Request<proto::BatchTriageRequest>,
    ) -> Result<Response<proto::BatchTriageResponse>, Status> {
        answer(&self.0, "BatchTriage", request, |app, request, deadline| async move {
            batch(loaded(&app)?, request, deadline).await
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
    request: proto::TriageRequest,
    deadline: Instant,
) -> Result<proto::TriageResponse> {
    let request = check::triage(request, &app.settings.triage, Timestamp::now())?;
    let (desk, tenant, text) =
        (Arc::clone(&app.desk), app.tenants.default_tenant(), request.message.text.clone());
    let (decided, queued) = app.workers.run(Some(deadline), move || desk.triage(&request, &tenant)).await?;
    Ok(proto::TriageResponse {
        decision: Some(decision::decision(&decided.case, &decided.concluded)),
        timing: Some(timing(&decided.timing, queued)),
        personal_data: personal_data(&text, &decided.personal_data),
    })
}

/// Decides every message by itself, a few at once, and keeps their order.
async fn batch(
    app: &App,
    request: proto::BatchTriageRequest,
    deadline: Instant,
) -> Result<proto::BatchTriageResponse> {
    let (count, max) = (request.requests.len(), app.settings.triage.max_batch);
    if count == 0 || count > max {
        return Err(Error::invalid("requests", format!("are {count}; send 1 to {max}")));
    }
    // Two per thread keep every thread busy without filling the queue before other callers.
    let at_once = (2 * app.workers.num_threads()).min(app.settings.workers.queue);
    let results = stream::iter(request.requests)
        .map(|request| async move {
            let outcome = match triage(app, request, deadline).await {
                Ok(response) => Outcome::Response(response),
                Err(error) => {
                    status::log("BatchTriage", &error, 0);
                    Outcome::Error(batch_error(&error))
                }
            };
            proto::BatchTriageResult { outcome: Some(outcome) }
        })
        .buffered(at_once)
        .collect()
        .await;
    Ok(proto::BatchTriageResponse { results })
}

fn batch_error(error: &Error) -> proto::BatchError {
    let (code, message) = status::code_and_message(error);
    let field = match error {
        Error::Invalid { field, .. } => field.clone(),
        _ => String::new(),
    };
    proto::BatchError { code, message, field }
}

/// Personal data with its text, for the caller alone.
fn personal_data(text: &str, found: &[(Range<usize>, Kind)]) -> Vec<proto::PersonalData> {
    let on_wire = |(span, kind): &(Range<usize>, Kind)| proto::PersonalData {
        kind: kind.name().to_owned(),
        start_byte: decision::position(span.start),
        end_byte: decision::position(span.end),
        text: text.get(span.clone()).unwrap_or_default().to_owned(),
    };
    found.iter().map(on_wire).collect()
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
