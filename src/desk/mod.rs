//! The life of a message: read, encode once, label, search, decide, draft.
//!
//! Everything here is synchronous and computes; callers run it on [`crate::workers::Workers`].

mod reading;
mod requests;

use std::{ops::Range, sync::Arc, time::Instant};

use jiff::Timestamp;

use self::{
    reading::{Question, Read},
    requests::{Found, Source},
};
use crate::{
    Error, Result,
    draft::{self, Templates, Written},
    knowledge::{BaseName, Knowledge, Query, Search, SearchFilter, SearchOutcome, UnansweredQuestion},
    message::{Locale, Message, Tone, Wording},
    policy::{self, AskedRequest, Case, Conversation, Owner, Playbook, Sentence, Verdict, Versions},
    signals::{self, Content},
    taxonomy,
    text::{
        language::{self, Language},
        own::own,
        redact::{self, Kind},
    },
    triage::{Labels, Model, Reading},
};

/// Version of this program.
pub const PROGRAM_VERSION: &str = env!("CARGO_PKG_VERSION");

/// How a desk decides.
#[derive(Clone, Debug)]
pub struct DeskSettings {
    /// How messages are read.
    pub reading: Reading,
    /// Knowledge base that is searched when a request names none.
    pub default_base: BaseName,
    /// Hits that a decision lists at most.
    pub max_hits: usize,
    /// Intents that a decision lists.
    pub intents_shown: usize,
}

/// Whose rules decide, and how replies are worded.
#[derive(Clone, Debug)]
pub struct Tenant {
    /// Name.
    pub name: String,
    /// The policy file.
    pub playbook: Arc<Playbook>,
    /// The words of replies.
    pub templates: Arc<Templates>,
}

impl Tenant {
    /// A tenant with the rules and templates of the program.
    pub fn built_in(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            playbook: Arc::new(Playbook::built_in()),
            templates: Arc::new(Templates::built_in()),
        }
    }

    /// Version of its rules: the digests of the policy file and of the templates.
    pub fn version(&self) -> String {
        format!("{}+{}", self.playbook.version(), self.templates.version())
    }
}

/// The model and the knowledge, ready to decide.
pub struct Desk {
    model: Arc<Model>,
    knowledge: Knowledge,
    settings: DeskSettings,
    /// Whose code decides; computed once.
    model_version: String,
}

/// What to decide.
#[derive(Clone, Debug)]
pub struct Request {
    /// The message.
    pub message: Message,
    /// Knowledge base to search; `None` means the default one.
    pub base: Option<BaseName>,
    /// The brand that the customer writes to; articles of other brands are not used. Empty: only those
    /// for every brand.
    pub brand: String,
    /// When the message was received; deadlines count from here.
    pub received_at: Timestamp,
    /// Whether to not keep the message as a gap when the knowledge base has no answer for it.
    pub unrecorded: bool,
    /// Id under which the decision will be kept; empty when it is not.
    pub decision_id: String,
    /// The conversation before the message, when the server keeps it; the turns are in the message.
    pub conversation: Option<Conversation>,
    /// Who owns a conversation that the caller keeps; `None` when it does not say.
    pub owner: Option<Owner>,
    /// How the caller wants drafts to speak.
    pub tone: Option<Tone>,
}

impl Request {
    /// Asks the default knowledge base, for every brand.
    pub fn new(message: Message, received_at: Timestamp) -> Self {
        Self {
            message,
            base: None,
            brand: String::new(),
            received_at,
            unrecorded: false,
            decision_id: String::new(),
            conversation: None,
            owner: None,
            tone: None,
        }
    }
}

/// What was read of a message.
#[derive(Clone, Debug)]
pub struct Classified {
    /// The language.
    pub language: Language,
    /// What the model says; `None` when the language is not supported or there is nothing to read.
    pub labels: Option<Labels>,
    /// Length in tokens.
    pub num_tokens: usize,
    /// Whether the message was cut into windows.
    pub windowed: bool,
}

/// Microseconds that the parts took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Timing {
    /// Normalising, language, facts, tokenising.
    pub prepare_us: u64,
    /// Forward passes.
    pub encode_us: u64,
    /// Search.
    pub search_us: u64,
    /// Heads, policy, draft.
    pub decide_us: u64,
}

/// What a case and a tenant's rules give; the same ones give the same, byte for byte.
#[derive(Clone, Debug, PartialEq)]
pub struct Concluded {
    /// What to do.
    pub verdict: Verdict,
    /// What is written for it.
    pub written: Written,
}

/// A decision with all that led to it.
#[derive(Clone, Debug)]
pub struct Decided {
    /// What was known.
    pub case: Case,
    /// What follows from it.
    pub concluded: Concluded,
    /// Personal data in the message, by bytes of its text.
    pub personal_data: Vec<(Range<usize>, Kind)>,
    /// How long it took.
    pub timing: Timing,
}

/// Concludes a case by a tenant's rules: the pure part of deciding, also for a case that was kept.
pub fn conclude(case: &Case, tenant: &Tenant) -> Concluded {
    let verdict = policy::decide(case, &tenant.playbook);
    let tone = case.tone.unwrap_or_else(|| tenant.playbook.tone(case.channel));
    let written = draft::write(case, &verdict, tone, &tenant.templates, tenant.playbook.time_zone());
    Concluded { verdict, written }
}

impl Desk {
    /// Puts a desk together.
    pub fn new(model: Arc<Model>, knowledge: Knowledge, settings: DeskSettings) -> Self {
        let model_version = model.version();
        Self { model, knowledge, settings, model_version }
    }

    /// The model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The settings.
    pub fn settings(&self) -> &DeskSettings {
        &self.settings
    }

    /// The knowledge bases.
    pub fn knowledge(&self) -> &Knowledge {
        &self.knowledge
    }

    /// What makes this desk's decisions, apart from the rules and the knowledge base.
    pub fn versions(&self) -> Versions {
        Versions {
            program: PROGRAM_VERSION.into(),
            model: self.model_version.clone(),
            taxonomy: taxonomy::VERSION.into(),
            rules: String::new(),
            knowledge: String::new(),
        }
    }

    /// Labels a message.
    ///
    /// # Errors
    /// [`Error::Compute`] or [`Error::Internal`] when the model fails.
    pub fn classify(&self, message: &Message) -> Result<Classified> {
        let prepared = self.model.prepare(message, &self.settings.reading)?;
        let own = own(&message.text, message.channel);
        let content = reading::content(&prepared.text, signals::content(&message.text, &own));
        let is_read = prepared.language.locale.is_ok() && content == Content::Words;
        let batch = if is_read { vec![&prepared] } else { vec![] };
        let labelled = self.encode_and_label(&batch, &mut Clock::start())?;
        Ok(Classified {
            language: prepared.language,
            labels: labelled.into_iter().next().map(|(labels, _)| labels),
            num_tokens: prepared.num_tokens(),
            windowed: prepared.windowed(),
        })
    }

    /// Decides a message.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a knowledge base that the request names, [`Error::Index`],
    /// [`Error::Compute`] or [`Error::Internal`] when a part fails.
    pub fn triage(&self, request: &Request, tenant: &Tenant) -> Result<Decided> {
        let mut clock = Clock::start();
        let personal_data = redact::redact(&request.message.text).spans;
        let case = self.case(request, tenant, &personal_data, &mut clock)?;
        let concluded = conclude(&case, tenant);
        clock.lap(|timing| &mut timing.decide_us);
        Ok(Decided { case, concluded, personal_data, timing: clock.timing })
    }

    /// Everything that the decision depends on.
    fn case(
        &self,
        request: &Request,
        tenant: &Tenant,
        personal: &[(Range<usize>, Kind)],
        clock: &mut Clock,
    ) -> Result<Case> {
        let message = &request.message;
        let facts_clock =
            signals::Clock { now: request.received_at, time_zone: tenant.playbook.time_zone().clone() };
        let held_in = request.conversation.as_ref().and_then(|kept| kept.locale);
        let read = self.read(message, held_in, personal, &facts_clock, clock)?;
        let conversation = request.conversation.clone().unwrap_or_else(|| {
            let previous = read.previous.as_ref().map(|previous| &previous.labels);
            Conversation::of_turns(&message.turns, request.owner, previous)
        });
        let source = Source { message, personal, read: &read, conversation: &conversation };
        let (found, orders_system) = self.requests(&source, clock)?;
        let requests = self.searched(request, &read, found)?;
        clock.lap(|timing| &mut timing.search_us);
        let sentence = |span: &Range<usize>| Sentence {
            span: span.clone(),
            text: redact::within(&message.text, personal, span.clone()),
        };
        let searched = requests.iter().find_map(|asked| asked.search.as_ref());
        let knowledge = searched.map(|search| format!("{}@{}", search.base, search.generation));
        Ok(Case {
            request_id: message.request_id.clone(),
            tenant: tenant.name.clone(),
            decision_id: request.decision_id.clone(),
            channel: message.channel,
            tone: request.tone,
            language: read.language,
            wording: self.wording(message, read.language, &conversation),
            num_tokens: read.num_tokens,
            windowed: read.windowed,
            intents_shown: self.settings.intents_shown,
            orders_system,
            sentences: read.sentences.iter().map(sentence).collect(),
            similarity: read.similarity(),
            previous: read.previous.map(|previous| previous.labels),
            labels: read.labels,
            facts: read.facts,
            requests,
            customer: message.customer.clone(),
            conversation,
            received_at: request.received_at,
            versions: Versions {
                knowledge: knowledge.unwrap_or_default(),
                rules: tenant.version(),
                ..self.versions()
            },
        })
    }

    /// Asks a knowledge base by the same path as [`Self::triage`].
    ///
    /// # Errors
    /// See [`Knowledge::search`].
    pub fn search(&self, question: &Search) -> Result<SearchOutcome> {
        self.knowledge.search(question)
    }

    /// The requests with what the knowledge base says to each.
    fn searched(&self, request: &Request, read: &Read, found: Vec<Found>) -> Result<Vec<AskedRequest>> {
        self.check_base(request)?;
        let wanted = read.labels.as_ref().is_none_or(policy::wants_search);
        let ask = |found: Found| {
            let Found { request: mut asked, question } = found;
            if wanted && !question.vectors.vector.is_empty() {
                asked.search = self.search_for(request, read, &asked.intent, &question)?;
            }
            Ok(asked)
        };
        found.into_iter().map(ask).collect()
    }

    /// Searches for what answers a request; what nothing answers is kept as a gap.
    fn search_for(
        &self,
        request: &Request,
        read: &Read,
        intent: &str,
        question: &Question,
    ) -> Result<Option<SearchOutcome>> {
        let base = request.base.as_ref().unwrap_or(&self.settings.default_base);
        let Some(generation) = self.knowledge.snapshot(base) else { return Ok(None) };
        let filter = SearchFilter {
            channel: Some(request.message.channel),
            brand: request.brand.clone(),
            // Now, and not when the message came: the answer is sent now.
            valid_at_ms: Timestamp::now().as_millisecond(),
            ..SearchFilter::default()
        };
        let locale = read.language.locale.ok();
        let outcome = generation.search(&Query {
            text: &question.text,
            vector: &question.vectors.vector,
            tokens: &question.vectors.tokens,
            locale,
            filter: &filter,
            max_hits: self.settings.max_hits,
        })?;
        if let Some(locale) = locale.filter(|_| !outcome.answered && !request.unrecorded) {
            self.knowledge.record_unanswered(UnansweredQuestion {
                base: base.clone(),
                text: question.text.clone(),
                is_impersonal: question.is_impersonal,
                vector: question.vectors.vector.clone(),
                locale,
                intent: intent.to_owned(),
            });
        }
        Ok(Some(outcome))
    }

    /// Refuses a knowledge base that the request names and that is not there; a missing default
    /// one only means that nothing is searched.
    fn check_base(&self, request: &Request) -> Result<()> {
        match &request.base {
            Some(base) if self.knowledge.snapshot(base).is_none() => {
                Err(Error::NotFound { resource: base.to_string() })
            }
            _ => Ok(()),
        }
    }

    /// Language and wording of the reply: the customer's, or the default where theirs is not known.
    fn wording(&self, message: &Message, language: Language, conversation: &Conversation) -> Wording {
        let locale = language.locale.ok().or(conversation.locale);
        match locale.unwrap_or(self.settings.reading.default_locale) {
            Locale::En => Wording::En,
            Locale::ZhHans => Wording::ZhHans,
            Locale::ZhHant => {
                let shown = language::is_cantonese(&message.text).then_some(Wording::ZhHantHk);
                let traditional = |wording: &Wording| wording.locale() == Locale::ZhHant;
                let known = message.wording_hint.or(conversation.wording).filter(traditional);
                shown.or(known).unwrap_or(Wording::ZhHantTw)
            }
        }
    }
}

/// Measures the parts of a decision one after the other.
struct Clock {
    last: Instant,
    timing: Timing,
}

impl Clock {
    fn start() -> Self {
        Self { last: Instant::now(), timing: Timing::default() }
    }

    /// Adds the time since the last lap to a part.
    fn lap(&mut self, part: impl FnOnce(&mut Timing) -> &mut u64) {
        let now = Instant::now();
        let took = now.duration_since(self.last);
        *part(&mut self.timing) += u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.last = now;
    }
}
