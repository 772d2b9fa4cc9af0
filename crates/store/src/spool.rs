//! Typed rows on their way from files to partner buckets, on disk once they outgrow a budget.
//!
//! ```text
//!  push(file, table, bucket, batch) ──▶ waiting ──budget exceeded──▶ sorted by bucket ──▶ one temporary file
//!  push_rows(file, table, batch)        (as they came)                                    [segment][segment]…
//!                                                                              one (bucket, file, table) each
//!  bucket(b) ◀── segments of b; nothing was spilled: batches of b in memory ◀─────────────────┘
//! ```
//!
//! Rows wait as they came and are moved once, when it is known which of them are neighbours. Columns in which nothing
//! is known are not written.
//!
//! All segments share one file that has no name (it vanishes with the process, even a killed one), so the number
//! of open files does not grow with files × tables × buckets. An index in memory knows where each segment lies.

use crate::StoreError;
use aceq_model::{TableId, bucket_of};
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, UInt32Array, new_null_array};
use arrow::buffer::{Buffer, MutableBuffer};
use arrow::compute::{concat, interleave, take_record_batch};
use arrow::datatypes::{Field, SchemaRef};
use arrow::error::ArrowError;
use arrow_ipc::reader::StreamDecoder;
use arrow_ipc::writer::StreamWriter;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::{Bound, Range};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Segments that are put together side by side, and then written one after the other.
const GATHERED_AT_A_TIME: usize = 8;

/// Bucket first: a spill writes, and a read finds, the segments of one bucket side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    bucket: u32,
    file: u32,
    table: TableId,
}

/// A stretch of the temporary file: one Arrow IPC stream.
#[derive(Clone, Debug)]
struct Segment {
    start: u64,
    bytes: usize,
    /// All columns of the batch; those that are not in the stream hold nothing.
    schema: SchemaRef,
}

/// A batch as it came.
#[derive(Debug)]
struct Waiting {
    file: u32,
    table: TableId,
    batch: RecordBatch,
    buckets: Buckets,
}

/// Where rows belong.
#[derive(Debug)]
enum Buckets {
    /// All to one bucket.
    One(u32),
    /// Each to its own.
    PerRow(Vec<u32>),
}

/// Rows of one waiting batch that stay neighbours.
#[derive(Clone, Debug)]
struct Stretch {
    /// The batch's number among those that wait.
    number: usize,
    rows: Range<usize>,
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
    waiting: Vec<Waiting>,
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
        Self { folder, budget, held: 0, waiting: Vec::new(), disk: BTreeMap::new(), spill: None }
    }

    /// Adds rows of `file` that belong to `bucket`. Rows of one key come back in the order of the calls.
    ///
    /// # Errors
    /// When the rows have outgrown the budget and the temporary file cannot be written.
    pub fn push(&mut self, file: u32, table: TableId, bucket: u32, batch: RecordBatch) -> Result<(), StoreError> {
        self.add(Waiting { file, table, batch, buckets: Buckets::One(bucket) })
    }

    /// Adds rows of `file`, each to one of `buckets` buckets by its `partner_id`. Those that name none (their file has
    /// no partner column) wait in a bucket of their own, the one with the number `buckets`.
    ///
    /// # Errors
    /// As [`Self::push`], and when the batch has no text column `partner_id`.
    pub fn push_rows(&mut self, file: u32, table: TableId, batch: RecordBatch, buckets: u32) -> Result<(), StoreError> {
        let buckets = Buckets::PerRow(buckets_of_rows(&batch, buckets)?);
        self.add(Waiting { file, table, batch, buckets })
    }

    fn add(&mut self, waiting: Waiting) -> Result<(), StoreError> {
        self.held += batch_bytes(&waiting.batch);
        self.waiting.push(waiting);
        if self.held > self.budget { self.write_out() } else { Ok(()) }
    }

    /// Forgets all rows of a file.
    pub fn forget(&mut self, file: u32) {
        self.waiting.retain(|waiting| waiting.file != file);
        self.held = self.waiting.iter().map(|waiting| batch_bytes(&waiting.batch)).sum();
        self.disk.retain(|key, _| key.file != file);
    }

    /// Whether anything had to be written to disk.
    pub fn spilled(&self) -> bool {
        self.spill.is_some()
    }

    /// Ends the collecting. Once rows are on disk the last of them follow: memory is for those who use the buckets.
    ///
    /// # Errors
    /// When the temporary file cannot be written.
    pub fn finish(mut self) -> Result<SpooledBuckets, StoreError> {
        let mut memory = BTreeMap::new();
        if self.spilled() {
            self.write_out()?;
        } else {
            for (key, runs) in runs_by_key(&self.waiting) {
                let batches = runs.iter().map(|stretches| gathered(&self.waiting, stretches));
                let batches: Result<Vec<_>, _> = batches.collect();
                memory.insert(key, batches.map_err(StoreError::arrow("sort", &self.folder))?);
            }
        }
        let spill = self.spill.map(|(file, _)| Mutex::new(file));
        Ok(SpooledBuckets { folder: self.folder, memory, disk: self.disk, spill })
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
        let waiting = std::mem::take(&mut self.waiting);
        let runs = runs_by_key(&waiting).into_iter();
        let runs: Vec<(Key, Vec<Stretch>)> =
            runs.flat_map(|(key, runs)| runs.into_iter().map(move |run| (key, run))).collect();
        for some in runs.chunks(GATHERED_AT_A_TIME) {
            let batches: Vec<_> = some.par_iter().map(|(_, stretches)| gathered(&waiting, stretches)).collect();
            for ((key, _), batch) in some.iter().zip(batches) {
                let written = batch.and_then(|batch| write_segment(&mut out, &batch));
                let segment = written.map_err(StoreError::arrow("spill to", &self.folder))?;
                self.disk.entry(*key).or_default().push(segment);
            }
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
            self.read_segment(segment, &mut batches)?;
        }
        batches.extend(self.memory.get(&key).into_iter().flatten().cloned());
        Ok(Spooled { file: key.file, table: key.table, batches })
    }

    fn read_segment(&self, segment: &Segment, batches: &mut Vec<RecordBatch>) -> Result<(), StoreError> {
        let mut buffer = self.read_bytes(segment).map_err(StoreError::io("read the spill in", &self.folder))?;
        let mut decoder = StreamDecoder::new();
        while !buffer.is_empty() {
            let batch = decoder.decode(&mut buffer).map_err(StoreError::arrow("read the spill in", &self.folder))?;
            batches.extend(batch.map(|batch| with_all_columns(&batch, &segment.schema)));
        }
        Ok(())
    }

    /// The segment's bytes in an aligned buffer, of which the decoded columns become slices.
    fn read_bytes(&self, segment: &Segment) -> std::io::Result<Buffer> {
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
    let mut rows: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (row, bucket) in (0_u32..).zip(buckets_of_rows(batch, buckets)?) {
        rows.entry(bucket).or_default().push(row);
    }
    let named = |bucket: u32| (bucket != buckets).then_some(bucket);
    if rows.len() == 1 {
        return Ok(rows.into_keys().map(|bucket| (named(bucket), batch.clone())).collect());
    }
    let taken =
        rows.into_iter().map(|(bucket, rows)| Ok((named(bucket), take_record_batch(batch, &UInt32Array::from(rows))?)));
    taken.collect::<Result<_, _>>().map_err(StoreError::arrow("split", Path::new("partner_id")))
}

/// The bucket of each row.
fn buckets_of_rows(batch: &RecordBatch, buckets: u32) -> Result<Vec<u32>, StoreError> {
    let partners = batch.column_by_name("partner_id").and_then(|column| column.as_string_opt::<i32>());
    let partners = partners.ok_or_else(|| StoreError::Handover {
        table: "of a spool".to_owned(),
        reason: "the batch has no text column `partner_id`".to_owned(),
    })?;
    // Rows of one partner often stand together.
    let mut last = (None, buckets);
    let bucket = |partner: Option<_>| {
        if last.0 != partner {
            last = (partner, partner.map_or(buckets, |partner| bucket_of(partner, buckets)));
        }
        last.1
    };
    Ok(partners.iter().map(bucket).collect())
}

/// Per key its rows in the order in which they came, a run for each kind of batch: a file whose columns settle late may
/// hand over batches of two schemas.
fn runs_by_key(waiting: &[Waiting]) -> BTreeMap<Key, Vec<Vec<Stretch>>> {
    let mut runs: BTreeMap<Key, Vec<Vec<Stretch>>> = BTreeMap::new();
    for (number, Waiting { file, table, batch, buckets }) in waiting.iter().enumerate() {
        let mut add = |bucket: u32, rows: Range<usize>| {
            let runs = runs.entry(Key { bucket, file: *file, table: *table }).or_default();
            let same = |run: &Vec<Stretch>| waiting[run[0].number].batch.schema_ref() == batch.schema_ref();
            match runs.last_mut().filter(|run| same(run)) {
                Some(run) => run.push(Stretch { number, rows }),
                None => runs.push(vec![Stretch { number, rows }]),
            }
        };
        match buckets {
            _ if batch.num_rows() == 0 => {}
            Buckets::One(bucket) => add(*bucket, 0..batch.num_rows()),
            Buckets::PerRow(buckets) => {
                let mut start = 0;
                for stretch in buckets.chunk_by(|a, b| a == b) {
                    add(stretch[0], start..start + stretch.len());
                    start += stretch.len();
                }
            }
        }
    }
    runs
}

/// The rows of these stretches, of batches with one schema, as one batch.
fn gathered(waiting: &[Waiting], stretches: &[Stretch]) -> Result<RecordBatch, ArrowError> {
    let first = &waiting[stretches[0].number].batch;
    if let [one] = stretches
        && one.rows == (0..first.num_rows())
    {
        return Ok(first.clone());
    }
    let mut numbers: Vec<usize> = stretches.iter().map(|stretch| stretch.number).collect();
    numbers.dedup();
    let rows: usize = stretches.iter().map(|stretch| stretch.rows.len()).sum();
    // Where rows of a bucket stand together, they are copied together.
    let places = (stretches.len() * TOGETHER > rows).then(|| places(&numbers, stretches));
    let columns = (0..first.num_columns()).map(|column| {
        let parts: Vec<&dyn Array> =
            numbers.iter().map(|number| waiting[*number].batch.column(column).as_ref()).collect();
        match &places {
            _ if parts.iter().all(|part| is_empty(*part)) => Ok(new_null_array(parts[0].data_type(), rows)),
            Some(places) => interleave(&parts, places),
            None => {
                let slice = |stretch: &Stretch| {
                    waiting[stretch.number].batch.column(column).slice(stretch.rows.start, stretch.rows.len())
                };
                let slices: Vec<ArrayRef> = stretches.iter().map(slice).collect();
                concat(&slices.iter().map(AsRef::as_ref).collect::<Vec<_>>())
            }
        }
    });
    RecordBatch::try_new(first.schema(), columns.collect::<Result<_, _>>()?)
}

/// Rows that stand together on average from which on it pays to copy them at once.
const TOGETHER: usize = 8;

/// Each row's batch, by its place in `numbers`, and its place in that. Batches come in ascending order.
fn places(numbers: &[usize], stretches: &[Stretch]) -> Vec<(usize, usize)> {
    let mut part = 0;
    let of_stretch = |stretch: &Stretch| {
        part += usize::from(numbers[part] != stretch.number);
        let part = part;
        stretch.rows.clone().map(move |row| (part, row))
    };
    stretches.iter().flat_map(of_stretch).collect()
}

/// Whether nothing is known in a column.
fn is_empty(column: &dyn Array) -> bool {
    column.null_count() == column.len()
}

/// The batch with all columns of `schema`: those that it lacks hold nothing.
fn with_all_columns(batch: &RecordBatch, schema: &SchemaRef) -> RecordBatch {
    let column = |field: &Arc<Field>| {
        let held = batch.column_by_name(field.name()).cloned();
        held.unwrap_or_else(|| new_null_array(field.data_type(), batch.num_rows()))
    };
    let columns = schema.fields().iter().map(column).collect();
    RecordBatch::try_new(Arc::clone(schema), columns).expect("a column is left out only where every value is null")
}

/// What the rows of the batch take, not the buffers they are a slice of.
fn batch_bytes(batch: &RecordBatch) -> usize {
    batch.columns().iter().map(|column| column.to_data().get_slice_memory_size().unwrap_or(0)).sum()
}

/// Writes the columns in which anything is known; the first is always there, to tell the number of rows.
fn write_segment(out: &mut Counted, batch: &RecordBatch) -> Result<Segment, ArrowError> {
    let start = out.written;
    let kept: Vec<usize> = (0..batch.num_columns()).filter(|at| *at == 0 || !is_empty(batch.column(*at))).collect();
    let known = batch.project(&kept)?;
    let mut writer = StreamWriter::try_new(&mut *out, known.schema_ref())?;
    writer.write(&known)?;
    writer.finish()?;
    let bytes = usize::try_from(out.written - start).expect("a segment is smaller than the memory it came from");
    Ok(Segment { start, bytes, schema: batch.schema() })
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
