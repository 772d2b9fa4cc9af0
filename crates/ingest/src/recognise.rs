//! What kind of file it is: found from its content, by the headers that the mappings know.

mod dialect;
mod explain;
mod head;
mod tables;
mod two_rows;

use crate::csv::Dialect;
use crate::format::Format;
use crate::formats::{Want, decode};
use crate::grid::chosen;
use crate::header::{ANY_INDEX, HeaderCell, header_cell, key, with_indexes_of, without_tags};
use crate::input::unreadable;
use crate::mappings::{Known, Mappings, Origin, RowCondition, SourceMapping};
use crate::plan::row_id_column;
use crate::text::{Detected, Encoding, detect};
use crate::{IngestError, Input, Options};
use aceq_model::{DateOrder, RejectReason, TableId};
use chrono::NaiveDate;
use dialect::{has_apostrophes, likely_dialect, stated_dialect, unusual_dialects, usual_dialects};
use explain::{explain, missing_column};
use head::{Candidate, Head};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The tables of a file: those that are understood, and why the others are not.
#[derive(Debug)]
pub struct Tables {
    /// Tables to read, in file order; at least one.
    pub tables: Vec<Recognised>,
    /// Sheets of which no mapping knows the headers. Empty sheets are not named.
    pub others: Vec<IngestError>,
}

/// How a table of a file is to be read, and why.
#[derive(Clone, Debug)]
pub struct Recognised {
    /// Name of the input.
    pub file: String,
    /// Worksheet or part of the file; empty where the file is one table.
    pub sheet: String,
    /// Format.
    pub format: Format,
    /// Table its rows belong to.
    pub table: TableId,
    /// Mapping that knows its headers.
    pub mapping: String,
    /// Why this mapping, in words.
    pub why: String,
    /// Text encoding of separated text.
    pub encoding: Option<Encoding>,
    /// Field separator of separated text.
    pub delimiter: Option<char>,
    /// Quote of separated text.
    pub quote: Option<char>,
    /// Line of the header, 1-based; 0 where records name their own fields.
    pub header_line: u64,
    /// Header cells as written, without surrounding space.
    pub headers: Vec<String>,
    /// Headers that mean a column, in file order.
    pub mapped: Vec<MappedHeader>,
    /// Headers that the mapping knows and no rule uses.
    pub ignored: Vec<String>,
    /// Headers that no mapping knows.
    pub unmapped: Vec<String>,
    /// Headers that stand once more behind a column without one, as in another table; they are not used.
    pub beside: Vec<String>,
    /// Columns of which a record that does not name them says that they are blank.
    pub blank_when_absent: BTreeSet<String>,
    /// What a blank field of a text column says in this source.
    pub when_blank: BTreeMap<String, String>,
    /// Fields that tell whether a record is a row at all.
    pub only_when: Vec<OnlyWhen>,
    /// A day of export that the preamble states.
    pub date_inside: Option<NaiveDate>,
    /// Program of a self-assessment, whose answers are records.
    pub assessment: Option<String>,
    /// Rows that a workbook hides, as far as they were seen while recognising it.
    pub hidden_rows: u64,
    /// Whether serial dates count from 1904.
    pub(crate) from_1904: bool,
    /// Fields that records may have, blank ones beyond the header included, which some files have as a habit.
    pub(crate) most_fields: usize,
    pub(crate) detected: Detected,
    pub(crate) dialect: Dialect,
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
    /// What it is of the column's value.
    pub role: FieldRole,
    /// Fields that must hold a value (reduced to letters and digits) for this one to count.
    pub only_if: Vec<(usize, String)>,
    /// Whether it holds numbers as such: then the decimal mark is a point.
    pub is_number: bool,
    /// Whether its amounts are US dollars, whatever a currency column says.
    pub in_usd: bool,
}

/// What a field is of the value of its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FieldRole {
    /// All of it.
    Whole,
    /// One item of a list (`awsProducts[0]`).
    Item,
    /// A part of a text, by its place among the parts (first name, last name).
    Part(usize),
}

/// A field that tells whether a record is a row: blank, or one of these values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnlyWhen {
    /// Place in the file, from 0.
    pub index: usize,
    /// Values of rows, or, where `is_excluding`, of none; reduced to letters and digits.
    pub values: Vec<String>,
    /// Whether records with these values are rejected, and not the others.
    pub is_excluding: bool,
    /// Why such records are rejected.
    pub reason: RejectReason,
    /// Why records are rejected in which it is blank; none where they are rows.
    pub blank: Option<RejectReason>,
}

/// Recognises the tables of a file from its head. (Only whether a text is UTF-8 throughout, and which fields JSON
/// records name, needs a look at all of it.)
///
/// # Errors
/// See [`IngestError`]: unreadable, empty, damaged, of a format that is not read, or without any known header.
pub fn recognise(input: &Input, mappings: &Mappings, options: &Options) -> Result<Tables, IngestError> {
    match Format::of(input)? {
        Format::Csv => separated_text(input, mappings, options),
        format => {
            let grids = decode(input, format, Want::Heads, &options.limits, mappings)?;
            tables::recognise(input, format, grids, mappings, options)
        }
    }
}

fn separated_text(input: &Input, mappings: &Mappings, options: &Options) -> Result<Tables, IngestError> {
    let (detected, head) = text_head(input, options)?;
    let limit = options.limits.columns;
    let found = header_of(&head, mappings);
    if found.as_ref().map_or(head.first_line_fields(), |found| found.cells.len()) > limit {
        let (file, limit) = (input.name.clone(), limit as u64);
        return Err(IngestError::TooLarge { file, what: "the number of fields in its header is", limit });
    }
    let Some(found) = found else { return Err(explain(input, &head, mappings)) };
    let header_cells = found.cells.len();
    let mut recognised = describe(&input.name, found)?;
    recognised.most_fields = most_fields(&head, header_cells, &recognised);
    recognised.encoding = Some(detected.encoding);
    recognised.detected = detected;
    recognised.delimiter = Some(char::from(recognised.dialect.delimiter));
    recognised.quote = Some(char::from(recognised.dialect.quote));
    Ok(Tables { tables: vec![recognised], others: Vec::new() })
}

/// The number of fields that the header has, blank ones at its end included, or that more than half of the first records
/// have.
fn most_fields(head: &Head, header_cells: usize, recognised: &Recognised) -> usize {
    let candidates = head.candidates(recognised.dialect);
    let rows = candidates.iter().filter(|row| row.line > recognised.header_line);
    let mut lengths: Vec<usize> = rows.map(|row| row.cells.len()).filter(|cells| *cells >= header_cells).collect();
    lengths.sort_unstable();
    // What more than half of them have stands in the middle, or all of those have at least as many.
    let middle = lengths.get(lengths.len().saturating_sub(1) / 2).copied().unwrap_or(0);
    let usual = lengths.iter().filter(|cells| **cells == middle).count() * 2 > lengths.len();
    if usual { header_cells.max(middle) } else { header_cells }
}

/// Encoding and dialect of a text, and the width of its header, which is 0 where no mapping knows one.
pub(crate) fn text_form(
    input: &Input,
    mappings: &Mappings,
    options: &Options,
) -> Result<(Detected, Dialect, usize), IngestError> {
    let (detected, head) = text_head(input, options)?;
    Ok(match header_of(&head, mappings) {
        Some(found) => (detected, found.dialect, without_trailing_blanks(found.cells).len()),
        None => (detected, likely_dialect(&head), 0),
    })
}

/// Line and cells of the records that may be the header of a table of which nothing need be known.
pub(crate) fn header_candidates(
    input: &Input,
    sheet: Option<&str>,
    mappings: &Mappings,
    options: &Options,
) -> Result<Vec<(u64, Vec<String>)>, IngestError> {
    let format = Format::of(input)?;
    let candidates = match format {
        Format::Csv => {
            let (_, head) = text_head(input, options)?;
            let dialect = header_of(&head, mappings).map(|found| found.dialect);
            head.candidates(dialect.unwrap_or_else(|| likely_dialect(&head)))
        }
        _ => tables::candidates(&chosen(input, format, sheet, mappings, options)?),
    };
    Ok(candidates.into_iter().map(|candidate| (candidate.line, candidate.cells)).collect())
}

fn text_head(input: &Input, options: &Options) -> Result<(Detected, Head), IngestError> {
    let failed = |source| unreadable(&input.path, source);
    let detected = detect(&input.path, options.encoding_of(input), options.encoding_head_bytes).map_err(failed)?;
    let head = Head::read(input, detected, options).map_err(failed)?;
    if head.text.trim().is_empty() {
        return Err(IngestError::Empty { file: input.name.clone() });
    }
    Ok((detected, head))
}

/// The header that a mapping knows, in the separator stated, else in a usual one, else in the one that is sniffed.
fn header_of<'a>(head: &Head, mappings: &'a Mappings) -> Option<Found<'a>> {
    let stated: Vec<Dialect> = stated_dialect(&head.text).into_iter().collect();
    best(head, mappings, &stated)
        .or_else(|| best(head, mappings, &usual_dialects()))
        .or_else(|| best(head, mappings, &unusual_dialects(&head.text)))
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
    origin: Origin,
    known: usize,
    known_itself: usize,
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
        if let Some((mapping, fit)) = fitting(&keys, mappings) {
            return Some(Found { mapping, dialect, line: candidate.line, cells: candidate.cells, keys, fit, preamble });
        }
        preamble.push(candidate.cells.join(" "));
    }
    None
}

/// The mapping that fits a header best.
fn fitting<'a>(keys: &[HeaderCell], mappings: &'a Mappings) -> Option<(&'a SourceMapping, Fit)> {
    let mut fitting: Option<(&SourceMapping, Fit)> = None;
    for mapping in mappings.sources().iter().filter(|mapping| signs(mapping, keys)) {
        let fit = fit(mapping, keys);
        if fitting.is_none_or(|(_, best)| fit > best) {
            fitting = Some((mapping, fit));
        }
    }
    fitting
}

/// The mapping that recognises records with these fields.
pub(crate) fn mapping_of<'a>(keys: &[HeaderCell], mappings: &'a Mappings) -> Option<&'a SourceMapping> {
    fitting(keys, mappings).map(|(mapping, _)| mapping)
}

/// Whether a mapping knows the meaning of one of the fields.
pub(crate) fn knows_a_column(mapping: &SourceMapping, keys: &[HeaderCell]) -> bool {
    keys.iter().any(|cell| matches!(mapping.know(&cell.key), Known::Columns(_)))
}

/// Reduced headers; cells too long to be one are blank.
pub(crate) fn header_keys(cells: &[String]) -> Vec<HeaderCell> {
    let blank = || HeaderCell { key: String::new(), date_order: None };
    cells.iter().map(|cell| if cell.len() <= 300 { header_cell(cell) } else { blank() }).collect()
}

fn fit(mapping: &SourceMapping, keys: &[HeaderCell]) -> Fit {
    let filled = || keys.iter().filter(|cell| !cell.key.is_empty());
    // Any export may have got a column for the partner: it says nothing about the source.
    let telling =
        |cell: &&HeaderCell| !matches!(mapping.know(&cell.key), Known::Columns([name]) if name == "partner_id");
    Fit {
        origin: mapping.origin,
        known: filled().filter(|cell| mapping.know(&cell.key) != Known::No).count(),
        known_itself: filled().filter(telling).filter(|cell| mapping.knows_itself(&cell.key)).count(),
    }
}

fn has_column(mapping: &SourceMapping, keys: &[HeaderCell], column: &str) -> bool {
    let means = |cell: &HeaderCell| matches!(mapping.know(&cell.key), Known::Columns(columns) if columns.iter().any(|c| c == column));
    keys.iter().any(means)
}

fn has_headers(mapping: &SourceMapping, keys: &[HeaderCell]) -> bool {
    mapping.headers.iter().all(|needs| keys.iter().any(|cell| needs.contains(&cell.key)))
}

/// Whether the headers carry the signature of a mapping.
fn signs(mapping: &SourceMapping, keys: &[HeaderCell]) -> bool {
    let has = |column: &String| has_column(mapping, keys, column);
    mapping.signature.iter().all(|alternatives| alternatives.iter().any(has))
        && has_headers(mapping, keys)
        && !mapping.absent.iter().any(has)
        && (!mapping.only_known || keys.iter().all(|cell| cell.key.is_empty() || mapping.know(&cell.key) != Known::No))
}

/// What was found, as a table of a file that is no separated text. `name` is that of the file, for messages.
fn describe(name: &str, found: Found<'_>) -> Result<Recognised, IngestError> {
    let missing = found.mapping.required.iter().find(|column| !has_column(found.mapping, &found.keys, column));
    if let Some(column) = missing {
        return Err(missing_column(name, found.line, &found.cells, found.mapping, column));
    }
    let headers = without_trailing_blanks(found.cells);
    let mut recognised = Recognised {
        file: name.to_owned(),
        sheet: String::new(),
        format: Format::Csv,
        table: found.mapping.table,
        mapping: found.mapping.name.clone(),
        why: why(found.mapping, found.fit, headers.len(), found.line),
        encoding: None,
        delimiter: None,
        quote: None,
        header_line: found.line,
        headers,
        mapped: Vec::new(),
        ignored: Vec::new(),
        unmapped: Vec::new(),
        beside: Vec::new(),
        blank_when_absent: found.mapping.blank_when_absent.clone(),
        when_blank: found.mapping.when_blank.clone(),
        only_when: Vec::new(),
        date_inside: crate::snapshot::stated_in(&found.preamble),
        assessment: None,
        hidden_rows: 0,
        from_1904: false,
        most_fields: usize::MAX,
        detected: Detected::proved(Encoding::Utf8),
        dialect: found.dialect,
    };
    let every: Vec<String> = recognised.headers.iter().map(|header| key(&without_tags(header))).collect();
    let is_own = recognised.table.schema().columns.iter().all(|c| recognised.headers.iter().any(|h| h == c.name));
    let beside = of_another_table(recognised.table, found.mapping, &every);
    for (index, cell) in found.keys.iter().enumerate().take(recognised.headers.len()) {
        if is_own && is_derived(recognised.table, &recognised.headers[index]) {
            recognised.ignored.push(recognised.headers[index].clone());
            continue;
        }
        if beside[index] {
            recognised.beside.push(without_tags(&recognised.headers[index]));
            continue;
        }
        sort_header(&mut recognised, found.mapping, index, cell, &every);
    }
    for RowCondition { header, values, is_excluding, reason, blank } in &found.mapping.only_when {
        let places = every.iter().enumerate().filter(|(_, other)| *other == header).map(|(index, _)| index);
        let condition = |index| OnlyWhen {
            index,
            values: values.clone(),
            is_excluding: *is_excluding,
            reason: *reason,
            blank: *blank,
        };
        recognised.only_when.extend(places.map(condition));
    }
    Ok(recognised)
}

/// Whether a header names a column that follows from others. In our own tables such a column is worked out anew,
/// whatever its name (`arr_usd`) means elsewhere.
fn is_derived(table: TableId, header: &str) -> bool {
    table.schema().column(header).is_some_and(|column| !column.ingested)
}

/// Notes what a header means. `every` holds all headers, reduced with their indexes.
fn sort_header(
    recognised: &mut Recognised,
    mapping: &SourceMapping,
    index: usize,
    cell: &HeaderCell,
    every: &[String],
) {
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
                    role: role(mapping, column, cell),
                    only_if: conditions(mapping, column, &recognised.headers[index], every),
                    is_number: false,
                    in_usd: mapping.in_usd.contains(column),
                });
            }
        }
        Known::Ignored => recognised.ignored.push(header),
        Known::No if header.is_empty() => recognised.unmapped.push(format!("(column {} has no header)", index + 1)),
        Known::No => recognised.unmapped.push(header),
    }
}

/// Which headers belong to another table, such as a pivot, that stands behind a column without a header: of the headers there that the
/// mapping knows, every one stood before it. A table that has the ids of rows is looked at row by row.
fn of_another_table(table: TableId, mapping: &SourceMapping, every: &[String]) -> Vec<bool> {
    let mut first: HashMap<&str, usize> = HashMap::new();
    for (index, header) in every.iter().enumerate() {
        first.entry(header).or_insert(index);
    }
    // Of headers that the mapping knows, where each stands first; ids stand nowhere before.
    let place = |header: &String| match mapping.know(header) {
        Known::Columns(columns) if columns.iter().any(|column| column == row_id_column(table)) => Some(usize::MAX),
        Known::Columns(_) if !header.is_empty() => Some(first[header.as_str()]),
        _ => None,
    };
    let places: Vec<Option<usize>> = every.iter().map(place).collect();
    // From each column on to the right, the last of those places.
    let mut latest = places.clone();
    for index in (1..latest.len()).rev() {
        latest[index - 1] = latest[index - 1].max(latest[index]);
    }
    let mut gap = None;
    let is_beside = |(index, header): (usize, &String)| {
        gap = if header.is_empty() { Some(index) } else { gap };
        places[index].is_some() && gap.is_some_and(|gap| latest[gap] < Some(gap))
    };
    every.iter().enumerate().map(is_beside).collect()
}

fn role(mapping: &SourceMapping, column: &str, cell: &HeaderCell) -> FieldRole {
    let parts = mapping.joined.get(column).map_or(&[][..], Vec::as_slice);
    match parts.iter().position(|part| *part == cell.key) {
        Some(place) => FieldRole::Part(place),
        None if cell.key.contains(ANY_INDEX) => FieldRole::Item,
        None => FieldRole::Whole,
    }
}

/// The fields of the same list item on which a field depends, and what they must say (reduced).
fn conditions(mapping: &SourceMapping, column: &str, header: &str, every: &[String]) -> Vec<(usize, String)> {
    let conditions = mapping.only_if.get(column).into_iter().flatten();
    let beside = conditions.filter_map(|(beside, value)| {
        let beside = key(&with_indexes_of(beside, header));
        every.iter().position(|other| *other == beside).map(|place| (place, key(value)))
    });
    beside.collect()
}

fn without_trailing_blanks(mut cells: Vec<String>) -> Vec<String> {
    while cells.last().is_some_and(String::is_empty) {
        cells.pop();
    }
    cells
}

fn why(mapping: &SourceMapping, fit: Fit, width: usize, line: u64) -> String {
    let signature: Vec<String> = mapping.signature.iter().map(|alternatives| alternatives.join(" or ")).collect();
    let place = if line == 0 { "each record".to_owned() } else { format!("line {line}") };
    format!("{}: {place} has {}; {} of {width} headers known", mapping.title, signature.join(", "), fit.known)
}
