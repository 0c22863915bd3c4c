//! A decision for people: what to do, the labels behind it, why, and what to say.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::{
    DIM, HEADING, Page, bold,
    parts::{conversation_after, delivery, notice, requests, signals},
    text::{clean, padded, shortened},
    time::due,
};
use crate::{
    proto::{
        Action, Citation, Clarification, Decision, Delivery, Draft, Emotion, Explanation, Handoff,
        HandoffReason, Labels, Language, LanguageSource, Polarity, Priority, Route, Timing, TriageResponse,
        Urgency, Versions,
    },
    taxonomy::Intent,
};

/// Intents that are shown; the others rarely matter to a reader.
const INTENTS_SHOWN: usize = 3;
/// Columns of a probability bar.
const BAR_COLUMNS: usize = 10;
/// Columns of an intent's id; the longest is 28.
const INTENT_COLUMNS: usize = 29;
/// Probability from which a signal such as "wants a person" is worth a line.
const WORTH_SHOWING: f64 = 0.5;

/// Lays out a decision.
pub(in crate::cli) fn decision(page: &mut Page, response: &TriageResponse) {
    let Some(decision) = &response.decision else {
        return page.line("The server sent no decision; hand the message to a person.");
    };
    headline(page, decision);
    delivery(page, decision);
    labels(page, decision.labels.as_ref());
    reasons(page, decision.handoff.as_ref());
    if decision.requests.len() > 1 {
        requests(page, &decision.requests);
    }
    signals(page, &decision.signals);
    why(page, &decision.explanations);
    if decision.conversation.as_ref().is_some_and(|state| !state.name.is_empty()) {
        conversation_after(page, decision.conversation.as_ref());
    }
    clarification(page, decision.clarification.as_ref());
    draft(page, decision.delivery(), decision.draft.as_ref());
    notice(page, decision.notice.as_ref());
    footer(page, decision.versions.as_ref(), response.timing.as_ref());
    if !decision.name.is_empty() {
        page.line(&format!("{DIM}frontdesk explain {}{DIM:#}", clean(&decision.name)));
    }
}

pub(super) fn headline(page: &mut Page, decision: &Decision) {
    let (color, action) = match decision.action() {
        Action::Answer => (AnsiColor::Green, "ANSWER"),
        Action::Clarify => (AnsiColor::Yellow, "ASK BACK"),
        Action::Route => (AnsiColor::Cyan, "ROUTE"),
        Action::Handoff => (AnsiColor::Magenta, "HAND OFF"),
        Action::Unspecified => (AnsiColor::Magenta, "HAND OFF (not decided)"),
    };
    let style = bold(color);
    let Some(route) = &decision.route else {
        return page.line(&format!("{style}{action}{style:#}"));
    };
    let (urgency_style, priority) = match route.priority() {
        Priority::Urgent => (bold(AnsiColor::Red), "urgent"),
        Priority::High => (bold(AnsiColor::Yellow), "high"),
        Priority::Regular => (Style::new(), "regular"),
        Priority::Unspecified => (Style::new(), "no"),
    };
    let queue = clean(&route.queue);
    page.line(&format!(
        "{style}{action}{style:#} → {HEADING}{queue}{HEADING:#}, {urgency_style}{priority} priority{urgency_style:#}"
    ));
    deadlines(page, route);
}

fn deadlines(page: &mut Page, route: &Route) {
    let lines = [("first reply", route.first_reply_due), ("next reply", route.next_reply_due)];
    for (name, time) in lines {
        if let Some(time) = time {
            let due = due(time, &page.now);
            page.line(&format!("  {} due {due}", padded(name, 11)));
        }
    }
}

pub(super) fn labels(page: &mut Page, labels: Option<&Labels>) {
    let Some(labels) = labels else { return };
    page.heading("What it is");
    if labels.intents.is_empty() {
        page.line("  no intent: not a supported language, or nothing to classify");
    }
    for prediction in labels.intents.iter().take(INTENTS_SHOWN) {
        let name = Intent::find(&prediction.intent).map_or("", |intent| intent.name_en);
        let style = if prediction.selected { HEADING } else { DIM };
        let intent = padded(&shortened(&prediction.intent, INTENT_COLUMNS - 1), INTENT_COLUMNS);
        let bar = bar(prediction.probability);
        let name = shortened(name, page.columns - INTENT_COLUMNS - BAR_COLUMNS - 9);
        page.line(&format!("  {style}{intent}{style:#}{bar} {:.2}  {name}", prediction.probability));
    }
    if let Some(urgency) = &labels.urgency {
        let level = urgency_words(urgency.level());
        page.line(&format!("  {}{level} ({:.2})", padded("urgency", INTENT_COLUMNS), urgency.probability));
    }
    mood(page, labels);
    if let Some(language) = &labels.language {
        page.line(&format!("  {}{}", padded("language", INTENT_COLUMNS), language_words(language)));
    }
    let signals = [("wants a person", labels.wants_human), ("gives the system orders", labels.orders_system)];
    for (name, probability) in signals {
        if probability >= WORTH_SHOWING {
            page.line(&format!("  {}{probability:.2}", padded(name, INTENT_COLUMNS)));
        }
    }
}

/// A probability as a bar.
fn bar(probability: f64) -> String {
    let filled = (probability.clamp(0.0, 1.0) * BAR_COLUMNS as f64).round() as usize;
    format!("{}{DIM}{}{DIM:#}", "█".repeat(filled), "░".repeat(BAR_COLUMNS - filled))
}

fn mood(page: &mut Page, labels: &Labels) {
    let mut parts = Vec::new();
    if let Some(sentiment) = &labels.sentiment {
        let polarity = match sentiment.polarity() {
            Polarity::Negative => "negative",
            Polarity::Neutral => "neutral",
            Polarity::Positive => "positive",
            Polarity::Unspecified => "not judged",
        };
        parts.push(format!("{polarity} ({:+.2})", sentiment.score));
    }
    if let Some(emotion) = &labels.emotion {
        let name = match emotion.emotion() {
            Emotion::Anger => "anger",
            Emotion::Anxiety => "anxiety",
            Emotion::Disappointment => "disappointment",
            Emotion::Confusion => "confusion",
            Emotion::Gratitude => "gratitude",
            Emotion::None | Emotion::Unspecified => "no emotion",
        };
        parts.push(format!("{name} ({:.2})", emotion.probability));
    }
    if !parts.is_empty() {
        page.line(&format!("  {}{}", padded("mood", INTENT_COLUMNS), parts.join(", ")));
    }
}

pub(super) fn urgency_words(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Low => "low",
        Urgency::Normal => "normal",
        Urgency::High => "high",
        Urgency::Urgent => "urgent",
        Urgency::Unspecified => "not judged",
    }
}

fn language_words(language: &Language) -> String {
    let source = match language.source() {
        LanguageSource::Text => "the text shows it",
        LanguageSource::Conversation => "from earlier turns",
        LanguageSource::Hint => "from the locale hint",
        LanguageSource::Default => "the default; the text shows none",
        LanguageSource::Unspecified => "not judged",
    };
    let supported = if language.supported { "" } else { "; not supported" };
    format!("{} ({source}{supported})", clean(&language.tag))
}

pub(super) fn reasons(page: &mut Page, handoff: Option<&Handoff>) {
    let Some(handoff) = handoff.filter(|handoff| handoff.required) else { return };
    page.heading("Why a person");
    for reason in handoff.reasons() {
        page.paragraph("  • ", Style::new(), reason_words(reason));
    }
    if handoff.reasons.is_empty() {
        page.line("  • no reason was given");
    }
}

fn reason_words(reason: HandoffReason) -> &'static str {
    match reason {
        HandoffReason::Requested => "The customer asks for a person.",
        HandoffReason::Risk => "A matter of security, safety, law or privacy, or harm that is hours away.",
        HandoffReason::Upset => "The customer is angry, or unhappy twice in a row.",
        HandoffReason::LowConfidence => "It is not clear enough what the customer wants.",
        HandoffReason::NoAnswer => "The knowledge base has no passage that answers.",
        HandoffReason::AccountSpecific => {
            "It takes data or an action in the customer's own account or order."
        }
        HandoffReason::Repeated => "The same question again after an answer was given.",
        HandoffReason::Language => "The language is not supported.",
        HandoffReason::Policy => "A routing rule says so.",
        HandoffReason::Unspecified => "A reason that this program does not know; the server is newer.",
    }
}

pub(super) fn why(page: &mut Page, explanations: &[Explanation]) {
    if explanations.is_empty() {
        return;
    }
    page.heading("How it was decided");
    for (index, step) in explanations.iter().enumerate() {
        let mut text = step.text.trim_end_matches('.').to_owned();
        // Writing to a string cannot fail.
        let _ = match (step.value, step.threshold) {
            (Some(value), Some(threshold)) => write!(text, ": {value:.2} against {threshold:.2}"),
            (Some(value), None) => write!(text, ": {value:.2}"),
            (None, _) => Ok(()),
        };
        page.paragraph(&format!("  {}. ", index + 1), Style::new(), &text);
    }
}

pub(super) fn clarification(page: &mut Page, clarification: Option<&Clarification>) {
    let Some(clarification) = clarification else { return };
    page.heading("Question back");
    page.paragraph("  ", AnsiColor::Yellow.on_default(), &clarification.question);
    for (index, choice) in clarification.choices.iter().enumerate() {
        let first = format!("  {}) ", index + 1);
        page.paragraph(&first, Style::new(), &format!("{} ({})", choice.label, choice.intent));
    }
}

pub(super) fn draft(page: &mut Page, delivery: Delivery, draft: Option<&Draft>) {
    let Some(draft) = draft else { return };
    let what = if delivery == Delivery::Send { "Reply" } else { "Draft for the agent" };
    page.heading(&format!("{what} ({})", clean(&draft.locale)));
    page.paragraph("  ", AnsiColor::Green.on_default(), &draft.text);
    for citation in &draft.citations {
        source(page, citation, &draft.text);
    }
}

/// Where a quoted passage stands; what the reply says of it already is not repeated.
fn source(page: &mut Page, citation: &Citation, reply: &str) {
    let first = format!("  [{}] ", citation.number);
    let article = format!("{}, version {}", citation.article, citation.article_version);
    if !citation.url.is_empty() && reply.contains(&citation.url) {
        return page.paragraph(&first, DIM, &article);
    }
    page.paragraph(&first, Style::new(), &format!("{} ({})", citation.title, citation.locale));
    let margin = " ".repeat(first.len());
    if !citation.url.is_empty() {
        page.paragraph(&margin, DIM, &citation.url);
    }
    page.paragraph(&margin, DIM, &article);
}

fn footer(page: &mut Page, versions: Option<&Versions>, timing: Option<&Timing>) {
    let mut parts = Vec::new();
    if let Some(versions) = versions {
        parts.extend([format!("frontdesk {}", versions.program), versions.model.clone()]);
        parts.extend((!versions.knowledge.is_empty()).then(|| versions.knowledge.clone()));
    }
    if let Some(timing) = timing {
        let work = timing.prepare_us + timing.encode_us + timing.search_us + timing.decide_us;
        parts.push(format!("{:.1} ms", work as f64 / 1000.0));
    }
    if !parts.is_empty() {
        page.line("");
        page.paragraph("", DIM, &parts.join(" · "));
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{page, shown},
        *,
    };
    use crate::proto::{
        AskedRequest, Choice, ConversationState, EmotionPrediction, IntentPrediction, Owner,
        SentimentPrediction, Signal, SignalKind, UrgencyPrediction,
    };

    fn route() -> Route {
        Route {
            queue: "delivery".into(),
            priority: Priority::High.into(),
            department: "sales".into(),
            first_reply_due: Some(prost_types::Timestamp { seconds: 1_795_147_200, nanos: 0 }),
            next_reply_due: Some(prost_types::Timestamp { seconds: 1_795_226_400, nanos: 0 }),
            ..Route::default()
        }
    }

    fn intent(intent: &str, probability: f64, selected: bool) -> IntentPrediction {
        IntentPrediction { intent: intent.into(), probability, presence: probability, selected }
    }

    fn asked(intent: &str, sentence: &str) -> AskedRequest {
        AskedRequest {
            intent: intent.into(),
            probability: 0.82,
            sentence: sentence.into(),
            ..AskedRequest::default()
        }
    }

    fn sample_labels() -> Labels {
        Labels {
            language: Some(Language {
                tag: "zh-Hans".into(),
                supported: true,
                source: LanguageSource::Text.into(),
                script_determined: true,
            }),
            intents: vec![
                intent("delivery.problem", 0.82, true),
                intent("feedback.complaint", 0.11, false),
                intent("delivery.track", 0.04, false),
                intent("other", 0.01, false),
            ],
            urgency: Some(UrgencyPrediction {
                level: Urgency::High.into(),
                probability: 0.71,
                distribution: Vec::new(),
            }),
            sentiment: Some(SentimentPrediction {
                polarity: Polarity::Negative.into(),
                probability: 0.9,
                score: -0.62,
            }),
            emotion: Some(EmotionPrediction { emotion: Emotion::Disappointment.into(), probability: 0.55 }),
            wants_human: 0.61,
            ..Labels::default()
        }
    }

    #[test]
    fn a_handoff_shows_where_when_why_and_what_to_say() {
        let decision = Decision {
            action: Action::Handoff.into(),
            delivery: Delivery::Draft.into(),
            labels: Some(sample_labels()),
            route: Some(route()),
            handoff: Some(Handoff {
                required: true,
                reasons: vec![HandoffReason::AccountSpecific.into(), HandoffReason::LowConfidence.into()],
                ..Handoff::default()
            }),
            draft: Some(Draft {
                text: "您好!很抱歉让您久等了。您的消息已经收到,我们的同事会在今天十二点之前回复您,并告诉您包裹现在\
                       在哪里。\n谢谢您的耐心。"
                    .into(),
                locale: "zh-Hans".into(),
                ..Draft::default()
            }),
            notice: Some(Draft { text: "我们的同事会在今天十二点之前回复您。".into(), ..Draft::default() }),
            requests: vec![
                asked("delivery.problem", "我的订单说好周五到，现在还没发货。"),
                asked("order.cancel", "不行就帮我取消。"),
            ],
            signals: vec![Signal {
                kind: SignalKind::RepeatedContact.into(),
                end_byte: 9,
                ..Signal::default()
            }],
            conversation: Some(ConversationState {
                name: "conversations/ticket-4711".into(),
                owner: Owner::Waiting.into(),
                num_messages: 1,
                revision: 1,
                ..ConversationState::default()
            }),
            explanations: vec![
                Explanation {
                    code: "threshold.intent.missed".into(),
                    text: "The first intent is not settled.".into(),
                    value: Some(0.52),
                    threshold: Some(0.8),
                },
                Explanation { code: "route".into(), text: "Goes to delivery".into(), ..Explanation::default() },
            ],
            versions: Some(Versions { program: "0.1.0".into(), model: "m@12".into(), ..Versions::default() }),
            ..Decision::default()
        };
        let timing = Timing { prepare_us: 300, encode_us: 9_000, ..Timing::default() };
        let mut page = page();
        super::decision(
            &mut page,
            &TriageResponse { decision: Some(decision), timing: Some(timing), ..Default::default() },
        );
        insta::assert_snapshot!(shown(&page));
    }

    #[test]
    fn an_answer_shows_its_citations() {
        let citation = Citation {
            number: 1,
            article: "knowledgeBases/sample/articles/returns.en".into(),
            article_version: 3,
            title: "Returns and exchanges".into(),
            url: "https://shop.example/help/returns".into(),
            locale: "en".into(),
            ..Citation::default()
        };
        let decision = Decision {
            action: Action::Answer.into(),
            delivery: Delivery::Send.into(),
            route: Some(Route { queue: "returns".into(), ..Route::default() }),
            draft: Some(Draft {
                text: "Hello,\n\nyou can send items back within 30 days. [1]".into(),
                locale: "en".into(),
                citations: vec![citation],
                ..Draft::default()
            }),
            ..Decision::default()
        };
        let mut page = page();
        super::decision(
            &mut page,
            &TriageResponse { decision: Some(decision), timing: None, ..Default::default() },
        );
        insta::assert_snapshot!(shown(&page));
    }

    #[test]
    fn a_question_back_shows_its_choices() {
        let clarification = Clarification {
            question: "請問您想了解哪一項?".into(),
            choices: vec![
                Choice { intent: "return.request".into(), label: "退貨或換貨".into() },
                Choice { intent: "refund.status".into(), label: "退款進度".into() },
            ],
        };
        let decision = Decision {
            action: Action::Clarify.into(),
            delivery: Delivery::Send.into(),
            clarification: Some(clarification),
            ..Decision::default()
        };
        let mut page = page();
        super::decision(
            &mut page,
            &TriageResponse { decision: Some(decision), timing: None, ..Default::default() },
        );
        insta::assert_snapshot!(shown(&page));
    }

    #[test]
    fn no_decision_means_a_person() {
        let mut page = page();
        super::decision(&mut page, &TriageResponse::default());
        assert!(shown(&page).contains("hand the message to a person"));
    }
}
