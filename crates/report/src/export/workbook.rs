//! Tables as a workbook: one sheet each, typed cells, rows written as they come.

use super::cell::Cell;
use aceq_model::{Column, ColumnType, formula};
use arrow::array::RecordBatch;
use chrono::{Datelike, Timelike};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, IgnoreError, Note, Workbook, Worksheet, XlsxError};
use std::io::{Seek, Write};

/// Rows below the header that a sheet takes; further rows go to a sheet of their own.
const ROWS: u32 = 1_048_575;

/// Letters that a cell takes, in UTF-16 units.
const LETTERS: usize = 32_767;

/// Whole numbers beyond this are no longer exact in a spreadsheet, which counts in floats.
const EXACT: u64 = 999_999_999_999_999;

/// A workbook could not be written.
#[derive(Debug, thiserror::Error)]
#[error("the workbook cannot be written: {0}")]
pub struct WorkbookError(#[from] XlsxError);

/// What did not fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cuts {
    /// Sheet and cell of texts that were cut; each ends with `… [cut]`.
    pub cells: Vec<String>,
}

/// A workbook that is being written.
pub struct SheetBook {
    workbook: Workbook,
    formats: Formats,
    cuts: Cuts,
}

struct Formats {
    header: Format,
    date: Format,
    instant: Format,
    amount: Format,
    text: Format,
}

/// The sheet that rows go to.
struct Place {
    /// Which of the workbook's sheets.
    index: usize,
    /// The next row.
    row: u32,
    /// How many sheets the table has so far.
    part: usize,
    widths: Vec<usize>,
}

impl Default for SheetBook {
    fn default() -> Self {
        let formats = Formats {
            header: Format::new().set_bold().set_text_wrap(),
            date: Format::new().set_num_format("yyyy-mm-dd"),
            instant: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
            amount: Format::new().set_num_format("#,##0.00"),
            text: Format::new().set_num_format("@"),
        };
        Self { workbook: Workbook::new(), formats, cuts: Cuts::default() }
    }
}

impl SheetBook {
    /// Adds a table called `name`; its columns are the first of each batch. More rows than a sheet takes continue on
    /// `name (2)`.
    ///
    /// # Errors
    /// Those of `batches`, and when the rows cannot be written to a temporary file.
    pub fn add<E: From<WorkbookError>>(
        &mut self,
        name: &str,
        columns: &[Column],
        batches: impl Iterator<Item = Result<RecordBatch, E>>,
    ) -> Result<(), E> {
        let mut place = self.new_sheet(name, columns, 1).map_err(WorkbookError)?;
        for rows in batches {
            let rows = rows?;
            for row in 0..rows.num_rows() {
                if place.row > ROWS {
                    self.end_sheet(&place).map_err(WorkbookError)?;
                    place = self.new_sheet(name, columns, place.part + 1).map_err(WorkbookError)?;
                }
                self.write_row(&mut place, columns, &rows, row).map_err(WorkbookError)?;
            }
        }
        Ok(self.end_sheet(&place).map_err(WorkbookError)?)
    }

    /// Writes the workbook; what did not fit is told.
    ///
    /// # Errors
    /// When `out` refuses.
    pub fn finish(mut self, out: impl Write + Seek + Send) -> Result<Cuts, WorkbookError> {
        // The same rows are the same bytes, so no clock is asked when the workbook was made.
        let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
        self.workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
        self.workbook.save_to_writer(out)?;
        Ok(self.cuts)
    }

    fn new_sheet(&mut self, name: &str, columns: &[Column], part: usize) -> Result<Place, XlsxError> {
        let index = self.workbook.worksheets().len();
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(sheet_name(name, part))?;
        sheet.set_freeze_panes(1, 0)?;
        for (at, column) in (0u16..).zip(columns) {
            sheet.write_string_with_format(0, at, column.name, &self.formats.header)?;
            if !column.doc.is_empty() {
                sheet.insert_note(0, at, &Note::new(column.doc).add_author_prefix(false))?;
            }
        }
        let widths = columns.iter().map(|column| column.name.len()).collect();
        Ok(Place { index, row: 1, part, widths })
    }

    fn end_sheet(&mut self, place: &Place) -> Result<(), XlsxError> {
        let sheet = self.workbook.worksheet_from_index(place.index)?;
        for (at, width) in (0u16..).zip(&place.widths) {
            sheet.set_column_width(at, (*width).clamp(8, 60) as f64 + 2.0)?;
            // Account numbers are text on purpose.
            sheet.ignore_error_range(1, at, place.row.min(ROWS), at, IgnoreError::NumberStoredAsText)?;
        }
        Ok(())
    }

    fn write_row(
        &mut self,
        place: &mut Place,
        columns: &[Column],
        rows: &RecordBatch,
        row: usize,
    ) -> Result<(), XlsxError> {
        let sheet = self.workbook.worksheet_from_index(place.index)?;
        for ((at, column), width) in (0u16..).zip(columns).zip(&mut place.widths) {
            let cell = Cell::of(rows.column(at.into()).as_ref(), column.ty, row);
            let cut = write_cell(sheet, (place.row, at), &cell, &self.formats)?;
            *width = (*width).max(shown_width(&cell, column.ty));
            if cut == Cut::Made {
                self.cuts.cells.push(format!("{} row {}, {}", sheet.name(), place.row + 1, column.name));
            }
        }
        place.row += 1;
        Ok(())
    }
}

/// Whether a text was too long.
#[derive(PartialEq, Eq)]
enum Cut {
    None,
    Made,
}

fn write_cell(sheet: &mut Worksheet, at: (u32, u16), cell: &Cell<'_>, formats: &Formats) -> Result<Cut, XlsxError> {
    let (row, column) = at;
    match cell {
        Cell::Null => {}
        Cell::Text(text) => return write_text(sheet, at, &formula::harmless(text), formats),
        Cell::Flag(flag) => drop(sheet.write_boolean(row, column, *flag)?),
        Cell::Whole(number) if number.unsigned_abs() <= EXACT => {
            sheet.write_number(row, column, *number as f64)?;
        }
        Cell::Hundredths(value) if value.unsigned_abs() <= EXACT => {
            sheet.write_number_with_format(row, column, *value as f64 / 100.0, &formats.amount)?;
        }
        Cell::Day(day) if (1900..=9999).contains(&day.year()) => {
            let day = ExcelDateTime::from_ymd(day.year() as u16, day.month() as u8, day.day() as u8)?;
            sheet.write_datetime_with_format(row, column, day, &formats.date)?;
        }
        Cell::Instant(instant) if (1900..=9999).contains(&instant.year()) => {
            let day = ExcelDateTime::from_ymd(instant.year() as u16, instant.month() as u8, instant.day() as u8)?;
            let at = day.and_hms(instant.hour() as u16, instant.minute() as u8, f64::from(instant.second()))?;
            sheet.write_datetime_with_format(row, column, at, &formats.instant)?;
        }
        // Days before the spreadsheet's calendar and numbers that it would round.
        Cell::Whole(_) | Cell::Hundredths(_) | Cell::Day(_) | Cell::Instant(_) => {
            return write_text(sheet, at, &cell.plain(), formats);
        }
    }
    Ok(Cut::None)
}

fn write_text(sheet: &mut Worksheet, at: (u32, u16), text: &str, formats: &Formats) -> Result<Cut, XlsxError> {
    let shown = shortened(text);
    sheet.write_string_with_format(at.0, at.1, shown.as_deref().unwrap_or(text), &formats.text)?;
    Ok(if shown.is_some() { Cut::Made } else { Cut::None })
}

/// The beginning of a text that is too long for a cell, marked.
fn shortened(text: &str) -> Option<String> {
    const MARK: &str = " … [cut]";
    if text.len() <= LETTERS || text.encode_utf16().count() <= LETTERS {
        return None;
    }
    let mut left = LETTERS - MARK.encode_utf16().count();
    let fits = |letter: &char| {
        let rest = left.checked_sub(letter.len_utf16());
        left = rest.unwrap_or(0);
        rest.is_some()
    };
    Some(text.chars().take_while(fits).collect::<String>() + MARK)
}

/// About how many letters wide a cell is shown.
fn shown_width(cell: &Cell<'_>, ty: ColumnType) -> usize {
    match (cell, ty) {
        (Cell::Null, _) => 0,
        (Cell::Text(text), _) => text.chars().take(60).count(),
        (_, ColumnType::Timestamp) => 19,
        (_, ColumnType::Decimal) => 14,
        _ => 10,
    }
}

/// A name that a sheet may have: at most 31 letters, the number of a further part included.
fn sheet_name(table: &str, part: usize) -> String {
    let suffix = if part == 1 { String::new() } else { format!(" ({part})") };
    let room = 31 - suffix.len();
    table.chars().take(room).collect::<String>() + &suffix
}

#[cfg(test)]
mod tests;
