//! What keeps a knowledge base right: golden questions, and the gaps that customers find.

use std::sync::Arc;

use super::{
    Knowledge, LintBase, Page, SetGoldenQuestions,
    article::Article,
    gaps::{Gap, UnansweredQuestion},
    golden::{self, GoldenQuestion, GoldenReport, MAX_GOLDEN_QUESTIONS},
    lint::{Finding, LintSettings, Place, lint},
    name::{BaseName, GapName},
    paging::PageRequest,
    prepare::blocking,
    store::{Begun, GapPlace, RequestKey, now_ms},
};
use crate::{Error, Result, message::Locale};

/// Days after which content counts as old when the caller does not say.
const DEFAULT_STALE_DAYS: i64 = 365;
/// Most days that a caller may say: a century.
const MAX_STALE_DAYS: i32 = 36_500;
/// Days that a translation may be older than its newest sibling: time enough to translate a change.
const MAX_TRANSLATION_LAG_DAYS: i64 = 30;
/// Articles that are read at once.
const BATCH_SIZE: i64 = 256;

/// Something that may be wrong with articles; a person decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LintFinding {
    /// What and where.
    pub finding: Finding,
    /// The line of the body in which each place begins, counted from 1.
    pub lines: Vec<usize>,
}

impl LintFinding {
    fn new(finding: Finding, articles: &[Article]) -> Self {
        let line = |place: &Place| {
            let article = articles.iter().find(|article| article.name == place.article);
            let before = article.and_then(|article| article.content.body.get(..place.range.start));
            1 + before.unwrap_or_default().matches('\n').count()
        };
        Self { lines: finding.places.iter().map(line).collect(), finding }
    }

    /// Bytes of its texts.
    fn num_bytes(&self) -> usize {
        self.finding.message.len()
            + self.finding.places.iter().map(|place| place.excerpt.len()).sum::<usize>()
    }
}

impl Knowledge {
    /// Replaces the golden questions of a knowledge base; gives how many there are now.
    ///
    /// # Errors
    /// [`Error::Invalid`] (`parent`, `golden_questions` with the index), [`Error::NotFound`].
    pub async fn set_golden_questions(&self, request: SetGoldenQuestions) -> Result<usize> {
        let base = BaseName::parse(&request.parent, "parent")?;
        let num_questions = request.questions.len();
        if num_questions > MAX_GOLDEN_QUESTIONS {
            let reason = format!("{num_questions} are too many; send at most {MAX_GOLDEN_QUESTIONS}");
            return Err(Error::invalid("golden_questions", reason));
        }
        let key = RequestKey::new(&request.request_id, "SetGoldenQuestions", &request)?;
        let check = |(index, question): (usize, GoldenQuestion)| {
            question.check(&base, &format!("golden_questions[{index}]"), &self.inner.limits)
        };
        let questions: Vec<GoldenQuestion> =
            request.questions.into_iter().enumerate().map(check).collect::<Result<_>>()?;
        self.carry_out(async move |inner| {
            let mut write = match inner.store.begin(key).await? {
                Begun::Answered(num_questions) => return Ok(num_questions),
                Begun::Write(write) => write,
            };
            let base_number = write.base(&base).await?.number;
            write.set_golden_questions(base_number, &questions).await?;
            write.finish(&num_questions).await?;
            Ok(num_questions)
        })
        .await
    }

    /// Lists the golden questions of a knowledge base in the order in which they were set; a page
    /// size of 0 means 50, more than 1000 means 1000.
    ///
    /// # Errors
    /// [`Error::Invalid`] (`parent`, `page_size`, `page_token`), [`Error::NotFound`].
    pub async fn golden_questions(
        &self,
        parent: &str,
        page_size: i32,
        page_token: &str,
    ) -> Result<Page<GoldenQuestion>> {
        let base = BaseName::parse(parent, "parent")?;
        let request = PageRequest::new(&format!("{parent}/goldenQuestions"), page_size, page_token)?;
        let after = match request.after.as_str() {
            "" => -1,
            position => position.parse().map_err(|_| wrong_token())?,
        };
        let number = self.inner.store.base(&base).await?.number;
        let stored = self.inner.store.golden_questions(number, after, request.limit()).await?;
        let items = stored.into_iter().map(|(position, golden)| (position.to_string(), golden)).collect();
        let num_bytes = |(_, golden): &(String, GoldenQuestion)| golden.question.len();
        Ok(unnumbered(request.page(items, |(position, _)| position, num_bytes)))
    }

    /// Asks a knowledge base its golden questions. Ends early when the caller goes away.
    ///
    /// # Errors
    /// [`Error::Invalid`] (`name`), [`Error::NotFound`], [`Error::Precondition`] when it has no
    /// golden questions.
    pub async fn check(&self, name: &str) -> Result<GoldenReport> {
        let base = BaseName::parse(name, "name")?;
        let number = self.inner.store.base(&base).await?.number;
        let questions = self.inner.store.golden_questions(number, -1, i64::MAX).await?;
        if questions.is_empty() {
            let reason =
                "has no golden questions; set them first with SetGoldenQuestions or `frontdesk kb golden`"
                    .to_owned();
            return Err(Error::Precondition { resource: base.to_string(), reason });
        }
        let questions: Vec<GoldenQuestion> = questions.into_iter().map(|(_, golden)| golden).collect();
        let generation =
            self.snapshot(&base).ok_or_else(|| Error::NotFound { resource: base.to_string() })?;
        let mut report = GoldenReport::default();
        for some in questions.chunks(golden::BATCH_SIZE) {
            let (generation, encoder) = (Arc::clone(&generation), Arc::clone(&self.inner.encoder));
            let some = some.to_vec();
            let asked = blocking(move || {
                report.ask(&generation, &*encoder, &some)?;
                Ok::<_, Error>(report)
            });
            report = asked.await??;
        }
        Ok(report)
    }

    /// Leaves a question that nothing answered to be kept as a gap; never waits.
    pub fn record_unanswered(&self, question: UnansweredQuestion) {
        self.inner.gaps.record(question);
    }

    /// Waits until the gaps that were recorded before are stored.
    pub async fn settle(&self) {
        self.inner.gaps.settle().await;
    }

    /// Lists the gaps of a knowledge base, the most asked first, among equals the last asked; only
    /// those of one language when it is given. A page size of 0 means 50, more than 1000 means 1000.
    ///
    /// # Errors
    /// [`Error::Invalid`] (`parent`, `page_size`, `page_token`), [`Error::NotFound`].
    pub async fn gaps(
        &self,
        parent: &str,
        locale: Option<Locale>,
        page_size: i32,
        page_token: &str,
    ) -> Result<Page<Gap>> {
        let base = BaseName::parse(parent, "parent")?;
        let list = format!("{parent}/gaps?{}", locale.map(Locale::tag).unwrap_or_default());
        let request = PageRequest::new(&list, page_size, page_token)?;
        let after = match request.after.as_str() {
            "" => None,
            place => Some(read_place(place).ok_or_else(wrong_token)?),
        };
        // What was asked before this call is in its answer.
        self.settle().await;
        let number = self.inner.store.base(&base).await?.number;
        let stored = self.inner.store.gaps(number, locale, after, request.limit()).await?;
        let items = stored.into_iter().map(|stored| {
            let place = format!("{}_{}_{}", stored.count, stored.last_time_ms, stored.number);
            (place, Gap::new(&base, stored))
        });
        Ok(unnumbered(request.page(items.collect(), |(place, _)| place, |(_, gap)| gap.num_bytes())))
    }

    /// Deletes a gap. When the question is asked again and has no answer, it is a new one.
    ///
    /// # Errors
    /// [`Error::Invalid`] (`name`), [`Error::NotFound`].
    pub async fn delete_gap(&self, name: &str, request_id: &str) -> Result<()> {
        let name = GapName::parse(name, "name")?;
        let key = RequestKey::new(request_id, "DeleteGap", &name)?;
        self.carry_out(async move |inner| {
            let mut write = match inner.store.begin(key).await? {
                Begun::Answered(()) => return Ok(()),
                Begun::Write(write) => write,
            };
            let base_number = write.base(name.base()).await?.number;
            if !write.delete_gap(base_number, name.number()).await? {
                return Err(Error::NotFound { resource: name.to_string() });
            }
            write.finish(&()).await?;
            inner.gaps.forget(&name).await;
            Ok(())
        })
        .await
    }

    /// Looks through the articles of a knowledge base for what may be wrong. The whole is looked
    /// through for each page.
    ///
    /// # Errors
    /// [`Error::Invalid`] (`parent`, `stale_days`, `page_size`, `page_token`), [`Error::NotFound`].
    pub async fn lint(&self, request: LintBase) -> Result<Page<LintFinding>> {
        let LintBase { parent, stale_days, page_size, page_token } = request;
        let base = BaseName::parse(&parent, "parent")?;
        let stale_days = match stale_days {
            0 => DEFAULT_STALE_DAYS,
            1..=MAX_STALE_DAYS => i64::from(stale_days),
            _ => return Err(Error::invalid("stale_days", format!("send 0 to {MAX_STALE_DAYS}"))),
        };
        let request = PageRequest::new(&format!("{parent}/lint?{stale_days}"), page_size, &page_token)?;
        let skip = match request.after.as_str() {
            "" => 0,
            last => last.parse::<usize>().map_err(|_| wrong_token())? + 1,
        };
        self.inner.store.base(&base).await?;
        let articles = self.all_articles(&base).await?;
        let num_findings = request.size() + 1;
        let settings = LintSettings {
            now_ms: now_ms(),
            max_age_days: stale_days,
            max_translation_lag_days: MAX_TRANSLATION_LAG_DAYS,
        };
        let found = blocking(move || {
            let findings = lint(&articles, &settings).into_iter().skip(skip).take(num_findings);
            findings.map(|finding| LintFinding::new(finding, &articles)).collect::<Vec<_>>()
        });
        let numbered = (skip..).zip(found.await?);
        let items = numbered.map(|(place, finding)| (place.to_string(), finding)).collect();
        Ok(unnumbered(request.page(items, |(place, _)| place, |(_, finding)| finding.num_bytes())))
    }

    /// Every article of a knowledge base, read in batches.
    async fn all_articles(&self, base: &BaseName) -> Result<Vec<Article>> {
        let mut articles = Vec::new();
        let mut after = i64::MIN;
        loop {
            let batch = self.inner.store.articles_by_number(base, after, BATCH_SIZE).await?;
            let Some(last) = batch.last() else { return Ok(articles) };
            after = last.stored.number;
            articles.extend(batch.into_iter().map(|cut| cut.stored.article));
        }
    }
}

/// A page without what its items are found by.
fn unnumbered<T>(page: Page<(String, T)>) -> Page<T> {
    let items = page.items.into_iter().map(|(_, item)| item).collect();
    Page { items, next_page_token: page.next_page_token }
}

fn read_place(place: &str) -> Option<GapPlace> {
    let mut parts = place.split('_').map(|part| part.parse::<i64>().ok());
    let place = GapPlace { count: parts.next()??, last_time_ms: parts.next()??, number: parts.next()?? };
    parts.next().is_none().then_some(place)
}

fn wrong_token() -> Error {
    Error::invalid("page_token", "is not one that this list gave; begin with an empty one")
}
