//! Parquet: the tables of a dataset, or any table whose columns have known names.
//!
//! ```text
//!  footer ──▶ limits ──▶ shape of nested columns ──▶ names: stage, aws_products, aws_products[0], …
//!  row groups ──one batch at a time──▶ Grid of BLOCK_ROWS records ──▶ Block
//! ```
//!
//! A null says nothing (the cell is absent), an empty list or text is blank. Items of lists stand in fields of their
//! own, so that whatever they hold stays one item. Files are streamed: memory does not depend on their size.

mod cells;
mod depth;
mod shape;

use super::{HEAD_ROWS, Want};
use crate::grid::{Grid, GridBlock};
use crate::input::unreadable;
use crate::source::{Block, Source};
use crate::text::hash_of;
use crate::{IngestError, Input, Limits};
use aceq_model::{Sha256Hex, date_from_days};
use arrow::array::{Array, RecordBatch};
use arrow::datatypes::DataType;
use cells::{Cells, push_row};
use chrono::NaiveDate;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::file::metadata::ParquetMetaData;
use parquet::file::statistics::Statistics;
use shape::Shape;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Rows of a block, and bytes of its text from which on it is full. Results do not depend on them.
const BLOCK_ROWS: usize = 2048;
const BLOCK_BYTES: usize = 4 << 20;
/// Rows that are decoded at once: few, for a small file may name one long text in every row.
const BATCH_ROWS: usize = 64;
/// Bytes up to which a file may unpack whatever its size.
const FREE_BYTES: u64 = 64 << 20;

/// The head of the table: its header and first rows.
pub(super) fn decode(input: &Input, want: Want<'_>, limits: &Limits, grids: &mut Vec<Grid>) -> Result<(), IngestError> {
    let table = Table::open(input, limits)?;
    grids.push(table.grid());
    let grid = grids.last_mut().expect("it was pushed");
    grid.date_inside = table.day();
    let mut batches = table.batches(None, HEAD_ROWS)?;
    while !want.has_enough(grid.len()) {
        let Some(batch) = next(input, &mut batches)? else { break };
        table.fill(grid, &batch);
    }
    Ok(())
}

/// The whole table, streamed.
pub(crate) fn open(input: &Input, limits: &Limits) -> Result<Box<dyn Source>, IngestError> {
    let failed = |source| unreadable(&input.path, source);
    let table = Table::open(input, limits)?;
    let batches = table.batches(None, BATCH_ROWS)?;
    let (hash, bytes) = hash_of(&input.path).map_err(failed)?;
    Ok(Box::new(ParquetSource { table, batches, hash, bytes, rows: 0, text: 0, is_done: false }))
}

/// An open file.
struct Table {
    input: Input,
    file: File,
    metadata: ArrowReaderMetadata,
    shapes: Vec<Shape>,
    names: Vec<String>,
    /// Bytes of text that may come out.
    most: u64,
}

impl Table {
    fn open(input: &Input, limits: &Limits) -> Result<Self, IngestError> {
        let failed = |source| unreadable(&input.path, source);
        let file = File::open(&input.path).map_err(failed)?;
        let bytes = file.metadata().map_err(failed)?.len();
        let most = limits.unpacked_bytes.min(FREE_BYTES.max(bytes.saturating_mul(limits.unpacked_ratio)));
        let footer = footer(&file, bytes).map_err(failed)?;
        if depth::schema_depth(&footer).is_some_and(|depth| depth > limits.depth as u64) {
            return Err(too_large(input, "columns within each other", limits.depth as u64));
        }
        let metadata = guarded(input, || ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()))?;
        check_places(metadata.metadata(), bytes).map_err(|message| damaged(input, message))?;
        check_claims(input, metadata.metadata(), most, limits)?;
        let fields = metadata.schema().fields();
        let shapes: Option<Vec<Shape>> =
            fields.iter().map(|field| Shape::of(field.data_type(), limits.depth)).collect();
        let shapes = shapes.ok_or_else(|| too_large(input, "columns within each other", limits.depth as u64))?;
        let mut table = Self { input: input.clone(), file, metadata, shapes, names: Vec::new(), most };
        table.measure_lists(limits)?;
        for (field, shape) in table.metadata.schema().fields().iter().zip(&table.shapes) {
            shape.names(named(field.name()), &mut table.names);
        }
        Ok(table)
    }

    /// Looks at all lists for the longest, so that each item has its field.
    fn measure_lists(&mut self, limits: &Limits) -> Result<(), IngestError> {
        let lists: Vec<usize> = (0..self.shapes.len()).filter(|at| self.shapes[*at].has_list()).collect();
        if lists.is_empty() {
            return Ok(());
        }
        let mut batches = self.batches(Some(&lists), BATCH_ROWS)?;
        while let Some(batch) = next(&self.input, &mut batches)? {
            for (at, column) in lists.iter().zip(batch.columns()) {
                (0..column.len()).for_each(|row| self.shapes[*at].measure(column, row));
            }
            if self.shapes.iter().map(Shape::width).fold(0, usize::saturating_add) > limits.columns {
                return Err(too_large(&self.input, "columns and items of lists", limits.columns as u64));
            }
        }
        Ok(())
    }

    fn batches(&self, columns: Option<&[usize]>, rows: usize) -> Result<ParquetRecordBatchReader, IngestError> {
        let failed = |source| unreadable(&self.input.path, source);
        let file = self.file.try_clone().map_err(failed)?;
        let mask = match columns {
            Some(columns) => ProjectionMask::roots(self.metadata.parquet_schema(), columns.iter().copied()),
            None => ProjectionMask::all(),
        };
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone());
        guarded(&self.input, || builder.with_projection(mask).with_batch_size(rows).build())
    }

    /// The day of export, where a column of our own tables states one and the same for all rows.
    fn day(&self) -> Option<NaiveDate> {
        let schema = self.metadata.parquet_schema();
        let column = schema.columns().iter().position(|column| column.path().parts() == ["snapshot_date"])?;
        self.metadata
            .schema()
            .field_with_name("snapshot_date")
            .ok()
            .filter(|day| *day.data_type() == DataType::Date32)?;
        let of_group = |statistics: &Statistics| match statistics {
            Statistics::Int32(days) if days.null_count_opt() == Some(0) && days.min_opt() == days.max_opt() => {
                days.min_opt().copied()
            }
            _ => None,
        };
        let groups = self.metadata.metadata().row_groups().iter().filter(|group| group.num_rows() > 0);
        let mut days = groups.map(|group| group.column(column).statistics().and_then(of_group));
        let first = days.next()??;
        days.all(|day| day == Some(first)).then(|| date_from_days(first)).flatten()
    }

    fn grid(&self) -> Grid {
        let mut grid = Grid::new("");
        grid.header = Some(self.names.clone());
        let mut place = 0;
        for (field, shape) in self.metadata.schema().fields().iter().zip(&self.shapes) {
            if is_number(field.data_type()) {
                grid.numbers.insert(place);
            }
            place += shape.width();
        }
        grid
    }

    fn fill(&self, grid: &mut Grid, batch: &RecordBatch) {
        let columns: Vec<Cells> = batch.columns().iter().map(Cells::new).collect();
        for row in 0..batch.num_rows() {
            grid.begin(grid.next_line(), None);
            columns.iter().zip(&self.shapes).for_each(|(column, shape)| push_row(grid, shape, column, row));
        }
    }
}

/// A file on its way into rows.
struct ParquetSource {
    table: Table,
    batches: ParquetRecordBatchReader,
    hash: Sha256Hex,
    bytes: u64,
    rows: u64,
    /// Bytes of text that came out so far.
    text: u64,
    is_done: bool,
}

impl Source for ParquetSource {
    fn next_block(&mut self) -> Result<Option<Box<dyn Block>>, IngestError> {
        let input = &self.table.input;
        let mut grid = self.table.grid();
        grid.count_from(self.rows + 1);
        while grid.len() < BLOCK_ROWS && grid.text_bytes() < BLOCK_BYTES {
            let Some(batch) = next(input, &mut self.batches)? else { break };
            self.table.fill(&mut grid, &batch);
        }
        if grid.len() == 0 {
            self.is_done = true;
            return Ok(None);
        }
        self.rows += grid.len() as u64;
        // A row costs something, however little it says.
        self.text += (grid.text_bytes() + grid.len()) as u64;
        if self.text > self.table.most {
            return Err(too_large(input, "the table unpacks to bytes", self.table.most));
        }
        Ok(Some(Box::new(GridBlock::whole(grid))))
    }

    fn bytes(&self) -> u64 {
        if self.is_done { self.bytes } else { 0 }
    }

    fn hash(self: Box<Self>) -> Sha256Hex {
        self.hash
    }
}

/// The footer of a file of `bytes` bytes, as its last bytes say; empty where they say nonsense.
fn footer(mut file: &File, bytes: u64) -> std::io::Result<Vec<u8>> {
    let mut end = [0; 8];
    let mut footer = Vec::new();
    if let Some(tail) = bytes.checked_sub(8) {
        file.seek(SeekFrom::Start(tail))?;
        file.read_exact(&mut end)?;
        let length = u64::from(u32::from_le_bytes([end[0], end[1], end[2], end[3]]));
        if let Some(start) = tail.checked_sub(length) {
            file.seek(SeekFrom::Start(start))?;
            file.take(length).read_to_end(&mut footer)?;
        }
    }
    Ok(footer)
}

/// The next batch of rows.
fn next(input: &Input, batches: &mut ParquetRecordBatchReader) -> Result<Option<RecordBatch>, IngestError> {
    guarded(input, || batches.next().transpose())
}

/// Calls the reader. It panics on some damaged pages, which cannot be told beforehand; what it was reading is dropped
/// with the file.
fn guarded<T, E: std::fmt::Display>(input: &Input, read: impl FnOnce() -> Result<T, E>) -> Result<T, IngestError> {
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => match error.to_string() {
            message if message.contains("Disabled feature") => Err(damaged(
                input,
                "it is compressed with a codec that is not read here; write it with zstd, snappy, gzip or lz4",
            )),
            message => Err(damaged(input, &message)),
        },
        Err(_) => Err(damaged(input, "the bytes of a page contradict each other")),
    }
}

/// The reader trusts the places that the footer names: they must lie in the file.
fn check_places(metadata: &ParquetMetaData, bytes: u64) -> Result<(), &'static str> {
    let within = |start: i64, length: i64| {
        let end = start.checked_add(length).and_then(|end| u64::try_from(end).ok());
        start >= 0 && length >= 0 && end.is_some_and(|end| end <= bytes)
    };
    for group in metadata.row_groups() {
        for chunk in group.columns() {
            let start = chunk.dictionary_page_offset().unwrap_or(chunk.data_page_offset());
            if !within(chunk.data_page_offset(), 0) || !within(start, chunk.compressed_size()) {
                return Err("its footer names a place outside the file");
            }
            if chunk.num_values() < 0 || chunk.uncompressed_size() < 0 || group.num_rows() < 0 {
                return Err("its footer names a number below zero");
            }
        }
    }
    Ok(())
}

/// What the footer says of the file, against the limits.
fn check_claims(input: &Input, metadata: &ParquetMetaData, most: u64, limits: &Limits) -> Result<(), IngestError> {
    if metadata.file_metadata().schema_descr().num_columns() > limits.columns {
        return Err(too_large(input, "columns", limits.columns as u64));
    }
    let groups = metadata.row_groups().iter();
    let rows = groups.map(|group| group.num_rows().unsigned_abs()).fold(0, u64::saturating_add);
    if rows > most {
        return Err(too_large(input, "rows", most));
    }
    let chunks = || metadata.row_groups().iter().flat_map(|group| group.columns());
    let sizes = || chunks().map(|chunk| chunk.uncompressed_size().unsigned_abs());
    if sizes().fold(0, u64::saturating_add) > most {
        return Err(too_large(input, "the table unpacks to bytes", most));
    }
    match sizes().max() {
        Some(bytes) if bytes > limits.document_bytes => {
            Err(too_large(input, "a column of a row group unpacks to bytes", limits.document_bytes))
        }
        _ => Ok(()),
    }
}

/// A column must have a name to be spoken of.
fn named(name: &str) -> &str {
    if name.trim().is_empty() { "(no name)" } else { name }
}

fn is_number(ty: &DataType) -> bool {
    match ty {
        DataType::Dictionary(_, values) => is_number(values),
        _ => ty.is_numeric(),
    }
}

fn damaged(input: &Input, message: &str) -> IngestError {
    IngestError::Damaged { file: input.name.clone(), format: "Parquet", message: message.to_owned() }
}

fn too_large(input: &Input, what: &'static str, limit: u64) -> IngestError {
    IngestError::TooLarge { file: input.name.clone(), what, limit }
}

#[cfg(test)]
mod tests;
