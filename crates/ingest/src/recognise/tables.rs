//! The tables of a workbook, a page or a JSON file: each sheet is recognised on its own.

use super::explain::unknown;
use super::head::{CANDIDATES, Candidate};
use super::two_rows::sheet_header;
use super::{Recognised, Tables, describe};
use crate::assessment::{About, is_assessment, program_of, unpivoted};
use crate::csv::Dialect;
use crate::format::Format;
use crate::grid::Grid;
use crate::{IngestError, Input, Mappings, Options};

/// Fields of grids have no separators; this one is never looked at.
const NONE: Dialect = Dialect { delimiter: b',', quote: b'"' };

pub(super) fn recognise(
    input: &Input,
    format: Format,
    grids: Vec<Grid>,
    mappings: &Mappings,
    options: &Options,
) -> Result<Tables, IngestError> {
    // A table of which nothing but the columns is there says that there are no rows.
    let says = |grid: &Grid| grid.len() > 0 || grid.header.as_ref().is_some_and(|header| !header.is_empty());
    let filled: Vec<Grid> = grids.into_iter().filter(says).collect();
    if filled.is_empty() {
        return Err(IngestError::Empty { file: input.name.clone() });
    }
    let mut found = Tables { tables: Vec::new(), others: Vec::new() };
    let has_answers = filled.iter().any(is_assessment);
    let program = match has_answers.then(|| program_of(input, &filled, mappings, options)).transpose() {
        Ok(program) => program,
        Err(error) => {
            found.others.push(error);
            None
        }
    };
    for grid in filled {
        let about = |program| About { program, date: None, file: &input.name, options };
        let (grid, assessment) = match (is_assessment(&grid), &program) {
            (true, None) => continue,
            (true, Some(program)) => (unpivoted(grid, &about(program)), Some(program.clone())),
            // The pages around the answers are prose.
            (false, _) if has_answers && is_prose(&grid) => continue,
            (false, _) => (grid, None),
        };
        match table(input, format, &grid, mappings) {
            Ok(recognised) => found.tables.push(Recognised { assessment, ..recognised }),
            Err(error) => found.others.push(error),
        }
    }
    match found.tables.is_empty() {
        true => Err(found.others.remove(0)),
        false => Ok(found),
    }
}

fn is_prose(grid: &Grid) -> bool {
    (0..grid.len()).all(|row| grid.cells(row).1.iter().filter(|cell| !cell.is_empty()).count() <= 2)
}

fn table(input: &Input, format: Format, grid: &Grid, mappings: &Mappings) -> Result<Recognised, IngestError> {
    let place = if grid.name.is_empty() { input.name.clone() } else { format!("{}[{}]", input.name, grid.name) };
    let found = sheet_header(candidates(grid), NONE, mappings);
    let Some(found) = found else { return Err(unknown(&place, candidates(grid).into_iter(), mappings)) };
    let mut recognised = describe(&place, found)?;
    recognised.file.clone_from(&input.name);
    recognised.sheet.clone_from(&grid.name);
    recognised.format = format;
    recognised.from_1904 = grid.from_1904;
    recognised.date_inside = grid.date_inside.or(recognised.date_inside);
    recognised.hidden_rows = grid.remarks.hidden_rows;
    for field in &mut recognised.mapped {
        field.is_number = grid.numbers.contains(&field.index);
    }
    Ok(recognised)
}

pub(super) fn candidates(grid: &Grid) -> Vec<Candidate> {
    if let Some(header) = &grid.header {
        return vec![Candidate { line: 0, cells: header.clone() }];
    }
    let rows = (0..grid.len().min(CANDIDATES)).map(|row| grid.cells(row));
    rows.map(|(line, cells)| Candidate { line, cells }).collect()
}
