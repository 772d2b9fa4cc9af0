//! Archives: `.gz` and `.zip`, told by their content, unpacked to temporary files within limits.
//!
//! ```text
//!  a.csv.gz   ─▶ a.csv.gz                  (one file, named as its archive)
//!  b.zip      ─▶ b.zip/2026-11-15/x.csv    (a folder of files)
//!  book.xlsx  ─▶ book.xlsx                 (a zip archive inside, but a document)
//! ```
//!
//! What is written is counted while it is inflated: what an archive says about its own size is never believed.

mod budget;
mod scratch;
mod zipped;

use crate::input::{Input, Refused, Unpacked, unreadable};
use crate::{IngestError, Limits};
use budget::Budget;
use flate2::read::MultiGzDecoder;
use std::cell::OnceCell;
use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::Path;
use std::sync::Arc;
use tempfile::TempPath;

pub(crate) use scratch::Scratch;
pub(crate) use zipped::words;

/// Where archives are unpacked to, and how much of them.
#[derive(Clone, Copy)]
pub(crate) struct Unpacker<'a> {
    /// Folder in which the folder of temporary files is made.
    parent: &'a Path,
    limits: &'a Limits,
    /// That folder, once there is something to unpack.
    scratch: &'a OnceCell<Arc<Scratch>>,
}

/// An archive, by the first bytes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Archive {
    Gzip,
    Zip,
}

impl Archive {
    /// Its name in messages.
    fn name(self) -> &'static str {
        match self {
            Self::Gzip => "a gzip file",
            Self::Zip => "a zip archive",
        }
    }

    /// What archive the file at `path` is, if it is one. Documents that are zip archives inside are none.
    fn of(path: &Path) -> io::Result<Option<Self>> {
        let mut head = Vec::new();
        File::open(path)?.take(4).read_to_end(&mut head)?;
        Ok(match head.as_slice() {
            [0x1F, 0x8B, ..] => Some(Self::Gzip),
            b"PK\x03\x04" | b"PK\x05\x06" if !zipped::is_document(path) => Some(Self::Zip),
            _ => None,
        })
    }
}

impl<'a> Unpacker<'a> {
    pub fn new(parent: &'a Path, limits: &'a Limits, scratch: &'a OnceCell<Arc<Scratch>>) -> Self {
        Self { parent, limits, scratch }
    }

    fn scratch(self) -> io::Result<&'a Arc<Scratch>> {
        match self.scratch.get() {
            Some(scratch) => Ok(scratch),
            None => {
                let made = Arc::new(Scratch::create(self.parent)?);
                Ok(self.scratch.get_or_init(|| made))
            }
        }
    }

    /// The files in place of a file: itself, or what its archive holds. Members that cannot be used are told apart.
    pub fn unpack(self, input: Input) -> Result<(Vec<Input>, Vec<Refused>), IngestError> {
        match Archive::of(&input.path).map_err(|source| unreadable(&input.path, source))? {
            None => Ok((vec![input], Vec::new())),
            Some(Archive::Gzip) => Ok((vec![self.gunzip(&input)?], Vec::new())),
            Some(Archive::Zip) => zipped::unzip(self, &input),
        }
    }

    /// What there is of a gzip file, and why there is no more.
    pub fn salvage(self, input: &Input) -> Result<(Input, Option<IngestError>), IngestError> {
        match Archive::of(&input.path).map_err(|source| unreadable(&input.path, source))? {
            Some(Archive::Gzip) => self.inflate(input),
            _ => Ok((input.clone(), None)),
        }
    }

    fn gunzip(self, input: &Input) -> Result<Input, IngestError> {
        match self.inflate(input)? {
            (_, Some(error)) => Err(error),
            (unpacked, None) => Ok(unpacked),
        }
    }

    fn inflate(self, input: &Input) -> Result<(Input, Option<IngestError>), IngestError> {
        let file = File::open(&input.path).map_err(|source| unreadable(&input.path, source))?;
        let size = file.metadata().map_err(|source| unreadable(&input.path, source))?.len();
        let mut budget = Budget::new(&input.name, size, self.limits);
        let member = Member { name: &input.name, archive: Archive::Gzip };
        let (unpacked, damage) =
            self.copy_what_there_is(&mut MultiGzDecoder::new(BufReader::new(file)), member, &mut budget)?;
        let inflated = Input {
            name: input.name.clone(),
            path: unpacked.to_path_buf(),
            root: input.root.clone(),
            unpacked: Some(Unpacked::new(unpacked, &input.path, "", self.scratch.get().cloned())),
        };
        Ok((inflated, damage))
    }

    /// Writes what `reader` inflates to a temporary file, which must not be an archive again.
    fn copy(self, reader: &mut dyn Read, member: Member<'_>, budget: &mut Budget<'_>) -> Result<TempPath, IngestError> {
        match self.copy_what_there_is(reader, member, budget)? {
            (_, Some(damage)) => Err(damage),
            (path, None) => Ok(path),
        }
    }

    /// As [`Self::copy`]; of an archive that breaks off, what comes before that, and the damage.
    fn copy_what_there_is(
        self,
        reader: &mut dyn Read,
        member: Member<'_>,
        budget: &mut Budget<'_>,
    ) -> Result<(TempPath, Option<IngestError>), IngestError> {
        let unwritable =
            |source| IngestError::Unpacking { file: member.name.to_owned(), folder: self.parent.to_owned(), source };
        let folder = self.scratch().map_err(unwritable)?.path();
        let target = tempfile::Builder::new().tempfile_in(folder).map_err(unwritable)?;
        let (mut file, path) = target.into_parts();
        let mut bytes = vec![0; 256 << 10];
        let mut written = 0;
        let damage = loop {
            let count = match reader.read(&mut bytes) {
                Ok(0) => break None,
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => break Some(member.damaged(format!("after {written} bytes: {error}"))),
            };
            budget.spend(count as u64)?;
            file.write_all(&bytes[..count]).map_err(unwritable)?;
            written += count as u64;
        };
        match Archive::of(&path).map_err(|source| unreadable(&path, source))? {
            None => Ok((path, damage)),
            Some(_) => Err(IngestError::ArchiveInArchive { file: member.name.to_owned() }),
        }
    }
}

/// What is being unpacked, for messages.
#[derive(Clone, Copy)]
struct Member<'a> {
    name: &'a str,
    archive: Archive,
}

impl Member<'_> {
    fn damaged(self, message: String) -> IngestError {
        IngestError::Damaged { file: self.name.to_owned(), format: self.archive.name(), message }
    }
}
