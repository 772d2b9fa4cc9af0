//! What kind of file it is: found from its content, by the headers that the mappings know.

mod explain;
mod head;

use crate::csv::Dialect;
use crate::header::{HeaderCell, header_cell, without_tags};
use crate::input::unreadable;
use crate::mappings::{Known, Mappings, SourceMapping};
use crate::text::{Detected, Encoding, detect};
use crate::{IngestError, Input, Options};
use aceq_model::{DateOrder, TableId};
use chrono::NaiveDate;
use explain::{explain, missing_column};
use head::{Candidate, Head};
use std::io::Read;

/// How a file is to be read, and why.
#[derive(Clone, Debug)]
pub struct Recognised {
    /// Name of the input.
    pub file: String,
    /// Table its rows belong to.
    pub table: TableId,
    /// Mapping that knows its headers.
    pub mapping: String,
    /// Why this mapping, in words.
    pub why: String,
    /// Text encoding.
    pub encoding: Encoding,
    /// Field separator.
    pub delimiter: char,
    /// Quote.
    pub quote: char,
    /// Line of the header, 1-based.
    pub header_line: u64,
    /// Header cells as written, without surrounding space.
    pub headers: Vec<String>,
    /// Headers that mean a column, in file order.
    pub mapped: Vec<MappedHeader>,
    /// Headers that the mapping knows and no rule uses.
    pub ignored: Vec<String>,
    /// Headers that no mapping knows.
    pub unmapped: Vec<String>,
    /// A day of export that the preamble states.
    pub date_inside: Option<NaiveDate>,
    pub(crate) mark: usize,
}

/// A header and the column it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappedHeader {
    /// Place in the file, from 0.
    pub index: usize,
    /// Header as written.
    pub header: String,
    /// Canonical column.
    pub column: String,
    /// Order of its slash dates, where the header or the mapping states one.
    pub date_order: Option<DateOrder>,
}

/// Recognises a file from its head. (Only whether it is UTF-8 throughout needs a look at all of it.)
///
/// # Errors
/// See [`IngestError`]: unreadable, empty, of a format that is no text, or without known headers.
pub fn recognise(input: &Input, mappings: &Mappings, options: &Options) -> Result<Recognised, IngestError> {
    let failed = |source| unreadable(&input.path, source);
    refuse_binary(input)?;
    let detected = detect(&input.path).map_err(failed)?;
    let head = Head::read(input, detected, options).map_err(failed)?;
    if head.text.trim().is_empty() {
        return Err(IngestError::Empty { file: input.name.clone() });
    }
    let mut found = best(&head, mappings, &usual_dialects());
    if found.is_none() {
        found = best(&head, mappings, &unusual_dialects(&head.text));
    }
    match found {
        Some(found) => describe(input, detected, found),
        None => Err(explain(input, &head, mappings)),
    }
}

fn refuse_binary(input: &Input) -> Result<(), IngestError> {
    let mut magic = Vec::new();
    let file = std::fs::File::open(&input.path).map_err(|source| unreadable(&input.path, source))?;
    file.take(8).read_to_end(&mut magic).map_err(|source| unreadable(&input.path, source))?;
    let formats: [(&[u8], &str); 5] = [
        (b"PK\x03\x04", "an Excel workbook or a zip archive"),
        (b"\xD0\xCF\x11\xE0", "an old Excel workbook"),
        (b"PAR1", "a Parquet file"),
        (b"%PDF", "a PDF document"),
        (b"\x1F\x8B", "a gzip archive"),
    ];
    match formats.into_iter().find(|(start, _)| magic.starts_with(start)) {
        Some((_, format)) => Err(IngestError::UnsupportedFormat { file: input.name.clone(), format }),
        None => Ok(()),
    }
}

/// A header found.
struct Found<'a> {
    mapping: &'a SourceMapping,
    dialect: Dialect,
    line: u64,
    cells: Vec<String>,
    keys: Vec<HeaderCell>,
    fit: Fit,
    preamble: Vec<String>,
}

/// How well a mapping fits a header; more is better, first things first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Fit {
    known: usize,
    known_itself: usize,
}

fn usual_dialects() -> [Dialect; 4] {
    [b',', b';', b'\t', b'|'].map(|delimiter| Dialect { delimiter, quote: b'"' })
}

/// Whether a cell stands in apostrophes. Where all headers do, the apostrophe is the quote of the file.
fn has_apostrophes(cell: &str) -> bool {
    cell.len() > 2 && cell.starts_with('\'') && cell.ends_with('\'')
}

/// What a sniffer makes of the head, for separators that are not usual.
fn unusual_dialects(text: &str) -> Vec<Dialect> {
    let mut end = text.len().min(16 << 10);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let sniffed = csv_nose::Sniffer::new().sniff_bytes(&text.as_bytes()[..end]);
    let usable = |byte: &u8| {
        byte.is_ascii() && !byte.is_ascii_alphanumeric() && !matches!(byte, b'"' | b'\'' | b'\n' | b'\r' | b' ')
    };
    let delimiter = sniffed.ok().map(|metadata| metadata.dialect.delimiter).filter(usable);
    delimiter.map(|delimiter| Dialect { delimiter, quote: b'"' }).into_iter().collect()
}

/// The best header over all dialects: in each the first record that a mapping recognises.
fn best<'a>(head: &Head, mappings: &'a Mappings, dialects: &[Dialect]) -> Option<Found<'a>> {
    let mut best: Option<Found<'a>> = None;
    for dialect in dialects {
        let mut found = first_header(head.candidates(*dialect), *dialect, mappings);
        if found.as_ref().is_some_and(|found| found.cells.iter().all(|cell| has_apostrophes(cell))) {
            let apostrophe = Dialect { quote: b'\'', ..*dialect };
            found = first_header(head.candidates(apostrophe), apostrophe, mappings).or(found);
        }
        if let Some(found) = found
            && best.as_ref().is_none_or(|best| found.fit > best.fit)
        {
            best = Some(found);
        }
    }
    best
}

fn first_header<'a>(candidates: Vec<Candidate>, dialect: Dialect, mappings: &'a Mappings) -> Option<Found<'a>> {
    let mut preamble = Vec::new();
    for candidate in candidates {
        let keys = header_keys(&candidate.cells);
        let mut fitting: Option<(&SourceMapping, Fit)> = None;
        for mapping in mappings.sources().iter().filter(|mapping| signs(mapping, &keys)) {
            let fit = fit(mapping, &keys);
            if fitting.is_none_or(|(_, best)| fit > best) {
                fitting = Some((mapping, fit));
            }
        }
        if let Some((mapping, fit)) = fitting {
            return Some(Found { mapping, dialect, line: candidate.line, cells: candidate.cells, keys, fit, preamble });
        }
        preamble.push(candidate.cells.join(" "));
    }
    None
}

/// Reduced headers; cells too long to be one are blank.
fn header_keys(cells: &[String]) -> Vec<HeaderCell> {
    let blank = || HeaderCell { key: String::new(), date_order: None };
    cells.iter().map(|cell| if cell.len() <= 300 { header_cell(cell) } else { blank() }).collect()
}

fn fit(mapping: &SourceMapping, keys: &[HeaderCell]) -> Fit {
    let filled = || keys.iter().filter(|cell| !cell.key.is_empty());
    // Any export may have got a column for the partner: it says nothing about the source.
    let telling =
        |cell: &&HeaderCell| !matches!(mapping.know(&cell.key), Known::Columns([name]) if name == "partner_id");
    Fit {
        known: filled().filter(|cell| mapping.know(&cell.key) != Known::No).count(),
        known_itself: filled().filter(telling).filter(|cell| mapping.knows_itself(&cell.key)).count(),
    }
}

fn has_column(mapping: &SourceMapping, keys: &[HeaderCell], column: &str) -> bool {
    let means = |cell: &HeaderCell| matches!(mapping.know(&cell.key), Known::Columns(columns) if columns.iter().any(|c| c == column));
    keys.iter().any(means)
}

fn has_headers(mapping: &SourceMapping, keys: &[HeaderCell]) -> bool {
    mapping.headers.iter().all(|need| keys.iter().any(|cell| cell.key == *need))
}

/// Whether the headers carry the signature of a mapping.
fn signs(mapping: &SourceMapping, keys: &[HeaderCell]) -> bool {
    let has = |column: &String| has_column(mapping, keys, column);
    mapping.signature.iter().all(|alternatives| alternatives.iter().any(has))
        && has_headers(mapping, keys)
        && !mapping.absent.iter().any(has)
}

fn describe(input: &Input, detected: Detected, found: Found<'_>) -> Result<Recognised, IngestError> {
    let missing = found.mapping.required.iter().find(|column| !has_column(found.mapping, &found.keys, column));
    if let Some(column) = missing {
        return Err(missing_column(input, found.line, &found.cells, found.mapping, column));
    }
    let headers = without_trailing_blanks(found.cells);
    let mut recognised = Recognised {
        file: input.name.clone(),
        table: found.mapping.table,
        mapping: found.mapping.name.clone(),
        why: why(found.mapping, found.fit, headers.len(), found.line),
        encoding: detected.encoding,
        delimiter: char::from(found.dialect.delimiter),
        quote: char::from(found.dialect.quote),
        header_line: found.line,
        headers,
        mapped: Vec::new(),
        ignored: Vec::new(),
        unmapped: Vec::new(),
        date_inside: crate::snapshot::stated_in(&found.preamble),
        mark: detected.mark,
    };
    for (index, cell) in found.keys.iter().enumerate().take(recognised.headers.len()) {
        sort_header(&mut recognised, found.mapping, index, cell);
    }
    Ok(recognised)
}

fn sort_header(recognised: &mut Recognised, mapping: &SourceMapping, index: usize, cell: &HeaderCell) {
    let header = without_tags(&recognised.headers[index]);
    match mapping.know(&cell.key) {
        Known::Columns(columns) => {
            for column in columns {
                let date_order = cell.date_order.or_else(|| mapping.date_orders.get(column).copied());
                recognised.mapped.push(MappedHeader {
                    index,
                    header: header.clone(),
                    column: column.clone(),
                    date_order,
                });
            }
        }
        Known::Ignored => recognised.ignored.push(header),
        Known::No if header.is_empty() => recognised.unmapped.push(format!("(column {} has no header)", index + 1)),
        Known::No => recognised.unmapped.push(header),
    }
}

fn without_trailing_blanks(mut cells: Vec<String>) -> Vec<String> {
    while cells.last().is_some_and(String::is_empty) {
        cells.pop();
    }
    cells
}

fn why(mapping: &SourceMapping, fit: Fit, width: usize, line: u64) -> String {
    let signature: Vec<String> = mapping.signature.iter().map(|alternatives| alternatives.join(" or ")).collect();
    format!("{}: line {line} has {}; {} of {width} headers known", mapping.title, signature.join(", "), fit.known)
}
