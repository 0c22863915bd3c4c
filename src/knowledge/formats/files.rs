//! The files that are given: one, those of a folder, or those of an archive.

use std::{
    cell::Cell,
    collections::BTreeMap,
    fs,
    io::Read as _,
    path::{Path, PathBuf},
};

use super::{FileCounts, FileProblem, Format, archive};

/// Deepest folder in a folder that is looked into.
const MAX_DEPTH: usize = 16;

/// Files with their paths below a folder or an archive, parts joined by `/`.
pub(super) struct Files {
    root: Root,
    names: Vec<String>,
    /// Files of other kinds, which are not among the names.
    num_unknown: usize,
    /// Whether one file is given by itself.
    is_single: bool,
}

enum Root {
    Folder(PathBuf),
    Archive { path: PathBuf, contents: BTreeMap<String, Vec<u8>> },
}

/// One of the files.
#[derive(Clone, Copy)]
pub(super) struct File<'a> {
    /// All of them.
    pub(super) files: &'a Files,
    /// Its path below the folder or the archive.
    pub(super) name: &'a str,
}

impl Files {
    /// Finds the files that may be of a format; a file that is given by itself is taken whatever its
    /// name. Hidden files, links and `README.md` are left out.
    pub(super) fn open(path: &Path, format: Format, report: &mut dyn FnMut(FileProblem)) -> Self {
        if path.is_file() {
            if let Some(kind) = archive::Kind::of(path) {
                let num_unknown = Cell::new(0);
                let is_wanted = |name: &str| {
                    num_unknown.set(num_unknown.get() + usize::from(is_unknown(name, format)));
                    is_wanted(name, format)
                };
                let contents = archive::read(path, kind, &is_wanted, report);
                let names = contents.keys().cloned().collect();
                let root = Root::Archive { path: path.to_owned(), contents };
                return Self { root, names, num_unknown: num_unknown.get(), is_single: false };
            }
            let folder = path.parent().map(Path::to_owned).unwrap_or_default();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let num_unknown = usize::from(format == Format::Auto && Format::of_name(&name).is_none());
            return Self { root: Root::Folder(folder), names: vec![name], num_unknown, is_single: true };
        }
        let mut walk = Walk { root: path, format, names: Vec::new(), num_unknown: 0, report };
        walk.collect(path, 0);
        let Walk { mut names, num_unknown, .. } = walk;
        names.sort();
        Self { root: Root::Folder(path.to_owned()), names, num_unknown, is_single: false }
    }

    /// The paths of the files, in order.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// Whether one file is given by itself, no folder and no archive.
    pub(super) fn is_single(&self) -> bool {
        self.is_single
    }

    /// How many files there are.
    pub(super) fn counts(&self) -> FileCounts {
        // A file that is given by itself is among the names whatever it is.
        let num_known = if self.is_single { self.names.len() - self.num_unknown } else { self.names.len() };
        FileCounts { num_known, num_unknown: self.num_unknown }
    }

    /// A file as people are told of it.
    pub(super) fn shown(&self, name: &str) -> PathBuf {
        match &self.root {
            Root::Folder(folder) => folder.join(name),
            Root::Archive { path, .. } => PathBuf::from(format!("{}!/{name}", path.display())),
        }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// Why it cannot be read; a file longer than `max_bytes` is not.
    pub(super) fn read(&self, name: &str, max_bytes: u64) -> Result<Vec<u8>, String> {
        let too_long = |num_bytes: u64| format!("is {num_bytes} bytes long; at most {max_bytes} are allowed");
        match &self.root {
            Root::Archive { contents, .. } => {
                let bytes = contents.get(name).ok_or("is not in the archive")?;
                if bytes.len() as u64 > max_bytes {
                    return Err(too_long(bytes.len() as u64));
                }
                Ok(bytes.clone())
            }
            Root::Folder(folder) => {
                let unreadable = |error: std::io::Error| format!("cannot be read: {error}");
                let file = fs::File::open(folder.join(name)).map_err(unreadable)?;
                let num_bytes = file.metadata().map_err(unreadable)?.len();
                if num_bytes > max_bytes {
                    return Err(too_long(num_bytes));
                }
                let mut bytes = Vec::new();
                // The file may grow while it is read.
                file.take(max_bytes).read_to_end(&mut bytes).map_err(unreadable)?;
                Ok(bytes)
            }
        }
    }

    /// Whether a path names a file of the folder or the archive, no link and nothing outside.
    pub(super) fn holds(&self, name: &str) -> bool {
        match &self.root {
            Root::Archive { contents, .. } => contents.contains_key(name),
            Root::Folder(folder) => {
                let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
                let path = folder.join(name);
                // A folder on the way may be a link that leads out.
                let inside = match (folder.canonicalize(), path.canonicalize()) {
                    (Ok(folder), Ok(path)) => path == folder.join(name),
                    _ => false,
                };
                inside && path.is_file()
            }
        }
    }
}

/// Whether a file of a folder or an archive is read.
fn is_wanted(name: &str, format: Format) -> bool {
    !is_passed_over(name) && format.fits(name)
}

/// Whether a file is of another kind than those that are read.
fn is_unknown(name: &str, format: Format) -> bool {
    !is_passed_over(name) && !format.fits(name)
}

/// Whether a file is none that people mean.
fn is_passed_over(name: &str) -> bool {
    let mut parts = name.split('/');
    let is_hidden = parts.any(|part| part.starts_with('.') || part == "__MACOSX");
    let file = name.rsplit('/').next().unwrap_or(name);
    is_hidden || file.eq_ignore_ascii_case("readme.md")
}

struct Walk<'a> {
    root: &'a Path,
    format: Format,
    names: Vec<String>,
    num_unknown: usize,
    report: &'a mut dyn FnMut(FileProblem),
}

impl Walk<'_> {
    /// Adds the files below a folder, without following links.
    fn collect(&mut self, folder: &Path, depth: usize) {
        if depth > MAX_DEPTH {
            return self.problem(folder, format!("is more than {MAX_DEPTH} folders deep; move it up"));
        }
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => return self.problem(folder, format!("cannot be read: {error}")),
        };
        for entry in entries {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => return self.problem(folder, format!("cannot be read to its end: {error}")),
            };
            let Ok(kind) = entry.file_type() else { continue };
            let path = entry.path();
            let Some(parts) = path.strip_prefix(self.root).ok().and_then(parts) else {
                self.problem(&path, "has a name that is not UTF-8; rename it".into());
                continue;
            };
            let name = parts.join("/");
            let is_hidden = parts.last().is_some_and(|part| part.starts_with('.'));
            if kind.is_dir() && !is_hidden {
                self.collect(&path, depth + 1);
            } else if kind.is_file() && is_wanted(&name, self.format) {
                self.names.push(name);
            } else if kind.is_file() && is_unknown(&name, self.format) {
                self.num_unknown += 1;
            }
        }
    }

    fn problem(&mut self, path: &Path, message: String) {
        (self.report)(FileProblem { path: path.to_owned(), line: 0, field: String::new(), message });
    }
}

fn parts(path: &Path) -> Option<Vec<&str>> {
    path.components().map(|part| part.as_os_str().to_str()).collect()
}
