//! The folders of a dataset and the tables in each.

use super::{BRIDGES, DIMENSIONS, QUALITY, RESULTS};
use crate::schema::{Table, TableId};

/// A folder of a dataset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Folder {
    /// What the inputs say, in one form.
    Canonical,
    /// What became of the input.
    Quality,
    /// What a run found.
    Results,
    /// What facts are grouped and named by.
    Dimensions,
    /// The items of lists, one a row.
    Bridges,
}

impl Folder {
    /// Every folder, in the order of the reference page.
    pub const ALL: [Self; 5] = [Self::Canonical, Self::Quality, Self::Results, Self::Dimensions, Self::Bridges];

    /// Its name on disk.
    pub fn name(self) -> &'static str {
        match self {
            Self::Canonical => "canonical",
            Self::Quality => "quality",
            Self::Results => "results",
            Self::Dimensions => "dimensions",
            Self::Bridges => "bridges",
        }
    }

    /// Its tables, in the order of the reference page.
    pub fn tables(self) -> Vec<&'static Table> {
        match self {
            Self::Canonical => TableId::ALL.map(TableId::schema).to_vec(),
            Self::Quality => QUALITY.to_vec(),
            Self::Results => RESULTS.to_vec(),
            Self::Dimensions => DIMENSIONS.to_vec(),
            Self::Bridges => BRIDGES.iter().map(|bridge| bridge.table).collect(),
        }
    }
}

/// Every table that a dataset can hold, with its folder.
pub fn all() -> impl Iterator<Item = (Folder, &'static Table)> {
    Folder::ALL.into_iter().flat_map(|folder| folder.tables().into_iter().map(move |table| (folder, table)))
}

/// The table called `name` and its folder.
pub fn find(name: &str) -> Option<(Folder, &'static Table)> {
    all().find(|(_, table)| table.name == name)
}

#[cfg(test)]
mod tests {
    use super::{all, find};

    #[test]
    fn every_table_has_one_place_and_every_key_is_a_column() {
        for (_, table) in all() {
            assert!(std::ptr::eq(find(table.name).expect("a known table").1, table), "{} is there twice", table.name);
            assert!(table.key.iter().all(|key| table.column(key).is_some()), "{}", table.name);
            for column in table.columns {
                assert!(column.doc.ends_with('.'), "{}.{}", table.name, column.name);
            }
        }
        assert!(find("forecasts").is_none());
    }
}
