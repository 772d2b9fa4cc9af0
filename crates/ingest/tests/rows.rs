//! The raw reading of a file: every record as decoded, in order, as RFC 4180 CSV.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use aceq_ingest::{IngestError, Input, Mappings, Options, write_rows};
use proptest::prelude::*;
use std::io::Write;

fn rows(content: &[u8]) -> Result<String, IngestError> {
    let (text, result) = shown(content, None);
    result.map(|()| text)
}

/// What is written, and what is said then.
fn shown(content: &[u8], sheet: Option<&str>) -> (String, Result<(), IngestError>) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(content).unwrap();
    let mut out = Vec::new();
    let result = write_rows(&Input::file(file.path()), sheet, Mappings::builtin(), &Options::default(), &mut out);
    (String::from_utf8(out).unwrap(), result)
}

#[test]
fn nothing_is_trimmed_mapped_or_left_out() {
    let cases: [(&[u8], &str); 12] = [
        (b"Id,Stage\n O1 , Launched\nTotal,1\n", "Id,Stage\r\n O1 , Launched\r\nTotal,1\r\n"),
        (b"a;b\n1,5;2\n", "a,b\r\n\"1,5\",2\r\n"),
        (b"a\tb\r1\t2\r", "a,b\r\n1,2\r\n"),
        (b"a|b\r\n1|2\n3|4\r", "a,b\r\n1,2\r\n3,4\r\n"),
        (b"a^b^c\n1^2^3\n4^5^6\n", "a,b,c\r\n1,2,3\r\n4,5,6\r\n"),
        (b"a~b~c\n1~2~3\n4~5~6\n", "a,b,c\r\n1,2,3\r\n4,5,6\r\n"),
        // Ragged rows stay ragged.
        (b"a,b\n1\n1,2,3\n", "a,b\r\n1\r\n1,2,3\r\n"),
        (b"a,b\n\"say \"\"hi\"\"\",\"x\ny\"\n", "a,b\r\n\"say \"\"hi\"\"\",\"x\ny\"\r\n"),
        // A stray quote costs one line, which is shown whole.
        (b"a,b\n1,\"open\n2,3\n", "a,b\r\n\"1,\"\"open\"\r\n2,3\r\n"),
        // A byte that is no text is shown as such, and its row keeps its fields.
        ("é,é\né\u{e9},b\n".as_bytes(), "é,é\r\néé,b\r\n"),
        (b"\xEF\xBB\xBFa,b\n1\xFF,2\n", "a,b\r\n1\u{FFFD},2\r\n"),
        (b"sep=;\r\na;b\r\n1,2;3\r\n", "sep=,\r\na,b\r\n\"1,2\",3\r\n"),
    ];
    for (content, expected) in cases {
        assert_eq!(rows(content).unwrap(), expected, "{}", String::from_utf8_lossy(content));
    }
}

#[test]
fn encodings_are_undone() {
    let text = "Id;Ñame\n1;é\n";
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    for content in [text.as_bytes().to_vec(), utf16(&format!("\u{FEFF}{text}")), b"Id;\xD1ame\n1;\xE9\n".to_vec()] {
        assert_eq!(rows(&content).unwrap(), "Id,Ñame\r\n1,é\r\n");
    }
}

#[test]
fn a_file_of_one_table_has_no_sheets() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"a,b\n1,2\n").unwrap();
    let input = Input::file(file.path());
    let result = write_rows(&input, Some("Sheet1"), Mappings::builtin(), &Options::default(), &mut Vec::new());
    assert!(result.unwrap_err().to_string().contains("leave --sheet out"));
}

#[test]
fn what_breaks_off_is_shown_up_to_there() {
    let sheet = |name: &str, rows: &str| format!("<Worksheet ss:Name=\"{name}\"><Table>{rows}");
    let row = |cells: [&str; 2]| {
        format!("<Row>{}</Row>", cells.map(|cell| format!("<Cell><Data>{cell}</Data></Cell>")).concat())
    };
    let two = format!("{}{}", row(["Id", "Stage"]), row(["O1", "Launched"]));
    let book = |sheets: &str| {
        format!("<?xml version=\"1.0\"?><Workbook xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">{sheets}")
    };
    let first = "Id,Stage\r\nO1,Launched\r\n";
    let cases = [
        (book(&sheet("S", &two)), first.to_owned(), "it ends within a sheet"),
        (
            book(&sheet("S", &format!("{two}<Row><Cell><Data>O2</Data></Cell><Cell><Data>Laun"))),
            format!("{first}O2,Laun\r\n"),
            "it ends within a sheet",
        ),
        (
            book(&sheet("S", &format!("{two}<Row><Cell><Data>O2</Data></Cell></Table></Row>"))),
            format!("{first}O2,\r\n"),
            "cannot be decoded",
        ),
        ("{\"a\": 1, \"b\":".to_owned(), "\"{\"\"a\"\": 1, \"\"b\"\":\"\r\n".to_owned(), "cannot be decoded"),
    ];
    for (content, expected, said) in cases {
        let (text, result) = shown(content.as_bytes(), None);
        assert_eq!(text, expected, "{content}");
        let message = result.expect_err("it is broken").to_string();
        assert!(message.contains(said), "{message}");
    }
    let second = book(&format!("{}</Table></Worksheet>{}", sheet("A", &two), sheet("B", &row(["x", "y"]))));
    let (text, result) = shown(second.as_bytes(), Some("A"));
    assert_eq!((text.as_str(), result.is_ok()), (first, false), "the file breaks off, though behind the sheet");
    let (text, result) = shown(second.as_bytes(), Some("B"));
    assert_eq!((text.as_str(), result.is_ok()), ("x,y\r\n", false));
    let many = shown(second.as_bytes(), None).1.expect_err("there are two").to_string();
    assert!(many.contains('A') && many.contains('B'), "{many}");
}

#[test]
fn records_of_pages_with_bytes_that_are_no_text_keep_their_cells() {
    let page = b"<meta charset=utf-8><table><tr><td>Id<td>Name<tr><td>O1<td>M\xFCller, B\xFCro</table>";
    assert_eq!(rows(page).unwrap(), "Id,Name\r\nO1,\"M\u{FFFD}ller, B\u{FFFD}ro\"\r\n");
}

fn parsed(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

proptest! {
    /// What is written in one dialect comes out as the same table, cell by cell.
    #[test]
    fn tables_come_back(
        cells in prop::collection::vec(prop::collection::vec("[ -~é\n]{0,8}", 3), 1..12),
        delimiter in prop::sample::select(vec![b',', b';', b'\t', b'|']),
    ) {
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
        // A header that a mapping knows tells the separator, whatever the cells hold.
        writer.write_record(["Opportunity Id", "Stage", "Customer"]).unwrap();
        cells.iter().for_each(|row| writer.write_record(row).unwrap());
        let content = writer.into_inner().unwrap();
        let expected = std::iter::once(vec!["Opportunity Id".to_owned(), "Stage".to_owned(), "Customer".to_owned()]);
        let expected: Vec<Vec<String>> = expected.chain(cells).collect();
        prop_assert_eq!(parsed(&rows(&content).unwrap()), expected);
    }

    /// Whatever the bytes, the outcome is a table or a message.
    #[test]
    fn any_bytes(content in prop::collection::vec(any::<u8>(), 0..300)) {
        match rows(&content) {
            Ok(text) => { parsed(&text); }
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }
}
