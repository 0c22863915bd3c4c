//! The lexical half: a tantivy index of passages and the BM25 score on a fixed scale.
//!
//! The index is derived: it holds terms and numbers, no text, and can be built from the store at
//! any time. Each commit carries a [`Payload`] that says up to which change it goes. tantivy keeps the
//! postings; `score.rs` makes clauses of a question, `sums.rs` adds up what they give each passage.

mod score;
mod sums;

use std::{fs, path::Path};

use serde::{Deserialize, Serialize};
use tantivy::{
    Index, IndexReader, IndexWriter, ReloadPolicy, TantivyDocument, TantivyError, Term,
    directory::MmapDirectory,
    indexer::{IndexWriterOptions, LogMergePolicy},
    schema::{FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions},
};

pub(crate) use score::{LexicalScores, PassageSearcher};

use super::{analysis::Terms, prepare::PreparedArticle};
use crate::{Error, Result};

/// Version of the fields and of the analyser; an index of another version is built anew.
pub(crate) const SCHEMA_VERSION: u32 = 3;
/// Name of the field with the article's number.
const ARTICLE: &str = "article";
/// Name of the field with the passage's position in its article.
const ORDINAL: &str = "ordinal";
/// Memory of the one indexing thread, in bytes; the least that tantivy takes is 15 MB.
const WRITER_BYTES: usize = 32 * 1024 * 1024;
/// Share of deleted passages in a segment from which it is merged.
const MAX_DELETED_RATIO: f32 = 0.3;

/// What a commit says of itself; an index whose payload does not fit is built anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Payload {
    /// [`SCHEMA_VERSION`] of the program that wrote it.
    pub(crate) schema: u32,
    /// Model whose vectors go with it.
    pub(crate) model: String,
    /// Number of the knowledge base.
    pub(crate) base: i64,
    /// The last change that is in it.
    pub(crate) seq: i64,
    /// Rules by which the passages were cut.
    pub(crate) cutter: i64,
    /// The segments that go with it, oldest first.
    pub(crate) segments: Vec<u64>,
}

/// Weights of the fields and kinds of terms in the lexical score.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FieldWeights {
    /// Title of the article.
    pub title: f64,
    /// Questions that the author says the article answers.
    pub questions: f64,
    /// Passage and the headings above it.
    pub body: f64,
    /// Dictionary words.
    pub words: f64,
    /// Single Han characters and unstemmed English words.
    pub units: f64,
}

impl Default for FieldWeights {
    fn default() -> Self {
        Self { title: 1.0, questions: 1.0, body: 0.8, words: 1.0, units: 0.7 }
    }
}

#[derive(Clone, Copy, Debug)]
struct Fields {
    article: Field,
    ordinal: Field,
    title: Pair,
    questions: Pair,
    body: Pair,
}

/// The two fields of one part of a passage.
#[derive(Clone, Copy, Debug)]
struct Pair {
    words: Field,
    units: Field,
}

/// The index in one folder.
pub(crate) struct PassageIndex {
    index: Index,
    reader: IndexReader,
    fields: Fields,
}

/// The one writer of an index.
pub(crate) struct PassageWriter {
    writer: IndexWriter,
    fields: Fields,
}

fn schema() -> (Schema, Fields) {
    // Terms come analysed, with blanks between them; scores need frequencies, nothing needs positions.
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("whitespace")
        .set_index_option(IndexRecordOption::WithFreqs);
    let text = TextOptions::default().set_indexing_options(indexing);
    let mut builder = Schema::builder();
    let article = builder.add_i64_field(ARTICLE, INDEXED | FAST);
    let ordinal = builder.add_u64_field(ORDINAL, FAST);
    let mut pair = |part: &str| Pair {
        words: builder.add_text_field(&format!("{part}_words"), text.clone()),
        units: builder.add_text_field(&format!("{part}_units"), text.clone()),
    };
    let (title, questions, body) = (pair("title"), pair("questions"), pair("body"));
    (builder.build(), Fields { article, ordinal, title, questions, body })
}

impl PassageIndex {
    /// Makes an empty index in a new folder.
    pub(crate) fn create(path: &Path) -> Result<Self> {
        fs::create_dir_all(path).map_err(|source| Error::file(path, source))?;
        let (schema, fields) = schema();
        let directory = MmapDirectory::open(path).map_err(TantivyError::from)?;
        Self::with(Index::open_or_create(directory, schema)?, fields)
    }

    /// Opens the index in a folder and says what its last commit holds.
    ///
    /// # Errors
    /// [`Error::Index`] or [`Error::Internal`] when it is missing, damaged or not of this program;
    /// either way it has to be built anew.
    pub(crate) fn open(path: &Path) -> Result<(Self, Payload)> {
        let index = Index::open_in_dir(path)?;
        if let Some(damaged) = index.validate_checksum()?.into_iter().next() {
            return Err(Error::Internal(format!("{} of the index is damaged", damaged.display())));
        }
        let (schema, fields) = schema();
        if index.schema() != schema {
            return Err(Error::Internal("the index has other fields".into()));
        }
        let payload = index.load_metas()?.payload.unwrap_or_default();
        let payload = serde_json::from_str(&payload)
            .map_err(|error| Error::Internal(format!("the payload of the index: {error}")))?;
        Ok((Self::with(index, fields)?, payload))
    }

    fn with(index: Index, fields: Fields) -> Result<Self> {
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Self { index, reader, fields })
    }

    /// The writer; there can be one at a time.
    pub(crate) fn writer(&self) -> Result<PassageWriter> {
        let options = IndexWriterOptions::builder()
            .memory_budget_per_thread(WRITER_BYTES)
            .num_worker_threads(1)
            .num_merge_threads(1)
            .build();
        let writer: IndexWriter = self.index.writer_with_options(options)?;
        let mut merges = LogMergePolicy::default();
        merges.set_del_docs_ratio_before_merge(MAX_DELETED_RATIO);
        writer.set_merge_policy(Box::new(merges));
        Ok(PassageWriter { writer, fields: self.fields })
    }

    /// The state after the last commit.
    pub(crate) fn searcher(&self) -> Result<PassageSearcher> {
        self.reader.reload()?;
        PassageSearcher::new(&self.reader.searcher(), &self.fields)
    }
}

impl PassageWriter {
    /// Removes every passage of an article.
    pub(crate) fn delete(&self, article: i64) {
        self.writer.delete_term(Term::from_field_i64(self.fields.article, article));
    }

    /// Adds every passage of an article; those of an older version are to be deleted before.
    pub(crate) fn add(&self, article: &PreparedArticle) -> Result<()> {
        let (title, questions) = article.parts.title_and_questions();
        for (ordinal, body) in (0_u64..).zip(article.parts.passages()) {
            let mut document = TantivyDocument::new();
            document.add_i64(self.fields.article, article.stored.number);
            document.add_u64(self.fields.ordinal, ordinal);
            let parts =
                [(self.fields.title, &title), (self.fields.questions, &questions), (self.fields.body, &body)];
            for (pair, Terms { words, units }) in parts {
                document.add_text(pair.words, words.join(" "));
                document.add_text(pair.units, units.join(" "));
            }
            self.writer.add_document(document)?;
        }
        Ok(())
    }

    /// Waits for the merges under way and ends the writer's threads.
    pub(crate) fn close(self) -> Result<()> {
        Ok(self.writer.wait_merging_threads()?)
    }

    /// Makes everything since the last commit durable and visible to new searchers.
    pub(crate) fn commit(&mut self, payload: &Payload) -> Result<()> {
        let payload = serde_json::to_string(payload).map_err(|error| Error::Internal(error.to_string()))?;
        let mut commit = self.writer.prepare_commit()?;
        commit.set_payload(&payload);
        commit.commit()?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
