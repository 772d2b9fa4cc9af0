//! Office Open XML workbooks, cell by cell.

use super::layout::{Layout, layouts};
use super::number::{Epoch, NumberKind, decimal, iso_text, number_text};
use super::{Job, archive};
use crate::IngestError;
use crate::formats::sheet::{RowCells, SheetBuilder, SheetNames};
use crate::grid::Grid;
use crate::input::unreadable;
use calamine::{DataRef, Reader, SheetType, Style, Xlsx, XlsxError};
use std::fs::File;
use std::io::BufReader;

/// Decodes the file.
pub(super) fn decode(job: Job<'_>, grids: &mut Vec<Grid>) -> Result<(), IngestError> {
    let mut archive = archive::open(job)?;
    known_kind(job, &archive)?;
    let mut layouts = layouts(job, &mut archive)?.into_iter();
    let file = File::open(&job.input.path).map_err(|source| unreadable(&job.input.path, source))?;
    let mut book = Xlsx::new(BufReader::new(file)).map_err(|error| failed(job, &error))?;
    let sheets: Vec<(String, SheetType)> =
        book.sheets_metadata().iter().map(|sheet| (sheet.name.clone(), sheet.typ)).collect();
    let mut names = SheetNames::default();
    for (name, kind) in &sheets {
        let unique = names.unique(name, job.input, job.limits)?;
        let layout = layouts.next();
        if *kind == SheetType::WorkSheet && job.want.wants(&unique) {
            let (layout, known) = match layout {
                Some(Ok(layout)) => (layout, Ok(())),
                Some(Err(error)) => (Layout::default(), Err(error)),
                None => (Layout::default(), Ok(())),
            };
            let (grid, read) = sheet(job, &mut book, name, &unique, &layout);
            grids.push(grid);
            known.and(read)?;
        }
    }
    Ok(())
}

/// Other documents of the same family, and the binary form of this one, are told by their parts.
fn known_kind(job: Job<'_>, archive: &archive::Archive) -> Result<(), IngestError> {
    let parts = [
        ("xl/workbook.bin", "a binary Excel workbook (.xlsb)"),
        ("word/document.xml", "a Word document"),
        ("ppt/presentation.xml", "a PowerPoint presentation"),
    ];
    match parts.into_iter().find(|(part, _)| archive.index_for_name(part).is_some()) {
        Some((_, format)) => Err(IngestError::UnsupportedFormat { file: job.input.name.clone(), format }),
        None => Ok(()),
    }
}

fn failed(job: Job<'_>, error: &XlsxError) -> IngestError {
    match error {
        XlsxError::Password => job.locked(),
        error => job.damaged(error.to_string()),
    }
}

/// What is known of a sheet before its cells are read.
struct Sheet<'l> {
    name: &'l str,
    epoch: Epoch,
    layout: &'l Layout,
}

/// A sheet as far as it can be read.
fn sheet(
    job: Job<'_>,
    book: &mut Xlsx<BufReader<File>>,
    name: &str,
    unique: &str,
    layout: &Layout,
) -> (Grid, Result<(), IngestError>) {
    let epoch = if book.has_1904_epoch() { Epoch::From1904 } else { Epoch::From1900 };
    let mut builder = SheetBuilder::new(unique, job.input, job.want, job.limits);
    for (line, column, until) in &layout.merged_down {
        builder.merge_down(*line, *column, *until);
    }
    layout.hidden.iter().for_each(|line| builder.hide(*line));
    let mut formulas = layout.never_calculated.iter();
    let noted = formulas.try_for_each(|(line, column)| builder.never_calculated(*line, *column));
    builder.sort_formulas(0);
    let (mut cells, mut line) = (RowCells::default(), 0);
    let sheet = Sheet { name, epoch, layout };
    let read = noted.and_then(|()| rows(job, book, &sheet, &mut builder, &mut cells, &mut line));
    let written = builder.row(line, &mut cells);
    (builder.finish(epoch == Epoch::From1904), read.and(written))
}

/// Reads rows; the last one stays in `cells`.
fn rows(
    job: Job<'_>,
    book: &mut Xlsx<BufReader<File>>,
    sheet: &Sheet<'_>,
    builder: &mut SheetBuilder<'_>,
    cells: &mut RowCells,
    line: &mut u64,
) -> Result<(), IngestError> {
    let Sheet { name, epoch, layout } = *sheet;
    let in_sheet = |error: XlsxError| job.damaged(format!("sheet `{name}`: {error}"));
    let mut reader = book.worksheet_cells_reader(name).map_err(in_sheet)?;
    let kinds: Vec<NumberKind> = reader.styles().iter().map(kind_of).collect();
    while let Some((cell, style)) = reader.next_cell_with_style_id().map_err(in_sheet)? {
        let (row, column) = cell.get_position();
        let this = u64::from(row) + 1;
        if this != *line {
            builder.row(*line, cells)?;
            if builder.has_enough() {
                break;
            }
            *line = this;
        }
        if column as usize >= job.limits.columns {
            return Err(job.too_large("a row has columns", job.limits.columns as u64));
        }
        if !builder.is_never_calculated(this, column as usize) {
            let value = cell.get_value();
            let is_number = matches!(value, DataRef::Int(_) | DataRef::Float(_));
            let marked = layout.marked.get(&(this, column as usize)).cloned();
            let text = marked.unwrap_or_else(|| text(value, kinds.get(style), epoch));
            cells.push_cell(column as usize, text, is_number);
        }
    }
    Ok(())
}

fn kind_of(style: &Style) -> NumberKind {
    match &style.number_format {
        None => NumberKind::Plain,
        Some(format) => match format.format_id {
            Some(id) if NumberKind::of_builtin(id) != NumberKind::Plain => NumberKind::of_builtin(id),
            _ => NumberKind::of(&format.format_code),
        },
    }
}

/// The text of a cell. Numbers mean what their format says; formulas are what they were last calculated to.
fn text(value: &DataRef<'_>, kind: Option<&NumberKind>, epoch: Epoch) -> String {
    let number = |value: f64| number_text(value, kind.unwrap_or(&NumberKind::Plain), epoch);
    match value {
        DataRef::Int(value) => number(*value as f64),
        DataRef::Float(value) => number(*value),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(true) => "TRUE".to_owned(),
        DataRef::Bool(false) => "FALSE".to_owned(),
        DataRef::DateTime(moment) if moment.is_datetime() => number_text(moment.as_f64(), &NumberKind::Moment, epoch),
        DataRef::DateTime(duration) => decimal(duration.as_f64()),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => iso_text(text),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}
