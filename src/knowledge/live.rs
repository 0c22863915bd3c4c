//! Keeps the index of one knowledge base abreast of the store.
//!
//! Every write goes to the store first; the index then catches up with the store's changes, from
//! the last one that its commit names. So a kill at any point leaves a store that is right and an
//! index that can catch up, or be built anew.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use arc_swap::ArcSwap;
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::{
    confidence::AnswerCalibration,
    generation::{Generation, IndexedArticle},
    index::{PassageIndex, PassageWriter, Payload, SCHEMA_VERSION},
    name::BaseName,
    operation::ReindexStep,
    operations::Progress,
    prepare::{Preparer, blocking},
    requests::ReindexReport,
    store::{Changes, Store, StoredBase},
};
use crate::{Error, Result};

/// Articles that are read, encoded and indexed together.
const BATCH_SIZE: i64 = 256;

/// What every knowledge base needs to index.
#[derive(Clone)]
pub(crate) struct Context {
    pub(crate) store: Store,
    pub(crate) preparer: Preparer,
    pub(crate) calibration: Arc<AnswerCalibration>,
    /// The folder of all indexes.
    pub(crate) index_folder: PathBuf,
}

/// What a reindex works with.
pub(crate) struct ReindexContext {
    /// Where it says how far it is, and learns that it shall stop.
    pub(crate) progress: Progress,
    /// Whether to swap even when the new index answers golden questions worse.
    #[expect(dead_code, reason = "golden questions are not asked yet")]
    pub(crate) force: bool,
}

/// The live index of one knowledge base.
pub(crate) struct LiveBase {
    name: BaseName,
    number: i64,
    context: Context,
    current: ArcSwap<Generation>,
    /// Held while the index changes.
    index: Arc<Mutex<OpenIndex>>,
    /// Held while a new generation is built.
    reindexing: Mutex<()>,
}

struct OpenIndex {
    index: PassageIndex,
    /// Opened at the first change; closed when a change fails, so that the next begins afresh.
    writer: Option<PassageWriter>,
}

impl Context {
    /// The folder of a knowledge base's generations.
    fn base_folder(&self, number: i64) -> PathBuf {
        self.index_folder.join(number.to_string())
    }

    fn payload(&self, base: i64, seq: i64) -> Payload {
        Payload { schema: SCHEMA_VERSION, model: self.preparer.model_id.clone(), base, seq }
    }

    /// Removes the folders of knowledge bases that are not there any more.
    pub(crate) fn remove_strangers(&self, numbers: &HashSet<i64>) -> Result<()> {
        fs::create_dir_all(&self.index_folder).map_err(|source| Error::file(&self.index_folder, source))?;
        remove_unless(&self.index_folder, |number| numbers.contains(&number));
        Ok(())
    }
}

impl LiveBase {
    /// Opens the index of a knowledge base and lets it catch up; builds it anew when it is
    /// missing, damaged, or of another model, analyser or store.
    pub(crate) async fn open(context: Context, stored: &StoredBase) -> Result<Self> {
        match Self::open_existing(context.clone(), stored).await {
            Err(error @ (Error::Index(_) | Error::Internal(_))) => {
                let base = &stored.base.name;
                if stored.base.num_articles > 0 {
                    tracing::warn!(%base, %error, "the search index is built anew from the store");
                }
                Self::create(context, stored, stored.base.generation + 1).await
            }
            opened => opened,
        }
    }

    /// Builds the index of a knowledge base from the store.
    pub(crate) async fn create(context: Context, stored: &StoredBase, generation: u64) -> Result<Self> {
        let name = stored.base.name.clone();
        let (index, built) = build(&context, &name, stored.number, generation, &Progress::default()).await?;
        set_generation(&context.store, stored.number, generation).await?;
        let folder = context.base_folder(stored.number);
        let live = Self::with(context, name, stored.number, index, built);
        live.catch_up().await?;
        remove_unless(&folder, |number| number == generation.cast_signed());
        Ok(live)
    }

    async fn open_existing(context: Context, stored: &StoredBase) -> Result<Self> {
        let path = context.base_folder(stored.number).join(stored.base.generation.to_string());
        let (index, payload) = blocking(move || PassageIndex::open(&path)).await??;
        let last_change = context.store.last_change(stored.number).await?;
        if payload != context.payload(stored.number, payload.seq) || payload.seq > last_change {
            return Err(Error::Internal("the index belongs to another model, program or store".into()));
        }
        let name = stored.base.name.clone();
        let mut articles = Vec::new();
        let mut batches = Batches::new(&context.store, &name);
        while let Some(batch) = batches.next().await? {
            articles.extend(context.preparer.prepare(batch).await?.into_iter().map(Arc::new));
        }
        let searcher = index.searcher()?;
        let calibration = Arc::clone(&context.calibration);
        let generation = stored.base.generation;
        let opened = Generation::new(name.clone(), generation, payload.seq, searcher, articles, calibration);
        let live = Self::with(context, name, stored.number, index, opened);
        live.catch_up().await?;
        if !live.snapshot().is_whole() {
            return Err(Error::Internal("the index has another number of passages than the store".into()));
        }
        live.keep_two_generations(generation);
        Ok(live)
    }

    fn with(
        context: Context,
        name: BaseName,
        number: i64,
        index: PassageIndex,
        generation: Generation,
    ) -> Self {
        Self {
            name,
            number,
            context,
            current: ArcSwap::from_pointee(generation),
            index: Arc::new(Mutex::new(OpenIndex { index, writer: None })),
            reindexing: Mutex::new(()),
        }
    }

    /// Number of the knowledge base in the store.
    pub(crate) fn number(&self) -> i64 {
        self.number
    }

    /// The state that is searched now.
    pub(crate) fn snapshot(&self) -> Arc<Generation> {
        self.current.load_full()
    }

    /// Brings the index up to the store's last change; what was committed to the store before the
    /// call is found after it. Changes of several callers are taken together.
    pub(crate) async fn catch_up(&self) -> Result<()> {
        let mut open = Arc::clone(&self.index).lock_owned().await;
        loop {
            let current = self.snapshot();
            let changes = self.context.store.changes(self.number, current.seq, BATCH_SIZE).await?;
            if changes.numbers.is_empty() {
                return Ok(());
            }
            let (reopened, next) = self.apply(open, &current, changes).await?;
            open = reopened;
            self.current.store(Arc::new(next));
        }
    }

    /// Applies changes to an index; gives back its lock and the state after them.
    async fn apply(
        &self,
        mut open: OwnedMutexGuard<OpenIndex>,
        current: &Generation,
        changes: Changes,
    ) -> Result<(OwnedMutexGuard<OpenIndex>, Generation)> {
        let articles = self.context.preparer.prepare(changes.articles).await?;
        let changed: HashSet<i64> = changes.numbers.into_iter().collect();
        let payload = self.context.payload(self.number, changes.seq);
        let (open, articles, changed, searcher) = blocking(move || {
            let written = open.write(&payload, |writer| {
                changed.iter().for_each(|&number| writer.delete(number));
                articles.iter().try_for_each(|article| writer.add(article))
            });
            written.and_then(|()| open.index.searcher()).map(|searcher| (open, articles, changed, searcher))
        })
        .await??;
        let next = current.after(changes.seq, &changed, articles, searcher);
        Ok((open, next))
    }

    /// Builds a new generation beside the live one and swaps.
    ///
    /// # Errors
    /// [`Error::Conflict`] while another call builds one, [`Error::Cancelled`].
    pub(crate) async fn reindex(&self, reindex: &ReindexContext) -> Result<ReindexReport> {
        let progress = &reindex.progress;
        let started = Instant::now();
        let Ok(_building) = self.reindexing.try_lock() else {
            return Err(Error::Conflict {
                resource: self.name.to_string(),
                reason: "is being reindexed already; wait for that to end".into(),
            });
        };
        let previous_generation = self.snapshot().number;
        let generation = previous_generation + 1;
        progress.generation(generation);
        let (index, built) = build(&self.context, &self.name, self.number, generation, progress).await?;
        let next = Self::with(self.context.clone(), self.name.clone(), self.number, index, built);
        next.catch_up().await?;
        progress.check()?;
        progress.step(ReindexStep::Swapping);
        // From here on writers wait, so that nothing is missing after the swap.
        let mut open = Arc::clone(&self.index).lock_owned().await;
        next.catch_up().await?;
        let built = next.snapshot();
        if !built.is_whole() {
            return Err(Error::Internal(
                "the new index has another number of passages than the store".into(),
            ));
        }
        set_generation(&self.context.store, self.number, generation).await?;
        let new_index = Arc::try_unwrap(next.index).map_err(|_| Error::Internal("index in use".into()))?;
        let old = std::mem::replace(&mut *open, new_index.into_inner());
        self.current.store(Arc::clone(&built));
        drop(open);
        // Closing a writer waits for its threads.
        blocking(move || drop(old)).await?;
        self.keep_two_generations(generation);
        Ok(ReindexReport {
            generation,
            previous_generation,
            num_articles: built.num_articles(),
            num_passages: built.num_passages(),
            duration: started.elapsed(),
        })
    }

    /// Removes every generation but the live one and the one before.
    fn keep_two_generations(&self, live: u64) {
        let live = live.cast_signed();
        remove_unless(&self.context.base_folder(self.number), |number| number == live || number == live - 1);
    }

    /// Closes the index for good and removes its files.
    pub(crate) async fn remove(&self) {
        let mut open = self.index.lock().await;
        let writer = open.writer.take();
        let folder = self.context.base_folder(self.number);
        let removed = blocking(move || {
            drop(writer);
            fs::remove_dir_all(folder)
        });
        if let Ok(Err(error)) = removed.await {
            tracing::warn!(base = %self.name, %error, "the index of a deleted knowledge base stays until the next start");
        }
    }
}

impl OpenIndex {
    /// Writes and commits; on failure nothing of it is kept and the next write begins afresh.
    fn write(&mut self, payload: &Payload, work: impl FnOnce(&PassageWriter) -> Result<()>) -> Result<()> {
        let mut writer = match self.writer.take() {
            Some(writer) => writer,
            None => self.index.writer()?,
        };
        work(&writer)?;
        writer.commit(payload)?;
        self.writer = Some(writer);
        Ok(())
    }
}

/// Builds an index of everything in the store, in a folder of its own.
async fn build(
    context: &Context,
    name: &BaseName,
    number: i64,
    generation: u64,
    progress: &Progress,
) -> Result<(PassageIndex, Generation)> {
    let path = context.base_folder(number).join(generation.to_string());
    // Read before the articles: what changes meanwhile is applied once more, which does no harm.
    let seq = context.store.last_change(number).await?;
    let (index, mut writer) = blocking(move || -> Result<_> {
        let index = PassageIndex::create(&path)?;
        let writer = index.writer()?;
        Ok((index, writer))
    })
    .await??;
    let mut articles: Vec<Arc<IndexedArticle>> = Vec::new();
    let mut batches = Batches::new(&context.store, name);
    progress.step(ReindexStep::Reading);
    while let Some(batch) = batches.next().await? {
        progress.check()?;
        progress.step(ReindexStep::Encoding);
        let prepared = context.preparer.prepare(batch).await?;
        progress.step(ReindexStep::Indexing);
        let (reopened, prepared) = blocking(move || -> Result<_> {
            prepared.iter().try_for_each(|article| writer.add(article))?;
            Ok((writer, prepared))
        })
        .await??;
        writer = reopened;
        progress.add_articles(prepared.len());
        articles.extend(prepared.into_iter().map(Arc::new));
    }
    let payload = context.payload(number, seq);
    let (index, searcher) = blocking(move || -> Result<_> {
        writer.commit(&payload)?;
        // Its lock is needed by the writer of the changes to come.
        drop(writer);
        let searcher = index.searcher()?;
        Ok((index, searcher))
    })
    .await??;
    let calibration = Arc::clone(&context.calibration);
    let built = Generation::new(name.clone(), generation, seq, searcher, articles, calibration);
    if built.is_whole() {
        return Ok((index, built));
    }
    Err(Error::Internal("the new index has another number of passages than were written".into()))
}

async fn set_generation(store: &Store, number: i64, generation: u64) -> Result<()> {
    let mut write = store.begin_unnamed().await?;
    write.set_generation(number, generation).await?;
    write.finish(&()).await
}

/// The articles of a knowledge base in batches.
struct Batches<'a> {
    store: &'a Store,
    base: &'a BaseName,
    after: i64,
}

impl<'a> Batches<'a> {
    fn new(store: &'a Store, base: &'a BaseName) -> Self {
        Self { store, base, after: i64::MIN }
    }

    async fn next(&mut self) -> Result<Option<Vec<super::store::StoredArticle>>> {
        let batch = self.store.articles_by_number(self.base, self.after, BATCH_SIZE).await?;
        let Some(last) = batch.last() else { return Ok(None) };
        self.after = last.number;
        Ok(Some(batch))
    }
}

/// Removes the numbered folders in a folder that are not to be kept; failures wait for next time.
fn remove_unless(folder: &Path, keep: impl Fn(i64) -> bool) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let number = entry.file_name().to_str().and_then(|name| name.parse::<i64>().ok());
        if number.is_some_and(|number| !keep(number))
            && let Err(error) = fs::remove_dir_all(entry.path())
        {
            tracing::warn!(path = %entry.path().display(), %error, "an old index could not be removed");
        }
    }
}
