//! Which files there are: folders are walked, hidden entries skipped, names made unique and sorted.

use crate::unpack::{Scratch, Unpacker};
use crate::{IngestError, Limits};
use std::cell::OnceCell;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempPath;

/// One file to read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Input {
    /// Name in every output: relative to the folder given, `/` separated; the file name for a file given directly.
    /// Members of an archive are named as if it were a folder.
    pub name: String,
    /// Where the bytes are.
    pub path: PathBuf,
    /// The folder, archive or file that was given.
    pub root: PathBuf,
    /// What keeps an unpacked file on disk.
    pub unpacked: Option<Unpacked>,
}

/// A file that was unpacked from an archive; it vanishes when the last one who knows it is done.
#[derive(Clone, Debug)]
pub struct Unpacked {
    archive: PathBuf,
    inner: String,
    file: Arc<TempPath>,
    /// The folder in which it lies.
    _folder: Option<Arc<Scratch>>,
}

impl Unpacked {
    pub(crate) fn new(file: TempPath, archive: &Path, inner: &str, folder: Option<Arc<Scratch>>) -> Self {
        Self { archive: archive.to_owned(), inner: inner.to_owned(), file: Arc::new(file), _folder: folder }
    }

    fn identity(&self) -> (&Path, &str, &Path) {
        (&self.archive, &self.inner, &self.file)
    }
}

impl PartialEq for Unpacked {
    fn eq(&self, other: &Self) -> bool {
        self.identity() == other.identity()
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
        self.identity().cmp(&other.identity())
    }
}

impl Input {
    /// The file at `path`, under its own name.
    pub fn file(path: &Path) -> Self {
        Self { name: file_name(path), path: path.to_owned(), root: path.to_owned(), unpacked: None }
    }

    /// Where a person would say the file is: below its archive, if it came out of one.
    pub fn place(&self) -> PathBuf {
        match &self.unpacked {
            Some(unpacked) if unpacked.inner.is_empty() => unpacked.archive.clone(),
            Some(unpacked) => unpacked.archive.join(&unpacked.inner),
            None => self.path.clone(),
        }
    }

    /// Whether the file itself was given, not a folder or an archive that holds it.
    pub fn is_named(&self) -> bool {
        self.place() == self.root
    }

    /// The archive on disk that it came out of, or the file itself.
    fn on_disk(&self) -> &Path {
        self.unpacked.as_ref().map_or(&self.path, |unpacked| &unpacked.archive)
    }

    /// As [`Self::place`], with the path on disk free of links.
    pub(crate) fn real_place(&self) -> Option<PathBuf> {
        let disk = fs::canonicalize(self.on_disk()).ok()?;
        let inner = self.unpacked.as_ref().map_or("", |unpacked| unpacked.inner.as_str());
        Some(if inner.is_empty() { disk } else { disk.join(inner) })
    }
}

/// A file that cannot be used, found beside others that can.
#[derive(Debug)]
pub struct Refused {
    /// Its name, as that of an [`Input`].
    pub name: String,
    /// Why.
    pub error: IngestError,
}

/// The files found.
#[derive(Debug, Default)]
pub struct Discovered {
    /// Files to read, by name.
    pub inputs: Vec<Input>,
    /// Archives, members of archives and other entries of folders that cannot be used, by name.
    pub refused: Vec<Refused>,
}

/// Every file below `paths`, sorted by name.
///
/// Hidden files and folders (names that begin with a dot) below a given folder are skipped, and a file that is reached twice,
/// over links as well, is read once. Where two given folders hold the same name, both
/// names get the folder's name in front. Archives are unpacked into the folder `scratch`, within `limits`; what was
/// unpacked is gone once its [`Input`]s are.
///
/// # Errors
/// [`IngestError::NotFound`] when a path does not exist, [`IngestError::Unreadable`] when a folder cannot be listed,
/// [`IngestError::NoFile`] for pipes and devices, and what is wrong with an archive that was given itself.
pub fn discover(paths: &[PathBuf], scratch: &Path, limits: &Limits) -> Result<Discovered, IngestError> {
    let (mut found, mut refused) = (Vec::new(), Vec::new());
    for root in paths {
        let meta = fs::metadata(root).map_err(|source| unreadable(root, source))?;
        if meta.is_dir() {
            let mut linked: BTreeSet<PathBuf> = fs::canonicalize(root).into_iter().collect();
            // What lies in the folder itself keeps its name; links may lead to the same files.
            let mut links = VecDeque::new();
            walk(root, root, &mut links, &mut found, &mut refused)?;
            while let Some(link) = links.pop_front() {
                let target = fs::canonicalize(&link).unwrap_or_else(|_| link.clone());
                if linked.insert(target)
                    && let Err(error) = walk(root, &link, &mut links, &mut found, &mut refused)
                {
                    refused.push(Refused { name: relative(root, &link), error });
                }
            }
        } else if meta.is_file() {
            found.push(Input::file(root));
        } else {
            return Err(IngestError::NoFile { file: root.display().to_string() });
        }
    }
    let mut inputs = Vec::new();
    let unpacked = OnceCell::new();
    for input in unique_files(found) {
        let (name, is_named) = (input.name.clone(), input.is_named());
        match Unpacker::new(scratch, limits, &unpacked).unpack(input) {
            // An archive of which nothing can be used is like a file that cannot.
            Ok((files, mut bad)) if is_named && files.is_empty() && !bad.is_empty() => return Err(bad.remove(0).error),
            Ok((files, bad)) => {
                inputs.extend(files);
                refused.extend(bad);
            }
            Err(error) if is_named || matches!(error, IngestError::Unpacking { .. }) => return Err(error),
            Err(error) => refused.push(Refused { name, error }),
        }
    }
    let mut inputs = unique_names(inputs);
    inputs.sort();
    refused.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Discovered { inputs, refused })
}

/// A file that was given itself, unpacked if it is a gzip file: as far as that goes, and why it goes no further.
///
/// # Errors
/// As [`discover`], but not where a gzip file breaks off.
pub fn salvage_file(path: &Path, scratch: &Path, limits: &Limits) -> Result<(Input, Option<IngestError>), IngestError> {
    Unpacker::new(scratch, limits, &OnceCell::new()).salvage(&Input::file(path))
}

pub(crate) fn unreadable(path: &Path, source: std::io::Error) -> IngestError {
    match source.kind() {
        std::io::ErrorKind::NotFound => IngestError::NotFound { path: path.to_owned() },
        _ => IngestError::Unreadable { path: path.to_owned(), source },
    }
}

/// Adds the files below `folder`, and to `links` the links to folders.
fn walk(
    root: &Path,
    folder: &Path,
    links: &mut VecDeque<PathBuf>,
    found: &mut Vec<Input>,
    refused: &mut Vec<Refused>,
) -> Result<(), IngestError> {
    let failed = |source| unreadable(folder, source);
    let mut entries = fs::read_dir(folder).map_err(failed)?.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        let path = entry.path();
        if entry.file_type().map_err(failed)?.is_dir() {
            walk(root, &path, links, found, refused)?;
        } else if path.is_file() {
            found.push(Input { name: relative(root, &path), path, root: root.to_owned(), unpacked: None });
        } else if path.is_dir() {
            links.push_back(path);
        } else {
            let name = relative(root, &path);
            let error = IngestError::NoFile { file: name.clone() };
            refused.push(Refused { name, error });
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
    let folder = if input.root == input.on_disk() { input.root.parent().unwrap_or(&input.root) } else { &input.root };
    format!("{}/{}", file_name(folder), input.name)
}

fn with_root_path(input: &Input) -> String {
    input.place().components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::{Discovered, discover};
    use crate::{IngestError, Limits};
    use std::fs;
    use std::path::PathBuf;

    fn found(paths: &[PathBuf]) -> Result<Discovered, IngestError> {
        discover(paths, &std::env::temp_dir(), &Limits::default())
    }

    #[cfg(unix)]
    #[test]
    fn links_to_folders_are_followed_and_never_in_circles() {
        use std::os::unix::fs::symlink;
        let (dir, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::write(dir.path().join("x.csv"), "x").unwrap();
        fs::create_dir(elsewhere.path().join("2026-09-30")).unwrap();
        fs::write(elsewhere.path().join("2026-09-30/y.csv"), "y").unwrap();
        symlink(elsewhere.path(), dir.path().join("linked")).unwrap();
        symlink(elsewhere.path(), dir.path().join("twice")).unwrap();
        symlink(dir.path(), dir.path().join("circle")).unwrap();
        symlink(dir.path(), elsewhere.path().join("back")).unwrap();
        let names = |found: Discovered| found.inputs.into_iter().map(|input| input.name).collect::<Vec<_>>();
        let found = names(found(&[dir.path().to_owned()]).unwrap());
        assert_eq!(found, ["linked/2026-09-30/y.csv", "x.csv"]);
        // A link to what lies in the folder anyway renames nothing.
        symlink(dir.path().join("own"), dir.path().join("a")).unwrap();
        fs::create_dir(dir.path().join("own")).unwrap();
        fs::write(dir.path().join("own/z.csv"), "z").unwrap();
        let found = names(discover(&[dir.path().to_owned()], &std::env::temp_dir(), &Limits::default()).unwrap());
        assert!(found.contains(&"own/z.csv".to_owned()) && found.len() == 3, "{found:?}");
    }

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
            found(&paths).unwrap().inputs.into_iter().map(|input| input.name).collect()
        };
        assert_eq!(names(&[""]), ["a/deep/y.csv", "a/x.csv", "b/x.csv"]);
        assert_eq!(names(&["a", "b"]), ["a/x.csv", "b/x.csv", "deep/y.csv"], "same names get their folder in front");
        assert_eq!(names(&["b/x.csv", "b"]), ["x.csv"], "a file reached twice is read once");
        let missing = found(&[dir.path().join("none")]);
        assert!(matches!(missing, Err(IngestError::NotFound { .. })));
    }
}
