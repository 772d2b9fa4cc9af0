//! Texts end to end, in a temporary file once they outgrow a budget. Who adds one keeps where it lies.

use crate::StoreError;
use std::io::{Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use tempfile::SpooledTempFile;

/// Texts that wait. Their file has no name and vanishes with the process.
#[derive(Debug)]
pub(crate) struct Texts {
    folder: PathBuf,
    file: SpooledTempFile,
    end: u64,
}

impl Texts {
    /// No texts. Up to `budget` bytes stay in memory; more go to a temporary file in `folder`.
    pub(crate) fn new(folder: &Path, budget: usize) -> Self {
        Self { folder: folder.to_owned(), file: SpooledTempFile::new_in(budget, folder), end: 0 }
    }

    /// Where the next text will begin.
    pub(crate) fn end(&self) -> u64 {
        self.end
    }

    /// Adds a text at the end.
    pub(crate) fn push(&mut self, text: &str) -> Result<(), StoreError> {
        // Reading moves the place where the file goes on.
        let written = self.file.seek(SeekFrom::Start(self.end)).and_then(|_| self.file.write_all(text.as_bytes()));
        written.map_err(StoreError::io("write to", &self.folder))?;
        self.end += text.len() as u64;
        Ok(())
    }

    /// The bytes that lie in `place`, in the room of `bytes`.
    pub(crate) fn read(&mut self, place: Range<u64>, bytes: &mut Vec<u8>) -> Result<(), StoreError> {
        bytes.resize((place.end - place.start) as usize, 0);
        let read = self.file.seek(SeekFrom::Start(place.start)).and_then(|_| self.file.read_exact(bytes));
        read.map_err(StoreError::io("read from", &self.folder))
    }
}
