//! What stands in every text that a regular expression matches.

use std::collections::BTreeSet;

use regex_syntax::hir::{Class, Hir, HirKind};

/// Small letters whose other forms the folding of ASCII does not know: ſ is an s, K a k. Literals leave them
/// out; a text with one of them is not sieved.
pub(super) const UNFOLDED: [char; 2] = ['\u{17f}', '\u{212a}'];

/// Characters of a class that are spelled out at most.
const MAX_CLASS: usize = 16;
/// Texts that a part of an expression is spelled out into at most.
const MAX_SPELLED: usize = 256;
/// Texts of one group at most.
const MAX_GROUP: usize = 4_096;
/// Groups of one expression that are asked for; more hardly leave out more.
const MAX_GROUPS: usize = 4;

/// Texts of which one stands in every match, ASCII letters small.
pub(super) type Group = BTreeSet<Vec<u8>>;

/// Groups of texts: every match of an expression has a text of each. Empty when nothing is known.
pub(super) fn required(hir: &Hir) -> Vec<Group> {
    let mut groups = known(hir).groups();
    groups.sort_by_key(quality);
    groups.dedup();
    groups.truncate(MAX_GROUPS);
    groups
}

/// What is known of the matches of a part of an expression.
#[derive(Default)]
struct Known {
    /// All of them, spelled out; `None` when they are too many.
    exact: Option<Group>,
    /// Groups of texts, of each of which one stands in every match, beside those of `exact`.
    groups: Vec<Group>,
}

impl Known {
    fn exactly(texts: impl IntoIterator<Item = Vec<u8>>) -> Self {
        Self { exact: Some(texts.into_iter().collect()), groups: Vec::new() }
    }

    /// The groups that say something, without texts that hold another of their group.
    fn groups(self) -> Vec<Group> {
        self.groups.into_iter().chain(self.exact).filter_map(without_longer).collect()
    }
}

/// The better ones first: longer texts, then fewer.
fn quality(group: &Group) -> (std::cmp::Reverse<usize>, usize) {
    /// Beyond so many bytes a text is as rare as any.
    const LONG: usize = 6;
    let shortest = group.iter().map(Vec::len).min().unwrap_or(0);
    (std::cmp::Reverse(shortest.min(LONG)), group.len())
}

/// A group without texts that hold another; `None` when it says nothing, or too much.
fn without_longer(group: Group) -> Option<Group> {
    /// Bytes of a text that are looked for.
    const MAX_BYTES: usize = 16;
    /// In a larger group the search for longer ones costs more than they do.
    const MAX_COMPARED: usize = 128;
    if group.is_empty() || group.len() > MAX_GROUP || group.first().is_some_and(Vec::is_empty) {
        return None;
    }
    let group: Group = group
        .into_iter()
        .map(|mut text| {
            text.truncate(MAX_BYTES);
            text
        })
        .collect();
    if group.len() > MAX_COMPARED {
        return Some(group);
    }
    let holds = |text: &[u8]| {
        (0..text.len()).any(|start| {
            let longest = text.len() - usize::from(start == 0);
            (start + 1..=longest).any(|end| group.contains(&text[start..end]))
        })
    };
    Some(group.iter().filter(|text| !holds(text)).cloned().collect())
}

fn known(hir: &Hir) -> Known {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Known::exactly([Vec::new()]),
        HirKind::Literal(literal) => Known::exactly([literal.0.to_ascii_lowercase()]),
        HirKind::Class(class) => of_class(class).map(Known::exactly).unwrap_or_default(),
        HirKind::Capture(capture) => known(&capture.sub),
        HirKind::Repetition(repetition) => match (repetition.min, repetition.max) {
            (1, Some(1)) => known(&repetition.sub),
            (0, Some(1)) => {
                let exact = known(&repetition.sub).exact;
                exact.map(|texts| Known::exactly(texts.into_iter().chain([Vec::new()]))).unwrap_or_default()
            }
            (0, _) => Known::default(),
            _ => Known { exact: None, groups: known(&repetition.sub).groups() },
        },
        HirKind::Concat(parts) => of_concat(parts),
        HirKind::Alternation(parts) => of_alternation(parts),
    }
}

/// The characters of a class; `None` when they are many.
fn of_class(class: &Class) -> Option<Vec<Vec<u8>>> {
    let Class::Unicode(class) = class else { return None };
    let count: usize = class.iter().map(|range| range.len()).sum();
    if count > MAX_CLASS {
        return None;
    }
    let characters = class.iter().flat_map(|range| range.start()..=range.end());
    let spelled = |character: char| character.to_ascii_lowercase().to_string().into_bytes();
    Some(characters.filter(|character| !UNFOLDED.contains(character)).map(spelled).collect())
}

fn of_concat(parts: &[Hir]) -> Known {
    let mut groups = Vec::new();
    let mut is_exact = true;
    let mut run: Group = std::iter::once(Vec::new()).collect();
    for part in parts.iter().map(known) {
        let Some(texts) = part.exact else {
            is_exact = false;
            groups.extend(part.groups);
            groups.push(std::mem::replace(&mut run, std::iter::once(Vec::new()).collect()));
            continue;
        };
        if run.len() * texts.len() <= MAX_SPELLED {
            let joined = run.iter().flat_map(|start| texts.iter().map(|end| [&start[..], end].concat()));
            run = joined.collect();
        } else {
            is_exact = false;
            groups.push(std::mem::replace(&mut run, texts));
        }
    }
    if is_exact {
        return Known { exact: Some(run), groups };
    }
    groups.push(run);
    Known { exact: None, groups: groups.into_iter().filter_map(without_longer).collect() }
}

fn of_alternation(parts: &[Hir]) -> Known {
    let parts: Vec<Known> = parts.iter().map(known).collect();
    let count: usize = parts.iter().map(|part| part.exact.as_ref().map_or(MAX_GROUP, Group::len)).sum();
    if count <= MAX_SPELLED {
        return Known::exactly(parts.into_iter().filter_map(|part| part.exact).flatten());
    }
    // Of each branch its best group; a branch of which nothing is known leaves everything open.
    let best = |part: Known| part.groups().into_iter().min_by_key(quality);
    let bests: Option<Vec<Group>> = parts.into_iter().map(best).collect();
    Known {
        exact: None,
        groups: bests.map(|bests| bests.into_iter().flatten().collect()).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pattern: &str) -> Vec<Vec<String>> {
        let hir = regex_syntax::parse(pattern).expect("a pattern");
        let texts = |group: Group| group.into_iter().map(|text| String::from_utf8(text).expect("UTF-8"));
        required(&hir).into_iter().map(|group| texts(group).collect()).collect()
    }

    #[test]
    fn what_every_match_has_is_found() {
        assert_eq!(of("refunds?"), [["refund"]]);
        assert_eq!(of("(?i)Wi-?Fi"), [["wi-fi", "wifi"]]);
        assert_eq!(of("(my |your )?(agent|rep) said"), [["agent said", "rep said"]]);
        assert_eq!(
            of(r"[a-z]{2,9}(?:路|街)[0-9]{1,4}号"),
            [
                vec!["号"],
                vec!["街", "路"],
                "0123456789".split("").filter(|digit| !digit.is_empty()).collect()
            ]
        );
        assert_eq!(of(r"(?-u:\b)(?:order|number)(?-u:\b)"), [["number", "order"]]);
    }

    #[test]
    fn where_nothing_is_known_nothing_is_asked_for() {
        for pattern in ["[a-z]+", "(refund)?", "(refund|[a-z]+)", "(?:ab)*", ""] {
            assert_eq!(of(pattern), Vec::<Vec<String>>::new(), "{pattern}");
        }
    }
}
