//! What a decision costs beside the forward pass and the search, part by part, for messages of the training
//! corpus.

use std::{collections::BTreeMap, hint::black_box, path::Path};

use criterion::{BenchmarkId, Criterion, Throughput};
use frontdesk::{
    desk::{Decided, Desk, Request, Tenant, conclude},
    message::{Channel, Message, Turn},
    signals,
    text::{language, normalise, own::own, redact, sentences::sentences},
};
use serde::Deserialize;

/// Messages whose labels nothing was fitted on and whose figures nothing states.
const CORPUS: &str = "models/training/corpus/dev.jsonl";
/// Messages of each language.
const NUM_MESSAGES: usize = 20;
/// The longest message that the server reads by default.
const MAX_BYTES: usize = 16 * 1024;

/// A line of the corpus.
#[derive(Deserialize)]
struct Line {
    text: String,
    lang: String,
    channel: Channel,
    context: Vec<Turn>,
}

/// Requests of each language: [`NUM_MESSAGES`] from the shortest to the longest of the corpus, with their
/// turns, and under "<language> 16 KiB" one as long as the server reads.
pub fn requests() -> BTreeMap<String, Vec<Request>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(CORPUS);
    let corpus = std::fs::read_to_string(path).expect("the corpus");
    let lines: Vec<Line> =
        corpus.lines().map(|line| serde_json::from_str(line).expect("a line of the corpus")).collect();
    let mut requests = BTreeMap::new();
    for language in ["en", "zh-Hans", "zh-Hant"] {
        let mut of_language: Vec<&Line> = lines.iter().filter(|line| line.lang == language).collect();
        of_language.sort_by_key(|line| line.text.len());
        let last = of_language.len() - 1;
        let chosen = (0..NUM_MESSAGES).map(|at| of_language[at * last / (NUM_MESSAGES - 1)]);
        requests.insert(language.to_owned(), chosen.map(request).collect());
        let mut text = String::new();
        for line in &of_language {
            if text.len() + line.text.len() < MAX_BYTES {
                text.push_str(&line.text);
                text.push('\n');
            }
        }
        let longest = Line { text, lang: language.to_owned(), channel: Channel::Email, context: Vec::new() };
        requests.insert(format!("{language} 16 KiB"), vec![request(&longest)]);
    }
    requests
}

fn request(line: &Line) -> Request {
    let message = Message {
        text: line.text.clone(),
        channel: line.channel,
        turns: line.context.clone(),
        ..Message::default()
    };
    Request { unrecorded: true, ..Request::new(message, jiff::Timestamp::UNIX_EPOCH) }
}

/// Measures each part over the messages of a language; the times are those of all its messages.
pub fn parts(criterion: &mut Criterion, desk: &Desk, tenant: &Tenant) {
    let mut group = criterion.benchmark_group("parts");
    for (language, requests) in requests() {
        let decided: Vec<Decided> =
            requests.iter().map(|request| desk.triage(request, tenant).expect("a decision")).collect();
        group.throughput(Throughput::Elements(requests.len() as u64));
        let mut part = |name: &str, work: &dyn Fn(usize)| {
            group.bench_function(BenchmarkId::new(name, &language), |bencher| {
                bencher.iter(|| (0..requests.len()).for_each(work));
            });
        };
        reading(desk, &requests, &decided, &mut part);
        deciding(desk, tenant, &requests, &decided, &mut part);
    }
    group.finish();
}

/// Measures a part by its name and what it does with a message, given by its place.
type Part<'a> = dyn FnMut(&str, &dyn Fn(usize)) + 'a;

fn reading(desk: &Desk, requests: &[Request], decided: &[Decided], part: &mut Part<'_>) {
    let clock = signals::Clock { now: jiff::Timestamp::UNIX_EPOCH, time_zone: jiff::tz::TimeZone::UTC };
    let message = |at: usize| &requests[at].message;
    let own_words = |at: usize| own(&message(at).text, message(at).channel);
    part("redact", &|at| drop(black_box(redact::redact(&message(at).text))));
    part("language", &|at| {
        let text = normalise::reading_text(&message(at).text, message(at).channel);
        black_box(language::of_message(
            &text,
            &language::Surroundings::of(message(at), None),
            desk.settings().reading.default_locale,
        ));
    });
    part("facts", &|at| {
        let own = own_words(at);
        let words = signals::Own { text: &message(at).text, own: &own, personal: &decided[at].personal_data };
        black_box(signals::read(&words, decided[at].case.language.locale.ok(), &clock));
    });
    part("sentences", &|at| drop(black_box(sentences(&message(at).text, &own_words(at)))));
    part("rows", &|at| {
        black_box(desk.model().prepare(message(at), &desk.settings().reading).expect("prepares"));
    });
}

fn deciding(desk: &Desk, tenant: &Tenant, requests: &[Request], decided: &[Decided], part: &mut Part<'_>) {
    let model = desk.model();
    let prepare = |request: &Request| model.prepare(&request.message, &desk.settings().reading);
    let prepared: Vec<_> = requests.iter().map(|request| prepare(request).expect("prepares")).collect();
    let encoded = model.encode(&prepared.iter().collect::<Vec<_>>()).expect("encodes");
    part("heads", &|at| drop(black_box(model.label(&prepared[at], &encoded[at]))));
    part("policy and draft", &|at| drop(black_box(conclude(&decided[at].case, tenant))));
    part("record", &|at| drop(black_box(serde_json::to_vec(&decided[at].case).expect("a record"))));
}

/// Prints the medians and the 99th percentiles of what each message took, by the desk's own clock, in µs.
pub fn spread(desk: &Desk, tenant: &Tenant) {
    const ROUNDS: usize = 30;
    println!("{:<16} {:>14} {:>14} {:>14} {:>14}", "p50/p99 µs", "prepare", "encode", "search", "decide");
    for (language, requests) in requests() {
        let mut columns: [Vec<u64>; 4] = Default::default();
        for _ in 0..ROUNDS {
            for request in &requests {
                let timing = desk.triage(request, tenant).expect("a decision").timing;
                let parts = [timing.prepare_us, timing.encode_us, timing.search_us, timing.decide_us];
                columns.iter_mut().zip(parts).for_each(|(column, part)| column.push(part));
            }
        }
        let cells = columns.map(|mut column| {
            column.sort_unstable();
            format!("{}/{}", column[column.len() / 2], column[column.len() * 99 / 100])
        });
        println!("{language:<16} {:>14} {:>14} {:>14} {:>14}", cells[0], cells[1], cells[2], cells[3]);
    }
}
