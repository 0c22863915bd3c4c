//! Decisions and labels as the contract writes them.

use std::{cmp::Ordering, ops::Range};

use jiff::Timestamp;

use super::search;
use crate::{
    desk::{Classified, Concluded},
    draft::{Citation, Clarification, Draft, Packet},
    message::Tone,
    policy::{
        Action, AskedRequest, Case, Conversation, Delivery, FiredRule, HandoffReason, Impact, Mood, Owner,
        Priority, Route, Step, Verdict, Versions,
    },
    proto,
    signals::{Entity, EntityKind, Signal, SignalKind},
    text::{
        language::{Language, Source},
        redact::Kind,
    },
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

/// A decision on the wire. It depends on its arguments alone, so a kept case gives the same bytes.
pub fn decision(case: &Case, concluded: &Concluded) -> proto::Decision {
    let Concluded { verdict, written } = concluded;
    let basis = &verdict.basis;
    let delivery = match verdict.delivery {
        Delivery::None => proto::Delivery::Unspecified,
        Delivery::Send => proto::Delivery::Send,
        Delivery::Draft => proto::Delivery::Draft,
    };
    proto::Decision {
        request_id: case.request_id.clone(),
        action: action(verdict.action).into(),
        labels: Some(labels_of_case(case)),
        route: Some(route(&verdict.route)),
        handoff: Some(handoff(case, concluded)),
        knowledge: verdict
            .requests
            .first()
            .and_then(|&at| case.requests[at].search.as_ref())
            .map(search::result),
        draft: written.draft.as_ref().map(draft),
        clarification: written.clarification.as_ref().map(clarification),
        explanations: verdict.steps.iter().map(explanation).collect(),
        versions: Some(versions(&case.versions)),
        decided_at: Some(timestamp(case.received_at)),
        name: if case.decision_id.is_empty() {
            String::new()
        } else {
            format!("decisions/{}", case.decision_id)
        },
        delivery: delivery.into(),
        notice: written.notice.as_ref().map(draft),
        requests: verdict
            .requests
            .iter()
            .map(|&at| asked_request(case, at, written.draft.as_ref()))
            .collect(),
        signals: case.facts.signals.iter().map(signal).collect(),
        priority_basis: Some(proto::PriorityBasis {
            model_urgency: basis.model_urgency.map_or(proto::Urgency::Unspecified, urgency).into(),
            urgency: urgency(basis.urgency).into(),
            severity: basis.severity,
            impact: impact(basis.impact).into(),
            priority: priority(basis.priority).into(),
        }),
        rules: verdict.rules.iter().map(fired_rule).collect(),
        intent: verdict.intent.map(|intent| intent.id.to_owned()).unwrap_or_default(),
        conversation: Some(conversation(&verdict.conversation)),
    }
}

fn labels_of_case(case: &Case) -> proto::Labels {
    let classified = Classified {
        language: case.language,
        labels: case.labels.clone(),
        num_tokens: case.num_tokens,
        windowed: case.windowed,
    };
    labels(&classified, case.intents_shown)
}

fn handoff(case: &Case, concluded: &Concluded) -> proto::Handoff {
    let reasons = &concluded.verdict.handoff;
    proto::Handoff {
        required: !reasons.is_empty(),
        reasons: reasons.iter().map(|&reason| handoff_reason(reason).into()).collect(),
        packet: concluded.written.packet.as_ref().map(|written| packet(written, case, &concluded.verdict)),
    }
}

fn packet(packet: &Packet, case: &Case, verdict: &Verdict) -> proto::HandoffPacket {
    let moods = &verdict.conversation.moods;
    proto::HandoffPacket {
        summary: packet.summary.clone(),
        tried: packet.tried.clone(),
        entities: case.facts.entities.iter().map(entity).collect(),
        language: case.language.tag().to_owned(),
        moods: moods.iter().map(mood).collect(),
        mood_trend: mood_trend(verdict.conversation.mood_change()).into(),
        reply_due: Some(timestamp(verdict.route.first_reply_due)),
        queue: verdict.route.queue.clone(),
        customer_deadline: packet.customer_deadline.map(timestamp),
    }
}

fn mood(mood: &Mood) -> proto::Mood {
    proto::Mood {
        polarity: polarity(mood.polarity).into(),
        score: mood.score,
        emotion: emotion(mood.emotion).into(),
    }
}

const fn mood_trend(change: Option<Ordering>) -> proto::MoodTrend {
    match change {
        None => proto::MoodTrend::Unspecified,
        Some(Ordering::Equal) => proto::MoodTrend::Steady,
        Some(Ordering::Greater) => proto::MoodTrend::Rising,
        Some(Ordering::Less) => proto::MoodTrend::Falling,
    }
}

fn entity(entity: &Entity) -> proto::Entity {
    let kind = match entity.kind {
        EntityKind::OrderNumber => proto::EntityKind::OrderNumber,
        EntityKind::TrackingNumber => proto::EntityKind::TrackingNumber,
        EntityKind::Product => proto::EntityKind::Product,
        EntityKind::Amount => proto::EntityKind::Amount,
        EntityKind::Date => proto::EntityKind::Date,
        EntityKind::Email => proto::EntityKind::Email,
        EntityKind::Phone => proto::EntityKind::Phone,
    };
    proto::Entity {
        kind: kind.into(),
        start_byte: position(entity.span.start),
        end_byte: position(entity.span.end),
        text: entity.text.clone(),
        value: entity.value.clone(),
    }
}

fn asked_request(case: &Case, at: usize, draft: Option<&Draft>) -> proto::AskedRequest {
    let request: &AskedRequest = &case.requests[at];
    proto::AskedRequest {
        intent: request.intent.clone(),
        probability: request.probability,
        start_byte: position(request.span.start),
        end_byte: position(request.span.end),
        sentence: request.text.clone(),
        knowledge: request.search.as_ref().map(search::result),
        answered: draft.is_some_and(|draft| draft.answers.contains(&at)),
    }
}

fn signal(signal: &Signal) -> proto::Signal {
    let kind = match signal.kind {
        SignalKind::Outage => proto::SignalKind::Outage,
        SignalKind::Scope => proto::SignalKind::Scope,
        SignalKind::Security => proto::SignalKind::Security,
        SignalKind::Safety => proto::SignalKind::Safety,
        SignalKind::DataLoss => proto::SignalKind::DataLoss,
        SignalKind::Legal => proto::SignalKind::Legal,
        SignalKind::Deadline => proto::SignalKind::Deadline,
        SignalKind::PaymentBlocked => proto::SignalKind::PaymentBlocked,
        SignalKind::LockedOut => proto::SignalKind::LockedOut,
        SignalKind::RepeatedContact => proto::SignalKind::RepeatedContact,
        SignalKind::ChurnThreat => proto::SignalKind::ChurnThreat,
        SignalKind::VulnerablePerson => proto::SignalKind::VulnerablePerson,
    };
    proto::Signal {
        kind: kind.into(),
        start_byte: position(signal.span.start),
        end_byte: position(signal.span.end),
        due: signal.due.map(timestamp),
        num_affected: signal.num_affected,
    }
}

fn fired_rule(rule: &FiredRule) -> proto::FiredRule {
    let line = u32::try_from(rule.line).unwrap_or(u32::MAX);
    proto::FiredRule { name: rule.name.clone(), line, effect: rule.effect.clone() }
}

/// What is remembered of a conversation, on the wire.
pub fn conversation(conversation: &Conversation) -> proto::ConversationState {
    let id = &conversation.id;
    proto::ConversationState {
        name: if id.is_empty() { String::new() } else { format!("conversations/{id}") },
        owner: owner(conversation.owner).into(),
        open_intent: conversation.open.clone().unwrap_or_default(),
        ended: conversation.ended,
        locale: conversation.locale.map(|locale| locale.tag().to_owned()).unwrap_or_default(),
        num_messages: conversation.num_messages,
        revision: conversation.revision,
    }
}

const fn owner(owner: Owner) -> proto::Owner {
    match owner {
        Owner::Bot => proto::Owner::Bot,
        Owner::Waiting => proto::Owner::Waiting,
        Owner::Person => proto::Owner::Person,
        Owner::Released => proto::Owner::Released,
    }
}

const fn impact(impact: Impact) -> proto::Impact {
    match impact {
        Impact::Normal => proto::Impact::Normal,
        Impact::High => proto::Impact::High,
        Impact::Broad => proto::Impact::Broad,
    }
}

const fn priority(priority: Priority) -> proto::Priority {
    match priority {
        Priority::Regular => proto::Priority::Regular,
        Priority::High => proto::Priority::High,
        Priority::Urgent => proto::Priority::Urgent,
    }
}

/// What made a decision, on the wire.
pub fn versions(versions: &Versions) -> proto::Versions {
    let Versions { program, model, taxonomy, rules, knowledge } = versions.clone();
    proto::Versions { program, model, taxonomy, rules, knowledge }
}

fn draft(draft: &Draft) -> proto::Draft {
    let tone = match draft.tone {
        Tone::Formal => proto::Tone::Formal,
        Tone::Friendly => proto::Tone::Friendly,
    };
    proto::Draft {
        text: draft.text.clone(),
        locale: draft.wording.locale().tag().to_owned(),
        citations: draft.citations.iter().map(citation).collect(),
        wording: draft.wording.tag().to_owned(),
        tone: tone.into(),
        template: draft.template.clone(),
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
        question: clarification.question.clone(),
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
    proto::Route {
        queue: route.queue.clone(),
        priority: priority(route.priority).into(),
        department: route.department.name().to_owned(),
        first_reply_due: Some(timestamp(route.first_reply_due)),
        next_reply_due: Some(timestamp(route.next_reply_due)),
        skills: route.skills.clone(),
        tags: route.tags.clone(),
        assignee_hint: route.assignee_hint.clone(),
        calendar: route.calendar.clone(),
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
/// Personal data with its text, for the caller alone.
pub fn personal_data(text: &str, found: &[(Range<usize>, Kind)]) -> Vec<proto::PersonalData> {
    let on_wire = |(span, kind): &(Range<usize>, Kind)| proto::PersonalData {
        kind: kind.name().to_owned(),
        start_byte: position(span.start),
        end_byte: position(span.end),
        text: text.get(span.clone()).unwrap_or_default().to_owned(),
    };
    found.iter().map(on_wire).collect()
}
