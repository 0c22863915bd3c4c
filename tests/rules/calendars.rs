//! Deadlines in working time, against the wall clock.

use frontdesk::{
    policy::{
        Priority,
        playbook::{Deadlines, Playbook},
    },
    taxonomy::Department,
};
use jiff::{SignedDuration, Timestamp, Zoned, civil::Weekday};
use proptest::prelude::*;

use super::common::{LEAST, at, compiled};

/// A playbook whose sales have these first and next times on a calendar "office" with these keys.
fn office(zone: &str, keys: &str, first: &str, next: &str) -> Playbook {
    let level = format!("{{ first = \"{first}\", next = \"{next}\" }}");
    compiled(&format!(
        "{LEAST}[calendars.office]\ntime_zone = \"{zone}\"\n{keys}\n[service_levels.sales]\ncalendar = \"office\"\n\
         regular = {level}\nhigh = {level}\nurgent = {level}\n"
    ))
}

fn due(playbook: &Playbook, from: &str) -> Deadlines {
    playbook.deadlines_of("general", Department::Sales, Priority::Regular, at(from))
}

#[track_caller]
fn first_due(playbook: &Playbook, from: &str, expected: &str) {
    assert_eq!(due(playbook, from).first_reply_due, at(expected), "{}", due(playbook, from).first_reply_due);
}

const WEEK: &str = "hours = { \"mon-fri\" = [\"09:00-12:00\", \"13:00-18:00\"] }";

#[test]
fn working_time_pauses_at_noon_at_night_and_at_the_weekend() {
    let playbook = office("Asia/Taipei", WEEK, "4h", "8h");
    first_due(&playbook, "2026-11-20T10:00:00+08:00", "2026-11-20T15:00:00+08:00");
    first_due(&playbook, "2026-11-20T17:30:00+08:00", "2026-11-23T13:30:00+08:00");
    // Before opening and while closed it begins with the next opening.
    first_due(&playbook, "2026-11-20T03:00:00+08:00", "2026-11-20T14:00:00+08:00");
    first_due(&playbook, "2026-11-21T12:00:00+08:00", "2026-11-23T14:00:00+08:00");
    // What ends with the day ends there, not on the next morning.
    first_due(&playbook, "2026-11-20T14:00:00+08:00", "2026-11-20T18:00:00+08:00");
    assert_eq!(due(&playbook, "2026-11-20T14:00:00+08:00").next_reply_due, at("2026-11-23T18:00:00+08:00"));
}

#[test]
fn seconds_are_kept() {
    let playbook = office("UTC", WEEK, "30m", "1h");
    first_due(&playbook, "2026-11-20T11:45:10.5Z", "2026-11-20T13:15:10.5Z");
}

#[test]
fn holidays_are_closed_and_made_up_days_are_worked() {
    let days = format!(
        "{WEEK}\nholidays = [{{ name = \"国庆节\", from = 2026-10-01, to = 2026-10-07 }}, \
         {{ name = \"half\", date = 2026-12-24, hours = [\"09:00-11:00\"] }}]\n\
         working_days = [{{ name = \"调休\", date = 2026-09-20 }}, {{ date = 2026-10-10 }}, \
         {{ date = 2026-10-04, hours = \"10:00-12:00\" }}]"
    );
    let playbook = office("Asia/Shanghai", &days, "2h", "1h");
    first_due(&playbook, "2026-09-19T12:00:00+08:00", "2026-09-20T11:00:00+08:00");
    // A made-up day within a holiday is worked.
    first_due(&playbook, "2026-09-30T17:30:00+08:00", "2026-10-04T11:30:00+08:00");
    first_due(&playbook, "2026-10-04T11:00:00+08:00", "2026-10-08T10:00:00+08:00");
    first_due(&playbook, "2026-10-09T17:00:00+08:00", "2026-10-10T10:00:00+08:00");
    first_due(&playbook, "2026-12-24T10:00:00+08:00", "2026-12-25T10:00:00+08:00");
}

#[test]
fn an_hour_that_the_clock_skips_or_repeats_counts_as_it_is_worked() {
    let nights = "hours = { \"mon-sun\" = [\"22:00-06:00\"] }";
    let playbook = office("Europe/Berlin", nights, "5h", "1h");
    // 28 March 2027: 02:00 becomes 03:00.
    first_due(&playbook, "2027-03-27T22:00:00+01:00", "2027-03-28T04:00:00+02:00");
    // 25 October 2026: 03:00 becomes 02:00, and the hour is worked twice.
    first_due(&playbook, "2026-10-24T22:00:00+02:00", "2026-10-25T02:00:00+01:00");
    let ends_in_gap = office("America/New_York", "hours = { \"mon-sun\" = [\"00:00-02:30\"] }", "2h", "30m");
    // 8 March 2026: there is no 02:00 to 03:00, so half an hour of the span is missing.
    assert_eq!(
        due(&ends_in_gap, "2026-03-08T00:00:00-05:00").first_reply_due,
        at("2026-03-08T03:00:00-04:00")
    );
    assert_eq!(
        due(&ends_in_gap, "2026-03-08T00:00:00-05:00").next_reply_due,
        at("2026-03-09T00:30:00-04:00")
    );
    // Samoa had no 30 December 2011.
    let samoa = office("Pacific/Apia", "hours = { \"mon-sun\" = [\"09:00-10:00\"] }", "1h30m", "1h");
    first_due(&samoa, "2011-12-29T09:00:00-10:00", "2011-12-31T09:30:00+14:00");
}

#[test]
fn a_calendar_that_never_closes_still_has_holidays() {
    let playbook = office("UTC", "hours = \"always\"\nholidays = [{ date = 2026-12-25 }]", "3h", "1h");
    first_due(&playbook, "2026-12-24T22:00:00Z", "2026-12-26T01:00:00Z");
    assert_eq!(due(&playbook, "2026-12-24T22:00:00Z").calendar, "office");
}

#[test]
fn the_calendar_is_the_levels_the_queues_the_departments_or_the_tenants() {
    let text = |level: &str, queue: &str, department: &str| {
        let calendar = |id: &str| format!("[calendars.{id}]\ntime_zone = \"UTC\"\n{WEEK}\n");
        let queues = LEAST.replace("{ name = \"Billing\" }", &format!("{{ name = \"B\"{queue} }}"));
        format!(
            "[tenant]\ndefault_calendar = \"own\"\n{queues}{}{}{}{}[service_levels.sales]\n{department}\nregular = {{ first = \"2h\", next = \"2h\" }}\nhigh = {{ first = \"2h\", next = \"2h\" }}\n\
             urgent = {{ first = \"2h\", next = \"2h\"{level} }}\n",
            calendar("own"),
            calendar("of-queue"),
            calendar("of-department"),
            calendar("of-level")
        )
    };
    let counted_on = |text: &str| {
        compiled(text)
            .deadlines_of("billing", Department::Sales, Priority::Urgent, Timestamp::UNIX_EPOCH)
            .calendar
    };
    let (level, queue, department) =
        (", calendar = \"of-level\"", ", calendar = \"of-queue\"", "calendar = \"of-department\"");
    assert_eq!(counted_on(&text(level, queue, department)), "of-level");
    assert_eq!(counted_on(&text("", queue, department)), "of-queue");
    assert_eq!(counted_on(&text("", "", department)), "of-department");
    assert_eq!(counted_on(&text("", "", "")), "own");
    assert_eq!(counted_on(LEAST), "always");
}

#[test]
fn the_end_of_time_is_no_panic() {
    for hours in [WEEK, "hours = \"always\""] {
        let playbook = office("Pacific/Kiritimati", hours, "720h", "720h");
        for from in [Timestamp::MIN, Timestamp::MAX, Timestamp::UNIX_EPOCH] {
            let due = playbook.deadlines_of("general", Department::Sales, Priority::Regular, from);
            assert!(due.first_reply_due >= from && due.next_reply_due >= due.first_reply_due);
        }
    }
}

/// Spans of a day in minutes, at most two; they end before midnight or run over it.
type Spans = Vec<(i64, i64)>;

/// A calendar for the reference: spans by weekday, and days that differ.
#[derive(Clone, Debug)]
struct Reference {
    zone: &'static str,
    week: Vec<Spans>,
    days: Vec<(jiff::civil::Date, Spans)>,
}

impl Reference {
    fn keys(&self) -> String {
        let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
        let clock = |minute: i64| format!("{:02}:{:02}", minute / 60 % 24, minute % 60);
        let list = |spans: &Spans| {
            let spans: Vec<String> =
                spans.iter().map(|(start, end)| format!("\"{}-{}\"", clock(*start), clock(*end))).collect();
            format!("[{}]", spans.join(", "))
        };
        let week: Vec<String> =
            names.iter().zip(&self.week).map(|(name, spans)| format!("{name} = {}", list(spans))).collect();
        let days: Vec<String> = self
            .days
            .iter()
            .map(|(date, spans)| format!("{{ date = {date}, hours = {} }}", list(spans)))
            .collect();
        format!("hours = {{ {} }}\nholidays = [{}]", week.join(", "), days.join(", "))
    }

    fn spans(&self, date: jiff::civil::Date) -> &Spans {
        let special = self.days.iter().find(|(other, _)| *other == date).map(|(_, spans)| spans);
        special.unwrap_or_else(|| {
            &self.week[match date.weekday() {
                Weekday::Monday => 0,
                Weekday::Tuesday => 1,
                Weekday::Wednesday => 2,
                Weekday::Thursday => 3,
                Weekday::Friday => 4,
                Weekday::Saturday => 5,
                Weekday::Sunday => 6,
            }]
        })
    }

    /// Whether the wall clock shows an open minute.
    fn is_open(&self, at: &Zoned) -> bool {
        let minute = i64::from(at.hour()) * 60 + i64::from(at.minute());
        let within =
            |spans: &Spans, minute: i64| spans.iter().any(|(start, end)| (*start..*end).contains(&minute));
        within(self.spans(at.date()), minute)
            || within(self.spans(at.date().yesterday().expect("a day before")), minute + 24 * 60)
    }

    /// Counts open minutes one by one.
    fn after(&self, from: Timestamp, minutes: i64) -> Timestamp {
        let mut at = from.in_tz(self.zone).expect("a zone");
        let mut left = minutes;
        while left > 0 {
            if self.is_open(&at) {
                left -= 1;
            }
            at = at.checked_add(SignedDuration::from_mins(1)).expect("in range");
        }
        at.timestamp()
    }
}

/// Spans that hold no other: one of the morning and one of the evening, which may run over midnight.
fn spans() -> impl Strategy<Value = Spans> {
    let first = (0_i64..300, 1_i64..400);
    let second = (720_i64..1380, 1_i64..600);
    (prop::option::weighted(0.7, first), prop::option::weighted(0.7, second)).prop_map(|(first, second)| {
        // From 05:00 on, so that no evening of the day before runs into it.
        let first = first.map(|(start, length)| (300 + start, 300 + start + length));
        let second = second.map(|(start, length)| (start, (start + length).min(24 * 60 + 290)));
        match (first, second) {
            (Some(first), Some(second)) if second.0 < first.1 => vec![first],
            (first, second) => first.into_iter().chain(second).collect(),
        }
    })
}

fn reference() -> impl Strategy<Value = Reference> {
    let zones = [
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Asia/Shanghai",
        "Australia/Lord_Howe",
        "America/St_Johns",
        "Asia/Kathmandu",
    ];
    let date = (0_i64..20).prop_map(|day| {
        jiff::civil::date(2026, 10, 20).checked_add(jiff::Span::new().days(day)).expect("a day")
    });
    let days = prop::collection::btree_map(date, spans(), 0..4);
    (prop::sample::select(zones.to_vec()), prop::collection::vec(spans(), 7), days)
        .prop_filter("open five hours a week, for the sake of counting", |(_, week, _)| {
            week.iter().flatten().map(|(start, end)| end - start).sum::<i64>() >= 300
        })
        .prop_map(|(zone, week, days)| Reference { zone, week, days: days.into_iter().collect() })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    /// Around the autumn and spring changes of the clock, whole minutes, with nights, gaps and odd days.
    #[test]
    fn deadlines_are_those_of_counting_minute_by_minute(
        reference in reference(),
        start in 0_i64..28 * 24 * 60,
        in_spring in any::<bool>(),
        first in 1_i64..900,
        next in 1_i64..900,
    ) {
        let base = if in_spring { at("2027-03-10T00:00:00Z") } else { at("2026-10-20T00:00:00Z") };
        let from = base.checked_add(SignedDuration::from_mins(start)).expect("in range");
        let playbook = office(reference.zone, &reference.keys(), &format!("{first}m"), &format!("{next}m"));
        let due = playbook.deadlines_of("general", Department::Sales, Priority::Regular, from);
        let expected = reference.after(from, first);
        prop_assert_eq!(due.first_reply_due, expected);
        prop_assert_eq!(due.next_reply_due, reference.after(expected, next));
    }

    #[test]
    fn a_later_message_is_never_due_earlier(
        reference in reference(),
        start in 0_i64..14 * 24 * 60 * 60,
        later in 0_i64..48 * 60 * 60,
        minutes in 1_i64..900,
    ) {
        let playbook = office(reference.zone, &reference.keys(), &format!("{minutes}m"), "1h");
        let due = |seconds: i64| {
            let from = at("2026-10-20T00:00:00Z").checked_add(SignedDuration::from_secs(seconds)).expect("in range");
            playbook.deadlines_of("general", Department::Sales, Priority::Regular, from).first_reply_due
        };
        prop_assert!(due(start) <= due(start + later));
    }
}
