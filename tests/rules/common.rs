//! Files and messages that the tests share.

use frontdesk::{
    message::{Channel, Tier},
    policy::playbook::{Circumstances, Placement, Playbook},
    taxonomy::Intent,
    triage::Urgency,
};
use jiff::Timestamp;

/// The least file that can be used.
pub const LEAST: &str = "[queues]\ngeneral = { name = \"General\" }\nbilling = { name = \"Billing\" }\n\
     vip = { name = \"VIP\" }\n[routing]\nmode = \"first\"\ndefault_queue = \"general\"\n";

/// The playbook of a file without a mistake.
pub fn compiled(text: &str) -> Playbook {
    Playbook::compile(text).unwrap_or_else(|findings| panic!("{findings:#?}\n{text}"))
}

/// The mistakes of a file, as people read them.
pub fn mistakes(text: &str) -> Vec<String> {
    match Playbook::compile(text) {
        Ok(_) => Vec::new(),
        Err(findings) => findings.iter().map(ToString::to_string).collect(),
    }
}

/// The warnings of a file without a mistake, as people read them.
pub fn warnings(text: &str) -> Vec<String> {
    compiled(text).warnings().iter().map(ToString::to_string).collect()
}

/// An intent of the taxonomy.
pub fn intent(id: &str) -> &'static Intent {
    Intent::find(id).unwrap_or_else(|| panic!("no intent {id}"))
}

/// A moment.
pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// An ordinary message with an intent.
pub fn message<'a>(intents: &'a [&'static Intent]) -> Circumstances<'a> {
    Circumstances {
        intents,
        urgency: Urgency::Normal,
        sentiment: None,
        emotion: None,
        language: "en",
        channel: Channel::Chat,
        tier: Tier::Standard,
        tags: &[],
        signals: &[],
        due_in: None,
        num_affected: None,
        received_at: at("2026-01-07T10:00:00Z"),
    }
}

/// The names of the rules that fired.
pub fn fired(placement: &Placement) -> Vec<&str> {
    placement.outcome.fired.iter().map(|rule| rule.name.as_str()).collect()
}
