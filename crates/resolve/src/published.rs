//! Rows of the side tables that explain the canonical rows.

use std::sync::Arc;

/// One reason that joins two customer names: a row of `customer_links`, columns in published order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CustomerLink {
    /// Partner.
    pub partner_id: Arc<str>,
    /// The customer that both names belong to.
    pub customer_key: Arc<str>,
    /// `strong` or `weak`.
    pub strength: &'static str,
    /// `aws_account_id`, `duns`, `name`, `stated` (by the user), `website`,
    /// `similar_name` or `opportunity` (one opportunity has had both names).
    pub evidence: &'static str,
    /// The value they share; the reason given, for a statement of the user.
    pub value: String,
    /// One customer name, the first of those that share the value.
    pub left_name: String,
    /// The other customer name.
    pub right_name: String,
}

/// One column of a canonical row that comes from another file than the row itself: a row of `provenance`, columns in
/// published order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ProvenanceRow {
    /// Partner of the row.
    pub partner_id: Arc<str>,
    /// Table of the row.
    pub table: &'static str,
    /// The row's own id, such as an opportunity id.
    pub row_id: Arc<str>,
    /// Column.
    pub column_name: &'static str,
    /// File that the value comes from.
    pub source_file: Arc<str>,
    /// Worksheet, empty for formats without sheets.
    pub source_sheet: Arc<str>,
    /// Line on which the record starts, 1-based.
    pub source_line: i64,
}
