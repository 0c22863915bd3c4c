//! `frontdesk eval --decisions` and `--pairs`: decisions beside those of a good agent.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use serde::{Deserialize, de::DeserializeOwned};

use super::{
    super::{Context, Failure},
    json_text, report,
    score::{Order, Score, place_in_queue},
};
use crate::{
    grpc::client::Client,
    proto::{self, Decision, TriageRequest},
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
pub(super) async fn run(context: &Context, files: &[PathBuf]) -> Result<String, Failure> {
    let mut all: Vec<Row> = Vec::new();
    for file in files {
        all.extend(rows::<Row>(file).map_err(Failure::usage)?);
    }
    let scores = context.with_client(async |client| score(&client, &all).await).await?;
    if context.global.json {
        return json_text(&scores);
    }
    Ok(report::scores(&scores))
}

/// The scores of each set, and of all messages.
async fn score(client: &Client, rows: &[Row]) -> Result<BTreeMap<String, Score>, Failure> {
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    for row in rows {
        let turns = row.turns.iter().map(turn).collect::<anyhow::Result<_>>().map_err(Failure::usage)?;
        let request = request(&row.text, &row.channel, &row.customer).map_err(Failure::usage)?;
        let request = TriageRequest {
            turns,
            locale_hint: row.locale_hint.clone(),
            request_id: row.id.clone(),
            ..request
        };
        let decision = decide(client, request).await?;
        // The set is told by its ids: messages in other languages are part of each.
        let set = row.id.rsplit_once('-').map_or("", |(set, _)| set);
        for column in [set, "all"] {
            scores.entry(column.to_owned()).or_default().add(row, &decision);
        }
    }
    Ok(scores)
}

/// Scores files of pairs; gives the report.
pub(super) async fn run_pairs(context: &Context, files: &[PathBuf]) -> Result<String, Failure> {
    let mut pairs: Vec<Pair> = Vec::new();
    for file in files {
        pairs.extend(rows::<Pair>(file).map_err(Failure::usage)?);
    }
    let order = context.with_client(async |client| order(&client, &pairs).await).await?;
    if context.global.json {
        return json_text(&order);
    }
    Ok(report::order(&order))
}

/// Which of the pairs are worked on in the right order.
async fn order(client: &Client, pairs: &[Pair]) -> Result<Order, Failure> {
    let mut order = Order::default();
    for pair in pairs {
        let mut places = Vec::new();
        for half in [&pair.loud, &pair.calm] {
            let request = request(&half.text, &half.channel, &half.customer).map_err(Failure::usage)?;
            places.push(place_in_queue(&decide(client, request).await?));
        }
        let right = places[1] > places[0];
        for column in [pair.lang.as_str(), "all"] {
            order.ordered.entry(column.to_owned()).or_default().add(right);
        }
        if !right {
            order.wrong.push(pair.id.clone());
        }
    }
    Ok(order)
}
