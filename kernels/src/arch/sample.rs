//! Made-up operands and their plain results, for the checks at run time and for the tests.

use super::{Rows, Storage, TILE_LEN, Tile};
use crate::half;

/// Operands of a product, row by row and column by column: numbers of `k` each, the same count for all.
#[derive(Clone, Debug)]
pub(super) struct Factors {
    pub(super) k: usize,
    pub(super) rows: Vec<f32>,
    pub(super) columns: Vec<f32>,
    /// Numbers that stand between two rows and belong to none.
    pub(super) gap: usize,
}

/// What a sum is, and what it may be off by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sum {
    pub(super) value: f64,
    /// Sum of the products' magnitudes.
    pub(super) magnitude: f64,
}

/// A type of sums.
pub(super) trait Number: Copy {
    /// What no product gives.
    const JUNK: Self;

    /// The value.
    fn value(self) -> f64;
}

impl Number for f32 {
    const JUNK: Self = f32::NAN;

    fn value(self) -> f64 {
        f64::from(self)
    }
}

impl Number for i32 {
    const JUNK: Self = i32::MIN;

    fn value(self) -> f64 {
        f64::from(self)
    }
}

impl Factors {
    /// Whole numbers in -127..=127 that look random: the same for the same shape.
    pub(super) fn made_up(count: usize, columns: usize, k: usize) -> Self {
        let mut numbers = made_up((count * 31 + k) as u32);
        let mut take =
            |len: usize| numbers.by_ref().take(len).map(|number| (number * 127.0).round()).collect();
        Self { k, rows: take(count * k), columns: take(columns * k), gap: k % 7 * 4 }
    }

    /// Runs a tile on them. The memory that the tile gets is as long as it may be read, not a byte more.
    pub(super) fn run<S: Number>(&self, tile: &Tile<S>) -> Vec<S> {
        let bytes = tile.storage.bytes();
        let count = self.rows.len() / self.k;
        let mut stored = Vec::new();
        for (place, numbers) in self.rows.chunks_exact(self.k).enumerate() {
            let gap = if place > 0 { self.gap * bytes } else { 0 };
            stored.resize(stored.len() + gap, 0xa5);
            store(numbers, tile.storage, &mut stored);
        }
        let (stored, stride) = (stored.into_boxed_slice(), (self.k + self.gap) * bytes);
        let panel = self.panel(tile).into_boxed_slice();
        let mut sums = [S::JUNK; TILE_LEN];
        (tile.run)(&Rows { bytes: &stored, stride, count }, &panel, &panel, &mut sums);
        sums[..count * tile.columns].to_vec()
    }

    /// The columns as a tile reads them.
    fn panel<S>(&self, tile: &Tile<S>) -> Vec<u8> {
        let storage = match tile.storage {
            // Only rows have numbers of two bytes or 128 added.
            Storage::U8 | Storage::I16 => Storage::I8,
            storage => storage,
        };
        let mut panel = Vec::new();
        for group in (0..self.k).step_by(tile.group) {
            for column in self.columns.chunks_exact(self.k) {
                store(&column[group..group + tile.group], storage, &mut panel);
            }
        }
        panel
    }

    /// The sums that a tile has to give for them.
    pub(super) fn sums<S>(&self, tile: &Tile<S>) -> Vec<Sum> {
        let number = |number: f32, offset: f64| match tile.storage {
            Storage::Bf16 => f64::from(f32::from_bits(u32::from(half::to_bf16(number)) << 16)),
            _ => f64::from(number) + offset,
        };
        let offset = if tile.storage == Storage::U8 { 128.0 } else { 0.0 };
        let mut sums = Vec::new();
        for row in self.rows.chunks_exact(self.k) {
            for column in self.columns.chunks_exact(self.k) {
                let products = row.iter().zip(column).map(|(x, w)| number(*x, offset) * number(*w, 0.0));
                let sum = Sum { value: 0.0, magnitude: 0.0 };
                sums.push(products.fold(sum, |sum, product| Sum {
                    value: sum.value + product,
                    magnitude: sum.magnitude + product.abs(),
                }));
            }
        }
        sums
    }
}

/// Appends numbers as bytes.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within -127..=127")]
fn store(numbers: &[f32], storage: Storage, bytes: &mut Vec<u8>) {
    for &number in numbers {
        match storage {
            Storage::F32 => bytes.extend(number.to_le_bytes()),
            Storage::Bf16 => bytes.extend(half::to_bf16(number).to_le_bytes()),
            Storage::U8 => bytes.push((number as i32 + 128) as u8),
            Storage::I8 => bytes.push(number as i32 as u8),
            Storage::I16 => bytes.extend((number as i16).to_le_bytes()),
        }
    }
}

/// Endless numbers in -1.0..1.0 from a linear congruential generator.
pub(super) fn made_up(seed: u32) -> impl Iterator<Item = f32> {
    let mut state = seed.wrapping_mul(2_654_435_769).wrapping_add(1);
    std::iter::repeat_with(move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 8_388_608.0 - 1.0
    })
}
