//! Whether the ACE opportunity that a case study names exists.

use crate::frame::Frame;
use crate::notes::Notes;
use aceq_model::FindingCode;
use arrow::array::{Array, BooleanArray};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// Sets `ace_opportunity_exists`: unknown without any opportunities or where the column is absent, false where the cell
/// is blank or no opportunity of the partner has the id.
pub(crate) fn look_up(case_studies: &mut Frame, opportunities: Option<&Frame>, notes: &mut Notes) {
    let named = case_studies.text("ace_opportunity_id");
    let exists: BooleanArray = match opportunities {
        None => BooleanArray::new_null(case_studies.len()),
        Some(opportunities) => {
            let ranges: HashMap<_, _> = opportunities.partner_ranges().into_iter().collect();
            let found = |row: usize| {
                let range = ranges.get(&case_studies.partners[row]).cloned().unwrap_or(0..0);
                holds(opportunities, range, named.value(row))
            };
            (0..case_studies.len()).map(|row| named.is_valid(row).then(|| found(row))).collect()
        }
    };
    for row in 0..case_studies.len() {
        if exists.is_valid(row) && !exists.value(row) && !named.value(row).is_empty() {
            let detail = format!("no export of the partner holds {}", named.value(row));
            notes.raise(case_studies, row, FindingCode::UnknownCaseOpportunity, detail);
        }
    }
    case_studies.set("ace_opportunity_exists", Arc::new(exists));
}

/// Whether the rows of one partner, sorted by id, hold this id.
fn holds(opportunities: &Frame, range: Range<usize>, id: &str) -> bool {
    let ids = opportunities.text("opportunity_id");
    let rows: Vec<usize> = range.collect();
    rows.binary_search_by(|row| ids.value(*row).cmp(id)).is_ok()
}
