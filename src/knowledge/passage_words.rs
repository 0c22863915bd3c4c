//! The words of a passage as numbers, kept beside its vectors so that no search analyses an article.
//!
//! A number is the hash of a word with two marks; the numbers of a passage are sorted, each word once. Among
//! the hundred words of a passage and the ten of a question two different ones are taken for one less than
//! once in a million questions.

use super::analysis::{Part, joined};

/// Bytes of a number.
const NUMBER_BYTES: usize = size_of::<u32>();
/// Marks a word of the passage's own text; the others stand in its title, questions or headings.
const IN_TEXT: u32 = 1;
/// Marks a word that holds a figure.
const IS_FIGURE: u32 = 2;
const MARKS: u32 = IN_TEXT | IS_FIGURE;

/// The analysed parts of an article that a passage's words come from.
pub(crate) struct PassageParts<'a> {
    /// Title, authored questions and headings.
    pub(crate) around: [&'a Part; 3],
    /// The passage's text.
    pub(crate) text: &'a Part,
}

impl PassageParts<'_> {
    /// The words as they are written to a file.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let [title, questions, heading] = self.around;
        let everywhere = joined(&[title, questions, heading, self.text]).words;
        let in_text = joined(&[self.text]).words;
        let figure = |word: &str| if has_figure(word) { IS_FIGURE } else { 0 };
        let mut numbers: Vec<u32> = everywhere.iter().map(|word| hash(word) | figure(word)).collect();
        numbers.extend(in_text.iter().map(|word| hash(word) | figure(word) | IN_TEXT));
        numbers.sort_unstable();
        numbers.dedup_by(|next, before| {
            let is_same = *next & !MARKS == *before & !MARKS;
            *before |= if is_same { *next & MARKS } else { 0 };
            is_same
        });
        numbers.into_iter().flat_map(u32::to_le_bytes).collect()
    }
}

/// The words of a passage, as they stand in a file.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PassageWords<'a>(&'a [[u8; NUMBER_BYTES]]);

impl<'a> PassageWords<'a> {
    /// Reads what [`PassageParts::to_bytes`] wrote.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes.as_chunks().0)
    }

    fn numbers(self) -> impl Iterator<Item = u32> + 'a {
        self.0.iter().map(|bytes| u32::from_le_bytes(*bytes))
    }

    /// Share of some words that stand in the passage, its title, questions or headings.
    pub(crate) fn coverage(self, words: &[String]) -> f64 {
        let stands = |word: &&String| {
            let number = hash(word);
            self.0.binary_search_by_key(&number, |bytes| u32::from_le_bytes(*bytes) & !MARKS).is_ok()
        };
        share(words.iter().filter(stands).count(), words.len())
    }

    /// What two passages' own words share, of all that are in either; in 0..1.
    pub(crate) fn share_in_common(self, other: Self) -> f64 {
        let (left, right) = (self.marked(IN_TEXT), other.marked(IN_TEXT));
        let num_common = num_common(&left, &right);
        share(num_common, left.len() + right.len() - num_common)
    }

    /// Whether the own words of two passages have the same figures.
    pub(crate) fn has_figures_of(self, other: Self) -> bool {
        self.marked(MARKS) == other.marked(MARKS)
    }

    fn marked(self, marks: u32) -> Vec<u32> {
        self.numbers().filter(|number| number & marks == marks).map(|number| number & !MARKS).collect()
    }
}

/// Numbers that two sorted lists share.
fn num_common(left: &[u32], right: &[u32]) -> usize {
    let mut right = right.iter().peekable();
    let in_right = |number: &&u32| {
        while right.next_if(|other| other < number).is_some() {}
        right.peek() == Some(number)
    };
    left.iter().filter(in_right).count()
}

fn share(part: usize, all: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a passage has few words")]
    let share = part as f64 / all.max(1) as f64;
    share
}

/// The hash of a word without marks (FNV-1a, 64 bits, folded); files hold it, so it never changes.
fn hash(word: &str) -> u32 {
    let hash = word.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    #[expect(clippy::cast_possible_truncation, reason = "the lower half of both halves together")]
    let folded = (hash ^ (hash >> 32)) as u32;
    folded & !MARKS
}

fn has_figure(word: &str) -> bool {
    word.contains(|character: char| character.is_numeric() || is_numeral(character))
}

/// Chinese numerals that stand in amounts and durations.
fn is_numeral(character: char) -> bool {
    "一二三四五六七八九十百千万两半".contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::analysis::analyse_parts;

    fn bytes(title: &str, text: &str) -> Vec<u8> {
        let parts = analyse_parts(&[title, "", "", text]);
        PassageParts { around: [&parts[0], &parts[1], &parts[2]], text: &parts[3] }.to_bytes()
    }

    fn owned(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn words_of_title_and_text_count_as_covered() {
        let bytes = bytes("Returns", "Send it back within 30 days.");
        let words = PassageWords::new(&bytes);
        assert!((words.coverage(&owned(&["return", "day", "refund", "30"])) - 0.75).abs() < 1e-9);
        assert!(words.coverage(&[]).abs() < 1e-9);
    }

    #[test]
    fn two_passages_share_their_own_words_alone() {
        let (left, right) =
            (bytes("Returns", "Refunds take ten days"), bytes("Delivery", "refunds take ten days"));
        let (left, right) = (PassageWords::new(&left), PassageWords::new(&right));
        assert!((left.share_in_common(right) - 1.0).abs() < 1e-9);
        let other = bytes("Returns", "parcels take five weeks");
        assert!((left.share_in_common(PassageWords::new(&other)) - 1.0 / 7.0).abs() < 1e-9);
    }

    #[test]
    fn thirty_days_and_fourteen_days_are_two_answers() {
        let [thirty, fourteen] = ["30天内退货", "14天内退货"].map(|text| bytes("", text));
        assert!(!PassageWords::new(&thirty).has_figures_of(PassageWords::new(&fourteen)));
        let titled = bytes("14", "30天内退货");
        assert!(PassageWords::new(&thirty).has_figures_of(PassageWords::new(&titled)));
    }

    #[test]
    fn a_file_without_words_has_nothing_in_common() {
        let none = PassageWords::new(&[1, 2, 3]);
        assert!(none.coverage(&owned(&["word"])).abs() < 1e-9 && none.share_in_common(none).abs() < 1e-9);
    }
}
