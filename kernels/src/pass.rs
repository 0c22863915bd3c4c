//! One forward pass over a ragged batch.
//!
//! A stage is what one token's layer needs no other token for: from the attention of one layer to the queries,
//! keys and values of the next. Between stages all threads meet. The tokens of a stage are worked off in parts of
//! about [`PART`] tokens, so that what one part makes stays in the second-level cache.

use std::{num::NonZeroUsize, ops::Range};

use crate::{
    arch::Activation,
    attention::{self, BLOCK, Block},
    bert::Bert,
    buffer::Aligned,
    linear::Operand,
};

/// Tokens that are taken through a stage together.
const PART: usize = 128;

/// The memory of a pass.
#[derive(Default)]
pub(crate) struct Pass {
    blocks: Vec<Block>,
    /// First token of every row, and the number of all tokens.
    starts: Vec<usize>,
    states: Aligned<f32>,
    queries: Aligned<u8>,
    /// Keys and values: those that are read, and those that are made.
    packed: [Aligned<u8>; 2],
    scratch: Vec<Scratch>,
}

/// The memory of a thread.
#[derive(Default)]
struct Scratch {
    attention: attention::Scratch,
    projected: Aligned<f32>,
    context: Aligned<f32>,
    inner: Aligned<f32>,
    operand: Operand,
}

/// The states of the last layer.
pub struct States<'a> {
    numbers: &'a [f32],
    starts: &'a [usize],
    width: usize,
}

impl States<'_> {
    /// The states of a row's tokens, one after the other.
    ///
    /// # Panics
    /// When the batch has no such row.
    pub fn row(&self, number: usize) -> &[f32] {
        &self.numbers[self.starts[number] * self.width..self.starts[number + 1] * self.width]
    }
}

/// A run of blocks and all that is theirs alone.
struct Part<'a> {
    blocks: &'a [Block],
    states: &'a mut [f32],
    queries: &'a mut [u8],
    /// Keys and values that are made.
    packed: &'a mut [u8],
    scratch: &'a mut [Scratch],
}

impl Part<'_> {
    fn num_tokens(&self) -> usize {
        self.blocks.iter().map(|block| block.len).sum()
    }
}

/// What every part of a stage reads.
struct Stage<'a> {
    bert: &'a Bert,
    rows: &'a [&'a [u32]],
    starts: &'a [usize],
    /// The layer whose attention comes first; `None` before the first layer.
    layer: Option<usize>,
    /// Keys and values of that layer.
    packed: &'a [u8],
}

impl Pass {
    /// Computes the states of rows.
    pub(crate) fn run(&mut self, bert: &Bert, rows: &[&[u32]], cores: NonZeroUsize) {
        self.lay_out(rows);
        let (config, num_tokens) = (bert.config, self.starts.last().copied().unwrap_or(0));
        self.states.resize(num_tokens * config.width);
        self.queries.resize(num_tokens * bert.attention.query_bytes());
        for packed in &mut self.packed {
            packed.resize(self.blocks.len() * bert.attention.block_bytes());
        }
        let cores = cores.get().min(self.blocks.len()).max(1);
        self.scratch.resize_with(cores.max(self.scratch.len()), Scratch::default);
        for layer in std::iter::once(None).chain((0..config.layers).map(Some)) {
            let [read, made] = &mut self.packed;
            let stage = Stage { bert, rows, starts: &self.starts, layer, packed: read.as_slice() };
            stage.run(Part {
                blocks: &self.blocks,
                states: self.states.as_mut_slice(),
                queries: self.queries.as_mut_slice(),
                packed: made.as_mut_slice(),
                scratch: &mut self.scratch[..cores],
            });
            self.packed.swap(0, 1);
        }
    }

    /// The states that the last run computed.
    pub(crate) fn states(&self, width: usize) -> States<'_> {
        States { numbers: self.states.as_slice(), starts: &self.starts, width }
    }

    /// Lays the rows' tokens one after the other and cuts them into blocks.
    fn lay_out(&mut self, rows: &[&[u32]]) {
        self.blocks.clear();
        self.starts.clear();
        let mut start = 0;
        for row in rows {
            self.starts.push(start);
            let first_of_row = self.blocks.len();
            for at in (0..row.len()).step_by(BLOCK) {
                let len = (row.len() - at).min(BLOCK);
                self.blocks.push(Block { start: start + at, len, first_of_row, row_len: row.len() });
            }
            start += row.len();
        }
        self.starts.push(start);
    }
}

impl Stage<'_> {
    /// Works a part off: on as many threads as it has scratch memory, each in smaller parts.
    fn run(&self, part: Part<'_>) {
        if part.scratch.len() > 1 && part.blocks.len() > 1 {
            let first = part.scratch.len() / 2;
            let goal = part.num_tokens() * first / part.scratch.len();
            let (left, right) = self.split(part, goal, first);
            rayon::join(|| self.run(left), || self.run(right));
            return;
        }
        let mut rest = part;
        while rest.num_tokens() > PART && rest.blocks.len() > 1 {
            let number = rest.num_tokens().div_ceil(PART);
            let goal = rest.num_tokens() / number;
            let scratch = std::mem::take(&mut rest.scratch);
            let (mut part, later) = self.split(rest, goal, 0);
            part.scratch = &mut *scratch;
            self.run_part(part);
            rest = Part { scratch, ..later };
        }
        self.run_part(rest);
    }

    /// Splits a part where it has about `tokens` tokens, with `scratch` of its scratch memory for the first half.
    fn split<'a>(&self, part: Part<'a>, tokens: usize, scratch: usize) -> (Part<'a>, Part<'a>) {
        let mut len = part.blocks[0].len;
        let mut blocks = 1;
        // A block goes to the side where more of it lies.
        while blocks + 1 < part.blocks.len() && len + part.blocks[blocks].len / 2 < tokens {
            len += part.blocks[blocks].len;
            blocks += 1;
        }
        let attention = &self.bert.attention;
        let (first_blocks, blocks_left) = part.blocks.split_at(blocks);
        let (states, states_left) = part.states.split_at_mut(len * self.bert.config.width);
        let (queries, queries_left) = part.queries.split_at_mut(len * attention.query_bytes());
        let (packed, packed_left) = part.packed.split_at_mut(blocks * attention.block_bytes());
        let (scratch, scratch_left) = part.scratch.split_at_mut(scratch);
        (
            Part { blocks: first_blocks, states, queries, packed, scratch },
            Part {
                blocks: blocks_left,
                states: states_left,
                queries: queries_left,
                packed: packed_left,
                scratch: scratch_left,
            },
        )
    }

    fn run_part(&self, part: Part<'_>) {
        let Part { blocks, states, queries, packed, scratch } = part;
        let Some(scratch) = scratch.first_mut() else { return };
        let next = match self.layer {
            None => {
                self.embed(blocks, states, scratch);
                0
            }
            Some(layer) => {
                self.layer(layer, blocks, states, queries, scratch);
                layer + 1
            }
        };
        let bert = self.bert;
        let Some(next) = bert.layers.get(next) else { return };
        let num_tokens = states.len() / bert.config.width;
        scratch.projected.resize(num_tokens * next.projection.outputs());
        next.projection.store(bert.kernels, states, &mut scratch.operand);
        let projected = scratch.projected.as_mut_slice();
        next.projection.forward(bert.kernels, &scratch.operand, Activation::None, projected);
        bert.attention.pack(projected, blocks, (queries, packed), &mut scratch.attention);
    }

    fn embed(&self, blocks: &[Block], states: &mut [f32], scratch: &mut Scratch) {
        let (bert, width) = (self.bert, self.bert.config.width);
        let mut states = states.chunks_exact_mut(width);
        scratch.context.resize(width);
        let zeros = scratch.context.as_mut_slice();
        zeros.fill(0.0);
        for block in blocks {
            let row = self.starts.partition_point(|&start| start <= block.start) - 1;
            let positions: Range<usize> =
                block.start - self.starts[row]..block.start - self.starts[row] + block.len;
            for (position, state) in positions.zip(&mut states) {
                bert.embed(self.rows[row][position], position, state);
                bert.embedded.add(bert.kernels, state, zeros);
            }
        }
    }

    fn layer(
        &self,
        number: usize,
        blocks: &[Block],
        states: &mut [f32],
        queries: &[u8],
        scratch: &mut Scratch,
    ) {
        let (bert, kernels) = (self.bert, self.bert.kernels);
        let layer = &bert.layers[number];
        let num_tokens = states.len() / bert.config.width;
        let Scratch { attention, projected, context, inner, operand } = scratch;
        context.resize(states.len());
        projected.resize(states.len());
        inner.resize(num_tokens * bert.config.inner);
        let (context, projected) = (context.as_mut_slice(), projected.as_mut_slice());
        bert.attention.attend(blocks, queries, self.packed, context, attention);
        layer.output.store(kernels, context, operand);
        layer.output.forward(kernels, operand, Activation::None, projected);
        layer.attended.add(kernels, states, projected);
        layer.up.store(kernels, states, operand);
        layer.up.forward(kernels, operand, Activation::Gelu, inner.as_mut_slice());
        layer.down.store(kernels, inner.as_slice(), operand);
        layer.down.forward(kernels, operand, Activation::None, projected);
        layer.done.add(kernels, states, projected);
    }
}
