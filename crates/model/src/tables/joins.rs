//! How the tables join: which column of a fact names which row of a dimension, and which columns are never null.

use super::{DIM_DATE, DIM_PARTNER, DIM_REQUIREMENT, DIM_RUN, Folder};
use crate::schema::{Column, Table};

/// The dimension that every value of the column is found in, and its key column there.
///
/// Findings about whole files belong to no partner, so quality tables join none. As-of dates alone are always days of
/// `dim_date`: other dates may lie outside its years.
pub fn joins(folder: Folder, table: &Table, column: &Column) -> Option<(&'static Table, &'static str)> {
    let found: (&'static Table, &'static str) = match column.name {
        "partner_id" if folder != Folder::Quality => (&DIM_PARTNER, "partner_id"),
        "requirement_key" => (&DIM_REQUIREMENT, "requirement_key"),
        "run_id" => (&DIM_RUN, "run_id"),
        "as_of" => (&DIM_DATE, "date"),
        _ => return None,
    };
    (found.0.name != table.name).then_some(found)
}

/// Whether the column alone tells two rows of the table apart.
pub fn is_unique(table: &Table, column: &Column) -> bool {
    table.full_key() == [column.name]
}

/// Whether the column is never null, whatever the data.
pub fn is_never_null(folder: Folder, table: &Table, column: &Column) -> bool {
    let named = ["partner_id", "requirement_key", "run_id", "is_latest", "as_of"].contains(&column.name);
    let is_key = matches!(folder, Folder::Dimensions | Folder::Bridges) && table.key.contains(&column.name);
    named || is_key
}
