//! A SQLite file that one connection writes and others read.
//!
//! One connection writes ([`writer`]), so that writers wait for each other instead of failing, and share
//! commits. A write is on the disk when its transaction's commit returns (WAL, `synchronous = FULL`).

mod writer;

use std::{
    path::Path,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use sqlx::{
    SqlitePool,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

pub(crate) use self::writer::{Transaction, Writer};
use crate::{Error, Result};

/// Connections that read at the same time.
const NUM_READERS: u32 = 4;
/// How long a statement waits for the file; only checkpoints hold it.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// The connections to a file. Cheap to clone; clones share them.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    /// Writes.
    pub(crate) writer: Writer,
    /// Read what is committed.
    pub(crate) readers: SqlitePool,
}

impl Database {
    /// Opens a file, creating it when it is not there, and brings its tables up to date.
    ///
    /// # Errors
    /// [`Error::DataFolder`] when it is no such file or of another version.
    pub(crate) async fn open(path: &Path, migrations: &Migrator) -> Result<Self> {
        let unusable = |reason: String| Error::data_folder(path, reason);
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT);
        let first = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options.clone())
            .await
            .map_err(|error| unusable(format!("cannot be opened: {error}")))?;
        migrations.run(&first).await.map_err(|error| {
            unusable(format!(
                "its tables do not fit this program: {error}; start the frontdesk that wrote them"
            ))
        })?;
        first.close().await;
        let writer = Writer::open(options.clone()).await?;
        let readers = SqlitePoolOptions::new().max_connections(NUM_READERS).connect_with(options).await?;
        Ok(Self { writer, readers })
    }
}

/// Milliseconds since 1970.
pub(crate) fn now_ms() -> i64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX)
}
