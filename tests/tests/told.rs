//! What is told of people, partners and answers, and what is told no more.

use aceq_store::Dataset;
use aceq_tests::exports::{HEADER, findings, folder, ingest, stages, text};
use aceq_tests::program;
use arrow::array::AsArray;
use std::fs;

#[test]
fn a_rejected_record_leaves_its_findings_behind() {
    let exports = folder(&[("deals.csv", &format!("{HEADER}L123,Launched,Foo,500\nO2,Launched,Bar,500\n"))]);
    let out = tempfile::tempdir().expect("a folder for the test");
    let dataset = out.path().join("dataset");
    assert_eq!(ingest(exports.path(), &dataset, &[]).0, Some(0));
    assert_eq!(findings(&dataset), ["L123 - lead_among_opportunities"]);
    let list = fs::read_to_string(dataset.join("quality/rejects.csv")).expect("rejects.csv");
    let corrected = |by: &str| {
        let path = out.path().join("corrected.csv");
        let list =
            list.lines().map(|line| line.replace("500\",,", &format!("500\",{by},x")) + "\n").collect::<String>();
        fs::write(&path, list).expect("the folder takes files");
        let (code, said) = ingest(exports.path(), &dataset, &["--corrections", text(&path), "--strict"]);
        assert_eq!(code, Some(0), "{list} {said}", list = fs::read_to_string(&path).unwrap_or_default());
        findings(&dataset)
    };
    assert!(list.contains("L123") && list.lines().count() == 2, "{list}");
    assert_eq!(corrected("exclude"), [" - excluded_row"]);
    assert_eq!(corrected("\"O1,Launched,Foo,55.1234\""), ["O1 mrr_usd amount_truncated", "O1 - supplied_record"]);
}

#[test]
fn a_second_copy_is_not_told_of_twice() {
    let rows = format!("{HEADER}O1,Nearly,Foo,plenty\nL2,Launched,Bar,500\n");
    let exports = folder(&[("2026-06-30/deals.csv", &rows), ("2026-06-30/deals (1).csv", &rows)]);
    let out = tempfile::tempdir().expect("a folder for the test");
    let dataset = out.path().join("dataset");
    let (code, said) = ingest(exports.path(), &dataset, &[]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(findings(&dataset), ["L2 - lead_among_opportunities", "O1 stage unknown_value"]);
    let list = fs::read_to_string(dataset.join("quality/rejects.csv")).expect("rejects.csv");
    assert_eq!(list.lines().count(), 3, "{list}");
}

#[test]
fn placeholders_are_nobody_and_one_mailbox_is_told() {
    let header = "Person,Email,Technical,Badge,Completed Date\n";
    let row = |person: &str, email: &str| format!("{person},{email},Yes,Amazon Connect Fundamentals,2026-01-05\n");
    let rows = [
        ("Ann Lee", "n/a"),
        ("Bob Ray", "-"),
        ("TBD", "none"),
        ("Cy Ode", "mailto:Cy@x.example"),
        ("Dee Moe", "dee home"),
    ];
    let team = [("Eve Fox", "info@x.example"), ("Gus Hay", "info@x.example"), ("Ann Lee", "ann@x.example")];
    let all: String = rows.iter().chain(&team).map(|(person, email)| row(person, email)).collect();
    let exports = folder(&[("roster.csv", &format!("{header}{all}"))]);
    let out = tempfile::tempdir().expect("a folder for the test");
    let dataset = out.path().join("dataset");
    let (code, said) = ingest(exports.path(), &dataset, &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("bad_email"), "{said}");
    let buckets = Dataset::open(&dataset).expect("a dataset");
    let people = buckets.buckets().flat_map(|bucket| {
        let rows = bucket.expect("a bucket").table(aceq_model::TableId::Completions).expect("completions").clone();
        rows["person_key"].as_string::<i32>().iter().map(|key| key.unwrap_or("-").to_owned()).collect::<Vec<_>>()
    });
    let mut people: Vec<String> = people.collect();
    people.sort();
    let expected = ["-", "ann lee", "ann@x.example", "bob ray", "cy@x.example", "dee moe", "info@x.example"];
    assert_eq!(people, expected);
    let told: std::collections::BTreeSet<String> =
        findings(&dataset).into_iter().filter_map(|one| Some(one.rsplit_once(' ')?.1.to_owned())).collect();
    for code in ["placeholder_person", "maybe_same_person", "contradicting_rows"] {
        assert!(told.contains(code), "{told:?}");
    }
}

#[test]
fn a_report_whose_partners_no_other_file_names_is_told() {
    let report = "ACE Opportunity Type,Partner Account,APN Opportunity Identifier,APN Partner Reported Stage\nPartner Sourced Opportunity,Acme Cloud,O1,Launched\n";
    let deals = format!("{HEADER}O1,Launched,Foo,500\n");
    let exports = folder(&[("2026-06-30/report.csv", report), ("2026-06-30/deals.csv", &deals)]);
    let out = tempfile::tempdir().expect("a folder for the test");
    let found = |more: &[&str]| {
        let dataset = out.path().join("dataset");
        let (code, said) = ingest(exports.path(), &dataset, more);
        assert_eq!(code, Some(0), "{said}");
        findings(&dataset)
    };
    assert_eq!(found(&["--partner-id", "P-1"]), [" partner_id unmatched_partners"]);
    assert_eq!(found(&["--partner-id", "Acme Cloud"]), [""; 0]);
    // A list of nothing but ids and names tells who is who.
    fs::write(exports.path().join("who.csv"), "Partner Id,Name\nP-1,Acme Cloud\n").expect("the folder takes files");
    assert_eq!(found(&[]), [""; 0]);
    assert_eq!(stages(&out.path().join("dataset")), ["O1 Launched"]);
}

#[test]
fn answers_that_no_checklist_asks_for_are_told() {
    let answers = "Program,Requirement,Met,Partner Id\nsmb,PEO-002,yes,P1\nsmb,PEO-02,yes,P1\nsmb,PEO-02,yes,P2\n";
    let exports = folder(&[("answers.csv", answers)]);
    let said = |more: &[&str]| {
        let output = program::run(&[&["assess", text(exports.path()), "--as-of", "2026-03-31"], more].concat());
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let all = said(&[]);
    let line = "warning: 2 answer(s) count for nothing: program smb has no requirement `PEO-02` (did you mean `PEO-002`?); first at answers.csv:3";
    assert!(all.contains(line), "{all}");
    assert!(!all.contains("`PEO-002` ("), "{all}");
    // The other program's requirements are asked as well when only one program is looked at.
    assert!(said(&["--program", "data-analytics"]).contains("2 answer(s) count for nothing"));
    assert!(said(&["--partner", "P1"]).contains("1 answer(s) count for nothing"));
}

#[test]
fn a_list_of_names_replaces_no_list_of_partners() {
    let full = "Partner Id,Name,Path,Path Stage,Tier\nP-1,Acme Cloud,Services,Validated,Advanced\n";
    let names = "Partner Id,Name\nP-1,Acme Cloud Inc\n";
    let exports = folder(&[("2026-05-01/partners.csv", full), ("2026-06-01/names.csv", names)]);
    let out = tempfile::tempdir().expect("a folder for the test");
    let dataset = out.path().join("dataset");
    let (code, said) = ingest(exports.path(), &dataset, &[]);
    assert_eq!(code, Some(0), "{said}");
    let buckets = Dataset::open(&dataset).expect("a dataset");
    let tiers: Vec<String> = buckets
        .buckets()
        .flat_map(|bucket| {
            let rows = bucket.expect("a bucket").table(aceq_model::TableId::Partners).expect("partners").clone();
            rows["tier"].as_string::<i32>().iter().map(|tier| tier.unwrap_or("-").to_owned()).collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(tiers, ["Advanced"]);
}
