//! Requests of callers that a conversation remembers with the decisions they got, so that a request that is
//! sent twice gets the same one twice.

use prost::Message;

use super::{
    corrupt,
    decisions::{deflate, inflate},
};
use crate::{Error, Result, digest, message::Channel};

/// Requests that one conversation remembers: a caller repeats the last ones, and each takes a few KiB of a
/// row that every message reads and writes.
const MAX_ANSWERED: usize = 4;

/// A request that a caller gave an id, and the decision that it got.
///
/// It is stored in this form; a field's number is never used for another one.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Answered {
    /// The caller's id.
    #[prost(string, tag = "1")]
    request_id: String,
    /// Tells whether a request of the same id has the same message.
    #[prost(string, tag = "2")]
    message: String,
    /// The decision as it was given, encoded and packed.
    #[prost(bytes = "vec", tag = "3")]
    decision: Vec<u8>,
}

/// The requests of a conversation, oldest first, as they are stored.
#[derive(Clone, PartialEq, prost::Message)]
struct Stored {
    #[prost(message, repeated, tag = "1")]
    answered: Vec<Answered>,
}

impl Answered {
    /// Packs an encoded decision. `redacted` is the message without personal data.
    ///
    /// # Errors
    /// [`Error::Internal`] when it cannot be packed.
    pub fn pack(request_id: &str, redacted: &str, channel: Channel, decision: &[u8]) -> Result<Self> {
        let message = message_digest(redacted, channel);
        Ok(Self { request_id: request_id.to_owned(), message, decision: deflate(decision)? })
    }

    /// The decision as it was given, encoded, to a request that repeats this one.
    ///
    /// # Errors
    /// [`Error::Invalid`] when the request has another message, [`Error::Internal`] when what is stored cannot
    /// be read.
    pub fn repeat(&self, redacted: &str, channel: Channel) -> Result<Vec<u8>> {
        if self.message != message_digest(redacted, channel) {
            let reason = "was used for another message of this conversation; send a new id with a new message, \
                          or the same text and channel to repeat a call";
            return Err(Error::invalid("request_id", reason));
        }
        inflate(&self.decision)
    }

    /// The one of an id.
    pub(super) fn find<'a>(answered: &'a [Self], request_id: &str) -> Option<&'a Self> {
        answered.iter().find(|answered| answered.request_id == request_id)
    }

    /// Adds one; the oldest beyond the limit are forgotten.
    pub(super) fn add(self, answered: &mut Vec<Self>) {
        answered.retain(|other| other.request_id != self.request_id);
        answered.push(self);
        answered.drain(..answered.len().saturating_sub(MAX_ANSWERED));
    }

    /// What a row has of them.
    pub(super) fn to_row(answered: &[Self]) -> Vec<u8> {
        Stored { answered: answered.to_vec() }.encode_to_vec()
    }

    /// Those of a row.
    pub(super) fn of_row(row: &[u8]) -> Result<Vec<Self>> {
        let stored = Stored::decode(row).map_err(|error| corrupt("requests of a conversation", error))?;
        Ok(stored.answered)
    }
}

fn message_digest(redacted: &str, channel: Channel) -> String {
    digest::sha256(format!("{}\0{redacted}", channel.name()).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(id: &str, text: &str) -> Answered {
        Answered::pack(id, text, Channel::Chat, format!("decision on {text}").as_bytes()).expect("packs")
    }

    #[test]
    fn the_same_message_gets_the_same_decision_and_another_one_is_refused() {
        let first = answered("m-1", "怎么退货？");
        assert_eq!(
            first.repeat("怎么退货？", Channel::Chat).expect("the same"),
            "decision on 怎么退货？".as_bytes()
        );
        for (text, channel) in [("怎麼退貨？", Channel::Chat), ("怎么退货？", Channel::Email)] {
            match first.repeat(text, channel) {
                Err(Error::Invalid { field, reason }) => {
                    assert!(field == "request_id" && reason.contains("new id"), "{field}: {reason}");
                }
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn the_last_requests_are_remembered_each_once() {
        let mut all = Vec::new();
        for id in ["a", "b", "c", "b", "d", "e"] {
            answered(id, id).add(&mut all);
        }
        let all = Answered::of_row(&Answered::to_row(&all)).expect("readable");
        let ids: Vec<&str> = all.iter().map(|answered| answered.request_id.as_str()).collect();
        assert_eq!(ids, ["c", "b", "d", "e"]);
        assert!(Answered::find(&all, "e").is_some() && Answered::find(&all, "a").is_none());
        assert!(Answered::of_row(&[]).expect("a row of an older program").is_empty());
        assert!(matches!(Answered::of_row(b"\xff"), Err(Error::Internal(_))));
    }
}
