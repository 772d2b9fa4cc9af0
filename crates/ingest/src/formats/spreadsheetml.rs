//! SpreadsheetML 2003: an XML workbook, which old exports call `.xls`.
//!
//! ```text
//!  <Worksheet ss:Name="Report"> <Table> <Row ss:Index="3" ss:Hidden="1">
//!    <Cell ss:Index="2" ss:MergeDown="1"> <Data ss:Type="String">&lt;span id="…"&gt;Stage&lt;/span&gt;</Data> </Cell>
//! ```
//!
//! Events are taken one by one from the text; nothing is expanded, and a document type, the place where entities could
//! be defined, is refused.

mod styles;

use super::Want;
use super::document::{DocumentText, text_of};
use super::markup::attribute;
use super::sheet::{RowCells, SheetBuilder, SheetNames};
use super::workbook::number::{Epoch, NumberKind, iso_text};
use crate::csv::line_ends;
use crate::grid::Grid;
use crate::{IngestError, Input, Limits};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeMap;
use styles::Styles;

/// Columns with styles of their own that are remembered.
const STYLED_COLUMNS: usize = 1024;

/// What the format is called in messages.
const FORMAT: &str = "an XML workbook";

/// Decodes the file.
pub(super) fn decode(input: &Input, want: Want<'_>, limits: &Limits, grids: &mut Vec<Grid>) -> Result<(), IngestError> {
    let DocumentText { text, is_garbled } = text_of(input, limits)?;
    let mut reader = Reader::from_str(&text);
    reader.config_mut().check_end_names = true;
    let mut names = SheetNames::default();
    let mut workbook =
        Workbook { input, limits, want, grids, from_1904: false, is_garbled, text: &text, styles: Styles::default() };
    loop {
        let event =
            reader.read_event().map_err(|error| damaged(input, &error.to_string(), &text, reader.error_position()))?;
        match event {
            Event::Start(tag) if tag.local_name().as_ref() == "Worksheet" => {
                let name = attribute(&tag, "Name").unwrap_or_default();
                workbook.sheet(&mut reader, &names.unique(&name, input, limits)?)?;
            }
            Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == "Date1904" => {
                workbook.from_1904 = true
            }
            Event::Start(tag) | Event::Empty(tag) => workbook.styles.note(&tag),
            Event::DocType(_) => {
                return Err(damaged(input, "it defines a document type", &text, reader.buffer_position()));
            }
            Event::Eof => break,
            _ => {}
        }
    }
    Ok(())
}

fn damaged(input: &Input, message: &str, text: &str, byte: u64) -> IngestError {
    let before = &text.as_bytes()[..text.len().min(usize::try_from(byte).unwrap_or(usize::MAX))];
    let line = line_ends(before) + 1;
    IngestError::Damaged {
        file: input.name.clone(),
        format: FORMAT,
        message: format!("{message} (on line {line}, at byte {byte})"),
    }
}

fn number(tag: &BytesStart<'_>, name: &str) -> Option<u64> {
    attribute(tag, name)?.trim().parse().ok()
}

struct Workbook<'a> {
    input: &'a Input,
    limits: &'a Limits,
    want: Want<'a>,
    grids: &'a mut Vec<Grid>,
    /// Whether serial dates count from 1904.
    from_1904: bool,
    is_garbled: bool,
    text: &'a str,
    styles: Styles,
}

/// Where the reading of a sheet stands.
#[derive(Default)]
struct Place {
    /// Line of the row, from 1.
    line: u64,
    /// Column of the next cell, from 0.
    column: u64,
    cells: RowCells,
    /// Depth of `Data` elements: text counts only within.
    data: u32,
    /// Whether what is read is a remark on the cell.
    in_comment: bool,
    text: String,
    kind: String,
    /// The cell being read: its column and the rows it covers.
    cell: Option<(u64, u64)>,
    /// Whether it is a formula.
    is_formula: bool,
    /// Styles of columns, by the first of them: the last one, and the id.
    column_styles: BTreeMap<u64, (u64, String)>,
    /// Column that the next `Column` element is about, from 0.
    next_column: u64,
    row_style: String,
    cell_style: String,
}

impl<'a> Workbook<'a> {
    /// Reads a sheet to its end, or to where it breaks off.
    fn sheet(&mut self, reader: &mut Reader<&[u8]>, name: &str) -> Result<(), IngestError> {
        let mut builder = SheetBuilder::new(name, self.input, self.want, self.limits);
        builder.set_garbled(self.is_garbled);
        let mut place = Place::default();
        let read = self.rows(reader, &mut place, &mut builder);
        if read.is_err() {
            // What stands in the row that breaks; that it breaks is told.
            let _ = place.end("Cell", self, &mut builder).and_then(|()| place.end("Row", self, &mut builder));
        }
        if self.want.wants(name) {
            self.grids.push(builder.finish(self.from_1904));
        }
        read
    }

    fn rows(
        &self,
        reader: &mut Reader<&[u8]>,
        place: &mut Place,
        builder: &mut SheetBuilder<'a>,
    ) -> Result<(), IngestError> {
        loop {
            let event = reader.read_event();
            let event =
                event.map_err(|error| damaged(self.input, &error.to_string(), self.text, reader.error_position()))?;
            match event {
                Event::Start(tag) => self.start(&tag, place, builder)?,
                Event::Empty(tag) => {
                    self.start(&tag, place, builder)?;
                    place.end(tag.local_name().as_ref(), self, builder)?;
                }
                Event::End(tag) if tag.local_name().as_ref() == "Worksheet" => return Ok(()),
                Event::End(tag) => place.end(tag.local_name().as_ref(), self, builder)?,
                Event::Text(text) if place.data > 0 => place.add(&text.xml10_content()),
                Event::CData(text) if place.data > 0 => place.add(&text.xml10_content()),
                Event::GeneralRef(reference) if place.data > 0 => place.add(&resolved(&reference.xml10_content())),
                Event::DocType(_) => {
                    return Err(damaged(self.input, "it defines a document type", self.text, reader.buffer_position()));
                }
                Event::Eof => {
                    return Err(damaged(self.input, "it ends within a sheet", self.text, reader.buffer_position()));
                }
                _ => {}
            }
        }
    }

    fn epoch(&self) -> Epoch {
        if self.from_1904 { Epoch::From1904 } else { Epoch::From1900 }
    }

    /// What its style makes of the number of the cell at hand: its own, that of its row, or that of its column.
    fn number_kind<'s>(&'s self, place: &Place, column: u64) -> &'s NumberKind {
        let of_column = place.column_styles.range(..=column).next_back().filter(|(_, (last, _))| column <= *last);
        let of_column = of_column.map(|(_, (_, style))| style.as_str());
        self.styles.kind([place.cell_style.as_str(), place.row_style.as_str()].into_iter().chain(of_column))
    }

    fn start(
        &self,
        tag: &BytesStart<'_>,
        place: &mut Place,
        builder: &mut SheetBuilder<'a>,
    ) -> Result<(), IngestError> {
        match tag.local_name().as_ref() {
            "Row" => {
                place.line =
                    number(tag, "Index").filter(|line| *line > place.line).unwrap_or(place.line.saturating_add(1));
                place.column = 0;
                place.row_style = attribute(tag, "StyleID").unwrap_or_default();
                if attribute(tag, "Hidden").is_some_and(|hidden| hidden == "1") {
                    builder.hide(place.line);
                }
            }
            "Column" => place.style_columns(tag),
            "Cell" => {
                place.cell_style = attribute(tag, "StyleID").unwrap_or_default();
                let column = number(tag, "Index").map_or(place.column, |index| index.saturating_sub(1));
                place.cell = Some((column, number(tag, "MergeDown").unwrap_or(0)));
                place.column = column.saturating_add(1).saturating_add(number(tag, "MergeAcross").unwrap_or(0));
                place.is_formula = attribute(tag, "Formula").is_some();
                place.text.clear();
                place.kind.clear();
            }
            "Comment" => place.in_comment = true,
            "Data" if place.cell.is_some() && !place.in_comment => {
                place.data += 1;
                place.kind = attribute(tag, "Type").unwrap_or_default();
            }
            _ if place.data > 0 && tag.local_name().as_ref().eq_ignore_ascii_case("br") => place.add("\n"),
            _ => {}
        }
        Ok(())
    }
}

impl Place {
    fn add(&mut self, text: &str) {
        // One byte too many is enough to be refused.
        if self.text.len() <= super::sheet::CELL_BYTES {
            self.text.push_str(text);
        }
    }

    /// Notes the style of columns, for cells that have none.
    fn style_columns(&mut self, tag: &BytesStart<'_>) {
        let first = number(tag, "Index").map_or(self.next_column, |index| index.saturating_sub(1));
        let last = first.saturating_add(number(tag, "Span").unwrap_or(0));
        self.next_column = last.saturating_add(1);
        if let Some(style) = attribute(tag, "StyleID").filter(|_| self.column_styles.len() < STYLED_COLUMNS) {
            self.column_styles.insert(first, (last, style));
        }
    }

    fn end(&mut self, name: &str, workbook: &Workbook<'_>, builder: &mut SheetBuilder<'_>) -> Result<(), IngestError> {
        match name {
            "Comment" => self.in_comment = false,
            "Data" => self.data = self.data.saturating_sub(1),
            "Cell" => {
                let Some((column, down)) = self.cell.take() else { return Ok(()) };
                self.data = 0;
                let column = usize::try_from(column).unwrap_or(usize::MAX - 1);
                // A text of no length is a result.
                if self.is_formula && self.text.trim().is_empty() && self.kind != "String" {
                    builder.never_calculated(self.line, column)?;
                }
                builder.merge_down(self.line, column, self.line.saturating_add(down));
                let text = match self.kind.as_str() {
                    "Number" => styles::text(&self.text, workbook.number_kind(self, column as u64), workbook.epoch()),
                    kind => cell_text(&self.text, kind),
                };
                self.cells.push_cell(column, text, self.kind == "Number");
            }
            "Row" => {
                let mut cells = std::mem::take(&mut self.cells);
                if !builder.has_enough() {
                    builder.row(self.line, &mut cells)?;
                }
                cells.clear();
                self.cells = cells;
            }
            _ => {}
        }
        Ok(())
    }
}

fn cell_text(text: &str, kind: &str) -> String {
    match kind {
        "DateTime" => iso_text(text.trim()),
        "Boolean" => match text.trim() {
            "1" => "TRUE".to_owned(),
            "0" => "FALSE".to_owned(),
            other => other.to_owned(),
        },
        _ => text.to_owned(),
    }
}

/// A reference: a character by number, one of XML's own five, or a blank; others stay as written.
fn resolved(name: &str) -> String {
    let letter = match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        _ => name.strip_prefix('#').and_then(|number| match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok().and_then(char::from_u32),
            None => number.parse().ok().and_then(char::from_u32),
        }),
    };
    letter.map_or_else(|| format!("&{name};"), String::from)
}

#[cfg(test)]
mod tests {
    use super::decode;
    use crate::formats::Want;
    use crate::{Input, Limits};
    use proptest::prelude::*;
    use std::io::Write;

    fn decoded(text: &str) -> Result<usize, String> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        let mut grids = Vec::new();
        let read = decode(&Input::file(file.path()), Want::Heads, &Limits::default(), &mut grids);
        read.map(|()| grids.iter().map(crate::grid::Grid::len).sum()).map_err(|error| error.to_string())
    }

    fn sheet(rows: &str) -> String {
        format!("<Workbook><Worksheet ss:Name=\"S\"><Table>{rows}</Table></Worksheet></Workbook>")
    }

    #[test]
    fn what_no_sheet_holds_is_refused() {
        let cell = |attributes: &str, text: &str| format!("<Row><Cell {attributes}><Data>{text}</Data></Cell></Row>");
        let message = |rows: String| decoded(&sheet(&rows)).unwrap_err();
        assert!(message(cell("ss:Index=\"1000000\"", "x")).contains("a row has columns beyond the limit of 16384"));
        assert!(message(cell("", &"x".repeat(2 << 20))).contains("a cell holds bytes"));
        assert!(message("<Row><Cell>".to_owned()).contains("cannot be decoded"));
        assert!(decoded("<Workbook><Worksheet><Table><Row>").unwrap_err().contains("it ends within a sheet"));
        let far = "<Row ss:Index=\"18446744073709551615\"><Cell><Data>a</Data></Cell></Row>";
        assert_eq!(decoded(&sheet(&format!("{far}{far}"))), Ok(2), "a line number is a label, no place in memory");
    }

    proptest! {
        #[test]
        fn no_markup_panics(pieces in prop::collection::vec(prop::sample::select(vec![
            "<Row ss:Index=\"9\">", "</Row>", "<Cell ss:Index=\"0\" ss:MergeDown=\"3\">", "</Cell>", "<Data ss:Type=\"Number\">",
            "</Data>", "1e5", "&amp;", "&x;", "&#0;", "<![CDATA[a]]>", "<!--a-->", "<Cell/>", "<Worksheet>", "</Worksheet>", "<",
        ]), 0..30)) {
            let _ = decoded(&sheet(&pieces.concat()));
        }
    }
}
