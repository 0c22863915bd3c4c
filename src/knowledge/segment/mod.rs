//! A file of articles with their vectors, mapped into memory and never changed.
//!
//! ```text
//! 8 bytes   magic and version
//! u64       bytes of the head          u64  bytes of the records
//! u32       CRC-32 of what follows     u32  0
//! head      postcard: entries, classes, numbers that it removes, scales
//! rows      num_rows × dimensions, 8-bit; from a multiple of 64
//! exact     num_rows × dimensions, f32; from a multiple of 64
//! tokens    8-bit vectors of the tokens of each row; the head says how many bytes a row has
//! records   postcard, one an article: what a hit shows
//! ```
//!
//! Numbers are little-endian. An article's rows stand together: its passages, its title, its questions.

mod write;

use std::path::Path;

use serde::{Deserialize, Serialize};
use tantivy::directory::{Directory, MmapDirectory, OwnedBytes};

pub(crate) use write::{Source, write};

use super::{filter::Class, passage::Passage, vectors};
use crate::{Error, Result};

const MAGIC: [u8; 8] = *b"FDSEG\0\0\x02";
/// Bytes before the head.
const PREFIX_BYTES: usize = 32;
/// Rows begin at a multiple of this.
const ALIGNMENT: usize = 64;
/// Bytes of a number of full precision.
const EXACT_BYTES: usize = size_of::<f32>();

/// One article of a segment, without its texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Number of the article in the store.
    pub(crate) number: i64,
    /// Version of the article.
    pub(crate) version: i64,
    /// Hash of what its translations have in common.
    pub(crate) key: u64,
    /// Position of its class.
    pub(crate) class: u32,
    /// Its first row.
    pub(crate) first_row: u32,
    /// Rows of passages.
    pub(crate) num_passages: u32,
    /// Rows of the title and the authored questions, after those of the passages.
    pub(crate) num_questions: u32,
    /// Its record within the records.
    record: (u64, u32),
}

/// What a hit shows of an article; read from the file when it is needed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record<'a> {
    /// Last part of the article's name.
    pub(crate) id: &'a str,
    /// Title.
    pub(crate) title: &'a str,
    /// Public address.
    pub(crate) url: &'a str,
    /// Body in Markdown.
    pub(crate) body: &'a str,
    /// Authored questions.
    #[serde(borrow)]
    pub(crate) questions: Vec<&'a str>,
    /// What the body is cut into.
    pub(crate) passages: Vec<Passage>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Head {
    dimensions: u32,
    entries: Vec<Entry>,
    classes: Vec<Class>,
    removed: Vec<i64>,
    scales: Vec<f32>,
    token_bytes: Vec<u32>,
}

/// Articles with their vectors, in one file.
pub(crate) struct Segment {
    bytes: OwnedBytes,
    head: Head,
    /// Where rows, exact rows and records begin.
    rows_at: usize,
    exact_at: usize,
    records_at: usize,
    /// Where the tokens of each row begin, and where those of the last end.
    tokens_at: Vec<usize>,
}

impl Segment {
    /// Maps a file and checks that it is whole.
    ///
    /// # Errors
    /// [`Error::Index`] or [`Error::Internal`] when it is missing, damaged or of another version; the
    /// index has to be built anew.
    pub(crate) fn open(folder: &Path, file_name: &str) -> Result<Self> {
        let directory = MmapDirectory::open(folder).map_err(tantivy::TantivyError::from)?;
        let file = directory.open_read(Path::new(file_name)).map_err(tantivy::TantivyError::from)?;
        let bytes = file.read_bytes().map_err(|source| Error::file(folder.join(file_name), source))?;
        Self::read(bytes).ok_or_else(|| Error::Internal(format!("{file_name} of the index is damaged")))
    }

    fn read(bytes: OwnedBytes) -> Option<Self> {
        let prefix = bytes.get(..PREFIX_BYTES)?;
        let number = |range: std::ops::Range<usize>| {
            let bytes: [u8; 8] = prefix.get(range)?.try_into().ok()?;
            usize::try_from(u64::from_le_bytes(bytes)).ok()
        };
        let (head_bytes, record_bytes) = (number(8..16)?, number(16..24)?);
        let checksum = u32::from_le_bytes(prefix[24..28].try_into().ok()?);
        let rest = &bytes[PREFIX_BYTES..];
        if prefix[..8] != MAGIC || crc32fast::hash(rest) != checksum {
            return None;
        }
        let head: Head = postcard::from_bytes(rest.get(..head_bytes)?).ok()?;
        let num_values = head.scales.len().checked_mul(head.dimensions as usize)?;
        let rows_at = aligned(PREFIX_BYTES + head_bytes);
        let exact_at = aligned(rows_at.checked_add(num_values)?);
        let mut tokens_at = vec![exact_at.checked_add(num_values.checked_mul(EXACT_BYTES)?)?];
        for (row, num_bytes) in head.token_bytes.iter().enumerate() {
            tokens_at.push(tokens_at[row].checked_add(*num_bytes as usize)?);
        }
        let records_at = *tokens_at.last()?;
        if records_at.checked_add(record_bytes)? != bytes.len() {
            return None;
        }
        Some(Self { bytes, head, rows_at, exact_at, records_at, tokens_at })
    }

    /// The articles.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.head.entries
    }

    /// The classes that entries name.
    pub(crate) fn classes(&self) -> &[Class] {
        &self.head.classes
    }

    /// The class of an article.
    pub(crate) fn class(&self, entry: &Entry) -> &Class {
        &self.head.classes[entry.class as usize]
    }

    /// Numbers of articles that older segments may hold and that are gone or replaced.
    pub(crate) fn removed(&self) -> &[i64] {
        &self.head.removed
    }

    /// Width of the vectors.
    pub(crate) fn dimensions(&self) -> usize {
        self.head.dimensions as usize
    }

    /// About the cosine of every row with a vector of length 1; zeros when the widths differ.
    pub(crate) fn scan(&self, query: &vectors::Quantised) -> Vec<f32> {
        if query.values.len() != self.dimensions() {
            return vec![0.0; self.head.scales.len()];
        }
        vectors::scan(&self.bytes[self.rows_at..self.exact_at], &self.head.scales, query)
    }

    /// A row as the encoder gave it.
    pub(crate) fn exact_row(&self, row: u32) -> Vec<f32> {
        let (values, _) = self.exact_bytes(row, 1).as_chunks::<EXACT_BYTES>();
        values.iter().map(|value| f32::from_le_bytes(*value)).collect()
    }

    /// The cosine of a row with a vector of length 1; 0 when the widths differ.
    pub(crate) fn cosine(&self, row: u32, query: &[f32]) -> f32 {
        if query.len() == self.dimensions() { vectors::dot(&self.exact_row(row), query) } else { 0.0 }
    }

    /// What a hit shows of an article.
    ///
    /// # Errors
    /// [`Error::Internal`] when the record cannot be read, which its checksum rules out.
    pub(crate) fn record(&self, entry: &Entry) -> Result<Record<'_>> {
        postcard::from_bytes(self.record_bytes(entry))
            .map_err(|error| Error::Internal(format!("a record of the index: {error}")))
    }

    fn record_bytes(&self, entry: &Entry) -> &[u8] {
        let (start, len) = entry.record;
        let start = self.records_at.saturating_add(usize::try_from(start).unwrap_or(usize::MAX));
        self.bytes.get(start..start.saturating_add(len as usize)).unwrap_or_default()
    }

    /// The vectors of a row's tokens, 8-bit, one after the other.
    pub(crate) fn tokens(&self, row: u32) -> &[u8] {
        self.token_range(row, 1)
    }

    fn token_range(&self, first: u32, num_rows: u32) -> &[u8] {
        let at = |row: u32| self.tokens_at.get(row as usize).copied();
        let range = at(first).zip(at(first + num_rows)).map(|(start, end)| start..end);
        range.and_then(|range| self.bytes.get(range)).unwrap_or_default()
    }

    fn row_bytes(&self, first: u32, num_rows: u32) -> &[u8] {
        let start = self.rows_at + first as usize * self.dimensions();
        self.bytes.get(start..start + num_rows as usize * self.dimensions()).unwrap_or_default()
    }

    fn exact_bytes(&self, first: u32, num_rows: u32) -> &[u8] {
        let width = self.dimensions() * EXACT_BYTES;
        let start = self.exact_at + first as usize * width;
        self.bytes.get(start..start + num_rows as usize * width).unwrap_or_default()
    }
}

impl Entry {
    /// Every row of the article.
    pub(crate) fn num_rows(&self) -> u32 {
        self.num_passages + self.num_questions
    }

    /// The rows of its passages.
    pub(crate) fn passage_rows(&self) -> std::ops::Range<u32> {
        self.first_row..self.first_row + self.num_passages
    }

    /// The rows of its title and questions.
    pub(crate) fn question_rows(&self) -> std::ops::Range<u32> {
        let start = self.first_row + self.num_passages;
        start..start + self.num_questions
    }
}

fn aligned(offset: usize) -> usize {
    offset.next_multiple_of(ALIGNMENT)
}

#[cfg(test)]
mod tests;
