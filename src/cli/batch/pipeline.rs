//! Decides chunks of messages, a few at a time, and gives them back in order.

use std::{collections::VecDeque, future::Future, time::Duration};

use serde::Serialize;
use tokio::task::JoinHandle;

use super::input::{Chunks, Line};
use crate::{
    grpc::client::{ClientError, Code},
    json,
    proto::{BatchError, BatchTriageResult, TriageRequest, batch_triage_result::Outcome},
};

/// Calls that run at once: one that is computed, one that waits for it, one on its way.
const CALLS_IN_FLIGHT: usize = 3;
/// Longest wait between two tries.
const MAX_WAIT: Duration = Duration::from_secs(10);

/// How long a server that takes nothing is asked again.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// Tries before it counts as gone.
    pub(super) max_tries: u32,
    /// Wait after the first try when the server says none; it doubles with each.
    pub(super) first_wait: Duration,
}

impl Default for Patience {
    /// About a minute in all: a server that restarts is back by then.
    fn default() -> Self {
        Self { max_tries: 12, first_wait: Duration::from_millis(100) }
    }
}

impl Patience {
    /// How long to wait after a try, counted from 0: as the server says, else twice as long each.
    fn wait(self, attempt: u32, told: Option<Duration>) -> Duration {
        told.unwrap_or_else(|| self.first_wait * 2u32.saturating_pow(attempt.min(16))).min(MAX_WAIT)
    }
}

/// Decides messages; one result a message, in their order.
pub(super) trait Decide: Clone + Send + Sync + 'static {
    /// Sends one call.
    fn decide(
        &self,
        requests: Vec<TriageRequest>,
    ) -> impl Future<Output = Result<Vec<BatchTriageResult>, ClientError>> + Send;
}

impl<F, R> Decide for F
where
    F: Fn(Vec<TriageRequest>) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = Result<Vec<BatchTriageResult>, ClientError>> + Send,
{
    async fn decide(&self, requests: Vec<TriageRequest>) -> Result<Vec<BatchTriageResult>, ClientError> {
        self(requests).await
    }
}

/// The calls that run, oldest first. Dropping it gives them up.
pub(super) struct InFlight<D> {
    decide: D,
    patience: Patience,
    calls: VecDeque<JoinHandle<Result<Vec<String>, ClientError>>>,
}

impl<D: Decide> InFlight<D> {
    /// No call runs yet.
    pub(super) fn new(decide: D, patience: Patience) -> Self {
        Self { decide, patience, calls: VecDeque::new() }
    }

    /// Starts calls until enough run.
    pub(super) fn fill<I>(&mut self, chunks: &mut Chunks<I>) -> anyhow::Result<()>
    where
        I: Iterator<Item = anyhow::Result<Line>>,
    {
        while self.calls.len() < CALLS_IN_FLIGHT {
            let chunk = chunks.next_chunk()?;
            if chunk.is_empty() {
                break;
            }
            let (decide, patience) = (self.decide.clone(), self.patience);
            self.calls.push_back(tokio::spawn(async move { written(&decide, patience, chunk).await }));
        }
        Ok(())
    }

    /// The lines of the oldest call; `None` when none runs. May be dropped and called again.
    pub(super) async fn next(&mut self) -> Option<Result<Vec<String>, ClientError>> {
        let done = self.calls.front_mut()?.await;
        self.calls.pop_front();
        Some(done.unwrap_or_else(|error| Err(ClientError::new(Code::Internal, error.to_string()))))
    }
}

impl<D> Drop for InFlight<D> {
    fn drop(&mut self) {
        self.calls.iter().for_each(JoinHandle::abort);
    }
}

/// A line of the output for a message that was not decided.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FailedLine<'a> {
    request_id: &'a str,
    error: FailedReason<'a>,
}

#[derive(Serialize)]
struct FailedReason<'a> {
    code: i32,
    message: &'a str,
    field: &'a str,
    line: usize,
}

/// Decides a chunk and writes it as JSON, one line a message.
async fn written(
    decide: &impl Decide,
    patience: Patience,
    chunk: Vec<Line>,
) -> Result<Vec<String>, ClientError> {
    let requests: Vec<TriageRequest> = chunk.iter().filter_map(|line| line.request.clone().ok()).collect();
    let mut outcomes = decided(decide, patience, requests).await?.into_iter();
    let written = chunk.iter().map(|line| {
        let outcome = match &line.request {
            Ok(_) => outcomes.next().unwrap_or_else(|| Outcome::Error(BatchError::default())),
            Err(error) => Outcome::Error(BatchError {
                code: Code::InvalidArgument.into(),
                message: error.to_string(),
                field: error.field.clone(),
            }),
        };
        line_of(line, &outcome)
    });
    written.collect()
}

fn line_of(line: &Line, outcome: &Outcome) -> Result<String, ClientError> {
    let internal = |error: String| ClientError::new(Code::Internal, error);
    match outcome {
        Outcome::Response(response) => json::to_json(response).map_err(|error| internal(error.to_string())),
        Outcome::Error(BatchError { code, message, field }) => {
            let error = FailedReason { code: *code, message, field, line: line.number };
            serde_json::to_string(&FailedLine { request_id: &line.id, error })
                .map_err(|error| internal(error.to_string()))
        }
    }
}

/// Decides messages, trying again those that the server cannot take now.
async fn decided(
    decide: &impl Decide,
    patience: Patience,
    requests: Vec<TriageRequest>,
) -> Result<Vec<Outcome>, ClientError> {
    let mut outcomes: Vec<Option<Outcome>> = vec![None; requests.len()];
    let mut last = ClientError::new(Code::Unavailable, "the server is busy");
    for attempt in 0..patience.max_tries {
        let open: Vec<usize> = (0..requests.len()).filter(|&index| outcomes[index].is_none()).collect();
        if open.is_empty() {
            break;
        }
        match decide.decide(open.iter().map(|&index| requests[index].clone()).collect()).await {
            Ok(results) if results.len() == open.len() => {
                for (&index, result) in open.iter().zip(results) {
                    outcomes[index] = result.outcome.filter(|outcome| !is_transient(outcome));
                }
            }
            Ok(results) => {
                let message =
                    format!("the server sent {} results for {} messages", results.len(), open.len());
                return Err(ClientError::new(Code::Internal, message));
            }
            Err(error) if error.is_transient() => last = error,
            Err(error) if concerns_everything(error.code) => return Err(error),
            Err(error) => one_by_one(decide, &requests, &open, &mut outcomes, error).await?,
        }
        if outcomes.contains(&None) {
            tokio::time::sleep(patience.wait(attempt, last.retry_after)).await;
        }
    }
    outcomes.into_iter().collect::<Option<Vec<_>>>().ok_or(last)
}

/// Decides messages whose common call failed each in a call of its own, so that one of them does
/// not spoil the others.
async fn one_by_one(
    decide: &impl Decide,
    requests: &[TriageRequest],
    open: &[usize],
    outcomes: &mut [Option<Outcome>],
    error: ClientError,
) -> Result<(), ClientError> {
    if let [only] = open {
        outcomes[*only] = Some(failed(error));
        return Ok(());
    }
    for &index in open {
        match decide.decide(vec![requests[index].clone()]).await {
            Ok(results) => {
                let outcome = results.into_iter().next().and_then(|result| result.outcome);
                outcomes[index] = outcome.filter(|outcome| !is_transient(outcome));
            }
            Err(error) if error.is_transient() => {}
            Err(error) if concerns_everything(error.code) => return Err(error),
            Err(error) => outcomes[index] = Some(failed(error)),
        }
    }
    Ok(())
}

fn failed(error: ClientError) -> Outcome {
    let field = error.violations.first().map(|violation| violation.field.clone()).unwrap_or_default();
    Outcome::Error(BatchError { code: error.code.into(), message: error.message, field })
}

fn is_transient(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Error(error) if error.code == i32::from(Code::Unavailable))
}

/// Whether an error has nothing to do with the messages that were sent.
fn concerns_everything(code: Code) -> bool {
    matches!(code, Code::Unauthenticated | Code::PermissionDenied | Code::Unimplemented | Code::Cancelled)
}
