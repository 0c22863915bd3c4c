//! Cuts what a customer wrote into sentences, as customers write: with or without marks, in English and
//! Chinese.
//!
//! A cut falls after `。！？!?；`, after a full stop that ends a sentence (not in a figure, an abbreviation or an
//! address), at the end of a line that is not merely wrapped, and before words that open a further request
//! ("and also", "顺便", "另外"). A message without any of these is one sentence.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;

use crate::text::{is_han, patterns::Sieve};

/// A line at least this long, in characters, that the next goes on in lower case is wrapped by a mail program
/// (they wrap from about 65 columns on).
const WRAPPED_LINE_CHARS: usize = 55;
/// A part before or after an opener must be at least this long, in bytes, to stand alone.
const MIN_PART_BYTES: usize = 9;

/// Abbreviations after which a full stop ends nothing.
const ABBREVIATIONS: [&str; 30] = [
    "mr", "mrs", "ms", "dr", "prof", "st", "vs", "approx", "no", "nr", "ext", "tel", "max", "min", "incl",
    "excl", "dept", "est", "ca", "inc", "ltd", "co", "corp", "e.g", "i.e", "u.s", "u.k", "ref", "qty",
    "attn",
];

/// Words that open a further request; the cut falls before the group.
static OPENERS: LazyLock<Option<(Regex, Sieve)>> = LazyLock::new(|| {
    let question =
        "(?:do|does|did|can|could|would|will|is|are|am|how|what|when|where|why|who|which|may|should)";
    let verbs = "(?:please|pls|plz|tell|send|let me know|cancel|change|refund|i'd also|i also|while)";
    let subjects = "(?:you|i|it|we|they|there|much|long|many|about|the|my|to)";
    let english = [
        format!(r"[,;]\s+(and\s+(?:also|{question}|{verbs})\b)"),
        r"[,;]\s+((?:also|btw|by the way|oh and|plus|another thing|one more thing|separately|secondly)\b)"
            .into(),
        format!(r"\s(and\s+(?:also\s+)?{question}\s+{subjects}\b)"),
        r"\s((?:and also|oh and|btw|by the way)\s)".into(),
    ];
    let chinese = [
        r"[，,、\s]((?:另外|此外|顺便|順便|順帶|顺带|还有就是|還有就是|还想问|還想問|再问|再問|同埋|仲有|对了|對了))",
        r"[，,、\s]((?:还有|還有)[，,、：:\s想请請问問我那你帮幫能可怎如])",
        // After a comma alone: 会员还有几天 goes on, and so may words behind a blank.
        r"[，,]\s?((?:还有|還有)(?:什么|什麼|甚麼|啥|哪|多少|为什么|為什麼|为何|為何|有没有|有沒有|是不是|要|麻烦|麻煩|幾?[几幾](?:点|點|号|號|种|種|款|家|間|间|个问|個問|时候|時候)|(?:发票|發票|运费|運費|保修|保固|退款|地址|优惠|優惠|会员|會員|积分|積分|订单|訂單|快递|快遞)[^，,。！？!?\n]{0,12}[怎能可开開要吗嗎多几幾什甚呢没沒吧啥寄改退查]))",
    ];
    let all: Vec<String> = english.into_iter().chain(chinese.map(String::from)).collect();
    let openers = Regex::new(&format!("(?i){}", all.join("|"))).ok()?;
    let sieve = Sieve::of([openers.as_str()]);
    Some((openers, sieve))
});

/// Bytes of the sentences of a text within `own`, which rise and are apart; without the blanks around them.
///
/// Together they hold every letter and figure of `own`.
pub fn sentences(text: &str, own: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for range in own {
        let Some(part) = text.get(range.clone()) else { continue };
        let mut start = 0;
        let first = found.len();
        for end in ends(part) {
            push(&mut found, first, part, range.start, start..end);
            start = end;
        }
        push(&mut found, first, part, range.start, start..part.len());
    }
    found
}

/// Adds a sentence of `part`, which begins at `offset` of the text; marks and emoji alone go to the sentence
/// before, when there is one from `first` on.
fn push(found: &mut Vec<Range<usize>>, first: usize, part: &str, offset: usize, range: Range<usize>) {
    let slice = &part[range.clone()];
    let start = range.start + slice.len() - slice.trim_start().len();
    let end = range.start + slice.trim_end().len();
    if start >= end {
        return;
    }
    let says_nothing = !slice.chars().any(char::is_alphanumeric);
    match found.get_mut(first..).and_then(<[_]>::last_mut).filter(|_| says_nothing) {
        Some(last) => last.end = offset + end,
        None => found.push(offset + start..offset + end),
    }
}

/// Places after which a sentence ends, rising.
fn ends(text: &str) -> Vec<usize> {
    let all_marks = marks(text);
    let mut ends = all_marks.clone();
    if let Some((openers, sieve)) = OPENERS.as_ref()
        && sieve.passing(text).has(0)
    {
        let before_openers = openers
            .captures_iter(text)
            .filter_map(|captures| captures.iter().skip(1).flatten().next().map(|opener| opener.start()));
        ends.extend(before_openers);
    }
    ends.sort_unstable();
    let mut kept: Vec<usize> = Vec::new();
    for end in ends {
        let is_mark = all_marks.binary_search(&end).is_ok();
        let start = kept.last().copied().unwrap_or(0);
        let next_mark = all_marks.get(all_marks.partition_point(|&mark| mark <= end)).copied();
        let after = next_mark.unwrap_or(text.len()) - end;
        if is_mark || (end - start >= MIN_PART_BYTES && after >= MIN_PART_BYTES) {
            kept.push(end);
        }
    }
    kept.dedup();
    kept
}

/// Places after marks and lines that end a sentence.
fn marks(text: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut line_chars = 0;
    let mut until = 0;
    for (offset, character) in text.char_indices() {
        line_chars += 1;
        if offset < until {
            continue;
        }
        let next = offset + character.len_utf8();
        let ends_here = match character {
            '。' | '！' | '？' | '；' | '｡' => true,
            '!' | '?' => !in_address(text, offset, next),
            ';' => is_clause_mark(text, offset),
            '.' => period_ends(&text[..offset], &text[next..]),
            '\n' => {
                let is_wrapped = line_chars > WRAPPED_LINE_CHARS && goes_on(&text[next..]);
                line_chars = 0;
                !is_wrapped
            }
            _ => false,
        };
        if ends_here {
            until = if character == '\n' { next } else { after_closers(text, next) };
            ends.push(until);
        }
    }
    ends
}

/// Whether a mark stands between two ASCII letters, as in the address of a page.
fn in_address(text: &str, offset: usize, next: usize) -> bool {
    text[..offset].ends_with(|before: char| before.is_ascii_alphanumeric() || before == '/')
        && text[next..].starts_with(|after: char| after.is_ascii_lowercase())
        && text[next..].chars().take(24).take_while(|after| !after.is_whitespace()).any(|after| after == '=')
}

/// Whether a semicolon parts two clauses rather than closing an entity or making a face.
fn is_clause_mark(text: &str, offset: usize) -> bool {
    text[offset + 1..].starts_with(|next: char| next.is_whitespace() || is_han(next))
        || text[..offset].ends_with(is_han)
}

/// Whether what follows goes on in lower case.
fn goes_on(rest: &str) -> bool {
    rest.chars().find(|character| !matches!(character, ' ' | '\t')).is_some_and(char::is_lowercase)
}

/// The place after repeated marks and closing quotes and brackets.
fn after_closers(text: &str, from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    let closes = "。！？!?.；;”’」』)）】》]\"'～~";
    from + rest.find(|character: char| !closes.contains(character)).unwrap_or(rest.len())
}

/// Whether a full stop ends a sentence.
fn period_ends(before: &str, after: &str) -> bool {
    let Some(next) = after.chars().next() else { return true };
    if before.ends_with(is_han) {
        return !next.is_ascii_digit();
    }
    if !next.is_whitespace() && !matches!(next, '"' | '\'' | '”' | '’' | ')' | '.') && !is_han(next) {
        return false;
    }
    let tail_start = before.char_indices().rev().nth(12).map_or(0, |(start, _)| start);
    let word = before[tail_start..].rsplit(|character: char| character.is_whitespace() || character == '(');
    let word = word.into_iter().next().unwrap_or_default().to_lowercase();
    let is_listed = word == "etc" && after.trim_start().starts_with(char::is_lowercase);
    let is_number = word.len() <= 2 && !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    let starts_line = before.trim_end_matches(|c: char| c.is_ascii_digit()).ends_with('\n')
        || before.bytes().all(|byte| byte.is_ascii_digit());
    !(is_listed || ABBREVIATIONS.contains(&word.as_str()) || is_number && starts_line)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        sentences(text, std::slice::from_ref(&(0..text.len())))
            .into_iter()
            .map(|range| &text[range])
            .collect()
    }

    #[test]
    fn sentences_end_at_their_marks() {
        assert_eq!(
            cut("My lamp is broken. Can I return it? Order A-1.5!! thx"),
            ["My lamp is broken.", "Can I return it?", "Order A-1.5!!", "thx"]
        );
        assert_eq!(cut("灯坏了。能退吗？单号 A-1；急！"), ["灯坏了。", "能退吗？", "单号 A-1；", "急！"]);
        assert_eq!(cut("檯燈壞了！可以退嗎?謝謝"), ["檯燈壞了！", "可以退嗎?", "謝謝"]);
    }

    #[test]
    fn figures_abbreviations_and_addresses_are_not_cut() {
        for whole in [
            "It cost 3.50 EUR incl. tax, see https://shop.example/a.b?c=1.d today.",
            "Write to Mr. Lee, e.g. at a.b@shop.example",
            "版本 8.2.1 打不开",
            "so i ordered a lamp last week and it still is not here ;)",
        ] {
            assert_eq!(cut(whole), [whole]);
        }
    }

    #[test]
    fn chats_without_marks_stay_whole() {
        for whole in ["在吗 我的快递怎么还没到", "where is my parcel its been a week", "我还有一个月会员"]
        {
            assert_eq!(cut(whole), [whole]);
        }
    }

    #[test]
    fn a_new_request_is_cut_off() {
        assert_eq!(
            cut("I only bought one duvet, and could I also have the invoice"),
            ["I only bought one duvet,", "and could I also have the invoice"]
        );
        assert_eq!(cut("我的快递到哪了，另外发票能开吗"), ["我的快递到哪了，", "另外发票能开吗"]);
        assert_eq!(cut("想退這件外套 順便問一下運費誰付"), ["想退這件外套", "順便問一下運費誰付"]);
        assert_eq!(cut("我要退货，还有，发票怎么开"), ["我要退货，", "还有，发票怎么开"]);
        assert_eq!(cut("我的灯什么时候到，还有什么颜色"), ["我的灯什么时候到，", "还有什么颜色"]);
        assert_eq!(cut("檯燈想退，還有發票可以補開嗎"), ["檯燈想退，", "還有發票可以補開嗎"]);
        assert_eq!(cut("我要退這個，還有多少錢運費").len(), 2);
        assert_eq!(cut("想改地址，还有你们周末营业吗，还有哪家店近").len(), 3);
        assert_eq!(cut("我的会员，还有几天到期").len(), 1);
        assert_eq!(cut("A lamp is broken and a vase too. Also can I return both?").len(), 2);
        assert_eq!(cut("no account. can i still order, and do you take amex?").len(), 3);
    }

    #[test]
    fn lines_are_sentences_unless_wrapped() {
        assert_eq!(cut("你好\n灯坏了\n\n谢谢"), ["你好", "灯坏了", "谢谢"]);
        let wrapped =
            "I would like to send back the lamp that I bought in your shop last\nweek because it flickers";
        assert_eq!(cut(wrapped), [wrapped]);
    }

    #[test]
    fn only_own_words_are_cut() {
        let text = "Hi. > quoted. Bye.";
        assert_eq!(sentences(text, &[0..3, 14..18]), [0..3, 14..18]);
    }

    proptest! {
        #[test]
        fn sentences_rise_and_hold_every_letter(text in "(?s)[a-c .,;!?。，；\n还有另外A1🙂]{0,60}") {
            let found = sentences(&text, std::slice::from_ref(&(0..text.len())));
            prop_assert!(found.windows(2).all(|pair| pair[0].end <= pair[1].start));
            let letters = |slice: &str| slice.chars().filter(|letter| letter.is_alphanumeric()).count();
            let held: usize = found.iter().map(|range| letters(&text[range.clone()])).sum();
            prop_assert_eq!(held, letters(&text));
        }

        #[test]
        fn any_text_can_be_cut(text in "(?s).{0,80}") {
            sentences(&text, std::slice::from_ref(&(0..text.len())));
        }
    }
}
