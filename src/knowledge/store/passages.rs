//! What articles are cut into, and what they said before.

use std::collections::HashMap;

use sqlx::{AssertSqlSafe, Sqlite, Transaction};

use super::{
    MAX_MARKERS, Store, Write,
    articles::{ArticleRow, CutArticle, StoredArticle, select_articles},
    markers, now_ms,
};
use crate::{
    Error, Result,
    knowledge::{
        article::ArticleContent,
        name::ArticleName,
        passage::{CUTTER_VERSION, Passage, cut},
    },
};

/// Columns of a row of `passages`.
const NUM_COLUMNS: usize = 5;
/// Earlier versions of an article that are kept.
const MAX_VERSIONS: i64 = 50;
/// Articles that are cut anew in one transaction.
const BATCH_SIZE: i64 = 256;

#[derive(sqlx::FromRow)]
struct PassageRow {
    article_number: i64,
    heading: String,
    start_byte: i64,
    end_byte: i64,
}

/// Articles with what they are cut into, as one transaction sees them.
pub(super) async fn with_passages(
    transaction: &mut Transaction<'static, Sqlite>,
    rows: Vec<ArticleRow>,
) -> Result<Vec<CutArticle>> {
    let articles: Vec<StoredArticle> =
        rows.into_iter().map(ArticleRow::into_stored).collect::<Result<_>>()?;
    let mut passages: HashMap<i64, Vec<Passage>> = HashMap::with_capacity(articles.len());
    for some in articles.chunks(MAX_MARKERS) {
        let list = markers(1, 1, some.len());
        let sql = format!(
            "SELECT article_number, heading, start_byte, end_byte FROM passages \
             WHERE article_number IN {list} ORDER BY article_number, ordinal"
        );
        // Only numbered markers are put into the text.
        let mut query = sqlx::query_as(AssertSqlSafe(sql));
        for article in some {
            query = query.bind(article.number);
        }
        let rows: Vec<PassageRow> = query.fetch_all(&mut **transaction).await?;
        for PassageRow { article_number, heading, start_byte, end_byte } in rows {
            let byte = |byte: i64| usize::try_from(byte).unwrap_or_default();
            let passage = Passage { heading, start: byte(start_byte), end: byte(end_byte) };
            passages.entry(article_number).or_default().push(passage);
        }
    }
    let with = |stored: StoredArticle| {
        let passages = passages.remove(&stored.number).unwrap_or_default();
        CutArticle { stored, passages }
    };
    Ok(articles.into_iter().map(with).collect())
}

impl Store {
    /// What an article said in an earlier version; `None` when that version is not kept.
    pub(crate) async fn version(&self, name: &ArticleName, version: i64) -> Result<Option<ArticleContent>> {
        let sql = "SELECT content FROM article_versions WHERE base = $1 AND id = $2 AND version = $3 \
                   ORDER BY end_time DESC LIMIT 1";
        let content: Option<String> = sqlx::query_scalar(sql)
            .bind(name.base().id())
            .bind(name.id())
            .bind(version)
            .fetch_optional(&self.readers)
            .await?;
        content.map(|json| read_content(&json)).transpose()
    }

    /// Cuts every article anew when another program's rules cut them; tells whether it did.
    pub(crate) async fn cut_anew(&self) -> Result<bool> {
        let sql = "SELECT value FROM counters WHERE name = 'cutter'";
        let version: i64 = sqlx::query_scalar(sql).fetch_one(&self.readers).await?;
        if version == CUTTER_VERSION {
            return Ok(false);
        }
        let mut after = i64::MIN;
        loop {
            let sql = select_articles!("FROM articles a WHERE a.number > $1 ORDER BY a.number LIMIT $2");
            let rows: Vec<ArticleRow> =
                sqlx::query_as(sql).bind(after).bind(BATCH_SIZE).fetch_all(&self.readers).await?;
            let mut write = self.begin_unnamed().await?;
            let Some(last) = rows.last() else {
                let sql = "UPDATE counters SET value = $1 WHERE name = 'cutter'";
                sqlx::query(sql).bind(CUTTER_VERSION).execute(&mut *write.transaction).await?;
                write.finish(&()).await?;
                return Ok(true);
            };
            after = last.number();
            for row in rows {
                let stored = row.into_stored()?;
                write.write_passages(stored.number, &cut(&stored.article.content.body)).await?;
            }
            write.finish(&()).await?;
        }
    }
}

impl Write {
    /// Replaces what an article is cut into.
    pub(super) async fn write_passages(&mut self, number: i64, passages: &[Passage]) -> Result<()> {
        let sql = "DELETE FROM passages WHERE article_number = $1";
        sqlx::query(sql).bind(number).execute(&mut *self.transaction).await?;
        let numbered: Vec<(i64, &Passage)> = (0..).zip(passages).collect();
        for some in numbered.chunks(MAX_MARKERS / NUM_COLUMNS) {
            let rows = markers(1, some.len(), NUM_COLUMNS);
            let sql = format!(
                "INSERT INTO passages (article_number, ordinal, heading, start_byte, end_byte) VALUES {rows}"
            );
            let byte = |byte: usize| i64::try_from(byte).unwrap_or(i64::MAX);
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for (ordinal, Passage { heading, start, end }) in some {
                query = query.bind(number).bind(*ordinal).bind(heading).bind(byte(*start)).bind(byte(*end));
            }
            query.execute(&mut *self.transaction).await?;
        }
        Ok(())
    }

    /// Keeps what an article says, before it is changed or deleted.
    pub(super) async fn keep_version(&mut self, stored: &StoredArticle) -> Result<()> {
        let article = &stored.article;
        let content =
            serde_json::to_string(&article.content).map_err(|error| Error::Internal(error.to_string()))?;
        let sql = "INSERT INTO article_versions (article_number, version, base, id, content, end_time) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
        sqlx::query(sql)
            .bind(stored.number)
            .bind(article.version)
            .bind(article.name.base().id())
            .bind(article.name.id())
            .bind(content)
            .bind(now_ms())
            .execute(&mut *self.transaction)
            .await?;
        let sql = "DELETE FROM article_versions WHERE article_number = $1 AND version <= $2";
        sqlx::query(sql)
            .bind(stored.number)
            .bind(article.version - MAX_VERSIONS)
            .execute(&mut *self.transaction)
            .await?;
        Ok(())
    }
}

fn read_content(json: &str) -> Result<ArticleContent> {
    serde_json::from_str(json).map_err(|error| Error::Internal(format!("a stored version: {error}")))
}
