//! Rows that say different things of one person, designation, offering or period, and nothing tells which is right.

use crate::frame::Frame;
use crate::notes::Notes;
use crate::repeats::{Gathering, repeats};
use aceq_model::{FindingCode, tables::PROVENANCE_COLUMNS};
use arrow::array::Array;

/// Raises a finding on every row with the key of the row before it and other values. All of them are kept.
pub(crate) fn find_repeated_keys(frame: &Frame, notes: &mut Notes) {
    let table = frame.table;
    let is_by_place = table.key.iter().any(|name| PROVENANCE_COLUMNS.contains(name));
    // Of kinds that add up one row of each key is left.
    if is_by_place || repeats(frame.id).gathering == Gathering::AddUp {
        return;
    }
    let keys = frame.comparable(table.key);
    let is_nobody = |row: usize| frame.has("person_key") && frame.column("person_key").is_null(row);
    for row in 1..frame.len() {
        if is_nobody(row) || keys.row(row) != keys.row(row - 1) {
            continue;
        }
        // Somebody may have two roles.
        let tells = |name: &str| !table.key.contains(&name) && name != "role" && frame.has(name);
        let said = table.ingested_columns().filter(|column| tells(column.name));
        let differing: Vec<&str> =
            said.map(|column| column.name).filter(|name| differ(frame, name, row - 1, row)).collect();
        if !differing.is_empty() {
            let (first, second) = (frame.position(row - 1), frame.position(row));
            let detail = format!("{first} and {second} differ in {}", differing.join(", "));
            notes.raise(frame, row, FindingCode::ContradictingRows, detail);
        }
    }
}

/// Whether two rows of a column hold different values.
pub(super) fn differ(frame: &Frame, name: &str, one: usize, other: usize) -> bool {
    let column = frame.column(name);
    column.slice(one, 1).to_data() != column.slice(other, 1).to_data()
}
