//! Compiles `proto/` and `proto-google/` into Rust (no `protoc` needed) and writes the descriptor set
//! that reflection and the JSON mapping use.

use std::{env, error::Error, fs, path::PathBuf};

use prost::Message;

const PROTOS: &[&str] = &[
    "frontdesk/v1/triage_service.proto",
    "frontdesk/v1/knowledge_service.proto",
    "frontdesk/v1/server_service.proto",
    "frontdesk/v1/decision_service.proto",
    "frontdesk/v1/conversation_service.proto",
    // Named by no other file, but packed into errors.
    "google/rpc/error_details.proto",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=proto");
    println!("cargo::rerun-if-changed=proto-google");
    // They are compiled in by a macro, which does not see a new file.
    println!("cargo::rerun-if-changed=src/knowledge/store/migrations");
    println!("cargo::rerun-if-changed=src/records/migrations");
    let descriptors = protox::compile(PROTOS, ["proto", "proto-google"])?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("frontdesk.v1.bin"), descriptors.encode_to_vec())?;
    let mut config = prost_build::Config::new();
    config.enable_type_names();
    // What `google.protobuf.Any` writes before the name of a type.
    config.type_name_domain(["."], "type.googleapis.com");
    tonic_prost_build::configure().compile_fds_with_config(descriptors, config)?;
    Ok(())
}
