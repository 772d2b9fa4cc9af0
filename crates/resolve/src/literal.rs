//! Typed rows from literals: small tables written by hand, for tests and for the worked examples of checklists.

use aceq_model::{
    Cents, Column, ColumnType, FileDecisions, FileRecord, Pages, Sha256Hex, SnapshotSource, TableId, TypedRows,
};
use aceq_model::{days_from_date, tables::PROVENANCE_COLUMNS};
use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int32Array, Int64Array, ListBuilder, RecordBatch,
    StringArray, StringBuilder, TimestampMicrosecondArray,
};
use arrow::datatypes::{DataType, Field};
use chrono::NaiveDate;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One cell. A cell that is left out is null; a blank that says something is written as what it says, for example
/// `List(vec![])`, or the text `None` for a review status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// Text.
    Text(String),
    /// Whole number.
    Integer(i32),
    /// USD or percent, in hundredths.
    Decimal(Cents),
    /// Day; in a timestamp column its first moment in UTC.
    Date(NaiveDate),
    /// TRUE or FALSE.
    Flag(bool),
    /// List of texts.
    List(Vec<String>),
}

/// A literal that does not fit its table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LiteralError {
    /// The table has no such column, or derives it.
    #[error("row {row}: `{table}` takes no column `{column}` from a file; it takes: {known}")]
    UnknownColumn {
        /// Table.
        table: &'static str,
        /// Column as written.
        column: String,
        /// Number of the row, from 1.
        row: usize,
        /// The columns it takes.
        known: String,
    },
    /// The value is of another type than the column.
    #[error("row {row}: `{table}.{column}` holds {expected}, not {found:?}")]
    WrongType {
        /// Table.
        table: &'static str,
        /// Column.
        column: &'static str,
        /// Number of the row, from 1.
        row: usize,
        /// Type of the column.
        expected: &'static str,
        /// The value.
        found: Literal,
    },
}

/// One row: values by column.
pub type LiteralRow<'a> = BTreeMap<&'a str, Literal>;

/// A file that has every column of its table; its content hash is made of its path.
///
/// Take columns out of `present` for a file that says nothing about them, and add a partner column's name only where
/// the rows fill it.
pub fn literal_file(table: TableId, path: &str, snapshot_date: Option<NaiveDate>) -> FileRecord {
    FileRecord {
        path: path.to_owned(),
        content_hash: Sha256Hex(path.bytes().map(|byte| format!("{byte:02x}")).collect()),
        bytes: 0,
        sheet: String::new(),
        format: "csv".to_owned(),
        table,
        mapping: "literal".to_owned(),
        encoding: "UTF-8".to_owned(),
        delimiter: Some(','),
        header_line: 1,
        present: table.schema().ingested_columns().map(|column| column.name.to_owned()).collect(),
        unmapped: Vec::new(),
        snapshot_date,
        snapshot_source: if snapshot_date.is_some() { SnapshotSource::Stated } else { SnapshotSource::Unknown },
        decisions: FileDecisions::default(),
        floor: None,
        pages: Pages::default(),
    }
}

/// Typed rows from literals, in the shape that reading a file gives: lines count from 2, unless a row says
/// `source_line`; `masked` is false, unless a row says otherwise.
///
/// # Errors
/// When a column is not one that files supply, or a value is of another type.
///
/// ```
/// use aceq_resolve::literal::{Literal, literal_file, typed_rows};
/// use aceq_model::TableId;
/// use std::{collections::BTreeMap, sync::Arc};
/// let file = Arc::new(literal_file(TableId::Opportunities, "case", None));
/// let text = |text: &str| Literal::Text(text.to_owned());
/// let row = BTreeMap::from([("partner_id", text("self")), ("opportunity_id", text("O1")), ("title", text("Lake"))]);
/// let rows = typed_rows(TableId::Opportunities, file, &[row])?;
/// assert_eq!(rows.batch.num_rows(), 1);
/// # Ok::<(), aceq_resolve::literal::LiteralError>(())
/// ```
pub fn typed_rows(table: TableId, file: Arc<FileRecord>, rows: &[LiteralRow<'_>]) -> Result<TypedRows, LiteralError> {
    let schema = table.schema();
    check_columns(table, rows)?;
    let columns = schema.ingested_columns().map(|column| array(schema.name, column, rows));
    let mut columns = columns.collect::<Result<Vec<_>, _>>()?;
    columns.push(Arc::new(lines(schema.name, rows)?));
    let batch = RecordBatch::try_new(schema.ingested_schema(), columns);
    Ok(TypedRows { file, batch: batch.expect("arrays are made in the schema's types and of one length") })
}

const LINE: &str = PROVENANCE_COLUMNS[4];

fn check_columns(table: TableId, rows: &[LiteralRow<'_>]) -> Result<(), LiteralError> {
    let schema = table.schema();
    let takes = |name: &str| name == LINE || schema.ingested_columns().any(|column| column.name == name);
    for (row, values) in (1..).zip(rows) {
        if let Some(column) = values.keys().find(|name| !takes(name)) {
            let known = schema.ingested_columns().map(|column| column.name).collect::<Vec<_>>().join(", ");
            return Err(LiteralError::UnknownColumn { table: schema.name, column: column.to_string(), row, known });
        }
    }
    Ok(())
}

/// One value per row, as `pick` takes it from the literal.
fn cells<T>(
    table: &'static str,
    (column, expected): (&'static str, &'static str),
    rows: &[LiteralRow<'_>],
    pick: impl Fn(&Literal) -> Option<T>,
) -> Result<Vec<Option<T>>, LiteralError> {
    let cell = |(row, values): (usize, &LiteralRow<'_>)| {
        let Some(literal) = values.get(column) else { return Ok(None) };
        let wrong = || LiteralError::WrongType { table, column, row, expected, found: literal.clone() };
        pick(literal).map(Some).ok_or_else(wrong)
    };
    (1..).zip(rows).map(cell).collect()
}

fn lines(table: &'static str, rows: &[LiteralRow<'_>]) -> Result<Int64Array, LiteralError> {
    let stated = cells(table, (LINE, ColumnType::Integer.name()), rows, |literal| match literal {
        Literal::Integer(line) => Some(i64::from(*line)),
        _ => None,
    })?;
    Ok((2..).zip(stated).map(|(line, stated)| Some(stated.unwrap_or(line))).collect())
}

fn array(table: &'static str, column: &'static Column, rows: &[LiteralRow<'_>]) -> Result<ArrayRef, LiteralError> {
    let place = (column.name, column.ty.name());
    let midnight = |date: &NaiveDate| i64::from(days_from_date(*date)) * 86_400_000_000;
    macro_rules! picked {
        ($array:ty, $($pattern:pat => $value:expr),+) => {{
            let pick = |literal: &Literal| match literal { $($pattern => Some($value),)+ _ => None };
            <$array>::from_iter(cells(table, place, rows, pick)?)
        }};
    }
    Ok(match column.ty {
        ColumnType::Text => Arc::new(picked!(StringArray, Literal::Text(text) => text.clone())),
        ColumnType::Flag => {
            let flags = picked!(BooleanArray, Literal::Flag(flag) => *flag);
            // Whether a row is masked is always known.
            let known = |flag: Option<bool>| flag.or((column.name == "masked").then_some(false));
            Arc::new(flags.iter().map(known).collect::<BooleanArray>())
        }
        ColumnType::Integer => Arc::new(picked!(Int32Array, Literal::Integer(number) => *number)),
        ColumnType::Long => Arc::new(picked!(Int64Array, Literal::Integer(number) => i64::from(*number))),
        ColumnType::Date => Arc::new(picked!(Date32Array, Literal::Date(date) => days_from_date(*date))),
        ColumnType::Timestamp => {
            let times = picked!(TimestampMicrosecondArray, Literal::Date(date) => midnight(date));
            Arc::new(times.with_timezone("UTC"))
        }
        ColumnType::Decimal => {
            let amounts = picked!(
                Decimal128Array,
                Literal::Decimal(amount) => i128::from(amount.0),
                Literal::Integer(whole) => i128::from(*whole) * 100
            );
            Arc::new(amounts.with_data_type(column.ty.arrow()))
        }
        ColumnType::TextList => lists(cells(table, place, rows, |literal| match literal {
            Literal::List(items) => Some(items.clone()),
            _ => None,
        })?),
    })
}

fn lists(rows: Vec<Option<Vec<String>>>) -> ArrayRef {
    let mut lists = ListBuilder::new(StringBuilder::new()).with_field(Field::new("item", DataType::Utf8, false));
    for row in rows {
        row.iter().flatten().for_each(|item| lists.values().append_value(item));
        lists.append(row.is_some());
    }
    Arc::new(lists.finish())
}
