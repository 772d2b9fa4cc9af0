//! Typed rows on their way from files to partner buckets, on disk once they outgrow a budget.
//!
//! ```text
//!  push(file, table, bucket, batch) ──▶ memory ──budget exceeded──▶ one temporary file
//!                                          │                        [segment][segment][segment]…
//!                                          │                         one (bucket, file, table) each
//!  bucket(b) ◀── segments of b, then what is still in memory ◀──────────┘
//! ```
//!
//! All segments share one file that has no name (it vanishes with the process, even a killed one), so the number
//! of open files does not grow with files × tables × buckets. An index in memory knows where each segment lies.

use crate::StoreError;
use aceq_model::{TableId, bucket_of};
use arrow::array::{Array, AsArray, RecordBatch, UInt32Array};
use arrow::buffer::{Buffer, MutableBuffer};
use arrow::compute::{concat_batches, take_record_batch};
use arrow_ipc::reader::StreamDecoder;
use arrow_ipc::writer::StreamWriter;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Batches of one key are joined up to this size before they are spilled: small batches cost more than they hold.
const SEGMENT_BATCH_BYTES: usize = 16 << 20;

/// Bucket first: a spill writes, and a read finds, the segments of one bucket side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    bucket: u32,
    file: u32,
    table: TableId,
}

/// A stretch of the temporary file: one Arrow IPC stream.
#[derive(Clone, Copy, Debug)]
struct Segment {
    start: u64,
    bytes: usize,
}

/// The rows of one file and table that belong to one bucket.
#[derive(Clone, Debug)]
pub struct Spooled {
    /// The file's number, as given to [`Spool::push`].
    pub file: u32,
    /// The table.
    pub table: TableId,
    /// The rows in the order in which they were pushed. Where one batch ends and the next begins says nothing.
    pub batches: Vec<RecordBatch>,
}

/// Collects batches until all files are read. See the module's picture.
#[derive(Debug)]
pub struct Spool {
    folder: PathBuf,
    budget: usize,
    held: usize,
    memory: BTreeMap<Key, Vec<RecordBatch>>,
    disk: BTreeMap<Key, Vec<Segment>>,
    spill: Option<(File, u64)>,
}

/// Every batch of a finished [`Spool`], to be read bucket by bucket, from several threads if need be.
#[derive(Debug)]
pub struct SpooledBuckets {
    folder: PathBuf,
    memory: BTreeMap<Key, Vec<RecordBatch>>,
    disk: BTreeMap<Key, Vec<Segment>>,
    spill: Option<Mutex<File>>,
}

impl Spool {
    /// An empty spool that keeps up to `budget` bytes in memory and then writes to a temporary file in `folder`.
    /// Nothing touches the disk before that.
    pub fn new(folder: &Path, budget: usize) -> Self {
        let folder = folder.to_owned();
        Self { folder, budget, held: 0, memory: BTreeMap::new(), disk: BTreeMap::new(), spill: None }
    }

    /// Adds rows of `file` that belong to `bucket`. Rows of one key come back in the order of the calls.
    ///
    /// # Errors
    /// When the rows have outgrown the budget and the temporary file cannot be written.
    pub fn push(&mut self, file: u32, table: TableId, bucket: u32, batch: RecordBatch) -> Result<(), StoreError> {
        self.held += batch_bytes(&batch);
        self.memory.entry(Key { bucket, file, table }).or_default().push(batch);
        if self.held > self.budget { self.write_out() } else { Ok(()) }
    }

    /// Forgets all rows of a file.
    pub fn forget(&mut self, file: u32) {
        self.memory.retain(|key, _| key.file != file);
        self.held = self.memory.values().flatten().map(batch_bytes).sum();
        self.disk.retain(|key, _| key.file != file);
    }

    /// Whether anything had to be written to disk.
    pub fn spilled(&self) -> bool {
        self.spill.is_some()
    }

    /// Ends the collecting.
    pub fn finish(self) -> SpooledBuckets {
        let spill = self.spill.map(|(file, _)| Mutex::new(file));
        SpooledBuckets { folder: self.folder, memory: self.memory, disk: self.disk, spill }
    }

    /// The folder of a dataset to come need not be there yet.
    fn create_file(&self) -> io::Result<File> {
        fs::create_dir_all(&self.folder)?;
        tempfile::tempfile_in(&self.folder)
    }

    fn write_out(&mut self) -> Result<(), StoreError> {
        let (file, end) = match self.spill.take() {
            Some(open) => open,
            None => (self.create_file().map_err(StoreError::io("spill to", &self.folder))?, 0),
        };
        let mut out = Counted { inner: BufWriter::with_capacity(1 << 20, file), written: end };
        for (key, batches) in std::mem::take(&mut self.memory) {
            let start = out.written;
            for run in same_schema(&batches) {
                self.disk.entry(key).or_default().push(write_segment(&mut out, run, &self.folder)?);
            }
            debug_assert!(out.written > start, "a stream holds at least its schema");
        }
        out.inner.flush().map_err(StoreError::io("spill to", &self.folder))?;
        let file =
            out.inner.into_inner().map_err(|error| StoreError::io("spill to", &self.folder)(error.into_error()))?;
        self.spill = Some((file, out.written));
        self.held = 0;
        Ok(())
    }
}

impl SpooledBuckets {
    /// The buckets that hold rows, ascending.
    pub fn buckets(&self) -> Vec<u32> {
        let mut buckets: Vec<u32> = self.memory.keys().chain(self.disk.keys()).map(|key| key.bucket).collect();
        buckets.sort_unstable();
        buckets.dedup();
        buckets
    }

    /// The rows of `bucket`, by file number and then table. One key's rows are in memory at a time.
    ///
    /// # Errors
    /// When the temporary file cannot be read back.
    pub fn bucket(&self, bucket: u32) -> impl Iterator<Item = Result<Spooled, StoreError>> + '_ {
        let first = |bucket| Key { bucket, file: 0, table: TableId::ALL[0] };
        let range = (
            Bound::Included(first(bucket)),
            bucket.checked_add(1).map_or(Bound::Unbounded, |next| Bound::Excluded(first(next))),
        );
        let mut keys: Vec<Key> = self.memory.range(range).map(|(key, _)| *key).collect();
        keys.extend(self.disk.range(range).map(|(key, _)| *key));
        keys.sort_unstable();
        keys.dedup();
        keys.into_iter().map(|key| self.rows_of(key))
    }

    fn rows_of(&self, key: Key) -> Result<Spooled, StoreError> {
        let mut batches = Vec::new();
        for segment in self.disk.get(&key).into_iter().flatten() {
            self.read_segment(*segment, &mut batches)?;
        }
        batches.extend(self.memory.get(&key).into_iter().flatten().cloned());
        Ok(Spooled { file: key.file, table: key.table, batches })
    }

    fn read_segment(&self, segment: Segment, batches: &mut Vec<RecordBatch>) -> Result<(), StoreError> {
        let mut buffer = self.read_bytes(segment).map_err(StoreError::io("read the spill in", &self.folder))?;
        let mut decoder = StreamDecoder::new();
        while !buffer.is_empty() {
            let batch = decoder.decode(&mut buffer).map_err(StoreError::arrow("read the spill in", &self.folder))?;
            batches.extend(batch);
        }
        Ok(())
    }

    /// The segment's bytes in an aligned buffer, of which the decoded columns become slices.
    fn read_bytes(&self, segment: Segment) -> std::io::Result<Buffer> {
        let spill = self.spill.as_ref().expect("a segment was written to it");
        let mut bytes = MutableBuffer::from_len_zeroed(segment.bytes);
        let mut file = spill.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(segment.start))?;
        file.read_exact(&mut bytes)?;
        Ok(bytes.into())
    }
}

/// Splits a batch by the bucket of its `partner_id`, keeping the order of rows. Rows whose `partner_id` is null
/// (their file has no partner column) come under `None`. A batch without rows gives nothing.
///
/// # Errors
/// When the batch has no text column `partner_id`.
pub fn split_by_bucket(batch: &RecordBatch, buckets: u32) -> Result<BTreeMap<Option<u32>, RecordBatch>, StoreError> {
    let partners = batch.column_by_name("partner_id").and_then(|column| column.as_string_opt::<i32>());
    let partners = partners.ok_or_else(|| StoreError::Handover {
        table: "of a spool".to_owned(),
        reason: "the batch has no text column `partner_id`".to_owned(),
    })?;
    let mut rows: BTreeMap<Option<u32>, Vec<u32>> = BTreeMap::new();
    for (row, partner) in (0_u32..).zip(partners) {
        rows.entry(partner.map(|partner| bucket_of(partner, buckets))).or_default().push(row);
    }
    if rows.len() == 1 {
        return Ok(rows.into_keys().map(|bucket| (bucket, batch.clone())).collect());
    }
    let taken =
        rows.into_iter().map(|(bucket, rows)| Ok((bucket, take_record_batch(batch, &UInt32Array::from(rows))?)));
    taken.collect::<Result<_, _>>().map_err(StoreError::arrow("split", Path::new("partner_id")))
}

/// What the rows of the batch take, not the buffers they are a slice of.
fn batch_bytes(batch: &RecordBatch) -> usize {
    batch.columns().iter().map(|column| column.to_data().get_slice_memory_size().unwrap_or(0)).sum()
}

/// Runs of batches with one schema. A file whose columns settle late may hand over two kinds of batch.
fn same_schema(batches: &[RecordBatch]) -> impl Iterator<Item = &[RecordBatch]> {
    batches.chunk_by(|left, right| left.schema_ref() == right.schema_ref())
}

fn write_segment(out: &mut Counted, batches: &[RecordBatch], folder: &Path) -> Result<Segment, StoreError> {
    let start = out.written;
    write_stream(out, batches).map_err(StoreError::arrow("spill to", folder))?;
    let bytes = usize::try_from(out.written - start).expect("a segment is smaller than the memory it came from");
    Ok(Segment { start, bytes })
}

fn write_stream(out: &mut Counted, batches: &[RecordBatch]) -> Result<(), arrow::error::ArrowError> {
    let schema = batches[0].schema();
    let mut writer = StreamWriter::try_new(out, &schema)?;
    let (mut first, mut bytes) = (0, 0);
    for (next, batch) in (1..).zip(batches) {
        bytes += batch_bytes(batch);
        if bytes >= SEGMENT_BATCH_BYTES || next == batches.len() {
            writer.write(&concat_batches(&schema, &batches[first..next])?)?;
            (first, bytes) = (next, 0);
        }
    }
    writer.finish()
}

/// A writer that knows its position.
struct Counted {
    inner: BufWriter<File>,
    written: u64,
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.written += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests;
