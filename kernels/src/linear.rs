//! Linear layers whose weights were packed for a set of instructions.

use std::ops::Range;

use crate::{
    Precision,
    arch::{Activation, Kernels, Rows, Scales, Storage, TILE_LEN, Target, Tile},
    buffer::Aligned,
};

/// Largest block of the rotation before numbers are rounded to 8 bits.
///
/// In a simulation with the bundled model the vectors of 403 messages are off by 1 - cosine = 1,532e-6 on average
/// without rotation, by 317e-6 with blocks of 16, 276e-6 with 32, 246e-6 with 64, 241e-6 with 128.
const MAX_ROTATION: usize = 128;

/// The memory that takes a tile's sums.
#[repr(C, align(64))]
pub(crate) struct Sums<S>(pub(crate) [S; TILE_LEN]);

impl<S: Copy + Default> Default for Sums<S> {
    fn default() -> Self {
        Self([S::default(); TILE_LEN])
    }
}

/// How the products of a layer are computed.
enum Product {
    /// In floating point.
    Float(&'static Tile<f32>),
    /// In whole numbers.
    Whole {
        tile: &'static Tile<i32>,
        /// What one step of each column is worth.
        scales: Vec<f32>,
        /// What is taken from the sums of each column.
        excess: Vec<i32>,
        /// Numbers that are rotated together.
        block: usize,
    },
}

/// A linear layer: `y = x W^T + b`.
pub(crate) struct Linear {
    product: Product,
    /// Panels of columns, one after the other.
    panels: Aligned<u8>,
    panel_bytes: usize,
    /// Columns of a panel.
    columns: usize,
    bias: Aligned<f32>,
    /// Numbers of a row of `x`.
    inputs: usize,
}

/// Rows that were stored for a product.
#[derive(Default)]
pub(crate) struct Operand {
    bytes: Aligned<u8>,
    stride: usize,
    /// What one step of each row is worth; of whole numbers only.
    scales: Vec<f32>,
    /// Two rows that are rotated.
    rotated: Aligned<f32>,
}

impl Linear {
    /// Packs weights: `outputs × inputs` numbers, row by row, and a bias of `outputs`.
    ///
    /// Both sizes are multiples of 64.
    pub(crate) fn pack(
        kernels: &'static Kernels,
        precision: Precision,
        weights: &[f32],
        bias: &[f32],
    ) -> Self {
        let inputs = weights.len() / bias.len();
        let mut aligned_bias = Aligned::zeroed(bias.len());
        aligned_bias.as_mut_slice().copy_from_slice(bias);
        let float = match precision {
            Precision::Int8 => None,
            Precision::Bf16 => Some(kernels.bf16.as_ref().unwrap_or(&kernels.f32)),
            Precision::F32 => Some(&kernels.f32),
        };
        let (product, columns, panels) = if let Some(tile) = float {
            let group = Group { inputs, columns: tile.columns, size: tile.group };
            let panels = match tile.storage {
                Storage::Bf16 => {
                    let bits: Vec<u16> = weights.iter().map(|&weight| crate::half::to_bf16(weight)).collect();
                    group.pack(&bits)
                }
                _ => group.pack(weights),
            };
            (Product::Float(tile), tile.columns, panels)
        } else {
            let tile = &kernels.int8;
            let block = rotation(inputs);
            let (steps, scales, sums) = quantised(kernels, weights, inputs, block);
            let offset = i32::from(tile.storage == Storage::U8) * 128;
            let excess = sums.iter().map(|sum| sum * offset).collect();
            let panels = Group { inputs, columns: tile.columns, size: tile.group }.pack(&steps);
            (Product::Whole { tile, scales, excess, block }, tile.columns, panels)
        };
        let panel_bytes = panels.as_slice().len() / (bias.len() / columns);
        Self { product, panels, panel_bytes, columns, bias: aligned_bias, inputs }
    }

    /// Numbers of a row of the result.
    pub(crate) fn outputs(&self) -> usize {
        self.bias.as_slice().len()
    }

    /// Stores rows of `x` for this layer and for others of the same inputs.
    pub(crate) fn store(&self, kernels: &Kernels, x: &[f32], operand: &mut Operand) {
        let count = x.len() / self.inputs;
        operand.stride = self.inputs
            * match self.product {
                Product::Float(tile) => tile.storage.bytes(),
                Product::Whole { tile, .. } => tile.storage.bytes(),
            };
        operand.bytes.resize(count * operand.stride);
        let rows = x.chunks_exact(self.inputs);
        let stored = operand.bytes.as_mut_slice().chunks_exact_mut(operand.stride);
        match &self.product {
            Product::Float(tile) if tile.storage == Storage::Bf16 => {
                for (x, stored) in rows.zip(stored) {
                    (kernels.vectors.to_bf16)(x, bytemuck::cast_slice_mut(stored));
                }
            }
            Product::Float(_) => {
                for (x, stored) in rows.zip(stored) {
                    stored.copy_from_slice(bytemuck::cast_slice(x));
                }
            }
            Product::Whole { tile, block, .. } => {
                operand.scales.clear();
                operand.rotated.resize(2 * self.inputs);
                let (mut next, mut rotated) = operand.rotated.as_mut_slice().split_at_mut(self.inputs);
                let mut rows = rows;
                let mut rotate_to =
                    |to: &mut [f32]| rows.next().map(|x| (kernels.vectors.rotate)(x, to, *block));
                // A row is rounded when the next one was rotated: its steps follow from its largest number, for which
                // the processor would have to wait.
                let mut largest = rotate_to(rotated);
                for stored in stored {
                    let Some(of_this) = largest else { break };
                    largest = rotate_to(next);
                    let scale = (kernels.vectors.round)(rotated, of_this, stored, tile.storage);
                    operand.scales.push(scale);
                    std::mem::swap(&mut next, &mut rotated);
                }
            }
        }
    }

    /// Sets `y` to the layer's rows for the rows of `x` that were stored.
    pub(crate) fn forward(&self, kernels: &Kernels, x: &Operand, activation: Activation, y: &mut [f32]) {
        let outputs = self.outputs();
        let count = y.len() / outputs;
        let bias = self.bias.as_slice();
        let all_panels = self.panels.as_slice();
        let panels = all_panels.chunks_exact(self.panel_bytes).enumerate();
        // While a panel is worked through, the next one comes from the third-level cache, a share a tile. One tile
        // alone takes no longer than the processor's own prefetching, which this would hinder.
        let next = |panel: usize, tiles: &Tiles, tile: usize| match tiles.number {
            1 => &[][..],
            number => {
                let share = self.panel_bytes / number;
                all_panels
                    .get((panel + 1) * self.panel_bytes + tile * share..)
                    .map_or(&[][..], |rest| &rest[..share.min(rest.len())])
            }
        };
        let rows = |part: &Range<usize>| Rows {
            bytes: &x.bytes.as_slice()[part.start * x.stride..part.end * x.stride],
            stride: x.stride,
            count: part.len(),
        };
        match &self.product {
            Product::Float(tile) => {
                let tiles = Tiles::new(count, tile.rows);
                let mut sums = Sums::default();
                for (panel, weights) in panels {
                    let column = panel * self.columns;
                    for (number, part) in tiles.iter().enumerate() {
                        (tile.run)(&rows(&part), weights, next(panel, &tiles, number), &mut sums.0);
                        let bias = &bias[column..column + self.columns];
                        (kernels.vectors.finish)(
                            &sums.0,
                            bias,
                            activation,
                            &mut target(y, outputs, &part, column),
                        );
                    }
                }
            }
            Product::Whole { tile, scales, excess, .. } => {
                let tiles = Tiles::new(count, tile.rows);
                let mut sums = Sums::default();
                for (panel, weights) in panels {
                    let columns = panel * self.columns..(panel + 1) * self.columns;
                    for (number, part) in tiles.iter().enumerate() {
                        (tile.run)(&rows(&part), weights, next(panel, &tiles, number), &mut sums.0);
                        let scales = Scales {
                            rows: &x.scales[part.clone()],
                            columns: &scales[columns.clone()],
                            excess: &excess[columns.clone()],
                        };
                        let (bias, mut target) =
                            (&bias[columns.clone()], target(y, outputs, &part, columns.start));
                        (kernels.vectors.finish_scaled)(&sums.0, &scales, bias, activation, &mut target);
                    }
                }
            }
        }
    }
}

/// Where the numbers of a tile go in rows of `outputs` numbers.
fn target<'a>(y: &'a mut [f32], outputs: usize, part: &Range<usize>, column: usize) -> Target<'a> {
    Target {
        numbers: &mut y[part.start * outputs + column..part.end * outputs],
        stride: outputs,
        rows: part.len(),
    }
}

/// Rows in tiles whose numbers of rows differ by at most one.
pub(crate) struct Tiles {
    count: usize,
    /// Number of tiles.
    pub(crate) number: usize,
}

impl Tiles {
    /// `count` rows in tiles of at most `most` rows.
    pub(crate) fn new(count: usize, most: usize) -> Self {
        Self { count, number: count.div_ceil(most) }
    }

    /// The rows of each tile.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Range<usize>> + use<> {
        let divisor = self.number.max(1);
        let (least, more) = (self.count / divisor, self.count % divisor);
        let mut start = 0;
        (0..self.number).map(move |tile| {
            let end = start + least + usize::from(tile < more);
            std::mem::replace(&mut start, end)..end
        })
    }
}

/// Numbers that are rotated together: the largest power of two that divides the row, to [`MAX_ROTATION`].
fn rotation(inputs: usize) -> usize {
    (1 << inputs.trailing_zeros()).min(MAX_ROTATION)
}

/// Rotates every row and rounds it to whole numbers in -127..=127; gives also what one step is worth and the
/// row's sum.
fn quantised(
    kernels: &Kernels,
    weights: &[f32],
    inputs: usize,
    block: usize,
) -> (Vec<i8>, Vec<f32>, Vec<i32>) {
    let mut steps = vec![0i8; weights.len()];
    let (mut scales, mut sums) = (Vec::new(), Vec::new());
    let mut rotated = Aligned::zeroed(inputs);
    let rotated = rotated.as_mut_slice();
    for (row, steps) in weights.chunks_exact(inputs).zip(steps.chunks_exact_mut(inputs)) {
        let largest = (kernels.vectors.rotate)(row, rotated, block);
        let bytes = bytemuck::cast_slice_mut(steps);
        let step = (kernels.vectors.round)(rotated, largest, bytes, Storage::I8);
        // Both sides of a product are rotated, so it is `block` times as large.
        scales.push(step / block as f32);
        sums.push(steps.iter().map(|&step| i32::from(step)).sum());
    }
    (steps, scales, sums)
}

/// The layout of a panel; see [`Tile`].
pub(crate) struct Group {
    /// Numbers of a column.
    pub(crate) inputs: usize,
    /// Columns of a panel.
    pub(crate) columns: usize,
    /// Neighbouring numbers of a column that stand together.
    pub(crate) size: usize,
}

impl Group {
    /// Packs `outputs × inputs` numbers to panels `[inputs / size][columns][size]`.
    pub(crate) fn pack<T: bytemuck::Pod>(&self, weights: &[T]) -> Aligned<u8> {
        let mut packed = Aligned::<u8>::zeroed(size_of_val(weights));
        let panels = bytemuck::cast_slice_mut::<u8, T>(packed.as_mut_slice());
        let of_panel = self.columns * self.inputs;
        for (panel, rows) in panels.chunks_exact_mut(of_panel).zip(weights.chunks_exact(of_panel)) {
            for (column, row) in rows.chunks_exact(self.inputs).enumerate() {
                for (group, numbers) in row.chunks_exact(self.size).enumerate() {
                    let at = (group * self.columns + column) * self.size;
                    panel[at..at + self.size].copy_from_slice(numbers);
                }
            }
        }
        packed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_are_as_equal_as_can_be() {
        let tiles: Vec<_> = Tiles::new(13, 6).iter().collect();
        assert_eq!(tiles, [0..5, 5..9, 9..13]);
        assert_eq!(Tiles::new(12, 12).iter().count(), 1);
        assert_eq!(Tiles::new(0, 12).iter().count(), 0);
    }

    #[test]
    fn rotations_divide_the_row() {
        assert_eq!([rotation(384), rotation(1536), rotation(64), rotation(192)], [128, 128, 64, 64]);
    }
}
