//! The program as its user meets it: the real binary, a real port, real signals.

mod common;

use std::{
    fs,
    io::{BufRead, BufReader},
    net::TcpListener,
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use frontdesk::proto::{
    self,
    conversation_service_client::ConversationServiceClient,
    google::longrunning::{
        GetOperationRequest, operation::Result as Ended, operations_client::OperationsClient,
    },
    knowledge_service_client::KnowledgeServiceClient,
    triage_service_client::TriageServiceClient,
};
use tonic::transport::Endpoint;
use tonic_health::pb::{
    HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient,
};

/// The program with settings for a data folder and a port of its own.
fn frontdesk(data: &Path, port: u16) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_frontdesk"));
    command
        .current_dir(data.parent().expect("a parent"))
        .env("FRONTDESK__DATA__PATH", data)
        .env("FRONTDESK__SERVER__LISTEN", format!("127.0.0.1:{port}"))
        .env("FRONTDESK__MODEL__PATH", common::model_path())
        .env("FRONTDESK__KNOWLEDGE__IMPORT_SAMPLE", "false")
        .env("NO_COLOR", "1");
    command
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

/// A server that is stopped when the test ends, however it ends.
struct Running(Child);

impl Running {
    /// Starts a server and waits until it says that it listens.
    fn start(command: &mut Command) -> Self {
        let mut child =
            command.arg("serve").stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let running = Self(child);
        let listens = lines.any(|line| line.expect("a line").contains("Frontdesk listens on"));
        assert!(listens, "the server ended before it listened");
        std::thread::spawn(move || lines.for_each(drop));
        running
    }

    fn signal(&self, signal: &str) {
        let status = Command::new("kill").args([signal, &self.0.id().to_string()]).status();
        assert!(status.expect("kill runs").success());
    }

    fn wait(&mut self) -> std::process::ExitStatus {
        let deadline = Instant::now() + Duration::from_secs(20);
        loop {
            if let Some(status) = self.0.try_wait().expect("waits") {
                return status;
            }
            assert!(Instant::now() < deadline, "the server does not stop");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Already gone when the test stopped it itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Runs `serve`, which is expected to refuse to start, and gives what it says.
fn refused(command: &mut Command) -> String {
    let output = command.arg("serve").output().expect("runs");
    assert!(!output.status.success(), "{}", text(&output));
    text(&output)
}

#[test]
fn a_server_answers_on_its_port_and_drains_on_sigterm() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, port) = (folder.path().join("data"), free_port());
    let mut server = Running::start(&mut frontdesk(&data, port));
    common::runtime().block_on(async {
        let endpoint = Endpoint::from_shared(format!("http://127.0.0.1:{port}")).expect("an address");
        let channel = endpoint.connect().await.expect("connects");
        for service in ["", "frontdesk.v1.TriageService", "frontdesk.v1.KnowledgeService"] {
            let request = HealthCheckRequest { service: service.into() };
            let health =
                HealthClient::new(channel.clone()).check(request).await.expect("a status").into_inner();
            assert_eq!(health.status(), ServingStatus::Serving, "{service:?}");
        }
        let request = proto::TriageRequest { text: "where is my parcel?".into(), ..Default::default() };
        TriageServiceClient::new(channel).triage(request).await.expect("a decision");
    });
    server.signal("-TERM");
    assert!(server.wait().success());
}

#[test]
fn ask_talks_to_a_running_server_and_prints_json() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, port) = (folder.path().join("data"), free_port());
    let _server = Running::start(&mut frontdesk(&data, port));
    // The data folder is locked by the server, so an answer can only come from it.
    let output = frontdesk(&data, port).args(["ask", "--json", "我要退款"]).output().expect("runs");
    assert!(output.status.success(), "{}", text(&output));
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(answer["decision"]["labels"]["language"]["tag"], "zh-Hans");
}

#[test]
fn ask_decides_in_process_when_no_server_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = frontdesk(&folder.path().join("data"), free_port())
        .args(["ask", "I was charged twice for order 8812, please fix this today"])
        .output()
        .expect("runs");
    let said = text(&output);
    assert!(output.status.success() && said.contains("billing.dispute"), "{said}");
}

#[test]
fn a_kill_loses_nothing_that_was_acknowledged() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, articles) = (folder.path().join("data"), folder.path().join("parking.md"));
    let front = "---\nid: parking.en\nlocale: en\ntitle: \"Parking\"\nquestions: []\ntags: []\naudience: public\nurl: \"\"\nupdated_at: 2026-10-01\n---\n";
    fs::write(&articles, format!("{front}Visitors park in garage B.\n")).expect("written");
    let port = free_port();
    let mut server = Running::start(&mut frontdesk(&data, port));
    let import = frontdesk(&data, port).args(["kb", "import"]).arg(&articles).output().expect("runs");
    assert!(import.status.success(), "{}", text(&import));
    server.signal("-KILL");
    server.wait();
    let _server = Running::start(&mut frontdesk(&data, port));
    let found = frontdesk(&data, port).args(["kb", "search", "where can I park?"]).output().expect("runs");
    assert!(text(&found).contains("garage B"), "{}", text(&found));
}

#[test]
fn a_reindex_that_a_kill_broke_off_is_aborted_after_the_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, articles, port) = (folder.path().join("data"), folder.path().join("kb"), free_port());
    fs::create_dir(&articles).expect("created");
    for number in 0..40 {
        let front = format!("---\nid: z{number}.en\nlocale: en\ntitle: \"Zone {number}\"\n---\n");
        let body = format!("Parcels to zone {number} take three days.\n");
        fs::write(articles.join(format!("{number}.md")), front + &body).expect("written");
    }
    let run = |arguments: &[&str]| frontdesk(&data, port).args(arguments).output().expect("runs");
    let mut server = Running::start(&mut frontdesk(&data, port));
    let import = run(&["kb", "import", articles.to_str().expect("a path")]);
    assert!(import.status.success(), "{}", text(&import));
    let operations = || async {
        let endpoint = Endpoint::from_shared(format!("http://127.0.0.1:{port}")).expect("an address");
        endpoint.connect().await.expect("connects")
    };
    let started = common::runtime().block_on(async {
        let request = proto::ReindexRequest { name: "knowledgeBases/sample".into(), ..Default::default() };
        let mut client = KnowledgeServiceClient::new(operations().await);
        client.reindex(request).await.expect("started").into_inner().name
    });
    server.signal("-KILL");
    server.wait();
    let mut server = Running::start(&mut frontdesk(&data, port));
    let found = common::runtime().block_on(async {
        let mut client = OperationsClient::new(operations().await);
        let health = HealthCheckRequest { service: "google.longrunning.Operations".into() };
        let health = HealthClient::new(operations().await).check(health).await.expect("a status");
        assert_eq!(health.into_inner().status(), ServingStatus::Serving);
        let request = GetOperationRequest { name: started.clone() };
        client.get_operation(request).await.expect("remembered").into_inner()
    });
    let Some(Ended::Error(error)) = found.result else { panic!("{found:?}") };
    assert_eq!(error.code, tonic::Code::Aborted as i32);
    assert!(error.message.ends_with("the server stopped before it ended; start it again"), "{error:?}");
    let shown = run(&["operations", "show", &started, "--json"]);
    assert!(text(&shown).contains("ErrorInfo"), "{}", text(&shown));
    // And it can be started again; who only starts it does not wait.
    let detached = run(&["kb", "reindex", "--detach"]);
    assert!(text(&detached).contains("frontdesk operations show"), "{}", text(&detached));
    let listed = text(&run(&["operations", "list"]));
    assert!(listed.lines().count() == 2 && listed.contains("failed: ABORTED"), "{listed}");
    server.signal("-TERM");
    assert!(server.wait().success());
}

#[test]
fn a_port_in_use_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port();
    let said = refused(&mut frontdesk(&folder.path().join("data"), port));
    assert!(said.contains(&port.to_string()) && said.contains("server.listen"), "{said}");
}

#[test]
fn an_address_that_others_reach_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = frontdesk(&folder.path().join("data"), 0);
    let said = refused(command.env("FRONTDESK__SERVER__LISTEN", "0.0.0.0:0"));
    assert!(said.contains("--insecure"), "{said}");
}

#[test]
fn a_model_that_is_missing_or_damaged_is_refused_by_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let mut command = frontdesk(&data, free_port());
    let said = refused(command.env("FRONTDESK__MODEL__PATH", folder.path().join("nowhere")));
    assert!(said.contains("nowhere") && said.contains("model.path"), "{said}");

    let model = folder.path().join("model");
    fs::create_dir(&model).expect("created");
    for entry in fs::read_dir(common::model_path()).expect("the model") {
        let entry = entry.expect("an entry");
        symlink(entry.path(), model.join(entry.file_name())).expect("linked");
    }
    fs::remove_file(model.join("labels.json")).expect("removed");
    fs::write(model.join("labels.json"), "{}").expect("written");
    let mut command = frontdesk(&data, free_port());
    let said = refused(command.env("FRONTDESK__MODEL__PATH", &model));
    assert!(said.contains("labels.json") && said.contains("SHA-256"), "{said}");
}

#[test]
fn a_data_folder_that_cannot_be_used_is_refused_with_the_remedy() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    fs::write(&file, "").expect("written");
    let said = refused(&mut frontdesk(&file, free_port()));
    assert!(said.contains("data folder") && said.contains("file"), "{said}");

    let data = folder.path().join("data");
    drop(Running::start(&mut frontdesk(&data, free_port())));
    let _server = Running::start(&mut frontdesk(&data, free_port()));
    let said = refused(&mut frontdesk(&data, free_port()));
    assert!(said.contains("another") && said.contains("data"), "{said}");
}

#[test]
fn wrong_settings_are_reported_together() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = folder.path().join("wrong.toml");
    fs::write(&config, "[server]\nlissten = \"x\"\n[tenants]\nreload_seconds = 9999\n").expect("written");
    let mut command = frontdesk(&folder.path().join("data"), free_port());
    let said = refused(command.arg("--config").arg(&config));
    assert!(said.contains("lissten") && said.contains("listen") && said.contains("reload_seconds"), "{said}");
}

#[test]
fn a_readable_only_data_folder_is_refused_unless_root_may_write_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    fs::create_dir(&data).expect("created");
    fs::set_permissions(&data, fs::Permissions::from_mode(0o500)).expect("set");
    // Root writes anywhere; then there is nothing to refuse.
    if fs::write(data.join("probe"), "").is_ok() {
        return;
    }
    let said = refused(&mut frontdesk(&data, free_port()));
    assert!(said.contains("cannot be written"), "{said}");
}

#[test]
fn a_person_still_owns_a_conversation_after_the_server_was_killed() {
    let data = tempfile::tempdir().expect("a folder");
    let path = data.path().join("data");
    let name = "conversations/ticket-1".to_owned();
    let port = free_port();
    let first = Running::start(&mut frontdesk(&path, port));
    let client = || async move {
        let endpoint = Endpoint::from_shared(format!("http://127.0.0.1:{port}")).expect("an address");
        ConversationServiceClient::new(endpoint.connect().await.expect("connects"))
    };
    common::runtime().block_on(async {
        let request = proto::TakeConversationRequest { name: name.clone() };
        client().await.take_conversation(request).await.expect("taken");
        first.signal("-KILL");
    });
    drop(first);
    let _second = Running::start(&mut frontdesk(&path, port));
    common::runtime().block_on(async {
        let request = proto::GetConversationRequest { name: name.clone() };
        let kept = client().await.get_conversation(request).await.expect("there").into_inner();
        let state = kept.conversation.and_then(|conversation| conversation.state).expect("a state");
        assert_eq!((state.owner(), state.revision), (proto::Owner::Person, 1));
        let turn = proto::Turn { role: proto::Role::Bot.into(), text: "Anything else?".into() };
        let request = proto::AppendTurnRequest { name, turn: Some(turn) };
        let refused = client().await.append_turn(request).await.expect_err("a person owns it");
        assert_eq!(refused.code(), tonic::Code::FailedPrecondition);
    });
}
