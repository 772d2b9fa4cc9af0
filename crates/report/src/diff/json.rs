//! A comparison as JSON, and the JSON Schema of it.

use super::words::{because, summary};
use super::{Diff, DiffSide};
use crate::amount::Measure;
use aceq_model::{Change, ChangeKind, ChangeReason, CountDiff, RowPlace, SideCount, Status};
use serde_json::{Value, json};

/// Identity of the JSON form. The number rises when a reader of the old form would misread the new one.
pub const DIFF_SCHEMA_ID: &str = "aceq:diff:1";

impl Diff<'_> {
    /// One object: both sides, how they differ, and every count that is shown.
    pub(super) fn json(&self) -> String {
        let counts: Vec<Value> = self.shown_counts().into_iter().map(|count| self.count_json(count)).collect();
        let diff = json!({
            "schema": DIFF_SCHEMA_ID,
            "before": side_json(self.before),
            "after": side_json(self.after),
            "differences": self.differences,
            "requirements": counts,
        });
        serde_json::to_string_pretty(&diff).expect("keys are texts") + "\n"
    }

    fn count_json(&self, count: &CountDiff) -> Value {
        let measure = Measure::of(count.is_sum);
        json!({
            "partner_id": count.partner_id,
            "program": count.program,
            "requirement_id": count.requirement_id,
            "reading": count.reading,
            "member": count.member,
            "title": self.title(count),
            "counted": count.counted,
            "before": count.before.as_ref().map(|side| sides_json(side, measure)),
            "after": count.after.as_ref().map(|side| sides_json(side, measure)),
            "summary": summary(count),
            "notes": count.notes,
            "changes": count.changes.iter().map(|change| change_json(change, measure)).collect::<Vec<_>>(),
        })
    }
}

fn side_json(side: &DiffSide) -> Value {
    json!({
        "name": side.name,
        "as_of": side.as_of,
        "checklists": side.checklists,
        "run_id": side.run_id,
        "tool_version": side.tool_version,
    })
}

fn sides_json(side: &SideCount, measure: Measure) -> Value {
    json!({
        "status": side.status.as_str(),
        "confirmed": amount(measure, side.confirmed),
        "possible": side.possible.map(|possible| amount(measure, possible)),
        "required": amount(measure, side.required),
    })
}

fn change_json(change: &Change, measure: Measure) -> Value {
    let values: Vec<Value> = change
        .values
        .iter()
        .map(|value| json!({ "column": value.column, "before": value.before, "after": value.after }))
        .collect();
    json!({
        "kind": change.kind.as_str(),
        "reason": change.reason.code(),
        "amount": amount(measure, change.amount),
        "unit": change.unit,
        "table": change.table,
        "row_id": change.row_id,
        "label": change.label,
        "condition": change.condition,
        "values": values,
        "date": change.on.map(|on| on.to_string()),
        "note": change.note,
        "words": because(change),
        "before": change.before.as_ref().map(place_json),
        "after": change.after.as_ref().map(place_json),
    })
}

fn place_json(place: &RowPlace) -> Value {
    json!({ "file": place.file, "sheet": place.sheet, "line": place.line })
}

/// Counts are whole numbers, sums texts with two decimals, as in `requirement_status`.
fn amount(measure: Measure, hundredths: i64) -> Value {
    match measure {
        Measure::Count if hundredths % 100 == 0 => json!(hundredths / 100),
        _ => json!(measure.text(hundredths)),
    }
}

/// The JSON Schema of `diff --format json`.
pub fn diff_schema() -> String {
    let object = |properties: Value| {
        let names: Vec<String> = properties.as_object().map(|map| map.keys().cloned().collect()).unwrap_or_default();
        json!({ "type": "object", "properties": properties, "required": names, "additionalProperties": false })
    };
    let maybe = |form: Value| json!({ "anyOf": [form, { "type": "null" }] });
    let text = json!({ "type": "string" });
    let list = |items: Value| json!({ "type": "array", "items": items });
    let number = json!({ "anyOf": [
        { "type": "integer", "description": "A count." },
        { "type": "string", "pattern": "^-?[0-9]+\\.[0-9]{2}$", "description": "A sum of money." },
    ] });
    let side = object(json!({
        "name": text, "as_of": { "type": "string", "format": "date" }, "checklists": list(text.clone()),
        "run_id": maybe(text.clone()), "tool_version": maybe(text.clone()),
    }));
    let count_side = object(json!({
        "status": { "enum": Status::ALL.map(Status::as_str) }, "confirmed": number, "possible": maybe(number.clone()),
        "required": number,
    }));
    let place = object(json!({ "file": text, "sheet": text, "line": { "type": "integer" } }));
    let value = object(json!({ "column": text, "before": maybe(text.clone()), "after": maybe(text.clone()) }));
    let reasons: Vec<&str> = ChangeReason::ALL.iter().map(|reason| reason.code()).collect();
    let change = object(json!({
        "kind": { "enum": ChangeKind::ALL.map(ChangeKind::as_str) },
        "reason": { "enum": reasons },
        "amount": number, "unit": text, "table": text, "row_id": text, "label": text,
        "condition": maybe(text.clone()), "values": list(value),
        "date": maybe(json!({ "type": "string", "format": "date" })), "note": maybe(text.clone()), "words": text,
        "before": maybe(place.clone()), "after": maybe(place),
    }));
    let count = object(json!({
        "partner_id": text, "program": text, "requirement_id": text, "reading": text, "member": maybe(text.clone()),
        "title": text, "counted": text, "before": maybe(count_side.clone()), "after": maybe(count_side),
        "summary": text, "notes": list(text.clone()), "changes": list(change),
    }));
    let mut schema = object(json!({
        "schema": { "const": DIFF_SCHEMA_ID }, "before": side, "after": side, "differences": list(text),
        "requirements": list(count),
    }));
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["$id"] = json!(DIFF_SCHEMA_ID);
    schema["title"] = json!("diff");
    schema["description"] = json!(
        "Two runs compared: confirmed before + the amounts of all changes = confirmed after, for every requirement."
    );
    serde_json::to_string_pretty(&schema).expect("keys are texts") + "\n"
}
