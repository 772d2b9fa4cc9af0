//! Buckets written by hand, as TOML.
//!
//! ```
//! let bucket = aceq_tests::literal::bucket(r#"
//! partner_ids = ["P1", "P2"]             # left out: one partner, `self`
//! completions = [
//!     { partner_id = "P1", person_key = "ana", completed_date = 2026-01-31 },
//! ]
//! offerings = []                          # given, without rows; a table that is not named was never given
//! "#);
//! assert_eq!(bucket.tables.len(), 2);
//! ```

use aceq_model::{Bucket, Cents, Column, ColumnType, Table, TableId, days_from_date};
use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int32Array, Int64Array, ListBuilder, RecordBatch,
    StringArray, StringBuilder, TimestampMicrosecondArray,
};
use arrow::datatypes::{DataType, Field};
use chrono::NaiveDate;
use std::sync::Arc;
use toml::Value;

/// The bucket that `text` describes. Columns left out are null, the partner left out is `self`, rows are sorted as
/// a bucket demands.
///
/// # Panics
/// When a table, a column or a value is not one of the model's.
pub fn bucket(text: &str) -> Bucket {
    let mut tables: toml::Table = text.parse().unwrap_or_else(|error| panic!("{error}"));
    let mut partners = match tables.remove("partner_ids") {
        Some(ids) => ids.try_into().expect("partner ids are texts"),
        None => vec!["self".to_owned()],
    };
    partners.sort();
    let tables = tables.into_iter().map(|(name, rows)| table(&name, rows)).collect();
    Bucket { partners, tables }
}

fn table(name: &str, rows: Value) -> (TableId, RecordBatch) {
    let id = TableId::from_name(name).unwrap_or_else(|| panic!("there is no table {name}"));
    let mut rows = rows_in(rows);
    for row in &mut rows {
        row.entry("partner_id").or_insert_with(|| Value::from("self"));
        for column in row.keys() {
            assert!(id.schema().column(column).is_some(), "table {name} has no column {column}");
        }
    }
    rows.sort_by_cached_key(|row| sort_key(id.schema(), row));
    (id, batch(id.schema(), &rows))
}

/// By hand: serde would turn dates into texts.
fn rows_in(rows: Value) -> Vec<toml::Table> {
    let Value::Array(rows) = rows else { panic!("a table is an array of rows, not {rows}") };
    let row = |row| match row {
        Value::Table(row) => row,
        other => panic!("a row is a table, not {other}"),
    };
    rows.into_iter().map(row).collect()
}

fn sort_key(table: &Table, row: &toml::Table) -> Vec<String> {
    let columns = ["partner_id"].iter().chain(table.key);
    columns.map(|column| row.get(*column).map(Value::to_string).unwrap_or_default()).collect()
}

fn batch(table: &Table, rows: &[toml::Table]) -> RecordBatch {
    let columns = table.columns.iter().map(|column| array(column, rows)).collect();
    RecordBatch::try_new(table.arrow_schema(), columns).expect("the columns are built from the schema")
}

fn array(column: &Column, rows: &[toml::Table]) -> ArrayRef {
    let cells = rows.iter().map(|row| row.get(column.name));
    match column.ty {
        ColumnType::Text => Arc::new(cells.map(|cell| cell.map(text)).collect::<StringArray>()),
        ColumnType::Flag => Arc::new(cells.map(|cell| cell.map(flag)).collect::<BooleanArray>()),
        ColumnType::Integer => {
            Arc::new(cells.map(|cell| cell.map(|cell| integer(cell) as i32)).collect::<Int32Array>())
        }
        ColumnType::Long => Arc::new(cells.map(|cell| cell.map(integer)).collect::<Int64Array>()),
        ColumnType::Date => {
            Arc::new(cells.map(|cell| cell.map(|cell| days_from_date(date(cell)))).collect::<Date32Array>())
        }
        ColumnType::Decimal => decimals(cells),
        ColumnType::Timestamp => timestamps(cells),
        ColumnType::TextList => lists(cells),
    }
}

fn decimals<'a>(cells: impl Iterator<Item = Option<&'a Value>>) -> ArrayRef {
    let amounts: Decimal128Array = cells.map(|cell| cell.map(|cell| i128::from(cents(cell)))).collect();
    Arc::new(amounts.with_precision_and_scale(18, 2).expect("18 digits, 2 of them decimals"))
}

fn timestamps<'a>(cells: impl Iterator<Item = Option<&'a Value>>) -> ArrayRef {
    let micros = |cell| i64::from(days_from_date(date(cell))) * 86_400_000_000;
    let instants: TimestampMicrosecondArray = cells.map(|cell| cell.map(micros)).collect();
    Arc::new(instants.with_timezone("UTC"))
}

fn lists<'a>(cells: impl Iterator<Item = Option<&'a Value>>) -> ArrayRef {
    let item = Field::new("item", DataType::Utf8, false);
    let mut lists = ListBuilder::new(StringBuilder::new()).with_field(item);
    for cell in cells {
        for item in cell.and_then(Value::as_array).into_iter().flatten() {
            lists.values().append_value(text(item));
        }
        lists.append(cell.is_some());
    }
    Arc::new(lists.finish())
}

fn text(cell: &Value) -> &str {
    cell.as_str().unwrap_or_else(|| panic!("{cell} is no text"))
}

fn flag(cell: &Value) -> bool {
    cell.as_bool().unwrap_or_else(|| panic!("{cell} is no flag"))
}

fn integer(cell: &Value) -> i64 {
    cell.as_integer().unwrap_or_else(|| panic!("{cell} is no whole number"))
}

/// A decimal is a whole number or a text.
fn cents(cell: &Value) -> i64 {
    let written = cell.as_str().map_or_else(|| integer(cell).to_string(), str::to_owned);
    written.parse::<Cents>().unwrap_or_else(|error| panic!("{error}")).0
}

fn date(cell: &Value) -> NaiveDate {
    let date = cell.as_datetime().and_then(|written| written.date).unwrap_or_else(|| panic!("{cell} is no date"));
    NaiveDate::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day))
        .expect("TOML dates are dates of the calendar")
}
