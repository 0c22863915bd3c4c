//! Walks through the values of a TOML file and notes every mistake with its place, instead of stopping at
//! the first.

use std::ops::Range;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::report::{Place, Report, Severity};

/// Similarity in 0..1 (Jaro-Winkler) from which an unknown name is taken for a misspelt one.
const MIN_SIMILARITY: f64 = 0.8;

/// Names that a list of known ones shows at most.
const MAX_SHOWN: usize = 12;

/// A value of the file.
#[derive(Clone, Debug)]
pub(super) struct Node<'t> {
    value: &'t DeValue<'t>,
    span: Range<usize>,
    /// Where mistakes are reported instead of at the value.
    at: Option<Place>,
    /// Its key from the top, for example `queues.billing.name`.
    pub key: String,
    report: &'t Report<'t>,
}

/// A table of the file; keys that nobody asks for are mistakes.
#[derive(Debug)]
pub(super) struct Section<'t> {
    table: &'t DeTable<'t>,
    span: Range<usize>,
    /// Its key from the top.
    pub key: String,
    report: &'t Report<'t>,
    known: Vec<&'static str>,
}

impl<'t> Node<'t> {
    /// Notes an error at this value.
    pub fn mistake(&self, reason: impl Into<String>) {
        self.report.add(Severity::Error, self.place(), &self.key, reason);
    }

    /// Where it stands.
    pub fn place(&self) -> Place {
        self.at.unwrap_or_else(|| self.report.place(&self.span))
    }

    /// The same with the place of its key, for what is wrong with the key.
    pub fn at(&self, place: Place) -> Self {
        Self { at: Some(place), ..self.clone() }
    }

    /// The text of a string.
    pub fn text(&self) -> Option<&'t str> {
        let text = self.value.as_str();
        if text.is_none() {
            self.mistake(format!("is {}; write text in quotes", kind(self.value)));
        }
        text
    }

    /// Text that is not blank.
    pub fn words(&self) -> Option<&'t str> {
        let text = self.text()?;
        if text.trim().is_empty() || text.chars().any(char::is_control) {
            self.mistake("is blank or has control characters; write a name");
            return None;
        }
        Some(text)
    }

    /// A number, whole or not.
    pub fn number(&self) -> Option<f64> {
        let number = match self.value {
            DeValue::Float(float) => float.as_str().parse().ok(),
            DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str().parse().ok(),
            _ => None,
        };
        if number.is_none() {
            self.mistake(format!("is {}; write a number", kind(self.value)));
        }
        number
    }

    /// A whole number from 0.
    pub fn count(&self) -> Option<u64> {
        let number = match self.value {
            DeValue::Integer(integer) => u64::from_str_radix(integer.as_str(), integer.radix()).ok(),
            _ => None,
        };
        if number.is_none() {
            self.mistake(format!("is {}; write a whole number from 0", kind(self.value)));
        }
        number
    }

    /// True or false.
    pub fn flag(&self) -> Option<bool> {
        let flag = self.value.as_bool();
        if flag.is_none() {
            self.mistake(format!("is {}; write true or false", kind(self.value)));
        }
        flag
    }

    /// The date or time of a TOML value, without a mistake when it is something else.
    pub fn as_datetime(&self) -> Option<&'t toml::value::Datetime> {
        self.value.as_datetime()
    }

    /// Its table.
    pub fn section(&self) -> Option<Section<'t>> {
        match self.value {
            DeValue::Table(table) => Some(Section {
                table,
                span: self.span.clone(),
                key: self.key.clone(),
                report: self.report,
                known: Vec::new(),
            }),
            _ => {
                self.mistake(format!("is {}; write keys and values in {{ }}", kind(self.value)));
                None
            }
        }
    }

    /// The values of a list.
    pub fn list(&self) -> Vec<Node<'t>> {
        let Some(array) = self.value.as_array() else {
            self.mistake(format!("is {}; write a list in [ ]", kind(self.value)));
            return Vec::new();
        };
        let nodes = array.iter().enumerate().map(|(index, value)| self.element(index, value));
        nodes.collect()
    }

    /// The values of a list that must not be empty; one value alone stands for a list of one.
    pub fn one_or_more(&self) -> Vec<Node<'t>> {
        if !self.value.is_array() {
            return vec![self.clone()];
        }
        let list = self.list();
        if list.is_empty() {
            self.mistake("is an empty list; write at least one value, or leave the key out");
        }
        list
    }

    /// Whether it is text.
    pub fn is_text(&self) -> bool {
        self.value.is_str()
    }

    /// What a word of a fixed set means; `what` names the set.
    pub fn choice<T: Copy>(&self, what: &str, names: &[(&'static str, T)]) -> Option<T> {
        let text = self.text()?;
        let found = names.iter().find(|(name, _)| *name == text);
        if found.is_none() {
            let known: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
            self.mistake(format!("{text:?} is no {what}{}", remedy(text, &known)));
        }
        found.map(|(_, value)| *value)
    }

    fn element(&self, index: usize, value: &'t Spanned<DeValue<'t>>) -> Node<'t> {
        Node {
            value: value.get_ref(),
            span: value.span(),
            at: None,
            key: format!("{}[{index}]", self.key),
            report: self.report,
        }
    }
}

impl<'t> Section<'t> {
    /// The file as a whole.
    pub fn top(table: &'t DeTable<'t>, report: &'t Report<'t>) -> Self {
        Self { table, span: 0..0, key: String::new(), report, known: Vec::new() }
    }

    /// The value of a key, which is known from now on.
    pub fn get(&mut self, key: &'static str) -> Option<Node<'t>> {
        self.known.push(key);
        let (name, value) = self.table.get_key_value(key)?;
        Some(self.node(name.get_ref(), value))
    }

    /// The table of a key.
    pub fn section(&mut self, key: &'static str) -> Option<Section<'t>> {
        self.get(key)?.section()
    }

    /// The value of a key that must be there; `remedy` says what to write.
    pub fn require(&mut self, key: &'static str, remedy: &str) -> Option<Node<'t>> {
        let node = self.get(key);
        if node.is_none() {
            self.mistake(format!("has no {key}; write {remedy}"));
        }
        node
    }

    /// All keys with their values in the file's order; the key's own place comes with each.
    pub fn entries(&self) -> Vec<(&'t str, Place, Node<'t>)> {
        let mut entries: Vec<_> = self.table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        entries
            .into_iter()
            .map(|(key, value)| {
                let name = key.get_ref().as_ref();
                (name, self.report.place(&key.span()), self.node(name, value))
            })
            .collect()
    }

    /// Notes an error at the table as a whole.
    pub fn mistake(&self, reason: impl Into<String>) {
        self.report.add(Severity::Error, self.place(), &self.key, reason);
    }

    /// Notes an error at the key of a value of this table.
    pub fn mistake_at(&self, place: Place, key: &str, reason: impl Into<String>) {
        self.report.add(Severity::Error, place, &self.path(key), reason);
    }

    /// Where it stands.
    pub fn place(&self) -> Place {
        self.report.place(&self.span)
    }

    /// Whether it has no key at all.
    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// Refuses the keys that nobody asked for.
    pub fn finish(self) {
        for (key, place, _) in self.entries() {
            if !self.known.contains(&key) {
                self.mistake_at(place, key, format!("is not a key here{}", remedy(key, &self.known)));
            }
        }
    }

    fn node(&self, key: &str, value: &'t Spanned<DeValue<'t>>) -> Node<'t> {
        Node {
            value: value.get_ref(),
            span: value.span(),
            at: None,
            key: self.path(key),
            report: self.report,
        }
    }

    fn path(&self, key: &str) -> String {
        let plain = key.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-'));
        let key = if plain { key.to_owned() } else { format!("{key:?}") };
        if self.key.is_empty() { key } else { format!("{}.{key}", self.key) }
    }
}

/// What to write instead of an unknown name: the nearest known one, or all of them.
pub(super) fn remedy(unknown: &str, known: &[&str]) -> String {
    let scored = known.iter().map(|name| (strsim::jaro_winkler(unknown, name), *name));
    let best = scored.max_by(|first, second| first.0.total_cmp(&second.0));
    match best {
        Some((score, name)) if score >= MIN_SIMILARITY => format!("; did you mean {name:?}?"),
        Some(_) if known.len() <= MAX_SHOWN => format!("; known are {}", known.join(", ")),
        Some(_) => {
            format!("; known are {} and {} more", known[..MAX_SHOWN].join(", "), known.len() - MAX_SHOWN)
        }
        None => String::new(),
    }
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
