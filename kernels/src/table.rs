//! The table of words, which stays where it is.

use std::ops::Deref;

use crate::{arch::Kernels, half};

/// Bytes that a table lies in: a mapped file, or memory.
pub type Bytes = Box<dyn Deref<Target = [u8]> + Send + Sync>;

/// A table of words that stays where it is: in a file that is mapped, or in memory.
///
/// Numbers are little endian; they need not lie at addresses that are multiples of their size.
pub struct Table {
    bytes: Bytes,
    start: usize,
    rows: usize,
    format: Format,
}

/// How a number of the table is stored.
#[derive(Clone, Copy)]
enum Format {
    Half,
    Brain,
    Single,
}

impl Table {
    /// The table of `rows` rows of numbers in half precision that starts at byte `start`.
    pub fn half(bytes: Bytes, start: usize, rows: usize) -> Self {
        Self { bytes, start, rows, format: Format::Half }
    }

    /// The same of bfloat16 numbers.
    pub fn brain(bytes: Bytes, start: usize, rows: usize) -> Self {
        Self { bytes, start, rows, format: Format::Brain }
    }

    /// The same of 32-bit numbers.
    pub fn single(bytes: Bytes, start: usize, rows: usize) -> Self {
        Self { bytes, start, rows, format: Format::Single }
    }

    /// Number of rows.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// Whether every row is there, `width` numbers each.
    pub(crate) fn is_whole(&self, width: usize) -> bool {
        let last = self.rows.checked_sub(1);
        last.and_then(|row| u32::try_from(row).ok()).is_some_and(|row| self.row(row, width).is_some())
    }

    /// Adds a row to `x`; one that is not there adds nothing.
    pub(crate) fn add(&self, kernels: &Kernels, id: u32, x: &mut [f32]) {
        let Some(row) = self.row(id, x.len()) else { return };
        match self.format {
            Format::Half => match bytemuck::try_cast_slice::<u8, u16>(row) {
                Ok(row) if cfg!(target_endian = "little") => (kernels.vectors.add_half)(x, row),
                _ => add_each(x, row, |bytes| half::to_f32(u16::from_le_bytes(bytes))),
            },
            Format::Brain => {
                add_each(x, row, |bytes| f32::from_bits(u32::from(u16::from_le_bytes(bytes)) << 16));
            }
            Format::Single => add_each(x, row, f32::from_le_bytes),
        }
    }

    fn row(&self, id: u32, width: usize) -> Option<&[u8]> {
        let bytes = width * if matches!(self.format, Format::Single) { 4 } else { 2 };
        let start = (id as usize).checked_mul(bytes)?.checked_add(self.start)?;
        self.bytes.get(start..)?.get(..bytes)
    }
}

/// Adds numbers of `N` bytes.
fn add_each<const N: usize>(x: &mut [f32], row: &[u8], number: impl Fn([u8; N]) -> f32) {
    let (numbers, _) = row.as_chunks::<N>();
    x.iter_mut().zip(numbers).for_each(|(x, bytes)| *x += number(*bytes));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Isa, arch};

    #[test]
    fn rows_of_every_format_have_the_same_values_at_any_address() {
        let values: Vec<f32> = (0..128).map(|number| (number as f32 - 60.0) / 8.0).collect();
        let brain = values.iter().flat_map(|value| half::to_bf16(*value).to_le_bytes());
        let single = values.iter().flat_map(|value| value.to_le_bytes());
        // All values are multiples of an eighth below 16: the cut of bfloat16 to half is exact.
        let in_half = values.iter().flat_map(|value| exact_half(*value).to_le_bytes());
        for shift in 0..4 {
            let shifted = |bytes: Vec<u8>| -> Bytes { Box::new([vec![9; shift], bytes].concat()) };
            let tables = [
                Table::half(shifted(in_half.clone().collect()), shift, 2),
                Table::brain(shifted(brain.clone().collect()), shift, 2),
                Table::single(shifted(single.clone().collect()), shift, 2),
            ];
            for isa in Isa::available() {
                let kernels = arch::kernels(isa).unwrap();
                for table in &tables {
                    assert!(table.is_whole(64) && !table.is_whole(65));
                    let mut sum = vec![1.0; 64];
                    table.add(kernels, 1, &mut sum);
                    let expected: Vec<f32> = values[64..].iter().map(|value| value + 1.0).collect();
                    assert_eq!(sum, expected);
                    table.add(kernels, 2, &mut sum);
                    assert_eq!(sum, expected, "a row that is not there");
                }
            }
        }
    }

    fn exact_half(value: f32) -> u16 {
        (0..=u16::MAX).find(|&bits| half::to_f32(bits) == value).unwrap()
    }
}
