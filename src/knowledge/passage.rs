//! Cuts an article's body into passages: the pieces that are searched, quoted and cited.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use serde::{Deserialize, Serialize};

use crate::text::is_han;

/// Version of these rules; passages that were cut by others are cut anew.
pub(crate) const CUTTER_VERSION: i64 = 1;
/// Neighbours are joined at least until they are this long, in words.
const MIN_WORDS: f64 = 60.0;
/// From [`MIN_WORDS`] on, neighbours are joined only up to this length.
const TARGET_WORDS: f64 = 120.0;
/// A paragraph longer than this is cut between sentences.
const MAX_WORDS: f64 = 180.0;
/// Lists and tables stay whole up to this length, then they are cut between lines.
const MAX_WHOLE_WORDS: f64 = 1000.0;
/// A Han character says about as much as this many English words (350 characters ≈ 190 words).
const WORDS_PER_HAN: f64 = 0.55;
/// Stands between the headings of a path.
const HEADING_SEPARATOR: &str = " › ";

/// One passage: a byte range of the body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Passage {
    /// Headings above it, outermost first, joined by ` › `.
    pub(crate) heading: String,
    /// Its first byte in the body.
    pub(crate) start: usize,
    /// The byte after its last.
    pub(crate) end: usize,
}

impl Passage {
    /// Its text within the body that it was cut from; empty within another.
    pub(crate) fn text<'a>(&self, body: &'a str) -> &'a str {
        body.get(self.start..self.end).unwrap_or_default()
    }
}

/// A block of the body that is not cut lightly.
struct Block {
    heading: String,
    start: usize,
    end: usize,
    num_words: f64,
    /// Announces what follows: ends with a colon.
    introduces: bool,
}

/// Cuts a body at headings and paragraphs. Lists, tables and code stay whole; small neighbours
/// under the same heading are joined.
///
/// Passages are in the order of the body and do not overlap; a body that is not blank gives at
/// least one.
pub(crate) fn cut(body: &str) -> Vec<Passage> {
    let mut passages: Vec<Passage> = Vec::new();
    let mut open: Option<Block> = None;
    for block in blocks(body) {
        open = match open.take() {
            Some(before) if belongs_together(&before, &block) => Some(Block {
                end: block.end,
                num_words: before.num_words + block.num_words,
                introduces: block.introduces,
                ..before
            }),
            before => {
                passages.extend(before.map(Passage::from));
                Some(block)
            }
        };
    }
    passages.extend(open.map(Passage::from));
    let whole = trimmed(body, 0, body.len());
    if passages.is_empty() && whole.0 < whole.1 {
        passages.push(Passage { heading: String::new(), start: whole.0, end: whole.1 });
    }
    passages
}

impl From<Block> for Passage {
    fn from(block: Block) -> Self {
        Self { heading: block.heading, start: block.start, end: block.end }
    }
}

fn belongs_together(before: &Block, next: &Block) -> bool {
    let together = before.num_words + next.num_words;
    before.heading == next.heading
        && ((before.introduces && together <= 2.0 * MAX_WORDS)
            || (before.num_words < MIN_WORDS && together <= MAX_WORDS)
            || together <= TARGET_WORDS)
}

/// The blocks on the outermost level, over-long ones cut.
fn blocks(body: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut path: Vec<(HeadingLevel, String)> = Vec::new();
    let mut depth = 0_usize;
    let mut in_heading = false;
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    for (event, range) in Parser::new_ext(body, options).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { level, .. }) if depth == 0 => {
                path.retain(|(above, _)| *above < level);
                path.push((level, String::new()));
                in_heading = true;
                depth += 1;
            }
            Event::Start(tag) => {
                if depth == 0 {
                    let whole = !matches!(tag, Tag::Paragraph);
                    add(&mut blocks, body, heading_path(&path), range.start, range.end, whole);
                }
                depth += 1;
            }
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                if depth == 0 && matches!(end, TagEnd::Heading(_)) {
                    in_heading = false;
                }
            }
            Event::Text(text) | Event::Code(text) if in_heading => {
                if let Some((_, heading)) = path.last_mut() {
                    heading.push_str(&text);
                }
            }
            _ => {}
        }
    }
    blocks
}

fn heading_path(path: &[(HeadingLevel, String)]) -> String {
    let headings: Vec<&str> =
        path.iter().map(|(_, heading)| heading.trim()).filter(|heading| !heading.is_empty()).collect();
    headings.join(HEADING_SEPARATOR)
}

/// Adds a block, or the pieces of one that is too long.
fn add(blocks: &mut Vec<Block>, body: &str, heading: String, start: usize, end: usize, whole: bool) {
    let max_words = if whole { MAX_WHOLE_WORDS } else { MAX_WORDS };
    for (start, end) in pieces(body, start, end, max_words, whole) {
        let text = &body[start..end];
        blocks.push(Block {
            heading: heading.clone(),
            start,
            end,
            num_words: num_words(text),
            introduces: text.ends_with([':', '：']),
        });
    }
}

/// Byte ranges of at most `max_words`, cut after lines (`at_lines`) or sentences, or anywhere
/// between two characters when there is no such place.
fn pieces(body: &str, start: usize, end: usize, max_words: f64, at_lines: bool) -> Vec<(usize, usize)> {
    let mut pieces = Vec::new();
    let mut from = start;
    let mut words = 0.0;
    let mut good_cut: Option<(usize, f64)> = None;
    let mut in_word = false;
    let mut characters = body[start..end].char_indices().peekable();
    while let Some((offset, character)) = characters.next() {
        let next = characters.peek().map(|&(_, next)| next);
        words += weight(character, &mut in_word);
        let position = start + offset + character.len_utf8();
        if ends_unit(character, next, at_lines) {
            good_cut = Some((position, words));
        }
        if words > max_words {
            let (cut, words_before) = good_cut.take().unwrap_or((position, words));
            pieces.push((from, cut));
            from = cut;
            words -= words_before;
        }
    }
    pieces.push((from, end));
    pieces
        .into_iter()
        .map(|(start, end)| trimmed(body, start, end))
        .filter(|(start, end)| start < end)
        .collect()
}

fn ends_unit(character: char, next: Option<char>, at_lines: bool) -> bool {
    if at_lines {
        return character == '\n';
    }
    match character {
        '。' | '！' | '？' | '；' | '\n' => true,
        '.' | '!' | '?' | ';' => next.is_none_or(char::is_whitespace),
        _ => false,
    }
}

/// Length in words: blanks end a word, a Han character counts by itself.
fn num_words(text: &str) -> f64 {
    let mut in_word = false;
    text.chars().map(|character| weight(character, &mut in_word)).sum()
}

fn weight(character: char, in_word: &mut bool) -> f64 {
    if is_han(character) {
        *in_word = false;
        return WORDS_PER_HAN;
    }
    let starts_word = character.is_alphanumeric() && !*in_word;
    *in_word = character.is_alphanumeric() || (*in_word && !character.is_whitespace());
    if starts_word { 1.0 } else { 0.0 }
}

fn trimmed(body: &str, start: usize, end: usize) -> (usize, usize) {
    let text = &body[start..end];
    // Blanks that begin a line stay: they tell nested lists from flat ones.
    let start = start + (text.len() - text.trim_start_matches(['\n', '\r']).len());
    let end = start + body[start..end].trim_end().len();
    if body[start..end].trim().is_empty() { (start, start) } else { (start, end) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(body: &str) -> Vec<(String, &str)> {
        cut(body).into_iter().map(|passage| (passage.heading, &body[passage.start..passage.end])).collect()
    }

    #[test]
    fn headings_begin_passages_and_are_carried_as_a_path() {
        let body =
            "Intro.\n\n# Returns\n\nWithin 30 days.\n\n## How `to`\n\nPost it.\n\n# Refunds\n\nIn a week.\n";
        let found = texts(body);
        let expected = [
            ("", "Intro."),
            ("Returns", "Within 30 days."),
            ("Returns › How to", "Post it."),
            ("Refunds", "In a week."),
        ];
        let found: Vec<(&str, &str)> =
            found.iter().map(|(heading, text)| (heading.as_str(), *text)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn small_neighbours_are_joined_and_long_ones_are_not() {
        let small = "Short one.\n\nShort two.\n\nShort three.";
        assert_eq!(texts(small).len(), 1);
        assert_eq!(texts(small)[0].1, small);
        let long = format!("{}\n\n{}", "word ".repeat(100).trim(), "other ".repeat(100).trim());
        assert_eq!(texts(&long).len(), 2);
    }

    #[test]
    fn tables_and_steps_stay_whole_and_keep_their_announcement() {
        let rows = "| a b c d e f g h | i j k l m n o p |\n".repeat(20);
        let body = format!("Fees are:\n\n| x | y |\n|---|---|\n{rows}\nDone.");
        let found = texts(&body);
        assert!(found[0].1.starts_with("Fees are:") && found[0].1.ends_with("|"), "{found:?}");
        assert_eq!(found[1].1, "Done.");
        let steps = "1. Open the app\n2. Tap:\n   - one\n   - two\n3. Done\n";
        assert_eq!(texts(steps), [(String::new(), steps.trim_end())]);
    }

    #[test]
    fn a_long_paragraph_is_cut_between_sentences() {
        let body = "这是一句大约有二十个汉字的完整句子用来测试切分。".repeat(60);
        let found = texts(&body);
        assert!(found.len() >= 4, "{}", found.len());
        for (_, text) in found {
            assert!(text.ends_with('。'), "{text}");
            assert!(text.chars().count() <= 350, "{}", text.chars().count());
        }
    }

    #[test]
    fn a_line_without_any_place_to_cut_is_cut_anyway() {
        let body = "字".repeat(100_000);
        let found = cut(&body);
        assert!(found.len() > 200, "{}", found.len());
        assert_eq!(found.last().unwrap().end, body.len());
    }

    #[test]
    fn a_body_of_headings_alone_is_one_passage() {
        assert_eq!(texts("# Only a heading\n"), [(String::new(), "# Only a heading")]);
        assert!(cut(" \n").is_empty());
    }

    proptest! {
        #[test]
        fn passages_are_in_order_and_cut_at_characters(body in "([a-z ]{0,30}|[中文。，]{0,30}|\n|# |- |\\| |1\\. ){0,40}") {
            let mut last_end = 0;
            for passage in cut(&body) {
                prop_assert!(passage.start >= last_end && passage.start < passage.end);
                prop_assert!(!body[passage.start..passage.end].trim().is_empty());
                last_end = passage.end;
            }
            prop_assert!(body.trim().is_empty() || last_end > 0);
        }
    }
}
