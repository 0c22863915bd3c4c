//! Articles put together from the sentences of the sample shop, and a stand-in for the model.

use std::path::Path;

use frontdesk::{
    Result,
    encoder::TextEncoder,
    knowledge::{ArticleInput, ImportItem, formats},
    message::Locale,
};

use crate::support;

/// Paragraphs of an article, each of which becomes a passage of its own.
const NUM_PARAGRAPHS: usize = 3;
/// Sentences of a paragraph: about 90 words.
const NUM_SENTENCES: usize = 6;

/// Articles without end.
pub struct Articles {
    /// Sentences by language.
    sentences: Vec<(Locale, Vec<String>)>,
    number: usize,
    num_paragraphs: usize,
    state: u64,
}

impl Articles {
    /// Articles of three passages.
    pub fn new() -> Self {
        Self::of(NUM_PARAGRAPHS)
    }

    /// Articles of one passage.
    pub fn short() -> Self {
        Self::of(1)
    }

    fn of(num_paragraphs: usize) -> Self {
        let files = formats::read(Path::new(support::SAMPLE), &formats::ReadOptions::default()).articles;
        let sentences = Locale::ALL.map(|locale| {
            let bodies = files.iter().filter(|file| file.item.input.locale == locale.tag());
            let lines = bodies.flat_map(|file| file.item.input.body.split(['\n', '。', '.']));
            let long = lines
                .map(|line| line.trim_start_matches(['#', '|', '-', ' ']))
                .filter(|line| line.len() > 30);
            (locale, long.map(str::to_owned).collect())
        });
        Self { sentences: sentences.into(), number: 0, num_paragraphs, state: 7 }
    }

    /// The next number of a fixed sequence (PCG, 64 bits).
    fn random(&mut self, below: usize) -> usize {
        self.state =
            self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.state >> 33).unwrap_or_default() % below.max(1)
    }

    fn text(&mut self, language: usize, num_sentences: usize) -> String {
        let end = if language == 0 { ". " } else { "。" };
        let sentences = (0..num_sentences).map(|_| {
            let index = self.random(self.sentences[language].1.len());
            format!("{}{end}", self.sentences[language].1[index])
        });
        sentences.collect()
    }
}

impl Iterator for Articles {
    type Item = ImportItem;

    fn next(&mut self) -> Option<ImportItem> {
        let number = self.number;
        self.number += 1;
        let language = number % self.sentences.len();
        let locale = self.sentences[language].0;
        let title: String = self.text(language, 1).chars().take(60).collect();
        let paragraphs = (0..self.num_paragraphs)
            .map(|part| format!("## {part} {number}\n\n{}", self.text(language, NUM_SENTENCES)));
        let body = paragraphs.collect::<Vec<_>>().join("\n\n");
        let tags = if number.is_multiple_of(2) { vec!["half".to_owned()] } else { vec![] };
        let input =
            ArticleInput { locale: locale.tag().into(), title, body, tags, ..ArticleInput::default() };
        Some(ImportItem { name: format!("article-{number}"), input })
    }
}

/// Passages that an article becomes.
pub fn num_passages(item: &ImportItem) -> usize {
    item.input.body.matches("## ").count()
}

/// Stands in for the model: characters hashed into a vector.
pub struct HashEncoder;

const DIMENSIONS: usize = 384;

impl TextEncoder for HashEncoder {
    fn dimensions(&self) -> usize {
        DIMENSIONS
    }

    fn encode_texts(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>> {
        let vector = |text: &&str| {
            let mut values = vec![1e-3_f32; DIMENSIONS];
            for character in text.chars() {
                values[u32::from(character).wrapping_mul(2_654_435_761) as usize % DIMENSIONS] += 1.0;
            }
            let length = values.iter().map(|value| value * value).sum::<f32>().sqrt();
            values.iter().map(|value| value / length).collect()
        };
        Ok(texts.iter().map(vector).collect())
    }
}
