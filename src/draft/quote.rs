//! What a draft quotes of the passages that were found, and the numbers of the articles.

use std::ops::Range;

use super::Citation;
use crate::{knowledge::Hit, message::Locale, policy::Case, taxonomy::Intent};

/// Why a quote needs a word before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Note {
    /// It needs none.
    None,
    /// Its article is in the other Chinese script, and the quote was converted.
    OtherScript,
    /// Its article is in another language.
    OtherLanguage,
}

/// What a draft quotes for one request, or for several that one place answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Quote {
    /// The requests that it answers: positions in [`Case::requests`].
    pub requests: Vec<usize>,
    /// Names of the requests' intents.
    pub topics: Vec<&'static str>,
    /// The answer, to the letter or converted.
    pub text: String,
    /// What to say before it.
    pub note: Note,
    /// Language of the article.
    pub language: Locale,
    /// Where it stands in the article.
    pub citations: Vec<Citation>,
}

impl Quote {
    /// Number, title and address of the quoted articles, one line each.
    pub fn sources(&self) -> String {
        let mut lines: Vec<String> = Vec::new();
        for (index, citation) in self.citations.iter().enumerate() {
            if self.citations[..index].iter().any(|before| before.number == citation.number) {
                continue;
            }
            let separator = if citation.url.is_empty() { "" } else { " — " };
            lines.push(format!("[{}] {}{separator}{}", citation.number, citation.title, citation.url));
        }
        lines.join("\n")
    }
}

/// Quotes what was found for requests (positions in [`Case::requests`]), in this order. Requests that the
/// same words answer share one quote; places in one article share its number.
pub fn quotes(case: &Case, requests: &[usize]) -> Vec<Quote> {
    let mut quotes: Vec<Quote> = Vec::new();
    for quote in requests.iter().filter_map(|&at| quote_of(case, at)) {
        let same = |known: &&mut Quote| known.text == quote.text && places(known).eq(places(&quote));
        match quotes.iter_mut().find(same) {
            Some(known) => {
                let new = |topic: &&str| !known.topics.contains(topic);
                let topics: Vec<_> = quote.topics.into_iter().filter(new).collect();
                known.topics.extend(topics);
                known.requests.extend(quote.requests);
            }
            None => quotes.push(quote),
        }
    }
    number(&mut quotes);
    quotes
}

fn places(quote: &Quote) -> impl Iterator<Item = (String, usize, usize)> {
    quote
        .citations
        .iter()
        .map(|citation| (citation.article.to_string(), citation.start_byte, citation.end_byte))
}

/// Numbers the articles in the order in which they are quoted.
fn number(quotes: &mut [Quote]) {
    let mut articles = Vec::new();
    for citation in quotes.iter_mut().flat_map(|quote| quote.citations.iter_mut()) {
        let known = articles.iter().position(|article| *article == citation.article);
        let index = known.unwrap_or_else(|| {
            articles.push(citation.article.clone());
            articles.len() - 1
        });
        citation.number = u32::try_from(index + 1).unwrap_or(u32::MAX);
    }
}

/// The part of a passage that answers a request, to the letter, with the places where it stands.
///
/// From the other Chinese script it is converted, from another language not; the note says either.
fn quote_of(case: &Case, at: usize) -> Option<Quote> {
    let locale = case.wording.locale();
    let request = case.requests.get(at)?;
    let hit = request.search.as_ref()?.hits.first()?;
    let answer = hit.answer(&request.text, Some(locale));
    let note = match hit.locale {
        same if same == locale => Note::None,
        _ if answer.locale == locale => Note::OtherScript,
        _ => Note::OtherLanguage,
    };
    Some(Quote {
        requests: vec![at],
        topics: Intent::find(&request.intent)
            .map(|intent| intent.name_in(case.wording))
            .into_iter()
            .collect(),
        text: answer.text,
        note,
        language: hit.locale,
        citations: citations(hit, &answer.ranges, answer.converted),
    })
}

/// One citation a range; bytes are counted in the article's body.
fn citations(hit: &Hit, ranges: &[Range<usize>], converted: bool) -> Vec<Citation> {
    let citation = |range: &Range<usize>| Citation {
        number: 1,
        article: hit.article.clone(),
        article_version: hit.article_version,
        title: hit.title.clone(),
        url: hit.url.clone(),
        start_byte: range.start,
        end_byte: range.end,
        locale: hit.locale,
        converted,
    };
    ranges.iter().map(citation).collect()
}
