//! Folds Traditional Chinese characters to Simplified ones, one to one, for matching alone.
//!
//! The table `hant_to_hans.tsv` holds the first choice of OpenCC's `TSCharacters` (Apache-2.0)
//! wherever both sides are one character, so that folding never moves an offset counted in
//! characters. It is written by `models/training/make_fold_table.py`; training folds by the same
//! table.

use std::{borrow::Cow, collections::HashMap, sync::LazyLock};

/// One pair a line: Traditional, tab, Simplified.
const TABLE: &str = include_str!("hant_to_hans.tsv");
/// First code point of the dense part of the table (CJK extension A).
const DENSE_START: u32 = 0x3400;
/// The code point after the last of the dense part (end of the unified ideographs).
const DENSE_END: u32 = 0xA000;

static FOLDS: LazyLock<Folds> = LazyLock::new(Folds::read);

/// The table, laid out for lookup by character.
struct Folds {
    /// What the characters from [`DENSE_START`] on fold to.
    dense: Vec<char>,
    /// The few that lie elsewhere.
    sparse: HashMap<char, char>,
}

impl Folds {
    fn read() -> Self {
        let dense = (DENSE_START..DENSE_END).filter_map(char::from_u32).collect();
        let mut folds = Self { dense, sparse: HashMap::new() };
        for (traditional, simplified) in pairs() {
            match folds.dense.get_mut(dense_index(traditional)) {
                Some(entry) => *entry = simplified,
                None => {
                    folds.sparse.insert(traditional, simplified);
                }
            }
        }
        folds
    }

    fn character(&self, character: char) -> char {
        if u32::from(character) < DENSE_START {
            return character;
        }
        match self.dense.get(dense_index(character)) {
            Some(&folded) => folded,
            None => self.sparse.get(&character).copied().unwrap_or(character),
        }
    }
}

fn dense_index(character: char) -> usize {
    u32::from(character).wrapping_sub(DENSE_START) as usize
}

fn pairs() -> impl Iterator<Item = (char, char)> {
    TABLE.lines().filter_map(|line| {
        let (traditional, simplified) = line.split_once('\t')?;
        Some((traditional.chars().next()?, simplified.chars().next()?))
    })
}

/// Folds every Traditional character; the result has as many characters as `text`.
///
/// Nothing is allocated when nothing changes.
pub fn fold(text: &str) -> Cow<'_, str> {
    let changed = text.char_indices().find(|&(_, character)| FOLDS.character(character) != character);
    let Some((first, _)) = changed else { return Cow::Borrowed(text) };
    let (unchanged, rest) = text.split_at(first);
    let mut folded = String::with_capacity(text.len());
    folded.push_str(unchanged);
    folded.extend(rest.chars().map(|character| FOLDS.character(character)));
    Cow::Owned(folded)
}

#[cfg(test)]
mod tests {
    use ferrous_opencc::{OpenCC, config::BuiltinConfig};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn traditional_text_folds_to_simplified() {
        assert_eq!(fold("退換貨規定與步驟"), "退换货规定与步骤");
        assert_eq!(fold("訂單 A-1024 還沒發貨"), "订单 A-1024 还没发货");
    }

    #[test]
    fn text_without_traditional_characters_is_borrowed() {
        for text in ["", "Where is my parcel?", "我的订单还没发货", "🙂 ｶﾅ 한국어"] {
            assert!(matches!(fold(text), Cow::Borrowed(_)), "{text}");
        }
    }

    #[test]
    fn every_line_of_the_table_is_one_pair() {
        let count = TABLE.lines().count();
        assert!(count > 4000, "{count}");
        for line in TABLE.lines() {
            let lengths: Vec<usize> = line.split('\t').map(|side| side.chars().count()).collect();
            assert_eq!(lengths, [1, 1], "{line}");
        }
    }

    #[test]
    fn single_characters_fold_as_opencc_folds_them() {
        let opencc = OpenCC::from_config(BuiltinConfig::T2s).unwrap();
        let differences: Vec<String> = pairs()
            .map(|(traditional, simplified)| {
                (traditional, simplified, opencc.convert(&traditional.to_string()))
            })
            .filter(|(_, simplified, theirs)| *theirs != simplified.to_string())
            .map(|(traditional, simplified, theirs)| format!("{traditional}:{simplified}/{theirs}"))
            .collect();
        println!("{} differ from t2s: {}", differences.len(), differences.join(" "));
        // Chains are followed here and not there; characters outside the BMP come with versions.
        assert!(differences.len() < 40, "{} differ: {}", differences.len(), differences.join(" "));
    }

    proptest! {
        #[test]
        fn folding_keeps_the_number_of_characters_and_is_idempotent(text in "[\u{3400}-\u{9fff}a-z \u{20000}-\u{2a6df}]{0,40}") {
            let once = fold(&text).into_owned();
            prop_assert_eq!(once.chars().count(), text.chars().count());
            prop_assert_eq!(fold(&once), once.as_str());
        }
    }
}
