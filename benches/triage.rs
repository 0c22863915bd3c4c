//! How long the parts of a decision take, and the whole: `cargo bench`.
//!
//! The sample shop is imported once into a temporary folder. `benches/README.md` says how to read
//! the figures.

mod parts;

use std::{hint::black_box, sync::Arc, time::Duration};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use frontdesk::{
    desk::{Desk, Request, Tenant},
    message::{Locale, Message},
    proto::{self, triage_service_client::TriageServiceClient},
    server::{self, Connection},
    settings::Settings,
    triage::Reading,
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Messages of the length that customers write, one a language.
const MESSAGES: [(&str, &str); 3] = [
    ("en", "I was charged twice for order 8812, please fix this today"),
    ("zh-Hans", "我的订单说好周五到,现在还没发货,都第三次来问了"),
    ("zh-Hant", "請問退款多久會退回信用卡?我上週就寄回去了"),
];

/// Lengths of rows in tokens, `[CLS]` and `[SEP]` included.
const LENGTHS: [usize; 6] = [8, 16, 32, 64, 128, 256];

/// A loaded server with the sample shop.
struct Loaded {
    runtime: Runtime,
    desk: Arc<Desk>,
    tenant: Arc<Tenant>,
    connection: Connection,
    _data: TempDir,
}

impl Loaded {
    fn new() -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let data = tempfile::tempdir().expect("a temporary folder");
        let mut settings = Settings::default();
        settings.data.path = data.path().to_owned();
        let (desk, tenant, connection) = runtime.block_on(async {
            let app = server::load(settings).await.expect("loads");
            let (desk, tenant) = (Arc::clone(&app.desk), app.tenants.default_tenant());
            (desk, tenant, server::in_process(app).await.expect("a connection"))
        });
        Self { runtime, desk, tenant, connection, _data: data }
    }
}

fn request(text: &str) -> Request {
    let message = Message { text: text.to_owned(), ..Message::default() };
    Request { unrecorded: true, ..Request::new(message, jiff::Timestamp::UNIX_EPOCH) }
}

fn benches(criterion: &mut Criterion) {
    let loaded = Loaded::new();
    parts::spread(&loaded.desk, &loaded.tenant);
    parts::parts(criterion, &loaded.desk, &loaded.tenant);
    tokenise(criterion, &loaded);
    forward(criterion, &loaded);
    search(criterion, &loaded);
    triage(criterion, &loaded);
}

fn tokenise(criterion: &mut Criterion, loaded: &Loaded) {
    let mut group = criterion.benchmark_group("tokenise");
    let rows = &loaded.desk.model().sentences().rows;
    for (language, text) in MESSAGES {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(language, |bencher| {
            bencher.iter(|| rows.tokenize(black_box(text)).expect("tokens"))
        });
    }
    group.finish();
}

fn forward(criterion: &mut Criterion, loaded: &Loaded) {
    let mut group = criterion.benchmark_group("forward");
    let sentences = loaded.desk.model().sentences();
    let ids =
        sentences.rows.tokenize(&"please refund the order that never came ".repeat(60)).expect("tokens").ids;
    for length in LENGTHS {
        let row = sentences.rows.message_row(&ids[..length - 2]);
        assert_eq!(row.ids.len(), length);
        group.throughput(Throughput::Elements(length as u64));
        group.bench_with_input(BenchmarkId::from_parameter(length), &row, |bencher, row| {
            bencher.iter(|| sentences.encoder.encode(vec![row.clone()]).expect("a vector"));
        });
    }
    group.finish();
}

fn search(criterion: &mut Criterion, loaded: &Loaded) {
    let mut group = criterion.benchmark_group("search");
    let base = loaded.desk.settings().default_base.clone();
    let generation = loaded.desk.knowledge().snapshot(&base).expect("the sample shop");
    let reading = Reading { default_locale: Locale::ZhHans, max_windows: 8 };
    let filter = frontdesk::knowledge::SearchFilter::default();
    for (language, text) in MESSAGES {
        let model = loaded.desk.model();
        let prepared = model.prepare(&request(text).message, &reading).expect("prepares");
        let encoded = model.encode(&[&prepared]).expect("encodes").remove(0);
        let (vector, tokens) = (encoded.message, encoded.tokens);
        let query = frontdesk::knowledge::Query {
            text,
            vector: &vector,
            tokens: &tokens,
            locale: prepared.language.locale.ok(),
            filter: &filter,
            max_hits: 5,
        };
        group.bench_function(language, |bencher| {
            bencher.iter(|| generation.search(black_box(&query)).expect("hits"))
        });
    }
    group.finish();
}

fn triage(criterion: &mut Criterion, loaded: &Loaded) {
    let mut group = criterion.benchmark_group("triage");
    for (language, text) in MESSAGES {
        let request = request(text);
        group.bench_function(BenchmarkId::new("desk", language), |bencher| {
            bencher.iter(|| loaded.desk.triage(black_box(&request), &loaded.tenant).expect("a decision"));
        });
        let call = proto::TriageRequest { text: text.to_owned(), ..Default::default() };
        group.bench_function(BenchmarkId::new("grpc in process", language), |bencher| {
            let mut client = TriageServiceClient::new(loaded.connection.channel.clone());
            bencher.iter(|| loaded.runtime.block_on(client.triage(call.clone())).expect("a decision"));
        });
    }
    group.finish();
}

criterion_group! {
    name = decisions;
    config = Criterion::default().sample_size(30).measurement_time(Duration::from_secs(3));
    targets = benches
}
criterion_main!(decisions);
