//! Late interaction: the tokens of a text as small vectors, so that a question can be held against a text
//! token by token. Arithmetic and source of the weights: `models/training/late.py`.

use super::{ModelFolder, Row, Tensors};
use crate::{Result, dense};

/// Name of the file in the model folder; a model may have none.
const LATE_FILE: &str = "late.safetensors";
/// The largest number of a token's vector.
const LARGEST: f32 = 127.0;

/// Makes token vectors of the encoder's last states.
#[derive(Clone, Debug)]
pub(crate) struct LateInteraction {
    dimensions: usize,
    width: usize,
    /// `width × dimensions`, row by row.
    projection: Vec<f32>,
    /// How telling a row of the word table is.
    idf: Vec<f32>,
}

/// The tokens of a question.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct QuestionTokens {
    /// Width of a token's vector; 0 when the model has none.
    pub(crate) width: usize,
    /// One vector a token, 8-bit.
    pub(crate) tokens: Vec<u8>,
    /// How telling each token is.
    pub(crate) weights: Vec<f32>,
}

impl LateInteraction {
    /// Loads the weights of a model whose states are `dimensions` wide; `None` when it has none.
    ///
    /// # Errors
    /// [`crate::Error::Model`] when the file is not as expected.
    pub(crate) fn load(folder: &ModelFolder, dimensions: usize) -> Result<Option<Self>> {
        if !folder.file(LATE_FILE).exists() {
            return Ok(None);
        }
        let tensors = Tensors::read(folder, LATE_FILE)?;
        let width = tensors.num_rows("late.projection");
        let projection = tensors.get("late.projection", Some(width * dimensions))?;
        let idf = tensors.get("late.idf", None)?;
        Ok(Some(Self { dimensions, width, projection, idf }))
    }

    /// Width of a token's vector.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// The token vectors of states that stand one after the other.
    pub(crate) fn tokens(&self, states: &[f32]) -> Result<Vec<u8>> {
        if self.width == 0 {
            return Ok(Vec::new());
        }
        let mut values = dense::products(&self.projection, states, self.dimensions);
        values.chunks_exact_mut(self.width).for_each(super::to_unit_length);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within -127..=127")]
        let bytes = values.iter().map(|value| (value * LARGEST).round() as i8 as u8).collect();
        Ok(bytes)
    }

    /// The tokens of a question, from its row and the states of its message.
    ///
    /// # Errors
    /// As [`Self::tokens`].
    pub(crate) fn question(&self, row: &Row, states: &[f32]) -> Result<QuestionTokens> {
        let ids = row.ids.get(row.message_start..row.ids.len().saturating_sub(1)).unwrap_or_default();
        let weight = |id: &u32| self.idf.get(*id as usize).copied().unwrap_or_default();
        Ok(QuestionTokens {
            width: self.width,
            tokens: self.tokens(states)?,
            weights: ids.iter().map(weight).collect(),
        })
    }
}
