//! Files that ask for more than there is.

use super::{decoded, ods, rows, xlsx, zip_of};
use crate::format::Format;
use crate::{IngestError, Limits};

const NO_STRINGS: &str = "<sst/>";

fn refused(bytes: &[u8], format: Format) -> String {
    decoded(bytes, format, &Limits::default()).unwrap_err().to_string()
}

fn sheet(rows: &str) -> String {
    format!("<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData>{rows}</sheetData></worksheet>")
}

#[test]
fn an_archive_that_unpacks_to_too_much_is_refused_before_it_is_read() {
    let zeros = vec![b' '; 110 << 20];
    let bomb = zip_of(&[("xl/worksheets/sheet1.xml", &zeros)]);
    assert!(bomb.len() < 1 << 20);
    let small = Limits { unpacked_ratio: 50, ..Limits::default() };
    let error = decoded(&bomb, Format::Xlsx, &small).unwrap_err();
    assert!(matches!(error, IngestError::TooLarge { what: "the archive unpacks to bytes" | "a cell holds bytes", .. }));
    // Lines of markup, so that no cell is long.
    let tags = b"<row></row>".repeat(10 << 20);
    let bomb = zip_of(&[("xl/worksheets/sheet1.xml", &tags)]);
    let error = decoded(&bomb, Format::Xlsx, &small).unwrap_err();
    assert!(matches!(error, IngestError::TooLarge { what: "the archive unpacks to bytes", .. }), "{error}");
}

#[test]
fn a_huge_cell_is_refused() {
    let huge = "x".repeat(20 << 20);
    let strings = format!("<sst><si><t>{huge}</t></si></sst>");
    assert!(
        refused(&xlsx(&sheet(""), &strings), Format::Xlsx).contains("a cell holds bytes beyond the limit of 1048576")
    );
    let large = "x".repeat(2 << 20);
    let inline = sheet(&format!("<row><c t=\"inlineStr\"><is><t>{large}</t></is></c></row>"));
    assert!(refused(&xlsx(&inline, NO_STRINGS), Format::Xlsx).contains("a cell holds bytes"));
}

#[test]
fn entities_are_refused() {
    let lol = "<!DOCTYPE sst [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><sst><si><t>&b;</t></si></sst>";
    assert!(refused(&xlsx(&sheet(""), lol), Format::Xlsx).contains("it defines a document type"));
    assert!(refused(&ods(lol), Format::Ods).contains("it defines a document type"));
}

#[test]
fn a_million_columns_are_refused() {
    let far = sheet("<row r=\"1\"><c r=\"BDWGN1\"><v>1</v></c></row>");
    let message = refused(&xlsx(&far, NO_STRINGS), Format::Xlsx);
    assert!(message.contains("a row has columns") || message.contains("cannot be decoded"), "{message}");
    let repeated = "<table:table table:name=\"S\"><table:table-row><table:table-cell office:value-type=\"string\" \
        table:number-columns-repeated=\"1000000\"><text:p>x</text:p></table:table-cell></table:table-row></table:table>";
    assert!(refused(&ods(repeated), Format::Ods).contains("a row has columns beyond the limit of 16384"));
}

/// A claim costs nothing where nothing stands behind it; what stands behind it is counted.
#[test]
fn a_sheet_that_claims_a_million_rows_is_as_large_as_what_it_holds() {
    let claims =
        sheet("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>2</v></c></row>");
    let grids = decoded(&xlsx(&claims, NO_STRINGS), Format::Xlsx, &Limits::default()).unwrap();
    assert_eq!(rows(&grids[0]).iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 1_048_576]);
    assert!(grids[0].bytes() < 1 << 21);
    let row = |cell: &str| {
        format!(
            "<table:table table:name=\"S\"><table:table-row table:number-rows-repeated=\"1048576\">{cell}</table:table-row></table:table>"
        )
    };
    let blank = row("<table:table-cell table:number-columns-repeated=\"16384\"/>");
    assert_eq!(decoded(&ods(&blank), Format::Ods, &Limits::default()).unwrap()[0].len(), 0);
    let filled = row("<table:table-cell office:value-type=\"string\"><text:p>x</text:p></table:table-cell>");
    assert!(refused(&ods(&filled), Format::Ods).contains("a row is repeated beyond the limit of 10000"));
}

#[test]
fn claimed_strings_take_no_memory() {
    let claims = "<sst count=\"1\" uniqueCount=\"18446744073709551615\"><si><t>a</t></si></sst>";
    assert!(refused(&xlsx(&sheet(""), claims), Format::Xlsx).contains("strings in"));
}

#[test]
fn tables_beyond_the_limit_are_refused() {
    let rows: String =
        (1..=2000).map(|row| format!("<row r=\"{row}\"><c r=\"A{row}\"><v>{row}</v></c></row>")).collect();
    let limits = Limits { document_bytes: 100_000, ..Limits::default() };
    let error = decoded(&xlsx(&sheet(&rows), NO_STRINGS), Format::Xlsx, &limits).unwrap_err().to_string();
    assert!(error.contains("a table takes bytes beyond the limit of 100000"), "{error}");
}

#[test]
fn other_documents_are_named() {
    let message = |part: &str| refused(&zip_of(&[("[Content_Types].xml", b"<Types/>"), (part, b"x")]), Format::Xlsx);
    assert!(message("word/document.xml").contains("a Word document, which cannot be read"));
    assert!(message("xl/workbook.bin").contains("a binary Excel workbook (.xlsb)"));
    let locked =
        "<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>";
    let locked = zip_of(&[("META-INF/manifest.xml", locked.as_bytes()), ("content.xml", b"\x8F\x01")]);
    assert!(refused(&locked, Format::Ods).contains("protected with a password"));
    let mut container = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    container.create_stream("/EncryptedPackage").unwrap();
    container.flush().unwrap();
    assert!(refused(&container.into_inner().into_inner(), Format::Xls).contains("protected with a password"));
}
