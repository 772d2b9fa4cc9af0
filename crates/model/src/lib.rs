//! The words of `aceq`: tables, money, status, where a row came from, and what was wrong with it.
//!
//! ```text
//!  ingest ──▶ TypedRows ──▶ resolve ──▶ Bucket ──▶ metrics ──▶ StatusRow, EvidenceRow, NearMissRow
//!                 │                        │
//!                 └ Reject, Finding,       └ one RecordBatch per canonical table,
//!                   LedgerEntry              all rows of some partners
//! ```
//!
//! Nothing here reads a file, a clock or a terminal. Every other crate depends on this one and this one
//! depends on none of them.
//!
//! ```
//! use aceq_model::{Cents, TableId};
//! assert_eq!("1250.5".parse::<Cents>()?.to_string(), "1250.50");
//! assert_eq!(TableId::Opportunities.schema().name, "opportunities");
//! # Ok::<(), aceq_model::MoneyError>(())
//! ```

mod backtest;
mod blank;
mod bucket;
mod changes;
mod date;
mod derive;
mod file_record;
pub mod formula;
mod ledger;
mod money;
mod natural;
mod outlook;
mod picklists;
mod plan_rows;
mod results;
mod schema;
mod status;
pub mod tables;

pub use backtest::{BacktestRow, BacktestScore, CalibrationRow};
pub use blank::Blank;
pub use bucket::{Bucket, bucket_of};
pub use changes::{Change, ChangeKind, ChangeReason, CountDiff, RowPlace, SideCount, ValueChange};
pub use date::{AsOf, AsOfError, OPEN_END, OPEN_START, date_from_days, days_from_date};
pub use derive::{person_key, registered, stage_rank};
pub use file_record::{DateOrder, FileDecisions, FileRecord, Pages, Sha256Hex, SnapshotSource, TypedRows};
pub use ledger::{Finding, FindingAt, FindingCode, LedgerEntry, Position, Reject, RejectReason, Tally};
pub use money::{Cents, MoneyError};
pub use natural::Natural;
pub use outlook::{
    CalendarEvent, CalendarRow, CalendarUnit, Comes, CountKey, DealRow, DriverRow, ForecastBasis, ForecastRow,
};
pub use picklists::{Picklist, Picklists};
pub use plan_rows::{PlanAction, PlanStatus, PlanStep};
pub use results::{EvidenceRow, NearMissRow, StatusRow, TimelineRow, requirement_key};
pub use schema::{Column, ColumnType, Table, TableId};
pub use status::Status;
