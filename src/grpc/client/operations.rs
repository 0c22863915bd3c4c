//! Calls that start, watch and steer operations.

use std::time::Duration;

use super::{Client, ClientError, Code, LONG, QUICK, answer, within};
use crate::proto::{
    ReindexMetadata, ReindexRequest, ReindexResponse, RollbackIndexRequest, RollbackIndexResponse,
    google::longrunning::{
        CancelOperationRequest, GetOperationRequest, ListOperationsRequest, ListOperationsResponse,
        Operation, WaitOperationRequest, operation::Result as Ended,
    },
};

/// How much longer than its timeout a wait may take to answer.
const WAIT_SLACK: Duration = Duration::from_secs(30);

/// A reindex as its operation tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reindexing {
    /// Resource name of the operation.
    pub name: String,
    /// How far it is.
    pub progress: ReindexMetadata,
    /// How it ended; `None` while it runs.
    pub ended: Option<Result<ReindexResponse, ClientError>>,
}

impl Client {
    /// Starts to build the index of a knowledge base anew.
    ///
    /// # Errors
    /// [`ClientError`] as the server says.
    pub async fn reindex(&self, request: ReindexRequest) -> Result<Operation, ClientError> {
        answer(self.knowledge.clone().reindex(within(QUICK, request)).await)
    }

    /// Makes the generation before the live one live again.
    ///
    /// # Errors
    /// [`ClientError`] as the server says.
    pub async fn rollback_index(&self, name: &str) -> Result<RollbackIndexResponse, ClientError> {
        let request = RollbackIndexRequest { name: name.to_owned(), request_id: String::new() };
        answer(self.knowledge.clone().rollback_index(within(LONG, request)).await)
    }

    /// Lists a page of operations, the newest first.
    ///
    /// # Errors
    /// [`ClientError`] as the server says.
    pub async fn list_operations(
        &self,
        request: ListOperationsRequest,
    ) -> Result<ListOperationsResponse, ClientError> {
        answer(self.operations.clone().list_operations(within(QUICK, request)).await)
    }

    /// Gets the latest state of an operation.
    ///
    /// # Errors
    /// [`ClientError`] as the server says.
    pub async fn get_operation(&self, name: &str) -> Result<Operation, ClientError> {
        let request = GetOperationRequest { name: name.to_owned() };
        answer(self.operations.clone().get_operation(within(QUICK, request)).await)
    }

    /// Asks an operation to stop.
    ///
    /// # Errors
    /// [`ClientError`] as the server says.
    pub async fn cancel_operation(&self, name: &str) -> Result<(), ClientError> {
        let request = CancelOperationRequest { name: name.to_owned() };
        answer(self.operations.clone().cancel_operation(within(QUICK, request)).await)
    }

    /// Waits until an operation is done, at most for `timeout`; gives its latest state.
    ///
    /// # Errors
    /// [`ClientError`] as the server says.
    pub async fn wait_operation(&self, name: &str, timeout: Duration) -> Result<Operation, ClientError> {
        let request = WaitOperationRequest {
            name: name.to_owned(),
            timeout: prost_types::Duration::try_from(timeout).ok(),
        };
        answer(self.operations.clone().wait_operation(within(timeout + WAIT_SLACK, request)).await)
    }
}

impl Reindexing {
    /// Reads the operation of a reindex.
    ///
    /// # Errors
    /// [`ClientError`] when it is the operation of something else.
    pub fn read(operation: Operation) -> Result<Self, ClientError> {
        let of_another = |_| ClientError::new(Code::Internal, "the operation is not one of Reindex");
        let progress = operation.metadata.unwrap_or_default().to_msg().map_err(of_another)?;
        let ended = match operation.result {
            None => None,
            Some(Ended::Response(response)) => Some(Ok(response.to_msg().map_err(of_another)?)),
            Some(Ended::Error(status)) => {
                Some(Err(ClientError::new(Code::from_i32(status.code), status.message)))
            }
        };
        Ok(Self { name: operation.name, progress, ended })
    }
}
