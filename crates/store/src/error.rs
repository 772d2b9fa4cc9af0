//! What can go wrong on disk, and what to do about it.

use arrow::error::ArrowError;
use parquet::errors::ParquetError;
use std::io;
use std::path::{Path, PathBuf};

/// Why a dataset could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No space is left on the device.
    #[error("no space is left on the disk of `{}`: free some, or choose another disk", path.display())]
    DiskFull {
        /// The file or folder being written.
        path: PathBuf,
        /// The operating system's answer.
        #[source]
        source: io::Error,
    },
    /// The folder or file cannot be written by this user.
    #[error("may not {action} `{}`: check its permissions, or choose another folder", path.display())]
    NotPermitted {
        /// What was tried, such as `create`.
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// The operating system's answer.
        #[source]
        source: io::Error,
    },
    /// The disk has room, but the file may not grow.
    #[error(
        "`{}` may not grow any larger: raise the limit on the size of files (`ulimit -f`), or choose another \
         disk",
        path.display()
    )]
    FileTooLarge {
        /// The file being written.
        path: PathBuf,
        /// The operating system's answer.
        #[source]
        source: io::Error,
    },
    /// A part of the path is a file.
    #[error("`{}` cannot be made: a part of its path is a file, not a folder; choose another path", path.display())]
    BelowFile {
        /// The folder that was to be made.
        path: PathBuf,
        /// The operating system's answer.
        #[source]
        source: io::Error,
    },
    /// Any other refusal of the operating system.
    #[error("could not {action} `{}`: {source}; check the path and the disk, or choose another folder", path.display())]
    Io {
        /// What was tried, such as `create`.
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// The operating system's answer.
        #[source]
        source: io::Error,
    },
    /// The path to write to has no name of its own, such as `/`.
    #[error("`{}` cannot be replaced as a whole: name a folder inside it, such as `{}`", path.display(), path.join("dataset").display())]
    NoName {
        /// The path given.
        path: PathBuf,
    },
    /// The path to write to is a file.
    #[error("`{}` is a file; a dataset is a folder: choose another path", path.display())]
    NotAFolder {
        /// The path given.
        path: PathBuf,
    },
    /// The folder to write to holds something else than a dataset.
    #[error(
        "`{}` is not empty and holds no aceq dataset (no `manifest.json` of one); it was left alone: \
         choose a new folder, or empty this one yourself",
        path.display()
    )]
    NotADataset {
        /// The folder given.
        path: PathBuf,
    },
    /// The dataset folder also holds files that a new run would delete.
    #[error(
        "`{}` holds files that are no part of a dataset and would be lost: {}; move them elsewhere and run again",
        path.display(), names.join(", ")
    )]
    ForeignFiles {
        /// The dataset folder.
        path: PathBuf,
        /// Names of the files, sorted.
        names: Vec<String>,
    },
    /// The new dataset is complete but could not take the place of the old one, which is untouched.
    #[error(
        "could not put the new dataset in place of `{}`: {source}; the old one is untouched. A mount point or a \
         folder in use cannot be replaced: choose a folder inside it",
        path.display()
    )]
    Replace {
        /// The dataset folder.
        path: PathBuf,
        /// The operating system's answer.
        #[source]
        source: io::Error,
    },
    /// There is no dataset to read.
    #[error("`{}` is no aceq dataset: it has no `manifest.json` of one; `aceq ingest IN… --out DIR` writes one", path.display())]
    NoDataset {
        /// The path given.
        path: PathBuf,
    },
    /// The manifest is damaged.
    #[error("`{}` cannot be read: {source}; write the dataset again with `aceq ingest`", path.display())]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// Where the text breaks.
        #[source]
        source: serde_json::Error,
    },
    /// The dataset was written in a layout that this version does not know.
    #[error(
        "`{}` has layout {found} and this aceq reads layout {expected}: write the dataset again with `aceq ingest`",
        path.display()
    )]
    Layout {
        /// The dataset folder.
        path: PathBuf,
        /// Layout number in its manifest.
        found: u32,
        /// Layout number of this version.
        expected: u32,
    },
    /// Results cannot be kept, because the dataset that holds them cannot be read.
    #[error(
        "the results in `{}` cannot be kept: {source}. Run without --append to start a new history there, or with \
         another `out`",
        path.display()
    )]
    NoAppend {
        /// The dataset folder.
        path: PathBuf,
        /// Why it cannot be read.
        #[source]
        source: Box<StoreError>,
    },
    /// Another run has published to the folder since this one began to read it.
    #[error("`{}` was replaced while this run was going on: nothing was published; run again", path.display())]
    ReplacedMeanwhile {
        /// The dataset folder.
        path: PathBuf,
    },
    /// The manifest says other columns than this version has.
    #[error(
        "`{}` says that table `{table}` has other columns than this aceq: it was written by another version; write it \
         again with `aceq ingest` or `aceq run`",
        path.display()
    )]
    SchemaHash {
        /// The manifest.
        path: PathBuf,
        /// The table.
        table: String,
    },
    /// A table has other columns than this version expects.
    #[error(
        "`{}`: column `{column}` is {found}, expected {expected}: the dataset is of another aceq version; write it \
         again with `aceq ingest`",
        path.display()
    )]
    Schema {
        /// The Parquet file.
        path: PathBuf,
        /// The first column that differs.
        column: String,
        /// What the file has, such as `missing` or `Int32`.
        found: String,
        /// What this version has.
        expected: String,
    },
    /// A Parquet file is damaged, or no bucket index is in it.
    #[error("`{}` is damaged: {reason}; write the dataset again with `aceq ingest`", path.display())]
    Damaged {
        /// The Parquet file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A Parquet file could not be written or read.
    #[error("Parquet file `{}`: {source}", path.display())]
    Parquet {
        /// The Parquet file.
        path: PathBuf,
        /// What the Parquet library says.
        #[source]
        source: ParquetError,
    },
    /// Rows could not be spilled, read back or joined.
    #[error("rows in `{}`: {source}", path.display())]
    Rows {
        /// The file or folder.
        path: PathBuf,
        /// What the Arrow library says.
        #[source]
        source: ArrowError,
    },
    /// A batch was handed over that does not have the table's columns, or out of order: a bug of the caller.
    #[error("table `{table}`: {reason}; this is a bug in aceq")]
    Handover {
        /// The table.
        table: String,
        /// What is wrong with the batch.
        reason: String,
    },
}

impl StoreError {
    /// Why nothing can be appended to the dataset at `path`.
    pub(crate) fn cannot_be_appended_to(self, path: &Path) -> Self {
        Self::NoAppend { path: path.to_owned(), source: Box::new(self) }
    }

    /// Turns an error of the operating system into the variant that says what to do.
    pub(crate) fn io<'a>(action: &'static str, path: &'a Path) -> impl FnOnce(io::Error) -> Self + 'a {
        move |source| match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                Self::DiskFull { path: path.to_owned(), source }
            }
            io::ErrorKind::FileTooLarge => Self::FileTooLarge { path: path.to_owned(), source },
            io::ErrorKind::NotADirectory => Self::BelowFile { path: path.to_owned(), source },
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::NotPermitted { action, path: path.to_owned(), source }
            }
            _ => Self::Io { action, path: path.to_owned(), source },
        }
    }

    /// As [`Self::io`], for making a folder and all above it.
    pub(crate) fn folders(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        move |source| match source.kind() {
            // A folder that is there is fine, so this is a file.
            io::ErrorKind::AlreadyExists => Self::BelowFile { path: path.to_owned(), source },
            _ => Self::io("create", path)(source),
        }
    }

    /// As [`Self::io`], for errors that arrive wrapped in the Parquet library's.
    pub(crate) fn parquet<'a>(action: &'static str, path: &'a Path) -> impl FnOnce(ParquetError) -> Self + 'a {
        move |error| match error {
            ParquetError::External(inner) => match inner.downcast::<io::Error>() {
                Ok(source) => Self::io(action, path)(*source),
                Err(inner) => Self::Parquet { path: path.to_owned(), source: ParquetError::External(inner) },
            },
            source => Self::Parquet { path: path.to_owned(), source },
        }
    }

    /// As [`Self::io`], for errors that arrive wrapped in the Arrow library's.
    pub(crate) fn arrow<'a>(action: &'static str, path: &'a Path) -> impl FnOnce(ArrowError) -> Self + 'a {
        move |error| match error {
            ArrowError::IoError(_, source) => Self::io(action, path)(source),
            source => Self::Rows { path: path.to_owned(), source },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::StoreError;
    use parquet::errors::ParquetError;
    use std::io;
    use std::path::Path;

    #[test]
    fn a_full_disk_says_so_however_it_is_wrapped() {
        let full = || io::Error::from(io::ErrorKind::StorageFull);
        let path = Path::new("out");
        let plain = StoreError::io("write", path)(full());
        let wrapped = StoreError::parquet("write", path)(ParquetError::External(Box::new(full())));
        assert!(plain.to_string().starts_with("no space is left on the disk of `out`"), "{plain}");
        assert_eq!(plain.to_string(), wrapped.to_string());
    }

    #[test]
    fn every_refusal_says_where_and_what_to_do() {
        let kinds = [
            io::ErrorKind::StorageFull,
            io::ErrorKind::FileTooLarge,
            io::ErrorKind::NotADirectory,
            io::ErrorKind::ReadOnlyFilesystem,
            io::ErrorKind::NotFound,
        ];
        for kind in kinds {
            let said = StoreError::io("write", Path::new("some/out"))(io::Error::from(kind)).to_string();
            assert!(said.contains("`some/out`") && said.contains("choose another"), "{said}");
        }
    }
}
