//! What the user states about single rows holds against every file, and is traced.

#[expect(dead_code, reason = "each test file uses a part of it")]
mod support;

use aceq_model::TableId::{Completions, Opportunities};
use aceq_model::{TableId, TypedRows};
use aceq_resolve::{Change, Correction, Moves, Resolved, RowAddress, Scope, Settings};
use arrow::array::{ArrayRef, BooleanArray, Date32Array, Decimal128Array, StringArray};
use std::sync::Arc;
use support::{export, findings, moves, resolved_with, shown};

fn correction(table: TableId, row: RowAddress, change: Change) -> Correction {
    Correction {
        partner_id: None,
        table,
        row,
        scope: Scope::Row,
        row_id: None,
        change,
        file: Arc::from("corrections.csv"),
        line: 2,
        reason: "asked the owner".to_owned(),
        doubts: Vec::new(),
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

fn of_record(table: TableId, row: RowAddress, change: Change) -> Correction {
    Correction { scope: Scope::Record, ..correction(table, row, change) }
}

#[test]
fn a_corrected_record_is_as_old_as_it_was() {
    let rows = || {
        vec![
            export(
                Opportunities,
                "a.csv",
                "2026-01-31",
                "opportunity_id | stage | title\nO1 | Qualified | -\nO2 | - | -",
            ),
            export(Opportunities, "b.csv", "2026-02-28", "opportunity_id | stage\nO1 | Committed\nO2 | -"),
        ]
    };
    let corrections = vec![
        of_record(Opportunities, at("a.csv", 2), text("stage", "Launched")),
        of_record(Opportunities, at("a.csv", 2), text("title", "Asked")),
        of_record(Opportunities, at("a.csv", 3), text("stage", "Launched")),
        of_record(Opportunities, at("b.csv", 3), text("stage", "Qualified")),
    ];
    let resolved = corrected(rows(), corrections);
    // The newer export has another stage for O1, which wins, and no title, so that the corrected one counts.
    assert_eq!(
        shown(&resolved, Opportunities, "opportunity_id | stage | title | furthest_stage_rank | source_file"),
        ["O1 | Committed | Asked | 5 | b.csv", "O2 | Qualified | - | 5 | b.csv"]
    );
    assert_eq!(provenance(&resolved), ["O1 title corrections.csv:2", "O2 stage corrections.csv:2"]);
    assert_eq!(resolved.corrections_used.len(), 4);
}

#[test]
fn a_record_that_is_left_out_leaves_the_other_versions() {
    let resolved = corrected(two_snapshots(), vec![of_record(Opportunities, at("b.csv", 2), Change::Exclude)]);
    assert_eq!(
        shown(&resolved, Opportunities, "opportunity_id | stage | source_file"),
        ["O1 | Qualified | a.csv", "O2 | Launched | a.csv"]
    );
    assert_eq!(moves(&resolved, "a.csv"), Moves::default());
    assert_eq!(moves(&resolved, "b.csv"), Moves { superseded: 1, ..Moves::default() });
    let excluded = resolved.findings.iter().find(|finding| finding.code.code() == "excluded_row").unwrap();
    assert_eq!((excluded.row_id.as_str(), excluded.position.to_string().as_str()), ("O1", "b.csv:2"));
}

#[test]
fn corrected_records_of_older_rosters_are_replaced_with_them() {
    let roster = "person_name | certification | award_date\nAda | X | -\nBo | X | -";
    let rows = || {
        vec![
            export(TableId::Certifications, "a.csv", "2026-01-31", roster),
            export(TableId::Certifications, "b.csv", "2026-02-28", roster),
        ]
    };
    let day = |day: i32| Change::Supply { column: "award_date", value: Arc::new(Date32Array::from(vec![day])) };
    let corrections = vec![
        of_record(TableId::Certifications, at("a.csv", 2), day(1)),
        of_record(TableId::Certifications, at("b.csv", 2), day(2)),
        of_record(TableId::Certifications, at("a.csv", 3), Change::Exclude),
    ];
    let resolved = corrected(rows(), corrections);
    assert_eq!(
        shown(&resolved, TableId::Certifications, "person_name | award_date | source_file"),
        ["Ada | 1970-01-03 | b.csv", "Bo | - | b.csv"]
    );
    assert_eq!(resolved.corrections_used.len(), 3);
    assert_eq!(resolved.provenance.len(), 1);
    assert_eq!(moves(&resolved, "a.csv"), Moves { superseded: 2, ..Moves::default() });
}

#[test]
fn a_place_goes_with_the_id_beside_it_and_means_one_record() {
    let with_id = |row_id: &str, change| Correction {
        row_id: Some(row_id.to_owned()),
        ..correction(Opportunities, at("a.csv", 2), change)
    };
    let wrong = corrected(two_snapshots(), vec![with_id("O2", Change::Exclude), with_id("O9", text("title", "x"))]);
    assert_eq!(wrong.corrections_used.len(), 0);
    assert_eq!(shown(&wrong, Opportunities, "opportunity_id | title"), ["O1 | New", "O2 | -"]);
    let right = corrected(two_snapshots(), vec![with_id("O1", Change::Exclude)]);
    assert_eq!(shown(&right, Opportunities, "opportunity_id"), ["O2"]);

    // The answers about two references stand on one line of a workbook.
    let answers = |correction: Correction| {
        let text = "program | requirement_id | case_study_id | met | source_line
            connect | DOC-001 | C1 | - | 7
            connect | DOC-001 | C2 | - | 7
            connect | DOC-002 | C1 | - | 8";
        corrected(vec![export(TableId::Attestations, "w.xlsx", "2026-01-31", text)], vec![correction])
    };
    let yes = || Change::Supply { column: "met", value: Arc::new(BooleanArray::from(vec![true])) };
    for scope in [Scope::Row, Scope::Record] {
        let correction = |line| Correction { scope, ..correction(TableId::Attestations, at("w.xlsx", line), yes()) };
        assert_eq!(answers(correction(7)).corrections_ambiguous, [0].into());
        assert!(answers(correction(8)).corrections_ambiguous.is_empty());
    }
}

#[test]
fn statements_that_contradict_each_other_are_told_however_they_name_the_row() {
    let contradicting =
        |corrections: Vec<Correction>| corrected(two_snapshots(), corrections).corrections_contradicting;
    let supply = |row, value| correction(Opportunities, row, text("stage", value));
    assert_eq!(contradicting(vec![supply(id("O1"), "Launched"), supply(at("a.csv", 2), "Qualified")]), [(0, 1)].into());
    assert!(contradicting(vec![supply(id("O1"), "Launched"), supply(at("a.csv", 2), "Launched")]).is_empty());
    assert!(contradicting(vec![supply(id("O1"), "Launched"), supply(at("a.csv", 3), "Qualified")]).is_empty());
    let exclude = correction(Opportunities, at("b.csv", 2), Change::Exclude);
    assert_eq!(contradicting(vec![supply(id("O1"), "Launched"), exclude.clone()]), [(0, 1)].into());
    assert!(contradicting(vec![exclude.clone(), exclude]).is_empty());
}

/// Column and place of what is settled.
fn settled(resolved: &Resolved) -> Vec<String> {
    let cell = |cell: &aceq_resolve::SettledCell| format!("{} {}:{}", cell.column.unwrap_or("*"), cell.file, cell.line);
    resolved.settled.iter().map(cell).collect()
}

#[test]
fn what_was_found_is_settled_in_every_version_that_a_correction_means() {
    let stage = || text("stage", "Launched");
    let by_id = corrected(two_snapshots(), vec![correction(Opportunities, id("O1"), stage())]);
    assert_eq!(settled(&by_id), ["stage a.csv:2", "stage b.csv:2"]);
    let left_out = corrected(two_snapshots(), vec![correction(Opportunities, at("b.csv", 2), Change::Exclude)]);
    assert_eq!(settled(&left_out), ["* a.csv:2", "* b.csv:2"]);
    let record = Correction { scope: Scope::Record, ..correction(Opportunities, at("a.csv", 2), stage()) };
    assert_eq!(settled(&corrected(two_snapshots(), vec![record])), ["stage a.csv:2"]);
}

#[test]
fn where_several_records_stand_nothing_is_settled() {
    // One line of a workbook answers about several case studies.
    let rows = |ids: [&str; 2]| {
        let [one, other] = ids.map(|id| format!("case_study_id | title\n{id} | Some"));
        vec![export(TableId::CaseStudies, "c.xlsx", "-", &one), export(TableId::CaseStudies, "c.xlsx", "-", &other)]
    };
    let title = || vec![correction(TableId::CaseStudies, id("A"), text("title", "Another"))];
    let crowded = corrected(rows(["A", "B"]), title());
    assert_eq!((crowded.corrections_used.len(), settled(&crowded)), (1, vec![]));
    let [alone, _] = rows(["A", "B"]).try_into().expect("two");
    assert_eq!(settled(&corrected(vec![alone], title())), ["title c.xlsx:2"]);
}

#[test]
fn rows_that_a_correction_makes_one_are_put_together() {
    let rows = || {
        let roster = "email | person_name | credential | completed_date | role | technical
            ann@x.example | Ann | X | 2026-01-01 | Architect | yes";
        let badges = "person_name | credential | completed_date\nAnn | X | 2026-01-01";
        vec![
            export(Completions, "roster.csv", "2026-01-31", roster),
            export(Completions, "badges.csv", "2026-06-30", badges),
        ]
    };
    let supplied =
        corrected(rows(), vec![correction(Completions, at("badges.csv", 2), text("email", "ann@x.example"))]);
    let columns = "person_key | role | technical | source_file";
    assert_eq!(shown(&supplied, Completions, columns), ["ann@x.example | Architect | true | badges.csv"]);
    let from = ["email corrections.csv:2", "role roster.csv:2", "technical roster.csv:2"];
    assert_eq!(provenance(&supplied), from.map(|cell| format!("ann@x.example / X / 2026-01-01 {cell}")));
    assert_eq!(moves(&supplied, "roster.csv"), Moves { merged: 1, ..Moves::default() });
    // What the user says is stronger than either, and contradicts neither.
    let role = correction(Completions, at("badges.csv", 2), text("role", "Sales"));
    let both = vec![correction(Completions, at("badges.csv", 2), text("email", "ann@x.example")), role];
    assert_eq!(shown(&corrected(rows(), both), Completions, columns), ["ann@x.example | Sales | true | badges.csv"]);
}

#[test]
fn rows_of_one_file_that_a_correction_makes_one_contradict_each_other() {
    let rows = "email | credential | completed_date | technical
        ann@x.example | X | 2026-01-01 | yes
        ann@y.example | X | 2026-01-01 | no";
    let same = correction(Completions, at("c.csv", 3), text("email", "ann@x.example"));
    let resolved = corrected(vec![export(Completions, "c.csv", "-", rows)], vec![same]);
    assert_eq!(shown(&resolved, Completions, "technical"), ["false"]);
    assert_eq!(findings(&resolved), ["ann@x.example / X / 2026-01-01: contradicting_rows"]);
    let detail = &resolved.findings[0].detail;
    assert!(detail.contains("differ in technical") && !detail.contains("email"), "{detail}");
}

#[test]
fn what_was_found_of_a_supplied_value_is_on_its_row() {
    let stage = correction(Opportunities, id("O1"), text("stage", "Launched"));
    let doubts = vec![(aceq_model::FindingCode::DeprecatedValue, "stage: old".to_owned())];
    let resolved = corrected(two_snapshots(), vec![Correction { doubts, ..stage }]);
    assert_eq!(shown(&resolved, Opportunities, "opportunity_id | findings")[0], "O1 | deprecated_value");
    let told = &resolved.findings[0];
    assert_eq!((told.position.to_string(), told.column), ("corrections.csv:2".to_owned(), Some("stage")));
}

#[test]
fn a_supplied_value_of_any_version_is_stronger_than_the_newest() {
    let rows = || {
        let old = "email | credential | completed_date | expiration_date | role
            ann@y.example | X | 2026-01-01 | 2027-01-01 | Sales";
        let new = "email | credential | completed_date | expiration_date\nann@x.example | X | 2026-01-01 | 2028-01-01";
        vec![export(Completions, "a.csv", "2026-01-31", old), export(Completions, "b.csv", "2026-06-30", new)]
    };
    let expiry: ArrayRef = Arc::new(Date32Array::from(vec![21915]));
    let resolved = corrected(
        rows(),
        vec![
            correction(Completions, at("a.csv", 2), text("email", "ann@x.example")),
            correction(Completions, at("a.csv", 2), Change::Supply { column: "expiration_date", value: expiry }),
        ],
    );
    let columns = "person_key | expiration_date | role | source_file";
    assert_eq!(shown(&resolved, Completions, columns), ["ann@x.example | 2030-01-01 | Sales | b.csv"]);
}
