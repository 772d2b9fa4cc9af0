//! From what the user named to canonical buckets, one at a time, with the ledger and everything worth telling.
//!
//! ```text
//!  files ──recognise──▶ read ──▶ Spool by partner bucket ──settle, fill partner──▶ resolve ──▶ Bucket
//!  dataset ────────────────────────────────────────────────────────────────────────────────▶ Bucket
//! ```

mod corrections;
mod exports;
mod findings;
mod gone;
mod paired;
mod partner;
mod partner_names;
mod quality;
mod recognised;
mod unused;

pub use paired::{Half, for_each_pair};
pub use quality::{Noticed, Quality};

use crate::error::CliError;
use crate::progress::Progress;
use crate::settings::{Reading, Tolerance, settings_json};
use aceq_model::{Bucket, FileRecord, Table, tables};
use aceq_store::Dataset;
use chrono::NaiveDate;
use exports::Exports;
use serde_json::Value;
use std::path::Path;

/// Where rows come from, opened.
pub enum Source {
    /// Exports, read and spooled.
    Exports(Box<Exports>),
    /// A published dataset, and what is stated of the reading of exports.
    Dataset(Box<Dataset>, Vec<Skipped>),
}

/// A file that was not used, and why.
#[derive(Clone, Debug)]
pub struct Skipped {
    /// Its name.
    pub name: String,
    /// Why.
    pub why: String,
}

impl Source {
    /// Opens what the settings name: reads every export, or opens the dataset.
    ///
    /// # Errors
    /// When nothing is named, nothing is recognised, or a file cannot be read.
    pub fn open(reading: &Reading, scratch: &Path, progress: &Progress) -> Result<Self, CliError> {
        let dataset = reading.inputs.iter().find(|path| Dataset::is_dataset(path));
        match (dataset, reading.inputs.as_slice()) {
            (_, []) => Err(CliError::NoInput),
            (Some(path), [_]) => Self::open_dataset(path, reading),
            (Some(path), _) => Err(CliError::DatasetAmongFiles(path.clone())),
            (None, _) => Ok(Self::Exports(Box::new(Exports::read(reading, scratch, progress)?))),
        }
    }

    /// As [`Self::open`], for commands that publish: from a dataset, what was noticed while reading would be lost.
    ///
    /// # Errors
    /// As [`Self::open`], and when a dataset is named.
    pub fn open_exports(reading: &Reading, scratch: &Path, progress: &Progress) -> Result<Self, CliError> {
        match reading.inputs.iter().find(|path| Dataset::is_dataset(path)) {
            Some(path) => Err(CliError::AlreadyDataset(path.clone())),
            None => Self::open(reading, scratch, progress),
        }
    }

    /// As [`Self::open`], for what replays the past.
    ///
    /// # Errors
    /// As [`Self::open`], and when a dataset is named.
    pub fn open_exports_for_replay(reading: &Reading, scratch: &Path, progress: &Progress) -> Result<Self, CliError> {
        match reading.inputs.iter().find(|path| Dataset::is_dataset(path)) {
            Some(path) => Err(CliError::BacktestNeedsExports(path.clone())),
            None => Self::open(reading, scratch, progress),
        }
    }

    fn open_dataset(path: &Path, reading: &Reading) -> Result<Self, CliError> {
        if let Some(flag) = reading.export_flags.first() {
            return Err(CliError::FlagNeedsExports { flag });
        }
        let dataset = Dataset::open(path)?;
        let rejects = published(&dataset).rejects;
        match reading.tolerance {
            Tolerance::UpTo(most) if rejects > most => {
                Err(CliError::PublishedRejects { path: path.to_owned(), count: rejects, most })
            }
            _ => {
                let unused = stated_in_vain(&dataset, reading);
                Ok(Self::Dataset(Box::new(dataset), unused))
            }
        }
    }

    /// Hands every bucket to `use_bucket`, in ascending order, with what was noticed about its rows. One bucket is in
    /// memory at a time.
    ///
    /// # Errors
    /// Those of `use_bucket`, and those of reading the spool or the dataset.
    pub fn for_each_bucket(
        &self,
        use_bucket: impl FnMut(Bucket, Quality) -> Result<(), CliError>,
    ) -> Result<(), CliError> {
        self.for_each_prepared(|bucket, _| Ok(bucket), use_bucket)
    }

    /// As [`Self::for_each_bucket`], with `prepare` done before: for several buckets side by side where rows are still to
    /// be settled. It must not run queries.
    ///
    /// # Errors
    /// Those of `prepare` and `use_prepared`, and those of reading the spool or the dataset.
    pub fn for_each_prepared<T: Send>(
        &self,
        prepare: impl Fn(Bucket, &mut Quality) -> Result<T, CliError> + Sync,
        mut use_prepared: impl FnMut(T, Quality) -> Result<(), CliError>,
    ) -> Result<(), CliError> {
        match self {
            Self::Exports(exports) => exports.for_each_prepared(prepare, use_prepared),
            Self::Dataset(dataset, _) => dataset.buckets().try_for_each(|bucket| {
                let mut quality = Quality::default();
                let prepared = prepare(bucket?, &mut quality)?;
                use_prepared(prepared, quality)
            }),
        }
    }

    /// Files that were not used.
    pub fn skipped(&self) -> &[Skipped] {
        match self {
            Self::Exports(exports) => &exports.skipped,
            Self::Dataset(_, unused) => unused,
        }
    }

    /// The files that were read.
    pub fn files(&self) -> Vec<FileRecord> {
        match self {
            Self::Exports(exports) => exports.files.iter().map(|file| (*file.record).clone()).collect(),
            Self::Dataset(dataset, _) => dataset.manifest.inputs.clone(),
        }
    }

    /// The files whose rows are used: neither twins of others nor from after --known-at.
    pub fn used_files(&self) -> Vec<FileRecord> {
        match self {
            Self::Exports(exports) => exports.used_files().map(|record| (**record).clone()).collect(),
            Self::Dataset(dataset, _) => dataset.manifest.inputs.clone(),
        }
    }

    /// From now on only what was known on `day` is used: the view of a backtest. A dataset holds newest states alone.
    ///
    /// # Errors
    /// When this is a dataset.
    pub fn replay(&mut self, day: NaiveDate) -> Result<(), CliError> {
        match self {
            Self::Exports(exports) => exports.replay(day),
            Self::Dataset(dataset, _) => return Err(CliError::BacktestNeedsExports(dataset.path().to_owned())),
        }
        Ok(())
    }

    /// What was noticed about files while reading them; of a dataset, how much.
    ///
    /// # Errors
    /// When findings have outgrown their memory and the disk fails.
    pub fn file_quality(&self) -> Result<Quality, CliError> {
        match self {
            Self::Exports(exports) => exports.file_quality(),
            Self::Dataset(dataset, _) => Ok(Quality { published: published(dataset), ..Quality::default() }),
        }
    }

    /// Number of partner buckets.
    pub fn buckets(&self) -> u32 {
        match self {
            Self::Exports(exports) => exports.buckets,
            Self::Dataset(dataset, _) => dataset.manifest.buckets,
        }
    }
}

fn published(dataset: &Dataset) -> Noticed {
    let rows = |table: &Table| dataset.manifest.tables.get(table.name).map_or(0, |record| record.rows);
    Noticed { rejects: rows(&tables::REJECTS), findings: rows(&tables::FINDINGS) }
}

/// What the settings state of the reading of exports and the dataset was not made with.
fn stated_in_vain(dataset: &Dataset, reading: &Reading) -> Vec<Skipped> {
    let Value::Object(stated) = settings_json(reading) else { return Vec::new() };
    let is_stated = |name: &str, value: &Value| match value {
        Value::Null => false,
        Value::Array(list) => !list.is_empty(),
        Value::Object(map) => !map.is_empty(),
        // Thresholds are always there.
        Value::String(text) => name != "launch_date" || text != "target_close_date",
        _ => false,
    };
    let differs = |name: &str, value: &Value| dataset.manifest.settings.get(name) != Some(value);
    let in_vain = stated.iter().filter(|(name, value)| is_stated(name, value) && differs(name, value));
    let told = |(name, _): (&String, &Value)| Skipped {
        name: format!("`{name}` of the settings"),
        why: "it says how exports are read, and the dataset was read without it: publish it anew from its exports"
            .to_owned(),
    };
    in_vain.map(told).collect()
}
