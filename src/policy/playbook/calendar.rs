//! `[calendars]`: when people work, in their time zone, with holidays and days that are made up.

use std::collections::BTreeMap;

use jiff::{civil::Date, tz::TimeZone};

use super::{
    read::{Node, Section, remedy},
    report::Place,
};

/// Name of the calendar without closing time, which is always there.
pub(super) const ALWAYS: &str = "always";

/// Minutes of a day.
pub(super) const DAY: u16 = 24 * 60;

/// Fewest open minutes of a week; with less, deadlines would lie years ahead.
const MIN_WEEK: u32 = 60;

/// Days of one holiday at most.
const MAX_HOLIDAY_DAYS: usize = 62;

/// Names of the weekdays, Monday first.
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Open time of a day, in minutes from its midnight; the end may lie in the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span {
    /// First open minute, 0 to 1439.
    pub start: u16,
    /// The minute after the last open one, above the start, at most 2880.
    pub end: u16,
}

/// The spans of one day, rising.
pub(super) type Hours = Vec<Span>;

/// When people work.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Calendar {
    /// Its name.
    pub id: String,
    /// Where its clock hangs.
    pub zone: TimeZone,
    /// Hours of every weekday, Monday first.
    week: [Hours; 7],
    /// Days that differ: holidays and made-up working days.
    days: BTreeMap<Date, Hours>,
}

/// The calendars of a tenant.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Calendars(BTreeMap<String, Calendar>);

impl Calendar {
    /// The calendar without closing time.
    fn always() -> Self {
        let week = std::array::from_fn(|_| vec![Span { start: 0, end: DAY }]);
        Self { id: ALWAYS.to_owned(), zone: TimeZone::UTC, week, days: BTreeMap::new() }
    }

    /// A calendar without holidays that is open at some hours on some weekdays.
    pub fn weekly(zone: TimeZone, days: &[usize], hours: &Hours) -> Self {
        let week = std::array::from_fn(|day| if days.contains(&day) { hours.clone() } else { Hours::new() });
        Self { id: String::new(), zone, week, days: BTreeMap::new() }
    }

    /// Whether it never closes.
    pub fn never_closes(&self) -> bool {
        let full = |hours: &Hours| hours.as_slice() == [Span { start: 0, end: DAY }];
        self.days.is_empty() && self.week.iter().all(full)
    }

    /// Hours that begin on a day.
    pub fn hours(&self, date: Date) -> &[Span] {
        let weekday = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
        self.days.get(&date).unwrap_or(&self.week[weekday])
    }

    fn read(id: &str, mut section: Section<'_>) -> Self {
        let mut calendar = Self { id: id.to_owned(), ..Self::always() };
        if let Some(zone) = section.require("time_zone", "an IANA name, for example \"Asia/Shanghai\"") {
            calendar.zone = time_zone(&zone).unwrap_or(TimeZone::UTC);
        }
        if let Some(hours) = section.require("hours", "\"always\" or { \"mon-fri\" = [\"09:00-18:00\"] }") {
            calendar.read_week(&hours);
        }
        let mut read = DaysReader { days: BTreeMap::new(), places: BTreeMap::new() };
        if let Some(holidays) = section.get("holidays") {
            holidays.list().iter().for_each(|node| read.holiday(node));
        }
        // A made-up day may lie within a holiday, and counts then.
        read.places.clear();
        if let Some(days) = section.get("working_days") {
            days.list().iter().for_each(|node| read.working_day(node, &calendar.week[0]));
        }
        calendar.days = read.days;
        section.finish();
        calendar
    }

    fn read_week(&mut self, node: &Node<'_>) {
        if node.is_text() {
            if node.text() != Some(ALWAYS) {
                node.mistake("write \"always\", or hours by weekday: { \"mon-fri\" = [\"09:00-18:00\"] }");
            }
            return;
        }
        self.week = Default::default();
        let Some(section) = node.section() else { return };
        let mut places: [Option<Place>; 7] = [None; 7];
        for (days, place, node) in section.entries() {
            let Some(range) = weekdays(days) else {
                section.mistake_at(
                    place,
                    days,
                    "is no weekday; write mon, tue … sun, or a range such as mon-fri",
                );
                continue;
            };
            let hours = hours(&node);
            for day in range {
                match places[day].replace(place) {
                    Some(first) => section.mistake_at(
                        place,
                        days,
                        format!("{} has its hours on line {} already", WEEKDAYS[day], first.line),
                    ),
                    None => self.week[day].clone_from(&hours),
                }
            }
        }
        self.check_week(node);
    }

    fn check_week(&self, node: &Node<'_>) {
        let open = self.week.iter().flatten().map(|span| u32::from(span.end - span.start)).sum::<u32>();
        if open < MIN_WEEK {
            node.mistake("is open for less than an hour a week, so that no deadline would ever come");
        }
        for (day, name) in WEEKDAYS.iter().enumerate() {
            let late = self.week[day].last().map_or(0, |span| span.end.saturating_sub(DAY));
            let next = (day + 1) % 7;
            if self.week[next].first().is_some_and(|first| first.start < late) {
                node.mistake(format!(
                    "the hours of {name} run over midnight into those of {}; let one end where the other begins",
                    WEEKDAYS[next]
                ));
            }
        }
    }
}

impl Default for Calendars {
    fn default() -> Self {
        let always = Calendar::always();
        Self(BTreeMap::from([(always.id.clone(), always)]))
    }
}

impl Calendars {
    /// A calendar by its name; the one without closing time for a name that is not there.
    pub fn get(&self, id: &str) -> Option<&Calendar> {
        self.0.get(id).or_else(|| self.0.get(ALWAYS))
    }

    /// The name of a calendar that a value gives.
    pub fn named(&self, node: &Node<'_>) -> Option<String> {
        let id = node.text()?;
        if !self.0.contains_key(id) {
            let known: Vec<&str> = self.0.keys().map(String::as_str).collect();
            node.mistake(format!("there is no calendar {id:?}{}", remedy(id, &known)));
            return None;
        }
        Some(id.to_owned())
    }

    /// Reads `[calendars]`.
    pub fn read(section: Section<'_>) -> Self {
        let mut calendars = Self::default();
        for (id, place, node) in section.entries() {
            if id == ALWAYS {
                section.mistake_at(
                    place,
                    id,
                    "is the built-in calendar without closing time; take another name",
                );
                continue;
            }
            if let Some(table) = node.section() {
                calendars.0.insert(id.to_owned(), Calendar::read(id, table));
            }
        }
        calendars
    }
}

/// Collects the days that differ from the week.
struct DaysReader {
    days: BTreeMap<Date, Hours>,
    /// Where each day of the list that is being read was named.
    places: BTreeMap<Date, Place>,
}

impl DaysReader {
    /// Reads a day or a range of days that are closed, or open at other hours.
    fn holiday(&mut self, node: &Node<'_>) {
        let Some(mut section) = node.section() else { return };
        let _ = section.get("name").and_then(|node| node.words());
        let dates = dates(&mut section);
        let hours = section.get("hours").map_or_else(Vec::new, |node| hours(&node));
        section.finish();
        self.add(dates, &hours, node);
    }

    /// Reads a day or a range of days that are worked although the week says otherwise.
    fn working_day(&mut self, node: &Node<'_>, monday: &Hours) {
        let Some(mut section) = node.section() else { return };
        let _ = section.get("name").and_then(|node| node.words());
        let dates = dates(&mut section);
        let hours = match section.get("hours") {
            Some(node) => hours(&node),
            None => monday.clone(),
        };
        section.finish();
        if hours.is_empty() {
            node.mistake(
                "has no hours, and Monday, whose hours count otherwise, has none either; write hours",
            );
        }
        self.add(dates, &hours, node);
    }

    fn add(&mut self, dates: Vec<Date>, hours: &Hours, node: &Node<'_>) {
        for date in dates {
            if let Some(first) = self.places.insert(date, node.place()) {
                node.mistake(format!("{date} is listed on line {} already", first.line));
            }
            self.days.insert(date, hours.clone());
        }
    }
}

/// The days of `date`, or of `from` to `to`.
fn dates(section: &mut Section<'_>) -> Vec<Date> {
    let mut day = |key| section.get(key).map(|node| (date(&node), node));
    match (day("date"), day("from"), day("to")) {
        (Some((date, _)), None, None) => date.into_iter().collect(),
        (None, Some((from, _)), Some((to, node))) => {
            let (Some(from), Some(to)) = (from, to) else { return Vec::new() };
            let dates: Vec<Date> = from
                .series(jiff::Span::new().days(1))
                .take_while(|date| *date <= to)
                .take(MAX_HOLIDAY_DAYS + 1)
                .collect();
            if dates.is_empty() || dates.len() > MAX_HOLIDAY_DAYS {
                node.mistake(format!("is before from, or more than {MAX_HOLIDAY_DAYS} days after it"));
                return Vec::new();
            }
            dates
        }
        _ => {
            section.mistake("has no days; write date = 2026-01-01, or from = 2026-02-15 and to = 2026-02-23");
            Vec::new()
        }
    }
}

/// A day, written plain or in quotes.
fn date(node: &Node<'_>) -> Option<Date> {
    let date = match node.as_datetime() {
        Some(datetime) if datetime.time.is_none() => datetime.to_string().parse::<Date>().ok(),
        Some(_) => None,
        None => node.text()?.parse::<Date>().ok(),
    };
    if date.is_none() {
        node.mistake("is no day of the calendar; write year-month-day, for example 2026-10-01");
    }
    date
}

/// A time zone by its IANA name.
pub(super) fn time_zone(node: &Node<'_>) -> Option<TimeZone> {
    let name = node.text()?;
    let zone = TimeZone::get(name);
    if zone.is_err() {
        let known: Vec<String> = jiff::tz::db().available().map(|name| name.to_string()).collect();
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let nearest = remedy(name, &known);
        let nearest = if nearest.contains("did you mean") { nearest.as_str() } else { "" };
        node.mistake(format!(
            "{name:?} is no time zone; write an IANA name such as \"Asia/Taipei\"{nearest}"
        ));
    }
    zone.ok()
}

/// The weekdays of "mon", "mon-fri" or "sat-mon", Monday being 0.
pub(super) fn weekdays(text: &str) -> Option<Vec<usize>> {
    let day = |name: &str| WEEKDAYS.iter().position(|other| *other == name);
    match text.split_once('-') {
        None => Some(vec![day(text)?]),
        Some((first, last)) => {
            let (first, last) = (day(first)?, day(last)?);
            let length = (last + 7 - first) % 7;
            Some((0..=length).map(|offset| (first + offset) % 7).collect())
        }
    }
}

/// The spans of a day, rising and apart; an empty list is a closed day.
pub(super) fn hours(node: &Node<'_>) -> Hours {
    let nodes = if node.is_text() { vec![node.clone()] } else { node.list() };
    let mut hours: Hours = nodes.iter().filter_map(span).collect();
    hours.sort_unstable();
    if hours.windows(2).any(|pair| pair[1].start < pair[0].end) {
        node.mistake("has hours that overlap; let one span end where the next begins");
        hours.truncate(1);
    }
    hours
}

/// A span "09:00-18:00"; one that ends before it begins goes over midnight.
fn span(node: &Node<'_>) -> Option<Span> {
    let text = node.text()?;
    let span = text.split_once('-').and_then(|(start, end)| {
        let (start, end) = (clock(start.trim())?, clock(end.trim())?);
        let end = if end <= start { end + DAY } else { end };
        (start < DAY && end - start <= DAY).then_some(Span { start, end })
    });
    if span.is_none() {
        node.mistake(format!(
            "{text:?} is no span of a day; write for example \"09:00-18:00\" or \"22:00-06:00\""
        ));
    }
    span
}

/// Minutes of "09:30"; "24:00" is the end of the day.
fn clock(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let number = |digits: &str| {
        let plain = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| digits.parse::<u16>().ok()).flatten()
    };
    let minutes = number(hour)? * 60 + number(minute).filter(|minute| *minute < 60)?;
    (minutes <= DAY).then_some(minutes)
}
