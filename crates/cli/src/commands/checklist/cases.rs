//! `aceq checklist test`: the given/expected cases, through the same resolution and engine as real exports.

use super::Outcome;
use crate::error::CliError;
use crate::rules::{RuleFile, rule_files};
use crate::screen::Screen;
use aceq_checklist::{Case, CaseRow, CaseValue, Checklist, Expectation};
use aceq_metrics::Engine;
use aceq_model::{AsOf, Blank, Bucket, Cents, Column, ColumnType, StatusRow, TableId, TypedRows};
use aceq_resolve::literal::{Literal, LiteralRow, literal_file, typed_rows};
use aceq_resolve::{Settings, resolve};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use toml::Value;

/// Runs the command.
pub fn run(files: &[PathBuf], screen: &Screen) -> Result<Outcome, CliError> {
    let (mut total, mut failed) = (0, 0);
    for file in rule_files(files)? {
        let checklist = file.load(&BTreeMap::new())?;
        let Some(cases) = file.load_cases()? else {
            screen.tell(&format!("note: {} has no cases beside it", file.name));
            continue;
        };
        for case in &cases.cases {
            total += 1;
            if let Some(failure) = failure(&checklist, case)? {
                failed += 1;
                screen.print(&told(&file, case, &failure))?;
            }
        }
    }
    screen.print(&format!("{} passed, {failed} failed\n", total - failed))?;
    Ok(if failed == 0 { Outcome::Done } else { Outcome::Failed })
}

fn told(file: &RuleFile, case: &Case, failure: &str) -> String {
    let name = file.cases.as_ref().map_or(file.name.as_str(), |(name, _)| name);
    let why = if case.why.is_empty() { String::new() } else { format!("    {}\n", case.why) };
    format!("FAILED {name}:{} {}: {}\n{why}{failure}", case.line, case.requirement, case.name)
}

/// What came out otherwise than expected, one line per difference.
fn failure(checklist: &Checklist, case: &Case) -> Result<Option<String>, CliError> {
    let bucket = match bucket(case) {
        Ok(bucket) => bucket,
        Err(reason) => return Ok(Some(format!("    {reason}\n"))),
    };
    let engine = Engine::new(vec![checklist]);
    let evaluation = engine.evaluate(&bucket)?;
    let as_of = AsOf::new(case.as_of).map_err(CliError::AsOf)?;
    let about = |row: &StatusRow| row.requirement_id == case.requirement && row.reading == case.reading;
    let rows: Vec<StatusRow> = evaluation.status_rows(0, as_of).into_iter().filter(about).collect();
    let Some(own) = rows.iter().find(|row| row.member.is_none()) else {
        let help = format!("    there is no requirement `{}` with reading `{}`\n", case.requirement, case.reading);
        return Ok(Some(help));
    };
    let mut differences = differences(own, &case.expect);
    for (member, expect) in &case.expect.member {
        let Some(row) = rows.iter().find(|row| row.member.as_ref() == Some(member)) else {
            differences.push(format!("there is no member `{member}`"));
            continue;
        };
        let whole = Expectation {
            status: expect.status.clone(),
            confirmed: expect.confirmed.clone(),
            possible: expect.possible.clone(),
            required: expect.required.clone(),
            ..Expectation::default()
        };
        differences.extend(self::differences(row, &whole).into_iter().map(|line| format!("{member}: {line}")));
    }
    let lines: String = differences.iter().map(|line| format!("    {line}\n")).collect();
    Ok((!lines.is_empty()).then_some(lines))
}

/// The case's rows, resolved as one partner's exports.
fn bucket(case: &Case) -> Result<Bucket, String> {
    let present: BTreeSet<TableId> = case.given.keys().copied().collect();
    let mut typed = Vec::new();
    for (table, rows) in &case.given {
        typed.extend(typed_of(*table, rows)?);
    }
    let mut bucket = resolve(&present, typed, &[], &Settings::default()).bucket;
    if bucket.partners.is_empty() {
        bucket.partners.push("self".to_owned());
    }
    Ok(bucket)
}

/// Rows as if each set of columns were a file of its own: a column that a row leaves out is absent, not blank.
fn typed_of(table: TableId, rows: &[CaseRow]) -> Result<Vec<TypedRows>, String> {
    let mut by_columns: BTreeMap<Vec<&str>, Vec<LiteralRow<'_>>> = BTreeMap::new();
    for row in rows {
        let columns: Vec<&str> = row.keys().map(String::as_str).collect();
        by_columns.entry(columns).or_default().push(literals(table, row)?);
    }
    let typed = by_columns.into_iter().enumerate().map(|(index, (columns, rows))| {
        let mut file = literal_file(table, &format!("case-{}-{index}", table.name()), None);
        file.present = columns.into_iter().chain(["partner_id"]).map(str::to_owned).collect();
        typed_rows(table, Arc::new(file), &rows).map_err(|error| error.to_string())
    });
    typed.collect()
}

fn literals(table: TableId, row: &CaseRow) -> Result<LiteralRow<'_>, String> {
    let mut literals = LiteralRow::new();
    literals.entry("partner_id").or_insert_with(|| Literal::Text("self".to_owned()));
    let schema = table.schema();
    if schema.column("masked").is_some() && !row.contains_key("masked") {
        literals.insert("masked", Literal::Flag(false));
    }
    for (name, value) in row {
        let column = schema.column(name).ok_or_else(|| format!("there is no column `{name}`"))?;
        if let Some(literal) = literal(table, column, value)? {
            literals.insert(column.name, literal);
        }
    }
    Ok(literals)
}

fn literal(table: TableId, column: &Column, value: &CaseValue) -> Result<Option<Literal>, String> {
    Ok(match value {
        CaseValue::Blank => blank(table, column),
        CaseValue::Text(text) if column.ty == ColumnType::Decimal => {
            Some(Literal::Decimal(text.parse::<Cents>().map_err(|error| error.to_string())?))
        }
        CaseValue::Text(text) => Some(Literal::Text(text.clone())),
        CaseValue::Integer(number) => {
            Some(Literal::Integer(i32::try_from(*number).map_err(|_| format!("{number} is too large"))?))
        }
        CaseValue::Flag(flag) => Some(Literal::Flag(*flag)),
        CaseValue::Date(date) => Some(Literal::Date(*date)),
        CaseValue::List(items) => Some(Literal::List(items.clone())),
    })
}

/// What a blank cell of a present column says, as on input.
fn blank(table: TableId, column: &Column) -> Option<Literal> {
    match Blank::of(table, column) {
        Blank::Unknown => None,
        Blank::Text(text) => Some(Literal::Text(text.to_owned())),
        Blank::Date(date) => Some(Literal::Date(date)),
        Blank::EmptyList => Some(Literal::List(vec![])),
    }
}

fn differences(row: &StatusRow, expect: &Expectation) -> Vec<String> {
    let mut lines = Vec::new();
    let mut compare = |name: &str, expected: Option<String>, actual: String| {
        if let Some(expected) = expected.filter(|expected| *expected != actual) {
            lines.push(format!("{name}: expected {expected}, got {actual}"));
        }
    };
    let counted = |hundredths: i64| match hundredths % 100 {
        0 if !row.is_sum => (hundredths / 100).to_string(),
        _ => Cents(hundredths).to_string(),
    };
    let number = |value: &Option<Value>| value.as_ref().map(in_words);
    compare("status", expect.status.clone(), row.status.to_string());
    compare("confirmed", number(&expect.confirmed), counted(row.confirmed));
    compare("possible", number(&expect.possible), row.possible.map_or_else(|| "unbounded".to_owned(), counted));
    compare("required", number(&expect.required), counted(row.required));
    compare("shortfall", number(&expect.shortfall), counted(row.shortfall));
    let date = |date: Option<chrono::NaiveDate>| date.map_or_else(|| "none".to_owned(), |date| date.to_string());
    compare("met_from", expect.met_from.map(|value| value.to_string()), date(row.met_from));
    compare("met_until", expect.met_until.map(|value| value.to_string()), date(row.met_until));
    lines
}

fn in_words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
