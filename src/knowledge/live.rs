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
    failpoint::failpoint,
    files::IndexFiles,
    generation::Generation,
    golden::{GoldenQuestion, GoldenReport},
    index::{Payload, SCHEMA_VERSION},
    name::BaseName,
    operation::ReindexStep,
    operations::Progress,
    passage::CUTTER_VERSION,
    prepare::{Preparer, blocking},
    requests::{ReindexReport, RollbackReport},
    store::{Changes, CutArticle, Store, StoredBase},
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
    /// By how much golden questions may come out worse after a reindex, in 0..1.
    pub(crate) golden_max_drop: f64,
}

/// What a reindex works with.
pub(crate) struct ReindexContext {
    /// Where it says how far it is, and learns that it shall stop.
    pub(crate) progress: Progress,
    /// Whether to swap even when the new index answers golden questions worse.
    pub(crate) force: bool,
}

/// The live index of one knowledge base.
pub(crate) struct LiveBase {
    name: BaseName,
    number: i64,
    context: Context,
    current: ArcSwap<Generation>,
    /// Held while the index changes.
    files: Arc<Mutex<IndexFiles>>,
    /// Held while another generation is built or taken back; the generation to roll back to.
    swapping: Mutex<Option<u64>>,
}

impl Context {
    /// The folder of a knowledge base's generations.
    fn base_folder(&self, number: i64) -> PathBuf {
        self.index_folder.join(number.to_string())
    }

    /// What a commit says of itself; the files put in which segments go with it.
    fn payload(&self, base: i64, seq: i64) -> Payload {
        Payload {
            schema: SCHEMA_VERSION,
            model: self.preparer.model_id.clone(),
            base,
            seq,
            cutter: CUTTER_VERSION,
            segments: Vec::new(),
        }
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
        let generation = stored.base.generation;
        let opened = async {
            let live = Self::open_generation(context.clone(), stored, generation).await?;
            live.catch_up().await?;
            live.check_whole()?;
            Ok(live)
        };
        match opened.await {
            Ok(live) => {
                live.keep_generations(generation, stored.previous_generation);
                *live.swapping.lock().await = stored.previous_generation;
                Ok(live)
            }
            Err(error) if means_rebuild(&error) => {
                let base = &stored.base.name;
                if stored.base.num_articles > 0 {
                    tracing::warn!(%base, %error, "the search index is built anew from the store");
                }
                Self::create(context, stored, next_number(generation, stored.previous_generation)).await
            }
            Err(error) => Err(error),
        }
    }

    /// Builds the index of a knowledge base from the store.
    pub(crate) async fn create(context: Context, stored: &StoredBase, generation: u64) -> Result<Self> {
        let unseen = Progress::default();
        let live = Self::build(&context, &stored.base.name, stored.number, generation, &unseen).await?;
        set_generation(&context.store, stored.number, generation, None).await?;
        live.catch_up().await?;
        live.keep_generations(generation, None);
        Ok(live)
    }

    /// Opens a generation as it is on the disk.
    async fn open_generation(context: Context, stored: &StoredBase, generation: u64) -> Result<Self> {
        let path = context.base_folder(stored.number).join(generation.to_string());
        let (files, opened) = blocking(move || IndexFiles::open(&path)).await??;
        let last_change = context.store.last_change(stored.number).await?;
        let expected = context.payload(stored.number, opened.payload.seq);
        let found = Payload { segments: Vec::new(), ..opened.payload };
        if found != expected || found.seq > last_change {
            return Err(Error::Internal("the index belongs to another model, program or store".into()));
        }
        let current = Generation {
            base: stored.base.name.clone(),
            number: generation,
            seq: found.seq,
            searcher: opened.searcher,
            catalogue: opened.catalogue,
            calibration: Arc::clone(&context.calibration),
        };
        Ok(Self::with(context, stored.number, files, current))
    }

    /// Builds an index of everything in the store, in a folder of its own.
    async fn build(
        context: &Context,
        name: &BaseName,
        number: i64,
        generation: u64,
        progress: &Progress,
    ) -> Result<Self> {
        let path = context.base_folder(number).join(generation.to_string());
        // Read before the articles: what changes meanwhile is applied once more, which does no harm.
        let seq = context.store.last_change(number).await?;
        let dimensions = context.preparer.encoder.dimensions();
        let mut files = blocking(move || IndexFiles::create(&path, dimensions)).await??;
        let mut batches = Batches::new(&context.store, name);
        progress.step(ReindexStep::Reading);
        while let Some(batch) = batches.next().await? {
            progress.check()?;
            progress.step(ReindexStep::Encoding);
            let prepared = context.preparer.prepare(batch).await?;
            progress.step(ReindexStep::Indexing);
            let num_prepared = prepared.len();
            files = blocking(move || files.add(&prepared).map(|()| files)).await??;
            progress.add_articles(num_prepared);
        }
        let payload = context.payload(number, seq);
        let (files, state) = blocking(move || {
            let state = files.commit(payload)?;
            Ok::<_, Error>((files, state))
        })
        .await??;
        let built = Generation {
            base: name.clone(),
            number: generation,
            seq,
            searcher: state.searcher,
            catalogue: state.catalogue,
            calibration: Arc::clone(&context.calibration),
        };
        let live = Self::with(context.clone(), number, files, built);
        live.check_whole()?;
        Ok(live)
    }

    fn with(context: Context, number: i64, files: IndexFiles, current: Generation) -> Self {
        Self {
            name: current.base.clone(),
            number,
            context,
            current: ArcSwap::from_pointee(current),
            files: Arc::new(Mutex::new(files)),
            swapping: Mutex::new(None),
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

    fn check_whole(&self) -> Result<()> {
        if self.snapshot().is_whole() {
            return Ok(());
        }
        Err(Error::Internal("the index has another number of passages than its articles".into()))
    }

    /// Brings the index up to the store's last change; what was committed to the store before the
    /// call is found after it. Changes of several callers are taken together.
    pub(crate) async fn catch_up(&self) -> Result<()> {
        let mut files = Arc::clone(&self.files).lock_owned().await;
        loop {
            let current = self.snapshot();
            let changes = self.context.store.changes(self.number, current.seq, BATCH_SIZE).await?;
            if changes.numbers.is_empty() {
                return Ok(());
            }
            let (reopened, next) = self.apply(files, &current, changes).await?;
            files = reopened;
            self.current.store(Arc::new(next));
        }
    }

    /// Applies changes to an index; gives back its lock and the state after them.
    async fn apply(
        &self,
        mut files: OwnedMutexGuard<IndexFiles>,
        current: &Generation,
        changes: Changes,
    ) -> Result<(OwnedMutexGuard<IndexFiles>, Generation)> {
        let articles = self.context.preparer.prepare(changes.articles).await?;
        let payload = self.context.payload(self.number, changes.seq);
        let (files, state) = blocking(move || {
            let state = files.replace(&changes.numbers, &articles, payload)?;
            Ok::<_, Error>((files, state))
        })
        .await??;
        let next = Generation {
            base: current.base.clone(),
            number: current.number,
            seq: changes.seq,
            searcher: state.searcher,
            catalogue: state.catalogue,
            calibration: Arc::clone(&current.calibration),
        };
        Ok((files, next))
    }

    /// Builds a new generation beside the live one and swaps.
    ///
    /// # Errors
    /// [`Error::Conflict`] while another call builds one, [`Error::Cancelled`].
    pub(crate) async fn reindex(&self, reindex: &ReindexContext) -> Result<ReindexReport> {
        let progress = &reindex.progress;
        let started = Instant::now();
        let mut previous = self.begin_swap()?;
        let previous_generation = self.snapshot().number;
        let generation = next_number(previous_generation, *previous);
        progress.generation(generation);
        let built = async {
            let next = Self::build(&self.context, &self.name, self.number, generation, progress).await?;
            next.catch_up().await?;
            progress.step(ReindexStep::Checking);
            if !reindex.force {
                self.check_golden(&next).await?;
            }
            self.swap(next, &mut previous, progress).await
        };
        let built = built.await.inspect_err(|_| {
            // What was built is of no use; the disk may need the room.
            self.keep_generations(self.snapshot().number, *previous);
        })?;
        Ok(ReindexReport {
            generation,
            previous_generation,
            num_articles: built.num_articles(),
            num_passages: built.num_passages(),
            duration: started.elapsed(),
        })
    }

    /// Asks the golden questions of a generation that is to follow, and of the live one.
    ///
    /// # Errors
    /// [`Error::Precondition`] when the answers got worse by more than the settings allow.
    async fn check_golden(&self, next: &Self) -> Result<()> {
        let questions = self.context.store.golden_questions(self.number, -1, i64::MAX).await?;
        if questions.is_empty() {
            return Ok(());
        }
        let questions: Vec<GoldenQuestion> = questions.into_iter().map(|(_, question)| question).collect();
        let (live, next) = (self.snapshot(), next.snapshot());
        let encoder = Arc::clone(&self.context.preparer.encoder);
        let max_drop = self.context.golden_max_drop;
        let worse = blocking(move || {
            let before = GoldenReport::of(&live, encoder.as_ref(), &questions)?;
            let after = GoldenReport::of(&next, encoder.as_ref(), &questions)?;
            Ok::<_, Error>(after.worse_than(&before, max_drop))
        });
        match worse.await?? {
            None => Ok(()),
            Some(reason) => Err(Error::Precondition {
                resource: self.name.to_string(),
                reason: format!("the new index was not taken: {reason}; look at `kb check`, or force it"),
            }),
        }
    }

    /// Takes the generation before the live one back, brought up to the store's last change; the live one
    /// becomes the one to roll back to.
    ///
    /// # Errors
    /// [`Error::Precondition`] when there is none, [`Error::Conflict`] while one is being built.
    pub(crate) async fn rollback(&self) -> Result<RollbackReport> {
        let started = Instant::now();
        let mut previous = self.begin_swap()?;
        let previous_generation = self.snapshot().number;
        let Some(generation) = *previous else {
            return Err(Error::Precondition {
                resource: self.name.to_string(),
                reason: "has no generation to go back to; there is one after a reindex".into(),
            });
        };
        let stored = self.context.store.base(&self.name).await?;
        let next = match Self::open_generation(self.context.clone(), &stored, generation).await {
            Err(error) if means_rebuild(&error) => {
                *previous = None;
                return Err(Error::Precondition {
                    resource: self.name.to_string(),
                    reason: "the generation before is of another model or damaged; reindex instead".into(),
                });
            }
            opened => opened?,
        };
        next.catch_up().await?;
        let back = self.swap(next, &mut previous, &Progress::default()).await?;
        Ok(RollbackReport {
            generation,
            previous_generation,
            num_articles: back.num_articles(),
            num_passages: back.num_passages(),
            duration: started.elapsed(),
        })
    }

    fn begin_swap(&self) -> Result<tokio::sync::MutexGuard<'_, Option<u64>>> {
        self.swapping.try_lock().map_err(|_| Error::Conflict {
            resource: self.name.to_string(),
            reason: "is being reindexed already; wait for that to end".into(),
        })
    }

    /// Makes another generation the live one, once nothing is missing in it.
    async fn swap(
        &self,
        next: Self,
        previous: &mut Option<u64>,
        progress: &Progress,
    ) -> Result<Arc<Generation>> {
        progress.step(ReindexStep::Warming);
        next.warm_up().await?;
        progress.check()?;
        progress.step(ReindexStep::Swapping);
        // From here on writers wait, so that nothing is missing after the swap.
        let mut files = Arc::clone(&self.files).lock_owned().await;
        next.catch_up().await?;
        next.check_whole()?;
        failpoint("swap-before-store")?;
        let built = next.snapshot();
        let old_generation = self.snapshot().number;
        set_generation(&self.context.store, self.number, built.number, Some(old_generation)).await?;
        // The store names the new generation: from here on nothing may fail.
        let new_files = Arc::into_inner(next.files).map(Mutex::into_inner);
        if let Some(new_files) = new_files {
            let old = std::mem::replace(&mut *files, new_files);
            self.current.store(Arc::clone(&built));
            *previous = Some(old_generation);
            drop(files);
            // Closing a writer waits for its threads.
            blocking(move || drop(old)).await?;
        }
        self.keep_generations(built.number, *previous);
        Ok(built)
    }

    /// Reads what the first searches will read.
    async fn warm_up(&self) -> Result<()> {
        let generation = self.snapshot();
        let dimensions = self.context.preparer.encoder.dimensions();
        blocking(move || generation.warm_up(dimensions)).await?
    }

    /// Removes every generation but the live one and the one to roll back to.
    fn keep_generations(&self, live: u64, previous: Option<u64>) {
        let kept = [Some(live), previous].map(|number| number.map(u64::cast_signed));
        remove_unless(&self.context.base_folder(self.number), |number| kept.contains(&Some(number)));
    }

    /// Gives back what only changes need, when nothing changed for a while.
    pub(crate) async fn rest(&self) -> Result<()> {
        let Ok(mut files) = Arc::clone(&self.files).try_lock_owned() else { return Ok(()) };
        blocking(move || files.rest()).await
    }

    /// Closes the index for good and removes its files.
    pub(crate) async fn remove(&self) {
        let files = Arc::clone(&self.files).lock_owned().await;
        let folder = self.context.base_folder(self.number);
        let removed = blocking(move || {
            let mut files = files;
            files.close();
            fs::remove_dir_all(folder)
        });
        if let Ok(Err(error)) = removed.await {
            tracing::warn!(base = %self.name, %error, "the index of a deleted knowledge base stays until the next start");
        }
    }
}

/// Whether an index that cannot be opened is to be built anew.
fn means_rebuild(error: &Error) -> bool {
    matches!(error, Error::Index(_) | Error::Internal(_) | Error::File { .. })
}

/// The number of the next generation: numbers only grow, after a rollback too.
fn next_number(live: u64, previous: Option<u64>) -> u64 {
    live.max(previous.unwrap_or_default()) + 1
}

async fn set_generation(store: &Store, number: i64, generation: u64, previous: Option<u64>) -> Result<()> {
    let mut write = store.begin_unnamed().await?;
    write.set_generation(number, generation, previous).await?;
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

    async fn next(&mut self) -> Result<Option<Vec<CutArticle>>> {
        let batch = self.store.articles_by_number(self.base, self.after, BATCH_SIZE).await?;
        let Some(last) = batch.last() else { return Ok(None) };
        self.after = last.stored.number;
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
