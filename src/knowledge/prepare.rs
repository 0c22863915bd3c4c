//! Makes stored articles searchable: gets the vectors of their passages, titles and questions.

use std::{collections::HashMap, sync::Arc};

use super::{
    analysis::{Part, Terms, analyse_parts, joined},
    article::ArticleContent,
    codes,
    passage::Passage,
    passage_words::PassageParts,
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
    /// Its parts, analysed.
    pub(crate) parts: ArticleParts,
    /// Its vectors: one row a passage, then one of the title, then one a question.
    pub(crate) rows: Rows,
    /// The words of its passages as numbers.
    pub(crate) words: Vec<u8>,
    /// Bytes of words that each row has; none but those of passages have any.
    pub(crate) word_bytes: Vec<u32>,
}

/// Vectors in every form that a segment holds, one after the other.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    /// As the encoder gave them.
    pub(crate) exact: Vec<f32>,
    /// The same with 8 bits a number.
    pub(crate) quantised: Vec<u8>,
    /// What a step of each row is worth.
    pub(crate) scales: Vec<f32>,
    /// The same with one bit a number.
    pub(crate) codes: Vec<u8>,
    /// What each code is worth.
    pub(crate) code_worths: Vec<f32>,
    /// The vectors of the tokens of each row, 8-bit.
    pub(crate) tokens: Vec<u8>,
    /// Bytes of tokens that each row has.
    pub(crate) token_bytes: Vec<u32>,
}

impl Rows {
    fn of(dimensions: usize, vectors: Vec<TextVectors>) -> Self {
        let mut rows = Self::default();
        for TextVectors { mut vector, tokens } in vectors {
            // A row for every text, whatever the encoder gave.
            vector.resize(dimensions, 0.0);
            let quantised = Quantised::new(&vector);
            rows.quantised.extend(quantised.values);
            rows.scales.push(quantised.scale);
            rows.code_worths.push(codes::encode(&vector, &mut rows.codes));
            rows.token_bytes.push(num_bytes(&tokens));
            rows.tokens.extend(tokens);
            rows.exact.extend(vector);
        }
        rows
    }
}

/// The analysed parts of an article.
#[derive(Debug)]
pub(crate) struct ArticleParts {
    title: Part,
    questions: Part,
    /// Headings and text of each passage.
    passages: Vec<(Part, Part)>,
}

impl ArticleParts {
    fn of(content: &ArticleContent, passages: &[Passage]) -> Self {
        let questions = content.questions.join("\n");
        let mut texts = vec![content.title.as_str(), &questions];
        for passage in passages {
            texts.extend([passage.heading.as_str(), passage.text(&content.body)]);
        }
        let mut parts = analyse_parts(&texts).into_iter();
        let mut next = || parts.next().unwrap_or_default();
        let (title, questions) = (next(), next());
        Self { title, questions, passages: passages.iter().map(|_| (next(), next())).collect() }
    }

    /// The terms of the title and of the authored questions.
    pub(crate) fn title_and_questions(&self) -> (Terms, Terms) {
        (joined(&[&self.title]), joined(&[&self.questions]))
    }

    /// The terms of each passage with the headings above it.
    pub(crate) fn passages(&self) -> impl Iterator<Item = Terms> {
        self.passages.iter().map(|(heading, text)| joined(&[heading, text]))
    }

    /// The words of each passage, as segments hold them.
    pub(crate) fn words(&self) -> impl Iterator<Item = Vec<u8>> {
        self.passages.iter().map(|(heading, text)| {
            PassageParts { around: [&self.title, &self.questions, heading], text }.to_bytes()
        })
    }
}

impl PreparedArticle {
    /// Puts an article's passages together with the vectors of its texts, one row a text.
    pub(crate) fn new(cut: CutArticle, dimensions: usize, vectors: Vec<TextVectors>) -> Self {
        let CutArticle { stored, passages } = cut;
        let parts = ArticleParts::of(&stored.article.content, &passages);
        let words: Vec<Vec<u8>> = parts.words().collect();
        let mut word_bytes: Vec<u32> = words.iter().map(|words| num_bytes(words)).collect();
        word_bytes.resize(vectors.len(), 0);
        let rows = Rows::of(dimensions, vectors);
        Self { stored, passages, parts, rows, words: words.concat(), word_bytes }
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

/// The length of a few kilobytes.
fn num_bytes(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or_default()
}

/// The texts that stand for an article: of its passages, then title, then questions.
fn texts_of(cut: &CutArticle) -> Vec<String> {
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
        let texts: Vec<String> = articles.iter().flat_map(texts_of).collect();
        let vectors = self.vectors(texts.iter()).await?;
        let dimensions = self.encoder.dimensions();
        let prepare = move |article| {
            let of_text = |text| vectors.get(&text).cloned().unwrap_or_default();
            let vectors = texts_of(&article).into_iter().map(of_text).collect();
            PreparedArticle::new(article, dimensions, vectors)
        };
        blocking(|| articles.into_iter().map(prepare).collect()).await
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
