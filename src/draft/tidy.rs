//! White space of rendered templates, and the marks that quotes stand behind until the end.
//!
//! A quote goes in after everything else was tidied, so that no filter of a template and no tidying changes
//! it.

/// Opens the mark of a quote: a character of Unicode's private area, which no customer's words keep.
const OPEN: char = '\u{E000}';

/// Closes it.
const CLOSE: char = '\u{E001}';

/// The mark of a quote by its position.
pub fn mark(position: usize) -> String {
    format!("{OPEN}{position}{CLOSE}")
}

/// The text without characters that marks are made of.
pub fn without_marks(text: &str) -> String {
    text.replace([OPEN, CLOSE], "")
}

/// One blank line between paragraphs, none at the ends; one space between words, none at the ends of lines.
pub fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    let mut blank = false;
    for line in text.lines() {
        let mut words = line.split_ascii_whitespace().peekable();
        if words.peek().is_none() {
            blank = true;
            continue;
        }
        if !tidied.is_empty() {
            tidied.push_str(if blank { "\n\n" } else { "\n" });
        }
        blank = false;
        while let Some(word) = words.next() {
            tidied.push_str(word);
            if words.peek().is_some() {
                tidied.push(' ');
            }
        }
    }
    tidied
}

/// The text with quotes for their marks, and the positions of those that it holds, rising.
pub fn fill(text: &str, quotes: &[&str]) -> (String, Vec<usize>) {
    let mut filled = String::with_capacity(text.len());
    let mut used = vec![];
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(OPEN) {
        filled.push_str(before);
        let (position, after) = after.split_once(CLOSE).unwrap_or((after, ""));
        let quote = position.parse::<usize>().ok().and_then(|at| Some((at, *quotes.get(at)?)));
        if let Some((position, quote)) = quote {
            filled.push_str(quote);
            used.push(position);
        }
        rest = after;
    }
    filled.push_str(rest);
    used.sort_unstable();
    used.dedup();
    (filled, used)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_are_one_blank_line_apart() {
        assert_eq!(tidy("\n\n  Hello,\n\n \t\n\nwe  have it. \nBye\n\n"), "Hello,\n\nwe have it.\nBye");
        assert_eq!(tidy(" \n\n"), "");
        assert_eq!(tidy("您好：\n\n\n\n　已收到。"), "您好：\n\n　已收到。");
    }

    #[test]
    fn quotes_go_in_to_the_letter() {
        let text = format!("About it:\n\n{}\n\n{}", mark(1), mark(7));
        let (filled, used) = fill(&text, &["a", "b  \n\n\n c"]);
        assert_eq!((filled.as_str(), used), ("About it:\n\nb  \n\n\n c\n\n", vec![1]));
    }

    #[test]
    fn a_mark_in_a_quote_is_no_mark() {
        let quote = mark(0);
        assert_eq!(fill(&mark(0), &[&quote]).0, quote);
        assert_eq!(without_marks(&quote), "0");
    }
}
