//! The rows that prove a requirement, and those that almost do.

use crate::amount::Measure;
use crate::format::Format;
use crate::order::{self, ADOPTED};
use crate::screen::{Cell, Column, Lines, Side, Tint, line};
use crate::sheet::{Sheet, Value};
use aceq_model::{Cents, EvidenceRow, NearMissRow, tables};
use chrono::NaiveDate;

/// The evidence in `format`, sorted by requirement and unit; `width` is that of the terminal, in columns.
///
/// JSON, CSV and Markdown have the columns of the table `evidence`.
pub fn evidence(rows: &[EvidenceRow], format: Format, width: u16) -> String {
    let rows = order::evidence(rows);
    let sheet = || Sheet::new(&tables::EVIDENCE, rows.iter().map(|row| evidence_values(row)).collect());
    match format {
        Format::Table => evidence_table(&rows, width),
        Format::Json => sheet().json(),
        Format::Csv => sheet().csv(),
        Format::Markdown => sheet().markdown(),
    }
}

/// The near misses in `format`, sorted by requirement and unit; `width` is that of the terminal, in columns.
///
/// JSON, CSV and Markdown have the columns of the table `near_misses`.
pub fn near_misses(rows: &[NearMissRow], format: Format, width: u16) -> String {
    let rows = order::near_misses(rows);
    let sheet = || Sheet::new(&tables::NEAR_MISSES, rows.iter().map(|row| near_miss_values(row)).collect());
    match format {
        Format::Table => near_miss_table(&rows, width),
        Format::Json => sheet().json(),
        Format::Csv => sheet().csv(),
        Format::Markdown => sheet().markdown(),
    }
}

fn evidence_table(rows: &[&EvidenceRow], width: u16) -> String {
    let same = |a: &&EvidenceRow, b: &&EvidenceRow| {
        let list = |row: &EvidenceRow| (row.partner_id.clone(), row.program.clone(), row.version.clone());
        (list(a), &a.requirement_id, &a.reading, a.as_of, &a.member)
            == (list(b), &b.requirement_id, &b.reading, b.as_of, &b.member)
    };
    let lists = rows.chunk_by(same).map(|rows| {
        let mut lines = Lines::new(evidence_columns(), &[5, 1]);
        rows.iter().for_each(|row| lines.push(evidence_cells(row)));
        let row = rows[0];
        let member = row.member.as_ref().map(|member| format!(" · {member}")).unwrap_or_default();
        let about = about(&row.partner_id, &row.program, &row.requirement_id, &row.reading, row.as_of);
        let units = if rows.len() == 1 { "row counts" } else { "rows count" };
        line(&format!("{about}{member}: {} {units}", rows.len()), Tint::Strong, width, false)
            + &lines.render(width, false)
    });
    or_none(lists.collect(), "no row counts\n")
}

fn near_miss_table(rows: &[&NearMissRow], width: u16) -> String {
    let same = |a: &&NearMissRow, b: &&NearMissRow| {
        let list = |row: &NearMissRow| (row.partner_id.clone(), row.program.clone(), row.version.clone());
        (list(a), &a.requirement_id, &a.reading, a.as_of) == (list(b), &b.requirement_id, &b.reading, b.as_of)
    };
    let lists = rows.chunk_by(same).map(|rows| {
        let row = rows[0];
        let about = about(&row.partner_id, &row.program, &row.requirement_id, &row.reading, row.as_of);
        let units = if rows.len() == 1 { "row almost counts" } else { "rows almost count" };
        let heading = line(&format!("{about}: {} {units}", rows.len()), Tint::Strong, width, false);
        heading + &rows.iter().map(|row| near_miss_lines(row, width)).collect::<String>()
    });
    or_none(lists.collect(), "no row almost counts\n")
}

fn or_none(lists: Vec<String>, none: &str) -> String {
    if lists.is_empty() { none.to_owned() } else { lists.join("\n") }
}

fn about(partner: &str, program: &str, requirement: &str, reading: &str, as_of: NaiveDate) -> String {
    let reading = if reading == ADOPTED { String::new() } else { format!(", reading {reading}") };
    format!("{partner} · {program} {requirement}{reading} on {as_of}")
}

fn evidence_columns() -> Vec<Column> {
    vec![
        Column::new("row", Side::Left, 4),
        Column::new("what", Side::Left, 10),
        Column::new("ARR (USD)", Side::Right, 4),
        Column::new("counts until", Side::Left, 10),
        Column::new("findings", Side::Left, 4),
        Column::new("source", Side::LeftKeepEnd, 20),
    ]
}

fn evidence_cells(row: &EvidenceRow) -> Vec<Cell> {
    let arr = row.arr_usd.map(|cents| Cents(cents).to_string()).unwrap_or_default();
    let until = row.counts_until.map_or_else(|| "for good".to_owned(), |until| until.to_string());
    let source = source(&row.source_file, &row.source_sheet, row.source_line);
    [&row.row_id, &row.label, &arr, &until, &row.findings, &source].map(Cell::plain).to_vec()
}

/// Two lines a row: what it is, then why it does not count and what would help.
fn near_miss_lines(row: &NearMissRow, width: u16) -> String {
    let source = source(&row.source_file, &row.source_sheet, row.source_line);
    let first = format!("{}  {}  ({source})", row.row_id, row.label);
    let cure = if row.cure.is_empty() { String::new() } else { format!("; needs {}", row.cure) };
    let second = format!("  {}: {}{cure}", row.condition, row.actual);
    line(&first, Tint::Plain, width, false) + &line(&second, Tint::Plain, width, false)
}

/// `folder/file.csv[Sheet]:12`, as everywhere in `aceq`.
pub(crate) fn source(file: &str, sheet: &str, line: i64) -> String {
    let sheet = if sheet.is_empty() { String::new() } else { format!("[{sheet}]") };
    format!("{file}{sheet}:{line}")
}

fn evidence_values(row: &EvidenceRow) -> Vec<Value<'_>> {
    vec![
        Value::text(&row.partner_id),
        Value::text(&row.program),
        Value::text(&row.version),
        Value::text(&row.requirement_id),
        Value::text(&row.reading),
        Value::date(Some(row.as_of)),
        Value::maybe(row.member.as_deref()),
        Value::text(&row.unit),
        Value::text(&row.table),
        Value::text(&row.row_id),
        Value::text(&row.label),
        Value::date(row.counts_from),
        Value::date(row.counts_until),
        row.arr_usd.map_or(Value::Null, |cents| Value::Hundredths(Measure::Sum, cents)),
        Value::text(&row.findings),
        Value::text(&row.source_file),
        Value::text(&row.source_sheet),
        Value::Integer(row.source_line),
    ]
}

fn near_miss_values(row: &NearMissRow) -> Vec<Value<'_>> {
    vec![
        Value::text(&row.partner_id),
        Value::text(&row.program),
        Value::text(&row.version),
        Value::text(&row.requirement_id),
        Value::text(&row.reading),
        Value::date(Some(row.as_of)),
        Value::text(&row.unit),
        Value::text(&row.table),
        Value::text(&row.row_id),
        Value::text(&row.label),
        Value::text(&row.condition),
        Value::text(&row.actual),
        Value::text(&row.cure),
        Value::text(&row.source_file),
        Value::text(&row.source_sheet),
        Value::Integer(row.source_line),
    ]
}

#[cfg(test)]
mod tests;
