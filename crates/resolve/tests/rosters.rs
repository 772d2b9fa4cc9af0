//! Tables that replace older snapshots, and tables that add up.

#[expect(dead_code, reason = "each test file uses a part of it")]
mod support;

use aceq_model::TableId::{
    Activities, Attestations, CaseStudies, Certifications, Completions, Designations, Offerings,
};
use aceq_resolve::{Moves, Settings};
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
fn the_newest_row_of_a_case_study_stays_whole() {
    let resolved = resolved(vec![
        export(CaseStudies, "a", "2026-01-31", "case_study_id | title | status\nC1 | Old | Pilot\nC2 | Old | Pilot"),
        export(CaseStudies, "b", "2026-06-30", "case_study_id | title\nC1 | New"),
    ]);
    let shown = shown(&resolved, CaseStudies, "case_study_id | title | status");
    assert_eq!(shown, ["C1 | New | -", "C2 | Old | Pilot"]);
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
