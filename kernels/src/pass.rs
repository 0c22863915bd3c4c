//! One forward pass over a ragged batch.
//!
//! A stage is what one token's layer needs no other token for: from the attention of one layer to the queries,
//! keys and values of the next. Between stages all threads meet. The tokens of a stage are worked off in parts of
//! about [`PART`] tokens, so that what one part makes stays in the second-level cache. A token's numbers do not
//! depend on the part that it is in, nor on the rest of the batch.

use std::{num::NonZeroUsize, ops::Range};

use crate::{arch::Activation, attention, bert::Bert, buffer::Aligned, linear::Operand};

/// Tokens that are taken through a stage together.
const PART: usize = 128;

/// The memory of a pass.
#[derive(Default)]
pub(crate) struct Pass {
    /// First token of every row, and the number of all tokens.
    starts: Vec<usize>,
    states: Aligned<f32>,
    /// Queries, keys and values of every token: those that are read, and those that are made.
    projected: [Aligned<u8>; 2],
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

/// A run of tokens and all that is theirs alone.
struct Part<'a> {
    tokens: Range<usize>,
    states: &'a mut [f32],
    /// Queries, keys and values that are made.
    made: &'a mut [u8],
    scratch: &'a mut [Scratch],
}

/// What every part of a stage reads.
struct Stage<'a> {
    bert: &'a Bert,
    rows: &'a [&'a [u32]],
    starts: &'a [usize],
    /// The layer whose attention comes first; `None` before the first layer.
    layer: Option<usize>,
    /// Queries, keys and values of that layer.
    projected: &'a [u8],
}

impl Pass {
    /// Computes the states of rows.
    pub(crate) fn run(&mut self, bert: &Bert, rows: &[&[u32]], cores: NonZeroUsize) {
        let mut num_tokens = 0;
        self.starts.clear();
        self.starts.push(0);
        for row in rows {
            num_tokens += row.len();
            self.starts.push(num_tokens);
        }
        let config = bert.config;
        self.states.resize(num_tokens * config.width);
        for projected in &mut self.projected {
            projected.resize(num_tokens * bert.attention.token_bytes());
        }
        let cores = cores.get().min(num_tokens).max(1);
        self.scratch.resize_with(cores.max(self.scratch.len()), Scratch::default);
        for layer in std::iter::once(None).chain((0..config.layers).map(Some)) {
            let [read, made] = &mut self.projected;
            let stage = Stage { bert, rows, starts: &self.starts, layer, projected: read.as_slice() };
            stage.run(Part {
                tokens: 0..num_tokens,
                states: self.states.as_mut_slice(),
                made: made.as_mut_slice(),
                scratch: &mut self.scratch[..cores],
            });
            self.projected.swap(0, 1);
        }
    }

    /// The states that the last run computed.
    pub(crate) fn states(&self, width: usize) -> States<'_> {
        States { numbers: self.states.as_slice(), starts: &self.starts, width }
    }
}

impl Stage<'_> {
    /// Works a part off: on as many threads as it has scratch memory, each in smaller parts.
    fn run(&self, part: Part<'_>) {
        let threads = part.scratch.len();
        if threads > 1 && part.tokens.len() > 1 {
            let first = threads / 2;
            let tokens = (part.tokens.len() * first / threads).max(1);
            let (left, right) = self.split(part, tokens, first);
            rayon::join(|| self.run(left), || self.run(right));
            return;
        }
        let mut rest = part;
        while rest.tokens.len() > PART {
            let number = rest.tokens.len().div_ceil(PART);
            let tokens = rest.tokens.len() / number;
            let scratch = std::mem::take(&mut rest.scratch);
            let (mut part, later) = self.split(rest, tokens, 0);
            part.scratch = &mut *scratch;
            self.run_part(part);
            rest = Part { scratch, ..later };
        }
        self.run_part(rest);
        (self.bert.kernels.release)();
    }

    /// Splits a part after `tokens` tokens, with `scratch` of its scratch memory for the first half.
    fn split<'a>(&self, part: Part<'a>, tokens: usize, scratch: usize) -> (Part<'a>, Part<'a>) {
        let middle = part.tokens.start + tokens;
        let (states, states_left) = part.states.split_at_mut(tokens * self.bert.config.width);
        let (made, made_left) = part.made.split_at_mut(tokens * self.bert.attention.token_bytes());
        let (scratch, scratch_left) = part.scratch.split_at_mut(scratch);
        (
            Part { tokens: part.tokens.start..middle, states, made, scratch },
            Part {
                tokens: middle..part.tokens.end,
                states: states_left,
                made: made_left,
                scratch: scratch_left,
            },
        )
    }

    /// The rows that have tokens in a part: their number, and which of their own tokens these are.
    fn rows_of(&self, tokens: &Range<usize>) -> impl Iterator<Item = (usize, Range<usize>)> {
        let (start, end) = (tokens.start, tokens.end);
        let first = self.starts.partition_point(|&row| row <= start).saturating_sub(1);
        let rows = self.starts[first..].windows(2).enumerate();
        rows.take_while(move |(_, row)| row[0] < end)
            .map(move |(number, row)| (first + number, start.max(row[0]) - row[0]..end.min(row[1]) - row[0]))
    }

    fn run_part(&self, part: Part<'_>) {
        let Part { tokens, states, made, scratch } = part;
        let Some(scratch) = scratch.first_mut() else { return };
        let next = match self.layer {
            None => {
                self.embed(&tokens, states, scratch);
                0
            }
            Some(layer) => {
                self.layer(layer, &tokens, states, scratch);
                layer + 1
            }
        };
        let bert = self.bert;
        let Some(next) = bert.layers.get(next) else { return };
        scratch.projected.resize(tokens.len() * next.projection.outputs());
        next.projection.store(bert.kernels, states, &mut scratch.operand);
        let projected = scratch.projected.as_mut_slice();
        next.projection.forward(bert.kernels, &scratch.operand, Activation::None, projected);
        bert.attention.store(projected, made);
    }

    fn embed(&self, tokens: &Range<usize>, states: &mut [f32], scratch: &mut Scratch) {
        let (bert, width) = (self.bert, self.bert.config.width);
        let mut states = states.chunks_exact_mut(width);
        scratch.context.resize(width);
        let zeros = scratch.context.as_mut_slice();
        zeros.fill(0.0);
        for (row, positions) in self.rows_of(tokens) {
            for (position, state) in positions.zip(&mut states) {
                bert.embed(self.rows[row][position], position, state);
                bert.embedded.add(bert.kernels, state, zeros);
            }
        }
    }

    fn layer(&self, number: usize, tokens: &Range<usize>, states: &mut [f32], scratch: &mut Scratch) {
        let (bert, kernels, width) = (self.bert, self.bert.kernels, self.bert.config.width);
        let layer = &bert.layers[number];
        let Scratch { attention, projected, context, inner, operand } = scratch;
        context.resize(states.len());
        projected.resize(states.len());
        inner.resize(tokens.len() * bert.config.inner);
        let (context, projected) = (context.as_mut_slice(), projected.as_mut_slice());
        let mut rest = &mut *context;
        for (row, own) in self.rows_of(tokens) {
            let (context, others) = rest.split_at_mut(own.len() * width);
            rest = others;
            let bytes = bert.attention.token_bytes();
            let row = &self.projected[self.starts[row] * bytes..self.starts[row + 1] * bytes];
            bert.attention.attend(row, own, context, attention);
        }
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
