//! Products of 128 bits: six rows by sixteen columns, whose sums take 24 of the 32 registers.

use std::arch::{aarch64::*, asm};

use crate::arch::{Rows, Storage, TILE_LEN, Tile, checked_groups};

const ROWS: usize = 6;
const COLUMNS: usize = 16;
/// Vectors of four sums in a row.
const VECTORS: usize = COLUMNS / 4;

/// Products of f32.
pub(super) const F32: Tile<f32> =
    Tile { rows: ROWS, columns: COLUMNS, group: 1, storage: Storage::F32, run: products_f32 };
/// Products of 8-bit numbers as 16-bit ones, added in pairs.
pub(super) const WIDENED: Tile<i32> =
    Tile { rows: ROWS, columns: COLUMNS, group: 2, storage: Storage::I8, run: products_widened };
/// Products of 8-bit numbers, added in fours.
pub(super) const DOT: Tile<i32> =
    Tile { rows: ROWS, columns: COLUMNS, group: 4, storage: Storage::I8, run: products_dot };
/// Products of two rows of eight 8-bit numbers with two columns.
pub(super) const MATRIX: Tile<i32> =
    Tile { rows: ROWS, columns: COLUMNS, group: 8, storage: Storage::I8, run: products_matrix };

/// Defines a tile function: `$name` checks its slices and calls `$inner` with the number of rows as a constant.
// Every run of rustfmt moves a macro in a macro further to the right.
#[rustfmt::skip]
macro_rules! tile {
    ($name:ident, $inner:ident, $sum:ty, $row_bytes:literal) => {
        fn $name(rows: &Rows<'_>, panel: &[u8], next: &[u8], sums: &mut [$sum; TILE_LEN]) {
            // A column's numbers take as many bytes of the panel as a row's.
            let groups = checked_groups(rows, panel, (ROWS, COLUMNS), ($row_bytes, $row_bytes));
            let lines = next.len() / groups.max(1);
            let work = Work {
                rows: rows.bytes.as_ptr(),
                stride: rows.stride,
                panel: panel.as_ptr(),
                groups,
                next: next.as_ptr(),
                lines,
            };
            macro_rules! call {
                ($count:literal) => {
                    // SAFETY: the processor has the instructions, as the table with this function is given out
                    // only then. `checked_groups` saw `groups` groups in the panel and in each of the
                    // `rows.count` rows, which is `$count`; `sums` holds more than ROWS * COLUMNS numbers.
                    unsafe { $inner::<$count>(&work, sums) }
                };
            }
            match rows.count {
                1 => call!(1),
                2 => call!(2),
                3 => call!(3),
                4 => call!(4),
                5 => call!(5),
                _ => call!(6),
            }
        }
    };
}

/// What a product works on: `groups` groups of each row and of all columns.
struct Work {
    rows: *const u8,
    stride: usize,
    panel: *const u8,
    groups: usize,
    /// Memory to be asked for, and its bytes in every step.
    next: *const u8,
    lines: usize,
}

impl Work {
    /// The numbers of a row in a group.
    fn row(&self, row: usize, group: usize, bytes: usize) -> *const u8 {
        self.rows.wrapping_add(row * self.stride + group * bytes)
    }

    /// Asks for what comes next.
    fn prefetch(&self, group: usize) {
        if self.lines > 0 {
            let at = self.next.wrapping_add(group * self.lines);
            // SAFETY: asking for memory faults on no address and changes nothing.
            unsafe {
                asm!("prfm pldl1keep, [{}]", in(reg) at, options(nostack, readonly, preserves_flags));
            }
        }
    }
}

/// Defines `$inner` for products that take one number of each row, in all lanes, and a vector for every four columns.
macro_rules! by_columns {
    (
        $features:literal, $inner:ident, $sum:ty, $zero:expr, $store:ident,
        $row_bytes:literal, $splat:ident, $load:ident, $multiply:ident
    ) => {
        /// # Safety
        /// The processor has the instructions; `work` points to `COUNT` rows and a panel of its groups.
        #[target_feature(enable = $features)]
        unsafe fn $inner<const COUNT: usize>(work: &Work, sums: &mut [$sum; TILE_LEN]) {
            let mut totals = [[$zero; VECTORS]; COUNT];
            for group in 0..work.groups {
                work.prefetch(group);
                // SAFETY: `group < groups`, so the numbers of all columns are inside the panel.
                let weights = unsafe { $load(work.panel.add(group * COLUMNS * $row_bytes)) };
                for (row, totals) in totals.iter_mut().enumerate() {
                    // SAFETY: `row < COUNT` and `group < groups`, so the number is inside its row.
                    let number = unsafe { $splat(work.row(row, group, $row_bytes).cast()) };
                    for (total, weights) in totals.iter_mut().zip(weights) {
                        *total = $multiply(*total, number, weights);
                    }
                }
            }
            for (sums, totals) in sums.chunks_exact_mut(COLUMNS).zip(totals) {
                for (sums, total) in sums.chunks_exact_mut(4).zip(totals) {
                    // SAFETY: four numbers are a vector.
                    unsafe { $store(sums.as_mut_ptr(), total) };
                }
            }
        }
    };
}

#[inline]
#[target_feature(enable = "neon")]
unsafe fn splat_f32(at: *const f32) -> float32x4_t {
    // SAFETY: the caller points to four bytes.
    vdupq_n_f32(unsafe { at.read_unaligned() })
}

#[inline]
#[target_feature(enable = "neon")]
unsafe fn load_f32(at: *const u8) -> [float32x4_t; VECTORS] {
    // SAFETY: the caller points to 64 bytes; loads of bytes ask for no alignment.
    [0, 16, 32, 48].map(|place| unsafe { vreinterpretq_f32_u8(vld1q_u8(at.add(place))) })
}

#[inline]
#[target_feature(enable = "neon")]
fn multiply_f32(sum: float32x4_t, a: float32x4_t, b: float32x4_t) -> float32x4_t {
    vfmaq_f32(sum, a, b)
}

/// Two numbers in all lanes.
#[inline]
#[target_feature(enable = "neon")]
unsafe fn splat_pair(at: *const i16) -> int8x8_t {
    // SAFETY: the caller points to two bytes.
    vreinterpret_s8_s16(vdup_n_s16(unsafe { at.read_unaligned() }))
}

#[inline]
#[target_feature(enable = "neon")]
unsafe fn load_pairs(at: *const u8) -> [int8x8_t; VECTORS] {
    // SAFETY: the caller points to 32 bytes.
    [0, 8, 16, 24].map(|place| unsafe { vld1_s8(at.add(place).cast()) })
}

#[inline]
#[target_feature(enable = "neon")]
fn multiply_pairs(sum: int32x4_t, a: int8x8_t, b: int8x8_t) -> int32x4_t {
    // Products of numbers in -127..=127 fit into 16 bits.
    vpadalq_s16(sum, vmull_s8(a, b))
}

/// Four numbers in all lanes.
#[inline]
#[target_feature(enable = "neon")]
unsafe fn splat_four(at: *const i32) -> int8x16_t {
    // SAFETY: the caller points to four bytes.
    vreinterpretq_s8_s32(vdupq_n_s32(unsafe { at.read_unaligned() }))
}

#[inline]
#[target_feature(enable = "neon")]
unsafe fn load_fours(at: *const u8) -> [int8x16_t; VECTORS] {
    // SAFETY: the caller points to 64 bytes.
    [0, 16, 32, 48].map(|place| unsafe { vld1q_s8(at.add(place).cast()) })
}

/// The intrinsic is not stable.
#[inline]
#[target_feature(enable = "neon,dotprod")]
fn multiply_dot(mut sum: int32x4_t, a: int8x16_t, b: int8x16_t) -> int32x4_t {
    // SAFETY: the instruction works on registers alone.
    unsafe {
        asm!(
            "sdot {0:v}.4s, {1:v}.16b, {2:v}.16b", inout(vreg) sum, in(vreg) a, in(vreg) b,
            options(pure, nomem, nostack, preserves_flags)
        );
    }
    sum
}

/// The 2 × 2 products of two rows with two columns, eight numbers each. The intrinsic is not stable.
#[inline]
#[target_feature(enable = "neon,i8mm")]
fn multiply_matrix(mut sum: int32x4_t, a: int8x16_t, b: int8x16_t) -> int32x4_t {
    // SAFETY: the instruction works on registers alone.
    unsafe {
        asm!(
            "smmla {0:v}.4s, {1:v}.16b, {2:v}.16b", inout(vreg) sum, in(vreg) a, in(vreg) b,
            options(pure, nomem, nostack, preserves_flags)
        );
    }
    sum
}

by_columns!("neon", tile_f32, f32, vdupq_n_f32(0.0), vst1q_f32, 4, splat_f32, load_f32, multiply_f32);
by_columns!("neon", tile_widened, i32, vdupq_n_s32(0), vst1q_s32, 2, splat_pair, load_pairs, multiply_pairs);
by_columns!(
    "neon,dotprod",
    tile_dot,
    i32,
    vdupq_n_s32(0),
    vst1q_s32,
    4,
    splat_four,
    load_fours,
    multiply_dot
);

tile!(products_f32, tile_f32, f32, 4);
tile!(products_widened, tile_widened, i32, 2);
tile!(products_dot, tile_dot, i32, 4);
tile!(products_matrix, tile_matrix, i32, 8);

/// # Safety
/// The processor has the instructions; `work` points to `COUNT` rows and a panel of its groups of eight.
#[target_feature(enable = "neon,i8mm")]
unsafe fn tile_matrix<const COUNT: usize>(work: &Work, sums: &mut [i32; TILE_LEN]) {
    /// Pairs of columns.
    const PAIRS: usize = COLUMNS / 2;
    // Of each two rows and two columns: both sums of the first row, then those of the second.
    let mut totals = [[vdupq_n_s32(0); PAIRS]; ROWS / 2];
    let totals = &mut totals[..COUNT.div_ceil(2)];
    for group in 0..work.groups {
        work.prefetch(group);
        let mut rows = [vdupq_n_s8(0); ROWS / 2];
        for (pair, rows) in rows.iter_mut().enumerate().take(totals.len()) {
            // A last row without a second one is taken twice.
            let second = (2 * pair + 1).min(COUNT - 1);
            // SAFETY: both rows are below COUNT and `group < groups`, so eight numbers are inside each.
            *rows = unsafe {
                vcombine_s8(
                    vld1_s8(work.row(2 * pair, group, 8).cast()),
                    vld1_s8(work.row(second, group, 8).cast()),
                )
            };
        }
        for pair in 0..PAIRS {
            // SAFETY: `group < groups` and `pair < PAIRS`, so the 16 numbers are inside the panel.
            let weights = unsafe { vld1q_s8(work.panel.add((group * PAIRS + pair) * 16).cast()) };
            for (totals, rows) in totals.iter_mut().zip(rows) {
                totals[pair] = multiply_matrix(totals[pair], rows, weights);
            }
        }
    }
    for (row, sums) in sums.chunks_exact_mut(COLUMNS).take(COUNT).enumerate() {
        let totals = &totals[row / 2];
        for (sums, pairs) in sums.chunks_exact_mut(4).zip(totals.chunks_exact(2)) {
            let of_row = if row % 2 == 0 {
                vcombine_s32(vget_low_s32(pairs[0]), vget_low_s32(pairs[1]))
            } else {
                vcombine_s32(vget_high_s32(pairs[0]), vget_high_s32(pairs[1]))
            };
            // SAFETY: four numbers are a vector.
            unsafe { vst1q_s32(sums.as_mut_ptr(), of_row) };
        }
    }
}
