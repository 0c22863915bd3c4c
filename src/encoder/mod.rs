//! Turns text into vectors: the model folder, tokenising, windows, and the forward pass.

mod batching;
mod candle;
mod computing;
mod fused;
mod late;
mod model_folder;
mod rows;
mod tensors;

use std::{num::NonZeroUsize, sync::Arc, thread};

pub use batching::Batching;
pub use candle::CandleEncoder;
pub use computing::{Computing, Kernel, PrecisionChoice, load};
pub use frontdesk_kernels::{Isa, Precision};
pub use fused::FusedEncoder;
pub use late::QuestionTokens;
pub(crate) use late::{LateInteraction, PackedQuestion};
pub use model_folder::ModelFolder;
pub use rows::{InputFormat, Row, RowBuilder, Tokens};
pub(crate) use tensors::{HEADS_FILE, Tensors};

use crate::{Result, text::windows};

/// Turns rows of tokens into sentence vectors.
///
/// Implementations are pure: the same row gives the same vector, whatever else is in the batch and on how
/// many cores it is computed.
pub trait Encoder: Send + Sync {
    /// Width of the vectors.
    fn dimensions(&self) -> usize;

    /// Number of layers.
    fn num_layers(&self) -> usize;

    /// The numbers that matrices are multiplied in.
    fn precision(&self) -> Precision;

    /// How forward passes are computed, for example "fused int8 avx2".
    fn backend(&self) -> &str;

    /// Encodes rows in one batch, on the calling thread and at most `cores - 1` helpers.
    ///
    /// Returns one result a row, in order.
    ///
    /// # Errors
    /// [`crate::Error::Compute`] when the forward pass fails.
    fn encode(&self, rows: &[Row], cores: NonZeroUsize) -> Result<Vec<EncodedRow>>;

    /// How many cores make a pass over `num_tokens` tokens faster than one fewer does, with no core
    /// wanted elsewhere; 1 when a pass is not split. Asked with a lock held: a comparison, not a computation.
    fn worthwhile_cores(&self, num_tokens: usize) -> NonZeroUsize {
        let _ = num_tokens;
        NonZeroUsize::MIN
    }
}

/// What a forward pass makes of one row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EncodedRow {
    /// The mean of the last layer over the row's first position and all from [`Row::message_start`] on,
    /// with an L2 norm of 1.
    pub vector: Vec<f32>,
    /// The last layer's states of the message's tokens, one after the other, without the special tokens.
    pub states: Vec<f32>,
}

impl EncodedRow {
    /// What the states of a row's tokens, each `width` numbers, make of it.
    fn of_states(states: &[f32], width: usize, row: &Row) -> Self {
        let mut vector = vec![0.0f32; width];
        let pooled = std::iter::once(0).chain(row.message_start.max(1)..row.ids.len());
        for position in pooled {
            for (total, state) in vector.iter_mut().zip(&states[position * width..]) {
                *total += state;
            }
        }
        to_unit_length(&mut vector);
        let message = row.message_start * width..row.ids.len().saturating_sub(1) * width;
        Self { vector, states: states.get(message).unwrap_or_default().to_vec() }
    }
}

/// Cores that this process may use, at least 1.
///
/// The CPU mask counts, and the quota of the cgroup (a container's limit), rounded down.
pub fn available_cores() -> NonZeroUsize {
    thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

/// Holds the threads that matrices are split over, which the whole process shares, to a number.
///
/// Counts once, and before the first pass: the pool cannot change afterwards.
pub fn limit_threads(cores: NonZeroUsize) {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(cores.get())
        .thread_name(|number| format!("frontdesk-pass-{number}"));
    if let Err(error) = pool.build_global() {
        tracing::debug!(%error, "the threads of passes were started before");
    }
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

    /// Width of the vectors of tokens; 0 when the model makes none.
    fn token_width(&self) -> usize {
        0
    }

    /// Encodes texts with their tokens, in one batch.
    ///
    /// # Errors
    /// [`crate::Error::Compute`] when the forward pass fails.
    fn encode_with_tokens(&self, texts: &[&str]) -> Result<Vec<TextVectors>> {
        let vectors = self.encode_texts(texts)?;
        Ok(vectors.into_iter().map(|vector| TextVectors { vector, tokens: Vec::new() }).collect())
    }

    /// Encodes questions with their tokens, in one batch.
    ///
    /// # Errors
    /// [`crate::Error::Compute`] when the forward pass fails.
    fn encode_questions(&self, texts: &[&str]) -> Result<Vec<QuestionVectors>> {
        let vectors = self.encode_texts(texts)?;
        let question = |vector| QuestionVectors { vector, tokens: QuestionTokens::default() };
        Ok(vectors.into_iter().map(question).collect())
    }
}

/// What a text that is searched becomes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TextVectors {
    /// Of the whole, with an L2 norm of 1.
    pub vector: Vec<f32>,
    /// Of its tokens, 8-bit, [`TextEncoder::token_width`] numbers each.
    pub tokens: Vec<u8>,
}

/// What a question becomes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct QuestionVectors {
    /// Of the whole, with an L2 norm of 1.
    pub vector: Vec<f32>,
    /// Of its tokens.
    pub tokens: QuestionTokens,
}

/// A text encoder made of a row builder and an encoder.
#[derive(Clone)]
pub struct SentenceEncoder {
    /// Makes rows from text.
    pub rows: Arc<RowBuilder>,
    /// Makes vectors from rows, for many threads at once.
    pub encoder: Arc<Batching>,
    /// Makes vectors of tokens; `None` when the model has no weights for it.
    late: Option<Arc<LateInteraction>>,
}

impl SentenceEncoder {
    /// Puts the parts of a model together.
    ///
    /// # Errors
    /// [`crate::Error::Model`] when the weights for tokens are not as expected.
    pub fn new(folder: &ModelFolder, rows: RowBuilder, encoder: Batching) -> Result<Self> {
        let late = LateInteraction::load(folder, encoder.dimensions())?.map(Arc::new);
        Ok(Self { rows: Arc::new(rows), encoder: Arc::new(encoder), late })
    }

    /// The tokens of a question that was encoded as a row.
    ///
    /// # Errors
    /// [`crate::Error::Compute`] when a product fails.
    pub(crate) fn question_tokens(&self, row: &Row, encoded: &EncodedRow) -> Result<QuestionTokens> {
        self.late
            .as_ref()
            .map_or_else(|| Ok(QuestionTokens::default()), |late| late.question(row, &encoded.states))
    }

    /// The rows of texts, each cut at the model's window.
    fn text_rows(&self, texts: &[&str]) -> Result<Vec<Row>> {
        let max_tokens = self.rows.format().message_tokens;
        let row = |text: &&str| {
            let tokens = self.rows.tokenize(text)?;
            let end = windows::cut(tokens.ids.len(), &tokens.borders, max_tokens, 1)[0].end;
            Ok(self.rows.message_row(&tokens.ids[..end]))
        };
        texts.iter().map(row).collect()
    }
}

impl TextEncoder for SentenceEncoder {
    fn dimensions(&self) -> usize {
        self.encoder.dimensions()
    }

    fn encode_texts(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>> {
        let encoded = self.encoder.encode(self.text_rows(texts)?)?;
        Ok(encoded.into_iter().map(|row| row.vector).collect())
    }

    fn token_width(&self) -> usize {
        self.late.as_ref().map_or(0, |late| late.width())
    }

    fn encode_with_tokens(&self, texts: &[&str]) -> Result<Vec<TextVectors>> {
        let encoded = self.encoder.encode(self.text_rows(texts)?)?;
        let vectors = encoded.into_iter().map(|EncodedRow { vector, states }| {
            let tokens = self.late.as_ref().map_or_else(|| Ok(Vec::new()), |late| late.tokens(&states))?;
            Ok(TextVectors { vector, tokens })
        });
        vectors.collect()
    }

    fn encode_questions(&self, texts: &[&str]) -> Result<Vec<QuestionVectors>> {
        let rows = self.text_rows(texts)?;
        let encoded = self.encoder.encode(rows.clone())?;
        let question = |(row, encoded): (&Row, EncodedRow)| {
            let tokens = self.question_tokens(row, &encoded)?;
            Ok(QuestionVectors { vector: encoded.vector, tokens })
        };
        rows.iter().zip(encoded).map(question).collect()
    }
}
