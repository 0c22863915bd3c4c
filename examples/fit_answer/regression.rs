//! Logistic regression by Newton's method, and what its probabilities are worth.

use frontdesk::knowledge::AnswerFeatures;

/// Number of features.
const NUM_FEATURES: usize = AnswerFeatures::NAMES.len();
/// The features and the constant.
const NUM_PARAMETERS: usize = NUM_FEATURES + 1;
/// Strength of the pull towards 0, on features of deviation 1.
const RIDGE: f64 = 3.0;
/// Steps of Newton's method; it settles in fewer.
const NUM_STEPS: usize = 30;
/// Parts of the cross-validation.
const NUM_FOLDS: usize = 5;
/// Bins of the calibration error.
const NUM_BINS: usize = 10;

type Row = [f64; NUM_PARAMETERS];

/// The features of a question, and whether its first hit answers.
#[derive(Clone, Copy)]
pub struct Sample {
    /// From the search.
    pub features: AnswerFeatures,
    /// Whether the first hit is the right article.
    pub right: bool,
}

/// Weights on the features as they are.
pub struct Fitted {
    /// The constant.
    pub bias: f64,
    /// In the order of the features.
    pub weights: [f64; NUM_FEATURES],
}

impl Fitted {
    fn probability(&self, features: &AnswerFeatures) -> f64 {
        let sum: f64 = self.weights.iter().zip(features.values()).map(|(weight, value)| weight * value).sum();
        sigmoid(self.bias + sum)
    }
}

/// Fits all samples.
pub fn fit(samples: &[Sample]) -> Fitted {
    fit_some(&samples.iter().collect::<Vec<_>>())
}

/// The probability of each sample, from a fit without its part.
pub fn cross_validated(samples: &[Sample]) -> Vec<f64> {
    let fits: Vec<Fitted> = (0..NUM_FOLDS)
        .map(|fold| {
            let others: Vec<&Sample> = samples
                .iter()
                .enumerate()
                .filter(|(index, _)| index % NUM_FOLDS != fold)
                .map(|(_, sample)| sample)
                .collect();
            fit_some(&others)
        })
        .collect();
    let probability =
        |(index, sample): (usize, &Sample)| fits[index % NUM_FOLDS].probability(&sample.features);
    samples.iter().enumerate().map(probability).collect()
}

fn fit_some(samples: &[&Sample]) -> Fitted {
    let (means, deviations) = moments(samples);
    let rows: Vec<(Row, f64)> = samples
        .iter()
        .map(|sample| {
            let mut row = [1.0; NUM_PARAMETERS];
            for (index, value) in sample.features.values().into_iter().enumerate() {
                row[index] = (value - means[index]) / deviations[index];
            }
            (row, if sample.right { 1.0 } else { 0.0 })
        })
        .collect();
    let scaled = newton(&rows);
    let mut weights = [0.0; NUM_FEATURES];
    let mut bias = scaled[NUM_FEATURES];
    for index in 0..NUM_FEATURES {
        weights[index] = scaled[index] / deviations[index];
        bias -= weights[index] * means[index];
    }
    Fitted { bias, weights }
}

fn moments(samples: &[&Sample]) -> ([f64; NUM_FEATURES], [f64; NUM_FEATURES]) {
    let count = as_f64(samples.len()).max(1.0);
    let mut means = [0.0; NUM_FEATURES];
    let mut deviations = [0.0; NUM_FEATURES];
    for sample in samples {
        for (mean, value) in means.iter_mut().zip(sample.features.values()) {
            *mean += value / count;
        }
    }
    for sample in samples {
        for ((deviation, value), mean) in deviations.iter_mut().zip(sample.features.values()).zip(means) {
            *deviation += (value - mean).powi(2) / count;
        }
    }
    // A feature that never changes gets no weight.
    (means, deviations.map(|variance: f64| if variance < 1e-12 { f64::INFINITY } else { variance.sqrt() }))
}

fn newton(rows: &[(Row, f64)]) -> Row {
    let mut parameters = [0.0; NUM_PARAMETERS];
    for _ in 0..NUM_STEPS {
        let mut gradient = [0.0; NUM_PARAMETERS];
        let mut hessian = [[0.0; NUM_PARAMETERS]; NUM_PARAMETERS];
        for (row, right) in rows {
            let logit: f64 = row.iter().zip(parameters).map(|(value, parameter)| value * parameter).sum();
            let probability = sigmoid(logit);
            for left in 0..NUM_PARAMETERS {
                gradient[left] += (probability - right) * row[left];
                for other in 0..NUM_PARAMETERS {
                    hessian[left][other] += probability * (1.0 - probability) * row[left] * row[other];
                }
            }
        }
        for index in 0..NUM_FEATURES {
            gradient[index] += RIDGE * parameters[index];
            hessian[index][index] += RIDGE;
        }
        hessian[NUM_FEATURES][NUM_FEATURES] += 1e-9;
        let step = solve(hessian, gradient);
        for (parameter, change) in parameters.iter_mut().zip(step) {
            *parameter -= change;
        }
    }
    parameters
}

/// Solves a symmetric, positive definite system by elimination.
fn solve(mut matrix: [Row; NUM_PARAMETERS], mut right: Row) -> Row {
    for pivot in 0..NUM_PARAMETERS {
        for row in pivot + 1..NUM_PARAMETERS {
            let factor = matrix[row][pivot] / matrix[pivot][pivot];
            let above = matrix[pivot];
            for (value, above) in matrix[row].iter_mut().zip(above).skip(pivot) {
                *value -= factor * above;
            }
            right[row] -= factor * right[pivot];
        }
    }
    for row in (0..NUM_PARAMETERS).rev() {
        let known: f64 = (row + 1..NUM_PARAMETERS).map(|column| matrix[row][column] * right[column]).sum();
        right[row] = (right[row] - known) / matrix[row][row];
    }
    right
}

/// Prints what probabilities are worth.
pub fn report(name: &str, samples: &[Sample], predicted: &[f64], threshold: f64) {
    let pairs: Vec<(f64, bool)> =
        predicted.iter().copied().zip(samples.iter().map(|sample| sample.right)).collect();
    let count = as_f64(pairs.len()).max(1.0);
    let num_right = as_f64(pairs.iter().filter(|(_, right)| *right).count());
    let loss: f64 = pairs
        .iter()
        .map(|&(probability, right)| -(if right { probability } else { 1.0 - probability }).max(1e-12).ln())
        .sum();
    let decided_well =
        pairs.iter().filter(|(probability, right)| (*probability >= threshold) == *right).count();
    let answered = pairs.iter().filter(|(probability, _)| *probability >= threshold);
    let (num_answered, num_wrong) = answered
        .fold((0.0, 0.0), |(all, wrong), (_, right)| (all + 1.0, if *right { wrong } else { wrong + 1.0 }));
    println!(
        "{name}: n {count}, first hit right {:.3}, AUC {:.3}, log loss {:.3}, ECE {:.3}, answer/no answer \
         right {:.3}; answered {:.3}, of these wrong {:.3}",
        num_right / count,
        auc(&pairs),
        loss / count,
        calibration_error(&pairs),
        as_f64(decided_well) / count,
        num_answered / count,
        num_wrong / num_answered.max(1.0),
    );
}

/// Probability that a right sample is given more than a wrong one.
fn auc(pairs: &[(f64, bool)]) -> f64 {
    let (mut wins, mut num_pairs) = (0.0, 0.0);
    for (right, _) in pairs.iter().filter(|(_, right)| *right) {
        for (wrong, _) in pairs.iter().filter(|(_, right)| !*right) {
            num_pairs += 1.0;
            wins += if right > wrong { 1.0 } else { 0.0 } + if right == wrong { 0.5 } else { 0.0 };
        }
    }
    wins / f64::max(num_pairs, 1.0)
}

/// Mean distance between probability and share of right ones, over bins of equal count.
fn calibration_error(pairs: &[(f64, bool)]) -> f64 {
    let mut sorted = pairs.to_vec();
    sorted.sort_by(|left, right| left.0.total_cmp(&right.0));
    let bin_size = sorted.len().div_ceil(NUM_BINS).max(1);
    let error: f64 = sorted
        .chunks(bin_size)
        .map(|bin| {
            let predicted: f64 = bin.iter().map(|(probability, _)| probability).sum();
            let right = as_f64(bin.iter().filter(|(_, right)| *right).count());
            (predicted - right).abs()
        })
        .sum();
    error / as_f64(sorted.len()).max(1.0)
}

fn sigmoid(logit: f64) -> f64 {
    1.0 / (1.0 + (-logit).exp())
}

#[expect(clippy::cast_precision_loss, reason = "counts of questions")]
fn as_f64(count: usize) -> f64 {
    count as f64
}
