//! Why a file is not recognised, and what would help.

use super::head::{Candidate, Head};
use super::{fit, has_column, has_headers, header_keys, usual_dialects};
use crate::header::header_cell;
use crate::mappings::{Known, Mappings, SourceMapping};
use crate::{IngestError, Input};

/// No mapping signed: says what is nearest and what it lacks.
pub(super) fn explain(input: &Input, head: &Head, mappings: &Mappings) -> IngestError {
    if let Some(format) = markup(&head.text) {
        return IngestError::UnsupportedFormat { file: input.name.clone(), format };
    }
    let (known, mapping, candidate) = nearest(head, mappings);
    let keys = header_keys(&candidate.cells);
    let lacking = mapping.signature.iter().find(|names| !names.iter().any(|name| has_column(mapping, &keys, name)));
    match lacking {
        Some(names) if known >= 2 && known * 2 >= candidate.cells.len() => {
            missing_column(input, candidate.line, &candidate.cells, mapping, &names[0])
        }
        _ => not_recognised(input, candidate, mapping),
    }
}

/// The record and the mapping that know most of each other, and how many headers that is. The first line and an
/// export of opportunities where nothing is known at all.
fn nearest<'a>(head: &Head, mappings: &'a Mappings) -> (usize, &'a SourceMapping, Candidate) {
    let first = head.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let first = Candidate { line: 1, cells: first.split(',').map(|cell| cell.trim().to_owned()).collect() };
    let mut best = (0, mappings.likely(), first);
    for candidate in usual_dialects().into_iter().flat_map(|dialect| head.candidates(dialect)) {
        let keys = header_keys(&candidate.cells);
        for mapping in mappings.sources().iter().filter(|mapping| has_headers(mapping, &keys)) {
            let known = fit(mapping, &keys).known;
            if known > best.0 {
                best = (known, mapping, Candidate { line: candidate.line, cells: candidate.cells.clone() });
            }
        }
    }
    best
}

fn markup(text: &str) -> Option<&'static str> {
    match text.trim_start().as_bytes().first()? {
        b'<' => Some("XML or HTML (a spreadsheet or a page saved under another name)"),
        b'{' | b'[' => Some("JSON"),
        _ => None,
    }
}

fn not_recognised(input: &Input, candidate: Candidate, mapping: &SourceMapping) -> IngestError {
    let need = |names: &Vec<String>| mapping.aliases(&names[0]).first().unwrap_or(&names[0]).clone();
    IngestError::NotRecognised {
        file: input.name.clone(),
        line: candidate.line,
        headers: candidate.cells.into_iter().map(shortened).collect(),
        nearest: mapping.name.clone(),
        table: mapping.table.name(),
        needs: mapping.signature.iter().map(need).collect(),
    }
}

pub(super) fn missing_column(
    input: &Input,
    line: u64,
    cells: &[String],
    mapping: &SourceMapping,
    column: &str,
) -> IngestError {
    let aliases = mapping.aliases(column);
    let unknown =
        cells.iter().filter(|cell| matches!(mapping.know(&header_cell(cell).key), Known::No) && !cell.is_empty());
    let pairs = unknown.flat_map(|cell| aliases.iter().map(move |alias| (likeness(cell, alias), cell, alias)));
    let nearest = pairs
        .filter(|(likeness, ..)| *likeness >= 0.6)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, cell, alias)| Box::new((cell.clone(), alias.clone())));
    IngestError::MissingColumn {
        file: input.name.clone(),
        line,
        mapping: mapping.name.clone(),
        column: column.to_owned(),
        aliases: aliases.into(),
        headers: cells.iter().cloned().map(shortened).collect(),
        nearest,
    }
}

fn likeness(header: &str, alias: &str) -> f64 {
    strsim::normalized_damerau_levenshtein(&header_cell(header).key, &header_cell(alias).key)
}

fn shortened(cell: String) -> String {
    if cell.chars().count() <= 60 { cell } else { cell.chars().take(57).chain("...".chars()).collect() }
}
