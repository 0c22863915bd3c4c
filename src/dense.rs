//! Products of small matrices and vectors: heads, and the vectors of tokens.

/// Numbers summed side by side, so that the compiler uses the widest registers that the processor has.
const NUM_LANES: usize = 32;

/// Products of the rows of a matrix with vectors of its width; the rows, and the vectors, stand one after the
/// other. Gives for each vector one number a row.
///
/// The order of the sums depends on the width alone: the same numbers give the same bits, with whatever else
/// they are multiplied and on every processor.
pub(crate) fn products(rows: &[f32], vectors: &[f32], width: usize) -> Vec<f32> {
    if width == 0 {
        return Vec::new();
    }
    let mut products = vec![0.0; rows.len() / width * (vectors.len() / width)];
    pulp::Arch::new().dispatch(Products { rows, vectors, width, products: &mut products });
    products
}

/// [`products`], compiled once for each kind of registers.
struct Products<'a> {
    rows: &'a [f32],
    vectors: &'a [f32],
    width: usize,
    products: &'a mut [f32],
}

impl pulp::NullaryFnOnce for Products<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let Self { rows, vectors, width, products } = self;
        let num_rows = rows.len() / width;
        // A row stays in the nearest cache for all vectors.
        for (at, row) in rows.chunks_exact(width).enumerate() {
            for (nth, vector) in vectors.chunks_exact(width).enumerate() {
                products[nth * num_rows + at] = dot(row, vector);
            }
        }
    }
}

/// Inlined into each of the dispatched versions, so that each is compiled for its own registers.
#[inline(always)]
fn dot(left: &[f32], right: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; NUM_LANES];
    let (left_chunks, left_rest) = left.as_chunks::<NUM_LANES>();
    let (right_chunks, right_rest) = right.as_chunks::<NUM_LANES>();
    for (left, right) in left_chunks.iter().zip(right_chunks) {
        for lane in 0..NUM_LANES {
            lanes[lane] += left[lane] * right[lane];
        }
    }
    let mut rest = 0.0;
    for (left, right) in left_rest.iter().zip(right_rest) {
        rest += left * right;
    }
    let mut half = NUM_LANES / 2;
    while half > 0 {
        for lane in 0..half {
            lanes[lane] += lanes[lane + half];
        }
        half /= 2;
    }
    lanes[0] + rest
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
