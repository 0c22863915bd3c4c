//! Lengths of time from now that hold a half or stand in the short forms of chats: "within half an hour",
//! "within 24h", 半小时内, 两天半之内.

use std::sync::LazyLock;

use regex::Captures;

use super::{
    Reading, Today, Token, Unit, When, chinese,
    english::{self, Around, Forms, NUMBER, UNIT},
};

/// Minutes of the units of lengths with a half; a month is thirty days.
const MINUTES: [(Unit, i64); 4] =
    [(Unit::Hour, 60), (Unit::Day, 24 * 60), (Unit::Week, 7 * 24 * 60), (Unit::Month, 30 * 24 * 60)];

static ENGLISH: LazyLock<Forms> = LazyLock::new(|| {
    let from = "(?:within|in|in under|in less than|in the next|within the next|inside)";
    english::compiled(vec![
        (format!("{from} (?:the )?half an? (hour|day)"), half_unit),
        (format!("{from} (an?|one) (hour|day|week) and a half"), one_and_half),
        (
            format!(r"{from} (an?|one|two|three|four|five|six|\d{{1,2}}) and a half (hours?|days?|weeks?)"),
            and_half,
        ),
        (format!(r"{from} (\d{{1,3}}) ?(h|hrs?|d)"), short),
        (
            format!(
                "(?:have|has|got|ve|give|giving)(?: (?:only|just|about|got|another|less than|you|u|them|exactly))* (?P<date>({NUMBER}) (?:more )?({UNIT}))"
            ),
            given,
        ),
    ])
});

static CHINESE: LazyLock<Forms> = LazyLock::new(|| {
    let form = concat!(
        "([0-9]{1,3}(?:[.]5)?|[一二两三四五六七八九十]{1,3}|半)个?(半)?(小时|钟头|钟|天|日|星期|礼拜|周|月|hr?s?)(半)?",
        "(?:之内|以内|内|里)"
    );
    Forms::of(vec![(form.to_owned(), with_half)])
});

/// Finds the lengths.
pub(super) fn tokens(reading: &Reading, today: &Today) -> Vec<Token> {
    let mut tokens = english::find(&ENGLISH, reading, today);
    tokens.extend(english::find(&CHINESE, reading, today));
    tokens
}

/// So many halves of a unit from now.
fn halves(today: &Today, halves: i64, unit: Unit) -> Option<When> {
    let minutes = MINUTES.iter().find(|(other, _)| *other == unit).map(|(_, minutes)| minutes)?;
    today.instant(minutes * halves / 2, Unit::Minute).map(When::Instant)
}

fn half_unit(captures: &Captures<'_>, today: &Today, _: &Around<'_>) -> Option<When> {
    halves(today, 1, english::unit(english::word(captures, 1))?)
}

fn one_and_half(captures: &Captures<'_>, today: &Today, _: &Around<'_>) -> Option<When> {
    halves(today, 3, english::unit(english::word(captures, 2))?)
}

fn and_half(captures: &Captures<'_>, today: &Today, _: &Around<'_>) -> Option<When> {
    halves(today, english::figure(captures, 1)? * 2 + 1, english::unit(english::word(captures, 2))?)
}

fn short(captures: &Captures<'_>, today: &Today, _: &Around<'_>) -> Option<When> {
    let unit = if english::word(captures, 2) == "d" { Unit::Day } else { Unit::Hour };
    today.instant(english::figure(captures, 1)?, unit).map(When::Instant)
}

/// The time that somebody has or is given; a rule ("I have 30 days to return it") and a question name none.
fn given(captures: &Captures<'_>, today: &Today, around: &Around<'_>) -> Option<When> {
    const RULES: [&str; 6] =
        ["to return", "to exchange", "to send it back", "to cancel", "to change my", "to decide"];
    let is_gift = english::word(captures, 0).starts_with("giv");
    let after = around.after.trim_start();
    let is_asked = ["do i", "do we", "if i", "how long do"].iter().any(|asked| around.before.contains(asked));
    let is_rule = RULES.iter().any(|rule| after.starts_with(rule));
    if is_asked || is_rule || !(is_gift || after.starts_with("to ")) {
        return None;
    }
    let unit = english::unit(english::word(captures, 3))?;
    today.instant(english::figure(captures, 2)?, unit).map(When::Instant)
}

/// 半小时内, 一个半小时内, 两天半之内, 24h内; lengths without any half are read elsewhere.
fn with_half(captures: &Captures<'_>, today: &Today, _: &Around<'_>) -> Option<When> {
    let (amount, unit) = (chinese::word(captures, 1), chinese::word(captures, 3));
    let has_half = captures.get(2).is_some() || captures.get(4).is_some();
    let whole = amount.strip_suffix(".5");
    let count = match (amount, whole) {
        ("半", _) => 1,
        (_, Some(whole)) => chinese::number(whole)? * 2 + 1,
        _ => chinese::number(amount)? * 2 + i64::from(has_half),
    };
    let is_short = unit.starts_with('h');
    if count % 2 == 0 && !is_short {
        return None;
    }
    halves(today, count, if is_short { Unit::Hour } else { chinese::unit(unit)? })
}
