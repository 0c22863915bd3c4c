//! The check of a set of kernels before it is used: on a few small operands it has to give what plain Rust gives.
//!
//! A processor or an emulator that computes an instruction wrongly, or a kernel that no one could run before, must
//! not decide about a customer's message. The check finds what is wrong everywhere, not what is wrong for a few
//! values; the tests go further.

use super::{
    Activation, Kernels, SCORED, Scales, Softmax, Storage, TILE_LEN, Target, Tile, Vectors, portable,
    sample::{Factors, Number, made_up},
};

/// Whether all kernels of a set give what the portable ones give.
pub(super) fn agrees(kernels: &Kernels) -> bool {
    let agrees = multiplies(&kernels.f32)
        && kernels.bf16.as_ref().is_none_or(multiplies)
        && multiplies(&kernels.int8)
        && [64, 192].into_iter().all(|len| works(kernels, len));
    (kernels.release)();
    agrees
}

/// Whether a tile gives the plain sums, for few rows and for all.
fn multiplies<S: Number>(tile: &Tile<S>) -> bool {
    // A group alone, an odd number of them, and the 64 numbers of a step of the largest tiles and more.
    let depths = [tile.group, 7 * tile.group, 64, 64 + 9 * tile.group];
    let counts = [1, tile.rows / 2 + 1, tile.rows];
    counts.into_iter().zip(depths.into_iter().cycle().skip(1)).chain([(2, tile.group)]).all(|(count, k)| {
        let factors = Factors::made_up(count, tile.columns, k);
        let sums = factors.run(tile);
        sums.iter().zip(factors.sums(tile)).all(|(sum, expected)| {
            // Sums of whole numbers are exact, in floating point too as long as they are this small.
            (sum.value() - expected.value).abs() <= 0.0
        })
    })
}

/// Whether the work on rows of `len` numbers gives what the portable functions give.
fn works(kernels: &Kernels, len: usize) -> bool {
    let (vectors, plain) = (&kernels.vectors, &portable::KERNELS.vectors);
    finishes(vectors, plain)
        && normalises(vectors, plain, len)
        && stores(vectors, plain, len)
        && quantises(vectors, plain, kernels.int8.storage, len)
        && weighs(vectors, plain)
        && gathers(vectors, plain)
        && transposes(vectors, plain)
}

fn finishes(vectors: &Vectors, plain: &Vectors) -> bool {
    let run = |vectors: &Vectors, activation: Activation| {
        let (columns, rows, stride) = (32, 3, 40);
        let bias: Vec<f32> = made_up(1).take(columns).collect();
        let mut sums = [0.0; TILE_LEN];
        sums.iter_mut().zip(made_up(2)).for_each(|(sum, number)| *sum = number * 9.0);
        let mut numbers = vec![f32::NAN; 2 * rows * stride];
        let (floats, whole) = numbers.split_at_mut(rows * stride);
        let mut target = Target { numbers: floats, stride, rows };
        (vectors.finish)(&sums, &bias, activation, &mut target);
        let steps = sums.map(|sum| (sum * 1000.0) as i32);
        let worth: Vec<f32> = made_up(3).take(columns).map(|number| number / 1000.0).collect();
        let excess: Vec<i32> = (0..columns as i32).map(|column| column * 17 - 200).collect();
        let scales = Scales { rows: &[1.0, 0.5, 2.0], columns: &worth, excess: &excess };
        let mut target = Target { numbers: whole, stride, rows };
        (vectors.finish_scaled)(&steps, &scales, &bias, activation, &mut target);
        numbers
    };
    [Activation::None, Activation::Gelu]
        .into_iter()
        .all(|activation| are_near(&run(vectors, activation), &run(plain, activation), 2e-6))
}

fn normalises(vectors: &Vectors, plain: &Vectors, len: usize) -> bool {
    let run = |vectors: &Vectors| {
        let take = |seed: u32| made_up(seed).take(len).collect::<Vec<f32>>();
        let (mut x, gain) = (take(4), take(5));
        (vectors.add_norm)(&mut x, &gain, &gain, &take(6), 1e-12);
        x
    };
    are_near(&run(vectors), &run(plain), 2e-6)
}

fn stores(vectors: &Vectors, plain: &Vectors, len: usize) -> bool {
    let run = |vectors: &Vectors| {
        let mut x: Vec<f32> = made_up(8).take(len).map(|number| number * 1e3).collect();
        let mut bits = vec![0; len];
        (vectors.to_bf16)(&x, &mut bits);
        // Any bits below those of infinity are a number in half precision.
        let halves: Vec<u16> = bits.iter().map(|bits| bits & 0xfbff).collect();
        (vectors.add_half)(&mut x, &halves);
        (x, bits)
    };
    run(vectors) == run(plain)
}

fn quantises(vectors: &Vectors, plain: &Vectors, storage: Storage, len: usize) -> bool {
    let run = |vectors: &Vectors, storage: Storage| {
        let x: Vec<f32> = made_up(9).take(len).collect();
        let mut rotated = vec![f32::NAN; len];
        // Words, as numbers of two bytes have to lie at even addresses.
        let mut stored = vec![0u16; len * storage.bytes() / 2];
        let bytes = bytemuck::cast_slice_mut(&mut stored);
        let largest = (vectors.rotate)(&x, &mut rotated, 64);
        let step = (vectors.round)(&rotated, largest, bytes, storage);
        (stored, step)
    };
    [storage, Storage::I8].into_iter().all(|storage| run(vectors, storage) == run(plain, storage))
}

fn weighs(vectors: &Vectors, plain: &Vectors) -> bool {
    let run = |vectors: &Vectors| {
        let mut states = [Softmax::default(); 2];
        let mut all = Vec::new();
        for (seed, keys) in [(10, SCORED), (11, 45), (12, 1)] {
            let mut scores: Vec<f32> = made_up(seed).take(2 * SCORED).map(|number| number * 20.0).collect();
            (vectors.softmax)(&mut scores, keys, &mut states);
            all.extend(scores.chunks_exact(SCORED).flat_map(|row| &row[..keys.next_multiple_of(32)]));
            all.extend(states.iter().flat_map(|state| [state.largest, state.sum, state.factor]));
        }
        all
    };
    are_near(&run(vectors), &run(plain), 2e-6)
}

fn gathers(vectors: &Vectors, plain: &Vectors) -> bool {
    let run = |vectors: &Vectors| {
        let mut sums = [0.0; TILE_LEN];
        sums.iter_mut().zip(made_up(13)).for_each(|(sum, number)| *sum = number);
        let mut numbers: Vec<f32> = made_up(14).take(3 * 48).collect();
        let mut target = Target { numbers: &mut numbers, stride: 48, rows: 3 };
        (vectors.gather)(&sums, 32, &[[0.0, 1.0], [1.0, 0.3], [0.7, 1.0]], &mut target);
        numbers
    };
    are_near(&run(vectors), &run(plain), 2e-6)
}

fn transposes(vectors: &Vectors, plain: &Vectors) -> bool {
    let run = |vectors: &Vectors, rows: usize| {
        let units: Vec<u32> = (0..20 * (rows as u32 - 1) + 16).collect();
        let mut columns = vec![u32::MAX; 16 * 17];
        (vectors.transpose)(&units, 20, &mut columns, 17);
        columns.chunks_exact(17).flat_map(|column| column[..rows].to_vec()).collect::<Vec<_>>()
    };
    [16, 11].into_iter().all(|rows| run(vectors, rows) == run(plain, rows))
}

/// Whether numbers differ by at most `allowed`, of their size where that is above 1, or are none in both.
fn are_near(found: &[f32], expected: &[f32], allowed: f32) -> bool {
    found.iter().zip(expected).all(|(found, expected)| {
        (found - expected).abs() <= allowed * expected.abs().max(1.0) || (found.is_nan() && expected.is_nan())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Isa;

    #[test]
    fn every_set_of_this_processor_passes() {
        for isa in Isa::ALL {
            if let Some(kernels) = crate::arch::of_processor(isa) {
                assert!(agrees(kernels), "{isa}");
            }
        }
    }

    /// The portable kernels with one function replaced.
    fn with(replace: impl Fn(&mut Kernels)) -> Kernels {
        let mut kernels = portable::KERNELS;
        replace(&mut kernels);
        kernels
    }

    #[test]
    fn a_set_with_one_wrong_function_does_not_pass() {
        const PLAIN: Kernels = portable::KERNELS;
        let wrong = [
            with(|kernels| {
                kernels.f32.run = |rows, panel, next, sums| {
                    (PLAIN.f32.run)(rows, panel, next, sums);
                    sums[rows.count * 16 - 1] += 1.0;
                };
            }),
            with(|kernels| {
                kernels.bf16.as_mut().unwrap().run = |rows, panel, next, sums| {
                    (PLAIN.f32.run)(rows, panel, next, sums);
                };
            }),
            with(|kernels| {
                kernels.int8.run = |rows, panel, next, sums| {
                    let columns = PLAIN.int8.columns;
                    (PLAIN.int8.run)(rows, &panel[..panel.len() - columns], next, sums);
                };
            }),
            with(|kernels| kernels.vectors.finish = |_, _, _, _| {}),
            with(|kernels| {
                kernels.vectors.finish_scaled = |sums, scales, bias, _, target| {
                    (PLAIN.vectors.finish_scaled)(sums, scales, bias, Activation::None, target);
                };
            }),
            with(|kernels| kernels.vectors.add_norm = |_, _, _, _, _| {}),
            with(|kernels| kernels.vectors.add_half = |x, _| x[0] += 1e-3),
            with(|kernels| {
                kernels.vectors.to_bf16 = |x, bits| {
                    bits.iter_mut().zip(x).for_each(|(bits, x)| *bits = (x.to_bits() >> 16) as u16);
                }
            }),
            with(|kernels| {
                kernels.vectors.rotate = |x, rotated, block| (PLAIN.vectors.rotate)(x, rotated, block / 2);
            }),
            with(|kernels| {
                kernels.vectors.round =
                    |x, largest, stored, _| (PLAIN.vectors.round)(x, 2.0 * largest, stored, Storage::I8);
            }),
            with(|kernels| {
                kernels.vectors.softmax = |scores, keys, states| {
                    (PLAIN.vectors.softmax)(scores, keys.max(2), states);
                }
            }),
            with(|kernels| kernels.vectors.transpose = |_, _, _, _| {}),
            with(|kernels| kernels.vectors.gather = |_, _, _, _| {}),
        ];
        for (place, kernels) in wrong.iter().enumerate() {
            assert!(!agrees(kernels), "wrong function number {place}");
        }
        assert!(agrees(&PLAIN));
    }
}
