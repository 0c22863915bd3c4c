//! Turns text into vectors: tokenising, windows, and the forward pass.

use crate::Result;

/// Turns token sequences into sentence vectors.
///
/// Implementations are pure: the same tokens give the same vector, whatever else is in the batch.
pub trait Encoder: Send + Sync {
    /// Width of the vectors.
    fn dimensions(&self) -> usize;

    /// Encodes token sequences, special tokens included, in one batch.
    ///
    /// Returns one vector a sequence, in order: the mean of the last layer over the tokens, with
    /// an L2 norm of 1.
    ///
    /// # Errors
    /// [`crate::Error::Compute`] when the forward pass fails.
    fn encode(&self, sequences: &[Vec<u32>]) -> Result<Vec<Vec<f32>>>;
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
