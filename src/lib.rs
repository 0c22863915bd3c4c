//! Frontdesk reads customer messages in English, Simplified and Traditional Chinese and decides
//! what to do with them, on one machine.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod cli;
pub mod data_folder;
mod database;
mod dense;
pub mod desk;
mod digest;
pub mod draft;
pub mod encoder;
mod error;
pub mod eval;
pub mod grpc;
pub mod json;
pub mod knowledge;
pub mod message;
pub mod policy;
mod progress;
pub mod records;
pub mod server;
pub mod settings;
pub mod signals;
pub mod taxonomy;
pub mod telemetry;
pub mod tenants;
pub mod text;
pub mod triage;
pub mod workers;

pub use error::{Error, Result};
pub use grpc::contract as proto;
