//! What looks well and is not: each of these was, or would be, a "met" that is not true.

use aceq_tests::exports::{HEADER, findings, folder, ingest, stages, text};
use aceq_tests::program;
use std::fs;
use std::path::Path;

/// The findings and the messages of these files.
fn told(files: &[(&str, &str)], more: &[&str]) -> (Vec<String>, String) {
    let exports = folder(files);
    let out = tempfile::tempdir().expect("a folder for the test");
    let dataset = out.path().join("dataset");
    let (code, said) = ingest(exports.path(), &dataset, more);
    assert_eq!(code, Some(0), "{said}");
    (findings(&dataset), said)
}

/// Lines of `aceq assess` as CSV that are about these requirements: id and status.
fn statuses(exports: &Path, program: &str, ids: &[&str]) -> Vec<String> {
    let args = ["assess", text(exports), "--program", program, "--as-of", "2026-11-20", "--format", "csv"];
    let output = program::run(&args);
    let lines = String::from_utf8(output.stdout).expect("CSV is text");
    let cells = lines.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let wanted = cells.filter(|cells| ids.contains(&cells[3]) && cells[4] == "adopted");
    wanted.map(|cells| format!("{} {}", cells[3], cells[6])).collect()
}

#[test]
fn rows_between_two_lonely_quotes_are_read() {
    let header = "Opportunity Id,Stage,Customer Company Name,Partner Project Title,Country\n";
    let row = |at: u32, title: &str| format!("O{at},Launched,Acme {at},{title},Germany\n");
    let rows = [row(1, "Roof"), row(2, "\"Wall"), row(3, "Door"), row(4, "Screen 13\""), row(5, "Lamp")].concat();
    let exports = folder(&[("deals.csv", &format!("{header}{rows}"))]);
    let out = tempfile::tempdir().expect("a folder for the test");
    let dataset = out.path().join("dataset");
    let (code, said) = ingest(exports.path(), &dataset, &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("open_quote  deals.csv:3"), "{said}");
    assert_eq!(stages(&dataset), ["O1 Launched", "O3 Launched", "O4 Launched", "O5 Launched"]);
}

#[test]
fn customers_that_are_nobody_or_several_are_no_customer() {
    let deals = format!("{HEADER}O1,Launched,TBD,500\nO2,Launched,Nova; Acme,500\nO3,Launched,Acme,500\n");
    let (found, said) = told(&[("deals.csv", &deals)], &[]);
    assert_eq!(found, ["O1 customer_name placeholder_customer"]);
    assert!(said.contains("several_customers  deals.csv:3"), "{said}");
}

#[test]
fn a_launch_that_moves_back_into_the_window_is_told() {
    let header = "Opportunity Id,Stage,Customer Company Name,Target Close Date\n";
    let day = |target: &str| format!("{header}O1,Launched,Foo,{target}\nO2,Launched,Bar,2026-01-10\n");
    let (before, after) = (day("2023-05-01"), day("2026-05-01"));
    let files = [("2026-01-31/deals.csv", before.as_str()), ("2026-06-30/deals.csv", after.as_str())];
    assert_eq!(told(&files, &[]).0, ["O1 - launch_moved"]);
}

#[test]
fn partners_that_a_newer_list_leaves_out_are_told() {
    let header = "Partner Id,User Name,Work Email,Certificate Name,Certificate Level,Award Date,Expiration Date\n";
    let row = |partner: &str, person: &str| {
        format!(
            "{partner},{person},{person}@x.example,AWS Certified Cloud Practitioner,Foundational,2025-01-01,2028-01-01\n"
        )
    };
    let old = [header, &row("P-1", "ann"), &row("P-2", "bob")].concat();
    let new = [header, &row("P-2", "bob")].concat();
    let files = |new: &'static str| [("2025-09-30/list.csv", old.as_str()), ("2026-09-30/list.csv", new)];
    assert_eq!(told(&files(new.leak()), &[]).0, [" - gone_from_list"]);
    assert_eq!(told(&files(header), &[]).0, [" - gone_from_list", " - gone_from_list"]);
    // Each partner's own list says nothing of the other's.
    let (ann, bob) = ([header, &row("P-1", "ann")].concat(), [header, &row("P-2", "bob")].concat());
    let own = [("2025-09-30/one.csv", ann.as_str()), ("2026-09-30/other.csv", bob.as_str())];
    assert_eq!(told(&own, &[]).0, [""; 0]);
}

#[test]
fn a_list_of_customers_that_overrules_the_segment_is_told() {
    let deals = "Opportunity Id,Stage,Customer Company Name,Segment\nO1,Launched,Foo,Enterprise\nO2,Launched,Bar,SMB\n";
    let list = "Customer,Segment\nFoo,SMB\nBar,SMB\n";
    assert_eq!(told(&[("deals.csv", deals), ("list.csv", list)], &[]).0, ["O1 - segment_disagrees"]);
}

#[test]
fn case_studies_of_one_id_in_other_letters_are_told() {
    let header = "Case Study Id,Customer,Status\n";
    let files = [
        ("2026-03-31/cases.csv", format!("{header}CS-1,Foo,Production\n")),
        ("2026-06-30/cases.csv", format!("{header}cs-1,Foo,Pilot\nCS-2,Bar,Production\n")),
    ];
    let files = files.each_ref().map(|(name, text)| (*name, text.as_str()));
    let found = told(&files, &[]).0;
    assert!(found.contains(&"CS-1 - similar_case_studies".to_owned()), "{found:?}");
    assert!(found.contains(&"cs-1 - similar_case_studies".to_owned()), "{found:?}");
    assert!(!found.iter().any(|one| one.starts_with("CS-2 - similar")), "{found:?}");
}

#[test]
fn what_is_planned_or_revoked_is_not_held() {
    let header = "User Name,Work Email,Certificate Name,Award Date,Expiration Date,Status\n";
    let row = |name: &str, status: &str| format!("Ann,ann@x.example,{name},2025-01-01,2028-01-01,{status}\n");
    let holder = |row: String| {
        let exports = folder(&[("list.csv", &format!("{header}{row}"))]);
        statuses(exports.path(), "smb", &["PEO-002.holder"])
    };
    let name = "AWS Certified Solutions Architect - Professional";
    assert_eq!(holder(row(name, "Active")), ["PEO-002.holder met"]);
    assert_eq!(holder(row(&format!("{name} (SAP-C02)"), "")), ["PEO-002.holder met"]);
    assert_ne!(holder(row(&format!("{name} (failed; retake booked)"), "Active")), ["PEO-002.holder met"]);
    assert_ne!(holder(row(name, "Revoked")), ["PEO-002.holder met"]);
}

#[test]
fn another_competency_waives_only_where_its_name_says_services() {
    let status = |name: &str| {
        let list =
            format!("Designation,Designation Type,Achieved Date,Expiration Date\n{name},Competency,2026-03-01,\n");
        let exports = folder(&[("list.csv", &list)]);
        statuses(exports.path(), "smb", &["POV-001"])
    };
    assert_eq!(status("AWS Security Services Competency"), ["POV-001 waived"]);
    assert_eq!(status("AWS Security Consulting Competency"), ["POV-001 waived"]);
    for name in ["AWS Security Competency", "Security", "AWS Security Competency (Software)", "AWS SMB Competency"] {
        assert_eq!(status(name), ["POV-001 unknown"], "{name}");
    }
}

#[test]
fn the_most_exact_name_decides_the_day() {
    let deals = |stage: &str| format!("{HEADER}O1,{stage},Foo,500\n");
    let (old, new) = (deals("Launched"), deals("Closed Lost"));
    let settings = "[snapshots]\n\"export.csv\" = 2026-06-30\n\"q3/export.csv\" = 2026-09-30\n";
    let exports = folder(&[("in/q2/export.csv", &old), ("in/q3/export.csv", &new), ("aceq.toml", settings)]);
    let out = tempfile::tempdir().expect("a folder for the test");
    let (dataset, config) = (out.path().join("dataset"), exports.path().join("aceq.toml"));
    let (code, said) = ingest(&exports.path().join("in"), &dataset, &["--config", text(&config)]);
    assert_eq!((code, stages(&dataset)), (Some(0), vec!["O1 Closed Lost".to_owned()]), "{said}");
}

#[test]
fn names_that_meet_nobody_or_contradict_each_other_end_the_run() {
    let deals = format!("{HEADER}O1,Launched,Foo,500\nO2,Launched,Bar,500\n");
    let exports = folder(&[("in/deals.csv", &deals)]);
    let out = tempfile::tempdir().expect("a folder for the test");
    let config = exports.path().join("aceq.toml");
    let said = |statements: &[(&str, &str, &str)]| {
        let text_of = |(kind, left, right): &(&str, &str, &str)| {
            format!("[[{kind}]]\nleft = \"{left}\"\nright = \"{right}\"\nreason = \"x\"\n")
        };
        fs::write(&config, statements.iter().map(text_of).collect::<String>()).expect("the folder takes files");
        ingest(&exports.path().join("in"), &out.path().join("dataset"), &["--config", text(&config)])
    };
    assert_eq!(said(&[("same", "Foo", "Bar")]).0, Some(0));
    let (code, unmet) = said(&[("same", "Foo", "Baz")]);
    assert!(code == Some(2) && unmet.contains("`Foo` and `Baz` (x)"), "{unmet}");
    let (code, both) = said(&[("same", "Foo", "Bar"), ("different", "bar", "Foo")]);
    assert!(code == Some(2) && both.contains("`bar` and `Foo`"), "{both}");
}

#[test]
fn what_a_dataset_was_not_made_with_is_told() {
    let deals = format!("{HEADER}O1,Launched,Foo,500\n");
    let exports = folder(&[("in/deals.csv", &deals), ("aceq.toml", "[snapshots]\n\"deals.csv\" = 2026-06-30\n")]);
    let out = tempfile::tempdir().expect("a folder for the test");
    let (dataset, config) = (out.path().join("dataset"), exports.path().join("aceq.toml"));
    assert_eq!(ingest(&exports.path().join("in"), &dataset, &[]).0, Some(0));
    let said = |more: &[&str]| {
        let args = [&["assess", text(&dataset), "--as-of", "2026-11-20"], more].concat();
        String::from_utf8_lossy(&program::run(&args).stderr).into_owned()
    };
    let note = "note: `snapshots` of the settings was not used";
    assert!(said(&["--config", text(&config)]).contains(note));
    assert!(!said(&[]).contains("of the settings"));
}
