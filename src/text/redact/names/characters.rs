//! Sets of characters that are asked for every character of a text.

/// A set of characters, a bit each.
#[derive(Clone, Debug, Default)]
pub(super) struct Characters(Vec<u64>);

impl Characters {
    /// Whether a character is in it.
    pub(super) fn contains(&self, character: char) -> bool {
        let (word, bit) = place(character);
        self.0.get(word).is_some_and(|bits| bits >> bit & 1 == 1)
    }
}

impl FromIterator<char> for Characters {
    fn from_iter<I: IntoIterator<Item = char>>(characters: I) -> Self {
        let mut words = Vec::new();
        for (word, bit) in characters.into_iter().map(place) {
            if words.len() <= word {
                words.resize(word + 1, 0);
            }
            words[word] |= 1_u64 << bit;
        }
        Self(words)
    }
}

fn place(character: char) -> (usize, u32) {
    let number = u32::from(character);
    ((number / u64::BITS) as usize, number % u64::BITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_its_characters_and_no_others() {
        let set: Characters = "a王\u{20000}".chars().collect();
        for character in ['a', '王', '\u{20000}'] {
            assert!(set.contains(character));
        }
        for character in ['b', '玉', '\u{20001}', '\u{10ffff}', '\0'] {
            assert!(!set.contains(character));
        }
    }
}
