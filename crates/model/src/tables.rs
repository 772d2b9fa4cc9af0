//! The tables of a dataset: every column, once.
//!
//! `docs/reference/tables.md` is generated from here. A new column goes here first; see `CONTRIBUTING.md`.

mod bridges;
mod canonical;
mod dimensions;
mod folder;
mod joins;
mod published;

pub use bridges::{BRIDGES, Bridge};
pub use canonical::{
    ACTIVITIES, ATTESTATIONS, CASE_STUDIES, CERTIFICATIONS, COMPLETIONS, CUSTOMERS, DESIGNATIONS, OFFERINGS,
    OPPORTUNITIES, PARTNERS, PERSONNEL,
};
pub use dimensions::{
    DIM_CUSTOMER, DIM_DATE, DIM_PARTNER, DIM_READING, DIM_REQUIREMENT, DIM_RUN, DIM_TABLE, DIMENSIONS,
};
pub use folder::{Folder, all, find};
pub use joins::{is_never_null, is_unique, joins};
pub use published::{
    CUSTOMER_LINKS, EVIDENCE, FINDINGS, FORECAST, FORECAST_DRIVERS, LEDGER, NEAR_MISSES, PROVENANCE, QUALITY, REJECTS,
    REQUIREMENT_STATUS, RESULTS, STAGE_HISTORY, TIMELINES,
};

/// Columns that every canonical table ends with and no file supplies by a header.
pub const PROVENANCE_COLUMNS: [&str; 5] = ["findings", "snapshot_date", "source_file", "source_sheet", "source_line"];

/// Columns that every result table ends with: what a run adds to the rows that the engine hands over.
pub const RUN_COLUMNS: [&str; 3] = ["requirement_key", "run_id", "is_latest"];

/// The `case_study_id` of an attestation about the partner as a whole.
pub const WHOLE_PARTNER: &str = "*";
