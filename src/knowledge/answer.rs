//! What a hit answers: the part of its passage that is quoted.

use std::ops::Range;

use super::{
    quote::{self, Question},
    search::Hit,
};
use crate::{message::Locale, text::script};

/// The quoted part of a passage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuotedAnswer {
    /// As it is shown: to the letter, or converted to the other Chinese script.
    pub text: String,
    /// Bytes of the article's body that it quotes, rising and apart.
    pub ranges: Vec<Range<usize>>,
    /// Language of `text`.
    pub locale: Locale,
    /// Whether `text` was converted from the other Chinese script.
    pub converted: bool,
}

impl Hit {
    /// The part of the passage that answers a question. One in the other Chinese script than `script` is
    /// converted; one in another language stays as it is, and so does every one when `script` is `None`.
    pub fn answer(&self, question: &str, script: Option<Locale>) -> QuotedAnswer {
        let question = Question { text: question, ..Question::default() };
        let ranges = quote::answer(&self.text, &question).ranges;
        let original = quote::render(&self.text, &ranges).trim().to_owned();
        let in_body = |range: Range<usize>| self.start_byte + range.start..self.start_byte + range.end;
        let ranges = ranges.into_iter().map(in_body).collect();
        let converted =
            script.and_then(|script| Some((script, script::convert(&original, self.locale, script)?)));
        match converted {
            Some((locale, converted)) => {
                QuotedAnswer { text: converted.text, ranges, locale, converted: converted.changed }
            }
            None => QuotedAnswer { text: original, ranges, locale: self.locale, converted: false },
        }
    }
}
