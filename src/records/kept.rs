//! A conversation that the server keeps: who may speak, and the last turns without personal data.

use super::Answered;
use crate::{
    Error, Result,
    desk::Concluded,
    message::{Role, Turn},
    policy::{Conversation, Delivery, Owner},
    text::redact::redact,
};

/// Bytes of the turns of one conversation that are kept at most.
const MAX_TURNS_BYTES: usize = 64 * 1024;
/// Bytes of one turn that are kept at most: the beginning says what it is about.
const MAX_TURN_BYTES: usize = 16 * 1024;

/// A conversation with its last turns.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptConversation {
    /// What is remembered, without texts.
    pub state: Conversation,
    /// When it was last written to, in ms since 1970; 0 before it is stored.
    pub update_ms: i64,
    /// When it is forgotten unless it is written to before, in ms since 1970; 0 before it is stored. One that
    /// a person owns or is waited for stays.
    pub expire_ms: i64,
    /// Without personal data, oldest first.
    pub(super) turns: Vec<Turn>,
    /// The last requests that callers gave an id, oldest first.
    pub(super) answered: Vec<Answered>,
    /// Tells it from others that had its id before.
    pub(super) incarnation: String,
}

impl KeptConversation {
    /// One that nobody has written to yet.
    pub(super) fn new(id: &str) -> Self {
        Self {
            state: Conversation { id: id.to_owned(), ..Conversation::default() },
            update_ms: 0,
            expire_ms: 0,
            turns: Vec::new(),
            answered: Vec::new(),
            incarnation: uuid::Uuid::now_v7().to_string(),
        }
    }

    /// Whether it is stored.
    pub fn is_stored(&self) -> bool {
        self.update_ms != 0
    }

    /// Its resource name.
    pub fn name(&self) -> String {
        format!("conversations/{}", self.state.id)
    }

    /// The last turns, oldest first, with placeholders for personal data.
    pub fn turns(&self) -> &[Turn] {
        &self.turns
    }

    /// The conversation after a message of the customer was decided, with what the program may say to it.
    pub fn decided(mut self, text: &str, concluded: &Concluded) -> Self {
        let Concluded { verdict, written } = concluded;
        self.state = verdict.conversation.clone();
        self.say(Role::Customer, text);
        let sent = written.draft.as_ref().filter(|_| verdict.delivery == Delivery::Send);
        for draft in sent.into_iter().chain(&written.notice) {
            self.say(Role::Bot, &draft.text);
        }
        self
    }

    /// What a request of this id got, when it is one of the last that callers gave an id.
    pub fn answered(&self, request_id: &str) -> Option<&Answered> {
        Answered::find(&self.answered, request_id)
    }

    /// Remembers what a request got.
    pub fn remember(&mut self, answered: Answered) {
        answered.add(&mut self.answered);
    }

    /// A person takes it over.
    pub fn take(&mut self) {
        self.own(self.state.owner.taken());
    }

    /// The person gives it back.
    pub fn release(&mut self) {
        self.own(self.state.owner.released());
    }

    /// Adds a turn of the company; one that repeats the last is a call sent twice and changes nothing.
    ///
    /// # Errors
    /// [`Error::Precondition`] for a program's turn while a person owns the conversation or is waited for.
    pub fn append(&mut self, turn: &Turn) -> Result<()> {
        let owner = self.state.owner;
        let is_repeat = self.repeats(turn);
        if turn.role == Role::Agent {
            if is_repeat && owner == owner.taken() {
                return Ok(());
            }
            self.state.agent_wrote(&turn.text);
        } else {
            if !owner.bot_may_send() {
                let reason = "a person owns it or is waited for, so no program may speak; release it first";
                return Err(Error::Precondition { resource: self.name(), reason: reason.to_owned() });
            }
            if is_repeat {
                return Ok(());
            }
            self.state.revision += 1;
        }
        self.say(turn.role, &turn.text);
        Ok(())
    }

    /// Gives the conversation to an owner; nothing changes when it is theirs already.
    fn own(&mut self, owner: Owner) {
        if self.state.owner != owner {
            self.state.owner = owner;
            self.state.revision += 1;
        }
    }

    /// Whether a turn repeats the last one.
    fn repeats(&self, turn: &Turn) -> bool {
        self.turns.last().is_some_and(|last| last.role == turn.role && last.text == kept_text(&turn.text))
    }

    /// Adds a turn; personal data in it is replaced.
    fn say(&mut self, role: Role, text: &str) {
        self.turns.push(Turn { role, text: kept_text(text) });
    }

    /// Leaves out the oldest turns beyond the limits.
    pub(super) fn bound(&mut self, max_turns: usize) {
        let mut num_bytes = 0;
        let fits = |turn: &&Turn| {
            num_bytes += turn.text.len();
            num_bytes <= MAX_TURNS_BYTES
        };
        let num_kept = self.turns.iter().rev().take(max_turns).take_while(fits).count();
        self.turns.drain(..self.turns.len() - num_kept);
    }
}

/// A turn's text as it is kept.
fn kept_text(text: &str) -> String {
    let mut kept = redact(text).text;
    kept.truncate(kept.floor_char_boundary(MAX_TURN_BYTES));
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_turns_within_the_limits_stay() {
        let mut kept = KeptConversation::new("a");
        (0..60).for_each(|number| kept.say(Role::Customer, &format!("第{number}条")));
        kept.bound(50);
        assert_eq!((kept.turns.len(), kept.turns[0].text.as_str()), (50, "第10条"));
        // 10,000 characters of three bytes are cut between two of them.
        (0..5).for_each(|_| kept.say(Role::Agent, &"退".repeat(10_000)));
        kept.bound(50);
        let num_bytes: Vec<usize> = kept.turns.iter().map(|turn| turn.text.len()).collect();
        assert_eq!(num_bytes, [MAX_TURN_BYTES / 3 * 3; 4]);
    }

    #[test]
    fn personal_data_does_not_get_in() {
        let mut kept = KeptConversation::new("a");
        let turn = |role, text: &str| Turn { role, text: text.into() };
        kept.append(&turn(Role::Bot, "We wrote to ada@mail.example.")).expect("may speak");
        kept.append(&turn(Role::Agent, "我打给您，13812345678 对吗？")).expect("may speak");
        let texts: Vec<&str> = kept.turns().iter().map(|turn| turn.text.as_str()).collect();
        assert_eq!(texts, ["We wrote to [email].", "我打给您，[phone] 对吗？"]);
        // What is sent twice is known by its kept form.
        let revision = kept.state.revision;
        kept.append(&turn(Role::Agent, "我打给您，13812345678 对吗？")).expect("may speak");
        assert_eq!((kept.turns().len(), kept.state.revision), (2, revision));
    }

    #[test]
    fn no_program_speaks_while_a_person_owns_it() {
        let mut kept = KeptConversation::new("a");
        let bot = Turn { role: Role::Bot, text: "Your parcel is on its way.".into() };
        kept.take();
        let error = kept.append(&bot).expect_err("refused");
        assert!(
            matches!(error, Error::Precondition { .. }) && error.to_string().contains("release it first")
        );
        assert!(kept.turns().is_empty());
        kept.release();
        kept.append(&bot).expect("may speak again");
    }
}
