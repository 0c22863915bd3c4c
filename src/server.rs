//! From settings to a running server, and from a stop signal to its end.

use std::{
    io::{self, IsTerminal},
    net::SocketAddr,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, bail};
use tokio::net::TcpListener;
use tonic::transport::{
    Channel, Endpoint, Server,
    server::{Router, TcpIncoming},
};
use tonic_health::{ServingStatus, server::HealthReporter};
use tower::layer::util::{Identity, Stack};

use crate::{
    data_folder::DataFolder,
    desk::{Desk, DeskSettings, Request, Tenant},
    encoder::{self, ModelFolder},
    grpc::{
        App, AppCell, CatchPanicLayer, ConversationHandler, DecisionHandler, DecodeErrorLayer,
        KnowledgeHandler, OperationsHandler, ServerInfo, TriageHandler, decode_error_layer,
    },
    knowledge::{
        AnswerCalibration, BaseName, ImportArticles, ImportProgress, Knowledge, KnowledgeSettings,
        UpdateBase, formats,
    },
    message::Message,
    progress,
    proto::{
        DESCRIPTORS, conversation_service_server::ConversationServiceServer,
        decision_service_server::DecisionServiceServer,
        google::longrunning::operations_server::OperationsServer,
        knowledge_service_server::KnowledgeServiceServer, server_service_server::ServerServiceServer,
        triage_service_server::TriageServiceServer,
    },
    records::Records,
    settings::Settings,
    tenants::Tenants,
    triage::Model,
    workers::Workers,
};

/// Bytes of one answer on the wire at most.
const MAX_RESPONSE_BYTES: usize = 4 * 1024 * 1024;

/// What health tells of: the server as a whole and every service of the contract.
const SERVICES: [&str; 7] = [
    "",
    "frontdesk.v1.TriageService",
    "frontdesk.v1.DecisionService",
    "frontdesk.v1.ConversationService",
    "frontdesk.v1.KnowledgeService",
    "frontdesk.v1.ServerService",
    "google.longrunning.Operations",
];

/// How long a client may take to notice that health says NOT_SERVING before calls are refused.
const HEALTH_LEAD: Duration = Duration::from_millis(200);

/// How long to look for a running server before one is built in this process.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(300);

/// How long questions and decisions of the last second may take to be stored at the end.
const SETTLE_TIMEOUT: Duration = Duration::from_secs(2);

/// Bytes that the in-process pipe holds.
const PIPE_BYTES: usize = 256 * 1024;

/// What `serve` is told beside the settings.
#[derive(Clone, Copy, Debug, Default)]
pub struct ServeOptions {
    /// Whether to listen on an address that others can reach, without authentication.
    pub insecure: bool,
}

type Layers = Stack<DecodeErrorLayer, Stack<CatchPanicLayer, Identity>>;

/// Serves until SIGTERM or Ctrl-C, then drains.
///
/// # Errors
/// When the address is refused or taken, or the model or the data folder cannot be used; each
/// error says what to do.
pub async fn run(settings: Settings, options: ServeOptions) -> anyhow::Result<()> {
    let address = settings.server.listen;
    check_address(address, options)?;
    let listener = bind(address).await?;
    let address = listener.local_addr().context("the bound address cannot be read")?;
    let cell = AppCell::default();
    let age = Duration::from_secs(settings.server.max_connection_age_seconds);
    let (health, router) = router(&settings, &cell, Some(age)).await?;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(router.serve_with_incoming_shutdown(
        TcpIncoming::from(listener).with_nodelay(Some(true)),
        async {
            // A dropped sender stops the server too.
            let _ = stopped.await;
        },
    ));
    let drain = Duration::from_secs(settings.server.drain_seconds);
    let app = tokio::select! {
        app = load(settings) => app?,
        signal = stop_signal() => { signal?; return Ok(()); }
    };
    let knowledge = app.desk.knowledge().clone();
    cell.set(app);
    set_health(&health, ServingStatus::Serving).await;
    announce(address);
    stop_signal().await?;
    tracing::info!("stopping: finishing the calls under way");
    set_health(&health, ServingStatus::NotServing).await;
    tokio::time::sleep(HEALTH_LEAD).await;
    // Who waits for an operation gets its state now; it could run for longer than the drain.
    knowledge.stop_waiting();
    drop(stop);
    match tokio::time::timeout(drain, serving).await {
        Ok(finished) => finished?.context("the server failed")?,
        Err(_) => tracing::warn!(drain_seconds = drain.as_secs(), "stopped with calls still under way"),
    }
    settle(&cell).await;
    Ok(())
}

/// A way to call a server.
pub struct Connection {
    /// Calls go through here.
    pub channel: Channel,
    /// Whether the server is part of this process.
    pub in_process: bool,
    stop: Option<Stop>,
}

/// What ends the server in this process.
struct Stop {
    cell: AppCell,
    signal: tokio::sync::oneshot::Sender<()>,
    serving: tokio::task::JoinHandle<()>,
}

impl Connection {
    /// Ends the connection, and the server when it is part of this process.
    pub async fn close(self) {
        drop(self.channel);
        if let Some(Stop { cell, signal, serving }) = self.stop {
            drop(signal);
            // The store is safe at any time; waiting only lets the last call finish.
            let _ = tokio::time::timeout(Duration::from_secs(5), serving).await;
            settle(&cell).await;
        }
    }
}

/// Connects to `server`, or to the server at the settings' address, or builds one in this process
/// when none runs there.
///
/// # Errors
/// When `server` is named and does not answer, or the server in this process cannot be built.
pub async fn connect(settings: &Settings, server: Option<&str>) -> anyhow::Result<Connection> {
    if let Some(url) = server {
        let endpoint =
            Endpoint::from_shared(url.to_owned()).with_context(|| format!("{url} is not an address"))?;
        let channel = endpoint.connect().await.with_context(|| format!("no server answers at {url}"))?;
        return Ok(Connection { channel, in_process: false, stop: None });
    }
    let endpoint = Endpoint::from_shared(format!("http://{}", settings.server.listen))?;
    if let Ok(channel) = endpoint.connect_timeout(CONNECT_TIMEOUT).connect().await {
        return Ok(Connection { channel, in_process: false, stop: None });
    }
    in_process(load(settings.clone()).await?).await
}

/// Serves an application to this process alone, over a pipe in memory.
///
/// # Errors
/// When the pipe's first call fails.
pub async fn in_process(app: App) -> anyhow::Result<Connection> {
    let cell = AppCell::default();
    // A pipe cannot be opened a second time, so its only connection never ages.
    let (health, router) = router(&app.settings, &cell, None).await?;
    cell.set(app);
    set_health(&health, ServingStatus::Serving).await;
    let (client, server) = tokio::io::duplex(PIPE_BYTES);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let incoming = tokio_stream::StreamExt::chain(
        tokio_stream::once(Ok::<_, io::Error>(server)),
        tokio_stream::pending(),
    );
    let serving = tokio::spawn(async move {
        let stopped = async {
            let _ = stopped.await;
        };
        if let Err(error) = router.serve_with_incoming_shutdown(incoming, stopped).await {
            tracing::error!(%error, "the server in this process failed");
        }
    });
    let mut client = Some(hyper_util::rt::TokioIo::new(client));
    let channel = Endpoint::from_static("http://in-process")
        .connect_with_connector(tower::service_fn(move |_| {
            let pipe = client.take().ok_or_else(|| io::Error::other("the pipe is used"));
            async move { pipe }
        }))
        .await?;
    Ok(Connection { channel, in_process: true, stop: Some(Stop { cell, signal: stop, serving }) })
}

/// Loads everything that deciding takes.
///
/// # Errors
/// When the model or the data folder cannot be used.
pub async fn load(settings: Settings) -> anyhow::Result<App> {
    // First, because people mend a policy file more often than anything else that can fail here.
    let tenants = Arc::new(Tenants::open(&settings.tenants.folder())?);
    tenants.watch(Duration::from_secs(settings.tenants.reload_seconds));
    let (model_path, computing) = (settings.model.folder(), settings.model.computing());
    let cores = settings.workers.num_cores();
    encoder::limit_threads(cores);
    let model = tokio::task::spawn_blocking(move || -> crate::Result<Model> {
        Model::load_on(ModelFolder::open(&model_path)?, computing, cores)
    })
    .await??;
    let model = Arc::new(model);
    tracing::info!(
        model = model.version(),
        backend = model.sentences().encoder.backend(),
        "loaded the model"
    );
    let default_base = BaseName::parse(&settings.knowledge.default_base, "knowledge.default_base")?;
    let folder = Arc::new(DataFolder::open(&settings.data.path)?);
    let records = Records::open(Arc::clone(&folder), settings.records.clone()).await?;
    let answer_threshold = tenants.default_tenant().playbook.thresholds(None).answer;
    let knowledge = open_knowledge(&settings, &model, folder, answer_threshold).await?;
    if settings.knowledge.import_sample {
        import_sample(&knowledge, &default_base, &settings.knowledge.sample_folder()).await?;
    }
    let desk = Arc::new(Desk::new(
        model,
        knowledge,
        DeskSettings {
            reading: settings.reading(),
            default_base,
            max_hits: settings.knowledge.max_hits,
            intents_shown: settings.triage.intents_shown,
        },
    ));
    let workers = Workers::start(settings.workers.num_threads(), settings.workers.queue)?;
    warm_up(&desk, &tenants.default_tenant(), &workers).await?;
    Ok(App { desk, tenants, records, workers, settings })
}

async fn open_knowledge(
    settings: &Settings,
    model: &Model,
    folder: Arc<DataFolder>,
    answer_threshold: f64,
) -> anyhow::Result<Knowledge> {
    let calibration = AnswerCalibration::load(model.folder(), model.sentences().encoder.dimensions())?;
    // One threshold for everybody: what search, check and decisions call answered would be sent.
    let calibration = AnswerCalibration { threshold: answer_threshold, ..calibration };
    let knowledge_settings = KnowledgeSettings {
        // Without the precision: vectors of one precision find what vectors of another were indexed for. Measured:
        // questions in int8 find another first passage for 1.1 % of 270, whether the articles are in f32 or in int8.
        model_id: model.folder().version(),
        calibration,
        gap_days: settings.knowledge.gap_days,
        golden_max_drop: settings.knowledge.golden_max_drop,
        ..KnowledgeSettings::default()
    };
    Ok(Knowledge::open(folder, Arc::new(model.sentences().clone()), knowledge_settings).await?)
}

/// Name of the sample knowledge base while it is being imported; a start that finds it goes on.
const SAMPLE_UNFINISHED: &str = "Maple & Tide (sample, import not finished)";

/// Imports the sample knowledge base into a store that has none, or has one half imported.
async fn import_sample(knowledge: &Knowledge, base: &BaseName, folder: &Path) -> anyhow::Result<()> {
    let bases = knowledge.bases(2, "").await?.items;
    let begun = matches!(bases.as_slice(), [only] if only.display_name == SAMPLE_UNFINISHED);
    if !bases.is_empty() && !begun {
        return Ok(());
    }
    if !folder.is_dir() {
        tracing::warn!(folder = %folder.display(), "no sample knowledge base there; the store stays empty");
        return Ok(());
    }
    let started = Instant::now();
    let reading = formats::read(folder, &formats::ReadOptions::default());
    for problem in reading.problems {
        tracing::warn!(%problem, "a sample article is left out");
    }
    if !begun {
        knowledge.create_base(base.id(), SAMPLE_UNFINISHED, "").await?;
    }
    let items: Vec<_> = reading.articles.into_iter().map(|file| file.item).collect();
    let num_articles = items.len();
    tracing::info!(num_articles, "importing the sample knowledge base; this happens once");
    let import = ImportArticles { parent: base.to_string(), items, ..ImportArticles::default() };
    let bar = progress::bar(num_articles as u64, "articles");
    let shown = bar.clone();
    let show = move |done: ImportProgress| shown.set_position(done.num_done as u64);
    let report = knowledge.import(import, show).await?;
    bar.finish_and_clear();
    for problem in &report.problems {
        tracing::warn!(name = problem.name, field = problem.field, reason = problem.message, "not imported");
    }
    let finished = UpdateBase {
        name: base.to_string(),
        display_name: "Maple & Tide (sample)".into(),
        ..UpdateBase::default()
    };
    knowledge.update_base(finished).await?;
    let seconds = started.elapsed().as_secs_f64();
    tracing::info!(num_articles = report.num_created, seconds, "imported the sample knowledge base");
    Ok(())
}

/// Lets what was recorded in the last second reach the store.
async fn settle(cell: &AppCell) {
    if tokio::time::timeout(SETTLE_TIMEOUT, cell.settle()).await.is_err() {
        tracing::warn!("decisions and questions without an answer of the last second were not kept");
    }
}

/// Decides one message on every thread, so that the first caller does not pay for cold memory.
async fn warm_up(desk: &Arc<Desk>, tenant: &Arc<Tenant>, workers: &Workers) -> crate::Result<()> {
    let barrier = Arc::new(std::sync::Barrier::new(workers.num_threads()));
    let warm = (0..workers.num_threads()).map(|_| {
        let (desk, tenant, barrier) = (Arc::clone(desk), Arc::clone(tenant), Arc::clone(&barrier));
        let text = "hello, where is my order? 你好，我的订单到哪了？".to_owned();
        let message = Message { text, ..Message::default() };
        let request = Request { unrecorded: true, ..Request::new(message, jiff::Timestamp::UNIX_EPOCH) };
        workers.run(None, move || {
            // No thread takes a second message before each has one.
            barrier.wait();
            desk.triage(&request, &tenant)
        })
    });
    futures_util::future::try_join_all(warm).await?;
    Ok(())
}

/// Every service of the contract, health and reflection; connections are asked to end at
/// `max_connection_age`.
async fn router(
    settings: &Settings,
    cell: &AppCell,
    max_connection_age: Option<Duration>,
) -> anyhow::Result<(HealthReporter, Router<Layers>)> {
    let (health, health_service) = tonic_health::server::health_reporter();
    set_health(&health, ServingStatus::NotServing).await;
    let max_request = settings.server.max_request_bytes;
    let reflection = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(DESCRIPTORS)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
    };
    let builder = match max_connection_age {
        Some(age) => Server::builder().max_connection_age(age),
        None => Server::builder(),
    };
    let router = builder
        .layer(CatchPanicLayer)
        .layer(decode_error_layer())
        .max_concurrent_streams(settings.server.max_concurrent_streams)
        .http2_keepalive_interval(Some(Duration::from_secs(settings.server.keepalive_seconds)))
        .http2_keepalive_timeout(Some(Duration::from_secs(settings.server.keepalive_timeout_seconds)))
        .add_service(health_service)
        .add_service(reflection().build_v1()?)
        .add_service(reflection().build_v1alpha()?)
        .add_service(
            TriageServiceServer::new(TriageHandler(cell.clone()))
                .max_decoding_message_size(max_request)
                .max_encoding_message_size(MAX_RESPONSE_BYTES),
        )
        .add_service(
            KnowledgeServiceServer::new(KnowledgeHandler(cell.clone()))
                .max_decoding_message_size(max_request)
                .max_encoding_message_size(MAX_RESPONSE_BYTES),
        )
        .add_service(
            DecisionServiceServer::new(DecisionHandler(cell.clone()))
                .max_decoding_message_size(max_request)
                .max_encoding_message_size(MAX_RESPONSE_BYTES),
        )
        .add_service(
            ConversationServiceServer::new(ConversationHandler(cell.clone()))
                .max_decoding_message_size(max_request)
                .max_encoding_message_size(MAX_RESPONSE_BYTES),
        )
        .add_service(
            OperationsServer::new(OperationsHandler(cell.clone()))
                .max_decoding_message_size(max_request)
                .max_encoding_message_size(MAX_RESPONSE_BYTES),
        )
        .add_service(
            ServerServiceServer::new(ServerInfo(cell.clone())).max_decoding_message_size(max_request),
        );
    Ok((health, router))
}

/// Sets the health of the server as a whole and of each service.
async fn set_health(health: &HealthReporter, status: ServingStatus) {
    for service in SERVICES {
        health.set_service_status(service, status).await;
    }
}

/// Refuses an address that others can reach: there is no authentication yet.
fn check_address(address: SocketAddr, options: ServeOptions) -> anyhow::Result<()> {
    if address.ip().is_loopback() || options.insecure {
        return Ok(());
    }
    bail!(
        "{address} can be reached from other machines and this version has no authentication; set \
         server.listen to 127.0.0.1, or put a proxy that authenticates before it and start with --insecure"
    )
}

async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| {
        let remedy = match error.kind() {
            io::ErrorKind::AddrInUse => {
                "another program listens there; stop it or set server.listen to another port"
            }
            io::ErrorKind::PermissionDenied => {
                "ports under 1024 need rights; set server.listen to a higher port"
            }
            _ => "set server.listen to an address of this machine",
        };
        anyhow::anyhow!("cannot listen on {address}: {error}; {remedy}")
    })
}

/// Says on standard output where the server listens; programs read the line too.
fn announce(address: SocketAddr) {
    println!("Frontdesk listens on http://{address}");
    if io::stdout().is_terminal() {
        println!("Ask it from another terminal:  frontdesk ask \"Where is my order 8812?\"");
    }
    tracing::info!(%address, "serving");
}

/// Waits for SIGTERM or Ctrl-C.
async fn stop_signal() -> anyhow::Result<()> {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
            .context("SIGTERM cannot be waited for")?;
        tokio::select! {
            result = interrupt => result.context("Ctrl-C cannot be waited for"),
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    interrupt.await.context("Ctrl-C cannot be waited for")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_served_unless_told_otherwise() {
        let check = |address: &str, insecure| {
            check_address(address.parse().expect("an address"), ServeOptions { insecure })
        };
        assert!(check("127.0.0.1:1", false).is_ok());
        assert!(check("[::1]:1", false).is_ok());
        assert!(check("0.0.0.0:1", true).is_ok());
        let refused = check("0.0.0.0:1", false).expect_err("refused").to_string();
        assert!(refused.contains("--insecure"), "{refused}");
    }

    #[tokio::test]
    async fn a_taken_port_says_what_to_do() {
        let first = bind("127.0.0.1:0".parse().expect("an address")).await.expect("binds");
        let error = bind(first.local_addr().expect("an address")).await.expect_err("taken").to_string();
        assert!(error.contains("server.listen"), "{error}");
    }
}
