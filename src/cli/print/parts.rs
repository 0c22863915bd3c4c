//! What both the short and the long form of a decision show.

use anstyle::{AnsiColor, Style};

use super::{DIM, Page, conversation, text::padded, time::due};
use crate::proto::{AskedRequest, ConversationState, Decision, Delivery, Draft, Signal, SignalKind};

/// Columns of the names of facts.
const NAME_COLUMNS: usize = 20;

/// A fact with its name before it.
pub(super) fn fact(page: &mut Page, name: &str, value: &str) {
    page.paragraph(&format!("  {}", padded(name, NAME_COLUMNS)), Style::new(), value);
}

/// Who may send the reply.
pub(super) fn delivery(page: &mut Page, decision: &Decision) {
    let words = match decision.delivery() {
        Delivery::Send => "the program may send the reply as it is",
        Delivery::Draft => "only a person may send the draft",
        Delivery::Unspecified => "there is nothing to send without a person",
    };
    page.line(&format!("  {words}"));
}

/// What is asked for.
pub(super) fn requests(page: &mut Page, requests: &[AskedRequest]) {
    if requests.is_empty() {
        return;
    }
    page.heading("What is asked for, most pressing first");
    for (index, request) in requests.iter().enumerate() {
        let answered = if request.answered { ", the draft answers it" } else { "" };
        let about = format!(
            "{} ({:.2}), bytes {} to {}{answered}",
            request.intent, request.probability, request.start_byte, request.end_byte
        );
        let first = format!("  {}. ", index + 1);
        page.paragraph(&first, Style::new(), &about);
        page.paragraph(&" ".repeat(first.len()), DIM, &request.sentence);
    }
}

/// Facts that bear on the urgency.
pub(super) fn signals(page: &mut Page, signals: &[Signal]) {
    if signals.is_empty() {
        return;
    }
    page.heading("Signals");
    for signal in signals {
        let mut value = format!("bytes {} to {}", signal.start_byte, signal.end_byte);
        if let Some(time) = signal.due {
            value.push_str(&format!(", {}", due(time, &page.now)));
        }
        if let Some(number) = signal.num_affected {
            value.push_str(&format!(", {number} people"));
        }
        fact(page, signal_words(signal.kind()), &value);
    }
}

fn signal_words(kind: SignalKind) -> &'static str {
    match kind {
        SignalKind::Unspecified => "unknown",
        SignalKind::Outage => "outage",
        SignalKind::Scope => "many affected",
        SignalKind::Security => "security",
        SignalKind::Safety => "safety",
        SignalKind::DataLoss => "data loss",
        SignalKind::Legal => "legal",
        SignalKind::Deadline => "deadline",
        SignalKind::PaymentBlocked => "payment blocked",
        SignalKind::LockedOut => "locked out",
        SignalKind::RepeatedContact => "repeated contact",
        SignalKind::ChurnThreat => "may leave",
        SignalKind::VulnerablePerson => "vulnerable person",
    }
}

/// What the program may say at once when it hands over.
pub(super) fn notice(page: &mut Page, notice: Option<&Draft>) {
    let Some(notice) = notice else { return };
    page.heading("Told at once");
    page.paragraph("  ", AnsiColor::Green.on_default(), &notice.text);
}

/// Who may speak from here on.
pub(super) fn conversation_after(page: &mut Page, state: Option<&ConversationState>) {
    let Some(state) = state else { return };
    page.heading("Conversation after the message");
    if !state.name.is_empty() {
        fact(page, "name", &state.name);
    }
    fact(page, "owner", conversation::owner_words(state.owner()));
    fact(page, "so far", &conversation::facts(state));
}
