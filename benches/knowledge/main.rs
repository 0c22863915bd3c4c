//! What a knowledge base costs: `cargo bench --bench knowledge`.
//!
//! Articles are put together from the sentences of the sample shop, in all three languages; their vectors
//! come from a stand-in that hashes characters, but for the measurement with the real model. What a search
//! does depends on the number and length of passages, not on where vectors come from.
//! `benches/README.md` says how to read the figures.

mod articles;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "the retrieval bench uses the rest")]
mod support;

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use clap::Parser;
use frontdesk::{
    encoder::{QuestionTokens, TextEncoder},
    knowledge::{
        Generation, ImportItem, Knowledge, KnowledgeSettings, Query, Rollback, Search, SearchFilter,
    },
};
use serde::Deserialize;

use crate::articles::{Articles, HashEncoder};

/// Passages of the knowledge bases that are searched.
const SIZES: [usize; 3] = [1_000, 10_000, 100_000];
/// Articles of the base in which one is changed.
const NUM_ARTICLES_CHANGED: usize = 50_000;
/// Articles that are encoded with the real model.
const NUM_ENCODED: usize = 200;
/// How often each question is asked.
const NUM_ROUNDS: usize = 3;

/// Measures the knowledge base.
#[derive(Parser)]
struct Arguments {
    /// Opens the knowledge of this folder, searches once, and says what that cost.
    #[arg(long, hide = true)]
    open: Option<PathBuf>,
    /// Measures only searches, in knowledge bases of these many passages.
    #[arg(long, value_delimiter = ',', num_args = 0.., default_missing_value = "1000,10000,100000")]
    searches: Option<Vec<usize>>,
    /// Keeps the knowledge bases of `--searches` in this folder, and uses those that are there.
    #[arg(long)]
    keep: Option<PathBuf>,
    /// How often each question is asked.
    #[arg(long, default_value_t = NUM_ROUNDS)]
    rounds: usize,
    /// Given by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Runtime::new()?;
    if let Some(folder) = &arguments.open {
        return runtime.block_on(opened(folder));
    }
    if let Some(sizes) = &arguments.searches {
        return sizes.iter().try_for_each(|size| runtime.block_on(searching(*size, &arguments)));
    }
    runtime.block_on(encoding())?;
    runtime.block_on(indexing())?;
    for size in SIZES {
        runtime.block_on(searching(size, &arguments))?;
    }
    runtime.block_on(changing())
}

async fn stand_in(folder: &Path) -> Result<Knowledge> {
    let settings = KnowledgeSettings { model_id: "stand-in".into(), ..KnowledgeSettings::default() };
    support::open(folder, Arc::new(HashEncoder), settings).await
}

async fn filled(folder: &Path, items: Vec<ImportItem>) -> Result<(Knowledge, Arc<Generation>)> {
    let knowledge = stand_in(folder).await?;
    let generation = support::import(&knowledge, "bench", items).await?;
    Ok((knowledge, generation))
}

/// Import with the real model.
async fn encoding() -> Result<()> {
    let bundled = support::Bundled::load()?;
    let folder = tempfile::tempdir()?;
    let encoder = Arc::new(bundled.sentences.clone());
    let knowledge = support::open(folder.path(), encoder, bundled.settings()).await?;
    let started = Instant::now();
    let generation =
        support::import(&knowledge, "bench", Articles::new().take(NUM_ENCODED).collect()).await?;
    report("import with encoding", NUM_ENCODED, &generation, started.elapsed());
    Ok(())
}

/// Import and reindex without encoding.
async fn indexing() -> Result<()> {
    const NUM_ARTICLES: usize = 10_000;
    let folder = tempfile::tempdir()?;
    let items: Vec<ImportItem> = Articles::new().take(NUM_ARTICLES).collect();
    let started = Instant::now();
    let (knowledge, generation) = filled(folder.path(), items).await?;
    report("import without encoding", NUM_ARTICLES, &generation, started.elapsed());
    let started = Instant::now();
    knowledge.reindex("knowledgeBases/bench").await?;
    report("reindex, nothing changed", NUM_ARTICLES, &generation, started.elapsed());
    let started = Instant::now();
    knowledge.rollback(Rollback { name: "knowledgeBases/bench".into(), ..Rollback::default() }).await?;
    println!("rollback: {:.0} ms", milliseconds(started.elapsed()));
    Ok(())
}

fn report(what: &str, num_articles: usize, generation: &Generation, took: Duration) {
    let seconds = took.as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "counts of a bench")]
    let rate = num_articles as f64 / seconds;
    println!(
        "{what}: {num_articles} articles, {} passages in {seconds:.1} s, {rate:.0} articles a second",
        generation.num_passages()
    );
}

#[derive(Deserialize)]
struct Line {
    question: String,
}

fn questions() -> Result<Vec<String>> {
    let lines: Vec<Line> = support::read_lines(Path::new(support::QUESTIONS))?;
    Ok(lines.into_iter().map(|line| line.question).collect())
}

/// Searches in knowledge bases of several sizes, and what a fresh process needs to serve the largest.
async fn searching(num_passages: usize, arguments: &Arguments) -> Result<()> {
    let temporary = tempfile::tempdir()?;
    let folder = match &arguments.keep {
        Some(keep) => keep.join(num_passages.to_string()),
        None => temporary.path().to_owned(),
    };
    let (knowledge, generation) = of_size(&folder, num_passages).await?;
    let all = SearchFilter::default();
    let half = SearchFilter { tags: vec!["half".into()], ..SearchFilter::default() };
    for (name, filter) in [("every article", &all), ("a filter that half of them pass", &half)] {
        let mut took = Vec::new();
        let questions = questions()?;
        for _ in 0..arguments.rounds {
            for question in &questions {
                let asked = HashEncoder.encode_questions(&[question])?.remove(0);
                let query = Query {
                    text: question,
                    vector: &asked.vector,
                    tokens: &asked.tokens,
                    locale: None,
                    filter,
                    max_hits: 5,
                };
                let started = Instant::now();
                generation.search(&query)?;
                took.push(started.elapsed());
            }
        }
        took.sort_unstable();
        println!(
            "search, {} passages, {name}: p50 {:.2} ms, p99 {:.2} ms",
            generation.num_passages(),
            milliseconds(took[took.len() / 2]),
            milliseconds(took[took.len() * 99 / 100]),
        );
    }
    knowledge.close().await;
    drop((generation, knowledge));
    let opened = Command::new(std::env::current_exe()?).arg("--open").arg(&folder).output()?;
    print!("{}", String::from_utf8_lossy(&opened.stdout));
    Ok(())
}

/// The knowledge base of a folder, filled when there is none.
async fn of_size(folder: &Path, num_passages: usize) -> Result<(Knowledge, Arc<Generation>)> {
    if folder.join("index").exists() {
        let knowledge = stand_in(folder).await?;
        let generation = knowledge
            .snapshot(&knowledge.base("knowledgeBases/bench").await?.name)
            .context("the folder has no index")?;
        return Ok((knowledge, generation));
    }
    let mut total = 0;
    let items = Articles::new().take_while(|item| {
        total += articles::num_passages(item);
        total <= num_passages
    });
    filled(folder, items.collect()).await
}

/// In a process of its own: until a search is answered, and the memory then.
async fn opened(folder: &Path) -> Result<()> {
    let started = Instant::now();
    let knowledge = stand_in(folder).await?;
    let open = started.elapsed();
    let search = Search {
        knowledge_base: "knowledgeBases/bench".into(),
        query: "how long do refunds take? 退款要多久".into(),
        unrecorded: true,
        ..Search::default()
    };
    let outcome = knowledge.search(&search)?;
    let status = std::fs::read_to_string("/proc/self/status").context("only Linux tells its memory")?;
    let memory = |field: &str| {
        let line = status.lines().find(|line| line.starts_with(field)).unwrap_or_default();
        line.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse::<u64>().ok()).unwrap_or_default()
            / 1024
    };
    println!(
        "fresh process: open {:.0} ms, with the first search {:.0} ms ({} articles); {} MB of its own, {} MB mapped files",
        milliseconds(open),
        milliseconds(started.elapsed()),
        outcome.num_articles,
        memory("RssAnon"),
        memory("RssFile"),
    );
    Ok(())
}

/// One article changed among many, until a search finds it.
async fn changing() -> Result<()> {
    const NUM_CHANGES: usize = 20;
    let folder = tempfile::tempdir()?;
    let (knowledge, _) =
        filled(folder.path(), Articles::short().take(NUM_ARTICLES_CHANGED).collect()).await?;
    let mut took = Vec::new();
    for number in 0..NUM_CHANGES {
        // A word that no other article has.
        let word = format!("zebra{}", "x".repeat(number + 1));
        let mut item = Articles::short().nth(number * 997).context("an article")?;
        item.input.body = format!("This is about {word}.");
        let started = Instant::now();
        let generation = support::import(&knowledge, "bench", vec![item.clone()]).await?;
        // By words alone: what the stand-in makes of one word says nothing.
        let query = Query {
            text: &word,
            vector: &[],
            tokens: &QuestionTokens::default(),
            locale: None,
            filter: &SearchFilter::default(),
            max_hits: 1,
        };
        let outcome = generation.search(&query)?;
        took.push(started.elapsed());
        anyhow::ensure!(outcome.hits[0].article.id() == item.name, "the change is not found");
    }
    took.sort_unstable();
    println!(
        "one of {NUM_ARTICLES_CHANGED} articles changed and found: p50 {:.0} ms, longest {:.0} ms",
        milliseconds(took[NUM_CHANGES / 2]),
        milliseconds(took[NUM_CHANGES - 1]),
    );
    Ok(())
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
