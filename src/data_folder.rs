//! The folder that holds everything that must outlive the program.

use std::{
    fs::{self, File, TryLockError},
    io::{self, Write},
    path::{Path, PathBuf},
};

use crate::{Error, Result};

/// Version of the layout that this program reads and writes.
const FORMAT_VERSION: u32 = 1;
/// First words of the format file; the version follows.
const FORMAT_PREFIX: &str = "frontdesk data folder, version ";
/// Says which layout the folder has.
const FORMAT_FILE: &str = "FORMAT";
/// Locked while a process uses the folder.
const LOCK_FILE: &str = "LOCK";

/// A data folder that this process alone uses, until the value is dropped.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    /// Keeps the lock; the system releases it even when the process is killed.
    _lock: File,
}

impl DataFolder {
    /// Opens a data folder, creating it when it is not there.
    ///
    /// # Errors
    /// [`Error::DataFolder`] when the folder cannot be created or written, when another process
    /// uses it, or when it belongs to another version.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self> {
        let path = path.into();
        fs::create_dir_all(&path).map_err(|source| unwritable(&path, &source))?;
        let lock = lock(&path)?;
        let format_file = path.join(FORMAT_FILE);
        match fs::read_to_string(&format_file) {
            Ok(text) => check_format(&path, &text)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                write_format(&path).map_err(|source| unwritable(&path, &source))?;
            }
            Err(error) => {
                return Err(Error::data_folder(format_file, format!("cannot be read: {error}")));
            }
        }
        check_writable(&path)?;
        Ok(Self { path, _lock: lock })
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The SQLite file with everything that cannot be derived.
    pub fn store_path(&self) -> PathBuf {
        self.path.join("frontdesk.sqlite")
    }

    /// The SQLite file with kept decisions and conversations.
    pub fn records_path(&self) -> PathBuf {
        self.path.join("records.sqlite")
    }

    /// The folder of the search indexes, all of which can be rebuilt from the store.
    pub fn index_path(&self) -> PathBuf {
        self.path.join("index")
    }
}

fn lock(path: &Path) -> Result<File> {
    let lock = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path.join(LOCK_FILE))
        .map_err(|source| unwritable(path, &source))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(Error::data_folder(
            path,
            "another frontdesk runs on it; stop that one first, or give this one a folder of its own",
        )),
        Err(TryLockError::Error(source)) => Err(Error::data_folder(
            path,
            format!("cannot be locked ({source}); put it on a file system that knows locks"),
        )),
    }
}

fn check_format(path: &Path, text: &str) -> Result<()> {
    let version = text.trim().strip_prefix(FORMAT_PREFIX);
    match version.and_then(|version| version.parse::<u32>().ok()) {
        Some(FORMAT_VERSION) => Ok(()),
        Some(other) => Err(Error::data_folder(
            path,
            format!(
                "has version {other}, this program reads version {FORMAT_VERSION}; start the frontdesk that \
                 wrote it, or give this one another folder and import the articles again"
            ),
        )),
        None => Err(Error::data_folder(
            path.join(FORMAT_FILE),
            "is not a frontdesk format file; give another folder",
        )),
    }
}

/// Writes the format file whole or not at all.
fn write_format(path: &Path) -> io::Result<()> {
    let draft = path.join("FORMAT.new");
    let mut file = File::create(&draft)?;
    writeln!(file, "{FORMAT_PREFIX}{FORMAT_VERSION}")?;
    file.sync_all()?;
    fs::rename(&draft, path.join(FORMAT_FILE))?;
    File::open(path)?.sync_all()
}

fn check_writable(path: &Path) -> Result<()> {
    let probe = path.join("WRITABLE");
    let tried = fs::write(&probe, b"probe").and_then(|()| fs::remove_file(&probe));
    tried.map_err(|source| unwritable(path, &source))
}

fn unwritable(path: &Path, source: &io::Error) -> Error {
    Error::data_folder(path, format!("cannot be written: {source}; mend its permissions or give another"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(path: &Path) -> String {
        DataFolder::open(path).unwrap_err().to_string()
    }

    #[test]
    fn a_folder_is_created_and_opens_again() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("deep/data");
        drop(DataFolder::open(&path).unwrap());
        let folder = DataFolder::open(&path).unwrap();
        assert_eq!(folder.path(), path);
        let format = fs::read_to_string(path.join(FORMAT_FILE)).unwrap();
        assert_eq!(format, "frontdesk data folder, version 1\n");
    }

    #[test]
    fn a_folder_in_use_is_refused() {
        let path = tempfile::tempdir().unwrap();
        let _first = DataFolder::open(path.path()).unwrap();
        let reason = reason(path.path());
        assert!(reason.contains("another frontdesk runs"), "{reason}");
        assert!(reason.contains(&path.path().display().to_string()), "{reason}");
    }

    #[test]
    fn a_folder_of_another_version_is_refused() {
        let path = tempfile::tempdir().unwrap();
        fs::write(path.path().join(FORMAT_FILE), "frontdesk data folder, version 7\n").unwrap();
        assert!(reason(path.path()).contains("version 7"));
        fs::write(path.path().join(FORMAT_FILE), "something else").unwrap();
        assert!(reason(path.path()).contains("not a frontdesk format file"));
    }

    #[test]
    fn a_path_that_cannot_be_a_folder_is_refused() {
        let path = tempfile::tempdir().unwrap();
        let file = path.path().join("file");
        fs::write(&file, "x").unwrap();
        assert!(reason(&file).contains("cannot be written"));
        // A read-only place that holds for root too.
        assert!(reason(Path::new("/proc/frontdesk")).contains("cannot be written"));
    }
}
