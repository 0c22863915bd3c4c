//! The form of a message in which facts are looked for, with the way back to its bytes.

use std::ops::Range;

use crate::text::fold::fold;

/// Stands between parts of a message that are not neighbours; no pattern matches across it.
const BREAK: char = '\u{1}';
/// Bytes on either side of a place within which words bear on it. A bound, so that reading stays linear.
const MAX_NEAR_BYTES: usize = 160;
/// A line at least this long goes on in the next: mail programs wrap from about 65 columns on.
const MIN_WRAPPED_BYTES: usize = 55;

/// The customer's own words for matching: narrow forms, small letters, Simplified characters, plain marks, no
/// invisible characters. Spans found in it lead back to the message.
pub(super) struct Reading {
    /// The words.
    pub(super) text: String,
    /// Bytes of `text` from which on the message is shifted, with where they stand in the message.
    places: Vec<(usize, usize)>,
    /// Places where a sentence ends, rising.
    ends: Vec<usize>,
}

impl Reading {
    /// Folds the parts of a message that lie in `own`.
    pub(super) fn of(message: &str, own: &[Range<usize>]) -> Self {
        let mut reading =
            Self { text: String::with_capacity(message.len()), places: Vec::new(), ends: Vec::new() };
        for range in own {
            let Some(part) = message.get(range.clone()) else { continue };
            if !reading.text.is_empty() {
                reading.push(BREAK, range.start);
            }
            let folded = fold(part);
            for ((offset, _), character) in part.char_indices().zip(folded.chars()) {
                reading.push_folded(character, range.start + offset);
            }
            // Where the part ends in the message, for spans that end with it.
            reading.places.push((reading.text.len(), range.end));
        }
        reading.ends = sentence_ends(&reading.text);
        reading
    }

    fn push_folded(&mut self, character: char, source: usize) {
        let folded = match character {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character),
            '\u{3000}' | '\u{a0}' | '\u{2002}'..='\u{200a}' | '\u{202f}' | '\t' | '\r' => ' ',
            '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
            '‘' | '’' | '´' | '`' | 'ʼ' => '\'',
            '“' | '”' | '「' | '」' | '『' | '』' => '"',
            '。' | '…' | '⋯' => '.',
            '、' => ',',
            '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}'
            | '\u{feff}' => {
                return;
            }
            _ => character,
        };
        for lower in folded.to_lowercase() {
            self.push(lower, source);
        }
    }

    fn push(&mut self, character: char, source: usize) {
        self.places.push((self.text.len(), source));
        self.text.push(character);
    }

    /// Bytes of the message that a span of the words comes from.
    pub(super) fn source(&self, span: &Range<usize>) -> Range<usize> {
        let at = |byte: usize| {
            let after = self.places.partition_point(|&(from, _)| from < byte);
            self.places.get(after).map_or(0, |&(_, source)| source)
        };
        at(span.start)..at(span.end).max(at(span.start))
    }

    /// The sentence around a span, cut to what is near it.
    pub(super) fn sentence(&self, span: &Range<usize>) -> Range<usize> {
        let before = self.ends.partition_point(|&end| end <= span.start);
        let start = before.checked_sub(1).map_or(0, |index| self.ends[index]);
        let after = self.ends.partition_point(|&end| end < span.end);
        let end = self.ends.get(after).copied().unwrap_or(self.text.len());
        self.near(span, start..end)
    }

    /// The sentence around a span and the one after it, cut to what is near.
    pub(super) fn with_next_sentence(&self, span: &Range<usize>) -> Range<usize> {
        let sentence = self.sentence(span);
        let after = self.ends.partition_point(|&end| end <= sentence.end);
        let end = self.ends.get(after).copied().unwrap_or(self.text.len());
        self.near(span, sentence.start..end)
    }

    fn near(&self, span: &Range<usize>, within: Range<usize>) -> Range<usize> {
        let start = self.boundary(within.start.max(span.start.saturating_sub(MAX_NEAR_BYTES)));
        let end = self.boundary(within.end.min(span.end + MAX_NEAR_BYTES));
        start.min(span.start)..end.max(span.end)
    }

    /// The part of the sentence around a span that commas and dashes part off.
    pub(super) fn clause(&self, span: &Range<usize>) -> &str {
        let sentence = self.sentence(span);
        let is_mark = |letter: char| matches!(letter, ',' | ':' | '(' | ')' | '/');
        let start = self.text[sentence.start..span.start]
            .rfind(is_mark)
            .map_or(sentence.start, |at| sentence.start + at);
        let end = self.text[span.end..sentence.end].find(is_mark).map_or(sentence.end, |at| span.end + at);
        &self.text[start..end]
    }

    /// What stands before a span in its sentence, at most `bytes` of it.
    pub(super) fn before(&self, span: &Range<usize>, bytes: usize) -> &str {
        let start = self.sentence(span).start.max(span.start.saturating_sub(bytes));
        &self.text[self.boundary(start).min(span.start)..span.start]
    }

    /// What stands after a span in its sentence, at most `bytes` of it.
    pub(super) fn after(&self, span: &Range<usize>, bytes: usize) -> &str {
        let end = self.sentence(span).end.min(span.end + bytes);
        &self.text[span.end..self.boundary(end).max(span.end)]
    }

    /// The next place from `byte` on that parts two characters.
    fn boundary(&self, byte: usize) -> usize {
        (byte..self.text.len()).find(|&at| self.text.is_char_boundary(at)).unwrap_or(self.text.len())
    }
}

/// Places after marks that end a sentence; finer than [`crate::text::sentences`] needs to be, since guards only
/// ask what was said in one breath.
fn sentence_ends(text: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    let bytes = text.as_bytes();
    let mut line_start = 0;
    for (offset, byte) in bytes.iter().enumerate() {
        let next = bytes.get(offset + 1).copied();
        let is_end = match byte {
            b'!' | b'?' | b';' | 1 => true,
            b'\n' => {
                let is_wrapped = offset - line_start >= MIN_WRAPPED_BYTES && next != Some(b'\n');
                line_start = offset + 1;
                !is_wrapped
            }
            b'.' => next.is_none_or(|next| next == b' ' || next == b'\n' || next > 127),
            _ => false,
        };
        if is_end {
            ends.push(offset + 1);
        }
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_and_lead_back_to_the_message() {
        let message = "轉人工，ＯＫ？ don’t\u{200b}!";
        let reading = Reading::of(message, std::slice::from_ref(&(0..message.len())));
        assert_eq!(reading.text, "转人工,ok? don't!");
        let span = reading.text.find("don't!").map(|start| start..reading.text.len()).unwrap();
        assert_eq!(&message[reading.source(&span)], "don’t\u{200b}!");
        let span = reading.text.find("人工").map(|start| start..start + 6).unwrap();
        assert_eq!(&message[reading.source(&span)], "人工");
    }

    #[test]
    fn only_own_words_are_read() {
        let reading = Reading::of("我 > 引 们", &[0..3, 10..13]);
        assert_eq!(reading.text, "我\u{1}们");
        assert_eq!(reading.source(&(0..3)), 0..3);
        assert_eq!(reading.source(&(4..7)), 10..13);
    }

    #[test]
    fn the_sentence_around_a_place_is_known() {
        let text = "No fire. The cable is hot! 好。";
        let reading = Reading::of(text, std::slice::from_ref(&(0..text.len())));
        let span = reading.text.find("cable").map(|start| start..start + 5).unwrap();
        assert_eq!(&reading.text[reading.sentence(&span)], " the cable is hot!");
        assert_eq!(reading.before(&span, 4), "the ");
        assert_eq!(reading.after(&span, 100), " is hot!");
        assert_eq!(&reading.text[reading.with_next_sentence(&span)], " the cable is hot! 好.");
    }
}
