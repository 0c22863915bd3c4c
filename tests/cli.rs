//! The program as people type it: output, exit codes, and files that survive interruptions.

#![cfg(unix)]

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;
use tempfile::TempDir;

/// A desk of its own: an empty data folder, no sample knowledge base, an address where nobody
/// listens.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_frontdesk"));
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("FRONTDESK__DATA__PATH", self.path("data"))
            .env("FRONTDESK__KNOWLEDGE__IMPORT_SAMPLE", "false")
            .env("FRONTDESK__SERVER__LISTEN", "127.0.0.1:1")
            .env("TZ", "UTC");
        if std::env::var_os("FRONTDESK__MODEL__PATH").is_none() {
            command.env("FRONTDESK__MODEL__PATH", root.join("models/frontdesk-bilingual-v1"));
        }
        command
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        Ran::from(self.command(arguments).stdin(Stdio::null()).output().unwrap())
    }
}

/// How a command ended.
#[derive(Debug)]
struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ran {
    fn expect_code(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }
}

fn article(id: &str, locale: &str, title: &str, body: &str) -> String {
    format!("---\nid: {id}\nlocale: {locale}\ntitle: \"{title}\"\n---\n\n{body}\n")
}

#[test]
fn ask_prints_a_decision_for_people_and_for_programs() {
    let desk = Desk::new();
    let people =
        desk.run(&["ask", "I was charged twice for order 8812, please fix this today"]).expect_code(0);
    assert!(people.out.starts_with("HAND OFF → billing"), "{people:#?}");
    assert!(people.out.contains("first reply due ") && people.out.contains("billing.dispute"), "{people:#?}");
    assert!(!people.out.contains('\u{1b}'), "colours in a pipe: {people:#?}");
    let programs = desk.run(&["ask", "--json", "--context", "bot:您好", "我的订单说好周五到，现在还没发货"]);
    let json = programs.expect_code(0).json();
    assert_eq!(json["decision"]["labels"]["language"]["tag"], "zh-Hans");
    assert_eq!(json["decision"]["route"]["queue"], "delivery");
}

#[test]
fn ask_reads_the_standard_input() {
    let desk = Desk::new();
    let mut child =
        desk.command(&["ask", "--json", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all("請問怎麼退貨？".as_bytes()).unwrap();
    let ran = Ran::from(child.wait_with_output().unwrap()).expect_code(0);
    assert_eq!(ran.json()["decision"]["labels"]["language"]["tag"], "zh-Hant");
}

#[test]
fn wrong_usage_names_the_field_and_the_remedy() {
    let desk = Desk::new();
    let blank = desk.run(&["ask", "  "]).expect_code(2);
    assert!(blank.err.contains("INVALID_ARGUMENT: text: "), "{blank:#?}");
    let locale = desk.run(&["ask", "hi", "--locale", "tlh"]).expect_code(2);
    assert!(locale.err.contains("locale_hint"), "{locale:#?}");
    let base = desk.run(&["kb", "search", "returns", "--kb", "nowhere"]).expect_code(2);
    assert!(
        base.err.contains("knowledgeBases/nowhere") && base.err.contains("frontdesk kb list"),
        "{base:#?}"
    );
    desk.run(&["ask"]).expect_code(2);
    desk.run(&["ask", "hi", "--context", "boss: hello"]).expect_code(2);
}

#[test]
fn wrong_settings_are_all_named_at_once() {
    let desk = Desk::new();
    let file = desk.write("my.toml", "[server]\nlissten = \"127.0.0.1:1\"\n[workers]\nqueue = 0\n");
    let ran = desk.run(&["--config", file.to_str().unwrap(), "ask", "hi"]).expect_code(2);
    assert!(ran.err.contains("did you mean server.listen?"), "{ran:#?}");
    assert!(ran.err.contains("workers.queue: 0 is out of range"), "{ran:#?}");
    // The file in the working folder is read without being asked for.
    desk.write("frontdesk.toml", "[triage]\nmax_texts = 1\n");
    assert!(desk.run(&["ask", "hi"]).expect_code(2).err.contains("frontdesk.toml: triage.max_texts"));
}

#[test]
fn a_server_that_does_not_answer_is_a_server_error() {
    let ran = Desk::new().run(&["--server", "127.0.0.1:1", "ask", "hi"]).expect_code(3);
    assert!(ran.err.contains("http://127.0.0.1:1") && ran.err.contains("frontdesk serve"), "{ran:#?}");
}

#[test]
fn the_settings_file_is_printed_and_can_be_read_back() {
    let desk = Desk::new();
    let printed = desk.run(&["settings"]).expect_code(0).out;
    let file = desk.write("printed.toml", &printed);
    desk.run(&["--config", file.to_str().unwrap(), "kb", "list"]).expect_code(0);
}

#[test]
fn a_folder_of_articles_is_imported_and_found() {
    let desk = Desk::new();
    desk.write("kb/en.md", &article("returns.en", "en", "Returns", "Send the lamp back within 30 days."));
    desk.write("kb/zh.md", &article("returns.zh-Hant", "zh-Hant", "退貨", "三十天內都可以退貨。"));
    desk.write("kb/bad.md", &article("bad.en", "tlh", "Qapla", "nuqneH"));
    let dry = desk.run(&["kb", "import", "kb", "--kb", "shop", "--dry-run"]).expect_code(1);
    assert!(dry.out.contains("would be 2 new"), "{dry:#?}");
    let first = desk.run(&["kb", "import", "kb", "--kb", "shop"]).expect_code(1);
    assert!(first.err.contains("knowledgeBases/shop was not there and is created"), "{first:#?}");
    assert!(first.err.contains("bad.md:3: locale: "), "{first:#?}");
    assert!(first.out.contains("2 new, 0 changed, 0 unchanged, 1 wrong"), "{first:#?}");
    desk.write("kb/en.md", &article("returns.en", "en", "Returns", "Send the lamp back within 60 days."));
    fs::remove_file(desk.path("kb/bad.md")).unwrap();
    let second = desk.run(&["kb", "import", "kb", "--kb", "shop", "--json"]).expect_code(0).json();
    assert_eq!((&second["numUpdated"], &second["numUnchanged"]), (&1.into(), &1.into()));

    let found = desk
        .run(&["kb", "search", "--kb", "shop", "--json", "can I send the lamp back"])
        .expect_code(0)
        .json();
    assert_eq!(found["result"]["hits"][0]["article"], "knowledgeBases/shop/articles/returns.en");
    let shown = desk.run(&["kb", "search", "--kb", "shop", "--limit", "1", "怎麼退貨"]).expect_code(0);
    assert!(shown.out.contains("退貨") && shown.out.contains("score"), "{shown:#?}");
    let articles = desk.run(&["kb", "list", "--kb", "shop"]).expect_code(0);
    assert!(articles.out.contains("returns.zh-Hant") && articles.out.contains("v2"), "{articles:#?}");
    let reindexed = desk.run(&["kb", "reindex", "--kb", "shop", "--json"]).expect_code(0).json();
    assert_eq!(reindexed["numArticles"], "2");
    assert_eq!((&reindexed["previousGeneration"], &reindexed["generation"]), (&"1".into(), &"2".into()));
    desk.run(&["kb", "import", "nowhere"]).expect_code(2);
}

#[test]
fn a_decision_is_explained_and_made_again() {
    let desk = Desk::new();
    let asked = desk.run(&["ask", "--json", "请打13812345678，订单8812扣了两次款"]).expect_code(0).json();
    let name = asked["decision"]["name"].as_str().unwrap().to_owned();
    let shown = desk.run(&["explain", "--replay", &name]).expect_code(0);
    for part in ["billing", "Thresholds", "Priority", "How it was decided", &name, "byte for byte"] {
        assert!(shown.out.contains(part), "no {part}: {shown:#?}");
    }
    assert!(!shown.out.contains("13812345678"), "{shown:#?}");
    let id = name.trim_start_matches("decisions/");
    let again = desk.run(&["explain", "--current-rules", "--json", id]).expect_code(0).json();
    assert_eq!((&again["identical"], &again["decision"]["name"]), (&true.into(), &name.as_str().into()));
    let other = desk.run(&["--tenant", "acme", "explain", &name]).expect_code(2);
    assert!(other.err.contains("records.keep_days") && other.err.contains("--tenant"), "{other:#?}");
    assert!(desk.run(&["explain", "yesterday"]).expect_code(2).err.contains("name: send"));
    let people = desk.run(&["ask", "hello"]).expect_code(0);
    assert!(people.out.contains("frontdesk explain decisions/"), "{people:#?}");
}

#[test]
fn a_conversation_is_taken_over_and_given_back() {
    let desk = Desk::new();
    let missing = desk.run(&["conversations", "show", "t-1"]).expect_code(2);
    assert!(missing.err.contains("conversations/t-1 does not exist"), "{missing:#?}");
    let taken = desk.run(&["conversations", "take", "t-1"]).expect_code(0);
    assert!(taken.out.contains("a person owns it; the program only drafts"), "{taken:#?}");
    // Every command is a program of its own here: the owner is on the disk.
    let shown = desk.run(&["conversations", "show", "--json", "conversations/t-1"]).expect_code(0).json();
    assert_eq!(shown["conversation"]["state"]["owner"], "OWNER_PERSON");
    let released = desk.run(&["conversations", "release", "t-1"]).expect_code(0);
    assert!(released.out.contains("the program may speak"), "{released:#?}");
    desk.run(&["conversations", "delete", "t-1"]).expect_code(0);
    desk.run(&["conversations", "show", "t-1"]).expect_code(2);
}

#[test]
fn a_conversation_is_held_from_the_command_line() {
    let desk = Desk::new();
    let ask = |arguments: &[&str], text: &str| {
        let line = [&["ask", "--conversation", "t-1"], arguments, &[text]].concat();
        desk.run(&line).expect_code(0)
    };
    let wanted = ask(&["--request-id", "m-1"], "轉真人客服，謝謝");
    for part in ["HAND OFF", "Told at once", "conversations/t-1", "a person is waited for", "revision 1"] {
        assert!(wanted.out.contains(part), "no {part}: {wanted:#?}");
    }
    let again = ask(&["--request-id", "m-1", "--json"], "轉真人客服，謝謝").json();
    assert_eq!(again["decision"]["conversation"]["numMessages"], 1, "{again}");

    let append = |arguments: &[&str]| desk.run(&[&["conversations", "append", "t-1"], arguments].concat());
    let refused = append(&["--bot", "請稍等"]).expect_code(2);
    assert!(
        refused.err.contains("FAILED_PRECONDITION") && refused.err.contains("release it"),
        "{refused:#?}"
    );
    let said = append(&["--agent", "您好，我是小李，請打 0912345678 給我。"]).expect_code(0);
    assert!(said.out.contains("a person owns it") && said.out.contains("[phone]"), "{said:#?}");
    let owned = ask(&["--tone", "formal"], "好的，請問運費怎麼算？");
    assert!(!owned.out.contains("the program may send the reply"), "{owned:#?}");
    desk.run(&["conversations", "release", "t-1"]).expect_code(0);
    let spoke = append(&["--bot", "還有什麼可以幫您？", "--json"]).expect_code(0).json();
    assert_eq!(spoke["conversation"]["turns"].as_array().unwrap().last().unwrap()["role"], "ROLE_BOT");

    let both = desk.run(&["ask", "--conversation", "t-1", "--owner", "bot", "hi"]).expect_code(2);
    assert!(both.err.contains("--owner"), "{both:#?}");
    append(&[]).expect_code(2);
    append(&["--bot", "a", "--agent", "b"]).expect_code(2);
}

#[test]
fn ask_shows_each_request_the_signals_and_who_may_send() {
    let desk = Desk::new();
    let text = "Please cancel order 8812, and how do I reset my password? This is the third time I write, \
                my lawyer will call you.";
    let shown = desk.run(&["ask", text]).expect_code(0);
    for part in
        ["What is asked for, most pressing first", "order.cancel", "Signals", "legal", "send the draft"]
    {
        assert!(shown.out.contains(part), "no {part}: {shown:#?}");
    }
    let owned = desk.run(&["ask", "--owner", "person", "--json", "谢谢，再见"]).expect_code(0).json();
    assert_ne!(owned["decision"]["delivery"], "DELIVERY_SEND", "{owned}");
    let tone = |name: &str| {
        let json = desk.run(&["ask", "--tone", name, "--json", "谢谢，再见"]).expect_code(0).json();
        json["decision"]["draft"]["tone"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!((tone("formal"), tone("friendly")), ("TONE_FORMAL".into(), "TONE_FRIENDLY".into()));
}

#[test]
fn operations_are_remembered_and_told() {
    let desk = Desk::new();
    desk.write("kb/zh.md", &article("returns.zh-Hans", "zh-Hans", "退货", "三十天内都可以退货。"));
    desk.run(&["kb", "import", "kb", "--kb", "shop"]).expect_code(0);
    let none = desk.run(&["operations", "list", "--kb", "shop"]).expect_code(0);
    assert!(none.out.contains("frontdesk kb reindex"), "{none:#?}");
    let done = desk.run(&["kb", "reindex", "--kb", "shop"]).expect_code(0);
    assert!(done.out.contains("generation 2 with 1 articles"), "{done:#?}");
    let listed = desk.run(&["operations", "list", "--json"]).expect_code(0).json();
    let operation = &listed["operations"][0];
    assert_eq!(operation["metadata"]["@type"], "type.googleapis.com/frontdesk.v1.ReindexMetadata");
    assert_eq!(operation["metadata"]["knowledgeBase"], "knowledgeBases/shop");
    assert_eq!(operation["response"]["generation"], "2");
    let name = operation["name"].as_str().unwrap();
    let shown = desk.run(&["operations", "show", name.split('/').nth(1).unwrap()]).expect_code(0);
    assert!(shown.out.contains("done: generation 2 with 1 articles"), "{shown:#?}");
    assert!(shown.out.contains("started") && shown.out.contains("today"), "{shown:#?}");
    let cancelled = desk.run(&["operations", "cancel", name]).expect_code(0);
    assert!(cancelled.out.contains("done: generation 2"), "{cancelled:#?}");
    let running = desk.run(&["operations", "list", "--running", "--json"]).expect_code(0).json();
    assert_eq!(running["operations"], Value::Array(Vec::new()));

    let missing = desk.run(&["operations", "show", "019a0a3c-6f3f-7c2b-9d59-0d6f2c3b1a77"]).expect_code(2);
    assert!(missing.err.contains("frontdesk operations list"), "{missing:#?}");
    desk.run(&["operations", "show", "nonsense"]).expect_code(2);
    let rollback = desk.run(&["kb", "rollback", "--kb", "nowhere"]).expect_code(2);
    assert!(rollback.err.contains("knowledgeBases/nowhere"), "{rollback:#?}");
    let detached = desk.run(&["kb", "reindex", "--kb", "shop", "--detach"]).expect_code(2);
    assert!(detached.err.contains("frontdesk serve"), "{detached:#?}");
}

#[test]
fn an_export_imports_again_without_a_change() {
    let desk = Desk::new();
    desk.write(
        "kb/a.md",
        "---\nid: .agent-only\nlocale: zh-Hant\ntitle: \"退款: 'how'\"\nquestions: [\"true\"]\ntags: [2026-01-01]\n\
         audience: agent\nurl: https://shop.example\nupdated_at: 2026-10-02T08:00:00Z\n---\n\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
    );
    desk.write("kb/b.md", &article("returns.en", "en", "Returns", "Send the lamp back within 30 days."));
    desk.run(&["kb", "import", "kb", "--kb", "shop"]).expect_code(0);
    let exported = desk.run(&["kb", "export", "out", "--kb", "shop", "--json"]).expect_code(0).json();
    assert_eq!(exported["numArticles"], 2);
    assert!(desk.path("out/en/returns.en.md").is_file());
    let again = desk.run(&["kb", "import", "out", "--kb", "shop", "--json"]).expect_code(0).json();
    assert_eq!(again["numUnchanged"], 2, "{again}");
    for format in ["jsonl", "csv"] {
        desk.run(&["kb", "export", format, "--kb", "shop", "--format", format]).expect_code(0);
        let again = desk.run(&["kb", "import", format, "--kb", "shop", "--json"]).expect_code(0).json();
        assert_eq!(again["numUnchanged"], 2, "{format}: {again}");
    }
    let refused = desk.run(&["kb", "export", "out", "--kb", "shop"]).expect_code(2);
    assert!(refused.err.contains("not empty"), "{refused:#?}");
    desk.run(&["kb", "export", "other", "--kb", "nowhere"]).expect_code(2);
    assert!(!desk.path("other").exists());
}

#[test]
fn golden_questions_are_set_from_a_file_and_checked_against_bounds() {
    let desk = Desk::new();
    desk.write("kb/en.md", &article("returns.en", "en", "Returns", "Send the lamp back within 30 days."));
    desk.write("kb/zh.md", &article("parking.zh-Hans", "zh-Hans", "停车", "来店客人可以免费停车。"));
    desk.run(&["kb", "import", "kb", "--kb", "shop"]).expect_code(0);
    let none = desk.run(&["kb", "check", "--kb", "shop"]).expect_code(2);
    assert!(none.err.contains("frontdesk kb golden"), "{none:#?}");
    let lines = [
        r#"{"question": "can I send the lamp back", "article": "returns"}"#,
        r#"{"question": "停车要钱吗", "article": "parking"}"#,
        r#"{"question": "停車要錢嗎", "article": "returns", "locale": "zh-Hant"}"#,
        r#"{"question": "who painted the ceiling", "article": null}"#,
    ];
    desk.write("golden.jsonl", &lines.join("\n"));
    let set = desk.run(&["kb", "golden", "golden.jsonl", "--kb", "shop"]).expect_code(0);
    assert!(set.out.contains("knowledgeBases/shop: 4 golden questions"), "{set:#?}");
    let shown = desk.run(&["kb", "check", "--kb", "shop"]).expect_code(0);
    assert!(shown.out.contains("zh-Hant") && shown.out.contains("expected returns"), "{shown:#?}");
    let checked = ["kb", "check", "--kb", "shop", "--json", "--min-hit1", "0.9"];
    let report = desk.run(&checked).expect_code(1);
    assert!(report.err.contains("--min-hit1: 0.667 is below 0.9"), "{report:#?}");
    assert_eq!(report.json()["figures"]["noAnswerAccuracy"], 1.0);
    desk.run(&["kb", "check", "--kb", "shop", "--min-hit1", "0.6", "--min-no-answer", "1"]).expect_code(0);
    desk.run(&["kb", "check", "--kb", "shop", "--min-hit1", "60%"]).expect_code(2);

    desk.write("golden.jsonl", &format!("{}\n\n{{\"question\": \"x\"}}", lines[0]));
    let refused = desk.run(&["kb", "golden", "golden.jsonl", "--kb", "shop"]).expect_code(2);
    assert!(refused.err.contains("golden.jsonl:3: missing field `article`"), "{refused:#?}");
    desk.write("golden.jsonl", &format!("\n{}", r#"{"question": "x", "article": "no such id"}"#));
    let refused = desk.run(&["kb", "golden", "golden.jsonl", "--kb", "shop"]).expect_code(2);
    assert!(refused.err.contains("golden.jsonl:2: article: "), "{refused:#?}");
}

#[test]
fn what_customers_ask_in_vain_is_listed_and_deleted() {
    let desk = Desk::new();
    desk.write("kb/en.md", &article("returns.en", "en", "Returns", "Send the lamp back within 30 days."));
    desk.run(&["kb", "import", "kb", "--kb", "sample"]).expect_code(0);
    let nothing = desk.run(&["kb", "gaps"]).expect_code(0);
    assert!(nothing.out.contains("no question without an answer is kept"), "{nothing:#?}");
    desk.run(&["kb", "search", "do you sell grand pianos"]).expect_code(0);
    // The program ends right after the answer; the gap is kept all the same.
    for _ in 0..2 {
        desk.run(&["ask", "do your desk lamps come with a dimmer? mail me at ada@example.org"])
            .expect_code(0);
    }
    let gaps = desk.run(&["kb", "gaps", "--json"]).expect_code(0).json();
    assert_eq!(gaps["gaps"].as_array().unwrap().len(), 1, "{gaps}");
    let gap = &gaps["gaps"][0];
    assert_eq!((&gap["count"], &gap["locale"]), (&"2".into(), &"en".into()));
    assert!(!gap["question"].as_str().unwrap().contains("ada@"), "{gap}");
    let shown = desk.run(&["kb", "gaps", "--locale", "en"]).expect_code(0);
    assert!(shown.out.contains("2 × do your desk lamps") && shown.out.contains("last today"), "{shown:#?}");
    let number = gap["name"].as_str().unwrap().rsplit('/').next().unwrap();
    desk.run(&["kb", "gaps", "--delete", number]).expect_code(0);
    desk.run(&["kb", "gaps", "--delete", number]).expect_code(2);
    assert!(desk.run(&["kb", "gaps"]).expect_code(0).out.contains("no question"));
}

#[test]
fn lint_tells_like_a_compiler_what_may_be_wrong() {
    let desk = Desk::new();
    let old = "---\nid: hours.zh-Hant\nlocale: zh-Hant\ntitle: \"營業時間\"\nupdated_at: 2020-01-01\n---\n\n每天十點開門。\n";
    desk.write("kb/old.md", old);
    desk.run(&["kb", "import", "kb", "--kb", "shop"]).expect_code(0);
    let found = desk.run(&["kb", "lint", "--kb", "shop"]).expect_code(1);
    assert!(found.out.contains("hours.zh-Hant:1: stale: "), "{found:#?}");
    let json = desk.run(&["kb", "lint", "--kb", "shop", "--json"]).expect_code(1).json();
    assert_eq!(json["findings"][0]["places"][0]["article"], "knowledgeBases/shop/articles/hours.zh-Hant");
    desk.run(&["kb", "lint", "--kb", "shop", "--stale-days", "0"]).expect_code(2);
    desk.run(&["kb", "lint", "--kb", "nowhere"]).expect_code(2);
}

#[test]
fn a_batch_is_written_in_order_with_an_error_line_for_what_is_wrong() {
    let desk = Desk::new();
    let lines = [
        r#"{"id": "a", "text": "你好"}"#,
        r#"{"id": "b", "text": " "}"#,
        r#"{"id": "c", "txt": "typo"}"#,
        r#"{"id": "d", "text": "hello", "channel": "email"}"#,
    ];
    desk.write("in.jsonl", &lines.join("\n"));
    let ran = desk.run(&["batch", "in.jsonl", "out.jsonl"]).expect_code(1);
    assert!(ran.out.starts_with("4 messages in ") && ran.out.contains("2 not decided"), "{ran:#?}");
    let out = fs::read_to_string(desk.path("out.jsonl")).unwrap();
    let out: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(out[0]["decision"]["requestId"], "a");
    assert_eq!((&out[1]["error"]["code"], &out[1]["error"]["line"]), (&3.into(), &2.into()));
    assert_eq!((&out[2]["requestId"], &out[2]["error"]["field"]), (&"c".into(), &"text".into()));
    assert_eq!(out[3]["decision"]["requestId"], "d");
    // Everything is there: nothing to do, and the answer is the same.
    desk.run(&["batch", "in.jsonl", "out.jsonl"]).expect_code(1);
    // The file of another input is not touched.
    desk.write("other.jsonl", r#"{"id": "z", "text": "hello"}"#);
    let refused = desk.run(&["batch", "other.jsonl", "out.jsonl"]).expect_code(2);
    assert!(refused.err.contains("--restart"), "{refused:#?}");
    desk.run(&["batch", "other.jsonl", "out.jsonl", "--restart"]).expect_code(0);
}

/// Waits until a file has some lines.
fn wait_for_lines(path: &Path, num_lines: usize, child: &mut Child) {
    let started = Instant::now();
    loop {
        let lines = fs::read_to_string(path).unwrap_or_default().lines().count();
        if lines >= num_lines {
            return;
        }
        assert!(started.elapsed() < Duration::from_secs(60), "{lines} lines after a minute");
        assert!(child.try_wait().unwrap().is_none(), "ended early");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").args(["-s", name, &child.id().to_string()]).status().unwrap();
    assert!(status.success());
}

#[test]
fn an_interrupted_batch_goes_on_where_it_was_stopped() {
    let desk = Desk::new();
    let messages = (0..600).map(|index| {
        format!("{{\"id\": \"m{index}\", \"text\": \"Where is order {index}? It was due on Friday, 请尽快处理。\"}}\n")
    });
    desk.write("in.jsonl", &messages.collect::<String>());
    let out = desk.path("out.jsonl");
    let arguments = ["batch", "in.jsonl", "out.jsonl"];
    for (name, expected) in [("INT", Some(130)), ("KILL", None)] {
        let before = fs::read_to_string(&out).unwrap_or_default().lines().count();
        let mut command = desk.command(&arguments);
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        wait_for_lines(&out, before + 32, &mut child);
        signal(&child, name);
        let ran = Ran::from(child.wait_with_output().unwrap());
        assert_eq!(ran.code, expected, "{ran:#?}");
        if name == "INT" {
            assert!(ran.err.contains("type the same command again"), "{ran:#?}");
        }
    }
    // What a crash in the middle of a write leaves.
    let mut text = fs::read_to_string(&out).unwrap();
    text.push_str("{\"decision\": {\"requ");
    fs::write(&out, text).unwrap();
    let ran = desk.run(&arguments).expect_code(0);
    assert!(ran.out.starts_with("600 messages (") && ran.out.contains("of them earlier"), "{ran:#?}");
    let text = fs::read_to_string(&out).unwrap();
    for (index, line) in text.lines().enumerate() {
        let line: Value = serde_json::from_str(line).unwrap();
        assert_eq!(line["decision"]["requestId"], format!("m{index}"));
    }
    assert_eq!(text.lines().count(), 600);
}

#[test]
fn eval_measures_messages_of_ones_own() {
    let desk = Desk::new();
    let message = |id: &str, text: &str, intent: &str| {
        format!(
            "{{\"id\":\"{id}\",\"text\":\"{text}\",\"lang\":\"en\",\"channel\":\"chat\",\"context\":[],\
             \"intents\":[\"{intent}\"],\"urgency\":\"high\",\"sentiment\":\"neutral\",\"score\":0,\
             \"emotion\":\"none\",\"wants_human\":false,\"orders_system\":false,\"topic\":\"shop\"}}\n"
        )
    };
    let twice = message("a", "I was charged twice for order 8812", "billing.dispute");
    let wrong = message("b", "how do I reset my password", "delivery.track");
    desk.write("ours.jsonl", &(twice + &wrong));
    let report = desk.run(&["eval", "--messages", "ours.jsonl", "--json"]).expect_code(0).json();
    let figures = report["figures"].as_array().unwrap();
    let place = figures.iter().position(|figure| figure["name"] == "primary intent").unwrap();
    let column = |name: &str| {
        let columns = report["columns"].as_array().unwrap().iter();
        columns.clone().find(|column| column["name"] == name).unwrap()["values"][place].clone()
    };
    assert_eq!(column("all"), 0.5);
    assert_eq!(column("en"), 0.5);
    assert_eq!(column("zh-Hant"), Value::Null);
    let shown = desk.run(&["eval", "--messages", "ours.jsonl"]).expect_code(0);
    assert!(shown.out.contains("| primary intent | 0.500 |"), "{shown:#?}");

    desk.write("ours.jsonl", &message("a", "hello", "chat.greting"));
    let refused = desk.run(&["eval", "--messages", "ours.jsonl"]).expect_code(2);
    assert!(refused.err.contains("ours.jsonl:1: intents: write"), "{refused:#?}");
    let missing = desk.run(&["eval", "--messages", "none.jsonl"]).expect_code(2);
    assert!(missing.err.contains("none.jsonl"), "{missing:#?}");
}

#[test]
fn eval_compares_precisions_of_a_named_kernel() {
    let desk = Desk::new();
    let message = "{\"id\":\"a\",\"text\":\"I was charged twice\",\"lang\":\"en\",\"channel\":\"chat\",\"context\":[],\
         \"intents\":[\"billing.dispute\"],\"urgency\":\"high\",\"sentiment\":\"neutral\",\"score\":0,\
         \"emotion\":\"none\",\"wants_human\":false,\"orders_system\":false,\"topic\":\"shop\"}\n";
    desk.write("ours.jsonl", message);
    let compare = |more: &[&str]| {
        let arguments = [&["eval", "--compare-precision", "ours.jsonl", "--kernel"], more].concat();
        // No articles: search is left out.
        let empty = desk.path("nothing");
        let done = desk.command(&arguments).env("FRONTDESK__KNOWLEDGE__SAMPLE_PATH", empty).output();
        Ran::from(done.unwrap())
    };
    let report = compare(&["portable", "--json"]).expect_code(0).json();
    let backends: Vec<_> = report.as_array().unwrap().iter().map(|report| &report["backend"]).collect();
    assert_eq!(backends, ["fused f32 portable", "fused bf16 portable", "fused int8 portable"]);
    assert_eq!((&report[0]["all_labels"], &report[0]["retrieval"]), (&0.0.into(), &Value::Null));
    assert!(report[2]["cosine"]["mean"].as_f64().unwrap() > 0.99, "{report:#}");
    let shown = compare(&["portable"]).expect_code(0).out;
    assert!(shown.contains("| all labels: another | 0.00 % |"), "{shown}");
    let foreign = if cfg!(target_arch = "x86_64") { "neon" } else { "avx2" };
    let refused = compare(&[foreign]).expect_code(2);
    assert!(refused.err.contains("model.kernel: this processor does not have"), "{refused:#?}");
}

#[test]
fn eval_prints_the_table_of_the_model_card() {
    let desk = Desk::new();
    let report = desk.run(&["eval", "--suite", "default"]).expect_code(0).out;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/frontdesk-bilingual-v1");
    let card = fs::read_to_string(folder.join("MODEL_CARD.md")).unwrap();
    // Other tables of the card have rows of the same names.
    let card = card.split("### Heads, test part").nth(1).expect("the table of the test part");
    let cells = |text: &str, row: &str| -> Vec<f64> {
        let line = text.lines().find(|line| line.starts_with(&format!("| {row} |"))).unwrap_or_else(|| {
            panic!("no row {row} in {text}");
        });
        line.split('|').skip(2).filter_map(|cell| cell.trim().parse().ok()).collect()
    };
    for row in ["messages", "primary intent", "urgency", "sentiment", "emotion"] {
        let (found, claimed) = (cells(&report, row), cells(card, row));
        assert!(found.len() >= 4 && found.len() == claimed.len(), "{row}: {found:?} {claimed:?}");
        // Another processor may round another way and move a message across a border.
        let near = found.iter().zip(&claimed).all(|(found, claimed)| (found - claimed).abs() <= 0.011);
        assert!(near, "{row}: {found:?} measured, the card says {claimed:?}");
    }
}
