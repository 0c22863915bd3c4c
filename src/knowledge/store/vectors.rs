//! Vectors by the hash of what was encoded, so that nothing is encoded twice.

use std::collections::HashMap;

use sqlx::AssertSqlSafe;

use super::{MAX_MARKERS, Store, markers};
use crate::{Result, encoder::TextVectors};

/// Columns of a row of `vectors`.
const NUM_COLUMNS: usize = 4;

impl Store {
    /// The vectors of those of `hashes` that were encoded by `model` before.
    pub(crate) async fn vectors(
        &self,
        model: &str,
        hashes: &[String],
    ) -> Result<HashMap<String, TextVectors>> {
        let mut found = HashMap::with_capacity(hashes.len());
        for some in hashes.chunks(MAX_MARKERS) {
            let list = markers(2, 1, some.len());
            let sql = format!("SELECT hash, vector, tokens FROM vectors WHERE model = $1 AND hash IN {list}");
            // Only numbered markers are put into the text.
            let mut query = sqlx::query_as(AssertSqlSafe(sql)).bind(model);
            for hash in some {
                query = query.bind(hash);
            }
            let rows: Vec<(String, Vec<u8>, Option<Vec<u8>>)> = query.fetch_all(&self.readers).await?;
            found.extend(rows.into_iter().map(|(hash, bytes, tokens)| {
                (hash, TextVectors { vector: from_bytes(&bytes), tokens: tokens.unwrap_or_default() })
            }));
        }
        Ok(found)
    }

    /// Keeps vectors that `model` made.
    pub(crate) async fn keep_vectors(&self, model: &str, vectors: &[(String, TextVectors)]) -> Result<()> {
        if vectors.is_empty() {
            return Ok(());
        }
        let mut write = self.begin_unnamed().await?;
        for some in vectors.chunks(MAX_MARKERS / NUM_COLUMNS) {
            let rows = markers(1, some.len(), NUM_COLUMNS);
            let sql = format!(
                "INSERT INTO vectors (model, hash, vector, tokens) VALUES {rows} ON CONFLICT (model, hash) \
                 DO UPDATE SET vector = excluded.vector, tokens = excluded.tokens"
            );
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for (hash, TextVectors { vector, tokens }) in some {
                let tokens = (!tokens.is_empty()).then_some(tokens.as_slice());
                query = query.bind(model).bind(hash).bind(to_bytes(vector)).bind(tokens);
            }
            query.execute(&mut *write.transaction).await?;
        }
        write.finish(&()).await
    }

    /// Forgets the vectors of every model but this one.
    pub(crate) async fn forget_other_models(&self, model: &str) -> Result<()> {
        let mut write = self.begin_unnamed().await?;
        let sql = "DELETE FROM vectors WHERE model <> $1";
        sqlx::query(sql).bind(model).execute(&mut *write.transaction).await?;
        write.finish(&()).await
    }
}

pub(super) fn to_bytes(vector: &[f32]) -> Vec<u8> {
    vector.iter().flat_map(|value| value.to_le_bytes()).collect()
}

pub(super) fn from_bytes(bytes: &[u8]) -> Vec<f32> {
    let (values, _) = bytes.as_chunks::<4>();
    values.iter().map(|value| f32::from_le_bytes(*value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn vectors_come_back_as_they_were_kept() {
        let (_folder, store) = crate::knowledge::store::scratch().await;
        let text =
            |row: u16| TextVectors { vector: vec![f32::from(row), -0.5], tokens: vec![7; usize::from(row)] };
        let kept: Vec<(String, TextVectors)> =
            (0..700_u16).map(|row| (format!("{row:04}"), text(row))).collect();
        store.keep_vectors("m", &kept).await.unwrap();
        store.keep_vectors("m", &kept[..3]).await.unwrap();
        let mut hashes: Vec<String> = kept.iter().map(|(hash, _)| hash.clone()).collect();
        hashes.push("absent".to_owned());
        let found = store.vectors("m", &hashes).await.unwrap();
        assert_eq!(found.len(), 700);
        assert_eq!(found["0699"], text(699));
        assert_eq!(found["0000"], text(0));
        assert!(store.vectors("other", &hashes).await.unwrap().is_empty());
        store.forget_other_models("other").await.unwrap();
        assert!(store.vectors("m", &hashes).await.unwrap().is_empty());
    }
}
