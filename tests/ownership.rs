//! Who may speak in a kept conversation, against a model of four states: no order of events, no conflict of
//! two writers and no restart lets the program speak while a person owns it or is waited for.

use std::{path::Path, sync::Arc};

use frontdesk::{
    Error,
    data_folder::DataFolder,
    desk::{Tenant, conclude},
    knowledge::{AnswerFeatures, ArticleName, BaseName, Hit, ScoreParts, SearchFilter, SearchOutcome},
    message::{Locale, Role, Turn, Wording},
    policy::{Action, AskedRequest, Case, Conversation, Delivery, Owner, answerable, needs_case},
    records::{KeptConversation, Records},
    settings::RecordsSettings,
    text::language::{Language, Source},
    triage::{
        Binary, Emotion, EmotionPrediction, IntentPrediction, Labels, Polarity, SentimentPrediction, Urgency,
        UrgencyPrediction,
    },
};
use jiff::Timestamp;
use proptest::{prelude::*, test_runner::Config};
use tokio::runtime::Runtime;

const TENANT: &str = "default";
const ID: &str = "c-1";

/// What a customer's message is about: what the model might say of it.
#[derive(Clone, Copy, Debug)]
enum Said {
    /// A question that an article answers.
    Question,
    /// Something that needs the customer's account.
    OwnCase,
    /// Something between two intents.
    Unclear,
    Person,
    Thanks,
    /// Letters that make no words.
    Nothing,
}

#[derive(Clone, Debug)]
enum Event {
    /// A writer reads the conversation to decide a message.
    Read(usize, Said),
    /// It stores what it decided.
    Store(usize),
    Take,
    Release,
    Agent(u8),
    Bot(u8),
    Delete,
    Restart,
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let said = prop_oneof![
        Just(Said::Question),
        Just(Said::OwnCase),
        Just(Said::Unclear),
        Just(Said::Person),
        Just(Said::Thanks),
        Just(Said::Nothing),
    ];
    let event = prop_oneof![
        5 => (0..2usize, said).prop_map(|(writer, said)| Event::Read(writer, said)),
        5 => (0..2usize).prop_map(Event::Store),
        2 => Just(Event::Take),
        2 => Just(Event::Release),
        2 => (0..2u8).prop_map(Event::Agent),
        2 => (0..2u8).prop_map(Event::Bot),
        1 => Just(Event::Delete),
        1 => Just(Event::Restart),
    ];
    proptest::collection::vec(event, 1..40)
}

/// Who may speak, as the contract tells it; written apart from the code under test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Bot,
    Waiting,
    Person,
    Released,
}

impl State {
    fn may_speak(self) -> bool {
        self == State::Bot || self == State::Released
    }

    fn owner(self) -> Owner {
        match self {
            State::Bot => Owner::Bot,
            State::Waiting => Owner::Waiting,
            State::Person => Owner::Person,
            State::Released => Owner::Released,
        }
    }
}

/// What the model knows of the conversation.
#[derive(Clone, Debug)]
struct Model {
    state: State,
    is_there: bool,
    /// Grows with every change, also by forgetting; never starts anew.
    num_changes: u64,
    last: Option<(Role, u8)>,
}

impl Model {
    fn new() -> Self {
        Self { state: State::Bot, is_there: false, num_changes: 0, last: None }
    }

    fn change(&mut self, state: State) {
        self.state = state;
        self.is_there = true;
        self.num_changes += 1;
    }
}

/// A writer that has read the conversation and not stored its decision yet.
struct Pending {
    kept: KeptConversation,
    said: Said,
    num_changes: u64,
    was_there: bool,
}

fn labels(intents: &[(&str, f64)]) -> Labels {
    let no = Binary { probability: 0.01, holds: false };
    let prediction = |(rank, &(intent, probability)): (usize, &(&str, f64))| IntentPrediction {
        intent: intent.into(),
        probability,
        presence: probability,
        selected: rank == 0,
    };
    Labels {
        language: ENGLISH,
        intents: intents.iter().enumerate().map(prediction).collect(),
        urgency: UrgencyPrediction { level: Urgency::Low, distribution: [0.95, 0.03, 0.01, 0.01] },
        sentiment: SentimentPrediction { polarity: Polarity::Neutral, probability: 0.9, score: 0.0 },
        emotion: EmotionPrediction { emotion: Emotion::None, probability: 0.9 },
        wants_human: no,
        orders_system: no,
        num_tokens: 9,
        windowed: false,
    }
}

const ENGLISH: Language = Language { locale: Ok(Locale::En), source: Source::Text, script_determined: true };

fn answer() -> SearchOutcome {
    let base = BaseName::from_id("shop", "id").expect("a name");
    let hit = Hit {
        article: ArticleName::from_id(&base, "times.en", "id").expect("a name"),
        article_version: 1,
        title: "Delivery times".into(),
        heading: String::new(),
        text: "2 to 4 working days.".into(),
        start_byte: 0,
        end_byte: 20,
        locale: Locale::En,
        url: String::new(),
        score: 0.7,
        lexical_score: 0.6,
        dense_score: 0.8,
        similar: vec![],
        parts: ScoreParts::default(),
    };
    SearchOutcome {
        base,
        generation: 1,
        answered: true,
        answer_probability: 0.95,
        features: AnswerFeatures::default(),
        hits: vec![hit],
        asker: Locale::En,
        filter: SearchFilter::default(),
        num_articles: 1,
    }
}

fn case(said: Said, conversation: Conversation) -> Case {
    let labels = match said {
        Said::Question => Some(labels(&[("delivery.options", 0.95), ("other", 0.05)])),
        Said::OwnCase => Some(labels(&[("billing.dispute", 0.95), ("other", 0.05)])),
        Said::Unclear => Some(labels(&[("refund.request", 0.65), ("warranty.repair", 0.3)])),
        Said::Person => {
            let wants_human = Binary { probability: 0.97, holds: true };
            Some(Labels { wants_human, ..labels(&[("delivery.options", 0.9), ("other", 0.1)]) })
        }
        Said::Thanks => Some(labels(&[("chat.closing", 0.97), ("other", 0.03)])),
        Said::Nothing => None,
    };
    let request = labels.as_ref().map(|labels| AskedRequest {
        intent: labels.intents[0].intent.clone(),
        probability: labels.intents[0].probability,
        margin: labels.margin(),
        urgency: labels.urgency.level,
        answerable: answerable(labels),
        needs_case: needs_case(labels),
        span: 0..9,
        text: "A request".into(),
        continued: false,
        search: Some(answer()),
    });
    Case {
        tenant: TENANT.into(),
        labels,
        requests: request.into_iter().collect(),
        conversation,
        ..Case::unread(ENGLISH, Wording::En, Timestamp::UNIX_EPOCH)
    }
}

fn tenant() -> Tenant {
    Tenant::built_in(TENANT)
}

async fn open(path: &Path) -> Records {
    let folder = Arc::new(DataFolder::open(path).expect("a data folder"));
    Records::open(folder, RecordsSettings::default()).await.expect("opens")
}

fn turn(role: Role, text: u8) -> Turn {
    Turn { role, text: format!("Turn {text}.") }
}

/// Runs events against the store and the model.
struct Run {
    records: Records,
    model: Model,
    writers: [Option<Pending>; 2],
    tenant: Tenant,
}

impl Run {
    async fn step(&mut self, event: &Event, path: &Path) {
        match *event {
            Event::Read(writer, said) => {
                let kept = self.records.conversation(TENANT, ID).await.expect("reads");
                let Model { num_changes, is_there, .. } = self.model;
                self.writers[writer] = Some(Pending { kept, said, num_changes, was_there: is_there });
            }
            Event::Store(writer) => {
                if let Some(pending) = self.writers[writer].take() {
                    self.store(pending).await;
                }
            }
            Event::Take => {
                let take = |kept: &mut KeptConversation| {
                    kept.take();
                    Ok(())
                };
                self.records.change_conversation(TENANT, ID, take).await.expect("takes");
                if self.model.state != State::Person {
                    self.model.change(State::Person);
                }
            }
            Event::Release => self.release().await,
            Event::Agent(text) => {
                let said = turn(Role::Agent, text);
                let add = |kept: &mut KeptConversation| kept.append(&said);
                self.records.change_conversation(TENANT, ID, add).await.expect("a person may speak");
                let again = self.model.last == Some((Role::Agent, text));
                if !(again && self.model.state == State::Person) {
                    self.model.change(State::Person);
                }
                self.model.last = Some((Role::Agent, text));
            }
            Event::Bot(text) => self.bot(text).await,
            Event::Delete => {
                let was_there = self.records.delete_conversation(TENANT, ID).await.expect("deletes");
                assert_eq!(was_there, self.model.is_there);
                let num_changes = self.model.num_changes + u64::from(was_there);
                self.model = Model { num_changes, ..Model::new() };
            }
            Event::Restart => {
                // Nothing is closed: as after a kill, all there is is what calls have returned of.
                self.records = open_again(&mut self.records, path).await;
            }
        }
    }

    /// A writer stores its decision; it fails exactly when somebody changed the conversation since.
    async fn store(&mut self, pending: Pending) {
        let Pending { kept, said, num_changes, was_there } = pending;
        let revision = kept.state.revision;
        let concluded = conclude(&case(said, kept.state.clone()), &self.tenant);
        let verdict = &concluded.verdict;
        let saved =
            self.records.save_conversation(TENANT, kept.decided("A message", &concluded), revision).await;
        // One that was not there and is not there again is as it was.
        let is_same = self.model.num_changes == num_changes || (!was_there && !self.model.is_there);
        if !is_same {
            assert!(matches!(saved, Err(Error::Conflict { .. })), "{saved:?}");
            return;
        }
        saved.expect("stores");
        let says_something = verdict.delivery == Delivery::Send || verdict.notice;
        assert!(self.model.state.may_speak() || !says_something, "speaks in {:?}", self.model.state);
        let next = match (self.model.state, verdict.action) {
            (State::Bot | State::Released, Action::Handoff) => State::Waiting,
            (State::Bot | State::Released, _) => State::Bot,
            (held, _) => held,
        };
        self.model.change(next);
        self.model.last = None;
    }

    async fn release(&mut self) {
        let release = |kept: &mut KeptConversation| {
            kept.release();
            Ok(())
        };
        self.records.change_conversation(TENANT, ID, release).await.expect("releases");
        if matches!(self.model.state, State::Waiting | State::Person) {
            self.model.change(State::Released);
        }
    }

    async fn bot(&mut self, text: u8) {
        let said = turn(Role::Bot, text);
        let add = |kept: &mut KeptConversation| kept.append(&said);
        let added = self.records.change_conversation(TENANT, ID, add).await;
        if !self.model.state.may_speak() {
            assert!(matches!(added, Err(Error::Precondition { .. })), "{added:?}");
            return;
        }
        added.expect("the program may speak");
        if self.model.last != Some((Role::Bot, text)) {
            self.model.change(self.model.state);
        }
        self.model.last = Some((Role::Bot, text));
    }

    async fn check(&self) {
        let kept = self.records.conversation(TENANT, ID).await.expect("reads");
        assert_eq!(kept.state.owner, self.model.state.owner());
        assert_eq!(kept.is_stored(), self.model.is_there);
    }
}

/// Lets go of the records without closing them and opens the folder again.
async fn open_again(records: &mut Records, path: &Path) -> Records {
    let elsewhere = tempfile::tempdir().expect("a folder");
    drop(std::mem::replace(records, open(elsewhere.path()).await));
    open(path).await
}

proptest! {
    #![proptest_config(Config { cases: 64, failure_persistence: None, ..Config::default() })]

    #[test]
    fn the_program_never_speaks_while_a_person_owns_it(events in events()) {
        let runtime = Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let folder = tempfile::tempdir().expect("a folder");
            let records = open(folder.path()).await;
            let mut run =
                Run { records, model: Model::new(), writers: [None, None], tenant: tenant() };
            for event in &events {
                run.step(event, folder.path()).await;
                run.check().await;
            }
        });
    }
}

/// What a task of [`racing_writers_leave_one_history`] did, with the revision that it gave.
#[derive(Debug)]
struct Done {
    revision: u64,
    owner: Owner,
    spoke: bool,
    what: &'static str,
}

#[test]
fn racing_writers_leave_one_history() {
    let runtime = Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let folder = tempfile::tempdir().expect("a folder");
        let records = open(folder.path()).await;
        let tasks = (0..6).map(|number| {
            let records = records.clone();
            tokio::spawn(async move {
                let (tenant, mut done) = (tenant(), Vec::new());
                // Who decides goes on until some of it stood, also after the others have ended.
                let num_wanted = if number < 2 { 25 } else { 8 };
                while done.len() < num_wanted {
                    done.extend(match number {
                        0 => Some(change(&records, "take", KeptConversation::take).await),
                        1 => Some(change(&records, "release", KeptConversation::release).await),
                        _ => decide(&records, &tenant).await,
                    });
                    tokio::task::yield_now().await;
                }
                done
            })
        });
        let mut history = Vec::new();
        for task in tasks.collect::<Vec<_>>() {
            history.extend(task.await.expect("ends"));
        }
        check_history(history);
    });
}

async fn change(records: &Records, what: &'static str, change: fn(&mut KeptConversation)) -> Done {
    let apply = |kept: &mut KeptConversation| {
        change(kept);
        Ok(())
    };
    let kept = records.change_conversation(TENANT, ID, apply).await.expect("changes");
    Done { revision: kept.state.revision, owner: kept.state.owner, spoke: false, what }
}

/// Decides a message; `None` when somebody else wrote meanwhile.
async fn decide(records: &Records, tenant: &Tenant) -> Option<Done> {
    let kept = records.conversation(TENANT, ID).await.expect("reads");
    let revision = kept.state.revision;
    let said = if revision % 3 == 0 { Said::Unclear } else { Said::Thanks };
    let concluded = conclude(&case(said, kept.state.clone()), tenant);
    tokio::task::yield_now().await;
    let spoke = concluded.verdict.delivery == Delivery::Send || concluded.verdict.notice;
    match records.save_conversation(TENANT, kept.decided("A message", &concluded), revision).await {
        Ok(kept) => {
            let what = "message";
            Some(Done { revision: kept.state.revision, owner: kept.state.owner, spoke, what })
        }
        Err(Error::Conflict { .. }) => None,
        Err(error) => panic!("{error}"),
    }
}

/// Every revision was given once, and nobody spoke on top of one that a person owned.
fn check_history(mut history: Vec<Done>) {
    history.sort_by_key(|done| done.revision);
    // Taking what is taken already gives its revision again.
    let messages: Vec<u64> =
        history.iter().filter(|done| done.what == "message").map(|done| done.revision).collect();
    assert!(messages.windows(2).all(|pair| pair[0] < pair[1]), "{messages:?}");
    let owner_of = |revision: u64| match revision {
        0 => Owner::Bot,
        _ => history.iter().find(|done| done.revision == revision).expect("no revision is skipped").owner,
    };
    for done in history.iter().filter(|done| done.spoke) {
        let before = owner_of(done.revision - 1);
        assert!(before.bot_may_send(), "spoke at {} while {before:?}", done.revision);
    }
}

#[test]
fn an_owner_outlives_a_restart() {
    let runtime = Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let folder = tempfile::tempdir().expect("a folder");
        let mut records = open(folder.path()).await;
        change(&records, "take", KeptConversation::take).await;
        let records = open_again(&mut records, folder.path()).await;
        let kept = records.conversation(TENANT, ID).await.expect("reads");
        assert_eq!((kept.state.owner, kept.state.revision), (Owner::Person, 1));
        assert!(records.conversation("another", ID).await.expect("reads").state.owner.bot_may_send());
    });
}
