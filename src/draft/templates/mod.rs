//! The templates of replies: complete defaults in the program, and a tenant's own over them.
//!
//! A template is found by kind, intent and channel, the tenant's before the defaults:
//! `macros/refund.status@email`, `macros/refund.status`, `handoff@email`, `handoff`. Every one of them is
//! compiled when the templates are built; rendering reads no file.

mod check;
mod embedded;
mod files;
mod mistake;

use std::{collections::BTreeMap, fmt, path::Path, sync::Arc};

use minijinja::{AutoEscape, Environment, UndefinedBehavior};

pub use self::mistake::Mistake;
use super::context::Context;
use crate::{
    Error, Result, digest,
    message::{Channel, Wording},
};

/// Instructions that one rendering may take; a default template takes some hundreds.
const FUEL: u64 = 100_000;

/// Where templates of the program stand among the sources.
const DEFAULT: &str = "default";

/// Where a tenant's stand.
const TENANT: &str = "tenant";

/// What a template writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The answer to one request.
    Answer,
    /// The answers to several.
    Answers,
    /// A reply to a greeting.
    Greeting,
    /// A reply to a farewell.
    Closing,
    /// A question back.
    Clarify,
    /// A reply that a person sends, or that says that a team has the message.
    Handoff,
    /// What the program says at once when it hands over.
    Notice,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Answer,
        Self::Answers,
        Self::Greeting,
        Self::Closing,
        Self::Clarify,
        Self::Handoff,
        Self::Notice,
    ];

    /// Its name, which is that of its file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Answers => "answers",
            Self::Greeting => "greeting",
            Self::Closing => "closing",
            Self::Clarify => "clarify",
            Self::Handoff => "handoff",
            Self::Notice => "notice",
        }
    }

    /// The folder of its templates for single intents.
    pub const fn folder(self) -> &'static str {
        match self {
            Self::Handoff => "macros",
            other => other.name(),
        }
    }
}

/// Pieces that templates are put together from.
const PARTS: [&str; 5] = ["layout", EMERGENCY, "opening", "quotes", "question"];

/// The piece that tells people in danger whom to call.
const EMERGENCY: &str = "emergency";

/// A rendered template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// What it wrote, tidied; quotes still stand as marks.
    pub text: String,
    /// Whether it is the tenant's and not the program's.
    pub is_tenants: bool,
    /// Wording and file without ending: "en/macros/refund.status@email".
    pub name: String,
}

/// The templates of a tenant, compiled.
pub struct Templates {
    environment: Environment<'static>,
    sources: BTreeMap<String, String>,
    version: String,
}

impl fmt::Debug for Templates {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Templates").field("version", &self.version).finish_non_exhaustive()
    }
}

impl Templates {
    /// The templates of the program alone.
    pub fn built_in() -> Self {
        // A test renders every one of them, so that none is left out here.
        Self::compiled(embedded::sources()).0
    }

    /// The templates of a tenant's folder, `<wording>/<kind>.jinja` and `<wording>/macros/<intent>.jinja`,
    /// over those of the program. A folder that is not there holds none.
    ///
    /// # Errors
    /// [`Error::Policy`] with every mistake, a line each: file, line and reason. [`Error::File`] when a file
    /// cannot be read.
    pub fn load(folder: &Path) -> Result<Self> {
        Self::read(folder)?.map_err(|mistakes| {
            let lines: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
            Error::policy(folder, lines.join("\n"))
        })
    }

    /// Like [`Self::load`], with the mistakes one by one, in the order of files and lines.
    ///
    /// # Errors
    /// [`Error::File`] when a file cannot be read.
    pub fn read(folder: &Path) -> Result<Result<Self, Vec<Mistake>>> {
        let (own, mut mistakes) = files::read(folder)?;
        let mut sources = embedded::sources();
        sources.extend(own.into_iter().map(|(name, source)| (format!("{TENANT}/{name}"), source)));
        let (templates, broken) = Self::compiled(sources);
        let is_whole = broken.is_empty();
        mistakes.extend(broken);
        if is_whole {
            mistakes.extend(check::mistakes(&templates));
        }
        mistakes.sort();
        mistakes.dedup();
        Ok(if mistakes.is_empty() { Ok(templates) } else { Err(mistakes) })
    }

    /// The templates that [`Self::sources`] were taken from.
    ///
    /// # Errors
    /// [`Error::Internal`] when a source is no template; those of loaded templates all are.
    pub fn from_sources(sources: BTreeMap<String, String>) -> Result<Self> {
        let (templates, broken) = Self::compiled(sources);
        match broken.first() {
            Some(mistake) => Err(Error::Internal(format!("a kept template is broken: {mistake}"))),
            None => Ok(templates),
        }
    }

    /// Compiles sources; those that are no templates are left out and told.
    fn compiled(sources: BTreeMap<String, String>) -> (Self, Vec<Mistake>) {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        environment.set_fuel(Some(FUEL));
        let names: Arc<[String]> = sources.keys().cloned().collect();
        environment.set_path_join_callback(move |name, parent| joined(name, parent, &names).into());
        let mut mistakes = vec![];
        for (name, source) in &sources {
            if let Err(error) = environment.add_template_owned(name.clone(), source.clone()) {
                mistakes.push(Mistake::of_engine(name, &error));
            }
        }
        (Self { environment, version: version(&sources), sources }, mistakes)
    }

    /// Everything that the templates were compiled from, by name: "default/en/answer", "tenant/en/answer".
    pub fn sources(&self) -> &BTreeMap<String, String> {
        &self.sources
    }

    /// The first 12 digits of the SHA-256 of the sources.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Renders the template for a situation: the first one that there is, in the order of the module's
    /// description. One of the tenant's that fails in a situation that its check did not meet is passed
    /// over for the next. In danger the emergency line is put first where the template does not show it.
    pub fn render(&self, kind: Kind, context: &Context) -> Option<Rendered> {
        let names = self.names(kind, context.wording, context.intent, context.channel);
        names.into_iter().find_map(|name| {
            let text = self.render_named(&name, context).ok().filter(|text| !text.is_empty())?;
            let (owner, name) = name.split_once('/')?;
            let text = if context.danger { self.with_emergency_line(text, context) } else { text };
            Some(Rendered { text, is_tenants: owner == TENANT, name: name.to_owned() })
        })
    }

    /// The text, with the emergency line first when it is not in it. A tenant's template may leave out the
    /// layout, where the line stands.
    fn with_emergency_line(&self, text: String, context: &Context) -> String {
        match self.render_part(EMERGENCY, context) {
            Some(line) if !text.contains(&line) => format!("{line}\n\n{text}"),
            // Templates of a kept decision may be older than the piece; the line stood in their layout.
            _ => text,
        }
    }

    /// Renders one of the parts by its name, for what is not a whole reply; one that writes nothing counts
    /// as none.
    pub fn render_part(&self, part: &str, context: &Context) -> Option<String> {
        [TENANT, DEFAULT].into_iter().find_map(|owner| {
            let name = format!("{owner}/{}/{part}", context.wording.tag());
            self.render_named(&name, context).ok().filter(|text| !text.is_empty())
        })
    }

    fn render_named(&self, name: &str, context: &Context) -> Result<String, minijinja::Error> {
        Ok(super::tidy::tidy(&self.environment.get_template(name)?.render(context)?))
    }

    /// Names of the templates that there are for a situation, the best first.
    fn names(&self, kind: Kind, wording: Wording, intent: &str, channel: Channel) -> Vec<String> {
        let (folder, channel, wording) = (kind.folder(), channel.name(), wording.tag());
        let mut files = vec![];
        if !intent.is_empty() {
            files.extend([format!("{folder}/{intent}@{channel}"), format!("{folder}/{intent}")]);
        }
        files.extend([format!("{}@{channel}", kind.name()), kind.name().to_owned()]);
        let of = |owner| files.iter().map(move |file| format!("{owner}/{wording}/{file}"));
        let all = [TENANT, DEFAULT].into_iter().flat_map(of);
        all.filter(|name| self.sources.contains_key(name)).collect()
    }
}

/// The template that another one means: of the same wording, the tenant's before the program's;
/// "default/layout" is always the program's.
fn joined(name: &str, parent: &str, names: &[String]) -> String {
    let wording = parent.split('/').nth(1).unwrap_or_default();
    let own = format!("{TENANT}/{wording}/{name}");
    match name.strip_prefix("default/") {
        Some(name) => format!("{DEFAULT}/{wording}/{name}"),
        // A tenant's layout that extends "layout" means the one that it stands before.
        None if own != parent && names.binary_search(&own).is_ok() => own,
        None => format!("{DEFAULT}/{wording}/{name}"),
    }
}

/// Digits of a version.
const VERSION_DIGITS: usize = 12;

fn version(sources: &BTreeMap<String, String>) -> String {
    // Lengths keep apart what would read alike when put in a row.
    let piece =
        |(name, source): (&String, &String)| format!("{}:{name}{}:{source}", name.len(), source.len());
    let all: String = sources.iter().map(piece).collect();
    let mut digest = digest::sha256(all.as_bytes());
    digest.truncate(VERSION_DIGITS);
    digest
}
