//! OpenDocument spreadsheets: `content.xml`, event by event.
//!
//! `calamine` knows the format as well, but it waits for ever on a document that ends within a table, and lays out every
//! repeated row in memory. What is needed of the format is small: rows, cells, their repetitions and their values.

use super::currency::of_words;
use super::number::{expanded, iso_text};
use super::{Job, archive};
use crate::IngestError;
use crate::formats::markup::{prefixed, resolved};
use crate::formats::sheet::{CELL_BYTES, RowCells, SheetBuilder, SheetNames};
use crate::grid::Grid;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::io::{BufRead, BufReader, Read};

/// Times that a row with text may be repeated. Blank rows are repeated to the end of every sheet.
const REPEATS: u64 = 10_000;

/// Decodes the file.
pub(super) fn decode(job: Job<'_>, grids: &mut Vec<Grid>) -> Result<(), IngestError> {
    let mut archive = archive::open(job)?;
    if is_locked(job, &mut archive)? {
        return Err(job.locked());
    }
    let index = archive.index_for_name("content.xml").ok_or_else(|| job.damaged("it has no content.xml"))?;
    let part = archive.by_index(index).map_err(|error| archive::broken(job, &error))?;
    let mut document = Document { job, names: SheetNames::default(), grids, sheet: None, from_1904: false };
    let read = read(&mut document, BufReader::new(part));
    document.close();
    read
}

fn read(document: &mut Document<'_>, part: impl BufRead) -> Result<(), IngestError> {
    let job = document.job;
    let mut reader = Reader::from_reader(part);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer);
        let event = event.map_err(|error| job.damaged(format!("content.xml: {error}")))?;
        match event {
            Event::Start(tag) => document.start(&tag)?,
            Event::Empty(tag) => {
                document.start(&tag)?;
                document.end(tag.name().as_ref())?;
            }
            Event::End(tag) => document.end(tag.name().as_ref())?,
            Event::Text(text) => document.text(&text.xml10_content()),
            Event::CData(text) => document.text(&text.xml10_content()),
            Event::GeneralRef(reference) => document.text(&resolved(&reference)),
            Event::Eof if document.sheet.is_some() => return Err(job.damaged("content.xml ends within a sheet")),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// Whether the manifest says that the members are encrypted.
fn is_locked(job: Job<'_>, archive: &mut archive::Archive) -> Result<bool, IngestError> {
    let Some(index) = archive.index_for_name("META-INF/manifest.xml") else { return Ok(false) };
    let mut text = Vec::new();
    let mut part = archive.by_index(index).map_err(|error| archive::broken(job, &error))?;
    part.read_to_end(&mut text).map_err(|error| job.damaged(error.to_string()))?;
    Ok(memchr::memmem::find(&text, b"encryption-data").is_some())
}

struct Document<'a> {
    job: Job<'a>,
    names: SheetNames,
    grids: &'a mut Vec<Grid>,
    sheet: Option<Sheet<'a>>,
    /// Whether serial dates count from 1904.
    from_1904: bool,
}

/// A sheet being read.
struct Sheet<'a> {
    builder: SheetBuilder<'a>,
    wanted: bool,
    /// Tables within cells of this one.
    inner: u32,
    /// The next line, from 1.
    line: u64,
    /// How often the row that is being read is repeated, and whether it is hidden.
    repeats: u64,
    hidden: bool,
    /// The next column, from 0.
    column: u64,
    cells: RowCells,
    cell: Option<Cell>,
    /// Columns of the row that hold formulas without a result.
    formulas: Vec<usize>,
}

/// A cell being read.
#[derive(Default)]
struct Cell {
    repeats: u64,
    /// Rows that it covers.
    rows: u64,
    /// Whether it is a formula of which no result is stated.
    never_calculated: bool,
    /// Its value, where that is not its text.
    value: Option<String>,
    /// Whether that is a number as such.
    is_number: bool,
    /// Whether only its text tells what its format writes beside the number.
    shows_words: bool,
    text: String,
    paragraphs: u32,
    /// Depth of paragraphs, and of notes, whose text is not that of the cell.
    in_text: u32,
    in_note: u32,
}

impl<'a> Document<'a> {
    fn start(&mut self, tag: &BytesStart<'_>) -> Result<(), IngestError> {
        let name = tag.name();
        match (name.as_ref(), &mut self.sheet) {
            ("table:table", None) => self.open(&prefixed(tag, "table:name").unwrap_or_default())?,
            ("table:table", Some(sheet)) => sheet.inner += 1,
            ("table:null-date", None) => {
                self.from_1904 = prefixed(tag, "table:date-value").is_some_and(|day| day.starts_with("1904"));
            }
            (_, None) => {}
            (_, Some(sheet)) if sheet.inner > 0 => {}
            ("table:table-row", Some(sheet)) => {
                sheet.repeats = number(tag, "table:number-rows-repeated").unwrap_or(1).max(1);
                sheet.hidden = prefixed(tag, "table:visibility").is_some_and(|how| how != "visible");
                sheet.column = 0;
            }
            ("table:table-cell", Some(sheet)) => sheet.cell = Some(Cell::of(tag)),
            ("table:covered-table-cell", Some(sheet)) => {
                let repeats = number(tag, "table:number-columns-repeated").unwrap_or(1).max(1);
                sheet.column = sheet.column.saturating_add(repeats);
            }
            (name, Some(sheet)) => {
                if let Some(cell) = &mut sheet.cell {
                    cell.start(name, tag);
                }
            }
        }
        Ok(())
    }

    fn open(&mut self, name: &str) -> Result<(), IngestError> {
        let Job { input, want, limits, .. } = self.job;
        let name = self.names.unique(name, input, limits)?;
        self.sheet = Some(Sheet {
            builder: SheetBuilder::new(&name, input, want, limits),
            wanted: want.wants(&name),
            inner: 0,
            line: 1,
            repeats: 1,
            hidden: false,
            column: 0,
            cells: RowCells::default(),
            cell: None,
            formulas: Vec::new(),
        });
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), IngestError> {
        let job = self.job;
        let Some(sheet) = &mut self.sheet else { return Ok(()) };
        match name {
            "table:table" if sheet.inner > 0 => sheet.inner -= 1,
            "table:table" => self.close(),
            _ if sheet.inner > 0 => {}
            "table:table-row" => sheet.end_row(job)?,
            "table:table-cell" => sheet.end_cell(job)?,
            name => {
                if let Some(cell) = &mut sheet.cell {
                    cell.end(name);
                }
            }
        }
        Ok(())
    }

    /// Ends the sheet that is open, wherever its reading stands.
    fn close(&mut self) {
        if let Some(mut sheet) = self.sheet.take().filter(|sheet| sheet.wanted) {
            // Left over only where the sheet breaks off, which is told.
            let _ = sheet.end_cell(self.job).and_then(|()| sheet.end_row(self.job));
            self.grids.push(sheet.builder.finish(self.from_1904));
        }
    }

    fn text(&mut self, text: &str) {
        let cell = self.sheet.as_mut().filter(|sheet| sheet.inner == 0).and_then(|sheet| sheet.cell.as_mut());
        if let Some(cell) = cell {
            cell.add(text);
        }
    }
}

impl Sheet<'_> {
    fn end_cell(&mut self, job: Job<'_>) -> Result<(), IngestError> {
        let Some(cell) = self.cell.take() else { return Ok(()) };
        let text = match cell.value {
            Some(number) if cell.shows_words => with_currency_shown(number, &cell.text),
            Some(value) => value,
            None => cell.text,
        };
        let (first, next) = (self.column, self.column.saturating_add(cell.repeats));
        self.column = next;
        if text.trim().is_empty() {
            if cell.never_calculated {
                self.formulas.extend((first..next.min(job.limits.columns as u64)).map(|column| column as usize));
            }
            return Ok(());
        }
        if next > job.limits.columns as u64 {
            return Err(job.too_large("a row has columns", job.limits.columns as u64));
        }
        for column in first as usize..next as usize {
            self.builder.merge_down(self.line, column, self.line.saturating_add(cell.rows.saturating_sub(1)));
            self.cells.push_cell(column, text.as_str(), cell.is_number);
        }
        Ok(())
    }

    fn end_row(&mut self, job: Job<'_>) -> Result<(), IngestError> {
        let repeats = self.repeats;
        let formulas = std::mem::take(&mut self.formulas);
        if self.builder.has_enough() || (self.cells.is_blank() && (formulas.is_empty() || repeats > REPEATS)) {
            self.line = self.line.saturating_add(repeats);
            self.cells.clear();
            return Ok(());
        }
        if repeats > REPEATS {
            return Err(job.too_large("a row is repeated", REPEATS));
        }
        for _ in 0..repeats {
            if self.hidden {
                self.builder.hide(self.line);
            }
            for column in &formulas {
                self.builder.never_calculated(self.line, *column)?;
            }
            self.builder.row(self.line, &mut self.cells.clone())?;
            self.line = self.line.saturating_add(1);
        }
        self.cells.clear();
        Ok(())
    }
}

impl Cell {
    fn of(tag: &BytesStart<'_>) -> Self {
        let value = |name: &str| prefixed(tag, &format!("office:{name}"));
        let number = || value("value").map(|number| expanded(&number).unwrap_or(number));
        let value_type = value("value-type");
        let value = match value_type.as_deref() {
            Some("float") => number(),
            Some("percentage") => number().and_then(|number| Some(expanded(&format!("{number}e2"))? + "%")),
            Some("currency") => {
                let currency = value("currency").filter(|currency| currency != "USD");
                number().map(|number| currency.map_or(number.clone(), |currency| format!("{currency} {number}")))
            }
            Some("date") => value("date-value").map(|date| iso_text(&date)),
            Some("boolean") => value("boolean-value").map(|flag| flag.to_ascii_uppercase()),
            Some("string") => value("string-value").filter(|text| !text.is_empty()),
            _ => None,
        };
        Self {
            repeats: number_of(tag, "table:number-columns-repeated"),
            rows: number_of(tag, "table:number-rows-spanned"),
            never_calculated: prefixed(tag, "table:formula").is_some() && value_type.as_deref() != Some("string"),
            shows_words: match value_type.as_deref() {
                Some("float") => true,
                Some("currency") => prefixed(tag, "office:currency").is_none(),
                _ => false,
            },
            is_number: value.is_some() && matches!(value_type.as_deref(), Some("float" | "percentage" | "currency")),
            value,
            ..Self::default()
        }
    }

    fn start(&mut self, name: &str, tag: &BytesStart<'_>) {
        match name {
            "office:annotation" => self.in_note += 1,
            "text:p" => {
                self.in_text += 1;
                if self.paragraphs > 0 {
                    self.add("\n");
                }
                self.paragraphs += u32::from(self.in_note == 0);
            }
            "text:s" => self.add(&" ".repeat(number_of(tag, "text:c").min(1000) as usize)),
            "text:tab" => self.add("\t"),
            "text:line-break" => self.add("\n"),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "office:annotation" => self.in_note = self.in_note.saturating_sub(1),
            "text:p" => self.in_text = self.in_text.saturating_sub(1),
            _ => {}
        }
    }

    /// Adds text; one byte too many is enough to be refused.
    fn add(&mut self, text: &str) {
        if self.in_text > 0 && self.in_note == 0 && self.text.len() <= CELL_BYTES {
            self.text.push_str(text);
        }
    }
}

/// The number, with the currency that its format shows beside it. What is shown tells more than the format's own parts, which may
/// stand in three places.
fn with_currency_shown(number: String, shown: &str) -> String {
    if expanded(&shown.replace(',', ".")).is_some() {
        return number;
    }
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    let whole = number.split('.').next().unwrap_or_default();
    let words = shown.replace(|letter: char| letter.is_ascii_digit() || matches!(letter, '.' | ',' | '-' | '+'), " ");
    match of_words(&words, digits(shown) < digits(whole)) {
        Some(currency) => format!("{currency} {number}"),
        None => number,
    }
}

fn number(tag: &BytesStart<'_>, name: &str) -> Option<u64> {
    prefixed(tag, name)?.parse().ok()
}

/// A count that is 1 where nothing is said.
fn number_of(tag: &BytesStart<'_>, name: &str) -> u64 {
    number(tag, name).unwrap_or(1).max(1)
}
