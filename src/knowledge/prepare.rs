//! Makes stored articles searchable: gets the vectors of their passages, titles and questions.

use std::{collections::HashMap, sync::Arc};

use super::{
    passage::Passage,
    segment::Record,
    store::{CutArticle, Store, StoredArticle},
    vectors::Quantised,
};
use crate::{
    Error, Result,
    encoder::{TextEncoder, TextVectors},
};

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

/// An article with everything that a segment and the lexical index hold of it.
#[derive(Debug)]
pub(crate) struct PreparedArticle {
    pub(crate) stored: StoredArticle,
    pub(crate) passages: Vec<Passage>,
    /// One row a passage, then one of the title, then one a question; 8-bit.
    pub(crate) rows: Vec<u8>,
    /// What a step of each row is worth.
    pub(crate) scales: Vec<f32>,
    /// The rows as the encoder gave them.
    pub(crate) exact: Vec<f32>,
    /// The vectors of the tokens of each row, 8-bit.
    pub(crate) tokens: Vec<u8>,
    /// Bytes of tokens that each row has.
    pub(crate) token_bytes: Vec<u32>,
}

impl PreparedArticle {
    fn new(cut: CutArticle, dimensions: usize, vectors: &HashMap<String, TextVectors>) -> Self {
        let texts = texts(&cut);
        let CutArticle { stored, passages } = cut;
        let (mut rows, mut scales, mut exact) = (Vec::new(), Vec::new(), Vec::new());
        let (mut all_tokens, mut token_bytes) = (Vec::new(), Vec::new());
        for text in &texts {
            // A row for every text, whatever the encoder gave.
            let TextVectors { vector: mut row, tokens } = vectors.get(text).cloned().unwrap_or_default();
            row.resize(dimensions, 0.0);
            token_bytes.push(u32::try_from(tokens.len()).unwrap_or_default());
            all_tokens.extend(tokens);
            let quantised = Quantised::new(&row);
            rows.extend(quantised.values);
            scales.push(quantised.scale);
            exact.extend(row);
        }
        Self { stored, passages, rows, scales, exact, tokens: all_tokens, token_bytes }
    }

    /// Rows of the title and the questions.
    pub(crate) fn num_questions(&self) -> usize {
        1 + self.stored.article.content.questions.len()
    }

    /// What a hit shows of it.
    pub(crate) fn record(&self) -> Record<'_> {
        let content = &self.stored.article.content;
        Record {
            id: self.stored.article.name.id(),
            title: &content.title,
            url: &content.url,
            body: &content.body,
            questions: content.questions.iter().map(String::as_str).collect(),
            passages: self.passages.clone(),
        }
    }
}

/// The texts that stand for an article: of its passages, then title, then questions.
fn texts(cut: &CutArticle) -> Vec<String> {
    let content = &cut.stored.article.content;
    let of_passage = |passage: &Passage| {
        let parts = [content.title.as_str(), passage.heading.as_str(), passage.text(&content.body)];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
    };
    let passages = cut.passages.iter().map(of_passage);
    passages.chain([content.title.clone()]).chain(content.questions.iter().cloned()).collect()
}

impl Preparer {
    /// Gets the vectors of articles, encoding only texts that this model has not encoded before. New
    /// vectors are kept in the store.
    pub(crate) async fn prepare(&self, articles: Vec<CutArticle>) -> Result<Vec<PreparedArticle>> {
        let texts: Vec<String> = articles.iter().flat_map(texts).collect();
        let vectors = self.vectors(texts.iter()).await?;
        let dimensions = self.encoder.dimensions();
        let prepare = |article| PreparedArticle::new(article, dimensions, &vectors);
        Ok(articles.into_iter().map(prepare).collect())
    }

    /// The vector of every text.
    async fn vectors(&self, texts: impl Iterator<Item = &String>) -> Result<HashMap<String, TextVectors>> {
        let by_hash: HashMap<String, &String> = texts.map(|text| (hash(text), text)).collect();
        let hashes: Vec<String> = by_hash.keys().cloned().collect();
        let mut known = self.store.vectors(&self.model_id, &hashes).await?;
        let needs_tokens = self.encoder.token_width() > 0;
        known.retain(|_, text| {
            text.vector.len() == self.encoder.dimensions() && !(needs_tokens && text.tokens.is_empty())
        });
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
    async fn encode(&self, mut texts: Vec<(String, String)>) -> Result<Vec<(String, TextVectors)>> {
        if texts.is_empty() {
            return Ok(Vec::new());
        }
        let encoder = Arc::clone(&self.encoder);
        blocking(move || {
            texts.sort_by(|left, right| (left.1.len(), &left.0).cmp(&(right.1.len(), &right.0)));
            let mut encoded = Vec::with_capacity(texts.len());
            for batch in texts.chunks(BATCH_SIZE) {
                let batch_texts: Vec<&str> = batch.iter().map(|(_, text)| text.as_str()).collect();
                let vectors = encoder.encode_with_tokens(&batch_texts)?;
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
