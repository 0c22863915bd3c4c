//! The gRPC side: handlers and the client.

pub mod client;
