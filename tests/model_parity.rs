//! The bundled model computes in Rust what it computed where it was made.

mod common;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use frontdesk::{
    encoder::{Row, TextEncoder},
    eval::{self, LabelledMessage},
    knowledge::AnswerHead,
    message::{Channel, Message, Turn},
    text::{
        language::{Language, Source},
        sentences::sentences,
    },
    triage::{Labels, Reading},
};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// One case of `parity.json`.
#[derive(Deserialize)]
struct Case {
    text: String,
    context: Vec<Turn>,
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
        let message = Message { text: case.text.clone(), turns: case.context.clone(), ..Message::default() };
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
    answers: Vec<AnswerCase>,
    labels: Vec<LabelCase>,
}

fn label_parity() -> LabelParity {
    common::model().folder().read_json("parity_labels.json").expect("the labels of the bundled model")
}

/// What Python says of one message of the corpus.
#[derive(Deserialize)]
struct LabelCase {
    id: String,
    intents: Vec<String>,
    probability: f64,
    margin: f64,
    urgency: Vec<f64>,
    sentiment: Vec<f64>,
    emotion: Vec<f64>,
    score: Vec<f64>,
    wants_human: Vec<f64>,
    orders_system: Vec<f64>,
    /// Whether a person is wanted and whether orders are given.
    holds: [bool; 2],
}

/// What Python's answer head says of a question and a passage.
#[derive(Deserialize)]
struct AnswerCase {
    question: String,
    passage: String,
    logit: f64,
}

fn corpus(file: &str) -> Vec<LabelledMessage> {
    eval::read(&common::root().join("models/training/corpus").join(file)).expect("a corpus file")
}

#[test]
fn sentences_are_tokenised_as_parts_of_their_message() {
    let model = common::model();
    let rows = &model.sentences().rows;
    let mut num_parts = 0;
    for file in ["dev.jsonl", "train.en.jsonl", "train.zh-Hans.jsonl", "train.zh-Hant.jsonl"] {
        for LabelledMessage { text, .. } in corpus(file) {
            let spans = sentences(&text, std::slice::from_ref(&(0..text.len())));
            let (whole, parts) = rows.tokenize_with_parts(&text, &spans).expect("tokenises");
            assert_eq!(whole, rows.tokenize(&text).expect("tokenises"), "{text:?}");
            for (span, part) in spans.iter().zip(&parts) {
                assert_eq!(*part, rows.tokenize(&text[span.clone()]).expect("tokenises"), "{text:?}");
            }
            num_parts += parts.len();
        }
    }
    assert!(num_parts > 20_000, "only {num_parts} sentences");
}

#[test]
fn every_corpus_file_is_tokenised_the_same() {
    let parity = label_parity();
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
        assert_eq!(
            found, expected,
            "{file} is tokenised in another way, or was changed since export.py wrote parity_labels.json"
        );
    }
}

#[test]
fn the_answer_head_says_the_same() {
    let model = common::model();
    let head = AnswerHead::load(model.folder(), model.sentences().encoder.dimensions())
        .expect("loads")
        .expect("the bundled model has an answer head");
    let cases = label_parity().answers;
    assert!(cases.len() >= 20, "{}", cases.len());
    for case in cases {
        let vectors = model.sentences().encode_texts(&[&case.question, &case.passage]).expect("encodes");
        let expected = (case.logit / 6.0).clamp(-1.0, 1.0);
        let found = head.judge(&vectors[0], &vectors[1]);
        assert!((found - expected).abs() < TOLERANCE, "{found} {expected}: {}", case.question);
    }
}

#[test]
fn a_thousand_messages_get_the_same_labels() {
    let parity = label_parity();
    assert_eq!(parity.labels.len(), 1000);
    let messages: HashMap<String, LabelledMessage> = parity
        .tokens
        .keys()
        .flat_map(|file| corpus(file))
        .map(|message| (message.id.clone(), message))
        .collect();
    let model = common::model();
    let reading = Reading { default_locale: frontdesk::message::Locale::En, max_windows: 1 };
    let (mut largest, mut num_other_sets) = (0.0f64, 0);
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
        let top = |probabilities: &[f64]| probabilities.iter().copied().fold(0.0, f64::max);
        let mut compared = vec![
            (intent.probability, case.probability),
            (labels.sentiment.probability, top(&case.sentiment)),
            (labels.sentiment.score, case.score[0]),
            (labels.emotion.probability, top(&case.emotion)),
            (labels.wants_human.probability, case.wants_human[0]),
            (labels.orders_system.probability, case.orders_system[0]),
        ];
        compared.extend(labels.urgency.distribution.into_iter().zip(case.urgency.iter().copied()));
        largest = compared.iter().map(|(found, expected)| (found - expected).abs()).fold(largest, f64::max);
        // Labels must be the same wherever the difference of both sides cannot decide between two.
        if case.margin > 2.0 * TOLERANCE {
            assert_eq!(intent.intent, case.intents[0], "{}", case.id);
            let selected: BTreeSet<&str> = labels
                .intents
                .iter()
                .filter(|known| known.selected)
                .map(|known| known.intent.as_str())
                .collect();
            let expected: BTreeSet<&str> = case.intents.iter().map(String::as_str).collect();
            num_other_sets += usize::from(selected != expected);
        }
        let clear = |probabilities: &[f64]| {
            let mut falling = probabilities.to_vec();
            falling.sort_by(|a, b| b.total_cmp(a));
            falling[0] - falling[1] > 2.0 * TOLERANCE
        };
        for (what, found, expected) in [
            ("urgency", labels.urgency.level as usize, &case.urgency),
            ("sentiment", labels.sentiment.polarity as usize, &case.sentiment),
            ("emotion", labels.emotion.emotion as usize, &case.emotion),
        ] {
            let most = (0..expected.len()).max_by(|&a, &b| expected[a].total_cmp(&expected[b]));
            assert!(!clear(expected) || Some(found) == most, "{what} of {}", case.id);
        }
        assert_eq!([labels.wants_human.holds, labels.orders_system.holds], case.holds, "{}", case.id);
    }
    // A presence may lie within the tolerance of its threshold.
    assert!(num_other_sets <= 2, "{num_other_sets} messages get another set of intents");
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
    let together = model.sentences().encoder.encode(rows.clone()).expect("encodes");
    for (row, vector) in rows.iter().zip(together) {
        let alone = model.sentences().encoder.encode(vec![row.clone()]).expect("encodes").remove(0);
        let cosine: f32 = alone.vector.iter().zip(&vector.vector).map(|(a, b)| a * b).sum();
        assert!(cosine > 0.99999, "{cosine}");
    }
}

#[test]
fn callers_at_once_get_the_very_vectors_that_each_gets_alone() {
    const NUM_CALLERS: usize = 6;
    let model = common::model();
    let row = |sample: common::Sample| {
        let tokens = model.sentences().rows.tokenize(&sample.text).expect("tokenises");
        let end = tokens.ids.len().min(60);
        model.sentences().rows.message_row(&tokens.ids[..end])
    };
    let rows: Vec<_> = common::samples().into_iter().take(4 * NUM_CALLERS).map(row).collect();
    let encoder = &model.sentences().encoder;
    let encode = |row: &Row| encoder.encode(vec![row.clone()]).expect("encodes").remove(0);
    let alone: Vec<_> = rows.iter().map(encode).collect();
    std::thread::scope(|scope| {
        for caller in 0..NUM_CALLERS {
            let (rows, alone) = (&rows, &alone);
            scope.spawn(move || {
                for index in (caller..rows.len()).step_by(NUM_CALLERS) {
                    assert_eq!(encode(&rows[index]), alone[index], "row {index}");
                }
                let all = encoder.encode(rows.clone()).expect("encodes");
                assert_eq!(&all, alone);
            });
        }
    });
}
