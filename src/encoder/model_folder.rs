//! The folder that holds a model, checked file by file before anything of it is used.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use frontdesk_kernels::Mapped;
use sha2::{Digest, Sha256};

use crate::{Error, Result};

/// Name of the file that lists the SHA-256 of every other file of the folder.
const SUMS: &str = "SHA256SUMS";

/// Name of the file that holds the encoder's weights.
pub const WEIGHTS: &str = "model.safetensors";

/// A model folder whose files all have the hashes that its `SHA256SUMS` states.
///
/// Layout: `config.json`, `tokenizer.json`, `model.safetensors` as the ecosystem lays out a BERT
/// encoder; `heads.safetensors`, `labels.json`, `calibration.json` of this project.
#[derive(Clone, Debug)]
pub struct ModelFolder {
    path: PathBuf,
    sums: BTreeMap<String, String>,
    weights: Mapped,
}

impl ModelFolder {
    /// Opens a folder and checks every file that `SHA256SUMS` names.
    ///
    /// # Errors
    /// [`Error::Model`] when the folder or a file is missing, or a hash differs.
    pub fn open(path: &Path) -> Result<Self> {
        if !path.is_dir() {
            return Err(Error::model(path, "there is no such folder; set `model.path` to a model folder"));
        }
        let sums = read_sums(&path.join(SUMS))?;
        for required in
            ["config.json", "tokenizer.json", WEIGHTS, "heads.safetensors", "labels.json", "calibration.json"]
        {
            if !sums.contains_key(required) {
                return Err(Error::model(path.join(SUMS), format!("has no line for {required}")));
            }
        }
        let weights = path.join(WEIGHTS);
        let weights = Mapped::open(&weights).map_err(|error| unreadable(&weights, &error))?;
        for (name, expected) in &sums {
            let file = path.join(name);
            if name == WEIGHTS {
                check_hash(&file, &weights, expected)?;
            } else {
                check_hash(&file, &read(&file)?, expected)?;
            }
        }
        Ok(Self { path: path.to_owned(), sums, weights })
    }

    /// Where the folder is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Name of the model: the folder's last part.
    pub fn name(&self) -> String {
        self.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// The bytes of the weights' file, those whose hash was checked.
    pub fn weights(&self) -> &Mapped {
        &self.weights
    }

    /// SHA-256 of the weights, hexadecimal.
    pub fn weights_sha256(&self) -> &str {
        self.sums.get(WEIGHTS).map_or("", String::as_str)
    }

    /// Identity of everything that a decision depends on: the name and the first 12 digits of the
    /// hash over all hashes.
    pub fn version(&self) -> String {
        let mut hasher = Sha256::new();
        for (name, sum) in &self.sums {
            // The card and the parity cases describe the model; they change no decision.
            if !matches!(name.as_str(), "MODEL_CARD.md" | "parity.json" | "parity_labels.json") {
                hasher.update(format!("{sum}  {name}\n"));
            }
        }
        let digest = crate::digest::hex(&hasher.finalize());
        format!("{}@{}", self.name(), &digest[..12])
    }

    /// Path of a file of the folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Reads a file of the folder.
    ///
    /// # Errors
    /// [`Error::Model`] when it cannot be read.
    pub fn read(&self, name: &str) -> Result<Vec<u8>> {
        read(&self.file(name))
    }

    /// Reads a JSON file of the folder.
    ///
    /// # Errors
    /// [`Error::Model`] when it cannot be read or does not have the form of `T`.
    pub fn read_json<T: serde::de::DeserializeOwned>(&self, name: &str) -> Result<T> {
        serde_json::from_slice(&self.read(name)?)
            .map_err(|error| Error::model(self.file(name), format!("not as expected: {error}")))
    }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &io::Error) -> Error {
    Error::model(path, format!("cannot be read: {error}"))
}

/// Reads lines of the form "{64 hexadecimal digits}  {file name}".
fn read_sums(path: &Path) -> Result<BTreeMap<String, String>> {
    let text = String::from_utf8_lossy(&read(path)?).into_owned();
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| match line.split_once("  ") {
            Some((sum, name)) if sum.len() == 64 && !name.contains(['/', '\\']) => {
                Ok((name.to_owned(), sum.to_ascii_lowercase()))
            }
            _ => Err(Error::model(path, format!("not a line of sha256sum: {line:?}"))),
        })
        .collect()
}

fn check_hash(path: &Path, bytes: &[u8], expected: &str) -> Result<()> {
    let actual = crate::digest::sha256(bytes);
    if actual == expected {
        return Ok(());
    }
    Err(Error::model(
        path,
        format!(
            "has SHA-256 {actual} but {SUMS} says {expected}; get the file again, it is damaged or not of this model"
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut sums = String::new();
        for (name, content) in files {
            fs::write(folder.path().join(name), content).expect("written");
            sums += &format!("{}  {name}\n", crate::digest::sha256(content.as_bytes()));
        }
        fs::write(folder.path().join(SUMS), sums).expect("written");
        folder
    }

    const FILES: &[(&str, &str)] = &[
        ("config.json", "{}"),
        ("tokenizer.json", "{}"),
        (WEIGHTS, "w"),
        ("heads.safetensors", "h"),
        ("labels.json", "{}"),
        ("calibration.json", "{}"),
    ];

    #[test]
    fn a_whole_folder_opens() {
        let folder = folder_with(FILES);
        let model = ModelFolder::open(folder.path()).expect("opens");
        assert_eq!(model.weights_sha256().len(), 64);
    }

    #[test]
    fn a_missing_folder_names_the_setting() {
        let error = ModelFolder::open(Path::new("/nowhere/model")).expect_err("refused").to_string();
        assert!(error.contains("model.path"), "{error}");
    }

    #[test]
    fn a_changed_file_is_refused_by_name() {
        let folder = folder_with(FILES);
        fs::write(folder.path().join(WEIGHTS), "x").expect("written");
        let error = ModelFolder::open(folder.path()).expect_err("refused").to_string();
        assert!(error.contains(WEIGHTS) && error.contains("SHA-256"), "{error}");
    }

    #[test]
    fn a_missing_file_is_refused_by_name() {
        let folder = folder_with(FILES);
        fs::remove_file(folder.path().join("labels.json")).expect("removed");
        let error = ModelFolder::open(folder.path()).expect_err("refused").to_string();
        assert!(error.contains("labels.json"), "{error}");
    }
}
