//! Makes stored articles searchable: cuts passages and gets their vectors.

use std::{collections::HashMap, sync::Arc};

use super::{
    generation::IndexedArticle,
    passage::{Passage, cut},
    store::{Store, StoredArticle},
    vectors::Vectors,
};
use crate::{Error, Result, encoder::TextEncoder};

/// Texts that are encoded in one batch.
const BATCH_SIZE: usize = 32;

/// What turns articles into vectors.
#[derive(Clone)]
pub(crate) struct Preparer {
    pub(crate) store: Store,
    pub(crate) encoder: Arc<dyn TextEncoder>,
    /// Vectors of another model are not used.
    pub(crate) model_id: String,
}

/// An article that was cut, with the texts that stand for it.
struct CutArticle {
    stored: StoredArticle,
    passages: Vec<Passage>,
    /// Texts of the passages, then title, then questions.
    texts: Vec<String>,
}

impl CutArticle {
    fn new(stored: StoredArticle) -> Self {
        let content = &stored.article.content;
        let passages = cut(&content.body);
        let mut texts: Vec<String> = passages
            .iter()
            .map(|passage| {
                let text = &content.body[passage.start..passage.end];
                let parts = [content.title.as_str(), passage.heading.as_str(), text];
                parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
            })
            .collect();
        texts.push(content.title.clone());
        texts.extend(content.questions.iter().cloned());
        Self { stored, passages, texts }
    }

    fn into_indexed(self, dimensions: usize, vectors: &HashMap<String, Vec<f32>>) -> IndexedArticle {
        let rows = |texts: &[String]| {
            let mut rows = Vectors::new(dimensions, texts.len());
            for text in texts {
                rows.push(vectors.get(text).map(Vec::as_slice).unwrap_or_default());
            }
            rows
        };
        let (of_passages, of_questions) = self.texts.split_at(self.passages.len());
        let (passage_vectors, question_vectors) = (rows(of_passages), rows(of_questions));
        let article = self.stored.article;
        IndexedArticle {
            number: self.stored.number,
            key_bytes: article.name.translation_key().len(),
            name: article.name,
            version: article.version,
            locale: article.content.locale,
            audience: article.content.audience,
            title: article.content.title,
            questions: article.content.questions,
            body: article.content.body,
            url: article.content.url,
            passages: self.passages,
            passage_vectors,
            question_vectors,
        }
    }
}

impl Preparer {
    /// Cuts articles and gets their vectors, encoding only texts that this model has not encoded
    /// before. New vectors are kept in the store.
    pub(crate) async fn prepare(&self, articles: Vec<StoredArticle>) -> Result<Vec<IndexedArticle>> {
        let articles: Vec<CutArticle> =
            blocking(move || articles.into_iter().map(CutArticle::new).collect()).await?;
        let vectors = self.vectors(articles.iter().flat_map(|article| article.texts.iter())).await?;
        let dimensions = self.encoder.dimensions();
        Ok(articles.into_iter().map(|article| article.into_indexed(dimensions, &vectors)).collect())
    }

    /// The vector of every text.
    async fn vectors(&self, texts: impl Iterator<Item = &String>) -> Result<HashMap<String, Vec<f32>>> {
        let by_hash: HashMap<String, &String> = texts.map(|text| (hash(text), text)).collect();
        let hashes: Vec<String> = by_hash.keys().cloned().collect();
        let mut known = self.store.vectors(&self.model_id, &hashes).await?;
        known.retain(|_, vector| vector.len() == self.encoder.dimensions());
        let missing: Vec<(String, String)> = by_hash
            .iter()
            .filter(|(hash, _)| !known.contains_key(*hash))
            .map(|(hash, text)| (hash.clone(), (*text).clone()))
            .collect();
        let new = self.encode(missing).await?;
        self.store.keep_vectors(&self.model_id, &new).await?;
        let all = known.into_iter().chain(new);
        Ok(all.filter_map(|(hash, vector)| Some(((*by_hash.get(&hash)?).clone(), vector))).collect())
    }

    /// Encodes texts, given with their hashes; texts of like length go together.
    async fn encode(&self, mut texts: Vec<(String, String)>) -> Result<Vec<(String, Vec<f32>)>> {
        if texts.is_empty() {
            return Ok(Vec::new());
        }
        let encoder = Arc::clone(&self.encoder);
        blocking(move || {
            texts.sort_by(|left, right| (left.1.len(), &left.0).cmp(&(right.1.len(), &right.0)));
            let mut encoded = Vec::with_capacity(texts.len());
            for batch in texts.chunks(BATCH_SIZE) {
                let batch_texts: Vec<&str> = batch.iter().map(|(_, text)| text.as_str()).collect();
                let vectors = encoder.encode_texts(&batch_texts)?;
                if vectors.len() != batch.len() {
                    return Err(Error::Internal("the encoder gave another number of vectors".into()));
                }
                encoded.extend(batch.iter().map(|(hash, _)| hash.clone()).zip(vectors));
            }
            Ok(encoded)
        })
        .await?
    }
}

/// Runs work that computes or waits for files on a thread where that holds nobody up.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Error::Internal(format!("a background task broke off: {error}")))
}

fn hash(text: &str) -> String {
    crate::digest::sha256(text.as_bytes())
}
