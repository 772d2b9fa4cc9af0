//! `requirement_status` as a contract: JSON, CSV, Markdown, and the JSON Schema of it.

use crate::amount::Measure;
use crate::sheet::{Frame, RowFormat, Value, columns};
use aceq_model::{Column, Status, StatusRow, tables::REQUIREMENT_STATUS};
use serde_json::{Map, json};

/// Identity of the JSON form. The number rises when a reader of the old form would misread the new one.
pub const STATUS_SCHEMA_ID: &str = "aceq:requirement_status:1";

/// The JSON Schema of the statuses as JSON.
pub fn status_schema() -> String {
    let properties: Map<_, _> =
        REQUIREMENT_STATUS.answer_columns().iter().map(|column| (column.name.to_owned(), property(column))).collect();
    let required: Vec<&str> = REQUIREMENT_STATUS.answer_columns().iter().map(|column| column.name).collect();
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": STATUS_SCHEMA_ID,
        "title": "requirement_status",
        "description": "one row per partner, requirement, reading, member and as-of date.",
        "type": "array",
        "items": { "type": "object", "properties": properties, "required": required, "additionalProperties": false },
    });
    serde_json::to_string_pretty(&schema).expect("keys are texts") + "\n"
}

/// What stands around pages of rows.
pub(crate) fn frame(format: RowFormat) -> Frame {
    format.frame(&columns(&REQUIREMENT_STATUS))
}

/// Some rows, in the order in which they come: dates as `2026-11-20`, counts as whole numbers, sums with two decimals (texts
/// in JSON), unknowns and unbounded counts as null or empty fields.
pub(crate) fn page(rows: &[&StatusRow], format: RowFormat) -> String {
    format.rows(&columns(&REQUIREMENT_STATUS), rows.iter().map(|row| values(row)))
}

fn values(row: &StatusRow) -> Vec<Value<'_>> {
    let amount = |hundredths| Value::Hundredths(Measure::of(row.is_sum), hundredths);
    let whole = |number: Option<i64>| number.map_or(Value::Null, Value::Integer);
    vec![
        Value::text(&row.partner_id),
        Value::text(&row.program),
        Value::text(&row.version),
        Value::text(&row.requirement_id),
        Value::text(&row.reading),
        Value::date(Some(row.as_of)),
        Value::text(row.status.as_str()),
        amount(row.confirmed),
        row.possible.map_or(Value::Null, amount),
        amount(row.required),
        amount(row.shortfall),
        Value::maybe(row.member.as_deref()),
        Value::date(row.met_from),
        Value::date(row.met_until),
        whole(row.margin_days),
        whole(row.counted_with_findings),
    ]
}

fn property(column: &Column) -> serde_json::Value {
    let nullable = matches!(
        column.name,
        "possible" | "member" | "met_from" | "met_until" | "margin_days" | "counted_with_findings"
    );
    let mut forms = match column.name {
        "status" => vec![json!({ "enum": Status::ALL.map(Status::as_str) })],
        "as_of" | "met_from" | "met_until" => vec![json!({ "type": "string", "format": "date" })],
        "confirmed" | "possible" | "required" | "shortfall" => vec![
            json!({ "type": "integer", "description": "A count." }),
            json!({ "type": "string", "pattern": "^-?[0-9]+\\.[0-9]{2}$", "description": "A sum of money." }),
        ],
        "margin_days" | "counted_with_findings" => vec![json!({ "type": "integer" })],
        _ => vec![json!({ "type": "string" })],
    };
    forms.extend(nullable.then(|| json!({ "type": "null" })));
    json!({ "description": column.doc, "anyOf": forms })
}

#[cfg(test)]
mod tests {
    use super::status_schema;
    use crate::Format;
    use crate::sample::{StatusEdit, row, status_text, sum_row};
    use aceq_model::tables::REQUIREMENT_STATUS;
    use serde_json::Value;

    #[test]
    fn json_is_the_contract() {
        let rows = [sum_row("9.9", 125_050, 1_000_000), row("4.2", 48, Some(50), 50)];
        let expected = concat!(
            "[\n",
            r#"  {"partner_id":"self","program":"smb","version":"2025-08","requirement_id":"4.2","reading":"adopted","#,
            r#""as_of":"2026-11-20","status":"unknown","confirmed":48,"possible":50,"required":50,"shortfall":2,"#,
            r#""member":null,"met_from":null,"met_until":null,"margin_days":null,"counted_with_findings":0},"#,
            "\n",
            r#"  {"partner_id":"self","program":"smb","version":"2025-08","requirement_id":"9.9","reading":"adopted","#,
            r#""as_of":"2026-11-20","status":"unknown","confirmed":"1250.50","possible":null,"required":"10000.00","#,
            r#""shortfall":"8749.50","member":null,"met_from":null,"met_until":null,"margin_days":null,"#,
            r#""counted_with_findings":0}"#,
            "\n]\n",
        );
        assert_eq!(status_text(&rows, Format::Json), expected);
        let parsed: Value = serde_json::from_str(expected).expect("JSON");
        assert_eq!(parsed.as_array().map(Vec::len), Some(2));
    }

    #[test]
    fn rows_stand_in_the_stated_order() {
        let rows = ["2.10", "2.1", "*", "ACC-007"].map(|id| row(id, 1, Some(1), 1));
        let mut all = rows.to_vec();
        all.push(StatusEdit::of("2.1").reading("aa-first-by-name").build());
        all.push(StatusEdit::of("2.1").member("a").build());
        all.push(StatusEdit::of("2.1").on("2026-12-31").build());
        let parsed: Vec<Value> = serde_json::from_str(&status_text(&all, Format::Json)).expect("JSON");
        let text = |row: &Value, key: &str| row[key].as_str().unwrap_or("-").to_owned();
        let order: Vec<String> = parsed
            .iter()
            .map(|row| ["requirement_id", "reading", "member", "as_of"].map(|key| text(row, key)).join(" "))
            .collect();
        assert_eq!(
            order,
            [
                "* adopted - 2026-11-20",
                "2.1 adopted - 2026-11-20",
                "2.1 adopted - 2026-12-31",
                "2.1 adopted a 2026-11-20",
                "2.1 aa-first-by-name - 2026-11-20",
                "2.10 adopted - 2026-11-20",
                "ACC-007 adopted - 2026-11-20",
            ]
        );
    }

    #[test]
    fn csv_and_markdown_carry_the_same_columns() {
        let rows = [row("4.2", 48, None, 50)];
        assert_eq!(
            status_text(&rows, Format::Csv),
            "partner_id,program,version,requirement_id,reading,as_of,status,confirmed,possible,required,shortfall,member,\
             met_from,met_until,margin_days,counted_with_findings\r\n\
             self,smb,2025-08,4.2,adopted,2026-11-20,unknown,48,,50,2,,,,,0\r\n"
        );
        assert!(status_text(&rows, Format::Markdown).ends_with(
            "| self | smb | 2025-08 | 4.2 | adopted | 2026-11-20 | unknown | 48 |  | 50 | 2 |  |  |  |  | 0 |\n"
        ));
    }

    #[test]
    fn partners_follow_each_other_as_if_they_were_one_text() {
        let rows = ["b", "a", "b"].map(|partner| StatusEdit::of("2.1").partner(partner).build());
        let parsed: Vec<Value> = serde_json::from_str(&status_text(&rows, Format::Json)).expect("JSON");
        let partners: Vec<&str> = parsed.iter().filter_map(|row| row["partner_id"].as_str()).collect();
        assert_eq!(partners, ["a", "b", "b"]);
        for (format, lines) in [(Format::Csv, 4), (Format::Markdown, 5), (Format::Json, 5)] {
            assert_eq!(status_text(&rows, format).lines().count(), lines, "{format}");
        }
        for (format, none) in [(Format::Json, "[]\n"), (Format::Table, "")] {
            assert_eq!(status_text(&[], format), none);
        }
        assert_eq!(status_text(&[], Format::Csv).lines().count(), 1);
        assert_eq!(status_text(&[], Format::Markdown).lines().count(), 2);
    }

    #[test]
    fn the_schema_names_every_field_of_a_row() {
        let schema: Value = serde_json::from_str(&status_schema()).expect("JSON");
        assert_eq!(schema["$id"], "aceq:requirement_status:1");
        let row: Vec<Value> =
            serde_json::from_str(&status_text(&[row("4.2", 1, None, 2)], Format::Json)).expect("JSON");
        let fields: Vec<&String> = row[0].as_object().expect("an object").keys().collect();
        let known: Vec<&String> = schema["items"]["properties"].as_object().expect("an object").keys().collect();
        assert_eq!(fields, known);
        assert_eq!(known.len(), REQUIREMENT_STATUS.answer_columns().len());
    }
}
