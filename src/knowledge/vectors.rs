//! Vectors of an article and the exact scan over them.

/// Numbers summed side by side, so that the compiler uses vector registers.
const NUM_LANES: usize = 16;

/// Rows of one width in one block of memory.
#[derive(Clone, Debug, Default)]
pub(crate) struct Vectors {
    dimensions: usize,
    values: Vec<f32>,
}

impl Vectors {
    /// No rows yet, of this width.
    pub(crate) fn new(dimensions: usize, num_rows: usize) -> Self {
        Self { dimensions, values: Vec::with_capacity(dimensions * num_rows) }
    }

    /// Adds a row; one of another width is cut or filled with zeros.
    pub(crate) fn push(&mut self, row: &[f32]) {
        let width = row.len().min(self.dimensions);
        self.values.extend_from_slice(&row[..width]);
        self.values.resize(self.values.len() + self.dimensions - width, 0.0);
    }

    /// Every row, in order.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &[f32]> {
        self.values.chunks_exact(self.dimensions.max(1))
    }

    /// One row.
    pub(crate) fn row(&self, number: usize) -> Option<&[f32]> {
        self.rows().nth(number)
    }

    /// Dot product of `query` with every row, in order; nothing when the widths differ.
    pub(crate) fn scores<'a>(&'a self, query: &'a [f32]) -> impl Iterator<Item = f32> + 'a {
        let same_width = query.len() == self.dimensions && self.dimensions > 0;
        let values = if same_width { self.values.as_slice() } else { &[] };
        values.chunks_exact(self.dimensions.max(1)).map(move |row| dot(row, query))
    }
}

/// Dot product of two vectors of one width: the cosine, for vectors of length 1.
///
/// The order of the sums depends on the width alone, so that equal inputs give equal bits.
pub(crate) fn dot(left: &[f32], right: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; NUM_LANES];
    let (left_chunks, left_rest) = left.as_chunks::<NUM_LANES>();
    let (right_chunks, right_rest) = right.as_chunks::<NUM_LANES>();
    for (left, right) in left_chunks.iter().zip(right_chunks) {
        for lane in 0..NUM_LANES {
            lanes[lane] += left[lane] * right[lane];
        }
    }
    let rest: f32 = left_rest.iter().zip(right_rest).map(|(left, right)| left * right).sum();
    lanes.iter().sum::<f32>() + rest
}

/// A cosine on a scale where 0 is a random pair and 1 is equality, in 0..1.
pub(crate) fn rescale(cosine: f32, random_pair_mean: f64) -> f64 {
    let above = f64::from(cosine) - random_pair_mean;
    (above / (1.0 - random_pair_mean)).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_scored_in_order() {
        let mut vectors = Vectors::new(3, 2);
        vectors.push(&[1.0, 0.0, 0.0]);
        vectors.push(&[0.0, 1.0, 0.0]);
        assert_eq!(vectors.scores(&[0.5, 2.0, 9.0]).collect::<Vec<_>>(), [0.5, 2.0]);
        assert_eq!(vectors.scores(&[0.5]).count(), 0);
        assert_eq!(vectors.scores(&[]).count(), 0);
    }

    #[test]
    fn the_dot_product_of_any_width_is_right() {
        for width in [0_u16, 1, 15, 16, 17, 384] {
            let left: Vec<f32> = (0..width).map(f32::from).collect();
            let right = vec![2.0; usize::from(width)];
            let expected = f32::from(width) * (f32::from(width) - 1.0);
            assert!((dot(&left, &right) - expected.max(0.0)).abs() < 1e-2, "{width}");
        }
    }

    #[test]
    fn the_scale_runs_from_a_random_pair_to_equality() {
        assert!((rescale(1.0, 0.2) - 1.0).abs() < 1e-9);
        assert!(rescale(0.2, 0.2).abs() < 1e-6);
        assert!((rescale(0.6, 0.2) - 0.5).abs() < 1e-6);
        assert!(rescale(-1.0, 0.2).abs() < 1e-9);
    }
}
