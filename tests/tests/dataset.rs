//! A published dataset is a star schema: every key of a fact is one row of its dimension, bridges are the lists, runs
//! that are appended are kept, and what leaves for a spreadsheet can be read back.

use aceq_model::{Table, formula, tables};
use aceq_store::Dataset;
use aceq_tests::program::{self, stdout};
use aceq_tests::world::generated;
use arrow::array::{Array, AsArray, RecordBatch};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// A world with settings, and where its dataset goes.
struct Runs {
    world: TempDir,
}

impl Runs {
    fn new() -> Self {
        Self { world: generated(12, 60, 5) }
    }

    fn dataset(&self) -> PathBuf {
        self.world.path().join("out/dataset")
    }

    /// `aceq run` for some dates.
    fn run(&self, as_of: &str, arguments: &[&str]) {
        let settings = format!(
            "inputs = [\"partner-central\", \"rosters\", \"programs\"]\nout = \"out/dataset\"\nas_of = [{as_of}]\n\
             programs = [\"smb\", \"data-analytics\"]\n"
        );
        fs::write(self.world.path().join("aceq.toml"), settings).expect("settings can be written");
        let mut command = Command::new(program::path());
        let output = command.arg("run").args(arguments).current_dir(self.world.path()).output();
        let output = output.expect("the program starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("temporary folders have plain names")
}

fn rows(dataset: &Dataset, table: &Table) -> Vec<RecordBatch> {
    dataset.rows(table).collect::<Result<_, _>>().expect("a readable table")
}

/// The values of some columns as text, row by row; rows with a null are left out.
fn values(batches: &[RecordBatch], columns: &[&str]) -> Vec<Vec<String>> {
    let shown = |batch: &RecordBatch, row: usize, name: &str| {
        let column = &batch[name];
        let text = arrow::util::display::array_value_to_string(column, row).expect("a value that can be shown");
        column.is_valid(row).then_some(text)
    };
    let of = |batch: &RecordBatch| {
        let row = |row| columns.iter().map(|name| shown(batch, row, name)).collect::<Option<Vec<String>>>();
        (0..batch.num_rows()).filter_map(row).collect::<Vec<_>>()
    };
    batches.iter().flat_map(of).collect()
}

fn assert_every_key_is_found(dataset: &Dataset) {
    let mut joined = 0;
    for (folder, table) in tables::all().filter(|(_, table)| dataset.manifest.tables.contains_key(table.name)) {
        for column in table.columns {
            let Some((dimension, key)) = tables::joins(folder, table, column) else { continue };
            if !dataset.manifest.tables.contains_key(dimension.name) {
                continue;
            }
            let keys = values(&rows(dataset, dimension), &[key]);
            let known: BTreeSet<&Vec<String>> = keys.iter().collect();
            assert_eq!(keys.len(), known.len(), "{} holds each key once", dimension.name);
            for value in values(&rows(dataset, table), &[column.name]) {
                assert!(
                    known.contains(&value),
                    "{}.{} {value:?} is not in {}",
                    table.name,
                    column.name,
                    dimension.name
                );
            }
            joined += 1;
        }
    }
    assert!(joined > 20, "keys were looked up");
}

#[test]
fn every_key_of_a_fact_is_one_row_of_its_dimension() {
    let runs = Runs::new();
    runs.run("2026-11-20", &[]);
    assert_every_key_is_found(&Dataset::open(&runs.dataset()).expect("a dataset"));
    runs.run("2026-12-31, 2150-06-30", &["--append"]);
    assert_every_key_is_found(&Dataset::open(&runs.dataset()).expect("a dataset"));
}

#[test]
fn customers_of_facts_are_rows_of_dim_customer() {
    let runs = Runs::new();
    runs.run("2026-11-20", &[]);
    let dataset = Dataset::open(&runs.dataset()).expect("a dataset");
    let pair = ["partner_id", "customer_key"];
    let keys = values(&rows(&dataset, &tables::DIM_CUSTOMER), &pair);
    let known: BTreeSet<&Vec<String>> = keys.iter().collect();
    assert_eq!(keys.len(), known.len());
    let mut used = BTreeSet::new();
    for table in [&tables::OPPORTUNITIES, &tables::CASE_STUDIES, &tables::CUSTOMERS] {
        used.extend(values(&rows(&dataset, table), &pair));
    }
    assert_eq!(used.iter().collect::<BTreeSet<_>>(), known);
}

#[test]
fn bridges_are_the_lists() {
    let runs = Runs::new();
    stdout(&["ingest", text(runs.world.path()), "--out", text(&runs.dataset())]);
    let dataset = Dataset::open(&runs.dataset()).expect("a dataset");
    let mut items = 0;
    for bridge in &tables::BRIDGES {
        let mut expected = Vec::new();
        for batch in rows(&dataset, bridge.of.schema()) {
            let lists = batch[bridge.list].as_list::<i32>();
            for row in (0..batch.num_rows()).filter(|row| lists.is_valid(*row)) {
                let id = |name: &str| batch[name].as_string::<i32>().value(row).to_owned();
                let list = lists.value(row);
                let of_row = list.as_string::<i32>().iter().flatten();
                expected.extend(of_row.map(|item| vec![id("partner_id"), id(bridge.id()), item.to_owned()]));
            }
        }
        let found = values(&rows(&dataset, bridge.table), &["partner_id", bridge.id(), bridge.item()]);
        items += found.len();
        assert_eq!(found, expected, "{}", bridge.table.name);
    }
    assert!(items > 500, "there were lists");
}

fn bytes(dataset: &Path) -> BTreeMap<String, Vec<u8>> {
    let opened = Dataset::open(dataset).expect("a dataset");
    let paths = opened.manifest.tables.values().map(|table| table.path.clone()).chain(["manifest.json".to_owned()]);
    paths.map(|path| (path.clone(), fs::read(dataset.join(path)).expect("a file"))).collect()
}

fn answers(dataset: &Path, which: &str) -> BTreeSet<String> {
    let dataset = Dataset::open(dataset).expect("a dataset");
    let status = rows(&dataset, &tables::REQUIREMENT_STATUS);
    let rows = values(&status, &["is_latest", "as_of", "run_id"]);
    rows.into_iter().filter(|row| row[0] == which).map(|row| row[1].clone()).collect()
}

#[test]
fn a_run_that_is_appended_keeps_the_answers_of_earlier_ones() {
    let runs = Runs::new();
    runs.run("2026-09-30, 2026-12-31", &["--append"]);
    let alone = bytes(&runs.dataset());
    runs.run("2026-09-30, 2026-12-31", &["--append"]);
    assert!(bytes(&runs.dataset()) == alone, "the same run again changes nothing");
    runs.run("2026-09-30, 2026-12-31", &[]);
    assert!(bytes(&runs.dataset()) == alone, "without anything to keep, appending is publishing");

    runs.run("2026-12-31, 2027-03-31", &["--append"]);
    let both = bytes(&runs.dataset());
    runs.run("2026-12-31, 2027-03-31", &["--append"]);
    assert!(bytes(&runs.dataset()) == both, "appending twice is appending once");
    let dates = |dates: &[&str]| dates.iter().map(|date| (*date).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(answers(&runs.dataset(), "true"), dates(&["2026-09-30", "2026-12-31", "2027-03-31"]));
    assert_eq!(answers(&runs.dataset(), "false"), dates(&["2026-12-31"]));
    let dataset = Dataset::open(&runs.dataset()).expect("a dataset");
    let known = values(&rows(&dataset, &tables::DIM_RUN), &["sequence", "first_as_of", "is_latest"]);
    assert_eq!(known, [["1", "2026-09-30", "false"], ["2", "2026-12-31", "true"]]);

    runs.run("2026-12-31, 2027-03-31", &[]);
    assert_eq!(answers(&runs.dataset(), "false"), dates(&[]), "without --append, history begins anew");
}

/// Header and one row of certifications whose person is `name`.
fn certifications(name: &str) -> String {
    format!(
        "User Name,Work Email,Certificate Name,Certificate Level,Award Date,Expiration Date\n\
         {name},ada@example.com,AWS Certified Cloud Practitioner,Foundational,2025-01-02,2028-01-02\n"
    )
}

#[test]
fn formulas_leave_as_texts_in_csv() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (input, dataset, out) =
        (folder.path().join("in.csv"), folder.path().join("dataset"), folder.path().join("csv"));
    for name in ["=1+1", "@SUM(A1)", "+1", "-1", "＝1"] {
        fs::write(&input, certifications(name)).expect("written");
        stdout(&["ingest", text(&input), "--out", text(&dataset)]);
        stdout(&["export", text(&dataset), "certifications", "--format", "csv", "--out", text(&out)]);
        let csv = fs::read_to_string(out.join("certifications.csv")).expect("a file");
        assert!(csv.contains(&format!(",'{name},")), "{csv}");
        assert_eq!(formula::as_written(&format!("'{name}")), name);
        fs::remove_dir_all(&out).expect("removed");
    }
}

#[test]
fn a_name_that_looks_like_a_formula_comes_back_from_rejects_csv() {
    for name in ["=in.csv", "-in.csv", "＝in.csv", "'=in.csv"] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (inputs, dataset) = (folder.path().join("in"), folder.path().join("dataset"));
        fs::create_dir(&inputs).expect("a folder");
        let broken = certifications("Ada").replace("2025-01-02", "soon");
        fs::write(inputs.join(name), broken).expect("written");
        stdout(&["ingest", text(&inputs), "--out", text(&dataset)]);
        let rejects = fs::read_to_string(dataset.join("quality/rejects.csv")).expect("rejects");
        assert!(rejects.lines().any(|line| line.starts_with(&format!("'{name},"))), "{rejects}");
        let corrected = folder.path().join("corrected.csv");
        fs::write(&corrected, rejects.replace("soon,,", "soon,2025-01-02,typo")).expect("written");
        stdout(&["ingest", text(&inputs), "--out", text(&dataset), "--corrections", text(&corrected)]);
        let dataset = Dataset::open(&dataset).expect("a dataset");
        let dates = values(&rows(&dataset, &tables::CERTIFICATIONS), &["award_date"]);
        assert_eq!(dates, [["2025-01-02"]], "{name}");
    }
}
