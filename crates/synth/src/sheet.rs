//! One file of the world, or a row of files where one would be too large.

use crate::csv_bytes::{CsvBytes, push_number};
use crate::{Create, FileRows, SynthError};
use std::io::Write;

/// Rows after which opportunities go on in a new file.
const ROWS_PER_FILE: u64 = 250_000;

/// Bytes gathered before they are written.
const BUFFER: usize = 1 << 20;

/// How the files of a sheet are named.
#[derive(Clone, Copy)]
pub(crate) enum Naming {
    /// One file, `stem.csv`.
    Single,
    /// `stem-000.csv`, `stem-001.csv` …
    Numbered,
}

/// A table on its way into one or more files.
pub(crate) struct Sheet {
    stem: String,
    naming: Naming,
    header: String,
    csv: CsvBytes,
    open: Option<(Box<dyn Write>, FileRows)>,
    closed: Vec<FileRows>,
}

impl Sheet {
    /// A sheet whose first file is created at once, so that it exists without rows too.
    pub(crate) fn new(
        stem: String,
        naming: Naming,
        header: String,
        create: &mut Create<'_>,
    ) -> Result<Self, SynthError> {
        let mut sheet = Self { stem, naming, header, csv: CsvBytes::default(), open: None, closed: Vec::new() };
        sheet.begin_file(create)?;
        Ok(sheet)
    }

    fn begin_file(&mut self, create: &mut Create<'_>) -> Result<(), SynthError> {
        let mut path = self.stem.clone().into_bytes();
        if let Naming::Numbered = self.naming {
            path.push(b'-');
            push_number(&mut path, self.closed.len() as u64, 3);
        }
        path.extend_from_slice(b".csv");
        let path = String::from_utf8(path).expect("a text and ASCII digits are UTF-8");
        let file = create(&path).map_err(|source| SynthError::Create { path: path.clone(), source })?;
        self.open = Some((file, FileRows { path, rows: 0, bytes: 0 }));
        self.csv.line(&self.header);
        Ok(())
    }

    /// Where the next rows go: goes on to the next file when the present one is full.
    pub(crate) fn room(&mut self, create: &mut Create<'_>) -> Result<&mut CsvBytes, SynthError> {
        let full = self.open.as_ref().is_some_and(|(_, file)| file.rows >= ROWS_PER_FILE);
        if full && matches!(self.naming, Naming::Numbered) {
            self.end_file()?;
            self.begin_file(create)?;
        }
        Ok(&mut self.csv)
    }

    /// Says that `rows` rows were appended; writes the buffer when it is full.
    pub(crate) fn rows_added(&mut self, rows: u64) -> Result<(), SynthError> {
        if let Some((_, file)) = &mut self.open {
            file.rows += rows;
        }
        if self.csv.len() >= BUFFER { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), SynthError> {
        let Some((out, file)) = &mut self.open else { return Ok(()) };
        file.bytes += self.csv.len() as u64;
        let written = out.write_all(self.csv.as_bytes());
        self.csv.clear();
        written.map_err(|source| SynthError::Write { path: file.path.clone(), source })
    }

    fn end_file(&mut self) -> Result<(), SynthError> {
        self.flush()?;
        let Some((mut out, file)) = self.open.take() else { return Ok(()) };
        out.flush().map_err(|source| SynthError::Write { path: file.path.clone(), source })?;
        self.closed.push(file);
        Ok(())
    }

    /// Writes what is left and says what was written.
    pub(crate) fn finish(mut self) -> Result<Vec<FileRows>, SynthError> {
        self.end_file()?;
        Ok(self.closed)
    }
}
