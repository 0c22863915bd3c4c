//! Times as a person at this clock reads them.

use jiff::{Timestamp, ToSpan, Unit, Zoned};

/// A time of the contract in the time zone of `now`: "today 18:30 (in 2 h)".
pub(super) fn due(time: prost_types::Timestamp, now: &Zoned) -> String {
    let Ok(time) = Timestamp::new(time.seconds, time.nanos) else {
        return "at a time that cannot be shown".to_owned();
    };
    let time = time.to_zoned(now.time_zone().clone());
    format!("{} ({})", day_and_hour(&time, now), distance(&time, now))
}

fn day_and_hour(time: &Zoned, now: &Zoned) -> String {
    let hour = time.strftime("%H:%M");
    let today = now.date();
    if time.date() == today {
        return format!("today {hour}");
    }
    if today.checked_add(1.day()).is_ok_and(|tomorrow| tomorrow == time.date()) {
        return format!("tomorrow {hour}");
    }
    if time.year() == now.year() {
        return format!("{} {hour}", time.strftime("%a %-d %b"));
    }
    format!("{} {hour}", time.strftime("%-d %b %Y"))
}

/// How far away a time is, in its two largest units.
fn distance(time: &Zoned, now: &Zoned) -> String {
    let minutes = now.timestamp().until(time.timestamp()).ok().and_then(|span| span.total(Unit::Minute).ok());
    let Some(minutes) = minutes.map(|minutes| minutes.round() as i64) else {
        return "far away".to_owned();
    };
    let (days, hours, rest) = (minutes.abs() / 1440, minutes.abs() % 1440 / 60, minutes.abs() % 60);
    let span = match (days, hours, rest) {
        (0, 0, 0) => return "now".to_owned(),
        (0, 0, rest) => format!("{rest} min"),
        (0, hours, 0) => format!("{hours} h"),
        (0, hours, rest) => format!("{hours} h {rest} min"),
        (1, 0, _) => "1 day".to_owned(),
        (1, hours, _) => format!("1 day {hours} h"),
        (days, _, _) => format!("{days} days"),
    };
    if minutes < 0 { format!("{span} ago") } else { format!("in {span}") }
}

#[cfg(test)]
mod tests {
    use jiff::tz::{self, TimeZone};

    use super::*;

    #[test]
    fn times_are_told_from_now_in_the_local_zone() {
        // 20 November 2026, 10:00 in Shanghai.
        let start = 1_795_140_000;
        let now = Timestamp::from_second(start).unwrap().to_zoned(TimeZone::fixed(tz::offset(8)));
        let minute = 60;
        let cases = [
            (30 * minute, "today 10:30 (in 30 min)"),
            (125 * minute, "today 12:05 (in 2 h 5 min)"),
            (8 * 60 * minute, "today 18:00 (in 8 h)"),
            (-60 * minute, "today 09:00 (1 h ago)"),
            (24 * 60 * minute, "tomorrow 10:00 (in 1 day)"),
            (49 * 60 * minute, "Sun 22 Nov 11:00 (in 2 days)"),
            (60 * 24 * 60 * minute, "19 Jan 2027 10:00 (in 60 days)"),
            (0, "today 10:00 (now)"),
        ];
        for (seconds, expected) in cases {
            assert_eq!(due(prost_types::Timestamp { seconds: start + seconds, nanos: 0 }, &now), expected);
        }
    }
}
