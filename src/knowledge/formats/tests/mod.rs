//! Reading articles as users have them: from files on disk.

mod archives;
mod encodings;
mod exports;
mod hostile;
mod includes;
mod markdown;
mod pages;
mod round_trip;
mod tables;

use std::{fs, path::PathBuf};

use super::*;

/// A file or folder of `tests/fixtures/import`.
fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/import").join(name)
}

fn read_fixture(name: &str) -> Reading {
    read(&fixture(name), &ReadOptions::default())
}

/// A folder with files, which is removed in the end.
struct Folder(tempfile::TempDir);

impl Folder {
    fn with(files: &[(&str, &[u8])]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (name, bytes) in files {
            let path = folder.path(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn read(&self) -> Reading {
        read(self.0.path(), &ReadOptions::default())
    }

    fn read_file(&self, name: &str) -> Reading {
        read(&self.path(name), &ReadOptions::default())
    }

    /// What was told, without the path of the folder.
    fn told(&self, problems: &[FileProblem]) -> Vec<String> {
        let folder = format!("{}/", self.0.path().display());
        problems.iter().map(|problem| problem.to_string().replace(&folder, "")).collect()
    }
}

fn ids(reading: &Reading) -> Vec<&str> {
    reading.articles.iter().map(|article| article.item.name.as_str()).collect()
}

fn article<'a>(reading: &'a Reading, id: &str) -> &'a ImportItem {
    let found = reading.articles.iter().find(|article| article.item.name == id);
    &found.unwrap_or_else(|| panic!("{id} is not among {:?}: {:?}", ids(reading), reading.problems)).item
}

/// An article file of Markdown.
fn markdown_file(id: &str, body: &str) -> String {
    format!("---\nid: {id}\nlocale: en\ntitle: T\n---\n\n{body}")
}
