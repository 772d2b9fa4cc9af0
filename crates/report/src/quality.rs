//! What became of the input: where records went, what could not be read, what deserves a second look.

use crate::screen::{Cell, Column, Lines, Side, Tint, line};
use aceq_model::{FindingCode, LedgerEntry, RejectReason, TableId, Tally};
use std::cmp::Reverse;

/// A line per file and sheet and one for the total: where its records went. `width` in columns.
pub fn ledger_summary(entries: &[(TableId, LedgerEntry)], width: u16) -> String {
    let mut sorted: Vec<&LedgerEntry> = entries.iter().map(|(_, entry)| entry).collect();
    sorted.sort_by_key(|entry| (&entry.file, &entry.sheet));
    let mut lines = Lines::new(ledger_columns(), &[0]);
    sorted.iter().for_each(|entry| lines.push(ledger_cells(&place(entry), entry)));
    if sorted.len() > 1 {
        lines.push(ledger_cells("total", &total(&sorted)));
    }
    let unbalanced = sorted.iter().filter(|entry| !entry.balances());
    let warnings = unbalanced.map(|entry| {
        line(&format!("{} does not balance: this is a bug in aceq", place(entry)), Tint::Bad, width, false)
    });
    lines.render(width, false) + &warnings.collect::<String>()
}

/// A line per kind of finding, the most frequent first: how often, which, and where the first one is.
pub fn findings_summary(tallies: &[Tally<FindingCode>], width: u16) -> String {
    summary(tallies, FindingCode::code, "finding", width)
}

/// A line per reason, the most frequent first: how often, which, and where the first one is.
pub fn rejects_summary(tallies: &[Tally<RejectReason>], width: u16) -> String {
    summary(tallies, RejectReason::code, "reject", width)
}

fn summary<K: Copy>(
    tallies: &[Tally<K>],
    code: impl Fn(K) -> &'static str,
    heading: &'static str,
    width: u16,
) -> String {
    let mut sorted: Vec<&Tally<K>> = tallies.iter().collect();
    sorted.sort_by_key(|tally| (Reverse(tally.count), code(tally.kind)));
    let mut lines = Lines::new(summary_columns(heading), &[2]);
    for Tally { kind, count, first } in sorted {
        lines.push([count.to_string(), code(*kind).to_owned(), first.to_string()].map(Cell::plain).to_vec());
    }
    if lines.is_empty() { format!("no {heading}s\n") } else { lines.render(width, false) }
}

fn summary_columns(heading: &'static str) -> Vec<Column> {
    vec![
        Column::new("count", Side::Right, 5),
        Column::new(heading, Side::Left, 8),
        Column::new("first at", Side::LeftKeepEnd, 8),
    ]
}

fn place(entry: &LedgerEntry) -> String {
    if entry.sheet.is_empty() { entry.file.clone() } else { format!("{}[{}]", entry.file, entry.sheet) }
}

fn ledger_columns() -> Vec<Column> {
    let numbers = ["decoded", "accepted", "merged", "superseded", "rejected", "not data"];
    let file = Column::new("file", Side::LeftKeepEnd, 8);
    std::iter::once(file).chain(numbers.map(|heading| Column::new(heading, Side::Right, 2))).collect()
}

fn ledger_cells(place: &str, entry: &LedgerEntry) -> Vec<Cell> {
    let LedgerEntry { decoded, accepted, merged, superseded, rejected, not_data, .. } = entry;
    let numbers =
        [decoded, accepted, merged, superseded, rejected, not_data].map(|count| Cell::plain(count.to_string()));
    std::iter::once(Cell::plain(place)).chain(numbers).collect()
}

fn total(entries: &[&LedgerEntry]) -> LedgerEntry {
    entries.iter().fold(LedgerEntry::default(), |sum, entry| LedgerEntry {
        decoded: sum.decoded + entry.decoded,
        accepted: sum.accepted + entry.accepted,
        merged: sum.merged + entry.merged,
        superseded: sum.superseded + entry.superseded,
        rejected: sum.rejected + entry.rejected,
        not_data: sum.not_data + entry.not_data,
        ..sum
    })
}

#[cfg(test)]
mod tests;
