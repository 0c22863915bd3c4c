//! The labels of a message, as `models/training/LABELS.md` defines them.

use serde::{Deserialize, Serialize};

use crate::text::language::Language;

/// How soon harm grows if nobody acts; not a measure of mood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Urgency {
    /// Nothing is lost by waiting.
    Low,
    /// An ordinary request.
    Normal,
    /// Blocked, money wrongly gone, or a date at stake.
    High,
    /// Harm is happening or hours away.
    Urgent,
}

impl Urgency {
    /// Every level, rising; the order of the head.
    pub const ALL: [Self; 4] = [Self::Low, Self::Normal, Self::High, Self::Urgent];
}

/// Feeling of the customer toward the company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Polarity {
    /// Annoyance, reproach, sarcasm, disappointment.
    Negative,
    /// No feeling shown.
    Neutral,
    /// Named praise or thanks beyond a formula.
    Positive,
}

impl Polarity {
    /// Every polarity, in the order of the head.
    pub const ALL: [Self; 3] = [Self::Negative, Self::Neutral, Self::Positive];
}

/// The one emotion that a message shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Emotion {
    /// None.
    None,
    /// Insult, sarcasm, superlative.
    Anger,
    /// Worry or a plea under time pressure.
    Anxiety,
    /// Reproach without insult.
    Disappointment,
    /// Does not understand what happened.
    Confusion,
    /// Thanks that are more than a formula.
    Gratitude,
}

impl Emotion {
    /// Every emotion, in the order of the head.
    pub const ALL: [Self; 6] =
        [Self::None, Self::Anger, Self::Anxiety, Self::Disappointment, Self::Confusion, Self::Gratitude];
}

/// One intent with its calibrated probabilities.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IntentPrediction {
    /// Id in the taxonomy.
    pub intent: String,
    /// Probability in 0..1 that it is the primary one.
    pub probability: f64,
    /// Probability in 0..1 that the message carries it at all.
    pub presence: f64,
    /// Whether the message is taken to carry it.
    pub selected: bool,
}

/// The urgency of a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UrgencyPrediction {
    /// Most probable level.
    pub level: Urgency,
    /// Probabilities of the levels, rising; they sum to 1.
    pub distribution: [f64; 4],
}

/// The sentiment of a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SentimentPrediction {
    /// Most probable polarity.
    pub polarity: Polarity,
    /// Its probability in 0..1.
    pub probability: f64,
    /// Strength in -1..1.
    pub score: f64,
}

/// The emotion of a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EmotionPrediction {
    /// Most probable emotion.
    pub emotion: Emotion,
    /// Its probability in 0..1.
    pub probability: f64,
}

/// A yes-or-no label.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Binary {
    /// Probability in 0..1.
    pub probability: f64,
    /// Whether it is over the model's threshold.
    pub holds: bool,
}

/// Everything the model says of one message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Labels {
    /// The language.
    pub language: Language,
    /// Every intent of the taxonomy in falling probability; the first is the primary one.
    pub intents: Vec<IntentPrediction>,
    /// How soon harm grows.
    pub urgency: UrgencyPrediction,
    /// Feeling toward the company.
    pub sentiment: SentimentPrediction,
    /// Emotion shown.
    pub emotion: EmotionPrediction,
    /// Asks, now, for a person.
    pub wants_human: Binary,
    /// Tries to give the system orders.
    pub orders_system: Binary,
    /// Length in tokens.
    pub num_tokens: usize,
    /// Whether the message was cut into windows.
    pub windowed: bool,
}

impl Labels {
    /// Difference between the probabilities of the first and the second intent.
    pub fn margin(&self) -> f64 {
        let probability = |rank: usize| self.intents.get(rank).map_or(0.0, |intent| intent.probability);
        probability(0) - probability(1)
    }
}

impl UrgencyPrediction {
    /// Probability in 0..1 of the level.
    pub fn probability(&self) -> f64 {
        self.distribution[self.level as usize]
    }
}
