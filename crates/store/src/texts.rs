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
    budget: usize,
    end: u64,
}

impl Texts {
    /// No texts. Up to `budget` bytes stay in memory; more go to a temporary file in `folder`.
    pub(crate) fn new(folder: &Path, budget: usize) -> Self {
        Self { folder: folder.to_owned(), file: SpooledTempFile::new_in(budget, folder), budget, end: 0 }
    }

    /// No texts, to be kept like these.
    pub(crate) fn like(&self) -> Self {
        Self::new(&self.folder, self.budget)
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

    /// The texts in `places`, each of which was pushed as a text or as whole texts. Neighbours are read at once.
    pub(crate) fn read_each(&mut self, places: &[Range<u64>]) -> Result<Vec<String>, StoreError> {
        let mut all = Vec::with_capacity(places.len());
        let mut bytes = Vec::new();
        for neighbours in places.chunk_by(|a, b| a.end == b.start) {
            let start = neighbours[0].start;
            self.read(start..neighbours[neighbours.len() - 1].end, &mut bytes)?;
            for place in neighbours {
                let text = &bytes[(place.start - start) as usize..(place.end - start) as usize];
                all.push(String::from_utf8(text.to_vec()).expect("only texts were written"));
            }
        }
        Ok(all)
    }
}
