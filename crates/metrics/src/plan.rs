//! What has to be computed for a set of checklists: each distinct condition once per table.

use aceq_checklist::{AttestedUnit, Checklist, CountRule, Members, Predicate, Rule, Term};
use aceq_model::{Column, TableId};
use std::collections::{BTreeMap, HashMap};

/// The conditions of one table.
#[derive(Default)]
pub(crate) struct TablePlan<'c> {
    /// Distinct conditions.
    pub predicates: Vec<&'c Predicate>,
    /// Columns that they read, each once.
    pub columns: Vec<&'static Column>,
    by_text: HashMap<String, usize>,
}

/// The conditions of all tables.
#[derive(Default)]
pub(crate) struct Plan<'c> {
    tables: BTreeMap<TableId, TablePlan<'c>>,
}

impl<'c> Plan<'c> {
    pub(crate) fn new(checklists: &[&'c Checklist]) -> Self {
        let mut plan = Self::default();
        for checklist in checklists {
            for condition in &checklist.conditions {
                plan.add(condition.table, &condition.terms);
            }
            for requirement in &checklist.requirements {
                plan.add_rule(&requirement.rule);
                requirement.alternatives.iter().for_each(|alternative| plan.add_rule(&alternative.rule));
            }
        }
        plan
    }

    /// The conditions of `table`.
    pub(crate) fn table(&self, table: TableId) -> Option<&TablePlan<'c>> {
        self.tables.get(&table)
    }

    fn add_rule(&mut self, rule: &'c Rule) {
        match rule {
            Rule::Count(rule) => self.add_count(rule),
            Rule::Combine(..) => {}
            Rule::Attested(rule) => {
                self.tables.entry(TableId::Attestations).or_default();
                if let AttestedUnit::CaseStudy { base_terms, satisfied_when, .. } = &rule.unit {
                    self.add(TableId::CaseStudies, base_terms);
                    self.add(TableId::CaseStudies, satisfied_when);
                }
            }
        }
    }

    fn add_count(&mut self, rule: &'c CountRule) {
        self.add(rule.table, &rule.terms);
        for member in members(&rule.members) {
            self.add(rule.table, &member.terms);
        }
    }

    fn add(&mut self, table: TableId, terms: &'c [Term]) {
        let plan = self.tables.entry(table).or_default();
        terms.iter().for_each(|term| plan.add(&term.predicate));
    }
}

impl<'c> TablePlan<'c> {
    /// The place of a condition in [`Self::predicates`].
    pub(crate) fn index(&self, predicate: &Predicate) -> usize {
        self.by_text[&predicate.to_string()]
    }

    fn add(&mut self, predicate: &'c Predicate) {
        let text = predicate.to_string();
        if self.by_text.contains_key(&text) {
            return;
        }
        self.by_text.insert(text, self.predicates.len());
        self.predicates.push(predicate);
        for column in predicate.columns() {
            if !self.columns.iter().any(|known| known.name == column.name) {
                self.columns.push(column);
            }
        }
    }
}

/// The members of a rule, however they were written.
pub(crate) fn members(members: &Members) -> &[aceq_checklist::Member] {
    match members {
        Members::None => &[],
        Members::OfWhich(members) | Members::Each { members, .. } => members,
    }
}
