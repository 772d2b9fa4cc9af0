//! Which row of one side is which row of the other.
//!
//! By the row's own id, repeats in their order; rows that are left over by their id without dates, so that a corrected
//! award date does not make another certification of it.

use crate::view::{TableView, Views};
use aceq_model::{ColumnType, TableId};
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::ops::Range;

/// The pairs of every table that both sides were given, for one partner.
pub(super) struct AllPairs {
    tables: BTreeMap<TableId, Pairs>,
}

/// The pairs of one table. Rows are numbered as in their view.
#[derive(Default)]
pub(super) struct Pairs {
    to_after: HashMap<usize, usize>,
    to_before: HashMap<usize, usize>,
}

impl AllPairs {
    pub(super) fn new(before: &Views, after: &Views, partner: usize, tables: &BTreeSet<TableId>) -> Self {
        let both = tables.iter().filter_map(|table| Some((before.table(*table)?, after.table(*table)?)));
        let pairs = |(before, after): (&TableView, &TableView)| {
            (before.id, Pairs::new((before, before.range(partner)), (after, after.range(partner))))
        };
        Self { tables: both.map(pairs).collect() }
    }

    /// The row after that is this row before.
    pub(super) fn after(&self, table: TableId, row: usize) -> Option<usize> {
        self.tables.get(&table).and_then(|pairs| pairs.to_after.get(&row).copied())
    }

    /// The row before that is this row after.
    pub(super) fn before(&self, table: TableId, row: usize) -> Option<usize> {
        self.tables.get(&table).and_then(|pairs| pairs.to_before.get(&row).copied())
    }
}

impl Pairs {
    fn new((before, rows_before): (&TableView, Range<usize>), (after, rows_after): (&TableView, Range<usize>)) -> Self {
        let mut pairs = Self::default();
        pairs.join(rows_before.clone(), rows_after.clone(), |row| before.row_id(row), |row| after.row_id(row));
        let rest_before: Vec<usize> = rows_before.filter(|row| !pairs.to_after.contains_key(row)).collect();
        let rest_after: Vec<usize> = rows_after.filter(|row| !pairs.to_before.contains_key(row)).collect();
        pairs.join(rest_before, rest_after, |row| undated_id(before, row), |row| undated_id(after, row));
        pairs
    }

    /// Pairs rows of equal id, repeats (and rows without any id) in their order.
    fn join(
        &mut self,
        rows_before: impl IntoIterator<Item = usize>,
        rows_after: impl IntoIterator<Item = usize>,
        id_before: impl Fn(usize) -> String,
        id_after: impl Fn(usize) -> String,
    ) {
        let mut waiting: HashMap<String, VecDeque<usize>> = HashMap::new();
        for row in rows_before {
            waiting.entry(id_before(row)).or_default().push_back(row);
        }
        for row in rows_after {
            let id = id_after(row);
            if let Some(twin) = waiting.get_mut(&id).and_then(VecDeque::pop_front) {
                self.to_after.insert(twin, row);
                self.to_before.insert(row, twin);
            }
        }
    }
}

/// The known columns of the table's key, each with its name, without dates.
fn undated_id(view: &TableView, row: usize) -> String {
    let schema = view.id.schema();
    let undated = schema.key.iter().filter_map(|name| schema.column(name)).filter(|c| c.ty != ColumnType::Date);
    let parts: Vec<String> = undated.map(|column| format!("{} {}", column.name, view.shown(column, row))).collect();
    parts.join("\n")
}
