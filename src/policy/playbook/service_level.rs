//! `[service_levels]`: how much working time passes at most before the first and the next reply.

use jiff::SignedDuration;

use super::{
    calendar::Calendars,
    names::{DEPARTMENTS, PRIORITIES, department_index},
    read::{Node, Section},
};
use crate::{policy::Priority, taxonomy::Department};

/// Longest duration of the file, in minutes: thirty days of work around the clock.
const MAX_MINUTES: i64 = 30 * 24 * 60;

/// Promised times of a department at a priority.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ServiceLevel {
    /// Working time for the first reply.
    pub first: SignedDuration,
    /// Working time for the next reply after the first is due.
    pub next: SignedDuration,
    /// Calendar that these times run on, whatever queue it is.
    pub calendar: Option<String>,
}

/// The promised times of one department.
#[derive(Clone, Debug, PartialEq)]
struct Levels {
    /// By priority, rising.
    levels: [ServiceLevel; 3],
    /// Calendar of the department.
    calendar: Option<String>,
}

/// The promised times of every department.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ServiceLevels([Levels; 3]);

impl Default for ServiceLevels {
    fn default() -> Self {
        const HOUR: i64 = 60;
        let minutes = SignedDuration::from_mins;
        let levels = |table: [(i64, i64); 3]| Levels {
            levels: table.map(|(first, next)| ServiceLevel {
                first: minutes(first),
                next: minutes(next),
                calendar: None,
            }),
            calendar: None,
        };
        Self([
            levels([(2 * HOUR, 15 * HOUR), (HOUR, 8 * HOUR), (30, HOUR)]),
            levels([(8 * HOUR, 32 * HOUR), (4 * HOUR, 16 * HOUR), (30, HOUR)]),
            levels([(HOUR, 4 * HOUR), (30, HOUR), (15, 30)]),
        ])
    }
}

impl ServiceLevels {
    /// The promise of a department at a priority.
    pub fn of(&self, department: Department, priority: Priority) -> &ServiceLevel {
        &self.0[department_index(department)].levels[priority as usize]
    }

    /// The calendar of a department; `None` when it has none of its own.
    pub fn calendar(&self, department: Department) -> Option<&str> {
        self.0[department_index(department)].calendar.as_deref()
    }

    /// Reads `[service_levels]`; a department that is left out keeps the built-in promise.
    pub fn read(mut section: Section<'_>, calendars: &Calendars) -> Self {
        let mut table = Self::default();
        for (place, (name, _)) in DEPARTMENTS.iter().enumerate() {
            if let Some(department) = section.section(name) {
                read_department(&mut table.0[place], department, calendars);
            }
        }
        section.finish();
        table
    }
}

fn read_department(levels: &mut Levels, mut section: Section<'_>, calendars: &Calendars) {
    levels.calendar = section.get("calendar").and_then(|node| calendars.named(&node));
    for (place, (name, _)) in PRIORITIES.iter().enumerate() {
        let remedy = "for example { first = \"2h\", next = \"15h\" }";
        let Some(mut level) = section.require(name, remedy).and_then(|node| node.section()) else { continue };
        let mut time =
            |key| level.require(key, "a duration, for example \"30m\"").and_then(|node| duration(&node));
        let (first, next) = (time("first"), time("next"));
        let calendar = level.get("calendar").and_then(|node| calendars.named(&node));
        if let (Some(first), Some(next)) = (first, next) {
            levels.levels[place] = ServiceLevel { first, next, calendar };
        }
        level.finish();
    }
    check(levels, &section);
    section.finish();
}

/// Refuses promises that are worse for what is more urgent.
fn check(levels: &Levels, section: &Section<'_>) {
    for (place, pair) in levels.levels.windows(2).enumerate() {
        let [lower, higher] = pair else { continue };
        let (lower_name, higher_name) = (PRIORITIES[place].0, PRIORITIES[place + 1].0);
        if higher.first > lower.first || higher.next > lower.next {
            section.mistake(format!(
                "{higher_name} is slower than {lower_name}; what is more urgent must not wait longer"
            ));
        }
        let may_wait = lower.calendar.is_some()
            && higher.calendar != lower.calendar
            && higher.calendar.as_deref() != Some(super::calendar::ALWAYS);
        if may_wait {
            section.mistake(format!(
                "{lower_name} has a calendar of its own and {higher_name} another, so that what is more urgent \
                 may wait longer; give {higher_name} the same calendar or {:?}",
                super::calendar::ALWAYS
            ));
        }
    }
}

/// Reads a duration: "2h", "30m" or "1h30m".
pub(super) fn duration(node: &Node<'_>) -> Option<SignedDuration> {
    let text = node.text()?;
    let minutes = minutes(text).filter(|minutes| (1..=MAX_MINUTES).contains(minutes));
    if minutes.is_none() {
        node.mistake(format!(
            "{text:?} is no duration from 1m to {}h; write hours and minutes, for example \"2h\", \"30m\" or \
             \"1h30m\"",
            MAX_MINUTES / 60
        ));
    }
    minutes.map(SignedDuration::from_mins)
}

fn minutes(text: &str) -> Option<i64> {
    let number = |digits: &str| {
        let plain =
            !digits.is_empty() && digits.len() <= 6 && digits.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| digits.parse::<i64>().ok()).flatten()
    };
    match (text.split_once('h'), text.strip_suffix('m')) {
        (Some((hours, "")), _) => Some(number(hours)? * 60),
        (Some((hours, minutes)), _) => Some(number(hours)? * 60 + number(minutes.strip_suffix('m')?)?),
        (None, Some(minutes)) => number(minutes),
        (None, None) => None,
    }
}
