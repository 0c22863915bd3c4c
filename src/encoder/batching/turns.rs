//! Whose rows come next, and who computes them.

use std::{collections::VecDeque, num::NonZeroUsize, sync::Arc};

use super::call::{Batch, Call};
use crate::{
    Result,
    encoder::{EncodedRow, Encoder, Row},
};

/// Tokens of one pass; a single row may be longer. Bounds how long who comes next waits.
///
/// From 64 to 512 no difference in CPU time a decision could be told from noise, which was 17 %.
pub(super) const MAX_BATCH_TOKENS: usize = 128;

/// Tokens that a caller gives to a batch before it is the next one's turn: a usual message, with its
/// sentences, stays together.
const TURN_TOKENS: usize = 64;

/// Who waits, and what is free. While a core is free, everybody who waits leads a pass.
pub(super) struct Turns {
    encoder: Arc<dyn Encoder>,
    free_cores: usize,
    /// Tokens of the rows that wait.
    num_tokens: usize,
    /// Callers with rows that wait, the next one first.
    waiting: VecDeque<Turn>,
}

/// The rows of one caller that wait.
struct Turn {
    call: Arc<Call>,
    /// With their places among the caller's rows; never empty.
    rows: VecDeque<(usize, Row)>,
    /// Whether the caller leads a pass.
    leads: bool,
}

impl Turn {
    fn num_tokens(&self) -> usize {
        self.rows.iter().map(|(_, row)| row.ids.len()).sum()
    }
}

impl Turns {
    /// Nobody waits, and `cores` cores are free.
    pub(super) fn new(encoder: Arc<dyn Encoder>, cores: NonZeroUsize) -> Self {
        Self { encoder, free_cores: cores.get(), num_tokens: 0, waiting: VecDeque::new() }
    }

    /// Lets rows wait, and their caller lead when a core is free.
    pub(super) fn enter(&mut self, call: &Arc<Call>, rows: Vec<Row>) {
        let rows = rows.into_iter().enumerate().collect();
        let turn = Turn { call: Arc::clone(call), rows, leads: false };
        self.num_tokens += turn.num_tokens();
        self.waiting.push_back(turn);
        self.appoint();
    }

    /// Hands out what a pass gave and takes back its cores; gives its leader a further batch when rows of
    /// its own wait.
    pub(super) fn finish(
        &mut self,
        leader: &Arc<Call>,
        batch: Batch,
        encoded: Result<Vec<EncodedRow>>,
    ) -> Option<Batch> {
        self.free_cores += batch.cores.get();
        match encoded {
            Ok(encoded) => batch.deliver(encoded),
            Err(error) => {
                // First: a caller that knows that it failed goes, and cannot lead any more.
                self.forget(&batch);
                batch.fail(&error);
            }
        }
        let waits = self.waiting.iter().any(|turn| Arc::ptr_eq(&turn.call, leader));
        let next = waits.then(|| self.take(1 + self.num_idle()));
        self.appoint();
        next
    }

    /// Callers that wait and do not lead.
    fn num_idle(&self) -> usize {
        self.waiting.iter().filter(|turn| !turn.leads).count()
    }

    /// Gives free cores to callers that wait and do not lead, those who come next first.
    fn appoint(&mut self) {
        while self.free_cores > 0 {
            let num_idle = self.num_idle();
            let Some(turn) = self.waiting.iter_mut().find(|turn| !turn.leads) else { return };
            turn.leads = true;
            let leader = Arc::clone(&turn.call);
            leader.appoint(self.take(num_idle));
        }
    }

    /// A batch of what waits, for a core that is free; `num_leaders` callers could share what waits.
    ///
    /// Cores that nobody else could use come with it when they make it faster.
    fn take(&mut self, num_leaders: usize) -> Batch {
        let share = self.num_tokens.div_ceil(num_leaders.min(self.free_cores).max(1));
        let (rows, places) = self.next_rows(share.min(MAX_BATCH_TOKENS));
        let num_tokens = rows.iter().map(|row| row.ids.len()).sum();
        self.num_tokens = self.num_tokens.saturating_sub(num_tokens);
        self.free_cores = self.free_cores.saturating_sub(1);
        let further = match self.num_idle() {
            0 => (self.encoder.worthwhile_cores(num_tokens).get() - 1).min(self.free_cores),
            _ => 0,
        };
        self.free_cores -= further;
        Batch { rows, places, cores: NonZeroUsize::MIN.saturating_add(further) }
    }

    /// The rows that come next, of at most `max_tokens` together or one alone.
    fn next_rows(&mut self, max_tokens: usize) -> (Vec<Row>, Vec<(Arc<Call>, usize)>) {
        let (mut rows, mut places, mut num_tokens) = (Vec::new(), Vec::new(), 0);
        while let Some(mut turn) = self.waiting.pop_front() {
            let before = num_tokens;
            let mut is_full = false;
            while let Some((place, row)) = turn.rows.pop_front() {
                let longer = num_tokens + row.ids.len();
                let gave_enough = num_tokens > before && longer - before > TURN_TOKENS;
                // The next one's rows may be short enough.
                is_full = !gave_enough && !rows.is_empty() && longer > max_tokens;
                if is_full || gave_enough {
                    turn.rows.push_front((place, row));
                    break;
                }
                num_tokens = longer;
                rows.push(row);
                places.push((Arc::clone(&turn.call), place));
            }
            let gave = num_tokens > before;
            match turn.rows.is_empty() {
                true => {}
                false if gave => self.waiting.push_back(turn),
                // It comes first the next time.
                false => self.waiting.push_front(turn),
            }
            if is_full {
                break;
            }
        }
        (rows, places)
    }

    /// Drops what waits of the callers of a batch that failed.
    fn forget(&mut self, batch: &Batch) {
        let failed = |turn: &Turn| batch.places.iter().any(|(call, _)| Arc::ptr_eq(call, &turn.call));
        self.waiting.retain(|turn| !failed(turn));
        self.num_tokens = self.waiting.iter().map(Turn::num_tokens).sum();
    }
}

#[cfg(test)]
impl Turns {
    /// Callers with rows that wait.
    pub(super) fn num_waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Cores on which nothing is computed.
    pub(super) fn free_cores(&self) -> usize {
        self.free_cores
    }
}
