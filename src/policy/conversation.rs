//! What is remembered of a conversation, and who may speak in it.
//!
//! One owner at a time:
//!
//! ```text
//!            handoff                 take                  release
//!   Bot ───────────────► Waiting ───────────► Person ───────────────► Released
//!    │                      │ release            ▲                        │
//!    │ take                 └──────► Released    │ take, or an agent's    │ the customer's
//!    └───────────────────────────────────────────┘ turn, from any state   ▼ next message: as Bot
//! ```
//!
//! The program speaks in `Bot` and `Released` alone.

use std::{cmp::Ordering, sync::LazyLock};

use jiff::Timestamp;
use regex::Regex;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use super::{Action, Case, Reply, Route};
use crate::{
    message::{Locale, Role, Turn, Wording},
    taxonomy::{Handling, INTENTS, Intent},
    text::language::{Language, Source},
    triage::{Emotion, Labels, Polarity},
};

/// Moods, answers and attempts that are remembered; what lies further back does not change a decision.
const MAX_REMEMBERED: usize = 8;

/// Who may speak to the customer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Owner {
    /// The program.
    #[default]
    Bot,
    /// A person was asked for and none has come yet.
    Waiting,
    /// A person.
    Person,
    /// A person had it and gave it back.
    Released,
}

impl Owner {
    /// Every owner.
    pub const ALL: [Self; 4] = [Self::Bot, Self::Waiting, Self::Person, Self::Released];

    /// Whether the program may send something.
    pub const fn bot_may_send(self) -> bool {
        matches!(self, Self::Bot | Self::Released)
    }

    /// The owner after a person takes over.
    pub const fn taken(self) -> Self {
        Self::Person
    }

    /// The owner after a person gives it back; what no person had stays as it is.
    pub const fn released(self) -> Self {
        match self {
            Self::Waiting | Self::Person | Self::Released => Self::Released,
            Self::Bot => Self::Bot,
        }
    }

    /// The owner after a decision on the customer's message.
    pub const fn decided(self, action: Action) -> Self {
        match (self, action) {
            (Self::Waiting | Self::Person, _) => self,
            (Self::Bot | Self::Released, Action::Handoff) => Self::Waiting,
            (Self::Bot | Self::Released, Action::Answer | Action::Clarify | Action::Route) => Self::Bot,
        }
    }
}

/// The mood of one of the customer's messages.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mood {
    /// Feeling toward the company.
    pub polarity: Polarity,
    /// Strength in -1..1.
    pub score: f64,
    /// Emotion shown.
    pub emotion: Emotion,
}

impl Mood {
    /// The mood that labels show.
    pub fn of(labels: &Labels) -> Self {
        Self {
            polarity: labels.sentiment.polarity,
            score: labels.sentiment.score,
            emotion: labels.emotion.emotion,
        }
    }
}

/// Something that was tried before a person took over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum Attempt {
    /// Articles were quoted.
    Answered {
        /// Intent that was answered.
        intent: String,
        /// Titles of the articles.
        titles: Vec<String>,
    },
    /// The customer was asked back.
    AskedBack {
        /// Intents that were offered; empty when more words were asked for.
        choices: Vec<String>,
    },
    /// It was handed to a person.
    HandedOver {
        /// Queue.
        queue: String,
        /// By when a reply was promised.
        reply_due: Timestamp,
    },
}

/// What is remembered of a conversation, without its texts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Conversation {
    /// Id; empty when the caller sent the turns itself.
    pub id: String,
    /// Grows with every change.
    pub revision: u64,
    /// Who may speak.
    pub owner: Owner,
    /// Language that it is held in.
    pub locale: Option<Locale>,
    /// Regional wording that the customer showed or asked for.
    pub wording: Option<Wording>,
    /// Intent of the request that is still open.
    pub open: Option<String>,
    /// Intents that were offered in the question back that stands.
    pub choices: Vec<String>,
    /// Intents that an answer was given to, newest last.
    pub answered: Vec<String>,
    /// Moods of the customer's messages, oldest first.
    pub moods: Vec<Mood>,
    /// Questions back in a row.
    pub asked_back: u32,
    /// What was tried, oldest first.
    pub tried: Vec<Attempt>,
    /// The customer's messages so far.
    pub num_messages: u32,
    /// Whether the customer ended it.
    pub ended: bool,
}

impl Conversation {
    /// What the turns of a conversation show that the caller keeps itself; `previous` are the labels of the
    /// customer's last turn. Whose it is unless the caller says: an agent's who spoke last for the company,
    /// else the program's.
    pub fn of_turns(turns: &[Turn], owner: Option<Owner>, previous: Option<&Labels>) -> Self {
        let speaker = turns.iter().rev().find(|turn| turn.role != Role::Customer);
        let of_agent = speaker.is_some_and(|turn| turn.role == Role::Agent);
        let owner = owner.unwrap_or(if of_agent { Owner::Person } else { Owner::Bot });
        let mut conversation = Self { owner, ..Self::default() };
        let customers = turns.iter().filter(|turn| turn.role == Role::Customer).count();
        conversation.num_messages = u32::try_from(customers).unwrap_or(u32::MAX);
        conversation.moods.extend(previous.map(Mood::of));
        let Some(last) = turns.iter().rposition(|turn| turn.role == Role::Customer) else {
            return conversation;
        };
        let intent = previous.and_then(|labels| labels.intents.first()).map(|first| first.intent.clone());
        let replies = &turns[last + 1..];
        if replies.iter().any(|turn| !is_question(&turn.text)) {
            conversation.answered.extend(intent.clone());
        }
        let Some(reply) = replies.last().filter(|turn| is_question(&turn.text)) else { return conversation };
        conversation.choices = choices_in(&reply.text);
        conversation.asked_back = u32::from(reply.role == Role::Bot);
        conversation.open = intent;
        conversation
    }

    /// The intent that a message chooses from those that were offered: by its number or its name.
    pub fn chosen(&self, text: &str) -> Option<&'static Intent> {
        let folded: String = text.nfkc().collect::<String>().to_lowercase();
        let said = folded.trim().trim_end_matches(['.', ')', '。', '、', '!', '~', ',']).trim();
        let is_named = |id: &&String| Intent::find(id).is_some_and(|intent| intent.is_called(said));
        let by_number = number_in(said).and_then(|number| self.choices.get(number.checked_sub(1)?));
        by_number.or_else(|| self.choices.iter().find(is_named)).and_then(|id| Intent::find(id))
    }

    /// The request that is still open.
    pub fn open_request(&self) -> Option<&'static Intent> {
        self.open.as_ref().filter(|_| !self.ended).and_then(|id| Intent::find(id))
    }

    /// The conversation after a message was decided.
    pub(super) fn after(
        &self,
        case: &Case,
        action: Action,
        intent: Option<&'static Intent>,
        reply: &Reply,
        route: &Route,
    ) -> Self {
        let mut next = self.clone();
        next.revision += 1;
        next.owner = self.owner.decided(action);
        next.num_messages = self.num_messages.saturating_add(1);
        next.locale = self.locale_after(case.language);
        next.wording = Some(case.wording);
        if let Some(labels) = &case.labels {
            Self::push(&mut next.moods, Mood::of(labels));
        }
        let id = intent.map(|intent| intent.id.to_owned());
        if !self.owner.bot_may_send() {
            // What is only drafted was neither asked nor answered.
            let is_request = intent.is_some_and(|intent| intent.handling != Handling::SmallTalk);
            next.open = id.filter(|_| is_request).or_else(|| self.open.clone());
            return next;
        }
        let ends = intent.is_some_and(|intent| intent.id == "chat.closing");
        next.choices.clear();
        next.ended = ends;
        match action {
            Action::Answer => {
                next.asked_back = 0;
                next.open = None;
                next.remember_answer(case, reply);
            }
            Action::Clarify => {
                next.asked_back = self.asked_back.saturating_add(1);
                next.open = id.or_else(|| self.open.clone());
                if let Reply::Question(choices) = reply {
                    next.choices = choices.iter().map(|intent| intent.id.to_owned()).collect();
                }
                Self::push(&mut next.tried, Attempt::AskedBack { choices: next.choices.clone() });
            }
            Action::Route => {
                next.asked_back = 0;
                next.open = id.filter(|_| !ends).or_else(|| self.open.clone());
            }
            Action::Handoff => {
                next.asked_back = 0;
                next.open = id.filter(|_| !ends).or_else(|| self.open.clone());
                let (queue, reply_due) = (route.queue.clone(), route.first_reply_due);
                Self::push(&mut next.tried, Attempt::HandedOver { queue, reply_due });
            }
        }
        next
    }

    /// Remembers what was answered, when it can be sent.
    fn remember_answer(&mut self, case: &Case, reply: &Reply) {
        let Reply::Passages(answered) = reply else { return };
        for request in answered.iter().filter_map(|&at| case.requests.get(at)) {
            let titles = request.search.iter().flat_map(|search| search.hits.first());
            let titles = titles.map(|hit| hit.title.clone()).collect();
            Self::push(&mut self.answered, request.intent.clone());
            Self::push(&mut self.tried, Attempt::Answered { intent: request.intent.clone(), titles });
        }
    }

    /// Where the customer's mood goes: the newest against the mean of those before; `None` without two.
    pub fn mood_change(&self) -> Option<Ordering> {
        /// Difference of scores that is no change.
        const STEADY: f64 = 0.2;
        let (last, before) = self.moods.split_last()?;
        let mean = before.iter().map(|mood| mood.score).sum::<f64>() / before.len().max(1) as f64;
        let change = last.score - mean;
        let direction = if change.abs() <= STEADY { Ordering::Equal } else { change.total_cmp(&0.0) };
        (!before.is_empty()).then_some(direction)
    }

    /// Takes note of what a person of the company wrote: it is theirs from here, and what was open counts
    /// as answered unless they ask something.
    pub fn agent_wrote(&mut self, text: &str) {
        self.revision += 1;
        self.owner = self.owner.taken();
        self.asked_back = 0;
        self.choices.clear();
        if !is_question(text)
            && let Some(open) = self.open.take()
        {
            Self::push(&mut self.answered, open);
        }
    }

    /// The language after a message: another one only where the text shows it. Chinese shows also where its
    /// characters leave the script open, and then keeps the script that is known.
    fn locale_after(&self, language: Language) -> Option<Locale> {
        let (Some(known), Ok(said)) = (self.locale, language.locale) else {
            return language.locale.ok().or(self.locale);
        };
        let is_shown = language.source == Source::Text || said.is_chinese() != known.is_chinese();
        Some(if is_shown { said } else { known })
    }

    /// Remembers one more of something, and forgets the oldest beyond the limit.
    fn push<T>(list: &mut Vec<T>, item: T) {
        if list.len() >= MAX_REMEMBERED {
            list.remove(0);
        }
        list.push(item);
    }
}

/// The number that a choice is named by: "2", "2.", "#2", "option 2", "第二个", "the second one".
fn number_in(said: &str) -> Option<usize> {
    const WORDS: [[&str; 5]; 5] = [
        ["one", "first", "1st", "一", "壹"],
        ["two", "second", "2nd", "二", "两"],
        ["three", "third", "3rd", "三", "叁"],
        ["four", "fourth", "4th", "四", "肆"],
        ["five", "fifth", "5th", "五", "伍"],
    ];
    const AROUND: [&str; 20] = [
        "the", "option", "number", "no", "choice", "please", "pls", "第", "个", "個", "项", "項", "选", "選",
        "我", "是", "吧", "种", "種", "條",
    ];
    let mut rest = said.to_owned();
    if let Some(before) = rest.strip_suffix(" one") {
        rest = before.to_owned();
    }
    for word in AROUND {
        rest = match word.is_ascii() {
            true => rest.split_whitespace().filter(|part| *part != word).collect::<Vec<_>>().join(" "),
            false => rest.replace(word, ""),
        };
    }
    let rest = rest.trim_matches(|character: char| !character.is_alphanumeric());
    let by_word = || WORDS.iter().position(|words| words.contains(&rest)).map(|at| at + 1);
    rest.parse().ok().or_else(by_word)
}

/// Whether the company's last words ask the customer something.
pub fn is_asked(turns: &[Turn]) -> bool {
    turns.last().is_some_and(|turn| turn.role != Role::Customer && is_question(&turn.text))
}

/// A request for details that is no question by its mark: "please send your order number".
static ASKS_FOR: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let english = r"(?i)\b(?:give|send|provide|share|tell|confirm|leave|reply with|let (?:me|us) (?:know|have))\b[^.!\n]{0,40}\b(?:number|address|e-?mail|name|photo|picture|details|date|phone|receipt|screenshot)";
    let chinese = "(?:请|請|麻烦|麻煩)[^。！\n]{0,8}(?:提供|告诉|告訴|告知|发|發|传|傳|回复|回覆|补充|補充|说明|說明|留下|给|給|报|報)[^。！\n]{0,16}(?:号|號|地址|邮箱|郵箱|信箱|电邮|電郵|照片|图|圖|姓名|日期|时间|時間|资料|資料|电话|電話)";
    Regex::new(&format!("{english}|{chinese}")).ok()
});

/// Whether a text asks something: one of its lines ends with a question mark, or it asks for details. The
/// choices of a question back and the closing of a letter stand below the question. An answer of the program
/// may quote an article's questions; it names its sources.
fn is_question(text: &str) -> bool {
    if text.lines().any(|line| line.starts_with("[1] ")) {
        return false;
    }
    text.lines().any(|line| line.trim_end().ends_with(['?', '？']))
        || ASKS_FOR.as_ref().is_some_and(|asks| asks.is_match(text))
}

/// The choices that a question back lists, one a line: "1. Get money back".
fn choices_in(text: &str) -> Vec<String> {
    let choice = |line: &str| {
        let (number, name) = line.trim().split_once(['.', '、', ')'])?;
        number.trim().parse::<u8>().ok()?;
        let named = |intent: &&Intent| intent.is_called(name.trim());
        INTENTS.iter().find(named).map(|intent| intent.id.to_owned())
    };
    text.lines().filter_map(choice).collect()
}
