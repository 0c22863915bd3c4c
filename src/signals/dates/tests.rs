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
    let reading = Reading::of(text, std::slice::from_ref(&(0..text.len())));
    let locale = if text.is_ascii() { Some(Locale::En) } else { Some(Locale::ZhHans) };
    find(&reading, locale, &clock())
        .into_iter()
        .map(|found| {
            let due =
                found.due.map(|due| due.to_zoned(clock().time_zone).strftime("%Y-%m-%dT%H:%M").to_string());
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
