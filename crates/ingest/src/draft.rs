//! A draft of a mapping for a file: what is known is filled in, what is not is put up for decision.
//!
//! Nothing is guessed here either: only headers that a mapping of the table knows word for word stand in lines that
//! count. The nearest others stand beside their columns as comments, with how alike they are.

mod likeness;
mod written;

use crate::header::{ANY_INDEX, header_cell, without_tags};
use crate::mappings::{Known, Mappings};
use crate::recognise::{header_candidates, recognise};
use crate::value::id;
use crate::{IngestError, Input, Options};
use aceq_model::TableId;
use likeness::Nearness;
use std::collections::{BTreeMap, BTreeSet};

/// Headers that make a drafted mapping recognise its own file and no other.
const TELLING: usize = 3;

/// What CRMs put before the names of fields that hold what ACE says.
const OF_ACE: [&str; 3] = ["ace", "apn", "partnercentral"];

/// What a draft says.
struct Draft {
    file: String,
    line: u64,
    name: String,
    table: TableId,
    headers: Vec<String>,
    /// Columns without which no row says anything.
    required: Vec<String>,
    /// Headers that no mapping of the table knows; some of them identify the file.
    unknown: Vec<String>,
    /// Headers that a mapping of the table knows and does not use.
    ignored: Vec<String>,
    /// Columns and the headers that surely mean them.
    known: BTreeMap<String, Vec<String>>,
    /// Those of them that no mapping knows, but whose cells leave no doubt.
    proven: BTreeSet<String>,
    /// How near the others come.
    nearness: Nearness,
}

/// Drafts a mapping of a file, or of one of its tables, as TOML that parses as it is. `kind` is the table its rows
/// belong to; without it, the one whose columns its headers are most like.
///
/// # Errors
/// As [`recognise`], but for headers that are not known; and [`IngestError::ManySheets`] or [`IngestError::NoSheet`]
/// about the table that is meant.
pub fn draft_mapping(
    input: &Input,
    sheet: Option<&str>,
    kind: Option<TableId>,
    mappings: &Mappings,
    options: &Options,
) -> Result<String, IngestError> {
    let records = header_candidates(input, sheet, mappings, options)?;
    let head = match recognised(input, sheet, mappings, options) {
        Some((line, headers, table)) => Head { line, headers, table: kind.unwrap_or(table) },
        None => {
            let (line, headers) = header_among(&records, mappings);
            let head = Head { line, headers, table: TableId::Opportunities };
            match kind {
                Some(table) => Head { table, ..head },
                None if header_of_ids(&head, &records).is_some() => head,
                None => Head { table: likely_table(&head.headers, mappings), ..head },
            }
        }
    };
    Ok(Draft::new(input, head, &records, mappings).written())
}

/// The header of the table, and what its rows most likely are.
struct Head {
    line: u64,
    headers: Vec<String>,
    table: TableId,
}

/// A record of which nothing need be known: its line and its cells.
type Candidate = (u64, Vec<String>);

fn recognised(
    input: &Input,
    sheet: Option<&str>,
    mappings: &Mappings,
    options: &Options,
) -> Option<(u64, Vec<String>, TableId)> {
    let mut tables = recognise(input, mappings, options).ok()?.tables;
    let found = match sheet {
        Some(sheet) => tables.into_iter().find(|table| table.sheet == sheet)?,
        None if tables.len() == 1 => tables.remove(0),
        None => return None,
    };
    Some((found.header_line, found.headers, found.table))
}

/// The record that is most likely the header: the one with most known headers, else the first that is as full of words
/// as any.
fn header_among(candidates: &[Candidate], mappings: &Mappings) -> Candidate {
    let known = |cells: &[String]| TableId::ALL.into_iter().map(|table| known_headers(cells, table, mappings)).max();
    let words = |cells: &[String]| {
        let is_word = |cell: &&String| cell.len() <= 120 && cell.contains(char::is_alphabetic);
        cells.iter().filter(is_word).collect::<BTreeSet<_>>().len()
    };
    let most = candidates.iter().map(|(_, cells)| known(cells)).max().flatten().unwrap_or(0);
    let fullest = candidates.iter().map(|(_, cells)| words(cells)).max().unwrap_or(0);
    let is_header = |(_, cells): &&Candidate| match most {
        0 | 1 => words(cells) * 4 >= fullest * 3,
        _ => known(cells) == Some(most),
    };
    candidates.iter().find(is_header).cloned().unwrap_or((1, Vec::new()))
}

fn known_headers(cells: &[String], table: TableId, mappings: &Mappings) -> usize {
    cells.iter().filter(|cell| !meanings(cell, table, mappings).is_empty()).count()
}

/// The table whose columns the headers are most like. Of equals the first: opportunities are what most files hold.
fn likely_table(headers: &[String], mappings: &Mappings) -> TableId {
    let some = &headers[..headers.len().min(100)];
    let alike = |table| Nearness::new(some, &BTreeSet::new(), table, mappings).alike();
    let ranked = TableId::ALL.map(|table| (alike(table), table));
    let highest = ranked.iter().map(|(alike, _)| *alike).max();
    let first = ranked.into_iter().find(|(alike, _)| Some(*alike) == highest);
    first.map_or(TableId::Opportunities, |(_, table)| table)
}

/// The columns that a header means, word for word, in our own words for a table. What another source means by it
/// (`Id`) says nothing about this one.
fn meanings(header: &str, table: TableId, mappings: &Mappings) -> Vec<String> {
    let key = header_cell(header).key;
    match mappings.source(table.name()).map(|own| own.know(&key)) {
        Some(Known::Columns(columns)) if !key.is_empty() => columns.to_vec(),
        _ => Vec::new(),
    }
}

/// The header above the only column of which every filled cell is an ACE id: its cells prove what it is.
fn header_of_ids(head: &Head, records: &[Candidate]) -> Option<String> {
    let below = |index: usize| {
        let rows = records.iter().filter(|(line, _)| *line > head.line || head.line == 0);
        rows.filter_map(move |(_, cells)| cells.get(index)).filter(|cell| !cell.is_empty())
    };
    let holds_ids = |index: &usize| {
        let mut cells = below(*index).peekable();
        cells.peek().is_some() && cells.all(|cell| id::opportunity(cell).is_some())
    };
    let mut columns = (0..head.headers.len()).filter(holds_ids);
    let (found, another) = (columns.next()?, columns.next());
    another.is_none().then(|| without_tags(&head.headers[found]))
}

fn is_ignored(header: &str, table: TableId, mappings: &Mappings) -> bool {
    let key = header_cell(header).key;
    let known = || mappings.sources().iter().filter(|mapping| mapping.table == table).map(|mapping| mapping.know(&key));
    known().any(|known| known == Known::Ignored) && !known().any(|known| matches!(known, Known::Columns(_)))
}

impl Draft {
    fn new(input: &Input, head: Head, records: &[Candidate], mappings: &Mappings) -> Self {
        let table = head.table;
        let mut headers: Vec<String> = head.headers.iter().map(|header| without_tags(header)).collect();
        headers.retain(|header| !header_cell(header).key.is_empty());
        let mut known: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let (mut unknown, mut ignored, mut proven) = (Vec::new(), Vec::new(), BTreeSet::new());
        for header in &headers {
            let columns = meanings(header, table, mappings);
            for column in &columns {
                known.entry(column.clone()).or_default().push(header.clone());
            }
            match columns.is_empty() {
                true if is_ignored(header, table, mappings) => ignored.push(header.clone()),
                true => unknown.push(header.clone()),
                false => {}
            }
        }
        // `Stage` beside `ACE Stage`: which of them ACE's is, whoever knows the CRM decides.
        let names: Vec<String> = unknown.iter().map(|header| header_cell(header).key).collect();
        let has_rival = |header: &String| {
            let key = header_cell(header).key;
            names.iter().any(|name| OF_ACE.iter().any(|prefix| name.strip_prefix(prefix) == Some(key.as_str())))
        };
        known.retain(|_, headers| {
            let is_doubtful = headers.iter().any(has_rival);
            unknown.extend(headers.iter().filter(|_| is_doubtful).cloned());
            !is_doubtful
        });
        let is_missing = table == TableId::Opportunities && !known.contains_key("opportunity_id");
        if let Some(ids) = header_of_ids(&head, records).filter(|_| is_missing) {
            unknown.retain(|header| *header != ids);
            known.insert("opportunity_id".to_owned(), vec![ids.clone()]);
            proven.insert(ids);
        }
        let filled = known.keys().cloned().collect();
        let own = mappings.source(table.name());
        Self {
            file: input.name.clone(),
            line: head.line,
            name: free_name(&input.name, mappings),
            table,
            required: own.map(|own| own.required.clone()).unwrap_or_default(),
            nearness: Nearness::new(&unknown, &filled, table, mappings),
            headers,
            unknown,
            ignored,
            known,
            proven,
        }
    }

    /// Columns by which the file is recognised.
    fn signature(&self) -> Vec<String> {
        match self.required.as_slice() {
            [] => self.known.keys().take(1).cloned().collect(),
            required => required.to_vec(),
        }
    }

    /// Headers that no other mapping knows, as the mark of this file.
    fn telling(&self) -> Vec<String> {
        let telling = |header: &&String| header.len() <= 80 && !header_cell(header).key.contains(ANY_INDEX);
        self.proven.iter().chain(&self.unknown).filter(telling).take(TELLING).cloned().collect()
    }
}

/// A name made from that of the file, which no other mapping has.
fn free_name(file: &str, mappings: &Mappings) -> String {
    let last = file.rsplit('/').next().unwrap_or(file);
    let stem = last.split('.').next().unwrap_or(last).to_lowercase();
    let words: Vec<&str> = stem.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let name = if words.is_empty() { "own".to_owned() } else { words.join("-") };
    if mappings.source(&name).is_some() { format!("{name}-own") } else { name }
}
