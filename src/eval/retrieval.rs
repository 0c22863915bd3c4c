//! What a knowledge base finds for questions, and how that changes with the encoder.

use std::{fs, path::Path, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{
    Error, Result,
    data_folder::DataFolder,
    encoder::{SentenceEncoder, TextEncoder as _},
    knowledge::{
        AnswerCalibration, Generation, ImportArticles, ImportItem, Knowledge, KnowledgeSettings, Query,
        SearchFilter, formats,
    },
    message::Locale,
    triage::Model,
};

/// Questions that are encoded together.
const BATCH: usize = 32;
/// Passages that are looked at.
const MAX_HITS: usize = 10;
/// Numbers of first passages whose recall is measured.
pub const DEPTHS: [usize; 3] = [1, 3, 10];

/// A question to a knowledge base.
#[derive(Clone, Debug, Deserialize)]
pub struct Question {
    /// As a customer typed it.
    pub question: String,
    /// Language of the asker.
    pub locale: Locale,
    /// Id of the article that answers, without its language; `None` when none does.
    pub article: Option<String>,
}

/// Reads questions, one JSON object a line; `name` is what errors call the text.
///
/// # Errors
/// [`Error::Invalid`] that names the line.
pub fn questions(text: &str, name: &str) -> Result<Vec<Question>> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| {
            serde_json::from_str(line).map_err(|error| {
                let reason = format!("column {} is not as asked for", error.column());
                Error::invalid(format!("{name}:{}", number + 1), reason)
            })
        })
        .collect()
}

/// Articles that an encoder made searchable; gone from the disk when dropped.
pub struct Shelf {
    generation: Arc<Generation>,
    _folder: tempfile::TempDir,
}

/// What was found for one question.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The first passages: the id of the article without its language, its language, and the first byte.
    passages: Vec<(String, Locale, usize)>,
    /// Whether the first one would be sent.
    answered: bool,
}

impl Shelf {
    /// Makes the articles of a folder searchable with a model's vectors.
    ///
    /// # Errors
    /// [`Error::File`] when there is no temporary folder; what opening and importing fail with.
    pub async fn fill(model: &Model, articles: &Path) -> Result<Self> {
        let folder = tempfile::tempdir().map_err(|error| Error::file(std::env::temp_dir(), error))?;
        let data = Arc::new(DataFolder::open(folder.path())?);
        let sentences = model.sentences().clone();
        let settings = KnowledgeSettings {
            calibration: AnswerCalibration::load(model.folder(), sentences.dimensions())?,
            ..KnowledgeSettings::default()
        };
        let knowledge = Knowledge::open(data, Arc::new(sentences), settings).await?;
        let base = knowledge.create_base("compared", "Compared", "").await?.name;
        let items: Vec<ImportItem> = formats::read(articles, &formats::ReadOptions::default())
            .articles
            .into_iter()
            .map(|file| file.item)
            .collect();
        let import = ImportArticles { parent: base.to_string(), items, ..ImportArticles::default() };
        knowledge.import(import, |_| ()).await?;
        let generation = knowledge
            .snapshot(&base)
            .ok_or_else(|| Error::Internal("a base that was made is not there".to_owned()))?;
        knowledge.close().await;
        Ok(Self { generation, _folder: folder })
    }

    /// Puts questions, encoded by some encoder, to the articles.
    ///
    /// # Errors
    /// What the encoder and the search fail with.
    pub fn ask(&self, sentences: &SentenceEncoder, questions: &[Question]) -> Result<Vec<Found>> {
        let filter = SearchFilter::default();
        let mut found = Vec::with_capacity(questions.len());
        for part in questions.chunks(BATCH) {
            let texts: Vec<&str> = part.iter().map(|question| question.question.as_str()).collect();
            for (question, vectors) in part.iter().zip(sentences.encode_questions(&texts)?) {
                let outcome = self.generation.search(&Query {
                    text: &question.question,
                    vector: &vectors.vector,
                    tokens: &vectors.tokens,
                    locale: Some(question.locale),
                    filter: &filter,
                    max_hits: MAX_HITS,
                })?;
                let passage = |hit: crate::knowledge::Hit| {
                    (hit.article.translation_key().to_owned(), hit.locale, hit.start_byte)
                };
                found.push(Found {
                    passages: outcome.hits.into_iter().map(passage).collect(),
                    answered: outcome.answered,
                });
            }
        }
        Ok(found)
    }
}

/// What is found otherwise than by the reference.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RetrievalChange {
    /// Questions of the new encoder to articles of the reference: what a change of precision does to an index
    /// that stays.
    pub kept_index: FoundChange,
    /// Questions and articles of the new encoder.
    pub own_index: FoundChange,
}

/// How answers to the same questions differ.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FoundChange {
    /// Questions.
    pub num_questions: usize,
    /// Share in 0..1 of questions whose first passage is another.
    pub first_differs: f64,
    /// Share in 0..1 of the first [`DEPTHS`] passages of the reference that are among as many here.
    pub recall: [f64; DEPTHS.len()],
    /// Share in 0..1 of questions of which another thing is said of whether the first passage would be sent.
    pub answered_differs: f64,
    /// Share in 0..1 of answerable questions whose article comes first by the reference.
    pub reference_right: f64,
    /// Share in 0..1 of answerable questions whose article comes first.
    pub right: f64,
}

impl FoundChange {
    /// Compares what was found for the same questions.
    pub fn of(questions: &[Question], reference: &[Found], found: &[Found]) -> Self {
        let pairs = || reference.iter().zip(found);
        let share = |count: usize, of: usize| count as f64 / of.max(1) as f64;
        let recall = |depth: usize| {
            let first = |found: &Found| found.passages[..depth.min(found.passages.len())].to_vec();
            let (mut of, mut kept) = (0, 0);
            for (reference, found) in pairs() {
                let (reference, found) = (first(reference), first(found));
                of += reference.len();
                kept += reference.iter().filter(|passage| found.contains(passage)).count();
            }
            share(kept, of)
        };
        let right = |found: &[Found]| {
            let answerable = questions.iter().zip(found).filter(|(question, _)| question.article.is_some());
            let first = |found: &Found| found.passages.first().map(|(article, ..)| article.clone());
            let right = answerable.clone().filter(|(question, found)| first(found) == question.article);
            share(right.count(), answerable.count())
        };
        let count = |differs: fn(&Found, &Found) -> bool| {
            share(pairs().filter(|(a, b)| differs(a, b)).count(), questions.len())
        };
        Self {
            num_questions: questions.len(),
            first_differs: count(|a, b| a.passages.first() != b.passages.first()),
            recall: DEPTHS.map(recall),
            answered_differs: count(|a, b| a.answered != b.answered),
            reference_right: right(reference),
            right: right(found),
        }
    }
}

/// Whether there are articles in a folder.
pub fn has_articles(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(articles: &[&str], answered: bool) -> Found {
        let passages = articles.iter().map(|article| ((*article).to_owned(), Locale::En, 0)).collect();
        Found { passages, answered }
    }

    #[test]
    fn passages_that_are_lost_and_places_that_change_are_counted() {
        let line = r#"{"question": "where", "locale": "en", "article": "a", "id": "1"}"#;
        let asked = questions(&[line, line].join("\n"), "here").unwrap();
        let reference = [found(&["a", "b"], true), found(&["a", "b"], true)];
        let change =
            FoundChange::of(&asked, &reference, &[found(&["b", "a"], true), found(&["a", "c"], false)]);
        assert_eq!((change.first_differs, change.answered_differs), (0.5, 0.5));
        assert_eq!(change.recall, [0.5, 0.75, 0.75]);
        assert_eq!((change.reference_right, change.right), (1.0, 0.5));
    }

    #[test]
    fn a_line_that_is_no_question_is_named() {
        let error = questions("{}", "here").unwrap_err().to_string();
        assert!(error.starts_with("here:1"), "{error}");
    }
}
