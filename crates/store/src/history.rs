//! Results of earlier runs, kept when a run is appended.
//!
//! ```text
//!  dataset at OUT ──▶ History ──carry──▶ Prepared: rows of other runs, `is_latest` settled, in their order
//!                                        then the rows of this run: it becomes the newest
//! ```
//!
//! A run that was appended before moves to the end, so appending it twice is appending it once.

use crate::dataset::Dataset;
use crate::publish::Prepared;
use crate::rows::Columns;
use crate::{StoreError, manifest};
use aceq_model::{Sha256Hex, Table, date_from_days, days_from_date, tables};
use arrow::array::{Array, AsArray, BooleanArray, RecordBatch, StringArray, UInt32Array};
use arrow::compute::{BatchCoalescer, concat_batches, filter_record_batch, take_record_batch};
use arrow::datatypes::{Date32Type, Int32Type};
use chrono::NaiveDate;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// Rows handed over at a time: fixed, so that equal rows give equal files.
const ROWS_AT_A_TIME: usize = 8_192;

/// What a run is, for the results of other runs.
#[derive(Clone, Debug)]
pub struct RunIdentity {
    /// As in the manifest.
    pub run_id: Sha256Hex,
    /// Version of `aceq`.
    pub tool_version: String,
    /// Program and as-of date of every question that the run answers.
    pub answers: BTreeSet<(String, NaiveDate)>,
    /// Number of inputs.
    pub inputs: usize,
}

/// What earlier runs have left.
#[derive(Debug, Default)]
pub struct History {
    dataset: Option<Dataset>,
}

/// A row of `dim_run`.
struct Run {
    run_id: String,
    tool_version: String,
    first_as_of: Option<NaiveDate>,
    last_as_of: Option<NaiveDate>,
    inputs: i32,
}

impl History {
    /// Nothing is kept.
    pub fn none() -> Self {
        Self::default()
    }

    /// The results of the dataset at `out`; nothing where there is none.
    ///
    /// # Errors
    /// When it is of another layout or has other columns, or is damaged.
    pub fn of(out: &Path) -> Result<Self, StoreError> {
        if !Dataset::is_dataset(out) {
            return Ok(Self::none());
        }
        let dataset = Dataset::open(out).map_err(|error| error.cannot_be_appended_to(out))?;
        Ok(Self { dataset: Some(dataset) })
    }

    /// Writes the result rows of all other runs, each marked for whether it is still the one to look at. Comes before
    /// any result of `run`.
    ///
    /// # Errors
    /// When a file is damaged, or the disk is full or not writable.
    pub fn carry(&self, prepared: &mut Prepared, run: &RunIdentity) -> Result<(), StoreError> {
        let Some(dataset) = &self.dataset else { return Ok(()) };
        for table in tables::RESULTS {
            let mut kept = BatchCoalescer::new(table.arrow_schema(), ROWS_AT_A_TIME);
            for rows in dataset.rows(table) {
                let rows = settle_latest(table, &of_others(rows?, run), run);
                kept.push_batch(rows).map_err(StoreError::arrow("join", dataset.path()))?;
                write_completed(prepared, table, &mut kept)?;
            }
            kept.finish_buffered_batch().map_err(StoreError::arrow("join", dataset.path()))?;
            write_completed(prepared, table, &mut kept)?;
        }
        Ok(())
    }

    /// The settings of the newest run before, where there is one.
    pub fn settings(&self) -> Option<&serde_json::Value> {
        self.dataset.as_ref().map(|dataset| &dataset.manifest.settings)
    }

    /// Rows of `dim_requirement` or `dim_reading`: `new` ones, and those that only results of earlier runs need.
    ///
    /// # Errors
    /// When a file is damaged.
    pub fn with_earlier(&self, table: &'static Table, new: RecordBatch) -> Result<RecordBatch, StoreError> {
        let Some(dataset) = &self.dataset else { return Ok(new) };
        let known: BTreeSet<&str> = new["requirement_key"].as_string::<i32>().iter().flatten().collect();
        let mut batches = Vec::new();
        for rows in dataset.rows(table) {
            let rows = rows?;
            let keys = rows["requirement_key"].as_string::<i32>();
            let is_new: BooleanArray =
                keys.iter().map(|key| Some(key.is_some_and(|key| !known.contains(key)))).collect();
            batches.push(filter_record_batch(&rows, &is_new).expect("the mask has the batch's length"));
        }
        batches.push(new.clone());
        let all = concat_batches(&table.arrow_schema(), &batches).expect("one schema");
        Ok(sorted_by_key(table, &all))
    }

    /// Rows of `dim_run`: the earlier runs in their order, then `run`.
    ///
    /// # Errors
    /// When a file is damaged.
    pub fn runs(&self, run: &RunIdentity) -> Result<RecordBatch, StoreError> {
        let mut runs = Vec::new();
        for rows in self.dataset.iter().flat_map(|dataset| dataset.rows(&tables::DIM_RUN)) {
            runs.extend(runs_of(&rows?).into_iter().filter(|earlier| earlier.run_id != run.run_id.0));
        }
        let as_of = || run.answers.iter().map(|(_, as_of)| *as_of);
        runs.push(Run {
            run_id: run.run_id.0.clone(),
            tool_version: run.tool_version.clone(),
            first_as_of: as_of().min(),
            last_as_of: as_of().max(),
            inputs: i32::try_from(run.inputs).unwrap_or(i32::MAX),
        });
        Ok(run_rows(&runs))
    }

    /// Makes sure that what was read still stands at `out`: a run that was appended meanwhile must not be lost.
    ///
    /// # Errors
    /// When another dataset, or none, stands there by now.
    pub fn check_unchanged(&self, out: &Path) -> Result<(), StoreError> {
        let Some(dataset) = &self.dataset else { return Ok(()) };
        match manifest::Manifest::read(out) {
            Ok(manifest) if manifest == dataset.manifest => Ok(()),
            _ => Err(StoreError::ReplacedMeanwhile { path: out.to_owned() }),
        }
    }
}

fn write_completed(
    prepared: &mut Prepared,
    table: &'static Table,
    kept: &mut BatchCoalescer,
) -> Result<(), StoreError> {
    while let Some(rows) = kept.next_completed_batch() {
        prepared.write(table, &rows)?;
    }
    Ok(())
}

/// The rows of all runs but `run`.
fn of_others(rows: RecordBatch, run: &RunIdentity) -> RecordBatch {
    let of_run = rows["run_id"].as_string::<i32>().iter();
    let others: BooleanArray = of_run.map(|run_id| Some(run_id != Some(&run.run_id.0))).collect();
    filter_record_batch(&rows, &others).expect("the mask has the batch's length")
}

/// The rows, no longer the latest where `run` answers the same program on the same date. A timeline is about all
/// dates, so there any answer about the program will do.
fn settle_latest(table: &Table, rows: &RecordBatch, run: &RunIdentity) -> RecordBatch {
    let programs = rows["program"].as_string::<i32>();
    // A forecast looks ahead from its run; one day of it is nothing that another run answers.
    let is_forecast = table.name.starts_with(tables::FORECAST.name);
    let as_of = rows.column_by_name("as_of").filter(|_| !is_forecast).map(|column| column.as_primitive::<Date32Type>());
    let dates: BTreeSet<(&str, i32)> =
        run.answers.iter().map(|(program, as_of)| (program.as_str(), days_from_date(*as_of))).collect();
    let answered: BTreeSet<&str> = dates.iter().map(|(program, _)| *program).collect();
    let superseded = |row: usize| match as_of {
        Some(as_of) => dates.contains(&(programs.value(row), as_of.value(row))),
        None => answered.contains(programs.value(row)),
    };
    let was_latest = rows["is_latest"].as_boolean();
    let is_latest: BooleanArray =
        (0..rows.num_rows()).map(|row| Some(was_latest.value(row) && !superseded(row))).collect();
    let mut columns = rows.columns().to_vec();
    columns[table.index("is_latest").expect("every result table has it")] = Arc::new(is_latest);
    RecordBatch::try_new(rows.schema(), columns).expect("the column keeps its type and length")
}

fn sorted_by_key(table: &Table, rows: &RecordBatch) -> RecordBatch {
    let keys: Vec<&StringArray> = table.key.iter().map(|name| rows[*name].as_string::<i32>()).collect();
    let mut order: Vec<u32> = (0..rows.num_rows() as u32).collect();
    order.sort_by_key(|row| keys.iter().map(|key| key.value(*row as usize)).collect::<Vec<&str>>());
    take_record_batch(rows, &UInt32Array::from(order)).expect("rows of the batch")
}

fn runs_of(rows: &RecordBatch) -> Vec<Run> {
    let text = |name: &str, row: usize| rows[name].as_string::<i32>().value(row).to_owned();
    let date = |name: &str, row: usize| {
        let dates = rows[name].as_primitive::<Date32Type>();
        dates.is_valid(row).then(|| dates.value(row)).and_then(date_from_days)
    };
    let run = |row: usize| Run {
        run_id: text("run_id", row),
        tool_version: text("tool_version", row),
        first_as_of: date("first_as_of", row),
        last_as_of: date("last_as_of", row),
        inputs: rows["inputs"].as_primitive::<Int32Type>().value(row),
    };
    (0..rows.num_rows()).map(run).collect()
}

fn run_rows(runs: &[Run]) -> RecordBatch {
    Columns::of(&tables::DIM_RUN)
        .text("run_id", runs.iter().map(|run| run.run_id.as_str()))
        .integer("sequence", (1..).take(runs.len()))
        .text("tool_version", runs.iter().map(|run| run.tool_version.as_str()))
        .date("first_as_of", runs.iter().map(|run| run.first_as_of))
        .date("last_as_of", runs.iter().map(|run| run.last_as_of))
        .integer("inputs", runs.iter().map(|run| run.inputs))
        .flag("is_latest", (1..=runs.len()).map(|sequence| sequence == runs.len()))
        .finish()
}

#[cfg(test)]
mod tests;
