//! The tables in the words of other tools: SQL definitions, dbt sources, JSON.

mod dbt;
mod ddl;
mod json;

pub use dbt::dbt_sources;
pub use ddl::{Dialect, ddl};
pub use json::tables_json;

use aceq_model::{Table, tables, tables::Folder};
use std::collections::BTreeSet;

/// Which files a definition is about.
#[derive(Clone, Debug)]
pub struct Place {
    /// Folder or URI of the dataset, as the tool will read it.
    pub location: String,
    /// One file or one folder per table.
    pub layout: Layout,
    /// The tables that are there; `None` = every table that a dataset can hold.
    pub given: Option<BTreeSet<String>>,
}

/// How a dataset lies on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// `canonical/opportunities.parquet`, as published.
    Files,
    /// `canonical/opportunities/…/*.parquet`, as exported.
    Folders,
}

impl Place {
    fn has(&self, table: &Table) -> bool {
        self.given.as_ref().is_none_or(|given| given.contains(table.name))
    }

    /// Path or URI of the table's file or folder, with `/`.
    fn of(&self, folder: Folder, table: &Table) -> String {
        let location = self.location.trim_end_matches('/');
        let (folder, name) = (folder.name(), table.name);
        match self.layout {
            Layout::Files => format!("{location}/{folder}/{name}.parquet"),
            Layout::Folders => format!("{location}/{folder}/{name}/"),
        }
    }
}

/// The table's grain as a sentence.
fn sentence(table: &Table) -> String {
    let mut letters = table.grain.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", letters.as_str())
}

fn all() -> impl Iterator<Item = (Folder, &'static Table)> {
    tables::all()
}

#[cfg(test)]
mod tests;
