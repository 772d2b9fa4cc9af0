//! A comparison for spreadsheets: one row per change, and one for a count that changed without any.

use super::Diff;
use super::words::{because, summary};
use crate::amount::Measure;
use crate::sheet::{Sheet, Value};
use aceq_model::{Change, Column, ColumnType, CountDiff, RowPlace, SideCount, Table};

const fn column(name: &'static str) -> Column {
    Column { name, ty: ColumnType::Text, doc: "", picklist: "", ingested: false, strict: "" }
}

static CHANGES: Table = Table {
    name: "changes",
    grain: "one row per change",
    key: &[],
    columns: &[
        column("partner_id"),
        column("program"),
        column("requirement_id"),
        column("reading"),
        column("member"),
        column("status_before"),
        column("status_after"),
        column("confirmed_before"),
        column("confirmed_after"),
        column("possible_before"),
        column("possible_after"),
        column("required_before"),
        column("required_after"),
        column("kind"),
        column("reason"),
        column("amount"),
        column("unit"),
        column("table"),
        column("row_id"),
        column("label"),
        column("words"),
        column("date"),
        column("before_file"),
        column("before_sheet"),
        column("before_line"),
        column("after_file"),
        column("after_sheet"),
        column("after_line"),
    ],
};

impl Diff<'_> {
    pub(super) fn sheet(&self) -> Sheet<'_> {
        Sheet::new(&CHANGES, self.shown_counts().into_iter().flat_map(rows).collect())
    }
}

fn rows(count: &CountDiff) -> Vec<Vec<Value<'_>>> {
    match count.changes.as_slice() {
        [] => vec![row(count, None)],
        changes => changes.iter().map(|change| row(count, Some(change))).collect(),
    }
}

fn row<'a>(count: &'a CountDiff, change: Option<&'a Change>) -> Vec<Value<'a>> {
    let mut values = vec![
        Value::text(&count.partner_id),
        Value::text(&count.program),
        Value::text(&count.requirement_id),
        Value::text(&count.reading),
        Value::maybe(count.member.as_deref()),
    ];
    values.extend(sides(count));
    let of = |tell: &dyn Fn(&'a Change) -> Value<'a>| change.map_or(Value::Null, tell);
    let measure = Measure::of(count.is_sum);
    values.extend([
        of(&|change| Value::text(change.kind.as_str())),
        of(&|change| Value::text(change.reason.code())),
        of(&|change| Value::Hundredths(measure, change.amount)),
        of(&|change| Value::text(&change.unit)),
        of(&|change| Value::text(&change.table)),
        of(&|change| Value::text(&change.row_id)),
        of(&|change| Value::text(&change.label)),
        change.map_or_else(|| Value::Text(summary(count).into()), |change| Value::Text(because(change).into())),
        of(&|change| Value::date(change.on)),
    ]);
    values.extend(place(change.and_then(|change| change.before.as_ref())));
    values.extend(place(change.and_then(|change| change.after.as_ref())));
    values
}

fn sides(count: &CountDiff) -> [Value<'_>; 8] {
    let measure = Measure::of(count.is_sum);
    let amount = |amount: i64| Value::Hundredths(measure, amount);
    let side =
        |side: &Option<SideCount>, tell: &dyn Fn(&SideCount) -> Value<'static>| side.as_ref().map_or(Value::Null, tell);
    let both = |tell: &dyn Fn(&SideCount) -> Value<'static>| [side(&count.before, tell), side(&count.after, tell)];
    let [status_before, status_after] = both(&|side| Value::text(side.status.as_str()));
    let [confirmed_before, confirmed_after] = both(&|side| amount(side.confirmed));
    let [possible_before, possible_after] = both(&|side| side.possible.map_or(Value::Null, amount));
    let [required_before, required_after] = both(&|side| amount(side.required));
    [
        status_before,
        status_after,
        confirmed_before,
        confirmed_after,
        possible_before,
        possible_after,
        required_before,
        required_after,
    ]
}

fn place(place: Option<&RowPlace>) -> [Value<'_>; 3] {
    match place {
        None => [Value::Null, Value::Null, Value::Null],
        Some(place) => [Value::text(&place.file), Value::text(&place.sheet), Value::Integer(place.line)],
    }
}
