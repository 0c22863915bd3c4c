//! Dependencies point one way: main → server → grpc → desk → {encoder, triage, knowledge, policy,
//! draft} → message, error.

mod common;

use std::{fs, path::Path};

/// Layers from the top; a file may use its own layer's modules and those below.
const LAYERS: &[&[&str]] = &[
    &["main"],
    &["cli"],
    &["server"],
    &["grpc", "json"],
    &["workers", "tenants", "desk", "settings", "telemetry", "eval", "records"],
    &["draft"],
    &["policy"],
    &["triage", "knowledge"],
    &["encoder", "data_folder", "database"],
    &["signals"],
    &["text", "taxonomy", "progress", "digest", "dense"],
    &["message"],
    &["error"],
];

/// Every source file with its path under `src` and its module at the top.
fn sources() -> Vec<(String, String, String)> {
    fn collect(folder: &Path, root: &Path, found: &mut Vec<(String, String, String)>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                collect(&path, root, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root).expect("under src").to_string_lossy().into_owned();
                let module = name.split(['/', '.']).next().expect("a first part").to_owned();
                found.push((name, module, fs::read_to_string(&path).expect("readable")));
            }
        }
    }
    let root = common::root().join("src");
    let mut found = Vec::new();
    collect(&root, &root, &mut found);
    found
}

/// The file without comments, so that words in them do not count.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim_start().starts_with("//"))
}

fn layer(module: &str) -> usize {
    LAYERS
        .iter()
        .position(|layer| layer.contains(&module))
        .unwrap_or_else(|| panic!("module {module} is in no layer; add it to LAYERS"))
}

#[test]
fn only_server_and_grpc_name_tonic() {
    for (name, module, text) in sources() {
        let names = code(&text).any(|line| line.contains("tonic"));
        assert!(!names || matches!(module.as_str(), "server" | "grpc"), "{name} names tonic");
    }
}

#[test]
fn only_the_encoder_names_the_kernels() {
    for (name, module, text) in sources() {
        let names = code(&text).any(|line| line.contains("frontdesk_kernels"));
        assert!(!names || module == "encoder", "{name} names the kernels");
    }
}

#[test]
fn nothing_points_up() {
    for (name, module, text) in sources() {
        // Tests may bring parts together that the code keeps apart.
        if module == "lib" || name.ends_with("tests.rs") || name.contains("/tests/") {
            continue;
        }
        for other in LAYERS.iter().flat_map(|layer| layer.iter()) {
            let uses =
                code(&text).any(|line| line.contains(&format!("crate::{other}")) || is_imported(line, other));
            if uses && *other != module {
                assert!(layer(&module) <= layer(other), "{name} uses {other}, which is above it");
            }
        }
    }
}

/// Whether a line of a grouped `use crate::{…}` imports from a module.
fn is_imported(line: &str, module: &str) -> bool {
    line.strip_prefix("    ")
        .is_some_and(|rest| rest.starts_with(&format!("{module}::")) && rest.ends_with(','))
}

#[test]
fn domain_code_never_waits() {
    for (name, module, text) in sources() {
        if matches!(module.as_str(), "encoder" | "triage" | "policy" | "draft" | "text" | "desk") {
            assert!(!code(&text).any(|line| line.contains(".await")), "{name} awaits");
        }
    }
}
