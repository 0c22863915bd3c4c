//! Vectors as 8-bit numbers, the exact scan over them, and cosines in full precision.
//!
//! Every row is scaled so that its largest number is 127. The scan multiplies whole numbers, with the
//! widest registers that the processor has, chosen when it runs; the few rows that matter are then scored
//! again from the numbers as the encoder gave them.

/// Numbers summed side by side, so that the compiler uses vector registers.
const NUM_LANES: usize = 16;
/// The same for whole numbers.
const NUM_BYTE_LANES: usize = 64;
/// The largest quantised number.
const LARGEST: f32 = 127.0;

/// A vector as 8-bit numbers: `values[i] * scale` is about the original.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Quantised {
    /// The numbers, two's complement.
    pub(crate) values: Vec<u8>,
    /// What one step is worth.
    pub(crate) scale: f32,
}

impl Quantised {
    /// Rounds a vector; one of zeros, or with a number that is none, becomes zeros.
    pub(crate) fn new(vector: &[f32]) -> Self {
        let largest = vector.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
        if !(largest.is_finite() && largest > 0.0) {
            return Self { values: vec![0; vector.len()], scale: 0.0 };
        }
        let scale = largest / LARGEST;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within -127..=127")]
        let values = vector.iter().map(|value| (value / scale).round() as i8 as u8).collect();
        Self { values, scale }
    }
}

/// Appends the dot products of `query` with rows of its width that stand one after the other; a row's
/// `scales` entry is what one of its steps is worth. About the cosine, for vectors of length 1.
pub(crate) fn scan(rows: &[u8], scales: &[f32], query: &Quantised, products: &mut Vec<f32>) {
    products.reserve(scales.len());
    pulp::Arch::new().dispatch(Scan { rows, scales, query, products });
}

/// [`scan`], compiled once for each kind of registers. Here and below no closure: what calls a closure is not
/// inlined for sure, and then it has the narrowest registers.
struct Scan<'a> {
    rows: &'a [u8],
    scales: &'a [f32],
    query: &'a Quantised,
    products: &'a mut Vec<f32>,
}

impl pulp::NullaryFnOnce for Scan<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let width = self.query.values.len().max(1);
        for (row, scale) in self.rows.chunks_exact(width).zip(self.scales) {
            #[expect(clippy::cast_precision_loss, reason = "384 · 127² is under 2^23")]
            let product = whole_dot(row, &self.query.values) as f32;
            self.products.push(product * scale * self.query.scale);
        }
    }
}

#[inline(always)]
fn whole_dot(left: &[u8], right: &[u8]) -> i32 {
    let (left_chunks, left_rest) = left.as_chunks::<NUM_BYTE_LANES>();
    let (right_chunks, right_rest) = right.as_chunks::<NUM_BYTE_LANES>();
    let mut sum = 0_i32;
    for (left, right) in left_chunks.iter().zip(right_chunks) {
        for lane in 0..NUM_BYTE_LANES {
            sum += product(left[lane], right[lane]);
        }
    }
    for (left, right) in left_rest.iter().zip(right_rest) {
        sum += product(*left, *right);
    }
    sum
}

#[inline(always)]
fn product(left: u8, right: u8) -> i32 {
    i32::from(left.cast_signed()) * i32::from(right.cast_signed())
}

/// Dot product of two vectors of one width: the cosine, for vectors of length 1.
///
/// The order of the sums depends on the width alone, so that equal inputs give equal bits.
pub(crate) fn dot(left: &[f32], right: &[f32]) -> f32 {
    pulp::Arch::new().dispatch(Dot { left, right })
}

/// The same with the left vector as it stands in a file: 4 bytes a number, little-endian.
pub(crate) fn dot_of_bytes(left: &[u8], right: &[f32]) -> f32 {
    let (left, _) = left.as_chunks::<{ size_of::<f32>() }>();
    pulp::Arch::new().dispatch(Dot { left, right })
}

/// A number in memory or in a file.
trait Number {
    fn value(&self) -> f32;
}

impl Number for f32 {
    #[inline(always)]
    fn value(&self) -> f32 {
        *self
    }
}

impl Number for [u8; size_of::<f32>()] {
    #[inline(always)]
    fn value(&self) -> f32 {
        f32::from_le_bytes(*self)
    }
}

/// [`dot`], compiled once for each kind of registers.
struct Dot<'a, N> {
    left: &'a [N],
    right: &'a [f32],
}

impl<N: Number> pulp::NullaryFnOnce for Dot<'_, N> {
    type Output = f32;

    #[inline(always)]
    fn call(self) -> f32 {
        let mut lanes = [0.0_f32; NUM_LANES];
        let (left_chunks, left_rest) = self.left.as_chunks::<NUM_LANES>();
        let (right_chunks, right_rest) = self.right.as_chunks::<NUM_LANES>();
        for (left, right) in left_chunks.iter().zip(right_chunks) {
            for lane in 0..NUM_LANES {
                lanes[lane] += left[lane].value() * right[lane];
            }
        }
        let mut rest = 0.0;
        for (left, right) in left_rest.iter().zip(right_rest) {
            rest += left.value() * right;
        }
        lanes.iter().sum::<f32>() + rest
    }
}

/// A cosine on a scale where 0 is a random pair and 1 is equality, in 0..1.
pub(crate) fn rescale(cosine: f32, random_pair_mean: f64) -> f64 {
    let above = f64::from(cosine) - random_pair_mean;
    (above / (1.0 - random_pair_mean)).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::encoder::to_unit_length;

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
    fn a_vector_in_a_file_gives_the_same_product() {
        for width in [0_u16, 1, 17, 384] {
            let left: Vec<f32> = (0..width).map(|at| 1.0 / f32::from(at + 3)).collect();
            let right: Vec<f32> = left.iter().map(|number| number * 0.7).collect();
            let bytes: Vec<u8> = left.iter().flat_map(|number| number.to_le_bytes()).collect();
            assert_eq!(dot_of_bytes(&bytes, &right).to_bits(), dot(&left, &right).to_bits(), "{width}");
        }
    }

    #[test]
    fn the_scale_runs_from_a_random_pair_to_equality() {
        assert!((rescale(1.0, 0.2) - 1.0).abs() < 1e-9);
        assert!(rescale(0.2, 0.2).abs() < 1e-6);
        assert!((rescale(0.6, 0.2) - 0.5).abs() < 1e-6);
        assert!(rescale(-1.0, 0.2).abs() < 1e-9);
    }

    #[test]
    fn a_vector_of_no_use_is_scored_as_zero() {
        for vector in [vec![0.0; 4], vec![f32::NAN; 4], vec![f32::INFINITY; 4]] {
            let quantised = Quantised::new(&vector);
            assert_eq!(scanned(&quantised.values, &[quantised.scale], &Quantised::new(&[1.0; 4])), [0.0]);
        }
        assert_eq!(scanned(&[], &[], &Quantised::new(&[1.0])), Vec::<f32>::new());
    }

    fn scanned(rows: &[u8], scales: &[f32], query: &Quantised) -> Vec<f32> {
        let mut products = Vec::new();
        scan(rows, scales, query, &mut products);
        products
    }

    fn unit(values: Vec<f32>) -> Vec<f32> {
        let mut values = values;
        to_unit_length(&mut values);
        values
    }

    proptest! {
        /// The widest registers give what one number at a time gives.
        #[test]
        fn every_kernel_gives_the_same_numbers(
            width in 1_usize..200,
            bytes in proptest::collection::vec(any::<u8>(), 1000),
        ) {
            let query = Quantised { values: bytes[..width].to_vec(), scale: 0.5 };
            let rows = &bytes[width..];
            let num_rows = rows.len() / width;
            let scales: Vec<f32> = (0..num_rows).map(|row| row as f32).collect();
            let expected: Vec<f32> = rows
                .chunks_exact(width)
                .zip(&scales)
                .map(|(row, scale)| {
                    let sum: i32 = row.iter().zip(&query.values).map(|(&l, &r)| product(l, r)).sum();
                    sum as f32 * scale * 0.5
                })
                .collect();
            prop_assert_eq!(scanned(rows, &scales, &query), expected);
        }

        #[test]
        fn rounding_moves_a_cosine_little(
            left in proptest::collection::vec(-1.0_f32..1.0, 384),
            right in proptest::collection::vec(-1.0_f32..1.0, 384),
        ) {
            let (left, right) = (unit(left), unit(right));
            let rounded = Quantised::new(&left);
            let scored = scanned(&rounded.values, &[rounded.scale], &Quantised::new(&right));
            prop_assert!((scored[0] - dot(&left, &right)).abs() < 0.01);
        }
    }
}
