//! What to bring: which missing values keep rows from counting, ranked by what they would settle.

use crate::engine::Evaluation;
use crate::plan::members;
use crate::rows::Rows;
use crate::units::{confirmed_units, unit_name, unit_of};
use crate::view::TableView;
use aceq_checklist::{CountRule, Members, Rule, Term, Unit};
use aceq_model::AsOf;
use aceq_timeline::Truth;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Missing values of one kind: rows that would count, or be ruled out, if these columns were known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The value or sub-minimum that they concern; `None` = the requirement's own count.
    pub member: Option<String>,
    /// Columns that are unknown.
    pub columns: Vec<String>,
    /// Units that could newly count.
    pub units: usize,
    /// Whether confirming all of them would meet the count, which is not met without them.
    pub would_meet: bool,
    /// Ids of the rows, sorted.
    pub row_ids: Vec<String>,
}

/// One count whose unknown rows are looked for.
struct Wanted<'r> {
    rule: &'r CountRule,
    member: Option<&'r str>,
    extra: &'r [Term],
    /// In hundredths.
    at_least: i64,
}

impl Evaluation<'_> {
    /// The missing values of one counting requirement for the `partner`-th partner on `as_of`: those that would meet
    /// it first, then by how many units they concern.
    pub fn missing(&self, checklist: usize, requirement: &str, partner: usize, as_of: AsOf) -> Vec<Missing> {
        let Some(requirement) = self.checklists[checklist].requirement(requirement) else { return Vec::new() };
        let Rule::Count(rule) = &requirement.rule else { return Vec::new() };
        let Some(view) = self.views.table(rule.table) else { return Vec::new() };
        let mut found: Vec<Missing> =
            wanted(rule).iter().flat_map(|wanted| missing(view, wanted, partner, as_of)).collect();
        found.sort_by(|a, b| rank(a).cmp(&rank(b)));
        found
    }
}

fn rank(missing: &Missing) -> (bool, Reverse<usize>, &Option<String>, &[String]) {
    (!missing.would_meet, Reverse(missing.units), &missing.member, &missing.columns)
}

/// The counts of a rule: its own, except for an `each`, which has none, and those of its members.
fn wanted(rule: &CountRule) -> Vec<Wanted<'_>> {
    let own = Wanted { rule, member: None, extra: &[], at_least: rule.at_least };
    let own = (!matches!(rule.members, Members::Each { .. })).then_some(own);
    let members = members(&rule.members);
    let members = members.iter().map(|m| Wanted { rule, member: Some(&m.id), extra: &m.terms, at_least: m.at_least });
    own.into_iter().chain(members).collect()
}

fn missing(view: &TableView, wanted: &Wanted<'_>, partner: usize, as_of: AsOf) -> Vec<Missing> {
    let rule = wanted.rule;
    let rows = Rows::new(view, rule.terms.iter().chain(wanted.extra), rule.window);
    let base = Rows::new(view, &rule.terms, rule.window);
    let is_own_doubt = |row: &usize| match (&rule.members, wanted.member) {
        // What is unknown about the base is told once, under the requirement's own count.
        (Members::OfWhich(_), Some(_)) => base.span(*row).at(as_of.days()) == Truth::True,
        _ => true,
    };
    let counted = confirmed_units(&rows, rule, view.range(partner), as_of.days());
    let unknown = |row: &usize| rows.span(*row).at(as_of.days()) == Truth::Unknown;
    let mut groups: BTreeMap<Vec<String>, (BTreeSet<String>, BTreeSet<String>)> = BTreeMap::new();
    for row in view.range(partner).filter(unknown).filter(is_own_doubt) {
        if unit_of(view, rule.unit, row).is_some_and(|unit| counted.contains_key(&unit)) {
            continue;
        }
        let group = groups.entry(unknown_columns(view, &rows, wanted, row)).or_default();
        group.0.insert(unit_name(view, rule.unit, row));
        group.1.insert(view.row_id(row));
    }
    let would_meet = |units: usize| {
        let reaches = |units: usize| units as i64 * 100 >= wanted.at_least;
        !matches!(rule.unit, Unit::Sum(_)) && !reaches(counted.len()) && reaches(counted.len() + units)
    };
    let told = |(columns, (units, rows)): (Vec<String>, (BTreeSet<String>, BTreeSet<String>))| Missing {
        member: wanted.member.map(str::to_owned),
        columns,
        units: units.len(),
        would_meet: would_meet(units.len()),
        row_ids: rows.into_iter().collect(),
    };
    groups.into_iter().map(told).collect()
}

fn unknown_columns(view: &TableView, rows: &Rows<'_>, wanted: &Wanted<'_>, row: usize) -> Vec<String> {
    let terms = wanted.rule.terms.iter().chain(wanted.extra);
    let unknown_terms = terms.zip(rows.truths(row)).filter(|(_, truth)| *truth == Truth::Unknown);
    let columns = unknown_terms.flat_map(|(term, _)| term.predicate.columns());
    let dates = wanted.rule.window.map(|window| window.column);
    let unit = match wanted.rule.unit {
        Unit::Distinct(column) => Some(column),
        Unit::Rows | Unit::Sum(_) => None,
    };
    let names: BTreeSet<String> = columns
        .chain(dates)
        .chain(unit)
        .filter(|column| view.is_unknown(column.name, row))
        .map(|column| column.name.to_owned())
        .collect();
    names.into_iter().collect()
}
