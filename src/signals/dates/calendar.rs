//! Days that are named by another day or by a part of a month: "a week from today", "Friday week", "by 25.11.",
//! 本月25日, 下月中旬, 年尾.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Captures;

use super::{
    Reading, Today, Token, Unit, When, chinese,
    english::{self, Around, Forms, LONG_WEEKDAYS, NUMBER, Reads, UNIT},
};

static ENGLISH: LazyLock<Forms> = LazyLock::new(|| {
    english::compiled(vec![
        (format!("(today|tomorrow|{LONG_WEEKDAYS}) week"), day_week),
        (format!("({NUMBER}) ({UNIT}) (?:from |after |on )?(today|tomorrow|{LONG_WEEKDAYS})"), from_day),
        (
            r"(?:by|before|until|till|due|due on|deadline|latest) (?P<date>(\d{1,2})\.(\d{1,2}))".into(),
            dotted_day_first,
        ),
    ])
});

static CHINESE: LazyLock<Forms> = LazyLock::new(|| {
    let which = "下下个?|下个?|上上个?|上个?|这个?|本|今个?|呢个?|当";
    let figure = "[0-9]{1,2}|[一二三四五六七八九十]{1,3}|廿[一二三四五六七八九]?";
    let part = "上旬|中旬|下旬|底|末|尾|初";
    let forms: Vec<(String, Reads)> = vec![
        (format!("({which})月(?:份)?的?({figure}) ?(?:日|号)"), day_of_named_month),
        (format!("({which})月(?:份)?(?:的)?({part})"), part_of_named_month),
        (format!("(?:([0-9]{{4}})年|(今年|明年|后年))?({figure}) ?月(?:份)?({part})"), part_of_month),
        ("(月)(尾)|()(上旬|中旬|下旬)|(月)(?:中)(?:之前|以前|前)".into(), part_of_this_month),
        ("(?:(今|明|后|本)年年?|年)(尾|底|末)".into(), end_of_year),
        (
            "(?P<date>([0-9]{1,2})[.]([0-9]{1,2}))(?:日|号)? ?(?:之前|以前|前|截止|到期)".into(),
            dotted_month_first,
        ),
    ];
    Forms::of(forms)
});

/// Finds the days.
pub(super) fn tokens(reading: &Reading, today: &Today) -> Vec<Token> {
    let mut tokens = english::find(&ENGLISH, reading, today);
    tokens.extend(english::find(&CHINESE, reading, today));
    tokens
}

/// Today, tomorrow or the next such weekday.
fn named(word: &str, today: &Today) -> Option<Date> {
    match word {
        "today" => Some(today.date),
        "tomorrow" => today.plus_days(1),
        weekday => today.next_weekday(english::weekday_number(weekday)?),
    }
}

fn day_week(captures: &Captures<'_>, today: &Today, _: &Around<'_>) -> Option<When> {
    let day = named(english::word(captures, 1), today)?;
    day.checked_add(jiff::ToSpan::days(7)).ok().map(When::Day)
}

fn from_day(captures: &Captures<'_>, today: &Today, _: &Around<'_>) -> Option<When> {
    let day = named(english::word(captures, 3), today)?;
    let amount = english::figure(captures, 1)?.clamp(0, 1000);
    let span = match english::unit(english::word(captures, 2))? {
        Unit::Day => jiff::ToSpan::days(amount),
        Unit::Week => jiff::ToSpan::days(amount * 7),
        Unit::Fortnight => jiff::ToSpan::days(amount * 14),
        Unit::Month => jiff::ToSpan::months(amount),
        Unit::Minute | Unit::Hour => return None,
    };
    day.checked_add(span).ok().map(When::Day)
}

/// "by 25.11."; an amount such as "by 3.50" has no point behind it and no figure above twelve before it.
fn dotted_day_first(captures: &Captures<'_>, today: &Today, around: &Around<'_>) -> Option<When> {
    let (day, month) = (english::figure(captures, 2)?, english::figure(captures, 3)?);
    let is_change = ["charged", "reduced", "increased", "more", "up", "down"]
        .iter()
        .any(|change| around.before.trim_end_matches("by ").trim_end().ends_with(change));
    let is_amount = around.after.trim_start().starts_with(['%', '€', '£', '$'])
        || ["eur", "usd", "gbp", "euro", "pounds"]
            .iter()
            .any(|unit| around.after.trim_start().starts_with(unit));
    if is_change || is_amount || !(day > 12 || around.after.starts_with('.')) {
        return None;
    }
    today.month_day(month.try_into().ok()?, day.try_into().ok()?, true).map(When::Day)
}

/// 12.1前; not 版本8.2前.
fn dotted_month_first(captures: &Captures<'_>, today: &Today, around: &Around<'_>) -> Option<When> {
    let is_version = around
        .before
        .trim_end()
        .ends_with(|last: char| last.is_ascii_alphabetic() || "本版号.".contains(last));
    if is_version {
        return None;
    }
    let (month, day) = (english::figure(captures, 2)?, english::figure(captures, 3)?);
    today.month_day(month.try_into().ok()?, day.try_into().ok()?, true).map(When::Day)
}

/// The first day of the month that 本, 下 and the like name.
fn named_month(word: &str, today: &Today) -> Option<Date> {
    today.month(if word == "当" { 0 } else { chinese::weeks(word)? })
}

fn day_of_named_month(captures: &Captures<'_>, today: &Today, _: &Around<'_>) -> Option<When> {
    let first = named_month(chinese::word(captures, 1), today)?;
    let day = chinese::number(chinese::word(captures, 2))?.try_into().ok()?;
    Date::new(first.year(), first.month(), day).ok().map(When::Day)
}

/// A third, the beginning or the end of a month.
fn part_of(first: Date, part: &str) -> Option<When> {
    let day = |day| Date::new(first.year(), first.month(), day).ok();
    Some(match part {
        "上旬" | "初" => When::Period(first, day(10)?),
        "中旬" => When::Period(day(11)?, day(20)?),
        "下旬" => When::Period(day(21)?, first.last_of_month()),
        _ => When::Day(first.last_of_month()),
    })
}

fn part_of_named_month(captures: &Captures<'_>, today: &Today, _: &Around<'_>) -> Option<When> {
    part_of(named_month(chinese::word(captures, 1), today)?, chinese::word(captures, 2))
}

fn part_of_month(captures: &Captures<'_>, today: &Today, around: &Around<'_>) -> Option<When> {
    let month = chinese::number(chinese::word(captures, 3))?
        .try_into()
        .ok()
        .filter(|month| (1..=12).contains(month))?;
    let first = match (chinese::word(captures, 1).parse::<i16>(), chinese::word(captures, 2)) {
        (Ok(year), _) => Date::new(year, month, 1).ok()?,
        (_, "今年") => Date::new(today.date.year(), month, 1).ok()?,
        (_, "明年") => Date::new(today.date.year() + 1, month, 1).ok()?,
        (_, "后年") => Date::new(today.date.year() + 2, month, 1).ok()?,
        _ if month == today.date.month() => today.date.first_of_month(),
        _ => today.month_day(month, 1, chinese::is_ahead(around))?,
    };
    part_of(first, chinese::word(captures, 4))
}

/// 月尾, 中旬: of this month, or of the next one when it is over and the words look ahead.
fn part_of_this_month(captures: &Captures<'_>, today: &Today, around: &Around<'_>) -> Option<When> {
    let part = match chinese::word(captures, 2) {
        "" => chinese::word(captures, 4),
        end => end,
    };
    let part = if part.is_empty() { "中旬" } else { part };
    let when = part_of(today.month(0)?, part)?;
    let is_over = matches!(&when, When::Period(_, last) if *last < today.date);
    if is_over && (chinese::is_ahead(around) || captures.get(5).is_some()) {
        return part_of(today.month(1)?, part);
    }
    Some(when)
}

fn end_of_year(captures: &Captures<'_>, today: &Today, _: &Around<'_>) -> Option<When> {
    let years = match chinese::word(captures, 1) {
        "明" => 1,
        "后" => 2,
        _ => 0,
    };
    Date::new(today.date.year() + years, 12, 31).ok().map(When::Day)
}
