//! One canonical row, read cell by cell from an Arrow batch.

use super::calendar::Dates;
use aceq_model::{Bucket, TableId, date_from_days};
use arrow::array::{
    Array, ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int32Array, Int64Array, ListArray, RecordBatch,
    StringArray, TimestampMicrosecondArray,
};
use arrow::datatypes::{DataType, TimeUnit};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Not known.
    Null,
    /// TRUE or FALSE.
    Flag(bool),
    /// Text.
    Text(String),
    /// A whole number or a decimal, in hundredths.
    Number(i128),
    /// Calendar date.
    Date(NaiveDate),
    /// Microseconds since 1970.
    Instant(i64),
    /// List of texts.
    List(Vec<String>),
}

/// One row of one table.
#[derive(Clone, Debug)]
pub struct Row {
    table: TableId,
    cells: Vec<Value>,
}

/// One partner's rows of every table that was given.
pub type PartnerRows = BTreeMap<TableId, Vec<Row>>;

/// All rows of `partner`; a table that was not given has no entry.
pub fn rows_of(bucket: &Bucket, partner: &str) -> PartnerRows {
    bucket.tables.iter().map(|(table, batch)| (*table, partner_rows(*table, batch, partner))).collect()
}

fn partner_rows(table: TableId, batch: &RecordBatch, partner: &str) -> Vec<Row> {
    let partner = Some(partner.to_owned());
    (0..batch.num_rows())
        .map(|line| Row::read(table, batch, line))
        .filter(|row| row.text("partner_id") == partner)
        .collect()
}

impl Row {
    fn read(table: TableId, batch: &RecordBatch, line: usize) -> Self {
        let cell = |name| batch.column_by_name(name).unwrap_or_else(|| panic!("{}.{name} is missing", table.name()));
        let cells = table.schema().columns.iter().map(|column| value(cell(column.name), line)).collect();
        Self { table, cells }
    }

    /// The cell in `column`. Panics when the table has no such column.
    pub fn get(&self, column: &str) -> &Value {
        let index = self.table.schema().index(column);
        &self.cells[index.unwrap_or_else(|| panic!("table {} has no column {column}", self.table.name()))]
    }

    /// The text in `column`; `None` = unknown.
    pub fn text(&self, column: &str) -> Option<String> {
        match self.get(column) {
            Value::Null => None,
            Value::Text(text) => Some(text.clone()),
            other => panic!("{column} holds no text but {other:?}"),
        }
    }

    /// The flag in `column`; `None` = unknown.
    pub fn flag(&self, column: &str) -> Option<bool> {
        match self.get(column) {
            Value::Null => None,
            Value::Flag(flag) => Some(*flag),
            other => panic!("{column} holds no flag but {other:?}"),
        }
    }

    /// The date in `column`; `None` = unknown.
    pub fn date(&self, column: &str) -> Option<NaiveDate> {
        match self.get(column) {
            Value::Null => None,
            Value::Date(date) => Some(*date),
            other => panic!("{column} holds no date but {other:?}"),
        }
    }

    /// The number in `column`, in hundredths; `None` = unknown.
    pub fn number(&self, column: &str) -> Option<i128> {
        match self.get(column) {
            Value::Null => None,
            Value::Number(number) => Some(*number),
            other => panic!("{column} holds no number but {other:?}"),
        }
    }

    /// The as-of dates on which a row of this table holds when no window is asked for.
    pub fn natural_dates(&self) -> Dates {
        match self.table {
            TableId::Certifications => Dates::Before(self.date("award_date"), self.date("expiration_date")),
            TableId::Designations => Dates::Before(self.date("achieved_date"), self.date("expiration_date")),
            TableId::Personnel => Dates::Through(self.date("start_date"), self.date("end_date")),
            TableId::Partners => Dates::Through(self.date("valid_from"), self.date("valid_until")),
            TableId::Completions => Dates::From(self.date("completed_date")),
            TableId::Offerings => Dates::From(self.date("listed_date")),
            TableId::Opportunities
            | TableId::CaseStudies
            | TableId::Customers
            | TableId::Activities
            | TableId::Attestations => Dates::Always,
        }
    }
}

fn value(column: &ArrayRef, line: usize) -> Value {
    if column.is_null(line) {
        return Value::Null;
    }
    match column.data_type() {
        DataType::Boolean => Value::Flag(typed::<BooleanArray>(column).value(line)),
        DataType::Utf8 => Value::Text(typed::<StringArray>(column).value(line).to_owned()),
        DataType::Int32 => Value::Number(i128::from(typed::<Int32Array>(column).value(line)) * 100),
        DataType::Int64 => Value::Number(i128::from(typed::<Int64Array>(column).value(line)) * 100),
        DataType::Decimal128(_, 2) => Value::Number(typed::<Decimal128Array>(column).value(line)),
        DataType::Date32 => {
            Value::Date(date_from_days(typed::<Date32Array>(column).value(line)).expect("a date of the calendar"))
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            Value::Instant(typed::<TimestampMicrosecondArray>(column).value(line))
        }
        DataType::List(_) => Value::List(texts(&typed::<ListArray>(column).value(line))),
        other => panic!("no canonical column has the type {other}"),
    }
}

fn texts(items: &ArrayRef) -> Vec<String> {
    typed::<StringArray>(items).iter().map(|item| item.expect("list items are never null").to_owned()).collect()
}

fn typed<T: 'static>(column: &ArrayRef) -> &T {
    column.as_any().downcast_ref().expect("the data type names the array")
}
