//! Synthetic worlds: the exports of invented partners, as many as asked for, the same bytes for the same seed.
//!
//! ```text
//! Spec ──▶ for each partner 1..=N, in order:            files (CSV, in the shapes of real exports)
//!            Dice(seed, partner, table) ──▶ rows ──▶    partner-central/<snapshot>/opportunities-000.csv …
//!                                                       partner-central/<older>/open-opportunities-000.csv …
//!                                                       partner-central/<snapshot>/certifications.csv
//!                                                       rosters/<snapshot>/{customers, completions, personnel}.csv
//!                                                       programs/<snapshot>/{partners, case-studies, …}.csv
//! ```
//!
//! Partner k has its own random stream for every table, so its rows do not depend on how many partners follow:
//! the files of a world of N partners are a prefix of those of a world of N + 1.
//!
//! [`generate_history`] writes a world with a past and known chances, for judging forecasts:
//!
//! ```text
//!   exports/partner-central/<one day a month>/opportunities.csv     every deal created by then, as it was then
//!   exports/{partner-central, rosters, programs}/<newest>/…         the other tables, as above; customers <oldest>
//!   truth/launch_probabilities.csv    of each deal open at the end: chance of having launched by each of 8 quarter ends
//!   truth/outcomes.csv                what became of it in one course of events
//!   truth/launches.csv                per partner and quarter end: expected launches, and those of that course
//! ```
//!
//! The chances are exact, not counted from simulations: see `history/chances.rs`.
//!
//! [`generate_wide`] writes one wide export instead, for measuring how fast a file is read.
//!
//! The rows carry the troubles of real exports at the rates stated in `mess.rs`.
//!
//! ```
//! use aceq_synth::{Spec, generate};
//! use std::io::{self, Write};
//!
//! let as_of = chrono::NaiveDate::from_ymd_opt(2026, 11, 20).ok_or("no date")?;
//! let spec = Spec { partners: 2, opportunities: 50, seed: 7, as_of, row_bytes: None };
//! let summary = generate(&spec, &mut |_path| Ok(Box::new(io::sink()) as Box<dyn Write>))?;
//! assert_eq!(summary.rows("partner-central/2026-11-15/opportunities-000.csv"), Some(100));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answers;
mod calendar;
mod case_study;
mod csv_bytes;
mod customer;
mod dice;
mod history;
mod mess;
mod opportunity;
mod opportunity_rows;
mod partner;
mod people;
mod program_rows;
mod sheet;
mod wide;
mod words;
mod world;

#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use std::io;

/// What world to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spec {
    /// Number of partners, at most [`MAX_PARTNERS`].
    pub partners: u32,
    /// Rows in the newest opportunity exports *per partner*, repeated rows and rows without an id included.
    pub opportunities: u64,
    /// Seed of all random streams.
    pub seed: u64,
    /// The day around which windows are meant to be asked; exports are dated five days before it.
    pub as_of: NaiveDate,
    /// About how many bytes an opportunity row takes: adds the 26 columns that no rule reads and fills the long
    /// texts. `None` writes the 31 columns that rules and people look at, about 500 bytes; the average row of a wide
    /// export then takes 1,400.
    pub row_bytes: Option<u32>,
}

/// The largest number of partners: their ids have seven digits, so that text order is number order.
pub const MAX_PARTNERS: u32 = 9_999_999;

/// The largest number of opportunities per partner.
pub const MAX_OPPORTUNITIES: u64 = 100_000_000;

/// The largest number of snapshots of a world with a past.
pub const MAX_SNAPSHOTS: u32 = 100;

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Every file, in the order of their paths.
    pub files: Vec<FileRows>,
}

/// One file and what it holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileRows {
    /// Path relative to the folder of the world, with `/` separators.
    pub path: String,
    /// Data rows, the header not counted.
    pub rows: u64,
    /// Size in bytes.
    pub bytes: u64,
}

impl Summary {
    /// Data rows of the file at `path`, if there is such a file.
    pub fn rows(&self, path: &str) -> Option<u64> {
        self.files.iter().find(|file| file.path == path).map(|file| file.rows)
    }
}

/// Why no world could be made.
#[derive(Debug, thiserror::Error)]
pub enum SynthError {
    /// More partners than ids.
    #[error("{0} partners are too many: at most {MAX_PARTNERS}, so that every id has seven digits")]
    TooManyPartners(u32),
    /// More opportunities than a partner can have.
    #[error("{0} opportunities per partner are too many: at most {MAX_OPPORTUNITIES}")]
    TooManyOpportunities(u64),
    /// No snapshot, or more than the calendar holds.
    #[error("{0} monthly snapshots cannot be made: take 1 to {MAX_SNAPSHOTS}")]
    Snapshots(u32),
    /// The dates around the as-of date would leave the calendar of exports.
    #[error("as-of date {0} is out of range: take one between 1950-01-01 and 9000-12-31")]
    AsOfOutOfRange(NaiveDate),
    /// A file could not be created.
    #[error("cannot create `{path}`: {source}")]
    Create {
        /// Path relative to the folder of the world.
        path: String,
        /// What the sink said.
        source: io::Error,
    },
    /// A file could not be written.
    #[error("cannot write `{path}`: {source}")]
    Write {
        /// Path relative to the folder of the world.
        path: String,
        /// What the sink said.
        source: io::Error,
    },
}

/// Creates a file of the world: called once per path, before the first row of it.
pub type Create<'a> = dyn FnMut(&str) -> io::Result<Box<dyn io::Write>> + 'a;

/// Writes the world that `spec` describes through `create`.
///
/// Rows are buffered here; `create` need not buffer. Memory does not grow with the world.
///
/// # Errors
/// When `spec` is out of range, or a file cannot be created or written.
pub fn generate(spec: &Spec, create: &mut Create<'_>) -> Result<Summary, SynthError> {
    check(spec)?;
    world::write(spec, create)
}

/// Writes one export of opportunities instead of a world: a single file of `partners` × `opportunities` rows with 68
/// columns, most of their cells blank as in real exports, and long quoted texts with line breaks. About
/// `spec.row_bytes` bytes a row on average.
///
/// # Errors
/// As [`generate`].
pub fn generate_wide(spec: &Spec, create: &mut Create<'_>) -> Result<Summary, SynthError> {
    check(spec)?;
    wide::write(spec, create)
}

/// Writes a world with a past instead: `snapshots` monthly exports of the same opportunities, and apart from them the
/// true chances of those that are open at the end. [`Spec::opportunities`] is the number of deals that begin at a
/// partner of the usual size from the first to the last snapshot; partners have .9 to 1.2 times as many. `row_bytes` is
/// not used. Memory grows with the number of snapshots, not with that of partners.
///
/// # Errors
/// As [`generate`], and when the number of snapshots is out of range.
pub fn generate_history(spec: &Spec, snapshots: u32, create: &mut Create<'_>) -> Result<Summary, SynthError> {
    check(spec)?;
    if !(1..=MAX_SNAPSHOTS).contains(&snapshots) {
        return Err(SynthError::Snapshots(snapshots));
    }
    history::write(spec, snapshots, create)
}

fn check(spec: &Spec) -> Result<(), SynthError> {
    use chrono::Datelike;
    if spec.partners > MAX_PARTNERS {
        return Err(SynthError::TooManyPartners(spec.partners));
    }
    if spec.opportunities > MAX_OPPORTUNITIES {
        return Err(SynthError::TooManyOpportunities(spec.opportunities));
    }
    if !(1950..=9000).contains(&spec.as_of.year()) {
        return Err(SynthError::AsOfOutOfRange(spec.as_of));
    }
    Ok(())
}
