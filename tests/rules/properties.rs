//! What holds for every policy file and every message.

use frontdesk::{
    message::{Channel, Tier},
    policy::playbook::{BUILT_IN, Circumstances, Placement, Playbook},
    signals::SignalKind,
    taxonomy::{INTENTS, Intent},
    triage::{Emotion, Polarity, Urgency},
};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::common::{LEAST, at, compiled};

const TIERS: [Tier; 4] = [Tier::Standard, Tier::Premium, Tier::Vip, Tier::Enterprise];
const SAMPLE: &str = include_str!("../../samples/tenants/maple-tide/policy.toml");

/// A message as the file looks at it.
#[derive(Clone, Debug)]
struct Given {
    intents: Vec<&'static Intent>,
    urgency: Urgency,
    sentiment: Option<Polarity>,
    emotion: Option<Emotion>,
    language: &'static str,
    channel: Channel,
    tier: Tier,
    tags: Vec<String>,
    signals: Vec<SignalKind>,
    due_in: Option<SignedDuration>,
    num_affected: Option<u64>,
    received_at: Timestamp,
}

impl Given {
    fn place(&self, playbook: &Playbook) -> Placement {
        playbook.place(&Circumstances {
            intents: &self.intents,
            urgency: self.urgency,
            sentiment: self.sentiment,
            emotion: self.emotion,
            language: self.language,
            channel: self.channel,
            tier: self.tier,
            tags: &self.tags,
            signals: &self.signals,
            due_in: self.due_in,
            num_affected: self.num_affected,
            received_at: self.received_at,
        })
    }
}

fn given() -> impl Strategy<Value = Given> {
    let all: Vec<&'static Intent> = INTENTS.iter().collect();
    let intents = prop::collection::vec(prop::sample::select(all), 0..3);
    let labels = (
        prop::sample::select(Urgency::ALL.to_vec()),
        prop::option::of(prop::sample::select(Polarity::ALL.to_vec())),
        prop::option::of(prop::sample::select(Emotion::ALL.to_vec())),
        prop::sample::select(vec!["en", "zh-Hans", "zh-Hant", "und", "fr"]),
    );
    let customer = (
        prop::sample::select(Channel::ALL.to_vec()),
        prop::sample::select(TIERS.to_vec()),
        prop::sample::subsequence(vec!["contract".to_owned(), "trusted".into(), "blocked".into()], 0..3),
    );
    let facts = (
        prop::sample::subsequence(SignalKind::ALL.to_vec(), 0..4),
        prop::option::of((-10_i64..200).prop_map(SignedDuration::from_hours)),
        prop::option::of(0_u64..300),
        (0_i64..800).prop_map(|hours| at("2026-09-20T00:30:00Z") + SignedDuration::from_hours(hours)),
    );
    (intents, labels, customer, facts).prop_map(|(intents, labels, customer, facts)| Given {
        intents,
        urgency: labels.0,
        sentiment: labels.1,
        emotion: labels.2,
        language: labels.3,
        channel: customer.0,
        tier: customer.1,
        tags: customer.2,
        signals: facts.0,
        due_in: facts.1,
        num_affected: facts.2,
        received_at: facts.3,
    })
}

/// A condition and an effect, of which most go together.
fn rule() -> impl Strategy<Value = String> {
    let conditions = vec![
        "tier = \"standard\"",
        "tier = [\"premium\", \"vip\"]",
        "urgency = \">=high\"",
        "urgency = [\"low\", \"normal\"]",
        "priority = \">=high\"",
        "priority = \"regular\"",
        "signals = [\"legal\", \"safety\"]",
        "signals = \"outage\"",
        "group = [\"refund\", \"technical\"]",
        "intent = [\"delivery.*\", \"other\", \"none\"]",
        "any_intent = \"billing.*\"",
        "language = \"zh\"",
        "channel = [\"social\", \"email\"]",
        "emotion = \"anger\"",
        "sentiment = \"negative\"",
        "not_tags = \"blocked\"",
        "tags = \"contract\"",
        "time = { days = \"sat-sun\" }",
    ];
    let effects = vec![
        "queue = \"vip\"",
        "queue = \"billing\"",
        "priority = \"high\"",
        "priority = \"urgent\"",
        "priority = \"raise\"",
        "tags = \"t\"",
        "handoff = true",
        "stop = true",
    ];
    (prop::sample::subsequence(conditions, 1..3), prop::sample::subsequence(effects, 1..3)).prop_map(
        |(conditions, effects)| {
            let key = |pair: &&str| pair.split(' ').next().unwrap_or_default().to_owned();
            let once = |pairs: Vec<&'static str>| {
                let mut seen = std::collections::BTreeSet::new();
                pairs.into_iter().filter(|pair| seen.insert(key(pair))).collect::<Vec<_>>().join(", ")
            };
            format!("when = {{ {} }}\nthen = {{ {} }}\n", once(conditions), once(effects))
        },
    )
}

/// A playbook of random rules that the checks let pass; rules that they refuse are left out.
fn playbook() -> impl Strategy<Value = Playbook> {
    (prop::collection::vec(rule(), 0..7), any::<bool>()).prop_map(|(rules, all)| {
        let mut text = if all { LEAST.replace("\"first\"", "\"all\"") } else { LEAST.to_owned() };
        let mut playbook = compiled(&text);
        for (number, rule) in rules.iter().enumerate() {
            let longer = format!("{text}[[rules]]\nname = \"rule {number}\"\n{rule}");
            if let Ok(taken) = Playbook::compile(&longer) {
                (text, playbook) = (longer, taken);
            }
        }
        playbook
    })
}

fn built() -> impl Strategy<Value = Playbook> {
    prop_oneof![4 => playbook(), 1 => Just(compiled(SAMPLE)), 1 => Just(Playbook::built_in())]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    /// Every more urgent level, every further signal and every wider reach of each message.
    #[test]
    fn more_risk_never_lowers_the_priority(
        playbook in built(),
        given in prop::collection::vec(given(), 8),
        more in 0_u64..300,
    ) {
        for given in given {
            let before = given.place(&playbook).priority;
            let num_affected = given.num_affected.map(|number| number + more);
            for urgency in Urgency::ALL.into_iter().filter(|urgency| *urgency >= given.urgency) {
                let urgent = Given { urgency, num_affected, ..given.clone() };
                prop_assert!(urgent.place(&playbook).priority >= before, "{given:?} as {urgency:?}");
            }
            for signal in SignalKind::ALL {
                let mut signalled = given.clone();
                signalled.signals.push(signal);
                prop_assert!(signalled.place(&playbook).priority >= before, "{given:?} with {signal:?}");
            }
        }
    }

    #[test]
    fn every_message_ends_in_a_declared_queue_and_is_due_after_it_came(playbook in built(), given in given()) {
        let placement = given.place(&playbook);
        prop_assert!(playbook.queues().contains_key(&placement.queue), "{}", placement.queue);
        prop_assert!(placement.deadlines.first_reply_due > given.received_at);
        prop_assert!(placement.deadlines.next_reply_due > placement.deadlines.first_reply_due);
        prop_assert!(placement.urgency >= given.urgency);
    }

    #[test]
    fn a_higher_priority_is_never_promised_later(playbook in built(), given in given()) {
        use frontdesk::policy::Priority::{High, Regular, Urgent};
        let placement = given.place(&playbook);
        let [regular, high, urgent] = [Regular, High, Urgent].map(|priority| {
            let Placement { queue, department, .. } = &placement;
            playbook.deadlines_of(queue, *department, priority, given.received_at)
        });
        prop_assert!(regular.first_reply_due >= high.first_reply_due);
        prop_assert!(high.first_reply_due >= urgent.first_reply_due);
        prop_assert!(regular.next_reply_due >= high.next_reply_due && high.next_reply_due >= urgent.next_reply_due);
    }

    #[test]
    fn the_same_text_gives_the_same_decisions(given in given()) {
        let (first, second) = (compiled(SAMPLE), compiled(SAMPLE));
        prop_assert_eq!(first.version(), second.version());
        prop_assert_eq!(given.place(&first), given.place(&second));
    }

    /// A rule that the checks call unreachable fires for no message.
    #[test]
    fn what_is_called_unreachable_never_fires(playbook in playbook(), given in prop::collection::vec(given(), 20)) {
        let lines: Vec<usize> = playbook
            .warnings()
            .iter()
            .filter(|warning| warning.reason.starts_with("can never fire"))
            .map(|warning| warning.line)
            .collect();
        for given in given {
            for rule in given.place(&playbook).outcome.fired {
                prop_assert!(!lines.contains(&rule.line), "{} fired", rule.name);
            }
        }
    }
}

/// A change of a file as people and broken disks make it.
#[derive(Clone, Debug)]
enum Damage {
    Cut(usize, usize),
    Insert(usize, String),
    Swap(usize, usize),
    Replace(usize, String),
}

fn damage() -> impl Strategy<Value = Damage> {
    let words = vec![
        "\"",
        "[",
        "]",
        "{",
        "}",
        "=",
        ",",
        "\n",
        "\0",
        "🦀",
        "é",
        "-",
        ".",
        "9999999999999999999999",
        "nan",
        "-1",
        "true",
        "\"24:00-24:00\"",
        "\"00:00-00:00\"",
        "\"always\"",
        "\"mon-sun\"",
        "\"raise\"",
        "\"refund.*\"",
        "\">=\"",
        "\"\"",
        "2026-02-29",
        "0001-01-01",
        "9999-12-31",
        "[[rules]]\n",
        "[[tests]]\n",
        "\"720h\"",
        "\"0h\"",
        "when = {}\n",
        "\"9999999999h\"",
        "\"-9999-01-01\"",
        "\u{202e}",
        "\"UTC\"",
        "[]",
        "{}",
    ];
    let word = prop::sample::select(words).prop_map(str::to_owned);
    let place = 0_usize..20_000;
    prop_oneof![
        (place.clone(), 1_usize..200).prop_map(|(at, length)| Damage::Cut(at, length)),
        (place.clone(), word.clone()).prop_map(|(at, word)| Damage::Insert(at, word)),
        (place.clone(), place.clone()).prop_map(|(first, second)| Damage::Swap(first, second)),
        (place, word).prop_map(|(number, word)| Damage::Replace(number, word)),
    ]
}

fn damaged(text: &str, damage: &Damage) -> String {
    let letters: Vec<char> = text.chars().collect();
    let at = |place: usize| place % letters.len().max(1);
    match damage {
        Damage::Cut(place, length) => {
            let start = at(*place);
            letters[..start].iter().chain(letters.iter().skip(start + length)).collect()
        }
        Damage::Insert(place, word) => {
            let start = at(*place);
            letters[..start]
                .iter()
                .copied()
                .chain(word.chars())
                .chain(letters[start..].iter().copied())
                .collect()
        }
        Damage::Swap(first, second) => {
            let mut lines: Vec<&str> = text.lines().collect();
            let number = lines.len().max(1);
            if !lines.is_empty() {
                lines.swap(first % number, second % number);
            }
            lines.join("\n")
        }
        // The value after some equals sign.
        Damage::Replace(number, word) => {
            let places: Vec<usize> = text.match_indices("= ").map(|(place, _)| place + 2).collect();
            let Some(start) = places.get(number % places.len().max(1)) else { return text.to_owned() };
            let rest = &text[*start..];
            let end = rest.find(['\n', ',', '}']).unwrap_or(rest.len());
            format!("{}{word}{}", &text[..*start], &rest[end..])
        }
    }
}

/// The file without its comments, where damage would hide.
fn bare(text: &str) -> String {
    let code = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    code.map(|line| line.split(" #").next().unwrap_or_default().trim_end()).collect::<Vec<_>>().join("\n")
}

/// Reads a file and, when it can be used, uses all of it.
fn survives(text: &str) {
    match Playbook::compile(text) {
        Ok(playbook) => {
            playbook.run_examples();
            for intent in INTENTS {
                assert!(playbook.queues().contains_key(playbook.queue(Some(intent))));
                let thresholds = playbook.thresholds(Some(intent));
                assert!(thresholds.clarify <= thresholds.answer && thresholds.answer <= 1.0);
            }
        }
        Err(findings) => {
            assert!(!findings.is_empty());
            let lines = text.lines().count().max(1) + 1;
            for finding in findings {
                assert!((1..=lines).contains(&finding.line) && finding.column >= 1, "{finding}");
                assert!(!finding.reason.is_empty());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn a_damaged_file_is_read_or_refused_and_never_a_panic(
        sample in any::<bool>(),
        damages in prop::collection::vec(damage(), 1..4),
    ) {
        let text = bare(if sample { SAMPLE } else { BUILT_IN });
        survives(&damages.iter().fold(text, |text, damage| damaged(&text, damage)));
    }

    #[test]
    fn any_text_is_refused_and_never_a_panic(text in "\\PC{0,200}") {
        survives(&text);
    }
}

#[test]
fn the_bare_files_of_the_fuzz_test_are_whole() {
    for text in [BUILT_IN, SAMPLE] {
        let results = compiled(&bare(text)).run_examples();
        assert!(results.iter().all(|result| result.differences.is_empty()));
    }
}
