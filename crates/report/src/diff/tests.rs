//! What a person and a program see of a comparison.

use super::{Diff, DiffSide, Shown, diff_schema};
use crate::format::Format;
use aceq_model::{Change, ChangeKind, ChangeReason, CountDiff, RowPlace, SideCount, Status, ValueChange};
use proptest::prelude::{prop_assert, proptest};
use serde_json::Value;
use std::collections::BTreeMap;
use unicode_width::UnicodeWidthStr;

fn side(as_of: &str) -> DiffSide {
    DiffSide {
        name: format!("runs/{as_of}"),
        as_of: as_of.to_owned(),
        checklists: vec!["smb 2025-08".to_owned()],
        run_id: Some("0123456789abcdef".to_owned()),
        tool_version: Some("0.1.0".to_owned()),
    }
}

fn count(status: Status, confirmed: i64) -> Option<SideCount> {
    Some(SideCount { status, confirmed: confirmed * 100, possible: Some(confirmed * 100), required: 5000 })
}

fn place(line: i64) -> Option<RowPlace> {
    Some(RowPlace { file: "opportunities.csv".to_owned(), sheet: String::new(), line })
}

fn value(column: &str, before: &str, after: &str) -> ValueChange {
    ValueChange { column: column.to_owned(), before: Some(before.to_owned()), after: Some(after.to_owned()) }
}

fn left(number: i64) -> Change {
    Change {
        kind: ChangeKind::Went,
        reason: ChangeReason::LeftWindow,
        amount: -100,
        unit: format!("customer-{number}"),
        table: "opportunities".to_owned(),
        row_id: format!("O100000{number}"),
        label: format!("Customer {number} Ltd"),
        condition: Some("launch_date within 24 months before the as-of date".to_owned()),
        values: vec![value("launch_date", "2024-11-13", "2024-11-13")],
        on: "2026-11-14".parse().ok(),
        note: None,
        before: place(number),
        after: place(number),
    }
}

fn lost() -> Change {
    Change {
        reason: ChangeReason::ConditionFails,
        condition: Some("stage = 'Launched'".to_owned()),
        values: vec![value("stage", "Launched", "Closed Lost")],
        on: None,
        after: place(44),
        ..left(4)
    }
}

fn new() -> Change {
    Change {
        kind: ChangeKind::Came,
        reason: ChangeReason::NewInData,
        amount: 100,
        values: Vec::new(),
        condition: None,
        on: None,
        before: None,
        ..left(5)
    }
}

fn diff(requirement: &str, changes: Vec<Change>) -> CountDiff {
    let moved: i64 = changes.iter().map(|change| change.amount).sum();
    let after = 51 + moved / 100;
    CountDiff {
        partner_id: "P-1".to_owned(),
        program: "smb".to_owned(),
        requirement_id: requirement.to_owned(),
        reading: "adopted".to_owned(),
        member: None,
        counted: "customers",
        is_sum: false,
        before: count(Status::Met, 51),
        after: count(if after < 50 { Status::NotMet } else { Status::Met }, after),
        notes: Vec::new(),
        changes,
    }
}

fn render(counts: &[CountDiff], format: Format, shown: Shown, width: u16) -> String {
    let titles = BTreeMap::from([(("smb".to_owned(), "4.2".to_owned()), "Launched SMB opportunities".to_owned())]);
    let differences = ["inputs: the same 3 files".to_owned()];
    let (before, after) = (side("2026-09-30"), side("2026-12-31"));
    Diff {
        before: &before,
        after: &after,
        differences: &differences,
        counts,
        titles: &titles,
        shown,
        rows: 3,
        color: false,
        width,
    }
    .in_format(format)
}

#[test]
fn a_sentence_says_how_51_became_48() {
    let counts = [diff("4.2", vec![left(1), left(2), left(3), lost(), new()]), diff("4.3", vec![])];
    let expected = "\
before  runs/2026-09-30 on 2026-09-30, run 0123456789ab · smb 2025-08
after   runs/2026-12-31 on 2026-12-31, run 0123456789ab · smb 2025-08
inputs: the same 3 files

P-1 · smb
4.2: 51 became 48 customers (required 50, met → not met): −3 left the window, −1 failing a
    condition, +1 new in the data
    Launched SMB opportunities
  − O1000001  Customer 1 Ltd  left the window on 2026-11-14 (launch_date 2024-11-13)
      opportunities.csv:1
  − O1000002  Customer 2 Ltd  left the window on 2026-11-14 (launch_date 2024-11-13)
      opportunities.csv:2
  − O1000003  Customer 3 Ltd  left the window on 2026-11-14 (launch_date 2024-11-13)
      opportunities.csv:3
  … and 2 more: --rows 5, or --format csv
";
    assert_eq!(render(&counts, Format::Table, Shown::Changed, 100), expected);
    let all = render(&counts, Format::Table, Shown::All, 100);
    assert!(all.ends_with("4.3: still 51 customers (required 50, met as before)\n"), "{all}");
}

#[test]
fn nothing_changed_is_said() {
    let text = render(&[diff("4.2", vec![])], Format::Table, Shown::Changed, 100);
    assert!(text.ends_with("\nNothing changed: every count and status is the same, for the same reasons.\n"), "{text}");
}

#[test]
fn bounds_and_thresholds_that_move_are_told() {
    let mut moved = diff("4.2", vec![]);
    moved.after = Some(SideCount { status: Status::Unknown, confirmed: 5100, possible: None, required: 6000 });
    let text = render(&[moved], Format::Table, Shown::Changed, 100);
    assert!(
        text.contains("4.2: still 51 customers, at most 51 → any number (required 50 → 60, met → unknown)\n"),
        "{text}"
    );
}

#[test]
fn every_reason_is_a_sentence() {
    for reason in ChangeReason::ALL {
        for kind in ChangeKind::ALL {
            let change = Change { reason: *reason, kind, ..lost() };
            let said = super::words::because(&change);
            assert!(said.len() > 8 && !said.contains("  "), "{reason}: {said}");
        }
    }
}

#[test]
fn json_is_what_its_schema_says() {
    let counts = [diff("4.2", vec![left(1), new()])];
    let json: Value = serde_json::from_str(&render(&counts, Format::Json, Shown::Changed, 80)).expect("JSON");
    let schema: Value = serde_json::from_str(&diff_schema()).expect("JSON");
    assert_same_keys(&schema, &json, "");
    assert_eq!(json["requirements"][0]["before"]["confirmed"], 51);
    assert_eq!(json["requirements"][0]["changes"][0]["amount"], -1);
    assert_eq!(json["requirements"][0]["changes"][0]["date"], "2026-11-14");
}

/// Every object has exactly the keys that the schema names.
fn assert_same_keys(schema: &Value, value: &Value, place: &str) {
    let form = schema["anyOf"].as_array().and_then(|forms| forms.first()).unwrap_or(schema);
    match value {
        Value::Object(fields) => {
            let known: Vec<&String> = form["properties"].as_object().expect("an object").keys().collect();
            assert_eq!(fields.keys().collect::<Vec<_>>(), known, "{place}");
            fields.iter().for_each(|(key, value)| assert_same_keys(&form["properties"][key], value, key));
        }
        Value::Array(items) => items.iter().for_each(|item| assert_same_keys(&form["items"], item, place)),
        _ => {}
    }
}

#[test]
fn csv_has_a_row_per_change() {
    let csv = render(&[diff("4.2", vec![left(1), new()]), diff("4.3", vec![])], Format::Csv, Shown::All, 80);
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), 4);
    assert_eq!(
        lines[1],
        "P-1,smb,4.2,adopted,,met,met,51,51,51,51,50,50,went,left_window,-1,customer-1,opportunities,O1000001,\
         Customer 1 Ltd,left the window on 2026-11-14 (launch_date 2024-11-13),2026-11-14,opportunities.csv,,1,\
         opportunities.csv,,1"
    );
}

#[test]
fn markdown_has_a_table_below_each_sentence() {
    let text = render(&[diff("4.2", vec![lost()])], Format::Markdown, Shown::Changed, 80);
    assert!(text.contains("\n## P-1 · smb\n\n**4.2: 51 became 50 customers"), "{text}");
    assert!(
        text.contains("| went | O1000004 | Customer 4 Ltd | stage Launched → Closed Lost: fails stage = 'Launched' |"),
        "{text}"
    );
}

proptest! {
    #[test]
    fn no_line_is_wider_than_the_terminal(label in "\\PC{0,60}", note in "\\PC{0,120}", width in 60_u16..130) {
        let change = Change { label, note: Some(note), ..left(1) };
        let text = render(&[diff("4.2", vec![change, lost()])], Format::Table, Shown::Changed, width);
        for line in text.lines() {
            prop_assert!(line.width() <= usize::from(width), "{line}");
        }
    }
}
