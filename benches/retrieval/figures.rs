//! The figures of a ranking and of a probability.

/// Places that are looked at.
pub const MAX_RANK: usize = 10;
/// Bins of the calibration error.
const NUM_BINS: usize = 10;

/// How good some rankings are; each is the place of what was to be found, from 1.
#[derive(Clone, Debug, Default)]
pub struct Ranking(pub Vec<Option<usize>>);

impl Ranking {
    /// Share of rankings with the right one among the first `limit`.
    pub fn hits_at(&self, limit: usize) -> f64 {
        share(self.0.iter().filter(|rank| rank.is_some_and(|rank| rank <= limit)).count(), self.0.len())
    }

    /// Mean of one over the place; 0 where it is not among those that were looked at.
    pub fn mrr(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "places are few")]
        let sum: f64 = self.0.iter().flatten().map(|rank| 1.0 / *rank as f64).sum();
        #[expect(clippy::cast_precision_loss, reason = "questions are few")]
        let num_rankings = self.0.len().max(1) as f64;
        sum / num_rankings
    }

    /// Number of rankings, hit@1, hit@3, hit@10 and MRR as cells of a table.
    pub fn cells(&self) -> Vec<String> {
        let figures = [self.hits_at(1), self.hits_at(3), self.hits_at(MAX_RANK), self.mrr()];
        std::iter::once(self.0.len().to_string())
            .chain(figures.map(|figure| format!("{figure:.3}")))
            .collect()
    }
}

/// `part` of `all`, in 0..1.
#[expect(clippy::cast_precision_loss, reason = "questions are few")]
pub fn share(part: usize, all: usize) -> f64 {
    part as f64 / all.max(1) as f64
}

/// Probability that a positive scores above a negative; ties count half.
pub fn auc(scored: &[(f64, bool)]) -> f64 {
    let of = |wanted: bool| scored.iter().filter(move |(_, truth)| *truth == wanted).map(|(score, _)| *score);
    let (mut sum, mut num_pairs) = (0.0, 0.0);
    for positive in of(true) {
        for negative in of(false) {
            num_pairs += 1.0;
            sum += f64::from(positive > negative) / 2.0 + f64::from(positive >= negative) / 2.0;
        }
    }
    sum / f64::max(num_pairs, 1.0)
}

/// Expected calibration error over bins of equal width.
pub fn calibration_error(scored: &[(f64, bool)]) -> f64 {
    let mut bins = [(0_usize, 0.0, 0_usize); NUM_BINS];
    for &(probability, truth) in scored {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within 0..=10")]
        let index = ((probability * 10.0) as usize).min(NUM_BINS - 1);
        let bin = &mut bins[index];
        *bin = (bin.0 + 1, bin.1 + probability, bin.2 + usize::from(truth));
    }
    let of_bin = |&(num, sum, num_true): &(usize, f64, usize)| {
        #[expect(clippy::cast_precision_loss, reason = "questions are few")]
        let mean = sum / num.max(1) as f64;
        share(num, scored.len()) * (mean - share(num_true, num)).abs()
    };
    bins.iter().map(of_bin).sum()
}
