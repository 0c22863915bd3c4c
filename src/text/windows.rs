//! Cuts long token sequences into windows at sentence borders.

use std::ops::Range;

/// Cuts `num_tokens` tokens into windows of at most `max_tokens`, ending each at the last border
/// that fits, or hard where a sentence alone is longer.
///
/// `borders` are positions after which a sentence ends (token indices, rising). When there would
/// be more than `max_windows`, the first ones and the last one are kept (the first alone when there
/// may be only one): requests stand at the start or at the end of a long e-mail.
pub fn cut(num_tokens: usize, borders: &[usize], max_tokens: usize, max_windows: usize) -> Vec<Range<usize>> {
    debug_assert!(max_tokens > 0 && max_windows > 0, "a window holds something");
    let mut windows = Vec::new();
    let mut start = 0;
    while num_tokens - start > max_tokens {
        let limit = start + max_tokens;
        let fitting = borders.partition_point(|&border| border <= limit);
        // A border in the first half would make tiny windows; cut hard instead.
        let end = match borders[..fitting].last() {
            Some(&border) if border > start + max_tokens / 2 => border,
            _ => limit,
        };
        windows.push(start..end);
        start = end;
    }
    if start < num_tokens || windows.is_empty() {
        windows.push(start..num_tokens);
    }
    if windows.len() > max_windows {
        let last = windows.pop().filter(|_| max_windows > 1);
        windows.truncate(max_windows - usize::from(last.is_some()));
        windows.extend(last);
    }
    windows
}

#[cfg(test)]
#[expect(clippy::single_range_in_vec_init, reason = "one window is what is meant")]
mod tests {
    use super::*;

    #[test]
    fn short_text_is_one_window() {
        assert_eq!(cut(10, &[], 256, 4), [0..10]);
        assert_eq!(cut(256, &[100, 200], 256, 4), [0..256]);
        assert_eq!(cut(0, &[], 256, 4), [0..0]);
    }

    #[test]
    fn windows_end_at_sentence_borders() {
        assert_eq!(cut(25, &[4, 9, 14, 21], 10, 9), [0..9, 9..19, 19..25]);
        assert_eq!(cut(25, &[8, 16, 24], 10, 9), [0..8, 8..16, 16..25]);
    }

    #[test]
    fn windows_cover_everything_once_unless_there_are_too_many() {
        for num_tokens in 0..200 {
            let borders: Vec<usize> = (1..num_tokens).filter(|index| index % 7 == 3).collect();
            let windows = cut(num_tokens, &borders, 16, usize::MAX);
            let mut next = 0;
            for window in &windows {
                assert_eq!(window.start, next);
                assert!(window.len() <= 16);
                next = window.end;
            }
            assert_eq!(next, num_tokens);
        }
    }

    #[test]
    fn the_first_and_the_last_window_are_kept() {
        assert_eq!(cut(50, &[], 10, 3), [0..10, 10..20, 40..50]);
        assert_eq!(cut(50, &[], 10, 1), [0..10]);
    }
}
