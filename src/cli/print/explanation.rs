//! A kept decision for people who want to know how it came about.

use anstyle::{AnsiColor, Style};

use super::{
    DIM, Page, bold,
    decision::{clarification, draft, headline, labels, reasons, urgency_words, why},
    parts::{conversation_after, delivery, fact, notice, requests, signals},
    text::{clean, padded},
    time::due,
};
use crate::proto::{
    Decision, Explanation, FiredRule, Hit, Impact, KnowledgeResult, Labels, Priority, PriorityBasis,
    ReplayDecisionResponse, Route, Versions,
};

/// Lays out a decision with everything that led to it.
pub(in crate::cli) fn explanation(page: &mut Page, decision: &Decision) {
    headline(page, decision);
    delivery(page, decision);
    route(page, decision.route.as_ref());
    labels(page, decision.labels.as_ref());
    margin(page, decision.labels.as_ref());
    thresholds(page, &decision.explanations);
    reasons(page, decision.handoff.as_ref());
    requests(page, &decision.requests);
    passages(page, decision);
    signals(page, &decision.signals);
    basis(page, decision.priority_basis.as_ref());
    rules(page, &decision.rules);
    conversation_after(page, decision.conversation.as_ref());
    clarification(page, decision.clarification.as_ref());
    draft(page, decision.delivery(), decision.draft.as_ref());
    notice(page, decision.notice.as_ref());
    why(page, &decision.explanations);
    made_by(page, decision);
}

/// Lays out what came of making a decision again.
pub(in crate::cli) fn replay(page: &mut Page, again: &ReplayDecisionResponse, by_current_rules: bool) {
    page.heading(if by_current_rules { "Made again by the rules of now" } else { "Made again" });
    if again.identical {
        return page.line("  the same, byte for byte");
    }
    if let Some(decision) = &again.decision {
        headline(page, decision);
    }
    page.paragraph("  it differs in ", Style::new(), &again.differences.join(", "));
}

fn route(page: &mut Page, route: Option<&Route>) {
    let Some(route) = route else { return };
    let facts = [
        ("department", route.department.clone()),
        ("calendar", route.calendar.clone()),
        ("skills", route.skills.join(", ")),
        ("tags", route.tags.join(", ")),
        ("for", route.assignee_hint.clone()),
    ];
    for (name, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
        page.line(&format!("  {} {}", padded(name, 11), clean(value)));
    }
}

fn margin(page: &mut Page, labels: Option<&Labels>) {
    if let Some(labels) = labels.filter(|labels| !labels.intents.is_empty()) {
        page.line(&format!("  {}{:.2}", padded("lead over the next", 29), labels.margin));
    }
}

/// Every comparison with a threshold, met or missed.
fn thresholds(page: &mut Page, steps: &[Explanation]) {
    let compared: Vec<_> =
        steps.iter().filter_map(|step| Some((step, step.value?, step.threshold?))).collect();
    if compared.is_empty() {
        return;
    }
    page.heading("Thresholds");
    for (step, value, threshold) in compared {
        let (sign, word, color) = if value >= threshold {
            ("≥", "met", AnsiColor::Green)
        } else {
            ("<", "missed", AnsiColor::Yellow)
        };
        let style = bold(color);
        page.line(&format!("  {style}{}{style:#}{value:.3} {sign} {threshold:.3}", padded(word, 8)));
        page.paragraph("          ", DIM, &step.text);
    }
}

/// What the knowledge base gave to each request, or to the message when it lists none.
fn passages(page: &mut Page, decision: &Decision) {
    let of_requests = decision.requests.iter().filter_map(|request| request.knowledge.as_ref());
    let mut searched: Vec<&KnowledgeResult> = of_requests.collect();
    if searched.is_empty() {
        searched.extend(&decision.knowledge);
    }
    if searched.iter().all(|result| result.hits.is_empty()) {
        return;
    }
    page.heading("Passages");
    for result in searched {
        let probability = result.answer_probability;
        page.line(&format!("  the first of these answers with probability {probability:.3}"));
        for hit in &result.hits {
            passage(page, hit, decision);
        }
    }
}

fn passage(page: &mut Page, hit: &Hit, decision: &Decision) {
    let citations = decision.draft.iter().flat_map(|draft| &draft.citations);
    let is_quoted = citations.clone().any(|citation| citation.article == hit.article);
    let quoted = if is_quoted { ", quoted" } else { "" };
    let heading = if hit.heading.is_empty() { String::new() } else { format!(" › {}", hit.heading) };
    page.paragraph(
        &format!("  {:.2}  ", hit.score),
        Style::new(),
        &format!("{}{heading} ({}{quoted})", hit.title, hit.locale),
    );
    page.paragraph("        ", DIM, &format!("{}, version {}", hit.article, hit.article_version));
}

fn basis(page: &mut Page, basis: Option<&PriorityBasis>) {
    let Some(basis) = basis else { return };
    let (before, after) = (basis.model_urgency(), basis.urgency());
    let urgency = if before == after {
        format!("{} by the model", urgency_words(after))
    } else {
        format!("{} by the model, raised to {} by signals", urgency_words(before), urgency_words(after))
    };
    let impact = match basis.impact() {
        Impact::Unspecified => "not judged",
        Impact::Normal => "normal: one customer",
        Impact::High => "high: a customer of standing, or a group",
        Impact::Broad => "broad: a whole company, or hundreds of people",
    };
    let priority = match basis.priority() {
        Priority::Unspecified => "none",
        Priority::Regular => "regular",
        Priority::High => "high",
        Priority::Urgent => "urgent",
    };
    page.heading("Priority");
    fact(page, "urgency", &urgency);
    fact(page, "impact", impact);
    fact(page, "matrix", priority);
}

fn rules(page: &mut Page, rules: &[FiredRule]) {
    if rules.is_empty() {
        return;
    }
    page.heading("Rules that fired");
    for rule in rules {
        page.paragraph(
            &format!("  line {} ", rule.line),
            Style::new(),
            &format!("{}: {}", rule.name, rule.effect),
        );
    }
}

fn made_by(page: &mut Page, decision: &Decision) {
    page.heading("Made by");
    let Versions { program, model, taxonomy, rules, knowledge } =
        decision.versions.clone().unwrap_or_default();
    let facts = [
        ("frontdesk", program),
        ("model", model),
        ("taxonomy", taxonomy),
        ("rules", rules),
        ("knowledge", knowledge),
        ("request", decision.request_id.clone()),
        ("decision", decision.name.clone()),
    ];
    for (name, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
        fact(page, name, value);
    }
    if let Some(time) = decision.decided_at {
        let when = due(time, &page.now);
        fact(page, "received", &when);
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{page, shown},
        *,
    };
    use crate::proto::{
        Action, AskedRequest, Citation, ConversationState, Delivery, Draft, Handoff, HandoffReason, Owner,
        Signal, SignalKind, Urgency,
    };

    fn step(code: &str, text: &str, value: Option<f64>, threshold: Option<f64>) -> Explanation {
        Explanation { code: code.into(), text: text.into(), value, threshold }
    }

    fn asked() -> AskedRequest {
        let hit = Hit {
            article: "knowledgeBases/shop/articles/charged-twice.zh-Hant".into(),
            article_version: 3,
            title: "重複扣款".into(),
            heading: "多久退回".into(),
            locale: "zh-Hant".into(),
            score: 0.71,
            ..Hit::default()
        };
        AskedRequest {
            intent: "billing.dispute".into(),
            probability: 0.93,
            start_byte: 0,
            end_byte: 39,
            sentence: "同一筆訂單扣了兩次款，請打 [phone]。".into(),
            knowledge: Some(KnowledgeResult {
                answer_probability: 0.64,
                hits: vec![hit],
                ..KnowledgeResult::default()
            }),
            answered: true,
        }
    }

    fn decision() -> Decision {
        let due = Some(prost_types::Timestamp { seconds: 1_795_147_200, nanos: 0 });
        Decision {
            name: "decisions/019a0a3c-6f3f-7c2b-9d59-0d6f2c3b1a77".into(),
            request_id: "m-1".into(),
            action: Action::Handoff.into(),
            delivery: Delivery::Draft.into(),
            route: Some(Route {
                queue: "billing".into(),
                priority: Priority::Urgent.into(),
                department: "enterprise".into(),
                first_reply_due: due,
                calendar: "office".into(),
                skills: vec!["cantonese".into()],
                ..Route::default()
            }),
            handoff: Some(Handoff {
                required: true,
                reasons: vec![HandoffReason::AccountSpecific.into()],
                packet: None,
            }),
            requests: vec![asked()],
            signals: vec![
                Signal { kind: SignalKind::RepeatedContact.into(), end_byte: 9, ..Signal::default() },
                Signal {
                    kind: SignalKind::Deadline.into(),
                    start_byte: 12,
                    end_byte: 18,
                    due,
                    num_affected: None,
                },
            ],
            priority_basis: Some(PriorityBasis {
                severity: 0.5,
                model_urgency: Urgency::Normal.into(),
                urgency: Urgency::High.into(),
                impact: Impact::High.into(),
                priority: Priority::Urgent.into(),
            }),
            rules: vec![FiredRule { name: "vip-billing".into(), line: 12, effect: "queue billing".into() }],
            conversation: Some(ConversationState {
                name: "conversations/ticket-4711".into(),
                owner: Owner::Waiting.into(),
                num_messages: 1,
                revision: 1,
                ..ConversationState::default()
            }),
            draft: Some(Draft {
                text: "我們會在今天十二點前回覆您。".into(),
                locale: "zh-Hant".into(),
                citations: vec![Citation {
                    number: 1,
                    article: "knowledgeBases/shop/articles/charged-twice.zh-Hant".into(),
                    title: "重複扣款".into(),
                    locale: "zh-Hant".into(),
                    article_version: 3,
                    ..Citation::default()
                }],
                ..Draft::default()
            }),
            explanations: vec![
                step("threshold.intent.met", "probability of billing.dispute", Some(0.93), Some(0.8)),
                step(
                    "threshold.answer.missed",
                    "probability that the passage answers",
                    Some(0.64),
                    Some(0.8),
                ),
                step("handoff.account_specific", "it takes the customer's own account", None, None),
            ],
            versions: Some(Versions {
                program: "0.1.0".into(),
                model: "m@12".into(),
                rules: "0123456789ab".into(),
                ..Versions::default()
            }),
            decided_at: Some(prost_types::Timestamp { seconds: 1_795_140_000, nanos: 0 }),
            ..Decision::default()
        }
    }

    #[test]
    fn a_decision_shows_everything_that_led_to_it() {
        let mut page = page();
        explanation(&mut page, &decision());
        insta::assert_snapshot!(shown(&page));
    }

    #[test]
    fn a_decision_made_again_shows_where_it_differs() {
        let mut same = page();
        replay(&mut same, &ReplayDecisionResponse { identical: true, ..Default::default() }, false);
        assert!(shown(&same).ends_with("the same, byte for byte\n"));
        let mut other = page();
        let again = ReplayDecisionResponse {
            decision: Some(decision()),
            identical: false,
            differences: vec!["route.queue".into(), "versions.rules".into()],
        };
        replay(&mut other, &again, true);
        let shown = shown(&other);
        assert!(shown.contains("by the rules of now") && shown.contains("HAND OFF → billing"), "{shown}");
        assert!(shown.ends_with("it differs in route.queue, versions.rules\n"), "{shown}");
    }
}
