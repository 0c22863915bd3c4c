//! Makes messages ready for the encoder. Nothing is tokenised twice: sentences are parts of their message, and
//! a turn is the same before every message.

use std::{borrow::Cow, ops::Range};

use super::Model;
use crate::{
    Result,
    encoder::{Row, Tokens},
    message::{Channel, Locale, Message, Role, Turn},
    text::{
        language::{self, Surroundings},
        normalise, windows,
    },
};

/// How messages are read.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Language of text that leaves it open.
    pub default_locale: Locale,
    /// Windows of a long message that are encoded at most.
    pub max_windows: usize,
}

/// A message made ready for the encoder.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The part of the message that is read.
    pub text: String,
    /// Its language.
    pub language: language::Language,
    /// Whether it holds anything to classify.
    pub has_content: bool,
    /// Length of the whole text in tokens.
    pub(super) num_tokens: usize,
    /// Rows for the encoder: the windows of the message alone first, then those with context.
    pub(super) rows: Vec<Row>,
    /// How many of the rows are of the message alone.
    pub(super) num_plain: usize,
    /// Tokens of each window, the weight of its vector.
    pub(super) window_tokens: Vec<usize>,
}

/// What is read of a message.
#[derive(Clone, Debug)]
pub struct Text {
    /// The part of it that is read.
    pub text: String,
    /// Its language.
    pub language: language::Language,
    /// Whether that is all of it, to the letter.
    is_whole: bool,
}

/// The turns of a conversation with their tokens.
#[derive(Clone, Debug)]
pub struct Turns<'a> {
    turns: &'a [Turn],
    /// Of each turn; nothing for one that is too far back to be read.
    tokens: Vec<Tokens>,
}

impl Prepared {
    /// Length of the message in tokens.
    pub fn num_tokens(&self) -> usize {
        self.num_tokens
    }

    /// Whether it is read after turns of a conversation, too.
    pub fn has_turns(&self) -> bool {
        self.rows.len() > self.num_plain
    }

    /// Whether the message was cut into windows.
    pub fn windowed(&self) -> bool {
        self.window_tokens.len() > 1
    }
}

impl Text {
    fn of(text: &str, channel: Channel, language: impl FnOnce(&str) -> language::Language) -> Self {
        let read = normalise::reading_text(text, channel);
        Self { language: language(&read), is_whole: *read == *text, text: read.into_owned() }
    }
}

impl Model {
    /// Reads a message in a conversation whose language may be known: leaves out what is not the customer's,
    /// tells the language.
    pub fn text(&self, message: &Message, conversation: Option<Locale>, reading: &Reading) -> Text {
        let around = Surroundings::of(message, conversation);
        Text::of(&message.text, message.channel, |text| {
            language::of_message(text, &around, reading.default_locale)
        })
    }

    /// Reads the turns before a message.
    ///
    /// # Errors
    /// [`crate::Error::Internal`] when the tokenizer fails.
    pub fn turns<'a>(&self, turns: &'a [Turn]) -> Result<Turns<'a>> {
        let rows = &self.sentences.rows;
        // The last turn of the customer is read as a message too, after those before it.
        let last = turns.iter().rposition(|turn| turn.role == Role::Customer).unwrap_or(turns.len());
        let num_read = rows.format().context_turns;
        let before_last = last.saturating_sub(num_read)..=last;
        let before_message = turns.len().saturating_sub(num_read)..turns.len();
        let is_read = |at: usize| before_last.contains(&at) || before_message.contains(&at);
        let tokens = turns.iter().enumerate().map(|(at, turn)| match is_read(at) {
            true => rows.tokenize(&turn.text),
            false => Ok(Tokens::default()),
        });
        Ok(Turns { turns, tokens: tokens.collect::<Result<_>>()? })
    }

    /// Makes a message ready: reads it and its turns and tokenises.
    ///
    /// # Errors
    /// [`crate::Error::Internal`] when the tokenizer fails.
    pub fn prepare(&self, message: &Message, reading: &Reading) -> Result<Prepared> {
        let text = self.text(message, None, reading);
        let turns = self.turns(&message.turns)?;
        let tokens = self.sentences.rows.tokenize(&text.text)?;
        Ok(self.prepared(text, &tokens, &self.context(&turns, turns.turns.len()), reading))
    }

    /// Makes a message ready that was read, and some of its sentences by themselves; `sentences` are bytes of
    /// its text, rising and apart, and end at blanks or marks.
    ///
    /// # Errors
    /// As [`Self::prepare`].
    pub fn prepare_with_sentences(
        &self,
        message: &Message,
        text: Text,
        turns: &Turns<'_>,
        sentences: &[Range<usize>],
        reading: &Reading,
    ) -> Result<(Prepared, Vec<Prepared>)> {
        let language = text.language;
        let sentence = |span: &Range<usize>| {
            Text::of(message.text.get(span.clone()).unwrap_or_default(), message.channel, |_| language)
        };
        let sentences_read: Vec<Text> = sentences.iter().map(sentence).collect();
        let rows = &self.sentences.rows;
        let (whole, parts) = match text.is_whole && sentences_read.iter().all(|sentence| sentence.is_whole) {
            true => rows.tokenize_with_parts(&text.text, sentences)?,
            // What is left out of the message has other places than in the text that is read.
            false => {
                let parts = sentences_read.iter().map(|sentence| rows.tokenize(&sentence.text));
                (rows.tokenize(&text.text)?, parts.collect::<Result<_>>()?)
            }
        };
        let prepared = self.prepared(text, &whole, &self.context(turns, turns.turns.len()), reading);
        let sentences = sentences_read.into_iter().zip(&parts);
        let sentences = sentences.map(|(text, tokens)| self.prepared(text, tokens, &[], reading));
        Ok((prepared, sentences.collect()))
    }

    /// Makes the customer's last turn ready, after the turns before it; `None` without one.
    ///
    /// # Errors
    /// As [`Self::prepare`].
    pub fn prepare_last_turn(
        &self,
        message: &Message,
        conversation: Option<Locale>,
        turns: &Turns<'_>,
        reading: &Reading,
    ) -> Result<Option<Prepared>> {
        let Some(last) = turns.turns.iter().rposition(|turn| turn.role == Role::Customer) else {
            return Ok(None);
        };
        let around = Surroundings { turns: &turns.turns[..last], ..Surroundings::of(message, conversation) };
        let text = Text::of(&turns.turns[last].text, message.channel, |text| {
            language::of_message(text, &around, reading.default_locale)
        });
        let tokens = match text.is_whole {
            true => Cow::Borrowed(&turns.tokens[last]),
            false => Cow::Owned(self.sentences.rows.tokenize(&text.text)?),
        };
        Ok(Some(self.prepared(text, &tokens, &self.context(turns, last), reading)))
    }

    /// What stands in a row before the message that `num_turns` turns come before; nothing without turns.
    fn context(&self, turns: &Turns<'_>, num_turns: usize) -> Vec<u32> {
        if num_turns == 0 {
            return Vec::new();
        }
        let rows = &self.sentences.rows;
        let first = num_turns.saturating_sub(rows.format().context_turns);
        let read = turns.turns.iter().zip(&turns.tokens).take(num_turns).skip(first);
        rows.context(read.map(|(turn, tokens)| (turn.role, tokens)))
    }

    fn prepared(&self, text: Text, tokens: &Tokens, context: &[u32], reading: &Reading) -> Prepared {
        let Text { text, language, .. } = text;
        let rows = &self.sentences.rows;
        let max_tokens = rows.format().message_tokens;
        let cut = windows::cut(tokens.ids.len(), &tokens.borders, max_tokens, reading.max_windows);
        let windows = || cut.iter().map(|window| &tokens.ids[window.clone()]);
        let mut prepared = Prepared {
            has_content: normalise::has_content(&text),
            text,
            language,
            rows: windows().map(|window| rows.message_row(window)).collect(),
            num_plain: cut.len(),
            window_tokens: cut.iter().map(ExactSizeIterator::len).collect(),
            num_tokens: tokens.ids.len(),
        };
        if !context.is_empty() {
            prepared.rows.extend(windows().map(|window| rows.context_row(context, window)));
        }
        prepared
    }
}
