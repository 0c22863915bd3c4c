//! Facts in the words of a message that raise how urgently it is worked on, beside the model's
//! level; each is named with its place in the text. So far one: the customer writes again.

use std::ops::Range;

/// Counting words before 次 and 遍 that mean more than once.
const ZH_COUNTS: &[&str] = &[
    "第二", "第三", "第四", "第五", "第六", "第2", "第3", "第4", "第5", "第n", "第N", "好几", "好幾", "无数",
    "無數", "三", "四", "五", "几", "幾",
];

/// What one does to reach a company, in Chinese; it stands near the count.
const ZH_CONTACTS: &[&str] = &[
    "问",
    "問",
    "催",
    "联系",
    "聯絡",
    "聯繫",
    "打电话",
    "打電話",
    "反馈",
    "反應",
    "反映",
    "投诉",
    "客訴",
    "发消息",
    "留言",
    "找你们",
    "找你們",
    "来信",
    "來信",
    "寫信",
    "写信",
];

/// How English counts contacts.
const EN_COUNTS: &[&str] = &[
    "second time i",
    "third time i",
    "fourth time i",
    "fifth time i",
    "2nd time i",
    "3rd time i",
    "4th time i",
    "second email",
    "third email",
    "fourth email",
    "3rd email",
    "second message",
    "third message",
    "3rd message",
    "third call",
    "3rd call",
    "asked twice",
    "asked three times",
    "called three times",
    "emailed three times",
    "written three times",
    "contacted you three times",
    "asked several times",
    "how many times do i have to",
    "third time asking",
    "third time writing",
    "third time calling",
    "3rd time asking",
    "3rd time writing",
];

/// Characters between a count and the word for the contact.
const NEAR_CHARS: usize = 8;

/// Finds where the customer says that this is not the first time they write about it.
///
/// Gives the byte range in `text`.
pub fn repeated_contact(text: &str) -> Option<Range<usize>> {
    english(text).or_else(|| chinese(text))
}

fn english(text: &str) -> Option<Range<usize>> {
    // ASCII lower case keeps every byte where it is.
    let lower = text.to_ascii_lowercase();
    EN_COUNTS.iter().find_map(|count| lower.find(count).map(|start| start..start + count.len()))
}

fn chinese(text: &str) -> Option<Range<usize>> {
    ["次", "遍", "回"].iter().flat_map(|unit| text.match_indices(unit)).find_map(|(end, unit)| {
        let count = ZH_COUNTS.iter().find(|count| text[..end].ends_with(*count))?;
        let span = end - count.len()..end + unit.len();
        is_near_contact(text, &span).then_some(span)
    })
}

/// Whether a word for reaching the company stands within a few characters.
fn is_near_contact(text: &str, span: &Range<usize>) -> bool {
    let before: String =
        text[..span.start].chars().rev().take(NEAR_CHARS).collect::<Vec<_>>().into_iter().rev().collect();
    let after: String = text[span.end..].chars().take(NEAR_CHARS).collect();
    ZH_CONTACTS.iter().any(|contact| before.contains(contact) || after.contains(contact))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contacts_that_are_counted_are_found_with_their_place() {
        let cases = [
            ("我的订单说好周五到,现在还没发货,都第三次来问了", Some("第三次")),
            ("催了好几遍了都没人理", Some("好几遍")),
            ("這是我第3次打電話來,到底何時退款", Some("第3次")),
            ("This is the THIRD TIME I am writing about order 8812", Some("THIRD TIME I")),
            ("我第三次买你们家的耳机了,很满意", None),
            ("会员一年可以免费换货三次吗", None),
            ("can it be returned a second time?", None),
            ("where is my order", None),
            ("次", None),
        ];
        for (text, expected) in cases {
            assert_eq!(repeated_contact(text).map(|span| &text[span]), expected, "{text}");
        }
    }
}
