//! A plan for programs: one row per step, one per requirement.

use crate::amount::Measure;
use crate::order;
use crate::sheet::{Sheet, Value, column};
use aceq_model::{Natural, PlanStatus, PlanStep, Table};
use serde_json::json;

static STEPS: Table = Table {
    name: "plan_steps",
    grain: "one row per step",
    key: &[],
    columns: &[
        column("partner_id", ""),
        column("rank", ""),
        column("cost", ""),
        column("action", ""),
        column("table", ""),
        column("row_id", ""),
        column("label", ""),
        column("what", ""),
        column("serves", ""),
        column("alternatives", ""),
        column("source_file", ""),
        column("source_sheet", ""),
        column("source_line", ""),
    ],
};

static STATUSES: Table = Table {
    name: "plan_statuses",
    grain: "one row per requirement",
    key: &[],
    columns: &[
        column("program", ""),
        column("version", ""),
        column("requirement_id", ""),
        column("title", ""),
        column("status_before", ""),
        column("status_after", ""),
        column("confirmed_before", ""),
        column("confirmed_after", ""),
        column("required", ""),
    ],
};

/// By rank.
pub(super) fn steps_in_order(steps: &[PlanStep]) -> Vec<&PlanStep> {
    order::sorted(steps, |step| (step.rank, &step.table, &step.row_id, &step.what))
}

/// By program and version, then as the checklist.
pub(super) fn statuses_in_order(statuses: &[PlanStatus]) -> Vec<&PlanStatus> {
    order::sorted(statuses, |status| (&status.program, &status.version, Natural(&status.requirement_id)))
}

pub(super) fn steps<'a>(partner_id: &'a str, steps: &'a [PlanStep]) -> Sheet<'a> {
    Sheet::new(&STEPS, steps_in_order(steps).into_iter().map(|step| step_values(partner_id, step)).collect())
}

pub(super) fn statuses(statuses: &[PlanStatus]) -> Sheet<'_> {
    Sheet::new(&STATUSES, statuses_in_order(statuses).into_iter().map(status_values).collect())
}

fn step_values<'a>(partner_id: &'a str, step: &'a PlanStep) -> Vec<Value<'a>> {
    vec![
        Value::text(partner_id),
        Value::Integer(i64::from(step.rank)),
        Value::Integer(step.cost),
        Value::text(step.action.name()),
        Value::text(&step.table),
        Value::text(&step.row_id),
        Value::text(&step.label),
        Value::text(&step.what),
        Value::list(&step.serves, |id| json!(id), Clone::clone),
        Value::list(&step.alternatives, |(id, label)| json!({ "row_id": id, "label": label }), alternative),
        Value::text(&step.source_file),
        Value::text(&step.source_sheet),
        Value::Integer(step.source_line),
    ]
}

/// `O1000002 Bolt Ltd`.
pub(super) fn alternative((id, label): &(String, String)) -> String {
    format!("{id} {label}").trim().to_owned()
}

fn status_values(status: &PlanStatus) -> Vec<Value<'_>> {
    let amount = |hundredths| Value::Hundredths(Measure::of(status.is_sum), hundredths);
    vec![
        Value::text(&status.program),
        Value::text(&status.version),
        Value::text(&status.requirement_id),
        Value::text(&status.title),
        Value::text(status.before.0.as_str()),
        Value::text(status.after.0.as_str()),
        amount(status.before.1),
        amount(status.after.1),
        amount(status.required),
    ]
}
