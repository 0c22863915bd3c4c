//! Attention over the rows of a ragged batch, on the same kernels as the linear layers.
//!
//! Keys and values of a row are kept in blocks of [`BLOCK`] tokens, packed like weights, so that the scores of a
//! few queries are a product with a block of keys, and the context is one with a block of values. The softmax goes
//! over [`SCORED`] keys at a time and corrects what it has when a larger score comes.

use bytemuck::Pod;

use crate::{
    arch::{Activation, Kernels, MAX_TILE_ROWS, Rows, Softmax, Storage, Target, Tile},
    buffer::Aligned,
    half,
    linear::{Sums, parts},
};

/// Tokens whose keys and values are packed together.
pub(crate) const BLOCK: usize = 32;
/// Keys that are scored before the softmax.
const SCORED: usize = 4 * BLOCK;

/// A run of at most [`BLOCK`] tokens of one row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Block {
    /// Position of its first token in the batch.
    pub(crate) start: usize,
    /// Number of its tokens.
    pub(crate) len: usize,
    /// The first block of its row.
    pub(crate) first_of_row: usize,
    /// Tokens of its row.
    pub(crate) row_len: usize,
}

/// How attention is computed.
pub(crate) struct Attention {
    kernels: &'static Kernels,
    tile: &'static Tile<f32>,
    heads: usize,
    /// Numbers of a head.
    size: usize,
}

/// A few queries of one head.
struct Task<'a> {
    block: &'a Block,
    /// Of all heads.
    queries: &'a [u8],
    /// Number of queries.
    count: usize,
    head: usize,
}

/// Memory of one thread.
#[derive(Default)]
pub(crate) struct Scratch {
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

    /// Bytes of a token's queries.
    pub(crate) fn query_bytes(&self) -> usize {
        self.heads * self.size * self.tile.storage.bytes()
    }

    /// Bytes of the keys, and of the values, of one head in one block.
    fn head_bytes(&self) -> usize {
        BLOCK * self.size * self.tile.storage.bytes()
    }

    /// Bytes of the keys and values of one block.
    pub(crate) fn block_bytes(&self) -> usize {
        self.heads * 2 * self.head_bytes()
    }

    /// Packs what the first layer of attention gives: of every token its queries, keys and values in f32.
    ///
    /// `queries` and `packed` are of the given blocks, whose first token is that of `projected`.
    pub(crate) fn pack(&self, projected: &[f32], blocks: &[Block], queries: &mut [u8], packed: &mut [u8]) {
        let width = self.heads * self.size;
        for (projected, queries) in
            projected.chunks_exact(3 * width).zip(queries.chunks_exact_mut(self.query_bytes()))
        {
            self.to_storage(&projected[..width], queries);
        }
        let first = blocks.first().map_or(0, |block| block.start);
        for (block, packed) in blocks.iter().zip(packed.chunks_exact_mut(self.block_bytes())) {
            let tokens = &projected[(block.start - first) * 3 * width..][..block.len * 3 * width];
            for (head, packed) in packed.chunks_exact_mut(2 * self.head_bytes()).enumerate() {
                let of_head = |part: usize| part * width + head * self.size;
                match self.tile.storage {
                    Storage::Bf16 => {
                        let packed = bytemuck::cast_slice_mut::<u8, u16>(packed);
                        self.pack_head(tokens, (of_head(1), of_head(2)), packed, half::to_bf16);
                    }
                    _ => {
                        let packed = bytemuck::cast_slice_mut::<u8, f32>(packed);
                        self.pack_head(tokens, (of_head(1), of_head(2)), packed, |value| value);
                    }
                }
            }
        }
    }

    /// Packs the keys and values of one head; `at` says where they stand in a token's numbers.
    fn pack_head<T: Pod>(&self, tokens: &[f32], at: (usize, usize), packed: &mut [T], to: impl Fn(f32) -> T) {
        let (columns, group, size) = (self.tile.columns, self.tile.group, self.size);
        packed.fill(T::zeroed());
        let (keys, values) = packed.split_at_mut(BLOCK * size);
        for (token, numbers) in tokens.chunks_exact(3 * self.heads * size).enumerate() {
            // Keys are columns: panels of tokens.
            let panel = &mut keys[token / columns * columns * size..][..columns * size];
            let place = token % columns * group;
            for (i, numbers) in numbers[at.0..at.0 + size].chunks_exact(group).enumerate() {
                let place = &mut panel[i * columns * group + place..][..group];
                place.iter_mut().zip(numbers).for_each(|(place, &number)| *place = to(number));
            }
            // Values are rows: panels of their numbers.
            let place = token / group * columns * group + token % group;
            for (panel, numbers) in numbers[at.1..at.1 + size].chunks_exact(columns).enumerate() {
                let panel = &mut values[panel * BLOCK * columns + place..];
                panel.iter_mut().step_by(group).zip(numbers).for_each(|(place, &number)| *place = to(number));
            }
        }
    }

    fn to_storage(&self, x: &[f32], stored: &mut [u8]) {
        match self.tile.storage {
            Storage::Bf16 => (self.kernels.vectors.to_bf16)(x, bytemuck::cast_slice_mut(stored)),
            _ => stored.copy_from_slice(bytemuck::cast_slice(x)),
        }
    }

    /// Sets `context` to what the tokens of the given blocks attend to.
    ///
    /// `queries` and `context` are of these blocks; `packed` holds the keys and values of all blocks of the batch.
    pub(crate) fn attend(
        &self,
        blocks: &[Block],
        queries: &[u8],
        packed: &[u8],
        context: &mut [f32],
        scratch: &mut Scratch,
    ) {
        scratch.scores.resize(self.tile.rows * SCORED);
        scratch.stored.resize(self.tile.rows * SCORED * self.tile.storage.bytes());
        scratch.zeros.resize(self.size.max(self.tile.columns));
        context.fill(0.0);
        let width = self.width();
        let first = blocks.first().map_or(0, |block| block.start);
        for block in blocks {
            for part in parts(block.len, self.tile.rows) {
                let start = block.start - first + part.start;
                let queries = &queries[start * self.query_bytes()..][..part.len() * self.query_bytes()];
                let context = &mut context[start * width..][..part.len() * width];
                for head in 0..self.heads {
                    let task = Task { block, queries, count: part.len(), head };
                    self.attend_head(&task, packed, context, scratch);
                }
            }
        }
    }

    fn attend_head(&self, task: &Task<'_>, packed: &[u8], context: &mut [f32], scratch: &mut Scratch) {
        let mut states = [Softmax::default(); MAX_TILE_ROWS];
        let states = &mut states[..task.count];
        let own = task.head * self.size..(task.head + 1) * self.size;
        let row = &packed[task.block.first_of_row * self.block_bytes()..];
        let mut scored = 0;
        while scored < task.block.row_len {
            let keys = (task.block.row_len - scored).min(SCORED);
            let blocks = row[scored / BLOCK * self.block_bytes()..].chunks_exact(self.block_bytes());
            let blocks = blocks.take(keys.div_ceil(BLOCK));
            self.score(task, blocks.clone(), scratch);
            let padded = keys.next_multiple_of(BLOCK);
            let scores = scratch.scores.as_mut_slice().chunks_exact_mut(SCORED);
            let contexts = context.chunks_exact_mut(self.width());
            for ((scores, state), context) in scores.zip(states.iter_mut()).zip(contexts) {
                let factor = (self.kernels.vectors.softmax)(&mut scores[..padded], keys, state);
                // The first factor is that of a context of zeros.
                if scored > 0 && factor != 1.0 {
                    let zeros = &scratch.zeros.as_slice()[..self.size];
                    (self.kernels.vectors.scale_add)(&mut context[own.clone()], factor, zeros);
                }
            }
            self.weigh(task, blocks, context, scratch);
            scored += keys;
        }
        for (state, context) in states.iter().zip(context.chunks_exact_mut(self.width())) {
            let zeros = &scratch.zeros.as_slice()[..self.size];
            (self.kernels.vectors.scale_add)(&mut context[own.clone()], 1.0 / state.sum, zeros);
        }
    }

    /// Sets the scores to the products of the queries with the keys of blocks.
    fn score<'a>(&self, task: &Task<'_>, blocks: impl Iterator<Item = &'a [u8]>, scratch: &mut Scratch) {
        let queries = Rows {
            bytes: &task.queries[task.head * self.size * self.tile.storage.bytes()..],
            stride: self.query_bytes(),
            count: task.count,
        };
        let columns = self.tile.columns;
        let panel_bytes = columns * self.size * self.tile.storage.bytes();
        for (block, packed) in blocks.enumerate() {
            let keys = &packed[task.head * 2 * self.head_bytes()..][..self.head_bytes()];
            for (panel, keys) in keys.chunks_exact(panel_bytes).enumerate() {
                (self.tile.run)(queries, keys, &mut scratch.sums.0);
                let target = Target {
                    numbers: &mut scratch.scores.as_mut_slice()[block * BLOCK + panel * columns..],
                    stride: SCORED,
                    rows: task.count,
                };
                let zeros = &scratch.zeros.as_slice()[..columns];
                (self.kernels.vectors.finish)(&scratch.sums.0, zeros, Activation::None, target);
            }
        }
    }

    /// Adds to the context the values of blocks, weighted by the scores.
    fn weigh<'a>(
        &self,
        task: &Task<'_>,
        blocks: impl Iterator<Item = &'a [u8]>,
        context: &mut [f32],
        scratch: &mut Scratch,
    ) {
        let (columns, bytes) = (self.tile.columns, self.tile.storage.bytes());
        let panel_bytes = columns * BLOCK * bytes;
        let scores = scratch.scores.as_slice()[..task.count * SCORED].chunks_exact(SCORED);
        for (scores, stored) in scores.zip(scratch.stored.as_mut_slice().chunks_exact_mut(SCORED * bytes)) {
            self.to_storage(scores, stored);
        }
        for (block, packed) in blocks.enumerate() {
            let weights = Rows {
                bytes: &scratch.stored.as_slice()[block * BLOCK * bytes..],
                stride: SCORED * bytes,
                count: task.count,
            };
            let values = &packed[(task.head * 2 + 1) * self.head_bytes()..][..self.head_bytes()];
            for (panel, values) in values.chunks_exact(panel_bytes).enumerate() {
                (self.tile.run)(weights, values, &mut scratch.sums.0);
                let at = task.head * self.size + panel * columns;
                let sums = scratch.sums.0.chunks_exact(columns);
                for (context, sums) in context.chunks_exact_mut(self.width()).zip(sums) {
                    (self.kernels.vectors.scale_add)(&mut context[at..at + columns], 1.0, sums);
                }
            }
        }
    }

    fn width(&self) -> usize {
        self.heads * self.size
    }
}
