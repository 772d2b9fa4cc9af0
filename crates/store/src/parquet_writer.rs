//! One Parquet file, written as its rows arrive, in the shapes that every BI reader takes.
//!
//! ```text
//!  rows of bucket 0   │ rows of bucket 2     │ …      canonical tables: buckets ascending
//!  [group 0][group 1] │ [group 2]            │ …      at most ROW_GROUP_ROWS rows each, no group in two buckets
//!  key "aceq.row_groups_per_bucket": [[0,2],[2,1],…]  bucket, number of row groups
//! ```
//!
//! zstd, dictionary or plain encodings, statistics, DATE32, microseconds in UTC, DECIMAL(18,2) as 64-bit integers. Texts
//! have statistics only where rows are sorted by them or found by them: of others the smallest and the largest in a group
//! of rows of many partners says nothing.

use crate::StoreError;
use aceq_model::{Column, ColumnType, Table};
use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::{
    ArrowColumnChunk, ArrowColumnWriter, ArrowLeafColumn, ArrowRowGroupWriterFactory, compute_leaves,
};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::{KeyValue, SortingColumn};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;
use rayon::prelude::*;
use serde_json::json;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

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

/// Encodes rows of one table, for whichever file of that table.
pub(crate) struct GroupEncoder {
    schema: SchemaRef,
    factory: ArrowRowGroupWriterFactory,
}

/// Whole row groups, encoded and compressed, on their way to a file.
#[derive(Default)]
pub(crate) struct EncodedGroups {
    groups: Vec<Vec<ArrowColumnChunk>>,
    rows: u64,
}

/// An open Parquet file.
pub(crate) struct ParquetTable {
    path: PathBuf,
    encoder: GroupEncoder,
    clustering: Clustering,
    file: SerializedFileWriter<File>,
    group: Option<RowGroup>,
    groups_per_bucket: Vec<(u32, usize)>,
    rows: u64,
}

/// The row group that is being filled, every column encoded and compressed as it comes.
struct RowGroup {
    columns: Vec<ArrowColumnWriter>,
    rows: usize,
}

impl GroupEncoder {
    /// An encoder for a file that is written like this.
    pub(crate) fn new(table: &Table, clustering: Clustering, codec: Codec) -> Result<Self, StoreError> {
        let encoder = open(io::sink(), table, clustering, codec).map(|(_, encoder)| encoder);
        encoder.map_err(StoreError::parquet("write", Path::new(table.name)))
    }

    /// Encodes some rows as groups of their own.
    pub(crate) fn encode(&self, rows: &RecordBatch) -> Result<EncodedGroups, ParquetError> {
        let mut encoded = EncodedGroups::default();
        let mut start = 0;
        while start < rows.num_rows() {
            let slice = rows.slice(start, ROW_GROUP_ROWS.min(rows.num_rows() - start));
            let mut group = self.group()?;
            group.write(&self.schema, &slice)?;
            encoded.groups.push(group.close()?);
            start += slice.num_rows();
        }
        encoded.rows = rows.num_rows() as u64;
        Ok(encoded)
    }

    fn group(&self) -> Result<RowGroup, ParquetError> {
        // The number would matter to encrypted files only.
        Ok(RowGroup { columns: self.factory.create_column_writers(0)?, rows: 0 })
    }
}

fn open<W: Write + Send>(
    out: W,
    table: &Table,
    clustering: Clustering,
    codec: Codec,
) -> Result<(SerializedFileWriter<W>, GroupEncoder), ParquetError> {
    let schema = table.arrow_schema();
    let writer = ArrowWriter::try_new(out, schema.clone(), Some(properties(table, clustering, codec)))?;
    let (file, factory) = writer.into_serialized_writer()?;
    Ok((file, GroupEncoder { schema, factory }))
}

impl ParquetTable {
    /// Creates the file at `path`.
    pub(crate) fn create(
        path: PathBuf,
        table: &Table,
        clustering: Clustering,
        codec: Codec,
    ) -> Result<Self, StoreError> {
        let file = File::create_new(&path).map_err(StoreError::io("create", &path))?;
        let (file, encoder) = open(file, table, clustering, codec).map_err(StoreError::parquet("create", &path))?;
        let groups_per_bucket = Vec::new();
        Ok(Self { path, encoder, clustering, file, group: None, groups_per_bucket, rows: 0 })
    }

    /// Adds rows to the group that is being filled. Not for files that are clustered by bucket: see [`Self::append`].
    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<(), StoreError> {
        let mut start = 0;
        while start < batch.num_rows() {
            let room = ROW_GROUP_ROWS - self.group.as_ref().map_or(0, |group| group.rows);
            let slice = batch.slice(start, room.min(batch.num_rows() - start));
            start += slice.num_rows();
            let filled = self.fill(&slice).map_err(StoreError::parquet("write", &self.path))?;
            if filled == ROW_GROUP_ROWS {
                self.end_group()?;
            }
        }
        Ok(())
    }

    /// Adds groups of rows, all of `bucket`. Buckets must not descend.
    pub(crate) fn append(&mut self, bucket: u32, encoded: EncodedGroups) -> Result<(), StoreError> {
        self.end_group()?;
        match self.groups_per_bucket.last_mut() {
            Some((last, groups)) if *last == bucket => *groups += encoded.groups.len(),
            _ if encoded.groups.is_empty() => {}
            _ => self.groups_per_bucket.push((bucket, encoded.groups.len())),
        }
        self.rows += encoded.rows;
        encoded.groups.into_iter().try_for_each(|chunks| self.append_group(chunks))
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

    /// Adds rows to the group; the rows in it now.
    fn fill(&mut self, slice: &RecordBatch) -> Result<usize, ParquetError> {
        let group = match &mut self.group {
            Some(group) => group,
            none => none.insert(self.encoder.group()?),
        };
        group.write(&self.encoder.schema, slice)?;
        self.rows += slice.num_rows() as u64;
        Ok(group.rows)
    }

    /// Writes the row group that is being filled.
    pub(crate) fn end_group(&mut self) -> Result<(), StoreError> {
        let Some(group) = self.group.take() else { return Ok(()) };
        let chunks = group.close().map_err(StoreError::parquet("write", &self.path))?;
        self.append_group(chunks)
    }

    fn append_group(&mut self, chunks: Vec<ArrowColumnChunk>) -> Result<(), StoreError> {
        let file = &mut self.file;
        let append = || {
            let mut group = file.next_row_group()?;
            chunks.into_iter().try_for_each(|chunk| chunk.append_to_row_group(&mut group))?;
            group.close().map(drop)
        };
        append().map_err(StoreError::parquet("write", &self.path))
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
        self.columns.par_iter_mut().zip(&leaves).try_for_each(|(writer, leaf)| writer.write(leaf))?;
        self.rows += slice.num_rows();
        Ok(())
    }

    fn close(self) -> Result<Vec<ArrowColumnChunk>, ParquetError> {
        self.columns.into_par_iter().map(ArrowColumnWriter::close).collect()
    }
}

fn properties(table: &Table, clustering: Clustering, codec: Codec) -> WriterProperties {
    let compression = match codec {
        Codec::Zstd => Compression::ZSTD(ZstdLevel::default()),
        Codec::Snappy => Compression::SNAPPY,
    };
    let by_partner = SortingColumn { column_idx: 0, descending: false, nulls_first: false };
    let sorted = (clustering == Clustering::Buckets).then(|| vec![by_partner]);
    let builder = table.columns.iter().fold(WriterProperties::builder(), |builder, column| {
        let name = ColumnPath::from(column.name);
        let builder = match has_own_values(table, column) {
            true => builder.set_column_dictionary_enabled(name.clone(), false),
            false => builder,
        };
        match column.ty {
            ColumnType::Text if column.name != "partner_id" && table.key != [column.name] => {
                builder.set_column_statistics_enabled(name, EnabledStatistics::None)
            }
            ColumnType::TextList => {
                let items = [column.name, "list", "element"].map(str::to_owned).to_vec();
                builder.set_column_statistics_enabled(ColumnPath::new(items), EnabledStatistics::None)
            }
            _ => builder,
        }
    });
    builder
        // A row group is a page or a few: what is known about each page would be known twice.
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_offset_index_disabled(true)
        .set_compression(compression)
        .set_sorting_columns(sorted)
        .set_coerce_types(true)
        .set_key_value_metadata(Some(descriptions(table)))
        .build()
}

/// Whether nearly every row has a value of its own, so that a dictionary is work for nothing.
fn has_own_values(table: &Table, column: &Column) -> bool {
    const OWN: [&str; 5] = ["opportunity_id", "partner_crm_id", "mrr_usd", "arr_usd", "source_line"];
    table.key == [column.name] || OWN.contains(&column.name)
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
