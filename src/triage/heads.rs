//! The heads over the sentence vector. Shapes and arithmetic: `models/training/heads.py`.

use std::ops::Range;

use serde::Deserialize;

use super::{
    Prepared,
    calibration::{Calibration, HeadCalibration, ordinal, softmax},
    labels::{
        Binary, Emotion, EmotionPrediction, IntentPrediction, Labels, Polarity, SentimentPrediction, Urgency,
        UrgencyPrediction,
    },
};
use crate::{
    Error, Result, dense,
    encoder::{HEADS_FILE, ModelFolder, Tensors},
    taxonomy,
};

/// A linear layer in f32.
struct Linear {
    /// `outputs × inputs`, row by row.
    weight: Vec<f32>,
    bias: Vec<f32>,
}

impl Linear {
    fn forward(&self, input: &[f32]) -> Vec<f32> {
        let mut outputs = dense::products(&self.weight, input, input.len());
        outputs.iter_mut().zip(&self.bias).for_each(|(output, bias)| *output += bias);
        outputs
    }
}

/// A hashed lexical table beside a head.
struct Lexical {
    weight: f32,
    /// `num_buckets × outputs`.
    table: Vec<f32>,
}

impl Lexical {
    /// Adds what the words of a message say to the outputs of its head.
    fn add(&self, logits: &mut [f32], buckets: &[u32]) {
        let outputs = logits.len();
        // Summed apart first, as in training, so that both give the same rounding.
        let mut sums = vec![0.0f32; outputs];
        for &bucket in buckets {
            let row = &self.table[bucket as usize * outputs..][..outputs];
            sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        }
        let scale = self.weight / (buckets.len().max(1) as f32).sqrt();
        logits.iter_mut().zip(sums).for_each(|(logit, sum)| *logit += scale * sum);
    }
}

/// One head: its rows of the common layer, and a lexical table where it helps.
struct Head {
    outputs: Range<usize>,
    lexical: Option<Lexical>,
}

/// Raw outputs of every head for one message.
pub struct Logits {
    intent_rank: Vec<f32>,
    intent_any: Vec<f32>,
    urgency: f32,
    sentiment: Vec<f32>,
    score: f32,
    emotion: Vec<f32>,
    wants_human: f32,
    orders_system: f32,
}

/// All heads with their calibration.
pub struct Heads {
    hidden: Linear,
    /// The linear layers of all heads as one.
    outputs: Linear,
    /// In the order of [`SHAPES`].
    heads: Vec<Head>,
    num_buckets: usize,
    urgency_borders: Vec<f32>,
    intents: Vec<String>,
    calibration: Calibration,
}

/// Every head with its number of outputs; `None` for one a taxonomy intent.
const SHAPES: [(&str, Option<usize>); 8] = [
    ("intent_rank", None),
    ("intent_any", None),
    ("urgency", Some(1)),
    ("sentiment", Some(Polarity::ALL.len())),
    ("score", Some(1)),
    ("emotion", Some(Emotion::ALL.len())),
    ("wants_human", Some(1)),
    ("orders_system", Some(1)),
];

impl Heads {
    /// Loads the heads of a model whose vectors are `dimensions` wide.
    ///
    /// # Errors
    /// [`Error::Model`] when a tensor is missing or of the wrong shape, or the taxonomy is not
    /// this program's.
    pub fn load(folder: &ModelFolder, dimensions: usize) -> Result<Self> {
        let intents = read_intents(folder)?;
        let calibration: Calibration = folder.read_json("calibration.json")?;
        if !calibration.languages.contains_key("default") {
            return Err(Error::model(folder.file("calibration.json"), "has no languages.default"));
        }
        let tensors = Tensors::read(folder, HEADS_FILE)?;
        let hidden_bias = tensors.get("hidden.bias", None)?;
        let width = hidden_bias.len();
        let hidden =
            Linear { weight: tensors.get("hidden.weight", Some(width * dimensions))?, bias: hidden_bias };
        let features = dimensions + width;
        let mut heads = Vec::new();
        let mut all = Linear { weight: Vec::new(), bias: Vec::new() };
        let num_buckets = tensors.num_rows("lexical.");
        for (name, outputs) in SHAPES {
            let outputs = outputs.unwrap_or(intents.len());
            let first = all.bias.len();
            all.weight.extend(tensors.get(&format!("{name}.weight"), Some(outputs * features))?);
            all.bias.extend(tensors.get(&format!("{name}.bias"), Some(outputs))?);
            let lexical = match calibration.lexical_weight.get(name) {
                Some(&weight) if weight != 0.0 => {
                    let table = tensors.get(&format!("lexical.{name}"), Some(num_buckets * outputs))?;
                    Some(Lexical { weight, table })
                }
                _ => None,
            };
            heads.push(Head { outputs: first..first + outputs, lexical });
        }
        let urgency_borders = tensors.get("urgency.borders", Some(Urgency::ALL.len() - 1))?;
        Ok(Self { hidden, outputs: all, heads, num_buckets, urgency_borders, intents, calibration })
    }

    /// Buckets that lexical features are hashed into; 0 when no head has a lexical table.
    pub fn num_buckets(&self) -> usize {
        self.num_buckets
    }

    /// Labels a message from its vector and its lexical buckets.
    pub fn label(&self, prepared: &Prepared, vector: &[f32], buckets: &[u32]) -> Labels {
        let logits = self.logits(vector, buckets);
        let fitted = self.calibration_of(prepared.language.tag());
        let urgency = ordinal(logits.urgency, &self.urgency_borders, fitted.urgency.scale);
        let sentiment = softmax(&logits.sentiment, fitted.sentiment.temperature);
        let emotion = softmax(&logits.emotion, fitted.emotion.temperature);
        let (polarity, emotion_index) = (most_probable(&sentiment), most_probable(&emotion));
        Labels {
            language: prepared.language,
            intents: self.intents(&logits, fitted),
            urgency: UrgencyPrediction {
                level: Urgency::ALL[most_probable(&urgency)],
                distribution: std::array::from_fn(|level| urgency[level]),
            },
            sentiment: SentimentPrediction {
                polarity: Polarity::ALL[polarity],
                probability: sentiment[polarity],
                score: f64::from(logits.score.tanh()),
            },
            emotion: EmotionPrediction {
                emotion: Emotion::ALL[emotion_index],
                probability: emotion[emotion_index],
            },
            wants_human: binary(fitted.wants_human, logits.wants_human),
            orders_system: binary(fitted.orders_system, logits.orders_system),
            num_tokens: prepared.num_tokens(),
            windowed: prepared.windowed(),
        }
    }

    /// Raw outputs of every head.
    pub fn logits(&self, vector: &[f32], buckets: &[u32]) -> Logits {
        let mut features = vector.to_vec();
        features.extend(self.hidden.forward(vector).into_iter().map(|value| value.max(0.0)));
        let all = self.outputs.forward(&features);
        let mut heads = self.heads.iter().map(|head| {
            let mut logits = all[head.outputs.clone()].to_vec();
            if let Some(lexical) = &head.lexical {
                lexical.add(&mut logits, buckets);
            }
            logits
        });
        let mut next = || heads.next().unwrap_or_default();
        let one = |logits: Vec<f32>| logits.first().copied().unwrap_or_default();
        // In the order of SHAPES.
        Logits {
            intent_rank: next(),
            intent_any: next(),
            urgency: one(next()),
            sentiment: next(),
            score: one(next()),
            emotion: next(),
            wants_human: one(next()),
            orders_system: one(next()),
        }
    }

    fn calibration_of(&self, tag: &str) -> &HeadCalibration {
        let languages = &self.calibration.languages;
        languages.get(tag).unwrap_or_else(|| &languages["default"])
    }

    /// Every intent in falling probability; the primary one is always selected.
    fn intents(&self, logits: &Logits, fitted: &HeadCalibration) -> Vec<IntentPrediction> {
        let ranks = softmax(&logits.intent_rank, fitted.intent_rank.temperature);
        let mut intents: Vec<IntentPrediction> = self
            .intents
            .iter()
            .zip(ranks)
            .zip(&logits.intent_any)
            .map(|((intent, probability), &any)| {
                let presence = fitted.intent_any.probability(any);
                let selected = presence >= fitted.intent_any.threshold;
                IntentPrediction { intent: intent.clone(), probability, presence, selected }
            })
            .collect();
        intents.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        intents[0].selected = true;
        intents
    }
}

fn binary(fitted: super::calibration::Platt, logit: f32) -> Binary {
    let probability = fitted.probability(logit);
    Binary { probability, holds: probability >= fitted.threshold }
}

fn most_probable(probabilities: &[f64]) -> usize {
    (0..probabilities.len()).max_by(|&a, &b| probabilities[a].total_cmp(&probabilities[b])).unwrap_or(0)
}

/// Reads the intents in head order and checks that they are this program's taxonomy.
fn read_intents(folder: &ModelFolder) -> Result<Vec<String>> {
    #[derive(Deserialize)]
    struct LabelFile {
        taxonomy_version: String,
        intents: Vec<String>,
    }
    let labels: LabelFile = folder.read_json("labels.json")?;
    let unknown = labels.intents.iter().find(|id| taxonomy::Intent::find(id).is_none());
    if labels.taxonomy_version != taxonomy::VERSION || labels.intents.is_empty() || unknown.is_some() {
        return Err(Error::model(
            folder.file("labels.json"),
            format!(
                "is of taxonomy {:?}{}; this program knows taxonomy {:?}",
                labels.taxonomy_version,
                unknown.map(|id| format!(" with the unknown intent {id:?}")).unwrap_or_default(),
                taxonomy::VERSION
            ),
        ));
    }
    Ok(labels.intents)
}
