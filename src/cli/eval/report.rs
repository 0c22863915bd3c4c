//! Scores as Markdown tables.

use std::{collections::BTreeMap, fmt::Write as _};

use super::{
    line,
    score::{Accuracy, Order, Score, Tally},
};

/// Scores by their set.
type Scores = BTreeMap<String, Score>;

fn figure(share: Option<f64>) -> String {
    share.map_or("–".to_owned(), |share| format!("{share:.3}"))
}

/// A table in the making; each column is a set.
struct Table<'a> {
    out: String,
    scores: &'a Scores,
}

impl<'a> Table<'a> {
    fn new(scores: &'a Scores) -> Self {
        let mut out = String::new();
        line(&mut out, "", scores.keys().cloned());
        line(&mut out, "---", scores.keys().map(|_| "---:".to_owned()));
        Self { out, scores }
    }

    fn count(&mut self, name: &str, of: impl Fn(&Score) -> usize) {
        line(&mut self.out, name, self.scores.values().map(|score| of(score).to_string()));
    }

    fn share(&mut self, name: &str, of: impl Fn(&Score) -> Accuracy) {
        line(&mut self.out, name, self.scores.values().map(|score| figure(of(score).share())));
    }

    /// Precision, recall, their harmonic mean, and how many were expected.
    fn tally(&mut self, name: &str, of: impl Fn(&Score) -> Tally) {
        let cell = |score: &Score| {
            let tally = of(score);
            let [precision, recall, f1] = [tally.precision(), tally.recall(), tally.f1()].map(figure);
            format!("{precision} / {recall} / {f1} ({})", tally.right + tally.missed)
        };
        line(&mut self.out, &format!("{name}: P / R / F1 (expected)"), self.scores.values().map(cell));
    }

    /// One line for each name that any set has.
    fn tallies(&mut self, group: &str, of: impl Fn(&Score) -> &BTreeMap<String, Tally>) {
        let names: Vec<String> =
            self.scores.get("all").map(|all| of(all).keys().cloned().collect()).unwrap_or_default();
        for name in names {
            self.tally(&format!("{group} {name}"), |score| of(score).get(&name).copied().unwrap_or_default());
        }
    }
}

/// The scores of decisions.
pub(super) fn scores(scores: &Scores) -> String {
    let mut table = Table::new(scores);
    table.count("messages", |score| score.action.of);
    table.share("action", |score| score.action);
    table.share("deciding intent", |score| score.intent);
    table.share("urgency after signals", |score| score.urgency);
    table.share("urgency of the model", |score| score.model_urgency);
    table.share("language", |score| score.language);
    table.share("cited article, of answers", |score| score.cited);
    table.share("sentence, of several requests", |score| score.sentence);
    table.share("low confidence justified", |score| score.low_confidence);
    table.count("answered though a person is needed", |score| score.answered_instead_of_person.len());
    table.tally("handoff", |score| score.handoff);
    table.tally("requests of messages with several", |score| score.several_requests);
    table.tally("requests of all messages", |score| score.requests);
    table.tallies("reason", |score| &score.reasons);
    table.tallies("signal", |score| &score.signals);
    table.tallies("entity", |score| &score.entities);
    let mut out = table.out;
    if let Some(all) = scores.get("all") {
        out.push('\n');
        for (id, mistakes) in &all.mistakes {
            let _ = writeln!(out, "{id}: {}", mistakes.join("; "));
        }
        let _ = writeln!(out, "\nexpected → decided: {:?}", all.confusion);
        let _ = writeln!(out, "answered though a person is needed: {:?}", all.answered_instead_of_person);
    }
    out
}

/// The order of pairs.
pub(super) fn order(order: &Order) -> String {
    let mut out = String::new();
    line(&mut out, "pairs", order.ordered.keys().cloned());
    line(&mut out, "---", order.ordered.keys().map(|_| "---:".to_owned()));
    line(&mut out, "the calm one first", order.ordered.values().map(|accuracy| figure(accuracy.share())));
    let _ = writeln!(out, "\nnot: {}", order.wrong.join(", "));
    out
}
