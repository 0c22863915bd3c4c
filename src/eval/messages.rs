//! Labelled messages in the format of `models/training/corpus/FORMAT.md`.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
};

use serde::Deserialize;

use crate::{
    Error, Result,
    message::{Channel, Message, Role, Turn},
    taxonomy::Intent,
    triage::{Emotion, Polarity, Urgency},
};

/// One message with the labels that it should get.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabelledMessage {
    /// Unique name.
    pub id: String,
    /// The message as typed.
    pub text: String,
    /// BCP 47 tag of its language, `mixed`, or `und` for gibberish.
    pub lang: String,
    /// How it came.
    pub channel: Channel,
    /// Turns before it, oldest first.
    pub context: Vec<ContextTurn>,
    /// Intent ids, the primary one first; never empty.
    pub intents: Vec<String>,
    /// Urgency.
    pub urgency: Urgency,
    /// Polarity of the sentiment.
    pub sentiment: Polarity,
    /// Strength of the sentiment in -1..1.
    pub score: f64,
    /// Emotion.
    pub emotion: Emotion,
    /// Asks, now, for a person.
    pub wants_human: bool,
    /// Tries to give the system orders.
    pub orders_system: bool,
    /// Industry.
    pub topic: String,
    /// Chit-chat, trivia, gibberish, adverts and the like: no request to a company.
    #[serde(default)]
    pub out_of_scope: bool,
    /// Number of the pair of messages that differ only in what decides a label.
    #[serde(default)]
    pub pair: Option<String>,
}

/// A turn before the message.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContextTurn {
    /// Who wrote it.
    pub role: Role,
    /// What was written.
    pub text: String,
}

impl LabelledMessage {
    /// The message as the service gets it. No language hint: telling the language is part of the task.
    pub fn message(&self) -> Message {
        let turns = self.context.iter().map(|turn| Turn { role: turn.role, text: turn.text.clone() });
        Message {
            text: self.text.clone(),
            channel: self.channel,
            turns: turns.collect(),
            ..Message::default()
        }
    }

    fn check(&self) -> Result<(), String> {
        if self.text.trim().is_empty() {
            return Err("text is blank".to_owned());
        }
        if self.intents.is_empty() {
            return Err("intents is empty; write at least the primary one".to_owned());
        }
        if let Some(unknown) = self.intents.iter().find(|id| Intent::find(id).is_none()) {
            return Err(format!("intents: {unknown:?} is no intent of the taxonomy"));
        }
        if !(-1.0..=1.0).contains(&self.score) {
            return Err("score lies outside -1..1".to_owned());
        }
        Ok(())
    }
}

/// Reads a file of labelled messages, one JSON object a line.
///
/// # Errors
/// [`Error::File`] when it cannot be read; [`Error::Invalid`] that names the line and the field of the
/// first mistake, or says that the file is empty.
pub fn read(path: &Path) -> Result<Vec<LabelledMessage>> {
    let file = File::open(path).map_err(|error| Error::file(path, error))?;
    let mut messages = Vec::new();
    for (number, line) in BufReader::new(file).lines().enumerate() {
        let line = line.map_err(|error| Error::file(path, error))?;
        if line.trim().is_empty() {
            continue;
        }
        let place = || format!("{}:{}", path.display(), number + 1);
        let message: LabelledMessage =
            serde_json::from_str(&line).map_err(|error| Error::invalid(place(), without_text(&error)))?;
        message.check().map_err(|reason| Error::invalid(place(), reason))?;
        messages.push(message);
    }
    if messages.is_empty() {
        return Err(Error::invalid(path.display().to_string(), "holds no message"));
    }
    Ok(messages)
}

/// What is wrong with a line. serde quotes unknown words of closed sets, never the message's text, whose
/// field takes any string; a wrong type is told by its kind alone.
fn without_text(error: &serde_json::Error) -> String {
    let told = error.to_string();
    match told.split_once("invalid type: string ") {
        Some((before, rest)) => {
            let after = rest.rsplit_once(", expected").map_or("", |(_, expected)| expected);
            format!("{before}invalid type: a string, expected{after}")
        }
        None => told,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const GOOD: &str = r#"{"id":"a-1","text":"where is it","lang":"en","channel":"chat","context":[{"role":"bot","text":"hi"}],"intents":["delivery.track"],"urgency":"normal","sentiment":"neutral","score":0.0,"emotion":"none","wants_human":false,"orders_system":false,"topic":"shop"}"#;

    fn read_text(text: &str) -> Result<Vec<LabelledMessage>> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        read(file.path())
    }

    #[test]
    fn a_line_becomes_a_message_with_its_turns() {
        let messages = read_text(&format!("{GOOD}\n\n{GOOD}\n")).unwrap();
        assert_eq!(messages.len(), 2);
        let message = messages[0].message();
        assert_eq!((message.text.as_str(), message.turns.len()), ("where is it", 1));
        assert_eq!(message.turns[0].role, Role::Bot);
    }

    #[test]
    fn mistakes_name_line_and_field_and_hold_no_text() {
        for (old, new, told) in [
            ("delivery.track", "delivery.trak", "delivery.trak"),
            ("\"score\":0.0", "\"score\":3.0", "score"),
            ("\"score\":0.0", "\"score\":\"secret words\"", "expected"),
            ("\"normal\"", "\"soon\"", "urgent"),
            ("where is it", " ", "text"),
            ("\"topic\"", "\"tpoic\"", "tpoic"),
            ("[\"delivery.track\"]", "[]", "intents"),
        ] {
            let error = read_text(&format!("{GOOD}\n{}", GOOD.replace(old, new))).unwrap_err().to_string();
            assert!(error.contains(":2"), "{error}");
            assert!(error.contains(told), "{error}");
            assert!(!error.contains("where is it") && !error.contains("secret words"), "{error}");
        }
        assert!(read_text("\n").unwrap_err().to_string().contains("no message"));
    }
}
