//! Self-assessments: who is attested on one side only, by an answer or by a case study that needs none.

use super::end::{Selection, both, place};
use super::why::{Lost, Why};
use super::{Ends, PartnerSide, direction};
use crate::attested::{Proof, answer_rows, answer_steps, is_about, proven};
use crate::view::{TableView, date_at};
use aceq_checklist::{AttestedRule, AttestedUnit};
use aceq_model::{Change, ChangeKind, ChangeReason, TableId, ValueChange, date_from_days};
use aceq_timeline::Truth;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Units that are attested on one side; a side without a rule attests nothing.
pub(super) fn changes(ends: &Ends<'_>, before: Option<&AttestedRule>, after: Option<&AttestedRule>) -> Vec<Change> {
    let proofs = |side: &PartnerSide<'_>, rule: Option<&AttestedRule>| match (rule, side.checklist) {
        (Some(rule), Some(checklist)) => {
            proven(&side.side.evaluation.views, &checklist.program, rule, side.partner, side.day())
        }
        _ => BTreeMap::new(),
    };
    let (was, is) = (proofs(ends.from, before), proofs(ends.to, after));
    let forth = Way { ends, here: ends.from, there: ends.to, rules: (before, after), mirrored: false };
    let back = Way { ends, here: ends.to, there: ends.from, rules: (after, before), mirrored: true };
    let went = was.iter().filter(|(unit, _)| !is.contains_key(*unit)).map(|(unit, proof)| forth.lost(unit, *proof));
    let came = is.iter().filter(|(unit, _)| !was.contains_key(*unit)).map(|(unit, proof)| back.lost(unit, *proof));
    went.chain(came).collect()
}

/// One direction of the comparison: what is attested here and not there.
struct Way<'w, 'e> {
    ends: &'w Ends<'e>,
    here: &'w PartnerSide<'e>,
    there: &'w PartnerSide<'e>,
    rules: (Option<&'w AttestedRule>, Option<&'w AttestedRule>),
    mirrored: bool,
}

impl Way<'_, '_> {
    fn lost(&self, unit: &str, proof: Proof) -> Change {
        let table = match proof {
            Proof::Answer => TableId::Attestations,
            Proof::CaseStudy(_) => TableId::CaseStudies,
        };
        let row = match proof {
            Proof::Answer => newest(self.here, self.rules.0, unit),
            Proof::CaseStudy(row) => Some(row),
        };
        let why = match proof {
            Proof::Answer => self.why_answer(unit, row),
            Proof::CaseStudy(row) => self.why_case_study(row),
        };
        let why = if self.mirrored { why.mirrored() } else { why };
        let view = self.here.side.evaluation.views.table(table);
        let other_view = self.there.side.evaluation.views.table(table);
        let here = view.zip(row).map(|(view, row)| place(view, row));
        let there = other_view.zip(row.and_then(|row| self.twin(table, row))).map(|(view, row)| place(view, row));
        let (before, after) = if self.mirrored { (there, here) } else { (here, there) };
        let told =
            |tell: &dyn Fn(&TableView, usize) -> String| view.zip(row).map_or_else(String::new, |(v, r)| tell(v, r));
        Change {
            kind: direction(ChangeKind::Went, self.mirrored),
            reason: why.reason,
            amount: if self.mirrored { 100 } else { -100 },
            unit: unit.to_owned(),
            table: table.name().to_owned(),
            row_id: told(&|view, row| view.row_id(row)),
            label: told(&|view, row| view.label(row).to_owned()),
            condition: why.condition,
            values: why.values,
            on: why.on,
            note: why.note,
            before,
            after,
        }
    }

    fn twin(&self, table: TableId, row: usize) -> Option<usize> {
        if self.mirrored { self.ends.pairs.before(table, row) } else { self.ends.pairs.after(table, row) }
    }

    fn why_case_study(&self, row: usize) -> Why {
        let (here, there) =
            both((self.here, self.rules.0.and_then(selection)), (self.there, self.rules.1.and_then(selection)));
        Lost { here: &here, row, there: &there, twin: self.twin(TableId::CaseStudies, row) }.why()
    }

    fn why_answer(&self, unit: &str, row: Option<usize>) -> Why {
        let (Some(rule), Some(other)) = self.rules else { return Why::of(ChangeReason::RuleChanged) };
        if rule.answers_of != other.answers_of || is_partner(rule) != is_partner(other) {
            return Why::of(ChangeReason::RuleChanged);
        }
        let Some(view) = self.there.side.evaluation.views.table(TableId::Attestations) else {
            return Why::of(ChangeReason::TableNotGiven);
        };
        let given = answers(self.there, other, unit);
        if given.is_empty() {
            return self.not_answered(row);
        }
        let condition = Some("answered with yes".to_owned());
        let values = self.values(view, &given, row);
        match *answer_steps(view, &given).at(self.there.day()) {
            None => {
                let first = answer_steps(view, &given).next_change(self.there.day(), |answer| answer.is_some());
                Why { condition, values, on: first.and_then(date_from_days), ..Why::of(ChangeReason::NotAnswered) }
            }
            Some(Truth::Unknown) => Why { condition, values, ..Why::of(ChangeReason::BecameUnknown) },
            Some(Truth::False) => Why { condition, values, ..Why::of(ChangeReason::ConditionFails) },
            // The answer still says yes: what is asked must be something else.
            Some(Truth::True) => Why::of(ChangeReason::RuleChanged),
        }
    }

    fn not_answered(&self, row: Option<usize>) -> Why {
        let view = self.here.side.evaluation.views.table(TableId::Attestations);
        let id = view.zip(row).map(|(view, row)| view.row_id(row)).unwrap_or_default();
        let key = (self.there.partner_id().to_owned(), TableId::Attestations, id);
        match self.there.side.excluded.get(&key) {
            None => Why::of(ChangeReason::NotInData),
            Some(correction) => Why { note: Some(correction.clone()), ..Why::of(ChangeReason::Excluded) },
        }
    }

    /// The answers themselves: the newest here and the newest there.
    fn values(&self, other: &TableView, given: &[usize], row: Option<usize>) -> Vec<ValueChange> {
        let there = given.iter().copied().max_by_key(|row| (date_at(other.dates("answer_date"), *row), Reverse(*row)));
        let here = self.here.side.evaluation.views.table(TableId::Attestations).zip(row);
        let schema = TableId::Attestations.schema();
        let columns = ["met", "answer_date"].into_iter().filter_map(|name| schema.column(name));
        let value = |column: &'static aceq_model::Column| ValueChange {
            column: column.name.to_owned(),
            before: here.map(|(view, row)| view.shown(column, row)),
            after: there.map(|row| other.shown(column, row)),
        };
        columns.map(value).filter(|value| value.before != value.after).collect()
    }
}

fn is_partner(rule: &AttestedRule) -> bool {
    matches!(rule.unit, AttestedUnit::Partner)
}

/// The case studies that need no answer.
fn selection(rule: &AttestedRule) -> Option<Selection<'_>> {
    let AttestedUnit::CaseStudy { base_terms, base_window, satisfied_when } = &rule.unit else { return None };
    let terms = base_terms.iter().chain(satisfied_when).collect();
    Some(Selection { table: TableId::CaseStudies, terms, window: *base_window })
}

/// The rows that answer the rule for a unit.
fn answers(side: &PartnerSide<'_>, rule: &AttestedRule, unit: &str) -> Vec<usize> {
    let views = &side.side.evaluation.views;
    let (Some(view), Some(checklist)) = (views.table(TableId::Attestations), side.checklist) else { return Vec::new() };
    let rows = answer_rows(views, &checklist.program, &rule.answers_of, side.partner);
    rows.iter().copied().filter(|row| is_partner(rule) || is_about(view, *row, unit)).collect()
}

/// The newest answer by the as-of date.
fn newest(side: &PartnerSide<'_>, rule: Option<&AttestedRule>, unit: &str) -> Option<usize> {
    let view = side.side.evaluation.views.table(TableId::Attestations)?;
    let date = |row: usize| date_at(view.dates("answer_date"), row);
    let rows = answers(side, rule?, unit).into_iter();
    let given = rows.filter(|row| date(*row).is_none_or(|date| date <= side.side.as_of.date()));
    given.max_by_key(|row| (date(*row), Reverse(*row)))
}
