//! Where in a message the customer's own words stand.

use std::ops::Range;

use crate::{message::Channel, text::email};

/// Bytes of `text` that the customer wrote for this message, rising and apart: for e-mails and forms without
/// quoted replies and signature, else the whole text.
///
/// A message that is only a quote is own words, since something has to be read.
pub fn own(text: &str, channel: Channel) -> Vec<Range<usize>> {
    match channel {
        Channel::Email | Channel::Form => email::own_ranges(text),
        Channel::Chat | Channel::Social | Channel::Direct => std::iter::once(0..text.len()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words(text: &str, channel: Channel) -> Vec<&str> {
        own(text, channel).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn quotes_and_signatures_of_letters_are_not_own_words() {
        let text = "> Which size?\r\nMedium please\r\n> Which colour?\r\nBlue\r\n-- \r\nAnn";
        assert_eq!(words(text, Channel::Email), ["Medium please", "Blue"]);
        let text = "还没收到\n\n发件人: 客服\n发送时间: 2026年11月2日\n您好";
        assert_eq!(words(text, Channel::Form), ["还没收到\n"]);
        let text = "還是沒收到，請處理\n-----原始郵件-----\n您好";
        assert_eq!(words(text, Channel::Email), ["還是沒收到，請處理"]);
    }

    #[test]
    fn a_chat_is_own_words_altogether() {
        assert_eq!(words("> is what it says\n-- \nbye", Channel::Chat), ["> is what it says\n-- \nbye"]);
        assert_eq!(words("> refund my order", Channel::Email), ["> refund my order"]);
    }

    proptest! {
        #[test]
        fn ranges_rise_and_make_the_words_that_are_read(text in "([>a退 -]{0,4}(\r?\n)?){0,8}") {
            let ranges = own(&text, Channel::Email);
            prop_assert!(ranges.iter().all(|range| text.get(range.clone()).is_some()));
            prop_assert!(ranges.windows(2).all(|pair| pair[0].end < pair[1].start));
            let joined: Vec<&str> = ranges.iter().map(|range| &text[range.clone()]).collect();
            let joined = joined.join("\n");
            let read = email::own_words(&text);
            prop_assert_eq!(joined.trim_end(), read.trim_end());
        }
    }
}
