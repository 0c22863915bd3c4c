//! Turns text into vectors: the model folder, tokenising, windows, and the forward pass.

mod candle;
mod model_folder;
mod rows;
mod tensors;

use std::sync::Arc;

pub use candle::CandleEncoder;
pub use model_folder::ModelFolder;
pub use rows::{InputFormat, Row, RowBuilder};
pub(crate) use tensors::{HEADS_FILE, Tensors};

use crate::{Result, text::windows};

/// Turns rows of tokens into sentence vectors.
///
/// Implementations are pure: the same row gives the same vector, whatever else is in the batch.
pub trait Encoder: Send + Sync {
    /// Width of the vectors.
    fn dimensions(&self) -> usize;

    /// How forward passes are computed, for example "candle f32".
    fn backend(&self) -> &'static str;

    /// Encodes rows in one batch.
    ///
    /// Returns one vector a row, in order: the mean of the last layer over the row's first position
    /// and all from [`Row::message_start`] on, with an L2 norm of 1.
    ///
    /// # Errors
    /// [`crate::Error::Compute`] when the forward pass fails.
    fn encode(&self, rows: &[Row]) -> Result<Vec<Vec<f32>>>;
}

/// Scales a vector to an L2 norm of 1; one of zeros stays as it is.
pub(crate) fn to_unit_length(vector: &mut [f32]) {
    let norm = vector.iter().map(|value| value * value).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    vector.iter_mut().for_each(|value| *value /= norm);
}

/// Turns plain text into sentence vectors; what search needs of the model.
pub trait TextEncoder: Send + Sync {
    /// Width of the vectors.
    fn dimensions(&self) -> usize;

    /// Encodes texts, each cut at the model's window, in one batch.
    ///
    /// Returns one L2-normalised vector a text, in order.
    ///
    /// # Errors
    /// [`crate::Error::Compute`] when the forward pass fails.
    fn encode_texts(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>>;
}

/// A text encoder made of a row builder and an encoder.
#[derive(Clone)]
pub struct SentenceEncoder {
    /// Makes rows from text.
    pub rows: Arc<RowBuilder>,
    /// Makes vectors from rows.
    pub encoder: Arc<dyn Encoder>,
}

impl TextEncoder for SentenceEncoder {
    fn dimensions(&self) -> usize {
        self.encoder.dimensions()
    }

    fn encode_texts(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>> {
        let max_tokens = self.rows.format().message_tokens;
        let rows = texts
            .iter()
            .map(|text| {
                let tokens = self.rows.tokenize(text)?;
                let end = windows::cut(tokens.ids.len(), &tokens.borders, max_tokens, 1)[0].end;
                Ok(self.rows.message_row(&tokens.ids[..end]))
            })
            .collect::<Result<Vec<_>>>()?;
        self.encoder.encode(&rows)
    }
}
