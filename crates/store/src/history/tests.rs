//! Runs are kept in their order, the newest answer is marked, and appending twice is appending once.

use super::{History, RunIdentity};
use crate::rows::status_batch;
use crate::{Dataset, Prepared, StoreError, sample};
use aceq_model::{Sha256Hex, Status, StatusRow, TableId, tables};
use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::Int32Type;
use chrono::NaiveDate;
use serde_json::json;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const FIRST: &str = "2026-09-30";
const SECOND: &str = "2026-12-31";

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn status(program: &str, as_of: &str, confirmed: i64) -> StatusRow {
    StatusRow {
        partner_id: "P1".to_owned(),
        program: program.to_owned(),
        version: "2025-08".to_owned(),
        requirement_id: "4.2".to_owned(),
        reading: "adopted".to_owned(),
        as_of: date(as_of),
        status: Status::Met,
        confirmed,
        possible: None,
        required: 100,
        shortfall: 0,
        member: None,
        met_from: None,
        met_until: None,
        margin_days: None,
        counted_with_findings: None,
        is_sum: false,
    }
}

/// Publishes a run called `id` that answers for some programs and dates; each answer is one row.
fn append(out: &Path, id: &str, answers: &[(&str, &str)]) -> Result<(), StoreError> {
    let history = History::of(out)?;
    let run = RunIdentity {
        run_id: Sha256Hex(id.to_owned()),
        tool_version: "0.1.0".to_owned(),
        answers: answers.iter().map(|(program, as_of)| ((*program).to_owned(), date(as_of))).collect(),
        inputs: 2,
    };
    let mut prepared = Prepared::create(out, 1)?;
    history.carry(&mut prepared, &run)?;
    let rows: Vec<StatusRow> = answers.iter().map(|(program, as_of)| status(program, as_of, 100)).collect();
    prepared.write(&tables::REQUIREMENT_STATUS, &status_batch(&rows, id))?;
    prepared.write(&tables::DIM_RUN, &history.runs(&run)?)?;
    history.check_unchanged(out)?;
    prepared.publish(sample::facts(), &json!({}))?;
    Ok(())
}

/// Run, program, date and whether it is the latest, of every row.
fn found(out: &Path) -> Vec<String> {
    let dataset = Dataset::open(out).expect("a dataset");
    let rows: Vec<RecordBatch> =
        dataset.rows(&tables::REQUIREMENT_STATUS).collect::<Result<_, _>>().expect("readable rows");
    let told = |rows: &RecordBatch, row: usize| {
        let text = |name: &str| rows[name].as_string::<i32>().value(row).to_owned();
        let as_of = rows["as_of"].as_primitive::<arrow::datatypes::Date32Type>().value(row);
        let as_of = aceq_model::date_from_days(as_of).expect("a day");
        let latest = if rows["is_latest"].as_boolean().value(row) { "latest" } else { "old" };
        format!("{} {} {as_of} {latest}", text("run_id"), text("program"))
    };
    rows.iter().flat_map(|rows| (0..rows.num_rows()).map(|row| told(rows, row)).collect::<Vec<_>>()).collect()
}

fn runs(out: &Path) -> Vec<(String, i32, bool)> {
    let dataset = Dataset::open(out).expect("a dataset");
    let rows = dataset.rows(&tables::DIM_RUN).next().expect("runs").expect("readable runs");
    let of = |row| {
        let id = rows["run_id"].as_string::<i32>().value(row).to_owned();
        (id, rows["sequence"].as_primitive::<Int32Type>().value(row), rows["is_latest"].as_boolean().value(row))
    };
    (0..rows.num_rows()).map(of).collect()
}

fn bytes(out: &Path) -> BTreeMap<String, Vec<u8>> {
    let dataset = Dataset::open(out).expect("a dataset");
    let paths = dataset.manifest.tables.values().map(|record| record.path.clone());
    let all = paths.chain(["manifest.json".to_owned()]);
    all.map(|path| (path.clone(), fs::read(out.join(&path)).expect("a file"))).collect()
}

#[test]
fn the_newest_answer_for_a_program_and_date_is_the_latest() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("dataset");
    append(&out, "a", &[("smb", FIRST), ("smb", SECOND)]).expect("published");
    append(&out, "b", &[("dcx", FIRST), ("smb", SECOND)]).expect("published");
    let expected =
        ["a smb 2026-09-30 latest", "a smb 2026-12-31 old", "b dcx 2026-09-30 latest", "b smb 2026-12-31 latest"];
    assert_eq!(found(&out), expected);
    assert_eq!(runs(&out), [("a".to_owned(), 1, false), ("b".to_owned(), 2, true)]);
}

#[test]
fn appending_a_run_twice_is_appending_it_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("dataset");
    append(&out, "a", &[("smb", FIRST)]).expect("published");
    let alone = bytes(&out);
    append(&out, "a", &[("smb", FIRST)]).expect("published");
    assert_eq!(bytes(&out), alone);
    append(&out, "b", &[("smb", FIRST)]).expect("published");
    let both = bytes(&out);
    append(&out, "b", &[("smb", FIRST)]).expect("published");
    assert_eq!(bytes(&out), both);
    append(&out, "a", &[("smb", FIRST)]).expect("published");
    assert_eq!(found(&out), ["b smb 2026-09-30 old", "a smb 2026-09-30 latest"], "the canonical tables are a's again");
    let again = bytes(&out);
    append(&out, "a", &[("smb", FIRST)]).expect("published");
    assert_eq!(bytes(&out), again);
}

#[test]
fn requirements_that_only_earlier_results_need_are_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("dataset");
    let requirement = |key: &str, title: &str| {
        let rows = sample::batch(&tables::DIM_REQUIREMENT, &[""], 1);
        let mut columns = rows.columns().to_vec();
        for (name, text) in [("requirement_key", key), ("title", title)] {
            let at = tables::DIM_REQUIREMENT.index(name).expect("a column");
            columns[at] = std::sync::Arc::new(arrow::array::StringArray::from(vec![text]));
        }
        RecordBatch::try_new(rows.schema(), columns).expect("the table's own columns")
    };
    for (key, title) in [("smb/2025-02/1", "old"), ("smb/2024-08/1", "older"), ("smb/2025-02/1", "new")] {
        let history = History::of(&out).expect("a dataset, or none");
        let rows = history.with_earlier(&tables::DIM_REQUIREMENT, requirement(key, title)).expect("readable");
        let mut prepared = Prepared::create(&out, 1).expect("a place");
        prepared.write(&tables::DIM_REQUIREMENT, &rows).expect("written");
        prepared.publish(sample::facts(), &json!({})).expect("published");
    }
    let dataset = Dataset::open(&out).expect("a dataset");
    let rows = dataset.rows(&tables::DIM_REQUIREMENT).next().expect("rows").expect("readable");
    let texts = |name: &str| rows[name].as_string::<i32>().iter().flatten().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(texts("requirement_key"), ["smb/2024-08/1", "smb/2025-02/1"]);
    assert_eq!(texts("title"), ["older", "new"]);
}

#[test]
fn a_dataset_of_another_layout_is_refused_by_name_and_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let manifest = folder.path().join("manifest.json");
    fs::write(&manifest, r#"{"aceq_dataset": 1}"#).expect("written");
    let error = append(folder.path(), "a", &[("smb", FIRST)]).expect_err("layout 1").to_string();
    assert!(error.contains("has layout 1") && error.contains("without --append"), "{error}");
    assert_eq!(fs::read_to_string(manifest).expect("still there"), r#"{"aceq_dataset": 1}"#);
}

#[test]
fn a_table_with_other_columns_than_the_manifest_says_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("dataset");
    append(&out, "a", &[("smb", FIRST)]).expect("published");
    let manifest = fs::read_to_string(out.join("manifest.json")).expect("a manifest");
    let hash = crate::schema_hash(&tables::DIM_RUN).0;
    fs::write(out.join("manifest.json"), manifest.replace(&hash, &"0".repeat(64))).expect("written");
    let error = append(&out, "b", &[("smb", FIRST)]).expect_err("other columns").to_string();
    assert!(error.contains("table `dim_run` has other columns"), "{error}");
}

#[test]
fn a_run_that_was_published_meanwhile_is_not_lost() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("dataset");
    append(&out, "a", &[("smb", FIRST)]).expect("published");
    let history = History::of(&out).expect("a dataset");
    let mut meanwhile = Prepared::create(&out, 1).expect("a place");
    meanwhile.write(TableId::Partners.schema(), &sample::batch(TableId::Partners.schema(), &["P1"], 1)).expect("rows");
    meanwhile.publish(sample::facts(), &json!({})).expect("published");
    assert!(matches!(history.check_unchanged(&out), Err(StoreError::ReplacedMeanwhile { .. })));
}
