//! What the tests share: the real model, loaded once a test program.

#![allow(dead_code, reason = "every test program uses its own part")]

use std::{
    path::{Path, PathBuf},
    sync::{Arc, LazyLock},
};

use frontdesk::{
    encoder::{Computing, Kernel, ModelFolder, Precision, PrecisionChoice},
    proto,
    server::{self, Connection},
    settings::Settings,
    triage::Model,
};
use serde::Deserialize;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tonic::transport::Channel;

/// The repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Folder of the bundled model.
pub fn model_path() -> PathBuf {
    root().join("models/frontdesk-bilingual-v1")
}

/// The bundled model, computed in f32 by the kernels of this processor: decisions that are compared letter by
/// letter must not depend on which processor runs the tests. `tests/precision.rs` holds the other ways against it.
pub fn model() -> Arc<Model> {
    static MODEL: LazyLock<Arc<Model>> = LazyLock::new(|| Arc::new(model_by(EXACT)));
    Arc::clone(&MODEL)
}

/// The kernels that a server takes by itself, in f32.
pub const EXACT: Computing =
    Computing { kernel: Kernel::Auto, precision: PrecisionChoice::Exactly(Precision::F32) };

/// The bundled model, computed in some way.
pub fn model_by(computing: Computing) -> Model {
    let folder = ModelFolder::open(&model_path()).expect("the bundled model folder");
    Model::load(folder, computing).expect("the bundled model")
}

/// Settings of a server on a data folder of its own, with the bundled model and sample shop.
pub fn settings(data: &Path) -> Settings {
    let mut settings = Settings::default();
    settings.model.path = model_path();
    settings.model.precision = EXACT.precision;
    settings.knowledge.sample_path = root().join("samples/knowledge");
    settings.data.path = data.to_owned();
    settings
}

/// The runtime that the shared server lives on; tests run on it too.
pub fn runtime() -> &'static Runtime {
    static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime"));
    &RUNTIME
}

/// Calls go to one real server with the sample shop, shared by the tests of a program.
pub fn channel() -> Channel {
    static CONNECTION: LazyLock<(Connection, TempDir)> = LazyLock::new(|| {
        let data = tempfile::tempdir().expect("a temporary folder");
        let settings = settings(data.path());
        let connect = async { server::in_process(server::load(settings).await.expect("loads")).await };
        // A thread of its own: a test may already be running on the runtime.
        let connection = std::thread::spawn(|| runtime().block_on(connect)).join().expect("joins");
        (connection.expect("a connection"), data)
    });
    CONNECTION.0.channel.clone()
}

/// One line of `samples/messages.jsonl`.
#[derive(Clone, Debug, Deserialize)]
pub struct Sample {
    pub id: String,
    pub text: String,
    pub channel: String,
    pub locale_hint: String,
    pub turns: Vec<SampleTurn>,
    pub customer: SampleCustomer,
    pub expect: Expectation,
}

#[derive(Clone, Debug, Deserialize)]
pub struct SampleTurn {
    pub role: String,
    pub text: String,
}

#[derive(Clone, Debug, Deserialize)]
pub struct SampleCustomer {
    pub tier: String,
    pub tags: Vec<String>,
}

/// The decision that a good agent would take.
#[derive(Clone, Debug, Deserialize)]
pub struct Expectation {
    pub language: String,
    pub intents: Vec<String>,
    pub urgency: String,
    pub sentiment: String,
    pub action: String,
    pub handoff_reasons: Vec<String>,
    pub article: Option<String>,
}

/// The sample messages.
pub fn samples() -> Vec<Sample> {
    let text = std::fs::read_to_string(root().join("samples/messages.jsonl")).expect("the samples");
    text.lines().map(|line| serde_json::from_str(line).expect("a sample")).collect()
}

impl Sample {
    /// The request that the sample stands for, received at a fixed time.
    pub fn request(&self) -> proto::TriageRequest {
        let channel = proto::Channel::from_str_name(&format!("CHANNEL_{}", self.channel.to_uppercase()));
        let turns = self.turns.iter().map(|turn| {
            let role = proto::Role::from_str_name(&format!("ROLE_{}", turn.role.to_uppercase()));
            proto::Turn { role: role.expect("a role").into(), text: turn.text.clone() }
        });
        proto::TriageRequest {
            text: self.text.clone(),
            channel: channel.expect("a channel").into(),
            locale_hint: self.locale_hint.clone(),
            turns: turns.collect(),
            customer: Some(proto::Customer {
                tier: self.customer.tier.clone(),
                tags: self.customer.tags.clone(),
            }),
            request_id: self.id.clone(),
            received_at: Some(prost_types::Timestamp { seconds: 1_793_520_000, nanos: 0 }),
            ..Default::default()
        }
    }
}
