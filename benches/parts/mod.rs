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

/// Measures each part over the messages of a language; the times are those of one message.
pub fn parts(criterion: &mut Criterion, desk: &Desk, tenant: &Tenant) {
    let clock = signals::Clock { now: jiff::Timestamp::UNIX_EPOCH, time_zone: jiff::tz::TimeZone::UTC };
    for (language, requests) in requests() {
        let decided: Vec<Decided> =
            requests.iter().map(|request| desk.triage(request, tenant).expect("a decision")).collect();
        let mut group = criterion.benchmark_group("parts");
        group.throughput(Throughput::Elements(requests.len() as u64));
        let mut part = |name: &str, work: &dyn Fn(&Request, &Decided)| {
            group.bench_function(BenchmarkId::new(name, &language), |bencher| {
                bencher.iter(|| {
                    requests.iter().zip(&decided).for_each(|(request, decided)| work(request, decided))
                });
            });
        };
        part("redact", &|request, _| {
            black_box(redact::redact(&request.message.text));
        });
        part("language", &|request, _| {
            let message = &request.message;
            let text = normalise::reading_text(&message.text, message.channel);
            black_box(language::of_message(&text, message, desk.settings().reading.default_locale));
        });
        part("facts", &|request, decided| {
            let message = &request.message;
            let own = own(&message.text, message.channel);
            let message = signals::Own { text: &message.text, own: &own, personal: &decided.personal_data };
            black_box(signals::read(&message, decided.case.language.locale.ok(), &clock));
        });
        part("sentences", &|request, _| {
            let message = &request.message;
            black_box(sentences(&message.text, &own(&message.text, message.channel)));
        });
        part("prepare rows", &|request, _| {
            let prepared = desk.model().prepare(&request.message, &desk.settings().reading);
            black_box(prepared.expect("prepares"));
        });
        part("policy and draft", &|_, decided| {
            black_box(conclude(&decided.case, tenant));
        });
        part("record", &|_, decided| {
            black_box(serde_json::to_vec(&decided.case).expect("a record"));
        });
        group.finish();
        let mut heads = criterion.benchmark_group("parts");
        let prepared: Vec<_> = requests
            .iter()
            .map(|request| {
                desk.model().prepare(&request.message, &desk.settings().reading).expect("prepares")
            })
            .collect();
        let encoded = desk.model().encode(&prepared.iter().collect::<Vec<_>>()).expect("encodes");
        heads.throughput(Throughput::Elements(requests.len() as u64));
        heads.bench_function(BenchmarkId::new("heads", &language), |bencher| {
            bencher.iter(|| {
                for (prepared, encoded) in prepared.iter().zip(&encoded) {
                    black_box(desk.model().label(prepared, encoded));
                }
            });
        });
        heads.finish();
    }
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

/// TEMPORARY: writes what is read of many texts.
pub fn dump(out: &str) {
    use std::io::Write;
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts: Vec<String> = Vec::new();
    let files = [
        "models/training/corpus/dev.jsonl",
        "models/training/corpus/second.jsonl",
        "models/training/corpus/train.en.jsonl",
        "models/training/corpus/train.zh-Hans.jsonl",
        "models/training/corpus/train.zh-Hant.jsonl",
        "tests/fixtures/redaction/dev.jsonl",
        "samples/messages.jsonl",
    ];
    for file in files {
        for line in std::fs::read_to_string(root.join(file)).unwrap_or_default().lines() {
            let value: serde_json::Value = serde_json::from_str(line).unwrap();
            if let Some(text) = value.get("text").and_then(|text| text.as_str()) {
                texts.push(text.to_owned());
            }
        }
    }
    println!("{} texts", texts.len());
    let n = texts.len();
    for at in (0..n).step_by(3) {
        let other = texts[(at * 7919 + 13) % n].clone();
        texts.push(format!("{}\n{}", texts[at], other));
        let upper = texts[at].to_uppercase();
        let base = texts[at].clone();
        if at % 2 == 0 {
            texts.push(upper);
        }
        if at % 5 == 0 {
            texts.push(
                base.chars()
                    .map(
                        |c| if c.is_ascii_graphic() { char::from_u32(c as u32 + 0xfee0).unwrap() } else { c },
                    )
                    .collect(),
            );
        }
        if at % 7 == 0 {
            texts.push(base.replace('k', "\u{212a}").replace('s', "\u{17f}"));
        }
        if at % 11 == 0 {
            let cut = base.chars().count() / 2;
            texts.push(base.chars().skip(cut).chain(other.chars().take(cut + 9)).collect());
        }
    }
    for start in (0..n).step_by(n / 12) {
        texts.push(texts[start..(start + 90).min(n)].join(" ").chars().take(9000).collect());
    }
    let now: jiff::Timestamp = "2026-11-18T09:30:00Z".parse().unwrap();
    let clock = signals::Clock { now, time_zone: jiff::tz::TimeZone::get("Europe/Amsterdam").unwrap() };
    let mut file = std::io::BufWriter::new(std::fs::File::create(out).unwrap());
    for (at, text) in texts.iter().enumerate() {
        let channel = if at % 4 == 0 { Channel::Email } else { Channel::Chat };
        let own = own(text, channel);
        let message = Message { text: text.clone(), channel, ..Message::default() };
        let read = normalise::reading_text(text, channel);
        let language = language::of_message(&read, &message, frontdesk::message::Locale::En);
        let redacted = redact::redact(text);
        let message = signals::Own { text, own: &own, personal: &redacted.spans };
        let facts = signals::read(&message, language.locale.ok(), &clock);
        writeln!(
            file,
            "{at} {own:?} {language:?} {:?} {:?} {facts:?}",
            redacted.spans,
            sentences(text, &own)
        )
        .unwrap();
    }
}
