//! Kernels in plain Rust: what every processor runs, and what the others are tested against.

use super::{Kernels, Rows, Storage, TILE_LEN, Tile, checked_groups};

const ROWS: usize = 4;
const COLUMNS: usize = 16;

/// The kernels of every processor.
pub(super) const KERNELS: Kernels = Kernels {
    f32: Tile { rows: ROWS, columns: COLUMNS, group: 1, storage: Storage::F32, run: products_f32 },
    // Here to test the others against; the compiler makes f32 of it, so it gains nothing.
    bf16: Some(Tile { rows: ROWS, columns: COLUMNS, group: 2, storage: Storage::Bf16, run: products_bf16 }),
    int8: Tile { rows: ROWS, columns: COLUMNS, group: 1, storage: Storage::I8, run: products_int8 },
    vectors: VECTORS,
    release: || {},
};

fn products_f32(rows: &Rows<'_>, panel: &[u8], _: &[u8], sums: &mut [f32; TILE_LEN]) {
    checked_groups(rows, panel, (ROWS, COLUMNS), (4, 4));
    for (row, sums) in sums.chunks_exact_mut(COLUMNS).take(rows.count).enumerate() {
        sums.fill(0.0);
        let numbers = rows.bytes[row * rows.stride..].as_chunks::<4>().0;
        for (number, weights) in numbers.iter().zip(panel.chunks_exact(COLUMNS * 4)) {
            let number = f32::from_le_bytes(*number);
            for (sum, weight) in sums.iter_mut().zip(weights.as_chunks::<4>().0) {
                *sum += number * f32::from_le_bytes(*weight);
            }
        }
    }
}

fn products_bf16(rows: &Rows<'_>, panel: &[u8], _: &[u8], sums: &mut [f32; TILE_LEN]) {
    checked_groups(rows, panel, (ROWS, COLUMNS), (4, 4));
    let number = |low: u8, high: u8| f32::from_bits(u32::from_le_bytes([0, 0, low, high]));
    for (row, sums) in sums.chunks_exact_mut(COLUMNS).take(rows.count).enumerate() {
        sums.fill(0.0);
        let pairs = rows.bytes[row * rows.stride..].as_chunks::<4>().0;
        for (a, weights) in pairs.iter().zip(panel.chunks_exact(COLUMNS * 4)) {
            for (sum, b) in sums.iter_mut().zip(weights.as_chunks::<4>().0) {
                *sum += number(a[0], a[1]) * number(b[0], b[1]) + number(a[2], a[3]) * number(b[2], b[3]);
            }
        }
    }
}

#[expect(clippy::cast_possible_wrap, reason = "bytes hold signed numbers")]
fn products_int8(rows: &Rows<'_>, panel: &[u8], _: &[u8], sums: &mut [i32; TILE_LEN]) {
    checked_groups(rows, panel, (ROWS, COLUMNS), (1, 1));
    for (row, sums) in sums.chunks_exact_mut(COLUMNS).take(rows.count).enumerate() {
        sums.fill(0);
        let numbers = &rows.bytes[row * rows.stride..];
        for (&number, weights) in numbers.iter().zip(panel.chunks_exact(COLUMNS)) {
            let number = i32::from(number as i8);
            for (sum, &weight) in sums.iter_mut().zip(weights) {
                // No sum of so many numbers leaves its type; checked sums, as in tests, are not made of vectors.
                *sum = sum.wrapping_add(number * i32::from(weight as i8));
            }
        }
    }
}

/// Vectors that the compiler makes of arrays.
mod v {
    pub(super) const LANES: usize = 8;
    pub(super) type F = [f32; LANES];

    #[inline]
    fn map(a: F, f: impl Fn(f32) -> f32) -> F {
        a.map(f)
    }

    #[inline]
    fn zip(a: F, b: F, f: impl Fn(f32, f32) -> f32) -> F {
        std::array::from_fn(|lane| f(a[lane], b[lane]))
    }

    #[inline]
    pub(super) fn splat(value: f32) -> F {
        [value; LANES]
    }

    #[inline]
    pub(super) fn load(from: &F) -> F {
        *from
    }

    #[inline]
    pub(super) fn store(value: F, to: &mut F) {
        *to = value;
    }

    #[inline]
    pub(super) fn add(a: F, b: F) -> F {
        zip(a, b, |a, b| a + b)
    }

    #[inline]
    pub(super) fn sub(a: F, b: F) -> F {
        zip(a, b, |a, b| a - b)
    }

    #[inline]
    pub(super) fn mul(a: F, b: F) -> F {
        zip(a, b, |a, b| a * b)
    }

    #[inline]
    pub(super) fn min(a: F, b: F) -> F {
        zip(a, b, f32::min)
    }

    #[inline]
    pub(super) fn max(a: F, b: F) -> F {
        zip(a, b, f32::max)
    }

    #[inline]
    pub(super) fn abs(a: F) -> F {
        map(a, f32::abs)
    }

    /// `a * b + c`, rounded twice: rounding once takes a call where no instruction does it.
    #[inline]
    pub(super) fn fma(a: F, b: F, c: F) -> F {
        add(mul(a, b), c)
    }

    #[inline]
    pub(super) fn round(a: F) -> F {
        map(a, f32::round_ties_even)
    }

    /// 2 to the power of whole numbers in -126..=127.
    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "within the exponents of f32"
    )]
    pub(super) fn power_of_two(n: F) -> F {
        map(n, |n| f32::from_bits(((n as i32 + 127) as u32) << 23))
    }

    #[inline]
    pub(super) fn sum(a: F) -> f32 {
        a.iter().sum()
    }

    #[inline]
    pub(super) fn maximum(a: F) -> f32 {
        a.iter().copied().fold(f32::NEG_INFINITY, f32::max)
    }

    /// The larger of a magnitude and that of `b`. As whole numbers the bits of infinity are above all numbers, and
    /// those of what is no number above infinity, so that none is lost.
    #[inline]
    pub(super) fn larger(magnitude: F, b: F) -> F {
        zip(magnitude, b, |a, b| f32::from_bits(a.to_bits().max(b.abs().to_bits())))
    }

    /// The largest of magnitudes.
    #[inline]
    pub(super) fn largest(magnitudes: F) -> f32 {
        f32::from_bits(magnitudes.iter().fold(0, |largest, a| largest.max(a.to_bits())))
    }

    /// The numbers before the `count`th when `a` is the `place`th vector; `other` in the place of those behind.
    #[inline]
    pub(super) fn keep(a: F, count: usize, place: usize, other: f32) -> F {
        std::array::from_fn(|lane| if place * LANES + lane < count { a[lane] } else { other })
    }

    /// `a - b` as f32.
    #[inline]
    #[expect(clippy::cast_precision_loss, reason = "sums of 8-bit products over a row")]
    pub(super) fn difference(a: &[i32; LANES], b: &[i32; LANES]) -> F {
        std::array::from_fn(|lane| (a[lane] - b[lane]) as f32)
    }

    #[inline]
    pub(super) fn from_half(bits: &[u16; LANES]) -> F {
        bits.map(crate::half::to_f32)
    }

    #[inline]
    pub(super) fn to_bf16(a: F, bits: &mut [u16; LANES]) {
        *bits = a.map(crate::half::to_bf16);
    }

    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "within -127..=127")]
    pub(super) fn to_i16(a: F, to: &mut [i16; LANES]) {
        *to = a.map(|value| value.round_ties_even() as i16);
    }

    #[inline]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within -127..=127")]
    pub(super) fn to_bytes(x: [F; 4], offset: u8, to: &mut [u8; 4 * LANES]) {
        for (value, byte) in x.as_flattened().iter().zip(to) {
            *byte = (value.round_ties_even() as i32 as u8).wrapping_add(offset);
        }
    }

    #[inline]
    pub(super) fn transpose(rows: &[u32], stride: usize, columns: &mut [u32], wide: usize) {
        crate::arch::vector::transpose(rows, stride, columns, wide);
    }

    /// The Hadamard matrix of `size` numbers, without its scale, on every `size` neighbouring lanes.
    #[inline]
    pub(super) fn hadamard(mut a: F, size: usize) -> F {
        let mut half = 1;
        while half < size {
            a = std::array::from_fn(|lane| {
                if lane & half == 0 { a[lane] + a[lane | half] } else { a[lane & !half] - a[lane] }
            });
            half *= 2;
        }
        a
    }
}

vector_kernels!();
