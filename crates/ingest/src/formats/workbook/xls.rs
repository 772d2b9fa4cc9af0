//! Binary workbooks (`.xls`, BIFF8 and BIFF5), record by record.
//!
//! `calamine` knows the format as well, but records that are shorter than they should be make it panic, a chain of
//! sectors that runs in a circle makes it take all memory, and every sheet is laid out from its first to its last cell.
//! Here `cfb` reads the container and checks it, and every record is read through bounds.

mod globals;
mod record;

use super::Job;
use super::number::{Epoch, NumberKind, number_text};
use crate::IngestError;
use crate::formats::document::bytes_of;
use crate::formats::sheet::{RowCells, SheetBuilder, SheetNames};
use crate::grid::Grid;
use globals::{BoundSheet, Globals};
use record::{Fields, Record, Records, id};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

/// Decodes the file.
pub(super) fn decode(job: Job<'_>, grids: &mut Vec<Grid>) -> Result<(), IngestError> {
    let stream = workbook_stream(job)?;
    let globals = Globals::read(job, &stream)?;
    let mut names = SheetNames::default();
    for BoundSheet { name, offset, .. } in globals.sheets.iter().filter(|sheet| sheet.is_worksheet) {
        let name = names.unique(name, job.input, job.limits)?;
        if job.want.wants(&name) {
            let (grid, read) = sheet(job, &globals, &stream, *offset, &name);
            grids.push(grid);
            read?;
        }
    }
    Ok(())
}

/// The stream that holds the workbook, as the container keeps it.
fn workbook_stream(job: Job<'_>) -> Result<Vec<u8>, IngestError> {
    let bytes = bytes_of(job.input, job.limits)?;
    let size = bytes.len() as u64;
    let container = |error: std::io::Error| job.damaged(error.to_string());
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(container)?;
    if file.exists("/EncryptedPackage") {
        return Err(job.locked());
    }
    let name = ["/Workbook", "/Book"].into_iter().find(|name| file.is_stream(name));
    let Some(name) = name else {
        return Err(IngestError::UnsupportedFormat {
            file: job.input.name.clone(),
            format: "an Office document without a workbook",
        });
    };
    let mut stream = Vec::new();
    file.open_stream(name).map_err(container)?.take(size).read_to_end(&mut stream).map_err(container)?;
    Ok(stream)
}

/// A sheet as far as it can be read.
fn sheet(job: Job<'_>, globals: &Globals, stream: &[u8], offset: usize, name: &str) -> (Grid, Result<(), IngestError>) {
    let mut builder = SheetBuilder::new(name, job.input, job.want, job.limits);
    let mut cells = Cells { globals, rows: BTreeMap::new(), formula: None, bytes: 0, depth: 0 };
    let read = cells_of(job, stream.get(offset..).unwrap_or_default(), name, &mut cells, &mut builder);
    let written = cells.into_rows(&mut builder);
    (builder.finish(globals.epoch == Epoch::From1904), read.and(written))
}

fn cells_of(
    job: Job<'_>,
    stream: &[u8],
    name: &str,
    cells: &mut Cells<'_>,
    builder: &mut SheetBuilder<'_>,
) -> Result<(), IngestError> {
    for record in Records::new(stream) {
        let record = record.map_err(|message| job.damaged(format!("sheet `{name}`: {message}")))?;
        match cells.take(&record, builder) {
            Some(End::Sheet) => break,
            Some(End::Short) => {
                let message = format!(
                    "sheet `{name}`: record {:#06x} is too short, or names a text that is not there",
                    record.id
                );
                return Err(job.damaged(message));
            }
            None => {}
        }
        if cells.bytes > job.limits.document_bytes {
            return Err(job.too_large("a table takes bytes", job.limits.document_bytes));
        }
    }
    Ok(())
}

/// Why no more records are wanted.
enum End {
    Sheet,
    Short,
}

/// The cells of a sheet. Merged cells and hidden rows may be told after them, and rows may come in any order.
struct Cells<'a> {
    globals: &'a Globals,
    rows: BTreeMap<u64, RowCells>,
    /// The cell of a formula whose text follows.
    formula: Option<(u64, usize)>,
    bytes: u64,
    /// Charts within the sheet bring cells of their own.
    depth: u32,
}

impl Cells<'_> {
    fn into_rows(self, builder: &mut SheetBuilder<'_>) -> Result<(), IngestError> {
        for (line, mut row) in self.rows {
            if builder.has_enough() {
                break;
            }
            builder.row(line, &mut row)?;
        }
        Ok(())
    }

    fn take(&mut self, record: &Record<'_>, builder: &mut SheetBuilder<'_>) -> Option<End> {
        match record.id {
            id::BOF => self.depth += 1,
            id::EOF if self.depth <= 1 => return Some(End::Sheet),
            id::EOF => self.depth -= 1,
            _ if self.depth > 1 => {}
            _ => return if self.read(record, builder).is_none() { Some(End::Short) } else { None },
        }
        None
    }

    /// `None` where the record is too short.
    fn read(&mut self, record: &Record<'_>, builder: &mut SheetBuilder<'_>) -> Option<()> {
        let mut fields = Fields(record.data);
        match record.id {
            id::ROW => {
                let line = u64::from(fields.u16()?) + 1;
                // Older writers leave the flags out.
                if fields.skip(10).and_then(Fields::u16).is_some_and(|flags| flags & 0x20 != 0) {
                    builder.hide(line);
                }
            }
            id::NUMBER => {
                let (at, format) = fields.cell()?;
                self.number(at, fields.f64()?, format);
            }
            id::RK => {
                let (at, format) = fields.cell()?;
                self.number(at, rk(fields.u32()?), format);
            }
            id::MULRK => self.many_numbers(&mut fields)?,
            id::LABELSST => {
                let (at, _) = fields.cell()?;
                // A text that is not there is no blank.
                let text = self.globals.strings.get(fields.u32()? as usize)?.clone();
                self.put(at, text);
            }
            id::LABEL | id::RSTRING => {
                let (at, _) = fields.cell()?;
                let text = self.globals.long_string(&mut fields)?;
                self.put(at, text);
            }
            id::BOOLERR => {
                let (at, _) = fields.cell()?;
                let (value, is_error) = (fields.u8()?, fields.u8()? != 0);
                self.put(at, if is_error { error_text(value) } else { flag(value) });
            }
            id::FORMULA => self.formula(&mut fields)?,
            id::STRING => {
                if let Some(at) = self.formula.take() {
                    let text = self.globals.long_string(&mut fields)?;
                    self.put(at, text);
                }
            }
            id::MERGEDCELLS => merges(&mut fields, builder)?,
            _ => {}
        }
        Some(())
    }

    fn many_numbers(&mut self, fields: &mut Fields<'_>) -> Option<()> {
        let (line, first) = fields.place()?;
        let mut column = first;
        // After the last number comes the last column.
        while fields.0.len() >= 8 {
            let (format, number) = (fields.u16()?, fields.u32()?);
            self.number((line, column), rk(number), format);
            column += 1;
        }
        Some(())
    }

    fn formula(&mut self, fields: &mut Fields<'_>) -> Option<()> {
        let (at, format) = fields.cell()?;
        let bits = fields.u64()?;
        if bits >> 48 != 0xFFFF {
            self.number(at, f64::from_bits(bits), format);
            return Some(());
        }
        let value = (bits >> 16) as u8;
        match bits as u8 {
            0 => self.formula = Some(at),
            1 => self.put(at, flag(value)),
            2 => self.put(at, error_text(value)),
            _ => {}
        }
        Some(())
    }

    fn number(&mut self, at: (u64, usize), value: f64, format: u16) {
        let kind = self.globals.kinds.get(usize::from(format)).unwrap_or(&NumberKind::Plain);
        self.put_cell(at, number_text(value, kind, self.globals.epoch), true);
    }

    fn put(&mut self, at: (u64, usize), text: String) {
        self.put_cell(at, text, false);
    }

    fn put_cell(&mut self, (line, column): (u64, usize), text: String, is_number: bool) {
        self.bytes += text.len() as u64 + 64;
        self.rows.entry(line).or_default().push_cell(column, text, is_number);
    }
}

/// A number in 30 bits: a whole one or the upper half of a float, perhaps in hundredths.
fn rk(bits: u32) -> f64 {
    let value = match bits & 2 {
        0 => f64::from_bits(u64::from(bits & !3) << 32),
        _ => f64::from(bits.cast_signed() >> 2),
    };
    if bits & 1 == 0 { value } else { value / 100.0 }
}

fn merges(fields: &mut Fields<'_>, builder: &mut SheetBuilder<'_>) -> Option<()> {
    for _ in 0..fields.u16()? {
        let (first, last) = (u64::from(fields.u16()?), u64::from(fields.u16()?));
        let (column, _) = (fields.u16()?, fields.u16()?);
        builder.merge_down(first + 1, usize::from(column), last + 1);
    }
    Some(())
}

fn flag(value: u8) -> String {
    if value == 0 { "FALSE" } else { "TRUE" }.to_owned()
}

fn error_text(code: u8) -> String {
    let text = match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0F => "#VALUE!",
        0x17 => "#REF!",
        0x1D => "#NAME?",
        0x24 => "#NUM!",
        _ => "#N/A",
    };
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::rk;

    #[test]
    fn short_numbers_are_whole_or_halves_of_floats_or_hundredths() {
        let float = (1.5_f64.to_bits() >> 32) as u32;
        let cases = [(float, 1.5), (float | 1, 0.015), ((42 << 2) | 2, 42.0), ((4250 << 2) | 3, 42.5)];
        for (bits, value) in cases.into_iter().chain([(((-7_i32) << 2).cast_unsigned() | 2, -7.0)]) {
            assert!((rk(bits) - value).abs() < 1e-12, "{bits:#x}");
        }
    }
}
