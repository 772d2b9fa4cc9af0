//! One Parquet file, written as its rows arrive, in the shapes that every BI reader takes.
//!
//! ```text
//!  rows of bucket 0   │ rows of bucket 2     │ …      canonical tables: buckets ascending
//!  [group 0][group 1] │ [group 2]            │ …      at most ROW_GROUP_ROWS rows each, no group in two buckets
//!  key "aceq.row_groups_per_bucket": [[0,2],[2,1],…]  bucket, number of row groups
//! ```
//!
//! zstd, dictionary or plain encodings, statistics, DATE32, microseconds in UTC, DECIMAL(18,2) as 64-bit integers.

use crate::StoreError;
use aceq_model::Table;
use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{ArrowColumnWriter, ArrowLeafColumn, ArrowRowGroupWriterFactory, compute_leaves};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::{KeyValue, SortingColumn};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;
use rayon::prelude::*;
use serde_json::json;
use std::fs::File;
use std::path::PathBuf;

/// Rows of a full row group. Half of what DuckDB likes best: one row group of the widest table is what a writer or
/// a reader of a big bucket holds in memory.
pub(crate) const ROW_GROUP_ROWS: usize = 65_536;

/// Key under which the bucket index stands in the file.
pub(crate) const BUCKET_INDEX_KEY: &str = "aceq.row_groups_per_bucket";

/// Whether the rows of a table are clustered by partner bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Clustering {
    /// Canonical tables and what follows their rows: buckets ascending, sorted by partner within a bucket.
    Buckets,
    /// The others: in the order in which the rows arrive.
    None,
}

/// How a file is compressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Codec {
    /// Small and fast, read by every engine of today.
    #[default]
    Zstd,
    /// Larger, read by older ones too.
    Snappy,
}

/// An open Parquet file.
pub(crate) struct ParquetTable {
    path: PathBuf,
    schema: SchemaRef,
    clustering: Clustering,
    file: SerializedFileWriter<File>,
    factory: ArrowRowGroupWriterFactory,
    group: Option<RowGroup>,
    groups: usize,
    groups_per_bucket: Vec<(u32, usize)>,
    rows: u64,
}

/// The row group that is being filled, every column encoded and compressed as it comes.
struct RowGroup {
    columns: Vec<ArrowColumnWriter>,
    bucket: u32,
    rows: usize,
}

impl ParquetTable {
    /// Creates the file at `path`.
    pub(crate) fn create(
        path: PathBuf,
        table: &Table,
        clustering: Clustering,
        codec: Codec,
    ) -> Result<Self, StoreError> {
        let schema = table.arrow_schema();
        let file = File::create_new(&path).map_err(StoreError::io("create", &path))?;
        let writer = ArrowWriter::try_new(file, schema.clone(), Some(properties(table, clustering, codec)));
        let parts = writer.and_then(ArrowWriter::into_serialized_writer);
        let (file, factory) = parts.map_err(StoreError::parquet("create", &path))?;
        let groups_per_bucket = Vec::new();
        Ok(Self { path, schema, clustering, file, factory, group: None, groups: 0, groups_per_bucket, rows: 0 })
    }

    /// Adds rows, all of `bucket`. Buckets must not descend.
    pub(crate) fn write(&mut self, bucket: u32, batch: &RecordBatch) -> Result<(), StoreError> {
        if self.group.as_ref().is_some_and(|group| group.bucket != bucket) {
            self.end_group()?;
        }
        let mut start = 0;
        while start < batch.num_rows() {
            let room = ROW_GROUP_ROWS - self.group(bucket)?.rows;
            let slice = batch.slice(start, room.min(batch.num_rows() - start));
            start += slice.num_rows();
            self.fill(bucket, &slice)?;
        }
        Ok(())
    }

    /// Writes what is left, and makes sure that it is on the disk.
    ///
    /// # Errors
    /// When the disk is full or the file cannot be written.
    pub(crate) fn close(mut self) -> Result<u64, StoreError> {
        self.end_group()?;
        if self.clustering == Clustering::Buckets {
            let index = json!(self.groups_per_bucket).to_string();
            self.file.append_key_value_metadata(KeyValue::new(BUCKET_INDEX_KEY.to_owned(), index));
        }
        // `into_inner` would write what is left too, but tell of a full disk in words alone, not as an I/O error.
        self.file.finish().map_err(StoreError::parquet("write", &self.path))?;
        self.file.inner().sync_all().map_err(StoreError::io("write", &self.path))?;
        Ok(self.rows)
    }

    fn group(&mut self, bucket: u32) -> Result<&mut RowGroup, StoreError> {
        if self.group.is_none() {
            let columns = self.factory.create_column_writers(self.groups);
            let columns = columns.map_err(StoreError::parquet("write", &self.path))?;
            self.group = Some(RowGroup { columns, bucket, rows: 0 });
        }
        Ok(self.group.as_mut().expect("it was just set"))
    }

    fn fill(&mut self, bucket: u32, slice: &RecordBatch) -> Result<(), StoreError> {
        let schema = self.schema.clone();
        let group = self.group(bucket)?;
        let written = group.write(&schema, slice);
        group.rows += slice.num_rows();
        let full = group.rows == ROW_GROUP_ROWS;
        written.map_err(StoreError::parquet("write", &self.path))?;
        self.rows += slice.num_rows() as u64;
        if full { self.end_group() } else { Ok(()) }
    }

    /// Writes the row group that is being filled.
    pub(crate) fn end_group(&mut self) -> Result<(), StoreError> {
        let Some(group) = self.group.take() else { return Ok(()) };
        let bucket = group.bucket;
        group.append_to(&mut self.file).map_err(StoreError::parquet("write", &self.path))?;
        self.groups += 1;
        match self.groups_per_bucket.last_mut() {
            Some((last, groups)) if *last == bucket => *groups += 1,
            _ => self.groups_per_bucket.push((bucket, 1)),
        }
        Ok(())
    }
}

impl RowGroup {
    /// Encodes the columns of `slice` side by side; one column stays on one thread, so the bytes never depend on
    /// the number of threads.
    fn write(&mut self, schema: &SchemaRef, slice: &RecordBatch) -> Result<(), ParquetError> {
        let mut leaves: Vec<ArrowLeafColumn> = Vec::with_capacity(self.columns.len());
        for (field, column) in schema.fields().iter().zip(slice.columns()) {
            leaves.extend(compute_leaves(field, column)?);
        }
        self.columns.par_iter_mut().zip(&leaves).try_for_each(|(writer, leaf)| writer.write(leaf))
    }

    fn append_to(self, file: &mut SerializedFileWriter<File>) -> Result<(), ParquetError> {
        let chunks: Result<Vec<_>, _> = self.columns.into_par_iter().map(ArrowColumnWriter::close).collect();
        let mut group = file.next_row_group()?;
        for chunk in chunks? {
            chunk.append_to_row_group(&mut group)?;
        }
        group.close().map(drop)
    }
}

fn properties(table: &Table, clustering: Clustering, codec: Codec) -> WriterProperties {
    let compression = match codec {
        Codec::Zstd => Compression::ZSTD(ZstdLevel::default()),
        Codec::Snappy => Compression::SNAPPY,
    };
    let by_partner = SortingColumn { column_idx: 0, descending: false, nulls_first: false };
    let sorted = (clustering == Clustering::Buckets).then(|| vec![by_partner]);
    // Where every row has a value of its own a dictionary is work for nothing.
    let own_values = table.key.iter().filter(|_| table.key.len() == 1).chain(&["source_line", "partner_crm_id"]);
    let own_values = own_values.map(|name| ColumnPath::from(*name));
    own_values
        .fold(WriterProperties::builder(), |builder, column| builder.set_column_dictionary_enabled(column, false))
        // A row group is a page or a few: what is known about each page would be known twice.
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_offset_index_disabled(true)
        .set_compression(compression)
        .set_sorting_columns(sorted)
        .set_coerce_types(true)
        .set_key_value_metadata(Some(descriptions(table)))
        .build()
}

/// The table's own description, for readers that do not know Arrow's field metadata.
fn descriptions(table: &Table) -> Vec<KeyValue> {
    let columns: serde_json::Map<_, _> =
        table.columns.iter().map(|column| (column.name.to_owned(), json!(column.doc))).collect();
    vec![
        KeyValue::new("aceq.table".to_owned(), table.name.to_owned()),
        KeyValue::new("aceq.grain".to_owned(), table.grain.to_owned()),
        KeyValue::new("aceq.columns".to_owned(), serde_json::Value::Object(columns).to_string()),
    ]
}
