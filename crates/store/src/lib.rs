//! The dataset folder: Parquet in and out, the manifest, and publishing that happens whole or not at all; and what waits on
//! disk meanwhile ([`Spool`], [`Rejects`], [`Findings`], [`Pages`]).
//!
//! ```text
//!  ingest ──▶ Spool ──▶ SpooledBuckets ──bucket(b)──▶ resolve ──▶ BucketEncoder ──▶ Prepared::write_encoded
//!             memory, then one temporary file       (side by side)              Prepared::write(quality, results)
//!                                                                        │ publish
//!  metrics ◀── Dataset::buckets ◀── DIR/{canonical,quality,results,…}/*.parquet, manifest.json
//! ```
//!
//! Canonical tables are clustered by [`aceq_model::bucket_of`] their partner: no row group holds rows of two
//! buckets, and each file says which row groups belong to which bucket, so a reader needs one bucket in memory.
//!
//! ```
//! use aceq_model::{Bucket, TableId};
//! use aceq_store::{Dataset, Prepared, RunFacts};
//!
//! let folder = tempfile::tempdir()?;
//! let out = folder.path().join("dataset");
//! let mut prepared = Prepared::create(&out, 4)?;
//! let partners = TableId::Partners;
//! let given_without_rows = Bucket::empty_batch(partners.schema());
//! prepared.write_bucket(&Bucket { partners: vec!["self".into()], tables: [(partners, given_without_rows)].into() })?;
//! let facts = RunFacts {
//!     tool_version: "0.1.0".into(),
//!     inputs: vec![],
//!     checklists: vec![],
//!     as_of: vec![],
//!     settings: serde_json::Value::Null,
//! };
//! prepared.publish(facts, &serde_json::json!({ "host": "example" }))?;
//!
//! let bucket = Dataset::open(&out)?.buckets().next().expect("the bucket of `self`")?;
//! assert_eq!(bucket.partners, ["self"]);
//! assert_eq!(bucket.table(partners).map(|rows| rows.num_rows()), Some(0));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod dataset;
mod encode;
mod error;
mod findings;
mod history;
mod layout;
mod manifest;
mod names;
mod pages;
mod parquet_reader;
mod parquet_writer;
mod partitioned;
mod publish;
mod rejects;
pub mod rows;
#[cfg(test)]
mod sample;
mod shared_file;
mod spool;
mod star;
mod target;
#[cfg(test)]
mod tests;
mod texts;

pub use dataset::Dataset;
pub use encode::{BucketEncoder, EncodedBucket};
pub use error::StoreError;
pub use findings::Findings;
pub use history::{History, RunIdentity};
pub use manifest::{ChecklistRecord, LAYOUT, Manifest, RunFacts, TableRecord, schema_hash};
pub use pages::Pages;
pub use parquet_writer::Codec;
pub use partitioned::{Partitioning, write_partitioned};
pub use publish::{Prepared, Published};
pub use rejects::Rejects;
pub use spool::{Spool, Spooled, SpooledBuckets, split_by_bucket};
pub use star::FiscalYearStart;
