//! Chooses units by their scores, with everything that they cannot do without.

use std::ops::Range;

use super::{
    limits::is_condition,
    units::{Unit, UnitKind},
};
use crate::knowledge::passage::num_words;

/// A passage of at most so many units is quoted whole.
const MAX_WHOLE_UNITS: usize = 3;
/// A passage of at most so many words is quoted whole (60 words are about 110 Han characters).
const MAX_WHOLE_WORDS: f64 = 60.0;
/// A unit is chosen when its score is at least this share of the best one's.
const MIN_SHARE_OF_BEST: f64 = 0.6;
/// A list or table with at most so many entries is quoted whole.
const MAX_WHOLE_ENTRIES: usize = 6;
/// A list without numbers of at most so many words is quoted whole.
const MAX_WHOLE_LIST_WORDS: f64 = 60.0;
/// Only of a numbered list with more words than this a part may be quoted.
const MAX_PROCEDURE_WORDS: f64 = 250.0;
/// When no more than this share of the words would be left out, nothing is.
const MIN_LEFT_OUT: f64 = 0.25;

/// The ranges to quote, rising and apart, made of whole units.
///
/// `scores` has one score a unit, as [`super::scores`] gives them; units without one count as unfit.
pub fn select(units: &[Unit], scores: &[f64], passage: &str) -> Vec<Range<usize>> {
    let (Some(first), Some(last)) = (units.first(), units.last()) else { return Vec::new() };
    let whole = first.range.start..last.range.end;
    let best = scores.iter().copied().filter(|score| score.is_finite()).fold(0.0, f64::max);
    let num_units = units.iter().filter(|unit| unit.kind != UnitKind::Heading).count();
    if num_units <= MAX_WHOLE_UNITS || best <= 0.0 || num_words(passage) <= MAX_WHOLE_WORDS {
        return vec![whole];
    }
    let mut choice = Choice { units, passage, chosen: vec![false; units.len()], open: Vec::new() };
    for (index, score) in scores.iter().take(units.len()).enumerate() {
        if *score >= MIN_SHARE_OF_BEST * best {
            choice.add(index);
        }
    }
    choice.complete();
    let words = |chosen: bool| {
        let units = units.iter().zip(&choice.chosen).filter(|&(_, is)| *is == chosen);
        units.map(|(unit, _)| num_words(&passage[unit.range.clone()])).sum::<f64>()
    };
    let left_out = words(false);
    if left_out <= MIN_LEFT_OUT * (left_out + words(true)) { vec![whole] } else { choice.ranges() }
}

/// Units chosen so far.
struct Choice<'a> {
    units: &'a [Unit],
    passage: &'a str,
    chosen: Vec<bool>,
    /// Chosen units whose ties have not been followed yet.
    open: Vec<usize>,
}

impl Choice<'_> {
    fn add(&mut self, index: usize) {
        if let Some(chosen) = self.chosen.get_mut(index)
            && !*chosen
        {
            *chosen = true;
            self.open.push(index);
        }
    }

    /// Follows ties until nothing is missing.
    fn complete(&mut self) {
        loop {
            while let Some(index) = self.open.pop() {
                self.follow(index);
            }
            self.fill_blocks();
            self.fill_leads();
            if self.open.is_empty() {
                return;
            }
        }
    }

    /// Adds what one unit cannot do without.
    fn follow(&mut self, index: usize) {
        let unit = &self.units[index];
        if let Some(lead) = unit.lead {
            self.add(lead);
        }
        if unit.needs_previous && index > 0 {
            self.add(index - 1);
        }
        if self.units.get(index + 1).is_some_and(|next| next.limits_previous) {
            self.add(index + 1);
        }
    }

    /// Completes lists and tables of which something was chosen.
    fn fill_blocks(&mut self) {
        let mut start = 0;
        while start < self.units.len() {
            let block = self.units[start].block;
            let length = self.units[start..].iter().take_while(|unit| unit.block == block).count();
            let range = start..start + length;
            if self.chosen[range.clone()].contains(&true) {
                for index in self.needed(range.clone()) {
                    self.add(index);
                }
            }
            start = range.end;
        }
    }

    /// What of a block with something chosen must be quoted.
    fn needed(&self, block: Range<usize>) -> Range<usize> {
        let units = &self.units[block.clone()];
        let words: f64 = units.iter().map(|unit| num_words(&self.passage[unit.range.clone()])).sum();
        let none = block.start..block.start;
        match units.last().map(|unit| unit.kind) {
            Some(UnitKind::Step) if words <= MAX_PROCEDURE_WORDS || !self.is_numbered_apart(&block) => block,
            Some(UnitKind::Step) => {
                let mut chosen = block.filter(|&index| self.chosen[index]);
                match (chosen.next(), chosen.next_back()) {
                    (Some(first), Some(last)) => first..last + 1,
                    _ => none,
                }
            }
            Some(UnitKind::Item) => {
                let lead = units[0].lead.map(|lead| &self.passage[self.units[lead].range.clone()]);
                let is_short = units.len() <= MAX_WHOLE_ENTRIES || words <= MAX_WHOLE_LIST_WORDS;
                if is_short || lead.is_some_and(is_condition) { block } else { none }
            }
            Some(UnitKind::Row) if units.len() <= MAX_WHOLE_ENTRIES + 1 => block,
            Some(UnitKind::Row) if units[0].kind == UnitKind::TableHead => block.start..block.start + 1,
            _ => none,
        }
    }

    /// Whether each step has a number of its own; "1. 1. 1." would be counted anew when cut.
    fn is_numbered_apart(&self, block: &Range<usize>) -> bool {
        let number = |index: usize| {
            let text = self.passage[self.units[index].range.clone()].trim_start();
            text.split(['.', ')', '、', '．', '）']).next()
        };
        block.clone().skip(1).all(|index| number(index) != number(index - 1))
    }

    /// A line that introduces something is quoted with what it introduces.
    fn fill_leads(&mut self) {
        let mut has_led = vec![false; self.units.len()];
        for (unit, &chosen) in self.units.iter().zip(&self.chosen) {
            if let Some(lead) = unit.lead {
                has_led[lead] |= chosen;
            }
        }
        let lacks_led = |unit: &Unit| unit.lead.is_some_and(|lead| self.chosen[lead] && !has_led[lead]);
        let open: Vec<usize> = (0..self.units.len()).filter(|&index| lacks_led(&self.units[index])).collect();
        for index in open {
            self.add(index);
        }
    }

    fn ranges(&self) -> Vec<Range<usize>> {
        let mut ranges: Vec<Range<usize>> = Vec::new();
        let mut before_chosen = false;
        for (unit, &chosen) in self.units.iter().zip(&self.chosen) {
            if chosen {
                match ranges.last_mut() {
                    Some(last) if before_chosen => last.end = unit.range.end,
                    _ => ranges.push(unit.range.clone()),
                }
            }
            before_chosen = chosen;
        }
        ranges
    }
}
