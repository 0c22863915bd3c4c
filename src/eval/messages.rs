//! Labelled messages in the format of `models/training/corpus/FORMAT.md`.

use std::{fs, path::Path};

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{
    Error, Result,
    message::{Channel, Message, Turn},
    taxonomy::Intent,
    triage::{Emotion, Polarity, Urgency},
};

/// One message with the labels that it should get.
#[derive(Clone, Debug)]
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
    pub context: Vec<Turn>,
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
    pub out_of_scope: bool,
    /// Number of the pair of messages that differ only in what decides a label.
    pub pair: Option<String>,
}

impl LabelledMessage {
    /// The message as the service gets it. No language hint: telling the language is part of the task.
    pub fn message(&self) -> Message {
        Message {
            text: self.text.clone(),
            channel: self.channel,
            turns: self.context.clone(),
            ..Message::default()
        }
    }
}

/// Reads a file of labelled messages, one JSON object a line.
///
/// # Errors
/// [`Error::File`] when it cannot be read; else what [`parse`] fails with.
pub fn read(path: &Path) -> Result<Vec<LabelledMessage>> {
    let text = fs::read_to_string(path).map_err(|error| Error::file(path, error))?;
    parse(&text, &path.display().to_string())
}

/// Reads labelled messages, one JSON object a line; `name` is what errors call the text.
///
/// # Errors
/// [`Error::Invalid`] that names the line and the field of the first mistake and never quotes what stands
/// there, or says that there is no message.
pub fn parse(text: &str, name: &str) -> Result<Vec<LabelledMessage>> {
    let mut messages = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let wrong = |reason: String| Error::invalid(format!("{name}:{}", number + 1), reason);
        messages.push(message(line).map_err(wrong)?);
    }
    if messages.is_empty() {
        return Err(Error::invalid(name, "holds no message"));
    }
    Ok(messages)
}

/// The fields that every line has, and what they hold.
const FIELDS: [(&str, &str); 13] = [
    ("id", "text"),
    ("text", "text that is not blank"),
    ("lang", "a language tag"),
    ("channel", "chat, email, social or form"),
    ("context", "a list of turns with role (customer, agent or bot) and text"),
    ("intents", "a list of intent ids of the taxonomy, the primary one first"),
    ("urgency", "low, normal, high or urgent"),
    ("sentiment", "negative, neutral or positive"),
    ("score", "a number from -1 to 1"),
    ("emotion", "none, anger, anxiety, disappointment, confusion or gratitude"),
    ("wants_human", "true or false"),
    ("orders_system", "true or false"),
    ("topic", "text"),
];
/// The fields that a line may leave out.
const OPTIONAL: [(&str, &str); 2] = [("out_of_scope", "true or false"), ("pair", "text")];

/// Reads one line. Its parts are read one by one, so that a mistake is told by its field and by what
/// belongs there: serde's own words would quote what stands there.
fn message(line: &str) -> Result<LabelledMessage, String> {
    let object: Map<String, Value> =
        serde_json::from_str(line).map_err(|_| "is not a JSON object".to_owned())?;
    let known = || FIELDS.iter().chain(&OPTIONAL);
    if object.keys().any(|key| known().all(|(name, _)| name != key)) {
        let names: Vec<&str> = known().map(|(name, _)| *name).collect();
        return Err(format!("has a field besides {}", names.join(", ")));
    }
    let fields = Fields(&object);
    let message = LabelledMessage {
        id: fields.get("id")?,
        text: fields.get("text")?,
        lang: fields.get("lang")?,
        channel: fields.get("channel")?,
        context: fields.get("context")?,
        intents: fields.get("intents")?,
        urgency: fields.get("urgency")?,
        sentiment: fields.get("sentiment")?,
        score: fields.get("score")?,
        emotion: fields.get("emotion")?,
        wants_human: fields.get("wants_human")?,
        orders_system: fields.get("orders_system")?,
        topic: fields.get("topic")?,
        out_of_scope: fields.optional("out_of_scope")?.unwrap_or(false),
        pair: fields.optional("pair")?,
    };
    let known_intents = message.intents.iter().all(|id| Intent::find(id).is_some());
    for (field, right) in [
        ("text", !message.text.trim().is_empty()),
        ("intents", !message.intents.is_empty() && known_intents),
        ("score", (-1.0..=1.0).contains(&message.score)),
    ] {
        if !right {
            return Err(wanted(field));
        }
    }
    Ok(message)
}

/// What belongs into a field.
fn wanted(field: &str) -> String {
    let of = FIELDS.iter().chain(&OPTIONAL).find(|(name, _)| *name == field);
    format!("{field}: write {}", of.map_or("another value", |(_, what)| what))
}

/// The fields of one line.
struct Fields<'a>(&'a Map<String, Value>);

impl Fields<'_> {
    fn get<T: DeserializeOwned>(&self, field: &str) -> Result<T, String> {
        self.optional(field)?.ok_or_else(|| format!("{field} is missing"))
    }

    fn optional<T: DeserializeOwned>(&self, field: &str) -> Result<Option<T>, String> {
        self.0.get(field).map(|value| T::deserialize(value).map_err(|_| wanted(field))).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Role;

    const GOOD: &str = r#"{"id":"a-1","text":"where is it","lang":"en","channel":"chat","context":[{"role":"bot","text":"hi"}],"intents":["delivery.track"],"urgency":"normal","sentiment":"neutral","score":0.0,"emotion":"none","wants_human":false,"orders_system":false,"topic":"shop"}"#;

    #[test]
    fn a_line_becomes_a_message_with_its_turns() {
        let messages = parse(&format!("{GOOD}\n\n{GOOD}\n"), "ours").unwrap();
        assert_eq!(messages.len(), 2);
        let message = messages[0].message();
        assert_eq!((message.text.as_str(), message.turns.len()), ("where is it", 1));
        assert_eq!(message.turns[0].role, Role::Bot);
    }

    #[test]
    fn mistakes_name_line_and_field_and_quote_nothing() {
        for (old, new, told) in [
            ("delivery.track", "secret words", "intents: write a list of intent ids"),
            ("\"score\":0.0", "\"score\":3.0", "score: write a number"),
            ("\"score\":0.0", "\"score\":\"secret words\"", "score: write a number"),
            ("\"normal\"", "\"secret words\"", "urgency: write low, normal, high or urgent"),
            ("\"where is it\"", "12345", "text: write text"),
            ("where is it", " ", "text: write text that is not blank"),
            ("\"topic\":\"shop\"", "\"secret words\":\"shop\"", "has a field besides id, text"),
            (",\"topic\":\"shop\"", "", "topic is missing"),
            ("[\"delivery.track\"]", "[]", "intents: write"),
            ("\"role\":\"bot\"", "\"role\":\"secret words\"", "context: write a list of turns"),
            ("{\"id\"", "\"id\"", "is not a JSON object"),
        ] {
            let line = GOOD.replace(old, new);
            assert_ne!(line, GOOD, "{old}");
            let error = parse(&format!("{GOOD}\n{line}"), "ours").unwrap_err().to_string();
            assert!(error.starts_with("ours:2: ") && error.contains(told), "{error}");
            let quoted = ["where is it", "secret words", "12345"].iter().any(|text| error.contains(text));
            assert!(!quoted, "{error}");
        }
        assert_eq!(parse("\n", "ours").unwrap_err().to_string(), "ours: holds no message");
    }
}
