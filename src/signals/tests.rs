use proptest::prelude::*;

use super::*;
use crate::message::Channel;

fn clock() -> Clock {
    Clock {
        now: "2026-11-10T09:00:00Z".parse().unwrap(),
        time_zone: TimeZone::get("Europe/Amsterdam").unwrap(),
    }
}

fn read_own(text: &str, own: &[Range<usize>], locale: Option<Locale>) -> Facts {
    let personal = redact::redact(text).spans;
    read(&Own { text, own, personal: &personal }, locale, &clock())
}

fn facts(text: &str) -> Facts {
    read_own(text, std::slice::from_ref(&(0..text.len())), None)
}

proptest! {
    #[test]
    fn spans_are_places_of_the_own_words(text in "(?s).{0,120}", cut in 0usize..60) {
        assert_sound(&text, cut);
    }

    #[test]
    fn spans_of_likely_words_are_places_too(parts in prop::collection::vec(prop::sample::select(WORDS), 0..14), cut in 0usize..60) {
        assert_sound(&parts.concat(), cut);
    }
}

const WORDS: &[&str] = &[
    "locked out ",
    "明天",
    "下午3点",
    "前",
    "转人工",
    "我",
    "的",
    "ｏｒｄｅｒ　",
    "#A-20391",
    "€12,50 ",
    "by Friday ",
    "fire",
    "着火",
    "\u{200b}",
    "🙂",
    "300 staff ",
    "全公司",
    "\n",
    "> quoted",
    "。",
    "a@b.example ",
    "13800138000 ",
    "I'll sue",
    "İ",
    "ß",
    "第三次問",
    "gift cards ",
    "在48小时内",
    "3/15",
    "灯",
    "，",
    "not ",
];

/// Reads a text of which a beginning is somebody else's, and checks every span.
fn assert_sound(text: &str, cut: usize) {
    let cut = (0..=cut.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let own = cut..text.len();
    let facts = read_own(text, std::slice::from_ref(&own), Some(Locale::ZhHant));
    let spans = facts
        .signals
        .iter()
        .map(|signal| &signal.span)
        .chain(facts.entities.iter().map(|entity| &entity.span));
    for span in spans.chain(&facts.asks_person) {
        assert!(text.get(span.clone()).is_some(), "{span:?} of {text:?}");
        assert!(
            own.start <= span.start && span.end <= own.end && span.start < span.end,
            "{span:?} of {text:?}"
        );
    }
    assert!(facts.entities.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start), "{text:?}");
    assert!(facts.signals.iter().all(|signal| (signal.kind == SignalKind::Deadline) == signal.due.is_some()));
}

#[test]
fn reading_takes_time_in_proportion_to_the_text() {
    for piece in [
        "a",
        "locked ",
        "the the ",
        "转",
        "明天",
        "1",
        "1,",
        "3/4 ",
        "a-",
        "我第三次",
        "order 1",
        "to to ",
        "$1",
        "!",
        "。",
        "\n",
        "第",
        "fire ",
        "all our ",
    ] {
        let time = |count: usize| {
            let text = piece.repeat(count);
            let start = std::time::Instant::now();
            facts(&text);
            start.elapsed()
        };
        time(10);
        let (short, long) = (time(2_000).max(time(2_000)), time(16_000));
        // Eight times the text; quadratic work would take sixty-four times as long.
        assert!(long < short * 30 + std::time::Duration::from_millis(120), "{piece:?}: {short:?}, {long:?}");
    }
}

#[test]
fn quotes_are_not_read() {
    let text = "Please see below.\n> I will sue you, my house caught fire, order #A-20391";
    let facts = read_own(text, &crate::text::own::own(text, Channel::Email), None);
    assert_eq!((facts.signals, facts.entities), (vec![], vec![]));
}

#[test]
fn personal_data_is_named_by_its_placeholder() {
    let facts = facts("Write to ann@shop.example or call +31 6 12345678");
    let texts: Vec<&str> = facts.entities.iter().map(|entity| entity.text.as_str()).collect();
    assert_eq!(texts, ["[email]", "[phone]"]);
}

#[test]
fn a_scope_tells_how_many_people_are_affected() {
    let facts = facts("Nothing loads for about 300 staff since 9:00");
    assert!(
        facts
            .signals
            .iter()
            .any(|signal| signal.kind == SignalKind::Scope && signal.num_affected == Some(300))
    );
}
