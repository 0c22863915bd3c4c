//! The best product that each of some vectors has with one of others, in 8-bit whole numbers.

use crate::{
    Isa,
    arch::{Kernels, Rows, Storage, TILE_LEN, Tile, kernels},
    buffer::Aligned,
    linear::{Group, Sums, Tiles},
};

/// Vectors that are packed once to be held against many others.
pub struct BestProducts {
    tile: &'static Tile<i32>,
    release: fn(),
    /// Panels of columns, one a vector; the last one is filled up with zeros.
    panels: Aligned<u8>,
    /// What is taken from the sums of each column.
    excess: Vec<i32>,
    width: usize,
    count: usize,
}

impl BestProducts {
    /// Packs vectors that stand one after the other: `width` whole numbers in -128..=127 each, two's complement.
    ///
    /// `None` when this processor does not have the instructions, or when `width` is no multiple of 64.
    pub fn pack(isa: Isa, vectors: &[u8], width: usize) -> Option<Self> {
        let Kernels { int8: tile, release, .. } = kernels(isa)?;
        if width == 0 || !width.is_multiple_of(64) {
            return None;
        }
        let count = vectors.len() / width;
        let mut columns: Vec<i8> = vectors[..count * width].iter().map(|byte| byte.cast_signed()).collect();
        columns.resize(count.next_multiple_of(tile.columns) * width, 0);
        let offset = i32::from(tile.storage == Storage::U8) * 128;
        let sum = |column: &[i8]| column.iter().map(|&number| i32::from(number)).sum::<i32>() * offset;
        let excess = columns.chunks_exact(width).map(sum).collect();
        let panels = Group { inputs: width, columns: tile.columns, size: tile.group }.pack(&columns);
        Some(Self { tile, release: *release, panels, excess, width, count })
    }

    /// The best product of each vector with one of `others`, which stand one after the other as the vectors do.
    /// Nothing when there are no others.
    pub fn with(&self, others: &[u8]) -> Vec<i32> {
        let num_others = others.len() / self.width;
        if num_others == 0 || self.count == 0 {
            return Vec::new();
        }
        let mut best = vec![i32::MIN; self.excess.len()];
        let stored = self.stored(&others[..num_others * self.width]);
        let stride = self.width * self.tile.storage.bytes();
        let columns = self.tile.columns;
        let panel_bytes = self.panels.as_slice().len() / (self.excess.len() / columns).max(1);
        let mut sums = Sums::default();
        for part in Tiles::new(num_others, self.tile.rows).iter() {
            let rows =
                Rows { bytes: &stored[part.start * stride..part.end * stride], stride, count: part.len() };
            let panels = self.panels.as_slice().chunks_exact(panel_bytes);
            for (panel, best) in panels.zip(best.chunks_exact_mut(columns)) {
                (self.tile.run)(&rows, panel, &[], &mut sums.0);
                raise(best, &sums.0, part.len());
            }
        }
        (self.release)();
        best.truncate(self.count);
        best.iter_mut().zip(&self.excess).for_each(|(best, excess)| *best -= excess);
        best
    }

    /// Vectors as the rows of a tile are stored.
    fn stored(&self, vectors: &[u8]) -> Vec<u8> {
        match self.tile.storage {
            Storage::U8 => vectors.iter().map(|byte| byte ^ 128).collect(),
            Storage::I16 => {
                vectors.iter().flat_map(|byte| i16::from(byte.cast_signed()).to_ne_bytes()).collect()
            }
            _ => vectors.to_vec(),
        }
    }
}

/// Sets each of `best` to the largest of it and its column in the rows of a tile.
fn raise(best: &mut [i32], sums: &[i32; TILE_LEN], rows: usize) {
    for row in sums.chunks_exact(best.len()).take(rows) {
        for (best, sum) in best.iter_mut().zip(row) {
            *best = (*best).max(*sum);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn product(one: &[u8], other: &[u8]) -> i32 {
        one.iter().zip(other).map(|(a, b)| i32::from(a.cast_signed()) * i32::from(b.cast_signed())).sum()
    }

    proptest! {
        #[test]
        fn every_set_finds_the_best_product(
            bytes in prop::collection::vec(any::<u8>(), 997),
            width in prop::sample::select(vec![64_usize, 128]),
            counts in (0_usize..70, 0_usize..70),
        ) {
            let bytes = |from: usize, count: usize| -> Vec<u8> {
                (from..from + count * width).map(|at| bytes[at * at % bytes.len()]).collect()
            };
            let (vectors, others) = (bytes(0, counts.0), bytes(311, counts.1));
            let best = |vector: &[u8]| others.chunks(width).map(|other| product(vector, other)).max();
            let expected: Vec<i32> = vectors.chunks(width).filter_map(best).collect();
            for isa in Isa::available() {
                let packed = BestProducts::pack(isa, &vectors, width).expect("the set is there");
                prop_assert_eq!(&packed.with(&others), &expected, "{}", isa);
            }
        }
    }

    #[test]
    fn only_whole_blocks_are_packed() {
        assert!(BestProducts::pack(Isa::Portable, &[1; 60], 60).is_none());
        assert!(BestProducts::pack(Isa::Portable, &[], 0).is_none());
    }
}
