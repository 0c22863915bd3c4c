//! Scores findings against marked messages, kind by kind.

use std::{collections::BTreeMap, fmt::Write as _, ops::Range};

use frontdesk::text::redact::{Kind, redact};
use serde::Deserialize;

/// A marked message.
#[derive(Deserialize)]
pub struct Case {
    pub id: String,
    pub text: String,
    spans: Vec<Marked>,
}

/// What a person marked, in the order of the text.
#[derive(Deserialize)]
struct Marked {
    kind: String,
    text: String,
}

/// All kinds with their names in fixtures.
pub const KINDS: [(Kind, &str); 10] = [
    (Kind::Email, "email"),
    (Kind::Phone, "phone"),
    (Kind::Id, "id"),
    (Kind::Passport, "passport"),
    (Kind::Card, "card"),
    (Kind::BankAccount, "bank_account"),
    (Kind::Code, "code"),
    (Kind::Secret, "secret"),
    (Kind::Address, "address"),
    (Kind::Name, "name"),
];

/// Counts of one kind.
#[derive(Clone, Copy, Default)]
pub struct Counts {
    /// Marked spans.
    pub marked: usize,
    /// Marked spans that a finding of their kind covers.
    pub found: usize,
    /// Marked spans that are missed as their kind and gone as another.
    pub otherwise: usize,
    /// Findings of the kind that cover a marked span of it.
    pub right: usize,
    /// Findings of the kind where nothing, or too little of what they take, is marked.
    pub false_alarms: usize,
}

impl Counts {
    pub fn precision(&self) -> f64 {
        ratio(self.right, self.right + self.false_alarms)
    }

    pub fn recall(&self) -> f64 {
        ratio(self.found, self.marked)
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// Counts by kind, and what went wrong, one line each.
#[derive(Default)]
pub struct Score {
    pub counts: BTreeMap<&'static str, Counts>,
    pub mistakes: Vec<String>,
}

impl Score {
    pub fn of(cases: &[Case]) -> Self {
        let mut score = Self::default();
        for (_, name) in KINDS {
            score.counts.entry(name).or_default();
        }
        for case in cases {
            score.add(case);
        }
        score
    }

    fn add(&mut self, case: &Case) {
        let marked = case.places();
        let findings = redact(&case.text).spans;
        for (place, kind) in &marked {
            let Some(name) = personal(kind) else { continue };
            let is_found =
                findings.iter().any(|(found, of)| name_of(*of) == name && fits(case, name, found, place));
            let is_gone = findings.iter().any(|(found, _)| overlap(&case.text, found, place) >= 0.5);
            let counts = self.counts.entry(name).or_default();
            counts.marked += 1;
            counts.found += usize::from(is_found);
            counts.otherwise += usize::from(!is_found && is_gone);
            if !is_found {
                self.mistakes.push(format!(
                    "{} missed {name} {:?} in {:?}",
                    case.id,
                    &case.text[place.clone()],
                    case.text
                ));
            }
        }
        for (found, kind) in &findings {
            let name = name_of(*kind);
            let is_right = marked.iter().any(|(place, of)| *of == name && fits(case, name, found, place));
            let is_other = marked.iter().any(|(place, of)| {
                personal(of).is_some_and(|of| of != name)
                    && place.start < found.end
                    && found.start < place.end
            });
            let counts = self.counts.entry(name).or_default();
            counts.right += usize::from(is_right);
            if !is_right && !is_other {
                counts.false_alarms += 1;
                self.mistakes.push(format!(
                    "{} alarm {name} {:?} in {:?}",
                    case.id,
                    &case.text[found.clone()],
                    case.text
                ));
            }
        }
    }

    /// One line a kind.
    pub fn table(&self) -> String {
        let mut table = "kind          marked  precision  recall  as another kind  false alarms\n".to_owned();
        for (kind, counts) in &self.counts {
            let (precision, recall) = (counts.precision(), counts.recall());
            let Counts { marked, otherwise, false_alarms, .. } = counts;
            let _ = writeln!(
                table,
                "{kind:<13} {marked:>6}  {precision:>9.3}  {recall:>6.3}  {otherwise:>15}  {false_alarms:>12}"
            );
        }
        table
    }
}

impl Case {
    /// Where the marked spans are.
    fn places(&self) -> Vec<(Range<usize>, &str)> {
        let mut end = 0;
        let mut places = Vec::new();
        for marked in &self.spans {
            let start = end
                + self.text[end..]
                    .find(&marked.text)
                    .unwrap_or_else(|| panic!("{} has no {:?}", self.id, marked.text));
            end = start + marked.text.len();
            places.push((start..end, marked.kind.as_str()));
        }
        places
    }
}

/// The name of a kind that must go; `None` for numbers of orders and parcels.
fn personal(kind: &str) -> Option<&'static str> {
    let known = KINDS.iter().find(|(_, name)| *name == kind).map(|(_, name)| *name);
    assert!(known.is_some() || kind.ends_with("_number"), "unknown kind {kind:?}");
    known
}

fn name_of(kind: Kind) -> &'static str {
    KINDS.iter().find(|(of, _)| *of == kind).map_or("", |(_, name)| *name)
}

/// Whether a finding counts for a marked place. A name or an address is a matter of degree; of a value
/// nearly every letter and digit must go.
fn fits(case: &Case, kind: &str, found: &Range<usize>, place: &Range<usize>) -> bool {
    let share = overlap(&case.text, found, place);
    if matches!(kind, "name" | "address") {
        let length = |range: &Range<usize>| case.text[range.clone()].chars().count() as f64;
        share >= 0.5 && length(found) <= 2.5 * length(place)
    } else {
        share >= 0.8
    }
}

/// The share of a place's letters and digits that a finding covers.
fn overlap(text: &str, found: &Range<usize>, place: &Range<usize>) -> f64 {
    let is_essential = |character: char| character.is_alphanumeric();
    let letters = text[place.clone()].char_indices().filter(|&(_, character)| is_essential(character));
    let (mut all, mut covered) = (0, 0);
    for (offset, _) in letters {
        all += 1;
        covered += usize::from(found.contains(&(place.start + offset)));
    }
    ratio(covered, all)
}
