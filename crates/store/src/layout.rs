//! Where things stand in a dataset folder.
//!
//! ```text
//!  DIR/manifest.json               what the dataset is: inputs, rules, row counts, run id
//!  DIR/run.json                    how this run went: clock, host, threads; no other file depends on them
//!  DIR/canonical/<table>.parquet   one per table that was given, clustered by partner bucket
//!  DIR/quality/<table>.parquet     rejects, findings, ledger, provenance, customer links, stage history
//!  DIR/quality/rejects.csv         rejects once more, to be corrected and fed back
//!  DIR/results/<table>.parquet     status, timelines, evidence, near misses
//! ```

use aceq_model::{Table, TableId, tables};

/// Name of the manifest.
pub(crate) const MANIFEST: &str = "manifest.json";

/// Name of the file about the run itself.
pub(crate) const RUN: &str = "run.json";

/// The folders of a dataset.
pub(crate) const FOLDERS: [&str; 3] = ["canonical", "quality", "results"];

/// The table called `name` and the folder of its file.
pub(crate) fn find(name: &str) -> Option<(&'static Table, &'static str)> {
    let among = |tables: &[&'static Table]| tables.iter().find(|table| table.name == name).copied();
    let canonical = TableId::from_name(name).map(|id| (id.schema(), FOLDERS[0]));
    let quality = || among(&tables::QUALITY).map(|table| (table, FOLDERS[1]));
    let results = || among(&tables::RESULTS).map(|table| (table, FOLDERS[2]));
    canonical.or_else(quality).or_else(results)
}

/// Path of a table's file below the dataset folder, with `/`.
pub(crate) fn relative_path(folder: &str, table: &Table) -> String {
    format!("{folder}/{}.parquet", table.name)
}

#[cfg(test)]
mod tests {
    use super::find;
    use aceq_model::{TableId, tables};

    #[test]
    fn every_published_table_has_one_place() {
        let all = TableId::ALL.map(TableId::schema).into_iter().chain(tables::QUALITY).chain(tables::RESULTS);
        for table in all {
            assert!(std::ptr::eq(find(table.name).expect("a known table").0, table), "{} is there twice", table.name);
        }
        assert!(find("forecasts").is_none());
    }
}
