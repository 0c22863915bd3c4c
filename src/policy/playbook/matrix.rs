//! `[priority]`, `[impact]` and `[signals]`: how urgent a message is for the company.

use jiff::SignedDuration;

use super::{
    names::{self, IMPACTS, PRIORITIES, SIGNALS, TIERS, URGENCIES, name_of},
    read::{Node, Section},
    service_level::duration,
};
use crate::{
    message::Tier,
    policy::{Impact, Priority},
    signals::SignalKind,
    triage::Urgency,
};

/// The priority of every urgency and impact; never falls when one of them rises.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Matrix([[Priority; 3]; 4]);

/// How far harm reaches.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ImpactTable {
    /// By tier, in the order of [`TIERS`].
    tiers: [Impact; 4],
    /// Numbers of people with the impact from there on, both rising.
    affected: Vec<(u64, Impact)>,
    wide: Impact,
}

/// The level that each signal raises urgency to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SignalTable {
    /// By signal, in the order of [`SIGNALS`]; `None` only explains.
    levels: [Option<Urgency>; SIGNALS.len()],
    /// Time left until a deadline at most, rising, with levels that do not rise.
    deadlines: Vec<(SignedDuration, Urgency)>,
    /// Level of a deadline that has passed.
    overdue: Option<Urgency>,
}

impl Default for Matrix {
    fn default() -> Self {
        use Priority::{High, Regular, Urgent};
        Self([[Regular, Regular, Regular], [Regular, High, High], [High, Urgent, Urgent], [Urgent; 3]])
    }
}

impl Matrix {
    /// The priority of an urgency and an impact.
    pub fn of(&self, urgency: Urgency, impact: Impact) -> Priority {
        self.0[urgency as usize][impact as usize]
    }

    /// Reads `[priority]`: a line an urgency, a column an impact.
    pub fn read(mut section: Section<'_>) -> Self {
        let mut matrix = Self::default();
        let mut is_whole = true;
        for (name, urgency) in URGENCIES {
            let row = section.require(name, "a line for every urgency").and_then(|row| row.section());
            is_whole &= row.is_some();
            let Some(mut row) = row else { continue };
            for (name, impact) in IMPACTS {
                let cell = row.require(name, "a priority for every impact");
                match cell.and_then(|cell| cell.choice("priority", &PRIORITIES)) {
                    Some(priority) => matrix.0[urgency as usize][impact as usize] = priority,
                    None => is_whole = false,
                }
            }
            row.finish();
        }
        if is_whole {
            matrix.check(&section);
        }
        section.finish();
        matrix
    }

    /// Refuses a priority that falls while urgency or impact rises.
    fn check(&self, section: &Section<'_>) {
        for (row, (urgency, _)) in URGENCIES.iter().enumerate() {
            for (column, (impact, _)) in IMPACTS.iter().enumerate() {
                let here = self.0[row][column];
                let refuse = |lower: Priority, than: String| {
                    if here < lower {
                        section.mistake(format!(
                            "{urgency}.{impact} is {:?} and so below {than} ({:?}); priority must not fall when \
                             urgency or impact rises",
                            name_of(&PRIORITIES, here),
                            name_of(&PRIORITIES, lower),
                        ));
                    }
                };
                if row > 0 {
                    refuse(self.0[row - 1][column], format!("{}.{impact}", URGENCIES[row - 1].0));
                }
                if column > 0 {
                    refuse(self.0[row][column - 1], format!("{urgency}.{}", IMPACTS[column - 1].0));
                }
            }
        }
    }
}

impl Default for ImpactTable {
    fn default() -> Self {
        use Impact::{Broad, High, Normal};
        Self { tiers: [Normal, Normal, High, High], affected: vec![(10, High), (100, Broad)], wide: Broad }
    }
}

impl ImpactTable {
    /// The widest of what the tier, the number of people and the words say.
    pub fn of(&self, tier: Tier, num_affected: Option<u64>, is_wide: bool) -> Impact {
        let of_tier = TIERS
            .iter()
            .position(|(_, other)| *other == tier)
            .map_or(Impact::Normal, |place| self.tiers[place]);
        let reached = |number: u64| self.affected.iter().rev().find(|(from, _)| number >= *from);
        let of_number = num_affected.and_then(reached).map_or(Impact::Normal, |(_, impact)| *impact);
        let of_words = if is_wide { self.wide } else { Impact::Normal };
        of_tier.max(of_number).max(of_words)
    }

    /// Reads `[impact]`.
    pub fn read(mut section: Section<'_>) -> Self {
        let mut table = Self::default();
        if let Some(mut tiers) = section.section("tiers") {
            for (place, (name, _)) in TIERS.iter().enumerate() {
                if let Some(impact) = tiers.get(name).and_then(|node| node.choice("impact", &IMPACTS)) {
                    table.tiers[place] = impact;
                }
            }
            tiers.finish();
        }
        if let Some(affected) = section.get("affected") {
            table.affected = affected.list().iter().filter_map(bound).collect();
            if !table.affected.is_sorted_by(|first, second| first.0 < second.0 && first.1 <= second.1) {
                affected.mistake("does not rise; write more people with at least as much impact after fewer");
            }
        }
        if let Some(wide) = section.get("wide").and_then(|node| node.choice("impact", &IMPACTS)) {
            table.wide = wide;
        }
        section.finish();
        table
    }
}

fn bound(node: &Node<'_>) -> Option<(u64, Impact)> {
    let mut section = node.section()?;
    let from =
        section.require("from", "the number of people, for example from = 10").and_then(|node| node.count());
    let impact = section.require("impact", "normal, high or broad");
    let impact = impact.and_then(|node| node.choice("impact", &IMPACTS));
    section.finish();
    Some((from?, impact?))
}

impl Default for SignalTable {
    fn default() -> Self {
        let levels = SIGNALS.map(|(_, kind)| match kind {
            SignalKind::Safety | SignalKind::Security => Some(Urgency::Urgent),
            SignalKind::Scope | SignalKind::Deadline => None,
            SignalKind::Outage
            | SignalKind::DataLoss
            | SignalKind::Legal
            | SignalKind::PaymentBlocked
            | SignalKind::LockedOut
            | SignalKind::RepeatedContact
            | SignalKind::ChurnThreat
            | SignalKind::VulnerablePerson => Some(Urgency::High),
        });
        let deadlines = vec![
            (SignedDuration::from_hours(12), Urgency::Urgent),
            (SignedDuration::from_hours(72), Urgency::High),
        ];
        Self { levels, deadlines, overdue: Some(Urgency::High) }
    }
}

impl SignalTable {
    /// The level that a signal raises urgency to at least.
    pub fn of(&self, kind: SignalKind, due_in: Option<SignedDuration>) -> Option<Urgency> {
        if kind == SignalKind::Deadline {
            let due_in = due_in?;
            if due_in.is_negative() {
                return self.overdue;
            }
            return self.deadlines.iter().find(|(within, _)| due_in <= *within).map(|(_, level)| *level);
        }
        let place = SIGNALS.iter().position(|(_, other)| *other == kind)?;
        self.levels[place]
    }

    /// Reads `[signals]`.
    pub fn read(mut section: Section<'_>) -> Self {
        const LEVELS: [(&str, Option<Urgency>); 5] = [
            ("none", None),
            ("low", Some(Urgency::Low)),
            ("normal", Some(Urgency::Normal)),
            ("high", Some(Urgency::High)),
            ("urgent", Some(Urgency::Urgent)),
        ];
        let mut table = Self::default();
        for (place, (name, kind)) in SIGNALS.into_iter().enumerate() {
            match section.get(name) {
                Some(node) if kind == SignalKind::Deadline => table.read_deadlines(&node),
                Some(node) => {
                    if let Some(level) = node.choice("level (or none, which only explains)", &LEVELS) {
                        table.levels[place] = level;
                    }
                }
                None => {}
            }
        }
        section.finish();
        table
    }

    fn read_deadlines(&mut self, node: &Node<'_>) {
        (self.deadlines, self.overdue) = (Vec::new(), None);
        for node in node.list() {
            let Some(mut section) = node.section() else { continue };
            let level = section.require("level", "low, normal, high or urgent");
            let level = level.and_then(|node| node.choice("urgency", &names::URGENCIES));
            let overdue = section.get("overdue");
            let within = section.get("within");
            match (&within, &overdue) {
                (Some(within), None) => self.deadlines.extend(duration(within).zip(level)),
                (None, Some(overdue)) if overdue.flag() == Some(true) => self.overdue = level,
                _ => section.mistake("write either within = \"12h\" or overdue = true, with a level"),
            }
            section.finish();
        }
        if !self.deadlines.is_sorted_by(|first, second| first.0 < second.0 && first.1 >= second.1) {
            node.mistake("does not rise in time and fall in level; write the nearest deadline first");
        }
    }
}
