//! Makes steps of a change fail one at a time, fills the disk, and swaps under load: what is searched is
//! always one whole state, old or new.

use std::{
    path::Path,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use frontdesk::{
    Error, Result,
    data_folder::DataFolder,
    encoder::{QuestionTokens, TextEncoder},
    knowledge::{
        ArticleInput, BaseName, ImportArticles, ImportItem, Knowledge, KnowledgeSettings, Query, Rollback,
        Search, SearchFilter,
    },
};

/// Stands in for the model; what is tested here does not depend on vectors.
struct NoEncoder;

impl TextEncoder for NoEncoder {
    fn dimensions(&self) -> usize {
        4
    }

    fn encode_texts(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>> {
        Ok(vec![vec![0.5; 4]; texts.len()])
    }
}

const SHOP: &str = "knowledgeBases/shop";

async fn open(folder: &Path) -> Result<Knowledge> {
    let folder = Arc::new(DataFolder::open(folder)?);
    let settings = KnowledgeSettings { model_id: "faults".into(), ..KnowledgeSettings::default() };
    Knowledge::open(folder, Arc::new(NoEncoder), settings).await
}

/// A shop of some articles that all say the same word.
async fn shop(folder: &Path, num_articles: u64, word: &str) -> Knowledge {
    let knowledge = open(folder).await.expect("opens");
    knowledge.create_base("shop", "Shop", "").await.expect("created");
    write(&knowledge, num_articles, word).await.expect("imported");
    knowledge
}

/// Makes every article say a word.
async fn write(knowledge: &Knowledge, num_articles: u64, word: &str) -> Result<()> {
    let item = |number: u64| ImportItem {
        name: format!("a{number}"),
        input: ArticleInput {
            locale: "en".into(),
            title: format!("Topic {number}"),
            body: format!("About number{number}: {word}. {}", "And so on. ".repeat(200)),
            ..ArticleInput::default()
        },
    };
    let items = (0..num_articles).map(item).collect();
    let request = ImportArticles { parent: SHOP.into(), items, ..ImportArticles::default() };
    knowledge.import(request, |_| ()).await.map(|_| ())
}

/// The word that an article's first passage says.
fn word(text: &str) -> &str {
    let after = text.split_once(": ").map(|(_, after)| after);
    after.and_then(|after| after.split_once('.')).map_or("no word", |(word, _)| word)
}

/// The words that the articles say, by what a search for each article finds.
fn said(knowledge: &Knowledge, num_articles: u64) -> Vec<String> {
    let text = |number: u64| {
        let search =
            Search { knowledge_base: SHOP.into(), query: format!("number{number}"), ..Search::default() };
        let outcome = knowledge.search(&search).expect("reads go on");
        let hit = &outcome.hits[0];
        assert_eq!(hit.article.id(), format!("a{number}"));
        word(&hit.text).to_owned()
    };
    (0..num_articles).map(text).collect()
}

fn all(word: &str, num_articles: u64) -> Vec<String> {
    vec![word.to_owned(); usize::try_from(num_articles).expect("few")]
}

/// Steps at which a change or a swap can fail.
const STEPS: [&str; 3] = ["publish-before-commit", "publish-after-commit", "swap-before-store"];

#[tokio::test(flavor = "multi_thread")]
async fn when_a_step_fails_what_is_searched_is_old_or_new_and_the_next_change_heals_it() {
    const NUM_ARTICLES: u64 = 20;
    for step in STEPS {
        let scenario = fail::FailScenario::setup();
        let folder = tempfile::tempdir().expect("a folder");
        let knowledge = shop(folder.path(), NUM_ARTICLES, "old").await;
        fail::cfg(step, "1*return").expect("a step");
        let changed = write(&knowledge, NUM_ARTICLES, "new").await;
        let reindexed = knowledge.reindex(SHOP).await;
        assert!(changed.is_err() || reindexed.is_err(), "{step} did not fail");
        let words = said(&knowledge, NUM_ARTICLES);
        assert!(words == all("old", NUM_ARTICLES) || words == all("new", NUM_ARTICLES), "{step}: {words:?}");
        // The store took the change, so a kill now must not lose it.
        knowledge.close().await;
        drop(knowledge);
        let knowledge = open(folder.path()).await.expect("opens after the fault");
        assert_eq!(said(&knowledge, NUM_ARTICLES), all("new", NUM_ARTICLES), "{step}");
        write(&knowledge, NUM_ARTICLES, "newest").await.expect("healed");
        knowledge.reindex(SHOP).await.expect("healed");
        assert_eq!(said(&knowledge, NUM_ARTICLES), all("newest", NUM_ARTICLES), "{step}");
        scenario.teardown();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_swaps_under_load_show_no_error_and_no_mixed_state() {
    // Steps fail in one test at a time; this one waits until none does.
    let _scenario = fail::FailScenario::setup();
    const NUM_ARTICLES: u64 = 30;
    const NUM_SWAPS: u64 = 200;
    let folder = tempfile::tempdir().expect("a folder");
    let knowledge = shop(folder.path(), NUM_ARTICLES, "round0").await;
    let swapping = Arc::new(AtomicBool::new(true));
    let num_searches = Arc::new(AtomicU64::new(0));
    let searchers: Vec<_> = (0..2_u64)
        .map(|searcher| {
            let (knowledge, swapping) = (knowledge.clone(), Arc::clone(&swapping));
            let num_searches = Arc::clone(&num_searches);
            std::thread::spawn(move || {
                let base = BaseName::from_id("shop", "id").expect("a name");
                let filter = SearchFilter::default();
                let tokens = QuestionTokens::default();
                let mut number = searcher;
                while swapping.load(Ordering::Relaxed) {
                    number = (number + 7) % NUM_ARTICLES;
                    let generation = knowledge.snapshot(&base).expect("there");
                    let text = format!("number{number}");
                    let query = Query {
                        text: &text,
                        vector: &[0.5; 4],
                        tokens: &tokens,
                        locale: None,
                        filter: &filter,
                        max_hits: 50,
                    };
                    let outcome = generation.search(&query).expect("no error");
                    assert_eq!(outcome.generation, generation.number());
                    assert_eq!(outcome.hits[0].article.id(), format!("a{number}"));
                    // One state says one word: every article of a batch changes at once.
                    let words: std::collections::BTreeSet<&str> =
                        outcome.hits.iter().map(|hit| word(&hit.text)).collect();
                    assert_eq!(words.len(), 1, "{words:?}");
                    num_searches.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    for swap in 1..=NUM_SWAPS {
        match swap % 4 {
            0 => write(&knowledge, NUM_ARTICLES, &format!("round{swap}")).await.expect("written"),
            3 => drop(
                knowledge
                    .rollback(Rollback { name: SHOP.into(), ..Rollback::default() })
                    .await
                    .expect("rolled back"),
            ),
            _ => drop(knowledge.reindex(SHOP).await.expect("reindexed")),
        }
    }
    swapping.store(false, Ordering::Relaxed);
    for searcher in searchers {
        searcher.join().expect("every search was right");
    }
    assert!(num_searches.load(Ordering::Relaxed) > NUM_SWAPS);
}

/// Mounts a small file system; `None` where that is not allowed.
struct SmallDisk {
    folder: tempfile::TempDir,
}

impl SmallDisk {
    fn mount(megabytes: u32) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "frontdesk-test"])
            .arg(folder.path())
            .output();
        mounted.is_ok_and(|output| output.status.success()).then_some(Self { folder })
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.folder.path()).status();
    }
}

/// Takes every block that is free.
fn fill(ballast: &Path) {
    let mut file = std::fs::File::options().create(true).append(true).open(ballast).expect("a file");
    while std::io::Write::write_all(&mut file, &[7; 4096]).is_ok() {}
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_reads_go_on_writes_say_so_and_space_heals_it() {
    let _scenario = fail::FailScenario::setup();
    const NUM_ARTICLES: u64 = 20;
    let Some(disk) = SmallDisk::mount(24) else {
        eprintln!("left out: mounting a small file system needs rights that this user lacks");
        return;
    };
    let path = disk.folder.path();
    let knowledge = shop(path, NUM_ARTICLES, "old").await;
    let ballast = path.join("ballast");
    for word in ["new", "newer"] {
        // Again each time: a change that fails gives back what it had taken.
        fill(&ballast);
        let done = write(&knowledge, NUM_ARTICLES, word).await;
        let error = done.expect_err("there is no room");
        assert!(matches!(error, Error::DiskFull), "{error:?}");
        let words = said(&knowledge, NUM_ARTICLES);
        assert!([all("old", NUM_ARTICLES), all(word, NUM_ARTICLES)].contains(&words), "{words:?}");
    }
    fill(&ballast);
    let error = knowledge.reindex(SHOP).await.expect_err("there is no room");
    assert!(matches!(error, Error::DiskFull), "{error:?}");
    std::fs::remove_file(&ballast).expect("removed");
    write(&knowledge, NUM_ARTICLES, "healed").await.expect("healed without a restart");
    assert_eq!(said(&knowledge, NUM_ARTICLES), all("healed", NUM_ARTICLES));
    knowledge.reindex(SHOP).await.expect("healed without a restart");
    assert_eq!(said(&knowledge, NUM_ARTICLES), all("healed", NUM_ARTICLES));
}
