//! The running server, and connections to one.

use tonic::transport::{Channel, Endpoint};

use crate::settings::Settings;

/// What `serve` may be told beside the settings.
#[derive(Clone, Copy, Debug, Default)]
pub struct ServeOptions {
    /// Whether to listen on an address that other machines reach although nobody logs in.
    pub insecure: bool,
}

/// A connection to a server, running elsewhere or in this process.
#[derive(Debug)]
pub struct Connection {
    /// The connection itself.
    pub channel: Channel,
    /// Whether the server was built in this process for this connection.
    pub in_process: bool,
}

/// Runs the server until it is told to stop.
///
/// # Errors
/// When it cannot start.
pub async fn run(_settings: Settings, _options: ServeOptions) -> anyhow::Result<()> {
    anyhow::bail!("the server is not built yet")
}

/// Connects to a server.
///
/// # Errors
/// When none can be reached.
pub async fn connect(settings: &Settings, server: Option<&str>) -> anyhow::Result<Connection> {
    let address = server.map_or_else(|| format!("http://{}", settings.server.listen), str::to_owned);
    let channel = Endpoint::from_shared(address)?.connect().await?;
    Ok(Connection { channel, in_process: false })
}

impl Connection {
    /// Closes the connection, and stops the server that was built for it.
    pub async fn close(self) {}
}
