//! `frontdesk eval --decisions` and `--pairs`: decisions beside those of a good agent.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use anyhow::{Context as _, bail};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::json;

use super::{
    super::{Context, Failure},
    line,
    score::{Accuracy, Score, Tally, place_in_queue},
};
use crate::{
    grpc::client::Client,
    proto::{self, Decision, TriageRequest},
    server,
};

/// When every message counts as received, so that dates such as "tomorrow" mean the same in each run:
/// Monday, 2 November 2026, 09:00 UTC.
const RECEIVED_AT_S: i64 = 1_793_610_000;

/// A message with the decision of a good agent.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Row {
    /// Its id.
    pub(super) id: String,
    /// What the customer wrote.
    pub(super) text: String,
    /// How it came.
    channel: String,
    #[serde(default)]
    locale_hint: String,
    #[serde(default)]
    turns: Vec<TurnRow>,
    #[serde(default)]
    customer: CustomerRow,
    /// The decision.
    pub(super) expect: Expected,
}

#[derive(Clone, Debug, Deserialize)]
struct TurnRow {
    role: String,
    text: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
struct CustomerRow {
    tier: String,
    #[serde(default)]
    tags: Vec<String>,
}

/// The decision of a good agent.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Expected {
    /// BCP 47 tag.
    pub(super) language: String,
    /// What is asked for, most pressing first.
    pub(super) requests: Vec<ExpectedRequest>,
    /// Level by the label guide.
    pub(super) urgency: String,
    /// answer, clarify, route or handoff.
    pub(super) action: String,
    /// Reasons of the guide's table.
    pub(super) handoff_reasons: Vec<String>,
    /// Slug of the article that answers.
    pub(super) article: Option<String>,
    /// Kinds of signals.
    pub(super) signals: Vec<String>,
    /// What is named.
    pub(super) entities: Vec<ExpectedEntity>,
}

/// One request.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct ExpectedRequest {
    /// Its intent.
    pub(super) intent: String,
    /// A part of the text.
    pub(super) sentence: String,
}

/// One entity.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct ExpectedEntity {
    /// Its kind.
    pub(super) kind: String,
    /// A part of the text.
    pub(super) text: String,
}

/// Two messages of which the calm one is worked on first.
#[derive(Clone, Debug, Deserialize)]
struct Pair {
    id: String,
    lang: String,
    loud: Half,
    calm: Half,
}

#[derive(Clone, Debug, Deserialize)]
struct Half {
    text: String,
    channel: String,
    #[serde(default)]
    customer: CustomerRow,
}

/// Reads JSON lines.
fn rows<T: DeserializeOwned>(path: &Path) -> anyhow::Result<Vec<T>> {
    let name = path.display();
    let text = fs::read_to_string(path).with_context(|| format!("{name} cannot be read"))?;
    let mut rows = Vec::new();
    for (number, content) in text.lines().enumerate().filter(|(_, content)| !content.trim().is_empty()) {
        // The reason of serde quotes values, which are a customer's text; the place is enough.
        let row = serde_json::from_str(content).map_err(|error| {
            anyhow::anyhow!("{name}:{}: column {} is not as asked for", number + 1, error.column())
        })?;
        rows.push(row);
    }
    if rows.is_empty() {
        bail!("{name}: holds no line");
    }
    Ok(rows)
}

/// The request of a row.
fn request(text: &str, channel: &str, customer: &CustomerRow) -> anyhow::Result<TriageRequest> {
    let name = format!("CHANNEL_{}", channel.to_uppercase());
    let channel =
        proto::Channel::from_str_name(&name).with_context(|| format!("{channel:?} is no channel"))?;
    Ok(TriageRequest {
        text: text.to_owned(),
        channel: channel.into(),
        customer: Some(proto::Customer { tier: customer.tier.clone(), tags: customer.tags.clone() }),
        received_at: Some(prost_types::Timestamp { seconds: RECEIVED_AT_S, nanos: 0 }),
        ..TriageRequest::default()
    })
}

fn turn(turn: &TurnRow) -> anyhow::Result<proto::Turn> {
    let role = proto::Role::from_str_name(&format!("ROLE_{}", turn.role.to_uppercase()));
    let role = role.with_context(|| format!("{:?} is no role", turn.role))?;
    Ok(proto::Turn { role: role.into(), text: turn.text.clone() })
}

async fn decide(client: &Client, request: TriageRequest) -> Result<Decision, Failure> {
    let response = client.triage(request).await.map_err(|error| Failure::server(error.into()))?;
    Ok(response.decision.unwrap_or_default())
}

/// Scores files of messages; gives the report.
pub(super) async fn run(context: &Context, files: &[std::path::PathBuf]) -> Result<String, Failure> {
    let mut all: Vec<Row> = Vec::new();
    for file in files {
        all.extend(rows::<Row>(file).map_err(Failure::usage)?);
    }
    let connection = server::connect(&context.settings, context.global.server.as_deref())
        .await
        .map_err(Failure::of_server)?;
    let client = Client::new(connection.channel.clone());
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    for row in &all {
        let turns = row.turns.iter().map(turn).collect::<anyhow::Result<_>>().map_err(Failure::usage)?;
        let request = request(&row.text, &row.channel, &row.customer).map_err(Failure::usage)?;
        let request = TriageRequest {
            turns,
            locale_hint: row.locale_hint.clone(),
            request_id: row.id.clone(),
            ..request
        };
        let decision = decide(&client, request).await?;
        // The language of the set, by its ids: messages in other languages are part of each.
        let set = row.id.rsplit_once('-').map_or("", |(set, _)| set).to_owned();
        scores.entry(set).or_default().add(row, &decision);
        scores.entry("all".into()).or_default().add(row, &decision);
    }
    drop(client);
    connection.close().await;
    if context.global.json {
        return serde_json::to_string_pretty(&scores)
            .map(|text| text + "\n")
            .map_err(|error| Failure::server(error.into()));
    }
    Ok(report(&scores))
}

/// Scores files of pairs; gives the report.
pub(super) async fn run_pairs(context: &Context, files: &[std::path::PathBuf]) -> Result<String, Failure> {
    let mut pairs: Vec<Pair> = Vec::new();
    for file in files {
        pairs.extend(rows::<Pair>(file).map_err(Failure::usage)?);
    }
    let connection = server::connect(&context.settings, context.global.server.as_deref())
        .await
        .map_err(Failure::of_server)?;
    let client = Client::new(connection.channel.clone());
    let mut ordered: BTreeMap<String, Accuracy> = BTreeMap::new();
    let mut wrong = Vec::new();
    for pair in &pairs {
        let mut places = Vec::new();
        for half in [&pair.loud, &pair.calm] {
            let request = request(&half.text, &half.channel, &half.customer).map_err(Failure::usage)?;
            places.push(place_in_queue(&decide(&client, request).await?));
        }
        let right = places[1] > places[0];
        for column in [pair.lang.clone(), "all".into()] {
            let accuracy = ordered.entry(column).or_default();
            accuracy.right += usize::from(right);
            accuracy.of += 1;
        }
        if !right {
            wrong.push(pair.id.clone());
        }
    }
    drop(client);
    connection.close().await;
    if context.global.json {
        let value = json!({ "ordered": ordered, "wrong": wrong });
        return Ok(format!("{value:#}\n"));
    }
    let mut out = String::new();
    line(&mut out, "pairs", ordered.keys().cloned());
    line(&mut out, "---", ordered.keys().map(|_| "---:".to_owned()));
    line(&mut out, "the calm one first", ordered.values().map(|accuracy| figure(accuracy.share())));
    let _ = writeln!(out, "\nnot: {}", wrong.join(", "));
    Ok(out)
}

fn figure(share: Option<f64>) -> String {
    share.map_or("–".to_owned(), |share| format!("{share:.3}"))
}

/// The scores as Markdown tables.
fn report(scores: &BTreeMap<String, Score>) -> String {
    let mut out = String::new();
    line(&mut out, "", scores.keys().cloned());
    line(&mut out, "---", scores.keys().map(|_| "---:".to_owned()));
    let mut row = |name: &str, of: &dyn Fn(&Score) -> String| line(&mut out, name, scores.values().map(of));
    row("messages", &|score| score.action.of.to_string());
    let accuracies: [(&str, fn(&Score) -> &Accuracy); 9] = [
        ("action", |score| &score.action),
        ("deciding intent", |score| &score.intent),
        ("urgency after signals", |score| &score.urgency),
        ("urgency of the model", |score| &score.model_urgency),
        ("language", |score| &score.language),
        ("cited article, of answers", |score| &score.cited),
        ("sentence, of several requests", |score| &score.sentence),
        ("low confidence justified", |score| &score.low_confidence),
        ("answered though a person is needed", |_| &Accuracy { right: 0, of: 0 }),
    ];
    for (name, of) in &accuracies[..8] {
        row(name, &|score| figure(of(score).share()));
    }
    row(accuracies[8].0, &|score| score.answered_instead_of_person.len().to_string());
    let tallies: [(&str, fn(&Score) -> &Tally); 3] = [
        ("handoff", |score| &score.handoff),
        ("requests of messages with several", |score| &score.several_requests),
        ("requests of all messages", |score| &score.requests),
    ];
    for (name, of) in tallies {
        row(&format!("{name}: P / R / F1"), &|score| {
            let tally = of(score);
            format!("{} / {} / {}", figure(tally.precision()), figure(tally.recall()), figure(tally.f1()))
        });
    }
    let groups: [(&str, fn(&Score) -> &BTreeMap<String, Tally>); 3] = [
        ("reason", |score| &score.reasons),
        ("signal", |score| &score.signals),
        ("entity", |score| &score.entities),
    ];
    for (group, of) in groups {
        for name in
            scores.get("all").map(|all| of(all).keys().cloned().collect::<Vec<_>>()).unwrap_or_default()
        {
            row(&format!("{group} {name}: P / R (expected)"), &|score| {
                let tally = of(score).get(&name).copied().unwrap_or_default();
                let expected = tally.right + tally.missed;
                format!("{} / {} ({expected})", figure(tally.precision()), figure(tally.recall()))
            });
        }
    }
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
