//! Passages of different articles that say the same.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{
    Finding, FindingKind, MAX_PLACES, Place, Read, can_conflict, differ_in_subject,
    figures::{Masked, masked},
    ids,
    shingles::{band_keys, jaccard, shingles},
};
use crate::knowledge::passage::num_words;

/// Least share of shingles that two passages have in common to be one twice.
pub(super) const MIN_JACCARD: f64 = 0.85;
/// Shorter passages are set phrases rather than duplicates, in words.
const MIN_WORDS: f64 = 15.0;
/// Passages filed under one key that each further one is compared with.
const MAX_COMPARED: usize = 8;

/// A passage ready to be compared.
struct Prepared {
    article: usize,
    passage: usize,
    shingles: Vec<u64>,
    figures: Vec<super::Figure>,
}

/// Finds duplicates.
pub(super) fn find(articles: &[Read<'_>]) -> Vec<Finding> {
    let prepared = prepare(articles);
    let pairs = pairs(articles, &prepared);
    let mut of_articles: BTreeMap<(usize, usize), Vec<(usize, usize)>> = BTreeMap::new();
    for (first, second) in pairs {
        let key = (prepared[first].article, prepared[second].article);
        of_articles.entry(key).or_default().push((first, second));
    }
    let mut findings = Vec::new();
    let mut groups = Groups::new(prepared.len());
    for ((first, second), pairs) in of_articles {
        let num_passages = articles[first].passages.len().min(articles[second].passages.len());
        if num_passages > 1 && pairs.len() >= num_passages {
            let places =
                [first, second].map(|index| articles[index].place(0..articles[index].body().len(), vec![]));
            let message = format!("{} say the same throughout; keep one and delete the other.", ids(&places));
            findings.push(Finding { kind: FindingKind::Duplicate, places: places.to_vec(), message });
        } else {
            pairs.into_iter().for_each(|(one, other)| groups.join(one, other));
        }
    }
    findings.extend(groups.into_sets().into_iter().map(|set| finding(articles, &prepared, &set)));
    findings
}

fn finding(articles: &[Read<'_>], prepared: &[Prepared], set: &[usize]) -> Finding {
    let place = |&index: &usize| -> Place {
        let Prepared { article, passage, .. } = prepared[index];
        articles[article].place(articles[article].passages[passage].clone(), vec![])
    };
    let places: Vec<Place> = set.iter().take(MAX_PLACES).map(place).collect();
    let message = format!(
        "The same passage stands in {} places ({}); keep it in one article, so that a change is made once.",
        set.len(),
        ids(&places)
    );
    Finding { kind: FindingKind::Duplicate, places, message }
}

fn prepare(articles: &[Read<'_>]) -> Vec<Prepared> {
    let mut prepared = Vec::new();
    for (article, read) in articles.iter().enumerate() {
        for (passage, range) in read.passages.iter().enumerate() {
            let text = read.text(range);
            if num_words(text) >= MIN_WORDS {
                let Masked { text, mut figures } = masked(text);
                figures.sort_unstable();
                prepared.push(Prepared { article, passage, shingles: shingles(&text), figures });
            }
        }
    }
    prepared
}

/// Pairs of passages that are alike, the earlier first.
fn pairs(articles: &[Read<'_>], prepared: &[Prepared]) -> Vec<(usize, usize)> {
    let mut filed: HashMap<u64, Vec<usize>> = HashMap::new();
    let mut compared: HashSet<(usize, usize)> = HashSet::new();
    let mut subjects: HashMap<(usize, usize), bool> = HashMap::new();
    let mut pairs = Vec::new();
    for (index, passage) in prepared.iter().enumerate() {
        for key in band_keys(&passage.shingles) {
            let file = filed.entry(key).or_default();
            for &before in file.iter() {
                let other = &prepared[before];
                let articles_of = (other.article, passage.article);
                let alike = compared.insert((before, index))
                    && passage.figures == other.figures
                    && can_conflict(&articles[articles_of.0], &articles[articles_of.1])
                    && jaccard(&passage.shingles, &other.shingles) >= MIN_JACCARD
                    && !*subjects.entry(articles_of).or_insert_with(|| {
                        differ_in_subject(&articles[articles_of.0], &articles[articles_of.1])
                    });
                if alike {
                    pairs.push((before, index));
                }
            }
            if file.len() < MAX_COMPARED {
                file.push(index);
            }
        }
    }
    pairs
}

/// Sets of passages that are alike, directly or over others.
struct Groups {
    above: Vec<usize>,
}

impl Groups {
    fn new(length: usize) -> Self {
        Self { above: (0..length).collect() }
    }

    fn root(&mut self, mut index: usize) -> usize {
        while self.above[index] != index {
            self.above[index] = self.above[self.above[index]];
            index = self.above[index];
        }
        index
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.above[one.max(other)] = one.min(other);
    }

    fn into_sets(mut self) -> Vec<Vec<usize>> {
        let mut sets: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for index in 0..self.above.len() {
            let root = self.root(index);
            sets.entry(root).or_default().push(index);
        }
        sets.into_values().filter(|set| set.len() > 1).collect()
    }
}
