//! Rows that repeat each other, of kinds whose files add up: one row, each column from the newest version that has it.

use crate::frame::Frame;
use crate::pile::{Pile, RowAt, known_snapshot};
use crate::published::ProvenanceRow;
use crate::rosters::contradictions::differ;
use aceq_model::TableId;
use arrow::array::{Array, UInt32Array};
use arrow::compute::take;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// What the older versions came to.
#[derive(Default)]
pub(super) struct Merged {
    /// By row and column, the version that the value comes from, where it is another row.
    from: BTreeMap<(usize, &'static str), usize>,
    /// Rows that stay though another version of one age says something else, and what.
    pub(super) contradicting: Vec<(usize, String)>,
}

/// Cells that hold what the user says, by row and column.
pub(super) type Supplied = HashSet<(usize, &'static str)>;

impl Merged {
    /// Rows that supplied a value to another one.
    pub(super) fn suppliers(&self) -> HashSet<usize> {
        self.from.values().copied().collect()
    }

    /// Where those values come from.
    pub(super) fn provenance(&self, frame: &Frame, pile: &Pile, rows: &[RowAt], kept: &[bool]) -> Vec<ProvenanceRow> {
        let row = |((stays, name), supplier): (&(usize, &'static str), &usize)| {
            let at = rows[*supplier];
            ProvenanceRow {
                partner_id: Arc::from(frame.text("partner_id").value(*stays)),
                table: frame.table.name,
                row_id: Arc::from(frame.row_id(*stays)),
                column_name: name,
                source_file: Arc::clone(pile.path(pile.file_of(at))),
                source_sheet: Arc::clone(pile.sheet(pile.file_of(at))),
                source_line: pile.line(at),
            }
        };
        self.from.iter().filter(|((stays, _), _)| kept[*stays]).map(row).collect()
    }
}

/// Fills the columns that the file of the newest version does not have from the newest older one that has them, and tells
/// versions that differ though neither is newer. `newest[row]` is the row that stays for `row`; rows stand oldest first. What the
/// user says is stronger than any version, and contradicts none.
pub(super) fn merge(frame: &mut Frame, pile: &Pile, rows: &[RowAt], newest: &[usize], supplied: &Supplied) -> Merged {
    let mut versions: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (row, stays) in newest.iter().enumerate().filter(|(row, stays)| row != *stays) {
        versions.entry(*stays).or_default().push(row);
    }
    let in_file = |row: usize, name: &str| pile.files[pile.file_of(rows[row])].has(name);
    let mut merged = Merged::default();
    if versions.is_empty() {
        return merged;
    }
    // Answers and activities that differ in what counts have keys of their own.
    let is_told = matches!(frame.id, TableId::CaseStudies | TableId::Completions);
    for (stays, older) in versions.iter().filter(|_| is_told) {
        let all: Vec<usize> = older.iter().chain([stays]).copied().collect();
        let told = all.windows(2).rev().find_map(|pair| {
            let (one, other) = (pair[0], pair[1]);
            let is_open = |row: usize| known_snapshot(&pile.files[pile.file_of(rows[row])]).is_none();
            let is_one_age = pile.is_one_age(rows[one], rows[other]) || (is_open(one) && is_open(other));
            let told = |row: usize, name| in_file(row, name) && !supplied.contains(&(row, name));
            let both = |name: &&'static str| told(one, name) && told(other, name);
            let columns = frame.table.ingested_columns().map(|column| column.name).filter(both);
            let differing: Vec<&str> = columns.filter(|name| is_one_age && differ(frame, name, one, other)).collect();
            let (first, second) = (frame.position(one), frame.position(other));
            let detail = || format!("{first} and {second} differ in {}; the later one was used", differing.join(", "));
            (!differing.is_empty()).then(detail)
        });
        merged.contradicting.extend(told.map(|detail| (*stays, detail)));
    }
    for column in frame.table.ingested_columns() {
        let name = column.name;
        let suppliers = versions.iter().filter_map(|(stays, older)| {
            if supplied.contains(&(*stays, name)) {
                return None;
            }
            // What the user says of any version is stronger than what a file says of the newest.
            if let Some(row) = older.iter().rev().find(|row| supplied.contains(&(**row, name))) {
                return Some((*stays, *row));
            }
            let known = |row: &&usize| in_file(**row, name) && frame.column(name).is_valid(**row);
            (!in_file(*stays, name)).then(|| older.iter().rev().find(known)).flatten().map(|row| (*stays, *row))
        });
        let suppliers: Vec<(usize, usize)> = suppliers.collect();
        if suppliers.is_empty() {
            continue;
        }
        let mut places: Vec<u32> = (0..frame.len() as u32).collect();
        for (stays, supplier) in suppliers {
            places[stays] = supplier as u32;
            merged.from.insert((stays, name), supplier);
        }
        let taken = take(frame.column(name), &UInt32Array::from(places), None);
        frame.set(name, taken.expect("the rows asked for exist"));
    }
    merged
}
