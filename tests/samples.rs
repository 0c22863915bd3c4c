//! The sample messages end to end: the real model, the sample shop, over gRPC.

mod common;

use std::collections::BTreeMap;

use common::{Sample, channel, runtime, samples};
use frontdesk::proto::{self, triage_service_client::TriageServiceClient};

/// Decides every sample.
fn decisions() -> Vec<(Sample, proto::Decision)> {
    let samples = samples();
    let requests: Vec<_> = samples.iter().map(Sample::request).collect();
    let response = runtime().block_on(async {
        TriageServiceClient::new(channel()).batch_triage(proto::BatchTriageRequest { requests }).await
    });
    let results = response.expect("a batch").into_inner().results;
    let decision = |result: proto::BatchTriageResult| match result.outcome {
        Some(proto::batch_triage_result::Outcome::Response(response)) => response.decision.expect("a decision"),
        other => panic!("{other:?}"),
    };
    samples.into_iter().zip(results.into_iter().map(decision)).collect()
}

fn action(decision: &proto::Decision) -> String {
    decision.action().as_str_name().trim_start_matches("ACTION_").to_lowercase()
}

fn primary(decision: &proto::Decision) -> String {
    let labels = decision.labels.as_ref().expect("labels");
    labels.intents.first().map(|intent| intent.intent.clone()).unwrap_or_default()
}

#[test]
fn look() {
    for (sample, decision) in decisions() {
        let l = decision.labels.as_ref().unwrap();
        let k = decision.knowledge.as_ref();
        println!(
            "{} {}|{} want {}:{} got {}:{} p={:.2} urg {}/{:?} sent {}/{:?} reasons {:?} kb {:.2} {:?} want {:?}",
            if action(&decision) == sample.expect.action { "  " } else { "XX" },
            sample.id, sample.text.chars().take(40).collect::<String>().replace('\n', " "),
            sample.expect.action, sample.expect.intents[0], action(&decision), primary(&decision),
            l.intents.first().map_or(0.0, |i| i.probability),
            sample.expect.urgency, l.urgency.as_ref().map(|u| u.level()),
            sample.expect.sentiment, l.sentiment.as_ref().map(|u| u.polarity()),
            decision.handoff.as_ref().unwrap().reasons,
            k.map_or(0.0, |k| k.answer_probability),
            k.and_then(|k| k.hits.first()).map(|h| h.article.rsplit('/').next().unwrap().to_owned()),
            sample.expect.article,
        );
    }
    let _ = BTreeMap::<u8, u8>::new();
}
