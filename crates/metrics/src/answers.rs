//! Which rows of `attestations` answer which requirement.

use crate::view::TableView;
use std::collections::HashMap;
use std::ops::Range;

/// The rows of a bucket's attestations by program and requirement, found once for all partners.
pub(crate) struct AnswerIndex {
    programs: HashMap<String, HashMap<String, Vec<usize>>>,
}

impl AnswerIndex {
    pub(crate) fn new(view: &TableView) -> Self {
        let mut programs: HashMap<String, HashMap<String, Vec<usize>>> = HashMap::new();
        let ids = view.text("requirement_id");
        for (row, (program, id)) in view.text("program").iter().zip(ids).enumerate() {
            if let (Some(program), Some(id)) = (program, id) {
                programs.entry(program.to_owned()).or_default().entry(id.to_owned()).or_default().push(row);
            }
        }
        Self { programs }
    }

    /// The rows within `partner`'s range that answer requirement `id` of `program`, ascending.
    pub(crate) fn rows(&self, partner: &Range<usize>, program: &str, id: &str) -> &[usize] {
        let all = self.programs.get(program).and_then(|ids| ids.get(id)).map_or(&[][..], Vec::as_slice);
        let place = |row: usize| all.partition_point(|known| *known < row);
        &all[place(partner.start)..place(partner.end)]
    }
}
