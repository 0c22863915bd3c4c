//! The whole command against a server that is played.

use std::{
    fs,
    future::pending,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use serde_json::Value;

use super::*;
use crate::{
    grpc::client::{ClientError, Code},
    proto::{
        Action, BatchError, BatchTriageResult, Decision, TriageRequest, TriageResponse,
        batch_triage_result::Outcome,
    },
};

fn answered(request: &TriageRequest) -> BatchTriageResult {
    let decision = Decision {
        request_id: request.request_id.clone(),
        action: Action::Answer.into(),
        ..Decision::default()
    };
    let response = TriageResponse { decision: Some(decision), timing: None, ..Default::default() };
    BatchTriageResult { outcome: Some(Outcome::Response(response)) }
}

fn refused(code: Code) -> BatchTriageResult {
    let error = BatchError { code: code.into(), message: "is blank".into(), field: "text".into() };
    BatchTriageResult { outcome: Some(Outcome::Error(error)) }
}

/// Answers everything but the text "bad"; refuses calls that hold the text "poison".
async fn server(requests: Vec<TriageRequest>) -> Result<Vec<BatchTriageResult>, ClientError> {
    if requests.iter().any(|request| request.text == "poison") {
        return Err(ClientError::new(Code::Internal, "fault"));
    }
    let result = |request: &TriageRequest| match request.text.as_str() {
        "bad" => refused(Code::InvalidArgument),
        _ => answered(request),
    };
    Ok(requests.iter().map(result).collect())
}

fn write_input(folder: &Path, num_messages: usize) {
    let lines = (0..num_messages).map(|index| format!("{{\"id\": \"m{index}\", \"text\": \"hello\"}}\n"));
    fs::write(folder.join("in.jsonl"), lines.collect::<String>()).unwrap();
}

fn open(folder: &Path) -> Batch {
    let input = folder.join("in.jsonl");
    let lines = || Lines::open(&input, String::new()).unwrap();
    let ids = lines().map(|line| line.map(|line| line.id));
    let output = Output::open(&folder.join("out.jsonl"), &input, ids, false).unwrap();
    let patience = Patience { max_tries: 4, first_wait: Duration::from_millis(1) };
    Batch { patience, num_messages: lines().count(), lines: lines(), output }
}

fn output(folder: &Path) -> Vec<Value> {
    let text = fs::read_to_string(folder.join("out.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn every_message_gets_a_line_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let lines = [
        r#"{"id": "a", "text": "hello"}"#,
        "not json",
        r#"{"id": "c", "text": "bad"}"#,
        r#"{"id": "d", "text": "poison"}"#,
        r#"{"id": "e", "text": "hello", "colour": 1}"#,
        r#"{"id": "f", "text": "hello"}"#,
    ];
    fs::write(folder.path().join("in.jsonl"), lines.join("\n")).unwrap();
    let mut batch = open(folder.path());
    let finished = batch.write_all(&Limits::default(), server, pending()).await.unwrap();
    assert_eq!(finished, Finished::Well);
    assert_eq!((batch.output.tally.answer, batch.output.tally.failed), (2, 4));
    let out = output(folder.path());
    assert_eq!(out[0]["decision"]["requestId"], "a");
    assert_eq!((&out[1]["requestId"], &out[1]["error"]["line"]), (&"line-2".into(), &2.into()));
    assert_eq!((&out[2]["error"]["code"], &out[2]["error"]["field"]), (&3.into(), &"text".into()));
    assert_eq!(out[3]["error"]["code"], 13);
    assert_eq!(out[4]["error"]["field"], "colour");
    assert_eq!(out[5]["decision"]["requestId"], "f");
}

#[tokio::test]
async fn an_interrupted_batch_goes_on_and_ends_like_a_whole_one() {
    let folder = tempfile::tempdir().unwrap();
    write_input(folder.path(), 200);
    // Stops after some calls, in the middle of the file.
    let calls = Arc::new(AtomicUsize::new(0));
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let stop = Arc::new(std::sync::Mutex::new(Some(stop)));
    let counted = move |requests: Vec<TriageRequest>| {
        if calls.fetch_add(1, Ordering::SeqCst) == 4 {
            stop.lock().unwrap().take().unwrap().send(()).unwrap();
        }
        server(requests)
    };
    let stopped = async { stopped.await.unwrap() };
    let mut batch = open(folder.path());
    let finished = batch.write_all(&Limits::default(), counted, stopped).await.unwrap();
    assert_eq!(finished, Finished::Interrupted);
    drop(batch);
    let before = output(folder.path()).len();
    assert!(before > 0 && before < 200, "{before}");
    // A torn line, as a killed process may leave it.
    let out = folder.path().join("out.jsonl");
    fs::write(&out, fs::read_to_string(&out).unwrap() + "{\"decision\":{\"requ").unwrap();

    let mut batch = open(folder.path());
    assert_eq!(batch.output.tally.num_lines(), before);
    let finished = batch.write_all(&Limits::default(), server, pending()).await.unwrap();
    assert_eq!(finished, Finished::Well);
    let ids: Vec<String> = output(folder.path())
        .iter()
        .map(|line| line["decision"]["requestId"].as_str().unwrap().to_owned())
        .collect();
    let expected: Vec<String> = (0..200).map(|index| format!("m{index}")).collect();
    assert_eq!(ids, expected);
}

#[tokio::test]
async fn a_busy_server_is_asked_again() {
    let folder = tempfile::tempdir().unwrap();
    write_input(folder.path(), 10);
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    // Refuses the first call, then half of the messages of the second.
    let busy = move |requests: Vec<TriageRequest>| {
        let call = counted.fetch_add(1, Ordering::SeqCst);
        async move {
            match call {
                0 => Err(ClientError::new(Code::Unavailable, "busy")),
                1 => Ok(requests
                    .iter()
                    .enumerate()
                    .map(
                        |(index, request)| {
                            if index % 2 == 0 { answered(request) } else { refused(Code::Unavailable) }
                        },
                    )
                    .collect()),
                _ => server(requests).await,
            }
        }
    };
    let mut batch = open(folder.path());
    batch.write_all(&Limits::default(), busy, pending()).await.unwrap();
    assert_eq!(calls.load(Ordering::SeqCst), 3);
    assert_eq!((batch.output.tally.answer, batch.output.tally.failed), (10, 0));
}

#[tokio::test]
async fn a_server_that_is_gone_is_a_failure_and_keeps_what_is_written() {
    let folder = tempfile::tempdir().unwrap();
    write_input(folder.path(), 40);
    let calls = Arc::new(AtomicUsize::new(0));
    let dying = move |requests: Vec<TriageRequest>| {
        let call = calls.fetch_add(1, Ordering::SeqCst);
        async move {
            if call == 0 { server(requests).await } else { Err(ClientError::new(Code::Unavailable, "gone")) }
        }
    };
    let mut batch = open(folder.path());
    let failure = batch.write_all(&Limits::default(), dying, pending()).await.unwrap_err();
    assert!(matches!(failure, Failure::Server(_)), "{failure:?}");
    assert_eq!(output(folder.path()).len(), CHUNK_MESSAGES);
    assert!(batch.how_to_resume().starts_with("32 of 40"), "{}", batch.how_to_resume());
}
