//! Why a file is not recognised, and what would help.

use super::dialect::usual_dialects;
use super::head::{Candidate, Head};
use super::{fit, has_column, has_headers, header_keys};
use crate::header::header_cell;
use crate::mappings::{Known, Mappings, SourceMapping};
use crate::{IngestError, Input};

/// No mapping signed: says what is nearest and what it lacks.
pub(super) fn explain(input: &Input, head: &Head, mappings: &Mappings) -> IngestError {
    let first = head.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let first = Candidate { line: 1, cells: first.split(',').map(|cell| cell.trim().to_owned()).collect() };
    let candidates = usual_dialects().into_iter().flat_map(|dialect| head.candidates(dialect));
    unknown(&input.name, std::iter::once(first).chain(candidates), mappings)
}

/// None of the candidates is a known header: the first one is shown, and what is nearest to any of them.
pub(super) fn unknown(name: &str, candidates: impl Iterator<Item = Candidate>, mappings: &Mappings) -> IngestError {
    let (known, mapping, candidate) = nearest(candidates, mappings);
    let keys = header_keys(&candidate.cells);
    let lacking = mapping.signature.iter().find(|names| !names.iter().any(|name| has_column(mapping, &keys, name)));
    match lacking {
        Some(names) if known >= 2 && known * 2 >= candidate.cells.len() => {
            missing_column(name, candidate.line, &candidate.cells, mapping, &names[0])
        }
        _ => not_recognised(name, candidate, mapping),
    }
}

/// The record and the mapping that know most of each other, and how many headers that is. The first line and an
/// export of opportunities where nothing is known at all.
fn nearest(mut candidates: impl Iterator<Item = Candidate>, mappings: &Mappings) -> (usize, &SourceMapping, Candidate) {
    let first = candidates.next().unwrap_or(Candidate { line: 1, cells: Vec::new() });
    let mut best = (0, mappings.likely(), first);
    for candidate in candidates {
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

fn not_recognised(name: &str, candidate: Candidate, mapping: &SourceMapping) -> IngestError {
    let need = |names: &Vec<String>| mapping.aliases(&names[0]).first().unwrap_or(&names[0]).clone();
    IngestError::NotRecognised {
        file: name.to_owned(),
        line: candidate.line,
        headers: candidate.cells.into_iter().filter(|cell| !cell.is_empty()).map(shortened).collect(),
        nearest: mapping.name.clone(),
        table: mapping.table.name(),
        needs: mapping.signature.iter().map(need).collect(),
    }
}

pub(super) fn missing_column(
    name: &str,
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
        file: name.to_owned(),
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
