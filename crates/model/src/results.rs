//! Rows of the result tables, as the engine hands them over.

use crate::Status;
use chrono::NaiveDate;

/// The requirement of a result row in one text, such as `smb/2025-08/4.2`: the key of `dim_requirement`.
pub fn requirement_key(program: &str, version: &str, requirement_id: &str) -> String {
    format!("{program}/{version}/{requirement_id}")
}

/// The status of one requirement on one as-of date: a row of `requirement_status`, the tool's main contract.
///
/// Counts are in hundredths: a count of 50 customers is 5000 and prints as `50`, a sum of USD 1,250.50 is 125050
/// and prints as `1250.50`. `is_sum` tells which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusRow {
    /// Partner assessed.
    pub partner_id: String,
    /// Program id, such as `smb`.
    pub program: String,
    /// Checklist version, such as `2025-08`.
    pub version: String,
    /// Requirement id as in the document; `*` is the whole checklist.
    pub requirement_id: String,
    /// `adopted`, or the name of the alternative reading.
    pub reading: String,
    /// The application date.
    pub as_of: NaiveDate,
    /// The answer.
    pub status: Status,
    /// Lower bound of the count.
    pub confirmed: i64,
    /// Upper bound of the count; `None` = unbounded.
    pub possible: Option<i64>,
    /// The count that the requirement asks for.
    pub required: i64,
    /// `max(0, required − confirmed)` of the row's own count.
    pub shortfall: i64,
    /// The value or sub-minimum of an `each` or `of_which` row; `None` on the requirement's own row.
    pub member: Option<String>,
    /// First day of the met run that contains the as-of date, or of the next one; `None` = met since ever, or never again.
    pub met_from: Option<NaiveDate>,
    /// Last day of that run; `None` = never lost on present data, or there is no such run.
    pub met_until: Option<NaiveDate>,
    /// Days from the as-of date to the next change of status on present data; `None` = no change known.
    pub margin_days: Option<i64>,
    /// Confirmed rows that carry a finding; `None` for rows that combine others.
    pub counted_with_findings: Option<i64>,
    /// Whether the counts are sums of money (two decimals) rather than whole counts.
    pub is_sum: bool,
}

/// One step of a timeline: the answer from `from` on, until the next step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimelineRow {
    /// Partner assessed.
    pub partner_id: String,
    /// Program id.
    pub program: String,
    /// Checklist version.
    pub version: String,
    /// Requirement id; `*` is the whole checklist.
    pub requirement_id: String,
    /// `adopted`, or the name of the alternative reading.
    pub reading: String,
    /// As in [`StatusRow::member`].
    pub member: Option<String>,
    /// First as-of date of the step.
    pub from: NaiveDate,
    /// Last as-of date of the step, inclusive.
    pub until: NaiveDate,
    /// The answer during the step.
    pub status: Status,
    /// Lower bound, in hundredths.
    pub confirmed: i64,
    /// Upper bound, in hundredths; `None` = unbounded.
    pub possible: Option<i64>,
    /// The count asked for, in hundredths.
    pub required: i64,
    /// Whether the counts are sums of money.
    pub is_sum: bool,
}

/// One row that proves a requirement on one as-of date; one per counted unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceRow {
    /// Partner assessed.
    pub partner_id: String,
    /// Program id.
    pub program: String,
    /// Checklist version.
    pub version: String,
    /// Requirement id.
    pub requirement_id: String,
    /// `adopted`, or the name of the alternative reading.
    pub reading: String,
    /// The value or sub-minimum the row counts for; `None` for the main count.
    pub member: Option<String>,
    /// The application date.
    pub as_of: NaiveDate,
    /// The counted unit: customer key, person key, row id …
    pub unit: String,
    /// Table of the row.
    pub table: String,
    /// The row's own id, such as an opportunity id.
    pub row_id: String,
    /// What a person would call it: customer, person or title.
    pub label: String,
    /// First as-of date on which the row counts; `None` = since ever.
    pub counts_from: Option<NaiveDate>,
    /// Last as-of date on which the row counts; `None` = for good.
    pub counts_until: Option<NaiveDate>,
    /// Annual recurring revenue in cents (opportunities only).
    pub arr_usd: Option<i64>,
    /// Codes of findings about the row, joined by `;`.
    pub findings: String,
    /// Where the row was read.
    pub source_file: String,
    /// Worksheet, empty for formats without sheets.
    pub source_sheet: String,
    /// Line of the row.
    pub source_line: i64,
}

/// A row that fails exactly one condition and whose unit does not count already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearMissRow {
    /// Partner assessed.
    pub partner_id: String,
    /// Program id.
    pub program: String,
    /// Checklist version.
    pub version: String,
    /// Requirement id.
    pub requirement_id: String,
    /// `adopted`, or the name of the alternative reading.
    pub reading: String,
    /// The application date.
    pub as_of: NaiveDate,
    /// The unit that would count.
    pub unit: String,
    /// Table of the row.
    pub table: String,
    /// The row's own id.
    pub row_id: String,
    /// What a person would call it.
    pub label: String,
    /// The condition that fails, as written in the checklist (or the window).
    pub condition: String,
    /// The row's values in that condition, in words.
    pub actual: String,
    /// The date or value that would cure it.
    pub cure: String,
    /// Where the row was read.
    pub source_file: String,
    /// Worksheet, empty for formats without sheets.
    pub source_sheet: String,
    /// Line of the row.
    pub source_line: i64,
}
