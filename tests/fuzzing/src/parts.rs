//! Workbooks put together from parts, so that what is changed is read and not refused for its checksum.
//!
//! The parts of an `.xlsx` follow each other, with a zero byte between them: sheet, shared strings, styles, workbook. Any
//! but the first may be missing.

use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

const TYPES: &str = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>";
const ROOT: &str = "<Relationships><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
const RELATIONS: &str = "<Relationships><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>";
const BOOK: &str = "<workbook><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>";
const ODS: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";

/// The parts of a workbook that are changed, and what stands there when they are not given.
const PARTS: [(&str, &str); 4] = [
    ("xl/worksheets/sheet1.xml", ""),
    ("xl/sharedStrings.xml", "<sst/>"),
    ("xl/styles.xml", "<styleSheet/>"),
    ("xl/workbook.xml", BOOK),
];

/// A workbook of these parts.
pub(crate) fn xlsx(parts: &[u8]) -> Vec<u8> {
    let mut given = parts.split(|byte| *byte == 0);
    let mut members: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", ROOT.as_bytes()),
        ("xl/_rels/workbook.xml.rels", RELATIONS.as_bytes()),
    ];
    members.extend(PARTS.map(|(name, usual)| (name, given.next().unwrap_or(usual.as_bytes()))));
    package(&members)
}

/// The parts of a workbook, as [`xlsx`] takes them; none where it is no package.
pub(crate) fn parts_of_xlsx(workbook: &[u8]) -> Option<Vec<u8>> {
    let parts: Vec<Vec<u8>> =
        PARTS.iter().map(|(name, usual)| member(workbook, name).unwrap_or_else(|| usual.as_bytes().to_vec())).collect();
    (!parts[0].is_empty()).then(|| parts.join(&0))
}

/// A spreadsheet of this content.
pub(crate) fn ods(content: &[u8]) -> Vec<u8> {
    let manifest: &[u8] = b"<manifest:manifest/>";
    package(&[("mimetype", ODS), ("META-INF/manifest.xml", manifest), ("content.xml", content)])
}

/// The content of a spreadsheet; none where it is no package.
pub(crate) fn content_of_ods(spreadsheet: &[u8]) -> Option<Vec<u8>> {
    member(spreadsheet, "content.xml")
}

/// A sheet of the lines of a text, cut at tabs.
pub(crate) fn sheet(text: &str) -> String {
    let cell = |cell: &str| format!("<c t=\"inlineStr\"><is><t>{}</t></is></c>", escaped(cell));
    let row = |line: &str| format!("<row>{}</row>", line.split('\t').map(cell).collect::<String>());
    format!("<worksheet><sheetData>{}</sheetData></worksheet>", text.lines().map(row).collect::<String>())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('\0', "&#10;")
}

fn package(members: &[(&str, &[u8])]) -> Vec<u8> {
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut package = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        package.start_file(*name, stored).expect("memory takes a member");
        package.write_all(bytes).expect("memory takes its bytes");
    }
    package.finish().expect("memory takes the directory").into_inner()
}

fn member(package: &[u8], name: &str) -> Option<Vec<u8>> {
    let mut package = ZipArchive::new(Cursor::new(package)).ok()?;
    let mut bytes = Vec::new();
    package.by_name(name).ok()?.read_to_end(&mut bytes).ok()?;
    Some(bytes)
}
