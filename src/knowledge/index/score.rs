//! BM25 on a fixed scale: the clauses of a question, and the passages that they score best.

use std::{collections::HashSet, sync::Arc};

use tantivy::{
    DocId, Searcher, SegmentReader,
    columnar::Column,
    fieldnorm::FieldNormReader,
    index::InvertedIndexReader,
    postings::TermInfo,
    schema::{Field, IndexRecordOption},
};

use super::{
    ARTICLE, FieldWeights, Fields, ORDINAL,
    sums::{Clause, List, Place, Sums},
};
use crate::{
    Error, Result,
    knowledge::{analysis::Rendering, best::Best},
};

/// BM25's saturation of term frequency.
const K1: f32 = 1.2;
/// BM25's weight of the length of a text.
const B: f32 = 0.75;
/// Fields of one kind of terms: title, questions, body.
const NUM_PARTS: usize = 3;
/// Kinds of terms: words and units.
const NUM_KINDS: usize = 2;

/// The score of one passage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct LexicalScore {
    /// Number of its article in the store.
    pub(crate) article: i64,
    /// Its position in the article.
    pub(crate) ordinal: u32,
    /// In 0..1, over the highest that the question can reach.
    pub(crate) score: f64,
}

/// The best passages, each once, and how much of the question is known at all.
#[derive(Clone, Debug, Default)]
pub(crate) struct LexicalScores {
    pub(crate) scores: Vec<LexicalScore>,
    /// Share of the question's weight whose words stand in no passage, in 0..1.
    pub(crate) unknown: f64,
}

/// One state of an index; never changes.
#[derive(Clone)]
pub(crate) struct PassageSearcher(Arc<State>);

struct State {
    segments: Vec<Postings>,
    /// What BM25 adds to a term's frequency, by field and length of the text.
    norms: [Norms; NUM_KINDS * NUM_PARTS],
    /// Passages.
    num_alive: u64,
    /// The same with those that are deleted and not merged away yet, as BM25 counts them.
    num_all: u64,
}

/// By the byte that stands for the length of a text.
type Norms = [f32; 256];

/// One of tantivy's segments, with everything that a question reads of it at hand.
struct Postings {
    reader: SegmentReader,
    fields: Vec<Arc<InvertedIndexReader>>,
    lengths: Vec<FieldNormReader>,
    article: Column<i64>,
    ordinal: Column<u64>,
}

impl Postings {
    fn new(reader: &SegmentReader, fields: &[Field]) -> Result<Self> {
        let inverted = |field: &Field| Ok(reader.inverted_index(*field)?);
        let lengths = |field: &Field| {
            let lengths = reader.fieldnorms_readers().get_field(*field)?;
            Ok(lengths.unwrap_or_else(|| FieldNormReader::constant(reader.max_doc(), 1)))
        };
        let columns = reader.fast_fields();
        Ok(Self {
            fields: fields.iter().map(inverted).collect::<Result<_>>()?,
            lengths: fields.iter().map(lengths).collect::<Result<_>>()?,
            article: columns.i64(ARTICLE)?,
            ordinal: columns.u64(ORDINAL)?,
            reader: reader.clone(),
        })
    }

    fn key(&self, document: DocId) -> Option<(i64, u32)> {
        let ordinal = u32::try_from(self.ordinal.first(document)?).unwrap_or(u32::MAX);
        Some((self.article.first(document)?, ordinal))
    }
}

/// A term of the question with the fields that hold it.
struct Asked {
    /// Its first field and the weights of its fields.
    kind: usize,
    weights: [f64; NUM_PARTS],
    /// Passages that hold it, in the field where they are most.
    frequency: u64,
    /// By segment and field.
    found: Vec<[Option<TermInfo>; NUM_PARTS]>,
}

impl Asked {
    fn stands_somewhere(&self) -> bool {
        self.frequency > 0
    }

    /// The highest score that it can give.
    fn reach(&self, num_all: u64) -> f64 {
        let best = self.weights.iter().copied().fold(0.0, f64::max);
        rarity(self.frequency, num_all) * f64::from(K1 + 1.0) * best
    }
}

impl PassageSearcher {
    /// Gets at hand what every question reads.
    ///
    /// # Errors
    /// [`Error::Index`] when the index is damaged.
    pub(super) fn new(searcher: &Searcher, fields: &Fields) -> Result<Self> {
        let Fields { title, questions, body, .. } = fields;
        let of_kinds = [title.words, questions.words, body.words, title.units, questions.units, body.units];
        let open = |reader| Postings::new(reader, &of_kinds);
        let segments: Vec<Postings> = searcher.segment_readers().iter().map(open).collect::<Result<_>>()?;
        let count = |counts: fn(&SegmentReader) -> u32| -> u64 {
            segments.iter().map(|segment| u64::from(counts(&segment.reader))).sum()
        };
        let (num_alive, num_all) = (count(SegmentReader::num_docs), count(SegmentReader::max_doc));
        let norms = std::array::from_fn(|field| {
            let num_tokens = segments.iter().map(|segment| segment.fields[field].total_num_tokens()).sum();
            norms(num_tokens, num_all)
        });
        Ok(Self(Arc::new(State { segments, norms, num_alive, num_all })))
    }

    /// Number of passages.
    pub(crate) fn num_passages(&self) -> u64 {
        self.0.num_alive
    }

    /// Scores the `limit` best passages for a question that can be read in several ways.
    ///
    /// Only passages of articles whose number `admits` takes are ranked. A term counts in the field where
    /// it scores most. The scale's end is what a passage would get that held every term of the question as
    /// densely as can be.
    ///
    /// # Errors
    /// [`Error::Index`] when the index cannot be read.
    pub(crate) fn score(
        &self,
        renderings: &[Rendering],
        weights: &FieldWeights,
        admits: impl Fn(i64) -> bool,
        limit: usize,
    ) -> Result<LexicalScores> {
        let mut asked: Vec<Asked> = Vec::new();
        let mut known_terms = HashSet::new();
        let mut attainable = f64::INFINITY;
        let mut unknown = 1.0;
        for rendering in renderings {
            let (mut reach, mut known) = (0.0, 0.0);
            for (kind, text) in terms(rendering) {
                let term = self.0.look_up(kind, text, weights)?;
                let term_reach = term.reach(self.0.num_all);
                reach += term_reach;
                known += if term.stands_somewhere() { term_reach } else { 0.0 };
                // Another way to read the question may ask for it already.
                if term.stands_somewhere() && known_terms.insert((kind, text)) {
                    asked.push(term);
                }
            }
            // Ways to read a question are alternatives: the one that reaches least sets the scale.
            if reach > 0.0 && reach < attainable {
                attainable = reach;
                unknown = 1.0 - known / reach;
            }
        }
        let mut best = Best::new(limit);
        for (segment, number) in self.0.segments.iter().zip(0..) {
            let clauses = asked.iter().map(|term| self.0.clause(segment, number, term));
            self.0.sum_up(segment, number, clauses.collect::<Result<_>>()?, &admits, &mut best);
        }
        let scores = best.into_found().into_iter().map(|(score, (segment, document))| {
            let key = self.0.segments.get(segment).and_then(|segment| segment.key(document));
            let (article, ordinal) =
                key.ok_or_else(|| Error::Internal("a passage of the index has no number".into()))?;
            let score = (score / attainable).clamp(0.0, 1.0);
            Ok(LexicalScore { article, ordinal, score })
        });
        Ok(LexicalScores { scores: scores.collect::<Result<_>>()?, unknown: unknown.clamp(0.0, 1.0) })
    }
}

/// The terms of a rendering with their kinds.
fn terms(rendering: &Rendering) -> impl Iterator<Item = (usize, &str)> {
    let words = rendering.words.iter().map(|word| (0, word.as_str()));
    words.chain(rendering.units.iter().map(|unit| (1, unit.as_str())))
}

impl State {
    /// Where a term stands; its rarity is that in the field where it is most common, so that the fields
    /// are on one scale.
    fn look_up(&self, kind: usize, text: &str, weights: &FieldWeights) -> Result<Asked> {
        let kind_weight = [weights.words, weights.units][kind];
        let mut frequencies = [0_u64; NUM_PARTS];
        let mut found = Vec::with_capacity(self.segments.len());
        for segment in &self.segments {
            let mut infos = [const { None }; NUM_PARTS];
            for (part, info) in infos.iter_mut().enumerate() {
                let terms = segment.fields[kind * NUM_PARTS + part].terms();
                *info = terms.get(text.as_bytes()).map_err(tantivy::TantivyError::from)?;
                frequencies[part] += info.as_ref().map_or(0, |info| u64::from(info.doc_freq));
            }
            found.push(infos);
        }
        let weights = [weights.title, weights.questions, weights.body].map(|weight| weight * kind_weight);
        let frequency = frequencies.into_iter().max().unwrap_or_default();
        Ok(Asked { kind, weights, frequency, found })
    }

    /// What a term gives the passages of a segment.
    fn clause<'a>(&'a self, segment: &'a Postings, number: usize, term: &Asked) -> Result<Clause<'a>> {
        let mut lists = Vec::with_capacity(NUM_PARTS);
        let infos = term.found.get(number).into_iter().flatten();
        for ((part, info), weight) in infos.enumerate().zip(term.weights) {
            let Some(info) = info else { continue };
            let field = term.kind * NUM_PARTS + part;
            let postings = segment.fields[field]
                .read_block_postings_from_terminfo(info, IndexRecordOption::WithFreqs)
                .map_err(tantivy::TantivyError::from)?;
            let weight = rarity(term.frequency, self.num_all) * f64::from(K1 + 1.0) * weight;
            #[expect(clippy::cast_possible_truncation, reason = "sums are f32")]
            let weight = weight as f32;
            lists.push(List::new(postings, weight, &segment.lengths[field], &self.norms[field]));
        }
        Ok(Clause::new(lists))
    }

    /// Offers every passage of a segment that has a term of the question.
    fn sum_up(
        &self,
        segment: &Postings,
        number: usize,
        clauses: Vec<Clause<'_>>,
        admits: impl Fn(i64) -> bool,
        best: &mut Best<Place>,
    ) {
        let alive = segment.reader.alive_bitset();
        let counts = |document: DocId| {
            alive.is_none_or(|alive| alive.is_alive(document))
                && segment.article.first(document).is_some_and(&admits)
        };
        Sums::new(clauses, segment.reader.max_doc()).offer_to(best, number, counts);
    }
}

/// BM25's rarity of a term.
fn rarity(frequency: u64, num_documents: u64) -> f64 {
    let num_without = num_documents.saturating_sub(frequency);
    #[expect(clippy::cast_precision_loss, reason = "counts of passages are far under 2^52")]
    let (frequency, num_without) = (frequency as f64, num_without as f64);
    (1.0 + (num_without + 0.5) / (frequency + 0.5)).ln()
}

/// What BM25 adds to a term's frequency, for texts of every length.
#[expect(clippy::cast_precision_loss, reason = "lengths are rounded anyway")]
fn norms(num_tokens: u64, num_documents: u64) -> Norms {
    let average = num_tokens.max(1) as f32 / num_documents.max(1) as f32;
    let norm = |length: u32| K1 * (1.0 - B + B * length as f32 / average);
    let mut norms = [0.0; 256];
    for (norm_of, byte) in norms.iter_mut().zip(0..=u8::MAX) {
        *norm_of = norm(FieldNormReader::id_to_fieldnorm(byte));
    }
    norms
}
