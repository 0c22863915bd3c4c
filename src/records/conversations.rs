//! Rows of conversations.
//!
//! Every change is one transaction of the one writer, and on the disk when the call returns. Whoever decides
//! a message reads first and decides without holding anything; [`Records::save_conversation`] then refuses
//! when somebody else wrote in between. So a decision to send stands only when the program still had the
//! conversation at the moment it was stored.
//!
//! One that a person owns or is waited for does not expire: forgotten, it would be the program's again. Once
//! given back it is kept for as long as any other.

use sqlx::SqliteConnection;

use super::{Answered, KeptConversation, Records, corrupt};
use crate::{
    Error, Result,
    database::{Database, now_ms},
};

/// Share of all conversations, as a divisor, that make room together when there is none.
const FORGOTTEN_SHARE: i64 = 100;
const HOUR_MS: i64 = 3600 * 1000;

#[derive(sqlx::FromRow)]
struct Row {
    incarnation: String,
    state: String,
    turns: String,
    answered: Vec<u8>,
    update_time: i64,
    expire_time: i64,
}

impl Row {
    fn into_kept(self) -> Result<KeptConversation> {
        let unreadable = |error: serde_json::Error| corrupt("a conversation", error);
        Ok(KeptConversation {
            state: serde_json::from_str(&self.state).map_err(unreadable)?,
            update_ms: self.update_time,
            expire_ms: self.expire_time,
            turns: serde_json::from_str(&self.turns).map_err(unreadable)?,
            answered: Answered::of_row(&self.answered)?,
            incarnation: self.incarnation,
        })
    }
}

impl Records {
    /// A conversation of a tenant; one that nobody has written to yet when there is none, or none any more.
    ///
    /// # Errors
    /// [`Error::Storage`] when the store fails.
    pub async fn conversation(&self, tenant: &str, id: &str) -> Result<KeptConversation> {
        let mut reader = self.database.readers.acquire().await?;
        Ok(select(&mut reader, tenant, id).await?.unwrap_or_else(|| KeptConversation::new(id)))
    }

    /// Stores a conversation that was read with a revision; gives it as it is stored.
    ///
    /// # Errors
    /// [`Error::Conflict`] when somebody wrote to it or forgot it since, [`Error::Precondition`] when there is
    /// no room for another one.
    pub async fn save_conversation(
        &self,
        tenant: &str,
        kept: KeptConversation,
        read_revision: u64,
    ) -> Result<KeptConversation> {
        let mut write = self.database.writer.begin().await?;
        let stored = select(&mut write, tenant, &kept.state.id).await?;
        let is_same = match &stored {
            Some(stored) => stored.incarnation == kept.incarnation && stored.state.revision == read_revision,
            None => !kept.is_stored(),
        };
        if !is_same {
            let reason = "somebody wrote to it meanwhile; send the request again".to_owned();
            return Err(Error::Conflict { resource: kept.name(), reason });
        }
        let kept = self.put(&mut write, tenant, kept).await?;
        write.finish().await?;
        Ok(kept)
    }

    /// Changes a conversation with nobody in between; gives it as it is stored then. What `change` leaves at
    /// the same revision is not written.
    ///
    /// # Errors
    /// Those of `change`, and [`Error::Precondition`] when there is no room for another one.
    pub async fn change_conversation(
        &self,
        tenant: &str,
        id: &str,
        change: impl FnOnce(&mut KeptConversation) -> Result<()>,
    ) -> Result<KeptConversation> {
        let mut write = self.database.writer.begin().await?;
        let stored = select(&mut write, tenant, id).await?;
        let mut kept = stored.unwrap_or_else(|| KeptConversation::new(id));
        let revision = kept.state.revision;
        change(&mut kept)?;
        if kept.state.revision != revision {
            kept = self.put(&mut write, tenant, kept).await?;
        }
        // Also when nothing was written: what was read may be of a write that still waits for its commit.
        write.finish().await?;
        Ok(kept)
    }

    /// Forgets a conversation; tells whether it was there.
    ///
    /// # Errors
    /// [`Error::Storage`] when the store fails.
    pub async fn delete_conversation(&self, tenant: &str, id: &str) -> Result<bool> {
        let mut write = self.database.writer.begin().await?;
        let sql = "DELETE FROM conversations WHERE tenant = $1 AND id = $2";
        let done = sqlx::query(sql).bind(tenant).bind(id).execute(&mut *write).await?;
        write.finish().await?;
        let num_deleted = i64::try_from(done.rows_affected()).unwrap_or(i64::MAX);
        self.count_conversations(-num_deleted);
        Ok(num_deleted > 0)
    }

    /// Writes a conversation in the place of what has its id.
    async fn put(
        &self,
        write: &mut SqliteConnection,
        tenant: &str,
        mut kept: KeptConversation,
    ) -> Result<KeptConversation> {
        if !kept.is_stored() {
            self.make_room(write, &kept.state.id).await?;
        }
        kept.bound(self.settings.max_turns);
        // A clock that is set back must not make a stored conversation look like a new one.
        kept.update_ms = now_ms().max(kept.update_ms).max(1);
        kept.expire_ms = kept.update_ms + i64::from(self.settings.conversation_hours) * HOUR_MS;
        let json = |error: serde_json::Error| Error::Internal(error.to_string());
        let sql = "INSERT INTO conversations \
                   (tenant, id, incarnation, revision, held, ended, state, turns, answered, \
                   update_time, expire_time) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (tenant, id) DO UPDATE SET \
                   incarnation = excluded.incarnation, revision = excluded.revision, held = excluded.held, \
                   ended = excluded.ended, state = excluded.state, turns = excluded.turns, \
                   answered = excluded.answered, \
                   update_time = excluded.update_time, expire_time = excluded.expire_time";
        sqlx::query(sql)
            .bind(tenant)
            .bind(&kept.state.id)
            .bind(&kept.incarnation)
            .bind(i64::try_from(kept.state.revision).unwrap_or(i64::MAX))
            .bind(i64::from(!kept.state.owner.bot_may_send()))
            .bind(i64::from(kept.state.ended))
            .bind(serde_json::to_string(&kept.state).map_err(json)?)
            .bind(serde_json::to_string(&kept.turns).map_err(json)?)
            .bind(Answered::to_row(&kept.answered))
            .bind(kept.update_ms)
            .bind(kept.expire_ms)
            .execute(write)
            .await?;
        Ok(kept)
    }

    /// Makes room for one more: forgets what has expired, then what is unused for longest and in nobody's
    /// hands, those first that the customer ended.
    async fn make_room(&self, write: &mut SqliteConnection, id: &str) -> Result<()> {
        let max = i64::try_from(self.settings.max_conversations).unwrap_or(i64::MAX);
        if self.count_conversations(1) <= max {
            return Ok(());
        }
        let sql = "DELETE FROM conversations WHERE held = 0 AND expire_time <= $1";
        sqlx::query(sql).bind(now_ms()).execute(&mut *write).await?;
        if self.recount(write).await? > max {
            let sql = "DELETE FROM conversations WHERE (tenant, id) IN (SELECT tenant, id FROM conversations \
                       WHERE held = 0 ORDER BY ended DESC, update_time LIMIT $1)";
            sqlx::query(sql).bind((max / FORGOTTEN_SHARE).max(1)).execute(&mut *write).await?;
        }
        if self.recount(write).await? <= max {
            return Ok(());
        }
        self.count_conversations(-1);
        let reason = format!(
            "the server keeps {max} conversations that persons own or are waited for; release or delete some, \
             or raise records.max_conversations"
        );
        Err(Error::Precondition { resource: format!("conversations/{id}"), reason })
    }

    /// Counts the conversations, with the one that is about to be added.
    async fn recount(&self, write: &mut SqliteConnection) -> Result<i64> {
        let stored: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM conversations").fetch_one(&mut *write).await?;
        self.num_conversations.store(stored + 1, std::sync::atomic::Ordering::Relaxed);
        Ok(stored + 1)
    }
}

/// A conversation that has not expired, as this connection sees it; one in a person's hands never does.
async fn select(
    connection: &mut SqliteConnection,
    tenant: &str,
    id: &str,
) -> Result<Option<KeptConversation>> {
    let sql = "SELECT incarnation, state, turns, answered, update_time, expire_time FROM conversations \
               WHERE tenant = $1 AND id = $2 AND (held = 1 OR expire_time > $3)";
    let row: Option<Row> =
        sqlx::query_as(sql).bind(tenant).bind(id).bind(now_ms()).fetch_optional(connection).await?;
    row.map(Row::into_kept).transpose()
}

/// Forgets every conversation that has expired.
pub(super) async fn forget_expired(database: &Database) -> Result<()> {
    let mut write = database.writer.begin().await?;
    let sql = "DELETE FROM conversations WHERE held = 0 AND expire_time <= $1";
    sqlx::query(sql).bind(now_ms()).execute(&mut *write).await?;
    write.finish().await
}
