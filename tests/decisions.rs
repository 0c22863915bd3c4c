//! Decisions beside those of a good agent, by the program itself: the real model, the sample shop, the
//! built-in policy. The bars are measured figures less a margin; they fail when something gets worse.

mod common;

use std::process::Command;

use common::root;
use serde_json::Value;

/// Runs `frontdesk eval` on files of tests/sets, on a data folder of its own; gives its JSON.
fn eval(kind: &str, files: &[&str]) -> Value {
    let data = tempfile::tempdir().expect("a temporary folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_frontdesk"));
    command.current_dir(root()).arg("eval").arg("--json");
    for file in files {
        command.arg(kind).arg(root().join("tests/sets").join(file));
    }
    // A port that nothing serves, so that the program builds a server in its own process.
    command.env("FRONTDESK__SERVER__LISTEN", "127.0.0.1:9");
    command.env("FRONTDESK__DATA__PATH", data.path());
    let done = command.output().expect("runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    serde_json::from_slice(&done.stdout).expect("JSON")
}

/// A share in 0..1 of a figure such as `{"right": 3, "of": 4}`.
fn accuracy(figure: &Value) -> f64 {
    figure["right"].as_f64().expect("a count") / figure["of"].as_f64().expect("a count")
}

fn f1(tally: &Value) -> f64 {
    let count = |name: &str| tally[name].as_f64().expect("a count");
    2.0 * count("right") / (2.0 * count("right") + count("missed") + count("wrong"))
}

fn recall(tally: &Value) -> f64 {
    let count = |name: &str| tally[name].as_f64().expect("a count");
    count("right") / (count("right") + count("missed"))
}

fn precision(tally: &Value) -> f64 {
    let count = |name: &str| tally[name].as_f64().expect("a count");
    count("right") / (count("right") + count("wrong"))
}

#[test]
fn decisions_are_those_of_a_good_agent_as_often_as_measured() {
    let files = ["decisions.en.jsonl", "decisions.zh-Hans.jsonl", "decisions.zh-Hant.jsonl"];
    let scores = eval("--decisions", &files);
    for language in ["en", "hans", "hant"] {
        let action = accuracy(&scores[language]["action"]);
        println!("{language}: action {action:.3}");
        assert!(action >= 0.71, "{language}: {action:.3}");
    }
    let all = &scores["all"];
    let requested = &all["reasons"]["requested"];
    println!("requested: {:.3} {:.3}", precision(requested), recall(requested));
    assert!(recall(requested) >= 0.93 && precision(requested) >= 0.82);
    let risk = recall(&all["reasons"]["risk"]);
    println!("risk: {risk:.3}");
    assert!(risk >= 0.91, "{risk:.3}");
    let several = f1(&all["several_requests"]);
    println!("several requests: {several:.3}");
    assert!(several >= 0.70, "{several:.3}");
    let answered = all["answered_instead_of_person"].as_array().expect("ids");
    println!("answered though a person is needed: {answered:?}");
    assert!(answered.len() <= 8);
}

#[test]
fn a_calm_emergency_comes_before_a_loud_trifle() {
    let figures = eval("--pairs", &["pairs.jsonl"]);
    let ordered = accuracy(&figures["ordered"]["all"]);
    println!("ordered right: {ordered:.3}, not {}", figures["wrong"]);
    assert!(ordered >= 0.92, "{ordered:.3}");
}
