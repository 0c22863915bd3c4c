//! Products of small matrices and vectors: heads, and the vectors of tokens.

use std::array::from_fn;

use pulp::Simd;

/// Rows, and vectors, that are multiplied together: what is loaded is used several times, and the sums still
/// fit into the registers of a processor that has sixteen.
const NUM_ROWS: usize = 2;
const NUM_VECTORS: usize = 4;

/// Products of the rows of a matrix with vectors of its width; the rows, and the vectors, stand one after the
/// other. Gives for each vector one number a row.
///
/// The order of the sums depends on the width and the processor alone: the same numbers give the same bits, with
/// whatever else they are multiplied.
pub(crate) fn products(rows: &[f32], vectors: &[f32], width: usize) -> Vec<f32> {
    if width == 0 {
        return Vec::new();
    }
    let num_rows = rows.len() / width;
    let mut products = vec![0.0; num_rows * (vectors.len() / width)];
    pulp::Arch::new().dispatch(Products { rows, vectors, width, num_rows, products: &mut products });
    products
}

/// [`products`], compiled once for each kind of registers.
struct Products<'a> {
    rows: &'a [f32],
    vectors: &'a [f32],
    width: usize,
    num_rows: usize,
    products: &'a mut [f32],
}

impl pulp::WithSimd for Products<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let num_vectors = self.vectors.len() / self.width;
        let in_blocks = num_vectors - num_vectors % NUM_VECTORS;
        let rows_in_blocks = self.num_rows - self.num_rows % NUM_ROWS;
        for row in (0..rows_in_blocks).step_by(NUM_ROWS) {
            for vector in (0..in_blocks).step_by(NUM_VECTORS) {
                self.block::<S, NUM_ROWS, NUM_VECTORS>(simd, row, vector);
            }
            for vector in in_blocks..num_vectors {
                self.block::<S, NUM_ROWS, 1>(simd, row, vector);
            }
        }
        for row in rows_in_blocks..self.num_rows {
            for vector in 0..num_vectors {
                self.block::<S, 1, 1>(simd, row, vector);
            }
        }
    }
}

impl Products<'_> {
    /// The products of `R` rows with `V` vectors, from `row` and `vector` on.
    #[inline(always)]
    fn block<S: Simd, const R: usize, const V: usize>(&mut self, simd: S, row: usize, vector: usize) {
        let width = self.width;
        let rows: [_; R] = from_fn(|nth| S::as_simd_f32s(&self.rows[(row + nth) * width..][..width]));
        let vectors: [_; V] =
            from_fn(|nth| S::as_simd_f32s(&self.vectors[(vector + nth) * width..][..width]));
        // Slices of one known length: the loop below checks no bounds.
        let len = rows[0].0.len();
        let whole_rows: [_; R] = from_fn(|nth| &rows[nth].0[..len]);
        let whole_vectors: [_; V] = from_fn(|nth| &vectors[nth].0[..len]);
        let mut sums = [[simd.splat_f32s(0.0); R]; V];
        for at in 0..len {
            let numbers: [S::f32s; R] = from_fn(|nth| whole_rows[nth][at]);
            for (sums, vector) in sums.iter_mut().zip(whole_vectors) {
                let factor = vector[at];
                for (sum, number) in sums.iter_mut().zip(numbers) {
                    *sum = simd.mul_add_e_f32s(number, factor, *sum);
                }
            }
        }
        for (nth, (sums, (_, vector_rest))) in sums.iter().zip(vectors).enumerate() {
            for (at, (sum, (_, row_rest))) in sums.iter().zip(rows).enumerate() {
                let rest: f32 = row_rest.iter().zip(vector_rest).map(|(left, right)| left * right).sum();
                self.products[(vector + nth) * self.num_rows + row + at] = simd.reduce_sum_f32s(*sum) + rest;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn products_are_those_of_whole_numbers(
            width in 1_usize..80,
            num_rows in 0_usize..5,
            num_vectors in 0_usize..4,
            seed in prop::collection::vec(-9_i8..9, 480),
        ) {
            let value = |at: usize| seed[at % seed.len()];
            let rows: Vec<f32> = (0..width * num_rows).map(|at| f32::from(value(at))).collect();
            let vectors: Vec<f32> = (0..width * num_vectors).map(|at| f32::from(value(at * 7 + 3))).collect();
            let expected: Vec<f32> = vectors
                .chunks(width)
                .flat_map(|vector| {
                    let product = |row: &[f32]| row.iter().zip(vector).map(|(one, other)| one * other).sum();
                    rows.chunks(width).map(product).collect::<Vec<f32>>()
                })
                .collect();
            prop_assert_eq!(products(&rows, &vectors, width), expected);
        }

        #[test]
        fn a_product_is_the_same_beside_others(vectors in prop::collection::vec(-1.0_f32..1.0, 3 * 70)) {
            let (row, others) = (&vectors[..70], &vectors[70..]);
            let together = products(row, others, 70);
            let apart: Vec<f32> = others.chunks(70).flat_map(|vector| products(row, vector, 70)).collect();
            prop_assert_eq!(together, apart);
        }
    }
}
