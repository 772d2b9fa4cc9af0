//! What is known about one input file, and the typed rows that came out of it.

use crate::{TableId, tables::PROVENANCE_COLUMNS};
use arrow::array::RecordBatch;
use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// SHA-256 of a file's bytes, 64 hexadecimal digits. The identity of an input.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct Sha256Hex(pub String);

/// Day and month order of slash dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// `12/31/2026`
    MonthFirst,
    /// `31/12/2026`
    DayFirst,
}

/// How the snapshot date of a file was found, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SnapshotSource {
    /// Stated by a flag or in `aceq.toml`.
    Stated,
    /// A `YYYY-MM-DD` folder above the file.
    Folder,
    /// A date inside the file.
    Inside,
    /// Only a floor is known: the newest modification date among the rows.
    Floor,
    /// Nothing is known.
    Unknown,
}

/// One table of an input file: its identity, what was recognised, and what was decided about its columns.
///
/// A workbook has one record per sheet that holds rows; they share path and content hash.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct FileRecord {
    /// Path relative to the input folder it was found in, with `/` separators; the name used in every output.
    pub path: String,
    /// Identity of the content.
    pub content_hash: Sha256Hex,
    /// Size in bytes.
    pub bytes: u64,
    /// Worksheet or part of the file; empty where the file is one table.
    pub sheet: String,
    /// Format, such as `csv` or `xlsx`.
    pub format: String,
    /// The table its rows belong to.
    pub table: TableId,
    /// The mapping that recognised it, such as `partner-central-legacy`, and why, in words.
    pub mapping: String,
    /// Text encoding, such as `UTF-8` or `windows-1252`; empty for formats that are no text.
    pub encoding: String,
    /// Field separator of separated text.
    pub delimiter: Option<char>,
    /// Line of the header (1-based); lines before it are a preamble. 0 where records name their own fields.
    pub header_line: u64,
    /// Canonical columns that the file has, blank or not. A column that is not here says nothing.
    pub present: BTreeSet<String>,
    /// Headers that no mapping knows, in file order.
    pub unmapped: Vec<String>,
    /// The day of the export, where known.
    #[serde(serialize_with = "iso_date", deserialize_with = "from_iso_date")]
    pub snapshot_date: Option<NaiveDate>,
    /// Where the snapshot date comes from.
    pub snapshot_source: SnapshotSource,
    /// What was decided about columns once the whole file had been seen.
    pub decisions: FileDecisions,
    /// The newest modification among its rows: the file is not older. Known while it is read, and no part of a dataset.
    #[serde(skip)]
    pub floor: Option<NaiveDate>,
    /// Pages of a listing that the file holds. Known while it is read, and no part of a dataset.
    #[serde(skip)]
    pub pages: Pages,
}

/// Pages in which an interface hands out a long list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pages {
    /// Pages that say that another one follows.
    pub open: u64,
    /// Pages that do not.
    pub last: u64,
}

/// Decisions about a file's columns that need the whole column: the order of slash dates, the decimal comma.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct FileDecisions {
    /// Per date column with slash dates: the order, or `None` where both fit or neither does (cells unknown).
    pub date_orders: BTreeMap<String, Option<DateOrder>>,
    /// Per money column with doubtful separators: decimal comma yes/no, or `None` where the column contradicts itself.
    pub decimal_commas: BTreeMap<String, Option<bool>>,
}

/// Rows of one file, typed but not yet compared with any other file.
///
/// The batch has the columns of [`crate::Table::ingested_schema`] in that order: the table's ingested columns and
/// `source_line`. Columns that the file does not have are null. `partner_id` is null where the file has no partner
/// column (the caller supplies the default), never where a cell is blank (that is a reject).
#[derive(Clone, Debug)]
pub struct TypedRows {
    /// The file they came from.
    pub file: Arc<FileRecord>,
    /// The rows, in file order.
    pub batch: RecordBatch,
}

fn iso_date<S: Serializer>(date: &Option<NaiveDate>, serializer: S) -> Result<S::Ok, S::Error> {
    date.map(|date| date.to_string()).serialize(serializer)
}

fn from_iso_date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveDate>, D::Error> {
    let text: Option<String> = Option::deserialize(deserializer)?;
    text.map(|text| text.parse().map_err(serde::de::Error::custom)).transpose()
}

impl FileRecord {
    /// The day of the export, where it is more than a floor.
    pub fn known_snapshot(&self) -> Option<NaiveDate> {
        let known = !matches!(self.snapshot_source, SnapshotSource::Floor | SnapshotSource::Unknown);
        self.snapshot_date.filter(|_| known)
    }

    /// Whether the file has the canonical column `name`, blank or not.
    pub fn has(&self, name: &str) -> bool {
        PROVENANCE_COLUMNS.contains(&name) || self.present.contains(name)
    }
}
