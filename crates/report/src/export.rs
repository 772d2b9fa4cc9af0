//! Tables for spreadsheets: CSV files and workbooks, written a batch at a time.
//!
//! Dates are ISO in CSV and real dates in workbooks, amounts have two decimals, items of a list are joined by `; `.
//! Texts that a spreadsheet would run get an apostrophe in front ([`aceq_model::formula`]); numbers stay numbers.

mod cell;
mod csv_file;
mod workbook;

pub use csv_file::{CsvFile, Marker};
pub use workbook::{Cuts, SheetBook, WorkbookError};
