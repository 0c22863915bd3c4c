//! Puts questions to a generation: words alone, meaning alone, both.

use std::{collections::HashMap, sync::Mutex};

use anyhow::Result;
use frontdesk::{
    encoder::{QuestionVectors, TextEncoder},
    knowledge::{AnswerCalibration, Generation, Query, SearchFilter, SearchOutcome},
    message::Locale,
};

use crate::{
    figures::{MAX_RANK, Ranking},
    support::Bundled,
};

/// Questions that are encoded in one batch.
const BATCH_SIZE: usize = 32;

/// Which halves of the search are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// Words alone: no vector is given.
    Lexical,
    /// Meaning alone: words have no weight.
    Dense,
    /// Words and meaning.
    Both,
    /// As the program searches: the first articles held against the question word by word, too.
    Whole,
}

impl Half {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Lexical, Self::Dense, Self::Both, Self::Whole];

    /// What tables call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lexical => "lexical",
            Self::Dense => "dense",
            Self::Both => "both",
            Self::Whole => "both and tokens",
        }
    }

    /// The generation, searched like this.
    pub fn of(self, generation: &Generation) -> Generation {
        let mut calibration: AnswerCalibration = generation.calibration().clone();
        if self == Self::Dense {
            calibration.search.lexical_weight_en = 0.0;
            calibration.search.lexical_weight_zh = 0.0;
        }
        if self != Self::Whole {
            calibration.search.late_weight = 0.0;
        }
        generation.with_calibration(calibration)
    }
}

/// A question with the article that answers.
#[derive(Clone, Debug)]
pub struct Question {
    /// As it is asked.
    pub text: String,
    /// Language of the asker.
    pub locale: Locale,
    /// Translation key of the article.
    pub article: String,
    /// Which articles may be found.
    pub filter: SearchFilter,
}

/// Encodes questions, each text once.
pub struct Questions<'a> {
    bundled: &'a Bundled,
    vectors: Mutex<HashMap<String, QuestionVectors>>,
}

impl<'a> Questions<'a> {
    /// Encodes with the bundled model.
    pub fn new(bundled: &'a Bundled) -> Self {
        Self { bundled, vectors: Mutex::default() }
    }

    /// Vectors of texts, in order.
    pub fn encode(&self, texts: &[&str]) -> Result<Vec<QuestionVectors>> {
        let mut known = self.vectors.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut missing: Vec<&str> =
            texts.iter().copied().filter(|text| !known.contains_key(*text)).collect();
        // Texts of like length go together.
        missing.sort_unstable_by_key(|text| (text.len(), *text));
        missing.dedup();
        for batch in missing.chunks(BATCH_SIZE) {
            let vectors = self.bundled.sentences.encode_questions(batch)?;
            known.extend(batch.iter().map(|text| (*text).to_owned()).zip(vectors));
        }
        Ok(texts.iter().map(|text| known[*text].clone()).collect())
    }

    /// Places of the right articles.
    pub fn rank(&self, generation: &Generation, half: Half, questions: &[Question]) -> Result<Ranking> {
        let generation = half.of(generation);
        let texts: Vec<&str> = questions.iter().map(|question| question.text.as_str()).collect();
        let vectors = match half {
            Half::Lexical => vec![QuestionVectors::default(); texts.len()],
            _ => self.encode(&texts)?,
        };
        let ranks = questions.iter().zip(&vectors).map(|(question, vector)| {
            let query = Query {
                text: &question.text,
                vector: &vector.vector,
                tokens: &vector.tokens,
                locale: Some(question.locale),
                filter: &question.filter,
                max_hits: MAX_RANK,
            };
            Ok(place(&generation.search(&query)?, &question.article))
        });
        Ok(Ranking(ranks.collect::<Result<_>>()?))
    }
}

/// Place of an article among the hits, from 1; one that says the same as a hit is at the hit's place.
pub fn place(outcome: &SearchOutcome, article: &str) -> Option<usize> {
    let found = outcome.hits.iter().position(|hit| {
        std::iter::once(&hit.article).chain(&hit.similar).any(|name| name.translation_key() == article)
    });
    found.map(|index| index + 1)
}
