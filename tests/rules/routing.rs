//! What rules do with a message, and how the file's parts work together.

use frontdesk::{
    message::{Channel, Tier},
    policy::{
        Priority,
        playbook::{Circumstances, Mode, Placement},
    },
    signals::SignalKind,
    triage::{Emotion, Polarity, Urgency},
};

use super::common::{LEAST, at, compiled, fired, intent, message};

/// Places an ordinary message, changed, by one rule with a condition; says whether the rule fires.
fn fires<'a>(when: &str, intents: &[&str], change: impl FnOnce(&mut Circumstances<'a>)) -> bool {
    let calendar =
        "[calendars.office]\ntime_zone = \"Asia/Taipei\"\nhours = { \"mon-fri\" = [\"09:00-18:00\"] }\n";
    let text =
        format!("{LEAST}{calendar}[[rules]]\nname = \"it\"\nwhen = {when}\nthen = {{ queue = \"vip\" }}\n");
    let intents: Vec<_> = intents.iter().map(|id| intent(id)).collect();
    let mut message: Circumstances<'a> = message(intents.leak());
    change(&mut message);
    let placement = compiled(&text).place(&message);
    assert_eq!(placement.queue == "vip", !fired(&placement).is_empty());
    placement.queue == "vip"
}

#[test]
fn a_rule_looks_at_the_deciding_intent_unless_it_says_any() {
    let two = ["delivery.problem", "refund.request"];
    assert!(fires("{ intent = \"delivery.*\" }", &two, |_| {}));
    assert!(!fires("{ intent = \"refund.*\" }", &two, |_| {}));
    assert!(fires("{ any_intent = \"refund.*\" }", &two, |_| {}));
    assert!(fires("{ group = [\"delivery\", \"refund\"] }", &two, |_| {}));
    assert!(fires("{ intent = \"none\" }", &[], |_| {}));
    assert!(!fires("{ intent = \"none\" }", &two, |_| {}));
}

#[test]
fn levels_are_listed_or_counted_from() {
    let at_level = |when: &str, level| fires(when, &["other"], |message| message.urgency = level);
    assert!(at_level("{ urgency = \">=high\" }", Urgency::Urgent));
    assert!(at_level("{ urgency = [\"low\", \">=high\"] }", Urgency::Low));
    assert!(!at_level("{ urgency = [\"low\", \">=high\"] }", Urgency::Normal));
    assert!(at_level("{ priority = \"urgent\" }", Urgency::Urgent));
    assert!(!at_level("{ priority = \">=high\" }", Urgency::Normal));
    // Rules see the urgency after the signals.
    assert!(fires("{ urgency = \"urgent\" }", &["other"], |message| message.signals = &[SignalKind::Safety]));
}

#[test]
fn all_keys_must_hold_and_one_value_of_each() {
    let when = "{ sentiment = [\"negative\", \"neutral\"], emotion = \"anger\", channel = [\"social\", \"email\"], tier = \"premium\" }";
    let all = |message: &mut Circumstances<'_>| {
        message.sentiment = Some(Polarity::Negative);
        message.emotion = Some(Emotion::Anger);
        message.channel = Channel::Social;
        message.tier = Tier::Premium;
    };
    assert!(fires(when, &["other"], all));
    assert!(!fires(when, &["other"], |message| {
        all(message);
        message.sentiment = Some(Polarity::Positive)
    }));
    assert!(!fires(when, &["other"], |message| {
        all(message);
        message.emotion = None
    }));
    assert!(!fires(when, &["other"], |message| {
        all(message);
        message.channel = Channel::Chat
    }));
    assert!(!fires(when, &["other"], |message| {
        all(message);
        message.tier = Tier::Vip
    }));
}

#[test]
fn a_language_covers_its_scripts_and_regions() {
    for (language, expected) in
        [("zh-Hans", true), ("zh-Hant", true), ("zh", true), ("en", false), ("zha", false)]
    {
        assert_eq!(
            fires("{ language = \"zh\" }", &["other"], |message| message.language = language),
            expected,
            "{language}"
        );
    }
    assert!(!fires("{ language = \"zh-Hant\" }", &["other"], |message| message.language = "zh-Hans"));
    assert!(fires("{ language = \"en\" }", &["other"], |message| message.language = "en-GB"));
}

#[test]
fn tags_and_signals_are_any_of() {
    let tags = |list: &[&str]| list.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>();
    let (none, gold, blocked) = (tags(&[]), tags(&["gold", "new"]), tags(&["gold", "blocked"]));
    let when = "{ tags = [\"gold\", \"silver\"], not_tags = \"blocked\" }";
    assert!(fires(when, &["other"], |message| message.tags = &gold));
    assert!(!fires(when, &["other"], |message| message.tags = &blocked));
    assert!(!fires(when, &["other"], |message| message.tags = &none));
    assert!(fires("{ not_tags = \"blocked\" }", &["other"], |message| message.tags = &none));
    let when = "{ signals = [\"legal\", \"outage\"] }";
    assert!(fires(when, &["other"], |message| message.signals = &[SignalKind::Scope, SignalKind::Outage]));
    assert!(!fires(when, &["other"], |message| message.signals = &[SignalKind::Scope]));
}

#[test]
fn time_is_a_calendar_or_days_and_hours_in_a_zone() {
    let at_time = |when: &str, time: &str| {
        let time = at(time);
        fires(when, &["other"], move |message| message.received_at = time)
    };
    let closed = "{ time = { calendar = \"office\", open = false } }";
    assert!(at_time(closed, "2026-11-20T18:00:00+08:00"));
    assert!(!at_time(closed, "2026-11-20T17:59:59+08:00"));
    assert!(at_time("{ time = { calendar = \"office\" } }", "2026-11-20T01:00:00Z"));
    let nights =
        "{ time = { days = [\"fri\", \"sat\"], hours = \"22:00-02:00\", time_zone = \"Europe/Berlin\" } }";
    assert!(at_time(nights, "2026-11-20T23:00:00+01:00"));
    assert!(at_time(nights, "2026-11-22T01:59:00+01:00"));
    assert!(!at_time(nights, "2026-11-20T01:00:00+01:00"));
    assert!(at_time("{ time = { days = \"sat-sun\" } }", "2026-11-22T12:00:00Z"));
    assert!(at_time("{ time = { days = \"sat-sun\", open = false } }", "2026-11-20T12:00:00Z"));
}

const THREE: &str = "[[rules]]\nname = \"first\"\nwhen = { tier = \"vip\" }\n\
     then = { queue = \"vip\", tags = [\"a\", \"b\"], skills = \"x\", assignee = \"ann\" }\n\
     [[rules]]\nname = \"second\"\nwhen = { intent = \"refund.*\" }\n\
     then = { queue = \"billing\", tags = [\"b\", \"c\"], skills = [\"y\", \"x\"], priority = \"raise\", stop = true }\n\
     [[rules]]\nname = \"third\"\nwhen = { channel = \"chat\" }\nthen = { handoff = true }\n";

fn placed(mode: &str, tier: Tier, id: &str) -> Placement {
    let text = format!("{LEAST}{THREE}").replace("\"first\"\ndefault", &format!("\"{mode}\"\ndefault"));
    compiled(&text).place(&Circumstances { tier, ..message(&[intent(id)]) })
}

#[test]
fn the_first_rule_that_matches_fires_alone() {
    let placement = placed("first", Tier::Vip, "refund.request");
    assert_eq!(fired(&placement), ["first"]);
    assert_eq!((placement.queue.as_str(), placement.outcome.assignee_hint.as_deref()), ("vip", Some("ann")));
    assert_eq!(fired(&placed("first", Tier::Standard, "other")), ["third"]);
}

#[test]
fn in_all_mode_every_rule_fires_until_one_stops_and_the_last_queue_wins() {
    let placement = placed("all", Tier::Vip, "refund.request");
    assert_eq!(fired(&placement), ["first", "second"]);
    assert_eq!(placement.queue, "billing");
    assert_eq!(placement.outcome.tags, ["a", "b", "c"]);
    assert_eq!(placement.outcome.skills, ["x", "y"]);
    assert_eq!(placement.outcome.assignee_hint.as_deref(), Some("ann"));
    assert!(!placement.outcome.handoff);
    // A VIP's ordinary request is high by the matrix, and one step above that urgent.
    assert_eq!(placement.priority, Priority::Urgent);
    let lines: Vec<_> =
        placement.outcome.fired.iter().map(|rule| (rule.line, rule.effect.as_str())).collect();
    assert_eq!(
        lines,
        [
            (8, "queue vip; skills x; tags a, b; assignee ann"),
            (12, "queue billing; priority one level higher; skills y, x; tags b, c; stop"),
        ]
    );
    assert!(placed("all", Tier::Vip, "other").outcome.handoff);
}

#[test]
fn a_rule_raises_and_never_lowers() {
    let rule = |priority: &str| {
        format!(
            "{LEAST}[[rules]]\nname = \"it\"\nwhen = {{ intent = \"other\" }}\nthen = {{ priority = \"{priority}\" }}\n"
        )
    };
    let given =
        |text: &str, urgency| compiled(text).place(&Circumstances { urgency, ..message(&[intent("other")]) });
    assert_eq!(given(&rule("high"), Urgency::Low).priority, Priority::High);
    assert_eq!(given(&rule("high"), Urgency::Urgent).priority, Priority::Urgent);
    assert_eq!(given(&rule("high"), Urgency::Urgent).outcome.priority, None);
    assert_eq!(given(&rule("raise"), Urgency::High).priority, Priority::Urgent);
    assert_eq!(given(&rule("raise"), Urgency::Low).priority, Priority::High);
}

#[test]
fn the_department_is_that_of_the_contract_the_queue_or_the_intent() {
    let text = LEAST.replace("{ name = \"Billing\" }", "{ name = \"Billing\", department = \"technical\" }");
    let text = format!("{text}intents = {{ \"refund.*\" = \"billing\", \"refund.status\" = \"vip\" }}\n");
    let place = |id: &str, tier| compiled(&text).place(&Circumstances { tier, ..message(&[intent(id)]) });
    let department = |id: &str, tier| place(id, tier).department.name();
    assert_eq!(department("refund.request", Tier::Standard), "technical");
    assert_eq!(department("refund.status", Tier::Standard), "sales");
    assert_eq!(department("technical.problem", Tier::Standard), "technical");
    assert_eq!(department("refund.request", Tier::Enterprise), "enterprise");
    // An exact intent counts before its group; an intent whose queue is not there goes to the default one.
    assert_eq!(place("refund.status", Tier::Standard).queue, "vip");
    assert_eq!(place("technical.problem", Tier::Standard).queue, "general");
}

#[test]
fn an_example_that_does_not_hold_says_what_came_out() {
    let text = format!(
        "{LEAST}[[tests]]\nname = \"wrong\"\ngiven = {{ intent = \"other\", at = 2026-11-20T10:00:00Z }}\n\
         expect = {{ queue = \"vip\", priority = \"regular\", tags = [\"a\"], handoff = true, first_reply_due = 2026-11-20T13:00:00Z }}\n"
    );
    let results = compiled(&text).run_examples();
    assert_eq!((results[0].name.as_str(), results[0].line), ("wrong", 8));
    let differences: Vec<_> = results[0]
        .differences
        .iter()
        .map(|found| (found.key, found.expected.as_str(), found.actual.as_str()))
        .collect();
    assert_eq!(
        differences,
        [
            ("queue", "\"vip\"", "\"general\""),
            ("tags", "[\"a\"]", "[]"),
            ("handoff", "true", "false"),
            ("first_reply_due", "2026-11-20T13:00:00+00:00[UTC]", "2026-11-20T12:00:00+00:00[UTC]"),
        ]
    );
    assert_eq!(Mode::default(), Mode::First);
}

#[test]
fn the_sample_shop_has_no_mistakes_and_its_examples_hold() {
    let playbook = compiled(include_str!("../../samples/tenants/maple-tide/policy.toml"));
    assert_eq!(playbook.warnings(), []);
    assert_eq!((playbook.name(), playbook.time_zone().iana_name()), ("Maple & Tide", Some("Europe/Berlin")));
    let results = playbook.run_examples();
    assert!(results.len() >= 10);
    for result in results {
        assert_eq!(result.differences, [], "{}", result.name);
    }
}
