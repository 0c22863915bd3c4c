//! Everything that a decision depends on, so that it can be kept and decided again.

use std::ops::Range;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::conversation::Conversation;
use crate::{
    knowledge::SearchOutcome,
    message::{Channel, Customer, Tone, Wording},
    signals::Facts,
    text::language::Language,
    triage::{Labels, Urgency},
};

/// What made a decision.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versions {
    /// Program.
    pub program: String,
    /// Model folder and hash.
    pub model: String,
    /// Taxonomy.
    pub taxonomy: String,
    /// The tenant's policy file and templates; empty for labels alone.
    pub rules: String,
    /// Knowledge base and generation; empty when none was searched.
    pub knowledge: String,
}

/// A sentence of the message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    /// Bytes of the message's text.
    pub span: Range<usize>,
    /// The sentence, with placeholders for personal data.
    pub text: String,
}

/// One of the things that a message asks for, as far as it was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AskedRequest {
    /// Its intent in the taxonomy.
    pub intent: String,
    /// Calibrated probability in 0..1 of the intent: in its sentence, or in the message when it asks for
    /// one thing only.
    pub probability: f64,
    /// Lead in 0..1 of the intent over the next one there.
    pub margin: f64,
    /// Urgency of its sentence, or of the message when it asks for one thing only.
    pub urgency: Urgency,
    /// Probability in 0..1 that the same answer serves every customer.
    pub answerable: f64,
    /// Probability in 0..1 that it takes data or an action in the customer's own account or order.
    pub needs_case: f64,
    /// Bytes of the message's text in which it stands.
    pub span: Range<usize>,
    /// The same, with placeholders for personal data; for a choice its name with the words that led to it.
    pub text: String,
    /// Whether the message only goes on with it: it answers a question of the company.
    pub continued: bool,
    /// What the knowledge base says to it; `None` when it was not asked.
    pub search: Option<SearchOutcome>,
}

/// Everything that a decision depends on beside the tenant's rules. It holds no personal data that the
/// redaction finds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// The caller's id for the request, or the server's.
    pub request_id: String,
    /// Whose rules decide.
    pub tenant: String,
    /// Id under which the decision is kept; empty when it is not.
    pub decision_id: String,
    /// How the message came.
    pub channel: Channel,
    /// How the caller wants drafts to speak; `None`: as the tenant's rules say.
    pub tone: Option<Tone>,
    /// The language of the message.
    pub language: Language,
    /// Language and regional wording of replies.
    pub wording: Wording,
    /// Length of the message in tokens.
    pub num_tokens: usize,
    /// Whether it was cut into windows.
    pub windowed: bool,
    /// What the model says; `None` when the language is not served or there is nothing to read.
    pub labels: Option<Labels>,
    /// Intents that the decision lists.
    pub intents_shown: usize,
    /// Probability in 0..1 that the message, or a sentence of it, gives the system orders; `None` when none
    /// does.
    pub orders_system: Option<f64>,
    /// What it says of the customer's last turn before the message, if there is one.
    pub previous: Option<Labels>,
    /// Cosine of the message and that turn, when there is one.
    pub similarity: Option<f64>,
    /// What the words show.
    pub facts: Facts,
    /// The customer's own sentences.
    pub sentences: Vec<Sentence>,
    /// What the message asks for, in the order of the text; empty without labels.
    pub requests: Vec<AskedRequest>,
    /// What is known of the customer.
    pub customer: Customer,
    /// The conversation before the message.
    pub conversation: Conversation,
    /// When the message was received; deadlines count from here.
    pub received_at: Timestamp,
    /// What made the inputs.
    pub versions: Versions,
}

impl Case {
    /// A chat message of the default tenant of which nothing was read.
    pub fn unread(language: Language, wording: Wording, received_at: Timestamp) -> Self {
        Self {
            request_id: String::new(),
            tenant: "default".into(),
            decision_id: String::new(),
            channel: Channel::Chat,
            tone: None,
            language,
            wording,
            num_tokens: 0,
            windowed: false,
            labels: None,
            intents_shown: 5,
            orders_system: None,
            previous: None,
            similarity: None,
            facts: Facts::default(),
            sentences: vec![],
            requests: vec![],
            customer: Customer::default(),
            conversation: Conversation::default(),
            received_at,
            versions: Versions::default(),
        }
    }
}
