//! `aceq diff` on published datasets: what it says does not depend on how rows are clustered, and corrections are named.

use aceq_model::{AsOf, Bucket};
use aceq_store::{Prepared, RunFacts};
use aceq_tests::mutated::mutated;
use aceq_tests::pipeline::split;
use aceq_tests::program::{run, stdout};
use aceq_tests::world::read_generated;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// Publishes the rows in so many buckets.
fn publish(bucket: &Bucket, buckets: u32, as_of: &[&str], out: &Path) {
    let mut prepared = Prepared::create(out, buckets).expect("a folder");
    let parts = split(bucket, buckets);
    parts.iter().for_each(|part| prepared.write_bucket(part).expect("a bucket can be written"));
    let facts = RunFacts {
        tool_version: "0.1.0".to_owned(),
        inputs: Vec::new(),
        checklists: Vec::new(),
        as_of: as_of.iter().map(|date| date.parse::<AsOf>().expect("a date")).collect(),
        settings: json!({}),
    };
    prepared.publish(facts, &json!({})).expect("a dataset can be published");
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

fn requirements(before: &Path, after: &Path) -> Value {
    let dates = ["--as-of-a", "2026-09-30", "--as-of-b", "2026-12-31", "--format", "json"];
    let json = stdout(&[&["diff", text(before), text(after)][..], &dates].concat());
    let mut diff: Value = serde_json::from_str(&json).expect("JSON");
    diff["requirements"].take()
}

#[test]
fn however_the_two_datasets_are_clustered() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let bucket = read_generated(9, 40, 21).bucket;
    let later = mutated(&bucket, 5, 20);
    let mut answers = Vec::new();
    for (before, after) in [(1, 1), (4, 4), (7, 3), (3, 7), (1, 16)] {
        let (a, b) = (folder.path().join(format!("a{before}")), folder.path().join(format!("b{after}")));
        publish(&bucket, before, &[], &a);
        publish(&later, after, &[], &b);
        answers.push(requirements(&a, &b));
    }
    let count = answers[0].as_array().map_or(0, Vec::len);
    assert!(count > 50, "{count} requirements changed");
    assert!(answers.iter().all(|answer| *answer == answers[0]), "the same answer for any number of buckets");
}

#[test]
fn partners_of_one_side_alone_are_told_and_compared_with_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let bucket = read_generated(6, 40, 22).bucket;
    let few = Bucket { partners: bucket.partners[..2].to_vec(), tables: bucket.tables.clone() };
    let (a, b) = (folder.path().join("a"), folder.path().join("b"));
    // `split` keeps rows by the hash of their partner, so the rows of the others go as well.
    let few = Bucket { tables: only(&few), partners: few.partners };
    publish(&few, 1, &[], &a);
    publish(&bucket, 5, &[], &b);
    for (before, after, word) in [(&a, &b, "after"), (&b, &a, "before")] {
        let json = stdout(&["diff", text(before), text(after), "--as-of", "2026-11-20", "--format", "json"]);
        let diff: Value = serde_json::from_str(&json).expect("JSON");
        let told = diff["differences"].to_string();
        assert!(told.contains(&format!("partners only {word}: ")), "{told}");
        let compared = diff["requirements"].as_array().expect("a list");
        let known: Vec<&str> = few.partners.iter().map(String::as_str).collect();
        let alone = |row: &&Value| !known.contains(&row["partner_id"].as_str().expect("a text"));
        assert!(compared.iter().all(|row| alone(&row)), "those of both sides have not changed");
        assert!(compared.iter().any(|row| row["requirement_id"] == "4.2"));
    }
}

/// The tables with the rows of the bucket's own partners alone.
fn only(bucket: &Bucket) -> std::collections::BTreeMap<aceq_model::TableId, arrow::array::RecordBatch> {
    use arrow::array::{AsArray, BooleanArray};
    let keep = |batch: &arrow::array::RecordBatch| {
        let partners = batch["partner_id"].as_string::<i32>();
        let mask: BooleanArray =
            partners.iter().map(|p| Some(p.is_some_and(|p| bucket.partners.iter().any(|own| own == p)))).collect();
        arrow::compute::filter_record_batch(batch, &mask).expect("the mask has the batch's length")
    };
    bucket.tables.iter().map(|(table, batch)| (*table, keep(batch))).collect()
}

#[test]
fn dates_default_to_the_newest_of_each_dataset() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let bucket = read_generated(1, 30, 23).bucket;
    let (a, b, c) = (folder.path().join("a"), folder.path().join("b"), folder.path().join("c"));
    publish(&bucket, 1, &["2026-06-30", "2026-09-30"], &a);
    publish(&bucket, 1, &["2026-12-31"], &b);
    publish(&bucket, 1, &[], &c);
    let diff: Value = serde_json::from_str(&stdout(&["diff", text(&a), text(&b), "--format", "json"])).expect("JSON");
    assert_eq!((&diff["before"]["as_of"], &diff["after"]["as_of"]), (&json!("2026-09-30"), &json!("2026-12-31")));
    let refused = run(&["diff", text(&a), text(&c)]);
    assert_eq!(refused.status.code(), Some(2));
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(told.contains("add --as-of-b DATE, or --as-of DATE for both sides"), "{told}");
}

#[test]
fn a_row_that_a_correction_excludes_is_told_with_its_reason() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (a, b, corrections) = (folder.path().join("a"), folder.path().join("b"), folder.path().join("corrections.csv"));
    let header = "Action,Partner Id,Table,Row Id,Source File,Source Sheet,Source Line,Column,Value,Reason";
    let exclude = "exclude,,opportunities,O2000003,,,,,,registered twice";
    fs::write(&corrections, format!("{header}\n{exclude}\n")).expect("a file can be written");
    let exports = "tests/cmd/in/diff/quarter";
    stdout(&["ingest", exports, "--out", text(&a)]);
    stdout(&["ingest", exports, "--out", text(&b), "--corrections", text(&corrections)]);
    let at = ["--as-of", "2026-09-30", "--program", "smb", "--requirement", "4.2"];
    let forth = stdout(&[&["diff", text(&a), text(&b)][..], &at].concat());
    assert!(forth.contains("4.2: 51 became 50 customers (required 50, met as before): −1 excluded by a\n"), "{forth}");
    assert!(forth.contains("Citrus Bakery  excluded by a correction: corrections.csv:2:\n"), "{forth}");
    assert!(forth.contains("settings: corrections none → 1"), "{forth}");
    let back = stdout(&[&["diff", text(&b), text(&a)][..], &at].concat());
    assert!(back.contains("+1 no longer excluded"), "{back}");
    // The exports themselves may stand for either side.
    let mixed = stdout(&[&["diff", text(&a), exports][..], &at].concat());
    assert!(mixed.contains("Nothing changed"), "{mixed}");
}
