//! A dataset for engines that want folders: one per table, and for the large tables one per partner bucket in it.
//!
//! ```text
//!  OUT/canonical/opportunities/bucket=0007/part-0.parquet     canonical tables and bridges
//!  OUT/dimensions/dim_partner/part-0.parquet                  all others
//! ```
//!
//! The bucket is [`aceq_model::bucket_of`] the partner, as everywhere.

use crate::dataset::Dataset;
use crate::parquet_writer::{Clustering, Codec, ParquetTable};
use crate::spool::split_by_bucket;
use crate::{StoreError, layout};
use aceq_model::{Table, tables, tables::Folder};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Rows that wait in memory at most, over all buckets: past it, every bucket writes what it has.
const ROWS_WAITING: usize = 4 * crate::parquet_writer::ROW_GROUP_ROWS;

/// How a dataset is laid out in folders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Partitioning {
    /// Partner buckets of the large tables.
    pub buckets: u32,
    /// Compression of every file.
    pub codec: Codec,
}

/// Writes the rows of `table` below `out`.
///
/// # Errors
/// When the dataset is damaged, or the disk is full or not writable.
pub fn write_partitioned(
    dataset: &Dataset,
    table: &'static Table,
    how: Partitioning,
    out: &Path,
) -> Result<(), StoreError> {
    let Some((folder, _)) = tables::find(table.name) else { return Ok(()) };
    let home = out.join(folder.name()).join(table.name);
    let mut parts = Parts { table, home, codec: how.codec, open: BTreeMap::new(), waiting: 0 };
    match folder {
        Folder::Canonical | Folder::Bridges => parts.write_buckets(dataset, how.buckets)?,
        Folder::Quality | Folder::Results | Folder::Dimensions => parts.write_whole(dataset)?,
    }
    parts.close()
}

/// The files of one table.
struct Parts {
    table: &'static Table,
    home: PathBuf,
    codec: Codec,
    open: BTreeMap<u32, ParquetTable>,
    waiting: usize,
}

impl Parts {
    fn write_buckets(&mut self, dataset: &Dataset, buckets: u32) -> Result<(), StoreError> {
        for rows in dataset.rows(self.table) {
            for (bucket, rows) in split_by_bucket(&rows?, buckets)? {
                let bucket = bucket.unwrap_or_default();
                self.part(bucket, &format!("bucket={bucket:04}"))?.write(&rows)?;
                self.waiting += rows.num_rows();
                if self.waiting >= ROWS_WAITING {
                    self.open.values_mut().try_for_each(ParquetTable::end_group)?;
                    self.waiting = 0;
                }
            }
        }
        // A table without rows is there all the same, with its columns.
        if self.open.is_empty() { self.part(0, "bucket=0000").map(drop) } else { Ok(()) }
    }

    fn write_whole(&mut self, dataset: &Dataset) -> Result<(), StoreError> {
        self.part(0, "")?;
        for rows in dataset.rows(self.table) {
            self.part(0, "")?.write(&rows?)?;
        }
        Ok(())
    }

    fn part(&mut self, bucket: u32, folder: &str) -> Result<&mut ParquetTable, StoreError> {
        if !self.open.contains_key(&bucket) {
            let folder = self.home.join(folder);
            fs::create_dir_all(&folder).map_err(StoreError::folders(&folder))?;
            let file = ParquetTable::create(folder.join(layout::PART), self.table, Clustering::None, self.codec)?;
            self.open.insert(bucket, file);
        }
        Ok(self.open.get_mut(&bucket).expect("it was just inserted"))
    }

    fn close(self) -> Result<(), StoreError> {
        self.open.into_values().try_for_each(|file| file.close().map(drop))
    }
}

#[cfg(test)]
mod tests {
    use super::{Partitioning, write_partitioned};
    use crate::{Codec, Dataset, Prepared, sample};
    use aceq_model::{TableId, bucket_of, tables};
    use arrow::array::{AsArray, RecordBatch};
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
    use serde_json::json;
    use std::fs::{self, File};
    use std::path::Path;

    fn read(path: &Path) -> Vec<RecordBatch> {
        let file = File::open(path).expect("a file");
        let reader = ParquetRecordBatchReaderBuilder::try_new(file).expect("Parquet").build().expect("a reader");
        reader.collect::<Result<_, _>>().expect("rows")
    }

    #[test]
    fn every_row_is_in_the_folder_of_its_bucket() {
        let folder = tempfile::tempdir().expect("a folder");
        let out = folder.path().join("dataset");
        let mut prepared = Prepared::create(&out, 2).expect("a place");
        let buckets = sample::buckets(&["P1", "P2", "P3", "P4", "P5"], 30, 2);
        buckets.iter().for_each(|bucket| prepared.write_bucket(bucket).expect("rows"));
        prepared.publish(sample::facts(), &json!({})).expect("published");
        let dataset = Dataset::open(&out).expect("a dataset");
        let target = folder.path().join("folders");
        for (_, table) in tables::all() {
            write_partitioned(&dataset, table, Partitioning { buckets: 3, codec: Codec::Snappy }, &target)
                .expect("written");
        }
        let mut rows = 0;
        for entry in fs::read_dir(target.join("canonical/opportunities")).expect("a folder") {
            let path = entry.expect("an entry").path();
            let bucket: u32 =
                path.to_string_lossy().rsplit_once("bucket=").expect("a bucket").1.parse().expect("digits");
            for batch in read(&path.join("part-0.parquet")) {
                assert!(batch["partner_id"].as_string::<i32>().iter().flatten().all(|id| bucket_of(id, 3) == bucket));
                rows += batch.num_rows();
            }
        }
        assert_eq!(rows as u64, dataset.manifest.tables["opportunities"].rows);
        let partners: usize =
            read(&target.join("dimensions/dim_partner/part-0.parquet")).iter().map(RecordBatch::num_rows).sum();
        assert_eq!(partners, 5);
        assert_eq!(dataset.given().len(), TableId::ALL.len());
    }
}
