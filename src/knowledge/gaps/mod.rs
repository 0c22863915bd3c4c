//! Gaps: what customers asked and no article answers, grouped by likeness.
//!
//! Whoever finds no answer leaves the question in a bounded channel and goes on. One task in the
//! background takes it from there: it replaces personal data, finds the group that the question
//! belongs to, and writes once a second. Nothing reaches the disk before personal data is replaced,
//! not even a vector.

mod grouping;
mod recorder;

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use tokio::sync::{mpsc, oneshot};

use self::recorder::Recorder;
use super::{
    name::{BaseName, GapName},
    prepare::Preparer,
    store::{StoredGap, now_ms},
};
use crate::{
    Result,
    message::Locale,
    text::{
        language::{Detected, detect},
        normalise::has_content,
    },
};

/// Questions that may wait for the task in the background; a second of the busiest machine. Further
/// ones are counted and dropped.
const MAX_WAITING: usize = 512;

/// A day in ms.
const DAY_MS: i64 = 24 * 3600 * 1000;

/// A question that nothing answered, as it was asked.
#[derive(Clone)]
pub struct UnansweredQuestion {
    /// The knowledge base that was asked.
    pub base: BaseName,
    /// The question.
    pub text: String,
    /// Whether personal data was looked for and none is there; else that happens before anything is kept.
    pub is_impersonal: bool,
    /// Its vector.
    pub vector: Vec<f32>,
    /// Language of the asker.
    pub locale: Locale,
    /// Intent as the taxonomy names it; empty when it was not labelled.
    pub intent: String,
}

/// Questions, like each other, that a knowledge base has no answer for. Holds no personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Its name.
    pub name: GapName,
    /// What was asked first.
    pub question: String,
    /// Other ways in which it was asked.
    pub examples: Vec<String>,
    /// Language of the first asker.
    pub locale: Locale,
    /// Intent of the first message; empty when it was not labelled.
    pub intent: String,
    /// How often it was asked.
    pub count: u64,
    /// When it was first asked, in ms since 1970.
    pub first_time_ms: i64,
    /// When it was last asked, in ms since 1970.
    pub last_time_ms: i64,
}

/// What the task in the background is told.
enum Event {
    /// A question was asked, at a time in ms since 1970.
    Asked(Box<UnansweredQuestion>, i64),
    /// A gap was deleted from the store.
    Deleted(GapName),
    /// Somebody waits until everything before this is stored.
    Settle(oneshot::Sender<()>),
}

/// Where questions without an answer are left.
pub(super) struct Gaps {
    /// `None` when nothing is kept.
    events: Option<mpsc::Sender<Event>>,
    num_dropped: Arc<AtomicU64>,
}

impl Gaps {
    /// Starts to keep gaps for `days` after they were last asked; 0 keeps none, and forgets those
    /// that were kept before.
    pub(super) async fn open(preparer: Preparer, days: u32) -> Result<Self> {
        let num_dropped = Arc::new(AtomicU64::new(0));
        let retention_ms = i64::from(days) * DAY_MS;
        preparer.store.forget_gaps_before(now_ms().saturating_sub(retention_ms)).await?;
        if days == 0 {
            return Ok(Self { events: None, num_dropped });
        }
        let (sender, receiver) = mpsc::channel(MAX_WAITING);
        let recorder = Recorder::new(preparer, retention_ms, Arc::clone(&num_dropped));
        tokio::spawn(recorder.run(receiver));
        Ok(Self { events: Some(sender), num_dropped })
    }

    /// Leaves a question to be kept; never waits. One in a language that is not served, or without
    /// a word in it, is no gap of the knowledge base.
    pub(super) fn record(&self, question: UnansweredQuestion) {
        let Some(events) = &self.events else { return };
        if !has_content(&question.text) || matches!(detect(&question.text), Detected::Other(_)) {
            return;
        }
        if events.try_send(Event::Asked(Box::new(question), now_ms())).is_err() {
            self.num_dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Waits until everything that was recorded before is stored, or could not be.
    pub(super) async fn settle(&self) {
        let (sender, settled) = oneshot::channel();
        self.tell(Event::Settle(sender)).await;
        // Without a task there is nothing to wait for.
        let _ = settled.await;
    }

    /// Tells that a gap was deleted from the store, so that the next such question is a new one.
    pub(super) async fn forget(&self, name: &GapName) {
        self.tell(Event::Deleted(name.clone())).await;
    }

    async fn tell(&self, event: Event) {
        if let Some(events) = &self.events {
            // The task ends only after the last sender.
            let _ = events.send(event).await;
        }
    }
}

impl Gap {
    /// A stored gap as callers see it.
    pub(super) fn new(base: &BaseName, stored: StoredGap) -> Self {
        Self {
            name: GapName::new(base, stored.number),
            question: stored.question,
            examples: stored.examples,
            locale: stored.locale,
            intent: stored.intent,
            count: stored.count.unsigned_abs(),
            first_time_ms: stored.first_time_ms,
            last_time_ms: stored.last_time_ms,
        }
    }

    /// Bytes of its texts.
    pub(super) fn num_bytes(&self) -> usize {
        self.question.len() + self.examples.iter().map(String::len).sum::<usize>()
    }
}
