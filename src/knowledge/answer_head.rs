//! The head that reads a question and a passage together and says whether one answers the other.

use crate::{
    Error, Result,
    encoder::{HEADS_FILE, ModelFolder, Tensors},
};

/// Logits are cut here and scaled to -1..1.
const LARGEST_LOGIT: f32 = 6.0;

/// A small network on the vectors of a question and a passage, from the model folder. Shapes and
/// arithmetic: `models/training/answers.py`.
#[derive(Clone, Debug, PartialEq)]
pub struct AnswerHead {
    dimensions: usize,
    /// `hidden × 2 dimensions`, row by row: of the products, then of the distances.
    hidden: Vec<f32>,
    hidden_bias: Vec<f32>,
    weight: Vec<f32>,
    bias: f32,
}

impl AnswerHead {
    /// Loads the head of a model whose vectors are `dimensions` wide; `None` when the model has none.
    ///
    /// # Errors
    /// [`Error::Model`] when the file cannot be read or a tensor has another shape.
    pub fn load(folder: &ModelFolder, dimensions: usize) -> Result<Option<Self>> {
        let tensors = Tensors::read(folder, HEADS_FILE)?;
        if !tensors.contains("answers.bias") {
            return Ok(None);
        }
        let hidden_bias = tensors.get("answers.hidden.bias", None)?;
        let width = hidden_bias.len();
        if width == 0 {
            return Err(Error::model(folder.file(HEADS_FILE), "answers.hidden.bias has no values"));
        }
        let hidden = tensors.get("answers.hidden.weight", Some(width * 2 * dimensions))?;
        let weight = tensors.get("answers.weight", Some(width))?;
        let bias = tensors.get("answers.bias", Some(1))?[0];
        Ok(Some(Self { dimensions, hidden, hidden_bias, weight, bias }))
    }

    /// How much the passage looks like an answer, in -1..1; 0 when a vector has another width.
    ///
    /// Both vectors have a length of 1.
    pub fn judge(&self, question: &[f32], passage: &[f32]) -> f64 {
        if question.len() != self.dimensions || passage.len() != self.dimensions {
            return 0.0;
        }
        let products = question.iter().zip(passage).map(|(q, p)| q * p);
        let distances = question.iter().zip(passage).map(|(q, p)| (q - p).abs());
        let features: Vec<f32> = products.chain(distances).collect();
        let hidden = self.hidden.chunks_exact(features.len()).zip(&self.hidden_bias);
        let active = hidden.map(|(row, bias)| (super::vectors::dot(row, &features) + bias).max(0.0));
        let logit = active.zip(&self.weight).map(|(value, weight)| value * weight).sum::<f32>() + self.bias;
        f64::from((logit / LARGEST_LOGIT).clamp(-1.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_and_distances_are_weighed() {
        let head = AnswerHead {
            dimensions: 2,
            hidden: vec![1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0],
            hidden_bias: vec![0.0, 0.0],
            weight: vec![3.0, -3.0],
            bias: 0.0,
        };
        let same = head.judge(&[1.0, 0.0], &[1.0, 0.0]);
        let other = head.judge(&[1.0, 0.0], &[0.0, 1.0]);
        assert!((same - 0.5).abs() < 1e-6 && (other + 1.0).abs() < 1e-6, "{same} {other}");
        assert!(head.judge(&[1.0], &[1.0, 0.0]).abs() < f64::EPSILON);
    }
}
