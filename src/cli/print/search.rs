//! What a knowledge base answers, for people.

use anstyle::{AnsiColor, Style};

use super::{DIM, HEADING, Page, bold, text::clean};
use crate::proto::{
    AnswerExplanation, AnswerFeature, AnswerStatus, Hit, KnowledgeResult, ScoreParts, SearchResponse,
};

/// Lays out what a knowledge base answers.
pub(in crate::cli) fn search(page: &mut Page, response: &SearchResponse) {
    let nothing = KnowledgeResult::default();
    let result = response.result.as_ref().unwrap_or(&nothing);
    let (color, status) = match result.status() {
        AnswerStatus::Answered => (AnsiColor::Green, "ANSWERED"),
        AnswerStatus::NoAnswer | AnswerStatus::Unspecified => (AnsiColor::Yellow, "NO ANSWER"),
    };
    let style = bold(color);
    let base = clean(&result.knowledge_base);
    page.line(&format!(
        "{style}{status}{style:#}, probability {:.2} {DIM}({base}, generation {}){DIM:#}",
        result.answer_probability, result.generation
    ));
    if let Some(answer) = &response.answer {
        page.line("");
        page.paragraph("    ", bold(AnsiColor::Green), &answer.text);
        let converted = if answer.converted { "converted from the other Chinese script" } else { "" };
        let other =
            if answer.other_language { "no article in the asker's language answers as well" } else { "" };
        let notes: Vec<&str> = [converted, other].into_iter().filter(|note| !note.is_empty()).collect();
        if !notes.is_empty() {
            page.paragraph("    ", DIM, &notes.join("; "));
        }
    }
    for (index, found) in result.hits.iter().enumerate() {
        hit(page, index + 1, found);
    }
    if let Some(explanation) = &result.explanation {
        explained(page, explanation, result.filter.as_ref().map_or(0, |filter| filter.num_articles));
    }
    if result.hits.is_empty() {
        page.line("No passage was found; `frontdesk kb list` shows what the knowledge bases hold.");
    }
}

fn hit(page: &mut Page, number: usize, hit: &Hit) {
    let heading =
        if hit.heading.is_empty() { hit.title.clone() } else { format!("{} › {}", hit.title, hit.heading) };
    page.line("");
    let first = format!("{number:>2}. ");
    page.paragraph(&first, HEADING, &heading);
    let scores = format!(
        "score {:.2} (words {:.2}, meaning {:.2}) · {} · version {}",
        hit.score, hit.lexical_score, hit.dense_score, hit.locale, hit.article_version
    );
    page.paragraph("    ", DIM, &scores);
    page.paragraph("    ", Style::new(), &hit.text);
    let place = if hit.url.is_empty() { &hit.article } else { &hit.url };
    page.paragraph("    ", DIM, place);
    if !hit.similar_articles.is_empty() {
        page.paragraph("    ", DIM, &format!("says the same: {}", hit.similar_articles.join(", ")));
    }
    if let Some(parts) = &hit.parts {
        page.paragraph("    ", DIM, &score_parts(hit, parts));
    }
}

/// The score of a hit as the sum that it is.
fn score_parts(hit: &Hit, parts: &ScoreParts) -> String {
    let ScoreParts { lexical_weight, passage_dense, question_dense, locale_factor, late, late_weight } =
        parts;
    format!(
        "{lexical_weight:.2} × words {:.2} + {:.2} × the larger of passage {passage_dense:.2} and title or \
         question {question_dense:.2}; for its language × {locale_factor:.2}; its words one by one {late:.2}, \
         weight {late_weight:.1}",
        hit.lexical_score,
        1.0 - lexical_weight
    )
}

/// What the probability was computed from.
fn explained(page: &mut Page, explanation: &AnswerExplanation, num_articles: i64) {
    let AnswerExplanation { features, bias, threshold, calibrated } = explanation;
    page.line("");
    page.line(&format!(
        "{HEADING}Why this probability{HEADING:#} {DIM}({num_articles} articles could be found){DIM:#}"
    ));
    page.line(&format!("  {:16} {:>7} {:>7} {:>7}", "", "value", "weight", "adds"));
    for AnswerFeature { name, value, weight } in features {
        page.line(&format!("  {:16} {value:7.3} {weight:7.3} {:7.3}", clean(name), value * weight));
    }
    let logit = bias + features.iter().map(|feature| feature.value * feature.weight).sum::<f64>();
    page.line(&format!("  {:16} {:7} {:7} {bias:7.3}", "bias", "", ""));
    let fitted = if *calibrated { "fitted on questions with known answers" } else { "not calibrated" };
    page.line(&format!(
        "  probability {:.3} = 1 / (1 + exp(-({logit:.3}))), {fitted}; ANSWERED from {threshold:.2}",
        1.0 / (1.0 + (-logit).exp())
    ));
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{page, shown},
        *,
    };
    use crate::proto::Answer;

    #[test]
    fn hits_show_their_passage_scores_and_source() {
        let hit = Hit {
            article: "knowledgeBases/sample/articles/returns.zh-Hant".into(),
            article_version: 2,
            title: "退貨與換貨".into(),
            heading: "三十天內".into(),
            text: "商品送達後三十天內都可以退貨。請在「我的訂單」選擇商品,列印標籤,再把包裹交給任何一家門市;\
                   收到後五個工作天內退款。"
                .into(),
            locale: "zh-Hant".into(),
            url: "https://shop.example/zh-hant/help/returns".into(),
            score: 0.83,
            lexical_score: 0.71,
            dense_score: 0.9,
            ..Hit::default()
        };
        let result = KnowledgeResult {
            status: AnswerStatus::Answered.into(),
            answer_probability: 0.912,
            hits: vec![hit],
            knowledge_base: "knowledgeBases/sample".into(),
            generation: 3,
            ..KnowledgeResult::default()
        };
        let answer = Answer {
            text: "商品送達後三十天內都可以退貨。".into(),
            locale: "zh-Hant".into(),
            converted: true,
            ..Answer::default()
        };
        let mut page = page();
        search(&mut page, &SearchResponse { result: Some(result), answer: Some(answer) });
        insta::assert_snapshot!(shown(&page));
    }

    #[test]
    fn nothing_found_says_what_to_do() {
        let mut page = page();
        search(&mut page, &SearchResponse::default());
        assert!(shown(&page).contains("NO ANSWER") && shown(&page).contains("kb list"));
    }
}
