//! The company's answers: articles in a store, and the index that finds their passages.

mod article;
mod confidence;
mod generation;
mod import;
mod name;
mod requests;
mod search;

use std::sync::Arc;

pub use article::{Article, ArticleContent, ArticleInput, Audience, KnowledgeBase, Limits};
pub use confidence::AnswerCalibration;
pub use generation::Generation;
pub use import::{ImportArticles, ImportItem, ImportProblem, ImportProgress, ImportReport};
pub use name::{ArticleName, BaseName};
pub use requests::{
    CreateArticle, DeleteArticle, DeleteBase, Page, ReindexReport, Search, UpdateArticle, UpdateBase,
};
pub use search::{Hit, Query, SearchOutcome, SearchParameters};

use crate::{Result, data_folder::DataFolder, encoder::TextEncoder};

/// What a knowledge base is opened with.
#[derive(Clone, Debug, Default)]
pub struct KnowledgeSettings {
    /// Name of the model and the first digits of its hash; vectors of another model are not used.
    pub model_id: String,
    /// How large things may be.
    pub limits: Limits,
    /// Weights and scales of the search.
    pub search: SearchParameters,
    /// Parameters of the answer probability.
    pub calibration: AnswerCalibration,
}

/// Every knowledge base of a data folder. Cheap to clone; clones share everything.
///
/// A change is durable, and found by the next search, when its call returns. A call that is
/// dropped before it returns is still carried out.
#[derive(Clone)]
pub struct Knowledge {}

impl Knowledge {
    /// Opens the store and every index in the data folder; what an index misses is replayed, an
    /// index that cannot be used is built anew.
    ///
    /// # Errors
    /// [`crate::Error::DataFolder`] or [`crate::Error::Storage`] when the store cannot be opened.
    pub async fn open(
        _folder: Arc<DataFolder>,
        _encoder: Arc<dyn TextEncoder>,
        _settings: KnowledgeSettings,
    ) -> Result<Self> {
        todo!()
    }

    /// How large things may be.
    pub fn limits(&self) -> &Limits {
        todo!()
    }

    /// The live generation of a knowledge base; cheap, never waits.
    pub fn snapshot(&self, _base: &BaseName) -> Option<Arc<Generation>> {
        todo!()
    }

    /// Creates an empty knowledge base.
    ///
    /// # Errors
    /// `Invalid` (`knowledge_base_id`, `knowledge_base.display_name`), `AlreadyExists`.
    pub async fn create_base(
        &self,
        _id: &str,
        _display_name: &str,
        _request_id: &str,
    ) -> Result<KnowledgeBase> {
        todo!()
    }

    /// Gets one knowledge base by its resource name.
    ///
    /// # Errors
    /// `Invalid` (`name`), `NotFound`.
    pub async fn base(&self, _name: &str) -> Result<KnowledgeBase> {
        todo!()
    }

    /// Lists knowledge bases by name; a page size of 0 means 50, more than 1000 means 1000.
    ///
    /// # Errors
    /// `Invalid` (`page_size`, `page_token`).
    pub async fn bases(&self, _page_size: i32, _page_token: &str) -> Result<Page<KnowledgeBase>> {
        todo!()
    }

    /// Changes fields of a knowledge base.
    ///
    /// # Errors
    /// `Invalid`, `NotFound`, `Conflict` when the etag is not the stored one.
    pub async fn update_base(&self, _request: UpdateBase) -> Result<KnowledgeBase> {
        todo!()
    }

    /// Deletes a knowledge base.
    ///
    /// # Errors
    /// `Invalid`, `NotFound`, `Conflict`, `Precondition` when it holds articles and `force` is not
    /// set.
    pub async fn delete_base(&self, _request: DeleteBase) -> Result<()> {
        todo!()
    }

    /// Creates an article.
    ///
    /// # Errors
    /// `Invalid`, `NotFound` for the knowledge base, `AlreadyExists`.
    pub async fn create_article(&self, _request: CreateArticle) -> Result<Article> {
        todo!()
    }

    /// Gets one article by its resource name.
    ///
    /// # Errors
    /// `Invalid` (`name`), `NotFound`.
    pub async fn article(&self, _name: &str) -> Result<Article> {
        todo!()
    }

    /// Lists articles of a knowledge base by name; a page size of 0 means 50, more than 1000 means
    /// 1000.
    ///
    /// # Errors
    /// `Invalid` (`parent`, `page_size`, `page_token`), `NotFound` for the knowledge base.
    pub async fn articles(
        &self,
        _parent: &str,
        _page_size: i32,
        _page_token: &str,
    ) -> Result<Page<Article>> {
        todo!()
    }

    /// Changes fields of an article.
    ///
    /// # Errors
    /// `Invalid`, `NotFound`, `Conflict` when the etag is not the stored one.
    pub async fn update_article(&self, _request: UpdateArticle) -> Result<Article> {
        todo!()
    }

    /// Deletes an article.
    ///
    /// # Errors
    /// `Invalid`, `NotFound`, `Conflict` when the etag is not the stored one.
    pub async fn delete_article(&self, _request: DeleteArticle) -> Result<()> {
        todo!()
    }

    /// Creates or replaces many articles; those that are wrong are reported and the rest goes on.
    ///
    /// # Errors
    /// `Invalid` (`parent`, `articles` when there are too many), `NotFound`.
    pub async fn import(
        &self,
        _request: ImportArticles,
        _progress: impl Fn(ImportProgress) + Send + Sync + 'static,
    ) -> Result<ImportReport> {
        todo!()
    }

    /// Asks a knowledge base, encoding the question first.
    ///
    /// # Errors
    /// `Invalid` (`knowledge_base`, `query`, `page_size`), `NotFound`.
    pub async fn search(&self, _request: Search) -> Result<SearchOutcome> {
        todo!()
    }

    /// Builds the index of a knowledge base anew beside the live one, then swaps.
    ///
    /// # Errors
    /// `Invalid` (`name`), `NotFound`, `Conflict` while another reindex of it runs.
    pub async fn reindex(&self, _name: &str) -> Result<ReindexReport> {
        todo!()
    }
}
