//! `dim_partner`: who each partner is, by the row of `partners` that is valid last.

use crate::publish::runs_of_partners;
use aceq_model::{Bucket, TableId, tables};
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray, UInt32Array, new_null_array};
use arrow::compute::take;
use arrow::datatypes::Date32Type;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One row per partner of the bucket, sorted.
pub(crate) fn partners(bucket: &Bucket) -> RecordBatch {
    let mut ids: BTreeSet<&str> = bucket.partners.iter().map(String::as_str).collect();
    for rows in bucket.tables.values() {
        ids.extend(runs_of_partners(rows["partner_id"].as_string()).map(|(_, id)| id));
    }
    let told = bucket.table(TableId::Partners);
    let by_partner = told.map(newest_first).unwrap_or_default();
    let newest = |id: &&str| by_partner.get(id).map(|rows| rows[0]);
    let named = |id: &&str| {
        let names = &told?["name"];
        by_partner.get(id)?.iter().find(|row| names.is_valid(**row as usize)).copied()
    };
    let newest: UInt32Array = ids.iter().map(newest).collect();
    let named: UInt32Array = ids.iter().map(named).collect();
    let columns = tables::DIM_PARTNER.columns.iter().map(|column| match (column.name, told) {
        ("partner_id", _) => Arc::new(ids.iter().copied().map(Some).collect::<StringArray>()) as ArrayRef,
        (_, None) => new_null_array(&column.ty.arrow(), ids.len()),
        ("name", Some(rows)) => take(&rows["name"], &named, None).expect("rows of the batch"),
        (name, Some(rows)) => take(&rows[name], &newest, None).expect("rows of the batch"),
    });
    let columns = columns.collect();
    RecordBatch::try_new(tables::DIM_PARTNER.arrow_schema(), columns).expect("columns are called as in `partners`")
}

/// The rows of each partner: valid last, then valid from last, then of the newest snapshot, then first in the table.
fn newest_first(rows: &RecordBatch) -> BTreeMap<&str, Vec<u32>> {
    let date = |name: &str| rows[name].as_primitive::<Date32Type>();
    let dates = ["valid_until", "valid_from", "snapshot_date"].map(date);
    let age = |row: u32| dates.map(|column| column.is_valid(row as usize).then(|| column.value(row as usize)));
    let mut by_partner: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for (row, id) in (0u32..).zip(rows["partner_id"].as_string::<i32>()) {
        by_partner.entry(id.unwrap_or_default()).or_default().push(row);
    }
    by_partner.values_mut().for_each(|rows| rows.sort_by_key(|row| std::cmp::Reverse(age(*row))));
    by_partner
}
