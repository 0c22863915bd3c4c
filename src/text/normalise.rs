//! Makes the text that is read from the text that was sent.

use std::borrow::Cow;

use crate::{message::Channel, text::email};

/// Gives the part of a message that is to be read: without invisible characters and, for e-mails
/// and forms, without quoted replies and signature.
///
/// The result only serves reading; what is shown or quoted is always the original. Width, case
/// and script are folded later, by the tokenizer and by [`crate::text::fold`].
pub fn reading_text(text: &str, channel: Channel) -> Cow<'_, str> {
    let own_words = match channel {
        Channel::Email | Channel::Form => email::own_words(text),
        Channel::Chat | Channel::Social | Channel::Direct => Cow::Borrowed(text),
    };
    match own_words {
        Cow::Borrowed(words) => visible(words),
        Cow::Owned(words) => Cow::Owned(visible(&words).into_owned()),
    }
}

/// Whether a text has anything to classify: at least two letters or Han characters, or one emoji
/// beside them.
///
/// "?" or "k" cannot be understood by anyone; they are decided without the model.
pub fn has_content(text: &str) -> bool {
    text.chars().filter(|character| character.is_alphanumeric()).take(2).count() == 2
}

/// Leaves out characters that are never seen: zero-width, direction marks, soft hyphens, controls.
fn visible(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_invisible) {
        Cow::Owned(text.chars().filter(|&character| !is_invisible(character)).collect())
    } else {
        Cow::Borrowed(text)
    }
}

fn is_invisible(character: char) -> bool {
    match character {
        '\n' | '\r' | '\t' => false,
        // Joins the parts of one emoji; leaving it out would make other emoji of it.
        '\u{200D}' => false,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' => true,
        '\u{180B}'..='\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' => true,
        '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}' => true,
        '\u{E0000}'..='\u{E007F}' => true,
        _ => character.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters_are_left_out() {
        assert_eq!(reading_text("re\u{200B}fund\u{FEFF} 退\u{2060}款", Channel::Chat), "refund 退款");
        assert_eq!(reading_text("a\nb\tc", Channel::Chat), "a\nb\tc");
    }

    #[test]
    fn plain_text_is_borrowed() {
        assert!(matches!(reading_text("where is my order", Channel::Chat), Cow::Borrowed(_)));
    }

    #[test]
    fn one_letter_and_punctuation_have_no_content() {
        for text in ["k", "?", "……", "👍", "。", "好"] {
            assert!(!has_content(text), "{text}");
        }
        for text in ["ok", "退款", "在吗", "42"] {
            assert!(has_content(text), "{text}");
        }
    }
}
