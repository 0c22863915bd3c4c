//! What templates know of a situation.

use serde::Serialize;

use super::{
    due::{self, Read},
    fitting,
    quote::{Note, Quote},
    tidy,
};
use crate::{
    message::{Channel, Tone, Wording},
    policy::{Action, Case, HandoffReason, Priority, Verdict},
    signals::SignalKind,
    taxonomy::Intent,
    triage::Emotion,
};

/// Variables of templates. There are no others, and none is ever absent.
#[derive(Clone, Debug, Serialize)]
pub struct Context {
    /// Tag of the wording: "en", "zh-Hans", "zh-Hant-TW", "zh-Hant-HK".
    pub wording: Wording,
    /// "formal" or "friendly".
    pub tone: Tone,
    /// Whether the tone is friendly.
    pub friendly: bool,
    /// "chat", "email", "social", "form" or "direct".
    pub channel: Channel,
    /// Whether everybody can read the channel.
    pub public: bool,
    /// Whether replies on the channel are letters.
    pub letter: bool,
    /// What is written: "answer", "answers", "greeting", "closing", "clarify", "handoff", "notice".
    pub kind: &'static str,
    /// Id of the intent that decided; empty for none, and when it is but a guess.
    pub intent: &'static str,
    /// Its name in the customer's words; empty without an intent.
    pub topic: &'static str,
    /// "none", "anger", "anxiety", "disappointment", "confusion" or "gratitude".
    pub emotion: &'static str,
    /// Whether an upset customer may be told that we are sorry: not where law is involved, and not when
    /// nothing but a person is asked for.
    pub apologize: bool,
    /// Whether a person must take over; not for mere thanks, which get thanks back.
    pub handoff: bool,
    /// Whether the customer asks for a person.
    pub asked_person: bool,
    /// Whether the customer says to have written before, or was answered before.
    pub repeated: bool,
    /// Whether people may be in danger.
    pub danger: bool,
    /// Whether the priority is urgent.
    pub urgent: bool,
    /// The promised time in words, without "by" or 前.
    pub due: String,
    /// What the draft quotes.
    pub answers: Vec<AnswerContext>,
    /// Names of the requests that a person takes care of.
    pub open: Vec<&'static str>,
    /// Names of the choices of a question back.
    pub choices: Vec<&'static str>,
    /// Kinds of what the customer named: "order_number", "tracking_number", "product" and so on.
    pub named: Vec<String>,
}

/// A quote as templates see it.
#[derive(Clone, Debug, Serialize)]
pub struct AnswerContext {
    /// The requests that it answers, by the names of their intents.
    pub topic: String,
    /// The quoted words; only a mark until the template is rendered.
    pub text: String,
    /// Number, title and address of the articles, one a line.
    pub sources: String,
    /// "other_script", "other_language" or empty.
    pub note: &'static str,
    /// Tag of the article's language.
    pub language: &'static str,
}

/// What a context is made from beside the case.
#[derive(Clone, Copy)]
pub struct Situation<'a> {
    /// What is known.
    pub case: &'a Case,
    /// What was decided.
    pub verdict: &'a Verdict,
    /// How to speak.
    pub tone: Tone,
    /// Where the tenant's days begin.
    pub time_zone: &'a jiff::tz::TimeZone,
}

impl Situation<'_> {
    /// The variables for a template; the kind's name is `kind`, `read` is when it is read.
    pub fn context(&self, kind: &'static str, read: Read, quotes: &[Quote]) -> Context {
        let Self { case, verdict, tone, time_zone } = *self;
        let wording = case.wording;
        let due = due::words(verdict.route.first_reply_due, case.received_at, time_zone, wording, read);
        let has = |reason| verdict.handoff.contains(&reason);
        let shows = |kind| case.facts.signals.iter().any(|signal| signal.kind == kind);
        let about = |id: &str| verdict.intent.is_some_and(|intent| intent.id == id);
        let is_thanks = fitting::is_thanks(case, verdict);
        let intent = fitting::intent(case, verdict);
        Context {
            wording,
            tone,
            friendly: tone == Tone::Friendly,
            channel: case.channel,
            public: case.channel.is_public(),
            letter: case.channel.is_letter(),
            kind,
            intent: intent.map_or("", |intent| intent.id),
            topic: intent.map_or("", |intent| intent.name_in(wording)),
            emotion: emotion(fitting::emotion(case)),
            apologize: fitting::may_apologize(case, verdict),
            handoff: verdict.action == Action::Handoff && !is_thanks,
            asked_person: has(HandoffReason::Requested),
            repeated: has(HandoffReason::Repeated) || shows(SignalKind::RepeatedContact),
            danger: about("safety.report") || shows(SignalKind::Safety),
            urgent: verdict.route.priority == Priority::Urgent,
            due,
            answers: answers(quotes),
            open: self.open(quotes),
            choices: vec![],
            named: self.named(),
        }
    }

    /// Names of the requests that no quote answers, most pressing first. Asking for a person is no topic of
    /// its own, and what is but guessed is not named.
    fn open(&self, quotes: &[Quote]) -> Vec<&'static str> {
        let mut open = vec![];
        if self.verdict.handoff.contains(&HandoffReason::LowConfidence) {
            return open;
        }
        for request in self.verdict.requests.iter().filter_map(|&at| self.case.requests.get(at)) {
            let Some(intent) = Intent::find(&request.intent) else { continue };
            let name = intent.name_in(self.case.wording);
            let is_answered = quotes.iter().any(|quote| quote.topics.contains(&name));
            let is_topic =
                !matches!(intent.id, "contact.human" | "chat.greeting" | "chat.closing" | "spam" | "other");
            if is_topic && !is_answered && !open.contains(&name) {
                open.push(name);
            }
        }
        open
    }

    fn named(&self) -> Vec<String> {
        let mut named: Vec<String> = vec![];
        for entity in &self.case.facts.entities {
            let kind = super::packet::entity_name(entity.kind);
            if !named.iter().any(|known| known == kind) {
                named.push(kind.to_owned());
            }
        }
        named
    }
}

fn answers(quotes: &[Quote]) -> Vec<AnswerContext> {
    let answer = |(position, quote): (usize, &Quote)| AnswerContext {
        topic: quote.topics.join(" / "),
        text: tidy::mark(position),
        sources: tidy::without_marks(&quote.sources()),
        note: match quote.note {
            Note::None => "",
            Note::OtherScript => "other_script",
            Note::OtherLanguage => "other_language",
        },
        language: quote.language.tag(),
    };
    quotes.iter().enumerate().map(answer).collect()
}

/// Name of an emotion in templates.
pub const fn emotion(emotion: Emotion) -> &'static str {
    match emotion {
        Emotion::None => "none",
        Emotion::Anger => "anger",
        Emotion::Anxiety => "anxiety",
        Emotion::Disappointment => "disappointment",
        Emotion::Confusion => "confusion",
        Emotion::Gratitude => "gratitude",
    }
}
