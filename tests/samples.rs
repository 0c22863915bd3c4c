//! The sample messages end to end: the real model, the sample shop, over gRPC.
//!
//! The samples were written with the decision of a good agent, by somebody who saw neither the
//! training data nor the model. Most bars here are measured figures less a margin: they fail when
//! something gets worse. Those on risk have no margin.

mod common;

use std::sync::LazyLock;

use common::{Sample, channel, runtime, samples};
use frontdesk::proto::{self, triage_service_client::TriageServiceClient};

/// A sample and what was decided.
struct Decided {
    sample: Sample,
    decision: proto::Decision,
}

/// Every sample, decided once.
static DECIDED: LazyLock<Vec<Decided>> = LazyLock::new(|| {
    let samples = samples();
    let requests: Vec<_> = samples.iter().map(Sample::request).collect();
    // A thread of its own: the runtime may already be running this test.
    let response = std::thread::spawn(|| {
        runtime().block_on(async {
            TriageServiceClient::new(channel()).batch_triage(proto::BatchTriageRequest { requests }).await
        })
    });
    let results = response.join().expect("joins").expect("a batch").into_inner().results;
    let decision = |result: proto::BatchTriageResult| match result.outcome {
        Some(proto::batch_triage_result::Outcome::Response(response)) => {
            response.decision.expect("a decision")
        }
        other => panic!("{other:?}"),
    };
    let decisions = results.into_iter().map(decision);
    samples.into_iter().zip(decisions).map(|(sample, decision)| Decided { sample, decision }).collect()
});

impl Decided {
    fn action(&self) -> String {
        short(self.decision.action().as_str_name(), "ACTION_")
    }

    fn primary(&self) -> &str {
        let labels = self.decision.labels.as_ref().expect("labels");
        labels.intents.first().map_or("-", |intent| &intent.intent)
    }

    fn language(&self) -> &str {
        &self.decision.labels.as_ref().and_then(|labels| labels.language.as_ref()).expect("a language").tag
    }

    fn urgency(&self) -> String {
        let labels = self.decision.labels.as_ref().expect("labels");
        let level = labels.urgency.as_ref().map(|urgency| urgency.level().as_str_name());
        level.map_or("-".into(), |level| short(level, "URGENCY_"))
    }

    fn reasons(&self) -> Vec<String> {
        let handoff = self.decision.handoff.as_ref().expect("handoff");
        handoff.reasons().map(|reason| short(reason.as_str_name(), "HANDOFF_REASON_")).collect()
    }

    /// Slug of the first article that the draft cites.
    fn cited(&self) -> Option<String> {
        let citation = self.decision.draft.as_ref()?.citations.first()?;
        let id = citation.article.rsplit('/').next()?;
        Some(id.rsplit_once('.').map_or(id, |(slug, _)| slug).to_owned())
    }
}

fn short(name: &str, prefix: &str) -> String {
    name.trim_start_matches(prefix).to_lowercase()
}

/// Share of the samples that fulfil a condition; names those that do not.
fn share(what: &str, of: impl Fn(&Decided) -> bool, condition: impl Fn(&Decided) -> bool) -> f64 {
    let chosen: Vec<&Decided> = DECIDED.iter().filter(|decided| of(decided)).collect();
    let missed: Vec<&str> = chosen
        .iter()
        .filter(|decided| !condition(decided))
        .map(|decided| decided.sample.id.as_str())
        .collect();
    let share = 1.0 - missed.len() as f64 / chosen.len() as f64;
    println!("{what}: {share:.3} of {}, not {missed:?}", chosen.len());
    share
}

#[test]
fn every_sample_keeps_its_language() {
    // Text of one letter, or none that means anything, has no language to find.
    let of = |decided: &Decided| decided.sample.expect.language != "und";
    assert_eq!(share("language", of, |decided| decided.language() == decided.sample.expect.language), 1.0);
}

#[test]
fn nobody_at_risk_is_answered_by_the_program() {
    let at_risk =
        |decided: &Decided| decided.sample.expect.handoff_reasons.iter().any(|reason| reason == "risk");
    let handed =
        |decided: &Decided| decided.action() == "handoff" && decided.reasons().contains(&"risk".into());
    assert_eq!(share("risk", at_risk, handed), 1.0);
}

#[test]
fn who_asks_for_a_person_gets_one() {
    let asks =
        |decided: &Decided| decided.sample.expect.handoff_reasons.iter().any(|reason| reason == "requested");
    assert_eq!(share("requested", asks, |decided| decided.action() == "handoff"), 1.0);
}

#[test]
fn what_needs_a_person_is_not_answered() {
    let person = |decided: &Decided| decided.sample.expect.action == "handoff";
    assert_eq!(share("kept from the program", person, |decided| decided.action() != "answer"), 1.0);
}

#[test]
fn answers_cite_the_article_that_answers() {
    let answered =
        |decided: &Decided| decided.action() == "answer" && decided.sample.expect.article.is_some();
    let right = |decided: &Decided| decided.cited() == decided.sample.expect.article;
    assert!(share("cited article", answered, right) >= MIN_CITED);
}

#[test]
fn decisions_are_those_of_a_good_agent_more_often_than_before() {
    let all = |_: &Decided| true;
    assert!(share("action", all, |decided| decided.action() == decided.sample.expect.action) >= MIN_ACTION);
    let readable = |decided: &Decided| decided.primary() != "-";
    let intent = |decided: &Decided| decided.primary() == decided.sample.expect.intents[0];
    assert!(share("intent", readable, intent) >= MIN_INTENT);
    let urgency = |decided: &Decided| decided.urgency() == decided.sample.expect.urgency;
    assert!(share("urgency", readable, urgency) >= MIN_URGENCY);
}

#[test]
fn the_decisions_are_the_recorded_ones() {
    let lines: Vec<String> = DECIDED
        .iter()
        .map(|decided| {
            let route = decided.decision.route.as_ref().expect("a route");
            format!(
                "{:<11} {:<8} {:<8} {:<26} {:<7} {:<14} {:<30} {}",
                decided.sample.id,
                decided.language(),
                decided.action(),
                decided.primary(),
                decided.urgency(),
                route.queue,
                decided.reasons().join("+"),
                decided.cited().unwrap_or_default(),
            )
            .trim_end()
            .to_owned()
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn drafts_say_only_what_their_passages_say() {
    for decided in DECIDED.iter() {
        let Some(draft) = &decided.decision.draft else { continue };
        let found = decided.decision.requests.iter().filter_map(|request| request.knowledge.as_ref());
        let hits: Vec<&proto::Hit> = found.flat_map(|knowledge| &knowledge.hits).collect();
        for citation in &draft.citations {
            let hit = hits
                .iter()
                .find(|hit| {
                    hit.article == citation.article
                        && hit.start_byte <= citation.start_byte
                        && citation.end_byte <= hit.end_byte
                })
                .expect("a citation is of a hit");
            let start = (citation.start_byte - hit.start_byte) as usize;
            let cited = &hit.text[start..start + (citation.end_byte - citation.start_byte) as usize];
            let is_quoted = citation.converted || draft.text.contains(cited.trim());
            assert!(is_quoted, "{}: quoted to the letter", decided.sample.id);
        }
        if decided.action() == "answer" && decided.sample.expect.article.is_some() {
            assert!(!draft.citations.is_empty(), "{}: an answer cites", decided.sample.id);
        }
    }
}

// Measured with the bundled model: .733, .857, .804 and 1 (of 7); each less two messages.
const MIN_ACTION: f64 = 0.70;
const MIN_INTENT: f64 = 0.83;
const MIN_URGENCY: f64 = 0.78;
const MIN_CITED: f64 = 0.6;
