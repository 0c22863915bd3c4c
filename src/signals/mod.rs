//! What the words of a message show beside the model's labels: facts that bear on urgency, things that are
//! named, a call for a person, and text that says nothing. Each comes with its place.
//!
//! Everything here is a pure function of the text and the clock.

mod catalogue;
mod content;
mod dates;
mod entities;
mod numbers;
mod people;
mod person;
mod reading;

use std::ops::Range;

use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::{
    message::Locale,
    text::{is_han, redact},
};

/// A fact that bears on how urgent a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignalKind {
    /// A service or system is down.
    Outage,
    /// Many people, a whole company or site are affected.
    Scope,
    /// Fraud, takeover, stolen card, leak.
    Security,
    /// Danger to people, injury, fire, unsafe product.
    Safety,
    /// Data or work is gone or about to be.
    DataLoss,
    /// Lawyer, regulator, lawsuit, formal deadline, media.
    Legal,
    /// A date or time by which it must be solved.
    Deadline,
    /// Cannot pay or be paid; money stuck.
    PaymentBlocked,
    /// Cannot get in.
    LockedOut,
    /// Says to have written or called before.
    RepeatedContact,
    /// Says to leave, cancel or switch.
    ChurnThreat,
    /// A child, an old, ill, pregnant or disabled person is concerned.
    VulnerablePerson,
}

impl SignalKind {
    /// Every kind, in the contract's order.
    pub const ALL: [Self; 12] = [
        Self::Outage,
        Self::Scope,
        Self::Security,
        Self::Safety,
        Self::DataLoss,
        Self::Legal,
        Self::Deadline,
        Self::PaymentBlocked,
        Self::LockedOut,
        Self::RepeatedContact,
        Self::ChurnThreat,
        Self::VulnerablePerson,
    ];

    /// Its name in files, explanations and the contract's codes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Outage => "outage",
            Self::Scope => "scope",
            Self::Security => "security",
            Self::Safety => "safety",
            Self::DataLoss => "data_loss",
            Self::Legal => "legal",
            Self::Deadline => "deadline",
            Self::PaymentBlocked => "payment_blocked",
            Self::LockedOut => "locked_out",
            Self::RepeatedContact => "repeated_contact",
            Self::ChurnThreat => "churn_threat",
            Self::VulnerablePerson => "vulnerable_person",
        }
    }
}

/// A signal and where the message shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signal {
    /// What it is.
    pub kind: SignalKind,
    /// Bytes of the message's text that show it.
    pub span: Range<usize>,
    /// For a deadline: when it is.
    pub due: Option<Timestamp>,
    /// For a scope: how many people are named.
    pub num_affected: Option<u64>,
}

/// What an entity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntityKind {
    /// Number of an order, invoice or booking.
    OrderNumber,
    /// Number of a parcel.
    TrackingNumber,
    /// A product or thing by its name.
    Product,
    /// An amount of money.
    Amount,
    /// A day or time.
    Date,
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
}

/// Something that the message names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entity {
    /// What it is.
    pub kind: EntityKind,
    /// Bytes of the message's text.
    pub span: Range<usize>,
    /// As the message writes it; the placeholder of the redaction for personal data.
    pub text: String,
    /// In a fixed form: an ISO 8601 day or time, an amount as "12.50 EUR"; empty when there is none.
    pub value: String,
}

/// Whether a text says anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// Words.
    #[default]
    Words,
    /// No letters at all: punctuation, emoji.
    Symbols,
    /// One letter or Han character.
    OneLetter,
    /// Letters that make no words: keys struck at random.
    Gibberish,
}

/// Everything that the words of a message show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Signals by their place; several of one kind may stand.
    pub signals: Vec<Signal>,
    /// Entities by their place, apart from each other.
    pub entities: Vec<Entity>,
    /// Where the customer asks, now, for a person.
    pub asks_person: Option<Range<usize>>,
    /// Whether the text says that no person is wanted, or only talks about one, and nothing else asks for one.
    #[serde(default)]
    pub declines_person: bool,
    /// Whether it says anything.
    pub content: Content,
}

impl Facts {
    /// Whether a text holds nothing but details, such as an order number, a day or an address of mail: at
    /// most a few letters of `sentences` are outside the entities.
    pub fn is_only_details(&self, text: &str, sentences: &[Range<usize>]) -> bool {
        /// Letters beside the details ("it's", "my order is", "订单号是"); a Han character counts three.
        const MAX_LETTERS: usize = 12;
        let is_in_entity = |byte: usize| self.entities.iter().any(|entity| entity.span.contains(&byte));
        let letters = |span: &Range<usize>| {
            let said = text.get(span.clone()).unwrap_or_default();
            let outside = move |(at, character): (usize, char)| match is_in_entity(span.start + at) {
                true => 0,
                false if is_han(character) => 3,
                false => usize::from(character.is_alphanumeric()),
            };
            said.char_indices().map(outside).sum::<usize>()
        };
        !self.entities.is_empty() && sentences.iter().map(letters).sum::<usize>() <= MAX_LETTERS
    }
}

/// What a reading of the facts depends on beside the text.
#[derive(Clone, Debug)]
pub struct Clock {
    /// When the message was received.
    pub now: Timestamp,
    /// Where days begin and end.
    pub time_zone: TimeZone,
}

/// A message with what is known of its places.
#[derive(Clone, Copy, Debug)]
pub struct Own<'a> {
    /// The message.
    pub text: &'a str,
    /// Bytes of it that the customer wrote apart from quotes and signature, rising and apart.
    pub own: &'a [Range<usize>],
    /// Personal data in it, as [`crate::text::redact::redact`] finds it.
    pub personal: &'a [(Range<usize>, redact::Kind)],
}

/// Reads the facts of a message; their spans are bytes of its text.
///
/// `locale` orders day and month in dates such as 3/4 (`None`: day first).
pub fn read(message: &Own<'_>, locale: Option<Locale>, clock: &Clock) -> Facts {
    let Own { text, own, .. } = *message;
    let reading = reading::Reading::of(text, own);
    let dates = dates::find(&reading, locale, clock);
    let mut signals: Vec<Signal> = catalogue::find(&reading)
        .into_iter()
        .map(|(kind, span)| {
            let num_affected =
                (kind == SignalKind::Scope).then(|| people::number(&reading.text[span.clone()])).flatten();
            Signal { kind, span: reading.source(&span), due: None, num_affected }
        })
        .collect();
    signals.extend(dates.iter().filter(|date| date.is_deadline).map(|date| Signal {
        kind: SignalKind::Deadline,
        span: reading.source(&date.span),
        due: date.due,
        num_affected: None,
    }));
    signals.sort_by_key(|signal| (signal.span.start, signal.kind));
    let person = person::read(&reading);
    Facts {
        signals,
        entities: entities::find(message, &reading, &dates, locale),
        asks_person: person.asked.map(|span| reading.source(&span)),
        declines_person: person.is_declined,
        content: content::read(text, own),
    }
}

/// Whether the own words of a message say anything; a part of [`read`].
pub fn content(text: &str, own: &[Range<usize>]) -> Content {
    content::read(text, own)
}

#[cfg(test)]
mod tests;
