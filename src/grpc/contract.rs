//! The contract `frontdesk.v1`, generated from `proto/`, and the interfaces of others that it
//! names, from `proto-google/`.

#![expect(clippy::all, reason = "generated code")]

pub use frontdesk::v1::*;

/// Packages of Google's API conventions.
pub mod google {
    /// Work that outlives the call that started it.
    pub mod longrunning {
        tonic::include_proto!("google.longrunning");
    }
    /// Why something failed.
    pub mod rpc {
        tonic::include_proto!("google.rpc");
    }
}

/// The package's place beside `google`, where the generated code looks for it.
mod frontdesk {
    pub mod v1 {
        tonic::include_proto!("frontdesk.v1");
    }
}

/// Descriptors of the contract, for reflection and the JSON mapping.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/frontdesk.v1.bin"));
