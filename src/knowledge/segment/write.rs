//! Writes segments: whole or not at all.

use std::{
    collections::HashMap,
    fs::{self, File},
    io::{self, BufWriter, Seek, SeekFrom, Write},
    path::Path,
};

use super::{ALIGNMENT, Entry, Head, MAGIC, PREFIX_BYTES, Segment, aligned};
use crate::{
    Error, Result,
    knowledge::{filter::Class, prepare::PreparedArticle},
};

/// Where an article of a new segment comes from.
#[derive(Clone, Copy)]
pub(crate) enum Source<'a> {
    /// Prepared just now.
    New(&'a PreparedArticle),
    /// An entry of an older segment, taken as it is.
    Kept(&'a Segment, &'a Entry),
}

impl Source<'_> {
    /// Its entry but for where its parts stand.
    fn entry(&self) -> Entry {
        match self {
            Self::New(article) => Entry {
                number: article.stored.number,
                version: article.stored.article.version,
                key: key(article.stored.article.name.translation_key()),
                class: 0,
                first_row: 0,
                num_passages: number(article.passages.len()),
                num_questions: number(article.num_questions()),
                record: (0, 0),
            },
            Self::Kept(_, entry) => (*entry).clone(),
        }
    }

    fn class(&self) -> Class {
        match self {
            Self::New(article) => Class::of(&article.stored.article.content),
            Self::Kept(segment, entry) => segment.class(entry).clone(),
        }
    }

    fn scales(&self) -> &[f32] {
        match self {
            Self::New(article) => &article.rows.scales,
            Self::Kept(segment, entry) => {
                let first = entry.first_row as usize;
                &segment.head.scales[first..first + entry.num_rows() as usize]
            }
        }
    }

    fn token_bytes(&self) -> Vec<u32> {
        match self {
            Self::New(article) => article.rows.token_bytes.clone(),
            Self::Kept(segment, entry) => lengths(&segment.tokens_at, entry),
        }
    }

    fn word_bytes(&self) -> Vec<u32> {
        match self {
            Self::New(article) => article.word_bytes.clone(),
            Self::Kept(segment, entry) => lengths(&segment.words_at, entry),
        }
    }

    fn words(&self) -> &[u8] {
        match self {
            Self::New(article) => &article.words,
            Self::Kept(segment, entry) => segment.word_range(entry.first_row, entry.num_rows()),
        }
    }

    fn tokens(&self) -> &[u8] {
        match self {
            Self::New(article) => &article.rows.tokens,
            Self::Kept(segment, entry) => segment.token_range(entry.first_row, entry.num_rows()),
        }
    }

    fn rows(&self) -> &[u8] {
        match self {
            Self::New(article) => &article.rows.quantised,
            Self::Kept(segment, entry) => segment.row_bytes(entry.first_row, entry.num_rows()),
        }
    }

    fn code_worths(&self) -> &[f32] {
        match self {
            Self::New(article) => &article.rows.code_worths,
            Self::Kept(segment, entry) => {
                let first = entry.first_row as usize;
                &segment.head.code_worths[first..first + entry.num_rows() as usize]
            }
        }
    }

    fn codes(&self) -> &[u8] {
        match self {
            Self::New(article) => &article.rows.codes,
            Self::Kept(segment, entry) => segment.code_range(entry.first_row, entry.num_rows()),
        }
    }

    fn write_exact(&self, out: &mut impl Write) -> io::Result<()> {
        match self {
            Self::New(article) => {
                article.rows.exact.iter().try_for_each(|value| out.write_all(&value.to_le_bytes()))
            }
            Self::Kept(segment, entry) => {
                out.write_all(segment.exact_bytes(entry.first_row, entry.num_rows()))
            }
        }
    }

    fn write_record(&self, out: &mut impl Write) -> io::Result<()> {
        match self {
            Self::New(article) => out.write_all(&encode(&article.record())?),
            Self::Kept(segment, entry) => out.write_all(segment.record_bytes(entry)),
        }
    }

    fn record_bytes(&self) -> io::Result<usize> {
        match self {
            Self::New(article) => Ok(encode(&article.record())?.len()),
            Self::Kept(_, entry) => Ok(entry.record.1 as usize),
        }
    }
}

/// Writes articles into a file of a folder. It is on the disk, whole, when this returns; when it fails
/// there is no such file.
///
/// `removed` are the numbers of articles that no older segment shall show any more.
///
/// # Errors
/// [`Error::File`], [`Error::DiskFull`].
pub(crate) fn write(
    folder: &Path,
    file_name: &str,
    dimensions: usize,
    articles: &[Source<'_>],
    removed: Vec<i64>,
) -> Result<()> {
    let draft = folder.join(format!("{file_name}.new"));
    let written = write_draft(&draft, dimensions, articles, removed)
        .and_then(|()| fs::rename(&draft, folder.join(file_name)))
        .and_then(|()| File::open(folder)?.sync_all());
    written.map_err(|source| {
        // What is left of it is in nobody's way; the next start removes it.
        let _ = fs::remove_file(&draft);
        Error::file(folder.join(file_name), source)
    })
}

fn write_draft(path: &Path, dimensions: usize, articles: &[Source<'_>], removed: Vec<i64>) -> io::Result<()> {
    let (head, record_bytes) = head(dimensions, articles, removed)?;
    let head = encode(&head)?;
    let mut file = BufWriter::new(File::create(path)?);
    file.write_all(&[0; PREFIX_BYTES])?;
    let mut out = Summed { out: &mut file, sum: crc32fast::Hasher::new(), position: PREFIX_BYTES };
    out.write_all(&head)?;
    out.align()?;
    articles.iter().try_for_each(|article| out.write_all(article.rows()))?;
    out.align()?;
    articles.iter().try_for_each(|article| out.write_all(article.codes()))?;
    out.align()?;
    articles.iter().try_for_each(|article| article.write_exact(&mut out))?;
    articles.iter().try_for_each(|article| out.write_all(article.tokens()))?;
    articles.iter().try_for_each(|article| out.write_all(article.words()))?;
    articles.iter().try_for_each(|article| article.write_record(&mut out))?;
    let sum = out.sum.finalize();
    file.seek(SeekFrom::Start(0))?;
    file.write_all(&MAGIC)?;
    file.write_all(&(head.len() as u64).to_le_bytes())?;
    file.write_all(&record_bytes.to_le_bytes())?;
    file.write_all(&sum.to_le_bytes())?;
    file.flush()?;
    file.get_ref().sync_all()
}

/// The head of a segment, and the bytes of all records.
fn head(dimensions: usize, articles: &[Source<'_>], removed: Vec<i64>) -> io::Result<(Head, u64)> {
    let mut head = Head { dimensions: number(dimensions), removed, ..Head::default() };
    let mut classes: HashMap<Class, u32> = HashMap::new();
    let mut record_bytes = 0_u64;
    for article in articles {
        let class = article.class();
        let next = number(head.classes.len());
        let class = *classes.entry(class).or_insert_with_key(|class| {
            head.classes.push(class.clone());
            next
        });
        let len = article.record_bytes()?;
        let first_row = number(head.scales.len());
        head.scales.extend_from_slice(article.scales());
        head.code_worths.extend_from_slice(article.code_worths());
        head.token_bytes.extend(article.token_bytes());
        head.word_bytes.extend(article.word_bytes());
        head.entries.push(Entry { class, first_row, record: (record_bytes, number(len)), ..article.entry() });
        record_bytes += len as u64;
    }
    Ok((head, record_bytes))
}

/// The bytes of each row of an article, from where they begin.
fn lengths(starts: &[usize], entry: &Entry) -> Vec<u32> {
    let first = entry.first_row as usize;
    let starts = starts.get(first..=first + entry.num_rows() as usize).unwrap_or_default();
    starts.windows(2).map(|pair| number(pair[1] - pair[0])).collect()
}

fn encode(value: &impl serde::Serialize) -> io::Result<Vec<u8>> {
    postcard::to_stdvec(value).map_err(io::Error::other)
}

/// A count that fits: rows, classes and bytes of one article are far under 2^32.
fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// What translations have in common, as a number (FNV-1a, 64 bits).
fn key(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// Counts and sums what is written.
struct Summed<'a, W> {
    out: &'a mut W,
    sum: crc32fast::Hasher,
    position: usize,
}

impl<W: Write> Summed<'_, W> {
    fn align(&mut self) -> io::Result<()> {
        let padding = aligned(self.position) - self.position;
        self.write_all(&[0; ALIGNMENT][..padding])
    }
}

impl<W: Write> Write for Summed<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let num_written = self.out.write(bytes)?;
        self.sum.update(&bytes[..num_written]);
        self.position += num_written;
        Ok(num_written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
