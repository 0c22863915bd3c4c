//! Makes characters of full width narrow.

/// A text with characters of full width made narrow, and where each byte comes from.
pub(super) struct Narrow {
    /// The narrow text.
    pub(super) text: String,
    /// Bytes of the narrow text after which it is shifted, with what to add from there on.
    shifts: Vec<(usize, usize)>,
}

impl Narrow {
    /// Makes a text narrow.
    pub(super) fn of(source: &str) -> Self {
        let mut narrow = Self { text: String::with_capacity(source.len()), shifts: Vec::new() };
        for (offset, character) in source.char_indices() {
            let folded = match character {
                '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character),
                '\u{3000}' | '\u{a0}' | '\u{2002}'..='\u{200a}' | '\u{202f}' => ' ',
                '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
                '\u{2019}' => '\'',
                _ => character,
            };
            narrow.text.push(folded);
            let shift = offset + character.len_utf8() - narrow.text.len();
            if narrow.shifts.last().map_or(0, |&(_, shift)| shift) != shift {
                narrow.shifts.push((narrow.text.len(), shift));
            }
        }
        narrow
    }

    /// The byte of the source that a byte of the narrow text comes from.
    pub(super) fn source(&self, byte: usize) -> usize {
        let at = self.shifts.partition_point(|&(from, _)| from <= byte);
        byte + at.checked_sub(1).map_or(0, |before| self.shifts[before].1)
    }
}
