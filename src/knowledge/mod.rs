//! The company's answers: articles in a store, and the index that finds their passages.
//!
//! [`Knowledge`] is what the rest of the program calls. The store is the truth; everything that
//! searches is derived from it. A write is stored first, then the index catches up, then the call
//! returns; a kill between the two is made good at the next start.

mod analysis;
mod answer;
mod answer_head;
mod article;
mod bases;
mod best;
mod catalogue;
mod codes;
mod confidence;
mod failpoint;
mod files;
mod filter;
pub mod formats;
mod gaps;
mod generation;
mod golden;
mod import;
mod index;
pub mod lint;
mod live;
mod name;
mod operation;
mod operations;
mod paging;
mod passage;
mod passage_words;
mod prepare;
mod quality;
pub mod quote;
mod requests;
mod search;
mod segment;
mod store;
#[cfg(test)]
mod tests;
mod upkeep;
mod vectors;

use std::{
    sync::{Arc, Weak},
    time::{Duration, Instant},
};

use tokio::{sync::Mutex, task::JoinHandle};

pub use answer::QuotedAnswer;
pub use answer_head::AnswerHead;
pub use article::{Article, ArticleContent, ArticleInput, Audience, KnowledgeBase, Limits};
pub use confidence::{ANSWER_FILE, AnswerCalibration, AnswerFeatures};
pub use filter::SearchFilter;
pub use gaps::{Gap, UnansweredQuestion};
pub use generation::Generation;
pub use golden::{
    FirstHit, GoldenFailure, GoldenFigures, GoldenQuestion, GoldenReport, MAX_GOLDEN_QUESTIONS,
};
pub use import::{ImportArticles, ImportItem, ImportProblem, ImportProgress, ImportReport};
pub use index::FieldWeights;
pub use name::{ArticleName, BaseName, GapName};
pub use operation::{
    Operation, OperationFailure, OperationFilter, OperationKind, OperationName, OperationProgress, Outcome,
    ReindexStep,
};
pub use quality::LintFinding;
pub use requests::{
    CreateArticle, DeleteArticle, DeleteBase, LintBase, Page, Reindex, ReindexReport, Rollback,
    RollbackReport, Search, SetGoldenQuestions, UpdateArticle, UpdateBase,
};
pub use search::{Hit, Query, RandomPairs, ScoreParts, SearchOutcome, SearchParameters};

use self::{
    bases::Bases,
    gaps::Gaps,
    import::Import,
    live::Context,
    operations::Operations,
    paging::PageRequest,
    prepare::{Preparer, blocking},
    store::{Begun, RequestKey, Store},
};
use crate::{
    Error, Result,
    data_folder::DataFolder,
    encoder::{QuestionVectors, TextEncoder},
};

/// How often what is not needed any more is given back.
const TIDY_INTERVAL: Duration = Duration::from_secs(15);
/// Hits of a search when the caller does not say.
const DEFAULT_NUM_HITS: i32 = 5;
/// Most hits of a search.
const MAX_NUM_HITS: i32 = 50;

/// What a knowledge base is opened with.
#[derive(Clone, Debug)]
pub struct KnowledgeSettings {
    /// Name of the model and the first digits of its hash; vectors of another model are not used.
    pub model_id: String,
    /// How large things may be.
    pub limits: Limits,
    /// Parameters of the search and of the answer probability; they belong to the model.
    pub calibration: AnswerCalibration,
    /// Days that a question without an answer is kept after it was last asked; 0 keeps none.
    pub gap_days: u32,
    /// By how much golden questions may come out worse after a reindex, in 0..1.
    pub golden_max_drop: f64,
}

impl Default for KnowledgeSettings {
    fn default() -> Self {
        Self {
            model_id: String::new(),
            limits: Limits::default(),
            calibration: AnswerCalibration::default(),
            gap_days: 90,
            golden_max_drop: 0.02,
        }
    }
}

/// Every knowledge base of a data folder. Cheap to clone; clones share everything.
///
/// A change is durable, and found by the next search, when its call returns. A call that is
/// dropped before it returns is still carried out. When a call fails after its change was stored
/// (the disk is full, say), repeating it with the same request id gives the answer and makes the
/// change searchable.
#[derive(Clone)]
pub struct Knowledge {
    inner: Arc<Inner>,
}

struct Inner {
    bases: Bases,
    operations: Operations,
    store: Store,
    encoder: Arc<dyn TextEncoder>,
    gaps: Gaps,
    limits: Limits,
    /// Gives back what is not needed any more, from time to time.
    tidying: Mutex<Option<JoinHandle<()>>>,
    /// Keeps other processes out.
    _folder: Arc<DataFolder>,
}

impl Inner {
    async fn open(
        folder: Arc<DataFolder>,
        encoder: Arc<dyn TextEncoder>,
        settings: KnowledgeSettings,
    ) -> Result<Self> {
        let store = Store::open(&folder.store_path()).await?;
        store.cut_anew().await?;
        let preparer =
            Preparer { store: store.clone(), encoder: Arc::clone(&encoder), model_id: settings.model_id };
        let gaps = Gaps::open(preparer.clone(), settings.gap_days).await?;
        let context = Context {
            store: store.clone(),
            preparer,
            calibration: Arc::new(settings.calibration),
            index_folder: folder.index_path(),
            golden_max_drop: settings.golden_max_drop,
        };
        let bases = Bases::open(context).await?;
        let operations = Operations::open(store.clone()).await?;
        let limits = settings.limits;
        Ok(Self {
            bases,
            operations,
            store,
            encoder,
            gaps,
            limits,
            tidying: Mutex::default(),
            _folder: folder,
        })
    }
}

impl Knowledge {
    /// Opens the store and every index in the data folder; what an index misses is replayed, an
    /// index that cannot be used is built anew.
    ///
    /// # Errors
    /// [`Error::DataFolder`] or [`Error::Storage`] when the store cannot be opened,
    /// [`Error::Compute`] when the encoder fails.
    pub async fn open(
        folder: Arc<DataFolder>,
        encoder: Arc<dyn TextEncoder>,
        settings: KnowledgeSettings,
    ) -> Result<Self> {
        // The dictionaries take longest to load; whoever needs them before waits for them.
        let (warmed, opened) =
            tokio::join!(blocking(analysis::warm_up), Inner::open(folder, encoder, settings));
        warmed??;
        let inner = Arc::new(opened?);
        *inner.tidying.lock().await = Some(tokio::spawn(tidy(Arc::downgrade(&inner))));
        Ok(Self { inner })
    }

    /// Breaks off operations and closes the store; calls after this fail. Without it nothing that was
    /// acknowledged is lost, but the gaps of the last second are.
    pub async fn close(&self) {
        self.inner.gaps.settle().await;
        self.inner.operations.abort().await;
        if let Some(tidying) = self.inner.tidying.lock().await.take() {
            // It must not hold the data folder any more when this returns; that it was stopped is no error.
            tidying.abort();
            let _ = tidying.await;
        }
        self.inner.store.close().await;
    }

    /// How large things may be.
    pub fn limits(&self) -> &Limits {
        &self.inner.limits
    }

    /// The live generation of a knowledge base; cheap, never waits.
    pub fn snapshot(&self, base: &BaseName) -> Option<Arc<Generation>> {
        self.inner.bases.snapshot(base)
    }

    /// Creates an empty knowledge base.
    ///
    /// # Errors
    /// [`Error::Invalid`] (`knowledge_base_id`, `knowledge_base.display_name`),
    /// [`Error::AlreadyExists`].
    pub async fn create_base(&self, id: &str, display_name: &str, request_id: &str) -> Result<KnowledgeBase> {
        let name = BaseName::from_id(id, "knowledge_base_id")?;
        let display_name = self.checked_display_name(display_name)?;
        let request = RequestKey::new(request_id, "CreateKnowledgeBase", &(&name, &display_name))?;
        self.carry_out(async move |inner| {
            let created = match inner.store.begin(request).await? {
                Begun::Answered(base) => base,
                Begun::Write(mut write) => {
                    let stored = write.insert_base(&name, &display_name).await?;
                    write.finish(&stored.base).await?;
                    stored.base
                }
            };
            inner.bases.live(&created.name).await?;
            Ok(created)
        })
        .await
    }

    /// Gets one knowledge base by its resource name.
    ///
    /// # Errors
    /// [`Error::Invalid`] (`name`), [`Error::NotFound`].
    pub async fn base(&self, name: &str) -> Result<KnowledgeBase> {
        let stored = self.inner.store.base(&BaseName::parse(name, "name")?).await?;
        Ok(self.inner.bases.with_passages(stored.base))
    }

    /// Lists knowledge bases by name; a page size of 0 means 50, more than 1000 means 1000.
    ///
    /// # Errors
    /// [`Error::Invalid`] (`page_size`, `page_token`).
    pub async fn bases(&self, page_size: i32, page_token: &str) -> Result<Page<KnowledgeBase>> {
        let request = PageRequest::new("knowledgeBases", page_size, page_token)?;
        let stored = self.inner.store.bases(&request.after, request.limit()).await?;
        let bases = stored.into_iter().map(|stored| self.inner.bases.with_passages(stored.base)).collect();
        Ok(request.page(bases, |base: &KnowledgeBase| base.name.id(), |base| base.display_name.len()))
    }

    /// Changes fields of a knowledge base.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::NotFound`], [`Error::Conflict`] when the etag is not the
    /// stored one.
    pub async fn update_base(&self, request: UpdateBase) -> Result<KnowledgeBase> {
        let name = BaseName::parse(&request.name, "knowledge_base.name")?;
        let known = |path: &String| matches!(path.as_str(), "display_name" | "*");
        if let Some(path) = request.update_mask.iter().find(|path| !known(path)) {
            return Err(article::unknown_mask_path(path, &["display_name"]));
        }
        let display_name = self.checked_display_name(&request.display_name)?;
        let key = RequestKey::new(&request.request_id, "UpdateKnowledgeBase", &request)?;
        self.carry_out(async move |inner| {
            let mut write = match inner.store.begin(key).await? {
                Begun::Answered(base) => return Ok(base),
                Begun::Write(write) => write,
            };
            let stored = write.base(&name).await?;
            check_etag(&name, &stored.base.etag, &request.etag)?;
            let updated = write.update_base(&name, &display_name).await?;
            let base = inner.bases.with_passages(updated.base);
            write.finish(&base).await?;
            Ok(base)
        })
        .await
    }

    /// Deletes a knowledge base.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::NotFound`], [`Error::Conflict`] when the etag is not the
    /// stored one or an operation works on it, [`Error::Precondition`] when it holds articles and
    /// `force` is not set.
    pub async fn delete_base(&self, request: DeleteBase) -> Result<()> {
        let name = BaseName::parse(&request.name, "name")?;
        let key = RequestKey::new(&request.request_id, "DeleteKnowledgeBase", &request)?;
        self.carry_out(async move |inner| {
            let mut write = match inner.store.begin(key).await? {
                Begun::Answered(()) => return Ok(()),
                Begun::Write(write) => write,
            };
            let stored = write.base(&name).await?;
            check_etag(&name, &stored.base.etag, &request.etag)?;
            if stored.base.num_articles > 0 && !request.force {
                return Err(Error::Precondition {
                    resource: name.to_string(),
                    reason: format!(
                        "holds {} articles; delete them first, or set force",
                        stored.base.num_articles
                    ),
                });
            }
            inner.operations.check_idle(&name)?;
            write.delete_base(&stored).await?;
            write.finish(&()).await?;
            inner.bases.remove(&name, stored.number).await;
            Ok(())
        })
        .await
    }

    /// Creates an article.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::NotFound`] for the knowledge base, [`Error::AlreadyExists`].
    pub async fn create_article(&self, request: CreateArticle) -> Result<Article> {
        let base = BaseName::parse(&request.parent, "parent")?;
        let name = ArticleName::from_id(&base, &request.article_id, "article_id")?;
        let key = RequestKey::new(&request.request_id, "CreateArticle", &request)?;
        let content = request.input.check("article", &self.inner.limits)?;
        self.carry_out(async move |inner| {
            let article = match inner.store.begin(key).await? {
                Begun::Answered(article) => article,
                Begun::Write(mut write) => {
                    let stored = write.base(&base).await?;
                    if write.find_article(&name).await?.is_some() {
                        return Err(Error::AlreadyExists { resource: name.to_string() });
                    }
                    let article = write.insert_article(stored.number, &name, &content).await?;
                    write.finish(&article).await?;
                    article
                }
            };
            inner.bases.live(&base).await?.catch_up().await?;
            Ok(article)
        })
        .await
    }

    /// Gets one article by its resource name.
    ///
    /// # Errors
    /// [`Error::Invalid`] (`name`), [`Error::NotFound`].
    pub async fn article(&self, name: &str) -> Result<Article> {
        Ok(self.inner.store.article(&ArticleName::parse(name, "name")?).await?.article)
    }

    /// Gets what an article said in an earlier version, also of an article that is gone.
    ///
    /// # Errors
    /// [`Error::Invalid`] (`name`, `version`), [`Error::NotFound`] when that version is not kept: the last
    /// 50 of an article are.
    pub async fn article_version(&self, name: &str, version: i64) -> Result<(ArticleName, ArticleContent)> {
        let name = ArticleName::parse(name, "name")?;
        if version < 1 {
            return Err(Error::invalid("version", "is not positive; send a version, or 0 for the latest"));
        }
        if let Ok(current) = self.inner.store.article(&name).await
            && current.article.version == version
        {
            return Ok((name, current.article.content));
        }
        match self.inner.store.version(&name, version).await? {
            Some(content) => Ok((name, content)),
            None => Err(Error::NotFound { resource: format!("version {version} of {name}") }),
        }
    }

    /// Lists articles of a knowledge base by name; a page size of 0 means 50, more than 1000 means
    /// 1000.
    ///
    /// # Errors
    /// [`Error::Invalid`] (`parent`, `page_size`, `page_token`), [`Error::NotFound`] for the
    /// knowledge base.
    pub async fn articles(&self, parent: &str, page_size: i32, page_token: &str) -> Result<Page<Article>> {
        let base = BaseName::parse(parent, "parent")?;
        let request = PageRequest::new(parent, page_size, page_token)?;
        self.inner.store.base(&base).await?;
        let stored = self.inner.store.articles(&base, &request.after, request.limit()).await?;
        let articles = stored.into_iter().map(|stored| stored.article).collect();
        Ok(request.page(articles, |article: &Article| article.name.id(), Article::num_bytes))
    }

    /// Changes fields of an article.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::NotFound`], [`Error::Conflict`] when the etag is not the
    /// stored one.
    pub async fn update_article(&self, request: UpdateArticle) -> Result<Article> {
        let name = ArticleName::parse(&request.name, "article.name")?;
        let key = RequestKey::new(&request.request_id, "UpdateArticle", &request)?;
        self.carry_out(async move |inner| {
            let article = match inner.store.begin(key).await? {
                Begun::Answered(article) => article,
                Begun::Write(mut write) => {
                    let base = write.base(name.base()).await?;
                    let stored = write.article(&name).await?;
                    check_etag(&name, &stored.article.etag, &request.etag)?;
                    let input = request.input.merge(stored.article.content.clone(), &request.update_mask)?;
                    let content = input.check("article", &inner.limits)?;
                    let article = write.update_article(base.number, &stored, &content).await?;
                    write.finish(&article).await?;
                    article
                }
            };
            inner.bases.live(name.base()).await?.catch_up().await?;
            Ok(article)
        })
        .await
    }

    /// Deletes an article.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::NotFound`], [`Error::Conflict`] when the etag is not the
    /// stored one.
    pub async fn delete_article(&self, request: DeleteArticle) -> Result<()> {
        let name = ArticleName::parse(&request.name, "name")?;
        let key = RequestKey::new(&request.request_id, "DeleteArticle", &request)?;
        self.carry_out(async move |inner| {
            if let Begun::Write(mut write) = inner.store.begin::<()>(key).await? {
                let base = write.base(name.base()).await?;
                let stored = write.article(&name).await?;
                check_etag(&name, &stored.article.etag, &request.etag)?;
                write.delete_article(base.number, &stored).await?;
                write.finish(&()).await?;
            }
            inner.bases.live(name.base()).await?.catch_up().await
        })
        .await
    }

    /// Creates or replaces many articles; those that are wrong are reported and the rest goes on.
    ///
    /// Articles are stored and made searchable in batches. When an import breaks off, the batches
    /// before stay, and repeating it goes on from there.
    ///
    /// # Errors
    /// [`Error::Invalid`] (`parent`, `articles` when there are too many), [`Error::NotFound`].
    pub async fn import(
        &self,
        request: ImportArticles,
        progress: impl Fn(ImportProgress) + Send + Sync + 'static,
    ) -> Result<ImportReport> {
        let base = BaseName::parse(&request.parent, "parent")?;
        let max_articles = self.inner.limits.max_import_articles;
        if request.items.len() > max_articles {
            let reason = format!("{} are too many; send at most {max_articles} at once", request.items.len());
            return Err(Error::invalid("articles", reason));
        }
        let key = RequestKey::new(&request.request_id, "ImportArticles", &request)?;
        self.carry_out(async move |inner| {
            if let Begun::Answered(report) = inner.store.begin::<ImportReport>(key.clone()).await? {
                inner.bases.live(&base).await?.catch_up().await?;
                return Ok(report);
            }
            inner.store.base(&base).await?;
            let mut import = Import::new(&base, &inner.limits);
            let num_total = request.items.len();
            let mut items = request.items.into_iter().enumerate();
            let mut num_done = 0;
            let mut batch = import::next_batch(None);
            while num_done < num_total {
                let started = Instant::now();
                let mut write = inner.store.begin_unnamed().await?;
                let base_number = write.base(&base).await?.number;
                for (index, item) in items.by_ref().take(batch) {
                    import.take(&mut write, base_number, index, item).await?;
                    num_done = index + 1;
                }
                if !request.dry_run {
                    write.finish(&()).await?;
                    inner.bases.live(&base).await?.catch_up().await?;
                }
                let ImportReport { num_created, num_updated, num_unchanged, .. } = import.report;
                progress(ImportProgress { num_done, num_total, num_created, num_updated, num_unchanged });
                batch = import::next_batch(Some((batch, started.elapsed())));
            }
            if let Begun::Write(write) = inner.store.begin::<ImportReport>(key).await? {
                write.finish(&import.report).await?;
            }
            Ok(import.report)
        })
        .await
    }

    /// Asks a knowledge base, encoding the question first. Computes on the calling thread. A question
    /// that nothing answers is kept as a gap unless the request says otherwise.
    ///
    /// # Errors
    /// [`Error::Invalid`] (`knowledge_base`, `query`, `page_size`), [`Error::NotFound`].
    pub fn search(&self, request: &Search) -> Result<SearchOutcome> {
        let base = BaseName::parse(&request.knowledge_base, "knowledge_base")?;
        let max_bytes = self.inner.limits.max_query_bytes;
        if request.query.trim().is_empty() {
            return Err(Error::invalid("query", "is blank; send a question"));
        }
        if request.query.len() > max_bytes {
            let reason = format!("is {} bytes long; at most {max_bytes} are allowed", request.query.len());
            return Err(Error::invalid("query", reason));
        }
        let max_hits = match request.page_size {
            0 => DEFAULT_NUM_HITS,
            1.. => request.page_size.min(MAX_NUM_HITS),
            _ => return Err(Error::invalid("page_size", "is negative; send 0 for the default")),
        };
        let generation =
            self.snapshot(&base).ok_or_else(|| Error::NotFound { resource: base.to_string() })?;
        let encoded = self.inner.encoder.encode_questions(&[&request.query])?;
        let QuestionVectors { vector, tokens } = encoded.into_iter().next().unwrap_or_default();
        let valid_at_ms = request.valid_at_ms.unwrap_or_else(store::now_ms);
        let outcome = generation.search(&Query {
            text: &request.query,
            vector: &vector,
            tokens: &tokens,
            locale: request.locale,
            filter: &SearchFilter { valid_at_ms, ..request.filter.clone() },
            max_hits: max_hits.unsigned_abs() as usize,
        })?;
        if !outcome.answered && !request.unrecorded {
            self.record_unanswered(UnansweredQuestion {
                base,
                text: request.query.clone(),
                is_impersonal: false,
                vector,
                locale: request.locale.unwrap_or_else(|| search::locale_of(&request.query)),
                intent: String::new(),
            });
        }
        Ok(outcome)
    }

    /// Carries a change out on a task of its own, so that it is not left half done when the caller
    /// goes away.
    async fn carry_out<T, W>(&self, work: impl FnOnce(Arc<Inner>) -> W) -> Result<T>
    where
        T: Send + 'static,
        W: Future<Output = Result<T>> + Send + 'static,
    {
        let done = tokio::spawn(work(Arc::clone(&self.inner))).await;
        done.map_err(|error| Error::Internal(format!("a change broke off: {error}")))?
    }

    fn checked_display_name(&self, display_name: &str) -> Result<String> {
        article::check_line(display_name, "knowledge_base.display_name", &self.inner.limits)?;
        Ok(display_name.trim().to_owned())
    }
}

/// Gives back what is not needed any more, until the knowledge is dropped.
async fn tidy(inner: Weak<Inner>) {
    let mut ticks = tokio::time::interval(TIDY_INTERVAL);
    ticks.tick().await;
    loop {
        ticks.tick().await;
        let Some(inner) = inner.upgrade() else { return };
        inner.bases.rest().await;
        if let Err(error) = inner.store.forget_old_requests().await {
            tracing::warn!(%error, "old request ids stay until the next time");
        }
    }
}

fn check_etag(resource: &impl ToString, stored: &str, sent: &str) -> Result<()> {
    if sent.is_empty() || sent == stored {
        return Ok(());
    }
    Err(Error::Conflict {
        resource: resource.to_string(),
        reason: "was changed meanwhile; read it again and send its new etag".into(),
    })
}
