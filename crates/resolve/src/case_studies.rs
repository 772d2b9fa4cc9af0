//! Whether the ACE opportunity that a case study names exists, and whether two ids mean one case study.

use crate::frame::Frame;
use crate::notes::Notes;
use aceq_model::FindingCode;
use arrow::array::{Array, BooleanArray};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// Sets `ace_opportunity_exists`: unknown without any opportunities or where the column is absent, false where the cell
/// is blank or no opportunity of the partner has the id.
pub(crate) fn look_up(case_studies: &mut Frame, opportunities: Option<&Frame>, notes: &mut Notes) {
    let ids = case_studies.text("ace_opportunity_id");
    let named = |row: usize| ids.is_valid(row).then(|| (case_studies.partners[row], ids.value(row)));
    let wanted: HashSet<_> = (0..case_studies.len()).filter_map(named).collect();
    let held = opportunities.map(|opportunities| held(opportunities, &wanted));
    let exists = |row| Some(held.as_ref()?.contains(&named(row)?));
    let exists: BooleanArray = (0..case_studies.len()).map(exists).collect();
    for row in (0..case_studies.len()).filter(|row| exists.is_valid(*row) && !exists.value(*row)) {
        if !ids.value(row).is_empty() {
            let detail = format!("no export of the partner holds {}", ids.value(row));
            notes.raise(case_studies, row, FindingCode::UnknownCaseOpportunity, detail);
        }
    }
    case_studies.set("ace_opportunity_exists", Arc::new(exists));
}

/// Raises a finding on case studies of one partner whose ids differ only in case, spaces or dashes.
pub(crate) fn find_similar_ids(case_studies: &Frame, notes: &mut Notes) {
    let ids = case_studies.text("case_study_id");
    let mut alike: HashMap<(u32, String), BTreeSet<&str>> = HashMap::new();
    let key = |row: usize| (case_studies.partners[row], folded(ids.value(row)));
    for row in (0..case_studies.len()).filter(|row| ids.is_valid(*row)) {
        alike.entry(key(row)).or_default().insert(ids.value(row));
    }
    for row in (0..case_studies.len()).filter(|row| ids.is_valid(*row)) {
        let others = &alike[&key(row)];
        if others.len() > 1 {
            let named: Vec<String> = others.iter().map(|id| format!("`{id}`")).collect();
            let detail = format!("{} are counted as {} case studies", named.join(" and "), named.len());
            notes.raise(case_studies, row, FindingCode::SimilarCaseStudies, detail);
        }
    }
}

/// An id in small letters, with one dash for spaces, dashes and underscores.
fn folded(id: &str) -> String {
    let words =
        id.split(|letter: char| letter.is_whitespace() || "-_–".contains(letter)).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").to_lowercase()
}

/// Those of the wanted (partner, id) that an opportunity has.
fn held<'a>(opportunities: &'a Frame, wanted: &HashSet<(u32, &'a str)>) -> HashSet<(u32, &'a str)> {
    let ids = opportunities.text("opportunity_id").iter().flatten();
    opportunities.partners.iter().copied().zip(ids).filter(|id| wanted.contains(id)).collect()
}
