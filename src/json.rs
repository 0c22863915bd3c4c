//! The proto3 JSON mapping of every message of the contract.
//!
//! Names are lowerCamelCase (names as in the proto are read too), enum values are their names,
//! 64-bit integers are strings, times are RFC 3339. Fields without presence are always written,
//! also when they have their default: the shape of a line never depends on its values, and a
//! reader need not know the defaults.

use std::{fmt, sync::LazyLock};

use prost::{Message, Name};
use prost_reflect::{
    DescriptorPool, DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, SerializeOptions,
};
use serde_json::{Map, Value};

use crate::proto;

static POOL: LazyLock<Result<DescriptorPool, String>> =
    LazyLock::new(|| DescriptorPool::decode(proto::DESCRIPTORS).map_err(|error| error.to_string()));

/// Prefix of the types that have a JSON form of their own.
const WELL_KNOWN: &str = "google.protobuf.";
/// Similarity in 0..1 (Jaro-Winkler) from which an unknown field is taken for a misspelt one.
const MIN_SIMILARITY: f64 = 0.8;

/// Why JSON is not a message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", told(field, reason))]
pub struct JsonError {
    /// Path of the field as the JSON names it, for example `turns[2].role`; empty when it is about
    /// the whole.
    pub field: String,
    /// What is wrong and what to write instead.
    pub reason: String,
}

/// Writes a message as JSON in one line.
///
/// # Errors
/// [`JsonError`] when the message is not of the contract.
pub fn to_json<M: Message + Name>(message: &M) -> Result<String, JsonError> {
    let mut out = Vec::new();
    write(message, &mut serde_json::Serializer::new(&mut out))?;
    text(out)
}

/// Writes a message as JSON for people: indented, over several lines.
///
/// # Errors
/// [`JsonError`] when the message is not of the contract.
pub fn to_json_pretty<M: Message + Name>(message: &M) -> Result<String, JsonError> {
    let mut out = Vec::new();
    write(message, &mut serde_json::Serializer::pretty(&mut out))?;
    text(out)
}

/// Reads a message from JSON.
///
/// # Errors
/// [`JsonError`] with the field that is unknown or has a wrong value.
pub fn from_json<M: Message + Name + Default>(text: &str) -> Result<M, JsonError> {
    from_value(&parse(text)?)
}

/// Reads a message from parsed JSON.
///
/// # Errors
/// [`JsonError`] with the field that is unknown or has a wrong value.
pub fn from_value<M: Message + Name + Default>(value: &Value) -> Result<M, JsonError> {
    let descriptor = descriptor(&M::full_name())?;
    let Value::Object(object) = value else {
        return Err(whole("is not a JSON object; write {\"field\": value, …}"));
    };
    match DynamicMessage::deserialize(descriptor.clone(), value) {
        Ok(message) => message.transcode_to().map_err(|error| whole(error.to_string())),
        Err(error) => Err(find_fault(&descriptor, object).unwrap_or_else(|| whole(error.to_string()))),
    }
}

/// Parses JSON text.
///
/// # Errors
/// [`JsonError`] with the place of the mistake.
pub fn parse(text: &str) -> Result<Value, JsonError> {
    serde_json::from_str(text).map_err(|error| {
        let place = format!(" at line {} column {}", error.line(), error.column());
        let told = error.to_string();
        let line = if error.line() > 1 { format!("line {}, ", error.line()) } else { String::new() };
        let reason = told.strip_suffix(&place).unwrap_or(&told);
        whole(format!("is not JSON at {line}column {}: {reason}", error.column()))
    })
}

fn write<'a, M: Message + Name, F: serde_json::ser::Formatter>(
    message: &M,
    serializer: &'a mut serde_json::Serializer<&'a mut Vec<u8>, F>,
) -> Result<(), JsonError> {
    let descriptor = descriptor(&M::full_name())?;
    let dynamic = DynamicMessage::decode(descriptor, message.encode_to_vec().as_slice());
    let dynamic = dynamic.map_err(|error| whole(error.to_string()))?;
    let options = SerializeOptions::new().skip_default_fields(false);
    dynamic.serialize_with_options(serializer, &options).map_err(|error| whole(error.to_string()))
}

fn text(bytes: Vec<u8>) -> Result<String, JsonError> {
    String::from_utf8(bytes).map_err(|error| whole(error.to_string()))
}

/// The descriptor of a message of the contract.
///
/// # Errors
/// [`JsonError`] when there is no such message.
pub(crate) fn descriptor(name: &str) -> Result<MessageDescriptor, JsonError> {
    let pool = POOL.as_ref().map_err(|error| whole(format!("the built-in contract is broken: {error}")))?;
    pool.get_message_by_name(name).ok_or_else(|| whole(format!("{name} is not of the contract")))
}

/// Finds the first field that cannot be read, by reading each alone.
fn find_fault(message: &MessageDescriptor, object: &Map<String, Value>) -> Option<JsonError> {
    object.iter().find_map(|(key, value)| {
        let known = message.get_field_by_json_name(key).or_else(|| message.get_field_by_name(key));
        let Some(field) = known else {
            return Some(JsonError { field: key.clone(), reason: unknown(message, key) });
        };
        match value {
            Value::Array(items) if field.is_list() => items.iter().enumerate().find_map(|(index, item)| {
                fault_of(&field, item, Value::Array(vec![item.clone()]), &format!("{key}[{index}]"))
            }),
            _ => fault_of(&field, value, value.clone(), key),
        }
    })
}

/// What is wrong with one value; `whole` is the value as the field takes it.
fn fault_of(field: &FieldDescriptor, value: &Value, whole: Value, path: &str) -> Option<JsonError> {
    let alone = Value::Object(Map::from_iter([(field.json_name().to_owned(), whole)]));
    let error = DynamicMessage::deserialize(field.parent_message().clone(), &alone).err()?;
    let fault = |reason: String| JsonError { field: path.to_owned(), reason };
    match (field.kind(), value) {
        (Kind::Message(inner), Value::Object(object)) if !inner.full_name().starts_with(WELL_KNOWN) => {
            let deeper = find_fault(&inner, object);
            let deeper =
                deeper.map(|deeper| JsonError { field: format!("{path}.{}", deeper.field), ..deeper });
            Some(deeper.unwrap_or_else(|| fault(error.to_string())))
        }
        (Kind::Enum(names), Value::String(_)) => {
            let known: Vec<_> = names.values().skip(1).map(|value| value.name().to_owned()).collect();
            Some(fault(format!("{value} is not one of {}", known.join(", "))))
        }
        _ => Some(fault(error.to_string())),
    }
}

fn unknown(message: &MessageDescriptor, key: &str) -> String {
    let known: Vec<String> = message.fields().map(|field| field.json_name().to_owned()).collect();
    let similarity = |name: &String| strsim::jaro_winkler(key, name);
    let nearest = known.iter().max_by(|first, second| similarity(first).total_cmp(&similarity(second)));
    match nearest {
        Some(name) if similarity(name) >= MIN_SIMILARITY => format!("is not a field; did you mean {name}?"),
        _ => format!("is not a field; known are {}", known.join(", ")),
    }
}

fn whole(reason: impl Into<String>) -> JsonError {
    JsonError { field: String::new(), reason: reason.into() }
}

fn told(field: &str, reason: &str) -> impl fmt::Display {
    if field.is_empty() { reason.to_owned() } else { format!("{field}: {reason}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proto::{Action, Decision, Route, Timing, TriageRequest, TriageResponse, Turn};

    fn read(json: &str) -> Result<TriageRequest, (String, String)> {
        from_json(json).map_err(|error| (error.field, error.reason))
    }

    #[test]
    fn a_response_is_written_as_proto3_json() {
        let decision = Decision {
            request_id: "m1".into(),
            action: Action::Answer.into(),
            route: Some(Route {
                queue: "billing".into(),
                first_reply_due: Some(prost_types::Timestamp { seconds: 0, nanos: 0 }),
                ..Route::default()
            }),
            ..Decision::default()
        };
        let response = TriageResponse {
            decision: Some(decision),
            timing: Some(Timing { encode_us: 1200, ..Timing::default() }),
            ..TriageResponse::default()
        };
        let json: Value = serde_json::from_str(&to_json(&response).unwrap()).unwrap();
        assert_eq!(json["decision"]["requestId"], "m1");
        assert_eq!(json["decision"]["action"], "ACTION_ANSWER");
        assert_eq!(json["decision"]["route"]["firstReplyDue"], "1970-01-01T00:00:00Z");
        assert_eq!(json["timing"]["encodeUs"], "1200");
    }

    #[test]
    fn defaults_are_written_and_absent_messages_are_not() {
        let json = to_json(&Decision::default()).unwrap();
        let value: Value = serde_json::from_str(&json).unwrap();
        assert_eq!((&value["requestId"], &value["action"]), (&"".into(), &"ACTION_UNSPECIFIED".into()));
        assert_eq!((&value["explanations"], value.get("draft")), (&serde_json::json!([]), None));
    }

    #[test]
    fn what_is_written_is_read_back() {
        let request = TriageRequest {
            text: "我的订单呢?".into(),
            channel: proto::Channel::Email.into(),
            turns: vec![Turn { role: proto::Role::Agent.into(), text: "…".into() }],
            received_at: Some(prost_types::Timestamp { seconds: 1_700_000_000, nanos: 0 }),
            ..TriageRequest::default()
        };
        assert_eq!(from_json::<TriageRequest>(&to_json(&request).unwrap()).unwrap(), request);
        assert_eq!(from_json::<TriageRequest>(&to_json_pretty(&request).unwrap()).unwrap(), request);
    }

    #[test]
    fn names_of_the_proto_are_read_too() {
        assert_eq!(read(r#"{"locale_hint": "zh-TW"}"#).unwrap().locale_hint, "zh-TW");
    }

    #[test]
    fn an_unknown_field_is_named_with_the_nearest_known_one() {
        let (field, reason) = read(r#"{"text": "a", "chanel": "CHANNEL_CHAT"}"#).unwrap_err();
        assert_eq!((field.as_str(), reason.as_str()), ("chanel", "is not a field; did you mean channel?"));
        let (field, _) = read(r#"{"turns": [{"text": "a"}, {"rolle": 1}]}"#).unwrap_err();
        assert_eq!(field, "turns[1].rolle");
        let (_, reason) = read(r#"{"zzz": 1}"#).unwrap_err();
        assert!(reason.contains("known are text, channel"), "{reason}");
    }

    #[test]
    fn a_wrong_value_is_named_by_its_path() {
        assert_eq!(read(r#"{"text": 5}"#).unwrap_err().0, "text");
        assert_eq!(read(r#"{"customer": {"tags": ["a", 1]}}"#).unwrap_err().0, "customer.tags[1]");
        assert_eq!(read(r#"{"receivedAt": "yesterday"}"#).unwrap_err().0, "receivedAt");
        assert_eq!(read(r#"{"turns": {"text": "a"}}"#).unwrap_err().0, "turns");
        let (field, reason) = read(r#"{"turns": [{"role": "BOSS"}]}"#).unwrap_err();
        assert_eq!(field, "turns[0].role");
        assert!(reason.ends_with("is not one of ROLE_CUSTOMER, ROLE_AGENT, ROLE_BOT"), "{reason}");
    }

    #[test]
    fn broken_json_says_where() {
        assert_eq!(read("{\"text\": ").unwrap_err().1, "is not JSON at column 9: EOF while parsing a value");
        assert!(read("[1]").unwrap_err().1.starts_with("is not a JSON object"));
    }
}
