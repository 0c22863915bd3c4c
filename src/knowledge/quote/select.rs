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
const MIN_SHARE_OF_BEST: f64 = 0.5;
/// When no unit fits better than this, nothing shows which part answers, and the passage is quoted whole.
const MIN_BEST: f64 = 0.4;
/// The same where the best unit is a row or an item: those are named in few words ("to Hualien?").
const MIN_BEST_ENTRY: f64 = 0.2;
/// A paragraph of at most so many words is one thought and quoted whole.
const MAX_WHOLE_PARAGRAPH_WORDS: f64 = 60.0;
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
    let (best, is_named) = best_of(units, scores);
    let min_best = if is_named { MIN_BEST_ENTRY } else { MIN_BEST };
    let num_units = units.iter().filter(|unit| unit.kind != UnitKind::Heading).count();
    if num_units <= MAX_WHOLE_UNITS || best < min_best || num_words(passage) <= MAX_WHOLE_WORDS {
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

/// The best score, and whether a row or an item has it.
fn best_of(units: &[Unit], scores: &[f64]) -> (f64, bool) {
    let finite = units.iter().zip(scores).filter(|(_, score)| score.is_finite());
    let best = finite.max_by(|(_, first), (_, second)| first.total_cmp(second));
    best.map_or((0.0, false), |(unit, &score)| (score, matches!(unit.kind, UnitKind::Row | UnitKind::Item)))
}

/// Units chosen so far.
struct Choice<'a> {
    units: &'a [Unit],
    passage: &'a str,
    chosen: Vec<bool>,
    /// Chosen units whose ties have not been followed yet.
    open: Vec<usize>,
}

/// Whether a unit is one of many in a list or table.
fn is_entry(kind: UnitKind) -> bool {
    matches!(kind, UnitKind::Step | UnitKind::Item | UnitKind::TableHead | UnitKind::Row)
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
                self.add_around(&range);
            }
            start = range.end;
        }
    }

    /// Adds the blocks beside a chosen one that belong to it: the paragraph after a list or table says
    /// what holds for it (deadlines, exceptions), and a short list or table is part of the thought that
    /// the paragraph before it begins, or that the note after it ends.
    fn add_around(&mut self, block: &Range<usize>) {
        let kind = self.units[block.start].kind;
        let next = self.units.get(block.end).map(|next| next.kind);
        let before = block.start.checked_sub(1).map(|before| self.units[before].kind);
        let is_short = |kind: UnitKind, index: usize| is_entry(kind) && self.is_short_list(index);
        let takes_next = match next {
            Some(UnitKind::Sentence) => is_entry(kind),
            Some(next) => kind == UnitKind::Sentence && is_short(next, block.end),
            None => false,
        };
        let before_is_short = before.is_some_and(|before| is_short(before, block.start - 1));
        let before_is_untouched = before.is_some_and(is_entry) && self.is_untouched(block.start - 1);
        if takes_next {
            self.add(block.end);
        }
        if kind != UnitKind::Sentence {
            return;
        }
        if before_is_short {
            self.add(block.start - 1);
        } else if before_is_untouched {
            // A note alone says little: all rows of a long table are quoted when none is named.
            let table = self.units[block.start - 1].block;
            let rows: Vec<usize> =
                (0..block.start).filter(|&index| self.units[index].block == table).collect();
            rows.into_iter().for_each(|index| self.add(index));
        }
    }

    /// Whether nothing was chosen of the block that ends with a unit.
    fn is_untouched(&self, last: usize) -> bool {
        let block = self.units[last].block;
        let chosen = self.units[..=last].iter().zip(&self.chosen).rev();
        !chosen.take_while(|(unit, _)| unit.block == block).any(|(_, &chosen)| chosen)
    }

    /// Whether the block of a unit has few entries.
    fn is_short_list(&self, index: usize) -> bool {
        let block = self.units[index].block;
        let of_block = |unit: &&Unit| unit.block == block && unit.kind != UnitKind::TableHead;
        let after = self.units[index..].iter().take_while(|unit| unit.block == block).filter(of_block);
        let before = self.units[..index].iter().rev().take_while(|unit| unit.block == block).filter(of_block);
        after.take(MAX_WHOLE_ENTRIES + 1).count() + before.take(MAX_WHOLE_ENTRIES + 1).count()
            <= MAX_WHOLE_ENTRIES
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
            Some(UnitKind::Sentence) if words <= MAX_WHOLE_PARAGRAPH_WORDS => block,
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
