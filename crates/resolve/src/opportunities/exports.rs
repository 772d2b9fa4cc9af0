//! Which exports of a partner's opportunities there are, and which rows the newer of them no longer hold.

use crate::partners::Partners;
use crate::pile::{Pile, RowAt, known_snapshot};
use aceq_model::date_from_days;
use foldhash::{HashMap, HashMapExt};

/// The newest exports by partner, and the day that counts as today for each partner.
pub(crate) struct Exports {
    /// Per file rank the number of its mapping.
    mappings: Vec<u32>,
    /// Newest known snapshot day by (partner, mapping).
    newest: HashMap<(u32, u32), i32>,
    /// Per partner rank: the newest snapshot, or the newest modification in a file without one, whichever is later, in days
    /// since 1970-01-01.
    pub(crate) reference: Vec<Option<i32>>,
}

const MICROS_PER_DAY: i64 = 86_400_000_000;

/// The UTC day of an instant, in days since 1970-01-01.
pub(crate) fn day_of_micros(micros: i64) -> i32 {
    i32::try_from(micros.div_euclid(MICROS_PER_DAY)).unwrap_or(i32::MAX)
}

impl Exports {
    /// Looks over all rows, replaced ones included.
    pub(crate) fn of(pile: &Pile, rows: &[RowAt], partners: &Partners) -> Self {
        let mappings = numbered_mappings(pile);
        let mut newest: HashMap<_, i32> = HashMap::new();
        let mut modified: Vec<Option<i64>> = vec![None; partners.len()];
        let mut last = None;
        for at in rows {
            let (partner, file) = (at.partner, pile.file_of(*at));
            let latest = &mut modified[partner as usize];
            // What an export of a known day says was changed before that day.
            if known_snapshot(&pile.files[file]).is_none() {
                *latest = pile.modified(*at).max(*latest);
            }
            if last.replace((partner, file)) == Some((partner, file)) {
                continue;
            }
            if let Some(day) = known_snapshot(&pile.files[file]) {
                newest.entry((partner, mappings[file])).and_modify(|known| *known = day.max(*known)).or_insert(day);
            }
        }
        let mut reference = vec![None; partners.len()];
        newest.iter().for_each(|((partner, _), day)| {
            let known = &mut reference[*partner as usize];
            *known = Some(*day).max(*known);
        });
        let fallback = |(known, modified): (Option<i32>, Option<i64>)| known.max(modified.map(day_of_micros));
        let reference = reference.into_iter().zip(modified).map(fallback).collect();
        Self { mappings, newest, reference }
    }

    /// Why the row with these versions is gone from a newer export, in words; `None` when it is not. Both days must be
    /// known, and only exports of the same kind are compared.
    pub(crate) fn gone(&self, pile: &Pile, versions: &[RowAt]) -> Option<String> {
        // Per kind of export the newest version: versions stand oldest first.
        let mut kinds: Vec<(u32, RowAt)> = Vec::new();
        for at in versions.iter().rev() {
            let mapping = self.mappings[pile.file_of(*at)];
            if kinds.iter().all(|(known, _)| *known != mapping) {
                kinds.push((mapping, *at));
            }
        }
        let sighting = |(mapping, at): &(u32, RowAt)| {
            let file = pile.file_of(*at);
            let seen = known_snapshot(&pile.files[file])?;
            let newest = *self.newest.get(&(at.partner, *mapping))?;
            (seen < newest).then_some((file, seen, newest))
        };
        let (file, seen, newest) = kinds.iter().find_map(sighting)?;
        let day = |days| date_from_days(days).map_or_else(String::new, |day| day.to_string());
        let mapping = mapping_name(&pile.files[file].mapping);
        let (seen, newest) = (day(seen), day(newest));
        Some(format!("last held by the {mapping} export of {seen}; no row that was read of the one of {newest} has it"))
    }
}

/// The mapping's name without the words that explain it. The older form of an export is still that export.
fn mapping_name(mapping: &str) -> &str {
    let name = mapping.split([' ', ':', ',', '(', ';']).next().unwrap_or(mapping);
    name.strip_suffix("-legacy").unwrap_or(name)
}

fn numbered_mappings(pile: &Pile) -> Vec<u32> {
    let names: Vec<_> = pile.files.iter().map(|file| mapping_name(&file.mapping)).collect();
    let mut distinct = names.clone();
    distinct.sort_unstable();
    distinct.dedup();
    names.iter().map(|name| distinct.partition_point(|known| known < name) as u32).collect()
}
