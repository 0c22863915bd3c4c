//! From text to the rows of token ids that the encoder reads.
//!
//! A message alone is `[CLS] message [SEP]`. With context it is
//! `[CLS] (marker turn)* [SEP] message [SEP]`; the vector averages `[CLS]` and the message only, so
//! the turns act through attention. `labels.json` of the model states the numbers.

use std::{collections::HashMap, ops::Range};

use candle_core::{Device, safetensors::SliceSafetensors};
use serde::Deserialize;
use tokenizers::Tokenizer;

use crate::{
    Error, Result,
    encoder::{ModelFolder, model_folder::WEIGHTS},
    message::Role,
    text::fold::fold,
};

/// Name of the optional tensor that maps token ids to rows of the embedding table.
///
/// WordPiece needs a `##` twin of every Chinese word; the twins share one row.
const TOKEN_ROWS: &str = "embeddings.token_rows";

/// How a model wants its input, as `labels.json` states it.
#[derive(Clone, Debug, Deserialize)]
pub struct InputFormat {
    /// Tokens of a message in one row, without `[CLS]` and `[SEP]`.
    pub message_tokens: usize,
    /// Turns before the message that are read.
    pub context_turns: usize,
    /// Tokens of each of these turns.
    pub turn_tokens: usize,
    /// Token that stands before a turn, by the role that wrote it.
    pub role_markers: HashMap<Role, String>,
    /// Token at the start of every row.
    pub cls: String,
    /// Token after context and after the message.
    pub sep: String,
}

/// One row for the encoder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Rows of the embedding table, special tokens included.
    pub ids: Vec<u32>,
    /// Position of the message's first token; the vector averages position 0 and all from here.
    pub message_start: usize,
}

/// A tokenised text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tokens {
    /// Ids of the tokenizer, without special tokens.
    pub ids: Vec<u32>,
    /// Positions in `ids` after which a sentence ends, rising.
    pub borders: Vec<usize>,
}

/// Makes rows from text with a model's tokenizer.
pub struct RowBuilder {
    tokenizer: Tokenizer,
    format: InputFormat,
    /// Row of the embedding table for every token id; the identity when the model has none.
    token_rows: Option<Vec<u32>>,
    cls: u32,
    sep: u32,
    markers: HashMap<Role, u32>,
    /// Token ids that end a sentence.
    sentence_ends: Vec<u32>,
}

impl RowBuilder {
    /// Loads the tokenizer and the input format of a model.
    ///
    /// # Errors
    /// [`Error::Model`] when a file is not as expected or names tokens that the tokenizer lacks.
    pub fn load(folder: &ModelFolder) -> Result<Self> {
        #[derive(Deserialize)]
        struct Labels {
            input: InputFormat,
        }
        let format = folder.read_json::<Labels>("labels.json")?.input;
        let tokenizer = Tokenizer::from_bytes(folder.read("tokenizer.json")?).map_err(|error| {
            Error::model(folder.file("tokenizer.json"), format!("not as expected: {error}"))
        })?;
        let token = |token: &str| {
            tokenizer
                .token_to_id(token)
                .ok_or_else(|| Error::model(folder.file("tokenizer.json"), format!("has no token {token}")))
        };
        let (cls, sep) = (token(&format.cls)?, token(&format.sep)?);
        let markers = format
            .role_markers
            .iter()
            .map(|(role, name)| Ok((*role, token(name)?)))
            .collect::<Result<_>>()?;
        let sentence_ends =
            [".", "?", "!", ";", "..."].iter().filter_map(|end| tokenizer.token_to_id(end)).collect();
        let token_rows = token_rows(folder)?;
        Ok(Self { tokenizer, format, token_rows, cls, sep, markers, sentence_ends })
    }

    /// How the model wants its input.
    pub fn format(&self) -> &InputFormat {
        &self.format
    }

    /// Folds and tokenises a text.
    ///
    /// # Errors
    /// [`Error::Internal`] when the tokenizer fails, which no text should make it do.
    pub fn tokenize(&self, text: &str) -> Result<Tokens> {
        Ok(self.tokens(self.ids(text)?))
    }

    /// The same for a text and for some parts of it, rising and apart, whose borders are blanks or marks: what
    /// the parts become is part of what the text becomes, so that nothing is tokenised twice.
    ///
    /// # Errors
    /// As [`Self::tokenize`].
    pub fn tokenize_with_parts(&self, text: &str, parts: &[Range<usize>]) -> Result<(Tokens, Vec<Tokens>)> {
        let piece = |range: Range<usize>| match text.get(range).unwrap_or_default() {
            "" => Ok(Vec::new()),
            piece => self.ids(piece),
        };
        let (mut whole, mut tokens, mut from) = (Vec::new(), Vec::with_capacity(parts.len()), 0);
        for part in parts {
            whole.extend(piece(from..part.start)?);
            let ids = piece(part.clone())?;
            whole.extend_from_slice(&ids);
            tokens.push(self.tokens(ids));
            from = part.end;
        }
        whole.extend(piece(from..text.len())?);
        Ok((self.tokens(whole), tokens))
    }

    fn ids(&self, text: &str) -> Result<Vec<u32>> {
        let encoding = self
            .tokenizer
            .encode_fast(fold(text).as_ref(), false)
            .map_err(|error| Error::Internal(format!("the tokenizer failed: {error}")))?;
        Ok(encoding.get_ids().to_vec())
    }

    fn tokens(&self, ids: Vec<u32>) -> Tokens {
        let ends = ids.iter().enumerate().filter(|(_, id)| self.sentence_ends.contains(id));
        let borders = ends.map(|(position, _)| position + 1).collect();
        Tokens { ids, borders }
    }

    /// The row of a message alone, from its token ids.
    pub fn message_row(&self, message: &[u32]) -> Row {
        self.row(&[self.cls], message)
    }

    /// What stands before a message in a row with the turns before it, as token ids, from those of the turns.
    pub fn context<'a>(&self, turns: impl Iterator<Item = (Role, &'a Tokens)>) -> Vec<u32> {
        let mut head = vec![self.cls];
        for (role, tokens) in turns {
            head.extend(self.markers.get(&role));
            head.extend(tokens.ids.iter().take(self.format.turn_tokens));
        }
        head.push(self.sep);
        head
    }

    /// The row of a message with the turns before it, from what [`Self::context`] made of them and its token
    /// ids.
    pub fn context_row(&self, context: &[u32], message: &[u32]) -> Row {
        self.row(context, message)
    }

    fn row(&self, head: &[u32], message: &[u32]) -> Row {
        let tokens = head.iter().chain(message).chain([&self.sep]);
        let ids = match &self.token_rows {
            Some(rows) => tokens.map(|&id| rows.get(id as usize).copied().unwrap_or(0)).collect(),
            None => tokens.copied().collect(),
        };
        Row { ids, message_start: head.len() }
    }
}

/// Reads the token map, if there is one; every row it names has to be in the table.
fn token_rows(folder: &ModelFolder) -> Result<Option<Vec<u32>>> {
    #[derive(Deserialize)]
    struct Config {
        vocab_size: usize,
    }
    let num_rows = folder.read_json::<Config>("config.json")?.vocab_size;
    let broken = |reason: String| Error::model(folder.file(WEIGHTS), reason);
    let not_read = |error: candle_core::Error| broken(format!("not as expected: {error}"));
    let tensors = SliceSafetensors::new(folder.weights()).map_err(not_read)?;
    if tensors.get(TOKEN_ROWS).is_err() {
        return Ok(None);
    }
    let rows = tensors.load(TOKEN_ROWS, &Device::Cpu).and_then(|rows| rows.to_vec1::<u32>());
    let rows = rows.map_err(not_read)?;
    match rows.iter().find(|&&row| row as usize >= num_rows) {
        Some(row) => Err(broken(format!("{TOKEN_ROWS} names row {row} of a table of {num_rows}"))),
        None => Ok(Some(rows)),
    }
}
