//! The calendar for programs: one row per change.

use super::{in_order, words};
use crate::amount::Measure;
use crate::sheet::{Sheet, Value, column};
use aceq_model::{CalendarRow, CalendarUnit, Table};
use serde_json::json;

static CALENDAR: Table = Table {
    name: "calendar",
    grain: "one row per count, day and change",
    key: &[],
    columns: &[
        column("partner_id", ""),
        column("program", ""),
        column("version", ""),
        column("requirement_id", ""),
        column("reading", ""),
        column("member", ""),
        column("date", ""),
        column("event", ""),
        column("status_before", ""),
        column("status_after", ""),
        column("confirmed_before", ""),
        column("confirmed_after", ""),
        column("required", ""),
        column("until", ""),
        column("units", ""),
    ],
};

pub(super) fn sheet(rows: &[CalendarRow]) -> Sheet<'_> {
    Sheet::new(&CALENDAR, in_order(rows).into_iter().map(values).collect())
}

fn values(row: &CalendarRow) -> Vec<Value<'_>> {
    let amount = |hundredths| Value::Hundredths(Measure::of(row.is_sum), hundredths);
    let mut values = Value::key(&row.key).to_vec();
    values.extend([
        Value::date(Some(row.date)),
        Value::text(row.event.name()),
        Value::text(row.status.0.as_str()),
        Value::text(row.status.1.as_str()),
        amount(row.confirmed.0),
        amount(row.confirmed.1),
        amount(row.required),
        Value::date(row.until),
        Value::list(&row.units, unit_json, unit_text),
    ]);
    values
}

fn unit_json(unit: &CalendarUnit) -> serde_json::Value {
    json!({
        "unit": unit.unit,
        "table": unit.table,
        "row_id": unit.row_id,
        "label": unit.label,
        "side": unit.side.name(),
        "file": unit.source_file,
        "sheet": unit.source_sheet,
        "line": unit.source_line,
    })
}

/// `out Acme Ltd (O1000001) opportunities.csv:12`: no sign in front, which a spreadsheet would calculate with.
fn unit_text(unit: &CalendarUnit) -> String {
    let row = if unit.row_id.is_empty() { String::new() } else { format!(" ({})", unit.row_id) };
    format!("{} {}{row} {}", unit.side.name(), words::called(unit), words::place(unit))
}
