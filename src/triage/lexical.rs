//! Hashed words and character n-grams of a message, beside the sentence vector.
//!
//! The definition is `models/training/heads.py`; `parity.json` of the model tests that both agree.

/// Buckets that features are hashed into; the rows of a lexical table.
pub const NUM_BUCKETS: usize = 1 << 13;

/// Longest word that is a feature, in characters.
const MAX_WORD_CHARS: usize = 40;

/// Character n-grams that are features.
const GRAM_CHARS: [usize; 3] = [2, 3, 4];

/// The distinct buckets of a message, rising, from its tokens as the tokenizer spells them.
pub fn buckets<S: AsRef<str>>(tokens: &[S]) -> Vec<u32> {
    let text = joined(tokens);
    let mut buckets = Vec::new();
    let mut previous: Option<&str> = None;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let word = (word.chars().count() <= MAX_WORD_CHARS).then_some(word);
        if let Some(word) = word {
            buckets.push(bucket(&["w", word]));
        }
        if let (Some(before), Some(word)) = (previous, word) {
            buckets.push(bucket(&["b", before, " ", word]));
        }
        previous = word;
    }
    let starts: Vec<usize> = text.char_indices().map(|(start, _)| start).chain([text.len()]).collect();
    for size in GRAM_CHARS {
        for window in starts.windows(size + 1) {
            buckets.push(bucket(&["c", &text[window[0]..window[size]]]));
        }
    }
    buckets.sort_unstable();
    buckets.dedup();
    buckets
}

/// The tokens as one string: `##` continues the token before, a space starts every other, and one
/// ends the string.
fn joined<S: AsRef<str>>(tokens: &[S]) -> String {
    let mut text = String::new();
    for token in tokens {
        match token.as_ref().strip_prefix("##") {
            Some(rest) => text.push_str(rest),
            None => {
                text.push(' ');
                text.push_str(token.as_ref());
            }
        }
    }
    text.push(' ');
    text
}

/// FNV-1a, 64 bits, of the parts' UTF-8 bytes, modulo the number of buckets.
fn bucket(parts: &[&str]) -> u32 {
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    for byte in parts.iter().flat_map(|part| part.bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    (hash % NUM_BUCKETS as u64) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_join_to_words() {
        assert_eq!(joined(&["refund", "##s", "now"]), " refunds now ");
        assert_eq!(joined::<&str>(&[]), " ");
    }

    #[test]
    fn fnv_is_the_published_function() {
        // Test vector of the FNV reference: FNV-1a 64 of "foobar" is 0x85944171f73967e8.
        assert_eq!(bucket(&["foo", "bar"]), (0x8594_4171_f739_67e8u64 % NUM_BUCKETS as u64) as u32);
    }
}
