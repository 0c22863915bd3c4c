//! In which fields two messages differ.

use prost::{Message, Name};
use prost_reflect::{DynamicMessage, ReflectMessage, Value};

use crate::{Error, Result, json};

/// Paths of the fields that differ, as the proto names them, for example "route.queue" or
/// "requests[1].intent"; where lists differ in length, the path of the list.
///
/// # Errors
/// [`Error::Internal`] when the messages are not of the contract.
pub fn differences<M: Message + Name>(first: &M, second: &M) -> Result<Vec<String>> {
    let mut paths = Vec::new();
    compare(&dynamic(first)?, &dynamic(second)?, "", &mut paths);
    Ok(paths)
}

fn dynamic<M: Message + Name>(message: &M) -> Result<DynamicMessage> {
    let descriptor = json::descriptor(&M::full_name()).map_err(|error| Error::Internal(error.to_string()))?;
    DynamicMessage::decode(descriptor, message.encode_to_vec().as_slice())
        .map_err(|error| Error::Internal(error.to_string()))
}

fn compare(first: &DynamicMessage, second: &DynamicMessage, path: &str, paths: &mut Vec<String>) {
    for field in first.descriptor().fields() {
        let path = if path.is_empty() { field.name().to_owned() } else { format!("{path}.{}", field.name()) };
        if first.has_field(&field) != second.has_field(&field) && !field.is_list() {
            paths.push(path);
            continue;
        }
        compare_values(&first.get_field(&field), &second.get_field(&field), path, paths);
    }
}

fn compare_values(first: &Value, second: &Value, path: String, paths: &mut Vec<String>) {
    match (first, second) {
        (Value::Message(first), Value::Message(second)) => compare(first, second, &path, paths),
        (Value::List(first), Value::List(second)) if first.len() == second.len() => {
            for (index, (first, second)) in first.iter().zip(second).enumerate() {
                compare_values(first, second, format!("{path}[{index}]"), paths);
            }
        }
        _ if first != second => paths.push(path),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::proto::{Decision, Explanation, Route, Versions};

    #[test]
    fn fields_that_differ_are_named_by_their_path() {
        let route = |queue: &str| Some(Route { queue: queue.into(), ..Route::default() });
        let step = |value| Explanation { code: "a".into(), value, ..Explanation::default() };
        let first = Decision {
            route: route("billing"),
            explanations: vec![step(None), step(Some(0.5))],
            versions: Some(Versions { program: "0.1.0".into(), ..Versions::default() }),
            ..Decision::default()
        };
        let second = Decision {
            route: route("returns"),
            explanations: vec![step(None), step(Some(0.6))],
            versions: Some(Versions { program: "0.2.0".into(), ..Versions::default() }),
            ..Decision::default()
        };
        assert_eq!(
            differences(&first, &second).expect("compared"),
            ["route.queue", "explanations[1].value", "versions.program"]
        );
        let shorter = Decision { explanations: vec![], route: None, ..second.clone() };
        assert_eq!(differences(&second, &shorter).expect("compared"), ["route", "explanations"]);
        assert!(differences(&first, &first).expect("compared").is_empty());
    }
}
