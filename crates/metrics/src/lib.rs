//! From canonical rows and checked rules to timelines, statuses, evidence and near misses.
//!
//! ```text
//!  Bucket ──▶ one polars select per table: every distinct condition of every rule as TRUE / FALSE / unknown
//!               │ per partner and rule (rayon)
//!               ▼
//!             spans: (unit, as-of dates on which the row counts, certainly or possibly)
//!               │ sweep
//!               ▼
//!             Timeline: the answer for all as-of dates ──▶ status rows: look-ups, no row is read again
//! ```
//!
//! No clock and no disk. polars appears in `handover`, `lower` and `truths` alone (and `engine` sets its thread count);
//! it is never called from a rayon task.

mod answers;
mod attested;
mod calendar;
mod candidates;
mod combine;
mod count;
pub mod diff;
mod engine;
mod evidence;
mod handover;
mod lower;
mod near_miss;
mod outlook;
mod plan;
mod question;
mod rows;
mod status;
mod truths;
mod units;
mod unknowns;
mod view;

pub use candidates::{CandidateCount, CandidateGoal, CandidateRow, Candidates, Deed, Planning};
pub use engine::{Engine, Evaluation, PartnerEvaluation, Timeline, use_threads};
pub use outlook::{ArrivalRow, Launches, OpenRow, PLACES_PER_ARRIVAL};
pub use unknowns::Missing;

/// What the engine could not do. None of these comes from data; they point at a bug or a broken dataset.
#[derive(Debug, thiserror::Error)]
pub enum MetricsError {
    /// polars refused a predicate or a column.
    #[error("table `{table}`: polars could not evaluate the conditions")]
    Polars {
        /// The table.
        table: &'static str,
        /// The cause.
        #[source]
        source: Box<polars::error::PolarsError>,
    },
    /// arrow refused to hand a column over.
    #[error("table `{table}`: column `{column}` could not be handed to polars")]
    Handover {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The cause.
        #[source]
        source: arrow::error::ArrowError,
    },
    /// A batch does not have the canonical columns.
    #[error(
        "table `{table}` does not have the canonical column `{column}`: publish the dataset again with this version"
    )]
    Schema {
        /// The table.
        table: &'static str,
        /// The column that is missing or of another type.
        column: &'static str,
    },
}
