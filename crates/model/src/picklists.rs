//! Closed lists of canonical values, by name. Filled from `mappings/values/*.toml`.

use std::collections::{BTreeMap, BTreeSet};

/// The canonical values of one list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picklist {
    /// Every canonical value.
    pub values: BTreeSet<String>,
}

/// All picklists, by the name that [`crate::Column::picklist`] uses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picklists(pub BTreeMap<String, Picklist>);

impl Picklists {
    /// The list called `name`.
    pub fn get(&self, name: &str) -> Option<&Picklist> {
        self.0.get(name)
    }
}
