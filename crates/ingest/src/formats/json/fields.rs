//! The columns of a table whose records name their own fields, in order of first appearance.

use super::flatten::{Field, Scalar};
use crate::grid::Grid;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

/// A scalar beside the records, which says something about each of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Around {
    pub name: String,
    pub cell: String,
    pub kind: Scalar,
}

/// The fields seen so far, and those of the record at hand.
#[derive(Debug, Default)]
pub(super) struct Fields {
    names: Vec<String>,
    /// Columns of a name: several where an object repeats the name, so that nothing is hidden.
    places: HashMap<String, Vec<usize>>,
    /// Columns that hold a number somewhere.
    numbers: BTreeSet<usize>,
    /// Which record filled a column last, per column.
    filled: Vec<u64>,
    record: u64,
    text: String,
    cells: Vec<(usize, Range<usize>)>,
}

impl Fields {
    /// Begins a record.
    pub fn begin(&mut self) {
        self.record += 1;
        self.text.clear();
        self.cells.clear();
    }

    /// Notes a field of the record.
    pub fn note(&mut self, field: &Field<'_>) {
        let column = self.column(field.name);
        self.filled[column] = self.record;
        if field.kind == Scalar::Number {
            self.numbers.insert(column);
        }
        let start = self.text.len();
        self.text.push_str(field.cell);
        self.cells.push((column, start..self.text.len()));
    }

    /// Notes what stands around the record, where it has no such field itself.
    pub fn surround(&mut self, around: &[Around]) {
        for Around { name, cell, kind } in around {
            let own = self.places.get(name).is_some_and(|places| self.filled[places[0]] == self.record);
            if !own {
                self.note(&Field { name, cell, kind: *kind });
            }
        }
    }

    /// Names of all columns.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Adds the record to a table.
    pub fn push_to(&mut self, grid: &mut Grid, line: u64, byte: u64) {
        self.cells.sort_unstable_by_key(|(column, _)| *column);
        grid.begin(line, Some(byte));
        for (column, cell) in &self.cells {
            while grid.width() < *column {
                grid.push_absent();
            }
            grid.push(&self.text[cell.clone()]);
        }
    }

    /// Names the columns of the table.
    pub fn finish(self, grid: &mut Grid) {
        grid.header = Some(self.names);
        grid.numbers = self.numbers;
    }

    /// The first column of this name that the record has not filled.
    fn column(&mut self, name: &str) -> usize {
        let free = |places: &Vec<usize>| places.iter().find(|place| self.filled[**place] != self.record).copied();
        if let Some(column) = self.places.get(name).and_then(free) {
            return column;
        }
        let column = self.names.len();
        self.names.push(name.to_owned());
        self.filled.push(0);
        self.places.entry(name.to_owned()).or_default().push(column);
        column
    }
}
