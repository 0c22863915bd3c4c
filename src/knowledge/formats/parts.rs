//! Exports that come in pages: whether every page of one is there.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
};

use serde_json::{Value, value::RawValue};

use super::{Fault, Format, Place, record};

/// What a file of an export says of the articles that are not in it.
pub(super) struct Rest {
    /// Whether a page follows.
    pub(super) is_more: bool,
    /// Articles in all pages, where it is said.
    pub(super) count: Option<usize>,
}

impl Rest {
    /// Reads the fields that stand around the list of articles.
    pub(super) fn of(top: &HashMap<Cow<'_, str>, &RawValue>) -> Self {
        let value = |field: &str| -> Value {
            top.get(field).and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or_default()
        };
        let is_more = is_said(&value("next_page"))
            || value("meta").get("has_more") == Some(&Value::Bool(true))
            || value("pages").get("next").is_some_and(is_said);
        let count = ["count", "total_count"].iter().find_map(|field| value(field).as_u64());
        Self { is_more, count: count.and_then(|count| usize::try_from(count).ok()) }
    }
}

fn is_said(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Bool(false)) && value.as_str() != Some("")
}

/// What pages of one list have in common: nothing in them names the list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Series {
    /// The program.
    pub(super) format: Format,
    /// Articles in all pages, where it is said.
    pub(super) count: Option<usize>,
    /// Locale of the first article; a list is often of one locale.
    pub(super) locale: String,
}

/// The pages that were read.
#[derive(Default)]
pub(super) struct Parts(BTreeMap<Series, Part>);

#[derive(Default)]
struct Part {
    num_articles: usize,
    /// Where pages stand after which another one follows.
    followed: Vec<Place>,
}

impl Parts {
    /// Adds a page with a number of articles.
    pub(super) fn add(&mut self, series: Series, place: &Place, num_articles: usize, is_more: bool) {
        let part = self.0.entry(series).or_default();
        part.num_articles += num_articles;
        if is_more {
            part.followed.push(place.clone());
        }
    }

    /// What is wrong where pages are missing, at the last page of which it is known that one follows.
    pub(super) fn faults(self) -> Vec<(Place, Fault)> {
        let missing = self.0.into_iter().filter(|(series, part)| {
            // Without a count a page of which nothing follows would have to be in the same list.
            series.count.is_none_or(|count| part.num_articles < count)
        });
        missing
            .filter_map(|(series, mut part)| {
                let place = part.followed.pop()?;
                let of_all = series.count.map(|count| format!(" of {count}")).unwrap_or_default();
                let message = format!(
                    "holds only a part: {}{of_all} articles; fetch the next pages too",
                    part.num_articles
                );
                Some((place, record::fault("", message)))
            })
            .collect()
    }
}
