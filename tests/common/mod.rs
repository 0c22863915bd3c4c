//! What the tests share: the real model, loaded once a test program.

#![allow(dead_code, reason = "every test program uses its own part")]

use std::{
    path::{Path, PathBuf},
    sync::{Arc, LazyLock},
};

use frontdesk::{encoder::ModelFolder, triage::Model};

/// The repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Folder of the bundled model.
pub fn model_path() -> PathBuf {
    root().join("models/frontdesk-bilingual-v1")
}

/// The bundled model.
pub fn model() -> Arc<Model> {
    static MODEL: LazyLock<Arc<Model>> = LazyLock::new(|| {
        let folder = ModelFolder::open(&model_path()).expect("the bundled model folder");
        Arc::new(Model::load(folder).expect("the bundled model"))
    });
    Arc::clone(&MODEL)
}
