//! A file of articles with their vectors, mapped into memory and never changed.
//!
//! ```text
//! 8 bytes   magic and version
//! u64       bytes of the head          u64  bytes of the records
//! u32       CRC-32 of what follows     u32  0
//! head      postcard: entries, classes, numbers that it removes, scales
//! rows      num_rows × dimensions, 8-bit; from a multiple of 64
//! codes     num_rows × bytes of a code (codes.rs); from a multiple of 64
//! exact     num_rows × dimensions, f32; from a multiple of 64
//! tokens    8-bit vectors of the tokens of each row; the head says how many bytes a row has
//! words     the words of each passage as numbers (passage_words.rs); the head says how many bytes a row has
//! records   postcard, one an article: what a hit shows
//! ```
//!
//! Numbers are little-endian. An article's rows stand together: its passages, its title, its questions.

mod write;

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::Path,
};

use serde::{Deserialize, Serialize};
use tantivy::directory::{Directory, MmapDirectory, OwnedBytes};

pub(crate) use write::{Source, write};

use super::{
    codes::{self, Planes},
    filter::Class,
    passage::Passage,
    passage_words::PassageWords,
    vectors,
};
use crate::{Error, Result};

const MAGIC: [u8; 8] = *b"FDSEG\0\0\x03";
/// Bytes before the head.
const PREFIX_BYTES: usize = 32;
/// Rows begin at a multiple of this.
const ALIGNMENT: usize = 64;
/// Bytes that are read at a time to check a file; they stay in the second cache.
const READ_BYTES: usize = 256 * 1024;
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
    code_worths: Vec<f32>,
    token_bytes: Vec<u32>,
    word_bytes: Vec<u32>,
}

/// Articles with their vectors, in one file.
pub(crate) struct Segment {
    bytes: OwnedBytes,
    head: Head,
    /// Where rows, codes, exact rows and records begin.
    rows_at: usize,
    codes_at: usize,
    exact_at: usize,
    records_at: usize,
    /// Where the tokens of each row begin, and where those of the last end.
    tokens_at: Vec<usize>,
    /// The same for words.
    words_at: Vec<usize>,
}

impl Segment {
    /// Maps a file and checks that it is whole.
    ///
    /// # Errors
    /// [`Error::Index`] or [`Error::Internal`] when it is missing, damaged or of another version; the
    /// index has to be built anew.
    pub(crate) fn open(folder: &Path, file_name: &str) -> Result<Self> {
        let checksum = checksum(&folder.join(file_name))
            .map_err(|source| Error::file(folder.join(file_name), source))?;
        let directory = MmapDirectory::open(folder).map_err(tantivy::TantivyError::from)?;
        let file = directory.open_read(Path::new(file_name)).map_err(tantivy::TantivyError::from)?;
        let bytes = file.read_bytes().map_err(|source| Error::file(folder.join(file_name), source))?;
        Self::read(bytes, checksum)
            .ok_or_else(|| Error::Internal(format!("{file_name} of the index is damaged")))
    }

    /// Takes a file apart; `None` unless it is whole and says the checksum that was found.
    fn read(bytes: OwnedBytes, checksum: u32) -> Option<Self> {
        let prefix = bytes.get(..PREFIX_BYTES)?;
        let number = |range: std::ops::Range<usize>| {
            let bytes: [u8; 8] = prefix.get(range)?.try_into().ok()?;
            usize::try_from(u64::from_le_bytes(bytes)).ok()
        };
        let (head_bytes, record_bytes) = (number(8..16)?, number(16..24)?);
        let rest = &bytes[PREFIX_BYTES..];
        if prefix[..8] != MAGIC || u32::from_le_bytes(prefix[24..28].try_into().ok()?) != checksum {
            return None;
        }
        let mut head: Head = postcard::from_bytes(rest.get(..head_bytes)?).ok()?;
        let num_values = head.scales.len().checked_mul(head.dimensions as usize)?;
        let rows_at = aligned(PREFIX_BYTES + head_bytes);
        let codes_at = aligned(rows_at.checked_add(num_values)?);
        let code_bytes = codes::num_bytes(head.dimensions as usize).checked_mul(head.scales.len())?;
        let exact_at = aligned(codes_at.checked_add(code_bytes)?);
        let exact_end = exact_at.checked_add(num_values.checked_mul(EXACT_BYTES)?)?;
        let tokens_at = positions(exact_end, std::mem::take(&mut head.token_bytes))?;
        let words_at = positions(*tokens_at.last()?, std::mem::take(&mut head.word_bytes))?;
        let records_at = *words_at.last()?;
        if records_at.checked_add(record_bytes)? != bytes.len() {
            return None;
        }
        Some(Self { bytes, head, rows_at, codes_at, exact_at, records_at, tokens_at, words_at })
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

    /// Roughly the cosine of every row with a question's vector; nothing when the widths differ.
    pub(crate) fn estimates(&self, question: &Planes) -> Vec<f32> {
        if question.width() != self.dimensions() {
            return Vec::new();
        }
        let codes = self.bytes.get(self.codes_at..self.exact_at).unwrap_or_default();
        question.products(codes, &self.head.code_worths)
    }

    /// About the cosines of the rows of an article with a vector of length 1; zeros when the widths
    /// differ. What `cosines` held is lost.
    pub(crate) fn scan(&self, entry: &Entry, query: &vectors::Quantised, cosines: &mut Vec<f32>) {
        let first = entry.first_row as usize;
        let scales = self.head.scales.get(first..first + entry.num_rows() as usize).unwrap_or_default();
        cosines.clear();
        if query.values.len() == self.dimensions() {
            vectors::scan(self.row_bytes(entry.first_row, entry.num_rows()), scales, query, cosines);
        }
        cosines.resize(scales.len(), 0.0);
    }

    /// A row as the encoder gave it.
    pub(crate) fn exact_row(&self, row: u32) -> Vec<f32> {
        let (values, _) = self.exact_bytes(row, 1).as_chunks::<EXACT_BYTES>();
        values.iter().map(|value| f32::from_le_bytes(*value)).collect()
    }

    /// The cosine of a row with a vector of length 1; 0 when the widths differ.
    pub(crate) fn cosine(&self, row: u32, query: &[f32]) -> f32 {
        if query.len() == self.dimensions() {
            vectors::dot_of_bytes(self.exact_bytes(row, 1), query)
        } else {
            0.0
        }
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

    /// The words of a passage's row.
    pub(crate) fn words(&self, row: u32) -> PassageWords<'_> {
        PassageWords::new(self.word_range(row, 1))
    }

    fn token_range(&self, first: u32, num_rows: u32) -> &[u8] {
        self.range(&self.tokens_at, first, num_rows)
    }

    fn word_range(&self, first: u32, num_rows: u32) -> &[u8] {
        self.range(&self.words_at, first, num_rows)
    }

    /// The bytes of some rows that begin where a list says.
    fn range(&self, starts: &[usize], first: u32, num_rows: u32) -> &[u8] {
        let at = |row: u32| starts.get(row as usize).copied();
        let range = at(first).zip(at(first + num_rows)).map(|(start, end)| start..end);
        range.and_then(|range| self.bytes.get(range)).unwrap_or_default()
    }

    fn row_bytes(&self, first: u32, num_rows: u32) -> &[u8] {
        let start = self.rows_at + first as usize * self.dimensions();
        self.bytes.get(start..start + num_rows as usize * self.dimensions()).unwrap_or_default()
    }

    fn code_range(&self, first: u32, num_rows: u32) -> &[u8] {
        let width = codes::num_bytes(self.dimensions());
        let start = self.codes_at + first as usize * width;
        self.bytes.get(start..start + num_rows as usize * width).unwrap_or_default()
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

/// The checksum of what follows the prefix. It is read, not mapped: pages that no search needs would count
/// as the program's memory.
fn checksum(path: &Path) -> io::Result<u32> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(PREFIX_BYTES as u64))?;
    let mut sum = crc32fast::Hasher::new();
    let mut buffer = vec![0; READ_BYTES];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(sum.finalize()),
            Ok(num_read) => sum.update(&buffer[..num_read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Where parts of some lengths begin, one after the other, and where the last ends.
fn positions(start: usize, lengths: Vec<u32>) -> Option<Vec<usize>> {
    let mut positions = Vec::with_capacity(lengths.len() + 1);
    positions.push(start);
    let mut end = start;
    for length in lengths {
        end = end.checked_add(length as usize)?;
        positions.push(end);
    }
    Some(positions)
}

fn aligned(offset: usize) -> usize {
    offset.next_multiple_of(ALIGNMENT)
}

#[cfg(test)]
mod tests;
