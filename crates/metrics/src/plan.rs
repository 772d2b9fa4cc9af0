//! What has to be computed for a set of checklists: each distinct condition once per table.

use aceq_checklist::{AttestedUnit, Checklist, CountRule, Members, Predicate, Rule, Term};
use aceq_model::{Column, TableId};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// The conditions of one table.
#[derive(Default)]
pub(crate) struct TablePlan<'c> {
    /// Distinct conditions.
    pub predicates: Vec<&'c Predicate>,
    /// Columns that they read, each once.
    pub columns: Vec<&'static Column>,
    /// Where the condition of each term stands in `predicates`.
    pub places: Arc<Places>,
    by_text: HashMap<String, usize>,
}

/// The place of each term's condition, found by the term's address: the plan borrows the checklists, so no term moves
/// while it lives. Looking up the text instead would spell out every condition once per partner and rule.
#[derive(Clone, Default)]
pub(crate) struct Places(HashMap<usize, usize>);

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
        terms.iter().for_each(|term| plan.add(term));
    }
}

impl<'c> TablePlan<'c> {
    fn add(&mut self, term: &'c Term) {
        let next = self.predicates.len();
        let place = *self.by_text.entry(term.predicate.to_string()).or_insert(next);
        Arc::make_mut(&mut self.places).0.insert(address(term), place);
        if place < next {
            return;
        }
        self.predicates.push(&term.predicate);
        for column in term.predicate.columns() {
            if !self.columns.iter().any(|known| known.name == column.name) {
                self.columns.push(column);
            }
        }
    }
}

impl Places {
    /// Where the term's condition stands among those of its table.
    pub(crate) fn of(&self, term: &Term) -> usize {
        *self.0.get(&address(term)).expect("the plan holds every term of its checklists")
    }
}

fn address(term: &Term) -> usize {
    std::ptr::from_ref(term).addr()
}

/// The members of a rule, however they were written.
pub(crate) fn members(members: &Members) -> &[aceq_checklist::Member] {
    match members {
        Members::None => &[],
        Members::OfWhich(members) | Members::Each { members, .. } => members,
    }
}
