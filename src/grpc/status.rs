//! The one place that maps errors to gRPC codes and details.

use std::{collections::HashMap, time::Duration};

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

use crate::Error;

/// Domain of the reasons in ErrorInfo.
const DOMAIN: &str = "frontdesk";

/// Code and reason of an error; the reasons are stable.
fn classify(error: &Error) -> (Code, &'static str) {
    match error {
        Error::Invalid { .. } => (Code::InvalidArgument, "INVALID_FIELD"),
        Error::NotFound { .. } => (Code::NotFound, "NOT_FOUND"),
        Error::AlreadyExists { .. } => (Code::AlreadyExists, "ALREADY_EXISTS"),
        Error::Conflict { .. } => (Code::Aborted, "CONFLICT"),
        Error::Precondition { .. } => (Code::FailedPrecondition, "PRECONDITION"),
        Error::Cancelled { .. } => (Code::Cancelled, "CANCELLED"),
        Error::Overloaded { .. } => (Code::Unavailable, "OVERLOADED"),
        Error::Stopping => (Code::Unavailable, "STOPPING"),
        Error::Loading => (Code::Unavailable, "LOADING"),
        Error::DeadlineExceeded => (Code::DeadlineExceeded, "DEADLINE_EXCEEDED"),
        Error::Storage(_) => (Code::Unavailable, "STORAGE"),
        Error::DiskFull => (Code::ResourceExhausted, "DISK_FULL"),
        Error::Index(_) => (Code::Internal, "INDEX"),
        Error::Compute(_) => (Code::Internal, "COMPUTE"),
        Error::Model { .. }
        | Error::Policy { .. }
        | Error::DataFolder { .. }
        | Error::File { .. }
        | Error::Internal(_) => (Code::Internal, "INTERNAL"),
    }
}

/// The status that a caller gets for an error.
pub fn from_error(error: &Error) -> Status {
    let (code, reason) = classify(error);
    let mut details = ErrorDetails::with_error_info(reason, DOMAIN, HashMap::new());
    match error {
        Error::Invalid { field, reason } => {
            details.add_bad_request_violation(field.clone(), reason.clone());
        }
        Error::NotFound { resource } | Error::AlreadyExists { resource } => {
            details.set_resource_info("", resource.clone(), "", "");
        }
        Error::Overloaded { retry_after } => {
            details.set_retry_info(Some(*retry_after));
        }
        Error::Storage(_) | Error::Stopping | Error::Loading => {
            details.set_retry_info(Some(Duration::from_secs(1)));
        }
        _ => {}
    }
    let message = match code {
        // What went wrong inside is for the log; paths and SQL are none of the caller's business.
        Code::Internal => "internal fault; the server's log says more".to_owned(),
        _ if matches!(error, Error::Storage(_)) => "the store is not available; try again".to_owned(),
        _ => error.to_string(),
    };
    Status::with_error_details(code, message, details)
}

/// Code and message of an error, for results that carry them in the body.
pub fn code_and_message(error: &Error) -> (i32, String) {
    let status = from_error(error);
    (status.code() as i32, status.message().to_owned())
}

/// Logs an error once: the caller's mistakes quietly, the server's faults loudly.
///
/// The text of an error never holds a customer's text.
pub fn log(method: &'static str, error: &Error, elapsed_us: u64) {
    match classify(error).0 {
        // Refusals under load are many and cost nothing; the callers are told to come again.
        _ if matches!(error, Error::Overloaded { .. } | Error::Stopping | Error::Loading) => {
            tracing::debug!(method, elapsed_us, %error, "refused");
        }
        Code::Internal | Code::Unavailable | Code::ResourceExhausted => {
            tracing::error!(method, elapsed_us, %error, "failed");
        }
        code => tracing::debug!(method, elapsed_us, ?code, %error, "refused"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_field_is_named_in_the_details() {
        let status = from_error(&Error::invalid("turns[2].role", "send CUSTOMER, AGENT or BOT"));
        assert_eq!(status.code(), Code::InvalidArgument);
        let violations = status.get_details_bad_request().expect("a BadRequest").field_violations;
        assert_eq!(violations[0].field, "turns[2].role");
        assert_eq!(status.get_details_error_info().expect("an ErrorInfo").reason, "INVALID_FIELD");
    }

    #[test]
    fn overload_says_when_to_retry() {
        let status = from_error(&Error::Overloaded { retry_after: Duration::from_millis(250) });
        assert_eq!(status.code(), Code::Unavailable);
        let retry = status.get_details_retry_info().expect("a RetryInfo").retry_delay;
        assert_eq!(retry, Some(Duration::from_millis(250)));
    }

    #[test]
    fn faults_inside_do_not_tell_callers_where() {
        let status = from_error(&Error::data_folder("/secret/place", "disk full"));
        assert_eq!(status.code(), Code::Internal);
        assert!(!status.message().contains("secret"));
    }
}
