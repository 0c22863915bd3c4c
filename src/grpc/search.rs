//! What a knowledge base said, on the wire.

use super::{decision::position, resources};
use crate::{
    knowledge::{
        AnswerCalibration, AnswerFeatures, Hit, QuotedAnswer, ScoreParts, SearchFilter, SearchOutcome,
    },
    message::Locale,
    proto,
};

/// Status, probability and hits.
pub fn result(search: &SearchOutcome) -> proto::KnowledgeResult {
    let status = if search.answered { proto::AnswerStatus::Answered } else { proto::AnswerStatus::NoAnswer };
    proto::KnowledgeResult {
        status: status.into(),
        answer_probability: search.answer_probability,
        hits: search.hits.iter().map(hit).collect(),
        knowledge_base: search.base.to_string(),
        generation: i64::try_from(search.generation).unwrap_or(i64::MAX),
        filter: Some(filter(&search.filter, search.num_articles)),
        explanation: None,
    }
}

/// The same with how scores and probability came about; `threshold` is the probability from which a
/// question counts as answered.
pub fn explained(
    search: &SearchOutcome,
    calibration: &AnswerCalibration,
    threshold: f64,
) -> proto::KnowledgeResult {
    let mut result = result(search);
    for (on_wire, hit) in result.hits.iter_mut().zip(&search.hits) {
        on_wire.parts = Some(parts(hit.parts));
    }
    let feature = |(name, value): (&str, f64)| proto::AnswerFeature {
        name: name.to_owned(),
        value,
        weight: calibration.weights.get(name).copied().unwrap_or_default(),
    };
    result.explanation = Some(proto::AnswerExplanation {
        features: AnswerFeatures::NAMES.into_iter().zip(search.features.values()).map(feature).collect(),
        bias: calibration.bias,
        threshold,
        calibrated: calibration.calibrated,
    });
    result
}

/// The part of a hit that answers, for an asker of a language.
pub fn answer(hit: &Hit, answer: QuotedAnswer, asker: Locale) -> proto::Answer {
    let citation = |range: &std::ops::Range<usize>| proto::Citation {
        number: 1,
        article: hit.article.to_string(),
        article_version: hit.article_version,
        title: hit.title.clone(),
        url: hit.url.clone(),
        start_byte: position(range.start),
        end_byte: position(range.end),
        locale: hit.locale.tag().to_owned(),
        converted: answer.converted,
    };
    proto::Answer {
        citations: answer.ranges.iter().map(citation).collect(),
        locale: answer.locale.tag().to_owned(),
        converted: answer.converted,
        other_language: hit.locale.is_chinese() != asker.is_chinese(),
        text: answer.text,
    }
}

fn hit(hit: &Hit) -> proto::Hit {
    proto::Hit {
        article: hit.article.to_string(),
        article_version: hit.article_version,
        title: hit.title.clone(),
        heading: hit.heading.clone(),
        text: hit.text.clone(),
        start_byte: position(hit.start_byte),
        end_byte: position(hit.end_byte),
        locale: hit.locale.tag().to_owned(),
        url: hit.url.clone(),
        score: hit.score,
        lexical_score: hit.lexical_score,
        dense_score: hit.dense_score,
        similar_articles: hit.similar.iter().map(ToString::to_string).collect(),
        parts: None,
    }
}

fn parts(parts: ScoreParts) -> proto::ScoreParts {
    let ScoreParts { lexical_weight, passage_dense, question_dense, locale_factor, late, late_weight } =
        parts;
    proto::ScoreParts { lexical_weight, passage_dense, question_dense, locale_factor, late, late_weight }
}

fn filter(filter: &SearchFilter, num_articles: usize) -> proto::AppliedFilter {
    proto::AppliedFilter {
        include_agent_articles: filter.include_agent_articles,
        channel: filter.channel.map_or(0, |channel| resources::proto_channel(channel).into()),
        brand: filter.brand.clone(),
        only_locale: filter.only_locale.map(|locale| locale.tag().to_owned()).unwrap_or_default(),
        tags: filter.tags.clone(),
        // Now unless the request said so; a decision must not differ by when it was asked for.
        valid_at: None,
        num_articles: i64::try_from(num_articles).unwrap_or(i64::MAX),
    }
}
