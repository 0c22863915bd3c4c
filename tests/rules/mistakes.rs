//! What is refused, where, and with which remedy.

use super::common::{LEAST, compiled, mistakes, warnings};

/// A file with a part that is wrong; its mistakes.
fn wrong(part: &str) -> Vec<String> {
    mistakes(&format!("{LEAST}{part}"))
}

/// Expects exactly one mistake, with these words.
#[track_caller]
fn only(part: &str, words: &[&str]) {
    let found = wrong(part);
    assert_eq!(found.len(), 1, "{part}: {found:#?}");
    for word in words {
        assert!(found[0].contains(word), "{part}: no {word:?} in {:?}", found[0]);
    }
}

#[test]
fn a_mistake_names_line_and_column_reason_and_remedy() {
    only(
        "intents = { \"refnd.*\" = \"billing\" }",
        &["line 8, column 13: ", "\"refnd.*\" is no intent", "did you mean \"refund.*\"?"],
    );
    only("[tone]\nemial = \"formal\"", &["line 9, column 1: tone.emial: ", "did you mean \"email\"?"]);
}

#[test]
fn columns_count_characters_and_not_bytes() {
    let file = format!(
        "{LEAST}[calendars.office]\ntime_zone = \"Asia/Taipei\"\nhours = \"always\"\nholidays = [{{ name = \"農曆春節\", dat = 2026-02-14 }}]"
    );
    let found = mistakes(&file);
    assert!(
        found
            .iter()
            .any(|mistake| mistake.starts_with("line 11, column 30: calendars.office.holidays[0].dat: ")),
        "{found:#?}"
    );
}

#[test]
fn every_mistake_of_a_file_is_reported_at_once() {
    let file = "[thresholds]\nanswer = 2\n[queues.general]\n[routing]\nmode = \"best\"\ndefault_queue = \"x\"\n[[rules]]\nname = \"a\"\nwhen = {}\nthen = { queue = \"y\" }\n[unknown]\n";
    let found = mistakes(file).join("\n");
    for expected in [
        "line 2, column 10: thresholds.answer: 2 is no probability",
        "queues.general: has no name",
        "line 5, column 8: routing.mode: \"best\" is no mode; known are first, all",
        "line 6, column 17: routing.default_queue: there is no queue \"x\"",
        "line 9, column 8: rules[0].when: is empty",
        "line 10, column 18: rules[0].then.queue: there is no queue \"y\"",
        "unknown: is not a key here",
    ] {
        assert!(found.contains(expected), "no {expected:?} in\n{found}");
    }
}

#[test]
fn what_is_not_toml_is_told_with_its_line() {
    let found = mistakes("[queues]\ngeneral = { name = \"x\" \n[routing\n");
    assert!(!found.is_empty() && found.iter().all(|mistake| mistake.contains("is not TOML")), "{found:#?}");
    assert!(found.iter().any(|mistake| mistake.starts_with("line 3")), "{found:#?}");
    assert!(mistakes("a = 1\na = 2\n")[0].starts_with("line 2, column 1: is not TOML: "));
}

#[test]
fn queues_the_default_queue_and_the_mode_must_be_stated() {
    let found = mistakes("").join("\n");
    assert!(found.contains("has no queues") && found.contains("has no routing"), "{found}");
    let found = mistakes("[queues.general]\nname = \"G\"\n[routing]\n").join("\n");
    assert!(
        found.contains("routing: has no mode") && found.contains("routing: has no default_queue"),
        "{found}"
    );
}

#[test]
fn thresholds_are_probabilities_in_order() {
    only("[thresholds]\nanswer = 0.5\nclarify = 0.6", &["clarify (0.6) is above answer (0.5)"]);
    only("[thresholds]\nmargin = \"high\"", &["thresholds.margin: is text; write a number"]);
    only("[thresholds]\nmargin = nan", &["NaN is no probability"]);
    // What an exception leaves out is inherited before the order is checked.
    only("[thresholds.intents.\"refund.*\"]\nanswer = 0.5", &["clarify (0.6) is above answer (0.5)"]);
    only("[thresholds.intents.\"refund.status\"]", &["changes nothing"]);
}

#[test]
fn a_matrix_or_promise_that_punishes_urgency_is_refused() {
    let matrix = |low: &str| {
        format!(
            "[priority]\nlow = {{ normal = \"{low}\", high = \"high\", broad = \"high\" }}\nnormal = {{ normal = \"regular\", high = \"high\", broad = \"high\" }}\nhigh = {{ normal = \"high\", high = \"high\", broad = \"urgent\" }}\nurgent = {{ normal = \"urgent\", high = \"urgent\", broad = \"urgent\" }}\n"
        )
    };
    assert_eq!(wrong(&matrix("regular")), Vec::<String>::new());
    only(&matrix("high"), &["normal.normal is \"regular\" and so below low.normal (\"high\")"]);
    only(
        "[priority]\nlow = { normal = \"regular\", high = \"regular\", broad = \"regular\" }\nnormal = { normal = \"regular\", high = \"regular\", broad = \"regular\" }\nhigh = { normal = \"high\", high = \"high\", broad = \"high\" }",
        &["has no urgent"],
    );
    let levels = |urgent: &str| {
        format!(
            "[service_levels.sales]\nregular = {{ first = \"2h\", next = \"8h\" }}\nhigh = {{ first = \"1h\", next = \"4h\" }}\nurgent = {{ {urgent} }}\n"
        )
    };
    assert_eq!(wrong(&levels("first = \"1h\", next = \"1h30m\"")), Vec::<String>::new());
    only(&levels("first = \"61m\", next = \"1h\""), &["urgent is slower than high"]);
    only(&levels("first = \"1d\", next = \"1h\""), &["line 11, column 20", "\"1d\" is no duration"]);
    only(&levels("first = \"0m\", next = \"1h\""), &["is no duration"]);
    let calendar = "[service_levels.sales]\nregular = { first = \"2h\", next = \"8h\", calendar = \"always\" }\nhigh = { first = \"1h\", next = \"4h\" }\nurgent = { first = \"1h\", next = \"1h\" }\n";
    only(calendar, &["regular has a calendar of its own"]);
}

#[test]
fn signals_and_impact_are_checked() {
    only("[signals]\nsafty = \"urgent\"", &["did you mean \"safety\"?"]);
    only("[signals]\noutage = \"critical\"", &["is no level"]);
    only(
        "[signals]\ndeadline = [{ within = \"72h\", level = \"high\" }, { within = \"12h\", level = \"urgent\" }]",
        &["write the nearest deadline first"],
    );
    only("[signals]\ndeadline = [{ level = \"high\" }]", &["either within"]);
    only(
        "[impact]\naffected = [{ from = 10, impact = \"broad\" }, { from = 100, impact = \"high\" }]",
        &["does not rise"],
    );
    only("[impact]\naffected = [{ from = -1, impact = \"high\" }]", &["a whole number from 0"]);
    only("[impact]\ntiers = { gold = \"high\" }", &["impact.tiers.gold: is not a key here"]);
}

/// A calendar "office" with these keys.
fn calendar(keys: &str) -> String {
    format!("[calendars.office]\ntime_zone = \"Asia/Taipei\"\n{keys}\n")
}

#[test]
fn calendars_are_checked() {
    let office = "hours = { \"mon-fri\" = [\"09:00-12:00\", \"13:00-18:00\"], sat = [\"22:00-06:00\"] }";
    assert_eq!(wrong(&calendar(office)), Vec::<String>::new());
    only(
        "[calendars.office]\ntime_zone = \"Asia/Tapei\"\nhours = \"always\"",
        &["is no time zone", "did you mean \"Asia/Taipei\"?"],
    );
    only(&calendar("hours = { \"mon-fri\" = [\"09:00-12:00\", \"11:00-18:00\"] }"), &["hours that overlap"]);
    only(
        &calendar("hours = { mon = [\"22:00-06:00\"], tue = [\"05:00-09:00\"] }"),
        &["run over midnight into those of tue"],
    );
    only(
        &calendar("hours = { \"mon-wed\" = \"09:00-18:00\", tue = \"10:00-11:00\" }"),
        &["tue has its hours on line"],
    );
    only(
        &calendar("hours = { \"mon-fri\" = [\"9-18\"] , sat = [\"10:00-12:00\"] }"),
        &["\"9-18\" is no span of a day"],
    );
    only(&calendar("hours = { sat = [\"09:00-09:59\"] }"), &["less than an hour a week"]);
    only(&calendar("hours = \"never\""), &["write \"always\""]);
    let day = |days: &str| calendar(&format!("hours = {{ \"tue-fri\" = [\"09:00-18:00\"] }}\n{days}"));
    only(&day("holidays = [{ date = \"2026-02-30\" }]"), &["is no day of the calendar"]);
    only(&day("holidays = [{ from = 2026-02-03, to = 2026-02-01 }]"), &["is before from"]);
    only(&day("holidays = [{ name = \"x\" }]"), &["has no days"]);
    only(
        &day("holidays = [{ date = 2026-02-03 }, { from = 2026-02-01, to = 2026-02-04 }]"),
        &["2026-02-03 is listed on line"],
    );
    only(&day("working_days = [{ date = 2026-02-01 }]"), &["Monday", "write hours"]);
    only("[calendars.always]\ntime_zone = \"UTC\"\nhours = \"always\"", &["built-in calendar"]);
    only("[tenant]\ndefault_calendar = \"ofice\"", &["there is no calendar \"ofice\""]);
}

#[test]
fn a_rule_that_could_lower_a_priority_is_refused() {
    let exact =
        "[[rules]]\nname = \"a\"\nwhen = { urgency = [\"normal\"] }\nthen = { priority = \"high\" }\n";
    only(exact, &["rules[0].then: raises the priority of some levels and not of those above"]);
    only(
        "[[rules]]\nname = \"a\"\nwhen = { tier = \"vip\" }\nthen = { priority = \"regular\" }\n",
        &["\"regular\" is no priority that a rule can raise to"],
    );
    // A legal threat would match the first rule, and miss the raise that it has without the threat.
    let shadow = "[[rules]]\nname = \"law\"\nwhen = { signals = \"legal\" }\nthen = { queue = \"billing\" }\n[[rules]]\nname = \"vip\"\nwhen = { tier = \"vip\" }\nthen = { priority = \"urgent\" }\n";
    only(
        shadow,
        &["line 8", "rule \"law\": more urgency or a signal lets it match", "rule \"vip\" (line 12)"],
    );
    let raised = shadow.replace("{ queue = \"billing\" }", "{ queue = \"billing\", priority = \"urgent\" }");
    assert_eq!(wrong(&raised), Vec::<String>::new());
}

#[test]
fn rules_and_examples_name_only_what_there_is() {
    let rule = |when: &str, then: &str| format!("[[rules]]\nname = \"a\"\nwhen = {when}\nthen = {then}\n");
    only(
        &rule("{ tier = \"vip\", color = \"red\" }", "{ queue = \"vip\" }"),
        &["rules[0].when.color: is not a key here"],
    );
    only(&rule("{ group = \"refunds\" }", "{ queue = \"vip\" }"), &["is no group of intents", "\"refund\""]);
    only(&rule("{ urgency = \">=hihg\" }", "{ queue = \"vip\" }"), &["names no urgency"]);
    only(&rule("{ language = \"zh_TW\" }", "{ queue = \"vip\" }"), &["is no language tag"]);
    only(&rule("{ time = { calendar = \"x\" } }", "{ queue = \"vip\" }"), &["there is no calendar \"x\""]);
    only(&rule("{ time = { days = \"monday\" } }", "{ queue = \"vip\" }"), &["\"monday\" is no weekday"]);
    only(
        &rule("{ intent = \"refund.*\", group = \"account\" }", "{ queue = \"vip\" }"),
        &["nothing matches"],
    );
    only(&rule("{ tags = \"a\", not_tags = [\"a\", \"b\"] }", "{ queue = \"vip\" }"), &["nothing matches"]);
    only(&rule("{ tier = \"vip\" }", "{}"), &["does nothing"]);
    let test =
        |given: &str, expect: &str| format!("[[tests]]\nname = \"a\"\ngiven = {given}\nexpect = {expect}\n");
    only(&test("{}", "{ rules = [\"b\"] }"), &["there is no rule \"b\""]);
    only(&test("{}", "{}"), &["expects nothing"]);
    only(&test("{}", "{ first_reply_due = \"2026-10-01T10:00:00Z\" }"), &["needs the time of the message"]);
    only(
        &test("{ at = \"2026-10-01T10:00:00+09:00[Asia/Shanghai]\" }", "{ queue = \"vip\" }"),
        &["is no moment"],
    );
}

/// Rules, each by its condition and effect, in a mode.
fn rules(mode: &str, rules: &[(&str, &str, &str)]) -> String {
    let head = LEAST.replace("\"first\"", &format!("\"{mode}\""));
    let rule = |(name, when, then): &(&str, &str, &str)| {
        format!("[[rules]]\nname = \"{name}\"\nwhen = {when}\nthen = {then}\n")
    };
    head + &rules.iter().map(rule).collect::<String>()
}

#[test]
fn a_rule_that_never_fires_is_told_with_what_covers_it() {
    let file = rules(
        "first",
        &[
            ("calm", "{ urgency = [\"low\", \"normal\"] }", "{ tags = \"calm\" }"),
            ("busy", "{ urgency = \">=high\" }", "{ tags = \"busy\" }"),
            ("refunds", "{ group = \"refund\", tags = \"x\" }", "{ tags = \"money\" }"),
        ],
    );
    let found = warnings(&file);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].contains("line 16, column 1: warning: rule \"refunds\": can never fire"), "{found:#?}");
    assert!(found[0].contains("rule \"calm\" (line 8), rule \"busy\" (line 12)"), "{found:#?}");
    // In mode "all" nothing ends, unless it says so.
    assert_eq!(warnings(&file.replace("mode = \"first\"", "mode = \"all\"")), Vec::<String>::new());
    let stopped = rules(
        "all",
        &[
            ("all refunds", "{ group = \"refund\" }", "{ tags = \"a\", stop = true }"),
            ("status", "{ intent = \"refund.status\", tier = \"vip\" }", "{ tags = \"b\" }"),
        ],
    );
    assert!(warnings(&stopped)[0].contains("rule \"status\": can never fire"));
}

#[test]
fn what_looks_at_other_things_is_not_covered() {
    for (first, second) in [
        ("{ tags = \"a\" }", "{ tags = [\"a\", \"b\"] }"),
        ("{ signals = \"legal\" }", "{ signals = [\"legal\", \"safety\"] }"),
        ("{ language = \"zh-Hans\" }", "{ language = \"zh\" }"),
        ("{ tier = \"vip\", not_tags = \"a\" }", "{ tier = \"vip\" }"),
        ("{ any_intent = \"refund.*\" }", "{ intent = [\"refund.*\", \"other\"] }"),
        ("{ sentiment = [\"negative\", \"neutral\", \"positive\"] }", "{ tier = \"vip\" }"),
        ("{ time = { days = \"sat-sun\" } }", "{ tier = \"vip\" }"),
    ] {
        let file = rules("first", &[("a", first, "{ tags = \"a\" }"), ("b", second, "{ tags = \"b\" }")]);
        assert_eq!(warnings(&file), Vec::<String>::new(), "{first} {second}");
        let file = rules("first", &[("b", second, "{ tags = \"b\" }"), ("a", first, "{ tags = \"a\" }")]);
        let covered = !second.contains("tier = \"vip\"") || first.contains("not_tags");
        assert_eq!(
            warnings(&file).len(),
            usize::from(covered && !first.contains("any_intent")),
            "{second} {first}"
        );
    }
    let impossible =
        rules("first", &[("a", "{ urgency = \"low\", priority = \"urgent\" }", "{ queue = \"vip\" }")]);
    assert!(warnings(&impossible)[0].contains("its urgency never has its priority"));
}

#[test]
fn rules_that_contradict_are_told_with_both_lines() {
    let file = rules(
        "all",
        &[
            ("refunds", "{ group = \"refund\" }", "{ queue = \"billing\" }"),
            ("vips", "{ tier = \"vip\" }", "{ queue = \"vip\" }"),
        ],
    );
    let found = warnings(&file);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(
        found[0]
            .starts_with("line 12, column 1: warning: rule \"vips\": contradicts rule \"refunds\" (line 8)"),
        "{found:#?}"
    );
    // A special case of the first is meant; so is a first that stops, and rules that never meet.
    let special = [
        ("refunds", "{ group = \"refund\" }", "{ queue = \"billing\" }"),
        ("vips", "{ tier = \"vip\", group = \"refund\" }", "{ queue = \"vip\" }"),
    ];
    assert_eq!(warnings(&rules("all", &special)), Vec::<String>::new());
    let stops = [
        ("refunds", "{ group = \"refund\" }", "{ queue = \"billing\", stop = true }"),
        ("vips", "{ tier = \"vip\" }", "{ queue = \"vip\" }"),
    ];
    assert_eq!(warnings(&rules("all", &stops)), Vec::<String>::new());
    let apart = [
        ("chat", "{ channel = \"chat\" }", "{ assignee = \"a\" }"),
        ("mail", "{ channel = \"email\" }", "{ assignee = \"b\" }"),
    ];
    assert_eq!(warnings(&rules("all", &apart)), Vec::<String>::new());
    let swallowed = [
        ("vips", "{ tier = \"vip\", group = \"refund\" }", "{ queue = \"vip\" }"),
        ("refunds", "{ group = \"refund\" }", "{ queue = \"billing\" }"),
    ];
    assert!(warnings(&rules("all", &swallowed))[0].contains("this one always replaces it"));
}

#[test]
fn the_text_decides_the_version() {
    assert_eq!(compiled(LEAST).version().len(), 12);
    assert_eq!(compiled(LEAST).version(), compiled(LEAST).version());
    assert_ne!(compiled(LEAST).version(), compiled(&format!("{LEAST}\n")).version());
    assert_eq!(compiled(LEAST).source(), LEAST);
}
