//! Which files there are: folders are walked, hidden entries skipped, names made unique and sorted.

use crate::IngestError;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempPath;

/// One file to read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Input {
    /// Name in every output: relative to the folder given, `/` separated; the file name for a file given directly.
    pub name: String,
    /// Where the file is.
    pub path: PathBuf,
    /// The folder or file that was given.
    pub root: PathBuf,
    /// What keeps an unpacked file on disk.
    pub unpacked: Option<Unpacked>,
}

/// A file that was unpacked from an archive; it vanishes when the last one who knows it is done.
#[derive(Clone, Debug)]
pub struct Unpacked(Arc<TempPath>);

impl PartialEq for Unpacked {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_os_str() == other.0.as_os_str()
    }
}

impl Eq for Unpacked {}

impl PartialOrd for Unpacked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Unpacked {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.as_os_str().cmp(other.0.as_os_str())
    }
}

impl Input {
    /// The file at `path`, under its own name.
    pub fn file(path: &Path) -> Self {
        Self { name: file_name(path), path: path.to_owned(), root: path.to_owned(), unpacked: None }
    }
}

/// Every file below `paths`, sorted by name.
///
/// Hidden files and folders (names that begin with a dot) below a given folder are skipped, links to folders are
/// not followed, and a file that is reached twice is read once. Where two given folders hold the same name, both
/// names get the folder's name in front.
///
/// # Errors
/// [`IngestError::NotFound`] when a path does not exist, [`IngestError::Unreadable`] when a folder cannot be listed.
pub fn discover(paths: &[PathBuf]) -> Result<Vec<Input>, IngestError> {
    let mut found = Vec::new();
    for root in paths {
        let meta = fs::metadata(root).map_err(|source| unreadable(root, source))?;
        if meta.is_dir() {
            walk(root, root, &mut found)?;
        } else {
            found.push(Input::file(root));
        }
    }
    let mut inputs = unique_names(unique_files(found));
    inputs.sort();
    Ok(inputs)
}

pub(crate) fn unreadable(path: &Path, source: std::io::Error) -> IngestError {
    match source.kind() {
        std::io::ErrorKind::NotFound => IngestError::NotFound { path: path.to_owned() },
        _ => IngestError::Unreadable { path: path.to_owned(), source },
    }
}

fn walk(root: &Path, folder: &Path, found: &mut Vec<Input>) -> Result<(), IngestError> {
    let failed = |source| unreadable(folder, source);
    let mut entries = fs::read_dir(folder).map_err(failed)?.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        let path = entry.path();
        if entry.file_type().map_err(failed)?.is_dir() {
            walk(root, &path, found)?;
        } else if path.is_file() {
            found.push(Input { name: relative(root, &path), path, root: root.to_owned(), unpacked: None });
        }
    }
    Ok(())
}

fn relative(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    below.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

fn unique_files(found: Vec<Input>) -> Vec<Input> {
    let mut seen = BTreeSet::new();
    found.into_iter().filter(|input| seen.insert(fs::canonicalize(&input.path).unwrap_or(input.path.clone()))).collect()
}

fn unique_names(mut inputs: Vec<Input>) -> Vec<Input> {
    for prefix in [with_root_name as fn(&Input) -> String, with_root_path] {
        let mut uses: BTreeMap<String, u32> = BTreeMap::new();
        for input in &inputs {
            *uses.entry(input.name.clone()).or_default() += 1;
        }
        for input in &mut inputs {
            if uses.get(&input.name).is_some_and(|count| *count > 1) {
                input.name = prefix(input);
            }
        }
    }
    inputs
}

fn with_root_name(input: &Input) -> String {
    let folder = if input.root == input.path { input.path.parent().unwrap_or(&input.root) } else { &input.root };
    format!("{}/{}", file_name(folder), input.name)
}

fn with_root_path(input: &Input) -> String {
    input.path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::discover;
    use crate::IngestError;
    use std::fs;

    #[test]
    fn folders_are_walked_in_order_and_hidden_entries_skipped() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["b/x.csv", "a/x.csv", "a/.hidden.csv", ".git/x.csv", "a/deep/y.csv"] {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        let names = |paths: &[&str]| -> Vec<String> {
            let paths: Vec<_> = paths.iter().map(|p| dir.path().join(p)).collect();
            discover(&paths).unwrap().into_iter().map(|input| input.name).collect()
        };
        assert_eq!(names(&[""]), ["a/deep/y.csv", "a/x.csv", "b/x.csv"]);
        assert_eq!(names(&["a", "b"]), ["a/x.csv", "b/x.csv", "deep/y.csv"], "same names get their folder in front");
        assert_eq!(names(&["b/x.csv", "b"]), ["x.csv"], "a file reached twice is read once");
        let missing = discover(&[dir.path().join("none")]);
        assert!(matches!(missing, Err(IngestError::NotFound { .. })));
    }
}
