//! Rows of gaps: questions that nothing answers.

use super::{
    Store, Write,
    articles::{read_list, write_list},
    corrupt,
    vectors::{from_bytes, to_bytes},
};
use crate::{Result, knowledge::name::BaseName, message::Locale};

/// A gap as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StoredGap {
    /// Never used again for another gap; 0 before it is stored.
    pub(crate) number: i64,
    /// What was asked first, without personal data.
    pub(crate) question: String,
    /// Other ways of asking it, without personal data.
    pub(crate) examples: Vec<String>,
    /// Language of the first asker.
    pub(crate) locale: Locale,
    /// Intent of the first message; empty when it was not labelled.
    pub(crate) intent: String,
    /// How often it was asked.
    pub(crate) count: i64,
    /// When it was first asked, in ms since 1970.
    pub(crate) first_time_ms: i64,
    /// When it was last asked, in ms since 1970.
    pub(crate) last_time_ms: i64,
}

/// Where a page of gaps begins: behind this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GapPlace {
    /// How often the last gap of the page before was asked.
    pub(crate) count: i64,
    /// When it was last asked, in ms since 1970.
    pub(crate) last_time_ms: i64,
    /// Its number.
    pub(crate) number: i64,
}

#[derive(sqlx::FromRow)]
struct GapRow {
    number: i64,
    question: String,
    examples: String,
    locale: String,
    intent: String,
    count: i64,
    first_time: i64,
    last_time: i64,
}

#[derive(sqlx::FromRow)]
struct VectorRow {
    #[sqlx(flatten)]
    gap: GapRow,
    model: String,
    vector: Vec<u8>,
}

impl GapRow {
    fn into_gap(self) -> Result<StoredGap> {
        Ok(StoredGap {
            number: self.number,
            question: self.question,
            examples: read_list(&self.examples)?,
            locale: Locale::from_tag(&self.locale).ok_or_else(|| corrupt("the locale", &self.locale))?,
            intent: self.intent,
            count: self.count,
            first_time_ms: self.first_time,
            last_time_ms: self.last_time,
        })
    }
}

impl Store {
    /// Number of a knowledge base; `None` when it is not there.
    pub(crate) async fn base_number(&self, base: &BaseName) -> Result<Option<i64>> {
        let sql = "SELECT number FROM knowledge_bases WHERE id = $1";
        Ok(sqlx::query_scalar(sql).bind(base.id()).fetch_optional(&self.readers).await?)
    }

    /// At most `limit` gaps behind `after`, the most asked first, among equals the last asked;
    /// only those of one language when it is given.
    pub(crate) async fn gaps(
        &self,
        base_number: i64,
        locale: Option<Locale>,
        after: Option<GapPlace>,
        limit: i64,
    ) -> Result<Vec<StoredGap>> {
        let sql = "SELECT number, question, examples, locale, intent, count, first_time, last_time FROM gaps \
                   WHERE base_number = $1 AND ($2 = '' OR locale = $2) \
                   AND (count, last_time, number) < ($3, $4, $5) \
                   ORDER BY count DESC, last_time DESC, number DESC LIMIT $6";
        let first = GapPlace { count: i64::MAX, last_time_ms: i64::MAX, number: i64::MAX };
        let after = after.unwrap_or(first);
        let rows: Vec<GapRow> = sqlx::query_as(sql)
            .bind(base_number)
            .bind(locale.map(Locale::tag).unwrap_or_default())
            .bind(after.count)
            .bind(after.last_time_ms)
            .bind(after.number)
            .bind(limit)
            .fetch_all(&self.readers)
            .await?;
        rows.into_iter().map(GapRow::into_gap).collect()
    }

    /// Every gap of a knowledge base with its vector; an empty one where another model made it.
    pub(crate) async fn gaps_with_vectors(
        &self,
        base_number: i64,
        model: &str,
    ) -> Result<Vec<(StoredGap, Vec<f32>)>> {
        let sql = "SELECT number, question, examples, locale, intent, count, first_time, last_time, model, \
                   vector FROM gaps WHERE base_number = $1 ORDER BY number";
        let rows: Vec<VectorRow> = sqlx::query_as(sql).bind(base_number).fetch_all(&self.readers).await?;
        let read = |row: VectorRow| {
            let vector = if row.model == model { from_bytes(&row.vector) } else { Vec::new() };
            Ok((row.gap.into_gap()?, vector))
        };
        rows.into_iter().map(read).collect()
    }

    /// Forgets every gap that was last asked before a time, in ms since 1970.
    pub(crate) async fn forget_gaps_before(&self, time_ms: i64) -> Result<()> {
        let mut write = self.begin_unnamed().await?;
        let sql = "DELETE FROM gaps WHERE last_time < $1";
        sqlx::query(sql).bind(time_ms).execute(&mut *write.transaction).await?;
        write.finish(&()).await
    }
}

impl Write {
    /// Creates a gap; gives its number.
    pub(crate) async fn insert_gap(
        &mut self,
        base_number: i64,
        gap: &StoredGap,
        model: &str,
        vector: &[f32],
    ) -> Result<i64> {
        let number = self.next("number").await?;
        let sql = "INSERT INTO gaps (number, base_number, question, examples, locale, intent, count, \
                   first_time, last_time, model, vector) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        sqlx::query(sql)
            .bind(number)
            .bind(base_number)
            .bind(&gap.question)
            .bind(write_list(&gap.examples)?)
            .bind(gap.locale.tag())
            .bind(&gap.intent)
            .bind(gap.count)
            .bind(gap.first_time_ms)
            .bind(gap.last_time_ms)
            .bind(model)
            .bind(to_bytes(vector))
            .execute(&mut *self.transaction)
            .await?;
        Ok(number)
    }

    /// Stores what changed of a gap; tells whether it is still there.
    pub(crate) async fn update_gap(&mut self, gap: &StoredGap, model: &str, vector: &[f32]) -> Result<bool> {
        let sql = "UPDATE gaps SET examples = $2, count = $3, last_time = $4, model = $5, vector = $6 \
                   WHERE number = $1";
        let done = sqlx::query(sql)
            .bind(gap.number)
            .bind(write_list(&gap.examples)?)
            .bind(gap.count)
            .bind(gap.last_time_ms)
            .bind(model)
            .bind(to_bytes(vector))
            .execute(&mut *self.transaction)
            .await?;
        Ok(done.rows_affected() > 0)
    }

    /// Deletes a gap of a knowledge base; tells whether it was there.
    pub(crate) async fn delete_gap(&mut self, base_number: i64, number: i64) -> Result<bool> {
        let sql = "DELETE FROM gaps WHERE base_number = $1 AND number = $2";
        let done = sqlx::query(sql).bind(base_number).bind(number).execute(&mut *self.transaction).await?;
        Ok(done.rows_affected() > 0)
    }
}
