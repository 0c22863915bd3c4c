//! The messages of a batch, read line by line.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
};

use anyhow::Context;
use prost::Message;
use serde_json::Value;

use super::{CHUNK_BYTES, CHUNK_MESSAGES};
use crate::{
    json::{self, JsonError},
    proto::{Limits, TriageRequest},
};

/// What a request may need on the wire beside itself, in bytes.
const ENVELOPE_BYTES: usize = 1024;

/// One line of the input.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    /// Its number in the file, counted from 1.
    pub(super) number: usize,
    /// The message's id; `line-N` for a line that has none.
    pub(super) id: String,
    /// The request, or why it is none.
    pub(super) request: Result<TriageRequest, JsonError>,
}

/// The lines of a file; blank ones are left out.
#[derive(Debug)]
pub(super) struct Lines {
    path: PathBuf,
    reader: BufReader<File>,
    number: usize,
    default_base: String,
}

impl Lines {
    /// Opens a file; `default_base` is searched for messages that name no knowledge base.
    pub(super) fn open(path: &Path, default_base: String) -> anyhow::Result<Self> {
        let file = File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
        Ok(Self { path: path.to_owned(), reader: BufReader::new(file), number: 0, default_base })
    }
}

impl Iterator for Lines {
    type Item = anyhow::Result<Line>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let mut bytes = Vec::new();
            match self.reader.read_until(b'\n', &mut bytes) {
                Ok(0) => return None,
                Ok(_) => self.number += 1,
                Err(error) => {
                    let place = format!("{} cannot be read after line {}", self.path.display(), self.number);
                    return Some(Err(anyhow::Error::new(error).context(place)));
                }
            }
            let bytes =
                if self.number == 1 { bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes) } else { &bytes };
            if !bytes.trim_ascii().is_empty() {
                return Some(Ok(read(self.number, bytes.trim_ascii(), &self.default_base)));
            }
        }
    }
}

/// Reads one line; what is wrong with it is part of the result.
fn read(number: usize, bytes: &[u8], default_base: &str) -> Line {
    let mut id = format!("line-{number}");
    let request = std::str::from_utf8(bytes)
        .map_err(|error| whole(format!("is not UTF-8 from byte {} on", error.valid_up_to() + 1)))
        .and_then(json::parse)
        .and_then(|value| request(value, &mut id, default_base));
    Line { number, id, request }
}

fn request(mut value: Value, id: &mut String, default_base: &str) -> Result<TriageRequest, JsonError> {
    let Some(object) = value.as_object_mut() else {
        return Err(whole("is not a JSON object; write {\"id\": …, \"text\": …}".to_owned()));
    };
    let given = ["id", "requestId", "request_id"].map(|name| object.remove(name));
    let mut given = given.into_iter().flatten();
    match given.next() {
        Some(Value::String(text)) if !text.is_empty() => *id = text,
        Some(Value::Number(number)) => *id = number.to_string(),
        Some(Value::Null | Value::String(_)) | None => {}
        Some(_) => {
            return Err(JsonError {
                field: "id".to_owned(),
                reason: "is neither text nor a number".to_owned(),
            });
        }
    }
    if given.next().is_some() {
        return Err(JsonError {
            field: "id".to_owned(),
            reason: "stands there twice, as id and as requestId".to_owned(),
        });
    }
    // Labelled samples say what is expected; that is no part of the question.
    object.remove("expect");
    spell_out(object.get_mut("channel"), "CHANNEL_");
    let turns = object.get_mut("turns").and_then(Value::as_array_mut);
    turns.into_iter().flatten().for_each(|turn| spell_out(turn.get_mut("role"), "ROLE_"));
    if !object.contains_key("text") {
        return Err(JsonError { field: "text".to_owned(), reason: "is missing".to_owned() });
    }
    let mut request: TriageRequest = json::from_value(&value)?;
    request.request_id.clone_from(id);
    if request.knowledge_base.is_empty() {
        default_base.clone_into(&mut request.knowledge_base);
    }
    Ok(request)
}

/// Turns a short name such as "email" into the contract's, `CHANNEL_EMAIL`.
fn spell_out(name: Option<&mut Value>, prefix: &str) {
    if let Some(Value::String(name)) = name
        && !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_lowercase())
    {
        *name = format!("{prefix}{}", name.to_ascii_uppercase());
    }
}

fn whole(reason: String) -> JsonError {
    JsonError { field: String::new(), reason }
}

/// Lines in groups that fit into one call each.
pub(super) struct Chunks<I> {
    lines: I,
    next: Option<Line>,
    max_messages: usize,
    max_bytes: usize,
}

impl<I: Iterator<Item = anyhow::Result<Line>>> Chunks<I> {
    /// Groups lines within the server's limits; a limit of 0 is not known.
    pub(super) fn new(lines: I, limits: &Limits) -> Self {
        let known = |limit: u32| if limit == 0 { usize::MAX } else { limit as usize };
        Self {
            lines,
            next: None,
            max_messages: CHUNK_MESSAGES.min(known(limits.max_batch)),
            max_bytes: known(limits.max_request_bytes).saturating_sub(ENVELOPE_BYTES),
        }
    }

    /// The next group; empty at the end.
    pub(super) fn next_chunk(&mut self) -> anyhow::Result<Vec<Line>> {
        let mut chunk = Vec::new();
        let mut num_bytes = 0;
        while chunk.len() < self.max_messages {
            let Some(line) = self.next.take().map(Ok).or_else(|| self.lines.next()) else { break };
            let line = self.checked(line?);
            let line_bytes = line.request.as_ref().map_or(0, Message::encoded_len);
            if !chunk.is_empty() && num_bytes + line_bytes > CHUNK_BYTES.min(self.max_bytes) {
                self.next = Some(line);
                break;
            }
            num_bytes += line_bytes;
            chunk.push(line);
        }
        Ok(chunk)
    }

    /// Refuses a request that does not fit on the wire; the server could not say whose fault it is.
    fn checked(&self, mut line: Line) -> Line {
        let num_bytes = line.request.as_ref().map_or(0, Message::encoded_len);
        if num_bytes > self.max_bytes {
            line.request =
                Err(whole(format!("takes {num_bytes} bytes; the server takes at most {}", self.max_bytes)));
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proto::{Channel, Role};

    fn read_text(text: &str) -> Line {
        read(7, text.as_bytes(), "knowledgeBases/shop")
    }

    fn wrong(text: &str) -> (String, String) {
        let error = read_text(text).request.unwrap_err();
        (error.field, error.reason)
    }

    #[test]
    fn a_line_is_a_request_with_an_id() {
        let line = read_text(r#"{"id": "m1", "text": "你好", "channel": "CHANNEL_EMAIL"}"#);
        let request = line.request.unwrap();
        assert_eq!((line.id.as_str(), request.request_id.as_str()), ("m1", "m1"));
        assert_eq!(request.channel(), Channel::Email);
        assert_eq!(request.knowledge_base, "knowledgeBases/shop");
        assert_eq!(read_text(r#"{"id": 12, "text": "a"}"#).id, "12");
        assert_eq!(read_text(r#"{"requestId": "r", "text": "a"}"#).id, "r");
        assert_eq!(read_text(r#"{"text": "a"}"#).id, "line-7");
    }

    #[test]
    fn a_labelled_sample_is_a_request() {
        let line = r#"{"id": "a", "text": "b", "channel": "email", "turns": [{"role": "bot", "text": "c"}], "expect": {}}"#;
        let request = read_text(line).request.unwrap();
        assert_eq!((request.channel(), request.turns[0].role()), (Channel::Email, Role::Bot));
        assert!(wrong(r#"{"text": "b", "channel": "fax"}"#).1.contains("CHANNEL_CHAT"));
    }

    #[test]
    fn a_wrong_line_keeps_its_id_and_names_the_field() {
        let line = read_text(r#"{"id": "m1", "txt": "a"}"#);
        assert_eq!((line.id.as_str(), line.request.unwrap_err().field.as_str()), ("m1", "text"));
        assert_eq!(wrong(r#"{"id": "m1", "text": "a", "chanel": 1}"#).0, "chanel");
        assert_eq!(wrong(r#"{"id": [], "text": "a"}"#).0, "id");
        assert_eq!(wrong(r#"{"id": "a", "requestId": "b", "text": "a"}"#).0, "id");
        assert!(wrong("{broken").1.starts_with("is not JSON at column 2"));
        assert!(wrong("[]").1.starts_with("is not a JSON object"));
        let bytes = read(1, b"{\"text\": \"\xff\"}", "");
        assert_eq!(bytes.request.unwrap_err().reason, "is not UTF-8 from byte 11 on");
    }

    #[test]
    fn blank_lines_and_a_byte_order_mark_are_skipped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("in.jsonl");
        std::fs::write(&path, "\u{feff}{\"id\":\"a\",\"text\":\"x\"}\r\n\n  \n{\"id\":\"b\",\"text\":\"x\"}")
            .unwrap();
        let lines: Vec<Line> = Lines::open(&path, String::new()).unwrap().map(Result::unwrap).collect();
        let ids: Vec<_> = lines.iter().map(|line| (line.number, line.id.as_str())).collect();
        assert_eq!(ids, [(1, "a"), (4, "b")]);
        assert!(lines.iter().all(|line| line.request.is_ok()));
    }

    #[test]
    fn chunks_stay_within_the_limits() {
        let line = |text: &str| Ok(read(1, format!("{{\"text\": \"{text}\"}}").as_bytes(), ""));
        let long = "x".repeat(300_000);
        let lines =
            vec![line("a"), line(&long), line(&long), line("b"), line(&"x".repeat(2_000_000)), line("c")];
        let limits = Limits { max_batch: 3, max_request_bytes: 1024 * 1024, ..Limits::default() };
        let mut chunks = Chunks::new(lines.into_iter(), &limits);
        let mut sizes = Vec::new();
        let mut too_long = Vec::new();
        loop {
            let chunk = chunks.next_chunk().unwrap();
            if chunk.is_empty() {
                break;
            }
            sizes.push(chunk.len());
            too_long.extend(chunk.into_iter().filter_map(|line| line.request.err()));
        }
        assert_eq!(sizes, [2, 3, 1]);
        assert!(too_long.len() == 1 && too_long[0].reason.contains("at most"), "{too_long:?}");
    }
}
