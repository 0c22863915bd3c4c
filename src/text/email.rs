//! Finds what the writer of an e-mail says apart from quoted replies and the signature.

use std::{borrow::Cow, ops::Range};

/// Lines that open a quoted message; everything below them was written earlier by somebody else.
/// The words are those that the common mail programs write.
const QUOTE_HEADERS: &[&str] = &[
    "-----original message-----",
    "----- original message -----",
    "---------- forwarded message",
    "begin forwarded message:",
    "-----原始邮件-----",
    "-----原始郵件-----",
    "------------------ 原始邮件 ------------------",
    "------------------ 原始郵件 ------------------",
    "-----邮件原件-----",
];

/// First words of the header lines of a quoted message ("From: … Sent: … To: …").
const FROM_LABELS: &[&str] = &["from:", "发件人:", "发件人：", "寄件者:", "寄件者：", "寄件人:", "寄件人："];

/// Leaves out quoted replies and the signature.
///
/// When nothing would be left, the whole text is given back: a message that is only a quote still
/// has to be read.
pub fn own_words(text: &str) -> Cow<'_, str> {
    match own_ranges(text).as_slice() {
        [whole] if *whole == (0..text.len()) => Cow::Borrowed(text),
        ranges => {
            let own: Vec<&str> = ranges.iter().map(|range| &text[range.clone()]).collect();
            Cow::Owned(own.join("\n").trim_end().to_owned())
        }
    }
}

/// Bytes of `text` apart from quoted replies and the signature: whole lines, rising and apart, none blank
/// alone.
///
/// The whole text when nothing else would be left.
pub(super) fn own_ranges(text: &str) -> Vec<Range<usize>> {
    let mut own: Vec<Range<usize>> = Vec::new();
    let (mut left_out, mut is_open) = (false, false);
    let lines: Vec<&str> = text.lines().collect();
    let mut start = 0;
    for (index, whole_line) in text.split_inclusive('\n').enumerate() {
        let line = lines.get(index).copied().unwrap_or_default();
        let trimmed = line.trim();
        let (lower, below) = (trimmed.to_lowercase(), lines.get(index + 1..).unwrap_or_default());
        if ends_message(&lower, below) {
            left_out = true;
            break;
        }
        if trimmed.starts_with('>') || introduces_quote(&lower, below) {
            (left_out, is_open) = (true, false);
        } else {
            let end = start + line.len();
            match own.last_mut().filter(|_| is_open) {
                Some(last) => last.end = end,
                None => own.push(start..end),
            }
            is_open = true;
        }
        start += whole_line.len();
    }
    own.retain(|range| !text[range.clone()].trim().is_empty());
    if !left_out || own.is_empty() { std::iter::once(0..text.len()).collect() } else { own }
}

/// Whether this line, in lower case, and those below it are a quoted message or a signature.
fn ends_message(lower: &str, below: &[&str]) -> bool {
    // RFC 3676, section 4.3: "-- " opens the signature; many programs strip the blank.
    lower == "--"
        || QUOTE_HEADERS.iter().any(|header| lower.starts_with(header))
        || introduces_bare_quote(lower, below)
        || is_header_block(lower, below)
}

/// Whether a line says who wrote what follows: "On Monday … wrote:" and its Chinese forms.
fn is_attribution(lower: &str) -> bool {
    (lower.starts_with("on ") && lower.ends_with("wrote:"))
        || ["写道:", "写道：", "寫道:", "寫道："].iter().any(|ending| lower.ends_with(ending))
}

/// First line below that is not blank.
fn next_line<'a>(below: &[&'a str]) -> Option<&'a str> {
    below.iter().map(|line| line.trim()).find(|line| !line.is_empty())
}

/// An attribution above lines that are marked as quoted: only these are left out, the customer's
/// own words may stand between and below them.
fn introduces_quote(lower: &str, below: &[&str]) -> bool {
    is_attribution(lower) && next_line(below).is_some_and(|line| line.starts_with('>'))
}

/// An attribution above a quote without marks, which then is everything below.
fn introduces_bare_quote(lower: &str, below: &[&str]) -> bool {
    is_attribution(lower)
        && match next_line(below) {
            None => true,
            Some(line) => !line.starts_with('>') && lower.starts_with("on "),
        }
}

/// A "From:" line with another header line right below it.
fn is_header_block(lower: &str, below: &[&str]) -> bool {
    const NEXT: &[&str] =
        &["sent:", "date:", "to:", "发送时间", "收件人", "寄件日期", "傳送時間", "日期", "subject:"];
    FROM_LABELS.iter().any(|label| lower.starts_with(label))
        && below.first().is_some_and(|line| {
            let next = line.trim().to_lowercase();
            NEXT.iter().any(|label| next.starts_with(label))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_lines_and_what_follows_a_reply_header_are_left_out() {
        let text = "Still broken.\n\nOn Mon, 2 Nov 2026 at 10:00, Shop <help@shop.example> wrote:\n> Please restart.\n> Bye";
        assert_eq!(own_words(text), "Still broken.");
    }

    #[test]
    fn signatures_are_left_out() {
        assert_eq!(own_words("请尽快处理。\n-- \n张三\n电话 13800000000"), "请尽快处理。");
    }

    #[test]
    fn header_blocks_open_a_quote() {
        let text = "還是沒收到\n\n寄件者: 客服 <a@b.example>\n寄件日期: 2026年11月2日\n主旨: 訂單\n您好";
        assert_eq!(own_words(text), "還是沒收到");
    }

    #[test]
    fn inline_answers_are_kept() {
        assert_eq!(own_words("> Which size?\nMedium please\n> Which colour?\nBlue"), "Medium please\nBlue");
    }

    #[test]
    fn an_answer_below_an_attributed_quote_is_kept() {
        let text = "Hello,\n\nOn Mon, Shop wrote:\n> Which size?\nMedium, and the lamp is broken.";
        assert_eq!(own_words(text), "Hello,\n\nMedium, and the lamp is broken.");
    }

    #[test]
    fn a_message_that_is_only_a_quote_is_read_whole() {
        assert_eq!(own_words("> refund my order"), "> refund my order");
    }

    #[test]
    fn a_customer_who_says_from_is_not_cut() {
        let text = "I moved.\nFrom: Berlin\nI now live in Rotterdam.";
        assert_eq!(own_words(text), text);
    }
}
