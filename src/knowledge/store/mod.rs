//! The source of truth: knowledge bases, articles and what changed, in one SQLite file.
//!
//! A write is on the disk when its transaction's commit returns ([`crate::database`]). The statements keep to
//! what PostgreSQL takes too.

mod articles;
mod bases;
mod changes;
mod gaps;
mod golden;
mod operations;
mod passages;
mod requests;
mod vectors;

use std::path::Path;

use sqlx::SqlitePool;

pub(crate) use articles::{CutArticle, StoredArticle};
pub(crate) use bases::StoredBase;
pub(crate) use changes::Changes;
pub(crate) use gaps::{GapPlace, StoredGap};
pub(crate) use requests::{Begun, RequestKey};

pub(crate) use crate::database::now_ms;
use crate::{
    Error, Result,
    database::{Database, Transaction, Writer},
};

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("src/knowledge/store/migrations");

/// Markers in one statement; far under SQLite's and PostgreSQL's limits.
const MAX_MARKERS: usize = 500;

/// The store of a data folder.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    writer: Writer,
    readers: SqlitePool,
}

/// One transaction that changes the store; rolled back when dropped before [`Write::finish`].
pub(crate) struct Write {
    transaction: Transaction,
    request: RequestKey,
}

impl Store {
    /// Opens the file, creating it when it is not there, and brings its tables up to date.
    pub(crate) async fn open(path: &Path) -> Result<Self> {
        let Database { writer, readers } = Database::open(path, &MIGRATIONS).await?;
        let store = Self { writer, readers };
        store.forget_old_requests().await?;
        Ok(store)
    }

    /// Closes every connection; the write-ahead log is folded into the file.
    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

impl Write {
    async fn next(&mut self, counter: &'static str) -> Result<i64> {
        let sql = "UPDATE counters SET value = value + 1 WHERE name = $1 RETURNING value";
        Ok(sqlx::query_scalar(sql).bind(counter).fetch_one(&mut *self.transaction).await?)
    }
}

/// The error for a stored value that this program cannot have written.
fn corrupt(what: &str, value: &str) -> Error {
    Error::Internal(format!("the store holds {what} {value:?}"))
}

/// `($1, $2), ($3, $4)` and the like: `rows` groups of `columns` markers, counted from `first`.
fn markers(first: usize, rows: usize, columns: usize) -> String {
    let group = |row: usize| {
        let start = first + row * columns;
        let markers: Vec<String> = (start..start + columns).map(|marker| format!("${marker}")).collect();
        format!("({})", markers.join(", "))
    };
    (0..rows).map(group).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
pub(crate) async fn scratch() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("frontdesk.sqlite")).await.unwrap();
    (folder, store)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_are_numbered_row_by_row() {
        assert_eq!(markers(2, 2, 2), "($2, $3), ($4, $5)");
        assert_eq!(markers(1, 1, 3), "($1, $2, $3)");
    }

    #[tokio::test]
    async fn every_commit_reaches_the_disk_and_references_are_kept() {
        let (_folder, store) = scratch().await;
        let pragma = async |sql: &'static str| -> String {
            let mut write = store.begin_unnamed().await.unwrap();
            sqlx::query_scalar(sql).fetch_one(&mut *write.transaction).await.unwrap()
        };
        assert_eq!(pragma("SELECT journal_mode FROM pragma_journal_mode").await, "wal");
        assert_eq!(pragma("SELECT CAST(synchronous AS TEXT) FROM pragma_synchronous").await, "2");
        assert_eq!(pragma("SELECT CAST(foreign_keys AS TEXT) FROM pragma_foreign_keys").await, "1");
    }

    #[tokio::test]
    async fn a_file_that_is_no_store_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("frontdesk.sqlite");
        std::fs::write(&path, "this is no database, only text that is long enough ".repeat(50)).unwrap();
        let error = Store::open(&path).await.unwrap_err();
        assert!(matches!(error, Error::DataFolder { .. }), "{error}");
    }
}
