//! `dim_table`: which tables the dataset has, and which it could have.

use crate::manifest::TableRecord;
use crate::rows::Columns;
use aceq_model::{Table, tables, tables::Folder};
use arrow::array::RecordBatch;
use std::collections::BTreeMap;

/// Rows of `dim_table`, sorted by name; `written` are all other tables of the dataset.
pub(crate) fn inventory(written: &BTreeMap<String, TableRecord>) -> RecordBatch {
    let mut all: Vec<(Folder, &Table)> = tables::all().collect();
    all.sort_by_key(|(_, table)| table.name);
    let own = all.len() as i64;
    let rows = |table: &Table| match written.get(table.name) {
        Some(record) => Some(i64::try_from(record.rows).unwrap_or(i64::MAX)),
        None => (table.name == tables::DIM_TABLE.name).then_some(own),
    };
    Columns::of(&tables::DIM_TABLE)
        .text("table_name", all.iter().map(|(_, table)| table.name))
        .text("folder", all.iter().map(|(folder, _)| folder.name()))
        .text("grain", all.iter().map(|(_, table)| table.grain))
        .flag("given", all.iter().map(|(_, table)| rows(table).is_some()))
        .long("row_count", all.iter().map(|(_, table)| rows(table)))
        .finish()
}
