//! The built-in file.

use frontdesk::{
    message::{Channel, Tier},
    policy::{
        Impact, Priority,
        playbook::{BUILT_IN, Playbook, Thresholds},
    },
    signals::SignalKind,
    taxonomy::{Department, INTENTS},
    triage::Urgency,
};
use jiff::{SignedDuration, Timestamp};

use super::common::{LEAST, compiled, intent};

const PRIORITIES: [Priority; 3] = [Priority::Regular, Priority::High, Priority::Urgent];
const IMPACTS: [Impact; 3] = [Impact::Normal, Impact::High, Impact::Broad];
const DEPARTMENTS: [Department; 3] = [Department::Sales, Department::Technical, Department::Enterprise];
const TIERS: [Tier; 4] = [Tier::Standard, Tier::Premium, Tier::Vip, Tier::Enterprise];

#[test]
fn the_built_in_file_has_neither_mistakes_nor_warnings() {
    assert_eq!(compiled(BUILT_IN).warnings(), []);
    assert_eq!(Playbook::built_in().version(), compiled(BUILT_IN).version());
}

#[test]
fn its_examples_hold() {
    let results = Playbook::built_in().run_examples();
    assert!(results.len() >= 7, "{results:#?}");
    for result in results {
        assert_eq!(result.differences, [], "{}", result.name);
    }
}

#[test]
fn it_states_what_counts_where_a_file_leaves_a_section_out() {
    let (stated, left_out) = (Playbook::built_in(), compiled(LEAST));
    assert_eq!(stated.thresholds(None), Thresholds::default());
    for intent in INTENTS {
        assert_eq!(stated.thresholds(Some(intent)), left_out.thresholds(Some(intent)));
    }
    for impact in IMPACTS {
        for urgency in Urgency::ALL {
            assert_eq!(stated.priority(urgency, impact), left_out.priority(urgency, impact));
        }
    }
    for tier in TIERS {
        for num_affected in [None, Some(1), Some(9), Some(10), Some(99), Some(100), Some(u64::MAX)] {
            for is_wide in [false, true] {
                let impact = |playbook: &Playbook| playbook.impact(tier, num_affected, is_wide);
                assert_eq!(impact(&stated), impact(&left_out));
            }
        }
    }
    for kind in SignalKind::ALL {
        for hours in [None, Some(-1), Some(0), Some(12), Some(13), Some(72), Some(73)] {
            let due_in = hours.map(SignedDuration::from_hours);
            assert_eq!(stated.raises_to(kind, due_in), left_out.raises_to(kind, due_in), "{kind:?}");
        }
    }
    for channel in Channel::ALL {
        assert_eq!(stated.tone(channel), left_out.tone(channel));
    }
    let from = Timestamp::UNIX_EPOCH;
    for department in DEPARTMENTS {
        for priority in PRIORITIES {
            let due = |playbook: &Playbook| playbook.deadlines(department, priority, from);
            assert_eq!(due(&stated), due(&left_out));
        }
    }
    assert_eq!(stated.time_zone(), left_out.time_zone());
}

#[test]
fn its_queues_are_those_of_the_taxonomy() {
    let playbook = Playbook::built_in();
    for intent in INTENTS {
        assert_eq!(playbook.queue(Some(intent)), intent.queue, "{}", intent.id);
        assert!(playbook.queues().contains_key(intent.queue));
    }
    assert_eq!(playbook.queue(None), "general");
}

#[test]
fn its_deadlines_are_the_table_of_the_contract() {
    let hours = |hours: f64| SignedDuration::from_secs_f64(hours * 3600.0);
    let table = [
        (Department::Sales, [(2.0, 15.0), (1.0, 8.0), (0.5, 1.0)]),
        (Department::Technical, [(8.0, 32.0), (4.0, 16.0), (0.5, 1.0)]),
        (Department::Enterprise, [(1.0, 4.0), (0.5, 1.0), (0.25, 0.5)]),
    ];
    for (department, row) in table {
        for (priority, (first, next)) in PRIORITIES.into_iter().zip(row) {
            let from = Timestamp::UNIX_EPOCH;
            let due = Playbook::built_in().deadlines(department, priority, from);
            assert_eq!(due.first_reply, hours(first));
            assert_eq!(due.first_reply_due, from + hours(first));
            assert_eq!(due.next_reply_due, from + hours(first) + hours(next));
            assert_eq!(due.calendar, "always");
        }
    }
}

#[test]
fn the_commented_examples_of_the_file_can_be_used() {
    let mut text = BUILT_IN.to_owned();
    for line in BUILT_IN.lines().filter(|line| line.starts_with("#   ") && !line.starts_with("#   frontdesk"))
    {
        let code = line.trim_start_matches("# ").trim_start();
        // Lists of keys are prose; what is TOML stands in blocks that begin with a section.
        if code.starts_with("[calendars") || code.starts_with("[thresholds") {
            let block = BUILT_IN.split(line).nth(1).unwrap_or_default();
            let block =
                block.lines().skip(1).take_while(|line| line.starts_with("#   ") && !line.contains("[["));
            text.push_str(&format!("\n{code}\n"));
            for line in block.take_while(|line| !line.trim_start_matches("# ").trim_start().starts_with('['))
            {
                text.push_str(line.trim_start_matches("# "));
                text.push('\n');
            }
        }
    }
    assert!(text.contains("\n[calendars.taipei]\n") && text.contains("\n[calendars.berlin]\n"), "{text}");
    let playbook = compiled(&text);
    assert_eq!(
        playbook.thresholds(Some(intent("refund.status"))),
        Thresholds { answer: 0.9, margin: 0.2, ..Thresholds::default() }
    );
    assert_eq!(playbook.thresholds(Some(intent("refund.request"))).answer, 0.9);
}
