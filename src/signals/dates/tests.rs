use jiff::tz::TimeZone;

use super::*;

/// Tuesday, 10 November 2026, 10:00 in Amsterdam.
fn clock() -> Clock {
    Clock {
        now: "2026-11-10T09:00:00Z".parse().unwrap(),
        time_zone: TimeZone::get("Europe/Amsterdam").unwrap(),
    }
}

/// Every date of a text: its words, value, due in local time and whether it is a deadline.
fn dates(text: &str) -> Vec<(String, String, String, bool)> {
    dates_at(text, &clock())
}

fn dates_at(text: &str, clock: &Clock) -> Vec<(String, String, String, bool)> {
    let reading = Reading::of(text, std::slice::from_ref(&(0..text.len())));
    let locale = if text.is_ascii() { Some(Locale::En) } else { Some(Locale::ZhHans) };
    find(&reading, locale, clock)
        .into_iter()
        .map(|found| {
            let due = found
                .due
                .map(|due| due.to_zoned(clock.time_zone.clone()).strftime("%Y-%m-%dT%H:%M").to_string());
            (
                text[reading.source(&found.span)].to_owned(),
                found.value,
                due.unwrap_or_default(),
                found.is_deadline,
            )
        })
        .collect()
}

/// One date that is due then and a deadline.
fn assert_due(text: &str, due: &str) {
    let found = dates(text);
    assert!(found.iter().any(|(_, _, when, is_deadline)| when == due && *is_deadline), "{text}: {found:?}");
}

#[test]
fn english_deadlines_are_resolved() {
    for (text, due) in [
        ("I need it by Friday", "2026-11-13T23:59"),
        ("needs to be here by Friday noon", "2026-11-13T12:00"),
        ("must arrive before noon tomorrow", "2026-11-11T12:00"),
        ("our wedding is next Tuesday", "2026-11-17T23:59"),
        ("trial ends in 2 days, cancel it", "2026-11-12T23:59"),
        ("We're moving on 3/15 so change the address", "2027-03-15T23:59"),
        ("the exam is on 15 March", "2027-03-15T23:59"),
        ("the hearing is March 15th at 3pm", "2027-03-15T15:00"),
        ("my flight leaves tonight", "2026-11-10T23:59"),
        ("I need an answer by EOD", "2026-11-10T23:59"),
        ("has to be paid by the end of the month", "2026-11-30T23:59"),
        ("My supplier wants paying before Christmas", "2026-12-24T23:59"),
        ("repaid within 14 days or we go to court", "2026-11-24T10:00"),
        ("please answer within 48 hours, deadline", "2026-11-12T10:00"),
        ("the pitch is tomorrow at ten", "2026-11-11T10:00"),
        ("my shift starts at 7 tonight", "2026-11-10T19:00"),
        ("Dinner for the in-laws is this Sunday", "2026-11-15T23:59"),
        ("we fly this weekend", "2026-11-15T23:59"),
        ("it is needed by 5pm today", "2026-11-10T17:00"),
        ("wedding on Saturday", "2026-11-14T23:59"),
        ("need it before Friday", "2026-11-12T23:59"),
        ("deadline 2026-12-01", "2026-12-01T23:59"),
    ] {
        assert_due(text, due);
    }
}

#[test]
fn chinese_deadlines_are_resolved() {
    for (text, due) in [
        ("明天中午前要送到", "2026-11-11T12:00"),
        ("下周三之前必须收到", "2026-11-18T23:59"),
        ("下禮拜五要用", "2026-11-20T23:59"),
        ("本月底到期", "2026-11-30T23:59"),
        ("後天婚禮要用", "2026-11-12T23:59"),
        ("大后天考试", "2026-11-13T23:59"),
        ("今晚8点的飞机", "2026-11-10T20:00"),
        ("3月5號之前要交", "2027-03-05T23:59"),
        ("聽日要返工用", "2026-11-11T23:59"),
        ("后日下午三点开会要用", "2026-11-12T15:00"),
        ("请在48小时内回复", "2026-11-12T10:00"),
        ("考试是周五", "2026-11-13T23:59"),
        ("明早的飛機", "2026-11-11T12:00"),
        ("今天下午两点前发不出就报废", "2026-11-10T14:00"),
        ("这周末搬家", "2026-11-15T23:59"),
        ("限三日内退款", "2026-11-13T10:00"),
        ("还有两天就过期了", "2026-11-12T23:59"),
        ("圣诞节前要收到", "2026-12-25T23:59"),
        ("明早八点半登机", "2026-11-11T08:30"),
        ("下班前必须处理好", "2026-11-10T18:00"),
    ] {
        assert_due(text, due);
    }
}

#[test]
fn dates_that_are_no_limits_are_dates_alone() {
    for text in [
        "Can you move our table from Saturday to Sunday",
        "Returned the mirror on the 6th",
        "Is today really the last day of this killer lamp deal",
        "I wrote last week, and the week before",
        "are you open on Friday?",
        "昨天下的单",
        "周六几点开门",
        "上周三买的",
        "三天前就说发货了",
    ] {
        let found = dates(text);
        assert!(
            !found.is_empty() && found.iter().all(|(_, _, _, is_deadline)| !is_deadline),
            "{text}: {found:?}"
        );
    }
}

#[test]
fn values_are_of_iso_8601() {
    for (text, words, value) in [
        ("Returned it on the 6th", "the 6th", "2026-11-06"),
        ("Two bookings on 2 November", "2 November", "2026-11-02"),
        ("broken since 06:10", "06:10", "2026-11-10T06:10"),
        ("ordered 2 days ago", "2 days ago", "2026-11-08"),
        ("the October payout", "October", "2026-10"),
        ("this weekend", "this weekend", "2026-11-14/2026-11-15"),
        ("昨晚下单", "昨晚", "2026-11-09"),
        ("10月3号买的", "10月3号", "2026-10-03"),
        ("11月5日14:30付的", "11月5日14:30", "2026-11-05T14:30"),
        ("上周五", "上周五", "2026-11-06"),
        ("春节前", "春节前", ""),
    ] {
        let found = dates(text);
        assert!(found.iter().any(|(found, is, _, _)| found == words && is == value), "{text}: {found:?}");
    }
}

#[test]
fn figures_that_are_no_dates_are_left() {
    for text in [
        "version 8.2.1",
        "open 24/7",
        "5/5 stars",
        "room 3/4 full",
        "住3号楼",
        "一点都不好",
        "给五分好评",
        "may I ask",
        "the sun is bright",
        "the 2nd floor",
        "order 2026-44-9911",
    ] {
        assert!(dates(text).is_empty(), "{text}: {:?}", dates(text));
    }
}

#[test]
fn day_and_month_follow_the_language() {
    let read = |locale| {
        let text = "due on 3/4/2027";
        let reading = Reading::of(text, std::slice::from_ref(&(0..text.len())));
        find(&reading, locale, &clock())[0].value.clone()
    };
    assert_eq!(read(Some(Locale::En)), "2027-04-03");
    assert_eq!(read(None), "2027-04-03");
    assert_eq!(read(Some(Locale::ZhHant)), "2027-03-04");
}

/// One deadline alone, due then, for a message of that local time.
fn assert_due_at(now: &str, text: &str, due: &str) {
    let clock = Clock { now: now.parse().unwrap(), ..clock() };
    let found = dates_at(text, &clock);
    let deadlines: Vec<_> = found.iter().filter(|found| found.3).map(|(_, _, due, _)| due.as_str()).collect();
    assert_eq!(deadlines, [due], "{text}: {found:?}");
}

/// Tuesday, 10 November 2026, 10:00.
const TUESDAY: &str = "2026-11-10T10:00:00+01:00";
/// Sunday, 15 November 2026, 10:00.
const SUNDAY: &str = "2026-11-15T10:00:00+01:00";

#[test]
fn days_of_a_named_month_are_resolved() {
    for (text, due) in [
        ("本月25日前要收到", "2026-11-25T23:59"),
        ("下个月5号前必须到货", "2026-12-05T23:59"),
        ("這個月28號之前要用", "2026-11-28T23:59"),
        ("月尾前要收到", "2026-11-30T23:59"),
        ("下個月尾前要搬", "2026-12-31T23:59"),
        ("年尾前要用", "2026-12-31T23:59"),
        ("明年年底前要用", "2027-12-31T23:59"),
        ("下月中旬前要寄到", "2026-12-20T23:59"),
        ("12月底前要用", "2026-12-31T23:59"),
        ("12.1前要送到", "2026-12-01T23:59"),
        ("明年一月前要收到", "2026-12-31T23:59"),
        ("I need it by 25.11.", "2026-11-25T23:59"),
        ("it must be here by 25.11. please", "2026-11-25T23:59"),
        ("must be paid by the end of next quarter", "2027-03-31T23:59"),
        ("I need it by Friday week", "2026-11-20T23:59"),
        ("we fly a week from today", "2026-11-17T23:59"),
        ("I need it in a fortnight", "2026-11-24T23:59"),
    ] {
        assert_due_at(TUESDAY, text, due);
    }
}

#[test]
fn lengths_with_halves_and_days_of_work_are_resolved() {
    for (text, due) in [
        ("请半小时内回复", "2026-11-10T10:30"),
        ("半天内要答覆", "2026-11-10T22:00"),
        ("一个半小时内要处理好", "2026-11-10T11:30"),
        ("兩天半之內要收到", "2026-11-12T22:00"),
        ("24h内必须解决", "2026-11-11T10:00"),
        ("请在24小时内回复", "2026-11-11T10:00"),
        ("I expect an answer within 24h", "2026-11-11T10:00"),
        ("answer me within half an hour", "2026-11-10T10:30"),
        ("solve it within an hour and a half", "2026-11-10T11:30"),
        ("I have 24 hours to send this in", "2026-11-11T10:00"),
        ("I give you 2 days", "2026-11-12T10:00"),
        ("三个工作日内退款", "2026-11-13T23:59"),
        ("五個工作天內要處理好", "2026-11-17T23:59"),
        ("refund me within 5 working days", "2026-11-17T23:59"),
    ] {
        assert_due_at(TUESDAY, text, due);
    }
    for rule in ["I have 30 days to return it, right?", "do I have 24 hours to pay?"] {
        assert!(dates(rule).iter().all(|found| !found.3), "{rule}: {:?}", dates(rule));
    }
}

#[test]
fn the_half_of_the_day_follows_its_words() {
    for (now, text, due) in [
        (TUESDAY, "my flight leaves at 6 tomorrow morning", "2026-11-11T06:00"),
        (TUESDAY, "my flight leaves at 8 tomorrow evening", "2026-11-11T20:00"),
        (TUESDAY, "半夜2点的飞机", "2026-11-11T02:00"),
        (TUESDAY, "今晚1点的飞机", "2026-11-11T01:00"),
        (TUESDAY, "今晚8點的飛機", "2026-11-10T20:00"),
        (TUESDAY, "周五晚上1点的飞机", "2026-11-14T01:00"),
        (TUESDAY, "my train leaves at 1am tonight", "2026-11-11T01:00"),
        ("2026-11-10T08:20:00+01:00", "今天5点前要送到", "2026-11-10T17:00"),
        ("2026-11-10T08:20:00+01:00", "今天五點前要寄出", "2026-11-10T17:00"),
        ("2026-11-10T11:20:00+01:00", "I need an answer by 9 today", "2026-11-10T21:00"),
        (TUESDAY, "the meeting is at quarter to 1 today", "2026-11-10T12:45"),
        (TUESDAY, "today at quarter to 1 the exam starts", "2026-11-10T12:45"),
        (TUESDAY, "今天十二點三刻開會要用", "2026-11-10T12:45"),
        (TUESDAY, "we need it by Friday COB", "2026-11-13T18:00"),
        (TUESDAY, "we need it by COB Friday", "2026-11-13T18:00"),
        (TUESDAY, "must be done by end of day tomorrow", "2026-11-11T23:59"),
        (TUESDAY, "周五下班前必须处理好", "2026-11-13T18:00"),
        (TUESDAY, "禮拜五收工前要搞掂", "2026-11-13T18:00"),
    ] {
        assert_due_at(now, text, due);
    }
}

#[test]
fn limits_named_on_a_sunday_look_ahead() {
    for (text, due) in [
        ("I need it by the end of the week", "2026-11-20T23:59"),
        ("it has to be here before the weekend", "2026-11-20T23:59"),
        ("I need it before Sunday", "2026-11-21T23:59"),
        ("這個禮拜五之前要收到", "2026-11-20T23:59"),
        ("这周五前必须到", "2026-11-20T23:59"),
    ] {
        assert_due_at(SUNDAY, text, due);
    }
}

#[test]
fn what_was_done_on_a_weekday_is_past() {
    for (text, value) in [
        ("I ordered the dress on Monday for my wedding in June", "2026-11-09"),
        ("I paid on Friday and the party is soon", "2026-11-06"),
        ("bought it Thursday for a birthday party", "2026-11-05"),
        ("it arrived on Wednesday, the day of our wedding", "2026-11-04"),
        ("周一下的单，六月婚礼用", "2026-11-09"),
        ("禮拜五買的，送人用", "2026-11-06"),
    ] {
        let found = dates(text);
        assert!(found.iter().any(|(_, is, _, _)| is == value), "{text}: {found:?}");
        assert!(found.iter().all(|found| !found.3), "{text}: {found:?}");
    }
    assert_due_at(TUESDAY, "I need it sent on Friday", "2026-11-13T23:59");
    assert_due_at(TUESDAY, "I ordered a cake for Saturday, our wedding", "2026-11-14T23:59");
}
