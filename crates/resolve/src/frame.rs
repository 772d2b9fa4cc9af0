//! A canonical table under construction: whole columns by name, some still to be derived.

use aceq_model::{Position, Table, TableId, tables::PROVENANCE_COLUMNS};
use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Date32Array, Decimal128Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray, UInt32Array, new_null_array,
};
use arrow::compute::take;
use arrow::datatypes::{Date32Type, Decimal128Type, Int64Type, TimestampMicrosecondType};
use arrow::row::{RowConverter, Rows, SortField};
use arrow::util::display::array_value_to_string;
use std::collections::BTreeMap;
use std::ops::Range;

/// The columns of one table, and the rank of each row's partner.
pub(crate) struct Frame {
    pub(crate) id: TableId,
    pub(crate) table: &'static Table,
    pub(crate) partners: Vec<u32>,
    columns: BTreeMap<&'static str, ArrayRef>,
}

impl Frame {
    pub(crate) fn new(id: TableId, columns: BTreeMap<&'static str, ArrayRef>, partners: Vec<u32>) -> Self {
        Self { id, table: id.schema(), partners, columns }
    }

    /// How many rows.
    pub(crate) fn len(&self) -> usize {
        self.partners.len()
    }

    /// Whether a column was gathered or derived already.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.columns.contains_key(name)
    }

    /// Puts a derived column in its place.
    pub(crate) fn set(&mut self, name: &'static str, column: ArrayRef) {
        self.columns.insert(name, column);
    }

    /// A column of any type.
    pub(crate) fn column(&self, name: &str) -> &ArrayRef {
        &self.columns[name]
    }

    /// A text column.
    pub(crate) fn text(&self, name: &str) -> &StringArray {
        self.column(name).as_string()
    }

    /// A flag column.
    pub(crate) fn flag(&self, name: &str) -> &BooleanArray {
        self.column(name).as_boolean()
    }

    /// A column of days since 1970-01-01.
    pub(crate) fn date(&self, name: &str) -> &Date32Array {
        self.column(name).as_primitive::<Date32Type>()
    }

    /// A column of hundredths.
    pub(crate) fn decimal(&self, name: &str) -> &Decimal128Array {
        self.column(name).as_primitive::<Decimal128Type>()
    }

    /// A column of microseconds since 1970-01-01.
    pub(crate) fn timestamp(&self, name: &str) -> &TimestampMicrosecondArray {
        self.column(name).as_primitive::<TimestampMicrosecondType>()
    }

    /// The source lines.
    pub(crate) fn lines(&self) -> &Int64Array {
        self.column("source_line").as_primitive::<Int64Type>()
    }

    /// The rows of each partner that has any; the frame must be sorted by partner.
    pub(crate) fn partner_ranges(&self) -> Vec<(u32, Range<usize>)> {
        let mut start = 0;
        let runs = self.partners.chunk_by(|a, b| a == b).map(|run| {
            start += run.len();
            (run[0], start - run.len()..start)
        });
        runs.collect()
    }

    /// Where a row was read.
    pub(crate) fn position(&self, row: usize) -> Position {
        let line = u64::try_from(self.lines().value(row)).unwrap_or(0);
        let text = |name| self.text(name).value(row).to_owned();
        Position { file: text("source_file"), sheet: text("source_sheet"), line, byte: None }
    }

    /// The row's own id: the values of the table's key, joined by ` / `, without the place where it was read.
    pub(crate) fn row_id(&self, row: usize) -> String {
        let parts = self.table.key.iter().filter(|name| !PROVENANCE_COLUMNS.contains(name)).map(|name| {
            let column = self.column(name);
            let text = array_value_to_string(column, row);
            text.expect("columns of a key are texts and dates, which can be written")
        });
        parts.collect::<Vec<_>>().join(" / ")
    }

    /// Something that no other row of the partner has: the opportunity id, else where the row was read.
    pub(crate) fn own_id(&self, row: usize) -> String {
        if self.id == TableId::Opportunities { self.row_id(row) } else { self.position(row).to_string() }
    }

    /// Each row's values of `names`, and before them its partner, as comparable bytes.
    pub(crate) fn comparable(&self, names: &[&str]) -> Rows {
        let columns: Vec<_> = ["partner_id"].iter().chain(names).map(|name| self.column(name).clone()).collect();
        let fields = columns.iter().map(|column| SortField::new(column.data_type().clone())).collect();
        let converter = RowConverter::new(fields).expect("every column type of the model can be compared");
        converter.convert_columns(&columns).expect("the converter was made for these columns")
    }

    /// The rows at `order`, in that order.
    pub(crate) fn reordered(self, order: Vec<u32>) -> Self {
        let partners = order.iter().map(|row| self.partners[*row as usize]).collect();
        let order = UInt32Array::from(order);
        let taken = |column: &ArrayRef| take(column, &order, None).expect("the rows asked for exist");
        let columns = self.columns.iter().map(|(name, column)| (*name, taken(column))).collect();
        Self { columns, partners, ..self }
    }

    /// The finished table: exactly the published columns, in order.
    pub(crate) fn finish(mut self) -> RecordBatch {
        let length = self.len();
        let columns = self.table.columns.iter().map(|column| {
            let held = self.columns.remove(column.name);
            held.unwrap_or_else(|| new_null_array(&column.ty.arrow(), length))
        });
        let columns = columns.collect();
        RecordBatch::try_new(self.table.arrow_schema(), columns).expect("columns are derived in the published types")
    }
}
