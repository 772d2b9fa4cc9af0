//! A table exactly as it was decoded, before any mapping: the raw reading of a file, understood or not.

use crate::csv::{Dialect, Splitter};
use crate::format::Format;
use crate::formats::{Want, parquet, salvage};
use crate::grid::{Grid, GridSource, chosen_of, no_sheet};
use crate::recognise::text_form;
use crate::source::{CsvSource, Fields, Record, Source};
use crate::{IngestError, Input, Mappings, Options};
use ::csv::{QuoteStyle, Terminator, Writer, WriterBuilder};
use aceq_model::RejectReason;
use std::io::{self, Write};

/// Writes every record of a table as RFC 4180 CSV, in file order and with its header: nothing is trimmed, mapped or
/// left out. A record that cannot be told apart into fields is one field that holds its text; bytes that are no text
/// become U+FFFD. Lines with nothing on them are no records. Of a file that breaks off, or holds more than is read,
/// everything before that is written.
///
/// # Errors
/// [`IngestError::CutOff`] when the file ends within the table, after what there is of it was written,
/// [`IngestError::ManySheets`] when the file holds several tables and `sheet` names none, [`IngestError::NoSheet`]
/// when it names one that is not there, [`IngestError::Output`] when `out` takes no more, and those of [`recognise`]
/// about a file that cannot be decoded, after what can be read of it was written.
pub fn write_rows(
    input: &Input,
    sheet: Option<&str>,
    mappings: &Mappings,
    options: &Options,
    out: &mut dyn Write,
) -> Result<(), IngestError> {
    let format = Format::of(input)?;
    let mut rows = Rows::new(input, out);
    if format == Format::Csv {
        if let Some(sheet) = sheet {
            return Err(no_sheet(input, sheet, &[]));
        }
        let (detected, dialect, width) = text_form(input, mappings, options)?;
        rows.dialect = dialect;
        return rows.write_all(&mut CsvSource::new(input, detected, dialect, width, options)?);
    }
    let part = |want| salvage(input, format, want, &options.limits, mappings);
    let (heads, damage) = part(Want::Heads);
    let (head, damage) = match (chosen_of(heads, input, sheet), sheet, damage) {
        (Err(IngestError::Empty { .. }), _, Some(damage)) => return Err(damage),
        // It may stand behind one that is broken.
        (Err(IngestError::NoSheet { .. }), Some(sheet), Some(damage)) => (Grid::new(sheet), Some(damage)),
        // What is wrong elsewhere does not matter to who named a sheet.
        (head, Some(_), _) => (head?, None),
        (head, None, damage) => (head?, damage),
    };
    if format == Format::Parquet {
        rows.header(&head)?;
        return rows.write_all(&mut *parquet::open(input, &options.limits)?);
    }
    let (grids, own) = part(Want::Table(&head.name));
    let damage = own.or(damage);
    let Some(grid) = grids.into_iter().find(|grid| grid.name == head.name) else {
        return Err(damage.unwrap_or_else(|| IngestError::Changed { file: input.name.clone() }));
    };
    rows.header(&grid)?;
    let cut = grid.remarks.is_cut_off.then(|| IngestError::CutOff { file: input.name.clone() });
    rows.write_all(&mut GridSource::new(input, grid)?)?;
    damage.or(cut).map_or(Ok(()), Err)
}

/// Bytes that are written at once.
const PIECE: usize = 4 << 20;

/// Rows on their way out.
struct Rows<'a> {
    input: &'a Input,
    writer: Writer<&'a mut dyn Write>,
    dialect: Dialect,
}

impl<'a> Rows<'a> {
    fn new(input: &'a Input, out: &'a mut dyn Write) -> Self {
        let mut writer = WriterBuilder::new();
        // A writer looks through what is left of a cell for each piece of it that it writes: pieces are large.
        writer.buffer_capacity(PIECE).flexible(true).quote_style(QuoteStyle::Necessary).terminator(Terminator::CRLF);
        Self { input, writer: writer.from_writer(out), dialect: Dialect { delimiter: b',', quote: b'"' } }
    }

    fn header(&mut self, grid: &Grid) -> Result<(), IngestError> {
        let Some(header) = grid.header.as_ref().filter(|header| !header.is_empty()) else { return Ok(()) };
        self.take(header.iter().map(String::as_str))
    }

    fn take<'c>(&mut self, cells: impl Iterator<Item = &'c str>) -> Result<(), IngestError> {
        self.writer.write_record(cells).map_err(|error| self.failed(cause(error)))
    }

    fn failed(&self, source: io::Error) -> IngestError {
        IngestError::Output { file: self.input.name.clone(), source }
    }

    fn write_all(mut self, source: &mut dyn Source) -> Result<(), IngestError> {
        while let Some(block) = source.next_block()? {
            let mut written = Ok(());
            block.visit(&mut |record| {
                if written.is_ok() {
                    written = self.record(&record);
                }
            });
            written?;
        }
        self.writer.flush().map_err(|error| self.failed(error))
    }

    fn record(&mut self, record: &Record<'_>) -> Result<(), IngestError> {
        match record.fault {
            None => self.fields(record),
            Some(_) if record.fields.len() > 0 => self.fields(record),
            // Its fields are known, though some of their bytes are no text.
            Some(RejectReason::NotText) => {
                let mut ends = Vec::new();
                Splitter::new(record.text.as_bytes(), self.dialect, record.line, &[]).next_record(&mut ends);
                self.fields(&Record { fields: Fields::Separated { ends: &ends, quote: self.dialect.quote }, ..*record })
            }
            Some(_) => self.take(std::iter::once(record.text)),
        }
    }

    fn fields(&mut self, record: &Record<'_>) -> Result<(), IngestError> {
        let mut scratch = String::new();
        for index in 0..record.fields.len() {
            let field = record.written(index, &mut scratch);
            self.writer.write_field(field).map_err(|error| self.failed(cause(error)))?;
        }
        self.writer.write_record(None::<&[u8]>).map_err(|error| self.failed(cause(error)))
    }
}

/// What the system says, and not that the writer says so: whoever listens may have gone.
fn cause(error: ::csv::Error) -> io::Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
