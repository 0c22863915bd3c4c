//! Searching one generation: lexical and dense scores on fixed scales, joined and grouped.

mod candidates;
mod groups;
mod late;

use serde::{Deserialize, Serialize};

use self::{candidates::Scorer, groups::Group};
use super::{
    analysis,
    catalogue::Admitted,
    confidence::AnswerFeatures,
    filter::SearchFilter,
    generation::Generation,
    index::{FieldWeights, LexicalScores},
    name::{ArticleName, BaseName},
};
use crate::{
    Result,
    encoder::QuestionTokens,
    message::Locale,
    text::{fold::fold, is_han},
};

/// A question to a generation.
#[derive(Clone, Debug)]
pub struct Query<'a> {
    /// The question, as a customer would type it.
    pub text: &'a str,
    /// Its vector, from the same encoder as the articles; empty searches by words alone.
    pub vector: &'a [f32],
    /// Its tokens, from the same encoder; the default one does without.
    pub tokens: &'a QuestionTokens,
    /// Language of the asker, preferred at equal relevance; `None` means the question's own.
    pub locale: Option<Locale>,
    /// Which articles may be found.
    pub filter: &'a SearchFilter,
    /// At most this many hits, one an article.
    pub max_hits: usize,
}

/// Best passage of one article that was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    /// The article.
    pub article: ArticleName,
    /// Version of the article that the passage was cut from.
    pub article_version: i64,
    /// Title of the article.
    pub title: String,
    /// Headings above the passage, joined by ` › `, without the title.
    pub heading: String,
    /// The passage as the article has it.
    pub text: String,
    /// First byte of the passage in the article's body.
    pub start_byte: usize,
    /// The byte after the passage's last.
    pub end_byte: usize,
    /// Language of the article.
    pub locale: Locale,
    /// Public address; empty when it has none.
    pub url: String,
    /// Fused score in 0..1 on a fixed scale; of translations, the best one's. See [`ScoreParts`].
    pub score: f64,
    /// BM25 over the highest value that the question can reach, in 0..1.
    pub lexical_score: f64,
    /// Rescaled cosine in 0..1; the better one of passage and authored questions.
    pub dense_score: f64,
    /// Other articles with a passage that says the same.
    pub similar: Vec<ArticleName>,
    /// How the score came about.
    pub parts: ScoreParts,
}

/// How a hit's score came about: `joined = weight · lexical + (1 - weight) · max(passage, question)`, times
/// the factor where no translation is in the asker's language; then `score = (joined + late_weight · late) /
/// (1 + late_weight)`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ScoreParts {
    /// Weight in 0..1 of the lexical score.
    pub lexical_weight: f64,
    /// Rescaled cosine in 0..1 of the passage that fits best as a whole; the one that is shown may be another
    /// of the article, whose words meet the question better.
    pub passage_dense: f64,
    /// Rescaled cosine in 0..1 of the title or the best authored question.
    pub question_dense: f64,
    /// What the article keeps of its score for its language.
    pub locale_factor: f64,
    /// How well the question's tokens are met by the article's, in 0..1; 0 beyond the first few articles.
    pub late: f64,
    /// Weight of `late`; at least 0.
    pub late_weight: f64,
}

/// What a generation says to a question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SearchOutcome {
    /// The knowledge base.
    pub base: BaseName,
    /// The generation that was searched.
    pub generation: u64,
    /// Whether the first hit is likely enough to answer.
    pub answered: bool,
    /// Calibrated probability in 0..1 that the first hit answers.
    pub answer_probability: f64,
    /// What the probability was computed from.
    pub features: AnswerFeatures,
    /// Best first, one an article; listed even when none answers.
    pub hits: Vec<Hit>,
    /// Language of the asker.
    pub asker: Locale,
    /// Which articles could be found.
    pub filter: SearchFilter,
    /// Articles that could be found.
    pub num_articles: usize,
}

/// Mean cosine of a question and a text that has nothing to do with it, by their languages.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RandomPairs {
    /// Both in English.
    pub en: f64,
    /// Both in Chinese, whatever the scripts.
    pub zh: f64,
    /// One in each.
    pub cross: f64,
}

impl Default for RandomPairs {
    fn default() -> Self {
        Self { en: 0.1, zh: 0.1, cross: 0.1 }
    }
}

/// Weights and scales of the search.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SearchParameters {
    /// Weight in 0..1 of the lexical score for a question in English; the dense one has the rest.
    pub lexical_weight_en: f64,
    /// The same for a question in Chinese.
    pub lexical_weight_zh: f64,
    /// The zeros of the dense score.
    pub random_pairs: RandomPairs,
    /// What an article in the asker's language, but the other script, keeps of its score.
    pub other_script_factor: f64,
    /// What an article in another language keeps of its score.
    pub other_language_factor: f64,
    /// Weights within the lexical score.
    pub fields: FieldWeights,
    /// Passages that get a lexical score; the others count as 0.
    pub max_lexical_passages: usize,
    /// Weight of how well the question's tokens are met, for the first few articles; 0 leaves their order
    /// as it is.
    pub late_weight: f64,
}

impl Default for SearchParameters {
    fn default() -> Self {
        Self {
            lexical_weight_en: 0.4,
            lexical_weight_zh: 0.4,
            random_pairs: RandomPairs::default(),
            other_script_factor: 0.97,
            other_language_factor: 0.9,
            fields: FieldWeights::default(),
            max_lexical_passages: 512,
            late_weight: 0.0,
        }
    }
}

/// Finds the passages that answer a question.
pub(super) fn search(generation: &Generation, query: &Query<'_>) -> Result<SearchOutcome> {
    let catalogue = generation.catalogue.as_ref();
    let renderings = analysis::renderings(query.text);
    let admitted = catalogue.admitted(query.filter);
    let lexical = lexical(generation, &renderings, &admitted)?;
    let asker = query.locale.unwrap_or_else(|| locale_of(query.text));
    let candidates = Scorer::new(generation, query, asker, &lexical).candidates(&admitted);
    let groups = groups::group(catalogue, candidates, asker);
    let groups = late::reorder(catalogue, groups, query.tokens, generation.calibration.search.late_weight);
    let groups = groups::join_similar(catalogue, groups);
    let features = features(generation, &groups, query, &renderings, &lexical, asker);
    let answer_probability = generation.calibration.probability(&features);
    let hits = groups.iter().take(query.max_hits).map(|group| hit(generation, group));
    Ok(SearchOutcome {
        base: generation.base.clone(),
        generation: generation.number,
        answered: !groups.is_empty() && answer_probability >= generation.calibration.threshold,
        answer_probability,
        features,
        hits: hits.collect::<Result<_>>()?,
        asker,
        filter: query.filter.clone(),
        num_articles: admitted.num_articles(),
    })
}

/// The lexical scores of the articles that may be found.
fn lexical(
    generation: &Generation,
    renderings: &[analysis::Rendering],
    admitted: &Admitted,
) -> Result<LexicalScores> {
    let parameters = &generation.calibration.search;
    let catalogue = generation.catalogue.as_ref();
    let admits =
        |number: i64| admitted.is_all || catalogue.find(number).is_some_and(|slot| admitted.contains(slot));
    generation.searcher.score(renderings, &parameters.fields, admits, parameters.max_lexical_passages)
}

/// The language that a text shows by its characters alone.
pub(super) fn locale_of(text: &str) -> Locale {
    match text.contains(is_han) {
        true if fold(text) != text => Locale::ZhHant,
        true => Locale::ZhHans,
        false => Locale::En,
    }
}

fn features(
    generation: &Generation,
    groups: &[Group],
    query: &Query<'_>,
    renderings: &[analysis::Rendering],
    lexical: &LexicalScores,
    asker: Locale,
) -> AnswerFeatures {
    let Some(top) = groups.first() else { return AnswerFeatures::default() };
    let next = groups.get(1).map_or(0.0, |group| group.score);
    let shown = &top.shown;
    let words = groups::words_of(&generation.catalogue, shown);
    let coverage = |rendering: &analysis::Rendering| words.coverage(&rendering.words);
    let head = generation.calibration.head.as_ref();
    let judged = head
        .map_or(0.0, |head| head.judge(query.vector, &groups::passage_vector(&generation.catalogue, shown)));
    AnswerFeatures {
        score: top.best.score,
        lexical: top.best.lexical,
        passage_dense: top.best.passage_dense,
        question_dense: top.best.question_dense,
        margin: (top.score - next).max(0.0),
        // For the reading of the question that fits best.
        coverage: renderings.iter().map(coverage).fold(0.0, f64::max),
        unknown: lexical.unknown,
        same_language: f64::from(shown.locale.is_chinese() == asker.is_chinese()),
        judged,
        late: top.late,
    }
}

fn hit(generation: &Generation, group: &Group) -> Result<Hit> {
    let catalogue = generation.catalogue.as_ref();
    let candidate = &group.shown;
    let entry = catalogue.entry(candidate.slot);
    let record = catalogue.segment(candidate.slot).record(entry)?;
    let passage = record.passages.get(candidate.ordinal as usize);
    let (start_byte, end_byte) = passage.map(|passage| (passage.start, passage.end)).unwrap_or_default();
    let similar = group.similar.iter().map(|slot| {
        groups::name(&generation.base, &catalogue.segment(*slot).record(catalogue.entry(*slot))?)
    });
    Ok(Hit {
        article: groups::name(&generation.base, &record)?,
        article_version: entry.version,
        title: record.title.to_owned(),
        heading: passage.map(|passage| passage.heading.clone()).unwrap_or_default(),
        text: passage.map(|passage| passage.text(record.body)).unwrap_or_default().to_owned(),
        start_byte,
        end_byte,
        locale: candidate.locale,
        url: record.url.to_owned(),
        score: group.score.clamp(0.0, 1.0),
        lexical_score: candidate.lexical,
        dense_score: candidate.dense(),
        similar: similar.collect::<Result<_>>()?,
        parts: ScoreParts {
            lexical_weight: candidate.lexical_weight,
            passage_dense: candidate.passage_dense,
            question_dense: candidate.question_dense,
            locale_factor: candidate.locale_factor,
            late: group.late,
            late_weight: generation.calibration.search.late_weight,
        },
    })
}
