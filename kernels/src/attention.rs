//! Attention over the rows of a ragged batch, on the same kernels as the linear layers.
//!
//! Keys and values of a row are kept in blocks of [`BLOCK`] tokens, packed like weights, so that the scores of a
//! few queries are a product with a block of keys, and the context is one with a block of values. The softmax goes
//! over [`SCORED`] keys at a time and corrects what it has when a larger score comes.

use crate::{
    arch::{Activation, Kernels, MAX_TILE_ROWS, Rows, SCORED, Softmax, Storage, Target, Tile},
    buffer::Aligned,
    linear::{Sums, Tiles},
};

/// Tokens whose keys and values are packed together.
pub(crate) const BLOCK: usize = 32;

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

    /// The same in units of four bytes.
    fn head_units(&self) -> usize {
        self.head_bytes() / 4
    }

    /// Bytes of the keys and values of one block.
    pub(crate) fn block_bytes(&self) -> usize {
        self.heads * 2 * self.head_bytes()
    }

    /// Packs what the first layer of attention gives: of every token its queries, keys and values in f32.
    ///
    /// `queries` and `packed` are of the given blocks, whose first token is that of `projected`.
    pub(crate) fn pack(
        &self,
        projected: &[f32],
        blocks: &[Block],
        (queries, packed): (&mut [u8], &mut [u8]),
        scratch: &mut Scratch,
    ) {
        let row = self.query_bytes();
        scratch.stored.resize(BLOCK * 3 * row);
        let mut projected = projected.chunks_exact(3 * self.width());
        let mut queries = queries.chunks_exact_mut(row);
        for (block, packed) in blocks.iter().zip(packed.chunks_exact_mut(self.block_bytes())) {
            let stored = &mut scratch.stored.as_mut_slice()[..block.len * 3 * row];
            for (stored, (projected, queries)) in
                stored.chunks_exact_mut(3 * row).zip(projected.by_ref().zip(&mut queries))
            {
                self.to_storage(projected, stored);
                queries.copy_from_slice(&stored[..row]);
            }
            let tokens: &[u32] = bytemuck::cast_slice(stored);
            let packed = bytemuck::cast_slice_mut::<u8, u32>(packed);
            for (head, packed) in packed.chunks_exact_mut(2 * self.head_units()).enumerate() {
                self.pack_head(tokens, head, packed);
            }
        }
    }

    /// Packs the keys and values of one head, in units of four bytes: one f32, or two bfloat16.
    fn pack_head(&self, tokens: &[u32], head: usize, packed: &mut [u32]) {
        let columns = self.tile.columns;
        let size = self.head_units() / BLOCK;
        let width = self.heads * size;
        let (keys, values) = packed.split_at_mut(BLOCK * size);
        if tokens.len() < BLOCK * 3 * width {
            // What stands behind the last token is multiplied by weights of zero, so it has to be finite.
            keys.fill(0);
            values.fill(0);
        }
        // Keys are columns: panels of tokens.
        for (token, units) in tokens.chunks_exact(3 * width).enumerate() {
            let panel = &mut keys[token / columns * columns * size..][..columns * size];
            let place = token % columns;
            let units = &units[width + head * size..][..size];
            panel.chunks_exact_mut(columns).zip(units).for_each(|(row, &unit)| row[place] = unit);
        }
        // Values are rows: panels of their numbers.
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
            for part in Tiles::new(block.len, self.tile.rows).iter() {
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
            (self.kernels.vectors.softmax)(scratch.scores.as_mut_slice(), keys, states);
            for (state, context) in states.iter().zip(context.chunks_exact_mut(self.width())) {
                if scored > 0 && state.factor != 1.0 {
                    let zeros = &scratch.zeros.as_slice()[..self.size];
                    (self.kernels.vectors.scale_add)(&mut context[own.clone()], state.factor, zeros);
                }
            }
            self.weigh(task, blocks, keys, context, scratch);
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
                (self.tile.run)(&queries, keys, &[], &mut scratch.sums.0);
                let mut target = Target {
                    numbers: &mut scratch.scores.as_mut_slice()[block * BLOCK + panel * columns..],
                    stride: SCORED,
                    rows: task.count,
                };
                let zeros = &scratch.zeros.as_slice()[..columns];
                (self.kernels.vectors.finish)(&scratch.sums.0, zeros, Activation::None, &mut target);
            }
        }
    }

    /// Adds to the context the values of blocks, weighted by the scores.
    fn weigh<'a>(
        &self,
        task: &Task<'_>,
        blocks: impl Iterator<Item = &'a [u8]>,
        keys: usize,
        context: &mut [f32],
        scratch: &mut Scratch,
    ) {
        let (columns, bytes) = (self.tile.columns, self.tile.storage.bytes());
        let panel_bytes = columns * BLOCK * bytes;
        let scores = scratch.scores.as_slice()[..task.count * SCORED].chunks_exact(SCORED);
        for (scores, stored) in scores.zip(scratch.stored.as_mut_slice().chunks_exact_mut(SCORED * bytes)) {
            let padded = keys.next_multiple_of(BLOCK);
            self.to_storage(&scores[..padded], &mut stored[..padded * bytes]);
        }
        for (block, packed) in blocks.enumerate() {
            let weights = Rows {
                bytes: &scratch.stored.as_slice()[block * BLOCK * bytes..],
                stride: SCORED * bytes,
                count: task.count,
            };
            let values = &packed[(task.head * 2 + 1) * self.head_bytes()..][..self.head_bytes()];
            for (panel, values) in values.chunks_exact(panel_bytes).enumerate() {
                (self.tile.run)(&weights, values, &[], &mut scratch.sums.0);
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
