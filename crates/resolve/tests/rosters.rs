//! Tables that replace older snapshots, and tables that add up.

#[expect(dead_code, reason = "each test file uses a part of it")]
mod support;

use aceq_model::FindingCode;
use aceq_model::TableId::{
    Activities, Attestations, CaseStudies, Certifications, Completions, Customers, Designations, Offerings, Partners,
    Personnel,
};
use aceq_resolve::{Change, Correction, Moves, ProvenanceRow, RowAddress, Scope, Settings};
use arrow::array::StringArray;
use std::sync::Arc;
use support::{export, findings, moves, resolved, resolved_with, shown};

const CERTIFICATION: &str = "person_name | email | certification | award_date | masked";

#[test]
fn the_newest_roster_of_a_partner_replaces_older_ones() {
    let header = "partner_id | designation | achieved_date";
    let resolved = resolved(vec![
        export(Designations, "old", "2026-01-31", &format!("{header}\nP1 | Lost | 2020-01-01\nP2 | Kept | 2020-01-01")),
        export(Designations, "undated", "-", &format!("{header}\nP1 | Undated | 2020-01-01")),
        export(Designations, "new", "2026-06-30", &format!("{header}\nP1 | Held | 2020-01-01")),
        export(
            Designations,
            "part",
            "2026-06-30",
            &format!("{header}\nP1 | Also | 2020-01-01\nP1 | Held | 2020-01-01"),
        ),
    ]);
    let shown = shown(&resolved, Designations, "partner_id | designation | source_file");
    assert_eq!(shown, ["P1 | Also | part", "P1 | Held | part", "P2 | Kept | old"]);
    for (file, superseded) in [("old", 1), ("undated", 1), ("new", 1), ("part", 0)] {
        assert_eq!(moves(&resolved, file), Moves { superseded, ..Moves::default() }, "{file}");
    }
}

#[test]
fn a_roster_without_rows_replaces_too() {
    let old = || export(Offerings, "old", "2026-01-31", "title\nAnything");
    let empty = || export(Offerings, "new", "2026-06-30", "title");
    let settings = Settings { default_partner: Some("self".to_owned()), ..Settings::default() };
    assert_eq!(shown(&resolved_with(vec![old(), empty()], &settings), Offerings, "title"), [""; 0]);
    assert_eq!(shown(&resolved(vec![old(), empty()]), Offerings, "title"), ["Anything"], "whose it is is not known");
}

#[test]
fn masked_people_are_never_repeated_rows() {
    let rows = "xxxxxx | xxxxxx | AWS Certified AI Practitioner | 2025-01-01 | yes
        xxxxxx | xxxxxx | AWS Certified AI Practitioner | 2025-01-01 | yes
        Ana | ana@a.example | AWS Certified AI Practitioner | 2025-01-01 | no
        Ana | ana@a.example | AWS Certified AI Practitioner | 2025-01-01 | no";
    let resolved = resolved(vec![export(Certifications, "a", "-", &format!("{CERTIFICATION}\n{rows}"))]);
    assert_eq!(shown(&resolved, Certifications, "person_key | source_line"), ["- | 2", "- | 3", "ana@a.example | 5"]);
    assert_eq!(moves(&resolved, "a").superseded, 1);
}

#[test]
fn completions_add_up_and_the_newest_of_a_repeated_one_stays() {
    let header = "email | credential | completed_date | role";
    let resolved = resolved(vec![
        export(
            Completions,
            "a",
            "2026-01-31",
            &format!("{header}\nANA@a.example | X | 2025-01-01 | Sales\nbo@a.example | X | 2025-01-01 | Sales"),
        ),
        export(
            Completions,
            "b",
            "2026-06-30",
            &format!("{header}\nana@a.example | X | 2025-01-01 | Engineer\nana@a.example | X | 2025-01-02 | Engineer"),
        ),
    ]);
    assert_eq!(
        shown(&resolved, Completions, "person_key | completed_date | role"),
        [
            "ana@a.example | 2025-01-01 | Engineer",
            "ana@a.example | 2025-01-02 | Engineer",
            "bo@a.example | 2025-01-01 | Sales"
        ]
    );
    assert_eq!(moves(&resolved, "a").superseded, 1);
}

#[test]
fn a_case_study_has_each_column_from_the_newest_file_that_has_it() {
    let resolved = resolved(vec![
        export(CaseStudies, "a", "2026-01-31", "case_study_id | title | status\nC1 | Old | Pilot\nC2 | Old | Pilot"),
        export(CaseStudies, "b", "2026-06-30", "case_study_id | title\nC1 | New"),
    ]);
    let shown = shown(&resolved, CaseStudies, "case_study_id | title | status");
    assert_eq!(shown, ["C1 | New | Pilot", "C2 | Old | Pilot"]);
    assert_eq!(moves(&resolved, "a"), Moves { merged: 1, ..Moves::default() });
    let from =
        |row: &ProvenanceRow| format!("{} {} {}:{}", row.row_id, row.column_name, row.source_file, row.source_line);
    assert_eq!(resolved.provenance.iter().map(from).collect::<Vec<_>>(), ["C1 status a:2"]);
}

#[test]
fn an_activity_is_told_once() {
    let header = "activity_type | title | url | activity_date | practice | person_name";
    let rows = "Practice Lead Event | Meetup | - | 2026-01-01 | Amazon Connect | Ana
        Practice Lead Event | Meetup | https://m.example | 2026-01-01 | Amazon Connect | Ana
        Practice Lead Event | Meetup | - | 2026-01-01 | Amazon Connect | Bo";
    let resolved = resolved(vec![export(Activities, "a", "-", &format!("{header}\n{rows}"))]);
    assert_eq!(shown(&resolved, Activities, "person_name | url"), ["Bo | -", "Ana | https://m.example"]);
}

#[test]
fn answers_that_disagree_are_both_kept() {
    let header = "program | requirement_id | case_study_id | met | answer_date | evidence";
    let rows = "smb | PEO-001 | * | yes | 2026-01-01 | wiki
        smb | PEO-001 | * | yes | 2026-01-01 | intranet
        smb | PEO-001 | * | no | 2026-01-01 | -
        smb | PEO-002 | * | yes | 2026-01-01 | -
        smb | PEO-002 | * | no | 2026-01-02 | -";
    let resolved = resolved(vec![export(Attestations, "a", "-", &format!("{header}\n{rows}"))]);
    assert_eq!(
        shown(&resolved, Attestations, "requirement_id | met | evidence | findings"),
        [
            "PEO-001 | false | - | answers_disagree",
            "PEO-001 | true | intranet | answers_disagree",
            "PEO-002 | true | - | []",
            "PEO-002 | false | - | []",
        ]
    );
    assert_eq!(
        findings(&resolved),
        ["smb / PEO-001 / * / 2026-01-01: answers_disagree", "smb / PEO-001 / * / 2026-01-01: answers_disagree"]
    );
}

#[test]
fn a_blank_of_a_newer_file_is_what_it_says() {
    let resolved = resolved(vec![
        export(CaseStudies, "a", "2026-01-31", "case_study_id | status\nC1 | Pilot"),
        export(CaseStudies, "b", "2026-06-30", "case_study_id | status\nC1 | -"),
    ]);
    assert_eq!(shown(&resolved, CaseStudies, "status"), ["-"]);
    assert_eq!(moves(&resolved, "a"), Moves { superseded: 1, ..Moves::default() });
}

#[test]
fn what_is_stated_of_an_older_version_holds_for_the_row() {
    let files = || {
        vec![
            export(CaseStudies, "a", "2026-01-31", "case_study_id | status\nC1 | Pilot\nC2 | Pilot"),
            export(CaseStudies, "b", "2026-06-30", "case_study_id | status\nC1 | Pilot\nC2 | Pilot"),
        ]
    };
    let stated = |change: Change| Correction {
        partner_id: None,
        table: CaseStudies,
        row: RowAddress::At { file: "a".to_owned(), sheet: String::new(), line: 2 },
        scope: Scope::Row,
        row_id: None,
        change,
        file: Arc::from("c.csv"),
        line: 2,
        reason: "asked the owner".to_owned(),
        doubts: Vec::new(),
    };
    let with = |change: Change| Settings { corrections: vec![stated(change)], ..Settings::default() };
    let production = Arc::new(StringArray::from(vec!["Production"]));
    let supplied = resolved_with(files(), &with(Change::Supply { column: "status", value: production }));
    assert_eq!(shown(&supplied, CaseStudies, "case_study_id | status"), ["C1 | Production", "C2 | Pilot"]);
    assert_eq!(supplied.provenance.iter().map(|row| row.row_id.to_string()).collect::<Vec<_>>(), ["C1"]);
    let excluded = resolved_with(files(), &with(Change::Exclude));
    assert_eq!(shown(&excluded, CaseStudies, "case_study_id"), ["C2"]);
}

#[test]
fn a_list_that_has_become_much_shorter_is_told() {
    let header = "customer_name | segment";
    let list = |day, rows: &str| export(Customers, day, day, &format!("{header}\n{rows}"));
    let long = || list("2026-01-31", "A | SMB\nB | SMB\nC | SMB");
    assert_eq!(findings(&resolved(vec![long(), list("2026-06-30", "D | SMB")])), [": smaller_roster"]);
    assert_eq!(findings(&resolved(vec![long(), list("2026-06-30", "A | SMB\nB | SMB")])), [""; 0]);
}

#[test]
fn rows_with_one_key_that_differ_are_told() {
    let partners = "path | valid_from | tier\nServices | 2024-01-01 | Advanced\nServices | 2024-01-01 | Select";
    let twice = "email | credential | completed_date | role
        ana@a.example | X | 2025-01-01 | Sales
        ana@a.example | X | 2025-01-01 | Engineer";
    let certified = "email | certification | award_date | level
        ana@a.example | Y | 2025-01-01 | Associate
        ana@a.example | Y | 2025-01-01 | Professional
        bo@a.example | Y | 2025-01-01 | Associate
        bo@a.example | Y | 2025-01-01 | Associate";
    for (table, text, rows) in [(Partners, partners, 2), (Completions, twice, 1), (Certifications, certified, 3)] {
        let resolved = resolved(vec![export(table, "a", "2026-01-31", text)]);
        let told: Vec<_> = resolved.findings.iter().map(|finding| finding.code).collect();
        assert_eq!(told, [FindingCode::ContradictingRows], "{table:?}");
        assert_eq!(shown(&resolved, table, "source_line").len(), rows, "{table:?}");
    }
}

#[test]
fn somebody_named_with_and_without_an_address() {
    let resolved = resolved(vec![
        export(Completions, "a", "-", "person_name | email | credential | completed_date\nAna Bo | - | X | 2025-01-01"),
        export(
            Certifications,
            "b",
            "-",
            "person_name | email | certification | award_date\nANA  BO | ana@a.example | Y | 2025-01-01",
        ),
    ]);
    assert_eq!(findings(&resolved), ["ana bo / X / 2025-01-01: maybe_same_person"]);
}

#[test]
fn answers_about_case_studies_that_nobody_lists() {
    let answers = || {
        let rows = "smb | A-1 | C1 | yes\nsmb | A-1 | C9 | yes\nsmb | A-2 | C9 | yes\nsmb | A-3 | * | yes";
        export(Attestations, "a", "-", &format!("program | requirement_id | case_study_id | met\n{rows}"))
    };
    let listed = export(CaseStudies, "b", "-", "case_study_id\nC1");
    let told: Vec<_> =
        resolved(vec![answers(), listed]).findings.iter().map(|finding| finding.detail.clone()).collect();
    assert_eq!(told, ["no list of case studies has `C9`"]);
    assert_eq!(findings(&resolved(vec![answers()])), [""; 0]);
}

fn supplied(line: i64, column: &'static str, value: &str) -> Correction {
    Correction {
        partner_id: None,
        table: Completions,
        row: RowAddress::At { file: "a".to_owned(), sheet: String::new(), line },
        scope: Scope::Row,
        row_id: None,
        change: Change::Supply { column, value: Arc::new(StringArray::from(vec![value])) },
        file: Arc::from("c.csv"),
        line: line as u64,
        reason: "asked".to_owned(),
        doubts: Vec::new(),
    }
}

#[test]
fn a_corrected_row_takes_no_row_along_that_was_replaced_before() {
    // Lines 3 and 4 are one row; the correction of line 4 gives that row another name, and line 2 gets the name it had.
    let text = "person_name | credential | completed_date\nA | X | 2025-01-31\nB | X | 2025-01-31\nB | X | 2025-01-31";
    let corrections = vec![supplied(2, "person_name", "B"), supplied(4, "person_name", "C")];
    let settings = Settings { corrections, ..Settings::default() };
    let resolved = resolved_with(vec![export(Completions, "a", "-", text)], &settings);
    assert_eq!(shown(&resolved, Completions, "person_name | source_line"), ["B | 2", "C | 4"]);
}

#[test]
fn a_line_of_a_whole_list_means_that_line() {
    let text = "person_name | practice | start_date\nMax | SAP | 2025-01-01\nMax | SAP | 2025-01-01";
    let correct = |change: Change| {
        let correction = Correction { table: Personnel, change, ..supplied(2, "email", "max@a.example") };
        Settings { corrections: vec![correction], ..Settings::default() }
    };
    let resolve = |change: Change| resolved_with(vec![export(Personnel, "a", "-", text)], &correct(change));
    let email = Change::Supply { column: "email", value: Arc::new(StringArray::from(vec!["max@a.example"])) };
    assert_eq!(shown(&resolve(email), Personnel, "person_key"), ["max", "max@a.example"]);
    assert_eq!(shown(&resolve(Change::Exclude), Personnel, "person_key"), ["max"]);
}

#[test]
fn statements_about_two_versions_of_one_row_may_contradict_each_other() {
    let text = "person_name | credential | completed_date\nA | X | 2025-01-31\nA | X | 2025-01-31";
    let corrections = vec![supplied(2, "role", "Sales"), supplied(3, "role", "Engineer")];
    let settings = Settings { corrections, ..Settings::default() };
    let resolved = resolved_with(vec![export(Completions, "a", "-", text)], &settings);
    assert_eq!(resolved.corrections_contradicting.into_iter().collect::<Vec<_>>(), [(0, 1)]);
}
