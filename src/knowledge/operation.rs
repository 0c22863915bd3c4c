//! One piece of work that outlives the call that started it.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{name::BaseName, requests::ReindexReport};
use crate::{Error, Result};

/// Name of an operation, `operations/{uuid}`; always well formed, and in the order of starting.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OperationName(String);

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperationKind {
    /// Builds the index of a knowledge base anew.
    Reindex,
}

/// What a reindex is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReindexStep {
    /// Reads the articles.
    Reading,
    /// Encodes passages into vectors.
    Encoding,
    /// Writes the index.
    Indexing,
    /// Asks the new index what the live one answers.
    Checking,
    /// Reads the new index into memory.
    Warming,
    /// Takes over what was written meanwhile and makes the new index live.
    Swapping,
}

/// How far an operation is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationProgress {
    /// What it is doing, or did last; `None` before it begins.
    pub step: Option<ReindexStep>,
    /// Articles that are done.
    pub num_articles_done: u64,
    /// Articles in the knowledge base when it began.
    pub num_articles_total: u64,
    /// Generation that it builds; 0 before it is known.
    pub generation: u64,
    /// Whether somebody asked it to stop.
    pub cancel_requested: bool,
}

/// How an operation ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The new index is live.
    Reindexed(ReindexReport),
    /// It failed, or was stopped.
    Failed(OperationFailure),
}

/// An [`Error`] in a form that can be stored; what a caller cannot act on is kept as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum OperationFailure {
    /// [`Error::NotFound`].
    NotFound {
        /// Resource name.
        resource: String,
    },
    /// [`Error::Conflict`].
    Conflict {
        /// Resource name.
        resource: String,
        /// What happened meanwhile.
        reason: String,
    },
    /// [`Error::Precondition`].
    Precondition {
        /// Resource name.
        resource: String,
        /// What has to be done first.
        reason: String,
    },
    /// [`Error::Cancelled`].
    Cancelled {
        /// Resource name.
        resource: String,
    },
    /// [`Error::Storage`].
    Storage {
        /// What the store said.
        reason: String,
    },
    /// Anything else: a fault of the server.
    Internal {
        /// What went wrong, for the log.
        reason: String,
    },
}

/// Work that outlives the call that started it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Its name.
    pub name: OperationName,
    /// What it does.
    pub kind: OperationKind,
    /// The knowledge base that it works on.
    pub base: BaseName,
    /// The caller's id of the request that started it; empty for none.
    pub request_id: String,
    /// How far it is.
    pub progress: OperationProgress,
    /// When it was started, in milliseconds since 1970.
    pub create_time_ms: i64,
    /// When its progress last changed, in milliseconds since 1970.
    pub update_time_ms: i64,
    /// When it ended, in milliseconds since 1970; `None` while it runs.
    pub end_time_ms: Option<i64>,
    /// How it ended; `None` while it runs.
    pub outcome: Option<Outcome>,
}

/// Which operations a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OperationFilter {
    /// Only those on this knowledge base.
    pub base: Option<BaseName>,
    /// Only those that are done, or only those that are not.
    pub done: Option<bool>,
}

impl OperationName {
    /// A name that no other operation has, after all earlier ones in order.
    pub(super) fn new() -> Self {
        Self(Uuid::now_v7().to_string())
    }

    /// Reads a resource name.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `field` when it is not of the form `operations/{uuid}`.
    pub fn parse(name: &str, field: &str) -> Result<Self> {
        name.strip_prefix("operations/").and_then(Self::from_id).ok_or_else(|| {
            Error::invalid(field, "send the name of an operation as it was given, operations/{operation}")
        })
    }

    /// Reads the last part of a name; only the usual spelling of a UUID is one.
    pub(super) fn from_id(id: &str) -> Option<Self> {
        let spelt = id.parse::<Uuid>().ok()?.to_string();
        (spelt == id).then_some(Self(spelt))
    }

    /// The last part of the name.
    pub(super) fn id(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OperationName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "operations/{}", self.0)
    }
}

impl OperationKind {
    /// The name that the store has for it.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Reindex => "reindex",
        }
    }

    /// The kind of a name in the store.
    pub(super) fn from_str(name: &str) -> Option<Self> {
        (name == Self::Reindex.as_str()).then_some(Self::Reindex)
    }
}

impl Operation {
    /// Whether it has ended.
    pub fn is_done(&self) -> bool {
        self.outcome.is_some()
    }
}

impl From<&Error> for OperationFailure {
    fn from(error: &Error) -> Self {
        match error {
            Error::NotFound { resource } => Self::NotFound { resource: resource.clone() },
            Error::Conflict { resource, reason } => {
                Self::Conflict { resource: resource.clone(), reason: reason.clone() }
            }
            Error::Precondition { resource, reason } => {
                Self::Precondition { resource: resource.clone(), reason: reason.clone() }
            }
            Error::Cancelled { resource } => Self::Cancelled { resource: resource.clone() },
            Error::Storage(cause) => Self::Storage { reason: cause.to_string() },
            Error::Internal(reason) => Self::Internal { reason: reason.clone() },
            other => Self::Internal { reason: other.to_string() },
        }
    }
}

impl From<OperationFailure> for Error {
    fn from(failure: OperationFailure) -> Self {
        match failure {
            OperationFailure::NotFound { resource } => Self::NotFound { resource },
            OperationFailure::Conflict { resource, reason } => Self::Conflict { resource, reason },
            OperationFailure::Precondition { resource, reason } => Self::Precondition { resource, reason },
            OperationFailure::Cancelled { resource } => Self::Cancelled { resource },
            OperationFailure::Storage { reason } => Self::Storage(sqlx::Error::Protocol(reason)),
            OperationFailure::Internal { reason } => Self::Internal(reason),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back_as_they_print_and_grow() {
        let (first, second) = (OperationName::new(), OperationName::new());
        assert!(first < second && first.id() < second.id());
        assert_eq!(OperationName::parse(&first.to_string(), "name").unwrap(), first);
        for wrong in ["", "operations/", "operations/1", first.id(), &first.to_string().to_uppercase()] {
            let error = OperationName::parse(wrong, "name").unwrap_err();
            assert!(matches!(&error, Error::Invalid { field, .. } if field == "name"), "{wrong}");
        }
    }

    #[test]
    fn a_failure_is_the_same_error_after_it_was_stored() {
        let resource = || "knowledgeBases/shop".to_owned();
        let errors = [
            Error::NotFound { resource: resource() },
            Error::Conflict { resource: resource(), reason: "is being reindexed".into() },
            Error::Precondition { resource: resource(), reason: "fails 3 golden questions".into() },
            Error::Cancelled { resource: resource() },
            Error::Internal("a panic".into()),
        ];
        for error in errors {
            let stored = serde_json::to_string(&OperationFailure::from(&error)).unwrap();
            let read: OperationFailure = serde_json::from_str(&stored).unwrap();
            let read = Error::from(read);
            assert_eq!(std::mem::discriminant(&read), std::mem::discriminant(&error));
            assert_eq!(read.to_string(), error.to_string());
        }
        let store = Error::Storage(sqlx::Error::PoolClosed);
        assert!(matches!(Error::from(OperationFailure::from(&store)), Error::Storage(_)));
    }
}
