//! A table as CSV.

use super::cell::Cell;
use aceq_model::{Column, formula};
use arrow::array::RecordBatch;
use std::io::{self, Write};

/// Whether the file begins with the mark by which Excel knows UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marker {
    /// UTF-8 as it is.
    None,
    /// A byte order mark first.
    ByteOrderMark,
}

/// A table that is being written: RFC 4180 with a header line. Unknown and empty texts are both an empty field.
pub struct CsvFile<W: Write> {
    columns: Vec<Column>,
    out: csv::Writer<W>,
}

impl<W: Write> CsvFile<W> {
    /// Writes the header line.
    ///
    /// # Errors
    /// When `out` refuses.
    pub fn new(columns: &[Column], marker: Marker, mut out: W) -> io::Result<Self> {
        if marker == Marker::ByteOrderMark {
            out.write_all("\u{feff}".as_bytes())?;
        }
        let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
        out.write_record(columns.iter().map(|column| column.name))?;
        Ok(Self { columns: columns.to_vec(), out })
    }

    /// Adds rows whose columns begin with those of the header.
    ///
    /// # Errors
    /// When `out` refuses.
    pub fn write(&mut self, rows: &RecordBatch) -> io::Result<()> {
        for row in 0..rows.num_rows() {
            for (column, array) in self.columns.iter().zip(rows.columns()) {
                match Cell::of(array.as_ref(), column.ty, row) {
                    Cell::Text(text) => self.out.write_field(formula::harmless(&text).as_bytes())?,
                    other => self.out.write_field(other.plain().as_bytes())?,
                }
            }
            self.out.write_record(None::<&[u8]>)?;
        }
        Ok(())
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// When `out` refuses.
    pub fn finish(self) -> io::Result<W> {
        self.out.into_inner().map_err(|error| io::Error::new(error.error().kind(), error.error().to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::{CsvFile, Marker};
    use crate::export::cell::Cell;
    use aceq_model::{Column, ColumnType};
    use arrow::array::{ArrayRef, Decimal128Array, RecordBatch, StringArray};
    use std::sync::Arc;

    const fn column(name: &'static str, ty: ColumnType) -> Column {
        Column { name, ty, doc: "", picklist: "", ingested: false, strict: "" }
    }

    #[test]
    fn texts_are_made_harmless_and_numbers_stay_numbers() {
        let columns = [column("name", ColumnType::Text), column("amount", ColumnType::Decimal)];
        let names: ArrayRef = Arc::new(StringArray::from(vec![Some("=HYPERLINK(\"x\")"), Some("a, b"), None]));
        let amounts =
            Decimal128Array::from(vec![Some(-1250), Some(5), None]).with_data_type(ColumnType::Decimal.arrow());
        let rows = RecordBatch::try_from_iter([("name", names), ("amount", Arc::new(amounts) as ArrayRef)]);
        let rows = rows.expect("two columns");
        assert_eq!(Cell::of(rows.column(0), ColumnType::Text, 2), Cell::Null);
        let mut file = CsvFile::new(&columns, Marker::ByteOrderMark, Vec::new()).expect("memory");
        file.write(&rows).expect("memory");
        let text = String::from_utf8(file.finish().expect("memory")).expect("UTF-8");
        assert_eq!(text, "\u{feff}name,amount\r\n\"'=HYPERLINK(\"\"x\"\")\",-12.50\r\n\"a, b\",0.05\r\n,\r\n");
    }
}
