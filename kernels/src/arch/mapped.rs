//! Files in memory without a copy.

use std::{fs::File, io, ops::Deref, path::Path, sync::Arc};

/// A file whose bytes are read where the operating system holds them.
///
/// A clone is of the same map. The file must not be made shorter while it is used; see [`Mapped::open`].
#[derive(Clone, Debug)]
pub struct Mapped(Arc<memmap2::Mmap>);

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
        Ok(Self(Arc::new(map)))
    }

    /// Tells the operating system that what was read so far will hardly be read again: the pages no longer count
    /// as memory of this process. What is read all the same comes back from the file.
    pub fn release(&self) {
        #[cfg(unix)]
        // SAFETY: DONTNEED would lose changes that were made to a private map; this one is only readable, so
        // there are none, and a page that is read later is read from the file again.
        let released = unsafe { self.0.unchecked_advise(memmap2::UncheckedAdvice::DontNeed) };
        // A system that does not release keeps the pages, which is as right and only takes memory.
        #[cfg(unix)]
        drop(released);
    }
}

impl Deref for Mapped {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}
