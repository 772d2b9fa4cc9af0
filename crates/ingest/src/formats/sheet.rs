//! Rows of a sheet on their way into a [`Grid`]: cells put in their places, merged cells spread downwards, limits kept.
//!
//! ```text
//!  file        A           B      D              grid     A    B    C    D
//!  row 3  | Id (2 rows) |      | Dates |   ▶   line 3  [Id] [  ] [  ] [Dates]
//!  row 4  |             | From |       |       line 4  [Id] [From] [ ] [    ]
//!  row 5  (nothing but formats)                (no record)
//! ```
//!
//! A row without any text is no record: a sheet has a million of them. All others get as many cells as the widest of
//! the first rows has, because in a sheet a cell that nobody wrote is blank, not absent.

use super::{HEAD_ROWS, Want};
use crate::grid::Grid;
use crate::{IngestError, Input, Limits};
use aceq_model::RejectReason;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Bytes of a cell. A spreadsheet holds 32,767 characters.
pub(super) const CELL_BYTES: usize = 1 << 20;
/// Bytes of a row. One long text may be named by many cells.
const ROW_BYTES: usize = 64 << 20;

/// The cells of one row, in any order.
#[derive(Clone, Debug, Default)]
pub(super) struct RowCells {
    cells: Vec<Cell>,
    bytes: usize,
}

impl RowCells {
    /// Forgets all cells.
    pub fn clear(&mut self) {
        self.cells.clear();
        self.bytes = 0;
    }

    /// Puts `text` into the column at `column`, from 0. Where a column is given twice, the later text counts.
    pub fn push(&mut self, column: usize, text: impl Into<String>) {
        self.push_cell(column, text, false);
    }

    /// The same, of a cell that may hold a number as such.
    pub fn push_cell(&mut self, column: usize, text: impl Into<String>, is_number: bool) {
        let text = text.into();
        if !text.trim().is_empty() && !self.is_full() {
            self.bytes += text.len();
            self.cells.push(Cell { column, text, is_number });
        }
    }

    /// Whether the row holds more than a row may: no further cell is taken, and the row is going to be refused.
    fn is_full(&self) -> bool {
        self.bytes > ROW_BYTES
    }

    /// Whether no cell holds text.
    pub fn is_blank(&self) -> bool {
        self.cells.is_empty()
    }

    fn settle(&mut self) {
        self.cells.sort_by_key(|cell| cell.column);
        self.cells.dedup_by(|later, earlier| {
            let same = later.column == earlier.column;
            if same {
                std::mem::swap(later, earlier);
            }
            same
        });
    }

    fn get(&self, column: usize) -> Option<&Cell> {
        let at = self.cells.binary_search_by_key(&column, |cell| cell.column).ok()?;
        Some(&self.cells[at])
    }

    fn width(&self) -> usize {
        self.cells.last().map_or(0, |cell| cell.column + 1)
    }
}

/// A cell that says something.
#[derive(Clone, Debug)]
struct Cell {
    column: usize,
    text: String,
    is_number: bool,
}

/// A cell that covers those below it.
#[derive(Clone, Debug)]
struct Merged {
    column: usize,
    /// Last line that it covers.
    until: u64,
    text: String,
    is_number: bool,
}

/// Fills a grid row by row.
pub(super) struct SheetBuilder<'a> {
    input: &'a Input,
    limits: &'a Limits,
    want: Want<'a>,
    grid: Grid,
    head: Vec<(u64, RowCells)>,
    head_bytes: usize,
    width: usize,
    rows: usize,
    /// Announced merges, by line of their first cell: column and last line.
    announced: BTreeMap<u64, Vec<(usize, u64)>>,
    merged: Vec<Merged>,
    hidden: BTreeSet<u64>,
    /// Formulas without a result: line and column, ascending once rows are taken. They are unknown, not blank.
    formulas: Vec<(u64, usize)>,
    is_sorted: bool,
    /// Bytes that the table may take.
    most: u64,
    /// Line of the row that ends early.
    cut: Option<u64>,
    /// Whether U+FFFD stands for bytes that are no text.
    is_garbled: bool,
}

impl<'a> SheetBuilder<'a> {
    pub fn new(name: &str, input: &'a Input, want: Want<'a>, limits: &'a Limits) -> Self {
        Self {
            input,
            limits,
            want,
            grid: Grid::new(name),
            head: Vec::new(),
            head_bytes: 0,
            width: 0,
            rows: 0,
            announced: BTreeMap::new(),
            merged: Vec::new(),
            hidden: BTreeSet::new(),
            formulas: Vec::new(),
            is_sorted: true,
            most: most(input, limits),
            cut: None,
            is_garbled: false,
        }
    }

    /// Says that the cell at (`line`, `column`) covers all lines up to `until`.
    pub fn merge_down(&mut self, line: u64, column: usize, until: u64) {
        if until > line {
            self.announced.entry(line).or_default().push((column, until));
        }
    }

    /// Notes that the sheet hides the row on `line`. It counts if it says something.
    pub fn hide(&mut self, line: u64) {
        self.hidden.insert(line);
    }

    /// Notes a formula of which the file holds no result.
    pub fn never_calculated(&mut self, line: u64, column: usize) -> Result<(), IngestError> {
        if column >= self.limits.columns {
            return Ok(());
        }
        self.is_sorted &= self.formulas.last().is_none_or(|last| *last < (line, column));
        self.formulas.push((line, column));
        match (self.formulas.len() * size_of::<(u64, usize)>()) as u64 > self.limits.document_bytes {
            true => Err(self.too_large("formulas without a result", self.formulas.len() as u64)),
            false => Ok(()),
        }
    }

    /// Puts what was noted into order: before the first row, where everything was noted before, else before each.
    pub fn sort_formulas(&mut self, from: u64) {
        if !std::mem::replace(&mut self.is_sorted, true) {
            let rest = self.formulas.iter().rposition(|(line, _)| *line < from).map_or(0, |last| last + 1);
            self.formulas[rest..].sort_unstable();
        }
    }

    /// Whether a cell holds a formula without a result.
    pub fn is_never_calculated(&self, line: u64, column: usize) -> bool {
        self.formulas.binary_search(&(line, column)).is_ok()
    }

    /// The columns of a row that hold formulas without a result.
    fn formulas_of(&self, line: u64) -> Range<usize> {
        let first = |line: u64| self.formulas.partition_point(|formula| *formula < (line, 0));
        first(line)..first(line.saturating_add(1))
    }

    /// Says that the row on `line` ends early: what stands in it may be half of what was meant.
    pub fn cut_row(&mut self, line: u64) {
        self.cut = Some(line);
    }

    /// Says that the file ends before the sheet does.
    pub fn cut_off(&mut self) {
        self.grid.remarks.is_cut_off = true;
    }

    /// Says whether the file holds bytes that its encoding does not allow: rows with such bytes cannot be used.
    pub fn set_garbled(&mut self, is_garbled: bool) {
        self.is_garbled = is_garbled;
    }

    /// Whether more rows would be of no use.
    pub fn has_enough(&self) -> bool {
        self.want.has_enough(self.rows) || !self.want.wants(&self.grid.name)
    }

    /// Takes the row on `line`, and leaves `cells` empty.
    pub fn row(&mut self, line: u64, cells: &mut RowCells) -> Result<(), IngestError> {
        cells.settle();
        self.sort_formulas(line);
        self.check(cells)?;
        if cells.cells.is_empty() {
            // Perhaps rows of which everything is to be calculated, perhaps formulas copied below the data: no record, but told.
            let formulas = self.formulas_of(line);
            self.count_formulas(line, formulas.len());
            return Ok(());
        }
        self.spread(line, cells);
        self.check(cells)?;
        self.rows += 1;
        self.grid.remarks.hidden_rows += u64::from(self.hidden.remove(&line));
        if self.rows > HEAD_ROWS {
            self.write_head();
            self.write(line, cells);
        } else {
            self.width = self.width.max(cells.width());
            self.head_bytes += cells.bytes;
            self.head.push((line, std::mem::take(cells)));
        }
        cells.clear();
        self.check_size()
    }

    fn check(&self, cells: &RowCells) -> Result<(), IngestError> {
        if cells.width() > self.limits.columns {
            return Err(self.too_large("a row has columns", self.limits.columns as u64));
        }
        if cells.is_full() {
            return Err(self.too_large("a row holds bytes", ROW_BYTES as u64));
        }
        match cells.cells.iter().any(|cell| cell.text.len() > CELL_BYTES) {
            true => Err(self.too_large("a cell holds bytes", CELL_BYTES as u64)),
            false => Ok(()),
        }
    }

    fn check_size(&self) -> Result<(), IngestError> {
        match (self.grid.bytes() + self.head_bytes) as u64 > self.most {
            true => Err(self.too_large("a table takes bytes", self.most)),
            false => Ok(()),
        }
    }

    fn too_large(&self, what: &'static str, limit: u64) -> IngestError {
        IngestError::TooLarge { file: self.input.name.clone(), what, limit }
    }

    /// Writes what is merged down from rows above into the blank cells of this one, and notes what begins here.
    fn spread(&mut self, line: u64, cells: &mut RowCells) {
        self.merged.retain(|merged| merged.until >= line);
        let blank = |merged: &&Merged| cells.get(merged.column).is_none();
        let filled: Vec<usize> = (0..self.merged.len()).filter(|at| blank(&&self.merged[*at])).collect();
        for merged in filled.iter().map(|at| &self.merged[*at]) {
            cells.push_cell(merged.column, merged.text.as_str(), merged.is_number);
        }
        cells.settle();
        let later = self.announced.split_off(&(line + 1));
        let here = std::mem::replace(&mut self.announced, later).remove(&line).unwrap_or_default();
        for (column, until) in here {
            if let Some(Cell { text, is_number, .. }) = cells.get(column).cloned() {
                self.merged.retain(|merged| merged.column != column);
                self.merged.push(Merged { column, until, text, is_number });
            }
        }
    }

    fn write_head(&mut self) {
        self.head_bytes = 0;
        for (line, cells) in std::mem::take(&mut self.head) {
            self.write(line, &cells);
        }
    }

    fn write(&mut self, line: u64, cells: &RowCells) {
        self.grid.begin(line, None);
        let formulas: Vec<usize> = self.formulas[self.formulas_of(line)].iter().map(|(_, column)| *column).collect();
        for Cell { column, text, is_number } in &cells.cells {
            self.fill(line, *column, &formulas);
            self.grid.push_cell(text, *is_number);
        }
        self.fill(line, self.width, &formulas);
        if self.is_garbled && cells.cells.iter().any(|cell| cell.text.contains(char::REPLACEMENT_CHARACTER)) {
            self.grid.spoil(RejectReason::NotText);
        } else if self.cut == Some(line) {
            self.grid.spoil(RejectReason::TooFewFields);
        }
    }

    /// Fills the row up to `column` with what holds no text.
    fn fill(&mut self, line: u64, column: usize, formulas: &[usize]) {
        while self.grid.width() < column {
            if formulas.binary_search(&self.grid.width()).is_err() {
                self.grid.push("");
                continue;
            }
            self.grid.push_absent();
            self.count_formulas(line, 1);
        }
    }

    fn count_formulas(&mut self, line: u64, count: usize) {
        if count == 0 {
            return;
        }
        // The first rows are written once their width is known, after blank ones among them.
        let remarks = &mut self.grid.remarks;
        let is_first = remarks.never_calculated == 0 || line < remarks.first_never_calculated;
        remarks.first_never_calculated = if is_first { line } else { remarks.first_never_calculated };
        remarks.never_calculated += count as u64;
    }

    /// The grid.
    pub fn finish(mut self, from_1904: bool) -> Grid {
        self.write_head();
        self.grid.from_1904 = from_1904;
        self.grid
    }
}

/// What a table may take: a small file that repeats a text by reference is refused like an archive that unpacks to too much.
fn most(input: &Input, limits: &Limits) -> u64 {
    limits.unpacked_document(std::fs::metadata(&input.path).map_or(0, |file| file.len()))
}

/// Names of the sheets of a file, each of its own.
#[derive(Default)]
pub(super) struct SheetNames(BTreeSet<String>);

impl SheetNames {
    /// `name`, with a number where another sheet has it already.
    pub fn unique(&mut self, name: &str, input: &Input, limits: &Limits) -> Result<String, IngestError> {
        if self.0.len() >= limits.tables {
            let (file, limit) = (input.name.clone(), limits.tables as u64);
            return Err(IngestError::TooLarge { file, what: "the file holds sheets", limit });
        }
        let numbered = (2..).map(|number| format!("{name} ({number})"));
        let mut names = std::iter::once(name.to_owned()).chain(numbered);
        let free = names.find(|name| !self.0.contains(name)).expect("there are more numbers than sheets");
        self.0.insert(free.clone());
        Ok(free)
    }
}

#[cfg(test)]
mod tests {
    use super::{CELL_BYTES, RowCells, SheetBuilder, SheetNames};
    use crate::formats::Want;
    use crate::grid::Grid;
    use crate::{IngestError, Input, Limits};
    use std::path::Path;

    fn built(rows: &[(u64, &[(usize, &str)])], merges: &[(u64, usize, u64)]) -> Result<Grid, IngestError> {
        let (input, limits) = (Input::file(Path::new("book.xlsx")), Limits::default());
        let mut builder = SheetBuilder::new("Sheet1", &input, Want::Table("Sheet1"), &limits);
        merges.iter().for_each(|(line, column, until)| builder.merge_down(*line, *column, *until));
        for (line, cells) in rows {
            let mut row = RowCells::default();
            cells.iter().for_each(|(column, text)| row.push(*column, *text));
            builder.row(*line, &mut row)?;
        }
        Ok(builder.finish(false))
    }

    fn cells(grid: &Grid) -> Vec<(u64, Vec<String>)> {
        (0..grid.len()).map(|row| grid.cells(row)).collect()
    }

    #[test]
    fn cells_stand_in_their_columns_and_rows_keep_their_numbers() {
        let grid = built(&[(3, &[(2, "c"), (0, "a")]), (4, &[(1, " ")]), (9, &[(0, "x"), (0, "y")])], &[]).unwrap();
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        assert_eq!(cells(&grid), [(3, row(["a", "", "c"])), (9, row(["y", "", ""]))], "blank rows are no records");
        assert!(!grid.record(1).is_absent(2) && grid.record(1).is_blank(2), "a cell that nobody wrote is blank");
    }

    #[test]
    fn merged_cells_reach_down_into_rows_that_say_something() {
        let rows: [(u64, &[(usize, &str)]); 4] =
            [(1, &[(0, "Id"), (1, "Dates")]), (2, &[(1, "From")]), (3, &[]), (4, &[(1, "x")])];
        let grid = built(&rows, &[(1, 0, 3), (1, 5, 4)]).unwrap();
        let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
        assert_eq!(cells(&grid), [(1, row(["Id", "Dates"])), (2, row(["Id", "From"])), (4, row(["", "x"]))]);
    }

    #[test]
    fn formulas_without_a_result_are_unknown() {
        let (input, limits) = (Input::file(Path::new("book.xlsx")), Limits::default());
        let mut builder = SheetBuilder::new("Sheet1", &input, Want::Table("Sheet1"), &limits);
        [(1, 2), (2, 1), (2, 3), (3, 0)]
            .iter()
            .for_each(|(line, column)| builder.never_calculated(*line, *column).unwrap());
        for (line, text) in [(1, ["a", "b", "c"]), (2, ["x", "", "z"]), (3, ["", "", ""]), (4, ["u", "v", "w"])] {
            let mut row = RowCells::default();
            text.iter().enumerate().for_each(|(column, text)| row.push(column, *text));
            builder.row(line, &mut row).unwrap();
        }
        let grid = builder.finish(false);
        let absent = |row: usize| (0..5).filter(|at| grid.record(row).is_absent(*at)).collect::<Vec<_>>();
        assert_eq!(
            [absent(0), absent(1), absent(2)],
            [vec![3, 4], vec![1, 3, 4], vec![3, 4]],
            "a result says what it is"
        );
        assert_eq!(
            (grid.remarks.never_calculated, grid.remarks.first_never_calculated),
            (2, 2),
            "line 3 says nothing else"
        );
    }

    #[test]
    fn what_no_sheet_holds_is_refused() {
        let refused = |rows: &[(u64, &[(usize, &str)])]| built(rows, &[]).unwrap_err().to_string();
        assert!(refused(&[(1, &[(1_000_000, "x")])]).contains("a row has columns beyond the limit of 16384"));
        assert!(refused(&[(1, &[(0, &"x".repeat(CELL_BYTES + 1))])]).contains("a cell holds bytes"));
    }

    #[test]
    fn sheets_of_one_name_are_told_apart() {
        let (input, limits) = (Input::file(Path::new("book.xlsx")), Limits { tables: 4, ..Limits::default() });
        let mut names = SheetNames::default();
        let mut unique = |name| names.unique(name, &input, &limits);
        assert_eq!(["a", "b", "a", "a"].map(|name| unique(name).unwrap()), ["a", "b", "a (2)", "a (3)"]);
        assert!(unique("c").unwrap_err().to_string().contains("the file holds sheets beyond the limit of 4"));
    }
}
