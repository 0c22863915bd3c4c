//! Layers around every service: a panic is an INTERNAL error and a request that cannot be decoded
//! is the caller's mistake.

use std::{
    collections::HashMap,
    future::Future,
    panic::AssertUnwindSafe,
    pin::Pin,
    task::{Context, Poll},
};

use futures_util::FutureExt;
use tonic::{Code, Status, body::Body, codegen::http};
use tonic_types::{ErrorDetails, StatusExt};
use tower::{Layer, Service, util::MapResponseLayer};

/// What prost-generated code says when bytes are not the message they should be.
const DECODE_FAILED: &str = "failed to decode Protobuf message: ";

type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Makes a panic of a handler an INTERNAL status instead of a reset stream.
#[derive(Clone, Copy, Debug, Default)]
pub struct CatchPanicLayer;

/// Makes requests that cannot be decoded INVALID_ARGUMENT; tonic says INTERNAL.
pub type DecodeErrorLayer = MapResponseLayer<fn(http::Response<Body>) -> http::Response<Body>>;

/// A [`DecodeErrorLayer`].
pub fn decode_error_layer() -> DecodeErrorLayer {
    MapResponseLayer::new(blame_caller)
}

/// The service of [`CatchPanicLayer`].
#[derive(Clone)]
pub struct CatchPanic<S>(S);

impl<S> Layer<S> for CatchPanicLayer {
    type Service = CatchPanic<S>;

    fn layer(&self, inner: S) -> Self::Service {
        CatchPanic(inner)
    }
}

impl<S, Q, A> Service<http::Request<Q>> for CatchPanic<S>
where
    S: Service<http::Request<Q>, Response = http::Response<A>>,
    S::Future: Send + 'static,
    S::Error: Send + 'static,
    A: Default + Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = BoxFuture<Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: http::Request<Q>) -> Self::Future {
        let response = AssertUnwindSafe(self.0.call(request)).catch_unwind();
        Box::pin(async move {
            response.await.unwrap_or_else(|_| {
                // The hook of `telemetry` has said where.
                Ok(Status::internal("internal fault; the server's log says more").into_http())
            })
        })
    }
}

/// Replaces the status of a request that could not be decoded.
fn blame_caller(response: http::Response<Body>) -> http::Response<Body> {
    let decode_error = Status::from_header_map(response.headers())
        .filter(|status| status.code() == Code::Internal)
        .and_then(|status| status.message().strip_prefix(DECODE_FAILED).map(str::to_owned));
    match decode_error {
        Some(reason) => undecodable(&reason).into_http(),
        None => response,
    }
}

/// The status for a request that is not the message it should be. prost names the field as
/// "TriageRequest.text: invalid string value: …".
fn undecodable(reason: &str) -> Status {
    let segments = reason.split(": ").map_while(|segment| segment.split_once('.'));
    let field = segments.filter(|(message, _)| !message.contains(' ')).map(|(_, field)| field);
    let field = field.collect::<Vec<_>>().join(".");
    let message = format!("the request cannot be decoded: {reason}; text has to be UTF-8");
    let mut details = ErrorDetails::with_error_info("UNDECODABLE", "frontdesk", HashMap::new());
    details.add_bad_request_violation(field, reason);
    Status::with_error_details(Code::InvalidArgument, message, details)
}
