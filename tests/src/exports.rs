//! Small exports on disk, and what `aceq ingest` makes of them.

use crate::program;
use aceq_store::Dataset;
use arrow::array::AsArray;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// Header of a small export.
pub const HEADER: &str = "Opportunity Id,Stage,Customer Company Name,Estimated AWS Monthly Recurring Revenue\n";

/// A folder with these files.
pub fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder for the test");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("a folder");
        fs::write(path, text).expect("the folder takes files");
    }
    folder
}

/// A path as text.
pub fn text(path: &Path) -> &str {
    path.to_str().expect("paths of tests are text")
}

/// Exit code and messages of `aceq ingest`, and where it published.
pub fn ingest(exports: &Path, out: &Path, more: &[&str]) -> (Option<i32>, String) {
    let output = program::run(&[&["ingest", text(exports), "--out", text(out)], more].concat());
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Of every finding: row, column and code.
pub fn findings(dataset: &Path) -> Vec<String> {
    let dataset = Dataset::open(dataset).expect("a dataset");
    let batches = dataset.rows(&aceq_model::tables::FINDINGS).map(|batch| batch.expect("findings"));
    let rows = batches.flat_map(|batch| {
        let text = |name: &str| batch[name].as_string::<i32>().clone();
        let (ids, columns, codes) = (text("row_id"), text("column_name"), text("code"));
        let told = |row| {
            format!("{} {} {}", ids.value(row), columns.iter().nth(row).flatten().unwrap_or("-"), codes.value(row))
        };
        (0..batch.num_rows()).map(told).collect::<Vec<_>>()
    });
    rows.collect()
}

/// Stage by opportunity id.
pub fn stages(dataset: &Path) -> Vec<String> {
    let dataset = Dataset::open(dataset).expect("a dataset");
    let buckets = dataset.buckets().map(|bucket| bucket.expect("a bucket"));
    let rows = buckets.flat_map(|bucket| {
        let rows = bucket.table(aceq_model::TableId::Opportunities).expect("opportunities").clone();
        let text = |name: &str| rows[name].as_string::<i32>().clone();
        let (ids, stages) = (text("opportunity_id"), text("stage"));
        (0..rows.num_rows()).map(|row| format!("{} {}", ids.value(row), stages.value(row))).collect::<Vec<_>>()
    });
    rows.collect()
}
