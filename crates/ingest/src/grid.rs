//! A decoded table in memory: what workbooks, pages, JSON and Parquet become before anything is mapped.
//!
//! ```text
//!  text   "O1LaunchedO2Qualified…"        rows   line 2: cells 0..2, line 3: cells 2..4, …
//!  cells  [0..2] [2..10] [10..12] …       header given (JSON, Parquet), or one of the rows (sheets)
//! ```

use crate::format::Format;
use crate::formats::{Want, decode};
use crate::input::unreadable;
use crate::source::{Block, End, Fields, Record, Remarks, Source, Span};
use crate::text::hash_of;
use crate::{IngestError, Input, Mappings, Options};
use aceq_model::{RejectReason, Sha256Hex};
use chrono::NaiveDate;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

/// Rows of a block. Results do not depend on it.
const BLOCK_ROWS: usize = 4096;

/// A table of a file, decoded.
#[derive(Clone, Debug, Default)]
pub(crate) struct Grid {
    /// Worksheet or part; empty where the file is one table.
    pub name: String,
    /// Names of the fields, where the format gives each record its own.
    pub header: Option<Vec<String>>,
    /// Whether serial dates count from 1904.
    pub from_1904: bool,
    /// What there is to say about it beside its rows.
    pub remarks: Remarks,
    /// The day of export that all its rows state.
    pub date_inside: Option<NaiveDate>,
    /// Columns that hold numbers as such, not as text: their decimal mark is a point.
    pub numbers: BTreeSet<usize>,
    /// Line of the first record, where lines are the numbers of records.
    first_line: u64,
    text: String,
    cells: Vec<Span>,
    rows: Vec<GridRow>,
}

#[derive(Clone, Debug)]
struct GridRow {
    line: u64,
    byte: Option<u64>,
    cells: Range<usize>,
    text: Range<usize>,
    fault: Option<RejectReason>,
}

impl Grid {
    /// An empty table.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Numbers the records from `line` on, where a format has no lines.
    pub fn count_from(&mut self, line: u64) {
        self.first_line = line;
    }

    /// The number of the next record.
    pub fn next_line(&self) -> u64 {
        self.first_line.max(1) + self.rows.len() as u64
    }

    /// Begins a record on `line` (1-based: the row of a sheet, the line of a text), at an offset where there is one.
    pub fn begin(&mut self, line: u64, byte: Option<u64>) {
        let (cells, text) = (self.cells.len(), self.text.len());
        self.rows.push(GridRow { line, byte, cells: cells..cells, text: text..text, fault: None });
    }

    /// Adds a part of the file that cannot be used, with its raw text.
    pub fn broken(&mut self, line: u64, byte: Option<u64>, raw: &str, fault: RejectReason) {
        let (cells, text) = (self.cells.len(), self.text.len());
        self.text.push_str(raw);
        self.rows.push(GridRow { line, byte, cells: cells..cells, text: text..self.text.len(), fault: Some(fault) });
    }

    /// Adds the next cell of the record that was begun.
    pub fn push(&mut self, cell: &str) {
        self.push_cell(cell, false);
    }

    /// The same, of a cell that may hold a number as such.
    pub fn push_cell(&mut self, cell: &str, is_number: bool) {
        let row = self.rows.last_mut().expect("a record was begun");
        // The text of a record is what a reject shows.
        if !row.cells.is_empty() {
            self.text.push('\t');
        }
        let start = self.text.len() - row.text.start;
        self.text.push_str(cell);
        // A number has no spaces: what stands before one are words of its format.
        let words = if is_number { cell.rfind(' ').map_or(0, |at| at + 1) as u32 } else { 0 };
        self.cells.push(Span { start, end: start + cell.len(), words, is_number });
        (row.cells.end, row.text.end) = (self.cells.len(), self.text.len());
    }

    /// Says why the record that was begun last cannot be used.
    pub fn spoil(&mut self, fault: RejectReason) {
        self.rows.last_mut().expect("a record was begun").fault = Some(fault);
    }

    /// Adds a field that the record does not have: it says nothing, not even that it is blank.
    pub fn push_absent(&mut self) {
        self.cells.push(Span::ABSENT);
        self.rows.last_mut().expect("a record was begun").cells.end = self.cells.len();
    }

    /// Number of records.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Cells of the record that was begun last.
    pub fn width(&self) -> usize {
        self.rows.last().map_or(0, |row| row.cells.len())
    }

    /// Bytes of the text of all cells.
    pub fn text_bytes(&self) -> usize {
        self.text.len()
    }

    /// Bytes of memory held, about.
    pub fn bytes(&self) -> usize {
        self.text.len() + self.cells.len() * size_of::<Span>() + self.rows.len() * size_of::<GridRow>()
    }

    /// The record at `index`.
    pub fn record(&self, index: usize) -> Record<'_> {
        let row = &self.rows[index];
        Record {
            line: row.line,
            byte: row.byte,
            text: &self.text[row.text.clone()],
            fields: Fields::Spans(&self.cells[row.cells.clone()]),
            fault: row.fault,
            end: End::Whole,
        }
    }

    /// Line and trimmed cells of the record at `index`; absent cells are blank.
    pub fn cells(&self, index: usize) -> (u64, Vec<String>) {
        let record = self.record(index);
        let mut scratch = String::new();
        let cells = (0..record.fields.len()).map(|at| record.field(at, &mut scratch).to_owned());
        (record.line, cells.collect())
    }
}

/// The first rows of the table that is meant: the one named, else the only one that holds anything.
pub(crate) fn chosen(
    input: &Input,
    format: Format,
    sheet: Option<&str>,
    mappings: &Mappings,
    options: &Options,
) -> Result<Grid, IngestError> {
    chosen_of(decode(input, format, Want::Heads, &options.limits, mappings)?, input, sheet)
}

/// As [`chosen`], of tables that are decoded.
pub(crate) fn chosen_of(grids: Vec<Grid>, input: &Input, sheet: Option<&str>) -> Result<Grid, IngestError> {
    let names = |grids: &[Grid]| grids.iter().map(|grid| grid.name.clone()).collect::<Vec<_>>();
    if let Some(sheet) = sheet {
        let missing = no_sheet(input, sheet, &names(&grids));
        return grids.into_iter().find(|grid| grid.name == sheet).ok_or(missing);
    }
    let mut filled: Vec<Grid> = grids.into_iter().filter(|grid| grid.len() > 0 || grid.header.is_some()).collect();
    match filled.len() {
        0 => Err(IngestError::Empty { file: input.name.clone() }),
        1 => Ok(filled.remove(0)),
        _ => Err(IngestError::ManySheets { file: input.name.clone(), sheets: names(&filled).into() }),
    }
}

pub(crate) fn no_sheet(input: &Input, sheet: &str, sheets: &[String]) -> IngestError {
    IngestError::NoSheet { file: input.name.clone(), sheet: sheet.to_owned(), sheets: sheets.into() }
}

/// A grid on its way into rows.
pub(crate) struct GridSource {
    grid: Arc<Grid>,
    next: usize,
    hash: Sha256Hex,
    bytes: u64,
}

impl GridSource {
    /// Hashes the file; the grid was decoded from it.
    pub fn new(input: &Input, grid: Grid) -> Result<Self, IngestError> {
        let (hash, bytes) = hash_of(&input.path).map_err(|source| unreadable(&input.path, source))?;
        Ok(Self { grid: Arc::new(grid), next: 0, hash, bytes })
    }
}

impl Source for GridSource {
    fn next_block(&mut self) -> Result<Option<Box<dyn Block>>, IngestError> {
        let rows = self.next..(self.next + BLOCK_ROWS).min(self.grid.len());
        self.next = rows.end;
        let block = || Box::new(GridBlock { grid: Arc::clone(&self.grid), rows: rows.clone() }) as Box<dyn Block>;
        Ok((!rows.is_empty()).then(block))
    }

    fn bytes(&self) -> u64 {
        if self.next == self.grid.len() { self.bytes } else { 0 }
    }

    fn remarks(&self) -> Remarks {
        self.grid.remarks
    }

    fn hash(self: Box<Self>) -> Sha256Hex {
        self.hash
    }
}

/// Some records of a grid.
pub(crate) struct GridBlock {
    grid: Arc<Grid>,
    rows: Range<usize>,
}

impl GridBlock {
    /// All records of a grid.
    pub fn whole(grid: Grid) -> Self {
        Self { rows: 0..grid.len(), grid: Arc::new(grid) }
    }
}

impl Block for GridBlock {
    fn visit(&self, each: &mut dyn FnMut(Record<'_>)) {
        self.rows.clone().for_each(|row| each(self.grid.record(row)));
    }
}

#[cfg(test)]
mod tests {
    use super::Grid;

    #[test]
    fn cells_come_back_as_they_went_in() {
        let mut grid = Grid::new("Sheet1");
        grid.begin(3, None);
        grid.push(" a ");
        grid.push_absent();
        grid.push("é");
        grid.begin(7, Some(12));
        grid.push("b");
        assert_eq!(grid.cells(0), (3, vec!["a".to_owned(), String::new(), "é".to_owned()]));
        assert_eq!(grid.cells(1), (7, vec!["b".to_owned()]));
        let record = grid.record(0);
        assert!(record.is_absent(1) && record.is_blank(1) && !record.is_absent(2) && record.is_absent(3));
    }
}
