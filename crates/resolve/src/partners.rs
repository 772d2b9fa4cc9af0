//! Partner ids as small numbers that sort like the ids.

use aceq_model::TypedRows;
use arrow::array::{Array, StringArray};
use foldhash::HashMap;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The rank of a row that names no partner.
pub(crate) const NO_PARTNER: u32 = u32::MAX;

/// The distinct partner ids of a call, sorted; a partner's rank is its place here.
pub(crate) struct Partners {
    names: Vec<Arc<str>>,
    ranks: HashMap<Arc<str>, u32>,
}

impl Partners {
    /// The partners named in `rows`.
    pub(crate) fn of(rows: &[TypedRows]) -> Self {
        let mut distinct = BTreeSet::new();
        for column in rows.iter().filter_map(partner_column) {
            // Runs of one partner are the rule, so most rows cost one comparison.
            let mut last = None;
            for name in column.iter().flatten().filter(|name| last.replace(*name) != Some(*name)) {
                if !distinct.contains(name) {
                    distinct.insert(Arc::<str>::from(name));
                }
            }
        }
        let names: Vec<_> = distinct.into_iter().collect();
        let ranks = names.iter().cloned().zip(0..).collect();
        Self { names, ranks }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    /// The id of the partner with this rank.
    pub(crate) fn name(&self, rank: u32) -> &Arc<str> {
        &self.names[rank as usize]
    }

    /// The rank of a partner id.
    pub(crate) fn rank(&self, name: &str) -> Option<u32> {
        self.ranks.get(name).copied()
    }

    /// Every id, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        self.names.iter().map(|name| name.to_string()).collect()
    }

    /// The rank of each row's partner, [`NO_PARTNER`] where it is null.
    pub(crate) fn ranks(&self, rows: &TypedRows) -> Vec<u32> {
        let Some(column) = partner_column(rows) else { return vec![NO_PARTNER; rows.batch.num_rows()] };
        let mut last: (Option<&str>, u32) = (None, NO_PARTNER);
        let rank = |name: Option<&'_ str>| name.and_then(|name| self.rank(name)).unwrap_or(NO_PARTNER);
        let ranked = column.iter().map(|name| {
            if last.0 != name {
                last = (name, rank(name));
            }
            last.1
        });
        ranked.collect()
    }
}

fn partner_column(rows: &TypedRows) -> Option<&StringArray> {
    rows.batch.column_by_name("partner_id")?.as_any().downcast_ref()
}
