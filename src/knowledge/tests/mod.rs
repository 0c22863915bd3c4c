//! Tests of the whole: real SQLite files and real indexes in folders of their own; only the
//! encoder is a small stand-in.

mod articles;
mod bases;
mod imports;
mod operations;
mod recovery;
mod searching;

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use super::{
    ArticleInput, CreateArticle, ImportArticles, ImportItem, Knowledge, KnowledgeSettings, Search,
    SearchOutcome,
};
use crate::{Error, Result, data_folder::DataFolder, encoder::TextEncoder, text::fold::fold};

/// Stands in for the model: folded pairs of characters, hashed into a vector. Texts that share
/// pairs are near each other.
#[derive(Default)]
pub(super) struct PairEncoder {
    num_encoded: AtomicUsize,
}

const DIMENSIONS: usize = 384;

impl PairEncoder {
    fn num_encoded(&self) -> usize {
        self.num_encoded.load(Ordering::SeqCst)
    }
}

impl TextEncoder for PairEncoder {
    fn dimensions(&self) -> usize {
        DIMENSIONS
    }

    fn encode_texts(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>> {
        self.num_encoded.fetch_add(texts.len(), Ordering::SeqCst);
        Ok(texts.iter().map(|text| pairs_vector(text)).collect())
    }
}

fn pairs_vector(text: &str) -> Vec<f32> {
    let characters: Vec<u32> = fold(&text.to_lowercase()).chars().map(u32::from).collect();
    let mut vector = vec![1e-3_f32; DIMENSIONS];
    for pair in characters.windows(2) {
        let hash = pair.iter().fold(0x811c_9dc5_u32, |hash, &code| (hash ^ code).wrapping_mul(0x0100_0193));
        vector[hash as usize % DIMENSIONS] += 1.0;
    }
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    vector.iter().map(|value| value / length).collect()
}

/// A data folder with its knowledge, that can be closed and opened again.
struct Desk {
    folder: tempfile::TempDir,
    encoder: Arc<PairEncoder>,
    knowledge: Option<Knowledge>,
}

impl Desk {
    /// An empty knowledge base `shop`.
    async fn new() -> Self {
        let mut desk = Self::empty();
        desk.open().await;
        desk.knowledge().create_base("shop", "Shop", "").await.unwrap();
        desk
    }

    fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), encoder: Arc::default(), knowledge: None }
    }

    async fn open(&mut self) {
        self.open_with_model("test").await;
    }

    async fn open_with_model(&mut self, model_id: &str) {
        let folder = Arc::new(DataFolder::open(self.folder.path()).unwrap());
        let settings = KnowledgeSettings { model_id: model_id.into(), ..KnowledgeSettings::default() };
        let encoder = Arc::clone(&self.encoder);
        self.knowledge = Some(Knowledge::open(folder, encoder, settings).await.unwrap());
    }

    async fn close(&mut self) {
        if let Some(knowledge) = self.knowledge.take() {
            knowledge.close().await;
        }
    }

    async fn reopen(&mut self) {
        self.close().await;
        self.open().await;
    }

    fn knowledge(&self) -> &Knowledge {
        self.knowledge.as_ref().unwrap()
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    async fn create(&self, id: &str, input: ArticleInput) {
        self.knowledge().create_article(creation(id, input)).await.unwrap();
    }

    async fn search(&self, query: &str) -> SearchOutcome {
        self.knowledge().search(&question(query)).unwrap()
    }

    /// Ids of the articles that a question finds, best first.
    async fn found(&self, query: &str) -> Vec<String> {
        ids(&self.search(query).await)
    }

    async fn import(&self, items: Vec<ImportItem>) -> super::ImportReport {
        self.knowledge().import(importing(items), |_| ()).await.unwrap()
    }
}

fn ids(outcome: &SearchOutcome) -> Vec<String> {
    outcome.hits.iter().map(|hit| hit.article.id().to_owned()).collect()
}

fn question(query: &str) -> Search {
    Search { knowledge_base: "knowledgeBases/shop".into(), query: query.into(), ..Search::default() }
}

fn creation(id: &str, input: ArticleInput) -> CreateArticle {
    CreateArticle {
        parent: "knowledgeBases/shop".into(),
        article_id: id.into(),
        input,
        request_id: String::new(),
    }
}

fn importing(items: Vec<ImportItem>) -> ImportArticles {
    ImportArticles { parent: "knowledgeBases/shop".into(), items, ..ImportArticles::default() }
}

fn input(locale: &str, title: &str, body: &str) -> ArticleInput {
    ArticleInput { locale: locale.into(), title: title.into(), body: body.into(), ..ArticleInput::default() }
}

fn returns() -> ArticleInput {
    input("en", "Returns and exchanges", "You can send items back within 30 days of delivery.")
}

fn items(names: impl IntoIterator<Item = usize>) -> Vec<ImportItem> {
    let item = |number: usize| ImportItem {
        name: format!("article-{number:04}"),
        input: input("en", &format!("Topic {number}"), &format!("The body about number{number} is here.")),
    };
    names.into_iter().map(item).collect()
}

/// The variant of an error, for comparing.
fn kind(error: &Error) -> &'static str {
    match error {
        Error::Invalid { .. } => "invalid",
        Error::NotFound { .. } => "not found",
        Error::AlreadyExists { .. } => "already exists",
        Error::Conflict { .. } => "conflict",
        Error::Precondition { .. } => "precondition",
        _ => "other",
    }
}
