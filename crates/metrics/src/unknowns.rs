//! What to bring: which missing values keep rows from counting, ranked by what they would settle.

use crate::engine::Evaluation;
use crate::evidence::{unit_name, unit_of};
use crate::rows::Rows;
use crate::view::TableView;
use aceq_checklist::{CountRule, Rule};
use aceq_model::AsOf;
use aceq_timeline::Truth;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Missing values of one kind: rows that would count, or be ruled out, if these columns were known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Columns that are unknown.
    pub columns: Vec<String>,
    /// Units that could newly count.
    pub units: usize,
    /// Whether confirming all of them would meet the count.
    pub would_meet: bool,
    /// Ids of the rows, sorted.
    pub row_ids: Vec<String>,
}

impl Evaluation<'_> {
    /// The missing values of one counting requirement for the `partner`-th partner on `as_of`: those that would meet
    /// it first, then by how many units they concern.
    pub fn missing(&self, checklist: usize, requirement: &str, partner: usize, as_of: AsOf) -> Vec<Missing> {
        let Some(requirement) = self.checklists[checklist].requirement(requirement) else { return Vec::new() };
        let Rule::Count(rule) = &requirement.rule else { return Vec::new() };
        let Some(view) = self.views.table(rule.table) else { return Vec::new() };
        missing(view, rule, partner, as_of)
    }
}

fn missing(view: &TableView, rule: &CountRule, partner: usize, as_of: AsOf) -> Vec<Missing> {
    let rows = Rows::new(view, &rule.terms, rule.window);
    let day = as_of.days();
    let certain = |row: &usize| rows.span(*row).at(day) == Truth::True;
    let counted: HashSet<u32> =
        view.range(partner).filter(certain).filter_map(|row| unit_of(view, rule.unit, row)).collect();
    let mut groups: BTreeMap<Vec<String>, (BTreeSet<String>, BTreeSet<String>)> = BTreeMap::new();
    for row in view.range(partner).filter(|row| rows.span(*row).at(day) == Truth::Unknown) {
        if unit_of(view, rule.unit, row).is_some_and(|unit| counted.contains(&unit)) {
            continue;
        }
        let group = groups.entry(unknown_columns(view, &rows, rule, row)).or_default();
        group.0.insert(unit_name(view, rule.unit, row));
        group.1.insert(view.row_id(row));
    }
    let mut found: Vec<Missing> = groups
        .into_iter()
        .map(|(columns, (units, rows))| Missing {
            columns,
            units: units.len(),
            would_meet: (counted.len() + units.len()) as i64 * 100 >= rule.at_least,
            row_ids: rows.into_iter().collect(),
        })
        .collect();
    found.sort_by(|a, b| (b.would_meet, b.units, &a.columns).cmp(&(a.would_meet, a.units, &b.columns)));
    found
}

fn unknown_columns(view: &TableView, rows: &Rows<'_>, rule: &CountRule, row: usize) -> Vec<String> {
    let unknown_terms = rule.terms.iter().zip(rows.truths(row)).filter(|(_, truth)| *truth == Truth::Unknown);
    let columns = unknown_terms.flat_map(|(term, _)| term.predicate.columns());
    let dates = rule.window.map(|window| window.column);
    let unit = match rule.unit {
        aceq_checklist::Unit::Distinct(column) => Some(column),
        _ => None,
    };
    let names: BTreeSet<String> = columns
        .chain(dates)
        .chain(unit)
        .filter(|column| view.is_unknown(column.name, row))
        .map(|column| column.name.to_owned())
        .collect();
    names.into_iter().collect()
}
