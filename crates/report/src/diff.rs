//! Two runs compared: what a person reads, and the same for programs.

mod json;
mod sheet;
mod text;
mod words;

use crate::format::Format;
use crate::order::ADOPTED;
use aceq_model::CountDiff;
use aceq_model::Natural;

pub use json::{DIFF_SCHEMA_ID, diff_schema};

/// What was compared, how it was made, and every count.
pub struct Diff<'d> {
    /// The earlier side.
    pub before: &'d DiffSide,
    /// The later side.
    pub after: &'d DiffSide,
    /// How the two were made differently: inputs, settings, tool, checklists; each in a sentence.
    pub differences: &'d [String],
    /// Every count, in any order.
    pub counts: &'d [CountDiff],
    /// Titles of requirements by program and id.
    pub titles: &'d std::collections::BTreeMap<(String, String), String>,
    /// Which counts are shown.
    pub shown: Shown,
    /// Rows listed per requirement in a table, at most.
    pub rows: usize,
    /// Whether colour is wanted.
    pub color: bool,
    /// Columns of the terminal.
    pub width: u16,
}

/// One side of a comparison, as it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiffSide {
    /// What was named.
    pub name: String,
    /// The application date.
    pub as_of: String,
    /// Checklists that answer, as `smb 2025-08`.
    pub checklists: Vec<String>,
    /// Of a dataset, its run id.
    pub run_id: Option<String>,
    /// Version of the program that made the dataset.
    pub tool_version: Option<String>,
}

/// Which counts are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Those with a change.
    Changed,
    /// All.
    All,
}

impl Diff<'_> {
    /// The comparison in `format`.
    pub fn in_format(&self, format: Format) -> String {
        match format {
            Format::Table => self.table(),
            Format::Json => self.json(),
            Format::Csv => self.sheet().csv(),
            Format::Markdown => self.markdown(),
        }
    }

    /// The counts to be shown, in the order of the checklists: requirement, reading, member.
    fn shown_counts(&self) -> Vec<&CountDiff> {
        let wanted = |count: &&CountDiff| self.shown == Shown::All || count.is_change();
        let mut counts: Vec<&CountDiff> = self.counts.iter().filter(wanted).collect();
        counts.sort_by_key(|count| {
            let CountDiff { partner_id, program, requirement_id, reading, member, .. } = count;
            (partner_id, program, Natural(requirement_id), (reading != ADOPTED, reading), member)
        });
        counts
    }

    fn title(&self, count: &CountDiff) -> &str {
        let key = (count.program.clone(), count.requirement_id.clone());
        self.titles.get(&key).map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests;
