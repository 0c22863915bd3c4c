//! The files of one generation: the lexical index and the segments that go with it.
//!
//! ```text
//! <generation>/lexical/    tantivy; the payload of its commit names the segments
//! <generation>/segments/   <id>.seg
//! ```
//!
//! A change writes a segment, then commits the lexical index: the rename of its meta file publishes both.
//! Segments that no commit names are leftovers of a change that failed.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use super::{
    catalogue::Catalogue,
    failpoint::failpoint,
    index::{PassageIndex, PassageSearcher, PassageWriter, Payload},
    prepare::PreparedArticle,
    segment::{self, Segment, Source},
};
use crate::{Error, Result};

/// A writer that nobody needed for this long gives its threads and memory back.
const WRITER_IDLE: Duration = Duration::from_secs(30);

/// The files of one generation, open for changes.
pub(crate) struct IndexFiles {
    segments: PathBuf,
    dimensions: usize,
    index: PassageIndex,
    /// Opened at the first change; closed when a change fails, so that the next begins afresh.
    writer: Option<PassageWriter>,
    last_change: Instant,
    /// What the last commit holds.
    catalogue: Arc<Catalogue>,
    /// Written since the last commit.
    pending: Vec<(u64, Arc<Segment>)>,
    next_id: u64,
}

/// What can be searched after a commit.
pub(crate) struct IndexState {
    pub(crate) searcher: PassageSearcher,
    pub(crate) catalogue: Arc<Catalogue>,
}

/// What is found in the files of a generation.
pub(crate) struct OpenedIndex {
    pub(crate) payload: Payload,
    pub(crate) searcher: PassageSearcher,
    pub(crate) catalogue: Arc<Catalogue>,
}

impl IndexFiles {
    /// Makes the files of an empty generation; whatever is in the folder is removed first.
    pub(crate) fn create(path: &Path, dimensions: usize) -> Result<Self> {
        if path.exists() {
            fs::remove_dir_all(path).map_err(|source| Error::file(path, source))?;
        }
        let segments = path.join("segments");
        fs::create_dir_all(&segments).map_err(|source| Error::file(&segments, source))?;
        let index = PassageIndex::create(&path.join("lexical"))?;
        Ok(Self::with(segments, dimensions, index, Arc::default()))
    }

    /// Opens the files of a generation.
    ///
    /// # Errors
    /// [`Error::Index`], [`Error::Internal`] or [`Error::File`] when they are missing, damaged or not of
    /// this program; either way they have to be built anew.
    pub(crate) fn open(path: &Path) -> Result<(Self, OpenedIndex)> {
        let (index, payload) = PassageIndex::open(&path.join("lexical"))?;
        let folder = path.join("segments");
        let open = |id: &u64| Ok((*id, Arc::new(Segment::open(&folder, &file_name(*id))?)));
        let segments: Vec<(u64, Arc<Segment>)> = payload.segments.iter().map(open).collect::<Result<_>>()?;
        let dimensions = segments.first().map_or(0, |(_, segment)| segment.dimensions());
        let catalogue = Arc::new(Catalogue::new(segments));
        let searcher = index.searcher()?;
        let mut files = Self::with(folder, dimensions, index, Arc::clone(&catalogue));
        files.remove_leftovers();
        Ok((files, OpenedIndex { payload, searcher, catalogue }))
    }

    fn with(segments: PathBuf, dimensions: usize, index: PassageIndex, catalogue: Arc<Catalogue>) -> Self {
        let next_id = catalogue.ids().into_iter().max().unwrap_or_default() + 1;
        let last_change = Instant::now();
        Self { segments, dimensions, index, writer: None, last_change, catalogue, pending: vec![], next_id }
    }

    /// Adds articles that are not there yet; they are searched after the next commit.
    pub(crate) fn add(&mut self, articles: &[PreparedArticle]) -> Result<()> {
        self.or_afresh(|files| files.stage(articles, Vec::new()))
    }

    /// Makes everything since the last commit durable.
    pub(crate) fn commit(&mut self, payload: Payload) -> Result<IndexState> {
        self.or_afresh(|files| files.publish(payload))
    }

    /// Replaces the articles of some numbers, or removes those that are not in `articles`, and commits.
    /// When it fails, nothing of it is kept.
    pub(crate) fn replace(
        &mut self,
        numbers: &[i64],
        articles: &[PreparedArticle],
        payload: Payload,
    ) -> Result<IndexState> {
        self.or_afresh(|files| {
            let writer = files.writer()?;
            numbers.iter().for_each(|&number| writer.delete(number));
            files.stage(articles, numbers.to_vec())?;
            files.publish(payload)
        })
    }

    /// Gives the writer's threads and memory back when nothing changed for a while.
    pub(crate) fn rest(&mut self) {
        if self.last_change.elapsed() >= WRITER_IDLE {
            self.close();
        }
    }

    /// Gives the writer's threads and memory back, after the merges under way.
    pub(crate) fn close(&mut self) {
        if let Some(writer) = self.writer.take()
            && let Err(error) = writer.close()
        {
            tracing::warn!(%error, "a merge of the search index failed; it is tried again with the next change");
        }
    }

    /// Does some work; when that fails, forgets what was not committed.
    fn or_afresh<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.last_change = Instant::now();
        let done = work(self);
        if done.is_err() {
            self.writer = None;
            self.pending.clear();
            self.remove_leftovers();
        }
        done
    }

    fn writer(&mut self) -> Result<&PassageWriter> {
        if self.writer.is_none() {
            self.writer = Some(self.index.writer()?);
        }
        self.writer.as_ref().ok_or_else(|| Error::Internal("no writer".into()))
    }

    /// Writes articles into a segment, and into the lexical index without committing.
    fn stage(&mut self, articles: &[PreparedArticle], removed: Vec<i64>) -> Result<()> {
        if articles.is_empty() && removed.is_empty() {
            return Ok(());
        }
        if let Some(article) = articles.first() {
            self.dimensions = article.rows.exact.len() / article.rows.scales.len().max(1);
        }
        let sources: Vec<Source<'_>> = articles.iter().map(Source::New).collect();
        let staged = self.write_segment(&sources, removed)?;
        self.pending.push(staged);
        let writer = self.writer()?;
        articles.iter().try_for_each(|article| writer.add(article))
    }

    fn write_segment(&mut self, articles: &[Source<'_>], removed: Vec<i64>) -> Result<(u64, Arc<Segment>)> {
        let id = self.next_id;
        self.next_id += 1;
        segment::write(&self.segments, &file_name(id), self.dimensions, articles, removed)?;
        Ok((id, Arc::new(Segment::open(&self.segments, &file_name(id))?)))
    }

    /// Joins what is to be joined and commits.
    fn publish(&mut self, payload: Payload) -> Result<IndexState> {
        let pending = std::mem::take(&mut self.pending);
        let mut catalogue = Catalogue::new(self.catalogue.segments().chain(pending));
        while let Some(run) = catalogue.overdue() {
            let (articles, removed) = catalogue.joined(&run);
            let (id, joined) = self.write_segment(&articles, removed)?;
            catalogue = catalogue.with_joined(&run, id, joined);
        }
        failpoint("publish-before-commit")?;
        let payload = Payload { segments: catalogue.ids(), ..payload };
        self.writer()?;
        if let Some(writer) = &mut self.writer {
            writer.commit(&payload)?;
        }
        // Before anything else can fail: what the commit names must not be taken for leftovers.
        self.catalogue = Arc::new(catalogue);
        failpoint("publish-after-commit")?;
        self.remove_leftovers();
        Ok(IndexState { searcher: self.index.searcher()?, catalogue: Arc::clone(&self.catalogue) })
    }

    /// Removes the files of segments that no commit names; what cannot be removed waits for next time.
    fn remove_leftovers(&mut self) {
        let named: HashSet<String> = self.catalogue.ids().into_iter().map(file_name).collect();
        let Ok(entries) = fs::read_dir(&self.segments) else { return };
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if !named.contains(&name)
                && let Err(error) = fs::remove_file(entry.path())
            {
                tracing::warn!(path = %entry.path().display(), %error, "a leftover of the index stays");
            }
        }
    }
}

fn file_name(id: u64) -> String {
    format!("{id}.seg")
}
