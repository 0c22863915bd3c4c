//! Rows of decisions.

use std::{
    collections::HashSet,
    io::{Read, Write as _},
    sync::Arc,
};

use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
use sqlx::SqlitePool;

use super::{Records, RuleSources, corrupt};
use crate::{
    Error, Result,
    database::{Database, now_ms},
    desk::Tenant,
    policy::Case,
};

/// Bytes of one unpacked value at most; far beyond what a decision takes.
const MAX_UNPACKED_BYTES: u64 = 64 * 1024 * 1024;

/// Rows that one transaction deletes at most, so that other writers get in between.
const DELETED_AT_ONCE: i64 = 1_000;

/// A decision to keep.
#[derive(Clone, Debug)]
pub struct Record {
    /// Whose rules decided.
    pub tenant: Arc<Tenant>,
    /// Everything else that it depends on.
    pub case: Case,
    /// The decision as it was given, encoded.
    pub decision: Vec<u8>,
}

/// A decision that was kept.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptDecision {
    /// Everything that it depends on beside the rules.
    pub case: Case,
    /// The decision as it was given, encoded.
    pub decision: Vec<u8>,
    /// The rules of then.
    pub rules: RuleSources,
}

/// A decision as a row.
pub(super) struct DecisionRow {
    id: String,
    tenant: String,
    request_id: String,
    time_ms: i64,
    rules_version: String,
    inputs: Vec<u8>,
    decision: Vec<u8>,
}

impl DecisionRow {
    /// Packs a decision.
    pub(super) fn pack(record: &Record) -> Result<Self> {
        let case = &record.case;
        let inputs = serde_json::to_vec(case).map_err(|error| Error::Internal(error.to_string()))?;
        Ok(Self {
            id: case.decision_id.clone(),
            tenant: case.tenant.clone(),
            request_id: case.request_id.clone(),
            time_ms: now_ms(),
            rules_version: case.versions.rules.clone(),
            inputs: deflate(&inputs)?,
            decision: deflate(&record.decision)?,
        })
    }
}

impl Records {
    /// A kept decision of a tenant; one that was just made too.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the tenant has none of this id, or not any more.
    pub async fn decision(&self, tenant: &str, id: &str) -> Result<KeptDecision> {
        self.settle().await;
        let sql = "SELECT inputs, decision, sources FROM decisions \
                   JOIN rules ON rules.version = decisions.rules_version WHERE id = $1 AND tenant = $2";
        let row: Option<(Vec<u8>, Vec<u8>, String)> =
            sqlx::query_as(sql).bind(id).bind(tenant).fetch_optional(&self.database.readers).await?;
        let Some((inputs, decision, sources)) = row else {
            return Err(Error::NotFound { resource: format!("decisions/{id}") });
        };
        let unreadable = |error: serde_json::Error| corrupt("inputs of a decision", error);
        Ok(KeptDecision {
            case: serde_json::from_slice(&inflate(&inputs)?).map_err(unreadable)?,
            decision: inflate(&decision)?,
            rules: serde_json::from_str(&sources).map_err(|error| corrupt("rules", error))?,
        })
    }
}

/// Writes decisions and the rules that are not stored yet, in one transaction.
pub(super) async fn write(
    database: &Database,
    rows: &[DecisionRow],
    rules: &[(String, RuleSources)],
) -> Result<()> {
    let mut write = database.writer.begin().await?;
    for (version, sources) in rules {
        let sources = serde_json::to_string(sources).map_err(|error| Error::Internal(error.to_string()))?;
        let sql = "INSERT INTO rules (version, sources) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        sqlx::query(sql).bind(version).bind(sources).execute(&mut *write).await?;
    }
    let sql = "INSERT INTO decisions (id, tenant, request_id, create_time, rules_version, inputs, decision) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    for row in rows {
        sqlx::query(sql)
            .bind(&row.id)
            .bind(&row.tenant)
            .bind(&row.request_id)
            .bind(row.time_ms)
            .bind(&row.rules_version)
            .bind(&row.inputs)
            .bind(&row.decision)
            .execute(&mut *write)
            .await?;
    }
    write.finish().await
}

/// Forgets decisions before a time in ms since 1970 and the oldest beyond a number, and rules that none of
/// the others was made by. Gives the versions of the rules that are left.
pub(super) async fn trim(database: &Database, before_ms: i64, max: usize) -> Result<HashSet<String>> {
    let max = i64::try_from(max).unwrap_or(i64::MAX);
    while delete_some(database, before_ms, max).await? == DELETED_AT_ONCE.unsigned_abs() {}
    let mut write = database.writer.begin().await?;
    let sql = "DELETE FROM rules WHERE version NOT IN (SELECT rules_version FROM decisions)";
    sqlx::query(sql).execute(&mut *write).await?;
    write.finish().await?;
    versions(&database.readers).await
}

async fn delete_some(database: &Database, before_ms: i64, max: i64) -> Result<u64> {
    let mut write = database.writer.begin().await?;
    let sql = "DELETE FROM decisions WHERE id IN \
               (SELECT id FROM decisions WHERE create_time < $1 ORDER BY create_time LIMIT $2)";
    let old = sqlx::query(sql).bind(before_ms).bind(DELETED_AT_ONCE).execute(&mut *write).await?;
    let sql = "DELETE FROM decisions WHERE id IN \
               (SELECT id FROM decisions ORDER BY create_time DESC, id DESC LIMIT $1 OFFSET $2)";
    let over = sqlx::query(sql).bind(DELETED_AT_ONCE).bind(max).execute(&mut *write).await?;
    write.finish().await?;
    Ok(old.rows_affected().max(over.rows_affected()))
}

async fn versions(readers: &SqlitePool) -> Result<HashSet<String>> {
    let stored: Vec<String> = sqlx::query_scalar("SELECT version FROM rules").fetch_all(readers).await?;
    Ok(stored.into_iter().collect())
}

/// Packs a value for its row.
pub(super) fn deflate(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    let packed = encoder.write_all(bytes).and_then(|()| encoder.finish());
    packed.map_err(|error| Error::Internal(error.to_string()))
}

/// Unpacks what [`deflate`] packed.
pub(super) fn inflate(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut unpacked = Vec::new();
    let read = DeflateDecoder::new(bytes).take(MAX_UNPACKED_BYTES).read_to_end(&mut unpacked);
    read.map_err(|error| corrupt("a packed value", error))?;
    Ok(unpacked)
}
