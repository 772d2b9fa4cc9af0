//! Rejects that are corrected and fed back, persons under other names, and histories, from the command line to the files.

use aceq_model::tables;
use aceq_store::Dataset;
use aceq_tests::program;
use arrow::array::AsArray;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const HEADER: &str = "Opportunity id,Stage,Status,Opportunity Ownership,Customer Company Name,Estimated AWS Monthly Recurring Revenue,Target Close Date";

/// A folder with one export: a good row, one without an id, one with an amount that is none.
fn exports() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let rows = [
        "O1,Launched,Approved,Partner Referral,Alpha,1000,2025-06-30",
        "no id,Launched,Approved,Partner Referral,Beta,1000,2025-06-30",
        "O3,Launched,Approved,Partner Referral,Gamma,plenty,2025-06-30",
    ];
    let text = [&[HEADER], &rows[..]].concat().join("\n");
    fs::write(folder.path().join("deals.csv"), text).expect("the folder takes files");
    folder
}

fn text(path: &Path) -> &str {
    path.to_str().expect("paths of tests are text")
}

fn ingest(exports: &Path, out: &Path, more: &[&str]) {
    program::stdout(&[&["ingest", text(exports), "--out", text(out)], more].concat());
}

/// Rows by table, as the manifest has them.
fn rows(dataset: &Path) -> Value {
    let manifest = fs::read_to_string(dataset.join("manifest.json")).expect("a dataset has a manifest");
    let manifest: Value = serde_json::from_str(&manifest).expect("the manifest is JSON");
    manifest["tables"].clone()
}

fn count(dataset: &Path, table: &str) -> u64 {
    rows(dataset)[table]["rows"].as_u64().unwrap_or_default()
}

/// Fills in the column `correction` of a rejects.csv: line of the source, correction.
fn corrected(rejects: &Path, corrections: &[(&str, &str)]) -> PathBuf {
    let mut reader = csv::Reader::from_path(rejects).expect("rejects.csv is there");
    let headers = reader.headers().expect("it has a header").clone();
    let place = |name: &str| headers.iter().position(|header| header == name).expect("a column of rejects.csv");
    let dataset = rejects.parent().and_then(Path::parent).expect("rejects.csv lies in a dataset");
    let path = dataset.with_file_name("corrected.csv");
    let mut writer = csv::Writer::from_path(&path).expect("the folder takes files");
    writer.write_record(&headers).expect("written");
    for record in reader.records() {
        let record = record.expect("RFC 4180");
        let wanted = corrections.iter().find(|(line, _)| record[place("source_line")] == **line);
        let correction = wanted.map_or("", |(_, correction)| correction);
        let cells = record.iter().enumerate();
        let cells = cells.map(|(at, cell)| if at == place("correction") { correction } else { cell });
        writer.write_record(cells).expect("written");
    }
    writer.flush().expect("written");
    path
}

#[test]
fn rejects_are_corrected_and_fed_back() {
    let (exports, out) = (exports(), tempfile::tempdir().expect("a folder for the test"));
    let dataset = out.path().join("dataset");
    ingest(exports.path(), &dataset, &[]);
    assert_eq!((count(&dataset, "opportunities"), count(&dataset, "rejects")), (2, 2));

    let record = "O2,Launched,Approved,Partner Referral,Beta,1000,2025-06-30";
    let file = corrected(&dataset.join("quality/rejects.csv"), &[("3", record), ("4", "1,250.00")]);
    // Strict: nothing that cannot be read is left.
    ingest(exports.path(), &dataset, &["--corrections", text(&file), "--strict"]);
    assert_eq!((count(&dataset, "opportunities"), count(&dataset, "rejects")), (3, 0));
    assert_eq!(count(&dataset, "provenance"), 1, "the amount of O3 comes from the corrections");
}

#[test]
fn a_rejected_row_can_be_settled_by_leaving_it_out() {
    let (exports, out) = (exports(), tempfile::tempdir().expect("a folder for the test"));
    let dataset = out.path().join("dataset");
    ingest(exports.path(), &dataset, &[]);
    let file = corrected(&dataset.join("quality/rejects.csv"), &[("3", "exclude"), ("4", "exclude")]);
    ingest(exports.path(), &dataset, &["--corrections", text(&file), "--strict"]);
    assert_eq!((count(&dataset, "opportunities"), count(&dataset, "rejects")), (1, 0));
    let ledger = program::run(&["ingest", text(exports.path()), "--out", text(&dataset), "--corrections", text(&file)]);
    let told = String::from_utf8_lossy(&ledger.stderr).into_owned();
    let numbers: Vec<&str> =
        told.lines().find(|line| line.contains("deals.csv")).expect("a ledger").split_whitespace().collect();
    assert_eq!(numbers[1..], ["4", "1", "0", "2", "0", "1"], "decoded accepted merged superseded rejected not-data");
}

#[test]
fn a_strict_run_publishes_nothing() {
    let (exports, out) = (exports(), tempfile::tempdir().expect("a folder for the test"));
    let dataset = out.path().join("dataset");
    for limit in [&["--strict"][..], &["--max-rejects", "1"]] {
        let arguments = [&["ingest", text(exports.path()), "--out", text(&dataset)], limit].concat();
        assert_eq!(program::run(&arguments).status.code(), Some(2), "{limit:?}");
        assert!(!dataset.exists(), "{limit:?}");
    }
    ingest(exports.path(), &dataset, &["--max-rejects", "2"]);
    assert!(dataset.exists());
}

#[test]
fn every_opportunity_of_the_sample_has_a_history() {
    let out = tempfile::tempdir().expect("a folder for the test");
    let dataset = out.path().join("dataset");
    ingest(Path::new("data/sample"), &dataset, &[]);
    assert!(count(&dataset, tables::STAGE_HISTORY.name) >= count(&dataset, "opportunities"));
}

#[test]
fn persons_under_other_names_count_the_same() {
    let out = tempfile::tempdir().expect("a folder for the test");
    let key = out.path().join("key");
    fs::write(&key, "a key of more than sixteen bytes\n").expect("the folder takes files");
    let assess = ["assess", "data/sample", "--as-of", "2026-11-20", "--format", "csv"];
    let clear = program::stdout(&assess);
    assert_eq!(program::stdout(&[&assess[..], &["--pseudonymise", text(&key)]].concat()), clear);

    let persons = persons_of_the_sample();
    let plain = out.path().join("plain");
    ingest(Path::new("data/sample"), &plain, &[]);
    let told = told_by(&plain);
    assert!(persons.iter().any(|person| told.contains(person)), "the sample names persons");
    let dataset = out.path().join("dataset");
    ingest(Path::new("data/sample"), &dataset, &["--pseudonymise", text(&key)]);
    let told = told_by(&dataset);
    assert_eq!(persons.iter().find(|person| told.contains(*person)), None);
    let manifest = fs::read_to_string(dataset.join("manifest.json")).expect("a manifest");
    assert!(
        manifest.contains("\"pseudonymised\": \"person-") && !manifest.contains("sixteen"),
        "the fact, not the key"
    );
}

/// Every text of a canonical row, the rejects and some evidence, in lower case.
fn told_by(dataset: &Path) -> String {
    let dataset_tables = Dataset::open(dataset).expect("a dataset");
    let buckets = dataset_tables.buckets().map(|bucket| bucket.expect("a bucket"));
    let columns = buckets.flat_map(|bucket| bucket.tables.into_values().flat_map(|rows| rows.columns().to_vec()));
    let texts = columns.filter_map(|column| column.as_string_opt::<i32>().cloned());
    let mut told: String = texts.map(|texts| texts.iter().flatten().collect::<Vec<_>>().join("\n")).collect();
    told += &fs::read_to_string(dataset.join("quality/rejects.csv")).expect("rejects.csv");
    told += &program::stdout(&[
        "evidence",
        "data-analytics",
        "4.1",
        text(dataset),
        "--partner",
        "P-1002",
        "--as-of",
        "2026-11-20",
    ]);
    told.to_lowercase()
}

/// Every e-mail address in the rosters of the sample.
fn persons_of_the_sample() -> Vec<String> {
    let files = files_below(&program::repository().join("data/sample"));
    let texts =
        files.iter().map(|file| String::from_utf8_lossy(&fs::read(file).expect("a file of the sample")).into_owned());
    let words =
        texts.flat_map(|text| text.split([',', ';', '"', '\n', '\r', '\t']).map(str::to_owned).collect::<Vec<_>>());
    let addresses = words.filter(|word| word.contains('@') && !word.contains(' '));
    let mut addresses: Vec<String> = addresses.map(|word| word.to_lowercase()).collect();
    addresses.sort();
    addresses.dedup();
    addresses
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}
