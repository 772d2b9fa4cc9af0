//! Writing a dataset: `Prepared` while it is written, `Published` once readers can see it.

use crate::StoreError;
use crate::encode::{BucketEncoder, EncodedBucket, EncodedTable, Part, out_of_order};
use crate::layout::{self, MANIFEST, RUN};
use crate::manifest::{Manifest, RunFacts, TableRecord, json_text, schema_hash};
use crate::parquet_writer::{Codec, ParquetTable};
use crate::star::{self, FiscalYearStart, Years};
use crate::target::{Staging, Target, sync_folder};
use aceq_model::{AsOf, Bucket, Table, tables, tables::Folder};
use arrow::array::{Array, AsArray, RecordBatch, StringArray};
use chrono::NaiveDate;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A dataset that is being written, beside the one that it will replace. Dropped unpublished, it leaves no trace.
pub struct Prepared {
    target: Target,
    staging: Staging,
    buckets: u32,
    open: BTreeMap<&'static str, OpenTable>,
    partners_without_rows: BTreeSet<String>,
    years: Years,
    fiscal_year: FiscalYearStart,
    encoder: Arc<BucketEncoder>,
}

/// A dataset that readers can see.
#[derive(Clone, Debug)]
pub struct Published {
    /// The dataset folder.
    pub path: PathBuf,
    /// Its manifest.
    pub manifest: Manifest,
}

struct OpenTable {
    file: ParquetTable,
    record: TableRecord,
    /// Bucket and partner of the last row.
    last: Option<(u32, String)>,
}

impl Prepared {
    /// Starts a dataset that will stand at `out`, clustered into `buckets` partner buckets (at least one).
    /// Also clears away what crashed runs left there.
    ///
    /// # Errors
    /// When `out` holds anything but an older dataset, or its parent folder cannot be written.
    pub fn create(out: &Path, buckets: u32) -> Result<Self, StoreError> {
        let target = Target::new(out)?;
        target.recover()?;
        target.check_replaceable()?;
        let staging = target.stage()?;
        Ok(Self {
            target,
            staging,
            buckets: buckets.max(1),
            open: BTreeMap::new(),
            partners_without_rows: BTreeSet::new(),
            years: Years::default(),
            fiscal_year: FiscalYearStart::default(),
            encoder: Arc::new(BucketEncoder::new(buckets.max(1))?),
        })
    }

    /// Encodes buckets for [`Self::write_encoded`], from several threads if need be.
    pub fn encoder(&self) -> Arc<BucketEncoder> {
        Arc::clone(&self.encoder)
    }

    /// Whether a dataset may be put at `out`: asked before anything is read, so that nobody waits for a refusal.
    ///
    /// # Errors
    /// When `out` holds anything but an older dataset.
    pub fn check_target(out: &Path) -> Result<(), StoreError> {
        Target::new(out)?.check_replaceable()
    }

    /// Sets the month in which fiscal years begin, for `dim_date`; January without it.
    pub fn set_fiscal_year(&mut self, start: FiscalYearStart) {
        self.fiscal_year = start;
    }

    /// Number of partner buckets.
    pub fn buckets(&self) -> u32 {
        self.buckets
    }

    /// Adds rows to `table`; an empty batch says that the table was given and has no rows.
    ///
    /// Rows of a table that is clustered by partner bucket arrive by ascending [`aceq_model::bucket_of`] their partner, and by partner within a bucket.
    /// Other tables keep the order of arrival.
    ///
    /// # Errors
    /// When the disk is full or not writable; when the batch has other columns or another order (a bug).
    pub fn write(&mut self, table: &'static Table, batch: &RecordBatch) -> Result<(), StoreError> {
        if let Some(encoded) = self.encoder.encode_table(table, batch)? {
            return self.append(encoded);
        }
        let batch = conform(table, batch)?;
        self.years.note(&batch);
        self.open(table)?.file.write(&batch)
    }

    /// Adds all canonical rows of some partners, their bridges, partners and customers. Buckets arrive in ascending
    /// order.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn write_bucket(&mut self, bucket: &Bucket) -> Result<(), StoreError> {
        let encoded = self.encoder.encode(bucket, None)?;
        self.write_encoded(encoded)
    }

    /// Adds what [`BucketEncoder::encode`] made of a bucket. Buckets arrive in ascending order.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub fn write_encoded(&mut self, bucket: EncodedBucket) -> Result<(), StoreError> {
        self.partners_without_rows.extend(bucket.partners_without_rows);
        bucket.tables.into_iter().try_for_each(|table| self.append(table))
    }

    fn append(&mut self, encoded: EncodedTable) -> Result<(), StoreError> {
        let EncodedTable { table, parts, years } = encoded;
        self.years.add(&years);
        let open = self.open(table)?;
        for Part { bucket, partners, groups } in parts {
            if let Some((first, last)) = partners
                && open.last.replace((bucket, last)) > Some((bucket, first.clone()))
            {
                return Err(out_of_order(table, &first));
            }
            open.file.append(bucket, groups)?;
        }
        Ok(())
    }

    /// Puts what `texts` hands over, one text after the other, beside the Parquet file of a table, with the ending
    /// `extension`: the same rows for other readers.
    ///
    /// # Errors
    /// When the disk is full or not writable, and those of `texts`.
    pub fn write_beside(
        &self,
        table: &'static Table,
        extension: &str,
        texts: impl FnOnce(&mut dyn FnMut(&str) -> Result<(), StoreError>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let path =
            self.staging.folder.path().join(folder_of(table)?.name()).join(format!("{}.{extension}", table.name));
        let file = File::create_new(&path).map_err(StoreError::io("create", &path))?;
        let mut out = BufWriter::new(file);
        texts(&mut |text| out.write_all(text.as_bytes()).map_err(StoreError::io("write", &path)))?;
        let file = out.into_inner().map_err(|error| StoreError::io("write", &path)(error.into_error()))?;
        file.sync_all().map_err(StoreError::io("write", &path))
    }

    /// Completes the dataset and puts it in the place of the old one, in one step. `run` becomes `run.json`.
    ///
    /// # Errors
    /// When the disk is full or not writable, or the old dataset cannot be replaced; it is then untouched.
    pub fn publish(mut self, facts: RunFacts, run: &Value) -> Result<Published, StoreError> {
        let as_of: Vec<NaiveDate> = facts.as_of.iter().copied().map(AsOf::date).collect();
        let days = star::days(&self.years, &as_of, self.fiscal_year);
        self.write(&tables::DIM_DATE, &days)?;
        self.write(&tables::DIM_PARTNER, &Bucket::empty_batch(&tables::DIM_PARTNER))?;
        let mut tables = self.close_tables()?;
        self.write(&tables::DIM_TABLE, &star::inventory(&tables))?;
        tables.extend(self.close_tables()?);
        let Self { target, staging, buckets, partners_without_rows, .. } = self;
        let manifest = Manifest::new(facts, buckets, partners_without_rows.into_iter().collect(), tables);
        let folder = staging.folder.path();
        write_file(&folder.join(MANIFEST), &manifest.to_json())?;
        write_file(&folder.join(RUN), &json_text(run))?;
        for one in Folder::ALL {
            sync_folder(&folder.join(one.name()))?;
        }
        target.replace_with(staging)?;
        Ok(Published { path: target.path, manifest })
    }

    /// Completes the files that are open.
    fn close_tables(&mut self) -> Result<BTreeMap<String, TableRecord>, StoreError> {
        let open = std::mem::take(&mut self.open);
        let close = |(name, table): (&str, OpenTable)| {
            Ok((name.to_owned(), TableRecord { rows: table.file.close()?, ..table.record }))
        };
        open.into_iter().map(close).collect()
    }

    fn open(&mut self, table: &'static Table) -> Result<&mut OpenTable, StoreError> {
        if !self.open.contains_key(table.name) {
            let created = OpenTable::create(self.staging.folder.path(), table)?;
            self.open.insert(table.name, created);
        }
        Ok(self.open.get_mut(table.name).expect("it was just inserted"))
    }
}

impl OpenTable {
    fn create(dataset: &Path, table: &'static Table) -> Result<Self, StoreError> {
        let folder = folder_of(table)?;
        let clustering = layout::clustering(folder, table);
        let path = layout::relative_path(folder, table);
        let file = ParquetTable::create(dataset.join(&path), table, clustering, Codec::Zstd)?;
        let record = TableRecord { path, rows: 0, schema_hash: schema_hash(table) };
        Ok(Self { file, record, last: None })
    }
}

/// The same rows under the table's own schema, descriptions included.
pub(crate) fn conform(table: &Table, batch: &RecordBatch) -> Result<RecordBatch, StoreError> {
    let names = batch.schema_ref().fields().iter().map(|field| field.name().as_str());
    if !names.eq(table.columns.iter().map(|column| column.name)) {
        return Err(bug(table, "the batch has other columns than the table"));
    }
    RecordBatch::try_new(table.arrow_schema(), batch.columns().to_vec()).map_err(|error| bug(table, &error.to_string()))
}

pub(crate) fn partner_ids<'a>(table: &Table, batch: &'a RecordBatch) -> Result<&'a StringArray, StoreError> {
    let column = batch.column_by_name("partner_id").and_then(|column| column.as_string_opt::<i32>());
    column.ok_or_else(|| bug(table, "the batch has no text column `partner_id`"))
}

/// Stretches of rows with one partner.
pub(crate) fn runs_of_partners(partners: &StringArray) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let partner = (start < partners.len()).then(|| partners.value(start))?;
        let end = (start..partners.len()).find(|row| partners.value(*row) != partner).unwrap_or(partners.len());
        let rows = start..end;
        start = end;
        Some((rows, partner))
    })
}

fn folder_of(table: &Table) -> Result<Folder, StoreError> {
    let found = tables::find(table.name).ok_or_else(|| bug(table, "it is no table of a dataset"));
    found.map(|(folder, _)| folder)
}

fn write_file(path: &Path, text: &str) -> Result<(), StoreError> {
    let mut file = File::create_new(path).map_err(StoreError::io("create", path))?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(StoreError::io("write", path))
}

pub(crate) fn bug(table: &Table, reason: &str) -> StoreError {
    StoreError::Handover { table: table.name.to_owned(), reason: reason.to_owned() }
}
