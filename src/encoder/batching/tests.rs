//! Passes are let in and out one by one, so that nothing depends on time.

use std::{
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread::{self, JoinHandle},
};

use proptest::prelude::*;

use super::{turns::MAX_BATCH_TOKENS, *};

/// Tokens from which a pass of [`Gated`] is faster on two cores.
const WORTH_TWO: usize = 50;

/// How a pass ends.
enum End {
    Well,
    Failing,
    Panicking,
    OneShort,
}

/// A pass that has begun.
struct Pass {
    /// The first token of each row.
    rows: Vec<u32>,
    cores: usize,
    end: mpsc::Sender<End>,
}

impl Pass {
    fn end(self, end: End) {
        self.end.send(end).expect("the pass waits");
    }
}

/// An encoder whose passes the test ends.
struct Gated {
    begun: mpsc::Sender<Pass>,
}

impl Encoder for Gated {
    fn dimensions(&self) -> usize {
        2
    }

    fn num_layers(&self) -> usize {
        1
    }

    fn precision(&self) -> Precision {
        Precision::F32
    }

    fn backend(&self) -> &str {
        "test"
    }

    fn encode(&self, rows: &[Row], cores: NonZeroUsize) -> Result<Vec<EncodedRow>> {
        let (end, ends) = mpsc::channel();
        let first = rows.iter().map(|row| row.ids[0]).collect();
        self.begun.send(Pass { rows: first, cores: cores.get(), end }).expect("the test listens");
        match ends.recv().expect("the test ends it") {
            End::Well => Ok(rows.iter().map(encoded).collect()),
            End::Failing => Err(Error::Compute(candle_core::Error::Msg("on purpose".into()))),
            End::Panicking => panic!("on purpose"),
            End::OneShort => Ok(rows.iter().skip(1).map(encoded).collect()),
        }
    }

    fn worthwhile_cores(&self, num_tokens: usize) -> NonZeroUsize {
        NonZeroUsize::new(if num_tokens >= WORTH_TWO { 2 } else { 1 }).expect("not 0")
    }
}

/// A row of one token many times.
fn row(token: u32, num_tokens: usize) -> Row {
    Row { ids: vec![token; num_tokens], message_start: 1 }
}

/// What the encoders of these tests make of a row.
fn encoded(row: &Row) -> EncodedRow {
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    let vector = vec![row.ids[0] as f32, row.ids.len() as f32];
    EncodedRow { vector, states: vec![] }
}

/// An encoder with a gate, and the passes that begin.
struct Desk {
    batching: Arc<Batching>,
    passes: mpsc::Receiver<Pass>,
}

type Caller = JoinHandle<Result<Vec<EncodedRow>>>;

impl Desk {
    fn of(cores: usize) -> Self {
        let (begun, passes) = mpsc::channel();
        let cores = NonZeroUsize::new(cores).expect("not 0");
        Self { batching: Arc::new(Batching::new(Arc::new(Gated { begun }), cores)), passes }
    }

    /// A caller on a thread of its own.
    fn call(&self, rows: Vec<Row>) -> Caller {
        let batching = Arc::clone(&self.batching);
        thread::spawn(move || batching.encode(rows))
    }

    /// A caller whose rows wait, because no core is free.
    fn call_and_wait(&self, rows: Vec<Row>) -> Caller {
        let before = self.num_waiting();
        let caller = self.call(rows);
        while self.num_waiting() == before {
            thread::yield_now();
        }
        caller
    }

    fn num_waiting(&self) -> usize {
        lock(&self.batching.turns).num_waiting()
    }

    fn pass(&self) -> Pass {
        self.passes.recv().expect("a pass begins")
    }

    fn no_pass_begins(&self) -> bool {
        self.passes.try_recv().is_err()
    }
}

/// What a caller got, as the tokens of its rows.
fn tokens(caller: Caller) -> Vec<f32> {
    caller.join().expect("no panic").expect("encodes").iter().map(|row| row.vector[0]).collect()
}

fn failure(caller: Caller) -> Error {
    caller.join().expect("no panic").expect_err("fails")
}

#[test]
fn what_waits_when_a_core_gets_free_is_its_batch() {
    let desk = Desk::of(1);
    let first = desk.call(vec![row(1, 10)]);
    let pass = desk.pass();
    assert_eq!((pass.rows.as_slice(), pass.cores), ([1].as_slice(), 1));
    let second = desk.call_and_wait(vec![row(2, 10), row(3, 10)]);
    let third = desk.call_and_wait(vec![row(4, 10)]);
    assert!(desk.no_pass_begins());
    pass.end(End::Well);
    let pass = desk.pass();
    assert_eq!(pass.rows, [2, 3, 4]);
    assert_eq!(tokens(first), [1.0]);
    pass.end(End::Well);
    assert_eq!((tokens(second), tokens(third)), (vec![2.0, 3.0], vec![4.0]));
}

#[test]
fn a_short_message_is_in_the_next_batch_however_long_the_one_before_it_is() {
    let desk = Desk::of(1);
    let long = desk.call((0..20).map(|part| row(100 + part, 100)).collect());
    let pass = desk.pass();
    assert_eq!(pass.rows, [100]);
    let short = desk.call_and_wait(vec![row(1, 10)]);
    pass.end(End::Well);
    let pass = desk.pass();
    assert_eq!(pass.rows, [101, 1]);
    pass.end(End::Well);
    assert_eq!(tokens(short), [1.0]);
    let mut rows_left = 20 - 2;
    while rows_left > 0 {
        let pass = desk.pass();
        rows_left -= pass.rows.len();
        pass.end(End::Well);
    }
    assert_eq!(tokens(long), (100..120u8).map(f32::from).collect::<Vec<_>>());
}

#[test]
fn long_messages_take_turns() {
    let desk = Desk::of(1);
    let first = desk.call(vec![row(1, 10)]);
    let pass = desk.pass();
    let long: Vec<Caller> =
        [10, 20].map(|token| desk.call_and_wait((0..4).map(|part| row(token + part, 30)).collect())).into();
    pass.end(End::Well);
    let passes: Vec<Vec<u32>> = (0..2)
        .map(|_| {
            let pass = desk.pass();
            let rows = pass.rows.clone();
            pass.end(End::Well);
            rows
        })
        .collect();
    assert_eq!(passes, [[10, 11, 20, 21], [12, 13, 22, 23]]);
    assert_eq!(tokens(first), [1.0]);
    assert!(long.into_iter().all(|caller| tokens(caller).len() == 4));
}

#[test]
fn a_row_longer_than_a_batch_goes_alone() {
    let desk = Desk::of(1);
    let first = desk.call(vec![row(1, 1)]);
    let pass = desk.pass();
    let others = desk.call_and_wait(vec![row(2, 10), row(3, MAX_BATCH_TOKENS + 1), row(4, 10)]);
    pass.end(End::Well);
    for expected in [2, 3, 4] {
        let pass = desk.pass();
        assert_eq!(pass.rows, [expected]);
        pass.end(End::Well);
    }
    assert_eq!((tokens(first), tokens(others)), (vec![1.0], vec![2.0, 3.0, 4.0]));
}

#[test]
fn a_lone_caller_gets_every_core_that_makes_it_faster() {
    let desk = Desk::of(2);
    let small = desk.call(vec![row(1, WORTH_TWO - 1)]);
    let pass = desk.pass();
    assert_eq!(pass.cores, 1);
    let other = desk.call(vec![row(2, WORTH_TWO)]);
    let second = desk.pass();
    assert_eq!(second.cores, 1, "the other core is taken");
    pass.end(End::Well);
    second.end(End::Well);
    assert_eq!((tokens(small), tokens(other)), (vec![1.0], vec![2.0]));
    let large = desk.call(vec![row(3, WORTH_TWO)]);
    let pass = desk.pass();
    assert_eq!(pass.cores, 2);
    pass.end(End::Well);
    assert_eq!(tokens(large), [3.0]);
}

#[test]
fn cores_that_get_free_together_share_what_waits() {
    let desk = Desk::of(2);
    let large = desk.call(vec![row(1, WORTH_TWO)]);
    let pass = desk.pass();
    let waiting: Vec<Caller> = (2..6).map(|token| desk.call_and_wait(vec![row(token, 60)])).collect();
    assert!(desk.no_pass_begins(), "both cores are taken");
    pass.end(End::Well);
    let both = [desk.pass(), desk.pass()];
    assert!(both.iter().all(|pass| pass.cores == 1 && pass.rows.len() == 2));
    both.into_iter().for_each(|pass| pass.end(End::Well));
    assert_eq!(tokens(large), [1.0]);
    assert_eq!(waiting.into_iter().flat_map(tokens).collect::<Vec<_>>(), [2.0, 3.0, 4.0, 5.0]);
}

#[test]
fn a_failed_pass_fails_those_in_it_and_nobody_else() {
    for (end, expected) in [
        (End::Failing, "the model's computation failed: on purpose"),
        (End::Panicking, "internal fault: the encoder panicked"),
        (End::OneShort, "internal fault: the encoder gave another number of vectors"),
    ] {
        let desk = Desk::of(1);
        let first = desk.call(vec![row(1, 10)]);
        let pass = desk.pass();
        let second = desk.call_and_wait(vec![row(2, 10)]);
        // Its last row is left for a batch that never comes.
        let third = desk.call_and_wait(vec![row(3, 10), row(4, MAX_BATCH_TOKENS)]);
        let fourth = desk.call_and_wait(vec![row(5, MAX_BATCH_TOKENS)]);
        pass.end(End::Well);
        let pass = desk.pass();
        assert_eq!(pass.rows, [2, 3]);
        pass.end(end);
        let pass = desk.pass();
        assert_eq!(pass.rows, [5]);
        pass.end(End::Well);
        assert_eq!((tokens(first), tokens(fourth)), (vec![1.0], vec![5.0]));
        assert_eq!(failure(second).to_string(), expected);
        assert_eq!(failure(third).to_string(), expected);
        assert_eq!(lock(&desk.batching.turns).free_cores(), 1);
    }
}

#[test]
fn a_caller_that_failed_while_it_leads_gets_its_error_and_gives_its_core_back() {
    let desk = Desk::of(2);
    let rows = (1..4).map(|token| row(token, 30)).chain([row(4, MAX_BATCH_TOKENS)]);
    let first = desk.call(vec![row(8, 10)]);
    let other = desk.pass();
    let long = desk.call(rows.collect());
    let led = desk.pass();
    assert_eq!(led.rows, [1, 2, 3]);
    let second = desk.call_and_wait(vec![row(9, 10)]);
    other.end(End::Well);
    // The other core took the last row of the caller that leads.
    let taken = desk.pass();
    assert_eq!(taken.rows, [4]);
    taken.end(End::Panicking);
    let last = desk.pass();
    last.end(End::Well);
    led.end(End::Well);
    assert!(matches!(failure(long), Error::Internal(_)));
    assert_eq!((tokens(first), tokens(second)), (vec![8.0], vec![9.0]));
    assert_eq!(lock(&desk.batching.turns).free_cores(), 2);
}

#[test]
fn nothing_to_encode_needs_no_pass() {
    assert_eq!(Desk::of(1).batching.encode(vec![]).expect("encodes"), []);
}

/// Counts the cores that compute.
#[derive(Default)]
struct Counting {
    now: AtomicUsize,
    most: AtomicUsize,
    most_tokens: AtomicUsize,
}

impl Encoder for Counting {
    fn dimensions(&self) -> usize {
        2
    }

    fn num_layers(&self) -> usize {
        1
    }

    fn precision(&self) -> Precision {
        Precision::F32
    }

    fn backend(&self) -> &str {
        "test"
    }

    fn encode(&self, rows: &[Row], cores: NonZeroUsize) -> Result<Vec<EncodedRow>> {
        let now = self.now.fetch_add(cores.get(), Ordering::SeqCst) + cores.get();
        self.most.fetch_max(now, Ordering::SeqCst);
        if rows.len() > 1 {
            self.most_tokens.fetch_max(rows.iter().map(|row| row.ids.len()).sum(), Ordering::SeqCst);
        }
        thread::yield_now();
        self.now.fetch_sub(cores.get(), Ordering::SeqCst);
        Ok(rows.iter().map(encoded).collect())
    }

    fn worthwhile_cores(&self, num_tokens: usize) -> NonZeroUsize {
        NonZeroUsize::MIN.saturating_add(num_tokens / 64)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn everybody_gets_their_own_rows_and_no_core_is_used_twice(
        callers in prop::collection::vec(
            prop::collection::vec(prop::collection::vec(1..300usize, 0..8), 1..4),
            1..12,
        ),
        cores in 1..4usize,
    ) {
        let counting = Arc::new(Counting::default());
        let batching =
            Batching::new(Arc::clone(&counting) as Arc<dyn Encoder>, NonZeroUsize::new(cores).expect("not 0"));
        thread::scope(|scope| {
            for (number, calls) in callers.iter().enumerate() {
                let batching = &batching;
                scope.spawn(move || {
                    for lengths in calls {
                        let token = u32::try_from(number).expect("few");
                        let rows: Vec<Row> = lengths.iter().map(|&length| row(token, length)).collect();
                        let expected: Vec<EncodedRow> = rows.iter().map(encoded).collect();
                        assert_eq!(batching.encode(rows).expect("encodes"), expected);
                    }
                });
            }
        });
        prop_assert!(counting.most.load(Ordering::SeqCst) <= cores);
        prop_assert!(counting.most_tokens.load(Ordering::SeqCst) <= MAX_BATCH_TOKENS);
        let turns = lock(&batching.turns);
        prop_assert_eq!((turns.free_cores(), turns.num_waiting()), (cores, 0));
    }
}
