//! Workbooks that nobody here wrote come back cell by cell; what asks for too much is refused; nothing panics.

mod bombs;

use super::decode;
use crate::format::Format;
use crate::formats::Want;
use crate::grid::Grid;
use crate::{IngestError, Input, Limits};
use calamine::{Data, Ods, Reader, Xls};
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, Workbook, Worksheet};
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn decoded(bytes: &[u8], format: Format, limits: &Limits) -> Result<Vec<Grid>, IngestError> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    let input = Input::file(file.path());
    let read = |want: Want<'_>| {
        let mut grids = Vec::new();
        decode(&input, format, want, limits, &mut grids).map(|()| grids)
    };
    let whole = |grid: &Grid| read(Want::Table(&grid.name)).map(|mut all| all.remove(0));
    read(Want::Heads)?.iter().map(whole).collect()
}

fn rows(grid: &Grid) -> Vec<(u64, Vec<String>)> {
    (0..grid.len()).map(|row| grid.cells(row)).collect()
}

fn zip_of(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const TYPES: &str = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>";
const ROOT: &str = "<Relationships><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
const BOOK: &str = "<workbook><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>";
const RELATIONS: &str = "<Relationships><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>";

/// A workbook with this sheet and these shared strings.
fn xlsx(sheet: &str, strings: &str) -> Vec<u8> {
    zip_of(&[
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", ROOT.as_bytes()),
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", RELATIONS.as_bytes()),
        ("xl/sharedStrings.xml", strings.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

fn ods(content: &str) -> Vec<u8> {
    let manifest = "<manifest:manifest/>";
    zip_of(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", manifest.as_bytes()),
        ("content.xml", content.as_bytes()),
    ])
}

/// A cell that a spreadsheet can hold.
#[derive(Clone, Debug)]
enum Typed {
    Nothing,
    Text(String),
    Number(f64),
    Flag(bool),
    Day(u16, u8, u8),
}

impl Typed {
    fn write(&self, sheet: &mut Worksheet, row: u32, column: u16) {
        let day = CellFormat::new().set_num_format("yyyy\\-mm\\-dd");
        match self {
            Self::Nothing => return,
            Self::Text(text) => sheet.write_string(row, column, text),
            Self::Number(number) => sheet.write_number(row, column, *number),
            Self::Flag(flag) => sheet.write_boolean(row, column, *flag),
            Self::Day(year, month, day_of_month) => {
                let moment = ExcelDateTime::from_ymd(*year, *month, *day_of_month).unwrap();
                sheet.write_datetime_with_format(row, column, &moment, &day)
            }
        }
        .unwrap();
    }

    fn text(&self) -> String {
        match self {
            Self::Nothing => String::new(),
            Self::Text(text) => text.trim().to_owned(),
            Self::Number(number) => number.to_string(),
            Self::Flag(flag) => flag.to_string().to_uppercase(),
            Self::Day(year, month, day) => format!("{year:04}-{month:02}-{day:02}"),
        }
    }
}

fn typed() -> impl Strategy<Value = Typed> {
    prop_oneof![
        Just(Typed::Nothing),
        "[ -~é€日]{1,12}".prop_map(Typed::Text),
        (-1_000_000_000_i64..1_000_000_000).prop_map(|cents| Typed::Number(cents as f64 / 100.0)),
        (0_i64..1_000_000_000_000).prop_map(|whole| Typed::Number(whole as f64)),
        any::<bool>().prop_map(Typed::Flag),
        (1901_u16..2100, 1_u8..13, 1_u8..29).prop_map(|(year, month, day)| Typed::Day(year, month, day)),
    ]
}

#[test]
fn parts_that_are_struck_or_raised_keep_a_mark() {
    let run = |format: &str, text: &str| format!("<r><rPr>{format}</rPr><t>{text}</t></r>");
    let rich = [run("<strike/>", "5&amp;00"), run("<b/>", "60")].concat();
    let raised = [run("", "700"), run("<vertAlign val=\"superscript\"/>", "1")].concat();
    let sheet = format!(
        "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>1</v></c><c r=\"B1\" t=\"inlineStr\"><is>{raised}</is></c>\
         <c r=\"C1\" t=\"s\"><v>2</v></c></row></sheetData></worksheet>"
    );
    let plain = [run("<strike val=\"0\"/>", "A"), run("<i/>", "cme")].concat();
    let strings = format!("<sst><si/><si>{rich}</si><si>{plain}</si></sst>");
    let parts = [
        ("xl/worksheets/sheet1.xml", sheet.as_str()),
        ("xl/sharedStrings.xml", &strings),
        ("xl/workbook.xml", BOOK),
        ("xl/_rels/workbook.xml.rels", RELATIONS),
        ("_rels/.rels", ROOT),
    ];
    let bytes = zip_of(&parts.map(|(name, text)| (name, text.as_bytes())));
    let grids = decoded(&bytes, Format::Xlsx, &Limits::default()).unwrap();
    let cells = ["~~5&00~~60", "700^1", "Acme"].map(str::to_owned);
    assert_eq!(rows(&grids[0]), [(1, cells.to_vec())]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// What another library wrote comes back cell by cell, each row on its own line.
    #[test]
    fn sheets_come_back_as_they_were_written(
        cells in prop::collection::vec(prop::collection::vec(typed(), 0..6), 0..80), first in 0_u32..5,
    ) {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        for (row, cells) in cells.iter().enumerate() {
            cells.iter().enumerate().for_each(|(column, cell)| cell.write(sheet, first + row as u32, column as u16));
        }
        let grids = decoded(&book.save_to_buffer().unwrap(), Format::Xlsx, &Limits::default()).unwrap();
        let bare = |mut cells: Vec<String>| {
            cells.truncate(cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1));
            cells
        };
        let lines = (u64::from(first) + 1..).zip(&cells);
        let written = lines.map(|(line, cells)| (line, bare(cells.iter().map(Typed::text).collect())));
        let read = rows(&grids[0]).into_iter().map(|(line, cells)| (line, bare(cells)));
        prop_assert_eq!(read.collect::<Vec<_>>(), written.filter(|(_, cells)| !cells.is_empty()).collect::<Vec<_>>());
    }

    /// Damage is told, never met with a panic: any bytes of a part changed, or its end cut off.
    #[test]
    fn damaged_parts_are_told(part in 0_usize..6, at in any::<prop::sample::Index>(), byte in any::<u8>(), cut: bool) {
        let sheet = "<worksheet><dimension ref=\"A1:B2\"/><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c>\
            <c r=\"B1\" s=\"1\"><v>46346.5</v></c></row><row r=\"2\" hidden=\"1\"><c t=\"e\"><v>#REF!</v></c></row>\
            </sheetData><mergeCells count=\"1\"><mergeCell ref=\"A1:A2\"/></mergeCells></worksheet>";
        let strings = "<sst uniqueCount=\"1\"><si><r><t>a</t></r><r><t>&amp;b</t></r></si></sst>";
        let styles = "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy\"/></numFmts><cellXfs>\
            <xf numFmtId=\"0\"/><xf numFmtId=\"164\"/></cellXfs></styleSheet>";
        let mut parts = [
            ("xl/worksheets/sheet1.xml", sheet), ("xl/sharedStrings.xml", strings), ("xl/styles.xml", styles),
            ("xl/workbook.xml", BOOK), ("xl/_rels/workbook.xml.rels", RELATIONS), ("_rels/.rels", ROOT),
        ].map(|(name, text)| (name, text.as_bytes().to_vec()));
        let bytes = &mut parts[part].1;
        let at = at.index(bytes.len());
        if cut { bytes.truncate(at) } else { bytes[at] = byte }
        let borrowed: Vec<(&str, &[u8])> = parts.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
        let _ = decoded(&zip_of(&borrowed), Format::Xlsx, &Limits::default());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// The same of binary workbooks, whose records and sectors may be anything.
    #[test]
    fn damaged_binary_workbooks_are_told(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), cut in any::<Option<prop::sample::Index>>(),
    ) {
        let mut bytes = std::fs::read(fixture("certifications.xls")).unwrap();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(cut.map_or(bytes.len(), |cut| cut.index(bytes.len())));
        let _ = decoded(&bytes, Format::Xls, &Limits::default());
    }

    /// And of OpenDocument content.
    #[test]
    fn damaged_documents_are_told(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut: bool) {
        let content = "<office:spreadsheet><table:table table:name=\"S\"><table:table-row table:number-rows-repeated=\"2\">\
            <table:table-cell office:value-type=\"float\" office:value=\"1\" table:number-columns-repeated=\"3\"><text:p>a\
            <text:s text:c=\"2\"/></text:p></table:table-cell></table:table-row></table:table></office:spreadsheet>";
        let mut bytes = content.as_bytes().to_vec();
        let at = at.index(bytes.len());
        if cut { bytes.truncate(at) } else { bytes[at] = byte }
        let _ = decoded(&ods(&String::from_utf8_lossy(&bytes)), Format::Ods, &Limits::default());
    }
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)
}

/// Texts of a sheet as `calamine` sees them, by line and column; merged cells, numbers and dates left out.
fn texts(range: &calamine::Range<Data>) -> Vec<(u64, usize, String)> {
    let (top, left) = range.start().unwrap();
    let cells = range.used_cells().filter_map(|(row, column, value)| match value {
        Data::String(text) => Some((u64::from(top) + row as u64 + 1, left as usize + column, text.trim().to_owned())),
        _ => None,
    });
    cells.collect()
}

/// The binary and the OpenDocument reader are our own; another one sees the same texts in the same places.
#[test]
fn another_reader_sees_the_same_texts() {
    let (xls, document) = (fixture("certifications.xls"), fixture("opportunities.ods"));
    let mut book: Xls<_> = calamine::open_workbook(&xls).unwrap();
    agree(&xls, Format::Xls, |name| texts(&book.worksheet_range(name).unwrap()));
    let mut book: Ods<_> = calamine::open_workbook(&document).unwrap();
    agree(&document, Format::Ods, |name| texts(&book.worksheet_range(name).unwrap()));
}

fn agree(path: &Path, format: Format, mut texts: impl FnMut(&str) -> Vec<(u64, usize, String)>) {
    let grids = decoded(&std::fs::read(path).unwrap(), format, &Limits::default()).unwrap();
    for grid in grids.iter().filter(|grid| grid.len() > 0) {
        let ours = rows(grid);
        let theirs = texts(&grid.name);
        assert!(theirs.len() > 5, "{}", grid.name);
        for (line, column, text) in theirs {
            let row = ours.iter().find(|(ours, _)| *ours == line);
            assert_eq!(row.and_then(|(_, cells)| cells.get(column)), Some(&text), "{} {line} {column}", grid.name);
        }
    }
}
