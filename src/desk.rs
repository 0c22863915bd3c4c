//! The life of a message: read, encode once, label, search, decide, draft.
//!
//! Everything here is synchronous and computes; callers run it on [`crate::workers::Workers`].

use std::{sync::Arc, time::Instant};

use jiff::Timestamp;

use crate::{
    Error, Result,
    draft::{self, Clarification, Draft, Occasion},
    encoder::QuestionVectors,
    knowledge::{BaseName, Knowledge, Query, Search, SearchFilter, SearchOutcome, UnansweredQuestion},
    message::{Locale, Message, Role},
    policy::{self, Case, Rules, Verdict},
    taxonomy,
    text::language::Language,
    triage::{Encoded, Labels, Model, Prepared, Reading},
};

/// Version of this program.
pub const PROGRAM_VERSION: &str = env!("CARGO_PKG_VERSION");

/// How a desk decides.
#[derive(Clone, Debug)]
pub struct DeskSettings {
    /// How messages are read.
    pub reading: Reading,
    /// Thresholds of the ladder.
    pub rules: Rules,
    /// Knowledge base that is searched when a request names none.
    pub default_base: BaseName,
    /// Hits that a decision lists at most.
    pub max_hits: usize,
}

/// The model, the knowledge and the rules, ready to decide.
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
}

impl Request {
    /// Asks the default knowledge base, for every brand.
    pub fn new(message: Message, received_at: Timestamp) -> Self {
        Self { message, base: None, brand: String::new(), received_at, unrecorded: false }
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

/// What made a decision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Versions {
    /// Program.
    pub program: String,
    /// Model folder and hash.
    pub model: String,
    /// Taxonomy.
    pub taxonomy: String,
    /// Rules; empty for labels alone.
    pub rules: String,
    /// Knowledge base and generation; empty when none was searched.
    pub knowledge: String,
}

/// Microseconds that the parts took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Timing {
    /// Normalising, language, tokenising.
    pub prepare_us: u64,
    /// Forward pass.
    pub encode_us: u64,
    /// Search.
    pub search_us: u64,
    /// Heads, policy, draft.
    pub decide_us: u64,
}

/// A decision with all that led to it.
#[derive(Clone, Debug)]
pub struct Decided {
    /// What was read.
    pub classified: Classified,
    /// What to do.
    pub verdict: Verdict,
    /// The reply; `None` when there is nothing to say without a person.
    pub draft: Option<Draft>,
    /// The question back, when the decision is to ask.
    pub clarification: Option<Clarification>,
    /// What the knowledge base said; `None` when it was not asked.
    pub search: Option<SearchOutcome>,
    /// What made the decision.
    pub versions: Versions,
    /// How long it took.
    pub timing: Timing,
}

impl Desk {
    /// Puts a desk together.
    pub fn new(model: Arc<Model>, knowledge: Knowledge, settings: DeskSettings) -> Self {
        let model_version = model.folder().version();
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

    /// What makes this desk's decisions, apart from the knowledge base.
    pub fn versions(&self) -> Versions {
        Versions {
            program: PROGRAM_VERSION.into(),
            model: self.model_version.clone(),
            taxonomy: taxonomy::VERSION.into(),
            rules: self.settings.rules.version(),
            knowledge: String::new(),
        }
    }

    /// Labels a message.
    ///
    /// # Errors
    /// [`Error::Compute`] or [`Error::Internal`] when the model fails.
    pub fn classify(&self, message: &Message) -> Result<Classified> {
        let mut clock = Clock::start();
        Ok(self.read(message, &mut clock)?.classified)
    }

    /// Decides a message.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a knowledge base that the request names, [`Error::Index`],
    /// [`Error::Compute`] or [`Error::Internal`] when a part fails.
    pub fn triage(&self, request: &Request) -> Result<Decided> {
        let mut clock = Clock::start();
        let message = &request.message;
        let Read { classified, previous, text, question } = self.read(message, &mut clock)?;
        let labels = classified.labels.as_ref();
        let search = match labels {
            Some(labels) if policy::wants_search(labels, &self.settings.rules) => {
                self.search_for(request, labels, &text, &question)?
            }
            _ => self.check_base(request).map(|()| None)?,
        };
        clock.lap(|timing| &mut timing.search_us);
        let case = Case {
            message,
            language: classified.language,
            labels,
            previous: previous.as_ref(),
            search: search.as_ref(),
            received_at: request.received_at,
        };
        let verdict = policy::decide(&case, &self.settings.rules);
        let occasion = Occasion {
            verdict: &verdict,
            labels,
            channel: message.channel,
            locale: self.reply_locale(classified.language),
            hit: search.as_ref().and_then(|search| search.hits.first()),
            question: &text,
        };
        let (draft, clarification) =
            (draft::compose(&occasion), draft::clarification(&verdict, occasion.locale));
        let knowledge = search.as_ref().map(|search| format!("{}@{}", search.base, search.generation));
        let versions = Versions { knowledge: knowledge.unwrap_or_default(), ..self.versions() };
        clock.lap(|timing| &mut timing.decide_us);
        Ok(Decided { classified, verdict, draft, clarification, search, versions, timing: clock.timing })
    }

    /// Asks a knowledge base by the same path as [`Self::triage`].
    ///
    /// # Errors
    /// See [`Knowledge::search`].
    pub fn search(&self, question: &Search) -> Result<SearchOutcome> {
        self.knowledge.search(question)
    }

    /// Reads a message, and the customer's last turn before it, in one batch.
    fn read(&self, message: &Message, clock: &mut Clock) -> Result<Read> {
        let reading = &self.settings.reading;
        let prepared = self.model.prepare(message, reading)?;
        let mut classified = Classified {
            language: prepared.language,
            labels: None,
            num_tokens: prepared.num_tokens(),
            windowed: prepared.windowed(),
        };
        if prepared.language.locale.is_err() || !prepared.has_content {
            clock.lap(|timing| &mut timing.prepare_us);
            let question = QuestionVectors::default();
            return Ok(Read { classified, previous: None, text: prepared.text, question });
        }
        let before = self.prepare_previous(message)?;
        clock.lap(|timing| &mut timing.prepare_us);
        let batch: Vec<&Prepared> = std::iter::once(&prepared).chain(&before).collect();
        let encoded = self.model.encode(&batch)?;
        clock.lap(|timing| &mut timing.encode_us);
        let labelled: Vec<Labels> =
            batch.iter().zip(&encoded).map(|(message, vectors)| self.model.label(message, vectors)).collect();
        let mut labelled = labelled.into_iter();
        classified.labels = labelled.next();
        clock.lap(|timing| &mut timing.decide_us);
        let question = encoded
            .into_iter()
            .next()
            .map(|Encoded { message, tokens, .. }| QuestionVectors { vector: message, tokens });
        let question = question.unwrap_or_default();
        Ok(Read { classified, previous: labelled.next(), text: prepared.text, question })
    }

    /// The customer's last turn before the message, with the turns before that.
    fn prepare_previous(&self, message: &Message) -> Result<Option<Prepared>> {
        let Some(last) = message.turns.iter().rposition(|turn| turn.role == Role::Customer) else {
            return Ok(None);
        };
        let earlier = Message {
            text: message.turns[last].text.clone(),
            turns: message.turns[..last].to_vec(),
            ..message.clone()
        };
        Ok(Some(self.model.prepare(&earlier, &self.settings.reading)?).filter(|turn| turn.has_content))
    }

    /// Searches with the part of the message that was read; what nothing answers is kept as a gap.
    fn search_for(
        &self,
        request: &Request,
        labels: &Labels,
        text: &str,
        question: &QuestionVectors,
    ) -> Result<Option<SearchOutcome>> {
        let base = request.base.as_ref().unwrap_or(&self.settings.default_base);
        let Some(generation) = self.knowledge.snapshot(base) else {
            return self.check_base(request).map(|()| None);
        };
        let filter = SearchFilter {
            channel: Some(request.message.channel),
            brand: request.brand.clone(),
            // Now, and not when the message came: the answer is sent now.
            valid_at_ms: Timestamp::now().as_millisecond(),
            ..SearchFilter::default()
        };
        let locale = labels.language.locale.ok();
        let outcome = generation.search(&Query {
            text,
            vector: &question.vector,
            tokens: &question.tokens,
            locale,
            filter: &filter,
            max_hits: self.settings.max_hits,
        })?;
        if let Some(locale) = locale.filter(|_| !outcome.answered && !request.unrecorded) {
            let intent = labels.intents.first().map(|intent| intent.intent.clone()).unwrap_or_default();
            self.knowledge.record_unanswered(UnansweredQuestion {
                base: base.clone(),
                text: text.to_owned(),
                vector: question.vector.clone(),
                locale,
                intent,
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

    /// Language of the reply: the customer's, or the default where theirs is not known.
    fn reply_locale(&self, language: Language) -> Locale {
        language.locale.unwrap_or(self.settings.reading.default_locale)
    }
}

/// What reading a message gives.
struct Read {
    classified: Classified,
    previous: Option<Labels>,
    /// The part of the message that was read.
    text: String,
    /// Its vectors; empty when it was not encoded.
    question: QuestionVectors,
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
