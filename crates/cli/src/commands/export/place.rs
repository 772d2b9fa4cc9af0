//! Files and folders that appear once they are complete: prepared beside their place under a hidden name.

use crate::error::CliError;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A folder that is being filled. Dropped unpublished, it goes.
pub struct NewFolder {
    path: PathBuf,
    staging: PathBuf,
    is_published: bool,
}

/// A file that is being written.
pub struct NewFile {
    path: PathBuf,
    staging: PathBuf,
}

impl NewFolder {
    /// A folder that will stand at `path`, where nothing or an empty folder is.
    ///
    /// # Errors
    /// When something is there, or the folder above cannot be written.
    pub fn at(path: &Path) -> Result<Self, CliError> {
        let is_taken = match fs::read_dir(path) {
            Ok(mut entries) => entries.next().is_some(),
            Err(error) => error.kind() != io::ErrorKind::NotFound,
        };
        if is_taken {
            return Err(CliError::OutTaken(path.to_owned()));
        }
        let staging = staging_of(path)?;
        let failed = |source| CliError::Unwritable { path: staging.clone(), source };
        fs::create_dir_all(&staging).map_err(failed)?;
        Ok(Self { path: path.to_owned(), staging, is_published: false })
    }

    /// Where to write.
    pub fn staging(&self) -> &Path {
        &self.staging
    }

    /// Puts the folder in its place.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn publish(mut self) -> Result<(), CliError> {
        // Renaming onto an empty folder is allowed on Unix only.
        let _ = fs::remove_dir(&self.path);
        fs::rename(&self.staging, &self.path)
            .map_err(|source| CliError::Unwritable { path: self.path.clone(), source })?;
        self.is_published = true;
        Ok(())
    }
}

impl Drop for NewFolder {
    fn drop(&mut self) {
        if !self.is_published {
            // Nothing more can be done about a folder that does not go.
            let _ = fs::remove_dir_all(&self.staging);
        }
    }
}

impl NewFile {
    /// Writes a text to `path`: all of it, or nothing.
    ///
    /// # Errors
    /// As [`Self::at`] and [`Self::write`].
    pub fn write_text(path: &Path, text: &str) -> Result<(), CliError> {
        let failed = |source| CliError::Unwritable { path: path.to_owned(), source };
        Self::at(path)?.write(|file| file.write_all(text.as_bytes()).map_err(failed))
    }

    /// A file that will stand at `path`, in place of an older one.
    ///
    /// # Errors
    /// When `path` is a folder or has no name.
    pub fn at(path: &Path) -> Result<Self, CliError> {
        if path.is_dir() {
            return Err(CliError::OutIsFolder(path.to_owned()));
        }
        Ok(Self { path: path.to_owned(), staging: staging_of(path)? })
    }

    /// Writes the file and puts it in its place.
    ///
    /// # Errors
    /// Those of `write`, and when the system refuses.
    pub fn write<T>(self, write: impl FnOnce(&mut File) -> Result<T, CliError>) -> Result<T, CliError> {
        let written = self.fill(write);
        if written.is_err() {
            // Nothing more can be done about a file that does not go.
            let _ = fs::remove_file(&self.staging);
        }
        written
    }

    fn fill<T>(&self, write: impl FnOnce(&mut File) -> Result<T, CliError>) -> Result<T, CliError> {
        let failed = |source| CliError::Unwritable { path: self.path.clone(), source };
        let mut file = File::create(&self.staging).map_err(failed)?;
        let value = write(&mut file)?;
        file.sync_all().and_then(|()| fs::rename(&self.staging, &self.path)).map_err(failed)?;
        Ok(value)
    }
}

/// `.NAME.tmp-PROCESS` beside `path`, whose folder is made if need be.
fn staging_of(path: &Path) -> Result<PathBuf, CliError> {
    let name = path.file_name().ok_or_else(|| CliError::OutTaken(path.to_owned()))?;
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        fs::create_dir_all(parent).map_err(|source| CliError::Unwritable { path: parent.to_owned(), source })?;
    }
    Ok(path.with_file_name(format!(".{}.tmp-{}", name.to_string_lossy(), std::process::id())))
}
