//! Evidence: one row per counted unit, the one that stays valid longest.

use crate::attested::{answer_rows, answer_steps};
use crate::count::amount_at;
use crate::engine::Evaluation;
use crate::plan::members;
use crate::question::Question;
use crate::rows::Rows;
use crate::units::{confirmed_units, unit_name};
use crate::view::{TableView, date_at};
use aceq_checklist::{AttestedRule, AttestedUnit, CountRule, Members, Rule, Term};
use aceq_model::{AsOf, EvidenceRow, TableId};
use aceq_timeline::{Interval, Truth};
use rayon::prelude::{IntoParallelIterator, ParallelIterator};
use std::cmp::Reverse;
use std::collections::BTreeMap;

impl Evaluation<'_> {
    /// The rows that prove the requirements of the engine's `checklist`-th checklist on `as_of`, for all partners; of
    /// one requirement where `only` names it.
    pub fn evidence(&self, checklist: usize, as_of: AsOf, only: Option<&str>) -> Vec<EvidenceRow> {
        let partners = (0..self.partners.len()).into_par_iter();
        partners.flat_map_iter(|partner| self.partner_evidence(checklist, partner, as_of, only)).collect()
    }

    /// As [`Self::evidence`], for the `partner`-th partner alone.
    pub fn partner_evidence(
        &self,
        checklist: usize,
        partner: usize,
        as_of: AsOf,
        only: Option<&str>,
    ) -> Vec<EvidenceRow> {
        let mut evidence = Vec::new();
        for (question, rule) in self.questions(checklist, partner, as_of, only) {
            self.evidence_of_rule(rule, question, &mut evidence);
        }
        evidence
    }

    fn evidence_of_rule(&self, rule: &Rule, question: Question<'_>, into: &mut Vec<EvidenceRow>) {
        match rule {
            Rule::Count(rule) => {
                if !matches!(rule.members, Members::Each { .. }) {
                    self.evidence_of_count(rule, &[], question, into);
                }
                for member in members(&rule.members) {
                    let question = Question { member: Some(&member.id), ..question };
                    self.evidence_of_count(rule, &member.terms, question, into);
                }
            }
            Rule::Combine(..) => {}
            Rule::Attested(rule) => self.evidence_of_answers(rule, question, into),
        }
    }

    fn evidence_of_count(&self, rule: &CountRule, extra: &[Term], question: Question<'_>, into: &mut Vec<EvidenceRow>) {
        let Some(view) = self.views.table(rule.table) else { return };
        let rows = Rows::new(view, rule.terms.iter().chain(extra), rule.window);
        let units = confirmed_units(&rows, rule, view.range(question.partner), question.as_of.days());
        let mut chosen: Vec<EvidenceRow> = units
            .into_values()
            .filter_map(|rows| rows.into_iter().min_by_key(|(row, interval)| rank(view, *row, *interval)))
            .map(|(row, interval)| evidence_row(view, row, interval, unit_name(view, rule.unit, row), question))
            .collect();
        chosen.sort_by(|a, b| (&a.unit, &a.row_id).cmp(&(&b.unit, &b.row_id)));
        into.extend(chosen);
    }

    fn evidence_of_answers(&self, rule: &AttestedRule, question: Question<'_>, into: &mut Vec<EvidenceRow>) {
        let Some(view) = self.views.table(TableId::Attestations) else { return };
        let rows = answer_rows(&self.views, &question.checklist.program, &rule.answers_of, question.partner);
        let mut units: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for &row in rows {
            let unit = match rule.unit {
                AttestedUnit::Partner => "*",
                AttestedUnit::CaseStudy { .. } => view.text_at("case_study_id", row),
            };
            units.entry(unit).or_default().push(row);
        }
        for (unit, rows) in units {
            let steps = answer_steps(view, &rows);
            if *steps.at(question.as_of.days()) != Some(Truth::True) {
                continue;
            }
            let run = steps.run_at_or_after(question.as_of.days(), |answer| *answer == Some(Truth::True));
            let newest = rows
                .iter()
                .filter(|row| answered_by(view, **row, question.as_of))
                .max_by_key(|row| (date_at(view.dates("answer_date"), **row), Reverse(**row)));
            if let (Some(row), Some(interval)) = (newest, run) {
                into.push(evidence_row(view, *row, interval, unit.to_owned(), question));
            }
        }
    }
}

fn answered_by(view: &TableView, row: usize, as_of: AsOf) -> bool {
    date_at(view.dates("answer_date"), row).is_some_and(|date| date <= as_of.date())
}

/// Valid longest, then largest ARR, then smallest id: the smallest key wins.
pub(crate) fn rank(view: &TableView, row: usize, interval: Interval) -> (Reverse<i32>, Reverse<Option<i64>>, String) {
    (Reverse(interval.until()), Reverse(arr(view, row)), view.row_id(row))
}

fn arr(view: &TableView, row: usize) -> Option<i64> {
    let column = TableId::Opportunities.schema().column("arr_usd")?;
    if view.id == TableId::Opportunities { amount_at(view, column, row) } else { None }
}

fn evidence_row(view: &TableView, row: usize, interval: Interval, unit: String, question: Question<'_>) -> EvidenceRow {
    let findings = TableId::Opportunities.schema().column("findings");
    EvidenceRow {
        partner_id: question.partner_id.to_owned(),
        program: question.checklist.program.clone(),
        version: question.checklist.version.clone(),
        requirement_id: question.requirement.to_owned(),
        reading: question.reading.to_owned(),
        member: question.member.map(str::to_owned),
        as_of: question.as_of.date(),
        unit,
        table: view.id.name().to_owned(),
        row_id: view.row_id(row),
        label: view.label(row).to_owned(),
        counts_from: interval.first_date(),
        counts_until: interval.last_date(),
        arr_usd: arr(view, row),
        findings: findings.map_or_else(String::new, |column| view.shown(column, row).replace("; ", ";")),
        source_file: view.text_at("source_file", row).to_owned(),
        source_sheet: view.text_at("source_sheet", row).to_owned(),
        source_line: view.longs("source_line").value(row),
    }
}
