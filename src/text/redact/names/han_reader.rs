//! A Chinese text by characters: which of them are surnames, words, or can be given names.

use std::ops::Range;

use super::chinese_words::{DOUBLE_SURNAMES, GOODS, SETS};
use crate::text::{fold::fold, is_han, segment};

/// A text by characters, folded to Simplified.
pub(super) struct Reader {
    /// The characters.
    pub(super) folded: Vec<char>,
    /// The byte of each character, and the text's length.
    pub(super) offsets: Vec<usize>,
}

impl Reader {
    pub(super) fn new(text: &str) -> Self {
        let folded: Vec<char> = fold(text).chars().collect();
        let mut offsets: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        offsets.push(text.len());
        Self { folded, offsets }
    }

    /// How many characters of a surname begin at a character; 0 for none.
    pub(super) fn surname(&self, at: usize) -> usize {
        // 改成赵志强: the end of a verb.
        let is_verb = self.at(at) == '成'
            && at.checked_sub(1).is_some_and(|before| "改写换变填弄做当".contains(self.at(before)));
        if is_verb {
            return 0;
        }
        let double = || DOUBLE_SURNAMES.iter().find(|double| self.has(at, double));
        let double = SETS.doubles.contains(self.at(at)).then(double).flatten();
        double
            .map_or_else(|| usize::from(SETS.surnames.contains(self.at(at))), |double| double.chars().count())
    }

    /// A character, Simplified; none after the end.
    pub(super) fn at(&self, at: usize) -> char {
        self.folded.get(at).copied().unwrap_or_default()
    }

    pub(super) fn has(&self, at: usize, word: &str) -> bool {
        word.chars().enumerate().all(|(index, character)| self.folded.get(at + index) == Some(&character))
    }

    pub(super) fn has_any(&self, at: usize, words: &[&str]) -> bool {
        words.iter().any(|word| self.has(at, word))
    }

    /// Where a text before a character ends with one of some words: where that word begins.
    pub(super) fn preceded(&self, at: usize, words: &[&str]) -> Option<usize> {
        let is_before = |(index, character): (usize, char)| {
            at.checked_sub(index + 1).and_then(|at| self.folded.get(at)) == Some(&character)
        };
        let word = words.iter().find(|word| word.chars().rev().enumerate().all(is_before))?;
        at.checked_sub(word.chars().count())
    }

    pub(super) fn is_han_at(&self, at: usize) -> bool {
        self.folded.get(at).is_some_and(|&character| is_han(character))
    }

    /// Whether a name can begin here: nothing of the same word stands before.
    pub(super) fn begins(&self, at: usize) -> bool {
        at == 0 || !self.is_han_at(at - 1) || !self.is_word(at - 1..at + 1)
    }

    /// Whether characters are a word of the dictionary that is no name.
    pub(super) fn is_word(&self, range: Range<usize>) -> bool {
        self.folded.get(range).is_some_and(|part| segment::is_common_word(&part.iter().collect::<String>()))
    }

    /// Whether a given name of some characters can stand here.
    pub(super) fn can_be_given(&self, range: Range<usize>) -> bool {
        // 段小楼, but not 段小姐.
        let is_little = |at: usize| self.at(at) == '小' && !"姐时".contains(self.at(at + 1));
        let fits = |at: usize| is_han(self.at(at)) && (!SETS.after.contains(self.at(at)) || is_little(at));
        !range.is_empty() && range.into_iter().all(fits)
    }

    /// How many of the characters of a given name are frequent in such.
    pub(super) fn frequent(&self, range: Range<usize>) -> usize {
        self.folded
            .get(range)
            .map_or(0, |part| part.iter().filter(|character| SETS.given.contains(**character)).count())
    }

    /// Whether 女士 here is of goods for women.
    pub(super) fn is_goods(&self, at: usize) -> bool {
        self.folded.get(at + 2).is_some_and(|&next| GOODS.contains(next))
    }

    pub(super) fn skip_back(&self, mut at: usize) -> usize {
        const MAX_BLANKS: usize = 3;
        for _ in 0..MAX_BLANKS {
            match at.checked_sub(1) {
                Some(before) if " :：\"“「『《(（\t".contains(self.at(before)) => at = before,
                _ => break,
            }
        }
        at
    }

    /// Whether a name is all that stands between two marks ("，徐蕾，").
    pub(super) fn is_apart(&self, at: usize, name_end: usize) -> bool {
        let is_mark = |at: Option<usize>| at.is_none_or(|at| ",，、。;；|/ \n".contains(self.at(at)));
        is_mark(at.checked_sub(1)) && is_mark(Some(name_end).filter(|&end| end < self.folded.len()))
    }

    /// Whether a dictionary knows the characters as a person's name.
    pub(super) fn is_name_word(&self, range: Range<usize>) -> bool {
        self.folded.get(range).is_some_and(|part| segment::is_name(&part.iter().collect::<String>()))
    }
}
