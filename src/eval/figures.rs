//! The figures of a report, computed from what the model says and what is right.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Disguise, LabelledMessage, Outcome};
use crate::{message::Locale, triage::Urgency};

/// Bins of equal count that calibration is measured in.
const BINS: usize = 10;
/// Share of the good messages that may be lost when texts that are out of scope are kept out.
const LOST: f64 = 0.02;
/// Intents that no company's service answers; their probabilities summed say "out of scope".
const NONE: [&str; 2] = ["other", "spam"];

/// What a figure's number means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// How many messages.
    Count,
    /// A share or a mean difference; in 0..1, of sentiment scores in 0..2.
    Share,
}

/// A part of the messages.
#[derive(Clone, Debug, Serialize)]
pub struct Column {
    /// `all`, a language tag, `with turns` or `without turns`.
    pub name: String,
    /// Its figures, in the order of [`Report::figures`]; `None` where no message has what is measured.
    pub values: Vec<Option<f64>>,
}

/// One row of the table.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Figure {
    /// What is measured.
    pub name: &'static str,
    /// What its number means.
    pub unit: Unit,
}

/// Messages whose primary intent got about the same probability.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bin {
    /// How many they are.
    pub messages: usize,
    /// Mean of the claimed probabilities.
    pub claimed: f64,
    /// Share of right primary intents.
    pub right: f64,
}

/// Every figure for every part of the messages.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The rows.
    pub figures: Vec<Figure>,
    /// The columns.
    pub columns: Vec<Column>,
    /// Reliability of the primary intent over all messages, rising in probability.
    pub reliability: Vec<Bin>,
}

/// A message with its outcome.
type Pair<'a> = (&'a LabelledMessage, &'a Outcome);
/// A figure of some messages.
type Measure = fn(&[Pair<'_>]) -> Option<f64>;

const SHARES: [(&str, Measure); 34] = [
    ("language told right", |p| {
        share(p, |(m, o)| (m.lang != "mixed").then(|| m.lang == o.labels.language.tag()))
    }),
    ("primary intent", |p| share(p, |(m, o)| Some(rank_of_primary(m, o) == 0))),
    ("primary intent in the first three", |p| share(p, |(m, o)| Some(rank_of_primary(m, o) < 3))),
    ("primary intent, macro-F1", macro_f1),
    ("primary intent, calibration error", |p| {
        calibration_error(p, |(m, o)| (top(o), rank_of_primary(m, o) == 0))
    }),
    ("primary intent, right where claimed 0.8 or more", |p| {
        share(p, |(m, o)| (top(o) >= 0.8).then(|| rank_of_primary(m, o) == 0))
    }),
    ("primary intent, share of messages claimed 0.8 or more", |p| share(p, |(_, o)| Some(top(o) >= 0.8))),
    ("set of intents, F1", |p| set_f1(p, 1)),
    ("set of intents, F1 of messages with two or more", |p| set_f1(p, 2)),
    ("set of intents, calibration error from a presence of 0.1 on", presence_error),
    ("urgency", |p| share(p, |(m, o)| Some(m.urgency == o.labels.urgency.level))),
    ("urgency, within one level", |p| {
        share(p, |(m, o)| Some((m.urgency as i32 - o.labels.urgency.level as i32).abs() <= 1))
    }),
    ("urgency, recall of urgent", |p| {
        share(p, |(m, o)| (m.urgency == Urgency::Urgent).then(|| o.labels.urgency.level == Urgency::Urgent))
    }),
    ("urgency, precision of urgent", |p| {
        share(p, |(m, o)| (o.labels.urgency.level == Urgency::Urgent).then(|| m.urgency == Urgency::Urgent))
    }),
    ("urgency, urgent called high or urgent", |p| {
        share(p, |(m, o)| (m.urgency == Urgency::Urgent).then(|| o.labels.urgency.level >= Urgency::High))
    }),
    ("urgency, calibration error", |p| {
        calibration_error(p, |(m, o)| (o.labels.urgency.probability(), m.urgency == o.labels.urgency.level))
    }),
    ("sentiment", |p| share(p, |(m, o)| Some(m.sentiment == o.labels.sentiment.polarity))),
    ("sentiment, calibration error", |p| {
        calibration_error(p, |(m, o)| {
            (o.labels.sentiment.probability, m.sentiment == o.labels.sentiment.polarity)
        })
    }),
    ("sentiment, mean error of the score", |p| {
        mean(p, |(m, o)| Some((m.score - o.labels.sentiment.score).abs()))
    }),
    ("emotion", |p| share(p, |(m, o)| Some(m.emotion == o.labels.emotion.emotion))),
    ("emotion, calibration error", |p| {
        calibration_error(p, |(m, o)| (o.labels.emotion.probability, m.emotion == o.labels.emotion.emotion))
    }),
    ("wants a person, precision", |p| share(p, |(m, o)| o.labels.wants_human.holds.then_some(m.wants_human))),
    ("wants a person, recall", |p| share(p, |(m, o)| m.wants_human.then_some(o.labels.wants_human.holds))),
    ("wants a person, calibration error", |p| {
        calibration_error(p, |(m, o)| (o.labels.wants_human.probability, m.wants_human))
    }),
    ("orders to the system, precision", |p| {
        share(p, |(m, o)| o.labels.orders_system.holds.then_some(m.orders_system))
    }),
    ("orders to the system, recall", |p| {
        share(p, |(m, o)| m.orders_system.then_some(o.labels.orders_system.holds))
    }),
    ("orders to the system, calibration error", |p| {
        calibration_error(p, |(m, o)| (o.labels.orders_system.probability, m.orders_system))
    }),
    ("out of scope kept out, 2 % of the good lost", kept_out),
    ("near-pairs, both intents right", |p| near_pairs(p, |(m, o)| rank_of_primary(m, o) == 0)),
    ("near-pairs, both urgencies right", |p| near_pairs(p, |(m, o)| m.urgency == o.labels.urgency.level)),
    ("intent unchanged under one typo", |p| share(p, |(_, o)| o.unchanged[Disguise::Typo as usize])),
    ("intent unchanged under zero-width characters", |p| {
        share(p, |(_, o)| o.unchanged[Disguise::ZeroWidth as usize])
    }),
    ("intent unchanged under full-width letters", |p| {
        share(p, |(_, o)| o.unchanged[Disguise::FullWidth as usize])
    }),
    ("intent unchanged under capitals", |p| share(p, |(_, o)| o.unchanged[Disguise::Capitals as usize])),
];

impl Report {
    /// Computes every figure; `outcomes[i]` is of `messages[i]`.
    pub(super) fn of(messages: &[LabelledMessage], outcomes: &[Outcome]) -> Self {
        let pairs: Vec<Pair<'_>> = messages.iter().zip(outcomes).collect();
        let mut figures = vec![Figure { name: "messages", unit: Unit::Count }];
        figures.extend(SHARES.iter().map(|&(name, _)| Figure { name, unit: Unit::Share }));
        let mut columns = vec![column("all", pairs.clone())];
        for locale in Locale::ALL {
            let of_language = pairs.iter().copied().filter(|(message, _)| message.lang == locale.tag());
            columns.push(column(locale.tag(), of_language.collect()));
        }
        for (name, with) in [("with turns", true), ("without turns", false)] {
            let part = pairs.iter().copied().filter(|(message, _)| message.context.is_empty() != with);
            columns.push(column(name, part.collect()));
        }
        let sure = pairs.iter().map(|&(m, o)| (top(o), rank_of_primary(m, o) == 0)).collect();
        Self { figures, columns, reliability: bins(sure) }
    }
}

fn column(name: &str, pairs: Vec<Pair<'_>>) -> Column {
    let mut values = vec![Some(pairs.len() as f64)];
    values.extend(SHARES.iter().map(|(_, measure)| measure(&pairs)));
    Column { name: name.to_owned(), values }
}

/// Probability of the most probable intent.
fn top(outcome: &Outcome) -> f64 {
    outcome.labels.intents[0].probability
}

/// Place of the right primary intent among the intents in falling probability.
fn rank_of_primary(message: &LabelledMessage, outcome: &Outcome) -> usize {
    let intents = &outcome.labels.intents;
    intents.iter().position(|known| known.intent == message.intents[0]).unwrap_or(intents.len())
}

/// Mean of what `value` gives; `None` when it gives nothing.
fn mean(pairs: &[Pair<'_>], value: impl Fn(Pair<'_>) -> Option<f64>) -> Option<f64> {
    let values: Vec<f64> = pairs.iter().copied().filter_map(value).collect();
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// Share of those that hold among those of which it can be said.
fn share(pairs: &[Pair<'_>], holds: impl Fn(Pair<'_>) -> Option<bool>) -> Option<f64> {
    mean(pairs, |pair| holds(pair).map(|holds| f64::from(u8::from(holds))))
}

/// Bins of equal count, rising in the claimed probability.
fn bins(mut sure: Vec<(f64, bool)>) -> Vec<Bin> {
    sure.sort_by(|a, b| a.0.total_cmp(&b.0));
    let total = sure.len();
    (0..BINS)
        .map(|bin| &sure[bin * total / BINS..(bin + 1) * total / BINS])
        .filter(|part| !part.is_empty())
        .map(|part| Bin {
            messages: part.len(),
            claimed: part.iter().map(|(claimed, _)| claimed).sum::<f64>() / part.len() as f64,
            right: part.iter().filter(|(_, right)| *right).count() as f64 / part.len() as f64,
        })
        .collect()
}

/// Expected calibration error: the mean gap between claimed probability and share of right answers.
fn calibration_error(pairs: &[Pair<'_>], sure: impl Fn(Pair<'_>) -> (f64, bool)) -> Option<f64> {
    error_of(pairs.iter().copied().map(sure).collect())
}

fn error_of(sure: Vec<(f64, bool)>) -> Option<f64> {
    let total = sure.len();
    let gaps = bins(sure).into_iter().map(|bin| bin.messages as f64 * (bin.claimed - bin.right).abs());
    (total > 0).then(|| gaps.sum::<f64>() / total as f64)
}

/// The same of every intent that is claimed to be present with at least 0.1.
fn presence_error(pairs: &[Pair<'_>]) -> Option<f64> {
    let claims = pairs.iter().flat_map(|(message, outcome)| {
        let claimed = outcome.labels.intents.iter().filter(|known| known.presence >= 0.1);
        claimed.map(|known| (known.presence, message.intents.contains(&known.intent)))
    });
    error_of(claims.collect())
}

/// Mean F1 over the intents that occur as a primary one.
fn macro_f1(pairs: &[Pair<'_>]) -> Option<f64> {
    let present: BTreeSet<&str> = pairs.iter().map(|(message, _)| message.intents[0].as_str()).collect();
    let f1 = present.iter().map(|&intent| {
        let count = |right: bool, told: bool| {
            let of = |(message, outcome): &&Pair<'_>| {
                (message.intents[0] == intent) == right
                    && (outcome.labels.intents[0].intent == intent) == told
            };
            pairs.iter().filter(of).count() as f64
        };
        2.0 * count(true, true) / (2.0 * count(true, true) + count(true, false) + count(false, true))
    });
    (!present.is_empty()).then(|| f1.sum::<f64>() / present.len() as f64)
}

/// F1 of the sets of intents, over messages that have at least `at_least`.
fn set_f1(pairs: &[Pair<'_>], at_least: usize) -> Option<f64> {
    let (mut hits, mut sizes) = (0, 0);
    for (message, outcome) in pairs.iter().filter(|(message, _)| message.intents.len() >= at_least) {
        let selected: Vec<&str> = outcome
            .labels
            .intents
            .iter()
            .filter(|known| known.selected)
            .map(|known| known.intent.as_str())
            .collect();
        hits += selected.iter().filter(|id| message.intents.iter().any(|right| right == *id)).count();
        sizes += selected.len() + message.intents.len();
    }
    (sizes > 0).then(|| 2.0 * hits as f64 / sizes as f64)
}

/// Share of the texts out of scope whose probability of being so is above that of all but 2 % of the
/// good messages. Real requests that fit no intent are neither.
fn kept_out(pairs: &[Pair<'_>]) -> Option<f64> {
    let none = |outcome: &Outcome| -> f64 {
        let intents = outcome.labels.intents.iter();
        intents.filter(|known| NONE.contains(&known.intent.as_str())).map(|known| known.probability).sum()
    };
    let good = |message: &LabelledMessage| !NONE.contains(&message.intents[0].as_str());
    let mut of_good: Vec<f64> = pairs.iter().filter(|(m, _)| good(m)).map(|(_, o)| none(o)).collect();
    of_good.sort_by(|a, b| b.total_cmp(a));
    let bound = of_good.get((of_good.len() as f64 * LOST) as usize).copied()?;
    share(pairs, |(message, outcome)| message.out_of_scope.then(|| none(outcome) > bound))
}

/// Share of the near-pairs of which both messages are right.
fn near_pairs(pairs: &[Pair<'_>], right: impl Fn(Pair<'_>) -> bool) -> Option<f64> {
    let mut by_name: BTreeMap<&str, Vec<bool>> = Default::default();
    for &(message, outcome) in pairs {
        if let Some(name) = &message.pair {
            by_name.entry(name).or_default().push(right((message, outcome)));
        }
    }
    let whole: Vec<bool> =
        by_name.values().filter(|both| both.len() == 2).map(|both| both.iter().all(|right| *right)).collect();
    (!whole.is_empty()).then(|| whole.iter().filter(|right| **right).count() as f64 / whole.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        eval::parse,
        text::language::{Language, Source},
        triage::{Binary, Emotion, EmotionPrediction, IntentPrediction, Labels, Polarity},
        triage::{SentimentPrediction, UrgencyPrediction},
    };

    /// A message whose right intents are given, separated by commas.
    fn message(intents: &str, more: &str) -> LabelledMessage {
        let intents = intents.replace(',', "\",\"");
        let line = format!(
            "{{\"id\":\"a\",\"text\":\"x\",\"lang\":\"en\",\"channel\":\"chat\",\"context\":[],\
             \"intents\":[\"{intents}\"],\"urgency\":\"urgent\",\"sentiment\":\"neutral\",\"score\":0,\
             \"emotion\":\"none\",\"wants_human\":false,\"orders_system\":false,\"topic\":\"t\"{more}}}"
        );
        parse(&line, "test").unwrap().remove(0)
    }

    /// What the model says: intents in falling probability, those with a star selected.
    fn outcome(intents: &[(&str, f64)]) -> Outcome {
        let no = Binary { probability: 0.0, holds: false };
        let intents = intents.iter().map(|&(name, probability)| IntentPrediction {
            intent: name.trim_start_matches('*').to_owned(),
            probability,
            presence: probability,
            selected: name.starts_with('*'),
        });
        Outcome {
            labels: Labels {
                language: Language { locale: Ok(Locale::En), source: Source::Text, script_determined: true },
                intents: intents.collect(),
                urgency: UrgencyPrediction { level: Urgency::High, distribution: [0.0, 0.0, 0.7, 0.3] },
                sentiment: SentimentPrediction { polarity: Polarity::Neutral, probability: 1.0, score: 0.5 },
                emotion: EmotionPrediction { emotion: Emotion::None, probability: 1.0 },
                wants_human: no,
                orders_system: no,
                num_tokens: 1,
                windowed: false,
            },
            unchanged: [Some(true), None, Some(false), None],
        }
    }

    fn value(report: &Report, name: &str) -> Option<f64> {
        let place = report.figures.iter().position(|figure| figure.name == name).expect(name);
        report.columns[0].values[place]
    }

    fn near(found: Option<f64>, expected: f64) {
        let found = found.expect("a value");
        assert!((found - expected).abs() < 1e-9, "{found} instead of {expected}");
    }

    #[test]
    fn every_figure_has_its_own_name() {
        let names: BTreeSet<&str> = SHARES.iter().map(|(name, _)| *name).collect();
        assert_eq!(names.len(), SHARES.len());
    }

    #[test]
    fn intents_are_counted_by_hand() {
        let messages = [
            message("refund.request", ""),
            message("refund.request,delivery.track", ""),
            message("delivery.track", ""),
            message("spam", ""),
        ];
        let outcomes = [
            outcome(&[("*refund.request", 0.9), ("delivery.track", 0.1)]),
            outcome(&[("*delivery.track", 0.6), ("*refund.request", 0.3)]),
            outcome(&[("*delivery.track", 0.8), ("*spam", 0.1)]),
            outcome(&[("*refund.request", 0.5), ("order.place", 0.2), ("legal.threat", 0.1), ("spam", 0.1)]),
        ];
        let report = Report::of(&messages, &outcomes);
        near(value(&report, "messages"), 4.0);
        near(value(&report, "primary intent"), 0.5);
        near(value(&report, "primary intent in the first three"), 0.75);
        // refund.request: 1 hit, 1 missed, 1 wrong; delivery.track: 1 hit, 1 wrong; spam: missed.
        near(value(&report, "primary intent, macro-F1"), (2.0 / 4.0 + 2.0 / 3.0 + 0.0) / 3.0);
        near(value(&report, "set of intents, F1"), 2.0 * (1.0 + 2.0 + 1.0) / (2.0 + 4.0 + 3.0 + 2.0));
        near(value(&report, "set of intents, F1 of messages with two or more"), 1.0);
        // One message a bin: |.5 - 0| + |.6 - 0| + |.8 - 1| + |.9 - 1|.
        near(value(&report, "primary intent, calibration error"), (0.5 + 0.6 + 0.2 + 0.1) / 4.0);
        near(value(&report, "urgency"), 0.0);
        near(value(&report, "urgency, recall of urgent"), 0.0);
        near(value(&report, "urgency, urgent called high or urgent"), 1.0);
        near(value(&report, "sentiment, mean error of the score"), 0.5);
        near(value(&report, "intent unchanged under one typo"), 1.0);
        near(value(&report, "intent unchanged under full-width letters"), 0.0);
        assert_eq!(value(&report, "intent unchanged under capitals"), None);
        assert_eq!(value(&report, "wants a person, recall"), None);
        assert_eq!(report.reliability.len(), 4);
    }

    #[test]
    fn texts_out_of_scope_are_kept_out_at_the_bound() {
        // 50 good messages: one of them may be lost.
        let mut messages: Vec<_> = (0..50).map(|_| message("refund.request", "")).collect();
        let mut outcomes: Vec<_> =
            (0..50).map(|n| outcome(&[("*refund.request", 0.5), ("spam", f64::from(n) / 100.0)])).collect();
        for (intent, none) in [("spam", 0.485), ("other", 0.475)] {
            messages.push(message(intent, ",\"out_of_scope\":true"));
            outcomes.push(outcome(&[(intent, none)]));
        }
        // A real request that fits nothing is neither good nor out of scope.
        messages.push(message("other", ""));
        outcomes.push(outcome(&[("*other", 1.0)]));
        near(value(&Report::of(&messages, &outcomes), "out of scope kept out, 2 % of the good lost"), 0.5);
    }

    #[test]
    fn both_of_a_near_pair_must_be_right() {
        let pair = |name: &str, intent: &str| message(intent, &format!(",\"pair\":\"{name}\""));
        let messages = [
            pair("1", "refund.request"),
            pair("1", "refund.status"),
            pair("2", "refund.request"),
            pair("2", "refund.status"),
            pair("3", "refund.status"),
        ];
        let outcomes = [
            outcome(&[("*refund.request", 0.9)]),
            outcome(&[("*refund.status", 0.9)]),
            outcome(&[("*refund.request", 0.9)]),
            outcome(&[("*refund.request", 0.9)]),
            outcome(&[("*refund.status", 0.9)]),
        ];
        near(value(&Report::of(&messages, &outcomes), "near-pairs, both intents right"), 0.5);
    }
}
