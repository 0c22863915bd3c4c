//! Dates and times in a message, resolved against a clock, and which of them are deadlines.
//!
//! Day words ([`english`], [`chinese`]) and times of day are found apart and joined where they stand together
//! ("tomorrow at ten", 今晚8点). What is resolved:
//!
//! * a day alone is due at its end, a part of the day at the end of the part (morning 12:00, afternoon 18:00);
//! * a period (weekend, week, month) is due at its end;
//! * a bare weekday is the next one, today included; "next Tuesday" and 下周二 are of the next calendar week;
//! * a day of the month or year without its month or year is the nearest one, or the next one where the words
//!   look ahead ("by the 4th", 5号之前);
//! * English "before Friday" ends with Thursday; Chinese 周五前 includes Friday, as it is used.
//!
//! Festivals of the lunar calendar are dates without a value: they are not resolved.

mod calendar;
mod chinese;
mod english;
mod forms;
mod lengths;
mod stake;

use std::{ops::Range, sync::LazyLock};

use jiff::{
    Timestamp, ToSpan, Zoned,
    civil::{Date, Time},
};

use self::forms::Forms;
use super::{Clock, reading::Reading};
use crate::message::Locale;

/// Dates of a message beyond this number are left out.
const MAX_DATES: usize = 40;

/// A date of a message.
pub(super) struct Found {
    /// Its place in the reading.
    pub(super) span: Range<usize>,
    /// ISO 8601: a day, a local date-time, a month or an interval; empty when it is not resolved.
    pub(super) value: String,
    /// When it is over.
    pub(super) due: Option<Timestamp>,
    /// Whether the words make it a limit or an event at stake, still ahead.
    pub(super) is_deadline: bool,
}

/// What a date expression says.
#[derive(Clone, Debug, PartialEq)]
enum When {
    Day(Date),
    /// From the first to the last day.
    Period(Date, Date),
    /// A whole month.
    Month(Date),
    Time(Time),
    /// A time after midnight of the night that is named (周五晚上1点 is Saturday's).
    SmallHours(Time),
    /// A part of the day, with its end.
    Part(Time),
    /// A day with a time or part of the day.
    Moment(Date, Time),
    /// So far from now.
    Instant(Timestamp),
    /// A length of time or a date that is not resolved.
    Unresolved,
}

/// A date expression in the reading.
struct Token {
    span: Range<usize>,
    when: When,
}

/// What date expressions are resolved against.
struct Today {
    now: Zoned,
    date: Date,
    locale: Option<Locale>,
}

impl Today {
    /// The day that many days from today.
    fn plus_days(&self, days: i64) -> Option<Date> {
        self.date.checked_add(days.days()).ok()
    }

    /// The day of the week (0 Monday) in the calendar week that many weeks from this one.
    fn weekday_of_week(&self, weekday: i64, weeks: i64) -> Option<Date> {
        let today = i64::from(self.date.weekday().to_monday_zero_offset());
        self.plus_days(weekday - today + weeks * 7)
    }

    /// The next such day of the week, today included.
    fn next_weekday(&self, weekday: i64) -> Option<Date> {
        let today = i64::from(self.date.weekday().to_monday_zero_offset());
        self.plus_days((weekday - today).rem_euclid(7))
    }

    /// The latest such day of the week before today.
    fn last_weekday(&self, weekday: i64) -> Option<Date> {
        let today = i64::from(self.date.weekday().to_monday_zero_offset());
        self.plus_days((weekday - today).rem_euclid(7) - 7)
    }

    /// The day on which that many days of work from today are over, Saturdays and Sundays left out.
    fn working_days(&self, days: i64) -> Option<Date> {
        let mut day = self.date;
        for _ in 0..days.clamp(0, 400) {
            day = day.tomorrow().ok()?;
            while day.weekday().to_monday_zero_offset() >= 5 {
                day = day.tomorrow().ok()?;
            }
        }
        Some(day)
    }

    /// The nearest such day of the year, or the next one when `ahead`.
    fn month_day(&self, month: i8, day: i8, ahead: bool) -> Option<Date> {
        let near = (-1..=1).filter_map(|years| Date::new(self.date.year() + years, month, day).ok());
        self.nearest(near, ahead)
    }

    /// The nearest such day of a month, or the next one when `ahead`.
    fn day_of_month(&self, day: i8, ahead: bool) -> Option<Date> {
        let first = self.date.first_of_month();
        let near = (-1..=2).filter_map(|months: i64| {
            let month = first.checked_add(months.months()).ok()?;
            Date::new(month.year(), month.month(), day).ok()
        });
        self.nearest(near, ahead)
    }

    fn nearest(&self, days: impl Iterator<Item = Date>, ahead: bool) -> Option<Date> {
        days.filter(|day| !ahead || *day >= self.date).min_by_key(|day| (*day - self.date).get_days().abs())
    }

    fn month(&self, months: i64) -> Option<Date> {
        self.date.first_of_month().checked_add(months.months()).ok()
    }

    fn instant(&self, amount: i64, unit: Unit) -> Option<Timestamp> {
        let amount = amount.clamp(-100_000, 100_000);
        let span = match unit {
            Unit::Minute => amount.minutes(),
            Unit::Hour => amount.hours(),
            Unit::Day => amount.days(),
            Unit::Week => (amount * 7).days(),
            Unit::Fortnight => (amount * 14).days(),
            Unit::Month => amount.clamp(-1000, 1000).months(),
        };
        self.now.checked_add(span).ok().map(|then| then.timestamp())
    }

    /// What "in 2 days" names: an instant for hours and minutes, else a day.
    fn away(&self, amount: i64, unit: Unit) -> Option<When> {
        let instant = self.instant(amount, unit)?;
        Some(match unit {
            Unit::Minute | Unit::Hour => When::Instant(instant),
            _ => When::Day(instant.to_zoned(self.now.time_zone().clone()).date()),
        })
    }
}

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Unit {
    Minute,
    Hour,
    Day,
    Week,
    Fortnight,
    Month,
}

/// All forms. The more particular ones first: of two alike the first stands.
static FORMS: LazyLock<Forms> = LazyLock::new(|| {
    let forms = [lengths::forms(), calendar::forms(), english::forms(), chinese::forms()];
    Forms::of(forms.into_iter().flatten())
});

/// Finds the dates of a message, rising and apart.
pub(super) fn find(reading: &Reading, locale: Option<Locale>, clock: &Clock) -> Vec<Found> {
    let now = clock.now.to_zoned(clock.time_zone.clone());
    let today = Today { date: now.date(), now, locale };
    let mut tokens = FORMS.find(reading, &today);
    // The longer of two that overlap; the first of two alike.
    tokens.sort_by_key(|token| (token.span.start, usize::MAX - token.span.end));
    let mut apart: Vec<Token> = Vec::new();
    for token in tokens {
        if apart.last().is_none_or(|last| last.span.end <= token.span.start) && apart.len() < MAX_DATES * 2 {
            apart.push(token);
        }
    }
    let joined = join(reading, apart);
    joined.into_iter().take(MAX_DATES).map(|token| resolve(reading, &today, token)).collect()
}

/// Joins a day and a time that stand together.
fn join(reading: &Reading, tokens: Vec<Token>) -> Vec<Token> {
    let mut joined: Vec<Token> = Vec::new();
    for token in tokens {
        let gap = joined.last().and_then(|last| reading.text.get(last.span.end..token.span.start));
        let stands_together = gap.is_some_and(|gap| {
            let gap = gap.trim_matches([' ', ',', '\n', '(', '的', '嘅']);
            ["", "at", "by", "before", "@", "around", "from", "in the", "on", "about", "-"].contains(&gap)
        });
        let both = match joined.last() {
            Some(last) if stands_together => together(&last.when, &token.when),
            _ => None,
        };
        match (both, joined.last_mut()) {
            (Some(when), Some(last)) => {
                last.span.end = token.span.end;
                last.when = when;
            }
            _ => joined.push(token),
        }
    }
    joined
}

/// What two neighbours say together.
fn together(one: &When, other: &When) -> Option<When> {
    match (one, other) {
        (When::Day(day), When::Time(time) | When::Part(time))
        | (When::Time(time) | When::Part(time), When::Day(day)) => Some(When::Moment(*day, *time)),
        (When::Day(day), When::SmallHours(time)) | (When::SmallHours(time), When::Day(day)) => {
            Some(When::Moment(day.tomorrow().ok()?, *time))
        }
        // 今晚1点 is after midnight.
        (When::Moment(day, part), When::Time(time) | When::SmallHours(time))
        | (When::Time(time), When::Moment(day, part))
            if *part == end_of_day() && time.hour() < 5 =>
        {
            Some(When::Moment(day.tomorrow().ok()?, *time))
        }
        // "6 tomorrow" goes on with "morning".
        (When::Moment(day, time), When::Part(part)) if time.hour() != 12 && *time != end_of_day() => {
            Some(When::Moment(*day, in_half(*time, *part)))
        }
        // "tonight at 8", 明早8点: the time says it nearer than the part of the day, which says which half.
        (When::Moment(day, part), When::Time(time) | When::SmallHours(time))
        | (When::Time(time), When::Moment(day, part)) => Some(When::Moment(*day, in_half(*time, *part))),
        (When::Part(part), When::Time(time)) | (When::Time(time), When::Part(part)) => {
            Some(When::Time(in_half(*time, *part)))
        }
        _ => None,
    }
}

/// A time on the twelve-hour clock in the half of the day that a part ends in.
fn in_half(time: Time, part: Time) -> Time {
    let is_late = part.hour() > 12;
    let hour = match time.hour() {
        hour @ 1..=11 if is_late => hour + 12,
        // 晚上12点 is the end of the day.
        12 if part.hour() >= 23 => return end_of_day(),
        hour @ 13..=19 if !is_late && part.hour() <= 12 => hour - 12,
        hour => hour,
    };
    Time::new(hour, time.minute(), 0, 0).unwrap_or(time)
}

fn end_of_day() -> Time {
    Time::new(23, 59, 59, 0).unwrap_or(Time::MAX)
}

fn resolve(reading: &Reading, today: &Today, token: Token) -> Found {
    let words = stake::Words::around(reading, &token.span);
    let is_before = words.is_before_in_english();
    let at = |day: Date, time: Time| day.to_datetime(time).to_zoned(today.now.time_zone().clone()).ok();
    let day_before = |day: Date| if is_before { day.yesterday().unwrap_or(day) } else { day };
    let (value, due) = match &token.when {
        When::Day(day) => (day.to_string(), at(day_before(*day), end_of_day())),
        When::Period(first, last) => {
            (format!("{first}/{last}"), at(if is_before { day_before(*first) } else { *last }, end_of_day()))
        }
        When::Month(first) => {
            // 一月前 ends with December.
            let last = if is_before || words.is_before_in_chinese() {
                first.yesterday().unwrap_or(*first)
            } else {
                first.last_of_month()
            };
            (first.strftime("%Y-%m").to_string(), at(last, end_of_day()))
        }
        When::Moment(day, time) => {
            let time = words.in_likely_half(*day, *time, today);
            (moment(*day, time), at(*day, time))
        }
        When::Time(time) | When::SmallHours(time) | When::Part(time) => {
            let time = &words.in_likely_half(today.date, *time, today);
            let later = *time < today.now.time() && words.look_ahead();
            let day = if later { today.plus_days(1).unwrap_or(today.date) } else { today.date };
            (moment(day, *time), at(day, *time))
        }
        When::Instant(instant) => {
            let local = instant.to_zoned(today.now.time_zone().clone());
            (local.strftime("%Y-%m-%dT%H:%M").to_string(), Some(local))
        }
        When::Unresolved => (String::new(), None),
    };
    let due = due.map(|due| due.timestamp());
    let is_ahead = due.is_some_and(|due| due >= today.now.timestamp());
    let is_deadline = is_ahead && words.make_a_deadline(&token.when);
    Found { span: token.span, value, due, is_deadline }
}

fn moment(day: Date, time: Time) -> String {
    if time == end_of_day() {
        day.to_string()
    } else {
        day.to_datetime(time).strftime("%Y-%m-%dT%H:%M").to_string()
    }
}

#[cfg(test)]
mod tests;
