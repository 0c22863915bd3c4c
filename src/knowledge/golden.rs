//! Golden questions: questions of which the authors know the answer, and how a generation does.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    article::{Limits, check_line},
    filter::SearchFilter,
    generation::Generation,
    name::{ArticleName, BaseName},
    search::{Hit, Query, locale_of},
    store::now_ms,
};
use crate::{Error, Result, encoder::TextEncoder, message::Locale};

/// Most golden questions of a knowledge base.
pub const MAX_GOLDEN_QUESTIONS: usize = 5_000;

/// Questions that are encoded in one batch.
pub(super) const BATCH_SIZE: usize = 32;
/// Hits in which the expected article is looked for.
const NUM_HITS: usize = 10;
/// Hits among which the expected article counts for hit@3.
const NUM_FIRST_HITS: usize = 3;

/// A question of which it is known which article answers it, or that none does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoldenQuestion {
    /// The question, as a customer would type it.
    pub question: String,
    /// Id of the article that answers it, with or without a locale; empty when nothing does.
    pub article: String,
    /// Language of the asker; `None` means the question's own.
    pub locale: Option<Locale>,
}

/// How many golden questions came out right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct GoldenFigures {
    /// Questions.
    pub num_questions: usize,
    /// Those that an article answers.
    pub num_answerable: usize,
    /// Answerable ones whose article came first.
    pub num_first: usize,
    /// Answerable ones whose article was among the first three.
    pub num_among_three: usize,
    /// Answerable ones whose article came first and would be sent.
    pub num_answered: usize,
    /// Those without an answer for which nothing would be sent.
    pub num_refused: usize,
}

/// A golden question that did not come out right.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GoldenFailure {
    /// The question with what was expected.
    pub golden: GoldenQuestion,
    /// What came first; `None` when nothing was found.
    pub first: Option<FirstHit>,
    /// Probability in 0..1 that the first hit answers.
    pub answer_probability: f64,
    /// Whether the first hit would be sent as the answer.
    pub answered: bool,
    /// Place of the expected article, counted from 1; `None` when it is not among the first ten.
    pub found_at: Option<usize>,
}

/// The article that came first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FirstHit {
    /// Its name.
    pub article: ArticleName,
    /// Its title.
    pub title: String,
}

/// How well a generation answers its golden questions.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct GoldenReport {
    /// The generation that was asked.
    pub generation: u64,
    /// All questions.
    pub total: GoldenFigures,
    /// The same for each language that has a question.
    pub locales: BTreeMap<Locale, GoldenFigures>,
    /// The questions that did not come out right, in their order.
    pub failures: Vec<GoldenFailure>,
}

impl GoldenQuestion {
    /// Checks and trims; `path` stands before the field names in errors, for example
    /// `golden_questions[3]`.
    ///
    /// # Errors
    /// [`Error::Invalid`] for the first field that is wrong.
    pub(super) fn check(self, base: &BaseName, path: &str, limits: &Limits) -> Result<Self> {
        check_line(&self.question, &format!("{path}.question"), limits)?;
        let field = format!("{path}.article");
        let article = match self.article.trim() {
            "" => String::new(),
            name if name.contains('/') => {
                let name = ArticleName::parse(name, &field)?;
                if name.base() != base {
                    let reason = format!("names an article of another knowledge base; send one of {base}");
                    return Err(Error::invalid(field, reason));
                }
                name.id().to_owned()
            }
            id => ArticleName::from_id(base, id, &field)?.id().to_owned(),
        };
        Ok(Self { question: self.question.trim().to_owned(), article, locale: self.locale })
    }

    /// Place of the expected article or a translation of it among hits, counted from 1.
    fn place_among(&self, hits: &[Hit]) -> Option<usize> {
        let is_expected = |hit: &Hit| {
            let expected = ArticleName::from_id(hit.article.base(), &self.article, "article");
            expected.is_ok_and(|expected| expected.translation_key() == hit.article.translation_key())
        };
        hits.iter().position(is_expected).map(|index| index + 1)
    }

    /// The language of the asker: the one that was said, else the one that the text shows.
    fn asker(&self) -> Locale {
        self.locale.unwrap_or_else(|| locale_of(&self.question))
    }
}

impl GoldenFigures {
    /// Share in 0..1 of the answerable questions whose article came first; `None` without any.
    pub fn hit_at_1(&self) -> Option<f64> {
        share(self.num_first, self.num_answerable)
    }

    /// Share in 0..1 of the answerable questions whose article was among the first three.
    pub fn hit_at_3(&self) -> Option<f64> {
        share(self.num_among_three, self.num_answerable)
    }

    /// Share in 0..1 of the answerable questions whose article came first and would be sent.
    pub fn answered(&self) -> Option<f64> {
        share(self.num_answered, self.num_answerable)
    }

    /// Share in 0..1 of the questions without an answer for which nothing would be sent.
    pub fn no_answer_accuracy(&self) -> Option<f64> {
        share(self.num_refused, self.num_questions - self.num_answerable)
    }

    /// Counts one question.
    fn count(&mut self, is_answerable: bool, answered: bool, found_at: Option<usize>) {
        let is_first = found_at == Some(1);
        self.num_questions += 1;
        self.num_answerable += usize::from(is_answerable);
        self.num_first += usize::from(is_first);
        self.num_among_three += usize::from(found_at.is_some_and(|place| place <= NUM_FIRST_HITS));
        self.num_answered += usize::from(is_first && answered);
        self.num_refused += usize::from(!is_answerable && !answered);
    }
}

impl GoldenReport {
    /// Asks a generation every question, on the calling thread.
    ///
    /// # Errors
    /// [`Error::Compute`] when the encoder fails, [`Error::Index`] when the index cannot be read.
    pub fn of(
        generation: &Generation,
        encoder: &dyn TextEncoder,
        questions: &[GoldenQuestion],
    ) -> Result<Self> {
        let mut report = Self { generation: generation.number(), ..Self::default() };
        for some in questions.chunks(BATCH_SIZE) {
            report.ask(generation, encoder, some)?;
        }
        Ok(report)
    }

    /// Asks some more questions.
    pub(super) fn ask(
        &mut self,
        generation: &Generation,
        encoder: &dyn TextEncoder,
        questions: &[GoldenQuestion],
    ) -> Result<()> {
        self.generation = generation.number();
        let texts: Vec<&str> = questions.iter().map(|golden| golden.question.as_str()).collect();
        let encoded = encoder.encode_questions(&texts)?;
        let filter = SearchFilter { valid_at_ms: now_ms(), ..SearchFilter::default() };
        for (golden, question) in questions.iter().zip(&encoded) {
            let query = Query {
                text: &golden.question,
                vector: &question.vector,
                tokens: &question.tokens,
                locale: golden.locale,
                filter: &filter,
                max_hits: NUM_HITS,
            };
            let outcome = generation.search(&query)?;
            let found_at = golden.place_among(&outcome.hits);
            let is_answerable = !golden.article.is_empty();
            let of_locale = self.locales.entry(golden.asker()).or_default();
            of_locale.count(is_answerable, outcome.answered, found_at);
            self.total.count(is_answerable, outcome.answered, found_at);
            let is_right = if is_answerable { found_at == Some(1) } else { !outcome.answered };
            if is_right {
                continue;
            }
            let first = outcome.hits.into_iter().next();
            self.failures.push(GoldenFailure {
                golden: golden.clone(),
                first: first.map(|hit| FirstHit { article: hit.article, title: hit.title }),
                answer_probability: outcome.answer_probability,
                answered: outcome.answered,
                found_at,
            });
        }
        Ok(())
    }

    /// What is worse here than `before` by more than `max_drop` (0..1), in one sentence; `None` when
    /// nothing is. Every language is looked at as well as the whole, so that one cannot get worse
    /// behind the others.
    pub fn worse_than(&self, before: &Self, max_drop: f64) -> Option<String> {
        let of_locales = before.locales.iter().map(|(locale, figures)| {
            (format!(" for {locale}"), figures, self.locales.get(locale).copied().unwrap_or_default())
        });
        let total = std::iter::once((String::new(), &before.total, self.total));
        let dropped: Vec<String> = total
            .chain(of_locales)
            .flat_map(|(place, before, now)| drops(&place, before, &now, max_drop))
            .collect();
        (!dropped.is_empty()).then(|| {
            format!("{}; at most {max_drop} was allowed (knowledge.golden_max_drop)", dropped.join(", "))
        })
    }
}

/// The figures that dropped by more than `max_drop`.
fn drops(place: &str, before: &GoldenFigures, now: &GoldenFigures, max_drop: f64) -> Vec<String> {
    type Figure = fn(&GoldenFigures) -> Option<f64>;
    let figures: [(&str, Figure); 3] = [
        ("hit@1", GoldenFigures::hit_at_1),
        ("hit@3", GoldenFigures::hit_at_3),
        ("no-answer accuracy", GoldenFigures::no_answer_accuracy),
    ];
    let dropped = |(name, figure): (&str, Figure)| {
        let (before, now) = (figure(before)?, figure(now).unwrap_or_default());
        // Shares of small counts are not exact in binary; a millionth is no question.
        (before - now > max_drop + 1e-6)
            .then(|| format!("{name}{place} dropped from {before:.3} to {now:.3}"))
    };
    figures.into_iter().filter_map(dropped).collect()
}

fn share(part: usize, whole: usize) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "at most a few thousand")]
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(num_first: usize, num_refused: usize) -> GoldenFigures {
        GoldenFigures {
            num_questions: 60,
            num_answerable: 50,
            num_first,
            num_among_three: 50,
            num_answered: 30,
            num_refused,
        }
    }

    fn report(total: GoldenFigures, zh_hant: GoldenFigures) -> GoldenReport {
        GoldenReport {
            total,
            locales: BTreeMap::from([(Locale::ZhHant, zh_hant)]),
            ..GoldenReport::default()
        }
    }

    #[test]
    fn what_dropped_is_named_with_both_figures() {
        let before = report(figures(45, 9), figures(45, 9));
        assert_eq!(report(figures(44, 9), figures(46, 9)).worse_than(&before, 0.02), None);
        let worse = report(figures(40, 9), figures(45, 9)).worse_than(&before, 0.02).unwrap();
        assert!(worse.starts_with("hit@1 dropped from 0.900 to 0.800; at most 0.02"), "{worse}");
        let worse = report(figures(45, 9), figures(45, 7)).worse_than(&before, 0.02).unwrap();
        assert!(worse.starts_with("no-answer accuracy for zh-Hant dropped from 0.900 to 0.700;"), "{worse}");
        assert_eq!(before.worse_than(&GoldenReport::default(), 0.0), None);
    }

    #[test]
    fn figures_without_questions_are_absent() {
        let none = GoldenFigures::default();
        assert_eq!((none.hit_at_1(), none.hit_at_3(), none.no_answer_accuracy()), (None, None, None));
        assert_eq!(figures(45, 9).hit_at_1(), Some(0.9));
        assert_eq!(figures(45, 9).no_answer_accuracy(), Some(0.9));
    }

    #[test]
    fn every_wrong_field_is_named_with_its_index() {
        let base = BaseName::from_id("shop", "id").unwrap();
        let check = |question: &str, article: &str| {
            let golden = GoldenQuestion { question: question.into(), article: article.into(), locale: None };
            golden.check(&base, "golden_questions[3]", &Limits::default())
        };
        let field = |question: &str, article: &str| match check(question, article) {
            Err(Error::Invalid { field, .. }) => field,
            other => panic!("{other:?}"),
        };
        assert_eq!(field(" \u{3000}", "returns"), "golden_questions[3].question");
        assert_eq!(field("怎么\n退货", "returns"), "golden_questions[3].question");
        assert_eq!(field("怎么退货", "a b"), "golden_questions[3].article");
        assert_eq!(field("怎麼退貨", "knowledgeBases/x/articles/a"), "golden_questions[3].article");
        let named = check(" 怎麼退貨 ", "knowledgeBases/shop/articles/returns.en").unwrap();
        assert_eq!((named.question.as_str(), named.article.as_str()), ("怎麼退貨", "returns.en"));
        assert_eq!(check("weight of the moon?", "").unwrap().article, "");
    }
}
