//! The rows that are measured, the same for every runtime.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, ensure};
use frontdesk::encoder::{Row, RowBuilder};
use serde::{Deserialize, Serialize};

use crate::support;

/// Messages that nothing was trained on, in all three languages.
const CORPUS: &str = "models/training/corpus/dev.jsonl";
/// Rows of one length, so that no figure hangs on one text.
const NUM_SINGLE: usize = 16;
/// Mean length of short messages in tokens, `[CLS]` and `[SEP]` included.
const MEAN_TOKENS: usize = 23;
/// From one message to the next; a prime greater than their number, so that each comes once.
const STRIDE: usize = 7919;
/// `[CLS]` and `[SEP]`.
const NUM_SPECIAL: usize = 2;

/// Rows of token ids.
pub struct Rows {
    /// Rows by their length in tokens.
    pub single: BTreeMap<usize, Vec<Row>>,
    /// Short messages in the order in which they came.
    pub messages: Vec<Row>,
}

#[derive(Deserialize)]
struct Line {
    text: String,
}

/// What other runtimes read.
#[derive(Serialize)]
struct Written<'a> {
    single: BTreeMap<usize, Vec<&'a [u32]>>,
    messages: Vec<&'a [u32]>,
}

impl Rows {
    /// Makes rows of the given lengths and the set of short messages.
    ///
    /// # Errors
    /// When the corpus cannot be read.
    pub fn new(builder: &RowBuilder, lengths: &[usize]) -> Result<Self> {
        let lines: Vec<Line> = support::read_lines(Path::new(CORPUS))?;
        let texts: Vec<Vec<u32>> =
            lines.iter().map(|line| Ok(builder.tokenize(&line.text)?.ids)).collect::<Result<_>>()?;
        let single = |&length: &usize| Ok((length, single(builder, &texts, length)?));
        Ok(Self {
            single: lengths.iter().map(single).collect::<Result<_>>()?,
            messages: short(&texts).into_iter().map(|ids| builder.message_row(ids)).collect(),
        })
    }

    /// Writes the rows for other runtimes.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, file: &Path) -> Result<()> {
        fn ids(rows: &[Row]) -> Vec<&[u32]> {
            rows.iter().map(|row| row.ids.as_slice()).collect()
        }
        let single = self.single.iter().map(|(&length, rows)| (length, ids(rows))).collect();
        let text = serde_json::to_string(&Written { single, messages: ids(&self.messages) })?;
        fs::write(file, text).with_context(|| file.display().to_string())
    }

    /// Mean length of the short messages in tokens.
    #[expect(clippy::cast_precision_loss, reason = "counts of a bench")]
    pub fn mean_tokens(&self) -> f64 {
        let num_tokens: usize = self.messages.iter().map(|row| row.ids.len()).sum();
        num_tokens as f64 / self.messages.len() as f64
    }
}

/// Rows of exactly one length: a message and, where it ends too early, those after it.
fn single(builder: &RowBuilder, texts: &[Vec<u32>], length: usize) -> Result<Vec<Row>> {
    ensure!(length > NUM_SPECIAL, "a row of {length} tokens has no room for a message; ask for 3 or more");
    let step = texts.len() / NUM_SINGLE;
    let row = |number: usize| {
        let tokens = texts.iter().cycle().skip(number * step).flatten().copied();
        builder.message_row(&tokens.take(length - NUM_SPECIAL).collect::<Vec<_>>())
    };
    Ok((0..NUM_SINGLE).map(row).collect())
}

/// The messages up to the length that leaves their mean at about [`MEAN_TOKENS`], far from their neighbours in the
/// corpus, which has one language after the other.
fn short(texts: &[Vec<u32>]) -> Vec<&[u32]> {
    let mut lengths: Vec<usize> = texts.iter().map(|ids| ids.len() + NUM_SPECIAL).collect();
    lengths.sort_unstable();
    let mut sum = 0;
    let fitting = lengths.iter().enumerate().take_while(|(before, length)| {
        sum += *length;
        sum <= MEAN_TOKENS * (before + 1)
    });
    let longest = fitting.last().map_or(0, |(_, &length)| length);
    let within = texts.iter().filter(|ids| ids.len() + NUM_SPECIAL <= longest);
    let within: Vec<&[u32]> = within.map(Vec::as_slice).collect();
    (0..within.len()).map(|place| within[place * STRIDE % within.len()]).collect()
}
