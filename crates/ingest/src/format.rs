//! What a file is made of, told from its first bytes; its name says nothing.

use crate::input::unreadable;
use crate::text::Encoding;
use crate::{IngestError, Input};
use encoding_rs::{UTF_16BE, UTF_16LE};
use std::fs::File;
use std::io::Read;

/// Format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Separated text.
    Csv,
    /// JSON: one value, or one a line.
    Json,
    /// An HTML page with a table.
    Html,
    /// SpreadsheetML 2003, an XML workbook.
    SpreadsheetMl,
    /// Office Open XML workbook.
    Xlsx,
    /// Binary workbook of the years before 2007.
    Xls,
    /// OpenDocument spreadsheet.
    Ods,
    /// Parquet.
    Parquet,
}

/// Bytes that are looked at.
const HEAD: u64 = 16 << 10;

impl Format {
    /// The name in the manifest.
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Html => "html",
            Self::SpreadsheetMl => "spreadsheetml",
            Self::Xlsx => "xlsx",
            Self::Xls => "xls",
            Self::Ods => "ods",
            Self::Parquet => "parquet",
        }
    }

    /// Tells the format of a file.
    ///
    /// # Errors
    /// [`IngestError::UnsupportedFormat`] for formats that no source reads, and when the file cannot be opened.
    pub(crate) fn of(input: &Input) -> Result<Self, IngestError> {
        let mut head = Vec::new();
        let file = File::open(&input.path).map_err(|source| unreadable(&input.path, source))?;
        file.take(HEAD).read_to_end(&mut head).map_err(|source| unreadable(&input.path, source))?;
        if let Some(known) = binary(&head) {
            let unsupported = |format| IngestError::UnsupportedFormat { file: input.name.clone(), format };
            return known.map_err(unsupported);
        }
        textual(&as_text(&head)).map_err(|format| IngestError::UnsupportedFormat { file: input.name.clone(), format })
    }
}

/// A format known by its first bytes: ours, or one that is not read, in words.
fn binary(head: &[u8]) -> Option<Result<Format, &'static str>> {
    let formats: [(&[u8], Result<Format, &'static str>); 13] = [
        (b"\xD0\xCF\x11\xE0", Ok(Format::Xls)),
        (b"PAR1", Ok(Format::Parquet)),
        // A footer that is encrypted.
        (b"PARE", Ok(Format::Parquet)),
        (b"%PDF", Err("a PDF document")),
        (b"\x1F\x8B", Err("an archive within an archive")),
        (b"{\\rtf", Err("a rich text document")),
        (b"7z\xBC\xAF\x27\x1C", Err("a 7-Zip archive")),
        (b"Rar!\x1A\x07", Err("a RAR archive")),
        (b"\xFD7zXZ\0", Err("an xz archive")),
        (b"\x28\xB5\x2F\xFD", Err("a zstd archive")),
        (b"BZh", Err("a bzip2 archive")),
        (b"\xFF\xFE\0\0", Err("text in UTF-32")),
        (b"\0\0\xFE\xFF", Err("text in UTF-32")),
    ];
    if head.starts_with(b"PK\x03\x04") {
        return Some(zipped(head));
    }
    if head.get(257..262) == Some(b"ustar") {
        return Some(Err("a tar archive"));
    }
    formats.into_iter().find(|(start, _)| head.starts_with(start)).map(|(_, format)| format)
}

/// Workbooks are zip archives; the names of their first members tell them apart from other archives.
fn zipped(head: &[u8]) -> Result<Format, &'static str> {
    let names = |name: &[u8]| memchr::memmem::find(head, name).is_some();
    if names(b"application/vnd.oasis.opendocument.spreadsheet") {
        return Ok(Format::Ods);
    }
    if names(b"[Content_Types].xml") || names(b"xl/") || names(b"_rels/") || names(b"docProps/") {
        return Ok(Format::Xlsx);
    }
    Err("a zip archive within an archive, or a damaged one")
}

fn as_text(head: &[u8]) -> String {
    let looks_wide = |at: usize| head.len() > 3 && head[at] == 0 && head[at + 2] == 0;
    let encoding = match head {
        [0xFF, 0xFE, ..] => Encoding::Utf16Le,
        [0xFE, 0xFF, ..] => Encoding::Utf16Be,
        _ if looks_wide(1) => Encoding::Utf16Le,
        _ if looks_wide(0) => Encoding::Utf16Be,
        _ => Encoding::Utf8,
    };
    match encoding {
        Encoding::Utf16Le => UTF_16LE.decode(head).0.into_owned(),
        Encoding::Utf16Be => UTF_16BE.decode(head).0.into_owned(),
        _ => String::from_utf8_lossy(head).trim_start_matches('\u{FEFF}').to_owned(),
    }
}

fn textual(text: &str) -> Result<Format, &'static str> {
    let text = text.trim_start();
    match text.as_bytes() {
        [b'<', ..] => markup(&text.to_ascii_lowercase()),
        [b'{' | b'[', ..] if is_json(text) => Ok(Format::Json),
        _ => Ok(Format::Csv),
    }
}

fn markup(text: &str) -> Result<Format, &'static str> {
    if text.contains("urn:schemas-microsoft-com:office:spreadsheet") {
        return Ok(Format::SpreadsheetMl);
    }
    let tags = ["<!doctype html", "<html", "<table", "<body", "<head", "<meta", "<style", "<tr", "<div"];
    if tags.iter().any(|tag| text.contains(tag)) {
        return Ok(Format::Html);
    }
    // A column header in HTML tags, cut out of a page and saved as separated text.
    if text.starts_with("<span") || !text.starts_with("<?xml") {
        return Ok(Format::Csv);
    }
    Err("XML of no known kind")
}

/// Whether the text goes on as JSON does; a CSV header may begin with a bracket.
fn is_json(text: &str) -> bool {
    let mut rest = text.bytes().skip(1).filter(|byte| !byte.is_ascii_whitespace());
    match (text.as_bytes()[0], rest.next()) {
        (b'{', next) => matches!(next, Some(b'"' | b'}') | None),
        (_, next) => matches!(next, Some(b'{' | b'[' | b']' | b'"') | None),
    }
}

#[cfg(test)]
mod tests {
    use super::{Format, as_text, binary, textual};

    fn told(head: &[u8]) -> Result<Format, &'static str> {
        binary(head).unwrap_or_else(|| textual(&as_text(head)))
    }

    #[test]
    fn formats_are_told_by_content() {
        let wide: Vec<u8> = "<html><table>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let workbook = "<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?>\
                        <Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">";
        let cases: [(&[u8], Result<Format, &str>); 15] = [
            (b"Opportunity Id,Stage\n", Ok(Format::Csv)),
            (b"[Opportunity Id],Stage\n", Ok(Format::Csv)),
            (b"<span id=\"a\">Opportunity Id</span>,Stage\n", Ok(Format::Csv)),
            (b"\xEF\xBB\xBF {\"version\": \"1\"", Ok(Format::Json)),
            (b"[\n  {\"Id\": \"O1\"}", Ok(Format::Json)),
            (b"<table border=1>", Ok(Format::Html)),
            (&wide, Ok(Format::Html)),
            (workbook.as_bytes(), Ok(Format::SpreadsheetMl)),
            (b"<?xml version=\"1.0\"?><feed>", Err("XML of no known kind")),
            (b"PK\x03\x04....[Content_Types].xml", Ok(Format::Xlsx)),
            (b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.spreadsheet", Ok(Format::Ods)),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Ok(Format::Xls)),
            (b"PAR1", Ok(Format::Parquet)),
            (b"%PDF-1.7", Err("a PDF document")),
            (b"\xFF\xFE\0\0I\0\0\0", Err("text in UTF-32")),
        ];
        for (head, format) in cases {
            assert_eq!(told(head), format, "{}", String::from_utf8_lossy(head));
        }
    }
}
