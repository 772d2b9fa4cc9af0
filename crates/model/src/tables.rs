//! The canonical tables, the quality tables and the result tables: every column, once.
//!
//! `docs/reference/tables.md` is generated from here. A new column goes here first; see `CONTRIBUTING.md`.

mod canonical;
mod published;

pub use canonical::{
    ACTIVITIES, ATTESTATIONS, CASE_STUDIES, CERTIFICATIONS, COMPLETIONS, CUSTOMERS, DESIGNATIONS, OFFERINGS,
    OPPORTUNITIES, PARTNERS, PERSONNEL,
};
pub use published::{
    CUSTOMER_LINKS, EVIDENCE, FINDINGS, LEDGER, NEAR_MISSES, PROVENANCE, QUALITY, REJECTS, REQUIREMENT_STATUS, RESULTS,
    STAGE_HISTORY, TIMELINES,
};

/// Columns that every canonical table ends with and no file supplies by a header.
pub const PROVENANCE_COLUMNS: [&str; 5] = ["findings", "snapshot_date", "source_file", "source_sheet", "source_line"];

/// The `case_study_id` of an attestation about the partner as a whole.
pub const WHOLE_PARTNER: &str = "*";
