//! Where a relative path of something that is read lies.

use std::{
    env,
    path::{Path, PathBuf},
};

/// Finds a file or folder: an absolute path as it is; a relative one in the working folder, then
/// beside the program and in the folders above it.
///
/// What is nowhere is taken from the working folder, for the error message of whoever opens it.
pub fn find(path: &Path) -> PathBuf {
    let program = env::current_exe().and_then(std::fs::canonicalize).ok();
    let folders = program.iter().flat_map(|program| program.ancestors().skip(1));
    find_in(path, std::iter::once(Path::new("")).chain(folders))
}

fn find_in<'a>(path: &Path, folders: impl Iterator<Item = &'a Path>) -> PathBuf {
    if path.is_absolute() {
        return path.to_owned();
    }
    let mut candidates = folders.map(|folder| folder.join(path));
    candidates.find(|candidate| candidate.exists()).unwrap_or_else(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_relative_path_is_found_above_the_program() {
        let root = tempfile::tempdir().unwrap();
        let program = root.path().join("target/debug/frontdesk");
        fs::create_dir_all(root.path().join("target/models/m")).unwrap();
        let found = find_in(Path::new("models/m"), program.ancestors().skip(1));
        assert_eq!(found, root.path().join("target/models/m"));
    }

    #[test]
    fn the_first_folder_wins() {
        let root = tempfile::tempdir().unwrap();
        let (first, second) = (root.path().join("a"), root.path().join("b"));
        fs::create_dir_all(first.join("m")).unwrap();
        fs::create_dir_all(second.join("m")).unwrap();
        let folders = [first.as_path(), second.as_path()];
        assert_eq!(find_in(Path::new("m"), folders.into_iter()), first.join("m"));
    }

    #[test]
    fn what_is_nowhere_stays_as_it_was_given() {
        assert_eq!(find(Path::new("no/such/folder")), Path::new("no/such/folder"));
        assert_eq!(find(Path::new("/no/such")), Path::new("/no/such"));
    }
}
