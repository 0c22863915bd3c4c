//! Replies in the customer's language. Facts in them are quotes of cited passages and the deadline
//! that routing promised; everything else is courtesy.

mod phrases;

use std::ops::Range;

use jiff::{SignedDuration, Timestamp};

use self::phrases::Phrases;
use crate::{
    knowledge::{ArticleName, Hit},
    message::{Locale, Tone, Wording},
    policy::{Case, Reply, Verdict},
    taxonomy::Intent,
    triage::Emotion,
};

/// A place in an article that a draft quotes.
#[derive(Clone, Debug, PartialEq)]
pub struct Citation {
    /// Number of the article in the draft, counted from 1; places in one article share it.
    pub number: u32,
    /// The article.
    pub article: ArticleName,
    /// Version of the article.
    pub article_version: i64,
    /// Title of the article.
    pub title: String,
    /// Public address; empty when it has none.
    pub url: String,
    /// First byte of the quoted text in the article's body.
    pub start_byte: usize,
    /// The byte after its last.
    pub end_byte: usize,
    /// Language of the article.
    pub locale: Locale,
    /// Whether the draft has the text converted to the other Chinese script.
    pub converted: bool,
}

/// A reply.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The whole reply.
    pub text: String,
    /// Its language and regional wording.
    pub wording: Wording,
    /// How it speaks.
    pub tone: Tone,
    /// What it quotes; empty when it states no fact of a knowledge base.
    pub citations: Vec<Citation>,
    /// The template that wrote it, for example "default/en/answer".
    pub template: String,
}

/// A question back.
#[derive(Clone, Debug, PartialEq)]
pub struct Clarification {
    /// The question, without the choices.
    pub question: String,
    /// What the customer can choose from.
    pub choices: Vec<(&'static Intent, &'static str)>,
}

/// What a person gets who takes over.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Packet {
    /// The customer's own sentences that say what is wanted, most important first.
    pub summary: Vec<String>,
    /// What was tried, in order, for people.
    pub tried: Vec<String>,
    /// The earliest deadline that the customer named.
    pub customer_deadline: Option<Timestamp>,
}

/// Everything that is written for a decision.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// The reply; `None` when there is nothing to say without a person.
    pub draft: Option<Draft>,
    /// What the program may tell the customer at once when it hands over.
    pub notice: Option<Draft>,
    /// The question back, when the decision is to ask.
    pub clarification: Option<Clarification>,
    /// What the person gets, when one takes over or owns the conversation.
    pub packet: Option<Packet>,
}

/// What a draft is written from.
#[derive(Clone, Copy, Debug)]
struct Occasion<'a> {
    case: &'a Case,
    verdict: &'a Verdict,
    tone: Tone,
}

/// What a draft quotes of one passage.
struct Quote {
    /// As it stands in the draft.
    text: String,
    /// Where it stands in the article.
    citations: Vec<Citation>,
}

/// Writes what a decision asks for.
pub fn write(case: &Case, verdict: &Verdict, tone: Tone) -> Written {
    let occasion = Occasion { case, verdict, tone };
    Written {
        draft: compose(&occasion),
        notice: None,
        clarification: clarification(verdict, case.wording.locale()),
        packet: None,
    }
}

fn compose(occasion: &Occasion<'_>) -> Option<Draft> {
    let locale = occasion.case.wording.locale();
    let phrases = phrases::of(locale);
    let quotes = |answered: &[usize]| -> Vec<Quote> {
        answered.iter().filter_map(|&at| quote_of(occasion, at, phrases)).collect()
    };
    let (parts, quotes) = match &occasion.verdict.reply {
        Reply::None => return None,
        Reply::SmallTalk(intent) => (vec![small_talk(intent, phrases).to_owned()], vec![]),
        Reply::Question(choices) => (vec![question_text(choices, phrases, locale)], vec![]),
        Reply::Passages(answered) => {
            let quotes = quotes(answered);
            let mut parts = opening(occasion, phrases);
            for quote in &quotes {
                parts.push(quote.text.clone());
                parts.push(sources(&quote.citations));
            }
            parts.push(phrases.anything_else.to_owned());
            (parts, quotes)
        }
        Reply::Acknowledgement(helpful) => {
            let quotes = quotes(helpful);
            (acknowledgement(occasion, &quotes, phrases), quotes)
        }
    };
    let mut text = parts.join("\n\n");
    if occasion.case.channel.is_letter() {
        text = format!("{}\n\n{text}\n\n{}", phrases.greeting, phrases.closing);
    }
    let citations = quotes.into_iter().flat_map(|quote| quote.citations).collect();
    let (wording, tone) = (occasion.case.wording, occasion.tone);
    Some(Draft { text, wording, tone, citations, template: String::new() })
}

/// The question back that the decision asks for.
fn clarification(verdict: &Verdict, locale: Locale) -> Option<Clarification> {
    let Reply::Question(choices) = &verdict.reply else { return None };
    let phrases = phrases::of(locale);
    let question = if choices.is_empty() { phrases.say_more } else { phrases.which_one };
    Some(Clarification {
        question: question.to_owned(),
        choices: choices.iter().map(|&intent| (intent, intent.name(locale))).collect(),
    })
}

fn small_talk(intent: &Intent, phrases: &Phrases) -> &'static str {
    if intent.id == "chat.closing" { phrases.farewell } else { phrases.welcome }
}

fn question_text(choices: &[&'static Intent], phrases: &Phrases, locale: Locale) -> String {
    if choices.is_empty() {
        return phrases.say_more.to_owned();
    }
    let lines =
        choices.iter().enumerate().map(|(index, intent)| format!("{}. {}", index + 1, intent.name(locale)));
    std::iter::once(phrases.which_one.to_owned()).chain(lines).collect::<Vec<_>>().join("\n")
}

/// The sentence that meets the customer's mood, if it needs one.
fn opening(occasion: &Occasion<'_>, phrases: &Phrases) -> Vec<String> {
    let emotion = occasion.case.labels.as_ref().map_or(Emotion::None, |labels| labels.emotion.emotion);
    let sentence = match emotion {
        Emotion::None => return vec![],
        Emotion::Anger | Emotion::Disappointment => phrases.sorry,
        Emotion::Anxiety => phrases.understand,
        Emotion::Confusion => phrases.clear_up,
        Emotion::Gratitude => phrases.thanks,
    };
    vec![sentence.to_owned()]
}

fn acknowledgement(occasion: &Occasion<'_>, quotes: &[Quote], phrases: &Phrases) -> Vec<String> {
    let route = &occasion.verdict.route;
    let mut parts = opening(occasion, phrases);
    if occasion.verdict.intent.is_some_and(|intent| intent.id == "safety.report") {
        parts.push(phrases.danger.to_owned());
    }
    let time = phrases::duration(route.first_reply, occasion.case.wording.locale());
    parts.push(phrases.received.replace("{time}", &time));
    for quote in quotes {
        parts.push(format!("{}\n\n{}", phrases.meanwhile, quote.text));
        parts.push(sources(&quote.citations));
    }
    parts
}

/// The part of a passage that answers a request, to the letter, with the places where it stands.
///
/// From the other Chinese script it is converted, from another language not; the draft says either.
fn quote_of(occasion: &Occasion<'_>, at: usize, phrases: &Phrases) -> Option<Quote> {
    let locale = occasion.case.wording.locale();
    let request = occasion.case.requests.get(at)?;
    let hit = request.search.as_ref()?.hits.first()?;
    let answer = hit.answer(&request.text, Some(locale));
    let notice = match hit.locale {
        same if same == locale => None,
        _ if answer.locale == locale => Some(phrases.other_script),
        _ => Some(phrases.other_language),
    };
    let language = phrases::language_name(hit.locale, locale);
    let text = match notice {
        Some(notice) => format!("{}\n\n{}", notice.replace("{language}", language), answer.text),
        None => answer.text,
    };
    Some(Quote { text, citations: citations(hit, &answer.ranges, answer.converted) })
}

/// Number, title and address of the quoted articles, one line each.
fn sources(citations: &[Citation]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for (index, citation) in citations.iter().enumerate() {
        if citations[..index].iter().any(|before| before.number == citation.number) {
            continue;
        }
        let separator = if citation.url.is_empty() { "" } else { " — " };
        lines.push(format!("[{}] {}{separator}{}", citation.number, citation.title, citation.url));
    }
    lines.join("\n")
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

/// A duration of deadlines as whole minutes or hours.
fn minutes_or_hours(duration: SignedDuration) -> (i64, bool) {
    let minutes = duration.as_mins();
    if minutes % 60 == 0 { (minutes / 60, true) } else { (minutes, false) }
}
