//! The contract over gRPC: thin handlers that check, call the desk or the knowledge, and map.

mod check;
pub mod client;
pub mod contract;
mod conversations;
mod decision;
mod decisions;
mod differences;
mod import;
mod info;
mod knowledge;
mod knowledge_quality;
mod layers;
mod operations;
pub(crate) mod resources;
mod search;
mod status;
pub mod tenant;
mod triage;
mod turn;

use std::{
    future::Future,
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

use tonic::{Request, Response, Status, metadata::MetadataMap};

pub use conversations::ConversationHandler;
pub use decisions::DecisionHandler;
pub use info::ServerInfo;
pub use knowledge::KnowledgeHandler;
pub use layers::{CatchPanicLayer, DecodeErrorLayer, decode_error_layer};
pub use operations::OperationsHandler;
pub use triage::TriageHandler;

use crate::{
    Error, Result, desk::Desk, records::Records, settings::Settings, tenants::Tenants, workers::Workers,
};

/// What the handlers work with, once everything is loaded.
pub struct App {
    /// Decides.
    pub desk: Arc<Desk>,
    /// Whose rules decide.
    pub tenants: Arc<Tenants>,
    /// Keeps decisions and conversations.
    pub records: Records,
    /// Computes.
    pub workers: Workers,
    /// The settings that the server runs with.
    pub settings: Settings,
}

/// The place where the application appears when it is loaded; calls before that get UNAVAILABLE.
#[derive(Clone, Default)]
pub struct AppCell(Arc<OnceLock<App>>);

impl AppCell {
    /// Makes the application available to the handlers. The first one stays.
    pub fn set(&self, app: App) {
        // A second one would mean that the server was started twice on one cell.
        let _ = self.0.set(app);
    }

    /// Waits until what was recorded so far is stored.
    pub async fn settle(&self) {
        if let Some(app) = self.0.get() {
            tokio::join!(app.desk.knowledge().settle(), app.records.settle());
        }
    }

    /// The application.
    ///
    /// # Errors
    /// UNAVAILABLE while it is loading.
    fn get(&self) -> Result<&App, Status> {
        self.0.get().ok_or_else(|| status::from_error(&Error::Loading))
    }
}

/// Answers early enough that the caller sees this deadline and not the transport's cut.
const DEADLINE_LEAD: Duration = Duration::from_millis(5);

/// What a call that works through a whole knowledge base may take when its caller does not say.
const LONG_DEADLINE: Duration = Duration::from_secs(3600);

/// Bytes of a request id; it is stored and logged.
const MAX_REQUEST_ID_BYTES: usize = 128;

/// When the caller stops waiting: its own deadline, or the server's default.
fn deadline(metadata: &MetadataMap, default: Duration) -> Instant {
    let of_caller =
        metadata.get("grpc-timeout").and_then(|value| value.to_str().ok()).and_then(parse_timeout);
    Instant::now() + of_caller.map_or(default, |timeout| timeout.saturating_sub(DEADLINE_LEAD))
}

/// Reads a `grpc-timeout`: at most eight digits and a unit (gRPC over HTTP/2, "Timeout").
fn parse_timeout(value: &str) -> Option<Duration> {
    let (digits, unit) = value.split_at_checked(value.len().checked_sub(1)?)?;
    if digits.is_empty() || digits.len() > 8 {
        return None;
    }
    let count: u64 = digits.parse().ok()?;
    Some(match unit {
        "H" => Duration::from_secs(count * 3600),
        "M" => Duration::from_secs(count * 60),
        "S" => Duration::from_secs(count),
        "m" => Duration::from_millis(count),
        "u" => Duration::from_micros(count),
        "n" => Duration::from_nanos(count),
        _ => return None,
    })
}

/// Runs a handler until its deadline and maps its error, which is logged here and only here.
async fn answer<Q, A, F>(
    app: &AppCell,
    method: &'static str,
    request: Request<Q>,
    handler: impl FnOnce(Arc<OnceLock<App>>, Q, Instant) -> F,
) -> Result<Response<A>, Status>
where
    F: Future<Output = Result<A>>,
{
    let default = match method {
        // As long as there are articles, or work is under way; the caller may always set less.
        "ImportArticles" | "RollbackIndex" | "WaitOperation" | "CheckKnowledgeBase" | "LintKnowledgeBase" => {
            LONG_DEADLINE
        }
        _ => Duration::from_millis(app.get()?.settings.workers.deadline_ms),
    };
    let deadline = deadline(request.metadata(), default);
    let started = Instant::now();
    let work = handler(Arc::clone(&app.0), request.into_inner(), deadline);
    let outcome =
        tokio::time::timeout_at(deadline.into(), work).await.unwrap_or(Err(Error::DeadlineExceeded));
    let elapsed_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    match outcome {
        Ok(reply) => {
            tracing::debug!(method, elapsed_us, "answered");
            Ok(Response::new(reply))
        }
        Err(error) => {
            status::log(method, &error, elapsed_us);
            Err(status::from_error(&error))
        }
    }
}

/// The application of a cell that [`answer`] has found loaded.
fn loaded(app: &OnceLock<App>) -> Result<&App> {
    app.get().ok_or(Error::Stopping)
}

/// The caller's request id, or a new one.
///
/// # Errors
/// [`Error::Invalid`] when it is too long or holds control characters.
fn request_id(id: &str, field: &str) -> Result<String> {
    if id.is_empty() {
        return Ok(uuid::Uuid::now_v7().to_string());
    }
    if id.len() > MAX_REQUEST_ID_BYTES || id.chars().any(char::is_control) {
        let reason = format!("send at most {MAX_REQUEST_ID_BYTES} bytes without control characters");
        return Err(Error::invalid(field, reason));
    }
    Ok(id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timeouts_are_read_as_the_specification_writes_them() {
        let cases = [
            ("1S", Some(Duration::from_secs(1))),
            ("250m", Some(Duration::from_millis(250))),
            ("99999999u", Some(Duration::from_micros(99_999_999))),
            ("999999999S", None),
            ("1", None),
            ("", None),
            ("S", None),
            ("1x", None),
            ("秒", None),
        ];
        for (value, expected) in cases {
            assert_eq!(parse_timeout(value), expected, "{value:?}");
        }
    }

    #[test]
    fn request_ids_are_made_when_missing_and_checked_when_sent() {
        assert_eq!(request_id("a-1", "request_id").expect("valid"), "a-1");
        assert_ne!(request_id("", "request_id").expect("made"), request_id("", "request_id").expect("made"));
        assert!(request_id("a\nb", "request_id").is_err());
        assert!(request_id(&"a".repeat(129), "request_id").is_err());
    }
}
