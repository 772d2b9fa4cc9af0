//! The units that count on one side, and which unit of one side is which of the other.

use super::end::End;
use crate::count::amount_at;
use crate::evidence::rank;
use crate::units::{confirmed_units, unit_name};
use aceq_checklist::{CountRule, Unit};
use aceq_timeline::Interval;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

/// One unit that certainly counts.
pub(super) struct Counting {
    /// What it is called: the key, or the row's own id.
    pub(super) name: String,
    /// Its rows that count, the one that stands for it first.
    pub(super) rows: Vec<usize>,
    /// What it adds to the count, in hundredths.
    pub(super) amount: i64,
}

/// Everything that counts on one side.
pub(super) struct Units {
    pub(super) all: Vec<Counting>,
    /// Place in `all` of the unit of each row that counts.
    pub(super) of_row: HashMap<usize, usize>,
}

impl Units {
    pub(super) fn none() -> Self {
        Self { all: Vec::new(), of_row: HashMap::new() }
    }

    pub(super) fn new(end: &End<'_>, rule: &CountRule) -> Self {
        let (Some(rows), Some(view)) = (end.own(), end.view) else { return Self::none() };
        let mut units = Self::none();
        for counting in confirmed_units(rows, rule, end.range(), end.day()).into_values() {
            let mut ranked: Vec<(usize, Interval)> = counting;
            ranked.sort_by_cached_key(|(row, interval)| rank(view, *row, *interval));
            let rows: Vec<usize> = ranked.into_iter().map(|(row, _)| row).collect();
            let amount = match rule.unit {
                Unit::Sum(column) => amount_at(view, column, rows[0]),
                Unit::Rows | Unit::Distinct(_) => Some(100),
            };
            // A row of unknown amount adds nothing that is certain.
            let Some(amount) = amount else { continue };
            units.of_row.extend(rows.iter().map(|row| (*row, units.all.len())));
            units.all.push(Counting { name: unit_name(view, rule.unit, rows[0]), rows, amount });
        }
        units
    }
}

/// Places of units that are the same on both sides: by name where names are keys, then by the rows that count for both.
pub(super) fn matched(
    before: &Units,
    after: &Units,
    unit: Unit,
    twin: impl Fn(usize) -> Option<usize>,
) -> BTreeMap<usize, usize> {
    let mut pairs = BTreeMap::new();
    if matches!(unit, Unit::Distinct(_)) {
        let names: HashMap<&str, usize> =
            after.all.iter().enumerate().map(|(at, unit)| (unit.name.as_str(), at)).collect();
        let named = before.all.iter().enumerate().filter_map(|(at, unit)| Some((at, *names.get(unit.name.as_str())?)));
        pairs.extend(named);
    }
    let taken: std::collections::HashSet<usize> = pairs.values().copied().collect();
    let mut shared: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for (at, unit) in before.all.iter().enumerate().filter(|(at, _)| !pairs.contains_key(at)) {
        let others = unit.rows.iter().filter_map(|row| after.of_row.get(&twin(*row)?).copied());
        for other in others.filter(|other| !taken.contains(other)) {
            *shared.entry((at, other)).or_default() += 1;
        }
    }
    let mut shared: Vec<((usize, usize), usize)> = shared.into_iter().collect();
    let name = |((at, other), rows): &((usize, usize), usize)| {
        (Reverse(*rows), before.all[*at].name.clone(), after.all[*other].name.clone(), *at, *other)
    };
    shared.sort_by_cached_key(name);
    let mut taken = taken;
    for ((at, other), _) in shared {
        if !pairs.contains_key(&at) && taken.insert(other) {
            pairs.insert(at, other);
        }
    }
    pairs
}
