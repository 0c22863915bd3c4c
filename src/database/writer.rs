//! The one connection that writes, and the transaction that waiting writers share.
//!
//! Every write is a savepoint. When it is finished and others wait, they go on in the same transaction, and
//! one commit, one wait for the disk, serves them all. A write that fails gives back its own savepoint and
//! no other's. Nobody is told that a write is done before its commit has returned.

use std::{
    ops::{Deref, DerefMut},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use sqlx::{ConnectOptions, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

use crate::{Error, Result};

/// Most writes that share one commit.
const MAX_SHARED: usize = 64;
/// How long a finished write waits for the others that wait; they may have gone.
const MAX_WAIT: Duration = Duration::from_millis(5);

/// The one writer of a store. Cheap to clone; clones share the connection.
#[derive(Clone, Debug)]
pub(crate) struct Writer {
    group: Arc<Mutex<Group>>,
    num_waiting: Arc<AtomicUsize>,
}

/// The connection, and the writes that its open transaction holds.
#[derive(Debug)]
struct Group {
    connection: SqliteConnection,
    options: SqliteConnectOptions,
    state: State,
    /// Those who wait to be told that their write is durable.
    finished: Vec<oneshot::Sender<Result<(), Lost>>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// No transaction is open.
    Idle,
    /// A transaction is open; what is in it is finished.
    Open,
    /// A transaction is open, and in it a write that is not finished.
    Writing,
    /// The connection is in an unknown state and has to be replaced.
    Broken,
    /// The store was closed.
    Closed,
}

/// Why a finished write was lost after all: its commit failed.
#[derive(Clone, Debug)]
enum Lost {
    DiskFull,
    Failed(String),
}

/// A write under way; given back when it is dropped before [`Transaction::finish`].
#[derive(Debug)]
pub(crate) struct Transaction {
    group: OwnedMutexGuard<Group>,
    writer: Writer,
}

/// Counts somebody who waits, also when he goes away.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Writer {
    /// Opens the connection that writes.
    pub(crate) async fn open(options: SqliteConnectOptions) -> Result<Self> {
        let connection = options.connect().await?;
        let group = Group { connection, options, state: State::Idle, finished: vec![] };
        Ok(Self { group: Arc::new(Mutex::new(group)), num_waiting: Arc::default() })
    }

    /// Begins a write, after those before it.
    pub(crate) async fn begin(&self) -> Result<Transaction> {
        self.num_waiting.fetch_add(1, Ordering::SeqCst);
        let waiting = Waiting(&self.num_waiting);
        let mut group = Arc::clone(&self.group).lock_owned().await;
        drop(waiting);
        group.begin_write().await?;
        Ok(Transaction { group, writer: self.clone() })
    }

    /// Ends the writing for good; what was finished is durable.
    pub(crate) async fn close(&self) {
        let mut group = self.group.lock().await;
        group.commit().await;
        // Folds the log into the file; without it the next start does so.
        let _ = group.run("PRAGMA wal_checkpoint(TRUNCATE)").await;
        group.state = State::Closed;
    }
}

impl Group {
    async fn run(&mut self, sql: &'static str) -> Result<()> {
        sqlx::query(sql).execute(&mut self.connection).await?;
        Ok(())
    }

    async fn begin_write(&mut self) -> Result<()> {
        self.give_back().await;
        match self.state {
            State::Closed => return Err(Error::Stopping),
            State::Broken => {
                self.connection = self.options.connect().await?;
                self.state = State::Idle;
            }
            _ => {}
        }
        if self.state == State::Idle {
            self.or_broken("BEGIN IMMEDIATE").await?;
        }
        self.or_broken("SAVEPOINT one_write").await?;
        self.state = State::Writing;
        Ok(())
    }

    /// Gives back a write that was not finished.
    async fn give_back(&mut self) {
        if self.state == State::Writing {
            self.state = State::Open;
            for sql in ["ROLLBACK TO one_write", "RELEASE one_write"] {
                // A full disk may have ended the whole transaction.
                if self.or_broken(sql).await.is_err() {
                    return;
                }
            }
        }
    }

    /// Commits what is finished and tells those who wait.
    async fn commit(&mut self) {
        self.give_back().await;
        if self.state != State::Open {
            return;
        }
        if self.or_broken("COMMIT").await.is_ok() {
            self.state = State::Idle;
            self.tell(&Ok(()));
        }
    }

    /// Runs a statement; when that fails, the connection is not used any more: closing it gives back
    /// whatever is open in it.
    async fn or_broken(&mut self, sql: &'static str) -> Result<()> {
        let done = self.run(sql).await;
        if let Err(error) = &done {
            self.state = State::Broken;
            // The open transaction is lost, and with it every write that is not committed.
            self.tell(&Err(Lost::new(error)));
        }
        done
    }

    fn tell(&mut self, outcome: &Result<(), Lost>) {
        for waiting in self.finished.drain(..) {
            // Who has gone does not miss it.
            let _ = waiting.send(outcome.clone());
        }
    }
}

impl Transaction {
    /// Makes the write durable, together with others that wait.
    ///
    /// # Errors
    /// [`Error::DiskFull`] or [`Error::Storage`]; then nothing of it is kept.
    pub(crate) async fn finish(mut self) -> Result<()> {
        self.group.or_broken("RELEASE one_write").await?;
        self.group.state = State::Open;
        let (sender, mut receiver) = oneshot::channel();
        self.group.finished.push(sender);
        let Self { mut group, writer } = self;
        let others_wait = writer.num_waiting.load(Ordering::SeqCst) > 0;
        if others_wait && group.finished.len() < MAX_SHARED {
            drop(group);
            if let Ok(told) = tokio::time::timeout(MAX_WAIT, &mut receiver).await {
                return outcome(told.ok());
            }
            // Whoever has the connection now tells of this write too, or nobody has it.
            group = Arc::clone(&writer.group).lock_owned().await;
        }
        // On a task of its own: a commit that was begun and then left alone would end nobody knows how.
        let committed = tokio::spawn(async move {
            let mut group = group;
            group.commit().await;
        });
        committed.await.map_err(|error| Error::Internal(format!("a commit broke off: {error}")))?;
        outcome(receiver.try_recv().ok())
    }
}

/// What a write was told; nothing means that it was never committed.
fn outcome(told: Option<Result<(), Lost>>) -> Result<()> {
    match told {
        Some(Ok(())) => Ok(()),
        Some(Err(Lost::DiskFull)) => Err(Error::DiskFull),
        Some(Err(Lost::Failed(reason))) => Err(sqlx::Error::Protocol(reason).into()),
        None => Err(sqlx::Error::Protocol("the commit was given up".into()).into()),
    }
}

impl Lost {
    fn new(error: &Error) -> Self {
        match error {
            Error::DiskFull => Self::DiskFull,
            other => Self::Failed(other.to_string()),
        }
    }
}

impl Deref for Transaction {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.group.connection
    }
}

impl DerefMut for Transaction {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.group.connection
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn writer() -> (tempfile::TempDir, Writer) {
        let folder = tempfile::tempdir().unwrap();
        let options = SqliteConnectOptions::new()
            .filename(folder.path().join("test.sqlite"))
            .create_if_missing(true)
            .journal_mode(sqlx::sqlite::SqliteJournalMode::Wal);
        let writer = Writer::open(options).await.unwrap();
        let mut write = writer.begin().await.unwrap();
        sqlx::query("CREATE TABLE numbers (number BIGINT PRIMARY KEY)").execute(&mut *write).await.unwrap();
        write.finish().await.unwrap();
        (folder, writer)
    }

    async fn insert(writer: &Writer, number: i64) -> Result<()> {
        let mut write = writer.begin().await?;
        sqlx::query("INSERT INTO numbers VALUES ($1)").bind(number).execute(&mut *write).await?;
        // Others come to wait meanwhile.
        tokio::task::yield_now().await;
        write.finish().await
    }

    async fn stored(writer: &Writer) -> Vec<i64> {
        let mut other = writer.group.lock().await.options.connect().await.unwrap();
        sqlx::query_scalar("SELECT number FROM numbers ORDER BY number").fetch_all(&mut other).await.unwrap()
    }

    #[tokio::test]
    async fn writes_that_wait_share_a_commit_and_a_wrong_one_takes_no_other_along() {
        let (_folder, writer) = writer().await;
        insert(&writer, 7).await.unwrap();
        let tasks: Vec<_> = (0..30)
            .map(|number| {
                let writer = writer.clone();
                // 7 is there already.
                tokio::spawn(async move { insert(&writer, number % 20).await })
            })
            .collect();
        let mut num_done = 0;
        for task in tasks {
            num_done += usize::from(task.await.unwrap().is_ok());
        }
        assert_eq!(num_done, 19);
        assert_eq!(stored(&writer).await, (0..20).collect::<Vec<i64>>());
    }

    #[tokio::test]
    async fn what_is_acknowledged_is_seen_by_others() {
        let (_folder, writer) = writer().await;
        let tasks: Vec<_> = (0..40)
            .map(|number| {
                let writer = writer.clone();
                tokio::spawn(async move {
                    insert(&writer, number).await.unwrap();
                    assert!(stored(&writer).await.contains(&number));
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
    }

    #[tokio::test]
    async fn a_write_that_is_dropped_is_given_back() {
        let (_folder, writer) = writer().await;
        let mut write = writer.begin().await.unwrap();
        sqlx::query("INSERT INTO numbers VALUES (1)").execute(&mut *write).await.unwrap();
        drop(write);
        insert(&writer, 2).await.unwrap();
        assert_eq!(stored(&writer).await, [2]);
    }

    #[tokio::test]
    async fn a_transaction_that_ended_by_itself_loses_only_what_was_not_acknowledged() {
        let (_folder, writer) = writer().await;
        insert(&writer, 1).await.unwrap();
        let mut write = writer.begin().await.unwrap();
        sqlx::query("INSERT INTO numbers VALUES (2)").execute(&mut *write).await.unwrap();
        // As SQLite does when the disk is full.
        sqlx::query("ROLLBACK").execute(&mut *write).await.unwrap();
        assert!(write.finish().await.is_err());
        insert(&writer, 3).await.unwrap();
        assert_eq!(stored(&writer).await, [1, 3]);
        writer.close().await;
        assert!(matches!(writer.begin().await, Err(Error::Stopping)));
    }
}
