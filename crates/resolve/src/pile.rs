//! All rows of one table as they were read, and which of two versions of a row is the newer one.
//!
//! ```text
//!   typed rows of many files ──▶ Pile: files ranked from oldest to newest, columns by name
//!                                  │   RowAt: where one row is, 12 bytes
//!                                  ▼
//!                        sort, compare, choose ──▶ gather ──▶ Frame: one array per column
//! ```
//!
//! Rows are moved once, column by column, when it is known which of them stay.

use crate::corrections::Place;
use crate::frame::Frame;
use crate::partners::{NO_PARTNER, Partners};
use aceq_model::{Column, FileRecord, Position, Reject, RejectReason, Table, TableId, TypedRows};
use aceq_model::{ColumnType, days_from_date};
use arrow::array::{
    Array, ArrayRef, AsArray, Date32Array, Decimal128Array, Int64Array, StringArray, UInt32Array, make_comparator,
    new_null_array,
};
use arrow::compute::{SortOptions, interleave, take};
use arrow::datatypes::{Date32Type, Decimal128Type, Int64Type, TimestampMicrosecondType};
use rayon::prelude::*;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Where a row lies in a pile.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RowAt {
    pub(crate) partner: u32,
    pub(crate) chunk: u32,
    pub(crate) row: u32,
}

/// All rows of one table.
pub(crate) struct Pile {
    pub(crate) id: TableId,
    pub(crate) table: &'static Table,
    /// Oldest first.
    pub(crate) files: Vec<Arc<FileRecord>>,
    paths: Vec<Arc<str>>,
    sheets: Vec<Arc<str>>,
    /// Place of `last_modified`.
    modified: Option<usize>,
    chunks: Vec<Chunk>,
    /// Per file rank the records that the user left out.
    pub(crate) excluded: Vec<u64>,
}

struct Chunk {
    file: usize,
    partners: Vec<u32>,
    /// The ingested columns, in order; emptied when the rows are gathered.
    columns: Vec<ArrayRef>,
    lines: Int64Array,
}

/// One text column of all chunks, looked up once.
pub(crate) struct Texts<'a>(Vec<&'a StringArray>);

impl<'a> Texts<'a> {
    /// The cell of a row.
    pub(crate) fn get(&self, at: RowAt) -> Option<&'a str> {
        let texts = self.0[at.chunk as usize];
        texts.is_valid(at.row as usize).then(|| texts.value(at.row as usize))
    }
}

/// One column of amounts of all chunks, looked up once.
pub(crate) struct Amounts<'a>(Vec<&'a Decimal128Array>);

impl Amounts<'_> {
    /// The cell of a row, in hundredths.
    pub(crate) fn get(&self, at: RowAt) -> Option<i128> {
        let amounts = self.0[at.chunk as usize];
        amounts.is_valid(at.row as usize).then(|| amounts.value(at.row as usize))
    }
}

/// One column of dates of all chunks, looked up once.
pub(crate) struct Dates<'a>(Vec<&'a Date32Array>);

impl Dates<'_> {
    /// The cell of a row, in days since 1970-01-01.
    pub(crate) fn get(&self, at: RowAt) -> Option<i32> {
        let dates = self.0[at.chunk as usize];
        dates.is_valid(at.row as usize).then(|| dates.value(at.row as usize))
    }
}

/// Per column: the output rows whose value comes from elsewhere than the row itself.
pub(crate) type Exchanges = BTreeMap<&'static str, Vec<(u32, RowAt)>>;

impl Pile {
    /// The rows of `table` among all partners' files.
    pub(crate) fn new(id: TableId, rows: Vec<TypedRows>, partners: &Partners) -> Self {
        let table = id.schema();
        let (files, ranks) = ranked_files(&rows);
        let paths = files.iter().map(|file| Arc::from(file.path.as_str())).collect();
        let chunks = rows.into_iter().zip(ranks).map(|(rows, file)| Chunk::new(table, rows, file, partners)).collect();
        let modified = table.ingested_columns().position(|column| column.name == "last_modified");
        let sheets = files.iter().map(|file| Arc::from(file.sheet.as_str())).collect();
        let excluded = vec![0; files.len()];
        Self { id, table, files, paths, sheets, modified, chunks, excluded }
    }

    /// Puts values into cells of a column.
    pub(crate) fn supply(&mut self, column: &str, cells: Vec<(RowAt, ArrayRef)>) {
        let Some(place) = self.place(column) else { return };
        let mut by_chunk: BTreeMap<u32, Vec<(RowAt, ArrayRef)>> = BTreeMap::new();
        cells.into_iter().for_each(|cell| by_chunk.entry(cell.0.chunk).or_default().push(cell));
        for (chunk, cells) in by_chunk {
            let column = &mut self.chunks[chunk as usize].columns[place];
            *column = with_values(column, cells.iter().map(|(at, value)| (at.row, value)));
        }
    }

    /// Leaves rows out, as though their files did not have them.
    pub(crate) fn exclude(&mut self, rows: impl Iterator<Item = RowAt>) {
        let mut by_chunk: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        rows.for_each(|at| _ = by_chunk.entry(at.chunk).or_default().insert(at.row));
        for (chunk, rows) in by_chunk {
            let chunk = &mut self.chunks[chunk as usize];
            self.excluded[chunk.file] += rows.len() as u64;
            chunk.retain(|row| !rows.contains(&row));
        }
    }

    /// Every row that names a partner; the others are rejected.
    pub(crate) fn rows(&self) -> (Vec<RowAt>, Vec<RowAt>) {
        let every = (0..).zip(&self.chunks).flat_map(|(chunk, held)| {
            (0..).zip(&held.partners).map(move |(row, partner)| RowAt { partner: *partner, chunk, row })
        });
        every.partition(|row| row.partner != NO_PARTNER)
    }

    /// Rank of the file that a row comes from.
    pub(crate) fn file_of(&self, at: RowAt) -> usize {
        self.chunks[at.chunk as usize].file
    }

    /// Ranks of the files of which no chunk has any row, with their records.
    pub(crate) fn empty_files(&self) -> impl Iterator<Item = &FileRecord> {
        let mut filled = vec![false; self.files.len()];
        self.chunks.iter().for_each(|chunk| filled[chunk.file] |= !chunk.partners.is_empty());
        self.files.iter().zip(filled).filter(|(_, filled)| !filled).map(|(file, _)| file.as_ref())
    }

    /// The ranks of the partners and files of which there are rows.
    pub(crate) fn files_of_partners(&self) -> BTreeSet<(u32, usize)> {
        let runs = |chunk: &Chunk| {
            let partners = chunk.partners.chunk_by(|a, b| a == b).map(|run| (run[0], chunk.file));
            partners.collect::<Vec<_>>()
        };
        self.chunks.iter().flat_map(runs).collect()
    }

    /// Path of a file.
    pub(crate) fn path(&self, file: usize) -> &Arc<str> {
        &self.paths[file]
    }

    /// Worksheet of a file's rows; empty where the file is one table.
    pub(crate) fn sheet(&self, file: usize) -> &Arc<str> {
        &self.sheets[file]
    }

    /// Line of a row.
    pub(crate) fn line(&self, at: RowAt) -> i64 {
        self.chunks[at.chunk as usize].lines.value(at.row as usize)
    }

    /// How many records stand at each of these places; those that were left out do not.
    pub(crate) fn records_at(&self, places: &[Place<'_>]) -> Vec<usize> {
        let wanted: HashMap<Place<'_>, usize> = places.iter().copied().zip(0..).collect();
        let files: BTreeSet<(&str, &str)> = places.iter().map(|(file, sheet, _)| (*file, *sheet)).collect();
        let mut records = vec![0; places.len()];
        for chunk in &self.chunks {
            let (file, sheet) = (self.paths[chunk.file].as_ref(), self.sheets[chunk.file].as_ref());
            if !files.contains(&(file, sheet)) {
                continue;
            }
            for line in chunk.lines.values() {
                if let Some(place) = wanted.get(&(file, sheet, *line)) {
                    records[*place] += 1;
                }
            }
        }
        records
    }

    /// The place of a column among those that files supply.
    pub(crate) fn place(&self, column: &str) -> Option<usize> {
        self.table.ingested_columns().position(|known| known.name == column)
    }

    /// A text column.
    pub(crate) fn texts(&self, column: &str) -> Texts<'_> {
        let place = self.place(column).expect("a column that files supply");
        Texts(self.chunks.iter().map(|chunk| chunk.columns[place].as_string()).collect())
    }

    /// A column of amounts.
    pub(crate) fn amounts(&self, column: &str) -> Amounts<'_> {
        let place = self.place(column).expect("a column that files supply");
        Amounts(self.chunks.iter().map(|chunk| chunk.columns[place].as_primitive::<Decimal128Type>()).collect())
    }

    /// A column of dates.
    pub(crate) fn dates(&self, column: &str) -> Dates<'_> {
        let place = self.place(column).expect("a column that files supply");
        Dates(self.chunks.iter().map(|chunk| chunk.columns[place].as_primitive::<Date32Type>()).collect())
    }

    /// Last modification in microseconds; `None` where it is unknown or the table has no such column.
    pub(crate) fn modified(&self, at: RowAt) -> Option<i64> {
        let times = &self.chunks[at.chunk as usize].columns[self.modified?];
        let times = times.as_primitive::<TimestampMicrosecondType>();
        times.is_valid(at.row as usize).then(|| times.value(at.row as usize))
    }

    /// Whether a cell is null.
    pub(crate) fn is_null(&self, place: usize, at: RowAt) -> bool {
        self.chunks[at.chunk as usize].columns[place].is_null(at.row as usize)
    }

    /// Older before newer: snapshot date, last modification, content hash, line; unknown before known. Rows that tie
    /// in all of it are told apart by their content, so that input order never decides.
    pub(crate) fn compare_versions(&self, left: RowAt, right: RowAt) -> Ordering {
        let (left_file, right_file) = (self.file_of(left), self.file_of(right));
        let snapshot = |file: usize| known_snapshot(&self.files[file]);
        snapshot(left_file)
            .cmp(&snapshot(right_file))
            .then_with(|| self.modified(left).cmp(&self.modified(right)))
            .then_with(|| left_file.cmp(&right_file))
            .then_with(|| self.line(left).cmp(&self.line(right)))
            .then_with(|| self.compare_contents(left, right))
    }

    /// Whether nothing but content hash, sheet and line tells which of two rows is newer: rows of one table, or of two sheets or
    /// exports of one day that were changed last at the same time, as far as each tells it.
    pub(crate) fn is_one_age(&self, left: RowAt, right: RowAt) -> bool {
        const DAY: i64 = 86_400_000_000;
        let (left_file, right_file) = (self.file_of(left), self.file_of(right));
        let day = known_snapshot(&self.files[left_file]);
        let one_path = || self.path(left_file) == self.path(right_file);
        let one_day = || day == known_snapshot(&self.files[right_file]) && (day.is_some() || one_path());
        // Some exports tell the day of the last change alone.
        let one_time = || match (self.modified(left), self.modified(right)) {
            (Some(one), Some(other)) if one % DAY == 0 || other % DAY == 0 => {
                one.div_euclid(DAY) == other.div_euclid(DAY)
            }
            (one, other) => one == other,
        };
        left_file == right_file || (one_day() && one_time())
    }

    fn compare_contents(&self, left: RowAt, right: RowAt) -> Ordering {
        let columns = |at: RowAt| &self.chunks[at.chunk as usize].columns;
        let mut orders = columns(left).iter().zip(columns(right)).map(|(a, b)| {
            let compare = make_comparator(a, b, SortOptions::default()).expect("one column has one type");
            compare(left.row as usize, right.row as usize)
        });
        orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }

    /// The columns in which two rows differ.
    pub(crate) fn differing(&self, left: RowAt, right: RowAt) -> Vec<&'static str> {
        let columns = |at: RowAt| &self.chunks[at.chunk as usize].columns;
        let pairs = self.table.ingested_columns().zip(columns(left).iter().zip(columns(right)));
        let differ = pairs.filter(|(_, (a, b))| {
            let compare = make_comparator(*a, *b, SortOptions::default()).expect("one column has one type");
            compare(left.row as usize, right.row as usize).is_ne()
        });
        differ.map(|(column, _)| column.name).collect()
    }

    /// A row that cannot be used at all.
    pub(crate) fn reject(&self, at: RowAt, reason: RejectReason) -> Reject {
        Reject { position: self.position(at), column: None, raw: String::new(), reason }
    }

    /// Where a row was read.
    pub(crate) fn position(&self, at: RowAt) -> Position {
        let file = self.file_of(at);
        let line = u64::try_from(self.line(at)).unwrap_or(0);
        Position { file: self.path(file).to_string(), sheet: self.sheet(file).to_string(), line, byte: None }
    }

    /// The rows of `base`, in that order, as whole columns, with the cells of `exchanges` put in their place.
    ///
    /// Columns are let go one by one, so that at no time the table is held twice.
    pub(crate) fn gather(&mut self, base: &[RowAt], exchanges: &Exchanges) -> Frame {
        let sources = self.source_columns(base);
        let partners = base.iter().map(|at| at.partner).collect();
        let places: Vec<_> = base.iter().map(|at| at.place()).collect();
        let nothing = Vec::new();
        let gathered = self.take_columns().into_par_iter().map(|(column, arrays)| {
            let exchanged = exchanges.get(column.name).unwrap_or(&nothing);
            (column.name, gather_column(column, &arrays, &places, exchanged))
        });
        let mut columns: BTreeMap<_, _> = gathered.collect();
        columns.extend(sources);
        Frame::new(self.id, columns, partners)
    }

    fn take_columns(&mut self) -> Vec<(&'static Column, Vec<ArrayRef>)> {
        let mut taken: Vec<_> = self.table.ingested_columns().map(|column| (column, Vec::new())).collect();
        for chunk in &mut self.chunks {
            taken.iter_mut().zip(chunk.columns.drain(..)).for_each(|((_, arrays), array)| arrays.push(array));
        }
        taken
    }

    fn source_columns(&self, base: &[RowAt]) -> [(&'static str, ArrayRef); 4] {
        let file = |at: &RowAt| self.file_of(*at);
        let day = |at| known_snapshot(&self.files[file(at)]);
        let dates: Date32Array = base.iter().map(day).collect();
        let paths: StringArray = base.iter().map(|at| Some(self.path(file(at)).as_ref())).collect();
        let sheets: StringArray = base.iter().map(|at| Some(self.sheet(file(at)).as_ref())).collect();
        let lines: Int64Array = base.iter().map(|at| Some(self.line(*at))).collect();
        [
            ("snapshot_date", Arc::new(dates)),
            ("source_file", Arc::new(paths)),
            ("source_sheet", Arc::new(sheets)),
            ("source_line", Arc::new(lines)),
        ]
    }
}

/// A column with these values in these rows, each an array of one.
pub(crate) fn with_values<'v>(column: &ArrayRef, cells: impl Iterator<Item = (u32, &'v ArrayRef)>) -> ArrayRef {
    let mut values: Vec<&dyn Array> = vec![column.as_ref()];
    let mut places: Vec<(usize, usize)> = (0..column.len()).map(|row| (0, row)).collect();
    for (row, value) in cells {
        places[row as usize] = (values.len(), 0);
        values.push(value.as_ref());
    }
    interleave(&values, &places).expect("a supplied value has the type of its column")
}

impl RowAt {
    fn place(self) -> (usize, usize) {
        (self.chunk as usize, self.row as usize)
    }
}

impl Chunk {
    fn new(table: &Table, rows: TypedRows, file: usize, partners: &Partners) -> Self {
        let ranks = partners.ranks(&rows);
        let length = rows.batch.num_rows();
        let held = |column: &'static Column| {
            let array = rows.batch.column_by_name(column.name).cloned();
            array.unwrap_or_else(|| new_null_array(&column.ty.arrow(), length))
        };
        let lines = rows.batch.column_by_name("source_line").map(|lines| lines.as_primitive::<Int64Type>().clone());
        let lines = lines.unwrap_or_else(|| vec![0; length].into());
        Self { file, partners: ranks, columns: table.ingested_columns().map(held).collect(), lines }
    }

    fn retain(&mut self, keep: impl Fn(u32) -> bool) {
        let kept: UInt32Array = (0..self.partners.len() as u32).filter(|row| keep(*row)).collect::<Vec<_>>().into();
        let taken = |column: &dyn Array| take(column, &kept, None).expect("the rows asked for exist");
        self.columns.iter_mut().for_each(|column| *column = taken(column.as_ref()));
        self.lines = taken(&self.lines).as_primitive::<Int64Type>().clone();
        self.partners = kept.values().iter().map(|row| self.partners[*row as usize]).collect();
    }
}

/// The day of an export as far as it is really known: days since 1970-01-01. A floor is no date.
pub(crate) fn known_snapshot(file: &FileRecord) -> Option<i32> {
    file.known_snapshot().map(days_from_date)
}

/// The distinct files, oldest first, and for each of `rows` the rank of its file.
fn ranked_files(rows: &[TypedRows]) -> (Vec<Arc<FileRecord>>, Vec<usize>) {
    let key =
        |file: &FileRecord| (known_snapshot(file), file.content_hash.clone(), file.path.clone(), file.sheet.clone());
    let compare = |a: &Arc<FileRecord>, b: &Arc<FileRecord>| {
        key(a).cmp(&key(b)).then_with(|| a.present.cmp(&b.present)).then_with(|| a.mapping.cmp(&b.mapping))
    };
    let mut files: Vec<_> = rows.iter().map(|rows| rows.file.clone()).collect();
    files.sort_by(compare);
    files.dedup_by(|a, b| compare(a, b).is_eq());
    let rank = |rows: &TypedRows| files.partition_point(|file| compare(file, &rows.file).is_lt());
    let ranks = rows.iter().map(rank).collect();
    (files, ranks)
}

fn gather_column(
    column: &Column,
    arrays: &[ArrayRef],
    base: &[(usize, usize)],
    exchanged: &[(u32, RowAt)],
) -> ArrayRef {
    if base.is_empty() || arrays.iter().all(|array| array.null_count() == array.len()) {
        return new_null_array(&column.ty.arrow(), base.len());
    }
    let values: Vec<&dyn Array> = arrays.iter().map(AsRef::as_ref).collect();
    let gathered = if exchanged.is_empty() {
        interleave(&values, base)
    } else {
        let mut places = base.to_vec();
        exchanged.iter().for_each(|(row, at)| places[*row as usize] = at.place());
        interleave(&values, &places)
    };
    let gathered = gathered.expect("the chunks of a column have its type and hold the rows they were asked for");
    debug_assert!(column.ty != ColumnType::Text || gathered.as_string_opt::<i32>().is_some());
    gathered
}
