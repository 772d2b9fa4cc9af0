//! The units that a rule counts: which row belongs to which, and which of them count on a date.

use crate::count::amount_at;
use crate::rows::Rows;
use crate::view::{NO_UNIT, TableView};
use aceq_checklist::{CountRule, Unit};
use aceq_timeline::Interval;
use std::collections::BTreeMap;
use std::ops::Range;

/// The units that certainly count on `day`, each with the rows that count for it and when they do.
pub(crate) fn confirmed_units(
    rows: &Rows<'_>,
    rule: &CountRule,
    range: Range<usize>,
    day: i32,
) -> BTreeMap<u32, Vec<(usize, Interval)>> {
    let view = rows.view;
    let mut units: BTreeMap<u32, Vec<(usize, Interval)>> = BTreeMap::new();
    for (row, span) in rows.spans(range) {
        let certain = span.certain.filter(|interval| interval.contains(day));
        if let (Some(interval), Some(unit)) = (certain, unit_of(view, rule.unit, row)) {
            units.entry(unit).or_default().push((row, interval));
        }
    }
    if let Some(having) = rule.having {
        units.retain(|_, rows| {
            let amounts = rows.iter().filter_map(|(row, _)| amount_at(view, having.column, *row));
            amounts.map(i128::from).sum::<i128>() >= i128::from(having.at_least)
        });
    }
    units
}

/// The counted unit's code; `None` where a row has no unit and so cannot be confirmed.
pub(crate) fn unit_of(view: &TableView, unit: Unit, row: usize) -> Option<u32> {
    match unit {
        Unit::Distinct(column) => Some(view.codes(column.name)[row]).filter(|code| *code != NO_UNIT),
        Unit::Rows | Unit::Sum(_) => Some(row as u32),
    }
}

/// The counted unit's name; the row's own id where it has none.
pub(crate) fn unit_name(view: &TableView, unit: Unit, row: usize) -> String {
    match unit {
        Unit::Distinct(column) if !view.is_unknown(column.name, row) => view.text_at(column.name, row).to_owned(),
        Unit::Distinct(_) | Unit::Rows | Unit::Sum(_) => view.row_id(row),
    }
}
