//! Ends of sentences in English and Chinese.

use std::ops::Range;

use crate::text::is_han;

/// A sentence is cut after `；` only when it is longer than this, in characters: its halves are often
/// two sides of one rule ("unshipped orders can be cancelled; shipped ones cannot").
const MAX_WHOLE_CHARS: usize = 110;

/// Abbreviations that stand before the thing they name and so never end a sentence.
const NEVER_LAST: [&str; 34] = [
    "mr", "mrs", "ms", "dr", "prof", "st", "vs", "approx", "nos", "fig", "sec", "art", "ext", "tel", "max",
    "min", "incl", "excl", "dept", "est", "ca", "cf", "inc", "ltd", "co", "corp", "e.g", "i.e", "u.s", "u.k",
    "e.u", "h.k", "p.o", "no.s",
];
/// Abbreviations that a figure follows; without one they are words ("No.", "Mar.").
const BEFORE_FIGURES: [&str; 16] = [
    "no", "art", "p", "pp", "vol", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sept", "oct", "nov",
    "dec",
];

/// Ranges of the sentences of one paragraph, in its order; together they hold everything but blanks.
///
/// `spans` are ranges that are not cut: emphasis, links, code. Nothing is cut inside brackets or
/// quotation marks.
pub(super) fn sentences(text: &str, spans: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for end in ends(text, spans) {
        push(&mut found, text, start..end);
        start = end;
    }
    push(&mut found, text, start..text.len());
    found
}

/// Adds a range without the blanks around it; nothing when that is all it holds.
fn push(found: &mut Vec<Range<usize>>, text: &str, range: Range<usize>) {
    let slice = &text[range.clone()];
    let start = range.start + (slice.len() - slice.trim_start().len());
    let end = range.start + slice.trim_end().len();
    if start < end {
        found.push(start..end);
    }
}

/// What stands open at a place of the text.
#[derive(Default)]
struct Open {
    /// Brackets and Chinese quotation marks.
    brackets: usize,
    /// Whether a straight quotation mark was opened.
    quote: bool,
}

impl Open {
    fn read(&mut self, character: char) {
        match character {
            '(' | '（' | '[' | '「' | '『' | '“' | '《' | '【' => self.brackets += 1,
            ')' | '）' | ']' | '」' | '』' | '”' | '》' | '】' => {
                self.brackets = self.brackets.saturating_sub(1);
            }
            '"' => self.quote = !self.quote,
            _ => {}
        }
    }
}

/// Places after which a sentence ends, rising.
fn ends(text: &str, spans: &[Range<usize>]) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut open = Open::default();
    let mut spans = spans.iter().peekable();
    let mut start = 0;
    let mut characters = text.char_indices().peekable();
    while let Some((offset, character)) = characters.next() {
        open.read(character);
        while spans.next_if(|span| span.end <= offset).is_some() {}
        let span_end = spans.peek().filter(|span| span.start <= offset).map_or(offset, |span| span.end);
        let next = offset + character.len_utf8();
        if !ends_here(text, offset, character) || (character == '；' && !is_long(&text[start..next])) {
            continue;
        }
        let end = after_closers(text, next, span_end, &mut open);
        if open.brackets == 0
            && !open.quote
            && end >= span_end
            && is_followed_by_a_start(text, end, character)
        {
            ends.push(end);
            start = end;
            open = Open::default();
            while characters.next_if(|&(offset, _)| offset < end).is_some() {}
        }
    }
    ends
}

fn is_long(text: &str) -> bool {
    text.chars().nth(MAX_WHOLE_CHARS).is_some()
}

/// The place after further marks of the same end: closing quotes and brackets, repeated marks and, up to
/// `span_end`, the signs that close emphasis.
fn after_closers(text: &str, from: usize, span_end: usize, open: &mut Open) -> usize {
    let mut end = from;
    for character in text[from..].chars() {
        let closes = match character {
            '”' | '’' | '」' | '』' | ')' | '）' | '】' | '》' | ']' => true,
            '"' => open.quote,
            '*' | '_' | '~' => end < span_end,
            _ => matches!(character, '。' | '！' | '？' | '!' | '?' | '.'),
        };
        if !closes {
            break;
        }
        open.read(character);
        end += character.len_utf8();
    }
    end
}

fn ends_here(text: &str, offset: usize, character: char) -> bool {
    match character {
        '。' | '！' | '？' | '；' | '!' | '?' => true,
        '.' => period_ends(&text[..offset], &text[offset + 1..]),
        _ => false,
    }
}

/// Latin marks need a blank after them, but for `!` and `?` after a Han character.
fn is_followed_by_a_start(text: &str, end: usize, mark: char) -> bool {
    let latin = matches!(mark, '.' | '!' | '?');
    let before = text[..end].trim_end_matches(['!', '?', '.', '"', ')', '*', '_']).chars().next_back();
    let after = text[end..].chars().next();
    !latin || after.is_none_or(char::is_whitespace) || (mark != '.' && before.is_some_and(is_han))
}

/// Whether a full stop ends a sentence rather than an abbreviation, a figure or a name.
fn period_ends(before: &str, after: &str) -> bool {
    let word = before.rsplit(|character: char| character.is_whitespace() || "(（\"“*_".contains(character));
    let word = word.into_iter().next().unwrap_or_default().to_lowercase();
    let rest = after.trim_start_matches(['"', '”', '’', ')', '*', '_', ' ', '\t', '\n', '\r']);
    let Some(next) = rest.chars().next() else { return true };
    if next.is_lowercase() || NEVER_LAST.contains(&word.as_str()) {
        return false;
    }
    let is_initial = word.chars().count() == 1 && word.chars().all(|letter| letter.is_ascii_alphabetic());
    let before_figure = BEFORE_FIGURES.contains(&word.as_str()) && next.is_ascii_digit();
    !(is_initial || before_figure)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        sentences(text, &[]).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn english_sentences_end_at_full_stops_and_not_at_abbreviations() {
        for whole in [
            "Bring an ID, e.g. Passport or licence.",
            "Ask for desk No. 5 on floor 2.",
            "It costs 3.50 EUR or USD 3.5 a day.",
            "Ships from the U.S. Customs may open it.",
            "Write to a.b@shop.example or see https://shop.example/a.b?c=1.d today.",
            "Speak to Dr. Chan or J. Smith.",
            "We are open from 9 a.m. to 6 p.m. on weekdays.",
            "Say \"Yes. Really.\" and go on.",
            "Keep it (the box. All of it) safe.",
        ] {
            assert_eq!(cut(whole), [whole]);
        }
        let text = "Is it free? No. Returns cost $5! We close at 6 p.m. We open at 9 a.m.";
        assert_eq!(
            cut(text),
            ["Is it free?", "No.", "Returns cost $5!", "We close at 6 p.m.", "We open at 9 a.m."]
        );
    }

    #[test]
    fn chinese_sentences_end_at_their_marks() {
        assert_eq!(cut("可以退。怎么退？点“退货。”好！"), ["可以退。", "怎么退？", "点“退货。”", "好！"]);
        assert_eq!(cut("可以嗎?可以!請稍候"), ["可以嗎?", "可以!", "請稍候"]);
        assert_eq!(cut("未发货的可以取消；已发货的不行。"), ["未发货的可以取消；已发货的不行。"]);
        assert_eq!(cut("（先看这里。再看那里。）然后提交。"), ["（先看这里。再看那里。）", "然后提交。"]);
        let long = format!("{}；{}。", "长".repeat(120), "短".repeat(5));
        assert_eq!(cut(&long).len(), 2);
    }

    #[test]
    fn emphasis_and_links_are_not_cut() {
        let text = "**Stop. Read this.** Then go on.";
        assert_eq!(sentences(text, std::slice::from_ref(&(0..20))), [0..20, 21..32]);
        let text = "很好。**重要。**然后";
        assert_eq!(sentences(text, std::slice::from_ref(&(9..22))), [0..9, 9..22, 22..28]);
    }
}
