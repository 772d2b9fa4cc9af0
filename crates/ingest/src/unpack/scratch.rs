//! The folder into which archives are unpacked: it goes with the last file in it, or, where the process is killed, with the
//! next one that unpacks something beside it.
//!
//! ```text
//!  PARENT/.aceq-unpacked-XXXXXX/   locked by the process that unpacks; a hidden name, for PARENT may be read as a folder of exports
//! ```

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

/// What their names begin with, and how many letters follow: no other folder is ever touched.
const PREFIX: &str = ".aceq-unpacked-";
const LETTERS: usize = 6;

/// Age from which on a folder that nobody locks is a leftover: between making and locking one lies a moment.
const MOMENT: Duration = Duration::from_secs(10);

/// A folder of unpacked files.
#[derive(Debug)]
pub(crate) struct Scratch {
    folder: TempDir,
    /// Held until the folder is gone; `None` where the system has no such locks.
    _lock: Option<File>,
}

impl Scratch {
    /// A new folder in `parent`; those that killed processes have left there are removed.
    pub fn create(parent: &Path) -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix(PREFIX).rand_bytes(LETTERS).tempdir_in(parent)?;
        let lock = locked(folder.path());
        leftovers(parent, folder.path()).iter().for_each(|folder| remove(folder));
        Ok(Self { folder, _lock: lock })
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Folders in `parent` that are older than the one just made.
fn leftovers(parent: &Path, made: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    let time_of = |meta: io::Result<fs::Metadata>| meta.and_then(|meta| meta.modified()).ok();
    let made = time_of(fs::metadata(made));
    let is_old = |entry: &fs::DirEntry| {
        let age = made.zip(time_of(entry.metadata())).and_then(|(made, then)| made.duration_since(then).ok());
        age.is_some_and(|age| age > MOMENT)
    };
    let is_ours = |entry: &fs::DirEntry| {
        let name = entry.file_name();
        let rest = name.to_str().and_then(|name| name.strip_prefix(PREFIX)).unwrap_or_default();
        let is_named = rest.len() == LETTERS && rest.bytes().all(|byte| byte.is_ascii_alphanumeric());
        is_named && entry.file_type().is_ok_and(|kind| kind.is_dir())
    };
    entries.filter(|entry| is_ours(entry) && is_old(entry)).map(|entry| entry.path()).collect()
}

/// Removes a folder that no process holds. One that cannot be removed is left: nothing depends on it.
fn remove(folder: &Path) {
    if locked(folder).is_some() {
        let _ = fs::remove_dir_all(folder);
    }
}

/// A lock that ends with the process; `None` where another one holds it.
fn locked(folder: &Path) -> Option<File> {
    let file = File::open(folder).ok()?;
    file.try_lock().ok()?;
    Some(file)
}

#[cfg(all(test, unix))]
mod tests {
    use super::{MOMENT, PREFIX, Scratch};
    use std::fs::{self, File, FileTimes};

    #[test]
    fn folders_of_killed_processes_go_and_those_in_use_stay() {
        let parent = tempfile::tempdir().unwrap();
        let in_use = Scratch::create(parent.path()).unwrap();
        let left = parent.path().join(format!("{PREFIX}a1B2c3"));
        let young = parent.path().join(format!("{PREFIX}d4E5f6"));
        let others = [".aceq-unpacked-", ".aceq-unpacked-mine", ".aceq-data.previous", ".aceq-unpacked-a1B2c3.tmp"];
        let others = others.map(|name| parent.path().join(name));
        for folder in [&left, &young].into_iter().chain(&others) {
            fs::create_dir(folder).unwrap();
            fs::write(folder.join("export.csv"), "x").unwrap();
        }
        let made = fs::metadata(&young).unwrap().modified().unwrap();
        for folder in [left.as_path(), in_use.path()].into_iter().chain(others.iter().map(|other| other.as_path())) {
            let long_ago = FileTimes::new().set_modified(made - 2 * MOMENT);
            File::open(folder).unwrap().set_times(long_ago).unwrap();
        }
        let next = Scratch::create(parent.path()).unwrap();
        assert!(!left.exists() && young.exists() && in_use.path().exists() && next.path().exists());
        assert!(others.iter().all(|other| other.exists()), "folders of others are nobody's business");
        let path = in_use.path().to_owned();
        drop(in_use);
        assert!(!path.exists());
    }
}
