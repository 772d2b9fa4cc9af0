//! What `customers` says about the customer of an opportunity.
//!
//! Per column: the known value of the rows with the same `customer_key_strict`, else of those with the same
//! `customer_key`. Rows that state different values make the column unknown. Only where `customers` says nothing does
//! the export's own segment stand.

use crate::frame::Frame;
use crate::identity::tidy;
use crate::notes::Notes;
use aceq_model::FindingCode;
use arrow::array::{Array, ArrayRef, AsArray, UInt32Array, make_comparator, new_null_array};
use arrow::compute::{SortOptions, interleave, take};
use arrow::util::display::array_value_to_string;
use std::collections::{BTreeSet, HashMap};

/// The columns, as they are called in both tables.
const COLUMNS: [&str; 4] = ["segment", "annual_revenue_usd", "employees", "customer_type"];

/// Values that a finding lists.
const SHOWN: usize = 5;

/// What the rows of one customer say in one column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stated {
    #[default]
    Nothing,
    /// The value of this row.
    Row(u32),
    /// Different values.
    Conflict,
}

/// Per customer (partner, key) and column what is stated.
type Statements<'a> = HashMap<(u32, &'a str), [Stated; COLUMNS.len()]>;

/// Sets the firmographic columns of opportunities; all unknown but the segment without `customers`. Returns the rows of which
/// `customers` and the export say different segments, with both.
pub(crate) fn apply(opportunities: &mut Frame, customers: Option<&Frame>) -> Vec<(usize, String)> {
    let Some(customers) = customers else {
        for name in &COLUMNS[1..] {
            let column = opportunities.table.column(name).expect("a column of opportunities");
            opportunities.set(name, new_null_array(&column.ty.arrow(), opportunities.len()));
        }
        return Vec::new();
    };
    let stated = stated_about(opportunities, customers);
    let (of_export, of_customers) = (opportunities.text("segment"), customers.text("segment"));
    let differ = stated.iter().enumerate().filter_map(|(row, [segment, ..])| {
        let Stated::Row(found) = segment else { return None };
        let (export, list) =
            (of_export.is_valid(row).then(|| of_export.value(row))?, of_customers.value(*found as usize));
        (tidy(export) != tidy(list))
            .then(|| (row, format!("segment is {list} in the list of customers, {export} in the export")))
    });
    let differ = differ.collect();
    for (place, name) in COLUMNS.into_iter().enumerate() {
        let stated = stated.iter().map(|columns| columns[place]);
        let column = match name {
            "segment" => chosen_segment(opportunities.column(name), customers.column(name), stated),
            _ => from_customers(customers.column(name), stated),
        };
        opportunities.set(name, column);
    }
    differ
}

fn stated_about(opportunities: &Frame, customers: &Frame) -> Vec<[Stated; COLUMNS.len()]> {
    let strict = statements(customers, "customer_key_strict");
    let loose = statements(customers, "customer_key");
    let (strict_keys, loose_keys) = (opportunities.text("customer_key_strict"), opportunities.text("customer_key"));
    let about = |row: usize| {
        if loose_keys.is_null(row) {
            return Default::default();
        }
        let partner = opportunities.partners[row];
        let own = strict.get(&(partner, strict_keys.value(row))).copied().unwrap_or_default();
        let wider = loose.get(&(partner, loose_keys.value(row))).copied().unwrap_or_default();
        std::array::from_fn(|place| if own[place] == Stated::Nothing { wider[place] } else { own[place] })
    };
    (0..opportunities.len()).map(about).collect()
}

fn statements<'a>(customers: &'a Frame, key: &str) -> Statements<'a> {
    let keys = customers.text(key);
    let mut statements = Statements::new();
    let columns = COLUMNS.map(|name| customers.column(name));
    let same = columns.map(|column| make_comparator(column, column, SortOptions::default()).expect("one type"));
    for row in (0..customers.len()).filter(|row| keys.is_valid(*row)) {
        let stated = statements.entry((customers.partners[row], keys.value(row))).or_default();
        for place in (0..COLUMNS.len()).filter(|place| columns[*place].is_valid(row)) {
            stated[place] = match stated[place] {
                Stated::Nothing => Stated::Row(row as u32),
                Stated::Row(first) if same[place](first as usize, row).is_eq() => Stated::Row(first),
                _ => Stated::Conflict,
            };
        }
    }
    statements
}

fn from_customers(column: &ArrayRef, stated: impl Iterator<Item = Stated>) -> ArrayRef {
    let rows: UInt32Array = stated.map(|stated| if let Stated::Row(row) = stated { Some(row) } else { None }).collect();
    take(column, &rows, None).expect("the rows asked for exist")
}

/// A row of `customers` beats the export, and so does a disagreement among them.
fn chosen_segment(export: &ArrayRef, customers: &ArrayRef, stated: impl Iterator<Item = Stated>) -> ArrayRef {
    let unknown = new_null_array(export.data_type(), 1);
    let places = stated.enumerate().map(|(row, stated)| match stated {
        Stated::Nothing => (0, row),
        Stated::Row(found) => (1, found as usize),
        Stated::Conflict => (2, 0),
    });
    let places: Vec<_> = places.collect();
    interleave(&[export, customers, &unknown], &places).expect("segments are texts in both tables")
}

/// Raises a finding on every row of `customers` that differs in a figure from another row of the same customer.
pub(crate) fn find_conflicts(customers: &Frame, notes: &mut Notes) {
    let statements = statements(customers, "customer_key");
    let keys = customers.text("customer_key");
    let conflict = |row: usize, place: usize| {
        let stated = keys.is_valid(row).then(|| statements[&(customers.partners[row], keys.value(row))][place]);
        stated == Some(Stated::Conflict) && customers.column(COLUMNS[place]).is_valid(row)
    };
    let mut values: HashMap<(u32, &str, usize), BTreeSet<String>> = HashMap::new();
    for row in 0..customers.len() {
        for place in (0..COLUMNS.len()).filter(|place| conflict(row, *place)) {
            let key = (customers.partners[row], keys.value(row), place);
            values.entry(key).or_default().insert(written(customers.column(COLUMNS[place]), row));
        }
    }
    for row in 0..customers.len() {
        let told = (0..COLUMNS.len()).filter(|place| conflict(row, *place)).map(|place| {
            let values = &values[&(customers.partners[row], keys.value(row), place)];
            let shown: Vec<_> = values.iter().take(SHOWN).map(String::as_str).collect();
            let more = values.len() - shown.len();
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            format!("{} is {}{more}", COLUMNS[place], shown.join(" and "))
        });
        let told: Vec<_> = told.collect();
        if !told.is_empty() {
            let detail = format!("customer {}: {}", keys.value(row), told.join("; "));
            notes.raise(customers, row, FindingCode::CustomerConflict, detail);
        }
    }
}

fn written(column: &ArrayRef, row: usize) -> String {
    let text = column.as_string_opt::<i32>().map(|texts| texts.value(row).to_owned());
    text.unwrap_or_else(|| array_value_to_string(column, row).expect("numbers can be written"))
}
