//! The sections of the settings with their defaults.

use std::{
    net::{Ipv4Addr, SocketAddr},
    num::NonZeroUsize,
    path::PathBuf,
};

use serde::{Deserialize, Serialize};

use super::path;
use crate::{
    encoder::{self, Computing, Kernel, PrecisionChoice},
    message::Locale,
};

/// Threads that decide for each core: while a batch is computed, others wait for the next one or read and search.
const THREADS_A_CORE: usize = 4;

/// The listening side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServerSettings {
    /// Address and port.
    pub listen: SocketAddr,
    /// Time for calls to finish after a signal to stop, in seconds.
    pub drain_seconds: u64,
    /// Largest request, in bytes.
    pub max_request_bytes: usize,
    /// Calls at once on one connection.
    pub max_concurrent_streams: u32,
    /// Time between keepalive pings, in seconds.
    pub keepalive_seconds: u64,
    /// Time to wait for the answer to a ping, in seconds.
    pub keepalive_timeout_seconds: u64,
    /// Age at which a connection is asked to end, in seconds.
    pub max_connection_age_seconds: u64,
}

/// The model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ModelSettings {
    /// Folder of the model; [`ModelSettings::folder`] finds it.
    pub path: PathBuf,
    /// What computes forward passes.
    pub kernel: Kernel,
    /// The numbers that matrices are multiplied in.
    pub precision: PrecisionChoice,
    /// Windows of a long message that are read at most.
    pub max_windows: usize,
}

/// The data folder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DataSettings {
    /// The folder, meant from the working folder.
    pub path: PathBuf,
}

/// The knowledge bases.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KnowledgeSettings {
    /// Resource name of the knowledge base that is searched when a request names none.
    pub default_base: String,
    /// Whether to import the sample knowledge base when the store is empty.
    pub import_sample: bool,
    /// Folder of the sample knowledge base; [`KnowledgeSettings::sample_folder`] finds it.
    pub sample_path: PathBuf,
    /// Passages that a decision lists at most.
    pub max_hits: usize,
    /// Largest loss in 0..1 of a share of golden questions that a new index may bring.
    pub golden_max_drop: f64,
    /// Days that a question without an answer is kept after it was last asked; 0 keeps none.
    pub gap_days: u32,
}

/// The cores and threads that compute.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WorkerSettings {
    /// Number of cores, 0 for all that the process may use; [`WorkerSettings::num_cores`] resolves it.
    pub cores: usize,
    /// Messages that may wait for a thread.
    pub queue: usize,
    /// Time that a call may take when the caller sets no deadline, in ms.
    pub deadline_ms: u64,
}

/// Limits and defaults of requests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TriageSettings {
    /// Language of text that shows none.
    pub default_locale: Locale,
    /// Intents that a decision lists.
    pub intents_shown: usize,
    /// Longest text of a message, in bytes.
    pub max_text_bytes: usize,
    /// Earlier turns in one request at most.
    pub max_turns: usize,
    /// Messages in one batch request at most.
    pub max_batch: usize,
}

/// The tenants' folders.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TenantSettings {
    /// Folder of the tenants; [`TenantSettings::folder`] finds it. It may be absent.
    pub path: PathBuf,
    /// Time between two looks for changed files, in seconds; 0 looks only at the start.
    pub reload_seconds: u64,
}

/// What is kept of decisions and conversations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RecordsSettings {
    /// Whether decisions are kept, so that they can be explained and replayed.
    pub keep_decisions: bool,
    /// Days that a decision is kept.
    pub keep_days: u32,
    /// Decisions that are kept at most.
    pub max_decisions: usize,
    /// Hours that a conversation is kept after it was last written to; one that a person owns or is waited
    /// for is kept until it is given back or deleted.
    pub conversation_hours: u32,
    /// Turns of a conversation that are kept at most.
    pub max_turns: usize,
    /// Conversations that are kept at most.
    pub max_conversations: usize,
}

/// The log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogSettings {
    /// Level, or a filter in the syntax of `tracing`.
    pub level: String,
    /// Form of the lines.
    pub format: LogFormat,
}

/// Form of the log's lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

impl ModelSettings {
    /// Where the folder of the model is.
    pub fn folder(&self) -> PathBuf {
        path::find(&self.path)
    }

    /// How forward passes are to be computed.
    pub fn computing(&self) -> Computing {
        Computing { kernel: self.kernel, precision: self.precision }
    }
}

impl KnowledgeSettings {
    /// Where the folder of the sample knowledge base is.
    pub fn sample_folder(&self) -> PathBuf {
        path::find(&self.sample_path)
    }
}

impl TenantSettings {
    /// Where the folder of the tenants is.
    pub fn folder(&self) -> PathBuf {
        path::find(&self.path)
    }
}

impl WorkerSettings {
    /// Cores: the setting, or those that this process may use, at least 1.
    pub fn num_cores(&self) -> NonZeroUsize {
        NonZeroUsize::new(self.cores).unwrap_or_else(encoder::available_cores)
    }

    /// Threads that decide: more than cores, because most of them wait for a batch of the encoder.
    pub fn num_threads(&self) -> usize {
        self.num_cores().get() * THREADS_A_CORE
    }
}

impl Default for ServerSettings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 50051)),
            drain_seconds: 10,
            max_request_bytes: 1024 * 1024,
            max_concurrent_streams: 256,
            keepalive_seconds: 20,
            keepalive_timeout_seconds: 10,
            max_connection_age_seconds: 300,
        }
    }
}

impl Default for ModelSettings {
    fn default() -> Self {
        Self {
            path: "models/frontdesk-bilingual-v1".into(),
            kernel: Kernel::Auto,
            precision: PrecisionChoice::Auto,
            max_windows: 8,
        }
    }
}

impl Default for DataSettings {
    fn default() -> Self {
        Self { path: "data".into() }
    }
}

impl Default for KnowledgeSettings {
    fn default() -> Self {
        Self {
            default_base: "knowledgeBases/sample".to_owned(),
            import_sample: true,
            sample_path: "samples/knowledge".into(),
            max_hits: 5,
            golden_max_drop: 0.02,
            gap_days: 90,
        }
    }
}

impl Default for WorkerSettings {
    fn default() -> Self {
        Self { cores: 0, queue: 256, deadline_ms: 30_000 }
    }
}

impl Default for TriageSettings {
    fn default() -> Self {
        Self {
            default_locale: Locale::ZhHans,
            intents_shown: 5,
            max_text_bytes: 16 * 1024,
            max_turns: 50,
            max_batch: 256,
        }
    }
}

impl Default for TenantSettings {
    fn default() -> Self {
        Self { path: "tenants".into(), reload_seconds: 1 }
    }
}

impl Default for RecordsSettings {
    fn default() -> Self {
        Self {
            keep_decisions: true,
            keep_days: 30,
            max_decisions: 50_000,
            conversation_hours: 72,
            max_turns: 50,
            max_conversations: 100_000,
        }
    }
}

impl Default for LogSettings {
    fn default() -> Self {
        Self { level: "info".to_owned(), format: LogFormat::Text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_number_of_cores_means_all_that_the_process_may_use() {
        assert_eq!(WorkerSettings { cores: 3, ..WorkerSettings::default() }.num_cores().get(), 3);
        assert_eq!(WorkerSettings::default().num_cores(), encoder::available_cores());
    }

    #[test]
    fn more_threads_decide_than_cores_compute() {
        let settings = WorkerSettings { cores: 3, ..WorkerSettings::default() };
        assert!(settings.num_threads() > 3);
    }
}
