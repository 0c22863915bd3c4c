//! What the server keeps of its work: decisions with all that they depend on, and conversations.
//!
//! Both are in `records.sqlite` of the data folder, apart from the knowledge, so that a busy desk and a large
//! import do not wait for each other. Nothing in it is a customer's own words with personal data: a
//! [`Case`](crate::policy::Case) holds none, and a turn is redacted before it gets in.
//!
//! A decision is kept behind the caller's back (`recorder`) and lost when the process is killed within a
//! fifth of a second. A conversation says who may speak to a customer, so it is on the disk before a call
//! returns (`conversations`). With it are the decisions of its last requests, so that a caller who does not
//! know whether a call was carried out can send it again ([`Answered`]).

mod answered;
mod conversations;
mod decisions;
mod kept;
mod recorder;
mod rules;

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

pub use self::{
    answered::Answered,
    decisions::{KeptDecision, Record},
    kept::KeptConversation,
    recorder::Slot,
    rules::RuleSources,
};
use self::{conversations::forget_expired, recorder::Recorder};
use crate::{Error, Result, data_folder::DataFolder, database::Database, settings::RecordsSettings};

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("src/records/migrations");

/// Kept decisions and conversations. Cheap to clone; clones share everything.
#[derive(Clone, Debug)]
pub struct Records {
    database: Database,
    recorder: Recorder,
    settings: RecordsSettings,
    /// Conversations in the store, about; counted again before any is forgotten for want of room.
    num_conversations: Arc<AtomicI64>,
    /// Keeps the folder locked while something may be written.
    _folder: Arc<DataFolder>,
}

impl Records {
    /// Opens the records of a data folder, creating them when they are not there.
    ///
    /// # Errors
    /// [`Error::DataFolder`] when the file cannot be used, [`Error::Storage`] when it fails.
    pub async fn open(folder: Arc<DataFolder>, settings: RecordsSettings) -> Result<Self> {
        let database = Database::open(&folder.records_path(), &MIGRATIONS).await?;
        forget_expired(&database).await?;
        let sql = "SELECT COUNT(*) FROM conversations";
        let count: i64 = sqlx::query_scalar(sql).fetch_one(&database.readers).await?;
        let recorder = Recorder::start(database.clone(), &settings);
        let num_conversations = Arc::new(AtomicI64::new(count));
        Ok(Self { database, recorder, settings, num_conversations, _folder: folder })
    }

    /// A place for a decision that is about to be made, with the id that it will have; `None` when decisions
    /// are not kept, or so many wait to be written that this one is not: then it has no name.
    pub fn reserve(&self) -> Option<Slot> {
        self.recorder.reserve()
    }

    /// Waits until every decision that was given to a slot before is stored, or could not be.
    pub async fn settle(&self) {
        self.recorder.settle().await;
    }

    /// Ends the writing for good; what was given before is stored.
    pub async fn close(&self) {
        self.settle().await;
        self.database.readers.close().await;
        self.database.writer.close().await;
    }

    /// Counts what was added, about.
    fn count_conversations(&self, change: i64) -> i64 {
        self.num_conversations.fetch_add(change, Ordering::Relaxed) + change
    }
}

/// The error for a stored value that this program cannot have written.
fn corrupt(what: &str, error: impl std::fmt::Display) -> Error {
    Error::Internal(format!("the records hold {what} that cannot be read: {error}"))
}

#[cfg(test)]
mod tests;
