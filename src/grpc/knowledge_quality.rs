//! The rpcs of KnowledgeService that keep a knowledge base right: golden questions and gaps.

use std::time::Instant;

use super::{
    App,
    resources::{count, time},
};
use crate::{
    Error, Result,
    knowledge::{
        Gap, GoldenFailure, GoldenFigures, GoldenQuestion, GoldenReport, LintBase, LintFinding,
        SetGoldenQuestions,
        lint::{FindingKind, Place},
    },
    message::Locale,
    proto,
};

/// Failures that an answer lists at most; more do not fit into 4 MiB for certain.
const MAX_FAILURES: usize = 1000;

/// Replaces the golden questions.
pub async fn set_golden_questions(
    app: &App,
    request: proto::SetGoldenQuestionsRequest,
    _deadline: Instant,
) -> Result<proto::SetGoldenQuestionsResponse> {
    let questions = request.golden_questions.into_iter().enumerate();
    let questions = questions.map(|(index, golden)| read_golden(golden, index)).collect::<Result<_>>()?;
    let set = SetGoldenQuestions { parent: request.parent, questions, request_id: request.request_id };
    let num_questions = app.desk.knowledge().set_golden_questions(set).await?;
    Ok(proto::SetGoldenQuestionsResponse { num_questions: number(num_questions) })
}

/// Lists the golden questions.
pub async fn list_golden_questions(
    app: &App,
    request: proto::ListGoldenQuestionsRequest,
    _deadline: Instant,
) -> Result<proto::ListGoldenQuestionsResponse> {
    let proto::ListGoldenQuestionsRequest { parent, page_size, page_token } = request;
    let page = app.desk.knowledge().golden_questions(&parent, page_size, &page_token).await?;
    Ok(proto::ListGoldenQuestionsResponse {
        golden_questions: page.items.into_iter().map(golden).collect(),
        next_page_token: page.next_page_token,
    })
}

/// Asks the golden questions.
pub async fn check_knowledge_base(
    app: &App,
    request: proto::CheckKnowledgeBaseRequest,
    _deadline: Instant,
) -> Result<proto::CheckKnowledgeBaseResponse> {
    let report = app.desk.knowledge().check(&request.name).await?;
    let GoldenReport { generation, total, locales, failures: failed } = report;
    let of_locale = |(locale, figures_of): (Locale, GoldenFigures)| proto::LocaleFigures {
        locale: locale.tag().to_owned(),
        figures: Some(figures(figures_of)),
    };
    Ok(proto::CheckKnowledgeBaseResponse {
        generation: count(generation),
        figures: Some(figures(total)),
        locales: locales.into_iter().map(of_locale).collect(),
        num_failures: number(failed.len()),
        failures: failed.into_iter().take(MAX_FAILURES).map(failure).collect(),
    })
}

/// Lists the gaps.
pub async fn list_gaps(
    app: &App,
    request: proto::ListGapsRequest,
    _deadline: Instant,
) -> Result<proto::ListGapsResponse> {
    let locale = served_locale(&request.locale, "locale")?;
    let knowledge = app.desk.knowledge();
    let page = knowledge.gaps(&request.parent, locale, request.page_size, &request.page_token).await?;
    Ok(proto::ListGapsResponse {
        gaps: page.items.into_iter().map(gap).collect(),
        next_page_token: page.next_page_token,
    })
}

/// Deletes a gap.
pub async fn delete_gap(
    app: &App,
    request: proto::DeleteGapRequest,
    _deadline: Instant,
) -> Result<proto::DeleteGapResponse> {
    app.desk.knowledge().delete_gap(&request.name, &request.request_id).await?;
    Ok(proto::DeleteGapResponse {})
}

/// Looks through the articles.
pub async fn lint_knowledge_base(
    app: &App,
    request: proto::LintKnowledgeBaseRequest,
    _deadline: Instant,
) -> Result<proto::LintKnowledgeBaseResponse> {
    let proto::LintKnowledgeBaseRequest { parent, stale_days, page_size, page_token } = request;
    let lint = LintBase { parent, stale_days, page_size, page_token };
    let page = app.desk.knowledge().lint(lint).await?;
    Ok(proto::LintKnowledgeBaseResponse {
        findings: page.items.into_iter().map(finding).collect(),
        next_page_token: page.next_page_token,
    })
}

/// A golden question as it is sent; `index` is its place in the request.
fn read_golden(golden: proto::GoldenQuestion, index: usize) -> Result<GoldenQuestion> {
    let locale = served_locale(&golden.locale, &format!("golden_questions[{index}].locale"))?;
    Ok(GoldenQuestion { question: golden.question, article: golden.article, locale })
}

/// A language that is served, or none.
fn served_locale(tag: &str, field: &str) -> Result<Option<Locale>> {
    match (tag, Locale::from_tag(tag)) {
        ("", _) => Ok(None),
        (_, Some(locale)) => Ok(Some(locale)),
        _ => Err(Error::invalid(field, "send en, zh-Hans, zh-Hant or nothing")),
    }
}

fn golden(golden: GoldenQuestion) -> proto::GoldenQuestion {
    proto::GoldenQuestion {
        question: golden.question,
        article: golden.article,
        locale: golden.locale.map(Locale::tag).unwrap_or_default().to_owned(),
    }
}

fn figures(figures: GoldenFigures) -> proto::GoldenFigures {
    proto::GoldenFigures {
        num_questions: number(figures.num_questions),
        num_answerable: number(figures.num_answerable),
        hit_at_1: figures.hit_at_1(),
        hit_at_3: figures.hit_at_3(),
        answered: figures.answered(),
        no_answer_accuracy: figures.no_answer_accuracy(),
    }
}

fn failure(failure: GoldenFailure) -> proto::GoldenFailure {
    let (first_article, first_title) =
        failure.first.map(|first| (first.article.to_string(), first.title)).unwrap_or_default();
    proto::GoldenFailure {
        golden_question: Some(golden(failure.golden)),
        first_article,
        first_title,
        answer_probability: failure.answer_probability,
        answered: failure.answered,
        found_at: failure.found_at.map(number).unwrap_or_default(),
    }
}

fn gap(gap: Gap) -> proto::Gap {
    proto::Gap {
        name: gap.name.to_string(),
        question: gap.question,
        examples: gap.examples,
        locale: gap.locale.tag().to_owned(),
        intent: gap.intent,
        count: count(gap.count),
        first_time: Some(time(gap.first_time_ms)),
        last_time: Some(time(gap.last_time_ms)),
    }
}

fn finding(found: LintFinding) -> proto::LintFinding {
    let LintFinding { finding, lines } = found;
    let kind = match finding.kind {
        FindingKind::Contradiction => proto::LintKind::Contradiction,
        FindingKind::Duplicate => proto::LintKind::Duplicate,
        FindingKind::Stale => proto::LintKind::Stale,
        FindingKind::TranslationFigures => proto::LintKind::TranslationFigures,
    };
    proto::LintFinding {
        kind: kind.into(),
        places: finding.places.into_iter().zip(lines).map(place).collect(),
        message: finding.message,
    }
}

fn place((place, line): (Place, usize)) -> proto::LintPlace {
    let position = |position: usize| u32::try_from(position).unwrap_or(u32::MAX);
    proto::LintPlace {
        article: place.article.to_string(),
        start_byte: position(place.range.start),
        end_byte: position(place.range.end),
        line: position(line),
        excerpt: place.excerpt,
        figures: place.figures.iter().map(ToString::to_string).collect(),
        article_version: place.article_version,
        locale: place.locale.tag().to_owned(),
    }
}

fn number(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
