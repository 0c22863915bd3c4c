//! ImportArticles: an import that tells how far it is.

use std::{
    pin::Pin,
    sync::{Arc, OnceLock},
    time::Instant,
};

use tokio::sync::mpsc;
use tokio_stream::{Stream, wrappers::ReceiverStream};
use tonic::Status;

use super::{App, loaded, resources, status};
use crate::{
    Error, Result,
    knowledge::{ImportArticles, ImportItem, ImportProblem, ImportProgress, ImportReport},
    proto,
};

/// How far an import is, until its end.
pub type Progress = Pin<Box<dyn Stream<Item = Result<proto::ImportArticlesResponse, Status>> + Send>>;

/// Messages that wait for a slow reader; more are left out, as each says all that the ones before said.
const MAX_WAITING: usize = 16;

/// A request whose articles were read, with those that could not be.
struct Read {
    import: ImportArticles,
    /// Positions of the articles in the request.
    positions: Vec<usize>,
    problems: Vec<ImportProblem>,
}

/// Starts an import; the stream ends with its whole report or its error.
pub fn start(
    app: Arc<OnceLock<App>>,
    request: proto::ImportArticlesRequest,
    deadline: Instant,
) -> Result<Progress> {
    let num_total = request.articles.len();
    let read = read(request)?;
    let knowledge = loaded(&app)?.desk.knowledge().clone();
    let (sender, receiver) = mpsc::channel(MAX_WAITING);
    let started = Instant::now();
    tokio::spawn(async move {
        let Read { import, positions, problems } = read;
        let num_unread = problems.len();
        let steps = sender.clone();
        let show = move |step: ImportProgress| {
            // Whoever reads slowly or not at all does not hold the import up.
            let _ = steps.try_send(Ok(so_far(step, num_unread, num_total)));
        };
        let imported = tokio::time::timeout_at(deadline.into(), knowledge.import(import, show)).await;
        let last = match imported.unwrap_or(Err(Error::DeadlineExceeded)) {
            Ok(report) => Ok(whole(report, &positions, problems, num_total)),
            Err(error) => {
                let elapsed_us = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
                status::log("ImportArticles", &error, elapsed_us);
                Err(status::from_error(&error))
            }
        };
        // Who has gone does not miss it.
        let _ = sender.send(last).await;
    });
    Ok(Box::pin(ReceiverStream::new(receiver)))
}

/// Reads what can be read; an article that cannot be mapped is reported like any other problem.
fn read(request: proto::ImportArticlesRequest) -> Result<Read> {
    let mut items = Vec::with_capacity(request.articles.len());
    let mut positions = Vec::with_capacity(request.articles.len());
    let mut problems = Vec::new();
    for (index, article) in request.articles.into_iter().enumerate() {
        let name = article.name.clone();
        match resources::article_input(article, &format!("articles[{index}]")) {
            Ok(input) => {
                items.push(ImportItem { name, input });
                positions.push(index);
            }
            Err(Error::Invalid { field, reason }) => {
                problems.push(ImportProblem { index, name, field, message: reason });
            }
            Err(other) => return Err(other),
        }
    }
    let import = ImportArticles {
        parent: request.parent,
        items,
        dry_run: request.dry_run,
        request_id: request.request_id,
    };
    Ok(Read { import, positions, problems })
}

fn so_far(step: ImportProgress, num_unread: usize, num_total: usize) -> proto::ImportArticlesResponse {
    proto::ImportArticlesResponse {
        num_created: step.num_created,
        num_updated: step.num_updated,
        num_unchanged: step.num_unchanged,
        errors: vec![],
        num_done: count(step.num_done + num_unread),
        num_total: count(num_total),
    }
}

fn whole(
    report: ImportReport,
    positions: &[usize],
    mut problems: Vec<ImportProblem>,
    num_total: usize,
) -> proto::ImportArticlesResponse {
    let ImportReport { num_created, num_updated, num_unchanged, problems: found } = report;
    problems.extend(
        found.into_iter().map(|problem| ImportProblem { index: positions[problem.index], ..problem }),
    );
    problems.sort_by_key(|problem| problem.index);
    proto::ImportArticlesResponse {
        num_created,
        num_updated,
        num_unchanged,
        errors: problems.into_iter().map(import_error).collect(),
        num_done: count(num_total),
        num_total: count(num_total),
    }
}

fn import_error(problem: ImportProblem) -> proto::ImportError {
    proto::ImportError {
        index: count(problem.index),
        name: problem.name,
        field: problem.field,
        message: problem.message,
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
