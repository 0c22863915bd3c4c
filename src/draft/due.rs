//! A promised time in words, as the customers of a region say it.

use jiff::{Timestamp, Unit, Zoned, ZonedRound, tz::TimeZone};

use crate::message::Wording;

/// Promised times are rounded up to this many minutes: "by 15:30" reads better than "by 15:27", and what is
/// done by the deadline is done by then.
const STEP_MINUTES: i64 = 5;

const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Days of the week in Chinese, alike in both scripts.
const CHINESE_WEEKDAYS: [char; 7] = ['一', '二', '三', '四', '五', '六', '日'];

/// Time zones that customers know by a name: IANA name, then the city in Simplified and in Traditional.
const CITIES: &[(&str, &str, &str)] = &[
    ("Asia/Shanghai", "北京", "北京"),
    ("Asia/Taipei", "台北", "台北"),
    ("Asia/Hong_Kong", "香港", "香港"),
    ("Asia/Macau", "澳门", "澳門"),
    ("Asia/Singapore", "新加坡", "新加坡"),
    ("Asia/Kuala_Lumpur", "吉隆坡", "吉隆坡"),
    ("Asia/Tokyo", "东京", "東京"),
    ("Asia/Seoul", "首尔", "首爾"),
    ("Europe/London", "伦敦", "倫敦"),
    ("Europe/Berlin", "柏林", "柏林"),
    ("Europe/Paris", "巴黎", "巴黎"),
    ("Australia/Sydney", "悉尼", "雪梨"),
    ("America/New_York", "纽约", "紐約"),
    ("America/Los_Angeles", "洛杉矶", "洛杉磯"),
];

/// When somebody reads the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Read {
    /// At once.
    Now,
    /// Some time before the promised time: "tomorrow" may be wrong by then.
    Later,
}

/// A promised time in words, without "by" (en) and 前 (zh): "15:30 today (Taipei time)", "明天上午10点".
pub fn words(due: Timestamp, now: Timestamp, zone: &TimeZone, wording: Wording, read: Read) -> String {
    let due = rounded_up(due.to_zoned(zone.clone()));
    let now = now.to_zoned(zone.clone());
    let days = due.date().duration_since(now.date()).as_hours() / 24;
    let day = match (days, read) {
        (0, _) => Day::Today,
        (1, Read::Now) => Day::Tomorrow,
        _ => Day::Date { with_year: due.year() != now.year() },
    };
    match wording {
        Wording::En => english(&due, day),
        Wording::ZhHans | Wording::ZhHantTw | Wording::ZhHantHk => chinese(&due, day, wording),
    }
}

/// A time for the people of the company: "2026-11-23 10:00 (Taipei time)".
pub fn for_agents(time: Timestamp, zone: &TimeZone, wording: Wording) -> String {
    let time = time.to_zoned(zone.clone());
    let zone = match wording {
        Wording::En => english_zone(&time),
        Wording::ZhHans | Wording::ZhHantTw | Wording::ZhHantHk => {
            chinese_zone(&time, wording).unwrap_or_default()
        }
    };
    format!("{} {:02}:{:02}{zone}", time.date(), time.hour(), time.minute())
}

/// How a day is named.
#[derive(Clone, Copy)]
enum Day {
    Today,
    Tomorrow,
    Date { with_year: bool },
}

fn rounded_up(time: Zoned) -> Zoned {
    let options =
        ZonedRound::new().smallest(Unit::Minute).increment(STEP_MINUTES).mode(jiff::RoundMode::Ceil);
    time.round(options).unwrap_or(time)
}

fn english(due: &Zoned, day: Day) -> String {
    let clock = format!("{:02}:{:02}", due.hour(), due.minute());
    let day = match day {
        Day::Today => " today".to_owned(),
        Day::Tomorrow => " tomorrow".to_owned(),
        Day::Date { with_year } => {
            let weekday = WEEKDAYS[weekday(due)];
            let month = MONTHS[month(due)];
            let year = if with_year { format!(" {}", due.year()) } else { String::new() };
            format!(" on {weekday} {} {month}{year}", due.day())
        }
    };
    format!("{clock}{day}{}", english_zone(due))
}

fn chinese(due: &Zoned, day: Day, wording: Wording) -> String {
    let day = match day {
        Day::Today => "今天".to_owned(),
        Day::Tomorrow => "明天".to_owned(),
        Day::Date { with_year } => {
            let year = if with_year { format!("{}年", due.year()) } else { String::new() };
            let week = if wording == Wording::ZhHantTw { "週" } else { "星期" };
            let weekday = CHINESE_WEEKDAYS[weekday(due)];
            format!("{year}{}月{}日（{week}{weekday}）", due.month(), due.day())
        }
    };
    let (hour, minute) = (due.hour(), due.minute());
    let part = match hour {
        0..=5 => "凌晨",
        6..=11 => "上午",
        12 => "中午",
        13..=17 => "下午",
        _ => "晚上",
    };
    let hour = if hour > 12 { hour - 12 } else { hour };
    let clock = match (wording, minute) {
        (Wording::ZhHantHk, 0) => format!("{hour}時"),
        (Wording::ZhHantHk, _) => format!("{hour}時{minute:02}分"),
        (Wording::ZhHantTw, 0) => format!("{hour}點"),
        (_, 0) => format!("{hour}点"),
        _ => format!("{hour}:{minute:02}"),
    };
    format!("{day}{part}{clock}{}", chinese_zone(due, wording).unwrap_or_default())
}

/// The time zone in brackets; English is read everywhere, so that it always says which one.
fn english_zone(time: &Zoned) -> String {
    let name = time.time_zone().iana_name().filter(|name| name.contains('/') && !name.starts_with("Etc/"));
    match name.and_then(|name| name.rsplit('/').next()) {
        Some(city) => format!(" ({} time)", city.replace('_', " ")),
        None => format!(" ({})", from_utc(time)),
    }
}

/// The time zone in brackets; `None` where the readers of a wording live in it.
fn chinese_zone(time: &Zoned, wording: Wording) -> Option<String> {
    let name = time.time_zone().iana_name().unwrap_or_default();
    let home: &[&str] = match wording {
        Wording::ZhHans => &["Asia/Shanghai", "Asia/Chongqing", "Asia/Harbin", "PRC"],
        Wording::ZhHantTw => &["Asia/Taipei", "ROC"],
        Wording::ZhHantHk => &["Asia/Hong_Kong", "Hongkong", "Asia/Macau", "Asia/Macao"],
        Wording::En => &[],
    };
    if home.contains(&name) {
        return None;
    }
    let city = CITIES.iter().find(|(zone, _, _)| *zone == name).map(|&(_, hans, hant)| match wording {
        Wording::ZhHans => format!("{hans}时间"),
        // 雪梨 is Taiwan's name for Sydney.
        Wording::ZhHantHk => format!("{}時間", hant.replace("雪梨", "悉尼")),
        _ => format!("{hant}時間"),
    });
    Some(format!("（{}）", city.unwrap_or_else(|| from_utc(time))))
}

/// The distance from UTC: "UTC", "UTC+8", "UTC-3:30".
fn from_utc(time: &Zoned) -> String {
    let minutes = time.offset().seconds() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    match (minutes.abs() / 60, minutes.abs() % 60) {
        (0, 0) => "UTC".to_owned(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, minutes) => format!("UTC{sign}{hours}:{minutes:02}"),
    }
}

fn weekday(time: &Zoned) -> usize {
    usize::try_from(time.weekday().to_monday_zero_offset()).unwrap_or_default() % WEEKDAYS.len()
}

fn month(time: &Zoned) -> usize {
    usize::try_from(time.month() - 1).unwrap_or_default() % MONTHS.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).expect("a time zone")
    }

    fn said(due: &str, now: &str, name: &str, wording: Wording) -> String {
        let time = |text: &str| text.parse::<Timestamp>().expect("a time");
        words(time(due), time(now), &zone(name), wording, Read::Now)
    }

    #[test]
    fn today_and_tomorrow_are_those_of_the_tenants_time_zone() {
        let said = |due| said(due, "2026-11-22T15:40:00Z", "Asia/Taipei", Wording::En);
        assert_eq!(said("2026-11-22T15:55:00Z"), "23:55 today (Taipei time)");
        assert_eq!(said("2026-11-22T16:00:00Z"), "00:00 tomorrow (Taipei time)");
        assert_eq!(said("2026-11-24T02:00:00Z"), "10:00 on Tuesday 24 November (Taipei time)");
        assert_eq!(said("2027-01-04T02:00:00Z"), "10:00 on Monday 4 January 2027 (Taipei time)");
    }

    #[test]
    fn each_region_says_it_its_own_way() {
        let (due, now) = ("2026-11-23T07:30:00Z", "2026-11-23T02:00:00Z");
        assert_eq!(said(due, now, "Asia/Shanghai", Wording::ZhHans), "今天下午3:30");
        assert_eq!(said(due, now, "Asia/Taipei", Wording::ZhHantTw), "今天下午3:30");
        assert_eq!(said(due, now, "Asia/Hong_Kong", Wording::ZhHantHk), "今天下午3時30分");
        assert_eq!(said(due, now, "Asia/Taipei", Wording::ZhHans), "今天下午3:30（台北时间）");
        assert_eq!(said(due, now, "Europe/Vienna", Wording::ZhHantTw), "今天上午8:30（UTC+1）");
        assert_eq!(said(due, now, "UTC", Wording::En), "07:30 today (UTC)");
        let (due, now) = ("2026-11-23T02:00:00Z", "2026-11-20T09:00:00Z");
        assert_eq!(said(due, now, "Asia/Shanghai", Wording::ZhHans), "11月23日（星期一）上午10点");
        assert_eq!(said(due, now, "Asia/Taipei", Wording::ZhHantTw), "11月23日（週一）上午10點");
        assert_eq!(said(due, now, "Asia/Hong_Kong", Wording::ZhHantHk), "11月23日（星期一）上午10時");
    }

    #[test]
    fn a_promise_is_never_earlier_than_the_deadline() {
        let now = "2026-11-22T01:00:00Z";
        assert_eq!(said("2026-11-22T02:26:01Z", now, "UTC", Wording::En), "02:30 today (UTC)");
        assert_eq!(said("2026-11-22T23:56:00Z", now, "UTC", Wording::En), "00:00 tomorrow (UTC)");
    }

    #[test]
    fn what_is_read_later_never_says_tomorrow() {
        let time = |text: &str| text.parse::<Timestamp>().expect("a time");
        let (due, now) = (time("2026-11-23T02:00:00Z"), time("2026-11-22T10:00:00Z"));
        let said = words(due, now, &zone("Asia/Taipei"), Wording::ZhHantTw, Read::Later);
        assert_eq!(said, "11月23日（週一）上午10點");
    }

    #[test]
    fn the_ends_of_time_are_said_too() {
        for wording in Wording::ALL {
            for name in ["UTC", "Asia/Taipei", "America/New_York"] {
                let said = words(Timestamp::MAX, Timestamp::MIN, &zone(name), wording, Read::Now);
                assert!(!said.is_empty());
            }
        }
    }
}
