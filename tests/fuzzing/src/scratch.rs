//! Bytes as a file on a disk that is none, where the system has one.

use aceq_ingest::Input;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A file that is gone when this is; its name is always the same.
pub(crate) struct Scratch {
    folder: TempDir,
}

impl Scratch {
    pub fn new(bytes: &[u8]) -> Self {
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
        let new = Self { folder: folder.expect("a temporary folder") };
        fs::write(new.path(), bytes).expect("the temporary folder takes a file");
        new
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("input")
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn input(&self) -> Input {
        Input::file(&self.path())
    }
}
