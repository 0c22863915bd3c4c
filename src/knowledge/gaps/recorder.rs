//! The task that keeps gaps: redacts, groups, writes once a second.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};

use super::{
    Event, MAX_WAITING, UnansweredQuestion,
    grouping::{Group, Groups, Redacted},
};
use crate::{
    Error, Result,
    encoder::TextEncoder,
    knowledge::{
        name::BaseName,
        prepare::{Preparer, blocking},
        store::now_ms,
    },
    text::redact::redact,
};

/// How long questions are collected before they are written together.
const WRITE_EVERY: Duration = Duration::from_secs(1);

/// How often gaps that are too old are forgotten.
const FORGET_EVERY: Duration = Duration::from_secs(3600);

/// How long the gaps of a knowledge base stay in memory after its last question.
const IDLE: Duration = Duration::from_secs(600);

/// Characters of a question that are kept: enough for what it is about.
const MAX_CHARS: usize = 500;

/// Characters of a question that are read at all; bounds what replacing personal data may cost.
const MAX_READ_CHARS: usize = 2_000;

/// Characters before the end of what is read that are not kept; longer than any number or address.
const CUT_CHARS: usize = 200;

/// Texts that are encoded in one batch.
const BATCH_SIZE: usize = 32;

/// Keeps the questions that nothing answered.
pub(super) struct Recorder {
    preparer: Preparer,
    retention_ms: i64,
    num_dropped: Arc<AtomicU64>,
    bases: HashMap<BaseName, Base>,
}

/// The gaps of a knowledge base that is being asked.
struct Base {
    number: i64,
    groups: Groups,
    last_used: Instant,
}

/// What was collected in a second.
#[derive(Default)]
struct Batch {
    asked: Vec<(UnansweredQuestion, i64)>,
    waiting: Vec<oneshot::Sender<()>>,
}

impl Recorder {
    /// A recorder that has kept nothing yet.
    pub(super) fn new(preparer: Preparer, retention_ms: i64, num_dropped: Arc<AtomicU64>) -> Self {
        Self { preparer, retention_ms, num_dropped, bases: HashMap::new() }
    }

    /// Works until the last sender is gone.
    pub(super) async fn run(mut self, mut events: mpsc::Receiver<Event>) {
        let mut forgotten = Instant::now();
        loop {
            let first = match timeout(FORGET_EVERY, events.recv()).await {
                Ok(Some(event)) => Some(event),
                Ok(None) => return,
                Err(_) => None,
            };
            if let Some(first) = first {
                let batch = self.collect(first, &mut events).await;
                self.keep(batch).await;
            }
            if forgotten.elapsed() >= FORGET_EVERY {
                forgotten = Instant::now();
                self.forget_old().await;
            }
            self.bases.retain(|_, base| base.last_used.elapsed() < IDLE);
        }
    }

    /// Takes what comes within a second, or until somebody waits for it.
    async fn collect(&mut self, first: Event, events: &mut mpsc::Receiver<Event>) -> Batch {
        let mut batch = Batch::default();
        let end = tokio::time::Instant::now() + WRITE_EVERY;
        let mut next = Some(first);
        while let Some(event) = next {
            match event {
                Event::Asked(question, time_ms) => batch.asked.push((*question, time_ms)),
                Event::Deleted(name) => {
                    if let Some(base) = self.bases.get_mut(name.base()) {
                        base.groups.remove(name.number());
                    }
                }
                Event::Settle(sender) => batch.waiting.push(sender),
            }
            if !batch.waiting.is_empty() || batch.asked.len() >= MAX_WAITING {
                break;
            }
            next = tokio::time::timeout_at(end, events.recv()).await.ok().flatten();
        }
        batch
    }

    /// Groups and writes a batch. What cannot be written is tried again with the next one.
    async fn keep(&mut self, batch: Batch) {
        let num_dropped = self.num_dropped.swap(0, Ordering::Relaxed);
        if num_dropped > 0 {
            tracing::warn!(num_dropped, "questions without an answer came too fast and were not kept");
        }
        if let Err(error) = self.group_and_write(batch.asked).await {
            tracing::warn!(%error, "questions without an answer could not be kept");
        }
        for sender in batch.waiting {
            // Who waited may have gone.
            let _ = sender.send(());
        }
    }

    async fn group_and_write(&mut self, asked: Vec<(UnansweredQuestion, i64)>) -> Result<()> {
        let mut by_base: HashMap<BaseName, Vec<(UnansweredQuestion, i64)>> = HashMap::new();
        for (question, time_ms) in asked {
            by_base.entry(question.base.clone()).or_default().push((question, time_ms));
        }
        for (name, asked) in by_base {
            if !self.load(&name).await? {
                continue;
            }
            let Some(mut base) = self.bases.remove(&name) else { continue };
            let encoder = Arc::clone(&self.preparer.encoder);
            let grouped = blocking(move || {
                let (mut replaced, whole): (Vec<_>, Vec<_>) = asked
                    .into_iter()
                    .map(|(asked, time_ms)| redact_question(asked, time_ms))
                    .partition(|question| question.vector.is_empty());
                whole.into_iter().for_each(|question| base.groups.add(question));
                // What was asked before in the same words costs no forward pass.
                replaced =
                    replaced.into_iter().filter_map(|question| base.groups.add_known(question)).collect();
                encode_replaced(&*encoder, &mut replaced)?;
                replaced.into_iter().for_each(|question| base.groups.add(question));
                base.last_used = Instant::now();
                Ok::<_, Error>(base)
            });
            self.bases.insert(name, grouped.await??);
        }
        self.write().await
    }

    /// Writes what changed. A knowledge base that was deleted meanwhile is forgotten.
    async fn write(&mut self) -> Result<()> {
        let mut gone = Vec::new();
        for (name, base) in &mut self.bases {
            if !base.is_changed() {
                continue;
            }
            if self.preparer.store.base_number(name).await? == Some(base.number) {
                write(&self.preparer, base).await?;
            } else {
                gone.push(name.clone());
            }
        }
        self.bases.retain(|name, _| !gone.contains(name));
        Ok(())
    }

    /// Reads the gaps of a knowledge base unless they are at hand; tells whether it is there.
    async fn load(&mut self, name: &BaseName) -> Result<bool> {
        let Some(number) = self.preparer.store.base_number(name).await? else {
            self.bases.remove(name);
            return Ok(false);
        };
        if self.bases.get(name).is_some_and(|base| base.number == number) {
            return Ok(true);
        }
        let stored = self.preparer.store.gaps_with_vectors(number, &self.preparer.model_id).await?;
        let encoder = Arc::clone(&self.preparer.encoder);
        let groups = blocking(move || {
            let mut groups: Vec<Group> = stored
                .into_iter()
                .map(|(gap, vector)| Group { is_changed: vector.is_empty(), gap, vector })
                .collect();
            encode_missing(&*encoder, &mut groups)?;
            Ok::<_, Error>(Groups { groups, evicted: Vec::new() })
        })
        .await??;
        self.bases.insert(name.clone(), Base { number, groups, last_used: Instant::now() });
        Ok(true)
    }

    async fn forget_old(&mut self) {
        let before = now_ms().saturating_sub(self.retention_ms);
        if let Err(error) = self.preparer.store.forget_gaps_before(before).await {
            tracing::warn!(%error, "old questions without an answer could not be forgotten");
            return;
        }
        for base in self.bases.values_mut() {
            base.groups.groups.retain(|group| group.gap.last_time_ms >= before);
        }
    }
}

impl Base {
    /// Whether the store does not have its gaps as they are.
    fn is_changed(&self) -> bool {
        !self.groups.evicted.is_empty() || self.groups.groups.iter().any(|group| group.is_changed)
    }
}

/// Writes what changed of a knowledge base's gaps.
async fn write(preparer: &Preparer, base: &mut Base) -> Result<()> {
    let changed: Vec<usize> =
        (0..base.groups.groups.len()).filter(|&index| base.groups.groups[index].is_changed).collect();
    let mut write = preparer.store.begin_unnamed().await?;
    for &number in &base.groups.evicted {
        write.delete_gap(base.number, number).await?;
    }
    let mut numbers = Vec::with_capacity(changed.len());
    for &index in &changed {
        let Group { gap, vector, .. } = &base.groups.groups[index];
        let is_stored = gap.number != 0 && write.update_gap(gap, &preparer.model_id, vector).await?;
        numbers.push(match gap.number {
            0 => Some(write.insert_gap(base.number, gap, &preparer.model_id, vector).await?),
            number => is_stored.then_some(number),
        });
    }
    write.finish(&()).await?;
    base.groups.evicted.clear();
    for (&index, number) in changed.iter().zip(&numbers) {
        let group = &mut base.groups.groups[index];
        group.is_changed = false;
        group.gap.number = number.unwrap_or(GONE);
    }
    // Somebody deleted these meanwhile.
    base.groups.remove(GONE);
    Ok(())
}

/// Stands for the number of a gap that the store does not have any more.
const GONE: i64 = -1;

/// Replaces personal data in a question. Its vector is kept when nothing was replaced; else it has to be made
/// anew, so that what was replaced is not in it either.
fn redact_question(asked: UnansweredQuestion, time_ms: i64) -> Redacted {
    let (question, is_whole) = match asked.is_impersonal {
        true => (short_line(&asked.text), true),
        false => redacted(&asked.text),
    };
    let vector = if is_whole { asked.vector } else { Vec::new() };
    Redacted { question, vector, locale: asked.locale, intent: asked.intent, time_ms }
}

/// Makes the vectors of questions in which something was replaced.
fn encode_replaced(encoder: &dyn TextEncoder, asked: &mut [Redacted]) -> Result<()> {
    let missing = asked.iter_mut().filter(|question| question.vector.is_empty()).collect();
    encode(encoder, missing, |question| &question.question, |question, vector| question.vector = vector)
}

fn encode_missing(encoder: &dyn TextEncoder, groups: &mut [Group]) -> Result<()> {
    let missing = groups.iter_mut().filter(|group| group.vector.is_empty()).collect();
    encode(encoder, missing, |group| &group.gap.question, |group, vector| group.vector = vector)
}

/// Encodes the text of every item.
fn encode<T>(
    encoder: &dyn TextEncoder,
    mut items: Vec<&mut T>,
    text: impl Fn(&T) -> &str,
    set: impl Fn(&mut T, Vec<f32>),
) -> Result<()> {
    for some in items.chunks_mut(BATCH_SIZE) {
        let texts: Vec<&str> = some.iter().map(|item| text(item)).collect();
        let vectors = encoder.encode_texts(&texts)?;
        some.iter_mut().zip(vectors).for_each(|(item, vector)| set(item, vector));
    }
    Ok(())
}

/// A question without personal data, on one line of at most [`MAX_CHARS`]; and whether nothing of it
/// was replaced or left unread.
fn redacted(question: &str) -> (String, bool) {
    let end = question.char_indices().nth(MAX_READ_CHARS).map(|(end, _)| end);
    let redacted = redact(&question[..end.unwrap_or(question.len())]);
    let mut num_chars = redacted.text.chars().count();
    if end.is_some() {
        // What the cut goes through is not recognised any more.
        num_chars = num_chars.saturating_sub(CUT_CHARS);
    }
    let kept: String = redacted.text.chars().take(num_chars).collect();
    (short_line(&kept), end.is_none() && redacted.spans.is_empty())
}

/// A text on one line of at most [`MAX_CHARS`].
fn short_line(text: &str) -> String {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if line.len() >= MAX_CHARS * char::MAX_LEN_UTF8 {
            break;
        }
        line.extend(Some(' ').filter(|_| !line.is_empty()));
        line.push_str(word);
    }
    line.chars().take(MAX_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_question_is_one_short_line() {
        assert_eq!(redacted(" 怎麼\n\n退貨 "), ("怎麼 退貨".to_owned(), true));
        assert_eq!(redacted(&"退".repeat(900)).0.chars().count(), MAX_CHARS);
        let (long, is_whole) = redacted(&"退".repeat(9_000));
        assert_eq!((long.chars().count(), is_whole), (MAX_CHARS, false));
    }

    #[test]
    fn what_the_end_of_reading_cuts_through_is_not_kept() {
        // Everything before is replaced, so that the cut number would come within what is kept.
        let mails = "ada.lovelace.of.the.analytical.engine@mail.example.org ".repeat(36);
        let blanks = " ".repeat(MAX_READ_CHARS - mails.len() - 10);
        let (kept, is_whole) = redacted(&format!("{mails}{blanks}0912345678901"));
        assert!(!kept.contains("0912") && !kept.contains("ada") && !is_whole, "{kept}");
    }
}
