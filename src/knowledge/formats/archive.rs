//! Archives: `.zip`, `.tar`, `.tar.gz` and `.tgz`, read into memory and never unpacked to disk.
//!
//! An archive may lie about itself, so what comes out of it is counted while it comes out.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufReader, Read},
    path::{Path, PathBuf},
};

use super::FileProblem;

/// Most bytes that an archive may hold in the files that are read.
const MAX_TOTAL_BYTES: u64 = 512 * 1024 * 1024;
/// Most bytes of one file in it.
const MAX_FILE_BYTES: u64 = 128 * 1024 * 1024;
/// Most entries of an archive.
const MAX_ENTRIES: usize = 200_000;
/// How many times its packed size a file may have once it is larger than [`FREE_BYTES`]; text packs to a
/// tenth, and hardly ever to less than a hundredth.
const MAX_RATIO: u64 = 200;
/// Size up to which the ratio does not matter.
const FREE_BYTES: u64 = 1024 * 1024;

/// How an archive is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Zip,
    Tar,
    TarGz,
}

impl Kind {
    /// The kind that the name of a file says.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_string_lossy().to_ascii_lowercase();
        match name {
            _ if name.ends_with(".zip") => Some(Self::Zip),
            _ if name.ends_with(".tar") => Some(Self::Tar),
            _ if name.ends_with(".tar.gz") || name.ends_with(".tgz") => Some(Self::TarGz),
            _ => None,
        }
    }
}

/// The contents of the wanted files of an archive; what is refused is reported by its name.
pub(super) fn read(
    path: &Path,
    kind: Kind,
    is_wanted: &dyn Fn(&str) -> bool,
    report: &mut dyn FnMut(FileProblem),
) -> BTreeMap<String, Vec<u8>> {
    let mut contents = Contents { path, files: BTreeMap::new(), num_bytes: 0, is_wanted, report };
    let done = match File::open(path) {
        Ok(file) if kind == Kind::Zip => contents.read_zip(file),
        Ok(file) if kind == Kind::Tar => contents.read_tar(file, None),
        Ok(file) => {
            let num_packed = file.metadata().map_or(0, |metadata| metadata.len());
            let unpacked = flate2::read::MultiGzDecoder::new(BufReader::new(file));
            contents.read_tar(unpacked, Some(num_packed))
        }
        Err(error) => Err(format!("cannot be read: {error}")),
    };
    if let Err(message) = done {
        contents.problem("", message);
    }
    contents.files
}

struct Contents<'a> {
    path: &'a Path,
    files: BTreeMap<String, Vec<u8>>,
    num_bytes: u64,
    is_wanted: &'a dyn Fn(&str) -> bool,
    report: &'a mut dyn FnMut(FileProblem),
}

impl Contents<'_> {
    /// # Errors
    /// What ends the reading of the whole archive.
    fn read_zip(&mut self, file: File) -> Result<(), String> {
        let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(|error| damaged(&error))?;
        if archive.len() > MAX_ENTRIES {
            return Err(too_many_entries());
        }
        for index in 0..archive.len() {
            let mut entry = match archive.by_index(index) {
                Ok(entry) => entry,
                Err(error) => {
                    self.problem(&format!("(entry {})", index + 1), damaged(&error));
                    continue;
                }
            };
            let name = match entry.name() {
                Ok(name) => name.into_owned(),
                Err(error) => {
                    self.problem(&format!("(entry {})", index + 1), damaged(&error));
                    continue;
                }
            };
            if entry.is_dir() {
                continue;
            }
            let is_link = entry.is_symlink();
            let (num_bytes, num_packed) = (entry.size(), entry.compressed_size());
            if let Some(name) = self.wanted(&name, is_link) {
                self.unpack(name, &mut entry, num_bytes, num_packed)?;
            }
        }
        Ok(())
    }

    /// `num_packed` is the size of the whole archive when it is compressed as a whole.
    ///
    /// # Errors
    /// What ends the reading of the whole archive.
    fn read_tar(&mut self, file: impl Read, num_packed: Option<u64>) -> Result<(), String> {
        // Files that are not wanted are unpacked too to reach the next one.
        let allowed = num_packed.map_or(u64::MAX, |num_packed| {
            FREE_BYTES.max(num_packed.saturating_mul(MAX_RATIO)).min(4 * MAX_TOTAL_BYTES)
        });
        let mut archive = tar::Archive::new(Counted { inner: file, left: allowed });
        let entries = archive.entries().map_err(|error| damaged(&error))?;
        for (index, entry) in entries.enumerate() {
            if index >= MAX_ENTRIES {
                return Err(too_many_entries());
            }
            let mut entry = entry.map_err(|error| damaged(&error))?;
            let kind = entry.header().entry_type();
            let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            let is_link = kind.is_symlink() || kind.is_hard_link();
            if !is_link && !kind.is_file() {
                continue;
            }
            let num_bytes = entry.size();
            if let Some(name) = self.wanted(&name, is_link) {
                self.unpack(name, &mut entry, num_bytes, num_bytes)?;
            }
        }
        Ok(())
    }

    /// The path of an entry that is read; one that leads out of the archive is reported.
    fn wanted(&mut self, name: &str, is_link: bool) -> Option<String> {
        let name = name.replace('\\', "/");
        let is_absolute = name.starts_with('/') || name.as_bytes().get(1) == Some(&b':');
        if is_absolute || name.split('/').any(|part| part == "..") {
            self.problem(&name, "leads out of the archive; pack it with a path below its top".into());
            return None;
        }
        let parts: Vec<&str> = name.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
        let name = parts.join("/");
        if !(self.is_wanted)(&name) {
            return None;
        }
        if is_link {
            self.problem(&name, "is a link; pack the file itself".into());
            return None;
        }
        if self.files.contains_key(&name) {
            self.problem(&name, "is in the archive twice; the first one is read".into());
            return None;
        }
        Some(name)
    }

    /// # Errors
    /// When the archive holds too much altogether.
    fn unpack(
        &mut self,
        name: String,
        entry: &mut impl Read,
        declared: u64,
        num_packed: u64,
    ) -> Result<(), String> {
        let allowed = MAX_FILE_BYTES.min(FREE_BYTES.max(num_packed.saturating_mul(MAX_RATIO)));
        let mut bytes = Vec::new();
        // One byte more tells that there is more than is allowed, whatever the archive says.
        let done =
            if declared > allowed { Ok(0) } else { entry.by_ref().take(allowed + 1).read_to_end(&mut bytes) };
        let num_bytes = bytes.len() as u64;
        if declared > allowed || num_bytes > allowed {
            self.problem(
                &name,
                format!(
                    "unpacks to more than {allowed} bytes, {num_packed} packed; pack it by itself or split it"
                ),
            );
            return Ok(());
        }
        self.num_bytes += num_bytes;
        if self.num_bytes > MAX_TOTAL_BYTES {
            return Err(format!("unpacks to more than {MAX_TOTAL_BYTES} bytes; split it"));
        }
        match done {
            Ok(_) => {
                self.files.insert(name, bytes);
            }
            Err(error) => self.problem(&name, damaged(&error)),
        }
        Ok(())
    }

    fn problem(&mut self, name: &str, message: String) {
        let path = match name {
            "" => self.path.to_owned(),
            name => PathBuf::from(format!("{}!/{name}", self.path.display())),
        };
        (self.report)(FileProblem { path, line: 0, field: String::new(), message });
    }
}

fn damaged(error: &dyn std::error::Error) -> String {
    format!("cannot be unpacked: {error}")
}

fn too_many_entries() -> String {
    format!("has more than {MAX_ENTRIES} entries; split it")
}

/// A reader that fails once it gives more than is allowed.
struct Counted<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let num_read = self.inner.read(buffer)?;
        self.left = self
            .left
            .checked_sub(num_read as u64)
            .ok_or_else(|| std::io::Error::other("it unpacks to far more than its size; split it"))?;
        Ok(num_read)
    }
}
