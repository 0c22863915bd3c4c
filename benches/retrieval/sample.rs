//! The sample shop and its own questions, a third of which nothing answers.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use anyhow::Result;
use frontdesk::{
    encoder::QuestionVectors,
    knowledge::{Generation, Query, SearchFilter, SearchOutcome, formats},
    message::Locale,
    policy::Playbook,
};
use serde::Deserialize;

use crate::{
    figures::{self, MAX_RANK, Ranking, share},
    put::{self, Half, Question, Questions},
    support::{self, Bundled},
};

#[derive(Deserialize)]
struct Line {
    id: String,
    question: String,
    locale: Locale,
    article: Option<String>,
    pair: Option<String>,
}

impl Line {
    /// The question with its article, put to the articles of one language or to all.
    fn question(&self, only_locale: Option<Locale>) -> Option<Question> {
        Some(Question {
            text: self.question.clone(),
            locale: self.locale,
            article: self.article.clone()?,
            filter: SearchFilter { only_locale, ..SearchFilter::default() },
        })
    }
}

/// What the shop has: the languages of each article that the public may see.
struct Shop {
    generation: Arc<Generation>,
    locales: BTreeMap<String, Vec<Locale>>,
}

impl Shop {
    fn has(&self, line: &Line, locale: Locale) -> bool {
        let locales = line.article.as_ref().and_then(|article| self.locales.get(article));
        locales.is_some_and(|locales| locales.contains(&locale))
    }
}

/// Measures everything about the sample shop.
pub async fn measure(bundled: &Bundled) -> Result<()> {
    let temporary = tempfile::tempdir()?;
    let encoder = Arc::new(bundled.sentences.clone());
    let knowledge = support::open(temporary.path(), encoder, bundled.settings()).await?;
    let reading = formats::read(Path::new(support::SAMPLE), &formats::ReadOptions::default());
    anyhow::ensure!(reading.problems.is_empty(), "{:?}", reading.problems[0]);
    let items: Vec<_> = reading.articles.into_iter().map(|file| file.item).collect();
    let mut locales = BTreeMap::<String, Vec<Locale>>::new();
    for item in &items {
        let (article, tag) = item.name.rsplit_once('.').unwrap_or((&item.name, ""));
        locales.entry(article.to_owned()).or_default().extend(Locale::from_tag(tag));
    }
    let generation = support::import(&knowledge, "sample", items).await?;
    let shop = Shop { generation, locales };
    let lines: Vec<Line> = support::read_lines(Path::new(support::QUESTIONS))?;
    let questions = Questions::new(bundled);
    recall(&shop, &questions, &lines)?;
    across(&shop, &questions, &lines)?;
    no_answer(&shop, &questions, &lines)?;
    knowledge.close().await;
    Ok(())
}

/// The questions that have an answer, to all articles.
fn recall(shop: &Shop, questions: &Questions<'_>, lines: &[Line]) -> Result<()> {
    let mut rows = Vec::new();
    let languages = [None, Some(Locale::En), Some(Locale::ZhHans), Some(Locale::ZhHant)];
    for (half, language) in Half::ALL.into_iter().flat_map(|half| languages.map(|language| (half, language)))
    {
        let of_language = lines.iter().filter(|line| language.is_none_or(|only| only == line.locale));
        let asked: Vec<Question> = of_language.filter_map(|line| line.question(None)).collect();
        let ranking = questions.rank(&shop.generation, half, &asked)?;
        rows.push(row(&[half.name(), language.map_or("all", Locale::tag)], &ranking));
    }
    println!("\nSample shop, questions that have an answer, over the articles of all languages:");
    support::print_table(&["half", "language", "questions", "hit@1", "hit@3", "hit@10", "MRR"], &rows);
    Ok(())
}

/// The same questions to the articles of one language: their own, the other script, English.
fn across(shop: &Shop, questions: &Questions<'_>, lines: &[Line]) -> Result<()> {
    let mut rows = Vec::new();
    let mut same_and_cross = (Ranking::default(), Ranking::default());
    let scripts = [Locale::ZhHans, Locale::ZhHant];
    let in_both = |line: &&Line| scripts.iter().all(|locale| shop.has(line, *locale));
    for (asker, base) in scripts.into_iter().flat_map(|asker| scripts.map(|base| (asker, base))) {
        let pairs = lines.iter().filter(|line| line.pair.is_some() && line.locale == asker).filter(in_both);
        let asked: Vec<Question> = pairs.filter_map(|line| line.question(Some(base))).collect();
        let ranking = questions.rank(&shop.generation, Half::Whole, &asked)?;
        rows.push(row(&["pairs", asker.tag(), base.tag()], &ranking));
        let joined = if asker == base { &mut same_and_cross.0 } else { &mut same_and_cross.1 };
        joined.0.extend(ranking.0);
    }
    for (asker, base) in [
        (Locale::ZhHans, Locale::En),
        (Locale::ZhHant, Locale::En),
        (Locale::En, Locale::ZhHans),
        (Locale::En, Locale::ZhHant),
    ] {
        let asked = lines.iter().filter(|line| line.locale == asker && shop.has(line, base));
        let asked: Vec<Question> = asked.filter_map(|line| line.question(Some(base))).collect();
        let ranking = questions.rank(&shop.generation, Half::Whole, &asked)?;
        rows.push(row(&["across languages", asker.tag(), base.tag()], &ranking));
    }
    println!("\nSample shop, held to the articles of one language:");
    let head = ["questions", "asked in", "articles in", "questions", "hit@1", "hit@3", "hit@10", "MRR"];
    support::print_table(&head, &rows);
    let (same, cross) = (same_and_cross.0.hits_at(1), same_and_cross.1.hits_at(1));
    println!(
        "\ncross-script gap: {:.1} points of hit@1 (same script {same:.3}, cross {cross:.3}; one question of {} is {:.1})",
        100.0 * (same - cross),
        same_and_cross.0.0.len(),
        100.0 / f64::from(u32::try_from(same_and_cross.0.0.len())?.max(1)),
    );
    Ok(())
}

/// Whether the probability tells questions with an answer from those without.
fn no_answer(shop: &Shop, questions: &Questions<'_>, lines: &[Line]) -> Result<()> {
    let outcomes = outcomes(shop, questions, lines)?;
    let policy = Playbook::built_in().thresholds(None).answer;
    let languages = [None, Some(Locale::En), Some(Locale::ZhHans), Some(Locale::ZhHant)];
    let mut rows = Vec::new();
    for threshold in [shop.generation.calibration().threshold, policy] {
        for language in languages {
            let here: Vec<&(&Line, SearchOutcome)> =
                outcomes.iter().filter(|(line, _)| language.is_none_or(|only| only == line.locale)).collect();
            let figures = at_threshold(&here, threshold).map(|figure| format!("{figure:.3}"));
            let labels = [
                format!("{threshold}"),
                language.map_or("all", Locale::tag).to_owned(),
                here.len().to_string(),
            ];
            rows.push(labels.into_iter().chain(figures).collect());
        }
    }
    println!("\nSample shop, answered or not, by the threshold of the answer probability:");
    let head = [
        "threshold",
        "language",
        "questions",
        "no-answer accuracy",
        "unanswerable kept out",
        "answerable answered",
        "of those answered, right",
    ];
    support::print_table(&head, &rows);
    let has_article: Vec<(f64, bool)> =
        outcomes.iter().map(|(line, outcome)| (outcome.answer_probability, line.article.is_some())).collect();
    let right: Vec<(f64, bool)> = outcomes
        .iter()
        .map(|(line, outcome)| (outcome.answer_probability, is_right(line, outcome)))
        .collect();
    println!(
        "\nanswer probability: AUC {:.3} for having an answer, {:.3} for the first hit being right; ECE {:.3}, right on {:.3} of all, mean {:.3}",
        figures::auc(&has_article),
        figures::auc(&right),
        figures::calibration_error(&right),
        share(right.iter().filter(|(_, right)| *right).count(), right.len()),
        right.iter().map(|(probability, _)| probability).sum::<f64>()
            / f64::from(u32::try_from(right.len())?),
    );
    misses(&outcomes);
    Ok(())
}

fn outcomes<'a>(
    shop: &Shop,
    questions: &Questions<'_>,
    lines: &'a [Line],
) -> Result<Vec<(&'a Line, SearchOutcome)>> {
    let texts: Vec<&str> = lines.iter().map(|line| line.question.as_str()).collect();
    let filter = SearchFilter::default();
    let ask = |(line, vector): (&'a Line, QuestionVectors)| {
        let query = Query {
            text: &line.question,
            vector: &vector.vector,
            tokens: &vector.tokens,
            locale: Some(line.locale),
            filter: &filter,
            max_hits: MAX_RANK,
        };
        Ok((line, shop.generation.search(&query)?))
    };
    lines.iter().zip(questions.encode(&texts)?).map(ask).collect()
}

/// No-answer accuracy, share of the unanswerable that are kept out, share of the answerable that are
/// answered, and of those the share whose first hit is right.
fn at_threshold(outcomes: &[&(&Line, SearchOutcome)], threshold: f64) -> [f64; 4] {
    let answered = |outcome: &SearchOutcome| outcome.answer_probability >= threshold;
    let (answerable, unanswerable): (Vec<_>, Vec<_>) =
        outcomes.iter().copied().partition(|(line, _)| line.article.is_some());
    let given: Vec<_> = answerable.iter().filter(|(_, outcome)| answered(outcome)).collect();
    let kept_out = unanswerable.iter().filter(|(_, outcome)| !answered(outcome)).count();
    let right = given.iter().filter(|(line, outcome)| is_right(line, outcome)).count();
    [
        share(given.len() + kept_out, outcomes.len()),
        share(kept_out, unanswerable.len()),
        share(given.len(), answerable.len()),
        share(right, given.len()),
    ]
}

fn is_right(line: &Line, outcome: &SearchOutcome) -> bool {
    line.article.as_ref().is_some_and(|article| put::place(outcome, article) == Some(1))
}

/// Which questions did not find their article first, for reading, not for tuning.
fn misses(outcomes: &[(&Line, SearchOutcome)]) {
    let missed = outcomes.iter().filter(|(line, outcome)| line.article.is_some() && !is_right(line, outcome));
    let ids: Vec<&str> = missed.map(|(line, _)| line.id.as_str()).collect();
    println!("not first: {}", ids.join(" "));
}

fn row(labels: &[&str], ranking: &Ranking) -> Vec<String> {
    labels.iter().map(|label| (*label).to_owned()).chain(ranking.cells()).collect()
}
