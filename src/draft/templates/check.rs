//! Renders a tenant's templates in every situation before they are used.

use std::collections::BTreeSet;

use super::{Kind, Mistake, TENANT, Templates};
use crate::{
    draft::{
        context::{AnswerContext, Context, emotion},
        tidy,
    },
    message::{Channel, Tone, Wording},
    taxonomy::Intent,
    triage::Emotion,
};

/// A time for samples; a reply that must name the promised time is searched for it.
const DUE: &str = "15:30 \u{2192}";

/// What is wrong with the tenant's templates, and with the program's where they use a tenant's piece.
pub fn mistakes(templates: &Templates) -> Vec<Mistake> {
    let mut mistakes = vec![];
    for wording in Wording::ALL {
        let own = format!("{TENANT}/{}/", wording.tag());
        let has_parts = templates
            .sources
            .keys()
            .any(|name| name.strip_prefix(&own).is_some_and(|file| place(file).is_none()));
        for name in templates.sources.keys() {
            let mut parts = name.splitn(3, '/');
            let (owner, tag, file) = (parts.next(), parts.next(), parts.next().unwrap_or_default());
            if tag != Some(wording.tag()) || !(owner == Some(TENANT) || has_parts) {
                continue;
            }
            if owner == Some(TENANT) {
                mistakes.extend(unknown_variables(templates, name));
            }
            if let Some(place) = place(file) {
                mistakes.extend(rendering(templates, name, wording, &place));
            }
        }
    }
    mistakes
}

/// What a template's name says.
struct Place {
    kind: Kind,
    intent: Option<&'static Intent>,
    channel: Option<Channel>,
}

/// Reads "macros/refund.status@email"; `None` for a piece.
fn place(file: &str) -> Option<Place> {
    let (file, channel) = file.split_once('@').unwrap_or((file, ""));
    let channel = channel.parse().ok();
    let (kind, intent) = match file.split_once('/') {
        Some((folder, intent)) => {
            (Kind::ALL.into_iter().find(|kind| kind.folder() == folder)?, Some(Intent::find(intent)?))
        }
        None => (Kind::ALL.into_iter().find(|kind| kind.name() == file)?, None),
    };
    Some(Place { kind, intent, channel })
}

/// Variables that no situation has, also those in branches that no sample takes.
fn unknown_variables(templates: &Templates, name: &str) -> Vec<Mistake> {
    let Ok(template) = templates.environment.get_template(name) else { return vec![] };
    let known = known_variables();
    let globals: BTreeSet<&str> = templates.environment.globals().map(|(name, _)| name).collect();
    let source = templates.sources.get(name).map(String::as_str).unwrap_or_default();
    let undeclared: BTreeSet<String> = template.undeclared_variables(false).into_iter().collect();
    let unknown = undeclared.into_iter().filter(|variable| {
        !known.contains(variable)
            && !globals.contains(variable.as_str())
            && variable != "super"
            && variable != "self"
    });
    unknown
        .map(|variable| {
            let line = source.lines().position(|line| line.contains(&variable)).map(|index| index + 1);
            let list: Vec<&str> = known.iter().map(String::as_str).collect();
            let reason = format!("there is no variable {variable:?}; there are {}", list.join(", "));
            Mistake::of_template(name, line, reason)
        })
        .collect()
}

fn known_variables() -> BTreeSet<String> {
    let sample = sample(Wording::En, Kind::Answer);
    match serde_json::to_value(sample) {
        Ok(serde_json::Value::Object(fields)) => fields.into_iter().map(|(name, _)| name).collect(),
        _ => BTreeSet::new(),
    }
}

/// The first mistake of each sort that rendering a template in every situation shows.
fn rendering(templates: &Templates, name: &str, wording: Wording, place: &Place) -> Vec<Mistake> {
    let mut mistakes = BTreeSet::new();
    for channel in
        Channel::ALL.into_iter().filter(|&channel| place.channel.is_none_or(|only| only == channel))
    {
        for (feeling, tone) in Emotion::ALL.iter().flat_map(|&feeling| Tone::ALL.map(|tone| (feeling, tone)))
        {
            let mut base = sample(wording, place.kind);
            base.set(channel, tone, feeling, place.intent);
            for context in variants(&base, place.kind) {
                match templates.render_named(name, &context) {
                    Ok(text) => mistakes.extend(lacking(name, &text, &context, place)),
                    Err(error) => {
                        mistakes.insert(Mistake::of_engine(name, &error));
                    }
                }
            }
        }
    }
    mistakes.into_iter().collect()
}

/// What a reply must show and does not.
fn lacking(name: &str, text: &str, context: &Context, place: &Place) -> Option<Mistake> {
    let tone = if context.friendly { "friendly" } else { "formal" };
    let situation =
        format!("on {} to a customer with emotion {}, {tone}", context.channel.name(), context.emotion);
    let mistake = |reason: String| Some(Mistake::of_template(name, None, reason));
    if text.is_empty() {
        return mistake(format!("writes nothing {situation}"));
    }
    let answers = matches!(place.kind, Kind::Answer | Kind::Answers);
    if answers && context.answers.iter().any(|answer| !text.contains(&answer.text)) {
        return mistake(format!("does not show every answer.text {situation}"));
    }
    if answers && context.answers.iter().any(|answer| !text.contains(&answer.sources)) {
        return mistake(format!("does not show every answer.sources {situation}"));
    }
    if place.kind == Kind::Clarify && context.choices.iter().any(|choice| !text.contains(choice)) {
        return mistake(format!("does not show every one of choices {situation}"));
    }
    let promises = matches!(place.kind, Kind::Handoff | Kind::Notice) && context.handoff;
    if promises && !text.contains(DUE) {
        return mistake(format!("does not show due, the promised time, {situation}"));
    }
    None
}

/// A situation for samples.
fn sample(wording: Wording, kind: Kind) -> Context {
    Context {
        wording,
        tone: Tone::Formal,
        friendly: false,
        channel: Channel::Chat,
        public: false,
        letter: false,
        kind: kind.name(),
        intent: "",
        topic: "",
        emotion: "none",
        apologize: true,
        handoff: kind == Kind::Handoff,
        asked_person: false,
        repeated: false,
        danger: false,
        urgent: false,
        due: DUE.to_owned(),
        answers: vec![],
        open: vec![],
        choices: vec![],
        named: vec![],
    }
}

impl Context {
    /// Puts a sample on a channel, in a tone, to a feeling, about an intent.
    fn set(&mut self, channel: Channel, tone: Tone, feeling: Emotion, intent: Option<&'static Intent>) {
        self.channel = channel;
        self.public = channel.is_public();
        self.letter = channel.is_letter();
        self.tone = tone;
        self.friendly = tone == Tone::Friendly;
        self.emotion = emotion(feeling);
        self.intent = intent.map_or("", |intent| intent.id);
        self.topic = intent.map_or("", |intent| intent.name_in(self.wording));
    }
}

/// The situations of a kind.
fn variants(base: &Context, kind: Kind) -> Vec<Context> {
    let answer = |position: usize, note: &'static str, language: &'static str| AnswerContext {
        topic: format!("topic {position}"),
        text: tidy::mark(position),
        sources: format!("[{position}] title"),
        note,
        language,
    };
    let notes =
        [("", "en"), ("other_script", "zh-Hans"), ("other_language", "zh-Hant"), ("other_language", "en")];
    let one = |change: &dyn Fn(&mut Context)| {
        let mut context = base.clone();
        change(&mut context);
        context
    };
    match kind {
        Kind::Answer => notes
            .iter()
            .map(|&(note, language)| one(&|context| context.answers = vec![answer(0, note, language)]))
            .collect(),
        Kind::Answers => {
            vec![one(&|context| {
                context.answers = vec![answer(0, "", "en"), answer(1, "other_script", "zh-Hans")]
            })]
        }
        Kind::Clarify => {
            vec![base.clone(), one(&|context| context.choices = vec!["choice one", "choice two"])]
        }
        Kind::Greeting | Kind::Closing => vec![base.clone()],
        Kind::Handoff | Kind::Notice => vec![
            base.clone(),
            one(&|context| context.handoff = !context.handoff),
            one(&|context| context.apologize = false),
            one(&|context| (context.asked_person, context.handoff) = (true, true)),
            one(&|context| (context.repeated, context.danger, context.handoff) = (true, true, true)),
            one(&|context| {
                (context.handoff, context.urgent) = (true, true);
                context.open = vec!["topic 2", "topic 3"];
                context.answers = vec![answer(0, "", "en"), answer(1, "other_language", "zh-Hans")];
                context.named = vec!["order_number".to_owned()];
            }),
        ],
    }
}
