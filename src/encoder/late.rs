//! Late interaction: the tokens of a text as small vectors, so that a question can be held against a text
//! token by token. Arithmetic and source of the weights: `models/training/late.py`.
//!
//! Each token of the question is met as well as its best match among a text's tokens meets it; the mean over
//! the question, by how telling its tokens are, is how well the text meets it (late interaction, Khattab and
//! Zaharia, SIGIR 2020).

use frontdesk_kernels::{BestProducts, Isa};

use super::{ModelFolder, Row, Tensors};
use crate::{Error, Result, dense};

/// Name of the file in the model folder; a model may have none.
const LATE_FILE: &str = "late.safetensors";
/// The largest number of a token's vector.
const LARGEST: f32 = 127.0;
/// Product of a token's vector with itself.
const LARGEST_PRODUCT: f64 = 127.0 * 127.0;
/// The width of a token's vector is a multiple of it.
const WIDTH_STEP: usize = 64;

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

/// A question that is held against many texts.
pub(crate) struct PackedQuestion<'a> {
    tokens: BestProducts,
    weights: &'a [f32],
    /// Sum of the weights, above 0.
    all: f64,
}

impl QuestionTokens {
    /// Makes the question ready to be held against texts; `None` when it has no token that tells anything.
    pub(crate) fn packed(&self) -> Option<PackedQuestion<'_>> {
        let all: f64 = self.weights.iter().copied().map(f64::from).sum();
        if all <= 0.0 || self.tokens.is_empty() {
            return None;
        }
        let tokens = BestProducts::pack(Isa::best(), &self.tokens, self.width)?;
        Some(PackedQuestion { tokens, weights: &self.weights, all })
    }
}

impl PackedQuestion<'_> {
    /// How well the tokens of a text meet those of the question, in 0..1.
    pub(crate) fn met(&self, tokens: &[u8]) -> f64 {
        let best = self.tokens.with(tokens);
        let weighted = best.iter().zip(self.weights);
        let sum: f64 = weighted.map(|(product, weight)| f64::from(*product) * f64::from(*weight)).sum();
        (sum / LARGEST_PRODUCT / self.all).clamp(0.0, 1.0)
    }
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
        if !width.is_multiple_of(WIDTH_STEP) {
            let found = format!("token vectors are {width} wide instead of a multiple of {WIDTH_STEP}");
            return Err(Error::model(folder.file(LATE_FILE), found));
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoder::{
        self, Batching, Computing, ModelFolder, RowBuilder, SentenceEncoder, TextEncoder, available_cores,
    };

    /// A token's vector of which two numbers are not zero.
    fn token(first: u8, second: u8) -> Vec<u8> {
        [first, second].into_iter().chain([0; WIDTH_STEP - 2]).collect()
    }

    fn met(question: &QuestionTokens, tokens: &[u8]) -> f64 {
        question.packed().expect("has tokens").met(tokens)
    }

    #[test]
    fn tokens_are_met_by_their_best_match_and_weighed() {
        let tokens = [token(127, 0), token(0, 127)].concat();
        let question = QuestionTokens { width: WIDTH_STEP, tokens, weights: vec![3.0, 1.0] };
        assert!((met(&question, &token(127, 0)) - 0.75).abs() < 1e-9);
        assert!((met(&question, &[token(0, 127), token(127, 0)].concat()) - 1.0).abs() < 1e-9);
        assert!(met(&question, &[]).abs() < 1e-9);
        // A token that points the other way meets nothing.
        assert!(met(&question, &token(129, 129)).abs() < 1e-9);
    }

    #[test]
    fn a_question_that_tells_nothing_is_not_held_against_texts() {
        assert!(QuestionTokens::default().packed().is_none());
        let common = QuestionTokens { width: WIDTH_STEP, tokens: token(127, 0), weights: vec![0.0] };
        assert!(common.packed().is_none());
    }

    #[derive(serde::Deserialize)]
    struct Case {
        question: String,
        passage: String,
        late: f64,
    }

    #[test]
    fn the_real_model_gives_what_python_computed() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("models/frontdesk-bilingual-v1");
        let folder = ModelFolder::open(&path).unwrap();
        let encoder = encoder::load(&folder, Computing::REFERENCE).unwrap();
        let rows = RowBuilder::load(&folder).unwrap();
        let encoder = Batching::new(encoder, available_cores());
        let sentences = SentenceEncoder::new(&folder, rows, encoder).unwrap();
        let cases: Vec<Case> = folder.read_json("late_parity.json").unwrap();
        assert_eq!(cases.len(), 20);
        for Case { question, passage, late } in cases {
            let asked = sentences.encode_questions(&[&question]).unwrap().remove(0);
            let text = sentences.encode_with_tokens(&[&passage]).unwrap().remove(0);
            let found = met(&asked.tokens, &text.tokens);
            assert!((found - late).abs() < 0.002, "{found} instead of {late}");
            assert_eq!(asked.vector, sentences.encode_texts(&[&question]).unwrap().remove(0));
        }
    }
}
