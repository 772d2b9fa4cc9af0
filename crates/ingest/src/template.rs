//! Header lines of our own templates.

use crate::Mappings;
use aceq_model::TableId;

/// The header line of our template of `table`, without a line end.
///
/// ```
/// use aceq_ingest::template;
/// use aceq_model::TableId;
/// assert_eq!(template(TableId::Designations), "Designation,Designation Type,Achieved Date,Expiration Date");
/// ```
pub fn template(table: TableId) -> String {
    Mappings::builtin().template(table).unwrap_or_default().join(",")
}
