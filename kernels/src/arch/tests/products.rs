//! Tiles.

use std::panic::{AssertUnwindSafe, catch_unwind};

use proptest::prelude::*;

use super::sets;
use crate::arch::{
    Rows, Storage, TILE_LEN, Tile,
    sample::{Factors, Number, made_up},
};

/// The shape and the kind of numbers of a product, for any tile.
#[derive(Clone, Debug)]
struct Case {
    /// Which of the tile's numbers of rows, from 0.0 to below 1.0.
    rows: f64,
    groups: usize,
    gap: usize,
    seed: u32,
    numbers: Numbers,
}

#[derive(Clone, Copy, Debug)]
enum Numbers {
    /// Of any size in -127..=127.
    Mixed,
    /// All of the largest size, of either sign.
    Largest,
    /// All 127.
    Full,
    /// Mostly zeros.
    Sparse,
}

fn cases() -> impl Strategy<Value = Case> {
    let numbers =
        prop_oneof![Just(Numbers::Mixed), Just(Numbers::Largest), Just(Numbers::Full), Just(Numbers::Sparse)];
    (0.0..1.0, 1usize..=100, 0usize..40, any::<u32>(), numbers)
        .prop_map(|(rows, groups, gap, seed, numbers)| Case { rows, groups, gap, seed, numbers })
}

impl Case {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of rows")]
    fn count<S>(&self, tile: &Tile<S>) -> usize {
        1 + (self.rows * tile.rows as f64) as usize
    }

    /// Whole numbers in -127..=127.
    fn whole<S>(&self, tile: &Tile<S>) -> Factors {
        let k = self.groups * tile.group;
        let mut random = made_up(self.seed);
        let mut take = |len: usize| {
            let of = |number: f32| match self.numbers {
                Numbers::Mixed => (number * 127.4).round(),
                Numbers::Largest => 127.0f32.copysign(number),
                Numbers::Full => 127.0,
                Numbers::Sparse => (number * 127.4).round() * f32::from(number.to_bits().is_multiple_of(16)),
            };
            random.by_ref().take(len).map(of).collect()
        };
        Factors { k, rows: take(self.count(tile) * k), columns: take(tile.columns * k), gap: self.gap }
    }

    /// Numbers of sizes from 1e-10 to 1e10, or zero.
    fn floats<S>(&self, tile: &Tile<S>) -> Factors {
        let mut factors = self.whole(tile);
        let mut random = made_up(!self.seed);
        let sizes = factors.rows.iter_mut().chain(&mut factors.columns);
        sizes.zip(&mut random).for_each(|(number, size)| *number *= 10f32.powf(size * 8.0));
        factors
    }
}

/// Asserts that a tile gives the plain sums, within what rounding every product and sum once or twice may cost.
fn assert_floats(tile: &Tile<f32>, case: &Case, name: &str) {
    let factors = case.floats(tile);
    let sums = factors.run(tile);
    assert_eq!(sums.len(), case.count(tile) * tile.columns);
    for (place, (found, expected)) in sums.iter().zip(factors.sums(tile)).enumerate() {
        let allowed = (factors.k + 2) as f64 * f64::from(f32::EPSILON) * expected.magnitude;
        let off = (found.value() - expected.value).abs();
        assert!(off <= allowed, "{name} {case:?} at {place}: {found} for {expected:?}");
    }
}

proptest! {
    #[test]
    fn sums_of_whole_numbers_are_exact(case in cases()) {
        for (isa, kernels) in sets() {
            let tile = &kernels.int8;
            let factors = case.whole(tile);
            let sums: Vec<f64> = factors.run(tile).into_iter().map(Number::value).collect();
            let expected: Vec<f64> = factors.sums(tile).iter().map(|sum| sum.value).collect();
            prop_assert_eq!(&sums, &expected, "{}", isa);
        }
    }

    #[test]
    fn sums_of_floats_are_as_near_as_their_rounding_allows(case in cases()) {
        for (isa, kernels) in sets() {
            assert_floats(&kernels.f32, &case, &format!("{isa} f32"));
            if let Some(tile) = &kernels.bf16 {
                assert_floats(tile, &case, &format!("{isa} bf16"));
            }
        }
    }

    #[test]
    fn what_is_no_number_stays_in_its_row(case in cases(), place in any::<prop::sample::Index>()) {
        for (isa, kernels) in sets() {
            for tile in [Some(&kernels.f32), kernels.bf16.as_ref()].into_iter().flatten() {
                for wrong in [f32::NAN, f32::INFINITY] {
                    let mut factors = case.whole(tile);
                    let place = place.index(factors.rows.len());
                    factors.rows[place] = wrong;
                    for (row, sums) in factors.run(tile).chunks_exact(tile.columns).enumerate() {
                        let own = row == place / factors.k;
                        prop_assert!(sums.iter().all(|sum| sum.is_finite() != own), "{isa} {wrong}: {row}");
                    }
                }
            }
        }
    }
}

/// Whether a tile refuses to run on these rows and this panel.
fn refuses<S: Number>(tile: &Tile<S>, rows: &Rows<'_>, panel: &[u8]) -> bool {
    let mut sums = [S::JUNK; TILE_LEN];
    catch_unwind(AssertUnwindSafe(|| (tile.run)(rows, panel, &[], &mut sums))).is_err()
}

fn assert_refuses<S: Number>(tile: &Tile<S>, name: &str) {
    let groups = 5;
    let row = groups * tile.group * tile.storage.bytes();
    let bytes = vec![1; row * tile.rows];
    let number = if tile.storage == Storage::I16 { 1 } else { tile.storage.bytes() };
    let panel = vec![1; groups * tile.group * tile.columns * number];
    let whole = Rows { bytes: &bytes, stride: row, count: tile.rows };
    assert!(!refuses(tile, &whole, &panel), "{name}: as long as it has to be");
    let short = Rows { bytes: &bytes[1..], ..whole };
    assert!(refuses(tile, &short, &panel), "{name}: rows that are too short");
    let far = Rows { stride: usize::MAX / 2, ..whole };
    assert!(refuses(tile, &far, &panel), "{name}: rows beyond all memory");
    for count in [0, tile.rows + 1] {
        assert!(refuses(tile, &Rows { count, ..whole }, &panel), "{name}: {count} rows");
    }
    assert!(refuses(tile, &whole, &panel[1..]), "{name}: a panel that is cut");
}

#[test]
fn a_tile_refuses_slices_that_are_too_short() {
    for (isa, kernels) in sets() {
        assert_refuses(&kernels.f32, &format!("{isa} f32"));
        assert_refuses(&kernels.int8, &format!("{isa} int8"));
        kernels.bf16.as_ref().into_iter().for_each(|tile| assert_refuses(tile, &format!("{isa} bf16")));
    }
}

#[test]
fn a_product_of_no_groups_is_zero() {
    for (isa, kernels) in sets() {
        let mut sums = [i32::MIN; TILE_LEN];
        (kernels.int8.run)(&Rows { bytes: &[], stride: 0, count: 1 }, &[], &[], &mut sums);
        assert!(sums[..kernels.int8.columns].iter().all(|&sum| sum == 0), "{isa}");
    }
}
