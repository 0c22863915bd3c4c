//! Attention over the rows of a ragged batch, on the same kernels as the linear layers.
//!
//! The keys and values of a row are packed like weights, in blocks of [`BLOCK`] tokens, so that the scores of a few
//! queries are a product with a block of keys, and the context is one with a block of values. The softmax goes over
//! [`SCORED`] keys at a time and corrects what it has when a larger score comes.

use std::ops::Range;

use crate::{
    arch::{Activation, Kernels, MAX_TILE_ROWS, Rows, SCORED, SQUARE, Softmax, Storage, Target, Tile},
    buffer::Aligned,
    linear::{Sums, Tiles},
};

/// Tokens whose keys and values are packed together.
const BLOCK: usize = 32;

/// How attention is computed.
pub(crate) struct Attention {
    kernels: &'static Kernels,
    tile: &'static Tile<f32>,
    heads: usize,
    /// Numbers of a head.
    size: usize,
}

/// Heads whose scores are computed one after the other before the softmax of all of them: a product alone is over
/// before its first sums are there, and the softmax of one head would wait for them.
const HEADS_AT_ONCE: usize = 4;

/// A few queries of a few heads.
struct Task<'a> {
    /// Queries, keys and values of these tokens.
    tokens: &'a [u8],
    /// Number of queries.
    count: usize,
    heads: Range<usize>,
    /// Tokens of the row.
    row_len: usize,
}

/// Memory of one thread.
#[derive(Default)]
pub(crate) struct Scratch {
    /// Keys and values of one row.
    packed: Aligned<u32>,
    /// Of every head, rows of scores, one a query.
    scores: Aligned<f32>,
    /// The scores as the tile wants them.
    stored: Aligned<u8>,
    sums: Sums<f32>,
    zeros: Aligned<f32>,
}

impl Attention {
    /// Attention of `heads` heads of `size` numbers, a multiple of 32.
    pub(crate) fn new(kernels: &'static Kernels, exact: bool, heads: usize, size: usize) -> Self {
        let tile = if exact { &kernels.f32 } else { kernels.bf16.as_ref().unwrap_or(&kernels.f32) };
        Self { kernels, tile, heads, size }
    }

    /// Bytes of a token's queries, keys and values.
    pub(crate) fn token_bytes(&self) -> usize {
        3 * self.width() * self.tile.storage.bytes()
    }

    /// Units of four bytes in a number of tokens of one head: a unit is one f32, or two bfloat16.
    fn units(&self, tokens: usize) -> usize {
        tokens * self.size * self.tile.storage.bytes() / 4
    }

    fn width(&self) -> usize {
        self.heads * self.size
    }

    /// Stores tokens' queries, keys and values, `3 * width` numbers each.
    pub(crate) fn store(&self, projected: &[f32], stored: &mut [u8]) {
        self.to_storage(projected, stored);
    }

    /// Packs the keys and values of a row: `[blocks][heads][keys and values]`.
    fn pack(&self, row: &[u8], packed: &mut Aligned<u32>) {
        let blocks = row.chunks(BLOCK * self.token_bytes());
        let of_head = 2 * self.units(BLOCK);
        packed.resize(blocks.len() * self.heads * of_head);
        for (tokens, packed) in blocks.zip(packed.as_mut_slice().chunks_exact_mut(self.heads * of_head)) {
            for (head, packed) in packed.chunks_exact_mut(of_head).enumerate() {
                self.pack_head(bytemuck::cast_slice(tokens), head, packed);
            }
        }
    }

    /// Packs the keys and values of one head of a block.
    fn pack_head(&self, tokens: &[u32], head: usize, packed: &mut [u32]) {
        let columns = self.tile.columns;
        let size = self.units(1);
        let width = self.heads * size;
        let (keys, values) = packed.split_at_mut(BLOCK * size);
        // Keys are columns: panels of tokens. What stands behind the last token makes scores that are left out.
        for (square, tokens) in tokens.chunks(SQUARE * 3 * width).enumerate() {
            let first = square * SQUARE;
            let panel = &mut keys[first / columns * columns * size..][..columns * size];
            for part in (0..size).step_by(SQUARE) {
                let columns_of_part = &mut panel[part * columns + first % columns..];
                let rows = &tokens[width + head * size + part..];
                (self.kernels.vectors.transpose)(rows, 3 * width, columns_of_part, columns);
            }
        }
        // Values are rows: panels of their numbers. Behind the last token is only what makes its group whole.
        let group = self.tile.group;
        for (row, tokens) in tokens.chunks(group * 3 * width).enumerate() {
            let numbers = |token: usize| {
                let token = tokens.chunks_exact(3 * width).nth(token)?;
                Some(&token[2 * width + head * size..][..size])
            };
            let Some(first) = numbers(0) else { continue };
            let panels = values.chunks_exact_mut(BLOCK / group * columns);
            let parts = first.chunks_exact(columns / group).enumerate();
            for (panel, (part, first)) in panels.zip(parts) {
                let row = &mut panel[row * columns..][..columns];
                if group == 1 {
                    row.copy_from_slice(first);
                    continue;
                }
                let second = numbers(1).map(|units| &units[part * first.len()..][..first.len()]);
                let second: &[u16] = second.map_or(&[0; BLOCK], |units| bytemuck::cast_slice(units));
                let pairs = bytemuck::cast_slice::<u32, u16>(first).iter().zip(second);
                for (unit, (&first, &second)) in row.iter_mut().zip(pairs) {
                    *unit = u32::from(first) | u32::from(second) << 16;
                }
            }
        }
    }

    fn to_storage(&self, x: &[f32], stored: &mut [u8]) {
        match self.tile.storage {
            Storage::Bf16 => (self.kernels.vectors.to_bf16)(x, bytemuck::cast_slice_mut(stored)),
            _ => stored.copy_from_slice(bytemuck::cast_slice(x)),
        }
    }

    /// Sets `context` to what tokens of one row attend to.
    ///
    /// `row` holds the queries, keys and values of the whole row, `tokens` says which of them are meant.
    pub(crate) fn attend(
        &self,
        row: &[u8],
        tokens: Range<usize>,
        context: &mut [f32],
        scratch: &mut Scratch,
    ) {
        let token_bytes = self.token_bytes();
        let scores = HEADS_AT_ONCE * self.tile.rows * SCORED;
        scratch.scores.resize(scores);
        scratch.stored.resize(scores * self.tile.storage.bytes());
        scratch.zeros.resize(self.tile.columns);
        self.pack(row, &mut scratch.packed);
        for tile in Tiles::new(tokens.len(), self.tile.rows).iter() {
            let start = tokens.start + tile.start;
            let context = &mut context[tile.start * self.width()..tile.end * self.width()];
            for head in (0..self.heads).step_by(HEADS_AT_ONCE) {
                let task = Task {
                    tokens: &row[start * token_bytes..(start + tile.len()) * token_bytes],
                    count: tile.len(),
                    heads: head..self.heads.min(head + HEADS_AT_ONCE),
                    row_len: row.len() / token_bytes,
                };
                self.attend_heads(&task, context, scratch);
            }
        }
    }

    fn attend_heads(&self, task: &Task<'_>, context: &mut [f32], scratch: &mut Scratch) {
        let mut states = [Softmax::default(); HEADS_AT_ONCE * MAX_TILE_ROWS];
        let states = &mut states[..task.heads.len() * task.count];
        let mut scored = 0;
        while scored < task.row_len {
            let keys = (task.row_len - scored).min(SCORED);
            let blocks = scored / BLOCK..(scored + keys).div_ceil(BLOCK);
            for block in blocks.clone() {
                self.score(task, block, scratch);
            }
            (self.kernels.vectors.softmax)(scratch.scores.as_mut_slice(), keys, states);
            self.store_weights(blocks.len() * BLOCK, states.len(), scratch);
            for block in blocks {
                self.weigh(task, block, states, context, scratch);
            }
            scored += keys;
        }
    }

    /// Sets the scores to the products of the queries with the keys of a block.
    fn score(&self, task: &Task<'_>, block: usize, scratch: &mut Scratch) {
        let columns = self.tile.columns;
        let of_panel = self.units(columns);
        let zeros = &scratch.zeros.as_slice()[..columns];
        for (place, head) in task.heads.clone().enumerate() {
            let queries = Rows {
                bytes: &task.tokens[head * self.size * self.tile.storage.bytes()..],
                stride: self.token_bytes(),
                count: task.count,
            };
            let keys = &scratch.packed.as_slice()[(block * self.heads + head) * 2 * self.units(BLOCK)..];
            let first = place * task.count * SCORED + block * BLOCK % SCORED;
            for (panel, keys) in keys[..self.units(BLOCK)].chunks_exact(of_panel).enumerate() {
                (self.tile.run)(&queries, bytemuck::cast_slice(keys), &[], &mut scratch.sums.0);
                let numbers = &mut scratch.scores.as_mut_slice()[first + panel * columns..];
                let mut target = Target { numbers, stride: SCORED, rows: task.count };
                (self.kernels.vectors.finish)(&scratch.sums.0, zeros, Activation::None, &mut target);
            }
        }
    }

    /// Stores the first `padded` numbers of rows of scores for the products with values.
    fn store_weights(&self, padded: usize, rows: usize, scratch: &mut Scratch) {
        let bytes = self.tile.storage.bytes();
        let scores = scratch.scores.as_slice()[..rows * SCORED].chunks_exact(SCORED);
        for (scores, stored) in scores.zip(scratch.stored.as_mut_slice().chunks_exact_mut(SCORED * bytes)) {
            self.to_storage(&scores[..padded], &mut stored[..padded * bytes]);
        }
    }

    /// Adds to the context the values of a block, weighted by the scores; the last one makes weights of a sum of 1.
    fn weigh(
        &self,
        task: &Task<'_>,
        block: usize,
        states: &[Softmax],
        context: &mut [f32],
        scratch: &mut Scratch,
    ) {
        let Tile { columns, group, .. } = *self.tile;
        let bytes = self.tile.storage.bytes();
        let first = block * BLOCK % SCORED;
        let left = task.row_len - block * BLOCK;
        // A panel of values has `columns` numbers of every token of the block; of these, groups of tokens are needed.
        let of_panel = columns * BLOCK * bytes / 4;
        let needed = columns * left.next_multiple_of(group).min(BLOCK) * bytes / 4;
        let mut factors = [[1.0; 2]; MAX_TILE_ROWS];
        for (head, states) in task.heads.clone().zip(states.chunks_exact(task.count)) {
            for (factors, state) in factors.iter_mut().zip(states) {
                let kept = if first == 0 { state.factor } else { 1.0 };
                *factors = [kept, if left <= BLOCK { 1.0 / state.sum } else { 1.0 }];
            }
            let place = (head - task.heads.start) * task.count * SCORED + first;
            let weights = Rows {
                bytes: &scratch.stored.as_slice()[place * bytes..],
                stride: SCORED * bytes,
                count: task.count,
            };
            let of_head = (block * self.heads + head) * 2 + 1;
            let values = &scratch.packed.as_slice()[of_head * self.units(BLOCK)..][..self.units(BLOCK)];
            for (panel, values) in values.chunks_exact(of_panel).enumerate() {
                let values = bytemuck::cast_slice(&values[..needed]);
                (self.tile.run)(&weights, values, &[], &mut scratch.sums.0);
                let numbers = &mut context[head * self.size + panel * columns..];
                let mut target = Target { numbers, stride: self.width(), rows: task.count };
                (self.kernels.vectors.gather)(&scratch.sums.0, columns, &factors[..task.count], &mut target);
            }
        }
    }
}
