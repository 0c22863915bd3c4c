//! What a message is: language, intents, urgency, sentiment, emotion, each with its probability.

mod calibration;
mod heads;
mod labels;
mod lexical;
mod prepare;

use std::num::NonZeroUsize;

pub use heads::Heads;
pub use labels::{
    Binary, Emotion, EmotionPrediction, IntentPrediction, Labels, Polarity, SentimentPrediction, Urgency,
    UrgencyPrediction,
};
pub use prepare::{Prepared, Reading, Text, Turns};

use crate::{
    Result,
    encoder::{
        self, Batching, Computing, ModelFolder, QuestionTokens, Row, RowBuilder, SentenceEncoder,
        to_unit_length,
    },
};

/// The loaded model: encoder, tokenizer and heads.
pub struct Model {
    folder: ModelFolder,
    sentences: SentenceEncoder,
    heads: Heads,
}

/// The vectors of one message, each with an L2 norm of 1.
#[derive(Clone, Debug)]
pub struct Encoded {
    /// Of the message alone; searches.
    pub message: Vec<f32>,
    /// The tokens of the message's first window; they search too.
    pub tokens: QuestionTokens,
    /// Of the message after its turns; labels. The same as `message` when there are no turns.
    pub in_context: Vec<f32>,
}

impl Model {
    /// Loads a model folder whose hashes were checked, to compute on every core that this process may use.
    ///
    /// # Errors
    /// [`crate::Error::Model`] when a file is not as expected; what [`encoder::load`] fails with.
    pub fn load(folder: ModelFolder, computing: Computing) -> Result<Self> {
        Self::load_on(folder, computing, encoder::available_cores())
    }

    /// Loads a model folder whose hashes were checked, to compute on `cores` cores at most.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn load_on(folder: ModelFolder, computing: Computing, cores: NonZeroUsize) -> Result<Self> {
        let rows = RowBuilder::load(&folder)?;
        let encoder = encoder::load(&folder, computing)?;
        let heads = Heads::load(&folder, encoder.dimensions())?;
        let sentences = SentenceEncoder::new(&folder, rows, Batching::new(encoder, cores))?;
        Ok(Self { folder, sentences, heads })
    }

    /// The folder that the model came from.
    pub fn folder(&self) -> &ModelFolder {
        &self.folder
    }

    /// Identity of everything that the labels depend on: that of the folder, and the precision.
    pub fn version(&self) -> String {
        format!("{}+{}", self.folder.version(), self.sentences.encoder.precision())
    }

    /// The encoder for search.
    pub fn sentences(&self) -> &SentenceEncoder {
        &self.sentences
    }

    /// The heads.
    pub fn heads(&self) -> &Heads {
        &self.heads
    }

    /// Encodes prepared messages in one batch; one result a message, in order.
    ///
    /// # Errors
    /// [`crate::Error::Compute`] when the forward pass fails.
    pub fn encode(&self, messages: &[&Prepared]) -> Result<Vec<Encoded>> {
        let rows: Vec<Row> = messages.iter().flat_map(|message| message.rows.iter().cloned()).collect();
        let mut encoded_rows = self.sentences.encoder.encode(rows)?.into_iter();
        let encoded = messages.iter().map(|message| {
            let plain: Vec<_> = encoded_rows.by_ref().take(message.num_plain).collect();
            let context = encoded_rows.by_ref().take(message.rows.len() - message.num_plain);
            let context: Vec<_> = context.map(|row| row.vector).collect();
            let first = message.rows.first().zip(plain.first());
            let tokens =
                first.map(|(row, encoded)| self.sentences.question_tokens(row, encoded)).transpose()?;
            let plain: Vec<_> = plain.into_iter().map(|row| row.vector).collect();
            let message_vector = joined(plain, &message.window_tokens);
            let in_context = if context.is_empty() {
                message_vector.clone()
            } else {
                joined(context, &message.window_tokens)
            };
            Ok(Encoded { message: message_vector, tokens: tokens.unwrap_or_default(), in_context })
        });
        encoded.collect()
    }

    /// Labels an encoded message without its turns.
    pub fn label_alone(&self, prepared: &Prepared, encoded: &Encoded) -> Labels {
        self.label_vector(prepared, &encoded.message)
    }

    /// Labels an encoded message after its turns.
    pub fn label(&self, prepared: &Prepared, encoded: &Encoded) -> Labels {
        self.label_vector(prepared, &encoded.in_context)
    }

    fn label_vector(&self, prepared: &Prepared, vector: &[f32]) -> Labels {
        // The first window stands for the whole: most messages have one.
        let row = &prepared.rows[0];
        let message = &row.ids[row.message_start..row.ids.len() - 1];
        let buckets = lexical::buckets(message, self.heads.num_buckets());
        self.heads.label(prepared, vector, &buckets)
    }
}

/// Joins the vectors of windows: their mean weighted by tokens, with an L2 norm of 1.
fn joined(mut windows: Vec<Vec<f32>>, window_tokens: &[usize]) -> Vec<f32> {
    if windows.len() == 1 {
        return windows.remove(0);
    }
    let mut sum = vec![0.0f32; windows.first().map_or(0, Vec::len)];
    for (window, &tokens) in windows.iter().zip(window_tokens) {
        for (total, value) in sum.iter_mut().zip(window) {
            *total += value * tokens as f32;
        }
    }
    to_unit_length(&mut sum);
    sum
}
