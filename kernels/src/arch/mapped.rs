//! Files in memory without a copy.

use std::{fs::File, io, ops::Deref, path::Path};

/// A file whose bytes are read where the operating system holds them.
///
/// The file must not be made shorter while it is used; see [`Mapped::open`].
#[derive(Debug)]
pub struct Mapped(memmap2::Mmap);

impl Mapped {
    /// Maps a file for reading.
    ///
    /// # Errors
    /// When the file cannot be opened or mapped; an empty one cannot.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        // SAFETY: the map is private and only read, so nothing here can change its bytes. Another process that
        // writes to the file while it is mapped is outside what a program can prevent; model folders are
        // installed whole and replaced by renaming, never changed in place, and a file that is cut short ends the
        // process with SIGBUS instead of giving wrong bytes.
        let map = unsafe { memmap2::MmapOptions::new().map(&file)? };
        Ok(Self(map))
    }
}

impl Deref for Mapped {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}
