//! A kept conversation for people: who may speak, and the last turns.

use anstyle::{AnsiColor, Style};

use super::{DIM, HEADING, Page, bold, text::clean, time::due};
use crate::proto::{Conversation, ConversationState, Owner, Role};

/// Lays out a conversation.
pub(in crate::cli) fn conversation(page: &mut Page, conversation: &Conversation) {
    let state = conversation.state.clone().unwrap_or_default();
    page.line(&format!("{HEADING}{}{HEADING:#}: {}", clean(&state.name), owner_words(state.owner())));
    page.paragraph("  ", Style::new(), &facts(&state));
    if let Some(time) = conversation.expire_time {
        page.paragraph("  ", DIM, &format!("forgotten {}", due(time, &page.now)));
    }
    if !conversation.turns.is_empty() {
        page.heading("Last turns");
    }
    for turn in &conversation.turns {
        let (who, style) = match turn.role() {
            Role::Customer => ("customer ", bold(AnsiColor::Cyan)),
            Role::Agent => ("person   ", bold(AnsiColor::Magenta)),
            Role::Bot | Role::Unspecified => ("program  ", bold(AnsiColor::Green)),
        };
        // The style is that of the name alone; the text stays as it is.
        page.line(&format!("  {style}{}{style:#}", who.trim_end()));
        page.paragraph("    ", Style::new(), &turn.text);
    }
}

/// What is remembered of a conversation, in one line.
pub(super) fn facts(state: &ConversationState) -> String {
    let mut facts = vec![match state.num_messages {
        1 => "1 message of the customer".to_owned(),
        number => format!("{number} messages of the customer"),
    }];
    if !state.locale.is_empty() {
        facts.push(format!("held in {}", state.locale));
    }
    if !state.open_intent.is_empty() {
        facts.push(format!("still open: {}", state.open_intent));
    }
    if state.ended {
        facts.push("the customer ended it".to_owned());
    }
    facts.push(format!("revision {}", state.revision));
    facts.join(", ")
}

/// Who may speak.
pub(super) fn owner_words(owner: Owner) -> &'static str {
    match owner {
        Owner::Unspecified | Owner::Bot => "the program may speak",
        Owner::Waiting => "a person is waited for; the program only drafts",
        Owner::Person => "a person owns it; the program only drafts",
        Owner::Released => "a person gave it back; the program may speak",
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{page, shown},
        *,
    };
    use crate::proto::Turn;

    #[test]
    fn a_conversation_shows_who_may_speak_and_what_was_said() {
        let turn = |role: Role, text: &str| Turn { role: role.into(), text: text.into() };
        let conversation = Conversation {
            state: Some(ConversationState {
                name: "conversations/ticket-4711".into(),
                owner: Owner::Person.into(),
                open_intent: "billing.dispute".into(),
                locale: "zh-Hant".into(),
                num_messages: 2,
                revision: 5,
                ..ConversationState::default()
            }),
            turns: vec![
                turn(Role::Customer, "同一筆訂單扣了兩次款，請打 [phone] 給我。"),
                turn(Role::Agent, "我先查一下。"),
            ],
            expire_time: Some(prost_types::Timestamp { seconds: 1_795_399_200, nanos: 0 }),
            ..Conversation::default()
        };
        let mut page = page();
        super::conversation(&mut page, &conversation);
        insta::assert_snapshot!(shown(&page));
    }
}
