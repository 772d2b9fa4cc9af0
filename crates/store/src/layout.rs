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

use crate::parquet_writer::Clustering;
use aceq_model::{Table, tables, tables::Folder};

/// Name of the manifest.
pub(crate) const MANIFEST: &str = "manifest.json";

/// Name of the file about the run itself.
pub(crate) const RUN: &str = "run.json";

/// Name of a table's file in a folder of its own.
pub(crate) const PART: &str = "part-0.parquet";

/// Path of a table's file below the dataset folder, with `/`.
pub(crate) fn relative_path(folder: Folder, table: &Table) -> String {
    format!("{}/{}.parquet", folder.name(), table.name)
}

/// Whether the rows of a table are clustered by partner bucket.
pub(crate) fn clustering(folder: Folder, table: &Table) -> Clustering {
    let by_partner = [tables::DIM_PARTNER.name, tables::DIM_CUSTOMER.name].contains(&table.name);
    match folder {
        Folder::Canonical | Folder::Bridges => Clustering::Buckets,
        Folder::Dimensions if by_partner => Clustering::Buckets,
        Folder::Dimensions | Folder::Quality | Folder::Results => Clustering::None,
    }
}
