//! How much of what is personal goes, and how much else goes with it, on marked messages.

mod score;

use std::{fs, path::PathBuf};

use score::{Case, Score};

/// The least precision and recall of every kind on the messages that the rules are made by.
const LEAST_ON_DEV: f64 = 0.97;
/// The same on messages that somebody else wrote: the least figure measured there (codes), less a little.
const LEAST_ELSEWHERE: f64 = 0.84;

/// The marked messages of every file, by the file's name.
fn fixtures() -> Vec<(String, Vec<Case>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/redaction");
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).expect("fixtures").map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    let read = |path: PathBuf| {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).expect("readable");
        let parse =
            |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{name}: {error}: {line}"));
        let cases = text.lines().filter(|line| !line.trim().is_empty()).map(parse).collect();
        (name, cases)
    };
    files.into_iter().map(read).collect()
}

#[test]
fn every_kind_is_found_and_little_else() {
    let mut weak = Vec::new();
    for (name, cases) in fixtures() {
        let score = Score::of(&cases);
        println!("{name}: {} messages\n{}", cases.len(), score.table());
        // Nobody tunes on the test set: its mistakes are not shown.
        if name.starts_with("dev") {
            println!("{}", score.mistakes.join("\n"));
        }
        let least = if name.starts_with("dev") { LEAST_ON_DEV } else { LEAST_ELSEWHERE };
        let short = |precision: f64, recall: f64| precision < least || recall < least;
        for (kind, counts) in &score.counts {
            if short(counts.precision(), counts.recall()) {
                weak.push(format!("{name}: {kind} {:.3} {:.3}", counts.precision(), counts.recall()));
            }
        }
    }
    assert!(weak.is_empty(), "{weak:#?}");
}
