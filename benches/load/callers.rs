//! Callers that send their next message when they have the answer to the last.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Result;
use frontdesk::proto::{TriageRequest, triage_service_client::TriageServiceClient};
use tonic::transport::{Channel, Endpoint};

use crate::server::{ServerProcess, cpu_seconds};

/// Connections that all callers share at most.
const MAX_CONNECTIONS: usize = 8;

/// Connected callers.
pub struct Callers {
    clients: Vec<TriageServiceClient<Channel>>,
    messages: Arc<[String]>,
}

/// What callers found within a time.
pub struct Measured {
    /// From sending to having the answer, rising.
    latencies: Vec<Duration>,
    time: Duration,
    /// Calls that failed.
    pub num_errors: usize,
    /// Cores that the server kept busy.
    pub server_cores: f64,
    /// Cores that this process kept busy.
    pub client_cores: f64,
}

impl Callers {
    /// Connects callers, a few to a connection, who send these messages in turn.
    pub async fn connect(
        server: &ServerProcess,
        num_callers: usize,
        messages: Arc<[String]>,
    ) -> Result<Self> {
        let mut channels = Vec::new();
        for _ in 0..num_callers.min(MAX_CONNECTIONS) {
            channels.push(Endpoint::from_shared(server.url().to_owned())?.connect().await?);
        }
        let clients =
            channels.iter().cycle().take(num_callers).cloned().map(TriageServiceClient::new).collect();
        Ok(Self { clients, messages })
    }

    /// Lets all call for a time, after a time that does not count.
    pub async fn measure(
        self,
        server: &ServerProcess,
        warm_up: Duration,
        time: Duration,
    ) -> Result<Measured> {
        let start = Instant::now() + warm_up;
        let end = start + time;
        let num_callers = self.clients.len();
        let calling: Vec<_> = self
            .clients
            .into_iter()
            .enumerate()
            .map(|(number, client)| {
                // Callers begin at different messages, spread evenly.
                let first = number * self.messages.len() / num_callers;
                tokio::spawn(call(client, Arc::clone(&self.messages), first, start..end))
            })
            .collect();
        tokio::time::sleep_until(start.into()).await;
        let before = (server.cpu_seconds()?, cpu_seconds("self")?);
        tokio::time::sleep_until(end.into()).await;
        let after = (server.cpu_seconds()?, cpu_seconds("self")?);
        let (mut latencies, mut num_errors) = (Vec::new(), 0);
        for caller in calling {
            let (found, failed) = caller.await?;
            latencies.extend(found);
            num_errors += failed;
        }
        latencies.sort_unstable();
        let cores = |before: f64, after: f64| (after - before) / time.as_secs_f64();
        Ok(Measured {
            latencies,
            time,
            num_errors,
            server_cores: cores(before.0, after.0),
            client_cores: cores(before.1, after.1),
        })
    }
}

/// Calls until the end; gives the latencies of the answers within the window, and the calls that failed.
async fn call(
    mut client: TriageServiceClient<Channel>,
    messages: Arc<[String]>,
    first: usize,
    window: std::ops::Range<Instant>,
) -> (Vec<Duration>, usize) {
    let (mut latencies, mut num_errors) = (Vec::new(), 0);
    for text in messages.iter().cycle().skip(first) {
        let sent = Instant::now();
        if sent >= window.end {
            break;
        }
        let request = TriageRequest { text: text.clone(), ..TriageRequest::default() };
        let answer = client.triage(request).await;
        let answered = Instant::now();
        if !window.contains(&answered) {
            continue;
        }
        match answer {
            Ok(_) => latencies.push(answered - sent),
            Err(_) => num_errors += 1,
        }
    }
    (latencies, num_errors)
}

impl Measured {
    /// Answers a second.
    pub fn rate(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "counts of a bench")]
        let count = self.latencies.len() as f64;
        count / self.time.as_secs_f64()
    }

    /// The latency that a share of the answered calls, in 0..=1, did not exceed; `None` when none was
    /// answered.
    pub fn latency(&self, share: f64) -> Option<Duration> {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "counts of a bench"
        )]
        let rank = (self.latencies.len() as f64 * share).ceil() as usize;
        let last = self.latencies.len().saturating_sub(1);
        self.latencies.get(rank.saturating_sub(1).min(last)).copied()
    }
}
