//! The one error of the library: a variant per thing that a caller can act on.

use std::{path::PathBuf, time::Duration};

/// Result of everything in this crate that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, told so that the reader knows what to do about it.
///
/// No variant carries a customer's text.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A field of a request is wrong; the caller can mend it.
    #[error("{field}: {reason}")]
    Invalid {
        /// Path of the field in the request, for example `turns[2].role`.
        field: String,
        /// What is wrong and what to send instead.
        reason: String,
    },
    /// The named resource is not there.
    #[error("{resource} does not exist")]
    NotFound {
        /// Resource name, for example `knowledgeBases/shop`.
        resource: String,
    },
    /// A resource of this name is there already.
    #[error("{resource} exists already")]
    AlreadyExists {
        /// Resource name.
        resource: String,
    },
    /// Somebody else changed the resource first, or is changing it now; read it again and retry.
    #[error("{resource}: {reason}")]
    Conflict {
        /// Resource name.
        resource: String,
        /// What happened meanwhile.
        reason: String,
    },
    /// The state of the resource does not allow this.
    #[error("{resource}: {reason}")]
    Precondition {
        /// Resource name.
        resource: String,
        /// What has to be done first.
        reason: String,
    },
    /// Somebody asked for the end of the work before it was done.
    #[error("{resource} was cancelled")]
    Cancelled {
        /// Resource name.
        resource: String,
    },
    /// Too much work is waiting; try again after the delay.
    #[error("too many requests are waiting; try again in {} ms", retry_after.as_millis())]
    Overloaded {
        /// When a retry has a chance.
        retry_after: Duration,
    },
    /// The caller's deadline passed before the answer was ready.
    #[error("the deadline passed before the answer was ready; a change that was begun is still carried out")]
    DeadlineExceeded,
    /// The server is loading its model and its knowledge.
    #[error("the server is loading its model; try again in a moment")]
    Loading,
    /// The server is stopping.
    #[error("the server is stopping")]
    Stopping,
    /// The model folder cannot be used.
    #[error("model folder {}: {reason}", path.display())]
    Model {
        /// The folder, or the file in it.
        path: PathBuf,
        /// What is wrong and what to do.
        reason: String,
    },
    /// A tenant's files cannot be used.
    #[error("{}: {reason}", path.display())]
    Policy {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong and what to do; a line a mistake.
        reason: String,
    },
    /// The data folder cannot be used.
    #[error("data folder {}: {reason}", path.display())]
    DataFolder {
        /// The folder, or the file in it.
        path: PathBuf,
        /// What is wrong and what to do.
        reason: String,
    },
    /// The store failed; what was acknowledged before is safe.
    #[error("the store failed: {0}")]
    Storage(#[source] sqlx::Error),
    /// The disk of the data folder is full; everything can still be read.
    #[error("the disk of the data folder is full; free some space and send the request again")]
    DiskFull,
    /// The search index failed; it can be rebuilt from the store with `reindex`.
    #[error("the search index failed: {0}")]
    Index(#[source] tantivy::TantivyError),
    /// The model's computation failed.
    #[error("the model's computation failed: {0}")]
    Compute(#[from] candle_core::Error),
    /// Reading or writing a file failed.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A fault of this program.
    #[error("internal fault: {0}")]
    Internal(String),
}

impl Error {
    /// An [`Error::Invalid`].
    pub fn invalid(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Invalid { field: field.into(), reason: reason.into() }
    }

    /// An [`Error::Model`].
    pub fn model(path: impl Into<PathBuf>, reason: impl Into<String>) -> Self {
        Self::Model { path: path.into(), reason: reason.into() }
    }

    /// An [`Error::DataFolder`].
    pub fn data_folder(path: impl Into<PathBuf>, reason: impl Into<String>) -> Self {
        Self::DataFolder { path: path.into(), reason: reason.into() }
    }

    /// An [`Error::Policy`].
    pub fn policy(path: impl Into<PathBuf>, reason: impl Into<String>) -> Self {
        Self::Policy { path: path.into(), reason: reason.into() }
    }

    /// An [`Error::File`], or [`Error::DiskFull`] when that is the reason.
    pub fn file(path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        if is_disk_full(&source) { Self::DiskFull } else { Self::File { path: path.into(), source } }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        // SQLITE_FULL.
        let code = error.as_database_error().and_then(|error| error.code()).is_some_and(|code| code == "13");
        let is_full = code || matches!(&error, sqlx::Error::Io(source) if is_disk_full(source));
        if is_full { Self::DiskFull } else { Self::Storage(error) }
    }
}

impl From<tantivy::TantivyError> for Error {
    fn from(error: tantivy::TantivyError) -> Self {
        use tantivy::{TantivyError, directory::error::OpenWriteError};
        let is_full = match &error {
            TantivyError::IoError(source) => is_disk_full(source),
            TantivyError::OpenWriteError(OpenWriteError::IoError { io_error, .. }) => is_disk_full(io_error),
            _ => false,
        };
        if is_full { Self::DiskFull } else { Self::Index(error) }
    }
}

fn is_disk_full(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded)
}
