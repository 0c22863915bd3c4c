//! Decisions and labels as the contract writes them.

use jiff::Timestamp;

use super::search;
use crate::{
    desk::{Classified, Decided, Versions},
    draft::{Citation, Clarification, Draft},
    policy::{Action, HandoffReason, Priority, Route, Step, Verdict},
    proto,
    text::language::{Language, Source},
    triage::{Emotion, Labels, Polarity, Urgency},
};

/// A time on the wire.
pub fn timestamp(time: Timestamp) -> prost_types::Timestamp {
    // Seconds round down, so that nanoseconds are never negative, as the wire form asks.
    let (seconds, nanos) = (time.as_second(), time.subsec_nanosecond());
    let borrowed = nanos < 0;
    prost_types::Timestamp {
        seconds: if borrowed { seconds - 1 } else { seconds },
        nanos: if borrowed { nanos + 1_000_000_000 } else { nanos },
    }
}

/// Labels on the wire, with at most `num_intents` intents besides the selected ones.
pub fn labels(classified: &Classified, num_intents: usize) -> proto::Labels {
    let mut labels = proto::Labels {
        language: Some(language(&classified.language)),
        num_tokens: u32::try_from(classified.num_tokens).unwrap_or(u32::MAX),
        windowed: classified.windowed,
        ..Default::default()
    };
    if let Some(said) = &classified.labels {
        predictions(&mut labels, said, num_intents);
    }
    labels
}

fn predictions(labels: &mut proto::Labels, said: &Labels, num_intents: usize) {
    let shown =
        said.intents.iter().enumerate().filter(|(rank, intent)| *rank < num_intents || intent.selected);
    labels.intents = shown
        .map(|(_, intent)| proto::IntentPrediction {
            intent: intent.intent.clone(),
            probability: intent.probability,
            presence: intent.presence,
            selected: intent.selected,
        })
        .collect();
    labels.margin = said.margin();
    labels.urgency = Some(proto::UrgencyPrediction {
        level: urgency(said.urgency.level).into(),
        probability: said.urgency.probability(),
        distribution: said.urgency.distribution.to_vec(),
    });
    labels.sentiment = Some(proto::SentimentPrediction {
        polarity: polarity(said.sentiment.polarity).into(),
        probability: said.sentiment.probability,
        score: said.sentiment.score,
    });
    labels.emotion = Some(proto::EmotionPrediction {
        emotion: emotion(said.emotion.emotion).into(),
        probability: said.emotion.probability,
    });
    labels.wants_human = said.wants_human.probability;
    labels.orders_system = said.orders_system.probability;
}

fn language(language: &Language) -> proto::Language {
    let source = match language.source {
        Source::Text => proto::LanguageSource::Text,
        Source::Conversation => proto::LanguageSource::Conversation,
        Source::Hint => proto::LanguageSource::Hint,
        Source::Default => proto::LanguageSource::Default,
    };
    proto::Language {
        tag: language.tag().to_owned(),
        supported: language.locale.is_ok(),
        source: source.into(),
        script_determined: language.script_determined,
    }
}

/// A decision on the wire.
pub fn decision(
    decided: &Decided,
    request_id: String,
    received_at: Timestamp,
    num_intents: usize,
) -> proto::Decision {
    let Verdict { action, route, handoff, steps, .. } = &decided.verdict;
    proto::Decision {
        request_id,
        action: self::action(*action).into(),
        labels: Some(labels(&decided.classified, num_intents)),
        route: Some(self::route(route)),
        handoff: Some(proto::Handoff {
            required: !handoff.is_empty(),
            reasons: handoff.iter().map(|&reason| handoff_reason(reason).into()).collect(),
            ..Default::default()
        }),
        knowledge: decided.search.as_ref().map(search::result),
        draft: decided.draft.as_ref().map(draft),
        clarification: decided.clarification.as_ref().map(clarification),
        explanations: steps.iter().map(explanation).collect(),
        versions: Some(versions(&decided.versions)),
        decided_at: Some(timestamp(received_at)),
        ..Default::default()
    }
}

/// What made a decision, on the wire.
pub fn versions(versions: &Versions) -> proto::Versions {
    let Versions { program, model, taxonomy, rules, knowledge } = versions.clone();
    proto::Versions { program, model, taxonomy, rules, knowledge }
}

fn draft(draft: &Draft) -> proto::Draft {
    proto::Draft {
        text: draft.text.clone(),
        locale: draft.locale.tag().to_owned(),
        citations: draft.citations.iter().map(citation).collect(),
        ..Default::default()
    }
}

fn citation(citation: &Citation) -> proto::Citation {
    proto::Citation {
        number: citation.number,
        article: citation.article.to_string(),
        article_version: citation.article_version,
        title: citation.title.clone(),
        url: citation.url.clone(),
        start_byte: position(citation.start_byte),
        end_byte: position(citation.end_byte),
        locale: citation.locale.tag().to_owned(),
        converted: citation.converted,
    }
}

fn clarification(clarification: &Clarification) -> proto::Clarification {
    let choices = clarification.choices.iter();
    proto::Clarification {
        question: clarification.question.to_owned(),
        choices: choices
            .map(|(intent, label)| proto::Choice { intent: intent.id.to_owned(), label: (*label).to_owned() })
            .collect(),
    }
}

fn explanation(step: &Step) -> proto::Explanation {
    proto::Explanation {
        code: step.code.to_owned(),
        text: step.text.to_string(),
        value: step.value,
        threshold: step.threshold,
    }
}

fn route(route: &Route) -> proto::Route {
    let priority = match route.priority {
        Priority::Regular => proto::Priority::Regular,
        Priority::High => proto::Priority::High,
        Priority::Urgent => proto::Priority::Urgent,
    };
    proto::Route {
        queue: route.queue.to_owned(),
        priority: priority.into(),
        department: route.department.name().to_owned(),
        first_reply_due: Some(timestamp(route.first_reply_due)),
        next_reply_due: Some(timestamp(route.next_reply_due)),
        ..Default::default()
    }
}

/// Articles are limited to far less than 4 GiB when they are stored.
pub(super) fn position(byte: usize) -> u32 {
    u32::try_from(byte).unwrap_or(u32::MAX)
}

const fn action(action: Action) -> proto::Action {
    match action {
        Action::Answer => proto::Action::Answer,
        Action::Clarify => proto::Action::Clarify,
        Action::Route => proto::Action::Route,
        Action::Handoff => proto::Action::Handoff,
    }
}

const fn handoff_reason(reason: HandoffReason) -> proto::HandoffReason {
    match reason {
        HandoffReason::Requested => proto::HandoffReason::Requested,
        HandoffReason::Risk => proto::HandoffReason::Risk,
        HandoffReason::Upset => proto::HandoffReason::Upset,
        HandoffReason::LowConfidence => proto::HandoffReason::LowConfidence,
        HandoffReason::NoAnswer => proto::HandoffReason::NoAnswer,
        HandoffReason::AccountSpecific => proto::HandoffReason::AccountSpecific,
        HandoffReason::Repeated => proto::HandoffReason::Repeated,
        HandoffReason::Language => proto::HandoffReason::Language,
        HandoffReason::Policy => proto::HandoffReason::Policy,
    }
}

const fn urgency(urgency: Urgency) -> proto::Urgency {
    match urgency {
        Urgency::Low => proto::Urgency::Low,
        Urgency::Normal => proto::Urgency::Normal,
        Urgency::High => proto::Urgency::High,
        Urgency::Urgent => proto::Urgency::Urgent,
    }
}

const fn polarity(polarity: Polarity) -> proto::Polarity {
    match polarity {
        Polarity::Negative => proto::Polarity::Negative,
        Polarity::Neutral => proto::Polarity::Neutral,
        Polarity::Positive => proto::Polarity::Positive,
    }
}

const fn emotion(emotion: Emotion) -> proto::Emotion {
    match emotion {
        Emotion::None => proto::Emotion::None,
        Emotion::Anger => proto::Emotion::Anger,
        Emotion::Anxiety => proto::Emotion::Anxiety,
        Emotion::Disappointment => proto::Emotion::Disappointment,
        Emotion::Confusion => proto::Emotion::Confusion,
        Emotion::Gratitude => proto::Emotion::Gratitude,
    }
}
