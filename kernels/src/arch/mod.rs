//! The kernels: what is done to a few rows of numbers, once for every set of instructions.
//!
//! This module alone holds unsafe code. Two kinds of it: instructions that not every processor has (as intrinsics,
//! or in assembly where stable Rust has none), called only through a table that [`kernels`] gives out after it
//! asked the processor and saw that the results are right; and loads and stores through pointers, whose bounds the
//! safe function around them has checked, as each block argues. README.md says how all of it is tested.
//! Everything above this module works on slices.

#![allow(unsafe_code)]

#[macro_use]
mod vector;
#[cfg(target_arch = "aarch64")]
mod aarch64;
mod check;
mod mapped;
mod portable;
mod sample;
#[cfg(test)]
mod tests;
#[cfg(target_arch = "x86_64")]
mod x86;

pub use mapped::Mapped;

use std::sync::OnceLock;

use crate::Isa;

/// Rows that a tile has at most, on any processor.
pub(crate) const MAX_TILE_ROWS: usize = 32;
/// Numbers of the memory that takes a tile's sums.
pub(crate) const TILE_LEN: usize = 1024;

/// Numbers from one row of scores to the next; keys that are scored before the softmax.
pub(crate) const SCORED: usize = 128;

/// Rows and columns of what is transposed at once.
pub(crate) const SQUARE: usize = 16;

/// How a row of numbers is stored for a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Storage {
    /// 32-bit floating point.
    F32,
    /// bfloat16.
    Bf16,
    /// Whole numbers in -127..=127 with 128 added, one byte.
    U8,
    /// Whole numbers in -127..=127, one byte.
    I8,
    /// Whole numbers in -127..=127, two bytes.
    #[cfg_attr(
        not(target_arch = "x86_64"),
        allow(dead_code, reason = "other processors widen as they multiply")
    )]
    I16,
}

impl Storage {
    /// Bytes of one number.
    pub(crate) fn bytes(self) -> usize {
        match self {
            Self::F32 => 4,
            Self::Bf16 | Self::I16 => 2,
            Self::U8 | Self::I8 => 1,
        }
    }
}

/// The left side of a tile: rows of numbers, one after the other at a fixed distance.
#[derive(Clone, Copy)]
pub(crate) struct Rows<'a> {
    /// The rows; the first one starts at the first byte.
    pub(crate) bytes: &'a [u8],
    /// Bytes from the start of a row to that of the next.
    pub(crate) stride: usize,
    /// Number of rows, 1 to [`Tile::rows`].
    pub(crate) count: usize,
}

/// A product of a few rows with one panel of columns, for one set of instructions.
///
/// A panel holds [`Tile::columns`] columns of `k` numbers each as `[k / group][columns][group]`.
/// With `S` the type of the sums, `run(rows, panel, sums)` sets `sums[r * columns + c]` to the sum over `k`
/// of `rows[r][k] * panel[k][c]`. Sums of whole numbers are exact; with [`Storage::U8`] they are of the stored
/// numbers, so they hold 128 times the sum of the column too much.
pub(crate) struct Tile<S: 'static> {
    /// Rows at most.
    pub(crate) rows: usize,
    /// Columns of a panel.
    pub(crate) columns: usize,
    /// Neighbouring numbers of a column that stand together.
    pub(crate) group: usize,
    /// How the rows are stored.
    pub(crate) storage: Storage,
    /// Computes the sums: `run(rows, panel, next, sums)`; `next` is memory that will be read soon, which is asked
    /// for on the way. Panics when a slice is too short.
    pub(crate) run: fn(&Rows<'_>, &[u8], &[u8], &mut [S; TILE_LEN]),
}

/// How the sums of whole numbers become the numbers that they stand for.
#[derive(Clone, Copy)]
pub(crate) struct Scales<'a> {
    /// What one step of each row is worth.
    pub(crate) rows: &'a [f32],
    /// What one step of each column is worth.
    pub(crate) columns: &'a [f32],
    /// What is taken from the sums of each column.
    pub(crate) excess: &'a [i32],
}

/// Where the numbers of a tile go.
pub(crate) struct Target<'a> {
    /// The rows; the tile's first number goes to the first place.
    pub(crate) numbers: &'a mut [f32],
    /// Numbers from one row to the next.
    pub(crate) stride: usize,
    /// Number of rows.
    pub(crate) rows: usize,
}

/// What is done to sums before they are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Activation {
    /// Nothing.
    None,
    /// `x * Phi(x)` with the exact normal distribution function.
    Gelu,
}

/// Layer norm of a sum; see [`Vectors::add_norm`].
type AddNorm = fn(&mut [f32], &[f32], &[f32], &[f32], f32);

/// Work on rows in f32. What has several parts is handed over by reference: a copy would have to wait for stores
/// that the sums of a tile are before. All slices of a call have the same length, a multiple of 64, but where stated.
pub(crate) struct Vectors {
    /// Adds the bias, applies the activation and stores the columns of a tile of f32 sums.
    pub(crate) finish: fn(&[f32; TILE_LEN], &[f32], Activation, &mut Target<'_>),
    /// The same for sums of whole numbers.
    pub(crate) finish_scaled: fn(&[i32; TILE_LEN], &Scales<'_>, &[f32], Activation, &mut Target<'_>),
    /// Sets `x` to the layer norm of `x + y`: `add_norm(x, y, gain, bias, epsilon)`.
    pub(crate) add_norm: AddNorm,
    /// Adds numbers in half precision: `add_half(x, bits)`.
    pub(crate) add_half: fn(&mut [f32], &[u16]),
    /// Stores a row as bfloat16, rounded to nearest even.
    pub(crate) to_bf16: fn(&[f32], &mut [u16]),
    /// Rotates a row: `rotate(x, rotated, block)`; gives the largest magnitude of the rotated numbers, which is that of
    /// what is no number if there is any. Blocks of `block` numbers (a power of two) are multiplied by the Hadamard matrix of ones and minus
    /// ones, a rotation that makes numbers larger by the root of `block`.
    pub(crate) rotate: fn(&[f32], &mut [f32], usize) -> f32,
    /// Stores a row, whose largest magnitude is given, as whole numbers: `round(x, largest, stored, storage)`; gives
    /// what one step is worth.
    pub(crate) round: fn(&[f32], f32, &mut [u8], Storage) -> f32,
    /// Softmax of rows of scores, [`SCORED`] numbers from one to the next, that goes on from earlier scores:
    /// `softmax(scores, keys, states)` makes weights of the first `keys` scores of each row and zeros of those
    /// behind, up to a multiple of 32.
    pub(crate) softmax: fn(&mut [f32], usize, &mut [Softmax]),
    /// Transposes up to [`SQUARE`] rows of as many units of four bytes: `transpose(rows, stride, columns, wide)`. A row
    /// stands every `stride` units, a column is put every `wide` units; where there is no row, columns hold anything.
    pub(crate) transpose: fn(&[u32], usize, &mut [u32], usize),
    /// Adds a tile's sums to rows that are gathered from several tiles: `gather(sums, columns, factors, target)` sets
    /// a row of the target to `(row * kept + sums) * scale`, with `[kept, scale]` of each row. A row of which nothing
    /// is kept is not read.
    pub(crate) gather: fn(&[f32; TILE_LEN], usize, &[[f32; 2]], &mut Target<'_>),
}

/// A softmax whose scores come block by block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Softmax {
    /// The largest score so far.
    pub(crate) largest: f32,
    /// Sum of `exp(score - largest)` so far.
    pub(crate) sum: f32,
    /// What earlier weights have to be multiplied by since the last scores came.
    pub(crate) factor: f32,
}

impl Default for Softmax {
    fn default() -> Self {
        Self { largest: f32::NEG_INFINITY, sum: 0.0, factor: 1.0 }
    }
}

/// The kernels of one set of instructions.
pub(crate) struct Kernels {
    /// Products of f32.
    pub(crate) f32: Tile<f32>,
    /// Products of bfloat16, where that is faster than f32.
    pub(crate) bf16: Option<Tile<f32>>,
    /// Products of whole numbers.
    pub(crate) int8: Tile<i32>,
    /// Work on rows.
    pub(crate) vectors: Vectors,
    /// Gives back what the products hold of the processor beyond a call; called when a thread is done with a stage.
    pub(crate) release: fn(),
}

/// The kernels of a set of instructions; `None` when this processor does not have it, or when it computes wrongly
/// with it, which is found out the first time that a set is asked for.
pub(crate) fn kernels(isa: Isa) -> Option<&'static Kernels> {
    static AGREE: [OnceLock<bool>; Isa::ALL.len()] = [const { OnceLock::new() }; Isa::ALL.len()];
    let kernels = of_processor(isa)?;
    AGREE[isa as usize].get_or_init(|| check::agrees(kernels)).then_some(kernels)
}

/// Whether this processor has a set of instructions but computes wrongly with it.
pub(crate) fn is_faulty(isa: Isa) -> bool {
    of_processor(isa).is_some() && kernels(isa).is_none()
}

/// The kernels of a set of instructions, unchecked; `None` when this processor does not have it.
fn of_processor(isa: Isa) -> Option<&'static Kernels> {
    if isa == Isa::Portable {
        return Some(&portable::KERNELS);
    }
    #[cfg(target_arch = "x86_64")]
    return x86::kernels(isa);
    #[cfg(target_arch = "aarch64")]
    return aarch64::kernels(isa);
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    None
}

/// Checks what every tile function relies on: that the rows and the panel are as long as they have to be.
///
/// Gives the number of groups of the inner dimension.
///
/// # Panics
/// When a slice is too short or the number of rows is not allowed.
fn checked_groups(
    rows: &Rows<'_>,
    panel: &[u8],
    shape: (usize, usize),
    group_bytes: (usize, usize),
) -> usize {
    let (max_rows, columns) = shape;
    let (row_group, panel_group) = group_bytes;
    assert!(rows.count >= 1 && rows.count <= max_rows, "a tile has 1 to {max_rows} rows");
    assert!(panel.len().is_multiple_of(columns * panel_group), "a panel has whole groups");
    let groups = panel.len() / (columns * panel_group);
    let last_row = rows.stride.checked_mul(rows.count - 1);
    let end = last_row.and_then(|start| start.checked_add(groups * row_group));
    assert!(end.is_some_and(|end| rows.bytes.len() >= end), "the rows are shorter than the panel");
    groups
}
