//! Counting rules: bounds for every as-of date.

use crate::rows::Rows;
use crate::view::{NO_UNIT, TableView, Views};
use aceq_checklist::{CountRule, Having, Term, Unit};
use aceq_model::Column;
use aceq_timeline::{Bounds, Interval, Span, Steps, count_units, sum_rows};
use arrow::array::Array;
use std::collections::BTreeMap;

/// What a count gives: its bounds, and how many of the confirmed rows carry a finding.
pub(crate) struct Counted {
    /// In hundredths (sums: cents).
    pub bounds: Steps<Bounds>,
    /// Rows.
    pub flagged: Steps<i64>,
}

/// The count of `rule` with `extra` conditions for the bucket's `partner`-th partner.
pub(crate) fn count(views: &Views, rule: &CountRule, extra: &[Term], partner: usize) -> Counted {
    let Some(view) = views.table(rule.table) else {
        return Counted { bounds: Steps::constant(Bounds::UNKNOWN), flagged: Steps::constant(0) };
    };
    let rows = Rows::new(view, rule.terms.iter().chain(extra), rule.window);
    let spans: Vec<(usize, Span)> = rows.spans(view.range(partner)).collect();
    let flagged_rows = spans.iter().filter(|(row, _)| view.is_flagged(*row));
    let flagged = sum_rows(flagged_rows.filter_map(|(_, span)| Some((span.certain?, 1))));
    let bounds = match (rule.unit, rule.having) {
        (Unit::Rows, _) => rows_bounds(&spans),
        (Unit::Distinct(column), None) => distinct_bounds(view, column, &spans),
        (Unit::Distinct(column), Some(having)) => having_bounds(view, column, having, &spans),
        (Unit::Sum(column), _) => sum_bounds(view, column, &spans),
    };
    Counted { bounds, flagged }
}

fn rows_bounds(spans: &[(usize, Span)]) -> Steps<Bounds> {
    let certain = sum_rows(spans.iter().filter_map(|(_, span)| Some((span.certain?, 100))));
    let possible = sum_rows(spans.iter().filter_map(|(_, span)| Some((span.possible?, 100))));
    certain.zip(&possible, |confirmed, possible| Bounds { confirmed: *confirmed, possible: Some(*possible) })
}

fn sum_bounds(view: &TableView, column: &Column, spans: &[(usize, Span)]) -> Steps<Bounds> {
    let amount = |row: usize| amount_at(view, column, row);
    let certain = sum_rows(spans.iter().filter_map(|(row, span)| Some((span.certain?, amount(*row)?))));
    let possible = open_sum(spans.iter().filter_map(|(row, span)| Some((span.possible?, amount(*row)))));
    certain.zip(&possible, |confirmed, possible| Bounds { confirmed: *confirmed, possible: *possible })
}

/// A sum that has no upper bound while a row of unknown amount counts.
fn open_sum(rows: impl Iterator<Item = (Interval, Option<i64>)>) -> Steps<Option<i64>> {
    let rows: Vec<_> = rows.collect();
    let known = sum_rows(rows.iter().filter_map(|(interval, amount)| Some((*interval, (*amount)?))));
    let unknown = sum_rows(rows.iter().filter(|(_, amount)| amount.is_none()).map(|(interval, _)| (*interval, 1)));
    known.zip(&unknown, |known, unknown| (*unknown == 0).then_some(*known))
}

/// Confirmed: units by the column, which may join too much. Possible: units by its strict twin, and every row without
/// a unit is one of its own.
fn distinct_bounds(view: &TableView, column: &Column, spans: &[(usize, Span)]) -> Steps<Bounds> {
    let loose = view.codes(column.name);
    let strict = view.codes(strict_name(column));
    let certain_unit = |(row, span): &(usize, Span)| {
        let unit = Some(loose[*row]).filter(|unit| *unit != NO_UNIT)?;
        Some((unit, span.certain?))
    };
    let possible_unit = |(row, span): &(usize, Span)| Some((own_unit(strict, *row), span.possible?));
    let mut certain: Vec<_> = spans.iter().filter_map(certain_unit).collect();
    let mut possible: Vec<_> = spans.iter().filter_map(possible_unit).collect();
    count_units(&mut certain).zip(&count_units(&mut possible), |confirmed, possible| Bounds {
        confirmed: confirmed * 100,
        possible: Some(possible * 100),
    })
}

/// The unit's code, or a code that no other row has: codes of units count up from 0, those of rows down from the top.
pub(crate) fn own_unit(codes: &[u32], row: usize) -> u32 {
    match codes[row] {
        NO_UNIT => NO_UNIT - 1 - row as u32,
        code => code,
    }
}

pub(crate) fn strict_name(column: &Column) -> &'static str {
    if column.strict.is_empty() { column.name } else { column.strict }
}

/// A unit counts while its rows add up to the sum required.
///
/// Confirmed: per unit by the column, over certain rows with known amounts. Possible: the rows of one such unit could
/// be up to `k` customers (its strict units) that share `total`, of which at most `total / required` can reach the sum.
/// A row without a unit may belong to anybody: its amount may be what lifts one more customer to the sum.
fn having_bounds(view: &TableView, column: &Column, having: Having, spans: &[(usize, Span)]) -> Steps<Bounds> {
    let mut groups: BTreeMap<u32, Vec<&(usize, Span)>> = BTreeMap::new();
    for entry in spans {
        groups.entry(own_unit(view.codes(column.name), entry.0)).or_default().push(entry);
    }
    let mut confirmed = Vec::new();
    let mut possible = Vec::new();
    for group in groups.values() {
        if view.codes(column.name)[group[0].0] == NO_UNIT {
            possible.push(sum_rows(group.iter().filter_map(|(_, span)| Some((span.possible?, 1)))));
        } else {
            confirmed.push(group_confirmed(view, having, group));
            possible.push(group_possible(view, column, having, group));
        }
    }
    total(&confirmed).zip(&total(&possible), |confirmed, possible| Bounds {
        confirmed: confirmed * 100,
        possible: Some(possible * 100),
    })
}

fn group_confirmed(view: &TableView, having: Having, group: &[&(usize, Span)]) -> Steps<i64> {
    let amount = |row: usize| amount_at(view, having.column, row);
    let sum = sum_rows(group.iter().filter_map(|(row, span)| Some((span.certain?, amount(*row)?))));
    sum.map(|sum| i64::from(*sum >= having.at_least))
}

fn group_possible(view: &TableView, column: &Column, having: Having, group: &[&(usize, Span)]) -> Steps<i64> {
    let strict = view.codes(strict_name(column));
    let amount = |row: usize| amount_at(view, having.column, row);
    let sum = open_sum(group.iter().filter_map(|(row, span)| Some((span.possible?, amount(*row)))));
    let unit = |(row, span): &&(usize, Span)| Some((own_unit(strict, *row), span.possible?));
    let mut units: Vec<_> = group.iter().filter_map(unit).collect();
    count_units(&mut units).zip(&sum, |units, sum| match sum {
        None => *units,
        Some(sum) => (*units).min(sum / having.at_least),
    })
}

fn total(parts: &[Steps<i64>]) -> Steps<i64> {
    sum_rows(parts.iter().flat_map(|part| part.iter().map(|(interval, value)| (interval, *value))))
}

pub(crate) fn amount_at(view: &TableView, column: &Column, row: usize) -> Option<i64> {
    let amounts = view.decimals(column.name);
    // DECIMAL(18,2) fits an i64 of cents.
    (!amounts.is_null(row)).then(|| amounts.value(row) as i64)
}
