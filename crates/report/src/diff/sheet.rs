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
    pub(super) fn sheet(&self) -> Sheet {
        let rows = |count: &CountDiff| -> Vec<Vec<Value>> {
            match count.changes.as_slice() {
                [] => vec![row(count, None)],
                changes => changes.iter().map(|change| row(count, Some(change))).collect(),
            }
        };
        Sheet::new(&CHANGES, self.shown_counts().into_iter().flat_map(rows).collect())
    }
}

fn row(count: &CountDiff, change: Option<&Change>) -> Vec<Value> {
    let text = |text: &str| Value::Text(text.to_owned());
    let mut values = vec![
        text(&count.partner_id),
        text(&count.program),
        text(&count.requirement_id),
        text(&count.reading),
        Value::maybe(count.member.as_deref()),
    ];
    values.extend(sides(count));
    let of = |tell: &dyn Fn(&Change) -> Value| change.map_or(Value::Null, tell);
    let measure = Measure::of(count.is_sum);
    values.extend([
        of(&|change| text(change.kind.as_str())),
        of(&|change| text(change.reason.code())),
        of(&|change| Value::Hundredths(measure, change.amount)),
        of(&|change| text(&change.unit)),
        of(&|change| text(&change.table)),
        of(&|change| text(&change.row_id)),
        of(&|change| text(&change.label)),
        change.map_or_else(|| Value::Text(summary(count)), |change| Value::Text(because(change))),
        of(&|change| Value::date(change.on)),
    ]);
    values.extend(place(change.and_then(|change| change.before.as_ref())));
    values.extend(place(change.and_then(|change| change.after.as_ref())));
    values
}

fn sides(count: &CountDiff) -> [Value; 8] {
    let measure = Measure::of(count.is_sum);
    let amount = |amount: i64| Value::Hundredths(measure, amount);
    let side = |side: &Option<SideCount>, tell: &dyn Fn(&SideCount) -> Value| side.as_ref().map_or(Value::Null, tell);
    let both = |tell: &dyn Fn(&SideCount) -> Value| [side(&count.before, tell), side(&count.after, tell)];
    let [status_before, status_after] = both(&|side| Value::Text(side.status.as_str().to_owned()));
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

fn place(place: Option<&RowPlace>) -> [Value; 3] {
    match place {
        None => [Value::Null, Value::Null, Value::Null],
        Some(place) => [Value::Text(place.file.clone()), Value::Text(place.sheet.clone()), Value::Integer(place.line)],
    }
}
