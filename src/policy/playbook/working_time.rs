//! Counts working time on a calendar, by what the wall clock of its zone shows.
//!
//! A minute is open when the wall clock's reading lies within a span. So an hour that daylight saving skips
//! is nobody's working time, and an hour that it repeats counts twice, as it is worked twice.

use jiff::{
    SignedDuration, Timestamp, ToSpan,
    civil::{Date, DateTime, Time},
    tz::{Offset, TimeZone},
};

use super::calendar::{Calendar, DAY};

/// Days that a deadline is looked for: twenty years. The checks of calendars and durations keep every
/// deadline within them.
const MAX_DAYS: usize = 20 * 366;

/// Hours around a day in which its midnights lie in every time zone.
const MARGIN: SignedDuration = SignedDuration::from_hours(27);

/// Time between two changes of the offset of a zone.
struct Regime {
    from: Timestamp,
    until: Timestamp,
    offset: Offset,
}

impl Calendar {
    /// Whether a moment is open.
    pub fn is_open(&self, at: Timestamp) -> bool {
        let local = self.zone.to_datetime(at);
        let minute = minute_of(local.time());
        open_on(self, local.date()).iter().any(|(start, end)| (*start..*end).contains(&minute))
    }

    /// The moment when an amount of working time has passed.
    ///
    /// Time that begins while the calendar is closed begins to count when it opens; an amount that ends with
    /// a span ends there and not where the next begins. A negative amount counts as none.
    pub fn after(&self, from: Timestamp, work: SignedDuration) -> Timestamp {
        if work <= SignedDuration::ZERO {
            return from;
        }
        if self.never_closes() {
            return from.checked_add(work).unwrap_or(Timestamp::MAX);
        }
        let (mut left, mut cursor) = (work, from);
        let first = self.zone.to_datetime(from).date();
        for date in first.series(1.day()).take(MAX_DAYS) {
            for (start, end) in self.open(date) {
                let start = start.max(cursor);
                if end <= start {
                    continue;
                }
                let length = end.duration_since(start);
                if length >= left {
                    return start.checked_add(left).unwrap_or(Timestamp::MAX);
                }
                left -= length;
                cursor = end;
            }
        }
        cursor
    }

    /// The open times of a day, rising.
    fn open(&self, date: Date) -> Vec<(Timestamp, Timestamp)> {
        let spans = open_on(self, date);
        if spans.is_empty() {
            return Vec::new();
        }
        let regimes = regimes(&self.zone, date);
        let mut open = Vec::new();
        for (start, end) in spans {
            for Regime { from, until, offset } in &regimes {
                let (Some(start), Some(end)) = (moment(date, start, *offset), moment(date, end, *offset))
                else {
                    continue;
                };
                let (start, end) = (start.max(*from), end.min(*until));
                if start < end {
                    open.push((start, end));
                }
            }
        }
        open.sort_unstable();
        open
    }
}

/// The open minutes within a day, rising and apart: its own hours, and what runs over from the day before.
fn open_on(calendar: &Calendar, date: Date) -> Vec<(u16, u16)> {
    let before = date.yesterday().map(|before| calendar.hours(before)).unwrap_or_default();
    let over = before.iter().filter(|span| span.end > DAY).map(|span| (0, span.end - DAY));
    let own = calendar.hours(date).iter().map(|span| (span.start, span.end.min(DAY)));
    let mut spans: Vec<(u16, u16)> = over.chain(own).collect();
    spans.sort_unstable();
    let mut apart: Vec<(u16, u16)> = Vec::with_capacity(spans.len());
    for (start, end) in spans {
        match apart.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => apart.push((start, end)),
        }
    }
    apart
}

/// The offsets of a zone on a day.
fn regimes(zone: &TimeZone, date: Date) -> Vec<Regime> {
    let midnight = |date: Date| Offset::UTC.to_timestamp(date.to_datetime(Time::midnight())).ok();
    let start = midnight(date).and_then(|start| start.checked_sub(MARGIN).ok()).unwrap_or(Timestamp::MIN);
    let end = date.tomorrow().ok().and_then(midnight);
    let end = end.and_then(|end| end.checked_add(MARGIN).ok()).unwrap_or(Timestamp::MAX);
    let mut regimes = vec![Regime { from: start, until: end, offset: zone.to_offset(start) }];
    for transition in zone.following(start) {
        let at = transition.timestamp();
        if at >= end {
            break;
        }
        if let Some(last) = regimes.last_mut() {
            last.until = at;
        }
        regimes.push(Regime { from: at, until: end, offset: transition.offset() });
    }
    regimes
}

/// The moment at which a clock with an offset shows a minute of a day; 1440 is the next midnight.
fn moment(date: Date, minute: u16, offset: Offset) -> Option<Timestamp> {
    let midnight: DateTime = date.to_datetime(Time::midnight());
    offset.to_timestamp(midnight.checked_add(i64::from(minute).minutes()).ok()?).ok()
}

/// Minutes of a time of day.
fn minute_of(time: Time) -> u16 {
    u16::from(time.hour().unsigned_abs()) * 60 + u16::from(time.minute().unsigned_abs())
}
