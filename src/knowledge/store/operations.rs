//! Rows of operations.

use sqlx::{QueryBuilder, Sqlite};

use super::{Store, Write, now_ms};
use crate::{
    Error, Result,
    knowledge::{
        name::BaseName,
        operation::{Operation, OperationFailure, OperationFilter, OperationKind, OperationName, Outcome},
    },
};

/// How long an operation is remembered after its end.
const RETENTION_MS: i64 = 7 * 24 * 3600 * 1000;
/// Operations that are remembered at most.
const MAX_OPERATIONS: i64 = 1000;

const RUNNING: &str = "running";
const SUCCEEDED: &str = "succeeded";
const FAILED: &str = "failed";

const COLUMNS: &str = "id, kind, base, request_id, metadata, outcome, create_time, update_time, end_time";

#[derive(sqlx::FromRow)]
struct OperationRow {
    id: String,
    kind: String,
    base: String,
    request_id: String,
    metadata: String,
    outcome: Option<String>,
    create_time: i64,
    update_time: i64,
    end_time: Option<i64>,
}

impl OperationRow {
    fn into_operation(self) -> Result<Operation> {
        let corrupt = super::corrupt;
        let outcome: Option<Outcome> = match &self.outcome {
            Some(json) => {
                Some(serde_json::from_str(json).map_err(|_| corrupt("the outcome of operation", &self.id))?)
            }
            None => None,
        };
        Ok(Operation {
            name: OperationName::from_id(&self.id).ok_or_else(|| corrupt("the operation", &self.id))?,
            kind: OperationKind::from_str(&self.kind)
                .ok_or_else(|| corrupt("the kind of operation", &self.kind))?,
            base: BaseName::from_id(&self.base, "name").map_err(|_| corrupt("the id", &self.base))?,
            request_id: self.request_id,
            progress: serde_json::from_str(&self.metadata)
                .map_err(|_| corrupt("the metadata of operation", &self.id))?,
            create_time_ms: self.create_time,
            update_time_ms: self.update_time,
            end_time_ms: self.end_time,
            outcome,
        })
    }
}

impl Store {
    /// One operation as it was last written.
    pub(crate) async fn operation(&self, name: &OperationName) -> Result<Operation> {
        let mut query = QueryBuilder::<Sqlite>::new("SELECT ");
        query.push(COLUMNS).push(" FROM operations WHERE id = ").push_bind(name.id());
        let row: Option<OperationRow> = query.build_query_as().fetch_optional(&self.readers).await?;
        row.ok_or_else(|| not_found(name))?.into_operation()
    }

    /// At most `limit` operations, the newest first, that were started before the one of id
    /// `before`; an empty one for the newest.
    pub(crate) async fn operations(
        &self,
        filter: &OperationFilter,
        before: &str,
        limit: i64,
    ) -> Result<Vec<Operation>> {
        let mut query = QueryBuilder::<Sqlite>::new("SELECT ");
        query.push(COLUMNS).push(" FROM operations WHERE TRUE");
        if !before.is_empty() {
            query.push(" AND id < ").push_bind(before);
        }
        if let Some(base) = &filter.base {
            query.push(" AND base = ").push_bind(base.id());
        }
        if let Some(done) = filter.done {
            query.push(if done { " AND state <> " } else { " AND state = " }).push_bind(RUNNING);
        }
        query.push(" ORDER BY id DESC LIMIT ").push_bind(limit);
        let rows: Vec<OperationRow> = query.build_query_as().fetch_all(&self.readers).await?;
        rows.into_iter().map(OperationRow::into_operation).collect()
    }

    /// Ends every operation that a stop of the program left running, and forgets old ones.
    pub(crate) async fn end_abandoned_operations(&self) -> Result<()> {
        let mut write = self.begin_unnamed().await?;
        let sql = "SELECT id FROM operations WHERE state = $1";
        let ids: Vec<String> =
            sqlx::query_scalar(sql).bind(RUNNING).fetch_all(&mut *write.transaction).await?;
        for id in &ids {
            let failure = OperationFailure::Conflict {
                resource: format!("operations/{id}"),
                reason: "the server stopped before it ended; start it again".into(),
            };
            let outcome = json(&Outcome::Failed(failure))?;
            let sql = "UPDATE operations SET state = $2, outcome = $3, update_time = $4, end_time = $4 \
                       WHERE id = $1";
            sqlx::query(sql)
                .bind(id)
                .bind(FAILED)
                .bind(outcome)
                .bind(now_ms())
                .execute(&mut *write.transaction)
                .await?;
        }
        write.forget_old_operations().await?;
        write.finish(&()).await
    }
}

impl Write {
    /// Writes an operation that begins.
    pub(crate) async fn insert_operation(&mut self, operation: &Operation) -> Result<()> {
        let sql = "INSERT INTO operations \
                   (id, kind, base, request_id, state, metadata, create_time, update_time) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        sqlx::query(sql)
            .bind(operation.name.id())
            .bind(operation.kind.as_str())
            .bind(operation.base.id())
            .bind(&operation.request_id)
            .bind(RUNNING)
            .bind(json(&operation.progress)?)
            .bind(operation.create_time_ms)
            .bind(operation.update_time_ms)
            .execute(&mut *self.transaction)
            .await?;
        Ok(())
    }

    /// Writes how an operation ended, and forgets old ones.
    pub(crate) async fn end_operation(&mut self, operation: &Operation, outcome: &Outcome) -> Result<()> {
        let state = match outcome {
            Outcome::Reindexed(_) => SUCCEEDED,
            Outcome::Failed(_) => FAILED,
        };
        let sql = "UPDATE operations SET state = $2, metadata = $3, outcome = $4, update_time = $5, \
                   end_time = $6 WHERE id = $1";
        sqlx::query(sql)
            .bind(operation.name.id())
            .bind(state)
            .bind(json(&operation.progress)?)
            .bind(json(outcome)?)
            .bind(operation.update_time_ms)
            .bind(operation.end_time_ms)
            .execute(&mut *self.transaction)
            .await?;
        self.forget_old_operations().await
    }

    /// Forgets one operation that is done; tells whether it did.
    pub(crate) async fn delete_operation(&mut self, name: &OperationName) -> Result<bool> {
        let sql = "DELETE FROM operations WHERE id = $1 AND state <> $2";
        let deleted = sqlx::query(sql).bind(name.id()).bind(RUNNING).execute(&mut *self.transaction).await?;
        Ok(deleted.rows_affected() > 0)
    }

    async fn forget_old_operations(&mut self) -> Result<()> {
        let sql = "DELETE FROM operations WHERE state <> $1 AND (end_time < $2 OR id <= \
                   (SELECT id FROM operations ORDER BY id DESC LIMIT 1 OFFSET $3))";
        sqlx::query(sql)
            .bind(RUNNING)
            .bind(now_ms() - RETENTION_MS)
            .bind(MAX_OPERATIONS)
            .execute(&mut *self.transaction)
            .await?;
        Ok(())
    }
}

fn json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::Internal(error.to_string()))
}

fn not_found(name: &OperationName) -> Error {
    Error::NotFound { resource: name.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::{operation::OperationProgress, store::scratch};

    fn begun(create_time_ms: i64) -> Operation {
        Operation {
            name: OperationName::new(),
            kind: OperationKind::Reindex,
            base: BaseName::from_id("shop", "id").unwrap(),
            request_id: String::new(),
            progress: OperationProgress::default(),
            create_time_ms,
            update_time_ms: create_time_ms,
            end_time_ms: None,
            outcome: None,
        }
    }

    fn cancelled() -> Outcome {
        Outcome::Failed(OperationFailure::Cancelled { resource: "knowledgeBases/shop".into() })
    }

    async fn insert(store: &Store, operation: &Operation) {
        let mut write = store.begin_unnamed().await.unwrap();
        write.insert_operation(operation).await.unwrap();
        write.finish(&()).await.unwrap();
    }

    async fn end(store: &Store, operation: &mut Operation, at_ms: i64) {
        operation.end_time_ms = Some(at_ms);
        operation.outcome = Some(cancelled());
        let mut write = store.begin_unnamed().await.unwrap();
        write.end_operation(operation, &cancelled()).await.unwrap();
        write.finish(&()).await.unwrap();
    }

    #[tokio::test]
    async fn an_operation_is_read_as_it_was_written() {
        let (_folder, store) = scratch().await;
        let mut operation = begun(now_ms());
        insert(&store, &operation).await;
        assert_eq!(store.operation(&operation.name).await.unwrap(), operation);
        end(&store, &mut operation, now_ms()).await;
        assert_eq!(store.operation(&operation.name).await.unwrap(), operation);
    }

    #[tokio::test]
    async fn what_was_running_is_aborted_at_the_next_start() {
        let (_folder, store) = scratch().await;
        let operation = begun(now_ms());
        insert(&store, &operation).await;
        store.end_abandoned_operations().await.unwrap();
        let ended = store.operation(&operation.name).await.unwrap();
        assert!(ended.end_time_ms.is_some());
        let Some(Outcome::Failed(OperationFailure::Conflict { reason, .. })) = ended.outcome else {
            panic!("{ended:?}");
        };
        assert_eq!(reason, "the server stopped before it ended; start it again");
    }

    #[tokio::test]
    async fn a_week_and_a_thousand_operations_are_remembered_and_running_ones_always() {
        let (_folder, store) = scratch().await;
        let (running, mut old, mut fresh) = (begun(1), begun(1), begun(1));
        for operation in [&running, &old, &fresh] {
            insert(&store, operation).await;
        }
        end(&store, &mut fresh, now_ms()).await;
        end(&store, &mut old, now_ms() - RETENTION_MS - 1000).await;
        assert!(store.operation(&old.name).await.is_err());
        store.operation(&fresh.name).await.unwrap();
        let mut write = store.begin_unnamed().await.unwrap();
        for _ in 0..MAX_OPERATIONS {
            write.insert_operation(&begun(now_ms())).await.unwrap();
        }
        write.forget_old_operations().await.unwrap();
        write.finish(&()).await.unwrap();
        assert!(store.operation(&fresh.name).await.is_err());
        store.operation(&running.name).await.unwrap();
    }
}
