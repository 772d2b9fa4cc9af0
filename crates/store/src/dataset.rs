//! Reading a published dataset, bucket by bucket.

use crate::StoreError;
use crate::layout;
use crate::manifest::{Manifest, schema_hash};
use crate::parquet_reader::ParquetSource;
use crate::target::previous_of;
use aceq_model::{Bucket, Table, TableId, bucket_of, tables};
use arrow::array::{AsArray, RecordBatch};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// How often opening starts again when the dataset is replaced meanwhile.
const ATTEMPTS: usize = 5;

/// A published dataset. All its files are open: it stays whole when a new one takes its place.
#[derive(Debug)]
pub struct Dataset {
    /// What it is made of.
    pub manifest: Manifest,
    path: PathBuf,
    canonical: BTreeMap<TableId, Clustered>,
    others: BTreeMap<&'static str, ParquetSource>,
}

#[derive(Debug)]
struct Clustered {
    source: ParquetSource,
    groups: BTreeMap<u32, Range<usize>>,
}

impl Dataset {
    /// Whether `path` is a folder with the manifest of a dataset, be it of another version.
    pub fn is_dataset(path: &Path) -> bool {
        matches!(Manifest::read(&readable(path)), Ok(_) | Err(StoreError::Layout { .. } | StoreError::Manifest { .. }))
    }

    /// Opens the dataset at `path`, read-only.
    ///
    /// # Errors
    /// When there is none, when it was written by a version with other columns, or when it is damaged.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let mut attempt = 1;
        loop {
            let opened = Self::open_once(&readable(path));
            let still_there = Manifest::read(&readable(path));
            match (opened, still_there) {
                (Ok(dataset), Ok(manifest)) if dataset.manifest == manifest => return Ok(dataset),
                (Err(error), Err(_)) => return Err(error),
                (Err(error), Ok(_)) if attempt == ATTEMPTS => return Err(error),
                (Ok(_), Err(error)) if attempt == ATTEMPTS => return Err(error),
                _ => attempt += 1,
            }
        }
    }

    /// The folder it was opened at.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The canonical tables that were given, with or without rows.
    pub fn given(&self) -> BTreeSet<TableId> {
        self.canonical.keys().copied().collect()
    }

    /// The buckets that hold partners, ascending.
    pub fn bucket_numbers(&self) -> Vec<u32> {
        let with_rows = self.canonical.values().flat_map(|table| table.groups.keys().copied());
        let without = self.manifest.partners_without_rows.iter().map(|id| bucket_of(id, self.manifest.buckets));
        with_rows.chain(without).collect::<BTreeSet<u32>>().into_iter().collect()
    }

    /// All canonical rows of the partners of one bucket. Several buckets may be read at once.
    ///
    /// # Errors
    /// When a file is damaged or cannot be read.
    pub fn bucket(&self, bucket: u32) -> Result<Bucket, StoreError> {
        let read = |(id, table): (&TableId, &Clustered)| {
            let groups = table.groups.get(&bucket).cloned().unwrap_or(0..0);
            Ok((*id, table.source.read(groups)?))
        };
        let tables: BTreeMap<TableId, RecordBatch> = self.canonical.par_iter().map(read).collect::<Result<_, _>>()?;
        let mut partners: BTreeSet<&str> = tables.values().flat_map(partner_ids).collect();
        let without_rows = self.manifest.partners_without_rows.iter().map(String::as_str);
        partners.extend(without_rows.filter(|id| bucket_of(id, self.manifest.buckets) == bucket));
        let partners = partners.into_iter().map(str::to_owned).collect();
        Ok(Bucket { partners, tables })
    }

    /// Every bucket that holds partners, one in memory at a time.
    pub fn buckets(&self) -> impl Iterator<Item = Result<Bucket, StoreError>> + '_ {
        self.bucket_numbers().into_iter().map(|bucket| self.bucket(bucket))
    }

    /// The rows of any table in the order of its file, a row group at a time; nothing where the dataset has no such
    /// table.
    ///
    /// # Errors
    /// As [`Self::bucket`].
    pub fn rows(&self, table: &Table) -> impl Iterator<Item = Result<RecordBatch, StoreError>> + '_ {
        let canonical = TableId::from_name(table.name).and_then(|id| self.canonical.get(&id));
        let source = canonical.map(|table| &table.source).or_else(|| self.others.get(table.name));
        source.into_iter().flat_map(|source| (0..source.groups()).map(|group| source.read(group..group + 1)))
    }

    fn open_once(path: &Path) -> Result<Self, StoreError> {
        let manifest = Manifest::read(path)?;
        let (mut canonical, mut others) = (BTreeMap::new(), BTreeMap::new());
        for (name, record) in &manifest.tables {
            // A later version may publish more; what this one does not know it does not need.
            let Some((folder, table)) = tables::find(name) else { continue };
            let source = ParquetSource::open(path.join(layout::relative_path(folder, table)), table)?;
            if record.schema_hash != schema_hash(table) {
                return Err(StoreError::SchemaHash { path: path.join(layout::MANIFEST), table: name.clone() });
            }
            match TableId::from_name(name) {
                Some(id) => drop(canonical.insert(id, Clustered { groups: source.groups_per_bucket()?, source })),
                None => drop(others.insert(table.name, source)),
            }
        }
        Ok(Self { manifest, path: path.to_owned(), canonical, others })
    }
}

/// Where a dataset can be read: in its place, or under its waiting name while (or because) a run that replaces it
/// did not get further than the first of two renames. Readers move nothing; the next run does.
fn readable(path: &Path) -> PathBuf {
    let previous = previous_of(path);
    if !path.exists() && previous.exists() { previous } else { path.to_owned() }
}

fn partner_ids(batch: &RecordBatch) -> impl Iterator<Item = &str> {
    let partners = batch.column(0).as_string_opt::<i32>();
    let mut last = None;
    partners.into_iter().flatten().flatten().filter(move |id| last.replace(*id) != Some(*id))
}
