//! A client of Frontdesk's services, with errors told for people.

mod operations;
mod records;

use std::{fmt, time::Duration};

pub use operations::Reindexing;
pub use tonic::Code;
use tonic::{
    Request, Response, Status,
    metadata::{Ascii, MetadataValue},
    transport::Channel,
};
use tonic_types::StatusExt;

use super::tenant::TENANT_KEY;
use crate::proto::{
    BatchTriageRequest, BatchTriageResponse, CheckKnowledgeBaseRequest, CheckKnowledgeBaseResponse,
    CreateKnowledgeBaseRequest, DeleteGapRequest, GetInfoRequest, GetInfoResponse, GetKnowledgeBaseRequest,
    ImportArticlesRequest, ImportArticlesResponse, KnowledgeBase, LintKnowledgeBaseRequest,
    LintKnowledgeBaseResponse, ListArticlesRequest, ListArticlesResponse, ListGapsRequest, ListGapsResponse,
    ListKnowledgeBasesRequest, ListKnowledgeBasesResponse, SearchRequest, SearchResponse,
    SetGoldenQuestionsRequest, SetGoldenQuestionsResponse, TriageRequest, TriageResponse,
    conversation_service_client::ConversationServiceClient, decision_service_client::DecisionServiceClient,
    google::longrunning::operations_client::OperationsClient,
    knowledge_service_client::KnowledgeServiceClient, server_service_client::ServerServiceClient,
    triage_service_client::TriageServiceClient,
};

/// Deadline of a call that answers one question.
const QUICK: Duration = Duration::from_secs(30);
/// Deadline of a batch: the server's queue full of long messages on one slow core.
const BATCH: Duration = Duration::from_secs(5 * 60);
/// Deadline of a call that writes or rebuilds an index.
const LONG: Duration = Duration::from_secs(30 * 60);
/// Largest answer that is taken, in bytes; a page of 1000 long articles stays below.
const MAX_ANSWER_BYTES: usize = 64 * 1024 * 1024;

/// Typed calls over one connection. Cheap to clone; clones share the connection.
#[derive(Clone, Debug)]
pub struct Client {
    triage: TriageServiceClient<Channel>,
    knowledge: KnowledgeServiceClient<Channel>,
    server: ServerServiceClient<Channel>,
    operations: OperationsClient<Channel>,
    decisions: DecisionServiceClient<Channel>,
    conversations: ConversationServiceClient<Channel>,
    /// Whose rules and records calls work with; the server's default when it is not said.
    tenant: Option<MetadataValue<Ascii>>,
}

/// A field of the request that the server refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldViolation {
    /// Path of the field as the proto names it.
    pub field: String,
    /// What is wrong and what to send instead.
    pub description: String,
}

/// Why a call failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientError {
    /// Canonical gRPC code.
    pub code: Code,
    /// What the server says.
    pub message: String,
    /// The fields that are wrong (`google.rpc.BadRequest`).
    pub violations: Vec<FieldViolation>,
    /// When a retry has a chance (`google.rpc.RetryInfo`).
    pub retry_after: Option<Duration>,
}

impl Client {
    /// Makes a client over a connection.
    pub fn new(channel: Channel) -> Self {
        Self {
            triage: TriageServiceClient::new(channel.clone()).max_decoding_message_size(MAX_ANSWER_BYTES),
            knowledge: KnowledgeServiceClient::new(channel.clone())
                .max_decoding_message_size(MAX_ANSWER_BYTES),
            server: ServerServiceClient::new(channel.clone()),
            operations: OperationsClient::new(channel.clone()).max_decoding_message_size(MAX_ANSWER_BYTES),
            decisions: DecisionServiceClient::new(channel.clone())
                .max_decoding_message_size(MAX_ANSWER_BYTES),
            conversations: ConversationServiceClient::new(channel)
                .max_decoding_message_size(MAX_ANSWER_BYTES),
            tenant: None,
        }
    }

    /// The same client for the calls of a tenant.
    ///
    /// # Errors
    /// [`ClientError`] when the name holds characters that cannot be sent.
    pub fn for_tenant(self, name: &str) -> Result<Self, ClientError> {
        let tenant = name.parse().map_err(|_| {
            let message = format!("{TENANT_KEY}: {name:?} holds characters that no tenant's name has");
            ClientError::new(Code::InvalidArgument, message)
        })?;
        Ok(Self { tenant: Some(tenant), ..self })
    }

    /// A request of the client's tenant, with a deadline that the server sees.
    fn within<T>(&self, deadline: Duration, message: T) -> Request<T> {
        let mut request = within(deadline, message);
        if let Some(tenant) = &self.tenant {
            request.metadata_mut().insert(TENANT_KEY, tenant.clone());
        }
        request
    }

    /// Decides one message.
    ///
    /// # Errors
    /// [`ClientError`] as the server says.
    pub async fn triage(&self, request: TriageRequest) -> Result<TriageResponse, ClientError> {
        answer(self.triage.clone().triage(self.within(QUICK, request)).await)
    }

    /// Decides many messages; results stand in the order of the requests.
    ///
    /// # Errors
    /// [`ClientError`] as the server says.
    pub async fn batch_triage(
        &self,
        requests: Vec<TriageRequest>,
    ) -> Result<BatchTriageResponse, ClientError> {
        answer(self.triage.clone().batch_triage(self.within(BATCH, BatchTriageRequest { requests })).await)
    }

    /// Asks a knowledge base.
    ///
    /// # Errors
    /// [`ClientError`] as the server says.
    pub async fn search(&self, request: SearchRequest) -> Result<SearchResponse, ClientError> {
        answer(self.knowledge.clone().search(within(QUICK, request)).await)
    }

    /// Creates or replaces articles; `progress` hears how far it is. Gives the whole report.
    ///
    /// # Errors
    /// [`ClientError`] as the server says.
    pub async fn import_articles(
        &self,
        request: ImportArticlesRequest,
        mut progress: impl FnMut(&ImportArticlesResponse),
    ) -> Result<ImportArticlesResponse, ClientError> {
        let mut steps = answer(self.knowledge.clone().import_articles(within(LONG, request)).await)?;
        let mut last = None;
        while let Some(step) = steps.message().await.map_err(ClientError::from)? {
            progress(&step);
            last = Some(step);
        }
        present(last, "report of the import")
    }

    /// Creates an empty knowledge base.
    ///
    /// # Errors
    /// [`ClientError`] as the server says.
    pub async fn create_knowledge_base(
        &self,
        id: &str,
        display_name: &str,
    ) -> Result<KnowledgeBase, ClientError> {
        let request = CreateKnowledgeBaseRequest {
            knowledge_base_id: id.to_owned(),
            knowledge_base: Some(KnowledgeBase {
                display_name: display_name.to_owned(),
                ..KnowledgeBase::default()
            }),
            request_id: String::new(),
        };
        let response = answer(self.knowledge.clone().create_knowledge_base(within(QUICK, request)).await)?;
        present(response.knowledge_base, "knowledge_base")
    }

    /// Gets a knowledge base by its resource name.
    ///
    /// # Errors
    /// [`ClientError`] as the server says.
    pub async fn get_knowledge_base(&self, name: &str) -> Result<KnowledgeBase, ClientError> {
        let request = GetKnowledgeBaseRequest { name: name.to_owned() };
        let response = answer(self.knowledge.clone().get_knowledge_base(within(QUICK, request)).await)?;
        present(response.knowledge_base, "knowledge_base")
    }

    /// Lists a page of knowledge bases.
    ///
    /// # Errors
    /// [`ClientError`] as the server says.
    pub async fn list_knowledge_bases(
        &self,
        request: ListKnowledgeBasesRequest,
    ) -> Result<ListKnowledgeBasesResponse, ClientError> {
        answer(self.knowledge.clone().list_knowledge_bases(within(QUICK, request)).await)
    }

    /// Lists a page of the articles of a knowledge base.
    ///
    /// # Errors
    /// [`ClientError`] as the server says.
    pub async fn list_articles(
        &self,
        request: ListArticlesRequest,
    ) -> Result<ListArticlesResponse, ClientError> {
        answer(self.knowledge.clone().list_articles(within(QUICK, request)).await)
    }

    /// Replaces the golden questions of a knowledge base.
    ///
    /// # Errors
    /// [`ClientError`] as the server says.
    pub async fn set_golden_questions(
        &self,
        request: SetGoldenQuestionsRequest,
    ) -> Result<SetGoldenQuestionsResponse, ClientError> {
        answer(self.knowledge.clone().set_golden_questions(within(QUICK, request)).await)
    }

    /// Asks a knowledge base its golden questions.
    ///
    /// # Errors
    /// [`ClientError`] as the server says.
    pub async fn check_knowledge_base(&self, name: &str) -> Result<CheckKnowledgeBaseResponse, ClientError> {
        let request = CheckKnowledgeBaseRequest { name: name.to_owned() };
        answer(self.knowledge.clone().check_knowledge_base(within(LONG, request)).await)
    }

    /// Lists a page of the gaps of a knowledge base.
    ///
    /// # Errors
    /// [`ClientError`] as the server says.
    pub async fn list_gaps(&self, request: ListGapsRequest) -> Result<ListGapsResponse, ClientError> {
        answer(self.knowledge.clone().list_gaps(within(QUICK, request)).await)
    }

    /// Deletes a gap by its resource name.
    ///
    /// # Errors
    /// [`ClientError`] as the server says.
    pub async fn delete_gap(&self, name: &str) -> Result<(), ClientError> {
        let request = DeleteGapRequest { name: name.to_owned(), request_id: String::new() };
        answer(self.knowledge.clone().delete_gap(within(QUICK, request)).await).map(|_| ())
    }

    /// Looks through a page of what may be wrong with the articles of a knowledge base.
    ///
    /// # Errors
    /// [`ClientError`] as the server says.
    pub async fn lint_knowledge_base(
        &self,
        request: LintKnowledgeBaseRequest,
    ) -> Result<LintKnowledgeBaseResponse, ClientError> {
        answer(self.knowledge.clone().lint_knowledge_base(within(LONG, request)).await)
    }

    /// Gets versions and limits.
    ///
    /// # Errors
    /// [`ClientError`] as the server says.
    pub async fn get_info(&self) -> Result<GetInfoResponse, ClientError> {
        answer(self.server.clone().get_info(within(QUICK, GetInfoRequest {})).await)
    }
}

/// A request with a deadline that the server sees.
fn within<T>(deadline: Duration, message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.set_timeout(deadline);
    request
}

fn answer<T>(result: Result<Response<T>, Status>) -> Result<T, ClientError> {
    result.map(Response::into_inner).map_err(ClientError::from)
}

fn present<T>(field: Option<T>, name: &str) -> Result<T, ClientError> {
    field.ok_or_else(|| ClientError::new(Code::Internal, format!("the server's answer lacks {name}")))
}

impl ClientError {
    /// An error without details.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), violations: Vec::new(), retry_after: None }
    }

    /// The code as the contract spells it, for example `INVALID_ARGUMENT`.
    pub fn code_name(&self) -> &'static str {
        code_name(self.code)
    }

    /// Whether the server cannot take the call now, so that the same call may succeed later.
    pub fn is_transient(&self) -> bool {
        self.code == Code::Unavailable
    }
}

/// A code as the contract spells it.
pub fn code_name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}

impl From<Status> for ClientError {
    fn from(status: Status) -> Self {
        let details = status.get_error_details();
        let violations = details.bad_request().into_iter().flat_map(|bad| &bad.field_violations);
        let violations = violations.map(|violation| FieldViolation {
            field: violation.field.clone(),
            description: violation.description.clone(),
        });
        Self {
            code: status.code(),
            message: status.message().to_owned(),
            violations: violations.collect(),
            retry_after: details.retry_info().and_then(|info| info.retry_delay),
        }
    }
}

impl fmt::Display for ClientError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.code_name())?;
        // The message of a single violation usually says the same as the violation.
        let told: Vec<String> = self
            .violations
            .iter()
            .map(|violation| format!("{}: {}", violation.field, violation.description))
            .collect();
        if !self.message.is_empty() && !told.contains(&self.message) {
            write!(formatter, ": {}", self.message)?;
        }
        match told.as_slice() {
            [only] => write!(formatter, ": {only}"),
            several => several.iter().try_for_each(|line| write!(formatter, "\n  {line}")),
        }
    }
}

impl std::error::Error for ClientError {}

#[cfg(test)]
mod tests {
    use tonic_types::{ErrorDetails, FieldViolation as Violation};

    use super::*;

    fn refused(message: &str, fields: &[(&str, &str)]) -> ClientError {
        let violations = fields.iter().map(|(field, description)| Violation::new(*field, *description));
        let details = ErrorDetails::with_bad_request(violations.collect::<Vec<_>>());
        Status::with_error_details(Code::InvalidArgument, message, details).into()
    }

    #[test]
    fn a_refused_field_is_named_once() {
        let error = refused("text: is blank; send some text", &[("text", "is blank; send some text")]);
        assert_eq!(error.to_string(), "INVALID_ARGUMENT: text: is blank; send some text");
        assert_eq!(error.violations[0].field, "text");
    }

    #[test]
    fn every_refused_field_has_a_line() {
        let error =
            refused("two fields are wrong", &[("text", "is blank"), ("turns[0].role", "is not said")]);
        let expected =
            "INVALID_ARGUMENT: two fields are wrong\n  text: is blank\n  turns[0].role: is not said";
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn the_delay_before_a_retry_is_read() {
        let details = ErrorDetails::with_retry_info(Some(Duration::from_millis(250)));
        let error = ClientError::from(Status::with_error_details(Code::Unavailable, "busy", details));
        assert_eq!(error.retry_after, Some(Duration::from_millis(250)));
        assert!(error.is_transient());
        assert_eq!(error.to_string(), "UNAVAILABLE: busy");
    }
}
