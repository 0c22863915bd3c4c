//! The bundled model computes in Rust what it computed where it was made.

mod common;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use frontdesk::{
    eval::{self, LabelledMessage},
    message::{Channel, Message, Role, Turn},
    text::language::{Language, Source},
    triage::{Labels, Reading},
};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// One case of `parity.json`.
#[derive(Deserialize)]
struct Case {
    text: String,
    context: Vec<ContextTurn>,
    language: String,
    token_ids: Vec<u32>,
    vector_first_8: Vec<f32>,
    context_vector_first_8: Option<Vec<f32>>,
    probabilities: Probabilities,
    intents: Vec<String>,
    wants_human: bool,
    orders_system: bool,
}

#[derive(Deserialize)]
struct ContextTurn {
    role: Role,
    text: String,
}

#[derive(Deserialize)]
struct Probabilities {
    intent_rank: Vec<f64>,
    urgency: Vec<f64>,
    sentiment: Vec<f64>,
    score: Vec<f64>,
    emotion: Vec<f64>,
    wants_human: Vec<f64>,
    orders_system: Vec<f64>,
}

/// Largest difference of a probability; both sides compute in f32, in another order.
const TOLERANCE: f64 = 2e-3;

fn cases() -> Vec<Case> {
    common::model().folder().read_json("parity.json").expect("the cases of the bundled model")
}

#[test]
fn tokens_are_the_same_for_every_case() {
    for case in cases() {
        // The cases hold the whole row, cut at the window.
        let inner = &case.token_ids[1..case.token_ids.len() - 1];
        let tokens = common::model().sentences().rows.tokenize(&case.text).expect("tokenises").ids;
        assert_eq!(&tokens[..inner.len()], inner, "{:?}", case.text);
    }
}

#[test]
fn vectors_and_labels_agree() {
    let model = common::model();
    let reading = Reading { default_locale: frontdesk::message::Locale::En, max_windows: 1 };
    let mut compared = 0;
    for case in cases() {
        let turns = case.context.iter().map(|turn| Turn { role: turn.role, text: turn.text.clone() });
        let message = Message { text: case.text.clone(), turns: turns.collect(), ..Message::default() };
        let mut prepared = model.prepare(&message, &reading).expect("prepares");
        // The case says by which language's parameters it was calibrated.
        let locale = frontdesk::message::Locale::from_tag(&case.language).ok_or("und");
        prepared.language = Language { locale, source: Source::Text, script_determined: true };
        let encoded = model.encode(&[&prepared]).expect("encodes").remove(0);
        assert_near(&encoded.message[..8], &case.vector_first_8, &case.text);
        if let Some(expected) = &case.context_vector_first_8 {
            assert_near(&encoded.in_context[..8], expected, &case.text);
        }
        compare(&model.label(&prepared, &encoded), &case);
        compared += 1;
    }
    assert!(compared >= 50, "only {compared} cases");
}

fn compare(labels: &Labels, case: &Case) {
    let primary = labels.intents.first().expect("an intent");
    let close = |actual: f64, expected: f64, what: &str| {
        assert!((actual - expected).abs() < TOLERANCE, "{what} {actual} {expected}: {:?}", case.text);
    };
    let largest = |values: &[f64]| values.iter().copied().fold(0.0, f64::max);
    close(primary.probability, largest(&case.probabilities.intent_rank), "intent");
    for (actual, &expected) in labels.urgency.distribution.iter().zip(&case.probabilities.urgency) {
        close(*actual, expected, "urgency");
    }
    close(labels.sentiment.probability, largest(&case.probabilities.sentiment), "sentiment");
    close(labels.sentiment.score, case.probabilities.score[0], "score");
    close(labels.emotion.probability, largest(&case.probabilities.emotion), "emotion");
    close(labels.wants_human.probability, case.probabilities.wants_human[0], "wants_human");
    close(labels.orders_system.probability, case.probabilities.orders_system[0], "orders_system");
    let ranks = &case.probabilities.intent_rank;
    let runner_up = ranks.iter().copied().filter(|&p| p < largest(ranks)).fold(0.0, f64::max);
    if largest(ranks) - runner_up > TOLERANCE {
        assert_eq!(primary.intent, case.intents[0], "{:?}", case.text);
    }
    assert_eq!(labels.wants_human.holds, case.wants_human, "{:?}", case.text);
    assert_eq!(labels.orders_system.holds, case.orders_system, "{:?}", case.text);
}

fn assert_near(actual: &[f32], expected: &[f32], text: &str) {
    for (actual, expected) in actual.iter().zip(expected) {
        assert!((actual - expected).abs() < 5e-4, "{actual} {expected}: {text:?}");
    }
}

/// `parity_labels.json`.
#[derive(Deserialize)]
struct LabelParity {
    /// SHA-256 of the token ids of every file of the corpus.
    tokens: BTreeMap<String, String>,
    labels: Vec<LabelCase>,
}

/// What Python says of one message of the corpus.
#[derive(Deserialize)]
struct LabelCase {
    id: String,
    intents: Vec<String>,
    probability: f64,
    margin: f64,
    urgency: Vec<f64>,
    sentiment: usize,
    emotion: usize,
    wants_human: bool,
    orders_system: bool,
}

fn corpus(file: &str) -> Vec<LabelledMessage> {
    eval::read(&common::root().join("models/training/corpus").join(file)).expect("a corpus file")
}

#[test]
fn every_corpus_file_is_tokenised_the_same() {
    let parity: LabelParity = common::model().folder().read_json("parity_labels.json").expect("the file");
    assert!(parity.tokens.len() >= 5, "{:?}", parity.tokens.keys());
    for (file, expected) in parity.tokens {
        let mut digest = Sha256::new();
        for message in corpus(&file) {
            for text in std::iter::once(&message.text).chain(message.context.iter().map(|turn| &turn.text)) {
                let ids = common::model().sentences().rows.tokenize(text).expect("tokenises").ids;
                ids.iter().chain([&u32::MAX]).for_each(|id| digest.update(id.to_le_bytes()));
            }
        }
        let found: String = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(found, expected, "{file} is tokenised in another way");
    }
}

#[test]
fn a_thousand_messages_get_the_same_labels() {
    let parity: LabelParity = common::model().folder().read_json("parity_labels.json").expect("the file");
    assert!(parity.labels.len() >= 900, "{}", parity.labels.len());
    let messages: HashMap<String, LabelledMessage> = parity
        .tokens
        .keys()
        .flat_map(|file| corpus(file))
        .map(|message| (message.id.clone(), message))
        .collect();
    let model = common::model();
    let reading = Reading { default_locale: frontdesk::message::Locale::En, max_windows: 1 };
    let mut largest = 0.0f64;
    for case in &parity.labels {
        let labelled = &messages[&case.id];
        // Python reads the text as it is: no quoted lines of e-mails are left out.
        let message = Message { channel: Channel::Chat, ..labelled.message() };
        let mut prepared = model.prepare(&message, &reading).expect("prepares");
        let locale = frontdesk::message::Locale::from_tag(&labelled.lang).ok_or("und");
        prepared.language = Language { locale, source: Source::Text, script_determined: true };
        let encoded = model.encode(&[&prepared]).expect("encodes").remove(0);
        let labels = model.label(&prepared, &encoded);
        let intent = &labels.intents[0];
        let mut differences = vec![(intent.probability - case.probability).abs()];
        let levels = labels.urgency.distribution.iter().zip(&case.urgency);
        differences.extend(levels.map(|(actual, expected)| (actual - expected).abs()));
        largest = differences.into_iter().fold(largest, f64::max);
        if case.margin > TOLERANCE {
            assert_eq!(intent.intent, case.intents[0], "{}", case.id);
        }
        let selected: BTreeSet<&str> =
            labels.intents.iter().filter(|known| known.selected).map(|known| known.intent.as_str()).collect();
        assert!(case.intents.iter().filter(|id| !selected.contains(id.as_str())).count() <= 1, "{}", case.id);
        assert_eq!(labels.sentiment.polarity as usize, case.sentiment, "{}", case.id);
        assert_eq!(labels.emotion.emotion as usize, case.emotion, "{}", case.id);
        assert_eq!(labels.wants_human.holds, case.wants_human, "{}", case.id);
        assert_eq!(labels.orders_system.holds, case.orders_system, "{}", case.id);
    }
    println!("largest difference of a probability over {} messages: {largest:.6}", parity.labels.len());
    assert!(largest < TOLERANCE, "{largest}");
}

#[test]
fn a_batch_gives_what_each_message_gives_alone() {
    let model = common::model();
    let rows: Vec<_> = ["refund", "我的订单说好周五到,现在还没发货", "請問退貨要在幾天內辦理？運費誰出"]
        .iter()
        .chain(&["I was charged twice for order 8812, please fix this today", "k"])
        .map(|text| {
            let tokens = model.sentences().rows.tokenize(text).expect("tokenises");
            model.sentences().rows.message_row(&tokens.ids)
        })
        .collect();
    let together = model.sentences().encoder.encode(&rows).expect("encodes");
    for (row, vector) in rows.iter().zip(together) {
        let alone = model.sentences().encoder.encode(std::slice::from_ref(row)).expect("encodes").remove(0);
        let cosine: f32 = alone.iter().zip(&vector).map(|(a, b)| a * b).sum();
        assert!(cosine > 0.99999, "{cosine}");
    }
}
