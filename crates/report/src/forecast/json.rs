//! A forecast as JSON, and the JSON Schema of it.

use super::{Forecast, sheet};
use aceq_model::{Column, ForecastBasis, Status, Table};
use serde_json::{Map, Value, json};

/// Identity of the JSON form. The number rises when a reader of the old form would misread the new one.
pub const FORECAST_SCHEMA_ID: &str = "aceq-forecast-1";

/// One object, its lists with one row a line.
pub(super) fn document(forecast: &Forecast<'_>) -> String {
    let list = |json: String| json.trim_end().replace('\n', "\n  ");
    let parts = [
        ("schema", json!(FORECAST_SCHEMA_ID).to_string()),
        ("settings", json!(forecast.settings).to_string()),
        ("notes", json!(forecast.notes).to_string()),
        ("verdict", json!(forecast.verdict).to_string()),
        ("forecast", list(sheet::forecast(forecast.rows).json())),
        ("drivers", list(sheet::drivers(forecast.drivers).json())),
    ];
    let lines: Vec<String> = parts.iter().map(|(name, json)| format!("  \"{name}\": {json}")).collect();
    format!("{{\n{}\n}}\n", lines.join(",\n"))
}

/// The JSON Schema of [`forecast_json`](crate::forecast_json).
pub fn forecast_schema() -> String {
    let text = json!({ "type": "string" });
    let properties = json!({
        "schema": { "const": FORECAST_SCHEMA_ID },
        "settings": {
            "type": "object",
            "description": "What the forecast was made with, by name.",
            "additionalProperties": { "type": ["string", "number", "boolean", "null"] },
        },
        "notes": { "type": "array", "items": text, "description": "What was left aside or assumed, one sentence each." },
        "verdict": {
            "type": ["string", "null"],
            "description": "What the backtest says; null where it was not asked.",
        },
        "forecast": rows(&sheet::FORECAST),
        "drivers": rows(&sheet::DRIVERS),
    });
    let mut schema = object(properties);
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["$id"] = json!(FORECAST_SCHEMA_ID);
    schema["title"] = json!("forecast");
    schema["description"] = json!("How likely each requirement is to be met on each quarter end, and what moves it.");
    serde_json::to_string_pretty(&schema).expect("keys are texts") + "\n"
}

fn rows(table: &Table) -> Value {
    let properties: Map<String, Value> =
        table.columns.iter().map(|column| (column.name.to_owned(), property(column))).collect();
    json!({ "type": "array", "description": table.grain, "items": object(Value::Object(properties)) })
}

fn object(properties: Value) -> Value {
    let names: Vec<String> = properties.as_object().map(|map| map.keys().cloned().collect()).unwrap_or_default();
    json!({ "type": "object", "properties": properties, "required": names, "additionalProperties": false })
}

fn property(column: &Column) -> Value {
    let nullable =
        matches!(column.name, "member" | "known_at" | "expected" | "p10" | "p50" | "p90" | "target_close_date");
    let mut forms = match column.name {
        "held_status" => vec![json!({ "enum": Status::ALL.map(Status::as_str) })],
        "basis" => vec![json!({ "enum": ForecastBasis::ALL.map(ForecastBasis::name) })],
        "from" | "known_at" | "as_of" | "target_close_date" => vec![json!({ "type": "string", "format": "date" })],
        "held" | "required" | "p10" | "p50" | "p90" => vec![
            json!({ "type": "integer", "description": "A count." }),
            json!({ "type": "string", "pattern": "^-?[0-9]+\\.[0-9]{2}$", "description": "A sum of money." }),
        ],
        "p_met" | "p_met_at_most" | "p_counts" => vec![json!({ "type": "number", "minimum": 0, "maximum": 1 })],
        "moves" => vec![json!({ "type": "number", "minimum": -1, "maximum": 1 })],
        "expected" => vec![json!({ "type": "number" })],
        "rank" | "source_line" => vec![json!({ "type": "integer" })],
        _ => vec![json!({ "type": "string" })],
    };
    forms.extend(nullable.then(|| json!({ "type": "null" })));
    json!({ "description": column.doc, "anyOf": forms })
}
