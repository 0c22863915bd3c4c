//! Kills a process again and again while it writes, and checks that nothing acknowledged is lost.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
    thread,
    time::Duration,
};

use frontdesk::{
    Result,
    data_folder::DataFolder,
    encoder::TextEncoder,
    knowledge::{
        ArticleInput, CreateArticle, ImportArticles, ImportItem, Knowledge, KnowledgeSettings, Rollback,
        Search,
    },
};

/// Where the child writes; set for the child alone.
const FOLDER: &str = "FRONTDESK_KILL_FOLDER";
/// The number that the child begins at.
const FIRST: &str = "FRONTDESK_KILL_FIRST";
/// Articles that the child writes at a time: one alone, the others as an import.
const STEP: u64 = 7;
/// Of the articles of earlier children, every so manieth is looked at after each kill.
const SAMPLE: usize = 23;
/// How often the child is killed.
const NUM_KILLS: u64 = 100;

struct NoEncoder;

impl TextEncoder for NoEncoder {
    fn dimensions(&self) -> usize {
        4
    }

    fn encode_texts(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>> {
        Ok(vec![vec![0.5; 4]; texts.len()])
    }
}

async fn open(folder: &Path) -> Knowledge {
    let folder = Arc::new(DataFolder::open(folder).expect("the folder is free"));
    let settings = KnowledgeSettings { model_id: "kill".into(), ..KnowledgeSettings::default() };
    Knowledge::open(folder, Arc::new(NoEncoder), settings).await.expect("the store opens")
}

fn article(number: u64) -> ArticleInput {
    ArticleInput {
        locale: "en".into(),
        title: format!("Topic {number}"),
        body: format!("What is said about number{number}."),
        ..ArticleInput::default()
    }
}

/// Writes until it is killed; prints each number once its article is acknowledged.
async fn write_until_killed(folder: &Path, first: u64) {
    let knowledge = open(folder).await;
    // Repeated after a kill, it gives the first answer.
    knowledge.create_base("shop", "Shop", "create").await.expect("created");
    let parent = "knowledgeBases/shop".to_owned();
    for number in (first..).step_by(STEP as usize) {
        let request = CreateArticle {
            parent: parent.clone(),
            article_id: format!("a{number}"),
            input: article(number),
            request_id: String::new(),
        };
        knowledge.create_article(request).await.expect("written");
        println!("acknowledged {number}");
        let items: Vec<_> = (number + 1..number + STEP)
            .map(|number| ImportItem { name: format!("a{number}"), input: article(number) })
            .collect();
        let request = ImportArticles { parent: parent.clone(), items, ..ImportArticles::default() };
        knowledge.import(request, |_| ()).await.expect("imported");
        for number in number + 1..number + STEP {
            println!("acknowledged {number}");
        }
        if number % 2 == 0 {
            knowledge.reindex(&parent).await.expect("reindexed");
        }
        if number % 5 == 0 {
            knowledge
                .rollback(Rollback { name: parent.clone(), ..Rollback::default() })
                .await
                .map_or_else(drop, drop);
        }
    }
}

/// Runs a child for a while; gives the numbers that it acknowledged.
fn run_and_kill(folder: &Path, first: u64, after: Duration) -> Vec<u64> {
    let mut child = Command::new(std::env::current_exe().expect("a test binary"))
        .args(["--exact", "nothing_acknowledged_is_lost", "--nocapture"])
        .env(FOLDER, folder)
        .env(FIRST, first.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the child starts");
    let output = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut lines = output.lines().map_while(std::result::Result::ok);
    let mut acknowledged = Vec::new();
    let number = |line: String| line.split_once("acknowledged ")?.1.parse::<u64>().ok();
    // The clock starts at the first write; before that nothing can be lost.
    acknowledged.extend(lines.find_map(&number));
    let killer = thread::spawn(move || {
        thread::sleep(after);
        child.kill().expect("killed");
        child.wait().expect("gone");
    });
    acknowledged.extend(lines.filter_map(number));
    killer.join().expect("killed");
    acknowledged
}

async fn check<'a>(folder: &Path, acknowledged: impl Iterator<Item = &'a u64>) {
    let knowledge = open(folder).await;
    for number in acknowledged {
        let name = format!("knowledgeBases/shop/articles/a{number}");
        knowledge.article(&name).await.expect("an acknowledged article is there");
        let search = Search {
            knowledge_base: "knowledgeBases/shop".into(),
            query: format!("number{number}"),
            ..Search::default()
        };
        let outcome = knowledge.search(&search).expect("the index is whole");
        assert_eq!(outcome.hits[0].article.to_string(), name);
    }
    knowledge.close().await;
}

#[test]
fn nothing_acknowledged_is_lost() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    if let Some(folder) = std::env::var_os(FOLDER) {
        let first = std::env::var(FIRST).ok().and_then(|first| first.parse().ok()).expect("a number");
        runtime.block_on(write_until_killed(Path::new(&folder), first));
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let mut acknowledged = Vec::new();
    for kill in 0..NUM_KILLS {
        // Spread over the steps of a write, without chance.
        let after = Duration::from_micros(1_000 + kill * 7_919 % 150_000);
        let new = run_and_kill(folder.path(), kill * 10_000, after);
        assert!(!new.is_empty());
        let some = acknowledged.iter().skip(kill as usize % SAMPLE).step_by(SAMPLE);
        runtime.block_on(check(folder.path(), new.iter().chain(some)));
        acknowledged.extend(new);
    }
    runtime.block_on(check(folder.path(), acknowledged.iter()));
}
