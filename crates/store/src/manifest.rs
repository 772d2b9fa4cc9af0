//! `manifest.json`: what a dataset was made of. A pure function of inputs, rules, settings and tool version.

use crate::StoreError;
use crate::layout::MANIFEST;
use aceq_model::{AsOf, FileRecord, Sha256Hex, Table};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

/// The layout that this version writes and reads. Raised when an older reader could no longer make sense of it.
pub const LAYOUT: u32 = 4;

/// What the caller knows about a run and every reader may rely on.
#[derive(Clone, Debug)]
pub struct RunFacts {
    /// Version of `aceq`.
    pub tool_version: String,
    /// Every input file, in any order.
    pub inputs: Vec<FileRecord>,
    /// Every checklist that was assessed.
    pub checklists: Vec<ChecklistRecord>,
    /// The as-of dates asked for.
    pub as_of: Vec<AsOf>,
    /// Settings that change results, as JSON. No paths, clock, host or thread count.
    pub settings: Value,
}

/// One checklist version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ChecklistRecord {
    /// Program id, such as `smb`.
    pub program: String,
    /// Version, such as `2025-08`.
    pub version: String,
    /// Hash of the rule file's text.
    pub rules_hash: Sha256Hex,
}

/// One table of the dataset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableRecord {
    /// Path below the dataset folder.
    pub path: String,
    /// Number of rows.
    pub rows: u64,
    /// Hash over the names and types of the columns.
    pub schema_hash: Sha256Hex,
}

/// What a dataset is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`LAYOUT`] of the version that wrote it. Tells a dataset from other folders with a `manifest.json`.
    pub aceq_dataset: u32,
    /// Version of `aceq` that wrote it.
    pub tool_version: String,
    /// Equal for equal contents, rules, settings, as-of dates and tool version.
    pub run_id: Sha256Hex,
    /// Number of partner buckets by which the canonical tables are clustered.
    pub buckets: u32,
    /// As-of dates of the results, ascending.
    pub as_of: Vec<String>,
    /// Checklists of the results, sorted.
    pub checklists: Vec<ChecklistRecord>,
    /// Input files by content hash, then path.
    pub inputs: Vec<FileRecord>,
    /// Settings that change results.
    pub settings: Value,
    /// Partners that were asked about and have no row in any canonical table.
    pub partners_without_rows: Vec<String>,
    /// Every table by name. A canonical table that is not here was never given: unknown, not empty.
    pub tables: BTreeMap<String, TableRecord>,
}

impl Manifest {
    pub(crate) fn new(
        facts: RunFacts,
        buckets: u32,
        partners_without_rows: Vec<String>,
        tables: BTreeMap<String, TableRecord>,
    ) -> Self {
        let facts = facts.sorted();
        Self {
            aceq_dataset: LAYOUT,
            run_id: facts.run_id(),
            tool_version: facts.tool_version,
            buckets,
            as_of: facts.as_of.iter().map(AsOf::to_string).collect(),
            checklists: facts.checklists,
            inputs: facts.inputs,
            settings: facts.settings,
            partners_without_rows,
            tables,
        }
    }

    /// The manifest of the dataset in `folder`.
    pub(crate) fn read(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join(MANIFEST);
        let text = std::fs::read_to_string(&path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => {
                StoreError::NoDataset { path: folder.to_owned() }
            }
            _ => StoreError::io("read", &path)(error),
        })?;
        let damaged = |source| StoreError::Manifest { path: path.clone(), source };
        let value: Value = serde_json::from_str(&text).map_err(damaged)?;
        let layout = value.get("aceq_dataset").and_then(Value::as_u64).and_then(|layout| u32::try_from(layout).ok());
        match layout {
            None => Err(StoreError::NoDataset { path: folder.to_owned() }),
            Some(LAYOUT) => serde_json::from_value(value).map_err(damaged),
            Some(found) => Err(StoreError::Layout { path: folder.to_owned(), found, expected: LAYOUT }),
        }
    }

    /// The text of `manifest.json`: sorted, indented, newline at the end.
    pub(crate) fn to_json(&self) -> String {
        json_text(&serde_json::to_value(self).expect("a manifest holds nothing but text, numbers and lists"))
    }
}

impl RunFacts {
    fn sorted(mut self) -> Self {
        self.inputs.sort_by(|a, b| (&a.content_hash, &a.path).cmp(&(&b.content_hash, &b.path)));
        self.checklists.sort();
        self.as_of.sort_unstable();
        self.as_of.dedup();
        self.settings = with_sorted_keys(self.settings);
        self
    }

    /// Equal runs have equal ids: a hash over content hashes and their days, rules, settings, as-of dates and tool version.
    ///
    /// The same content of one day under two names counts once, and names do not count: a renamed export is the same
    /// input. Its day counts, for the newest state wins.
    pub fn run_id(&self) -> Sha256Hex {
        let facts = self.clone().sorted();
        let content = |input: &FileRecord| {
            let day = input.known_snapshot().map(|day| day.to_string());
            (input.content_hash.0.clone(), day)
        };
        let all: BTreeSet<_> = facts.inputs.iter().map(content).collect();
        // A file without a day says nothing that its dated twin does not say.
        let has_twin = |hash: &String| all.iter().any(|(other, day)| other == hash && day.is_some());
        let contents: Vec<_> = all.iter().filter(|(hash, day)| day.is_some() || !has_twin(hash)).collect();
        let rules: Vec<_> =
            facts.checklists.iter().map(|list| (&list.program, &list.version, &list.rules_hash)).collect();
        let dates: Vec<String> = facts.as_of.iter().map(AsOf::to_string).collect();
        sha256(&serde_json::json!([facts.tool_version, contents, rules, dates, facts.settings]).to_string())
    }
}

/// Hash over the names, types and nullability of a table's columns, in order.
pub fn schema_hash(table: &Table) -> Sha256Hex {
    let mut text = String::new();
    for column in table.columns {
        let field = column.field();
        let null = if field.is_nullable() { "null" } else { "not null" };
        writeln!(text, "{}\t{}\t{null}", column.name, column.ty.name()).expect("writing to memory cannot fail");
    }
    sha256(&text)
}

/// JSON with sorted keys, two spaces and a newline at the end.
pub(crate) fn json_text(value: &Value) -> String {
    let sorted = with_sorted_keys(value.clone());
    let mut text = serde_json::to_string_pretty(&sorted).expect("a JSON value has string keys only");
    text.push('\n');
    text
}

/// Whether `serde_json` keeps or sorts keys depends on who else uses it, so they are sorted here.
fn with_sorted_keys(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let sorted: BTreeMap<String, Value> = map.into_iter().collect();
            Value::Object(sorted.into_iter().map(|(key, value)| (key, with_sorted_keys(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(with_sorted_keys).collect()),
        scalar => scalar,
    }
}

fn sha256(text: &str) -> Sha256Hex {
    let digest = Sha256::digest(text.as_bytes());
    Sha256Hex(digest.iter().fold(String::with_capacity(64), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("writing to memory cannot fail");
        hex
    }))
}

#[cfg(test)]
mod tests;
