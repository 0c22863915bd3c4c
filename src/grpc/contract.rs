//! The contract `frontdesk.v1`, generated from `proto/`.

#![expect(clippy::all, reason = "generated code")]

tonic::include_proto!("frontdesk.v1");

/// Descriptors of the contract, for reflection and the JSON mapping.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/frontdesk.v1.bin"));
