//! What the user states about single rows holds against every file, and is traced.

#[expect(dead_code, reason = "each test file uses a part of it")]
mod support;

use aceq_model::TableId::{Completions, Opportunities};
use aceq_model::{TableId, TypedRows};
use aceq_resolve::{Change, Correction, Moves, Resolved, RowAddress, Settings};
use arrow::array::{ArrayRef, Decimal128Array, StringArray};
use std::sync::Arc;
use support::{export, findings, moves, resolved_with, shown};

fn correction(table: TableId, row: RowAddress, change: Change) -> Correction {
    Correction {
        partner_id: None,
        table,
        row,
        change,
        file: Arc::from("corrections.csv"),
        line: 2,
        reason: "asked the owner".to_owned(),
    }
}

fn id(id: &str) -> RowAddress {
    RowAddress::Id(id.to_owned())
}

fn at(file: &str, line: i64) -> RowAddress {
    RowAddress::At { file: file.to_owned(), sheet: String::new(), line }
}

fn text(column: &'static str, value: &str) -> Change {
    Change::Supply { column, value: Arc::new(StringArray::from(vec![value])) }
}

fn corrected(rows: Vec<TypedRows>, corrections: Vec<Correction>) -> Resolved {
    resolved_with(rows, &Settings { corrections, ..Settings::default() })
}

fn two_snapshots() -> Vec<TypedRows> {
    vec![
        export(
            Opportunities,
            "a.csv",
            "2026-01-31",
            "opportunity_id | stage | title\nO1 | Qualified | Old\nO2 | Launched | -",
        ),
        export(Opportunities, "b.csv", "2026-02-28", "opportunity_id | stage | title\nO1 | Committed | New"),
    ]
}

fn provenance(resolved: &Resolved) -> Vec<String> {
    let row = |row: &aceq_resolve::ProvenanceRow| {
        format!("{} {} {}:{}", row.row_id, row.column_name, row.source_file, row.source_line)
    };
    resolved.provenance.iter().map(row).collect()
}

#[test]
fn a_supplied_value_is_stronger_than_the_newest_snapshot() {
    let amount: ArrayRef = Arc::new(Decimal128Array::from(vec![10_000]).with_precision_and_scale(18, 2).unwrap());
    let resolved = corrected(
        two_snapshots(),
        vec![
            correction(Opportunities, id("O1"), text("stage", "Launched")),
            // The place of an older version means the same opportunity.
            correction(Opportunities, at("a.csv", 2), Change::Supply { column: "mrr_usd", value: amount }),
        ],
    );
    let columns = "opportunity_id | stage | stage_rank | furthest_stage_rank | arr_usd | title | source_file";
    assert_eq!(
        shown(&resolved, Opportunities, columns),
        ["O1 | Launched | 5 | 5 | 1200.00 | New | b.csv", "O2 | Launched | 5 | 5 | - | - | a.csv"]
    );
    assert_eq!(provenance(&resolved), ["O1 mrr_usd corrections.csv:2", "O1 stage corrections.csv:2"]);
    assert_eq!(resolved.corrections_used.len(), 2);
}

#[test]
fn an_excluded_opportunity_is_gone_with_all_its_versions() {
    let resolved = corrected(two_snapshots(), vec![correction(Opportunities, id("O1"), Change::Exclude)]);
    assert_eq!(shown(&resolved, Opportunities, "opportunity_id"), ["O2"]);
    assert_eq!(moves(&resolved, "a.csv"), Moves { superseded: 1, ..Moves::default() });
    assert_eq!(moves(&resolved, "b.csv"), Moves { superseded: 1, ..Moves::default() });
    assert_eq!(findings(&resolved), ["O1: excluded_row", "O2: gone_from_export"]);
    assert_eq!(resolved.findings[0].detail, "corrections.csv:2: asked the owner");
    assert_eq!(resolved.findings[0].position.to_string(), "b.csv:2");
}

#[test]
fn rows_of_rosters_are_meant_by_id_or_place() {
    let rows = || {
        let text = "email | credential | completed_date | role
            a@x.example | X | 2026-01-01 | Sales
            b@x.example | X | 2026-01-01 | Sales";
        vec![export(Completions, "c.csv", "-", text)]
    };
    let excluded =
        corrected(rows(), vec![correction(Completions, id("a@x.example / X / 2026-01-01"), Change::Exclude)]);
    assert_eq!(shown(&excluded, Completions, "person_key"), ["b@x.example"]);
    assert_eq!(moves(&excluded, "c.csv"), Moves { superseded: 1, ..Moves::default() });
    let supplied = corrected(rows(), vec![correction(Completions, at("c.csv", 3), text("email", "d@x.example"))]);
    assert_eq!(shown(&supplied, Completions, "person_key | role"), ["a@x.example | Sales", "d@x.example | Sales"]);
    assert_eq!(provenance(&supplied), ["d@x.example / X / 2026-01-01 email corrections.csv:2"]);
}

#[test]
fn a_correction_that_meets_no_row_is_not_used() {
    let other_partner =
        Correction { partner_id: Some("P9".to_owned()), ..correction(Opportunities, id("O1"), Change::Exclude) };
    let none = vec![
        correction(Opportunities, id("O9"), Change::Exclude),
        correction(Opportunities, at("a.csv", 9), Change::Exclude),
        correction(Completions, id("O1"), Change::Exclude),
        other_partner,
    ];
    let resolved = corrected(two_snapshots(), none);
    assert_eq!(resolved.corrections_used.len(), 0);
    assert_eq!(shown(&resolved, Opportunities, "opportunity_id"), ["O1", "O2"]);
}
