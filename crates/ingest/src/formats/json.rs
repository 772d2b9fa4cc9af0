//! JSON: objects, arrays and lines of objects, wrapped or not, as one table per kind of object.
//!
//! ```text
//!  text ──walk──▶ records (objects) and broken parts ──kinds──▶ one table per mapping ──flatten──▶ Grid
//!  {"spmsId": "P1", "opportunities": [{"stage": "…", "awsProducts": ["…"]}]}
//!                                     spmsId, stage, awsProducts[0]
//! ```
//!
//! Names of nested fields are joined by dots, items of arrays carry their place: as the flattened exports of the same
//! objects do, so that one mapping reads both. `null` and `[]` are blank, a field that an object lacks is absent.

mod fields;
mod flatten;
mod kinds;
mod pages;
mod walk;

use super::Want;
use super::sheet::CELL_BYTES;
use crate::grid::Grid;
use crate::input::unreadable;
use crate::text::{TextReader, prove};
use crate::{IngestError, Input, Limits, Mappings};
use aceq_model::{Pages, RejectReason};
use fields::Fields;
use flatten::{Fault, Field, flatten};
use kinds::Kinds;
use std::collections::BTreeSet;
use walk::{Found, Part, walk};

/// Bytes that are read at once.
const READ: usize = 1 << 20;

/// Decodes the file.
pub(super) fn decode(
    input: &Input,
    want: Want<'_>,
    limits: &Limits,
    mappings: &Mappings,
    grids: &mut Vec<Grid>,
) -> Result<(), IngestError> {
    let document = Document::read(input, limits)?;
    let mut kinds = Kinds::new(mappings);
    let mut found = document.parts(input, &mut kinds, limits)?;
    number(&mut found.parts);
    if !found.parts.is_empty() && found.parts.iter().all(|part| part.is_page) {
        let is_last = found.parts.iter().any(|part| found.follows[part.around] == Some(false));
        return Err(IngestError::NoRecords { file: input.name.clone(), is_last });
    }
    if !found.parts.iter().any(Part::is_record) && !found.parts.is_empty() {
        let is_long = found.parts.iter().any(|part| part.fault == Some(RejectReason::RowTooLong));
        grids.push(broken(&document, &found.parts));
        return Err(match is_long {
            true => too_large(input, "a cell holds bytes", CELL_BYTES as u64),
            false => damaged(input, &document.text),
        });
    }
    let tables = kinds.settle(&mut found.parts);
    let filling = Filling { input, document: &document, found: &found, want, limits };
    for (kind, name) in tables.into_iter().filter(|(_, name)| want.wants(name)) {
        let (grid, filled) = filling.table(kind, &name);
        grids.push(grid);
        filled?;
    }
    Ok(())
}

/// Parts of which none is a record, as they stand in the text.
fn broken(document: &Document, parts: &[Part]) -> Grid {
    let mut grid = Grid::new("");
    for part in parts {
        let reason = part.fault.unwrap_or(RejectReason::BadJson);
        grid.broken(part.line, Some(part.start as u64), &document.text[part.start..part.end], reason);
    }
    grid
}

/// The text of a file.
struct Document {
    text: String,
    /// Places of what the file's encoding does not allow, ascending.
    not_text: Vec<usize>,
}

impl Document {
    fn read(input: &Input, limits: &Limits) -> Result<Self, IngestError> {
        let failed = |source| unreadable(&input.path, source);
        let mut reader = TextReader::open(&input.path, prove(&input.path, None).map_err(failed)?).map_err(failed)?;
        let (mut bytes, mut more) = (Vec::new(), true);
        while more {
            more = reader.read(&mut bytes, READ).map_err(failed)?;
            if reader.bytes().max(bytes.len() as u64) > limits.document_bytes {
                return Err(too_large(input, "the JSON text has bytes", limits.document_bytes));
            }
        }
        Ok(Self::of(bytes))
    }

    fn of(bytes: Vec<u8>) -> Self {
        let bytes = match String::from_utf8(bytes) {
            Ok(text) => return Self { text, not_text: Vec::new() },
            Err(error) => error.into_bytes(),
        };
        let (mut text, mut not_text) = (String::with_capacity(bytes.len()), Vec::new());
        for chunk in bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            if !chunk.invalid().is_empty() {
                not_text.push(text.len());
                text.push(char::REPLACEMENT_CHARACTER);
            }
        }
        Self { text, not_text }
    }

    /// Whether a part holds bytes that are no text.
    fn is_garbled(&self, part: &Part) -> bool {
        let first = self.not_text.partition_point(|place| *place < part.start);
        self.not_text.get(first).is_some_and(|place| *place < part.end)
    }

    /// The records, each with its kind, and the broken parts.
    fn parts(&self, input: &Input, kinds: &mut Kinds<'_>, limits: &Limits) -> Result<Found, IngestError> {
        let too_deep = || too_large(input, "objects within each other", limits.depth as u64);
        let mut found = walk(&self.text, limits.depth, &mut |names| kinds.is_known(names)).map_err(|_| too_deep())?;
        let mut names = Vec::new();
        for at in 0..found.parts.len() {
            let part = &mut found.parts[at];
            if self.is_garbled(part) {
                part.fault = Some(RejectReason::NotText);
            }
            if part.fault.is_some() || part.is_page {
                continue;
            }
            names.clear();
            let mut is_long = false;
            let note = &mut |field: Field<'_>| {
                is_long |= field.cell.len() > CELL_BYTES;
                names.push(field.name.to_owned());
            };
            match flatten(&self.text[part.start..part.end], limits.depth, note) {
                Err(Fault::TooDeep) => return Err(too_deep()),
                Err(Fault::Broken) => part.fault = Some(RejectReason::BadJson),
                Ok(()) if names.len() > limits.columns => {
                    return Err(too_large(input, "fields of one object", limits.columns as u64));
                }
                Ok(()) => {
                    part.kind = Some(kinds.of(&names));
                    part.fault = is_long.then_some(RejectReason::RowTooLong);
                }
            }
        }
        Ok(found)
    }
}

/// What tables are filled from.
struct Filling<'a> {
    input: &'a Input,
    document: &'a Document,
    found: &'a Found,
    want: Want<'a>,
    limits: &'a Limits,
}

impl Filling<'_> {
    /// The table of one kind, as far as it goes.
    fn table(&self, kind: usize, name: &str) -> (Grid, Result<(), IngestError>) {
        let (mut grid, mut fields) = (Grid::new(name), Fields::default());
        grid.remarks.pages = self.pages(kind);
        let filled = self.records(kind, &mut fields, &mut grid);
        fields.finish(&mut grid);
        (grid, filled)
    }

    /// The pages that hold records of a kind.
    fn pages(&self, kind: usize) -> Pages {
        let Found { parts, follows, .. } = self.found;
        let around: BTreeSet<usize> =
            parts.iter().filter(|part| part.kind == Some(kind)).map(|part| part.around).collect();
        let (mut open, mut last) = (0, 0);
        for follows in around.into_iter().filter_map(|page| follows[page]) {
            if follows { open += 1 } else { last += 1 }
        }
        Pages { open, last }
    }

    fn records(&self, kind: usize, fields: &mut Fields, grid: &mut Grid) -> Result<(), IngestError> {
        let Self { input, document, found, want, limits } = self;
        for part in found.parts.iter().filter(|part| part.kind == Some(kind)) {
            let text = &document.text[part.start..part.end];
            if let Some(reason) = part.fault {
                grid.broken(part.line, Some(part.start as u64), text, reason);
                continue;
            }
            if part.is_page {
                grid.begin(part.line, Some(part.start as u64));
                continue;
            }
            fields.begin();
            let walked = flatten(text, limits.depth, &mut |field| fields.note(&field));
            debug_assert!(walked.is_ok(), "it was walked before");
            fields.surround(&found.around[part.around]);
            if fields.names().len() > limits.columns {
                return Err(too_large(input, "different fields", limits.columns as u64));
            }
            if !want.has_enough(grid.len()) {
                fields.push_to(grid, part.line, part.start as u64);
            }
            if grid.bytes() as u64 > limits.document_bytes {
                return Err(too_large(input, "the table takes bytes", limits.document_bytes));
            }
        }
        Ok(())
    }
}

/// A line names one record. Where several stand on one, as in JSON without line breaks, their lines say nothing: then
/// records and broken parts are counted, 1, 2, 3.
fn number(parts: &mut [Part]) {
    if parts.windows(2).any(|pair| pair[0].line == pair[1].line) {
        parts.iter_mut().zip(1..).for_each(|(part, number)| part.line = number);
    }
}

/// Not one object could be read: says what the parser stumbles over.
fn damaged(input: &Input, text: &str) -> IngestError {
    let message = match serde_json::from_str::<serde::de::IgnoredAny>(text) {
        Err(error) => error.to_string(),
        Ok(_) => "it holds no object, and only objects are records".to_owned(),
    };
    IngestError::Damaged { file: input.name.clone(), format: "JSON", message }
}

fn too_large(input: &Input, what: &'static str, limit: u64) -> IngestError {
    IngestError::TooLarge { file: input.name.clone(), what, limit }
}

#[cfg(test)]
mod tests;
