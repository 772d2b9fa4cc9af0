//! Formats beside CSV, from files to canonical rows: what one source leaves open another answers, and what was
//! published can be read again.

use aceq_model::{Bucket, ColumnType, TableId};
use aceq_tests::pipeline::{Read, read_folder};
use aceq_tests::program;
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::TimestampMicrosecondType;
use arrow::util::display::array_value_to_string;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a folder for the files");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("the file can be written");
    }
    folder
}

fn read(files: &[(&str, &str)]) -> Read {
    let folder = folder(files);
    let read = read_folder(folder.path());
    assert!(read.ledger.iter().all(|entry| entry.balances()), "{:?}", read.ledger);
    read
}

/// `column=value` of one row, in the order asked for; `-` is null.
fn told(bucket: &Bucket, row: usize, columns: &[&str]) -> String {
    let batch = &bucket.tables[&TableId::Opportunities];
    let cell = |name: &&str| format!("{name}={}", value(batch, name, row));
    columns.iter().map(cell).collect::<Vec<_>>().join(" ")
}

fn value(batch: &RecordBatch, column: &str, row: usize) -> String {
    let array = &batch[column];
    if array.is_null(row) { "-".to_owned() } else { array_value_to_string(array, row).expect("it can be shown") }
}

const OPPORTUNITY: &str = r#"{"Catalog": "AWS", "Id": "O1", "LastModifiedDate": "2026-11-02T10:00:00Z",
    "Customer": {"Account": {"CompanyName": "Beispiel AG"}},
    "LifeCycle": {"Stage": "Launched", "ReviewStatus": "Approved", "TargetCloseDate": "2026-10-01"},
    "Project": {"ExpectedCustomerSpend": [{"Amount": "450.00", "CurrencyCode": "USD", "Frequency": "Monthly", "TargetCompany": "AWS"}]}}"#;
const SUMMARY: &str = r#"{"Catalog": "AWS", "RelatedOpportunityId": "O1", "Origin": "AWS Referral", "InvolvementType": "Co-Sell",
    "LifeCycle": {"Stage": "Completed", "TargetCloseDate": "2026-10-05"}}"#;
const JOINED: [&str; 8] =
    ["opportunity_id", "stage", "aws_stage", "origin", "involvement", "review_status", "mrr_usd", "aws_close_date"];
const AS_ONE: &str = "opportunity_id=O1 stage=Launched aws_stage=Completed origin=AWS Referral involvement=Co-Sell \
                      review_status=Approved mrr_usd=450.00 aws_close_date=2026-10-05";

#[test]
fn both_sides_of_an_opportunity_are_one_row_whatever_the_files_are_called() {
    for (own, aws) in [("a.json", "b.json"), ("b.json", "a.json")] {
        let read = read(&[(own, OPPORTUNITY), (aws, SUMMARY)]);
        assert_eq!(read.bucket.tables[&TableId::Opportunities].num_rows(), 1);
        assert_eq!(told(&read.bucket, 0, &JOINED), AS_ONE);
        assert_eq!(
            told(&read.bucket, 0, &["source_file"]),
            format!("source_file={own}"),
            "the side with the stage is the row"
        );
        let merged: Vec<&str> =
            read.ledger.iter().filter(|entry| entry.merged == 1).map(|entry| &*entry.file).collect();
        assert_eq!(merged, [aws]);
        let sources: Vec<(&str, &str)> =
            read.provenance.iter().map(|row| (row.column_name, &*row.source_file)).collect();
        for column in ["aws_stage", "origin", "involvement", "aws_close_date"] {
            assert!(sources.contains(&(column, aws)), "{column} names its file: {sources:?}");
        }
    }
}

#[test]
fn both_sides_may_stand_in_one_file() {
    let lines = [SUMMARY, OPPORTUNITY].map(|object| object.replace('\n', " ")).join("\n");
    let read = read(&[("all.ndjson", &lines)]);
    assert_eq!(told(&read.bucket, 0, &JOINED), AS_ONE);
    let sheets: Vec<&str> = read.ledger.iter().map(|entry| &*entry.sheet).collect();
    assert_eq!(sheets, ["selling-api-aws-summary", "selling-api"]);
}

#[test]
fn flattened_exports_say_what_the_objects_say() {
    let own = "Catalog,Customer.Account.CompanyName,Id,LastModifiedDate,LifeCycle.ReviewStatus,LifeCycle.Stage,\
               LifeCycle.TargetCloseDate,Project.ExpectedCustomerSpend[0].Amount,Project.ExpectedCustomerSpend[0].CurrencyCode,\
               Project.ExpectedCustomerSpend[0].Frequency,Project.ExpectedCustomerSpend[0].TargetCompany\n\
               AWS,Beispiel AG,O1,2026-11-02T10:00:00Z,Approved,Launched,2026-10-01,450.00,USD,Monthly,AWS\n";
    let aws = "Catalog,InvolvementType,LifeCycle.Stage,LifeCycle.TargetCloseDate,Origin,RelatedOpportunityId\n\
               AWS,Co-Sell,Completed,2026-10-05,AWS Referral,O1\n";
    let read = read(&[("opportunities.csv", own), ("opportunities_aws.csv", aws)]);
    assert_eq!(told(&read.bucket, 0, &JOINED), AS_ONE);
}

#[test]
fn published_tables_are_read_again_as_they_were() {
    let out = TempDir::new().expect("a folder for the dataset");
    let dataset = out.path().join("dataset");
    let path = dataset.to_str().expect("temporary paths are text");
    program::stdout(&["ingest", "data/sample", "--out", path]);
    let tables = out.path().join("tables");
    fs::rename(dataset.join("canonical"), &tables).expect("the tables stand alone");
    let first = read_folder(&program::repository().join("data/sample"));
    let again = read_folder(&tables);
    assert!(again.refused.is_empty() && again.rejects.is_empty(), "{:?} {:?}", again.refused, again.rejects);
    assert_eq!(again.bucket.tables.len(), TableId::ALL.len(), "every table is there and recognised");
    for table in TableId::ALL {
        let (again, first) = (rows(&again.bucket, table), rows(&first.bucket, table));
        let differs = again.iter().zip(&first).find(|(again, first)| again != first);
        assert_eq!((again.len(), differs), (first.len(), None), "{}", table.name());
    }
}

/// The rows of a table as text, in order: the columns that files hold.
fn rows(bucket: &Bucket, table: TableId) -> Vec<String> {
    let batch = &bucket.tables[&table];
    let columns: Vec<_> = table.schema().ingested_columns().collect();
    let cell = |name: &str, ty: ColumnType, row: usize| match (ty, batch[name].is_null(row)) {
        (_, true) => "-".to_owned(),
        (ColumnType::TextList, false) => {
            let items = batch[name].as_list::<i32>().value(row);
            format!("{:?}", items.as_string::<i32>().iter().collect::<Vec<_>>())
        }
        (ColumnType::Timestamp, false) => batch[name].as_primitive::<TimestampMicrosecondType>().value(row).to_string(),
        _ => format!("{:?}", value(batch, name, row)),
    };
    let told = |row| columns.iter().map(|column| cell(column.name, column.ty, row)).collect::<Vec<_>>().join(" | ");
    let mut rows: Vec<String> = (0..batch.num_rows()).map(told).collect();
    rows.sort();
    rows
}

#[test]
fn the_program_answers_from_published_tables() {
    let out = TempDir::new().expect("a folder for the dataset");
    let dataset = out.path().join("dataset");
    let path = dataset.to_str().expect("temporary paths are text");
    program::stdout(&["ingest", "data/sample", "--out", path]);
    let tables = dataset_tables(&dataset, out.path());
    let answer = |input: &str| {
        program::stdout(&["assess", input, "--as-of", "2026-11-20", "--program", "smb", "--format", "csv"])
    };
    let (first, again) = (answer(path), answer(&tables));
    assert!(first.lines().count() > 10);
    let without_findings = |text: &str| {
        let cut = |line: &str| line.rsplit_once(',').map_or(String::new(), |(rest, _)| rest.to_owned());
        text.lines().map(cut).collect::<Vec<_>>()
    };
    assert_eq!(without_findings(&again), without_findings(&first));
}

fn dataset_tables(dataset: &Path, out: &Path) -> String {
    let tables = out.join("tables");
    fs::create_dir(&tables).expect("a folder");
    for entry in fs::read_dir(dataset.join("canonical")).expect("the tables are there") {
        let path = entry.expect("an entry").path();
        fs::copy(&path, tables.join(path.file_name().expect("a name"))).expect("a copy");
    }
    tables.to_str().expect("temporary paths are text").to_owned()
}
