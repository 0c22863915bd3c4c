//! Dates as English writes them, and those in figures.

use std::sync::LazyLock;

use jiff::civil::{Date, Time};
use regex::{Captures, Regex};

use super::{Reading, Today, Token, Unit, When};
use crate::{message::Locale, signals::numbers, text::patterns::Sieve};

/// Reads what a form found; `None` when it is no date after all.
pub(super) type Reads = fn(&Captures<'_>, &Today, &Around<'_>) -> Option<When>;

/// Forms of dates, of which only those are tried whose words stand in the text.
pub(super) struct Forms {
    forms: Vec<(Regex, Reads)>,
    sieve: Sieve,
}

impl Forms {
    /// Compiles forms; what is no expression is left out.
    pub(super) fn of(forms: Vec<(String, Reads)>) -> Self {
        let compiled = forms.into_iter().filter_map(|(form, reads)| Some((Regex::new(&form).ok()?, reads)));
        let forms: Vec<(Regex, Reads)> = compiled.collect();
        let sieve = Sieve::of(forms.iter().map(|(form, _)| form.as_str()));
        Self { forms, sieve }
    }

    /// Those that can match in a text, in order.
    fn possible(&self, text: &str) -> impl Iterator<Item = &(Regex, Reads)> {
        let passing = self.sieve.passing(text);
        self.forms.iter().enumerate().filter(move |(at, _)| passing.has(*at)).map(|(_, form)| form)
    }
}

/// What stands around a date expression in its sentence.
pub(super) struct Around<'a> {
    pub(super) before: &'a str,
    pub(super) after: &'a str,
}

impl Around<'_> {
    /// Whether the words before look ahead: a limit or a need.
    fn looks_ahead(&self) -> bool {
        [
            "by", "before", "until", "till", "due", "for", "need", "latest", "than", "within", "next",
            "deadline",
        ]
        .iter()
        .any(|word| self.before.trim_end().trim_end_matches(" the").trim_end_matches(" on").ends_with(word))
    }

    /// Whether a day stands directly beside.
    fn names_day(&self) -> bool {
        let is_day = |word: &str| word == "tomorrow" || word == "today" || weekday_number(word).is_some();
        let words = |text: &'_ str| -> Vec<String> {
            text.split([' ', '\n', ','])
                .filter(|word| !matches!(*word, "" | "on" | "by" | "at" | "this" | "next" | "of"))
                .map(str::to_owned)
                .collect()
        };
        let is_next_to_marks = self.after.starts_with(['.', '!', '?', ';']);
        words(self.before).last().is_some_and(|word| is_day(word))
            || !is_next_to_marks && words(self.after).first().is_some_and(|word| is_day(word))
    }

    /// Whether what is bought, paid or sent before happened on a past day.
    fn tells_past(&self) -> bool {
        PAST.as_ref().is_some_and(|past| past.is_match(self.before))
            && !WISHED.as_ref().is_some_and(|wished| wished.is_match(self.before))
    }

    /// Whether the words before look back.
    fn looks_back(&self) -> bool {
        let before = self.before.trim_end();
        ["since", "last", "from", "ago", "past"].iter().any(|word| before.ends_with(word))
    }
}

const WEEKDAYS: &str =
    "mon(?:day)?|tue(?:s|sday)?|wed(?:nesday|s)?|thu(?:r|rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?";
/// Before a day: something that was done then.
static PAST: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?-u:\b)(?:ordered|bought|purchased|paid|sent|arrived|came|called|rang|phoned|e-?mailed|wrote|returned|",
        r"received|placed|(?:was|were|been) (?:delivered|shipped|dispatched|collected|charged|taken))",
        r"(?:[ \n]+[a-z0-9'-]+){0,5}?[ \n]*$"
    ))
    .ok()
});

/// Before a day: it is only wished for, or the day belongs to what is still to come.
static WISHED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?-u:\b)(?:need|needs|needed|want|wants|be|can|could|will|would|should|get|must|if|have (?:it|them|this|that))(?-u:\b)|",
        r"(?-u:\b)(?:for|by|before|until|till|next|due|to|is|are|and|but)[ \n]*$"
    ))
    .ok()
});

pub(super) const LONG_WEEKDAYS: &str = "monday|tuesday|wednesday|thursday|friday|saturday|sunday|tues|thurs";
const MONTHS: &str = "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?";
pub(super) const NUMBER: &str = r"\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fourteen|fifteen|twenty|thirty|forty-eight|forty|sixty|ninety|a couple of|couple of|a few|another";
pub(super) const UNIT: &str = "minutes?|mins?|hours?|hrs?|days?|weeks?|wks?|fortnights?|months?";
const PARTS: &str = "morning|noon|midday|lunchtime|lunch|afternoon|evening|night|midnight|am|pm|eod|cob";

static FORMS: LazyLock<Forms> = LazyLock::new(|| {
    let forms: Vec<(String, Reads)> = vec![
        (r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})".into(), year_first),
        (r"(\d{1,2})([/.-])(\d{1,2})[/.-](\d{4}|\d{2})".into(), with_year),
        (r"(\d{1,2})/(\d{1,2})".into(), slashed),
        (format!(r"(?:the )?(\d{{1,2}})(?:st|nd|rd|th)?(?: of)?[ -](?:({MONTHS}))\b\.?(?:,? (\d{{4}}))?"), day_month),
        (format!(r"(?:({MONTHS}))\b\.?[ -](?:the )?(\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (\d{{4}}))?"), month_day),
        (r"the (\d{1,2})(?:st|nd|rd|th)".into(), day_alone),
        (r"(?:(early|mid|late|end of|in|since|by|before|until|this|next|last) )?(january|february|march|april|may|june|july|august|september|october|november|december)(?: (\d{4}))?".into(), month_alone),
        (r"(?:the )?day after tomorrow|tomorrow|tmrw|tmr|tmw|tomoz|2moro|tomorow|tommorow|tommorrow|today|2day|yesterday|tonight|tonite|last night|this (?:morning|afternoon|evening)".into(), relative_day),
        (r"(?:by |before )?(?:(?:the )?end of (?:the |this |next )?(?:day|business|week|month|year|quarter)|eod|eow|eom|cob|close of (?:business|play)|month[- ]end)".into(), end_of),
        (format!(r"(?:(this|next|last|coming|on|by|before|until|till|since|from|every|this coming) )(?:the )?({WEEKDAYS})"), weekday),
        (format!(r"({LONG_WEEKDAYS})"), bare_weekday),
        (r"(?:(this|next|last|the|at the|over the|coming) )weekend|(this|next|last|coming) (week|month|spring|summer|autumn|fall|winter)|the week before(?: last)?|(?:in |since |last )(spring|summer|autumn|winter)".into(), period),
        (format!(r"(in|within|in the next|in under|next|in less than|for|another|over|after|under|inside) (?:the )?({NUMBER}) (?:more |working |business |full )?({UNIT})(?:'? time)?"), ahead),
        (format!(r"({NUMBER})[ -]?(?:more |working |business )?({UNIT}) (ago|from now|left|to go|time|later|earlier)"), from_now),
        (format!(r"(\d{{1,3}}|{})[ -](?:whole |full |working |business |solid )?({UNIT})", &NUMBER[r"\d{1,3}|an?|".len()..]), length),
        (r"christmas eve|christmas day|christmas|xmas|boxing day|new year'?s? eve|new year'?s?(?: day)?|halloween|valentine'?s(?: day)?|thanksgiving|black friday|easter|mother'?s day|father'?s day|diwali|eid|lunar new year|chinese new year".into(), holiday),
        (r"(?:at |@ ?|by |before |until |till |around |after |from |since )?(\d{1,2})(?:[:.](\d{2}))? ?(am|pm|a\.m\.|p\.m\.|noon)".into(), clock_half),
        (r"(\d{1,2}):(\d{2})(?::\d{2})?".into(), clock),
        (r"(?:(?:at|by|before|until|till|around|from|after|since) )?(half past |quarter past |quarter to )?(\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?: o'?clock| sharp)?".into(), bare_hour),
        (r"(\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) (?:o'?clock)".into(), o_clock),
        (r"(\d{1,2}) (tonight|tomorrow|this evening)".into(), hour_then_day),
        (r"noon|midday|midnight|lunchtime|lunch ?time".into(), named_time),
        (format!(r"(?:in the |by the )?({PARTS})"), part),
    ];
    compiled(forms)
});

/// Compiles forms of English: a blank is any run of blanks, and a form begins and ends at a word's boundary.
pub(super) fn compiled(forms: Vec<(String, Reads)>) -> Forms {
    let spelled = forms
        .into_iter()
        .map(|(form, reads)| {
            let form = form
                .replace(r"\d", "[0-9]")
                .replace(r"\b", r"(?-u:\b)")
                .replace(' ', r"[ \n]+")
                .replace("[ \\n]+?", "[ \\n]*")
                .replace("[[ \\n]+-]", "[ \\n-]");
            (format!(r"(?-u:\b)(?:{form})(?-u:\b)"), reads)
        })
        .collect();
    Forms::of(spelled)
}

/// Finds the date expressions.
pub(super) fn tokens(reading: &Reading, today: &Today) -> Vec<Token> {
    find(&FORMS, reading, today)
}

/// Finds what forms name, apart from figures that belong to something longer. A group `date` of a form is the
/// date; else all of it is.
pub(super) fn find(forms: &Forms, reading: &Reading, today: &Today) -> Vec<Token> {
    let mut tokens = Vec::new();
    for (form, reads) in forms.possible(&reading.text) {
        for captures in form.captures_iter(&reading.text).take(200) {
            let Some(whole) = captures.name("date").or(captures.get(0)) else { continue };
            let mut span = whole.range();
            let around = Around { before: reading.before(&span, 40), after: reading.after(&span, 24) };
            let is_part = around.before.ends_with(['-', '/', '.', ':', '#', '_', '$', '€', '£', '*'])
                && whole.as_str().starts_with(|first: char| first.is_ascii_digit())
                || around.after.starts_with(['/', '_', '%'])
                || around.after.starts_with(['-', '.', ':'])
                    && around.after[1..].starts_with(|next: char| next.is_ascii_digit());
            let Some(when) = (!is_part).then(|| reads(&captures, today, &around)).flatten() else { continue };
            span.start += prefix(whole.as_str());
            tokens.push(Token { span, when });
        }
    }
    tokens
}

/// Bytes of the words before the date itself that tell only how it is meant.
fn prefix(whole: &str) -> usize {
    const KEPT_OUT: [&str; 14] = [
        "on", "at", "since", "from", "every", "until", "till", "after", "around", "by", "@", "for", "over",
        "under",
    ];
    let first = whole.split([' ', '\n']).next().unwrap_or_default();
    if !KEPT_OUT.contains(&first) || first.len() == whole.len() {
        return 0;
    }
    let rest = &whole[first.len()..];
    let start = first.len() + rest.len() - rest.trim_start().len();
    start + prefix(&whole[start..])
}

pub(super) fn figure(captures: &Captures<'_>, group: usize) -> Option<i64> {
    numbers::english(captures.get(group)?.as_str())
}

fn small(captures: &Captures<'_>, group: usize) -> Option<i8> {
    figure(captures, group)?.try_into().ok()
}

pub(super) fn word<'a>(captures: &Captures<'a>, group: usize) -> &'a str {
    captures.get(group).map_or("", |found| found.as_str())
}

fn month_number(word: &str) -> Option<i8> {
    const STARTS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    STARTS.iter().position(|start| word.starts_with(start)).and_then(|index| i8::try_from(index + 1).ok())
}

pub(super) fn weekday_number(word: &str) -> Option<i64> {
    const STARTS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    STARTS.iter().position(|start| word.starts_with(start)).and_then(|index| i64::try_from(index).ok())
}

fn year_first(captures: &Captures<'_>, _: &Today, _: &Around<'_>) -> Option<When> {
    let year = figure(captures, 1).or_else(|| captures.get(1)?.as_str().parse().ok())?;
    let year = i16::try_from(year).ok().filter(|year| (1990..2100).contains(year))?;
    Date::new(year, small(captures, 2)?, small(captures, 3)?).ok().map(When::Day)
}

fn with_year(captures: &Captures<'_>, today: &Today, around: &Around<'_>) -> Option<When> {
    let year: i16 = word(captures, 4).parse().ok()?;
    let is_short = year < 100;
    // A version such as 8.2.11 is none; 08.02.26 and 8/2/26 are.
    if is_short
        && (word(captures, 2) == "." && word(captures, 1).len() < 2
            || around.before.trim_end().ends_with("version"))
    {
        return None;
    }
    let year = if is_short { 2000 + year } else { year };
    if !(1990..2100).contains(&year) {
        return None;
    }
    let (month, day) = ordered(today, captures, small(captures, 1)?, small(captures, 3)?)?;
    Date::new(year, month, day).ok().map(When::Day)
}

/// Month and day of two figures: a figure above 12 is a day; else day first, month first in Chinese.
fn ordered(today: &Today, _: &Captures<'_>, one: i8, other: i8) -> Option<(i8, i8)> {
    let month_first = matches!(today.locale, Some(Locale::ZhHans | Locale::ZhHant));
    match (one, other) {
        (1..=12, 13..=31) => Some((one, other)),
        (13..=31, 1..=12) => Some((other, one)),
        (1..=12, 1..=12) => Some(if month_first { (one, other) } else { (other, one) }),
        _ => None,
    }
}

fn slashed(captures: &Captures<'_>, today: &Today, around: &Around<'_>) -> Option<When> {
    let (one, other) = (small(captures, 1)?, small(captures, 2)?);
    let is_named = [
        "on", "by", "before", "until", "till", "since", "from", "for", "of", "dated", "to", "due", "and",
        "date", "the", "between",
    ]
    .contains(&around.before.trim_end().rsplit(' ').next().unwrap_or_default())
        || today.locale.is_some_and(Locale::is_chinese);
    let is_rate = one == other
        || (one, other) == (24, 7)
        || ["star", "of", "size"].iter().any(|unit| around.after.trim_start().starts_with(unit));
    let is_plain = one > 12 || other > 12 || is_named;
    if is_rate || !is_plain || one == 0 || other == 0 {
        return None;
    }
    let (month, day) = ordered(today, captures, one, other)?;
    today.month_day(month, day, around.looks_ahead()).map(When::Day)
}

fn dated(today: &Today, month: i8, day: i8, year: &str, around: &Around<'_>) -> Option<When> {
    match year.parse::<i16>() {
        Ok(year) => Date::new(year, month, day).ok().map(When::Day),
        Err(_) => today.month_day(month, day, around.looks_ahead()).map(When::Day),
    }
}

fn day_month(captures: &Captures<'_>, today: &Today, around: &Around<'_>) -> Option<When> {
    dated(today, month_number(word(captures, 2))?, small(captures, 1)?, word(captures, 3), around)
}

fn month_day(captures: &Captures<'_>, today: &Today, around: &Around<'_>) -> Option<When> {
    dated(today, month_number(word(captures, 1))?, small(captures, 2)?, word(captures, 3), around)
}

fn day_alone(captures: &Captures<'_>, today: &Today, around: &Around<'_>) -> Option<When> {
    const COUNTED: [&str; 14] = [
        "time",
        "floor",
        "century",
        "item",
        "one",
        "attempt",
        "person",
        "email",
        "call",
        "birthday",
        "order",
        "day",
        "generation",
        "gen",
    ];
    let next = around.after.trim_start();
    if COUNTED.iter().any(|counted| next.starts_with(counted)) {
        return None;
    }
    today.day_of_month(small(captures, 1)?, around.looks_ahead()).map(When::Day)
}

fn month_alone(captures: &Captures<'_>, today: &Today, _: &Around<'_>) -> Option<When> {
    let (before, name) = (word(captures, 1), word(captures, 2));
    if matches!(name, "may" | "march") && (before.is_empty() || before == "this" || before == "last") {
        return None;
    }
    let month = month_number(name)?;
    let year = match word(captures, 3).parse() {
        Ok(year) => year,
        Err(_) => {
            let ahead = matches!(before, "by" | "before" | "next" | "until");
            today
                .month_day(month, 1, false)
                .filter(|first| !ahead || *first >= today.date.first_of_month())
                .or_else(|| today.month_day(month, 1, true))?
                .year()
        }
    };
    Date::new(year, month, 1).ok().map(When::Month)
}

fn time(hour: i64, minute: i64) -> Option<Time> {
    let (hour, minute) = (i8::try_from(hour).ok()?, i8::try_from(minute).ok()?);
    Time::new(hour, minute, 0, 0).ok()
}

fn relative_day(captures: &Captures<'_>, today: &Today, _: &Around<'_>) -> Option<When> {
    let words = word(captures, 0);
    Some(match words {
        "today" | "2day" => When::Day(today.date),
        "yesterday" => When::Day(today.plus_days(-1)?),
        "last night" => When::Day(today.plus_days(-1)?),
        "tonight" | "tonite" => When::Moment(today.date, super::end_of_day()),
        _ if words.ends_with("morning") => When::Moment(today.date, time(12, 0)?),
        _ if words.ends_with("afternoon") => When::Moment(today.date, time(18, 0)?),
        _ if words.ends_with("evening") => When::Moment(today.date, super::end_of_day()),
        _ if words.contains("after") => When::Day(today.plus_days(2)?),
        _ => When::Day(today.plus_days(1)?),
    })
}

fn end_of(captures: &Captures<'_>, today: &Today, around: &Around<'_>) -> Option<When> {
    let words = word(captures, 0);
    let next = i64::from(words.contains("next"));
    let is_of_business = words.contains("business") || words.ends_with("cob") || words.ends_with("play");
    let is_of_day = is_of_business || words.ends_with("day") || words.ends_with("eod");
    if is_of_day && around.names_day() {
        return Some(When::Part(if is_of_business { time(18, 0)? } else { super::end_of_day() }));
    }
    Some(match words {
        _ if words.ends_with("week") || words.ends_with("eow") => {
            // On a weekend the week that is meant is the one ahead.
            let friday = today.weekday_of_week(4, next)?;
            When::Day(if friday < today.date { today.weekday_of_week(4, next + 1)? } else { friday })
        }
        _ if words.contains("month") || words.ends_with("eom") => {
            When::Day(today.month(next)?.last_of_month())
        }
        _ if words.ends_with("year") => {
            When::Day(Date::new(today.date.year() + i16::from(next == 1), 12, 31).ok()?)
        }
        _ if words.ends_with("quarter") => {
            let left = i64::from(2 - (today.date.month() - 1) % 3) + 3 * next;
            When::Day(today.month(left)?.last_of_month())
        }
        _ if is_of_business => When::Moment(today.date, time(18, 0)?),
        _ => When::Day(today.date),
    })
}

fn weekday(captures: &Captures<'_>, today: &Today, around: &Around<'_>) -> Option<When> {
    let (before, name) = (word(captures, 1), word(captures, 2));
    let number = weekday_number(name)?;
    // "sun" and "sat" are also words of their own.
    if matches!(name, "sun" | "sat" | "wed" | "mon") && matches!(before, "the" | "from" | "every") {
        return None;
    }
    let day = match before {
        "next" => today.weekday_of_week(number, 1)?,
        "last" | "since" => {
            let latest = today.next_weekday(number)?;
            if latest == today.date && before == "since" {
                latest
            } else {
                latest.checked_sub(jiff::ToSpan::days(7)).ok()?
            }
        }
        "on" if around.tells_past() => today.last_weekday(number)?,
        // What must be done before today's weekday looks to the next.
        "before" if today.next_weekday(number)? == today.date => today.plus_days(7)?,
        _ => today.next_weekday(number)?,
    };
    Some(When::Day(day))
}

fn bare_weekday(captures: &Captures<'_>, today: &Today, around: &Around<'_>) -> Option<When> {
    let number = weekday_number(word(captures, 1))?;
    if around.tells_past() {
        return today.last_weekday(number).map(When::Day);
    }
    let day = today.next_weekday(number)?;
    let is_past = around.looks_back() && day != today.date;
    let day = if is_past { day.checked_sub(jiff::ToSpan::days(7)).ok()? } else { day };
    Some(When::Day(day))
}

fn period(captures: &Captures<'_>, today: &Today, around: &Around<'_>) -> Option<When> {
    let which = [word(captures, 1), word(captures, 2)].concat();
    let weeks = match which.as_str() {
        "next" => 1,
        "last" => -1,
        _ => 0,
    };
    Some(match (word(captures, 0), word(captures, 3)) {
        (whole, _) if whole.ends_with("weekend") => {
            // "Before the weekend" on a weekend is before the next one.
            let is_under_way = today.weekday_of_week(5, weeks)? <= today.date;
            let is_before = around.before.trim_end().ends_with("before");
            let weeks = weeks + i64::from(is_before && is_under_way && weeks == 0);
            When::Period(today.weekday_of_week(5, weeks)?, today.weekday_of_week(6, weeks)?)
        }
        (_, "week") => When::Period(today.weekday_of_week(0, weeks)?, today.weekday_of_week(6, weeks)?),
        (_, "month") => When::Month(today.month(weeks)?),
        _ => When::Unresolved,
    })
}

pub(super) fn unit(word: &str) -> Option<Unit> {
    Some(match word.trim_end_matches('s') {
        "minute" | "min" => Unit::Minute,
        "hour" | "hr" => Unit::Hour,
        "day" => Unit::Day,
        "week" | "wk" => Unit::Week,
        "fortnight" => Unit::Fortnight,
        "month" => Unit::Month,
        _ => return None,
    })
}

fn ahead(captures: &Captures<'_>, today: &Today, around: &Around<'_>) -> Option<When> {
    let unit = unit(word(captures, 3))?;
    let amount = figure(captures, 2)?;
    match word(captures, 1) {
        "in" if around.after.starts_with(" of ") => None,
        "in" | "within" | "in the next" | "next" if is_working(captures) => {
            today.working_days(amount).map(When::Day)
        }
        "in" | "in the next" | "in under" | "in less than" | "inside" => today.away(amount, unit),
        "within" | "next" => Some(When::Instant(today.instant(amount, unit)?)),
        _ => Some(When::Unresolved),
    }
}

/// Whether the days of a length are days of work.
fn is_working(captures: &Captures<'_>) -> bool {
    let words = word(captures, 0);
    (words.contains("working") || words.contains("business")) && words.contains("day")
}

fn from_now(captures: &Captures<'_>, today: &Today, _: &Around<'_>) -> Option<When> {
    let (amount, unit) = (figure(captures, 1)?, unit(word(captures, 2))?);
    match word(captures, 3) {
        "ago" | "earlier" => today.away(-amount, unit),
        "later" => Some(When::Unresolved),
        _ => today.away(amount, unit),
    }
}

fn length(captures: &Captures<'_>, _: &Today, around: &Around<'_>) -> Option<When> {
    const NOT_LENGTHS: [&str; 8] =
        [" old", "-old", " warranty", " guarantee", " free", " trial", " plan", " subscription"];
    let is_other = NOT_LENGTHS.iter().any(|other| around.after.starts_with(other));
    (!is_other && figure(captures, 1).is_some()).then_some(When::Unresolved)
}

fn holiday(captures: &Captures<'_>, today: &Today, _: &Around<'_>) -> Option<When> {
    let fixed = |month, day| today.month_day(month, day, true).map(When::Day);
    match word(captures, 0) {
        "christmas eve" => fixed(12, 24),
        "christmas" | "christmas day" | "xmas" => fixed(12, 25),
        "boxing day" => fixed(12, 26),
        "halloween" => fixed(10, 31),
        name if name.starts_with("valentine") => fixed(2, 14),
        name if name.starts_with("new year") => {
            if name.ends_with("eve") {
                fixed(12, 31)
            } else {
                fixed(1, 1)
            }
        }
        _ => Some(When::Unresolved),
    }
}

fn clock_half(captures: &Captures<'_>, _: &Today, _: &Around<'_>) -> Option<When> {
    let hour = figure(captures, 1).filter(|hour| *hour <= 12)?;
    let minute = if captures.get(2).is_some() { word(captures, 2).parse().ok()? } else { 0 };
    let is_late = word(captures, 3).starts_with('p') || word(captures, 3) == "noon";
    let hour = if is_late { hour % 12 + 12 } else { hour % 12 };
    time(hour, minute).map(When::Time)
}

fn clock(captures: &Captures<'_>, _: &Today, _: &Around<'_>) -> Option<When> {
    time(word(captures, 1).parse().ok()?, word(captures, 2).parse().ok()?).map(When::Time)
}

/// An hour without its half of the day: the afternoon for one to seven.
fn likely_half(hour: i64) -> i64 {
    if (1..=7).contains(&hour) { hour + 12 } else { hour }
}

fn bare_hour(captures: &Captures<'_>, _: &Today, around: &Around<'_>) -> Option<When> {
    let after = around.after.trim_start();
    let is_time = after.is_empty()
        || after.starts_with(['.', ',', '!', '?', ')', ';'])
        || [
            "today", "tomorrow", "tonight", "on ", "this", "or ", "and ", "so ", "but ", "latest", "please",
            "pls", "cuz", "because", "sharp", "in the", "when", "mon", "tue", "wed", "thu", "fri", "sat",
            "sun",
        ]
        .iter()
        .any(|next| after.starts_with(next))
        || word(captures, 0).contains("clock")
        || !word(captures, 1).is_empty();
    let hour = figure(captures, 2).filter(|hour| (0..=24).contains(hour))?;
    let is_limit = !word(captures, 1).is_empty()
        || ["at ", "by ", "before ", "until ", "till "]
            .iter()
            .any(|limit| word(captures, 0).starts_with(limit));
    if !is_time || !is_limit {
        return None;
    }
    let (hour, minute) = match word(captures, 1).trim() {
        "half past" => (hour, 30),
        "quarter past" => (hour, 15),
        "quarter to" => (if hour == 1 { 12 } else { hour - 1 }, 45),
        _ => (hour, 0),
    };
    time(likely_half(hour), minute).map(When::Time)
}

fn o_clock(captures: &Captures<'_>, _: &Today, _: &Around<'_>) -> Option<When> {
    time(likely_half(figure(captures, 1)?), 0).map(When::Time)
}

fn hour_then_day(captures: &Captures<'_>, today: &Today, _: &Around<'_>) -> Option<When> {
    let hour = figure(captures, 1).filter(|hour| (1..=23).contains(hour))?;
    if word(captures, 2) == "tomorrow" {
        return Some(When::Moment(today.plus_days(1)?, time(likely_half(hour), 0)?));
    }
    // "2 tonight" is after midnight.
    if hour < 5 && word(captures, 2) == "tonight" {
        return Some(When::Moment(today.plus_days(1)?, time(hour, 0)?));
    }
    Some(When::Moment(today.date, time(if hour < 12 { hour + 12 } else { hour }, 0)?))
}

fn named_time(captures: &Captures<'_>, _: &Today, _: &Around<'_>) -> Option<When> {
    if word(captures, 0) == "midnight" {
        Some(When::Part(super::end_of_day()))
    } else {
        time(12, 0).map(When::Part)
    }
}

/// A part of the day counts beside a day alone ("Friday morning").
fn part(captures: &Captures<'_>, _: &Today, around: &Around<'_>) -> Option<When> {
    let before = around.before.trim_end();
    let is_after_day = ["day", "tomorrow", "tmrw", "tmr", "mon", "tue", "wed", "thu", "fri", "sat", "sun"]
        .iter()
        .any(|day| before.ends_with(day))
        || before.ends_with(|last: char| last.is_ascii_digit());
    if !is_after_day {
        return None;
    }
    match word(captures, 1) {
        "morning" | "am" | "noon" | "midday" | "lunchtime" | "lunch" => time(12, 0).map(When::Part),
        "afternoon" | "pm" | "cob" => time(18, 0).map(When::Part),
        _ => Some(When::Part(super::end_of_day())),
    }
}
