//! From the rows of a bucket to encoded row groups of all its tables: the part of publishing that takes time, done for
//! several buckets side by side.
//!
//! ```text
//!  Bucket ──▶ canonical tables ─┐
//!         ├─▶ bridges, dim_*    ├─▶ BucketEncoder (any thread) ──▶ EncodedBucket ──▶ Prepared::write_encoded (in order)
//!  stage history ───────────────┘
//! ```

use crate::StoreError;
use crate::layout;
use crate::parquet_writer::{Clustering, Codec, EncodedGroups, GroupEncoder};
use crate::publish::{bug, conform, partner_ids, runs_of_partners};
use crate::star::{self, Years};
use aceq_model::{Bucket, Table, bucket_of, tables, tables::Folder};
use arrow::array::{RecordBatch, StringArray};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Encodes the tables whose row groups belong to one bucket each.
pub struct BucketEncoder {
    buckets: u32,
    by_table: BTreeMap<&'static str, GroupEncoder>,
}

/// The tables of a bucket, ready to be written.
pub struct EncodedBucket {
    pub(crate) tables: Vec<EncodedTable>,
    pub(crate) partners_without_rows: BTreeSet<String>,
}

/// The rows of one table.
pub(crate) struct EncodedTable {
    pub table: &'static Table,
    pub parts: Vec<Part>,
    pub years: Years,
}

/// Row groups of one bucket.
pub(crate) struct Part {
    pub bucket: u32,
    /// First and last partner, where rows are sorted by partner.
    pub partners: Option<(String, String)>,
    pub groups: EncodedGroups,
}

/// Neighbouring rows of one bucket.
struct Stretch<'a> {
    bucket: u32,
    rows: Range<usize>,
    partners: (&'a str, &'a str),
}

impl BucketEncoder {
    pub(crate) fn new(buckets: u32) -> Result<Self, StoreError> {
        let clustered = tables::all().filter(|(folder, table)| {
            let clustering = layout::clustering(*folder, table);
            clustering == Clustering::Buckets || is_history(table)
        });
        let encoder = |(folder, table): (Folder, &'static Table)| {
            Ok((table.name, GroupEncoder::new(table, layout::clustering(folder, table), Codec::Zstd)?))
        };
        Ok(Self { buckets, by_table: clustered.map(encoder).collect::<Result<_, StoreError>>()? })
    }

    /// Encodes all canonical rows of some partners, their bridges, partners and customers, and their stage history.
    ///
    /// # Errors
    /// When a batch has other columns than its table, or rows in another order (a bug).
    pub fn encode(&self, bucket: &Bucket, stage_history: Option<&RecordBatch>) -> Result<EncodedBucket, StoreError> {
        let mut without_rows: BTreeSet<&str> = bucket.partners.iter().map(String::as_str).collect();
        let mut tables = Vec::new();
        let mut add = |table: &'static Table, rows: &RecordBatch| {
            tables.extend(self.encode_table(table, rows)?);
            Ok::<(), StoreError>(())
        };
        if let Some(rows) = stage_history {
            add(&tables::STAGE_HISTORY, rows)?;
        }
        for (id, batch) in &bucket.tables {
            add(id.schema(), batch)?;
            for (_, partner) in runs_of_partners(partner_ids(id.schema(), batch)?) {
                without_rows.remove(partner);
            }
        }
        for bridge in &tables::BRIDGES {
            if let Some(rows) = bucket.table(bridge.of) {
                add(bridge.table, &star::items(bridge, rows))?;
            }
        }
        if let Some(customers) = star::customers(bucket) {
            add(&tables::DIM_CUSTOMER, &customers)?;
        }
        add(&tables::DIM_PARTNER, &star::partners(bucket))?;
        let partners_without_rows = without_rows.into_iter().map(str::to_owned).collect();
        Ok(EncodedBucket { tables, partners_without_rows })
    }

    /// Encodes rows of a table; `None` where its row groups do not belong to buckets.
    pub(crate) fn encode_table(
        &self,
        table: &'static Table,
        rows: &RecordBatch,
    ) -> Result<Option<EncodedTable>, StoreError> {
        let Some(encoder) = self.by_table.get(table.name) else { return Ok(None) };
        let rows = conform(table, rows)?;
        let mut years = Years::default();
        years.note(&rows);
        let encode = |rows: &RecordBatch| encoder.encode(rows).map_err(|error| bug(table, &error.to_string()));
        if is_history(table) {
            let parts = vec![Part { bucket: 0, partners: None, groups: encode(&rows)? }];
            return Ok(Some(EncodedTable { table, parts, years }));
        }
        let parts = stretches(table, partner_ids(table, &rows)?, self.buckets)?.into_iter().map(|stretch| {
            let groups = encode(&rows.slice(stretch.rows.start, stretch.rows.len()))?;
            let (first, last) = stretch.partners;
            Ok(Part { bucket: stretch.bucket, partners: Some((first.to_owned(), last.to_owned())), groups })
        });
        Ok(Some(EncodedTable { table, parts: parts.collect::<Result<_, StoreError>>()?, years }))
    }
}

/// A history is as long as its opportunities are many: its groups are those of a bucket, though nothing looks them up.
fn is_history(table: &Table) -> bool {
    table.name == tables::STAGE_HISTORY.name
}

/// Rows by bucket. Buckets must ascend, and partners within a bucket.
fn stretches<'a>(table: &Table, partners: &'a StringArray, buckets: u32) -> Result<Vec<Stretch<'a>>, StoreError> {
    let mut stretches: Vec<Stretch<'a>> = Vec::new();
    for (rows, partner) in runs_of_partners(partners) {
        let bucket = bucket_of(partner, buckets);
        match stretches.last_mut() {
            Some(last) if (last.bucket, last.partners.1) > (bucket, partner) => {
                return Err(out_of_order(table, partner));
            }
            Some(last) if last.bucket == bucket => {
                last.rows.end = rows.end;
                last.partners.1 = partner;
            }
            _ => stretches.push(Stretch { bucket, rows, partners: (partner, partner) }),
        }
    }
    Ok(stretches)
}

pub(crate) fn out_of_order(table: &Table, partner: &str) -> StoreError {
    bug(table, &format!("the rows of partner `{partner}` arrive out of order"))
}
