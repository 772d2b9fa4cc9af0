//! `dim_customer`: what the rows of a partner say about each of its customers.

use crate::publish::runs_of_partners;
use aceq_model::{Bucket, TableId, tables};
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray, new_null_array};
use arrow::compute::interleave;
use foldhash::{HashMap, HashMapExt};
use std::collections::BTreeMap;
use std::ops::Range;

/// Tables that speak of customers, the best informed first.
const SOURCES: [TableId; 3] = [TableId::Customers, TableId::Opportunities, TableId::CaseStudies];

/// What the columns after the key are called in those tables.
const FACTS: [&str; 9] = [
    "customer_name",
    "customer_country",
    "segment",
    "customer_type",
    "annual_revenue_usd",
    "employees",
    "customer_website",
    "customer_aws_account_id",
    "customer_duns",
];

/// Table and row.
type Place = (usize, usize);

/// Where a customer's key and each fact about it stand.
struct Customer {
    key: Place,
    facts: [Option<Place>; FACTS.len()],
}

/// One row per partner and customer key, sorted; `None` where no table that speaks of customers was given.
pub(crate) fn customers(bucket: &Bucket) -> Option<RecordBatch> {
    let given: Vec<&RecordBatch> = SOURCES.iter().filter_map(|id| bucket.table(*id)).collect();
    if given.is_empty() {
        return None;
    }
    let found = collect(&given);
    let keys: Vec<Place> = found.iter().map(|customer| customer.key).collect();
    let mut columns = vec![gather(&given, "partner_id", keys.iter().copied().map(Some)), {
        gather(&given, "customer_key", keys.iter().copied().map(Some))
    }];
    for (index, fact) in FACTS.iter().enumerate() {
        columns.push(gather(&given, fact, found.iter().map(|customer| customer.facts[index])));
    }
    let schema = tables::DIM_CUSTOMER.arrow_schema();
    Some(RecordBatch::try_new(schema, columns).expect("every fact has the type of its column"))
}

/// The customers, sorted by partner and key.
fn collect(given: &[&RecordBatch]) -> Vec<Customer> {
    let mut rows_of: BTreeMap<&str, Vec<(usize, Range<usize>)>> = BTreeMap::new();
    for (table, rows) in given.iter().enumerate() {
        for (range, partner) in runs_of_partners(rows["partner_id"].as_string()) {
            rows_of.entry(partner).or_default().push((table, range));
        }
    }
    let keys: Vec<&StringArray> = given.iter().map(|rows| rows["customer_key"].as_string()).collect();
    let facts: Vec<_> = given.iter().map(|rows| FACTS.map(|name| rows.column_by_name(name))).collect();
    let mut customers = Vec::new();
    // A partner's customers are few enough to be looked up in fast memory.
    let mut found: HashMap<&str, Customer> = HashMap::new();
    for ranges in rows_of.into_values() {
        for (table, row) in ranges.into_iter().flat_map(|(table, range)| range.map(move |row| (table, row))) {
            if keys[table].is_null(row) {
                continue;
            }
            let new = || Customer { key: (table, row), facts: [None; FACTS.len()] };
            let customer = found.entry(keys[table].value(row)).or_insert_with(new);
            for (known, fact) in customer.facts.iter_mut().zip(&facts[table]) {
                if known.is_none() && fact.is_some_and(|fact| fact.is_valid(row)) {
                    *known = Some((table, row));
                }
            }
        }
        let mut sorted: Vec<_> = found.drain().collect();
        sorted.sort_unstable_by_key(|(key, _)| *key);
        customers.extend(sorted.into_iter().map(|(_, customer)| customer));
    }
    customers
}

/// The values of a column at some places; a table without that column is never named by one.
fn gather(given: &[&RecordBatch], name: &str, places: impl Iterator<Item = Option<Place>>) -> ArrayRef {
    let of_type = given.iter().find_map(|rows| rows.column_by_name(name)).map(|column| column.data_type().clone());
    let ty = of_type.unwrap_or_else(|| declared(name));
    let null = new_null_array(&ty, 1);
    let arrays: Vec<&dyn Array> =
        given.iter().map(|rows| rows.column_by_name(name).unwrap_or(&null).as_ref()).chain([null.as_ref()]).collect();
    let places: Vec<Place> = places.map(|place| place.unwrap_or((given.len(), 0))).collect();
    interleave(&arrays, &places).expect("places were found in these tables")
}

/// The type of a fact of which no given table has the column: that of `customers`, which has them all.
fn declared(name: &str) -> arrow::datatypes::DataType {
    TableId::Customers.schema().column(name).expect("`customers` has every fact").ty.arrow()
}
