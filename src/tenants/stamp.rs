//! What a folder held when it was looked at: enough to see that nothing changed without reading it.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use crate::{Error, Result, digest};

/// Age that a file must have for its time to prove that it is unchanged: file systems count time in steps of
/// up to two seconds, and within one a file can change again.
const SETTLED: Duration = Duration::from_secs(3);

/// Folders within a tenant's folder that are looked into.
const MAX_DEPTH: usize = 4;

/// Files of a tenant at most.
const MAX_FILES: usize = 2000;

/// A file as the file system shows it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    /// Below the folder.
    path: PathBuf,
    modified: SystemTime,
    length: u64,
}

/// The files of a folder at a time.
#[derive(Clone, Debug)]
pub(super) struct Stamp {
    entries: Vec<Entry>,
    looked: SystemTime,
    /// SHA-256 of the files' names and texts.
    digest: String,
}

impl Stamp {
    /// Looks at a folder and reads its files.
    ///
    /// # Errors
    /// When something in it cannot be read.
    pub fn of(folder: &Path) -> Result<Self> {
        let looked = SystemTime::now();
        let entries = entries(folder)?;
        let mut digests = String::new();
        for Entry { path, .. } in &entries {
            let path = folder.join(path);
            let text = fs::read(&path).map_err(|error| Error::file(&path, error))?;
            digests.push_str(&format!("{} {}\n", digest::sha256(&text), path.display()));
        }
        Ok(Self { entries, looked, digest: digest::sha256(digests.as_bytes()) })
    }

    /// Whether the folder is surely as it was, by names, times and lengths alone.
    pub fn is_current(&self, folder: &Path) -> bool {
        let settled = |entry: &Entry| entry.modified + SETTLED < self.looked;
        self.entries.iter().all(settled) && entries(folder).is_ok_and(|entries| entries == self.entries)
    }

    /// Whether another look found the same names and texts.
    pub fn holds_the_same(&self, other: &Self) -> bool {
        self.digest == other.digest
    }

    /// Whether a file is there.
    pub fn holds(&self, path: &Path) -> bool {
        self.entries.iter().any(|entry| entry.path == path)
    }
}

/// The files below a folder, in order; hidden ones are left out.
fn entries(folder: &Path) -> Result<Vec<Entry>> {
    let mut found = Vec::new();
    collect(folder, Path::new(""), MAX_DEPTH, &mut found)?;
    found.sort();
    Ok(found)
}

fn collect(root: &Path, below: &Path, depth: usize, found: &mut Vec<Entry>) -> Result<()> {
    let folder = root.join(below);
    for entry in fs::read_dir(&folder).map_err(|error| Error::file(&folder, error))? {
        let name = entry.map_err(|error| Error::file(&folder, error))?.file_name();
        if name.to_string_lossy().starts_with('.') {
            continue;
        }
        let path = below.join(&name);
        let metadata = match fs::metadata(root.join(&path)) {
            Ok(metadata) => metadata,
            // Editors replace files by renaming; what is gone by now is not there.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(Error::file(root.join(&path), error)),
        };
        if metadata.is_dir() && depth > 0 {
            collect(root, &path, depth - 1, found)?;
        } else if metadata.is_file() {
            let modified = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
            found.push(Entry { path, modified, length: metadata.len() });
        }
        if found.len() > MAX_FILES {
            return Err(Error::policy(
                root,
                format!("has more than {MAX_FILES} files; move what is none of it"),
            ));
        }
    }
    Ok(())
}
