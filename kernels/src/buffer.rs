//! Memory that starts at a cache line, so that no vector load crosses two.

use std::marker::PhantomData;

use bytemuck::{Pod, Zeroable};

/// A cache line of the processors that are meant.
#[repr(C, align(64))]
#[derive(Clone, Copy, Pod, Zeroable)]
struct Line([u8; 64]);

/// A growable block of numbers that starts at a cache line.
#[derive(Clone)]
pub(crate) struct Aligned<T> {
    lines: Vec<Line>,
    len: usize,
    numbers: PhantomData<T>,
}

impl<T> Default for Aligned<T> {
    fn default() -> Self {
        Self { lines: Vec::new(), len: 0, numbers: PhantomData }
    }
}

impl<T: Pod> Aligned<T> {
    /// Zeros.
    pub(crate) fn zeroed(len: usize) -> Self {
        let mut block = Self::default();
        block.resize(len);
        block
    }

    /// Makes it `len` numbers long; what it held stays in place, what is new is zero or of an earlier use.
    ///
    /// Allocates only when it was never that long.
    pub(crate) fn resize(&mut self, len: usize) {
        let lines = (len * size_of::<T>()).div_ceil(size_of::<Line>());
        if lines > self.lines.len() {
            self.lines.resize(lines, Line::zeroed());
        }
        self.len = len;
    }

    /// The numbers.
    pub(crate) fn as_slice(&self) -> &[T] {
        &bytemuck::cast_slice(&self.lines)[..self.len]
    }

    /// The numbers, to be written.
    pub(crate) fn as_mut_slice(&mut self) -> &mut [T] {
        &mut bytemuck::cast_slice_mut(&mut self.lines)[..self.len]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_starts_at_a_cache_line() {
        for len in [1usize, 15, 16, 17, 1000] {
            let block = Aligned::<f32>::zeroed(len);
            assert_eq!(block.as_slice().len(), len);
            assert_eq!(block.as_slice().as_ptr() as usize % 64, 0);
        }
    }

    #[test]
    fn a_shorter_use_does_not_give_memory_back() {
        let mut block = Aligned::<u8>::zeroed(1000);
        let before = block.as_slice().as_ptr();
        block.resize(10);
        block.resize(1000);
        assert_eq!(block.as_slice().as_ptr(), before);
    }
}
