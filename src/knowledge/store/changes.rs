//! What changed, in order, so that an index can catch up.

use super::{
    Store, Write,
    articles::{ArticleRow, CutArticle, select_articles},
    passages::with_passages,
};
use crate::Result;

/// The articles that changed after a point, as they are now.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changes {
    /// The point up to which this brings an index; the one asked for when nothing changed.
    pub(crate) seq: i64,
    /// Numbers of all articles that changed, deleted ones too.
    pub(crate) numbers: Vec<i64>,
    /// Those that are still there.
    pub(crate) articles: Vec<CutArticle>,
}

impl Store {
    /// The last change of a knowledge base; 0 when there was none.
    pub(crate) async fn last_change(&self, base_number: i64) -> Result<i64> {
        let sql = "SELECT COALESCE(MAX(seq), 0) FROM changes WHERE base_number = $1";
        Ok(sqlx::query_scalar(sql).bind(base_number).fetch_one(&self.readers).await?)
    }

    /// At most `limit` changes after `seq`, oldest first.
    pub(crate) async fn changes(&self, base_number: i64, seq: i64, limit: i64) -> Result<Changes> {
        // One transaction sees one state.
        let mut transaction = self.readers.begin().await?;
        let sql = "SELECT seq, article_number FROM changes WHERE base_number = $1 AND seq > $2 \
                   ORDER BY seq LIMIT $3";
        let changed: Vec<(i64, i64)> =
            sqlx::query_as(sql).bind(base_number).bind(seq).bind(limit).fetch_all(&mut *transaction).await?;
        let Some(&(last, _)) = changed.last() else {
            return Ok(Changes { seq, ..Changes::default() });
        };
        let sql = select_articles!(
            "FROM changes c JOIN articles a ON a.number = c.article_number \
             WHERE c.base_number = $1 AND c.seq > $2 AND c.seq <= $3 ORDER BY a.number"
        );
        let rows: Vec<ArticleRow> =
            sqlx::query_as(sql).bind(base_number).bind(seq).bind(last).fetch_all(&mut *transaction).await?;
        let articles = with_passages(&mut transaction, rows).await?;
        let numbers = changed.into_iter().map(|(_, number)| number).collect();
        Ok(Changes { seq: last, numbers, articles })
    }
}

impl Write {
    pub(super) async fn record_change(
        &mut self,
        base_number: i64,
        article_number: i64,
        kind: &'static str,
    ) -> Result<()> {
        let seq = self.next("change").await?;
        let sql = "INSERT INTO changes (article_number, base_number, seq, kind) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (article_number) DO UPDATE SET seq = excluded.seq, kind = excluded.kind";
        sqlx::query(sql)
            .bind(article_number)
            .bind(base_number)
            .bind(seq)
            .bind(kind)
            .execute(&mut *self.transaction)
            .await?;
        Ok(())
    }
}
