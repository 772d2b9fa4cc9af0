//! Counting on one day: what the rows prove, and what they could prove at most.

use super::calendar::Dates;
use super::predicate::Expr;
use super::row::{PartnerRows, Row};
use super::rules::{Count, Selection};
use super::truth::{Truth, all, and};
use aceq_model::Status;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// The answer on one day; counts in hundredths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: Status,
    /// Lower bound of the count.
    pub confirmed: i64,
    /// Upper bound; `None` = unbounded.
    pub possible: Option<i64>,
    /// The count asked for.
    pub required: i64,
}

/// Lower and upper bound of a count, in hundredths; an upper bound of `None` = unbounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Lower bound.
    pub confirmed: i64,
    /// Upper bound.
    pub possible: Option<i64>,
}

impl Bounds {
    /// What is known about rows that were never given.
    pub const NOT_GIVEN: Self = Self { confirmed: 0, possible: None };

    /// The bounds of a number of things. What is confirmed is possible.
    pub fn of_units(confirmed: usize, possible: Option<usize>) -> Self {
        Self {
            confirmed: confirmed as i64 * 100,
            possible: possible.map(|possible| possible.max(confirmed) as i64 * 100),
        }
    }

    /// Held against the number asked for.
    pub fn against(self, required: i64) -> Answer {
        let status = match self.possible {
            _ if self.confirmed >= required => Status::Met,
            Some(possible) if possible < required => Status::NotMet,
            _ => Status::Unknown,
        };
        Answer { status, confirmed: self.confirmed, possible: self.possible, required }
    }
}

/// Satisfied ones among `statuses`, and those that may be.
pub fn count_satisfied(statuses: &[Status]) -> Bounds {
    let confirmed = statuses.iter().filter(|status| status.satisfied() == Some(true)).count();
    let possible = statuses.iter().filter(|status| status.satisfied() != Some(false)).count();
    Bounds::of_units(confirmed, Some(possible))
}

/// A row that may count, with everything about it that does not depend on the day.
#[derive(Clone, Debug)]
pub struct Candidate {
    predicate: Truth,
    dates: Dates,
    unit: Option<String>,
    strict_unit: Option<String>,
    amount: Option<i128>,
}

/// The candidates of one count; `None` = the table was never given.
#[derive(Clone, Debug)]
pub struct Population {
    candidates: Option<Vec<Candidate>>,
    count: Count,
}

/// A candidate on one day: certain (TRUE) or doubtful (UNKNOWN).
struct Present<'a> {
    candidate: &'a Candidate,
    certain: bool,
}

impl Selection {
    /// Whether `row` satisfies every condition, `further` included, as far as it does not depend on the day.
    pub fn predicate(&self, row: &Row, further: Option<&Expr>) -> Truth {
        all(self.conditions.iter().chain(further).map(|condition| condition.truth(row)))
    }

    /// The dates that decide on which days `row` counts.
    pub fn dates(&self, row: &Row) -> Dates {
        match &self.window {
            Some(window) => Dates::Window { date: row.date(&window.column), months: window.months },
            None => row.natural_dates(),
        }
    }
}

impl Population {
    /// The rows of `selection` that also satisfy `further`. Rows that can never count are left out.
    pub fn new(rows: &PartnerRows, selection: &Selection, further: Option<&Expr>, count: &Count) -> Self {
        let candidates = rows.get(&selection.table).map(|rows| {
            let all = rows.iter().map(|row| Candidate::new(row, selection, further, count));
            all.filter(|candidate| candidate.predicate != Some(false)).collect()
        });
        Self { candidates, count: count.clone() }
    }

    /// Whether there is a row on `day`.
    pub fn any(&self, day: NaiveDate) -> Truth {
        let candidates = self.candidates.as_ref()?;
        super::truth::any(candidates.iter().map(|candidate| candidate.truth(day)))
    }

    /// The count on `day`.
    pub fn bounds(&self, day: NaiveDate) -> Bounds {
        let Some(candidates) = &self.candidates else { return Bounds::NOT_GIVEN };
        let present: Vec<Present> = candidates.iter().filter_map(|candidate| candidate.on(day)).collect();
        match &self.count {
            Count::Rows => Bounds::of_units(certain(&present).count(), Some(present.len())),
            Count::Distinct(_) => distinct(&present),
            Count::DistinctHaving { at_least, .. } => distinct_having(&present, i128::from(*at_least)),
            Count::Sum(_) => sum(&present),
        }
    }
}

impl Candidate {
    fn new(row: &Row, selection: &Selection, further: Option<&Expr>, count: &Count) -> Self {
        let (unit, amount) = match count {
            Count::Rows => (None, None),
            Count::Distinct(unit) => (Some(unit), None),
            Count::DistinctHaving { unit, sum, .. } => (Some(unit), Some(sum)),
            Count::Sum(sum) => (None, Some(sum)),
        };
        Self {
            predicate: selection.predicate(row, further),
            dates: selection.dates(row),
            unit: unit.and_then(|unit| row.text(unit)),
            strict_unit: unit.and_then(|unit| row.text(strict_column(selection, unit))),
            amount: amount.and_then(|amount| row.number(amount)),
        }
    }

    fn truth(&self, day: NaiveDate) -> Truth {
        and(self.predicate, self.dates.truth(day))
    }

    fn on(&self, day: NaiveDate) -> Option<Present<'_>> {
        match self.truth(day) {
            Some(false) => None,
            Some(true) => Some(Present { candidate: self, certain: true }),
            None => Some(Present { candidate: self, certain: false }),
        }
    }
}

/// The column that tells apart what may be apart: for a customer, the one that joins by strong evidence alone.
fn strict_column<'a>(selection: &Selection, unit: &'a str) -> &'a str {
    match selection.table.schema().column(unit).map(|column| column.strict) {
        Some("") | None => unit,
        Some(strict) => strict,
    }
}

fn certain<'a, 'b>(present: &'b [Present<'a>]) -> impl Iterator<Item = &'b Present<'a>> {
    present.iter().filter(|row| row.certain)
}

fn distinct(present: &[Present]) -> Bounds {
    let confirmed: BTreeSet<&String> = certain(present).filter_map(|row| row.candidate.unit.as_ref()).collect();
    Bounds::of_units(confirmed.len(), Some(strict_units(present)))
}

/// Different strict keys, plus one for every row without one: it may be anybody.
fn strict_units<'a>(present: impl IntoIterator<Item = &'a Present<'a>>) -> usize {
    let mut keys = BTreeSet::new();
    let mut nameless = 0;
    for row in present {
        match &row.candidate.strict_unit {
            Some(key) => _ = keys.insert(key),
            None => nameless += 1,
        }
    }
    keys.len() + nameless
}

/// Units whose amounts reach `at_least`. Two strict keys under one unit may be two customers, but only as many as
/// the total can lift to the amount.
fn distinct_having(present: &[Present], at_least: i128) -> Bounds {
    let mut groups: BTreeMap<&String, Vec<&Present>> = BTreeMap::new();
    let mut possible = 0;
    for row in present {
        match &row.candidate.unit {
            Some(unit) => groups.entry(unit).or_default().push(row),
            // Whoever it is, its amount may be what lifts some customer to the sum: one more at most.
            None => possible += 1,
        }
    }
    let mut confirmed = 0;
    for group in groups.values() {
        let known: i128 = group.iter().filter(|row| row.certain).filter_map(|row| row.candidate.amount).sum();
        let proven = group.iter().any(|row| row.certain) && known >= at_least;
        confirmed += usize::from(proven);
        possible += units_possible(group, strict_units(group.iter().copied()), at_least);
    }
    Bounds::of_units(confirmed, Some(possible))
}

fn units_possible(group: &[&Present], most: usize, at_least: i128) -> usize {
    let total: Option<i128> = group.iter().map(|row| row.candidate.amount).sum();
    match total {
        None => most,
        Some(total) if total < at_least => 0,
        Some(total) => usize::try_from(total / at_least.max(1)).map_or(most, |times| times.min(most)),
    }
}

fn sum(present: &[Present]) -> Bounds {
    let confirmed: i128 = certain(present).filter_map(|row| row.candidate.amount).sum();
    let possible: Option<i128> = present.iter().map(|row| row.candidate.amount).sum();
    let cents = |sum: i128| i64::try_from(sum).expect("a sum of a hand-sized bucket fits");
    Bounds { confirmed: cents(confirmed), possible: possible.map(|possible| cents(possible.max(confirmed))) }
}

#[cfg(test)]
mod tests;
