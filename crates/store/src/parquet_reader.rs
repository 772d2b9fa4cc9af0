//! One published Parquet file, read by partner bucket.

use crate::StoreError;
use crate::parquet_writer::BUCKET_INDEX_KEY;
use crate::shared_file::SharedFile;
use aceq_model::Table;
use arrow::array::{ArrayRef, AsArray, ListArray, RecordBatch};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use arrow::error::ArrowError;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::errors::ParquetError;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// An open Parquet file with the columns of `table`. Stays readable when the dataset is replaced meanwhile.
#[derive(Debug)]
pub(crate) struct ParquetSource {
    pub(crate) table: &'static Table,
    path: PathBuf,
    file: SharedFile,
    metadata: ArrowReaderMetadata,
}

impl ParquetSource {
    /// Opens the file and compares its columns with those of `table`.
    pub(crate) fn open(path: PathBuf, table: &'static Table) -> Result<Self, StoreError> {
        let file = SharedFile::open(&path).map_err(StoreError::io("open", &path))?;
        let metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::new());
        let metadata = metadata.map_err(|error| damaged(&path, &error.to_string()))?;
        check_schema(&path, metadata.schema(), &table.arrow_schema())?;
        Ok(Self { table, path, file, metadata })
    }

    /// The row groups of each bucket that has any.
    pub(crate) fn groups_per_bucket(&self) -> Result<BTreeMap<u32, Range<usize>>, StoreError> {
        let pairs = self.metadata.metadata().file_metadata().key_value_metadata().into_iter().flatten();
        let index = pairs.into_iter().find(|pair| pair.key == BUCKET_INDEX_KEY).and_then(|pair| pair.value.as_deref());
        let counts: Option<Vec<(u32, usize)>> = index.and_then(|text| serde_json::from_str(text).ok());
        let mut next = 0;
        let ranges = counts.into_iter().flatten().map(|(bucket, groups)| {
            next += groups;
            (bucket, next - groups..next)
        });
        let ranges: BTreeMap<u32, Range<usize>> = ranges.collect();
        if index.is_some() && next == self.groups() {
            Ok(ranges)
        } else {
            Err(damaged(&self.path, "its index of partner buckets is missing or does not fit"))
        }
    }

    /// Number of row groups.
    pub(crate) fn groups(&self) -> usize {
        self.metadata.metadata().num_row_groups()
    }

    /// The rows of some row groups as one batch, columns decoded side by side.
    pub(crate) fn read(&self, groups: Range<usize>) -> Result<RecordBatch, StoreError> {
        let schema = self.table.arrow_schema();
        if groups.is_empty() {
            return Ok(RecordBatch::new_empty(schema));
        }
        let column = |column: usize| self.read_column(column, groups.clone());
        let columns: Result<Vec<ArrayRef>, _> = (0..schema.fields().len()).into_par_iter().map(column).collect();
        let columns = columns.map_err(|error| self.explain(error))?;
        let columns: Result<Vec<ArrayRef>, _> =
            columns.into_iter().zip(schema.fields()).map(|(column, field)| as_declared(column, field)).collect();
        columns
            .and_then(|columns| RecordBatch::try_new(schema, columns))
            .map_err(|error| damaged(&self.path, &error.to_string()))
    }

    fn read_column(&self, column: usize, groups: Range<usize>) -> Result<ArrayRef, ParquetError> {
        let metadata = self.metadata.metadata();
        let rows: i64 = groups.clone().map(|group| metadata.row_group(group).num_rows()).sum();
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(self.file.clone(), self.metadata.clone())
            .with_projection(ProjectionMask::roots(self.metadata.parquet_schema(), [column]))
            .with_row_groups(groups.collect())
            .with_batch_size(usize::try_from(rows)?)
            .build()?
            .next();
        let batch = reader.ok_or_else(|| ParquetError::EOF("a row group without rows".to_owned()))??;
        Ok(batch.column(0).clone())
    }

    fn explain(&self, error: ParquetError) -> StoreError {
        match StoreError::parquet("read", &self.path)(error) {
            StoreError::Parquet { path, source } => damaged(&path, &source.to_string()),
            other => other,
        }
    }
}

fn damaged(path: &Path, reason: &str) -> StoreError {
    StoreError::Damaged { path: path.to_owned(), reason: reason.to_owned() }
}

/// Names and types must be the same, in the same order; descriptions may differ.
fn check_schema(path: &Path, found: &SchemaRef, expected: &SchemaRef) -> Result<(), StoreError> {
    let differs = |column: &Field, found: String, expected: String| StoreError::Schema {
        path: path.to_owned(),
        column: column.name().clone(),
        found,
        expected,
    };
    for field in expected.fields() {
        match found.field_with_name(field.name()) {
            Err(_) => return Err(differs(field, "missing".to_owned(), field.data_type().to_string())),
            Ok(other) if !same_type(other.data_type(), field.data_type()) => {
                return Err(differs(field, other.data_type().to_string(), field.data_type().to_string()));
            }
            Ok(_) => {}
        }
    }
    match found.fields().iter().find(|field| expected.field_with_name(field.name()).is_err()) {
        Some(extra) => Err(differs(extra, extra.data_type().to_string(), "no such column".to_owned())),
        None if names(found) == names(expected) => Ok(()),
        None => {
            let at = names(found).iter().zip(names(expected)).take_while(|(a, b)| **a == *b).count();
            Err(differs(expected.field(at), "at another place".to_owned(), format!("column {}", at + 1)))
        }
    }
}

/// Equal types; what the items of a list are called is the business of the file format.
fn same_type(found: &DataType, expected: &DataType) -> bool {
    match (found, expected) {
        (DataType::List(found), DataType::List(expected)) => {
            found.data_type() == expected.data_type() && found.is_nullable() == expected.is_nullable()
        }
        _ => found == expected,
    }
}

/// Gives the items of a list the name that the rest of `aceq` knows; files call them `element`, as Parquet asks.
fn as_declared(column: ArrayRef, field: &Field) -> Result<ArrayRef, ArrowError> {
    match field.data_type() {
        DataType::List(item) => {
            let (_, offsets, values, nulls) = column.as_list::<i32>().clone().into_parts();
            Ok(Arc::new(ListArray::try_new(item.clone(), offsets, values, nulls)?))
        }
        _ => Ok(column),
    }
}

fn names(schema: &Schema) -> Vec<&str> {
    schema.fields().iter().map(|field| field.name().as_str()).collect()
}
