//! Requests that were carried out already: repeating one gives its first answer again.

use serde::{Serialize, de::DeserializeOwned};

use super::{Store, Write, now_ms};
use crate::{Error, Result};

/// How long an answer is kept: long enough for any retry.
const RETENTION_MS: i64 = 7 * 24 * 3600 * 1000;
/// Longest id of a request, in bytes.
const MAX_REQUEST_ID_BYTES: usize = 128;

/// What tells one request from another.
#[derive(Clone, Debug)]
pub(crate) struct RequestKey {
    /// The caller's id; empty when the caller gave none.
    id: String,
    method: &'static str,
    fingerprint: String,
}

/// Whether a request has to be carried out.
pub(crate) enum Begun<T> {
    /// It was, with this answer.
    Answered(T),
    /// It was not; the transaction to do so.
    Write(Write),
}

impl RequestKey {
    /// Names a request by the caller's id, its method and everything it asks for.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `request_id` when it is over-long.
    pub(crate) fn new(id: &str, method: &'static str, content: &impl Serialize) -> Result<Self> {
        if id.len() > MAX_REQUEST_ID_BYTES {
            let reason = format!("is {} bytes long; at most {MAX_REQUEST_ID_BYTES} are allowed", id.len());
            return Err(Error::invalid("request_id", reason));
        }
        let fingerprint = match id {
            "" => String::new(),
            _ => fingerprint(content)?,
        };
        Ok(Self { id: id.to_owned(), method, fingerprint })
    }

    /// A request without an id: it is carried out every time.
    pub(crate) fn none() -> Self {
        Self { id: String::new(), method: "", fingerprint: String::new() }
    }
}

impl Store {
    /// Begins a transaction for a request, or finds the answer that it got before.
    ///
    /// # Errors
    /// [`Error::Invalid`] for `request_id` when another request has that id.
    pub(crate) async fn begin<T: DeserializeOwned>(&self, request: RequestKey) -> Result<Begun<T>> {
        let mut transaction = self.writer.begin().await?;
        if request.id.is_empty() {
            return Ok(Begun::Write(Write { transaction, request }));
        }
        let sql = "SELECT method, fingerprint, answer FROM requests WHERE id = $1";
        let stored: Option<(String, String, String)> =
            sqlx::query_as(sql).bind(&request.id).fetch_optional(&mut *transaction).await?;
        let Some((method, fingerprint, answer)) = stored else {
            return Ok(Begun::Write(Write { transaction, request }));
        };
        if method != request.method || fingerprint != request.fingerprint {
            return Err(Error::invalid(
                "request_id",
                "was used for another request; take a new one for each request",
            ));
        }
        let answer = serde_json::from_str(&answer)
            .map_err(|error| Error::Internal(format!("the stored answer of {method}: {error}")))?;
        // The first request may be one that still waits for its commit.
        transaction.finish().await?;
        Ok(Begun::Answered(answer))
    }

    /// Begins a transaction that nobody asked for by id.
    pub(crate) async fn begin_unnamed(&self) -> Result<Write> {
        Ok(Write { transaction: self.writer.begin().await?, request: RequestKey::none() })
    }

    pub(crate) async fn forget_old_requests(&self) -> Result<()> {
        let sql = "DELETE FROM requests WHERE create_time < $1";
        let mut write = self.begin_unnamed().await?;
        sqlx::query(sql).bind(now_ms() - RETENTION_MS).execute(&mut *write.transaction).await?;
        write.finish(&()).await
    }
}

impl Write {
    /// Keeps the answer for repeats of the request and makes the changes durable.
    pub(crate) async fn finish(mut self, answer: &(impl Serialize + Sync)) -> Result<()> {
        if !self.request.id.is_empty() {
            let answer = serde_json::to_string(answer).map_err(|error| Error::Internal(error.to_string()))?;
            let sql = "INSERT INTO requests (id, method, fingerprint, answer, create_time) \
                       VALUES ($1, $2, $3, $4, $5)";
            sqlx::query(sql)
                .bind(&self.request.id)
                .bind(self.request.method)
                .bind(&self.request.fingerprint)
                .bind(answer)
                .bind(now_ms())
                .execute(&mut *self.transaction)
                .await?;
        }
        self.transaction.finish().await
    }
}

fn fingerprint(content: &impl Serialize) -> Result<String> {
    let bytes = serde_json::to_vec(content).map_err(|error| Error::Internal(error.to_string()))?;
    Ok(crate::digest::sha256(&bytes))
}
