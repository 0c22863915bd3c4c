//! Figures that one language version has and another has not.

use std::collections::{BTreeMap, BTreeSet};

use super::{Figure, Finding, FindingKind, Read, figures::masked, listed};

/// Finds translations whose figures differ.
pub(super) fn find(articles: &[Read<'_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for versions in versions(articles).into_values() {
        let figures: Vec<BTreeSet<Figure>> =
            versions.iter().map(|read| masked(read.body()).figures.into_iter().collect()).collect();
        for first in 0..versions.len() {
            for second in first + 1..versions.len() {
                if versions[first].article.content.locale != versions[second].article.content.locale {
                    let figures = (&figures[first], &figures[second]);
                    findings.extend(finding((versions[first], versions[second]), figures));
                }
            }
        }
    }
    findings
}

/// Articles that are translations of each other, in their order.
pub(super) fn versions<'a, 'b>(articles: &'b [Read<'a>]) -> BTreeMap<(&'a str, &'a str), Vec<&'b Read<'a>>> {
    let mut versions: BTreeMap<_, Vec<&Read<'a>>> = BTreeMap::new();
    for read in articles {
        versions.entry(read.translations()).or_default().push(read);
    }
    versions
}

fn finding(
    (first, second): (&Read<'_>, &Read<'_>),
    (one, other): (&BTreeSet<Figure>, &BTreeSet<Figure>),
) -> Option<Finding> {
    let (only_first, only_second) = (missing(one, other), missing(other, one));
    if only_first.is_empty() && only_second.is_empty() {
        return None;
    }
    let told: Vec<String> = [(first, &only_first), (second, &only_second)]
        .iter()
        .filter(|(_, figures)| !figures.is_empty())
        .map(|(read, figures)| format!("only {} has {}", read.article.name.id(), listed(figures)))
        .collect();
    let message =
        format!("Translations differ in their figures: {}. Check which is up to date.", told.join(", "));
    let place = |read: &Read<'_>, figures| read.place(0..read.body().len(), figures);
    let places = vec![place(first, only_first), place(second, only_second)];
    Some(Finding { kind: FindingKind::TranslationFigures, places, message })
}

/// The figures that stand in one version and not in the other; prices in a currency that the other does not
/// name are left out, since shops have prices of their own.
fn missing(one: &BTreeSet<Figure>, other: &BTreeSet<Figure>) -> Vec<Figure> {
    let currencies: BTreeSet<&str> = other.iter().map(|figure| figure.currency).collect();
    // "$30" here may be "30 元" there.
    let values: BTreeSet<&str> = other.iter().map(|figure| figure.value.as_str()).collect();
    let is_missing = |figure: &&Figure| {
        (figure.currency.is_empty() || currencies.contains(figure.currency))
            && !values.contains(figure.value.as_str())
    };
    one.iter().filter(is_missing).cloned().collect()
}
