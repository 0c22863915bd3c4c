//! Folders that hold the export of a Confluence space.

use std::collections::BTreeSet;

use crate::knowledge::formats::{Format, files::Files};

/// Folders beside the pages of a space; what is in them, such as an HTML file that somebody attached for
/// colleagues, is no page and says nothing about who may see it.
const BESIDE_PAGES: [&str; 3] = ["attachments", "images", "styles"];

/// The folders in which pages of a Confluence space lie, each ending with `/` or empty for the top.
#[derive(Debug, Default)]
pub(in crate::knowledge::formats) struct Spaces(BTreeSet<String>);

impl Spaces {
    /// Looks through the pages among some files.
    pub(in crate::knowledge::formats) fn of(files: &Files) -> Self {
        let mut folders = BTreeSet::new();
        if files.is_single() {
            return Self(folders);
        }
        for name in files.names().iter().filter(|name| Format::of_name(name) == Some(Format::Html)) {
            let folder = name.rfind('/').map_or("", |slash| name.get(..=slash).unwrap_or_default());
            if folders.contains(folder) {
                continue;
            }
            let bytes = files.read(name, super::MAX_PAGE_BYTES).unwrap_or_default();
            if super::is_of_confluence(&String::from_utf8_lossy(&bytes)) {
                folders.insert(folder.to_owned());
            }
        }
        Self(folders)
    }

    /// Whether a file lies in or below a folder with pages of a space.
    pub(in crate::knowledge::formats) fn holds(&self, name: &str) -> bool {
        self.0.iter().any(|folder| name.starts_with(folder.as_str()))
    }

    /// Whether a file lies in a folder of a space that holds no pages.
    pub(in crate::knowledge::formats) fn is_beside_pages(&self, name: &str) -> bool {
        let below = |folder: &String| name.strip_prefix(folder.as_str());
        self.0.iter().filter_map(below).any(|rest| {
            let first = rest.split_once('/').map_or("", |(first, _)| first);
            BESIDE_PAGES.contains(&first)
        })
    }
}
