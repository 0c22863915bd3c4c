//! The task that keeps decisions: collects for a fifth of a second, writes once.
//!
//! Whoever decides reserves a place first, which never waits, and fills it afterwards. So a decision has a
//! name only when there is room to keep it.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{
    sync::{
        mpsc::{self, OwnedPermit},
        oneshot,
    },
    task::JoinHandle,
    time::timeout,
};

use super::{
    Record, RuleSources,
    conversations::forget_expired,
    decisions::{self, DecisionRow},
};
use crate::{
    Error, Result,
    database::{Database, now_ms},
    settings::RecordsSettings,
};

/// Decisions that may wait to be written; beyond them a decision has no name. About 40 MB, and more than
/// the workers' queue holds by default.
const MAX_WAITING: usize = 1_024;

/// Decisions that are written together at most.
const MAX_BATCH: usize = 256;

/// Decisions that are packed together while others are collected: what is packed all at once keeps the cores from
/// those who wait for a decision.
const PACKED_AT_ONCE: usize = 8;

/// How long decisions are collected before they are written together.
const WRITE_EVERY: Duration = Duration::from_millis(200);

/// How often old decisions and expired conversations are forgotten.
const TRIM_EVERY: Duration = Duration::from_secs(600);

/// Decisions after which the oldest beyond the limit are forgotten, however soon.
const TRIM_AFTER: usize = 1_000;

const DAY_MS: i64 = 24 * 3600 * 1000;

/// Gives decisions to the task. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Recorder {
    events: mpsc::Sender<Event>,
    /// Decisions that found no room since this was last told.
    num_unnamed: Arc<AtomicU64>,
    keeps: bool,
}

/// A place that is kept free for a decision.
#[derive(Debug)]
pub struct Slot {
    id: String,
    permit: OwnedPermit<Event>,
}

#[derive(Debug)]
enum Event {
    Keep(Box<Record>),
    /// Somebody waits until everything before is stored.
    Settle(oneshot::Sender<()>),
}

/// What the task works with.
struct Task {
    database: Database,
    num_unnamed: Arc<AtomicU64>,
    keep_ms: i64,
    max_decisions: usize,
    /// Versions of rules that are stored.
    known: HashSet<String>,
    num_since_trim: usize,
    trimmed: Option<Instant>,
}

/// Decisions that are being packed.
type Packing = JoinHandle<Result<Vec<DecisionRow>>>;

/// What is written together.
#[derive(Default)]
struct Batch {
    /// Not packed yet.
    records: Vec<Record>,
    packing: Vec<Packing>,
    /// Rules that are not stored, by version.
    rules: Vec<(String, RuleSources)>,
    /// Those who wait until it is stored.
    waiting: Vec<oneshot::Sender<()>>,
    num_records: usize,
}

impl Batch {
    /// Adds a decision; `known` are the versions of rules that are stored.
    fn add(&mut self, record: Record, known: &HashSet<String>) {
        let version = &record.case.versions.rules;
        if !known.contains(version) && self.rules.iter().all(|(new, _)| new != version) {
            self.rules.push((version.clone(), RuleSources::of(&record.tenant)));
        }
        self.records.push(record);
        self.num_records += 1;
        if self.records.len() >= PACKED_AT_ONCE {
            self.pack();
        }
    }

    /// Begins to pack what is not packed yet.
    fn pack(&mut self) {
        let records = std::mem::take(&mut self.records);
        let pack = move || records.iter().map(DecisionRow::pack).collect();
        self.packing.push(tokio::task::spawn_blocking(pack));
    }
}

impl Slot {
    /// Id of the decision: unique and rising with time.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Keeps the decision of this id.
    pub fn keep(self, record: Record) {
        self.permit.send(Event::Keep(Box::new(record)));
    }
}

impl Recorder {
    /// Starts the task; it ends after the last recorder is gone.
    pub(super) fn start(database: Database, settings: &RecordsSettings) -> Self {
        let (events, receiver) = mpsc::channel(MAX_WAITING);
        let num_unnamed = Arc::new(AtomicU64::new(0));
        let task = Task {
            database,
            num_unnamed: Arc::clone(&num_unnamed),
            keep_ms: i64::from(settings.keep_days) * DAY_MS,
            max_decisions: settings.max_decisions,
            known: HashSet::new(),
            num_since_trim: 0,
            trimmed: None,
        };
        tokio::spawn(task.run(receiver));
        Self { events, num_unnamed, keeps: settings.keep_decisions }
    }

    /// A place for a decision, without waiting.
    pub(super) fn reserve(&self) -> Option<Slot> {
        if !self.keeps {
            return None;
        }
        let Ok(permit) = self.events.clone().try_reserve_owned() else {
            self.num_unnamed.fetch_add(1, Ordering::Relaxed);
            return None;
        };
        Some(Slot { id: uuid::Uuid::now_v7().to_string(), permit })
    }

    /// Waits until everything that was given before is stored, or could not be.
    pub(super) async fn settle(&self) {
        let (sender, settled) = oneshot::channel();
        // The task ends only after the last sender; without it there is nothing to wait for.
        if self.events.send(Event::Settle(sender)).await.is_ok() {
            let _ = settled.await;
        }
    }
}

impl Task {
    /// Works until the last recorder is gone.
    async fn run(mut self, mut events: mpsc::Receiver<Event>) {
        loop {
            let is_due = self.trimmed.is_none_or(|trimmed| trimmed.elapsed() >= TRIM_EVERY);
            if is_due || self.num_since_trim >= TRIM_AFTER {
                self.trim().await;
            }
            match timeout(TRIM_EVERY, events.recv()).await {
                Ok(Some(first)) => {
                    let batch = self.collect(first, &mut events).await;
                    self.keep(batch).await;
                }
                Ok(None) => return,
                Err(_) => {}
            }
        }
    }

    /// Takes what comes within a fifth of a second, or until somebody waits for it, and packs it meanwhile.
    async fn collect(&self, first: Event, events: &mut mpsc::Receiver<Event>) -> Batch {
        let mut batch = Batch::default();
        let end = tokio::time::Instant::now() + WRITE_EVERY;
        let mut next = Some(first);
        while let Some(event) = next {
            match event {
                Event::Keep(record) => batch.add(*record, &self.known),
                Event::Settle(sender) => batch.waiting.push(sender),
            }
            if !batch.waiting.is_empty() || batch.num_records >= MAX_BATCH {
                break;
            }
            next = tokio::time::timeout_at(end, events.recv()).await.ok().flatten();
        }
        batch.pack();
        batch
    }

    /// Writes a batch; one that cannot be written is lost, and told.
    async fn keep(&mut self, batch: Batch) {
        let num_unnamed = self.num_unnamed.swap(0, Ordering::Relaxed);
        if num_unnamed > 0 {
            tracing::warn!(num_unnamed, "decisions came too fast to be kept; they have no name");
        }
        let Batch { packing, rules, waiting, num_records, .. } = batch;
        if let Err(error) = self.write(packing, rules).await {
            tracing::warn!(%error, num_records, "decisions could not be kept");
        }
        for sender in waiting {
            // Who waited may have gone.
            let _ = sender.send(());
        }
    }

    async fn write(&mut self, packing: Vec<Packing>, rules: Vec<(String, RuleSources)>) -> Result<()> {
        let mut rows = Vec::new();
        for packing in packing {
            rows.extend(packing.await.map_err(|error| Error::Internal(error.to_string()))??);
        }
        if rows.is_empty() {
            return Ok(());
        }
        decisions::write(&self.database, &rows, &rules).await?;
        self.known.extend(rules.into_iter().map(|(version, _)| version));
        self.num_since_trim += rows.len();
        Ok(())
    }

    async fn trim(&mut self) {
        (self.trimmed, self.num_since_trim) = (Some(Instant::now()), 0);
        let before_ms = now_ms().saturating_sub(self.keep_ms);
        match decisions::trim(&self.database, before_ms, self.max_decisions).await {
            Ok(known) => self.known = known,
            Err(error) => tracing::warn!(%error, "old decisions could not be forgotten"),
        }
        if let Err(error) = forget_expired(&self.database).await {
            tracing::warn!(%error, "expired conversations could not be forgotten");
        }
    }
}
