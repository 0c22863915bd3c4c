//! Work on rows, written once for every set of instructions.
//!
//! The macro is used in a module that has a module `v` beside it: a vector type `v::F` of `v::LANES` f32
//! and its operations. The attributes that it gets stand at every function, so that the operations are inlined.

/// Natural logarithm of 2 in two parts, the first with zeros at the end, so that `n * LN2_HIGH` is exact.
pub(super) const LN2_HIGH: f32 = 0.693_359_4;
/// The rest.
pub(super) const LN2_LOW: f32 = -2.121_944_4e-4;
/// Coefficients of `exp(r)` for |r| <= ln(2) / 2, from the sixth power down; Taylor's, whose error there is
/// below 2e-7 of the value.
pub(super) const EXP: [f32; 7] = [1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0];
/// Coefficients of the error function: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26;
/// absolute error below 1.5e-7.
pub(super) const ERF: [f32; 5] = [1.061_405_4, -1.453_152, 1.421_413_7, -0.284_496_74, 0.254_829_6];
/// The same formula's divisor.
pub(super) const ERF_P: f32 = 0.327_591_1;
/// The largest whole number that a quantised row holds.
pub(super) const LARGEST: f32 = 127.0;

/// Defines the functions of [`super::Vectors`] and the table of them, `VECTORS`, from the operations in `v`.
macro_rules! vector_kernels {
    ($(#[$features:meta])*) => {
        use crate::arch::{
            Activation, Scales, Softmax, Target, Vectors,
            vector::{ERF, ERF_P, EXP, LARGEST, LN2_HIGH, LN2_LOW},
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
            rotate: |x, block| unsafe { rotate(x, block) },
            // SAFETY: as above.
            to_bf16: |x, bits| unsafe { to_bf16(x, bits) },
            // SAFETY: as above.
            quantise: |x, stored, storage| unsafe { quantise(x, stored, storage) },
            // SAFETY: as above.
            softmax: |scores, count, state| unsafe { softmax(scores, count, state) },
            // SAFETY: as above.
            scale_add: |x, factor, y| unsafe { scale_add(x, factor, y) },
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

        /// `x * Phi(x)`.
        #[inline]
        $(#[$features])*
        fn gelu(x: v::F) -> v::F {
            let z = v::mul(v::abs(x), v::splat(std::f32::consts::FRAC_1_SQRT_2));
            let t = v::div(v::splat(1.0), v::fma(z, v::splat(ERF_P), v::splat(1.0)));
            let mut y = v::splat(ERF[0]);
            for coefficient in &ERF[1..] {
                y = v::fma(y, t, v::splat(*coefficient));
            }
            // 1 - erf(z)
            let rest = v::mul(v::mul(y, t), exp(v::mul(v::mul(z, z), v::splat(-1.0))));
            // x Phi(x) is max(x, 0) less |x| (1 - erf(z)) / 2, whatever the sign of x.
            let half = v::mul(v::abs(x), v::splat(-0.5));
            v::fma(half, rest, v::max(x, v::splat(0.0)))
        }

        #[inline]
        $(#[$features])*
        fn activated(x: v::F, activation: Activation) -> v::F {
            match activation {
                Activation::None => x,
                Activation::Gelu => gelu(x),
            }
        }

        $(#[$features])*
        fn finish(sums: &[f32; TILE_LEN], bias: &[f32], activation: Activation, target: Target<'_>) {
            let rows = target.numbers.chunks_mut(target.stride).take(target.rows);
            for (sums, row) in sums.chunks_exact(bias.len()).zip(rows) {
                let columns = lanes_mut(&mut row[..bias.len()]);
                for ((out, sum), bias) in columns.iter_mut().zip(lanes(sums)).zip(lanes(bias)) {
                    v::store(activated(v::add(v::load(sum), v::load(bias)), activation), out);
                }
            }
        }

        $(#[$features])*
        fn finish_scaled(
            sums: &[i32; TILE_LEN],
            scales: Scales<'_>,
            bias: &[f32],
            activation: Activation,
            target: Target<'_>,
        ) {
            let rows = target.numbers.chunks_mut(target.stride).take(target.rows);
            let sums = sums.chunks_exact(bias.len()).zip(scales.rows);
            let excess: &[[i32; v::LANES]] = scales.excess.as_chunks().0;
            for ((sums, scale), row) in sums.zip(rows) {
                let sums: &[[i32; v::LANES]] = sums.as_chunks().0;
                let columns = lanes_mut(&mut row[..bias.len()]).iter_mut().zip(lanes(bias));
                let weights = lanes(scales.columns).iter().zip(excess);
                for (((out, bias), sum), (column, excess)) in columns.zip(sums).zip(weights) {
                    let scale = v::mul(v::splat(*scale), v::load(column));
                    let value = v::fma(v::difference(sum, excess), scale, v::load(bias));
                    v::store(activated(value, activation), out);
                }
            }
        }

        $(#[$features])*
        fn add_norm(x: &mut [f32], y: &[f32], gain: &[f32], bias: &[f32], epsilon: f32) {
            let width = x.len() as f32;
            let x = lanes_mut(x);
            let mut sum = v::splat(0.0);
            for (x, y) in x.iter_mut().zip(lanes(y)) {
                let value = v::add(v::load(x), v::load(y));
                v::store(value, x);
                sum = v::add(sum, value);
            }
            let mean = v::splat(v::sum(sum) / width);
            let mut squares = v::splat(0.0);
            for x in x.iter() {
                let distance = v::sub(v::load(x), mean);
                squares = v::fma(distance, distance, squares);
            }
            let scale = v::splat(1.0 / (v::sum(squares) / width + epsilon).sqrt());
            for ((x, gain), bias) in x.iter_mut().zip(lanes(gain)).zip(lanes(bias)) {
                let value = v::mul(v::sub(v::load(x), mean), scale);
                v::store(v::fma(value, v::load(gain), v::load(bias)), x);
            }
        }

        $(#[$features])*
        fn add_half(x: &mut [f32], bits: &[u16]) {
            let bits: &[[u16; v::LANES]] = bits.as_chunks().0;
            for (x, bits) in lanes_mut(x).iter_mut().zip(bits) {
                v::store(v::add(v::load(x), v::from_half(bits)), x);
            }
        }

        $(#[$features])*
        fn rotate(x: &mut [f32], block: usize) {
            let scale = v::splat(1.0 / (block as f32).sqrt());
            let in_lanes = block.min(v::LANES);
            for block in lanes_mut(x).chunks_mut((block / v::LANES).max(1)) {
                for x in block.iter_mut() {
                    v::store(v::hadamard(v::mul(v::load(x), scale), in_lanes), x);
                }
                let mut half = 1;
                while half < block.len() {
                    for pair in block.chunks_mut(2 * half) {
                        let (low, high) = pair.split_at_mut(half);
                        for (low, high) in low.iter_mut().zip(high) {
                            let (a, b) = (v::load(low), v::load(high));
                            v::store(v::add(a, b), low);
                            v::store(v::sub(a, b), high);
                        }
                    }
                    half *= 2;
                }
            }
        }

        $(#[$features])*
        fn to_bf16(x: &[f32], bits: &mut [u16]) {
            let bits: &mut [[u16; v::LANES]] = bits.as_chunks_mut().0;
            for (x, bits) in lanes(x).iter().zip(bits) {
                v::to_bf16(v::load(x), bits);
            }
        }

        $(#[$features])*
        fn quantise(x: &[f32], stored: &mut [u8], storage: Storage) -> f32 {
            let mut largest = v::splat(0.0);
            for x in lanes(x) {
                largest = v::max(largest, v::abs(v::load(x)));
            }
            let largest = v::maximum(largest);
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
                    let stored: &mut [[u8; v::LANES]] = stored.as_chunks_mut().0;
                    for (x, stored) in lanes(x).iter().zip(stored) {
                        v::to_bytes(v::mul(v::load(x), steps), offset, stored);
                    }
                }
            }
            largest / LARGEST
        }

        $(#[$features])*
        fn softmax(scores: &mut [f32], count: usize, state: &mut Softmax) -> f32 {
            scores[count..].fill(f32::NEG_INFINITY);
            let scores = lanes_mut(scores);
            let mut largest = v::splat(state.largest);
            for score in scores.iter() {
                largest = v::max(largest, v::load(score));
            }
            let largest = v::maximum(largest);
            let negative = v::splat(-largest);
            let mut sum = v::splat(0.0);
            for score in scores.iter_mut() {
                let value = exp(v::add(v::load(score), negative));
                v::store(value, score);
                sum = v::add(sum, value);
            }
            // Scores behind the last one have to be no weight at all, not the smallest that `exp` gives.
            scores.as_flattened_mut()[count..].fill(0.0);
            let factor = (state.largest - largest).exp();
            *state = Softmax { largest, sum: state.sum * factor + v::sum(sum) };
            factor
        }

        $(#[$features])*
        fn scale_add(x: &mut [f32], factor: f32, y: &[f32]) {
            let factor = v::splat(factor);
            for (x, y) in lanes_mut(x).iter_mut().zip(lanes(y)) {
                v::store(v::fma(v::load(x), factor, v::load(y)), x);
            }
        }
    };
}
