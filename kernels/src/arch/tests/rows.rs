//! Work on rows, against the same in f64.

use proptest::prelude::*;

use super::sets;
use crate::{
    arch::{Activation, Kernels, SCORED, Scales, Softmax, Storage, TILE_LEN, Target, sample::made_up},
    half,
};

/// Distance of gelu to the exact one: that of its polynomial, and a rounding of a large number.
const GELU: f64 = 1.2e-5;
/// The same of the polynomial for whole sums.
const SHORT_GELU: f64 = 1.5e-4;
const EPSILON: f64 = f32::EPSILON as f64;

/// Numbers of a row, in memory of their own.
fn row(seed: u32, len: usize, scale: f32) -> Box<[f32]> {
    made_up(seed).take(len).map(|number| number * scale).collect()
}

/// Lengths of rows.
fn lens() -> impl Strategy<Value = usize> {
    (1usize..=24).prop_map(|blocks| blocks * 64)
}

/// Sizes of numbers.
fn scales() -> impl Strategy<Value = f32> {
    prop_oneof![Just(0.0f32), Just(1.0), Just(1e-6), Just(30.0), Just(1e4), Just(1e12)]
}

fn gelu(x: f64) -> f64 {
    x * 0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2)
}

fn activated(x: f64, activation: Activation) -> f64 {
    if activation == Activation::Gelu { gelu(x) } else { x }
}

const ACTIVATIONS: [Activation; 2] = [Activation::None, Activation::Gelu];

proptest! {
    #[test]
    fn sums_are_finished_with_bias_and_activation(
        (seed, scale) in (any::<u32>(), scales()),
        (rows, columns, gap) in (1usize..=16, prop_oneof![Just(16usize), Just(32), Just(64)], 0usize..3),
    ) {
        let stride = columns + gap * 16;
        let mut sums = [f32::NAN; TILE_LEN];
        sums.iter_mut().zip(row(seed, rows * columns, scale)).for_each(|(sum, number)| *sum = number);
        let bias = row(!seed, columns, scale);
        for (isa, kernels) in sets() {
            for activation in ACTIVATIONS {
                let mut numbers = vec![f32::NAN; stride * (rows - 1) + columns].into_boxed_slice();
                let mut target = Target { numbers: &mut numbers, stride, rows };
                (kernels.vectors.finish)(&sums, &bias, activation, &mut target);
                for (place, &found) in numbers.iter().enumerate() {
                    let (row, column) = (place / stride, place % stride);
                    if column >= columns {
                        prop_assert!(found.is_nan(), "{isa}: written between rows");
                        continue;
                    }
                    let x = f64::from(sums[row * columns + column]) + f64::from(bias[column]);
                    let allowed = GELU + 4.0 * EPSILON * x.abs();
                    let expected = activated(x, activation);
                    prop_assert!((f64::from(found) - expected).abs() <= allowed, "{isa} {x}: {found}");
                }
            }
        }
    }

    #[test]
    fn whole_sums_are_scaled_and_finished(
        (seed, rows) in (any::<u32>(), 1usize..=16),
        columns in prop_oneof![Just(16usize), Just(32), Just(64)],
    ) {
        let mut sums = [i32::MIN; TILE_LEN];
        let values = row(seed, rows * columns, 5e7);
        sums.iter_mut().zip(&values).for_each(|(sum, number)| *sum = *number as i32);
        let excess: Box<[i32]> = row(!seed, columns, 5e7).iter().map(|number| *number as i32).collect();
        let (worth, bias) = (row(seed ^ 1, columns, 1e-4), row(seed ^ 2, columns, 1.0));
        let of_rows = row(seed ^ 3, rows, 1e-3);
        let scales = Scales { rows: &of_rows, columns: &worth, excess: &excess };
        for (isa, kernels) in sets() {
            for activation in ACTIVATIONS {
                let mut numbers = vec![f32::NAN; columns * rows].into_boxed_slice();
                let mut target = Target { numbers: &mut numbers, stride: columns, rows };
                (kernels.vectors.finish_scaled)(&sums, &scales, &bias, activation, &mut target);
                for (place, &found) in numbers.iter().enumerate() {
                    let (row, column) = (place / columns, place % columns);
                    let sum = f64::from(sums[place]) - f64::from(excess[column]);
                    let product = sum * f64::from(of_rows[row]) * f64::from(worth[column]);
                    let x = product + f64::from(bias[column]);
                    let allowed = SHORT_GELU + 4.0 * EPSILON * (product.abs() + x.abs());
                    let expected = activated(x, activation);
                    prop_assert!((f64::from(found) - expected).abs() <= allowed, "{isa} {x}: {found}");
                }
            }
        }
    }

    #[test]
    fn rows_are_normalised(
        (seed, len) in (any::<u32>(), lens()),
        (scale, epsilon) in (scales(), prop_oneof![Just(1e-12f32), Just(1e-5)]),
    ) {
        let (x, y) = (row(seed, len, scale), row(!seed, len, scale));
        let (gain, bias) = (row(seed ^ 1, len, 2.0), row(seed ^ 2, len, 1.0));
        // As the function rounds it: what is lost there no later step can give back.
        let sums: Vec<f64> = x.iter().zip(&y).map(|(x, y)| f64::from(x + y)).collect();
        let mean = sums.iter().sum::<f64>() / len as f64;
        let variance = sums.iter().map(|sum| (sum - mean) * (sum - mean)).sum::<f64>() / len as f64;
        let deviation = (variance + f64::from(epsilon)).sqrt();
        for (isa, kernels) in sets() {
            let mut found = x.clone();
            (kernels.vectors.add_norm)(&mut found, &y, &gain, &bias, epsilon);
            for (place, &found) in found.iter().enumerate() {
                let expected = (sums[place] - mean) / deviation * f64::from(gain[place]);
                let off = (f64::from(found) - expected - f64::from(bias[place])).abs();
                prop_assert!(off <= 2e-5 * (1.0 + expected.abs()), "{isa} {place}: {found} for {expected}");
            }
        }
    }

    #[test]
    fn a_constant_row_is_normalised_to_its_bias(
        (seed, len) in (any::<u32>(), lens()),
        constant in -1000i16..1000,
        any_constant in -1e6f32..1e6,
    ) {
        let (gain, bias) = (row(seed, len, 2.0), row(!seed, len, 1.0));
        let zeros = vec![0.0; len].into_boxed_slice();
        for (isa, kernels) in sets() {
            let normalised = |constant: f32| {
                let mut x = vec![constant; len].into_boxed_slice();
                (kernels.vectors.add_norm)(&mut x, &zeros, &gain, &bias, 1e-12);
                x
            };
            // The sum of a whole number is exact, and so is the mean where the length is a power of two.
            if len.is_power_of_two() {
                prop_assert_eq!(&normalised(f32::from(constant)), &bias, "{}", isa);
            }
            // Else a rounding of the mean is all the deviation that there is: at most one of it.
            for ((found, bias), gain) in normalised(any_constant).iter().zip(&bias).zip(&gain) {
                prop_assert!((found - bias).abs() <= gain.abs() * 1.001 + 1e-6, "{isa}: {found}");
            }
        }
    }

    #[test]
    fn numbers_are_stored_as_the_nearest_bfloat16(len in lens(), bits in any::<u32>()) {
        let numbers = (0..len as u32).map(|place| f32::from_bits(bits.wrapping_mul(2 * place + 1)));
        let x: Box<[f32]> = numbers.map(|x| if x.is_nan() { f32::INFINITY } else { x }).collect();
        let expected: Box<[u16]> = x.iter().map(|&x| half::to_bf16(x)).collect();
        for (isa, kernels) in sets() {
            let mut found = vec![0; len].into_boxed_slice();
            (kernels.vectors.to_bf16)(&x, &mut found);
            prop_assert_eq!(&found, &expected, "{}", isa);
        }
    }

    #[test]
    fn a_rotated_row_is_stored_in_steps_of_a_127th(
        (seed, len) in (any::<u32>(), lens()),
        (scale, block) in (scales(), (0u32..=7).prop_map(|power| 1usize << power)),
    ) {
        let len = len.next_multiple_of(128);
        let x = row(seed, len, scale);
        let rotated = hadamard(&x, block);
        let largest = rotated.iter().fold(0.0f64, |largest, x| largest.max(x.abs()));
        let rounding = f64::from(block.trailing_zeros() + 1) * EPSILON * largest * block as f64;
        for (isa, kernels) in sets() {
            for storage in [Storage::I8, Storage::U8, Storage::I16] {
                let mut found = row(!seed, len, f32::NAN);
                let mut stored = vec![0u16; len * storage.bytes() / 2].into_boxed_slice();
                let bytes = bytemuck::cast_slice_mut(&mut stored);
                let step = quantised(kernels, &x, &mut found, block, (bytes, storage));
                prop_assert!((f64::from(step) * 127.0 - largest).abs() <= rounding + EPSILON * largest);
                for ((whole, rotated), found) in wholes(bytes, storage).zip(&rotated).zip(&found) {
                    prop_assert!((-127.0..=127.0).contains(&whole), "{isa} {storage:?}: {whole}");
                    prop_assert!((f64::from(*found) - rotated).abs() <= rounding, "{isa}: {found}");
                    let off = (whole * f64::from(step) - rotated).abs();
                    let allowed = 0.501 * f64::from(step) + rounding;
                    prop_assert!(off <= allowed, "{isa} {storage:?} {block}: {whole} for {rotated}");
                }
                // The rotation is its own inverse, but for the size that it adds.
                let mut back = row(!seed, len, f32::NAN);
                (kernels.vectors.rotate)(&found, &mut back, block);
                for (found, x) in back.iter().zip(&x) {
                    let back = f64::from(*found) / block as f64;
                    prop_assert!((back - f64::from(*x)).abs() <= 2.0 * rounding, "{isa} {block}: {back}, {x}");
                }
            }
        }
    }

    #[test]
    fn softmax_goes_on_from_block_to_block(
        (seed, rows) in (any::<u32>(), 1usize..=4),
        scale in prop_oneof![Just(0.0f32), Just(1.0), Just(20.0), Just(300.0), Just(1e30)],
        keys in prop::collection::vec(1usize..=SCORED, 1..=5),
    ) {
        for (isa, kernels) in sets() {
            let mut states = vec![Softmax::default(); rows];
            // Of each row the scores so far and the sum of weights, in f64 and to the score that was largest.
            let mut all: Vec<Vec<f32>> = vec![Vec::new(); rows];
            for (block, &keys) in keys.iter().enumerate() {
                let scores = row(seed.wrapping_add(block as u32), rows * SCORED, scale);
                let mut weights = scores.clone();
                for (row, weights) in weights.chunks_exact_mut(SCORED).enumerate() {
                    weights[keys..].fill(f32::NAN);
                    all[row].extend(&scores[row * SCORED..][..keys]);
                }
                let before = states.clone();
                (kernels.vectors.softmax)(&mut weights, keys, &mut states);
                for (place, (state, weights)) in states.iter().zip(weights.chunks_exact(SCORED)).enumerate() {
                    let largest = all[place].iter().copied().fold(f32::NEG_INFINITY, f32::max);
                    prop_assert_eq!(state.largest, largest, "{}", isa);
                    let factor = if block == 0 { 0.0 } else { exp(before[place].largest, largest) };
                    prop_assert!((f64::from(state.factor) - factor).abs() <= 1e-6, "{isa}: {state:?}");
                    let sum: f64 = all[place].iter().map(|&score| exp(score, largest)).sum();
                    prop_assert!((f64::from(state.sum) - sum).abs() <= 1e-5 * sum, "{isa}: {state:?}, {sum}");
                    let padded = keys.next_multiple_of(32);
                    for (&score, &weight) in scores[place * SCORED..][..keys].iter().zip(weights) {
                        let off = (f64::from(weight) - exp(score, largest)).abs();
                        // A difference of 87 is rounded by 4e-6; what is further off weighs 1.3e-38 at most.
                        prop_assert!(off <= 6e-6 * f64::from(weight) + 1.3e-38, "{isa}: {weight} for {score}");
                    }
                    prop_assert!(weights[keys..padded].iter().all(|&weight| weight == 0.0), "{isa}: padding");
                    prop_assert!(weights[padded..].iter().all(|weight| weight.is_nan()), "{isa}: beyond");
                }
            }
        }
    }

    #[test]
    fn sums_are_gathered_in_rows(
        (seed, rows) in (any::<u32>(), 1usize..=16),
        (columns, gap) in (prop_oneof![Just(16usize), Just(32), Just(64)], 0usize..3),
        scale in scales(),
    ) {
        let stride = columns + gap * 16;
        let mut sums = [f32::NAN; TILE_LEN];
        sums.iter_mut().zip(row(seed, rows * columns, scale)).for_each(|(sum, number)| *sum = number);
        let mut before = row(!seed, stride * (rows - 1) + columns, 1.0);
        let choices = [[0.0, 1.0], [1.0, 1.0], [0.3, 1.0], [0.0, 0.7], [1e-3, 1e3]];
        let factors: Vec<[f32; 2]> = (0..rows).map(|row| choices[row % choices.len()]).collect();
        for (numbers, [kept, _]) in before.chunks_mut(stride).zip(&factors) {
            if *kept == 0.0 {
                numbers.fill(f32::NAN);
            }
        }
        for (isa, kernels) in sets() {
            let mut found = before.clone();
            let mut target = Target { numbers: &mut found, stride, rows };
            (kernels.vectors.gather)(&sums, columns, &factors, &mut target);
            for (place, (found, before)) in found.iter().zip(&before).enumerate() {
                let (row, column) = (place / stride, place % stride);
                if column >= columns {
                    prop_assert_eq!(found.to_bits(), before.to_bits(), "{}: written between rows", isa);
                    continue;
                }
                let [kept, scale] = factors[row].map(f64::from);
                let before = if kept == 0.0 { 0.0 } else { f64::from(*before) * kept };
                let sum = f64::from(sums[row * columns + column]);
                let off = (f64::from(*found) - (before + sum) * scale).abs();
                let allowed = 2.0 * EPSILON * (before.abs() + sum.abs()) * scale;
                prop_assert!(off <= allowed, "{isa} {row} {column}: {found}");
            }
        }
    }

    #[test]
    fn squares_are_transposed(
        (seed, rows) in (any::<u32>(), 1usize..=16),
        (gap, wide) in (0usize..40, 16usize..40),
    ) {
        let stride = 16 + gap;
        let unit = |place: usize| seed.wrapping_mul(2 * place as u32 + 1);
        let units: Box<[u32]> = (0..stride * (rows - 1) + 16).map(unit).collect();
        for (isa, kernels) in sets() {
            let mut columns = vec![7u32; wide * 15 + 16].into_boxed_slice();
            (kernels.vectors.transpose)(&units, stride, &mut columns, wide);
            for (place, &found) in columns.iter().enumerate() {
                let (column, row) = (place / wide, place % wide);
                if row < rows {
                    prop_assert_eq!(found, units[row * stride + column], "{} {} {}", isa, row, column);
                } else if row >= 16 {
                    prop_assert_eq!(found, 7, "{}: written between columns", isa);
                }
            }
        }
    }
}

/// `exp(score - largest)`.
fn exp(score: f32, largest: f32) -> f64 {
    (f64::from(score) - f64::from(largest)).exp()
}

/// Rotates a row and stores it as whole numbers; gives what one step is worth.
fn quantised(
    kernels: &Kernels,
    x: &[f32],
    rotated: &mut [f32],
    block: usize,
    (stored, storage): (&mut [u8], Storage),
) -> f32 {
    let largest = (kernels.vectors.rotate)(x, rotated, block);
    (kernels.vectors.round)(rotated, largest, stored, storage)
}

/// Blocks of a row times the Hadamard matrix of ones and minus ones.
fn hadamard(x: &[f32], block: usize) -> Vec<f64> {
    let sign = |i: usize, j: usize| if (i & j).count_ones().is_multiple_of(2) { 1.0 } else { -1.0 };
    let rotated = |x: &[f32], i: usize| x.iter().enumerate().map(|(j, x)| f64::from(*x) * sign(i, j)).sum();
    x.chunks_exact(block).flat_map(|x| (0..block).map(|i| rotated(x, i)).collect::<Vec<f64>>()).collect()
}

/// The whole numbers that bytes stand for.
fn wholes(bytes: &[u8], storage: Storage) -> impl Iterator<Item = f64> {
    bytes.chunks_exact(storage.bytes()).map(move |bytes| match storage {
        Storage::U8 => f64::from(bytes[0]) - 128.0,
        Storage::I8 => f64::from(i8::from_ne_bytes([bytes[0]])),
        _ => f64::from(i16::from_ne_bytes([bytes[0], bytes[1]])),
    })
}

#[test]
fn gelu_is_near_the_exact_one_everywhere() {
    let special = [0.0, -0.0, 1e-30, -1e-30, 4.999, 5.0, 5.001, -5.0, 1e6, -1e6, 1e30, -1e30];
    let steps = (-1920..1920).map(|step| step as f32 / 160.0);
    let values: Vec<f32> = steps.chain(special).chain([0.0; 63]).collect();
    let zeros = [0.0; 64];
    for (isa, kernels) in sets() {
        for values in values.chunks_exact(64) {
            let mut sums = [0.0; TILE_LEN];
            sums[..64].copy_from_slice(values);
            let mut numbers = [f32::NAN; 64];
            let mut target = Target { numbers: &mut numbers, stride: 64, rows: 1 };
            (kernels.vectors.finish)(&sums, &zeros, Activation::Gelu, &mut target);
            for (&x, &found) in values.iter().zip(&numbers) {
                let off = (f64::from(found) - gelu(f64::from(x))).abs();
                assert!(off <= GELU, "{isa}: {found} for {x}, off by {off:e}");
            }
        }
    }
}

#[test]
fn every_number_of_half_precision_is_added() {
    let bits: Box<[u16]> = (0..=u16::MAX).filter(|&bits| !half::to_f32(bits).is_nan()).collect();
    let bits: Box<[u16]> = bits[..bits.len() / 64 * 64].into();
    for (isa, kernels) in sets() {
        let mut x = vec![0.5; bits.len()].into_boxed_slice();
        (kernels.vectors.add_half)(&mut x, &bits);
        for (x, &bits) in x.iter().zip(&bits) {
            assert_eq!(*x, half::to_f32(bits) + 0.5, "{isa} {bits:#06x}");
        }
    }
}

#[test]
fn one_number_that_is_none_is_not_hidden_by_the_others() {
    for (isa, kernels) in sets() {
        for (place, wrong) in (0..384).zip([f32::NAN, f32::INFINITY, f32::NEG_INFINITY].into_iter().cycle()) {
            let mut x = row(7, 384, 1.0);
            x[place] = wrong;
            let stored = (&mut [0; 384][..], Storage::I8);
            let step = quantised(kernels, &x, &mut [0.0; 384], 128, stored);
            assert!(!step.is_finite(), "{isa}: {wrong} at {place}");
        }
    }
}

#[test]
fn a_row_of_zeros_has_no_steps_and_one_that_overflows_is_not_hidden() {
    for (isa, kernels) in sets() {
        let storage = kernels.int8.storage;
        let mut stored = vec![0x5a5au16; 128 * storage.bytes() / 2];
        let mut quantise = |x: f32| {
            let bytes = bytemuck::cast_slice_mut(&mut stored);
            let step = quantised(kernels, &[x; 128], &mut [0.0; 128], 128, (&mut *bytes, storage));
            (step, wholes(bytes, storage).collect::<Vec<_>>())
        };
        assert_eq!(quantise(0.0), (0.0, vec![0.0; 128]), "{isa}");
        for wrong in [1e38, f32::INFINITY, f32::NAN] {
            assert!(!quantise(wrong).0.is_finite(), "{isa} {wrong}");
        }
        let (step, wholes) = quantise(1e36);
        assert_eq!((step, wholes[0], wholes[1]), (1e36 * 128.0 / 127.0, 127.0, 0.0), "{isa}");
    }
}
