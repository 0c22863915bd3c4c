//! Laying out text in columns; Chinese characters take two.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Characters that do not begin a line; the full-width forms by code point.
const NOT_FIRST: &str =
    "、。」』》】〉〕”’…—,.!?;:)]}%\u{FF0C}\u{FF0E}\u{FF01}\u{FF1F}\u{FF1B}\u{FF1A}\u{FF09}\u{FF05}";
/// Characters that do not end a line; the full-width forms by code point.
const NOT_LAST: &str = "「『《【〈〔“‘([{¥$€\u{FF08}\u{FFE5}";

/// Number of columns that a text takes.
pub(in crate::cli) fn width(text: &str) -> usize {
    text.width()
}

/// A text without characters that steer a terminal or turn its direction; line breaks stay.
///
/// Texts come from customers and from articles: printed as they are, they could write anything
/// anywhere on the screen.
pub(in crate::cli) fn clean(text: &str) -> String {
    let steers = |character: char| {
        character.is_control()
            || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let cleaned = text.replace("\r\n", "\n").replace('\t', "  ");
    cleaned.chars().filter(|&character| character == '\n' || !steers(character)).collect()
}

/// A text cut to a number of columns, with "…" where something is missing.
pub(super) fn shortened(text: &str, columns: usize) -> String {
    let line = clean(text).replace('\n', " ");
    if width(&line) <= columns {
        return line;
    }
    let mut cut = take(&line, columns.saturating_sub(1)).0.trim_end().to_owned();
    cut.push('…');
    cut
}

/// A text with blanks behind it up to a number of columns.
pub(super) fn padded(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// The lines of a text, none wider than `columns`; at least one.
///
/// Breaks at spaces and beside Chinese characters, never before closing punctuation.
pub(super) fn wrap(text: &str, columns: usize) -> Vec<String> {
    clean(text).trim_end().split('\n').flat_map(|line| wrap_line(line, columns.max(2))).collect()
}

fn wrap_line(line: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut current = String::new();
    for piece in pieces(line) {
        let mut piece = piece;
        if !current.is_empty() && width(&current) + width(piece.trim_end()) > columns {
            lines.push(current.trim_end().to_owned());
            current.clear();
            piece = piece.trim_start();
        }
        // A piece that is wider than a line, such as a long address, is cut anywhere.
        while width(piece.trim_end()) > columns {
            let (head, rest) = take(piece, columns);
            lines.push(head.to_owned());
            piece = rest;
        }
        current.push_str(piece);
    }
    lines.push(current.trim_end().to_owned());
    lines
}

/// The longest beginning of a text that is at most `columns` wide, at least one character; and
/// the rest.
fn take(text: &str, columns: usize) -> (&str, &str) {
    let mut taken = 0;
    for (start, character) in text.char_indices() {
        taken += character.width().unwrap_or(0);
        if taken > columns && start > 0 {
            return text.split_at(start);
        }
    }
    (text, "")
}

/// Cuts a line at every place where it may break.
fn pieces(line: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut previous = None;
    for (index, character) in line.char_indices() {
        if previous.is_some_and(|previous| may_break(previous, character)) {
            pieces.push(&line[start..index]);
            start = index;
        }
        previous = Some(character);
    }
    pieces.push(&line[start..]);
    pieces
}

fn may_break(before: char, after: char) -> bool {
    let is_wide = |character: char| character.width() == Some(2);
    if NOT_FIRST.contains(after) || NOT_LAST.contains(before) || after == ' ' {
        return false;
    }
    before == ' ' || is_wide(before) || is_wide(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_breaks_at_spaces() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("one two three", 80), ["one two three"]);
        assert_eq!(wrap("one  two\n\nthree", 80), ["one  two", "", "three"]);
    }

    #[test]
    fn chinese_breaks_anywhere_but_before_closing_punctuation() {
        assert_eq!(wrap("您的订单已经发货了。", 8), ["您的订单", "已经发货", "了。"]);
        assert_eq!(wrap("您的訂單\u{FF0C}已經", 8), ["您的訂", "單\u{FF0C}已經"]);
        assert_eq!(wrap("请看「退货」页", 6), ["请看", "「退", "货」页"]);
    }

    #[test]
    fn what_has_no_break_is_cut() {
        assert_eq!(wrap("https://shop.example/help", 10), ["https://sh", "op.example", "/help"]);
        assert_eq!(wrap("", 10), [""]);
    }

    #[test]
    fn columns_are_counted_as_they_are_shown() {
        assert_eq!(width("订单 8812"), 9);
        assert_eq!(padded("订单", 6), "订单  ");
        assert_eq!(shortened("您的订单已经发货", 8), "您的订…");
        assert_eq!(shortened("short", 8), "short");
    }

    #[test]
    fn characters_that_steer_the_terminal_are_left_out() {
        assert_eq!(clean("a\x1b[31mred\u{202e}b\r\nc\td\u{7}"), "a[31mredb\nc  d");
    }
}
