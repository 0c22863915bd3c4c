//! Rows of golden questions.

use sqlx::AssertSqlSafe;

use super::{MAX_MARKERS, Store, Write, corrupt, markers};
use crate::{Result, knowledge::golden::GoldenQuestion, message::Locale};

/// Columns of a row of `golden_questions`.
const NUM_COLUMNS: usize = 5;

#[derive(sqlx::FromRow)]
struct GoldenRow {
    position: i64,
    question: String,
    article: String,
    locale: String,
}

impl GoldenRow {
    fn into_question(self) -> Result<(i64, GoldenQuestion)> {
        let locale = match self.locale.as_str() {
            "" => None,
            tag => Some(Locale::from_tag(tag).ok_or_else(|| corrupt("the locale", tag))?),
        };
        Ok((self.position, GoldenQuestion { question: self.question, article: self.article, locale }))
    }
}

impl Store {
    /// At most `limit` golden questions whose position comes after `after`, with their positions.
    pub(crate) async fn golden_questions(
        &self,
        base_number: i64,
        after: i64,
        limit: i64,
    ) -> Result<Vec<(i64, GoldenQuestion)>> {
        let sql = "SELECT position, question, article, locale FROM golden_questions \
                   WHERE base_number = $1 AND position > $2 ORDER BY position LIMIT $3";
        let rows: Vec<GoldenRow> =
            sqlx::query_as(sql).bind(base_number).bind(after).bind(limit).fetch_all(&self.readers).await?;
        rows.into_iter().map(GoldenRow::into_question).collect()
    }
}

impl Write {
    /// Replaces every golden question of a knowledge base.
    pub(crate) async fn set_golden_questions(
        &mut self,
        base_number: i64,
        questions: &[GoldenQuestion],
    ) -> Result<()> {
        let sql = "DELETE FROM golden_questions WHERE base_number = $1";
        sqlx::query(sql).bind(base_number).execute(&mut *self.transaction).await?;
        let numbered: Vec<(i64, &GoldenQuestion)> = (0..).zip(questions).collect();
        for some in numbered.chunks(MAX_MARKERS / NUM_COLUMNS) {
            let rows = markers(1, some.len(), NUM_COLUMNS);
            let sql = format!(
                "INSERT INTO golden_questions (base_number, position, question, article, locale) VALUES {rows}"
            );
            // Only numbered markers are put into the text.
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for (position, question) in some {
                let locale = question.locale.map(Locale::tag).unwrap_or_default();
                query = query.bind(base_number).bind(*position);
                query = query.bind(&question.question).bind(&question.article).bind(locale);
            }
            query.execute(&mut *self.transaction).await?;
        }
        Ok(())
    }
}
