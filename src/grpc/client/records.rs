//! Calls about kept decisions and conversations.

use super::{Client, ClientError, QUICK, answer, present};
use crate::proto::{
    AppendTurnRequest, Conversation, DeleteConversationRequest, GetConversationRequest, GetDecisionRequest,
    GetDecisionResponse, ReleaseConversationRequest, ReplayDecisionRequest, ReplayDecisionResponse,
    TakeConversationRequest, Turn,
};

impl Client {
    /// Gets a kept decision.
    ///
    /// # Errors
    /// [`ClientError`] as the server says.
    pub async fn get_decision(&self, name: &str) -> Result<GetDecisionResponse, ClientError> {
        let request = GetDecisionRequest { name: name.to_owned() };
        answer(self.decisions.clone().get_decision(self.within(QUICK, request)).await)
    }

    /// Makes a kept decision again and compares.
    ///
    /// # Errors
    /// [`ClientError`] as the server says.
    pub async fn replay_decision(
        &self,
        name: &str,
        use_current_rules: bool,
    ) -> Result<ReplayDecisionResponse, ClientError> {
        let request = ReplayDecisionRequest { name: name.to_owned(), use_current_rules };
        answer(self.decisions.clone().replay_decision(self.within(QUICK, request)).await)
    }

    /// Gets a conversation that the server keeps.
    ///
    /// # Errors
    /// [`ClientError`] as the server says.
    pub async fn get_conversation(&self, name: &str) -> Result<Conversation, ClientError> {
        let request = GetConversationRequest { name: name.to_owned() };
        let response =
            answer(self.conversations.clone().get_conversation(self.within(QUICK, request)).await)?;
        present(response.conversation, "conversation")
    }

    /// Adds what a person or a program of the company said.
    ///
    /// # Errors
    /// [`ClientError`] as the server says.
    pub async fn append_turn(&self, name: &str, turn: Turn) -> Result<Conversation, ClientError> {
        let request = AppendTurnRequest { name: name.to_owned(), turn: Some(turn) };
        let response = answer(self.conversations.clone().append_turn(self.within(QUICK, request)).await)?;
        present(response.conversation, "conversation")
    }

    /// A person takes a conversation over.
    ///
    /// # Errors
    /// [`ClientError`] as the server says.
    pub async fn take_conversation(&self, name: &str) -> Result<Conversation, ClientError> {
        let request = TakeConversationRequest { name: name.to_owned() };
        let response =
            answer(self.conversations.clone().take_conversation(self.within(QUICK, request)).await)?;
        present(response.conversation, "conversation")
    }

    /// The person gives a conversation back.
    ///
    /// # Errors
    /// [`ClientError`] as the server says.
    pub async fn release_conversation(&self, name: &str) -> Result<Conversation, ClientError> {
        let request = ReleaseConversationRequest { name: name.to_owned() };
        let response =
            answer(self.conversations.clone().release_conversation(self.within(QUICK, request)).await)?;
        present(response.conversation, "conversation")
    }

    /// Forgets a conversation.
    ///
    /// # Errors
    /// [`ClientError`] as the server says.
    pub async fn delete_conversation(&self, name: &str) -> Result<(), ClientError> {
        let request = DeleteConversationRequest { name: name.to_owned() };
        answer(self.conversations.clone().delete_conversation(self.within(QUICK, request)).await).map(|_| ())
    }
}
