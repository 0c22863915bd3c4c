//! Turns raw outputs of the heads into probabilities, with parameters fitted on dev messages.

use std::collections::HashMap;

use serde::Deserialize;

/// Temperature of a softmax head.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Temperature {
    /// Logits are divided by it.
    pub temperature: f64,
}

/// Scale of the ordinal head.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Scale {
    /// Position and borders are multiplied by it.
    pub scale: f64,
}

/// Platt scaling and threshold of a sigmoid head.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Platt {
    /// The logit is multiplied by it …
    pub scale: f64,
    /// … and moved by it.
    pub shift: f64,
    /// Probability from which the label holds.
    pub threshold: f64,
}

/// Parameters of every head for one language.
#[derive(Clone, Debug, Deserialize)]
pub struct HeadCalibration {
    /// Which intent is primary.
    pub intent_rank: Temperature,
    /// Which intents are present.
    pub intent_any: Platt,
    /// Urgency.
    pub urgency: Scale,
    /// Sentiment.
    pub sentiment: Temperature,
    /// Emotion.
    pub emotion: Temperature,
    /// Asks for a person.
    pub wants_human: Platt,
    /// Gives orders to the system.
    pub orders_system: Platt,
}

/// What `calibration.json` holds.
#[derive(Clone, Debug, Deserialize)]
pub struct Calibration {
    /// Weight of the lexical part of every head; 0 leaves it out.
    pub lexical_weight: HashMap<String, f32>,
    /// Parameters by language tag, and `default` for the rest.
    pub languages: HashMap<String, HeadCalibration>,
}

impl Platt {
    /// Probability in 0..1 of a logit.
    pub fn probability(&self, logit: f32) -> f64 {
        sigmoid(f64::from(logit) * self.scale + self.shift)
    }
}

/// The logistic function.
pub fn sigmoid(value: f64) -> f64 {
    1.0 / (1.0 + (-value).exp())
}

/// Probabilities of logits at a temperature; they sum to 1.
pub fn softmax(logits: &[f32], temperature: f64) -> Vec<f64> {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let weights: Vec<f64> =
        logits.iter().map(|&logit| (f64::from(logit - largest) / temperature).exp()).collect();
    let total: f64 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / total).collect()
}

/// Probabilities of ordered levels: p(level > k) = sigmoid(scale · (position - border k)).
pub fn ordinal(position: f32, borders: &[f32], scale: f64) -> Vec<f64> {
    let above = |border: &f32| sigmoid(scale * f64::from(position - border));
    let edges: Vec<f64> = [1.0].into_iter().chain(borders.iter().map(above)).chain([0.0]).collect();
    edges.windows(2).map(|pair| (pair[0] - pair[1]).max(1e-9)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn softmax_survives_large_logits() {
        let probabilities = softmax(&[1000.0, 999.0, -1000.0], 1.0);
        assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        assert!(probabilities[0] > 0.7 && probabilities[2] == 0.0);
    }

    #[test]
    fn ordinal_levels_sum_to_one_and_follow_the_position() {
        let borders = [-1.0, 0.5, 2.0];
        for (position, level) in [(-3.0, 0), (0.0, 1), (1.2, 2), (5.0, 3)] {
            let levels = ordinal(position, &borders, 2.0);
            assert!((levels.iter().sum::<f64>() - 1.0).abs() < 1e-6);
            let most = (0..4).max_by(|&a, &b| levels[a].total_cmp(&levels[b])).expect("four levels");
            assert_eq!(most, level);
        }
    }
}
