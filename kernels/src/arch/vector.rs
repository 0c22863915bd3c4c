//! Work on rows, written once for every set of instructions.
//!
//! The macro is used in a module that has a module `v` beside it: a vector type `v::F` of `v::LANES` f32
//! and its operations. The attributes that it gets stand at every function, so that the operations are inlined.

use super::SQUARE;

/// Natural logarithm of 2 in two parts, the first with zeros at the end, so that `n * LN2_HIGH` is exact.
pub(super) const LN2_HIGH: f32 = 0.693_359_4;
/// The rest.
pub(super) const LN2_LOW: f32 = -2.121_944_4e-4;
/// Coefficients of `exp(r)` for |r| <= ln(2) / 2, from the sixth power down; Taylor's, whose error there is
/// below 2e-7 of the value.
pub(super) const EXP: [f32; 7] = [1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0];
/// Where the normal distribution's tail is taken as zero: `a * (1 - Phi(a))` is 1.4e-6 there.
pub(super) const TAIL_END: f32 = 5.0;
/// Coefficients of `a * (1 - Phi(a))` for `a` in 0..=5, in `s = 2 a / 5 - 1`, from the eleventh power down: a least
/// squares fit, weighted until the largest error was smallest. In f32 it is off by at most 9e-6.
pub(super) const TAIL: [f32; 12] = [
    0.045_461_737,
    -0.072_259_22,
    -0.139_021_01,
    0.324_346_96,
    0.006_718_626,
    -0.481_068_52,
    0.440_553_63,
    -0.019_357_38,
    -0.259_796,
    0.232_806_19,
    -0.093_916_304,
    0.015_523_994,
];
/// Where that is taken as zero for rows that come from whole numbers; it is 4.5e-5 there.
pub(super) const SHORT_TAIL_END: f32 = 4.25;
/// The same as [`TAIL`] for these rows, which are rounded to 8 bits next: for `a` in 0..=4.25, off by at most 1.4e-4
/// where one of the 127 steps of a row is some hundredths.
pub(super) const SHORT_TAIL: [f32; 9] = [
    0.034_425_024,
    -0.108_752_63,
    -0.020_829_491,
    0.324_765_83,
    -0.290_821_6,
    -0.062_657_73,
    0.241_668_46,
    -0.153_465_32,
    0.035_580_322,
];
/// The largest whole number that a quantised row holds.
pub(super) const LARGEST: f32 = 127.0;

/// Columns of a square of 16 rows and columns, of which the first rows are given, one every `stride` units; see
/// [`super::Vectors::transpose`].
#[inline]
pub(super) fn transpose(rows: &[u32], stride: usize, columns: &mut [u32], wide: usize) {
    for (place, row) in rows.chunks(stride).enumerate().take(SQUARE) {
        columns.chunks_mut(wide).zip(&row[..SQUARE]).for_each(|(column, &unit)| column[place] = unit);
    }
}

/// Defines the functions of [`super::Vectors`] and the table of them, `VECTORS`, from the operations in `v`.
macro_rules! vector_kernels {
    ($(#[$features:meta])*) => {
        use crate::arch::{
            Activation, SCORED, Scales, Softmax, Target, Vectors,
            vector::{EXP, LARGEST, LN2_HIGH, LN2_LOW, SHORT_TAIL, SHORT_TAIL_END, TAIL, TAIL_END},
        };

        /// The row functions of this set of instructions.
        #[allow(unused_unsafe, reason = "the portable functions ask for no instructions")]
        pub(super) const VECTORS: Vectors = Vectors {
            finish: |sums, bias, activation, target| {
                // SAFETY: the table is given out only where the processor has the instructions.
                unsafe { finish(sums, bias, activation, target) }
            },
            finish_scaled: |sums, scales, bias, activation, target| {
                // SAFETY: as above.
                unsafe { finish_scaled(sums, scales, bias, activation, target) }
            },
            add_norm: |x, y, gain, bias, epsilon| {
                // SAFETY: as above.
                unsafe { add_norm(x, y, gain, bias, epsilon) }
            },
            // SAFETY: as above.
            add_half: |x, bits| unsafe { add_half(x, bits) },
            // SAFETY: as above.
            to_bf16: |x, bits| unsafe { to_bf16(x, bits) },
            // SAFETY: as above.
            rotate: |x, rotated, block| unsafe { rotate(x, rotated, block) },
            // SAFETY: as above.
            round: |x, largest, stored, storage| unsafe { round(x, largest, stored, storage) },
            // SAFETY: as above.
            softmax: |scores, keys, states| unsafe { softmax(scores, keys, states) },
            // SAFETY: as above.
            transpose: |rows, stride, columns, wide| unsafe { v::transpose(rows, stride, columns, wide) },
            // SAFETY: as above.
            gather: |sums, columns, factors, target| unsafe { gather(sums, columns, factors, target) },
        };

        type Lanes = [f32; v::LANES];

        #[inline]
        $(#[$features])*
        fn lanes(x: &[f32]) -> &[Lanes] {
            x.as_chunks().0
        }

        #[inline]
        $(#[$features])*
        fn lanes_mut(x: &mut [f32]) -> &mut [Lanes] {
            x.as_chunks_mut().0
        }

        /// `exp(x)`; 0 below about -87.
        #[inline]
        $(#[$features])*
        fn exp(x: v::F) -> v::F {
            let x = v::max(x, v::splat(-87.3));
            let n = v::round(v::mul(x, v::splat(std::f32::consts::LOG2_E)));
            let r = v::fma(n, v::splat(-LN2_HIGH), x);
            let r = v::fma(n, v::splat(-LN2_LOW), r);
            let mut y = v::splat(EXP[0]);
            for coefficient in &EXP[1..] {
                y = v::fma(y, r, v::splat(*coefficient));
            }
            v::mul(y, v::power_of_two(n))
        }

        /// `x * Phi(x)`, with `a * (1 - Phi(a))` from a polynomial for `a` in `0..=end`.
        #[inline]
        $(#[$features])*
        fn gelu<const N: usize>(x: v::F, polynomial: &[f32; N], end: f32) -> v::F {
            // x Phi(x) is max(x, 0) less |x| (1 - Phi(|x|)), whatever the sign of x.
            let a = v::min(v::abs(x), v::splat(end));
            let s = v::fma(a, v::splat(2.0 / end), v::splat(-1.0));
            let mut tail = v::splat(polynomial[0]);
            for coefficient in &polynomial[1..] {
                tail = v::fma(tail, s, v::splat(*coefficient));
            }
            v::sub(v::max(x, v::splat(0.0)), tail)
        }

        $(#[$features])*
        fn finish(sums: &[f32; TILE_LEN], bias: &[f32], activation: Activation, target: &mut Target<'_>) {
            match activation {
                Activation::None => finish_as::<false>(sums, bias, target),
                Activation::Gelu => finish_as::<true>(sums, bias, target),
            }
        }

        #[inline]
        $(#[$features])*
        fn finish_as<const GELU: bool>(sums: &[f32; TILE_LEN], bias: &[f32], target: &mut Target<'_>) {
            let sums: &[Lanes] = lanes(sums);
            let columns = bias.len() / v::LANES;
            for (column, bias) in lanes(bias).iter().enumerate() {
                let bias = v::load(bias);
                for row in 0..target.rows {
                    let value = v::add(v::load(&sums[row * columns + column]), bias);
                    let value = if GELU { gelu(value, &TAIL, TAIL_END) } else { value };
                    let at = row * target.stride + column * v::LANES;
                    v::store(value, &mut lanes_mut(&mut target.numbers[at..at + v::LANES])[0]);
                }
            }
        }

        $(#[$features])*
        fn finish_scaled(
            sums: &[i32; TILE_LEN],
            scales: &Scales<'_>,
            bias: &[f32],
            activation: Activation,
            target: &mut Target<'_>,
        ) {
            match activation {
                Activation::None => finish_scaled_as::<false>(sums, scales, bias, target),
                Activation::Gelu => finish_scaled_as::<true>(sums, scales, bias, target),
            }
        }

        #[inline]
        $(#[$features])*
        fn finish_scaled_as<const GELU: bool>(
            sums: &[i32; TILE_LEN],
            scales: &Scales<'_>,
            bias: &[f32],
            target: &mut Target<'_>,
        ) {
            let sums: &[[i32; v::LANES]] = sums.as_chunks().0;
            let excess: &[[i32; v::LANES]] = scales.excess.as_chunks().0;
            let columns = bias.len() / v::LANES;
            let constants = lanes(bias).iter().zip(lanes(scales.columns)).zip(excess);
            for (column, ((bias, worth), excess)) in constants.enumerate() {
                let (bias, worth) = (v::load(bias), v::load(worth));
                for (row, scale) in scales.rows[..target.rows].iter().enumerate() {
                    let sum = v::difference(&sums[row * columns + column], excess);
                    let value = v::fma(sum, v::mul(v::splat(*scale), worth), bias);
                    let value = if GELU { gelu(value, &SHORT_TAIL, SHORT_TAIL_END) } else { value };
                    let at = row * target.stride + column * v::LANES;
                    v::store(value, &mut lanes_mut(&mut target.numbers[at..at + v::LANES])[0]);
                }
            }
        }

        $(#[$features])*
        fn add_norm(x: &mut [f32], y: &[f32], gain: &[f32], bias: &[f32], epsilon: f32) {
            let width = x.len() as f32;
            let x = lanes_mut(x);
            // Four sums, as each addition waits for the one before to the same sum.
            let mut sums = [v::splat(0.0); 4];
            for (x, y) in x.as_chunks_mut::<4>().0.iter_mut().zip(lanes(y).as_chunks::<4>().0) {
                for ((x, y), sum) in x.iter_mut().zip(y).zip(&mut sums) {
                    let value = v::add(v::load(x), v::load(y));
                    v::store(value, x);
                    *sum = v::add(*sum, value);
                }
            }
            let mean = v::splat(total(sums) / width);
            let mut squares = [v::splat(0.0); 4];
            for x in x.as_chunks::<4>().0 {
                for (x, squares) in x.iter().zip(&mut squares) {
                    let distance = v::sub(v::load(x), mean);
                    *squares = v::fma(distance, distance, *squares);
                }
            }
            let scale = v::splat(1.0 / (total(squares) / width + epsilon).sqrt());
            for ((x, gain), bias) in x.iter_mut().zip(lanes(gain)).zip(lanes(bias)) {
                let value = v::mul(v::sub(v::load(x), mean), scale);
                v::store(v::fma(value, v::load(gain), v::load(bias)), x);
            }
        }

        /// The sum of all lanes.
        #[inline]
        $(#[$features])*
        fn total([a, b, c, d]: [v::F; 4]) -> f32 {
            v::sum(v::add(v::add(a, b), v::add(c, d)))
        }

        $(#[$features])*
        fn add_half(x: &mut [f32], bits: &[u16]) {
            let bits: &[[u16; v::LANES]] = bits.as_chunks().0;
            for (x, bits) in lanes_mut(x).iter_mut().zip(bits) {
                v::store(v::add(v::load(x), v::from_half(bits)), x);
            }
        }

        $(#[$features])*
        fn rotate(x: &[f32], rotated: &mut [f32], block: usize) -> f32 {
            let in_lanes = block.min(v::LANES);
            let vectors = (block / v::LANES).max(1);
            let mut largest = v::splat(0.0);
            for (x, rotated) in lanes(x).chunks(vectors).zip(lanes_mut(rotated).chunks_mut(vectors)) {
                largest = rotate_block(x, rotated, in_lanes, largest);
            }
            v::largest(largest)
        }

        /// Rotates a block; gives the larger of `largest` and of the magnitudes.
        #[inline]
        $(#[$features])*
        fn rotate_block(x: &[Lanes], rotated: &mut [Lanes], in_lanes: usize, largest: v::F) -> v::F {
            let (eights, rest) = x.as_chunks::<8>();
            let (rotated_eights, rotated_rest) = rotated.as_chunks_mut::<8>();
            let mut largest_of_eights = largest;
            for (x, rotated) in eights.iter().zip(rotated_eights) {
                largest_of_eights = rotate_eight(x, rotated, in_lanes, largest_of_eights);
            }
            if eights.len() == 1 && rest.is_empty() {
                return largest_of_eights;
            }
            for (x, rotated) in rest.iter().zip(rotated_rest) {
                v::store(v::hadamard(v::load(x), in_lanes), rotated);
            }
            let mut half = if eights.is_empty() { 1 } else { 8 };
            while half < rotated.len() {
                for pair in rotated.chunks_mut(2 * half) {
                    let (low, high) = pair.split_at_mut(half);
                    for (low, high) in low.iter_mut().zip(high) {
                        let (a, b) = (v::load(low), v::load(high));
                        v::store(v::add(a, b), low);
                        v::store(v::sub(a, b), high);
                    }
                }
                half *= 2;
            }
            rotated.iter().fold(largest, |largest, x| v::larger(largest, v::load(x)))
        }

        /// Rotates eight vectors without going back to memory between the steps; gives the larger of `largest` and
        /// of the magnitudes.
        #[inline]
        $(#[$features])*
        fn rotate_eight(
            x: &[Lanes; 8],
            rotated: &mut [Lanes; 8],
            in_lanes: usize,
            mut largest: v::F,
        ) -> v::F {
            let mut y = [v::splat(0.0); 8];
            for (y, x) in y.iter_mut().zip(x.iter()) {
                *y = v::hadamard(v::load(x), in_lanes);
            }
            let mut half = 1;
            while half < 8 {
                for i in 0..8 {
                    if i & half == 0 {
                        (y[i], y[i | half]) = (v::add(y[i], y[i | half]), v::sub(y[i], y[i | half]));
                    }
                }
                half *= 2;
            }
            for (y, rotated) in y.into_iter().zip(rotated) {
                largest = v::larger(largest, y);
                v::store(y, rotated);
            }
            largest
        }

        $(#[$features])*
        fn to_bf16(x: &[f32], bits: &mut [u16]) {
            let bits: &mut [[u16; v::LANES]] = bits.as_chunks_mut().0;
            for (x, bits) in lanes(x).iter().zip(bits) {
                v::to_bf16(v::load(x), bits);
            }
        }

        $(#[$features])*
        fn round(x: &[f32], largest: f32, stored: &mut [u8], storage: Storage) -> f32 {
            // A row of zeros has steps of any size; one that is not finite stays so through the scale.
            let steps = v::splat(if largest > 0.0 { LARGEST / largest } else { 0.0 });
            match storage {
                Storage::I16 => {
                    let stored: &mut [[i16; v::LANES]] =
                        bytemuck::cast_slice_mut::<u8, i16>(stored).as_chunks_mut().0;
                    for (x, stored) in lanes(x).iter().zip(stored) {
                        v::to_i16(v::mul(v::load(x), steps), stored);
                    }
                }
                _ => {
                    let offset = if storage == Storage::U8 { 128u8 } else { 0 };
                    let stored: &mut [[u8; 4 * v::LANES]] = stored.as_chunks_mut().0;
                    let fours: &[[Lanes; 4]] = lanes(x).as_chunks().0;
                    for ([a, b, c, d], stored) in fours.iter().zip(stored) {
                        let (a, b) = (v::mul(v::load(a), steps), v::mul(v::load(b), steps));
                        let (c, d) = (v::mul(v::load(c), steps), v::mul(v::load(d), steps));
                        v::to_bytes([a, b, c, d], offset, stored);
                    }
                }
            }
            largest / LARGEST
        }

        $(#[$features])*
        fn softmax(scores: &mut [f32], keys: usize, states: &mut [Softmax]) {
            let padded = keys.next_multiple_of(32);
            for (scores, state) in scores.chunks_exact_mut(SCORED).zip(states) {
                let (row, beyond) = lanes_mut(&mut scores[..padded]).split_at_mut(keys.div_ceil(v::LANES));
                beyond.fill([0.0; v::LANES]);
                let mut largest = v::splat(state.largest);
                for (place, score) in row.iter().enumerate() {
                    let score = v::keep(v::load(score), keys, place, f32::NEG_INFINITY);
                    largest = v::max(largest, score);
                }
                let largest = v::maximum(largest);
                let negative = v::splat(-largest);
                let mut sum = v::splat(0.0);
                for (place, score) in row.iter_mut().enumerate() {
                    // A key that is none has no weight at all, whatever its score.
                    let value = v::keep(exp(v::add(v::load(score), negative)), keys, place, 0.0);
                    v::store(value, score);
                    sum = v::add(sum, value);
                }
                state.factor = match state.sum {
                    // The first scores: there is nothing to correct.
                    0.0 => 0.0,
                    _ if largest > state.largest => (state.largest - largest).exp(),
                    _ => 1.0,
                };
                state.sum = state.sum * state.factor + v::sum(sum);
                state.largest = largest;
            }
        }

        $(#[$features])*
        fn gather(sums: &[f32; TILE_LEN], columns: usize, factors: &[[f32; 2]], target: &mut Target<'_>) {
            let rows = sums.chunks_exact(columns).zip(target.numbers.chunks_mut(target.stride));
            for ((sums, numbers), [kept, scale]) in rows.zip(factors) {
                let scale = v::splat(*scale);
                for (number, sum) in lanes_mut(&mut numbers[..columns]).iter_mut().zip(lanes(sums)) {
                    let sum = v::load(sum);
                    // What is not kept may be anything.
                    let value = match *kept {
                        0.0 => sum,
                        kept => v::fma(v::load(number), v::splat(kept), sum),
                    };
                    v::store(v::mul(value, scale), number);
                }
            }
        }
    };
}
