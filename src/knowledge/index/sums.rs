//! Adds up what the terms of a question give each passage, a window of passages at a time.
//!
//! A question's terms stand in many passages, and nearly every passage has some of them: walking through
//! each list once and adding into a table costs less than keeping the lists in step.

use tantivy::{DocId, fieldnorm::FieldNormReader, postings::BlockSegmentPostings};

use crate::knowledge::best::Best;

/// Passages that are summed at a time; two tables of them stay in the first cache.
const WINDOW: usize = 4096;
/// Postings of a full block.
const BLOCK: usize = 128;
/// Sums that are passed over at once when none is large enough.
const STRIDE: usize = 64;

/// A passage: the position of its segment, and its number there.
pub(super) type Place = (usize, DocId);

/// The passages that hold a term in one field.
pub(super) struct List<'a> {
    postings: BlockSegmentPostings,
    /// The first posting of the block that is not taken yet.
    next: usize,
    weight: f32,
    lengths: &'a FieldNormReader,
    norms: &'a [f32; 256],
}

impl<'a> List<'a> {
    pub(super) fn new(
        postings: BlockSegmentPostings,
        weight: f32,
        lengths: &'a FieldNormReader,
        norms: &'a [f32; 256],
    ) -> Self {
        Self { postings, next: 0, weight, lengths, norms }
    }

    /// Takes the passages before `end` with their scores; their places count from `start`.
    fn take_until(&mut self, start: DocId, end: DocId, mut take: impl FnMut(usize, f32)) {
        loop {
            let (documents, frequencies) = (self.postings.docs(), self.postings.freqs());
            let block_len = documents.len();
            let documents = &documents[self.next..];
            let num_taken = match documents.last() {
                Some(last) if *last < end => documents.len(),
                _ => documents.partition_point(|document| *document < end),
            };
            for (&document, &frequency) in documents[..num_taken].iter().zip(&frequencies[self.next..]) {
                #[expect(clippy::cast_precision_loss, reason = "frequencies are small")]
                let frequency = frequency as f32;
                let norm = self.norms[usize::from(self.lengths.fieldnorm_id(document))];
                take((document - start) as usize, self.weight * (frequency / (frequency + norm)));
            }
            self.next += num_taken;
            if self.next < block_len || block_len < BLOCK {
                return;
            }
            self.postings.advance();
            self.next = 0;
        }
    }
}

/// A term of the question: it gives a passage what its best field gives.
pub(super) struct Clause<'a> {
    /// The longest last.
    lists: Vec<List<'a>>,
}

impl<'a> Clause<'a> {
    pub(super) fn new(mut lists: Vec<List<'a>>) -> Self {
        lists.sort_by_key(|list| list.postings.doc_freq());
        Self { lists }
    }
}

/// The sums of one segment.
pub(super) struct Sums<'a> {
    clauses: Vec<Clause<'a>>,
    num_documents: DocId,
    totals: Vec<f32>,
    /// What shorter lists of a clause give, until the longest is taken.
    pending: Vec<f32>,
    /// Places with something pending.
    places: Vec<usize>,
}

impl<'a> Sums<'a> {
    pub(super) fn new(clauses: Vec<Clause<'a>>, num_documents: DocId) -> Self {
        let clauses = clauses.into_iter().filter(|clause| !clause.lists.is_empty()).collect();
        let window = WINDOW.min(num_documents as usize);
        Self {
            clauses,
            num_documents,
            totals: vec![0.0; window],
            pending: vec![0.0; window],
            places: Vec::new(),
        }
    }

    /// Offers every passage that counts, in order.
    pub(super) fn offer_to(mut self, best: &mut Best<Place>, segment: usize, counts: impl Fn(DocId) -> bool) {
        if self.clauses.is_empty() {
            return;
        }
        for start in (0..self.num_documents).step_by(WINDOW) {
            let end = self.num_documents.min(start.saturating_add(u32::try_from(WINDOW).unwrap_or(u32::MAX)));
            self.add_up(start, end);
            let totals = &mut self.totals[..(end - start) as usize];
            for (stride, first) in totals.chunks(STRIDE).zip((start..).step_by(STRIDE)) {
                #[expect(clippy::cast_possible_truncation, reason = "scores are f32 to begin with")]
                let least = best.least() as f32;
                if stride.iter().copied().fold(0.0, f32::max) <= least {
                    // Of equal scores the first counts, and passages come in order.
                    continue;
                }
                for (&score, document) in stride.iter().zip(first..) {
                    if score > least && counts(document) {
                        best.offer(f64::from(score), (segment, document));
                    }
                }
            }
            totals.fill(0.0);
        }
    }

    /// Sums one window; every passage's clauses are added in the order of the question.
    fn add_up(&mut self, start: DocId, end: DocId) {
        let (totals, pending, places) = (&mut self.totals[..], &mut self.pending[..], &mut self.places);
        for clause in &mut self.clauses {
            let Some((longest, shorter)) = clause.lists.split_last_mut() else { continue };
            for list in shorter {
                list.take_until(start, end, |place, score| {
                    if pending[place] == 0.0 {
                        places.push(place);
                    }
                    pending[place] = pending[place].max(score);
                });
            }
            if places.is_empty() {
                longest.take_until(start, end, |place, score| totals[place] += score);
                continue;
            }
            longest.take_until(start, end, |place, score| {
                totals[place] += score.max(pending[place]);
                pending[place] = 0.0;
            });
            for place in places.drain(..) {
                totals[place] += pending[place];
                pending[place] = 0.0;
            }
        }
    }
}
