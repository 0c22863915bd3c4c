//! The lexical half: a tantivy index of passages and the BM25 score on a fixed scale.
//!
//! The index is derived: it holds terms and numbers, no text, and can be built from the store at
//! any time. Each commit carries a [`Payload`] that says up to which change it goes.

use std::{collections::HashMap, fs, path::Path};

use serde::{Deserialize, Serialize};
use tantivy::{
    DocId, Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, SegmentReader, TantivyDocument,
    TantivyError, Term,
    collector::{FilterCollector, TopDocs},
    columnar::Column,
    directory::MmapDirectory,
    indexer::{IndexWriterOptions, LogMergePolicy},
    query::{Bm25StatisticsProvider, BooleanQuery, BoostQuery, DisjunctionMaxQuery, Occur, Query, TermQuery},
    schema::{FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions},
};

use super::{
    analysis::{Rendering, Terms, analyse},
    prepare::PreparedArticle,
};
use crate::{Error, Result};

/// Version of the fields and of the analyser; an index of another version is built anew.
pub(crate) const SCHEMA_VERSION: u32 = 3;
/// Name of the field with the article's number.
const ARTICLE: &str = "article";
/// Name of the field with the passage's position in its article.
const ORDINAL: &str = "ordinal";
/// BM25's saturation of term frequency, fixed in tantivy.
const K1: f64 = 1.2;
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

/// One passage, by the number of its article and its position in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct PassageKey {
    pub(crate) article: i64,
    pub(crate) ordinal: u64,
}

/// Lexical scores in 0..1 of the best passages, and how much of the question is known at all.
#[derive(Clone, Debug, Default)]
pub(crate) struct LexicalScores {
    pub(crate) scores: HashMap<PassageKey, f64>,
    /// Share of the question's weight whose words stand in no passage, in 0..1.
    pub(crate) unknown: f64,
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

/// One state of an index; never changes.
#[derive(Clone)]
pub(crate) struct PassageSearcher {
    searcher: Searcher,
    fields: Fields,
}

/// The numbers of a segment's passages.
struct Keys {
    article: Column<i64>,
    ordinal: Column<u64>,
}

impl Keys {
    fn key(&self, document: DocId) -> Option<PassageKey> {
        Some(PassageKey { article: self.article.first(document)?, ordinal: self.ordinal.first(document)? })
    }
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
        Ok(PassageSearcher { searcher: self.reader.searcher(), fields: self.fields })
    }
}

impl PassageWriter {
    /// Removes every passage of an article.
    pub(crate) fn delete(&self, article: i64) {
        self.writer.delete_term(Term::from_field_i64(self.fields.article, article));
    }

    /// Adds every passage of an article; those of an older version are to be deleted before.
    pub(crate) fn add(&self, article: &PreparedArticle) -> Result<()> {
        let content = &article.stored.article.content;
        let title = analyse(&content.title);
        let questions = analyse(&content.questions.join("\n"));
        for (ordinal, passage) in (0_u64..).zip(&article.passages) {
            let body = analyse(&format!("{}\n{}", passage.heading, passage.text(&content.body)));
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

/// The parts of a question's query, with the highest score that it can reach.
#[derive(Default)]
struct Clauses {
    clauses: Vec<(Occur, Box<dyn Query>)>,
    frequencies: HashMap<Term, u64>,
}

impl PassageSearcher {
    /// Number of passages.
    pub(crate) fn num_passages(&self) -> u64 {
        self.searcher.num_docs()
    }

    /// Scores the `limit` best passages for a question that can be read in several ways.
    ///
    /// Only passages of articles whose number `admits` takes are ranked; `None` takes all. A term counts in the field where it scores most. The scale's end is what a passage would
    /// get that held every term of the question as densely as can be.
    pub(crate) fn score(
        &self,
        renderings: &[Rendering],
        weights: &FieldWeights,
        admits: Option<impl Fn(i64) -> bool + Send + Sync + Clone + 'static>,
        limit: usize,
    ) -> Result<LexicalScores> {
        let mut clauses = Clauses::default();
        let mut attainable = f64::INFINITY;
        let mut unknown = 1.0;
        for rendering in renderings {
            let (reach, known) = self.add_clauses(&mut clauses, rendering, weights)?;
            // Ways to read a question are alternatives: the one that reaches least sets the scale.
            if reach > 0.0 && reach < attainable {
                attainable = reach;
                unknown = 1.0 - known / reach;
            }
        }
        if clauses.clauses.is_empty() {
            return Ok(LexicalScores { scores: HashMap::new(), unknown });
        }
        let statistics = Statistics { searcher: &self.searcher, frequencies: clauses.frequencies };
        let query = BooleanQuery::new(clauses.clauses);
        let best = TopDocs::with_limit(limit.max(1)).order_by_score();
        let found = match admits {
            None => self.searcher.search_with_statistics_provider(&query, &best, &statistics)?,
            Some(admits) => {
                let admitted = FilterCollector::new(ARTICLE.to_owned(), admits, best);
                self.searcher.search_with_statistics_provider(&query, &admitted, &statistics)?
            }
        };
        let keys = self.keys()?;
        let mut scores = HashMap::with_capacity(found.len());
        for (score, address) in found {
            let key = keys.get(address.segment_ord as usize).and_then(|keys| keys.key(address.doc_id));
            let key = key.ok_or_else(|| Error::Internal("a passage of the index has no number".into()))?;
            scores.insert(key, (f64::from(score) / attainable).clamp(0.0, 1.0));
        }
        Ok(LexicalScores { scores, unknown: unknown.clamp(0.0, 1.0) })
    }

    /// Adds a clause for every term that stands in some passage. Returns the highest score that
    /// the rendering can reach, and how much of it terms make up that stand somewhere.
    fn add_clauses(
        &self,
        clauses: &mut Clauses,
        rendering: &Rendering,
        weights: &FieldWeights,
    ) -> Result<(f64, f64)> {
        let fields = &self.fields;
        let words = [
            (fields.title.words, weights.title),
            (fields.questions.words, weights.questions),
            (fields.body.words, weights.body),
        ];
        let units = [
            (fields.title.units, weights.title),
            (fields.questions.units, weights.questions),
            (fields.body.units, weights.body),
        ];
        let kinds = [(&rendering.words, words, weights.words), (&rendering.units, units, weights.units)];
        let (mut reach, mut known) = (0.0, 0.0);
        for (terms, fields, kind_weight) in kinds {
            for text in terms {
                let (term_reach, stands_somewhere) = self.add_term(clauses, text, &fields, kind_weight)?;
                reach += term_reach;
                known += if stands_somewhere { term_reach } else { 0.0 };
            }
        }
        Ok((reach, known))
    }

    /// Adds one term; its rarity is that in the field where it is most common, so that the fields
    /// are on one scale.
    fn add_term(
        &self,
        clauses: &mut Clauses,
        text: &str,
        fields: &[(Field, f64)],
        kind_weight: f64,
    ) -> Result<(f64, bool)> {
        let mut standing = Vec::with_capacity(fields.len());
        let mut frequency = 0;
        let mut best_weight = 0.0_f64;
        for &(field, weight) in fields {
            let term = Term::from_field_text(field, text);
            let frequency_here = self.searcher.doc_freq(&term)?;
            frequency = frequency.max(frequency_here);
            best_weight = best_weight.max(weight);
            if frequency_here > 0 {
                standing.push((term, weight));
            }
        }
        let reach = idf(frequency, self.num_all()) * (K1 + 1.0) * kind_weight * best_weight;
        let stands_somewhere = !standing.is_empty();
        if standing.iter().any(|(term, _)| clauses.frequencies.contains_key(term)) {
            // Another way to read the question asks for it already.
            return Ok((reach, stands_somewhere));
        }
        let mut disjuncts: Vec<Box<dyn Query>> = Vec::with_capacity(standing.len());
        for (term, weight) in standing {
            clauses.frequencies.insert(term.clone(), frequency);
            let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
            #[expect(clippy::cast_possible_truncation, reason = "tantivy's boosts are f32")]
            disjuncts.push(Box::new(BoostQuery::new(Box::new(query), (weight * kind_weight) as f32)));
        }
        if stands_somewhere {
            clauses.clauses.push((Occur::Should, Box::new(DisjunctionMaxQuery::new(disjuncts))));
        }
        Ok((reach, stands_somewhere))
    }

    /// The numbers of each segment's passages.
    fn keys(&self) -> Result<Vec<Keys>> {
        let of_segment = |segment: &SegmentReader| -> tantivy::Result<Keys> {
            let columns = segment.fast_fields();
            Ok(Keys { article: columns.i64(ARTICLE)?, ordinal: columns.u64(ORDINAL)? })
        };
        Ok(self.searcher.segment_readers().iter().map(of_segment).collect::<tantivy::Result<_>>()?)
    }

    /// Passages with those that are deleted and not merged away yet, as BM25 counts them.
    fn num_all(&self) -> u64 {
        self.searcher.segment_readers().iter().map(|segment| u64::from(segment.max_doc())).sum()
    }
}

/// BM25's rarity of a term, as tantivy computes it.
fn idf(frequency: u64, num_documents: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "counts of passages are far under 2^52")]
    let (frequency, num_documents) = (frequency as f64, num_documents.max(frequency) as f64);
    (1.0 + (num_documents - frequency + 0.5) / (frequency + 0.5)).ln()
}

/// The searcher's statistics, but one rarity a term for all fields.
struct Statistics<'a> {
    searcher: &'a Searcher,
    frequencies: HashMap<Term, u64>,
}

impl Bm25StatisticsProvider for Statistics<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        Bm25StatisticsProvider::total_num_tokens(self.searcher, field)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Bm25StatisticsProvider::total_num_docs(self.searcher)
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        match self.frequencies.get(term) {
            Some(&frequency) => Ok(frequency),
            None => self.searcher.doc_freq(term),
        }
    }
}
