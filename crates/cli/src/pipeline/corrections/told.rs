//! What is told of rejected records that the user has settled.

use super::Rewritten;
use aceq_model::{Finding, FindingCode, Position, TableId};
use aceq_resolve::Correction;
use arrow::array::{AsArray, RecordBatch};

/// The finding about a record that the user has written anew.
pub(super) fn supplied_record(by: &Rewritten, table: TableId, position: Position, row: &RecordBatch) -> Finding {
    let text = |name: &str| {
        let column = row.column_by_name(name).and_then(|column| column.as_string_opt::<i32>());
        column.and_then(|column| column.iter().next().flatten()).unwrap_or_default().to_owned()
    };
    Finding {
        partner_id: text("partner_id"),
        table,
        position,
        row_id: text("opportunity_id"),
        column: None,
        code: FindingCode::SuppliedRecord,
        detail: format!("{}:{}: {}", by.at.file, by.at.line, by.reason),
    }
}

/// Enough of a text to know it by.
pub(super) fn start(text: &str) -> String {
    let shown: String = text.chars().take(60).collect();
    if shown.len() < text.len() { shown + "…" } else { shown }
}

/// The finding about a rejected row that the user has settled.
pub(super) fn excluded(correction: &Correction, position: Position) -> Finding {
    Finding {
        partner_id: String::new(),
        table: correction.table,
        position,
        row_id: String::new(),
        column: None,
        code: FindingCode::ExcludedRow,
        detail: format!("{}:{}: {}", correction.file, correction.line, correction.reason),
    }
}
