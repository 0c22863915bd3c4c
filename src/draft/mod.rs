//! Replies in the customer's language, and what a person gets who takes over.
//!
//! Facts in a reply are quotes of cited passages and the time that routing promised; everything else is
//! courtesy and stands in [`Templates`]. A reply never admits a fault and never promises money.

mod context;
mod due;
mod fitting;
mod packet;
mod quote;
mod summary;
mod templates;
mod tidy;

use std::collections::BTreeSet;

use jiff::tz::TimeZone;

use self::{context::Situation, due::Read, quote::Quote, templates::Kind};
pub use self::{
    packet::Packet,
    templates::{Mistake, Templates},
};
use crate::{
    knowledge::ArticleName,
    message::{Locale, Tone, Wording},
    policy::{Case, Reply, Verdict},
    taxonomy::Intent,
};

/// Choices of a question back at most; more are not read.
const MAX_CHOICES: usize = 5;

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
    /// The requests that a quote in it answers (positions in [`Case::requests`]), rising; none when it says
    /// that a person will.
    pub answers: Vec<usize>,
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

/// Writes what a decision asks for. `time_zone` is the tenant's: promised times are said in it.
pub fn write(
    case: &Case,
    verdict: &Verdict,
    tone: Tone,
    templates: &Templates,
    time_zone: &TimeZone,
) -> Written {
    let writer = Writer { situation: Situation { case, verdict, tone, time_zone }, templates };
    Written {
        draft: writer.draft(),
        notice: verdict.notice.then(|| writer.reply(Kind::Notice, Read::Now, &[], &[])).flatten(),
        clarification: writer.clarification(),
        packet: packet::packet(case, verdict, time_zone),
    }
}

/// A situation and the words for it.
struct Writer<'a> {
    situation: Situation<'a>,
    templates: &'a Templates,
}

impl Writer<'_> {
    /// The reply.
    fn draft(&self) -> Option<Draft> {
        let Situation { case, verdict, .. } = self.situation;
        match &verdict.reply {
            Reply::None => None,
            Reply::SmallTalk(intent) => {
                let kind = if intent.id == "chat.closing" { Kind::Closing } else { Kind::Greeting };
                self.reply(kind, Read::Now, &[], &[])
            }
            Reply::Question(choices) => self.reply(Kind::Clarify, Read::Now, &[], choices),
            Reply::Passages(answered) => {
                let quotes = quote::quotes(case, answered);
                let kind = if quotes.len() > 1 { Kind::Answers } else { Kind::Answer };
                (!quotes.is_empty()).then(|| self.reply(kind, Read::Now, &quotes, &[])).flatten()
            }
            Reply::Acknowledgement(helpful) => {
                let quotes = match fitting::may_quote(case, verdict) {
                    true => quote::quotes(case, helpful),
                    false => vec![],
                };
                self.reply(Kind::Handoff, Read::Later, &quotes, &[])
            }
        }
    }

    /// A reply of a kind.
    fn reply(&self, kind: Kind, read: Read, quotes: &[Quote], choices: &[&'static Intent]) -> Option<Draft> {
        let Situation { case, tone, .. } = self.situation;
        let mut context = self.situation.context(kind.name(), read, quotes);
        context.choices = names(choices, case.wording);
        let rendered = self.templates.render(kind, &context)?;
        let texts: Vec<&str> = quotes.iter().map(|quote| quote.text.as_str()).collect();
        let (text, shown) = tidy::fill(&rendered.text, &texts);
        let answers = match kind {
            Kind::Answer | Kind::Answers => {
                BTreeSet::from_iter(shown.iter().flat_map(|&at| &quotes[at].requests))
            }
            _ => BTreeSet::new(),
        };
        let owner = if rendered.is_tenants { case.tenant.as_str() } else { "default" };
        Some(Draft {
            text,
            wording: case.wording,
            tone,
            citations: shown.iter().flat_map(|&at| quotes[at].citations.clone()).collect(),
            answers: answers.into_iter().copied().collect(),
            template: format!("{owner}/{}", rendered.name),
        })
    }

    /// The question back that the decision asks for.
    fn clarification(&self) -> Option<Clarification> {
        let Situation { case, verdict, .. } = self.situation;
        let Reply::Question(choices) = &verdict.reply else { return None };
        let mut context = self.situation.context(Kind::Clarify.name(), Read::Now, &[]);
        let wording = case.wording;
        context.choices = names(choices, wording);
        Some(Clarification {
            question: self.templates.render_part("question", &context)?,
            choices: choices
                .iter()
                .take(MAX_CHOICES)
                .map(|&intent| (intent, intent.name_in(wording)))
                .collect(),
        })
    }
}

/// Names of choices in a region's words.
fn names(choices: &[&'static Intent], wording: Wording) -> Vec<&'static str> {
    choices.iter().take(MAX_CHOICES).map(|intent| intent.name_in(wording)).collect()
}

#[cfg(test)]
mod tests;
