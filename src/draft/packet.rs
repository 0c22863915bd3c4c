//! What a person gets who takes over.

use jiff::{Timestamp, tz::TimeZone};

use super::{due, summary};
use crate::{
    message::{Locale, Wording},
    policy::{Attempt, Case, Verdict},
    signals::{EntityKind, SignalKind},
    taxonomy::Intent,
};

/// What a person gets who takes over.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Packet {
    /// The customer's own sentences that say what is wanted, most important first; at most 4.
    pub summary: Vec<String>,
    /// What was tried, in order, for people.
    pub tried: Vec<String>,
    /// The earliest deadline that the customer named and that is still to come.
    pub customer_deadline: Option<Timestamp>,
}

/// The packet of a decision; `None` when no person takes over and none owns the conversation.
pub fn packet(case: &Case, verdict: &Verdict, time_zone: &TimeZone) -> Option<Packet> {
    let is_wanted = !verdict.handoff.is_empty() || !case.conversation.owner.bot_may_send();
    is_wanted.then(|| Packet {
        summary: summary::of(case, &verdict.requests),
        tried: case.conversation.tried.iter().map(|attempt| said(attempt, case.wording, time_zone)).collect(),
        customer_deadline: customer_deadline(case),
    })
}

fn customer_deadline(case: &Case) -> Option<Timestamp> {
    let named = case.facts.signals.iter().filter(|signal| signal.kind == SignalKind::Deadline);
    named.filter_map(|signal| signal.due).filter(|due| *due >= case.received_at).min()
}

/// An attempt in the words of the customer's language, which the person speaks who takes over.
fn said(attempt: &Attempt, wording: Wording, time_zone: &TimeZone) -> String {
    let locale = wording.locale();
    let name =
        |id: &String| Intent::find(id).map_or_else(|| id.clone(), |intent| intent.name_in(wording).into());
    match attempt {
        Attempt::Answered { intent, titles } => {
            let (answered, article) = match locale {
                Locale::En => ("Answered: ", "article"),
                Locale::ZhHans => ("已回答：", "文章"),
                Locale::ZhHant => ("已回答：", "文章"),
            };
            format!("{answered}{}{}", name(intent), in_brackets(article, titles, locale))
        }
        Attempt::AskedBack { choices } if choices.is_empty() => match locale {
            Locale::En => "Asked back: to say more".to_owned(),
            Locale::ZhHans => "已追问：请客户补充说明".to_owned(),
            Locale::ZhHant => "已追問：請客戶補充說明".to_owned(),
        },
        Attempt::AskedBack { choices } => {
            let choices: Vec<String> = choices.iter().map(name).collect();
            match locale {
                Locale::En => format!("Asked back: {}", choices.join(" / ")),
                Locale::ZhHans => format!("已追问：{}", choices.join(" / ")),
                Locale::ZhHant => format!("已追問：{}", choices.join(" / ")),
            }
        }
        Attempt::HandedOver { queue, reply_due } => {
            let due = due::for_agents(*reply_due, time_zone, wording);
            match locale {
                Locale::En => format!("Handed over: {queue}, reply promised by {due}"),
                Locale::ZhHans => format!("已转交：{queue}，承诺在 {due} 前回复"),
                Locale::ZhHant => format!("已轉交：{queue}，承諾於 {due} 前回覆"),
            }
        }
    }
}

/// " (article "A", "B")"; empty without titles.
fn in_brackets(word: &str, titles: &[String], locale: Locale) -> String {
    if titles.is_empty() {
        return String::new();
    }
    match locale {
        Locale::En => {
            let titles: Vec<String> = titles.iter().map(|title| format!("“{title}”")).collect();
            format!(" ({word} {})", titles.join(", "))
        }
        Locale::ZhHans => format!("（{word}《{}》）", titles.join("》《")),
        Locale::ZhHant => format!("（{word}〈{}〉）", titles.join("〉〈")),
    }
}

/// Name of an entity's kind in templates.
pub const fn entity_name(kind: EntityKind) -> &'static str {
    match kind {
        EntityKind::OrderNumber => "order_number",
        EntityKind::TrackingNumber => "tracking_number",
        EntityKind::Product => "product",
        EntityKind::Amount => "amount",
        EntityKind::Date => "date",
        EntityKind::Email => "email",
        EntityKind::Phone => "phone",
    }
}
