//! Dates as Chinese writes them, in the wording of the mainland, Taiwan and Hong Kong. The patterns are of folded
//! (Simplified) characters.

use std::sync::LazyLock;

use jiff::civil::{Date, Time};
use regex::{Captures, Regex};

use super::{
    Reading, Today, Token, Unit, When,
    english::{self, Around, Forms, Reads},
};
use crate::signals::numbers;

const NUMBER: &str = "[0-9]{1,4}|[一二两三四五六七八九十]{1,4}|半|几|数";
const UNIT: &str = "分钟|分|个?小时|个?钟头|个?钟|日|天|个?工作日|个?工作天|周|个?星期|个?礼拜|个?月|年";

static FORMS: LazyLock<Forms> = LazyLock::new(|| {
    let forms: Vec<(String, Reads)> = vec![
        ("(?:([0-9]{4})年|(今年|明年|去年|后年))?([0-9]{1,2}|[一二三四五六七八九十]{1,3}) ?月(?:份)?(?: ?([0-9]{1,2}|[一二三四五六七八九十]{1,3}|廿[一二三四五六七八九]?)(?: ?日| ?号)?)?".into(), month_day),
        ("([0-9]{1,2}|[一二三四五六七八九十]{1,3}|廿[一二三四五六七八九]?) ?(?:号|日)".into(), day_of_month),
        ("(下下个?|下个?|上上个?|上个?|这个?|本|今个?|呢个?|今)?(?:周|星期|礼拜|拜)([一二三四五六日天1-6末])".into(), weekday),
        ("(下下个?|下个?|上上个?|上个?|这个?|本|今个?|呢个?)(周|星期|礼拜)(?:内|里)?".into(), week),
        ("(下下个?|下个?|上上个?|上个?|这个?|本|今个?|呢个?)月(底|末|初|中)?".into(), month),
        ("(月底|月末|年底|年末|年前|学期末|季末|双十一|双11|双十二|双12|圣诞节?|圣诞前夕|平安夜|元旦|国庆节?|情人节|万圣节|跨年)".into(), named_day),
        ("(春节|过年|农历|除夕|中秋|端午|清明|重阳|元宵|小年|大年|七夕)(?:节|前|后|夜|初[一二三四五六七八九十])?|年初[一二三四五六七八九十]|头七".into(), unresolved),
        ("(大后天|大后日|后天|后日|明天|明日|明儿|听日|今天|今日|今儿|当天|今次|昨天|昨日|寻日|琴日|前天|前日|明早|听朝|明晨|明晚|听晚|今晚|今夜|今早|今晨|今朝|昨晚|寻晚|琴晚|昨夜|大前天)(早上|上午|中午|下午|晚上|傍晚|凌晨|早|晚|朝早|下昼|上昼|晏昼|夜晚|半夜)?".into(), relative_day),
        (format!("({NUMBER})(?:多)?({UNIT})(?:之)?(内|后|以后|之内|以内|里|前|以前|之前|左右)?"), amount),
        ("(还有|还剩|剩下?|只剩|再过|仲有|得返|不到|过|再)([0-9]{1,3}|[一二两三四五六七八九十]{1,3}|半)(分钟|个?小时|个?钟头|个?钟|天|日|周|个?星期|个?礼拜|个?月)".into(), left),
        ("(凌晨|清晨|早上|早晨|朝早|上午|上昼|中午|正午|下午|下昼|晏昼|傍晚|晚上|夜晚|夜里|半夜|晚|早|朝|夜)?([0-9]{1,2}|[一二两三四五六七八九十]{1,3})(?:点|时|点钟)(半|整|钟|一刻|三刻|([0-9]{1,2}|[一二三四五六七八九十]{1,3})分?)?".into(), clock),
        // Again without the part, which a day word may have taken (今晚8点).
        ("()([0-9]{1,2}|[一二两三四五六七八九十]{1,3})(?:点|点钟)(半|整|钟|一刻|三刻|([0-9]{1,2}|[一二三四五六七八九十]{1,3})分?)?".into(), clock),
        ("(凌晨|清晨|早上|早晨|朝早|上午|上昼|中午|正午|下午|下昼|晏昼|傍晚|晚上|夜晚|夜里|半夜|打烊|收市|闭市|下班|收工)(?:之?前)?".into(), part),
        ("(凌晨|早上|朝早|上午|中午|下午|下昼|傍晚|晚上|夜晚|晚) ?([0-9]{1,2})[:.]([0-9]{2})".into(), clock_with_part),
    ];
    Forms::of(forms)
});

/// Finds the date expressions.
pub(super) fn tokens(reading: &Reading, today: &Today) -> Vec<Token> {
    english::find(&FORMS, reading, today)
}

pub(super) fn word<'a>(captures: &Captures<'a>, group: usize) -> &'a str {
    captures.get(group).map_or("", |found| found.as_str())
}

/// A number of figures or words, 廿 for twenty.
pub(super) fn number(words: &str) -> Option<i64> {
    match words.strip_prefix('廿') {
        Some("") => Some(20),
        Some(rest) => Some(20 + numbers::chinese(rest)?),
        None => numbers::chinese(words),
    }
}

fn small(words: &str) -> Option<i8> {
    number(words)?.try_into().ok()
}

/// Whether the words after make a date a limit, so that it looks ahead.
pub(super) fn is_ahead(around: &Around<'_>) -> bool {
    ["前", "之前", "以前", "截", "要", "到期", "内", "就", "必须", "之内", "开始", "得"]
        .iter()
        .any(|word| around.after.starts_with(word))
        || ["到", "最迟", "最晚", "赶在", "在", "截止", "等到"]
            .iter()
            .any(|word| around.before.ends_with(word))
}

/// A month, or a day of it.
fn month_day(captures: &Captures<'_>, today: &Today, around: &Around<'_>) -> Option<When> {
    let month = small(word(captures, 3)).filter(|month| (1..=12).contains(month))?;
    let year = match (word(captures, 1).parse::<i16>(), word(captures, 2)) {
        (Ok(year), _) => Some(year),
        (_, "今年") => Some(today.date.year()),
        (_, "明年") => Some(today.date.year() + 1),
        (_, "后年") => Some(today.date.year() + 2),
        (_, "去年") => Some(today.date.year() - 1),
        _ => None,
    };
    let day = word(captures, 4);
    if day.is_empty() {
        let year = year.or_else(|| today.month_day(month, 1, is_ahead(around)).map(|first| first.year()))?;
        return Date::new(year, month, 1).ok().map(When::Month);
    }
    let day = small(day)?;
    match year {
        Some(year) => Date::new(year, month, day).ok(),
        None => today.month_day(month, day, is_ahead(around)),
    }
    .map(When::Day)
}

/// 15号; not 3号楼 nor 单号.
fn day_of_month(captures: &Captures<'_>, today: &Today, around: &Around<'_>) -> Option<When> {
    const NUMBERED: &str = "楼门店线机车球房仓柜厅桌院员码站台铺床窗色梯桩码电工子座室馆单元口键";
    let is_numbered = around.after.starts_with(|next: char| NUMBERED.contains(next));
    let is_label =
        around.before.ends_with(|last: char| last.is_ascii_alphanumeric() || "第型编月单座-".contains(last));
    let whole = word(captures, 0);
    let is_count = whole.ends_with('日') && !whole.starts_with(|first: char| first.is_ascii_digit());
    if is_numbered || is_label || is_count {
        return None;
    }
    today
        .day_of_month(small(word(captures, 1)).filter(|day| (1..=31).contains(day))?, is_ahead(around))
        .map(When::Day)
}

/// Weeks from this one; `None` when no word says.
pub(super) fn weeks(word: &str) -> Option<i64> {
    Some(match word.trim_end_matches('个') {
        "" => return None,
        "下下" => 2,
        "下" => 1,
        "上上" => -2,
        "上" => -1,
        _ => 0,
    })
}

/// After a weekday: what was done then.
static DONE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        "^(?:早上|上午|中午|下午|晚上|就|已经?|都|刚|才|在|喺|你们|你哋|网上|线上|官网|店里)*",
        "(?:下(?:的|了|咗)?单|下的|[买订拍付寄退](?:的|了|咗|嘅)|付款(?:的|了)|收到(?:的|了)|收咗|落(?:咗|嘅)?单|网购|购买(?:的|了)|打了|打过|申请(?:的|了)|发(?:的|了)货?)"
    ))
    .ok()
});

fn weekday(captures: &Captures<'_>, today: &Today, around: &Around<'_>) -> Option<When> {
    let weeks = weeks(word(captures, 1));
    let number = match word(captures, 2) {
        "末" => {
            let weeks = weeks.unwrap_or(0);
            return Some(When::Period(today.weekday_of_week(5, weeks)?, today.weekday_of_week(6, weeks)?));
        }
        "日" | "天" => 6,
        day => number(day)? - 1,
    };
    // 一周三次 counts.
    if weeks.is_none() && (around.after.starts_with('次') || around.before.ends_with(['一', '每'])) {
        return None;
    }
    let is_done = DONE.as_ref().is_some_and(|done| done.is_match(around.after));
    let day = match weeks {
        None if is_done => today.last_weekday(number)?,
        None => today.next_weekday(number)?,
        Some(weeks) => {
            let day = today.weekday_of_week(number, weeks)?;
            // 这周五之前, said on a Sunday, is the Friday ahead.
            let is_over = weeks == 0 && day < today.date && is_ahead(around);
            if is_over { today.weekday_of_week(number, 1)? } else { day }
        }
    };
    Some(When::Day(day))
}

fn week(captures: &Captures<'_>, today: &Today, _: &Around<'_>) -> Option<When> {
    let weeks = weeks(word(captures, 1))?;
    Some(When::Period(today.weekday_of_week(0, weeks)?, today.weekday_of_week(6, weeks)?))
}

fn month(captures: &Captures<'_>, today: &Today, _: &Around<'_>) -> Option<When> {
    let first = today.month(weeks(word(captures, 1))?)?;
    Some(match word(captures, 2) {
        "底" | "末" => When::Day(first.last_of_month()),
        "初" => When::Period(first, Date::new(first.year(), first.month(), 10).ok()?),
        "中" => When::Period(
            Date::new(first.year(), first.month(), 11).ok()?,
            Date::new(first.year(), first.month(), 20).ok()?,
        ),
        _ => When::Month(first),
    })
}

fn named_day(captures: &Captures<'_>, today: &Today, around: &Around<'_>) -> Option<When> {
    let fixed = |month, day| today.month_day(month, day, true).map(When::Day);
    match word(captures, 1) {
        // 3月底 is left to its month.
        "月底" | "月末" if around.before.ends_with(|last: char| last.is_ascii_digit()) => None,
        "月底" | "月末" => Some(When::Day(today.date.last_of_month())),
        "年底" | "年末" => Date::new(today.date.year(), 12, 31).ok().map(When::Day),
        "双十一" | "双11" => fixed(11, 11),
        "双十二" | "双12" => fixed(12, 12),
        "圣诞" | "圣诞节" => fixed(12, 25),
        "平安夜" | "圣诞前夕" => fixed(12, 24),
        "元旦" => fixed(1, 1),
        "跨年" => fixed(12, 31),
        "国庆" | "国庆节" => fixed(10, 1),
        "情人节" => fixed(2, 14),
        "万圣节" => fixed(10, 31),
        _ => Some(When::Unresolved),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the table's type")]
fn unresolved(_: &Captures<'_>, _: &Today, _: &Around<'_>) -> Option<When> {
    Some(When::Unresolved)
}

/// The end of a part of the day.
fn end_of_part(part: &str) -> Option<Time> {
    Some(match part {
        "凌晨" | "清晨" => Time::new(6, 0, 0, 0).ok()?,
        "早" | "朝" | "早上" | "早晨" | "朝早" | "上午" | "上昼" | "中午" | "正午" => {
            Time::new(12, 0, 0, 0).ok()?
        }
        "下午" | "下昼" | "晏昼" | "下班" | "收工" | "傍晚" => Time::new(18, 0, 0, 0).ok()?,
        "" => return None,
        _ => super::end_of_day(),
    })
}

fn relative_day(captures: &Captures<'_>, today: &Today, _: &Around<'_>) -> Option<When> {
    let words = word(captures, 1);
    let days = match words {
        _ if words.starts_with("大后") => 3,
        _ if words.starts_with('后') => 2,
        _ if words.starts_with('明') || words.starts_with('听') => 1,
        _ if words.starts_with("大前") => -3,
        _ if words.starts_with('前') => -2,
        _ if words.starts_with(['昨', '寻', '琴']) => -1,
        _ => 0,
    };
    let day = today.plus_days(days)?;
    let named = match words.chars().last() {
        Some('早' | '晨' | '朝') => "早",
        Some('晚' | '夜') => "晚上",
        _ => word(captures, 2),
    };
    Some(end_of_part(named).map_or(When::Day(day), |end| When::Moment(day, end)))
}

pub(super) fn unit(word: &str) -> Option<Unit> {
    Some(match word.trim_start_matches('个') {
        "分钟" | "分" => Unit::Minute,
        "小时" | "钟头" | "钟" => Unit::Hour,
        "天" | "日" | "工作日" | "工作天" => Unit::Day,
        "周" | "星期" | "礼拜" => Unit::Week,
        "月" => Unit::Month,
        _ => return None,
    })
}

/// 48小时内, 两天后, 三天前, 45天.
fn amount(captures: &Captures<'_>, today: &Today, around: &Around<'_>) -> Option<When> {
    let (amount, unit) = (number(word(captures, 1)), unit(word(captures, 2)));
    let after = word(captures, 3);
    // 三分 is a mark, 11日 a day of the month, 前3天 and 第3天 count.
    let is_other = word(captures, 2) == "分"
        || word(captures, 2) == "日" && after.is_empty()
        || word(captures, 2) == "月"
        || around.before.ends_with(['第', '月', '年', '每', '前'])
        || around.after.starts_with(['大', '岁', '卡', '票', '券', '装', '游', '无'])
        || matches!(word(captures, 2), "年" | "周" | "天") && word(captures, 1) == "一" && after.is_empty();
    if is_other || amount.is_none() && word(captures, 1) != "半" {
        return None;
    }
    if let (Some(amount), "内" | "之内" | "以内" | "里", true) =
        (amount, after, word(captures, 2).contains("工作"))
    {
        return today.working_days(amount).map(When::Day);
    }
    let (Some(amount), Some(unit)) = (amount, unit) else { return Some(When::Unresolved) };
    match after {
        "内" | "之内" | "以内" | "里" => Some(When::Instant(today.instant(amount, unit)?)),
        "后" | "以后" => today.away(amount, unit),
        "前" | "以前" | "之前" => today.away(-amount, unit),
        _ => Some(When::Unresolved),
    }
}

/// 还有两天, 再过三小时.
fn left(captures: &Captures<'_>, today: &Today, _: &Around<'_>) -> Option<When> {
    let unit = unit(word(captures, 3))?;
    match (word(captures, 1), number(word(captures, 2))) {
        ("过" | "再", None) => None,
        (_, Some(amount)) => today.away(amount, unit),
        (_, None) if unit == Unit::Hour => Some(When::Instant(today.instant(30, Unit::Minute)?)),
        _ => Some(When::Unresolved),
    }
}

fn clock(captures: &Captures<'_>, _: &Today, around: &Around<'_>) -> Option<When> {
    let hour = number(word(captures, 2)).filter(|hour| (0..=24).contains(hour))?;
    // 一点 is also "a little", 3点 one of a list.
    let is_little = word(captures, 2) == "一" && word(captures, 1).is_empty();
    let is_list = word(captures, 1).is_empty()
        && around.after.starts_with([',', ':', ';', '建', '要', '原', '意', '问', '不', '请'])
        && around.before.ends_with(['以', '下', '这', '有', '几']);
    let is_figure = around.after.starts_with(|next: char| next.is_ascii_digit())
        || word(captures, 0).ends_with('时') && around.after.starts_with(['候', '间', '长', '效']);
    if is_little || is_list || is_figure {
        return None;
    }
    let minute = match word(captures, 3) {
        "半" => 30,
        "一刻" => 15,
        "三刻" => 45,
        _ => number(word(captures, 4)).unwrap_or(0),
    };
    let time = Time::new(i8::try_from(hour % 24).ok()?, i8::try_from(minute).ok()?, 0, 0).ok()?;
    Some(timed(time, word(captures, 1)))
}

/// A time with its part of the day, which may reach into the next day.
fn timed(time: Time, part: &str) -> When {
    if is_after_midnight(time, part) { When::SmallHours(time) } else { When::Time(half(time, part)) }
}

/// Whether an hour of the night named is after midnight: 半夜2点, 晚上1点.
fn is_after_midnight(time: Time, part: &str) -> bool {
    match part {
        "半夜" | "夜里" => (1..6).contains(&time.hour()),
        "晚上" | "夜晚" | "晚" | "夜" => (1..5).contains(&time.hour()),
        _ => false,
    }
}

/// A time in the part of the day that its words name.
fn half(time: Time, part: &str) -> Time {
    match end_of_part(part) {
        Some(_) if is_after_midnight(time, part) => time,
        Some(end) if part == "中午" || part == "正午" => {
            if time.hour() < 11 {
                super::in_half(time, super::end_of_day())
            } else {
                time.min(end.max(time))
            }
        }
        Some(end) => super::in_half(time, end),
        None => time,
    }
}

fn clock_with_part(captures: &Captures<'_>, _: &Today, _: &Around<'_>) -> Option<When> {
    let time = Time::new(word(captures, 2).parse().ok()?, word(captures, 3).parse().ok()?, 0, 0).ok()?;
    Some(timed(time, word(captures, 1)))
}

/// A part of the day counts beside a day, or as a limit (下班前).
fn part(captures: &Captures<'_>, _: &Today, around: &Around<'_>) -> Option<When> {
    let part = word(captures, 1);
    let is_limit = word(captures, 0).ends_with('前') || around.after.starts_with('前');
    let is_after_day = around.before.ends_with(['天', '日', '号', '一', '二', '三', '四', '五', '六', '末']);
    let is_closing = matches!(part, "打烊" | "收市" | "闭市" | "下班" | "收工");
    (is_limit || is_after_day && !is_closing).then(|| end_of_part(part)).flatten().map(When::Part)
}
