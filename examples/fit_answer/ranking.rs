//! Tunes and measures the order of the hits.

use anyhow::Result;
use frontdesk::{
    knowledge::{AnswerCalibration, RandomPairs, SearchParameters},
    message::Locale,
};

use crate::cases::{Case, Cases};

/// Hits that are looked at.
const MAX_HITS: usize = 10;
/// Weights of the lexical score that are tried.
const NUM_STEPS: u32 = 20;

/// Weights of the tokens that are tried.
const NUM_LATE_STEPS: u32 = 8;
/// The distance of two of them.
const LATE_STEP: f64 = 0.5;

/// What the order of the hits is worth, over some questions that have an article.
#[derive(Clone, Copy, Debug, Default)]
struct Measure {
    num_questions: f64,
    first: f64,
    in_three: f64,
    in_ten: f64,
    reciprocal: f64,
}

/// Measures unrelated pairs, then takes the lexical weights with the best reciprocal rank.
pub fn tune(cases: &Cases) -> Result<AnswerCalibration> {
    let search = SearchParameters { random_pairs: random_pairs(cases), ..SearchParameters::default() };
    let mut best = AnswerCalibration { search, ..AnswerCalibration::default() };
    let mut best_values = (-1.0, -1.0);
    for step in 0..=NUM_STEPS {
        let weight = f64::from(step) / f64::from(NUM_STEPS);
        let mut tried = best.clone();
        tried.search.lexical_weight_en = weight;
        tried.search.lexical_weight_zh = weight;
        let ranks = ranks(cases, &tried)?;
        let english = measure(cases, &ranks, |case| case.locale == Locale::En).reciprocal;
        let chinese = measure(cases, &ranks, |case| case.locale.is_chinese()).reciprocal;
        if english > best_values.0 {
            (best_values.0, best.search.lexical_weight_en) = (english, weight);
        }
        if chinese > best_values.1 {
            (best_values.1, best.search.lexical_weight_zh) = (chinese, weight);
        }
    }
    with_late_weight(cases, best)
}

/// The weight of the questions' tokens with the best reciprocal rank.
fn with_late_weight(cases: &Cases, parameters: AnswerCalibration) -> Result<AnswerCalibration> {
    let mut best = (-1.0, parameters.clone());
    for step in 0..=NUM_LATE_STEPS {
        let mut tried = parameters.clone();
        tried.search.late_weight = f64::from(step) * LATE_STEP;
        let reciprocal = measure(cases, &ranks(cases, &tried)?, |_| true).reciprocal;
        println!("late weight {:.1}: MRR {reciprocal:.4}", tried.search.late_weight);
        if reciprocal > best.0 {
            best = (reciprocal, tried);
        }
    }
    Ok(best.1)
}

/// Prints what words alone, vectors alone and both are worth, by language.
pub fn report(cases: &Cases, calibration: &AnswerCalibration, verbose: bool) -> Result<()> {
    let with_weight = |weight: f64| {
        let mut changed = calibration.clone();
        changed.search.lexical_weight_en = weight;
        changed.search.lexical_weight_zh = weight;
        changed
    };
    println!("{:10} {:8} {:>5} {:>6} {:>6} {:>6} {:>6}", "", "asker", "n", "hit@1", "hit@3", "hit@10", "MRR");
    let without_tokens = |mut calibration: AnswerCalibration| {
        calibration.search.late_weight = 0.0;
        calibration
    };
    let ways = [
        ("words", without_tokens(with_weight(1.0))),
        ("vectors", without_tokens(with_weight(0.0))),
        ("both", without_tokens(calibration.clone())),
        ("and tokens", calibration.clone()),
    ];
    for (way, parameters) in ways {
        let ranks = ranks(cases, &parameters)?;
        for locale in Locale::ALL {
            print(way, locale.tag(), measure(cases, &ranks, |case| case.locale == locale));
        }
        print(way, "all", measure(cases, &ranks, |_| true));
        if verbose && way == "and tokens" {
            for (case, rank) in cases.cases.iter().zip(&ranks).filter(|(_, rank)| **rank != Some(1)) {
                if let Some(article) = &case.article {
                    println!("  {rank:?} {article}: {}", case.question);
                }
            }
        }
    }
    Ok(())
}

fn print(way: &str, asker: &str, measure: Measure) {
    let Measure { num_questions, first, in_three, in_ten, reciprocal } = measure;
    println!("{way:10} {asker:8} {num_questions:5} {first:6.3} {in_three:6.3} {in_ten:6.3} {reciprocal:6.3}");
}

/// Position of each question's article among the hits, counted from 1.
fn ranks(cases: &Cases, calibration: &AnswerCalibration) -> Result<Vec<Option<usize>>> {
    let outcomes = cases.search(calibration, MAX_HITS)?;
    let rank = |case: &Case, outcome: &frontdesk::knowledge::SearchOutcome| {
        let article = case.article.as_ref()?;
        let found = outcome.hits.iter().position(|hit| hit.article.translation_key() == article);
        found.map(|position| position + 1)
    };
    Ok(cases.cases.iter().zip(&outcomes).map(|(case, outcome)| rank(case, outcome)).collect())
}

fn measure(cases: &Cases, ranks: &[Option<usize>], counts: impl Fn(&Case) -> bool) -> Measure {
    let mut sum = Measure::default();
    for (case, rank) in cases.cases.iter().zip(ranks) {
        if case.article.is_none() || !counts(case) {
            continue;
        }
        let within = |limit: usize| if rank.is_some_and(|rank| rank <= limit) { 1.0 } else { 0.0 };
        sum.num_questions += 1.0;
        sum.first += within(1);
        sum.in_three += within(3);
        sum.in_ten += within(MAX_HITS);
        #[expect(clippy::cast_precision_loss, reason = "at most ten")]
        let reciprocal = rank.map_or(0.0, |rank| 1.0 / rank as f64);
        sum.reciprocal += reciprocal;
    }
    let mean = |total: f64| total / sum.num_questions.max(1.0);
    Measure {
        num_questions: sum.num_questions,
        first: mean(sum.first),
        in_three: mean(sum.in_three),
        in_ten: mean(sum.in_ten),
        reciprocal: mean(sum.reciprocal),
    }
}

/// Mean cosine of questions and any text: of many, those that have something to do with one are few.
fn random_pairs(cases: &Cases) -> RandomPairs {
    let mean = |chinese_question: bool, chinese_text: bool| {
        let (mut sum, mut num_pairs) = (0.0_f64, 0.0_f64);
        for case in cases.cases.iter().filter(|case| case.locale.is_chinese() == chinese_question) {
            for (locale, row) in cases.generation.vectors() {
                if locale.is_chinese() == chinese_text {
                    let cosine: f32 =
                        row.iter().zip(&case.vectors.vector).map(|(left, right)| left * right).sum();
                    sum += f64::from(cosine);
                    num_pairs += 1.0;
                }
            }
        }
        // Three digits say all that some hundred questions can.
        (sum / num_pairs.max(1.0) * 1000.0).round() / 1000.0
    };
    RandomPairs {
        en: mean(false, false),
        zh: mean(true, true),
        cross: f64::midpoint(mean(true, false), mean(false, true)),
    }
}
