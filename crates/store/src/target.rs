//! The folder that a dataset replaces as a whole, and what a crash may leave beside it.
//!
//! ```text
//!  PARENT/NAME               the dataset that readers see
//!  PARENT/.NAME.tmp-XXXXXX   one being written; its writer holds a lock on it
//!  PARENT/.NAME.previous     only where two folders cannot be swapped in one step, and only for that moment
//! ```

use crate::StoreError;
use crate::layout::{MANIFEST, RUN};
use crate::manifest::Manifest;
use aceq_model::tables::Folder;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Where a dataset goes.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) path: PathBuf,
    parent: PathBuf,
    name: OsString,
}

/// The folder in which a dataset is being written. Removed when dropped.
#[derive(Debug)]
pub(crate) struct Staging {
    pub(crate) folder: TempDir,
    /// Held as long as the folder is in use, so that the next run can tell a crash from a neighbour.
    _lock: Option<File>,
}

impl Target {
    /// The target at `out`, symbolic links followed; its parent folder is created if need be.
    pub(crate) fn new(out: &Path) -> Result<Self, StoreError> {
        let path = match fs::symlink_metadata(out) {
            Ok(_) => fs::canonicalize(out).map_err(StoreError::io("find", out))?,
            Err(_) => absolute_new(out)?,
        };
        let no_name = || StoreError::NoName { path: out.to_owned() };
        let parent = path.parent().ok_or_else(no_name)?.to_owned();
        let name = path.file_name().ok_or_else(no_name)?.to_owned();
        Ok(Self { path, parent, name })
    }

    /// Makes sure that replacing the target loses nothing but an older dataset.
    pub(crate) fn check_replaceable(&self) -> Result<(), StoreError> {
        if !self.path.exists() {
            return Ok(());
        }
        if !self.path.is_dir() {
            return Err(StoreError::NotAFolder { path: self.path.clone() });
        }
        let names = entry_names(&self.path)?;
        match Manifest::read(&self.path) {
            Ok(_) | Err(StoreError::Layout { .. }) => self.check_nothing_foreign(names),
            Err(_) if names.is_empty() => Ok(()),
            Err(_) => Err(StoreError::NotADataset { path: self.path.clone() }),
        }
    }

    fn check_nothing_foreign(&self, names: Vec<String>) -> Result<(), StoreError> {
        let ours =
            |name: &str| name == MANIFEST || name == RUN || Folder::ALL.iter().any(|folder| folder.name() == name);
        let names: Vec<String> = names.into_iter().filter(|name| !ours(name) && !name.starts_with('.')).collect();
        if names.is_empty() { Ok(()) } else { Err(StoreError::ForeignFiles { path: self.path.clone(), names }) }
    }

    /// Puts back what a crash between two renames took away, and removes what unfinished runs left behind.
    pub(crate) fn recover(&self) -> Result<(), StoreError> {
        let previous = previous_of(&self.path);
        if previous.exists() && !self.path.exists() {
            fs::rename(&previous, &self.path).map_err(StoreError::io("put back", &self.path))?;
        } else if previous.exists() && Manifest::read(&self.path).is_ok() {
            fs::remove_dir_all(&previous).map_err(StoreError::io("remove", &previous))?;
        }
        for leftover in self.leftovers()? {
            if lock(&leftover).is_some() {
                fs::remove_dir_all(&leftover).map_err(StoreError::io("remove", &leftover))?;
            }
        }
        Ok(())
    }

    /// An empty folder beside the target, on the same disk.
    pub(crate) fn stage(&self) -> Result<Staging, StoreError> {
        let mut builder = tempfile::Builder::new();
        let prefix = self.staging_prefix();
        builder.prefix(&prefix);
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
        let folder = builder.tempdir_in(&self.parent).map_err(StoreError::io("create a folder in", &self.parent))?;
        let lock = lock(folder.path());
        for one in Folder::ALL {
            let path = folder.path().join(one.name());
            fs::create_dir(&path).map_err(StoreError::io("create", &path))?;
        }
        Ok(Staging { folder, _lock: lock })
    }

    /// Puts the staged folder in place of the target. Readers see the old one or the new one, nothing else.
    pub(crate) fn replace_with(&self, staging: Staging) -> Result<(), StoreError> {
        self.check_replaceable()?;
        let fail = |source| StoreError::Replace { path: self.path.clone(), source };
        let staged = staging.folder.path();
        sync_folder(staged)?;
        if self.path.exists() {
            keep_permissions(&self.path, staged).map_err(fail)?;
            swap(staged, &self.path).map_err(fail)?;
        } else {
            fs::rename(staged, &self.path).map_err(fail)?;
        }
        sync_folder(&self.parent)
        // Dropping the staging folder now removes the old dataset; if that fails, the next run does it.
    }

    fn staging_prefix(&self) -> OsString {
        let mut prefix = OsString::from(".");
        prefix.push(&self.name);
        prefix.push(".tmp-");
        prefix
    }

    fn leftovers(&self) -> Result<Vec<PathBuf>, StoreError> {
        let prefix = self.staging_prefix().to_string_lossy().into_owned();
        let names = entry_names(&self.parent)?;
        Ok(names.into_iter().filter(|name| name.starts_with(&prefix)).map(|name| self.parent.join(name)).collect())
    }
}

/// Where a dataset waits while a new one takes its place.
pub(crate) fn previous_of(path: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".previous");
    path.with_file_name(name)
}

/// Makes the names in a folder survive a power cut.
pub(crate) fn sync_folder(path: &Path) -> Result<(), StoreError> {
    if cfg!(unix) {
        File::open(path).and_then(|folder| folder.sync_all()).map_err(StoreError::io("write", path))?;
    }
    Ok(())
}

fn absolute_new(out: &Path) -> Result<PathBuf, StoreError> {
    let name = out.file_name().ok_or_else(|| StoreError::NoName { path: out.to_owned() })?;
    let parent = match out.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    fs::create_dir_all(parent).map_err(StoreError::folders(parent))?;
    Ok(fs::canonicalize(parent).map_err(StoreError::io("find", parent))?.join(name))
}

fn entry_names(folder: &Path) -> Result<Vec<String>, StoreError> {
    let entries = fs::read_dir(folder).map_err(StoreError::io("list", folder))?;
    let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    let mut names: Vec<String> = names.collect::<io::Result<_>>().map_err(StoreError::io("list", folder))?;
    names.sort_unstable();
    Ok(names)
}

/// A dataset that was closed to other users stays closed to them.
fn keep_permissions(old: &Path, new: &Path) -> io::Result<()> {
    fs::set_permissions(new, fs::metadata(old)?.permissions())
}

fn swap(staged: &Path, target: &Path) -> io::Result<()> {
    match exchange(staged, target) {
        Err(error) if matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput) => {
            two_renames(staged, target)
        }
        result => result,
    }
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
fn exchange(staged: &Path, target: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, staged, CWD, target, RenameFlags::EXCHANGE).map_err(io::Error::from)
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// The way for file systems that cannot exchange: between the renames readers find the old dataset under its
/// waiting name, and so does the next run after a crash.
fn two_renames(staged: &Path, target: &Path) -> io::Result<()> {
    let previous = previous_of(target);
    fs::rename(target, &previous)?;
    if let Err(error) = fs::rename(staged, target) {
        fs::rename(&previous, target)?;
        return Err(error);
    }
    // What cannot be removed now is removed by the next run.
    fs::remove_dir_all(&previous).or(Ok(()))
}

/// A lock on a folder that ends with the process, or `None` when another process holds it.
#[cfg(unix)]
fn lock(folder: &Path) -> Option<File> {
    use rustix::fs::{FlockOperation, flock};
    let file = File::open(folder).ok()?;
    flock(&file, FlockOperation::NonBlockingLockExclusive).ok()?;
    Some(file)
}

/// Without such locks nothing tells a leftover from a neighbour's work, and leftovers stay.
#[cfg(not(unix))]
fn lock(_: &Path) -> Option<File> {
    None
}

#[cfg(test)]
mod tests;
