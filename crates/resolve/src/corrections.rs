//! What the user states about single rows: leave it out, or another value in a cell. Stronger than any export.
//!
//! A row is meant by its own id, or by a place where one of its versions was read. Opportunities are excluded before their
//! versions are merged, so that none of them is left; other rows once it is known which of several repeats stays.

use crate::frame::Frame;
use crate::notes::Notes;
use crate::pile::{Pile, with_values};
use crate::published::ProvenanceRow;
use aceq_model::{Finding, FindingCode, Position, TableId, tables::PROVENANCE_COLUMNS};
use arrow::array::ArrayRef;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// A statement of the user about the rows of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Correction {
    /// The partner it is about; `None` = every partner.
    pub partner_id: Option<String>,
    /// The table.
    pub table: TableId,
    /// Which rows.
    pub row: RowAddress,
    /// Whether the row is meant, or a record that was read.
    pub scope: Scope,
    /// The id that a row which is meant by its place is said to have.
    pub row_id: Option<String>,
    /// What is to be done.
    pub change: Change,
    /// The corrections file.
    pub file: Arc<str>,
    /// The line in it.
    pub line: u64,
    /// Why the user says so.
    pub reason: String,
    /// What was found of the supplied value while it was read, in words.
    pub doubts: Vec<(FindingCode, String)>,
}

/// What of a row is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// The row with all its versions: what is stated is stronger than any of them.
    #[default]
    Row,
    /// The record at the place, as though its file had said so. Newer versions of the row win over it.
    Record,
}

/// Which rows are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowAddress {
    /// Those with this id of their own, such as an opportunity id.
    Id(String),
    /// The one that was read here, or of which a version was.
    At {
        /// Name of the input.
        file: String,
        /// Worksheet; empty where the file is one table.
        sheet: String,
        /// Line of the record.
        line: i64,
    },
}

/// What is to be done with a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// It is not used.
    Exclude,
    /// A column of it holds this value.
    Supply {
        /// Column that files supply.
        column: &'static str,
        /// One value of the column's type.
        value: ArrayRef,
    },
}

/// File, sheet and line.
pub(crate) type Place<'a> = (&'a str, &'a str, i64);

/// What was found of it while it was read is settled: the cell that a correction supplies, or the record that one leaves out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SettledCell {
    /// Table of the record.
    pub table: TableId,
    /// Name of the input.
    pub file: String,
    /// Worksheet; empty where the file is one table.
    pub sheet: String,
    /// Line of the record.
    pub line: i64,
    /// The column; `None` = all there is about the record.
    pub column: Option<&'static str>,
}

/// Cells and records of one table about which findings of reading say nothing any more.
#[derive(Default)]
pub(crate) struct Settled(BTreeMap<(String, String, i64), BTreeSet<Option<&'static str>>>);

impl Settled {
    fn note(&mut self, (file, sheet, line): Place<'_>, change: &Change) {
        let column = match change {
            Change::Exclude => None,
            Change::Supply { column, .. } => Some(*column),
        };
        self.0.entry((file.to_owned(), sheet.to_owned(), line)).or_default().insert(column);
    }

    /// Whether what was found of a cell, or of a whole record, is settled.
    pub(crate) fn covers(&self, (file, sheet, line): Place<'_>, column: Option<&'static str>) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let cells = self.0.get(&(file.to_owned(), sheet.to_owned(), line));
        cells.is_some_and(|cells| cells.contains(&column) || cells.contains(&None))
    }

    /// Only places at which one record stands: what was found at another tells nobody which of its records it is about.
    pub(crate) fn only_single(mut self, pile: &Pile) -> Self {
        let places: Vec<Place<'_>> = self.0.keys().map(|(file, sheet, line)| (&**file, &**sheet, *line)).collect();
        let mut records = pile.records_at(&places).into_iter();
        self.0.retain(|_, _| records.next().is_none_or(|records| records <= 1));
        self
    }

    pub(crate) fn cells(&self, table: TableId) -> impl Iterator<Item = SettledCell> {
        let cells = self.0.iter().flat_map(|(place, columns)| columns.iter().map(move |column| (place, *column)));
        cells.map(move |((file, sheet, line), column)| {
            let (file, sheet) = (file.clone(), sheet.clone());
            SettledCell { table, file, sheet, line: *line, column }
        })
    }
}

/// The corrections of one table, to be looked up, and which of all were used.
pub(crate) struct Corrections<'a> {
    all: &'a [Correction],
    by_id: HashMap<&'a str, Vec<usize>>,
    by_place: HashMap<Place<'a>, Vec<usize>>,
    /// Those about records.
    of_records: HashMap<Place<'a>, Vec<usize>>,
    /// Rows and the corrections that supply their values.
    supplied: Vec<(u32, usize)>,
    /// Corrections that met a row.
    pub(crate) used: BTreeSet<usize>,
    /// Pairs that say different things about one row.
    pub(crate) contradicting: BTreeSet<(usize, usize)>,
    /// Those that mean a place where several rows stand.
    pub(crate) ambiguous: BTreeSet<usize>,
    /// The row that a correction has met at its place.
    met_at: HashMap<usize, u32>,
    /// What they settle.
    pub(crate) settled: Settled,
}

impl Correction {
    /// The place of the row; that of one that is meant by its id is nowhere.
    pub(crate) fn place(&self) -> Place<'_> {
        match &self.row {
            RowAddress::At { file, sheet, line } => (file, sheet, *line),
            RowAddress::Id(_) => ("", "", 0),
        }
    }

    /// Whether both can hold of one row.
    fn goes_with(&self, other: &Self) -> bool {
        match (&self.change, &other.change) {
            (Change::Exclude, Change::Exclude) => true,
            (Change::Supply { column, value }, Change::Supply { column: with, value: beside }) => {
                column != with || value.as_ref() == beside.as_ref()
            }
            _ => false,
        }
    }
}

impl<'a> Corrections<'a> {
    /// Those about `table`.
    pub(crate) fn of(table: TableId, all: &'a [Correction]) -> Self {
        let (mut by_id, mut by_place): (HashMap<_, Vec<_>>, HashMap<_, Vec<_>>) = Default::default();
        let mut of_records: HashMap<_, Vec<_>> = HashMap::new();
        for (index, correction) in all.iter().enumerate().filter(|(_, correction)| correction.table == table) {
            match &correction.row {
                RowAddress::Id(id) => by_id.entry(id.as_str()).or_default().push(index),
                RowAddress::At { .. } if correction.scope == Scope::Record => {
                    of_records.entry(correction.place()).or_default().push(index);
                }
                RowAddress::At { .. } => by_place.entry(correction.place()).or_default().push(index),
            }
        }
        let (used, contradicting, ambiguous, met_at, settled) = Default::default();
        Self { all, by_id, by_place, of_records, supplied: Vec::new(), used, contradicting, ambiguous, met_at, settled }
    }

    /// Whether any is about a record.
    pub(crate) fn has_records(&self) -> bool {
        !self.of_records.is_empty()
    }

    /// Those about the record at a place, which they have met then.
    pub(crate) fn of_record(&mut self, partner_id: Option<&str>, place: Place<'_>) -> Vec<&'a Correction> {
        let mut met = self.of_records.get(&place).cloned().unwrap_or_default();
        met.retain(|index| {
            let stated = self.all[*index].partner_id.as_deref();
            stated.is_none() || stated == partner_id
        });
        self.ambiguous.extend(met.iter().filter(|index| self.used.contains(index)));
        self.used.extend(&met);
        met.iter().for_each(|index| self.settled.note(place, &self.all[*index].change));
        met.into_iter().map(|index| &self.all[index]).collect()
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.by_id.is_empty() && self.by_place.is_empty()
    }

    /// Takes note of those about one row, which will stand at `row`. Returns the one that excludes it, if any.
    pub(crate) fn meet<'p>(
        &mut self,
        row: u32,
        partner_id: &str,
        id: Option<&str>,
        places: impl Iterator<Item = Place<'p>>,
    ) -> Option<&'a Correction> {
        let by_id = id.and_then(|id| self.by_id.get(id)).into_iter().flatten().copied();
        let mut met: BTreeSet<usize> = by_id.collect();
        let places: Vec<Place<'_>> = places.collect();
        for (file, sheet, line) in &places {
            met.extend(self.at(file, sheet, *line));
        }
        met.retain(|index| self.all[*index].partner_id.as_deref().is_none_or(|stated| stated == partner_id));
        // Of a place and an id that do not belong together nobody knows which is meant: such a correction meets nothing.
        met.retain(|index| {
            self.all[*index].row_id.as_deref().is_none_or(|stated| id.is_some_and(|id| names(stated, id)))
        });
        for index in met.iter().filter(|index| matches!(self.all[**index].row, RowAddress::At { .. })) {
            if self.met_at.insert(*index, row).is_some_and(|other| other != row) {
                self.ambiguous.insert(*index);
            }
        }
        self.used.extend(&met);
        for (first, second) in met.iter().flat_map(|first| met.range(first + 1..).map(move |second| (*first, *second)))
        {
            if !self.all[first].goes_with(&self.all[second]) {
                self.contradicting.insert((first, second));
            }
        }
        for (index, place) in met.iter().flat_map(|index| places.iter().map(move |place| (*index, *place))) {
            self.settled.note(place, &self.all[index].change);
        }
        let excludes = met.iter().copied().find(|index| self.all[*index].change == Change::Exclude);
        if excludes.is_none() {
            self.supplied.extend(met.iter().map(|index| (row, *index)));
        }
        excludes.map(|index| &self.all[index])
    }

    fn at(&self, file: &str, sheet: &str, line: i64) -> Vec<usize> {
        self.by_place.get(&(file, sheet, line)).cloned().unwrap_or_default()
    }

    /// Puts the supplied values in their places.
    pub(crate) fn supply(&self, frame: &mut Frame) {
        for (column, cells) in self.supplied_cells() {
            let patched = self.patched(frame.column(column), &cells);
            frame.set(column, patched);
        }
    }

    /// Where each supplied value comes from; keys must have been derived anew.
    pub(crate) fn trace(&self, frame: &Frame) -> Vec<ProvenanceRow> {
        let of_column = |(column, cells): (&'static str, BTreeMap<u32, usize>)| {
            let rows = cells.into_iter().map(|(row, index)| provenance(frame, column, row as usize, &self.all[index]));
            rows.collect::<Vec<_>>()
        };
        self.supplied_cells().into_iter().flat_map(of_column).collect()
    }

    /// The cells that hold supplied values.
    pub(crate) fn supplied_by_row(&self) -> HashSet<(usize, &'static str)> {
        let cells = self.supplied_cells().into_iter();
        cells.flat_map(|(column, rows)| rows.into_keys().map(move |row| (row as usize, column))).collect()
    }

    /// By column and row the correction that holds: the last statement about a cell.
    fn supplied_cells(&self) -> BTreeMap<&'static str, BTreeMap<u32, usize>> {
        let mut by_column: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
        for (row, index) in &self.supplied {
            if let Change::Supply { column, .. } = &self.all[*index].change {
                by_column.entry(*column).or_default().insert(*row, *index);
            }
        }
        by_column
    }

    fn patched(&self, column: &ArrayRef, cells: &BTreeMap<u32, usize>) -> ArrayRef {
        let value = |(row, index): (&u32, &usize)| match &self.all[*index].change {
            Change::Supply { value, .. } => Some((*row, value)),
            Change::Exclude => None,
        };
        with_values(column, cells.iter().filter_map(value))
    }

    /// Whether a supplied value stands in a column.
    pub(crate) fn supplies(&self, name: &str) -> bool {
        let column = |index: usize| matches!(&self.all[index].change, Change::Supply { column, .. } if *column == name);
        self.supplied.iter().any(|(_, index)| column(*index))
    }
}

/// Whether what is stated beside a place is the id of the row, or a part of it that findings name rows by.
fn names(stated: &str, id: &str) -> bool {
    id.eq_ignore_ascii_case(stated) || id.split(" / ").any(|part| part.eq_ignore_ascii_case(stated))
}

pub(crate) fn provenance(frame: &Frame, column: &'static str, row: usize, correction: &Correction) -> ProvenanceRow {
    ProvenanceRow {
        partner_id: Arc::from(frame.text("partner_id").value(row)),
        table: frame.table.name,
        row_id: Arc::from(row_name(frame, row)),
        column_name: column,
        source_file: Arc::clone(&correction.file),
        source_sheet: Arc::from(""),
        source_line: i64::try_from(correction.line).unwrap_or(i64::MAX),
    }
}

/// The row's own id, as provenance names it.
fn row_name(frame: &Frame, row: usize) -> String {
    let own_key = frame.table.key.iter().all(|name| frame.has(name) || PROVENANCE_COLUMNS.contains(name));
    if own_key { frame.row_id(row) } else { frame.position(row).to_string() }
}

/// Tells what was found of supplied values, on the rows that have them now. `traced` says which those are.
pub(crate) fn tell_doubts(frame: &Frame, all: &[Correction], traced: &[ProvenanceRow], notes: &mut Notes) {
    let doubtful = all.iter().filter(|correction| !correction.doubts.is_empty());
    let by_line: HashMap<(&str, i64), &Correction> =
        doubtful.map(|by| ((by.file.as_ref(), i64::try_from(by.line).unwrap_or(i64::MAX)), by)).collect();
    if by_line.is_empty() {
        return;
    }
    let mut about: HashMap<(&str, &str), Vec<(&'static str, &Correction)>> = HashMap::new();
    for cell in traced.iter().filter(|cell| cell.table == frame.table.name) {
        if let Some(by) = by_line.get(&(cell.source_file.as_ref(), cell.source_line)) {
            about.entry((&cell.partner_id, &cell.row_id)).or_default().push((cell.column_name, by));
        }
    }
    for row in (0..frame.len()).filter(|_| !about.is_empty()) {
        let (partner_id, row_id) = (frame.text("partner_id").value(row), row_name(frame, row));
        for (column, by) in about.get(&(partner_id, row_id.as_str())).into_iter().flatten() {
            for (code, detail) in &by.doubts {
                let position = Position { file: by.file.to_string(), line: by.line, ..Position::default() };
                let (partner_id, row_id, detail) = (partner_id.to_owned(), row_id.clone(), detail.clone());
                let (table, column, code) = (frame.id, Some(*column), *code);
                notes.findings.push(Finding { partner_id, table, position, row_id, column, code, detail });
                notes.mark(frame.id, row as u32, code);
            }
        }
    }
}

/// Tells about a row that is not used because the user says so.
pub(crate) fn note_excluded(notes: &mut Notes, partner_id: &str, row_id: &str, at: &Position, by: &Correction) {
    notes.findings.push(Finding {
        partner_id: partner_id.to_owned(),
        table: by.table,
        position: at.clone(),
        row_id: row_id.to_owned(),
        column: None,
        code: FindingCode::ExcludedRow,
        detail: format!("{}:{}: {}", by.file, by.line, by.reason),
    });
}
