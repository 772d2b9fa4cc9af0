//! Headers in two rows, as sheets have them: groups of columns above, their names below, and cells that are merged down.

use super::head::Candidate;
use super::{Found, first_header};
use crate::csv::Dialect;
use crate::header::{HeaderCell, header_cell};
use crate::mappings::{Known, Mappings, SourceMapping};
use crate::value::money::{CODES, is_currency_sign};
use aceq_model::ColumnType;
use std::collections::BTreeSet;

/// The header of a sheet. Headers in two rows (some cells merged down) are known best in the second one.
pub(super) fn sheet_header<'a>(
    candidates: Vec<Candidate>,
    dialect: Dialect,
    mappings: &'a Mappings,
) -> Option<Found<'a>> {
    let first = first_header(candidates.clone(), dialect, mappings)?;
    let below = candidates.iter().skip_while(|candidate| candidate.line <= first.line).take(1).cloned().collect();
    let second = first_header(below, dialect, mappings);
    let found = match second {
        Some(second) if first.is_merged_down_into(&second) => first.with_second_row(second),
        Some(second) if second.fit > first.fit => Found { preamble: first.preamble, ..second },
        _ => first,
    };
    let above = candidates.iter().rev().find(|candidate| candidate.line < found.line);
    Some(match above {
        Some(above) => found.below(&above.cells),
        None => found,
    })
}

/// Whether a remark says that amounts are in another currency, in thousands, or by the year.
fn names_another_unit(remark: &str) -> bool {
    const UNITS: [&str; 18] = [
        "k",
        "t",
        "tsd",
        "thousand",
        "thousands",
        "m",
        "mio",
        "mn",
        "million",
        "millions",
        "annual",
        "annually",
        "yearly",
        "year",
        "yr",
        "pa",
        "jahr",
        "jährlich",
    ];
    let lower = remark.to_lowercase();
    let mut words = lower.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty());
    remark.contains(is_currency_sign)
        || words.any(|word| UNITS.contains(&word) || CODES.contains(&word.to_uppercase().as_str()))
}

/// A name with the remark that stands below it. In what an amount is belongs to its name. The
/// order of dates is stated by header and remark together; other remarks say nothing about the values.
fn with_remark(name: &str, remark: &str, mapping: &SourceMapping) -> (String, HeaderCell) {
    let own = header_cell(name);
    let joined = format!("{name} {remark}");
    let both = header_cell(&joined);
    let is_amount = match mapping.know(&own.key) {
        Known::Columns(columns) => columns
            .iter()
            .any(|name| mapping.table.schema().column(name).is_some_and(|column| column.ty == ColumnType::Decimal)),
        _ => false,
    };
    match both.key == own.key || (is_amount && names_another_unit(remark)) {
        true => (joined, both),
        false => (name.to_owned(), own),
    }
}

impl Found<'_> {
    /// Whether the record below is the second row of this header: some cells reach down into it, which are the same there, and
    /// others have a name of their own below a group.
    fn is_merged_down_into(&self, below: &Self) -> bool {
        let same = self.keys.iter().zip(&below.keys).filter(|(one, two)| !one.key.is_empty() && one.key == two.key);
        same.count() >= 2 && self.keys.iter().map(|cell| &cell.key).ne(below.keys.iter().map(|cell| &cell.key))
    }

    /// The header of both rows: the names of the second one; where it has a remark below a name (`USD`, `(YYYY-MM-DD)`) that only
    /// the first one tells, that one's. A name over several columns is a group.
    fn with_second_row(self, second: Self) -> Self {
        let (mut cells, mut keys) = (second.cells, second.keys);
        let is_known = |cell: &HeaderCell| matches!(second.mapping.know(&cell.key), Known::Columns(_));
        for index in 0..keys.len().min(self.keys.len()) {
            let is_group = index + 1 < keys.len()
                && !keys[index + 1].key.is_empty()
                && self.keys.get(index + 1).is_none_or(|next| next.key.is_empty());
            if is_known(&self.keys[index]) && !is_known(&keys[index]) && !is_group {
                (cells[index], keys[index]) = with_remark(&self.cells[index], &cells[index], second.mapping);
            }
        }
        Self { cells, keys, preamble: self.preamble, ..second }
    }

    /// The header below a row that names groups of columns (`AWS` over `Stage`, `Partner` over `Stage`). Where a name stands
    /// twice and each has a group of its own, group and name are one header if the mapping knows it so, and so are the other
    /// names of those groups.
    fn below(mut self, above: &[String]) -> Self {
        let mut group = "";
        let groups: Vec<&str> = (0..self.cells.len())
            .map(|index| {
                group = above.get(index).map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).unwrap_or(group);
                group
            })
            .collect();
        let mut telling: BTreeSet<&str> = BTreeSet::new();
        for cell in self.keys.iter().filter(|cell| !cell.key.is_empty()) {
            let twins: Vec<usize> = (0..groups.len()).filter(|index| self.keys[*index].key == cell.key).collect();
            let of_twins: BTreeSet<&str> = twins.iter().map(|index| groups[*index]).collect();
            if twins.len() > 1 && of_twins.len() == twins.len() && !of_twins.contains("") {
                telling.extend(of_twins);
            }
        }
        for (index, group) in groups.iter().enumerate().filter(|(_, group)| telling.contains(*group)) {
            let header = format!("{group} {}", self.cells[index]);
            let cell = header_cell(&header);
            let is_known = matches!(self.mapping.know(&cell.key), Known::Columns(_));
            if is_known && !self.cells[index].trim().is_empty() {
                (self.cells[index], self.keys[index]) = (header, cell);
            }
        }
        self
    }
}
