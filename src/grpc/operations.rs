//! google.longrunning.Operations: operations between the contract and the domain.

use std::time::{Duration, Instant};

use prost::Name;
use prost_types::Any;
use tonic::{Request, Response, Status};

use super::{App, AppCell, answer, loaded, resources, status};
use crate::{
    Error, Result,
    knowledge::{BaseName, Operation, OperationFilter, OperationKind, Outcome, ReindexReport, ReindexStep},
    proto::{
        self,
        google::{
            longrunning::{self, operation::Result as Ended, operations_server::Operations},
            rpc,
        },
    },
};

/// The collection that [`list_operations`] lists.
const COLLECTION: &str = "operations";

/// How long before its deadline a wait gives the latest state, so that it arrives in time.
const WAIT_LEAD: Duration = Duration::from_millis(250);

/// Answers the rpcs of google.longrunning.Operations.
#[derive(Clone)]
pub struct OperationsHandler(pub AppCell);

/// Writes each rpc as a call of the function of the same name below.
macro_rules! rpcs {
    ($($rpc:ident $name:literal $request:ident $response:ty;)*) => {
        #[tonic::async_trait]
        impl Operations for OperationsHandler {
            $(async fn $rpc(
                &self,
                request: Request<longrunning::$request>,
            ) -> Result<Response<$response>, Status> {
                answer(&self.0, $name, request, |app, request, deadline| async move {
                    $rpc(loaded(&app)?, request, deadline).await
                })
                .await
            })*
        }
    };
}

rpcs! {
    list_operations "ListOperations" ListOperationsRequest longrunning::ListOperationsResponse;
    get_operation "GetOperation" GetOperationRequest longrunning::Operation;
    delete_operation "DeleteOperation" DeleteOperationRequest ();
    cancel_operation "CancelOperation" CancelOperationRequest ();
    wait_operation "WaitOperation" WaitOperationRequest longrunning::Operation;
}

async fn list_operations(
    app: &App,
    request: longrunning::ListOperationsRequest,
    _deadline: Instant,
) -> Result<longrunning::ListOperationsResponse> {
    if !matches!(request.name.as_str(), "" | COLLECTION) {
        return Err(Error::invalid("name", format!("send {COLLECTION:?} or nothing")));
    }
    let filter = read_filter(&request.filter)?;
    let page = app.desk.knowledge().operations(&filter, request.page_size, &request.page_token).await?;
    Ok(longrunning::ListOperationsResponse {
        operations: page.items.into_iter().map(operation).collect::<Result<_>>()?,
        next_page_token: page.next_page_token,
    })
}

async fn get_operation(
    app: &App,
    request: longrunning::GetOperationRequest,
    _deadline: Instant,
) -> Result<longrunning::Operation> {
    operation(app.desk.knowledge().operation(&request.name).await?)
}

async fn delete_operation(
    app: &App,
    request: longrunning::DeleteOperationRequest,
    _deadline: Instant,
) -> Result<()> {
    app.desk.knowledge().delete_operation(&request.name).await
}

async fn cancel_operation(
    app: &App,
    request: longrunning::CancelOperationRequest,
    _deadline: Instant,
) -> Result<()> {
    app.desk.knowledge().cancel_operation(&request.name).await
}

async fn wait_operation(
    app: &App,
    request: longrunning::WaitOperationRequest,
    deadline: Instant,
) -> Result<longrunning::Operation> {
    let wanted = match request.timeout {
        Some(timeout) => Duration::try_from(timeout)
            .map_err(|_| Error::invalid("timeout", "is negative or too long; send 0 to 10000 years"))?,
        None => Duration::MAX,
    };
    let left = deadline.saturating_duration_since(Instant::now()).saturating_sub(WAIT_LEAD);
    operation(app.desk.knowledge().wait_operation(&request.name, wanted.min(left)).await?)
}

/// An operation on the wire.
///
/// # Errors
/// [`Error::Internal`] when it cannot be encoded, which would be a fault of this program.
pub fn operation(operation: Operation) -> Result<longrunning::Operation> {
    let done = operation.is_done();
    let metadata = match operation.kind {
        OperationKind::Reindex => pack(&reindex_metadata(&operation))?,
    };
    let result = match operation.outcome {
        None => None,
        Some(Outcome::Reindexed(report)) => Some(Ended::Response(pack(&reindex_response(&report))?)),
        Some(Outcome::Failed(failure)) => Some(Ended::Error(error(&failure.into()))),
    };
    Ok(longrunning::Operation { name: operation.name.to_string(), metadata: Some(metadata), done, result })
}

fn reindex_metadata(operation: &Operation) -> proto::ReindexMetadata {
    let progress = &operation.progress;
    let step = match progress.step {
        None => proto::ReindexStep::Unspecified,
        Some(ReindexStep::Reading) => proto::ReindexStep::Reading,
        Some(ReindexStep::Encoding) => proto::ReindexStep::Encoding,
        Some(ReindexStep::Indexing) => proto::ReindexStep::Indexing,
        Some(ReindexStep::Checking) => proto::ReindexStep::Checking,
        Some(ReindexStep::Warming) => proto::ReindexStep::Warming,
        Some(ReindexStep::Swapping) => proto::ReindexStep::Swapping,
    };
    proto::ReindexMetadata {
        knowledge_base: operation.base.to_string(),
        step: step.into(),
        num_articles_done: resources::count(progress.num_articles_done),
        num_articles_total: resources::count(progress.num_articles_total),
        generation: resources::count(progress.generation),
        start_time: Some(resources::time(operation.create_time_ms)),
        end_time: operation.end_time_ms.map(resources::time),
        cancel_requested: progress.cancel_requested,
    }
}

fn reindex_response(report: &ReindexReport) -> proto::ReindexResponse {
    proto::ReindexResponse {
        generation: resources::count(report.generation),
        num_articles: resources::count(report.num_articles as u64),
        num_passages: resources::count(report.num_passages as u64),
        duration: prost_types::Duration::try_from(report.duration).ok(),
        previous_generation: resources::count(report.previous_generation),
    }
}

/// The status that a failed operation carries: the same as a call that failed so would get.
fn error(error: &Error) -> rpc::Status {
    let status = status::from_error(error);
    // The details are a whole google.rpc.Status already.
    let packed = <rpc::Status as prost::Message>::decode(status.details());
    packed.unwrap_or_else(|_| rpc::Status {
        code: status.code() as i32,
        message: status.message().to_owned(),
        details: Vec::new(),
    })
}

fn pack<M: Name>(message: &M) -> Result<Any> {
    Any::from_msg(message).map_err(|error| Error::Internal(error.to_string()))
}

/// Reads a filter: terms joined by AND, each `knowledge_base="knowledgeBases/{knowledge_base}"` or
/// `done=true` or `done=false`.
fn read_filter(filter: &str) -> Result<OperationFilter> {
    let unreadable = |what: &str| {
        let remedy = "write knowledge_base=\"knowledgeBases/shop\", done=true or done=false, joined by AND";
        Error::invalid("filter", format!("{what}; {remedy}"))
    };
    let mut read = OperationFilter::default();
    if filter.trim().is_empty() {
        return Ok(read);
    }
    for term in filter.split(" AND ") {
        let Some((field, value)) = term.split_once('=') else {
            return Err(unreadable(&format!("{term:?} has no =")));
        };
        match (field.trim(), value.trim()) {
            ("knowledge_base", quoted) if read.base.is_none() => {
                let name = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
                let name = name.ok_or_else(|| unreadable("the name of knowledge_base is not in quotes"))?;
                read.base = Some(BaseName::parse(name, "filter")?);
            }
            ("done", "true") if read.done.is_none() => read.done = Some(true),
            ("done", "false") if read.done.is_none() => read.done = Some(false),
            ("done", _) if read.done.is_none() => return Err(unreadable("done is true or false")),
            ("knowledge_base" | "done", _) => return Err(unreadable("a field is named twice")),
            (field, _) => return Err(unreadable(&format!("{field:?} is not a field"))),
        }
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_read_and_what_cannot_be_is_told() {
        let shop = || Some(BaseName::from_id("shop", "id").expect("a name"));
        let cases = [
            ("", None, None),
            ("  ", None, None),
            ("done=true", None, Some(true)),
            ("done = false", None, Some(false)),
            ("knowledge_base=\"knowledgeBases/shop\"", shop(), None),
            ("knowledge_base = \"knowledgeBases/shop\" AND done=true", shop(), Some(true)),
            ("done=true AND knowledge_base=\"knowledgeBases/shop\"", shop(), Some(true)),
        ];
        for (filter, base, done) in cases {
            assert_eq!(read_filter(filter).expect("a filter"), OperationFilter { base, done }, "{filter}");
        }
        for wrong in [
            "done",
            "done=1",
            "done:true",
            "done=true OR done=false",
            "done=true AND done=true",
            "done=true AND ",
            "state=\"running\"",
            "knowledge_base=shop",
            "knowledge_base=\"shop\"",
            "知识库=\"knowledgeBases/shop\"",
        ] {
            let error = read_filter(wrong).expect_err("refused");
            assert!(matches!(&error, Error::Invalid { field, .. } if field == "filter"), "{wrong}: {error}");
        }
    }

    #[test]
    fn a_failure_carries_what_a_failed_call_would() {
        let error = error(&Error::Cancelled { resource: "knowledgeBases/shop".into() });
        assert_eq!((error.code, error.message.as_str()), (1, "knowledgeBases/shop was cancelled"));
        assert!(error.details[0].type_url.ends_with("google.rpc.ErrorInfo"), "{error:?}");
    }

    #[test]
    fn types_are_named_as_other_languages_look_for_them() {
        let packed = pack(&proto::ReindexMetadata::default()).expect("packed");
        assert_eq!(packed.type_url, "type.googleapis.com/frontdesk.v1.ReindexMetadata");
    }
}
