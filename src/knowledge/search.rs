//! Searching one generation: lexical and dense scores on fixed scales, joined and grouped.

use std::{cmp::Ordering, collections::HashSet};

use serde::{Deserialize, Serialize};

use super::{
    analysis,
    confidence::AnswerFeatures,
    generation::{Generation, IndexedArticle},
    index::{FieldWeights, Filter, LexicalScores, PassageKey},
    name::{ArticleName, BaseName},
    vectors::rescale,
};
use crate::{
    Result,
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
    /// Language of the asker, preferred at equal relevance; `None` means the question's own.
    pub locale: Option<Locale>,
    /// Finds only articles in this language.
    pub only_locale: Option<Locale>,
    /// Whether articles for agents may be found.
    pub include_agent_articles: bool,
    /// At most this many hits, one an article.
    pub max_hits: usize,
}

/// Best passage of one article that was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
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
    /// Fused score in 0..1 on a fixed scale; of translations, the best one's.
    pub score: f64,
    /// BM25 over the highest value that the question can reach, in 0..1.
    pub lexical_score: f64,
    /// Rescaled cosine in 0..1; the better one of passage and authored questions.
    pub dense_score: f64,
}

/// What a generation says to a question.
#[derive(Clone, Debug, PartialEq, Serialize)]
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
        }
    }
}

/// An article with its best passage for one question.
#[derive(Clone, Copy)]
struct Candidate<'a> {
    article: &'a IndexedArticle,
    /// Position of the best passage.
    ordinal: usize,
    lexical: f64,
    passage_dense: f64,
    question_dense: f64,
    /// Joined score, whatever the article's language.
    score: f64,
    /// `score` less what the article's language costs.
    preferred: f64,
}

impl Candidate<'_> {
    fn dense(&self) -> f64 {
        self.passage_dense.max(self.question_dense)
    }
}

/// The translations of one article.
struct Group<'a> {
    /// The one in the asker's language where there is one, else the best.
    shown: Candidate<'a>,
    /// The scores of the best one: joined, lexical, passage, questions.
    best: [f64; 4],
    /// What groups are ranked by.
    score: f64,
}

/// Finds the passages that answer a question.
pub(super) fn search(generation: &Generation, query: &Query<'_>) -> Result<SearchOutcome> {
    let parameters = &generation.calibration.search;
    let renderings = analysis::renderings(query.text);
    let filter =
        Filter { include_agent_articles: query.include_agent_articles, only_locale: query.only_locale };
    let lexical = generation.searcher.score(
        &renderings,
        &parameters.fields,
        filter,
        parameters.max_lexical_passages,
    )?;
    let asker = query.locale.unwrap_or_else(|| locale_of(query.text));
    let candidates = generation
        .articles
        .iter()
        .filter(|article| filter.admits(article.locale, article.audience))
        .map(|article| candidate(article, query, &lexical, asker, parameters))
        .collect::<Vec<_>>();
    // Translations are neighbours.
    let mut groups: Vec<Group<'_>> = candidates
        .chunk_by(|left, right| left.article.translation_key() == right.article.translation_key())
        .filter_map(|translations| group(translations, asker))
        .collect();
    groups.sort_by(best_first);
    let features = AnswerFeatures {
        judged: judged(generation, &groups, query),
        ..features(&groups, &renderings, &lexical, asker)
    };
    let answer_probability = generation.calibration.probability(&features);
    Ok(SearchOutcome {
        base: generation.base.clone(),
        generation: generation.number,
        answered: !groups.is_empty() && answer_probability >= generation.calibration.threshold,
        answer_probability,
        features,
        hits: groups.into_iter().take(query.max_hits).map(hit).collect(),
    })
}

/// What the scores of one pair of languages are joined by.
struct Joining {
    lexical_weight: f64,
    random_pair_mean: f64,
}

impl Joining {
    fn new(query: &Query<'_>, article: Locale, parameters: &SearchParameters) -> Self {
        let random_pairs = parameters.random_pairs;
        let (lexical_weight, random_pair_mean) = match (query.text.contains(is_han), article.is_chinese()) {
            (true, true) => (parameters.lexical_weight_zh, random_pairs.zh),
            (false, false) => (parameters.lexical_weight_en, random_pairs.en),
            // Across languages a shared word is a name or a number; meaning alone counts.
            _ => (0.0, random_pairs.cross),
        };
        let lexical_weight = if query.vector.is_empty() { 1.0 } else { lexical_weight };
        Self { lexical_weight, random_pair_mean }
    }

    fn dense(&self, cosine: f32) -> f64 {
        rescale(cosine, self.random_pair_mean)
    }

    fn join(&self, lexical: f64, dense: f64) -> f64 {
        self.lexical_weight * lexical + (1.0 - self.lexical_weight) * dense
    }
}

/// The best passage of an article with its scores.
fn candidate<'a>(
    article: &'a IndexedArticle,
    query: &Query<'_>,
    lexical: &LexicalScores,
    asker: Locale,
    parameters: &SearchParameters,
) -> Candidate<'a> {
    let joining = Joining::new(query, article.locale, parameters);
    let dense = |cosine: f32| joining.dense(cosine);
    let question_dense = article.question_vectors.scores(query.vector).map(dense).fold(0.0, f64::max);
    let mut passage_dense = article.passage_vectors.scores(query.vector).map(dense);
    let mut best = (f64::NEG_INFINITY, 0, 0.0, 0.0);
    for ordinal in 0..article.passages.len() {
        let key = PassageKey { article: article.number, ordinal: ordinal as u64 };
        let lexical = lexical.scores.get(&key).copied().unwrap_or(0.0);
        let dense = passage_dense.next().unwrap_or(0.0);
        let joined = joining.join(lexical, dense);
        if joined > best.0 {
            best = (joined, ordinal, lexical, dense);
        }
    }
    let (_, ordinal, lexical, passage_dense) = best;
    let score = joining.join(lexical, passage_dense.max(question_dense));
    let preferred = score * locale_factor(article.locale, asker, parameters);
    Candidate { article, ordinal, lexical, passage_dense, question_dense, score, preferred }
}

fn locale_factor(article: Locale, asker: Locale, parameters: &SearchParameters) -> f64 {
    match article {
        same if same == asker => 1.0,
        other if other.is_chinese() == asker.is_chinese() => parameters.other_script_factor,
        _ => parameters.other_language_factor,
    }
}

/// The language that a text shows by its characters alone.
pub(super) fn locale_of(text: &str) -> Locale {
    match text.contains(is_han) {
        true if fold(text) != text => Locale::ZhHant,
        true => Locale::ZhHans,
        false => Locale::En,
    }
}

/// Puts the translations of one article together; `None` when nothing of them fits.
fn group<'a>(members: &[Candidate<'a>], asker: Locale) -> Option<Group<'a>> {
    let higher = |left: f64, right: f64| right.total_cmp(&left).is_lt();
    let mut first = *members.first()?;
    let mut preferred = first;
    let mut own: Option<Candidate<'a>> = None;
    for &member in members {
        if higher(member.score, first.score) {
            first = member;
        }
        if higher(member.preferred, preferred.preferred) {
            preferred = member;
        }
        if member.article.locale == asker && own.is_none_or(|own| higher(member.score, own.score)) {
            own = Some(member);
        }
    }
    let best = [first.score, first.lexical, first.passage_dense, first.question_dense];
    let (shown, score) = own.map_or((preferred, preferred.preferred), |own| (own, first.score));
    (score > 0.0).then_some(Group { shown, best, score })
}

/// A total order, so that equal questions get equal answers.
fn best_first(left: &Group<'_>, right: &Group<'_>) -> Ordering {
    right.score.total_cmp(&left.score).then_with(|| left.shown.article.name.cmp(&right.shown.article.name))
}

fn features(
    groups: &[Group<'_>],
    renderings: &[analysis::Rendering],
    lexical: &LexicalScores,
    asker: Locale,
) -> AnswerFeatures {
    let Some(top) = groups.first() else { return AnswerFeatures::default() };
    let [score, lexical_score, passage_dense, question_dense] = top.best;
    let next = groups.get(1).map_or(0.0, |group| group.score);
    AnswerFeatures {
        score,
        lexical: lexical_score,
        passage_dense,
        question_dense,
        margin: (top.score - next).max(0.0),
        coverage: coverage(top.shown.article, top.shown.ordinal, renderings),
        unknown: lexical.unknown,
        same_language: f64::from(top.shown.article.locale.is_chinese() == asker.is_chinese()),
        judged: 0.0,
    }
}

/// What the model's head makes of the question and the passage that is shown first.
fn judged(generation: &Generation, groups: &[Group<'_>], query: &Query<'_>) -> f64 {
    let (Some(head), Some(top)) = (&generation.calibration.head, groups.first()) else { return 0.0 };
    let passage = top.shown.article.passage_vectors.row(top.shown.ordinal);
    passage.map_or(0.0, |passage| head.judge(query.vector, passage))
}

/// Share of the question's words that stand in the article's title, questions or passage, for the
/// reading of the question that fits best.
fn coverage(article: &IndexedArticle, ordinal: usize, renderings: &[analysis::Rendering]) -> f64 {
    let passage = &article.passages[ordinal];
    let text = &article.body[passage.start..passage.end];
    let around = [article.title.as_str(), passage.heading.as_str(), &article.questions.join("\n"), text];
    let terms = analysis::analyse(&around.join("\n"));
    let standing: HashSet<&str> = terms.words.iter().map(String::as_str).collect();
    let share = |rendering: &analysis::Rendering| {
        let found = rendering.words.iter().filter(|word| standing.contains(word.as_str())).count();
        #[expect(clippy::cast_precision_loss, reason = "a question has few words")]
        let share = found as f64 / rendering.words.len().max(1) as f64;
        share
    };
    renderings.iter().map(share).fold(0.0, f64::max)
}

fn hit(group: Group<'_>) -> Hit {
    let candidate = group.shown;
    let article = candidate.article;
    let passage = &article.passages[candidate.ordinal];
    Hit {
        article: article.name.clone(),
        article_version: article.version,
        title: article.title.clone(),
        heading: passage.heading.clone(),
        text: article.body[passage.start..passage.end].to_owned(),
        start_byte: passage.start,
        end_byte: passage.end,
        locale: article.locale,
        url: article.url.clone(),
        score: group.score.clamp(0.0, 1.0),
        lexical_score: candidate.lexical,
        dense_score: candidate.dense(),
    }
}
