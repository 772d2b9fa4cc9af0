//! Counts of rows: the units that went, came or changed, and the rows about which there is doubt on one side only.

use super::end::{End, Selection, both, place};
use super::units::{Counting, Units, matched};
use super::why::{Lost, Values, Why};
use super::{Ends, direction};
use crate::count::amount_at;
use crate::units::{unit_name, unit_of};
use crate::view::{NO_UNIT, TableView};
use aceq_checklist::{CountRule, Having, Term, Unit};
use aceq_model::{Cents, Change, ChangeKind, ChangeReason, Column, TableId, ValueChange};
use aceq_timeline::Truth;
use std::collections::{BTreeSet, HashSet};

/// A rule, and the further conditions of a member.
type Ruled<'e> = (&'e CountRule, &'e [Term]);

/// All changes of a count; a side without a rule has none of the units.
pub(super) fn changes(ends: &Ends<'_>, before: Option<Ruled<'_>>, after: Option<Ruled<'_>>) -> Vec<Change> {
    let Some((rule, _)) = after.or(before) else { return Vec::new() };
    let (from, to) = both((ends.from, before.map(selection)), (ends.to, after.map(selection)));
    let units =
        |end: &End<'_>, ruled: Option<Ruled<'_>>| ruled.map_or_else(Units::none, |(rule, _)| Units::new(end, rule));
    let (was, is) = (units(&from, before), units(&to, after));
    let pairs = matched(&was, &is, rule.unit, |row| ends.pairs.after(rule.table, row));
    let rules = (before.map(|(rule, _)| rule), after.map(|(rule, _)| rule));
    let forth =
        Way { ends, here: &from, there: &to, units: &was, others: &is, rules, table: rule.table, mirrored: false };
    let back = Way {
        ends,
        here: &to,
        there: &from,
        units: &is,
        others: &was,
        rules: (rules.1, rules.0),
        table: rule.table,
        mirrored: true,
    };
    let matched_after: HashSet<usize> = pairs.values().copied().collect();
    let went = (0..was.all.len()).filter(|at| !pairs.contains_key(at)).map(|at| forth.lost(&was.all[at]));
    let came = (0..is.all.len()).filter(|at| !matched_after.contains(at)).map(|at| back.lost(&is.all[at]));
    let changed = pairs.iter().filter_map(|(a, b)| forth.changed(&was.all[*a], &is.all[*b]));
    let mut changes: Vec<Change> = went.chain(came).chain(changed).collect();
    if before.is_some() && after.is_some() {
        changes.extend(forth.doubts());
        changes.extend(back.doubts());
    }
    changes
}

fn selection<'e>((rule, terms): Ruled<'e>) -> Selection<'e> {
    Selection::of(rule, terms)
}

/// One direction of the comparison: what counts here and not there.
struct Way<'w, 'e> {
    ends: &'w Ends<'e>,
    here: &'w End<'e>,
    there: &'w End<'e>,
    units: &'w Units,
    others: &'w Units,
    /// The rules of here and there.
    rules: (Option<&'w CountRule>, Option<&'w CountRule>),
    table: TableId,
    /// Whether here is after.
    mirrored: bool,
}

impl Way<'_, '_> {
    fn twin(&self, row: usize) -> Option<usize> {
        if self.mirrored { self.ends.pairs.before(self.table, row) } else { self.ends.pairs.after(self.table, row) }
    }

    fn why(&self, row: usize) -> Why {
        Lost { here: self.here, row, there: self.there, twin: self.twin(row) }.why()
    }

    /// A unit that counts here alone.
    fn lost(&self, unit: &Counting) -> Change {
        let counts_there = |row: &&usize| self.twin(**row).is_some_and(|twin| self.there.truth(twin) == Truth::True);
        let (row, why) = match unit.rows.iter().find(counts_there) {
            Some(row) => self.elsewhere(unit, *row),
            None => (unit.rows[0], self.why(unit.rows[0])),
        };
        let amount = if self.mirrored { unit.amount } else { -unit.amount };
        self.change(ChangeKind::Went, unit.name.clone(), row, why, amount)
    }

    /// A row of the unit counts there too: for another unit, for nobody, or for a unit whose sum is too small.
    fn elsewhere(&self, unit: &Counting, row: usize) -> (usize, Why) {
        let (Some(view), Some(other), Some(twin), (Some(rule), Some(other_rule))) =
            (self.here.view, self.there.view, self.twin(row), self.rules)
        else {
            return (row, self.why(row));
        };
        let values = Values { view, row, other_view: other, twin };
        if let Some(at) = self.others.of_row.get(&twin) {
            let note = Some(format!("counts with {}", self.others.all[*at].name));
            return (row, Why { values: unit_value(&values, rule.unit), note, ..Why::of(ChangeReason::Merged) });
        }
        if unit_of(other, other_rule.unit, twin).is_none() || matches!(rule.unit, Unit::Sum(_)) {
            return (row, Why { values: unit_value(&values, rule.unit), ..Why::of(ChangeReason::BecameUnknown) });
        }
        let lost =
            unit.rows.iter().filter(|row| self.twin(**row).is_none_or(|twin| self.there.truth(twin) != Truth::True));
        let amount = |row: &usize| rule.having.and_then(|having| amount_at(view, having.column, *row));
        match lost.max_by_key(|row| amount(row)) {
            Some(row) => (*row, self.why(*row)),
            None => (row, self.sum_fell(unit, (rule.having, other_rule.having), (view, other))),
        }
    }

    /// All rows of the unit count there too, and their amounts do not reach the sum.
    fn sum_fell(
        &self,
        unit: &Counting,
        (having, other): (Option<Having>, Option<Having>),
        (view, other_view): (&TableView, &TableView),
    ) -> Why {
        let Some(other) = other else { return Why::of(ChangeReason::RuleChanged) };
        let condition = Some(format!("{} add up to at least {}", other.column.name, Cents(other.at_least)));
        if let Some(values) = self.lost_amount(unit, other.column, (view, other_view)) {
            return Why { condition, values: vec![values], ..Why::of(ChangeReason::BecameUnknown) };
        }
        let twins: Vec<usize> = unit.rows.iter().filter_map(|row| self.twin(*row)).collect();
        let total = |view: &TableView, rows: &[usize]| -> i64 {
            rows.iter().filter_map(|row| amount_at(view, other.column, *row)).sum()
        };
        let (here, there) = (total(view, &unit.rows), total(other_view, &twins));
        let reaches = having.is_none_or(|having| having.column.name == other.column.name && there >= having.at_least);
        let reason = if reaches { ChangeReason::RuleChanged } else { ChangeReason::SumFell };
        let value = ValueChange {
            column: format!("sum of {}", other.column.name),
            before: Some(Cents(here).to_string()),
            after: Some(Cents(there).to_string()),
        };
        Why { condition, values: vec![value], ..Why::of(reason) }
    }

    /// An amount that is known here and not there.
    fn lost_amount(
        &self,
        unit: &Counting,
        column: &'static Column,
        (view, other_view): (&TableView, &TableView),
    ) -> Option<ValueChange> {
        let lost = |row: &usize| {
            let twin = self.twin(*row)?;
            let is_lost = amount_at(view, column, *row).is_some() && amount_at(other_view, column, twin).is_none();
            is_lost.then(|| Values { view, row: *row, other_view, twin }.of(column))
        };
        unit.rows.iter().find_map(lost)
    }

    /// A unit that counts on both sides; called from before to after.
    fn changed(&self, before: &Counting, after: &Counting) -> Option<Change> {
        let (view, other) = (self.here.view?, self.there.view?);
        let amount = after.amount - before.amount;
        let row = before.rows[0];
        let Some(twin) = self.twin(row).filter(|twin| after.rows.contains(twin)) else {
            return Some(self.other_row(before, after, amount));
        };
        let values = Values { view, row, other_view: other, twin };
        let changed = values.changed(&self.columns());
        let why = if changed.is_empty() {
            Why { values: new_findings(&values)?, ..Why::of(ChangeReason::NewFinding) }
        } else {
            Why { values: changed, ..Why::of(ChangeReason::ValuesChanged) }
        };
        Some(self.change(ChangeKind::Changed, after.name.clone(), row, why, amount))
    }

    fn other_row(&self, before: &Counting, after: &Counting, amount: i64) -> Change {
        let row = before.rows[0];
        let id = self.here.view.map_or_else(String::new, |view| view.row_id(row));
        let still_counts = self.twin(row).is_some_and(|twin| self.there.truth(twin) == Truth::True);
        let how = if still_counts { "counts for another".to_owned() } else { self.why(row).reason.phrase().to_owned() };
        let why = Why { note: Some(format!("instead of {id} ({how})")), ..Why::of(ChangeReason::OtherRow) };
        let back = Self {
            here: self.there,
            there: self.here,
            units: self.others,
            others: self.units,
            rules: (self.rules.1, self.rules.0),
            mirrored: !self.mirrored,
            ..*self
        };
        back.change(ChangeKind::Changed, after.name.clone(), after.rows[0], why, amount)
    }

    /// The columns that the rule reads, its amounts included.
    fn columns(&self) -> Vec<&'static Column> {
        let mut columns = self.there.selection.as_ref().map_or_else(Vec::new, Selection::columns);
        let rule = self.rules.1;
        let sum = rule.and_then(|rule| if let Unit::Sum(column) = rule.unit { Some(column) } else { None });
        let having = rule.and_then(|rule| rule.having).map(|having| having.column);
        let further = sum.into_iter().chain(having);
        for column in further {
            if !columns.iter().any(|known| known.name == column.name) {
                columns.push(column);
            }
        }
        columns
    }

    /// Rows that may count here and cannot there, of units that do not count here already.
    fn doubts(&self) -> Vec<Change> {
        let (Some(view), (Some(rule), _)) = (self.here.view, self.rules) else { return Vec::new() };
        let counting: HashSet<u32> = match rule.unit {
            Unit::Distinct(column) => self.units.of_row.keys().map(|row| view.codes(column.name)[*row]).collect(),
            Unit::Rows | Unit::Sum(_) => HashSet::new(),
        };
        let is_doubt = |row: &usize| {
            let unit = unit_of(view, rule.unit, *row).unwrap_or(NO_UNIT);
            self.here.truth(*row) == Truth::Unknown
                && !counting.contains(&unit)
                && self.twin(*row).is_none_or(|twin| self.there.truth(twin) == Truth::False)
        };
        let doubt =
            |row: usize| self.change(ChangeKind::DoubtWent, unit_name(view, rule.unit, row), row, self.why(row), 0);
        self.here.range().filter(is_doubt).map(doubt).collect()
    }

    /// The change of a row here, as it reads from before to after.
    fn change(&self, kind: ChangeKind, unit: String, row: usize, why: Why, amount: i64) -> Change {
        let why = if self.mirrored { why.mirrored() } else { why };
        let here = self.here.view.map(|view| place(view, row));
        let there = self.there.view.zip(self.twin(row)).map(|(view, twin)| place(view, twin));
        let (before, after) = if self.mirrored { (there, here) } else { (here, there) };
        Change {
            kind: direction(kind, self.mirrored),
            reason: why.reason,
            amount,
            unit,
            table: self.table.name().to_owned(),
            row_id: self.here.view.map_or_else(String::new, |view| view.row_id(row)),
            label: self.here.view.map_or_else(String::new, |view| view.label(row).to_owned()),
            condition: why.condition,
            values: why.values,
            on: why.on,
            note: why.note,
            before,
            after,
        }
    }
}

fn unit_value(values: &Values<'_>, unit: Unit) -> Vec<ValueChange> {
    match unit {
        Unit::Distinct(column) | Unit::Sum(column) => vec![values.of(column)],
        Unit::Rows => Vec::new(),
    }
}

/// The findings that the row carries after, and did not before.
fn new_findings(values: &Values<'_>) -> Option<Vec<ValueChange>> {
    if !values.other_view.is_flagged(values.twin) {
        return None;
    }
    let column = values.view.id.schema().column("findings")?;
    let change = values.of(column);
    let codes = |text: &Option<String>| -> BTreeSet<String> {
        text.iter().flat_map(|text| text.split("; ")).filter(|code| !code.is_empty()).map(str::to_owned).collect()
    };
    let (before, after) = (codes(&change.before), codes(&change.after));
    (!after.is_subset(&before)).then(|| vec![change])
}
