//! A program that is killed or refused while it replaces a dataset, and what must stand there afterwards.

use crate::program;
use aceq_model::tables;
use aceq_store::Dataset;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A dataset that a run replaces: the folder it lies in holds nothing else.
pub struct Place {
    parent: tempfile::TempDir,
}

impl Place {
    /// An empty folder.
    ///
    /// # Panics
    /// When the disk refuses.
    #[expect(clippy::new_without_default, reason = "it makes a folder")]
    pub fn new() -> Self {
        Self { parent: tempfile::tempdir().expect("a temporary folder") }
    }

    /// Where the dataset stands.
    pub fn dataset(&self) -> PathBuf {
        self.parent.path().join("dataset")
    }

    /// All files and folders below the parent folder; those of a new dataset are seen while it is being written.
    pub fn files(&self) -> BTreeSet<PathBuf> {
        let mut found = BTreeSet::new();
        collect(self.parent.path(), &mut found);
        found
    }

    /// Names in the parent folder, hidden ones included.
    ///
    /// # Panics
    /// When the folder cannot be listed.
    pub fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.parent.path()).expect("the folder can be listed");
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
    }

    /// The run whose dataset stands there, read to its last row; `None` where nothing stands.
    ///
    /// # Panics
    /// When what stands there is not whole.
    pub fn whole(&self) -> Option<String> {
        let path = self.dataset();
        path.exists().then(|| whole(&path))
    }
}

/// The run id of a dataset, after every table was read and has the rows that the manifest says.
///
/// # Panics
/// When it is not whole.
pub fn whole(path: &Path) -> String {
    let dataset = Dataset::open(path).unwrap_or_else(|error| panic!("no whole dataset: {error}"));
    for (table, rows) in rows_by_manifest(path) {
        let (_, schema) = tables::find(&table).unwrap_or_else(|| panic!("{table} is no table"));
        let read: usize = dataset.rows(schema).map(|batch| batch.expect("a readable table").num_rows()).sum();
        assert_eq!(read as u64, rows, "{table} of {}", path.display());
    }
    manifest(path)["run_id"].as_str().expect("a manifest names its run").to_owned()
}

fn manifest(path: &Path) -> serde_json::Value {
    let text = fs::read_to_string(path.join("manifest.json")).expect("a manifest");
    serde_json::from_str(&text).expect("a manifest is JSON")
}

fn rows_by_manifest(path: &Path) -> Vec<(String, u64)> {
    let manifest = manifest(path);
    let tables = manifest["tables"].as_object().expect("a manifest lists tables");
    tables.iter().map(|(name, table)| (name.clone(), table["rows"].as_u64().expect("a number of rows"))).collect()
}

fn collect(folder: &Path, found: &mut BTreeSet<PathBuf>) {
    // What a running program removes meanwhile was seen already, or never mattered.
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, found);
        }
        found.insert(path);
    }
}

/// Starts the program without waiting for it.
///
/// # Panics
/// When it cannot be started.
pub fn start(arguments: &[&str], folder: &Path) -> Child {
    let mut command = Command::new(program::path());
    command.args(arguments).current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().expect("the program starts")
}
