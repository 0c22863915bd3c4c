//! Rows of knowledge bases.

use super::{Store, Write, now_ms};
use crate::{
    Error, Result,
    knowledge::{article::KnowledgeBase, name::BaseName},
};

/// A knowledge base with the numbers that callers do not see.
#[derive(Clone, Debug)]
pub(crate) struct StoredBase {
    /// Never used again for another knowledge base.
    pub(crate) number: i64,
    /// What callers see; the number of passages is not known here.
    pub(crate) base: KnowledgeBase,
    /// The generation to roll back to.
    pub(crate) previous_generation: Option<u64>,
}

#[derive(sqlx::FromRow)]
struct BaseRow {
    id: String,
    number: i64,
    display_name: String,
    version: i64,
    generation: i64,
    previous_generation: Option<i64>,
    create_time: i64,
    update_time: i64,
    num_articles: i64,
}

const SELECT_ONE: &str = "SELECT id, number, display_name, version, generation, previous_generation, \
     create_time, update_time, (SELECT COUNT(*) FROM articles WHERE base = knowledge_bases.id) AS num_articles \
     FROM knowledge_bases WHERE id = $1";

const SELECT_PAGE: &str = "SELECT id, number, display_name, version, generation, previous_generation, \
     create_time, update_time, (SELECT COUNT(*) FROM articles WHERE base = knowledge_bases.id) AS num_articles \
     FROM knowledge_bases WHERE id > $1 ORDER BY id LIMIT $2";

impl BaseRow {
    fn into_stored(self) -> Result<StoredBase> {
        let name = BaseName::from_id(&self.id, "name").map_err(|_| super::corrupt("the id", &self.id))?;
        let base = KnowledgeBase {
            name,
            display_name: self.display_name,
            num_articles: self.num_articles.unsigned_abs(),
            num_passages: 0,
            generation: self.generation.unsigned_abs(),
            create_time_ms: self.create_time,
            update_time_ms: self.update_time,
            etag: etag(self.number, self.version),
        };
        let previous_generation = self.previous_generation.map(i64::unsigned_abs);
        Ok(StoredBase { number: self.number, base, previous_generation })
    }
}

impl Store {
    /// One knowledge base.
    pub(crate) async fn base(&self, name: &BaseName) -> Result<StoredBase> {
        let row: Option<BaseRow> =
            sqlx::query_as(SELECT_ONE).bind(name.id()).fetch_optional(&self.readers).await?;
        row.ok_or_else(|| not_found(name))?.into_stored()
    }

    /// At most `limit` knowledge bases whose id comes after `after`, by id.
    pub(crate) async fn bases(&self, after: &str, limit: i64) -> Result<Vec<StoredBase>> {
        let rows: Vec<BaseRow> =
            sqlx::query_as(SELECT_PAGE).bind(after).bind(limit).fetch_all(&self.readers).await?;
        rows.into_iter().map(BaseRow::into_stored).collect()
    }
}

impl Write {
    /// One knowledge base, as this transaction sees it.
    pub(crate) async fn base(&mut self, name: &BaseName) -> Result<StoredBase> {
        let row: Option<BaseRow> =
            sqlx::query_as(SELECT_ONE).bind(name.id()).fetch_optional(&mut *self.transaction).await?;
        row.ok_or_else(|| not_found(name))?.into_stored()
    }

    /// Creates a knowledge base whose live index is generation 1.
    pub(crate) async fn insert_base(&mut self, name: &BaseName, display_name: &str) -> Result<StoredBase> {
        match self.base(name).await {
            Ok(_) => return Err(Error::AlreadyExists { resource: name.to_string() }),
            Err(Error::NotFound { .. }) => {}
            Err(error) => return Err(error),
        }
        let number = self.next("number").await?;
        let sql = "INSERT INTO knowledge_bases \
                   (id, number, display_name, version, generation, create_time, update_time) \
                   VALUES ($1, $2, $3, 1, 1, $4, $4)";
        sqlx::query(sql)
            .bind(name.id())
            .bind(number)
            .bind(display_name)
            .bind(now_ms())
            .execute(&mut *self.transaction)
            .await?;
        self.base(name).await
    }

    /// Renames a knowledge base for people.
    pub(crate) async fn update_base(&mut self, name: &BaseName, display_name: &str) -> Result<StoredBase> {
        let sql = "UPDATE knowledge_bases SET display_name = $2, version = version + 1, update_time = $3 \
                   WHERE id = $1";
        sqlx::query(sql)
            .bind(name.id())
            .bind(display_name)
            .bind(now_ms())
            .execute(&mut *self.transaction)
            .await?;
        self.base(name).await
    }

    /// Deletes a knowledge base with everything in it.
    pub(crate) async fn delete_base(&mut self, stored: &StoredBase) -> Result<()> {
        let id = stored.base.name.id();
        let by_number = "DELETE FROM changes WHERE base_number = $1";
        sqlx::query(by_number).bind(stored.number).execute(&mut *self.transaction).await?;
        for sql in [
            "DELETE FROM passages WHERE article_number IN (SELECT number FROM articles WHERE base = $1)",
            "DELETE FROM article_versions WHERE base = $1",
            "DELETE FROM articles WHERE base = $1",
            "DELETE FROM knowledge_bases WHERE id = $1",
        ] {
            sqlx::query(sql).bind(id).execute(&mut *self.transaction).await?;
        }
        Ok(())
    }

    /// Says which generation of the index is live, and which one to roll back to.
    pub(crate) async fn set_generation(
        &mut self,
        base_number: i64,
        generation: u64,
        previous: Option<u64>,
    ) -> Result<()> {
        let sql = "UPDATE knowledge_bases SET generation = $2, previous_generation = $3 WHERE number = $1";
        let stored = |number: u64| i64::try_from(number).map_err(|error| Error::Internal(error.to_string()));
        sqlx::query(sql)
            .bind(base_number)
            .bind(stored(generation)?)
            .bind(previous.map(stored).transpose()?)
            .execute(&mut *self.transaction)
            .await?;
        Ok(())
    }
}

pub(super) fn etag(number: i64, version: i64) -> String {
    format!("{number:x}-{version:x}")
}

fn not_found(name: &BaseName) -> Error {
    Error::NotFound { resource: name.to_string() }
}
