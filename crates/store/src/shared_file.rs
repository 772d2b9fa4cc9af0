//! A file that several readers use at once, each with its own position.

use bytes::Bytes;
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, Length};
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use std::sync::Arc;

/// An open file. `File` itself shares one position among its clones, so columns could not be read side by side.
#[derive(Clone, Debug)]
pub(crate) struct SharedFile {
    file: Arc<File>,
    bytes: u64,
}

/// A reader of its own position.
pub(crate) struct Cursor {
    file: SharedFile,
    position: u64,
}

impl SharedFile {
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let bytes = file.metadata()?.len();
        Ok(Self { file: Arc::new(file), bytes })
    }

    #[cfg(unix)]
    fn read_at(&self, position: u64, bytes: &mut [u8]) -> io::Result<usize> {
        std::os::unix::fs::FileExt::read_at(&*self.file, bytes, position)
    }

    #[cfg(windows)]
    fn read_at(&self, position: u64, bytes: &mut [u8]) -> io::Result<usize> {
        std::os::windows::fs::FileExt::seek_read(&*self.file, bytes, position)
    }
}

impl Read for Cursor {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read_at(self.position, bytes)?;
        self.position += read as u64;
        Ok(read)
    }
}

impl Length for SharedFile {
    fn len(&self) -> u64 {
        self.bytes
    }
}

impl ChunkReader for SharedFile {
    type T = BufReader<Cursor>;

    fn get_read(&self, position: u64) -> Result<Self::T, ParquetError> {
        Ok(BufReader::new(Cursor { file: self.clone(), position }))
    }

    fn get_bytes(&self, position: u64, length: usize) -> Result<Bytes, ParquetError> {
        let mut bytes = vec![0; length];
        Cursor { file: self.clone(), position }.read_exact(&mut bytes)?;
        Ok(bytes.into())
    }
}
