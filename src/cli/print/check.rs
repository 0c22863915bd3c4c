//! How well a knowledge base answers its golden questions, for people.

use anstyle::{AnsiColor, Style};

use super::{DIM, Page, bold, text::clean};
use crate::proto::{CheckKnowledgeBaseResponse, GoldenFailure, GoldenFigures};

/// Widths of the table's columns.
const COLUMNS: [usize; 6] = [8, 9, 6, 6, 8, 9];

/// Lays out a report: the figures of each language, then what did not come out right.
pub(in crate::cli) fn check(page: &mut Page, name: &str, report: &CheckKnowledgeBaseResponse) {
    page.line(&format!("{} {DIM}(generation {}){DIM:#}", clean(name), report.generation));
    row(page, ["", "questions", "hit@1", "hit@3", "answered", "no answer"].map(str::to_owned));
    for locale in &report.locales {
        figures(page, &locale.locale, locale.figures.unwrap_or_default());
    }
    figures(page, "all", report.figures.unwrap_or_default());
    for (index, failed) in report.failures.iter().enumerate() {
        failure(page, index + 1, failed);
    }
    let hidden = report.num_failures.unsigned_abs() as usize - report.failures.len();
    if hidden > 0 {
        page.line(&format!("\n{hidden} more did not come out right."));
    }
}

fn row(page: &mut Page, cells: [String; 6]) {
    let cells: Vec<(&str, usize)> = cells.iter().map(String::as_str).zip(COLUMNS).collect();
    page.row(&cells);
}

fn figures(page: &mut Page, name: &str, figures: GoldenFigures) {
    let share = |share: Option<f64>| share.map_or("–".to_owned(), |share| format!("{share:.3}"));
    let cells = [
        clean(name),
        figures.num_questions.to_string(),
        share(figures.hit_at_1),
        share(figures.hit_at_3),
        share(figures.answered),
        share(figures.no_answer_accuracy),
    ];
    row(page, cells);
}

fn failure(page: &mut Page, number: usize, failure: &GoldenFailure) {
    let golden = failure.golden_question.clone().unwrap_or_default();
    page.line("");
    page.paragraph(&format!("{number:>3}. "), Style::new(), &golden.question);
    let id = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
    let expected = match (golden.article.as_str(), failure.found_at) {
        ("", _) => "expected no answer".to_owned(),
        (article, 0) => format!("expected {article}, not found"),
        (article, place) => format!("expected {article}, found at {place}"),
    };
    let first = match failure.first_article.as_str() {
        "" => "nothing came first".to_owned(),
        article => format!("{} “{}” came first", id(article), failure.first_title),
    };
    let sent = if failure.answered { " and would be sent" } else { "" };
    let told = format!("{expected}; {first}, probability {:.2}{sent}", failure.answer_probability);
    let style = if failure.answered { bold(AnsiColor::Red) } else { DIM };
    page.paragraph("     ", style, &told);
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{page, shown},
        *,
    };
    use crate::proto::{GoldenQuestion, LocaleFigures};

    #[test]
    fn figures_and_failures_are_shown() {
        let figures = GoldenFigures {
            num_questions: 12,
            num_answerable: 10,
            hit_at_1: Some(0.9),
            hit_at_3: Some(1.0),
            answered: Some(0.6),
            no_answer_accuracy: Some(0.5),
        };
        let none = GoldenFigures { num_questions: 10, no_answer_accuracy: None, ..figures };
        let golden = |question: &str, article: &str| {
            Some(GoldenQuestion { question: question.into(), article: article.into(), locale: String::new() })
        };
        let report = CheckKnowledgeBaseResponse {
            generation: 3,
            figures: Some(figures),
            locales: vec![LocaleFigures { locale: "zh-Hant".into(), figures: Some(none) }],
            num_failures: 4,
            failures: vec![
                GoldenFailure {
                    golden_question: golden(
                        "買了兩個月的耳機還能退嗎?當時店員說可以,但是我找不到發票了",
                        "returns",
                    ),
                    first_article: "knowledgeBases/sample/articles/warranty.zh-Hant".into(),
                    first_title: "保固".into(),
                    answer_probability: 0.634,
                    answered: false,
                    found_at: 2,
                },
                GoldenFailure {
                    golden_question: golden("Do you sell pianos?", ""),
                    first_article: "knowledgeBases/sample/articles/repair.en".into(),
                    first_title: "Repairs".into(),
                    answer_probability: 0.91,
                    answered: true,
                    found_at: 0,
                },
                GoldenFailure { golden_question: golden("停车", "parking"), ..GoldenFailure::default() },
            ],
        };
        let mut page = page();
        check(&mut page, "knowledgeBases/sample", &report);
        insta::assert_snapshot!(shown(&page));
    }
}
