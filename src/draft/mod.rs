//! Replies in the customer's language. Facts in them are quotes of cited passages and the deadline
//! that routing promised; everything else is courtesy.

mod phrases;

use jiff::SignedDuration;

use self::phrases::Phrases;
use crate::{
    knowledge::{ArticleName, Hit},
    message::{Channel, Locale},
    policy::{Reply, Verdict},
    taxonomy::Intent,
    triage::{Emotion, Labels},
};

/// A place in an article that a draft quotes.
#[derive(Clone, Debug, PartialEq)]
pub struct Citation {
    /// Number in the draft, counted from 1.
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
}

/// A reply.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The whole reply.
    pub text: String,
    /// Its language.
    pub locale: Locale,
    /// What it quotes; empty when it states no fact of a knowledge base.
    pub citations: Vec<Citation>,
}

/// A question back.
#[derive(Clone, Debug, PartialEq)]
pub struct Clarification {
    /// The question, without the choices.
    pub question: &'static str,
    /// What the customer can choose from.
    pub choices: Vec<(&'static Intent, &'static str)>,
}

/// What a draft is written from.
#[derive(Clone, Copy, Debug)]
pub struct Occasion<'a> {
    /// The decision.
    pub verdict: &'a Verdict,
    /// The labels; `None` when there was nothing to read.
    pub labels: Option<&'a Labels>,
    /// How the message came; e-mails and forms are answered as letters.
    pub channel: Channel,
    /// The customer's language.
    pub locale: Locale,
    /// The passage that may be quoted.
    pub hit: Option<&'a Hit>,
}

/// Writes the reply that the decision asks for; `None` when there is nothing to say without a
/// person.
pub fn compose(occasion: &Occasion<'_>) -> Option<Draft> {
    let phrases = phrases::of(occasion.locale);
    let (parts, citations) = match &occasion.verdict.reply {
        Reply::None => return None,
        Reply::SmallTalk(intent) => (vec![small_talk(intent, phrases).to_owned()], vec![]),
        Reply::Question(choices) => (vec![question_text(choices, phrases, occasion.locale)], vec![]),
        Reply::Passage => {
            let hit = occasion.hit?;
            let mut parts = opening(occasion, phrases);
            parts.push(quote(hit, occasion.locale, phrases));
            parts.push(source(hit));
            parts.push(phrases.anything_else.to_owned());
            (parts, vec![citation(hit)])
        }
        Reply::Acknowledgement { with_passage } => {
            let hit = occasion.hit.filter(|_| *with_passage);
            (acknowledgement(occasion, hit, phrases), hit.map(citation).into_iter().collect())
        }
    };
    let mut text = parts.join("\n\n");
    if is_letter(occasion.channel) {
        text = format!("{}\n\n{text}\n\n{}", phrases.greeting, phrases.closing);
    }
    Some(Draft { text, locale: occasion.locale, citations })
}

/// The question back that the decision asks for.
pub fn clarification(verdict: &Verdict, locale: Locale) -> Option<Clarification> {
    let Reply::Question(choices) = &verdict.reply else { return None };
    let phrases = phrases::of(locale);
    let question = if choices.is_empty() { phrases.say_more } else { phrases.which_one };
    Some(Clarification {
        question,
        choices: choices.iter().map(|&intent| (intent, intent.name(locale))).collect(),
    })
}

fn is_letter(channel: Channel) -> bool {
    matches!(channel, Channel::Email | Channel::Form)
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
    let emotion = occasion.labels.map_or(Emotion::None, |labels| labels.emotion.emotion);
    let sentence = match emotion {
        Emotion::None => return vec![],
        Emotion::Anger | Emotion::Disappointment => phrases.sorry,
        Emotion::Anxiety => phrases.understand,
        Emotion::Confusion => phrases.clear_up,
        Emotion::Gratitude => phrases.thanks,
    };
    vec![sentence.to_owned()]
}

fn acknowledgement(occasion: &Occasion<'_>, hit: Option<&Hit>, phrases: &Phrases) -> Vec<String> {
    let route = &occasion.verdict.route;
    let mut parts = opening(occasion, phrases);
    if occasion.verdict.intent.is_some_and(|intent| intent.id == "safety.report") {
        parts.push(phrases.danger.to_owned());
    }
    let time = phrases::duration(route.first_reply, occasion.locale);
    parts.push(phrases.received.replace("{time}", &time));
    if let Some(hit) = hit {
        parts.push(format!("{}\n\n{}", phrases.meanwhile, quote(hit, occasion.locale, phrases)));
        parts.push(source(hit));
    }
    parts
}

/// The passage as the article has it; says so when it is in another language than the reply.
fn quote(hit: &Hit, locale: Locale, phrases: &Phrases) -> String {
    let text = hit.text.trim();
    if hit.locale == locale {
        return text.to_owned();
    }
    let language = phrases::language_name(hit.locale, locale);
    format!("{}\n\n{text}", phrases.other_language.replace("{language}", language))
}

/// Number, title and address of the quoted article.
fn source(hit: &Hit) -> String {
    let separator = if hit.url.is_empty() { "" } else { " — " };
    format!("[1] {}{separator}{}", hit.title, hit.url)
}

fn citation(hit: &Hit) -> Citation {
    Citation {
        number: 1,
        article: hit.article.clone(),
        article_version: hit.article_version,
        title: hit.title.clone(),
        url: hit.url.clone(),
        start_byte: hit.start_byte,
        end_byte: hit.end_byte,
        locale: hit.locale,
    }
}

/// A duration of deadlines as whole minutes or hours.
fn minutes_or_hours(duration: SignedDuration) -> (i64, bool) {
    let minutes = duration.as_mins();
    if minutes % 60 == 0 { (minutes / 60, true) } else { (minutes, false) }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::{
        knowledge::BaseName,
        policy::{Action, Priority, Route},
        taxonomy::Department,
    };

    fn verdict(reply: Reply, intent: &str) -> Verdict {
        Verdict {
            action: Action::Handoff,
            intent: Intent::find(intent),
            route: Route {
                queue: "billing",
                priority: Priority::High,
                department: Department::Sales,
                first_reply: SignedDuration::from_mins(60),
                first_reply_due: Timestamp::UNIX_EPOCH,
                next_reply_due: Timestamp::UNIX_EPOCH,
            },
            handoff: vec![],
            reply,
            steps: vec![],
        }
    }

    fn hit(locale: Locale) -> Hit {
        let base = BaseName::from_id("shop", "id").expect("a name");
        Hit {
            article: ArticleName::from_id(&base, "refunds.en", "id").expect("a name"),
            article_version: 3,
            title: "Refund times".into(),
            heading: "Cards".into(),
            text: "Cards: 3 to 7 working days.\n".into(),
            start_byte: 10,
            end_byte: 38,
            locale,
            url: "https://shop.example/help/refunds".into(),
            score: 0.8,
            lexical_score: 0.8,
            dense_score: 0.8,
            similar: vec![],
            parts: crate::knowledge::ScoreParts::default(),
        }
    }

    fn text_of(reply: Reply, channel: Channel, locale: Locale, hit: Option<&Hit>) -> Option<Draft> {
        let verdict = verdict(reply, "refund.status");
        compose(&Occasion { verdict: &verdict, labels: None, channel, locale, hit })
    }

    #[test]
    fn an_answer_quotes_the_passage_to_the_letter_and_cites_it() {
        let hit = hit(Locale::En);
        let draft = text_of(Reply::Passage, Channel::Chat, Locale::En, Some(&hit)).expect("a draft");
        assert!(draft.text.contains("Cards: 3 to 7 working days."));
        assert!(draft.text.contains("[1] Refund times — https://shop.example/help/refunds"));
        assert_eq!((draft.citations[0].start_byte, draft.citations[0].end_byte), (10, 38));
    }

    #[test]
    fn without_a_passage_there_is_no_answer() {
        assert_eq!(text_of(Reply::Passage, Channel::Chat, Locale::En, None), None);
    }

    #[test]
    fn a_passage_in_another_language_is_announced() {
        let hit = hit(Locale::En);
        let draft = text_of(Reply::Passage, Channel::Chat, Locale::ZhHant, Some(&hit)).expect("a draft");
        assert!(draft.text.contains("英文"), "{}", draft.text);
        assert_eq!(draft.citations[0].locale, Locale::En);
    }

    #[test]
    fn the_promised_time_is_the_routes() {
        let acknowledgement = Reply::Acknowledgement { with_passage: false };
        for (locale, time) in [(Locale::En, "1 hour"), (Locale::ZhHans, "1 小时"), (Locale::ZhHant, "1 小時")]
        {
            let draft = text_of(acknowledgement.clone(), Channel::Chat, locale, None).expect("a draft");
            assert!(draft.text.contains(time), "{}", draft.text);
            assert!(draft.citations.is_empty());
        }
    }

    #[test]
    fn letters_are_greeted_and_closed_and_chats_are_not() {
        let acknowledgement = Reply::Acknowledgement { with_passage: false };
        let letter = text_of(acknowledgement.clone(), Channel::Email, Locale::En, None).expect("a draft");
        assert!(letter.text.starts_with("Hello,") && letter.text.ends_with("Customer Service"));
        let chat = text_of(acknowledgement, Channel::Chat, Locale::En, None).expect("a draft");
        assert!(!chat.text.starts_with("Hello,"));
    }

    #[test]
    fn choices_are_named_in_the_customers_language() {
        let choices = ["refund.request", "order.cancel"].map(|id| Intent::find(id).expect("an intent"));
        let verdict = verdict(Reply::Question(choices.to_vec()), "refund.request");
        let back = clarification(&verdict, Locale::ZhHant).expect("a question");
        assert_eq!(back.choices.iter().map(|(_, name)| *name).collect::<Vec<_>>(), ["申請退款", "取消訂單"]);
    }
}
